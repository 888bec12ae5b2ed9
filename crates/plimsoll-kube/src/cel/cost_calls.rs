//! What calls cost beside their arguments, and how large their results may be.

use super::cost::{Path, Size, Told};
use super::typed::Type;

/// A call's own cost and the size of its result, where that is known.
pub(super) struct Estimate {
    pub(super) cost: u64,
    pub(super) result: Option<Size>,
}

/// What it costs to walk through a text, for each of its characters.
const WALK: f64 = 0.1;

/// What it costs to run a pattern, for each of its characters.
const PATTERN: f64 = 0.25;

/// What a list costs that is made.
const LIST: u64 = 10;

/// A number multiplied and rounded up.
fn scaled(number: u64, factor: f64) -> u64 {
    // Numbers beyond what fits end at the largest.
    (number as f64 * factor).ceil() as u64
}

fn fixed(cost: u64) -> Estimate {
    Estimate { cost, result: None }
}

fn walk(size: Size) -> u64 {
    scaled(size.max, WALK)
}

/// The cost of one overload of a function; `None` where it is not known.
pub(super) fn estimate(
    name: &str,
    overload: &str,
    target: Option<&Told<'_>>,
    args: &[Told<'_>],
) -> Option<Estimate> {
    let arg = |at: usize| args.get(at).map_or(Size::UNKNOWN, Told::size_or_unknown);
    let own = target.map_or(Size::UNKNOWN, Told::size_or_unknown);
    let found = match (name, target) {
        ("check" | "fieldSelector" | "labelSelector" | "sortBy", _) => return None,
        ("sort" | "slice" | "flatten" | "distinct" | "lists.range" | "reverse", _)
            if name != "reverse" || overload.starts_with("list") =>
        {
            return lists(name, target, args);
        }
        (
            "isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf" | "includes",
            Some(target),
        ) => fixed(elements(name, target)),
        ("jsonpatch.escapeKey" | "url", None) => sized(walk(arg(0)), arg(0)),
        ("lowerAscii" | "substring" | "trim" | "upperAscii", Some(_)) => sized(walk(own), own),
        ("replace", Some(_)) => sized(scaled(own.max, 2.0 * WALK), replaced(own, arg(0), arg(1))),
        ("split", Some(_)) => {
            let most = args.get(1).and_then(|arg| arg.number).map_or(own.max, |count| count as u64);
            sized(scaled(own.max, 2.0 * WALK), Size { min: 0, max: most })
        }
        ("join", Some(target)) => {
            let size = joined(target, args);
            sized(walk(size), size)
        }
        ("find" | "findAll", Some(_)) => {
            let text = walk(own.plus(Size::exactly(1)));
            let cost = text.saturating_mul(scaled(arg(0).max, PATTERN));
            sized(cost, Size { min: 0, max: own.max })
        }
        ("ip", Some(_)) => fixed(1),
        ("cidr" | "ip" | "isCIDR" | "isIP", None) => fixed(walk(arg(0))),
        ("ip.isCanonical", _) => fixed(scaled(arg(0).max, 2.0 * WALK)),
        ("containsIP", _) => fixed(4_u64.saturating_add(parsed(overload, arg(0)))),
        ("containsCIDR", _) => fixed(7_u64.saturating_add(parsed(overload, arg(0)))),
        ("isQuantity" | "isSemver" | "quantity" | "semver", _) => fixed(walk(arg(0))),
        ("sets.contains" | "sets.intersects", _) => {
            fixed(arg(0).times(arg(1)).max.saturating_add(1))
        }
        ("sets.equivalent", _) => fixed(scaled(arg(0).times(arg(1)).max, 2.0).saturating_add(1)),
        ("validate", _) => fixed(scaled(walk(arg(0)), 128.0 * PATTERN)),
        ("_==_", _) => equal(args),
        _ => ordinary(name, overload, target, args),
    };
    Some(found)
}

fn sized(cost: u64, result: Size) -> Estimate {
    Estimate { cost, result: Some(result) }
}

/// What cel-go itself estimates.
fn ordinary(name: &str, overload: &str, target: Option<&Told<'_>>, args: &[Told<'_>]) -> Estimate {
    let arg = |at: usize| args.get(at).map_or(Size::UNKNOWN, Told::size_or_unknown);
    let own = target.map_or(Size::UNKNOWN, Told::size_or_unknown);
    match (name, overload) {
        ("format", _) => fixed(walk(own)),
        ("bytes", "(string) bytes") => {
            let size = Size { min: arg(0).min, max: arg(0).max.wrapping_mul(4) };
            sized(walk(arg(0)), size)
        }
        ("string", "(bytes) string") => {
            sized(walk(arg(0)), Size { min: arg(0).min / 4, max: arg(0).max })
        }
        ("strings.quote", _) => {
            let twice = |size: u64| size.wrapping_mul(2).wrapping_add(2);
            sized(walk(arg(0)), Size { min: arg(0).min.wrapping_add(2), max: twice(arg(0).max) })
        }
        ("endsWith" | "startsWith", _) => fixed(walk(arg(0))),
        ("@in", "(A,list(A)) bool") => fixed(arg(1).max),
        ("matches", _) => {
            let (text, pattern) = if target.is_some() { (own, arg(0)) } else { (arg(0), arg(1)) };
            let text = walk(text.plus(Size::exactly(1)));
            fixed(text.saturating_mul(scaled(pattern.max, PATTERN)))
        }
        ("contains", _) => fixed(walk(own).saturating_mul(walk(arg(0)))),
        ("_?_:_", _) => sized(0, arg(1).union(arg(2))),
        ("_+_", "(list(A),list(A)) list(A)") => sized(1, arg(0).plus(arg(1))),
        ("_+_", "(string,string) string" | "(bytes,bytes) bytes") => {
            let size = arg(0).plus(arg(1));
            sized(walk(size), size)
        }
        ("_<_" | "_<=_" | "_>=_" | "_>_", "(string,string) bool" | "(bytes,bytes) bool")
        | ("_!=_" | "_==_", _) => fixed(scaled(arg(0).max.min(arg(1).max), WALK)),
        _ => fixed(1),
    }
}

