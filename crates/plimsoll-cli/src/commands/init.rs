//! `plimsoll init`

use std::fmt::Write;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use plimsoll::environment::FILE_NAME;

use super::said::said;
use crate::io::Io;

/// Where editors find what may stand in the configuration.
const SCHEMA: &str =
    "https://raw.githubusercontent.com/plimsoll/plimsoll/main/schemas/plimsoll-config.schema.json";

const AFTER: &str = "\
Examples:
  plimsoll init --image ghcr.io/acme/shop:1.4.2 --port 8080
  plimsoll init services/shop --image ghcr.io/acme/shop --tag 1.4.2 --host shop.example.com \\
      --env staging --env prod
  plimsoll render -e prod";

/// Write a service's first values files for the universal chart.
#[derive(Debug, Parser)]
#[command(name = "plimsoll init", bin_name = "plimsoll init", version, after_help = AFTER)]
struct Init {
    /// The service's folder
    #[arg(default_value = ".")]
    folder: PathBuf,

    /// The image, with or without a tag
    #[arg(long)]
    image: Option<String>,

    /// The image's tag
    #[arg(long)]
    tag: Option<String>,

    /// The port that the container listens on
    #[arg(long)]
    port: Option<u16>,

    /// The path that answers when the service is ready
    #[arg(long, value_name = "PATH", default_value = "/healthz")]
    health: String,

    /// The host name under which the service is reached from outside
    #[arg(long, value_name = "NAME")]
    host: Option<String>,

    /// How it runs: deployment (default), stateful-set, daemon-set
    #[arg(long, value_enum, default_value_t = Kind::Deployment)]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    kind: Kind,

    /// An environment with a file of its own (may be repeated)
    #[arg(short, long = "env", value_name = "NAME")]
    envs: Vec<String>,

    /// Write a `.plimsoll.yaml` into the working directory too, for editors with its schema
    #[arg(long)]
    config: bool,

    /// Write over files that are there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
}

/// Runs `plimsoll init ARGS…` and gives its exit status. It asks for what is missing only on a
/// terminal.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll init").chain(args.iter().map(String::as_str));
    let mut args = match Init::try_parse_from(line) {
        Ok(args) => args,
        Err(error) => return said(&error, io),
    };
    match ask(&mut args, io).and_then(|()| write(&args, io)) {
        Ok(()) => 0,
        Err(error) => {
            io.error(&format!("plimsoll init: {error}\n"));
            2
        }
    }
}

fn ask(args: &mut Init, io: &mut Io) -> Result<(), String> {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if args.image.is_none() && terminal {
        args.image = question("Image (with its tag)", io);
    }
    if args.port.is_none() && terminal {
        let port = question("Port of the container [8080]", io);
        args.port = port.map(|text| text.parse()).transpose().map_err(|_| "that is no port")?;
    }
    if args.image.is_none() {
        return Err("which image? `--image ghcr.io/acme/shop:1.4.2`".to_owned());
    }
    Ok(())
}

fn question(text: &str, io: &mut Io) -> Option<String> {
    io.error(&format!("{text}: "));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).ok()?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn write(args: &Init, io: &mut Io) -> Result<(), String> {
    let here = args.folder == Path::new(".");
    let file = |name: &str| if here { PathBuf::from(name) } else { args.folder.join(name) };
    let mut files = vec![(file("values.yaml"), base(args))];
    for env in &args.envs {
        if env.is_empty() || env.contains(['/', '\\', ' ']) || env.starts_with('.') {
            return Err(format!("`{env}` cannot name an environment"));
        }
        files.push((file(&format!("values-{env}.yaml")), overlay(env, args)));
    }
    if args.config {
        files.push((PathBuf::from(FILE_NAME), config(args)));
    }
    let there = files.iter().find(|(path, _)| path.exists());
    if let Some((path, _)) = there.filter(|_| !args.force) {
        return Err(format!("`{}` is there already; --force writes over it", path.display()));
    }
    std::fs::create_dir_all(&args.folder)
        .map_err(|error| format!("`{}` cannot be made: {error}", args.folder.display()))?;
    for (path, text) in &files {
        std::fs::write(path, text)
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
        io.error(&format!("{} written\n", path.display()));
    }
    io.error(&next(&args.folder, args.envs.first()));
    Ok(())
}

