use super::parse::{Error, Parser};

impl Parser<'_> {
    /// Reads an escape that stands for one character; `None` is a surrogate, which no text has.
    pub(super) fn escape(&mut self) -> Result<Option<char>, Error> {
        let start = self.at;
        self.at += 1;
        if self.at == self.pattern.len() {
            return Err(Error::new("trailing backslash at end of expression", b""));
        }
        let first = self.rune()?;
        match first {
            '1'..='7' if !self.peek_is(|byte| matches!(byte, b'0'..=b'7')) => {}
            '0'..='7' => return Ok(char::from_u32(self.octal(first))),
            'x' => {
                if let Some(code) = self.hex()? {
                    return Ok(char::from_u32(code));
                }
            }
            'a' => return Ok(Some('\x07')),
            'f' => return Ok(Some('\x0c')),
            'n' => return Ok(Some('\n')),
            'r' => return Ok(Some('\r')),
            't' => return Ok(Some('\t')),
            'v' => return Ok(Some('\x0b')),
            _ if first.is_ascii() && !first.is_ascii_alphanumeric() => return Ok(Some(first)),
            _ => {}
        }
        Err(Error::new("invalid escape sequence", &self.pattern[start..self.at]))
    }

    /// Up to three octal digits.
    fn octal(&mut self, first: char) -> u32 {
        let mut code = first.to_digit(8).unwrap_or_default();
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.pattern.get(self.at) else { break };
            code = code * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        code
    }

    /// Two digits, or any number of them in braces.
    fn hex(&mut self) -> Result<Option<u32>, Error> {
        if self.at == self.pattern.len() {
            return Ok(None);
        }
        let first = self.rune()?;
        if first != '{' {
            let second = self.rune()?;
            let digits = (first.to_digit(16), second.to_digit(16));
            return Ok(digits.0.zip(digits.1).map(|(high, low)| high * 16 + low));
        }
        let (mut code, mut any) = (0, false);
        while self.at < self.pattern.len() {
            let rune = self.rune()?;
            if rune == '}' {
                return Ok(any.then_some(code));
            }
            let Some(digit) = rune.to_digit(16) else { break };
            code = code * 16 + digit;
            if code > u32::from(char::MAX) {
                break;
            }
            any = true;
        }
        Ok(None)
    }
}
