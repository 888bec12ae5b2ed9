use plimsoll_gotmpl::{Compat, FixedHost, Host, Limits, Map};

use crate::chart::{ChartFile, LoadOptions, from_files};
use crate::release::{Rendered, TemplateError, TemplateOptions, on_large_stack, template};
use crate::values::Origins;
use crate::{HelmCause, HelmError};

const VALUES: &str =
    "image: {tag: 1.5, port: 80}\nlist: [a, b]\non_: true\ntext: '{{ .Values.image.port }}'\n";

fn render(files: &[(&str, &str)], limits: Limits, native: bool) -> Result<Rendered, TemplateError> {
    let compat = Compat::Helm4;
    let file = |(name, text): &(&str, &str)| ChartFile::new(*name, text.as_bytes());
    let files: Vec<ChartFile> = files.iter().map(file).collect();
    let chart = from_files(files, &LoadOptions { compat }, &mut |_| {}).expect("it can be read");
    let options = TemplateOptions { native, limits, ..TemplateOptions::new(compat) };
    let host: &mut dyn Host = &mut FixedHost::new(compat);
    on_large_stack(|| template(&chart, &Map::new(), &options, &mut Origins::off(), host, None))
}

fn chart<'a>(source: &'a str, annotation: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("Chart.yaml", annotation),
        ("values.yaml", VALUES),
        ("files/a.txt", "one\ntwo\n"),
        (
            "templates/_a.tpl",
            "{{ define \"c.name\" }}{{ .Chart.Name }}-{{ .Release.Name }}{{ end }}{{ define \"c.sum\" }}{{ add .a .b }}{{ end }}{{ define \"c.bad\" }}\n{{ fail \"no\" }}{{ end }}",
        ),
        ("jinja/_m.yaml.j2", "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}"),
        ("jinja/a.yaml.j2", source),
    ]
}

const OPTED_IN: &str = "{apiVersion: v2, name: c, version: 0.1.0, appVersion: '7', annotations: {plimsoll.dev/templates: jinja}}";
const NOT: &str = "{apiVersion: v2, name: c, version: 0.1.0}";

fn text(source: &str, limits: Limits) -> Result<String, HelmError> {
    let rendered = render(&chart(source, OPTED_IN), limits, true).map_err(|failed| failed.error)?;
    let file = rendered.files.iter().find(|file| &*file.path == "c/jinja/a.yaml.j2");
    Ok(String::from_utf8_lossy(&file.expect("it was rendered").bytes).into_owned())
}

#[track_caller]
fn check(source: &str, want: &str) {
    let got = text(&format!("a: {source}"), Limits::default()).map_err(|error| error.message);
    assert_eq!(got.as_deref(), Ok(format!("a: {want}").as_str()));
}

#[track_caller]
fn refused(source: &str, want: &str) {
    let error = text(source, Limits::default()).expect_err("it is refused");
    assert_eq!(error.message, want);
    assert!(matches!(error.cause, HelmCause::Native(_)));
}

#[test]
fn templates_see_what_go_templates_see() {
    check("{{ Values.image.tag }} {{ Values.image.port }}", "1.5 80");
    check("{{ Release.Name }} {{ Chart.Name }} {{ Chart.AppVersion }}", "release-name c 7");
    check("{{ Template.Name }}", "c/jinja/a.yaml.j2");
    check(
        "{{ Capabilities.APIVersions.Has('v1') }} {{ Capabilities.KubeVersion.Major }}",
        "true 1",
    );
    check("{{ Files.Get('files/a.txt') | trim | quote }}", "\"one\\ntwo\"");
    check("{{ Files.Lines('files/a.txt') | length }}", "2");
    check("{{ none }} {{ Values.on_ }} {{ Values.list }}", "null true [\"a\",\"b\"]");
}

#[test]
fn functions_of_go_templates_are_functions_and_filters() {
    check("{{ Values.image | toYaml | nindent(2) }}", "\n  port: 80\n  tag: 1.5");
    check("{{ include('c.name') }}", "c-release-name");
    check("{{ include('c.sum', {'a': 1, 'b': 2}) }}", "3");
    check("{{ include('c.name', root) | upper }}", "C-RELEASE-NAME");
    check("{{ tpl(Values.text) }}", "80");
    check("{{ Values.nothing | default('x') }} {{ '' | default('y') }}", "x y");
    check("{{ required('why', Values.image.tag) }} {{ b64enc('a') }}", "1.5 YQ==");
    check("{{ semverCompare('>=1.2', '1.3.0') }} {{ printf('%03d', 7) }}", "true 007");
}

