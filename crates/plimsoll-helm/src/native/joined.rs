//! The engine bounds steps, not the texts that operators make. So templates are run with a filter
//! behind each operand of `~`, `+`, `*`, `|` and comparisons, behind products and behind slices: it
//! counts.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

/// The filter of what is an operand, and that of what becomes text as a whole.
pub(super) const OPERAND: &str = "plimsoll_operand";
pub(super) const WHOLE: &str = "plimsoll_whole";

/// A template's text as it is run.
pub(super) struct Counted {
    pub(super) text: String,
    /// Where something was put into the template's own text, and how many bytes.
    put: Vec<(usize, usize)>,
}

impl Counted {
    /// A text that is no template stays as it is.
    pub(super) fn new(source: &str, syntax: SyntaxConfig) -> Counted {
        let mut scan = Scan { levels: vec![Level::default()], ..Scan::default() };
        for token in tokenize(source, false, syntax) {
            let Ok((token, span)) = token else { break };
            scan.step(&token, span.start_offset as usize, span.end_offset as usize);
        }
        scan.put.sort_by_key(|(at, _)| *at);
        let (mut text, mut from) = (String::with_capacity(source.len() + 64), 0);
        for (at, piece) in &scan.put {
            text.push_str(&source[from..*at]);
            text.push_str(piece);
            from = *at;
        }
        text.push_str(&source[from..]);
        Counted { text, put: scan.put.iter().map(|(at, piece)| (*at, piece.len())).collect() }
    }

    /// The place in the template's own text of one in the text that is run.
    pub(super) fn original(&self, place: usize) -> usize {
        let mut before = 0;
        for (at, length) in &self.put {
            if place < at + before + length {
                return place.min(at + before) - before;
            }
            before += length;
        }
        place - before
    }
}

/// What stands between two brackets, up to the token that is looked at.
#[derive(Default)]
struct Level {
    /// Where the operands begin that `*` and the like join.
    start: Option<usize>,
    /// The filter behind the operand, if it is to be counted.
    counted: Option<&'static str>,
    has_product: bool,
    has_test: bool,
    /// The operand is asked with `is`, which gives true or false: there is nothing to count.
    is_tested: bool,
    has_colon: bool,
}

#[derive(Default)]
struct Scan {
    levels: Vec<Level>,
    /// The end of the token before, if an operand may end with it.
    operand: Option<usize>,
    /// The next name is that of a statement.
    is_tag: bool,
    /// The next `in` is that of a loop.
    is_for: bool,
    put: Vec<(usize, String)>,
}

impl Scan {
    fn step(&mut self, token: &Token<'_>, start: usize, end: usize) {
        use Token::{
            BraceClose, BraceOpen, BracketClose, BracketOpen, Ident, ParenClose, ParenOpen,
        };
        use Token::{Float, Int, Int128, Str, String};
        let is_tag = std::mem::replace(&mut self.is_tag, matches!(token, Token::BlockStart));
        let mut is_sign = false;
        let is_operand = match token {
            Ident(name) if is_tag => {
                self.is_for = *name == "for";
                false
            }
            Ident(name) => self.name(name),
            Str(_) | String(_) | Int(_) | Int128(_) | Float(_) => true,
            ParenClose | BracketClose | BraceClose => {
                self.close(matches!(token, BracketClose));
                true
            }
            ParenOpen | BracketOpen | BraceOpen | Token::Dot => false,
            Token::Pipe => {
                self.put.extend(self.operand.map(|end| (end, format!("|{OPERAND}"))));
                false
            }
            _ => {
                is_sign = matches!(token, Token::Minus) && self.operand.is_none();
                self.sign(token);
                false
            }
        };
        let level = self.levels.last_mut().expect("the outermost stays");
        if is_operand || is_sign || matches!(token, ParenOpen | BracketOpen | BraceOpen) {
            level.start.get_or_insert(start);
        }
        if matches!(token, ParenOpen | BracketOpen | BraceOpen) {
            self.levels.push(Level::default());
        }
        self.operand = is_operand.then_some(end);
    }

    /// Whether a name may end an operand.
    fn name(&mut self, name: &str) -> bool {
        let is_word = ["and", "or", "not", "if", "else", "in"].contains(&name);
        let level = self.levels.last_mut().expect("the outermost stays");
        if name == "is" {
            level.has_test = true;
            level.is_tested = true;
        } else if self.operand.is_some() && (is_word || !level.has_test) {
            self.end(None);
        }
        // What is compared is looked at as a whole, and a loop's `in` compares nothing.
        if name == "in" && !std::mem::take(&mut self.is_for) {
            self.levels.last_mut().expect("the outermost stays").counted = Some(WHOLE);
        }
        !is_word && name != "is"
    }

