//! Helm's commands that ask a cluster: plimsoll talks to none, and says so.

use plimsoll::gotmpl::Compat;

use super::commands::{Args, COMMAND, Call, Command, Run};
use super::flags::flag;
use super::flags::shared::{
    CHART, DESCRIPTION, DRY_RUN, FORCE, FORCE_CONFLICTS, FORCE_REPLACE, INSTALL as INSTALLING,
    NO_HOOKS, OUTPUT, RELEASE, SERVER, TIMEOUT, VALUES, WAIT, WAIT_FOR_JOBS,
};
use super::pflag::{Flag, Kind};
use crate::io::Io;

const RUN: Option<Run> = Some(refuse);

fn refuse(call: &Call, _: &mut Io) -> Result<(), String> {
    let path = &call.path;
    let instead = match path.as_str() {
        "install" | "upgrade" => "; `helm template` renders the chart without one",
        _ => "",
    };
    Err(format!("`helm {path}` needs a cluster, and plimsoll talks to none{instead}"))
}

const REVISION: Flag = flag("revision", "", Kind::Int, "the release's revision");

const COMPUTED: Flag = flag("all", "a", Kind::Bool, "the chart's own values too");

const HIDE_NOTES: Flag = flag("hide-notes", "", Kind::Bool, "do not show notes");

const SHOWN: &[Flag] = &[
    HIDE_NOTES,
    flag("hide-secret", "", Kind::Bool, "do not show secrets with --dry-run"),
    OUTPUT,
    flag("render-subchart-notes", "", Kind::Bool, "show subcharts' notes"),
];

pub(super) const GET: Command = Command {
    name: "get",
    help: "what a release was made of",
    args: Args::None,
    children: &[
        get("all", "everything that is known of a release", GET_ALL),
        get("hooks", "a release's hooks", &[&[REVISION]]),
        get("manifest", "a release's manifests", &[&[REVISION]]),
        get("metadata", "what a release's record says", &[&[OUTPUT, REVISION]]),
        get("notes", "a release's notes", &[&[REVISION]]),
        get("values", "a release's values", &[&[COMPUTED, OUTPUT, REVISION]]),
    ],
    ..COMMAND
};

const GET_ALL: &[&[Flag]] =
    &[&[REVISION, flag("template", "", Kind::Text, "a template that prints the release")]];

const fn get(name: &'static str, help: &'static str, flags: &'static [&'static [Flag]]) -> Command {
    let (usage, args) = ("RELEASE_NAME", Args::Exactly(1));
    Command { name, usage, help, flags, args, run: RUN, ..COMMAND }
}

pub(super) const HISTORY: Command = Command {
    name: "history",
    aliases: &["hist"],
    usage: "RELEASE_NAME",
    help: "the revisions of a release",
    flags: &[&[
        flag("max", "", Kind::Int, "how many revisions are shown (default 256)"),
        OUTPUT,
        flag("show-rollback-revision", "", Kind::Bool, "show what was rolled back to")
            .only(Compat::Helm4),
    ]],
    args: Args::Exactly(1),
    run: RUN,
    ..COMMAND
};

pub(super) const INSTALL: Command = Command {
    name: "install",
    usage: "[NAME] [CHART]",
    help: "install a chart",
    flags: &[SHOWN, INSTALLING, RELEASE, VALUES, CHART, SERVER],
    args: Args::AtLeast(1),
    run: RUN,
    ..COMMAND
};

pub(super) const LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    help: "list releases",
    flags: &[&[
        flag("all", "a", Kind::Bool, "releases in every state").only(Compat::Helm3),
        flag("all-namespaces", "A", Kind::Bool, "releases of every namespace"),
        flag("date", "d", Kind::Bool, "sort by date"),
        flag("deployed", "", Kind::Bool, "releases that are deployed"),
        flag("failed", "", Kind::Bool, "releases that failed"),
        flag("filter", "f", Kind::Text, "a regular expression of names"),
        flag("max", "m", Kind::Int, "how many are fetched (default 256)"),
        flag("no-headers", "", Kind::Bool, "leave the headings out"),
        flag("offset", "", Kind::Int, "how many are left out at the start"),
        OUTPUT,
        flag("pending", "", Kind::Bool, "releases that are pending"),
        flag("reverse", "r", Kind::Bool, "sort the other way round"),
        flag("selector", "l", Kind::Text, "a selector of labels"),
        flag("short", "q", Kind::Bool, "names alone"),
        flag("superseded", "", Kind::Bool, "releases that were superseded"),
        flag("time-format", "", Kind::Text, "how times are printed, as Go writes it"),
        flag("uninstalled", "", Kind::Bool, "releases that were uninstalled"),
        flag("uninstalling", "", Kind::Bool, "releases that are being uninstalled"),
    ]],
    args: Args::None,
    run: RUN,
    ..COMMAND
};

