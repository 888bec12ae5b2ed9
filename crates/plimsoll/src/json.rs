use plimsoll_yaml::{Kind, Node};

/// A node as JSON on one line. Numbers that JSON has no form for are `null`, and texts that are no
/// UTF-8 have U+FFFD in place of what is none.
pub fn to_json(node: &Node) -> String {
    enum Step<'a> {
        Node(&'a Node),
        Text(&'static str),
        Key(&'a [u8]),
    }
    let mut out = String::new();
    let mut todo = vec![Step::Node(node)];
    while let Some(step) = todo.pop() {
        let node = match step {
            Step::Text(text) => {
                out.push_str(text);
                continue;
            }
            Step::Key(key) => {
                push_string(key, &mut out);
                out.push(':');
                continue;
            }
            Step::Node(node) => node,
        };
        match &node.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Int(value) => out.push_str(&value.to_string()),
            Kind::Uint(value) => out.push_str(&value.to_string()),
            Kind::Float(value) => out.push_str(&serde_json::Value::from(*value).to_string()),
            Kind::Text(text) => push_string(text, &mut out),
            Kind::List(items) => {
                out.push('[');
                todo.push(Step::Text("]"));
                for (at, item) in items.iter().enumerate().rev() {
                    todo.push(Step::Node(item));
                    if at > 0 {
                        todo.push(Step::Text(","));
                    }
                }
            }
            Kind::Map(entries) => {
                out.push('{');
                todo.push(Step::Text("}"));
                for (at, entry) in entries.iter().enumerate().rev() {
                    todo.extend([Step::Node(&entry.value), Step::Key(&entry.key)]);
                    if at > 0 {
                        todo.push(Step::Text(","));
                    }
                }
            }
        }
    }
    out
}

fn push_string(text: &[u8], out: &mut String) {
    out.push_str(&serde_json::Value::from(String::from_utf8_lossy(text)).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_source::FileId;

    #[test]
    fn every_kind_of_node_has_its_json() {
        let text = b"a: [1, -2.5, true, ~, \"q\\\"\"]\nb: {c: {}, d: []}\n";
        let node = plimsoll_yaml::read(text, FileId::NONE).expect("it is YAML");
        let wanted = r#"{"a":[1,-2.5,true,null,"q\""],"b":{"c":{},"d":[]}}"#;
        assert_eq!(to_json(&node), wanted);
    }
}
