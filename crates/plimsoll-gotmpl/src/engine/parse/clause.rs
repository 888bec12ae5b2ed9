//! `template` and `block`.

use super::*;

impl Parser<'_> {
    fn template_name(&mut self, context: &str) -> Result<(Box<str>, Token)> {
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return self.unexpected(token, context);
        }
        let name = self.unquote(token)?;
        Ok((String::from_utf8_lossy(&name).into(), token))
    }

    pub(super) fn template(&mut self) -> Result<Item> {
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

    pub(super) fn block(&mut self) -> Result<Item> {
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
}
