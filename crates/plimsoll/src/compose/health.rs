//! `healthcheck` as probes.

use super::out::{Entries, Out};
use super::section::{Section, not_translated};
use super::units;

/// The probes of a service: the same check says that it lives and that it is ready.
pub(super) fn probes(service: &Section<'_>, container: &mut Entries) {
    let Some(check) = service.section("healthcheck") else { return };
    let off = check.bool("disable") == Some(true);
    let command = check.get("test").map(|test| {
        let words = test.items().iter().filter_map(super::section::Item::text).collect::<Vec<_>>();
        match words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
            Some(("NONE", _)) | None => Vec::new(),
            Some(("CMD", rest)) => rest.to_vec(),
            Some(("CMD-SHELL", rest)) => shell(rest.join(" ")),
            Some(_) => shell(words.join(" ")),
        }
    });
    let seconds = |key: &str| {
        let item = check.get(key)?;
        let seconds = item.text().and_then(|text| units::seconds(&text));
        if seconds.is_none() {
            item.note("this is no duration such as `1m30s`");
        }
        seconds
    };
    let mut probe = Entries::default();
    let command = command.unwrap_or_default();
    probe.put("exec", Out::map([("command", Out::texts(command.clone()))]));
    probe.put_int("periodSeconds", seconds("interval").map(|s| s.max(1)));
    probe.put_int("timeoutSeconds", seconds("timeout").map(|s| s.max(1)));
    probe.put_int("failureThreshold", check.int("retries"));
    let start = seconds("start_period").filter(|start| *start > 0);
    let every = seconds("start_interval").unwrap_or(5).max(1);
    check.finish(not_translated);
    if off || command.is_empty() {
        return;
    }
    let probe = probe.into_out();
    if let Some(start) = start {
        let mut startup = Entries::default();
        startup.put("exec", Out::map([("command", Out::texts(command))]));
        startup.put_int("periodSeconds", Some(every));
        startup.put_int("failureThreshold", Some((start + every - 1) / every));
        container.put("startupProbe", startup.into_out());
    }
    container.put("livenessProbe", probe.clone());
    container.put("readinessProbe", probe);
}

fn shell(line: String) -> Vec<String> {
    vec!["sh".to_owned(), "-c".to_owned(), line]
}
