//! Functions of Go templates for native templates. Values of Go templates stay on their thread, so
//! calls come to it as messages.

use std::sync::mpsc::{Receiver, Sender};

use minijinja::value::Value as Jinja;
use plimsoll_gotmpl::{CallError, Cause, ExecError, Host, Map, Templates, Value};

use super::convert::{from_jinja, to_jinja};

/// A call of a native template.
pub(super) struct Request {
    /// What is called in a Go template: `toYaml`, `.dot.Files.Get`.
    pub(super) callee: String,
    pub(super) args: Vec<Jinja>,
    pub(super) reply: Sender<Result<Jinja, String>>,
}

/// The Go side of a chart's native templates.
pub(super) struct Server<'a> {
    pub(super) templates: Templates,
    /// What Go templates of the chart see as `.`.
    pub(super) dot: Value,
    pub(super) host: &'a mut dyn Host,
}

impl Server<'_> {
    /// Answers calls until nobody can make one any more.
    pub(super) fn run(&mut self, requests: &Receiver<Request>) {
        while let Ok(request) = requests.recv() {
            let answer = self.call(&request.callee, &request.args);
            // Nobody waits where the template has ended.
            let _ = request.reply.send(answer);
        }
    }

    /// The value of a call with arguments.
    pub(super) fn call(&mut self, callee: &str, args: &[Jinja]) -> Result<Jinja, String> {
        to_jinja(&self.call_go(callee, args)?)
    }

    fn call_go(&mut self, callee: &str, args: &[Jinja]) -> Result<Value, String> {
        let name = format!("{callee}/{}", args.len());
        if !self.templates.contains(&name) {
            let args: String = (0..args.len()).map(|at| format!(" (index .args {at})")).collect();
            let source = format!("{{{{ $_ := set .out \"value\" ({callee}{args}) }}}}");
            self.templates.parse(&name, source.into_bytes()).map_err(|error| error.to_string())?;
        }
        let args: Result<Vec<Value>, String> =
            args.iter().map(|arg| from_jinja(arg, &self.dot)).collect();
        let out = Map::new();
        let data = Map::from_entries(vec![
            ("args".into(), Value::list(args?)),
            ("dot".into(), self.dot.clone()),
            ("out".into(), Value::map(out.clone())),
        ]);
        match self.templates.execute(&name, Value::map(data), self.host) {
            Ok(_) => Ok(out.get(b"value").unwrap_or_default()),
            Err(error) => Err(innermost(&error)),
        }
    }
}

/// What was wrong; where, if that is in a template of the chart.
fn innermost(error: &ExecError) -> String {
    let frames: Vec<_> = error.frames().collect();
    let Some(last) = frames.last() else { return error.to_string() };
    let what = match &last.cause {
        Cause::Call { error: CallError::Abort(message), .. } => {
            String::from_utf8_lossy(message).trim().to_owned()
        }
        cause => cause.to_string(),
    };
    if frames.len() == 1 {
        return what;
    }
    format!("{}:{}:{}: {what}", last.file, last.line, last.column + 1)
}
