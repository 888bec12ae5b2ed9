use super::Dialect;
use super::resolve::reads_as_string;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarStyle {
    Plain,
    Single,
    Double,
    Literal,
}

/// The style of a string; `in_key` where it stands before a colon.
pub(super) fn style_of(text: &str, dialect: Dialect, in_key: bool) -> ScalarStyle {
    let analysis = Analysis::of(text, dialect);
    if analysis.line_breaks && in_key {
        return ScalarStyle::Double;
    }
    if text.contains('\n') {
        return if analysis.block && !in_key { ScalarStyle::Literal } else { ScalarStyle::Double };
    }
    if !reads_as_string(text, dialect) {
        return ScalarStyle::Double;
    }
    if analysis.plain {
        ScalarStyle::Plain
    } else if analysis.single {
        ScalarStyle::Single
    } else {
        ScalarStyle::Double
    }
}

/// Which styles can show a text. libyaml: `yaml_emitter_analyze_scalar`.
struct Analysis {
    line_breaks: bool,
    plain: bool,
    single: bool,
    block: bool,
}

impl Analysis {
    fn of(text: &str, dialect: Dialect) -> Analysis {
        let (mut indicators, mut special, mut tabs) = (false, false, false);
        let (mut line_breaks, mut break_space, mut space_break) = (false, false, false);
        let mut before = None;
        let mut chars = text.chars().peekable();
        indicators |= text.starts_with("---") || text.starts_with("...");
        while let Some(c) = chars.next() {
            let next_blank = chars.peek().is_none_or(|next| matches!(next, ' ' | '\t'));
            indicators |= is_indicator(c, before, next_blank);
            tabs |= c == '\t';
            special |= !(is_printable(c) || dialect == Dialect::V3 && c == '\t');
            if is_break(c) {
                line_breaks = true;
                space_break |= before == Some(' ');
            } else if c == ' ' {
                break_space |= before.is_some_and(is_break);
            }
            before = Some(c);
        }
        let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
        let edges = edge(text.chars().next()) || edge(before);
        let no_quotes = space_break || special;
        let single = !(break_space || no_quotes || dialect == Dialect::V3 && tabs);
        Analysis {
            line_breaks,
            plain: single && !edges && !line_breaks && !indicators,
            single,
            block: before != Some(' ') && !no_quotes,
        }
    }
}

/// Whether a character means something to YAML where it stands.
fn is_indicator(c: char, before: Option<char>, next_blank: bool) -> bool {
    match (c, before) {
        (
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`',
            None,
        ) => true,
        ('?' | ':' | '-', None) | (':', Some(_)) => next_blank,
        ('#', Some(before)) => matches!(before, ' ' | '\t' | '\0') || is_break(before),
        _ => false,
    }
}

pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Appends the escape of a character in double quotes.
pub(super) fn append_escape(out: &mut Vec<u8>, c: char) {
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
            let code = c as u32;
            let escape = match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
            out.extend_from_slice(escape.as_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short as u8]);
}
