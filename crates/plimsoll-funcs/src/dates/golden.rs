//! Times as Go's `time` package has them: every case of `fixtures/dates/cases.jsonl`, which Go made
//! itself (`crates/xtask/oracle/dates`).

use plimsoll_gotmpl::value::fmt::duration_string;
use plimsoll_gotmpl::value::{duration_round, duration_truncate};
use serde_json::Value as Json;

use super::duration::parse_duration;
use super::format::{STRING, format};
use super::object::{round, truncate};
use super::parse::parse;
use super::time::Time;
use super::zone::Zone;

const CASES: &str = include_str!("../../../../fixtures/dates/cases.jsonl");

#[test]
fn times_are_what_go_makes_of_them() {
    let cases: Vec<Json> =
        CASES.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect();
    assert!(cases.len() > 2000, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(check).collect();
    let shown = wrong.iter().step_by(wrong.len() / 30 + 1).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {}:\n{shown}", wrong.len(), cases.len());
}

fn check(case: &Json) -> Option<String> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let number = |key: &str| case[key].as_i64().unwrap_or_default();
    let zone = Zone::load(text("zone")).expect("the zone exists");
    let time =
        Time { seconds: number("unix"), nanoseconds: number("nanos") as u32, zone: zone.clone() };
    let (got, keys): (Vec<String>, &[&str]) = match text("kind") {
        "format" => (vec![lossy(format(&time, text("layout").as_bytes()))], &["out"]),
        "parse" => match parse(text("layout").as_bytes(), text("value").as_bytes(), &zone) {
            Ok(time) => (vec![string(&time)], &["out"]),
            Err(error) => (vec![error], &["err"]),
        },
        "duration" => match parse_duration(text("in").as_bytes()) {
            Ok(duration) => (vec![duration_string(duration)], &["out"]),
            Err(error) => (vec![error], &["err"]),
        },
        "date" => {
            let shift = |at: usize| case["shift"][at].as_i64().unwrap_or_default();
            (vec![string(&time.add_date(shift(0), shift(1), shift(2)))], &["out"])
        }
        _ => {
            let (by, duration) = (number("by"), number("duration"));
            let got = vec![
                string(&round(&time, by)),
                string(&truncate(&time, by)),
                duration_string(duration_round(duration, by)),
                duration_string(duration_truncate(duration, by)),
                string(&time.add(duration)),
            ];
            (got, &["round", "truncate", "durationRound", "durationTruncate", "add"])
        }
    };
    let right = got.iter().zip(keys).all(|(got, key)| case[*key].as_str() == Some(got));
    (!right).then(|| format!("{case}\n  {got:?}"))
}

fn string(time: &Time) -> String {
    lossy(format(time, STRING))
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
