use plimsoll_source::Edit;

use super::write::{flow_text, key_text, literal_lines, wrapped};
use super::{EditError, Place, Scalar, Setting};
use crate::node::{Entry, Kind, Node};
use crate::path::{Path, Step};

impl Setting<'_> {
    /// Puts the value, and what leads to it, into a node that has no such thing yet.
    pub(super) fn insert(&self, place: &Place<'_, '_>, rest: &[Step]) -> Result<Edit, EditError> {
        let unfit = |what| Err(EditError::Unfit(place.path.clone(), what));
        let is_flow = matches!(self.slice(place.node.span).first(), Some(b'[' | b'{'));
        let wants_key = matches!(rest[0], Step::Key(_));
        match &place.node.kind {
            Kind::Null => self.insert_into_null(place, rest),
            Kind::Map(entries) if wants_key && is_flow => {
                Ok(self.insert_into_flow(place, entries.iter().map(|entry| &entry.value), rest))
            }
            Kind::Map(entries) if wants_key => Ok(self.insert_entry(place, entries, rest)),
            Kind::List(items) if !wants_key => {
                let count = items.len();
                if rest[0] != Step::Index(count) {
                    return Err(EditError::TooShort(place.path.clone(), count));
                }
                if is_flow {
                    return Ok(self.insert_into_flow(place, items.iter(), rest));
                }
                self.insert_item(place, items, rest)
            }
            Kind::Map(_) => unfit("a map"),
            Kind::List(_) => unfit("a list"),
            _ => unfit("a single value"),
        }
    }

    /// Behind the last entry of a map in block style, in line with its keys.
    fn insert_entry(&self, place: &Place<'_, '_>, entries: &[Entry], rest: &[Step]) -> Edit {
        let inside = |entry: &&Entry| {
            let span = place.node.span;
            (span.start..=span.end).contains(&entry.key_span.start)
        };
        let first = entries.iter().filter(inside).map(|entry| entry.key_span.start).min();
        let first = first.unwrap_or(place.node.span.start) as usize;
        let indent = first - self.line_start(first);
        let end = entries.iter().filter(inside).map(|entry| self.content_end(entry)).max();
        self.insert_lines(end.unwrap_or(first), &self.block_lines(rest, indent))
    }

    fn insert_item(
        &self,
        place: &Place<'_, '_>,
        items: &[Node],
        rest: &[Step],
    ) -> Result<Edit, EditError> {
        let unsure = || EditError::Unsure(Path(rest.to_vec()));
        let first = items.first().ok_or_else(unsure)?.span.start as usize;
        let line = self.line_start(first);
        let dash = place.node.span.start as usize;
        if self.text.get(dash) != Some(&b'-') || dash < line {
            return Err(EditError::Unsure(place.path.clone()));
        }
        let end = items.iter().map(|item| self.node_end(item)).max().unwrap_or(first);
        Ok(self.insert_lines(end, &self.block_lines(rest, dash - line)))
    }

    /// Behind the last of the values between brackets.
    fn insert_into_flow<'n>(
        &self,
        place: &Place<'_, '_>,
        values: impl Iterator<Item = &'n Node>,
        rest: &[Step],
    ) -> Edit {
        let wrapped = wrapped(rest, self.value);
        let inner = &wrapped[1..wrapped.len() - 1];
        let last = values.map(|value| value.span.end as usize).max();
        if let Some(last) = last {
            return self.edit(last, last, format!(", {inner}"));
        }
        let span = place.node.span;
        self.edit(span.start as usize, span.end as usize, wrapped)
    }

    fn insert_into_null(&self, place: &Place<'_, '_>, rest: &[Step]) -> Result<Edit, EditError> {
        let span = place.node.span;
        let (start, end) = (span.start as usize, span.end as usize);
        if place.path.0.is_empty() {
            return self.insert_into_nothing(rest);
        }
        let key = place.entry.map(|entry| entry.key_span.start as usize);
        let Some(key) = key.filter(|_| start == end) else {
            let text = wrapped(rest, self.value);
            let text = if start == end { format!(" {text}") } else { text };
            return Ok(self.edit(start, end, text));
        };
        let indent = key - self.line_start(key) + self.indent_step();
        Ok(self.insert_lines(start, &self.block_lines(rest, indent)))
    }

    /// Into a document that says nothing: behind its comments.
    fn insert_into_nothing(&self, rest: &[Step]) -> Result<Edit, EditError> {
        let is_comment = |line: &[u8]| {
            let line = line.trim_ascii();
            line.is_empty() || line.starts_with(b"#") || line == b"---"
        };
        if !self.text.split(|&byte| byte == b'\n').all(is_comment) {
            return Err(EditError::Unfit(Path::default(), "no map"));
        }
        let end = self.text.len();
        let broken = if self.text.is_empty() || self.text.ends_with(b"\n") { "" } else { "\n" };
        Ok(self.edit(end, end, format!("{broken}{}\n", self.block_lines(rest, 0))))
    }

    /// Whole lines behind the line that `end` lies on.
    fn insert_lines(&self, end: usize, lines: &str) -> Edit {
        let at = self.line_end(end);
        self.edit(at, at, format!("\n{lines}"))
    }

    /// What is missing as lines in block style.
    fn block_lines(&self, rest: &[Step], indent: usize) -> String {
        let step = self.indent_step();
        let mut out = " ".repeat(indent);
        let mut column = indent;
        for (at, one) in rest.iter().enumerate() {
            let is_last = at + 1 == rest.len();
            match one {
                Step::Index(_) => {
                    out.push_str("- ");
                    column += 2;
                }
                Step::Key(key) => {
                    out.push_str(&key_text(key));
                    out.push(':');
                    if is_last {
                        out.push(' ');
                    } else {
                        column += step;
                        out.push('\n');
                        out.push_str(&" ".repeat(column));
                    }
                }
            }
        }
        let lines = match self.value {
            Scalar::Text(text) => literal_lines(text, column + step),
            _ => None,
        };
        out.push_str(&lines.unwrap_or_else(|| flow_text(self.value)));
        out
    }

    /// Where the last character of an entry stands that is neither blank nor comment.
    fn content_end(&self, entry: &Entry) -> usize {
        self.node_end(&entry.value).max(entry.key_span.end as usize)
    }

    fn node_end(&self, node: &Node) -> usize {
        let inside = |one: &&Node| {
            (node.span.start..=node.span.end).contains(&one.span.start)
                && one.span.end <= self.text.len() as u32
        };
        let end = |one: &Node| match &one.kind {
            Kind::Map(entries) if !self.is_flow(one) => {
                entries.iter().map(|entry| entry.key_span.end).max().unwrap_or(one.span.start)
                    as usize
            }
            Kind::List(_) if !self.is_flow(one) => one.span.start as usize,
            _ => {
                let (start, end) = (one.span.start as usize, one.span.end as usize);
                start + self.text[start..end].trim_ascii_end().len()
            }
        };
        node.walk().filter(inside).map(end).max().unwrap_or(node.span.start as usize)
    }

    fn is_flow(&self, node: &Node) -> bool {
        matches!(self.slice(node.span).first(), Some(b'[' | b'{'))
    }

    /// By how much the first map within a map is indented in this text.
    fn indent_step(&self) -> usize {
        let column = |entry: &Entry| {
            let at = entry.key_span.start as usize;
            at - self.line_start(at)
        };
        let inner = |entry: &Entry| {
            let below = entry.value.as_map().first()?;
            let (own, below) = (column(entry), column(below));
            (below > own && !self.is_flow(&entry.value)).then(|| below - own)
        };
        self.root.walk().flat_map(Node::as_map).find_map(inner).unwrap_or(2)
    }
}
