//! Text versions: stored in parts, packed, with their layout.

use std::cell::RefCell;

use casefile::{DocumentId, Page, Section, Sha256, Span, WordBox};
use rusqlite::{OptionalExtension, Row, params};
use sha2::Digest;

use super::ledger::{Ledger, Transaction};
use crate::error::{StoreError, While};
use crate::layout;
use crate::rows::{TextId, TextVersion};

/// No part is larger, whatever the database says: a cap on what a damaged one can ask for.
const LARGEST: i64 = 4 << 30;
const LEVEL: i32 = 3;

/// A part of a text version: one section as the reader gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub ordinal: u64,
    /// Where its text begins in the whole text. The offsets in `section` are relative to it.
    pub start: u32,
    pub section: Section,
}

/// One page, with offsets in the whole text.
#[derive(Debug, Clone, PartialEq)]
pub struct PageText {
    pub page: Page,
    pub text: String,
    pub boxes: Vec<WordBox>,
}

struct Packed {
    ordinal: i64,
    start: u32,
    chars: u32,
    /// A form feed stands between the part before and this one.
    fed: bool,
    bytes: i64,
    text: Vec<u8>,
    layout: Vec<u8>,
    layout_bytes: i64,
}

const PART: &str = "ordinal, start, chars, fed, bytes, text, layout, layout_bytes FROM text_part";

impl Packed {
    fn from(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            ordinal: row.get(0)?,
            start: row.get(1)?,
            chars: row.get(2)?,
            fed: row.get(3)?,
            bytes: row.get(4)?,
            text: row.get(5)?,
            layout: row.get(6)?,
            layout_bytes: row.get(7)?,
        })
    }

    fn text(&self) -> Result<String, StoreError> {
        let bytes = unpack(&self.text, self.bytes)?;
        String::from_utf8(bytes).map_err(|_| StoreError::damaged("reading a text", "not UTF-8"))
    }

    fn layout(&self) -> Result<layout::Layout, StoreError> {
        let bytes = unpack(&self.layout, self.layout_bytes)?;
        layout::decode(&bytes)
            .map_err(|error| StoreError::damaged("reading a text", error.to_string()))
    }

    fn part(&self) -> Result<Part, StoreError> {
        let (blocks, pages, boxes) = self.layout()?;
        Ok(Part {
            ordinal: self.ordinal.cast_unsigned(),
            start: self.start,
            section: Section {
                text: self.text()?,
                blocks,
                pages,
                boxes,
            },
        })
    }
}

