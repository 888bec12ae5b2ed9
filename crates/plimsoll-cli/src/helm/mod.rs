//! `plimsoll helm …`: Helm's commands with Helm's flags, texts and exit status.

mod commands;
mod csv;
mod duration;
pub(crate) mod flags;
pub(crate) mod help;
mod host;
mod kubeconfig;
mod locate;
mod outside;
pub(crate) mod pflag;
mod root;
pub(crate) mod template;

pub(crate) use root::{compat, run};
