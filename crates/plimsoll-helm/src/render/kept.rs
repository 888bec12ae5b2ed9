use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use plimsoll_gotmpl::{Compat, Map, ParsedFiles};

use super::functions;
use crate::schema::Schema;

/// What the releases of a chart share on a thread: templates that were parsed and schemas that were
/// read. It is worth having where a chart is rendered often; the files of a chart are known by
/// where their bytes lie, so the same loaded chart must be rendered.
pub struct Kept {
    pub(super) templates: Rc<ParsedFiles>,
    schemas: RefCell<HashMap<*const u8, (Arc<[u8]>, Rc<Read>)>>,
}

type Read = Result<Schema, String>;

impl Kept {
    /// Nothing yet, for one of the Helms.
    pub fn new(compat: Compat) -> Kept {
        let templates = Rc::new(ParsedFiles::new(functions(compat)));
        Kept { templates, schemas: RefCell::default() }
    }

    /// [`crate::schema::validate`] with a schema that may have been read before.
    pub(crate) fn validate(&self, schema: &Arc<[u8]>, values: &Map) -> Result<(), String> {
        let mut schemas = self.schemas.borrow_mut();
        let read = || (schema.clone(), Rc::new(Schema::read(schema, None)));
        let (_, schema) = schemas.entry(schema.as_ptr()).or_insert_with(read);
        match &**schema {
            Ok(schema) => schema.validate(values),
            Err(error) => Err(error.clone()),
        }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} schemas", self.templates, self.schemas.borrow().len())
    }
}
