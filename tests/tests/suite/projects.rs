//! What commands make of a project: its chart, its environments, its settings.

use plimsoll_tests::folder::Folder;

use crate::plimsoll::{Ran, plimsoll_in};

/// A version of an API that went away with Kubernetes 1.29.
const FLOW: &str = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta2\nkind: FlowSchema\n\
    metadata: {name: {{ .Values.name }}}\nspec: {priorityLevelConfiguration: {name: x}}\n";

fn project() -> Folder {
    Folder::new(&[
        (
            ".plimsoll.yaml",
            "charts: chart\nenvironments:\n  old: {kubeVersion: \"1.28\"}\n  named: {values: named.yaml}\n",
        ),
        ("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
        ("chart/values.yaml", "name: a\n"),
        ("chart/templates/flow.yaml", FLOW),
        ("named.yaml", "name: Not_A_Name\n"),
        ("services/a/values.yaml", "name: a\n"),
    ])
}

#[track_caller]
fn check(project: &Folder, args: &[&str], input: &str, status: i32) -> Ran {
    let ran = plimsoll_in(project.path(), args, input);
    assert_eq!(ran.status, status, "{args:?}\n{}{}", ran.out, ran.err);
    ran
}

#[test]
fn validate_follows_the_environment() {
    let project = project();
    check(&project, &["validate", "chart"], "", 1);
    check(&project, &["validate", "chart", "-e", "old"], "", 0);
    let named = check(&project, &["validate", "chart", "--kube-version", "1.28"], "", 0);
    assert!(!named.out.contains("Not_A_Name"), "{}", named.out);
    let args = ["validate", "chart", "-e", "named", "--kube-version", "1.28"];
    let named = check(&project, &args, "", 1);
    assert!(named.out.contains("Not_A_Name"), "{}", named.out);
    let over = ["validate", "chart", "-e", "named", "-f", "services/a/values.yaml"];
    let over = check(&project, &[&over[..], &["--kube-version", "1.28"]].concat(), "", 0);
    assert!(over.err.is_empty(), "{}", over.err);
    check(&project, &["validate", "chart", "-e", "nope"], "", 2);
}

#[test]
fn without_inputs_it_is_the_projects_chart() {
    for command in ["validate", "lint"] {
        let ran = plimsoll_in(project().path(), &[command], "");
        assert!(ran.err.contains("the chart is chart, from .plimsoll.yaml"), "{}", ran.err);
        assert!(ran.out.contains("chart/templates/flow.yaml"), "{}", ran.out);
    }
}

#[test]
fn each_release_is_checked_for_its_environment() {
    let project = project();
    let each = ["render", "--each", "services/*/values.yaml"];
    let ran = check(&project, &each, "", 1);
    assert!(ran.err.contains("no matches for kind \"FlowSchema\""), "{}", ran.err);
    check(&project, &[&each[..], &["-e", "old"]].concat(), "", 0);
}

#[test]
fn what_is_written_to_a_folder_is_checked_too() {
    let project = project();
    let ran = check(&project, &["render", "chart", "--output-dir", "out"], "", 1);
    assert_eq!(ran.out, "wrote out/c/templates/flow.yaml\n\n");
    assert!(ran.err.contains("no matches for kind \"FlowSchema\""), "{}", ran.err);
    let args = ["render", "chart", "--output-dir", "out", "--no-validate"];
    assert_eq!(check(&project, &args, "", 0).err, "");
}

#[test]
fn limits_are_flags_of_every_command_with_a_chart() {
    let project = project();
    project.write(
        "chart/templates/loop.yaml",
        "{{ range until 200 }}{{ printf \"%9000d\" . }}{{ end }}\n",
    );
    let cases: [(&[&str], &str); 4] = [
        (&["--max-steps", "100"], "templates take more than 100 steps"),
        (&["--max-output", "1"], "templates make more than 1 MiB"),
        (&["--max-depth", "0"], "more than 0 levels deep"),
        (&["--max-depth", "110001"], "`--max-depth` is at most 110000"),
    ];
    for command in ["render", "lint", "validate"] {
        for (flags, said) in cases {
            let ran = check(&project, &[&[command, "chart"], flags].concat(), "", 2);
            assert!(ran.err.contains(said) && ran.out.is_empty(), "{said}\n{}{}", ran.out, ran.err);
        }
        let help = plimsoll_in(project.path(), &[command, "--help"], "").out;
        assert!(help.contains("--max-steps") && help.contains("--max-output"), "{help}");
    }
    let ran = check(&project, &["render", "chart", "--max-steps", "100"], "", 2);
    assert!(ran.err.contains("`--max-steps N` allows more"), "{}", ran.err);
}

#[test]
fn lint_tells_the_template_line_also_of_values_from_standard_input() {
    let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec:\n  containers:\n    - name: a\n      \
               image: {{ .Values.image }}\n";
    let project = project();
    project.write("chart/templates/flow.yaml", pod);
    let args = ["lint", "chart", "-f", "-", "-o", "json"];
    let ran = check(&project, &args, "image: a:latest\n", 1);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let mut findings = json["findings"].as_array().unwrap().iter();
    let latest = findings.find(|one| one["message"].to_string().contains("latest")).unwrap();
    let template = &latest["locations"][0];
    assert_eq!((&template["role"], &template["line"]), (&"template".into(), &7.into()), "{latest}");
}

/// A pod that no cluster would refuse, and that runs as root on the node's network.
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  \
    containers: [{name: c, image: 'a/b:1'}]\n";

fn rules(ran: &Ran) -> Vec<String> {
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let findings = told["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| format!("{} {}", finding["severity"], finding["rule"]).replace('"', ""))
        .collect()
}

#[test]
fn the_policy_steers_lint_and_flags_win_over_it() {
    let policy = "policy:\n  profile: all\n  failOn: error\n  externals: []\n  rules:\n    \
                  memory-limit: info\n    host-network: off\n    run-as-non-root: error\n\
                  environments:\n  strict: {profile: pss-restricted, values: strict.yaml}\n";
    let project = Folder::new(&[
        (".plimsoll.yaml", policy),
        ("pod.yaml", POD),
        ("strict.yaml", "a: 1\n"),
        ("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
        ("chart/templates/pod.yaml", POD),
    ]);
    let all = check(&project, &["lint", "pod.yaml", "-o", "json"], "", 1);
    assert!(all.err.contains("`policy.externals` of .plimsoll.yaml is not followed yet"));
    let all = rules(&all);
    assert!(all.contains(&"info memory-limit".to_owned()), "{all:?}");
    assert!(all.contains(&"error run-as-non-root".to_owned()), "{all:?}");
    assert!(!all.iter().any(|one| one.contains("host-network")), "{all:?}");
    let baseline = ["lint", "pod.yaml", "-o", "json", "--profile", "pss-baseline"];
    let few = rules(&check(&project, &baseline, "", 1));
    assert!(few.len() < all.len(), "{few:?} {all:?}");
    check(&project, &["lint", "pod.yaml", "--fail-on", "never"], "", 0);
    let strict = check(&project, &["lint", "chart", "-e", "strict", "-o", "json"], "", 1);
    assert!(rules(&strict).iter().any(|rule| rule.contains("seccomp")), "{:?}", rules(&strict));
}

#[test]
fn the_projects_definitions_are_known_to_validate_and_render() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
        metadata: {name: boats.sea.example}\nspec:\n  group: sea.example\n  scope: Namespaced\n  \
        names: {kind: Boat, plural: boats}\n  versions:\n  - name: v1\n    served: true\n    \
        storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        \
        properties:\n          spec:\n            type: object\n            properties:\n              \
        load: {type: integer, maximum: 10}\n";
    let boat = "apiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: b}\nspec: {load: 11}\n";
    let project = Folder::new(&[
        (".plimsoll.yaml", "schemas: [crds]\n"),
        ("crds/boats.yaml", definition),
        ("boat.yaml", boat),
        ("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
        ("chart/templates/boat.yaml", boat),
    ]);
    let ran = check(&project, &["validate", "boat.yaml"], "", 1);
    assert!(ran.out.contains("spec.load"), "{}", ran.out);
    let ran = check(&project, &["render", "chart"], "", 1);
    assert!(ran.err.contains("spec.load"), "{}", ran.err);
    project.write(".plimsoll.yaml", "schemas: [none]\n");
    let ran = check(&project, &["validate", "boat.yaml"], "", 2);
    assert!(ran.err.contains("`schemas` of .plimsoll.yaml: "), "{}", ran.err);
}
