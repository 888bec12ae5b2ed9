//! The glob patterns of `.Files.Glob`, as gobwas/glob reads them with `/` as the separator.

/// A pattern: `*` and `?` stop at `/`, `**` does not, `[a-z]`, `[!ab]`, `{one,two}`, `\` quotes.
#[derive(Debug)]
pub(super) struct Glob(Vec<Node>);

#[derive(Debug)]
enum Node {
    Text(String),
    Any,
    Super,
    Single,
    Class { not: bool, chars: Vec<(char, char)> },
    Either(Vec<Vec<Node>>),
}

impl Glob {
    /// Reads a pattern; `None` where gobwas/glob would refuse it.
    pub(super) fn new(pattern: &[u8]) -> Option<Glob> {
        let pattern = std::str::from_utf8(pattern).ok()?;
        // gobwas: lexer.go takes U+FFFD for broken UTF-8 and NUL for the end.
        if pattern.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        let pattern = pattern.split('\0').next().unwrap_or_default();
        Parser { rest: pattern.chars().peekable(), open: Vec::new() }.parse().map(Glob)
    }

    /// Whether the whole of `name` matches.
    pub(super) fn matches(&self, name: &str) -> bool {
        let mut start = vec![false; name.len() + 1];
        start[0] = true;
        advance(&self.0, start, name)[name.len()]
    }
}

/// Where the nodes can end in `name` if they start at the places of `from`: one pass over the name
/// for each node, so that no pattern takes more than linear time.
fn advance(nodes: &[Node], mut from: Vec<bool>, name: &str) -> Vec<bool> {
    for node in nodes {
        from = step(node, &from, name);
    }
    from
}

fn step(node: &Node, from: &[bool], name: &str) -> Vec<bool> {
    match node {
        Node::Text(text) => {
            after_each(from, |at| name[at..].starts_with(text).then_some(text.len()))
        }
        Node::Single => one_char(from, name, |c| c != '/'),
        Node::Class { not, chars } => {
            one_char(from, name, |c| chars.iter().any(|&(lo, hi)| lo <= c && c <= hi) != *not)
        }
        Node::Any => run(from, name, |byte| byte != b'/'),
        Node::Super => run(from, name, |_| true),
        Node::Either(choices) => choices.iter().fold(vec![false; from.len()], |mut all, choice| {
            let ends = advance(choice, from.to_vec(), name);
            all.iter_mut().zip(ends).for_each(|(any, end)| *any |= end);
            all
        }),
    }
}

fn after_each(from: &[bool], length: impl Fn(usize) -> Option<usize>) -> Vec<bool> {
    let mut to = vec![false; from.len()];
    let starts = from.iter().enumerate().filter(|(_, on)| **on);
    starts.filter_map(|(at, _)| Some(at + length(at)?)).for_each(|end| to[end] = true);
    to
}

fn one_char(from: &[bool], name: &str, accepts: impl Fn(char) -> bool) -> Vec<bool> {
    after_each(from, |at| name[at..].chars().next().filter(|&c| accepts(c)).map(char::len_utf8))
}

fn run(from: &[bool], name: &str, accepts: impl Fn(u8) -> bool) -> Vec<bool> {
    let mut to = from.to_vec();
    for (at, byte) in name.bytes().enumerate() {
        to[at + 1] |= to[at] && accepts(byte);
    }
    // A character's inner bytes are no places to go on from.
    to.iter_mut().enumerate().for_each(|(at, on)| *on &= name.is_char_boundary(at));
    to
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    /// The braces that are open: the choices before, and what stood before the brace.
    open: Vec<(Vec<Vec<Node>>, Vec<Node>)>,
}

