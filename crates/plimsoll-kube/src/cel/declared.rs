//! The functions that the server knows, and over what. An overload is written `receiver.(arguments)
//! result`, without the receiver for functions that have none; `A` and `B` stand for any type.

use super::typed::{Bindings, Type};

/// A function's overloads; in order of the names.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("!_", &["(bool) bool"]),
    ("-_", &["(int) int", "(double) double"]),
    ("@in", &["(A,list(A)) bool", "(A,map(A,B)) bool"]),
    ("_!=_", &["(A,A) bool"]),
    ("_%_", &["(int,int) int", "(uint,uint) uint"]),
    ("_*_", NUMBERS),
    (
        "_+_",
        &[
            "(int,int) int",
            "(uint,uint) uint",
            "(double,double) double",
            "(string,string) string",
            "(bytes,bytes) bytes",
            "(list(A),list(A)) list(A)",
            "(timestamp,duration) timestamp",
            "(duration,timestamp) timestamp",
            "(duration,duration) duration",
        ],
    ),
    (
        "_-_",
        &[
            "(int,int) int",
            "(uint,uint) uint",
            "(double,double) double",
            "(timestamp,timestamp) duration",
            "(timestamp,duration) timestamp",
            "(duration,duration) duration",
        ],
    ),
    ("_/_", NUMBERS),
    ("_<=_", ORDER),
    ("_<_", ORDER),
    ("_==_", &["(A,A) bool"]),
    ("_>=_", ORDER),
    ("_>_", ORDER),
    ("_?_:_", &["(bool,A,A) A"]),
    (
        "_[?_]",
        &[
            "(list(A),int) optional(A)",
            "(map(A,B),A) optional(B)",
            "(optional(list(A)),int) optional(A)",
            "(optional(map(A,B)),A) optional(B)",
        ],
    ),
    (
        "_[_]",
        &[
            "(list(A),int) A",
            "(map(A,B),A) B",
            "(optional(list(A)),int) optional(A)",
            "(optional(map(A,B)),A) optional(B)",
        ],
    ),
    ("add", &["quantity.(quantity) quantity", "quantity.(int) quantity"]),
    ("allowed", &["decision.() bool"]),
    ("asApproximateFloat", &["quantity.() double"]),
    ("asInteger", &["quantity.() int"]),
    ("bool", &["(bool) bool", "(string) bool"]),
    ("bytes", &["(bytes) bytes", "(string) bytes"]),
    ("charAt", &["string.(int) string"]),
    ("check", &["pathcheck.(string) decision", "resourcecheck.(string) decision"]),
    ("cidr", &["(string) cidr"]),
    ("compareTo", &["quantity.(quantity) int", "semver.(semver) int"]),
    ("contains", &["string.(string) bool"]),
    ("containsCIDR", &["cidr.(string) bool", "cidr.(cidr) bool"]),
    ("containsIP", &["cidr.(string) bool", "cidr.(ip) bool"]),
    ("distinct", &["list(A).() list(A)"]),
    ("double", &["(double) double", "(int) double", "(uint) double", "(string) double"]),
    ("duration", &["(duration) duration", "(string) duration", "(int) duration"]),
    ("dyn", &["(A) dyn"]),
    ("endsWith", &["string.(string) bool"]),
    ("error", &["decision.() string"]),
    ("errored", &["decision.() bool"]),
    ("family", &["ip.() int"]),
    ("fieldSelector", &["resourcecheck.(string) resourcecheck"]),
    ("find", &["string.(string) string"]),
    ("findAll", &["string.(string) list(string)", "string.(string,int) list(string)"]),
    ("flatten", &["list(list(A)).() list(A)", "list(dyn).(int) list(dyn)"]),
    ("format", &["string.(list(dyn)) string"]),
    ("format.byte", FORMAT),
    ("format.date", FORMAT),
    ("format.datetime", FORMAT),
    ("format.dns1035Label", FORMAT),
    ("format.dns1035LabelPrefix", FORMAT),
    ("format.dns1123Label", FORMAT),
    ("format.dns1123LabelPrefix", FORMAT),
    ("format.dns1123Subdomain", FORMAT),
    ("format.dns1123SubdomainPrefix", FORMAT),
    ("format.labelValue", FORMAT),
    ("format.named", &["(string) optional(format)"]),
    ("format.qualifiedName", FORMAT),
    ("format.uri", FORMAT),
    ("format.uuid", FORMAT),
    ("getDate", CALENDAR),
    ("getDayOfMonth", CALENDAR),
    ("getDayOfWeek", CALENDAR),
    ("getDayOfYear", CALENDAR),
    ("getEscapedPath", &["url.() string"]),
    ("getFullYear", CALENDAR),
    ("getHost", &["url.() string"]),
    ("getHostname", &["url.() string"]),
    ("getHours", CLOCK),
    ("getMilliseconds", CLOCK),
    ("getMinutes", CLOCK),
    ("getMonth", CALENDAR),
    ("getPort", &["url.() string"]),
    ("getQuery", &["url.() map(string,list(string))"]),
    ("getScheme", &["url.() string"]),
    ("getSeconds", CLOCK),
    ("group", &["authorizer.(string) groupcheck"]),
    ("hasValue", &["optional(A).() bool"]),
    ("includes", &["dyn.(dyn) bool"]),
    ("indexOf", &["string.(string) int", "string.(string,int) int", "list(A).(A) int"]),
    (
        "int",
        &[
            "(int) int",
            "(uint) int",
            "(double) int",
            "(string) int",
            "(timestamp) int",
            "(duration) int",
        ],
    ),
    ("ip", &["(string) ip", "cidr.() ip"]),
    ("ip.isCanonical", &["(string) bool"]),
    ("isCIDR", &["(string) bool"]),
    ("isGlobalUnicast", &["ip.() bool"]),
    ("isGreaterThan", &["quantity.(quantity) bool", "semver.(semver) bool"]),
    ("isIP", &["(string) bool"]),
    ("isInteger", &["quantity.() bool"]),
    ("isLessThan", &["quantity.(quantity) bool", "semver.(semver) bool"]),
    ("isLinkLocalMulticast", &["ip.() bool"]),
    ("isLinkLocalUnicast", &["ip.() bool"]),
    ("isLoopback", &["ip.() bool"]),
    ("isQuantity", &["(string) bool"]),
    ("isSemver", &["(string) bool", "(string,bool) bool"]),
    ("isSorted", SORTED),
    ("isURL", &["(string) bool"]),
    ("isUnspecified", &["ip.() bool"]),
    ("join", &["list(string).() string", "list(string).(string) string"]),
    ("jsonpatch.escapeKey", &["(string) string"]),
    ("labelSelector", &["resourcecheck.(string) resourcecheck"]),
    ("lastIndexOf", &["string.(string) int", "string.(string,int) int", "list(A).(A) int"]),
    ("lists.range", &["(int) list(int)"]),
    ("lowerAscii", &["string.() string"]),
    ("major", &["semver.() int"]),
    ("masked", &["cidr.() cidr"]),
    ("matches", &["(string,string) bool", "string.(string) bool"]),
    ("max", PICKED),
    ("min", PICKED),
    ("minor", &["semver.() int"]),
    ("name", &["resourcecheck.(string) resourcecheck"]),
    ("namespace", &["resourcecheck.(string) resourcecheck"]),
    ("optional.none", &["() optional(A)"]),
    ("optional.of", &["(A) optional(A)"]),
    ("optional.ofNonZeroValue", &["(A) optional(A)"]),
    ("or", &["optional(A).(optional(A)) optional(A)"]),
    ("orValue", &["optional(A).(A) A"]),
    ("patch", &["semver.() int"]),
    ("path", &["authorizer.(string) pathcheck"]),
    ("prefixLength", &["cidr.() int"]),
    ("quantity", &["(string) quantity"]),
    ("reason", &["decision.() string"]),
    ("replace", &["string.(string,string) string", "string.(string,string,int) string"]),
    ("resource", &["groupcheck.(string) resourcecheck"]),
    ("reverse", &["list(A).() list(A)", "string.() string"]),
    ("semver", &["(string) semver", "(string,bool) semver"]),
    ("serviceAccount", &["authorizer.(string,string) authorizer"]),
    ("sets.contains", &["(list(A),list(A)) bool"]),
    ("sets.equivalent", &["(list(A),list(A)) bool"]),
    ("sets.intersects", &["(list(A),list(A)) bool"]),
    ("sign", &["(quantity) int", "quantity.() int"]),
    (
        "size",
        &[
            "(string) int",
            "(bytes) int",
            "(list(A)) int",
            "(map(A,B)) int",
            "string.() int",
            "bytes.() int",
            "list(A).() int",
            "map(A,B).() int",
        ],
    ),
    ("slice", &["list(A).(int,int) list(A)"]),
    ("sort", &["list(A).() list(A)"]),
    ("split", &["string.(string) list(string)", "string.(string,int) list(string)"]),
    ("startsWith", &["string.(string) bool"]),
    (
        "string",
        &[
            "(string) string",
            "(bool) string",
            "(bytes) string",
            "(double) string",
            "(duration) string",
            "(int) string",
            "(timestamp) string",
            "(uint) string",
            "(ip) string",
            "(cidr) string",
        ],
    ),
    ("strings.quote", &["(string) string"]),
    ("sub", &["quantity.(quantity) quantity", "quantity.(int) quantity"]),
    ("subresource", &["resourcecheck.(string) resourcecheck"]),
    ("substring", &["string.(int) string", "string.(int,int) string"]),
    (
        "sum",
        &[
            "list(int).() int",
            "list(uint).() uint",
            "list(double).() double",
            "list(duration).() duration",
        ],
    ),
    ("timestamp", &["(timestamp) timestamp", "(string) timestamp", "(int) timestamp"]),
    ("trim", &["string.() string"]),
    ("type", &["(A) type(A)"]),
    ("uint", &["(uint) uint", "(int) uint", "(double) uint", "(string) uint"]),
    ("upperAscii", &["string.() string"]),
    ("url", &["(string) url"]),
    ("validate", &["format.(string) optional(list(string))"]),
    ("value", &["optional(A).() A"]),
];

