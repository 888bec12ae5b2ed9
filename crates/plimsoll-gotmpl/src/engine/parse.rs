//! Parses a template file into the bodies that it defines.

mod number;

use std::rc::Rc;

use plimsoll_source::strconv;

use self::number::number;
use super::ast::{Branch, Command, Expr, ExprKind, Node, Number, Pipe, Pos};
use super::lex::{Kind, Lexer, Token};
use crate::value::Text;

/// Why a template cannot be parsed; displays as Go's text.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// The file.
    pub name: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, in Go's words.
    pub message: String,
    /// Where it is, as a byte offset.
    pub offset: usize,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

type Result<T> = std::result::Result<T, Box<ParseError>>;

/// A body with its name, in the order in which they end; the file's own comes last.
pub(super) type Bodies = Vec<(Rc<str>, Vec<Node>)>;

/// Parses a file.
pub(super) fn parse(
    name: &str,
    source: &[u8],
    is_function: &dyn Fn(&str) -> bool,
) -> Result<Bodies> {
    let mut parser = Parser {
        name,
        source,
        is_function,
        lexer: Lexer::new(source),
        ahead: Vec::new(),
        last: Token { kind: Kind::Eof, pos: 0, end: 0, line: 1, error: String::new() },
        variables: vec!["$".into()],
        action_line: 0,
        range_depth: 0,
        bodies: Vec::new(),
    };
    let own = parser.file()?;
    parser.add(name.into(), own)?;
    Ok(parser.bodies)
}

/// Whether a body is nothing but space, so that it does not replace another.
pub(super) fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim_ascii().is_empty()))
}

struct Parser<'a> {
    name: &'a str,
    source: &'a [u8],
    is_function: &'a dyn Fn(&str) -> bool,
    lexer: Lexer<'a>,
    /// Tokens given back, the next one last.
    ahead: Vec<Token>,
    /// The token read last from the lexer, whose line errors tell.
    last: Token,
    variables: Vec<Rc<str>>,
    action_line: u32,
    range_depth: u32,
    bodies: Bodies,
}

/// How a list of nodes ended.
enum Ended {
    End,
    Else,
}

