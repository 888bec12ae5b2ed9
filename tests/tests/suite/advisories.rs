//! What Helm's published security advisories are about, one test for each: loading, dependencies
//! and rendering are not harmed by what harmed Helm before it was mended.

use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use plimsoll_tests::archive::{Entry, tgz};
use plimsoll_tests::home::{Home, Ran};
use plimsoll_tests::registry::digest;
use plimsoll_tests::server::{Answer, Server};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

fn home() -> Home {
    Home::new(crate::plimsoll::folder().join("plimsoll"))
}

/// A home with the chart `c`, to whose Chart.yaml lines are added.
fn with_chart(lines: &str) -> Home {
    let home = home();
    home.write("work/c/Chart.yaml", format!("{CHART}{lines}\n"));
    home
}

/// A server of a repository with one index and whatever archive is asked for.
fn repository(index: &str, archive: Vec<u8>) -> Server {
    let index = index.to_owned();
    Server::start(move |seen| match seen.target.as_str() {
        "/index.yaml" => Answer::ok(index.clone()),
        _ => Answer::ok(archive.clone()),
    })
}

/// Ends soon, with Helm's status for a failure, and without a word of ours about a bug.
#[track_caller]
fn refused(home: &Home, args: &[&str], says: &str) {
    let start = Instant::now();
    let Ran { status, err, out } = home.helm(args);
    assert_eq!(status, 1, "{args:?}: {out}{err}");
    assert!(err.contains(says), "{args:?}: {err}");
    let most = if cfg!(debug_assertions) { 40 } else { 4 };
    assert!(start.elapsed() < Duration::from_secs(most), "{args:?} took {:?}", start.elapsed());
}

#[test]
fn cve_2019_1000008_unpacking_stays_in_its_folder() {
    let home = home();
    let archive = tgz(&[
        ("c/Chart.yaml", Entry::File(CHART.as_bytes())),
        ("c/../../evil", Entry::File(b"x")),
    ]);
    let server = Server::start(move |_| Answer::ok(archive.clone()));
    let url = format!("{}/c-0.1.0.tgz", server.url());
    refused(&home, &["pull", &url, "--untar", "--untardir", "d"], "parent directory");
    assert!(home.files("work").iter().all(|file| !file.contains("evil")));
    refused(&home, &["template", &url], "unable to load chart archive");
}

#[test]
fn cve_2019_18658_links_are_told_and_devices_are_not_read() {
    let home = with_chart("");
    home.write("work/c/templates/b.yaml", "b: 1\n");
    let link = home.path("work/c/templates/a.yaml");
    for device in ["/dev/zero", "/dev/urandom"] {
        symlink(device, &link).unwrap();
        for command in ["template", "package", "lint"] {
            refused(&home, &[command, "c"], "");
        }
        let said = home.helm(&["template", "c"]).err;
        assert!(said.contains("cannot load irregular file"), "{said}");
        std::fs::remove_file(&link).unwrap();
    }
    home.write("secret", "secret: 1\n");
    symlink(home.path("secret"), &link).unwrap();
    let said = home.helm(&["package", "c"]).err;
    assert!(
        said.contains("found symbolic link in path. Contents of linked file included"),
        "{said}"
    );
    // What links in an archive lead to is not read at all.
    let archive = tgz(&[
        ("c/Chart.yaml", Entry::File(CHART.as_bytes())),
        ("c/templates/a.yaml", Entry::Link("/etc/passwd")),
    ]);
    home.write("work/link.tgz", archive);
    assert_eq!(home.ok(&["template", "link.tgz"]), "\n");
}