fn next(folder: &Path, env: Option<&String>) -> String {
    let values = folder.join("values.yaml");
    let values =
        if folder == Path::new(".") { String::new() } else { format!(" -f {}", values.display()) };
    let env = env.map(|env| format!(" -e {env}")).unwrap_or_default();
    format!("look at it with: plimsoll render{values}{env}\n")
}

fn base(args: &Init) -> String {
    let image = args.image.as_deref().unwrap_or_default();
    let last = image.rfind('/').map_or(0, |at| at + 1);
    let (repository, tag) = match image[last..].find(':') {
        Some(at) => (&image[..last + at], Some(&image[last + at + 1..])),
        None => (image, None),
    };
    let tag = args.tag.as_deref().or(tag).unwrap_or("1.0.0");
    let port = args.port.unwrap_or(8080);
    let health = &args.health;
    let mut text = String::from(
        "# Values of the universal chart: `plimsoll chart schema` lists every key.\n\
         profile: modern\n",
    );
    let mut line = |words: std::fmt::Arguments<'_>| {
        text.write_fmt(words).and_then(|()| text.write_char('\n')).expect("a String takes it");
    };
    match args.kind {
        Kind::Deployment => {}
        Kind::StatefulSet => line(format_args!("workloadKind: StatefulSet")),
        Kind::DaemonSet => line(format_args!("workloadKind: DaemonSet")),
    }
    if args.kind != Kind::DaemonSet {
        line(format_args!("replicaCount: 2"));
    }
    line(format_args!("image:\n  repository: {repository}\n  tag: \"{tag}\""));
    line(format_args!(
        "containerPorts:\n  - name: http\n    containerPort: {port}\n\
         service:\n  ports:\n    - name: http\n      port: 80\n      targetPort: http"
    ));
    line(format_args!(
        "readinessProbe:\n  httpGet:\n    path: {health}\n    port: http\n\
         livenessProbe:\n  tcpSocket:\n    port: http"
    ));
    line(format_args!(
        "resources:\n  requests:\n    cpu: 100m\n    memory: 128Mi\n  limits:\n    memory: 256Mi"
    ));
    line(format_args!(
        "# The user that the image runs as; it must not be root.\n\
         podSecurityContext:\n  runAsUser: 10001\n  runAsGroup: 10001"
    ));
    if let Some(host) = &args.host {
        line(format_args!("ingress:\n  enabled: true\n  hosts:\n    - host: {host}"));
    }
    text
}

/// What the project says of itself: this service, and its environments by their names.
fn config(args: &Init) -> String {
    let values = args.folder.join("values.yaml");
    let values = values.to_string_lossy().replace('\\', "/");
    let values = values.strip_prefix("./").unwrap_or(&values);
    let mut text = format!("# yaml-language-server: $schema={SCHEMA}\nservices:\n  - {values}\n");
    if !args.envs.is_empty() {
        text.push_str(
            "# Their values are found by their names: values-NAME.yaml.\nenvironments:\n",
        );
        for env in &args.envs {
            writeln!(text, "  \"{env}\": {{}}").expect("a String takes it");
        }
    }
    text
}

fn overlay(env: &str, args: &Init) -> String {
    let production = env.starts_with("prod") || env == "live";
    let mut text = format!("# What is other in {env}; values.yaml has the rest.\n");
    if args.kind != Kind::DaemonSet {
        let replicas = if production { 3 } else { 1 };
        writeln!(text, "replicaCount: {replicas}").expect("a String takes it");
    }
    if production && args.kind == Kind::Deployment {
        text.push_str("podDisruptionBudget:\n  enabled: true\n  maxUnavailable: 1\n");
    }
    text
}
