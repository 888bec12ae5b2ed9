//! `plimsoll render`

mod each;
mod output;
mod print_helm;
mod validate;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use plimsoll::gotmpl::Compat;
use plimsoll::helm::release::on_large_stack;
use plimsoll::report::{Style, diagnostics};
use plimsoll::source::{Diagnostic, Files};
use plimsoll::{Failure, explain_error};

use super::project::{Chosen, Expanded, Project, Refused};
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
    let style = style(&parsed, io);
    let project = match Project::find() {
        Ok(project) => project,
        Err(refused) => {
            draw(&refused.0, &refused.1, style, io);
            return 2;
        }
    };
    let done = each::files(&project, &parsed).and_then(|files| match files {
        Some(files) => each::run(&files, &project, &parsed, compat, io),
        None if parsed.bool("all-envs") => all_environments(&project, parsed, compat, style, io),
        None => one(&project, parsed, compat, style, io),
    });
    done.unwrap_or_else(|error| refuse(io, &error))
}

/// Renders one release.
fn one(
    project: &Project,
    parsed: Parsed,
    compat: Compat,
    style: Style,
    io: &mut Io,
) -> Result<u8, String> {
    let chart = project.chart(&parsed, io)?;
    let expanded = project.expand(parsed, &chart)?;
    check_has_values(&expanded.parsed, &chart)?;
    if expanded.parsed.bool("print-helm") {
        let target = expanded.target(&chart, compat, io)?;
        io.print(print_helm::command(&target, &chart, &expanded.parsed).as_bytes());
        return Ok(0);
    }
    if chart == Chosen::Universal {
        io.error("plimsoll: the chart is the built-in universal chart\n");
    }
    let mut out = Vec::new();
    let result = on_large_stack(|| render(&expanded, &chart, compat, io, &mut out));
    print(&out, &expanded.parsed, io)?;
    Ok(match result {
        Ok(()) if expanded.parsed.bool("no-validate") => 0,
        Ok(()) => {
            let version = expanded.parsed.text("kube-version").unwrap_or_default();
            validate::validate(&out, version, io)
        }
        Err(failure) => {
            draw(&failure.0, &failure.1, style, io);
            2
        }
    })
}

/// Renders a release into `out`.
fn render(
    expanded: &Expanded,
    chart: &Chosen,
    compat: Compat,
    io: &mut Io,
    out: &mut Vec<u8>,
) -> Result<(), Refused> {
    let names = |_: &Parsed, compat: Compat, io: &mut Io| expanded.target(chart, compat, io);
    let done = template::template(&expanded.parsed, compat, &names, io, out);
    let debug = template::is_debug(&expanded.parsed, io);
    done.map_err(|failed| Box::new(explain(&failed, compat, debug, out)))
}

/// Renders the release of every environment there is, each behind a comment that names it, or into
/// a folder of its own.
fn all_environments(
    project: &Project,
    parsed: Parsed,
    compat: Compat,
    style: Style,
    io: &mut Io,
) -> Result<u8, String> {
    let chart = project.chart(&parsed, io)?;
    let names = project.environments(&parsed, &chart);
    if names.is_empty() {
        return Err("there is no environment: write `values-NAME.yaml` beside `values.yaml`, or \
                    declare one in `.plimsoll.yaml`"
            .to_owned());
    }
    let mut status = 0;
    for name in names {
        let mut flags = parsed.given().to_vec();
        flags.retain(|(flag, _)| !matches!(*flag, "all-envs" | "env"));
        flags.push(("env", name.clone()));
        if let Some((_, folder)) = flags.iter_mut().find(|(flag, _)| *flag == "output-dir") {
            *folder = format!("{folder}/{name}");
        } else if parsed.text("output") != Some("json") && !parsed.bool("print-helm") {
            io.print(format!("# Environment: {name}\n").as_bytes());
        }
        status = status.max(one(project, parsed.clone().with_given(flags), compat, style, io)?);
    }
    Ok(status)
}

/// The universal chart without values would render nothing and say nothing.
pub(super) fn check_has_values(parsed: &Parsed, chart: &Chosen) -> Result<(), String> {
    let flags = ["values", "set", "set-string", "set-json", "set-file", "set-literal"];
    if *chart != Chosen::Universal || flags.iter().any(|flag| parsed.is_set(flag)) {
        return Ok(());
    }
    Err("there is nothing to render: no Chart.yaml, no values.yaml and no -f; name a chart, or \
         describe a service with `plimsoll init`"
        .to_owned())
}

