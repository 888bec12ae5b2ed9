use anstyle::{AnsiColor, Reset, Style};

/// YAML in colours, for a terminal: keys, comments, markers of documents, texts in quotes, and
/// numbers, booleans and nulls. Without its colours it is what it was. A line decides for itself,
/// apart from those of a block text, which stay as they are.
pub fn color_manifests(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut block = None;
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        let indent = line.len() - line.trim_start_matches(' ').len();
        if block.is_some_and(|above| indent > above || line.trim().is_empty()) {
            out.push_str(line);
        } else {
            block = opens_block(line).then_some(indent);
            color_line(line, indent, &mut out);
        }
        out.push_str(end);
    }
    out
}

/// Whether a line ends with `|`, `>-` and the like.
fn opens_block(line: &str) -> bool {
    let Some(last) = line.split_whitespace().last() else { return false };
    let rest = last.strip_prefix(['|', '>']);
    let is_header = |rest: &str| rest.chars().all(|c| matches!(c, '-' | '+' | '1'..='9'));
    rest.is_some_and(is_header) && line.trim() != last.trim() && !line.trim_start().starts_with('#')
}

fn color_line(line: &str, indent: usize, out: &mut String) {
    let (blank, mut rest) = line.split_at(indent);
    out.push_str(blank);
    if rest.starts_with('#') || rest == "---" {
        return paint(Style::new().dimmed(), rest, out);
    }
    while let Some(after) = rest.strip_prefix("- ") {
        out.push_str("- ");
        rest = after;
    }
    if let Some(end) = key_end(rest) {
        paint(AnsiColor::Cyan.on_default(), &rest[..end], out);
        out.push(':');
        rest = &rest[end + 1..];
    }
    let value = rest.trim_start();
    out.push_str(&rest[..rest.len() - value.len()]);
    match value_style(value) {
        Some(style) => paint(style, value, out),
        None => out.push_str(value),
    }
}

/// Where a key ends that the line begins with.
fn key_end(line: &str) -> Option<usize> {
    let start = match line.chars().next()? {
        quote @ ('"' | '\'') => line[1..].find(quote)? + 2,
        _ => 0,
    };
    let at = start + line[start..].find(':')?;
    let after = line[at + 1..].chars().next();
    after.is_none_or(|next| next == ' ').then_some(at)
}

fn value_style(value: &str) -> Option<Style> {
    if value.starts_with(['"', '\'']) {
        return Some(AnsiColor::Green.on_default());
    }
    if value.starts_with("# ") {
        return Some(Style::new().dimmed());
    }
    let is_word = matches!(value, "true" | "false" | "null" | "~");
    let is_number = value.parse::<f64>().is_ok() && value.ends_with(|c: char| c.is_ascii_digit());
    (is_word || is_number).then(|| AnsiColor::Yellow.on_default())
}

fn paint(style: Style, text: &str, out: &mut String) {
    out.push_str(&format!("{style}{text}{Reset}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colours are written as letters: `c` for cyan, and so on; the end is `.`.
    #[track_caller]
    fn check(text: &str, want: &str) {
        let got = color_manifests(text);
        let letters = [("\u{1b}[36m", "<c>"), ("\u{1b}[32m", "<g>"), ("\u{1b}[33m", "<y>")];
        let letters = [letters.as_slice(), &[("\u{1b}[2m", "<d>"), ("\u{1b}[0m", "<.>")]].concat();
        let replaced = |shown: bool| {
            let to = |to| if shown { to } else { "" };
            letters.iter().fold(got.clone(), |text, (from, name)| text.replace(from, to(name)))
        };
        assert_eq!((replaced(true).as_str(), replaced(false).as_str()), (want, text));
    }

    #[test]
    fn keys_values_and_comments_have_colours() {
        check("---\n# Source: a\n", "<d>---<.>\n<d># Source: a<.>\n");
        check("a: 1\n  - b: x:y\n", "<c>a<.>: <y>1<.>\n  - <c>b<.>: x:y\n");
        check("'a: b': \"x\"\n- true", "<c>'a: b'<.>: <g>\"x\"<.>\n- <y>true<.>");
        check("url: http://x\nnot\n", "<c>url<.>: http://x\nnot\n");
    }

    #[test]
    fn texts_of_several_lines_stay_as_they_are() {
        check("a: |-\n  b: 1\n\n  # c\nd: 2", "<c>a<.>: |-\n  b: 1\n\n  # c\n<c>d<.>: <y>2<.>");
    }
}
