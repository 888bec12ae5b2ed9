//! How Go prints nodes in its messages.

use std::fmt::{self, Write};

use plimsoll_source::strconv;

use super::ast::{At, Branch, Command, Expr, ExprKind, Node, Piece, Pipe};

/// A node together with its file's text; displays as Go's `String` method gives it.
pub(super) struct Shown<'a>(pub(super) At<'a>, pub(super) &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show { f, source: self.1 };
        match self.0 {
            At::Nothing => Ok(()),
            At::Node(node) => show.node(node),
            At::Pipe(pipe) => show.pipe(pipe),
            At::Command(command) => show.command(command),
            At::Expr(expr) => show.expr(expr),
        }
    }
}

struct Show<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    source: &'a [u8],
}

impl Show<'_, '_> {
    fn piece(&mut self, piece: Piece) -> fmt::Result {
        self.f.write_str(&String::from_utf8_lossy(piece.of(self.source)))
    }

    fn list(&mut self, nodes: &[Node]) -> fmt::Result {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    fn branch(&mut self, name: &str, branch: &Branch) -> fmt::Result {
        write!(self.f, "{{{{{name} ")?;
        self.pipe(&branch.pipe)?;
        self.f.write_str("}}")?;
        self.list(&branch.list)?;
        if let Some(nodes) = &branch.else_list {
            self.f.write_str("{{else}}")?;
            self.list(nodes)?;
        }
        self.f.write_str("{{end}}")
    }

    fn node(&mut self, node: &Node) -> fmt::Result {
        match node {
            Node::Text(text) => self.piece(*text),
            Node::Action(_, pipe) => {
                self.f.write_str("{{")?;
                self.pipe(pipe)?;
                self.f.write_str("}}")
            }
            Node::If(one) => self.branch("if", one),
            Node::With(one) => self.branch("with", one),
            Node::Range(one) => self.branch("range", one),
            Node::Template(one) => {
                let name = strconv::unquote(one.literal.of(self.source));
                let quoted = crate::quote_go(&name.unwrap_or_default());
                write!(self.f, "{{{{template {quoted}")?;
                if let Some(pipe) = &one.pipe {
                    self.f.write_char(' ')?;
                    self.pipe(pipe)?;
                }
                self.f.write_str("}}")
            }
            Node::Break => self.f.write_str("{{break}}"),
            Node::Continue => self.f.write_str("{{continue}}"),
        }
    }

    fn pipe(&mut self, pipe: &Pipe) -> fmt::Result {
        for (at, name) in pipe.decl.names().iter().enumerate() {
            self.f.write_str(if at > 0 { ", " } else { "" })?;
            self.piece(*name)?;
        }
        if pipe.decl.count > 0 {
            self.f.write_str(if pipe.decl.is_assign { " = " } else { " := " })?;
        }
        for (at, command) in pipe.cmds().enumerate() {
            self.f.write_str(if at > 0 { " | " } else { "" })?;
            self.command(command)?;
        }
        Ok(())
    }

    fn command(&mut self, command: &Command) -> fmt::Result {
        self.operand(&command.first)?;
        command.rest.iter().try_for_each(|arg| {
            self.f.write_char(' ')?;
            self.operand(arg)
        })
    }

    fn operand(&mut self, expr: &Expr) -> fmt::Result {
        let ExprKind::Pipe(pipe) = &expr.kind else { return self.expr(expr) };
        self.f.write_char('(')?;
        self.pipe(pipe)?;
        self.f.write_char(')')
    }

    fn expr(&mut self, expr: &Expr) -> fmt::Result {
        match &expr.kind {
            ExprKind::Dot => self.f.write_str("."),
            ExprKind::Nil => self.f.write_str("nil"),
            ExprKind::Bool(value) => write!(self.f, "{value}"),
            ExprKind::Field(piece) | ExprKind::Variable(piece) | ExprKind::String(piece, _) => {
                self.piece(*piece)
            }
            ExprKind::Chain(inner, names) => {
                self.operand(inner)?;
                self.piece(*names)
            }
            ExprKind::Identifier(known) => self.f.write_str(known.name),
            ExprKind::Number(number) => self.f.write_str(&number.text),
            ExprKind::Pipe(pipe) => self.pipe(pipe),
        }
    }
}
