//! Helm's commands as a tree, and the way from a name to one of them.

use plimsoll::gotmpl::Compat;

use super::pflag::{Flag, Parsed};
use super::{
    cluster, completion, create, dependency, env, lint, package, plugin, pull, push, registry,
    repo, search, show, template, verify, version,
};
use crate::io::Io;

/// A command of Helm's.
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    /// What follows the name in a line of usage: `[NAME] [CHART]`.
    pub(super) usage: &'static str,
    /// What a list of commands says of it.
    pub(super) help: &'static str,
    /// What `--help` says of it beyond that.
    pub(super) about: &'static str,
    /// Its flags beside those of every command.
    pub(super) flags: &'static [&'static [Flag]],
    pub(super) args: Args,
    pub(super) children: &'static [Command],
    /// `None`: it only has commands below it.
    pub(super) run: Option<Run>,
    /// The one Helm that knows it.
    pub(super) only: Option<Compat>,
}

/// Does what a command is for; the error is what stands behind `Error: `.
pub(super) type Run = fn(&Call, &mut Io) -> Result<(), String>;

/// A command line, understood.
pub(super) struct Call {
    pub(super) compat: Compat,
    pub(super) parsed: Parsed,
    /// The command's name with those above it: `show values`.
    pub(super) path: String,
}

/// How many arguments a command takes.
#[derive(Clone, Copy)]
pub(super) enum Args {
    Any,
    None,
    Exactly(usize),
    AtLeast(usize),
    AtMost(usize),
}

/// Helm's commands, sorted by name.
pub(super) const COMMANDS: &[Command] = &[
    completion::COMMAND,
    create::COMMAND,
    dependency::COMMAND,
    env::COMMAND,
    cluster::GET,
    HELP,
    cluster::HISTORY,
    cluster::INSTALL,
    lint::COMMAND,
    cluster::LIST,
    package::COMMAND,
    plugin::COMMAND,
    pull::COMMAND,
    push::COMMAND,
    registry::COMMAND,
    repo::COMMAND,
    cluster::ROLLBACK,
    search::COMMAND,
    show::COMMAND,
    cluster::STATUS,
    template::COMMAND,
    cluster::TEST,
    cluster::UNINSTALL,
    cluster::UPGRADE,
    verify::COMMAND,
    version::COMMAND,
];

/// The order in which cobra suggests commands: that in which Helm adds them.
const ADDED: [&str; 25] = [
    "create",
    "dependency",
    "pull",
    "show",
    "lint",
    "package",
    "repo",
    "search",
    "verify",
    "get",
    "history",
    "install",
    "list",
    "test",
    "rollback",
    "status",
    "template",
    "uninstall",
    "upgrade",
    "completion",
    "env",
    "plugin",
    "version",
    "registry",
    "push",
];

/// What every command starts from.
pub(super) const COMMAND: Command = Command {
    name: "",
    aliases: &[],
    usage: "",
    help: "",
    about: "",
    flags: &[],
    args: Args::Any,
    children: &[],
    run: None,
    only: None,
};

const HELP: Command = Command {
    name: "help",
    usage: "[command]",
    help: "help about a command",
    run: Some(super::help::run),
    ..COMMAND
};

impl Command {
    /// Whether a Helm knows the command.
    pub(super) fn is_known(&self, compat: Compat) -> bool {
        self.only.is_none_or(|only| only == compat)
    }

    /// cobra's line of usage, of the command by its whole path.
    pub(super) fn usage_line(&self, path: &str) -> String {
        let usage = if self.usage.is_empty() { "" } else { " " };
        format!("helm {path}{usage}{} [flags]", self.usage)
    }
}

impl Args {
    /// helm: require/args.go.
    pub(super) fn check(self, args: &[String], path: &str, usage: &str) -> Result<(), String> {
        let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
        let wrong = match self {
            Args::Any => return Ok(()),
            Args::None if !args.is_empty() => "accepts no arguments".to_owned(),
            Args::Exactly(n) if args.len() != n => format!("requires {n} {}", plural(n)),
            Args::AtLeast(n) if args.len() < n => format!("requires at least {n} {}", plural(n)),
            Args::AtMost(n) if args.len() > n => format!("accepts at most {n} {}", plural(n)),
            _ => return Ok(()),
        };
        Err(format!("\"helm {path}\" {wrong}\n\nUsage:  {usage}"))
    }
}

/// The command of a name or an alias.
pub(super) fn find(
    commands: &'static [Command],
    name: &str,
    compat: Compat,
) -> Option<&'static Command> {
    let named = |command: &&Command| command.name == name || command.aliases.contains(&name);
    commands.iter().filter(|command| command.is_known(compat)).find(named)
}

/// cobra's text for a command that is unknown, with what may have been meant.
pub(super) fn unknown(name: &str) -> String {
    let folded = name.to_lowercase();
    let close = |command: &&Command| {
        strsim::levenshtein(&folded, command.name) <= 2 || command.name.starts_with(&folded)
    };
    let mut text = format!("unknown command {name:?} for \"helm\"");
    let mut meant: Vec<&Command> = COMMANDS.iter().filter(close).collect();
    meant.sort_by_key(|command| ADDED.iter().position(|name| *name == command.name));
    meant.retain(|command| command.name != HELP.name);
    let meant: Vec<String> = meant.iter().map(|command| format!("\t{}\n", command.name)).collect();
    if !meant.is_empty() {
        text.push_str("\n\nDid you mean this?\n");
        text.extend(meant);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_suggested() {
        let check = |name: &str| unknown(name);
        assert!(check("templat").ends_with("Did you mean this?\n\ttemplate\n"));
        assert_eq!(check("foo"), "unknown command \"foo\" for \"helm\"");
        assert!(check("c").contains("\tcreate\n\tcompletion\n"));
        assert!(check("temp").ends_with("Did you mean this?\n\ttest\n\ttemplate\n"));
    }

    #[test]
    fn counts_of_arguments_are_checked_in_helms_words() {
        let check = |args: Args, count: usize| {
            let given = vec![String::new(); count];
            args.check(&given, "lint", "helm lint PATH [flags]").err().unwrap_or_default()
        };
        let text = "\"helm lint\" requires at least 1 argument\n\nUsage:  helm lint PATH [flags]";
        assert_eq!(check(Args::AtLeast(1), 0), text);
        assert!(check(Args::None, 1).starts_with("\"helm lint\" accepts no arguments\n"));
        assert!(check(Args::Exactly(2), 1).starts_with("\"helm lint\" requires 2 arguments\n"));
        assert_eq!(check(Args::AtMost(1), 1), "");
    }
}
