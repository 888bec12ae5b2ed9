//! One line of comma-separated values, as pflag's slices read theirs with encoding/csv.

/// The fields of a line; the error is encoding/csv's.
pub(super) fn fields(line: &str) -> Result<Vec<String>, String> {
    if line.is_empty() {
        return Ok(Vec::new());
    }
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let (field, length) = if rest.starts_with('"') {
            quoted(line, at)?
        } else {
            let length = rest.find(',').unwrap_or(rest.len());
            if let Some(quote) = rest[..length].find('"') {
                let column = at + quote + 1;
                return Err(format!(
                    "parse error on line 1, column {column}: bare \" in non-quoted-field"
                ));
            }
            (rest[..length].to_owned(), length)
        };
        fields.push(field);
        at += length;
        if at >= line.len() {
            return Ok(fields);
        }
        at += 1;
    }
}

/// The field that starts with a quote at `start`, and its length with its quotes.
fn quoted(line: &str, start: usize) -> Result<(String, usize), String> {
    let mut field = String::new();
    let mut at = start + 1;
    loop {
        let Some(quote) = line[at..].find('"') else {
            let column = line.len() + 1;
            return Err(format!(
                "parse error on line 1, column {column}: extraneous or missing \" in quoted-field"
            ));
        };
        field.push_str(&line[at..at + quote]);
        at += quote + 1;
        match line.as_bytes().get(at) {
            Some(b'"') => {
                field.push('"');
                at += 1;
            }
            None | Some(b',') => return Ok((field, at - start)),
            Some(_) => {
                return Err(format!(
                    "parse error on line 1, column {at}: extraneous or missing \" in quoted-field"
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        assert_eq!(fields(line).expect("it can be read"), expected, "{line}");
    }

    #[test]
    fn quotes_keep_commas() {
        check("a,b", &["a", "b"]);
        check("a,", &["a", ""]);
        check("\"a,b\",\"c\"\"d\"", &["a,b", "c\"d"]);
        check("", &[]);
    }

    #[test]
    fn bare_quotes_are_refused() {
        let error = fields("a\"b").expect_err("it is refused");
        assert_eq!(error, "parse error on line 1, column 2: bare \" in non-quoted-field");
    }
}
