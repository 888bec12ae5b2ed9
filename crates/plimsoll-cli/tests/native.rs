//! Native templates: ours alone, and said to be.

use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> (Output, String, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/native");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).env_remove("PLIMSOLL_COMPAT");
    let output = command.output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

const NOTICE: &str =
    "plimsoll: Helm does not render the native templates of `stalls`: jinja/deployments.yaml.j2\n";

#[test]
fn render_prints_them_in_helms_order_and_says_what_helm_leaves_out() {
    let (output, out, err) = run(&["render", "s", "chart"]);
    assert!(output.status.success(), "{err}");
    assert_eq!(err, NOTICE);
    let kinds: Vec<&str> = out.lines().filter(|line| line.starts_with("kind: ")).collect();
    assert_eq!(kinds, ["kind: ConfigMap", "kind: Deployment", "kind: Deployment"]);
    assert!(out.contains("# Source: stalls/jinja/deployments.yaml.j2\n"));
    assert!(out.contains("    app.kubernetes.io/instance: s\n"));
    assert!(out.contains("motd: \"hello from s\"\n"));
}

#[test]
fn helm_does_not_look_at_them() {
    let (output, out, err) = run(&["helm", "template", "s", "chart"]);
    assert!(output.status.success() && err.is_empty(), "{err}");
    assert!(out.contains("kind: ConfigMap") && !out.contains("kind: Deployment"));
}

#[test]
fn lint_and_validate_look_at_what_they_give() {
    let (_, out, err) = run(&["lint", "chart"]);
    assert!(out.contains("template chart/jinja/deployments.yaml.j2") && err.contains(NOTICE));
    let (output, out, _) = run(&["validate", "chart", "--summary"]);
    assert!(output.status.success(), "{out}");
    assert!(out.contains("3 documents: 3 valid"), "{out}");
}

#[test]
fn a_key_that_is_not_there_is_shown_with_the_one_that_looks_alike() {
    let (output, out, err) = run(&["render", "s", "chart", "--set", "image=null"]);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""));
    assert!(err.contains("chart/jinja/deployments.yaml.j2:23:"), "{err}");
    assert!(err.contains("`Values.image` is not there"), "{err}");
    assert!(!err.contains("Helm says"), "{err}");
}

#[test]
fn limits_end_them() {
    let (output, _, err) = run(&["render", "s", "chart", "--max-steps", "20"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("`--max-steps N` allows more"), "{err}");
}
