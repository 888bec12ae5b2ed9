//! Pipelines, commands and operands. Each begins at the token that is looked at, and ends when its
//! last token or the one behind it is, as said there.

use super::*;

/// Whether a command can begin with it.
const fn is_operand(kind: Kind) -> bool {
    is_constant(kind)
        || matches!(kind, Kind::Field | Kind::Identifier | Kind::Variable | Kind::LeftParen)
}

/// Whether it is a value that nothing can be piped to.
const fn is_constant(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bool
            | Kind::CharConstant
            | Kind::Dot
            | Kind::Number
            | Kind::Nil
            | Kind::RawString
            | Kind::String
    )
}

impl Parser<'_> {
    /// A pipeline up to its `end`.
    pub(super) fn pipeline(&mut self, context: &'static str, end: Kind) -> Result<()> {
        if self.lexer.token.kind == Kind::Variable {
            self.declarations(context)?;
        }
        let (mut stage, mut constant) = (0, None);
        while is_operand(self.lexer.token.kind) {
            stage += 1;
            if stage > 1 && is_constant(self.lexer.token.kind) {
                constant = constant.or(Some(stage));
            }
            self.command()?;
            if self.lexer.token.kind != Kind::Pipe {
                break;
            }
            self.advance();
        }
        if self.lexer.token.kind != end {
            return self.unexpected(context);
        }
        if stage == 0 {
            return self.error(format!("missing value for {context}"));
        }
        match constant {
            Some(at) => self.error(format!("non executable command in pipeline stage {at}")),
            None => Ok(()),
        }
    }

    /// Variables that are set, up to what is behind them.
    fn declarations(&mut self, context: &str) -> Result<()> {
        let first = self.nodes.len();
        while self.lexer.token.kind == Kind::Variable {
            let variable = self.lexer.token;
            self.advance();
            match self.lexer.token.kind {
                Kind::Assign | Kind::Declare => {
                    self.declare(variable, first)?;
                    if self.lexer.token.kind == Kind::Assign {
                        for node in &mut self.nodes[first..] {
                            if let Node::Variable { assign, .. } = node {
                                *assign = true;
                            }
                        }
                    }
                    self.advance();
                    break;
                }
                Kind::Char if self.text(self.lexer.token) == b"," => {
                    self.declare(variable, first)?;
                    if context != "range" || self.nodes.len() - first >= 2 {
                        return self.error(format!("too many declarations in {context}"));
                    }
                    self.advance();
                    let ahead = self.lexer.token.kind;
                    if !matches!(ahead, Kind::Variable | Kind::RightDelim | Kind::RightParen) {
                        return self.error("range can only initialize variables");
                    }
                }
                _ => {
                    self.ahead = Some(self.lexer.token);
                    self.lexer.token = variable;
                    break;
                }
            }
        }
        Ok(())
    }

    fn declare(&mut self, variable: Token, first: usize) -> Result<()> {
        if self.nodes.len() - first < 2 {
            self.nodes.push(Node::Variable { assign: false, name: piece(variable) });
        }
        if self.variables.len() >= MOST_VARIABLES {
            return self.error("too many variables");
        }
        self.variables.push(self.text(variable));
        Ok(())
    }

    /// A command, up to what is behind it: a bar or the end of the pipeline.
    fn command(&mut self) -> Result<()> {
        let mut at = self.nodes.len();
        self.operand()?;
        if self.lexer.token.spaced && is_operand(self.lexer.token.kind) {
            if !matches!(self.nodes[at], Node::Call { .. }) {
                at = self.open(Node::Given { next: 0 });
            }
            let mut count = 0_u8;
            while self.lexer.token.spaced && is_operand(self.lexer.token.kind) {
                self.operand()?;
                count = count.saturating_add(1);
            }
            self.close(at);
            if let Node::Call { args, .. } = &mut self.nodes[at] {
                *args = count;
            }
        }
        match self.lexer.token.kind {
            Kind::RightDelim | Kind::RightParen | Kind::Pipe => Ok(()),
            _ => self.unexpected("operand"),
        }
    }

    /// An operand with its fields, up to what is behind it.
    fn operand(&mut self) -> Result<()> {
        let at = self.nodes.len();
        self.term()?;
        match self.ahead.take() {
            Some(ahead) => self.lexer.token = ahead,
            None => self.advance(),
        }
        if self.lexer.token.kind == Kind::Field && !self.lexer.token.spaced {
            self.fields(at)
        } else {
            Ok(())
        }
    }

    /// Fields of the operand that stands at `at`.
    fn fields(&mut self, at: usize) -> Result<()> {
        let mut names = piece(self.lexer.token);
        loop {
            self.advance();
            if self.lexer.token.kind != Kind::Field || self.lexer.token.spaced {
                break;
            }
            names.end = self.lexer.token.end;
        }
        match self.nodes[at] {
            Node::Field(first) => self.nodes[at] = Node::Field(Piece { end: names.end, ..first }),
            Node::OfVariable(first) => {
                self.nodes[at] = Node::OfVariable(Piece { end: names.end, ..first });
            }
            Node::Paren { pos, .. } => {
                self.chain(at, Node::Chain { paren: true, pos, next: 0 }, names);
            }
            Node::Call { function, pos, next, .. } => {
                self.nodes.push(Node::Call { args: 0, function, pos, next: next + 1 });
                self.chain(at, Node::Chain { paren: false, pos, next: 0 }, names);
            }
            _ => return self.no_field(at as Id, names.end),
        }
        Ok(())
    }

    fn chain(&mut self, at: usize, node: Node, names: Piece) {
        self.nodes[at] = node;
        self.nodes.push(Node::Names(names));
        self.close(at);
    }

    #[cold]
    fn no_field(&self, term: Id, end: u32) -> Result<()> {
        let nodes = Nodes { nodes: &self.nodes, source: self.source };
        let shown =
            Shown { at: At::Expr(term), nodes, numbers: &self.numbers, functions: self.functions };
        let term = crate::quote_go(shown.to_string().as_bytes());
        // Go: lex.go has space as a token, which was read last if there is some.
        let last = if self.lexer.token.spaced { end } else { self.last() };
        self.error_at(last, format!("unexpected . after term {term}"))
    }

    /// An operand without fields, up to its last token.
    fn term(&mut self) -> Result<()> {
        let token = self.lexer.token;
        let node = match token.kind {
            Kind::Identifier => {
                if token.detail == FunctionTable::NONE {
                    let name = crate::quote_go(self.text(token));
                    return self.error(format!("function {name} not defined"));
                }
                let next = self.nodes.len() as Id + 1;
                Node::Call { args: 0, function: token.detail, pos: token.pos, next }
            }
            Kind::Field => Node::Field(piece(token)),
            Kind::Variable => {
                let name = self.text(token);
                if name.len() > 1 && !self.variables[self.hidden..].contains(&name) {
                    let name = crate::quote_go(name);
                    return self.error(format!("undefined variable {name}"));
                }
                Node::OfVariable(piece(token))
            }
            Kind::Dot => Node::Dot(token.pos),
            Kind::Nil => Node::Nil(token.pos),
            Kind::Bool => Node::Bool(token.pos, self.text(token) == b"true"),
            Kind::Number | Kind::CharConstant => return self.number(token),
            Kind::String | Kind::RawString => {
                if token.kind == Kind::String && token.detail != 0 {
                    self.unquote(token)?;
                }
                self.string(token);
                return Ok(());
            }
            _ => return self.paren(),
        };
        self.nodes.push(node);
        Ok(())
    }

    fn paren(&mut self) -> Result<()> {
        if self.parens == MOST_PARENS {
            return self.error("max expression depth exceeded");
        }
        self.parens += 1;
        let at = self.open(Node::Paren { pos: self.lexer.token.pos, next: 0 });
        self.advance();
        self.pipeline("parenthesized pipeline", Kind::RightParen)?;
        self.parens -= 1;
        self.close(at);
        Ok(())
    }

    pub(super) fn string(&mut self, token: Token) {
        self.nodes.push(Node::String(self.literals, piece(token)));
        self.literals = self.literals.saturating_add(1);
    }

    fn number(&mut self, token: Token) -> Result<()> {
        let text = self.text(token);
        if token.detail != 0 {
            let value = text.iter().fold(0, |all, digit| all * 10 + u32::from(digit - b'0'));
            self.nodes.push(Node::Int(token.pos, value));
            return Ok(());
        }
        match number(&String::from_utf8_lossy(text), token.kind == Kind::CharConstant) {
            Ok(number) => {
                self.nodes.push(Node::Number(token.pos, self.numbers.len() as u32));
                self.numbers.push(number);
                Ok(())
            }
            Err(error) => self.error(error),
        }
    }
}
