use plimsoll_gotmpl::Value;
use plimsoll_source::{FileId, Files, Origin, Span};

/// The table that explains the [`Origin`]s of values: where each leaf was written and which leaf
/// it replaced. Switched off it hands out [`Origin::NONE`] and costs nothing.
#[derive(Debug, Default)]
pub struct Origins {
    /// The files and arguments that values were read from.
    pub files: Files,
    entries: Option<Vec<OriginEntry>>,
}

/// Where a leaf of the values was written.
#[derive(Clone, Copy, Debug)]
pub struct OriginEntry {
    /// What kind of source set it.
    pub layer: Layer,
    /// The place of its text in [`Origins::files`]: in a values file, or in a flag's argument.
    pub span: Span,
    /// The leaf of a weaker layer that it replaced.
    pub replaced: Option<Origin>,
}

/// What kind of source a value was read from, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The `values.yaml` of a chart, the root's or a subchart's.
    Defaults,
    /// A file given with `-f`.
    ValuesFile,
    /// An argument of a flag such as `--set`; the file's name is the flag.
    Flag,
}

/// A text that values are read from, as its leaves' origins will name it.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its number in [`Origins::files`]; [`FileId::NONE`] where nothing is recorded.
    pub file: FileId,
    /// What kind of source it is.
    pub layer: Layer,
}

impl Origins {
    /// A table that records nothing.
    pub fn off() -> Origins {
        Origins::default()
    }

    /// A table that records every leaf.
    pub fn tracing() -> Origins {
        Origins { files: Files::new(), entries: Some(Vec::new()) }
    }

    /// Whether anything is recorded.
    pub fn is_tracing(&self) -> bool {
        self.entries.is_some()
    }

    /// What is known of an origin.
    pub fn get(&self, origin: Origin) -> Option<&OriginEntry> {
        let index = origin.0.checked_sub(1)?;
        self.entries.as_ref()?.get(index as usize)
    }

    /// The first number that this table has not given out; a trace of a run starts there.
    pub fn next_free(&self) -> u32 {
        self.entries.as_ref().map_or(1, |entries| entries.len() as u32 + 1)
    }

    /// Takes in a text that values are read from.
    pub fn add_source(&mut self, layer: Layer, name: &str, text: &[u8]) -> Source {
        let file = if self.is_tracing() { self.files.add(name, text) } else { FileId::NONE };
        Source { file, layer }
    }

    /// The origin of a leaf that stands at `start..end` of a source.
    pub fn at(&mut self, source: Source, start: usize, end: usize) -> Origin {
        let Some(entries) = &mut self.entries else { return Origin::NONE };
        let span = Span::new(source.file, start as u32, end as u32);
        entries.push(OriginEntry { layer: source.layer, span, replaced: None });
        Origin(entries.len() as u32)
    }

    /// Notes that `winner` stands where `loser` would stand without it. What is noted first stays:
    /// a value may come to several charts.
    pub fn replace(&mut self, winner: &Value, loser: &Value) {
        if !self.is_tracing() || self.chain(loser.origin()).any(|one| one == winner.origin()) {
            return;
        }
        let index = winner.origin().0.checked_sub(1);
        let entry = index.and_then(|index| self.entries.as_mut()?.get_mut(index as usize));
        if let Some(entry) = entry
            && loser.origin().is_some()
        {
            entry.replaced.get_or_insert(loser.origin());
        }
    }

    /// An origin, then what it replaced, then what that replaced, and so on.
    pub fn chain(&self, origin: Origin) -> impl Iterator<Item = Origin> {
        let first = origin.is_some().then_some(origin);
        std::iter::successors(first, |&origin| self.get(origin)?.replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(origins: &mut Origins, source: Source, at: usize) -> Value {
        let origin = origins.at(source, at, at + 1);
        Value::int(1).with_origin(origin)
    }

    #[test]
    fn what_was_replaced_is_a_chain_without_loops() {
        let mut origins = Origins::tracing();
        let source = origins.add_source(Layer::Defaults, "values.yaml", b"abc");
        let [a, b, c] = [0, 1, 2].map(|at| value(&mut origins, source, at));
        origins.replace(&a, &b);
        origins.replace(&b, &c);
        origins.replace(&c, &a);
        let chain: Vec<u32> = origins.chain(a.origin()).map(|origin| origin.0).collect();
        assert_eq!(chain, [1, 2, 3]);
    }

    #[test]
    fn nothing_is_recorded_when_it_is_off() {
        let mut origins = Origins::off();
        let source = origins.add_source(Layer::Flag, "--set", b"a=1");
        assert_eq!(origins.at(source, 2, 3), Origin::NONE);
        assert_eq!((origins.next_free(), origins.files.len()), (1, 0));
    }
}
