//! How much text native templates may still make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

/// How many items a list may have that operators join.
const MOST_ITEMS: usize = 1 << 20;

/// What an item or a key counts beside its text.
const ITEM: u64 = 8;

/// Bytes that may still be made; its clones share them.
#[derive(Clone, Debug)]
pub(super) struct Budget(Arc<AtomicU64>);

impl Budget {
    pub(super) fn new(bytes: u64) -> Budget {
        Budget(Arc::new(AtomicU64::new(bytes)))
    }

    /// Takes bytes that are made, before they are.
    pub(super) fn take(&self, bytes: u64) -> Result<(), Error> {
        let take = |left: u64| left.checked_sub(bytes);
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => Ok(()),
            Err(_) => Err(too_much()),
        }
    }

    /// An operand. Operators join lists without copying them, but for tuples: those become lists.
    pub(super) fn operand(&self, value: Value) -> Result<Value, Error> {
        let is_list = matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
        if is_list && value.len().is_some_and(|items| items > MOST_ITEMS) {
            return Err(too_much());
        }
        self.take(length(&value))?;
        Ok(if value.is_tuple() { value.try_iter()?.collect() } else { value })
    }

    /// A value that becomes text as a whole.
    pub(super) fn whole(&self, value: &Value) -> Result<(), Error> {
        let mut todo = vec![value.clone()];
        while let Some(value) = todo.pop() {
            self.take(length(&value))?;
            let is_map = value.kind() == ValueKind::Map;
            if !is_map && !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
                continue;
            }
            let Ok(items) = value.try_iter() else { continue };
            for item in items {
                self.take(ITEM)?;
                if is_map {
                    todo.push(value.get_item(&item)?);
                }
                todo.push(item);
            }
        }
        Ok(())
    }
}

/// The bytes of a text.
fn length(value: &Value) -> u64 {
    let text = value.as_str().map(str::len);
    text.or_else(|| value.as_bytes().map(<[u8]>::len)).unwrap_or(0) as u64
}

fn too_much() -> Error {
    let message = "it makes more text than is allowed; `--max-output MIB` allows more";
    Error::new(ErrorKind::InvalidOperation, message)
}