const NUMBERS: &[&str] = &["(int,int) int", "(uint,uint) uint", "(double,double) double"];

const ORDER: &[&str] = &[
    "(bool,bool) bool",
    "(int,int) bool",
    "(int,uint) bool",
    "(int,double) bool",
    "(uint,uint) bool",
    "(uint,int) bool",
    "(uint,double) bool",
    "(double,double) bool",
    "(double,int) bool",
    "(double,uint) bool",
    "(string,string) bool",
    "(bytes,bytes) bool",
    "(timestamp,timestamp) bool",
    "(duration,duration) bool",
];

const FORMAT: &[&str] = &["() format"];
const CALENDAR: &[&str] = &["timestamp.() int", "timestamp.(string) int"];
const CLOCK: &[&str] = &["timestamp.() int", "timestamp.(string) int", "duration.() int"];

const SORTED: &[&str] = &[
    "list(int).() bool",
    "list(uint).() bool",
    "list(double).() bool",
    "list(bool).() bool",
    "list(duration).() bool",
    "list(timestamp).() bool",
    "list(string).() bool",
    "list(bytes).() bool",
];

const PICKED: &[&str] = &[
    "list(int).() int",
    "list(uint).() uint",
    "list(double).() double",
    "list(bool).() bool",
    "list(duration).() duration",
    "list(timestamp).() timestamp",
    "list(string).() string",
    "list(bytes).() bytes",
];

