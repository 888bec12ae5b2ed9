//! `helm lint`

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use plimsoll::gotmpl::{Compat, Map};
use plimsoll::helm::lint::{LintOptions, Message, Severity, lint};
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::values::{self, Origins};

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::flags::shared::{KUBE_VERSION, SKIP_SCHEMA, VALUES};
use super::host::CommandHost;
use super::outside::Disk;
use super::pflag::{Flag, Kind};
use super::{expand, kubeconfig, template};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "lint",
    usage: "PATH",
    help: "look for faults in a chart",
    about: "Look for faults in charts, in folders or packed: what keeps them from being installed\n\
            is an [ERROR], what breaks with conventions a [WARNING].",
    flags: &[OWN, VALUES],
    run: Some(run),
    ..BASE
};

const OWN: &[Flag] = &[
    KUBE_VERSION,
    flag("quiet", "", Kind::Bool, "print warnings and errors alone"),
    SKIP_SCHEMA,
    flag("strict", "", Kind::Bool, "fail on warnings too"),
    flag("with-subcharts", "", Kind::Bool, "look at the charts in charts/ too"),
];

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let Call { parsed, compat, .. } = call;
    if *compat == Compat::Helm4 {
        Args::AtLeast(1).check(&parsed.args, &call.path, &COMMAND.usage_line(&call.path))?;
    }
    let options = LintOptions {
        compat: *compat,
        namespace: kubeconfig::namespace(parsed, io),
        kube_version: template::kube_version(parsed, *compat)?,
        skip_schema_validation: parsed.bool("skip-schema-validation"),
    };
    let mut paths = parsed.args.clone();
    if paths.is_empty() {
        paths.push(".".to_owned());
    }
    if parsed.bool("with-subcharts") {
        let below: Vec<String> = paths.iter().flat_map(|path| subcharts(path)).collect();
        paths.extend(below);
    }
    let (out, result) = on_large_stack(|| {
        let mut origins = Origins::off();
        let mut disk = Disk { post_renderer: None };
        let flags = template::value_flags(parsed);
        let user = match values::merge_flags(&flags, &mut disk, *compat, &mut origins) {
            Ok(user) => user,
            Err(error) => return (String::new(), Err(error.message)),
        };
        let mut report = Report::new(parsed.bool("strict"), parsed.bool("quiet"));
        for path in &paths {
            report.add(path, lint_path(path, &user, &options, call, io));
        }
        report.finish(paths.len())
    });
    io.print(out.as_bytes());
    result
}

/// What was found in all charts, as it will be printed.
struct Report {
    is_strict: bool,
    is_quiet: bool,
    out: String,
    failed: usize,
    has_said: bool,
}

impl Report {
    fn new(is_strict: bool, is_quiet: bool) -> Report {
        Report { is_strict, is_quiet, out: String::new(), failed: 0, has_said: false }
    }

    fn add(&mut self, path: &str, found: Result<Vec<Message>, String>) {
        let least = if self.is_strict { Severity::Warning } else { Severity::Error };
        let shown = |message: &&Message| !self.is_quiet || message.severity > Severity::Info;
        let (lines, fails, warns): (Vec<String>, bool, bool) = match &found {
            Err(error) => (vec![format!("Error {error}")], true, true),
            Ok(messages) => (
                messages.iter().filter(shown).map(Message::to_string).collect(),
                messages.iter().any(|message| message.severity >= least),
                messages.iter().any(|message| message.severity > Severity::Info),
            ),
        };
        self.has_said |= warns;
        if self.is_quiet && !warns {
            return;
        }
        self.failed += usize::from(fails);
        self.out.push_str(&format!("==> Linting {path}\n"));
        for line in lines {
            self.out.push_str(&line);
            self.out.push('\n');
        }
        self.out.push('\n');
    }

    fn finish(mut self, charts: usize) -> (String, Result<(), String>) {
        let summary = format!("{charts} chart(s) linted, {} chart(s) failed", self.failed);
        if self.failed > 0 {
            return (self.out, Err(summary));
        }
        if !self.is_quiet || self.has_said {
            self.out.push_str(&summary);
            self.out.push('\n');
        }
        (self.out, Ok(()))
    }
}

fn lint_path(
    path: &str,
    user: &Map,
    options: &LintOptions,
    call: &Call,
    io: &mut Io,
) -> Result<Vec<Message>, String> {
    let mut host = CommandHost::new(io, call.compat, false).for_lint();
    let mut look =
        |folder: &str| lint(folder, user, options, &mut host).map_err(|error| error.message);
    if !is_packed(path) {
        return look(path);
    }
    let expanded = expand::into_temporary(path, call.compat)?;
    look(&expanded.chart.to_string_lossy())
}

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "helm takes these endings for packed charts"
)]
fn is_packed(path: &str) -> bool {
    path.ends_with(".tgz") || path.ends_with(".tar.gz")
}

/// The charts below a chart's charts/, in the order of a walk that follows no links.
fn subcharts(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let root = Path::new(path).join("charts");
    let mut todo: Vec<PathBuf> = vec![root];
    while let Some(path) = todo.pop() {
        let Ok(metadata) = std::fs::symlink_metadata(&path) else { continue };
        let shown = path.to_string_lossy();
        if path.file_name().is_some_and(|name| name == "Chart.yaml") {
            let folder = path.parent().map(Path::to_string_lossy).unwrap_or_default();
            found.push(super::settings::clean(&folder));
        } else if is_packed(&shown) {
            found.push(super::settings::clean(&shown));
        }
        todo.extend(entries(&path, &metadata).into_iter().rev());
    }
    found
}

fn entries(path: &Path, metadata: &Metadata) -> Vec<PathBuf> {
    if !metadata.is_dir() {
        return Vec::new();
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(severities: &[Severity], strict: bool, quiet: bool, expected: (&str, bool)) {
        let mut report = Report::new(strict, quiet);
        let message = |severity: &Severity| Message {
            severity: *severity,
            path: "f".to_owned(),
            text: "t".to_owned(),
        };
        report.add("c", Ok(severities.iter().map(message).collect()));
        let (out, result) = report.finish(1);
        assert_eq!((out.as_str(), result.is_ok()), expected);
    }

    #[test]
    fn warnings_fail_where_it_is_strict() {
        let text = "==> Linting c\n[WARNING] f: t\n\n";
        let summary = "1 chart(s) linted, 0 chart(s) failed\n";
        check(&[Severity::Warning], false, false, (&format!("{text}{summary}"), true));
        check(&[Severity::Warning], true, false, (text, false));
    }

    #[test]
    fn quiet_says_nothing_of_good_charts() {
        check(&[Severity::Info], false, true, ("", true));
        let text = "==> Linting c\n[ERROR] f: t\n\n";
        check(&[Severity::Info, Severity::Error], false, true, (text, false));
    }
}
