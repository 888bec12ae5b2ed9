//! Calls functions with arguments that fit their signatures.

use super::ast::{At, Id, Node};
use super::exec::{CallSite, Dot, Frame, Given, Reflect, Result, Run};
use super::table::Special;
use super::trace::Tracing;
use crate::error::Cause;
use crate::function::Function;
use crate::value::{Kind, Type, Value};

/// A function that is called.
#[derive(Clone, Copy)]
pub(super) struct Call<'b> {
    pub(super) function: &'b Function,
    /// What a method belongs to.
    pub(super) receiver: Option<&'b Value>,
    /// How many arguments are written, if that is known.
    pub(super) args: Option<u8>,
}

impl Frame<'_> {
    pub(super) fn function<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (index, args): (u16, u8),
        node: At,
        given: Given<'_>,
    ) -> Result<Reflect> {
        let entry = self.functions.entry(index);
        let args = Some(args).filter(|args| *args < Node::MANY);
        let call = Call { function: &entry.function, receiver: None, args };
        if let Special::And | Special::Or = entry.special {
            return self.and_or(run, dot, (call, entry.special == Special::Or), given);
        }
        self.call(run, dot, (call, entry.special), node, given)
    }

    fn and_or<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (call, until): (Call<'_>, bool),
        given: Given<'_>,
    ) -> Result<Reflect> {
        self.check_count(call, given)?;
        let mut value = None;
        let mut id = given.start;
        while id < given.end {
            value = self.argument(run, dot, Some(&Type::Reflect), id)?;
            if value.as_ref().is_some_and(Value::is_true) == until {
                return Ok(value);
            }
            id = self.nodes.next(id);
        }
        Ok(match given.last {
            Some(last) => last.clone(),
            None => value,
        })
    }

    fn check_count(&self, call: Call<'_>, given: Given<'_>) -> Result<()> {
        let got = match call.args {
            Some(args) => usize::from(args),
            None => self.nodes.siblings(given.start, given.end).count(),
        };
        let count = got + usize::from(given.last.is_some());
        let Function { name, params, variadic, .. } = call.function;
        let params = params.len();
        if *variadic && count < params - 1 {
            let want = params - 1;
            return self
                .error(format!("wrong number of args for {name}: want at least {want} got {got}"));
        }
        if !variadic && count != params {
            return self
                .error(format!("wrong number of args for {name}: want {params} got {count}"));
        }
        Ok(())
    }

    pub(super) fn call<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (call, special): (Call<'_>, Special),
        node: At,
        given: Given<'_>,
    ) -> Result<Reflect> {
        self.check_count(call, given)?;
        let function = call.function;
        if let Type::Named(error, Kind::Invalid) = function.result {
            return self.error(error);
        }
        let mut args = Args::default();
        if let Some(receiver) = call.receiver {
            args.push(receiver.clone());
        }
        let mut lacks = false;
        let mut params = function.params;
        let mut id = given.start;
        while id < given.end {
            let value = self.argument(run, dot, next_of(&mut params), id)?;
            lacks |= value.is_none();
            args.push(value.unwrap_or_default());
            id = self.nodes.next(id);
        }
        if let Some(last) = given.last {
            let ty = next_of(&mut params).unwrap_or(&Type::Any);
            let value = self.fit(last.clone(), ty)?;
            lacks |= value.is_none();
            args.push(value.unwrap_or_default());
        }
        if special != Special::None
            && let Some(error) = self.refused(special, lacks, args.all(), given)
        {
            self.at = node;
            return self
                .fail(Cause::Call { function: function.name.to_owned(), error: error.into() });
        }
        self.took(run, args.all())?;
        match (function.call)(&mut CallSite { run: &mut *run, frame: self, node }, args.all()) {
            Ok(value) => {
                self.made(run, &value)?;
                Ok(Some(if T::ON { run.joined(function.name, value, args.all()) } else { value }))
            }
            Err(error) => {
                self.at = node;
                self.fail(Cause::Call { function: function.name.to_owned(), error })
            }
        }
    }

    /// Why one of Go's own functions cannot be called so.
    fn refused(
        &self,
        special: Special,
        lacks: bool,
        args: &[Value],
        given: Given<'_>,
    ) -> Option<String> {
        match special {
            Special::Len if lacks => {
                Some("reflect: call of reflect.Value.Type on zero Value".to_owned())
            }
            Special::Call => Some(self.not_callable(args, given)),
            _ => None,
        }
    }

    /// Go's `call` of what templates can hold, which is never a function.
    fn not_callable(&self, args: &[Value], given: Given<'_>) -> String {
        let callee = &args[0];
        if callee.is_nil() {
            return "call of nil".to_owned();
        }
        let ty = callee.type_name();
        let name = match callee {
            _ if given.start < given.end => self.shown(given.start).to_string(),
            Value::Text(_, text) => text.to_str_lossy().into_owned(),
            _ => format!("<{ty} Value>"),
        };
        format!("non-function {name} of type {ty}")
    }

    /// Evaluates an argument for a parameter of a type, or for whatever it is.
    pub(super) fn argument<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        ty: Option<&Type>,
        id: Id,
    ) -> Result<Reflect> {
        self.at = At::Expr(id);
        let value = match self.nodes.get(id) {
            Node::Dot(_) => dot.value.clone(),
            Node::Nil(_) => {
                return match ty {
                    Some(ty) if !can_be_nil(*ty) => {
                        self.error(format!("cannot assign nil to {ty}"))
                    }
                    Some(Type::Reflect) => Ok(None),
                    _ => Ok(Some(Value::Nil)),
                };
            }
            Node::Field(names) => {
                self.fields(run, dot, dot, (self.text(names), id), Given::NONE)?
            }
            Node::OfVariable(names) => self.variable(run, dot, (names, id), Given::NONE)?,
            Node::Paren { next, .. } => self.inner(run, dot, id, (id + 1, next))?,
            Node::Call { function, .. } => {
                self.function(run, dot, (function, 0), At::Expr(id), Given::NONE)?
            }
            Node::Chain { .. } => self.chain(run, dot, id, Given::NONE)?,
            _ => return self.literal_as(ty.copied(), id).map(Some),
        };
        match ty {
            None | Some(Type::Any | Type::Reflect) => Ok(value),
            Some(ty) => self.fit(value, ty),
        }
    }

    /// Go: exec.go validateType.
    fn fit(&self, value: Reflect, ty: &Type) -> Result<Reflect> {
        if matches!(ty, Type::Any | Type::Reflect) {
            return Ok(value);
        }
        match value {
            None if can_be_nil(*ty) => Ok(Some(Value::Nil)),
            None => self.error(format!("invalid value; expected {ty}")),
            Some(Value::Nil) => {
                let got = "interface {}".to_owned();
                self.fail(Cause::WrongType { expected: ty.to_string(), got })
            }
            Some(value @ Value::Text(..)) if *ty == Type::String => Ok(Some(value)),
            Some(value) if assignable(value.go_type(), *ty) => Ok(Some(value)),
            Some(value) => {
                let got = value.type_name();
                self.fail(Cause::WrongType { expected: ty.to_string(), got })
            }
        }
    }
}

