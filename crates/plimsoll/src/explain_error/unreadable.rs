//! Files that cannot be read as YAML, and charts that are not there.

use plimsoll_helm::HelmError;
use plimsoll_helm::chart::ChartFile;
use plimsoll_source::{Files, Label, Span};

use super::rendered::{bad_document, reason, yaml_help};
use super::same::Told;
use super::sources::{Sources, add_chart_file};
use super::{Failure, plain};

/// A file of values.
pub(super) fn values(path: &str, why: &str, failure: &Failure<'_>, files: &mut Files) -> Told {
    unreadable("values-file", path, why, (failure.read)(path), failure, files)
}

/// A file of the chart or of a subchart.
pub(super) fn chart_file(
    file: &ChartFile,
    why: &str,
    failure: &Failure<'_>,
    files: &mut Files,
) -> Told {
    let known = add_chart_file(file, &file.name, failure.folder, files);
    let known = known.and_then(|id| files.get(id));
    let name = known.map_or_else(|| file.name.to_string(), |file| file.name.clone());
    let text = known.map(|file| file.text.to_vec());
    unreadable("chart-file", &name, why, text, failure, files)
}

/// go-yaml's line is often one off; the place is ours.
fn unreadable(
    code: &'static str,
    name: &str,
    why: &str,
    text: Option<Vec<u8>>,
    failure: &Failure<'_>,
    files: &mut Files,
) -> Told {
    let mut diagnostic = plain(code, &format!("`{name}` cannot be read: {}", reason(why, true)));
    let Some(text) = text else { return Told::of(diagnostic) };
    if let Some((place, said)) = bad_document(&text, failure.compat) {
        diagnostic.message = format!("`{name}` cannot be read: {}", reason(why, false));
        if said.starts_with("a map is wanted") {
            diagnostic.message = format!("`{name}` cannot be read: {said}");
        }
        diagnostic.help = yaml_help(why, &text, place);
        let file = super::value_places::add_once(name, &text, files);
        diagnostic.labels.push(Label { span: Span { file, ..place }, text: said });
    }
    Told::of(diagnostic)
}

/// Charts that `Chart.yaml` names and `charts/` lacks.
pub(super) fn dependencies(
    names: &[String],
    error: &HelmError,
    failure: &Failure<'_>,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Vec<Told> {
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    let list = list.join(", ");
    let message = format!("{list} {are} named as a dependency, but {are} not in charts/");
    let mut diagnostic = plain("missing-dependency", &message);
    let raw = failure.chart.map(|chart| chart.raw.as_slice()).unwrap_or_default();
    let named = raw.iter().filter(|one| matches!(&*one.name, "Chart.yaml" | "requirements.yaml"));
    let mut folder = "CHART".to_owned();
    for file in named {
        let Some(id) = sources.add(file, &file.name, files) else { continue };
        let Some(source) = files.get(id) else { continue };
        if let Some(path) = source.name.strip_suffix("/Chart.yaml") {
            path.clone_into(&mut folder);
        }
        let root = plimsoll_yaml::read(&source.text, id).ok();
        let entries = root.as_ref().and_then(|root| root.get("dependencies"));
        for entry in entries.map(plimsoll_yaml::Node::as_list).unwrap_or_default() {
            let Some(name) = entry.get("name") else { continue };
            if name.as_str().is_some_and(|name| names.iter().any(|known| known == name)) {
                let text = "not in charts/".to_owned();
                diagnostic.labels.push(Label { span: name.span, text });
            }
        }
    }
    diagnostic.help = format!("`plimsoll helm dependency build {folder}` fetches what is named");
    diagnostic.original = super::shortened(&error.message);
    vec![Told::of(diagnostic)]
}
