//! Parsed templates: the nodes of a file one after the other in one slice, each before those that
//! it holds. Names and literal text are places in the file, so that a tree takes few allocations;
//! [`super::show`] prints nodes as Go does.

use std::cell::OnceCell;

use plimsoll_source::strconv;

use crate::value::Text;

/// A byte offset in the text of a template file.
pub(super) type Pos = u32;

/// The place of a node in its tree.
pub(super) type Id = u32;

/// A range of bytes of the template file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Piece {
    pub(super) fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// The bytes in the file's text.
    pub(super) fn of(self, source: &[u8]) -> &[u8] {
        &source[self.start as usize..self.end as usize]
    }
}

/// A node of a tree. `next` is the node behind all that it holds.
///
/// A *pipeline* is not a node but some in a row: the variables that it sets, then its commands. A
/// command is an expression; if it is no function but has arguments, [`Node::Given`] follows it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Text(Piece),
    /// Holds a pipeline.
    Action {
        next: Id,
    },
    /// Holds a pipeline, then a list, then perhaps another for `else`.
    If {
        list: Id,
        next: Id,
    },
    With {
        list: Id,
        next: Id,
    },
    Range {
        list: Id,
        next: Id,
    },
    /// Holds the name, a [`Node::String`], then perhaps a pipeline.
    Template {
        next: Id,
    },
    Break,
    Continue,
    /// Holds the nodes of a block.
    List {
        next: Id,
    },
    /// Holds the nodes of a body that has a name; does nothing where it stands.
    Define {
        next: Id,
    },
    /// A variable that the pipeline sets.
    Variable {
        assign: bool,
        name: Piece,
    },
    /// Holds the arguments of the command before it.
    Given {
        next: Id,
    },
    Dot(Pos),
    Nil(Pos),
    Bool(Pos, bool),
    /// `.a.b` with its dots.
    Field(Piece),
    /// `$x.a.b` with its dollar and dots.
    OfVariable(Piece),
    /// Fields of what a pipeline in parentheses or a function gives. Holds that, then the
    /// [`Node::Names`] of the fields.
    Chain {
        paren: bool,
        pos: Pos,
        next: Id,
    },
    Names(Piece),
    /// A function by its index in the set's table; holds its arguments, `args` of them or more if
    /// that is [`Node::MANY`].
    Call {
        args: u8,
        function: u16,
        pos: Pos,
        next: Id,
    },
    /// A number that is written as it is printed.
    Int(Pos, u32),
    /// Any other number, by its place in [`Tree::numbers`].
    Number(Pos, u32),
    /// A literal in its quotes, and its place in [`Tree::literals`]; what lies behind their end is not
    /// kept.
    String(u16, Piece),
    /// Holds a pipeline.
    Paren {
        pos: Pos,
        next: Id,
    },
}

const _: () = assert!(size_of::<Node>() == 12, "trees are large: a node is three words of 32 bits");

impl Node {
    /// So many arguments and more are not counted.
    pub(super) const MANY: u8 = u8::MAX;

    /// The node behind this one, which is at `id`, and all that it holds.
    pub(super) fn next(self, id: Id) -> Id {
        match self {
            Node::Action { next }
            | Node::If { next, .. }
            | Node::With { next, .. }
            | Node::Range { next, .. }
            | Node::Template { next }
            | Node::List { next }
            | Node::Define { next }
            | Node::Given { next }
            | Node::Chain { next, .. }
            | Node::Call { next, .. }
            | Node::Paren { next, .. } => next,
            _ => id + 1,
        }
    }

    /// Where [`Node::next`] is kept, if this is a node that holds others.
    pub(super) fn next_mut(&mut self) -> Option<&mut Id> {
        match self {
            Node::Action { next }
            | Node::If { next, .. }
            | Node::With { next, .. }
            | Node::Range { next, .. }
            | Node::Template { next }
            | Node::List { next }
            | Node::Define { next }
            | Node::Given { next }
            | Node::Chain { next, .. }
            | Node::Call { next, .. }
            | Node::Paren { next, .. } => Some(next),
            _ => None,
        }
    }
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

/// The nodes of a file.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Box<[Node]>,
    pub(super) numbers: Box<[Number]>,
    /// What string literals say, once somebody asked.
    literals: OnceCell<Box<[OnceCell<Text>]>>,
    literal_count: u16,
}

impl Tree {
    pub(super) fn new(nodes: Box<[Node]>, numbers: Box<[Number]>, literal_count: u16) -> Tree {
        Tree { nodes, numbers, literals: OnceCell::new(), literal_count }
    }

