//! The flags of `plimsoll validate`.

use clap::{Args, Parser, ValueEnum};

use super::{Color, HasValues, ReleaseArgs, ValuesArgs, render_line_for};

// By itself, so that nothing else is built for it.
/// Say what an API server would say of a chart's or other manifests, without a server.
#[derive(Debug, Parser)]
#[command(name = "plimsoll validate", bin_name = "plimsoll validate", version)]
#[command(after_help = AFTER)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) args: ValidateArgs,
}

const AFTER: &str = "\
A chart is rendered in memory as `plimsoll render` would, with the same values; files and folders
are taken as manifests. Definitions of custom resources are taken from the chart's crds/, from the
manifests themselves and from --crd.

Exit status: 0 all valid, 1 something is invalid, 2 it could not be done.

Examples:
  plimsoll validate charts/shop -f values-prod.yaml
  plimsoll validate manifests/ --kube-version 1.34
  plimsoll validate manifests/ --kube-version 1.34,1.37 --crd crds/
  kustomize build . | plimsoll validate - -o json

The network is used for the URLs of --crd and --schema-location alone. From kubeconform: -strict is
always on, -kubernetes-version is --kube-version, -n and -cache are not needed; the other flags have
the same names.";

/// What `plimsoll validate` is told.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    #[arg(help = "What to look at: a chart (folder or .tgz), manifests (file or folder),
- for standard input; without any, the chart that `plimsoll render` would choose")]
    #[arg(value_name = "CHART|FILE|FOLDER|-")]
    pub(crate) inputs: Vec<String>,

    /// How the result is written: text (default), json, sarif, junit, github, tap
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = ValidateOutput::Text)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) output: ValidateOutput,

    /// A file, folder or URL of CustomResourceDefinitions (may be repeated)
    #[arg(long, value_name = "FILE|FOLDER|URL")]
    pub(crate) crd: Vec<String>,

    #[arg(
        help = "Where JSON schemas of other kinds are, as kubeconform writes it: a path or URL with
{{.Group}} {{.ResourceKind}} {{.ResourceAPIVersion}} {{.KindSuffix}} {{.StrictSuffix}}
{{.NormalizedKubernetesVersion}}; the built-in schemas come first (may be repeated)"
    )]
    #[arg(long, value_name = "LOCATION")]
    pub(crate) schema_location: Vec<String>,

    /// Do not ask servers of --crd and --schema-location who they are
    #[arg(long)]
    pub(crate) insecure_skip_tls_verify: bool,

    /// Kinds to pass over: Secret, apps/v1/Deployment (commas between)
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,

    /// Kinds that are invalid by themselves (commas between)
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub(crate) reject: Vec<String>,

    /// An object without a schema is invalid
    #[arg(long)]
    pub(crate) strict_schemas: bool,

    /// Say nothing of objects without a schema
    #[arg(long)]
    pub(crate) ignore_missing_schemas: bool,

    /// Files whose path matches this regular expression are not read (may be repeated)
    #[arg(long, value_name = "PATTERN")]
    pub(crate) ignore_filename_pattern: Vec<String>,

    /// Count at the end
    #[arg(long)]
    pub(crate) summary: bool,

    /// Name valid objects too
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Stop at the first invalid object
    #[arg(long)]
    pub(crate) exit_on_error: bool,

    /// Tell on standard error what each step cost: parse, validate, report
    #[arg(long)]
    pub(crate) timings: bool,

    /// Colours: always, never, auto (default: on a terminal, unless NO_COLOR is set)
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: Color,

    #[command(flatten)]
    pub(crate) values: ValuesArgs,

    #[command(flatten)]
    pub(crate) release: ReleaseArgs,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum ValidateOutput {
    Text,
    Json,
    Sarif,
    Junit,
    Github,
    Tap,
}

impl HasValues for Validate {
    fn values_mut(&mut self) -> &mut ValuesArgs {
        &mut self.args.values
    }
}

impl ValidateArgs {
    /// The command line of `plimsoll render` that renders a chart, else what the project chooses,
    /// for a version of Kubernetes.
    pub(crate) fn render_args(&self, chart: Option<&str>, version: Option<&str>) -> Vec<String> {
        render_line_for(&self.values, &self.release, chart, version)
    }
}
