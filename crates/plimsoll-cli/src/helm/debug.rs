//! What `--debug` says on standard error.

use plimsoll::gotmpl::Compat;
use plimsoll::helm::{Level, slog};

use super::pflag::Parsed;
use super::settings::is_debug;
use crate::io::Io;

/// A line of Helm 4's log at its lowest level.
pub(super) fn line(message: &str, attributes: &[(&str, &str)]) -> String {
    let line = slog(Level::Info, message, attributes);
    format!("{}\n", line.replacen("level=INFO", "level=DEBUG", 1))
}

/// What `helm template` says first; Helm 3's lines stand without their time.
pub(super) fn template_version(parsed: &Parsed, compat: Compat, io: &mut Io) {
    let version = parsed.text("version").unwrap_or_default();
    say(parsed, io, || match compat {
        Compat::Helm3 => {
            format!("install.go:225: [debug] Original chart version: {version:?}\n")
        }
        Compat::Helm4 => line("Original chart version", &[("version", version)]),
    });
}

/// What `helm template` says of the chart that it found.
pub(super) fn chart_path(path: &str, parsed: &Parsed, compat: Compat, io: &mut Io) {
    say(parsed, io, || match compat {
        Compat::Helm3 => format!("install.go:242: [debug] CHART PATH: {path}\n\n"),
        Compat::Helm4 => line("Chart path", &[("path", path)]),
    });
}

/// What `helm show` and `helm pull` say first.
pub(super) fn chart_version(parsed: &Parsed, compat: Compat, io: &mut Io) {
    let version = parsed.text("version").unwrap_or_default();
    say(parsed, io, || match compat {
        Compat::Helm3 => format!("show.go:214: [debug] Original chart version: {version:?}\n"),
        Compat::Helm4 => line("original chart version", &[("version", version)]),
    });
    if version.is_empty() && parsed.bool("devel") {
        let text = "setting version to >0.0.0-0";
        say(parsed, io, || match compat {
            Compat::Helm3 => format!("show.go:216: [debug] {text}\n"),
            Compat::Helm4 => line(text, &[]),
        });
    }
}

fn say(parsed: &Parsed, io: &mut Io, text: impl FnOnce() -> String) {
    if is_debug(parsed, io) {
        io.error(&text());
    }
}
