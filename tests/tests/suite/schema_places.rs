//! Definitions and schemas that `plimsoll validate` reads from URLs, against servers that the tests
//! start.

use std::time::Duration;

use plimsoll_tests::folder::Folder;
use plimsoll_tests::server::{Answer, Seen, Server};

use crate::plimsoll::{Ran, plimsoll};

const GEAR: &str =
    "apiVersion: parts.example.com/v1\nkind: Gear\nmetadata: {name: a}\nspec: {teeth: many}\n";

const SCHEMA: &str = r#"{"properties":{"spec":{"properties":{"teeth":{"type":"integer"}}}}}"#;

const CRD: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: gears.parts.example.com}\nspec:\n  group: parts.example.com\n  scope: Namespaced\n  names: {plural: gears, kind: Gear, singular: gear, listKind: GearList}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {teeth: {type: integer}}}}}\n";

/// What is said of gears with `--crd` or `--schema-location` at a server.
fn asked(flag: &str, place: &str, input: &str) -> Ran {
    plimsoll(&["validate", "-", flag, place], input)
}

/// The same where the server answers everything alike.
#[track_caller]
fn check(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static, status: [i32; 2], want: &str) {
    let server = Server::start(answer);
    for (flag, status) in ["--crd", "--schema-location"].into_iter().zip(status) {
        let ran = asked(flag, &format!("{}/gear.json", server.url()), GEAR);
        let said = format!("{}{}", ran.out, ran.err).replace(&server.host(), "HOST");
        assert_eq!(ran.status, status, "{flag}: {said}");
        assert!(said.contains(want), "{flag}: {said}");
    }
}

#[test]
fn definitions_come_from_urls() {
    let server = Server::start(|_| Answer::ok(CRD));
    let ran = asked("--crd", &server.url(), GEAR);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("spec.teeth in body must be of type integer"), "{}", ran.out);
    assert_eq!(asked("--crd", &server.url(), &GEAR.replace("many", "3")).status, 0);
}

#[test]
fn schemas_come_from_urls_each_once_and_only_for_kinds_that_nobody_knows() {
    let server = Server::start(|seen| match seen.target.as_str() {
        "/parts.example.com/gear_v1.json" => Answer::ok(SCHEMA),
        _ => Answer::status(404),
    });
    let place = format!(
        "{}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json",
        server.url()
    );
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let other = GEAR.replace("Gear", "Other");
    let text = [GEAR, map, &GEAR.replace("name: a", "name: b"), &other, &other].join("---\n");
    let ran = asked("--schema-location", &place, &text);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert_eq!(ran.out.matches("spec.teeth: value is not of type \"integer\"").count(), 2);
    let targets: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/parts.example.com/gear_v1.json", "/parts.example.com/other_v1.json"]);
}

#[test]
fn redirects_are_followed_and_late_answers_waited_for() {
    let late = |answer| Answer::Late(Duration::from_millis(300), Box::new(answer));
    let server = Server::start(move |seen| match seen.target.as_str() {
        "/new.json" => late(Answer::ok(SCHEMA)),
        _ => Answer::status(302).header("Location", "/new.json"),
    });
    let ran = asked("--schema-location", &format!("{}/old.json", server.url()), GEAR);
    assert!(ran.out.contains("spec.teeth"), "{}{}", ran.out, ran.err);
    assert_eq!(ran.status, 1);
}

#[test]
fn what_is_not_there_is_told() {
    let server = Server::start(|_| Answer::status(404));
    let ran = asked("--schema-location", &format!("{}/gear.json", server.url()), GEAR);
    assert_eq!((ran.status, ran.out.contains("no schema for")), (0, true), "{}", ran.out);
    let ran = asked("--crd", &server.url(), GEAR);
    assert_eq!((ran.status, ran.err.contains("there is no `http://")), (2, true), "{}", ran.err);
}

#[test]
fn faults_of_servers_are_told() {
    check(|_| Answer::status(500), [2, 1], "answered 500 Internal Server Error");
    check(|_| Answer::HangUp, [2, 1], "EOF");
    check(|_| Answer::Truncated(SCHEMA.as_bytes().to_vec()), [2, 1], "unexpected EOF");
    check(|_| Answer::Endless, [2, 1], "is larger than 64 MiB, which is the most that is read");
    let around = |_: &Seen| Answer::status(302).header("Location", "/gear.json");
    check(around, [2, 1], "stopped after 10 redirects");
    check(|_| Answer::ok("{"), [0, 1], "");
}

#[test]
fn nothing_is_asked_that_was_not_named() {
    let server = Server::start(|_| Answer::ok(SCHEMA));
    let schema = format!(r#"{{"$ref":"{}/other.json"}}"#, server.url());
    let folder = Folder::new(&[("gear.json", &schema)]);
    let place = folder.path().join("gear.json");
    let ran = asked("--schema-location", place.to_str().unwrap(), GEAR);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("other documents are not read"), "{}", ran.out);
    assert!(server.seen().is_empty());
}
