use plimsoll_source::FileId;

use super::NodeSink;
use crate::compose::compose;
use crate::parse::parse;
use crate::{input, lines};

/// What is read by lines is what the full reader reads; gives whether it was read by lines.
#[track_caller]
fn agrees(text: &[u8]) -> bool {
    let input = input::read(text);
    let mut nodes = NodeSink::new(FileId::NONE, 0);
    if !input.is_simple || lines::read(&input.text, &mut nodes).is_err() {
        return false;
    }
    let full = parse(&input.text, FileId::NONE, 0, input.bad)
        .and_then(|document| compose(&document, false));
    let full = full.map(|it| (it.node, it.duplicates)).map_err(Some);
    let quick = nodes.finish().map(|it| (it.node, it.duplicates)).ok_or(None);
    assert_eq!(quick, full, "{}", String::from_utf8_lossy(text));
    true
}

#[track_caller]
fn check(text: &str) {
    assert!(agrees(text.as_bytes()), "it is read by lines: {text}");
}

#[track_caller]
fn leaves(text: &str) {
    assert!(!agrees(text.as_bytes()), "it is left to the full reader: {text}");
}

#[test]
fn what_nearly_every_file_keeps_to_is_read_by_lines() {
    check("a: 1\nb:\n  c: [x, \"y\", {z: 1.5}, []]\n  d: {}\n  e: # later\n  - f: g\n    h:\n");
    check(
        "---\n# x\na: |\n    one\n      two\n\n    three\n\n\n# end\nb: |-\n  x\nc: |+\n  y\n\n\n",
    );
    check("- - a\n  - b: c\n    d: 'it''s'\n-\n- \"\\u00e9\\n\" # x\n-\n  x: y");
    check("a: >\n  one\n  two\n\n  three\n   four\n\n  five\nb: >-\n\n  six");
    check("\"a b\": c#d\ny2: on\nx: -1 # c\nz: a, [b] 'c'\nb: x:y:z\n");
    check("a: |\nb: |+\n\n\nc: x\n");
    check("a: 1\na: 2\nb: {k: v, k: w}\n");
    check("a:\n  {}\nb:\n  - c\n  -\n    'd'\ne:\n  f\n  g\n\n\n  h # i\nj: :k\n");
    check("a: b\n  c: d\n".replace(": d", ":d").as_str());
    check("a: \"b \n  c\\ \n\n  d\\\n   e\\\n\n f\"\nb: 'c\n\n  d'' '\n");
    check("k: é ☃\nt: 2001-01-01\nm: 0777\nl:\n- a\n-   b:   c   \n");
}

#[test]
fn what_is_doubtful_is_left_to_the_full_reader() {
    leaves("a: &x 1\nb: *x\n");
    leaves("a: b: c\n");
    leaves("on: 1\n");
    leaves("~: 1\n");
    leaves("a: .inf\n");
    leaves("a:\tb\n");
    leaves("a: 1\n---\nb: 2\n");
    leaves("  a: 1\nb: 2\n");
    leaves("a: |2\n   x\n");
    leaves("a: 1\r\nb: 2\n");
    leaves("<<: {a: 1}\n");
    leaves("# nothing\n");
}

#[test]
fn both_readers_agree_on_whatever_one_of_them_reads() {
    let seeds: &[&str] = &[
        "a: 1\nb:\n  - c: d\n    e: |\n      f\n       g\n\n  - h\nc: [x, {y: z}]\n",
        "- 'a'\n-\n  - b: \"c\\n\"\n    d: >-\n      e\n\n      f\n- # g\n",
        "a: b\n  c\n\n  d # e\nf: \"g\n  h\\\n  i\"\nj:\n  'k\n\n l'\n",
        "x:\n- y:\n  - z: 1\n  w: # v\n    u: {}\n# t\n\ns: r\n",
    ];
    let pieces: &[&str] = &[
        "\n", " ", "  ", "- ", "-", ": ", ":", "{", "}", "[", "]", "'", "\"", "\t", "#", " #",
        "|\n", ">\n", ",", "a", "é", "\\", "~", "---\n", "? ", "\n\n", "\n  ", "!x ", "&a ", "0",
        ".",
    ];
    let mut state: u32 = 11;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut read = 0;
    for round in 0..20_000 {
        let mut text = seeds[round % seeds.len()].as_bytes().to_vec();
        for _ in 0..=next(3) {
            let at = next(text.len() + 1);
            let cut = next(3).min(text.len() - at);
            text.splice(at..at + cut, pieces[next(pieces.len())].bytes());
        }
        read += usize::from(agrees(&text));
    }
    assert!(read > 1000, "{read} were read by lines");
}
