//! Renders the native templates of one chart.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::mpsc::channel;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Value as Jinja, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use plimsoll_gotmpl::{Compat, Host, Limits, Value};

use super::budget::Budget;
use super::error::{MissingKey, NativeError};
use super::functions::{self, ApiVersions, Calls, FilesOfChart, Root};
use super::joined::Counted;
use super::serve::Server;
use super::{failure, is_partial, rendered};
use crate::HelmError;
use crate::chart::ChartFile;
use crate::render::{Kept, OnError, RenderOptions, RenderedFile, chart_templates};
use crate::values::ChartInstance;

/// The stack of native templates: their engine recurses, up to its own limit.
const STACK: usize = 64 << 20;

/// The most bytes of one text.
pub(super) const LONGEST: u64 = 64 << 20;

/// What native templates may still do.
pub(super) struct Left {
    fuel: u64,
    bytes: u64,
    /// What they may make on the way.
    made: Budget,
}

impl Left {
    pub(super) fn of(limits: Limits) -> Left {
        Left { fuel: limits.steps, bytes: limits.bytes, made: Budget::new(limits.bytes) }
    }
}

/// A template's source, and what becomes of it.
struct Source<'a> {
    file: &'a ChartFile,
    /// `c/jinja/a.yaml.j2`
    path: String,
    text: String,
    /// What is run.
    counted: Counted,
}

/// Renders every template of a chart that is no partial.
#[expect(clippy::too_many_arguments, reason = "the run around it, and what is left of it")]
pub(super) fn chart(
    kept: &Kept,
    root: &ChartInstance,
    instance: &ChartInstance,
    templates: &[&ChartFile],
    options: &RenderOptions,
    left: &mut Left,
    host: &mut dyn Host,
    failed: OnError<'_>,
) -> Result<Vec<RenderedFile>, HelmError> {
    let sources = sources(instance, templates)?;
    let (go, dot) = chart_templates(kept, root, &instance.full_path, options)?;
    let mut server = Server { templates: go, dot, host };
    let (sender, requests) = channel();
    let calls = Calls { sender, made: left.made.clone() };
    let context = context(&mut server, &calls, options)?;
    let outcomes = std::thread::scope(|scope| {
        let (sources, left) = (&sources, &mut *left);
        let work = move || render_all(sources, context, calls, options.compat, left);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| HelmError::new(format!("no thread: {error}")))?;
        server.run(&requests);
        thread.join().map_err(|_| HelmError::new("the engine of native templates has a bug"))
    })?;
    let mut files = Vec::new();
    for (path, outcome) in outcomes {
        match outcome {
            Ok(text) => files.push(rendered(path, text)),
            Err(mut error) => {
                if let Some(missing) = &mut error.missing {
                    missing.known = known_keys(&server.dot, missing);
                }
                failed(failure(error))?;
            }
        }
    }
    Ok(files)
}

fn sources<'a>(
    instance: &ChartInstance,
    templates: &[&'a ChartFile],
) -> Result<Vec<Source<'a>>, HelmError> {
    let read = |file: &&'a ChartFile| {
        let path = format!("{}/{}", instance.full_path, file.name);
        let text = String::from_utf8(file.bytes()?.to_vec())
            .map_err(|_| HelmError::new(format!("{path} is not UTF-8")))?;
        let counted = Counted::new(&text, syntax());
        Ok(Source { file, path, text, counted })
    };
    templates.iter().map(read).collect()
}

