//! `plimsoll render` against `plimsoll helm template`.

use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str], folder: &str) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/charts").join(folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(args).current_dir(folder).env_remove("PLIMSOLL_COMPAT").env_remove("COLUMNS");
    command.output().expect("the program runs")
}

#[track_caller]
fn same(folder: &str, args: &[&str]) {
    let helm = run(&[&["helm", "template"], args].concat(), folder);
    let render = run(&[&["render", "--no-validate"], args].concat(), folder);
    assert!(helm.status.success() && render.status.success());
    assert!(!helm.stdout.is_empty() && helm.stdout == render.stdout);
    assert_eq!(helm.stderr, render.stderr);
}

#[test]
fn the_bytes_are_those_of_helm_template() {
    same("shop", &["rel", "chart"]);
    same("shop", &["chart", "-f", "values-prod.yaml", "--include-crds", "-n", "x"]);
    same("fleet", &["rel", "chart"]);
    same("language", &["rel", "chart", "--kube-version", "1.34"]);
}

#[test]
fn what_an_api_server_would_refuse_is_printed_and_status_1() {
    let refused = run(&["render", "rel", "chart"], "fleet");
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(refused.stdout, run(&["helm", "template", "rel", "chart"], "fleet").stdout);
    let said = String::from_utf8(refused.stderr).expect("text");
    assert!(said.contains("StatefulSet rel-cache is invalid: spec.selector: Required value"));
}

#[test]
fn one_argument_that_is_no_chart_is_the_name() {
    let here = run(&["render", "rel", "--no-validate", "--color", "never"], "shop/chart");
    assert!(here.status.success());
    assert_eq!(here.stdout, run(&["helm", "template", "rel", "chart"], "shop").stdout);
    let said = String::from_utf8(here.stderr).expect("text");
    assert_eq!(said, "plimsoll: the chart is the working directory\n");
}

#[test]
fn what_does_not_render_is_status_2_with_the_key_that_is_missing() {
    let failed = run(&["render", "rel", "chart", "--set", "which=nil"], "broken");
    assert_eq!(failed.status.code(), Some(2));
    let said = String::from_utf8(failed.stderr).expect("text");
    for part in [
        "`.Values.image` is not set: the values have no `image`; did you mean `images`?",
        "chart/templates/a.yaml:3:11",
        "chart/values.yaml:1:1",
        "Helm says:\n    broken/templates/a.yaml:3:17",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
}

#[test]
fn wrong_flags_are_status_2() {
    assert_eq!(run(&["render", "rel", "chart", "--nope"], "broken").status.code(), Some(2));
    assert_eq!(run(&["render", "--color", "red"], "broken").status.code(), Some(2));
    assert_eq!(run(&["render", "rel"], "broken").status.code(), Some(2));
}
