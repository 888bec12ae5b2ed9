//! Archives as Go's archive/tar writes them: ustar, with a pax record where a name does not fit.

use crate::chart::Moment;

const BLOCK: usize = 512;

/// An archive of plain files with mode 0644.
#[derive(Default)]
pub(super) struct Archive {
    bytes: Vec<u8>,
}

impl Archive {
    /// Adds a file that was changed last at a time, which is rounded to seconds.
    pub(super) fn add(&mut self, name: &str, content: &[u8], modified: Moment) {
        let seconds = modified.0 + i64::from(modified.1 >= 500_000_000);
        let mut header = Header::new(b'0', 0o644, content.len(), seconds.max(0));
        header.device_numbers();
        if let Some((prefix, name)) = split(name) {
            header.name(prefix, name);
        } else {
            self.record(name);
            header.name("", &ascii(name));
        }
        self.block(&header, content);
    }

    /// The whole archive.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 2 * BLOCK, 0);
        self.bytes
    }

    /// The pax record of a name.
    fn record(&mut self, path: &str) {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let name = plimsoll_source::go_path::join(&[folder, &format!("PaxHeaders.0/{file}")]);
        let record = record("path", path);
        let mut header = Header::new(b'x', 0, record.len(), 0);
        let mut name = ascii(&name);
        name.truncate(100);
        header.name("", name.trim_end_matches('/'));
        self.block(&header, record.as_bytes());
    }

    fn block(&mut self, header: &Header, content: &[u8]) {
        self.bytes.extend_from_slice(&header.summed());
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(BLOCK), 0);
    }
}

struct Header([u8; BLOCK]);

impl Header {
    fn new(kind: u8, mode: u64, size: usize, modified: i64) -> Header {
        let mut header = Header([0; BLOCK]);
        header.octal(100, 8, mode);
        header.octal(108, 8, 0);
        header.octal(116, 8, 0);
        header.octal(124, 12, size as u64);
        header.octal(136, 12, modified as u64);
        header.0[156] = kind;
        header.0[257..265].copy_from_slice(b"ustar\x0000");
        header
    }

    fn device_numbers(&mut self) {
        self.octal(329, 8, 0);
        self.octal(337, 8, 0);
    }

    fn name(&mut self, prefix: &str, name: &str) {
        self.text(0, 100, name);
        self.text(345, 155, prefix);
    }

    fn text(&mut self, at: usize, most: usize, text: &str) {
        let length = text.len().min(most);
        self.0[at..at + length].copy_from_slice(&text.as_bytes()[..length]);
    }

    fn octal(&mut self, at: usize, length: usize, number: u64) {
        let digits = length - 1;
        let text = format!("{number:0digits$o}");
        self.text(at, length, &text);
    }

    /// The block with its checksum, for which the checksum counts as blanks.
    fn summed(&self) -> [u8; BLOCK] {
        let mut block = self.0;
        block[148..156].fill(b' ');
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }
}

/// The two fields of a name, if it fits into them.
fn split(name: &str) -> Option<(&str, &str)> {
    if !name.is_ascii() {
        return None;
    }
    if name.len() <= 100 {
        return Some(("", name));
    }
    let slash = name[..name.len().min(156)].rfind('/')?;
    let (prefix, rest) = (&name[..slash], &name[slash + 1..]);
    let fits = !prefix.is_empty() && !rest.is_empty() && rest.len() <= 100 && slash <= 155;
    fits.then_some((prefix, rest))
}

fn ascii(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii() && *c != '\0').collect()
}

/// `LENGTH KEY=VALUE`, where the length counts itself.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    loop {
        let whole = rest.len() + length.to_string().len();
        if whole == length {
            return format!("{length}{rest}");
        }
        length = whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_a_slash() {
        let long = format!("{}/{}", "a".repeat(90), "b".repeat(60));
        assert_eq!(split(&long), Some((&*"a".repeat(90), &*"b".repeat(60))));
        assert_eq!(split("c/ä"), None);
        assert_eq!(split(&"a".repeat(101)), None);
    }

    #[test]
    fn a_record_counts_itself() {
        assert_eq!(record("path", "c"), "9 path=c\n");
        assert_eq!(record("path", "cc"), "11 path=cc\n");
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut archive = Archive::default();
        let names = ["c/Chart.yaml".to_owned(), format!("c/ü/{}", "x".repeat(200))];
        for name in &names {
            archive.add(name, b"text", (5, 600_000_000));
        }
        let bytes = archive.finish();
        let mut read = ::tar::Archive::new(bytes.as_slice());
        let entries = read.entries().unwrap().map(|entry| {
            let entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.mtime().unwrap(), header.mode().unwrap()), (6, 0o644));
            entry.path().unwrap().to_string_lossy().into_owned()
        });
        assert_eq!(entries.collect::<Vec<_>>(), names);
    }
}
