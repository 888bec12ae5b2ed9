//! How the program is linked.
#![expect(clippy::disallowed_methods, reason = "a build script is told so what it builds for")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("OS").as_deref() == Ok("linux") && target("ENV").as_deref() == Ok("gnu") {
        // At a fixed address, as Go links Helm: the loader has no 26,000 addresses to correct, which
        // is a sixth of a small run.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
