//! Text with its structure, its pages and the boxes of its words.
//!
//! All offsets here count Unicode scalar values (`char`s), as the contract has it, and all ranges
//! are half-open.

use serde::{Deserialize, Serialize};

/// A half-open range in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    #[must_use]
    pub const fn shifted(self, by: u32) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
        }
    }

    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The quoted text; `None` if the span does not lie inside `text`.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let from = starts.nth(self.start as usize)?;
        let to = match self.end.checked_sub(self.start)? {
            0 => from,
            more => starts.nth(more as usize - 1)?,
        };
        text.get(from..to)
    }
}

/// What a stretch of text is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    Paragraph,
    /// A heading and its level, 1 the highest.
    Heading(u8),
    ListItem,
    /// One row of a table; its cells are separated by a tab (U+0009).
    TableRow,
    Caption,
    Footnote,
    /// Head lines of a message (`From: …`), or a running head or foot of a page.
    Margin,
}

/// A block of a section: its kind and where its text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub kind: BlockKind,
    /// Without the line break that ends the block.
    pub span: Span,
    /// False for what surrounds the content of a web page (menus, cookie notices, related links).
    pub main: bool,
}

/// One page (PDF page, scanned image, slide, sheet).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// The text of the page; may be empty.
    pub span: Span,
    /// Width and height as displayed (after rotation), in points (1/72 inch); for images without
    /// a resolution, in pixels. 0 where there is no geometry (slides, sheets).
    pub width: f32,
    pub height: f32,
    /// The text was recognised from an image.
    pub ocr: bool,
    /// There is no text on the page but there is an image: recognition may find some.
    pub wants_ocr: bool,
}

/// Where a run of text (a word, as a rule) stands on its page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WordBox {
    pub span: Span,
    /// The page's number, from 1.
    pub page: u32,
    /// Left, top, right, bottom, in the unit of the page, origin at the top left as displayed.
    pub rect: [f32; 4],
    /// 0 to 100 where the text was recognised from an image.
    pub confidence: Option<u8>,
}

/// A stretch of a document's text with its structure. Most documents are one section; long ones
/// come in several, cut between blocks. All spans are relative to the section's own text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub text: String,
    pub blocks: Vec<Block>,
    pub pages: Vec<Page>,
    pub boxes: Vec<WordBox>,
}

impl Section {
    /// Scalar values of the text.
    #[must_use]
    pub fn chars(&self) -> u32 {
        u32::try_from(self.text.chars().count()).unwrap_or(u32::MAX)
    }

    /// Joins the section that follows; a form feed keeps their pages apart.
    /// `chars` is the length of `self.text`, which callers that join many have at hand; the new
    /// length is returned.
    pub fn append(&mut self, chars: u32, next: Self) -> u32 {
        let mut base = chars;
        if !self.pages.is_empty() && !next.pages.is_empty() {
            self.text.push('\u{c}');
            base += 1;
        }
        self.text.push_str(&next.text);
        let next_chars = next.chars();
        let moved = |span: Span| span.shifted(base);
        self.blocks.extend(next.blocks.into_iter().map(|b| Block {
            span: moved(b.span),
            ..b
        }));
        self.pages.extend(next.pages.into_iter().map(|p| Page {
            span: moved(p.span),
            ..p
        }));
        self.boxes.extend(next.boxes.into_iter().map(|b| WordBox {
            span: moved(b.span),
            ..b
        }));
        base + next_chars
    }
}

/// Builds a [`Section`], counting offsets.
///
/// Conventions for all formats, so that documents look alike: each block ends with `\n`; an empty
/// line stands between paragraphs; cells of a row are separated by `\t`; pages are separated by
/// `\u{c}` (form feed). Text is stored as the document has it: nothing is normalised.
#[derive(Debug, Default)]
pub struct TextBuilder {
    section: Section,
    chars: u32,
    block: Option<(BlockKind, bool, u32)>,
    page: Option<(Page, u32)>,
}

