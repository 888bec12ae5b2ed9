//! Calls functions with arguments that fit their signatures.

use super::ast::{At, Expr, ExprKind, Known};
use super::exec::{Call, Dot, Frame, Given, Reflect, Result, Run};
use super::trace::Tracing;
use crate::error::Cause;
use crate::function::Function;
use crate::value::{Kind, Type, Value};

impl<'a> Frame<'a> {
    pub(super) fn function<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        known: Known,
        node: At<'a>,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        let (function, is_builtin) = *run.set.functions.entry(known);
        let name = known.name;
        if is_builtin && matches!(name, "and" | "or") {
            return self.and_or(run, dot, (name, &function), given);
        }
        self.call(run, dot, (function, None), name, node, given)
    }

    fn and_or<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (name, function): (&str, &Function),
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        self.check_count(function, name, given)?;
        let mut value = None;
        for arg in given.0 {
            value = self.argument(run, dot, Some(Type::Reflect), arg)?;
            if value.as_ref().is_some_and(Value::is_true) == (name == "or") {
                return Ok(value);
            }
        }
        Ok(match given.1 {
            Some(last) => last.clone(),
            None => value,
        })
    }

    fn check_count(&self, function: &Function, name: &str, given: Given<'_, '_>) -> Result<()> {
        let count = given.0.len() + usize::from(given.1.is_some());
        let params = function.params.len();
        let got = given.0.len();
        if function.variadic && count < params - 1 {
            let want = params - 1;
            return self
                .error(format!("wrong number of args for {name}: want at least {want} got {got}"));
        }
        if !function.variadic && count != params {
            return self
                .error(format!("wrong number of args for {name}: want {params} got {count}"));
        }
        Ok(())
    }

    pub(super) fn call<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        (function, receiver): (Function, Option<&Value>),
        name: &str,
        node: At<'a>,
        given: Given<'a, '_>,
    ) -> Result<Reflect> {
        self.check_count(&function, name, given)?;
        if let Type::Named(error, Kind::Invalid) = function.result {
            return self.error(error);
        }
        let mut args = Args::default();
        if let Some(receiver) = receiver {
            args.push(receiver.clone());
        }
        let mut lacks = false;
        let ty = |at: usize| function.params[at.min(function.params.len() - 1)];
        for (at, arg) in given.0.iter().enumerate() {
            let value = self.argument(run, dot, Some(ty(at)), arg)?;
            lacks |= value.is_none();
            args.push(value.unwrap_or_default());
        }
        if let Some(last) = given.1 {
            let value = self.fit(last.clone(), ty(given.0.len()))?;
            lacks |= value.is_none();
            args.push(value.unwrap_or_default());
        }
        if lacks && name == "len" && function.params == [Type::Reflect] {
            // Go: funcs.go length asks the type of no value; no other function does.
            self.at = node;
            let error = "reflect: call of reflect.Value.Type on zero Value".into();
            return self.fail(Cause::Call { function: name.to_owned(), error });
        }
        if name == "call" && function.params.first() == Some(&Type::Reflect) {
            self.at = node;
            let error = self.not_callable(args.all(), given).into();
            return self.fail(Cause::Call { function: name.to_owned(), error });
        }
        match (function.call)(&mut Call { run: &mut *run, frame: self, node }, args.all()) {
            Ok(value) => {
                self.made(run, &value)?;
                Ok(Some(if T::ON { run.joined(name, value, args.all()) } else { value }))
            }
            Err(error) => {
                self.at = node;
                self.fail(Cause::Call { function: name.to_owned(), error })
            }
        }
    }

    /// Go's `call` of what templates can hold, which is never a function.
    fn not_callable(&self, args: &[Value], given: Given<'a, '_>) -> String {
        let callee = &args[0];
        if callee.is_nil() {
            return "call of nil".to_owned();
        }
        let ty = callee.type_name();
        let name = match (given.0.first(), callee) {
            (Some(arg), _) => self.shown(arg).to_string(),
            (None, Value::Text(_, text)) => text.to_str_lossy().into_owned(),
            (None, _) => format!("<{ty} Value>"),
        };
        format!("non-function {name} of type {ty}")
    }

    /// Evaluates an argument for a parameter of a type, or for whatever it is.
    pub(super) fn argument<T: Tracing>(
        &mut self,
        run: &mut Run<'_, T>,
        dot: &Dot,
        ty: Option<Type>,
        arg: &'a Expr,
    ) -> Result<Reflect> {
        self.at = At::Expr(arg);
        let value = match &arg.kind {
            ExprKind::Dot => dot.value.clone(),
            ExprKind::Nil => {
                return match ty {
                    Some(ty) if !can_be_nil(ty) => self.error(format!("cannot assign nil to {ty}")),
                    Some(Type::Reflect) => Ok(None),
                    _ => Ok(Some(Value::Nil)),
                };
            }
            ExprKind::Field(names) => {
                self.chain(run, dot, dot.clone(), *names, arg, (&[], None))?
            }
            ExprKind::Variable(names) => self.variable_chain(run, dot, arg, *names, (&[], None))?,
            ExprKind::Pipe(pipe) => self.inner(run, dot, pipe)?,
            ExprKind::Identifier(known) => {
                self.function(run, dot, *known, At::Expr(arg), (&[], None))?
            }
            ExprKind::Chain(..) => self.chained(run, dot, arg, (&[], None))?,
            _ => return self.literal(ty, arg).map(Some),
        };
        match ty {
            None => Ok(value),
            Some(ty) => self.fit(value, ty),
        }
    }

    fn literal(&mut self, ty: Option<Type>, arg: &'a Expr) -> Result<Value> {
        let any = matches!(ty, None | Some(Type::Any | Type::Reflect));
        match (&arg.kind, ty) {
            (ExprKind::Bool(value), Some(Type::Bool)) => Ok(Value::bool(*value)),
            (_, Some(Type::Bool)) => {
                self.error(format!("expected bool; found {}", self.shown(arg)))
            }
            (ExprKind::String(_, text), Some(Type::String)) => Ok(Value::text(text.clone())),
            (_, Some(Type::String)) => {
                self.error(format!("expected string; found {}", self.shown(arg)))
            }
            (ExprKind::Number(number), Some(Type::Int(int))) if number.int.is_some() => {
                Ok(Value::Int(int, plimsoll_source::Origin::NONE, number.int.unwrap_or_default()))
            }
            (_, Some(Type::Int(_))) => {
                self.error(format!("expected integer; found {}", self.shown(arg)))
            }
            (ExprKind::Number(number), Some(Type::Uint(uint))) if number.uint.is_some() => Ok(
                Value::Uint(uint, plimsoll_source::Origin::NONE, number.uint.unwrap_or_default()),
            ),
            (_, Some(Type::Uint(_))) => {
                self.error(format!("expected unsigned integer; found {}", self.shown(arg)))
            }
            (ExprKind::Number(number), Some(Type::Float64)) if number.float.is_some() => {
                Ok(Value::float(number.float.unwrap_or_default()))
            }
            (_, Some(Type::Float64)) => {
                self.error(format!("expected float; found {}", self.shown(arg)))
            }
            (ExprKind::Bool(value), _) if any => Ok(Value::bool(*value)),
            (ExprKind::Number(number), _) if any => self.constant(number),
            (kind, _) if any => Ok(kind.text().unwrap_or_default()),
            (_, ty) => {
                let ty = ty.unwrap_or(Type::Any);
                self.error(format!("can't handle {} for arg of type {ty}", self.shown(arg)))
            }
        }
    }

    /// Go: exec.go validateType.
    fn fit(&self, value: Reflect, ty: Type) -> Result<Reflect> {
        if matches!(ty, Type::Any | Type::Reflect) {
            return Ok(value);
        }
        match value {
            None if can_be_nil(ty) => Ok(Some(Value::Nil)),
            None => self.error(format!("invalid value; expected {ty}")),
            Some(Value::Nil) => {
                let got = "interface {}".to_owned();
                self.fail(Cause::WrongType { expected: ty.to_string(), got })
            }
            Some(value) if assignable(value.go_type(), ty) => Ok(Some(value)),
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
