//! What the rules of a CustomResourceDefinition may cost: the server refuses those that are too dear
//! in the worst case, alone or together.

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Entry, Node};

use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// What one rule may cost.
const RULE_LIMIT: u64 = 10_000_000;

/// What all rules of a schema may cost together.
const SCHEMA_LIMIT: u64 = 100_000_000;

/// How deep schemas are looked into.
const DEPTH_LIMIT: usize = 200;

/// A schema with rules.
pub(super) struct Ruled<'a> {
    pub(super) schema: &'a Node,
    /// How many values of it fit into a request.
    pub(super) fitting: Option<u64>,
    /// What each rule and its message cost once, where that is known.
    pub(super) costs: Vec<[Option<u64>; 2]>,
}

/// Checks the costs of all rules of a schema that is in order otherwise.
pub(super) fn check(cx: &mut Cx<'_>, schema: &Node, place: &str, ruled: &[Ruled<'_>]) {
    let (path, dear) = (place.to_owned(), Vec::new());
    let mut costs = Costs { cx, ruled, left: ruled.len(), path, total: 0, known: true, dear };
    costs.schema(schema, Some(1), 0);
    let Costs { total, known, mut dear, .. } = costs;
    if total <= SCHEMA_LIMIT {
        return;
    }
    dear.sort_by(|(_, one), (_, other)| other.cmp(one));
    for (path, _) in dear.into_iter().take(4) {
        let detail = "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
        tell(cx, path, format!("Forbidden: {detail}"));
    }
    let what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    // Rules whose cost is not known can only make it more.
    let total = if known { total } else { u64::MAX };
    tell(cx, place.to_owned(), exceeded(what, total, SCHEMA_LIMIT));
}

fn tell(cx: &mut Cx<'_>, path: String, message: String) {
    cx.error_at(path, Span::new(FileId::NONE, 0, 0), message);
}

fn exceeded(what: &str, cost: u64, limit: u64) -> String {
    let factor = cost as f64 / limit as f64;
    let factor = if factor > 100.0 {
        "more than 100x".to_owned()
    } else if factor < 1.5 {
        format!("{factor:.6}x")
    } else {
        format!("{factor:.1}x")
    };
    format!(
        "Forbidden: {what} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    )
}

struct Costs<'c, 'a> {
    cx: &'c mut Cx<'a>,
    ruled: &'c [Ruled<'c>],
    /// How many of them have not been come to.
    left: usize,
    path: String,
    total: u64,
    /// Whether the cost of every rule is known.
    known: bool,
    /// The rules that make up a hundredth of the limit or more.
    dear: Vec<(String, u64)>,
}

/// What a schema holds, in one walk through it.
#[derive(Default)]
struct Parts<'n> {
    kind: &'n str,
    has_rules: bool,
    most_items: Option<u64>,
    most_properties: Option<u64>,
    properties: &'n [Entry],
    items: Option<&'n Node>,
    additional: Option<&'n Node>,
}

impl<'n> Parts<'n> {
    fn of(schema: &'n Node) -> Parts<'n> {
        let mut parts = Parts::default();
        let count = |node: &Node| node.as_int().map(|count| u64::try_from(count).unwrap_or(0));
        for Entry { key, value, .. } in schema.as_map() {
            match &**key {
                b"type" => parts.kind = value.str(),
                b"x-kubernetes-validations" => parts.has_rules = !value.as_list().is_empty(),
                b"maxItems" => parts.most_items = count(value),
                b"maxProperties" => parts.most_properties = count(value),
                b"properties" => parts.properties = value.as_map(),
                b"items" => parts.items = Some(value),
                b"additionalProperties" if !value.is_null() => parts.additional = Some(value),
                _ => {}
            }
        }
        parts
    }
}

impl Costs<'_, '_> {
    /// `often` tells how many values of the schema an object can have, where that is bound.
    fn schema(&mut self, schema: &Node, often: Option<u64>, depth: usize) {
        if depth > DEPTH_LIMIT {
            self.known = false;
            return;
        }
        if self.left == 0 {
            return;
        }
        let parts = Parts::of(schema);
        if parts.has_rules {
            self.rules(schema, often);
        }
        let bound = match parts.kind {
            "object" if parts.additional.is_some() => parts.most_properties,
            "array" => parts.most_items,
            _ => Some(1),
        };
        let often = often.zip(bound).map(|(often, bound)| often.saturating_mul(bound));
        for entry in parts.properties {
            let length = self.path.len();
            self.path.push_str(".properties[");
            self.path.push_str(&String::from_utf8_lossy(&entry.key));
            self.path.push(']');
            self.schema(&entry.value, often, depth + 1);
            self.path.truncate(length);
        }
        for (step, inner) in [(".items", parts.items), (".additionalProperties", parts.additional)]
        {
            if let Some(inner) = inner {
                self.below(step, inner, often, depth);
            }
        }
    }

    fn below(&mut self, step: &str, schema: &Node, often: Option<u64>, depth: usize) {
        let length = self.path.len();
        self.path.push_str(step);
        self.schema(schema, often, depth + 1);
        self.path.truncate(length);
    }

    fn rules(&mut self, schema: &Node, often: Option<u64>) {
        // They stand in the order in which they are come to, or nearly so.
        let next = self.ruled.len() - self.left;
        let (before, after) = self.ruled.split_at(next);
        let mut all = after.iter().chain(before);
        let Some(ruled) = all.find(|known| std::ptr::eq(known.schema, schema)) else {
            self.known = false;
            return;
        };
        self.left -= 1;
        let often = often.or(ruled.fitting);
        for (at, [rule, message]) in ruled.costs.iter().enumerate() {
            let cost = rule.zip(often).map(|(cost, often)| cost.saturating_mul(often));
            self.one(at, "rule", cost);
            self.one(at, "messageExpression", *message);
        }
    }

    fn one(&mut self, at: usize, field: &str, cost: Option<u64>) {
        let Some(cost) = cost else {
            self.known = false;
            return;
        };
        self.total = self.total.saturating_add(cost);
        let path = || format!("{}.x-kubernetes-validations[{at}].{field}", self.path);
        if cost >= SCHEMA_LIMIT / 100 {
            let path = path();
            self.dear.push((path, cost));
        }
        if cost > RULE_LIMIT {
            let what = format!("estimated {field} cost");
            tell(self.cx, path(), exceeded(&what, cost, RULE_LIMIT));
        }
    }
}
