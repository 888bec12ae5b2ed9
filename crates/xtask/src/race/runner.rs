use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;
use wait4::Wait4;

use super::Options;
use super::cases::Case;

/// What the fastest run of a program took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// User and system.
    pub(crate) cpu: Duration,
    /// Peak resident memory in bytes.
    pub(crate) memory: u64,
}

/// Helm's cost and ours on one case, from runs that alternate.
pub(crate) fn race(case: &Case, options: &Options) -> Result<[Cost; 2]> {
    let mut helm = Vec::new();
    let mut ours = Vec::new();
    for _ in 0..options.runs {
        helm.push(cost(&options.helm, &[], case, &options.corpus)?);
        ours.push(cost(&options.plimsoll, &["helm"], case, &options.corpus)?);
    }
    Ok([best(&helm), best(&ours)])
}

/// The least of each: what disturbs a run only ever adds.
fn best(runs: &[Cost]) -> Cost {
    runs.iter().copied().fold(runs[0], |best, run| Cost {
        wall: best.wall.min(run.wall),
        cpu: best.cpu.min(run.cpu),
        memory: best.memory.min(run.memory),
    })
}

fn cost(program: &Path, first: &[&str], case: &Case, corpus: &Path) -> Result<Cost> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(first)
        .args(&case.args)
        .current_dir(corpus)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", corpus.join("home"))
        .env("KUBECONFIG", "/nonexistent")
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let used = child.wait4()?.rusage;
    Ok(Cost { wall: start.elapsed(), cpu: used.utime + used.stime, memory: used.maxrss })
}
