//! Values that do not fit a schema.

use plimsoll_gotmpl::Value;
use plimsoll_helm::SchemaProblem;
use plimsoll_source::{Diagnostic, FileId, Files, Label, Origin, Span};

use super::names::nearest;
use super::same::Told;
use super::sources::Sources;
use super::{Failure, plain};

/// A diagnostic for each violation, at the value.
pub(super) fn schema(
    problems: &[SchemaProblem],
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Vec<Told> {
    let mut told = Vec::new();
    for problem in problems {
        for violation in violations(&problem.text) {
            told.push(one(problem, &violation, failure, sources, files));
        }
    }
    told
}

fn one(
    problem: &SchemaProblem,
    violation: &Violation<'_>,
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Told {
    let keys: Vec<String> = problem.path.iter().cloned().chain(violation.keys()).collect();
    let name = match keys.as_slice() {
        [] => format!("the values of `{}`", problem.chart),
        keys => format!("`{}`", keys.join(".")),
    };
    let mut diagnostic = plain("values-schema", &format!("{name}: {}", violation.text));
    if violation.text.starts_with("additional") {
        unknown_keys(&mut diagnostic, &keys, problem, violation, sources, files);
    } else {
        let missing = violation.text.strip_prefix("missing propert").and(violation.quoted_key());
        let text = match missing {
            Some(key) => format!("`{key}` would stand below this"),
            None => "does not fit the schema".to_owned(),
        };
        let place = place(&keys, sources, files);
        diagnostic.labels.extend(place.map(|span| Label { span, text }));
        if let Some(key) = missing {
            let key = [&keys[..], &[key.to_owned()]].concat().join(".");
            diagnostic.help = format!("set `{key}` in a values file or with `--set {key}=…`");
        }
    }
    let is_bare = diagnostic.help.is_empty() && diagnostic.labels.is_empty();
    if is_bare && failure.flags.files.is_empty() {
        "`--skip-schema-validation` renders all the same".clone_into(&mut diagnostic.help);
    }
    diagnostic.original = format!("- at '{}': {}", violation.pointer, violation.original);
    Told::of(diagnostic)
}

/// A label at each key that the schema does not have, and those that look alike.
fn unknown_keys(
    diagnostic: &mut Diagnostic,
    keys: &[String],
    problem: &SchemaProblem,
    violation: &Violation<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) {
    let mut near = Vec::new();
    for key in violation.original.split('\'').skip(1).step_by(2) {
        let own = [keys, &[key.to_owned()]].concat();
        let text = "the schema has no such key".to_owned();
        let place = key_place(&own, sources, files);
        diagnostic.labels.extend(place.map(|span| Label { span, text }));
        near.extend(near_property(problem, &own, sources).map(|near| format!("`{near}`")));
    }
    if !near.is_empty() {
        diagnostic.message.push_str(&format!("; did you mean {}?", near.join(", ")));
    }
}

/// The property that the schema knows and that looks like the key, which is the last of `keys`.
fn near_property(
    problem: &SchemaProblem,
    keys: &[String],
    sources: &Sources<'_>,
) -> Option<String> {
    let mut chart = sources.root.as_ref()?;
    for name in &problem.path {
        chart = chart.children.iter().find(|child| child.name == *name)?;
    }
    let bytes = chart.chart.schema.as_ref()?.bytes().ok()?;
    let root = plimsoll_yaml::read_json(&bytes, FileId::NONE).ok()?;
    let (key, above) = keys[problem.path.len()..].split_last()?;
    let properties = above.iter().try_fold(&root, |node, key| {
        let own = node.get("properties").and_then(|properties| properties.get(key));
        own.or_else(|| node.get("items").filter(|_| key.parse::<usize>().is_ok()))
    })?;
    let known = properties.get("properties")?.as_map().iter();
    nearest(key, known.filter_map(|entry| std::str::from_utf8(&entry.key).ok())).map(str::to_owned)
}

/// Where the value of a key was written; of a list or map its key.
fn place(keys: &[String], sources: &Sources<'_>, files: &mut Files) -> Option<Span> {
    sources.places.value(origin(keys, sources)?, files).map(|(_, span)| span)
}

/// Where a key itself was written; of a flag its value.
fn key_place(keys: &[String], sources: &Sources<'_>, files: &mut Files) -> Option<Span> {
    let key = origin(keys, sources);
    let key = key.and_then(|origin| sources.places.key(origin, &[], keys, files));
    key.or_else(|| place(keys, sources, files))
}

fn origin(keys: &[String], sources: &Sources<'_>) -> Option<Origin> {
    let mut value = Value::map(sources.root.as_ref()?.values.clone());
    let mut origin = Origin::NONE;
    for key in keys {
        value = match &value {
            Value::Map(_, map) => map.get(key.as_bytes())?,
            Value::List(_, list) => list.get(key.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
        origin = value.origin();
    }
    Some(origin)
}

/// A violation: `- at '/image/tag': got number, want string`, and the lines below that explain it.
struct Violation<'a> {
    pointer: &'a str,
    original: &'a str,
    text: String,
}

impl<'a> Violation<'a> {
    fn keys(&self) -> Vec<String> {
        let parts = self.pointer.split('/').skip(1);
        parts.map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
    }

    /// `name` of `missing property 'name'`.
    fn quoted_key(&self) -> Option<&'a str> {
        self.original.split('\'').nth(1)
    }
}

/// The violations of a text: where one only gathers others, those.
fn violations(text: &str) -> Vec<Violation<'_>> {
    let mut found: Vec<(usize, Violation<'_>)> = Vec::new();
    // Above which indentation lines explain the violation before them.
    let mut explained = None;
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        let rest = line.trim_start();
        let known = rest.strip_prefix("- at '").and_then(|rest| rest.split_once("': "));
        let within = explained.is_some_and(|least| depth > least);
        match (known, found.last_mut()) {
            (Some((pointer, original)), _) if !within => {
                explained = None;
                if original == "validation failed" {
                    continue;
                }
                explained = Some(depth);
                let text = original.to_owned();
                found.push((depth, Violation { pointer, original, text }));
            }
            (_, Some((_, last))) if !rest.is_empty() => {
                last.text.push('\n');
                last.text.push_str(rest);
            }
            (_, None) if !rest.is_empty() => {
                let text = rest.to_owned();
                found.push((depth, Violation { pointer: "", original: rest, text }));
            }
            _ => {}
        }
    }
    found.into_iter().map(|(_, violation)| violation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_violation_is_one_and_what_explains_it_belongs_to_it() {
        let text = "- at '': missing property 'name'\n- at '/image': validation failed\n  - at \
                    '/image': missing property 'r'\n  - at '/image/tag': got number, want string\n- at \
                    '/a~1b': 'anyOf' failed\n  - at '/a~1b': got null, want string\n";
        let found = violations(text);
        let got: Vec<(&str, &str)> =
            found.iter().map(|one| (one.pointer, one.text.as_str())).collect();
        let want = [
            ("", "missing property 'name'"),
            ("/image", "missing property 'r'"),
            ("/image/tag", "got number, want string"),
            ("/a~1b", "'anyOf' failed\n- at '/a~1b': got null, want string"),
        ];
        assert_eq!(got, want);
        assert_eq!(found[3].keys(), ["a/b"]);
        assert_eq!(found[0].quoted_key(), Some("name"));
    }
}
