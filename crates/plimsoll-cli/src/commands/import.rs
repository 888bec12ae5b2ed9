//! `plimsoll import`

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use plimsoll::compose;
use plimsoll::source::{FileId, Files, Label};

use super::draw::{draw, style_of_errors};
use super::refusal::plain;
use super::said::said;
use crate::args::Color;
use crate::io::Io;

/// Turn another tool's files into values for the universal chart.
#[derive(Debug, Parser)]
#[command(name = "plimsoll import", bin_name = "plimsoll import", version)]
struct Import {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A docker-compose file
    #[command(after_help = "\
Every key is translated, or listed on standard error with what to do instead.

Examples:
  plimsoll import compose docker-compose.yml > values.yaml
  plimsoll import compose docker-compose.yml --env-file .env -o values.yaml
  plimsoll render -f values.yaml")]
    Compose {
        /// The file, or - for standard input
        file: String,
        /// Where the values are written; standard output if it is not said
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// A file of NAME=VALUE lines for `${NAME}`, as compose reads `.env`
        #[arg(long, value_name = "FILE")]
        env_file: Option<PathBuf>,
        /// Write over a file that is there
        #[arg(long)]
        force: bool,
        /// Exit with 1 where a key is not translated
        #[arg(long)]
        strict: bool,
    },
}

/// Runs `plimsoll import ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll import").chain(args.iter().map(String::as_str));
    let done = match Import::try_parse_from(line) {
        Ok(Import { command: Command::Compose { file, output, env_file, force, strict } }) => {
            let output = output.as_deref();
            import(&file, output, env_file.as_deref(), force, io).map(|clean| clean || !strict)
        }
        Err(error) => return said(&error, io),
    };
    match done {
        Ok(fine) => u8::from(!fine),
        Err(error) => {
            io.error(&format!("plimsoll import: {error}\n"));
            2
        }
    }
}

/// Whether every key was translated.
fn import(
    file: &str,
    output: Option<&Path>,
    env_file: Option<&Path>,
    force: bool,
    io: &mut Io,
) -> Result<bool, String> {
    let text = read(file)?;
    let variables = env_file.map_or(Ok(Vec::new()), variables)?;
    let variable = |name: &str| {
        let found = variables.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let mut files = Files::new();
    files.add(if file == "-" { "<stdin>" } else { file }, text.clone());
    let imported = match compose::import(&text, FileId(0), &variable) {
        Ok(imported) => imported,
        Err(error) => {
            let mut diagnostic = plain("compose", error.message);
            let text = "here".to_owned();
            diagnostic.labels.extend(error.span.map(|span| Label { span, text }));
            draw(&[diagnostic], &files, style_of_errors(Color::Auto, io), io);
            return Err("nothing was written".to_owned());
        }
    };
    for note in &imported.notes {
        let place = files.locate(note.span);
        let place = place.map(|(file, at)| format!("{file}:{}:{}: ", at.line, at.column));
        io.error(&format!("{}{}: {}\n", place.unwrap_or_default(), note.key, note.text));
    }
    match output {
        None => io.print(&imported.values),
        Some(path) if path.exists() && !force => {
            return Err(format!("`{}` is there already; --force writes over it", path.display()));
        }
        Some(path) => std::fs::write(path, &imported.values)
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?,
    }
    Ok(imported.notes.is_empty())
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let read = if file == "-" {
        std::io::stdin().lock().read_to_end(&mut text).map(|_| text)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| format!("`{file}` cannot be read: {error}"))
}

/// `NAME=VALUE` lines; empty ones and comments are passed over.
fn variables(file: &Path) -> Result<Vec<(String, String)>, String> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let value = value.trim();
        let quoted =
            ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        Some((name.trim().to_owned(), quoted.unwrap_or(value).to_owned()))
    };
    Ok(lines.filter_map(pair).collect())
}
