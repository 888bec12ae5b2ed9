//! `plimsoll render`

mod check;
mod each;
mod output;
mod print_helm;
mod split;

use plimsoll::gotmpl::Compat;
use plimsoll::helm::release::on_large_stack;
use plimsoll::report::{Style, findings};

use super::draw::{draw_refused, style_of_errors};
use super::project::Project;
use super::refusal::{Refusal, Refused};
use super::release::{self, Release};
use super::show;
use crate::args::Color;
use crate::helm::pflag::Parsed;
use crate::helm::{help, template};
use crate::io::Io;

/// Runs `plimsoll render ARGS…` and gives its exit status: 1 for what an API server would
/// refuse, which is printed all the same, 2 for what does not render.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let (compat, parsed) = match parse(args, io) {
        Ok(parsed) => parsed,
        Err(error) => return refuse(&error.into(), style_of_errors(Color::Auto, io), io),
    };
    for notice in &parsed.notices {
        io.error(&format!("{notice}\n"));
    }
    if parsed.help {
        io.print(help_text(compat).as_bytes());
        return 0;
    }
    let style = style(&parsed, io);
    let done = releases(parsed, compat, style, io);
    done.unwrap_or_else(|refusal| refuse(&refusal, style, io))
}

/// Renders what the flags ask for: one release, or several.
fn releases(parsed: Parsed, compat: Compat, style: Style, io: &mut Io) -> Result<u8, Refusal> {
    let project = Project::find()?;
    match each::files(&project, &parsed)? {
        Some(files) => Ok(each::run(&files, &project, &parsed, compat, io)?),
        None if parsed.bool("all-envs") => all_environments(&project, parsed, compat, style, io),
        None => one(&project, parsed, compat, style, io),
    }
}

/// Renders one release.
fn one(
    project: &Project,
    parsed: Parsed,
    compat: Compat,
    style: Style,
    io: &mut Io,
) -> Result<u8, Refusal> {
    let release = Release::chosen(project, parsed, compat, io)?;
    release.check_has_values()?;
    if release.parsed().bool("print-helm") {
        let target = release.target(io)?;
        let command = print_helm::command(&target, &release.chart, release.parsed());
        io.print(command.as_bytes());
        return Ok(0);
    }
    release.announce(io);
    let mut out = Vec::new();
    let result = on_large_stack(|| render(&release, io, &mut out));
    match &result {
        Ok(_) => {
            write_split(&out, release.parsed(), None, io)?;
            print(&out, release.parsed(), io)?;
        }
        // What `--debug` asks for.
        Err(_) => io.print(&out),
    }
    Ok(match result {
        Ok(None) => 0,
        Ok(Some(told)) => {
            io.error(&told);
            1
        }
        Err(refused) => {
            tell(&refused, release.parsed(), style, io);
            2
        }
    })
}

/// Draws errors, or writes them as findings where JSON was asked for.
fn tell(refused: &Refused, parsed: &Parsed, style: Style, io: &mut Io) {
    if parsed.text("output") != Some("json") {
        return draw_refused(refused, style, io);
    }
    let found = refused.findings();
    let report = findings::Report { findings: &found, files: refused.files(), objects: 0 };
    let mut text = Vec::new();
    if findings::write(&mut text, &report, findings::Format::Json, style).is_ok() {
        io.error(&String::from_utf8_lossy(&text));
    }
}

/// Renders a release into `out`, and tells what an API server would refuse of it.
fn render(release: &Release, io: &mut Io, out: &mut Vec<u8>) -> Result<Option<String>, Refused> {
    let rendered = release.render(io, out)?;
    let parsed = release.parsed();
    if template::folder(parsed).is_none() || parsed.bool("split") {
        return Ok(check::refused(out, release));
    }
    Ok(check::refused(&template::as_text(&rendered, parsed, release.compat), release))
}

/// Renders the release of every environment there is, each behind a comment that names it, or into
/// a folder of its own.
fn all_environments(
    project: &Project,
    parsed: Parsed,
    compat: Compat,
    style: Style,
    io: &mut Io,
) -> Result<u8, Refusal> {
    let chart = project.chart(&parsed, io)?;
    let names = project.environments(&parsed, &chart);
    if names.is_empty() {
        let error = "there is no environment: write `values-NAME.yaml` beside `values.yaml`, or \
                     declare one in `.plimsoll.yaml`";
        return Err(error.to_owned().into());
    }
    let mut status = 0;
    for name in names {
        let mut flags = parsed.given().to_vec();
        flags.retain(|(flag, _)| !matches!(*flag, "all-envs" | "env"));
        flags.push(("env", name.clone()));
        flags.push(("no-pager", "true".to_owned()));
        if let Some((_, folder)) = flags.iter_mut().find(|(flag, _)| *flag == "output-dir") {
            *folder = format!("{folder}/{name}");
        } else if parsed.text("output") != Some("json") && !parsed.bool("print-helm") {
            io.print(format!("# Environment: {name}\n").as_bytes());
        }
        status = status.max(one(project, parsed.clone().with_given(flags), compat, style, io)?);
    }
    Ok(status)
}

