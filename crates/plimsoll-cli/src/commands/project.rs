//! What a command line means in its project: which chart, which layers of values, which name.

use std::path::{Path, PathBuf};

use plimsoll::environment::{self, Config, Declared, Disk, EnvironmentError, FILE_NAME};
use plimsoll::gotmpl::Compat;
use plimsoll::lint::Profile;
use plimsoll::source::{FileId, Files, Label};
use plimsoll::universal_chart;

use super::refusal::{Refused, plain};
use crate::helm::pflag::Parsed;
use crate::helm::template::{self, Source, Target};
use crate::io::Io;

/// A project's configuration, if it has one.
#[derive(Debug, Default)]
pub(crate) struct Project {
    pub(crate) config: Config,
    /// Its folder, empty for the working directory.
    folder: PathBuf,
}

impl Project {
    /// Reads the configuration that is found upward to the repository's root.
    pub(crate) fn find() -> Result<Project, Refused> {
        let Some((folder, bytes)) = nearest_config() else { return Ok(Project::default()) };
        match Config::read(&bytes, FileId(0)) {
            Ok(config) => Ok(Project { config, folder }),
            Err(error) => {
                let mut files = Files::new();
                files.add(shown(&folder.join(FILE_NAME)), bytes);
                let mut diagnostic = plain("config", error.message);
                let text = "this is not understood".to_owned();
                diagnostic.labels.extend(error.span.map(|span| Label { span, text }));
                Err(Refused::new(vec![diagnostic], files))
            }
        }
    }

    /// A path of the configuration as the working directory sees it.
    fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The files that the configuration's globs of services match.
    pub(crate) fn services(&self) -> Result<Vec<PathBuf>, String> {
        let mut found = Vec::new();
        for pattern in &self.config.services {
            found.extend(matches(&self.path(pattern).to_string_lossy())?);
        }
        if found.is_empty() {
            return Err(format!("`services` of {FILE_NAME} match no file"));
        }
        Ok(found)
    }

    /// The files and folders with definitions of custom resources.
    pub(crate) fn schemas(&self) -> Vec<String> {
        self.config.schemas.iter().map(|path| shown(&self.path(path))).collect()
    }

    /// The chart that a command line names: its argument, else the one of the configuration, else
    /// the working directory, else the universal chart. Standard error says which was chosen.
    pub(crate) fn chart(&self, parsed: &Parsed, io: &mut Io) -> Result<Chosen, String> {
        if let [first, rest @ ..] = parsed.args.as_slice() {
            if !rest.is_empty() {
                return Ok(Chosen::Path(rest[0].clone()));
            }
            if is_chart(first) {
                return Ok(Chosen::Path(first.clone()));
            }
            if first.contains(['/', '\\']) {
                return Err(format!("`{first}` is no chart: there is no Chart.yaml in it"));
            }
        }
        let mut charts = Vec::new();
        for pattern in &self.config.charts {
            let pattern = self.path(pattern);
            charts.extend(matches(&pattern.to_string_lossy())?);
        }
        charts.retain(|chart| is_chart(&shown(chart)));
        if let [chart] = charts.as_slice() {
            let chart = shown(chart);
            io.error(&format!("plimsoll: the chart is {chart}, from {FILE_NAME}\n"));
            return Ok(Chosen::Path(chart));
        }
        if is_chart(".") {
            io.error("plimsoll: the chart is the working directory\n");
            return Ok(Chosen::Path(".".to_owned()));
        }
        Ok(Chosen::Universal)
    }

