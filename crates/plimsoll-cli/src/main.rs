//! The `plimsoll` command: reads arguments, calls the library, prints, and gives an exit status.
//!
//! `plimsoll helm …` (or the program under the name `helm`) speaks as Helm does.
#![expect(clippy::disallowed_methods, reason = "this is where disk, clock and environment are")]

mod args;
mod commands;
mod fetch;
mod helm;
mod io;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::io::Io;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let program = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let mut io = Io::standard();
    let status = if io::is_named(&program, "helm") {
        helm::run(&args, &mut io)
    } else {
        run(&args, &mut io)
    };
    ExitCode::from(if io.is_broken() { 0 } else { status })
}

/// Commands that come first are reached without building a parser for the others.
fn run(args: &[String], io: &mut Io) -> u8 {
    match args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("helm", rest)) => helm::run(rest, io),
        Some(("render", rest)) => commands::render::run(rest, io),
        Some(("lint", rest)) => commands::lint::run(rest, io),
        Some(("values", rest)) => commands::values::run(rest, io),
        Some(("eval", rest)) => commands::eval::run(rest, io),
        Some(("init", rest)) => commands::init::run(rest, io),
        Some(("import", rest)) => commands::import::run(rest, io),
        Some(("chart", rest)) => commands::chart::run(rest, io),
        Some(("validate", rest)) => commands::validate::run(rest, io),
        Some(("help", [])) => other(&["--help".to_owned()], io),
        Some(("help", [command])) => run(&[command.clone(), "--help".to_owned()], io),
        _ => other(args, io),
    }
}

/// `--help`, `--version`, and what does not exist.
fn other(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll").chain(args.iter().map(String::as_str));
    match Cli::try_parse_from(line).map(|cli| cli.command) {
        Ok(Command::Helm(passed)) => helm::run(&passed.args, io),
        Ok(Command::Render(passed)) => commands::render::run(&passed.args, io),
        Ok(Command::Lint(passed)) => commands::lint::run(&passed.args, io),
        Ok(Command::Values(passed)) => commands::values::run(&passed.args, io),
        Ok(Command::Eval(passed)) => commands::eval::run(&passed.args, io),
        Ok(Command::Init(passed)) => commands::init::run(&passed.args, io),
        Ok(Command::Import(passed)) => commands::import::run(&passed.args, io),
        Ok(Command::Chart(passed)) => commands::chart::run(&passed.args, io),
        Ok(Command::Validate(passed)) => commands::validate::run(&passed.args, io),
        Err(error) => commands::lint::said(&error, io),
    }
}
