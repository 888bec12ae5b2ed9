//! `helm pull`

use super::commands::{Args, COMMAND as BASE, Command};
use super::flags::flag;
use super::flags::shared::{CHART, SERVER};
use super::pflag::{Flag, Kind};
use crate::fetch;

pub(super) const COMMAND: Command = Command {
    name: "pull",
    aliases: &["fetch"],
    usage: "[chart URL | repo/chartname] [...]",
    help: "fetch a chart",
    flags: &[OWN, CHART, SERVER],
    args: Args::AtLeast(1),
    run: Some(|call, io| fetch::commands::pull(&call.parsed, call.compat, io)),
    ..BASE
};

const OWN: &[Flag] = &[
    flag("destination", "d", Kind::Text, "the folder that the chart is written to (default \".\")"),
    flag("prov", "", Kind::Bool, "fetch the signature too, but do not check it"),
    flag("untar", "", Kind::Bool, "unpack the chart"),
    flag("untardir", "", Kind::Text, "the folder that --untar unpacks into (default \".\")"),
];
