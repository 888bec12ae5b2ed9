//! Parsed templates, and how Go prints their nodes.

use std::fmt::{self, Write};
use std::rc::Rc;

use crate::value::{Text, Value};

/// A byte offset in the text of a template file.
pub(super) type Pos = u32;

#[derive(Debug)]
pub(super) enum Node {
    Text(Text),
    Action(Pos, Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template { pos: Pos, name: Rc<str>, quoted: Rc<str>, pipe: Option<Pipe> },
    Break,
    Continue,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) pos: Pos,
    pub(super) pipe: Pipe,
    pub(super) list: Vec<Node>,
    pub(super) else_list: Option<Vec<Node>>,
}

#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) pos: Pos,
    pub(super) is_assign: bool,
    pub(super) decl: Vec<Rc<str>>,
    pub(super) cmds: Vec<Command>,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) pos: Pos,
    pub(super) args: Vec<Expr>,
}

#[derive(Debug)]
pub(super) struct Expr {
    pub(super) pos: Pos,
    pub(super) kind: ExprKind,
}

#[derive(Debug)]
pub(super) enum ExprKind {
    Dot,
    Nil,
    Bool(bool),
    Field(Vec<Rc<str>>),
    /// The first is the variable's name with its `$`.
    Variable(Vec<Rc<str>>),
    Chain(Box<Expr>, Vec<Rc<str>>),
    Identifier(Rc<str>),
    Number(Box<Number>),
    String {
        quoted: Rc<str>,
        text: Text,
    },
    Pipe(Box<Pipe>),
}

/// A number as Go's parser sees it: what it can be taken for.
#[derive(Debug, Default)]
pub(super) struct Number {
    pub(super) int: Option<i64>,
    pub(super) uint: Option<u64>,
    pub(super) float: Option<f64>,
    pub(super) complex: Option<(f64, f64)>,
    pub(super) text: String,
    pub(super) is_char: bool,
}

/// What the interpreter looked at last: an error is placed there and shows it.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Nothing,
    Node(&'a Node),
    Pipe(&'a Pipe),
    Command(&'a Command),
    Expr(&'a Expr),
}

impl At<'_> {
    pub(super) fn pos(self) -> Option<Pos> {
        Some(match self {
            At::Nothing => return None,
            At::Node(node) => match node {
                Node::Action(pos, _) | Node::Template { pos, .. } => *pos,
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => branch.pos,
                Node::Text(_) | Node::Break | Node::Continue => 0,
            },
            At::Pipe(pipe) => pipe.pos,
            At::Command(command) => command.pos,
            At::Expr(expr) => expr.pos,
        })
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Nothing => Ok(()),
            At::Node(node) => node.fmt(f),
            At::Pipe(pipe) => pipe.fmt(f),
            At::Command(command) => command.fmt(f),
            At::Expr(expr) => expr.fmt(f),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, nodes: &[Node]) -> fmt::Result {
    nodes.iter().try_for_each(|node| fmt::Display::fmt(node, f))
}

fn branch(f: &mut fmt::Formatter<'_>, name: &str, branch: &Branch) -> fmt::Result {
    write!(f, "{{{{{name} {}}}}}", branch.pipe)?;
    list(f, &branch.list)?;
    if let Some(nodes) = &branch.else_list {
        f.write_str("{{else}}")?;
        list(f, nodes)?;
    }
    f.write_str("{{end}}")
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Text(text) => f.write_str(&text.to_str_lossy()),
            Node::Action(_, pipe) => write!(f, "{{{{{pipe}}}}}"),
            Node::If(one) => branch(f, "if", one),
            Node::With(one) => branch(f, "with", one),
            Node::Range(one) => branch(f, "range", one),
            Node::Template { quoted, pipe: None, .. } => write!(f, "{{{{template {quoted}}}}}"),
            Node::Template { quoted, pipe: Some(pipe), .. } => {
                write!(f, "{{{{template {quoted} {pipe}}}}}")
            }
            Node::Break => f.write_str("{{break}}"),
            Node::Continue => f.write_str("{{continue}}"),
        }
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.decl.iter().enumerate() {
            write!(f, "{}{name}", if at > 0 { ", " } else { "" })?;
        }
        if !self.decl.is_empty() {
            f.write_str(if self.is_assign { " = " } else { " := " })?;
        }
        for (at, command) in self.cmds.iter().enumerate() {
            write!(f, "{}{command}", if at > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, arg) in self.args.iter().enumerate() {
            if at > 0 {
                f.write_char(' ')?;
            }
            match &arg.kind {
                ExprKind::Pipe(pipe) => write!(f, "({pipe})")?,
                _ => arg.fmt(f)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dotted = |f: &mut fmt::Formatter<'_>, names: &[Rc<str>]| {
            names.iter().try_for_each(|name| write!(f, ".{name}"))
        };
        match &self.kind {
            ExprKind::Dot => f.write_str("."),
            ExprKind::Nil => f.write_str("nil"),
            ExprKind::Bool(value) => write!(f, "{value}"),
            ExprKind::Field(names) => dotted(f, names),
            ExprKind::Variable(names) => {
                f.write_str(&names[0])?;
                dotted(f, &names[1..])
            }
            ExprKind::Chain(inner, names) => {
                match &inner.kind {
                    ExprKind::Pipe(pipe) => write!(f, "({pipe})")?,
                    _ => inner.fmt(f)?,
                }
                dotted(f, names)
            }
            ExprKind::Identifier(name) => f.write_str(name),
            ExprKind::Number(number) => f.write_str(&number.text),
            ExprKind::String { quoted, .. } => f.write_str(quoted),
            ExprKind::Pipe(pipe) => pipe.fmt(f),
        }
    }
}

impl ExprKind {
    /// A constant whose value does not depend on what it is used for.
    pub(super) fn text(&self) -> Option<Value> {
        match self {
            ExprKind::String { text, .. } => Some(Value::text(text.clone())),
            _ => None,
        }
    }
}
