use super::{Composer, go_utf8};
use crate::error::YamlError;
use crate::node::Kind;
use crate::parse::NodeId;
use crate::resolve::{is_resolvable, resolve_plain};
use crate::scan::Style;

impl Composer<'_, '_> {
    pub(super) fn scalar(&self, id: NodeId, text: &[u8], style: Style) -> Result<Kind, YamlError> {
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
