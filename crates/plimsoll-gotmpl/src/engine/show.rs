//! How Go prints nodes in its messages.

use std::fmt::{self, Write};

use plimsoll_source::strconv;

use super::ast::{At, Id, Node, Nodes, Number, Piece};
use super::table::FunctionTable;

/// A node together with what it names; displays as Go's `String` method gives it.
pub(super) struct Shown<'a> {
    pub(super) at: At,
    pub(super) nodes: Nodes<'a>,
    pub(super) numbers: &'a [Number],
    pub(super) functions: &'a FunctionTable,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show { f, of: self };
        match self.at {
            At::Nothing => Ok(()),
            At::Node(id) => show.node(id),
            At::Pipe(id) => show.pipe(id),
            At::Command(id) => show.command(id),
            At::Expr(id) => show.expr(id),
        }
    }
}

struct Show<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    of: &'a Shown<'a>,
}

impl Show<'_, '_> {
    fn piece(&mut self, piece: Piece) -> fmt::Result {
        self.f.write_str(&String::from_utf8_lossy(piece.of(self.of.nodes.source)))
    }

    fn list(&mut self, list: Id) -> fmt::Result {
        let nodes = self.of.nodes;
        nodes.siblings(list + 1, nodes.next(list)).try_for_each(|id| self.node(id))
    }

    fn branch(&mut self, name: &str, id: Id) -> fmt::Result {
        let nodes = self.of.nodes;
        write!(self.f, "{{{{{name} ")?;
        self.pipe(id)?;
        self.f.write_str("}}")?;
        let (list, end) = (nodes.pipeline(id).1, nodes.next(id));
        for (at, list) in nodes.siblings(list, end).enumerate() {
            self.f.write_str(if at > 0 { "{{else}}" } else { "" })?;
            self.list(list)?;
        }
        self.f.write_str("{{end}}")
    }

    fn node(&mut self, id: Id) -> fmt::Result {
        match self.of.nodes.get(id) {
            Node::Text(text) => self.piece(text),
            Node::Action { .. } => {
                self.f.write_str("{{")?;
                self.pipe(id)?;
                self.f.write_str("}}")
            }
            Node::If { .. } => self.branch("if", id),
            Node::With { .. } => self.branch("with", id),
            Node::Range { .. } => self.branch("range", id),
            Node::Template { .. } => self.template(id),
            Node::Break => self.f.write_str("{{break}}"),
            Node::Continue => self.f.write_str("{{continue}}"),
            // A definition is no part of what it stands in.
            _ => Ok(()),
        }
    }

    fn template(&mut self, id: Id) -> fmt::Result {
        let nodes = self.of.nodes;
        let Node::String(_, literal) = nodes.get(id + 1) else { return Ok(()) };
        let name = strconv::unquote(literal.of(nodes.source));
        write!(self.f, "{{{{template {}", crate::quote_go(&name.unwrap_or_default()))?;
        if nodes.next(id) > id + 2 {
            self.f.write_char(' ')?;
            self.pipe(id)?;
        }
        self.f.write_str("}}")
    }

    /// The pipeline of a node.
    fn pipe(&mut self, id: Id) -> fmt::Result {
        let nodes = self.of.nodes;
        let (first, end) = nodes.pipeline(id);
        let mut before = "";
        for id in nodes.siblings(first, end) {
            match nodes.get(id) {
                Node::Variable { name, assign } => {
                    self.f.write_str(before)?;
                    self.piece(name)?;
                    let is_last = !matches!(nodes.get(id + 1), Node::Variable { .. });
                    before = match (is_last, assign) {
                        (false, _) => ", ",
                        (true, true) => " = ",
                        (true, false) => " := ",
                    };
                }
                Node::Given { next } => self.args(id + 1, next)?,
                _ => {
                    self.f.write_str(before)?;
                    self.command(id)?;
                    before = " | ";
                }
            }
        }
        Ok(())
    }

    /// A command without arguments that follow it.
    fn command(&mut self, id: Id) -> fmt::Result {
        self.operand(id)?;
        match self.of.nodes.get(id) {
            Node::Call { next, .. } => self.args(id + 1, next),
            _ => Ok(()),
        }
    }

    fn args(&mut self, start: Id, end: Id) -> fmt::Result {
        self.of.nodes.siblings(start, end).try_for_each(|arg| {
            self.f.write_char(' ')?;
            self.operand(arg)
        })
    }

    fn operand(&mut self, id: Id) -> fmt::Result {
        let Node::Paren { .. } = self.of.nodes.get(id) else { return self.expr(id) };
        self.f.write_char('(')?;
        self.pipe(id)?;
        self.f.write_char(')')
    }

    fn expr(&mut self, id: Id) -> fmt::Result {
        match self.of.nodes.get(id) {
            Node::Dot(_) => self.f.write_str("."),
            Node::Nil(_) => self.f.write_str("nil"),
            Node::Bool(_, value) => write!(self.f, "{value}"),
            Node::Field(piece)
            | Node::OfVariable(piece)
            | Node::String(_, piece)
            | Node::Names(piece) => self.piece(piece),
            Node::Chain { paren, next, .. } => {
                if paren {
                    self.f.write_char('(')?;
                    self.pipe(id)?;
                    self.f.write_char(')')?;
                } else {
                    self.expr(id + 1)?;
                }
                self.expr(next - 1)
            }
            Node::Call { function, .. } => {
                self.f.write_str(self.of.functions.entry(function).function.name)
            }
            Node::Int(_, value) => write!(self.f, "{value}"),
            Node::Number(_, index) => self.f.write_str(&self.of.numbers[index as usize].text),
            Node::Paren { .. } => self.pipe(id),
            _ => Ok(()),
        }
    }
}
