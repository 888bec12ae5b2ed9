use plimsoll_funcs::json::{Style, encode};
use plimsoll_gotmpl::value::compare::{eq, ge, gt, le, lt, ne};
use plimsoll_gotmpl::{Value, sprint};

use super::{Node, Param};

/// How deeply ranges may be nested.
const MAX_RANGES: usize = 200;

/// Prints what the parts of a template find, each with blanks between its results.
pub(super) fn print(parts: &[Node], values: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    let mut ranges = Ranges::default();
    for results in ranges.find(parts, 0, values)? {
        for (at, result) in results.iter().enumerate() {
            if at > 0 {
                out.push(b' ');
            }
            match result {
                Value::Nil => out.extend_from_slice(b"null"),
                Value::Map(..) | Value::List(..) => {
                    out.extend_from_slice(encode(result, Style::Compact)?.as_bytes());
                }
                other => out.extend_from_slice(sprint(std::slice::from_ref(other)).as_bytes()),
            }
        }
    }
    Ok(())
}

/// Which of `range` and `end` have been met.
#[derive(Default)]
struct Ranges {
    beginning: usize,
    inside: usize,
    ending: usize,
    last_end: Option<usize>,
}

impl Ranges {
    /// The results of the parts from one on, each a list.
    fn find(
        &mut self,
        parts: &[Node],
        from: usize,
        data: &Value,
    ) -> Result<Vec<Vec<Value>>, String> {
        let mut found = Vec::new();
        let mut at = from;
        while at < parts.len() {
            let results = self.walk(vec![data.clone()], &parts[at])?;
            if self.ending > 0 && self.ending <= self.inside {
                self.ending -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.beginning == 0 {
                found.push(results);
                at += 1;
                continue;
            }
            self.range(parts, at, &results, &mut found)?;
            // On behind the end that was met last.
            at = self.last_end.filter(|end| *end > at).unwrap_or(at) + 1;
        }
        Ok(found)
    }

    fn range(
        &mut self,
        parts: &[Node],
        at: usize,
        results: &[Value],
        found: &mut Vec<Vec<Value>>,
    ) -> Result<(), String> {
        self.beginning -= 1;
        self.inside += 1;
        if self.inside > MAX_RANGES {
            return Err("ranges are nested too deeply".to_owned());
        }
        for value in results {
            found.extend(self.find(parts, at + 1, value)?);
        }
        if results.is_empty() {
            // The end must be found all the same.
            self.find(parts, at + 1, &Value::Nil)?;
        }
        self.inside -= 1;
        Ok(())
    }

    fn walk(&mut self, input: Vec<Value>, node: &Node) -> Result<Vec<Value>, String> {
        let each = |value: Value| Ok(vec![value; input.len()]);
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Value::text(text.as_str())]),
            Node::Field(name) => field(&input, name),
            Node::Array(params) => array(&input, params),
            Node::Filter { left, right, operator } => self.filter(&input, left, right, operator),
            Node::Int(number) => each(Value::int(*number)),
            Node::Float(number) => each(Value::float(*number)),
            Node::Bool(value) => each(Value::bool(*value)),
            Node::Wildcard => Ok(input.iter().flat_map(items).collect()),
            Node::Recursive => Ok(containers(input)),
            Node::Union(lists) => {
                let mut all = Vec::new();
                for list in lists {
                    all.extend(self.list(input.clone(), list)?);
                }
                Ok(all)
            }
            Node::Identifier(name) => self.identifier(input, name),
        }
    }

    fn list(&mut self, mut values: Vec<Value>, nodes: &[Node]) -> Result<Vec<Value>, String> {
        for node in nodes {
            values = self.walk(values, node)?;
        }
        Ok(values)
    }

    fn identifier(&mut self, input: Vec<Value>, name: &str) -> Result<Vec<Value>, String> {
        match name {
            "range" => {
                self.beginning += 1;
                Ok(input)
            }
            "end" if self.inside > 0 => {
                self.ending += 1;
                Ok(Vec::new())
            }
            "end" => Err("not in range, nothing to end".to_owned()),
            _ => Err(format!("unrecognized identifier {name}")),
        }
    }

    fn filter(
        &mut self,
        input: &[Value],
        left: &[Node],
        right: &[Node],
        operator: &str,
    ) -> Result<Vec<Value>, String> {
        let mut kept = Vec::new();
        for value in input {
            let Value::List(_, items) = value else {
                return Err("only an array or slice can be filtered".to_owned());
            };
            for item in items.iter() {
                let lefts = self.list(vec![item.clone()], left);
                let is_kept = if operator == "exists" {
                    lefts.is_ok_and(|lefts| !lefts.is_empty())
                } else {
                    let rights = self.list(vec![item.clone()], right);
                    compare(&lefts?, rights, operator)?
                };
                if is_kept {
                    kept.push(item.clone());
                }
            }
        }
        Ok(kept)
    }
}

fn compare(
    lefts: &[Value],
    rights: Result<Vec<Value>, String>,
    operator: &str,
) -> Result<bool, String> {
    let one = |values: &[Value]| match values {
        [] => Ok(None),
        [value] => Ok(Some(value.clone())),
        _ => Err("can only compare one element at a time".to_owned()),
    };
    let Some(left) = one(lefts)? else { return Ok(false) };
    let Some(right) = one(&rights?)? else { return Ok(false) };
    match operator {
        "<" => lt(&left, &right),
        ">" => gt(&left, &right),
        "==" => eq(&left, &[right]),
        "!=" => ne(&left, &right),
        "<=" => le(&left, &right),
        ">=" => ge(&left, &right),
        _ => Err(format!("unrecognized filter operator {operator}")),
    }
}

