//! What the fuzz targets were once given, and changes of it, without a panic.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/targets.rs"]
#[expect(unreachable_pub, reason = "the package of fuzz targets takes them from outside")]
mod targets;

/// The pieces that changes put in.
const PIECES: [&[u8]; 14] = [
    b"\n", b": ", b"- ", b"{", b"]", b"'", b"\"", b"\t", b"&a ", b"*a", b"\xff", b"\\", b"|\n",
    b"=",
];

fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{name} has a corpus");
    let mut state: u32 = 5;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    for path in paths {
        let seed = fs::read(&path).unwrap();
        target(&seed);
        for _ in 0..30 {
            let mut changed = seed.clone();
            let at = next(changed.len() + 1);
            let cut = next(4).min(changed.len() - at);
            changed.splice(at..at + cut, PIECES[next(PIECES.len())].iter().copied());
            target(&changed);
        }
    }
}

#[test]
fn yaml_is_read_written_and_edited() {
    replay("yaml", targets::yaml);
}

#[test]
fn arguments_of_set_are_read() {
    replay("strvals", targets::strvals);
}

#[test]
fn files_of_metadata_are_read() {
    replay("chart_yaml", targets::chart_yaml);
}

#[test]
fn rules_of_helmignore_are_read() {
    replay("helmignore", targets::helmignore);
}

#[test]
fn archives_are_read() {
    replay("archive", targets::archive);
}

#[test]
fn templates_are_parsed() {
    replay("template_parse", targets::template_parse);
}

#[test]
fn templates_are_run() {
    replay("template", targets::template);
}

#[test]
fn manifests_are_sorted_and_printed() {
    replay("manifests", targets::manifests);
}

#[test]
fn manifests_are_judged() {
    replay("validate", targets::validate);
}

#[test]
fn native_templates_are_run() {
    replay("native", targets::native);
}

#[test]
fn schemas_are_read_and_asked() {
    replay("schemas", targets::schemas);
}

#[test]
fn files_of_projects_are_read_linted_and_changed() {
    replay("project", targets::project);
}