#[test]
fn jinja_is_jinja_and_nothing_is_escaped() {
    check("{{ '<a> & \"b\"' }}", "<a> & \"b\"");
    check("{% if Values.nothing %}x{% else %}y{% endif %}", "y");
    check("{% from '_m.yaml.j2' import twice %}{{ twice('x') }}", "xx");
    check("{{ Values.list | join('-') }} {{ range(3) | list }}", "a-b [0,1,2]");
    let lines = "a:\n{% for x in Values.list %}\n  - {{ x }}\n{% endfor %}\nb: 1\n";
    assert_eq!(text(lines, Limits::default()).expect("fine"), "a:\n  - a\n  - b\nb: 1\n");
}

#[test]
fn what_goes_wrong_has_its_place() {
    refused(
        "a: 1\nb: {{ Values.image.tga }}",
        "c/jinja/a.yaml.j2:2:13: `Values.image.tga` is undefined",
    );
    refused(
        "a: {{ quote(Values.x) }}",
        "c/jinja/a.yaml.j2:1:7: `quote` is given what is not there",
    );
    refused("a: {{ required('say x', Values.x) }}", "c/jinja/a.yaml.j2:1:7: say x");
    refused("a: {{ include('c.bad') }}", "c/jinja/a.yaml.j2:1:7: c/templates/_a.tpl:2:4: no");
    refused(
        "a: {{ Files.get('x') }}",
        "c/jinja/a.yaml.j2:1:12: `Files` has Get, GetBytes, Lines, Glob, AsConfig, AsSecrets, not `get`",
    );
    refused("a: {% if %}", "c/jinja/a.yaml.j2:1:10: syntax error: unexpected end of block");
    refused("a: {{ nope(1) }}", "c/jinja/a.yaml.j2:1:7: unknown function: nope is unknown");
}

#[test]
fn keys_beside_a_missing_one_are_known() {
    let error = text("a: {{ Values.image.tga.x }}", Limits::default()).expect_err("it is refused");
    let HelmCause::Native(error) = error.cause else { panic!("{error}") };
    let missing = error.missing.expect("it is missing");
    assert_eq!(
        (missing.keys.join("."), missing.known.join(" ")),
        ("Values.image.tga".to_owned(), "port tag".to_owned())
    );
}