thread_local! {
    /// Making one costs more than unpacking a short text, so each thread keeps its own.
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

fn unpack(packed: &[u8], bytes: i64) -> Result<Vec<u8>, StoreError> {
    let damaged = |detail: String| StoreError::damaged("reading a text", detail);
    let capacity = usize::try_from(bytes.clamp(0, LARGEST)).unwrap_or(0);
    let unpacked = UNPACKER
        .with_borrow_mut(|unpacker| match unpacker {
            Some(unpacker) => unpacker.decompress(packed, capacity),
            none => none
                .insert(zstd::bulk::Decompressor::new()?)
                .decompress(packed, capacity),
        })
        .map_err(|error| damaged(error.to_string()))?;
    if unpacked.len() != capacity {
        return Err(damaged(
            "a part has another length than recorded".to_owned(),
        ));
    }
    Ok(unpacked)
}

/// A span moved to the offsets of the whole text; clamped, as a damaged one is caught by `verify`.
fn moved(span: Span, by: u32) -> Span {
    Span::new(span.start.saturating_add(by), span.end.saturating_add(by))
}

impl Ledger {
    /// # Errors
    /// The database cannot be read.
    pub fn text_version(&self, id: TextId) -> Result<Option<TextVersion>, StoreError> {
        self.text_versions_where("v.id = ?1", id.0)
            .map(|mut found| found.pop())
    }

    /// All text versions of a document, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn text_versions(&self, document: DocumentId) -> Result<Vec<TextVersion>, StoreError> {
        self.text_versions_where("d.id = ?1 ORDER BY v.id", document.0)
    }

    pub(super) fn text_versions_where(
        &self,
        condition: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<Vec<TextVersion>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT v.id, d.id, v.extractor, v.extractor_version, v.sha256, v.chars, v.parts,
                 v.created FROM text_version v JOIN document d ON d.n = v.document WHERE {condition}"
            ))
            .and_then(|mut find| {
                let version = |row: &Row<'_>| {
                    Ok(TextVersion {
                        id: TextId(row.get(0)?),
                        document: DocumentId(row.get(1)?),
                        extractor: row.get(2)?,
                        extractor_version: row.get(3)?,
                        sha256: Sha256(row.get(4)?),
                        chars: row.get::<_, i64>(5)?.cast_unsigned(),
                        parts: row.get::<_, i64>(6)?.cast_unsigned(),
                        created: row.get(7)?,
                    })
                };
                find.query_map([value], version)?.collect()
            })
            .during("looking for a text version")
    }

    fn packed(&self, version: TextId, ordinal: i64) -> Result<Option<Packed>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT {PART} WHERE version = ?1 AND ordinal = ?2"
            ))
            .and_then(|mut find| {
                find.query_row([version.0, ordinal], Packed::from)
                    .optional()
            })
            .during("reading a text")
    }

    /// The `ordinal`th part of a text version.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn section_at(&self, version: TextId, ordinal: u64) -> Result<Option<Part>, StoreError> {
        let packed = self.packed(version, ordinal.cast_signed())?;
        packed.map(|packed| packed.part()).transpose()
    }

    /// The parts of a text version, one after the other.
    pub fn sections(&self, version: TextId) -> impl Iterator<Item = Result<Part, StoreError>> {
        let mut ordinal = 0;
        std::iter::from_fn(move || {
            let part = self.section_at(version, ordinal).transpose()?;
            ordinal = if part.is_ok() {
                ordinal + 1
            } else {
                u64::MAX >> 1
            };
            Some(part)
        })
    }

    /// The texts of the parts, one after the other, with the form feeds between them: what comes
    /// out, joined, is the whole text.
    pub fn text_pieces(&self, version: TextId) -> impl Iterator<Item = Result<String, StoreError>> {
        let mut ordinal = 0;
        std::iter::from_fn(move || {
            let packed = self.packed(version, ordinal).transpose()?;
            ordinal = if packed.is_ok() {
                ordinal + 1
            } else {
                i64::MAX
            };
            Some(packed.and_then(|packed| {
                let text = packed.text()?;
                Ok(if packed.fed {
                    format!("\u{c}{text}")
                } else {
                    text
                })
            }))
        })
    }

    /// The whole text.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn text(&self, version: TextId) -> Result<String, StoreError> {
        self.text_pieces(version).collect()
    }

    fn overlapping(&self, version: TextId, span: Span) -> Result<Vec<Packed>, StoreError> {
        self.sql
            .prepare_cached(&format!(
                "SELECT {PART} WHERE version = ?1 AND start + chars > ?2 AND start - fed < ?3
                 ORDER BY ordinal"
            ))
            .and_then(|mut find| {
                find.query_map(params![version.0, span.start, span.end], Packed::from)?
                    .collect()
            })
            .during("reading a text")
    }

    /// The words at a span; `None` if it does not lie inside the text.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn quote(&self, version: TextId, span: Span) -> Result<Option<String>, StoreError> {
        let whole = self.text_version(version)?.map(|version| version.chars);
        if span.end < span.start || whole.is_none_or(|chars| u64::from(span.end) > chars) {
            return Ok(None);
        }
        let mut quote = String::new();
        for packed in self.overlapping(version, span)? {
            if packed.fed && span.start < packed.start && packed.start <= span.end {
                quote.push('\u{c}');
            }
            let text = packed.text()?;
            let from = span.start.saturating_sub(packed.start);
            let to = span.end.saturating_sub(packed.start).min(packed.chars);
            if from < to {
                let words = Span::new(from, to).of(&text).ok_or_else(|| {
                    StoreError::damaged("reading a text", "a part is shorter than recorded")
                })?;
                quote.push_str(words);
            }
        }
        Ok(Some(quote))
    }

    /// Where on its pages the text of a span stands; offsets in the whole text. Only the parts
    /// that the span touches are unpacked.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn boxes_of(&self, version: TextId, span: Span) -> Result<Vec<WordBox>, StoreError> {
        let mut boxes = Vec::new();
        for packed in self.overlapping(version, span)? {
            let (_, _, found) = packed.layout()?;
            let placed = found.into_iter().map(|word| WordBox {
                span: moved(word.span, packed.start),
                ..word
            });
            boxes.extend(placed.filter(|word| word.span.overlaps(span)));
        }
        Ok(boxes)
    }

    /// The pages of a text version, with offsets in the whole text.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn pages(&self, version: TextId) -> Result<Vec<Page>, StoreError> {
        let mut pages = Vec::new();
        let mut ordinal = 0;
        while let Some(packed) = self.packed(version, ordinal)? {
            let (_, found, _) = packed.layout()?;
            let placed = found.into_iter().map(|page| Page {
                span: moved(page.span, packed.start),
                ..page
            });
            pages.extend(placed);
            ordinal += 1;
        }
        Ok(pages)
    }

    /// One page with its text and boxes, unpacking only the part that holds it.
    ///
    /// # Errors
    /// The database cannot be read or is damaged.
    pub fn page(&self, version: TextId, number: u32) -> Result<Option<PageText>, StoreError> {
        let candidates: Vec<Packed> = self
            .sql
            .prepare_cached(&format!(
                "SELECT {PART} WHERE version = ?1 AND first_page <= ?2 AND last_page >= ?2
                 ORDER BY ordinal"
            ))
            .and_then(|mut find| {
                find.query_map(params![version.0, number], Packed::from)?
                    .collect()
            })
            .during("reading a page")?;
        for packed in candidates {
            let Part { start, section, .. } = packed.part()?;
            let Some(page) = section.pages.into_iter().find(|page| page.number == number) else {
                continue;
            };
            let text = page.span.of(&section.text).ok_or_else(|| {
                StoreError::damaged("reading a page", "the page lies outside of its text")
            })?;
            let boxes = section.boxes.into_iter().filter(|word| word.page == number);
            return Ok(Some(PageText {
                text: text.to_owned(),
                boxes: boxes
                    .map(|word| WordBox {
                        span: moved(word.span, start),
                        ..word
                    })
                    .collect(),
                page: Page {
                    span: moved(page.span, start),
                    ..page
                },
            }));
        }
        Ok(None)
    }

    /// Checks a text version against its hash and its own counts; an explanation if it fails.
    pub(super) fn check_text(&self, version: &TextVersion) -> Result<Option<String>, StoreError> {
        let mut hash = sha2::Sha256::new();
        let mut chars = 0_u64;
        let mut parts = 0_u64;
        while let Some(packed) = self.packed(version.id, parts.cast_signed())? {
            let part = match packed.part() {
                Ok(part) => part,
                Err(StoreError::Damaged { detail, .. }) => return Ok(Some(detail)),
                Err(error) => return Err(error),
            };
            if packed.fed {
                hash.update("\u{c}");
                chars += 1;
            }
            let section = &part.section;
            hash.update(&section.text);
            let held = section.chars();
            if u64::from(packed.start) != chars || packed.chars != held {
                return Ok(Some(format!("part {parts} does not stand where it should")));
            }
            let spans = section.blocks.iter().map(|block| block.span);
            let spans = spans.chain(section.pages.iter().map(|page| page.span));
            let mut spans = spans.chain(section.boxes.iter().map(|word| word.span));
            if spans.any(|span| span.start > span.end || span.end > held) {
                return Ok(Some(format!(
                    "a span of part {parts} lies outside of its text"
                )));
            }
            chars += u64::from(held);
            parts += 1;
        }
        let right = <[u8; 32]>::from(hash.finalize()) == version.sha256.0
            && chars == version.chars
            && parts == version.parts;
        Ok((!right).then(|| "the text is not the one whose hash was recorded".to_owned()))
    }
}

