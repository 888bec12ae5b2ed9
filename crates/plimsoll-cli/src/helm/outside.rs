//! Disk, standard input and post-renderers, as the library asks for them.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use plimsoll::helm::release::Outside;
use plimsoll::helm::values::ReadFile;

/// The disk under the working directory.
pub(super) struct Disk {
    /// Helm 3's post-renderer and its arguments.
    pub(super) post_renderer: Option<(String, Vec<String>)>,
}

impl ReadFile for Disk {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        if path.trim() == "-" {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            return read.map(|_| bytes).map_err(|error| errno(&error));
        }
        if path.starts_with("http://") || path.starts_with("https://") {
            return Err(format!("`{path}` is not read: values are not fetched yet"));
        }
        let operation = if Path::new(path).is_dir() { "read" } else { "open" };
        std::fs::read(path).map_err(|error| format!("{operation} {path}: {}", errno(&error)))
    }
}

impl Outside for Disk {
    fn write(&mut self, path: &str, bytes: &[u8], append: bool) -> Result<(), String> {
        let say = |operation: &str, path: &str, error: &std::io::Error| {
            format!("{operation} {path}: {}", errno(error))
        };
        if let Some(folder) = Path::new(path).parent() {
            let shown = folder.to_string_lossy();
            match std::fs::metadata(folder) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(say("stat", &shown, &error));
                }
                _ => {
                    let made = std::fs::create_dir_all(folder);
                    made.map_err(|error| say("mkdir", &shown, &error))?;
                }
            }
        }
        let mut open = std::fs::OpenOptions::new();
        if append {
            open.append(true);
        } else {
            open.write(true).create(true).truncate(true);
        }
        let mut file = open.open(path).map_err(|error| say("open", path, &error))?;
        file.write_all(bytes).map_err(|error| say("write", path, &error))
    }

    fn exists(&mut self, path: &str) -> bool {
        Path::new(path).exists()
    }

    fn post_render(&mut self, manifests: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let Some((program, args)) = &self.post_renderer else { return Ok(None) };
        let failed = |error: String| format!("error while running post render on files: {error}");
        run(program, args, manifests).map(Some).map_err(failed)
    }
}

/// helm 3: postrender/exec.go.
fn run(program: &str, args: &[String], input: &[u8]) -> Result<Vec<u8>, String> {
    let failed = |why: &str, output: &[u8]| {
        let output = String::from_utf8_lossy(output);
        format!("error while running command {program}. error output:\n{output}: {why}")
    };
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&errno(&error), b""))?;
    let mut pipe = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that does not read to the end is its own business.
            let _ = pipe.take().map(|mut pipe| pipe.write_all(input));
        });
        child.wait_with_output()
    });
    let output = output.map_err(|error| failed(&errno(&error), b""))?;
    if !output.status.success() {
        let status = output
            .status
            .code()
            .map_or("signal: killed".to_owned(), |code| format!("exit status {code}"));
        return Err(failed(&status, &output.stderr));
    }
    Ok(output.stdout)
}

/// The system's words for an error, as Go has them.
pub(crate) fn errno(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
