//! Compares two sets of manifests by meaning.
