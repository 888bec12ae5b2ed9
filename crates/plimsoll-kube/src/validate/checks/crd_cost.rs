//! What the rules of a CustomResourceDefinition may cost: the server refuses those that are too dear
//! in the worst case, alone or together.

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Kind, Node};

use crate::cel::{Extent, Program, REQUEST_LIMIT, Type, cost, type_of};
use crate::crd::Schema;
use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// What one rule may cost.
const RULE_LIMIT: u64 = 10_000_000;

/// What all rules of a schema may cost together.
const SCHEMA_LIMIT: u64 = 100_000_000;

/// How deep schemas are looked into.
const DEPTH_LIMIT: usize = 200;

/// Checks the costs of all rules of a schema that is in order otherwise.
pub(super) fn check(cx: &mut Cx<'_>, schema: &Node, place: &str) {
    let mut costs = Costs { cx, path: place.to_owned(), total: 0, known: true, dear: Vec::new() };
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
    path: String,
    total: u64,
    /// Whether the cost of every rule is known.
    known: bool,
    /// The rules that make up a hundredth of the limit or more.
    dear: Vec<(String, u64)>,
}

impl Costs<'_, '_> {
    /// `often` tells how many values of the schema an object can have, where that is bound.
    fn schema(&mut self, schema: &Node, often: Option<u64>, depth: usize) {
        if depth > DEPTH_LIMIT {
            self.known = false;
            return;
        }
        if !schema.list("x-kubernetes-validations").is_empty() {
            self.rules(schema, often, depth == 0);
        }
        let additional = schema.of("additionalProperties");
        let bound = match schema.text("type") {
            "object" if !additional.is_null() => count(schema, "maxProperties"),
            "array" => count(schema, "maxItems"),
            _ => Some(1),
        };
        let often = often.zip(bound).map(|(often, bound)| often.saturating_mul(bound));
        for entry in schema.map("properties") {
            let name = String::from_utf8_lossy(&entry.key);
            self.below(&format!(".properties[{name}]"), &entry.value, often, depth);
        }
        for (step, field) in
            [(".items", "items"), (".additionalProperties", "additionalProperties")]
        {
            if matches!(schema.of(field).kind, Kind::Map(_)) {
                self.below(step, schema.of(field), often, depth);
            }
        }
    }

    fn below(&mut self, step: &str, schema: &Node, often: Option<u64>, depth: usize) {
        let length = self.path.len();
        self.path.push_str(step);
        self.schema(schema, often, depth + 1);
        self.path.truncate(length);
    }

    fn rules(&mut self, schema: &Node, often: Option<u64>, at_root: bool) {
        let read = Schema::read_part(schema);
        let is_resource = at_root || read.embedded;
        let (Some(kind), Some(extent)) =
            (type_of(&read, is_resource), Extent::of(&read, is_resource))
        else {
            self.known = false;
            return;
        };
        let often = often.unwrap_or(REQUEST_LIMIT / (extent.shortest + 1));
        for (at, rule) in schema.list("x-kubernetes-validations").iter().enumerate() {
            let old = if rule.is_true("optionalOldSelf") {
                Type::Optional(kind.clone().into())
            } else {
                kind.clone()
            };
            let variables = [("self", kind.clone()), ("oldSelf", old)];
            let estimated = |field: &str| match rule.text(field) {
                "" => Some(0),
                text => Program::parse(text).ok().and_then(|one| cost(&one, &variables, &extent)),
            };
            let own = estimated("rule").map(|cost| cost.saturating_mul(often));
            self.one(at, "rule", own);
            self.one(at, "messageExpression", estimated("messageExpression"));
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

fn count(schema: &Node, field: &str) -> Option<u64> {
    schema.int(field).map(|count| u64::try_from(count).unwrap_or(0))
}
