//! Why a chart does not render, with the places in its files.

mod frames;
mod missing;
mod names;
mod rendered;
mod sources;

use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{CallError, Cause, Compat, Map};
use plimsoll_helm::HelmCause;
use plimsoll_helm::chart::Chart;
use plimsoll_helm::release::RenderedText;
use plimsoll_source::{Diagnostic, Files, Label, Severity, Span};

use frames::{Frame, Told};
use sources::Sources;

/// A run that failed, and what was known by then.
#[derive(Debug)]
pub struct Failure<'a> {
    /// Helm's text, without what it says of `--debug`.
    pub message: &'a str,
    /// What is known of it beyond the text.
    pub cause: &'a HelmCause,
    /// Which Helm was spoken.
    pub compat: Compat,
    /// The chart, if it could be loaded.
    pub chart: Option<&'a Arc<Chart>>,
    /// The user's values, if they could be read.
    pub user: Option<&'a Map>,
    /// What templates gave before it failed.
    pub rendered: &'a [RenderedText],
    /// The folder that names of files are shown relative to.
    pub folder: &'a Path,
    /// Reads a file of values once more, to show its lines.
    pub read: fn(&str) -> Option<Vec<u8>>,
}

/// The failure as a diagnostic: the innermost template's place first, then the templates that
/// included it, and for a nil value the key of `.Values` that is not there. The texts that its
/// labels lie in are added to `files`.
pub fn explain_error(failure: &Failure<'_>, files: &mut Files) -> Diagnostic {
    let sources = Sources::new(failure);
    let mut diagnostic = match frames::told(failure.cause) {
        Told::Exec { frames, cause } => exec(&frames, cause, &sources, files),
        Told::Abort { frame, message } => abort(&frame, &message, &sources, files),
        Told::Parse { frame, message } => parse(&frame, message, &sources, files),
        Told::Yaml { path, message } => rendered::yaml(path, message, failure, files),
        Told::Values { path, message } => values_file(path, message, failure, files),
        Told::Other => plain("cannot-render", failure.message),
    };
    if diagnostic.message != failure.message {
        diagnostic.original = shortened(failure.message);
    }
    diagnostic
}

fn plain(code: &'static str, message: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: message.to_owned(),
        labels: Vec::new(),
        help: String::new(),
        original: String::new(),
    }
}

/// A file of values that is not YAML. go-yaml's line is often one off; the place is ours.
fn values_file(path: &str, message: &str, failure: &Failure<'_>, files: &mut Files) -> Diagnostic {
    let why = message.rsplit_once("JSON: ").map_or(message, |(_, why)| why);
    let mut diagnostic = plain("values-file", &format!("`{path}` cannot be read: {why}"));
    let Some(bytes) = (failure.read)(path) else { return diagnostic };
    if let Some((place, text)) = rendered::bad_document(&bytes, failure.compat) {
        let file = files.add(path, bytes);
        diagnostic.labels.push(Label { span: Span { file, ..place }, text });
    }
    diagnostic
}

fn abort(frame: &Frame<'_>, message: &str, sources: &Sources<'_>, files: &mut Files) -> Diagnostic {
    let span = sources.expression(frame, files);
    let text = span.map_or("", |span| sources::text(files, span));
    let required = text.contains("required") && !text.contains("include");
    let mut diagnostic = plain(if required { "required" } else { "fail" }, message);
    let said = if required { "this value is required" } else { "the chart gives up here" };
    diagnostic.labels.extend(span.map(|span| Label { span, text: said.to_owned() }));
    if required && let Some(chain) = names::values_chain(text) {
        let found = missing::find(&chain, frame, sources);
        if let Some(found) = found {
            diagnostic.help = found.message();
            diagnostic.labels.extend(found.label(sources, files));
        }
    }
    diagnostic
}

fn parse(frame: &Frame<'_>, message: &str, sources: &Sources<'_>, files: &mut Files) -> Diagnostic {
    let mut diagnostic = plain("parse-error", &format!("the template cannot be read: {message}"));
    let span = sources.line(frame, files);
    let text = "the parser stopped in this line".to_owned();
    diagnostic.labels.extend(span.map(|span| Label { span, text }));
    diagnostic
}

