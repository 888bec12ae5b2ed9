//! `helm template`

use std::path::PathBuf;
use std::sync::Arc;

use plimsoll::Tracing;
use plimsoll::gotmpl::{Compat, Host, Limits, Map};
use plimsoll::helm::chart::{self, Chart, LoadOptions};
use plimsoll::helm::release::{
    PrintOptions, Rendered, RenderedText, TemplateError, TemplateOptions, on_large_stack, print,
    template_again,
};
use plimsoll::helm::render::{Kept, KubeVersion, functions};
use plimsoll::helm::values::{self, Origins, ValueFlags};
use plimsoll::helm::{HelmCause, HelmError};

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::host::CommandHost;
use super::outside::Disk;
use super::pflag::{self, Parsed};
pub(crate) use super::settings::is_debug;
use super::{debug, flags, kubeconfig, locate, program, remote};
use crate::fetch::{Task, dependencies, validate_online};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "template",
    usage: "[NAME] [CHART]",
    help: "render a chart's templates",
    about: "Render a chart's templates and print the manifests, without a cluster.\n\n\
            What a cluster would be asked for is made up: `lookup` finds nothing, and the API\n\
            versions are Helm's own list and those of --api-versions.",
    flags: flags::TEMPLATE,
    args: Args::AtLeast(1),
    run: Some(run),
    ..BASE
};

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let Call { parsed, compat, .. } = call;
    let mut out = Vec::new();
    let result = on_large_stack(|| {
        let done = template(parsed, *compat, &name_and_chart, Beyond::default(), io, &mut out);
        done.map(drop).map_err(|failed| with_hint(failed, is_debug(parsed, io), &mut out))
    });
    io.print(&out);
    result
}

/// Why there is nothing to print, and what was known by then.
#[derive(Default)]
pub(crate) struct Failed {
    /// Helm's error first, then the others, if they were asked for.
    pub(crate) errors: Vec<HelmError>,
    /// The chart, once it was loaded.
    pub(crate) chart: Option<Arc<Chart>>,
    /// The user's values, once they were read.
    pub(crate) user: Option<Map>,
    /// What was rendered, where Helm had a release by then.
    pub(crate) rendered: Option<Vec<RenderedText>>,
}

impl From<String> for Failed {
    fn from(message: String) -> Failed {
        HelmError::new(message).into()
    }
}

impl From<HelmError> for Failed {
    fn from(error: HelmError) -> Failed {
        Failed { errors: vec![error], ..Failed::default() }
    }
}

/// What is done beyond what Helm does.
#[derive(Default)]
pub(crate) struct Beyond<'a> {
    /// Notes where everything comes from.
    pub(crate) tracing: Option<&'a mut Tracing>,
    /// Renders the native templates of charts that have them.
    pub(crate) native: bool,
    /// Goes on after an error, to find the others.
    pub(crate) every_error: bool,
    /// Shares what the releases of a chart have in common.
    pub(crate) kept: Option<&'a Kept>,
}

/// What is rendered.
pub(crate) struct Target {
    /// The release's name.
    pub(crate) name: String,
    pub(crate) chart: Source,
}

/// Where a chart comes from.
pub(crate) enum Source {
    /// As Helm finds it: a path, or something to fetch.
    Named(String),
    /// It is at hand.
    Loaded(Arc<Chart>),
}

/// How a command understands its arguments.
pub(crate) type Names<'a> = &'a dyn Fn(&Parsed, Compat, &mut Io) -> Result<Target, String>;