#[test]
fn work_text_and_depth_have_bounds() {
    let few = Limits { steps: 10_000, bytes: 1000, ..Limits::default() };
    let message = |source: &str| text(source, few).expect_err("it is refused").message;
    let steps =
        "c/jinja/a.yaml.j2:1: it takes more steps than are allowed; `--max-steps N` allows more";
    assert_eq!(message("a: {% for i in range(99999) %}{% set x = i %}{% endfor %}"), steps);
    assert!(
        message("a: {% for i in range(1000000000) %}{% endfor %}")
            .ends_with("range has too many elements")
    );
    assert!(
        message("a: {% for i in range(900) %}xx{% endfor %}")
            .ends_with("`--max-output MIB` allows more")
    );
    assert!(message("a: {% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").contains("recursion"));
    assert!(message("a: {% include 'a.yaml.j2' %}").contains("recursion"));
    assert!(
        message(&format!("a: {{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000)))
            .contains("recursion")
    );
    assert!(message("a: {{ 'x' * 1000000000 }}").contains("too large"));
    assert!(message("a: {{ until(100000000) }}").contains("more"));
}

#[test]
fn texts_on_the_way_have_bounds() {
    let limits = Limits { steps: 20_000, bytes: 1 << 20, ..Limits::default() };
    let bounded = |source: &str| {
        let message = text(source, limits).expect_err(source).message;
        assert!(message.ends_with("`--max-output MIB` allows more"), "{source}: {message}");
    };
    let doubled = |what: &str| {
        bounded(&format!(
            "{{% set ns = namespace(s='x', l=[1], t=(1,)) %}}{{% for i in range(100) %}}{what}{{% endfor %}}"
        ));
    };
    doubled("{% set ns.s = ns.s ~ ns.s %}");
    doubled("{% set ns.s = ns.s + ns.s %}");
    doubled("{% set ns.s = ns.s * 2 %}");
    doubled("{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}");
    doubled("{% set ns.s = [ns.s, ns.s] | join %}");
    doubled("{% set ns.s = [ns.s, ns.s] | string %}");
    doubled("{% set ns.s = ns.s | replace('x', 'xx') %}");
    doubled("{% set ns.s = '%s%s' | format(ns.s, ns.s) %}");
    doubled("{% set ns.l = ns.l + ns.l %}");
    doubled("{% set ns.t = ns.t + ns.t %}");
    doubled("{% set ns.l = [ns.l, ns.l] %}{{ '' if i < 90 else ns.l }}");
    doubled("{% set ns.l = [ns.l, ns.l] %}{% set s = '' if i < 90 else '' ~ ns.l %}");
    doubled("{% set ns.l = [ns.l, ns.l] %}{% set s = '' if i < 90 else toYaml(ns.l) %}");
    doubled("{% set ns.l = [ns.l, ns.l] %}{{ '' if i < 90 else ns.l == [ns.l] }}");
    for compared in [
        "ns.l in [ns.l]",
        "ns.l not in [[ns.l]]",
        "ns.l is eq ns.l",
        "ns.l is not in [ns.l]",
        "[ns.l, ns.l] | sort",
        "[ns.l, ns.l] | unique",
        "[ns.l, ns.l] | max",
        "[[ns.l], [ns.l]] | select('eq', ns.l)",
    ] {
        doubled(&format!(
            "{{% set ns.l = [ns.l, ns.l] %}}{{% set s = '' if i < 90 else ({compared}) | list %}}"
        ));
    }
    bounded(&format!("{{% set s = 'x' %}}{}", "{% set s = s ~ s %}".repeat(60)));
    bounded(&"{% set a = 'x' * 60000000 %}".repeat(3));
    bounded("{% set s = 'x' * 900000 %}{% set a = s[1:] %}");
    bounded("{{ ('x' | indent(100000000, true)) | length }}");
    bounded("{{ '%0900000000d' | format(1) | length }}");
    bounded("{{ (1,) * 90000000 }}");
    bounded("{{ ([1] * 90000000) | list | length }}");
}

#[test]
fn what_goes_wrong_behind_an_operator_has_its_place() {
    refused(
        "a: {{ 1 ~ 2 }}{{ 'a' ~ quote(Values.x) }}",
        "c/jinja/a.yaml.j2:1:24: `quote` is given what is not there",
    );
    refused(
        "a: {{ 1 * 2 }}{{ 'a' ~ Values.image.tga }}",
        "c/jinja/a.yaml.j2:1:18: `Values.image.tga` is undefined",
    );
    check("{{ (1 + 2) * 3 ~ 'a' }} {{ Values.list + ['c'] }}", "9a [\"a\",\"b\",\"c\"]");
    check("{{ 'abc'[1:] | upper }} {{ (1, 2) * 2 }}", "BC [1,2,1,2]");
}

#[test]
fn only_charts_that_opted_in_have_them_and_only_where_they_are_asked_for() {
    let count = |annotation: &str, native: bool| {
        let rendered = render(&chart("a: 1\n", annotation), Limits::default(), native);
        rendered.map(|rendered| rendered.manifests.len()).map_err(|failed| failed.error.message)
    };
    assert_eq!(count(OPTED_IN, true), Ok(1));
    assert_eq!(count(OPTED_IN, false), Ok(0));
    assert_eq!(count(NOT, true), Ok(0));
    let other = OPTED_IN.replace(": jinja", ": jnja");
    let want =
        "the annotation `plimsoll.dev/templates` of the chart `c` is `jinja` or absent, not `jnja`";
    assert_eq!(count(&other, true), Err(want.to_owned()));
}

#[test]
fn nothing_divides_by_zero() {
    check(
        "{{ 6 is divisibleby 3 }} {{ 7 is divisibleby(2) }} {{ 'a' is divisibleby 2 }}",
        "true false false",
    );
    check("{{ 1.5 is divisibleby 0.5 }} {{ 1.5 is divisibleby 0 }}", "true false");
    let error = text("{{ 1 is divisibleby 0 }}", Limits::default()).expect_err("it is refused");
    assert!(error.message.contains("division by zero"), "{}", error.message);
}
