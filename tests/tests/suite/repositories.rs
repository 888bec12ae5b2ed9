//! Chart repositories over HTTP, against servers that the tests start.

use std::sync::Arc;
use std::time::{Duration, Instant};

use plimsoll_tests::authority::Authority;
use plimsoll_tests::home::Home;
use plimsoll_tests::registry::digest;
use plimsoll_tests::server::{Answer, Seen, Server};

fn home() -> Home {
    Home::new(crate::plimsoll::folder().join("plimsoll"))
}

/// An index of charts, each with its URL.
fn index(charts: &[(&str, &str, &str, &[u8])]) -> String {
    let mut text = "apiVersion: v1\nentries:\n".to_owned();
    for (name, version, url, archive) in charts {
        let digest = digest(archive).replace("sha256:", "");
        text.push_str(&format!(
            "  {name}:\n  - {{name: {name}, version: {version}, apiVersion: v2, description: The \
             {name} chart, keywords: [web], urls: [{url:?}], digest: {digest}}}\n"
        ));
    }
    text
}

/// A repository with the charts `alpha` 1.0.0 and `beta` 2.0.0.
fn repository(home: &Home) -> Server {
    let (alpha, beta) = (home.chart("alpha", "1.0.0"), home.chart("beta", "2.0.0"));
    let charts = [
        ("alpha", "1.0.0", "alpha-1.0.0.tgz", alpha.as_slice()),
        ("beta", "2.0.0", "beta-2.0.0.tgz", beta.as_slice()),
    ];
    let index = index(&charts);
    Server::start(move |seen| match seen.target.as_str() {
        "/index.yaml" => Answer::ok(index.clone()),
        "/alpha-1.0.0.tgz" => Answer::ok(alpha.clone()),
        "/beta-2.0.0.tgz" => Answer::ok(beta.clone()),
        _ => Answer::status(404),
    })
}

