use plimsoll_source::go_path;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_gotmpl::Compat;

use super::dependency::Lock;
use super::file::ChartFile;
use super::metadata::{Metadata, api_version};
use super::{Chart, archive, disk, folder};
use crate::cores::on_all_cores;
use crate::log::{Log, go_log};
use crate::values::ValuesTree;
use crate::{HelmCause, HelmError, go_errors};

/// How a chart is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
}

/// Loads a chart from a folder or an archive. Relative paths are made absolute, as error texts and
/// log lines show them. Files that loading itself does not need are read when they are asked for.
pub fn load(path: &Path, options: &LoadOptions, log: Log<'_>) -> Result<Arc<Chart>, HelmError> {
    load_with(path, options.compat, options.compat == Compat::Helm4, log)
}

/// Loads a chart from what must be a folder, as `helm package` does.
pub fn load_dir(path: &Path, options: &LoadOptions, log: Log<'_>) -> Result<Arc<Chart>, HelmError> {
    let top = absolute(path)?;
    if options.compat == Compat::Helm4 {
        detect(&top)?;
    }
    folder::load_folder(&top, options.compat, log)
}

/// Loads a chart as `helm lint`, `helm show` and `helm dependency` do, which in Helm 4 do not look
/// at the `apiVersion` before all else.
pub fn load_plain(
    path: &Path,
    options: &LoadOptions,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    load_with(path, options.compat, false, log)
}

fn load_with(
    path: &Path,
    compat: Compat,
    detects: bool,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    let metadata = disk::stat(path)?;
    if !metadata.is_dir() {
        return archive::load_archive(path, compat, detects, log);
    }
    let top = absolute(path)?;
    if detects {
        detect(&top)?;
    }
    folder::load_folder(&top, compat, log)
}

/// Loads a chart from files that are at hand, named by their paths in the chart, in the order in
/// which they were found.
pub fn from_files(
    files: Vec<ChartFile>,
    options: &LoadOptions,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    load_files(files, options.compat, log)
}

/// helm: chart/loader/load.go reads the `apiVersion` before anything else.
fn detect(top: &Path) -> Result<(), HelmError> {
    let path = top.join("Chart.yaml");
    let text = disk::read(&path)
        .map_err(|why| format!("unable to detect chart at {}: {why}", path.display()))?;
    check_api_version(&text).map_err(|error| match error.message.strip_prefix("cannot load ") {
        Some(_) => {
            let file = ChartFile::on_disk("Chart.yaml", &path, text.len() as u64);
            HelmError { cause: HelmCause::ChartFile { file, why: error.message.clone() }, ..error }
        }
        None => error,
    })
}

fn cannot_load(file: &ChartFile, why: String) -> HelmError {
    let message = format!("cannot load {}: {why}", file.name);
    HelmError::with_cause(message, HelmCause::ChartFile { file: file.clone(), why })
}

/// Refuses a chart whose `apiVersion` Helm 4 does not know.
pub(super) fn check_api_version(chart_yaml: &[u8]) -> Result<(), HelmError> {
    let version =
        api_version(chart_yaml).map_err(|error| format!("cannot load Chart.yaml: {error}"))?;
    match version.as_str() {
        "" | "v1" | "v2" | "v3" => Ok(()),
        _ => Err("unsupported chart version".into()),
    }
}

/// Go's `filepath.Abs`.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, HelmError> {
    let path = std::path::absolute(path).map_err(|why| go_errors::errno(&why))?;
    match path.to_str() {
        Some(text) if std::path::MAIN_SEPARATOR == '/' => Ok(go_path::clean(text).into()),
        _ => Ok(path),
    }
}

/// Sorts the files of a chart into what they are and loads its subcharts. helm: `LoadFiles`.
pub(super) fn load_files(
    files: Vec<ChartFile>,
    compat: Compat,
    log: Log<'_>,
) -> Result<Arc<Chart>, HelmError> {
    let mut loading = Loading::new(compat);
    for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
        loading.chart_yaml(file)?;
    }
    for file in &files {
        loading.file(file, &mut *log)?;
    }
    let Some(mut metadata) = loading.metadata else {
        return Err("Chart.yaml file is missing".into());
    };
    metadata.validate()?;
    let mut chart = Chart {
        metadata,
        lock: loading.lock,
        values: loading.values,
        schema: loading.schema,
        templates: loading.templates,
        files: loading.files,
        raw: files,
        dependencies: Vec::new(),
    };
    chart.dependencies = load_subcharts(&loading.subcharts, chart.name(), compat, log)?;
    Ok(Arc::new(chart))
}

