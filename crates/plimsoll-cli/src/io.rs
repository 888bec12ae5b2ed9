//! The streams and the environment that a command runs in.

use std::io::{ErrorKind, Write};
use std::path::Path;

/// Where a command prints, and what it asks of its environment.
pub(crate) struct Io {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    env: fn(&str) -> Option<String>,
    broken: bool,
}

impl Io {
    /// The process's own.
    pub(crate) fn standard() -> Io {
        Io {
            out: Box::new(std::io::stdout()),
            err: Box::new(std::io::stderr()),
            env: |name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
            broken: false,
        }
    }

    /// Prints to standard output. What fails because nobody reads any more ends the command quietly.
    pub(crate) fn print(&mut self, bytes: &[u8]) {
        let done = self.out.write_all(bytes).and_then(|()| self.out.flush());
        if let Err(error) = done {
            self.broken |= error.kind() == ErrorKind::BrokenPipe;
        }
    }

    /// Prints to standard error, where there is nobody to tell that it failed.
    pub(crate) fn error(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// A variable of the environment.
    pub(crate) fn env(&self, name: &str) -> Option<String> {
        (self.env)(name)
    }

    /// Whether standard output was closed by its reader.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }
}

/// Whether a program was called by a name, whatever its folder and extension.
pub(crate) fn is_named(program: &str, name: &str) -> bool {
    Path::new(program).file_stem().is_some_and(|stem| stem == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_extensions_do_not_count() {
        assert!(is_named("/usr/bin/helm", "helm"));
        assert!(is_named("helm.exe", "helm"));
        assert!(!is_named("plimsoll", "helm"));
    }
}
