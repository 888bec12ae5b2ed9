//! Sorts rendered files into manifests and hooks.

use std::ops::Range;
use std::sync::Arc;

use plimsoll_gotmpl::Compat;

use super::head::{SimpleHead, read_head};
use super::hook::{HOOK, hook_events};
use super::order::sort_by_kind;
use super::split::split;
use super::{Hook, Manifest, RenderedText, space};
use crate::cores::on_all_cores;
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
    let heads = on_all_cores(files, FILES_WORTH_A_THREAD, || (), |(), file| heads(file, compat));
    for (file, heads) in files.iter().zip(heads) {
        for (range, head) in heads {
            let head = match head {
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

/// A thread costs as much as some files do.
const FILES_WORTH_A_THREAD: usize = 60;

/// The documents of a file up to one whose head cannot be read.
fn heads(file: &RenderedText, compat: Compat) -> Vec<(Range<usize>, Result<SimpleHead, String>)> {
    let mut heads = Vec::new();
    if space::trim(&file.bytes).is_empty() {
        return heads;
    }
    for range in split(&file.bytes, compat) {
        let head = read_head(&file.bytes[range.clone()], compat);
        let is_readable = head.is_ok();
        heads.push((range, head));
        if !is_readable {
            break;
        }
    }
    heads
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
