//! Images: tags, registries.

pub(super) mod image_deprecated_registry;
pub(super) mod image_invalid_reference;
pub(super) mod image_pull_policy;
pub(super) mod image_tag_latest;
