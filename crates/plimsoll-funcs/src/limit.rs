//! How much a single call may make. Go has no such limits and dies of the memory; these lie far
//! above what charts use.

use plimsoll_gotmpl::CallError;

/// The most bytes that a text made by one call may have.
pub(crate) const MOST_BYTES: usize = 32 << 20;

/// The most items that a list made by one call may have.
pub(crate) const MOST_ITEMS: usize = 4 << 20;

/// Passes the length on if a text may be that long; `None` is a length that overflowed.
pub(crate) fn bytes(function: &str, length: Option<usize>) -> Result<usize, CallError> {
    length.filter(|length| *length <= MOST_BYTES).ok_or_else(|| {
        CallError::Message(format!(
            "`{function}` would make a text of more than {MOST_BYTES} bytes"
        ))
    })
}

/// What is said of a text that was longer.
pub(crate) fn too_long(function: &str) -> CallError {
    CallError::Message(format!("`{function}` would make a text of more than {MOST_BYTES} bytes"))
}

/// Passes the length on if a list may be that long.
pub(crate) fn items(function: &str, length: usize) -> Result<usize, CallError> {
    if length > MOST_ITEMS {
        let message = format!("`{function}` would make a list of more than {MOST_ITEMS} items");
        return Err(CallError::Message(message));
    }
    Ok(length)
}

/// What is slow by design, in the steps of a run: a chart may ask for some dozens of each.
pub(crate) mod steps {
    /// A key as certificates have it.
    pub(crate) const RSA_2048: u64 = 400_000;
    /// What `genPrivateKey` makes.
    pub(crate) const RSA_4096: u64 = 2_000_000;
    /// The numbers that a key of DSA stands on are made with it.
    pub(crate) const DSA: u64 = 3_000_000;
    /// A signature, or a key on a curve.
    pub(crate) const SIGNATURE: u64 = 10_000;
    /// `bcrypt`, `htpasswd`
    pub(crate) const BCRYPT: u64 = 500_000;
    /// `derivePassword`
    pub(crate) const SCRYPT: u64 = 1_000_000;
}
