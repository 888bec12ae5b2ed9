//! From a text to an expression.

use super::expr::{Access, Call, Expr, Item, Kind, Pair, Select};
use super::fault::{Fault, drawn};
use super::macros;
use super::token::{self, Token, tokens};

/// How deep expressions may lie in each other. cel-go stops at 250 steps of its grammar.
const DEPTH_LIMIT: usize = 96;
/// How long an expression may be, in bytes.
const LENGTH_LIMIT: usize = 200_000;

/// What stands where a value should.
const EXPECTED: &str = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// An expression that was read.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// As written.
    pub(crate) text: String,
    pub(super) root: Expr,
}

impl Program {
    /// Reads an expression; what is wrong with it is told as cel-go tells it.
    pub(crate) fn parse(text: &str) -> Result<Program, Fault> {
        if text.len() > LENGTH_LIMIT {
            return Err(Fault::Unknown("the expression is too long".to_owned()));
        }
        let wrong = |(at, message): (usize, String)| Fault::Wrong(drawn(text, at, &message));
        let tokens = tokens(text).map_err(wrong)?;
        let mut parser = Parser { text, tokens, at: 0, depth: 0 };
        let root = parser.expr()?;
        if parser.peek().kind != token::Kind::End {
            let message =
                format!("Syntax error: extraneous input '{}' expecting <EOF>", parser.shown());
            return Err(parser.wrong(&message));
        }
        Ok(Program { text: text.to_owned(), root })
    }