/// With `--split`, writes a file for each object below the folder of the flags, or `below` it.
fn write_split(
    out: &[u8],
    parsed: &Parsed,
    below: Option<&str>,
    io: &mut Io,
) -> Result<(), String> {
    let Some(folder) = template::folder(parsed).filter(|_| parsed.bool("split")) else {
        return Ok(());
    };
    let folder = below.map_or_else(|| folder.to_owned(), |below| format!("{folder}/{below}"));
    let namespace = parsed.text("namespace").unwrap_or("default");
    split::write(out, &folder, namespace, parsed.text("output") == Some("json"), io)
}

/// Prints manifests as `--output` says.
fn print(out: &[u8], parsed: &Parsed, io: &mut Io) -> Result<(), String> {
    let pages = !parsed.bool("no-pager");
    match parsed.text("output").unwrap_or("yaml") {
        "summary" => show::show(output::summary(out)?.as_bytes(), pages, io),
        _ if parsed.bool("split") => {}
        "yaml" if template::folder(parsed).is_some() => io.print(out),
        "yaml" => show::show_manifests(out, when(parsed), pages, io),
        _ => show::show(output::json(out)?.as_bytes(), pages, io),
    }
    Ok(())
}

fn parse(args: &[String], io: &Io) -> Result<(Compat, Parsed), String> {
    let (compat, parsed) = release::parse(args, io)?;
    for (flag, given, known) in [
        ("color", color(&parsed), &["never", "auto", "always"]),
        ("output", parsed.text("output"), &["yaml", "json", "summary"]),
    ] {
        if let Some(given) = given.filter(|given| !known.contains(given)) {
            return Err(format!("`--{flag} {given}` is none of `{}`", known.join("`, `")));
        }
    }
    let is_split = parsed.bool("split");
    if is_split && template::folder(&parsed).is_none() {
        return Err("`--split` writes files: say where with `--output-dir FOLDER`".to_owned());
    }
    let output = parsed.text("output").filter(|output| *output != "yaml" && !is_split);
    if let Some(output) = output.filter(|_| template::folder(&parsed).is_some()) {
        let what = "`--output-dir` writes the files of templates";
        return Err(format!("{what}; `-o {output}` goes with `--split` or without a folder"));
    }
    Ok((compat, parsed))
}

fn refuse(refusal: &Refusal, style: Style, io: &mut Io) -> u8 {
    match refusal {
        Refusal::Said(error) => io.error(&format!("plimsoll render: {error}\n")),
        Refusal::Drawn(refused) => draw_refused(refused, style, io),
    }
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
  -o, --output FORMAT   yaml (default), json (a List; errors are findings in JSON on
                        standard error), summary (a table of objects)
      --split           with --output-dir: a file for each object, KIND.GROUP_NAME.yaml, in
                        a folder for its namespace where that is not the release's
      --no-validate     do not look for what an API server would refuse
      --color MODE      never, auto (default: on a terminal, unless NO_COLOR is set), always
      --no-pager        do not page; else $PAGER (default less) shows long output on a
                        terminal. In a pipe there are neither pages nor colours

Limits, which Helm has not; charts that people wrote stay far below them:
      --max-steps N     nodes that all templates together run, and turns of range
                        (default 10000000)
      --max-output MIB  MiB of text and lists that they make (default 128); one text has at
                        most 32
      --max-depth N     how deep blocks, templates and includes are inside of each other
                        (default 110000, which is the most)

With no chart in the working directory the built-in universal chart is rendered.
";

/// The page of `helm template` under our name, and our own flags.
fn help_text(compat: Compat) -> String {
    let page = help::template(compat).replace("helm template", "plimsoll render");
    format!("{page}{OWN_HELP}")
}

fn style(parsed: &Parsed, io: &Io) -> Style {
    style_of_errors(when(parsed), io)
}

fn when(parsed: &Parsed) -> Color {
    match color(parsed) {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}

fn color(parsed: &Parsed) -> Option<&str> {
    parsed.text("colour").or_else(|| parsed.text("color"))
}
