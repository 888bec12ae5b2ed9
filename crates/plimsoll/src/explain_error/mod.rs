//! Why a chart does not render, with the places in its files.

mod exec;
mod expression;
mod frames;
mod missing;
mod named_keys;
mod names;
mod native;
mod parse;
mod rendered;
mod same;
mod schema;
mod sources;
mod unreadable;
mod value_places;

use std::path::Path;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, Trace};
use plimsoll_helm::chart::Chart;
use plimsoll_helm::release::RenderedText;
use plimsoll_helm::values::ValueFlags;
use plimsoll_helm::{HelmCause, HelmError};
use plimsoll_source::{Diagnostic, Files, Severity};

use same::Told;
use sources::Sources;

/// A run that failed, and what was known by then.
#[derive(Debug)]
pub struct Failure<'a> {
    /// What went wrong: Helm's error first, then the others if the run went on.
    pub errors: &'a [HelmError],
    /// Which Helm was spoken.
    pub compat: Compat,
    /// The chart, if it could be loaded.
    pub chart: Option<&'a Arc<Chart>>,
    /// The user's values, if they could be read.
    pub user: Option<&'a Map>,
    /// The flags that gave the user's values.
    pub flags: &'a ValueFlags,
    /// What templates gave before it failed.
    pub rendered: &'a [RenderedText],
    /// What explains the marks of the rendered texts, if they were traced.
    pub trace: Option<&'a Trace>,
    /// The folder that names of files are shown relative to.
    pub folder: &'a Path,
    /// Reads a file of values once more, to show its lines.
    pub read: fn(&str) -> Option<Vec<u8>>,
}

/// The errors as diagnostics, in the order in which Helm would come to them: the innermost
/// template's place first, then the templates that included it, and for a nil value the key of
/// `.Values` that is not there. What follows from another error is left out, and what has the same
/// cause is told once. The texts that the labels lie in are added to `files`.
pub fn explain_errors(failure: &Failure<'_>, files: &mut Files) -> Vec<Diagnostic> {
    let sources = Sources::new(failure);
    let mut told = Vec::new();
    let (follow, own): (Vec<&HelmError>, Vec<&HelmError>) =
        failure.errors.iter().partition(|error| is_consequence(error, failure, &sources));
    for error in own {
        told.extend(explain(error, failure, &sources, files));
    }
    let count = follow.len();
    let mut all = told.iter_mut().map(|told| &mut told.diagnostic);
    let cause = all.find(|one| matches!(one.code, "missing-dependency" | "parse-error"));
    if let Some(cause) = cause.filter(|_| count > 0) {
        let files =
            if count == 1 { "1 more file fails" } else { &format!("{count} more files fail") };
        let line = format!("{files} for want of a template that it may define");
        let lines = [cause.help.as_str(), &line].join("\n");
        lines.trim().clone_into(&mut cause.help);
    }
    same::once(told, files)
}

/// Templates that are not there because the file or the chart that defines them is not.
fn is_consequence(error: &HelmError, failure: &Failure<'_>, sources: &Sources<'_>) -> bool {
    let HelmCause::Exec(exec) = &error.cause else { return false };
    let Some(name) = exec::missing_template(exec) else { return false };
    let others = || failure.errors.iter().map(|other| &other.cause);
    let is_parse = others().any(|other| matches!(other, HelmCause::Parse(_)));
    let lacks = others().any(|other| matches!(other, HelmCause::MissingDependencies { .. }));
    lacks || (is_parse && sources.definition(&name).is_some())
}

