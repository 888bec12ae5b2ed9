//! Parses a template file into the bodies that it defines.

mod error;
mod number;

use std::rc::Rc;

use plimsoll_source::strconv;

pub use self::error::ParseError;
use self::number::number;
use super::ast::{
    At, Branch, Command, Decl, Expr, ExprKind, Known, Node, Number, Piece, Pipe, Template,
};
use super::lex::{Kind, Lexer, Token};
use super::show::Shown;
use crate::value::Text;

type Result<T> = std::result::Result<T, Box<ParseError>>;

/// A body with its name, in the order in which they end; the file's own comes last.
pub(super) type Bodies = Vec<(Rc<str>, Vec<Node>)>;

/// Finds the function of a name.
pub(super) type Find<'a> = &'a dyn Fn(&[u8]) -> Option<Known>;

/// Parses a file.
pub(super) fn parse(name: &str, source: &[u8], find: Find<'_>) -> Result<Bodies> {
    let mut parser = Parser {
        name,
        source,
        find,
        lexer: Lexer::new(source),
        ahead: Vec::new(),
        last: Token { kind: Kind::Eof, pos: 0, end: 0 },
        variables: Vec::new(),
        action: None,
        range_depth: 0,
        parens: 0,
        blocks: 0,
        bodies: Vec::new(),
    };
    let own = parser.file()?;
    parser.add(name.into(), own)?;
    Ok(parser.bodies)
}

/// Whether a body is nothing but space, so that it does not replace another.
pub(super) fn is_empty(nodes: &[Node], source: &[u8]) -> bool {
    let blank = |text: &Piece| text.of(source).trim_ascii().is_empty();
    nodes.iter().all(|node| matches!(node, Node::Text(text) if blank(text)))
}

struct Parser<'a> {
    name: &'a str,
    source: &'a [u8],
    find: Find<'a>,
    lexer: Lexer<'a>,
    /// Tokens given back, the next one last.
    ahead: Vec<Token>,
    /// The token read last from the lexer, whose line errors tell.
    last: Token,
    /// The variables in sight but for `$`, which always is.
    variables: Vec<&'a [u8]>,
    /// Where the action that is being read starts.
    action: Option<u32>,
    range_depth: u32,
    /// How many parentheses and blocks are open.
    parens: u32,
    blocks: u32,
    bodies: Bodies,
}

/// Go: parse.go maxStackDepth.
const MOST_PARENS: u32 = 10_000;
/// Go has no such limit: its stack grows.
const MOST_BLOCKS: u32 = 10_000;

/// How a list of nodes ended.
enum Ended {
    End,
    Else,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Token {
        if let Some(token) = self.ahead.pop() {
            return token;
        }
        self.last = self.lexer.next();
        self.last
    }

