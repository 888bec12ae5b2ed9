//! What has the same cause is told once.

use plimsoll_source::{Diagnostic, Files, Span};

/// A diagnostic, and what it has in common with others of the same cause.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) diagnostic: Diagnostic,
    /// Whether the message alone tells the cause, wherever the place is.
    pub(super) by_message: bool,
    /// The place by which it is counted among others.
    pub(super) at: Option<Span>,
}

impl Told {
    /// A diagnostic that is the same as others with its message and the line of its first label.
    pub(super) fn of(diagnostic: Diagnostic) -> Told {
        let at = diagnostic.labels.first().map(|label| label.span);
        Told { diagnostic, by_message: false, at }
    }

    /// The same, where the message alone tells the cause.
    pub(super) fn by_message(self) -> Told {
        Told { by_message: true, ..self }
    }

    /// Counted by another place.
    pub(super) fn counted_at(self, at: Option<Span>) -> Told {
        Told { at: at.or(self.at), ..self }
    }
}

/// How many of the other places are named.
const MOST_NAMED: usize = 3;

/// The first of each cause, in order, with a word on the others.
pub(super) fn once(told: Vec<Told>, files: &Files) -> Vec<Diagnostic> {
    let mut groups: Vec<(Told, Vec<String>)> = Vec::new();
    for one in told {
        let place = one.at.and_then(|span| files.locate(span));
        let place = place.map(|(file, at)| format!("{file}:{}", at.line));
        match groups.iter_mut().find(|(first, _)| is_same(first, &one, files)) {
            Some((first, others)) => {
                let own = first.at.and_then(|span| files.locate(span));
                let own = own.map(|(file, at)| format!("{file}:{}", at.line));
                others.extend(place.filter(|place| Some(place) != own.as_ref()));
            }
            None => groups.push((one, Vec::new())),
        }
    }
    groups.into_iter().map(|(first, others)| with_others(first.diagnostic, others)).collect()
}

fn is_same(a: &Told, b: &Told, files: &Files) -> bool {
    let line = |told: &Told| {
        let span = told.diagnostic.labels.first()?.span;
        Some((span.file, files.locate(span)?.1.line))
    };
    let (one, other) = (&a.diagnostic, &b.diagnostic);
    let said = (one.code, &one.message) == (other.code, &other.message);
    said && (a.by_message || (line(a).is_some() && line(a) == line(b)))
}

fn with_others(mut diagnostic: Diagnostic, mut others: Vec<String>) -> Diagnostic {
    others.dedup();
    if others.is_empty() {
        return diagnostic;
    }
    let count = others.len();
    let more = count.saturating_sub(MOST_NAMED);
    others.truncate(MOST_NAMED);
    let places = if count == 1 { "place" } else { "places" };
    let mut line = format!("the same in {count} more {places}: {}", others.join(", "));
    if more > 0 {
        line.push_str(&format!(" and {more} more"));
    }
    if !diagnostic.help.is_empty() {
        diagnostic.help.push('\n');
    }
    diagnostic.help.push_str(&line);
    diagnostic
}

#[cfg(test)]
mod tests {
    use plimsoll_source::Label;

    use super::super::plain;
    use super::*;

    #[test]
    fn the_same_cause_is_told_once_with_the_other_places() {
        let mut files = Files::new();
        let shared = files.add("_h.tpl", b"x\ny\n".to_vec());
        let own: Vec<_> =
            (0..5).map(|at| files.add(format!("{at}.yaml"), b"a\nb\n".to_vec())).collect();
        let told = |message: &str, at: u32, from: usize| {
            let mut diagnostic = plain("x", message);
            let span = Span::new(shared, at, at + 1);
            diagnostic.labels.push(Label { span, text: String::new() });
            Told::of(diagnostic).counted_at(Some(Span::new(own[from], 2, 3)))
        };
        let all = vec![told("m", 0, 0), told("m", 2, 0), told("m", 0, 1), told("n", 0, 1)];
        let got: Vec<_> =
            once(all, &files).into_iter().map(|one| (one.message, one.help)).collect();
        let more = "the same in 1 more place: 1.yaml:2";
        assert_eq!(got, [("m", more), ("m", ""), ("n", "")].map(|(a, b)| (a.into(), b.into())));
        let many = (0..5).map(|from| told("m", from as u32 % 2 * 2, from).by_message()).collect();
        let help = once(many, &files).remove(0).help;
        assert_eq!(help, "the same in 4 more places: 1.yaml:2, 2.yaml:2, 3.yaml:2 and 1 more");
    }
}