/// The arguments of a call; few take no allocation.
#[derive(Default)]
struct Args {
    count: usize,
    few: [Value; 4],
    many: Vec<Value>,
}

impl Args {
    fn push(&mut self, value: Value) {
        if let Some(slot) = self.few.get_mut(self.count) {
            *slot = value;
        } else {
            if self.many.is_empty() {
                self.many.extend(self.few.iter_mut().map(std::mem::take));
            }
            self.many.push(value);
        }
        self.count += 1;
    }

    fn all(&self) -> &[Value] {
        self.few.get(..self.count).unwrap_or(&self.many)
    }
}

/// The type of the next parameter; the last one repeats.
fn next_of(params: &mut &'static [Type]) -> Option<&'static Type> {
    match *params {
        [ty, rest @ ..] if !rest.is_empty() => {
            *params = rest;
            Some(ty)
        }
        last => last.first(),
    }
}

fn can_be_nil(ty: Type) -> bool {
    let nil = [Kind::Interface, Kind::Map, Kind::Pointer, Kind::Slice, Kind::Func];
    ty == Type::Reflect || nil.contains(&ty.kind())
}

/// Go's assignability: the same type, or one of two maps or slices alike has no name.
fn assignable(from: Type, to: Type) -> bool {
    match (from, to) {
        (Type::Map(from), Type::Map(to)) => {
            let unnamed = |name: &str| name.starts_with("map[");
            from == to || (from.elem == to.elem && (unnamed(from.name) || unnamed(to.name)))
        }
        (Type::Slice(from), Type::Slice(to)) => {
            let named = |elem| matches!(elem, crate::Elem::Typed(_));
            let alike = from.element_type() == to.element_type();
            from == to || (alike && !(named(from) && named(to)))
        }
        _ => from == to,
    }
}
