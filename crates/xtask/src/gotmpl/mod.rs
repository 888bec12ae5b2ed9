//! Compares our engine with Go's own: a golden of written templates, and random ones.

mod calls;
mod go;
mod language;
mod random;
mod world;

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use self::go::Go;
use self::world::Answer;
use plimsoll_source::encoding::encode_base64;

pub(crate) use self::calls::template as call;
pub(crate) use self::language::template;
pub(crate) use self::random::run as random;

const WORLD: &str = "fixtures/gotmpl/world.json";
const CASES: &str = "fixtures/gotmpl/cases";
const GOLDEN: &str = "fixtures/gotmpl/golden.jsonl";
const LOCK: &str = "fixtures/gotmpl/oracle.lock";

/// Asks Go about every case, and writes what it says and by which versions.
pub(crate) fn golden() -> Result<bool> {
    let mut go = Go::start(Path::new(WORLD))?.context("Go is not installed")?;
    let mut golden = String::new();
    for (file, source) in cases(Path::new("."))? {
        let Some(answer) = go.answer(source.as_bytes())? else {
            bail!("Go has no answer to {source:?} of {file}");
        };
        let mut line = json!({ "file": file, "tpl": source });
        write(&mut line, &answer);
        golden.push_str(&without_addresses(format!("{line}\n").as_bytes()));
    }
    std::fs::write(GOLDEN, golden)?;
    std::fs::write(LOCK, lock(Path::new("."))?)?;
    Ok(true)
}

/// The templates of all files of cases, with the file's name: a line `---` stands between two.
fn cases(root: &Path) -> Result<Vec<(String, String)>> {
    let mut files: Vec<_> = std::fs::read_dir(root.join(CASES))?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut cases = Vec::new();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file.path())?;
        let sources = text.trim_end_matches('\n').split("\n---\n");
        cases.extend(sources.map(|source| (name.clone(), source.to_owned())));
    }
    Ok(cases)
}

fn write(line: &mut Json, answer: &Answer) {
    match answer {
        Answer::Out(out) => match std::str::from_utf8(out) {
            Ok(text) => line["out"] = text.into(),
            Err(_) => line["out_b64"] = encode_base64(out).into(),
        },
        Answer::Err(error, helm) => {
            match std::str::from_utf8(error) {
                Ok(text) => line["err"] = text.into(),
                Err(_) => line["err_b64"] = encode_base64(error).into(),
            }
            if let Some(helm) = helm {
                line["helm"] = helm.as_str().into();
            }
        }
    }
}

/// Who gave the golden's answers, and the hashes of all that it depends on.
fn lock(root: &Path) -> Result<String> {
    let modules = std::fs::read_to_string(root.join(go::FOLDER).join("go.mod"))?;
    let named = ["helm.sh/helm/v4", "Masterminds/sprig", "Masterminds/semver"];
    let versions = modules.lines().map(|line| line.trim().trim_end_matches(" // indirect"));
    let versions = versions.map(|line| line.trim_start_matches("require "));
    let versions = versions.filter(|line| named.iter().any(|name| line.contains(name)));
    let go = modules.lines().find(|line| line.starts_with("go ")).unwrap_or_default();
    let versions: Vec<&str> = versions.collect();
    let mut lock =
        format!("# Written by `cargo xtask gotmpl golden` with {go}, {}.\n", versions.join(", "));
    let mut files = vec![GOLDEN.to_owned(), WORLD.to_owned()];
    files.extend(cases(root)?.into_iter().map(|(name, _)| format!("{CASES}/{name}")));
    files.dedup();
    for file in files {
        let hash = Sha256::digest(std::fs::read(root.join(&file))?);
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        lock.push_str(&format!("{hash}  {file}\n"));
    }
    Ok(lock)
}

/// Includes nest a thousand deep, more than the stack of a test has room for.
fn on_deep_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 << 30).spawn_scoped(scope, run);
        let thread = thread.expect("a thread starts");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Where two answers differ, told for people; Helm's own text counts where both have it.
fn difference(source: &[u8], want: &Answer, got: &Result<Answer, String>) -> Option<String> {
    let shown = |answer: &Answer| match answer {
        Answer::Out(out) => format!("{:?}", without_addresses(out)),
        Answer::Err(error, _) => format!("error: {}", without_addresses(error)),
    };
    let (want, got) = match got {
        Err(panic) => (shown(want), format!("PANIC: {panic}")),
        Ok(got) if shown(want) != shown(got) => (shown(want), shown(got)),
        Ok(got) => match (want, got) {
            (Answer::Err(_, Some(want)), Answer::Err(_, Some(got))) => {
                let helm = |text: &str| format!("helm: {}", without_addresses(text.as_bytes()));
                (helm(want), helm(got))
            }
            _ => return None,
        },
    };
    if want == got {
        return None;
    }
    let source = String::from_utf8_lossy(source);
    Some(format!("template {source}\n    want {want}\n    got  {got}"))
}

/// The text with `0xADDRESS` for what a pointer prints as: it differs from run to run.
fn without_addresses(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split("0x");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        kept.push_str("0x");
        kept.push_str(if (9..=12).contains(&digits) { "ADDRESS" } else { &part[..digits] });
        kept.push_str(&part[digits..]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::world::World;
    use super::*;

    const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

    #[test]
    fn every_case_is_answered_as_go_answers_it() {
        let root = Path::new(ROOT);
        let golden = std::fs::read_to_string(root.join(GOLDEN)).expect("the golden is there");
        let misses = on_deep_stack(|| {
            let world = World::read(&root.join(WORLD)).expect("the world is there");
            let lines = golden.lines().filter_map(|line| {
                let line: Json = serde_json::from_str(line).expect("a line is JSON");
                let source = line["tpl"].as_str().expect("it has a template").as_bytes();
                let want = go::read(&line).expect("it has an answer");
                difference(source, &want, &world.answer(source))
            });
            lines.collect::<Vec<String>>()
        });
        assert!(misses.is_empty(), "{} misses\n{}", misses.len(), misses.join("\n"));
    }

    #[test]
    fn the_golden_is_what_the_oracle_wrote() {
        let root = Path::new(ROOT);
        let written = std::fs::read_to_string(root.join(LOCK)).expect("the lock is there");
        assert_eq!(lock(root).expect("its files are there"), written);
    }
}
