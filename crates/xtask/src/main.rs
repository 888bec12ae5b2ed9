//! The project's own tasks: `cargo xtask TASK`.
#![expect(clippy::disallowed_methods, reason = "tasks read and write files")]

mod chance;
mod gotmpl;
mod mutate;
mod oracle;
mod race;
mod schemas;
mod trace;
mod universal;
mod vectors;
mod verdicts;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  gotmpl golden  asks Go about the templates in fixtures/gotmpl and writes the golden
  gotmpl random [--count N] [--seed S] [--only WORD]
                 compares random templates with Go
  mutate [--count N] [--seed S]
                 renders fixture charts that were changed at random
  oracle HELM4 HELM3
                 asks real Helm 4.3 and 3.22 about the charts in fixtures/ and writes the goldens
  universal HELM4 HELM3
                  asks both Helms about the universal chart and writes its goldens
  race           races with real Helm over a corpus of charts
  trace          compares plain and traced runs over a corpus of charts
  schemas PACKAGE VERDICTS
                 packs the schemas of all minors from the unpacked wheel `kubernetes-validate`
                 and the folder of verdicts into crates/plimsoll-kube/schemas/table.bin
  verdicts DIR [--show N] [--class NAME]
                 compares validation with a real API server's answers
  vectors DIR    runs the vectors of real Go, Helm and go-yaml that DIR holds";

#[expect(clippy::print_stderr, reason = "a task speaks to the person who runs it")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["race", rest @ ..] => race::run(rest),
        ["mutate", rest @ ..] => mutate::run(rest),
        ["gotmpl", "golden"] => gotmpl::golden(),
        ["gotmpl", "random", rest @ ..] => gotmpl::random(rest),
        ["oracle", helm_4, helm_3] => oracle::run([helm_4, helm_3].map(Path::new)),
        ["schemas", package, verdicts] => schemas::run(Path::new(package), Path::new(verdicts)),
        ["trace", rest @ ..] => trace::run(rest),
        ["universal", helm4, helm3] => universal::run(Path::new(helm4), Path::new(helm3)),
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
