//! Functions over texts.

use super::convert::to_text;
use super::eval::Run;
use super::fault::Fault;
use super::value::{Text, Value};

pub(super) fn call<'a>(
    run: &mut Run<'a>,
    name: &str,
    args: &[Value<'a>],
    is_method: bool,
) -> Result<Option<Value<'a>>, Fault> {
    if let ("size", [value]) = (name, args) {
        let Some(size) = value.size() else { return Fault::no_overload() };
        return Ok(Some(Value::Int(size as i64)));
    }
    if let Some(format) = name.strip_prefix("format.").filter(|_| !is_method) {
        return named_format(format, args).map(Some);
    }
    match args {
        [Value::Format(format), Value::Text(text)] if name == "validate" => {
            Ok(Some(validate(format, text)))
        }
        [Value::Text(text), Value::List(_) | Value::Tree(..)] if name == "format" => {
            format(run, text, &args[1]).map(Some)
        }
        [Value::Text(text)] if name == "strings.quote" => Ok(Some(Value::text(quoted(text)))),
        [Value::Text(text)] if name == "jsonpatch.escapeKey" => {
            Ok(Some(Value::text(text.replace('~', "~0").replace('/', "~1"))))
        }
        [list, rest @ ..] if name == "join" => join(run, list, rest).map(Some),
        [Value::Text(text), rest @ ..] if is_method || name == "matches" => {
            method(run, name, text, rest)
        }
        _ => Ok(None),
    }
}

fn method<'a>(
    run: &mut Run<'a>,
    name: &str,
    text: &Text<'a>,
    args: &[Value<'a>],
) -> Result<Option<Value<'a>>, Fault> {
    Ok(Some(match (name, args) {
        ("startsWith", [Value::Text(part)]) => Value::Bool(text.starts_with(&**part)),
        ("endsWith", [Value::Text(part)]) => Value::Bool(text.ends_with(&**part)),
        ("contains", [Value::Text(part)]) => {
            run.spend((text.len() / 10 + 1) * (part.len() / 10 + 1))?;
            Value::Bool(text.contains(&**part))
        }
        ("matches", [Value::Text(pattern)]) => {
            Value::Bool(run.pattern(pattern, text)?.is_match(&**text))
        }
        ("find", [Value::Text(pattern)]) => {
            let found = run.pattern(pattern, text)?.find(&**text);
            Value::text(found.map_or("", |found| &text[found.range()]))
        }
        ("findAll", [Value::Text(pattern)]) => find_all(run, pattern, text, -1)?,
        ("findAll", [Value::Text(pattern), Value::Int(most)]) => {
            find_all(run, pattern, text, *most)?
        }
        ("lowerAscii", []) => Value::text(text.to_ascii_lowercase()),
        ("upperAscii", []) => Value::text(text.to_ascii_uppercase()),
        ("trim", []) => Value::text(text.trim()),
        ("reverse", []) => Value::text(text.chars().rev().collect::<String>()),
        ("charAt", [Value::Int(at)]) => {
            let count = text.chars().count() as i64;
            if !(0..=count).contains(at) {
                return Fault::error(format!("index out of range: {at}"));
            }
            Value::text(text.chars().nth(*at as usize).map_or(String::new(), String::from))
        }
        ("substring", [Value::Int(from)]) => substring(text, *from, i64::MAX)?,
        ("substring", [Value::Int(from), Value::Int(to)]) => substring(text, *from, *to)?,
        ("replace", [Value::Text(old), Value::Text(new)]) => replace(run, text, old, new, -1)?,
        ("replace", [Value::Text(old), Value::Text(new), Value::Int(most)]) => {
            replace(run, text, old, new, *most)?
        }
        ("split", [Value::Text(by)]) => split(run, text, by, -1)?,
        ("split", [Value::Text(by), Value::Int(most)]) => split(run, text, by, *most)?,
        ("indexOf", [Value::Text(part)]) => find(text, part, 0)?,
        ("indexOf", [Value::Text(part), Value::Int(from)]) => find(text, part, *from)?,
        ("lastIndexOf", [Value::Text(part)]) => find_last(text, part, i64::MAX),
        ("lastIndexOf", [Value::Text(part), Value::Int(to)]) => find_last(text, part, *to),
        _ => return Ok(None),
    }))
}

