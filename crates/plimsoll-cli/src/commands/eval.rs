//! `plimsoll eval`

use std::sync::Arc;

use clap::Parser;
use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{Chart, ChartFile, LoadOptions, from_files};
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::values::{Origins, ValuesOptions, prepare};

use super::draw::{draw_refused, style_of_errors};
use super::project::{Chosen, Project};
use super::refusal::{Refused, refused};
use super::release;
use super::said::said;
use crate::args::{self, Color, HasValues, ReleaseArgs, ValuesArgs};
use crate::helm::pflag::Parsed;
use crate::helm::template::{self, Source, Target};
use crate::io::Io;

const AFTER: &str = "\
The text sees what a template of the chart sees, and every template that the chart defines.

Examples:
  plimsoll eval '{{ \"a b\" | snakecase | quote }}'
  plimsoll eval '{{ toYaml .Values.image }}' -f values.yaml
  plimsoll eval '{{ include \"shop.fullname\" . }}' --chart charts/shop";

/// Print what a template text gives.
#[derive(Debug, Parser)]
#[command(name = "plimsoll eval", bin_name = "plimsoll eval", version, after_help = AFTER)]
struct Eval {
    /// The template
    template: String,

    /// The chart whose values and templates it sees
    #[arg(long, value_name = "CHART")]
    chart: Option<String>,

    #[command(flatten)]
    values: ValuesArgs,

    #[command(flatten)]
    release: ReleaseArgs,
}

impl HasValues for Eval {
    fn values_mut(&mut self) -> &mut ValuesArgs {
        &mut self.values
    }
}

/// Runs `plimsoll eval ARGS…` and gives its exit status: 2 for a template that fails.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let args: Eval = match args::parse("plimsoll eval", args) {
        Ok(args) => args,
        Err(error) => return said(&error, io),
    };
    match on_large_stack(|| eval(&args, io)) {
        Ok(mut text) => {
            if !text.ends_with(b"\n") {
                text.push(b'\n');
            }
            io.print(&text);
            0
        }
        Err(refused) => {
            draw_refused(&refused, style_of_errors(Color::Auto, io), io);
            2
        }
    }
}

fn eval(args: &Eval, io: &mut Io) -> Result<Vec<u8>, Refused> {
    let refused = |message: String| refused("eval", message);
    let line = args::render_line(&args.values, &args.release, None);
    let (compat, mut parsed) = release::parse(&line, io).map_err(refused)?;
    if args.values.env.is_some() {
        let chart = args.chart.clone().map_or(Chosen::Universal, Chosen::Path);
        parsed = Project::find()?.expand(parsed, &chart).map_err(refused)?.parsed;
    }
    let names = |parsed: &Parsed, compat: Compat, _: &mut Io| {
        let chart = match &args.chart {
            Some(chart) => Source::Named(chart.clone()),
            None => Source::Loaded(empty_chart(compat)),
        };
        let name = parsed.args.first().map_or("release-name", String::as_str).to_owned();
        Ok(Target { name, chart })
    };
    let mut origins = Origins::off();
    let inputs = release::inputs(&parsed, compat, &names, &mut origins, io)?;
    let options = template::run_options(&parsed, compat, inputs.name, io).map_err(refused)?;
    let values = ValuesOptions {
        compat,
        skip_schema: options.skip_schema_validation,
        ..ValuesOptions::default()
    };
    let mut log = |line: String| io.error(&format!("{line}\n"));
    let instance = prepare(&inputs.chart, &inputs.user, &values, &mut origins, &mut log);
    let instance = instance.map_err(|error| refused(error.message))?;
    let mut host = template::host(&parsed, compat, io);
    let text = args.template.as_bytes();
    plimsoll::helm::render::eval(text, &instance, &options.render_options(), &mut host)
        .map_err(|error| refused(error.message))
}

/// A chart with nothing in it.
fn empty_chart(compat: Compat) -> Arc<Chart> {
    let yaml = &b"apiVersion: v2\nname: eval\nversion: 0.0.0\n"[..];
    let files = vec![ChartFile::new("Chart.yaml", yaml)];
    from_files(files, &LoadOptions { compat }, &mut |_| {}).expect("the chart is one")
}