/// Prints manifests as `--output` says.
fn print(out: &[u8], parsed: &Parsed, io: &mut Io) -> Result<(), String> {
    match parsed.text("output").unwrap_or("yaml") {
        "yaml" => io.print(out),
        "json" => io.print(output::json(out)?.as_bytes()),
        _ => io.print(output::summary(out)?.as_bytes()),
    }
    Ok(())
}

fn parse(args: &[String], io: &Io) -> Result<(Compat, Parsed), String> {
    let (compat, args) = helm::compat(args, io)?;
    let parsed = with_epoch(pflag::parse(&flags::RENDER, &args, compat)?, io);
    let color = parsed.text("colour").or_else(|| parsed.text("color"));
    for (flag, given, known) in [
        ("color", color, &["never", "auto", "always"]),
        ("output", parsed.text("output"), &["yaml", "json", "summary"]),
    ] {
        if let Some(given) = given.filter(|given| !known.contains(given)) {
            return Err(format!("`--{flag} {given}` is none of `{}`", known.join("`, `")));
        }
    }
    Ok((compat, parsed))
}

/// SOURCE_DATE_EPOCH stands for its flag, which wins over it.
pub(super) fn with_epoch(parsed: Parsed, io: &Io) -> Parsed {
    let epoch = io.env("SOURCE_DATE_EPOCH").filter(|epoch| epoch.parse::<i64>().is_ok());
    let Some(epoch) = epoch.filter(|_| !parsed.is_set("source-date-epoch")) else { return parsed };
    let mut given = parsed.given().to_vec();
    given.push(("source-date-epoch", epoch));
    parsed.with_given(given)
}

fn refuse(io: &mut Io, error: &str) -> u8 {
    io.error(&format!("plimsoll render: {error}\n"));
    2
}

const OWN_HELP: &str = "
Beside Helm's flags:
  -e, --env NAME        lay the environment's values over the others: values-NAME.yaml,
                        values.NAME.yaml, values/NAME.yaml, envs/NAME/values.yaml,
                        environments/NAME.yaml, or what .plimsoll.yaml declares
      --all-envs        every environment there is
      --each GLOB       a release for each values file that the glob matches
      --all-services    a release for each file that `services` of .plimsoll.yaml match
      --print-helm      print the equal `helm template` command instead
      --seed TEXT       make random functions, keys and certificates repeat; they are no
                        secrets then. SOURCE_DATE_EPOCH fixes the time
  -o, --output FORMAT   yaml (default), json (a List), summary (a table of objects)
      --no-validate     do not look for what an API server would refuse
      --color MODE      never, auto, always

With no chart in the working directory the built-in universal chart is rendered.
";

/// The page of `helm template` under our name, and our own flags.
fn help_text(compat: Compat) -> String {
    let page = help::template(compat).replace("helm template", "plimsoll render");
    format!("{page}{OWN_HELP}")
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
        cause: &failed.cause,
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

fn working_directory() -> std::io::Result<PathBuf> {
    std::env::current_dir()
}

/// What is no plain file was used up, or would wait for a writer.
fn read_again(path: &str) -> Option<Vec<u8>> {
    Path::new(path).is_file().then(|| std::fs::read(path).ok()).flatten()
}

fn style(parsed: &Parsed, io: &Io) -> Style {
    error_style(parsed.text("colour").or_else(|| parsed.text("color")), io)
}

/// How errors are drawn; `when` is what `--color` says.
pub(super) fn error_style(when: Option<&str>, io: &Io) -> Style {
    let plain = io.env("NO_COLOR").is_some_and(|value| !value.is_empty());
    let terminal = std::io::stderr().is_terminal();
    let color = match when {
        Some("always") => true,
        Some("never") => false,
        _ => terminal && !plain,
    };
    let width = io.env("COLUMNS").and_then(|value| value.parse().ok());
    Style { color, width: width.unwrap_or(if terminal { 80 } else { 100 }) }
}

pub(super) fn draw(diagnostic: &Diagnostic, files: &Files, style: Style, io: &mut Io) {
    let mut text = Vec::new();
    let drawn = diagnostics::write(&mut text, std::slice::from_ref(diagnostic), files, style);
    match drawn {
        Ok(()) => io.error(&String::from_utf8_lossy(&text)),
        Err(_) => io.error(&format!("plimsoll render: {}\n", diagnostic.message)),
    }
}
