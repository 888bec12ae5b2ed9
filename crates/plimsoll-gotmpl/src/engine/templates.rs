//! Sets of templates.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasherDefault;
use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Id, Node, Nodes, Tree};
use super::exec::{Kept, Run};
use super::hash::NameHasher;
use super::limit::Limits;
use super::parse::{self, Defined, ParseError, Parsed};
use super::table::FunctionTable;
use super::trace::{NoTrace, Trace, Traced};
use crate::error::ExecError;
use crate::runtime::Host;
use crate::value::{Text, Value};

/// A body of a template and the file that it was parsed from.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) name: Arc<str>,
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

pub(super) type ByName<T> = HashMap<Arc<str>, T, BuildHasherDefault<NameHasher>>;

/// Files that are parsed once for many sets of templates over the same functions.
pub struct ParsedFiles {
    functions: Rc<FunctionTable>,
    /// By name and by where the source lies, which a body keeps there.
    files: RefCell<HashMap<(Box<str>, *const u8), Rc<[Rc<Body>]>>>,
}

impl ParsedFiles {
    /// No files yet.
    pub fn new(functions: Rc<FunctionTable>) -> ParsedFiles {
        ParsedFiles { functions, files: RefCell::default() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.borrow().is_empty()
    }

    /// What to parse files with, on any thread; [`Templates::add`] takes the result.
    pub fn functions(&self) -> &FunctionTable {
        &self.functions
    }

    fn get(&self, name: &str, source: &[u8]) -> Option<Rc<[Rc<Body>]>> {
        self.files.borrow().get(&(name.into(), source.as_ptr())).cloned()
    }

    fn insert(&self, file: ParsedFile) -> Rc<[Rc<Body>]> {
        let key = (Box::from(&*file.name), file.source.as_ptr());
        let bodies: Rc<[Rc<Body>]> = file.bodies().into();
        self.files.borrow_mut().insert(key, bodies.clone());
        bodies
    }
}

impl fmt::Debug for ParsedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files", self.files.borrow().len())
    }
}

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
    parsed: Option<Rc<ParsedFiles>>,
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
            parsed: None,
        }
    }

    /// No templates yet; what is parsed is kept in `files`, and taken from there.
    pub fn over(files: &Rc<ParsedFiles>) -> Templates {
        let templates = Templates::new(files.functions.clone());
        Templates { parsed: Some(files.clone()), ..templates }
    }

    /// The same templates under other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Templates {
        Templates { limits, ..self }
    }

    /// Parses a file as the template `name`, and what it defines. A later definition replaces an
    /// earlier one unless it is nothing but space and comments.
    pub fn parse(&mut self, name: &str, source: impl Into<Arc<[u8]>>) -> Result<(), ParseError> {
        let source = source.into();
        let known = self.parsed.as_ref().and_then(|files| files.get(name, &source));
        if let Some(bodies) = known {
            bodies.iter().for_each(|body| self.add_body(body.clone()));
        } else {
            let file = parse_file(&self.functions, name, source, &mut self.room)?;
            self.add(file);
        }
        Ok(())
    }

    /// Adds what a file defines, as [`Templates::parse`] does.
    pub fn add(&mut self, file: ParsedFile) {
        let bodies = match &self.parsed {
            Some(files) => files.insert(file),
            None => file.bodies().into(),
        };
        bodies.iter().for_each(|body| self.add_body(body.clone()));
    }

    fn add_body(&mut self, body: Rc<Body>) {
        if !body.is_empty || !self.bodies.contains_key(&body.name) {
            self.bodies.insert(body.name.clone(), body);
        }
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

/// A file that was parsed, on whatever thread; [`Templates::add`] adds it to a set.
#[derive(Debug)]
pub struct ParsedFile {
    name: Arc<str>,
    source: Arc<[u8]>,
    parsed: Parsed,
}

impl ParsedFile {
    /// The bodies, the file's own last.
    pub(super) fn bodies(self) -> Vec<Rc<Body>> {
        let ParsedFile { name, source, parsed } = self;
        let tree = Tree::new(parsed.nodes, parsed.numbers, parsed.literals);
        let file = Rc::new(File { name, source, tree });
        let body = |Defined { name, start, end, is_empty }| {
            Rc::new(Body { name, start, end, is_empty, file: file.clone(), included: Cell::new(0) })
        };
        parsed.bodies.into_iter().map(body).collect()
    }
}

/// Parses files without a set of templates, so that threads may share the work.
#[derive(Debug)]
pub struct FileParser<'a> {
    functions: &'a FunctionTable,
    room: Vec<Node>,
}

impl<'a> FileParser<'a> {
    /// The functions must be those of the templates that are to have the files.
    pub fn new(functions: &'a FunctionTable) -> FileParser<'a> {
        FileParser { functions, room: Vec::new() }
    }

    /// Parses a file as the template `name`, and what it defines.
    pub fn parse(&mut self, name: &str, source: Arc<[u8]>) -> Result<ParsedFile, ParseError> {
        parse_file(self.functions, name, source, &mut self.room)
    }
}

pub(super) fn parse_file(
    functions: &FunctionTable,
    name: &str,
    source: Arc<[u8]>,
    room: &mut Vec<Node>,
) -> Result<ParsedFile, ParseError> {
    let parsed = parse::parse(name, &source, functions, room).map_err(|error| *error)?;
    Ok(ParsedFile { name: name.into(), source, parsed })
}