impl TextBuilder {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Scalar values so far: the offset of whatever is pushed next.
    #[must_use]
    pub const fn chars(&self) -> u32 {
        self.chars
    }

    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.section.text.trim().is_empty()
    }

    /// Adds text as it is, to the open block if there is one, and tells where it stands.
    pub fn push(&mut self, text: &str) -> Span {
        let start = self.chars;
        self.section.text.push_str(text);
        self.chars += u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Span::new(start, self.chars)
    }

    /// Adds text that stands in a box on the open page.
    pub fn push_boxed(&mut self, text: &str, rect: [f32; 4], confidence: Option<u8>) -> Span {
        let span = self.push(text);
        if let Some((page, _)) = &self.page
            && !span.is_empty()
        {
            self.section.boxes.push(WordBox {
                span,
                page: page.number,
                rect,
                confidence,
            });
        }
        span
    }

    /// Begins a block, ending the one that is open.
    pub fn begin(&mut self, kind: BlockKind, main: bool) {
        self.end();
        self.block = Some((kind, main, self.chars));
    }

    /// Ends the open block with its line break. An empty block leaves no trace.
    pub fn end(&mut self) {
        let Some((kind, main, start)) = self.block.take() else {
            return;
        };
        if start == self.chars {
            return;
        }
        self.section.blocks.push(Block {
            kind,
            span: Span::new(start, self.chars),
            main,
        });
        let close = matches!(
            kind,
            BlockKind::TableRow | BlockKind::ListItem | BlockKind::Margin
        );
        self.push(if close { "\n" } else { "\n\n" });
    }

    /// A whole block at once.
    pub fn block(&mut self, kind: BlockKind, main: bool, text: &str) {
        self.begin(kind, main);
        self.push(text);
        self.end();
    }

    /// Begins a page, ending the open one; all but the first are preceded by a form feed.
    pub fn begin_page(&mut self, number: u32, width: f32, height: f32) {
        self.end_page();
        if !self.section.pages.is_empty() {
            self.push("\u{c}");
        }
        let span = Span::new(self.chars, self.chars);
        let page = Page {
            number,
            span,
            width,
            height,
            ocr: false,
            wants_ocr: false,
        };
        self.page = Some((page, self.chars));
    }

    /// The page that is open, to mark it.
    pub fn page_mut(&mut self) -> Option<&mut Page> {
        self.page.as_mut().map(|(page, _)| page)
    }

    /// Ends the open page and the open block.
    pub fn end_page(&mut self) {
        self.end();
        if let Some((mut page, start)) = self.page.take() {
            page.span = Span::new(start, self.chars);
            self.section.pages.push(page);
        }
    }

    #[must_use]
    pub fn finish(mut self) -> Section {
        self.end_page();
        self.section
    }

    /// The section so far, for a document too long to hold; begin no page before and after it.
    pub fn take_section(&mut self) -> Section {
        self.end_page();
        self.chars = 0;
        std::mem::take(&mut self.section)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_back_scalar_values() {
        let text = "탈북자 ‘2,000’ 명";
        assert_eq!(Span::new(0, 3).of(text), Some("탈북자"));
        assert_eq!(Span::new(5, 10).of(text), Some("2,000"));
        assert_eq!(Span::new(0, 13).of(text), Some(text));
        assert_eq!(Span::new(13, 13).of(text), Some(""));
        assert_eq!(Span::new(0, 14).of(text), None);
        assert_eq!(Span::new(3, 2).of(text), None);
    }

    #[test]
    fn joined_sections_keep_their_spans() {
        let page = |number, text: &str| {
            let mut builder = TextBuilder::new();
            builder.begin_page(number, 10.0, 10.0);
            builder.begin(BlockKind::Paragraph, true);
            builder.push_boxed(text, [0.0; 4], None);
            builder.finish()
        };
        let mut whole = Section::default();
        let chars = whole.append(0, page(1, "구금"));
        let chars = whole.append(chars, page(2, "송환"));
        assert_eq!((whole.text.as_str(), chars), ("구금\n\n\u{c}송환\n\n", 9));
        assert_eq!(whole.boxes[1].span.of(&whole.text), Some("송환"));
        assert_eq!(whole.blocks[1].span.of(&whole.text), Some("송환"));
        assert_eq!(whole.pages[1].span.of(&whole.text), Some("송환\n\n"));
    }

    #[test]
    fn blocks_and_pages_lie_where_they_say() {
        let mut builder = TextBuilder::new();
        builder.begin_page(1, 595.0, 842.0);
        builder.block(BlockKind::Heading(1), true, "공지");
        builder.begin(BlockKind::Paragraph, true);
        builder.push_boxed("Close", [10.0, 10.0, 40.0, 20.0], None);
        builder.push(" to");
        builder.begin_page(2, 595.0, 842.0);
        builder.block(BlockKind::TableRow, true, "a\tb");
        let section = builder.finish();
        assert_eq!(section.text, "공지\n\nClose to\n\n\u{c}a\tb\n");
        let read = |span: Span| span.of(&section.text).unwrap_or("outside");
        let blocks: Vec<_> = section
            .blocks
            .iter()
            .map(|block| read(block.span))
            .collect();
        assert_eq!(blocks, ["공지", "Close to", "a\tb"]);
        let pages: Vec<_> = section.pages.iter().map(|page| read(page.span)).collect();
        assert_eq!(pages, ["공지\n\nClose to\n\n", "a\tb\n"]);
        assert_eq!(read(section.boxes[0].span), "Close");
    }
}