    /// Lays an environment's files and settings where `--env` stands among the flags, so that what
    /// comes later on the command line wins over it. The result is a plain command line of Helm's.
    pub(crate) fn expand(&self, parsed: Parsed, chart: &Chosen) -> Result<Expanded, String> {
        let name = parsed.text("env").map(str::to_owned);
        let layers = match &name {
            Some(name) => self.layers(name, &parsed, chart)?,
            None => Layers { files: implied_base(&parsed, chart), ..Layers::default() },
        };
        let files: Vec<String> = layers.files.iter().map(|file| shown(file)).collect();
        let given = parsed.strings("values");
        let identities: Vec<PathBuf> = layers.files.iter().map(|file| identity(file)).collect();
        let mut flags: Vec<(&'static str, String)> = Vec::new();
        let mut laid = name.is_none() && given.is_empty();
        if laid {
            flags.extend(files.iter().map(|file| ("values", csv(file))));
        }
        for (flag, value) in parsed.given() {
            match *flag {
                "env" if laid => {}
                "env" => {
                    flags.extend(files.iter().map(|file| ("values", csv(file))));
                    laid = true;
                }
                // A file that the environment lays down itself is not laid down twice.
                "values" if identities.contains(&identity(Path::new(value))) => {}
                _ => flags.push((flag, value.clone())),
            }
        }
        let declared = layers.declared.cloned().unwrap_or_default();
        for (flag, value) in
            [("namespace", &declared.namespace), ("kube-version", &declared.kube_version)]
        {
            if let Some(value) = value.as_ref().filter(|_| !parsed.is_set(flag)) {
                flags.push((flag, value.clone()));
            }
        }
        flags.extend(declared.api_versions.iter().map(|one| ("api-versions", csv(one))));
        // `render CHART -f FILE` is Helm's own way to say it, and gets Helm's default name.
        let as_helm =
            name.is_none() && matches!(chart, Chosen::Path(path) if parsed.args.contains(path));
        let beside = || given.last().map(|file| parent(Path::new(file)));
        Ok(Expanded {
            folder: layers.folder.or_else(beside).filter(|_| !as_helm),
            release: declared.release,
            profile: declared.profile,
            schemas: self.schemas(),
            parsed: parsed.with_given(flags),
        })
    }

    fn layers(&self, name: &str, parsed: &Parsed, chart: &Chosen) -> Result<Layers<'_>, String> {
        let declared = self.config.environment(name);
        if let Some(declared) = declared.filter(|declared| !declared.values.is_empty()) {
            let files: Vec<PathBuf> = declared.values.iter().map(|file| self.path(file)).collect();
            if let Some(missing) = files.iter().find(|file| !file.is_file()) {
                let missing = missing.display();
                return Err(format!(
                    "the environment `{name}` names {missing}, which is no file (paths start at the \
                     folder of {FILE_NAME})"
                ));
            }
            return Ok(Layers { files, folder: None, declared: Some(declared) });
        }
        let folders = Self::folders(parsed, chart);
        match environment::find(name, &folders, &RealDisk) {
            Ok(found) => {
                let folder = found.base.as_deref().map(parent);
                let own = chart.values_file().map(|file| identity(&file));
                let base = found.base.filter(|base| Some(identity(base)) != own);
                let files = base.into_iter().chain([found.file]).collect();
                Ok(Layers { files, folder, declared })
            }
            Err(EnvironmentError::Unknown { .. }) if declared.is_some() => {
                Ok(Layers { files: Vec::new(), folder: None, declared })
            }
            Err(EnvironmentError::Unknown { name, .. }) => {
                let known = self.environments(parsed, chart);
                Err(EnvironmentError::Unknown { name, known }.to_string())
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Every environment there is, declared or found.
    pub(crate) fn environments(&self, parsed: &Parsed, chart: &Chosen) -> Vec<String> {
        let mut known = environment::names(&Self::folders(parsed, chart), &RealDisk);
        known.extend(self.config.environments.iter().map(|one| one.name.clone()));
        known.into_iter().collect()
    }

    /// Where environments are looked for: here, in the chart, beside it, and beside `-f` files.
    fn folders(parsed: &Parsed, chart: &Chosen) -> Vec<PathBuf> {
        let mut folders = vec![PathBuf::from(".")];
        if let Chosen::Path(chart) = chart {
            let chart = Path::new(chart);
            if chart.is_dir() {
                folders.push(chart.to_owned());
            }
            folders.push(beside(chart));
        }
        folders.extend(parsed.strings("values").iter().map(|file| parent(Path::new(file))));
        folders
    }
}

/// Whether an argument names a chart: a folder with a Chart.yaml, an archive, an address.
pub(crate) fn is_chart(argument: &str) -> bool {
    let path = Path::new(argument);
    path.join("Chart.yaml").is_file()
        || (path.extension().is_some_and(|extension| extension == "tgz") && path.is_file())
        || argument.contains("://")
}

/// The layers of an environment.
#[derive(Default)]
struct Layers<'a> {
    files: Vec<PathBuf>,
    /// The folder of the service whose environment it is.
    folder: Option<PathBuf>,
    declared: Option<&'a Declared>,
}

/// A chart that was chosen for a command line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Chosen {
    Path(String),
    Universal,
}

impl Chosen {
    fn values_file(&self) -> Option<PathBuf> {
        match self {
            Chosen::Path(path) => Some(Path::new(path).join("values.yaml")),
            Chosen::Universal => None,
        }
    }

