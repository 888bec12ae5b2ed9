//! A schema and what its references mean.

use plimsoll_gotmpl::Value;

/// A schema document.
pub(crate) struct Schema {
    root: Value,
    base: String,
    /// Documents from elsewhere by their URLs, their references made absolute.
    pub(super) others: Vec<(String, Value)>,
    /// Drafts before 2019-09, where `$ref` stands alone.
    pub(super) is_old: bool,
    /// Draft 4, where limits are exclusive by a boolean.
    pub(super) is_draft_4: bool,
}

const OWN: &str = "file:///values.schema.json";

impl Schema {
    pub(super) fn new(root: Value) -> Schema {
        let draft = text_of(&root, "$schema").unwrap_or_default();
        let is_draft_4 = draft.contains("draft-04");
        let is_old = is_draft_4 || draft.contains("draft-06") || draft.contains("draft-07");
        let id = text_of(&root, if is_draft_4 { "id" } else { "$id" });
        let base = id.filter(|id| id.contains("://")).unwrap_or_else(|| OWN.to_owned());
        let base = base.trim_end_matches('#').to_owned();
        Schema { root, base, others: Vec::new(), is_old, is_draft_4 }
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// The schema that a reference names; `None` for one outside, which accepts everything.
    pub(super) fn resolve(&self, reference: &str) -> Option<Value> {
        let (document, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !document.is_empty() {
            let absolute = join(&self.base, document);
            if let Some((_, other)) = self.others.iter().find(|(url, _)| *url == absolute) {
                return pointed(other, fragment);
            }
            if absolute != self.base {
                let found = find(&self.root, &|value| {
                    text_of(value, "$id").is_some_and(|id| join(&self.base, &id) == absolute)
                })?;
                return pointed(&found, fragment);
            }
        }
        if fragment.is_empty() || fragment.starts_with('/') {
            return pointed(&self.root, fragment);
        }
        find(&self.root, &|value| {
            ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|key| text_of(value, key).as_deref() == Some(fragment))
                || ["$id", "id"]
                    .iter()
                    .any(|key| text_of(value, key).as_deref() == Some(&format!("#{fragment}")))
        })
    }

    /// Whether every reference leads somewhere; the error is the library's for the first that has
    /// to be loaded.
    pub(super) fn check_refs(&self) -> Result<(), String> {
        let mut outside: Vec<String> = Vec::new();
        walk(&self.root, &mut |value| {
            if let Some(reference) = text_of(value, "$ref")
                && let Some(url) = self.outside(&reference)
            {
                outside.push(url);
            }
        });
        outside.sort();
        match outside.first() {
            None => self.check_own_refs(),
            Some(url) => Err(format!("failing loading \"{url}\": {}", why_not(url))),
        }
    }

    /// Whether every reference within the document leads somewhere.
    fn check_own_refs(&self) -> Result<(), String> {
        let mut lost: Vec<String> = Vec::new();
        walk(&self.root, &mut |value| {
            let reference = text_of(value, "$ref").filter(|it| it.starts_with('#'));
            lost.extend(reference.filter(|reference| self.resolve(reference).is_none()));
        });
        lost.sort();
        let Some(fragment) = lost.first() else { return Ok(()) };
        let base = &self.base;
        if fragment.starts_with("#/") {
            return Err(format!("json-pointer in \"{base}{fragment}\" not found"));
        }
        Err(format!("anchor in \"{base}{fragment}\" not found in schema \"{base}\""))
    }

    /// The URL of the document that a reference leads to, if it is not at hand.
    pub(super) fn outside(&self, reference: &str) -> Option<String> {
        let document = reference.split('#').next().unwrap_or_default();
        let known = document.is_empty() || document.contains("json-schema.org/");
        let absolute = join(&self.base, document);
        let urn = absolute.starts_with("urn:");
        let own = absolute == self.base || self.resolve(reference).is_some();
        (!known && !own && !urn).then_some(absolute)
    }
}

fn why_not(url: &str) -> String {
    match url.strip_prefix("file://") {
        Some(path) => {
            // What stands before the path would be a host.
            let path = &path[path.find('/').unwrap_or(0)..];
            format!("open {path}: no such file or directory")
        }
        None => {
            format!(
                "HTTP request failed for {url}: Get \"{url}\": nothing is fetched unless the network is allowed"
            )
        }
    }
}

pub(super) fn text_of(value: &Value, key: &str) -> Option<String> {
    let found = value.as_map()?.get(key.as_bytes())?;
    found.as_text().map(|text| text.to_str_lossy().into_owned())
}

/// A reference to a document, against the address of another.
pub(super) fn join(base: &str, reference: &str) -> String {
    if reference.contains("://") || reference.starts_with("urn:") {
        return reference.to_owned();
    }
    let start = base.find("://").map_or(0, |at| at + 3);
    let root = base[start..].find('/').map_or(base.len(), |at| start + at);
    let mut parts: Vec<&str> = match reference.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => base[root..].split('/').skip(1).collect(),
    };
    parts.pop();
    for part in reference.trim_start_matches('/').split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{}/{}", &base[..root], parts.join("/"))
}

/// A JSON pointer.
fn pointed(value: &Value, pointer: &str) -> Option<Value> {
    let mut value = value.clone();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("%25", "%").replace("~1", "/").replace("~0", "~");
        value = match &value {
            Value::Map(_, map) => map.get(part.as_bytes())?,
            Value::List(_, list) => list.get(part.parse::<usize>().ok()?)?.clone(),
            _ => return None,
        };
    }
    Some(value)
}

fn find(value: &Value, fits: &dyn Fn(&Value) -> bool) -> Option<Value> {
    let mut found = None;
    walk(value, &mut |value| {
        if found.is_none() && fits(value) {
            found = Some(value.clone());
        }
    });
    found
}

/// Every object of the document, but for what `enum`, `const`, `default` and `examples` hold.
pub(super) fn walk(value: &Value, visit: &mut dyn FnMut(&Value)) {
    let mut todo = vec![value.clone()];
    while let Some(value) = todo.pop() {
        match &value {
            Value::Map(_, map) => {
                visit(&value);
                let data = [&b"enum"[..], b"const", b"default", b"examples"];
                let entries = map.entries();
                let inner = entries.iter().filter(|entry| !data.contains(&entry.0.as_bytes()));
                todo.extend(inner.map(|entry| entry.1.clone()));
            }
            Value::List(_, list) => todo.extend(list.iter().cloned()),
            _ => {}
        }
    }
}
