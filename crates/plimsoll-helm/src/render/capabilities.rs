//! `.Capabilities`: what templates are told of the cluster and of Helm.

use plimsoll_funcs::json::Fields;
use plimsoll_gotmpl::{Compat, Elem, Function, Kind, List, Object, SliceType, Type, Value};
use plimsoll_source::Origin;

use super::KubeVersion;

/// What `.Capabilities` says.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// API versions beyond Helm's own list, from `--api-versions`.
    pub api_versions: Vec<String>,
}

/// The API versions that `helm template` knows without a cluster, in its order: what client-go of
/// Kubernetes 1.37 registers, and the two of CustomResourceDefinitions.
pub const DEFAULT_API_VERSIONS: [&str; 57] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "lifecycle.k8s.io/v1alpha1",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

impl Capabilities {
    /// Helm's own, without a cluster and without flags.
    pub fn default_of(compat: Compat) -> Capabilities {
        Capabilities { kube_version: KubeVersion::default_of(compat), api_versions: Vec::new() }
    }

    /// The value of `.Capabilities`.
    pub(super) fn to_value(&self, compat: Compat) -> Value {
        let versions = DEFAULT_API_VERSIONS.iter().copied();
        let versions = versions.chain(self.api_versions.iter().map(String::as_str));
        let versions =
            List::new(Elem::Typed(version_set(compat)), versions.map(Value::text).collect());
        Value::object(CapabilitiesObject {
            compat,
            kube_version: Value::object(KubeObject { compat, version: self.kube_version.clone() }),
            api_versions: Value::List(Origin::NONE, versions),
            helm_version: Value::object(BuildInfo { compat }),
        })
    }
}

struct CapabilitiesObject {
    compat: Compat,
    kube_version: Value,
    api_versions: Value,
    helm_version: Value,
}

impl Object for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        match self.compat {
            Compat::Helm3 => "*chartutil.Capabilities",
            Compat::Helm4 => "*common.Capabilities",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "KubeVersion" => Some(self.kube_version.clone()),
            "APIVersions" => Some(self.api_versions.clone()),
            "HelmVersion" => Some(self.helm_version.clone()),
            _ => None,
        }
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["KubeVersion", "APIVersions", "HelmVersion"]
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        const COPY: Function = Function {
            name: "Copy",
            params: &[],
            variadic: false,
            result: Type::Named("*common.Capabilities", Kind::Pointer),
            call: |_, args| Ok(args[0].clone()),
        };
        (name == "Copy").then_some(&COPY)
    }

    fn to_json(&self) -> Value {
        json_of(self, self.field_names())
    }
}

/// A struct as JSON, field by field.
fn json_of(object: &dyn Object, names: &[&'static str]) -> Value {
    let field = |&name: &&'static str| (name, object.field(name).unwrap_or_default());
    Value::object(Fields(names.iter().map(field).collect()))
}

fn version_set(compat: Compat) -> &'static SliceType {
    const HAS: Function = Function {
        name: "Has",
        params: &[Type::String],
        variadic: false,
        result: Type::Bool,
        call: |_, args| {
            let list = args[0].as_list().map_or(&[][..], |list| list);
            Ok(Value::bool(list.iter().any(|one| one.as_bytes() == args[1].as_bytes())))
        },
    };
    static HELM_3: SliceType =
        SliceType { name: "chartutil.VersionSet", elem: Type::String, methods: &[HAS] };
    static HELM_4: SliceType =
        SliceType { name: "common.VersionSet", elem: Type::String, methods: &[HAS] };
    match compat {
        Compat::Helm3 => &HELM_3,
        Compat::Helm4 => &HELM_4,
    }
}

struct KubeObject {
    compat: Compat,
    version: KubeVersion,
}

impl KubeObject {
    /// The version behind a receiver, which is always one of these.
    fn of(args: &[Value]) -> Option<&KubeVersion> {
        args.first()?.downcast::<KubeObject>().map(|kube| &kube.version)
    }
}