/// Everything between the flags and the bytes, in Helm's order of checks.
pub(crate) fn template(
    parsed: &Parsed,
    compat: Compat,
    names: Names<'_>,
    beyond: Beyond<'_>,
    io: &mut Io,
    out: &mut Vec<u8>,
) -> Result<Rendered, Failed> {
    let Beyond { tracing, native, every_error, kept } = beyond;
    check_groups(parsed, compat)?;
    let kube_version = kube_version(parsed, compat)?;
    remote::check_registry(parsed, compat)?;
    check_dry_run(parsed, compat, io)?;
    debug::template_version(parsed, compat, io);
    let mut off = Origins::off();
    let (origins, trace) = match tracing.map(Tracing::parts) {
        Some((origins, trace)) => (origins, Some(trace)),
        None => (&mut off, None),
    };
    let inputs = inputs(parsed, compat, names, origins, every_error, io)?;
    let Inputs { name, mut chart, path, user, mut disk } = inputs;
    let mut before = None;
    let done = check_chart(&mut chart, path, parsed, compat, io)
        .or_else(|error| match &error.cause {
            HelmCause::MissingDependencies { .. } if every_error => {
                before = Some(error);
                Ok(())
            }
            _ => Err(error),
        })
        .map_err(TemplateError::from)
        .and_then(|()| {
            let options = template_options(parsed, compat, name.clone(), kube_version, io);
            let options = TemplateOptions { every_error, native, ..options };
            let host = CommandHost::new(io, compat, parsed.bool("enable-dns"));
            let mut host = host.fixed_by(parsed);
            let own = kept.is_none().then(|| Kept::new(compat));
            let kept = kept.or(own.as_ref()).expect("where none is given there is one");
            let host = &mut host;
            let rendered = template_again(kept, &chart, &user, &options, origins, host, trace)?;
            if let Some(error) = before.take() {
                return Err(error.into());
            }
            let printed = print(&rendered, &print_options(parsed, compat, name), &mut disk, out);
            printed.map(|()| rendered).map_err(|error| {
                // Helm has a release by then, but no longer where it looks for --show-only.
                let is_late = error.message.starts_with("could not find template ");
                TemplateError { release: (!is_late).then(Vec::new), ..error.into() }
            })
        });
    done.map_err(|TemplateError { error, release, others }| Failed {
        errors: before.into_iter().chain([error]).chain(others).collect(),
        chart: Some(chart),
        user: Some(user),
        rendered: release,
    })
}

/// What a release is made of.
pub(crate) struct Inputs {
    pub(crate) name: String,
    pub(crate) chart: Arc<Chart>,
    /// Where the chart lies, if it does.
    path: Option<PathBuf>,
    /// The user's values, the chart's own not among them.
    pub(crate) user: Map,
    pub(super) disk: Disk,
}

/// Finds the chart, reads the values, loads the chart.
pub(crate) fn inputs(
    parsed: &Parsed,
    compat: Compat,
    names: Names<'_>,
    origins: &mut Origins,
    every_error: bool,
    io: &mut Io,
) -> Result<Inputs, Failed> {
    let Target { name, chart } = names(parsed, compat, io)?;
    let chart = located(chart, parsed, compat, io)?;
    let mut disk = Disk { post_renderer: post_renderer(parsed, compat) };
    let flags = value_flags(parsed);
    let user = values::merge_flags(&flags, &mut disk, compat, origins);
    let mut log = |line: String| io.error(&format!("{line}\n"));
    let user = match user {
        Err(error) if every_error => {
            let mut errors = wrong_values(error, &flags, &mut disk, compat);
            if let Located::At(path) = &chart {
                let loaded = chart::load(path, &LoadOptions { compat }, &mut log);
                let checked = loaded.and_then(|chart| values::check_dependencies(&chart, compat));
                errors.extend(checked.err());
            }
            return Err(Failed { errors, ..Failed::default() });
        }
        user => user?,
    };
    let (chart, path) = match chart {
        Located::At(path) => (chart::load(&path, &LoadOptions { compat }, &mut log)?, Some(path)),
        Located::Loaded(chart) => (chart, None),
    };
    Ok(Inputs { name, chart, path, user, disk })
}

/// The error of the user's values, and those of the files behind it.
fn wrong_values(
    error: HelmError,
    flags: &ValueFlags,
    disk: &mut Disk,
    compat: Compat,
) -> Vec<HelmError> {
    let mut errors = vec![error];
    for file in flags.files.iter().filter(|file| file.trim() != "-") {
        let alone = ValueFlags { files: vec![file.clone()], ..ValueFlags::default() };
        let read = values::merge_flags(&alone, disk, compat, &mut Origins::off());
        let known = |error: &HelmError| errors.iter().any(|one| one.message == error.message);
        errors.extend(read.err().filter(|error| !known(error)));
    }
    errors
}

