//! The project's own tasks: `cargo xtask TASK`.
#![expect(clippy::disallowed_methods, reason = "tasks read and write files")]

mod oracle;
mod race;
mod schemas;
mod vectors;
mod verdicts;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  oracle HELM    asks real Helm 4.3 about the charts in fixtures/ and writes the goldens
  race           races with real Helm over a corpus of charts
  schemas PACKAGE VERDICTS
                 packs the schemas of all minors from the unpacked wheel `kubernetes-validate`
                 and the folder of verdicts into schemas/kubernetes/table.bin
  verdicts DIR [--show N] [--class NAME]
                 compares validation with a real API server's answers
  vectors DIR    runs the vectors of real Go, Helm and go-yaml that DIR holds";

#[expect(clippy::print_stderr, reason = "a task speaks to the person who runs it")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["race", rest @ ..] => race::run(rest),
        ["oracle", helm] => oracle::run(Path::new(helm)),
        ["schemas", package, verdicts] => schemas::run(Path::new(package), Path::new(verdicts)),
        ["verdicts", dir, rest @ ..] => verdicts::run_with(Path::new(dir), rest),
        ["vectors", dir] => vectors::run(Path::new(dir)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
