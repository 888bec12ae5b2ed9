//! Runs the command as people do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use plimsoll_tests::root;

/// The folder that the command is built in, with the profile of this test.
pub(crate) fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let folder = test.ancestors().nth(2).unwrap().to_owned();
        let mut build = Command::new(env!("CARGO"));
        build.current_dir(root()).args(["build", "--quiet", "--bin", "plimsoll"]);
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "the command is built");
        folder
    })
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command that runs in the repository's root and sees nothing of its caller's settings.
pub(crate) fn quiet(program: PathBuf) -> Command {
    let mut command = Command::new(program);
    for name in ["PLIMSOLL_COMPAT", "COLUMNS", "NO_COLOR", "HELM_DEBUG", "KUBECONFIG"] {
        command.env_remove(name);
    }
    command.current_dir(root());
    command
}

/// Runs `plimsoll ARGS…` with `input` on standard input.
pub(crate) fn plimsoll(args: &[&str], input: &str) -> Ran {
    plimsoll_in(root(), args, input)
}

/// The same in another working directory.
pub(crate) fn plimsoll_in(working: &Path, args: &[&str], input: &str) -> Ran {
    let mut command = quiet(folder().join("plimsoll"));
    command.current_dir(working).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses its flags does not read.
    let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        status: output.status.code().unwrap(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}
