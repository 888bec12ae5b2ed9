use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::disk;
use crate::HelmError;

/// A file of a chart. Its bytes may still lie on the disk: most charts carry more files than their
/// templates ask for.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// The path in the chart, with `/`.
    pub name: Arc<str>,
    /// Where the file lies on the disk; `None` if it came out of an archive.
    pub path: Option<Arc<Path>>,
    /// When it was changed last, where the disk or the archive says so.
    pub modified: Option<Moment>,
    content: Arc<Content>,
}

/// A time: seconds since 1970 and nanoseconds.
pub type Moment = (i64, u32);

#[derive(Debug)]
enum Content {
    Read(Arc<[u8]>),
    /// A part of a buffer that many files share.
    Part(Arc<Vec<u8>>, Range<usize>, OnceLock<Arc<[u8]>>),
    OnDisk(OnDisk),
}

#[derive(Debug)]
struct OnDisk {
    path: Arc<Path>,
    /// The name that an error tells.
    name: Arc<str>,
    size: usize,
    bytes: OnceLock<Result<Arc<[u8]>, HelmError>>,
}

impl ChartFile {
    /// A file whose bytes are known.
    pub fn new(name: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> ChartFile {
        let content = Arc::new(Content::Read(bytes.into()));
        ChartFile { name: name.into(), path: None, modified: None, content }
    }

    pub(crate) fn part(name: &str, buffer: &Arc<Vec<u8>>, range: Range<usize>) -> ChartFile {
        let content = Arc::new(Content::Part(buffer.clone(), range, OnceLock::new()));
        ChartFile { name: name.into(), path: None, modified: None, content }
    }

    /// A file of so many bytes, not read yet.
    pub(crate) fn on_disk(name: &str, path: &Path, size: u64) -> ChartFile {
        let (name, path): (Arc<str>, Arc<Path>) = (name.into(), path.into());
        let on_disk = OnDisk {
            path: path.clone(),
            name: name.clone(),
            size: usize::try_from(size).unwrap_or(0),
            bytes: OnceLock::new(),
        };
        let content = Arc::new(Content::OnDisk(on_disk));
        ChartFile { name, path: Some(path), modified: None, content }
    }

    /// The same file, changed last at a time.
    #[must_use]
    pub(crate) fn modified_at(self, modified: Option<Moment>) -> ChartFile {
        ChartFile { modified, ..self }
    }

    /// The bytes, a byte order mark left out; read on first use. The error is Helm's text for a
    /// file that it cannot read.
    pub fn bytes(&self) -> Result<Arc<[u8]>, HelmError> {
        match &*self.content {
            Content::Read(bytes) => Ok(bytes.clone()),
            Content::Part(buffer, range, bytes) => {
                Ok(bytes.get_or_init(|| buffer[range.clone()].into()).clone())
            }
            Content::OnDisk(file) => file.bytes.get_or_init(|| file.read()).clone(),
        }
    }

    /// The bytes without keeping them, for what is looked at once.
    pub(crate) fn with_bytes<T>(&self, look: impl FnOnce(&[u8]) -> T) -> Result<T, HelmError> {
        match &*self.content {
            Content::Part(buffer, range, _) => Ok(look(&buffer[range.clone()])),
            _ => self.bytes().map(|bytes| look(&bytes)),
        }
    }

    /// The same file under another name, as a subchart knows it.
    #[must_use]
    pub(crate) fn renamed(&self, name: &str) -> ChartFile {
        ChartFile { name: name.into(), ..self.clone() }
    }
}

impl OnDisk {
    fn read(&self) -> Result<Arc<[u8]>, HelmError> {
        let OnDisk { path, name, size, .. } = self;
        let bytes = disk::read_sized(path, *size);
        let bytes = bytes.map_err(|why| format!("error reading {name}: {why}"))?;
        // Helm drops a byte order mark from every file it loads.
        Ok(bytes.strip_prefix(b"\xEF\xBB\xBF").map(Arc::from).unwrap_or(bytes))
    }
}
