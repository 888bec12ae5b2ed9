use super::glob::Glob;
use plimsoll_source::go_path;

/// Whether a `.helmignore` leaves out a file or folder of its chart. The error is Helm's text for
/// rules that cannot be read.
pub fn is_ignored(rules: &[u8], path: &str, is_dir: bool) -> Result<bool, String> {
    Ok(Rules::parse(rules)?.ignores(path, is_dir))
}

/// The rules of a `.helmignore`, the built-in one included. They only resemble git's: the first
/// rule that matches decides, and a negated rule drops whatever it does not match.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    glob: Glob,
    negate: bool,
    must_dir: bool,
    /// Whether the whole path is looked at, or only its last part.
    whole_path: bool,
}

impl Rules {
    /// Reads the file's text; the error is Helm's text.
    pub(super) fn parse(text: &[u8]) -> Result<Rules, String> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mut rules = Rules { rules: Vec::new() };
        for line in String::from_utf8_lossy(text).split('\n') {
            rules.add(line.trim())?;
        }
        rules.add("templates/.?*")?;
        Ok(rules)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err("double-star (**) syntax is not supported".to_owned());
        }
        Glob::new(line)?;
        let (negate, rule) = strip(line, str::strip_prefix, '!');
        let (must_dir, rule) = strip(rule, str::strip_suffix, '/');
        let (rooted, rule) = strip(rule, str::strip_prefix, '/');
        // Cutting `\/` leaves a lone `\`, with which Go matches nothing.
        let glob = Glob::new(rule).unwrap_or_else(|_| Glob::nothing());
        let whole_path = rooted || rule.contains('/');
        self.rules.push(Rule { glob, negate, must_dir, whole_path });
        Ok(())
    }

    /// Whether a file or folder of the chart is left out.
    pub(super) fn ignores(&self, path: &str, is_dir: bool) -> bool {
        let base = go_path::base(path);
        for rule in &self.rules {
            let fits_kind = !rule.must_dir || is_dir;
            let matches = || rule.glob.matches(if rule.whole_path { path } else { base });
            if rule.negate {
                if !fits_kind || !matches() {
                    return true;
                }
            } else if fits_kind && matches() {
                return true;
            }
        }
        false
    }
}

fn strip<'a>(text: &'a str, cut: fn(&'a str, char) -> Option<&'a str>, c: char) -> (bool, &'a str) {
    cut(text, c).map_or((false, text), |rest| (true, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, path: &str, ignored: bool) {
        let (path, is_dir) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
        let rules = Rules::parse(rules.as_bytes()).expect("the rules are well-formed");
        assert_eq!(rules.ignores(path, is_dir), ignored, "{path}");
    }

    #[test]
    fn rules_look_at_names_or_paths() {
        check("a.txt", "d/a.txt", true);
        check("/a.txt", "d/a.txt", false);
        check("d/*.txt", "d/a.txt", true);
        check("d/", "d", false);
        check("d/", "d/", true);
        check("# a.txt\n\n b.txt ", "b.txt", true);
    }

    #[test]
    fn a_negated_rule_drops_the_others() {
        check("!a.txt", "Chart.yaml", true);
        check("!a.txt", "a.txt", false);
        check("!a.txt/", "a.txt", true);
    }

    #[test]
    fn hidden_files_are_dropped_right_under_templates() {
        check("", "templates/.x", true);
        check("", "templates/d/.x", false);
        check("", ".x", false);
    }

    #[test]
    fn what_helm_refuses_is_refused() {
        let check = |rules: &str, error: &str| {
            assert_eq!(Rules::parse(rules.as_bytes()).err().as_deref(), Some(error));
        };
        check("a/**", "double-star (**) syntax is not supported");
        check("[", "syntax error in pattern");
    }
}
