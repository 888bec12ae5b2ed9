//! The files that Helm's texts name.

use std::path::Path;
use std::sync::Arc;

use plimsoll_helm::chart::ChartFile;
use plimsoll_helm::values::{self, ChartInstance, Origins, ReadFile, ValuesOptions};
use plimsoll_source::{FileId, Files, Span};

use super::Failure;
use super::expression::expression;
use super::frames::Frame;
use super::value_places::{ValuePlaces, add_once};

/// The chart tree of a failed run, worked out again for its values.
pub(super) struct Sources<'a> {
    pub(super) root: Option<ChartInstance>,
    pub(super) places: ValuePlaces<'a>,
    folder: &'a Path,
}

/// Files of values, read once more.
struct Again(fn(&str) -> Option<Vec<u8>>);

impl ReadFile for Again {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        (self.0)(path).ok_or_else(String::new)
    }
}

impl<'a> Sources<'a> {
    pub(super) fn new(failure: &Failure<'a>) -> Sources<'a> {
        let compat = failure.compat;
        let options = ValuesOptions { compat, skip_schema: true, ..ValuesOptions::default() };
        let mut origins = Origins::tracing();
        let again = &mut Again(failure.read);
        // Standard input was used up: its values have no places then.
        let traced = values::merge_flags(failure.flags, again, compat, &mut origins).ok();
        let user = failure.user.map(|user| traced.unwrap_or_else(|| user.clone()));
        let root = failure.chart.zip(user).and_then(|(chart, user)| {
            values::prepare(chart, &user, &options, &mut origins, &mut |_| {}).ok()
        });
        let places = ValuePlaces::new(origins, failure);
        Sources { root, places, folder: failure.folder }
    }

    /// The chart of the tree that a template belongs to.
    pub(super) fn instance(&self, file: &str) -> Option<&ChartInstance> {
        let mut found = self.root.as_ref().filter(|root| rest(file, root).is_some())?;
        while let Some(child) = found.children.iter().find(|child| rest(file, child).is_some()) {
            found = child;
        }
        Some(found)
    }

    /// The names of the subcharts down to the one of a path: `s` for `c/charts/s`.
    pub(super) fn prefix(path: &str) -> Vec<String> {
        path.split("/charts/").skip(1).map(str::to_owned).collect()
    }

    /// The bytes of a chart's `values.yaml`.
    pub(super) fn defaults(&self, chart: &str) -> Option<Arc<[u8]>> {
        let chart = &self.instance(&format!("{chart}/"))?.chart;
        let file = chart.raw.iter().find(|file| &*file.name == "values.yaml")?;
        file.bytes().ok()
    }

    /// The expression that a level failed at: the chain of fields around the column if there is one,
    /// else the call or the rest of the line's action.
    pub(super) fn expression(&self, frame: &Frame<'_>, files: &mut Files) -> Option<Span> {
        let file = self.template(frame, files)?;
        let text = files.get(file)?.text.clone();
        let line = line_range(&text, frame.line)?;
        let at = line.start + frame.column?.min(line.len());
        let range = expression(&text[line.clone()], at - line.start);
        let (start, end) = (line.start + range.start, line.start + range.end);
        Some(Span::new(file, start as u32, end as u32))
    }

    /// The line of a level that has no column.
    pub(super) fn line(&self, frame: &Frame<'_>, files: &mut Files) -> Option<Span> {
        let file = self.template(frame, files)?;
        let text = files.get(file)?.text.clone();
        let line = line_range(&text, frame.line)?;
        let blank = text[line.clone()].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = (line.start + blank).min(line.end);
        Some(Span::new(file, start as u32, line.end as u32))
    }

    /// The file of a template.
    pub(super) fn template(&self, frame: &Frame<'_>, files: &mut Files) -> Option<FileId> {
        let instance = self.instance(frame.file)?;
        let name = rest(frame.file, instance)?;
        let file = instance.chart.templates.iter().find(|file| &*file.name == name)?;
        self.add(file, frame.file, files)
    }

    /// Whether a template is a file that the user can open, and none of an archive or built in.
    pub(super) fn is_on_disk(&self, frame: &Frame<'_>) -> bool {
        self.instance(frame.file).is_some_and(|instance| {
            let name = rest(frame.file, instance);
            let mut templates = instance.chart.templates.iter();
            templates.any(|file| Some(&*file.name) == name && file.path.is_some())
        })
    }

    /// Takes a file of the chart in, under the name by which the user would open it.
    pub(super) fn add(&self, file: &ChartFile, name: &str, files: &mut Files) -> Option<FileId> {
        add_chart_file(file, name, self.folder, files)
    }

    /// The file that defines a template, and where it names it.
    pub(super) fn definition(&self, name: &str) -> Option<(ChartFile, String, usize, usize)> {
        let found = self.definitions().into_iter().find(|(_, _, defined, _)| defined == name);
        found.map(|(file, shown, defined, at)| (file, shown, at, at + defined.len()))
    }

    /// The names of the templates that the tree's files define.
    pub(super) fn defined(&self) -> Vec<String> {
        self.definitions().into_iter().map(|(_, _, name, _)| name).collect()
    }

    fn definitions(&self) -> Vec<(ChartFile, String, String, usize)> {
        let mut found = Vec::new();
        let mut open: Vec<&ChartInstance> = self.root.iter().collect();
        while let Some(instance) = open.pop() {
            open.extend(&instance.children);
            for file in &instance.chart.templates {
                let Ok(bytes) = file.bytes() else { continue };
                let shown = format!("{}/{}", instance.full_path, file.name);
                for at in memchr::memmem::find_iter(&bytes, b"define \"") {
                    let start = at + b"define \"".len();
                    let length = bytes[start..].iter().position(|&byte| byte == b'"');
                    let name = &bytes[start..start + length.unwrap_or(0)];
                    let name = String::from_utf8_lossy(name).into_owned();
                    found.push((file.clone(), shown.clone(), name, start));
                }
            }
        }
        found
    }
}

/// Takes a file of a chart in, under the name by which the user would open it.
pub(super) fn add_chart_file(
    file: &ChartFile,
    name: &str,
    folder: &Path,
    files: &mut Files,
) -> Option<FileId> {
    let on_disk = file.path.as_deref();
    let shown = on_disk.map(|path| path.strip_prefix(folder).unwrap_or(path));
    let shown = shown.map(|path| path.to_string_lossy().replace('\\', "/"));
    Some(add_once(shown.as_deref().unwrap_or(name), &file.bytes().ok()?, files))
}

/// The text of a span.
pub(super) fn text(files: &Files, span: Span) -> &str {
    let bytes =
        files.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize));
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

fn rest<'a>(file: &'a str, instance: &ChartInstance) -> Option<&'a str> {
    file.strip_prefix(instance.full_path.as_str())?.strip_prefix('/')
}

/// The bytes of a line from 1, its end left out.
pub(super) fn line_range(text: &[u8], line: usize) -> Option<std::ops::Range<usize>> {
    let mut start = 0;
    for (number, one) in text.split(|&byte| byte == b'\n').enumerate() {
        if number + 1 == line {
            return Some(start..start + one.strip_suffix(b"\r").unwrap_or(one).len());
        }
        start += one.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_and_end_before_their_end() {
        assert_eq!(line_range(b"a\r\nbc", 1), Some(0..1));
        assert_eq!(line_range(b"a\r\nbc", 2), Some(3..5));
        assert_eq!(line_range(b"a", 2), None);
    }
}
