//! What `plimsoll render` writes to folders.
#![expect(clippy::disallowed_methods, reason = "files are written and read")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    for service in ["a", "b"] {
        let folder = folder.join("services").join(service);
        std::fs::create_dir_all(&folder).expect("it can be made");
        let values = "image: nginx:1.29\nservice: {port: 80}\n";
        std::fs::write(folder.join("values.yaml"), values).expect("it can be written");
    }
    folder
}

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(line.split(' ')).current_dir(folder).env_remove("PLIMSOLL_COMPAT");
    command.output().expect("the program runs")
}

fn stdout(folder: &Path, line: &str) -> String {
    let output = run(folder, line);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_file_for_each_object_holds_what_is_printed() {
    let folder = fresh("split");
    let printed = stdout(&folder, "render x -f services/a/values.yaml");
    let wrote = stdout(&folder, "render x -f services/a/values.yaml --split --output-dir out");
    let files: Vec<&str> = wrote.lines().filter_map(|line| line.strip_prefix("wrote ")).collect();
    assert_eq!(
        files,
        ["out/serviceaccount_x.yaml", "out/service_x.yaml", "out/deployment.apps_x.yaml"]
    );
    let read = |file: &&str| std::fs::read_to_string(folder.join(file)).expect("it is there");
    let text: String = files.iter().map(read).collect();
    assert_eq!(text.replace("\n\n---", "\n---"), printed.replace("\n\n---", "\n---"));
}

#[test]
fn several_releases_have_a_folder_each() {
    let folder = fresh("each");
    let wrote =
        stdout(&folder, "render --each services/*/values.yaml --split --output-dir out -o json");
    assert!(
        wrote.contains("wrote out/a/service_a.json\n") && wrote.contains("out/b/service_b.json")
    );
    let wrote = stdout(&folder, "render --each services/*/values.yaml --output-dir plain");
    assert!(wrote.contains("wrote plain/b/universal/templates/service.yaml\n"), "{wrote}");
    std::fs::write(folder.join("services/b/more.yaml"), "image: nginx:1.29\n")
        .expect("it can be written");
    let twice = run(&folder, "render --each services/*/*.yaml --split --output-dir twice");
    let said = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert_eq!(twice.status.code(), Some(2));
    assert!(
        said.contains("services/b/more.yaml and services/b/values.yaml both give a release `b`")
    );
    assert!(!folder.join("twice").exists());
}

#[test]
fn flags_that_make_no_sense_together_are_refused_and_nothing_is_written() {
    let folder = fresh("refused");
    for line in
        ["render --split", "render --output-dir out -o json", "render --output-dir out -o summary"]
    {
        let output = run(&folder, &format!("{line} -f services/a/values.yaml"));
        assert_eq!(output.status.code(), Some(2), "{line}");
    }
    assert!(!folder.join("out").exists());
}

#[test]
fn a_pipe_gets_plain_bytes_unless_colours_are_asked_for() {
    let folder = fresh("colors");
    let plain = stdout(&folder, "render x -f services/a/values.yaml");
    assert!(!plain.contains('\u{1b}'));
    let colored = stdout(&folder, "render x -f services/a/values.yaml --color always");
    assert!(colored.contains("\u{1b}[36mkind\u{1b}[0m: Service"));
}
