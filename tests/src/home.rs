//! A home of its own for a run of the command: what it keeps lies there and goes with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder with a home and a working directory.
pub struct Home {
    folder: PathBuf,
    program: PathBuf,
    env: Vec<(String, String)>,
}

/// What a run gave.
#[derive(Debug)]
pub struct Ran {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Home {
    /// A new home; runs are of the program at a path.
    pub fn new(program: PathBuf) -> Home {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("plimsoll-home-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("work")).expect("the temporary folder can be written");
        Home { folder, program, env: Vec::new() }
    }

    /// Sets a variable for every run.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.env.push((name.to_owned(), value.into()));
    }

    /// Runs `plimsoll helm ARGS…`.
    pub fn helm(&self, args: &[&str]) -> Ran {
        self.helm_with(args, "")
    }

    /// The same with something on standard input.
    pub fn helm_with(&self, args: &[&str], input: &str) -> Ran {
        let mut command = Command::new(&self.program);
        command.arg("helm").args(args).current_dir(self.work());
        command.env_clear().env("HOME", &self.folder).env("TZ", "UTC").env("PATH", "/usr/bin:/bin");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("it is piped");
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            status: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Runs a command that succeeds; gives what it printed.
    #[track_caller]
    pub fn ok(&self, args: &[&str]) -> String {
        let ran = self.helm(args);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{args:?}");
        ran.out
    }

    /// Runs a command that fails; gives what it said after `Error: `.
    #[track_caller]
    pub fn fails(&self, args: &[&str]) -> String {
        let ran = self.helm(args);
        assert_eq!(ran.status, 1, "{args:?}: {ran:?}");
        let said = ran.err.trim_end_matches('\n');
        said.strip_prefix("Error: ").unwrap_or(said).to_owned()
    }

    /// The working directory.
    pub fn work(&self) -> PathBuf {
        self.folder.join("work")
    }

    /// A file below the home.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The text of a file below the home.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file is there")
    }

    /// Writes a file below the home.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    /// The files below a folder of the home, sorted.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let top = self.path(folder);
        let mut found = Vec::new();
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(relative(&path, &top));
                }
            }
        }
        found.sort();
        found
    }

    /// Packs a chart with one template; gives the archive.
    pub fn chart(&self, name: &str, version: &str) -> Vec<u8> {
        let folder = format!("charts/{name}-{version}");
        let yaml = format!(
            "apiVersion: v2\nname: {name}\nversion: {version}\ndescription: The {name} chart\n\
             keywords: [web]\n"
        );
        self.write(&format!("{folder}/Chart.yaml"), yaml);
        let manifest =
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}-{version}}}\n");
        self.write(&format!("{folder}/templates/cm.yaml"), manifest);
        let folder = self.path(&folder).display().to_string();
        let packed = self.path("packed").display().to_string();
        self.ok(&["package", &folder, "-d", &packed]);
        fs::read(self.path(&format!("packed/{name}-{version}.tgz"))).expect("it was written")
    }
}

fn relative(path: &Path, top: &Path) -> String {
    path.strip_prefix(top).unwrap_or(path).display().to_string()
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
