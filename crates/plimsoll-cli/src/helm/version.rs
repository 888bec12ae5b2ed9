//! `helm version`

use plimsoll::gotmpl::{Compat, FunctionTable, Kind as GoKind, Object, Templates, Value};

use super::commands::{Args, COMMAND as BASE, Call, Command};
use super::flags::flag;
use super::host::CommandHost;
use super::pflag::Kind;
use crate::io::Io;

pub(super) const COMMAND: Command = Command {
    name: "version",
    help: "the version of Helm that is spoken",
    flags: &[&[
        flag("client", "c", Kind::Bool, "no effect").only(Compat::Helm3).hidden(),
        flag("short", "", Kind::Bool, "the number alone"),
        flag("template", "", Kind::Text, "a template of .Version, .GitCommit, .GoVersion, …"),
    ]],
    args: Args::None,
    run: Some(run),
    ..BASE
};

/// The fields of Helm's `version.BuildInfo`. They are those of a Helm that `go install` made: what
/// templates see as `.Capabilities.HelmVersion` says the same.
type Field = (&'static str, &'static str);

const HELM_4: &[Field] = &[
    ("Version", "v4.3"),
    ("GitCommit", ""),
    ("GitTreeState", ""),
    ("GoVersion", "go1.26.8"),
    ("KubeClientVersion", "v1.37"),
];

const HELM_3: &[Field] =
    &[("Version", "v3.22"), ("GitCommit", ""), ("GitTreeState", ""), ("GoVersion", "go1.26.8")];

fn run(call: &Call, io: &mut Io) -> Result<(), String> {
    let fields = if call.compat == Compat::Helm3 { HELM_3 } else { HELM_4 };
    if let Some(template) = call.parsed.filled("template") {
        return by_template(template, fields, call.compat, io);
    }
    let text = if call.parsed.bool("short") {
        fields[0].1.to_owned()
    } else {
        let shown: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}:{value:?}")).collect();
        format!("version.BuildInfo{{{}}}", shown.join(", "))
    };
    io.print(format!("{text}\n").as_bytes());
    Ok(())
}

fn by_template(
    template: &str,
    fields: &'static [Field],
    compat: Compat,
    io: &mut Io,
) -> Result<(), String> {
    let mut templates = Templates::new(std::rc::Rc::new(FunctionTable::new(&[])));
    templates.parse("_", template.as_bytes()).map_err(|error| error.to_string())?;
    let dot = Value::object(BuildInfo(fields));
    let text = templates.execute("_", dot, &mut CommandHost::new(io, compat, false));
    let text = text.map_err(|error| error.to_string())?;
    io.print(text.as_bytes());
    Ok(())
}

struct BuildInfo(&'static [Field]);

impl Object for BuildInfo {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn kind(&self) -> GoKind {
        GoKind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, value)| Value::text(*value))
    }

    fn field_names(&self) -> &'static [&'static str] {
        match self.0.len() {
            4 => &["Version", "GitCommit", "GitTreeState", "GoVersion"],
            _ => &["Version", "GitCommit", "GitTreeState", "GoVersion", "KubeClientVersion"],
        }
    }
}
