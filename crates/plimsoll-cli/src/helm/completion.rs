//! `helm completion`

use super::commands::{COMMAND as BASE, Command};
use super::remote;

pub(super) const COMMAND: Command = Command {
    name: "completion",
    help: "completion scripts for shells",
    run: Some(remote::not_built),
    ..BASE
};
