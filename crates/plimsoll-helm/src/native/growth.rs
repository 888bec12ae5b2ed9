//! What filters would make of little, counted before they do.

use minijinja::Error;
use minijinja::value::{Kwargs, Value};

use super::budget::Budget;

/// Counts what a filter would make of its arguments, the value first.
pub(super) type Growth = fn(&Budget, &[Value]) -> Result<(), Error>;

pub(super) fn whole(budget: &Budget, args: &[Value]) -> Result<(), Error> {
    args.iter().try_for_each(|arg| budget.whole(arg))
}

pub(super) fn join(budget: &Budget, args: &[Value]) -> Result<(), Error> {
    let times = args.first().and_then(Value::len).unwrap_or(0);
    budget.take(product(times, text(args, 1).len()))?;
    whole(budget, args)
}

pub(super) fn replace(budget: &Budget, args: &[Value]) -> Result<(), Error> {
    let (from, to) = (text(args, 1), text(args, 2));
    if to.len() > from.len() {
        budget.take(product(text(args, 0).matches(from).count(), to.len()))?;
    }
    Ok(())
}

pub(super) fn indent(budget: &Budget, args: &[Value]) -> Result<(), Error> {
    let named = args.last().and_then(|last| Kwargs::try_from(last.clone()).ok());
    let named = named.and_then(|named| named.peek::<usize>("width").ok());
    let width = args.get(1).and_then(Value::as_usize).or(named).unwrap_or(4);
    budget.take(product(text(args, 0).lines().count(), width))
}

/// A width may stand in the format, or be an argument.
pub(super) fn format(budget: &Budget, args: &[Value]) -> Result<(), Error> {
    let format = text(args, 0);
    for width in format.split(|c: char| !c.is_ascii_digit()).filter(|width| width.len() > 3) {
        budget.take(width.parse().unwrap_or(u64::MAX))?;
    }
    if format.contains('*') {
        let widths = args.iter().filter_map(Value::as_usize);
        budget.take(widths.fold(0, |sum: u64, width| sum.saturating_add(width as u64)))?;
    }
    whole(budget, &args[1.min(args.len())..])
}

fn text(args: &[Value], at: usize) -> &str {
    args.get(at).and_then(Value::as_str).unwrap_or_default()
}

fn product(times: usize, bytes: usize) -> u64 {
    (times as u64).saturating_mul(bytes as u64)
}
