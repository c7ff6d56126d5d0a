//! The text of one document on its way from the reader to the ledger: in memory while it is short,
//! sealed on the disk when it is long. So a text of any length takes the same memory.

use std::io::Read;

use casefile::Section;
use evidence::{EvidenceError, Scratch, Vault, Written};

use crate::{Failure, Whose};

/// Length of a part, in characters: what the index and the reader take at once.
const PART: u32 = 500_000;
/// Bytes of text and layout that are held; beyond that parts are set aside.
const HELD: usize = 4 << 20;
/// Sections that are taken from the disk at once to have their pages recognised.
const TOGETHER: usize = 64;

/// A text as it arrives, section by section.
pub(crate) struct Gathering<'v> {
    vault: &'v Vault,
    /// Pages without text stay sections of their own until they have been recognised.
    pages_apart: bool,
    any_apart: bool,
    held: Vec<Held>,
    held_bytes: usize,
    scratch: Option<Scratch>,
    chars: u64,
    paged: bool,
    blank: bool,
    pages: u64,
}

struct Held {
    section: Section,
    chars: u32,
    apart: bool,
}

/// A text that is complete, in parts.
#[derive(Debug)]
pub(crate) struct Text {
    held: Vec<Section>,
    aside: Option<Written>,
    /// Characters, as the ledger will count them; 0 if all is blank.
    pub(crate) chars: u64,
    pub(crate) pages: u32,
    /// Bytes that it holds in memory.
    pub(crate) weight: usize,
}

fn weight(section: &Section) -> usize {
    section.text.len()
        + std::mem::size_of_val(section.blocks.as_slice())
        + std::mem::size_of_val(section.pages.as_slice())
        + std::mem::size_of_val(section.boxes.as_slice())
}

fn unreadable(error: impl std::fmt::Display) -> Failure {
    let message = format!("a text that was set aside cannot be read back: {error}");
    Failure::new(Whose::Machine, "disk", message)
}

impl<'v> Gathering<'v> {
    /// `pages_apart`: pages that wait for text recognition must not be joined with others yet.
    pub(crate) const fn new(vault: &'v Vault, pages_apart: bool) -> Self {
        Self {
            vault,
            pages_apart,
            any_apart: false,
            held: Vec::new(),
            held_bytes: 0,
            scratch: None,
            chars: 0,
            paged: false,
            blank: true,
            pages: 0,
        }
    }

    pub(crate) const fn chars(&self) -> u64 {
        self.chars
    }

    pub(crate) fn push(&mut self, section: Section) -> Result<(), EvidenceError> {
        let apart = self.pages_apart && section.pages.iter().any(|page| page.wants_ocr);
        self.any_apart |= apart;
        self.blank = self.blank && section.text.trim().is_empty();
        self.pages = self.pages.saturating_add(section.pages.len() as u64);
        self.held_bytes = self.held_bytes.saturating_add(weight(&section));
        let chars = section.chars();
        if let Some(last) = self.held.last_mut()
            && last.chars < PART
            && !apart
            && !last.apart
        {
            let before = last.chars;
            last.chars = last.section.append(before, section);
            self.chars = self.chars.saturating_add(u64::from(last.chars - before));
            self.paged = self.paged || !last.section.pages.is_empty();
            return Ok(());
        }
        // The ledger puts a form feed between parts with pages.
        let fed = self.paged && !section.pages.is_empty();
        self.paged = self.paged || !section.pages.is_empty();
        self.chars = self.chars.saturating_add(u64::from(chars) + u64::from(fed));
        if self.held_bytes > HELD {
            self.set_aside()?;
        }
        self.held.push(Held {
            section,
            chars,
            apart,
        });
        Ok(())
    }

    fn set_aside(&mut self) -> Result<(), EvidenceError> {
        let scratch = match &mut self.scratch {
            Some(scratch) => scratch,
            none => none.insert(self.vault.scratch()?),
        };
        for held in self.held.drain(..) {
            // A section in memory always has a form in bytes, of less than 4 GiB.
            let bytes = postcard::to_allocvec(&held.section).unwrap_or_default();
            let length = u32::try_from(bytes.len()).unwrap_or(0);
            scratch.push(&length.to_le_bytes())?;
            scratch.push(&bytes)?;
        }
        self.held_bytes = 0;
        Ok(())
    }

    /// Has `recognise` fill the pages that wait for it, then ends.
    pub(crate) fn recognised(
        self,
        recognise: &mut dyn FnMut(&mut [Section]),
    ) -> Result<Text, Failure> {
        if !self.any_apart {
            return self.finish();
        }
        let mut filled = Gathering::new(self.vault, false);
        let raw = self.finish()?;
        let mut batch: Vec<Section> = Vec::new();
        let mut flush = |batch: &mut Vec<Section>| -> Result<(), Failure> {
            recognise(batch);
            for section in batch.drain(..) {
                filled.push(section)?;
            }
            Ok(())
        };
        raw.into_each(&mut |section| {
            batch.push(section);
            if batch.len() >= TOGETHER {
                flush(&mut batch)?;
            }
            Ok(())
        })?;
        flush(&mut batch)?;
        filled.finish()
    }