impl Parser<'_> {
    fn next(&mut self) -> Token {
        if let Some(token) = self.ahead.pop() {
            return token;
        }
        let token = self.lexer.next();
        self.last = token.clone();
        token
    }

    fn back(&mut self, token: Token) {
        self.ahead.push(token);
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.back(token.clone());
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
        self.back(token.clone());
        token
    }

    fn text(&self, token: &Token) -> String {
        String::from_utf8_lossy(&self.source[token.pos..token.end]).into_owned()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Box::new(ParseError {
            name: self.name.to_owned(),
            line: self.ahead.first().unwrap_or(&self.last).line,
            message: message.into(),
            offset: self.last.pos,
        }))
    }

    fn unexpected<T>(&self, token: &Token, context: &str) -> Result<T> {
        if token.kind != Kind::Error {
            return self.error(format!("unexpected {} in {context}", token.show(self.source)));
        }
        let mut extra = String::new();
        if self.action_line != 0 && self.action_line != token.line {
            let name = self.name;
            extra = format!(" in action started at {name}:{}", self.action_line);
            if token.error.ends_with(" action") {
                extra = extra[" in action".len()..].to_owned();
            }
        }
        self.error(format!("{}{extra}", token.error))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { self.unexpected(&token, context) }
    }

    fn add(&mut self, name: Rc<str>, nodes: Vec<Node>) -> Result<()> {
        match self.bodies.iter_mut().find(|body| body.0 == name) {
            None => self.bodies.push((name, nodes)),
            Some(body) if is_empty(&body.1) => body.1 = nodes,
            Some(_) if is_empty(&nodes) => {}
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
                    self.action_line = token.line;
                    match self.action()? {
                        Item::Node(node) => nodes.push(node),
                        Item::Nothing => {}
                        Item::End => return self.error("unexpected {{end}}"),
                        Item::Else => return self.error("unexpected {{else}}"),
                    }
                    self.action_line = 0;
                }
                Kind::Text => nodes.push(self.text_node(&token)),
                _ => return self.unexpected(&token, "input"),
            }
        }
    }

    fn text_node(&self, token: &Token) -> Node {
        Node::Text(Text::from(&self.source[token.pos..token.end]))
    }

    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let name = self.next_non_space();
        if !matches!(name.kind, Kind::String | Kind::RawString) {
            return self.unexpected(&name, CONTEXT);
        }
        let name = self.unquote(&name)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let depth = std::mem::take(&mut self.range_depth);
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            return self.error("unexpected {{else}} in define clause");
        }
        self.variables = variables;
        self.range_depth = depth;
        self.add(String::from_utf8_lossy(&name).into(), nodes)
    }

    fn unquote(&self, token: &Token) -> Result<Vec<u8>> {
        match strconv::unquote(&self.source[token.pos..token.end]) {
            Some(text) => Ok(text),
            None => self.error("invalid syntax"),
        }
    }

    fn item_list(&mut self) -> Result<(Vec<Node>, Ended)> {
        let mut nodes = Vec::new();
        loop {
            let token = self.peek_non_space_text();
            match token.kind {
                Kind::Eof => return self.error("unexpected EOF"),
                Kind::Text => nodes.push(self.text_node(&token)),
                Kind::LeftDelim => {
                    self.action_line = token.line;
                    let item = self.action()?;
                    self.action_line = 0;
                    match item {
                        Item::Node(node) => nodes.push(node),
                        Item::Nothing => {}
                        Item::End => return Ok((nodes, Ended::End)),
                        Item::Else => return Ok((nodes, Ended::Else)),
                    }
                }
                _ => return self.unexpected(&token, "input"),
            }
        }
    }

    fn peek_non_space_text(&mut self) -> Token {
        self.next_non_space()
    }

    fn action(&mut self) -> Result<Item> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Block => return self.block(&token),
            Kind::Break | Kind::Continue => return self.jump(&token),
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
            Kind::If => return Ok(Item::Node(Node::If(self.branch(&token, "if")?))),
            Kind::With => return Ok(Item::Node(Node::With(self.branch(&token, "with")?))),
            Kind::Range => return Ok(Item::Node(Node::Range(self.branch(&token, "range")?))),
            Kind::Template => return self.template(),
            _ => {}
        }
        self.back(token);
        let pos = self.peek().pos as Pos;
        // Variables of an action live until the end of its list.
        let pipe = self.pipeline("command", Kind::RightDelim)?;
        Ok(Item::Node(Node::Action(pos, pipe)))
    }

    fn jump(&mut self, token: &Token) -> Result<Item> {
        let word = self.text(token);
        let ahead = self.next_non_space();
        if ahead.kind != Kind::RightDelim {
            return self.unexpected(&ahead, &format!("{{{{{word}}}}}"));
        }
        if self.range_depth == 0 {
            return self.error(format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        let is_break = token.kind == Kind::Break;
        Ok(Item::Node(if is_break { Node::Break } else { Node::Continue }))
    }

    fn branch(&mut self, token: &Token, context: &str) -> Result<Branch> {
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
            let branch = self.branch(&ahead, context)?;
            let node = if context == "if" { Node::If(branch) } else { Node::With(branch) };
            return Ok(vec![node]);
        }
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            return self.error("expected end; found {{else}}");
        }
        Ok(nodes)
    }

    fn template_name(&mut self, context: &str) -> Result<(Rc<str>, Rc<str>, Pos)> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(&token, context);
        }
        let name = self.unquote(&token)?;
        let quoted = crate::quote_go(&name).into();
        Ok((String::from_utf8_lossy(&name).into(), quoted, token.pos as Pos))
    }

    fn template(&mut self) -> Result<Item> {
        const CONTEXT: &str = "template clause";
        let (name, quoted, pos) = self.template_name(CONTEXT)?;
        let ahead = self.next_non_space();
        let pipe = if ahead.kind == Kind::RightDelim {
            None
        } else {
            self.back(ahead);
            Some(self.pipeline(CONTEXT, Kind::RightDelim)?)
        };
        Ok(Item::Node(Node::Template { pos, name, quoted, pipe }))
    }

    fn block(&mut self, _: &Token) -> Result<Item> {
        const CONTEXT: &str = "block clause";
        let (name, quoted, pos) = self.template_name(CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let line = self.last.line;
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let depth = std::mem::take(&mut self.range_depth);
        let (nodes, ended) = self.item_list()?;
        if matches!(ended, Ended::Else) {
            // Go: parse.go blockControl complains where the block begins.
            let error = self.error("unexpected {{else}} in block clause");
            return error.map_err(|error| Box::new(ParseError { line, ..*error }));
        }
        self.variables = variables;
        self.range_depth = depth;
        self.add(name.clone(), nodes)?;
        Ok(Item::Node(Node::Template { pos, name, quoted, pipe: Some(pipe) }))
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe> {
        let token = self.peek_non_space();
        let mut pipe =
            Pipe { pos: token.pos as Pos, is_assign: false, decl: Vec::new(), cmds: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    self.check_pipeline(&pipe, context)?;
                    return Ok(pipe);
                }
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
                    let command = self.command()?;
                    pipe.cmds.push(command);
                }
                _ => return self.unexpected(&token, context),
            }
        }
    }

    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<()> {
        loop {
            let token = self.peek_non_space();
            if token.kind != Kind::Variable {
                return Ok(());
            }
            self.next_non_space();
            // Since space is a token, three tokens of lookahead are needed in the worst case.
            let after = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    pipe.is_assign = next.kind == Kind::Assign;
                    self.next_non_space();
                    self.declare(pipe, &token);
                    return Ok(());
                }
                Kind::Char if self.text(&next) == "," => {
                    self.next_non_space();
                    self.declare(pipe, &token);
                    if context != "range" || pipe.decl.len() >= 2 {
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
                    return Ok(());
                }
            }
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: &Token) {
        let name: Rc<str> = self.text(token).into();
        pipe.decl.push(name.clone());
        self.variables.push(name);
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Result<()> {
        if pipe.cmds.is_empty() {
            return self.error(format!("missing value for {context}"));
        }
        for (at, command) in pipe.cmds.iter().enumerate().skip(1) {
            let first = &command.args[0];
            if matches!(
                first.kind,
                ExprKind::Bool(_)
                    | ExprKind::Dot
                    | ExprKind::Nil
                    | ExprKind::Number(_)
                    | ExprKind::String { .. }
            ) {
                return self.error(format!("non executable command in pipeline stage {}", at + 1));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command> {
        let mut command = Command { pos: self.peek_non_space().pos as Pos, args: Vec::new() };
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                command.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.back(token),
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if command.args.is_empty() {
            return self.error("empty command");
        }
        Ok(command)
    }

    fn operand(&mut self) -> Result<Option<Expr>> {
        let Some(node) = self.term()? else { return Ok(None) };
        let ahead = self.peek();
        if ahead.kind != Kind::Field {
            return Ok(Some(node));
        }
        let pos = ahead.pos as Pos;
        let mut names: Vec<Rc<str>> = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            names.extend(self.text(&token)[1..].split('.').map(Rc::from));
        }
        // Go: parse.go operand makes one node of fields of fields, placed at the chain.
        let kind = match node.kind {
            ExprKind::Field(mut first) => {
                first.extend(names);
                ExprKind::Field(first)
            }
            ExprKind::Variable(mut first) => {
                first.extend(names);
                ExprKind::Variable(first)
            }
            ExprKind::Bool(_)
            | ExprKind::String { .. }
            | ExprKind::Number(_)
            | ExprKind::Nil
            | ExprKind::Dot => {
                let shown = node.to_string();
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
        let pos = token.pos as Pos;
        let kind = match token.kind {
            Kind::Identifier => {
                let name = self.text(&token);
                if !(self.is_function)(&name) {
                    return self.error(format!(
                        "function {} not defined",
                        crate::quote_go(name.as_bytes())
                    ));
                }
                ExprKind::Identifier(name.into())
            }
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => {
                let name = self.text(&token);
                if !self.variables.iter().any(|known| **known == *name) {
                    return self
                        .error(format!("undefined variable {}", crate::quote_go(name.as_bytes())));
                }
                ExprKind::Variable(vec![name.into()])
            }
            Kind::Field => ExprKind::Field(vec![self.text(&token)[1..].into()]),
            Kind::Bool => ExprKind::Bool(self.text(&token) == "true"),
            Kind::CharConstant | Kind::Number => {
                let text = self.text(&token);
                match number(&text, token.kind == Kind::CharConstant) {
                    Ok(number) => ExprKind::Number(Box::new(number)),
                    Err(error) => return self.error(error),
                }
            }
            Kind::LeftParen => {
                ExprKind::Pipe(Box::new(self.pipeline("parenthesized pipeline", Kind::RightParen)?))
            }
            Kind::String | Kind::RawString => {
                let text = self.unquote(&token)?;
                ExprKind::String { quoted: self.text(&token).into(), text: Text::from(text) }
            }
            _ => {
                self.back(token);
                return Ok(None);
            }
        };
        Ok(Some(Expr { pos, kind }))
    }
}

enum Item {
    Node(Node),
    #[expect(dead_code, reason = "kept for symmetry with actions that leave nothing")]
    Nothing,
    End,
    Else,
}
