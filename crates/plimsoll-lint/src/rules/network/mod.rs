//! Services, ingresses, network policies.

pub(super) mod external_ips;
pub(super) mod ingress_nginx_snippets;
