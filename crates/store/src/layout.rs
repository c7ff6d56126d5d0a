//! The layout of a text part in few bytes: blocks, pages and word boxes.
//!
//! Word boxes are the bulk of what is kept about a PDF. Each property becomes a column of
//! variable-length integers, as the difference to what the word before makes likely (it stands on
//! the same line, a space further on), and zstd packs the columns. Coordinates are kept to a
//! tenth of the page's unit (0.1 pt is 0.035 mm).

use casefile::{Block, BlockKind, Page, Section, Span, WordBox};

/// The first byte: the form of what follows.
const FORM: u8 = 1;
/// Tenths of a unit; anything outside ±1.6 million units is no place on a page.
const SCALE: f32 = 10.0;
const FARTHEST: f32 = 16_000_000.0;

/// Bytes are not a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored layout cannot be read")]
pub(crate) struct LayoutError;

/// Blocks, pages and boxes of a part; spans relative to its text.
pub(crate) type Layout = (Vec<Block>, Vec<Page>, Vec<WordBox>);

fn put(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Result<u8, LayoutError> {
        let (first, rest) = self.0.split_first().ok_or(LayoutError)?;
        self.0 = rest;
        Ok(*first)
    }

    fn number(&mut self) -> Result<u64, LayoutError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f)
                .checked_shl(shift)
                .ok_or(LayoutError)?;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(LayoutError)
    }

    fn signed(&mut self) -> Result<i64, LayoutError> {
        let value = self.number()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A count of things that take at least one byte each.
    fn count(&mut self) -> Result<usize, LayoutError> {
        let count = usize::try_from(self.number()?).map_err(|_| LayoutError)?;
        (count <= self.0.len()).then_some(count).ok_or(LayoutError)
    }

    fn float(&mut self) -> Result<f32, LayoutError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(LayoutError)?;
        self.0 = rest;
        Ok(f32::from_le_bytes(*bytes))
    }
}

/// Spans as the gap from where the one before ended (blocks) or began (`nested`), and the length.
fn put_span(out: &mut Vec<u8>, before: &mut i64, span: Span) {
    put_signed(out, i64::from(span.start) - *before);
    put_signed(out, i64::from(span.end) - i64::from(span.start));
    *before = i64::from(span.end);
}

fn span_from(before: &mut i64, gap: i64, length: i64) -> Result<Span, LayoutError> {
    let start = before.checked_add(gap).ok_or(LayoutError)?;
    let end = start.checked_add(length).ok_or(LayoutError)?;
    *before = end;
    let offset = |at: i64| u32::try_from(at).map_err(|_| LayoutError);
    Ok(Span::new(offset(start)?, offset(end)?))
}

const fn kind_code(kind: BlockKind) -> u8 {
    match kind {
        BlockKind::Paragraph => 0,
        BlockKind::ListItem => 1,
        BlockKind::TableRow => 2,
        BlockKind::Caption => 3,
        BlockKind::Footnote => 4,
        BlockKind::Margin => 5,
        BlockKind::Heading(_) => 6,
    }
}

fn quantised(value: f32) -> i64 {
    let value = if value.is_finite() {
        value.clamp(-FARTHEST, FARTHEST)
    } else {
        0.0
    };
    // In range after the clamp: at most 160 million.
    #[allow(clippy::cast_possible_truncation)]
    let tenths = (value * SCALE).round() as i64;
    tenths
}

fn restored(tenths: i64) -> Result<f32, LayoutError> {
    let tenths = i32::try_from(tenths).map_err(|_| LayoutError)?;
    #[allow(clippy::cast_precision_loss)]
    let value = tenths as f32 / SCALE;
    Ok(value)
}

/// The columns of word boxes, in their order in the stored form.
const COLUMNS: usize = 8;

