//! The steps of `helm template` between a loaded chart and its documents.

use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Host, Limits, Map, Trace};

use super::documents::{shared, sort_documents};
use super::{Crd, Rendered, RenderedText, check_release_name};
use crate::chart::Chart;
use crate::native::render_native;
use crate::render::{Capabilities, Kept, KubeVersion, Release, RenderOptions, render_each};
use crate::values::{self, Origins, ValuesOptions};
use crate::{HelmCause, HelmError, Level, slog};

/// What `template` is told beside the chart and the values.
#[derive(Clone, Debug)]
pub struct TemplateOptions {
    /// Which Helm is spoken.
    pub compat: Compat,
    /// The release's name.
    pub name: String,
    /// The release's namespace.
    pub namespace: String,
    /// Whether `.Release.IsUpgrade` is set instead of `.Release.IsInstall`.
    pub is_upgrade: bool,
    /// `--kube-version`
    pub kube_version: Option<KubeVersion>,
    /// `--api-versions`
    pub api_versions: Vec<String>,
    /// The keys of `--labels`.
    pub labels: Vec<String>,
    /// `--skip-schema-validation`
    pub skip_schema_validation: bool,
    /// Whether the files of `crds/` are read.
    pub include_crds: bool,
    /// Whether the lines of `--debug` are logged.
    pub debug: bool,
    /// Whether it goes on after an error, as far as that can be, to find the others; Helm stops.
    pub every_error: bool,
    /// Whether the native templates of charts that opted in are rendered, which Helm never does.
    pub native: bool,
    /// How much templates may do.
    pub limits: Limits,
    /// How values are checked against a schema in place of [`crate::schema::validate`], which
    /// fetches nothing.
    pub validate: Option<fn(&[u8], &Map) -> Result<(), String>>,
}

impl TemplateOptions {
    /// Helm's own choices where no flag is given.
    pub fn new(compat: Compat) -> TemplateOptions {
        TemplateOptions {
            compat,
            name: "release-name".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            kube_version: None,
            api_versions: Vec::new(),
            labels: Vec::new(),
            skip_schema_validation: false,
            include_crds: false,
            debug: false,
            every_error: false,
            native: false,
            limits: Limits::default(),
            validate: None,
        }
    }

    /// What templates see of them.
    pub fn render_options(&self) -> RenderOptions {
        let kube_version = self.kube_version.clone();
        RenderOptions {
            compat: self.compat,
            release: Release {
                name: self.name.clone(),
                namespace: self.namespace.clone(),
                revision: 1,
                is_install: !self.is_upgrade,
                is_upgrade: self.is_upgrade,
            },
            capabilities: Capabilities {
                kube_version: kube_version.unwrap_or_else(|| KubeVersion::default_of(self.compat)),
                api_versions: self.api_versions.clone(),
            },
            limits: self.limits,
        }
    }
}

/// Why there are no documents.
#[derive(Clone, Debug)]
pub struct TemplateError {
    /// Helm's text.
    pub error: HelmError,
    /// What was rendered before it failed, where Helm had a release by then: it then adds a hint
    /// about `--debug`, which prints these texts.
    pub release: Option<Vec<RenderedText>>,
    /// The other errors, where all were asked for, in the order in which Helm would come to them.
    pub others: Vec<HelmError>,
}

impl From<HelmError> for TemplateError {
    fn from(error: HelmError) -> TemplateError {
        TemplateError { error, release: None, others: Vec::new() }
    }
}

/// Renders a chart with the user's values. With a trace the texts are marked; its origins must
/// start behind those of `origins`. Wants a large stack: call it within [`super::on_large_stack`].
pub fn template(
    chart: &Arc<Chart>,
    user: &Map,
    options: &TemplateOptions,
    origins: &mut Origins,
    host: &mut dyn Host,
    trace: Option<&mut Trace>,
) -> Result<Rendered, TemplateError> {
    template_again(&Kept::new(options.compat), chart, user, options, origins, host, trace)
}