fn explain(
    error: &HelmError,
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Vec<Told> {
    let mut told = match &error.cause {
        HelmCause::Exec(exec) => exec::exec(exec, sources, files),
        HelmCause::Parse(parse) => parse::parse(parse, failure.compat, sources, files),
        HelmCause::NotManifest { path, why } => rendered::yaml(path, why, failure, sources, files),
        HelmCause::Values { path, why } => unreadable::values(path, why, failure, files),
        HelmCause::ChartFile { file, why } => unreadable::chart_file(file, why, failure, files),
        HelmCause::MissingDependencies { names } => {
            return unreadable::dependencies(names, error, failure, sources, files);
        }
        HelmCause::Native(error) => return vec![native::native(error, failure, files)],
        HelmCause::Schema(problems) => return schema::schema(problems, failure, sources, files),
        _ => Told::of(plain("cannot-render", &error.message)),
    };
    if told.diagnostic.message != error.message {
        told.diagnostic.original = shortened(&error.message);
    }
    vec![told]
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
    use plimsoll_helm::chart::{ChartFile, LoadOptions, from_files};
    use plimsoll_helm::release::{TemplateOptions, template};
    use plimsoll_helm::values::{Origins, ReadFile, merge_flags};

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
            errors: std::slice::from_ref(&error),
            compat,
            chart: Some(&chart),
            user: user.as_ref().ok(),
            flags: &ValueFlags::default(),
            rendered: &[],
            trace: None,
            folder: Path::new(""),
            read,
        };
        let mut files = Files::new();
        let diagnostic = explain_errors(&failure, &mut files).remove(0);
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
        let said = "`.Values.image` is not set: the values have no `image`; did you mean `images`?";
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
        let said = "`.Values.a` is not set: the values have no `a`";
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
            &["there is no template `x.z`; did you mean `x.y`?", "include \"x.z\" .", "x.y"],
        );
        let said = "`.Values.a` is a text, so it has no `b`";
        check("{{ .Values.a.b }}", "a: text", &[said, ".Values.a.b", "text"]);
        check("{{ fail \"no\" }}", "", &["no", "fail \"no\""]);
    }

    #[test]
    fn values_files_are_shown_where_they_break() {
        let (diagnostic, _) = explained("", "", |_| Some(b"a: [\n".to_vec()));
        assert!(diagnostic.message.starts_with("`v.yaml` cannot be read: did not find"));
        assert_eq!(diagnostic.labels.len(), 1);
    }

    #[test]
    fn what_follows_from_another_error_is_left_out() {
        let file = |name: &str, text: &str| ChartFile::new(name, text.as_bytes());
        let files = vec![
            file("Chart.yaml", "{apiVersion: v2, name: c, version: 0.1.0}"),
            file("templates/_a.tpl", "{{ define \"known\" }}{{ end }}{{ if }}"),
            file("templates/a.yaml", "a: {{ include \"known\" . }}"),
            file("templates/b.yaml", "a: {{ include \"unknown\" . }}"),
            file("templates/c.yaml", "a: {{ .Values.x.y }}"),
            file("templates/d.yaml", "\n\na: {{ .Values.x.z }}"),
            file("templates/e.yaml", "[1]"),
        ];
        let compat = Compat::Helm4;
        let chart = from_files(files, &LoadOptions { compat }, &mut |_| {}).unwrap();
        let options = TemplateOptions { every_error: true, ..TemplateOptions::new(compat) };
        let (host, user) = (&mut FixedHost::new(compat), Map::new());
        let failed = template(&chart, &user, &options, &mut Origins::off(), host, None);
        let failed = failed.expect_err("the chart does not render");
        let errors: Vec<HelmError> = [failed.error].into_iter().chain(failed.others).collect();
        assert_eq!(errors.len(), 6);
        let failure = Failure {
            errors: &errors,
            compat,
            chart: Some(&chart),
            user: Some(&user),
            flags: &ValueFlags::default(),
            rendered: &[],
            trace: None,
            folder: Path::new(""),
            read: |_| None,
        };
        let told = explain_errors(&failure, &mut Files::new());
        let codes: Vec<&str> = told.iter().map(|one| one.code).collect();
        assert_eq!(codes, ["parse-error", "nil-value", "missing-template", "not-yaml"]);
        assert!(told[1].help.ends_with("the same in 1 more place: c/templates/c.yaml:1"));
    }

    #[test]
    fn long_texts_keep_both_ends() {
        let text = format!("a{}z", "é".repeat(5000));
        let short = shortened(&text);
        assert!(short.len() < 1500 && short.starts_with('a') && short.ends_with('z'));
    }
}
