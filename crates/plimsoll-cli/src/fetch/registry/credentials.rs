//! The credentials of registries: Helm's own file, then Docker's, and the helper programs that
//! either of them names.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Map, Value as Json};

use crate::fetch::files::{behind_links, folder_of, write_atomically};
use crate::fetch::{go_errno, quote};
use plimsoll::source::encoding::{decode_base64, encode_base64};

/// Who asks. Nothing at all for nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Credential {
    pub(crate) username: String,
    pub(crate) password: String,
    /// What access tokens are got with: Docker's identity token.
    pub(crate) refresh_token: String,
    /// What is sent as it is: Docker's registry token.
    pub(crate) access_token: String,
}

impl Credential {
    /// Whether nobody asks.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Credential::default()
    }
}

/// A file of credentials in Docker's form.
#[derive(Debug, Default)]
pub(crate) struct CredentialFile {
    path: String,
    content: Map<String, Json>,
}

impl CredentialFile {
    /// Reads a file; one that is not there is empty. The error is Helm's text.
    pub(crate) fn load(path: &str) -> Result<CredentialFile, String> {
        let empty = CredentialFile { path: path.to_owned(), content: Map::new() };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(empty),
            Err(error) => {
                let why = go_errno(&error);
                return Err(format!("failed to open config file at {path}: open {path}: {why}"));
            }
        };
        if bytes.trim_ascii().is_empty() {
            return Ok(empty);
        }
        match serde_json::from_slice(&bytes) {
            Ok(content) => Ok(CredentialFile { content, ..empty }),
            Err(error) => {
                let wrong = format!("failed to decode config file {path}: invalid config format");
                Err(format!("{wrong}: {error}"))
            }
        }
    }

    fn auths(&self) -> Option<&Map<String, Json>> {
        self.content.get("auths").and_then(Json::as_object)
    }

    /// The helper program for a registry: its own, or that of all.
    fn helper(&self, server: &str) -> Option<String> {
        let own = self.content.get("credHelpers").and_then(|helpers| helpers.get(server));
        let helper = own.or_else(|| self.content.get("credsStore")).and_then(Json::as_str);
        helper.filter(|helper| !helper.is_empty()).map(str::to_owned)
    }

    /// Who asks a registry, as this file has it.
    pub(crate) fn get(&self, server: &str) -> Result<Credential, String> {
        if let Some(helper) = self.helper(server) {
            return ask_helper(&helper, server);
        }
        let Some(auths) = self.auths() else { return Ok(Credential::default()) };
        let bare = |address: &str| {
            let rest = address.strip_prefix("http://").unwrap_or(address);
            let rest = rest.strip_prefix("https://").unwrap_or(rest);
            rest.split('/').next().unwrap_or_default() == server
        };
        let entry = auths.get(server);
        let entry =
            entry.or_else(|| auths.iter().find(|(known, _)| bare(known)).map(|(_, entry)| entry));
        entry.map_or(Ok(Credential::default()), decode)
    }

    /// Keeps who asks a registry.
    pub(crate) fn put(&mut self, server: &str, credential: &Credential) -> Result<(), String> {
        if let Some(helper) = self.helper(server) {
            let entry = serde_json::json!({
                "ServerURL": server,
                "Username": credential.username,
                "Secret": credential.password,
            });
            return run_helper(&helper, "store", &entry.to_string()).map(drop);
        }
        if credential.username.contains(':') {
            let why = "colons(:) are not allowed in username";
            return Err(format!("bad credential format: {why}"));
        }
        let mut entry = Map::new();
        if !credential.username.is_empty() || !credential.password.is_empty() {
            let pair = format!("{}:{}", credential.username, credential.password);
            entry.insert("auth".to_owned(), encode_base64(pair.as_bytes()).into());
        }
        let auths = self.content.entry("auths").or_insert_with(|| Json::Object(Map::new()));
        if let Some(auths) = auths.as_object_mut() {
            auths.insert(server.to_owned(), Json::Object(entry));
        }
        self.save()
    }

    /// Forgets who asks a registry.
    pub(crate) fn delete(&mut self, server: &str) -> Result<(), String> {
        if let Some(helper) = self.helper(server) {
            return run_helper(&helper, "erase", server).map(drop);
        }
        let auths = self.content.get_mut("auths").and_then(Json::as_object_mut);
        match auths.and_then(|auths| auths.remove(server)) {
            Some(_) => self.save(),
            None => Ok(()),
        }
    }

    fn save(&self) -> Result<(), String> {
        let mut text = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
        serde::Serialize::serialize(&self.content, &mut serializer)
            .map_err(|error| format!("failed to marshal config: {error}"))?;
        let folder = folder_of(&self.path);
        if !Path::new(&folder).is_dir() {
            make_private(&folder)?;
        }
        let saved = write_atomically(&behind_links(&self.path), &text, 0o600);
        saved.map_err(|why| format!("failed to save config file: {why}"))
    }
}

