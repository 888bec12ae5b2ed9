//! The `plimsoll` command: reads arguments, calls the library, prints, and gives an exit status.
//!
//! `plimsoll helm …` (or the program under the name `helm`) speaks as Helm does.
#![expect(clippy::disallowed_methods, reason = "this is where disk, clock and environment are")]

mod commands;
mod fetch;
mod helm;
mod io;

use std::process::ExitCode;

use crate::io::Io;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut args = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned());
    let program = args.next().unwrap_or_default();
    let mut args: Vec<String> = args.collect();
    let mut io = Io::standard();
    let status = if io::is_named(&program, "helm") {
        helm::run(&args, &mut io)
    } else if args.first().is_some_and(|first| first == "helm") {
        args.remove(0);
        helm::run(&args, &mut io)
    } else if args.first().is_some_and(|first| first == "render") {
        commands::render::run(&args[1..], &mut io)
    } else {
        io.error("plimsoll: only `plimsoll helm template` is built yet\n");
        2
    };
    ExitCode::from(if io.is_broken() { 0 } else { status })
}
