//! Flags as pflag parses them, from a table.

use plimsoll::gotmpl::Compat;

use super::{csv, duration, program};

/// A flag that a command knows.
#[derive(Debug)]
pub(crate) struct Flag {
    pub(crate) name: &'static str,
    pub(super) short: Option<char>,
    pub(super) kind: Kind,
    /// The one Helm that knows it.
    pub(super) only: Option<Compat>,
    /// What Helm 4 says of its use.
    pub(super) deprecated: Option<&'static str>,
    pub(super) hidden: bool,
    pub(super) help: &'static str,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Bool,
    Text,
    /// A list whose values are split at commas.
    Strings,
    /// A list of values as they are.
    Array,
    Duration,
    Int,
    Float,
    /// `key=value` pairs.
    Pairs,
    /// `--wait`, a strategy in Helm 4 and a boolean in Helm 3.
    Wait,
    /// `--dry-run`, which may stand alone.
    DryRun,
    /// A plugin in Helm 4, a program in Helm 3.
    PostRenderer,
    Uint,
    /// `table`, `json` or `yaml`.
    Format,
}

impl Flag {
    /// Whether a Helm knows the flag.
    pub(super) fn is_known(&self, compat: Compat) -> bool {
        self.only.is_none_or(|only| only == compat)
    }

    /// The value of a flag that stands alone.
    fn alone(&self, compat: Compat) -> Option<&'static str> {
        match (self.kind, compat) {
            (Kind::Bool, _) | (Kind::Wait, Compat::Helm3) => Some("true"),
            (Kind::Wait, Compat::Helm4) => Some("watcher"),
            (Kind::DryRun, Compat::Helm3) => Some("client"),
            (Kind::DryRun, Compat::Helm4) => Some("unset"),
            _ => None,
        }
    }

    /// Whether the next argument is never this flag's value.
    pub(super) fn stands_alone(&self, compat: Compat) -> bool {
        self.alone(compat).is_some()
    }

    fn shown(&self) -> String {
        match self.short {
            None => format!("--{}", self.name),
            Some(short) => format!("-{short}, --{}", self.name),
        }
    }
}

/// What a command line says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parsed {
    set: Vec<(&'static str, String)>,
    /// What is no flag.
    pub(crate) args: Vec<String>,
    /// Lines for standard error: deprecated flags, and what Helm logs while it parses.
    pub(crate) notices: Vec<String>,
    pub(crate) help: bool,
}

impl Parsed {
    /// The value given last.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.set.iter().rev().find(|(flag, _)| *flag == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a boolean flag was given and is true.
    pub(crate) fn bool(&self, name: &str) -> bool {
        self.text(name).and_then(parse_bool).unwrap_or(false)
    }

    /// The value that was given last to either of two flags that mean the same.
    pub(super) fn either(&self, a: &str, b: &str) -> Option<&str> {
        let found = self.set.iter().rev().find(|(flag, _)| *flag == a || *flag == b);
        found.map(|(_, value)| value.as_str())
    }

