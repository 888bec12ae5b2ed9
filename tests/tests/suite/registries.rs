//! OCI registries, against servers that the tests start.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use plimsoll_tests::home::Home;
use plimsoll_tests::registry::{Registry, digest};
use plimsoll_tests::server::{Answer, Server};

fn home() -> Home {
    Home::new(crate::plimsoll::folder().join("plimsoll"))
}

/// A registry with the chart `charts/alpha` in three versions.
fn registry(home: &Home) -> Registry {
    let mut registry = Registry::default();
    for version in ["1.0.0", "1.1.0", "2.0.0-rc.1"] {
        registry.push("charts/alpha", version, &home.chart("alpha", version));
    }
    registry
}

fn reference(server: &Server, rest: &str) -> String {
    format!("oci://{}/charts/alpha{rest}", server.host())
}

#[test]
fn charts_are_pulled_by_tag_range_and_digest() {
    let home = home();
    let mut registry = registry(&home);
    let plus = registry.push("charts/alpha", "1.2.3_b.5", &home.chart("alpha", "1.2.3+b.5"));
    let server = Server::start(move |seen| registry.answer(seen));
    let pull = |rest: &str, flags: &[&str]| {
        home.ok(&[&["pull", &reference(&server, rest), "--plain-http"], flags].concat())
    };
    let said = pull("", &["--version", "~1.1"]);
    assert!(
        said.starts_with(&format!("Pulled: {}/charts/alpha:1.1.0\nDigest: sha256:", server.host()))
    );
    pull(":1.0.0", &[]);
    pull("", &["--devel"]);
    let said = pull("", &[]);
    assert!(said.contains("alpha:1.2.3_b.5 contains an underscore.\n"), "{said}");
    pull(&format!("@{plus}"), &["-d", "."]);
    assert_eq!(home.files("work").len(), 5);
    let template = home.helm(&["template", &reference(&server, ""), "--plain-http"]);
    assert!(
        template.out.starts_with("---\n# Source: alpha") && template.err.starts_with("Pulled: ")
    );
    assert_eq!(
        home.fails(&["pull", &reference(&server, ""), "--plain-http", "--version", "^7"]),
        "could not locate a version matching provided version string ^7"
    );
    let said = home.fails(&["pull", &reference(&server, ":9.0.0"), "--plain-http"]);
    assert!(said.ends_with("/charts/alpha:9.0.0: not found"), "{said}");
    let said = home.fails(&["pull", &reference(&server, ""), "--version", "1.0.0"]);
    assert!(said.ends_with("http: server gave HTTP response to HTTPS client"), "{said}");
}

