//! Which of Helm's commands is meant, and the exit status.

use plimsoll::gotmpl::Compat;

use super::commands::{self, COMMANDS, Call, Command};
use super::flags::{EVERYWHERE, GLOBAL, LOG};
use super::{help, pflag, settings};
use crate::io::Io;

/// Runs `helm ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let (compat, args) = match compat(args, io) {
        Ok(found) => found,
        Err(error) => return fail(io, &error),
    };
    if let Some(error) = wrong_color(&args, compat) {
        io.error(&error);
        return 1;
    }
    let found = find(&args, compat);
    let Some(command) = found.command else {
        return without_command(&found, compat, io);
    };
    let is_debug = compat == Compat::Helm3 && is_debug(&found.rest, compat, io);
    let Err(error) = call(command, found, compat, io) else { return 0 };
    let status = fail(io, &error);
    if is_debug {
        io.error(&format!("helm.go:92: [debug] {error}\n"));
    }
    status
}

/// Whether Helm 3 says its errors twice, be the command line wrong or not.
fn is_debug(args: &[String], compat: Compat, io: &Io) -> bool {
    settings::is_debug(&pflag::parse_known(EVERYWHERE, args, compat), io)
}

/// Understands the rest of the command line and does what it says.
fn call(command: &Command, found: Found, compat: Compat, io: &mut Io) -> Result<(), String> {
    let table = [command.flags, &[GLOBAL, LOG]].concat();
    let parsed = pflag::parse(&table, &found.rest, compat)?;
    for notice in &parsed.notices {
        io.error(&format!("{notice}\n"));
    }
    let Some(run) = command.run.filter(|_| !parsed.help) else {
        io.print(help::page(command, &found.path, compat).as_bytes());
        return Ok(());
    };
    command.args.check(&parsed.args, &found.path, &command.usage_line(&found.path))?;
    run(&Call { compat, parsed, path: found.path }, io)
}

/// Prints an error as cobra does.
pub(super) fn fail(io: &mut Io, error: &str) -> u8 {
    io.error(&format!("Error: {error}\n"));
    1
}

/// Which Helm is spoken: `--compat` (ours, anywhere before `--`), else `PLIMSOLL_COMPAT`, else 4.
pub(crate) fn compat(args: &[String], io: &Io) -> Result<(Compat, Vec<String>), String> {
    let mut name = io.env("PLIMSOLL_COMPAT").filter(|name| !name.is_empty());
    let mut rest = Vec::with_capacity(args.len());
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--compat") {
            Some("") => name = args.next().cloned(),
            Some(value) if value.starts_with('=') => name = Some(value[1..].to_owned()),
            _ => rest.push(arg.clone()),
        }
        if arg == "--" {
            rest.extend(args.by_ref().cloned());
        }
    }
    match name.as_deref() {
        None | Some("helm4") => Ok((Compat::Helm4, rest)),
        Some("helm3") => Ok((Compat::Helm3, rest)),
        Some(other) => Err(format!("`{other}` is neither `helm3` nor `helm4`")),
    }
}

/// A command and what is left of the command line.
pub(super) struct Found {
    /// `None`: no command is named, or one that is unknown.
    pub(super) command: Option<&'static Command>,
    /// The names of the commands on the way.
    pub(super) path: String,
    pub(super) rest: Vec<String>,
    unknown: Option<String>,
}

/// cobra: command.go Find goes down from command to command.
pub(super) fn find(args: &[String], compat: Compat) -> Found {
    let mut found =
        Found { command: None, path: String::new(), rest: args.to_vec(), unknown: None };
    let mut below = COMMANDS;
    while let Some(at) = command_at(&found.rest, compat) {
        let Some(command) = commands::find(below, &found.rest[at], compat) else {
            let is_root = found.command.is_none();
            found.unknown = is_root.then(|| found.rest[at].clone());
            break;
        };
        found.rest.remove(at);
        if !found.path.is_empty() {
            found.path.push(' ');
        }
        found.path.push_str(command.name);
        found.command = Some(command);
        below = command.children;
        if below.is_empty() {
            break;
        }
    }
    found
}

/// cobra: command.go stripFlags takes the first argument that is neither a flag nor the value of
/// one; of flags it does not know it takes the next argument for the value.
fn command_at(args: &[String], compat: Compat) -> Option<usize> {
    let mut at = 0;
    while at < args.len() {
        let arg = args[at].as_str();
        if arg == "--" {
            return None;
        }
        let flag = match arg.strip_prefix("--") {
            Some(name) if !name.contains('=') => Some(pflag::find(EVERYWHERE, name, compat)),
            None if arg.starts_with('-') && arg.len() == 2 => {
                let short = arg.chars().nth(1)?;
                Some(pflag::find_short(EVERYWHERE, short, compat))
            }
            _ if arg.starts_with('-') || arg.is_empty() => None,
            _ => return Some(at),
        };
        let takes_next = flag.is_some_and(|flag| !flag.is_some_and(|f| f.stands_alone(compat)));
        at += if takes_next { 2 } else { 1 };
    }
    None
}

fn without_command(found: &Found, compat: Compat, io: &mut Io) -> u8 {
    if let Some(name) = &found.unknown {
        io.error(&format!("Error: {}\nRun 'helm --help' for usage.\n", commands::unknown(name)));
        return 1;
    }
    if let Err(error) = pflag::parse(EVERYWHERE, &found.rest, compat) {
        return fail(io, &error);
    }
    io.print(help::root(compat).as_bytes());
    0
}

/// helm 4: root.go reads the global flags and refuses a colour before it looks at anything else.
fn wrong_color(args: &[String], compat: Compat) -> Option<String> {
    if compat == Compat::Helm3 {
        return None;
    }
    let parsed = pflag::parse_known(EVERYWHERE, args, compat);
    let mode = parsed.either("color", "colour")?;
    let known = matches!(mode, "never" | "auto" | "always");
    let text = format!("invalid color mode {mode:?}: must be one of: never, auto, always");
    (!known).then(|| format!("level=WARN msg=\"command failed\" error={text:?}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_command_is_no_flags_value() {
        let check = |line: &str| command_at(&args(line), Compat::Helm4);
        assert_eq!(check("template r c"), Some(0));
        assert_eq!(check("-n x --debug template"), Some(3));
        assert_eq!(check("--nope template c"), Some(2));
        assert_eq!(check("--namespace=x template"), Some(1));
        assert_eq!(check("--help template"), None);
        assert_eq!(check("-- template"), None);
    }

    #[test]
    fn commands_are_found_below_commands() {
        let check = |line: &str, path: &str, rest: &str| {
            let found = find(&args(line), Compat::Helm4);
            assert_eq!((found.path.as_str(), found.rest.join(" ").as_str()), (path, rest));
        };
        check("-n x inspect --version 1 values c", "show values", "-n x --version 1 c");
        check("dep ls", "dependency list", "");
        check("show foo", "show", "foo");
    }

    #[test]
    fn a_wrong_colour_is_refused_before_all_else() {
        let check = |line: &str| wrong_color(&args(line), Compat::Helm4).is_some();
        assert!(check("lint --nope x --color=foo"));
        assert!(!check("lint --color=never"));
        assert!(!check("lint --help --color=foo"));
    }
}
