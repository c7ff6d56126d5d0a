//! Passphrases and what guessing one costs.

use std::fmt;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::KeyError;

/// A passphrase, normalised; wiped when dropped and never printed.
///
/// The text is brought to Unicode NFKC. The same Korean syllable may arrive as one code point or
/// as its letters (macOS file systems and some input methods give letters), and Chinese and
/// Korean input methods may give full-width forms of Latin letters and digits: after NFKC they are
/// the same passphrase. What this costs in guessing is negligible beside being locked out.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(‹withheld›)")
    }
}

impl Passphrase {
    /// A passphrase as typed. Spaces count; nothing is trimmed.
    ///
    /// # Errors
    /// It is empty.
    pub fn new(typed: &str) -> Result<Self, KeyError> {
        // Reserved at once, so that no copy is left behind by growing: NFKC makes at most 11 code
        // points of one, and those few are shorter than this.
        let mut text = String::with_capacity(typed.len().saturating_mul(12));
        text.extend(typed.nfkc());
        if text.is_empty() {
            return Err(KeyError::EmptyPassphrase);
        }
        Ok(Self(Zeroizing::new(text)))
    }

    /// A passphrase from a file: UTF-8, without a byte order mark and without the line ends that
    /// editors put after the last line.
    ///
    /// # Errors
    /// The bytes are not UTF-8, or nothing remains.
    pub fn from_file_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = str::from_utf8(bytes).map_err(|_| KeyError::PassphraseNotText)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self::new(text.trim_end_matches(['\r', '\n']))
    }

    /// Argon2id (RFC 9106) to 32 bytes.
    pub(crate) fn stretch(&self, salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let mut key = Zeroizing::new([0; 32]);
        cost.argon2()?
            .hash_password_into(self.0.as_bytes(), salt, key.as_mut_slice())
            .map_err(|error| match error {
                argon2::Error::OutOfMemory => KeyError::NoMemory(cost.memory_kib / 1024),
                _ => KeyError::Damaged("the cost of a slot is impossible"),
            })?;
        Ok(key)
    }
}

/// What one guess of a passphrase costs: Argon2id with one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// The least that is used for real: 64 MiB and 3 passes (the second recommendation of
    /// RFC 9106, section 4).
    pub const FLOOR: Self = Self {
        memory_kib: 64 << 10,
        passes: 3,
    };

    /// Memory stops growing here, so that a program that opens a case stays under its own limit of
    /// memory; passes grow instead.
    const MOST_MEMORY_KIB: u32 = 128 << 10;

    /// For tests only: no protection whatever.
    #[doc(hidden)]
    pub const FOR_TESTS: Self = Self {
        memory_kib: 8,
        passes: 1,
    };

    /// The cost that takes about `target` on this machine, never less than [`Cost::FLOOR`].
    /// `clock` is any monotonic clock; it is asked around two trial runs.
    ///
    /// # Errors
    /// There is not enough memory even for the floor.
    pub fn calibrated(target: Duration, clock: impl Fn() -> Duration) -> Result<Self, KeyError> {
        let trial = Passphrase::new("calibration")?;
        let time = |cost: Self| -> Result<Duration, KeyError> {
            let begin = clock();
            trial.stretch(&[0; 16], cost)?;
            let took = clock().saturating_sub(begin);
            Ok(took.max(Duration::from_micros(1)))
        };
        let floor = Self::FLOOR;
        let at_floor = time(floor)?;
        if at_floor >= target / 2 {
            return Ok(floor);
        }
        let wide = Self {
            memory_kib: Self::MOST_MEMORY_KIB,
            ..floor
        };
        let Ok(at_wide) = time(wide) else {
            return Ok(floor.with_passes_for(target, at_floor));
        };
        Ok(wide.with_passes_for(target, at_wide))
    }

    fn with_passes_for(self, target: Duration, took: Duration) -> Self {
        let per_pass = took.as_secs_f64() / f64::from(self.passes);
        let wanted = (target.as_secs_f64() / per_pass).round();
        Self {
            // A float becomes the nearest integer there is: no overflow.
            passes: (wanted as u32).clamp(Self::FLOOR.passes, Self::MOST_PASSES),
            ..self
        }
    }

    const MOST_PASSES: u32 = 1 << 10;

    #[must_use]
    pub const fn memory_mib(self) -> u32 {
        self.memory_kib / 1024
    }

    #[must_use]
    pub const fn passes(self) -> u32 {
        self.passes
    }

    fn argon2(self) -> Result<Argon2<'static>, KeyError> {
        // The numbers stand in a file that may be damaged: it shall not cost gigabytes or hours.
        let possible = self.memory_kib <= 4 << 20 && self.passes <= Self::MOST_PASSES;
        let params = possible
            .then(|| Params::new(self.memory_kib, self.passes, 1, Some(32)).ok())
            .flatten()
            .ok_or(KeyError::Damaged("the cost of a slot is impossible"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

impl Zeroize for Passphrase {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}
