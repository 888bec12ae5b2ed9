use plimsoll_gotmpl::Compat;
use plimsoll_yaml::{Kind, Node};

use super::stream::Documents;
use crate::chart::StructDecoder;

/// What Helm's rules look at in an object.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) name: String,
}

/// The objects of a text in order; documents that hold nothing are `None`. After an error comes
/// nothing more.
pub(super) fn objects(text: &[u8], compat: Compat) -> Vec<Result<Option<Object>, String>> {
    let mut documents = Documents::new(text);
    let mut objects = Vec::new();
    loop {
        let before = documents.rest();
        let Some(document) = documents.next() else { return objects };
        let object = document.node.and_then(|node| {
            let object = decode(&node, compat, document.is_json)?;
            Ok((!node.is_null()).then_some(object))
        });
        if object.is_err() && document.is_json && !documents.is_surely_json() {
            documents.reread(before);
            continue;
        }
        let failed = object.is_err();
        objects.push(object.map_err(|error| format!("unable to parse YAML: {error}")));
        if failed {
            return objects;
        }
    }
}

/// helm: k8sYamlStruct, whose fields have no names of their own but one.
fn decode(node: &Node, compat: Compat, is_json: bool) -> Result<Object, String> {
    let mut object = Object::default();
    let (name, go_type) = match compat {
        Compat::Helm3 => ("K8sYamlStruct", "rules.K8sYamlStruct"),
        Compat::Helm4 => ("k8sYamlStruct", "rules.k8sYamlStruct"),
    };
    let mut no_text = false;
    let mut text = |decoder: &mut StructDecoder, node: &Node, into: &mut String| {
        no_text |= !matches!(node.kind, Kind::Null | Kind::Text(_));
        decoder.text(node, into);
    };
    let fields = &["apiVersion", "Kind", "Metadata"];
    StructDecoder::root(node, (name, go_type), fields, &mut |decoder, field, node| match field {
        "apiVersion" => text(decoder, node, &mut object.api_version),
        "Kind" => text(decoder, node, &mut object.kind),
        _ if node.is_null() => {}
        _ => {
            let names = ("k8sYamlMetadata", "rules.k8sYamlMetadata");
            decoder.item(node, names, &["Namespace", "Name"], &mut |decoder, field, node| {
                let mut namespace = String::new();
                let into = if field == "Name" { &mut object.name } else { &mut namespace };
                text(decoder, node, into);
            });
        }
    })?;
    if is_json && no_text {
        return Err("a field is no text".to_owned());
    }
    Ok(object)
}
