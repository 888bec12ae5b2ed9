//! `helm verify`: signatures are not checked.

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::shared::KEYRING;
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
    let path = &call.parsed.args[0];
    Err(format!("the signature of `{path}` was not checked: `helm verify` is not supported"))
}
