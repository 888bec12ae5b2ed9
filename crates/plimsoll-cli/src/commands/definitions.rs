//! Definitions of custom resources that are named beside the manifests.

use plimsoll::kube::validate::Validator;
use plimsoll::source::Files;
use plimsoll::{add_crds, documents};

use super::manifests;
use crate::fetch::Documents;

/// Tells a validator what files, folders and URLs define.
pub(super) fn add(
    validator: &mut Validator,
    places: &[String],
    insecure: bool,
) -> Result<(), String> {
    for place in places {
        let mut files = Files::new();
        let ids = if is_url(place) {
            let text = Documents::new(insecure).read(place)?;
            vec![files.add(place.as_str(), text.ok_or_else(|| format!("there is no `{place}`"))?)]
        } else {
            manifests::read(place, &mut files, &mut Vec::new())?
        };
        add_crds(validator, &documents(&files, &ids));
    }
    Ok(())
}

pub(super) fn is_url(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}
