//! Standard output for a person: colours and a pager on a terminal, the bytes themselves in a pipe.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

use plimsoll::report::{color_manifests, strip_controls};

use super::draw::style_of_output;
use crate::args::Color;
use crate::io::Io;

/// Prints manifests, in colours and page by page where that is welcome.
pub(crate) fn show_manifests(text: &[u8], when: Color, pages: bool, io: &mut Io) {
    let is_terminal = std::io::stdout().is_terminal();
    let color = style_of_output(when, io).color;
    let read = std::str::from_utf8(text).ok().filter(|_| is_terminal || color);
    match read.map(strip_controls) {
        Some(text) if color => show(color_manifests(&text).as_bytes(), pages, io),
        Some(text) => show(text.as_bytes(), pages, io),
        None => show(text, pages, io),
    }
}

/// Prints a text, page by page on a terminal that has a pager.
pub(crate) fn show(text: &[u8], pages: bool, io: &mut Io) {
    let is_terminal = pages && std::io::stdout().is_terminal();
    let pager = is_terminal.then(|| pager(|name| io.env(name))).flatten();
    if pager.is_none_or(|pager| page(&pager, text, io).is_err()) {
        io.print(text);
    }
}

/// The pager's command line: `$PAGER`, else `less`; none if it is empty or `cat`, or where the
/// terminal can do nothing.
fn pager(env: impl Fn(&str) -> Option<String>) -> Option<String> {
    let pager = env("PAGER").unwrap_or_else(|| "less".to_owned());
    let is_dumb = env("TERM").is_some_and(|term| term == "dumb");
    (!is_dumb && !matches!(pager.trim(), "" | "cat")).then_some(pager)
}

/// Gives a text to a pager and waits until it was read. An error means that none of it was shown.
fn page(pager: &str, text: &[u8], io: &Io) -> std::io::Result<()> {
    let mut words = pager.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).stdin(Stdio::piped());
    // As git has it: what fits on the screen is left there, and colours are colours.
    if io.env("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // Who quits the pager early has seen enough.
        let _ = input.write_all(text);
    }
    let _ = child.wait();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], want: Option<&str>) {
        let find = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(pager(find).as_deref(), want);
    }

    #[test]
    fn the_pager_is_that_of_the_environment() {
        check(&[], Some("less"));
        check(&[("PAGER", "more -s")], Some("more -s"));
        check(&[("PAGER", "")], None);
        check(&[("PAGER", "cat")], None);
        check(&[("TERM", "dumb")], None);
    }
}
