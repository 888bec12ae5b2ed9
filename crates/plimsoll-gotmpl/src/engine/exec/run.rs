//! A run of templates, and what functions ask of it.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::rc::Rc;

use plimsoll_source::Origin;

use super::{Dot, Frame, Result, Variable};
use crate::engine::ast::Node;
use crate::engine::hash::NameHasher;
use crate::engine::limit::Spent;
use crate::engine::templates::{Body, Templates, parse_file};
use crate::engine::trace::Tracing;
use crate::error::{Cause, ExecError};
use crate::runtime::{CallError, Host, Runtime};
use crate::value::{Text, TextBuf, Value};

/// How often `include` may be inside of itself. helm: engine.go recursionMaxNums.
const MAX_INCLUDED: u32 = 1000;

/// A run of templates.
pub(in crate::engine) struct Run<'a, T> {
    pub(in crate::engine) set: &'a Templates,
    host: &'a mut dyn Host,
    pub(super) tracing: T,
    /// The variables of all frames, those of the innermost last.
    pub(super) variables: Vec<Variable>,
    /// The definitions of the `tpl` calls that are running, the innermost last.
    layers: Vec<Rc<Source>>,
    /// How deep the run is.
    pub(in crate::engine) depth: u32,
    pub(in crate::engine) kept: Kept,
}

/// What one run of a set leaves for the next.
#[derive(Default)]
pub(in crate::engine) struct Kept {
    /// What `tpl` was given.
    sources: HashMap<Text, Rc<Source>, BuildHasherDefault<NameHasher>>,
    /// Buffers that are free to be used again.
    buffers: Vec<TextBuf>,
    /// Where nodes are put while a text of `tpl` is parsed.
    room: Vec<Node>,
    /// What was done of what the limits allow.
    pub(in crate::engine) spent: Spent,
}

/// How many levels of blocks an `include` counts for: it takes more stack, and errors tell of each.
const INCLUDE: u32 = 32;

/// How many texts of `tpl` are kept.
const MOST_SOURCES: usize = 4096;

impl<T> Drop for Run<'_, T> {
    fn drop(&mut self) {
        self.set.kept.set(std::mem::take(&mut self.kept));
    }
}

/// What `tpl` parsed: its own body, which has a name as the others have.
struct Source {
    text: Text,
    own: Rc<Body>,
    bodies: Vec<Rc<Body>>,
}

