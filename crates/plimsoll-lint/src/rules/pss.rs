//! The Pod Security Standards: the same verdicts as Kubernetes' own admission gives.

use plimsoll_kube::{Document, Fields, Node, objects, read_documents};
use plimsoll_source::FileId;

use crate::{ObjectSet, Profile, Settings, lint};

/// Pods and verdicts that `crates/xtask/oracle/pss` got of k8s.io/pod-security-admission 0.37.
const CASES: &str = include_str!("../../../../fixtures/lint/pss.jsonl");

fn rules(documents: &[Document], profile: Profile, minor: u32) -> Vec<&'static str> {
    let settings = Settings::new(profile, (1, minor));
    let found = lint(&ObjectSet::new(documents, "default"), &settings);
    found.into_iter().map(|one| one.finding.rule).collect()
}

#[test]
fn verdicts_are_those_of_pod_security_admission() {
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let documents = read_documents(line.as_bytes(), FileId(0));
        let pod = objects(&documents)[0].node;
        let verdict = pod.field("verdict").unwrap();
        let minor = verdict.integer("minor").unwrap() as u32;
        let levels = [("baseline", Profile::PssBaseline), ("restricted", Profile::PssRestricted)];
        for (level, profile) in levels {
            let allowed = verdict.field(level).and_then(Node::as_bool).unwrap();
            let found = rules(&documents, profile, minor);
            if allowed != found.is_empty() {
                wrong.push(format!("1.{minor} {level} {allowed}: {found:?}\n{line}"));
            }
        }
    }
    assert!(CASES.lines().count() > 1000);
    assert!(wrong.is_empty(), "{} differ, first:\n{}", wrong.len(), wrong[0]);
}
