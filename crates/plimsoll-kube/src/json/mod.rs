//! Whether a text is JSON, in the words of Go's decoder.

mod node;

pub(crate) use node::read;

/// How deep values may lie in each other.
const DEPTH_LIMIT: usize = 10_000;

/// Whether a text is a JSON object; `null` counts as an empty one.
pub(crate) fn object(text: &[u8]) -> Result<(), String> {
    let mut reader = Reader { text, at: 0 };
    reader.value()?;
    reader.space();
    if let Some(&byte) = reader.text.get(reader.at) {
        return Err(format!("invalid character {} after top-level value", quoted(byte)));
    }
    let kind = match text.trim_ascii_start().first() {
        Some(b'{' | b'n') => return Ok(()),
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "bool",
        _ => "number",
    };
    Err(format!("json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"))
}

/// Where the JSON value ends that begins at `at`; white space before it is passed over.
pub(crate) fn end_of_value(text: &[u8], at: usize) -> Result<usize, String> {
    let mut reader = Reader { text, at };
    reader.value()?;
    Ok(reader.at)
}

fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => format!("'{}'", char::from(byte).escape_default()),
    }
}

fn wrong<T>(byte: u8, place: &str) -> Result<T, String> {
    Err(format!("invalid character {} {place}", quoted(byte)))
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| b" \t\r\n".contains(byte)) {
            self.at += 1;
        }
    }

    fn next(&mut self) -> Result<u8, String> {
        let byte = self.text.get(self.at).copied();
        byte.ok_or_else(|| "unexpected end of JSON input".to_owned())
    }

    /// One value with all that lies in it, on a stack of its own.
    fn value(&mut self) -> Result<(), String> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.space();
            match self.next()? {
                opening @ (b'{' | b'[') => {
                    self.at += 1;
                    if open.len() >= DEPTH_LIMIT {
                        return Err("exceeded max depth".to_owned());
                    }
                    self.space();
                    let closing = if opening == b'{' { b'}' } else { b']' };
                    if self.next()? == closing {
                        self.at += 1;
                    } else {
                        open.push(closing);
                        if opening == b'{' {
                            self.key("looking for beginning of object key string")?;
                        }
                        continue;
                    }
                }
                b'"' => self.string()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                b'-' | b'0'..=b'9' => self.number()?,
                byte => return wrong(byte, "looking for beginning of value"),
            }
            if !self.close(&mut open)? {
                return Ok(());
            }
        }
    }

    /// Goes behind a value; whether another one follows.
    fn close(&mut self, open: &mut Vec<u8>) -> Result<bool, String> {
        while let Some(&closing) = open.last() {
            self.space();
            match self.next()? {
                b',' => {
                    self.at += 1;
                    if closing == b'}' {
                        self.space();
                        self.key("looking for beginning of object key string")?;
                    }
                    return Ok(true);
                }
                byte if byte == closing => {
                    self.at += 1;
                    open.pop();
                }
                byte if closing == b'}' => return wrong(byte, "after object key:value pair"),
                byte => return wrong(byte, "after array element"),
            }
        }
        Ok(false)
    }

    fn key(&mut self, place: &str) -> Result<(), String> {
        match self.next()? {
            b'"' => self.string()?,
            byte => return wrong(byte, place),
        }
        self.space();
        match self.next()? {
            b':' => {
                self.at += 1;
                Ok(())
            }
            byte => wrong(byte, "after object key"),
        }
    }

    fn string(&mut self) -> Result<(), String> {
        self.at += 1;
        loop {
            match self.next()? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                byte if byte < 0x20 => return wrong(byte, "in string literal"),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        self.at += 1;
        let byte = self.next()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
            b'u' => {
                for _ in 0..4 {
                    let byte = self.next()?;
                    if !byte.is_ascii_hexdigit() {
                        return wrong(byte, "in \\u hexadecimal character escape");
                    }
                    self.at += 1;
                }
            }
            byte => return wrong(byte, "in string escape code"),
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), String> {
        for (at, &expected) in word.iter().enumerate() {
            let byte = self.next()?;
            if byte != expected {
                let literal = String::from_utf8_lossy(word);
                let expected = char::from(word[at]);
                return wrong(byte, &format!("in literal {literal} (expecting '{expected}')"));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), String> {
        if self.next()? == b'-' {
            self.at += 1;
        }
        match self.next()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            byte => return wrong(byte, "in numeric literal"),
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.text.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    fn some_digits(&mut self, place: &str) -> Result<(), String> {
        let byte = self.next()?;
        if !byte.is_ascii_digit() {
            return wrong(byte, place);
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(object(text.as_bytes()).err().unwrap_or_default(), want, "{text}");
    }

    #[test]
    fn objects_pass_and_others_are_told() {
        check("{\"a\":[1,{\"b\":null}],\"c\":-1.5e3}", "");
        check("null", "");
        check("", "unexpected end of JSON input");
        check("{", "unexpected end of JSON input");
        check("---", "invalid character '-' in numeric literal");
        check("abc", "invalid character 'a' looking for beginning of value");
        check("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}");
        check("{} x", "invalid character 'x' after top-level value");
        check(r#"{"a":"\/\u00e9"}"#, "");
        check(r#"{"a":"\x"}"#, "invalid character 'x' in string escape code");
        check(r#"{"a":"\u00g0"}"#, "invalid character 'g' in \\u hexadecimal character escape");
    }
}
