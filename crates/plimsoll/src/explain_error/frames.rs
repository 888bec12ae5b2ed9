//! What Helm's texts say of places.

/// A level of a template error.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frame<'a> {
    /// `c/templates/a.yaml`
    pub(super) file: &'a str,
    /// From 1.
    pub(super) line: usize,
    /// From 0, in bytes; `None` where only the line is known.
    pub(super) column: Option<usize>,
    /// The template that was running.
    pub(super) template: &'a str,
    /// The expression, cut by Go after twenty characters.
    pub(super) context: &'a str,
}

/// What kind of text it is.
#[derive(Debug, PartialEq)]
pub(super) enum Told<'a> {
    /// A template failed: its levels, the outermost first, and what the last one says.
    Exec { frames: Vec<Frame<'a>>, message: String },
    /// `required` or `fail`.
    Abort { frame: Frame<'a>, message: &'a str },
    /// A template that cannot be read.
    Parse { frame: Frame<'a>, message: &'a str },
    /// A rendered text that is not YAML.
    Yaml { path: &'a str, message: &'a str },
    /// A file of values that cannot be read.
    Values { path: &'a str, message: &'a str },
    /// Anything else.
    Other(&'a str),
}

/// Takes Helm's text apart.
pub(super) fn read(text: &str) -> Told<'_> {
    if let Some((at, message)) = between(text, "execution error at (", "): ")
        && let Some(frame) = place(at)
    {
        return Told::Abort { frame, message };
    }
    if let Some((at, message)) = between(text, "parse error at (", "): ")
        && let Some(frame) = place(at)
    {
        return Told::Parse { frame, message };
    }
    if let Some((path, message)) = between(text, "YAML parse error on ", ": ") {
        return Told::Yaml { path, message };
    }
    if let Some((path, message)) =
        text.strip_prefix("failed to parse ").and_then(|rest| rest.split_once(": "))
    {
        return Told::Values { path, message };
    }
    levels(text).unwrap_or(Told::Other(text))
}

/// What stands between a beginning and the first `end`, and what follows.
pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<(&'a str, &'a str)> {
    let at = text.find(start)? + start.len();
    text[at..].split_once(end)
}

/// `FILE:LINE:COLUMN` or `FILE:LINE`.
fn place(text: &str) -> Option<Frame<'_>> {
    let (rest, last) = text.rsplit_once(':')?;
    let last: usize = last.parse().ok()?;
    let column = rest.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    Some(match column {
        Some((file, line)) => Frame { file, line, column: Some(last), ..Frame::default() },
        None => Frame { file: rest, line: last, ..Frame::default() },
    })
}

/// Helm writes a level as `FILE:LINE:COLUMN`, a separator, `executing "NAME" at <EXPRESSION>:` and
/// a message that may hold the next level.
fn levels(text: &str) -> Option<Told<'_>> {
    const EXECUTING: &str = "executing \"";
    let mut frames = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(EXECUTING) {
        let Some(mut frame) = place_before(&rest[..at]) else { break };
        let Some((template, after)) = rest[at + EXECUTING.len()..].split_once("\" at <") else {
            break;
        };
        let Some((context, after)) = after.split_once(">:") else { break };
        (frame.template, frame.context) = (template, context);
        frames.push(frame);
        rest = after;
    }
    (!frames.is_empty()).then(|| Told::Exec { frames, message: message(rest) })
}

fn place_before(text: &str) -> Option<Frame<'_>> {
    let text = text.trim_end().trim_end_matches(':');
    let start = text.rfind(['\n', ' ']).map_or(0, |at| at + 1);
    place(&text[start..])
}

/// The last level's message without the call that it came out of.
fn message(text: &str) -> String {
    let mut text = text.trim();
    while let Some(rest) = text.strip_prefix("error calling ") {
        let Some((_, rest)) = rest.split_once(':') else { break };
        text = rest.trim_start();
    }
    text.strip_prefix("template: ").unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, places: &[(&str, usize, usize)], want: &str) {
        let Told::Exec { frames, message } = read(text) else { panic!("{text}") };
        let got: Vec<_> =
            frames.iter().map(|frame| (frame.file, frame.line, frame.column.unwrap())).collect();
        assert_eq!(got, places);
        assert_eq!(message, want);
    }

    #[test]
    fn levels_on_lines_and_in_one_line_are_the_same() {
        let want = [("c/templates/a.yaml", 5, 10), ("c/templates/_d.tpl", 2, 4)];
        check(
            "c/templates/a.yaml:5:10\n  executing \"x\" at <include \"y\" .>:\n    error calling \
             include:\nc/templates/_d.tpl:2:4\n  executing \"y\" at <.a.b>:\n    nil pointer \
             evaluating interface {}.b",
            &want,
            "nil pointer evaluating interface {}.b",
        );
        check(
            "template: c/templates/a.yaml:5:10: executing \"x\" at <include \"y\" .>: error calling \
             include: template: c/templates/_d.tpl:2:4: executing \"y\" at <div 1 0>: error calling \
             div: divide by zero",
            &want,
            "divide by zero",
        );
    }

    #[test]
    fn required_and_parse_errors_have_one_place() {
        let Told::Abort { frame, message } = read("execution error at (c/a.yaml:7:10): need: x")
        else {
            panic!("an abort")
        };
        assert_eq!((frame.line, frame.column, message), (7, Some(10), "need: x"));
        let Told::Parse { frame, .. } = read("parse error at (c/a.yaml:7): bad") else {
            panic!("a parse error")
        };
        assert_eq!((frame.line, frame.column), (7, None));
    }

    #[test]
    fn other_texts_stay_whole() {
        assert_eq!(read("repo a not found"), Told::Other("repo a not found"));
    }
}
