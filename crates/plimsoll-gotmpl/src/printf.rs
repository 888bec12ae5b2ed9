use std::ops::Range;

use plimsoll_source::strconv;

use crate::value::fmt::{Printer, Spec};
use crate::value::{Text, Value};

/// Go's `fmt.Sprintf`, with all its complaints (`%!d(string=x)`, `%!s(MISSING)`).
///
/// The marks of the format and of texts printed by `%s` and `%v` are kept.
pub fn sprintf(format: &Text, args: &[Value]) -> Text {
    let mut run =
        Run { format, args, at: 0, next: 0, reordered: false, printer: Printer::default() };
    while run.at < format.len() {
        let rest = &format[run.at..];
        let literal = rest.iter().position(|c| *c == b'%').unwrap_or(rest.len());
        run.literal(run.at..run.at + literal);
        run.at += literal;
        if run.at < format.len() {
            run.at += 1;
            run.directive();
        }
    }
    run.extra();
    run.printer.out.finish()
}

/// Go refuses widths, precisions and indexes beyond this, checked before each further digit.
const TOO_LARGE: i64 = 1_000_000;

struct Run<'a> {
    format: &'a Text,
    args: &'a [Value],
    /// The byte to read next.
    at: usize,
    /// The argument to print next.
    next: usize,
    /// Whether an argument index was seen: then arguments left over are no mistake.
    reordered: bool,
    printer: Printer,
}

/// What is known of the directive that is being read.
struct Directive {
    spec: Spec,
    /// The argument index names an argument, and stands where it may.
    index_fits: bool,
    /// An index was the last thing read.
    after_index: bool,
}

impl Run<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn put(&mut self, text: &str) {
        self.printer.out.push_bytes(text.as_bytes());
    }

    fn literal(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.printer.out.push_range(self.format, range, plimsoll_source::Origin::NONE);
        }
    }

    /// One `%…` of the format, from behind the percent sign.
    fn directive(&mut self) {
        let spec = self.flags();
        let mut directive = Directive { spec, index_fits: true, after_index: false };
        self.index(&mut directive);
        self.width(&mut directive);
        self.precision(&mut directive);
        if !directive.after_index {
            self.index(&mut directive);
        }
        self.verb(&directive);
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(c) = self.peek() {
            match c {
                b'#' => spec.sharp = true,
                b'0' => spec.zero = true,
                b'+' => spec.plus = true,
                b'-' => spec.minus = true,
                b' ' => spec.space = true,
                _ => break,
            }
            self.at += 1;
        }
        spec
    }

    /// An argument index such as `[2]`, if there is one.
    fn index(&mut self, directive: &mut Directive) {
        directive.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        // Go looks for the bracket only where `[n]` could stand.
        let close = rest.iter().position(|c| *c == b']').filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            directive.index_fits = false;
            self.at += 1;
            return;
        };
        let number = whole_number(&rest[1..close]);
        self.at += close + 1;
        directive.after_index = number.is_some();
        match number.and_then(|number| usize::try_from(number - 1).ok()) {
            Some(index) if index < self.args.len() => self.next = index,
            _ => directive.index_fits = false,
        }
    }

    fn width(&mut self, directive: &mut Directive) {
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.star() {
                None => self.put("%!(BADWIDTH)"),
                Some(width) => {
                    directive.spec.width = Some(width.unsigned_abs() as usize);
                    directive.spec.minus |= width < 0;
                    directive.spec.zero &= width >= 0;
                }
            }
            directive.after_index = false;
            return;
        }
        directive.spec.width = self.number();
        if directive.after_index && directive.spec.width.is_some() {
            directive.index_fits = false;
        }
    }

    fn precision(&mut self, directive: &mut Directive) {
        // A point at the very end is taken for a verb.
        if self.peek() != Some(b'.') || self.at + 1 == self.format.len() {
            return;
        }
        self.at += 1;
        if directive.after_index {
            directive.index_fits = false;
        }
        self.index(directive);
        if self.peek() != Some(b'*') {
            directive.spec.precision = Some(self.number().unwrap_or(0));
            return;
        }
        self.at += 1;
        match self.star() {
            None => self.put("%!(BADPREC)"),
            Some(precision) => match usize::try_from(precision) {
                Ok(precision) => directive.spec.precision = Some(precision),
                Err(_) => self.put("%!(BADPREC)"),
            },
        }
        directive.after_index = false;
    }

    /// Digits of the format as a number; one too large eats the rest of the format, as in Go.
    fn number(&mut self) -> Option<usize> {
        let rest = &self.format[self.at..];
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let Some(number) = whole_number(&rest[..digits]) else {
            self.at = self.format.len();
            return None;
        };
        self.at += digits;
        usize::try_from(number).ok()
    }

    /// The next argument as a width or precision.
    fn star(&mut self) -> Option<i64> {
        let number = match self.args.get(self.next)? {
            Value::Int(_, _, number) => Some(*number),
            Value::Uint(_, _, number) => i64::try_from(*number).ok(),
            _ => None,
        };
        self.next += 1;
        number.filter(|number| (-TOO_LARGE..=TOO_LARGE).contains(number))
    }

    fn verb(&mut self, directive: &Directive) {
        if self.at >= self.format.len() {
            return self.put("%!(NOVERB)");
        }
        let (rune, width) = strconv::decode_rune(&self.format[self.at..]);
        let verb = rune.unwrap_or(char::REPLACEMENT_CHARACTER);
        self.at += width;
        if verb == '%' {
            return self.put("%");
        }
        if !directive.index_fits {
            return self.put(&format!("%!{verb}(BADINDEX)"));
        }
        let Some(argument) = self.args.get(self.next) else {
            return self.put(&format!("%!{verb}(MISSING)"));
        };
        self.next += 1;
        let spec = match verb {
            'v' | 'w' => directive.spec.for_value_verb(),
            _ => directive.spec,
        };
        self.printer.argument(&spec, argument, verb);
    }

    /// Arguments that nothing printed are told at the end.
    fn extra(&mut self) {
        if self.reordered || self.next >= self.args.len() {
            return;
        }
        self.put("%!(EXTRA ");
        for (at, value) in self.args[self.next..].iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            if !value.is_nil() {
                self.put(&value.type_name());
                self.put("=");
            }
            self.printer.argument(&Spec::default(), value, 'v');
        }
        self.put(")");
    }
}

/// A number made of digits alone; `None` for none, other characters, and numbers too large.
fn whole_number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    for c in digits {
        if !c.is_ascii_digit() || number > TOO_LARGE {
            return None;
        }
        number = number * 10 + i64::from(c - b'0');
    }
    (!digits.is_empty()).then_some(number)
}
