//! The types of an expression's parts, and what cel-go says where they do not fit.

use super::declared::{overloads, read, type_named};
use super::duration::{is_duration, read_timestamp};
use super::expr::{Access, Call, Expr, Fold, FoldKind, Kind, OptMap, Pair, Select};
use super::fault::{Fault, drawn};
use super::parse::Program;
use super::typed::{Bindings, Struct, Type};
use crate::crd::compile_pattern;

/// The type of an expression over some variables.
pub(crate) fn check(program: &Program, variables: &[(&str, Type)]) -> Result<Type, Fault> {
    Checker::new(variables).check(program)
}

/// What cel-go says when it cannot make a program of an expression whose types are right: it reads
/// numbers out of literal texts at once.
pub(crate) fn unplanned(program: &Program) -> Option<&'static str> {
    let mut open = vec![&program.root];
    while let Some(expr) = open.pop() {
        if let Kind::Call(call) = &expr.kind
            && let ("int", None, [arg]) = (call.name.as_str(), &call.target, &call.args[..])
            && matches!(&arg.kind, Kind::Text(text) if text.parse::<i64>().is_err())
        {
            return Some("type conversion error from 'string' to 'int'");
        }
        open.extend(expr.parts());
    }
    None
}

/// What an expression may name.
pub(crate) struct Checker {
    scope: Vec<(String, Type)>,
    bindings: Bindings,
    errors: Vec<(usize, String)>,
    /// Whether `Object{…}` and `JSONPatch{…}` can be made.
    pub(crate) makes_objects: bool,
    /// How many calls of `format` are around, within which lists and maps may be mixed.
    formats: usize,
}

