//! sprig's conversions of any value to text.

use plimsoll_gotmpl::{Elem, Marked, Text, TextBuf, Value, write_value};

/// The text of a value: strings and bytes as they are, all else as `%v` prints it.
/// (sprig: strings.go `strval`)
pub(crate) fn strval(value: &Value) -> Marked {
    let text = match value {
        Value::Text(_, text) => text.clone(),
        Value::List(_, list) if list.elem() == Elem::Bytes => bytes(list).into(),
        _ => print(value),
    };
    Marked { text, origin: value.origin() }
}

/// What `%v` prints, with the marks of the texts in it.
pub(crate) fn print(value: &Value) -> Text {
    let mut out = TextBuf::new();
    write_value(&mut out, value);
    out.finish()
}

/// The texts of a list's items without the nil ones; of anything else its own; of nil none.
/// (sprig: strings.go `strslice`)
pub(crate) fn strslice(value: &Value) -> Vec<Marked> {
    match value {
        Value::Nil => Vec::new(),
        Value::List(_, list) => list.iter().filter(|item| !item.is_nil()).map(strval).collect(),
        _ => vec![strval(value)],
    }
}

/// A marked text as a value again.
pub(crate) fn value_of(marked: Marked) -> Value {
    Value::Text(marked.origin, marked.text)
}

/// The same text, or a part of it, from the same place.
pub(crate) fn part(marked: &Marked, range: std::ops::Range<usize>) -> Marked {
    Marked { text: marked.text.slice(range), origin: marked.origin }
}

fn bytes(list: &[Value]) -> Vec<u8> {
    let byte = |item: &Value| match item {
        Value::Uint(_, _, value) => *value as u8,
        _ => 0,
    };
    list.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_gotmpl::List;

    fn check(value: Value, want: &str) {
        assert_eq!(strval(&value).text.to_str_lossy(), want);
    }

    #[test]
    fn everything_has_a_text() {
        check(Value::Nil, "<nil>");
        check(Value::from("a"), "a");
        check(Value::float(1_234_567.0), "1.234567e+06");
        check(Value::list(vec![Value::int(1), Value::Nil]), "[1 <nil>]");
    }

    #[test]
    fn bytes_are_text() {
        let byte = |b: u8| {
            Value::Uint(plimsoll_gotmpl::UintType::Uint8, plimsoll_source::Origin::NONE, b.into())
        };
        let list = List::new(Elem::Bytes, vec![byte(104), byte(105)]);
        check(list.into(), "hi");
    }

    #[test]
    fn lists_lose_their_nil_items() {
        let list = Value::list(vec![Value::from("a"), Value::Nil, Value::int(2)]);
        let got: Vec<_> =
            strslice(&list).iter().map(|m| m.text.to_str_lossy().into_owned()).collect();
        assert_eq!(got, ["a", "2"]);
        assert!(strslice(&Value::Nil).is_empty());
    }
}
