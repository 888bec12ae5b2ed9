use plimsoll_kube::{Fields, Object};

use crate::rule::rule;
use crate::{Check, Context};

rule! {
    /// CronJobs have a schedule that can be read.
    ///
    /// Five fields or a name such as `@daily`; a time zone goes into `spec.timeZone`.
    ///
    /// ## Why
    /// The API server refuses anything else.
    ///
    /// ## Fails
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    /// spec:
    ///   schedule: "61 * * * *"
    /// ```
    ///
    /// ## Passes
    /// ```yaml
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    /// spec:
    ///   schedule: "*/15 6-22 * * MON-FRI"
    /// ```
    "cronjob-schedule", Correctness, Error, [Default], Check::Object(&["CronJob"], check)
}

fn check<'a>(cx: &mut Context<'a>, object: &Object<'a>) {
    let Some(spec) = object.spec().filter(|_| object.group() == "batch") else { return };
    let schedule = spec.text("schedule");
    let Err((message, help)) = read(schedule) else { return };
    cx.report((spec, &["schedule"]), message, help);
}

/// Names of the fields, their least and greatest number, and names of numbers from the least on.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    (
        "month",
        1,
        12,
        &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ),
    ("day of the week", 0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
];

const NAMED: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

fn read(schedule: &str) -> Result<(), (String, &'static str)> {
    if schedule.contains("TZ=") {
        return Err(("the schedule names a time zone".to_owned(), "set `timeZone` instead"));
    }
    if NAMED.contains(&schedule) || schedule.strip_prefix("@every ").is_some_and(is_duration) {
        return Ok(());
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let message = format!("the schedule has {} fields, not five", fields.len());
        return Err((message, "write minute, hour, day of the month, month, day of the week"));
    }
    for (text, field) in fields.iter().zip(FIELDS) {
        if !text.split(',').all(|one| is_range(one, field)) {
            let (name, least, most, _) = field;
            let message = format!("`{text}` is no {name} of a schedule ({least} to {most})");
            return Err((message, "write numbers, ranges `1-5`, steps `*/15`, lists with commas"));
        }
    }
    Ok(())
}

/// Go's `time.ParseDuration`, as far as a schedule needs it.
fn is_duration(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    !text.is_empty() && text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_range(text: &str, field: (&str, u32, u32, &[&str])) -> bool {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    let step = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0));
    let (first, last) = match range.split_once('-') {
        _ if matches!(range, "*" | "?") => return step,
        Some((first, last)) => (number(first, field), number(last, field)),
        None => (number(range, field), number(range, field)),
    };
    step && matches!((first, last), (Some(first), Some(last)) if first <= last)
}

fn number(text: &str, (_, least, most, names): (&str, u32, u32, &[&str])) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let named = names.iter().position(|name| *name == lower).map(|at| at as u32 + least);
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = || text.parse().ok().filter(|_| digits);
    named.or_else(number).filter(|number| (least..=most).contains(number))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn fields_are_checked_one_by_one() {
        let job = |schedule: &str| {
            check(
                &super::RULE,
                &format!(
                    "{{kind: CronJob, apiVersion: batch/v1, spec: {{schedule: '{schedule}'}}}}"
                ),
                if super::read(schedule).is_ok() { &[] } else { &["spec.schedule"] },
            );
            super::read(schedule).is_ok()
        };
        for right in
            ["* * * * *", "0 3 1,15 * ?", "*/5 0-6/2 * JAN-mar sun", "@daily", "@every 1h30m"]
        {
            assert!(job(right), "{right}");
        }
        for wrong in [
            "",
            "* * * *",
            "60 * * * *",
            "* * 0 * *",
            "* * * * 7",
            "5-1 * * * *",
            "*/0 * * * *",
            "CRON_TZ=UTC * * * * *",
            "@often",
            "+1 * * * *",
        ] {
            assert!(!job(wrong), "{wrong}");
        }
    }
}
