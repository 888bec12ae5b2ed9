use plimsoll_yaml::Node;

use crate::fields::as_integer;
use crate::{Fields, Pod};

/// When a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerRole {
    /// Before the others, to its end.
    Init,
    /// Before the others and beside them: an init container with `restartPolicy: Always`.
    Sidecar,
    /// As the pod itself.
    Main,
    /// On demand, for a look inside.
    Ephemeral,
}

/// A container of a pod.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The pod.
    pub pod: Pod<'a>,
    /// Its fields.
    pub node: &'a Node,
    /// When it runs.
    pub role: ContainerRole,
}

impl<'a> Container<'a> {
    pub(crate) fn new(pod: Pod<'a>, node: &'a Node, role: ContainerRole) -> Container<'a> {
        let sidecar = role == ContainerRole::Init && node.text("restartPolicy") == "Always";
        Container { pod, node, role: if sidecar { ContainerRole::Sidecar } else { role } }
    }

    /// Its name; empty where it has none.
    pub fn name(&self) -> &'a str {
        self.node.text("name")
    }

    /// Its image; empty where it has none.
    pub fn image(&self) -> &'a str {
        self.node.text("image")
    }

    /// Whether it runs as long as its pod: a main container or a sidecar.
    pub fn is_long_running(&self) -> bool {
        matches!(self.role, ContainerRole::Main | ContainerRole::Sidecar)
    }

    /// A field of its own `securityContext`, which its pod cannot set.
    pub fn security(&self, key: &str) -> Option<&'a Node> {
        self.node.at(&["securityContext", key])
    }

    /// A field of its `securityContext`, else of its pod's: `runAsUser`, `runAsGroup`,
    /// `runAsNonRoot`, `seccompProfile`, `seLinuxOptions`, `windowsOptions`, `appArmorProfile`.
    pub fn effective_security(&self, key: &str) -> Option<&'a Node> {
        self.security(key).or_else(|| self.pod.security_context()?.field(key))
    }

    /// Whether the kubelet refuses to run it as root.
    pub fn run_as_non_root(&self) -> Option<bool> {
        self.effective_security("runAsNonRoot").and_then(Node::as_bool)
    }

    /// The user that it runs as, whatever its image says.
    pub fn run_as_user(&self) -> Option<i64> {
        self.effective_security("runAsUser").and_then(as_integer)
    }

    /// A request or limit: `resource("limits", "memory")`.
    pub fn resource(&self, list: &str, name: &str) -> Option<&'a Node> {
        self.node.at(&["resources", list, name])
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    use super::*;
    use crate::{objects, read_documents};

    #[track_caller]
    fn check(pod: &str, container: &str, non_root: Option<bool>, user: Option<i64>) {
        let text = format!(
            "{{kind: Pod, apiVersion: v1, spec: {{securityContext: {{{pod}}}, initContainers: [{{securityContext: {{{container}}}}}]}}}}"
        );
        let documents = read_documents(text.as_bytes(), FileId(0));
        let pod = objects(&documents)[0].pod().unwrap();
        let container = pod.containers().next().unwrap();
        assert_eq!((container.run_as_non_root(), container.run_as_user()), (non_root, user));
    }

    #[test]
    fn the_container_wins_over_its_pod() {
        check("runAsNonRoot: true, runAsUser: 5", "", Some(true), Some(5));
        check("runAsNonRoot: true, runAsUser: 5", "runAsNonRoot: false", Some(false), Some(5));
        check("runAsUser: 5", "runAsUser: 0", None, Some(0));
        check("", "", None, None);
    }

    #[test]
    fn null_leaves_it_to_the_pod() {
        check("runAsNonRoot: true", "runAsNonRoot: null", Some(true), None);
    }

    #[test]
    fn an_init_container_that_restarts_is_a_sidecar() {
        let text = "{kind: Pod, spec: {initContainers: [{restartPolicy: Always}, {}]}}";
        let documents = read_documents(text.as_bytes(), FileId(0));
        let pod = objects(&documents)[0].pod().unwrap();
        let roles: Vec<ContainerRole> = pod.containers().map(|one| one.role).collect();
        assert_eq!(roles, [ContainerRole::Sidecar, ContainerRole::Init]);
    }
}
