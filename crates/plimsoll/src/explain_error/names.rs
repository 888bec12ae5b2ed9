//! Names in expressions.

/// The name that looks most like another, if any does; else the only one that it shortens.
pub(super) fn nearest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    crate::nearest::nearest(name, known.clone()).or_else(|| {
        let mut long = known.filter(|other| shortens(name, other));
        long.next().filter(|_| long.next().is_none())
    })
}

/// Whether a name is another with letters left out: `img` of `image`.
fn shortens(name: &str, other: &str) -> bool {
    let mut rest = other.chars();
    let in_order = name.chars().all(|c| rest.any(|other| other == c));
    let first = name.chars().next() == other.chars().next();
    in_order && first && name.len() >= 3 && name.len() < other.len()
}

/// The keys of the first `.Values.a.b` in a text.
pub(super) fn values_chain(text: &str) -> Option<Vec<String>> {
    const VALUES: &str = ".Values.";
    let at = text.find(VALUES)? + VALUES.len();
    let end = text[at..].find(|c: char| !is_of_chain(c)).map_or(text.len(), |end| at + end);
    let keys: Vec<String> =
        text[at..end].split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    (!keys.is_empty()).then_some(keys)
}

/// Of the chain `.Values.a.b` that fails at `.b`: the keys before it if it starts at the values, and
/// its text before it.
pub(super) fn before_field<'a>(text: &'a str, field: &str) -> (Option<Vec<String>>, &'a str) {
    let end = text
        .match_indices(&format!(".{field}"))
        .map(|(at, part)| (at, at + part.len()))
        .find(|&(at, end)| at > 0 && !text[end..].starts_with(is_of_name))
        .map_or(text.len(), |(at, _)| at);
    let before = &text[..end];
    (values_chain(before), before)
}

/// A Go type in words.
pub(super) fn plain_type(go: &str) -> &str {
    match go {
        "string" => "text",
        "bool" => "boolean",
        "int" | "int64" | "float64" | "uint64" => "number",
        "interface {}" => "value",
        "common.Values" | "chartutil.Values" => "map",
        _ if go.starts_with("map[") => "map",
        _ if go.starts_with("[]") => "list",
        _ => go,
    }
}

/// Whether a character may stand in `.Values.a.b`.
pub(super) fn is_of_chain(c: char) -> bool {
    is_of_name(c) || c == '.' || c == '$'
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_stand_for_the_only_long_one() {
        let known = ["image", "ingress", "images"];
        assert_eq!(nearest("ing", known.into_iter()), Some("ingress"));
        assert_eq!(nearest("img", known.into_iter()), None, "it may be either");
        assert_eq!(nearest("img", known[..2].iter().copied()), Some("image"));
        assert_eq!(nearest("mg", known.into_iter()), None);
    }

    #[test]
    fn the_chain_ends_before_the_field_that_failed() {
        let (chain, before) = before_field("$.Values.image.tagged.tag", "tag");
        assert_eq!(chain, Some(vec!["image".to_owned(), "tagged".to_owned()]));
        assert_eq!(before, "$.Values.image.tagged");
        assert_eq!(before_field(".a.b", "b"), (None, ".a"));
    }
}
