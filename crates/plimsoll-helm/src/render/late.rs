//! The functions that need the run around them: Helm adds them to sprig's when it renders.

use plimsoll_gotmpl::{CallError, Compat, Function, Map, Runtime, Text, TextBuf, Value, function};

use crate::{Level, slog};

/// `include`, `tpl`, `required`, `fail`, `lookup`, `getHostByName`.
pub(super) const FUNCTIONS: &[Function] = &[
    function!("include", include),
    function!("tpl", tpl),
    function!("required", required),
    function!("fail", fail),
    function!("lookup", lookup),
    function!("getHostByName", get_host_by_name),
];

fn include(runtime: &mut dyn Runtime, name: Text, data: Value) -> Result<Text, CallError> {
    runtime.execute(&name, data)
}

fn tpl(runtime: &mut dyn Runtime, source: Text, data: Value) -> Result<Value, CallError> {
    match runtime.execute_source(&source, data) {
        Ok(text) => Ok(Value::text(without_no_value(text))),
        Err(CallError::Template { prefix, error }) if prefix.is_empty() => {
            let source = plimsoll_gotmpl::quote_go(&source);
            let prefix = format!("error during tpl function execution for {source}: ");
            Err(CallError::Template { prefix, error })
        }
        Err(error) => Err(error),
    }
}

/// helm: engine.go deletes every `<no value>` of what a file or `tpl` gave, whoever wrote it.
pub(super) fn without_no_value(text: Text) -> Text {
    const NO_VALUE: &[u8] = b"<no value>";
    let mut found = memchr::memmem::find_iter(&text, NO_VALUE).peekable();
    if found.peek().is_none() {
        drop(found);
        return text;
    }
    let mut kept = TextBuf::with_capacity(text.len());
    let mut from = 0;
    for at in found {
        kept.push_range(&text, from..at, plimsoll_source::Origin::NONE);
        from = at + NO_VALUE.len();
    }
    kept.push_range(&text, from..text.len(), plimsoll_source::Origin::NONE);
    kept.finish()
}

/// helm: engine.go; nil and the empty text are missing, nothing else is.
fn required(runtime: &mut dyn Runtime, message: Text, value: Value) -> Result<Value, CallError> {
    let (place, missing) = match &value {
        Value::Nil => ("engine.go:206", "missing required value"),
        Value::Text(_, text) if text.is_empty() => ("engine.go:214", "missing required values"),
        _ => return Ok(value),
    };
    if !runtime.host().is_lint() {
        return Err(CallError::Abort(message.to_vec()));
    }
    warn(runtime, (Level::Warn, missing), (place, "Missing required value"), &message);
    Ok(Value::text(""))
}

fn fail(runtime: &mut dyn Runtime, message: Text) -> Result<Text, CallError> {
    if !runtime.host().is_lint() {
        return Err(CallError::Abort(message.to_vec()));
    }
    warn(runtime, (Level::Info, "funcMap fail"), ("engine.go:227", "Fail"), &message);
    Ok(Text::from(""))
}

fn warn(
    runtime: &mut dyn Runtime,
    (level, helm_4): (Level, &str),
    (place, helm_3): (&str, &str),
    message: &Text,
) {
    let message = message.to_str_lossy();
    let host = runtime.host();
    host.log(match host.compat() {
        Compat::Helm3 => format!("{place}: [INFO] {helm_3}: {message}"),
        Compat::Helm4 => slog(level, helm_4, &[("message", &message)]),
    });
}

/// Without a cluster there is nothing to find.
fn lookup(_version: Text, _kind: Text, _namespace: Text, _name: Text) -> Map {
    Map::new()
}

fn get_host_by_name(runtime: &mut dyn Runtime, name: Text) -> String {
    runtime.host().resolve_host(&name.to_str_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_deleted_everywhere() {
        let check = |text: &str| without_no_value(text.into()).to_str_lossy().into_owned();
        assert_eq!(check("a<no value>b<no value>"), "ab");
        assert_eq!(check("<no <no value>value>"), "<no value>");
        assert_eq!(check("plain"), "plain");
    }
}
