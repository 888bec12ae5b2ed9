//! A chart with what a release of it is told, and the way to its manifests.

use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Host};
use plimsoll_helm::HelmError;
use plimsoll_helm::chart::{Chart, LoadOptions, load};
use plimsoll_helm::release::{TemplateOptions, on_large_stack, template};
use plimsoll_helm::render::KubeVersion;
use plimsoll_helm::values::{Origins, check_dependencies, check_installable, merge_flags};

use crate::{Manifests, Values};

/// Opens a chart: a folder, or an archive as `helm package` makes it. Charts that are in memory are
/// made by [`crate::helm::chart::from_files`] and [`crate::helm::chart::from_archive`].
///
/// The error has Helm's text.
pub fn open(chart: impl AsRef<Path>, compat: Compat) -> Result<Arc<Chart>, HelmError> {
    let chart = chart.as_ref();
    on_large_stack(|| load(chart, &LoadOptions { compat }, &mut |_| {}))
}

/// A release that is to be: a chart, a name, values, and what templates see of the cluster.
///
/// It starts as `helm template NAME CHART` does: namespace `default`, a first install, the
/// Kubernetes version and the API versions that Helm has built in.
#[derive(Clone, Debug)]
pub struct Release {
    chart: Arc<Chart>,
    values: Values,
    options: TemplateOptions,
}

impl Release {
    /// A release of a chart; errors and bytes are those of one of the Helms.
    pub fn new(name: impl Into<String>, chart: &Arc<Chart>, compat: Compat) -> Release {
        let options = TemplateOptions { name: name.into(), ..TemplateOptions::new(compat) };
        Release { chart: Arc::clone(chart), values: Values::new(), options }
    }

    /// The namespace that it is installed to.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Release {
        self.options.namespace = namespace.into();
        self
    }

    /// The user's values.
    #[must_use]
    pub fn values(self, values: Values) -> Release {
        Release { values, ..self }
    }

    /// Whether templates see an upgrade in place of an install.
    #[must_use]
    pub fn is_upgrade(mut self, is_upgrade: bool) -> Release {
        self.options.is_upgrade = is_upgrade;
        self
    }

    /// The version of Kubernetes that templates see: `1.34`, `v1.34.2`.
    pub fn kube_version(mut self, version: &str) -> Result<Release, HelmError> {
        self.options.kube_version = Some(KubeVersion::parse(version, self.options.compat)?);
        Ok(self)
    }

    /// API versions that the cluster has beside Helm's own list: `monitoring.coreos.com/v1`.
    #[must_use]
    pub fn api_versions<S: Into<String>>(mut self, versions: impl IntoIterator<Item = S>) -> Self {
        self.options.api_versions.extend(versions.into_iter().map(Into::into));
        self
    }

    /// Renders it. Time, randomness and names of hosts are asked of `host`, log lines are given to
    /// it: [`crate::FixedHost`] makes every run the same, and its secrets no secrets. The work runs
    /// on a thread of its own with a stack as large as charts may need.
    ///
    /// The error has Helm's text; [`crate::explain_errors`] says more.
    pub fn render(&self, host: &mut (dyn Host + Send)) -> Result<Manifests, HelmError> {
        on_large_stack(|| {
            let compat = self.options.compat;
            check_installable(&self.chart)?;
            check_dependencies(&self.chart, compat)?;
            let (flags, mut texts) = self.values.parts();
            let mut origins = Origins::off();
            let user = merge_flags(flags, &mut texts, compat, &mut origins)?;
            let options = TemplateOptions { include_crds: true, ..self.options.clone() };
            let rendered = template(&self.chart, &user, &options, &mut origins, host, None)
                .map_err(|failed| failed.error)?;
            Ok(Manifests::new(rendered, compat))
        })
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Release>();
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedHost;
    use plimsoll_helm::chart::{ChartFile, from_files};

    fn chart() -> Arc<Chart> {
        let files = vec![
            ChartFile::new("Chart.yaml", &b"{apiVersion: v2, name: c, version: 1.0.0}"[..]),
            ChartFile::new("values.yaml", &b"a: {b: 1, c: 1, d: 1}\n"[..]),
            ChartFile::new("crds/x.yaml", &b"kind: CustomResourceDefinition\n"[..]),
            ChartFile::new(
                "templates/a.yaml",
                &b"kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}\ndata: {{ toJson .Values.a }}\n---\nkind: Job\nmetadata:\n  name: hook\n  annotations: {helm.sh/hook: pre-install}\n"[..],
            ),
        ];
        from_files(files, &LoadOptions::default(), &mut |_| {}).unwrap()
    }

    fn render(values: Values) -> Result<Manifests, HelmError> {
        let release = Release::new("r", &chart(), Compat::Helm4).namespace("n").values(values);
        release.render(&mut FixedHost::new(Compat::Helm4))
    }

    #[test]
    fn later_layers_win() {
        let values = Values::new()
            .set("a.d=9")
            .yaml("one.yaml", "a: {b: 2, c: 2}")
            .yaml("one.yaml", "a: {c: 3}");
        let text = render(values).unwrap().to_text().unwrap();
        let wanted = "---\n# Source: c/templates/a.yaml\nkind: ConfigMap\nmetadata: {name: r, namespace: n}\ndata: {\"b\":2,\"c\":3,\"d\":9}\n";
        assert!(text.starts_with(wanted), "{text}");
    }

    #[test]
    fn mistakes_have_helms_words() {
        let error = render(Values::new().yaml("one.yaml", "[1]")).unwrap_err();
        assert!(error.message.starts_with("failed to parse one.yaml: "), "{error}");
        let error = open("no/such/chart", Compat::Helm4).unwrap_err();
        assert_eq!(error.message, "stat no/such/chart: no such file or directory");
    }

    #[test]
    fn manifests_hooks_and_definitions_are_objects() {
        let manifests = render(Values::new()).unwrap();
        let kinds: Vec<&str> = manifests.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["ConfigMap", "Job"]);
        let objects = manifests.objects();
        let ids: Vec<String> =
            objects.iter().map(|one| format!("{}/{}", one.kind, one.name())).collect();
        assert_eq!(ids, ["CustomResourceDefinition/", "ConfigMap/r", "Job/hook"]);
    }
}
