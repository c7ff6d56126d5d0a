//! Texts too long to hold: the charset is found on the first bytes, the rest follows in chunks.

use crate::charset::Charset;
use crate::decode::{How, Verdict, verdict};
use crate::machine::Machine;

/// Decodes a long text chunk by chunk; a character is never split.
///
/// The charset is decided on the head. If all of it was ASCII and later bytes are not UTF-8, the
/// charset is decided again there: nothing before is affected.
pub struct Decoder {
    verdict: Verdict,
    machine: Machine,
    declared: Option<String>,
    skip: usize,
    replaced: usize,
    bytes: u64,
}

impl Decoder {
    /// Looks at the first bytes (64 to 256 KiB do well), which are to be pushed as well. `whole`
    /// if there are no others.
    #[must_use]
    pub fn detect(head: &[u8], whole: bool, declared: Option<&str>) -> Self {
        let verdict = verdict(head, whole, declared);
        Self {
            machine: Machine::new(verdict.charset),
            skip: verdict.skip,
            verdict,
            declared: declared.map(str::to_owned),
            replaced: 0,
            bytes: 0,
        }
    }

    #[must_use]
    pub fn charset(&self) -> &'static str {
        self.verdict.charset.name()
    }

    #[must_use]
    pub fn how(&self) -> How {
        self.verdict.how
    }

    /// Places so far that could not be decoded and stand as U+FFFD.
    #[must_use]
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// Bytes so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Decodes the next bytes to the end of `out`; `last` when no more will come.
    pub fn push(&mut self, bytes: &[u8], out: &mut String, last: bool) {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        let skip = self.skip.min(bytes.len());
        self.skip -= skip;
        let bytes = bytes.get(skip..).unwrap_or_default();
        if self.verdict.ascii && !bytes.is_ascii() {
            let declared = self.declared.as_deref();
            let now = verdict(bytes, last, declared);
            // A byte order mark in the middle is none, and wide charsets do not begin there.
            let wide = !matches!(now.how, How::Bom) && now.charset.extends_ascii();
            self.verdict = if wide {
                now
            } else {
                Verdict {
                    ascii: false,
                    ..self.verdict
                }
            };
            self.verdict.skip = 0;
            if !matches!(self.verdict.charset, Charset::Utf8) {
                self.machine = Machine::new(self.verdict.charset);
            }
        }
        self.replaced += self.machine.push(bytes, out, last);
    }
}
