//! The README's tour is what really happens.

use plimsoll_tests::root;

use crate::plimsoll::{folder, quiet};

/// The text with the output of every command in `console` blocks replaced by what `run` gives.
fn with_outputs(text: &str, run: impl Fn(&str) -> String) -> String {
    let mut lines = Vec::new();
    let (mut inside, mut in_output) = (false, false);
    for line in text.lines() {
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if line.starts_with("```") {
            (inside, in_output) = (line == "```console", false);
        }
        if let Some(command) = command {
            in_output = true;
            lines.push(line.to_owned());
            lines.push(run(command).trim_end().to_owned());
        } else if !in_output {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// Both streams of a shell command, one after the other.
fn run(command: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [folder().clone()].into_iter().chain(std::env::split_paths(&path));
    let output = quiet("sh".into())
        .args(["-c", command])
        .env("PATH", std::env::join_paths(folders).unwrap())
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// With `BLESS=1` the README gets what is printed now.
#[test]
#[cfg(unix)]
fn every_command_prints_what_the_readme_shows() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let got = with_outputs(&text, run);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &got).unwrap();
    }
    let differs = text.lines().zip(got.lines()).find(|(shown, got)| shown != got);
    assert_eq!(differs, None, "line of the README, line that is printed");
    assert_eq!(text.len(), got.len());
}

#[test]
fn outputs_are_replaced_and_the_rest_stays() {
    let text = "a\n```console\n$ one\nold\nold\n$ two\n```\n$ no\n```sh\n$ no\n```\n";
    let want = "a\n```console\n$ one\n<one>\n$ two\n<two>\n```\n$ no\n```sh\n$ no\n```\n";
    assert_eq!(with_outputs(text, |command| format!("<{command}>\n")), want);
}
