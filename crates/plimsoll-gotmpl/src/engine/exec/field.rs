//! Fields, methods and map entries, one after the other.

use super::*;
use crate::engine::call::Call;
use crate::engine::table::Special;

impl<'a> Frame<'a> {
    /// A variable and its fields.
    pub(in crate::engine) fn variable<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (names, id): (Piece, Id),
        given: Given<'_>,
    ) -> Result<Reflect> {
        self.at = At::Expr(id);
        let text = self.text(names);
        let length = text.iter().position(|&byte| byte == b'.').unwrap_or(text.len());
        let Some(at) = self.find(run, &text[..length]) else {
            return self.undefined(&text[..length]);
        };
        let value = &run.variables[at].1;
        if length == text.len() {
            self.no_arguments(id, given)?;
            return Ok(value.value.clone());
        }
        let names = &text[length..];
        if let (name, []) = first_of(names)
            && let Some(value) = plain_field(value.value.as_ref(), name, given)
        {
            return Ok(Some(value));
        }
        let value = value.clone();
        self.fields(run, dot, &value, (names, id), given)
    }

    /// A chain such as `(pipe).field`.
    pub(in crate::engine) fn chain<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        id: Id,
        given: Given<'_>,
    ) -> Result<Reflect> {
        self.at = At::Expr(id);
        let Node::Chain { paren, next, .. } = self.nodes.get(id) else { return Ok(None) };
        let Node::Names(names) = self.nodes.get(next - 1) else { return Ok(None) };
        let value = if paren {
            self.inner(run, dot, id, (id + 1, next - 1))?
        } else {
            self.argument(run, dot, None, id + 1)?
        };
        self.fields(run, dot, &Dot::plain(value), (self.text(names), id), given)
    }

    /// Follows fields from a value; the arguments go to the last one.
    pub(in crate::engine) fn fields<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        from: &Dot,
        (names, id): (&'a [u8], Id),
        given: Given<'_>,
    ) -> Result<Reflect> {
        let (mut name, mut rest) = first_of(names);
        if rest.is_empty() {
            return self.field(run, dot, (&from.value, from.held), (name, id), given);
        }
        let mut held = is_held_by(&from.value);
        let mut value = self.field(run, dot, (&from.value, from.held), (name, id), Given::NONE)?;
        loop {
            (name, rest) = first_of(rest);
            if rest.is_empty() {
                return self.field(run, dot, (&value, held), (name, id), given);
            }
            let next = self.field(run, dot, (&value, held), (name, id), Given::NONE)?;
            held = is_held_by(&value);
            value = next;
        }
    }

    fn field<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (receiver, held): (&Reflect, bool),
        (name, id): (&'a [u8], Id),
        given: Given<'_>,
    ) -> Result<Reflect> {
        if let Some(value) = plain_field(receiver.as_ref(), name, given) {
            return Ok(Some(value));
        }
        let Some(receiver) = receiver else { return Ok(None) };
        self.any_field(run, dot, (receiver, held), (name, id), given)
    }

    fn any_field<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (receiver, held): (&Value, bool),
        (bytes, id): (&'a [u8], Id),
        given: Given<'_>,
    ) -> Result<Reflect> {
        let name = std::str::from_utf8(bytes).unwrap_or_default();
        if receiver.is_nil() {
            return self.fail(Cause::Nil { field: name.to_owned() });
        }
        if let Some(method) = method_of(receiver, name) {
            let call = Call { function: method, receiver: Some(receiver), args: None };
            return self.call(run, dot, (call, Special::None), At::Expr(id), given);
        }
        let map = match receiver {
            Value::Map(_, map) => Some(map.clone()),
            Value::Object(_, object) if object.kind() == Kind::Map => object.as_map(),
            _ => None,
        };
        if let Some(map) = map {
            if !given.is_none() {
                return self.error(format!("{name} is not a method but has arguments"));
            }
            return Ok(Some(entry(&map, bytes)));
        }
        if let Value::Object(_, object) = receiver
            && let Some(value) = object.field(name)
        {
            let ty = receiver.type_name();
            if !name.starts_with(char::is_uppercase) {
                return self.error(format!("{name} is an unexported field of struct type {ty}"));
            }
            if !given.is_none() {
                return self
                    .error(format!("{name} has arguments but cannot be invoked as function"));
            }
            return Ok(Some(value));
        }
        // What came out of a map or a list is an interface for Go.
        let ty = if held { "interface {}".to_owned() } else { receiver.type_name() };
        self.fail(Cause::NoField { field: name.to_owned(), of: ty })
    }
}

/// The first of some fields, and those behind it.
fn first_of(names: &[u8]) -> (&[u8], &[u8]) {
    let names = &names[1..];
    let length = names.iter().position(|&byte| byte == b'.').unwrap_or(names.len());
    names.split_at(length)
}

/// Whether Go holds what the fields of a value are as interfaces.
fn is_held_by(value: &Reflect) -> bool {
    matches!(value, Some(Value::Map(_, map)) if map.map_type().elem == Type::Any)
}

fn entry(map: &Map, name: &[u8]) -> Value {
    map.get(name).unwrap_or_else(|| zero_of(map.map_type().elem))
}

/// A field of a map, what fields by far mostly are.
#[inline]
fn plain_field(receiver: Option<&Value>, name: &[u8], given: Given<'_>) -> Option<Value> {
    match receiver {
        Some(Value::Map(_, map)) if given.is_none() && !has_method(map, name) => {
            Some(entry(map, name))
        }
        _ => None,
    }
}

/// Whether a map has a method, whose name begins with a capital.
fn has_method(map: &Map, name: &[u8]) -> bool {
    let methods = map.map_type().methods;
    !methods.is_empty()
        && name.first().is_some_and(u8::is_ascii_uppercase)
        && methods.iter().any(|method| method.name.as_bytes() == name)
}

fn method_of(receiver: &Value, name: &str) -> Option<&'static Function> {
    match receiver {
        Value::Map(_, map) => map.map_type().methods.iter().find(|one| one.name == name),
        Value::List(_, list) => match list.elem() {
            crate::Elem::Typed(ty) => ty.methods.iter().find(|one| one.name == name),
            _ => None,
        },
        Value::Object(_, object) => object.method(name),
        Value::Int(ty, ..) => ty.method(name),
        _ => None,
    }
}
