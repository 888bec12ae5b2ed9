//! `.Files`: the files of a chart that are neither templates nor charts, read when asked for.

use std::rc::Rc;
use std::sync::Arc;

use plimsoll_gotmpl::{
    CallError, Elem, Function, Kind, List, Map, MapType, Object, Text, Type, UintType, Value,
};
use plimsoll_source::Origin;
use plimsoll_source::encoding::encode_base64;

use super::glob::Glob;
use crate::chart::ChartFile;

/// The value of `.Files`.
pub(super) fn files_value(files: &[ChartFile]) -> Value {
    let mut files = files.to_vec();
    // Go keeps the last of equal names, as in any map.
    files.reverse();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup_by(|a, b| a.name == b.name);
    Value::object(Files(files.into()))
}

/// Files sorted by name.
struct Files(Rc<[ChartFile]>);

static MAP: MapType =
    MapType { name: "engine.files", elem: Type::Slice(Elem::Bytes), methods: &[] };

impl Object for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn method(&self, name: &str) -> Option<&'static Function> {
        METHODS.iter().find(|method| method.name == name)
    }

    fn is_true(&self) -> bool {
        !self.0.is_empty()
    }

    fn as_map(&self) -> Option<Map> {
        let entry = |file: &ChartFile| {
            let bytes = file.bytes().unwrap_or_default();
            (Text::from(&*file.name), bytes_value(&bytes))
        };
        Some(Map::of(&MAP, self.0.iter().map(entry).collect()))
    }

    fn to_json(&self) -> Value {
        let entry = |file: &ChartFile| {
            let bytes = file.bytes().unwrap_or_default();
            (Text::from(&*file.name), Value::text(encode_base64(&bytes)))
        };
        Value::map(Map::from_entries(self.0.iter().map(entry).collect()))
    }
}

static METHODS: [Function; 6] = [
    Function {
        name: "Get",
        params: &[Type::String],
        variadic: false,
        result: Type::String,
        call: |_, args| {
            let bytes = Files::of(args)?.read(args)?;
            Ok(Value::text(bytes.map_or_else(|| Text::from(""), |bytes| Text::from(&*bytes))))
        },
    },
    Function {
        name: "GetBytes",
        params: &[Type::String],
        variadic: false,
        result: Type::Slice(Elem::Bytes),
        call: |_, args| Ok(bytes_value(&Files::of(args)?.read(args)?.unwrap_or_default())),
    },
    Function {
        name: "Lines",
        params: &[Type::String],
        variadic: false,
        result: Type::Slice(Elem::String),
        call: |_, args| {
            let bytes = Files::of(args)?.read(args)?.unwrap_or_default();
            Ok(Value::strings(lines(&bytes)))
        },
    },
    Function {
        name: "Glob",
        params: &[Type::String],
        variadic: false,
        result: Type::Named("engine.files", Kind::Map),
        call: |_, args| {
            let files = Files::of(args)?;
            let pattern = args[1].as_bytes().unwrap_or_default();
            // helm: files.go takes `**` where the pattern cannot be read.
            let glob = Glob::new(pattern);
            let chosen = |file: &&ChartFile| glob.as_ref().is_none_or(|g| g.matches(&file.name));
            Ok(Value::object(Files(files.0.iter().filter(chosen).cloned().collect())))
        },
    },
    Function {
        name: "AsConfig",
        params: &[],
        variadic: false,
        result: Type::String,
        call: |_, args| Files::of(args)?.to_yaml(|bytes| Text::from(bytes)),
    },
    Function {
        name: "AsSecrets",
        params: &[],
        variadic: false,
        result: Type::String,
        call: |_, args| Files::of(args)?.to_yaml(|bytes| Text::from(encode_base64(bytes))),
    },
];

impl Files {
    fn of(args: &[Value]) -> Result<&Files, CallError> {
        let files = args.first().and_then(Value::downcast::<Files>);
        files.ok_or_else(|| CallError::message("the receiver is no `engine.files`"))
    }

    /// The bytes of the file that the first argument names.
    fn read(&self, args: &[Value]) -> Result<Option<Arc<[u8]>>, CallError> {
        let name = args.get(1).and_then(Value::as_bytes).unwrap_or_default();
        let found = self.0.binary_search_by(|file| file.name.as_bytes().cmp(name)).ok();
        found.map(|at| read(&self.0[at])).transpose()
    }

    /// helm: files.go AsConfig and AsSecrets name entries by the last part of the path.
    fn to_yaml(&self, show: fn(&[u8]) -> Text) -> Result<Value, CallError> {
        let entry = |file: &ChartFile| {
            let base = file.name.rsplit('/').next().unwrap_or_default();
            Ok((Text::from(base), Value::text(show(&read(file)?))))
        };
        let entries = self.0.iter().map(entry).collect::<Result<Vec<_>, CallError>>()?;
        let map = Map::of(MapType::STRINGS, entries);
        Ok(Value::text(plimsoll_funcs::yaml_of(&Value::map(map))))
    }
}

fn read(file: &ChartFile) -> Result<Arc<[u8]>, CallError> {
    file.bytes().map_err(|error| CallError::message(error.message))
}

fn bytes_value(bytes: &[u8]) -> Value {
    let item = |byte: &u8| Value::Uint(UintType::Uint8, Origin::NONE, u64::from(*byte));
    Value::List(Origin::NONE, List::new(Elem::Bytes, bytes.iter().map(item).collect()))
}

/// helm: files.go Lines drops one newline at the end; no file and an empty one have no lines.
fn lines(bytes: &[u8]) -> Vec<Text> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').map(Text::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_newline_at_the_end_makes_no_line() {
        let check = |text: &str| lines(text.as_bytes()).len();
        assert_eq!(
            [check(""), check("a"), check("a\n"), check("a\n\n"), check("\n")],
            [0, 1, 1, 2, 1]
        );
    }
}
