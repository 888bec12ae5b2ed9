//! Merged values, leaf by leaf, each with the places that it was written at.

use plimsoll_gotmpl::{Map, Value};
use plimsoll_helm::values::{Layer, Origins, to_yaml};
use plimsoll_source::Origin;

/// A value that holds no other: a scalar, or an empty list or map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its key as `--set` takes it: `image.tag`, `args[0]`, `labels.app\.kubernetes\.io/name`.
    pub key: String,
    /// Its value as YAML on one line.
    pub value: String,
    /// Where it was written, then what it replaced there, the weakest last.
    pub places: Vec<Place>,
}

/// Where a leaf was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of source it is.
    pub layer: Layer,
    /// The values file as it was named, or the flag.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// What stands there.
    pub text: String,
}

/// The leaves of values in order of their keys. Places are known where `origins` recorded them.
pub fn leaves(values: &Map, origins: &Origins) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut todo = vec![(String::new(), Value::map(values.clone()))];
    while let Some((key, value)) = todo.pop() {
        match &value {
            Value::Map(_, map) if !map.is_empty() => {
                let entries = map.snapshot();
                todo.extend(entries.into_iter().rev().map(|(name, value)| {
                    let name = escaped(&name.to_str_lossy());
                    let dot = if key.is_empty() { "" } else { "." };
                    (format!("{key}{dot}{name}"), value)
                }));
            }
            Value::List(_, list) if !list.is_empty() => {
                let items = list.iter().enumerate().rev();
                todo.extend(items.map(|(at, item)| (format!("{key}[{at}]"), item.clone())));
            }
            _ if key.is_empty() => {}
            _ => found.push(Leaf {
                key,
                value: one_line(&value),
                places: places(value.origin(), origins),
            }),
        }
    }
    found
}

/// A key as `--set` reads it back.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '.' | ',' | '[' | ']' | '=' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn one_line(value: &Value) -> String {
    let text = match value {
        Value::Text(_, text) if text.contains(&b'\n') => {
            return format!("{:?}", text.to_str_lossy());
        }
        _ => to_yaml(value),
    };
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

fn places(origin: Origin, origins: &Origins) -> Vec<Place> {
    let entries = origins.chain(origin).filter_map(|origin| origins.get(origin));
    let place = |entry: &plimsoll_helm::values::OriginEntry| {
        let (file, at) = origins.files.locate(entry.span)?;
        let text = &origins.files.get(entry.span.file)?.text;
        let text = text.get(entry.span.start as usize..entry.span.end as usize)?;
        let text = String::from_utf8_lossy(text).into_owned();
        let (line, column) = (at.line, at.column);
        Some(Place { layer: entry.layer, file: file.to_owned(), line, column, text })
    };
    entries.filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_gotmpl::Compat;
    use plimsoll_helm::values::{ReadFile, ValueFlags, merge_flags};

    struct Files;

    impl ReadFile for Files {
        fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
            Ok(match path {
                "base" => b"image:\n  tag: a\n  pull: x\nlist: [1]\n".to_vec(),
                _ => b"image:\n  tag: b\nempty: {}\nlist:\n  - a.b: |\n      x\n      y\n".to_vec(),
            })
        }
    }

    #[test]
    fn every_leaf_says_where_it_was_written_and_what_it_replaced() {
        let flags = ValueFlags {
            files: vec!["base".to_owned(), "over".to_owned()],
            set: vec!["image.tag=c".to_owned()],
            ..ValueFlags::default()
        };
        let mut origins = Origins::tracing();
        let values = merge_flags(&flags, &mut Files, Compat::Helm4, &mut origins).expect("fine");
        let rows: Vec<String> = leaves(&values, &origins)
            .iter()
            .map(|leaf| {
                let places: Vec<String> = leaf
                    .places
                    .iter()
                    .map(|at| format!("{}:{} {}", at.file, at.line, at.text.trim_end()))
                    .collect();
                format!("{} = {} <- {}", leaf.key, leaf.value, places.join(" <- "))
            })
            .collect();
        assert_eq!(
            rows,
            [
                "empty = {} <- over:3 {}",
                "image.pull = x <- base:3 x",
                "image.tag = c <- --set:1 c <- over:2 b <- base:2 a",
                "list[0].a\\.b = \"x\\ny\\n\" <- over:5 |\n      x\n      y",
            ]
        );
    }
}