    /// The file of a template as the user would open it: Helm writes the chart's name where its
    /// folder is. Where there is no such file (an archive, an alias) Helm's name stands.
    pub(crate) fn template_file(&self, source: &str) -> String {
        let Chosen::Path(chart) = self else { return source.to_owned() };
        let rest = source.split_once('/').map_or(source, |(_, rest)| rest);
        let folder = chart.trim_end_matches('/');
        let path = if folder == "." { rest.to_owned() } else { format!("{folder}/{rest}") };
        if Path::new(&path).is_file() { path } else { source.to_owned() }
    }
}

/// A command line of Helm's alone.
pub(crate) struct Expanded {
    pub(crate) parsed: Parsed,
    /// The folder of the service, which gives the release its name.
    folder: Option<PathBuf>,
    /// The name that the configuration gives.
    release: Option<String>,
    /// The rules that linting asks in its environment.
    pub(crate) profile: Option<Profile>,
    /// Files and folders of definitions of custom resources.
    pub(crate) schemas: Vec<String>,
}

impl Expanded {
    /// The release's name and its chart: the argument, else `--name-template`, else what the
    /// configuration says, else the folder of the values.
    pub(crate) fn target(
        &self,
        chart: &Chosen,
        compat: Compat,
        io: &mut Io,
    ) -> Result<Target, String> {
        let parsed = &self.parsed;
        if let (Chosen::Path(_), [_, _, ..]) = (chart, parsed.args.as_slice()) {
            return template::name_and_chart(parsed, compat, io);
        }
        let argument = match (chart, parsed.args.as_slice()) {
            (Chosen::Path(path), [first]) if path == first => None,
            (_, args) => args.first().cloned(),
        };
        let name = match argument {
            Some(name) => Some(name),
            None => template::generated_name(parsed, compat, io)?.or_else(|| self.release.clone()),
        };
        let name = name.or_else(|| self.folder.as_deref().and_then(folder_name));
        let name = name.unwrap_or_else(|| "release-name".to_owned());
        let chart = match chart {
            Chosen::Path(path) => Source::Named(path.clone()),
            Chosen::Universal => Source::Loaded(universal_chart(compat)),
        };
        Ok(Target { name, chart })
    }
}

/// With no chart and no layer at all, `values.yaml` of the working directory is the service.
fn implied_base(parsed: &Parsed, chart: &Chosen) -> Vec<PathBuf> {
    let base = PathBuf::from("values.yaml");
    let implied = *chart == Chosen::Universal && parsed.strings("values").is_empty();
    if implied && base.is_file() { vec![base] } else { Vec::new() }
}

/// The name of a folder where it can name a release.
fn folder_name(folder: &Path) -> Option<String> {
    let folder = if folder == Path::new(".") || folder == Path::new("") {
        working_directory()?
    } else {
        folder.to_owned()
    };
    let name = folder.file_name()?.to_str()?;
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let ends = name.starts_with('-') || name.ends_with('-');
    (name.len() <= 53 && name.bytes().all(fits) && !ends).then(|| name.to_owned())
}

/// The files that a glob matches, in order.
pub(crate) fn matches(pattern: &str) -> Result<Vec<PathBuf>, String> {
    let found = glob::glob(pattern).map_err(|error| format!("`{pattern}` is no glob: {error}"))?;
    Ok(found.filter_map(Result::ok).collect())
}

/// A value for a flag that splits at commas.
fn csv(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A path as it is shown: with `/`, and without a leading `./`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace('\\', "/").into() };
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The folder that a chart lies in.
fn beside(chart: &Path) -> PathBuf {
    if chart.file_name().is_some() { parent(chart) } else { chart.join("..") }
}

struct RealDisk;

impl Disk for RealDisk {
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn identity(&self, path: &Path) -> PathBuf {
        identity(path)
    }
}

fn identity(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn working_directory() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

/// The configuration's folder, as the working directory sees it, and its text.
fn nearest_config() -> Option<(PathBuf, Vec<u8>)> {
    let here = working_directory()?;
    let mut shown = PathBuf::new();
    for folder in here.ancestors() {
        if let Ok(bytes) = std::fs::read(folder.join(FILE_NAME)) {
            return Some((shown, bytes));
        }
        if folder.join(".git").exists() {
            return None;
        }
        shown.push("..");
    }
    None
}