struct Loading {
    compat: Compat,
    metadata: Option<Metadata>,
    lock: Option<Lock>,
    values: Option<ValuesTree>,
    schema: Option<ChartFile>,
    templates: Vec<ChartFile>,
    files: Vec<ChartFile>,
    /// What lies under `charts/`, by the first part of the path, in load order.
    subcharts: Vec<Subchart>,
}

/// The first part of a path under `charts/`, and the files there.
type Subchart = (String, Vec<ChartFile>);

impl Loading {
    fn new(compat: Compat) -> Loading {
        Loading {
            compat,
            metadata: None,
            lock: None,
            values: None,
            schema: None,
            templates: Vec::new(),
            files: Vec::new(),
            subcharts: Vec::new(),
        }
    }

    fn chart_yaml(&mut self, file: &ChartFile) -> Result<(), HelmError> {
        self.decode(file)?;
        let metadata = self.metadata.get_or_insert_default();
        if metadata.api_version.is_empty() {
            "v1".clone_into(&mut metadata.api_version);
        }
        Ok(())
    }

    /// Decodes a file over the metadata.
    fn decode(&mut self, file: &ChartFile) -> Result<(), HelmError> {
        let metadata = self.metadata.get_or_insert_default();
        let result = file.with_bytes(|bytes| metadata.decode(bytes, self.compat))?;
        result.map_err(|why| cannot_load(file, why))
    }

    fn file(&mut self, file: &ChartFile, log: Log<'_>) -> Result<(), HelmError> {
        match &*file.name {
            "Chart.yaml" => {}
            "Chart.lock" => self.read_lock(file)?,
            "values.yaml" => {
                let parsed = ValuesTree::load(file, self.compat)?;
                self.values = Some(parsed.map_err(|why| cannot_load(file, why))?);
            }
            "values.schema.json" => self.schema = Some(file.clone()),
            "requirements.yaml" => {
                self.metadata.get_or_insert_default();
                if !self.is_v1() {
                    log(self.warning(REQUIREMENTS));
                }
                self.decode(file)?;
                self.keep_for_v1(file);
            }
            "requirements.lock" => {
                self.read_lock(file)?;
                self.metadata.get_or_insert_default();
                if !self.is_v1() {
                    log(self.warning(LOCKING));
                }
                self.keep_for_v1(file);
            }
            name if name.starts_with("templates/") => self.templates.push(file.clone()),
            name => match name.strip_prefix("charts/") {
                Some(inside) if go_path::ext(name) != ".prov" => self.subchart_file(inside, file),
                _ => self.files.push(file.clone()),
            },
        }
        Ok(())
    }

    fn read_lock(&mut self, file: &ChartFile) -> Result<(), HelmError> {
        let lock = file.with_bytes(|bytes| Lock::decode(bytes, self.compat))?;
        self.lock = Some(lock.map_err(|why| cannot_load(file, why))?);
        Ok(())
    }

    fn subchart_file(&mut self, inside: &str, file: &ChartFile) {
        let name = inside.split('/').next().unwrap_or(inside);
        let file = file.renamed(inside);
        // Files of one folder follow each other, but a link may be sorted in between.
        match self.subcharts.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, files)) => files.push(file),
            None => self.subcharts.push((name.to_owned(), vec![file])),
        }
    }

    fn is_v1(&self) -> bool {
        self.metadata.as_ref().is_some_and(|metadata| metadata.api_version == "v1")
    }

    fn keep_for_v1(&mut self, file: &ChartFile) {
        if self.is_v1() {
            self.files.push(file.clone());
        }
    }

    fn warning(&self, (place, message): (&str, &str)) -> String {
        go_log(self.compat, place, message)
    }
}

const REQUIREMENTS: (&str, &str) = (
    "load.go:120",
    "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". \
     We recommend migrating dependencies to Chart.yaml.",
);

const LOCKING: (&str, &str) = (
    "load.go:138",
    "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". \
     We recommend migrating to Chart.lock.",
);

/// How many packed subcharts are worth a thread.
const ARCHIVES_WORTH_A_THREAD: usize = 2;

fn load_subcharts(
    subcharts: &[Subchart],
    parent: &str,
    compat: Compat,
    log: Log<'_>,
) -> Result<Vec<Arc<Chart>>, HelmError> {
    let archives = subcharts.iter().filter(|(name, _)| is_archive(name)).count();
    if archives < 2 * ARCHIVES_WORTH_A_THREAD {
        let load = |(name, files): &Subchart| load_subchart(name, files, parent, compat, &mut *log);
        return subcharts.iter().map(load).filter_map(Result::transpose).collect();
    }
    let load = |(): &mut (), (name, files): &Subchart| {
        let mut lines = Vec::new();
        let chart = load_subchart(name, files, parent, compat, &mut |line| lines.push(line));
        (chart, lines)
    };
    let mut loaded = Vec::new();
    for (chart, lines) in on_all_cores(subcharts, ARCHIVES_WORTH_A_THREAD, || (), load) {
        lines.into_iter().for_each(&mut *log);
        loaded.extend(chart?);
    }
    Ok(loaded)
}

