/// The name that looks most like another, if any does: at most a third of its letters differ.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(1);
    let lower = name.to_lowercase();
    known
        .filter(|other| *other != name)
        .map(|other| (strsim::damerau_levenshtein(&lower, &other.to_lowercase()), other))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["images", "count", "which"];
        assert_eq!(nearest("image", known.into_iter()), Some("images"));
        assert_eq!(nearest("Count", known.into_iter()), Some("count"));
        assert_eq!(nearest("replicas", known.into_iter()), None);
    }
}
