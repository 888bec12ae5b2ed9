use std::borrow::Cow;

use super::{Reader, Result, Sink, Unusual};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

/// What is known of a block scalar while its lines are read.
struct Text {
    out: Vec<u8>,
    wanted: bool,
    literal: bool,
    /// Blank lines since the last line with content.
    blank_lines: usize,
    /// Whether the last line with content had a line break.
    broken: bool,
    /// Whether the last line began with a blank.
    was_blank: bool,
}

impl Text {
    fn line(&mut self, line: &[u8], has_break: bool) {
        if self.wanted {
            let is_blank = matches!(line.first(), Some(b' ' | b'\t'));
            let folds = !self.literal && self.broken && !self.was_blank && !is_blank;
            if folds && self.blank_lines == 0 {
                self.out.push(b' ');
            } else if self.broken && !folds {
                self.out.push(b'\n');
            }
            self.blank_lines();
            self.out.extend_from_slice(line);
            self.was_blank = is_blank;
        }
        self.blank_lines = 0;
        self.broken = has_break;
    }

    fn blank_lines(&mut self) {
        self.out.resize(self.out.len() + self.blank_lines, b'\n');
    }

    fn finish(mut self, chomp: Chomp) -> Vec<u8> {
        if chomp != Chomp::Strip && self.broken {
            self.out.push(b'\n');
        }
        if chomp == Chomp::Keep {
            self.blank_lines();
        }
        self.out
    }
}

impl<S: Sink> Reader<'_, '_, S> {
    /// A block scalar without an indentation of its own in its header.
    pub(super) fn block_scalar(&mut self, at: usize, literal: bool) -> Result<()> {
        let (chomp, header) = match self.byte(at + 1) {
            b'-' => (Chomp::Strip, at + 2),
            b'+' => (Chomp::Keep, at + 2),
            _ => (Chomp::Clip, at + 1),
        };
        self.end_line(header)?;
        let least = self.frames.last().ok_or(Unusual)?.indent + 1;
        let mut text = Text {
            out: Vec::new(),
            wanted: self.sink.wants_text(),
            literal,
            blank_lines: 0,
            broken: false,
            was_blank: false,
        };
        let indent = self.leading_lines(least, &mut text)?;
        if let Some(indent) = indent {
            self.block_lines(indent, &mut text)?;
        }
        let end = self.at.min(self.text.len());
        self.sink.text(Cow::Owned(text.finish(chomp)), at, end);
        Ok(())
    }

    /// Passes the blank lines in front. The first other line decides the indentation; `None` if
    /// it is not part of the scalar.
    fn leading_lines(&mut self, least: usize, text: &mut Text) -> Result<Option<usize>> {
        let mut most = 0;
        while self.at < self.text.len() {
            let spaces = self.spaces(self.at);
            match self.byte(self.at + spaces) {
                b'\n' if self.at + spaces == self.text.len() => break,
                b'\n' => {
                    most = most.max(spaces);
                    text.blank_lines += 1;
                    self.at += spaces + 1;
                }
                b'\t' => return Err(Unusual),
                _ if most > spaces => return Err(Unusual),
                _ => return Ok((spaces >= least).then_some(spaces)),
            }
        }
        Ok(None)
    }

    fn block_lines(&mut self, indent: usize, text: &mut Text) -> Result<()> {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let spaces = rest.iter().take(indent).take_while(|&&byte| byte == b' ').count();
            match rest.get(spaces) {
                None => break,
                Some(b'\n') => {
                    text.blank_lines += 1;
                    self.at += spaces + 1;
                }
                Some(b'\t') if spaces < indent => return Err(Unusual),
                Some(_) if spaces < indent => break,
                Some(_) => {
                    let start = self.at + indent;
                    let end = self.line_end(start);
                    text.line(&self.text[start..end], end < self.text.len());
                    self.at = end + 1;
                }
            }
        }
        Ok(())
    }
}