impl Checker {
    pub(crate) fn new(variables: &[(&str, Type)]) -> Checker {
        let scope = variables.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone()));
        Checker {
            scope: scope.collect(),
            bindings: Bindings::default(),
            errors: Vec::new(),
            makes_objects: false,
            formats: 0,
        }
    }

    /// The type of an expression; every error that there is, else.
    pub(crate) fn check(mut self, program: &Program) -> Result<Type, Fault> {
        let kind = self.expr(&program.root);
        let kind = self.bindings.resolved(&kind);
        if self.errors.is_empty() {
            self.literals(&program.root);
        }
        if self.errors.is_empty() {
            return Ok(kind);
        }
        self.errors.sort_by_key(|(at, _)| *at);
        let drawn: Vec<String> =
            self.errors.iter().map(|(at, message)| drawn(&program.text, *at, message)).collect();
        Err(Fault::Wrong(drawn.join("\n")))
    }

    fn wrong(&mut self, at: usize, message: String) -> Type {
        self.errors.push((at, message));
        Type::Wrong
    }

    fn variable(&self, name: &str) -> Option<Type> {
        let name = name.strip_prefix('.').unwrap_or(name);
        self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, kind)| kind.clone())
    }

    fn expr(&mut self, expr: &Expr) -> Type {
        match &expr.kind {
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Bool,
            Kind::Int(_) => Type::Int,
            Kind::Uint(_) => Type::Uint,
            Kind::Double(_) => Type::Double,
            Kind::Text(_) => Type::Text,
            Kind::Bytes(_) => Type::Bytes,
            Kind::Name(name) => self.name(expr.at, name),
            Kind::Select(select) => self.select(expr, select),
            Kind::Call(call) => self.call(expr, call),
            Kind::And(parts) => self.logic(expr.at, "_&&_", parts),
            Kind::Or(parts) => self.logic(expr.at, "_||_", parts),
            Kind::List(items) => {
                let items = items.iter().map(|item| (&item.value, item.optional));
                let inner = self.alike(items);
                Type::list(inner)
            }
            Kind::Map(pairs) => {
                let keys = self.alike(pairs.iter().map(|pair| (&pair.key, false)));
                let values = self.alike(pairs.iter().map(|pair| (&pair.value, pair.optional)));
                Type::map(keys, values)
            }
            Kind::Struct(name, pairs) => self.structure(expr.at, name, pairs),
            Kind::Fold(fold) => self.fold(expr.at, fold),
            Kind::OptMap(map) => self.opt_map(expr.at, map),
        }
    }

    fn name(&mut self, at: usize, name: &str) -> Type {
        if let Some(kind) = self.variable(name) {
            return kind;
        }
        match type_named(name) {
            Some(kind) => Type::Kind(kind.into()),
            None => self.wrong(at, undeclared(name)),
        }
    }

    fn select(&mut self, expr: &Expr, select: &Select) -> Type {
        let named = expr.qualified().filter(|name| {
            name.split('.').next().is_some_and(|first| self.variable(first).is_none())
        });
        if let Some(kind) = named.and_then(|name| type_named(&name)) {
            return Type::Kind(kind.into());
        }
        let operand = self.expr(&select.operand);
        let operand = self.bindings.resolved(&operand);
        let (inner, mut optional) = match &operand {
            Type::Optional(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let found = match &inner {
            Type::Dyn | Type::Wrong => Type::Dyn,
            Type::Map(_, value) => (**value).clone(),
            Type::Struct(known) => match known.field(&select.field) {
                Some(kind) => kind,
                None => self.wrong(expr.at, format!("undefined field '{}'", select.field)),
            },
            other => {
                let message = format!("type '{other}' does not support field selection");
                self.wrong(expr.at, message)
            }
        };
        optional |= select.access == Access::Optional;
        match (select.access, &found) {
            (Access::Test, _) => Type::Bool,
            (_, Type::Optional(_)) => found,
            _ if optional => Type::optional(found),
            _ => found,
        }
    }

    fn logic(&mut self, at: usize, name: &str, parts: &[Expr]) -> Type {
        for (number, part) in parts.iter().enumerate() {
            let kind = self.expr(part);
            let kind = self.bindings.resolved(&kind);
            if !self.bindings.accept(&Type::Bool, &kind) {
                let pair =
                    if number == 0 { format!("({kind}, bool)") } else { format!("(bool, {kind})") };
                let message =
                    format!("found no matching overload for '{name}' applied to '{pair}'");
                self.wrong(at, message);
            }
        }
        Type::Bool
    }

    /// The type that all values of a literal share.
    fn alike<'e>(&mut self, values: impl Iterator<Item = (&'e Expr, bool)>) -> Type {
        let mut shared: Option<Type> = None;
        for (value, optional) in values {
            let kind = self.expr(value);
            let mut kind = self.bindings.partly(&kind);
            if let Type::Optional(inner) = &kind
                && optional
            {
                kind = (**inner).clone();
            }
            match &shared {
                None => shared = Some(kind),
                Some(known) if self.bindings.accept(known, &kind) => {
                    if kind.is_free() || *known == Type::Null {
                        shared = Some(kind);
                    }
                }
                Some(_) if self.formats > 0 => shared = Some(Type::Dyn),
                Some(known) => {
                    let message = format!("expected type '{known}' but found '{kind}'");
                    self.wrong(value.at, message);
                }
            }
        }
        shared.unwrap_or_else(|| Type::Param(self.bindings.fresh()))
    }

    fn structure(&mut self, at: usize, name: &str, pairs: &[Pair]) -> Type {
        for pair in pairs {
            self.expr(&pair.value);
        }
        let known = name == "Object" || name.starts_with("Object.") || name == "JSONPatch";
        if !(self.makes_objects && known) {
            return self.wrong(at, undeclared(name));
        }
        if name == "JSONPatch" {
            for pair in pairs {
                let Kind::Text(field) = &pair.key.kind else { continue };
                if !matches!(field.as_str(), "op" | "path" | "from" | "value") {
                    self.wrong(pair.at, format!("undefined field '{field}'"));
                }
            }
        }
        Type::Struct(Struct { name: name.to_owned(), fields: Vec::new(), open: true }.into())
    }

    fn call(&mut self, expr: &Expr, call: &Call) -> Type {
        let whole = call.target.as_ref().and_then(Expr::qualified).filter(|name| {
            name.split('.').next().is_some_and(|first| self.variable(first).is_none())
        });
        let whole = whole.map(|name| format!("{name}.{}", call.name));
        let (name, target) = match whole.filter(|name| overloads(name).is_some()) {
            Some(name) => (name, None),
            None => (call.name.clone(), call.target.as_ref()),
        };
        self.formats += usize::from(name == "format");
        let target = target.map(|target| {
            let kind = self.expr(target);
            self.bindings.partly(&kind)
        });
        let args: Vec<Type> = call
            .args
            .iter()
            .map(|arg| {
                let kind = self.expr(arg);
                self.bindings.partly(&kind)
            })
            .collect();
        self.formats -= usize::from(name == "format");
        let Some(known) = overloads(&name) else {
            return self.wrong(expr.at, undeclared(&name));
        };
        self.resolve(expr.at, &name, known, target.as_ref(), &args)
    }

    fn resolve(
        &mut self,
        at: usize,
        name: &str,
        known: &[&str],
        target: Option<&Type>,
        args: &[Type],
    ) -> Type {
        let mut result: Option<Type> = None;
        for overload in known {
            let mut bindings = self.bindings.clone();
            let one = read(overload, &mut bindings);
            let receives = match (&one.receiver, target) {
                (Some(want), Some(have)) => bindings.accept(want, have),
                (None, None) => true,
                _ => false,
            };
            let fits = receives
                && one.args.len() == args.len()
                && one.args.iter().zip(args).all(|(want, have)| bindings.accept(want, have));
            if !fits {
                continue;
            }
            let kind = bindings.partly(&one.result);
            match &result {
                None => {
                    self.bindings = bindings;
                    result = Some(kind);
                }
                Some(first) if *first == kind => {}
                Some(_) => result = Some(Type::Dyn),
            }
        }
        result.unwrap_or_else(|| {
            let args: Vec<String> =
                args.iter().map(|kind| self.bindings.resolved(kind).to_string()).collect();
            let receiver =
                target.map_or(String::new(), |kind| format!("{}.", self.bindings.resolved(kind)));
            let applied = format!("{receiver}({})", args.join(", "));
            let message = format!("found no matching overload for '{name}' applied to '{applied}'");
            self.wrong(at, message)
        })
    }

    fn fold(&mut self, at: usize, fold: &Fold) -> Type {
        let range = self.expr(&fold.range);
        let range = self.bindings.resolved(&range);
        let (first, second) = match &range {
            Type::List(item) if fold.second.is_some() => (Type::Int, (**item).clone()),
            Type::List(item) => ((**item).clone(), Type::Dyn),
            Type::Map(key, value) => ((**key).clone(), (**value).clone()),
            Type::Dyn | Type::Wrong => (Type::Dyn, Type::Dyn),
            other => {
                let message = format!(
                    "expression of type '{other}' cannot be range of a comprehension (must be list, map, or dynamic)"
                );
                self.wrong(fold.range.at, message);
                (Type::Wrong, Type::Wrong)
            }
        };
        let depth = self.scope.len();
        self.scope.push((fold.var.clone(), first.clone()));
        self.scope.extend(fold.second.iter().map(|name| (name.clone(), second.clone())));
        if let Some(filter) = &fold.filter {
            self.condition(at, filter, "_?_:_");
        }
        let found = match fold.kind {
            FoldKind::All => self.condition(at, &fold.body, "_&&_"),
            FoldKind::Exists => self.condition(at, &fold.body, "_||_"),
            FoldKind::ExistsOne => self.condition(at, &fold.body, "_?_:_"),
            FoldKind::Filter => {
                self.condition(at, &fold.body, "_?_:_");
                Type::list(first)
            }
            FoldKind::Map => Type::list(self.expr(&fold.body)),
            FoldKind::SortBy => {
                self.expr(&fold.body);
                Type::list(first)
            }
            FoldKind::TransformMap => {
                let value = self.expr(&fold.body);
                Type::map(first, value)
            }
            FoldKind::TransformMapEntry => self.expr(&fold.body),
        };
        self.scope.truncate(depth);
        found
    }

    fn condition(&mut self, at: usize, body: &Expr, name: &str) -> Type {
        let kind = self.expr(body);
        let kind = self.bindings.resolved(&kind);
        if !self.bindings.accept(&Type::Bool, &kind) {
            let message =
                format!("found no matching overload for '{name}' applied to '(bool, {kind})'");
            self.wrong(at, message);
        }
        Type::Bool
    }

    fn opt_map(&mut self, at: usize, map: &OptMap) -> Type {
        let target = self.expr(&map.target);
        let inner = match self.bindings.resolved(&target) {
            Type::Optional(inner) => (*inner).clone(),
            Type::Dyn | Type::Wrong => Type::Dyn,
            other => {
                let message =
                    format!("found no matching overload for 'hasValue' applied to '{other}.()'");
                self.wrong(at, message)
            }
        };
        self.scope.push((map.var.clone(), inner));
        let body = self.expr(&map.body);
        self.scope.pop();
        if map.flat { body } else { Type::optional(body) }
    }

    /// Literals that could never be read: patterns, durations, times.
    fn literals(&mut self, root: &Expr) {
        let mut open = vec![root];
        while let Some(expr) = open.pop() {
            if let Kind::Call(call) = &expr.kind {
                let wrong = match (call.name.as_str(), call.args.last().map(|arg| &arg.kind)) {
                    ("matches", Some(Kind::Text(text))) => compile_pattern(text).is_err(),
                    ("duration", Some(Kind::Text(text))) => !is_duration(text),
                    ("timestamp", Some(Kind::Text(text))) => read_timestamp(text).is_none(),
                    _ => false,
                };
                if wrong {
                    let at = call.args.last().map_or(expr.at, |arg| arg.at);
                    self.wrong(at, format!("invalid {} argument", call.name));
                }
            }
            open.extend(expr.parts());
        }
    }
}

