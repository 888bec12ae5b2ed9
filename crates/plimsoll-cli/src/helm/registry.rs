//! `helm registry`

use super::commands::{Args, COMMAND as BASE, Command};
use super::flags::flag;
use super::pflag::{Flag, Kind};
use crate::fetch;

pub(super) const COMMAND: Command = Command {
    name: "registry",
    help: "log in to a registry and out of it",
    args: Args::None,
    children: &[LOGIN, LOGOUT],
    ..BASE
};

const LOGIN: Command = Command {
    name: "login",
    usage: "[host]",
    help: "log in to a registry",
    flags: &[&[
        flag("ca-file", "", Kind::Text, "the authorities that the registry is checked with"),
        flag("cert-file", "", Kind::Text, "the certificate that is shown to the registry"),
        flag("insecure", "", Kind::Bool, "do not check the registry's certificate"),
        flag("key-file", "", Kind::Text, "the key of that certificate"),
        flag("password", "p", Kind::Text, "the password, or a token"),
        flag("password-stdin", "", Kind::Bool, "read the password from standard input"),
        flag("plain-http", "", Kind::Bool, "speak without TLS"),
        flag("username", "u", Kind::Text, "the user"),
    ] as &[Flag]],
    args: Args::AtLeast(1),
    run: Some(|call, io| fetch::commands::login(&call.parsed, call.compat, io)),
    ..BASE
};

const LOGOUT: Command = Command {
    name: "logout",
    usage: "[host]",
    help: "log out of a registry",
    args: Args::AtLeast(1),
    run: Some(|call, io| fetch::commands::logout(&call.parsed, call.compat, io)),
    ..BASE
};
