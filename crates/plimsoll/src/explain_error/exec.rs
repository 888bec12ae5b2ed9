//! Templates that failed while they ran.

use plimsoll_gotmpl::{CallError, Cause, ExecError, Value};
use plimsoll_source::{Diagnostic, Files, Label, Span};

use super::expression::piped_into;
use super::frames::{Frame, frames};
use super::same::Told;
use super::sources::{self, Sources};
use super::{missing, named_keys, names, plain};

/// A failed template: what was wrong at the innermost level, then the levels above it.
pub(super) fn exec(error: &ExecError, sources: &Sources<'_>, files: &mut Files) -> Told {
    let (frames, cause) = frames(error);
    let spans: Vec<Option<Span>> =
        frames.iter().map(|frame| sources.expression(frame, files)).collect();
    let failed = Failed { frames: &frames, spans: &spans, sources };
    let mut told = failed.told(cause, files);
    let labels = &mut told.diagnostic.labels;
    if failed.span().is_none() {
        // The template is a text that `tpl` was given: the file shows no more than the call.
        let values = std::mem::take(labels);
        add_outer(labels, failed.outer());
        labels.extend(values);
    } else {
        add_outer(labels, failed.outer());
    }
    told.counted_at(spans.first().copied().flatten())
}

/// The template that was asked for and is not there.
pub(super) fn missing_template(error: &ExecError) -> Option<String> {
    not_there(frames(error).1)
}

fn not_there(cause: &Cause) -> Option<String> {
    match cause {
        Cause::Call { error: CallError::NoTemplate(name), .. } => Some(name.clone()),
        Cause::Check(text) => {
            let name = text.strip_prefix("template \"")?.strip_suffix("\" not defined")?;
            Some(name.to_owned())
        }
        _ => None,
    }
}

/// How many including templates are shown.
const MOST_OUTER: usize = 8;

fn add_outer(labels: &mut Vec<Label>, spans: impl Iterator<Item = Span>) {
    let mut shown = 0;
    for span in spans {
        if shown < MOST_OUTER && labels.iter().all(|label| label.span != span) {
            labels.push(Label { span, text: "reached through this".to_owned() });
            shown += 1;
        }
    }
}

/// A failed run with the places of its levels.
struct Failed<'a> {
    frames: &'a [Frame<'a>],
    spans: &'a [Option<Span>],
    sources: &'a Sources<'a>,
}

