//! Compound files whose directory is lost, as when a copy was cut short: streams mostly stand in
//! one run, and some can be known by how they begin.

use std::io::{Read, SeekFrom};

use casefile::ReadSeek;

/// Bytes that are searched.
const MOST: u64 = 256 << 20;
/// Bytes that are searched for packed text, which is slower.
const SEARCHED: usize = 4 << 20;

/// How the main stream of Word 97 to 2003 begins.
const WORD: &[u8] = b"\xec\xa5\xc1\0";
const OLD_WORD: &[u8] = b"\xdc\xa5";
/// The document container of a presentation: version 15, type 1000.
const SLIDES: &[u8] = b"\x0f\0\xe8\x03";
/// The first record of a workbook of Excel 97 to 2003: BOF, 16 bytes, BIFF8, globals.
const WORKBOOK: &[u8] = b"\x09\x08\x10\0\0\x06\x05\0";
const HWP: &[u8] = b"HWP Document File\0\0\0";

/// A stream that was recognised by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Word,
    Slides,
    Workbook,
    Hwp,
}

/// The file's bytes from the first stream that is known, and what it is.
#[must_use]
pub fn find(bytes: &mut dyn ReadSeek) -> Option<(Lost, Vec<u8>)> {
    bytes.seek(SeekFrom::Start(0)).ok()?;
    let mut all = Vec::new();
    (&mut *bytes).take(MOST).read_to_end(&mut all).ok()?;
    let sectors = (512..all.len()).step_by(512);
    for at in sectors {
        let rest = all.get(at..).unwrap_or(&[]);
        let word = rest.starts_with(WORD)
            || (rest.starts_with(OLD_WORD) && matches!(rest.get(2..4), Some([100..=105, 0])));
        let lost = match () {
            () if word => Lost::Word,
            () if rest.starts_with(SLIDES) => Lost::Slides,
            () if rest.starts_with(WORKBOOK) => Lost::Workbook,
            () => continue,
        };
        return Some((lost, all.split_off(at)));
    }
    let small = (512..all.len()).step_by(64);
    let hwp = small
        .into_iter()
        .any(|at| all.get(at..).is_some_and(|rest| rest.starts_with(HWP)));
    let start = all.get(..SEARCHED).unwrap_or(&all);
    (hwp || crate::hwp::has_section(start)).then_some((Lost::Hwp, all))
}