    /// An operator, or what ends an expression.
    fn sign(&mut self, token: &Token<'_>) {
        use Token::{Colon, Div, Eq, FloorDiv, Gt, Gte, Lt, Lte};
        use Token::{Minus, Mod, Mul, Ne, Plus, Pow, Tilde};
        let level = self.levels.last_mut().expect("the outermost stays");
        level.has_colon |= matches!(token, Colon);
        match token {
            // A sign of the operand to come, or perhaps of a test's argument.
            Minus if level.has_test || self.operand.is_none() => {}
            Plus if level.has_test => {}
            Mul | Div | FloorDiv | Mod | Pow if self.operand.is_some() => {
                level.has_product |= matches!(token, Mul);
                self.end_operand(matches!(token, Mul).then_some(OPERAND));
            }
            Plus => self.end(Some(OPERAND)),
            Tilde | Eq | Ne | Gt | Gte | Lt | Lte => self.end(Some(WHOLE)),
            _ => self.end(None),
        }
    }

    fn close(&mut self, is_bracket: bool) {
        self.end(None);
        let inner = if self.levels.len() > 1 { self.levels.pop() } else { None };
        let is_slice = is_bracket && inner.is_some_and(|inner| inner.has_colon);
        if is_slice {
            let level = self.levels.last_mut().expect("the outermost stays");
            level.counted.get_or_insert(OPERAND);
        }
    }

    /// The end of an operand; `next` is what the operator behind it asks of both its operands.
    fn end_operand(&mut self, next: Option<&'static str>) {
        let level = self.levels.last_mut().expect("the outermost stays");
        let before = std::mem::replace(&mut level.counted, next);
        let filter = if before == Some(WHOLE) { before } else { next.or(before) };
        let is_tested = std::mem::take(&mut level.is_tested);
        if let Some((end, filter)) = self.operand.zip(filter).filter(|_| !is_tested) {
            self.put.push((end, format!("|{filter}")));
        }
    }

