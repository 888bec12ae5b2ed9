use std::ops::Deref;
use std::rc::Rc;

use super::{Elem, Value};

/// A Go slice: shared and, as templates see it, immutable.
#[derive(Clone, Debug)]
pub struct List(Rc<ListData>);

#[derive(Debug)]
struct ListData {
    elem: Elem,
    nil: bool,
    items: Vec<Value>,
}

impl Drop for ListData {
    fn drop(&mut self) {
        if self.items.iter().any(Value::holds_values) {
            super::take_apart(std::mem::take(&mut self.items).into_iter(), None);
        }
    }
}

impl List {
    /// Gives the items that hold others to `keep` and drops the rest, if nobody else has the list.
    pub(super) fn take_apart(self, keep: impl FnMut(Value)) {
        let Some(mut data) = Rc::into_inner(self.0) else { return };
        let holders = data.items.iter_mut().filter(|item| item.holds_values());
        holders.map(std::mem::take).for_each(keep);
    }

    /// A slice of items. The caller sees to it that they are of the element type.
    pub fn new(elem: Elem, items: Vec<Value>) -> List {
        List(Rc::new(ListData { elem, nil: false, items }))
    }

    /// The nil slice: empty, and JSON and YAML show it as `null`.
    pub fn nil(elem: Elem) -> List {
        List(Rc::new(ListData { elem, nil: true, items: Vec::new() }))
    }

    /// What it holds.
    pub fn elem(&self) -> Elem {
        self.0.elem
    }

    /// Whether it is the nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// What tells it from all other lists in memory.
    pub(super) fn address(&self) -> usize {
        Rc::as_ptr(&self.0).cast::<()>() as usize
    }

    /// Whether both are the same slice in memory.
    pub fn same(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}
