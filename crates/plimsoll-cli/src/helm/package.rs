//! `helm package`

use super::commands::{COMMAND as BASE, Command};
use super::remote;

pub(super) const COMMAND: Command = Command {
    name: "package",
    help: "pack a chart into an archive",
    run: Some(remote::not_built),
    ..BASE
};
