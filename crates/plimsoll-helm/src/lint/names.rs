//! Names of objects, as Kubernetes allows them (apimachinery: api/validation).

use crate::text::quote;

/// What speaks against an object's name, by its kind.
pub(super) fn check(kind: &str, name: &str) -> Result<(), String> {
    let problems = match kind.to_lowercase().as_str() {
        "certificatesigningrequest" => return Ok(()),
        "service" => label(name, DNS_1035),
        "namespace" => label(name, DNS_1123),
        "role" | "clusterrole" | "rolebinding" | "clusterrolebinding" => path_segment(name),
        _ => subdomain(name),
    };
    if problems.is_empty() {
        return Ok(());
    }
    let name = quote(name);
    let mut errors: Vec<String> = Vec::new();
    for problem in problems {
        let error = format!("metadata.name: Invalid value: {name}: {problem}");
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    let all = match errors.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", errors.join(", ")),
    };
    let rule = "object name does not conform to Kubernetes naming requirements";
    Err(format!("{rule}: {name}: {all}"))
}

const DNS_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or \
    '-', start with an alphabetic character, and end with an alphanumeric character (e.g. \
    'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const DNS_1123: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric \
    characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or \
    '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
    characters, '-' or '.', and must start and end with an alphanumeric character (e.g. \
    'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

fn too_long(most: usize) -> String {
    format!("must be no more than {most} bytes")
}

fn label(name: &str, rule: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if name.len() > 63 {
        problems.push(too_long(63));
    }
    let starts_well = rule == DNS_1123 || name.starts_with(|c: char| c.is_ascii_lowercase());
    if !is_label(name) || !starts_well {
        problems.push(rule.to_owned());
    }
    problems
}

fn subdomain(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if name.len() > 253 {
        problems.push(too_long(253));
    }
    if !name.split('.').all(is_label) {
        problems.push(SUBDOMAIN.to_owned());
    }
    problems
}

fn is_label(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    !name.is_empty()
        && name.bytes().all(|byte| plain(byte) || byte == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

fn path_segment(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    let parts = ["/", "%"].into_iter().filter(|part| name.contains(part));
    parts.map(|part| format!("may not contain '{part}'")).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    fn fits(kind: &str, name: &str, expected: bool) {
        assert_eq!(check(kind, name).is_ok(), expected, "{kind} {name}");
    }

    #[test]
    fn each_kind_has_its_rule() {
        fits("Deployment", "a.b-c", true);
        fits("Deployment", "", false);
        fits("Deployment", "a..b", false);
        fits("Service", "1a", false);
        fits("Namespace", "1a", true);
        fits("Namespace", "a.b", false);
        fits("Role", "a:B", true);
        fits("Role", "a/b", false);
        fits("CertificateSigningRequest", "?", true);
    }

    #[test]
    fn several_problems_stand_in_brackets() {
        let error = check("Role", "a/b%").expect_err("it is refused");
        let one = "metadata.name: Invalid value: \"a/b%\": may not contain";
        assert!(error.ends_with(&format!(": \"a/b%\": [{one} '/', {one} '%']")), "{error}");
    }
}
