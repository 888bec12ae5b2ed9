//! Renders a chart with values of its own and asks what is in it.
//!
//! `cargo run --example render -- fixtures/charts/shop/chart`

use std::fmt::Write;

use plimsoll::kube::Fields;
use plimsoll::{Compat, FixedHost, Release, Values, open, to_json};

#[expect(clippy::print_stdout, reason = "an example shows what it has")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "fixtures/charts/shop/chart".to_owned());
    print!("{}", contents(&path)?);
    Ok(())
}

pub(crate) fn contents(path: &str) -> Result<String, Box<dyn std::error::Error>> {
    let chart = open(path, Compat::Helm4)?;
    let values = Values::new().yaml("prod.yaml", "replicas: 3\n").set("image.tag=1.4.2");
    let release = Release::new("shop", &chart, Compat::Helm4)
        .namespace("prod")
        .values(values)
        .kube_version("1.34")?;

    // The library has no clock and no randomness: this world always stays the same.
    let manifests = release.render(&mut FixedHost::new(Compat::Helm4))?;

    let mut out = String::new();
    // As text, which `helm template` prints.
    writeln!(out, "{} lines", manifests.to_text()?.lines().count())?;
    for manifest in manifests.iter() {
        writeln!(out, "{} {} of {}", manifest.kind, manifest.name, manifest.path())?;
    }
    // As objects, with their fields.
    for object in manifests.objects().iter().filter(|object| object.kind == "Deployment") {
        let replicas = object.node.at(&["spec", "replicas"]).map(to_json);
        writeln!(out, "{}: {} replicas", object.name(), replicas.unwrap_or_default())?;
    }
    Ok(out)
}