/// What templates see, without `Template`.
fn context(
    server: &mut Server<'_>,
    calls: &Calls,
    options: &RenderOptions,
) -> Result<BTreeMap<&'static str, Jinja>, HelmError> {
    let mut of_dot = |name: &str| server.call(&format!(".dot.{name}"), &[]).map_err(HelmError::new);
    let mut seen = BTreeMap::new();
    for name in ["Values", "Release", "Chart", "Subcharts"] {
        seen.insert(name, of_dot(name)?);
    }
    let version = &options.capabilities.kube_version;
    let kube_version = Jinja::from_pairs([
        ("Version", Jinja::from(version.version.as_str())),
        ("GitVersion", Jinja::from(version.version.as_str())),
        ("Major", of_dot("Capabilities.KubeVersion.Major")?),
        ("Minor", of_dot("Capabilities.KubeVersion.Minor")?),
    ]);
    let api_versions = Jinja::from_object(ApiVersions(calls.clone()));
    let capabilities = [("KubeVersion", kube_version), ("APIVersions", api_versions)];
    seen.insert("Capabilities", Jinja::from_pairs(capabilities));
    seen.insert("Files", Jinja::from_object(FilesOfChart(calls.clone())));
    seen.insert("root", Jinja::from_object(Root(seen.clone())));
    Ok(seen)
}

type Outcome = (String, Result<String, NativeError>);

fn render_all(
    sources: &[Source<'_>],
    context: BTreeMap<&'static str, Jinja>,
    calls: Calls,
    compat: Compat,
    left: &mut Left,
) -> Vec<Outcome> {
    // Once this is gone, nobody waits for calls any more.
    let mut env = environment(&calls, compat);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for source in sources {
        // Known by the name within the folder, as `include` names it.
        let name = source.file.name.strip_prefix("jinja/").unwrap_or(&source.file.name);
        if let Err(error) = env.add_template(name, &source.counted.text) {
            outcomes.push((source.path.clone(), Err(explain(&error, sources))));
        }
    }
    for source in sources.iter().filter(|source| !is_partial(&source.file.name)) {
        let name = source.file.name.strip_prefix("jinja/").unwrap_or(&source.file.name);
        if outcomes.iter().any(|(path, _)| *path == source.path) {
            continue;
        }
        let mut context = context.clone();
        let base = source.path.strip_suffix(&*source.file.name).unwrap_or_default();
        let template = [("Name", source.path.clone()), ("BasePath", format!("{base}jinja"))];
        context.insert("Template", Jinja::from_pairs(template));
        let outcome = render(&mut env, name, context, left);
        outcomes.push((source.path.clone(), outcome.map_err(|error| explain(&error, sources))));
    }
    outcomes
}

fn environment<'s>(calls: &Calls, compat: Compat) -> Environment<'s> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_syntax(syntax());
    env.set_debug(true);
    let made = calls.made.clone();
    env.set_formatter(move |out, state, value| {
        made.whole(value)?;
        write_value(out, state, value)
    });
    functions::add(&mut env, calls, compat);
    env
}

fn syntax() -> SyntaxConfig {
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    syntax.expect("Jinja's own delimiters differ from each other")
}