fn find_all<'a>(
    run: &mut Run<'a>,
    pattern: &str,
    text: &str,
    most: i64,
) -> Result<Value<'a>, Fault> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let found = run.pattern(pattern, text)?.find_iter(text).take(most);
    Ok(Value::list(found.map(|found| Value::text(&text[found.range()])).collect()))
}

fn substring<'a>(text: &str, from: i64, to: i64) -> Result<Value<'a>, Fault> {
    let count = text.chars().count() as i64;
    let to = if to == i64::MAX { count } else { to };
    if from > to {
        return Fault::error(format!("invalid substring range. start: {from}, end: {to}"));
    }
    for at in [from, to] {
        if !(0..=count).contains(&at) {
            return Fault::error(format!("index out of range: {at}"));
        }
    }
    let part = text.chars().skip(from as usize).take((to - from) as usize);
    Ok(Value::text(part.collect::<String>()))
}

fn replace<'a>(
    run: &mut Run<'a>,
    text: &str,
    old: &str,
    new: &str,
    most: i64,
) -> Result<Value<'a>, Fault> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let times = (text.len() / old.len().max(1) + 1).min(most);
    run.spend(times.saturating_mul(new.len()) / 10)?;
    Ok(Value::text(text.replacen(old, new, most)))
}

fn split<'a>(run: &mut Run<'a>, text: &str, by: &str, most: i64) -> Result<Value<'a>, Fault> {
    run.spend(text.len())?;
    let part = |part: &str| Value::text(part);
    let parts: Vec<Value<'a>> = match usize::try_from(most) {
        Ok(0) => Vec::new(),
        most if by.is_empty() => {
            let most = most.unwrap_or(usize::MAX);
            let mut parts: Vec<String> = text.chars().map(String::from).collect();
            if parts.len() > most {
                let rest = parts.split_off(most - 1).concat();
                parts.push(rest);
            }
            parts.into_iter().map(Value::text).collect()
        }
        Ok(most) => text.splitn(most, by).map(part).collect(),
        Err(_) => text.split(by).map(part).collect(),
    };
    Ok(Value::list(parts))
}

/// Where a part begins, in characters.
fn find<'a>(text: &str, part: &str, from: i64) -> Result<Value<'a>, Fault> {
    if part.is_empty() {
        return Ok(Value::Int(from));
    }
    let start = usize::try_from(from).ok().and_then(|from| {
        if from == 0 { Some(0) } else { text.char_indices().nth(from).map(|(at, _)| at) }
    });
    let Some(start) = start else {
        return Fault::error(format!("index out of range: {from}"));
    };
    let found = text[start..].find(part).map(|at| text[..start + at].chars().count());
    Ok(Value::Int(found.map_or(-1, |at| at as i64)))
}

fn find_last<'a>(text: &str, part: &str, to: i64) -> Value<'a> {
    let starts = text.rmatch_indices(part).map(|(at, _)| text[..at].chars().count() as i64);
    let mut starts = starts.take(10_000).filter(|at| *at <= to);
    Value::Int(starts.next().unwrap_or(-1))
}

fn join<'a>(run: &mut Run<'a>, list: &Value<'a>, rest: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let (Some(items), by) = (list.items(), rest.first().and_then(Value::as_text)) else {
        return Fault::no_overload();
    };
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        let Some(text) = item.as_text() else { return Fault::no_overload() };
        run.spend(text.len() / 10 + 1)?;
        if at > 0 {
            out.push_str(by.unwrap_or_default());
        }
        out.push_str(text);
    }
    Ok(Value::text(out))
}

