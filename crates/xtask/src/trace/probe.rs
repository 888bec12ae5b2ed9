//! Changes values one by one and compares what changes in the output with what the trace said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use plimsoll::{TracedRender, ValuePlace};
use plimsoll_yaml::{Kind, Node};

use super::leaves::{Leaf, documents, leaves};
use super::{Work, chart, plain, traced};

/// How often something was so.
#[derive(Default)]
struct Share(usize, usize);

impl Share {
    fn add(&mut self, holds: bool) {
        self.0 += usize::from(holds);
        self.1 += 1;
    }

    fn text(&self) -> String {
        let share = 100.0 * self.0 as f64 / self.1.max(1) as f64;
        format!("{}/{} ({share:.1} %)", self.0, self.1)
    }
}

/// Probes a case with `most` changes each for recall and precision.
#[expect(clippy::print_stdout, reason = "a task speaks to the person who runs it")]
pub(super) fn run(work: &Work, most: usize) -> Result<()> {
    let copy = std::env::temp_dir().join(format!("plimsoll-trace-{}", std::process::id()));
    copy_folder(&work.chart, &copy)?;
    let copied = Work {
        chart: copy.clone(),
        folder: work.folder.clone(),
        flags: work.flags.clone(),
        options: work.options.clone(),
    };
    let done = probe(&copied, most);
    std::fs::remove_dir_all(&copy)?;
    for line in done? {
        println!("  {line}");
    }
    Ok(())
}

fn probe(work: &Work, most: usize) -> Result<Vec<String>> {
    let text = |error: plimsoll::helm::release::TemplateError| anyhow::anyhow!(error.error.message);
    let first = chart(&work.chart).map_err(text)?;
    let base = traced(work, &first).map_err(text)?;
    let all = leaves(&base.rendered);
    let answers: Vec<Vec<ValuePlace>> = all.iter().map(|leaf| answer(&base, leaf)).collect();
    let with_template = all.iter().filter(|leaf| {
        let document = documents(&base.rendered)[leaf.document];
        !base.at(document, leaf.range.clone()).templates.is_empty()
    });
    let mut lines = vec![format!(
        "{} leaves; a template place for {}; values places for {}",
        all.len(),
        with_template.count(),
        answers.iter().filter(|places| !places.is_empty()).count()
    )];
    let mut recall = Share::default();
    let mut missed = BTreeMap::new();
    let places = values_leaves(work)?;
    for (file, change) in every(&places, most) {
        let Some(after) = changed(work, file, change)? else { continue };
        let moved = moved(&all, &after);
        for (leaf, places) in all.iter().zip(&answers) {
            if moved.contains(&leaf.document) {
                continue;
            }
            let Some(now) = after.get(&(leaf.document, leaf.path.clone())) else { continue };
            if *now == leaf.text || !now.contains(&change.new) {
                continue;
            }
            let hit = places.iter().any(|place| is_at(place, file, change));
            recall.add(hit);
            if !hit {
                let line = format!("{}: {} -> {}", leaf.path, leaf.text, now);
                missed.entry(shortened(&line)).or_insert_with(|| change.key.clone());
            }
        }
    }
    lines.push(format!("recall: {}", recall.text()));
    lines.extend(missed.iter().take(25).map(|(leaf, key)| format!("  missed {key}: {leaf}")));
    lines.extend(precision(work, &all, &answers, &places, most)?);
    Ok(lines)
}

/// The documents whose items are no longer where they were: a path says nothing there.
fn moved(all: &[Leaf], after: &Texts) -> BTreeSet<usize> {
    let mut counts: BTreeMap<usize, i64> = BTreeMap::new();
    for leaf in all {
        *counts.entry(leaf.document).or_default() += 1;
    }
    for (document, _) in after.keys() {
        *counts.entry(*document).or_default() -= 1;
    }
    counts.into_iter().filter(|(_, count)| *count != 0).map(|(document, _)| document).collect()
}

fn shortened(text: &str) -> String {
    text.chars().take(160).collect::<String>().replace('\n', "\\n")
}

fn precision(
    work: &Work,
    all: &[Leaf],
    answers: &[Vec<ValuePlace>],
    places: &[(PathBuf, Change)],
    most: usize,
) -> Result<Vec<String>> {
    let mut asked: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, (file, change)) in places.iter().enumerate() {
        let hit = answers.iter().enumerate();
        let hit = hit.filter(|(_, answer)| answer.iter().any(|place| is_at(place, file, change)));
        asked.extend(hit.map(|(leaf, _)| (at, leaf)));
    }
    let changes: BTreeSet<usize> = asked.iter().map(|pair| pair.0).collect();
    let changes: Vec<usize> = changes.into_iter().collect();
    let (mut precision, mut wrong) = (Share::default(), BTreeMap::new());
    for &at in every(&changes, most) {
        let (file, change) = &places[at];
        let Some(after) = changed(work, file, change)? else { continue };
        for &(_, leaf) in asked.range((at, 0)..(at + 1, 0)) {
            let leaf = &all[leaf];
            let now = after.get(&(leaf.document, leaf.path.clone()));
            let holds = now != Some(&leaf.text);
            precision.add(holds);
            if !holds {
                let line = format!("{}: {}", leaf.path, leaf.text);
                wrong.entry(shortened(&line)).or_insert_with(|| change.key.clone());
            }
        }
    }
    let mut lines = vec![format!("precision: {}", precision.text())];
    lines.extend(wrong.iter().take(25).map(|(leaf, key)| format!("  idle {key}: {leaf}")));
    Ok(lines)
}

