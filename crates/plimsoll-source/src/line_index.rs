/// A place in a text as people count: both numbers start at 1, columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// How many bytes of a line are counted at most to find a column: what a program wrote may be one
/// line of megabytes.
const STRIDE: usize = 4096;

/// Turns byte offsets of one text into lines and columns.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Places within long lines, each with the columns before it in its line.
    marks: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Notes where the lines of `text` start; a line ends behind its `\n`.
    pub fn new(text: &[u8]) -> LineIndex {
        let ends = || memchr::memchr_iter(b'\n', text);
        let mut starts = Vec::with_capacity(ends().count() + 1);
        starts.push(0);
        starts.extend(ends().map(|at| at as u32 + 1));
        let mut index = LineIndex { starts, marks: Vec::new() };
        for line in 0..index.starts.len() {
            let start = index.starts[line] as usize;
            let end = index.line_start(line + 1).map_or(text.len(), |end| end as usize);
            if end - start > STRIDE {
                index.mark(text, start, end);
            }
        }
        index
    }

    fn mark(&mut self, text: &[u8], mut at: usize, end: usize) {
        let mut columns = 0;
        while end - at > STRIDE {
            // Not within a character.
            let next = (at + STRIDE..end).find(|&next| text[next] & 0xc0 != 0x80).unwrap_or(end);
            columns += count(&text[at..next]);
            at = next;
            self.marks.push((at as u32, columns));
        }
    }

    /// The line of `offset`, from 0.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// The offset at which `line` (from 0) starts, if the text has that line.
    pub fn line_start(&self, line: usize) -> Option<u32> {
        self.starts.get(line).copied()
    }

    /// Line and column of `offset` in `text`, the text that the index was made from.
    ///
    /// Offsets behind the end count as the end; bytes that are not UTF-8 count one column each.
    pub fn line_column(&self, text: &[u8], offset: u32) -> LineColumn {
        let offset = offset.min(text.len() as u32);
        let line = self.line(offset);
        let start = self.starts[line];
        let marks = self.marks.partition_point(|&(at, _)| at <= offset);
        let mark = self.marks[..marks].last().copied().filter(|&(at, _)| at >= start);
        let (from, before) = mark.unwrap_or((start, 0));
        let column = before + count(&text[from as usize..offset as usize]);
        LineColumn { line: line as u32 + 1, column: column + 1 }
    }
}

/// How many columns bytes take.
fn count(bytes: &[u8]) -> u32 {
    let columns =
        |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
    bytes.utf8_chunks().map(columns).sum::<usize>() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: u32, line: u32, column: u32) {
        let got = LineIndex::new(text.as_bytes()).line_column(text.as_bytes(), offset);
        assert_eq!(got, LineColumn { line, column });
    }

    #[test]
    fn counts_from_one() {
        check("", 0, 1, 1);
        check("a\nb", 0, 1, 1);
        check("a\nb", 1, 1, 2);
        check("a\nb", 2, 2, 1);
    }

    #[test]
    fn columns_are_scalar_values() {
        check("é: x", 4, 1, 4);
    }

    #[test]
    fn long_lines_are_counted_from_their_middle() {
        let text = format!("a\n{}\nb", "é€x\u{10000}".repeat(5000));
        let bytes = [text.as_bytes(), &[0xff; 10_000], b"\nc"].concat();
        let index = LineIndex::new(&bytes);
        for offset in (0..bytes.len()).step_by(7) {
            let before = &bytes[..offset];
            let line = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            let got = index.line_column(&bytes, offset as u32);
            assert_eq!(got.column, count(&before[line..]) + 1, "{offset}");
        }
        assert_eq!(
            index.line_column(&bytes, bytes.len() as u32),
            LineColumn { line: 4, column: 2 }
        );
    }

    #[test]
    fn behind_the_end_is_the_end() {
        check("ab\n", 99, 2, 1);
    }
}
