/// Go's `path.Clean`.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Go's `filepath.Join`.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { clean(name) } else { clean(&format!("{folder}/{name}")) }
}

/// Go's `path.Base`.
pub(crate) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed.rsplit('/').next().unwrap_or(trimmed) }
}

/// Go's `path.Ext`: from the last dot of the last part on.
pub(crate) fn ext(path: &str) -> &str {
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
        check("../../a/..", "../..");
        check("/../a", "/a");
        check("", ".");
    }

    #[test]
    fn parts_are_cut_as_go_does() {
        assert_eq!((base("a/b/"), base("/"), base("")), ("b", "/", "."));
        assert_eq!((ext("a.b/c"), ext("a/.x"), ext("a.tar.gz")), ("", ".x", ".gz"));
    }
}
