use super::{Result, Scanner, Token, TokenKind};
use crate::error::Mark;

impl<'a> Scanner<'a> {
    pub(super) fn scan_tag(&mut self) -> Result<Token<'a>> {
        let start = self.mark;
        let (handle, suffix) = if self.at(1) == b'<' {
            self.skip(2);
            let suffix = self.scan_uri(start, None)?;
            if self.at(0) != b'>' {
                return Err(self.error(start, "did not find the expected '>'"));
            }
            self.skip(1);
            (Vec::new(), suffix)
        } else {
            self.scan_shorthand(start)?
        };
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "did not find expected whitespace or line break"));
        }
        Ok(Token { kind: TokenKind::Tag(handle, suffix), start, end: self.mark })
    }

    fn scan_shorthand(&mut self, start: Mark) -> Result<(Vec<u8>, Vec<u8>)> {
        let handle = self.scan_handle(start, false)?;
        if handle.len() > 1 && handle.ends_with(b"!") {
            let suffix = self.scan_uri(start, None)?;
            return Ok((handle, suffix));
        }
        let suffix = self.scan_uri(start, Some(&handle[1..]))?;
        // A lone `!` is the tag itself.
        if suffix.is_empty() {
            Ok((Vec::new(), b"!".to_vec()))
        } else {
            Ok((b"!".to_vec(), suffix))
        }
    }

    fn scan_handle(&mut self, start: Mark, directive: bool) -> Result<Vec<u8>> {
        if self.at(0) != b'!' {
            return Err(self.error(start, "did not find expected '!'"));
        }
        let from = self.mark.offset;
        self.skip(1);
        while self.at(0).is_ascii_alphanumeric() || matches!(self.at(0), b'_' | b'-') {
            self.skip(1);
        }
        if self.at(0) == b'!' {
            self.skip(1);
        } else if directive && self.mark.offset - from != 1 {
            return Err(self.error(start, "did not find expected '!'"));
        }
        Ok(self.text[from..self.mark.offset].to_vec())
    }

    /// Reads a URI behind `head`, what was read of it as a handle; without a head it may not be
    /// empty.
    fn scan_uri(&mut self, start: Mark, head: Option<&[u8]>) -> Result<Vec<u8>> {
        let mut uri = head.unwrap_or_default().to_vec();
        loop {
            let byte = self.at(0);
            let plain = byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'_' | b'-'
                        | b';'
                        | b'/'
                        | b'?'
                        | b':'
                        | b'@'
                        | b'&'
                        | b'='
                        | b'+'
                        | b'$'
                        | b'.'
                        | b'!'
                        | b'~'
                        | b'*'
                        | b'\''
                        | b'('
                        | b')'
                )
                || matches!(byte, b'[' | b']' | b',');
            if byte == b'%' {
                uri.push(self.scan_uri_escape(start)?);
            } else if plain {
                uri.push(byte);
                self.skip(1);
            } else {
                break;
            }
        }
        if uri.is_empty() && head.is_none() {
            return Err(self.error(start, "did not find expected tag URI"));
        }
        Ok(uri)
    }

    fn scan_uri_escape(&mut self, start: Mark) -> Result<u8> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        match (digit(self.at(1)), digit(self.at(2))) {
            (Some(high), Some(low)) => {
                self.skip(3);
                Ok((high * 16 + low) as u8)
            }
            _ => Err(self.error(start, "did not find URI escaped octet")),
        }
    }

    pub(super) fn fetch_directive(&mut self) -> Result<()> {
        self.unroll(-1);
        self.remove_key()?;
        self.key_allowed = false;
        let start = self.mark;
        self.skip(1);
        let name = self.directive_name(start)?;
        let kind = match name.as_slice() {
            b"YAML" => {
                self.skip_blanks();
                let major = self.version_number(start)?;
                if self.at(0) != b'.' {
                    return Err(self.error(start, "did not find expected digit or '.' character"));
                }
                self.skip(1);
                TokenKind::VersionDirective(major, self.version_number(start)?)
            }
            b"TAG" => self.tag_directive(start)?,
            _ => return Err(self.error(start, "found unknown directive name")),
        };
        self.push(kind, start);
        self.skip_blanks();
        if self.at(0) == b'#' {
            self.skip_comment();
        }
        if !self.is_break_or_end(0) {
            return Err(self.error(start, "did not find expected comment or line break"));
        }
        if self.break_width(0) > 0 {
            self.skip_break();
        }
        Ok(())
    }

    fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip(1);
        }
    }

    fn directive_name(&mut self, start: Mark) -> Result<Vec<u8>> {
        let from = self.mark.offset;
        while self.at(0).is_ascii_alphanumeric() || matches!(self.at(0), b'_' | b'-') {
            self.skip(1);
        }
        if self.mark.offset == from {
            return Err(self.error(start, "could not find expected directive name"));
        }
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "found unexpected non-alphabetical character"));
        }
        Ok(self.text[from..self.mark.offset].to_vec())
    }

    fn version_number(&mut self, start: Mark) -> Result<u32> {
        let mut value = 0;
        let mut digits = 0;
        while self.at(0).is_ascii_digit() {
            digits += 1;
            if digits > 2 {
                return Err(self.error(start, "found extremely long version number"));
            }
            value = value * 10 + u32::from(self.at(0) - b'0');
            self.skip(1);
        }
        if digits == 0 {
            return Err(self.error(start, "did not find expected version number"));
        }
        Ok(value)
    }

    fn tag_directive(&mut self, start: Mark) -> Result<TokenKind<'a>> {
        self.skip_blanks();
        let from = self.mark.offset;
        self.scan_handle(start, true)?;
        let handle = &self.text[from..self.mark.offset];
        if !self.is_blank(0) {
            return Err(self.error(start, "did not find expected whitespace"));
        }
        self.skip_blanks();
        let prefix = self.scan_uri(start, None)?;
        if !self.is_blank_or_end(0) {
            return Err(self.error(start, "did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective(handle, prefix))
    }
}
