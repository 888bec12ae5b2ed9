use std::path::PathBuf;

use plimsoll::gotmpl::{Compat, Host};
use plimsoll::helm::values::ReadFile;

/// Time stands still, and chance always says the same: it is counted from the number.
#[derive(Default)]
pub(super) struct FixedHost(u64);

impl Host for FixedHost {
    fn now(&mut self) -> (i64, u32) {
        (1_795_217_640, 0)
    }

    fn local_zone(&self) -> &'static str {
        "UTC"
    }

    fn fill_random(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (self.0 >> 56) as u8;
        }
    }

    fn resolve_host(&mut self, _: &str) -> String {
        String::new()
    }

    fn log(&mut self, _: String) {}

    fn is_lint(&self) -> bool {
        false
    }

    fn compat(&self) -> Compat {
        Compat::Helm4
    }
}

/// Files under a folder.
pub(super) struct Folder(pub(super) PathBuf);

impl ReadFile for Folder {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| format!("open {path}: {error}"))
    }
}
