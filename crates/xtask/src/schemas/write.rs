use std::collections::{BTreeMap, BTreeSet};

use super::collect::{Field, Shape, Types};
use super::kinds::Kinds;

/// The first word of the table; the reader refuses any other.
const MAGIC: u16 = 0x4b50;

/// How many sections there are.
const SECTIONS: usize = 9;

/// The table as bytes: see `crates/plimsoll-kube/schemas/README.md`.
pub(super) fn table(types: &Types, kinds: &Kinds) -> Vec<u8> {
    let mut writer = Writer::new(types, kinds);
    writer.kinds(kinds);
    writer.types(types);
    writer.finish()
}

struct Writer {
    texts: Vec<String>,
    text_ids: BTreeMap<String, u16>,
    type_ids: BTreeMap<String, u16>,
    kind_words: Vec<u16>,
    type_words: Vec<u16>,
    run_words: Vec<u16>,
    body_words: Vec<u16>,
    bodies: BTreeMap<Vec<u16>, u16>,
    field_words: Vec<u16>,
    shape_words: Vec<u16>,
    shapes: BTreeMap<[u16; 3], u16>,
    extra_words: Vec<u16>,
    list_words: Vec<u16>,
    lists: BTreeMap<Vec<u16>, u16>,
}

impl Writer {
    fn new(types: &Types, kinds: &Kinds) -> Writer {
        let texts: Vec<String> = texts(types, kinds).into_iter().collect();
        let text_ids =
            texts.iter().enumerate().map(|(at, text)| (text.clone(), at as u16)).collect();
        let type_ids =
            types.types.keys().enumerate().map(|(at, name)| (name.clone(), at as u16)).collect();
        Writer {
            texts,
            text_ids,
            type_ids,
            kind_words: Vec::new(),
            type_words: Vec::new(),
            run_words: Vec::new(),
            body_words: Vec::new(),
            bodies: BTreeMap::new(),
            field_words: Vec::new(),
            shape_words: Vec::new(),
            shapes: BTreeMap::new(),
            extra_words: Vec::new(),
            list_words: Vec::new(),
            lists: BTreeMap::new(),
        }
    }

    fn text(&self, text: &str) -> u16 {
        self.text_ids[text]
    }

    fn kinds(&mut self, kinds: &Kinds) {
        for ((api_version, kind), row) in kinds {
            let type_id = self.type_ids.get(&row.type_name).copied().unwrap_or(u16::MAX);
            let words = [
                self.text(api_version),
                self.text(kind),
                type_id,
                u16::from(row.namespaced),
                row.from,
                row.to,
                self.text(&row.replacement),
                self.text(&row.deprecated),
            ];
            self.kind_words.extend(words);
        }
    }

    fn types(&mut self, types: &Types) {
        for (name, row) in &types.types {
            let run_start = (self.run_words.len() / 3) as u16;
            for (from, to, fields) in &row.runs {
                let body = self.body(fields, |field| row.extras.contains_key(field));
                self.run_words.extend([*from, *to, body]);
            }
            let extra_start = (self.extra_words.len() / 4) as u16;
            for (field, extra) in &row.extras {
                let values = self.list(&extra.values);
                let words = [
                    self.text(field),
                    values,
                    self.text(&extra.default),
                    u16::from(extra.immutable),
                ];
                self.extra_words.extend(words);
            }
            let words = [
                self.text(name),
                run_start,
                row.runs.len() as u16,
                extra_start,
                row.extras.len() as u16,
            ];
            self.type_words.extend(words);
        }
    }

    fn body(&mut self, fields: &[Field], has_extra: impl Fn(&str) -> bool) -> u16 {
        let mut words = Vec::new();
        for field in fields {
            let shape = self.shape(&field.shape);
            let flags = u16::from(field.required) | u16::from(has_extra(&field.name)) << 1;
            words.extend([self.text(&field.name), shape, flags]);
        }
        if let Some(&known) = self.bodies.get(&words) {
            return known;
        }
        let id = (self.body_words.len() / 2) as u16;
        self.body_words.extend([(self.field_words.len() / 3) as u16, fields.len() as u16]);
        self.field_words.extend(&words);
        self.bodies.insert(words, id);
        id
    }

    fn shape(&mut self, shape: &Shape) -> u16 {
        let words = match shape {
            Shape::Leaf(number) => [0, *number, 0],
            Shape::Type(name) => [1, self.type_ids[name], 0],
            Shape::Map(inner) => [2, self.shape(inner), 0],
            Shape::List(inner, list_type, keys) => {
                let inner = self.shape(inner);
                [3 + *list_type as u16, inner, self.list(keys)]
            }
        };
        if let Some(&known) = self.shapes.get(&words) {
            return known;
        }
        let id = (self.shape_words.len() / 3) as u16;
        self.shape_words.extend(words);
        self.shapes.insert(words, id);
        id
    }

    /// Lists begin with their length; the place of the first word is their number.
    fn list(&mut self, items: &[String]) -> u16 {
        let mut words = vec![items.len() as u16];
        words.extend(items.iter().map(|item| self.text(item)));
        if let Some(&known) = self.lists.get(&words) {
            return known;
        }
        let id = self.list_words.len() as u16;
        self.list_words.extend(&words);
        self.lists.insert(words, id);
        id
    }

    fn finish(self) -> Vec<u8> {
        let mut ends = Vec::new();
        let mut bytes = Vec::new();
        for text in &self.texts {
            bytes.extend_from_slice(text.as_bytes());
            ends.extend(u32::try_from(bytes.len()).expect("the texts are few").to_le_bytes());
        }
        let sections: [Vec<u8>; SECTIONS] = [
            ends,
            le(&self.kind_words),
            le(&self.type_words),
            le(&self.run_words),
            le(&self.body_words),
            le(&self.field_words),
            le(&self.shape_words),
            le(&self.extra_words),
            le(&self.list_words),
        ];
        let mut out = Vec::new();
        out.extend(MAGIC.to_le_bytes());
        out.extend(1_u16.to_le_bytes());
        let mut start = 4 + 4 * (SECTIONS as u32 + 1);
        for section in &sections {
            out.extend(start.to_le_bytes());
            start += section.len() as u32;
        }
        out.extend(start.to_le_bytes());
        for section in &sections {
            out.extend(section);
        }
        out.extend(bytes);
        out
    }
}

fn le(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn texts(types: &Types, kinds: &Kinds) -> BTreeSet<String> {
    let mut texts = BTreeSet::from([String::new()]);
    for ((api_version, kind), row) in kinds {
        texts.extend([api_version, kind, &row.replacement, &row.deprecated].map(String::clone));
    }
    for (name, row) in &types.types {
        texts.insert(name.clone());
        for (_, _, fields) in &row.runs {
            for field in fields {
                texts.insert(field.name.clone());
                shape_texts(&field.shape, &mut texts);
            }
        }
        for (field, extra) in &row.extras {
            texts.insert(field.clone());
            texts.insert(extra.default.clone());
            texts.extend(extra.values.iter().cloned());
        }
    }
    texts
}

fn shape_texts(shape: &Shape, texts: &mut BTreeSet<String>) {
    match shape {
        Shape::Leaf(_) | Shape::Type(_) => {}
        Shape::Map(inner) => shape_texts(inner, texts),
        Shape::List(inner, _, keys) => {
            texts.extend(keys.iter().cloned());
            shape_texts(inner, texts);
        }
    }
}
