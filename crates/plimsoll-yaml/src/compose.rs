//! The syntax tree to what Helm sees: aliases, merges, keys, in go-yaml's and sigs' words.

use plimsoll_source::{Span, strconv};

use crate::error::YamlError;
use crate::node::{Entry, Kind, Node};
use crate::parse::{Document, NodeId, Syntax};
use crate::resolve::{is_resolvable, resolve_plain};
use crate::scan::Style;

/// Aliases may nest deeper than syntax; beyond this the text is refused.
const MOST_DEPTH: usize = 30_000;

struct Composer<'d, 'a> {
    document: &'d Document<'a>,
    decoded: u64,
    aliased: u64,
    alias_depth: u64,
    open_aliases: Vec<NodeId>,
    depth: usize,
    strict: Option<Vec<String>>,
    /// sigs.k8s.io/yaml's error on a key, which comes after everything that go-yaml finds.
    late: Option<YamlError>,
}

/// A key before it is made a text, for go-yaml's and sigs' errors.
enum Key {
    Text(Vec<u8>),
    /// The error that sigs.k8s.io/yaml gives it, later than go-yaml's own.
    Unsupported(Kind),
}

/// Composes a document; of a text without one comes `null`.
pub(crate) fn compose(document: &Document<'_>, strict: bool) -> Result<Node, YamlError> {
    let mut composer = Composer {
        document,
        decoded: 0,
        aliased: 0,
        alias_depth: 0,
        open_aliases: Vec::new(),
        depth: 0,
        strict: strict.then(Vec::new),
        late: None,
    };
    let node = match document.root {
        Some(root) => composer.node(root)?,
        None => Node { kind: Kind::Null, span: Span::new(plimsoll_source::FileId::NONE, 0, 0) },
    };
    match composer.strict {
        Some(errors) if !errors.is_empty() => {
            Err(YamlError::new(format!("yaml: unmarshal errors:\n  {}", errors.join("\n  "))))
        }
        _ => composer.late.map_or(Ok(node), Err),
    }
}

/// Sorts by key; of equal keys the last one stays.
pub(crate) fn sorted_entries(mut entries: Vec<Entry>) -> Vec<Entry> {
    if !entries.is_sorted_by(|a, b| a.key < b.key) {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        entries.reverse();
        entries.dedup_by(|next, first| next.key == first.key);
        entries.reverse();
    }
    entries
}

fn allowed_alias_ratio(decoded: u64) -> f64 {
    match decoded {
        0..=400_000 => 0.99,
        4_000_000.. => 0.10,
        _ => 0.99 - 0.89 * ((decoded - 400_000) as f64 / 3_600_000.0),
    }
}

impl Composer<'_, '_> {
    fn fail<T>(&self, at: NodeId, message: String) -> Result<T, YamlError> {
        Err(YamlError { message, span: Some(self.document.node(at).span) })
    }

    fn count(&mut self, id: NodeId) -> Result<(), YamlError> {
        self.decoded += 1;
        self.aliased += u64::from(self.alias_depth > 0);
        let excessive = self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > allowed_alias_ratio(self.decoded);
        if excessive {
            return self.fail(id, "yaml: document contains excessive aliasing".to_owned());
        }
        Ok(())
    }

