//! Random calls of every function, with arguments that fit and such that do not.

use plimsoll_gotmpl::{Compat, Elem, Function, Type};

use crate::chance::Chance;

/// Whose results nobody can foretell, or which take long.
const LEFT_OUT: &[&str] = &[
    "ago",
    "bcrypt",
    "buildCustomCert",
    "derivePassword",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "now",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
];

/// Functions that take the time now for what is no time.
const DATES: &[&str] =
    &["date", "dateInZone", "date_in_zone", "htmlDate", "htmlDateInZone", "unixEpoch"];

pub(super) const TEXTS: &[&str] = &[
    r#""""#,
    r#""a""#,
    r#""abc""#,
    r#"" a  b ""#,
    r#""héllo wörld""#,
    r#""日本語""#,
    r#""a,b,,c""#,
    r#""1.2.3""#,
    r#""^1.2 || >=2.0.0-0""#,
    r#""v1.2.3-beta.1+b5""#,
    r#""12""#,
    r#""-7""#,
    r#""3.7""#,
    r#""0x1F""#,
    r#""012""#,
    r#""1e3""#,
    r#""true""#,
    r#""NaN""#,
    r#""FooBar_baz-qux""#,
    r#""HTTPServer""#,
    r#""$1-$x""#,
    r#""a(b+)c""#,
    r#""[a-z]+""#,
    r#""(?i)A|(b)""#,
    r#""(""#,
    r#""2006-01-02""#,
    r#""2024-02-29""#,
    r#""15:04:05 MST""#,
    r#""1h2m3.5s""#,
    r#""-90""#,
    r#""Europe/Berlin""#,
    r#""%d %s""#,
    r#""aGVsbG8=""#,
    r#""NBSWY3DP""#,
    r#""{\"a\":[1,2.5,null]}""#,
    r#""[1,\"x\"]""#,
    r#""a: 1\nb: [x]""#,
    r#""- a\n- {b: 1}""#,
    r#""a = 1\n[b]\nc = \"d\"""#,
    r#""https://u:p@h.example:80/p?q=1#f""#,
    r#""/a/b/../c.txt""#,
    r#""line1\nline2\n""#,
    r#""\x00\xff""#,
    r#""<a href='x'>&\"""#,
    r#""string""#,
    r#""map""#,
    r#""int""#,
    r#""float64""#,
    r#""[]interface {}""#,
    r#""slice""#,
    r#""x""#,
    r#""b""#,
    ".Values.s",
    ".Values.e",
    ".Values.u",
    ".Values.multi",
    ".Values.q",
    ".Values.csv",
    ".Release.Name",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "5",
    "-1",
    "-3",
    "10",
    "17",
    "100",
    "1000",
    "0x1F",
    "017",
    "1_0",
    "'a'",
    "1e2",
    "(int 4)",
    "(int -2)",
    "(len \"abc\")",
    "(atoi \"3\")",
    "(int64 5)",
    ".Values.n64",
    "9223372036854775807",
    "(int .Values.neg)",
    "-9223372036854775808",
];

const FLOATS: &[&str] = &[
    "1.5",
    "-2.25",
    "0.1",
    "1e21",
    "1e-7",
    ".Values.f",
    ".Values.i",
    ".Values.neg",
    ".Values.huge",
    "(float64 \"NaN\")",
    "(float64 \"Inf\")",
    "(float64 \"-Inf\")",
    "3.0",
    "0.5",
    "2.5",
    "1e300",
];

pub(super) const LISTS: &[&str] = &[
    "(list)",
    "(list 1 2 3)",
    "(list \"b\" \"a\" \"b\")",
    "(list 1 \"x\" nil true 2.5)",
    ".Values.l",
    ".Values.ln",
    ".Values.lm",
    ".Values.le",
    ".Values.ll",
    "(list (list 1) (list 2))",
    "(tuple 3 1 2)",
    "(list nil \"\" 0 false)",
    "(list 1 1.0 1)",
    "(list \"a\" (list) (dict))",
    ".Values.lo",
];

const TYPED_LISTS: &[&str] = &[
    "(until 3)",
    "(untilStep 0 6 2)",
    "(splitList \",\" \"a,b,c\")",
    "(splitList \",\" \"\")",
    "(chunk 2 (list 1 2 3))",
    ".Chart.Keywords",
    "(toStrings (list 1 2))",
    "(sortAlpha (list 2 1))",
    ".Capabilities.APIVersions",
    "(regexFindAll \"a\" \"aaa\" 2)",
    ".Chart.Maintainers",
];

pub(super) const MAPS: &[&str] = &[
    "(dict)",
    "(dict \"a\" 1)",
    "(dict \"a\" 1 \"b\" (dict \"c\" 2))",
    ".Values.m",
    ".Values.m2",
    ".Values.m3",
    ".Values.me",
    "(dict \"b\" \"\" \"a\" nil)",
    "(dict \"x\" (list 1 2) \"a\" \"y\")",
    "(dict \"a b\" 1 \"1\" 2)",
    "(dict \"scheme\" \"https\" \"host\" \"h\" \"path\" \"/p\" \"query\" \"q=1\")",
    ".Values",
    ".Release",
    ".",
    ".Chart",
];

