//! Parses a template file into the bodies that it defines.

mod clause;
mod error;
mod number;
mod pipeline;

use std::borrow::Cow;
use std::sync::Arc;

use plimsoll_source::strconv;

pub use self::error::ParseError;
use self::number::number;
use super::ast::{At, Id, Node, Nodes, Number, Piece};
use super::lex::{Kind, Lexer, Token};
use super::show::Shown;
use super::table::FunctionTable;
use super::templates::ByName;

type Result<T> = std::result::Result<T, Box<ParseError>>;

/// The nodes of a body with its name.
#[derive(Debug)]
pub(super) struct Defined {
    pub(super) name: Arc<str>,
    pub(super) start: Id,
    pub(super) end: Id,
    /// Whether it is nothing but space, so that it does not replace another.
    pub(super) is_empty: bool,
}

/// A file's nodes and its bodies, in the order in which they end; the file's own comes last.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) nodes: Box<[Node]>,
    pub(super) numbers: Box<[Number]>,
    /// How many string literals there are.
    pub(super) literals: u16,
    pub(super) bodies: Vec<Defined>,
}

/// Parses a file.
pub(super) fn parse(
    name: &str,
    source: &[u8],
    functions: &FunctionTable,
    room: &mut Vec<Node>,
) -> Result<Parsed> {
    let mut parser = Parser {
        name,
        source,
        functions,
        lexer: Lexer::new(source, functions),
        ahead: None,
        variables: Vec::new(),
        hidden: 0,
        action: None,
        range_depth: 0,
        parens: 0,
        blocks: 0,
        nodes: std::mem::take(room),
        numbers: Vec::new(),
        literals: 0,
        bodies: Vec::new(),
        by_name: ByName::default(),
    };
    let done = parser.file();
    let Parser { mut nodes, numbers, literals, bodies, .. } = parser;
    let parsed = done.map(|()| {
        let (nodes, numbers) = (nodes[..].into(), numbers.into());
        Parsed { nodes, numbers, literals, bodies }
    });
    nodes.clear();
    *room = nodes;
    parsed
}

struct Parser<'a> {
    name: &'a str,
    source: &'a [u8],
    functions: &'a FunctionTable,
    lexer: Lexer<'a>,
    /// The token behind the one that is being looked at, where a variable is that and it had to be
    /// read already.
    ahead: Option<Token>,
    /// The variables declared but for `$`, which always is.
    variables: Vec<&'a [u8]>,
    /// How many of them are those of another body.
    hidden: usize,
    /// Where the action that is being read starts.
    action: Option<u32>,
    range_depth: u32,
    /// How many parentheses and blocks are open.
    parens: u32,
    blocks: u32,
    nodes: Vec<Node>,
    numbers: Vec<Number>,
    literals: u16,
    bodies: Vec<Defined>,
    by_name: ByName<usize>,
}

/// Go: parse.go maxStackDepth.
const MOST_PARENS: u32 = 10_000;
/// Go has no such limit: its stack grows.
const MOST_BLOCKS: u32 = 10_000;

/// Go has no such limit; both look a variable up among all others.
const MOST_VARIABLES: usize = 10_000;

/// What an action is: a node or the end of a list of nodes.
#[derive(Clone, Copy, PartialEq)]
enum Item {
    Node,
    End,
    Else,
}

impl<'a> Parser<'a> {
    /// Looks at the next token of an action.
    fn advance(&mut self) {
        self.lexer.action();
    }

    /// Where the token read last from the lexer is, whose line errors tell.
    fn last(&self) -> u32 {
        self.ahead.unwrap_or(self.lexer.token).pos
    }