/// CVE-2020-4053, -15186, -15187 and CVE-2026-35204, -35205 are about installing plugins.
#[test]
fn cve_2020_4053_and_its_like_there_are_no_plugins() {
    let mut home = home();
    home.write(
        "plugins/evil/plugin.yaml",
        "name: evil\nversion: 0.1.0\nusage: x\ncommand: touch pwned\nhooks: {install: touch pwned}\n",
    );
    let plugins = home.path("plugins").display().to_string();
    home.set("HELM_PLUGINS", plugins.clone());
    refused(&home, &["plugin", "install", &format!("{plugins}/evil")], "plugins are not supported");
    refused(&home, &["evil"], "unknown command \"evil\"");
    assert_eq!(home.files("work"), Vec::<String>::new());
}

#[test]
fn cve_2020_15184_an_alias_is_a_name() {
    for alias in ["../../x", "a/b", "a\\\\b", "a b"] {
        let home =
            with_chart(&format!("dependencies: [{{name: d, version: 1.0.0, alias: \"{alias}\"}}]"));
        let says = "dependency \"d\" has disallowed characters in the alias";
        refused(&home, &["template", "c"], says);
        refused(&home, &["dependency", "update", "c"], says);
    }
}

#[test]
fn cve_2020_15185_an_index_says_each_thing_once() {
    let entry = "{name: c, version: 1.0.0, apiVersion: v2, urls: [c.tgz]}";
    let twice = format!("apiVersion: v1\nentries:\n  c: [{entry}]\n  c: [{entry}]\n");
    let server = repository(&twice, Vec::new());
    refused(&home(), &["repo", "add", "r", &server.url()], "already set in map");
}

#[test]
fn cve_2021_21303_what_a_repository_says_moves_no_cursor() {
    let entry = |version: &str| {
        format!(
            "{{name: c, version: \"{version}\", apiVersion: v2, urls: [c.tgz], appVersion: \
             \"1\\e[31m\", description: \"a\\e[2Jb\\a\"}}"
        )
    };
    let index = format!(
        "apiVersion: v1\nentries:\n  c:\n  - {}\n  - {}\n",
        entry("1.0.0"),
        entry("2.0.0\\e[2J")
    );
    let (home, server) = (home(), repository(&index, Vec::new()));
    let added = home.helm(&["repo", "add", "r", &server.url()]);
    let found = home.helm(&["search", "repo", "--versions"]);
    let all = format!("{}{}{}{}", added.out, added.err, found.out, found.err);
    assert!(!all.contains(['\u{1b}', '\u{7}']), "{all:?}");
    assert!(found.out.contains("1.0.0") && !found.out.contains("2.0.0"), "{}", found.out);

    home.write("work/c/Chart.yaml", format!("{CHART}description: \"a\\e[2Jb\\a\"\n"));
    assert!(!home.ok(&["show", "chart", "c"]).contains('\u{1b}'));
    home.write("work/c/Chart.yaml", "apiVersion: v2\nname: c\nversion: \"1.0.0\\e[2J\"\n");
    let said = home.fails(&["template", "c"]);
    assert_eq!(said, "validation: chart.metadata.version \"1.0.0\\x1b[2J\" is invalid");
}

#[test]
fn cve_2021_32690_credentials_stay_with_their_host() {
    let home = with_chart("");
    let archive = home.chart("d", "1.0.0");
    let hash = digest(&archive).replace("sha256:", "");
    let other = Server::start(move |_| Answer::ok(archive.clone()));
    let index = format!(
        "apiVersion: v1\nentries: {{d: [{{name: d, version: 1.0.0, apiVersion: v2, digest: {hash}, \
         urls: [\"{}/d-1.0.0.tgz\"]}}]}}\n",
        other.url()
    );
    let server = repository(&index, Vec::new());
    let url = server.url();
    home.ok(&["repo", "add", "r", &url, "--username", "u", "--password", "p"]);
    home.write(
        "work/c/Chart.yaml",
        format!("{CHART}dependencies: [{{name: d, version: 1.0.0, repository: \"{url}\"}}]\n"),
    );
    home.ok(&["dependency", "update", "c"]);
    assert!(server.seen().iter().all(|seen| seen.header("authorization") == Some("Basic dTpw")));
    assert!(other.seen().len() == 1 && other.seen()[0].header("authorization").is_none());
}