    fn node(&mut self, id: NodeId) -> Result<Node, YamlError> {
        self.count(id)?;
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.fail(id, "yaml: document is nested too deep".to_owned());
        }
        let node = self.document.node(id);
        let kind = match &node.syntax {
            Syntax::Scalar(text, style) => self.scalar(id, text, *style)?,
            Syntax::Sequence => {
                let items: Vec<NodeId> = self.document.children(id).collect();
                Kind::List(items.into_iter().map(|item| self.node(item)).collect::<Result<_, _>>()?)
            }
            Syntax::Mapping => {
                let mut entries = Vec::new();
                self.mapping(id, &mut entries)?;
                Kind::Map(self.finish(entries))
            }
            Syntax::Alias(_, target) => {
                let target = *target;
                let mut aliased = self.alias(id, |composer| composer.node(target))?;
                self.depth -= 1;
                aliased.span = node.span;
                return Ok(aliased);
            }
        };
        self.depth -= 1;
        Ok(Node { kind, span: node.span })
    }

    fn alias<T>(
        &mut self,
        id: NodeId,
        then: impl FnOnce(&mut Self) -> Result<T, YamlError>,
    ) -> Result<T, YamlError> {
        let Syntax::Alias(name, target) = &self.document.node(id).syntax else {
            return then(self);
        };
        let contains = |span: Span, inner: Span| span.start <= inner.start && inner.end <= span.end;
        let target_node = self.document.node(*target);
        let inside = target < &id
            && contains(target_node.span, self.document.node(id).span)
            && !matches!(target_node.syntax, Syntax::Scalar(..));
        if inside || self.open_aliases.contains(target) {
            let name = String::from_utf8_lossy(name);
            return self.fail(id, format!("yaml: anchor '{name}' value contains itself"));
        }
        self.open_aliases.push(*target);
        self.alias_depth += 1;
        let result = then(self);
        self.alias_depth -= 1;
        self.open_aliases.pop();
        result
    }

    fn scalar(&self, id: NodeId, text: &[u8], style: Style) -> Result<Kind, YamlError> {
        let tag = self.document.node(id).tag.as_slice();
        if tag.is_empty() && style != Style::Plain {
            return Ok(Kind::Text(text.to_vec()));
        }
        if tag == b"!!binary" {
            return match decode_base64(text) {
                Some(bytes) => Ok(Kind::Text(go_utf8(&bytes).into_bytes())),
                None => {
                    self.fail(id, "yaml: !!binary value contains invalid base64 data".to_owned())
                }
            };
        }
        if !is_resolvable(tag) {
            return Ok(Kind::Text(text.to_vec()));
        }
        if tag == b"!!str" {
            return Ok(Kind::Text(text.to_vec()));
        }
        let mut found = resolve_plain(text);
        if found.tag == "!!timestamp" && !matches!(tag, b"" | b"!!timestamp") {
            found.tag = "!!str";
        }
        let wanted = String::from_utf8_lossy(tag);
        match (wanted.as_ref(), found.tag) {
            ("", _) => Ok(found.kind),
            (wanted, tag) if wanted == tag => Ok(found.kind),
            ("!!float", "!!int") if !matches!(found.kind, Kind::Uint(_)) => Ok(match found.kind {
                Kind::Int(value) => Kind::Float(value as f64),
                other => other,
            }),
            (wanted, tag) => {
                let text = String::from_utf8_lossy(text);
                self.fail(id, format!("yaml: cannot decode {tag} `{text}` as a {wanted}"))
            }
        }
    }

    fn is_merge(&self, id: NodeId) -> bool {
        let node = self.document.node(id);
        match &node.syntax {
            Syntax::Scalar(text, style) => {
                text.as_ref() == b"<<"
                    && (node.tag == b"!!merge"
                        || node.tag == b"!"
                        || (*style == Style::Plain && node.tag.is_empty()))
            }
            _ => false,
        }
    }

    fn mapping(&mut self, id: NodeId, entries: &mut Vec<(Key, Entry)>) -> Result<(), YamlError> {
        let children: Vec<NodeId> = self.document.children(id).collect();
        for pair in children.chunks_exact(2) {
            let (key, value) = (pair[0], pair[1]);
            if self.is_merge(key) {
                self.merge(value, entries)?;
                continue;
            }
            let key_span = self.document.node(key).span;
            if self.is_collection(key) {
                let shown = self.key_syntax(key)?;
                return self.fail(key, format!("yaml: invalid map key: {shown}"));
            }
            let composed = self.node(key)?;
            let shown = self.strict.is_some().then(|| go_syntax(&composed));
            let key = key_of(composed.kind);
            let node = self.node(value)?;
            let text = match &key {
                Key::Text(text) => text.clone(),
                Key::Unsupported(_) => Vec::new(),
            };
            if let (Some(shown), Some(errors)) = (shown, &mut self.strict)
                && entries.iter().any(|(_, entry)| entry.key == text)
            {
                let line = self.document.node(value).line + 1;
                errors.push(format!("line {line}: key {shown} already set in map"));
            }
            entries.push((key, Entry { key: text, key_span, value: node }));
        }
        Ok(())
    }

    /// Sorts by key; of equal keys the last one stays.
    fn finish(&mut self, entries: Vec<(Key, Entry)>) -> Vec<Entry> {
        let mut kept = Vec::with_capacity(entries.len());
        for (key, entry) in entries {
            match key {
                Key::Unsupported(kind) if self.late.is_none() => {
                    self.late = Some(unsupported_key(&kind, &entry));
                }
                Key::Unsupported(_) => {}
                Key::Text(_) => kept.push(entry),
            }
        }
        sorted_entries(kept)
    }

    /// Go's `%#v` of a collection that stands as a key, its own keys in their own types.
    fn key_syntax(&mut self, id: NodeId) -> Result<String, YamlError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.fail(id, "yaml: document is nested too deep".to_owned());
        }
        let children: Vec<NodeId> = self.document.children(id).collect();
        let shown = match &self.document.node(id).syntax {
            Syntax::Scalar(..) => go_syntax(&self.node(id)?),
            Syntax::Alias(_, target) => {
                let target = *target;
                self.alias(id, |composer| composer.key_syntax(target))?
            }
            Syntax::Sequence => {
                let items: Result<Vec<String>, _> =
                    children.into_iter().map(|item| self.key_syntax(item)).collect();
                format!("[]interface {{}}{{{}}}", items?.join(", "))
            }
            Syntax::Mapping if children.iter().step_by(2).any(|&key| self.is_merge(key)) => {
                go_syntax(&self.node(id)?)
            }
            Syntax::Mapping => self.mapping_syntax(&children)?,
        };
        self.depth -= 1;
        Ok(shown)
    }

    fn mapping_syntax(&mut self, children: &[NodeId]) -> Result<String, YamlError> {
        let mut pairs: Vec<(String, String)> = Vec::with_capacity(children.len() / 2);
        for pair in children.chunks_exact(2) {
            let key = self.key_syntax(pair[0])?;
            if self.is_collection(pair[0]) {
                return self.fail(pair[0], format!("yaml: invalid map key: {key}"));
            }
            let value = self.key_syntax(pair[1])?;
            match pairs.binary_search_by(|(known, _)| known.cmp(&key)) {
                Ok(at) => pairs[at].1 = value,
                Err(at) => pairs.insert(at, (key, value)),
            }
        }
        let pairs: Vec<String> =
            pairs.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
        Ok(format!("map[interface {{}}]interface {{}}{{{}}}", pairs.join(", ")))
    }

    fn is_collection(&self, id: NodeId) -> bool {
        match &self.document.node(id).syntax {
            Syntax::Scalar(..) => false,
            Syntax::Alias(_, target) => {
                !matches!(self.document.node(*target).syntax, Syntax::Scalar(..))
            }
            _ => true,
        }
    }

    fn merge(&mut self, id: NodeId, entries: &mut Vec<(Key, Entry)>) -> Result<(), YamlError> {
        match &self.document.node(id).syntax {
            Syntax::Mapping => self.merge_one(id, entries),
            Syntax::Alias(..) if self.is_map(id) => self.merge_one(id, entries),
            Syntax::Sequence => {
                let items: Vec<NodeId> = self.document.children(id).collect();
                for item in items.into_iter().rev() {
                    if !self.is_map(item) {
                        return self.want_map(item);
                    }
                    self.merge_one(item, entries)?;
                }
                Ok(())
            }
            _ => self.want_map(id),
        }
    }

    fn want_map(&self, id: NodeId) -> Result<(), YamlError> {
        let message = "yaml: map merge requires map or sequence of maps as the value";
        self.fail(id, message.to_owned())
    }

    fn is_map(&self, id: NodeId) -> bool {
        match &self.document.node(id).syntax {
            Syntax::Mapping => true,
            Syntax::Alias(_, target) => {
                matches!(self.document.node(*target).syntax, Syntax::Mapping)
            }
            _ => false,
        }
    }

    fn merge_one(&mut self, id: NodeId, entries: &mut Vec<(Key, Entry)>) -> Result<(), YamlError> {
        self.count(id)?;
        match self.document.node(id).syntax {
            Syntax::Alias(_, target) => self.alias(id, |composer| {
                composer.count(target)?;
                composer.mapping(target, entries)
            }),
            _ => self.mapping(id, entries),
        }
    }
}

