//! `helm show`: what a chart holds, as text.

mod chart_yaml;
mod jsonpath;

use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Value};

use crate::HelmError;
use crate::chart::{Chart, ChartFile};
use crate::values::{Layer, Origins};

pub use chart_yaml::{chart_yaml, lock_yaml};
pub use jsonpath::JsonPath;

/// What is shown of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of Helm's commands")]
pub enum Show {
    All,
    Chart,
    Values,
    Readme,
    Crds,
}

/// What `helm show` prints of a chart. With a JSONPath the values are looked up in.
pub fn show(
    chart: &Arc<Chart>,
    what: Show,
    path: Option<&JsonPath>,
    compat: Compat,
) -> Result<Vec<u8>, HelmError> {
    let wanted = |one| what == one || what == Show::All;
    let rule: &[u8] = if what == Show::All { b"---\n" } else { b"" };
    let mut out = Vec::new();
    if wanted(Show::Chart) {
        out.extend_from_slice(&chart_yaml(&chart.metadata));
        out.push(b'\n');
    }
    if let Some(values) = chart.values.as_ref().filter(|_| wanted(Show::Values)) {
        out.extend_from_slice(rule);
        match path {
            Some(path) => {
                let values = values.to_map(Layer::Defaults, "values.yaml", &mut Origins::off());
                path.print(&Value::map(values), &mut out);
            }
            None => {
                for file in chart.raw.iter().filter(|file| &*file.name == "values.yaml") {
                    push_line(&file.bytes()?, &mut out);
                }
            }
        }
    }
    if let Some(readme) = readme(chart).filter(|_| wanted(Show::Readme)) {
        out.extend_from_slice(rule);
        push_line(&readme.bytes()?, &mut out);
    }
    if wanted(Show::Crds) {
        crds(chart, what, compat, &mut out)?;
    }
    Ok(out)
}

fn push_line(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(bytes);
    out.push(b'\n');
}

fn readme(chart: &Chart) -> Option<&ChartFile> {
    let known = ["readme.md", "readme.txt", "readme"];
    chart.files.iter().find(|file| known.iter().any(|name| file.name.eq_ignore_ascii_case(name)))
}

/// The CRDs of a chart, then those of its subcharts. Helm 3 draws a line before the first alone,
/// and that only where all is shown.
fn crds(
    chart: &Arc<Chart>,
    what: Show,
    compat: Compat,
    out: &mut Vec<u8>,
) -> Result<(), HelmError> {
    let mut todo = vec![chart];
    let mut is_first = true;
    while let Some(chart) = todo.pop() {
        for crd in chart.crds() {
            let bytes = crd.bytes()?;
            let ruled = compat == Compat::Helm4 || (is_first && what == Show::All);
            if ruled && !bytes.starts_with(b"---") {
                out.extend_from_slice(b"---\n");
            }
            push_line(&bytes, out);
            is_first = false;
        }
        todo.extend(chart.dependencies.iter().rev());
    }
    Ok(())
}