/// At most `most` of them, evenly spread.
fn every<T>(items: &[T], most: usize) -> impl Iterator<Item = &T> {
    items.iter().step_by(items.len().div_ceil(most).max(1))
}

fn answer(base: &TracedRender, leaf: &Leaf) -> Vec<ValuePlace> {
    base.at(documents(&base.rendered)[leaf.document], leaf.range.clone()).values
}

fn is_at(place: &ValuePlace, file: &Path, change: &Change) -> bool {
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    start < change.end && change.start < end.max(start + 1) && file.ends_with(&place.file)
        || (Path::new(&place.file) == file && start < change.end && change.start < end)
}

/// A scalar of a values file and what it is changed to.
struct Change {
    key: String,
    start: usize,
    end: usize,
    /// What stands there then.
    text: Vec<u8>,
    /// What the output holds then.
    new: String,
}

/// The scalars of the values files of the chart and of its subcharts that are folders.
fn values_leaves(work: &Work) -> Result<Vec<(PathBuf, Change)>> {
    let mut files: Vec<PathBuf> = work.flags.files.iter().map(|f| work.folder.join(f)).collect();
    let mut folders = vec![work.chart.clone()];
    while let Some(folder) = folders.pop() {
        files.push(folder.join("values.yaml"));
        for entry in std::fs::read_dir(folder.join("charts")).into_iter().flatten() {
            let path = entry?.path();
            folders.extend(path.is_dir().then_some(path));
        }
    }
    let mut found = Vec::new();
    // What the user gave is not ours to change.
    for file in files.into_iter().filter(|file| file.starts_with(&work.chart)) {
        let Ok(text) = std::fs::read(&file) else { continue };
        let Ok(node) = plimsoll_yaml::read(&text, plimsoll::source::FileId::NONE) else { continue };
        let mut changes = Vec::new();
        walk(&node, &text, String::new(), &mut changes);
        found.extend(changes.into_iter().map(|change| (file.clone(), change)));
    }
    Ok(found)
}

fn walk(node: &Node, text: &[u8], key: String, found: &mut Vec<Change>) {
    match &node.kind {
        Kind::Map(entries) => {
            for entry in entries {
                let name = String::from_utf8_lossy(&entry.key);
                walk(&entry.value, text, format!("{key}.{name}"), found);
            }
        }
        Kind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, text, format!("{key}[{at}]"), found);
            }
        }
        kind => found.extend(change(kind, node, text, key, found.len())),
    }
}

fn change(kind: &Kind, node: &Node, text: &[u8], key: String, number: usize) -> Option<Change> {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    let old = text.get(start..end)?;
    let (text, new) = match kind {
        Kind::Text(value) if old.first().is_some_and(|first| !b"|>&*!".contains(first)) => {
            let mark = format!("zq{number}");
            let at = old.len() - usize::from(matches!(old.first(), Some(b'"' | b'\'')));
            let both = [&old[..at], mark.as_bytes(), &old[at..]].concat();
            (if value.is_empty() && at == 0 { mark.clone().into_bytes() } else { both }, mark)
        }
        Kind::Int(value) => {
            let new = (value + 1).to_string();
            (new.clone().into_bytes(), new)
        }
        Kind::Bool(value) => {
            let new = (!value).to_string();
            (new.clone().into_bytes(), new)
        }
        _ => return None,
    };
    Some(Change { key, start, end, text, new })
}

type Texts = BTreeMap<(usize, String), String>;

/// The output's scalars after a change; nothing where it renders no more, or other documents.
fn changed(work: &Work, file: &Path, change: &Change) -> Result<Option<Texts>> {
    let before = std::fs::read(file)?;
    let after = [&before[..change.start], &change.text, &before[change.end..]].concat();
    std::fs::write(file, after)?;
    let rendered = chart(&work.chart).and_then(|chart| plain(work, &chart));
    std::fs::write(file, before)?;
    Ok(rendered.ok().map(|rendered| {
        let leaves = leaves(&rendered).into_iter();
        leaves.map(|leaf| ((leaf.document, leaf.path), leaf.text)).collect()
    }))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("an entry has a name")?);
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
