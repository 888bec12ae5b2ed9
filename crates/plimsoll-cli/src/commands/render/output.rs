//! Manifests as JSON, and as a table for a person.

use std::fmt::Write;

use plimsoll::kube::{Document, Object, objects, read_documents};
use plimsoll::source::FileId;

fn read(text: &[u8]) -> Result<Vec<Document>, String> {
    let documents = read_documents(text, FileId::NONE);
    match documents.iter().find_map(|document| document.content.as_ref().err()) {
        Some(error) => Err(format!("what was rendered is no YAML: {error}; use `-o yaml`")),
        None => Ok(documents),
    }
}

/// The objects as the items of a `List`, with a final line break.
pub(super) fn json(text: &[u8]) -> Result<String, String> {
    let documents = read(text)?;
    let mut out = String::from("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[");
    for (at, object) in objects(&documents).iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&plimsoll::to_json(object.node));
    }
    out.push_str("]}\n");
    Ok(out)
}

/// A row for each object: kind, name, namespace, replicas, images, requests.
pub(super) fn summary(text: &[u8]) -> Result<String, String> {
    let documents = read(text)?;
    let mut rows = vec![
        ["KIND", "NAME", "NAMESPACE", "REPLICAS", "CPU", "MEMORY", "IMAGES"].map(str::to_owned),
    ];
    rows.extend(objects(&documents).iter().map(row));
    let mut widths = [0; 7];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            write!(line, "{cell:width$}  ").expect("a String takes everything");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    Ok(out)
}

fn row(object: &Object<'_>) -> [String; 7] {
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let replicas = object
        .spec()
        .and_then(|spec| spec.get("replicas"))
        .and_then(plimsoll::kube::Node::as_float);
    let containers: Vec<_> = object.pod().map(|pod| pod.containers().collect()).unwrap_or_default();
    let mut images: Vec<&str> = containers.iter().map(plimsoll::kube::Container::image).collect();
    images.dedup();
    let requests = |name: &str| {
        let amounts = containers.iter().filter(|one| one.is_long_running());
        let amounts = amounts.filter_map(|one| one.resource("requests", name));
        amounts.map(plimsoll::to_json).map(|text| text.replace('"', "")).collect::<Vec<_>>()
    };
    [
        object.kind.to_owned(),
        object.name().to_owned(),
        dash(object.namespace().to_owned()),
        dash(replicas.map(|count| count.to_string()).unwrap_or_default()),
        dash(requests("cpu").join("+")),
        dash(requests("memory").join("+")),
        dash(images.join(" ")),
    ]
}
