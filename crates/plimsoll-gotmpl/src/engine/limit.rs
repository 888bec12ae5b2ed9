//! How much templates may do. Go has no such limits: it runs until its memory or patience ends.

use super::exec::{Frame, Result, Run};
use super::trace::Tracing;
use crate::value::Value;

/// How much all runs of a set of templates may do together. The defaults lie far above what charts
/// that people wrote need, and low enough to end within a second or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes that are executed, and turns of `range`.
    pub steps: u64,
    /// Bytes of the texts and lists that actions and functions make.
    pub bytes: u64,
    /// How deeply blocks, parentheses, templates and includes are inside of each other.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 10_000_000, bytes: 128 << 20, depth: 110_000 }
    }
}

/// What was done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spent {
    pub(super) steps: u64,
    pub(super) bytes: u64,
}

/// The most bytes that one text may have; printing stops there.
pub(crate) const MOST_TEXT: usize = 32 << 20;

/// What an item of a list takes, and what a list or map takes beside.
const ITEM: u64 = size_of::<Value>() as u64;
const CONTAINER: u64 = 64;

/// How many bytes of a text and how many items of a list a function may look at in a step.
const TEXT_STEP: u64 = 8;
const ITEM_STEP: u64 = 8;

/// How many arguments are passed in a step.
const ARGS_STEP: u64 = 4;

/// What is said of a run without an end.
pub(super) fn too_many_steps(most: u64) -> String {
    format!("templates take more than {most} steps")
}

impl Frame<'_> {
    /// Counts a step.
    pub(super) fn step<T: Tracing>(&self, run: &mut Run<'_, T>) -> Result<()> {
        run.kept.spent.steps += 1;
        if run.kept.spent.steps > run.set.limits.steps { self.too_many(run) } else { Ok(()) }
    }

    /// Counts what a function is given: it may look at every byte and item of it.
    pub(super) fn took<T: Tracing>(&self, run: &mut Run<'_, T>, args: &[Value]) -> Result<()> {
        let weight = |arg: &Value| match arg {
            Value::Text(_, text) => text.len() as u64 / TEXT_STEP,
            Value::List(_, list) => list.len() as u64 / ITEM_STEP,
            Value::Map(_, map) => map.len() as u64 / ITEM_STEP,
            _ => 0,
        };
        let passed = args.len() as u64 / ARGS_STEP;
        run.kept.spent.steps += passed + args.iter().map(weight).sum::<u64>();
        if run.kept.spent.steps > run.set.limits.steps { self.too_many(run) } else { Ok(()) }
    }

    /// Counts bytes that were written.
    pub(super) fn wrote<T: Tracing>(&self, run: &mut Run<'_, T>, bytes: usize) -> Result<()> {
        run.kept.spent.bytes += bytes as u64;
        if run.kept.spent.bytes > run.set.limits.bytes || bytes > MOST_TEXT {
            self.too_much(run)
        } else {
            Ok(())
        }
    }

    /// Counts what a function made.
    pub(super) fn made<T: Tracing>(&self, run: &mut Run<'_, T>, value: &Value) -> Result<()> {
        run.kept.spent.bytes += match value {
            Value::Text(_, text) => return self.wrote(run, text.len()),
            Value::List(_, list) => list.len() as u64 * ITEM + CONTAINER,
            // Each `set` moves the entries behind its own.
            Value::Map(_, map) => map.len() as u64 + CONTAINER,
            _ => return Ok(()),
        };
        self.wrote(run, 0)
    }

    /// Goes so many levels deeper.
    pub(super) fn deeper<T: Tracing>(&self, run: &mut Run<'_, T>) -> Result<()> {
        run.depth += 1;
        if run.depth > run.set.limits.depth { self.too_deep(run) } else { Ok(()) }
    }

    #[cold]
    fn too_many<T: Tracing>(&self, run: &Run<'_, T>) -> Result<()> {
        self.error(too_many_steps(run.set.limits.steps))
    }

    #[cold]
    fn too_much<T: Tracing>(&self, run: &Run<'_, T>) -> Result<()> {
        self.error(format!("templates make more than {} MiB", run.set.limits.bytes >> 20))
    }

    #[cold]
    fn too_deep<T: Tracing>(&self, run: &Run<'_, T>) -> Result<()> {
        let depth = run.set.limits.depth;
        self.error(format!("templates are inside of each other more than {depth} levels deep"))
    }
}