fn key_of(kind: Kind) -> Key {
    match kind {
        Kind::Text(text) => Key::Text(text),
        Kind::Bool(value) => Key::Text(value.to_string().into_bytes()),
        Kind::Int(value) => Key::Text(value.to_string().into_bytes()),
        Kind::Float(value) => Key::Text(float_key(value).into_bytes()),
        other => Key::Unsupported(other),
    }
}

/// sigs.k8s.io/yaml: floats become keys by way of 32 bits.
fn float_key(value: f64) -> String {
    let value = f64::from(value as f32);
    let bits = if value.is_finite() { 32 } else { 64 };
    match strconv::format_float(value, b'g', -1, bits).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        text => text.to_owned(),
    }
}

/// sigs.k8s.io/yaml: a key that JSON has no text for.
fn unsupported_key(kind: &Kind, entry: &Entry) -> YamlError {
    let (name, shown) = match kind {
        Kind::Uint(value) => ("uint64", format!("0x{value:x}")),
        _ => ("%!s(<nil>)", "<nil>".to_owned()),
    };
    let value = match &entry.value.kind {
        Kind::Null => "<nil>".to_owned(),
        _ => go_syntax(&entry.value),
    };
    let message = format!("unsupported map key of type: {name}, key: {shown}, value: {value}");
    YamlError { message, span: Some(entry.key_span) }
}

