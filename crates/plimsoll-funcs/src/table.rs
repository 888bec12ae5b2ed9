use plimsoll_gotmpl::{Compat, Function};

use crate::{
    case, certs, crypto, defaults, dicts, digest, encoding, json, lists, paths, random, regex,
    semver, split, strings, toml, types, url, words,
};

/// The functions of sprig as Helm exposes them, in families; Go's builtins belong to the engine.
/// Of two functions of one name the later one counts.
pub fn functions(compat: Compat) -> Vec<&'static [Function]> {
    let _ = compat;
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
        encoding::ENCODING,
        json::JSON,
        toml::TOML,
        crypto::CRYPTO,
        certs::CERTS,
    ]
}
