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
mod settings;
mod show;
pub(crate) mod template;
mod verify;
mod version;

pub(crate) use root::{compat, run};