impl<'a, T: Tracing> Run<'a, T> {
    pub(in crate::engine) fn new(
        set: &'a Templates,
        host: &'a mut dyn Host,
        tracing: T,
    ) -> Run<'a, T> {
        let (variables, layers) = (Vec::with_capacity(64), Vec::new());
        Run { set, host, tracing, variables, layers, depth: 0, kept: set.kept.take() }
    }

    pub(in crate::engine) fn start(
        &mut self,
        name: &str,
        data: Value,
    ) -> std::result::Result<Text, ExecError> {
        let Some(body) = self.lookup(&Text::from(name)) else {
            return Err(ExecError {
                file: name.to_owned(),
                line: 0,
                column: 0,
                template: name.to_owned(),
                context: String::new(),
                cause: Cause::Check(CallError::NoTemplate(name.to_owned()).to_string()),
            });
        };
        let mut out = TextBuf::with_capacity(body.file.source.len());
        self.body(&body, data, &mut out).map_err(|error| *error)?;
        Ok(out.finish())
    }

    /// The template of a name, in which what is no UTF-8 stands for the replacement character.
    pub(super) fn lookup(&self, name: &Text) -> Option<Rc<Body>> {
        match name.as_str() {
            Some(name) => self.lookup_str(name),
            None => self.lookup_str(&name.to_str_lossy()),
        }
    }

    fn lookup_str(&self, name: &str) -> Option<Rc<Body>> {
        if self.layers.is_empty() {
            return self.set.bodies.get(name).cloned();
        }
        let layers = self.layers.iter().rev();
        let defined = layers.filter_map(|layer| layer.bodies.iter().find(|one| *one.name == *name));
        let all = defined.chain(self.set.bodies.get(name));
        // An empty definition stands back behind the one that was there before it.
        let mut found: Option<&Rc<Body>> = None;
        for body in all {
            found = Some(body);
            if !body.is_empty {
                break;
            }
        }
        found.cloned()
    }

    fn body(&mut self, body: &Body, data: Value, out: &mut TextBuf) -> Result<()> {
        let dot = Dot::plain(Some(data).filter(|data| !data.is_nil()));
        Frame::new(self, body, dot, 0).run(self, out)
    }

    /// Runs a body into a text of its own.
    fn text(&mut self, body: &Body, data: Value) -> std::result::Result<Text, CallError> {
        let mut out = self.kept.buffers.pop().unwrap_or_default();
        self.depth += INCLUDE;
        let done = self.body(body, data, &mut out);
        self.depth -= INCLUDE;
        let text = out.take();
        self.kept.buffers.push(out);
        match done {
            Ok(()) => Ok(text),
            Err(error) => Err(CallError::Template { prefix: String::new(), error }),
        }
    }

    fn include(&mut self, body: &Body, data: Value) -> std::result::Result<Text, CallError> {
        let count = body.included.get();
        if count > MAX_INCLUDED {
            return Err(CallError::Nested(body.name.to_string()));
        }
        body.included.set(count + 1);
        let result = self.text(body, data);
        body.included.set(count);
        result
    }

    /// The text as it was parsed before, by a traced run only if its marks are the same.
    fn source(&mut self, source: &Text) -> std::result::Result<Rc<Source>, CallError> {
        if let Some(parsed) = self.kept.sources.get(source)
            && (!T::ON || parsed.text.map() == source.map())
        {
            return Ok(parsed.clone());
        }
        let parsed = self.parse_source(source)?;
        if self.kept.sources.len() >= MOST_SOURCES {
            self.kept.sources.clear();
        }
        self.kept.sources.insert(source.clone(), parsed.clone());
        Ok(parsed)
    }

    fn parse_source(&mut self, source: &Text) -> std::result::Result<Rc<Source>, CallError> {
        let parsed =
            parse_file(&self.set.functions, TPL, source.as_bytes().into(), &mut self.kept.room);
        let file = parsed.map_err(|error| {
            let source = crate::quote_go(source);
            CallError::Message(format!("cannot parse template {source}: {error}"))
        })?;
        let bodies = file.bodies();
        let own = bodies.iter().rev().find(|body| &*body.name == TPL);
        let own = own.expect("a file has a body of its own").clone();
        Ok(Rc::new(Source { text: source.clone(), own, bodies }))
    }

    /// The text that a body was parsed from, if it is one that `tpl` was given.
    pub(super) fn tpl_text(&self, body: &Body) -> Option<&Text> {
        let file = &body.file;
        let mut layers = self.layers.iter().rev();
        layers.find(|layer| Rc::ptr_eq(&layer.own.file, file)).map(|layer| &layer.text)
    }
}

/// The name that errors have for what `tpl` is given.
const TPL: &str = "gotpl";

impl<T: Tracing> Runtime for Run<'_, T> {
    fn execute(&mut self, name: &Text, data: Value) -> std::result::Result<Text, CallError> {
        match self.lookup(name) {
            None => Err(CallError::NoTemplate(name.to_str_lossy().into_owned())),
            Some(body) => self.include(&body, data),
        }
    }

    fn execute_source(
        &mut self,
        source: &Text,
        data: Value,
    ) -> std::result::Result<Text, CallError> {
        let parsed = self.source(source)?;
        self.layers.push(parsed.clone());
        let result = self.text(&parsed.own, data);
        self.layers.pop();
        result
    }

    fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    fn charge(&mut self, steps: u64) -> std::result::Result<(), CallError> {
        self.kept.spent.steps += steps;
        let most = self.set.limits.steps;
        if self.kept.spent.steps > most {
            return Err(CallError::Message(crate::engine::limit::too_many_steps(most)));
        }
        Ok(())
    }

    fn join_origins(&mut self, a: Origin, b: Origin) -> Origin {
        self.tracing.trace().map_or(Origin::NONE, |trace| trace.join(a, b))
    }
}
