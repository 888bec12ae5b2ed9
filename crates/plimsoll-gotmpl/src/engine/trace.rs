//! What a traced run notes.

use std::ops::Range;
use std::rc::Rc;

use plimsoll_source::{Origin, Site};

/// The sites and the joined origins of traced runs.
#[derive(Clone, Debug)]
pub struct Trace {
    first: u32,
    joined: Vec<(Origin, Origin)>,
    sites: Vec<(Rc<str>, Range<u32>)>,
}

impl Trace {
    /// Origins below `first_free` belong to the caller's table.
    pub fn new(first_free: u32) -> Trace {
        Trace { first: first_free.max(1), joined: Vec::new(), sites: Vec::new() }
    }

    /// The template file of a site and the bytes of its action.
    pub fn site(&self, site: Site) -> Option<(&str, Range<u32>)> {
        let (file, range) = self.sites.get(site.0.checked_sub(1)? as usize)?;
        Some((file, range.clone()))
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

    pub(super) fn join(&mut self, a: Origin, b: Origin) -> Origin {
        if a == b || !b.is_some() {
            return a;
        }
        if !a.is_some() {
            return b;
        }
        if let Some(at) = self.joined.iter().rposition(|one| *one == (a, b)) {
            return Origin(self.first + at as u32);
        }
        self.joined.push((a, b));
        Origin(self.first + self.joined.len() as u32 - 1)
    }

    pub(super) fn site_of(&mut self, file: &Rc<str>, range: Range<u32>) -> Site {
        let known = self.sites.iter().rposition(|one| one.1 == range && one.0 == *file);
        let at = known.unwrap_or_else(|| {
            self.sites.push((file.clone(), range));
            self.sites.len() - 1
        });
        Site(at as u32 + 1)
    }
}
