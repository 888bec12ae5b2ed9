//! `helm push`: charts are not sent to registries.

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::shared::SERVER;
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "push",
    usage: "[chart] [remote]",
    help: "send a chart to a registry (not supported)",
    flags: &[SERVER],
    args: Args::AtLeast(2),
    run: Some(run),
    ..BASE
};

fn run(_: &Call, _: &mut Io) -> Result<(), String> {
    Err("charts are not sent to registries: `helm push` is not supported".to_owned())
}
