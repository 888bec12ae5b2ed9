/// A place in a text as people count: both numbers start at 1, columns count Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// Turns byte offsets of one text into lines and columns.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Notes where the lines of `text` start; a line ends behind its `\n`.
    pub fn new(text: &[u8]) -> LineIndex {
        let ends = || memchr::memchr_iter(b'\n', text);
        let mut starts = Vec::with_capacity(ends().count() + 1);
        starts.push(0);
        starts.extend(ends().map(|at| at as u32 + 1));
        LineIndex { starts }
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
        let before = &text[self.starts[line] as usize..offset as usize];
        let column: usize =
            before.utf8_chunks().map(|c| c.valid().chars().count() + c.invalid().len()).sum();
        LineColumn { line: line as u32 + 1, column: column as u32 + 1 }
    }
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
    fn behind_the_end_is_the_end() {
        check("ab\n", 99, 2, 1);
    }
}
