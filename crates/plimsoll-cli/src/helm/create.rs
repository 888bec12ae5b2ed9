//! `helm create`: Helm's file names, our own text.

use std::path::Path;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{self, LoadOptions};
use plimsoll::helm::package::save_folder;
use plimsoll::helm::release::on_large_stack;

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::outside::errno;
use super::package::options;
use super::pflag::Kind;
use super::settings::{Homes, clean, join};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "create",
    usage: "NAME",
    help: "make a new chart",
    about: "Make a folder with a chart that runs one program: hardened, with a Service and, where\n\
            the values ask for them, an Ingress, an HTTPRoute and an autoscaler.",
    flags: &[&[
        flag("chart-api-version", "", Kind::Text, "").only(Compat::Helm4).hidden(),
        flag("starter", "p", Kind::Text, "a starter's name or path, in place of our own"),
    ]],
    args: Args::Exactly(1),
    run: Some(run),
    ..BASE
};

/// The files, in the order in which Helm writes its own.
const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", include_str!("../../starter/Chart.yaml")),
    ("values.yaml", include_str!("../../starter/values.yaml")),
    (".helmignore", include_str!("../../starter/.helmignore")),
    ("templates/ingress.yaml", include_str!("../../starter/templates/ingress.yaml")),
    ("templates/httproute.yaml", include_str!("../../starter/templates/httproute.yaml")),
    ("templates/deployment.yaml", include_str!("../../starter/templates/deployment.yaml")),
    ("templates/service.yaml", include_str!("../../starter/templates/service.yaml")),
    ("templates/serviceaccount.yaml", include_str!("../../starter/templates/serviceaccount.yaml")),
    ("templates/hpa.yaml", include_str!("../../starter/templates/hpa.yaml")),
    ("templates/NOTES.txt", include_str!("../../starter/templates/NOTES.txt")),
    ("templates/_helpers.tpl", include_str!("../../starter/templates/_helpers.tpl")),
    (
        "templates/tests/test-connection.yaml",
        include_str!("../../starter/templates/tests/test-connection.yaml"),
    ),
];

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let name = &call.parsed.args[0];
    io.print(format!("Creating {name}\n").as_bytes());
    match call.parsed.text("chart-api-version") {
        None | Some("" | "v2") => {}
        Some("v3") => {
            return Err("this feature has been marked as experimental and is not enabled by \
                        default. Please set HELM_EXPERIMENTAL_CHART_V3=1 in your environment to \
                        use this feature"
                .to_owned());
        }
        Some(other) => {
            return Err(format!("unsupported chart API version: {other} (supported: v2, v3)"));
        }
    }
    let (folder, base) = split(name);
    match call.parsed.filled("starter") {
        Some(starter) => from_starter(starter, &folder, &base, call, io),
        None => create(&folder, &base, io),
    }
}

/// Go's `filepath.Dir` and `filepath.Base`.
fn split(name: &str) -> (String, String) {
    let folder = match name.rfind('/') {
        None => ".".to_owned(),
        Some(slash) => clean(&name[..=slash]),
    };
    let trimmed = name.trim_end_matches('/');
    let base = trimmed.rsplit('/').next().unwrap_or_default();
    let base = match (name.is_empty(), base.is_empty()) {
        (true, _) => ".",
        (false, true) => "/",
        (false, false) => base,
    };
    (folder, base.to_owned())
}

fn create(folder: &str, name: &str, io: &mut Io) -> Result<(), String> {
    check_name(name)?;
    let folder = std::path::absolute(folder).map_err(|error| errno(&error))?;
    let folder = clean(&folder.to_string_lossy());
    match std::fs::metadata(&folder) {
        Err(error) => return Err(format!("stat {folder}: {}", errno(&error))),
        Ok(metadata) if !metadata.is_dir() => return Err(format!("no such directory {folder}")),
        Ok(_) => {}
    }
    let top = join(&folder, name);
    if std::fs::metadata(&top).is_ok_and(|metadata| !metadata.is_dir()) {
        return Err(format!("file {top} already exists and is not a directory"));
    }
    for (file, text) in FILES {
        let path = join(&top, file);
        if std::fs::metadata(&path).is_ok() {
            let warning = format!("WARNING: File {path:?} already exists. Overwriting.\n");
            io.print(warning.as_bytes());
        }
        write(&path, &text.replace("<CHARTNAME>", name))?;
    }
    make_folder(Path::new(&join(&top, "charts")))
}

fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.len() > 250 {
        return Err("chart name must be between 1 and 250 characters".to_owned());
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if name.bytes().all(allowed) {
        return Ok(());
    }
    Err("chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"".to_owned())
}

fn write(path: &str, text: &str) -> Result<(), String> {
    Path::new(path).parent().map_or(Ok(()), make_folder)?;
    std::fs::write(path, text).map_err(|error| format!("open {path}: {}", errno(&error)))
}

fn make_folder(path: &Path) -> Result<(), String> {
    let made = std::fs::create_dir_all(path);
    made.map_err(|error| format!("mkdir {}: {}", path.display(), errno(&error)))
}

/// helm: create.go CreateFrom: another chart's files under a new name.
fn from_starter(
    starter: &str,
    folder: &str,
    name: &str,
    call: &Call,
    io: &mut Io,
) -> Result<(), String> {
    let path = if Path::new(starter).is_absolute() {
        clean(starter)
    } else {
        join(&join(&Homes::new(io).data, "starters"), starter)
    };
    let options = options(call.compat, io)?;
    let files = on_large_stack(|| {
        let mut log = |line: String| io.error(&format!("{line}\n"));
        let load = LoadOptions { compat: call.compat };
        let starter = chart::load_plain(Path::new(&path), &load, &mut log);
        let starter = starter.map_err(|error| format!("could not load {path}: {error}"))?;
        save_folder(&starter, name, &options).map_err(|error| error.message)
    })?;
    let top = join(folder, name);
    if std::fs::metadata(&top).is_ok_and(|metadata| !metadata.is_dir()) {
        return Err(format!("file {top} already exists and is not a directory"));
    }
    for (file, bytes) in files {
        let path = join(&top, &file);
        Path::new(&path).parent().map_or(Ok(()), make_folder)?;
        let written = std::fs::write(&path, &bytes);
        written.map_err(|error| format!("open {path}: {}", errno(&error)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_as_go_does() {
        let check = |name: &str, folder: &str, base: &str| {
            assert_eq!(split(name), (folder.to_owned(), base.to_owned()), "{name}");
        };
        check("c", ".", "c");
        check("a/b/c", "a/b", "c");
        check("/c", "/", "c");
        check("a/b/", "a/b", "b");
        check("", ".", ".");
    }

    #[test]
    fn every_file_of_the_starter_takes_the_name() {
        let named = FILES.iter().filter(|(_, text)| text.contains("<CHARTNAME>"));
        assert_eq!(named.count(), FILES.len() - 1, "all but .helmignore");
    }
}
