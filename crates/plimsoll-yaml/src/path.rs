use std::fmt;

use crate::node::{Kind, Node};

/// A step from a node to one below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the value of a key.
    Key(Vec<u8>),
    /// To an item of a list, from 0.
    Index(usize),
}

/// A way from the root of a document to a node: `image.tags[0]`. Displays as it is parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Reads a path as `--set` has it: keys with dots between, items in brackets, and a backslash
    /// before a dot, a bracket or a backslash that belongs to a key. `None` for what is none.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut key = Some(Vec::new());
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match (byte, &mut key) {
                (b'\\', Some(key)) => key.push(bytes.next()?),
                (b'.', key) => {
                    steps.extend(key.take().filter(|key| !key.is_empty()).map(Step::Key));
                    if steps.is_empty() {
                        return None;
                    }
                    *key = Some(Vec::new());
                }
                (b'[', key) => {
                    steps.extend(key.take().filter(|key| !key.is_empty()).map(Step::Key));
                    let digits: Vec<u8> = bytes.by_ref().take_while(|&byte| byte != b']').collect();
                    steps.push(Step::Index(std::str::from_utf8(&digits).ok()?.parse().ok()?));
                }
                (byte, Some(key)) => key.push(byte),
                (_, None) => return None,
            }
        }
        match key {
            Some(key) if key.is_empty() => return None,
            key => steps.extend(key.map(Step::Key)),
        }
        Some(Path(steps))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    f.write_str(if at == 0 { "" } else { "." })?;
                    for c in String::from_utf8_lossy(key).chars() {
                        if matches!(c, '.' | '[' | '\\') {
                            f.write_str("\\")?;
                        }
                        write!(f, "{c}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Node {
    /// The node to which one step leads.
    pub fn step(&self, step: &Step) -> Option<&Node> {
        match (step, &self.kind) {
            (Step::Index(index), Kind::List(items)) => items.get(*index),
            (Step::Key(key), Kind::Map(entries)) => {
                let at = entries.binary_search_by(|entry| entry.key.cmp(key)).ok()?;
                Some(&entries[at].value)
            }
            _ => None,
        }
    }

    /// The node to which a path leads.
    pub fn follow(&self, path: &Path) -> Option<&Node> {
        path.0.iter().try_fold(self, |node, step| node.step(step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, steps: Option<usize>) {
        let path = Path::parse(text);
        assert_eq!(path.as_ref().map(|path| path.0.len()), steps, "{text}");
        assert_eq!(path.map(|path| path.to_string()), steps.map(|_| text.to_owned()));
    }

    #[test]
    fn paths_are_those_of_set() {
        check("a", Some(1));
        check("a.b-c[10].d", Some(4));
        check("a\\.b.c", Some(2));
        check("a[0][1]", Some(3));
        check("[0].a", Some(2));
        check("", None);
        check("a.", None);
        check("a[x]", None);
        check("a[0]b", None);
    }
}
