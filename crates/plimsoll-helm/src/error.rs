use std::fmt;

use plimsoll_gotmpl::{ExecError, ParseError};

use crate::chart::ChartFile;
use crate::native::NativeError;

/// Why something failed; displays as the text that Helm prints after `Error: `.
#[derive(Clone, Debug)]
pub struct HelmError {
    /// Helm's own text.
    pub message: String,
    /// What is known beyond the text.
    pub cause: HelmCause,
}

/// What is known of a failure beyond Helm's text.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum HelmCause {
    /// Nothing more than the text.
    #[default]
    Other,
    /// A template failed while it ran.
    Exec(Box<ExecError>),
    /// A template cannot be parsed.
    Parse(Box<ParseError>),
    /// What a template gave is no manifest.
    NotManifest {
        /// The template's path: `c/templates/a.yaml`.
        path: String,
        /// What the reader of YAML says.
        why: String,
    },
    /// A file of values cannot be read as YAML.
    Values {
        /// The path as it was given.
        path: String,
        /// What the reader of YAML says.
        why: String,
    },
    /// A file of the chart or of a subchart cannot be read as YAML.
    ChartFile {
        /// The file: `values.yaml`.
        file: ChartFile,
        /// What the reader of YAML says.
        why: String,
    },
    /// `Chart.yaml` names charts that are not in `charts/`.
    MissingDependencies {
        /// Their names.
        names: Vec<String>,
    },
    /// A native template cannot be read or run; Helm has none.
    Native(Box<NativeError>),
    /// Values do not fit the schemas.
    Schema(Vec<SchemaProblem>),
}

/// What the schema of one chart says of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// Where the chart's values stand in those of the root chart: the names of the subcharts.
    pub path: Vec<String>,
    /// The chart's name.
    pub chart: String,
    /// A line for each violation, as Helm prints them: `- at '/replicas': got string, want integer`.
    pub text: String,
}

impl HelmError {
    /// An error with Helm's text and nothing more.
    pub fn new(message: impl Into<String>) -> HelmError {
        HelmError { message: message.into(), cause: HelmCause::Other }
    }

    /// An error with Helm's text and what is known beyond it.
    pub fn with_cause(message: impl Into<String>, cause: HelmCause) -> HelmError {
        HelmError { message: message.into(), cause }
    }

    /// The same failure with `prefix` and a colon before its text, as Go wraps errors.
    #[must_use]
    pub fn wrap(mut self, prefix: &str) -> HelmError {
        self.message = format!("{prefix}: {}", self.message);
        self
    }
}

impl fmt::Display for HelmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for HelmError {}

impl From<String> for HelmError {
    fn from(message: String) -> HelmError {
        HelmError::new(message)
    }
}

impl From<&str> for HelmError {
    fn from(message: &str) -> HelmError {
        HelmError::new(message)
    }
}
