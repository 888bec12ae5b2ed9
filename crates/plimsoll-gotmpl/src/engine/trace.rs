//! What a traced run notes.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::sync::Arc;

use plimsoll_source::{Origin, Site};

use super::hash::NameHasher;

/// Whether a run is traced: a type, so that a plain run pays nothing.
pub(super) trait Tracing {
    /// Whether it is.
    const ON: bool;

    /// Where to note things, if it is.
    fn trace(&mut self) -> Option<&mut Trace>;
}

/// Nothing is noted.
pub(super) struct NoTrace;

/// Everything is noted.
pub(super) struct Traced<'t>(pub(super) &'t mut Trace);

impl Tracing for NoTrace {
    const ON: bool = false;

    fn trace(&mut self) -> Option<&mut Trace> {
        None
    }
}

impl Tracing for Traced<'_> {
    const ON: bool = true;

    fn trace(&mut self) -> Option<&mut Trace> {
        Some(self.0)
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<NameHasher>>;

/// The sites and the joined origins of traced runs.
#[derive(Clone, Debug)]
pub struct Trace {
    first: u32,
    joined: Vec<(Origin, Origin)>,
    joins: Map<(u32, u32), u32>,
    files: Vec<(Arc<str>, Arc<[u8]>)>,
    sites: Vec<(u32, Range<u32>)>,
    known: Map<(u32, u32, u32), u32>,
}

/// The action or literal text of a template that wrote a piece of output.
#[derive(Clone, Debug)]
pub struct SiteOf<'t> {
    /// The template's file: `c/templates/a.yaml`.
    pub file: &'t str,
    /// The file's text.
    pub source: &'t [u8],
    /// The bytes of the action or of the text.
    pub range: Range<u32>,
}

impl Trace {
    /// Origins below `first_free` belong to the caller's table.
    pub fn new(first_free: u32) -> Trace {
        Trace {
            first: first_free.max(1),
            joined: Vec::new(),
            joins: Map::default(),
            files: Vec::new(),
            sites: Vec::new(),
            known: Map::default(),
        }
    }

    /// What is known of a site.
    pub fn site(&self, site: Site) -> Option<SiteOf<'_>> {
        let (file, range) = self.sites.get(site.0.checked_sub(1)? as usize)?;
        let (file, source) = self.files.get(*file as usize)?;
        Some(SiteOf { file, source, range: range.clone() })
    }

    /// The origins that an origin was joined of, itself where it was not.
    pub fn parts(&self, origin: Origin) -> Vec<Origin> {
        let (mut parts, mut todo) = (Vec::new(), vec![origin]);
        while let Some(origin) = todo.pop() {
            match origin.0.checked_sub(self.first).and_then(|at| self.joined.get(at as usize)) {
                Some(&(a, b)) => todo.extend([b, a]),
                None if origin.is_some() && !parts.contains(&origin) => parts.push(origin),
                None => {}
            }
        }
        parts
    }

    /// The origin of something made of two values.
    pub(super) fn join(&mut self, a: Origin, b: Origin) -> Origin {
        if a == b || !b.is_some() {
            return a;
        }
        if !a.is_some() {
            return b;
        }
        let next = self.first + self.joined.len() as u32;
        let at = *self.joins.entry((a.0, b.0)).or_insert(next);
        if at == next {
            self.joined.push((a, b));
        }
        Origin(at)
    }

    /// The number of a template's file.
    pub(super) fn file(&mut self, name: &Arc<str>, source: &Arc<[u8]>) -> u32 {
        let known = self.files.iter().rposition(|file| Arc::ptr_eq(&file.0, name));
        let at = known.unwrap_or_else(|| {
            self.files.push((name.clone(), source.clone()));
            self.files.len() - 1
        });
        at as u32
    }

    /// The number of a site.
    pub(super) fn site_of(&mut self, file: u32, range: Range<u32>) -> Site {
        let next = self.sites.len() as u32 + 1;
        let at = *self.known.entry((file, range.start, range.end)).or_insert(next);
        if at == next {
            self.sites.push((file, range));
        }
        Site(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_origins_fall_apart_into_their_parts() {
        let mut trace = Trace::new(10);
        let ab = trace.join(Origin(1), Origin(2));
        let all = trace.join(ab, Origin(3));
        assert_eq!(trace.parts(all), [Origin(1), Origin(2), Origin(3)]);
        assert_eq!(trace.join(Origin(1), Origin(2)), ab);
        assert_eq!(trace.join(Origin::NONE, ab), ab);
    }

    #[test]
    fn a_site_has_one_number() {
        let mut trace = Trace::new(1);
        let (name, source) = (Arc::from("a.yaml"), Arc::from(&b"{{ .x }}"[..]));
        let file = trace.file(&name, &source);
        assert_eq!(file, trace.file(&name, &source));
        let site = trace.site_of(file, 3..5);
        assert_eq!(site, trace.site_of(file, 3..5));
        let of = trace.site(site).unwrap();
        assert_eq!((of.file, &of.source[3..5]), ("a.yaml", &b".x"[..]));
    }
}