/// Values as YAML on one line.
fn write_value(out: &mut Output, state: &mut State, value: &Jinja) -> Result<(), Error> {
    match value.kind() {
        ValueKind::None => out.write_str("null").map_err(Error::from),
        ValueKind::Bool => {
            let text = if value.is_true() { "true" } else { "false" };
            out.write_str(text).map_err(Error::from)
        }
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map => {
            let text = serde_json::to_string(value);
            let text =
                text.map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))?;
            out.write_str(&text).map_err(Error::from)
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

fn render(
    env: &mut Environment<'_>,
    name: &str,
    context: BTreeMap<&'static str, Jinja>,
    left: &mut Left,
) -> Result<String, Error> {
    env.set_fuel(Some(left.fuel));
    let template = env.get_template(name)?;
    let mut text = Bounded { bytes: Vec::new(), left: left.bytes.min(LONGEST), is_full: false };
    let done = template
        .render_captured_to(context, &mut text)
        .map(|captured| captured.state().fuel_levels().map_or(0, |(used, _)| used));
    let used = match done {
        Ok(used) => used,
        Err(error) if text.is_full => {
            let message = "it makes more text than is allowed; `--max-output MIB` allows more";
            return Err(Error::new(ErrorKind::WriteFailure, message).with_source(error));
        }
        Err(error) => return Err(error),
    };
    left.fuel = left.fuel.saturating_sub(used);
    left.bytes = left.bytes.saturating_sub(text.bytes.len() as u64);
    Ok(String::from_utf8_lossy(&text.bytes).into_owned())
}

/// A text that does not grow without end.
struct Bounded {
    bytes: Vec<u8>,
    left: u64,
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            self.is_full = true;
            return Err(std::io::Error::other("it makes more text than is allowed"));
        };
        self.left = left;
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The innermost template of an error, and its place.
fn explain(error: &Error, sources: &[Source<'_>]) -> NativeError {
    let mut innermost = error;
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        if let Some(inner) = source.downcast_ref::<Error>().filter(|inner| inner.line().is_some()) {
            innermost = inner;
        }
        next = source.source();
    }
    let named = innermost.name().or(error.name()).unwrap_or_default();
    let name = format!("jinja/{named}");
    let found = sources.iter().find(|source| *source.file.name == *name);
    let source = found.or(sources.first()).expect("an error is one of a template");
    let line = innermost.line().unwrap_or(0);
    let range = innermost
        .range()
        .map(|range| source.counted.original(range.start)..source.counted.original(range.end));
    let range = range.filter(|range| range.end <= source.text.len());
    let column = range.as_ref().map_or(0, |range| {
        let before = &source.text.as_bytes()[..range.start];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        source.text.get(start..range.start).map_or(0, |text| text.chars().count() + 1)
    });
    let missing = (innermost.kind() == ErrorKind::UndefinedError)
        .then(|| range.as_ref().and_then(|range| chain(&source.text, range.start, range.end)))
        .flatten();
    NativeError {
        file: source.file.clone(),
        path: source.path.clone(),
        message: words(innermost),
        line,
        column,
        range,
        missing: missing.map(|keys| MissingKey { keys, known: Vec::new() }),
    }
}

/// The engine's words, with what allows more where a limit ended the run.
fn words(error: &Error) -> String {
    let detail = error.detail().map(str::to_owned);
    match error.kind() {
        ErrorKind::OutOfFuel => {
            "it takes more steps than are allowed; `--max-steps N` allows more".to_owned()
        }
        ErrorKind::InvalidOperation | ErrorKind::WriteFailure | ErrorKind::UndefinedError => {
            detail.unwrap_or_else(|| error.kind().to_string())
        }
        kind => match detail {
            Some(detail) => format!("{kind}: {detail}"),
            None => kind.to_string(),
        },
    }
}

/// The variable with its keys that a place lies in: `Values.image.tga`.
fn chain(text: &str, start: usize, end: usize) -> Option<Vec<String>> {
    let is_of_chain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    let bytes = text.as_bytes();
    let from = bytes[..start].iter().rposition(|byte| !is_of_chain(byte)).map_or(0, |at| at + 1);
    let length = bytes[from..].iter().position(|byte| !is_of_chain(byte));
    let to = length.map_or(bytes.len(), |length| from + length);
    let chain = text.get(from..to.max(from))?;
    let keys: Vec<String> =
        chain.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    (!keys.is_empty() && from <= end).then_some(keys)
}

/// Cuts a chain after the key that is not there, and names those that are.
fn known_keys(dot: &Value, missing: &mut MissingKey) -> Vec<String> {
    let mut value = dot.clone();
    for at in 0..missing.keys.len() {
        let Value::Map(_, map) = &value else { return Vec::new() };
        match map.get(missing.keys[at].as_bytes()) {
            Some(below) => value = below,
            // A variable of the template itself.
            None if at == 0 && missing.keys.len() > 1 => return Vec::new(),
            None => {
                missing.keys.truncate(at + 1);
                let entries = map.snapshot();
                return entries.iter().map(|(key, _)| key.to_str_lossy().into_owned()).collect();
            }
        }
    }
    Vec::new()
}
