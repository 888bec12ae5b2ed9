//! How the program is linked: on Linux with glibc whole and at a fixed address, as Go links Helm.
//!
//! The loader then has no libraries to find and no 26,000 addresses to correct, which is a third
//! of a small run, and the program starts in any container, with another libc or none.
#![expect(clippy::disallowed_methods, reason = "a build script is told so what it builds for")]

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// What rustc asks the linker for, and the archive that has it: without libgcc_s, whose unwinder
/// is libgcc_eh.
const LIBRARIES: [(&str, &str); 7] = [
    ("c", "c"),
    ("m", "m"),
    ("util", "util"),
    ("rt", "rt"),
    ("pthread", "pthread"),
    ("dl", "dl"),
    ("gcc_s", "gcc_eh"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}"));
    if target("OS").as_deref() != Ok("linux") || target("ENV").as_deref() != Ok("gnu") {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let native = env::var("HOST") == env::var("TARGET");
    if !native || env::var_os("CARGO_FEATURE_STATIC").is_none() {
        return;
    }
    match archives() {
        Ok(folder) => {
            println!("cargo::rustc-link-arg-bins=-static");
            println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
        }
        Err(why) => println!("cargo::warning=linked with the system's shared libraries: {why}"),
    }
}

/// A folder that has the archives alone, under the names that rustc gives the linker. Rustc takes
/// `crt-static` only where host and target are told apart (procedural macros are shared libraries),
/// so that the archives have to be found before the shared libraries instead.
fn archives() -> io::Result<PathBuf> {
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    let folder = Path::new(&out).join("static");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    for (asked, kept) in LIBRARIES {
        let option = format!("-print-file-name=lib{kept}.a");
        let answer = Command::new(&linker).arg(option).output()?;
        let path = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
        if !path.is_absolute() {
            return Err(io::Error::other(format!("{} has no lib{kept}.a", linker.display())));
        }
        // A linker script: GNU ld, gold, lld and mold follow it.
        fs::write(folder.join(format!("lib{asked}.a")), format!("INPUT({})\n", path.display()))?;
    }
    Ok(folder)
}
