//! Findings that somebody has looked at and decided to live with.
//!
//! `# plimsoll:ignore RULE reason [until=YYYY-MM-DD]` covers the line that it stands on or over and
//! what is nested below; before the first line of a document it covers the document. The annotation
//! `plimsoll/ignore` covers its object; several are parted by `;`. One that is not in effect is a
//! finding itself: it covers nothing, has no reason, or its date is over.

use std::ops::Range;

use plimsoll_kube::{Document, Node, Object};
use plimsoll_source::{FileId, Finding, ObjectId, Severity, Span};

use crate::{Found, ObjectSet, Settings, find};

/// The name of the findings on suppressions.
pub const UNUSED: &str = "unused-suppression";

const COMMENT: &[u8] = b"# plimsoll:ignore ";
const ANNOTATION: &str = "plimsoll/ignore";

/// Takes out what is suppressed and adds what there is to say of the suppressions. `text` gives the
/// text of a file; `today` is `YYYY-MM-DD`, empty where no date is ever over.
pub fn suppress<'t>(
    found: Vec<Found>,
    set: &ObjectSet<'_>,
    settings: &Settings,
    text: &dyn Fn(FileId) -> Option<&'t [u8]>,
    today: &str,
) -> Vec<Found> {
    let mut all = suppressions(set, text);
    if all.is_empty() {
        return found;
    }
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        let mut covered = false;
        for suppression in all.iter_mut().filter(|by| by.covers(&one)) {
            let holds = suppression.problem(today).is_none();
            suppression.used |= holds;
            covered |= holds;
        }
        if !covered {
            kept.push(one);
        }
    }
    let asked = |rule: &str| settings.rules().iter().any(|(one, _)| one.name == rule);
    let unused = all.iter().filter(|one| !one.used);
    let unused = unused.filter(|one| asked(&one.rule) || find(&one.rule).is_none());
    kept.extend(unused.map(|one| one.found(today)));
    kept.sort_by_key(|one| (one.span, one.finding.rule));
    kept
}

struct Suppression {
    rule: String,
    reason: bool,
    until: String,
    /// What it covers.
    file: FileId,
    range: Range<u32>,
    /// The one object that it covers.
    object: Option<ObjectId>,
    /// Where it stands.
    at: Span,
    used: bool,
}

impl Suppression {
    fn read(text: &str, at: Span, range: Range<u32>, object: Option<ObjectId>) -> Suppression {
        let mut words = text.split_whitespace();
        let rule = words.next().unwrap_or_default().to_owned();
        let (until, reason): (Vec<&str>, Vec<&str>) =
            words.partition(|word| word.starts_with("until="));
        let until = until.first().map_or("", |word| &word["until=".len()..]).to_owned();
        let (file, reason) = (at.file, !reason.is_empty());
        Suppression { rule, reason, until, file, range, object, at, used: false }
    }

    fn covers(&self, found: &Found) -> bool {
        found.finding.rule == self.rule
            && found.span.file == self.file
            && self.range.contains(&found.span.start)
            && (self.object.is_none() || self.object == found.finding.object)
    }

    /// Why it is not in effect, whatever it covers.
    fn problem(&self, today: &str) -> Option<(String, &'static str)> {
        let rule = &self.rule;
        if find(rule).is_none() {
            return Some((format!("there is no rule `{rule}` to ignore"), "name a rule"));
        }
        if !self.reason {
            let message = format!("`{rule}` is ignored without a reason, and so it is not");
            return Some((message, "write behind the rule why this is all right"));
        }
        if !self.until.is_empty() && !is_date(&self.until) {
            let message = format!("`{rule}` is ignored until `{}`, which is no date", self.until);
            return Some((message, "write the date as `until=YYYY-MM-DD`"));
        }
        let over = !self.until.is_empty() && !today.is_empty() && self.until.as_str() < today;
        let message = format!("`{rule}` was ignored until {}", self.until);
        over.then_some((message, "mend what was ignored, or set another date"))
    }

