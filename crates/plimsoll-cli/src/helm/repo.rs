//! `helm repo`

use plimsoll::gotmpl::Compat;

use super::commands::{Args, COMMAND as BASE, Command};
use super::flags::flag;
use super::flags::shared::OUTPUT;
use super::pflag::Kind;
use crate::fetch;

pub(super) const COMMAND: Command = Command {
    name: "repo",
    help: "add, list, update, index and remove repositories",
    args: Args::None,
    children: &[ADD, INDEX, LIST, REMOVE, UPDATE],
    ..BASE
};

const ADD: Command = Command {
    name: "add",
    usage: "[NAME] [URL]",
    help: "add a repository",
    flags: &[&[
        flag("allow-deprecated-repos", "", Kind::Bool, "take repositories that were shut down"),
        flag("ca-file", "", Kind::Text, "the authorities that the server is checked with"),
        flag("cert-file", "", Kind::Text, "the certificate that is shown to the server"),
        flag("force-update", "", Kind::Bool, "replace a repository of the same name"),
        flag("insecure-skip-tls-verify", "", Kind::Bool, "do not check the server's certificate"),
        flag("key-file", "", Kind::Text, "the key of the certificate"),
        flag("no-update", "", Kind::Bool, "no effect").only(Compat::Helm3),
        flag("pass-credentials", "", Kind::Bool, "send credentials to every domain"),
        flag("password", "", Kind::Text, "the password"),
        flag("password-stdin", "", Kind::Bool, "read the password from standard input"),
        flag("timeout", "", Kind::Duration, "how long the index may take (default 2m0s)"),
        flag("username", "", Kind::Text, "the user"),
    ]],
    args: Args::Exactly(2),
    run: Some(|call, io| fetch::commands::add(&call.parsed, call.compat, io)),
    ..BASE
};

const INDEX: Command = Command {
    name: "index",
    usage: "[DIR]",
    help: "write the index of a folder of packed charts",
    flags: &[&[
        flag("json", "", Kind::Bool, "write JSON"),
        flag("merge", "", Kind::Text, "add what another index has"),
        flag("url", "", Kind::Text, "the address of the repository"),
    ]],
    args: Args::Exactly(1),
    run: Some(|call, io| fetch::commands::index(&call.parsed, call.compat, io)),
    ..BASE
};

const LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    help: "list the repositories",
    flags: &[&[
        flag("no-headers", "", Kind::Bool, "leave the headings out").only(Compat::Helm4),
        OUTPUT,
    ]],
    args: Args::None,
    run: Some(|call, io| fetch::commands::list(&call.parsed, call.compat, io)),
    ..BASE
};

const REMOVE: Command = Command {
    name: "remove",
    aliases: &["rm"],
    usage: "[REPO1 [REPO2 ...]]",
    help: "remove repositories",
    args: Args::AtLeast(1),
    run: Some(|call, io| fetch::commands::remove(&call.parsed, call.compat, io)),
    ..BASE
};

const UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    usage: "[REPO1 [REPO2 ...]]",
    help: "fetch the repositories' indexes anew",
    flags: &[&[
        flag("fail-on-repo-update-fail", "", Kind::Bool, "fail if one of them cannot be fetched")
            .only(Compat::Helm3),
        flag("timeout", "", Kind::Duration, "how long they may take (default 2m0s)"),
    ]],
    run: Some(|call, io| fetch::commands::update(&call.parsed, call.compat, io)),
    ..BASE
};
