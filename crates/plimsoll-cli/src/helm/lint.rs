//! `helm lint`

use super::commands::{COMMAND as BASE, Command};
use super::remote;

pub(super) const COMMAND: Command = Command {
    name: "lint",
    help: "look for faults in a chart",
    run: Some(remote::not_built),
    ..BASE
};
