//! Which repositories a chart's dependencies are in.

use plimsoll::helm::chart::Dependency;

use super::{is_local, local_path};
use crate::fetch::registry::is_oci;
use crate::fetch::repositories::Repositories;
use crate::fetch::{Url, url};

/// The name that each dependency's repository has here, by the dependency's name; aliases in the
/// dependencies become URLs. helm: manager.go resolveRepoNames.
pub(super) fn resolve_names(
    dependencies: &mut [Dependency],
    chart: &str,
    known: &Repositories,
    say: &mut dyn FnMut(&str),
) -> Result<Vec<(String, String)>, String> {
    let mut names = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    for dependency in dependencies {
        let repository = dependency.repository.clone();
        if repository.is_empty() {
            continue;
        }
        if is_local(dependency) {
            local_path(&repository, chart)?;
            say(&format!("Repository from local path: {repository}\n"));
            names.push((dependency.name.clone(), repository));
            continue;
        }
        if is_oci(&repository) {
            names.push((dependency.name.clone(), repository));
            continue;
        }
        let alias = repository.strip_prefix('@').or_else(|| repository.strip_prefix("alias:"));
        let is_meant = |name: &str, of: &str| alias == Some(name) || url::equal(of, &repository);
        let found = known.entries().iter().find(|entry| is_meant(&entry.name, &entry.url));
        match found {
            Some(entry) => {
                if alias == Some(entry.name.as_str()) {
                    dependency.repository.clone_from(&entry.url);
                }
                names.push((dependency.name.clone(), entry.name.clone()));
            }
            None if is_request_uri(&repository) => {}
            None => missing.push(repository),
        }
    }
    if missing.is_empty() { Ok(names) } else { Err(say_missing(&missing)) }
}

/// Go: url.ParseRequestURI takes absolute URLs and absolute paths.
fn is_request_uri(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.is_absolute() || text.starts_with('/'))
}

fn say_missing(missing: &[String]) -> String {
    let mut text = format!(
        "no repository definition for {}. Please add them via 'helm repo add'",
        missing.join(", ")
    );
    let is_name =
        |it: &String| !it.contains("//") && !it.starts_with('@') && !it.starts_with("alias:");
    if missing.iter().any(is_name) {
        text.push_str(
            "\nNote that repositories must be URLs or aliases. For example, to refer to the \
             \"example\"\nrepository, use \"https://charts.example.com/\" or \"@example\" instead \
             of\n\"example\". Don't forget to add the repo, too ('helm repo add').",
        );
    }
    text
}

/// Refuses repositories that were not added. helm: manager.go hasAllRepos.
pub(super) fn check_known(dependencies: &[Dependency], known: &Repositories) -> Result<(), String> {
    let is_missing = |dependency: &&Dependency| {
        let repository = dependency.repository.as_str();
        let wanted = repository.strip_suffix('/').unwrap_or(repository);
        let elsewhere = repository.is_empty() || is_local(dependency) || is_oci(repository);
        !elsewhere && !known.entries().iter().any(|entry| url::equal(&entry.url, wanted))
    };
    let missing: Vec<&str> =
        dependencies.iter().filter(is_missing).map(|it| it.repository.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(", ");
    Err(format!(
        "no repository definition for {list}. Please add the missing repos via 'helm repo add'"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::repositories::Entry;

    fn check(repository: &str, expected: &str) {
        let mut known = Repositories::default();
        known.update(Entry { name: "r".into(), url: "http://h/c".into(), ..Entry::default() });
        let mut all = [Dependency::new("d", repository, "1")];
        let got = resolve_names(&mut all, "/none", &known, &mut |_| {});
        let got =
            got.map_or_else(|error| error, |names| format!("{names:?} {}", all[0].repository));
        assert!(got.starts_with(expected), "{repository}: {got}");
    }

    #[test]
    fn names_aliases_and_urls_are_told_apart() {
        check("@r", "[(\"d\", \"r\")] http://h/c");
        check("alias:r", "[(\"d\", \"r\")] http://h/c");
        check("http://h/c/", "[(\"d\", \"r\")] http://h/c/");
        check("http://other", "[] http://other");
        check("oci://x/y", "[(\"d\", \"oci://x/y\")]");
        check("@x", "no repository definition for @x. Please add them via 'helm repo add'");
        check(
            "stable",
            "no repository definition for stable. Please add them via 'helm repo add'\nNote",
        );
        check("file://x", "directory /none/x not found");
    }
}