/// The text that a release has on standard output, also where it was written to a folder.
pub(crate) fn as_text(rendered: &Rendered, parsed: &Parsed, compat: Compat) -> Vec<u8> {
    let options = PrintOptions {
        output_dir: None,
        show_only: Vec::new(),
        ..print_options(parsed, compat, String::new())
    };
    let mut out = Vec::new();
    let printed = print(rendered, &options, &mut Disk { post_renderer: None }, &mut out);
    printed.map_or_else(|_| Vec::new(), |()| out)
}

/// The options and the world of a run, for what is not printed as manifests.
pub(crate) fn run_options(
    parsed: &Parsed,
    compat: Compat,
    name: String,
    io: &mut Io,
) -> Result<TemplateOptions, String> {
    let kube_version = kube_version(parsed, compat)?;
    Ok(template_options(parsed, compat, name, kube_version, io))
}

/// The world that templates see.
pub(crate) fn host<'a>(parsed: &Parsed, compat: Compat, io: &'a mut Io) -> impl Host + 'a {
    CommandHost::new(io, compat, parsed.bool("enable-dns")).fixed_by(parsed)
}

enum Located {
    At(PathBuf),
    Loaded(Arc<Chart>),
}

fn located(chart: Source, parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<Located, String> {
    match chart {
        Source::Loaded(chart) => Ok(Located::Loaded(chart)),
        Source::Named(chart) => {
            let path = locate::locate(&chart, parsed, compat, io)?;
            debug::chart_path(&path.to_string_lossy(), parsed, compat, io);
            Ok(Located::At(path))
        }
    }
}

/// Whether the chart can be rendered; with `--dependency-update` what it misses is fetched first.
fn check_chart(
    chart: &mut Arc<Chart>,
    path: Option<PathBuf>,
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<(), HelmError> {
    values::check_installable(chart)?;
    if chart.metadata.deprecated {
        io.error(match compat {
            Compat::Helm3 => "WARNING: This chart is deprecated\n",
            Compat::Helm4 => "level=WARN msg=\"this chart is deprecated\"\n",
        });
    }
    if let Err(error) = values::check_dependencies(chart, compat) {
        let Some(path) = path.filter(|_| parsed.bool("dependency-update")) else {
            return Err(error);
        };
        dependencies(&path.to_string_lossy(), Task::Update, parsed, compat, io, false)?;
        let mut log = |line: String| io.error(&format!("{line}\n"));
        *chart = chart::load(&path, &LoadOptions { compat }, &mut log)
            .map_err(|error| error.wrap("failed reloading chart after repo update"))?;
    }
    if compat == Compat::Helm3 {
        check_dry_run_3(parsed)?;
    }
    Ok(())
}

/// Whether schemas may be fetched that a chart's own refers to: Helm always does, here
/// `PLIMSOLL_ALLOW_NETWORK` says so.
fn allows_network(io: &Io) -> bool {
    io.env("PLIMSOLL_ALLOW_NETWORK").and_then(|value| pflag::parse_bool(&value)).unwrap_or(false)
}

fn template_options(
    parsed: &Parsed,
    compat: Compat,
    name: String,
    kube_version: Option<KubeVersion>,
    io: &mut Io,
) -> TemplateOptions {
    TemplateOptions {
        name,
        namespace: kubeconfig::namespace(parsed, io),
        is_upgrade: parsed.bool("is-upgrade"),
        kube_version,
        api_versions: parsed.strings("api-versions"),
        labels: parsed.array("labels").iter().flat_map(|one| pflag::pair_keys(one)).collect(),
        skip_schema_validation: parsed.bool("skip-schema-validation"),
        include_crds: parsed.bool("include-crds"),
        debug: is_debug(parsed, io),
        limits: limits(parsed).unwrap_or_default(),
        validate: allows_network(io).then_some(validate_online),
        ..TemplateOptions::new(compat)
    }
}

/// What `--max-steps`, `--max-output` and `--max-depth` allow; Helm has no such limits.
pub(crate) fn limits(parsed: &Parsed) -> Result<Limits, String> {
    let most = Limits::default();
    let number = |flag: &str| parsed.text(flag).and_then(|text| text.parse::<u64>().ok());
    let depth = match number("max-depth").map(u32::try_from) {
        None => most.depth,
        // The stack is made for so much.
        Some(Ok(depth)) if depth <= most.depth => depth,
        Some(_) => return Err(format!("`--max-depth` is at most {}", most.depth)),
    };
    let bytes = number("max-output").map(|mib| mib.saturating_mul(1 << 20));
    let steps = number("max-steps").unwrap_or(most.steps);
    Ok(Limits { steps, bytes: bytes.unwrap_or(most.bytes), depth })
}

/// helm: template.go adds a hint where it has a release, and with `--debug` prints what there is.
fn with_hint(failed: Failed, debug: bool, out: &mut Vec<u8>) -> String {
    let message = failed.errors.into_iter().next().map(|error| error.message).unwrap_or_default();
    let Some(files) = failed.rendered else { return message };
    if !debug {
        return format!("{message}\n\nUse --debug flag to render out invalid YAML");
    }
    print_rendered(&files, out);
    message
}

/// What `--debug` prints of a release that failed.
pub(crate) fn print_rendered(files: &[RenderedText], out: &mut Vec<u8>) {
    for file in files.iter().filter(|file| !file.bytes.trim_ascii().is_empty()) {
        out.extend_from_slice(format!("---\n# Source: {}\n", file.path).as_bytes());
        out.extend_from_slice(&file.bytes);
        out.push(b'\n');
    }
    let trimmed = out.trim_ascii().to_vec();
    *out = trimmed;
    out.push(b'\n');
}

/// cobra's check of flags that exclude each other.
fn check_groups(parsed: &Parsed, compat: Compat) -> Result<(), String> {
    const GROUPS: [[&str; 2]; 3] = [
        ["force", "force-conflicts"],
        ["force-replace", "force-conflicts"],
        ["validate", "dry-run"],
    ];
    for [a, b] in GROUPS {
        if compat == Compat::Helm4 && parsed.is_set(a) && parsed.is_set(b) {
            let (first, second) = if a < b { (a, b) } else { (b, a) };
            return Err(format!(
                "if any flags in the group [{a} {b}] are set none of the others can be; \
                 [{first} {second}] were all set"
            ));
        }
    }
    Ok(())
}

pub(super) fn kube_version(parsed: &Parsed, compat: Compat) -> Result<Option<KubeVersion>, String> {
    let Some(text) = parsed.text("kube-version").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let version = KubeVersion::parse(text, compat);
    version.map(Some).map_err(|error| format!("invalid kube version '{text}': {error}"))
}

/// helm 4: helpers.go cmdGetDryRunFlagStrategy.
fn check_dry_run(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let validate = parsed.bool("validate");
    if compat == Compat::Helm3 {
        return if validate { Err(unreachable_cluster("Kubernetes")) } else { Ok(()) };
    }
    let value = parsed.text("dry-run").unwrap_or("client");
    let wrong = |known: &str| Err(format!("invalid dry-run value ({value:?}). Must be {known}"));
    match (value, pflag::parse_bool(value)) {
        ("client" | "server", _) => {}
        ("unset", _) => io.error(
            "level=WARN msg=\"--dry-run is deprecated and should be replaced with \
             '--dry-run=client'\"\n",
        ),
        ("none", _) | (_, Some(false)) => return wrong("\"server\" or \"client\""),
        (_, None) => return wrong("\"none\", \"server\", or \"client\""),
        (_, Some(true)) => io.error(
            "level=WARN msg=\"boolean '--dry-run=true' flag is deprecated and must be replaced \
             with '--dry-run=client'\"\n",
        ),
    }
    if value != "server" && !validate {
        return Ok(());
    }
    let error = format!("cluster reachability check failed: {}", unreachable_cluster("kubernetes"));
    io.error(&format!("level=ERROR msg={error:?}\n"));
    Err(error)
}

/// There is no client for clusters: the answer is the one for a cluster that is not there.
fn unreachable_cluster(kubernetes: &str) -> String {
    format!(
        "{kubernetes} cluster unreachable: Get \"http://localhost:8080/version\": dial tcp \
         127.0.0.1:8080: connect: connection refused"
    )
}

fn check_dry_run_3(parsed: &Parsed) -> Result<(), String> {
    match parsed.text("dry-run").unwrap_or("") {
        "" | "false" | "true" | "none" | "client" | "server" => Ok(()),
        _ => {
            Err("Invalid dry-run flag. Flag must one of the following: false, true, none, client, \
                  server"
                .to_owned())
        }
    }
}

/// helm: install.go NameAndChart.
pub(crate) fn name_and_chart(
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<Target, String> {
    let template = parsed.text("name-template").filter(|template| !template.is_empty());
    match parsed.args.as_slice() {
        [_, _, rest @ ..] if !rest.is_empty() => Err(format!(
            "expected at most two arguments, unexpected arguments: {}",
            rest.join(", ")
        )),
        [_, _] if parsed.bool("generate-name") => {
            Err("cannot set --generate-name and also specify a name".to_owned())
        }
        [_, _] if template.is_some() => {
            Err("cannot set --name-template and also specify a name".to_owned())
        }
        [name, chart] => Ok(Target { name: name.clone(), chart: Source::Named(chart.clone()) }),
        [chart, ..] => {
            let name = generated_name(parsed, compat, io)?;
            let name = name.unwrap_or_else(|| "release-name".to_owned());
            Ok(Target { name, chart: Source::Named(chart.clone()) })
        }
        [] => Err(String::new()),
    }
}

/// What `--name-template` gives.
pub(crate) fn generated_name(
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<Option<String>, String> {
    let template = parsed.text("name-template").filter(|template| !template.is_empty());
    let Some(template) = template else { return Ok(None) };
    let mut templates = plimsoll::gotmpl::Templates::new(functions(compat));
    let name = "name-template";
    templates.parse(name, template.as_bytes()).map_err(|error| error.to_string())?;
    let mut host = CommandHost::new(io, compat, true);
    let host: &mut dyn Host = &mut host;
    let text = templates.execute(name, plimsoll::gotmpl::Value::Nil, host);
    text.map(|text| Some(text.to_str_lossy().into_owned())).map_err(|error| error.to_string())
}

pub(crate) fn value_flags(parsed: &Parsed) -> ValueFlags {
    ValueFlags {
        files: parsed.strings("values"),
        set_json: parsed.array("set-json"),
        set: parsed.array("set"),
        set_string: parsed.array("set-string"),
        set_file: parsed.array("set-file"),
        set_literal: parsed.array("set-literal"),
    }
}

fn post_renderer(parsed: &Parsed, compat: Compat) -> Option<(String, Vec<String>)> {
    let program = parsed.text("post-renderer").filter(|name| !name.is_empty())?;
    let args = parsed.array("post-renderer-args");
    let path = || program::find(program).unwrap_or_else(|_| program.to_owned());
    (compat == Compat::Helm3).then(|| (path(), args))
}

/// The folder that files are written to.
pub(crate) fn folder(parsed: &Parsed) -> Option<&str> {
    parsed.text("output-dir").filter(|folder| !folder.is_empty())
}

fn print_options(parsed: &Parsed, compat: Compat, name: String) -> PrintOptions {
    PrintOptions {
        compat,
        no_hooks: parsed.bool("no-hooks"),
        skip_tests: parsed.bool("skip-tests"),
        show_only: parsed.array("show-only"),
        output_dir: folder(parsed).filter(|_| !parsed.bool("split")).map(str::to_owned),
        release_dir: parsed.bool("release-name").then_some(name),
    }
}