    fn found(&self, today: &str) -> Found {
        let (message, help) = self.problem(today).unwrap_or_else(|| {
            let message =
                format!("`{}` is ignored here, and there is nothing to ignore", self.rule);
            (message, "remove the suppression")
        });
        let finding = Finding {
            rule: UNUSED,
            severity: Severity::Info,
            message,
            object: self.object.clone(),
            path: self
                .object
                .as_ref()
                .map_or_else(String::new, |_| format!("metadata.annotations[{ANNOTATION}]")),
            locations: Vec::new(),
            help: help.to_owned(),
            fix: None,
        };
        Found { finding, span: self.at }
    }
}

fn is_date(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| {
        if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

fn suppressions<'t>(
    set: &ObjectSet<'_>,
    text: &dyn Fn(FileId) -> Option<&'t [u8]>,
) -> Vec<Suppression> {
    let mut all = Vec::new();
    let mut last: Option<&Document> = None;
    for object in set.objects() {
        let document = object.document;
        if last.is_none_or(|last| !std::ptr::eq(last, document)) {
            last = Some(document);
            let part = text(document.file).and_then(|text| text.get(document.range.clone()));
            comments(part.unwrap_or_default(), document, &mut all);
        }
        annotations(object, &mut all);
    }
    all
}

fn annotations(object: &Object<'_>, all: &mut Vec<Suppression>) {
    let of_object = object.node.get("metadata");
    let of_pod = object.pod().and_then(|pod| pod.template.get("metadata"));
    let of_pod = of_pod.filter(|pod| of_object.is_none_or(|own| !std::ptr::eq(own, *pod)));
    let document = object.document;
    let range = document.range.start as u32..document.range.end as u32;
    for metadata in of_object.into_iter().chain(of_pod) {
        let value = metadata.get("annotations").and_then(|own| own.get(ANNOTATION));
        let Some(text) = value.and_then(Node::as_str) else { continue };
        let at = document.span(value.map_or(metadata.span, |value| value.span));
        let entries = text.split([';', '\n']).map(str::trim).filter(|one| !one.is_empty());
        all.extend(entries.map(|one| Suppression::read(one, at, range.clone(), Some(object.id()))));
    }
}

fn comments(text: &[u8], document: &Document, all: &mut Vec<Suppression>) {
    if !text.windows(COMMENT.len()).any(|window| window == COMMENT) {
        return;
    }
    let mut start = 0;
    let lines: Vec<Line<'_>> = text
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| {
            let place = start;
            start += line.len();
            Line { start: place, text: line }
        })
        .collect();
    let place = document.range.start;
    for (number, line) in lines.iter().enumerate() {
        let Some(column) = line.comment() else { continue };
        let entry = String::from_utf8_lossy(&line.text[column + COMMENT.len()..]).into_owned();
        let range = covered(&lines, number);
        let range = (range.start + place) as u32..(range.end + place) as u32;
        let at = (place + line.start + column) as u32;
        let at = Span::new(document.file, at, at + COMMENT.len() as u32);
        all.push(Suppression::read(&entry, at, range, None));
    }
}

struct Line<'a> {
    start: usize,
    text: &'a [u8],
}

impl Line<'_> {
    /// Where a suppression begins, if the line holds one.
    fn comment(&self) -> Option<usize> {
        let at = self.text.windows(COMMENT.len()).position(|window| window == COMMENT)?;
        let before = self.text[..at].last();
        before.is_none_or(|byte| matches!(byte, b' ' | b'\t')).then_some(at)
    }

    /// The indentation of a line that holds something.
    fn indent(&self) -> Option<usize> {
        let at = self.text.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let rest = &self.text[at..];
        let holds = !matches!(rest[0], b'#' | b'\n' | b'\r') && !rest.starts_with(b"---");
        holds.then_some(at)
    }

    fn is_item(&self, indent: usize) -> bool {
        self.text.get(indent..).is_some_and(|rest| rest.starts_with(b"- "))
    }
}