fn field(input: &[Value], name: &str) -> Result<Vec<Value>, String> {
    let of = |value: &Value| match value {
        Value::Map(_, map) => map.get(name.as_bytes()),
        _ => None,
    };
    let found: Vec<Value> = input.iter().filter_map(of).collect();
    if found.is_empty() && !input.is_empty() {
        return Err(format!("{name} is not found"));
    }
    Ok(found)
}

/// What is in a list or a map, a map's by key; the bytes of a text.
fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::List(_, list) => list.to_vec(),
        Value::Map(_, map) => map.snapshot().into_iter().map(|(_, value)| value).collect(),
        Value::Text(_, text) => {
            text.as_bytes().iter().map(|byte| Value::int(i64::from(*byte))).collect()
        }
        _ => Vec::new(),
    }
}

/// Everything that holds something, a value before what is in it.
fn containers(input: Vec<Value>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut todo: Vec<Value> = input.into_iter().rev().collect();
    while let Some(value) = todo.pop() {
        let items = items(&value);
        if !items.is_empty() {
            found.push(value);
            todo.extend(items.into_iter().rev());
        }
    }
    found
}

fn array(input: &[Value], params: &[Param; 3]) -> Result<Vec<Value>, String> {
    let mut found = Vec::new();
    for value in input.iter().filter(|value| !matches!(value, Value::Nil)) {
        let Value::List(_, list) = value else {
            return Err(format!("{} is not array or slice", value.type_name()));
        };
        let Some((start, end)) = range(params, list.len() as i64)? else { return Ok(found) };
        let step = params[2].value.unwrap_or(1);
        if step <= 0 {
            return Err("step must be > 0".to_owned());
        }
        found.extend(list[start..end].iter().step_by(step as usize).cloned());
    }
    Ok(found)
}

fn range(params: &[Param; 3], length: i64) -> Result<Option<(usize, usize)>, String> {
    let from_end = |at: i64| if at < 0 { at + length } else { at };
    let start = from_end(params[0].value.unwrap_or(0));
    let mut end = params[1].value.unwrap_or(length);
    if end < 0 || (end == 0 && params[1].derived) {
        end += length;
    }
    let outside = |at: i64| Err(format!("array index out of bounds: index {at}, length {length}"));
    if start == end {
        return Ok(None);
    }
    if !(0..length).contains(&start) {
        return outside(start);
    }
    if !(0..=length).contains(&end) {
        return outside(end - 1);
    }
    if start > end {
        return Err(format!("starting index {start} is greater than ending index {end}"));
    }
    Ok(Some((start as usize, end as usize)))
}

#[cfg(test)]
mod tests {
    use super::super::JsonPath;
    use crate::values::{Layer, Origins, ValuesTree};
    use plimsoll_gotmpl::{Compat, Value};

    const VALUES: &[u8] =
        b"a: 1\nbig: 12345678\ns: str\nm: {k: v, j: {z: 1}}\nl: [1, two, {x: 3}]\n\
        items: [{name: n1, p: 80}, {name: n2, p: 81, q: 1}]\n";

    fn printed(path: &str) -> Result<String, String> {
        let tree = ValuesTree::parse(VALUES, Compat::Helm4).unwrap();
        let values = Value::map(tree.to_map(Layer::Defaults, "", &mut Origins::off()));
        let mut out = Vec::new();
        JsonPath::parse(path)?.print(&values, &mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    fn check(path: &str, expected: &str) {
        assert_eq!(printed(path), Ok(expected.to_owned()), "{path}");
    }

    #[test]
    fn paths_find_what_kubectl_finds() {
        check("{.a} and {.big}", "1 and 1.2345678e+07");
        check("{.m}{.m['k']}", r#"{"j":{"z":1},"k":"v"}v"#);
        check("{.l[*]}|{.l[-1]}|{.l[0:2]}", r#"1 two {"x":3}|{"x":3}|1 two"#);
        check("{['a','s']}", "1 str");
        check("{..name}", "n1 n2");
        check("{range .items[*]}{.name}={.p}{\"\\n\"}{end}.", "n1=80\nn2=81\n.");
    }

    #[test]
    fn filters_keep_the_types_apart() {
        check("{.items[?(@.name==\"n2\")].p}", "81");
        check("{.items[?(@.q)].name}", "n2");
        check("{.items[?(@.p==80)].name}", "");
        check("{.items[?(@.p>80.5)].name}", "n2");
    }

    #[test]
    fn what_is_missing_prints_nothing() {
        check("{.nope}", "");
        check("x{.l[5]}", "");
        check("{end}", "");
    }

    #[test]
    fn unreadable_templates_are_refused() {
        let refused = |path: &str, error: &str| {
            assert_eq!(printed(path), Err(error.to_owned()), "{path}");
        };
        refused("{.a", "unclosed action");
        refused("{#}", "unrecognized character in action: U+0023 '#'");
        refused("{.l[x]}", "invalid array index x");
    }
}