    /// The end of operands that `*` and the like join.
    fn end(&mut self, next: Option<&'static str>) {
        self.end_operand(next);
        let level = self.levels.last_mut().expect("the outermost stays");
        let start = level.start.take();
        let is_product = std::mem::take(&mut level.has_product);
        let has_test = std::mem::take(&mut level.has_test);
        let ends = start.zip(self.operand).filter(|_| is_product && !has_test);
        if let Some((start, end)) = ends {
            self.put.push((start, "(".to_owned()));
            self.put.push((end, format!(")|{OPERAND}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, want: &str) {
        let counted = Counted::new(source, SyntaxConfig::default());
        let text = counted.text.replace(&format!("|{OPERAND}"), "!");
        assert_eq!(text.replace(&format!("|{WHOLE}"), "^"), want);
        for (at, c) in source.char_indices() {
            let place = (0..counted.text.len()).rfind(|&place| counted.original(place) == at);
            assert_eq!(counted.text[place.expect("it is there")..].chars().next(), Some(c));
        }
    }

    #[test]
    fn operands_are_counted() {
        check("a ~ b {{ a ~ b }} c", "a ~ b {{ a^ ~ b^ }} c");
        check("{{ a.b[c + 1] ~ f(x)|g ~ -d }}", "{{ a.b[c! + 1!]^ ~ f(x)!|g^ ~ -d^ }}");
        check("{% set x = a ~ b if c else d + 'e' %}", "{% set x = a^ ~ b^ if c else d! + 'e'! %}");
        check("{{ [a - b, {c ~ d: -e + 1}] }}", "{{ [a - b, {c^ ~ d^: -e! + 1!}] }}");
        check("{{ f(*g, h=i + j)|k(l ~ m) }}", "{{ f(*g, h=i! + j!)!|k(l^ ~ m^) }}");
        check("{% for x in a + b recursive %}", "{% for x in a! + b! recursive %}");
        check(
            "{# a ~ b #}{% raw %}{{ a ~ b }}{% endraw %}",
            "{# a ~ b #}{% raw %}{{ a ~ b }}{% endraw %}",
        );
    }

    #[test]
    fn products_and_slices_are_counted() {
        check("{{ a * 2 }}", "{{ (a! * 2!)! }}");
        check("{{ a ~ b * c / d ~ e }}", "{{ a^ ~ (b^ * c! / d^)! ~ e^ }}");
        check("{{ s[1:] }}{{ s[1] }}", "{{ s[1:]! }}{{ s[1] }}");
    }

    #[test]
    fn tests_are_left_alone() {
        check(
            "{{ a ~ b is eq c and d is divisibleby -3 }}",
            "{{ a^ ~ b is eq c and d is divisibleby -3 }}",
        );
        check("{{ a == b and c - d < e }}", "{{ a^ == b^ and c - d^ < e^ }}");
        check("{{ a is not in b }}{{ a ~ ", "{{ a is not in b }}{{ a^ ~ ");
        check(
            "{% for a, b in c if a in b %}{{ d not in e }}",
            "{% for a, b in c if a in b^ %}{{ d not in e^ }}",
        );
    }

    /// A number below `most`, the next of a sequence.
    fn below(seed: &mut u64, most: u64) -> u64 {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) % most
    }

    fn expression(seed: &mut u64, depth: u64) -> String {
        let kind = if depth == 0 { below(seed, 8) } else { below(seed, 28) };
        let mut inner = || expression(seed, depth.saturating_sub(1));
        match kind {
            0 => "a".to_owned(),
            1 => "2".to_owned(),
            2 => "'t'".to_owned(),
            3 => "m.k".to_owned(),
            4 => "xs".to_owned(),
            5 => "1.5".to_owned(),
            6 => "none".to_owned(),
            7 => "m['k']".to_owned(),
            8 => format!("{} ~ {}", inner(), inner()),
            9 => format!("{} + {}", inner(), inner()),
            10 => format!("{} * {}", inner(), inner()),
            11 => format!("{} - {}", inner(), inner()),
            12 => format!("({})", inner()),
            13 => format!("-{}", inner()),
            14 => format!("(not {})", inner()),
            15 => format!("{} if {} else {}", inner(), inner(), inner()),
            16 => format!("{} == {} and {}", inner(), inner(), inner()),
            17 => format!("{}|default({})|string", inner(), inner()),
            18 => format!("[{}, {}]", inner(), inner()),
            19 => format!("{{'k': {}}}['k']", inner()),
            20 => format!("({} is defined or {} is not string)", inner(), inner()),
            21 => format!("f({}, y={})", inner(), inner()),
            22 => format!("{}[1:]", inner()),
            23 => format!("(a is eq {} or 2 is lt {})", inner(), inner()),
            24 => format!("xs[{}]", inner()),
            25 => format!("{} % 2 / {} <= {}", inner(), inner(), inner()),
            26 => format!("m.k.upper() ~ ({}, {})[0]", inner(), inner()),
            _ => format!("{} in {} // 2 ** {}", inner(), inner(), inner()),
        }
    }

    fn template(seed: &mut u64) -> String {
        let mut one = || expression(seed, 3);
        let (a, b, c, d) = (one(), one(), one(), one());
        match below(seed, 9) {
            0 => format!("{{% set v = {a} %}}{{{{ v ~ ({b}) }}}}"),
            1 => format!(
                "{{% for x in [{a}, {b}] if {c} %}}{{{{ x }}}},{{% else %}}{{{{ {d} }}}}{{% endfor %}}"
            ),
            2 => format!("{{% if {a} %}}{{{{ {b} }}}}{{% elif {c} %}}x{{% endif %}}"),
            3 => {
                format!("{{% macro g(p={a}) %}}<{{{{ p }}}}>{{% endmacro %}}{{{{ g() ~ g({b}) }}}}")
            }
            4 => format!("{{% filter replace({a}, {b}) %}}{{{{ {c} }}}}{{% endfilter %}}"),
            5 => format!(
                "{{% set v %}}{{{{ {a} }}}}{{% endset %}}{{% do f({b}, y={c}) %}}{{{{ v }}}}"
            ),
            6 => format!(
                "{{% macro g(p, q=2) %}}{{{{ p }}}}{{{{ caller() }}}}{{% endmacro %}}{{% call g({a}, q={b}) %}}{{{{ {c} }}}}{{% endcall %}}"
            ),
            7 => format!(
                "{{% set v, w = {a}, {b} %}}{{% for x, y in {{'a': {c}}}|items recursive %}}{{{{ x ~ y ~ loop.index * 2 }}}}{{% endfor %}}{{{{ v ~ w }}}}"
            ),
            _ => {
                format!("{{{{ {a} }}}}{{% with v = {b}, w = {c} %}}{{{{ v ~ w }}}}{{% endwith %}}")
            }
        }
    }

    #[test]
    fn counted_templates_give_what_they_gave() {
        let mut env = minijinja::Environment::new();
        for name in [OPERAND, WHOLE] {
            env.add_filter(name, |value: minijinja::Value| value);
        }
        env.add_function("f", |x: minijinja::Value, options: minijinja::value::Kwargs| {
            let y: minijinja::Value = options.get("y")?;
            Ok::<_, minijinja::Error>(format!("{x};{y}"))
        });
        let values =
            minijinja::context! { a => 7, xs => [1, 2, 3], m => minijinja::context! { k => "v" } };
        let (mut seed, mut rendered) = (1, 0);
        for _ in 0..20_000 {
            let source = template(&mut seed);
            let counted = Counted::new(&source, SyntaxConfig::default());
            let plain = env.render_str(&source, &values);
            let ours = env.render_str(&counted.text, &values);
            rendered += u32::from(plain.is_ok());
            // What is no template is refused either way, perhaps for another reason.
            let [plain, ours] = [plain.ok(), ours.ok()];
            assert_eq!(ours, plain, "{source}\n{}", counted.text);
        }
        assert!(rendered > 4_000, "only {rendered} of them render");
    }
}
