//! What an unknown field may have been meant to be.

use crate::schema::{Body, Shape};

/// A sentence for whoever wrote `key` among the fields of `body`; `above` are the bodies around it,
/// the outermost first. Empty where nothing comes near.
pub(super) fn field(key: &str, body: Body, above: &[Body], minor: u16) -> String {
    if let Some(near) = nearest(key, body) {
        return format!("did you mean `{near}`");
    }
    if let Some(parent) = above.iter().rev().find(|parent| parent.field(key.as_bytes()).is_some()) {
        let name = parent.owner().name().rsplit('.').next().unwrap_or_default();
        return format!("`{key}` is a field of {name}, above: it is indented too deep");
    }
    for field in body.fields() {
        let inner = match field.shape() {
            Shape::Type(name) => name.body(minor),
            _ => None,
        };
        if inner.is_some_and(|inner| inner.field(key.as_bytes()).is_some()) {
            return format!("`{key}` is a field of `{}`: it is not indented enough", field.name);
        }
    }
    String::new()
}

fn nearest(key: &str, body: Body) -> Option<&'static str> {
    nearest_of(key, body.fields().map(|field| field.name))
}

/// The name that comes nearest to a key, if one is near.
pub(super) fn nearest_of<'a>(key: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = plain(key);
    let most = match key.len() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    names
        .map(|name| (strsim::levenshtein(&plain, &self::plain(name)), name))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// Lower case, without what people put between words.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '_' | '-'));
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::find_type;

    #[track_caller]
    fn check(key: &str, at: &str, above: &str, want: &str) {
        let body = |name: &str| find_type(name).unwrap().body(37).unwrap();
        assert_eq!(field(key, body(at), &[body(above)], 37), want);
    }

    #[test]
    fn a_wrong_case_and_a_slip_are_seen() {
        check("Image", "core.v1.Container", "core.v1.PodSpec", "did you mean `image`");
        check(
            "imagePulPolicy",
            "core.v1.Container",
            "core.v1.PodSpec",
            "did you mean `imagePullPolicy`",
        );
        check(
            "max_replicas",
            "autoscaling.v2.HorizontalPodAutoscalerSpec",
            "core.v1.PodSpec",
            "did you mean `maxReplicas`",
        );
    }

    #[test]
    fn wrong_indentation_is_told() {
        check(
            "nodeSelector",
            "core.v1.Container",
            "core.v1.PodSpec",
            "`nodeSelector` is a field of PodSpec, above: it is indented too deep",
        );
        check(
            "replicas",
            "apps.v1.Deployment",
            "core.v1.PodSpec",
            "`replicas` is a field of `spec`: it is not indented enough",
        );
    }
}