impl Object for KubeObject {
    fn type_name(&self) -> &'static str {
        match self.compat {
            Compat::Helm3 => "chartutil.KubeVersion",
            Compat::Helm4 => "common.KubeVersion",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        let version = &self.version;
        Some(match name {
            "Version" => Value::text(version.version.as_str()),
            "normalizedVersion" if self.compat == Compat::Helm4 => {
                Value::text(version.normalized.as_str())
            }
            "Major" => Value::text(version.major.to_string()),
            "Minor" => Value::text(version.minor.to_string()),
            _ => return None,
        })
    }

    fn field_names(&self) -> &'static [&'static str] {
        &["Version", "Major", "Minor"]
    }

    fn hidden_field_names(&self) -> &'static [&'static str] {
        match self.compat {
            Compat::Helm3 => &[],
            Compat::Helm4 => &["Version", "normalizedVersion", "Major", "Minor"],
        }
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        const STRING: Function = Function {
            name: "String",
            params: &[],
            variadic: false,
            result: Type::String,
            call: |_, args| Ok(KubeObject::of(args).map(|v| v.normalized.as_str()).into_value()),
        };
        const GIT_VERSION: Function = Function {
            name: "GitVersion",
            params: &[],
            variadic: false,
            result: Type::String,
            call: |_, args| Ok(KubeObject::of(args).map(|v| v.version.as_str()).into_value()),
        };
        match name {
            "String" => Some(&STRING),
            "GitVersion" => Some(&GIT_VERSION),
            _ => None,
        }
    }

    fn pointer_to_go_string(&self) -> Option<String> {
        Some(self.version.normalized.clone())
    }

    fn to_json(&self) -> Value {
        json_of(self, &["Version", "Major", "Minor"])
    }
}

trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for Option<&str> {
    fn into_value(self) -> Value {
        Value::text(self.unwrap_or_default())
    }
}

/// `.Capabilities.HelmVersion`.
struct BuildInfo {
    compat: Compat,
}

impl Object for BuildInfo {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        let helm_4 = self.compat == Compat::Helm4;
        Some(Value::text(match name {
            "Version" if helm_4 => "v4.3",
            "Version" => "v3.22",
            "GitCommit" | "GitTreeState" => "",
            "GoVersion" => "go1.26.8",
            "KubeClientVersion" if helm_4 => "v1.37",
            _ => return None,
        }))
    }

    fn field_names(&self) -> &'static [&'static str] {
        match self.compat {
            Compat::Helm3 => &["Version", "GitCommit", "GitTreeState", "GoVersion"],
            Compat::Helm4 => {
                &["Version", "GitCommit", "GitTreeState", "GoVersion", "KubeClientVersion"]
            }
        }
    }

    fn to_json(&self) -> Value {
        let names = [
            ("Version", "version"),
            ("GoVersion", "go_version"),
            ("KubeClientVersion", "kube_client_version"),
        ];
        let entry = |(field, json): (&str, &'static str)| Some((json, self.field(field)?));
        Value::object(Fields(names.into_iter().filter_map(entry).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_add_to_the_list() {
        let capabilities = Capabilities {
            api_versions: vec!["foo/v1".to_owned()],
            ..Capabilities::default_of(Compat::Helm4)
        };
        let value = capabilities.to_value(Compat::Helm4);
        let Value::Object(_, object) = &value else { panic!("capabilities are an object") };
        let versions = object.field("APIVersions").expect("it has versions");
        let list = versions.as_list().expect("they are a list");
        assert_eq!((list.len(), versions.type_name()), (58, "common.VersionSet".to_owned()));
        assert_eq!(list[57].as_bytes(), Some(&b"foo/v1"[..]));
    }

    #[test]
    fn versions_print_normalized() {
        let version = KubeVersion::parse("1.33.4-x", Compat::Helm4).expect("it is a version");
        let kube = KubeObject { compat: Compat::Helm4, version };
        assert_eq!(kube.pointer_to_go_string().as_deref(), Some("v1.33.4"));
        let git = kube.field("Version").expect("it has a version");
        assert_eq!(git.as_bytes(), Some(&b"v1.33.4-x"[..]));
    }
}
