//! Random templates of the language itself: actions in each other, pipelines, scopes, mistakes.

use super::calls;
use crate::chance::Chance;

/// How deep actions and parentheses nest.
const DEEPEST: usize = 2;

const FUNCTIONS: &[&str] = &[
    "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "index", "len", "print", "println",
    "printf", "html", "js", "urlquery", "call", "slice", "list", "dict", "default", "typeOf",
    "kindOf", "toString", "quote", "add", "int", "ternary", "include", "tpl", "required", "fail",
    "hasKey", "get", "set", "upper", "until", "toYaml", "toJson", "first", "kindIs", "empty",
    "coalesce", "nosuch",
];

const FORMATS: &[&str] = &[
    r#""%v""#,
    r#""%d""#,
    r#""%s""#,
    r#""%5.2f|%-6d|""#,
    r#""%q""#,
    r#""%x""#,
    r#""%T""#,
    r#""%[2]v %[1]v""#,
    r#""%+v""#,
    r#""%#v""#,
    r#""%t %c""#,
    r#""%z""#,
    r#""%!""#,
    r#""%*d""#,
    r#""%e""#,
    r#""%08.3f""#,
    r#""%U""#,
    r#""%o %b""#,
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "1.5",
    "-2.5",
    "1e3",
    "0x10",
    "0b101",
    "0o17",
    "017",
    "1_000",
    "'a'",
    "'\\n'",
    "1i",
    "0x1p4",
    "9223372036854775807",
    "+5",
    "1.",
    ".5",
    "0x1.8p1",
    "1+2i",
    "'\\''",
];

const ODD_NUMBERS: &[&str] = &[
    "1e400",
    "9223372036854775808",
    "18446744073709551615",
    "-0xe",
    "99999999999999999999",
    "''",
    "1x",
    "'ab'",
    "0b2",
    "08",
    "1__0",
    "-'a'",
    "0x",
    "1e",
    "1.2.3",
    "1e3i",
    "0x1e",
    "0x1p",
    "1_",
    "'\\q'",
    "'é'",
    "-0",
    "-0.0",
    "0e0",
    "1E+2",
    "1+1",
    "1i+2",
    "0X_1F",
    "0_7",
    "1e19",
    "-9223372036854775809",
];

const FIELDS: &[&str] = &[
    ".",
    "$",
    ".Values",
    ".Values.s",
    ".Values.i",
    ".Values.l",
    ".Values.m2",
    ".Values.m2.a.c",
    ".Values.nope",
    ".Values.n",
    ".Values.nope.x",
    ".Values.s.x",
    ".Values.l.x",
    ".Values.i.x.y",
    "$.Values.t",
    "$.Values.m3.y.z",
    "$.Values.m3.y.z.q",
    ".Release.Name",
    ".Release.Nope",
    ".Chart.Name",
    ".Chart.nope",
    ".Chart.Keywords",
    ".Chart.Maintainers",
    ".Files",
    ".Files.Get",
    ".Capabilities.KubeVersion",
    ".Capabilities.KubeVersion.Minor",
    ".Capabilities.APIVersions",
    ".Capabilities.Nope",
    ".Capabilities.KubeVersion.GitVersion",
    ".Template.Name",
    ".Subcharts",
    ".Values.AsMap",
    ".Values.e",
    ".Values.z",
    ".Values.f",
    ".Values.n64",
    ".Values.fa",
    ".Values.me",
    ".Values.le",
    ".Values.lo",
    ".a",
    ".x.y",
    ".name",
    ".Values.lm",
    ".Nope",
    ".Values.Table",
    ".Values.ll",
    ".Capabilities.APIVersions.Has",
];

/// A template.
pub(crate) fn template(chance: &mut Chance) -> String {
    let mut maker = Maker { chance, variables: vec!["$".into()], defined: Vec::new(), ranges: 0 };
    let mut text = String::new();
    if maker.chance.one_in(6) {
        text.push_str(&maker.definition());
    }
    for _ in 0..=maker.chance.below(3) {
        text.push_str(&maker.node(DEEPEST));
    }
    if maker.chance.one_in(10) {
        maker.spoil(&mut text);
    }
    text
}

struct Maker<'a> {
    chance: &'a mut Chance,
    variables: Vec<String>,
    defined: Vec<String>,
    ranges: usize,
}

