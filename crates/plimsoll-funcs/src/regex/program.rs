//! Patterns compiled, and remembered: charts ask the same few of them hundreds of times.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use plimsoll_gotmpl::Text;
use regex_automata::meta;
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;

use super::parse::{self, Error};

/// The most bytes that a compiled pattern may take.
const SIZE_LIMIT: usize = 24 << 20;

/// The most bytes that a pattern may have.
const LONGEST: usize = 1 << 20;

/// Go's nesting limit is 1000; what we write for one of its groups takes several of ours.
const NEST_LIMIT: u32 = 8000;

/// How many patterns are remembered, and how long they may be: a chart that makes its patterns
/// from its values must not fill the memory.
const MOST_PATTERNS: usize = 128;
const MOST_BYTES: usize = 512;

/// What a pattern is compiled for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The text is ASCII: bytes are matched.
    pub(super) ascii: bool,
    /// The text is so long that building an automaton bit by bit pays; for a short one it would
    /// take longer than the search. A whole automaton never pays.
    pub(super) long: bool,
    /// Where the groups matched is asked for.
    pub(super) use_groups: bool,
}

/// A compiled pattern.
pub(super) struct Program {
    pub(super) regex: meta::Regex,
    /// The names of the groups, the whole match first.
    pub(super) names: Vec<Option<String>>,
}

thread_local! {
    /// A memo and no state: answers are the same without it.
    static COMPILED: RefCell<HashMap<(Text, Shape), Rc<Program>>> = RefCell::default();
}

/// The pattern, compiled for texts of that shape.
pub(super) fn compiled(pattern: &Text, shape: Shape) -> Result<Rc<Program>, Error> {
    let key = (pattern.clone(), shape);
    if let Some(found) = COMPILED.with_borrow(|memo| memo.get(&key).cloned()) {
        return Ok(found);
    }
    let program = Rc::new(compile(pattern, shape)?);
    if pattern.len() <= MOST_BYTES {
        COMPILED.with_borrow_mut(|memo| {
            if memo.len() >= MOST_PATTERNS {
                memo.clear();
            }
            memo.insert(key, Rc::clone(&program));
        });
    }
    Ok(program)
}

fn compile(pattern: &Text, shape: Shape) -> Result<Program, Error> {
    let Shape { ascii, long, use_groups } = shape;
    let parsed = parse::parse(pattern, ascii)?;
    let captures = if use_groups { WhichCaptures::All } else { WhichCaptures::Implicit };
    let config = meta::Config::new()
        .nfa_size_limit(Some(SIZE_LIMIT))
        .which_captures(captures)
        .utf8_empty(!ascii)
        .auto_prefilter(long)
        .hybrid(long)
        .dfa(false)
        .onepass(long);
    let too_large = || Error::new("expression too large", pattern);
    if pattern.len() > LONGEST {
        return Err(too_large());
    }
    let regex = meta::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(!ascii).nest_limit(NEST_LIMIT))
        .build(&parsed.pattern)
        .map_err(|_| too_large())?;
    // A search keeps the places of all groups for every state.
    if regex.memory_usage().saturating_mul(parsed.names.len()) > SIZE_LIMIT {
        return Err(too_large());
    }
    Ok(Program { regex, names: parsed.names })
}
