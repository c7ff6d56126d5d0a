//! The file information block: where everything stands.

use crate::codepage::{self, Codepage};
use crate::ole::{size_at, u16_at, u32_at};

/// Offset and length of a structure in the table stream.
pub(super) type Place = (usize, usize);

pub(super) struct Fib {
    /// `None` before Word 97: all stands in the main stream.
    pub(super) table_stream: Option<&'static str>,
    pub(super) encrypted: bool,
    pub(super) obfuscated: bool,
    /// Bytes of the encryption header at the start of the table stream.
    pub(super) key: usize,
    /// Letters are UTF-16 although the file is older than Word 97.
    pub(super) wide: bool,
    /// The code page of text before Word 97.
    pub(super) page: Codepage,
    /// Characters of the parts: text, footnotes, heads, macros, comments, endnotes, text boxes,
    /// text boxes of heads.
    pub(super) counts: [u32; 8],
    pub(super) first: usize,
    pub(super) pieces: Place,
    pub(super) styles: Place,
    pub(super) paragraphs: Place,
}

impl Fib {
    pub(super) fn read(main: &[u8]) -> Option<Self> {
        let ident = u16_at(main, 0)?;
        let version = u16_at(main, 2)?;
        let language = u16_at(main, 6)?;
        let flags = u16_at(main, 10)?;
        let place = |at| Some((size_at(main, at)?, size_at(main, at + 4)?));
        let modern = version > 105;
        if !matches!(ident, 0xa5ec | 0xa5dc | 0xa697..=0xa699) && !(100..=0x0200).contains(&version)
        {
            return None;
        }
        let (counts_at, pieces, styles, paragraphs) = if modern {
            (0x4c, 0x1a2, 0xa2, 0x102)
        } else {
            (0x34, 0x160, 0x60, 0xc0)
        };
        let mut counts = [0; 8];
        for (count, at) in counts.iter_mut().zip((counts_at..).step_by(4)) {
            // Below zero in broken files.
            *count = u32_at(main, at).filter(|c| *c < 1 << 31).unwrap_or(0);
        }
        let second = flags & 0x200 != 0;
        Some(Self {
            table_stream: modern.then_some(if second { "1Table" } else { "0Table" }),
            encrypted: flags & 0x100 != 0,
            obfuscated: flags & 0x8000 != 0 || !modern,
            key: size_at(main, 14)?,
            wide: !modern && flags & 0x4000 != 0 && looks_wide(main, size_at(main, 0x18)?, 512),
            page: codepage::of_language(language),
            counts,
            first: size_at(main, 0x18)?,
            pieces: place(pieces).unwrap_or_default(),
            styles: place(styles).unwrap_or_default(),
            paragraphs: if modern {
                place(paragraphs).unwrap_or_default()
            } else {
                (0, 0)
            },
        })
    }
}

/// Whether East Asian text of Word 95 is UTF-16 (it may be of a code page as well): almost all of
/// its units are then letters that such texts have.
pub(super) fn looks_wide(main: &[u8], from: usize, chars: usize) -> bool {
    let rest = main.get(from..).unwrap_or(&[]);
    let units: Vec<u16> = rest
        .chunks_exact(2)
        .take(chars.clamp(1, 512))
        .filter_map(|two| u16_at(two, 0))
        .collect();
    let usual = |unit: &&u16| {
        matches!(unit, 7..=13 | 0x20..=0x7e | 0x2010..=0x2030 | 0x3000..=0x30ff | 0x4e00..=0x9fff
            | 0xac00..=0xd7a3 | 0xff00..=0xffef)
    };
    !units.is_empty() && units.iter().filter(usual).count() * 10 > units.len() * 9
}