    pub(crate) fn finish(mut self) -> Result<Text, Failure> {
        let aside = if self.scratch.is_some() {
            self.set_aside()?;
            match self.scratch.take() {
                Some(scratch) => Some(scratch.finish(self.vault)?),
                None => None,
            }
        } else {
            None
        };
        Ok(Text {
            weight: self.held_bytes,
            held: self.held.into_iter().map(|held| held.section).collect(),
            aside,
            chars: if self.blank { 0 } else { self.chars },
            pages: u32::try_from(self.pages).unwrap_or(u32::MAX),
        })
    }
}

impl Text {
    /// Whether there is anything to store.
    pub(crate) const fn is_empty(&self) -> bool {
        self.chars == 0 && self.pages == 0
    }

    /// The first part.
    pub(crate) fn first(&self) -> Result<Option<std::borrow::Cow<'_, Section>>, Failure> {
        use std::borrow::Cow;
        match &self.aside {
            None => Ok(self.held.first().map(Cow::Borrowed)),
            Some(written) => {
                let mut from = written.read().map_err(unreadable)?;
                Ok(next(&mut from)?.map(Cow::Owned))
            }
        }
    }

    /// The parts, in order.
    pub(crate) fn each(
        &self,
        each: &mut dyn FnMut(&Section) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(written) = &self.aside {
            let mut from = written.read().map_err(unreadable)?;
            while let Some(section) = next(&mut from)? {
                each(&section)?;
            }
        }
        self.held.iter().try_for_each(each)
    }

    fn into_each(
        self,
        each: &mut dyn FnMut(Section) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(written) = &self.aside {
            let mut from = written.read().map_err(unreadable)?;
            while let Some(section) = next(&mut from)? {
                each(section)?;
            }
        }
        self.held.into_iter().try_for_each(each)
    }
}

fn next(from: &mut impl Read) -> Result<Option<Section>, Failure> {
    let mut length = [0; 4];
    match from.read(&mut length[..1]).map_err(unreadable)? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..]).map_err(unreadable)?,
    }
    let length = u32::from_le_bytes(length);
    let mut bytes = Vec::new();
    let read = from.take(length.into()).read_to_end(&mut bytes);
    if read.map_err(unreadable)? != length as usize {
        return Err(unreadable("it ends early"));
    }
    postcard::from_bytes(&bytes).map(Some).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use casefile::TextBuilder;
    use evidence::CaseFolder;
    use sealing::{Cost, KeyFile, Passphrase};

    fn vault() -> (tempfile::TempDir, Vault) {
        let dir = tempfile::tempdir().expect("a folder");
        let day = "2026-11-25T10:00:00Z";
        let passphrase = Passphrase::new("두만강").expect("a passphrase");
        let (file, keys) =
            KeyFile::create(&passphrase, Cost::FOR_TESTS, "", day).expect("a key file");
        let folder = CaseFolder::create(&dir.path().join("case"), &file, day).expect("a case");
        let vault = Vault::open(&folder, &keys);
        (dir, vault)
    }

    fn page(number: u32, words: usize) -> Section {
        let mut builder = TextBuilder::new();
        builder.begin_page(number, 595.0, 842.0);
        builder.block(
            casefile::BlockKind::Paragraph,
            true,
            &"강제송환 repatriated ".repeat(words),
        );
        if let Some(page) = builder.page_mut() {
            page.wants_ocr = words == 0;
        }
        builder.finish()
    }

    /// However it was kept, the parts joined are the sections joined.
    fn check_kept(pages: u32, words: usize, aside: bool) {
        let (_dir, vault) = vault();
        let mut gathering = Gathering::new(&vault, false);
        let (mut whole, mut chars) = (Section::default(), 0);
        for number in 1..=pages {
            chars = whole.append(chars, page(number, words));
            gathering.push(page(number, words)).expect("room");
        }
        assert_eq!(gathering.chars(), u64::from(chars));
        let text = gathering.finish().expect("kept");
        assert_eq!(text.aside.is_some(), aside);
        assert_eq!((text.chars, text.pages), (u64::from(chars), pages));
        assert!(text.weight <= HELD);
        let (mut joined, mut length) = (Section::default(), 0);
        text.each(&mut |part| {
            length = joined.append(length, part.clone());
            Ok(())
        })
        .expect("read back");
        assert!(joined == whole);
    }

    #[test]
    fn long_and_short_texts_come_out_as_they_went_in() {
        check_kept(1, 3, false);
        check_kept(40, 100, false);
        check_kept(300, 3_000, true);
    }

    #[test]
    fn pages_are_recognised_wherever_the_text_lies() {
        for words in [10, 3_000] {
            let (_dir, vault) = vault();
            let mut gathering = Gathering::new(&vault, true);
            for number in 1..=300 {
                let words = if number % 3 == 0 { 0 } else { words };
                gathering.push(page(number, words)).expect("room");
            }
            let mut seen = 0;
            let text = gathering
                .recognised(&mut |sections| {
                    for section in sections.iter_mut() {
                        if let [only] = section.pages.as_slice()
                            && only.wants_ocr
                        {
                            seen += 1;
                            *section = page(only.number, 1);
                        }
                    }
                })
                .expect("recognised");
            assert_eq!((seen, text.pages), (100, 300));
            let mut numbers = Vec::new();
            text.each(&mut |part| {
                numbers.extend(part.pages.iter().map(|page| page.number));
                Ok(())
            })
            .expect("read back");
            assert!(numbers.iter().copied().eq(1..=300));
        }
    }
}
