//! The commands that are about servers: `repo`, `search repo`, `pull` and `registry`. Each takes
//! the command line as it was parsed.

mod index;
mod pull;
mod registry;
mod repo;
mod search;
mod untar;

pub(crate) use self::index::index;
pub(crate) use self::pull::pull;
pub(crate) use self::registry::{login, logout};
pub(crate) use self::repo::{add, list, remove, update, update_all};
pub(crate) use self::search::search;
