//! Paths with slashes, as Go's `path` package joins and takes them apart; on Unix its
//! `path/filepath` does the same.

/// Go's `path.Clean`: no empty parts and no dots; `.` stands for nothing.
pub fn clean(path: &str) -> String {
    String::from_utf8(clean_bytes(path.as_bytes())).expect("cut at slashes, which are characters")
}

/// The same of a path that need not be UTF-8.
pub fn clean_bytes(path: &[u8]) -> Vec<u8> {
    let is_rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => drop(parts.pop()),
            b".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (is_rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// Go's `path.Join`: the parts that are not empty, cleaned together; nothing of nothing.
pub fn join(parts: &[&str]) -> String {
    let given: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if given.is_empty() { String::new() } else { clean(&given.join("/")) }
}

/// Go's `path.Base`: the last part; `.` of nothing and `/` of slashes alone.
pub fn base(path: &str) -> &str {
    match (path, path.trim_end_matches('/')) {
        ("", _) => ".",
        (_, "") => "/",
        (_, trimmed) => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

/// Go's `path.Ext`: from the last dot of the last part on.
pub fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |dot| &name[dot..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        let check = |path: &str, expected: &str| assert_eq!(clean(path), expected, "{path}");
        check("a//b/./c/..", "a/b");
        check("a//b/./c/", "a/b/c");
        check("../../a/..", "../..");
        check("../a/../..", "../..");
        check("/../a", "/a");
        check("..", "..");
        check("/", "/");
        check("", ".");
    }

    #[test]
    fn what_is_empty_is_not_joined() {
        assert_eq!(join(&["", "a", "../b"]), "b");
        assert_eq!(join(&["a", "b/"]), "a/b");
        assert_eq!(join(&["", ""]), "");
    }

    #[test]
    fn parts_are_cut_as_go_does() {
        assert_eq!((base("/a/b/"), base("//"), base("")), ("b", "/", "."));
        assert_eq!((ext("a.b/c"), ext("a/.x"), ext("a.tar.gz")), ("", ".x", ".gz"));
    }
}
