//! Evaluation with a budget.

use plimsoll_yaml::Node;
use regex_automata::meta::Regex;

use super::call;
use super::convert;
use super::declared::{overloads, type_named};
use super::expr::{Access, Call, Expr, Kind, Pair, Select};
use super::fault::Fault;
use super::fold;
use super::object;
use super::parse::Program;
use super::value::{Text, Value};
use crate::crd::{Schema, compile_pattern};

/// What compiling a pattern costs.
const PATTERN_COST: u64 = 2000;

/// An evaluation: variables, and what may still be spent.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(super) scope: Vec<(&'a str, Value<'a>)>,
    left: u64,
    patterns: Vec<(String, Regex)>,
}

impl<'a> Run<'a> {
    /// A run that may spend so much on each expression.
    pub(crate) fn new() -> Run<'a> {
        Run { scope: Vec::new(), left: 0, patterns: Vec::new() }
    }

    /// Sets a variable to what a manifest holds.
    pub(crate) fn bind(&mut self, name: &'a str, node: &'a Node, schema: Option<&'a Schema>) {
        self.scope.retain(|(known, _)| *known != name);
        self.scope.push((name, object::value(node, schema)));
    }

    /// Sets a variable to no value.
    pub(crate) fn bind_none(&mut self, name: &'a str) {
        self.scope.retain(|(known, _)| *known != name);
        self.scope.push((name, Value::Optional(None)));
    }

    /// Evaluates an expression with a budget; what it spent comes with it.
    pub(crate) fn eval(
        &mut self,
        program: &'a Program,
        budget: u64,
    ) -> (Result<Value<'a>, Fault>, u64) {
        self.left = budget;
        let depth = self.scope.len();
        let result = self.expr(&program.root);
        self.scope.truncate(depth);
        (result, budget - self.left)
    }

    pub(super) fn spend(&mut self, cost: usize) -> Result<(), Fault> {
        self.left = self.left.saturating_sub(cost as u64);
        if self.left == 0 { Err(Fault::Budget) } else { Ok(()) }
    }

    /// Whether a pattern is found in a text, and where: compiled once.
    pub(super) fn pattern(&mut self, pattern: &str, text: &str) -> Result<&Regex, Fault> {
        self.spend((text.len() / 10 + 1) * (pattern.len() / 4 + 1))?;
        if let Some(at) = self.patterns.iter().position(|(known, _)| known == pattern) {
            return Ok(&self.patterns[at].1);
        }
        self.spend(PATTERN_COST as usize + 50 * pattern.len())?;
        let Ok(compiled) = compile_pattern(pattern) else {
            return Fault::error(format!("error parsing regexp: {pattern}"));
        };
        self.patterns.push((pattern.to_owned(), compiled));
        Ok(&self.patterns[self.patterns.len() - 1].1)
    }

    pub(super) fn expr(&mut self, expr: &'a Expr) -> Result<Value<'a>, Fault> {
        self.spend(1)?;
        Ok(match &expr.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Int(value) => Value::Int(*value),
            Kind::Uint(value) => Value::Uint(*value),
            Kind::Double(value) => Value::Double(*value),
            Kind::Text(text) => Value::Text(Text::Here(text)),
            Kind::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
            Kind::Name(name) => self.name(name)?,
            Kind::Select(select) => return self.select(expr, select),
            Kind::Call(call) => return self.call(call),
            Kind::And(parts) => return self.logic(parts, false),
            Kind::Or(parts) => return self.logic(parts, true),
            Kind::List(items) => {
                let mut found = Vec::with_capacity(items.len());
                for item in items {
                    match (self.expr(&item.value)?, item.optional) {
                        (Value::Optional(inner), true) => {
                            found.extend(inner.map(|inner| (*inner).clone()));
                        }
                        (value, _) => found.push(value),
                    }
                }
                Value::list(found)
            }
            Kind::Map(pairs) => return self.map(pairs),
            Kind::Struct(name, _) => {
                return Err(Fault::Unknown(format!("`{name}{{…}}` is not made here")));
            }
            Kind::Fold(one) => return fold::fold(self, one),
            Kind::OptMap(map) => {
                let Value::Optional(inner) = self.expr(&map.target)? else {
                    return Fault::no_overload();
                };
                let Some(inner) = inner else { return Ok(Value::Optional(None)) };
                self.scope.push((&map.var, (*inner).clone()));
                let body = self.expr(&map.body);
                self.scope.pop();
                if map.flat { body? } else { Value::some(body?) }
            }
        })
    }

    fn variable(&self, name: &str) -> Option<Value<'a>> {
        let name = name.strip_prefix('.').unwrap_or(name);
        let found = self.scope.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    fn name(&self, name: &str) -> Result<Value<'a>, Fault> {
        if let Some(value) = self.variable(name) {
            return Ok(value);
        }
        match type_named(name) {
            Some(_) => Ok(Value::Kind(name.into())),
            None => Err(Fault::Unknown(format!("`{name}` is not known"))),
        }
    }

    fn map(&mut self, pairs: &'a [Pair]) -> Result<Value<'a>, Fault> {
        let mut found: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let key = self.expr(&pair.key)?;
            let value = match (self.expr(&pair.value)?, pair.optional) {
                (Value::Optional(None), true) => continue,
                (Value::Optional(Some(inner)), true) => (*inner).clone(),
                (value, _) => value,
            };
            self.spend(found.len())?;
            for (known, _) in &found {
                if known.equals(&key, 0)? {
                    return Fault::error(format!("Failed with repeated key: {}", shown(&key)));
                }
            }
            found.push((key, value));
        }
        Ok(Value::Map(found.into()))
    }

    fn select(&mut self, expr: &'a Expr, select: &'a Select) -> Result<Value<'a>, Fault> {
        if let Some(name) = expr.qualified()
            && type_named(&name).is_some()
        {
            return Ok(Value::Kind(name.into()));
        }
        let operand = self.expr(&select.operand)?;
        let (inner, mut optional) = match operand {
            Value::Optional(None) if select.access == Access::Test => {
                return Ok(Value::Bool(false));
            }
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => ((*inner).clone(), true),
            other => (other, false),
        };
        let found = match &inner {
            Value::Tree(node, schema) if node.json_kind() == "object" => {
                object::field(node, *schema, &select.field, true)
            }
            Value::Map(_) => inner.at(&Value::text(select.field.as_str()))?,
            _ => return Fault::no_overload(),
        };
        optional |= select.access == Access::Optional;
        match (select.access, found) {
            (Access::Test, found) => Ok(Value::Bool(found.is_some())),
            (_, Some(found)) if optional => Ok(Value::some(found)),
            (_, None) if optional => Ok(Value::Optional(None)),
            (_, Some(found)) => Ok(found),
            (_, None) => Fault::error(format!("no such key: {}", select.field)),
        }
    }

    /// `&&` and `||` do not care for the order: what decides wins over what fails.
    fn logic(&mut self, parts: &'a [Expr], decisive: bool) -> Result<Value<'a>, Fault> {
        let mut failed: Option<Fault> = None;
        for part in parts {
            match self.expr(part) {
                Ok(Value::Bool(value)) if value == decisive => return Ok(Value::Bool(value)),
                Ok(Value::Bool(_)) => {}
                Ok(_) => failed = failed.or(Some(Fault::Error("no such overload".to_owned()))),
                Err(Fault::Budget) => return Err(Fault::Budget),
                Err(fault) => failed = failed.or(Some(fault)),
            }
        }
        failed.map_or(Ok(Value::Bool(!decisive)), Err)
    }

    fn call(&mut self, call: &'a Call) -> Result<Value<'a>, Fault> {
        if call.name == "_?_:_" {
            let [condition, yes, no] = call.args.as_slice() else { return Fault::no_overload() };
            return match self.expr(condition)? {
                Value::Bool(true) => self.expr(yes),
                Value::Bool(false) => self.expr(no),
                _ => Fault::no_overload(),
            };
        }
        let whole = call.target.as_ref().and_then(Expr::qualified).filter(|name| {
            name.split('.').next().is_some_and(|first| self.variable(first).is_none())
        });
        let whole = whole.map(|name| format!("{name}.{}", call.name));
        if let Some(name) = whole.filter(|name| overloads(name).is_some()) {
            let args = self.args(&call.args)?;
            return call::call(self, &name, None, args);
        }
        let target = match &call.target {
            Some(target) => Some(self.expr(target)?),
            None => None,
        };
        if let (Some(Value::Optional(inner)), "or" | "orValue") = (&target, call.name.as_str()) {
            return match (inner, call.args.first()) {
                (Some(inner), _) if call.name == "orValue" => Ok((**inner).clone()),
                (Some(inner), _) => Ok(Value::Optional(Some(inner.clone()))),
                (None, Some(other)) => self.expr(other),
                (None, None) => Fault::no_overload(),
            };
        }
        let args = self.args(&call.args)?;
        call::call(self, &call.name, target, args)
    }

    fn args(&mut self, args: &'a [Expr]) -> Result<Vec<Value<'a>>, Fault> {
        args.iter().map(|arg| self.expr(arg)).collect()
    }
}

pub(super) fn shown(value: &Value<'_>) -> String {
    convert::to_text(value).unwrap_or_else(|| value.kind().to_owned())
}
