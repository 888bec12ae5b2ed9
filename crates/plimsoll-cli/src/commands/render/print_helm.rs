//! The command line of Helm that gives the same manifests.

use super::super::project::Chosen;
use crate::helm::pflag::Parsed;
use crate::helm::template::Target;

/// Flags that are ours alone.
const OWN: [&str; 15] = [
    "max-steps",
    "max-output",
    "max-depth",
    "seed",
    "source-date-epoch",
    "env",
    "all-envs",
    "each",
    "all-services",
    "print-helm",
    "output",
    "no-validate",
    "no-pager",
    "split",
    "name-template",
];

/// `helm template …`, as a shell takes it, with a final line break.
pub(super) fn command(target: &Target, chart: &Chosen, parsed: &Parsed) -> String {
    let (mut line, chart) = match chart {
        Chosen::Path(path) => (String::new(), path.as_str()),
        Chosen::Universal => {
            let eject = "plimsoll chart eject universal ./universal\n";
            (eject.to_owned(), "./universal")
        }
    };
    line.push_str("helm template ");
    line.push_str(&quoted(&target.name));
    line.push(' ');
    line.push_str(&quoted(chart));
    for (flag, value) in parsed.given().iter().filter(|(flag, _)| !OWN.contains(flag)) {
        let short = if *flag == "values" { "-f" } else { "" };
        match (short, value.as_str()) {
            ("-f", value) => line.extend([" -f ", &quoted(value)]),
            (_, "true") => line.extend([" --", *flag]),
            (_, value) => line.extend([" --", *flag, "=", &quoted(value)]),
        }
    }
    line.push('\n');
    line
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        assert_eq!(quoted("a/b-c.yaml"), "a/b-c.yaml");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
