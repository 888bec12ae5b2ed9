//! Hooks: documents with the annotation `helm.sh/hook`.

/// The annotation that makes a document a hook.
pub(super) const HOOK: &str = "helm.sh/hook";

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Helm's own")]
pub enum HookEvent {
    PreInstall,
    PostInstall,
    PreDelete,
    PostDelete,
    PreUpgrade,
    PostUpgrade,
    PreRollback,
    PostRollback,
    Test,
}

impl HookEvent {
    /// The event of a name in lower case; `test-success` is Helm 2's word for `test`.
    pub fn parse(name: &str) -> Option<HookEvent> {
        Some(match name {
            "pre-install" => HookEvent::PreInstall,
            "post-install" => HookEvent::PostInstall,
            "pre-delete" => HookEvent::PreDelete,
            "post-delete" => HookEvent::PostDelete,
            "pre-upgrade" => HookEvent::PreUpgrade,
            "post-upgrade" => HookEvent::PostUpgrade,
            "pre-rollback" => HookEvent::PreRollback,
            "post-rollback" => HookEvent::PostRollback,
            "test" | "test-success" => HookEvent::Test,
            _ => return None,
        })
    }
}

/// The events of a hook annotation; `None` where one of them is unknown and Helm drops the
/// document.
pub fn hook_events(annotation: &str) -> Option<Vec<HookEvent>> {
    annotation.split(',').map(|name| HookEvent::parse(&name.trim().to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_folded() {
        let got = hook_events(" Pre-Install,test-success ");
        assert_eq!(got, Some(vec![HookEvent::PreInstall, HookEvent::Test]));
        assert_eq!(hook_events("test,x"), None);
        assert_eq!(hook_events(""), None);
    }
}
