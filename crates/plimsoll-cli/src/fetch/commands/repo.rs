//! `helm repo add|list|remove|update`

use std::io::Read;
use std::time::Duration;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::dependency::table;
use serde_json::json;

use crate::fetch::download::{charts_path, check_repository, index_path};
use crate::fetch::files::{folder_of, make_folder};
use crate::fetch::index_file::update_index;
use crate::fetch::lock::FileLock;
use crate::fetch::repositories::{Entry, Repositories};
use crate::fetch::settings::Settings;
use crate::fetch::yaml::{go_json, marshal};
use crate::fetch::{go_errno, quote};
use crate::helm::pflag::Parsed;
use crate::io::Io;

/// Repositories that were shut down, and where their charts are now.
const SHUT_DOWN: [(&str, &str); 2] = [
    ("//kubernetes-charts.storage.googleapis.com", "https://charts.helm.sh/stable"),
    ("//kubernetes-charts-incubator.storage.googleapis.com", "https://charts.helm.sh/incubator"),
];

/// `helm repo add NAME URL`
pub(crate) fn add(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let mut entry = entry(parsed);
    check_shut_down(parsed, &entry)?;
    let path = settings.repository_config.clone();
    make_folder(&folder_of(&path))?;
    let _lock = FileLock::acquire(&lock_path(&path))?;
    let mut file = match std::fs::read(&path) {
        Ok(bytes) => Repositories::parse(&bytes)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Repositories::default(),
        Err(error) => return Err(format!("open {path}: {}", go_errno(&error))),
    };
    if !entry.username.is_empty() && entry.password.is_empty() {
        entry.password = if parsed.bool("password-stdin") {
            password_from_stdin()?
        } else {
            // helm: here the line ends whatever happens.
            ask("Password: ", true, io).inspect_err(|_| io.print(b"\n"))?
        };
    }
    let Entry { name, url, .. } = &entry;
    if name.contains('/') {
        let advice = "please specify a different name without '/'";
        return Err(format!("repository name ({name}) contains '/', {advice}"));
    }
    if let Some(known) = file.get(name).filter(|_| !parsed.bool("force-update")) {
        if *known != entry {
            let advice = "please specify a different name";
            return Err(format!("repository name ({name}) already exists, {advice}"));
        }
        let line = "already exists with the same configuration, skipping";
        io.print(format!("{} {line}\n", quote(name)).as_bytes());
        return Ok(());
    }
    check_repository(&entry)?;
    let mut log = |line: String| io.error(&format!("{line}\n"));
    update_index(&settings, &entry, timeout(parsed), &mut log).map_err(|why| {
        let url = quote(url);
        format!("looks like {url} is not a valid chart repository or cannot be reached: {why}")
    })?;
    let name = quote(name);
    file.update(entry);
    file.save(&path)?;
    io.print(format!("{name} has been added to your repositories\n").as_bytes());
    Ok(())
}

fn entry(parsed: &Parsed) -> Entry {
    let text = |name: &str| parsed.text(name).unwrap_or_default().to_owned();
    let arg = |at: usize| parsed.args.get(at).cloned().unwrap_or_default();
    Entry {
        name: arg(0),
        url: arg(1),
        username: text("username"),
        password: text("password"),
        cert_file: text("cert-file"),
        key_file: text("key-file"),
        ca_file: text("ca-file"),
        insecure_skip_tls_verify: parsed.bool("insecure-skip-tls-verify"),
        pass_credentials_all: parsed.bool("pass-credentials"),
    }
}

fn check_shut_down(parsed: &Parsed, entry: &Entry) -> Result<(), String> {
    let gone = SHUT_DOWN.iter().find(|(old, _)| entry.url.contains(old));
    match gone.filter(|_| !parsed.bool("allow-deprecated-repos")) {
        None => Ok(()),
        Some((_, new)) => {
            let (old, new) = (quote(&entry.url), quote(new));
            Err(format!("repo {old} is no longer available; try {new} instead"))
        }
    }
}

