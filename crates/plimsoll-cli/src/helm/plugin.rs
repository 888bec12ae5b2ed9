//! `helm plugin`: there are no plugins.

use plimsoll::gotmpl::Compat;

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::flags::shared::{KEYRING, SERVER, VERIFY};
use super::pflag::{Flag, Kind};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "plugin",
    help: "manage plugins (not supported)",
    children: &[INSTALL, LIST, PACKAGE, UNINSTALL, UPDATE, VERIFY_COMMAND],
    ..BASE
};

const VERSION: Flag = flag("version", "", Kind::Text, "the plugin's version");

const INSTALL: Command = Command {
    name: "install",
    aliases: &["add"],
    usage: "[options] <path|url>",
    help: "install a plugin",
    flags: &[&[KEYRING, VERIFY, VERSION], SERVER],
    args: Args::Exactly(1),
    run: Some(refuse),
    ..BASE
};

const LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    help: "list plugins",
    flags: &[&[flag("type", "", Kind::Text, "plugins of this kind alone").only(Compat::Helm4)]],
    run: Some(list),
    ..BASE
};

const PACKAGE: Command = Command {
    name: "package",
    usage: "[PATH]",
    help: "pack a plugin",
    flags: &[&[
        flag("destination", "d", Kind::Text, "the folder that it is written to (default \".\")"),
        flag("key", "", Kind::Text, "the name of the key"),
        KEYRING,
        flag("passphrase-file", "", Kind::Text, "the file of the key's passphrase"),
        flag("sign", "", Kind::Bool, "sign it (default true)"),
    ]],
    args: Args::Exactly(1),
    run: Some(refuse),
    only: Some(Compat::Helm4),
    ..BASE
};

const UNINSTALL: Command = Command {
    name: "uninstall",
    aliases: &["rm", "remove"],
    usage: "<plugin>...",
    help: "remove plugins",
    run: Some(refuse),
    ..BASE
};

const UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    usage: "<plugin>...",
    help: "update plugins",
    run: Some(refuse),
    ..BASE
};

const VERIFY_COMMAND: Command = Command {
    name: "verify",
    usage: "[PATH]",
    help: "check a plugin's signature",
    flags: &[&[KEYRING]],
    args: Args::Exactly(1),
    run: Some(refuse),
    only: Some(Compat::Helm4),
    ..BASE
};

/// Helm's heading, and no plugin under it.
fn list(call: &Call, io: &mut Io) -> Result<(), String> {
    let heading = match call.compat {
        Compat::Helm3 => "NAME\tVERSION\tDESCRIPTION\n",
        Compat::Helm4 => "NAME\tVERSION\tTYPE\tAPIVERSION\tPROVENANCE\tSOURCE\n",
    };
    io.print(heading.as_bytes());
    Ok(())
}

fn refuse(call: &Call, _: &mut Io) -> Result<(), String> {
    if call.parsed.args.is_empty() {
        let verb = call.path.rsplit(' ').next().unwrap_or_default();
        return Err(format!("please provide plugin name to {verb}"));
    }
    Err(format!("plugins are not supported: `helm {}` does nothing here", call.path))
}
