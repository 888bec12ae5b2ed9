//! `helm search`

use super::commands::{Args, COMMAND as BASE, Command};
use super::flags::flag;
use super::flags::shared::OUTPUT;
use super::pflag::{Flag, Kind};
use crate::fetch;

pub(super) const COMMAND: Command =
    Command { name: "search", help: "search for charts", children: &[HUB, REPO], ..BASE };

const WIDTH: Flag = flag("max-col-width", "", Kind::Uint, "how wide a column may be (default 50)");

const FAIL: Flag = flag("fail-on-no-result", "", Kind::Bool, "fail if nothing is found");

const HUB: Command = Command {
    name: "hub",
    usage: "[KEYWORD]",
    help: "search a hub of charts",
    flags: &[&[
        flag("endpoint", "", Kind::Text, "the hub (default \"https://hub.helm.sh\")"),
        FAIL,
        flag("list-repo-url", "", Kind::Bool, "print the repositories' addresses"),
        WIDTH,
        OUTPUT,
    ]],
    run: Some(|_, _| Err("hubs of charts are not searched".to_owned())),
    ..BASE
};

const REPO: Command = Command {
    name: "repo",
    usage: "[keyword]",
    help: "search the repositories that were added",
    flags: &[&[
        flag("devel", "", Kind::Bool, "find pre-releases too, as with version '>0.0.0-0'"),
        FAIL,
        WIDTH,
        OUTPUT,
        flag("regexp", "r", Kind::Bool, "the keyword is a regular expression"),
        flag("version", "", Kind::Text, "a constraint on the charts' versions"),
        flag("versions", "l", Kind::Bool, "list every version of a chart"),
    ]],
    run: Some(|call, io| fetch::commands::search(&call.parsed, call.compat, io)),
    args: Args::Any,
    ..BASE
};
