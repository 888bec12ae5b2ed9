use plimsoll_yaml::{Kind, Node};

/// Decodes YAML into the fields of a Go struct as sigs.k8s.io/yaml and encoding/json do together:
/// keys are matched whatever their case, plain scalars become text where a text is wanted, what
/// has the wrong type is passed over, and the first such mistake is the error in the end.
#[derive(Default)]
pub(super) struct StructDecoder {
    error: Option<String>,
    /// The JSON names of the fields around, outermost first.
    path: Vec<&'static str>,
    /// The struct that is being decoded.
    name: &'static str,
}

/// Tells a struct's fields apart: is given the decoder, the field's JSON name and the node.
pub(super) type SetField<'a> = &'a mut dyn FnMut(&mut StructDecoder, &'static str, &Node);

impl StructDecoder {
    /// Decodes the whole document into a struct; `go_type` is what an error calls it.
    pub(super) fn root(
        node: &Node,
        (name, go_type): (&'static str, &str),
        fields: &[&'static str],
        set: SetField<'_>,
    ) -> Result<(), String> {
        let mut decoder = StructDecoder::default();
        match &node.kind {
            Kind::Null => {}
            Kind::Map(_) => decoder.fields(node, name, fields, set),
            _ => {
                let kind = node.json_kind();
                let message =
                    format!("json: cannot unmarshal {kind} into Go value of type {go_type}");
                decoder.error = Some(message);
            }
        }
        match decoder.error {
            None => Ok(()),
            Some(error) => Err(format!("error unmarshaling JSON: while decoding JSON: {error}")),
        }
    }

    /// Decodes a map's entries into the fields of a struct.
    fn fields(
        &mut self,
        node: &Node,
        name: &'static str,
        fields: &[&'static str],
        set: SetField<'_>,
    ) {
        let Kind::Map(entries) = &node.kind else { return };
        let outer = std::mem::replace(&mut self.name, name);
        for entry in entries {
            let key = String::from_utf8_lossy(&entry.key);
            let exact = fields.iter().find(|field| **field == key);
            let found = exact.or_else(|| fields.iter().find(|field| equal_fold(field, &key)));
            if let Some(field) = found {
                self.path.push(field);
                set(self, field, &entry.value);
                self.path.pop();
            }
        }
        self.name = outer;
    }

    /// Decodes one item of a list into a struct; `go_type` is what an error calls it.
    pub(super) fn item(
        &mut self,
        node: &Node,
        (name, go_type): (&'static str, &str),
        fields: &[&'static str],
        set: SetField<'_>,
    ) {
        match &node.kind {
            Kind::Map(_) => self.fields(node, name, fields, set),
            _ => self.mismatch(node, go_type),
        }
    }

    /// A `string` field.
    pub(super) fn text(&mut self, node: &Node, into: &mut String) {
        match &node.kind {
            Kind::Null => {}
            Kind::Text(text) => *into = String::from_utf8_lossy(text).into_owned(),
            Kind::Bool(value) => *into = value.to_string(),
            Kind::Int(value) => *into = value.to_string(),
            Kind::Uint(value) => *into = value.to_string(),
            Kind::Float(value) => *into = crate::text::format_float32(*value),
            _ => self.mismatch(node, "string"),
        }
    }

    /// A `bool` field.
    pub(super) fn boolean(&mut self, node: &Node, into: &mut bool) {
        match &node.kind {
            Kind::Null => {}
            Kind::Bool(value) => *into = *value,
            _ => self.mismatch(node, "bool"),
        }
    }

    /// A slice field: each item is decoded by `item` into what the slice held there before.
    pub(super) fn list<T: Default>(
        &mut self,
        node: &Node,
        go_type: &str,
        into: &mut Option<Vec<T>>,
        item: &mut dyn FnMut(&mut StructDecoder, &Node, &mut T),
    ) {
        match &node.kind {
            Kind::Null => *into = None,
            Kind::List(nodes) => {
                let list = into.get_or_insert_default();
                list.resize_with(nodes.len(), T::default);
                for (node, slot) in nodes.iter().zip(list) {
                    item(self, node, slot);
                }
            }
            _ => self.mismatch(node, go_type),
        }
    }

    /// A `[]string` field.
    pub(super) fn texts(&mut self, node: &Node, into: &mut Option<Vec<String>>) {
        self.list(node, "[]string", into, &mut |decoder, node, text| decoder.text(node, text));
    }

    /// A `map[string]string` field, sorted by key.
    pub(super) fn text_map(&mut self, node: &Node, into: &mut Option<Vec<(String, String)>>) {
        match &node.kind {
            Kind::Null => *into = None,
            Kind::Map(entries) => {
                let map = into.get_or_insert_default();
                for entry in entries {
                    let key = String::from_utf8_lossy(&entry.key).into_owned();
                    let mut text = String::new();
                    self.text(&entry.value, &mut text);
                    map.retain(|(known, _)| *known != key);
                    map.push((key, text));
                }
                map.sort();
            }
            _ => self.mismatch(node, "map[string]string"),
        }
    }

    /// Notes a mistake in Go's words.
    pub(super) fn fail(&mut self, message: String) {
        self.error.get_or_insert(message);
    }

    /// Notes that the node is of no use for a field of a type.
    pub(super) fn mismatch(&mut self, node: &Node, go_type: &str) {
        self.error.get_or_insert_with(|| {
            let (kind, field) = (node.json_kind(), self.path.join("."));
            let place = format!("Go struct field {}.{field}", self.name);
            format!("json: cannot unmarshal {kind} into {place} of type {go_type}")
        });
    }
}

/// Go's folding of names, which counts a long s and the Kelvin sign as letters.
fn equal_fold(field: &str, key: &str) -> bool {
    key.eq_ignore_ascii_case(field)
        || (!key.is_ascii()
            && key.replace('ſ', "s").replace('\u{212a}', "k").eq_ignore_ascii_case(field))
}
