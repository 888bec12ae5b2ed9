//! `--help`: our own words, Helm's flags.

use std::fmt::Write;

use plimsoll::gotmpl::Compat;

use super::commands::{COMMANDS, Call, Command};
use super::flags::GLOBAL;
use super::pflag::{Flag, Kind};
use super::{root, template};
use crate::io::Io;

/// Runs `helm help [COMMAND]`; cobra tells of a command that it does not know on standard error
/// and is content.
pub(super) fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let found = root::find(&call.parsed.args, call.compat);
    match found.command {
        Some(command) => io.print(page(command, &found.path, call.compat).as_bytes()),
        None if call.parsed.args.is_empty() => io.print(root(call.compat).as_bytes()),
        None => {
            let topics: Vec<String> =
                call.parsed.args.iter().map(|topic| format!("`{topic}`")).collect();
            io.error(&format!("Unknown help topic [{}]\n", topics.join(" ")));
            io.error(&usage_of_root(call.compat));
        }
    }
    Ok(())
}

/// `helm --help`
pub(super) fn root(compat: Compat) -> String {
    format!("Helm's commands, as plimsoll speaks them.\n\n{}", usage_of_root(compat))
}

fn usage_of_root(compat: Compat) -> String {
    let mut text = "Usage:\n  helm [command]\n".to_owned();
    list(&mut text, COMMANDS, compat);
    text.push_str("\nFlags:\n");
    flags(&mut text, &[GLOBAL], compat, "helm");
    text.push_str("\nUse \"helm [command] --help\" for more information about a command.\n");
    text
}

/// `helm template --help`
pub(crate) fn template(compat: Compat) -> String {
    page(&template::COMMAND, "template", compat)
}

/// `helm … --help`
pub(super) fn page(command: &Command, path: &str, compat: Compat) -> String {
    let about = if command.about.is_empty() { command.help } else { command.about };
    let mut text = format!("\n{about}\n\nUsage:\n  ");
    if command.children.is_empty() {
        text.push_str(&command.usage_line(path));
    } else {
        write!(text, "helm {path} [command]").expect("a String takes it");
    }
    text.push('\n');
    if !command.aliases.is_empty() {
        let names = [&[command.name], command.aliases].concat().join(", ");
        writeln!(text, "\nAliases:\n  {names}").expect("a String takes it");
    }
    list(&mut text, command.children, compat);
    text.push_str("\nFlags:\n");
    flags(&mut text, command.flags, compat, command.name);
    text.push_str("\nGlobal Flags:\n");
    flags(&mut text, &[GLOBAL], compat, "");
    if !command.children.is_empty() {
        let end = "[command] --help\" for more information about a command.";
        writeln!(text, "\nUse \"helm {path} {end}").expect("a String takes it");
    }
    text
}

fn list(text: &mut String, commands: &[Command], compat: Compat) {
    if commands.is_empty() {
        return;
    }
    text.push_str("\nAvailable Commands:\n");
    for command in commands.iter().filter(|command| command.is_known(compat)) {
        writeln!(text, "  {:<11} {}", command.name, command.help).expect("a String takes it");
    }
}

fn flags(text: &mut String, table: &[&[Flag]], compat: Compat, help_for: &str) {
    let deprecated = |flag: &Flag| flag.deprecated.is_some() && compat == Compat::Helm4;
    let known = table.iter().flat_map(|flags| flags.iter()).filter(|flag| flag.is_known(compat));
    let mut rows: Vec<(Option<char>, &str, String, &str)> = known
        .filter(|flag| !flag.hidden && !deprecated(flag))
        .map(|flag| (flag.short, flag.name, type_name(flag.kind, compat), flag.help))
        .collect();
    if !help_for.is_empty() {
        rows.push((Some('h'), "help", String::new(), "this text"));
    }
    rows.sort_by_key(|row| row.1);
    let wide = |row: &(Option<char>, &str, String, &str)| row.1.len() + row.2.len();
    let width = rows.iter().map(wide).max().unwrap_or_default();
    for (short, name, ty, help) in &rows {
        let short = short.map_or("    ".to_owned(), |short| format!("-{short}, "));
        let pad = width - name.len() - ty.len() + 3;
        writeln!(text, "  {short}--{name}{ty}{:pad$}{help}", "").expect("a String takes it");
    }
}

fn type_name(kind: Kind, compat: Compat) -> String {
    let helm_3 = compat == Compat::Helm3;
    match kind {
        Kind::Bool => "",
        Kind::Text => " string",
        Kind::Strings => " strings",
        Kind::Array => " stringArray",
        Kind::Duration => " duration",
        Kind::Int => " int",
        Kind::Uint => " uint",
        Kind::Float => " float32",
        Kind::Pairs => " stringToString",
        Kind::Format => " format",
        Kind::Wait if helm_3 => "",
        Kind::Wait => " WaitStrategy[=watcher]",
        Kind::DryRun if helm_3 => " string[=\"client\"]",
        Kind::DryRun => " string[=\"unset\"]",
        Kind::PostRenderer => " postRendererString",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_helm_lists_its_own_flags() {
        let (three, four) = (template(Compat::Helm3), template(Compat::Helm4));
        assert!(three.contains("--atomic") && !three.contains("--force-replace"));
        assert!(!four.contains("--atomic") && four.contains("--force-replace"));
        assert!(four.contains("  -a, --api-versions strings "));
    }

    #[test]
    fn commands_above_others_list_them() {
        let found = root::find(&["show".to_owned()], Compat::Helm4);
        let text = page(found.command.expect("it is known"), &found.path, Compat::Helm4);
        assert!(text.contains("helm show [command]") && text.contains("  values      "), "{text}");
    }
}