/// The block that begins with the line of a comment, or with the next one that holds something.
fn covered(lines: &[Line<'_>], comment: usize) -> Range<usize> {
    let end_of = |line: &Line<'_>| line.start + line.text.len();
    let whole = 0..lines.last().map_or(0, end_of);
    let content = |line: &(usize, &Line<'_>)| line.1.indent().is_some();
    let mut rest = lines.iter().enumerate().skip(comment);
    let Some((first, line)) = rest.find(content) else { return 0..0 };
    if lines[..first].iter().all(|line| line.indent().is_none()) && first > comment {
        return whole;
    }
    let indent = line.indent().unwrap_or_default();
    let of_key = !line.is_item(indent);
    let ends = |line: &Line<'_>| match line.indent() {
        None => false,
        Some(other) if other > indent => false,
        // A list may stand as far left as its key.
        Some(other) => other < indent || !of_key || !line.is_item(other),
    };
    let end = lines[first + 1..].iter().find(|line| ends(line));
    line.start..end.map_or(whole.end, |line| line.start)
}

#[cfg(test)]
mod tests {
    use plimsoll_kube::read_documents;

    use super::*;
    use crate::{Profile, lint};

    /// The findings on memory limits and on suppressions, by line and name.
    #[track_caller]
    fn check(text: &str, today: &str, want: &[(usize, &str)]) {
        let documents = read_documents(text.as_bytes(), FileId(0));
        let set = ObjectSet::new(&documents, "default");
        let settings = Settings::new(Profile::Default, (1, 37));
        let found = lint(&set, &settings);
        let found = suppress(found, &set, &settings, &|_| Some(text.as_bytes()), today);
        let got: Vec<(usize, &str)> = found
            .iter()
            .filter(|one| matches!(one.finding.rule, "memory-limit" | UNUSED))
            .map(|one| (text[..one.span.start as usize].lines().count(), one.finding.rule))
            .collect();
        assert_eq!(got, want, "{text}");
    }

    fn pod(first: &str, second: &str, metadata: &str) -> String {
        format!(
            "kind: Pod\napiVersion: v1\nmetadata: {{name: p{metadata}}}\nspec:\n  containers:\n{first}  - name: a\n    image: a:1\n{second}  - name: b\n    image: b:1\n"
        )
    }

    #[test]
    fn a_comment_covers_what_it_stands_over() {
        check(&pod("", "", ""), "", &[(6, "memory-limit"), (8, "memory-limit")]);
        let comment = "  # plimsoll:ignore memory-limit it is a test\n";
        check(&pod(comment, "", ""), "", &[(9, "memory-limit")]);
        check(&pod("", comment, ""), "", &[(6, "memory-limit")]);
        check(&(comment.trim_start().to_owned() + &pod("", "", "")), "", &[]);
        let key =
            pod("", "", "").replace("containers:", "containers: # plimsoll:ignore memory-limit so");
        check(&key, "", &[]);
    }

    #[test]
    fn an_annotation_covers_its_object() {
        let annotation = ", annotations: {plimsoll/ignore: 'run-as-non-root x; memory-limit y'}";
        check(&pod("", "", annotation), "", &[]);
        let other = format!("{}---\n{}", pod("", "", annotation), pod("", "", ""));
        check(&other, "", &[(16, "memory-limit"), (18, "memory-limit")]);
    }

    #[test]
    fn what_is_not_in_effect_is_told() {
        let comment = |text: &str| pod(&format!("  # plimsoll:ignore {text}\n"), "", "");
        let both = [(7, "memory-limit"), (9, "memory-limit")];
        let with_unused = [(6, UNUSED), both[0], both[1]];
        check(&comment("memory-limit"), "", &with_unused);
        check(&comment("no-such-rule because"), "", &with_unused);
        check(&comment("naked-pods because"), "", &with_unused);
        check(&comment("host-network because"), "", &with_unused);
        check(&comment("memory-limit x until=2026-01-31"), "2026-02-01", &with_unused);
        check(&comment("memory-limit x until=soon"), "2026-02-01", &with_unused);
        check(&comment("memory-limit x until=2026-01-31"), "2026-01-31", &both[1..]);
    }

    #[test]
    fn rules_that_are_not_asked_are_not_missed() {
        check(
            &pod("  # plimsoll:ignore restricted-volume-types x\n", "", ""),
            "",
            &[(7, "memory-limit"), (9, "memory-limit")],
        );
    }
}