    /// The value given last, unless it is empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| !value.is_empty())
    }

    /// Whether the flag was given.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// Every flag that was given, in order.
    pub(crate) fn given(&self) -> &[(&'static str, String)] {
        &self.set
    }

    /// The same command line with other flags.
    pub(crate) fn with_given(self, set: Vec<(&'static str, String)>) -> Parsed {
        Parsed { set, ..self }
    }

    /// The values of a flag that takes them as they are.
    pub(crate) fn array(&self, name: &str) -> Vec<String> {
        let given = self.set.iter().filter(|(flag, _)| *flag == name);
        given.map(|(_, value)| value.clone()).collect()
    }

    /// The values of a flag that splits them at commas.
    pub(crate) fn strings(&self, name: &str) -> Vec<String> {
        let given = self.array(name);
        given.iter().flat_map(|value| csv::fields(value).unwrap_or_default()).collect()
    }
}

/// Parses a command line; the error is pflag's text.
pub(crate) fn parse(
    table: &[&'static [Flag]],
    args: &[String],
    compat: Compat,
) -> Result<Parsed, String> {
    let mut parser = Parser::new(table, args, compat);
    parser.all()?;
    Ok(parser.parsed)
}

/// Takes from a command line what it says of these flags, passes over others, and stops at the
/// first mistake, as pflag does where unknown flags are allowed.
pub(super) fn parse_known(table: &[&'static [Flag]], args: &[String], compat: Compat) -> Parsed {
    let mut parser = Parser::new(table, args, compat);
    parser.known_only = true;
    // What was taken before the mistake counts.
    let _ = parser.all();
    parser.parsed
}

/// Finds a flag by its name.
pub(super) fn find(table: &[&'static [Flag]], name: &str, compat: Compat) -> Option<&'static Flag> {
    let known = table.iter().flat_map(|flags| flags.iter()).filter(|flag| flag.is_known(compat));
    known.into_iter().find(|flag| flag.name == name)
}

/// Finds a flag by its letter.
pub(super) fn find_short(
    table: &[&'static [Flag]],
    short: char,
    compat: Compat,
) -> Option<&'static Flag> {
    let known = table.iter().flat_map(|flags| flags.iter()).filter(|flag| flag.is_known(compat));
    known.into_iter().find(|flag| flag.short == Some(short))
}

struct Parser<'a> {
    table: &'a [&'static [Flag]],
    compat: Compat,
    args: &'a [String],
    at: usize,
    parsed: Parsed,
    /// Whether unknown flags are passed over.
    known_only: bool,
}

impl<'a> Parser<'a> {
    fn new(table: &'a [&'static [Flag]], args: &'a [String], compat: Compat) -> Parser<'a> {
        Parser { table, compat, args, at: 0, parsed: Parsed::default(), known_only: false }
    }

    fn all(&mut self) -> Result<(), String> {
        while let Some(arg) = self.next() {
            match arg.strip_prefix("--") {
                Some("") => {
                    self.parsed.args.extend_from_slice(&self.args[self.at..]);
                    break;
                }
                Some(long) => self.long(arg, long)?,
                None if arg.len() > 1 && arg.starts_with('-') => self.shorts(&arg[1..])?,
                None => self.parsed.args.push(arg.clone()),
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<&'a String> {
        self.at += 1;
        self.args.get(self.at - 1)
    }

    fn long(&mut self, arg: &str, long: &str) -> Result<(), String> {
        if long.starts_with(['-', '=']) {
            return Err(format!("bad flag syntax: {arg}"));
        }
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let Some(flag) = find(self.table, name, self.compat) else {
            return self.unknown_long(name, value.as_deref());
        };
        let value = match value.or_else(|| flag.alone(self.compat).map(str::to_owned)) {
            Some(value) => value,
            None => self.next().cloned().ok_or(format!("flag needs an argument: --{name}"))?,
        };
        self.set(flag, value)
    }

    /// cobra gives every command `--help`; without cobra pflag stops there.
    fn unknown_long(&mut self, name: &str, value: Option<&str>) -> Result<(), String> {
        match (name, self.known_only) {
            ("help", true) => Err(String::new()),
            ("help", false) => {
                let value = value.unwrap_or("true");
                self.parsed.help = parse_bool(value).ok_or_else(|| {
                    let why = format!("strconv.ParseBool: parsing {value:?}: invalid syntax");
                    format!("invalid argument {value:?} for \"-h, --help\" flag: {why}")
                })?;
                Ok(())
            }
            (_, true) => {
                self.at += usize::from(value.is_none() && self.is_value_next());
                Ok(())
            }
            (_, false) => Err(format!("unknown flag: --{name}")),
        }
    }

    /// pflag: flag.go stripUnknownFlagValue.
    fn is_value_next(&self) -> bool {
        self.args.get(self.at).is_some_and(|next| !next.starts_with('-'))
    }

    /// A cluster of letters, of which the last may take a value.
    fn shorts(&mut self, mut letters: &str) -> Result<(), String> {
        while let Some(short) = letters.chars().next() {
            let rest = &letters[short.len_utf8()..];
            let Some(flag) = find_short(self.table, short, self.compat) else {
                match (short, self.known_only) {
                    ('h', true) => return Err(String::new()),
                    ('h', false) => {
                        self.parsed.help = true;
                        letters = rest;
                        continue;
                    }
                    (_, true) => {
                        self.at += usize::from(rest.is_empty() && self.is_value_next());
                        return Ok(());
                    }
                    (_, false) => {
                        return Err(format!("unknown shorthand flag: {short:?} in -{letters}"));
                    }
                }
            };
            if let Some(value) = rest.strip_prefix('=').filter(|value| !value.is_empty()) {
                return self.set(flag, value.to_owned());
            }
            if let Some(value) = flag.alone(self.compat) {
                self.set(flag, value.to_owned())?;
                letters = rest;
                continue;
            }
            let value = if rest.is_empty() {
                let next = self.next().cloned();
                next.ok_or(format!("flag needs an argument: {short:?} in -{letters}"))?
            } else {
                rest.to_owned()
            };
            return self.set(flag, value);
        }
        Ok(())
    }

    fn set(&mut self, flag: &'static Flag, value: String) -> Result<(), String> {
        let checked = check(flag, &value, self.compat, &mut self.parsed.notices);
        checked.map_err(|why| {
            format!("invalid argument {value:?} for {:?} flag: {why}", flag.shown())
        })?;
        if let (Some(notice), Compat::Helm4) = (flag.deprecated, self.compat) {
            let line = format!("Flag --{} has been deprecated, {notice}", flag.name);
            self.parsed.notices.push(line);
        }
        self.parsed.set.push((flag.name, value));
        Ok(())
    }
}

/// Checks a value as the flag's `Set` does.
fn check(
    flag: &Flag,
    value: &str,
    compat: Compat,
    notices: &mut Vec<String>,
) -> Result<(), String> {
    let syntax = |function: &str| format!("strconv.{function}: parsing {value:?}: invalid syntax");
    match flag.kind {
        Kind::Text | Kind::Array | Kind::DryRun => Ok(()),
        Kind::Bool => parse_bool(value).map(drop).ok_or_else(|| syntax("ParseBool")),
        Kind::Strings => csv::fields(value).map(drop),
        Kind::Duration => duration::check(value),
        Kind::Uint => value.parse::<u64>().map(drop).map_err(|_| syntax("ParseUint")),
        Kind::Format if matches!(value, "table" | "json" | "yaml") => Ok(()),
        Kind::Format => Err("invalid format type".to_owned()),
        Kind::Int => value.parse::<i64>().map(drop).map_err(|_| syntax("ParseInt")),
        Kind::Float => value.parse::<f32>().map(drop).map_err(|_| syntax("ParseFloat")),
        Kind::Pairs => check_pairs(value),
        Kind::Wait if compat == Compat::Helm3 => {
            parse_bool(value).map(drop).ok_or_else(|| syntax("ParseBool"))
        }
        Kind::Wait => check_wait(value, notices),
        Kind::PostRenderer if compat == Compat::Helm4 && !value.is_empty() => {
            Err(format!("plugin: {{Name:{value} Type:postrenderer/v1}} not found"))
        }
        Kind::PostRenderer if !value.is_empty() => program::find(value)
            .map(drop)
            .map_err(|why| format!("unable to find binary at {value}: {why}")),
        Kind::PostRenderer => Ok(()),
    }
}

fn check_wait(value: &str, notices: &mut Vec<String>) -> Result<(), String> {
    let replaced = match value {
        "watcher" | "hookOnly" | "legacy" => return Ok(()),
        "true" => "watcher",
        "false" => "hookOnly",
        _ => {
            let known = "Valid inputs are watcher, hookOnly, and legacy";
            return Err(format!("invalid wait input {value:?}. {known}"));
        }
    };
    notices.push(format!(
        "level=WARN msg=\"--wait={value} is deprecated (boolean value) and can be replaced with \
         --wait={replaced}\""
    ));
    Ok(())
}

fn check_pairs(value: &str) -> Result<(), String> {
    match value.matches('=').count() {
        0 => Err(format!("{value} must be formatted as key=value")),
        1 => Ok(()),
        _ => {
            let fields = csv::fields(value)?;
            let wrong = fields.iter().find(|field| !field.contains('='));
            wrong.map_or(Ok(()), |field| Err(format!("{field} must be formatted as key=value")))
        }
    }
}

/// The keys of `key=value` pairs.
pub(super) fn pair_keys(value: &str) -> Vec<String> {
    let pairs = match value.matches('=').count() {
        1 => vec![value.trim_matches('"').to_owned()],
        _ => csv::fields(value).unwrap_or_default(),
    };
    pairs.iter().filter_map(|pair| pair.split_once('=')).map(|(key, _)| key.to_owned()).collect()
}

/// Go's `strconv.ParseBool`.
pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flags::{GLOBAL, TEMPLATE};
    use super::*;

    fn parsed(line: &str) -> Result<Parsed, String> {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&[TEMPLATE, &[GLOBAL]].concat(), &args, Compat::Helm4)
    }

    fn refused(line: &str, error: &str) {
        assert_eq!(parsed(line).expect_err("it is refused"), error, "{line}");
    }

    #[test]
    fn flags_and_arguments_mix() {
        let got =
            parsed("r -nx --set=a=b c -f x,y --no-hooks -gs t --set c=d -- -n").expect("fine");
        assert_eq!(got.args, ["r", "c", "-n"]);
        assert_eq!(got.array("set"), ["a=b", "c=d"]);
        assert_eq!(got.strings("values"), ["x", "y"]);
        assert_eq!((got.text("namespace"), got.text("show-only")), (Some("x"), Some("t")));
        assert!(got.bool("no-hooks") && got.bool("generate-name") && !got.bool("replace"));
    }

    #[test]
    fn errors_are_pflags() {
        refused("--nope", "unknown flag: --nope");
        refused("-o json", "unknown shorthand flag: 'o' in -o");
        refused("-gz", "unknown shorthand flag: 'z' in -z");
        refused("--=x", "bad flag syntax: --=x");
        refused("-n", "flag needs an argument: 'n' in -n");
        refused("--namespace", "flag needs an argument: --namespace");
        let why = "strconv.ParseBool: parsing \"maybe\": invalid syntax";
        let flag = "\"-g, --generate-name\"";
        refused("-g=maybe", &format!("invalid argument \"maybe\" for {flag} flag: {why}"));
    }

    #[test]
    fn deprecated_flags_are_said() {
        let got = parsed("--force --wait=true").expect("fine");
        assert_eq!(got.notices[0], "Flag --force has been deprecated, use --force-replace instead");
        assert!(got.notices[1].contains("--wait=true is deprecated"));
    }
}
