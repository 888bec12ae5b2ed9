//! Sorts rendered files into manifests and hooks.

use std::sync::Arc;

use plimsoll_gotmpl::Compat;

use super::head::{SimpleHead, read_head};
use super::hook::{HOOK, hook_events};
use super::order::sort_by_kind;
use super::split::split;
use super::{Hook, Manifest, RenderedText, space};
use crate::render::OnError;
use crate::{HelmCause, HelmError, Level, slog};

/// Manifests and hooks of files that are sorted by path; `failed` is asked of every file that is
/// no manifest. helm: manifest_sorter.go SortManifests.
pub(super) fn sort_documents(
    files: &[RenderedText],
    compat: Compat,
    log: &mut dyn FnMut(String),
    failed: OnError<'_>,
) -> Result<(Vec<Manifest>, Vec<Hook>), HelmError> {
    let (mut manifests, mut hooks) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| !space::trim(&file.bytes).is_empty()) {
        for range in split(&file.bytes, compat) {
            let head = match read_head(&file.bytes[range.clone()], compat) {
                Ok(head) => head,
                Err(why) => {
                    let path = file.path.to_string();
                    let message = format!("YAML parse error on {path}: {why}");
                    let cause = HelmCause::NotManifest { path, why };
                    failed(HelmError::with_cause(message, cause))?;
                    break;
                }
            };
            let annotation = head.annotation(HOOK).map(str::to_owned);
            let weight = head.annotation("helm.sh/hook-weight").map_or(0, atoi);
            let SimpleHead { api_version, kind, name, .. } = head;
            let manifest = Manifest { file: file.clone(), range, api_version, kind, name };
            match annotation {
                None => manifests.push(manifest),
                Some(annotation) => match hook_events(&annotation) {
                    Some(events) => hooks.push(Hook { manifest, events, weight }),
                    None => log(skipping(&annotation, compat)),
                },
            }
        }
    }
    sort_by_kind(&mut manifests, compat, |manifest| &manifest.kind);
    sort_by_kind(&mut hooks, compat, |hook| &hook.manifest.kind);
    Ok((manifests, hooks))
}

fn skipping(annotation: &str, compat: Compat) -> String {
    match compat {
        Compat::Helm3 => {
            format!("manifest_sorter.go:199: info: skipping unknown hook: {annotation:?}")
        }
        Compat::Helm4 => slog(Level::Info, "skipping unknown hooks", &[("hookTypes", annotation)]),
    }
}

/// Go's `strconv.Atoi`, zero where it fails.
fn atoi(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

/// What a template gave, as data that threads can share.
pub(super) fn shared(file: &crate::render::RenderedFile) -> RenderedText {
    RenderedText {
        path: Arc::from(file.path.as_str()),
        bytes: Arc::from(file.text.as_bytes()),
        map: file.text.map().map(|map| Arc::new(map.clone())),
    }
}
