//! `--seed` and SOURCE_DATE_EPOCH: what is random or the time is the same again.

use std::process::Command;

const TEMPLATE: &str = "{{ randAlphaNum 20 }} {{ randInt 0 1000000 }} {{ uuidv4 }} \
    {{ (genSelfSignedCert \"a\" nil nil 1).Cert | sha256sum }} {{ genPrivateKey \"ed25519\" }} \
    {{ htpasswd \"a\" \"b\" }} {{ now | unixEpoch }}";

fn eval(seed: Option<&str>, epoch: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(["eval", TEMPLATE]).env("SOURCE_DATE_EPOCH", epoch);
    command.args(seed.map(|seed| format!("--seed={seed}")));
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_same_seed_gives_the_same_secrets() {
    let first = eval(Some("s"), "1700000000");
    assert_eq!(first, eval(Some("s"), "1700000000"));
    assert!(first.trim_end().ends_with(" 1700000000"));
}

#[test]
fn another_seed_or_none_gives_others() {
    let first = eval(Some("s"), "1700000000");
    assert_ne!(first, eval(Some("t"), "1700000000"));
    assert_ne!(first, eval(None, "1700000000"));
    assert_ne!(eval(None, "1700000000"), eval(None, "1700000000"));
}
