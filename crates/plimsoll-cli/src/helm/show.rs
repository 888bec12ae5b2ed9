//! `helm show`

use plimsoll::helm::chart::{self, LoadOptions};
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::show::{JsonPath, Show, show};

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::flags::shared::{CHART, SERVER};
use super::pflag::{Flag, Kind};
use super::{debug, locate, remote};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "show",
    aliases: &["inspect"],
    help: "show what a chart holds",
    args: Args::None,
    children: &[
        part("all", "everything about a chart", FLAGS),
        part("chart", "what Chart.yaml says", FLAGS),
        part("crds", "the files of crds/", FLAGS),
        part("readme", "the chart's README", FLAGS),
        part("values", "the chart's values.yaml", &[JSONPATH, CHART, SERVER]),
    ],
    ..BASE
};

const FLAGS: &[&[Flag]] = &[CHART, SERVER];

const JSONPATH: &[Flag] =
    &[flag("jsonpath", "", Kind::Text, "print what this JSONPath finds in the values")];

const fn part(
    name: &'static str,
    help: &'static str,
    flags: &'static [&'static [Flag]],
) -> Command {
    Command { name, usage: "[CHART]", help, flags, args: Args::Exactly(1), run: Some(run), ..BASE }
}

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let Call { parsed, compat, .. } = call;
    let what = match call.path.as_str() {
        "show chart" => Show::Chart,
        "show values" => Show::Values,
        "show readme" => Show::Readme,
        "show crds" => Show::Crds,
        _ => Show::All,
    };
    remote::check_registry(parsed, *compat)?;
    debug::chart_version(parsed, *compat, io);
    let path = locate::locate(&parsed.args[0], parsed, *compat, io)?;
    let printed = on_large_stack(|| {
        let mut log = |line: String| io.error(&format!("{line}\n"));
        let chart = chart::load_plain(&path, &LoadOptions { compat: *compat }, &mut log)
            .map_err(|error| error.message)?;
        let template = parsed.filled("jsonpath").filter(|_| chart.values.is_some());
        let template = template.map(|text| {
            JsonPath::parse(text).map_err(|why| format!("error parsing jsonpath {text}: {why}"))
        });
        show(&chart, what, template.transpose()?.as_ref(), *compat).map_err(|error| error.message)
    })?;
    io.print(&printed);
    Ok(())
}
