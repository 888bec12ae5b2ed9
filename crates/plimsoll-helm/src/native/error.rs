use std::fmt;
use std::ops::Range;

use crate::chart::ChartFile;

/// A native template that cannot be read or run.
#[derive(Clone, Debug)]
pub struct NativeError {
    /// The template's file.
    pub file: ChartFile,
    /// Its path: `c/jinja/a.yaml.j2`.
    pub path: String,
    /// What is wrong, in the words of the engine or of the function that failed.
    pub message: String,
    /// Where it stands: the line from 1, 0 where it is not known.
    pub line: usize,
    /// The column from 1, in characters; 0 where it is not known.
    pub column: usize,
    /// The bytes of the file that it is about.
    pub range: Option<Range<usize>>,
    /// What is not there, if that is the matter.
    pub missing: Option<MissingKey>,
}

/// A key that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingKey {
    /// The keys down to the missing one, the variable first: `Values`, `image`, `tga`.
    pub keys: Vec<String>,
    /// The keys that stand in its place; none where that is not known.
    pub known: Vec<String>,
}

impl fmt::Display for NativeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}: {}", self.path, self.message),
            (line, 0) => write!(f, "{}:{line}: {}", self.path, self.message),
            (line, column) => write!(f, "{}:{line}:{column}: {}", self.path, self.message),
        }
    }
}
