//! `urlParse` and `urlJoin`: URLs as Go's `net/url` takes them apart and puts them together.

use plimsoll_gotmpl::{CallError, Function, Map, Text, Value, function};
use plimsoll_source::go_url::{Place, Url, escape, hostname};

pub(crate) const URL: &[Function] =
    &[function!("urlParse", url_parse), function!("urlJoin", url_join)];

/// `urlParse "http://host/p"` → a map of its parts.
pub fn url_parse(text: Text) -> Result<Map, CallError> {
    let url = Url::parse(&text).map_err(|error| format!("unable to parse url: {error}"))?;
    let hostname = hostname(&url.host).to_vec();
    let userinfo = url.user.map(|user| user.escaped()).unwrap_or_default();
    let parts = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", userinfo),
    ];
    Ok(Map::from_entries(parts.map(|(key, part)| (key.into(), Value::text(part))).to_vec()))
}

/// `urlJoin (dict "scheme" "http" "host" "h")` → `http://h`
fn url_join(parts: Map) -> Result<Text, CallError> {
    let part = |key: &str| part(&parts, key);
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        ..Url::default()
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let text = [b"proto://", userinfo.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&text);
        url.user =
            parsed.map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
    }
    // Go prints the path `*` of a server as it is.
    let path = if url.path == b"*" { b"*".to_vec() } else { escape(&url.path, Place::Path) };
    Ok(url.print(&path).into())
}

fn part(parts: &Map, key: &str) -> Result<Vec<u8>, CallError> {
    match parts.get(key.as_bytes()) {
        None => Ok(Vec::new()),
        Some(Value::Text(_, text)) => Ok(text.to_vec()),
        Some(Value::Nil) => Err(crate::lists::NIL_POINTER.into()),
        Some(other) => Err(CallError::Message(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind().name()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strval::strval;

    fn check(url: &str, want: &str) {
        let got = match url_parse(url.into()) {
            Ok(parts) => strval(&parts.into()).text.to_str_lossy().into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(got, want);
    }

    fn joined(parts: &[(&str, &str)]) -> String {
        let entry = |(key, part): &(&str, &str)| ((*key).into(), Value::from(*part));
        let map = Map::from_entries(parts.iter().map(entry).collect());
        url_join(map).unwrap().to_str_lossy().into_owned()
    }

    #[test]
    fn urls_come_apart() {
        check(
            "HTTPS://u:p%20w@h:80/a%20b?q=1#f",
            "map[fragment:f host:h:80 hostname:h opaque: path:/a b query:q=1 scheme:https userinfo:u:p%20w]",
        );
        check(
            "mailto:a@b",
            "map[fragment: host: hostname: opaque:a@b path: query: scheme:mailto userinfo:]",
        );
    }

    #[test]
    fn errors_are_those_of_go() {
        check(":foo", r#"unable to parse url: parse ":foo": missing protocol scheme"#);
        check(
            "http://a b/",
            r#"unable to parse url: parse "http://a b/": invalid character " " in host name"#,
        );
        check("/%zz#f", r#"unable to parse url: parse "/%zz": invalid URL escape "%zz""#);
        check(
            "a:1/b:c",
            "map[fragment: host: hostname: opaque:1/b:c path: query: scheme:a userinfo:]",
        );
        check(
            "http://h:x/",
            r#"unable to parse url: parse "http://h:x/": invalid port ":x" after host"#,
        );
    }

    #[test]
    fn urls_are_put_together() {
        assert_eq!(joined(&[("scheme", "http"), ("host", "h"), ("path", "a b")]), "http://h/a%20b");
        assert_eq!(joined(&[("path", "a:b")]), "./a:b");
        assert_eq!(joined(&[("host", "h"), ("userinfo", "u:p")]), "//u:p@h");
        assert_eq!(joined(&[("scheme", "a"), ("opaque", "x"), ("fragment", "f f")]), "a:x#f%20f");
    }
}
