//! Values that are laid over a chart's own.

use plimsoll_helm::values::{ReadFile, ValueFlags};

/// The user's values, layer over layer. They win over each other as on Helm's command line,
/// whatever the order of the calls: all [`Values::yaml`] texts in their order, then all
/// [`Values::set_json`], [`Values::set`], [`Values::set_string`] and [`Values::set_literal`].
/// Mistakes in them are told when a release is rendered.
#[derive(Clone, Debug, Default)]
pub struct Values {
    flags: ValueFlags,
    texts: Vec<Vec<u8>>,
}

impl Values {
    /// Nothing over the chart's own values.
    pub fn new() -> Values {
        Values::default()
    }

    /// A values file: `name` is what errors call it, `text` its YAML.
    #[must_use]
    pub fn yaml(mut self, name: impl Into<String>, text: impl Into<Vec<u8>>) -> Values {
        self.flags.files.push(name.into());
        self.texts.push(text.into());
        self
    }

    /// `--set-json`: `key=[1, 2]`, or an object.
    #[must_use]
    pub fn set_json(mut self, argument: impl Into<String>) -> Values {
        self.flags.set_json.push(argument.into());
        self
    }

    /// `--set`: `image.tag=1.2.3,replicas=2`.
    #[must_use]
    pub fn set(mut self, argument: impl Into<String>) -> Values {
        self.flags.set.push(argument.into());
        self
    }

    /// `--set-string`: as [`Values::set`], and every value is a text.
    #[must_use]
    pub fn set_string(mut self, argument: impl Into<String>) -> Values {
        self.flags.set_string.push(argument.into());
        self
    }

    /// `--set-literal`: all behind the first `=` is the value.
    #[must_use]
    pub fn set_literal(mut self, argument: impl Into<String>) -> Values {
        self.flags.set_literal.push(argument.into());
        self
    }

    /// The flags, and what reads their files.
    pub(crate) fn parts(&self) -> (&ValueFlags, Texts<'_>) {
        (&self.flags, Texts(self.texts.iter()))
    }
}

/// Gives the texts in the order in which they are asked for, which is that of the files.
pub(crate) struct Texts<'a>(std::slice::Iter<'a, Vec<u8>>);

impl ReadFile for Texts<'_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.0.next().cloned().ok_or_else(|| format!("open {path}: no such file or directory"))
    }
}
