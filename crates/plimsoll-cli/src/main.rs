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

use clap::CommandFactory;

use crate::args::Cli;
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

/// A command: its name and what runs it.
type Runs = fn(&[String], &mut Io) -> u8;

/// What plimsoll does. `args::Command` has the help of each, in the order of the help.
const COMMANDS: [(&str, Runs); 9] = [
    ("helm", helm::run),
    ("render", commands::render::run),
    ("lint", commands::lint::run),
    ("values", commands::values::run),
    ("eval", commands::eval::run),
    ("init", commands::init::run),
    ("import", commands::import::run),
    ("chart", commands::chart::run),
    ("validate", commands::validate::run),
];

/// Commands that come first are reached without building a parser for the others.
fn run(args: &[String], io: &mut Io) -> u8 {
    match args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("help", [])) => other(&["--help".to_owned()], io),
        Some(("help", [command])) => run(&[command.clone(), "--help".to_owned()], io),
        Some((name, rest)) => match find(name) {
            Some(command) => command(rest, io),
            None => other(args, io),
        },
        None => other(args, io),
    }
}

fn find(name: &str) -> Option<Runs> {
    COMMANDS.iter().find(|(known, _)| *known == name).map(|(_, run)| *run)
}

/// `--help`, `--version`, and what does not exist.
fn other(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll").chain(args.iter().map(String::as_str));
    let matches = Cli::command().try_get_matches_from(line);
    match matches.as_ref().map(|matches| matches.subcommand()) {
        Ok(Some((name, matches))) => {
            let args = matches.get_many::<String>("args").into_iter().flatten().cloned();
            find(name).map_or(2, |command| command(&args.collect::<Vec<_>>(), io))
        }
        Ok(None) => 2,
        Err(error) => commands::said::said(error, io),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_help_runs() {
        let command = Cli::command();
        let mut listed: Vec<&str> =
            command.get_subcommands().map(clap::Command::get_name).collect();
        let mut run: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        run.sort_unstable();
        assert_eq!(listed, run);
    }
}