/// The stored form, before compression.
pub(crate) fn encode(section: &Section) -> Vec<u8> {
    let mut out = vec![FORM];
    put(&mut out, section.blocks.len() as u64);
    let mut before = 0;
    for block in &section.blocks {
        out.push(kind_code(block.kind) << 1 | u8::from(block.main));
        if let BlockKind::Heading(level) = block.kind {
            out.push(level);
        }
        put_span(&mut out, &mut before, block.span);
    }
    put(&mut out, section.pages.len() as u64);
    let (mut before, mut number) = (0, 0);
    for page in &section.pages {
        put_signed(&mut out, i64::from(page.number) - number);
        number = i64::from(page.number);
        put_span(&mut out, &mut before, page.span);
        out.extend_from_slice(&page.width.to_le_bytes());
        out.extend_from_slice(&page.height.to_le_bytes());
        out.push(u8::from(page.ocr) | u8::from(page.wants_ocr) << 1);
    }
    put(&mut out, section.boxes.len() as u64);
    let mut columns: [Vec<u8>; COLUMNS] = Default::default();
    let [gaps, lengths, pages, tops, heights, lefts, widths, sure] = &mut columns;
    let (mut end, mut page, mut last) = (0, 0, [0_i64; 4]);
    for word in &section.boxes {
        put_signed(gaps, i64::from(word.span.start) - end);
        put_signed(
            lengths,
            i64::from(word.span.end) - i64::from(word.span.start),
        );
        end = i64::from(word.span.end);
        put_signed(pages, i64::from(word.page) - page);
        page = i64::from(word.page);
        let [left, top, right, bottom] = word.rect.map(quantised);
        put_signed(tops, top - last[1]);
        put_signed(heights, (bottom - top) - (last[3] - last[1]));
        put_signed(lefts, left - last[2]);
        put_signed(widths, right - left);
        sure.push(word.confidence.map_or(0, |c| c.saturating_add(1)));
        last = [left, top, right, bottom];
    }
    for column in columns {
        out.extend_from_slice(&column);
    }
    out
}

/// Reads the stored form.
pub(crate) fn decode(bytes: &[u8]) -> Result<Layout, LayoutError> {
    let mut from = Bytes(bytes);
    if from.byte()? != FORM {
        return Err(LayoutError);
    }
    let count = from.count()?;
    let mut blocks = Vec::with_capacity(count);
    let mut before = 0;
    for _ in 0..count {
        let code = from.byte()?;
        let kind = match code >> 1 {
            0 => BlockKind::Paragraph,
            1 => BlockKind::ListItem,
            2 => BlockKind::TableRow,
            3 => BlockKind::Caption,
            4 => BlockKind::Footnote,
            5 => BlockKind::Margin,
            6 => BlockKind::Heading(from.byte()?),
            _ => return Err(LayoutError),
        };
        let (gap, length) = (from.signed()?, from.signed()?);
        let span = span_from(&mut before, gap, length)?;
        blocks.push(Block {
            kind,
            span,
            main: code & 1 == 1,
        });
    }
    let count = from.count()?;
    let mut pages = Vec::with_capacity(count);
    let (mut before, mut number) = (0, 0_i64);
    for _ in 0..count {
        number = number.checked_add(from.signed()?).ok_or(LayoutError)?;
        let (gap, length) = (from.signed()?, from.signed()?);
        let span = span_from(&mut before, gap, length)?;
        let (width, height) = (from.float()?, from.float()?);
        let flags = from.byte()?;
        pages.push(Page {
            number: u32::try_from(number).map_err(|_| LayoutError)?,
            span,
            width,
            height,
            ocr: flags & 1 != 0,
            wants_ocr: flags & 2 != 0,
        });
    }
    let boxes = decode_boxes(&mut from)?;
    from.0
        .is_empty()
        .then_some((blocks, pages, boxes))
        .ok_or(LayoutError)
}

