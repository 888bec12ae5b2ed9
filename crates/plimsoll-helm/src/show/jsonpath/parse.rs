use super::{Node, Param};

/// How deeply filters and unions may be nested in each other.
const MAX_DEPTH: usize = 64;

/// Reads text and paths in braces.
pub(super) fn parse(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    if depth > MAX_DEPTH {
        return Err("filters are nested too deeply".to_owned());
    }
    let mut parser = Parser { input: text, pos: 0, depth };
    let mut parts = Vec::new();
    while parser.pos < text.len() {
        let rest = parser.rest();
        let length = rest.find('{').unwrap_or(rest.len());
        if length > 0 {
            parts.push(Node::Text(rest[..length].to_owned()));
        }
        parser.pos += length;
        if parser.eat("{") {
            parts.push(Node::List(parser.inside()?));
        }
    }
    Ok(parts)
}

/// Reads what would stand in one pair of braces.
fn parse_action(text: &str, depth: usize) -> Result<Vec<Node>, String> {
    match parse(&format!("{{{text}}}"), depth)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Parser<'a> {
    input: &'a str,
    pos: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.input[self.pos..]
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        self.pos += if found { prefix.len() } else { 0 };
        found
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next();
        self.pos += next.map_or(0, char::len_utf8);
        next
    }

    /// Everything up to the closing brace, which goes too.
    fn inside(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        loop {
            if self.eat("}") {
                return Ok(nodes);
            }
            if self.eat("[?(") {
                let filter = self.filter()?;
                nodes.push(filter);
                continue;
            }
            if self.eat("..") {
                self.recursive(&mut nodes)?;
                continue;
            }
            let start = self.pos;
            match self.next() {
                None | Some('\r' | '\n') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => {}
                Some('[') => self.array(start, &mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(Node::Text(self.quoted(start, quote)?)),
                Some('.') => nodes.push(self.field()),
                Some(c) if c == '+' || c == '-' || c.is_numeric() => {
                    nodes.push(self.number(start)?);
                }
                Some(c) if c == '_' || c.is_alphabetic() => nodes.push(self.identifier(start)),
                Some(c) => {
                    return Err(format!(
                        "unrecognized character in action: U+{:04X} '{c}'",
                        c as u32
                    ));
                }
            }
        }
    }

    fn recursive(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        if matches!(nodes.last(), Some(Node::Recursive)) {
            return Err("invalid multiple recursive descent".to_owned());
        }
        nodes.push(Node::Recursive);
        let starts_name = |c: char| c == '_' || c.is_alphabetic() || c.is_numeric();
        if self.rest().chars().next().is_some_and(starts_name) {
            let field = self.field();
            nodes.push(field);
        }
        Ok(())
    }

    fn identifier(&mut self, start: usize) -> Node {
        self.pos = start;
        self.skip_name(false);
        match &self.input[start..self.pos] {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        }
    }

    fn field(&mut self) -> Node {
        let start = self.pos;
        self.skip_name(true);
        match &self.input[start..self.pos] {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn skip_name(&mut self, escapes: bool) {
        while let Some(c) = self.rest().chars().next() {
            if matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
            {
                return;
            }
            self.next();
            if escapes && c == '\\' {
                self.next();
            }
        }
    }

    fn number(&mut self, start: usize) -> Result<Node, String> {
        while self.rest().starts_with(|c: char| c == '.' || c.is_numeric()) {
            self.next();
        }
        let text = &self.input[start..self.pos];
        if let Ok(number) = text.parse() {
            return Ok(Node::Int(number));
        }
        let number = text.parse().map(Node::Float);
        number.map_err(|_| format!("cannot parse number {text}"))
    }

    fn quoted(&mut self, start: usize, quote: char) -> Result<String, String> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some(c) if c == quote && !self.input[..self.pos - 1].ends_with('\\') => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.pos];
        unquote(&text[1..text.len() - 1], quote)
            .ok_or_else(|| format!("unquote string {text} error invalid syntax"))
    }

    fn array(&mut self, start: usize, nodes: &mut Vec<Node>) -> Result<(), String> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start + 1..self.pos - 1];
        let text = if text == "*" { ":" } else { text };
        if text.contains(',') {
            let one =
                |one: &str| parse_action(&format!("[{}]", one.trim_matches(' ')), self.depth + 1);
            let all: Result<_, String> = text.split(',').map(one).collect();
            nodes.push(Node::Union(all?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            nodes.extend(parse_action(&format!(".{key}"), self.depth + 1)?);
            return Ok(());
        }
        nodes.push(Node::Array(slice(text)?));
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, String> {
        let start = self.pos;
        let mut open: Option<char> = None;
        let mut closed = false;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_owned()),
                Some(c @ ('"' | '\'')) => match open {
                    None => open = Some(c),
                    Some(quote) => {
                        let escaped = self.input[..self.pos - 1].ends_with('\\');
                        closed |= quote == c && !escaped;
                    }
                },
                Some(')') if open.is_some() == closed => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.pos - 1];
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        let depth = self.depth + 1;
        let Some((left, operator, right)) = comparison(text) else {
            let left = parse_action(text, depth)?;
            return Ok(Node::Filter { left, right: Vec::new(), operator: "exists".to_owned() });
        };
        let (left, right) = (parse_action(left, depth)?, parse_action(right, depth)?);
        Ok(Node::Filter { left, right, operator: operator.to_owned() })
    }
}

/// Two sides and the operator between them, each of at least one character.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    const SIGNS: [char; 4] = ['!', '<', '>', '='];
    let start = text.find(SIGNS).filter(|start| *start > 0)?;
    let length = text[start..].find(|c| !SIGNS.contains(&c));
    // Where nothing else follows, the last sign is the right side.
    let end = start + length.unwrap_or(text.len() - start - 1);
    let is_whole = end > start && end < text.len() && !text[end..].contains('\n');
    is_whole.then(|| (&text[..start], &text[start..end], &text[end..]))
}

/// `start:end:step`, each of which may be missing.
fn slice(text: &str) -> Result<[Param; 3], String> {
    let wrong = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.len() > 3 || !parts.iter().all(is_number) {
        return Err(wrong());
    }
    let mut params = [Param::default(); 3];
    for (param, part) in params.iter_mut().zip(&parts).filter(|(_, part)| !part.is_empty()) {
        let number = part.parse();
        param.value = Some(number.map_err(|_| format!("array index {part} is not a number"))?);
    }
    if parts.len() == 1 {
        let end = params[0].value.unwrap_or(0).saturating_add(1);
        params[1] = Param { value: Some(end), derived: true };
    }
    Ok(params)
}

/// Go's escapes.
fn unquote(text: &str, quote: char) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            if c == quote {
                return None;
            }
            out.push(c);
            continue;
        }
        let hex = |chars: &mut std::str::Chars<'_>, digits: usize| {
            let text: String = chars.by_ref().take(digits).collect();
            let number = u32::from_str_radix(&text, 16).ok()?;
            (text.len() == digits).then(|| char::from_u32(number)).flatten()
        };
        out.push(match chars.next()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            'x' => hex(&mut chars, 2)?,
            'u' => hex(&mut chars, 4)?,
            'U' => hex(&mut chars, 8)?,
            c if c == quote => c,
            _ => return None,
        });
    }
    Some(out)
}
