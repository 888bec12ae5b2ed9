//! Room for what Go's growing stacks take without a word.

use memmap2::MmapMut;

/// Bytes of stack for a run, the first size that the system gives. Only what is touched is ever
/// backed by memory.
const STACKS: [usize; 3] = [1 << 30, 1 << 28, 1 << 26];

/// Runs `work` on a large stack of this thread, so that templates may nest as deeply as Helm lets
/// them: a second thread would cost a small run a tenth of its time. Where the system has no such
/// stack to give, `work` runs where it is.
pub fn on_large_stack<T>(work: impl FnOnce() -> T) -> T {
    match STACKS.into_iter().find(|size| is_granted(*size)) {
        Some(size) => stacker::grow(size, work),
        None => work(),
    }
}

/// Whether the system would map that much: `stacker` panics where it does not.
fn is_granted(size: usize) -> bool {
    MmapMut::map_anon(size + SLACK).is_ok()
}

/// What `stacker` maps around a stack.
const SLACK: usize = 1 << 20;

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