pub(super) const ROLLBACK: Command = Command {
    name: "rollback",
    usage: "<RELEASE> [REVISION]",
    help: "go back to an earlier revision",
    flags: &[&[
        flag("cleanup-on-fail", "", Kind::Bool, "remove what was made when it fails"),
        DESCRIPTION,
        DRY_RUN,
        FORCE,
        FORCE_CONFLICTS,
        FORCE_REPLACE,
        flag("history-max", "", Kind::Int, "how many revisions are kept (default 10)"),
        NO_HOOKS,
        flag("recreate-pods", "", Kind::Bool, "restart pods").only(Compat::Helm3),
        flag("server-side", "", Kind::Text, "apply on the server: true, false, auto")
            .only(Compat::Helm4),
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
    ]],
    args: Args::AtLeast(1),
    run: RUN,
    ..COMMAND
};

pub(super) const STATUS: Command = Command {
    name: "status",
    usage: "RELEASE_NAME",
    help: "the state of a release",
    flags: &[&[
        OUTPUT,
        REVISION,
        flag("show-desc", "", Kind::Bool, "show the description").only(Compat::Helm3),
        flag("show-resources", "", Kind::Bool, "show the resources").only(Compat::Helm3),
    ]],
    args: Args::Exactly(1),
    run: RUN,
    ..COMMAND
};

pub(super) const TEST: Command = Command {
    name: "test",
    usage: "[RELEASE]",
    help: "run a release's tests",
    flags: &[&[
        flag("filter", "", Kind::Strings, "the tests that are run, as name=NAME or !name=NAME"),
        HIDE_NOTES.only(Compat::Helm3),
        flag("logs", "", Kind::Bool, "show the logs of the tests"),
        TIMEOUT,
    ]],
    args: Args::Exactly(1),
    run: RUN,
    ..COMMAND
};

pub(super) const UNINSTALL: Command = Command {
    name: "uninstall",
    aliases: &["del", "delete", "un"],
    usage: "RELEASE_NAME [...]",
    help: "remove a release",
    flags: &[&[
        flag("cascade", "", Kind::Text, "background, orphan or foreground (default background)"),
        DESCRIPTION,
        flag("dry-run", "", Kind::Bool, "do nothing"),
        flag("ignore-not-found", "", Kind::Bool, "be content if there is no such release"),
        flag("keep-history", "", Kind::Bool, "keep the release's record"),
        NO_HOOKS,
        TIMEOUT,
        WAIT,
    ]],
    args: Args::AtLeast(1),
    run: RUN,
    ..COMMAND
};

pub(super) const UPGRADE: Command = Command {
    name: "upgrade",
    usage: "[RELEASE] [CHART]",
    help: "upgrade a release",
    flags: &[UPGRADING, SHOWN, RELEASE, VALUES, CHART, SERVER],
    args: Args::Exactly(2),
    run: RUN,
    ..COMMAND
};

const UPGRADING: &[Flag] = &[
    flag("cleanup-on-fail", "", Kind::Bool, "remove what was made when it fails"),
    flag("history-max", "", Kind::Int, "how many revisions are kept (default 10)"),
    flag("install", "i", Kind::Bool, "install the release if there is none"),
    flag("reset-then-reuse-values", "", Kind::Bool, "the chart's values, then the release's"),
    flag("reset-values", "", Kind::Bool, "forget the release's values"),
    flag("reuse-values", "", Kind::Bool, "take the release's values"),
    flag("server-side", "", Kind::Text, "apply on the server: true, false, auto")
        .only(Compat::Helm4),
];
