//! Where a place of a rendered document came from.

use plimsoll::kube::Document;
use plimsoll::source::{Files, Span};
use plimsoll::{Provenance, TracedRender};

/// The templates and values that a place of a document was made of.
pub(super) fn provenance(
    traced: &TracedRender,
    files: &Files,
    document: &Document,
    span: Span,
) -> Option<Provenance> {
    let text = &files.get(document.file)?.text[document.range.clone()];
    let source = document.source.as_deref()?;
    let rendered = &traced.rendered;
    let hooks = rendered.hooks.iter().map(|hook| &hook.manifest);
    let mut from_it = rendered.manifests.iter().chain(hooks).filter(|one| one.path() == source);
    from_it.find_map(|manifest| {
        let body = manifest.bytes().trim_ascii();
        let skipped = manifest.bytes().len() - manifest.bytes().trim_ascii_start().len();
        let at = document.range.start + memchr::memmem::find(text, body)?;
        let start = (span.start as usize).checked_sub(at)? + skipped;
        let end = start + (span.len() as usize).max(1);
        Some(traced.at(manifest, start..end))
    })
}
