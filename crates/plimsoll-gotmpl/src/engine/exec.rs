//! Runs parsed templates.

mod field;
mod run;
mod site;
mod traced;

pub(super) use run::{Kept, Run};
pub(super) use site::Call;

use plimsoll_source::Origin;

use super::ast::{At, Branch, Command, Expr, ExprKind, Node, Number, Piece, Pipe, Template};
use super::show::Shown;
use super::templates::Body;
use super::trace::Tracing;
use crate::error::{Cause, ExecError};
use crate::function::Function;
use crate::value::complex::Complex;
use crate::value::{Kind, List, Map, TextBuf, Type, Value};

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

/// What a list of nodes ended with.
#[derive(Clone, Copy, PartialEq)]
enum Ended {
    Done,
    Break,
    Continue,
}

/// A variable: its name, which is empty for `$`, and what it holds.
pub(super) type Variable = (Piece, Dot);

/// A template while it runs, and what it looks at.
pub(super) struct Frame<'a> {
    body: &'a Body,
    depth: u32,
    /// Where its variables start among those of the run; the first is `$`.
    base: usize,
    /// The number of its file in the trace.
    file: u32,
    pub(super) at: At<'a>,
}

impl<'a> Frame<'a> {
    fn new<T: Tracing>(run: &mut Run<'_, T>, body: &'a Body, dot: Dot, depth: u32) -> Frame<'a> {
        let file =
            run.tracing.trace().map_or(0, |trace| trace.file(&body.file.name, &body.file.source));
        let base = run.variables.len();
        run.variables.push((Piece::default(), dot));
        Frame { body, depth, base, file, at: At::Nothing }
    }

    /// Runs the whole body; its variables go when it is done.
    fn run<T: Tracing>(&mut self, run: &mut Run<'_, T>, out: &mut TextBuf) -> Result<()> {
        let dot = run.variables[self.base].1.clone();
        let body = self.body;
        let done = self.list(run, &dot, &body.nodes, out);
        run.variables.truncate(self.base);
        done.map(|_| ())
    }

    /// How Go shows an expression.
    pub(super) fn shown(&self, expr: &'a Expr) -> Shown<'a> {
        Shown(At::Expr(expr), &self.body.file.source)
    }

    /// The text of a name or literal.
    pub(super) fn text(&self, piece: Piece) -> &'a [u8] {
        piece.of(&self.body.file.source)
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
            context: Shown(self.at, source).to_string(),
            cause,
        }))
    }

    fn list<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        nodes: &'a [Node],
        out: &mut TextBuf,
    ) -> Result<Ended> {
        self.deeper(run)?;
        let mut ended = Ended::Done;
        for node in nodes {
            self.step(run)?;
            ended = self.node(run, dot, node, out)?;
            if ended != Ended::Done {
                break;
            }
        }
        run.depth -= 1;
        Ok(ended)
    }

    fn node<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        node: &'a Node,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        match node {
            Node::Text(text) => {
                if T::ON {
                    self.traced_text(run, *text, out);
                } else {
                    out.push_bytes(self.text(*text));
                }
                self.wrote(run, (text.end - text.start) as usize)?;
            }
            Node::Action(pos, pipe) => {
                self.at = At::Node(node);
                let value = self.pipeline(run, dot, pipe)?;
                if pipe.decl.count == 0 {
                    self.at = At::Node(node);
                    let start = out.len();
                    self.print(run, value, *pos, out);
                    self.wrote(run, out.len() - start)?;
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
            Node::Template(template) => {
                self.at = At::Node(node);
                self.template(run, dot, template, out)?;
            }
            Node::Break => return Ok(Ended::Break),
            Node::Continue => return Ok(Ended::Continue),
        }
        Ok(Ended::Done)
    }

    fn print<T: Tracing>(&self, run: &mut Run<'_, T>, value: Reflect, pos: u32, out: &mut TextBuf) {
        let start = out.len();
        match &value {
            None | Some(Value::Nil) => out.push_bytes(b"<no value>"),
            Some(Value::Text(origin, text)) => out.push_from(text, *origin),
            Some(value) => {
                crate::write_action_value(out, value);
                if T::ON {
                    out.mark(start, run.union(value));
                }
            }
        }
        if T::ON {
            self.sign(run, start, pos, out);
        }
    }

    fn choose<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        branch: &'a Branch,
        is_with: bool,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        let mark = run.variables.len();
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
        run.variables.truncate(mark);
        ended
    }

    fn template<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        template: &'a Template,
        out: &mut TextBuf,
    ) -> Result<()> {
        let Some(body) = run.lookup(&template.name) else {
            let name = crate::quote_go(template.name.as_bytes());
            return self.error(format!("template {name} not defined"));
        };
        if self.depth == MAX_DEPTH {
            return self.error(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        let dot = match &template.pipe {
            None => None,
            Some(pipe) => self.pipeline(run, dot, pipe)?,
        };
        Frame::new(run, &body, Dot::plain(dot), self.depth + 1).run(run, out)
    }

    fn range<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        node: &'a Node,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        self.at = At::Node(node);
        let mark = run.variables.len();
        let value = self.pipeline(run, dot, &branch.pipe)?;
        let ran = self.iterate(run, value, branch, out)?;
        if let (false, Some(list)) = (ran, &branch.else_list) {
            let ended = self.list(run, dot, list, out)?;
            run.variables.truncate(mark);
            // Go: exec.go walkRange is what a break ends, also where it stands behind the else.
            return Ok(if ended == Ended::Break { Ended::Done } else { ended });
        }
        run.variables.truncate(mark);
        Ok(Ended::Done)
    }

    /// Runs the body for each item; whether there was one.
    fn iterate<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
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
                let items = (0..*count).map(|at| Value::Int(*ty, *origin, at));
                self.numbers(run, count, items, branch, out)
            }
            Some(Value::Uint(ty, origin, count)) => {
                let items = (0..*count).map(|at| Value::Uint(*ty, *origin, at));
                self.numbers(run, count, items, branch, out)
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

    fn numbers<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        count: &dyn std::fmt::Display,
        items: impl Iterator<Item = Value>,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        if branch.pipe.decl.count > 1 {
            let message = format!("can't use {count} to iterate over more than one variable");
            return self.error(message);
        }
        let mut any = false;
        for item in items {
            any = true;
            if !self.once(run, None, (item, false), branch, out)? {
                break;
            }
        }
        Ok(any)
    }

    fn entries<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        map: &Map,
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        let entries = map.snapshot();
        let any = !entries.is_empty();
        let held = map.map_type().elem == Type::Any;
        for (key, item) in entries {
            let origin = if T::ON { traced::origin_of_key(&item) } else { Origin::NONE };
            let key = Some(Value::Text(origin, key));
            if !self.once(run, key, (item, held), branch, out)? {
                break;
            }
        }
        Ok(any)
    }

    /// One turn of a range; whether there is to be another.
    fn once<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        index: Reflect,
        (item, held): (Value, bool),
        branch: &'a Branch,
        out: &mut TextBuf,
    ) -> Result<bool> {
        self.step(run)?;
        let mark = run.variables.len();
        let decl = &branch.pipe.decl;
        let (item, index) = (Dot { value: Some(item), held }, Dot::plain(index));
        match (decl.names(), decl.is_assign) {
            ([], _) => {}
            ([one], true) => self.set(run, *one, item.clone())?,
            ([key, value, ..], true) => {
                self.set(run, *key, index)?;
                self.set(run, *value, item.clone())?;
            }
            ([_], false) => run.variables[mark - 1].1 = item.clone(),
            ([_, _, ..], false) => {
                run.variables[mark - 1].1 = item.clone();
                run.variables[mark - 2].1 = index;
            }
        }
        let ended = self.list(run, &item, &branch.list, out)?;
        run.variables.truncate(mark);
        Ok(ended != Ended::Break)
    }

    /// Where a variable stands among those of the run; `$` has the empty name.
    fn find<T>(&self, run: &Run<'_, T>, name: &[u8]) -> Option<usize> {
        let own = run.variables[self.base + 1..].iter();
        let found = own.rev().position(|variable| self.text(variable.0) == name);
        match found {
            Some(behind) => Some(run.variables.len() - 1 - behind),
            None => (name == b"$").then_some(self.base),
        }
    }

    fn set<T>(&self, run: &mut Run<'_, T>, name: Piece, value: Dot) -> Result<()> {
        let name = self.text(name);
        match self.find(run, name) {
            Some(at) => {
                run.variables[at].1 = value;
                Ok(())
            }
            None => self.undefined(name),
        }
    }

    fn undefined<T>(&self, name: &[u8]) -> Result<T> {
        self.error(format!("undefined variable: {}", String::from_utf8_lossy(name)))
    }

    pub(super) fn pipeline<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        pipe: &'a Pipe,
    ) -> Result<Reflect> {
        self.at = At::Pipe(pipe);
        // A nil interface is dug out: what is left is no value at all.
        let dug = |value: Reflect| value.filter(|value| !value.is_nil());
        let mut value = dug(self.command(run, dot, &pipe.first, None)?);
        for command in &pipe.rest {
            value = dug(self.command(run, dot, command, Some(&value))?);
        }
        for name in pipe.decl.names() {
            if pipe.decl.is_assign {
                self.set(run, *name, Dot::plain(value.clone()))?;
            } else {
                run.variables.push((*name, Dot::plain(value.clone())));
            }
        }
        Ok(value)
    }

    /// A pipeline in parentheses.
    pub(super) fn inner<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        pipe: &'a Pipe,
    ) -> Result<Reflect> {
        self.deeper(run)?;
        let value = self.pipeline(run, dot, pipe)?;
        run.depth -= 1;
        Ok(value)
    }

    fn command<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        command: &'a Command,
        last: Option<&Reflect>,
    ) -> Result<Reflect> {
        let (first, rest) = (&command.first, &command.rest[..]);
        match &first.kind {
            ExprKind::Field(names) => {
                self.at = At::Expr(first);
                return self.chain(run, dot, dot.clone(), *names, first, (rest, last));
            }
            ExprKind::Chain(..) => return self.chained(run, dot, first, (rest, last)),
            ExprKind::Identifier(known) => {
                self.at = At::Expr(first);
                return self.function(run, dot, *known, At::Command(command), (rest, last));
            }
            ExprKind::Pipe(pipe) => {
                self.no_arguments(first, rest, last)?;
                return self.inner(run, dot, pipe);
            }
            ExprKind::Variable(names) => {
                return self.variable_chain(run, dot, first, *names, (rest, last));
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

    fn no_arguments(&self, first: &'a Expr, rest: &[Expr], last: Option<&Reflect>) -> Result<()> {
        if rest.is_empty() && last.is_none() {
            return Ok(());
        }
        self.error(format!("can't give argument to non-function {}", self.shown(first)))
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
