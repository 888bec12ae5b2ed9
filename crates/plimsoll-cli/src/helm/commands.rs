//! The names of Helm's commands.

/// A command of Helm's.
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) help: &'static str,
}

/// Helm's commands, sorted by name.
pub(super) const COMMANDS: &[Command] = &[
    command("completion", &[], "completion scripts for shells"),
    command("create", &[], "make a new chart"),
    command("dependency", &["dep", "dependencies"], "a chart's dependencies"),
    command("env", &[], "the environment that Helm sees"),
    command("get", &[], "what a release was made of"),
    command("help", &[], "help about a command"),
    command("history", &["hist"], "the revisions of a release"),
    command("install", &[], "install a chart"),
    command("lint", &[], "look for faults in a chart"),
    command("list", &["ls"], "list releases"),
    command("package", &[], "pack a chart into an archive"),
    command("plugin", &[], "manage plugins"),
    command("pull", &["fetch"], "fetch a chart"),
    command("push", &[], "send a chart to a registry"),
    command("registry", &[], "log in to a registry and out of it"),
    command("repo", &[], "manage repositories"),
    command("rollback", &[], "go back to an earlier revision"),
    command("search", &[], "search for charts"),
    command("show", &["inspect"], "show what a chart holds"),
    command("status", &[], "the state of a release"),
    command("template", &[], "render a chart's templates"),
    command("test", &[], "run a release's tests"),
    command("uninstall", &["del", "delete", "un"], "remove a release"),
    command("upgrade", &[], "upgrade a release"),
    command("verify", &[], "check a chart's signature"),
    command("version", &[], "the version that is spoken"),
];

const fn command(
    name: &'static str,
    aliases: &'static [&'static str],
    help: &'static str,
) -> Command {
    Command { name, aliases, help }
}

/// The command of a name or an alias.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name || command.aliases.contains(&name))
}

/// cobra's text for a command that is unknown, with what may have been meant.
pub(super) fn unknown(name: &str) -> String {
    let folded = name.to_lowercase();
    let close = |command: &&Command| {
        distance(&folded, command.name) <= 2 || command.name.starts_with(&folded)
    };
    let mut text = format!("unknown command {name:?} for \"helm\"");
    let meant: Vec<String> =
        COMMANDS.iter().filter(close).map(|command| format!("\t{}\n", command.name)).collect();
    if !meant.is_empty() {
        text.push_str("\n\nDid you mean this?\n");
        text.extend(meant);
    }
    text
}

/// The Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_suggested() {
        let check = |name: &str| unknown(name);
        assert!(check("templat").ends_with("Did you mean this?\n\ttemplate\n"));
        assert_eq!(check("foo"), "unknown command \"foo\" for \"helm\"");
        assert!(check("c").contains("\tcompletion\n\tcreate\n"));
    }
}
