//! Locks between processes.

use std::fs::{File, TryLockError};
use std::time::{Duration, Instant};

use super::go_errno;

/// A locked file; dropped, it is free again.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Waits for a lock, up to half a minute as Helm does.
    #[expect(clippy::disallowed_methods, reason = "this is where the clock is")]
    pub(crate) fn acquire(path: &str) -> Result<FileLock, String> {
        let mut options = File::options();
        options.create(true).truncate(false).read(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path);
        let file = file.map_err(|error| format!("open {path}: {}", go_errno(&error)))?;
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(FileLock { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(TryLockError::WouldBlock) => return Err("context deadline exceeded".to_owned()),
                // A file system without locks: Helm fails, which helps nobody.
                Err(TryLockError::Error(error))
                    if error.kind() == std::io::ErrorKind::Unsupported =>
                {
                    return Ok(FileLock { _file: file });
                }
                Err(TryLockError::Error(error)) => return Err(go_errno(&error)),
            }
        }
    }
}
