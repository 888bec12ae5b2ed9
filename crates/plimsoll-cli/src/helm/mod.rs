//! `plimsoll helm …`: Helm's commands with Helm's flags, texts and exit status.

mod commands;
mod csv;
mod duration;
mod flags;
mod help;
mod host;
mod kubeconfig;
mod locate;
mod outside;
mod pflag;
mod root;
mod template;

pub(crate) use root::run;
