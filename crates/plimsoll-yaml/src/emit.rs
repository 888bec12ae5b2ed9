//! YAML out, as go-yaml writes it.

use std::cmp::Ordering;

use crate::resolve::{Scalar, resolve};

/// What is written.
#[derive(Clone, Debug)]
pub enum Tree {
    /// null
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Tree>),
    /// A mapping with keys that are texts, in byte order.
    Map(Vec<(String, Tree)>),
}

/// Whose manner is followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Manner {
    /// go-yaml v2, what `toYaml` is written with.
    V2,
    /// go-yaml v3 with an indent of two, what `toYamlPretty` is written with.
    V3,
}

/// Writes a document; it ends with a line break.
pub fn emit(tree: &Tree, manner: Manner) -> String {
    let mut emitter = Emitter { out: String::new(), column: 0, manner };
    emitter.node(tree, None, Place::Root);
    if emitter.column > 0 {
        emitter.newline();
    }
    emitter.out
}

struct Emitter {
    out: String,
    column: usize,
    manner: Manner,
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    /// Behind a key and its colon.
    Value,
    /// Behind a dash.
    Item,
}

const WIDTH: usize = 80;

impl Emitter {
    fn newline(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn start_line(&mut self, indent: usize) {
        if self.column > 0 {
            self.newline();
        }
        (0..indent).for_each(|_| self.put(' '));
    }

    /// A node inside of one whose indent is `indent`, `None` at the root.
    fn node(&mut self, tree: &Tree, indent: Option<usize>, place: Place) {
        let deeper = indent.map_or(0, |indent| indent + 2);
        let blank = if place == Place::Value { " " } else { "" };
        match tree {
            Tree::List(items) if items.is_empty() => self.text(&format!("{blank}[]")),
            Tree::Map(entries) if entries.is_empty() => self.text(&format!("{blank}{{}}")),
            Tree::List(items) => {
                // go-yaml v2 does not indent sequences within mappings.
                let flush = self.manner == Manner::V2 && place == Place::Value;
                let own = if flush { indent.unwrap_or_default() } else { deeper };
                self.list(items, own, place);
            }
            Tree::Map(entries) => self.map(entries, deeper, place),
            Tree::Null => self.text(&format!("{blank}null")),
            Tree::Bool(value) => self.text(&format!("{blank}{value}")),
            Tree::Number(number) => self.text(&format!("{blank}{number}")),
            Tree::Text(text) => {
                self.text(blank);
                self.scalar(text, indent.map_or(2, |indent| indent + 2), false);
            }
        }
    }

    fn list(&mut self, items: &[Tree], indent: usize, place: Place) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 || place == Place::Value {
                self.start_line(indent);
            }
            self.text("- ");
            self.node(item, Some(indent), Place::Item);
        }
    }

    fn map(&mut self, entries: &[(String, Tree)], indent: usize, place: Place) {
        for (at, (key, value)) in sorted(entries, self.manner).into_iter().enumerate() {
            if at > 0 || place == Place::Value {
                self.start_line(indent);
            }
            if key.len() > 128 || key.contains('\n') {
                self.text("? ");
                self.scalar(key, indent + 2, true);
                self.start_line(indent);
                self.text(":");
            } else {
                self.scalar(key, indent + 2, true);
                self.text(":");
            }
            self.node(value, Some(indent), Place::Value);
        }
    }

    fn scalar(&mut self, text: &str, indent: usize, is_key: bool) {
        let facts = Facts::of(text, self.manner);
        match style(text, &facts, is_key, self.manner) {
            Style::Plain => self.plain(text, indent, is_key),
            Style::Single => self.single(text, indent, is_key),
            Style::Double => self.double(text, indent, is_key),
            Style::Literal => self.literal(text, indent),
        }
    }

    /// Whether the line is to be broken at a space; go-yaml v3 never does.
    fn breaks(&self, is_key: bool, spaces: bool) -> bool {
        !is_key && !spaces && self.manner == Manner::V2 && self.column > WIDTH
    }

    fn plain(&mut self, text: &str, indent: usize, is_key: bool) {
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let space = c == ' ';
            if space && self.breaks(is_key, spaces) && chars.peek() != Some(&' ') {
                self.start_line(indent);
            } else {
                self.put(c);
            }
            spaces = space;
        }
    }

    fn single(&mut self, text: &str, indent: usize, is_key: bool) {
        self.put('\'');
        let (mut spaces, mut first) = (false, true);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let space = c == ' ';
            let inside = !first && chars.peek().is_some_and(|&next| next != ' ');
            if space && inside && self.breaks(is_key, spaces) {
                self.start_line(indent);
            } else {
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
            }
            (spaces, first) = (space, false);
        }
        self.put('\'');
    }

    fn double(&mut self, text: &str, indent: usize, is_key: bool) {
        self.put('"');
        let (mut spaces, mut first) = (false, true);
        // go-yaml: is_bom looks at the start of the text, whatever place it is asked about.
        let all = text.starts_with('\u{feff}');
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let mut space = false;
            if all || !is_printable(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
            } else if c == ' ' {
                if !first && chars.peek().is_some() && self.breaks(is_key, spaces) {
                    self.start_line(indent);
                    if chars.peek() == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                space = true;
            } else {
                self.put(c);
            }
            (spaces, first) = (space, false);
        }
        self.put('"');
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let text = match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.text(&text);
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.put('|');
        if text.starts_with([' ', '\n']) {
            self.put('2');
        }
        match text.strip_suffix('\n') {
            None => self.put('-'),
            Some(rest) if rest.is_empty() || rest.ends_with('\n') => self.put('+'),
            Some(_) => {}
        }
        self.newline();
        let mut at_start = true;
        for c in text.chars() {
            if c == '\n' {
                self.newline();
                at_start = true;
                continue;
            }
            if at_start {
                (0..indent).for_each(|_| self.put(' '));
                at_start = false;
            }
            self.put(c);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

fn style(text: &str, facts: &Facts, is_key: bool, manner: Manner) -> Style {
    let wanted = if text.contains('\n') {
        Style::Literal
    } else if is_plain_text(text, manner) {
        Style::Plain
    } else {
        Style::Double
    };
    match wanted {
        Style::Literal if !facts.block_allowed || is_key => Style::Double,
        Style::Plain if facts.plain_allowed => Style::Plain,
        Style::Plain if facts.single_allowed => Style::Single,
        Style::Plain => Style::Double,
        style => style,
    }
}

fn is_plain_text(text: &str, manner: Manner) -> bool {
    if resolve(text) != Scalar::Text || is_base_60(text) {
        return false;
    }
    let octal = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text).strip_prefix("0o");
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b"01234567".contains(&b)))
    };
    manner == Manner::V2 || !octal(text)
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
fn is_base_60(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains(':') {
        return false;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        && whole.contains(':')
        && parts.all(|part| match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [ten @ b'0'..=b'5', digit] => ten.is_ascii_digit() && digit.is_ascii_digit(),
            _ => false,
        })
        && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// What libyaml's analysis finds out of a scalar.
struct Facts {
    plain_allowed: bool,
    single_allowed: bool,
    block_allowed: bool,
}

impl Facts {
    fn of(text: &str, manner: Manner) -> Facts {
        let (mut indicators, mut breaks, mut special, mut tabs) = (false, false, false, false);
        let (mut break_space, mut space_break) = (false, false);
        if text.starts_with("---") || text.starts_with("...") {
            indicators = true;
        }
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let ends = chars.peek().is_none_or(|&next| is_blank_or_break(next));
            indicators |= match (before, c) {
                (None, '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`') => true,
                (None, '?' | ':' | '-') | (Some(_), ':') => ends,
                (Some(before), '#') => is_blank_or_break(before) || before == '\0',
                _ => false,
            };
            if c == '\t' && manner == Manner::V3 {
                tabs = true;
            } else {
                special |= !is_printable(c);
            }
            if is_break(c) {
                breaks = true;
                space_break |= before == Some(' ');
            }
            break_space |= c == ' ' && before.is_some_and(is_break);
            before = Some(c);
        }
        let edge = |c: char| c == ' ' || is_break(c);
        let edges = text.starts_with(edge) || text.ends_with(edge);
        let banned = space_break || special;
        Facts {
            plain_allowed: !(indicators || breaks || edges || break_space || banned || tabs),
            single_allowed: !(break_space || banned || tabs),
            block_allowed: !(text.ends_with(' ') || banned),
        }
    }
}

