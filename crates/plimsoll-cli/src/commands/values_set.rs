//! `plimsoll values set`

use std::path::{Path, PathBuf};

use clap::Parser;
use plimsoll::source::FileId;
use plimsoll::yaml::{self, edit};

use super::release::Release;
use super::said::said;
use crate::io::Io;

const AFTER: &str = "\
Comments, quotes and the order of the keys stay as they are. Without --string a value that reads as
true, false, null or an integer is one, as with --set.

Examples:
  plimsoll values set image.tag=v1.4.3 -e prod
  plimsoll values set replicaCount=3 -f services/shop/values.yaml
  plimsoll values set 'labels.app\\.kubernetes\\.io/part-of=shop' --string";

/// Change values in a file.
#[derive(Debug, Parser)]
#[command(name = "plimsoll values set", bin_name = "plimsoll values set", after_help = AFTER)]
struct Set {
    /// What is set: image.tag=v2
    #[arg(required = true, value_name = "KEY=VALUE")]
    changes: Vec<String>,

    /// The environment whose file is changed
    #[arg(short, long, value_name = "NAME", conflicts_with = "file")]
    env: Option<String>,

    /// The file that is changed (default: values.yaml)
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Take every value as text
    #[arg(long)]
    string: bool,
}

/// Runs `plimsoll values set ARGS…` and gives its exit status. Of several changes all are made or
/// none.
pub(super) fn run(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll values set").chain(args.iter().map(String::as_str));
    let args = match Set::try_parse_from(line) {
        Ok(args) => args,
        Err(error) => return said(&error, io),
    };
    match set(&args, io) {
        Ok(()) => 0,
        Err(error) => {
            io.error(&format!("plimsoll values set: {error}; nothing was written\n"));
            2
        }
    }
}

fn set(args: &Set, io: &mut Io) -> Result<(), String> {
    let file = file(args, io)?;
    let shown = file.display().to_string();
    let before =
        std::fs::read(&file).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
    let mut text = before.clone();
    for change in &args.changes {
        let (path, value) = parse(change, args.string)?;
        let one = edit::set(&text, FileId(0), &path, &value)
            .map_err(|error| format!("{shown}: `{path}`: {error}"))?;
        text = edit::apply(&text, &[one]);
    }
    if text == before {
        io.error(&format!("{shown} is so already\n"));
        return Ok(());
    }
    replace(&file, &text).map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
    io.error(&format!("{shown} changed\n"));
    Ok(())
}

/// The file that an environment lays on top, or the one that is named.
fn file(args: &Set, io: &mut Io) -> Result<PathBuf, String> {
    let Some(env) = &args.env else {
        return Ok(args.file.clone().unwrap_or_else(|| PathBuf::from("values.yaml")));
    };
    let release = Release::of(&[format!("--env={env}")], io);
    let release = release.map_err(|refusal| refusal.message())?;
    let files = release.parsed().strings("values");
    let last = files.last().ok_or(format!("the environment `{env}` has no file"))?;
    Ok(PathBuf::from(last))
}

fn parse(change: &str, string: bool) -> Result<(yaml::Path, edit::Scalar), String> {
    let mut escaped = false;
    let at = change.char_indices().find(|(_, c)| {
        let found = *c == '=' && !escaped;
        escaped = *c == '\\' && !escaped;
        found
    });
    let Some((at, _)) = at else {
        return Err(format!("`{change}` sets nothing: write `key=value`"));
    };
    let (key, value) = (&change[..at], &change[at + 1..]);
    let path = yaml::Path::parse(key).ok_or(format!("`{key}` is no key such as `image.tag`"))?;
    let value = match value {
        _ if string => edit::Scalar::Text(value.to_owned()),
        "true" => edit::Scalar::Bool(true),
        "false" => edit::Scalar::Bool(false),
        "null" => edit::Scalar::Null,
        _ => match value.parse() {
            Ok(number) if value == "0" || !value.starts_with('0') => edit::Scalar::Int(number),
            _ => edit::Scalar::Text(value.to_owned()),
        },
    };
    Ok((path, value))
}

/// Writes a file whole or not at all; it keeps its mode.
fn replace(file: &Path, text: &[u8]) -> std::io::Result<()> {
    let file = std::fs::canonicalize(file)?;
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".plimsoll-new");
    let new = file.with_file_name(name);
    let done = std::fs::write(&new, text)
        .and_then(|()| std::fs::set_permissions(&new, std::fs::metadata(&file)?.permissions()))
        .and_then(|()| std::fs::rename(&new, &file));
    if done.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_types_that_set_gives_them() {
        let value = |change: &str| parse(change, false).expect("it sets something").1;
        assert_eq!(value("a=3"), edit::Scalar::Int(3));
        assert_eq!(value("a=007"), edit::Scalar::Text("007".to_owned()));
        assert_eq!(value("a=true"), edit::Scalar::Bool(true));
        assert_eq!(value("a.b\\=c=x=y"), edit::Scalar::Text("x=y".to_owned()));
        assert!(parse("a", false).is_err());
        assert_eq!(parse("a=3", true).expect("fine").1, edit::Scalar::Text("3".to_owned()));
    }
}
