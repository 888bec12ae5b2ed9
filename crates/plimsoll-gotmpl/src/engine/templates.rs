//! Sets of templates and of functions.

use std::collections::HashMap;
use std::rc::Rc;

use super::ast::Node;
use super::builtins::BUILTINS;
use super::exec::Run;
use super::parse::{self, ParseError, is_empty};
use super::trace::Trace;
use crate::error::ExecError;
use crate::function::Function;
use crate::runtime::Host;
use crate::value::{Text, Value};

/// All functions by name, Go's own included. Later families replace earlier functions of the same
/// name.
#[derive(Debug)]
pub struct FunctionTable {
    functions: HashMap<&'static str, (Function, bool)>,
}

impl FunctionTable {
    /// Go's functions and those of the families.
    pub fn new(families: &[&'static [Function]]) -> FunctionTable {
        let given = families.iter().flat_map(|family| family.iter());
        let given = given.map(|function| (function.name, (*function, false)));
        let builtins = BUILTINS.iter().map(|function| (function.name, (*function, true)));
        FunctionTable { functions: builtins.chain(given).collect() }
    }

    /// The function of a name.
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.functions.get(name).map(|found| &found.0)
    }

    /// The function of a name, and whether it is Go's own.
    pub(super) fn find(&self, name: &str) -> Option<(Function, bool)> {
        self.functions.get(name).copied()
    }
}

/// A body of a template and the file that it was parsed from.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) name: Rc<str>,
    pub(super) nodes: Vec<Node>,
    pub(super) file: Rc<File>,
}

#[derive(Debug)]
pub(super) struct File {
    pub(super) name: Rc<str>,
    pub(super) source: Vec<u8>,
}

/// A set of templates that can call each other: Go's `*template.Template` with all its associates.
#[derive(Debug)]
pub struct Templates {
    pub(super) functions: Rc<FunctionTable>,
    pub(super) bodies: HashMap<Rc<str>, Rc<Body>>,
}

impl Templates {
    /// No templates yet.
    pub fn new(functions: Rc<FunctionTable>) -> Templates {
        Templates { functions, bodies: HashMap::new() }
    }

    /// Parses a file as the template `name`, and what it defines. A later definition replaces an
    /// earlier one unless it is nothing but space and comments.
    pub fn parse(&mut self, name: &str, source: &[u8]) -> Result<(), ParseError> {
        for body in parse_bodies(&self.functions, name, source)? {
            if is_empty(&body.nodes) && self.bodies.contains_key(&body.name) {
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
        Run::new(self, host, None).start(name, data)
    }

    /// Runs a template on `data`; the text is marked, and `trace` explains the marks.
    pub fn execute_traced(
        &self,
        name: &str,
        data: Value,
        host: &mut dyn Host,
        trace: &mut Trace,
    ) -> Result<Text, ExecError> {
        Run::new(self, host, Some(trace)).start(name, data)
    }
}

/// The bodies of a file, its own last.
pub(super) fn parse_bodies(
    functions: &FunctionTable,
    name: &str,
    source: &[u8],
) -> Result<Vec<Rc<Body>>, ParseError> {
    let is_function = |name: &str| functions.functions.contains_key(name);
    let bodies = parse::parse(name, source, &is_function).map_err(|error| *error)?;
    let file = Rc::new(File { name: name.into(), source: source.to_vec() });
    let body = |(name, nodes)| Rc::new(Body { name, nodes, file: file.clone() });
    Ok(bodies.into_iter().map(body).collect())
}