const ODD: &[&str] = &[
    "nil",
    "true",
    "false",
    ".Values.n",
    ".Values.nope",
    "(split \",\" \"a,b\")",
    ".Files",
    ".Capabilities",
    ".Capabilities.KubeVersion",
    "(semver \"1.2.3-a+b\")",
    "(toDate \"2006-01-02\" \"2024-02-29\")",
    "(mustToDuration \"1h30m\")",
    "(index \"abc\" 1)",
    "(index .Values.lm 5)",
    "1i",
    "(1+2i)",
    ".Values.t",
    ".Values.fa",
    ".Chart.Annotations",
    "(.Values.n)",
    "(toDate \"2006-01-02T15:04:05Z07:00\" \"2024-02-29T13:14:15+02:00\")",
    ".Subcharts",
    ".Template",
    "(semver \"1.2\").Major",
    "(b64dec \"/w==\")",
];

const TIMES: &[&str] = &[
    "(toDate \"2006-01-02\" \"2024-02-29\")",
    "(toDate \"2006\" \"1999\")",
    "(toDate \"15:04\" \"13:14\")",
    "(dateModify \"-1h\" (toDate \"2006-01-02\" \"2024-03-01\"))",
];

/// A call of a function, and the function's name.
pub(crate) fn template(chance: &mut Chance) -> (String, String) {
    let functions = functions();
    let function = functions[chance.below(functions.len())];
    let mut call = function.name.to_owned();
    let piped = chance.one_in(8);
    let args = arguments(chance, function, usize::from(piped));
    for arg in &args {
        call.push(' ');
        call.push_str(arg);
    }
    if piped {
        let last = function.params.last().copied().unwrap_or(Type::Any);
        call = format!("{} | {call}", argument(chance, function.name, last));
    }
    let tail = match function.name {
        "keys" | "values" => " | toStrings | sortAlpha | toJson",
        _ => {
            chance.pick(&["", "", "", " | toJson", " | printf \"%T %v\"", " | typeOf", " | toYaml"])
        }
    };
    (function.name.to_owned(), format!("{{{{ {call}{tail} }}}}"))
}

fn functions() -> Vec<&'static Function> {
    let families = plimsoll_funcs::functions(Compat::Helm4);
    let all = families.iter().flat_map(|family| family.iter());
    let mut all: Vec<_> = all.filter(|one| !LEFT_OUT.contains(&one.name)).collect();
    all.sort_by_key(|one| one.name);
    all
}

/// Mostly as many arguments as there should be.
fn arguments(chance: &mut Chance, function: &Function, piped: usize) -> Vec<String> {
    let wanted = function.params.len();
    let mut count = match (function.variadic, chance.below(12)) {
        (_, 0) => chance.below(5),
        (true, more @ 1..6) => wanted + more - 1,
        (true, _) => wanted,
        _ => wanted,
    };
    count = count.saturating_sub(piped);
    let kind = |at: usize| {
        let last = function.params.last().copied().unwrap_or(Type::Any);
        function.params.get(at).copied().unwrap_or(last)
    };
    (0..count).map(|at| argument(chance, function.name, kind(at))).collect()
}

fn argument(chance: &mut Chance, name: &str, ty: Type) -> String {
    if DATES.contains(&name) && ty != Type::String {
        let words = if chance.one_in(3) { &NUMBERS[..12] } else { TIMES };
        return chance.pick(words).to_owned();
    }
    if chance.one_in(12) {
        return any(chance);
    }
    // What makes much of little is told small numbers only.
    let grows = matches!(
        name,
        "repeat" | "until" | "untilStep" | "seq" | "indent" | "nindent" | "chunk" | "mustChunk"
    );
    match ty {
        Type::Int(_) | Type::Uint(_) if grows => chance.pick(&NUMBERS[..9]).to_owned(),
        Type::Int(_) | Type::Uint(_) => chance.pick(NUMBERS).to_owned(),
        Type::String => chance.pick(TEXTS).to_owned(),
        Type::Float64 => chance.pick(FLOATS).to_owned(),
        Type::Bool => chance.pick(&["true", "false", ".Values.t"]).to_owned(),
        Type::Map(_) => chance.pick(MAPS).to_owned(),
        Type::Slice(Elem::Any) => chance.pick(LISTS).to_owned(),
        Type::Named(name, _) if name.starts_with("time") => chance.pick(TIMES).to_owned(),
        _ => any(chance),
    }
}

/// An argument of any kind.
pub(super) fn any(chance: &mut Chance) -> String {
    let words = match chance.below(14) {
        0..3 => TEXTS,
        3..5 => &NUMBERS[..20],
        5 => FLOATS,
        6..9 => LISTS,
        9..11 => MAPS,
        11 => TYPED_LISTS,
        _ => ODD,
    };
    chance.pick(words).to_owned()
}
