//! Runs parsed templates.

mod field;

use std::collections::HashMap;
use std::rc::Rc;

use plimsoll_source::Origin;

use super::ast::{At, Branch, Command, Expr, ExprKind, Node, Number, Pipe};
use super::templates::{Body, Templates, parse_bodies};
use super::trace::Trace;
use crate::error::{Cause, ExecError};
use crate::function::Function;
use crate::runtime::{CallError, Host, Runtime};
use crate::value::complex::Complex;
use crate::value::{Kind, List, Map, Text, TextBuf, Type, Value};

pub(super) type Result<T> = std::result::Result<T, Box<ExecError>>;

/// What Go's `reflect` calls a value: `None` is the zero `reflect.Value`, which nothing can go wrong
/// with; `Some(Nil)` is a nil interface, whose fields cannot be had.
pub(super) type Reflect = Option<Value>;

/// `.`, and whether Go holds it as an interface: errors tell its type by that.
#[derive(Clone)]
pub(super) struct Dot {
    pub(super) value: Reflect,
    pub(super) held: bool,
}

impl Dot {
    fn plain(value: Reflect) -> Dot {
        Dot { value, held: false }
    }
}

/// How deep `{{template}}` may nest.
const MAX_DEPTH: u32 = 100_000;
/// How often `include` may be inside of itself. helm: engine.go recursionMaxNums.
const MAX_INCLUDED: u32 = 1000;

/// A run of templates.
pub(super) struct Run<'a> {
    pub(super) set: &'a Templates,
    host: &'a mut dyn Host,
    trace: Option<&'a mut Trace>,
    included: HashMap<Text, u32>,
    /// The definitions of the `tpl` calls that are running, the innermost last.
    layers: Vec<Rc<Source>>,
    sources: HashMap<Text, Rc<Source>>,
}

/// What `tpl` parsed: its own body, which has a name as the others have.
struct Source {
    own: Rc<Body>,
    bodies: Vec<Rc<Body>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        set: &'a Templates,
        host: &'a mut dyn Host,
        trace: Option<&'a mut Trace>,
    ) -> Run<'a> {
        let (included, sources) = Default::default();
        Run { set, host, trace, included, layers: Vec::new(), sources }
    }

    pub(super) fn start(
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
        self.body(&body, data).map_err(|error| *error)
    }

    fn lookup(&self, name: &str) -> Option<Rc<Body>> {
        let layers = self.layers.iter().rev();
        let defined = layers.filter_map(|layer| layer.bodies.iter().find(|one| *one.name == *name));
        let mut last = None;
        for body in defined.chain(self.set.bodies.get(name)) {
            // What is nothing but space replaces nothing.
            if !super::parse::is_empty(&body.nodes) {
                return Some(body.clone());
            }
            last = Some(body);
        }
        last.cloned()
    }

    fn body(&mut self, body: &Body, data: Value) -> Result<Text> {
        let mut out = TextBuf::with_capacity(body.file.source.len());
        let dot = Dot::plain(Some(data).filter(|data| !data.is_nil()));
        let mut frame = Frame::new(body, dot.clone(), 0);
        frame.list(self, &dot, &body.nodes, &mut out)?;
        Ok(out.finish())
    }
}

fn no_template(name: &str) -> String {
    let name = crate::quote_go(name.as_bytes());
    format!("template: no template {name} associated with template \"gotpl\"")
}

fn failed(error: Box<ExecError>) -> CallError {
    CallError::Template { prefix: String::new(), error }
}

impl Runtime for Run<'_> {
    fn execute(&mut self, name: &Text, data: Value) -> std::result::Result<Text, CallError> {
        let shown = name.to_str_lossy();
        let count = self.included.entry(name.clone()).or_default();
        if *count > MAX_INCLUDED {
            let nested = "rendering template has a nested reference name";
            return Err(format!("{nested}: {shown}: unable to execute template").into());
        }
        *count += 1;
        let result = match self.lookup(&shown) {
            None => Err(CallError::Message(no_template(&shown))),
            Some(body) => self.body(&body, data).map_err(failed),
        };
        if let Some(count) = self.included.get_mut(name) {
            *count -= 1;
        }
        result
    }

    fn execute_source(
        &mut self,
        source: &Text,
        data: Value,
    ) -> std::result::Result<Text, CallError> {
        let parsed = if let Some(parsed) = self.sources.get(source) {
            parsed.clone()
        } else {
            let parsed = self.parse_source(source)?;
            self.sources.insert(source.clone(), parsed.clone());
            parsed
        };
        self.layers.push(parsed.clone());
        let result = self.body(&parsed.own, data).map_err(failed);
        self.layers.pop();
        result
    }

    fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    fn join_origins(&mut self, a: Origin, b: Origin) -> Origin {
        match &mut self.trace {
            None => Origin::NONE,
            Some(trace) => trace.join(a, b),
        }
    }
}

