//! `plimsoll validate` from its command line to its exit status.

use plimsoll::kube::validate::Validator;
use plimsoll::source::Files;
use plimsoll::{ValidateOptions, Validated, documents, validate_manifests};
use plimsoll_tests::folder::Folder;
use plimsoll_tests::root;
use serde_json::Value;

use crate::plimsoll::{Ran, plimsoll};

const SHOP: &str = "fixtures/validate/shop.yaml";
const CHART: &str = "fixtures/charts/shop/chart";
const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

#[track_caller]
fn check(args: &[&str], input: &str, status: i32) -> Ran {
    let ran = plimsoll(&[&["validate"], args].concat(), input);
    assert_eq!(ran.status, status, "{args:?}\n{}{}", ran.out, ran.err);
    ran
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn each_object_is_judged_and_told_with_its_place() {
    let ran = check(&[SHOP], "", 1);
    let wants = [
        "fixtures/validate/shop.yaml:16:11: Deployment shop is invalid: strict decoding error: unknown field \"spec.template.spec.containers[0].nodeSelector\"",
        "help: `nodeSelector` is a field of PodSpec, above: it is indented too deep",
        "Service shop is invalid: spec.ports[1].name: Required value",
        "Service shop is invalid: spec.ports[1].targetPort: Invalid value: \"https_api\"",
        "no matches for kind \"CronJob\" in version \"batch/v1beta1\"",
        "4 documents: 1 valid, 3 invalid",
    ];
    for want in wants {
        assert!(ran.out.contains(want), "{want}\n{}", ran.out);
    }
}

#[test]
fn json_has_a_row_for_each_object() {
    let json = json(&check(&[SHOP, "-o", "json"], "", 1));
    let rows = json["documents"].as_array().unwrap();
    let got: Vec<(&str, u64, bool)> = rows
        .iter()
        .map(|row| {
            let kind = row["kind"].as_str().unwrap();
            (kind, row["line"].as_u64().unwrap(), row["valid"].as_bool().unwrap())
        })
        .collect();
    let want = [
        ("Deployment", 2, false),
        ("Service", 18, false),
        ("ConfigMap", 28, true),
        ("CronJob", 35, false),
    ];
    assert_eq!(got, want);
}

#[test]
fn a_text_that_is_no_object_has_a_row_too() {
    let json = json(&check(&["-", "-o", "json"], "a: [\n", 1));
    let row = &json["documents"][0];
    assert!(row["kind"].is_null());
    assert_eq!(row["valid"], false);
    assert_eq!(row["findings"].as_array().unwrap().len(), 1);
    assert_eq!(
        self::json(&check(&["-", "-o", "json"], "", 0))["documents"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn what_cannot_be_read_or_understood_is_status_two() {
    check(&["no/such/file.yaml"], "", 2);
    check(&["-", "--kube-version", "1.20"], MAP, 2);
    check(&["-", "--output", "xml"], MAP, 2);
}

#[test]
fn kinds_are_skipped_and_rejected() {
    check(&[SHOP, "--skip", "Deployment,Service,CronJob"], "", 0);
    check(&["-", "--reject", "v1/ConfigMap"], MAP, 1);
}

#[test]
fn groups_that_nobody_knows_are_valid_unless_asked() {
    let text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n";
    let ran = check(&["-", "-o", "json"], text, 0);
    assert_eq!(json(&ran)["documents"][0]["findings"][0]["rule"], "no-schema");
    check(&["-", "--strict-schemas"], text, 1);
    let ran = check(&["-", "-o", "json", "--ignore-missing-schemas"], text, 0);
    assert!(json(&ran)["documents"][0]["findings"].as_array().unwrap().is_empty());
}

#[test]
fn several_versions_give_a_row_each() {
    let text = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta2\nkind: FlowSchema\nmetadata: {name: a}\nspec: {priorityLevelConfiguration: {name: x}}\n";
    let json = json(&check(&["-", "-o", "json", "--kube-version", "1.28,1.29"], text, 1));
    let valid: Vec<bool> =
        json["documents"].as_array().unwrap().iter().map(|row| row["valid"] == true).collect();
    assert_eq!(valid, [true, false]);
    assert_eq!(json["documents"][1]["kubeVersion"], "1.29");
}

#[test]
#[cfg_attr(windows, ignore = "paths of the fixtures")]
fn charts_are_rendered_and_their_templates_named() {
    let json = json(&check(&[CHART, "-o", "json"], "", 0));
    assert!(json["documents"].as_array().unwrap().len() > 1);
    let ran = check(&[CHART, "-o", "json", "--set-string", "image.tag=1", "-n", "Bad_Name"], "", 0);
    assert!(ran.err.is_empty(), "{}", ran.err);
}

const WIDGETS: &str = "fixtures/validate/widgets.yaml";

#[test]
fn rules_of_definitions_among_the_manifests_are_asked() {
    let ran = check(&[WIDGETS], "", 1);
    let wants = [
        "Widget small is invalid: spec.replicas: Invalid value: replicas below minReplicas",
        "Widget red is invalid: spec: Forbidden: no red XL",
        "4 documents: 2 valid, 2 invalid",
    ];
    for want in wants {
        assert!(ran.out.contains(want), "{want}\n{}", ran.out);
    }
}

#[test]
fn schemas_are_found_where_kubeconform_would_find_them() {
    let text =
        "apiVersion: parts.example.com/v1\nkind: Gear\nmetadata: {name: a}\nspec: {teeth: many}\n";
    let place = "fixtures/validate/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json";
    let args = ["-", "--schema-location", "default", "--schema-location", place];
    let ran = check(&args, text, 1);
    let want = "<stdin>:4:15: Gear a is invalid: spec.teeth: value is not of type \"integer\"";
    assert!(ran.out.contains(want), "{}", ran.out);
    check(&args, &text.replace("many", "12"), 0);
    check(&["-", "--crd", "fixtures/validate/none.yaml"], text, 2);
}

#[test]
fn several_versions_are_shown_as_a_table() {
    let text = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta2\nkind: FlowSchema\nmetadata: {name: a}\nspec: {priorityLevelConfiguration: {name: x}}\n";
    let ran = check(&["-", "--kube-version", "1.28,1.29"], text, 1);
    assert!(ran.out.contains("<stdin>:1 FlowSchema a  valid     invalid\n"), "{}", ran.out);
}

#[test]
fn what_is_wrong_in_a_chart_names_its_template_and_its_values() {
    let ran = check(&[CHART, "-o", "json", "--set", "service.type=Nope"], "", 1);
    let json = json(&ran);
    let rows = json["documents"].as_array().unwrap();
    let found = rows.iter().flat_map(|row| row["findings"].as_array().unwrap());
    let invalid: Vec<&Value> = found.filter(|one| one["rule"] == "invalid").collect();
    assert!(!invalid.is_empty(), "{}", ran.out);
    let first = &invalid[0]["locations"][0];
    assert_eq!(first["role"], "template");
    assert!(first["line"].as_u64().unwrap() > 1, "{first}");
}

#[test]
fn json_is_as_its_schema_says() {
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(root().join("schemas").join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    // One schema out of two: the second is the first's neighbour.
    let whole = read("validation.schema.json").to_string();
    let mut schema: Value =
        serde_json::from_str(&whole.replace("findings.schema.json#", "#")).unwrap();
    for (name, part) in read("findings.schema.json")["$defs"].as_object().unwrap() {
        schema["$defs"][name] = part.clone();
    }
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for args in [&[SHOP, "-o", "json"][..], &[CHART, "-o", "json"], &["-", "-o", "json"]] {
        let json: Value =
            serde_json::from_str(&plimsoll(&[&["validate"], args].concat(), "a: [").out).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{args:?}: {errors:?}");
    }
}

/// What is said of one text, without a command around it.
fn validated(text: &str) -> Vec<Validated> {
    let mut files = Files::new();
    let id = files.add("a.yaml", text.as_bytes());
    let options = ValidateOptions {
        skip: &[],
        reject: &[],
        ignore_missing_schemas: false,
        schemas: None,
        together: false,
        origins: &|_, _| Vec::new(),
    };
    let documents = documents(&files, &[id]);
    validate_manifests(&files, &[id], &documents, &Validator::default(), &options)
}

#[test]
fn what_kubectl_reads_is_read_and_what_it_refuses_is_told() {
    let answers = std::fs::read_to_string(root().join("fixtures/kubectl/answers.jsonl")).unwrap();
    for line in answers.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let name = answer["name"].as_str().unwrap();
        let rows = validated(answer["text"].as_str().unwrap());
        let left_out = ["unread-document", "kubectl-refuses"];
        let told = |row: &Validated| {
            !row.valid || row.findings.iter().any(|finding| left_out.contains(&finding.rule))
        };
        let refused = !answer["errors"].as_array().unwrap().is_empty();
        assert!(!refused || rows.iter().any(told), "{name}: kubectl refuses it\n{rows:?}");
        let mut wanted = answer["objects"].as_array().unwrap().clone();
        for row in &rows {
            let Some(id) = &row.object else { continue };
            let have = format!("{} {} {}", id.api_version, id.kind, id.name);
            match wanted.iter().position(|want| *want == have) {
                Some(at) => drop(wanted.remove(at)),
                // Behind an error kubectl reads no further; here the rest is looked at all the same.
                None => assert!(refused || told(row), "{name}: kubectl does not read {have}"),
            }
        }
        // A field `items` makes a list of any object for kubectl; for the server it is unknown.
        if !name.starts_with("items in ") {
            assert!(wanted.is_empty(), "{name}: kubectl reads {wanted:?}\n{rows:?}");
        }
    }
}

#[test]
fn a_missing_separator_is_named() {
    let ran = check(&["-"], &format!("{MAP}{MAP}"), 1);
    assert!(ran.out.contains("write `---` between two objects"), "{}", ran.out);
}

#[test]
fn a_name_that_the_server_makes_is_for_create_alone() {
    let text = MAP.replace("name: a", "generateName: a-");
    let json = json(&check(&["-", "-o", "json"], &text, 0));
    let finding = &json["documents"][0]["findings"][0];
    assert_eq!(
        (finding["rule"].as_str(), finding["severity"].as_str()),
        (Some("generate-name"), Some("info"))
    );
}

#[test]
fn texts_in_utf_16_are_read_whole() {
    let folder = Folder::new(&[]);
    let text = format!("\u{feff}{MAP}---\r\n{}", MAP.replace("name: a", "name: b"));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder.path().join("a.yaml"), bytes).unwrap();
    let file = folder.path().join("a.yaml");
    let json = json(&check(&[file.to_str().unwrap(), "-o", "json"], "", 0));
    assert_eq!(json["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn objects_are_looked_at_together() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b, env: [{name: A, valueFrom: {configMapKeyRef: {name: a, key: k}}}], envFrom: [{secretRef: {name: s}}]}]}\n";
    let text = format!("{MAP}data: {{b: c}}\n---\n{pod}");
    let ran = check(&["-"], &text, 0);
    assert!(ran.out.contains("the ConfigMap \"a\" has no key \"k\""), "{}", ran.out);
    assert!(!ran.out.contains("Secret"), "{}", ran.out);
    let ran = check(&["-", "--verbose"], &text, 0);
    assert!(ran.out.contains("the Secret \"s\" is not among these objects"), "{}", ran.out);
}

#[test]
fn a_real_servers_answers_are_ours() {
    let file = root().join("fixtures/validate/server-answers.jsonl");
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let row = &validated(answer["yaml"].as_str().unwrap())[0];
        assert_eq!(answer["accepted"], row.valid, "{line}\n{:?}", row.findings);
        let paths = answer["paths"].as_array().unwrap();
        let same = |finding: &plimsoll::source::Finding| paths.iter().any(|at| *at == finding.path);
        let told = paths.is_empty() || row.findings.iter().any(same);
        assert!(told, "{line}\n{:?}", row.findings);
        let says = answer["says"].as_array().map_or(&[][..], Vec::as_slice);
        for want in says {
            let said = |one: &plimsoll::source::Finding| {
                format!("{}: {}", one.path, one.message) == want.as_str().unwrap()
            };
            assert!(row.findings.iter().any(said), "{line}\n{:?}", row.findings);
        }
    }
}
