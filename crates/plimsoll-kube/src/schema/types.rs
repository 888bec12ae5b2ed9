use std::cmp::Ordering;

use super::table::{Section, bytes, count, list, record, search, text};

/// A kind as the servers of some minors serve it.
#[derive(Clone, Copy, Debug)]
pub struct KindRow {
    /// `apps/v1`.
    pub api_version: &'static str,
    /// `Deployment`.
    pub kind: &'static str,
    /// `None` for kinds that went before the first minor.
    pub root: Option<Type>,
    /// Whether its objects lie in namespaces.
    pub namespaced: bool,
    /// The first minor that serves it, 0 where that is not known.
    pub from: u16,
    /// The last minor that serves it.
    pub to: u16,
    /// The apiVersion to write once it is gone; empty where there is none.
    pub replacement: &'static str,
    /// The newest server's warning; empty for most.
    pub deprecated: &'static str,
}

/// Every kind, in order of apiVersion and kind.
pub fn kinds() -> impl Iterator<Item = KindRow> {
    (0..count(Section::Kinds, 8)).map(kind_at)
}

fn kind_at(index: usize) -> KindRow {
    let [api_version, kind, root, namespaced, from, to, replacement, deprecated] =
        record(Section::Kinds, index);
    KindRow {
        api_version: text(api_version),
        kind: text(kind),
        root: (root != u16::MAX).then_some(Type(root)),
        namespaced: namespaced == 1,
        from,
        to,
        replacement: text(replacement),
        deprecated: text(deprecated),
    }
}

/// The kind of a manifest's `apiVersion` and `kind`, whatever minors serve it.
pub fn find_kind(api_version: &str, kind: &str) -> Option<KindRow> {
    search(count(Section::Kinds, 8), |index| {
        let [known_version, known_kind, ..] = record::<8>(Section::Kinds, index);
        (text(known_version), text(known_kind)).cmp(&(api_version, kind))
    })
    .map(kind_at)
}

/// Whether Kubernetes itself owns a group; the core group is the empty one.
pub fn has_group(group: &str) -> bool {
    let version = |index| bytes(record::<8>(Section::Kinds, index)[0]);
    let of = |index| {
        let name = version(index);
        name.iter().position(|&byte| byte == b'/').map_or(&b""[..], |end| &name[..end])
    };
    // `a.io/v1` stands behind `a.io-b/v1`, so that only whole names with their slash are in order.
    let wanted = [group.as_bytes(), b"/"].concat();
    let all = count(Section::Kinds, 8);
    if group.is_empty() {
        return (0..all).any(|index| of(index).is_empty());
    }
    let (mut low, mut high) = (0, all);
    while low < high {
        let middle = usize::midpoint(low, high);
        if version(middle) < wanted.as_slice() {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low < all && of(low) == group.as_bytes()
}

/// A type: `core.v1.Container`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Type(u16);

/// A type by its short name: `core.v1.PodSpec`.
pub fn find_type(name: &str) -> Option<Type> {
    search(count(Section::Types, 5), |index| text(record::<5>(Section::Types, index)[0]).cmp(name))
        .map(|index| Type(index as u16))
}

impl Type {
    /// `core.v1.Container`.
    pub fn name(self) -> &'static str {
        text(record::<5>(Section::Types, usize::from(self.0))[0])
    }

    /// Its fields in a minor; `None` where that minor has no such type.
    pub fn body(self, minor: u16) -> Option<Body> {
        let [_, start, runs, ..] = record::<5>(Section::Types, usize::from(self.0));
        (start..start + runs).find_map(|run| {
            let [from, to, body] = record(Section::Runs, usize::from(run));
            let [start, len] = record(Section::Bodies, usize::from(body));
            (from <= minor && minor <= to).then_some(Body { start, len, owner: self })
        })
    }

    /// What only the newest server tells of a field.
    pub fn extra(self, field: &str) -> Option<Extra> {
        let [.., start, len] = record::<5>(Section::Types, usize::from(self.0));
        (start..start + len).find_map(|extra| {
            let [name, values, default, immutable] = record(Section::Extras, usize::from(extra));
            (text(name) == field).then(|| Extra {
                values,
                default: text(default),
                immutable: immutable == 1,
            })
        })
    }
}

/// What only the newest server tells of a field.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    values: u16,
    /// The default as JSON; empty where it is the zero value or there is none.
    pub default: &'static str,
    /// Whether the server refused each change of it.
    pub immutable: bool,
}

impl Extra {
    /// The values that it can have, in order; none where they are not known in full.
    pub fn values(&self) -> impl Iterator<Item = &'static str> {
        list(self.values)
    }
}

/// The fields of a type in one minor, in byte order of their names.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    start: u16,
    len: u16,
    owner: Type,
}

impl Body {
    /// The type that this is a body of.
    pub fn owner(&self) -> Type {
        self.owner
    }

    /// All fields in byte order.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        (self.start..self.start + self.len).map(field_at)
    }

    /// A field by its name.
    pub fn field(&self, name: &[u8]) -> Option<Field> {
        let (start, len) = (usize::from(self.start), usize::from(self.len));
        search(len, |index| bytes(record::<3>(Section::Fields, start + index)[0]).cmp(name))
            .map(|index| field_at((start + index) as u16))
    }

    /// All fields, to be asked for in byte order of their names.
    pub(crate) fn cursor(self) -> Cursor {
        Cursor { next: self.start, end: self.start + self.len }
    }
}

/// The fields of a [`Body`] behind the last that was asked for.
#[derive(Debug)]
pub(crate) struct Cursor {
    next: u16,
    end: u16,
}

