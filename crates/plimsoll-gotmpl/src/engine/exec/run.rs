//! A run of templates, and what functions ask of it.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use plimsoll_source::Origin;

use super::{Dot, Frame, Result, Variable};
use crate::engine::parse::is_empty;
use crate::engine::templates::{Body, Templates, parse_bodies};
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
    sources: HashMap<Text, Rc<Source>>,
    /// Buffers that are free to be used again.
    buffers: Vec<TextBuf>,
}

/// What `tpl` parsed.
struct Source {
    text: Text,
    own: Rc<Body>,
    defines: Vec<Rc<Body>>,
}

impl<'a, T: Tracing> Run<'a, T> {
    pub(in crate::engine) fn new(
        set: &'a Templates,
        host: &'a mut dyn Host,
        tracing: T,
    ) -> Run<'a, T> {
        let (sources, variables) = (HashMap::new(), Vec::with_capacity(64));
        let (layers, buffers) = (Vec::new(), Vec::new());
        Run { set, host, tracing, variables, layers, sources, buffers }
    }

    pub(in crate::engine) fn start(
        &mut self,
        name: &str,
        data: Value,
    ) -> std::result::Result<Text, ExecError> {
        let Some(body) = self.lookup(name) else {
            return Err(ExecError {
                file: name.to_owned(),
                line: 0,
                column: 0,
                template: name.to_owned(),
                context: String::new(),
                cause: Cause::Check(no_template(name)),
            });
        };
        let mut out = TextBuf::with_capacity(body.file.source.len());
        self.body(&body, data, &mut out).map_err(|error| *error)?;
        Ok(out.finish())
    }

    pub(super) fn lookup(&self, name: &str) -> Option<Rc<Body>> {
        let mut layers = self.layers.iter().rev();
        let defined = layers.find_map(|layer| layer.defines.iter().find(|one| *one.name == *name));
        defined.or_else(|| self.set.bodies.get(name)).cloned()
    }

    fn body(&mut self, body: &Body, data: Value, out: &mut TextBuf) -> Result<()> {
        let dot = Dot::plain(Some(data).filter(|data| !data.is_nil()));
        Frame::new(self, body, dot, 0).run(self, out)
    }

    /// Runs a body into a text of its own.
    fn text(&mut self, body: &Body, data: Value) -> std::result::Result<Text, CallError> {
        let mut out = self.buffers.pop().unwrap_or_default();
        let done = self.body(body, data, &mut out);
        let text = out.take();
        self.buffers.push(out);
        match done {
            Ok(()) => Ok(text),
            Err(error) => Err(CallError::Template { prefix: String::new(), error }),
        }
    }

    fn include(&mut self, body: &Body, data: Value) -> std::result::Result<Text, CallError> {
        let count = body.included.get();
        if count > MAX_INCLUDED {
            let nested = "rendering template has a nested reference name";
            return Err(format!("{nested}: {}: unable to execute template", body.name).into());
        }
        body.included.set(count + 1);
        let result = self.text(body, data);
        body.included.set(count);
        result
    }

    /// The text as it was parsed before, by a traced run only if its marks are the same.
    fn source(&mut self, source: &Text) -> std::result::Result<Rc<Source>, CallError> {
        if let Some(parsed) = self.sources.get(source)
            && (!T::ON || parsed.text.map() == source.map())
        {
            return Ok(parsed.clone());
        }
        let parsed = self.parse_source(source)?;
        self.sources.insert(source.clone(), parsed.clone());
        Ok(parsed)
    }

    fn parse_source(&self, source: &Text) -> std::result::Result<Rc<Source>, CallError> {
        let bytes: Arc<[u8]> = source.as_bytes().into();
        let parsed = parse_bodies(&self.set.functions, TPL, bytes.clone());
        let mut bodies = parsed.map_err(|error| {
            let source = crate::quote_go(source);
            CallError::Message(format!("cannot parse template {source}: {error}"))
        })?;
        let own = bodies.iter().rposition(|body| &*body.name == TPL);
        let own = bodies.remove(own.unwrap_or(bodies.len() - 1));
        bodies.retain(|body| !is_empty(&body.nodes, &bytes) || self.lookup(&body.name).is_none());
        Ok(Rc::new(Source { text: source.clone(), own, defines: bodies }))
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

fn no_template(name: &str) -> String {
    let name = crate::quote_go(name.as_bytes());
    format!("template: no template {name} associated with template \"gotpl\"")
}

impl<T: Tracing> Runtime for Run<'_, T> {
    fn execute(&mut self, name: &Text, data: Value) -> std::result::Result<Text, CallError> {
        let name = name.to_str_lossy();
        match self.lookup(&name) {
            None => Err(CallError::Message(no_template(&name))),
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

    fn join_origins(&mut self, a: Origin, b: Origin) -> Origin {
        self.tracing.trace().map_or(Origin::NONE, |trace| trace.join(a, b))
    }
}
