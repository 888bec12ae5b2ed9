//! Native templates that cannot be read or run.

use plimsoll_helm::native::NativeError;
use plimsoll_source::{Files, Label, Span};

use super::same::Told;
use super::sources::add_chart_file;
use super::{Failure, names, plain};

/// A diagnostic at the place in the template; of what is not there with the key that looks alike.
pub(super) fn native(error: &NativeError, failure: &Failure<'_>, files: &mut Files) -> Told {
    let mut diagnostic = plain("native-template", &error.message);
    if let Some(missing) = error.missing.as_ref().filter(|missing| !missing.known.is_empty()) {
        let chain = missing.keys.join(".");
        let near = missing
            .keys
            .last()
            .and_then(|key| names::nearest(key, missing.known.iter().map(String::as_str)));
        diagnostic.message = match near {
            Some(near) => format!("`{chain}` is not there; did you mean `{near}`?"),
            None => format!("`{chain}` is not there"),
        };
        if near.is_none() {
            diagnostic.help = format!("`{chain} | default(…)` stands in for what may be missing");
        }
    }
    if let Some(file) = add_chart_file(&error.file, &error.path, failure.folder, files) {
        let text = files.get(file).map(|file| file.text.clone()).unwrap_or_default();
        let line = super::sources::line_range(&text, error.line);
        if let Some(range) = error.range.clone().or(line) {
            let span = Span::new(file, range.start as u32, range.end as u32);
            diagnostic.labels.push(Label { span, text: "fails here".to_owned() });
        }
    }
    if diagnostic.labels.is_empty() {
        diagnostic.message = format!("{}: {}", error.path, diagnostic.message);
    }
    Told::of(diagnostic)
}
