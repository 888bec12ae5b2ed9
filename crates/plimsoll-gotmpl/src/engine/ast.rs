//! Parsed templates. Names and literal text are kept as places in the template's file, so that a
//! tree takes few allocations; [`super::show`] prints nodes as Go does.

use crate::function::Function;
use crate::value::Text;

/// A byte offset in the text of a template file.
pub(super) type Pos = u32;

/// A range of bytes of the template file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Piece {
    /// The bytes in the file's text.
    pub(super) fn of(self, source: &[u8]) -> &[u8] {
        &source[self.start as usize..self.end as usize]
    }
}

#[derive(Debug)]
pub(super) enum Node {
    Text(Piece),
    Action(Pos, Pipe),
    If(Box<Branch>),
    With(Box<Branch>),
    Range(Box<Branch>),
    Template(Box<Template>),
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
pub(super) struct Template {
    pub(super) pos: Pos,
    pub(super) name: Box<str>,
    /// The name as it is written.
    pub(super) literal: Piece,
    pub(super) pipe: Option<Pipe>,
}

/// A pipeline; most have one command and declare nothing.
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) pos: Pos,
    pub(super) decl: Decl,
    pub(super) first: Command,
    pub(super) rest: Vec<Command>,
}

impl Pipe {
    pub(super) fn cmds(&self) -> impl Iterator<Item = &Command> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

/// The variables that a pipeline sets: two at most.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Decl {
    pub(super) is_assign: bool,
    pub(super) count: u8,
    names: [Piece; 2],
}

impl Decl {
    pub(super) fn push(&mut self, name: Piece) {
        if let Some(slot) = self.names.get_mut(usize::from(self.count)) {
            *slot = name;
            self.count += 1;
        }
    }

    pub(super) fn names(&self) -> &[Piece] {
        &self.names[..usize::from(self.count)]
    }
}

/// An operand and its arguments; most have none.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) pos: Pos,
    pub(super) first: Expr,
    pub(super) rest: Vec<Expr>,
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
    /// `.a.b` with its dots.
    Field(Piece),
    /// `$x.a.b` with its dollar and dots.
    Variable(Piece),
    /// `.a.b` of the value of an expression.
    Chain(Box<Expr>, Piece),
    Identifier(Known),
    Number(Box<Number>),
    /// The literal in its quotes, and what it says.
    String(Piece, Text),
    Pipe(Box<Pipe>),
}

/// A function found by its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// Its place in the set's table of functions.
    pub(super) index: u32,
}

/// A function and whether it is Go's own.
pub(super) type Entry = (Function, bool);

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
                Node::Action(pos, _) => *pos,
                Node::Template(template) => template.pos,
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => branch.pos,
                Node::Text(_) | Node::Break | Node::Continue => 0,
            },
            At::Pipe(pipe) => pipe.pos,
            At::Command(command) => command.pos,
            At::Expr(expr) => expr.pos,
        })
    }
}

impl ExprKind {
    /// A constant whose value does not depend on what it is used for.
    pub(super) fn text(&self) -> Option<crate::Value> {
        match self {
            ExprKind::String(_, text) => Some(crate::Value::text(text.clone())),
            _ => None,
        }
    }
}
