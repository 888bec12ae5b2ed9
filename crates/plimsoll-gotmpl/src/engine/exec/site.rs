//! A call of a function, which the host can be told of.

use plimsoll_source::Origin;

use super::{Frame, Run};
use crate::engine::ast::At;
use crate::engine::trace::Tracing;
use crate::runtime::{CallError, Host, Runtime};
use crate::value::{Text, Value};

/// A run as the function sees it that a node calls.
pub(in crate::engine) struct CallSite<'c, 'f, 'r, T> {
    pub(in crate::engine) run: &'c mut Run<'r, T>,
    pub(in crate::engine) frame: &'c Frame<'f>,
    pub(in crate::engine) node: At,
}

impl<T: Tracing> Runtime for CallSite<'_, '_, '_, T> {
    fn execute(&mut self, name: &Text, data: Value) -> Result<Text, CallError> {
        self.run.execute(name, data)
    }

    fn execute_source(&mut self, source: &Text, data: Value) -> Result<Text, CallError> {
        self.run.execute_source(source, data)
    }

    fn host(&mut self) -> &mut dyn Host {
        self.run.host()
    }

    fn host_here(&mut self) -> &mut dyn Host {
        let body = self.frame.body;
        let source = &body.file.source;
        let at = self.node.pos(self.frame.nodes).unwrap_or_default() as usize;
        let (before, after) = source.split_at(at.min(source.len()));
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let end = memchr::memchr(b'\n', after).map_or(source.len(), |length| at + length);
        let host = self.run.host();
        host.called_from(&body.name, &source[start..end], at - start);
        host
    }

    fn charge(&mut self, steps: u64) -> Result<(), CallError> {
        self.run.charge(steps)
    }

    fn join_origins(&mut self, a: Origin, b: Origin) -> Origin {
        self.run.join_origins(a, b)
    }
}
