//! Whole texts in memory.

use crate::charset::{Charset, by_label};
use crate::detect::{self, cost, dense};
use crate::machine::Machine;
use crate::wide;

/// How a charset came to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// A byte order mark says so.
    Bom,
    /// The container or the document says so, and it fits.
    Declared,
    /// The bytes are valid UTF-8 (or ASCII).
    Valid,
    /// It fits best.
    Guessed,
}

impl How {
    /// For people and for provenance, e.g. `charset: guessed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bom => "byte order mark",
            Self::Declared => "declared",
            Self::Valid => "valid",
            Self::Guessed => "guessed",
        }
    }
}

/// Bytes as text, and how they were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// `UTF-8`, `EUC-KR` (with the extension of CP949), `gb18030`, `windows-1251`, `Johab` …
    pub charset: &'static str,
    pub how: How,
    /// Places that could not be decoded and stand as U+FFFD.
    pub replaced: usize,
}

/// Decodes bytes in any encoding. A byte order mark decides; then what is valid UTF-8 is UTF-8;
/// then the declared label, unless it does not fit and something else does; then the best guess.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let verdict = verdict(bytes, true, declared);
    let mut text = String::with_capacity(bytes.len());
    let body = bytes.get(verdict.skip..).unwrap_or_default();
    let replaced = Machine::new(verdict.charset).push(body, &mut text, true);
    Decoded {
        text,
        charset: verdict.charset.name(),
        how: verdict.how,
        replaced,
    }
}

/// What the first bytes of a text tell.
#[derive(Clone, Copy)]
pub(crate) struct Verdict {
    pub(crate) charset: Charset,
    pub(crate) how: How,
    /// Length of the byte order mark.
    pub(crate) skip: usize,
    /// Nothing but ASCII was seen: later bytes may tell otherwise.
    pub(crate) ascii: bool,
}

impl Verdict {
    const fn new(charset: Charset, how: How) -> Self {
        Self {
            charset,
            how,
            skip: 0,
            ascii: false,
        }
    }
}

/// `whole` if these are all bytes; otherwise the last character may be cut.
pub(crate) fn verdict(bytes: &[u8], whole: bool, declared: Option<&str>) -> Verdict {
    if let Some((charset, skip)) = wide::mark(bytes) {
        return Verdict {
            skip,
            ..Verdict::new(charset, How::Bom)
        };
    }
    let declared = declared.and_then(by_label);
    if bytes.is_ascii() && !bytes.contains(&0) {
        return seven(bytes, declared);
    }
    let utf16 = [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE];
    let is_wide = |charset: Charset| match charset {
        Charset::Utf16 | Charset::Utf32 { .. } => true,
        Charset::Known(encoding) => utf16.contains(&encoding),
        _ => false,
    };
    let (sound, bad) = utf8(bytes, whole);
    if bad > 0 || bytes.contains(&0) {
        if let Some(charset) = wide::unmarked(bytes) {
            let how = if declared.is_some_and(is_wide) {
                How::Declared
            } else {
                How::Guessed
            };
            return Verdict::new(charset, how);
        }
        if let Some(charset) = declared.filter(|&charset| is_wide(charset))
            && bytes.len() >= 2
            && (bytes.contains(&0) || bad > 0)
            && !plausible_bytes(bytes)
        {
            return Verdict::new(charset, How::Declared);
        }
    }
    let declared = declared.filter(|&charset| !is_wide(charset));
    if bad == 0 {
        // A few pairs may be valid UTF-8 by chance, if something else was declared.
        if let Some(charset) = declared
            && sound <= 2
            && !matches!(charset, Charset::Utf8 | Charset::Utf7)
            && cost(charset, bytes) + 40 < utf8_cost(bytes)
        {
            return Verdict::new(charset, How::Declared);
        }
        return Verdict::new(Charset::Utf8, How::Valid);
    }
    // Damaged UTF-8 is still UTF-8.
    if sound >= 4 && sound >= 8 * bad {
        let how = match declared {
            Some(Charset::Utf8) => How::Declared,
            _ => How::Guessed,
        };
        return Verdict::new(Charset::Utf8, how);
    }
    let sample = dense(bytes, 6_144);
    let best = detect::best(&sample);
    let Some(charset) = declared.filter(|charset| !matches!(charset, Charset::Utf8)) else {
        if matches!(declared, Some(Charset::Utf8)) && sound > bad {
            return Verdict::new(Charset::Utf8, How::Declared);
        }
        return Verdict::new(best.charset, How::Guessed);
    };
    if charset.is(best.charset) {
        return Verdict::new(charset, How::Declared);
    }
    // Western labels are put on everything; others are meant.
    let western = matches!(charset, Charset::Known(e) if e == encoding_rs::WINDOWS_1252);
    let high = sample.iter().filter(|&&byte| byte >= 0x80).count();
    let high = u32::try_from(high).unwrap_or(u32::MAX).min(6_144);
    let margin = if western {
        20 + high / 2
    } else {
        60 + high * 2
    };
    if cost(charset, &sample) > best.cost.saturating_add(margin) {
        return Verdict::new(best.charset, How::Guessed);
    }
    Verdict::new(charset, How::Declared)
}

/// Bytes without high bits.
fn seven(bytes: &[u8], declared: Option<Charset>) -> Verdict {
    let ascii = |how| Verdict {
        ascii: true,
        ..Verdict::new(Charset::Utf8, how)
    };
    match declared {
        Some(charset @ Charset::Utf7) => return Verdict::new(charset, How::Declared),
        Some(charset @ Charset::Hz) if memchr::memmem::find(bytes, b"~{").is_some() => {
            return Verdict::new(charset, How::Declared);
        }
        Some(charset @ Charset::Shifted { .. }) if memchr::memchr(0x0e, bytes).is_some() => {
            return Verdict::new(charset, How::Declared);
        }
        _ => {}
    }
    match detect::escapes(bytes) {
        Some(charset) if declared.is_some_and(|declared| declared.is(charset)) => {
            Verdict::new(charset, How::Declared)
        }
        Some(charset) => Verdict::new(charset, How::Guessed),
        None => ascii(How::Valid),
    }
}

/// Longer sequences that are sound, and places that are not.
fn utf8(bytes: &[u8], whole: bool) -> (usize, usize) {
    let (mut sound, mut bad) = (0_usize, 0_usize);
    let mut rest = bytes;
    loop {
        let (good, error) = match std::str::from_utf8(rest) {
            Ok(_) => (rest, None),
            Err(error) => (
                rest.get(..error.valid_up_to()).unwrap_or_default(),
                Some(error),
            ),
        };
        sound += good.iter().filter(|&&byte| byte >= 0xc0).count();
        let Some(error) = error else { break };
        let Some(skip) = error.error_len() else {
            bad += usize::from(whole);
            break;
        };
        bad += 1;
        rest = rest.get(error.valid_up_to() + skip..).unwrap_or_default();
        // Enough is known: this is not UTF-8.
        if bad > 4_096 && sound < bad {
            break;
        }
    }
    (sound, bad)
}

fn utf8_cost(bytes: &[u8]) -> u32 {
    cost(Charset::Utf8, bytes)
}

/// Mostly printable ASCII with hardly a NUL: single bytes, whatever was declared.
fn plausible_bytes(bytes: &[u8]) -> bool {
    let sample = bytes.get(..bytes.len().min(4_096)).unwrap_or(bytes);
    let printable = sample
        .iter()
        .filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t'));
    printable.count() * 10 >= sample.len() * 8
}
