//! Slash-separated paths, as Go's `path` package joins and cleans them.

/// Go's `path.Clean`: no empty parts and no dots.
pub(crate) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Go's `path.Join`: nothing where every part is empty.
pub(crate) fn join(parts: &[&str]) -> String {
    let given: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if given.is_empty() { String::new() } else { clean(&given.join("/")) }
}

/// Go's `path.Base`.
pub(crate) fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".",
        (_, "") => "/",
        (_, trimmed) => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_and_joined() {
        for (path, expected) in
            [("a//b/./c/..", "a/b"), ("/../a", "/a"), ("..", ".."), ("", "."), ("/", "/")]
        {
            assert_eq!(clean(path), expected, "{path}");
        }
        assert_eq!(join(&["", "a", "../b"]), "b");
        assert_eq!(join(&["", ""]), "");
        assert_eq!((base("/a/b/"), base(""), base("//")), ("b", ".", "/"));
    }
}
