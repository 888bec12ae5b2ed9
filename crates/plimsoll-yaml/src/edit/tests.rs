use plimsoll_source::FileId;

use super::*;

fn text(value: &str) -> Scalar {
    Scalar::Text(value.to_owned())
}

#[track_caller]
fn check(before: &str, path: &str, value: &Scalar, after: &str) {
    let path = Path::parse(path).expect("the path can be read");
    let edit = set(before.as_bytes(), FileId::NONE, &path, value);
    let got = edit.map(|edit| apply(before.as_bytes(), &[edit]));
    let got = got.map(|text| String::from_utf8(text).expect("it is UTF-8"));
    assert_eq!(got.as_deref(), Ok(after), "{before}");
}

#[track_caller]
fn refused(before: &str, path: &str, why: &str) {
    let path = Path::parse(path).expect("the path can be read");
    let error = set(before.as_bytes(), FileId::NONE, &path, &Scalar::Int(1));
    assert_eq!(error.expect_err("it is refused").to_string(), why, "{before}");
}

#[test]
fn scalars_are_replaced_in_their_quotes() {
    check("a: b # c\n", "a", &text("d"), "a: d # c\n");
    check("a: \"b\" # c\n", "a", &text("1"), "a: \"1\" # c\n");
    check("a: 'b'\nc: d\n", "a", &text("it's"), "a: 'it''s'\nc: d\n");
    check("a: 'b'\n", "a", &Scalar::Bool(true), "a: true\n");
    check("a: b\n", "a", &text("true"), "a: \"true\"\n");
    check("a:\n- b\n- c # d\n", "a[1]", &Scalar::Int(5), "a:\n- b\n- 5 # d\n");
    check("a: # x\nb: 1\n", "a", &text("z"), "a: z # x\nb: 1\n");
    check("a: {b: [c, d]}\n", "a.b[0]", &text("e"), "a: {b: [e, d]}\n");
    check("a: {}\n", "a", &Scalar::Null, "a: null\n");
    check("a: &x b\nc: *x\n", "c", &Scalar::Float(1.5), "a: &x b\nc: 1.5\n");
}

#[test]
fn block_scalars_are_replaced_with_their_lines() {
    check("a: |\n    x\n    y\n\n# c\nb: 1\n", "a", &text("z"), "a: z\n\n# c\nb: 1\n");
    check("a: |\n    x\n# c\n", "a", &text("y\n\nz\n"), "a: |\n    y\n\n    z\n# c\n");
}

#[test]
fn missing_keys_come_behind_their_siblings() {
    let before = "# top\nimage:\n    tag: \"1\" # one\n    # more: x\n\n# rest\nb: 1\n";
    check(
        before,
        "image.name",
        &text("app"),
        "# top\nimage:\n    tag: \"1\" # one\n    name: app\n    # more: x\n\n# rest\nb: 1\n",
    );
    check(before, "c.d", &Scalar::Int(2), &format!("{before}c:\n    d: 2\n"));
    check("a: 1", "b", &Scalar::Int(2), "a: 1\nb: 2");
    check(
        "a:\n  - b: 1\n    c: 2\n",
        "a[0].d",
        &text("x: y"),
        "a:\n  - b: 1\n    c: 2\n    d: 'x: y'\n",
    );
    check("a: # c\n\nb: 1\n", "a.x", &Scalar::Int(1), "a: # c\n  x: 1\n\nb: 1\n");
    check("a: null # c\n", "a.x[0]", &Scalar::Int(1), "a: {x: [1]} # c\n");
    check("a: {b: 1} # c\n", "a.d", &text("e, f"), "a: {b: 1, d: \"e, f\"} # c\n");
    check("a: {}\n", "a.b.c", &Scalar::Int(1), "a: {b: {c: 1}}\n");
    check("# only\n", "a.b", &Scalar::Int(1), "# only\na:\n  b: 1\n");
    check("a:\n- b\n# c\n", "a[1]", &text("d"), "a:\n- b\n- d\n# c\n");
    check("a: [b] # c\n", "a[1]", &text("d"), "a: [b, d] # c\n");
    check("a: |\n  x\n\n\n", "on", &text("p\nq"), "a: |\n  x\n\"on\": |-\n  p\n  q\n\n\n");
}

#[test]
fn what_cannot_be_set_is_said() {
    refused("a: b\n", "a.c", "`a` is a single value");
    refused("a:\n  b: 1\n", "a", "`a` is a map");
    refused("a:\n- 1\n", "a[3]", "`a` has 1 items");
    refused("a:\n- 1\n", "a.b", "`a` is a list");
    refused("- 1\n", "a", "the document is a list");
    refused("a: [\n", "a", "yaml: line 1: did not find expected node content");
    refused("a: &x {b: 1}\nc: *x\n", "c.b", "`c.b` cannot be set without other changes");
}

#[test]
fn a_text_in_utf_16_is_left_alone() {
    for text in [&b"\xff\xfea\0:\0"[..], b"\xfe\xff\0a\0:"] {
        let path = Path::parse("a.b").expect("the path can be read");
        let error = set(text, FileId::NONE, &path, &Scalar::Int(1)).expect_err("it is refused");
        assert_eq!(error.to_string(), "the document is in UTF-16");
    }
}
