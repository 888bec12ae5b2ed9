use super::{Composer, go_utf8};
use crate::error::YamlError;
use crate::node::Kind;
use crate::parse::NodeId;
use crate::resolve::{is_resolvable, resolve_plain};
use crate::scan::Style;
use plimsoll_source::encoding::decode_base64;

impl Composer<'_, '_> {
    pub(super) fn scalar(&self, id: NodeId, text: &[u8], style: Style) -> Result<Kind, YamlError> {
        let tag = self.document.node(id).tag.as_slice();
        if tag.is_empty() && style != Style::Plain {
            return Ok(Kind::Text(text.to_vec()));
        }
        if tag == b"!!binary" {
            return match decode_base64(text) {
                Ok(bytes) => Ok(Kind::Text(go_utf8(&bytes).into_bytes())),
                Err(_) => {
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
