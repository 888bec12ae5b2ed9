//! Keys that a chart refuses are shown in the values file that has them.
#![expect(clippy::disallowed_methods, reason = "fixtures are read")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn run(args: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).env_remove("PLIMSOLL_COMPAT").env("COLUMNS", "200");
    command.output().expect("the program runs")
}

/// What is said of `values.yaml` in a folder: the message, and the text at the first place.
fn said(args: &[&str], folder: &Path) -> (String, String) {
    let output = run(&[args, &["-f", "values.yaml"]].concat(), folder);
    assert_eq!(output.status.code(), Some(2), "{args:?} in {}", folder.display());
    let said = String::from_utf8(output.stderr).expect("text");
    let message = said.lines().find_map(|line| line.trim().strip_prefix("× "));
    let place = said.split("[values.yaml:").nth(1).and_then(|rest| rest.split(']').next());
    let place = place.unwrap_or_else(|| panic!("{args:?} names no place:\n{said}"));
    let (line, column) = place.split_once(':').expect("a line and a column");
    let text = std::fs::read_to_string(folder.join("values.yaml")).expect("it is there");
    let line = text.lines().nth(line.parse::<usize>().expect("a line") - 1).expect("a line");
    let at = &line[column.parse::<usize>().expect("a column") - 1..];
    (message.unwrap_or_default().to_owned(), at.to_owned())
}

#[test]
fn a_key_that_the_universal_chart_does_not_know_is_shown_where_it_was_written() {
    let folders = std::fs::read_dir(fixtures().join("universal")).expect("it is there");
    let is_unknown = |folder: &PathBuf| folder.to_string_lossy().contains("/error-unknown-");
    let mut count = 0;
    for folder in folders.map(|entry| entry.expect("it is there").path()).filter(is_unknown) {
        let (message, at) = said(&["render", "x"], &folder);
        let named = message.split('`').nth(1).expect("a key is named");
        let Some(rest) = message.strip_prefix(&format!("`{named}` is not a key of this chart; "))
        else {
            continue;
        };
        assert!(rest.starts_with("did you mean `") || rest.starts_with("its keys there: "));
        let key = named.rsplit('.').next().expect("it has an end");
        assert!(at.starts_with(&format!("{key}:")), "{message} is shown at {at}");
        count += 1;
    }
    assert!(count >= 6, "{count} fixtures have such a key");
}

#[test]
fn lint_and_validate_say_it_as_render_does_and_helm_as_helm() {
    let folder = fixtures().join("universal/error-unknown-flat-key");
    let want = (
        "`replicaCuont` is not a key of this chart; did you mean `replicaCount`?".to_owned(),
        "replicaCuont: 2".to_owned(),
    );
    for command in ["render", "lint", "validate"] {
        assert_eq!(said(&[command], &folder), want, "{command}");
    }
    let helm =
        run(&["helm", "template", "x", "../../../charts/universal", "-f", "values.yaml"], &folder);
    let said = String::from_utf8(helm.stderr).expect("text");
    assert!(said.starts_with("Error: execution error at (universal/templates/_keys.tpl:"));
    assert!(!said.contains("values.yaml"), "{said}");
}

#[test]
fn other_words_of_the_chart_are_shown_at_the_keys_that_they_name() {
    for (name, key) in [
        ("error-unknown-workload", "workload: wbe"),
        ("error-two-spellings", "replicas: 1, replicaCount: 2"),
        ("error-list-family", "deployments: ["),
        ("error-unknown-service", "a.example.com: {"),
    ] {
        let (message, at) = said(&["render", "x"], &fixtures().join("universal").join(name));
        assert!(at.starts_with(key), "{message} is shown at {at}");
    }
}

#[test]
fn what_a_schema_refuses_is_shown_in_the_layer_that_has_it() {
    let folder = fixtures().join("refused");
    let output = run(&["render", "x", "chart", "-f", "values-prod.yaml", "--set", "z=1"], &folder);
    let said = String::from_utf8(output.stderr).expect("text");
    for part in [
        "`image.tag`: got number, want string\n   ╭─[values-prod.yaml:3:8]",
        "`image`: additional properties 'tga' not allowed; did you mean `tag`?\n   ╭─[values-prod.yaml:2:3]",
        "`list.0`: additional properties 'prt' not allowed; did you mean `port`?\n   ╭─[chart/values.yaml:5:5]",
        "the values of `refused`: additional properties 'z' not allowed\n   ╭─[--set:1:3]",
        "`other.image`: additional properties 'rep', 'tog' not allowed; did you mean `repository`, `tag`?\n   ╭─[values-prod.yaml:6:5]",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}
