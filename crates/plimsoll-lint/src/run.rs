use plimsoll_kube::{Container, Object, Pod};

use crate::{Check, Context, Found, ObjectSet, Settings};

/// Asks all rules of the settings about all objects. Findings come in the order of the text.
pub fn lint(set: &ObjectSet<'_>, settings: &Settings) -> Vec<Found> {
    let Some(&first) = set.objects().first() else { return Vec::new() };
    let asked = |rule| (Context::new(set, settings, rule, first), rule.0.check);
    let mut rules: Vec<(Context<'_>, Check)> =
        settings.rules().iter().map(|&rule| asked(rule)).collect();
    for object in set.objects() {
        ask(&mut rules, object);
    }
    let mut found: Vec<Found> =
        rules.into_iter().flat_map(|(context, _)| context.into_found()).collect();
    found.sort_by(|a, b| {
        let key = |one: &Found| (one.span, one.finding.rule);
        key(a).cmp(&key(b)).then_with(|| a.finding.path.cmp(&b.finding.path))
    });
    found
}

fn ask<'a>(rules: &mut [(Context<'a>, Check)], object: &Object<'a>) {
    let pod = object.pod();
    let containers: Vec<Container<'a>> = pod.iter().flat_map(Pod::containers).collect();
    for (context, check) in rules {
        context.turn_to(object);
        match *check {
            Check::Object(kinds, check) => {
                if kinds.is_empty() || kinds.contains(&object.kind) {
                    check(context, object);
                }
            }
            Check::Pod(check) => pod.iter().for_each(|pod| check(context, pod)),
            Check::Container(check) => containers.iter().for_each(|one| check(context, one)),
        }
    }
}
