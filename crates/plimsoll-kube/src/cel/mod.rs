//! The Common Expression Language as an API server runs it: `x-kubernetes-validations` of custom
//! resources and the expressions of policies, webhooks and device classes.
//!
//! [`Program::parse`] reads an expression, [`check`] types it in the server's words, and [`Run`]
//! evaluates it with a budget, so that a hostile expression ends as soon as any other.

mod amount;
mod call;
mod check;
mod convert;
mod cost;
mod cost_calls;
mod declared;
mod duration;
mod eval;
mod expr;
mod extent;
mod fault;
mod fold;
mod lists;
mod macros;
mod net;
mod number;
mod object;
mod parse;
mod semver;
mod text;
mod token;
mod typed;
mod value;

pub(crate) use check::{Checker, check, unplanned};
pub(crate) use cost::cost;
pub(crate) use eval::Run;
pub(crate) use extent::Extent;
pub(crate) use fault::Fault;
pub(crate) use object::type_of;
pub(crate) use parse::Program;
pub(crate) use semver::Semver;
pub(crate) use typed::{Struct, Type};
pub(crate) use value::Value;

/// What the server lets one expression spend, and all rules of one object.
pub(crate) const CALL_LIMIT: u64 = 1_000_000;
pub(crate) const OBJECT_LIMIT: u64 = 10_000_000;