    /// Whether a name occurs anywhere.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        tokens(&self.text).is_ok_and(|tokens| {
            tokens.iter().any(|token| {
                token.kind == token::Kind::Name && &self.text[token.start..token.end] == name
            })
        })
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn word(&self) -> &'t str {
        let token = &self.tokens[self.at];
        &self.text[token.start..token.end]
    }

    fn shown(&self) -> &'t str {
        if self.peek().kind == token::Kind::End { "<EOF>" } else { self.word() }
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is_sign(&self, sign: &str) -> bool {
        self.peek().kind == token::Kind::Sign && self.word() == sign
    }

    /// Takes a sign if it comes next; where it stands.
    fn take(&mut self, sign: &str) -> Option<usize> {
        self.is_sign(sign).then(|| self.next().start)
    }

    fn expect(&mut self, sign: &str) -> Result<usize, Fault> {
        self.take(sign).ok_or_else(|| {
            let message =
                format!("Syntax error: mismatched input '{}' expecting '{sign}'", self.shown());
            self.wrong(&message)
        })
    }

    fn wrong(&self, message: &str) -> Fault {
        self.wrong_at(self.peek().start, message)
    }

    fn wrong_at(&self, at: usize, message: &str) -> Fault {
        Fault::Wrong(drawn(self.text, at, message))
    }

    fn expr(&mut self) -> Result<Expr, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return too_deep();
        }
        let condition = self.or()?;
        let found = match self.take("?") {
            None => condition,
            Some(at) => {
                let yes = self.or()?;
                self.expect(":")?;
                let no = self.expr()?;
                Expr::call(at, "_?_:_", vec![condition, yes, no])
            }
        };
        self.depth -= 1;
        shallow(&found)?;
        Ok(found)
    }

    fn or(&mut self) -> Result<Expr, Fault> {
        let first = self.and()?;
        let Some(at) = self.take("||") else { return Ok(first) };
        let mut all = vec![first, self.and()?];
        while self.take("||").is_some() {
            all.push(self.and()?);
        }
        Ok(Expr::new(at, Kind::Or(all)))
    }

    fn and(&mut self) -> Result<Expr, Fault> {
        let first = self.binary(0)?;
        let Some(at) = self.take("&&") else { return Ok(first) };
        let mut all = vec![first, self.binary(0)?];
        while self.take("&&").is_some() {
            all.push(self.binary(0)?);
        }
        Ok(Expr::new(at, Kind::And(all)))
    }

    /// The operator that comes next and how tight it binds.
    fn operator(&self) -> Option<(&'static str, u8)> {
        let token = self.peek();
        Some(match (&token.kind, self.word()) {
            (token::Kind::Name, "in") => ("@in", 1),
            (token::Kind::Sign, "==") => ("_==_", 1),
            (token::Kind::Sign, "!=") => ("_!=_", 1),
            (token::Kind::Sign, "<") => ("_<_", 1),
            (token::Kind::Sign, "<=") => ("_<=_", 1),
            (token::Kind::Sign, ">") => ("_>_", 1),
            (token::Kind::Sign, ">=") => ("_>=_", 1),
            (token::Kind::Sign, "+") => ("_+_", 2),
            (token::Kind::Sign, "-") => ("_-_", 2),
            (token::Kind::Sign, "*") => ("_*_", 3),
            (token::Kind::Sign, "/") => ("_/_", 3),
            (token::Kind::Sign, "%") => ("_%_", 3),
            _ => return None,
        })
    }

    fn binary(&mut self, least: u8) -> Result<Expr, Fault> {
        let mut left = self.unary()?;
        while let Some((name, power)) = self.operator().filter(|(_, power)| *power > least) {
            shallow(&left)?;
            let at = self.next().start;
            let right = self.binary(power)?;
            left = Expr::call(at, name, vec![left, right]);
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Fault> {
        let sign = match self.word() {
            "!" if self.is_sign("!") => "!_",
            "-" if self.is_sign("-") => "-_",
            _ => return self.member(),
        };
        let at = self.peek().start;
        let mut count = 0;
        let word = self.word();
        while self.is_sign(word) {
            if word == "-" && self.number_follows() {
                break;
            }
            self.next();
            count += 1;
        }
        let inner = self.member()?;
        // Two of a kind cancel each other out.
        Ok(if count % 2 == 0 { inner } else { Expr::call(at, sign, vec![inner]) })
    }

    fn number_follows(&self) -> bool {
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        matches!(next, Some(token::Kind::Int | token::Kind::Float))
    }

    fn member(&mut self) -> Result<Expr, Fault> {
        let mut found = self.primary()?;
        loop {
            shallow(&found)?;
            if let Some(at) = self.take(".") {
                found = self.after_stop(found, at)?;
            } else if let Some(at) = self.take("[") {
                let name = if self.take("?").is_some() { "_[?_]" } else { "_[_]" };
                let index = self.expr()?;
                self.expect("]")?;
                found = Expr::call(at, name, vec![found, index]);
            } else if self.is_sign("{")
                && let Some(name) = found.qualified()
            {
                let at = self.next().start;
                found = self.fields(at, name)?;
            } else {
                return Ok(found);
            }
        }
    }

    fn after_stop(&mut self, operand: Expr, at: usize) -> Result<Expr, Fault> {
        let optional = self.take("?").is_some();
        let name = self.name()?;
        if let Some(open) = self.take("(").filter(|_| !optional) {
            let args = self.list(")", Parser::expr)?;
            return self.called(open, name, Some(operand), args);
        }
        let access = if optional { Access::Optional } else { Access::Value };
        Ok(Expr::new(at, Kind::Select(Box::new(Select { operand, field: name, access }))))
    }

    fn name(&mut self) -> Result<String, Fault> {
        let is_name = self.peek().kind == token::Kind::Name
            && !matches!(self.word(), "in" | "true" | "false" | "null");
        if !is_name {
            let message =
                format!("Syntax error: no viable alternative at input '.{}'", self.shown());
            return Err(self.wrong(&message));
        }
        let name = self.word().to_owned();
        self.next();
        Ok(name)
    }

    fn called(
        &self,
        at: usize,
        name: String,
        target: Option<Expr>,
        args: Vec<Expr>,
    ) -> Result<Expr, Fault> {
        let call = Call { name, target, args };
        match macros::expand(call) {
            macros::Expanded::Expr(kind) => Ok(Expr::new(at, kind)),
            macros::Expanded::No(call) => Ok(Expr::new(at, Kind::Call(Box::new(call)))),
            macros::Expanded::Wrong(place, message) => Err(self.wrong_at(place, message)),
        }
    }

    fn list<T>(
        &mut self,
        end: &str,
        one: impl Fn(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        while self.take(end).is_none() {
            found.push(one(self)?);
            if self.take(",").is_none() {
                self.expect(end)?;
                break;
            }
        }
        Ok(found)
    }

    fn primary(&mut self) -> Result<Expr, Fault> {
        let negative = self.is_sign("-") && self.number_follows();
        if negative {
            self.next();
        }
        let token = self.peek().clone();
        let word = self.word();
        let at = token.start;
        let kind = match token.kind {
            token::Kind::Int | token::Kind::Uint | token::Kind::Float => {
                let at = if negative { self.tokens[self.at - 1].start } else { at };
                self.next();
                let kind = number(word, &token.kind, negative);
                return match kind {
                    Some(kind) => Ok(Expr::new(at, kind)),
                    None => Err(self.wrong_at(at, "invalid int literal")),
                };
            }
            token::Kind::Text(text) => Kind::Text(text),
            token::Kind::Bytes(bytes) => Kind::Bytes(bytes),
            token::Kind::Name => return self.named(at, word),
            token::Kind::Sign => return self.bracketed(at, word),
            token::Kind::End => return Err(self.unexpected()),
        };
        self.next();
        Ok(Expr::new(at, kind))
    }

    fn unexpected(&self) -> Fault {
        let message =
            format!("Syntax error: mismatched input '{}' expecting {EXPECTED}", self.shown());
        self.wrong(&message)
    }

    fn named(&mut self, at: usize, word: &str) -> Result<Expr, Fault> {
        if word == "in" {
            return Err(self.unexpected());
        }
        self.next();
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ if RESERVED.contains(&word) => {
                return Err(self.wrong_at(at, &format!("reserved identifier: {word}")));
            }
            _ => match self.take("(") {
                Some(open) => {
                    let args = self.list(")", Parser::expr)?;
                    return self.called(open, word.to_owned(), None, args);
                }
                None => Kind::Name(word.to_owned()),
            },
        };
        Ok(Expr::new(at, kind))
    }

    fn bracketed(&mut self, at: usize, word: &str) -> Result<Expr, Fault> {
        match word {
            "(" => {
                self.next();
                let inner = self.expr()?;
                self.expect(")")?;
                Ok(inner)
            }
            "[" => {
                self.next();
                let items = self.list("]", |parser| {
                    let optional = parser.take("?").is_some();
                    Ok(Item { optional, value: parser.expr()? })
                })?;
                Ok(Expr::new(at, Kind::List(items)))
            }
            "{" => {
                self.next();
                let pairs = self.list("}", Parser::pair)?;
                Ok(Expr::new(at, Kind::Map(pairs)))
            }
            // A name may be written from the root: `.name`.
            "." => {
                self.next();
                let word = self.name()?;
                Ok(Expr::new(at + 1, Kind::Name(format!(".{word}"))))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn pair(&mut self) -> Result<Pair, Fault> {
        let optional = self.take("?").is_some();
        let key = self.expr()?;
        let at = self.expect(":")?;
        let value = self.expr()?;
        Ok(Pair { at, optional, key, value })
    }

    fn fields(&mut self, at: usize, name: String) -> Result<Expr, Fault> {
        let pairs = self.list("}", |parser| {
            let optional = parser.take("?").is_some();
            let start = parser.peek().start;
            let key = Expr::new(start, Kind::Text(parser.name()?));
            let at = parser.expect(":")?;
            Ok(Pair { at, optional, key, value: parser.expr()? })
        })?;
        Ok(Expr::new(at, Kind::Struct(name, pairs)))
    }
}

fn too_deep<T>() -> Result<T, Fault> {
    Err(Fault::Unknown("the expression is nested too deep".to_owned()))
}

fn shallow(expr: &Expr) -> Result<(), Fault> {
    if expr.depth > DEPTH_LIMIT { too_deep() } else { Ok(()) }
}

fn number(word: &str, kind: &token::Kind, negative: bool) -> Option<Kind> {
    let sign = if negative { "-" } else { "" };
    let digits = word.trim_end_matches(['u', 'U']);
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    Some(match kind {
        token::Kind::Float => Kind::Double(format!("{sign}{word}").parse().ok()?),
        token::Kind::Uint => Kind::Uint(match hex {
            Some(hex) => u64::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        }),
        _ => Kind::Int(match hex {
            Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16).ok()?,
            None => format!("{sign}{digits}").parse().ok()?,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let Err(Fault::Wrong(message)) = Program::parse(text) else { panic!("{text}") };
        assert!(message.starts_with(&format!("ERROR: <input>:{want}")), "{message}");
    }

    #[test]
    fn errors_are_told_with_their_place() {
        check("self > ", "1:8: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '('");
        check("a != ''x", "1:8: Syntax error: extraneous input 'x' expecting <EOF>");
        check("for", "1:1: reserved identifier: for");
    }

    #[test]
    fn hostile_nesting_ends() {
        assert!(Program::parse(&"(".repeat(100_000)).is_err());
        assert!(Program::parse(&"!".repeat(100_000)).is_err());
        assert!(Program::parse(&format!("a{}", ".b".repeat(90_000))).is_err());
        assert!(Program::parse(&format!("a{}", "+a".repeat(90_000))).is_err());
        assert!(Program::parse(&format!("a{}", "&&a".repeat(50_000))).is_ok());
        assert!(Program::parse(&format!("{}a", "a?b:".repeat(40_000))).is_err());
    }
}
