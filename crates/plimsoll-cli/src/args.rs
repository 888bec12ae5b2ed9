//! The flags of the commands that are ours alone.

mod validate;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use plimsoll::environment::FailOn;
use plimsoll::lint::Profile;

pub(crate) use validate::{Validate, ValidateArgs, ValidateOutput};

const ABOUT: &str = "Renders Helm charts exactly as Helm does, and checks what comes out. \
                     No Helm, no cluster.";

/// The whole command line, for `--help`, `--version` and commands that do not exist. Commands that
/// speak Helm's flags are parsed elsewhere, before this is built.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, about = ABOUT, arg_required_else_help = true)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  plimsoll lint charts/shop -f values-prod.yaml
  plimsoll validate charts/shop -f values-prod.yaml
  plimsoll render charts/shop -f values-prod.yaml > shop.yaml
  plimsoll helm template shop charts/shop

`plimsoll COMMAND --help` tells more about a command.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What plimsoll does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a service's first values files
    #[command(disable_help_flag = true)]
    Init(Passed),
    /// Print the values that an environment comes to, and where each was written
    #[command(disable_help_flag = true)]
    Values(Passed),
    /// Print what a template text gives
    #[command(disable_help_flag = true)]
    Eval(Passed),
    /// Turn another tool's files into values
    #[command(disable_help_flag = true)]
    Import(Passed),
    /// Write out the built-in universal chart, or print its schema
    #[command(disable_help_flag = true)]
    Chart(Passed),
    /// Find what is unsafe or unreliable in a chart or in manifests
    #[command(disable_help_flag = true)]
    Lint(Passed),
    /// Print a chart's manifests; errors show the line and the values key
    #[command(disable_help_flag = true)]
    Render(Passed),
    /// Say what an API server would say of a chart's or other manifests
    #[command(disable_help_flag = true)]
    Validate(Passed),
    /// Speak as Helm does: its flags, its bytes, its errors, its exit status
    #[command(disable_help_flag = true)]
    Helm(Passed),
}

/// Arguments that somebody else reads.
#[derive(Debug, Args)]
pub(crate) struct Passed {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(crate) args: Vec<String>,
}

// By itself, so that nothing else is built for it.
/// Find what is unsafe or unreliable in a chart or in manifests.
#[derive(Debug, Parser)]
#[command(name = "plimsoll lint", bin_name = "plimsoll lint", version)]
#[command(after_help = AFTER_LINT)]
pub(crate) struct Lint {
    #[command(flatten)]
    pub(crate) args: LintArgs,
}

const AFTER_LINT: &str = "\
A chart is rendered in memory as `plimsoll render` would, with the same values; files and folders
are taken as manifests, and whatever stands together is looked at together.

Exit status: 0 no finding at or above --fail-on, 1 findings, 2 it could not be done.

Examples:
  plimsoll lint charts/shop -f values-prod.yaml
  plimsoll lint charts/shop -f values-prod.yaml --set replicas=1 --fail-on error
  plimsoll lint manifests/ -o json
  kubectl get deploy,svc -o yaml | plimsoll lint -";

/// What `plimsoll lint` is told.
#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    #[arg(help = "What to look at: a chart (folder or .tgz), manifests (file or folder),
- for standard input; without any, the chart that `plimsoll render` would choose")]
    #[arg(value_name = "CHART|FILE|FOLDER|-")]
    pub(crate) inputs: Vec<String>,

    /// How findings are written: text (default), json
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Output::Text)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) output: Output,

    #[arg(help = "The rules that are asked: pss-baseline, pss-restricted, all, default (unless
.plimsoll.yaml says another)")]
    #[arg(long, value_name = "NAME", value_parser = profiles(), hide_possible_values = true)]
    pub(crate) profile: Option<Profile>,

    /// The least severity that fails: error, warning (default), info, never
    #[arg(long, value_name = "SEVERITY", value_parser = thresholds(), hide_possible_values = true)]
    pub(crate) fail_on: Option<FailOn>,

    /// Colours: always, never, auto (default: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) values: ValuesArgs,

    #[command(flatten)]
    pub(crate) release: ReleaseArgs,
}

