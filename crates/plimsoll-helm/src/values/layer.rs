use plimsoll_gotmpl::{Compat, Map, Value};

use super::origin::{Layer, Origins};
use super::strvals::{Mode, Parser, decode_prefix, parse_into};
use super::tables::{merge_maps, with_leaf_origin};
use super::values_file::ValuesTree;
use crate::{HelmCause, HelmError};

/// The flags that set values, each with its arguments in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub struct ValueFlags {
    /// `-f`, `--values`.
    pub files: Vec<String>,
    /// `--set-json`.
    pub set_json: Vec<String>,
    /// `--set`.
    pub set: Vec<String>,
    /// `--set-string`.
    pub set_string: Vec<String>,
    /// `--set-file`.
    pub set_file: Vec<String>,
    /// `--set-literal`.
    pub set_literal: Vec<String>,
}

/// Reads what `-f` and `--set-file` name.
pub trait ReadFile {
    /// The bytes of a path, a URL, or of standard input for `-`. The error is Go's text:
    /// `open x.yaml: no such file or directory`.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String>;
}

/// The user's values: all files, then the flags kind by kind in Helm's fixed order, each over what
/// came before. helm: cli/values/options.go `MergeValues`.
pub fn merge_flags(
    flags: &ValueFlags,
    reader: &mut dyn ReadFile,
    compat: Compat,
    origins: &mut Origins,
) -> Result<Map, HelmError> {
    let mut merging = Merging { values: Map::new(), reader, compat, origins };
    for path in &flags.files {
        merging.file(path)?;
    }
    for argument in &flags.set_json {
        merging.json(argument)?;
    }
    let kinds = [
        ("--set", Mode::Typed, &flags.set),
        ("--set-string", Mode::String, &flags.set_string),
        ("--set-file", Mode::File, &flags.set_file),
        ("--set-literal", Mode::Literal, &flags.set_literal),
    ];
    for (flag, mode, arguments) in kinds {
        for argument in arguments {
            merging
                .set(flag, mode, argument)
                .map_err(|error| format!("failed parsing {flag} data: {error}"))?;
        }
    }
    Ok(merging.values)
}

struct Merging<'a> {
    values: Map,
    reader: &'a mut dyn ReadFile,
    compat: Compat,
    origins: &'a mut Origins,
}

impl Merging<'_> {
    fn file(&mut self, path: &str) -> Result<(), HelmError> {
        let text = self.reader.read(path)?;
        let tree = ValuesTree::parse(text, self.compat).map_err(|why| {
            let message = format!("failed to parse {path}: {why}");
            HelmError::with_cause(message, HelmCause::Values { path: path.to_owned(), why })
        })?;
        let map = tree.to_map(Layer::ValuesFile, path, self.origins);
        self.merge(&map);
        Ok(())
    }

    fn merge(&mut self, over: &Map) {
        let origins = &mut *self.origins;
        self.values = merge_maps(&self.values, over, &mut |winner, loser| {
            origins.replace(winner, loser);
        });
    }

    fn json(&mut self, argument: &str) -> Result<(), HelmError> {
        let trimmed = argument.trim();
        if self.compat == Compat::Helm4 && trimmed.starts_with('{') {
            let map = json_object(trimmed)
                .ok_or_else(|| format!("failed parsing --set-json data JSON: {argument}"))?;
            let source = self.origins.add_source(Layer::Flag, "--set-json", argument.as_bytes());
            let origin = self.origins.at(source, 0, argument.len());
            let marked = with_leaf_origin(&Value::map(map), origin);
            self.merge(marked.as_map().expect("a map stays a map"));
            return Ok(());
        }
        // Helm does not say what is wrong with the argument.
        let result = self.set("--set-json", Mode::Json, argument);
        Ok(result.map_err(|_| format!("failed parsing --set-json data {argument}"))?)
    }

    fn set(&mut self, flag: &str, mode: Mode, argument: &str) -> Result<(), String> {
        let source = self.origins.add_source(Layer::Flag, flag, argument.as_bytes());
        let reader = &mut *self.reader;
        let parser = Parser {
            mode,
            compat: self.compat,
            read: &mut |path| reader.read(path),
            origins: self.origins,
            source,
        };
        parse_into(argument, &self.values, parser)
    }
}

/// A text that is one JSON object and nothing more.
fn json_object(text: &str) -> Option<Map> {
    let (value, used) = decode_prefix(text.as_bytes()).ok()?;
    text[used..].trim().is_empty().then(|| value.as_map().cloned())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every path reads as YAML that says so.
    struct Echo;

    impl ReadFile for Echo {
        fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
            match path {
                "nope" => Err("open nope: no such file or directory".to_owned()),
                "list" => Ok(b"[1]".to_vec()),
                _ => Ok(format!("{{from: {path}, m: {{{path}: null}}}}").into_bytes()),
            }
        }
    }

    fn list(arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|&argument| argument.to_owned()).collect()
    }

    fn check_error(flags: &ValueFlags, compat: Compat, expected: &str) {
        let error = merge_flags(flags, &mut Echo, compat, &mut Origins::off()).unwrap_err();
        assert_eq!(error.message, expected);
    }

    #[test]
    fn flags_come_after_files_in_a_fixed_order() {
        let flags = ValueFlags {
            files: list(&["a", "b"]),
            set_json: list(&["x=1", r#"{"m":{"j":true}}"#]),
            set: list(&["x=2,y=2"]),
            set_string: list(&["x=3"]),
            set_file: list(&["f=a"]),
            set_literal: list(&["l=a,b"]),
        };
        let mut origins = Origins::tracing();
        let merged = merge_flags(&flags, &mut Echo, Compat::Helm4, &mut origins).unwrap();
        let text = |key: &str| {
            let value = merged.get(key.as_bytes()).unwrap();
            value.as_text().map(|text| text.to_str_lossy().into_owned())
        };
        assert_eq!(text("from").as_deref(), Some("b"));
        assert_eq!(text("x").as_deref(), Some("3"));
        assert_eq!(text("l").as_deref(), Some("a,b"));
        assert_eq!(merged.get(b"m").unwrap().as_map().map(Map::len), Some(3));
        let origin = origins.get(merged.get(b"y").unwrap().origin()).unwrap();
        assert_eq!(origin.layer, Layer::Flag);
        let file = origins.files.get(origin.span.file).unwrap();
        assert_eq!((file.name.as_str(), origin.span.start), ("--set", 6));
    }

    #[test]
    fn mistakes_are_told_with_their_flag() {
        let set = ValueFlags { set: list(&["a"]), ..ValueFlags::default() };
        let text = "failed parsing --set data: key \"a\" has no value";
        check_error(&set, Compat::Helm4, text);
        let json = ValueFlags { set_json: list(&["{bad"]), ..ValueFlags::default() };
        check_error(&json, Compat::Helm4, "failed parsing --set-json data JSON: {bad");
        check_error(&json, Compat::Helm3, "failed parsing --set-json data {bad");
        let files = ValueFlags { files: list(&["nope"]), ..ValueFlags::default() };
        check_error(&files, Compat::Helm4, "open nope: no such file or directory");
        let files = ValueFlags { files: list(&["list"]), ..ValueFlags::default() };
        check_error(
            &files,
            Compat::Helm3,
            "failed to parse list: error unmarshaling JSON: while decoding JSON: json: cannot \
             unmarshal array into Go value of type map[string]interface {}",
        );
    }
}