/// helm: repo_add.go: beside the file, its extension replaced.
fn lock_path(path: &str) -> String {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].rfind('.') {
        Some(dot) if name + dot > 0 => format!("{}.lock", &path[..name + dot]),
        _ => format!("{path}.lock"),
    }
}

/// How long an index may take.
fn timeout(parsed: &Parsed) -> Option<Duration> {
    parsed.text("timeout").and_then(crate::helm::duration_of)
}

/// What standard input holds, without its line break.
pub(super) fn password_from_stdin() -> Result<String, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| go_errno(&error))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// Asks a question on the terminal; an answer that is secret is not shown.
pub(super) fn ask(question: &str, secret: bool, io: &mut Io) -> Result<String, String> {
    use std::io::IsTerminal;
    io.print(question.as_bytes());
    let stdin = std::io::stdin();
    if secret && !stdin.is_terminal() {
        return Err("inappropriate ioctl for device".to_owned());
    }
    let _quiet = secret.then(Quiet::new);
    let mut line = String::new();
    let read = stdin.read_line(&mut line).map_err(|error| go_errno(&error))?;
    if secret {
        io.print(b"\n");
    }
    if read == 0 {
        Err("EOF".to_owned())
    } else {
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet;

impl Quiet {
    fn new() -> Quiet {
        Quiet::stty("-echo");
        Quiet
    }

    fn stty(mode: &str) {
        let _ = std::process::Command::new("stty").arg(mode).status();
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        Quiet::stty("echo");
    }
}

/// `helm repo list`
pub(crate) fn list(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    // helm: whatever cannot be read is as good as not there.
    let file = Repositories::load_or_default(&settings.repository_config).unwrap_or_default();
    let entries = file.entries();
    let format = parsed.text("output").unwrap_or("table");
    if entries.is_empty() && format == "table" {
        if compat == Compat::Helm3 {
            return Err("no repositories to show".to_owned());
        }
        io.error("no repositories to show\n");
        return Ok(());
    }
    let listed: Vec<_> =
        entries.iter().map(|entry| json!({"name": entry.name, "url": entry.url})).collect();
    let text = match format {
        "json" => format!("{}\n", go_json(&listed)).into_bytes(),
        "yaml" => marshal(&listed),
        _ => {
            let heading = ["NAME", "URL"].map(str::to_owned);
            let heading = (!parsed.bool("no-headers")).then_some(heading);
            let rows = entries.iter().map(|entry| [entry.name.clone(), entry.url.clone()]);
            let rows: Vec<[String; 2]> = heading.into_iter().chain(rows).collect();
            format!("{}\n", table(&rows, 0)).into_bytes()
        }
    };
    io.print(&text);
    Ok(())
}

/// `helm repo remove NAME…`
pub(crate) fn remove(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let path = &settings.repository_config;
    let file = Repositories::load(path).ok().flatten();
    let Some(mut file) = file.filter(|file| !file.entries().is_empty()) else {
        return Err("no repositories configured".to_owned());
    };
    for name in &parsed.args {
        if !file.remove(name) {
            return Err(format!("no repo named {} found", quote(name)));
        }
        file.save(path)?;
        let _ = std::fs::remove_file(charts_path(&settings, name));
        let index = index_path(&settings, name);
        if let Err(error) = std::fs::remove_file(&index)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(format!("remove {index}: {}", go_errno(&error)));
        }
        let line = format!("{} has been removed from your repositories\n", quote(name));
        io.print(line.as_bytes());
    }
    Ok(())
}

/// `helm repo update [NAME…]`
pub(crate) fn update(parsed: &Parsed, compat: Compat, io: &mut Io) -> Result<(), String> {
    let settings = Settings::new(parsed, compat, io);
    let path = &settings.repository_config;
    let none = || "no repositories found. You must add one before updating".to_owned();
    let file = Repositories::load(path)
        .map_err(|why| format!("failed loading file: {path}: {why}"))?
        .filter(|file| !file.entries().is_empty())
        .ok_or_else(none)?;
    for name in &parsed.args {
        if file.get(name).is_none() {
            let text = "Nothing will be updated";
            return Err(format!("no repositories found matching '{name}'.  {text}"));
        }
    }
    let wanted = |entry: &&Entry| parsed.args.is_empty() || parsed.args.contains(&entry.name);
    let entries: Vec<&Entry> = file.entries().iter().filter(wanted).collect();
    entries.iter().try_for_each(|entry| check_repository(entry))?;
    io.print("Hang tight while we grab the latest from your chart repositories...\n".as_bytes());
    let mut say = |io: &mut Io, text: &str| io.print(text.as_bytes());
    let failed = update_all(&settings, &entries, timeout(parsed), io, &mut say);
    let must_succeed = compat == Compat::Helm4 || parsed.bool("fail-on-repo-update-fail");
    if !failed.is_empty() && must_succeed {
        let start = if compat == Compat::Helm4 { "failed" } else { "Failed" };
        let list = failed.join(" ");
        return Err(format!("{start} to update the following repositories: [{list}]"));
    }
    io.print("Update Complete. ⎈Happy Helming!⎈\n".as_bytes());
    Ok(())
}

/// Fetches indexes side by side and says of each how it went, in order; gives the URLs of those
/// that failed.
pub(crate) fn update_all(
    settings: &Settings,
    entries: &[&Entry],
    timeout: Option<Duration>,
    io: &mut Io,
    say: &mut dyn FnMut(&mut Io, &str),
) -> Vec<String> {
    let mut failed = Vec::new();
    // More than a few at once make no server faster.
    for some in entries.chunks(8) {
        let one = |entry: &Entry| {
            let mut lines = Vec::new();
            let result = update_index(settings, entry, timeout, &mut |line| lines.push(line));
            (result, lines)
        };
        let one = &one;
        let results: Vec<(Result<(), String>, Vec<String>)> = std::thread::scope(|scope| {
            let started: Vec<_> =
                some.iter().map(|entry| scope.spawn(move || one(entry))).collect();
            let crashed = || (Err("the download crashed".to_owned()), Vec::new());
            started.into_iter().map(|it| it.join().unwrap_or_else(|_| crashed())).collect()
        });
        for (entry, (result, lines)) in some.iter().zip(results) {
            for line in &lines {
                io.error(&format!("{line}\n"));
            }
            say(io, &say_updated(entry, &result));
            if result.is_err() {
                failed.push(entry.url.clone());
            }
        }
    }
    failed
}

/// A repository that was not added is called by its URL. helm: downloader/manager.go.
fn say_updated(entry: &Entry, result: &Result<(), String>) -> String {
    let Entry { name, url, .. } = entry;
    let unmanaged = name.starts_with("helm-manager-");
    let shown = quote(if unmanaged { url } else { name });
    match result {
        Ok(()) => format!("...Successfully got an update from the {shown} chart repository\n"),
        Err(why) => {
            let place = if unmanaged { String::new() } else { format!(" ({url})") };
            format!(
                "...Unable to get an update from the {shown} chart repository{place}:\n\t{why}\n"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_lies_beside_the_file() {
        assert_eq!(lock_path("/a.b/repositories.yaml"), "/a.b/repositories.lock");
        assert_eq!(lock_path("/a.b/file"), "/a.b/file.lock");
    }

    #[test]
    fn repositories_that_were_not_added_are_called_by_their_urls() {
        let entry =
            Entry { name: "helm-manager-1".into(), url: "http://h".into(), ..Entry::default() };
        let why = Err("EOF".to_owned());
        assert_eq!(
            say_updated(&entry, &why),
            "...Unable to get an update from the \"http://h\" chart repository:\n\tEOF\n"
        );
        let entry = Entry { name: "a".into(), ..entry };
        assert!(say_updated(&entry, &why).contains("the \"a\" chart repository (http://h):\n"));
    }
}
