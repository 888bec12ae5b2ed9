//! The program in `oracle/gotmpl`: Go's own text/template, asked line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};

use super::world::Answer;
use plimsoll_source::encoding::{decode_base64, encode_base64};

pub(crate) const FOLDER: &str = "crates/xtask/oracle/gotmpl";

/// Go's program while it runs.
pub(crate) struct Go {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Go {
    /// Builds the program and starts it. `None` where Go is not installed.
    pub(crate) fn start(world: &Path) -> Result<Option<Go>> {
        let program = std::env::temp_dir().join("plimsoll-oracle-gotmpl");
        let build = Command::new("go")
            .args(["build", "-buildvcs=false", "-ldflags=-checklinkname=0", "-o"])
            .arg(&program)
            .arg(".")
            .current_dir(FOLDER)
            .status();
        match build {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
            Ok(status) if !status.success() => bail!("{FOLDER} does not build"),
            Ok(_) => {}
        }
        let mut child = Command::new(&program)
            .arg(world)
            .env_clear()
            .env("TZ", "UTC")
            .env("GOMEMLIMIT", "2GiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().context("it has an input")?;
        let output = BufReader::new(child.stdout.take().context("it has an output")?);
        Ok(Some(Go { child, input, output }))
    }

    /// What Go makes of a template; `None` where it gives no answer that can be compared.
    pub(crate) fn answer(&mut self, source: &[u8]) -> Result<Option<Answer>> {
        let request = match std::str::from_utf8(source) {
            Ok(text) => json!({ "tpl": text }),
            Err(_) => json!({ "tpl_b64": encode_base64(source) }),
        };
        writeln!(self.input, "{request}").context("Go's program has ended")?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("Go's program has ended at {:?}", String::from_utf8_lossy(source));
        }
        let answer: Json = serde_json::from_str(&line)?;
        Ok(read(&answer))
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        // Nothing is lost with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer as the program and the golden write it.
pub(crate) fn read(json: &Json) -> Option<Answer> {
    let text = |key: &str| json[key].as_str();
    if let Some(out) = text("out") {
        return Some(Answer::Out(out.as_bytes().to_vec()));
    }
    if let Some(out) = text("out_b64") {
        return Some(Answer::Out(decode_base64(out.as_bytes()).ok()?));
    }
    if let Some(error) = text("err") {
        return Some(Answer::Err(error.as_bytes().to_vec(), text("helm").map(str::to_owned)));
    }
    Some(Answer::Err(decode_base64(text("err_b64")?.as_bytes()).ok()?, None))
}