/// The same for one of many releases of a chart, which share what is `kept`.
pub fn template_again(
    kept: &Kept,
    chart: &Arc<Chart>,
    user: &Map,
    options: &TemplateOptions,
    origins: &mut Origins,
    host: &mut dyn Host,
    trace: Option<&mut Trace>,
) -> Result<Rendered, TemplateError> {
    let compat = options.compat;
    let mut errors = Errors { every: options.every_error, found: Vec::new() };
    values::check_api_version(chart, compat)?;
    let checked = check_release_name(&options.name, compat, &mut |line| host.log(line));
    checked.or_else(|error| errors.take(error))?;
    let tree =
        values::process_dependencies(chart, user, compat, origins, &mut |line| host.log(line));
    let tree = tree.map_err(|error| dependencies_failed(error, compat, host))?;
    let crds = if options.include_crds { read_crds(&tree.crds())? } else { Vec::new() };
    let root = root(kept, &tree, user, options, origins, host, &mut errors)?;
    if options.debug && compat == Compat::Helm4 && !options.skip_schema_validation {
        log_dependencies(&root, host);
    }
    check_labels(&options.labels).or_else(|error| errors.take(error))?;

    let failed =
        |error, files| TemplateError { release: Some(files), ..TemplateError::from(error) };
    let render_options = options.render_options();
    let kube_version = &render_options.capabilities.kube_version;
    check_kube_version(&root.metadata.kube_version, kube_version)
        .or_else(|error| errors.take(error))
        .map_err(|error| failed(error, Vec::new()))?;
    let files =
        render_each(kept, &root, &render_options, host, trace, &mut |error| errors.take(error))
            .map_err(|error| failed(error, Vec::new()))?;
    let mut files: Vec<RenderedText> = files.iter().map(shared).collect();
    if options.native {
        let native =
            render_native(kept, &root, &render_options, host, &mut |error| errors.take(error))
                .map_err(|error| failed(error, Vec::new()))?;
        files.extend(native.iter().map(shared));
        files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    let (notes, documents): (Vec<_>, Vec<_>) =
        files.iter().cloned().partition(|file| file.path.ends_with("NOTES.txt"));
    let mut log = |line| host.log(line);
    let sorted = sort_documents(&documents, compat, &mut log, &mut |error| errors.take(error));
    let (manifests, hooks) = sorted.map_err(|error| failed(error, documents.clone()))?;
    let notes = root_notes(&notes, &root.full_path);
    errors.end(Rendered { crds, manifests, hooks, notes, files }, documents)
}

/// The charts with the values that their templates see.
fn root(
    kept: &Kept,
    tree: &values::ChartTree,
    user: &Map,
    options: &TemplateOptions,
    origins: &mut Origins,
    host: &mut dyn Host,
    errors: &mut Errors,
) -> Result<values::ChartInstance, HelmError> {
    let validate = |schema: &Arc<[u8]>, values: &Map| match options.validate {
        Some(validate) => validate(schema, values),
        None => kept.validate(schema, values),
    };
    let values_options = ValuesOptions {
        compat: options.compat,
        skip_schema: options.skip_schema_validation,
        validate: Some(&validate),
    };
    let root = tree.render_values(user, &values_options, origins, &mut |line| host.log(line));
    let error = match root {
        Err(error) if matches!(error.cause, HelmCause::Schema(_)) => error,
        other => return other,
    };
    errors.take(error)?;
    let unchecked = ValuesOptions { skip_schema: true, ..values_options };
    tree.render_values(user, &unchecked, origins, &mut |_| {})
}

/// The errors of a run that goes on after the first.
struct Errors {
    every: bool,
    found: Vec<HelmError>,
}

impl Errors {
    /// Keeps an error for later, or ends the run with it.
    fn take(&mut self, error: HelmError) -> Result<(), HelmError> {
        if !self.every {
            return Err(error);
        }
        self.found.push(error);
        Ok(())
    }

    fn end(
        self,
        rendered: Rendered,
        documents: Vec<RenderedText>,
    ) -> Result<Rendered, TemplateError> {
        let mut found = self.found.into_iter();
        match found.next() {
            None => Ok(rendered),
            Some(error) => {
                Err(TemplateError { error, release: Some(documents), others: found.collect() })
            }
        }
    }
}

fn dependencies_failed(error: HelmError, compat: Compat, host: &mut dyn Host) -> HelmError {
    if compat == Compat::Helm3 {
        return error;
    }
    let failed = "chart dependencies processing failed";
    host.log(slog(Level::Error, failed, &[("error", &error.message)]));
    error.wrap(failed)
}

fn read_crds(crds: &[values::Crd]) -> Result<Vec<Crd>, HelmError> {
    let read =
        |crd: &values::Crd| Ok(Crd { path: crd.file_name.clone(), bytes: crd.file.bytes()? });
    crds.iter().map(read).collect()
}

/// helm: driver/labels.go.
fn check_labels(labels: &[String]) -> Result<(), HelmError> {
    const SYSTEM: [&str; 6] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];
    if !labels.iter().any(|label| SYSTEM.contains(&label.as_str())) {
        return Ok(());
    }
    Err(HelmError::new(format!(
        "user supplied labels contains system reserved label name. System labels: [{}]",
        SYSTEM.join(" ")
    )))
}

/// helm: compatible.go IsCompatibleRange takes a constraint that cannot be read for one that does
/// not hold.
fn check_kube_version(constraint: &str, version: &KubeVersion) -> Result<(), HelmError> {
    if constraint.is_empty() || crate::chart::is_compatible_range(constraint, &version.normalized) {
        return Ok(());
    }
    Err(HelmError::new(format!(
        "chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {}",
        version.version
    )))
}

/// helm 4: jsonschema.go says this of each chart whose schema it looks at.
fn log_dependencies(instance: &values::ChartInstance, host: &mut dyn Host) {
    let (name, count) = (&instance.name, instance.children.len());
    host.log(format!(
        "level=DEBUG msg=\"number of dependencies in the chart\" chart={name} dependencies={count}"
    ));
    for child in &instance.children {
        log_dependencies(child, host);
    }
}

fn root_notes(notes: &[RenderedText], root: &str) -> String {
    let path = format!("{root}/templates/NOTES.txt");
    let found = notes.iter().find(|file| *file.path == path);
    found.map_or_else(String::new, |file| String::from_utf8_lossy(&file.bytes).into_owned())
}
