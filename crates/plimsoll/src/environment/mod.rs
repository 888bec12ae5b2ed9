//! Environments: which values files make up `prod`, by convention or as `.plimsoll.yaml` says.
//!
//! An environment is nothing but a list of values files with a release's name, namespace and
//! versions: Helm's own rules merge them, and the equal `helm template` command can be printed.

mod config;
mod convention;
mod policy;

use std::path::{Path, PathBuf};

pub use config::{Config, ConfigError, Declared, FILE_NAME};
pub use convention::{EnvironmentFile, find, names};
pub use policy::{FailOn, Policy};

/// What is asked of the disk; the caller decides what that is.
pub trait Disk {
    /// Whether a file can be read there.
    fn is_file(&self, path: &Path) -> bool;

    /// The names in a folder, in any order; none where there is no folder.
    fn names(&self, folder: &Path) -> Vec<String>;

    /// The same path for the same file, however it was reached.
    fn identity(&self, path: &Path) -> PathBuf;
}

/// Why there is no such environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentError {
    /// The name could be a path, or nothing at all.
    Name(String),
    /// There is none of that name.
    Unknown {
        /// What was asked for.
        name: String,
        /// Those that there are, in order.
        known: Vec<String>,
    },
    /// Two different files call themselves the environment.
    Ambiguous {
        /// What was asked for.
        name: String,
        /// One of them.
        first: PathBuf,
        /// Another one.
        second: PathBuf,
    },
}

impl std::fmt::Display for EnvironmentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EnvironmentError::Name(name) => write!(
                f,
                "`{name}` cannot name an environment: use letters, digits, `-`, `_` and `.`"
            ),
            EnvironmentError::Unknown { name, known } if known.is_empty() => write!(
                f,
                "there is no environment `{name}`, nor any other: write `values-{name}.yaml` \
                 beside `values.yaml`, or declare it in `{FILE_NAME}`"
            ),
            EnvironmentError::Unknown { name, known } => {
                write!(f, "there is no environment `{name}`; ")?;
                if let Some(near) = crate::nearest::nearest(name, known.iter().map(String::as_str))
                {
                    write!(f, "did you mean `{near}`? ")?;
                }
                write!(f, "there are: {}", known.join(", "))
            }
            EnvironmentError::Ambiguous { name, first, second } => write!(
                f,
                "two files are the environment `{name}`: {} and {}; remove one, or declare the \
                 environment in `{FILE_NAME}`",
                first.display(),
                second.display()
            ),
        }
    }
}

impl std::error::Error for EnvironmentError {}

/// Whether a text can name an environment: it must not lead out of its folder.
fn check_name(name: &str) -> Result<(), EnvironmentError> {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(fine) {
        return Err(EnvironmentError::Name(name.to_owned()));
    }
    Ok(())
}