#[cfg(unix)]
fn make_private(folder: &str) -> Result<(), String> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        format!("failed to make directory {folder}: mkdir {folder}: {}", go_errno(&error))
    })
}

#[cfg(not(unix))]
fn make_private(folder: &str) -> Result<(), String> {
    crate::fetch::files::make_folder(folder)
}

/// An entry of `auths`.
fn decode(entry: &Json) -> Result<Credential, String> {
    let text = |key: &str| entry.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut credential = Credential {
        username: text("username"),
        password: text("password"),
        refresh_token: text("identitytoken"),
        access_token: text("registrytoken"),
    };
    let auth = text("auth");
    if auth.is_empty() {
        return Ok(credential);
    }
    let wrong = |why: &str| format!("failed to decode auth field: invalid config format: {why}");
    let decoded = decode_base64(auth.as_bytes()).map_err(|_| wrong("illegal base64 data"))?;
    let decoded = String::from_utf8_lossy(&decoded).into_owned();
    // Go's text shows the secret.
    let pair = decoded.split_once(':').ok_or_else(|| {
        wrong("what is encoded does not conform the base64(username:password) format")
    })?;
    (credential.username, credential.password) = (pair.0.to_owned(), pair.1.to_owned());
    Ok(credential)
}

/// docker-credential-helpers' protocol.
fn ask_helper(helper: &str, server: &str) -> Result<Credential, String> {
    let answer = match run_helper(helper, "get", server) {
        Ok(answer) => answer,
        Err(why) if why == "credentials not found in native keychain" => {
            return Ok(Credential::default());
        }
        Err(why) => return Err(why),
    };
    let answer: Json = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
    let text = |key: &str| answer.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (username, secret) = (text("Username"), text("Secret"));
    Ok(if username == "<token>" {
        Credential { refresh_token: secret, ..Credential::default() }
    } else {
        Credential { username, password: secret, ..Credential::default() }
    })
}

/// Runs `docker-credential-NAME ACTION`.
fn run_helper(helper: &str, action: &str, input: &str) -> Result<Vec<u8>, String> {
    let program = format!("docker-credential-{helper}");
    let mut command = Command::new(&program);
    command.arg(action).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!("exec: {}: executable file not found in $PATH", quote(&program))
        }
        _ => format!("fork/exec {program}: {}", go_errno(&error)),
    })?;
    if let Some(mut pipe) = child.stdin.take() {
        // A helper that does not read to the end is its own business.
        let _ = pipe.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| go_errno(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let code = output.status.code().unwrap_or(-1);
    Err(if said.is_empty() { format!("exit status {code}") } else { said })
}

/// What a registry is called in files of credentials.
pub(crate) fn server_name(registry: &str) -> &str {
    match registry {
        "docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> CredentialFile {
        let content = serde_json::from_str(text).expect("it is JSON");
        CredentialFile { path: String::new(), content }
    }

    #[test]
    fn entries_are_found_by_their_hosts() {
        let file = file(
            r#"{"auths":{"a":{"auth":"dTpwOnE="},"https://b/v1/":{"username":"x","password":"y"},
                "c":{"identitytoken":"t"}}}"#,
        );
        let check = |server: &str, username: &str, password: &str| {
            let got = file.get(server).expect("it can be read");
            assert_eq!((got.username.as_str(), got.password.as_str()), (username, password));
        };
        check("a", "u", "p:q");
        check("b", "x", "y");
        check("d", "", "");
        assert_eq!(file.get("c").expect("it can be read").refresh_token, "t");
        assert_eq!(server_name("docker.io"), "https://index.docker.io/v1/");
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_not_shown() {
        let error = file(r#"{"auths":{"a":{"auth":"c2VjcmV0"}}}"#).get("a").expect_err("no colon");
        assert!(error.contains("invalid config format") && !error.contains("secret"));
    }

    #[test]
    fn a_helper_that_is_missing_is_named() {
        let error = file(r#"{"credHelpers":{"a":"none-such"}}"#).get("a").expect_err("no program");
        assert_eq!(
            error,
            "exec: \"docker-credential-none-such\": executable file not found in $PATH"
        );
    }
}
