//! Room for what Go's growing stacks take without a word.

/// Bytes of stack for a run, the first size that the system gives. Only what is touched is ever
/// backed by memory.
const STACKS: [usize; 3] = [1 << 30, 1 << 28, 1 << 26];

/// Runs `work` on a thread with a large stack, so that templates may nest as deeply as Helm lets
/// them. A panic of `work` goes on in the caller; without threads it runs where it is.
pub fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let mut result = None;
    for size in STACKS {
        if work.is_none() {
            break;
        }
        std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().stack_size(size);
            let run = || work.take().map(|work| work());
            let Ok(thread) = builder.spawn_scoped(scope, run) else { return };
            match thread.join() {
                Ok(value) => result = value,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
    }
    result.or_else(|| work.map(|work| work())).expect("the work runs once, on a thread or here")
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_is_room() {
        fn depth(left: usize) -> usize {
            let room = [0_u8; 1024];
            if left == 0 {
                0
            } else {
                depth(left - 1) + usize::from(std::hint::black_box(room)[0] == 0)
            }
        }
        assert_eq!(super::on_large_stack(|| depth(20_000)), 20_000);
    }
}
