use plimsoll_kube::{Document, Object, objects};

/// All objects that are looked at together: of a release, of a folder.
#[derive(Debug)]
pub struct ObjectSet<'a> {
    objects: Vec<Object<'a>>,
    /// Numbers of objects, sorted by kind.
    by_kind: Vec<u32>,
    namespace: &'a str,
}

impl<'a> ObjectSet<'a> {
    /// The objects of documents; `namespace` is where those go that name none.
    pub fn new(documents: &'a [Document], namespace: &'a str) -> ObjectSet<'a> {
        let objects = objects(documents);
        let mut by_kind: Vec<u32> = (0..objects.len() as u32).collect();
        by_kind.sort_by_key(|&at| objects[at as usize].kind);
        ObjectSet { objects, by_kind, namespace }
    }

    /// The objects in the order of the text.
    pub fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The objects of a kind of a group (empty: the core group), in the order of the text.
    pub fn of_kind<'s>(
        &'s self,
        group: &'s str,
        kind: &'s str,
    ) -> impl Iterator<Item = &'s Object<'a>> {
        let object = |at: &u32| &self.objects[*at as usize];
        let from = self.by_kind.partition_point(|at| object(at).kind < kind);
        let same = self.by_kind[from..].iter().map(object);
        same.take_while(move |one| one.kind == kind).filter(move |one| one.group() == group)
    }

    /// The namespace that an object ends up in.
    pub fn namespace_of(&self, object: &Object<'a>) -> &'a str {
        let named = object.namespace();
        if named.is_empty() { self.namespace } else { named }
    }

    /// The objects of a kind that share an object's namespace.
    pub fn beside<'s>(
        &'s self,
        object: &Object<'a>,
        group: &'s str,
        kind: &'s str,
    ) -> impl Iterator<Item = &'s Object<'a>> + use<'s, 'a> {
        let namespace = self.namespace_of(object);
        self.of_kind(group, kind).filter(move |one| self.namespace_of(one) == namespace)
    }
}
