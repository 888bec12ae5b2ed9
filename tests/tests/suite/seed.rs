//! `--seed`: what is random repeats.

use plimsoll_tests::folder::Folder;

use crate::plimsoll::plimsoll_in;

const HELPERS: &str = "{{ define \"secret\" }}{{ randAlphaNum 12 }}{{ end }}{{ define \"id\" }}{{ uuidv4 }}{{ end }}\n";
const FILE: &str = "\
a: {{ randAlphaNum 8 }}
b: {{ randAlphaNum 8 }}
loop:
{{- range until 3 }}
  - {{ randNumeric 9 }}
{{- end }}
helper: {{ include \"secret\" . }} {{ include \"secret\" . }}
line: {{ print (randAscii 6) (shuffle \"abcdefghij\") (randInt 0 1000000) | b64enc }}
key: {{ genPrivateKey \"ecdsa\" | sha256sum }}
cert: {{ (genSelfSignedCert \"a\" nil nil 1).Cert | sha256sum }}
hash: {{ bcrypt \"x\" }} {{ encryptAES \"k\" \"x\" }} {{ randBytes 9 }}
tpl: {{ tpl \"{{ randAlpha 7 }}\" . }}
";

fn chart(file: &str) -> Folder {
    Folder::new(&[
        ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
        ("templates/_helpers.tpl", HELPERS),
        ("templates/a.yaml", file),
    ])
}

fn lines(chart: &Folder, seed: &str) -> Vec<String> {
    let args = ["render", ".", "--no-validate", "--source-date-epoch", "1700000000"];
    let ran = plimsoll_in(chart.path(), &[&args[..], &["--seed", seed]].concat(), "");
    assert_eq!(ran.status, 0, "{}", ran.err);
    ran.out.lines().filter(|line| line.contains([':', '-'])).map(str::to_owned).collect()
}

#[test]
fn the_same_seed_gives_the_same_and_another_does_not() {
    let chart = chart(FILE);
    let (one, again, other) = (lines(&chart, "1"), lines(&chart, "1"), lines(&chart, "2"));
    assert_eq!(one, again);
    let same = one.iter().zip(&other).filter(|(one, other)| one == other).count();
    // `---`, `# Source:` and `loop:`.
    assert_eq!(same, 3, "{one:#?}\n{other:#?}");
}

#[test]
fn calls_and_turns_of_a_loop_differ() {
    let lines = lines(&chart(FILE), "1");
    let value = |key: &str| {
        let mut found = lines.iter().filter_map(|line| line.strip_prefix(key));
        found.next().unwrap_or_else(|| panic!("no {key} in {lines:#?}")).to_owned()
    };
    assert_ne!(value("a: "), value("b: "));
    let turns: Vec<&String> = lines.iter().filter(|line| line.starts_with("  - ")).collect();
    assert!(turns[0] != turns[1] && turns[1] != turns[2], "{turns:?}");
    let helper = value("helper: ");
    let (first, second) = helper.split_once(' ').unwrap();
    assert_ne!(first, second);
}

#[test]
fn a_new_random_call_changes_no_other() {
    let before = lines(&chart(FILE), "1");
    let more = FILE.replace("b: ", "new: {{ randAlphaNum 8 }}\nid: {{ include \"id\" . }}\nb: ");
    let after = chart(&more);
    after.write(
        "templates/z.yaml",
        "first: {{ randAlphaNum 8 }} {{ genPrivateKey \"ed25519\" | len }}\n",
    );
    let after = lines(&after, "1");
    let missing: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert_eq!(after.len(), before.len() + 5);
}
