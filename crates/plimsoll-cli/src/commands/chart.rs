//! `plimsoll chart`

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use plimsoll::UNIVERSAL_FILES;

use super::said::said;
use crate::io::Io;

/// The built-in universal chart.
#[derive(Debug, Parser)]
#[command(name = "plimsoll chart", bin_name = "plimsoll chart", version)]
struct Chart {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the chart out unchanged, to be used with Helm or edited
    Eject {
        /// The chart: universal
        #[arg(value_parser = ["universal"])]
        chart: String,
        /// A folder that does not exist yet, or an empty one
        folder: PathBuf,
    },
    /// Print the schema of its values, for editors
    Schema,
}

/// Runs `plimsoll chart ARGS…` and gives its exit status.
pub(crate) fn run(args: &[String], io: &mut Io) -> u8 {
    let line = std::iter::once("plimsoll chart").chain(args.iter().map(String::as_str));
    let done = match Chart::try_parse_from(line) {
        Ok(Chart { command: Command::Eject { folder, .. } }) => eject(&folder, io),
        Ok(Chart { command: Command::Schema }) => schema(io),
        Err(error) => return said(&error, io),
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            io.error(&format!("plimsoll chart: {error}\n"));
            2
        }
    }
}

fn eject(folder: &Path, io: &mut Io) -> Result<(), String> {
    let full = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if full || folder.is_file() {
        return Err(format!("`{}` is there already; name a new folder", folder.display()));
    }
    for (name, bytes) in UNIVERSAL_FILES {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&path, bytes));
        written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
    }
    io.error(&format!("{} files written to {}\n", UNIVERSAL_FILES.len(), folder.display()));
    Ok(())
}

fn schema(io: &mut Io) -> Result<(), String> {
    let found = UNIVERSAL_FILES.iter().find(|(name, _)| *name == "values.schema.json");
    let (_, bytes) = found.ok_or("the universal chart has no schema")?;
    io.print(bytes);
    Ok(())
}
