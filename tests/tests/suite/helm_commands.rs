//! Helm's commands as other programs call them, beyond what the goldens show: files that are
//! written, a program under the name `helm`, what a cluster would be needed for.

use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_tests::fixture;

use crate::plimsoll::{Ran, folder, quiet};

/// A folder that goes with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("plimsoll-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        status: output.status.code().unwrap(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn command(folder_of_run: &Path, args: &[&str]) -> Command {
    let mut command = quiet(folder().join("plimsoll"));
    command.arg("helm").args(args).current_dir(folder_of_run).env_remove("SOURCE_DATE_EPOCH");
    command
}

fn helm(folder_of_run: &Path, args: &[&str]) -> Ran {
    ran(command(folder_of_run, args))
}

fn good() -> String {
    fixture("charts/commands/good").to_string_lossy().into_owned()
}

#[test]
fn a_packed_chart_is_the_chart() {
    let scratch = Scratch::new("package");
    let packed = helm(&scratch.0, &["package", &good(), "-d", "out/deep", "--version", "2.0.0"]);
    let want = "Successfully packaged chart and saved it to: out/deep/good-2.0.0.tgz\n";
    assert_eq!((packed.status, packed.out.as_str()), (0, want), "{packed:?}");
    let archive = scratch.path("out/deep/good-2.0.0.tgz");
    for what in ["values", "readme", "crds"] {
        let (of_folder, of_archive) = (
            helm(&scratch.0, &["show", what, &good()]),
            helm(&scratch.0, &["show", what, &archive]),
        );
        assert_eq!(of_folder.out, of_archive.out, "{what}");
    }
    assert!(helm(&scratch.0, &["show", "chart", &archive]).out.contains("version: 2.0.0\n"));
    let manifests = |chart: &str| helm(&scratch.0, &["template", "r", chart]).out;
    assert_eq!(manifests(&good()), manifests(&archive));
    let linted = helm(&scratch.0, &["lint", &archive]);
    assert_eq!((linted.status, linted.err.as_str()), (0, ""), "{linted:?}");
}

#[test]
fn a_date_makes_archives_the_same() {
    let scratch = Scratch::new("epoch");
    let bytes = |folder: &str| {
        let mut command = command(&scratch.0, &["package", &good(), "-d", folder]);
        command.env("SOURCE_DATE_EPOCH", "1700000000");
        assert_eq!(ran(command).status, 0);
        std::fs::read(scratch.0.join(folder).join("good-1.2.3.tgz")).unwrap()
    };
    let (one, two) = (bytes("one"), bytes("two"));
    assert!(one == two, "the archives differ");
    let mut command = command(&scratch.0, &["package", &good()]);
    command.env("SOURCE_DATE_EPOCH", "-1");
    assert_eq!(ran(command).err, "Error: invalid SOURCE_DATE_EPOCH: must not be negative\n");
}

#[test]
fn a_new_chart_renders_and_nothing_speaks_against_it() {
    let scratch = Scratch::new("create");
    for name in ["shop", "Up.Per_1"] {
        assert_eq!(helm(&scratch.0, &["create", name]).out, format!("Creating {name}\n"));
        let linted = helm(&scratch.0, &["lint", "--strict", name]);
        let want = format!(
            "==> Linting {name}\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 \
             chart(s) failed\n"
        );
        assert_eq!(linted.out, want);
        let all = "ingress.enabled=true,httpRoute.enabled=true,autoscaling.enabled=true";
        let rendered = helm(&scratch.0, &["template", "r", name, "--set", all]);
        assert_eq!(rendered.status, 0, "{rendered:?}");
        for kind in ["Deployment", "Service", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler"] {
            assert!(rendered.out.contains(&format!("\nkind: {kind}\n")), "{name}: {kind}");
        }
        assert!(!rendered.out.contains("<CHARTNAME>"));
    }
    let again = helm(&scratch.0, &["create", "shop"]);
    assert_eq!(again.out.matches("already exists. Overwriting.\n").count(), 12);
}

#[test]
fn a_starter_gives_its_files_under_a_new_name() {
    let scratch = Scratch::new("starter");
    let starter = scratch.path("starter");
    std::fs::create_dir_all(scratch.0.join("starter/templates")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(scratch.0.join(name), text).unwrap();
    write("starter/Chart.yaml", "apiVersion: v2\nname: starter\nversion: 9.0.0\n");
    write("starter/values.yaml", "name: <CHARTNAME> # kept\n");
    write("starter/templates/a.yaml", "kind: <CHARTNAME>\n");
    assert_eq!(helm(&scratch.0, &["create", "mine", "--starter", &starter]).status, 0);
    let read = |name: &str| std::fs::read_to_string(scratch.0.join("mine").join(name)).unwrap();
    assert_eq!(read("values.yaml"), "name: mine # kept\n");
    assert_eq!(read("templates/a.yaml"), "kind: mine\n");
    assert!(read("Chart.yaml").contains("name: mine\n") && read("Chart.yaml").contains("0.1.0"));
}

#[cfg(unix)]
#[test]
fn a_program_named_helm_is_helm() {
    let scratch = Scratch::new("named");
    let link = scratch.0.join("helm");
    std::os::unix::fs::symlink(folder().join("plimsoll"), &link).unwrap();
    let mut command = quiet(link);
    command.args(["version", "--short"]);
    assert_eq!(ran(command).out, "v4.3\n");
    let mut command = quiet(scratch.0.join("helm"));
    command.args(["version", "-c", "--short"]).env("PLIMSOLL_COMPAT", "helm3");
    assert_eq!(ran(command).out, "v3.22\n");
}

#[test]
fn what_needs_a_cluster_says_so() {
    let scratch = Scratch::new("cluster");
    for args in [
        &["install", "r", "c"] as &[&str],
        &["upgrade", "--install", "r", "c"],
        &["list", "-A"],
        &["status", "r"],
        &["get", "manifest", "r"],
        &["rollback", "r", "1"],
        &["uninstall", "r"],
        &["history", "r"],
        &["test", "r"],
    ] {
        let ran = helm(&scratch.0, args);
        assert_eq!((ran.status, ran.out.as_str()), (1, ""), "{args:?}");
        assert!(ran.err.starts_with("Error: `helm ") && ran.err.contains("needs a cluster"));
    }
}

#[test]
fn every_command_has_its_page() {
    let scratch = Scratch::new("help");
    for path in ["", "show", "show values", "dependency", "lint", "repo add", "completion bash"] {
        let words: Vec<&str> = path.split_whitespace().chain(["--help"]).collect();
        let page = helm(&scratch.0, &words);
        assert_eq!((page.status, page.err.as_str()), (0, ""), "{path}");
        let line = format!("Usage:\n  helm {path}");
        assert!(page.out.contains(line.trim_end()) && page.out.contains("--help"), "{path}");
    }
}
