//! `helm create`

use super::commands::{COMMAND as BASE, Command};
use super::remote;

pub(super) const COMMAND: Command =
    Command { name: "create", help: "make a new chart", run: Some(remote::not_built), ..BASE };
