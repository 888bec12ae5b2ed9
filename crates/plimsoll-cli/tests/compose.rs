//! `plimsoll import compose`: two files of the shape that `fixtures/seeds/kratos` deploys with, and what is wrong.
#![expect(clippy::disallowed_methods, reason = "files are written and read")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).env_remove("PLIMSOLL_COMPAT");
    command.output().expect("the program runs")
}

/// With `BLESS=1` the files get what is written now.
#[track_caller]
fn check(name: &str, objects: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/compose").join(name);
    let done = run(&folder, &["import", "compose", "docker-compose.yml"]);
    assert!(done.status.success());
    for (file, got) in [("expected.values.yaml", done.stdout), ("expected.notes.txt", done.stderr)]
    {
        let path = folder.join(file);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &got).expect("it can be written");
        }
        let want = std::fs::read(&path).expect("it is there");
        assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(&want), "{file}");
    }
    let rendered = run(&folder, &["render", "x", "-f", "expected.values.yaml"]);
    let text = String::from_utf8(rendered.stdout).expect("text");
    assert!(rendered.status.success(), "{}", String::from_utf8_lossy(&rendered.stderr));
    let kinds = text.lines().filter_map(|line| line.strip_prefix("kind: "));
    let mut kinds: Vec<&str> = kinds.collect();
    kinds.sort_unstable();
    assert_eq!(kinds, objects);
}

#[test]
fn the_production_file_becomes_a_deployment_with_its_database() {
    check("production", &["Deployment", "Service", "Service", "StatefulSet"]);
}

#[test]
fn the_development_file_keeps_its_cache_of_modules() {
    check("development", &["Service", "Service", "StatefulSet", "StatefulSet"]);
}

fn fresh(text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compose");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("it can be made");
    std::fs::write(folder.join("c.yml"), text).expect("it can be written");
    folder
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_line_and_nothing_is_written() {
    for (text, message, place) in [
        ("services:\n  web: [\n", "did not find expected node content", "[c.yml:"),
        ("services:\n  web:\n    image: *nope\n", "unknown anchor 'nope'", "[c.yml:3:12]"),
        ("a: &a [*a]\nservices: {}\n", "anchor 'a' value contains itself", "[c.yml:1:8]"),
        ("services: [web]\n", "`services` must be a map", "[c.yml:1:11]"),
        ("services:\n  a: {}\n  b: {}\n  a: {}\n", "`a` stands twice", "[c.yml:4:3]"),
        ("- web\n", "a compose file is a map with `services`", "[c.yml:1:1]"),
    ] {
        let folder = fresh(text);
        let done = run(&folder, &["import", "compose", "c.yml", "-o", "out.yaml"]);
        let said = String::from_utf8(done.stderr).expect("text");
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(message) && said.contains(place), "{said}");
        assert!(!folder.join("out.yaml").exists());
    }
}

#[test]
fn strict_is_status_1_where_a_key_is_left_out() {
    let folder = fresh("x-all: &all {image: i}\nservices:\n  web:\n    <<: *all\n    shrug: 1\n");
    let done = run(&folder, &["import", "compose", "c.yml", "--strict"]);
    let said = String::from_utf8(done.stderr).expect("text");
    assert_eq!(
        (done.status.code(), said.starts_with("c.yml:5:5: services.web.shrug: ")),
        (Some(1), true),
        "{said}"
    );
}
