//! Paths with `/`. The `os…` functions are those of a Unix.

use plimsoll_gotmpl::{Function, Marked, Text, function};
use plimsoll_source::go_path;

use crate::strval::part;

pub(crate) const PATHS: &[Function] = &[
    function!("base", base),
    function!("dir", dir),
    function!("clean", clean),
    function!("ext", ext),
    function!("isAbs", is_abs),
    function!("osBase", base),
    function!("osDir", dir),
    function!("osClean", clean),
    function!("osExt", ext),
    function!("osIsAbs", is_abs),
];

/// `base "/a/b.txt"` → `b.txt`; `.` of nothing and `/` of slashes alone.
fn base(path: Marked) -> Marked {
    let bytes = path.text.as_bytes();
    let Some(end) = bytes.iter().rposition(|byte| *byte != b'/') else {
        let name = if bytes.is_empty() { "." } else { "/" };
        return Marked { text: name.into(), origin: path.origin };
    };
    let start = bytes[..end].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    part(&path, start..end + 1)
}

/// `dir "/a/b.txt"` → `/a`
fn dir(path: Text) -> Text {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    clean(path.slice(0..end))
}

/// `clean "/a/b/../c//d/."` → `/a/c/d`
fn clean(path: Text) -> Text {
    go_path::clean_bytes(&path).into()
}

/// `ext "a/b.tar.gz"` → `.gz`
fn ext(path: Marked) -> Marked {
    let bytes = path.text.as_bytes();
    let stop = bytes.iter().rposition(|byte| matches!(byte, b'/' | b'.'));
    let start = stop.filter(|at| bytes[*at] == b'.').unwrap_or(bytes.len());
    part(&path, start..bytes.len())
}

fn is_abs(path: Text) -> bool {
    path.first() == Some(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, want: [&str; 4]) {
        let marked = || Marked { text: path.into(), origin: plimsoll_source::Origin::NONE };
        let got = [base(marked()).text, dir(path.into()), clean(path.into()), ext(marked()).text];
        assert_eq!(got.map(|text| text.to_str_lossy().into_owned()), want, "{path}");
    }

    #[test]
    fn paths_come_apart_as_in_go() {
        check("", [".", ".", ".", ""]);
        check("///", ["/", "/", "/", ""]);
        check("/a/b/../c.txt", ["c.txt", "/a", "/a/c.txt", ".txt"]);
        check("a//b/", ["b", "a/b", "a/b", ""]);
        check("../../x.", ["x.", "../..", "../../x.", "."]);
        check("/../a/../..", ["..", "/", "/", "."]);
        check("a.b/c", ["c", "a.b", "a.b/c", ""]);
    }
}