fn undeclared(name: &str) -> String {
    format!("undeclared reference to '{name}' (in container '')")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<String, String> {
        let spec = Struct::of(
            "Spec",
            vec![
                ("size".to_owned(), Type::Int),
                ("name".to_owned(), Type::Text),
                ("tags".to_owned(), Type::list(Type::Text)),
                ("any".to_owned(), Type::Dyn),
                ("labels".to_owned(), Type::map(Type::Text, Type::Text)),
            ],
        );
        let program = Program::parse(text).map_err(|fault| format!("{fault:?}"))?;
        match check(&program, &[("self", spec)]) {
            Ok(kind) => Ok(kind.to_string()),
            Err(Fault::Wrong(message)) => Err(message),
            Err(other) => Err(format!("{other:?}")),
        }
    }

    #[track_caller]
    fn check_type(text: &str, want: &str) {
        assert_eq!(typed(text).as_deref(), Ok(want), "{text}");
    }

    #[track_caller]
    fn check_error(text: &str, want: &str) {
        let message = typed(text).unwrap_err();
        let first = message.lines().next().unwrap_or_default();
        assert_eq!(first, format!("ERROR: <input>:{want}"), "{text}");
    }

    #[test]
    fn expressions_have_types() {
        check_type("self.size > 1 && has(self.name)", "bool");
        check_type("self.tags.map(t, t.size())", "list(int)");
        check_type("self.tags.filter(t, t != 'a').size() <= 1", "bool");
        check_type("self.any.foo[1] + 2", "int");
        check_type("self.?name.orValue('x')", "string");
        check_type("self.labels.all(k, k.startsWith('a'))", "bool");
        check_type("[1, 2].exists(i, i > 1) ? {'a': 1} : {}", "map(string, int)");
        check_type("quantity('1Gi').isLessThan(quantity('2Gi'))", "bool");
        check_type("duration('1h') + duration('1m')", "google.protobuf.Duration");
        check_type("self.tags == []", "bool");
        check_type("self.size < 1.5", "bool");
        check_type("optional.none().hasValue()", "bool");
        check_type("self.tags.transformList(i, t, i)", "list(int)");
        check_type("type(self.any) == string", "bool");
        check_type("'%s-%d'.format([self.name, self.size])", "string");
        check_type("format.dns1123Label().validate(self.name).hasValue()", "bool");
        check_type("self.any != null && sets.contains(self.tags, ['a'])", "bool");
    }

    #[test]
    fn errors_are_the_servers() {
        check_error("self.foo", "1:5: undefined field 'foo'");
        check_error("has(self.x)", "1:4: undefined field 'x'");
        check_error("foo", "1:1: undeclared reference to 'foo' (in container '')");
        check_error(
            "self.tags.matches('[')",
            "1:18: found no matching overload for 'matches' applied to 'list(string).(string)'",
        );
        check_error("self.name.matches('[')", "1:19: invalid matches argument");
        check_error(
            "'a' == 1",
            "1:5: found no matching overload for '_==_' applied to '(string, int)'",
        );
        check_error("self.name.foo()", "1:14: undeclared reference to 'foo' (in container '')");
        check_error("self.name.x", "1:10: type 'string' does not support field selection");
        check_error(
            "self.all(x, x == x)",
            "1:1: expression of type 'Spec' cannot be range of a comprehension (must be list, map, or dynamic)",
        );
        check_error("timestamp('x') < timestamp('y')", "1:11: invalid timestamp argument");
        check_error(".zz", "1:2: undeclared reference to '.zz' (in container '')");
        check_error("['a', 1]", "1:7: expected type 'string' but found 'int'");
    }
}