fn decode_boxes(from: &mut Bytes<'_>) -> Result<Vec<WordBox>, LayoutError> {
    let count = from.count()?;
    let mut column = || {
        (0..count)
            .map(|_| from.signed())
            .collect::<Result<Vec<_>, _>>()
    };
    let (gaps, lengths, pages) = (column()?, column()?, column()?);
    let (tops, heights, lefts, widths) = (column()?, column()?, column()?, column()?);
    let mut boxes = Vec::with_capacity(count);
    let (mut end, mut page) = (0, 0_i64);
    let [mut top, mut right, mut height] = [0_i64; 3];
    let add = |a: i64, b: i64| a.checked_add(b).ok_or(LayoutError);
    let spans = gaps.into_iter().zip(lengths).zip(pages);
    let places = tops.into_iter().zip(heights).zip(lefts).zip(widths);
    for (((gap, length), turned), (((lower, taller), further), width)) in spans.zip(places) {
        let span = span_from(&mut end, gap, length)?;
        page = add(page, turned)?;
        top = add(top, lower)?;
        height = add(height, taller)?;
        let left = add(right, further)?;
        right = add(left, width)?;
        let rect = [
            restored(left)?,
            restored(top)?,
            restored(right)?,
            restored(add(top, height)?)?,
        ];
        let confidence = from.byte()?.checked_sub(1);
        let page = u32::try_from(page).map_err(|_| LayoutError)?;
        boxes.push(WordBox {
            span,
            page,
            rect,
            confidence,
        });
    }
    Ok(boxes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_section() -> impl Strategy<Value = Section> {
        let span = (any::<u32>(), any::<u32>()).prop_map(|(a, b)| Span::new(a.min(b), a.max(b)));
        let block = (0..9_u8, any::<u8>(), span.clone(), any::<bool>()).prop_map(
            |(kind, level, span, main)| {
                let kind = match kind {
                    0 => BlockKind::Paragraph,
                    1 => BlockKind::ListItem,
                    2 => BlockKind::TableRow,
                    3 => BlockKind::Caption,
                    4 => BlockKind::Footnote,
                    5 => BlockKind::Margin,
                    _ => BlockKind::Heading(level),
                };
                Block { kind, span, main }
            },
        );
        let page = (any::<u32>(), span.clone(), 0.0..9e9_f32, any::<bool>()).prop_map(
            |(number, span, width, ocr)| Page {
                number,
                span,
                width,
                height: width / 2.0,
                ocr,
                wants_ocr: !ocr,
            },
        );
        let tenths = -1_000_000..1_000_000_i32;
        let rect = prop::array::uniform4(tenths).prop_map(|r| r.map(|t| t as f32 / 10.0));
        let word = (span, any::<u32>(), rect, prop::option::of(0..=100_u8)).prop_map(
            |(span, page, rect, confidence)| WordBox {
                span,
                page,
                rect,
                confidence,
            },
        );
        (
            prop::collection::vec(block, 0..20),
            prop::collection::vec(page, 0..5),
            prop::collection::vec(word, 0..40),
        )
            .prop_map(|(blocks, pages, boxes)| Section {
                text: String::new(),
                blocks,
                pages,
                boxes,
            })
    }

    proptest! {
        #[test]
        fn layouts_read_back(section in any_section()) {
            let (blocks, pages, boxes) = decode(&encode(&section)).unwrap();
            prop_assert_eq!(blocks, section.blocks);
            prop_assert_eq!(pages, section.pages);
            prop_assert_eq!(boxes, section.boxes);
        }

        #[test]
        fn any_bytes_are_a_layout_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
            let _ = decode(&[&[FORM][..], &bytes].concat());
        }
    }

    #[test]
    fn places_that_are_no_numbers_do_no_harm() {
        let rect = [f32::NAN, f32::INFINITY, -f32::INFINITY, f32::MAX];
        let word = WordBox {
            span: Span::new(0, 1),
            page: 1,
            rect,
            confidence: Some(255),
        };
        let section = Section {
            text: "a".into(),
            boxes: vec![word],
            ..Section::default()
        };
        let (_, _, boxes) = decode(&encode(&section)).unwrap();
        assert_eq!(boxes[0].rect, [0.0, 0.0, 0.0, FARTHEST]);
    }
}
