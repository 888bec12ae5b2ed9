use std::sync::{Arc, OnceLock};

use crate::{FileId, LineColumn, LineIndex, Span};

/// A text and the name by which the user knows it.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as the user would type it, with `/`; `<stdin>` or `--set` where there is none.
    pub name: String,
    /// The bytes, as read.
    pub text: Arc<[u8]>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// Line and column of a byte offset.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        self.lines.get_or_init(|| LineIndex::new(&self.text)).line_column(&self.text, offset)
    }
}

/// The texts of a run, by number.
#[derive(Debug, Default)]
pub struct Files {
    files: Vec<SourceFile>,
}

impl Files {
    /// No files yet.
    pub fn new() -> Files {
        Files::default()
    }

    /// Takes a text in and numbers it.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<[u8]>>) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        });
        id
    }

    /// The file of a number; `None` for [`FileId::NONE`] and foreign numbers.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Name, line and column of a span's start.
    pub fn locate(&self, span: Span) -> Option<(&str, LineColumn)> {
        let file = self.get(span.file)?;
        Some((&file.name, file.line_column(span.start)))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
