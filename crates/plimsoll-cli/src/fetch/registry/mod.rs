//! OCI registries: `oci://…`, as oras speaks to them for Helm.

mod challenge;
mod client;
mod credentials;
mod login;
mod pull;
mod reference;

pub(crate) use self::client::RegistryClient;
pub(crate) use self::login::{login, logout};
pub(crate) use self::pull::{Part, matching_tag};
pub(crate) use self::reference::{Reference, SCHEME, is_oci};