impl Run<'_> {
    fn parse_source(&self, source: &Text) -> std::result::Result<Rc<Source>, CallError> {
        let parsed = parse_bodies(&self.set.functions, "gotpl", source);
        let bodies = parsed.map_err(|error| {
            CallError::Message(format!(
                "cannot parse template {}: {error}",
                crate::quote_go(source)
            ))
        })?;
        let own = bodies.iter().rev().find(|body| &*body.name == "gotpl");
        let own = own.expect("a file has a body of its own").clone();
        Ok(Rc::new(Source { own, bodies }))
    }
}

/// What a list of nodes ended with.
#[derive(Clone, Copy, PartialEq)]
enum Ended {
    Done,
    Break,
    Continue,
}

/// A template while it runs: its variables, and what it looks at.
pub(super) struct Frame<'a> {
    body: &'a Body,
    depth: u32,
    variables: Vec<(Rc<str>, Dot)>,
    pub(super) at: At<'a>,
}

impl<'a> Frame<'a> {
    fn new(body: &'a Body, dot: Dot, depth: u32) -> Frame<'a> {
        Frame { body, depth, variables: vec![("$".into(), dot)], at: At::Nothing }
    }

    /// An error where the frame looks.
    pub(super) fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        self.fail(Cause::Check(message.into()))
    }

    #[cold]
    pub(super) fn fail<T>(&self, cause: Cause) -> Result<T> {
        let source = &self.body.file.source;
        let pos = self.at.pos().unwrap_or_default() as usize;
        let before = &source[..pos.min(source.len())];
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Err(Box::new(ExecError {
            file: self.body.file.name.to_string(),
            line: 1 + memchr::memchr_iter(b'\n', before).count() as u32,
            column: (before.len() - start) as u32,
            template: self.body.name.to_string(),
            context: self.at.to_string(),
            cause,
        }))
    }

    fn list(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        nodes: &'a [Node],
        out: &mut TextBuf,
    ) -> Result<Ended> {
        for node in nodes {
            let ended = self.node(run, dot, node, out)?;
            if ended != Ended::Done {
                return Ok(ended);
            }
        }
        Ok(Ended::Done)
    }