/// Go's `%#v` of what go-yaml decodes.
fn go_syntax(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "interface {}(nil)".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Uint(value) => format!("0x{value:x}"),
        Kind::Float(value) => strconv::format_float(*value, b'g', -1, 64),
        Kind::Text(text) => strconv::quote(text),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| format!("{}:{}", strconv::quote(&entry.key), go_syntax(&entry.value)))
                .collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", entries.join(", "))
        }
    }
}

/// encoding/json: every byte that is not UTF-8 becomes a U+FFFD of its own.
pub(crate) fn go_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{fffd}', chunk.invalid().len()));
    }
    text
}

/// Standard base 64 as Go decodes it: line breaks are passed over, padding is needed.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(text.len());
    let mut padding = 0;
    for &byte in text.iter().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        digits.push(digit);
    }
    if (digits.len() + padding) % 4 != 0 || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let value = group.iter().fold(0u32, |value, digit| value << 6 | u32::from(*digit));
        let value = value << (6 * (4 - group.len()));
        bytes.extend_from_slice(&value.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use plimsoll_source::FileId;

    #[track_caller]
    fn check(text: &[u8], error: &str) {
        let got = crate::read_json(text, FileId::NONE).map_err(|error| error.to_string());
        assert_eq!(got.err().as_deref(), Some(error), "{}", String::from_utf8_lossy(text));
    }

    #[test]
    fn keys_within_a_key_keep_their_types() {
        check(b"? true: a", "yaml: invalid map key: map[interface {}]interface {}{true:\"a\"}");
        check(b"? - 0b-1\n", "yaml: invalid map key: []interface {}{-1}");
    }

    #[test]
    fn go_yaml_errors_come_before_those_of_keys_without_a_text() {
        check(b"~: a", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"a\"");
        check(b"~: a\nb: !!int c", "yaml: cannot decode !!str `c` as a !!int");
    }

    #[test]
    fn a_time_stamp_is_a_string_to_other_tags() {
        check(b"!!int 2001-01-01", "yaml: cannot decode !!str `2001-01-01` as a !!int");
    }

    #[test]
    fn unreadable_bytes_win_over_what_is_wrong_with_them() {
        check(b"\" 0x1F\xc3", "yaml: incomplete UTF-8 octet sequence");
    }

    #[test]
    fn changed_documents_are_read_without_a_panic() {
        let seeds: &[&[u8]] =
            &[b"a: &x [1, {b: c}]\n<<: *x\n", b"? |2-\n  x\n: \"\\x41\n  y\" # z\n"];
        let pieces: &[&[u8]] =
            &[b"\n", b"- ", b": ", b"{", b"]", b"'", b"\t", b"!!int ", b"\xe2", b"? "];
        let mut state: u32 = 7;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for round in 0..5000 {
            let mut text = seeds[round % seeds.len()].to_vec();
            for _ in 0..=next(4) {
                let at = next(text.len() + 1);
                text.splice(at..at, pieces[next(pieces.len())].iter().copied());
            }
            let strict = crate::read_strict(&text, FileId::NONE).is_ok();
            let lax = crate::read_json(&text, FileId::NONE).is_ok();
            assert!(lax || !strict, "{}", String::from_utf8_lossy(&text));
        }
    }
}
