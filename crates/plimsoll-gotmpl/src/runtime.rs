use std::fmt;

use plimsoll_source::Origin;

use crate::error::ExecError;
use crate::value::{Text, Value};

/// What functions may ask of the run that calls them.
pub trait Runtime {
    /// Runs a defined template on `data` into a text of its own, as Helm's `include` does.
    fn execute(&mut self, name: &Text, data: Value) -> Result<Text, CallError>;

    /// Parses `source` (or finds it among those parsed before) and runs it on `data`, as Helm's
    /// `tpl` does: it sees all templates, its own definitions are seen by itself alone.
    fn execute_source(&mut self, source: &Text, data: Value) -> Result<Text, CallError>;

    /// The world outside of the templates.
    fn host(&mut self) -> &mut dyn Host;

    /// The same, told which call asks: what random functions fill their bytes from.
    fn host_here(&mut self) -> &mut dyn Host {
        self.host()
    }

    /// Counts work that is more than it looks like, in the steps of a run, of which ten million
    /// take about a second. Fails where the run has none left; without a run nothing is counted.
    fn charge(&mut self, steps: u64) -> Result<(), CallError> {
        let _ = steps;
        Ok(())
    }

    /// The origin of something made of two values; [`Origin::NONE`] where nothing is traced.
    fn join_origins(&mut self, a: Origin, b: Origin) -> Origin;
}

/// The world outside of the templates: with a fixed host, rendering is a pure function.
pub trait Host {
    /// The time now: seconds and nanoseconds since 1970 in UTC.
    fn now(&mut self) -> (i64, u32);

    /// The IANA name of the local time zone; `UTC` where nothing is known.
    fn local_zone(&self) -> &str;

    /// Fills the bytes at random.
    fn fill_random(&mut self, bytes: &mut [u8]);

    /// Which call asks for what is filled next: its template, the line of the template's file that
    /// it stands in, and the bytes before it in that line. For a host whose randomness repeats.
    fn called_from(&mut self, template: &str, line: &[u8], column: usize) {
        let _ = (template, line, column);
    }

    /// The address of a host name, or nothing: Helm answers only with `--enable-dns`.
    fn resolve_host(&mut self, name: &str) -> String;

    /// Something that Helm would log, as a line of its text format without time.
    fn log(&mut self, line: String);

    /// Whether the run is a lint, where `required` and `fail` only warn.
    fn is_lint(&self) -> bool;

    /// Which Helm is spoken.
    fn compat(&self) -> Compat;
}

/// The Helm whose behaviour is reproduced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// Helm 3.22.
    Helm3,
    /// Helm 4.3.
    #[default]
    Helm4,
}

/// Why a function call failed.
#[derive(Debug, Clone)]
pub enum CallError {
    /// The function returned a Go error or panicked: `error calling NAME: MESSAGE` follows.
    Message(String),
    /// There is no template of this name.
    NoTemplate(String),
    /// The template of this name included itself too often.
    Nested(String),
    /// `required` or `fail`: Helm reports the message with the outermost place only.
    Abort(Vec<u8>),
    /// A template that the function ran failed: `include`, and with a prefix `tpl`, whose
    /// `error during tpl function execution for "…": ` stands before the inner error.
    Template {
        /// What stands before the inner error; empty for `include`.
        prefix: String,
        /// The failure itself.
        error: Box<ExecError>,
    },
}

impl CallError {
    /// A Go error with a message.
    pub fn message(message: impl Into<String>) -> CallError {
        CallError::Message(message.into())
    }
}

impl From<String> for CallError {
    fn from(message: String) -> CallError {
        CallError::Message(message)
    }
}

impl From<&str> for CallError {
    fn from(message: &str) -> CallError {
        CallError::Message(message.to_owned())
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Message(message) => f.write_str(message),
            CallError::NoTemplate(name) => {
                let name = crate::quote_go(name.as_bytes());
                write!(f, "template: no template {name} associated with template \"gotpl\"")
            }
            CallError::Nested(name) => {
                let nested = "rendering template has a nested reference name";
                write!(f, "{nested}: {name}: unable to execute template")
            }
            CallError::Abort(message) => f.write_str(&String::from_utf8_lossy(message)),
            CallError::Template { prefix, error } => write!(f, "{prefix}{error}"),
        }
    }
}

impl std::error::Error for CallError {}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<CallError>();
};
