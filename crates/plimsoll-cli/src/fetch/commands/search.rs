//! `helm search repo`

use std::cmp::Ordering;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::chart::Metadata;
use plimsoll::helm::dependency::table;
use plimsoll::helm::funcs::regex::first_match;
use plimsoll::helm::funcs::semver::{Constraint, Version};
use plimsoll::helm::{Level, slog};
use serde::Serialize;

use crate::fetch::download::index_path;
use crate::fetch::index::{ChartVersion, Index};
use crate::fetch::quote;
use crate::fetch::repositories::Repositories;
use crate::fetch::settings::Settings;
use crate::fetch::yaml::{go_json, marshal};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// What is found, the nearest first.
struct Found {
    /// `repo/chart`
    name: String,
    /// In which part of the line the keyword stands.
    score: usize,
    chart: ChartVersion,
}

/// `helm search repo [KEYWORD]`
pub(crate) fn search(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let given = parsed.text("version").unwrap_or_default();
    let all = parsed.bool("versions");
    let mut found = read_all(&settings, io)?;
    if !parsed.args.is_empty() {
        found = matching(found, &parsed.args.join(" "), parsed.bool("regexp"))?;
    }
    found.sort_by(order);
    let constraint = match given {
        "" if parsed.bool("devel") => ">0.0.0-0",
        "" => ">0.0.0",
        given => given,
    };
    let constraint = Constraint::parse(constraint)
        .map_err(|error| format!("an invalid version/constraint format: {error}"))?;
    let found = constrained(found, &constraint, all);
    print(&found, parsed, io)
}

/// Every version of every chart of every repository.
fn read_all(settings: &Settings, io: &mut Io) -> Result<Vec<Found>, String> {
    let none = || "no repositories configured".to_owned();
    let file = Repositories::load(&settings.repository_config).ok().flatten().ok_or_else(none)?;
    if file.entries().is_empty() {
        return Err(none());
    }
    let mut found = Vec::new();
    for entry in file.entries() {
        let path = index_path(settings, &entry.name);
        let mut log = |line: String| io.error(&format!("{line}\n"));
        match Index::load(&path, settings.compat, &mut log) {
            Ok(index) => collect(&entry.name, index, &mut found),
            Err(why) => io.error(&say_corrupt(&entry.name, &why, settings.compat)),
        }
    }
    Ok(found)
}

fn say_corrupt(name: &str, why: &str, compat: Compat) -> String {
    match compat {
        Compat::Helm4 => {
            let message = "repo is corrupt or missing";
            format!("{}\n", slog(Level::Warn, message, &[("repo", name), ("error", why)]))
        }
        Compat::Helm3 => format!(
            "WARNING: Repo {} is corrupt or missing. Try 'helm repo update'.\nWARNING: {why}\n",
            quote(name)
        ),
    }
}

fn collect(repo: &str, index: Index, found: &mut Vec<Found>) {
    for (name, versions) in index.entries {
        let name = plimsoll::source::go_path::join(&[repo, &name]);
        let versions = versions.into_iter();
        found.extend(versions.map(|chart| Found { name: name.clone(), score: 0, chart }));
    }
}

/// helm: search/search.go: the earlier part of a chart's line the keyword stands in, the better.
fn matching(found: Vec<Found>, keyword: &str, regexp: bool) -> Result<Vec<Found>, String> {
    let lower = keyword.to_lowercase();
    let mut hits = Vec::new();
    for mut one in found {
        let mut line = line(&one);
        let at = if regexp {
            first_match(keyword, &line)?
        } else {
            line = line.to_lowercase();
            line.find(&lower)
        };
        if let Some(at) = at {
            // What begins at a separator belongs to the part before it.
            one.score = line[..at].matches(SEPARATOR).count();
            hits.push(one);
        }
    }
    Ok(hits)
}

const SEPARATOR: char = '\u{b}';

fn line(one: &Found) -> String {
    let metadata = &one.chart.metadata;
    let repo = one.name.split('/').next().unwrap_or_default();
    let keywords = metadata.keywords.as_deref().unwrap_or_default().join(" ");
    let Metadata { name, description, .. } = metadata;
    format!("{name}{SEPARATOR}{repo}/{name}{SEPARATOR}{description}{SEPARATOR}{keywords}")
}

fn order(a: &Found, b: &Found) -> Ordering {
    let versions = || match (a.chart.version(), b.chart.version()) {
        (Some(a), Some(b)) => b.compare(a),
        _ => Ordering::Equal,
    };
    a.score.cmp(&b.score).then_with(|| a.name.cmp(&b.name)).then_with(versions)
}

/// The first version of each chart that lies in the range, or all of them.
fn constrained(found: Vec<Found>, constraint: &Constraint, all: bool) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let had = !all && kept.iter().rev().any(|it| it.name == one.name);
        let fits = |version: &Version| constraint.check(version);
        if !had && one.chart.version().is_some_and(fits) {
            kept.push(one);
        }
    }
    kept
}

/// A chart as `-o json` has it.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    version: &'a str,
    app_version: &'a str,
    description: &'a str,
}

impl<'a> Row<'a> {
    fn of(one: &'a Found) -> Row<'a> {
        let Metadata { version, app_version, description, .. } = &one.chart.metadata;
        Row { name: &one.name, version, app_version, description }
    }
}

fn print(found: &[Found], parsed: &Parsed, io: &mut Io) -> Result<(), String> {
    if found.is_empty() && parsed.bool("fail-on-no-result") {
        return Err("no results found".to_owned());
    }
    let rows: Vec<Row<'_>> = found.iter().map(Row::of).collect();
    let text = match parsed.text("output").unwrap_or("table") {
        "json" => format!("{}\n", go_json(&rows)).into_bytes(),
        "yaml" => marshal(&rows),
        _ if found.is_empty() => b"No results found\n".to_vec(),
        _ => {
            let width = parsed.text("max-col-width").and_then(|it| it.parse().ok()).unwrap_or(50);
            let heading = ["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"];
            let body = rows.iter().map(|it| [it.name, it.version, it.app_version, it.description]);
            let lines = std::iter::once(heading).chain(body).map(|row| row.map(str::to_owned));
            format!("{}\n", table(&lines.collect::<Vec<_>>(), width)).into_bytes()
        }
    };
    io.print(&text);
    Ok(())
}