    /// The number of a [`Node::Int`] or [`Node::Number`].
    pub(super) fn number(&self, node: Node) -> Option<Numeral<'_>> {
        match node {
            Node::Int(_, value) => Some(Numeral::Small(value)),
            Node::Number(_, index) => Some(Numeral::Any(&self.numbers[index as usize])),
            _ => None,
        }
    }

    /// What a string literal says.
    pub(super) fn literal(&self, index: u16, literal: Piece, source: &[u8]) -> Text {
        let said = || said(literal.of(source));
        let empty = || std::iter::repeat_with(OnceCell::new).take(self.literal_count.into());
        match self.literals.get_or_init(|| empty().collect()).get(usize::from(index)) {
            Some(cell) => cell.get_or_init(said).clone(),
            None => said(),
        }
    }
}

/// A number literal.
#[derive(Clone, Copy)]
pub(super) enum Numeral<'a> {
    Small(u32),
    Any(&'a Number),
}

impl Numeral<'_> {
    pub(super) fn int(self) -> Option<i64> {
        match self {
            Numeral::Small(value) => Some(value.into()),
            Numeral::Any(number) => number.int,
        }
    }

    pub(super) fn uint(self) -> Option<u64> {
        match self {
            Numeral::Small(value) => Some(value.into()),
            Numeral::Any(number) => number.uint,
        }
    }

    pub(super) fn float(self) -> Option<f64> {
        match self {
            Numeral::Small(value) => Some(value.into()),
            Numeral::Any(number) => number.float,
        }
    }
}

/// What a literal says that was checked; most say it as it stands.
fn said(literal: &[u8]) -> Text {
    let inner = &literal[1..literal.len() - 1];
    let is_changed = match literal[0] {
        b'`' => memchr::memchr(b'\r', inner).is_some(),
        _ => !inner.is_ascii() || memchr::memchr(b'\\', inner).is_some(),
    };
    if is_changed { strconv::unquote(literal).unwrap_or_default().into() } else { inner.into() }
}

/// The nodes of a file with its text.
#[derive(Clone, Copy)]
pub(super) struct Nodes<'a> {
    pub(super) nodes: &'a [Node],
    pub(super) source: &'a [u8],
}

impl<'a> Nodes<'a> {
    pub(super) fn get(self, id: Id) -> Node {
        self.nodes[id as usize]
    }

    pub(super) fn next(self, id: Id) -> Id {
        self.get(id).next(id)
    }

    /// The first nodes of all from `start` to `end`.
    pub(super) fn siblings(self, start: Id, end: Id) -> impl Iterator<Item = Id> + 'a {
        let first = (start < end).then_some(start);
        std::iter::successors(first, move |&id| Some(self.next(id)).filter(|&next| next < end))
    }

    /// Where what a node stands for begins.
    pub(super) fn start(self, mut id: Id) -> Pos {
        loop {
            return match self.get(id) {
                Node::Text(piece)
                | Node::Field(piece)
                | Node::OfVariable(piece)
                | Node::Names(piece)
                | Node::String(_, piece)
                | Node::Variable { name: piece, .. } => piece.start,
                Node::Dot(pos)
                | Node::Nil(pos)
                | Node::Bool(pos, _)
                | Node::Int(pos, _)
                | Node::Number(pos, _)
                | Node::Call { pos, .. }
                | Node::Chain { pos, .. }
                | Node::Paren { pos, .. } => pos,
                Node::Break | Node::Continue => 0,
                _ if id as usize + 1 < self.nodes.len() => {
                    id += 1;
                    continue;
                }
                _ => 0,
            };
        }
    }

    /// The pipeline of the node that holds it.
    pub(super) fn pipeline(self, id: Id) -> (Id, Id) {
        match self.get(id) {
            Node::If { list, .. } | Node::With { list, .. } | Node::Range { list, .. } => {
                (id + 1, list)
            }
            Node::Template { next } => (id + 2, next),
            Node::Chain { next, .. } => (id + 1, next - 1),
            node => (id + 1, node.next(id)),
        }
    }

    /// Where Go places an expression.
    fn place(self, id: Id) -> Pos {
        match self.get(id) {
            // Go: parse.go operand makes one node of fields of fields, placed at the chain.
            Node::Field(piece) | Node::OfVariable(piece) => {
                let after = memchr::memchr(b'.', &piece.of(self.source)[1..]);
                after.map_or(piece.start, |at| piece.start + 1 + at as u32)
            }
            Node::Chain { next, .. } => self.start(next - 1),
            _ => self.start(id),
        }
    }
}

/// What the interpreter looked at last: an error is placed there and shows it.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Nothing,
    /// An action or a block.
    Node(Id),
    /// The pipeline of a node.
    Pipe(Id),
    Command(Id),
    Expr(Id),
}

impl At {
    pub(super) fn pos(self, nodes: Nodes<'_>) -> Option<Pos> {
        Some(match self {
            At::Nothing => return None,
            At::Node(id) => nodes.start(id + 1),
            At::Pipe(id) => nodes.start(nodes.pipeline(id).0),
            At::Command(id) => nodes.start(id),
            At::Expr(id) => nodes.place(id),
        })
    }
}
