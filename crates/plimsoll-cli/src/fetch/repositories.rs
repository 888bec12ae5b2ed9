//! `repositories.yaml`: the repositories that were added.

use plimsoll::source::FileId;
use plimsoll::yaml::{Kind, Node, read_json};
use serde::Serialize;

use super::TlsFiles;
use super::files::{behind_links, folder_of, make_folder, read, write_atomically};
use super::settings::ServerFlags;
use super::yaml::marshal;

/// The file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Repositories {
    api_version: String,
    generated: String,
    #[serde(rename = "repositories")]
    pub(crate) entries: Option<Vec<Entry>>,
}

/// A repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) username: String,
    pub(crate) password: String,
    #[serde(rename = "certFile")]
    pub(crate) cert_file: String,
    #[serde(rename = "keyFile")]
    pub(crate) key_file: String,
    #[serde(rename = "caFile")]
    pub(crate) ca_file: String,
    pub(crate) insecure_skip_tls_verify: bool,
    pub(crate) pass_credentials_all: bool,
}

impl Default for Repositories {
    fn default() -> Repositories {
        // Go's zero time.
        let generated = "0001-01-01T00:00:00Z".to_owned();
        Repositories { api_version: String::new(), generated, entries: None }
    }
}

impl Repositories {
    /// Reads the file; a missing one is `Ok(None)`, and the error is Helm's text.
    pub(crate) fn load(path: &str) -> Result<Option<Repositories>, String> {
        if let Err(error) = std::fs::metadata(path)
            && error.kind() == std::io::ErrorKind::NotFound
        {
            return Ok(None);
        }
        let failed = |why: String| format!("couldn't load repositories file ({path}): {why}");
        Repositories::parse(&read(path).map_err(failed)?).map(Some)
    }

    /// The repositories, or none where there is no file.
    pub(crate) fn load_or_default(path: &str) -> Result<Repositories, String> {
        Ok(Repositories::load(path)?.unwrap_or_default())
    }

    /// Reads the bytes of the file.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Repositories, String> {
        let node = read_json(bytes, FileId::NONE)
            .map_err(|error| format!("error converting YAML to JSON: {error}"))?;
        let wrong = |node: &Node, place: &str| {
            let kind = node.json_kind();
            format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go {place}"
            )
        };
        if !matches!(node.kind, Kind::Null | Kind::Map(_)) {
            return Err(wrong(&node, "value of type repo.File"));
        }
        let mut found = Repositories::default();
        for (key, into) in
            [("apiVersion", &mut found.api_version), ("generated", &mut found.generated)]
        {
            if let Some(text) = node.get(key).and_then(text_of) {
                *into = text;
            }
        }
        match node.get("repositories").map(|list| (&list.kind, list)) {
            None | Some((Kind::Null, _)) => {}
            Some((Kind::List(items), _)) => {
                let entries = items.iter().filter(|item| !item.is_null()).map(Entry::of);
                found.entries = Some(entries.collect());
            }
            Some((_, list)) => {
                let place = "struct field File.repositories of type []*repo.Entry";
                return Err(wrong(list, place));
            }
        }
        Ok(found)
    }

    /// Writes the file, which may hold passwords.
    pub(crate) fn save(&self, path: &str) -> Result<(), String> {
        make_folder(&folder_of(path))?;
        write_atomically(&behind_links(path), &marshal(self), 0o600)
    }

    /// The repositories in the order of the file.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// The repository of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    /// Puts a repository in the place of the one of the same name, or last.
    pub(crate) fn update(&mut self, entry: Entry) {
        let entries = self.entries.get_or_insert_default();
        match entries.iter_mut().find(|known| known.name == entry.name) {
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
    }

    /// Takes a repository out; whether there was one.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let entries = self.entries.get_or_insert_default();
        let before = entries.len();
        entries.retain(|entry| entry.name != name);
        entries.len() < before
    }
}

impl Entry {
    fn of(node: &Node) -> Entry {
        let text = |key: &str| node.get(key).and_then(text_of).unwrap_or_default();
        let flag = |key: &str| node.get(key).and_then(Node::as_bool).unwrap_or_default();
        Entry {
            name: text("name"),
            url: text("url"),
            username: text("username"),
            password: text("password"),
            cert_file: text("certFile"),
            key_file: text("keyFile"),
            ca_file: text("caFile"),
            insecure_skip_tls_verify: flag("insecure_skip_tls_verify"),
            pass_credentials_all: flag("pass_credentials_all"),
        }
    }

    /// How the repository's server is spoken to.
    pub(crate) fn server(&self) -> ServerFlags {
        ServerFlags {
            files: self.files(),
            username: self.username.clone(),
            password: self.password.clone(),
            plain_http: false,
            pass_credentials: self.pass_credentials_all,
        }
    }

    fn files(&self) -> TlsFiles {
        TlsFiles {
            cert_file: self.cert_file.clone(),
            key_file: self.key_file.clone(),
            ca_file: self.ca_file.clone(),
            insecure: self.insecure_skip_tls_verify,
        }
    }
}

/// A scalar where a text is wanted.
pub(crate) fn text_of(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Int(value) => Some(value.to_string()),
        Kind::Uint(value) => Some(value.to_string()),
        Kind::Float(value) => Some(value.to_string()),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_helms() {
        let mut file = Repositories::default();
        file.update(Entry { name: "a".into(), url: "http://h".into(), ..Entry::default() });
        let text = String::from_utf8(marshal(&file)).expect("it is text");
        let expected = "apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n\
                        - caFile: \"\"\n  certFile: \"\"\n  insecure_skip_tls_verify: false\n  \
                        keyFile: \"\"\n  name: a\n  pass_credentials_all: false\n  password: \"\"\n  \
                        url: http://h\n  username: \"\"\n";
        assert_eq!(text, expected);
        let mut read = Repositories::parse(text.as_bytes()).expect("it can be read");
        assert_eq!(read.entries(), file.entries());
        assert!(read.remove("a") && !read.remove("a"));
    }

    #[test]
    fn what_is_no_repositories_file_is_said() {
        let check = |text: &str| Repositories::parse(text.as_bytes()).err().unwrap_or_default();
        assert!(check("[1]").ends_with("cannot unmarshal array into Go value of type repo.File"));
        assert!(check("repositories: x").ends_with("of type []*repo.Entry"));
        assert_eq!(check(""), "");
    }
}
