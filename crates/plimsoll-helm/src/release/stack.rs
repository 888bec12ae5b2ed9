//! Room for what Go's growing stacks take without a word.

/// Bytes of stack for a run. Only what is touched is ever backed by memory.
const STACK: usize = 1 << 30;

/// Runs `work` on a thread with a large stack, so that templates may nest as deeply as Helm lets
/// them. A panic of `work` goes on in the caller.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        match thread.join() {
            Ok(value) => Ok(value),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