impl Parser<'_> {
    fn parse(mut self) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        while let Some(c) = self.rest.next() {
            match c {
                '{' => self.open.push((Vec::new(), std::mem::take(&mut nodes))),
                ',' if !self.open.is_empty() => {
                    self.open.last_mut()?.0.push(std::mem::take(&mut nodes));
                }
                '}' if !self.open.is_empty() => nodes = self.close(nodes)?,
                '[' => nodes.push(self.class()?),
                '?' => nodes.push(Node::Single),
                '*' if self.rest.next_if_eq(&'*').is_some() => nodes.push(Node::Super),
                '*' => nodes.push(Node::Any),
                _ => nodes.push(Node::Text(self.text(c))),
            }
        }
        // gobwas: ast/parser.go does not mind a brace that is never closed.
        while !self.open.is_empty() {
            nodes = self.close(nodes)?;
        }
        Some(nodes)
    }

    fn close(&mut self, last: Vec<Node>) -> Option<Vec<Node>> {
        let (mut choices, mut before) = self.open.pop()?;
        choices.push(last);
        before.push(Node::Either(choices));
        Some(before)
    }

    fn text(&mut self, first: char) -> String {
        let mut text = String::new();
        let in_braces = !self.open.is_empty();
        let breaks = |c: char| "?*[{".contains(c) || (in_braces && "},".contains(c));
        if first != '\\' {
            text.push(first);
        } else if let Some(quoted) = self.rest.next() {
            text.push(quoted);
        }
        while let Some(c) = self.rest.next_if(|&c| !breaks(c)) {
            match c {
                '\\' => text.extend(self.rest.next()),
                _ => text.push(c),
            }
        }
        text
    }

    /// gobwas: one range or a list of characters, not both; a list may hold `-` behind its first.
    fn class(&mut self) -> Option<Node> {
        let not = self.rest.next_if_eq(&'!').is_some();
        let first = *self.rest.peek()?;
        let mut ahead = self.rest.clone();
        ahead.next();
        if ahead.next_if_eq(&'-').is_some() {
            self.rest = ahead;
            let hi = self.rest.next()?;
            let closed = self.rest.next()? == ']';
            return (closed && first <= hi).then(|| Node::Class { not, chars: vec![(first, hi)] });
        }
        let mut chars = Vec::new();
        while let Some(c) = self.rest.next() {
            match c {
                ']' if chars.is_empty() => return None,
                ']' => return Some(Node::Class { not, chars }),
                '\\' => chars.extend(self.rest.next().map(|c| (c, c))),
                _ => chars.push((c, c)),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, matching: &str) {
        let names = ["a.txt", "b.txt", "c.md", "cfg/c.txt", "cfg/d/e.txt", "cfg", "é.txt", "{x,y}"];
        let glob = Glob::new(pattern.as_bytes()).expect("the pattern is fine");
        let got: Vec<_> = names.into_iter().filter(|name| glob.matches(name)).collect();
        assert_eq!(got.join(" "), matching, "{pattern}");
    }

    #[test]
    fn stars_stop_at_slashes_unless_doubled() {
        check("*.txt", "a.txt b.txt é.txt");
        check("cfg/*", "cfg/c.txt");
        check("cfg/**.txt", "cfg/c.txt cfg/d/e.txt");
        check("**/c.txt", "cfg/c.txt");
        check("**", "a.txt b.txt c.md cfg/c.txt cfg/d/e.txt cfg é.txt {x,y}");
    }

    #[test]
    fn classes_choices_and_quoting() {
        check("[ab].txt", "a.txt b.txt");
        check("[!a].txt", "b.txt é.txt");
        check("[a-b].txt", "a.txt b.txt");
        check("?.txt", "a.txt b.txt é.txt");
        check("{a,c}.{txt,md}", "a.txt c.md");
        check("{a.txt,cfg/{c,d/e}.txt", "a.txt cfg/c.txt cfg/d/e.txt");
        check("\\{x,y\\}", "{x,y}");
        check("{cfg/,}c.{md,txt}", "c.md cfg/c.txt");
    }

    #[test]
    fn what_gobwas_refuses() {
        for pattern in ["[", "[]", "[!", "[a", "[b-a]", "[a-z0]"] {
            assert!(Glob::new(pattern.as_bytes()).is_none(), "{pattern}");
        }
    }
}
