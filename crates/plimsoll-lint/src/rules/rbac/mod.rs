//! Rights.

pub(super) mod anonymous_binding;
pub(super) mod cluster_admin_binding;
pub(super) mod escalate_bind_impersonate;
pub(super) mod nodes_proxy;
pub(super) mod pod_exec_attach_portforward;
pub(super) mod system_masters;
pub(super) mod wildcard_rules;
