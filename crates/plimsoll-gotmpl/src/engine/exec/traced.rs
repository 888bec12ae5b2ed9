//! What a traced run does beside: marks on the output, origins of what functions give.

use plimsoll_source::Origin;

use super::{Frame, Run};
use crate::engine::ast::Piece;
use crate::engine::trace::Tracing;
use crate::value::{List, Text, TextBuf, Value};

/// Functions that give what an argument holds or makes: it says itself where it came from.
const TAKES_OUT: &[&str] = &[
    "include",
    "tpl",
    "index",
    "get",
    "dig",
    "first",
    "last",
    "mustFirst",
    "mustLast",
    "slice",
    "pluck",
];

/// How many leaves of a list or map are asked where they came from.
const MOST_LEAVES: usize = 64;

impl Frame<'_> {
    /// Writes literal text, a mark a line, so that text which is moved keeps its place.
    #[cold]
    pub(super) fn traced_text<T: Tracing>(
        &self,
        run: &mut Run<'_, T>,
        text: Piece,
        out: &mut TextBuf,
    ) {
        if let Some(source) = run.tpl_text(self.body) {
            out.push_range(source, text.start as usize..text.end as usize, Origin::NONE);
            return;
        }
        let Some(trace) = run.tracing.trace() else { return };
        let mut at = text.start;
        for line in self.text(text).split_inclusive(|&byte| byte == b'\n') {
            let start = out.len();
            out.push_bytes(line);
            out.sign(start, trace.site_of(self.file, at..at + line.len() as u32));
            at += line.len() as u32;
        }
    }

    /// Says that the action at `pos` wrote what the output holds from `start` on. Within `tpl` the
    /// action that called it says so.
    #[cold]
    pub(super) fn sign<T: Tracing>(
        &self,
        run: &mut Run<'_, T>,
        start: usize,
        pos: u32,
        out: &mut TextBuf,
    ) {
        if run.tpl_text(self.body).is_some() {
            return;
        }
        let Some(trace) = run.tracing.trace() else { return };
        let source = &self.nodes.source[pos as usize..];
        let end = memchr::memmem::find(source, b"}}").unwrap_or(source.len()) as u32;
        out.sign(start, trace.site_of(self.file, pos..pos + end));
    }
}

impl<T: Tracing> Run<'_, T> {
    /// What a function gave; where it does not say where that came from, it came from its arguments.
    #[cold]
    pub(in crate::engine) fn joined(&mut self, name: &str, value: Value, args: &[Value]) -> Value {
        if is_known(&value) || TAKES_OUT.contains(&name) {
            return value;
        }
        match &value {
            Value::Nil | Value::Map(..) => value,
            Value::List(_, list) => {
                if list.iter().any(|item| is_known(item) || item.as_map().is_some()) {
                    return value;
                }
                let origin = self.union_of(args);
                let items = list.iter().map(|item| item.clone().with_origin(origin));
                if list.is_nil() || !origin.is_some() {
                    value
                } else {
                    Value::List(origin, List::new(list.elem(), items.collect()))
                }
            }
            _ => {
                let origin = self.union_of(args);
                value.with_origin(origin)
            }
        }
    }

    fn union_of(&mut self, values: &[Value]) -> Origin {
        values.iter().fold(Origin::NONE, |origin, value| {
            let other = self.union(value);
            self.join_all(&[origin, other])
        })
    }

    /// Everything that a value came from.
    pub(super) fn union(&mut self, value: &Value) -> Origin {
        let mut found = Vec::new();
        collect(value, &mut found, 0);
        if found.len() > MOST_LEAVES {
            // What came from everything tells nothing.
            found = vec![value.origin()];
        }
        self.join_all(&found)
    }

    fn join_all(&mut self, origins: &[Origin]) -> Origin {
        let Some(trace) = self.tracing.trace() else { return Origin::NONE };
        origins.iter().fold(Origin::NONE, |all, &origin| trace.join(all, origin))
    }
}

/// Where a key of a map stands: at its value.
pub(super) fn origin_of_key(value: &Value) -> Origin {
    let mut found = Vec::new();
    collect(value, &mut found, 0);
    found.first().copied().unwrap_or_default()
}

/// Whether a value, or a part of its text, says where it came from.
fn is_known(value: &Value) -> bool {
    let marked = |text: &Text| {
        text.map().is_some_and(|map| map.marks().iter().any(|mark| mark.origin.is_some()))
    };
    value.origin().is_some() || value.as_text().is_some_and(marked)
}

/// The origins of a value and of what it holds, not too deep and not too many.
fn collect(value: &Value, found: &mut Vec<Origin>, depth: usize) {
    if found.len() > MOST_LEAVES || depth > 16 {
        return;
    }
    let mut add = |origin: Origin| {
        if origin.is_some() && !found.contains(&origin) {
            found.push(origin);
        }
    };
    add(value.origin());
    match value {
        Value::Text(_, text) => {
            let marks = text.map().map_or(&[][..], |map| map.marks());
            marks.iter().take(MOST_LEAVES).for_each(|mark| add(mark.origin));
        }
        Value::List(_, list) => list.iter().for_each(|item| collect(item, found, depth + 1)),
        Value::Map(_, map) => {
            map.entries().iter().for_each(|(_, item)| collect(item, found, depth + 1));
        }
        _ => {}
    }
}
