//! Runs parsed templates.

mod field;
mod literal;
mod range;
mod run;
mod site;
mod traced;

pub(super) use literal::zero_of;
pub(super) use run::{Kept, Run};
pub(super) use site::CallSite;

use plimsoll_source::Origin;

use super::ast::{At, Id, Node, Nodes, Piece};
use super::show::Shown;
use super::table::FunctionTable;
use super::templates::Body;
use super::trace::Tracing;
use crate::error::{Cause, ExecError};
use crate::function::Function;
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

/// The arguments of a command: the written ones, and the one from the pipe.
#[derive(Clone, Copy)]
pub(super) struct Given<'b> {
    pub(super) start: Id,
    pub(super) end: Id,
    pub(super) last: Option<&'b Reflect>,
}

impl Given<'_> {
    pub(super) const NONE: Given<'static> = Given { start: 0, end: 0, last: None };

    pub(super) fn is_none(self) -> bool {
        self.start == self.end && self.last.is_none()
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
    pub(super) nodes: Nodes<'a>,
    pub(super) functions: &'a FunctionTable,
    depth: u32,
    /// Where its variables start among those of the run; the first is `$`.
    base: usize,
    /// The number of its file in the trace.
    file: u32,
    pub(super) at: At,
}

impl<'a> Frame<'a> {
    fn new<'r: 'a, T: Tracing>(
        run: &mut Run<'r, T>,
        body: &'a Body,
        dot: Dot,
        depth: u32,
    ) -> Frame<'a> {
        let file =
            run.tracing.trace().map_or(0, |trace| trace.file(&body.file.name, &body.file.source));
        let base = run.variables.len();
        run.variables.push((Piece::default(), dot));
        let (nodes, functions) = (body.file.nodes(), &*run.set.functions);
        Frame { body, nodes, functions, depth, base, file, at: At::Nothing }
    }

    /// Runs the whole body; its variables go when it is done.
    fn run<T: Tracing>(&mut self, run: &mut Run<'_, T>, out: &mut TextBuf) -> Result<()> {
        let dot = run.variables[self.base].1.clone();
        let done = self.items(run, &dot, (self.body.start, self.body.end), out);
        run.variables.truncate(self.base);
        done.map(|_| ())
    }

    /// How Go shows an expression.
    pub(super) fn shown(&self, expr: Id) -> Shown<'a> {
        self.shown_at(At::Expr(expr))
    }

    fn shown_at(&self, at: At) -> Shown<'a> {
        let numbers = &self.body.file.tree.numbers;
        Shown { at, nodes: self.nodes, numbers, functions: self.functions }
    }

    /// The text of a name or literal.
    pub(super) fn text(&self, piece: Piece) -> &'a [u8] {
        piece.of(self.nodes.source)
    }

    /// An error where the frame looks.
    #[cold]
    pub(super) fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        self.fail(Cause::Check(message.into()))
    }

    #[cold]
    pub(super) fn fail<T>(&self, cause: Cause) -> Result<T> {
        let source = self.nodes.source;
        let pos = self.at.pos(self.nodes).unwrap_or_default() as usize;
        let before = &source[..pos.min(source.len())];
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Err(Box::new(ExecError {
            file: self.body.file.name.to_string(),
            line: 1 + memchr::memchr_iter(b'\n', before).count() as u32,
            column: (before.len() - start) as u32,
            template: self.body.name.to_string(),
            context: self.shown_at(self.at).to_string(),
            cause,
        }))
    }

    /// Runs a [`Node::List`].
    fn list<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        list: Id,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        self.items(run, dot, (list + 1, self.nodes.next(list)), out)
    }

    fn items<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (start, end): (Id, Id),
        out: &mut TextBuf,
    ) -> Result<Ended> {
        self.deeper(run)?;
        let (mut id, mut ended) = (start, Ended::Done);
        while id < end && ended == Ended::Done {
            let node = self.nodes.get(id);
            ended = self.node(run, dot, (id, node), out)?;
            id = node.next(id);
        }
        run.depth -= 1;
        Ok(ended)
    }

    fn node<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (id, node): (Id, Node),
        out: &mut TextBuf,
    ) -> Result<Ended> {
        if let Node::Define { .. } = node {
            return Ok(Ended::Done);
        }
        self.step(run)?;
        match node {
            Node::Text(text) => {
                if T::ON {
                    self.traced_text(run, text, out);
                } else {
                    out.push_bytes(self.text(text));
                }
                self.wrote(run, (text.end - text.start) as usize)?;
            }
            Node::Action { next } => self.action(run, dot, (id, next), out)?,
            Node::If { list, next } => return self.choose(run, dot, (id, list, next), false, out),
            Node::With { list, next } => return self.choose(run, dot, (id, list, next), true, out),
            Node::Range { list, next } => return self.range(run, dot, (id, list, next), out),
            Node::Template { next } => self.template(run, dot, (id, next), out)?,
            Node::Break => return Ok(Ended::Break),
            Node::Continue => return Ok(Ended::Continue),
            _ => {}
        }
        Ok(Ended::Done)
    }

    fn action<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (id, next): (Id, Id),
        out: &mut TextBuf,
    ) -> Result<()> {
        let value = self.pipeline(run, dot, id, (id + 1, next))?;
        if let Node::Variable { .. } = self.nodes.get(id + 1) {
            return Ok(());
        }
        self.at = At::Node(id);
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
            self.sign(run, start, self.nodes.start(id + 1), out);
        }
        self.wrote(run, out.len() - start)
    }

    fn choose<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (id, list, next): (Id, Id, Id),
        is_with: bool,
        out: &mut TextBuf,
    ) -> Result<Ended> {
        let mark = run.variables.len();
        let value = self.pipeline(run, dot, id, (id + 1, list))?;
        let otherwise = self.nodes.next(list);
        let ended = if value.as_ref().is_some_and(Value::is_true) {
            let dot = if is_with { &Dot::plain(value) } else { dot };
            self.list(run, dot, list, out)
        } else if otherwise < next {
            self.list(run, dot, otherwise, out)
        } else {
            Ok(Ended::Done)
        };
        run.variables.truncate(mark);
        ended
    }

    fn template<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (id, next): (Id, Id),
        out: &mut TextBuf,
    ) -> Result<()> {
        self.at = At::Node(id);
        let name = self.literal(id + 1).unwrap_or_else(|| Text::from(""));
        let Some(body) = run.lookup(&name) else {
            let name = crate::quote_go(name.to_str_lossy().as_bytes());
            return self.error(format!("template {name} not defined"));
        };
        if self.depth == MAX_DEPTH {
            return self.error(format!("exceeded maximum template depth ({MAX_DEPTH})"));
        }
        let pipe = (id + 2, next);
        let dot = if pipe.0 < next { self.pipeline(run, dot, id, pipe)? } else { None };
        Frame::new(run, &body, Dot::plain(dot), self.depth + 1).run(run, out)
    }

    /// Where a variable stands among those of the run; `$` has the empty name.
    fn find<T>(&self, run: &Run<'_, T>, name: &[u8]) -> Option<usize> {
        let own = run.variables[self.base + 1..].iter();
        let is_it = |piece: Piece| piece.len() == name.len() && self.text(piece) == name;
        match own.rev().position(|variable| is_it(variable.0)) {
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

    /// Runs the pipeline of the node `owner`.
    pub(super) fn pipeline<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        owner: Id,
        (first, end): (Id, Id),
    ) -> Result<Reflect> {
        self.at = At::Pipe(owner);
        let mut commands = first;
        while let Node::Variable { .. } = self.nodes.get(commands) {
            commands += 1;
        }
        let (args, mut id) = self.arguments(commands, end);
        let mut value = self.stage(run, dot, commands, args, None)?;
        while id < end {
            let (args, next) = self.arguments(id, end);
            value = self.stage(run, dot, id, args, Some(&value))?;
            id = next;
        }
        if first < commands {
            self.declare(run, (first, commands), &value)?;
        }
        Ok(value)
    }

    fn stage<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        command: Id,
        (start, end): (Id, Id),
        last: Option<&Reflect>,
    ) -> Result<Reflect> {
        let value = self.command(run, dot, command, Given { start, end, last })?;
        // A nil interface is dug out: what is left is no value at all.
        Ok(value.filter(|value| !value.is_nil()))
    }

    fn declare<T>(
        &self,
        run: &mut Run<'_, T>,
        (first, end): (Id, Id),
        value: &Reflect,
    ) -> Result<()> {
        for id in first..end {
            let Node::Variable { assign, name } = self.nodes.get(id) else { continue };
            let value = Dot::plain(value.clone());
            if assign {
                self.set(run, name, value)?;
            } else {
                run.variables.push((name, value));
            }
        }
        Ok(())
    }

    /// The written arguments of a command, and the command behind it.
    fn arguments(&self, command: Id, end: Id) -> ((Id, Id), Id) {
        let node = self.nodes.get(command);
        let next = node.next(command);
        if let Node::Call { .. } = node {
            return ((command + 1, next), next);
        }
        match self.nodes.nodes.get(next as usize) {
            Some(&Node::Given { next: behind }) if next < end => ((next + 1, behind), behind),
            _ => ((next, next), next),
        }
    }

    /// A pipeline in parentheses.
    pub(super) fn inner<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        owner: Id,
        pipe: (Id, Id),
    ) -> Result<Reflect> {
        self.deeper(run)?;
        let value = self.pipeline(run, dot, owner, pipe)?;
        run.depth -= 1;
        Ok(value)
    }

    fn command<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        id: Id,
        given: Given<'_>,
    ) -> Result<Reflect> {
        let node = self.nodes.get(id);
        match node {
            Node::Call { function, args, .. } => {
                self.at = At::Expr(id);
                return self.function(run, dot, (function, args), At::Command(id), given);
            }
            Node::Field(names) => {
                self.at = At::Expr(id);
                return self.fields(run, dot, dot, (self.text(names), id), given);
            }
            Node::OfVariable(names) => return self.variable(run, dot, (names, id), given),
            Node::Chain { .. } => return self.chain(run, dot, id, given),
            Node::Paren { next, .. } => {
                self.no_arguments(id, given)?;
                return self.inner(run, dot, id, (id + 1, next));
            }
            _ => {}
        }
        self.at = At::Expr(id);
        self.no_arguments(id, given)?;
        match node {
            Node::Dot(_) => Ok(dot.value.clone()),
            Node::Nil(_) => self.error("nil is not a command"),
            _ => self.constant(id).map(Some),
        }
    }

    pub(super) fn no_arguments(&self, first: Id, given: Given<'_>) -> Result<()> {
        if given.is_none() {
            return Ok(());
        }
        self.error(format!("can't give argument to non-function {}", self.shown(first)))
    }
}
