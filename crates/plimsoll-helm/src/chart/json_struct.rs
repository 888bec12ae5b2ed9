use plimsoll_yaml::{Kind, Node};

/// Decodes YAML into the fields of a Go struct as sigs.k8s.io/yaml and encoding/json do together:
/// keys are matched whatever their case, plain scalars become text where a text is wanted, what
/// has the wrong type is passed over, and the first such mistake is the error in the end.
#[derive(Default)]
pub(crate) struct StructDecoder {
    error: Option<String>,
    /// The JSON names of the fields around, outermost first.
    path: Vec<&'static str>,
    /// The struct that is being decoded.
    name: &'static str,
    /// Whether keys that are no fields are mistakes.
    strict: bool,
}

/// Tells a struct's fields apart: is given the decoder, the field's JSON name and the node.
pub(crate) type SetField<'a> = &'a mut dyn FnMut(&mut StructDecoder, &'static str, &Node);

impl StructDecoder {
    /// Decodes the whole document into a struct; `go_type` is what an error calls it.
    pub(crate) fn root(
        node: &Node,
        (name, go_type): (&'static str, &str),
        fields: &[&'static str],
        set: SetField<'_>,
    ) -> Result<(), String> {
        StructDecoder::default().run(node, (name, go_type), fields, set)
    }

    /// The same where a key that is no field is a mistake. Go: `DisallowUnknownFields`.
    pub(crate) fn strict_root(
        node: &Node,
        names: (&'static str, &str),
        fields: &[&'static str],
        set: SetField<'_>,
    ) -> Result<(), String> {
        let decoder = StructDecoder { strict: true, ..StructDecoder::default() };
        decoder.run(node, names, fields, set)
    }

    fn run(
        mut self,
        node: &Node,
        (name, go_type): (&'static str, &str),
        fields: &[&'static str],
        set: SetField<'_>,
    ) -> Result<(), String> {
        match &node.kind {
            Kind::Null => {}
            Kind::Map(_) => self.fields(node, name, fields, set),
            _ => {
                let kind = node.json_kind();
                let message =
                    format!("json: cannot unmarshal {kind} into Go value of type {go_type}");
                self.error = Some(message);
            }
        }
        match self.error {
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
            } else if self.strict {
                self.fail(format!("json: unknown field {}", crate::text::quote(&key)));
            }
        }
        self.name = outer;
    }

    /// Decodes one item of a list into a struct; `go_type` is what an error calls it.
    pub(crate) fn item(
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
    pub(crate) fn text(&mut self, node: &Node, into: &mut String) {
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
    pub(crate) fn boolean(&mut self, node: &Node, into: &mut bool) {
        match &node.kind {
            Kind::Null => {}
            Kind::Bool(value) => *into = *value,
            _ => self.mismatch(node, "bool"),
        }
    }

    /// A slice field: each item is decoded by `item` into what the slice held there before.
    pub(crate) fn list<T: Default>(
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
    pub(crate) fn texts(&mut self, node: &Node, into: &mut Option<Vec<String>>) {
        self.list(node, "[]string", into, &mut |decoder, node, text| decoder.text(node, text));
    }

    /// A `map[string]string` field, sorted by key.
    pub(crate) fn text_map(&mut self, node: &Node, into: &mut Option<Vec<(String, String)>>) {
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
    pub(crate) fn fail(&mut self, message: String) {
        self.error.get_or_insert(message);
    }

    /// Notes that the node is of no use for a field of a type.
    pub(crate) fn mismatch(&mut self, node: &Node, go_type: &str) {
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
