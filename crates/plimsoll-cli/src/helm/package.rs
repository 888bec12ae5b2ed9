//! `helm package`

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::{self, Chart, LoadOptions, Moment};
use plimsoll::helm::package::{Package, PackageOptions, package, save};
use plimsoll::helm::release::on_large_stack;
use plimsoll::helm::values;

use super::commands::{COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::flags::shared::{KEYRING, SERVER};
use super::outside::errno;
use super::pflag::{Flag, Kind, Parsed};
use super::{dependency, remote, settings};
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "package",
    usage: "[CHART_PATH] [...]",
    help: "pack a chart into an archive",
    about: "Pack charts into archives, each named after the chart and its version. With\n\
            SOURCE_DATE_EPOCH set the same chart gives the same archive.",
    flags: &[OWN, SERVER],
    run: Some(run),
    ..BASE
};

const OWN: &[Flag] = &[
    flag("app-version", "", Kind::Text, "the appVersion that the chart gets"),
    flag("dependency-update", "u", Kind::Bool, "fetch the chart's dependencies first"),
    flag("destination", "d", Kind::Text, "the folder that it is written to (default \".\")"),
    flag("key", "", Kind::Text, "the name of the key that signs it"),
    KEYRING,
    flag("passphrase-file", "", Kind::Text, "the file of the key's passphrase"),
    flag("sign", "", Kind::Bool, "sign the archive"),
    flag("version", "", Kind::Text, "the version that the chart gets"),
];

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let Call { parsed, compat, .. } = call;
    if parsed.args.is_empty() {
        return Err("need at least one argument, the path to the chart".to_owned());
    }
    let options = PackageOptions {
        version: parsed.text("version").map(str::to_owned),
        app_version: parsed.text("app-version").map(str::to_owned),
        ..options(*compat, io)?
    };
    check_signing(parsed)?;
    remote::check_registry(parsed, *compat)?;
    for path in &parsed.args {
        std::fs::metadata(path).map_err(|error| format!("stat {path}: {}", errno(&error)))?;
        if parsed.bool("dependency-update") {
            dependency::update_quietly(path, call, io)?;
        }
        let written = pack(path, &options, parsed, io)?;
        let text = format!("Successfully packaged chart and saved it to: {written}\n");
        io.print(text.as_bytes());
    }
    Ok(())
}

/// What is known beside flags: the time.
pub(super) fn options(compat: Compat, io: &Io) -> Result<PackageOptions, String> {
    let (version, app_version) = (None, None);
    Ok(PackageOptions { compat, version, app_version, epoch: epoch(compat, io)?, now: now() })
}

/// helm: flags that signing needs; signing itself is not built.
fn check_signing(parsed: &Parsed) -> Result<(), String> {
    if !parsed.bool("sign") {
        return Ok(());
    }
    if parsed.filled("key").is_none() {
        return Err("--key is required for signing a package".to_owned());
    }
    if parsed.text("keyring") == Some("") {
        return Err("--keyring is required for signing a package".to_owned());
    }
    Err("charts are not signed: `--sign` is not supported".to_owned())
}

/// `SOURCE_DATE_EPOCH`, in which Helm 3 sees nothing that could be wrong.
fn epoch(compat: Compat, io: &Io) -> Result<Option<i64>, String> {
    let Some(text) = io.env("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = |why: String| match compat {
        Compat::Helm3 => Ok(None),
        Compat::Helm4 => Err(format!("invalid SOURCE_DATE_EPOCH: {why}")),
    };
    match text.parse::<i64>() {
        Ok(seconds) if seconds < 0 => wrong("must not be negative".to_owned()),
        Ok(seconds) => Ok(Some(seconds)),
        Err(error) => {
            let is_range = matches!(
                error.kind(),
                std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow
            );
            let why = if is_range { "value out of range" } else { "invalid syntax" };
            wrong(format!("strconv.ParseInt: parsing {text:?}: {why}"))
        }
    }
}

fn now() -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (now.as_secs() as i64, now.subsec_nanos())
}

fn pack(
    path: &str,
    options: &PackageOptions,
    parsed: &Parsed,
    io: &mut Io,
) -> Result<String, String> {
    let compat = options.compat;
    let packed = on_large_stack(|| {
        let mut log = |line: String| io.error(&format!("{line}\n"));
        let chart = chart::load_dir(Path::new(path), &LoadOptions { compat }, &mut log)?;
        values::check_api_version(&chart, compat)?;
        package(&chart, options)
    });
    let package = packed.map_err(|error| error.message)?;
    let folder = match parsed.text("destination") {
        None | Some(".") => std::env::current_dir().map_err(|error| errno(&error))?,
        Some(folder) => folder.into(),
    };
    write(&folder.to_string_lossy(), &package).map_err(|why| format!("failed to save: {why}"))
}

/// Packs a chart as it was loaded into a folder, as `helm dependency` does with charts that lie on
/// this machine; gives the archive's path.
pub(crate) fn pack_chart(
    chart: &Arc<Chart>,
    folder: &str,
    compat: Compat,
    io: &mut Io,
) -> Result<String, String> {
    let options = options(compat, io)?;
    let package = save(chart, chart.metadata.clone(), &options).map_err(|error| error.message)?;
    write(folder, &package)
}

/// Writes the archive; gives its path.
fn write(folder: &str, package: &Package) -> Result<String, String> {
    let path = settings::join(folder, &package.name);
    let folder = match Path::new(&path).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(format!("is not a directory: {shown}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let made = std::fs::create_dir_all(folder);
            made.map_err(|error| format!("mkdir {shown}: {}", errno(&error)))?;
        }
        Err(error) => return Err(format!("stat {shown}: stat {shown}: {}", errno(&error))),
    }
    let written = std::fs::write(&path, &package.bytes);
    written.map_err(|error| format!("open {path}: {}", errno(&error)))?;
    Ok(path)
}