const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn is_blank_or_break(c: char) -> bool {
    matches!(c, ' ' | '\t') || is_break(c)
}

const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

/// The entries in go-yaml's order of keys. It is no total order, so the sort must not expect one.
fn sorted(entries: &[(String, Tree)], manner: Manner) -> Vec<&(String, Tree)> {
    let mut sorted: Vec<&(String, Tree)> = entries.iter().collect();
    let less = |a: &str, b: &str| order(a, b, manner) == Ordering::Less;
    for at in 1..sorted.len() {
        let mut to = at;
        while to > 0 && less(&sorted[to].0, &sorted[to - 1].0) {
            sorted.swap(to, to - 1);
            to -= 1;
        }
    }
    sorted
}

/// go-yaml: sorter.go.
fn order(a: &str, b: &str, manner: Manner) -> Ordering {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let common = (0..=common).rev().find(|&at| a.is_char_boundary(at) && b.is_char_boundary(at));
    let common = common.unwrap_or_default();
    let (rest_a, rest_b) = (&a[common..], &b[common..]);
    let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.len().cmp(&rest_b.len());
    };
    let digit_before = a[..common].ends_with(|c: char| c.is_ascii_digit());
    match (first_a.is_alphabetic(), first_b.is_alphabetic()) {
        (true, true) => return first_a.cmp(&first_b),
        (false, false) => {}
        (a_letter, _) => {
            let letter_first = manner == Manner::V3 && digit_before;
            return if a_letter == letter_first { Ordering::Less } else { Ordering::Greater };
        }
    }
    let mut start = 0_i64;
    if first_a == '0' || first_b == '0' {
        let digits = a[..common].bytes().rev().take_while(u8::is_ascii_digit);
        start = i64::from(digits.into_iter().any(|digit| digit != b'0'));
    }
    let (number_a, length_a) = digits(rest_a, start);
    let (number_b, length_b) = digits(rest_b, start);
    number_a.cmp(&number_b).then(length_a.cmp(&length_b)).then(first_a.cmp(&first_b))
}

fn digits(text: &str, start: i64) -> (i64, usize) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.as_bytes()[..length].iter().fold(start, |number, digit| {
        number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'))
    });
    (number, length)
}