/// `%s`, `%d`, `%f`, `%e`, `%b`, `%x`, `%X`, `%o`, each with a number of digits.
fn format<'a>(run: &mut Run<'a>, pattern: &str, args: &Value<'a>) -> Result<Value<'a>, Fault> {
    let Some(args) = args.items() else { return Fault::no_overload() };
    let mut args = args.into_iter();
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let digits: Option<usize> =
            rest[..end].strip_prefix('.').and_then(|digits| digits.parse().ok());
        if digits.is_some_and(|digits| digits > 1000) {
            return Err(Fault::Budget);
        }
        let Some(value) = args.next() else {
            return Fault::error("index 0 out of range");
        };
        let verb = rest[end..].chars().next().unwrap_or_default();
        let Some(text) = formatted(verb, digits, &value, 0) else {
            return Err(Fault::Unknown(format!(
                "`%{verb}` of a {} is not written here",
                value.kind()
            )));
        };
        run.spend(text.len() / 10 + 1)?;
        out.push_str(&text);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(Value::text(out))
}

fn formatted(verb: char, digits: Option<usize>, value: &Value<'_>, depth: usize) -> Option<String> {
    if depth > 50 {
        return None;
    }
    let digits = digits.unwrap_or(6);
    Some(match (verb, value) {
        ('s', Value::Null) => "null".to_owned(),
        ('s', Value::Kind(name)) => (**name).to_owned(),
        ('s', value) => match (value.items(), value.entries()) {
            (Some(items), _) => {
                let items: Option<Vec<String>> =
                    items.iter().map(|item| formatted('s', None, item, depth + 1)).collect();
                format!("[{}]", items?.join(", "))
            }
            (_, Some(entries)) => {
                let one = |(key, value): &(Value<'_>, Value<'_>)| {
                    let key = formatted('s', None, key, depth + 1)?;
                    Some(format!("{key}: {}", formatted('s', None, value, depth + 1)?))
                };
                let mut all: Vec<String> = entries.iter().map(one).collect::<Option<_>>()?;
                all.sort();
                format!("{{{}}}", all.join(", "))
            }
            _ => to_text(value)?,
        },
        ('d', Value::Int(_) | Value::Uint(_)) => to_text(value)?,
        ('f', Value::Double(value)) => format!("{value:.digits$}"),
        ('f', Value::Int(value)) => format!("{:.digits$}", *value as f64),
        ('b', Value::Int(value)) => format!("{value:b}"),
        ('b', Value::Bool(value)) => u8::from(*value).to_string(),
        ('o', Value::Int(value)) => format!("{value:o}"),
        ('x', Value::Int(value)) => format!("{value:x}"),
        ('X', Value::Int(value)) => format!("{value:X}"),
        ('x', Value::Text(text)) => text.bytes().map(|b| format!("{b:02x}")).collect(),
        ('X', Value::Text(text)) => text.bytes().map(|b| format!("{b:02X}")).collect(),
        _ => return None,
    })
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '"' | '\\' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

const FORMATS: &[&str] = &[
    "byte",
    "date",
    "datetime",
    "dns1035Label",
    "dns1035LabelPrefix",
    "dns1123Label",
    "dns1123LabelPrefix",
    "dns1123Subdomain",
    "dns1123SubdomainPrefix",
    "labelValue",
    "qualifiedName",
    "uri",
    "uuid",
];

fn named_format<'a>(name: &str, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let known = |name: &str| FORMATS.iter().find(|known| **known == name).copied();
    match (name, args) {
        ("named", [Value::Text(name)]) => {
            Ok(Value::Optional(known(name).map(|name| Value::Format(name).into())))
        }
        (name, []) => known(name).map_or_else(Fault::no_overload, |name| Ok(Value::Format(name))),
        _ => Fault::no_overload(),
    }
}

fn validate<'a>(format: &str, text: &str) -> Value<'a> {
    let faults = match crate::validate::name_faults(format, text) {
        Some(faults) => faults,
        None if crate::crd::has_format(format, text) => Vec::new(),
        None => vec![format!("invalid {format}")],
    };
    if faults.is_empty() {
        return Value::Optional(None);
    }
    Value::some(Value::list(faults.into_iter().map(Value::text).collect()))
}
