//! Charts and flags that mean harm: every one ends soon, within little memory and with a clear
//! error.

use std::path::PathBuf;
use std::process::Stdio;

use wait4::Wait4;

use crate::plimsoll::{folder, quiet};

/// A chart, what it is run with, and what is said of it.
struct Hostile {
    name: &'static str,
    template: Vec<u8>,
    values: Vec<u8>,
    args: Vec<String>,
    /// A piece of the error; nothing where there is none.
    says: &'static str,
}

/// The processor time that a case may take: two seconds of an optimized program.
const SECONDS: f64 = if cfg!(debug_assertions) { 40.0 } else { 2.0 };
const MEMORY: u64 = 512 << 20;

fn template(name: &'static str, template: impl Into<Vec<u8>>, says: &'static str) -> Hostile {
    Hostile { name, template: template.into(), values: Vec::new(), args: Vec::new(), says }
}

fn values(name: &'static str, values: impl Into<Vec<u8>>, says: &'static str) -> Hostile {
    let values = values.into();
    Hostile { values, ..template(name, "a: {{ .Values | len }}\n", says) }
}

fn flags(name: &'static str, flags: &[&str], says: &'static str) -> Hostile {
    let args = flags.iter().map(|flag| (*flag).to_owned()).collect();
    Hostile { args, ..values(name, "a: {b: [1]}\n", says) }
}

fn run(hostile: &Hostile) -> Option<String> {
    let chart = chart(hostile);
    let mut command = quiet(folder().join("plimsoll"));
    command.args(["helm", "template", "rel"]).arg(&chart).args(&hostile.args);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let errors = chart.join("errors");
    command.stderr(std::fs::File::create(&errors).unwrap());
    let used = command.spawn().unwrap().wait4().unwrap();
    let said = String::from_utf8_lossy(&std::fs::read(&errors).unwrap()).into_owned();
    std::fs::remove_dir_all(&chart).unwrap();
    let seconds = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    let status = used.status.code();
    let end: String = said.chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect();
    let (memory, wanted) = (used.rusage.maxrss, i32::from(!hostile.says.is_empty()));
    let kept = seconds <= SECONDS && memory <= MEMORY;
    let good = status == Some(wanted) && said.contains(hostile.says) && kept;
    (!good).then(|| {
        format!("{}: {status:?}, {seconds:.1} s, {} MiB: …{end}", hostile.name, memory >> 20)
    })
}

fn chart(hostile: &Hostile) -> PathBuf {
    let name = format!("plimsoll-hostile-{}-{}", std::process::id(), hostile.name);
    let chart = std::env::temp_dir().join(name);
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    std::fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: h\nversion: 0.1.0\n").unwrap();
    std::fs::write(chart.join("templates/a.yaml"), &hostile.template).unwrap();
    std::fs::write(chart.join("values.yaml"), &hostile.values).unwrap();
    chart
}

