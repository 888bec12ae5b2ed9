use std::fmt;
use std::fmt::Write;

use plimsoll_source::strconv;

use super::class::NOTHING;

/// Go counts nested expressions and gives up here.
const MOST_NESTED: usize = 1000;

/// The most copies that nested repetitions may make.
const MOST_COPIES: usize = 1000;

/// Why a pattern is none, in Go's words.
#[derive(Debug)]
pub(super) struct Error {
    code: &'static str,
    expression: String,
}

impl Error {
    pub(super) fn new(code: &'static str, expression: &[u8]) -> Error {
        Error { code, expression: String::from_utf8_lossy(expression).into_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.code, self.expression)
    }
}

/// A pattern for the `regex` crate.
pub(super) struct Parsed {
    /// Without flags of its own: every piece brings those that it needs.
    pub(super) pattern: String,
    /// The names of the groups, the whole match first.
    pub(super) names: Vec<Option<String>>,
}

/// Reads a pattern in Go's syntax. For an `ascii` text it is written so that bytes are matched,
/// which makes for a far smaller automaton: `.` and `[^a]` are hundreds of states in UTF-8.
pub(super) fn parse(pattern: &[u8], ascii: bool) -> Result<Parsed, Error> {
    let mut parser = Parser {
        pattern,
        at: 0,
        ascii,
        flags: Flags::default(),
        out: String::with_capacity(pattern.len() * 2),
        names: vec![None],
        levels: vec![Level::default()],
        last_repeat: None,
    };
    while parser.at < pattern.len() {
        parser.step()?;
    }
    if parser.levels.len() > 1 {
        return Err(Error::new("missing closing )", pattern));
    }
    Ok(Parsed { pattern: parser.out, names: parser.names })
}

#[derive(Clone, Copy, Default)]
struct Flags {
    /// `i`
    fold: bool,
    /// `m`
    lines: bool,
    /// `s`
    dot_all: bool,
    /// `U`
    lazy: bool,
}

/// What a repetition repeats: the last piece that was written.
#[derive(Clone, Copy)]
struct Atom {
    /// Where in the output it starts.
    start: usize,
    weight: Weight,
}

/// What Go limits of an expression.
#[derive(Clone, Copy)]
struct Weight {
    /// How many copies of its innermost part its repetitions make.
    copies: usize,
    /// How deeply expressions are nested in it.
    height: usize,
}

const LEAF: Weight = Weight { copies: 1, height: 1 };

/// A group that is open, or the whole pattern.
#[derive(Default)]
struct Level {
    /// Where in the output it starts.
    start: usize,
    captures: bool,
    /// The flags outside of it.
    flags: Flags,
    /// The last piece of the branch that is being read.
    atom: Option<Atom>,
    /// How many pieces the branch has.
    pieces: usize,
    branches: usize,
    /// The largest copies of the level's pieces so far.
    copies: usize,
    /// The largest height of the branch's pieces and of the branches so far.
    piece_height: usize,
    branch_height: usize,
}

impl Level {
    fn push(&mut self, atom: Atom) {
        self.settle();
        self.pieces += 1;
        self.atom = Some(atom);
    }

    /// Counts the last piece, which nothing can repeat any more.
    fn settle(&mut self) {
        if let Some(atom) = self.atom.take() {
            self.copies = self.copies.max(atom.weight.copies);
            self.piece_height = self.piece_height.max(atom.weight.height);
        }
    }

    fn end_branch(&mut self) {
        self.settle();
        let height = if self.pieces > 1 { self.piece_height + 1 } else { self.piece_height.max(1) };
        self.branch_height = self.branch_height.max(height);
        self.branches += 1;
        (self.pieces, self.piece_height) = (0, 0);
    }

    fn weight(&self) -> Weight {
        let height = if self.branches > 1 { self.branch_height + 1 } else { self.branch_height };
        Weight { copies: self.copies.max(1), height: height + usize::from(self.captures) }
    }
}

