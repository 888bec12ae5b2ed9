//! Calls that are no functions: their arguments are expressions over variables of their own.

use super::expr::{Access, Call, Expr, Fold, FoldKind, Kind, OptMap, Select};

/// What became of a call.
pub(super) enum Expanded {
    Expr(Kind),
    /// It is an ordinary call.
    No(Call),
    /// It is a macro and misused: where, and what to say.
    Wrong(usize, &'static str),
}

const SIMPLE: &str = "argument must be a simple name";

/// Expands what is a macro by its name and the number of its arguments.
pub(super) fn expand(mut call: Call) -> Expanded {
    let count = call.args.len();
    if call.target.is_none() {
        return if call.name == "has" && count == 1 { has(call) } else { Expanded::No(call) };
    }
    let kind = match (call.name.as_str(), count) {
        ("all", 2 | 3) => FoldKind::All,
        ("exists", 2 | 3) => FoldKind::Exists,
        ("exists_one" | "existsOne", 2 | 3) => FoldKind::ExistsOne,
        ("filter", 2) => FoldKind::Filter,
        ("map", 2 | 3) | ("transformList", 3 | 4) => FoldKind::Map,
        ("transformMap", 3 | 4) => FoldKind::TransformMap,
        ("transformMapEntry", 3 | 4) => FoldKind::TransformMapEntry,
        ("sortBy", 2) => FoldKind::SortBy,
        ("optMap" | "optFlatMap", 2) => return opt_map(call),
        _ => return Expanded::No(call),
    };
    let two_vars = match call.name.as_str() {
        "all" | "exists" | "exists_one" | "existsOne" => count == 3,
        name => name.starts_with("transform"),
    };
    let filtered = match call.name.as_str() {
        "map" => count == 3,
        name => name.starts_with("transform") && count == 4,
    };
    let mut args = std::mem::take(&mut call.args).into_iter();
    let (Some(first), Some(range)) = (args.next(), call.target) else {
        return Expanded::Wrong(0, SIMPLE);
    };
    let var = match simple(first) {
        Ok(var) => var,
        Err(at) => return Expanded::Wrong(at, SIMPLE),
    };
    let second = match two_vars.then(|| args.next().map(simple)).flatten() {
        None => None,
        Some(Ok(var)) => Some(var),
        Some(Err(at)) => return Expanded::Wrong(at, SIMPLE),
    };
    let filter = filtered.then(|| args.next()).flatten();
    let Some(body) = args.next() else { return Expanded::Wrong(0, SIMPLE) };
    Expanded::Expr(Kind::Fold(Box::new(Fold { kind, range, var, second, filter, body })))
}

fn simple(expr: Expr) -> Result<String, usize> {
    match expr.kind {
        Kind::Name(name) => Ok(name),
        _ => Err(expr.at),
    }
}

fn has(mut call: Call) -> Expanded {
    let Some(arg) = call.args.pop() else { return Expanded::No(call) };
    match arg.kind {
        Kind::Select(select) if select.access == Access::Value => {
            Expanded::Expr(Kind::Select(Box::new(Select { access: Access::Test, ..*select })))
        }
        _ => Expanded::Wrong(arg.at, "invalid argument to has() macro"),
    }
}

fn opt_map(mut call: Call) -> Expanded {
    let flat = call.name == "optFlatMap";
    let (Some(body), Some(var), Some(target)) = (call.args.pop(), call.args.pop(), call.target)
    else {
        return Expanded::Wrong(0, SIMPLE);
    };
    match simple(var) {
        Ok(var) => Expanded::Expr(Kind::OptMap(Box::new(OptMap { flat, target, var, body }))),
        Err(at) => Expanded::Wrong(at, "optMap() variable name must be a simple identifier"),
    }
}