/// Names that stand for types.
const TYPES: &[(&str, &str)] = &[
    ("bool", "bool"),
    ("bytes", "bytes"),
    ("double", "double"),
    ("dyn", "dyn"),
    ("google.protobuf.Duration", "duration"),
    ("google.protobuf.Timestamp", "timestamp"),
    ("int", "int"),
    ("kubernetes.Quantity", "quantity"),
    ("kubernetes.Semver", "semver"),
    ("kubernetes.URL", "url"),
    ("list", "list(dyn)"),
    ("map", "map(dyn,dyn)"),
    ("net.CIDR", "cidr"),
    ("net.IP", "ip"),
    ("null_type", "null"),
    ("optional_type", "optional(dyn)"),
    ("string", "string"),
    ("type", "type(dyn)"),
    ("uint", "uint"),
];

/// A function's overload with parameters of its own.
pub(super) struct Overload {
    pub(super) receiver: Option<Type>,
    pub(super) args: Vec<Type>,
    pub(super) result: Type,
}

/// The overloads of a function; `None` where there is no such function.
pub(super) fn overloads(name: &str) -> Option<&'static [&'static str]> {
    let at = FUNCTIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(FUNCTIONS[at].1)
}

/// The type that a name stands for.
pub(super) fn type_named(name: &str) -> Option<Type> {
    let at = TYPES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some(read_type(TYPES[at].1, [0, 0]).0)
}

