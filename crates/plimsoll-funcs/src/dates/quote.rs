use std::fmt::Write;

/// The quotes of the `time` package: every byte beyond ASCII and every control character as
/// `\xHH`.
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for &c in text {
        match c {
            b'"' | b'\\' => out.extend(['\\', char::from(c)]),
            b' '..=0x7f => out.push(char::from(c)),
            _ => write!(out, "\\x{c:02x}").expect("a string takes everything"),
        }
    }
    out.push('"');
    out
}