/// The values of a chart, with Helm's flags.
#[derive(Debug, Args)]
#[command(next_help_heading = "Values, as in `helm template`")]
pub(crate) struct ValuesArgs {
    /// A file of values, - for standard input (may be repeated; the last one wins)
    #[arg(short = 'f', long, value_name = "FILE")]
    values: Vec<String>,

    /// The environment whose values are laid over them: values-NAME.yaml and the like
    #[arg(short, long, value_name = "NAME")]
    pub(crate) env: Option<String>,

    /// Where `--env` stood among the files, which win over it when they come later.
    #[arg(skip)]
    files_before_env: Option<usize>,

    /// Values as key=value, with commas between (may be repeated)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Values as key=text that stay text (may be repeated)
    #[arg(long, value_name = "KEY=TEXT")]
    set_string: Vec<String>,

    /// Values as key=path: the text of the file (may be repeated)
    #[arg(long, value_name = "KEY=PATH")]
    set_file: Vec<String>,

    /// Values as key=json, or a JSON object (may be repeated)
    #[arg(long, value_name = "KEY=JSON")]
    set_json: Vec<String>,

    /// A value as key=text that is taken as it is (may be repeated)
    #[arg(long, value_name = "KEY=TEXT")]
    set_literal: Vec<String>,
}

/// The release that a chart is rendered for, with Helm's flags.
#[derive(Debug, Args)]
#[command(next_help_heading = "Release, as in `helm template`")]
pub(crate) struct ReleaseArgs {
    /// The release's name (default: the folder of the values, else release-name)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The release's namespace
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,

    /// The version of Kubernetes that templates and rules see
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,

    /// API versions that templates see beside Helm's own (may be repeated)
    #[arg(short, long, value_name = "VERSION")]
    api_versions: Vec<String>,

    /// Make random functions, keys and certificates repeat; they are no secrets then
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,

    /// Render an upgrade, not an installation
    #[arg(long)]
    is_upgrade: bool,

    /// Do not check values against values.schema.json
    #[arg(long)]
    skip_schema_validation: bool,

    /// Which Helm charts are rendered as: helm3, helm4 (default)
    #[arg(long, value_name = "HELM")]
    compat: Option<String>,

    #[command(flatten)]
    limits: LimitArgs,
}

/// How much a chart's templates may do, all together.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits, which Helm has not")]
#[expect(clippy::struct_field_names, reason = "the names are the flags'")]
pub(crate) struct LimitArgs {
    /// Nodes of templates that are run, and turns of `range` (default: 10000000)
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,

    /// MiB of text and lists that templates make (default: 128)
    #[arg(long, value_name = "MIB")]
    max_output: Option<u64>,

    /// How deep blocks, templates and includes are inside of each other (default: 110000)
    #[arg(long, value_name = "N")]
    max_depth: Option<u64>,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Json,
}

/// The profiles of rules by their names.
fn profiles() -> impl TypedValueParser<Value = Profile> {
    let names = PossibleValuesParser::new(Profile::NAMES.map(|(name, _)| name));
    names.try_map(|name| Profile::named(&name).ok_or("there is no such profile"))
}

/// What may fail a run, by its name.
fn thresholds() -> impl TypedValueParser<Value = FailOn> {
    let names = PossibleValuesParser::new(FailOn::NAMES);
    names.try_map(|name| FailOn::named(&name).ok_or("there is no such severity"))
}

/// When colours are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl LintArgs {
    /// The flags that only a chart can follow, as they were given.
    pub(crate) fn chart_flags(&self) -> Vec<&'static str> {
        let values = &self.values;
        let lists = [
            ("-f", &values.values),
            ("--set", &values.set),
            ("--set-string", &values.set_string),
            ("--set-file", &values.set_file),
            ("--set-json", &values.set_json),
            ("--set-literal", &values.set_literal),
        ];
        lists.into_iter().filter(|(_, given)| !given.is_empty()).map(|(flag, _)| flag).collect()
    }

    /// The command line of `plimsoll render` that renders a chart, else what the project chooses.
    pub(crate) fn render_args(&self, chart: Option<&str>) -> Vec<String> {
        render_line(&self.values, &self.release, chart)
    }
}