/// k8s: values of its own types have their own costs of comparison.
fn equal(args: &[Told<'_>]) -> Estimate {
    let [one, other] = args else { return fixed(1) };
    match (&one.kind, &other.kind) {
        (Type::Opaque(name), Type::Opaque(also)) if name == also => match *name {
            "kubernetes.NamedFormat" => fixed(scaled(64, WALK)),
            "kubernetes.URL" => fixed(scaled(other.size.map_or(1, |size| size.max), WALK)),
            _ => fixed(1),
        },
        _ => ordinary("_==_", "", None, args),
    }
}

/// Each element once, and its text where it is one.
fn elements(name: &str, target: &Told<'_>) -> u64 {
    let count = target.size_or_unknown().max;
    let item = match &target.kind {
        Type::List(item) => item,
        Type::Map(key, _) => key,
        _ if name == "includes" => return count,
        _ => return scaled(count, WALK),
    };
    let each = match **item {
        Type::Text | Type::Bytes => walk(item_size(target)).saturating_add(1),
        _ => 1,
    };
    count.saturating_mul(each)
}

/// The size of a list's items, where a path leads to the list.
fn item_size(list: &Told<'_>) -> Size {
    let Path::At(Some(extent)) = list.path else { return Size::UNKNOWN };
    extent.behind("@items").map_or(Size::UNKNOWN, |items| Size { min: 0, max: items.most() })
}

fn joined(target: &Told<'_>, args: &[Told<'_>]) -> Size {
    let count = target.size_or_unknown();
    let size = count.times(item_size(target));
    let Some(separator) = args.first().map(Told::size_or_unknown) else { return size };
    let gaps = Size { min: count.min.saturating_sub(1), max: count.max.saturating_sub(1) };
    size.plus(separator.times(gaps))
}

/// How long a text may be once parts of it are replaced.
fn replaced(text: Size, old: Size, new: Size) -> Size {
    let often = |all: u64, each: u64| (all as f64 / each as f64).ceil() as u64;
    let (count_max, kept_max) = if old.min == 0 {
        (text.max.saturating_add(1), text.max)
    } else if new.max <= old.min {
        (0, text.max)
    } else {
        (often(text.max, old.min), 0)
    };
    let (count_min, kept_min) = if old.max == 0 {
        (text.min.saturating_add(1), text.min)
    } else if old.max <= new.min {
        (0, text.min)
    } else {
        (often(text.min, old.max), 0)
    };
    let count = Size { min: count_min, max: count_max };
    count.times(new).plus(Size { min: kept_min, max: kept_max })
}

/// A text that is read first.
fn parsed(overload: &str, text: Size) -> u64 {
    if overload.contains("(string)") { walk(text) } else { 0 }
}

/// The library of lists, whose functions make lists.
fn lists(name: &str, target: Option<&Told<'_>>, args: &[Told<'_>]) -> Option<Estimate> {
    let number = |at: usize| args.get(at).and_then(|arg| arg.number).map(|number| number as u64);
    let own = target.map_or(Size::UNKNOWN, Told::size_or_unknown);
    let (factor, size) = match name {
        "sort" => {
            let item = match target.map(|target| &target.kind) {
                Some(Type::List(item)) => (**item).clone(),
                _ => return None,
            };
            let factor = match item {
                Type::Text | Type::Bytes => 2.0 + WALK,
                Type::Dyn => return None,
                _ => 2.0,
            };
            (factor, own.times(own))
        }
        "distinct" => (2.0, own.times(own)),
        "reverse" => (1.0, own),
        "flatten" => (if args.is_empty() { 1.0 } else { number(0)? as f64 }, own),
        "slice" => {
            let (start, end) = (number(0).unwrap_or(0), number(1).unwrap_or(own.max));
            (1.0, Size::exactly(end.checked_sub(start)?))
        }
        _ => (1.0, Size::exactly(number(0).unwrap_or(u64::MAX))),
    };
    let cost = scaled(size.max, factor).saturating_add(1 + LIST);
    Some(sized(cost, size))
}