/// Writes a text version section by section.
pub struct TextWriter<'t, 'a> {
    tx: &'t mut Transaction<'a>,
    document: i64,
    version: i64,
    extractor: String,
    extractor_version: String,
    hash: sha2::Sha256,
    chars: u32,
    parts: i64,
    paged: bool,
    packer: zstd::bulk::Compressor<'static>,
}

impl std::fmt::Debug for TextWriter<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextWriter")
            .field("chars", &self.chars)
            .finish_non_exhaustive()
    }
}

impl TextWriter<'_, '_> {
    /// Adds the next section. Where both it and what came before have pages, a form feed is put
    /// between them, as [`Section::append`] does.
    ///
    /// # Errors
    /// The text becomes too long, or the database cannot be written.
    pub fn push(&mut self, section: &Section) -> Result<(), StoreError> {
        let doing = "storing a text";
        let fed = self.paged && !section.pages.is_empty();
        self.paged |= !section.pages.is_empty();
        let chars = section.chars();
        let start = self
            .chars
            .checked_add(u32::from(fed))
            .ok_or(StoreError::TooLong)?;
        self.chars = start.checked_add(chars).ok_or(StoreError::TooLong)?;
        if chars == u32::MAX {
            return Err(StoreError::TooLong);
        }
        if fed {
            self.hash.update("\u{c}");
        }
        self.hash.update(&section.text);
        let layout = layout::encode(section);
        let mut pack = |bytes: &[u8]| {
            self.packer
                .compress(bytes)
                .map_err(|error| StoreError::Other {
                    doing,
                    detail: error.to_string(),
                })
        };
        let (text, packed) = (pack(section.text.as_bytes())?, pack(&layout)?);
        let numbers = || section.pages.iter().map(|page| page.number);
        let length = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
        let values = params![
            self.version,
            self.parts,
            start,
            chars,
            length(section.text.len()),
            fed,
            numbers().min(),
            numbers().max(),
            text,
            packed,
            length(layout.len())
        ];
        self.tx
            .sql
            .prepare_cached(
                "INSERT INTO text_part(version, ordinal, start, chars, bytes, fed, first_page,
                 last_page, text, layout, layout_bytes)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )
            .and_then(|mut put| put.execute(values))
            .during(doing)?;
        self.parts += 1;
        Ok(())
    }

    /// Ends the text and makes it the document's current one. The same text by the same version of
    /// the same extractor is not stored twice.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn finish(self) -> Result<TextId, StoreError> {
        let doing = "storing a text";
        let sql = &self.tx.ledger.sql;
        let sha256: [u8; 32] = self.hash.finalize().into();
        let same: Option<i64> = sql
            .prepare_cached(
                "SELECT id FROM text_version WHERE document = ?1 AND sha256 = ?2
                 AND extractor = ?3 AND extractor_version = ?4 AND parts = ?5 AND id <> ?6",
            )
            .and_then(|mut find| {
                let values = params![
                    self.document,
                    sha256,
                    self.extractor,
                    self.extractor_version,
                    self.parts,
                    self.version
                ];
                find.query_row(values, |row| row.get(0)).optional()
            })
            .during(doing)?;
        // The new one takes the number of the old one: spans that point at it stay valid, and the
        // layout is that of the last reading.
        let version = same.unwrap_or(self.version);
        if same.is_some() {
            for (statement, values) in [
                ("DELETE FROM text_part WHERE version = ?1", vec![version]),
                (
                    "UPDATE text_part SET version = ?1 WHERE version = ?2",
                    vec![version, self.version],
                ),
                ("DELETE FROM text_version WHERE id = ?1", vec![self.version]),
            ] {
                sql.prepare_cached(statement)
                    .and_then(|mut run| run.execute(rusqlite::params_from_iter(values)))
                    .during(doing)?;
            }
        }
        sql.prepare_cached(
            "UPDATE text_version SET sha256 = ?2, chars = ?3, parts = ?4 WHERE id = ?1",
        )
        .and_then(|mut put| put.execute(params![version, sha256, self.chars, self.parts]))
        .during(doing)?;
        let change = self.tx.next_change();
        self.tx.ledger.packer = Some(self.packer);
        self.tx
            .sql
            .prepare_cached("UPDATE document SET text = ?2, chars = ?3, change = ?4 WHERE n = ?1")
            .and_then(|mut put| put.execute(params![self.document, version, self.chars, change]))
            .during(doing)?;
        Ok(TextId(version))
    }
}

