//! Which of Helm's commands is meant, and the exit status.

use plimsoll::gotmpl::Compat;

use super::flags::EVERYWHERE;
use super::{commands, help, pflag, template};
use crate::io::Io;

/// Runs `helm ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let (compat, args) = match compat(args, io) {
        Ok(found) => found,
        Err(error) => return fail(io, &error),
    };
    let Some(at) = command_at(&args, compat) else {
        return without_command(&args, compat, io);
    };
    let name = &args[at];
    let Some(command) = commands::find(name) else {
        io.error(&format!("Error: {}\nRun 'helm --help' for usage.\n", commands::unknown(name)));
        return 1;
    };
    let rest: Vec<String> = [&args[..at], &args[at + 1..]].concat();
    match command.name {
        "template" => template::run(&rest, compat, io),
        "help" => {
            io.print(help::root(compat).as_bytes());
            0
        }
        name => fail(io, &format!("`helm {name}` is not built yet")),
    }
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
            Some(name) if !name.contains('=') => Some(pflag::find(&EVERYWHERE, name, compat)),
            None if arg.starts_with('-') && arg.len() == 2 => {
                let short = arg.chars().nth(1)?;
                Some(pflag::find_short(&EVERYWHERE, short, compat))
            }
            _ if arg.starts_with('-') || arg.is_empty() => None,
            _ => return Some(at),
        };
        let takes_next = flag.is_some_and(|flag| !flag.is_some_and(|f| f.stands_alone(compat)));
        at += if takes_next && !matches!(arg, "--help" | "-h") { 2 } else { 1 };
    }
    None
}

fn without_command(args: &[String], compat: Compat, io: &mut Io) -> u8 {
    if let Err(error) = pflag::parse(&EVERYWHERE, args, compat) {
        fail(io, &error)
    } else {
        io.print(help::root(compat).as_bytes());
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_no_flags_value() {
        let check = |line: &str| {
            let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            command_at(&args, Compat::Helm4)
        };
        assert_eq!(check("template r c"), Some(0));
        assert_eq!(check("-n x --debug template"), Some(3));
        assert_eq!(check("--nope template c"), Some(2));
        assert_eq!(check("--namespace=x template"), Some(1));
        assert_eq!(check("-- template"), None);
    }
}
