//! `plimsoll values`

use clap::{Parser, ValueEnum};
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::values::{Layer, Origins, coalesce_chart, to_yaml};
use plimsoll::{Leaf, gotmpl, leaves};

use super::draw::{draw_refused, style_of_errors};
use super::project::Project;
use super::refusal::{Refusal, Refused, refused};
use super::release::{self, Release};
use super::said::said;
use crate::args::{self, Color, HasValues, ReleaseArgs, ValuesArgs};
use crate::io::Io;

const AFTER: &str = "\
Helm's own rules merge them: the chart's defaults, then files and the environment in the order in
which they are given, then --set and its relatives.

Examples:
  plimsoll values -e prod
  plimsoll values charts/shop -e prod --sources
  plimsoll values charts/shop -e staging --diff prod
  plimsoll values set image.tag=v1.4.3 -e prod";

/// Print the values that a chart and an environment come to.
#[derive(Debug, Parser)]
#[command(name = "plimsoll values", bin_name = "plimsoll values", version, after_help = AFTER)]
struct Values {
    /// A chart (folder or .tgz); without one that of the configuration, the working directory, or
    /// the universal chart
    chart: Option<String>,

    /// Show where each value was written, and what it replaced
    #[arg(long)]
    sources: bool,

    /// Show what is other in this environment
    #[arg(long, value_name = "ENV")]
    diff: Option<String>,

    /// Leave out what only the chart's own values.yaml says
    #[arg(long)]
    user: bool,

    /// How they are written: yaml (default), json
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Output::Yaml)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    output: Output,

    #[command(flatten)]
    layers: ValuesArgs,

    #[command(flatten)]
    release: ReleaseArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Output {
    Yaml,
    Json,
}

impl HasValues for Values {
    fn values_mut(&mut self) -> &mut ValuesArgs {
        &mut self.layers
    }
}

/// Runs `plimsoll values ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    if let Some(("set", rest)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return super::values_set::run(rest, io);
    }
    let args: Values = match args::parse("plimsoll values", args) {
        Ok(args) => args,
        Err(error) => return said(&error, io),
    };
    match on_large_stack(|| print(&args, io)) {
        Ok(text) => {
            io.print(text.as_bytes());
            0
        }
        Err(refused) => {
            draw_refused(&refused, style_of_errors(Color::Auto, io), io);
            2
        }
    }
}

/// What an environment comes to.
struct Merged {
    yaml: String,
    leaves: Vec<Leaf>,
}

fn print(args: &Values, io: &mut Io) -> Result<String, Refused> {
    let own = merged(args, args.layers.env.as_deref(), io)?;
    if let Some(other) = &args.diff {
        let (mut quiet, _, _) = Io::kept();
        let named = args.layers.env.as_deref().unwrap_or("values");
        let changes = diff(&own.leaves, &merged(args, Some(other), &mut quiet)?.leaves);
        let head = || format!("--- {named}\n+++ {other}\n{changes}");
        return Ok(if changes.is_empty() { changes } else { head() });
    }
    Ok(match (args.sources, args.output) {
        (true, Output::Yaml) => own.leaves.iter().map(with_sources).collect(),
        (true, Output::Json) => json(&own.leaves),
        (false, Output::Yaml) => own.yaml,
        (false, Output::Json) => {
            let file = plimsoll::source::FileId::NONE;
            let node = plimsoll::yaml::read(own.yaml.as_bytes(), file);
            let node = node.map_err(|error| refused("values", error.to_string()))?;
            format!("{}\n", plimsoll::to_json(&node))
        }
    })
}

fn merged(args: &Values, env: Option<&str>, io: &mut Io) -> Result<Merged, Refused> {
    let release = release(args, env, io).map_err(|refusal| refusal.drawn("values"))?;
    release.announce(io);
    let mut origins = Origins::tracing();
    let inputs = release.inputs(&mut origins, io)?;
    let values = if args.user {
        inputs.user
    } else {
        let mut log = |line: String| io.error(&format!("{line}\n"));
        coalesce_chart(&inputs.chart, &inputs.user, release.compat, &mut origins, &mut log)
            .map_err(|error| refused("values", error.message))?
    };
    let leaves = leaves(&values, &origins);
    let yaml = to_yaml(&gotmpl::Value::map(values));
    Ok(Merged { yaml: String::from_utf8_lossy(&yaml).into_owned(), leaves })
}

/// The release in an environment, which is laid down where `--env` stands.
fn release(args: &Values, env: Option<&str>, io: &mut Io) -> Result<Release, Refusal> {
    let line = args::render_line(&args.layers, &args.release, args.chart.as_deref());
    let (compat, parsed) = release::parse(&line, io)?;
    let mut given = parsed.given().to_vec();
    let at = given.iter().position(|(flag, _)| *flag == "env").unwrap_or(given.len());
    given.retain(|(flag, _)| *flag != "env");
    if let Some(env) = env {
        given.insert(at.min(given.len()), ("env", env.to_owned()));
    }
    Release::chosen(&Project::find()?, parsed.with_given(given), compat, io)
}

/// `image.tag: v2    # values-prod.yaml:3, over values.yaml:7 (v1)`
fn with_sources(leaf: &Leaf) -> String {
    let mut line = format!("{}: {}", leaf.key, leaf.value);
    let mut places = leaf.places.iter();
    if let Some(place) = places.next() {
        line.push_str(&format!("  # {}", at(place)));
    }
    for place in places {
        line.push_str(&format!(", over {} ({})", at(place), short(&place.text)));
    }
    line.push('\n');
    line
}

fn at(place: &plimsoll::Place) -> String {
    match place.layer {
        Layer::Flag => place.file.clone(),
        Layer::Defaults | Layer::ValuesFile => format!("{}:{}", place.file, place.line),
    }
}

/// A text on one line, not too long for one.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let more = text.lines().count() > 1 || line.chars().count() > 40;
    let line: String = line.chars().take(40).collect();
    if more { format!("{line}…") } else { line }
}

fn json(leaves: &[Leaf]) -> String {
    let place = |place: &plimsoll::Place| {
        serde_json::json!({
            "file": place.file, "line": place.line, "column": place.column, "text": place.text,
        })
    };
    let leaf = |leaf: &Leaf| {
        let places: Vec<_> = leaf.places.iter().map(place).collect();
        serde_json::json!({"key": leaf.key, "value": leaf.value, "sources": places})
    };
    let leaves: Vec<_> = leaves.iter().map(leaf).collect();
    format!("{}\n", serde_json::json!({"schemaVersion": 1, "values": leaves}))
}

/// `-` what the first has, `+` what the second has, key by key; nothing where they agree.
fn diff(own: &[Leaf], other: &[Leaf]) -> String {
    let mut out = String::new();
    let find = |leaves: &[Leaf], key: &str| {
        leaves.iter().find(|leaf| leaf.key == key).map(|leaf| leaf.value.clone())
    };
    for leaf in own {
        let theirs = find(other, &leaf.key);
        if theirs.as_ref() != Some(&leaf.value) {
            out.push_str(&format!("- {}: {}\n", leaf.key, leaf.value));
            if let Some(theirs) = theirs {
                out.push_str(&format!("+ {}: {theirs}\n", leaf.key));
            }
        }
    }
    for leaf in other.iter().filter(|leaf| find(own, &leaf.key).is_none()) {
        out.push_str(&format!("+ {}: {}\n", leaf.key, leaf.value));
    }
    out
}
