use plimsoll_gotmpl::{Kind, Object, Value};

/// A JSON object whose fields keep their order: what [`Object::to_json`] gives for Go structs,
/// which `encoding/json` writes field by field.
#[derive(Debug, Clone)]
pub struct Fields(pub Vec<(&'static str, Value)>);

impl Object for Fields {
    fn type_name(&self) -> &'static str {
        "struct {}"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }
}
