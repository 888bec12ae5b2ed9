//! What a release consists of, as text and as objects.

use plimsoll_gotmpl::Compat;
use plimsoll_helm::HelmError;
use plimsoll_helm::release::{Manifest, Outside, PrintOptions, Rendered, print};
use plimsoll_kube::{Document, Object, objects, read_documents};
use plimsoll_source::FileId;

/// The manifests of a rendered release.
#[derive(Clone, Debug)]
pub struct Manifests {
    /// All that was rendered: manifests and hooks in Helm's order, the files of `crds/`, NOTES.txt.
    pub rendered: Rendered,
    compat: Compat,
}

impl Manifests {
    pub(crate) fn new(rendered: Rendered, compat: Compat) -> Manifests {
        Manifests { rendered, compat }
    }

    /// The manifests and then the hooks, each in the order in which Helm prints them.
    pub fn iter(&self) -> impl Iterator<Item = &Manifest> {
        let hooks = self.rendered.hooks.iter().map(|hook| &hook.manifest);
        self.rendered.manifests.iter().chain(hooks)
    }

    /// What `helm template` prints: manifests and hooks, without the files of `crds/`. Bytes that
    /// are no UTF-8 are an error.
    pub fn to_text(&self) -> Result<String, HelmError> {
        let options = PrintOptions { compat: self.compat, ..PrintOptions::default() };
        let rendered = Rendered { crds: Vec::new(), ..self.rendered.clone() };
        let mut out = Vec::new();
        print(&rendered, &options, &mut Nowhere, &mut out)?;
        String::from_utf8(out).map_err(|_| HelmError::new("the manifests are not UTF-8"))
    }

    /// The objects in them, those of `crds/` first.
    pub fn objects(&self) -> Objects {
        let crds = self.rendered.crds.iter().map(|crd| &crd.bytes[..]);
        let texts = crds.chain(self.iter().map(Manifest::bytes));
        Objects(texts.flat_map(|text| read_documents(text, FileId::NONE)).collect())
    }
}

/// Kubernetes objects, with the documents that they stand in.
#[derive(Debug)]
pub struct Objects(Vec<Document>);

impl Objects {
    /// The objects in their order, those of lists one by one. Fields are read through
    /// [`Object::node`]; [`crate::to_json`] writes one as JSON.
    pub fn iter(&self) -> impl Iterator<Item = Object<'_>> {
        objects(&self.0).into_iter()
    }

    /// The documents.
    pub fn documents(&self) -> &[Document] {
        &self.0
    }
}

/// Nothing is written: without an output folder printing asks for nothing.
struct Nowhere;

impl Outside for Nowhere {
    fn write(&mut self, _: &str, _: &[u8], _: bool) -> Result<(), String> {
        Ok(())
    }

    fn exists(&mut self, _: &str) -> bool {
        false
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Manifests>();
    shared::<Objects>();
};
