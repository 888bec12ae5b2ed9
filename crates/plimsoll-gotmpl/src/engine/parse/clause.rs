//! `define`, `template` and `block`, and the bodies that they name.

use super::*;

impl<'a> Parser<'a> {
    /// The name behind a keyword.
    fn name(&mut self, context: &str) -> Result<Cow<'a, [u8]>> {
        self.advance();
        if !matches!(self.lexer.token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(context);
        }
        self.unquote(self.lexer.token)
    }

    /// What a literal says.
    pub(super) fn unquote(&self, token: Token) -> Result<Cow<'a, [u8]>> {
        let literal = self.text(token);
        if token.detail == 0 {
            return Ok(Cow::Borrowed(&literal[1..literal.len() - 1]));
        }
        match strconv::unquote(literal) {
            Some(text) => Ok(Cow::Owned(text)),
            None => self.error("invalid syntax"),
        }
    }

    pub(super) fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let name = self.name(CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let at = self.open(Node::Define { next: 0 });
        if self.body()? == Item::Else {
            return self.error("unexpected {{else}} in define clause");
        }
        self.add(text_of(&name), at + 1)?;
        self.close(at);
        Ok(())
    }

    /// The nodes of another body, which sees no variables and ranges of this one.
    fn body(&mut self) -> Result<Item> {
        let (hidden, variables) = (self.hidden, self.variables.len());
        self.hidden = variables;
        let depth = std::mem::take(&mut self.range_depth);
        let ended = self.items()?;
        self.variables.truncate(variables);
        self.hidden = hidden;
        self.range_depth = depth;
        Ok(ended)
    }

    /// Ends a body that starts at node `start`.
    pub(super) fn add(&mut self, name: Arc<str>, start: usize) -> Result<()> {
        let nodes = Nodes { nodes: &self.nodes, source: self.source };
        let (start, end) = (start as Id, self.nodes.len() as Id);
        let is_empty = nodes.siblings(start, end).all(|id| match nodes.get(id) {
            Node::Text(text) => text.of(self.source).trim_ascii().is_empty(),
            node => matches!(node, Node::Define { .. }),
        });
        let body = Defined { name, start, end, is_empty };
        let known = self.by_name.get(&body.name).and_then(|&at| self.bodies.get_mut(at));
        match known {
            None => {
                self.by_name.insert(body.name.clone(), self.bodies.len());
                self.bodies.push(body);
            }
            Some(known) if known.is_empty => *known = body,
            Some(_) if is_empty => {}
            Some(_) => {
                return self.error(format!(
                    "template: multiple definition of template {}",
                    crate::quote_go(body.name.as_bytes())
                ));
            }
        }
        Ok(())
    }

    pub(super) fn template(&mut self) -> Result<()> {
        const CONTEXT: &str = "template clause";
        let at = self.open(Node::Template { next: 0 });
        self.name(CONTEXT)?;
        self.string(self.lexer.token);
        self.advance();
        if self.lexer.token.kind != Kind::RightDelim {
            self.pipeline(CONTEXT, Kind::RightDelim)?;
        }
        self.close(at);
        Ok(())
    }

    pub(super) fn block(&mut self) -> Result<()> {
        const CONTEXT: &str = "block clause";
        let at = self.open(Node::Template { next: 0 });
        let name = self.name(CONTEXT)?;
        self.string(self.lexer.token);
        self.advance();
        self.pipeline(CONTEXT, Kind::RightDelim)?;
        self.close(at);
        let begin = self.last();
        let at = self.open(Node::Define { next: 0 });
        if self.body()? == Item::Else {
            // Go: parse.go blockControl complains where the block begins.
            let error = self.error("unexpected {{else}} in block clause");
            let line = self.line(begin);
            return error.map_err(|error| Box::new(ParseError { line, ..*error }));
        }
        self.add(text_of(&name), at + 1)?;
        self.close(at);
        Ok(())
    }
}

/// A name as a text; most are UTF-8.
fn text_of(name: &[u8]) -> Arc<str> {
    match std::str::from_utf8(name) {
        Ok(name) => name.into(),
        Err(_) => String::from_utf8_lossy(name).into(),
    }
}
