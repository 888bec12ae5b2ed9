//! What a release would consist of, as plain data.

use std::ops::Range;
use std::sync::Arc;

use plimsoll_source::TextMap;

use super::HookEvent;

/// Everything that `helm template` works out: documents in Helm's order, and what is not printed.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The files of `crds/`, the root chart's first, as they stand on disk.
    pub crds: Vec<Crd>,
    /// The manifests, sorted by kind.
    pub manifests: Vec<Manifest>,
    /// The hooks, sorted by kind.
    pub hooks: Vec<Hook>,
    /// The text of the root chart's NOTES.txt.
    pub notes: String,
    /// What each template gave, sorted by path: also what makes no document.
    pub files: Vec<RenderedText>,
}

/// The text that a template gave.
#[derive(Clone, Debug)]
pub struct RenderedText {
    /// `c/templates/a.yaml`
    pub path: Arc<str>,
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// Where they came from, if the run was traced.
    pub map: Option<Arc<TextMap>>,
}

/// A document of a rendered file.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file it stands in.
    pub file: RenderedText,
    /// Where it stands in the file.
    pub range: Range<usize>,
    /// `apiVersion`, empty where it has none.
    pub api_version: String,
    /// `kind`, empty where it has none.
    pub kind: String,
    /// `metadata.name`, empty where it has none.
    pub name: String,
}

impl Manifest {
    /// The document as Helm prints it.
    pub fn bytes(&self) -> &[u8] {
        &self.file.bytes[self.range.clone()]
    }

    /// The path of the template that it came from.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// Where the document's bytes came from, counted from its start.
    pub fn map(&self) -> Option<TextMap> {
        let map = self.file.map.as_ref()?;
        Some(map.slice(self.range.start as u32, self.range.end as u32))
    }
}

/// A manifest that runs at certain times.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The document.
    pub manifest: Manifest,
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// `helm.sh/hook-weight`, zero where it is no number; it does not order what is printed.
    pub weight: i64,
}

impl Hook {
    /// Whether `helm test` runs it.
    pub fn is_test(&self) -> bool {
        self.events.contains(&HookEvent::Test)
    }
}

/// A file of `crds/`.
#[derive(Clone, Debug)]
pub struct Crd {
    /// `c/charts/s/crds/a.yaml`
    pub path: String,
    /// The bytes, as read.
    pub bytes: Arc<[u8]>,
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Rendered>();
};
