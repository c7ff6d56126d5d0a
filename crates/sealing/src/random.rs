//! Random bytes from the operating system.

use std::io;

use ring::rand::{SecureRandom, SystemRandom};

/// `N` random bytes.
///
/// # Errors
/// The operating system has no randomness to give (no `getrandom`, no `/dev/urandom`).
pub(crate) fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    Ok(bytes)
}
