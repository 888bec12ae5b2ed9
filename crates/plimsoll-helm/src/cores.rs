//! Work that the processor's cores share.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::release::on_large_stack;

/// Does the work for every item; the answers are in the order of the items. Where there are cores
/// and items enough, other threads help this one: one for each `worth` items. Each has a state of
/// its own and a large stack.
pub fn on_all_cores<T: Sync, S, R: Send>(
    items: &[T],
    worth: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let most = items.len() / worth.max(1);
    let threads = if most < 2 { 1 } else { cores().min(most) };
    if threads < 2 {
        let mut state = start();
        return items.iter().map(|item| work(&mut state, item)).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let run = || {
        let mut state = start();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { break };
            let answer = work(&mut state, item);
            done.lock().expect("no worker panics").push((at, answer));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            let helper = std::thread::Builder::new().spawn_scoped(scope, || on_large_stack(run));
            // Where there is no thread to be had, the others do its share.
            drop(helper);
        }
        run();
    });
    let mut done = done.into_inner().expect("no worker panics");
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::on_all_cores;

    #[test]
    fn answers_are_in_the_order_of_the_items() {
        for (count, worth) in [(0, 1), (1, 1), (7, 100), (1000, 3)] {
            let items: Vec<usize> = (0..count).collect();
            let answers = on_all_cores(
                &items,
                worth,
                || 0,
                |seen, item| {
                    *seen += 1;
                    (item * 2, *seen > 0)
                },
            );
            assert_eq!(answers, items.iter().map(|item| (item * 2, true)).collect::<Vec<_>>());
        }
    }
}