impl<'a> Transaction<'a> {
    /// Begins a text version of a document that is in the ledger.
    ///
    /// # Errors
    /// No such document, or the database cannot be written.
    pub fn begin_text(
        &mut self,
        document: DocumentId,
        extractor: &str,
        extractor_version: &str,
    ) -> Result<TextWriter<'_, 'a>, StoreError> {
        let doing = "storing a text";
        let number = self
            .document_number(document)?
            .ok_or_else(|| StoreError::Refused {
                doing,
                detail: format!("the document {document} is not recorded"),
            })?;
        let packer = match self.ledger.packer.take() {
            Some(packer) => packer,
            None => zstd::bulk::Compressor::new(LEVEL).map_err(|error| StoreError::Other {
                doing,
                detail: error.to_string(),
            })?,
        };
        self.sql
            .prepare_cached("INSERT INTO text_version VALUES(NULL, ?1, ?2, ?3, x'', 0, 0, ?4)")
            .and_then(|mut put| put.execute(params![number, extractor, extractor_version, self.at]))
            .during(doing)?;
        let version = self.sql.last_insert_rowid();
        Ok(TextWriter {
            tx: self,
            document: number,
            version,
            extractor: extractor.to_owned(),
            extractor_version: extractor_version.to_owned(),
            hash: sha2::Sha256::new(),
            chars: 0,
            parts: 0,
            paged: false,
            packer,
        })
    }

    /// Stores a whole text version.
    ///
    /// # Errors
    /// As [`Transaction::begin_text`] and [`TextWriter::push`].
    pub fn put_text(
        &mut self,
        document: DocumentId,
        extractor: &str,
        extractor_version: &str,
        sections: &[Section],
    ) -> Result<TextId, StoreError> {
        let mut writer = self.begin_text(document, extractor, extractor_version)?;
        for section in sections {
            writer.push(section)?;
        }
        writer.finish()
    }
}