impl Failed<'_> {
    fn last(&self) -> &Frame<'_> {
        self.frames.last().expect("an error is a level itself")
    }

    /// The innermost place.
    fn span(&self) -> Option<Span> {
        self.spans.last().copied().flatten()
    }

    /// The places above, the innermost first.
    fn outer(&self) -> impl Iterator<Item = Span> {
        let above = self.spans.len().saturating_sub(1);
        self.spans[..above].iter().rev().copied().flatten()
    }

    /// The expression that failed, as the template has it.
    fn text(&self, files: &Files) -> String {
        let written = self.span().map(|span| sources::text(files, span).to_owned());
        written.filter(|text| !text.is_empty()).unwrap_or_else(|| self.last().context.to_owned())
    }

    fn told(&self, cause: &Cause, files: &mut Files) -> Told {
        if let Some(name) = not_there(cause) {
            return self.missing_template(&name, files);
        }
        match cause {
            Cause::Nil { field } => self.nil(field, files),
            Cause::Check(text) => match text.strip_prefix("invalid value; expected ") {
                Some(expected) => self.nil_argument(expected, files),
                None => self.other(text, files),
            },
            Cause::WrongType { expected, got } => self.wrong_type(expected, got, files),
            Cause::NoField { field, of } => self.no_field(field, of, files),
            Cause::Call { error: CallError::Abort(message), .. } => {
                self.abort(String::from_utf8_lossy(message).trim(), files)
            }
            Cause::Call { error: CallError::Nested(name), .. } => {
                let message = format!("the template `{name}` includes itself without end");
                self.at("template-loop", &message, "includes itself")
            }
            Cause::Call { function, error } => self.other(&format!("`{function}`: {error}"), files),
        }
    }

    /// A diagnostic at the innermost place.
    fn at(&self, code: &'static str, message: &str, label: &str) -> Told {
        let mut diagnostic = plain(code, message);
        let text = label.to_owned();
        diagnostic.labels.extend(self.span().map(|span| Label { span, text }));
        Told::of(diagnostic)
    }

    /// A field of nil.
    fn nil(&self, field: &str, files: &mut Files) -> Told {
        let text = self.text(files);
        let (_, before) = names::before_field(&text, field);
        let message = format!("`{before}` is nil, so it has no `{field}`");
        let told = self.at("nil-value", &message, "is nil here");
        self.because_missing(told, before, files)
    }

    /// Nil where a function wants something.
    fn nil_argument(&self, expected: &str, files: &mut Files) -> Told {
        let argument = self.argument(files);
        let (what, wants) = (&argument.text, argument.wants(expected));
        let mut told =
            self.at("nil-value", &format!("`{what}` is nil, and {wants}"), "is nil here");
        argument.mark(&mut told.diagnostic);
        self.because_missing(told, what, files)
    }

    /// A value that was nil is told as the key that is not there, if it is one of the values.
    fn because_missing(&self, mut told: Told, expression: &str, files: &mut Files) -> Told {
        if let Some(label) = told.diagnostic.labels.first_mut() {
            let length = label.span.end - label.span.start;
            label.span.end = label.span.start + length.min(expression.len() as u32);
        }
        let Some(found) = self.find_missing(expression) else { return told };
        told.diagnostic.message = found.message();
        told.diagnostic.help = found.help();
        told.diagnostic.labels.extend(found.label(self.sources, files));
        told.by_message()
    }

    fn find_missing(&self, expression: &str) -> Option<missing::Missing> {
        let chain = names::values_chain(expression)?;
        let both = [self.frames.first(), self.frames.last()];
        both.into_iter().flatten().find_map(|frame| missing::find(&chain, frame, self.sources))
    }

    /// What the failing function was given.
    fn argument(&self, files: &Files) -> Argument {
        let context = self.last().context;
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let is_function = !context.is_empty() && context.chars().all(is_name);
        let piped = || {
            let span = self.span().filter(|_| is_function)?;
            let file = &files.get(span.file)?.text;
            let (start, line) = line_around(file, span.start as usize)?;
            let text = piped_into(line, span.start as usize - start)?;
            let from = (start + (text.as_ptr() as usize - line.as_ptr() as usize)) as u32;
            Some((text.to_owned(), Span::new(span.file, from, from + text.len() as u32)))
        };
        match piped() {
            Some((text, span)) => {
                Argument { text, span: Some(span), function: Some(context.to_owned()) }
            }
            None => Argument { text: self.text(files), span: None, function: None },
        }
    }

    fn wrong_type(&self, expected: &str, got: &str, files: &mut Files) -> Told {
        let argument = self.argument(files);
        // A nil that Go holds in an interface.
        if got == "interface {}" && self.find_missing(&argument.text).is_some() {
            return self.nil_argument(expected, files);
        }
        let (what, got) = (&argument.text, names::plain_type(got));
        let message = format!("`{what}` is a {got}, and {}", argument.wants(expected));
        let mut told = self.at("wrong-type", &message, &format!("a {got}"));
        argument.mark(&mut told.diagnostic);
        self.label_value(&mut told.diagnostic, what, files);
        told
    }

    fn no_field(&self, field: &str, of: &str, files: &mut Files) -> Told {
        let text = self.text(files);
        let (_, before) = names::before_field(&text, field);
        let of = self.type_of(before, of);
        let message = format!("`{before}` is a {of}, so it has no `{field}`");
        let mut told = self.at("wrong-type", &message, &format!("asks a {of} for `{field}`"));
        self.label_value(&mut told.diagnostic, before, files);
        told
    }

    /// A type in words: that of the value, where Go has lost it.
    fn type_of(&self, expression: &str, go: &str) -> String {
        let value = names::values_chain(expression).and_then(|chain| self.value(&chain));
        let known = value.filter(|_| go == "interface {}").map(|value| value.type_name());
        names::plain_type(known.as_deref().unwrap_or(go)).to_owned()
    }

    /// `required` and `fail`.
    fn abort(&self, message: &str, files: &mut Files) -> Told {
        let text = self.text(files);
        let required = text.contains("required") && !text.contains("include");
        let code = if required { "required" } else { "fail" };
        let said = if required { "this value is required" } else { "the chart gives up here" };
        let mut told = self.at(code, message, said);
        let Some(found) = self.find_missing(&text).filter(|_| required) else {
            self.label_value(&mut told.diagnostic, &text, files);
            return self.at_named_keys(told, files);
        };
        let help = found.help();
        let next = if help.is_empty() { String::new() } else { format!("\n{help}") };
        told.diagnostic.help = format!("{}{next}", found.message());
        told.diagnostic.labels.extend(found.label(self.sources, files));
        told.by_message()
    }

    /// The keys that the chart's words name come first: they are what the author can change.
    fn at_named_keys(&self, mut told: Told, files: &mut Files) -> Told {
        let diagnostic = &mut told.diagnostic;
        let labels = named_keys::labels(&diagnostic.message, self.last(), self.sources, files);
        if labels.is_empty() {
            return told;
        }
        if named_keys::is_unknown(&diagnostic.message) {
            diagnostic.code = "unknown-key";
        }
        let mut at_chart = std::mem::replace(&mut diagnostic.labels, labels);
        // Nobody can open a line of the built-in chart.
        at_chart.retain(|_| self.sources.is_on_disk(self.last()));
        at_chart.retain(|label| diagnostic.labels.iter().all(|other| other.span != label.span));
        diagnostic.labels.extend(at_chart);
        told.by_message()
    }

    fn missing_template(&self, name: &str, files: &mut Files) -> Told {
        let message = format!("there is no template `{name}`");
        let label = "no template of the chart or its subcharts defines it";
        let mut told = self.at("missing-template", &message, label).by_message();
        let defined = self.sources.defined();
        if let Some(near) = names::nearest(name, defined.iter().map(String::as_str)) {
            told.diagnostic.message.extend(["; did you mean `", near, "`?"]);
            let place = self.sources.definition(near).and_then(|(file, shown, start, end)| {
                let file = self.sources.add(&file, &shown, files)?;
                Some(Span::new(file, start as u32, end as u32))
            });
            let text = "this one is defined".to_owned();
            told.diagnostic.labels.extend(place.map(|span| Label { span, text }));
        }
        told
    }

    /// What has no words of its own: Go's, and where the values come from that it was about.
    fn other(&self, message: &str, files: &mut Files) -> Told {
        if let Some(told) = self.range(message, files) {
            return told;
        }
        if let Some(help) = limit_help(message) {
            let mut told = self.at("limit", message, "here it was enough").by_message();
            help.clone_into(&mut told.diagnostic.help);
            return told;
        }
        let mut told = self.at("template-error", message, "fails here");
        let text = self.text(files);
        match self.find_missing(&text) {
            Some(found) if message.contains("nil") => {
                told.diagnostic.help = found.message();
                told.diagnostic.labels.extend(found.label(self.sources, files));
            }
            _ => self.label_value(&mut told.diagnostic, &text, files),
        }
        told
    }

    /// `range` over what has no items.
    fn range(&self, message: &str, files: &mut Files) -> Option<Told> {
        message.strip_prefix("range can't iterate over ")?;
        let text = self.text(files);
        let chain = names::values_chain(&text)?;
        let value = self.value(&chain)?;
        let is = names::plain_type(&value.type_name()).to_owned();
        let message = format!("`{text}` is a {is}, and `range` wants a list or a map");
        let mut told = self.at("wrong-type", &message, &format!("a {is}"));
        self.label_value(&mut told.diagnostic, &text, files);
        Some(told)
    }

    fn value(&self, chain: &[String]) -> Option<Value> {
        let both = [self.frames.first(), self.frames.last()].into_iter().flatten();
        both.into_iter().find_map(|frame| missing::value(chain, frame, self.sources))
    }

    /// Shows where the value of an expression was written.
    fn label_value(&self, diagnostic: &mut Diagnostic, expression: &str, files: &mut Files) {
        let Some(chain) = names::values_chain(expression) else { return };
        let place =
            self.value(&chain).and_then(|value| self.sources.places.value(value.origin(), files));
        let text = format!("`.Values.{}` is set here", chain.join("."));
        diagnostic.labels.extend(place.map(|(_, span)| Label { span, text }));
    }
}

