//! Values as Go's `fmt` prints them.

mod named;
mod number;
mod pad;
mod printer;
mod spec;
mod text;

pub use named::{DAYS, MONTHS, duration_string, month_name, weekday_name};
pub(crate) use printer::Printer;
pub(crate) use spec::Spec;

use plimsoll_source::strconv;

use super::{Text, TextBuf, Value};

/// Appends a value as `%v` prints it: `[1 two <nil>]`, `map[a:1]`, `<nil>`.
///
/// A map that contains itself, on which Go's printing never ends, shows as
/// `<map that contains itself>` where it comes up again.
pub fn print_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Nil => out.extend_from_slice(b"<nil>"),
        Value::Text(_, text) => out.extend_from_slice(text),
        Value::Bool(_, true) => out.extend_from_slice(b"true"),
        Value::Bool(_, false) => out.extend_from_slice(b"false"),
        Value::Float(_, value) if value.is_finite() => {
            strconv::append_float(out, *value, b'g', -1, 64);
        }
        _ => {
            let mut printer = Printer::default();
            std::mem::swap(printer.out.bytes_mut(), out);
            printer.argument(&Spec::default(), value, 'v');
            std::mem::swap(printer.out.bytes_mut(), out);
        }
    }
}

/// Appends what [`print_value`] prints, with the marks of texts and the origins of what was
/// printed.
pub fn write_value(out: &mut TextBuf, value: &Value) {
    let mut printer = Printer::default();
    std::mem::swap(&mut printer.out, out);
    printer.argument(&Spec::default(), value, 'v');
    std::mem::swap(&mut printer.out, out);
}

/// What an action prints of a value: as [`write_value`], but what a pointer points to in its place,
/// with the methods that a pointer has.
///
/// Go: exec.go printValue.
pub fn write_action_value(out: &mut TextBuf, value: &Value) {
    if let Value::Object(_, object) = value
        && let Some(text) = object.pointer_to_go_string()
    {
        return out.push_bytes(text.as_bytes());
    }
    let mut printer = Printer::default();
    printer.pointed = true;
    std::mem::swap(&mut printer.out, out);
    printer.argument(&Spec::default(), value, 'v');
    std::mem::swap(&mut printer.out, out);
}

/// A value as `%v` prints it, or what it points to.
pub fn sprint_pointed(value: &Value) -> Text {
    let mut printer = Printer::default();
    printer.pointed = true;
    printer.argument(&Spec::default(), value, 'v');
    printer.out.finish()
}

/// Go's `fmt.Sprint`, the builtin `print`: a space between two arguments of which neither is a
/// string. Marks are kept.
pub fn sprint(args: &[Value]) -> Text {
    let mut out = TextBuf::new();
    let mut after_text = true;
    for (at, value) in args.iter().enumerate() {
        let is_text = value.kind() == super::Kind::String;
        if at > 0 && !is_text && !after_text {
            out.push_bytes(b" ");
        }
        write_value(&mut out, value);
        after_text = is_text;
    }
    out.finish()
}

/// Go's `fmt.Sprintln`, the builtin `println`: spaces between all arguments and a newline at the
/// end. Marks are kept.
pub fn sprintln(args: &[Value]) -> Text {
    let mut out = TextBuf::new();
    for (at, value) in args.iter().enumerate() {
        if at > 0 {
            out.push_bytes(b" ");
        }
        write_value(&mut out, value);
    }
    out.push_bytes(b"\n");
    out.finish()
}

/// A text as `%q` prints it.
pub fn quote_go(bytes: &[u8]) -> String {
    strconv::quote(bytes)
}

#[cfg(test)]
mod tests {
    use plimsoll_source::Origin;

    use super::super::{Map, Value};
    use super::*;
    use crate::sprintf;

    fn check(format: &str, value: Value, want: &str) {
        let got = sprintf(&format.into(), &[value]);
        assert_eq!(got.to_str_lossy(), want);
    }

    #[test]
    fn values_nest_ten_thousand_deep() {
        let mut value = Value::int(1);
        for _ in 0..10_000 {
            value = Value::list(vec![value]);
        }
        let mut out = Vec::new();
        print_value(&mut out, &value);
        assert_eq!(out.len(), 20_001);
    }

    #[test]
    fn a_map_in_itself_is_named_once() {
        let map = Map::new();
        map.insert("self".into(), Value::map(map.clone()));
        map.insert("x".into(), Value::int(1));
        check("%v", Value::map(map), "map[self:<map that contains itself> x:1]");
    }

    #[test]
    fn moved_text_keeps_its_marks() {
        let value = Value::Text(Origin(3), "latest".into());
        let text = sprintf(&"a: %-8.4s|%q".into(), &[value.clone(), value]);
        assert_eq!(&*text, b"a: late    |\"latest\"");
        let marks: Vec<_> =
            text.map().expect("marked").marks().iter().map(|mark| (mark.start, mark.end)).collect();
        assert_eq!(marks, [(3, 7), (12, 20)]);
    }

    #[test]
    fn print_puts_spaces_between_what_is_no_text() {
        let args = [Value::int(1), Value::Nil, Value::text("a"), Value::bool(true)];
        assert_eq!(&*sprint(&args), b"1 <nil>atrue");
        assert_eq!(&*sprintln(&args), b"1 <nil> a true\n");
    }

    #[test]
    fn addresses_are_for_what_has_one() {
        check("%p", Value::int(1), "%!p(int=1)");
        check("%p", Value::map(Map::new()), "0xc000012000");
    }
}
