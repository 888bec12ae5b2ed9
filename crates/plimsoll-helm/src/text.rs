use plimsoll_gotmpl::{Text, Value, print_value, sprintf};
use plimsoll_source::strconv;

pub(crate) use plimsoll_source::strconv::is_print;

/// Go's `%q` of a string.
pub(crate) fn quote(text: &str) -> String {
    strconv::quote(text.as_bytes())
}

/// Go's `%q` of a character.
pub(crate) fn quote_char(c: char) -> String {
    strconv::quote_char(u32::from(c))
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`, with which numbers become text.
pub(crate) fn format_float32(value: f64) -> String {
    strconv::format_float(value, b'g', -1, 32)
}

/// Go's `%v` of a value.
pub(crate) fn print(value: &Value) -> String {
    let mut out = Vec::new();
    print_value(&mut out, value);
    String::from_utf8_lossy(&out).into_owned()
}

/// Go's `%t` of a value, which may be no boolean.
pub(crate) fn print_as_bool(value: &Value) -> String {
    let printed: Text = sprintf(&Text::from("%t"), std::slice::from_ref(value));
    printed.to_str_lossy().into_owned()
}
