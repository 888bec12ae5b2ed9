/// Why a template cannot be parsed; displays as Go's text.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// The file.
    pub name: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, in Go's words.
    pub message: String,
    /// Where it is, as a byte offset.
    pub offset: usize,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "template: {}:{}: {}", self.name, self.line, self.message)
    }
}

impl std::error::Error for ParseError {}
