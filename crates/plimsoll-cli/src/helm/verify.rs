//! `helm verify`: signatures are not checked.

use std::path::Path;

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::shared::KEYRING;
use super::locate;
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "verify",
    usage: "PATH",
    help: "check a packed chart's signature (not supported)",
    flags: &[&[KEYRING]],
    args: Args::Exactly(1),
    run: Some(run),
    ..BASE
};

fn run(call: &Call, _: &mut Io) -> Result<(), String> {
    locate::verify(Path::new(&call.parsed.args[0]))
}
