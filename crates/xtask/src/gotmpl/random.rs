//! Random templates, asked of Go and of us.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::go::Go;
use super::world::World;
use super::{WORLD, calls, difference, language, on_deep_stack};
use crate::chance::Chance;

struct Options {
    count: u64,
    seed: u64,
    only: Option<String>,
    shown: usize,
}

fn options(args: &[&str]) -> Result<Options> {
    let mut options = Options { count: 1000, seed: 1, only: None, shown: 30 };
    for pair in args.chunks(2) {
        match pair {
            ["--count", count] => options.count = count.parse()?,
            ["--seed", seed] => options.seed = seed.parse()?,
            ["--only", word] => options.only = Some((*word).to_owned()),
            ["--show", shown] => options.shown = shown.parse()?,
            other => bail!("unknown option {}", other.join(" ")),
        }
    }
    Ok(options)
}

/// Runs so many random templates of both kinds, and shows where answers differ: one difference of
/// each function first. `--only WORD` keeps the templates that hold the word.
pub(crate) fn run(args: &[&str]) -> Result<bool> {
    let options = options(args)?;
    on_deep_stack(|| compare(&options))
}

#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
fn compare(options: &Options) -> Result<bool> {
    let world = World::read(Path::new(WORLD))?;
    let mut go = Go::start(Path::new(WORLD))?.context("Go is not installed")?;
    let (mut asked, mut unanswered, mut failed, mut errors) = (0, 0, 0, 0);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut told, mut shown) = (BTreeSet::new(), 0);
    std::panic::set_hook(Box::new(|_| {}));
    for seed in options.seed..options.seed + options.count {
        let mut chance = Chance::new(seed);
        let (about, source) = if seed % 2 == 0 {
            ("language".to_owned(), language::template(&mut chance))
        } else {
            calls::template(&mut chance)
        };
        if options.only.as_ref().is_some_and(|only| !source.contains(only)) {
            continue;
        }
        asked += 1;
        let want = match go.answer(source.as_bytes()) {
            Ok(want) => want,
            Err(error) => {
                println!("seed {seed}: {error:#}");
                go = Go::start(Path::new(WORLD))?.context("Go is not installed")?;
                None
            }
        };
        let Some(want) = want else {
            unanswered += 1;
            continue;
        };
        errors += usize::from(matches!(want, super::Answer::Err(..)));
        let got = world.answer(source.as_bytes());
        if difference(source.as_bytes(), &want, &got).is_some() {
            failed += 1;
            let before = seen.entry(about.clone()).or_default();
            *before += 1;
            if shown >= options.shown || *before > if about == "language" { 60 } else { 3 } {
                continue;
            }
            let small = shrink(&source, |source| differs(&mut go, &world, source).is_some());
            let difference = differs(&mut go, &world, &small).unwrap_or_default();
            if told.insert(small) {
                shown += 1;
                println!("seed {seed}: {difference}");
            }
        }
    }
    let _ = std::panic::take_hook();
    println!(
        "{asked} asked, {errors} of them errors, {unanswered} without an answer, {failed} differ"
    );
    println!("{seen:?}");
    Ok(failed == 0)
}

/// How the answers to a template differ, if they do.
fn differs(go: &mut Go, world: &World, source: &str) -> Option<String> {
    let want = go.answer(source.as_bytes()).ok()??;
    difference(source.as_bytes(), &want, &world.answer(source.as_bytes()))
}

/// A shorter text for which the same holds: pieces are left out while it does.
fn shrink(source: &str, mut holds: impl FnMut(&str) -> bool) -> String {
    let mut pieces = pieces(source);
    let mut length = pieces.len();
    while length > 0 {
        let mut at = 0;
        while at + length <= pieces.len() {
            let mut fewer = pieces.clone();
            fewer.drain(at..at + length);
            if holds(&fewer.concat()) {
                pieces = fewer;
            } else {
                at += 1;
            }
        }
        length = (length / 2).min(pieces.len());
    }
    pieces.concat()
}

/// Words, quoted texts and delimiters.
fn pieces(source: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut quote = None;
    let mut glued = false;
    for c in source.chars() {
        let is_word = c.is_alphanumeric() || matches!(c, '.' | '$' | '_');
        match pieces.last_mut() {
            Some(last) if quote.is_some() || (glued && is_word) => last.push(c),
            _ => pieces.push(c.into()),
        }
        glued = is_word;
        quote = match (quote, c) {
            (Some(open), c) if c == open => None,
            (None, '"' | '`') => Some(c),
            (quote, _) => quote,
        };
    }
    pieces
}
