//! Packed charts that no tool would pack.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use tar::{EntryType, Header};

/// What stands in an archive.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// A file with its bytes.
    File(&'a [u8]),
    /// A link to a path.
    Link(&'a str),
    /// A file of so many MiB of zeros.
    Zeros(u64),
}

/// The bytes of a packed chart with entries under any path.
pub fn tgz(entries: &[(&str, Entry<'_>)]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    for &(path, entry) in entries {
        let mut header = Header::new_ustar();
        // A path that leads outside is what `set_path` refuses.
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_size(match entry {
            Entry::File(bytes) => bytes.len() as u64,
            Entry::Link(_) => 0,
            Entry::Zeros(size) => size << 20,
        });
        if let Entry::Link(to) = entry {
            header.set_entry_type(EntryType::Symlink);
            header.set_link_name(to).expect("the name fits");
        }
        header.set_cksum();
        let mut write = |bytes: &[u8]| gz.write_all(bytes).expect("memory takes everything");
        write(header.as_bytes());
        match entry {
            Entry::File(bytes) => {
                write(bytes);
                write(&vec![0; bytes.len().next_multiple_of(512) - bytes.len()]);
            }
            Entry::Link(_) => {}
            Entry::Zeros(size) => (0..size).for_each(|_| write(&vec![0; 1 << 20])),
        }
    }
    gz.write_all(&[0; 1024]).expect("memory takes everything");
    gz.finish().expect("memory takes everything")
}
