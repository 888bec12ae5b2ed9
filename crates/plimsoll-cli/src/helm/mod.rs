//! `plimsoll helm …`: Helm's commands with Helm's flags, texts and exit status.

mod cluster;
mod commands;
mod completion;
mod create;
mod csv;
mod debug;
mod dependency;
mod duration;
mod env;
mod expand;
pub(crate) mod flags;
pub(crate) mod help;
mod host;
mod kubeconfig;
mod lint;
mod locate;
mod outside;
mod package;
pub(crate) mod pflag;
mod plugin;
mod pull;
mod push;
mod registry;
mod remote;
mod repo;
mod root;
mod search;
pub(crate) mod settings;
mod show;
pub(crate) mod template;
mod verify;
mod version;

pub(crate) use duration::parse as duration_of;
pub(crate) use host::now;
pub(crate) use outside::errno as go_errno;
#[expect(unused_imports, reason = "fetched dependencies are packed with it")]
pub(crate) use package::pack_chart;
pub(crate) use root::{compat, run};
