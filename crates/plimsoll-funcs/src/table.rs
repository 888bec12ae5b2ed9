use plimsoll_gotmpl::{Compat, Function};

use crate::dates::DATES;
use crate::toml::TOML;
use crate::yaml::YAML;
use crate::{
    case, certs, crypto, defaults, dicts, digest, encoding, from_yaml, json, lists, math, paths,
    random, regex, semver, split, strings, types, url, words,
};

/// The functions of sprig as Helm exposes them, in families; Go's builtins belong to the engine.
/// Helm 3 lacks what Helm 4 added.
pub fn functions(compat: Compat) -> Vec<&'static [Function]> {
    let (dates, toml, yaml): (&[Function], &[Function], &[Function]) = match compat {
        Compat::Helm3 => (&OLD_DATES, &OLD_TOML, &OLD_YAML),
        Compat::Helm4 => (DATES, TOML, YAML),
    };
    vec![
        strings::STRINGS,
        case::CASE,
        words::WORDS,
        split::SPLIT,
        random::RANDOM,
        digest::DIGEST,
        lists::LISTS,
        dicts::DICTS,
        defaults::DEFAULTS,
        types::TYPES,
        regex::REGEX,
        paths::PATHS,
        url::URL,
        semver::SEMVER,
        math::MATH,
        dates,
        encoding::ENCODING,
        json::JSON,
        toml,
        crypto::CRYPTO,
        certs::CERTS,
        yaml,
        from_yaml::FROM_YAML,
    ]
}

/// The functions on durations that Helm 4 brought.
const NEW_DATES: &[&str] = &[
    "mustToDuration",
    "durationSeconds",
    "durationMilliseconds",
    "durationMicroseconds",
    "durationNanoseconds",
    "durationMinutes",
    "durationHours",
    "durationDays",
    "durationWeeks",
    "durationRoundTo",
    "durationTruncateTo",
];

const NEW_YAML: &[&str] = &["mustToYaml"];

const OLD_YAML: [Function; YAML.len() - NEW_YAML.len()] = without(YAML, NEW_YAML);

const NEW_TOML: &[&str] = &["mustToToml"];

const OLD_DATES: [Function; DATES.len() - NEW_DATES.len()] = without(DATES, NEW_DATES);

const OLD_TOML: [Function; TOML.len() - NEW_TOML.len()] = without(TOML, NEW_TOML);

/// A table without the functions of some names, all of which it must have.
const fn without<const N: usize>(table: &[Function], names: &[&str]) -> [Function; N] {
    let mut kept = [table[0]; N];
    let (mut from, mut to) = (0, 0);
    while from < table.len() {
        if !contains(names, table[from].name) {
            kept[to] = table[from];
            to += 1;
        }
        from += 1;
    }
    assert!(to == N, "every name is one of the table's");
    kept
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if equal(names[at].as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(compat: Compat) -> Vec<&'static str> {
        let mut names: Vec<&str> =
            functions(compat).iter().flat_map(|family| family.iter()).map(|f| f.name).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn names_are_unique() {
        let names = names(Compat::Helm4);
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn helm_3_lacks_the_new_functions() {
        let (old, new) = (names(Compat::Helm3), names(Compat::Helm4));
        assert!(new.contains(&"durationWeeks") && !old.contains(&"durationWeeks"));
        assert!(old.contains(&"durationRound") && old.iter().all(|name| new.contains(name)));
    }
}