/// Reads an overload, with fresh parameters for `A` and `B`.
pub(super) fn read(overload: &str, bindings: &mut Bindings) -> Overload {
    let params = [bindings.fresh(), bindings.fresh()];
    let (head, result) = overload.rsplit_once(' ').unwrap_or(("", overload));
    let (receiver, args) = match head.split_once(".(") {
        Some((receiver, args)) => (Some(read_type(receiver, params).0), args),
        None => (None, head.get(1..).unwrap_or_default()),
    };
    let mut rest = args;
    let mut types = Vec::new();
    while !rest.is_empty() && !rest.starts_with(')') {
        let (one, after) = read_type(rest, params);
        types.push(one);
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Overload { receiver, args: types, result: read_type(result, params).0 }
}

fn read_type(text: &str, params: [u32; 2]) -> (Type, &str) {
    let end = text.find(['(', ')', ',']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let simple = match name {
        "A" => Type::Param(params[0]),
        "B" => Type::Param(params[1]),
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "bool" => Type::Bool,
        "string" => Type::Text,
        "bytes" => Type::Bytes,
        "null" => Type::Null,
        "duration" => Type::Duration,
        "timestamp" => Type::Timestamp,
        "url" => Type::Opaque("kubernetes.URL"),
        "ip" => Type::Opaque("net.IP"),
        "cidr" => Type::Opaque("net.CIDR"),
        "quantity" => Type::Opaque("kubernetes.Quantity"),
        "semver" => Type::Opaque("kubernetes.Semver"),
        "format" => Type::Opaque("kubernetes.NamedFormat"),
        "authorizer" => Type::Opaque("kubernetes.authorization.Authorizer"),
        "pathcheck" => Type::Opaque("kubernetes.authorization.PathCheck"),
        "groupcheck" => Type::Opaque("kubernetes.authorization.GroupCheck"),
        "resourcecheck" => Type::Opaque("kubernetes.authorization.ResourceCheck"),
        "decision" => Type::Opaque("kubernetes.authorization.Decision"),
        _ => Type::Dyn,
    };
    let Some(inside) = rest.strip_prefix('(').filter(|_| simple == Type::Dyn) else {
        return (simple, rest);
    };
    let (first, rest) = read_type(inside, params);
    let (second, rest) = match rest.strip_prefix(',') {
        Some(rest) => read_type(rest, params),
        None => (Type::Dyn, rest),
    };
    let whole = match name {
        "list" => Type::list(first),
        "map" => Type::map(first, second),
        "optional" => Type::optional(first),
        _ => Type::Kind(first.into()),
    };
    (whole, rest.strip_prefix(')').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order_and_every_overload_reads() {
        assert!(FUNCTIONS.is_sorted_by_key(|(name, _)| *name));
        assert!(TYPES.is_sorted_by_key(|(name, _)| *name));
        let mut bindings = Bindings::default();
        for text in FUNCTIONS.iter().flat_map(|(_, all)| *all) {
            let one = read(text, &mut bindings);
            let is_dyn = one.receiver == Some(Type::Dyn) || one.args.contains(&Type::Dyn);
            assert!(text.contains("dyn") || !is_dyn, "{text}");
        }
    }

    #[test]
    fn overloads_are_read() {
        let mut bindings = Bindings::default();
        let one = read("optional(map(A,B)).(A) optional(B)", &mut bindings);
        assert_eq!(one.args, [Type::Param(0)]);
        assert_eq!(one.result, Type::optional(Type::Param(1)));
        assert_eq!(type_named("list"), Some(Type::list(Type::Dyn)));
    }
}