    fn node(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        node: &'a Node,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        match node {
            Node::Text(text) => out.push_bytes(text),
            Node::Action(pos, pipe) => {
                self.at = At::Node(node);
                let value = self.pipeline(run, dot, pipe)?;
                if pipe.decl.is_empty() {
                    self.at = At::Node(node);
                    self.print(run, value, *pos, out);
                }
            }
            Node::If(branch) | Node::With(branch) => {
                self.at = At::Node(node);
                return self.choose(run, dot, branch, matches!(node, Node::With(_)), out);
            }
            Node::Range(branch) => {
                self.at = At::Node(node);
                return self.range(run, dot, node, branch, out);
            }
            Node::Template { name, pipe, .. } => {
                self.at = At::Node(node);
                self.template(run, dot, name, pipe.as_ref(), out)?;
            }
            Node::Break => return Ok(Ended::Break),
            Node::Continue => return Ok(Ended::Continue),
        }
        Ok(Ended::Done)
    }

    fn print(&mut self, run: &mut Run<'_>, value: Reflect, pos: u32, out: &mut TextBuf) {
        let start = out.len();
        match value {
            None | Some(Value::Nil) => out.push_bytes(b"<no value>"),
            Some(Value::Text(origin, text)) => out.push_from(&text, origin),
            Some(value) => crate::write_action_value(out, &value),
        }
        if let Some(trace) = &mut run.trace {
            let source = &self.body.file.source[pos as usize..];
            let end = memchr::memmem::find(source, b"}}").unwrap_or(source.len()) as u32;
            let site = trace.site_of(&self.body.file.name, pos..pos + end);
            out.sign(start, site);
        }
    }

    fn choose(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        branch: &'a Branch,
        is_with: bool,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        let mark = self.variables.len();
        let value = self.pipeline(run, dot, &branch.pipe)?;
        let ended = if value.as_ref().is_some_and(Value::is_true) {
            let dot = if is_with { &Dot::plain(value) } else { dot };
            self.list(run, dot, &branch.list, out)
        } else {
            match &branch.else_list {
                None => Ok(Ended::Done),
                Some(list) => self.list(run, dot, list, out),
            }
        };
        self.variables.truncate(mark);
        ended
    }

    fn template(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        name: &str,
        pipe: Option<&'a Pipe>,
        out: &mut TextBuf,
    ) -> Result<()> {
        let Some(body) = run.lookup(name) else {
            return self
                .error(format!("template {} not defined", crate::quote_go(name.as_bytes())));
        };
        if self.depth == MAX_DEPTH {
            return self.error(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        let dot = match pipe {
            None => None,
            Some(pipe) => self.pipeline(run, dot, pipe)?,
        };
        let dot = Dot::plain(dot);
        let mut frame = Frame::new(&body, dot.clone(), self.depth + 1);
        frame.list(run, &dot, &body.nodes, out)?;
        Ok(())
    }

    fn range(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        node: &'a Node,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        self.at = At::Node(node);
        let mark = self.variables.len();
        let value = self.pipeline(run, dot, &branch.pipe)?;
        let ran = self.iterate(run, value, branch, out)?;
        if let (false, Some(list)) = (ran, &branch.else_list) {
            let ended = self.list(run, dot, list, out)?;
            self.variables.truncate(mark);
            // Go: exec.go walkRange is what a break ends, also where it stands behind the else.
            return Ok(if ended == Ended::Break { Ended::Done } else { ended });
        }
        self.variables.truncate(mark);
        Ok(Ended::Done)
    }

    /// Runs the body for each item; whether there was one.
    fn iterate(
        &mut self,
        run: &mut Run<'_>,
        value: Reflect,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        match &value {
            None | Some(Value::Nil) => Ok(false),
            Some(Value::List(_, list)) => {
                let held = list.elem().element_type() == Type::Any;
                for (index, item) in list.iter().enumerate() {
                    let index = Some(Value::int(index as i64));
                    if !self.once(run, index, (item.clone(), held), branch, out)? {
                        break;
                    }
                }
                Ok(!list.is_empty())
            }
            Some(Value::Map(_, map)) => self.entries(run, map, branch, out),
            Some(Value::Int(ty, origin, count)) => {
                if branch.pipe.decl.len() > 1 {
                    return self.error(format!(
                        "can't use {count} to iterate over more than one variable"
                    ));
                }
                for at in 0..*count {
                    if !self.once(run, None, (Value::Int(*ty, *origin, at), false), branch, out)? {
                        break;
                    }
                }
                Ok(*count > 0)
            }
            Some(Value::Uint(ty, origin, count)) => {
                if branch.pipe.decl.len() > 1 {
                    return self.error(format!(
                        "can't use {count} to iterate over more than one variable"
                    ));
                }
                for at in 0..*count {
                    let item = Value::Uint(*ty, *origin, at);
                    if !self.once(run, None, (item, false), branch, out)? {
                        break;
                    }
                }
                Ok(*count > 0)
            }
            Some(other) => match other {
                Value::Object(_, object) if object.as_map().is_some() => {
                    let map = object.as_map().unwrap_or_default();
                    self.entries(run, &map, branch, out)
                }
                _ => {
                    let shown = crate::sprint_pointed(other);
                    self.error(format!("range can't iterate over {}", shown.to_str_lossy()))
                }
            },
        }
    }

    fn entries(
        &mut self,
        run: &mut Run<'_>,
        map: &Map,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        let entries = map.snapshot();
        let any = !entries.is_empty();
        let held = map.map_type().elem == Type::Any;
        for (key, item) in entries {
            if !self.once(run, Some(Value::text(key)), (item, held), branch, out)? {
                break;
            }
        }
        Ok(any)
    }

    /// One turn of a range; whether there is to be another.
    fn once(
        &mut self,
        run: &mut Run<'_>,
        index: Reflect,
        (item, held): (Value, bool),
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        let mark = self.variables.len();
        let pipe = &branch.pipe;
        let (item, index) = (Dot { value: Some(item), held }, Dot::plain(index));
        match (pipe.decl.as_slice(), pipe.is_assign) {
            ([], _) => {}
            ([one], true) => self.set(one, item.clone())?,
            ([key, value, ..], true) => {
                self.set(key, index)?;
                self.set(value, item.clone())?;
            }
            ([_], false) => self.variables[mark - 1].1 = item.clone(),
            ([_, _, ..], false) => {
                self.variables[mark - 1].1 = item.clone();
                self.variables[mark - 2].1 = index;
            }
        }
        let ended = self.list(run, &item, &branch.list, out)?;
        self.variables.truncate(mark);
        Ok(ended != Ended::Break)
    }

    fn set(&mut self, name: &str, value: Dot) -> Result<()> {
        match self.variables.iter_mut().rev().find(|variable| *variable.0 == *name) {
            Some(variable) => {
                variable.1 = value;
                Ok(())
            }
            None => self.error(format!("undefined variable: {name}")),
        }
    }

    fn variable(&self, name: &str) -> Result<Dot> {
        match self.variables.iter().rev().find(|variable| *variable.0 == *name) {
            Some(variable) => Ok(variable.1.clone()),
            None => self.error(format!("undefined variable: {name}")),
        }
    }

    pub(super) fn pipeline(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        pipe: &'a Pipe,
    ) -> Result<Reflect> {
        self.at = At::Pipe(pipe);
        let mut last: Option<Reflect> = None;
        for command in &pipe.cmds {
            // A nil interface is dug out: what is left is no value at all.
            let value = self.command(run, dot, command, last.as_ref())?;
            last = Some(value.filter(|value| !value.is_nil()));
        }
        let value = last.flatten();
        for name in &pipe.decl {
            if pipe.is_assign {
                self.set(name, Dot::plain(value.clone()))?;
            } else {
                self.variables.push((name.clone(), Dot::plain(value.clone())));
            }
        }
        Ok(value)
    }

    fn command(
        &mut self,
        run: &mut Run<'_>,
        dot: &Dot,
        command: &'a Command,
        last: Option<&Reflect>,
    ) -> Result<Reflect> {
        let first = &command.args[0];
        let rest = &command.args[1..];
        match &first.kind {
            ExprKind::Field(names) => {
                self.at = At::Expr(first);
                return self.chain(run, dot, dot.clone(), names, first, (rest, last));
            }
            ExprKind::Chain(..) => return self.chained(run, dot, first, (rest, last)),
            ExprKind::Identifier(name) => {
                self.at = At::Expr(first);
                return self.function(run, dot, name, At::Command(command), (rest, last));
            }
            ExprKind::Pipe(pipe) => {
                self.no_arguments(first, rest, last)?;
                return self.pipeline(run, dot, pipe);
            }
            ExprKind::Variable(names) => {
                return self.variable_chain(run, dot, first, names, (rest, last));
            }
            _ => {}
        }
        self.at = At::Expr(first);
        self.no_arguments(first, rest, last)?;
        match &first.kind {
            ExprKind::Dot => Ok(dot.value.clone()),
            ExprKind::Nil => self.error("nil is not a command"),
            ExprKind::Bool(value) => Ok(Some(Value::bool(*value))),
            ExprKind::Number(number) => self.constant(number).map(Some),
            other => Ok(other.text()),
        }
    }

    fn no_arguments(&self, first: &Expr, rest: &[Expr], last: Option<&Reflect>) -> Result<()> {
        if rest.is_empty() && last.is_none() {
            return Ok(());
        }
        let shown = match &first.kind {
            ExprKind::Pipe(pipe) => pipe.to_string(),
            _ => first.to_string(),
        };
        self.error(format!("can't give argument to non-function {shown}"))
    }

    pub(super) fn constant(&self, number: &Number) -> Result<Value> {
        let hex = number.text.len() > 2
            && number.text.starts_with('0')
            && matches!(number.text.as_bytes()[1], b'x' | b'X')
            && !number.text.contains(['p', 'P']);
        if let Some((re, im)) = number.complex {
            return Ok(Value::object(Complex { re, im }));
        }
        if let Some(float) = number.float
            && !hex
            && !number.is_char
            && number.text.contains(['.', 'e', 'E', 'p', 'P'])
        {
            return Ok(Value::float(float));
        }
        match number.int {
            Some(int) => Ok(Value::int(int)),
            None => self.error(format!("{} overflows int", number.text)),
        }
    }
}

/// The arguments of a command: the written ones, and the one from the pipe.
pub(super) type Given<'a, 'b> = (&'a [Expr], Option<&'b Reflect>);

/// The zero value of a type.
pub(super) fn zero_of(ty: Type) -> Value {
    match ty {
        Type::Bool => Value::bool(false),
        Type::Int(ty) => Value::Int(ty, Origin::NONE, 0),
        Type::Uint(ty) => Value::Uint(ty, Origin::NONE, 0),
        Type::Float64 => Value::float(0.0),
        Type::String => Value::text(""),
        Type::Slice(elem) => Value::List(Origin::NONE, List::nil(elem)),
        Type::Map(ty) => Value::map(Map::nil(ty)),
        Type::Any | Type::Named(..) | Type::Reflect => Value::Nil,
    }
}
