//! Random mutations of the fixture charts and their values: whatever comes of them, it is no panic,
//! no endless run and no flood of memory.

mod change;
mod render;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::change::Mutant;
use crate::chance::Chance;

/// How long a mutant may take, how much memory the program may have then, and how often both are
/// looked at.
const LONGEST: Duration = Duration::from_secs(10);
const MOST_MEMORY: u64 = 4 << 30;
const LOOK: Duration = Duration::from_millis(50);

/// A chart of the fixtures: the paths in it and their bytes.
pub(crate) struct Seed {
    name: String,
    files: Vec<(String, Vec<u8>)>,
}

struct Options {
    count: u64,
    seed: u64,
    show: bool,
}

/// `mutate [--count N] [--seed S]`, and `--show true` to see the mutants. False if one failed.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(crate) fn run(args: &[&str]) -> Result<bool> {
    let mut options = Options { count: 1000, seed: 1, show: false };
    for pair in args.chunks(2) {
        match pair {
            ["--count", count] => options.count = count.parse()?,
            ["--seed", seed] => options.seed = seed.parse()?,
            ["--show", show] => options.show = show.parse()?,
            other => bail!("unknown option {}", other.join(" ")),
        }
    }
    let report = mutants(Path::new("."), &options)?;
    println!(
        "{} mutants, {} rendered, slowest {:.2} s (seed {}), {} failed",
        options.count,
        report.rendered,
        report.slowest.as_secs_f64(),
        report.slowest_seed,
        report.failures.len(),
    );
    for failure in &report.failures {
        println!("{failure}");
    }
    Ok(report.failures.is_empty())
}

/// What came of the mutants.
#[derive(Default)]
struct Report {
    rendered: u64,
    slowest: Duration,
    slowest_seed: u64,
    failures: Vec<String>,
}

/// The mutant that is being rendered, for who looks at the clock.
struct Running {
    since: Instant,
    mutant: String,
}

fn mutants(root: &Path, options: &Options) -> Result<Report> {
    let seeds = seeds(&root.join("fixtures/charts"))?;
    let running = Mutex::new(None::<Running>);
    let done = Mutex::new(false);
    let mut report = Report::default();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        scope.spawn(|| watch(&running, &done));
        for seed in options.seed..options.seed + options.count {
            let mutant = Mutant::new(&seeds, &mut Chance::new(seed));
            show(options, seed, &mutant);
            let since = Instant::now();
            set(&running, Some(Running { since, mutant: format!("seed {seed}: {mutant}") }));
            let result = render::render(&mutant);
            let took = since.elapsed();
            if took > report.slowest {
                (report.slowest, report.slowest_seed) = (took, seed);
            }
            match result {
                Ok(rendered) => report.rendered += u64::from(rendered),
                Err(panic) => report.failures.push(format!("seed {seed}: {panic}\n{mutant}")),
            }
        }
        set(&done, true);
    });
    std::panic::set_hook(hook);
    Ok(report)
}

#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
fn show(options: &Options, seed: u64, mutant: &Mutant) {
    if options.show {
        println!("seed {seed}: {mutant}");
    }
}

fn set<T>(place: &Mutex<T>, value: T) {
    *place.lock().expect("nobody panics with it") = value;
}

/// Ends the program where a mutant takes too long or too much.
#[expect(clippy::print_stderr, clippy::exit, reason = "nothing else ends a run that hangs")]
fn watch(running: &Mutex<Option<Running>>, done: &Mutex<bool>) {
    while !*done.lock().expect("nobody panics with it") {
        std::thread::sleep(LOOK);
        let memory = memory();
        if let Some(running) = &*running.lock().expect("nobody panics with it")
            && (running.since.elapsed() > LONGEST || memory > MOST_MEMORY)
        {
            let seconds = running.since.elapsed().as_secs_f64();
            eprintln!("{seconds:.1} s and {} MiB\n{}", memory >> 20, running.mutant);
            std::process::exit(1);
        }
    }
}

/// The bytes that the program has in memory; nothing where the system does not tell.
fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

/// The fixture charts.
fn seeds(folder: &Path) -> Result<Vec<Seed>> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    folders.sort();
    folders.iter().map(|folder| seed(folder)).collect()
}

fn seed(folder: &Path) -> Result<Seed> {
    let chart = folder.join("chart");
    let mut files = Vec::new();
    let mut open = vec![chart.clone()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&chart)?.to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read(&path)?));
        }
    }
    files.sort();
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Seed { name, files })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutants_of_the_fixture_charts_do_no_harm() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let options = Options { count: 300, seed: 1, show: false };
        let report = mutants(root, &options).expect("the fixtures are there");
        assert!(report.failures.is_empty(), "{}", report.failures.join("\n"));
        assert!(report.rendered > 0, "some mutants are still charts");
    }
}
