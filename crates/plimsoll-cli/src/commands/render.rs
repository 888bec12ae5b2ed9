//! `plimsoll render`

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::release::on_large_stack;
use plimsoll::kube::validate::Validator;
use plimsoll::report::{Style, diagnostics, validation};
use plimsoll::source::{Diagnostic, Files};
use plimsoll::{
    Failure, ValidateOptions, Validated, add_crds, add_rendered, documents, explain_error,
    validate_manifests,
};

use crate::helm::pflag::{self, Parsed};
use crate::helm::template::{self, Failed};
use crate::helm::{self, flags, help};
use crate::io::Io;

/// Runs `plimsoll render ARGS…` and gives its exit status: 1 for what an API server would
/// refuse, 2 for what does not render.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let (compat, parsed) = match parse(args, io) {
        Ok(parsed) => parsed,
        Err(error) => return refuse(io, &error),
    };
    for notice in &parsed.notices {
        io.error(&format!("{notice}\n"));
    }
    if parsed.help {
        io.print(help_text(compat).as_bytes());
        return 0;
    }
    let mut out = Vec::new();
    let result = on_large_stack(|| {
        let done = template::template(&parsed, compat, name_and_chart, io, &mut out);
        let debug = template::is_debug(&parsed, io);
        done.map_err(|failed| Box::new(explain(&failed, compat, debug, &mut out)))
    });
    io.print(&out);
    match result {
        Ok(()) if parsed.bool("no-validate") => 0,
        Ok(()) => validate(&out, parsed.text("kube-version").unwrap_or_default(), io),
        Err(failure) => {
            let (diagnostic, files) = *failure;
            draw(&diagnostic, &files, style(&parsed, io), io);
            2
        }
    }
}

/// What an API server would refuse is told; the manifests were printed all the same. A version that
/// no schemas are known of is not judged.
fn validate(text: &[u8], version: &str, io: &mut Io) -> u8 {
    let Ok(mut validator) = Validator::for_version(version) else { return 0 };
    let rows = on_large_stack(|| {
        let mut files = Files::new();
        let ids = add_rendered(&mut files, text);
        let documents = documents(&files, &ids);
        add_crds(&mut validator, &documents);
        let options = ValidateOptions {
            skip: &[],
            reject: &[],
            ignore_missing_schemas: true,
            origins: &|_, _| Vec::new(),
        };
        validate_manifests(&files, &ids, &documents, &validator, &options)
    });
    let wrong: Vec<_> = rows.iter().filter(|row| !row.valid).map(row).collect();
    if wrong.is_empty() {
        return 0;
    }
    let mut told = Vec::new();
    let options = validation::Options { verbose: false, summary: false, style: Style::PLAIN };
    if validation::write(&mut told, &wrong, validation::Format::Text, options).is_ok() {
        io.error(&String::from_utf8_lossy(&told));
    }
    1
}

fn row(row: &Validated) -> validation::Row<'_> {
    validation::Row {
        file: &row.file,
        line: row.line,
        object: row.object.as_ref(),
        skipped: row.skipped,
        valid: row.valid,
        findings: &row.findings,
        kube_version: "",
    }
}

fn parse(args: &[String], io: &Io) -> Result<(Compat, Parsed), String> {
    let (compat, args) = helm::compat(args, io)?;
    let parsed = pflag::parse(&flags::RENDER, &args, compat)?;
    match parsed.text("colour").or_else(|| parsed.text("color")) {
        None | Some("never" | "auto" | "always") => Ok((compat, parsed)),
        Some(mode) => Err(format!("`--color {mode}` is none of `never`, `auto` and `always`")),
    }
}

fn refuse(io: &mut Io, error: &str) -> u8 {
    io.error(&format!("plimsoll render: {error}\n"));
    2
}

/// The page of `helm template` under our name, and our own flags.
fn help_text(compat: Compat) -> String {
    let page = help::template(compat).replace("helm template", "plimsoll render");
    format!(
        "{page}\nBeside Helm's flags: --no-validate (what an API server would refuse is not looked for), --color MODE\n"
    )
}

/// One argument is the chart if it is one, else the name of the chart in the working directory.
fn name_and_chart(
    parsed: &Parsed,
    compat: Compat,
    io: &mut Io,
) -> Result<(String, String), String> {
    if let [first, rest @ ..] = parsed.args.as_slice()
        && (!rest.is_empty() || is_chart(first))
    {
        return template::name_and_chart(parsed, compat, io);
    }
    if !is_chart(".") {
        let given = parsed.args.first().map(|name| format!("`{name}` is no chart, and "));
        let given = given.unwrap_or_default();
        return Err(format!("{given}there is no Chart.yaml in the working directory"));
    }
    io.error("plimsoll render: the chart is the working directory\n");
    let mut with_chart = parsed.args.clone();
    with_chart.push(".".to_owned());
    template::names_of(&with_chart, parsed, compat, io)
}

pub(super) fn is_chart(argument: &str) -> bool {
    let path = Path::new(argument);
    path.join("Chart.yaml").is_file()
        || (path.extension().is_some_and(|extension| extension == "tgz") && path.is_file())
        || argument.contains("://")
}

/// The failure as plain data, which may leave the thread; with `--debug`, what was rendered is printed.
pub(super) fn explain(
    failed: &Failed,
    compat: Compat,
    debug: bool,
    out: &mut Vec<u8>,
) -> (Diagnostic, Files) {
    let rendered = failed.rendered.as_deref().unwrap_or_default();
    if debug && failed.rendered.is_some() {
        template::print_rendered(rendered, out);
    }
    let folder = working_directory().unwrap_or_default();
    let failure = Failure {
        message: &failed.message,
        compat,
        chart: failed.chart.as_ref(),
        user: failed.user.as_ref(),
        rendered,
        folder: &folder,
        read: read_again,
    };
    let mut files = Files::new();
    (explain_error(&failure, &mut files), files)
}

#[expect(clippy::disallowed_methods, reason = "this is the command-line program")]
fn working_directory() -> std::io::Result<PathBuf> {
    std::env::current_dir()
}

/// What is no plain file was used up, or would wait for a writer.
#[expect(clippy::disallowed_methods, reason = "this is the command-line program")]
fn read_again(path: &str) -> Option<Vec<u8>> {
    Path::new(path).is_file().then(|| std::fs::read(path).ok()).flatten()
}

fn style(parsed: &Parsed, io: &Io) -> Style {
    let plain = io.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminal = std::io::stderr().is_terminal();
    let color = match parsed.text("colour").or_else(|| parsed.text("color")) {
        Some("always") => true,
        Some("never") => false,
        _ => terminal && !plain,
    };
    let width = io.env("COLUMNS").and_then(|value| value.parse().ok());
    Style { color, width: width.unwrap_or(if terminal { 80 } else { 100 }) }
}

fn draw(diagnostic: &Diagnostic, files: &Files, style: Style, io: &mut Io) {
    let mut text = Vec::new();
    let drawn = diagnostics::write(&mut text, std::slice::from_ref(diagnostic), files, style);
    match drawn {
        Ok(()) => io.error(&String::from_utf8_lossy(&text)),
        Err(_) => io.error(&format!("plimsoll render: {}\n", diagnostic.message)),
    }
}