fn check(all: &[Hostile]) {
    let only = std::env::var("HOSTILE").unwrap_or_default();
    let chosen = all.iter().filter(|one| one.name.contains(&only));
    let failures: Vec<String> = chosen.filter_map(run).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn recursion_ends() {
    let ring: String = (0..40)
        .map(|at| {
            format!(
                "{{{{ define \"r{at}\" }}}}{{{{ include \"r{}\" . }}}}{{{{ end }}}}",
                (at + 1) % 40
            )
        })
        .collect();
    let tpl = "text: '{{ tpl .Values.text . }}'\n";
    check(&[
        Hostile {
            values: tpl.into(),
            ..template("tpl", "a: {{ tpl .Values.text . }}\n", "levels deep")
        },
        template(
            "include",
            "{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}",
            "nested reference name",
        ),
        template("ring", format!("{ring}{{{{ include \"r0\" . }}}}"), "levels deep"),
        template(
            "template",
            "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}",
            "exceeded maximum template depth",
        ),
        template("itself", "{{ include .Template.Name . }}", "nested reference name"),
        template(
            "tree",
            "{{ define \"r\" }}{{ if gt . 0 }}{{ include \"r\" (sub . 1 | int) }}{{ include \"r\" (sub . 1 | int) }}{{ end }}{{ end }}{{ include \"r\" 60 }}",
            "steps",
        ),
    ]);
}

#[test]
fn loops_end() {
    check(&[
        template("range", "{{ range 9000000000000000000 }}{{ end }}", "steps"),
        template("range-until", "{{ range until 1000000000 }}x{{ end }}", "items"),
        template("until-step", "{{ untilStep 0 2000000000 1 | len }}", "items"),
        template("seq", "{{ seq 0 1 2000000000 | len }}", "`seq`"),
        template(
            "ranges",
            "{{ range until 100000 }}{{ range until 100000 }}x{{ end }}{{ end }}",
            "more than",
        ),
        template(
            "set",
            "{{ range until 4000000 }}{{ $_ := set $.Values (toString .) 1 }}{{ end }}",
            "more than",
        ),
        template(
            "append",
            "{{ $l := list }}{{ range until 4000000 }}{{ $l = append $l . }}{{ end }}",
            "more than",
        ),
        template(
            "deep-list",
            "{{ $l := list }}{{ range until 4000000 }}{{ $l = list $l }}{{ end }}",
            "more than",
        ),
    ]);
}

#[test]
fn texts_stay_small() {
    let grow = |step: &str| {
        format!(
            "{{{{ $a := \"x\" }}}}{{{{ range until 70 }}}}{{{{ $a = {step} }}}}{{{{ end }}}}{{{{ len $a }}}}"
        )
    };
    check(&[
        template("repeat", "{{ repeat 3000000000 \"ab\" | len }}", "bytes"),
        template("repeat-more", "{{ repeat 9223372036854775807 \"ab\" | len }}", "bytes"),
        template("repeats", "{{ range until 1000 }}{{ repeat 30000000 \"a\" }}{{ end }}", "MiB"),
        template("print", grow("print $a $a"), "more than"),
        template("printf", grow("printf \"%s%s\" $a $a"), "more than"),
        template("replace", grow("replace \"x\" \"xxxx\" $a"), "bytes"),
        template("regex", grow("regexReplaceAll \"x\" $a \"xxxx\""), "bytes"),
        template("quote", grow("quote $a $a"), "MiB"),
        template("indent", "{{ indent 2000000000 \"a\\nb\" | len }}", "bytes"),
        template("nindent", "{{ nindent 2000000000 \"a\\nb\" | len }}", "bytes"),
        template(
            "width",
            "{{ printf \"%999999d\" 1 | len }}{{ range until 100000 }}{{ printf \"%999999d\" . }}{{ end }}",
            "MiB",
        ),
        template("random", "{{ randAlphaNum 2000000000 | len }}", "bytes"),
        template("join", "{{ list 1 2 3 | join (repeat 30000000 \"a\") | len }}", "bytes"),
        template(
            "yaml",
            "{{ $a := list 1 }}{{ range until 45 }}{{ $a = list $a $a }}{{ end }}{{ toYaml $a | len }}",
            "bytes",
        ),
        template(
            "json",
            "{{ $a := list 1 }}{{ range until 45 }}{{ $a = list $a $a }}{{ end }}{{ toJson $a | len }}",
            "bytes",
        ),
        template(
            "shown",
            "{{ $a := list 1 }}{{ range until 45 }}{{ $a = list $a $a }}{{ end }}{{ $a }}",
            "MiB",
        ),
    ]);
}

#[test]
fn nesting_ends() {
    let many = |piece: &str| piece.repeat(1_000_000);
    check(&[
        template("parens", format!("{{{{ {}", many("(")), "max expression depth exceeded"),
        template("blocks", many("{{ if true }}"), "levels deep"),
        template(
            "elses",
            format!("{{{{ if false }}}}{}", many("{{ else if false }}")),
            "levels deep",
        ),
        template("fields", format!("{{{{ .Values{} }}}}", many(".a")), "nil pointer"),
        template("comment", format!("{{{{/* {}", many("x")), "unclosed comment"),
        values("brackets", format!("a: {}", many("[")), "exceeded max depth"),
        values("braces", format!("a: {}", many("{")), "exceeded max depth"),
        values("dashes", many("- "), "exceeded max depth"),
    ]);
}

#[test]
fn odd_bytes_are_told() {
    let bomb: String = ('b'..='j')
        .zip('a'..='i')
        .map(|(next, last)| format!("{next}: &{next} [{}]\n", format!("*{last},").repeat(9)))
        .collect();
    check(&[
        values("aliases", format!("a: &a [x,x,x,x,x,x,x,x,x]\n{bomb}"), "excessive aliasing"),
        values("itself", "a: &a {b: *a}\n", "contains itself"),
        values("utf-8", &b"a: \xff\xfe\n"[..], "UTF-8"),
        values("control", &b"a: \0\n"[..], "control characters"),
        flags("index", &["--set", "a[99999999999]=1"], "index"),
        flags("large-index", &["--set", "a[70000]=1"], "index"),
    ]);
}

#[test]
fn what_is_met_twice_is_no_more_work_than_it_is() {
    let doubled = |name: &str| {
        format!(
            "{{{{ ${name} := dict \"a\" 1 }}}}{{{{ range until 45 }}}}{{{{ ${name} = dict \"a\" ${name} \"b\" ${name} }}}}{{{{ end }}}}"
        )
    };
    let (a, b) = (doubled("a"), doubled("b"));
    let cycle = "{{ $_ := set .Values \"z\" .Values }}";
    check(&[
        template("equal", format!("{a}{b}a: {{{{ deepEqual $a $b }}}}"), ""),
        template("merge", format!("{a}{b}{{{{ mergeOverwrite $a $b | len }}}}"), "`merge` met"),
        template("copy", format!("{a}{{{{ deepCopy $a | len }}}}"), "`deepCopy` met"),
        template("toml", format!("{a}{{{{ $_ := mustToToml $a }}}}"), "`toToml`"),
        template("cycle-yaml", format!("{cycle}a: {{{{ toYaml .Values | len }}}}"), ""),
        template(
            "cycle-copy",
            format!("{cycle}{{{{ deepCopy .Values | len }}}}"),
            "contains itself",
        ),
    ]);
}

#[test]
fn slow_functions_are_counted() {
    let often = |call: &str| {
        format!(
            "{{{{ $a := repeat 30000000 \"a\" }}}}{{{{ range until 100000 }}}}{{{{ $_ := {call} }}}}{{{{ end }}}}"
        )
    };
    check(&[
        template("sha", often("sha256sum $a"), "steps"),
        template("contains", often("contains \"ab\" $a"), "steps"),
        template("match", often("regexMatch \"ab\" $a"), "steps"),
        template("uniq", "{{ until 1000000 | uniq | len }}", "`uniq` compares"),
        template(
            "curves",
            "{{ range until 100000 }}{{ $_ := genPrivateKey \"ed25519\" }}{{ end }}",
            "steps",
        ),
    ]);
}

#[test]
fn widths_and_numbers_are_limited() {
    check(&[
        template("star", "a: {{ printf \"%*d\" 100000000 1 | quote }}", ""),
        template("until-largest", "{{ until 9223372036854775807 | len }}", "items"),
        template("step-largest", "{{ untilStep 0 9223372036854775807 1 | len }}", "items"),
        template("indent-billion", "{{ indent 1000000000 \"a\" }}", "bytes"),
        template(
            "smallest",
            "a: b{{ div -9223372036854775808 -1 }}{{ mod -9223372036854775808 -1 }}",
            "",
        ),
        template("zero", "{{ div 1 0 }}", "divide by zero"),
    ]);
}

#[test]
fn expressions_and_patterns_are_limited() {
    check(&[
        template("size", "a: {{ regexMatch \"(((a{1000}){1000}){1000})\" \"a\" }}", ""),
        template(
            "groups",
            "{{ regexReplaceAll (repeat 10000 \"(a)\") (repeat 100000 \"a\") \"${1}\" | len }}",
            "expression too large",
        ),
        template("long-pattern", "a: {{ regexMatch (repeat 10000000 \"a\") \"a\" }}", ""),
        template(
            "keys-of-toml",
            "a: {{ fromToml (printf \"a%s = 1\" (repeat 1000000 \".a\")) | toJson }}",
            "",
        ),
        template("stars", "a: {{ regexMatch \"(a*)*b\" (repeat 1000000 \"a\") }}", ""),
        template(
            "parens-of-it",
            "a: {{ regexMatch (printf \"%sa%s\" (repeat 100000 \"(\") (repeat 100000 \")\")) \"x\" }}",
            "",
        ),
        template("glob", "a: {{ .Files.Glob (printf \"%sb\" (repeat 100 \"a*\")) | len }}", ""),
        template("glob-braces", "a: {{ .Files.Glob (repeat 100000 \"{\") | len }}", ""),
    ]);
}
