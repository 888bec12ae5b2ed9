//! `plimsoll lint` from its command line to its exit status.

use plimsoll_tests::root;
use serde_json::Value;

use crate::plimsoll::{Ran, plimsoll};

const SHOP: &str = "fixtures/charts/shop/chart";
const PROD: &str = "fixtures/charts/shop/values-prod.yaml";
const MANIFESTS: &str = "fixtures/lint/manifests";
const POD: &str = "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  containers:\n    - name: a\n      securityContext: {runAsNonRoot: true}\n";

#[track_caller]
fn check(args: &[&str], input: &str, status: i32) -> Ran {
    let ran = plimsoll(&[&["lint"], args].concat(), input);
    assert_eq!(ran.status, status, "{args:?}\n{}{}", ran.out, ran.err);
    ran
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

/// The rules of the findings, of the few that these tests are about.
fn rules(ran: &Ran) -> Vec<String> {
    const SHOWN: [&str; 3] = ["memory-limit", "readiness-probe", "run-as-non-root"];
    let json = json(ran);
    let findings = json["findings"].as_array().unwrap().iter();
    let rules = findings.map(|one| one["rule"].as_str().unwrap().to_owned());
    rules.filter(|rule| SHOWN.contains(&rule.as_str())).collect()
}

#[test]
#[cfg_attr(windows, ignore = "paths of the fixtures")]
fn json_is_as_its_schema_says() {
    let schema = std::fs::read_to_string(root().join("schemas/findings.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for args in [&[SHOP][..], &[SHOP, "-f", PROD], &[MANIFESTS]] {
        let json = json(&check(&[args, &["-o", "json"]].concat(), "", 1));
        let errors: Vec<String> =
            validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{args:?}: {errors:?}");
        assert!(!json["findings"].as_array().unwrap().is_empty());
    }
    let wrong = serde_json::json!({"schemaVersion": 1, "findings": [{"rule": "X"}]});
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn the_values_of_a_file_mend_what_the_defaults_leave_open() {
    let all = ["memory-limit", "readiness-probe", "run-as-non-root"];
    let of_shop = |args: &[&str]| {
        let args = [&[SHOP, "-n", "shop", "-o", "json"], args].concat();
        let ran = check(&args, "", 1);
        let json = json(&ran);
        let findings = json["findings"].as_array().unwrap().iter();
        let mine = findings.filter(|one| one["object"]["kind"] == "Deployment");
        let found: Vec<&str> = mine.map(|one| one["rule"].as_str().unwrap()).collect();
        all.into_iter().filter(|rule| found.contains(rule)).collect::<Vec<_>>()
    };
    assert_eq!(of_shop(&[]), all);
    assert_eq!(of_shop(&["-f", PROD]), [""; 0]);
    assert_eq!(of_shop(&["-f", PROD, "--set", "resources=null"]), ["memory-limit"]);
}

#[test]
fn a_chart_names_template_and_manifest() {
    let json = json(&check(&[SHOP, "-o", "json"], "", 1));
    let mut findings = json["findings"].as_array().unwrap().iter();
    let first = findings.find(|one| one["rule"] == "memory-limit").unwrap();
    assert_eq!(first["object"]["kind"], "Deployment");
    let of_role = |role: &str| {
        let mut locations = first["locations"].as_array().unwrap().iter();
        locations.find(|at| at["role"] == role).unwrap_or_else(|| panic!("{role} in {first}"))
    };
    assert_eq!(of_role("template")["file"], format!("{SHOP}/templates/deployment.yaml"));
    assert_eq!(of_role("manifest")["file"], "shop/templates/deployment.yaml");
    assert_eq!(of_role("manifest")["line"], 29);
}

#[test]
fn files_folders_and_standard_input_are_manifests() {
    let folder = check(&[MANIFESTS, "-o", "json"], "", 1);
    assert_eq!(rules(&folder), ["memory-limit", "readiness-probe"]);
    let parts = ["api.yaml", "service.json"].map(|name| format!("{MANIFESTS}/{name}"));
    let files = check(&[&parts[0], &parts[1], "-o", "json"], "", 1);
    assert_eq!(folder.out, files.out, "what is named together is looked at together");
    assert_eq!(rules(&check(&[&parts[0], "-o", "json"], "", 1)), ["memory-limit"]);
    assert_eq!(rules(&check(&["-", "-o", "json"], POD, 1)), ["memory-limit"]);
}

#[test]
fn a_rendered_chart_can_be_piped() {
    let rendered = plimsoll(&["helm", "template", "release-name", SHOP], "");
    let piped = check(&["-", "-o", "json"], &rendered.out, 1);
    assert_eq!(rules(&piped), rules(&check(&[SHOP, "-o", "json"], "", 1)));
    assert!(piped.out.contains("\"file\": \"shop/templates/deployment.yaml\""));
}

#[test]
fn the_threshold_decides_the_exit_status() {
    check(&["-"], POD, 1);
    check(&["-", "--fail-on", "info"], POD, 1);
    check(&["-", "--fail-on", "error"], POD, 0);
    let never = check(&["-", "--fail-on", "never"], POD, 0);
    assert!(never.out.contains("warnings in 1 object\n"), "{}", never.out);
    let fine = "kind: Namespace\napiVersion: v1\nmetadata: {name: n}\n";
    assert_eq!(check(&["-"], fine, 0).out, "no findings in 1 object\n");
}

#[test]
fn a_profile_asks_its_own_rules() {
    check(&["-", "--profile", "pss-baseline"], POD, 0);
    let restricted = check(&["-", "--profile", "pss-restricted", "-o", "json"], POD, 1);
    assert!(!restricted.out.contains("memory-limit"));
    assert!(restricted.out.contains("seccomp-not-set"));
    check(&["-", "--profile", "nope"], POD, 2);
}

#[test]
fn what_cannot_be_done_is_status_2() {
    let says = |args: &[&str], input: &str, said: &str| {
        let ran = check(args, input, 2);
        assert!(ran.err.contains(said), "{said} is missing in:\n{}", ran.err);
        ran
    };
    says(&["nowhere.yaml"], "", "`nowhere.yaml` cannot be read: no such file");
    says(&[], "", "no Chart.yaml");
    says(&[SHOP, "--nope"], "", "unexpected argument '--nope'");
    says(&[SHOP, "-f", "nowhere.yaml"], "", "open nowhere.yaml: no such file or directory");
    says(&[SHOP, "--kube-version", "x"], "", "--kube-version x");
    says(&[MANIFESTS, "-f", PROD], "", "`-f` gives values to a chart");
    says(&["fixtures/charts/broken/chart", "--set", "which=nil"], "", "did you mean `images`?");
    let ran = says(&["-"], &format!("a: [\n---\n{POD}"), "the document is no YAML");
    assert!(ran.out.contains("memory-limit"), "what can be read is still looked at");
}

#[test]
fn colours_are_for_terminals() {
    let colour = |args: &[&str]| check(args, POD, 1).out.contains('\u{1b}');
    assert!(!colour(&["-"]));
    assert!(colour(&["-", "--color", "always"]));
    assert!(!colour(&["-", "--color", "never"]));
}

#[test]
fn what_is_meant_is_said_in_the_manifest() {
    let comment = "# plimsoll:ignore memory-limit it is a test until=2999-01-01\n";
    let ran = check(&["-", "-o", "json"], &format!("{comment}{POD}"), 1);
    assert_eq!(rules(&ran), [""; 0]);
    let over = comment.replace("2999", "2001");
    let ran = check(&["-", "-o", "json"], &format!("{over}{POD}"), 1);
    assert_eq!(rules(&ran), ["memory-limit"]);
    assert!(ran.out.contains("`memory-limit` was ignored until 2001-01-01"));
}

#[test]
fn deep_nesting_is_no_crash() {
    let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
    check(&["-"], &format!("kind: Thing\nspec: {deep}\n"), 0);
}

#[test]
fn help_shows_examples() {
    for args in [&["--help"][..], &["lint", "--help"], &["help", "lint"], &["help"]] {
        let ran = plimsoll(args, "");
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{args:?}");
        assert!(ran.out.contains("Examples:\n  plimsoll lint charts/shop -f values-prod.yaml\n"));
        let wide = ran.out.lines().find(|line| line.chars().count() > 110);
        assert_eq!(wide, None, "{args:?}");
    }
    assert_eq!(
        plimsoll(&["--version"], "").out,
        format!("plimsoll {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(plimsoll(&["lnt"], "").status, 2);
    assert_eq!(plimsoll(&[], "").status, 2);
}

#[test]
fn the_readme_lists_every_rule() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let listed: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for rule in plimsoll_lint::RULES {
        let row = format!("| `{}` | {} | {} |", rule.name, rule.severity.name(), rule.summary());
        assert!(listed.contains(&row.as_str()), "the README lacks: {row}");
    }
}
