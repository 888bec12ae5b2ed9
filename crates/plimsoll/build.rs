//! Lists the files of `charts/universal`, which the library carries.

#![expect(clippy::disallowed_methods, reason = "a build script reads and writes")]
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    // A link to the repository's folder, so that the packed crate has the chart; where links are
    // not checked out the folder itself is taken.
    let linked = here.join("charts/universal");
    let chart = if linked.is_dir() { linked } else { here.join("../../charts/universal") };
    let chart = chart.canonicalize()?;
    let mut files = Vec::new();
    collect(&chart, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&chart).expect("it lies below").to_string_lossy();
        let name = name.replace('\\', "/");
        writeln!(code, "({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("a String takes everything");
    }
    code.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("universal.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