#[test]
fn a_login_is_kept_and_forgotten() {
    let home = home();
    let registry = registry(&home);
    let server = Server::start(move |seen| match seen.header("authorization") {
        Some("Basic dTpw") => registry.answer(seen),
        _ => Answer::status(401).header("WWW-Authenticate", "Basic realm=\"r\""),
    });
    let (host, chart) = (server.host(), reference(&server, ":1.0.0"));
    let said = home.fails(&["pull", &chart, "--plain-http"]);
    assert!(said.ends_with("basic credential not found"), "{said}");
    let login = |password: &str| {
        let args = ["registry", "login", &host, "-u", "u", "--password-stdin", "--plain-http"];
        home.helm_with(&args, password)
    };
    let ran = login("wrong\n");
    assert_eq!(ran.status, 1);
    assert!(ran.err.ends_with("response status code 401: Unauthorized\n"), "{}", ran.err);
    assert_eq!(home.files(".config"), Vec::<String>::new());
    assert_eq!(login("p\n").out, "Login Succeeded\n");
    let kept = home.read(".config/helm/registry/config.json");
    assert_eq!(
        kept,
        format!(
            "{{\n\t\"auths\": {{\n\t\t\"{host}\": {{\n\t\t\t\"auth\": \"dTpw\"\n\t\t}}\n\t}}\n}}"
        )
    );
    home.ok(&["pull", &chart, "--plain-http"]);
    let logout = ["registry", "logout", &host];
    assert_eq!(home.ok(&logout), format!("Removing login credentials for {host}\n"));
    assert!(!home.read(".config/helm/registry/config.json").contains("dTpw"));
    home.fails(&["pull", &chart, "--plain-http"]);
    home.write(
        ".docker/config.json",
        format!("{{\"auths\":{{\"http://{host}/v1/\":{{\"auth\":\"dTpw\"}}}}}}"),
    );
    home.ok(&["pull", &chart, "--plain-http"]);
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_credentials() {
    use std::os::unix::fs::PermissionsExt;
    let home = home();
    let server = Server::start(|_| Answer::ok("{}"));
    home.ok(&["registry", "login", &server.host(), "-u", "u", "--password-stdin", "--plain-http"]);
    let mode =
        |path: &str| std::fs::metadata(home.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(".config/helm/registry/config.json"), 0o600);
    assert_eq!(mode(".config/helm/registry"), 0o700);
}

#[test]
fn tokens_are_fetched_for_the_repository() {
    let home = home();
    let registry = registry(&home);
    let server = Server::start(move |seen| {
        let host = seen.header("host").unwrap_or_default();
        if seen.target.starts_with("/token") {
            return Answer::ok(r#"{"token":"t1"}"#);
        }
        if seen.header("authorization") == Some("Bearer t1") {
            return registry.answer(seen);
        }
        let challenge = format!("Bearer realm=\"http://{host}/token\",service=\"reg\"");
        Answer::status(401).header("WWW-Authenticate", challenge)
    });
    home.write(
        ".docker/config.json",
        format!("{{\"auths\":{{\"{}\":{{\"auth\":\"dTpw\"}}}}}}", server.host()),
    );
    home.ok(&["pull", &reference(&server, ":1.0.0"), "--plain-http"]);
    let token: Vec<_> =
        server.seen().into_iter().filter(|seen| seen.target.starts_with("/token")).collect();
    assert_eq!(token.len(), 1, "one token serves manifest and blobs");
    assert_eq!(token[0].target, "/token?scope=repository%3Acharts%2Falpha%3Apull&service=reg");
    assert_eq!(token[0].header("authorization"), Some("Basic dTpw"));
}

#[test]
fn tokens_are_not_asked_for_at_addresses_of_other_networks() {
    let home = home();
    let server = Server::start(|_| {
        let realm = "http://169.254.169.254/latest/meta-data";
        Answer::status(401).header("WWW-Authenticate", format!("Bearer realm=\"{realm}\""))
    });
    let said = home.fails(&["pull", &reference(&server, ":1.0.0"), "--plain-http"]);
    assert!(
        said.contains("bearer realm host \"169.254.169.254\" is a loopback, link-local"),
        "{said}"
    );
}

#[test]
fn blobs_that_lie_elsewhere_are_fetched_without_credentials() {
    let home = home();
    let registry = Arc::new(registry(&home));
    let blobs = registry.clone();
    let storage = Server::start(move |seen| blobs.answer(seen));
    let away = storage.url();
    let server = Server::start(move |seen| match seen.header("authorization") {
        Some("Basic dTpw") if seen.target.contains("/blobs/") => {
            Answer::status(307).header("Location", format!("{away}{}", seen.target))
        }
        Some("Basic dTpw") => registry.answer(seen),
        _ => Answer::status(401).header("WWW-Authenticate", "Basic"),
    });
    let chart = reference(&server, ":1.0.0");
    home.ok(&["pull", &chart, "--plain-http", "--username", "u", "--password", "p"]);
    assert_eq!(storage.seen().len(), 1);
    assert_eq!(storage.seen()[0].header("authorization"), None);
}

#[test]
fn what_is_not_what_it_is_called_is_refused() {
    let home = home();
    let alpha = home.chart("alpha", "1.0.0");
    let other = home.chart("alpha", "1.1.0");
    let said = |wrong: fn(&[u8], &[u8]) -> Answer, at: &'static str| {
        let mut registry = Registry::default();
        registry.push("charts/alpha", "1.0.0", &alpha);
        let (alpha, other) = (alpha.clone(), other.clone());
        let wanted = digest(&alpha);
        let server = Server::start(move |seen| match &seen.target {
            target if target.contains(at) && (at != "/blobs/" || target.contains(&wanted)) => {
                wrong(&alpha, &other)
            }
            _ => registry.answer(seen),
        });
        home.fails(&["pull", &reference(&server, ":1.0.0"), "--plain-http"])
    };
    let same_length = |alpha: &[u8], _: &[u8]| Answer::ok(vec![0; alpha.len()]);
    let text = said(same_length, "/blobs/");
    assert!(text.contains("mismatch digest: received \"sha256:"), "{text}");
    let text = said(|_, _| Answer::Endless, "/blobs/");
    assert!(text.contains("is larger than"), "{text}");
    let text = said(|alpha, _| Answer::Truncated(alpha[..9].to_vec()), "/blobs/");
    assert!(text.contains("unexpected EOF"), "{text}");
    let text =
        said(|_, _| Answer::ok("{}").header("Docker-Content-Digest", digest(b"x")), "/manifests/");
    assert!(text.contains("digest mismatch"), "{text}");
    let text = said(|_, _| Answer::ok("{}"), "/manifests/");
    assert!(text.contains("manifest does not contain minimum number of descriptors"), "{text}");
    let text = said(|_, _| Answer::ok("{bad"), "/manifests/");
    assert!(text.contains("failed to decode manifest"), "{text}");
    assert_eq!(home.files("work"), Vec::<String>::new());
}

#[test]
fn a_registry_that_is_busy_is_asked_again() {
    let home = home();
    let registry = registry(&home);
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    let server = Server::start(move |seen| match counted.fetch_add(1, Ordering::Relaxed) {
        0 => Answer::status(429).header("Retry-After", "1"),
        1 => Answer::status(503),
        _ => registry.answer(seen),
    });
    home.ok(&["pull", &reference(&server, ":1.0.0"), "--plain-http"]);
    assert_eq!(count.load(Ordering::Relaxed), 4);
}

#[test]
fn lists_of_tags_are_read_to_their_end_at_the_same_server() {
    let home = home();
    let mut paged = registry(&home);
    paged.page = 1;
    let server = Server::start(move |seen| paged.answer(seen));
    home.ok(&["pull", &reference(&server, ""), "--plain-http", "--version", ">0.0.0-0"]);
    assert_eq!(server.lines().iter().filter(|line| line.contains("/tags/list")).count(), 3);
    let away = Server::start(|_| {
        Answer::ok(r#"{"tags":["1.0.0"]}"#).header("Link", "<http://169.254.169.254/x>; rel=next")
    });
    let said = home.fails(&["pull", &reference(&away, ""), "--plain-http"]);
    assert!(said.contains("not the same origin as"), "{said}");
}

#[test]
fn dependencies_come_from_registries_too() {
    let home = home();
    let registry = registry(&home);
    let server = Server::start(move |seen| registry.answer(seen));
    home.write(
        "work/c/Chart.yaml",
        format!(
            "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- {{name: alpha, version: ^1, \
             repository: \"oci://{}/charts\"}}\n",
            server.host()
        ),
    );
    let said = home.ok(&["dependency", "update", "c", "--plain-http"]);
    assert!(
        said.contains(&format!(
            "Downloading alpha from repo oci://{}/charts\nPulled: ",
            server.host()
        )),
        "{said}"
    );
    assert_eq!(home.files("work/c/charts"), ["alpha-1.1.0.tgz"]);
    assert!(home.read("work/c/Chart.lock").contains("version: 1.1.0\n"));
    home.ok(&["dependency", "build", "c", "--plain-http"]);
    assert!(home.ok(&["template", "c"]).contains("alpha-1.1.0"));
}

#[test]
fn helm_3_speaks_without_tls_where_it_has_to() {
    let mut home = home();
    let registry = registry(&home);
    let server = Server::start(move |seen| registry.answer(seen));
    home.set("PLIMSOLL_COMPAT", "helm3");
    let ran = home.helm(&["pull", &reference(&server, ":1.0.0")]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    assert!(ran.err.starts_with("Pulled: "), "{}", ran.err);
}