    fn text(&self, token: Token) -> &'a [u8] {
        token.of(self.source)
    }

    fn line(&self, pos: u32) -> u32 {
        1 + memchr::memchr_iter(b'\n', &self.source[..pos as usize]).count() as u32
    }

    #[cold]
    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        self.error_at(self.last(), message)
    }

    #[cold]
    fn error_at<T>(&self, pos: u32, message: impl Into<String>) -> Result<T> {
        Err(Box::new(ParseError {
            name: self.name.to_owned(),
            line: self.line(pos),
            message: message.into(),
            offset: pos as usize,
        }))
    }

    /// The token does not belong where it is.
    #[cold]
    fn unexpected<T>(&self, context: &str) -> Result<T> {
        let token = self.lexer.token;
        if token.kind != Kind::Error {
            return self.error(format!("unexpected {} in {context}", token.show(self.source)));
        }
        let error = self.lexer.failed.as_deref().unwrap_or_default();
        let mut extra = String::new();
        let started = self.action.map(|pos| self.line(pos));
        if let Some(started) = started.filter(|line| *line != self.line(token.pos)) {
            extra = format!(" in action started at {}:{started}", self.name);
            if error.ends_with(" action") {
                extra = extra[" in action".len()..].to_owned();
            }
        }
        self.error(format!("{error}{extra}"))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<()> {
        self.advance();
        if self.lexer.token.kind == kind { Ok(()) } else { self.unexpected(context) }
    }

    /// Begins a node that holds others.
    fn open(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Ends a node that holds others.
    fn close(&mut self, at: usize) {
        let end = self.nodes.len() as Id;
        if let Some(next) = self.nodes[at].next_mut() {
            *next = end;
        }
    }

    fn file(&mut self) -> Result<()> {
        loop {
            self.lexer.text();
            match self.lexer.token.kind {
                Kind::Eof => return self.add(self.name.into(), 0),
                Kind::LeftDelim => {
                    let open = self.lexer.token.pos;
                    self.advance();
                    if self.lexer.token.kind == Kind::Define {
                        self.definition()?;
                        continue;
                    }
                    self.action = Some(open);
                    match self.action()? {
                        Item::Node => {}
                        Item::End => return self.error("unexpected {{end}}"),
                        Item::Else => return self.error("unexpected {{else}}"),
                    }
                    self.action = None;
                }
                Kind::Text => self.nodes.push(Node::Text(piece(self.lexer.token))),
                _ => return self.unexpected("input"),
            }
        }
    }

    /// Nodes up to `end` or `else`.
    fn items(&mut self) -> Result<Item> {
        if self.blocks >= MOST_BLOCKS {
            return self.error(format!("blocks are more than {MOST_BLOCKS} levels deep"));
        }
        self.blocks += 1;
        loop {
            self.lexer.text();
            match self.lexer.token.kind {
                Kind::Eof => return self.error("unexpected EOF"),
                Kind::Text => self.nodes.push(Node::Text(piece(self.lexer.token))),
                Kind::LeftDelim => {
                    self.action = Some(self.lexer.token.pos);
                    self.advance();
                    let item = self.action()?;
                    self.action = None;
                    if item != Item::Node {
                        self.blocks -= 1;
                        return Ok(item);
                    }
                }
                _ => return self.unexpected("input"),
            }
        }
    }

    /// An action from its first token to its end; before `if` or `with` an `else` ends.
    fn action(&mut self) -> Result<Item> {
        match self.lexer.token.kind {
            Kind::If => self.branch("if", Node::If { list: 0, next: 0 })?,
            Kind::With => self.branch("with", Node::With { list: 0, next: 0 })?,
            Kind::Range => self.branch("range", Node::Range { list: 0, next: 0 })?,
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::End);
            }
            Kind::Else => {
                self.advance();
                if !matches!(self.lexer.token.kind, Kind::If | Kind::With | Kind::RightDelim) {
                    return self.unexpected("else");
                }
                return Ok(Item::Else);
            }
            Kind::Block => self.block()?,
            Kind::Break | Kind::Continue => self.jump()?,
            Kind::Template => self.template()?,
            _ => {
                // Variables of an action live until the end of its list.
                let at = self.open(Node::Action { next: 0 });
                self.pipeline("command", Kind::RightDelim)?;
                self.close(at);
            }
        }
        Ok(Item::Node)
    }

    fn jump(&mut self) -> Result<()> {
        let is_break = self.lexer.token.kind == Kind::Break;
        let word = if is_break { "break" } else { "continue" };
        self.expect(Kind::RightDelim, &format!("{{{{{word}}}}}"))?;
        if self.range_depth == 0 {
            return self.error(format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        self.nodes.push(if is_break { Node::Break } else { Node::Continue });
        Ok(())
    }

    fn branch(&mut self, context: &'static str, node: Node) -> Result<()> {
        let variables = self.variables.len();
        let is_range = u32::from(matches!(node, Node::Range { .. }));
        let at = self.open(node);
        self.advance();
        self.pipeline(context, Kind::RightDelim)?;
        self.range_depth += is_range;
        let list = self.open(Node::List { next: 0 });
        if let Node::If { list: first, .. }
        | Node::With { list: first, .. }
        | Node::Range { list: first, .. } = &mut self.nodes[at]
        {
            *first = list as Id;
        }
        let ended = self.items()?;
        self.close(list);
        self.range_depth -= is_range;
        if ended == Item::Else {
            let list = self.open(Node::List { next: 0 });
            self.otherwise(context)?;
            self.close(list);
        }
        self.variables.truncate(variables);
        self.close(at);
        Ok(())
    }

    /// What follows `else`.
    fn otherwise(&mut self, context: &'static str) -> Result<()> {
        let chained = match (self.lexer.token.kind, context) {
            (Kind::If, "if") => Node::If { list: 0, next: 0 },
            (Kind::With, "with") => Node::With { list: 0, next: 0 },
            (Kind::If | Kind::With, _) => return self.unexpected("input"),
            _ => {
                if self.items()? == Item::Else {
                    return self.error("expected end; found {{else}}");
                }
                return Ok(());
            }
        };
        self.blocks += 1;
        self.branch(context, chained)?;
        self.blocks -= 1;
        Ok(())
    }
}

fn piece(token: Token) -> Piece {
    Piece { start: token.pos, end: token.end }
}
