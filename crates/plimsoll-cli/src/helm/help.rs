//! `--help`: our own words, Helm's flags.

use std::fmt::Write;

use plimsoll::gotmpl::Compat;

use super::commands::COMMANDS;
use super::flags::{GLOBAL, TEMPLATE};
use super::pflag::{Flag, Kind};

/// `helm --help`
pub(super) fn root(compat: Compat) -> String {
    let mut text = "Helm's commands, as plimsoll speaks them.\n\nUsage:\n  helm [command]\n\n\
                    Available Commands:\n"
        .to_owned();
    for command in COMMANDS {
        writeln!(text, "  {:<11} {}", command.name, command.help).expect("a String takes it");
    }
    text.push_str("\nFlags:\n");
    flags(&mut text, GLOBAL, compat, "helm");
    text.push_str("\nUse \"helm [command] --help\" for more information about a command.\n");
    text
}

/// `helm template --help`
pub(crate) fn template(compat: Compat) -> String {
    let mut text = "\nRender a chart's templates and print the manifests, without a cluster.\n\n\
                    What a cluster would be asked for is made up: `lookup` finds nothing, and the \
                    API\nversions are Helm's own list and those of --api-versions.\n\nUsage:\n  \
                    helm template [NAME] [CHART] [flags]\n\nFlags:\n"
        .to_owned();
    flags(&mut text, TEMPLATE[0], compat, "template");
    text.push_str("\nGlobal Flags:\n");
    flags(&mut text, GLOBAL, compat, "");
    text
}

fn flags(text: &mut String, table: &[Flag], compat: Compat, help_for: &str) {
    let deprecated = |flag: &Flag| flag.deprecated.is_some() && compat == Compat::Helm4;
    let known = table.iter().filter(|flag| flag.is_known(compat));
    let mut rows: Vec<(Option<char>, &str, String, &str)> = known
        .filter(|flag| !flag.hidden && !deprecated(flag))
        .map(|flag| (flag.short, flag.name, type_name(flag.kind, compat), flag.help))
        .collect();
    if !help_for.is_empty() {
        rows.push((Some('h'), "help", String::new(), "this text"));
        rows.sort_by_key(|row| row.1);
    }
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
        Kind::Float => " float32",
        Kind::Pairs => " stringToString",
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
}
