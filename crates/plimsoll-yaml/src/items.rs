use std::ops::{Deref, DerefMut};

use crate::node::{Entry, Kind, Node};

/// The items of a list or the entries of a map: a vector that is dropped without deep calls, since
/// go-yaml takes nesting of ten thousand.
#[derive(Clone, Debug, PartialEq)]
pub struct Items<T: Nested>(Vec<T>);

/// What [`Items`] consist of.
pub trait Nested {
    /// The kind of the node that it is or holds.
    fn kind_mut(&mut self) -> &mut Kind;
}

impl Nested for Node {
    fn kind_mut(&mut self) -> &mut Kind {
        &mut self.kind
    }
}

impl Nested for Entry {
    fn kind_mut(&mut self) -> &mut Kind {
        &mut self.value.kind
    }
}

impl<T: Nested> Items<T> {
    /// The vector.
    pub fn into_vec(mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }

    /// Moves the collections among the items out of them.
    fn take_collections(&mut self, into: &mut Vec<Kind>) {
        for item in &mut self.0 {
            let kind = item.kind_mut();
            if matches!(kind, Kind::List(items) if !items.is_empty())
                || matches!(kind, Kind::Map(entries) if !entries.is_empty())
            {
                into.push(std::mem::replace(kind, Kind::Null));
            }
        }
    }
}

impl<T: Nested> Drop for Items<T> {
    fn drop(&mut self) {
        let mut todo = Vec::new();
        self.take_collections(&mut todo);
        while let Some(mut kind) = todo.pop() {
            match &mut kind {
                Kind::List(items) => items.take_collections(&mut todo),
                Kind::Map(entries) => entries.take_collections(&mut todo),
                _ => {}
            }
        }
    }
}

impl<T: Nested> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Items<T> {
        Items(items)
    }
}

impl<T: Nested> FromIterator<T> for Items<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Items<T> {
        Items(items.into_iter().collect())
    }
}

impl<T: Nested> Deref for Items<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Nested> DerefMut for Items<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T: Nested> IntoIterator for Items<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'i, T: Nested> IntoIterator for &'i Items<T> {
    type Item = &'i T;
    type IntoIter = std::slice::Iter<'i, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'i, T: Nested> IntoIterator for &'i mut Items<T> {
    type Item = &'i mut T;
    type IntoIter = std::slice::IterMut<'i, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}