pub(super) struct Parser<'a> {
    pub(super) pattern: &'a [u8],
    pub(super) at: usize,
    /// Whether the text is ASCII.
    pub(super) ascii: bool,
    flags: Flags,
    out: String,
    names: Vec<Option<String>>,
    levels: Vec<Level>,
    /// Where the repetition starts that was read last, if nothing came behind it.
    last_repeat: Option<usize>,
}

impl Parser<'_> {
    fn step(&mut self) -> Result<(), Error> {
        let last_repeat = self.last_repeat.take();
        match self.pattern[self.at] {
            b'(' if self.pattern.get(self.at + 1) == Some(&b'?') => self.flags_or_group(),
            b'(' => {
                self.at += 1;
                self.open_capture(None);
                Ok(())
            }
            b')' => self.close(),
            b'|' => {
                self.at += 1;
                self.level().end_branch();
                self.out.push('|');
                Ok(())
            }
            b'*' | b'+' | b'?' => {
                let repeat = match self.pattern[self.at] {
                    b'*' => Repeat { sign: "*".into(), least: 0, most: Some(0) },
                    b'+' => Repeat { sign: "+".into(), least: 0, most: Some(0) },
                    _ => Repeat { sign: "?".into(), least: 0, most: Some(0) },
                };
                self.repeat(&repeat, 1, last_repeat)
            }
            b'{' => match self.counted()? {
                Some((repeat, len)) => self.repeat(&repeat, len, last_repeat),
                None => self.literal(),
            },
            b'^' => self.piece(1, if self.flags.lines { "(?m:^)" } else { r"\A" }),
            b'$' => self.piece(1, if self.flags.lines { "(?m:$)" } else { r"\z" }),
            b'.' => self.piece(1, self.dot()),
            b'[' => {
                let class = self.bracketed()?;
                self.push_class(&class)
            }
            b'\\' => self.backslash(),
            _ => self.literal(),
        }
    }

    fn dot(&self) -> &'static str {
        match (self.flags.dot_all, self.ascii) {
            (false, false) => ".",
            (false, true) => "(?-u:.)",
            (true, false) => "(?s:.)",
            (true, true) => "(?s-u:.)",
        }
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the whole pattern is a level that never closes")
    }

    fn backslash(&mut self) -> Result<(), Error> {
        match self.pattern.get(self.at + 1) {
            Some(b'A') => self.piece(2, r"\A"),
            Some(b'z') => self.piece(2, r"\z"),
            Some(b'b') => self.piece(2, r"(?-u:\b)"),
            Some(b'B') => self.piece(2, r"(?-u:\B)"),
            Some(b'C') => {
                Err(Error::new("invalid escape sequence", &self.pattern[self.at..self.at + 2]))
            }
            Some(b'Q') => self.quoted(),
            _ => {
                if let Some(class) = self.unicode()? {
                    return self.push_class(&class);
                }
                if let Some(class) = self.perl() {
                    return self.push_class(&class);
                }
                let rune = self.escape()?;
                self.push_rune(rune)
            }
        }
    }

    /// `\Q…\E`: the `\E` may be missing.
    fn quoted(&mut self) -> Result<(), Error> {
        self.at += 2;
        let rest = &self.pattern[self.at..];
        let found = memchr::memmem::find(rest, br"\E");
        let end = self.at + found.unwrap_or(rest.len());
        while self.at < end {
            self.literal()?;
        }
        self.at = end + if found.is_some() { 2 } else { 0 };
        Ok(())
    }

    fn literal(&mut self) -> Result<(), Error> {
        let rune = self.rune()?;
        self.push_rune(Some(rune))
    }

    /// Writes one character; without one, which is a surrogate, what matches nothing.
    fn push_rune(&mut self, rune: Option<char>) -> Result<(), Error> {
        let Some(rune) = rune else { return self.piece(0, NOTHING) };
        let start = self.out.len();
        let fold = self.flags.fold && (rune.is_alphabetic() || !rune.is_ascii());
        if fold {
            self.out.push_str(if self.ascii && rune.is_ascii() { "(?i-u:" } else { "(?i:" });
        }
        if rune.is_alphanumeric() {
            self.out.push(rune);
        } else {
            write!(self.out, r"\x{{{:x}}}", u32::from(rune)).expect("writing to a string succeeds");
        }
        if fold {
            self.out.push(')');
        }
        self.push_atom(start, LEAF)
    }

    fn push_class(&mut self, class: &str) -> Result<(), Error> {
        // Classes of Unicode's need Unicode.
        let bytes = self.ascii && !class.contains(r"\p");
        match (self.flags.fold, bytes) {
            (false, false) => self.piece(0, class),
            (false, true) => self.piece(0, &format!("(?-u:{class})")),
            (true, false) => self.piece(0, &format!("(?i:{class})")),
            (true, true) => self.piece(0, &format!("(?i-u:{class})")),
        }
    }

    /// Skips bytes of the pattern and writes a piece for them.
    fn piece(&mut self, skip: usize, piece: &str) -> Result<(), Error> {
        self.at += skip;
        let start = self.out.len();
        self.out.push_str(piece);
        self.push_atom(start, LEAF)
    }

    fn push_atom(&mut self, start: usize, weight: Weight) -> Result<(), Error> {
        if weight.height > MOST_NESTED {
            return Err(Error::new("expression nests too deeply", self.pattern));
        }
        self.level().push(Atom { start, weight });
        Ok(())
    }

    fn open_capture(&mut self, name: Option<String>) {
        self.names.push(name);
        self.open(true);
    }

    fn open(&mut self, captures: bool) {
        let start = self.out.len();
        self.out.push_str(if captures { "(" } else { "(?:" });
        self.levels.push(Level { start, captures, flags: self.flags, ..Level::default() });
    }

    fn close(&mut self) -> Result<(), Error> {
        if self.levels.len() == 1 {
            return Err(Error::new("unexpected )", self.pattern));
        }
        let mut level = self.levels.pop().expect("there are several levels");
        level.end_branch();
        self.at += 1;
        self.out.push(')');
        self.flags = level.flags;
        self.push_atom(level.start, level.weight())
    }

    /// Reads `(?flags)`, `(?flags:` or `(?P<name>`.
    fn flags_or_group(&mut self) -> Result<(), Error> {
        let start = self.at;
        let rest = &self.pattern[start..];
        if rest.len() > 4 && rest.starts_with(b"(?P<") {
            return self.named_group(4);
        }
        if rest.len() > 3 && rest.starts_with(b"(?<") {
            return self.named_group(3);
        }
        self.at += 2;
        let mut flags = self.flags;
        let (mut on, mut seen) = (true, false);
        while self.at < self.pattern.len() {
            let flag = self.rune()?;
            match flag {
                'i' => flags.fold = on,
                'm' => flags.lines = on,
                's' => flags.dot_all = on,
                'U' => flags.lazy = on,
                '-' if on => {
                    (on, seen) = (false, false);
                    continue;
                }
                ':' | ')' if on || seen => {
                    if flag == ':' {
                        self.open(false);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            seen = true;
        }
        Err(Error::new("invalid or unsupported Perl syntax", &self.pattern[start..self.at]))
    }

    fn named_group(&mut self, prefix: usize) -> Result<(), Error> {
        const INVALID: &str = "invalid named capture";
        let start = self.at;
        let rest = &self.pattern[start..];
        let Some(end) = memchr::memchr(b'>', rest) else {
            return Err(self.invalid_utf8(start).unwrap_or(Error::new(INVALID, rest)));
        };
        let name = &rest[prefix..end];
        if let Ok(name) = std::str::from_utf8(name) {
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(Error::new(INVALID, &rest[..=end]));
            }
            self.at += end + 1;
            self.open_capture(Some(name.to_owned()));
            return Ok(());
        }
        Err(self.invalid_utf8(start + prefix).unwrap_or(Error::new(INVALID, name)))
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; anything else is a literal `{`.
    fn counted(&mut self) -> Result<Option<(Repeat, usize)>, Error> {
        let rest = &self.pattern[self.at..];
        let Some((least, most, len)) = counts(rest) else { return Ok(None) };
        let Some(least) = least else { return Err(self.bad_count(len)) };
        match most {
            Most::Number(most) if most > MOST_COPIES || least > most => Err(self.bad_count(len)),
            _ if least > MOST_COPIES => Err(self.bad_count(len)),
            Most::Number(most) => {
                let sign = format!("{{{least},{most}}}");
                Ok(Some((Repeat { sign, least, most: Some(most) }, len)))
            }
            Most::Endless => {
                Ok(Some((Repeat { sign: format!("{{{least},}}"), least, most: None }, len)))
            }
        }
    }

    fn bad_count(&self, len: usize) -> Error {
        Error::new("invalid repeat count", &self.pattern[self.at..self.at + len])
    }

    /// Repeats the last piece; `len` is how long the operator is without its `?`.
    fn repeat(
        &mut self,
        repeat: &Repeat,
        len: usize,
        last_repeat: Option<usize>,
    ) -> Result<(), Error> {
        let start = self.at;
        self.at += len;
        let swapped = self.pattern.get(self.at) == Some(&b'?');
        self.at += usize::from(swapped);
        let written = |from: usize| &self.pattern[from..self.at];
        if let Some(last) = last_repeat {
            return Err(Error::new("invalid nested repetition operator", written(last)));
        }
        let missing = Error::new("missing argument to repetition operator", written(start));
        let bad_count = Error::new("invalid repeat count", written(start));
        let atom = self.level().atom.take().ok_or(missing)?;
        let Some(weight) = repeat.weigh(atom.weight) else { return Err(bad_count) };
        self.out.insert_str(atom.start, "(?:");
        self.out.push(')');
        self.out.push_str(&repeat.sign);
        if swapped != self.flags.lazy {
            self.out.push('?');
        }
        if weight.height > MOST_NESTED {
            return Err(Error::new("expression nests too deeply", self.pattern));
        }
        self.level().atom = Some(Atom { start: atom.start, weight });
        self.last_repeat = Some(start);
        Ok(())
    }

    /// Reads a character.
    pub(super) fn rune(&mut self) -> Result<char, Error> {
        let rest = &self.pattern[self.at..];
        if rest.is_empty() {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let (rune, width) = strconv::decode_rune(rest);
        self.at += width;
        rune.ok_or_else(|| Error::new("invalid UTF-8", rest))
    }

    pub(super) fn peek_is(&self, test: impl Fn(u8) -> bool) -> bool {
        self.pattern.get(self.at).is_some_and(|byte| test(*byte))
    }

    /// The error of the first invalid byte from `start` on.
    pub(super) fn invalid_utf8(&self, start: usize) -> Option<Error> {
        let rest = &self.pattern[start..];
        let valid = std::str::from_utf8(rest).err()?.valid_up_to();
        Some(Error::new("invalid UTF-8", &rest[valid..]))
    }
}

/// A repetition operator.
struct Repeat {
    /// As the `regex` crate reads it.
    sign: String,
    least: usize,
    /// `None` without end, and 0 for the operators that are no counts.
    most: Option<usize>,
}

impl Repeat {
    /// What the repetition weighs; `None` where the copies are too many.
    /// (go: repeatIsValid looks at counts of two and more alone)
    fn weigh(&self, inner: Weight) -> Option<Weight> {
        let height = inner.height + 1;
        let plain = !self.sign.starts_with('{');
        let times = self.most.unwrap_or(self.least);
        let copies = match times {
            _ if plain => inner.copies,
            0 if self.most.is_some() => 1,
            times => inner.copies * times.max(1),
        };
        let checked = self.least >= 2 || self.most.is_some_and(|most| most >= 2);
        (plain || !checked || copies <= MOST_COPIES).then_some(Weight { copies, height })
    }
}

enum Most {
    Number(usize),
    Endless,
}

/// The least and most of `{…}` and its length; no least where a number is too large to read.
fn counts(text: &[u8]) -> Option<(Option<usize>, Most, usize)> {
    let (least, mut at) = count(text, 1)?;
    let mut most = Most::Number(least.unwrap_or(0));
    let mut readable = least;
    if text.get(at) == Some(&b',') {
        at += 1;
        if text.get(at) == Some(&b'}') {
            most = Most::Endless;
        } else {
            let (number, end) = count(text, at)?;
            readable = readable.filter(|_| number.is_some());
            most = Most::Number(number.unwrap_or(0));
            at = end;
        }
    }
    (text.get(at) == Some(&b'}')).then_some((readable, most, at + 1))
}

/// A number without leading zeros and where it ends; no number where it is too large.
fn count(text: &[u8], start: usize) -> Option<(Option<usize>, usize)> {
    let digits = text.get(start..)?;
    let len = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if len == 0 || len > 1 && digits[0] == b'0' {
        return None;
    }
    let number = std::str::from_utf8(&digits[..len]).ok()?;
    Some((number.parse().ok().filter(|_| len <= 9), start + len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, want: &str) {
        let got = match parse(pattern.as_bytes(), false) {
            Ok(parsed) => {
                regex_automata::meta::Regex::new(&parsed.pattern).expect("this is a pattern");
                parsed.pattern
            }
            Err(error) => error.to_string().replace("error parsing regexp: ", ""),
        };
        assert_eq!(got, want, "{pattern}");
    }

    #[test]
    fn patterns_are_rewritten() {
        check("a.b$", r"a.b\z");
        check("(?is)A.(?-i:B)", r"(?i:A)(?s:.)(?:B)");
        check("(?m)^a$", r"(?m:^)a(?m:$)");
        check(r"\d+\b", r"(?:[0-9])+(?-u:\b)");
        check("(?U)a+?b*", "(?:a)+(?:b)*?");
        check(r"\Qa.\E{", r"a\x{2e}\x{7b}");
        check(
            "[a-z&&[:alpha:]^]",
            r"[\x{61}-\x{7a}\x{26}-\x{26}\x{26}-\x{26}[[:alpha:]]\x{5e}-\x{5e}]",
        );
        check(r"[^\x{D7FF}-\x{E001}]", r"[^\x{d7ff}-\x{d7ff}\x{e000}-\x{e001}]");
        check(r"\pL[\P{^Greek}]", r"\p{L}[\p{Greek}]");
        check("(?P<n>a)|(?<n>b)", "(a)|(b)");
        check("a{2}{", r"(?:a){2,2}\x{7b}");
        check("a(?i)*", "(?:a)*");
    }

    #[test]
    fn ascii_texts_are_matched_by_bytes() {
        let pattern = |pattern: &str| parse(pattern.as_bytes(), true).unwrap().pattern;
        assert_eq!(pattern("[^a-é]."), r"(?-u:[^\x{61}-\x{7f}])(?-u:.)");
        assert_eq!(pattern(r"(?i)[k\pL]k"), r"(?i:[\x{6b}-\x{6b}\p{L}])(?i-u:k)");
    }

    #[test]
    fn what_go_refuses_is_refused() {
        check("a**", "invalid nested repetition operator: `**`");
        check("a+??*", "invalid nested repetition operator: `+??`");
        check("(|*)", "missing argument to repetition operator: `*`");
        check("a{1001}", "invalid repeat count: `{1001}`");
        check("(a{100}){11}", "invalid repeat count: `{11}`");
        check("a{3,2}", "invalid repeat count: `{3,2}`");
        check("a)", "unexpected ): `a)`");
        check("(?i", "invalid or unsupported Perl syntax: `(?i`");
        check("(?P<a-b>x)", "invalid named capture: `(?P<a-b>`");
        check("[[:foo:]]", "invalid character class range: `[:foo:]`");
        check("[a", "missing closing ]: `[a`");
        check(r"\p{Old_Italic}", r"invalid character class range: `\p{Old_Italic}`");
        check(&"(".repeat(1001), &format!("missing closing ): `{}`", "(".repeat(1001)));
        let deep = format!("{}a{}", "(".repeat(1001), ")".repeat(1001));
        check(&deep, &format!("expression nests too deeply: `{deep}`"));
    }
}