fn exec(
    frames: &[Frame<'_>],
    cause: &Cause,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Diagnostic {
    let mut diagnostic = plain("template-error", &frames::message(cause));
    let Some(last) = frames.last() else { return diagnostic };
    let spans: Vec<Option<Span>> =
        frames.iter().map(|frame| sources.expression(frame, files)).collect();
    if let Cause::Nil { field } = cause {
        let span = spans.last().copied().flatten();
        if span.is_none() {
            // The template is a text that `tpl` was given: the file shows no more than the call.
            add_outer(&mut diagnostic, spans.iter().rev().copied().flatten().take(1));
        }
        nil(&mut diagnostic, field, frames, span, sources, files);
    } else {
        let text = label_text(&mut diagnostic, cause, last, sources);
        let span = spans.last().copied().flatten();
        diagnostic.labels.extend(span.map(|span| Label { span, text }));
    }
    let outer = spans.len().saturating_sub(1);
    add_outer(&mut diagnostic, spans[..outer].iter().rev().copied().flatten());
    diagnostic
}

/// How many including templates are shown.
const MOST_OUTER: usize = 8;

fn add_outer(diagnostic: &mut Diagnostic, spans: impl Iterator<Item = Span>) {
    let mut shown = 0;
    for span in spans {
        if shown < MOST_OUTER && diagnostic.labels.iter().all(|label| label.span != span) {
            diagnostic.labels.push(Label { span, text: "reached through this".to_owned() });
            shown += 1;
        }
    }
}

/// What to say at the innermost place; a message that can be said better is replaced.
fn label_text(
    diagnostic: &mut Diagnostic,
    cause: &Cause,
    last: &Frame<'_>,
    sources: &Sources<'_>,
) -> String {
    match cause {
        Cause::Call { error: CallError::NoTemplate(name), .. } => {
            diagnostic.code = "missing-template";
            diagnostic.message = format!("there is no template `{name}`");
            let defined = sources.defined();
            if let Some(near) = names::nearest(name, defined.iter().map(String::as_str)) {
                diagnostic.message.extend(["; did you mean `", near, "`?"]);
            }
            "no template of the chart or its subcharts defines it".to_owned()
        }
        Cause::WrongType { expected, got } => {
            diagnostic.code = "wrong-type";
            let context = last.context;
            diagnostic.message = format!("`{context}` is a {got}, and a {expected} is wanted");
            format!("a {got}")
        }
        Cause::NoField { field, .. } => {
            diagnostic.code = "wrong-type";
            diagnostic.message =
                format!("`{}`: what stands before `.{field}` is no map", last.context);
            format!("has no fields, so no `{field}`")
        }
        Cause::Call { error: CallError::Nested(name), .. } => {
            diagnostic.code = "template-loop";
            diagnostic.message = format!("the template `{name}` includes itself without end");
            "includes itself".to_owned()
        }
        _ => "fails here".to_owned(),
    }
}

fn nil(
    diagnostic: &mut Diagnostic,
    field: &str,
    frames: &[Frame<'_>],
    span: Option<Span>,
    sources: &Sources<'_>,
    files: &mut Files,
) {
    diagnostic.code = "nil-value";
    let last = frames.last().expect("the caller has one");
    let text = span.map_or(last.context, |span| sources::text(files, span)).to_owned();
    let (chain, before) = names::before_field(&text, field);
    diagnostic.message = format!("`{before}` is nil, so it has no `{field}`");
    let span = span.map(|span| Span { end: span.start + before.len() as u32, ..span });
    diagnostic.labels.extend(span.map(|span| Label { span, text: "is nil here".to_owned() }));
    let found = chain.and_then(|chain| {
        let both = [frames.first(), frames.last()];
        both.into_iter().flatten().find_map(|frame| missing::find(&chain, frame, sources))
    });
    if let Some(found) = found {
        diagnostic.message = found.message();
        diagnostic.help = found.help();
        diagnostic.labels.extend(found.label(sources, files));
    }
}

/// Helm's text; of what repeats itself a thousand times both ends.
fn shortened(text: &str) -> String {
    const ENDS: usize = 500;
    if text.len() <= 2 * ENDS {
        return text.to_owned();
    }
    let head = text.floor_char_boundary(ENDS);
    let tail = text.ceil_char_boundary(text.len() - ENDS);
    format!("{} … ({} bytes more) … {}", &text[..head], tail - head, &text[tail..])
}

#[cfg(test)]
mod tests {
    use plimsoll_helm::HelmError;
    use plimsoll_helm::chart::{ChartFile, LoadOptions, from_files};
    use plimsoll_helm::release::{TemplateOptions, template};
    use plimsoll_helm::values::{Origins, ReadFile, ValueFlags, merge_flags};

    use plimsoll_gotmpl::FixedHost;

    use super::*;

    fn explained(
        template: &str,
        values: &str,
        read: fn(&str) -> Option<Vec<u8>>,
    ) -> (Diagnostic, Files) {
        let file = |name: &str, text: &str| ChartFile::new(name, text.as_bytes());
        let files = vec![
            file("Chart.yaml", "{apiVersion: v2, name: c, version: 0.1.0}"),
            file("values.yaml", values),
            file("templates/a.yaml", template),
        ];
        let compat = Compat::Helm4;
        let chart = from_files(files, &LoadOptions { compat }, &mut |_| {}).unwrap();
        let user = values_of(read);
        let error = match &user {
            Ok(user) => render(&chart, user),
            Err(error) => error.clone(),
        };
        let failure = Failure {
            message: &error.message,
            cause: &error.cause,
            compat,
            chart: Some(&chart),
            user: user.as_ref().ok(),
            rendered: &[],
            folder: Path::new(""),
            read,
        };
        let mut files = Files::new();
        let diagnostic = explain_error(&failure, &mut files);
        assert_eq!(diagnostic.original, error.message);
        (diagnostic, files)
    }

    fn values_of(read: fn(&str) -> Option<Vec<u8>>) -> Result<Map, HelmError> {
        struct Read(fn(&str) -> Option<Vec<u8>>);
        impl ReadFile for Read {
            fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
                (self.0)(path).ok_or_else(|| "nothing there".to_owned())
            }
        }
        let files: Vec<String> = read("v.yaml").map(|_| "v.yaml".to_owned()).into_iter().collect();
        let flags = ValueFlags { files, ..ValueFlags::default() };
        merge_flags(&flags, &mut Read(read), Compat::Helm4, &mut Origins::off())
    }

    fn render(chart: &Arc<Chart>, user: &Map) -> HelmError {
        let options = TemplateOptions::new(Compat::Helm4);
        let host = &mut FixedHost::new(Compat::Helm4);
        let done = template(chart, user, &options, &mut Origins::off(), host, None);
        done.expect_err("the chart does not render").error
    }

    /// The message, then the text that each label marks.
    #[track_caller]
    fn check(template: &str, values: &str, want: &[&str]) {
        let (diagnostic, files) = explained(template, values, |_| None);
        let mut got = vec![diagnostic.message.as_str()];
        got.extend(diagnostic.labels.iter().map(|label| sources::text(&files, label.span)));
        assert_eq!(got, want);
    }

    #[test]
    fn a_nil_value_names_the_key_and_the_one_that_looks_alike() {
        let said = "`.Values.image` is not set: values.yaml has no `image`; did you mean `images`?";
        check("a: {{ .Values.image.tag }}", "images: {}", &[said, ".Values.image", "images"]);
    }

    #[test]
    fn a_nil_that_is_none_of_the_values_is_said_as_such() {
        let said = "`.inside.image` is nil, so it has no `tag`";
        let template = "{{ with dict \"inside\" dict }}{{ .inside.image.tag }}{{ end }}";
        check(template, "", &[said, ".inside.image"]);
    }

    #[test]
    fn a_text_given_to_tpl_is_shown_by_the_call() {
        let said = "`.Values.a` is not set: values.yaml has no `a`";
        check(
            "x: {{ tpl .Values.text . }}",
            "text: '{{ .Values.a.b }}'",
            &[said, "tpl .Values.text ."],
        );
    }

    #[test]
    fn templates_that_are_not_there_and_wrong_types_are_said() {
        check(
            "{{ define \"x.y\" }}{{ end }}{{ include \"x.z\" . }}",
            "",
            &["there is no template `x.z`; did you mean `x.y`?", "include \"x.z\" ."],
        );
        let said = "`.Values.a.b`: what stands before `.b` is no map";
        check("{{ .Values.a.b }}", "a: text", &[said, ".Values.a.b"]);
        check("{{ fail \"no\" }}", "", &["no", "fail \"no\""]);
    }

    #[test]
    fn values_files_are_shown_where_they_break() {
        let (diagnostic, _) = explained("", "", |_| Some(b"a: [\n".to_vec()));
        assert!(diagnostic.message.starts_with("`v.yaml` cannot be read: yaml: line "));
        assert_eq!(diagnostic.labels.len(), 1);
    }

    #[test]
    fn long_texts_keep_both_ends() {
        let text = format!("a{}z", "é".repeat(5000));
        let short = shortened(&text);
        assert!(short.len() < 1500 && short.starts_with('a') && short.ends_with('z'));
    }
}