/// What a function was given.
struct Argument {
    text: String,
    /// Its place, where it is another than that of the failure.
    span: Option<Span>,
    /// The function that it was piped into.
    function: Option<String>,
}

impl Argument {
    fn wants(&self, expected: &str) -> String {
        let expected = names::plain_type(expected);
        match &self.function {
            Some(function) => format!("`{function}` wants a {expected}"),
            None => format!("a {expected} is wanted"),
        }
    }

    fn mark(&self, diagnostic: &mut Diagnostic) {
        if let Some((label, span)) = diagnostic.labels.first_mut().zip(self.span) {
            label.span = span;
        }
    }
}

/// The line that a byte lies in, and where it starts.
fn line_around(text: &[u8], at: usize) -> Option<(usize, &str)> {
    let start = text.get(..at)?.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = text[start..].split(|&byte| byte == b'\n').next()?;
    Some((start, std::str::from_utf8(line).ok()?))
}

/// What allows more, where a limit ended the run.
fn limit_help(message: &str) -> Option<&'static str> {
    let known = [
        ("templates take more than ", "`--max-steps N` allows more"),
        ("templates make more than ", "`--max-output MIB` allows more"),
        ("templates are inside of each other more than ", "does a template include itself?"),
    ];
    known.into_iter().find(|(start, _)| message.starts_with(start)).map(|(_, help)| help)
}
