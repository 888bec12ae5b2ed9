//! What clap has to say.

use clap::error::ErrorKind;

use crate::io::Io;

/// Prints help on standard output, errors on standard error; gives the exit status.
pub(crate) fn said(error: &clap::Error, io: &mut Io) -> u8 {
    let text = error.to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            io.print(text.as_bytes());
            0
        }
        _ => {
            io.error(&text);
            2
        }
    }
}
