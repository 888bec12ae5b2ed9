//! CronJobs.

use plimsoll_yaml::Node;

use super::cron;
use super::job::job_spec;
use super::probe::not_negative;
use crate::validate::cx::Cx;
use crate::validate::node::Fields as _;

/// `batch.v1.CronJob`.
pub(in crate::validate) fn cron_job(cx: &mut Cx<'_>) {
    let root = cx.root;
    let spec = root.of("spec");
    if root.of("metadata").text("name").len() > 52 {
        cx.invalid(root.of("metadata").of("name"), "must be no more than 52 characters");
    }
    if spec.text("schedule").is_empty() {
        cx.required(root, "spec.schedule", "");
    } else {
        schedule(cx, spec);
    }
    for field in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"]
    {
        not_negative(cx, spec, field);
    }
    cx.maybe_text_of(spec, "concurrencyPolicy", &["Allow", "Forbid", "Replace"]);
    if spec.has("timeZone") {
        time_zone(cx, spec);
    }
    let template = spec.of("jobTemplate");
    let job = template.of("spec");
    if job.has("selector") {
        cx.invalid(job.of("selector"), "`selector` will be auto-generated");
    }
    if job.is_true("manualSelector") {
        cx.unsupported(job, "manualSelector", "true", &["nil", "false"]);
    }
    if template.is_null() {
        job_spec(cx, root, "spec.jobTemplate.spec");
    } else {
        job_spec(cx, template, "spec");
    }
}

fn schedule(cx: &mut Cx<'_>, spec: &Node) {
    let text = spec.text("schedule");
    if text.contains("TZ") {
        let detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
        cx.invalid(spec.of("schedule"), detail);
        return;
    }
    if let Err(words) = cron::parse(text) {
        cx.invalid(spec.of("schedule"), &words);
    }
}

fn time_zone(cx: &mut Cx<'_>, spec: &Node) {
    let name = spec.text("timeZone");
    let node = spec.of("timeZone");
    if name.is_empty() {
        cx.invalid(node, "timeZone must be nil or non-empty string");
    } else if name.eq_ignore_ascii_case("local") && name == "Local" {
        let detail =
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        cx.invalid(node, detail);
    } else if !is_time_zone(name) {
        cx.invalid(node, &format!("unknown time zone {name}"));
    }
}

/// The database of time zones knows the name, in this very case.
fn is_time_zone(name: &str) -> bool {
    let known = jiff::tz::TimeZoneDatabase::bundled();
    // Some systems keep two more copies of all zones.
    let name = ["posix/", "right/"].iter().find_map(|copy| name.strip_prefix(copy)).unwrap_or(name);
    name == "UTC" || known.get(name).is_ok_and(|zone| zone.iana_name() == Some(name))
}