/// What `repo add` says of a repository that answers so.
fn refused(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> String {
    let (home, server) = (home(), Server::start(answer));
    let said = home.fails(&["repo", "add", "r", &server.url(), "--timeout", "1s"]);
    let start = format!(
        "looks like {:?} is not a valid chart repository or cannot be reached: ",
        server.url()
    );
    let why = said.strip_prefix(&start).unwrap_or_else(|| panic!("{said}"));
    why.replace(&server.host(), "HOST")
}

#[test]
fn repositories_are_added_listed_updated_and_removed() {
    let home = home();
    let server = repository(&home);
    let url = server.url();
    assert_eq!(home.ok(&["repo", "add", "r", &url]), "\"r\" has been added to your repositories\n");
    assert_eq!(
        home.ok(&["repo", "add", "r", &url]),
        "\"r\" already exists with the same configuration, skipping\n"
    );
    assert_eq!(
        home.fails(&["repo", "add", "r", "http://127.0.0.1:1"]),
        "repository name (r) already exists, please specify a different name"
    );
    assert_eq!(
        home.ok(&["repo", "list"]),
        format!("NAME\tURL{}\nr   \t{url}\n", " ".repeat(url.len() - 3))
    );
    assert_eq!(home.ok(&["repo", "list", "-o", "yaml"]), format!("- name: r\n  url: {url}\n"));
    assert_eq!(
        home.ok(&["repo", "update"]),
        "Hang tight while we grab the latest from your chart repositories...\n...Successfully got \
         an update from the \"r\" chart repository\nUpdate Complete. ⎈Happy Helming!⎈\n"
    );
    assert_eq!(home.files(".cache/helm"), ["repository/r-charts.txt", "repository/r-index.yaml"]);
    assert_eq!(home.read(".cache/helm/repository/r-charts.txt"), "alpha\nbeta\n");
    assert!(home.read(".config/helm/repositories.yaml").contains(&format!("  url: {url}\n")));
    assert_eq!(
        home.ok(&["repo", "remove", "r"]),
        "\"r\" has been removed from your repositories\n"
    );
    assert_eq!(home.files(".cache/helm"), Vec::<String>::new());
    assert_eq!(home.fails(&["repo", "remove", "r"]), "no repositories configured");
}

#[test]
fn charts_are_found_by_words_and_expressions() {
    let home = home();
    let server = repository(&home);
    home.ok(&["repo", "add", "r", &server.url()]);
    let row = "NAME   \tCHART VERSION\tAPP VERSION\tDESCRIPTION   \nr/beta \t2.0.0        \t           \tThe beta chart";
    assert_eq!(
        home.ok(&["search", "repo", "beta"]).trim_end(),
        row.replace("NAME   ", "NAME  ").replace("r/beta ", "r/beta")
    );
    assert_eq!(home.ok(&["search", "repo", "web"]).lines().count(), 3);
    assert_eq!(home.ok(&["search", "repo", "-r", "^al.*a"]).lines().count(), 2);
    assert_eq!(home.ok(&["search", "repo", "alpha", "--version", ">1"]), "No results found\n");
    assert_eq!(
        home.ok(&["search", "repo", "alpha", "-o", "json"]),
        "[{\"name\":\"r/alpha\",\"version\":\"1.0.0\",\"app_version\":\"\",\"description\":\"The alpha chart\"}]\n"
    );
    assert_eq!(home.fails(&["search", "repo", "zz", "--fail-on-no-result"]), "no results found");
}

#[test]
fn charts_are_pulled_unpacked_and_rendered() {
    let home = home();
    let server = repository(&home);
    home.ok(&["repo", "add", "r", &server.url()]);
    assert_eq!(home.ok(&["pull", "r/alpha"]), "");
    assert_eq!(home.ok(&["pull", "r/beta", "--untar", "--untardir", "d"]), "");
    assert_eq!(
        home.files("work"),
        ["alpha-1.0.0.tgz", "d/beta/Chart.yaml", "d/beta/templates/cm.yaml"]
    );
    let again = home.fails(&["pull", "r/beta", "--untar", "--untardir", "d"]);
    assert!(again.contains("a file or directory with the name d/beta already exists"), "{again}");
    assert!(home.ok(&["template", "r/alpha"]).contains("{name: alpha-1.0.0}"));
    assert!(
        home.ok(&["show", "chart", "beta", "--repo", &server.url()]).contains("version: 2.0.0")
    );
    assert_eq!(home.fails(&["template", "x/alpha"]), "repo x not found");
    let said = home.helm(&["template", "r/alpha", "--version", "3"]).err;
    assert!(
        said.contains("chart \"alpha\" matching 3 not found in r index. (try 'helm repo update')"),
        "{said}"
    );
}

#[test]
fn what_was_fetched_once_is_rendered_without_a_server() {
    let home = home();
    let server = repository(&home);
    home.ok(&["repo", "add", "r", &server.url()]);
    let first = home.ok(&["template", "r/alpha"]);
    drop(server);
    assert_eq!(home.ok(&["template", "r/alpha"]), first);
    let said = home.fails(&["template", "r/beta"]);
    assert!(said.contains("beta-2.0.0.tgz\": dial tcp 127.0.0.1:"), "{said}");
}

#[test]
fn faults_of_a_repository_are_said_in_gos_words() {
    assert_eq!(
        refused(|_| Answer::status(404)),
        "failed to fetch http://HOST/index.yaml : 404 Not Found"
    );
    assert_eq!(
        refused(|_| Answer::status(429)),
        "failed to fetch http://HOST/index.yaml : 429 Too Many Requests"
    );
    assert_eq!(refused(|_| Answer::Truncated(b"apiVersion: v1".to_vec())), "unexpected EOF");
    assert_eq!(refused(|_| Answer::HangUp), "Get \"http://HOST/index.yaml\": EOF");
    assert_eq!(
        refused(|_| Answer::status(302).header("Location", "/index.yaml")),
        "Get \"/index.yaml\": stopped after 10 redirects"
    );
    assert_eq!(
        refused(|_| Answer::status(302).header("Location", "ftp://x/")),
        "Get \"ftp://x/\": unsupported protocol scheme \"ftp\""
    );
    assert_eq!(refused(|_| Answer::ok("")), "empty index.yaml file");
    assert_eq!(refused(|_| Answer::ok("entries: {}")), "no API version specified");
    assert_eq!(
        refused(|_| Answer::ok("<html>: {}")),
        "error unmarshaling JSON: while decoding JSON: json: unknown field \"<html>\""
    );
    assert_eq!(
        refused(|_| Answer::Late(Duration::from_secs(5), Box::new(Answer::ok("")))),
        "Get \"http://HOST/index.yaml\": context deadline exceeded (Client.Timeout exceeded while \
         awaiting headers)"
    );
}

#[test]
fn an_answer_without_an_end_is_left() {
    let home = home();
    let server = Server::start(|_| Answer::Endless);
    let start = Instant::now();
    let said = home.fails(&["pull", &format!("{}/a-1.0.0.tgz", server.url())]);
    assert!(said.ends_with("is larger than 100 MiB, which is the most that is read"), "{said}");
    assert!(start.elapsed() < Duration::from_mins(1));
    assert_eq!(home.files("work"), Vec::<String>::new());
}

#[test]
fn an_archive_that_is_not_the_one_of_the_index_is_refused() {
    let home = home();
    let (alpha, other) = (home.chart("alpha", "1.0.0"), home.chart("alpha", "1.1.0"));
    let index = index(&[("alpha", "1.0.0", "a.tgz", &alpha)]);
    let server = Server::start(move |seen| match seen.target.as_str() {
        "/index.yaml" => Answer::ok(index.clone()),
        _ => Answer::ok(other.clone()),
    });
    home.ok(&["repo", "add", "r", &server.url()]);
    for args in [["pull", "r/alpha"], ["template", "r/alpha"]] {
        let said = home.fails(&args);
        assert!(said.contains(&format!("the index says {}", digest(&alpha))), "{said}");
    }
    assert_eq!(home.files("work"), Vec::<String>::new());
    assert_eq!(home.files(".cache/helm/content"), Vec::<String>::new());
}

#[test]
fn credentials_go_to_their_repository_alone() {
    let home = home();
    let alpha = home.chart("alpha", "1.0.0");
    let archive = alpha.clone();
    let other = Server::start(move |_| Answer::ok(archive.clone()));
    let away = format!("{}/alpha-1.0.0.tgz", other.url());
    let index = index(&[("alpha", "1.0.0", &away, &alpha)]);
    let server = Server::start(move |seen| match seen.header("authorization") {
        // u:p
        Some("Basic dTpw") => Answer::ok(index.clone()),
        _ => Answer::status(401),
    });
    let said = home.fails(&["repo", "add", "r", &server.url()]);
    assert!(said.ends_with("/index.yaml : 401 Unauthorized"), "{said}");
    let add = ["repo", "add", "r", &server.url(), "--username", "u", "--password", "p"];
    home.ok(&add);
    home.ok(&["pull", "r/alpha"]);
    let by_url = ["pull", "alpha", "--repo", &server.url(), "--username", "u", "--password", "p"];
    home.ok(&by_url);
    assert_eq!(other.seen().len(), 2);
    assert!(other.seen().iter().all(|seen| seen.header("authorization").is_none()));
    home.ok(&["repo", "remove", "r"]);
    home.ok(&[&by_url[..], &["--pass-credentials"]].concat());
    assert_eq!(other.seen()[2].header("authorization"), Some("Basic dTpw"));
}

#[test]
fn a_redirect_to_another_host_loses_the_credentials() {
    let home = home();
    let other = Server::start(|_| Answer::ok("apiVersion: v1"));
    // The same machine by another name is another host.
    let to = other.url().replace("127.0.0.1", "localhost");
    let server =
        Server::start(move |_| Answer::status(302).header("Location", format!("{to}/index.yaml")));
    home.ok(&["repo", "add", "r", &server.url(), "--username", "u", "--password", "p"]);
    assert_eq!(server.seen()[0].header("authorization"), Some("Basic dTpw"));
    assert_eq!(other.seen()[0].header("authorization"), None);
}

#[test]
fn proxies_are_those_of_the_environment() {
    let mut home = home();
    let proxy = Server::start(|seen| match seen.method.as_str() {
        "CONNECT" => Answer::status(429),
        _ => Answer::ok("apiVersion: v1"),
    });
    home.set("HTTP_PROXY", proxy.url().replace("http://", "http://me:x@"));
    home.set("https_proxy", proxy.host());
    home.ok(&["repo", "add", "r", "http://charts.test/c"]);
    assert_eq!(proxy.lines(), ["GET http://charts.test/c/index.yaml"]);
    assert_eq!(proxy.seen()[0].header("proxy-authorization"), Some("Basic bWU6eA=="));
    let said = home.fails(&["repo", "add", "s", "https://charts.test"]);
    assert!(said.ends_with("Get \"https://charts.test/index.yaml\": Too Many Requests"), "{said}");
    assert_eq!(proxy.lines()[1], "CONNECT charts.test:443");
    home.set("NO_PROXY", "other.test,.charts.test,charts.test");
    let said = home.fails(&["repo", "add", "t", "http://charts.test"]);
    assert!(said.contains("dial tcp: lookup charts.test"), "{said}");
    assert_eq!(proxy.lines().len(), 2);
}

#[test]
fn servers_with_tls_are_checked() {
    let mut home = home();
    let authority = Authority::new(&home);
    let server = Server::start_tls(authority.config(false), |_| Answer::ok("apiVersion: v1"));
    home.write("ca.pem", &authority.pem);
    let ca = home.path("ca.pem").display().to_string();
    let url = server.url();
    let said = home.fails(&["repo", "add", "r", &url]);
    assert!(
        said.ends_with(
            "tls: failed to verify certificate: x509: certificate signed by unknown authority"
        ),
        "{said}"
    );
    home.ok(&["repo", "add", "r", &url, "--ca-file", &ca]);
    home.ok(&["repo", "add", "s", &url, "--insecure-skip-tls-verify"]);
    home.ok(&["repo", "update"]);
    let by_name = url.replace("127.0.0.1", "localhost");
    let said = home.fails(&["repo", "add", "t", &by_name, "--ca-file", &ca]);
    assert!(said.contains("x509: certificate is "), "{said}");
    home.set("SSL_CERT_FILE", ca);
    home.ok(&["repo", "add", "u", &url]);
    let plain = Server::start(|_| Answer::ok("apiVersion: v1"));
    let said = home.fails(&["repo", "add", "v", &plain.url().replace("http:", "https:")]);
    assert!(said.ends_with("http: server gave HTTP response to HTTPS client"), "{said}");
}

#[test]
fn a_certificate_is_shown_where_it_is_asked_for() {
    let home = home();
    let authority = Authority::new(&home);
    let server = Server::start_tls(authority.config(true), |_| Answer::ok("apiVersion: v1"));
    let client = &authority.client;
    for (name, text) in
        [("ca.pem", &authority.pem), ("cert.pem", &client.certificate), ("key.pem", &client.key)]
    {
        home.write(&format!("work/{name}"), text);
    }
    let url = server.url();
    let add = ["repo", "add", "r", &url, "--ca-file", "ca.pem"];
    let said = home.fails(&add);
    assert!(said.ends_with("remote error: tls: certificate required"), "{said}");
    home.ok(&[&add[..], &["--cert-file", "cert.pem", "--key-file", "key.pem"]].concat());
    home.write("work/other.pem", &authority.server.key);
    let wrong =
        [&add[..], &["--force-update", "--cert-file", "cert.pem", "--key-file", "other.pem"]];
    assert_eq!(home.helm(&wrong.concat()).status, 1);
}

#[test]
fn dependencies_are_fetched_and_locked() {
    let home = home();
    let server = repository(&home);
    let url = server.url();
    home.write(
        "work/c/Chart.yaml",
        format!(
            "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- {{name: alpha, version: ^1, \
             repository: \"{url}\"}}\n- {{name: beta, alias: two, version: 2.0.0, repository: \
             \"@r\"}}\n"
        ),
    );
    let said = home.fails(&["dependency", "update", "c"]);
    assert_eq!(said, "no repository definition for @r. Please add them via 'helm repo add'");
    home.ok(&["repo", "add", "r", &url]);
    let said = home.ok(&["dependency", "update", "c"]);
    assert!(said.contains("Saving 2 charts\nDownloading alpha from repo "), "{said}");
    assert_eq!(
        home.files("work/c"),
        ["Chart.lock", "Chart.yaml", "charts/alpha-1.0.0.tgz", "charts/beta-2.0.0.tgz"]
    );
    let lock = home.read("work/c/Chart.lock");
    assert!(
        lock.starts_with(&format!(
            "dependencies:\n- name: alpha\n  repository: {url}\n  version: 1.0.0\n"
        )),
        "{lock}"
    );
    let rendered = home.ok(&["template", "c"]);
    assert!(rendered.contains("alpha-1.0.0") && rendered.contains("c/charts/two/templates"));

    std::fs::remove_dir_all(home.path("work/c/charts")).unwrap();
    let said = home.fails(&["template", "c"]);
    assert!(said.contains("missing in charts/ directory: alpha, beta"), "{said}");
    let said = home.ok(&["dependency", "build", "c", "--skip-refresh"]);
    assert!(said.ends_with("Deleting outdated charts\n"), "{said}");
    assert_eq!(home.read("work/c/Chart.lock"), lock);

    std::fs::remove_dir_all(home.path("work/c/charts")).unwrap();
    let said = home.ok(&["template", "c", "--dependency-update"]);
    assert!(said.contains("Saving 2 charts\n") && said.ends_with(&rendered), "{said}");

    home.write("work/c/charts/old-1.0.0.tgz", home.chart("old", "1.0.0"));
    home.ok(&["dependency", "update", "c"]);
    assert_eq!(home.files("work/c/charts"), ["alpha-1.0.0.tgz", "beta-2.0.0.tgz"]);

    let changed = home.read("work/c/Chart.yaml").replace("^1", "~1");
    home.write("work/c/Chart.yaml", changed);
    assert_eq!(
        home.fails(&["dependency", "build", "c"]),
        "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please \
         update the dependencies with 'helm dependency update'"
    );
}

#[test]
fn the_hash_of_a_lock_is_helms() {
    let home = home();
    home.chart("alpha", "2.0.0-rc.1");
    std::fs::rename(home.path("charts/alpha-2.0.0-rc.1"), home.path("work/loc")).unwrap();
    home.write(
        "work/c7/Chart.yaml",
        "apiVersion: v2\nname: c7\nversion: 0.1.0\ndependencies:\n- {name: alpha, version: \
         \">0-0\", repository: \"file://../loc\"}\n",
    );
    assert_eq!(
        home.ok(&["dependency", "update", "c7"]),
        "Saving 1 charts\nDeleting outdated charts\n"
    );
    let lock = home.read("work/c7/Chart.lock");
    // What Helm 4.3.1 wrote for the same chart.
    let hash = "sha256:98e78339e4a3177569ebae91c8942477fb29f4d1e1a15fdaba2434c2ff0f9812";
    assert!(lock.contains(&format!("\ndigest: {hash}\n")), "{lock}");
    assert_eq!(home.files("work/c7/charts"), ["alpha-2.0.0-rc.1.tgz"]);
    assert!(home.ok(&["template", "c7"]).contains("alpha-2.0.0-rc.1"));
}

#[test]
fn nothing_of_a_failed_download_stays_behind() {
    let home = home();
    let alpha = home.chart("alpha", "1.0.0");
    let index = index(&[("alpha", "1.0.0", "a.tgz", &alpha)]);
    let server = Server::start(move |seen| match seen.target.as_str() {
        "/index.yaml" => Answer::ok(index.clone()),
        _ => Answer::Truncated(alpha[..40].to_vec()),
    });
    home.write(
        "work/c/Chart.yaml",
        format!(
            "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- {{name: alpha, version: \
             1.0.0, repository: \"{}\"}}\n",
            server.url()
        ),
    );
    let said = home.fails(&["dependency", "update", "c"]);
    assert!(said.ends_with("a.tgz: unexpected EOF"), "{said}");
    assert_eq!(home.files("work/c"), ["Chart.yaml"]);
}

#[test]
fn an_index_is_made_of_archives_and_merged() {
    let home = home();
    home.write("work/d/alpha-1.0.0.tgz", home.chart("alpha", "1.0.0"));
    home.write("work/d/sub/beta-2.0.0.tgz", home.chart("beta", "2.0.0"));
    home.write("work/d/none-1.tgz", "no archive");
    home.ok(&["repo", "index", "d", "--url", "https://example.com/charts"]);
    let text = home.read("work/d/index.yaml");
    assert!(text.contains("    - https://example.com/charts/alpha-1.0.0.tgz\n"), "{text}");
    assert!(text.contains("    - https://example.com/charts/sub/beta-2.0.0.tgz\n"), "{text}");
    std::fs::rename(home.path("work/d/index.yaml"), home.path("work/old.yaml")).unwrap();
    std::fs::remove_file(home.path("work/d/alpha-1.0.0.tgz")).unwrap();
    home.write("work/d/alpha-1.1.0.tgz", home.chart("alpha", "1.1.0"));
    home.ok(&["repo", "index", "d", "--merge", "old.yaml", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&home.read("work/d/index.yaml")).unwrap();
    let alpha = &json["entries"]["alpha"];
    assert_eq!((&alpha[0]["version"], &alpha[1]["version"]), (&"1.1.0".into(), &"1.0.0".into()));
    assert_eq!(alpha[1]["urls"][0], "https://example.com/charts/alpha-1.0.0.tgz");
}

#[test]
fn schemas_are_fetched_only_where_the_network_is_allowed() {
    let mut home = home();
    let server = Server::start(|_| Answer::ok(r#"{"type":"integer"}"#));
    home.chart("alpha", "1.0.0");
    let schema = format!(r#"{{"properties":{{"n":{{"$ref":"{}/n.json"}}}}}}"#, server.url());
    home.write("charts/alpha-1.0.0/values.schema.json", schema);
    let folder = home.path("charts/alpha-1.0.0").display().to_string();
    let said = home.fails(&["template", &folder, "--set", "n=x"]);
    assert!(said.contains("nothing is fetched unless the network is allowed"), "{said}");
    assert!(server.seen().is_empty());
    home.set("PLIMSOLL_ALLOW_NETWORK", "1");
    let said = home.fails(&["template", &folder, "--set", "n=x"]);
    assert!(said.contains("- at '/n': got string, want integer"), "{said}");
    home.ok(&["template", &folder, "--set", "n=1"]);
    assert_eq!(server.lines(), ["GET /n.json", "GET /n.json"]);
}

#[test]
fn a_rendering_asks_no_server() {
    let mut home = home();
    let proxy = Arc::new(Server::start(|_| Answer::status(404)));
    home.set("HTTP_PROXY", proxy.url());
    home.set("HTTPS_PROXY", proxy.url());
    home.chart("alpha", "1.0.0");
    home.write(
        ".config/helm/repositories.yaml",
        "apiVersion: v1\nrepositories:\n- {name: r, url: \"http://charts.test\"}\n",
    );
    home.ok(&["template", &home.path("charts/alpha-1.0.0").display().to_string()]);
    home.ok(&["lint", &home.path("charts/alpha-1.0.0").display().to_string()]);
    home.ok(&["repo", "list"]);
    assert!(proxy.seen().is_empty());
}
