//! `-e NAME` of every command that takes values.
#![expect(clippy::disallowed_methods, reason = "files are written and read")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every command of the help: what tells on standard output that the environment was taken, or
/// nothing for those that take no values.
const COMMANDS: [(&str, &[&str], &str); 9] = [
    ("render", &[], "replicas: 3"),
    ("lint", &["--profile", "all"], "has no memory limit"),
    ("validate", &["--summary"], "4 documents: 4 valid"),
    ("values", &[], "replicaCount: 3"),
    ("eval", &["{{ .Values.replicaCount }}"], "3"),
    ("init", &[], ""),
    ("import", &[], ""),
    ("chart", &[], ""),
    ("helm", &[], ""),
];

fn project(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join(".git")).expect("it can be made");
    let base = "image: nginx:1.29\nservice: {port: 80}\nreplicaCount: 1\nresources: {limits: {memory: 64Mi}}\n";
    for (file, text) in [
        ("values.yaml", base),
        (
            "values-prod.yaml",
            "replicaCount: 3\nresources: {limits: null}\npodDisruptionBudget: {maxUnavailable: 1}\n",
        ),
        ("values-bad.yaml", "[1]\n"),
    ] {
        std::fs::write(folder.join(file), text).expect("it can be written");
    }
    folder
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).env_remove("PLIMSOLL_COMPAT");
    let Output { status, stdout, stderr } = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn every_command_is_in_the_table() {
    let (_, help, _) = run(Path::new("."), &["--help"]);
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let commands = commands.expect("the help lists them").lines();
    let mut listed: Vec<&str> =
        commands.filter_map(|line| line.split_whitespace().next()).collect();
    let mut known: Vec<&str> = COMMANDS.iter().map(|(name, _, _)| *name).collect();
    listed.sort_unstable();
    known.sort_unstable();
    assert_eq!(listed, known);
}

#[test]
fn every_command_that_takes_values_takes_an_environment() {
    let folder = project("environments");
    for (name, args, told) in COMMANDS.iter().filter(|(_, _, told)| !told.is_empty()) {
        let base = run(&folder, &[&[*name], *args].concat()).1;
        let (_, prod, said) = run(&folder, &[&[*name], *args, &["-e", "prod"]].concat());
        assert!(prod.contains(told) && !base.contains(told), "{name}:\n{prod}\n{said}");
    }
    let (_, diff, _) = run(&folder, &["values", "-e", "prod", "--diff", "prod"]);
    assert_eq!(diff.trim(), "");
    let (status, _, _) = run(&folder, &["values", "set", "replicaCount=5", "-e", "prod"]);
    let text = std::fs::read_to_string(folder.join("values-prod.yaml")).expect("it is there");
    assert_eq!((status, text.lines().next()), (Some(0), Some("replicaCount: 5")));
}

#[test]
fn an_environment_that_is_not_there_is_refused_with_those_that_are() {
    let folder = project("unknown-environments");
    let taking = COMMANDS.iter().filter(|(_, _, told)| !told.is_empty());
    let lines = taking.map(|(name, args, _)| [&[*name], *args, &["-e", "prd"]].concat());
    let more = [vec!["values", "set", "a=1", "-e", "prd"], vec!["values", "--diff", "prd"]];
    for line in lines.chain(more) {
        let (status, out, said) = run(&folder, &line);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{line:?}");
        let want = "there is no environment `prd`; did you mean `prod`? there are: bad, prod";
        assert!(said.replace("\n  │", "").contains(want), "{line:?}:\n{said}");
    }
}

#[test]
fn values_that_are_no_map_are_refused_with_their_file() {
    let folder = project("no-map");
    for (name, args, _) in COMMANDS.iter().filter(|(_, _, told)| !told.is_empty()) {
        let (status, out, said) = run(&folder, &[&[*name], *args, &["-e", "bad"]].concat());
        assert_eq!((status, out.contains("nginx")), (Some(2), false), "{name}");
        assert!(said.contains("values-bad.yaml"), "{name}:\n{said}");
    }
}
