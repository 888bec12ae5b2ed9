//! `helm dependency`

use plimsoll::helm::dependency::list;
use plimsoll::helm::release::on_large_stack;

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::flags::shared::{KEYRING, SERVER, VERIFY};
use super::pflag::{Flag, Kind};
use super::settings;
use crate::fetch::{Task, dependencies};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "dependency",
    aliases: &["dep", "dependencies"],
    help: "a chart's dependencies",
    args: Args::None,
    children: &[BUILD, LIST, UPDATE],
    ..BASE
};

const FETCH: &[&[Flag]] = &[
    &[
        KEYRING,
        flag("skip-refresh", "", Kind::Bool, "do not fetch the repositories' indexes anew"),
        VERIFY,
    ],
    SERVER,
];

const BUILD: Command = Command {
    name: "build",
    usage: "CHART",
    help: "fill charts/ with what Chart.lock says",
    flags: FETCH,
    args: Args::AtMost(1),
    run: Some(|call, io| fetch_all(call, Task::Build, io)),
    ..BASE
};

const LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    usage: "CHART",
    help: "what a chart needs, and whether it is there",
    flags: &[&[flag("max-col-width", "", Kind::Uint, "how wide a column may be (default 80)")]],
    args: Args::AtMost(1),
    run: Some(run_list),
    ..BASE
};

const UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    usage: "CHART",
    help: "fill charts/ with what Chart.yaml asks for, and write Chart.lock",
    flags: FETCH,
    args: Args::AtMost(1),
    run: Some(|call, io| fetch_all(call, Task::Update, io)),
    ..BASE
};

fn run_list(call: &Call, io: &mut Io) -> Result<(), String> {
    let path = chart_path(call);
    let width = call.parsed.text("max-col-width").and_then(|width| width.parse().ok());
    let listed = on_large_stack(|| {
        let mut log = |line: String| io.error(&format!("{line}\n"));
        list(&path, width.unwrap_or(80), call.compat, &mut log)
    });
    io.print(listed.map_err(|error| error.message)?.as_bytes());
    Ok(())
}

fn chart_path(call: &Call) -> String {
    call.parsed.args.first().map_or_else(|| ".".to_owned(), |path| settings::clean(path))
}

fn fetch_all(call: &Call, task: Task, io: &mut Io) -> Result<(), String> {
    fill(&chart_path(call), call, task, false, io)
}

/// Fills a chart's charts/ without a word, for `helm package`.
pub(super) fn update_quietly(path: &str, call: &Call, io: &mut Io) -> Result<(), String> {
    fill(path, call, Task::Update, true, io)
}

fn fill(path: &str, call: &Call, task: Task, quiet: bool, io: &mut Io) -> Result<(), String> {
    on_large_stack(|| dependencies(path, task, &call.parsed, call.compat, io, quiet))
}
