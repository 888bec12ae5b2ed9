//! What a step costs.

use std::time::Duration;

/// A stopwatch of the thread that starts it: of its time on a processor where the system tells that,
/// of time else.
pub(super) struct Spent(Duration);

impl Spent {
    pub(super) fn start() -> Spent {
        Spent(now())
    }

    pub(super) fn get(&self) -> Duration {
        now().saturating_sub(self.0)
    }
}

#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn now() -> Duration {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