    fn back(&mut self, token: Token) {
        self.ahead.push(token);
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token);
        token
    }

    fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.back(token);
        token
    }

    fn text(&self, token: Token) -> &'a [u8] {
        token.of(self.source)
    }

    fn line(&self, pos: u32) -> u32 {
        1 + memchr::memchr_iter(b'\n', &self.source[..pos as usize]).count() as u32
    }

    #[cold]
    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Box::new(ParseError {
            name: self.name.to_owned(),
            line: self.line(self.ahead.first().unwrap_or(&self.last).pos),
            message: message.into(),
            offset: self.last.pos as usize,
        }))
    }

    #[cold]
    fn unexpected<T>(&self, token: Token, context: &str) -> Result<T> {
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

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { self.unexpected(token, context) }
    }

    fn add(&mut self, name: Rc<str>, nodes: Vec<Node>) -> Result<()> {
        match self.bodies.iter_mut().find(|body| body.0 == name) {
            None => self.bodies.push((name, nodes)),
            Some(body) if is_empty(&body.1, self.source) => body.1 = nodes,
            Some(_) if is_empty(&nodes, self.source) => {}
            Some(_) => {
                return self.error(format!(
                    "template: multiple definition of template {}",
                    crate::quote_go(name.as_bytes())
                ));
            }
        }
        Ok(())
    }

    fn file(&mut self) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            let token = self.next();
            match token.kind {
                Kind::Eof => return Ok(nodes),
                Kind::LeftDelim => {
                    let word = self.next_non_space();
                    if word.kind == Kind::Define {
                        self.definition()?;
                        continue;
                    }
                    self.back(word);
                    self.action = Some(token.pos);
                    match self.action()? {
                        Item::Node(node) => nodes.push(node),
                        Item::End => return self.error("unexpected {{end}}"),
                        Item::Else => return self.error("unexpected {{else}}"),
                    }
                    self.action = None;
                }
                Kind::Text => nodes.push(text_node(token)),
                _ => return self.unexpected(token, "input"),
            }
        }
    }

    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let name = self.next_non_space();
        if !matches!(name.kind, Kind::String | Kind::RawString) {
            return self.unexpected(name, CONTEXT);
        }
        let name = self.unquote(name)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let variables = std::mem::take(&mut self.variables);
        let depth = std::mem::take(&mut self.range_depth);
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            return self.error("unexpected {{else}} in define clause");
        }
        self.variables = variables;
        self.range_depth = depth;
        self.add(String::from_utf8_lossy(&name).into(), nodes)
    }

    /// What a literal says; most say it as it stands.
    fn string(&self, token: Token) -> Result<Text> {
        let literal = self.text(token);
        let inner = &literal[1..literal.len() - 1];
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'\\';
        if inner.iter().all(is_plain) {
            return Ok(Text::from(inner));
        }
        Ok(Text::from(self.unquote(token)?))
    }

    fn unquote(&self, token: Token) -> Result<Vec<u8>> {
        match strconv::unquote(self.text(token)) {
            Some(text) => Ok(text),
            None => self.error("invalid syntax"),
        }
    }

    fn item_list(&mut self) -> Result<(Vec<Node>, Ended)> {
        if self.blocks >= MOST_BLOCKS {
            return self.error(format!("blocks are more than {MOST_BLOCKS} levels deep"));
        }
        self.blocks += 1;
        let mut nodes = Vec::new();
        let ended = loop {
            let token = self.peek_non_space_text();
            match token.kind {
                Kind::Eof => return self.error("unexpected EOF"),
                Kind::Text => nodes.push(text_node(token)),
                Kind::LeftDelim => {
                    self.action = Some(token.pos);
                    let item = self.action()?;
                    self.action = None;
                    match item {
                        Item::Node(node) => nodes.push(node),
                        Item::End => break Ended::End,
                        Item::Else => break Ended::Else,
                    }
                }
                _ => return self.unexpected(token, "input"),
            }
        };
        self.blocks -= 1;
        Ok((nodes, ended))
    }

    fn peek_non_space_text(&mut self) -> Token {
        self.next_non_space()
    }

    fn action(&mut self) -> Result<Item> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Block => return self.block(),
            Kind::Break | Kind::Continue => return self.jump(token),
            Kind::Else => {
                let ahead = self.peek_non_space();
                if !matches!(ahead.kind, Kind::If | Kind::With) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Item::Else);
            }
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::End);
            }
            Kind::If => return Ok(Item::Node(Node::If(Box::new(self.branch(token, "if")?)))),
            Kind::With => return Ok(Item::Node(Node::With(Box::new(self.branch(token, "with")?)))),
            Kind::Range => {
                return Ok(Item::Node(Node::Range(Box::new(self.branch(token, "range")?))));
            }
            Kind::Template => return self.template(),
            _ => {}
        }
        self.back(token);
        let pos = self.peek().pos;
        // Variables of an action live until the end of its list.
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        Ok(Item::Node(Node::Action(pos, pipe)))
    }

    fn jump(&mut self, token: Token) -> Result<Item> {
        let word = String::from_utf8_lossy(self.text(token));
        let ahead = self.next_non_space();
        if ahead.kind != Kind::RightDelim {
            return self.unexpected(ahead, &format!("{{{{{word}}}}}"));
        }
        if self.range_depth == 0 {
            return self.error(format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        let is_break = token.kind == Kind::Break;
        Ok(Item::Node(if is_break { Node::Break } else { Node::Continue }))
    }

    fn branch(&mut self, token: Token, context: &str) -> Result<Branch> {
        let variables = self.variables.len();
        let is_range = token.kind == Kind::Range;
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        self.range_depth += u32::from(is_range);
        let (list, ended) = self.item_list()?;
        self.range_depth -= u32::from(is_range);
        let else_list = match ended {
            Ended::End => None,
            Ended::Else => Some(self.else_list(context)?),
        };
        self.variables.truncate(variables);
        Ok(Branch { pos: pipe.pos, pipe, list, else_list })
    }

    fn else_list(&mut self, context: &str) -> Result<Vec<Node>> {
        let ahead = self.peek_non_space();
        let chained = match ahead.kind {
            Kind::If => context == "if",
            Kind::With => context == "with",
            _ => false,
        };
        if chained {
            self.next_non_space();
            self.blocks += 1;
            let branch = Box::new(self.branch(ahead, context)?);
            self.blocks -= 1;
            let node = if context == "if" { Node::If(branch) } else { Node::With(branch) };
            return Ok(vec![node]);
        }
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            return self.error("expected end; found {{else}}");
        }
        Ok(nodes)
    }

    fn template_name(&mut self, context: &str) -> Result<(Box<str>, Token)> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(token, context);
        }
        let name = self.unquote(token)?;
        Ok((String::from_utf8_lossy(&name).into(), token))
    }

    fn template(&mut self) -> Result<Item> {
        const CONTEXT: &str = "template clause";
        let (name, token) = self.template_name(CONTEXT)?;
        let ahead = self.next_non_space();
        let pipe = if ahead.kind == Kind::RightDelim {
            None
        } else {
            self.back(ahead);
            Some(self.pipeline(CONTEXT, Kind::RightDelim)?)
        };
        Ok(template_node(name, token, pipe))
    }

    fn block(&mut self) -> Result<Item> {
        const CONTEXT: &str = "block clause";
        let (name, token) = self.template_name(CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let begin = self.last.pos;
        let variables = std::mem::take(&mut self.variables);
        let depth = std::mem::take(&mut self.range_depth);
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            // Go: parse.go blockControl complains where the block begins.
            let error = self.error("unexpected {{else}} in block clause");
            let line = self.line(begin);
            return error.map_err(|error| Box::new(ParseError { line, ..*error }));
        }
        self.variables = variables;
        self.range_depth = depth;
        self.add((&*name).into(), nodes)?;
        Ok(template_node(name, token, Some(pipe)))
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe> {
        let pos = self.peek_non_space().pos;
        let decl = self.declarations(context)?;
        let Some(first) = self.piped(context, end)? else {
            return self.error(format!("missing value for {context}"));
        };
        let mut rest = Vec::new();
        while let Some(command) = self.piped(context, end)? {
            rest.push(command);
        }
        self.check_pipeline(&rest)?;
        Ok(Pipe { pos, decl, first, rest })
    }

    /// The next command, unless the pipeline is at its end.
    fn piped(&mut self, context: &str, end: Kind) -> Result<Option<Command>> {
        let token = self.next_non_space();
        match token.kind {
            kind if kind == end => Ok(None),
            Kind::Bool
            | Kind::CharConstant
            | Kind::Dot
            | Kind::Field
            | Kind::Identifier
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::String
            | Kind::Variable
            | Kind::LeftParen => {
                self.back(token);
                self.command().map(Some)
            }
            _ => self.unexpected(token, context),
        }
    }

    fn declarations(&mut self, context: &str) -> Result<Decl> {
        let mut decl = Decl::default();
        loop {
            let token = self.peek_non_space();
            if token.kind != Kind::Variable {
                return Ok(decl);
            }
            self.next_non_space();
            // Since space is a token, three tokens of lookahead are needed in the worst case.
            let after = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    decl.is_assign = next.kind == Kind::Assign;
                    self.next_non_space();
                    self.declare(&mut decl, token);
                    return Ok(decl);
                }
                Kind::Char if self.text(next) == b"," => {
                    self.next_non_space();
                    self.declare(&mut decl, token);
                    if context != "range" || decl.count >= 2 {
                        return self.error(format!("too many declarations in {context}"));
                    }
                    let ahead = self.peek_non_space();
                    if !matches!(ahead.kind, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.error("range can only initialize variables");
                    }
                }
                _ => {
                    if after.kind == Kind::Space {
                        // Put back the space too, so that the command sees it.
                        self.ahead.pop();
                        self.back(next);
                        self.back(after);
                    }
                    self.back(token);
                    return Ok(decl);
                }
            }
        }
    }

    fn declare(&mut self, decl: &mut Decl, token: Token) {
        decl.push(piece(token));
        self.variables.push(self.text(token));
    }

    fn check_pipeline(&self, rest: &[Command]) -> Result<()> {
        for (at, command) in rest.iter().enumerate() {
            if matches!(
                command.first.kind,
                ExprKind::Bool(_)
                    | ExprKind::Dot
                    | ExprKind::Nil
                    | ExprKind::Number(_)
                    | ExprKind::String(..)
            ) {
                return self.error(format!("non executable command in pipeline stage {}", at + 2));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command> {
        let pos = self.peek_non_space().pos;
        let (mut first, mut rest) = (None, Vec::new());
        loop {
            if let Some(operand) = self.operand()? {
                match first {
                    None => first = Some(operand),
                    Some(_) => rest.push(operand),
                }
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.back(token),
                Kind::Pipe => {}
                _ => return self.unexpected(token, "operand"),
            }
            break;
        }
        match first {
            Some(first) => Ok(Command { pos, first, rest }),
            None => self.error("empty command"),
        }
    }

    fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(node) = self.term()? else { return Ok(None) };
        let ahead = self.next();
        if ahead.kind != Kind::Field {
            self.back(ahead);
            return Ok(Some(node));
        }
        let pos = ahead.pos;
        let mut names = piece(ahead);
        loop {
            let token = self.next();
            if token.kind != Kind::Field {
                self.back(token);
                break;
            }
            names.end = token.end;
        }
        // Go: parse.go operand makes one node of fields of fields, placed at the chain.
        let kind = match node.kind {
            ExprKind::Field(first) => ExprKind::Field(Piece { end: names.end, ..first }),
            ExprKind::Variable(first) => ExprKind::Variable(Piece { end: names.end, ..first }),
            ExprKind::Bool(_)
            | ExprKind::String(..)
            | ExprKind::Number(_)
            | ExprKind::Nil
            | ExprKind::Dot => {
                let shown = Shown(At::Expr(&node), self.source).to_string();
                return self.error(format!(
                    "unexpected . after term {}",
                    crate::quote_go(shown.as_bytes())
                ));
            }
            kind => ExprKind::Chain(Box::new(Expr { pos: node.pos, kind }), names),
        };
        Ok(Some(Expr { pos, kind }))
    }

    fn term(&mut self) -> Result<Option<Expr>> {
        let token = self.next_non_space();
        let kind = match token.kind {
            Kind::Identifier => {
                let Some(known) = (self.find)(self.text(token)) else {
                    let name = crate::quote_go(self.text(token));
                    return self.error(format!("function {name} not defined"));
                };
                ExprKind::Identifier(known)
            }
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => {
                let name = self.text(token);
                if name != b"$" && !self.variables.contains(&name) {
                    let name = crate::quote_go(name);
                    return self.error(format!("undefined variable {name}"));
                }
                ExprKind::Variable(piece(token))
            }
            Kind::Field => ExprKind::Field(piece(token)),
            Kind::Bool => ExprKind::Bool(self.text(token) == b"true"),
            Kind::CharConstant | Kind::Number => {
                let text = String::from_utf8_lossy(self.text(token));
                match number(&text, token.kind == Kind::CharConstant) {
                    Ok(number) => ExprKind::Number(Box::new(number)),
                    Err(error) => return self.error(error),
                }
            }
            Kind::LeftParen => {
                if self.parens == MOST_PARENS {
                    return self.error("max expression depth exceeded");
                }
                self.parens += 1;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.parens -= 1;
                ExprKind::Pipe(Box::new(pipe))
            }
            Kind::String | Kind::RawString => ExprKind::String(piece(token), self.string(token)?),
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        Ok(Some(Expr { pos: token.pos, kind }))
    }
}

fn piece(token: Token) -> Piece {
    Piece { start: token.pos, end: token.end }
}

fn text_node(token: Token) -> Node {
    Node::Text(piece(token))
}

fn template_node(name: Box<str>, token: Token, pipe: Option<Pipe>) -> Item {
    let template = Template { pos: token.pos, name, literal: piece(token), pipe };
    Item::Node(Node::Template(Box::new(template)))
}

enum Item {
    Node(Node),
    End,
    Else,
}