#[test]
fn cve_2022_23524_and_2022_36055_arguments_of_set_stay_small() {
    let home = with_chart("");
    let set = |flag: &str, argument: String, says: &str| {
        refused(&home, &["template", "c", flag, &argument], says);
    };
    let deep = format!("{}=1", vec!["a"; 50_000].join("."));
    for flag in ["--set", "--set-string", "--set-literal"] {
        set(flag, deep.clone(), "greater than maximum supported nested level of 30");
        set(flag, "a[999999999999]=1".into(), "greater than maximum supported index of 65536");
        set(flag, "a[65537]=1".into(), "greater than maximum supported index of 65536");
        set(flag, "a[-1]=1".into(), "negative -1 index not allowed");
    }
    set("--set", format!("a={}", "{".repeat(100_000)), "list must terminate with '}'");
    set("--set-json", format!("a={}", "[".repeat(100_000)), "failed parsing --set-json data");
}

#[test]
fn cve_2022_23525_an_index_may_lack_everything() {
    for entries in
        ["null", "{c: null}", "{c: [null]}", "{c: [{}]}", "{c: [{name: c}]}", "{\"\": []}"]
    {
        let index = format!("apiVersion: v1\nentries: {entries}\n");
        let (home, server) = (home(), repository(&index, Vec::new()));
        assert_eq!(home.helm(&["repo", "add", "r", &server.url()]).status, 0, "{entries}");
        let found = home.helm(&["search", "repo"]);
        assert!(found.status == 0 && found.out.contains("No results found"), "{found:?}");
        refused(&home, &["template", "r/c"], "");
    }
}

#[test]
fn cve_2022_23526_and_2025_32387_schemas_may_turn_in_circles() {
    let home = with_chart("");
    let nested = format!("{}{{}}{}", "{\"not\":".repeat(400), "}".repeat(400));
    for schema in [
        r##"{"$ref":"#"}"##,
        r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##,
        &nested,
    ] {
        home.write("work/c/values.schema.json", schema);
        let start = Instant::now();
        let status = home.helm(&["template", "c"]).status;
        assert!((0..2).contains(&status), "{schema}: {status}");
        assert!(start.elapsed() < Duration::from_secs(20), "{schema}");
    }
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(200_000), "}".repeat(200_000));
    let circle = r##"{"allOf":[{"$ref":"#"},{"$ref":"#"}]}"##;
    for schema in ["null", "[]", r#"{"properties":null,"type":7}"#, "{", circle, &deep] {
        home.write("work/c/values.schema.json", schema);
        refused(&home, &["template", "c"], "values don't meet the specifications of the schema(s)");
    }
}

#[test]
fn cve_2023_25165_names_of_hosts_stay_here() {
    let home = with_chart("");
    home.write("work/c/templates/a.yaml", "a: {{ getHostByName \"localhost\" | quote }}\n");
    assert!(home.ok(&["template", "c"]).ends_with("\na: \"\"\n"));
}

#[test]
fn cve_2024_25620_and_2026_35206_the_name_of_a_chart_is_no_path() {
    for (name, why) in [
        ("../../evil", "is invalid"),
        ("a/b", "is invalid"),
        (".", "is not allowed"),
        ("..", "is not allowed"),
    ] {
        let home = home();
        let chart = CHART.replace("name: c", &format!("name: {name:?}"));
        home.write("work/c/Chart.yaml", &chart);
        let archive = tgz(&[("c/Chart.yaml", Entry::File(chart.as_bytes()))]);
        home.write("work/c.tgz", &archive);
        let says = format!("chart.metadata.name \"{name}\" {why}");
        refused(&home, &["template", "c"], &says);
        refused(&home, &["package", "c"], &says);
        refused(&home, &["template", "c.tgz"], &says);
        let server = Server::start(move |_| Answer::ok(archive.clone()));
        let url = format!("{}/c-0.1.0.tgz", server.url());
        let said = home.helm(&["pull", &url, "--untar", "--untardir", "d"]);
        assert_eq!(said.status, 1, "{said:?}");
        let outside = home.files("work").into_iter().find(|file| {
            !(file == "c/Chart.yaml" || file == "c.tgz" || file.ends_with("c-0.1.0.tgz"))
        });
        assert_eq!(outside, None, "{name}");
    }
}