impl Cursor {
    /// A field by its name, which comes behind every name that was asked for before.
    pub(crate) fn seek(&mut self, name: &[u8]) -> Option<Field> {
        while self.next < self.end {
            let known = bytes(record::<3>(Section::Fields, usize::from(self.next))[0]);
            match known.cmp(name) {
                Ordering::Less => self.next += 1,
                Ordering::Equal => {
                    self.next += 1;
                    return Some(field_at(self.next - 1));
                }
                Ordering::Greater => return None,
            }
        }
        None
    }
}

fn field_at(index: u16) -> Field {
    let [name, shape, flags] = record(Section::Fields, usize::from(index));
    Field {
        name: text(name),
        shape: ShapeId(shape),
        required: flags & 1 != 0,
        has_extra: flags & 2 != 0,
    }
}

/// A field of a [`Body`].
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field as manifests write it.
    pub name: &'static str,
    shape: ShapeId,
    /// Whether the API's documentation calls it required.
    pub required: bool,
    /// Whether [`Type::extra`] tells more.
    pub has_extra: bool,
}

impl Field {
    /// What it holds.
    pub fn shape(&self) -> Shape {
        self.shape.get()
    }
}

#[derive(Clone, Copy, Debug)]
struct ShapeId(u16);

impl ShapeId {
    fn get(self) -> Shape {
        let [kind, inner, keys] = record(Section::Shapes, usize::from(self.0));
        match kind {
            0 => Shape::Leaf(Leaf::from_number(inner)),
            1 => Shape::Type(Type(inner)),
            2 => Shape::Map(Inner(ShapeId(inner))),
            3 => Shape::List(Inner(ShapeId(inner)), ListType::Atomic),
            4 => Shape::List(Inner(ShapeId(inner)), ListType::Set),
            _ => Shape::List(Inner(ShapeId(inner)), ListType::Map(Keys(keys))),
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A scalar, or something that is not looked into.
    Leaf(Leaf),
    /// A struct.
    Type(Type),
    /// A map of texts.
    Map(Inner),
    /// A list and how lists of it are merged.
    List(Inner, ListType),
}

/// What the items of a map or list hold.
#[derive(Clone, Copy, Debug)]
pub struct Inner(ShapeId);

impl Inner {
    /// The shape of an item.
    pub fn shape(self) -> Shape {
        self.0.get()
    }
}

/// How a list is merged, and so what may not stand in it twice.
#[derive(Clone, Copy, Debug)]
pub enum ListType {
    /// As a whole.
    Atomic,
    /// By value.
    Set,
    /// By the fields named.
    Map(Keys),
}

/// The fields that tell the items of a list apart.
#[derive(Clone, Copy, Debug)]
pub struct Keys(u16);

impl Keys {
    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        list(self.0)
    }
}

/// What is not a struct, a map or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// Anything.
    Any,
    /// A text.
    String,
    /// `true` or `false`.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A number.
    Double,
    /// Bytes in base 64.
    Bytes,
    /// A time in seconds.
    Time,
    /// A time in microseconds.
    MicroTime,
    /// A resource's quantity.
    Quantity,
    /// A whole number of 32 bits or a text.
    IntOrString,
    /// A schema of a CRD or a boolean.
    SchemaOrBool,
    /// A schema of a CRD or a list of them.
    SchemaOrArray,
    /// A schema of a CRD or a list of texts.
    SchemaOrStrings,
}

impl Leaf {
    fn from_number(number: u16) -> Leaf {
        const LEAVES: [Leaf; 14] = [
            Leaf::Any,
            Leaf::String,
            Leaf::Bool,
            Leaf::Int32,
            Leaf::Int64,
            Leaf::Double,
            Leaf::Bytes,
            Leaf::Time,
            Leaf::MicroTime,
            Leaf::Quantity,
            Leaf::IntOrString,
            Leaf::SchemaOrBool,
            Leaf::SchemaOrArray,
            Leaf::SchemaOrStrings,
        ];
        LEAVES.get(usize::from(number)).copied().unwrap_or(Leaf::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(api_version: &str, kind: &str, minors: (u16, u16), replacement: &str) {
        let row = find_kind(api_version, kind).unwrap();
        assert_eq!((row.from, row.to, row.replacement), (minors.0, minors.1, replacement));
    }

    #[test]
    fn kinds_know_their_minors() {
        check("apps/v1", "Deployment", (27, 37), "");
        check("batch/v1beta1", "CronJob", (0, 24), "batch/v1");
        check(
            "flowcontrol.apiserver.k8s.io/v1beta2",
            "FlowSchema",
            (27, 28),
            "flowcontrol.apiserver.k8s.io/v1",
        );
    }

    #[test]
    fn fields_are_found_and_their_enums_known() {
        let port = find_type("core.v1.ServicePort").unwrap();
        let body = port.body(37).unwrap();
        assert!(body.field(b"port").unwrap().required);
        assert!(body.field(b"Port").is_none());
        let extra = port.extra("protocol").unwrap();
        assert_eq!(extra.values().collect::<Vec<_>>(), ["SCTP", "TCP", "UDP"]);
        assert_eq!(extra.default, "\"TCP\"");
    }

    #[test]
    fn groups_are_known() {
        for group in ["", "apps", "batch", "rbac.authorization.k8s.io", "policy"] {
            assert!(has_group(group), "{group}");
        }
        for group in ["argoproj.io", "app", "appss", "z", "a"] {
            assert!(!has_group(group), "{group}");
        }
        for row in kinds() {
            let group = row.api_version.split_once('/').map_or("", |(group, _)| group);
            assert!(has_group(group), "{group}");
        }
    }

    #[test]
    fn every_kind_that_is_served_has_its_type() {
        for row in kinds().filter(|row| row.from > 0) {
            assert!(row.root.is_some(), "{} {}", row.api_version, row.kind);
        }
    }
}
