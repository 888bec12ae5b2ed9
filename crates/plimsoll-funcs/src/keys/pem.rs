use plimsoll_source::encoding::{decode_base64, encode_base64};

/// A block of PEM.
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) bytes: Vec<u8>,
}

/// Writes a block as Go's `pem.Encode` does, in lines of 64 characters.
pub(crate) fn encode(kind: &str, bytes: &[u8]) -> String {
    let body = encode_base64(bytes);
    let mut out = format!("-----BEGIN {kind}-----\n");
    for line in body.as_bytes().chunks(64) {
        out.push_str(&String::from_utf8_lossy(line));
        out.push('\n');
    }
    out + "-----END " + kind + "-----\n"
}

/// The first block of a text, as Go's `pem.Decode` finds it; what is no block is passed over.
pub(crate) fn decode(text: &[u8]) -> Option<Block> {
    let text = String::from_utf8_lossy(text);
    let mut rest: &str = &text;
    while let Some(at) = find_line(rest, "-----BEGIN ") {
        rest = &rest[at + "-----BEGIN ".len()..];
        let (kind, body) = rest.split_once('\n')?;
        let Some(kind) = kind.trim_end().strip_suffix("-----") else { continue };
        let end = format!("-----END {kind}-----");
        let Some(at) = find_line(body, &end) else { continue };
        if let Ok(bytes) = decode_base64(body_of(&body[..at]).as_bytes()) {
            return Some(Block { kind: kind.to_owned(), bytes });
        }
    }
    None
}

fn find_line(text: &str, start: &str) -> Option<usize> {
    if text.starts_with(start) {
        return Some(0);
    }
    text.find(&format!("\n{start}")).map(|at| at + 1)
}

/// The lines of a block without headers and blanks.
fn body_of(lines: &str) -> String {
    lines.lines().filter(|line| !line.contains(':')).flat_map(str::split_whitespace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_back() {
        let text = format!("junk\n{}", encode("RSA PRIVATE KEY", &[7; 100]));
        let block = decode(text.as_bytes()).expect("there is a block");
        assert_eq!((&*block.kind, &block.bytes[..]), ("RSA PRIVATE KEY", &[7; 100][..]));
        assert!(decode(b"-----BEGIN X-----\nnothing").is_none());
    }
}
