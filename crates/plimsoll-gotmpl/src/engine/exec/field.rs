//! Fields, methods and map entries, one after the other.

use super::*;

impl<'a> Frame<'a> {
    pub(in crate::engine) fn variable_chain<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        node: &'a Expr,
        names: Piece,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        self.at = At::Expr(node);
        let text = self.text(names);
        let length = memchr::memchr(b'.', text).unwrap_or(text.len());
        let Some(at) = self.find(run, &text[..length]) else {
            return self.undefined(&text[..length]);
        };
        let value = run.variables[at].1.clone();
        if length == text.len() {
            self.no_arguments(node, given.0, given.1)?;
            return Ok(value.value);
        }
        let names = Piece { start: names.start + length as u32, ..names };
        self.chain(run, dot, value, names, node, given)
    }

    /// A chain such as `(pipe).field`.
    pub(in crate::engine) fn chained<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        node: &'a Expr,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        self.at = At::Expr(node);
        let ExprKind::Chain(inner, names) = &node.kind else { return Ok(None) };
        if matches!(inner.kind, ExprKind::Nil) {
            return self.error(format!("indirection through explicit nil in {}", self.shown(node)));
        }
        let value = self.argument(run, dot, None, inner)?;
        self.chain(run, dot, Dot::plain(value), *names, node, given)
    }

    /// Follows fields from a value; the arguments go to the last one.
    pub(in crate::engine) fn chain<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        mut value: Dot,
        names: Piece,
        node: &'a Expr,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        let mut rest = &self.text(names)[1..];
        while let Some(dot_at) = memchr::memchr(b'.', rest) {
            let (name, after) = (&rest[..dot_at], &rest[dot_at + 1..]);
            let held = matches!(&value.value, Some(Value::Map(_, map)) if map.map_type().elem == Type::Any);
            value = Dot { value: self.field(run, dot, value, name, node, (&[], None))?, held };
            rest = after;
        }
        self.field(run, dot, value, rest, node, given)
    }

    fn field<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        receiver: Dot,
        name: &'a [u8],
        node: &'a Expr,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        let held = receiver.held;
        let Some(receiver) = receiver.value else { return Ok(None) };
        // Plain maps are by far the most frequent.
        if let Value::Map(_, map) = &receiver
            && map.map_type().methods.is_empty()
            && given.0.is_empty()
            && given.1.is_none()
        {
            return Ok(Some(map.get(name).unwrap_or_else(|| zero_of(map.map_type().elem))));
        }
        let bytes = name;
        let name = std::str::from_utf8(name).unwrap_or_default();
        if receiver.is_nil() {
            return self.fail(Cause::Nil { field: name.to_owned() });
        }
        if let Some(method) = method_of(&receiver, name) {
            return self.call(run, dot, (method, Some(&receiver)), name, At::Expr(node), given);
        }
        let has_arguments = !given.0.is_empty() || given.1.is_some();
        let map = match &receiver {
            Value::Map(_, map) => Some(map.clone()),
            Value::Object(_, object) if object.kind() == Kind::Map => object.as_map(),
            _ => None,
        };
        if let Some(map) = map {
            if has_arguments {
                return self.error(format!("{name} is not a method but has arguments"));
            }
            return Ok(Some(map.get(bytes).unwrap_or_else(|| zero_of(map.map_type().elem))));
        }
        if let Value::Object(_, object) = &receiver
            && let Some(value) = object.field(name)
        {
            let ty = receiver.type_name();
            if !name.starts_with(char::is_uppercase) {
                return self.error(format!("{name} is an unexported field of struct type {ty}"));
            }
            if has_arguments {
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

fn method_of(receiver: &Value, name: &str) -> Option<Function> {
    match receiver {
        Value::Map(_, map) => map.map_type().methods.iter().find(|one| one.name == name).copied(),
        Value::List(_, list) => match list.elem() {
            crate::Elem::Typed(ty) => ty.methods.iter().find(|one| one.name == name).copied(),
            _ => None,
        },
        Value::Object(_, object) => object.method(name).copied(),
        Value::Int(ty, ..) => ty.method(name).copied(),
        _ => None,
    }
}
