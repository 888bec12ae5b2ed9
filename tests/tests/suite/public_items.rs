//! What the library shows to those who depend on it, as a committed snapshot: a change of it shows
//! in review. `BLESS=1 cargo test -p plimsoll-tests public` writes the snapshot.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_tests::root;

use crate::plimsoll::folder;

#[test]
fn the_library_shows_what_it_showed_before() {
    let path = root().join("crates/plimsoll/public-items.txt");
    let text = format!("{}\n{}", compiler(), items(&documentation()).join("\n"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{text}\n")).unwrap();
        return;
    }
    let snapshot = fs::read_to_string(&path).unwrap();
    let (version, _) = snapshot.split_once('\n').unwrap();
    if version != compiler() {
        // Every rustdoc writes its pages in its own way.
        eprintln!("skipped: the snapshot is of {version}, this is {}", compiler());
        return;
    }
    let (before, now): (Vec<&str>, Vec<&str>) =
        (snapshot.lines().collect(), text.lines().collect());
    let gone = before.iter().filter(|line| !now.contains(line)).map(|line| format!("- {line}"));
    let new = now.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    let changes: Vec<String> = gone.chain(new).collect();
    assert!(changes.is_empty(), "{}\nBLESS=1 takes it over", changes.join("\n"));
}

/// Major and minor version.
fn compiler() -> String {
    let version = Command::new("rustdoc").arg("--version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let parts: Vec<&str> = version.split([' ', '.']).take(3).collect();
    parts.join(" ")
}

/// The folder of the library's pages.
fn documentation() -> PathBuf {
    let target = folder().parent().unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args(["doc", "--quiet", "--no-deps", "-p", "plimsoll"]);
    let done = command.arg("--target-dir").arg(target).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "", "the documentation has no loose ends");
    target.join("doc/plimsoll")
}

/// A line for each public item, with what belongs to it indented below.
fn items(pages: &Path) -> Vec<String> {
    let read = |page: &str| fs::read_to_string(pages.join(page)).unwrap();
    let root = read("index.html");
    let uses = between(&root, "<code>pub use ", "</code>");
    let mut lines: Vec<String> = uses.map(|one| format!("pub use {}", plain(one))).collect();
    // What other pages lie there may be of an earlier time.
    let all = read("all.html");
    let listed = between(&all, "<li><a href=\"", "\"");
    for path in listed.filter_map(|page| page.strip_suffix(".html")) {
        let text = read(&format!("{path}.html"));
        let path = path.replace('/', "::");
        lines.push(format!("{path}: {}", first(&text, "item-decl\"><code>", "</code></pre>")));
        let own = text.split("id=\"synthetic-implementations").next().unwrap_or_default();
        let headers = between(own, "class=\"code-header\">", "</h");
        let headers = headers.map(plain).filter(|header| !is_of_a_trait(header));
        lines.extend(headers.map(|header| format!("    {header}")));
    }
    lines
}

/// Whether a line of the page says only what the trait that is implemented says.
fn is_of_a_trait(header: &str) -> bool {
    !(header.starts_with("pub ") || header.starts_with("impl"))
}

fn first(text: &str, open: &str, close: &str) -> String {
    between(text, open, close).next().map(plain).unwrap_or_default()
}

fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |part| part.split(close).next())
}

/// A piece of a page without its markup, on one line.
fn plain(html: &str) -> String {
    let pieces = html.split('<').enumerate().map(|(at, piece)| match piece.split_once('>') {
        Some((_, text)) if at > 0 => text,
        _ => piece,
    });
    let text: String = pieces.collect();
    let text = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.replace("&nbsp;", " "), |text, (code, sign)| text.replace(code, sign));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