#[test]
fn cve_2024_26147_an_index_may_be_of_no_content() {
    for index in [
        "",
        "# nothing\n",
        "null\n",
        "apiVersion: v1\n",
        "apiVersion: v1\nentries: {c: [{name: 1}]}\n",
    ] {
        let (home, server) = (home(), repository(index, Vec::new()));
        let status = home.helm(&["repo", "add", "r", &server.url()]).status;
        assert!((0..2).contains(&status), "{index}");
        let (found, rendered) = (home.helm(&["search", "repo"]), home.helm(&["template", "r/c"]));
        assert!(found.status < 2 && rendered.status == 1, "{index}: {found:?} {rendered:?}");
    }
}

#[test]
fn cve_2025_32386_an_archive_does_not_fill_the_memory() {
    let home = home();
    let chart = ("c/Chart.yaml", Entry::File(CHART.as_bytes()));
    home.write("work/bomb.tgz", tgz(&[chart, ("c/big", Entry::Zeros(200))]));
    assert!(home.files("work").len() == 1);
    refused(&home, &["template", "bomb.tgz"], "unable to load chart archive");
    refused(&home, &["show", "chart", "bomb.tgz"], "larger than the maximum size 104857600");
}

#[test]
fn cve_2025_53547_a_lock_that_is_a_link_is_not_written() {
    let home = with_chart("dependencies: [{name: d, version: 0.1.0, repository: \"file://../d\"}]");
    home.write("work/d/Chart.yaml", CHART.replace("name: c", "name: d"));
    home.write("victim", "generated: old\n");
    symlink(home.path("victim"), home.path("work/c/Chart.lock")).unwrap();
    refused(&home, &["dependency", "update", "c"], "Chart.lock");
    assert_eq!(home.read("victim"), "generated: old\n");
}

#[test]
fn cve_2025_55198_a_wrong_type_is_an_error() {
    for (lines, says) in [
        ("maintainers: [null]", "maintainers must not contain empty or null nodes"),
        ("dependencies: [null]", "dependencies must not contain empty or null nodes"),
        ("keywords: {a: 1}", "cannot unmarshal object"),
        ("annotations: [1]", "cannot unmarshal array"),
        ("sources: 7", "cannot unmarshal number"),
        ("maintainers: {a: b}", "cannot unmarshal object"),
        ("dependencies: {name: x}", "cannot unmarshal object"),
        ("dependencies: [{name: d, tags: 7}]", "cannot unmarshal number"),
    ] {
        let home = with_chart(lines);
        refused(&home, &["template", "c"], says);
        refused(&home, &["lint", "c"], "");
        refused(&home, &["dependency", "update", "c"], says);
    }
    for entries in ["{c: 7}", "{c: {}}", "{c: [7]}", "{c: [{version: []}]}"] {
        let index = format!("apiVersion: v1\nentries: {entries}\n");
        let (home, server) = (home(), repository(&index, Vec::new()));
        refused(&home, &["repo", "add", "r", &server.url()], "cannot unmarshal");
    }
}

#[test]
fn cve_2025_55199_a_schema_reads_no_files() {
    let home = with_chart("");
    for target in ["/dev/zero", "file:///dev/zero", "file:///etc/passwd", "../../secret"] {
        let schema = format!(r#"{{"properties":{{"a":{{"$ref":"{target}"}}}}}}"#);
        home.write("work/c/values.schema.json", schema);
        refused(&home, &["template", "c"], "no such file or directory");
    }
}
