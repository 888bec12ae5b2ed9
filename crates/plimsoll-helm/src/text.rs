/// Go's `%q` of a string.
pub(crate) fn quote(text: &str) -> String {
    format!("{text:?}")
}

/// Go's `%q` of a character.
pub(crate) fn quote_char(c: char) -> String {
    format!("{c:?}")
}

/// Go's `unicode.IsPrint`.
pub(crate) fn is_print(c: char) -> bool {
    !c.is_control()
}

/// Go's `strconv.FormatFloat(value, 'g', -1, 32)`.
pub(crate) fn format_float32(value: f64) -> String {
    format!("{}", value as f32)
}

/// Go's `%v` of a value.
pub(crate) fn print(value: &plimsoll_gotmpl::Value) -> String {
    format!("{value:?}")
}

/// Go's `%t` of a value that is no boolean, or is one.
pub(crate) fn print_bool_verb(value: &plimsoll_gotmpl::Value) -> String {
    format!("%!t({}={})", value.type_name(), print(value))
}
