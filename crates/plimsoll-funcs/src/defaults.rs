//! What counts as empty, and what to take instead.

use plimsoll_gotmpl::{Function, Rest, Value, function};

pub(crate) const DEFAULTS: &[Function] = &[
    function!("default", default),
    function!("empty", empty),
    function!("coalesce", coalesce),
    function!("all", all),
    function!("any", any),
    function!("ternary", ternary),
];

/// `default "x" ""` → `x`; also of no second value at all.
fn default(default: Value, given: Rest<Value>) -> Value {
    given.0.into_iter().next().filter(Value::is_true).unwrap_or(default)
}

/// `empty 0` → `true`: nil, false, zero and what has no length; structs never are.
fn empty(value: Value) -> bool {
    !value.is_true()
}

/// `coalesce "" 0 "x"` → `x`; nil where all are empty.
fn coalesce(values: Rest<Value>) -> Value {
    values.0.into_iter().find(Value::is_true).unwrap_or_default()
}

fn all(values: Rest<Value>) -> bool {
    values.0.iter().all(Value::is_true)
}

fn any(values: Rest<Value>) -> bool {
    values.0.iter().any(Value::is_true)
}

/// `ternary "yes" "no" true` → `yes`
fn ternary(yes: Value, no: Value, condition: bool) -> Value {
    if condition { yes } else { no }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_values_give_way() {
        let values = || Rest(vec![Value::Nil, Value::from(""), Value::int(7), Value::int(8)]);
        assert!(matches!(coalesce(values()), Value::Int(_, _, 7)));
        assert!(coalesce(Rest(vec![Value::from("")])).is_nil());
        assert!(any(values()) && !all(values()) && all(Rest(vec![])) && empty(Value::float(0.0)));
        assert!(default("d".into(), Rest(vec![])).is_true());
        assert!(matches!(default("d".into(), Rest(vec![Value::int(1)])), Value::Int(..)));
        assert!(matches!(ternary(Value::Nil, true.into(), false), Value::Bool(..)));
    }
}
