//! Sets of templates.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasherDefault;
use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Id, Node, Nodes, Tree};
use super::exec::{Kept, Run};
use super::hash::NameHasher;
use super::limit::Limits;
use super::parse::{self, Defined, ParseError};
use super::table::FunctionTable;
use super::trace::{NoTrace, Trace, Traced};
use crate::error::ExecError;
use crate::runtime::Host;
use crate::value::{Text, Value};

/// A body of a template and the file that it was parsed from.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) name: Rc<str>,
    /// Its nodes in the file's tree.
    pub(super) start: Id,
    pub(super) end: Id,
    /// Whether it is nothing but space and comments, so that it replaces no other.
    pub(super) is_empty: bool,
    pub(super) file: Rc<File>,
    /// How many runs of it by `include` are under way.
    pub(super) included: Cell<u32>,
}

#[derive(Debug)]
pub(super) struct File {
    pub(super) name: Arc<str>,
    pub(super) source: Arc<[u8]>,
    pub(super) tree: Tree,
}

impl File {
    pub(super) fn nodes(&self) -> Nodes<'_> {
        Nodes { nodes: &self.tree.nodes, source: &self.source }
    }
}

pub(super) type ByName<T> = HashMap<Rc<str>, T, BuildHasherDefault<NameHasher>>;

/// A set of templates that can call each other: Go's `*template.Template` with all its associates.
pub struct Templates {
    pub(super) functions: Rc<FunctionTable>,
    pub(super) bodies: ByName<Rc<Body>>,
    /// What all runs together may do.
    pub(super) limits: Limits,
    /// What one run leaves for the next.
    pub(super) kept: Cell<Kept>,
    /// Where nodes are put while a file is parsed.
    room: Vec<Node>,
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.bodies.keys()).finish()
    }
}

impl Templates {
    /// No templates yet.
    pub fn new(functions: Rc<FunctionTable>) -> Templates {
        Templates {
            functions,
            bodies: ByName::default(),
            limits: Limits::default(),
            kept: Cell::default(),
            room: Vec::new(),
        }
    }

    /// The same templates under other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Templates {
        Templates { limits, ..self }
    }

    /// Parses a file as the template `name`, and what it defines. A later definition replaces an
    /// earlier one unless it is nothing but space and comments.
    pub fn parse(&mut self, name: &str, source: impl Into<Arc<[u8]>>) -> Result<(), ParseError> {
        for body in parse_bodies(&self.functions, name, source.into(), &mut self.room)? {
            if body.is_empty && self.bodies.contains_key(&body.name) {
                continue;
            }
            self.bodies.insert(body.name.clone(), body);
        }
        Ok(())
    }

    /// Whether there is a template of that name.
    pub fn contains(&self, name: &str) -> bool {
        self.bodies.contains_key(name)
    }

    /// Runs a template on `data`.
    pub fn execute(&self, name: &str, data: Value, host: &mut dyn Host) -> Result<Text, ExecError> {
        Run::new(self, host, NoTrace).start(name, data)
    }

    /// Runs a template on `data`; the text is marked, and `trace` explains the marks.
    pub fn execute_traced(
        &self,
        name: &str,
        data: Value,
        host: &mut dyn Host,
        trace: &mut Trace,
    ) -> Result<Text, ExecError> {
        Run::new(self, host, Traced(trace)).start(name, data)
    }
}

/// The bodies of a file, its own last.
pub(super) fn parse_bodies(
    functions: &FunctionTable,
    name: &str,
    source: Arc<[u8]>,
    room: &mut Vec<Node>,
) -> Result<Vec<Rc<Body>>, ParseError> {
    let parsed = parse::parse(name, &source, functions, room).map_err(|error| *error)?;
    let file = Rc::new(File { name: name.into(), source, tree: parsed.tree });
    let body = |Defined { name, start, end, is_empty }| {
        Rc::new(Body { name, start, end, is_empty, file: file.clone(), included: Cell::new(0) })
    };
    Ok(parsed.bodies.into_iter().map(body).collect())
}
