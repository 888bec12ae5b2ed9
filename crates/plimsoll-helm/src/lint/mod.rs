//! `helm lint`: what speaks against a chart.

mod address;
mod chartfile;
mod crds;
mod dependencies;
mod deprecation;
mod names;
mod objects;
mod stream;
mod templates;
mod values;

use plimsoll_source::go_path;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Host, Map};

use crate::HelmError;
use crate::chart::{Chart, LoadOptions, disk, load_plain};
use crate::render::KubeVersion;

/// What `lint` is told beside the chart and the values.
#[derive(Clone, Debug)]
pub struct LintOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// `.Release.Namespace`
    pub namespace: String,
    /// `--kube-version`
    pub kube_version: Option<KubeVersion>,
    /// `--skip-schema-validation`
    pub skip_schema_validation: bool,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are Helm's own")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

/// Something that speaks against a chart; displays as Helm prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub severity: Severity,
    /// The file or folder, in the chart; of what concerns dependencies the chart's own folder.
    pub path: String,
    /// Helm's text, perhaps of several lines.
    pub text: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        };
        write!(f, "[{severity}] {}: {}", self.path, self.text)
    }
}

/// Looks a chart in a folder over, with Helm's rules in Helm's order. Fails where there is no
/// chart at all. Tables of the user's values that the chart has too are filled up with its own, as
/// Helm does. Wants a large stack.
pub fn lint(
    folder: &str,
    user: &Map,
    options: &LintOptions,
    host: &mut dyn Host,
) -> Result<Vec<Message>, HelmError> {
    disk::stat(Path::new(&go_path::join(&[folder, "Chart.yaml"])))
        .map_err(|why| format!("unable to check Chart.yaml file in chart: {why}"))?;
    let mut linter = Linter::new(folder, options)?;
    chartfile::check(&mut linter);
    values::check(&mut linter, user, host);
    templates::check(&mut linter, user, host);
    dependencies::check(&mut linter, host);
    if options.compat == Compat::Helm4 {
        crds::check(&mut linter, host);
    }
    Ok(linter.messages)
}

/// A chart that is being looked over.
struct Linter<'a> {
    folder: PathBuf,
    options: &'a LintOptions,
    messages: Vec<Message>,
    loaded: Option<Loaded>,
}

/// The chart and what was logged while it was loaded.
#[derive(Clone)]
struct Loaded {
    chart: Result<Arc<Chart>, HelmError>,
    log: Vec<String>,
}

impl<'a> Linter<'a> {
    fn new(folder: &str, options: &'a LintOptions) -> Result<Linter<'a>, HelmError> {
        let folder = crate::chart::absolute(Path::new(folder))?;
        Ok(Linter { folder, options, messages: Vec::new(), loaded: None })
    }

    fn compat(&self) -> Compat {
        self.options.compat
    }

    /// Notes what a rule says; whether it was content.
    fn run(&mut self, severity: Severity, path: &str, result: Result<(), String>) -> bool {
        match result {
            Ok(()) => true,
            Err(text) => {
                self.messages.push(Message { severity, path: path.to_owned(), text });
                false
            }
        }
    }

    /// The chart. Helm loads it anew for every group of rules, and logs each time.
    fn load(&mut self, host: &mut dyn Host) -> Result<Arc<Chart>, String> {
        let (folder, compat) = (&self.folder, self.options.compat);
        let loaded = self.loaded.get_or_insert_with(|| {
            let mut log = Vec::new();
            let options = LoadOptions { compat };
            let chart = load_plain(folder, &options, &mut |line| log.push(line));
            Loaded { chart, log }
        });
        for line in &loaded.log {
            host.log(line.clone());
        }
        loaded.chart.clone().map_err(|error| error.message)
    }

    fn folder_text(&self) -> String {
        self.folder.to_string_lossy().into_owned()
    }
}

fn not_a_directory() -> Result<(), String> {
    Err("not a directory".to_owned())
}
