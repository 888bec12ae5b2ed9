//! Docker Compose files as values of the universal chart.
//!
//! Every key of the file is translated or listed as not: a section knows which of its keys
//! were asked for, and tells of the rest by itself. What is translated aims at the same behaviour
//! in a cluster: a service keeps its name in DNS, so that addresses in its neighbours' environment
//! stay valid.

mod container;
mod deploy;
#[cfg(test)]
mod every_key;
mod health;
mod interpolate;
mod out;
mod ports;
mod section;
mod service;
mod units;
mod volumes;

use plimsoll_source::{FileId, Span};
use plimsoll_yaml::{Kind, Node};

use out::Out;
use section::{Notes, Section};

/// What a compose file became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Values for the universal chart, as YAML.
    pub values: Vec<u8>,
    /// What was not translated, or only with a guess, in the file's order.
    pub notes: Vec<Note>,
}

/// A key that is not translated, or a guess that the author should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it stands in the compose file.
    pub span: Span,
    /// The way to the key: `services.db.volumes`.
    pub key: String,
    /// Why it is not there, and what to do.
    pub text: String,
}

/// Why a text is no compose file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposeError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}

/// Translates a compose file. `variable` answers `${NAME}` where the caller knows more than the
/// default that the file gives.
pub fn import(
    text: &[u8],
    file: FileId,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Imported, ComposeError> {
    let node = read(text, file)?;
    let notes = Notes::new(text, variable);
    let root = Section::new(&node, String::new(), &notes);
    let Some(root) = root else {
        let message = "a compose file is a map with `services`".to_owned();
        return Err(ComposeError { message, span: Some(node.span) });
    };
    let values = project(&root, &notes)?;
    root.finish(section::not_translated);
    Ok(Imported { values: values.to_yaml(), notes: notes.into_sorted() })
}

/// The file, in which no key may stand twice; one that overrides a merged one does not.
fn read(text: &[u8], file: FileId) -> Result<Node, ComposeError> {
    let mut documents = plimsoll_yaml::documents(text, file);
    let Some(document) = documents.next() else {
        return Ok(Node { kind: Kind::Null, span: Span::new(file, 0, 0) });
    };
    let failed = |message: String, span| Err(ComposeError { message, span });
    match document.root {
        Err(error) => failed(error.message, error.span),
        Ok(_) if !document.duplicates.is_empty() => {
            let twice = &document.duplicates[0];
            let key = String::from_utf8_lossy(&twice.key);
            failed(format!("`{key}` stands twice in one map"), Some(twice.again))
        }
        Ok(_)
            if documents.next().is_some_and(|next| next.root.is_ok_and(|root| !root.is_null())) =>
        {
            failed("a compose file is one document".to_owned(), None)
        }
        Ok(node) => Ok(node),
    }
}

fn project(root: &Section<'_>, notes: &Notes<'_>) -> Result<Out, ComposeError> {
    root.ignore(&["version", "name"]);
    let Some(services) = root.section("services") else {
        let given = root.get("services").map(|services| services.node.span);
        let message = match given {
            Some(_) => "`services` must be a map, a name for each service",
            None => "the file has no `services`",
        };
        return Err(ComposeError { message: message.to_owned(), span: given });
    };
    let volumes = volumes::Named::read(root.section("volumes"), &services);
    if let Some(networks) = root.section("networks") {
        networks
            .note_all("pods of a namespace reach each other; use `networkPolicies` to limit it");
    }
    for (key, family) in [("configs", "configMaps"), ("secrets", "secrets")] {
        if let Some(section) = root.section(key) {
            section.note_all(&format!("files are not read; put the content into `{family}`"));
        }
    }
    let mut families = service::Families::default();
    for (name, service) in services.sections() {
        service::translate(&name, &service, &volumes, &services, notes, &mut families);
        service.finish(section::not_translated);
    }
    volumes.finish(&mut families);
    Ok(families.into_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> (String, Vec<String>) {
        let known = |name: &str| (name == "TAG").then(|| "7".to_owned());
        let done = import(text.as_bytes(), FileId(0), &known).expect("it is a compose file");
        let notes = done.notes.iter().map(|note| format!("{}: {}", note.key, note.text)).collect();
        (String::from_utf8(done.values).expect("YAML is UTF-8"), notes)
    }

    #[test]
    fn a_service_becomes_a_deployment_and_a_service() {
        let (values, notes) = run(
            "services:\n  web:\n    image: nginx:${TAG}\n    ports: [\"8080:80\"]\n    environment:\n      A: 1\n      B: ${B:-x}\n    read_only: true\n    user: \"101:102\"\n",
        );
        let wanted = "profile: modern\nreleasePrefix: '-'\ndeployments:\n  web:\n    replicas: 1\n    containers:\n      web:\n        image: nginx\n        imageTag: \"7\"\n        env:\n          A: \"1\"\n          B: x\n        ports:\n          - name: tcp-80\n            containerPort: 80\n        securityContext:\n          runAsUser: 101\n          runAsGroup: 102\nservices:\n  web:\n    workload: web\n    ports:\n      - name: tcp-80\n        port: 80\n        targetPort: 80\n";
        assert_eq!(values, wanted);
        assert_eq!(
            notes,
            [
                "services.web.ports[0]: the host's port 8080 is not opened: reach the Service by an ingress, or set `services.web.type: LoadBalancer`"
            ]
        );
    }

    #[test]
    fn what_nothing_knows_is_listed_and_extensions_are_not() {
        let (_, notes) = run(
            "x-a: &a {logging: {driver: none}}\nservices:\n  web:\n    <<: *a\n    image: i\n    shrug: 1\n    container_name: w\nfrobs: {}\n",
        );
        let keys: Vec<&str> = notes.iter().map(|note| note.split(": ").next().unwrap()).collect();
        assert_eq!(
            keys,
            ["services.web.logging", "services.web.shrug", "services.web.container_name", "frobs"]
        );
    }

    #[test]
    fn anchors_may_be_overridden_where_they_are_merged() {
        let (values, notes) = run(
            "x-env: &env {A: 1, B: 2}\nx-all: &all {image: i, environment: {C: 3}}\nservices:\n  web:\n    <<: *all\n    environment:\n      <<: *env\n      B: 4\n",
        );
        assert!(values.contains("env:\n          A: \"1\"\n          B: \"4\"\n"), "{values}");
        assert!(!values.contains("C:") && notes.is_empty(), "{values}{notes:?}");
    }

    #[test]
    fn what_compose_would_ask_for_is_asked_for() {
        let (_, notes) = run("services:\n  web:\n    image: ${X:?say x}\n  db: {}\n");
        assert_eq!(
            notes,
            [
                "services.web.image: `${X}` must be given (say x): name a file with `--env-file`",
                "services.db: no `image`: build one, and name it here",
            ]
        );
    }

    #[test]
    fn a_volume_of_one_service_makes_it_stateful() {
        let (values, _) = run(
            "services:\n  db:\n    image: postgres@sha256:ab\n    volumes: [\"data:/var/lib/postgresql/data\", \"./x:/y:ro\"]\nvolumes: {data: }\n",
        );
        assert!(values.contains("statefulSets:\n  db:"), "{values}");
        assert!(
            values.contains("volumeClaimTemplates:\n      - metadata:\n          name: data\n"),
            "{values}"
        );
        assert!(values.contains("image: postgres@sha256:ab\n"), "{values}");
    }

    #[test]
    fn checks_limits_and_updates_are_translated() {
        let (values, notes) = run(
            "services:\n  web:\n    image: i\n    healthcheck:\n      test: curl -f localhost\n      interval: 1m30s\n      retries: 3\n    deploy:\n      replicas: 4\n      resources:\n        limits: {cpus: '0.50', memory: 512M}\n      update_config: {parallelism: 2, order: start-first, failure_action: rollback}\n      rollback_config: {parallelism: 1}\n",
        );
        for part in [
            "replicas: 4\n",
            "maxSurge: 2\n",
            "maxUnavailable: 0\n",
            "cpu: 500m\n",
            "memory: 512Mi\n",
            "periodSeconds: 90\n",
            "- curl -f localhost\n",
        ] {
            assert!(values.contains(part), "{part} in {values}");
        }
        assert!(notes.iter().any(|note| note.starts_with("services.web.deploy.rollback_config: ")));
        assert!(notes.iter().any(|note| note.contains("update_config.failure_action: ")));
    }

    #[test]
    fn what_two_keys_say_of_one_is_joined() {
        let (values, _) = run(
            "services:\n  web:\n    image: i\n    mem_limit: 1g\n    platform: linux/amd64\n    deploy:\n      resources: {limits: {cpus: 1}}\n      placement: {constraints: [node.labels.disk == ssd]}\n",
        );
        assert_eq!(values.matches("nodeSelector:").count(), 1, "{values}");
        assert_eq!(values.matches("limits:").count(), 1, "{values}");
        assert!(values.contains("disk: ssd") && values.contains("kubernetes.io/arch: amd64"));
    }

    #[test]
    fn what_is_no_compose_file_is_refused_with_its_place() {
        let none = |_: &str| None;
        let refused = |text: &str| import(text.as_bytes(), FileId(0), &none).expect_err("refused");
        assert_eq!(refused("- a").message, "a compose file is a map with `services`");
        assert_eq!(refused("a: 1").message, "the file has no `services`");
        let list = refused("services: [a]");
        assert_eq!(list.message, "`services` must be a map, a name for each service");
        assert_eq!(list.span.map(|span| span.start), Some(10));
        let twice = refused("services: {a: {image: b}, a: {}}");
        assert_eq!(twice.message, "`a` stands twice in one map");
        assert_eq!(twice.span.map(|span| span.start), Some(26));
        assert!(refused("a: &a [*a]\nservices: {}").span.is_some());
        assert_eq!(refused("services: {}\n---\na: 1\n").message, "a compose file is one document");
    }
}