fn is_archive(name: &str) -> bool {
    go_path::ext(name) == ".tgz"
}

/// Loads what lies under one name in `charts/`; `None` for names that Helm passes over.
fn load_subchart(
    name: &str,
    files: &[ChartFile],
    parent: &str,
    compat: Compat,
    log: Log<'_>,
) -> Result<Option<Arc<Chart>>, HelmError> {
    if name.starts_with(['_', '.']) {
        return Ok(None);
    }
    let chart = if is_archive(name) {
        let file = &files[0];
        if &*file.name != name {
            let message = format!(
                "error unpacking subchart tar in {parent}: expected {name}, got {}",
                file.name
            );
            return Err(message.into());
        }
        file.bytes().and_then(|bytes| {
            let files = archive::read_files(&bytes, compat)?;
            load_files(files, compat, log)
        })
    } else {
        let inside = files.iter().filter_map(|file| {
            let (_, inside) = file.name.split_once('/')?;
            Some(file.renamed(inside))
        });
        load_files(inside.collect(), compat, log)
    };
    let prefix = format!("error unpacking subchart {name} in {parent}");
    chart.map(Some).map_err(|error| error.wrap(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "{name: c, version: 1.0.0, apiVersion: v2}";
    const SUB: &str = "{name: s, version: 1.0.0}";

    fn load(files: &[(&str, &str)]) -> Result<(Arc<Chart>, Vec<String>), String> {
        let files = files.iter().map(|(name, text)| ChartFile::new(*name, text.as_bytes()));
        let mut lines = Vec::new();
        let options = LoadOptions::default();
        let chart = from_files(files.collect(), &options, &mut |line| lines.push(line));
        chart.map(|chart| (chart, lines)).map_err(|error| error.message)
    }

    fn check_error(files: &[(&str, &str)], expected: &str) {
        assert_eq!(load(files).map(|_| ()).unwrap_err(), expected);
    }

    #[test]
    fn files_are_sorted_into_what_they_are() {
        let (chart, lines) = load(&[
            ("Chart.yaml", CHART),
            ("charts/s/Chart.yaml", SUB),
            ("charts/s/templates/x.yaml", ""),
            ("charts/_off/Chart.yaml", SUB),
            ("charts/s.prov", ""),
            ("crds/a.YAML", ""),
            ("crds/b.txt", ""),
            ("templates/a.yaml", ""),
            ("values.yaml", "{a: 1}"),
        ])
        .unwrap();
        let names = |files: &[ChartFile]| {
            files.iter().map(|file| file.name.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(&chart.templates), "templates/a.yaml");
        assert_eq!(names(&chart.files), "charts/s.prov crds/a.YAML crds/b.txt");
        assert_eq!(chart.crds().map(|file| &*file.name).collect::<Vec<_>>(), ["crds/a.YAML"]);
        assert_eq!(chart.dependencies.len(), 1);
        assert_eq!(names(&chart.dependencies[0].templates), "templates/x.yaml");
        assert_eq!(chart.dependencies[0].metadata.api_version, "v1");
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn requirements_are_added_to_the_metadata() {
        let requirements = ("requirements.yaml", "{dependencies: [{name: s}]}");
        let (chart, lines) = load(&[("Chart.yaml", CHART), requirements]).unwrap();
        assert_eq!(chart.metadata.dependencies.as_ref().map(Vec::len), Some(1));
        assert!(chart.files.is_empty() && lines.len() == 1, "{lines:?}");
        let (chart, lines) = load(&[("Chart.yaml", SUB), requirements]).unwrap();
        assert!(chart.files.len() == 1 && lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn what_cannot_be_loaded_is_told_as_helm_does() {
        check_error(&[], "Chart.yaml file is missing");
        check_error(
            &[("Chart.yaml", CHART), ("charts/README.md", "")],
            "error unpacking subchart README.md in c: Chart.yaml file is missing",
        );
        check_error(
            &[("Chart.yaml", CHART), ("charts/x.tgz/y", "")],
            "error unpacking subchart tar in c: expected x.tgz, got x.tgz/y",
        );
        check_error(
            &[("Chart.yaml", CHART), ("charts/x.tgz", "no archive at all")],
            "error unpacking subchart x.tgz in c: gzip: invalid header",
        );
        check_error(
            &[("Chart.yaml", CHART), ("values.yaml", "[1]")],
            "cannot load values.yaml: cannot unmarshal yaml document: error unmarshaling JSON: \
             while decoding JSON: json: cannot unmarshal array into Go value of type \
             map[string]interface {}",
        );
    }
}