/// The command line of `plimsoll render` with these flags.
pub(crate) fn render_line(
    values: &ValuesArgs,
    release: &ReleaseArgs,
    chart: Option<&str>,
) -> Vec<String> {
    render_line_for(values, release, chart, release.kube_version.as_deref())
}

/// The same for a version of Kubernetes.
pub(crate) fn render_line_for(
    values: &ValuesArgs,
    release: &ReleaseArgs,
    chart: Option<&str>,
    version: Option<&str>,
) -> Vec<String> {
    let mut args = Vec::new();
    let mut push = |flag: &str, values: &mut dyn Iterator<Item = &String>| {
        args.extend(values.map(|value| format!("--{flag}={value}")));
    };
    let before = values.files_before_env.unwrap_or(values.values.len()).min(values.values.len());
    push("values", &mut values.values[..before].iter());
    push("env", &mut values.env.iter());
    push("values", &mut values.values[before..].iter());
    push("set", &mut values.set.iter());
    push("set-string", &mut values.set_string.iter());
    push("set-file", &mut values.set_file.iter());
    push("set-json", &mut values.set_json.iter());
    push("set-literal", &mut values.set_literal.iter());
    push("namespace", &mut release.namespace.iter());
    push("kube-version", &mut version.map(str::to_owned).iter());
    push("api-versions", &mut release.api_versions.iter());
    push("compat", &mut release.compat.iter());
    push("seed", &mut release.seed.iter());
    let limits = &release.limits;
    for (flag, most) in [
        ("max-steps", limits.max_steps),
        ("max-output", limits.max_output),
        ("max-depth", limits.max_depth),
    ] {
        push(flag, &mut most.map(|most| most.to_string()).iter());
    }
    let switches = [
        ("--is-upgrade", release.is_upgrade),
        ("--skip-schema-validation", release.skip_schema_validation),
    ];
    args.extend(switches.iter().filter(|(_, on)| *on).map(|(flag, _)| (*flag).to_owned()));
    args.push("--".to_owned());
    args.extend(release.name.iter().chain(chart.map(str::to_owned).iter()).cloned());
    args
}

/// Commands with values, which remember where `--env` stood.
pub(crate) trait HasValues {
    /// The flags that give values.
    fn values_mut(&mut self) -> &mut ValuesArgs;
}

impl HasValues for Lint {
    fn values_mut(&mut self) -> &mut ValuesArgs {
        &mut self.args.values
    }
}

/// Parses a command line for one command.
pub(crate) fn parse<T: Parser + HasValues>(name: &str, args: &[String]) -> Result<T, clap::Error> {
    let line = std::iter::once(name).chain(args.iter().map(String::as_str));
    let matches = T::command().try_get_matches_from(line)?;
    let mut parsed = T::from_arg_matches(&matches)?;
    let indices = |id: &str| matches.indices_of(id).into_iter().flatten().collect::<Vec<_>>();
    if let Some(env) = indices("env").first() {
        let before = indices("values").iter().filter(|file| *file < env).count();
        parsed.values_mut().files_before_env = Some(before);
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
        Lint::command().debug_assert();
        Validate::command().debug_assert();
    }

    #[test]
    fn values_reach_the_renderer_as_they_were_given() {
        let line = ["plimsoll lint", "c", "-f", "a.yaml,b.yaml", "--set", "x=-1", "-n", "ns"];
        let lint = Lint::try_parse_from(line).expect("the flags are known");
        let want = ["--values=a.yaml,b.yaml", "--set=x=-1", "--namespace=ns"];
        let want = [&want[..], &["--", "c"]].concat();
        assert_eq!(lint.args.render_args(Some("c")), want);
        assert_eq!(lint.args.chart_flags(), ["-f", "--set"]);
    }
}