impl Maker<'_> {
    /// A mistake: a letter taken out or put in.
    fn spoil(&mut self, text: &mut String) {
        const LETTERS: &[&str] = &[
            "{{", "}}", "(", ")", "|", ":=", "=", ",", ".", "$", "\"", "'", "`", "{{end}}",
            "{{else}}", "/*", "*/", "-", " ", "\n", "%", "\\", "é", "\u{1}", "{{- ", " -}}", "{",
            "}", "nil", "if", "range ", "break", "#", "_", "nosuch ",
        ];
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            return;
        }
        let at = places[self.chance.below(places.len())];
        if self.chance.one_in(3) {
            text.remove(at);
        } else if self.chance.one_in(4) {
            text.truncate(at);
        } else {
            text.insert_str(at, self.chance.pick(LETTERS));
        }
    }

    fn open(&mut self) -> &'static str {
        self.chance.pick(&["{{", "{{ ", "{{ ", "{{- ", "{{  "])
    }

    fn close(&mut self) -> &'static str {
        self.chance.pick(&["}}", " }}", " }}", " -}}", "\n}}"])
    }

    fn action(&mut self, inner: &str) -> String {
        format!("{}{inner}{}", self.open(), self.close())
    }

    fn list(&mut self, depth: usize) -> String {
        let variables = self.variables.len();
        let count = self.chance.below(3);
        let text = (0..=count).map(|_| self.node(depth)).collect();
        self.variables.truncate(variables);
        text
    }

    fn node(&mut self, depth: usize) -> String {
        let choice = if depth == 0 { self.chance.below(7) } else { self.chance.below(18) };
        match choice {
            0..2 => self
                .chance
                .pick(&["x", " y ", "\n", "a\n b", " ", "é", "} {", "<no value>"])
                .to_owned(),
            2..6 => {
                let pipe = self.pipeline(depth.min(2));
                self.action(&pipe)
            }
            6 => self.small(depth),
            7..9 => self.declaration(depth),
            9..12 => self.branch("if", depth),
            12..14 => self.branch("with", depth),
            14..17 => self.range(depth),
            _ => self.template_call(depth),
        }
    }

    fn small(&mut self, depth: usize) -> String {
        match self.chance.below(6) {
            0 => "{{/* c */}}".to_owned(),
            1 => "{{- /* c\n */ -}}".to_owned(),
            2 if self.ranges > 0 || self.chance.one_in(5) => {
                let word = self.chance.pick(&["break", "continue"]);
                let condition = self.pipeline(1);
                format!("{{{{if {condition}}}}}{{{{{word}}}}}{{{{end}}}}")
            }
            3 => self
                .chance
                .pick(&["{{nil}}", "{{.}}", "{{$}}", "{{true}}", "{{ break }}", "{{\"a\"}}"])
                .to_owned(),
            _ => {
                let pipe = self.pipeline(depth.min(1));
                self.action(&pipe)
            }
        }
    }

    fn definition(&mut self) -> String {
        let name = self.chance.pick(&["x", "y", "x", "c/templates/t.txt", "gotpl"]).to_owned();
        let (variables, ranges) =
            (std::mem::replace(&mut self.variables, vec!["$".into()]), self.ranges);
        self.ranges = 0;
        let body = self.list(2);
        (self.variables, self.ranges) = (variables, ranges);
        self.defined.push(name.clone());
        format!("{{{{define \"{name}\"}}}}{body}{{{{end}}}}")
    }

    fn template_call(&mut self, depth: usize) -> String {
        let name = match self.defined.last() {
            Some(name) if !self.chance.one_in(6) => name.clone(),
            _ => self.chance.pick(&["x", "nope"]).to_owned(),
        };
        match self.chance.below(4) {
            0 => format!("{{{{template \"{name}\"}}}}"),
            1 => {
                let pipe = self.pipeline(1);
                let body = self.list(depth.min(1));
                format!("{{{{block \"b{}\" {pipe}}}}}{body}{{{{end}}}}", self.chance.below(99))
            }
            _ => {
                let pipe = self.pipeline(1);
                format!("{{{{template \"{name}\" {pipe}}}}}")
            }
        }
    }

    fn declaration(&mut self, depth: usize) -> String {
        let pipe = self.pipeline(depth.min(2));
        if self.variables.len() > 1 && self.chance.one_in(3) {
            let name = self.variable();
            return self.action(&format!("{name} = {pipe}"));
        }
        let name = format!("${}", self.chance.pick(&["a", "b", "c", "é"]));
        self.variables.push(name.clone());
        self.action(&format!("{name} := {pipe}"))
    }

    fn variable(&mut self) -> String {
        if self.chance.one_in(80) {
            return "$undefined".to_owned();
        }
        let at = self.chance.below(self.variables.len());
        self.variables[at].clone()
    }

    fn branch(&mut self, word: &str, depth: usize) -> String {
        let variables = self.variables.len();
        let mut pipe = self.pipeline(2);
        if self.chance.one_in(4) {
            let name = format!("${}", self.chance.pick(&["a", "v"]));
            pipe = format!("{name} := {pipe}");
            self.variables.push(name);
        }
        let head = self.action(&format!("{word} {pipe}"));
        let mut text = head + &self.list(depth - 1);
        while self.chance.one_in(5) {
            let pipe = self.pipeline(1);
            let word = if self.chance.one_in(40) { "with" } else { word };
            text += &self.action(&format!("else {word} {pipe}"));
            text += &self.list(depth - 1);
        }
        if self.chance.one_in(3) {
            text += &self.action("else");
            text += &self.list(depth - 1);
        }
        self.variables.truncate(variables);
        text + &self.action("end")
    }

    fn range(&mut self, depth: usize) -> String {
        let variables = self.variables.len();
        let over = match self.chance.below(4) {
            0 => self.pipeline(1),
            1 => self
                .chance
                .pick(&["3", ".Values.l", "(until 2)", ".Values.m2", "5", "$.Values.lo"])
                .to_owned(),
            2 => self.chance.pick(calls::LISTS).to_owned(),
            _ => self.chance.pick(&calls::MAPS[..10]).to_owned(),
        };
        let word = if self.chance.one_in(15) { "=" } else { ":=" };
        let head = match self.chance.below(4) {
            0 => {
                self.variables.push("$i".into());
                format!("range $i {word} {over}")
            }
            1 => {
                self.variables.extend(["$k".into(), "$v".into()]);
                format!("range $k, $v {word} {over}")
            }
            _ => format!("range {over}"),
        };
        let mut text = self.action(&head);
        self.ranges += 1;
        text += &self.list(depth - 1);
        self.ranges -= 1;
        if self.chance.one_in(3) {
            text += &self.action("else");
            text += &self.list(depth - 1);
        }
        self.variables.truncate(variables);
        text + &self.action("end")
    }

    fn pipeline(&mut self, depth: usize) -> String {
        let mut text = self.command(depth);
        while self.chance.one_in(4) {
            text += self.chance.pick(&[" | ", "|", " |\n "]);
            text += &if self.chance.one_in(60) { self.operand(0) } else { self.call(depth.min(1)) };
        }
        text
    }

    fn command(&mut self, depth: usize) -> String {
        if self.chance.one_in(2) { self.operand(depth) } else { self.call(depth) }
    }

    fn call(&mut self, depth: usize) -> String {
        let name = self.chance.pick(FUNCTIONS);
        let mut text = name.to_owned();
        if self.chance.one_in(60) {
            text = self.operand(0);
        }
        match name {
            "printf" if !self.chance.one_in(5) => {
                text += &format!(" {}", self.chance.pick(FORMATS));
            }
            "include" if !self.chance.one_in(5) => {
                text += self.chance.pick(&[" \"x\"", " \"nope\"", " \"y\""]);
            }
            "tpl" if !self.chance.one_in(5) => {
                text += self.chance.pick(&[
                    " \"{{ .Values.s }}\"",
                    " \"{{ . }}\"",
                    " \"{{ .x.y }}\"",
                    " \"{{ bad\"",
                    " .Values.tpl",
                    " \"{{define \\\"x\\\"}}D{{end}}{{include \\\"x\\\" .}}\"",
                    " `{{ fail \"f\" }}`",
                    " `{{ template \"x\" . }}`",
                ]);
            }
            _ => {}
        }
        let count = self.chance.below(7).div_ceil(2);
        for _ in 0..count {
            text += self.chance.pick(&[" ", " ", " ", "  "]);
            text += &self.operand(depth.saturating_sub(1));
        }
        text
    }

    fn operand(&mut self, depth: usize) -> String {
        match self.chance.below(16) {
            0..5 => self.chance.pick(FIELDS).to_owned(),
            5..7 => self.variable(),
            7 => format!(
                "{}.{}",
                self.variable(),
                self.chance.pick(&["a", "x.y", "Values.s", "name"])
            ),
            8..10 => calls::any(self.chance),
            10 if self.chance.one_in(12) => self.chance.pick(ODD_NUMBERS).to_owned(),
            10 => self.chance.pick(NUMBERS).to_owned(),
            11 => {
                self.chance.pick(&["nil", "true", "false", "`raw\n`", "\"a\\u00e9\\t\""]).to_owned()
            }
            12 => self.chance.pick(calls::TEXTS).to_owned(),
            _ if depth == 0 => self.chance.pick(FIELDS).to_owned(),
            13 => format!(
                "({}).{}",
                self.pipeline(depth - 1),
                self.chance.pick(&["a", "x.y", "Values"])
            ),
            _ => format!("({})", self.pipeline(depth - 1)),
        }
    }
}
