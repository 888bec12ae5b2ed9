use plimsoll_yaml::{Emitter, Version};

/// Values to write, maps in the order in which they were made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Out {
    Text(String),
    Int(i64),
    Bool(bool),
    List(Vec<Out>),
    Map(Vec<(String, Out)>),
}

impl Out {
    pub(super) fn text(text: impl Into<String>) -> Out {
        Out::Text(text.into())
    }

    pub(super) fn map<const N: usize>(entries: [(&str, Out); N]) -> Out {
        Out::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub(super) fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Out {
        Out::List(items.into_iter().map(Out::text).collect())
    }

    fn is_empty(&self) -> bool {
        match self {
            Out::List(items) => items.is_empty(),
            Out::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// The values as a file of YAML.
    pub(super) fn to_yaml(&self) -> Vec<u8> {
        let mut emitter = Emitter::new(Version::V3);
        self.write(&mut emitter);
        emitter.finish().expect("texts that were read can be written")
    }

    fn write(&self, emitter: &mut Emitter) {
        match self {
            Out::Text(text) => emitter.string(text.as_bytes()),
            Out::Int(value) => emitter.int(*value),
            Out::Bool(value) => emitter.bool(*value),
            Out::List(items) => {
                emitter.begin_sequence(items.len());
                for item in items {
                    item.write(emitter);
                }
                emitter.end_sequence();
            }
            Out::Map(entries) => {
                emitter.begin_mapping(entries.len());
                for (key, value) in entries {
                    emitter.key(key.as_bytes());
                    value.write(emitter);
                }
                emitter.end_mapping();
            }
        }
    }
}

/// A map that is filled key by key; nothing is written for what is not there.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries(Vec<(String, Out)>);

impl Entries {
    /// Of two maps under one key the entries are joined, the later ones winning.
    fn insert(&mut self, key: &str, value: Out) {
        match (self.0.iter_mut().find(|(known, _)| known == key), value) {
            (Some((_, Out::Map(known))), Out::Map(more)) => {
                let mut joined = Entries(std::mem::take(known));
                for (key, value) in more {
                    joined.insert(&key, value);
                }
                *known = joined.0;
            }
            (Some((_, known)), value) => *known = value,
            (None, value) => self.0.push((key.to_owned(), value)),
        }
    }

    pub(super) fn put(&mut self, key: &str, value: Out) {
        if !value.is_empty() {
            self.insert(key, value);
        }
    }

    pub(super) fn put_text(&mut self, key: &str, value: Option<String>) {
        if let Some(value) = value {
            self.insert(key, Out::Text(value));
        }
    }

    pub(super) fn put_int(&mut self, key: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.insert(key, Out::Int(value));
        }
    }

    pub(super) fn put_bool(&mut self, key: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.insert(key, Out::Bool(value));
        }
    }

    pub(super) fn append(&mut self, other: Entries) {
        for (key, value) in other.0 {
            self.insert(&key, value);
        }
    }

    pub(super) fn into_out(self) -> Out {
        Out::Map(self.0)
    }
}
