//! Names in expressions.

pub(super) use crate::nearest::nearest;

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
    fn the_chain_ends_before_the_field_that_failed() {
        let (chain, before) = before_field("$.Values.image.tagged.tag", "tag");
        assert_eq!(chain, Some(vec!["image".to_owned(), "tagged".to_owned()]));
        assert_eq!(before, "$.Values.image.tagged");
        assert_eq!(before_field(".a.b", "b"), (None, ".a"));
    }
}
