//! The streams and the environment that a command runs in.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

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

    /// Streams that are kept: what was printed, and what was said on standard error.
    pub(crate) fn kept() -> (Io, Kept, Kept) {
        let (out, err) = (Kept::default(), Kept::default());
        let mut io = Io::standard();
        io.out = Box::new(out.clone());
        io.err = Box::new(err.clone());
        (io, out, err)
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

/// Text that is kept for later.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// What was written so far; nothing is left.
    pub(crate) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
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
