//! One page as a section: its text in reading order, its blocks, a box for every word.

use casefile::{BlockKind, Section, TextBuilder};

use crate::annotations::Note;
use crate::geometry::{Rect, clip, join};
use crate::layout::{self, Block};
use crate::scene::Scene;
use crate::script;
use crate::words::{self, Frame, Placed, Word};

/// What the page before had at its head and foot, so that running heads are told from text.
#[derive(Debug, Default)]
pub(crate) struct Running {
    edges: Vec<String>,
}

/// Writes a page of `size` points with the text of `scene` and, after it, of its annotations.
pub(crate) fn section(
    scene: &Scene,
    notes: &[Note],
    number: u32,
    size: (f32, f32),
    running: &mut Running,
) -> Section {
    let frames = words::frames(scene, size);
    let mut builder = TextBuilder::new();
    builder.begin_page(number, size.0, size.1);
    let chars: usize = frames.iter().map(|frame| frame.chars).sum();
    if let Some(page) = builder.page_mut() {
        page.wants_ocr = wants_ocr(scene, chars);
    }
    for (index, frame) in frames.iter().enumerate() {
        let mut blocks = layout::blocks(scene, frame, size.1);
        if index == 0 {
            running.mark(scene, frame, &mut blocks, size.1);
        }
        for block in &blocks {
            write(&mut builder, scene, frame, block, size);
        }
    }
    for note in notes {
        note.write(&mut builder, size);
    }
    builder.finish()
}

/// No text or next to none, or text that no one can read, on a page that shows something.
fn wants_ocr(scene: &Scene, chars: usize) -> bool {
    let known = chars.saturating_sub(scene.unknown);
    let shows = scene.pictures > 0.25 || scene.shapes > 150;
    (known < 24 && shows && scene.pictures > 0.25)
        || (known < 8 && shows)
        || (scene.unknown > 8 && scene.unknown * 2 > chars)
}

fn write(builder: &mut TextBuilder, scene: &Scene, frame: &Frame, block: &Block, size: (f32, f32)) {
    let is_row = block.kind == BlockKind::TableRow;
    builder.begin(block.kind, true);
    for (index, cell) in block.cells.iter().enumerate() {
        if index > 0 {
            builder.push("\t");
        }
        for (index, line) in cell.iter().enumerate() {
            if index > 0 {
                builder.push(if is_row { " " } else { "\n" });
            }
            let mut first = true;
            for segment in line.iter().filter_map(|&index| frame.segments.get(index)) {
                for word in frame.words.get(segment.words.clone()).unwrap_or_default() {
                    if !first {
                        builder.push(" ");
                    }
                    first = false;
                    write_word(builder, scene, frame, word, size);
                }
            }
        }
    }
    builder.end();
}

/// A word has one box; of Chinese and Japanese text each character has its own, so that a match
/// inside a line is shown where it is.
fn write_word(
    builder: &mut TextBuilder,
    scene: &Scene,
    frame: &Frame,
    word: &Word,
    size: (f32, f32),
) {
    let glyphs = frame.order.get(word.glyphs.clone()).unwrap_or_default();
    let text = |place: &Placed| {
        scene
            .glyphs
            .get(place.glyph as usize)
            .map_or("", |g| scene.characters(g))
    };
    let alone = |place: &Placed| text(place).chars().next().is_some_and(script::stands_alone);
    let mut piece = String::new();
    let mut rect = crate::geometry::EMPTY;
    for (index, place) in glyphs.iter().enumerate() {
        piece.push_str(text(place));
        rect = join(rect, place.rect());
        let next = glyphs.get(index + 1);
        if next.is_none_or(|next| alone(place) || alone(next)) {
            builder.push_boxed(&piece, shown(frame, rect, size), None);
            piece.clear();
            rect = crate::geometry::EMPTY;
        }
    }
}

fn shown(frame: &Frame, rect: Rect, size: (f32, f32)) -> Rect {
    let rect = frame.on_page(rect);
    if frame.outside {
        rect
    } else {
        clip(rect, size)
    }
}

impl Running {
    /// Marks lines at the head and foot of a page that are a page number or that the page before
    /// had too (numbers aside).
    fn mark(&mut self, scene: &Scene, frame: &Frame, blocks: &mut [Block], page_height: f32) {
        let mut edges = Vec::new();
        for block in blocks.iter_mut() {
            let [cell] = block.cells.as_slice() else {
                continue;
            };
            let [line] = cell.as_slice() else {
                continue;
            };
            let segments = line.iter().filter_map(|&index| frame.segments.get(index));
            let rect = segments
                .clone()
                .fold(crate::geometry::EMPTY, |all, s| join(all, s.rect));
            let rect = frame.on_page(rect);
            if rect[3] > page_height * 0.1 && rect[1] < page_height * 0.9 {
                continue;
            }
            let mut text = String::new();
            for word in segments.flat_map(|s| frame.words.get(s.words.clone()).unwrap_or_default())
            {
                for place in frame.order.get(word.glyphs.clone()).unwrap_or_default() {
                    let glyph = scene.glyphs.get(place.glyph as usize);
                    text.push_str(glyph.map_or("", |g| scene.characters(g)));
                }
            }
            if text.len() > 300 {
                continue;
            }
            let bare: String = text.chars().filter(|c| !c.is_numeric()).collect();
            let is_number = bare.chars().all(|c| !c.is_alphabetic())
                && text.chars().count() <= 9
                && text.chars().any(char::is_numeric);
            let is_page = bare.eq_ignore_ascii_case("page") || bare.eq_ignore_ascii_case("pageof");
            if is_number || is_page || self.edges.contains(&bare) {
                block.kind = BlockKind::Margin;
            }
            if !bare.is_empty() {
                edges.push(bare);
            }
        }
        self.edges = edges;
    }
}
