//! From reading order to blocks: paragraphs, headings, list items, captions, footnotes, rows.

use casefile::BlockKind;

use crate::columns::{self, Flow};
use crate::geometry::{Rect, width};
use crate::scene::Scene;
use crate::words::{Frame, Segment};

/// A block: cells (one, but for table rows) of lines of segments.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) cells: Vec<Vec<Vec<usize>>>,
}

/// What is usual on a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usual {
    /// Size of most text.
    pub(crate) size: f32,
    pub(crate) bold: bool,
}

/// The blocks of a frame in reading order.
pub(crate) fn blocks(scene: &Scene, frame: &Frame, page_height: f32) -> Vec<Block> {
    let usual = usual(frame);
    let (margin, text): (Vec<usize>, Vec<usize>) = (0..frame.segments.len())
        .partition(|&index| frame.outside || frame.segments.get(index).is_some_and(|s| s.artifact));
    // A page whose every word is marked as belonging to the page is marked wrongly.
    let (margin, text) = if text.is_empty() && !frame.outside {
        (text, margin)
    } else {
        (margin, text)
    };
    let mut blocks = Vec::new();
    for flow in columns::flows(frame, text) {
        match flow {
            Flow::Lines(members) => {
                paragraphs(scene, frame, members, usual, page_height, &mut blocks)
            }
            Flow::Table(rows) => blocks.extend(rows.into_iter().map(|cells| Block {
                kind: BlockKind::TableRow,
                cells: cells.into_iter().map(|cell| rows_of(frame, cell)).collect(),
            })),
        }
    }
    for row in rows_of(frame, margin) {
        blocks.push(Block {
            kind: BlockKind::Margin,
            cells: vec![vec![row]],
        });
    }
    blocks
}

fn usual(frame: &Frame) -> Usual {
    let mut sizes: Vec<(f32, bool, usize)> = Vec::new();
    for segment in &frame.segments {
        let known = sizes
            .iter_mut()
            .find(|s| (s.0 - segment.size).abs() < 0.3 && s.1 == segment.bold);
        if let Some(known) = known {
            known.2 += segment.chars;
        } else if sizes.len() < 64 {
            sizes.push((segment.size, segment.bold, segment.chars));
        }
    }
    let most = sizes.iter().max_by_key(|s| s.2);
    most.map_or(
        Usual {
            size: 10.0,
            bold: false,
        },
        |s| Usual {
            size: s.0,
            bold: s.1,
        },
    )
}

/// Segments as rows on one base line, from top to bottom, each in reading order.
fn rows_of(frame: &Frame, mut members: Vec<usize>) -> Vec<Vec<usize>> {
    let get = |index: usize| frame.segments.get(index);
    members.sort_by(|&a, &b| {
        let base = |index| get(index).map_or(0.0, |s| s.base);
        base(a).total_cmp(&base(b))
    });
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut base = f32::MIN;
    for index in members {
        let Some(segment) = get(index) else {
            continue;
        };
        match rows.last_mut() {
            Some(row) if segment.base - base <= 0.35 * segment.size => row.push(index),
            _ => {
                base = segment.base;
                rows.push(vec![index]);
            }
        }
    }
    for row in &mut rows {
        let left = |index: &usize| get(*index).map_or(0.0, |s| s.rect[0]);
        row.sort_by(|a, b| left(a).total_cmp(&left(b)));
        let right_to_left = row
            .iter()
            .filter(|&&index| get(index).is_some_and(|s| s.right_to_left))
            .count();
        if right_to_left * 2 > row.len() {
            row.reverse();
        }
    }
    rows
}

/// A row, as paragraphs are made of it.
struct Row {
    members: Vec<usize>,
    rect: Rect,
    base: f32,
    size: f32,
    bold: bool,
    right_to_left: bool,
}

fn measure(frame: &Frame, members: Vec<usize>) -> Option<Row> {
    let segments: Vec<&Segment> = members
        .iter()
        .filter_map(|&index| frame.segments.get(index))
        .collect();
    let main = segments.iter().max_by_key(|s| s.chars)?;
    Some(Row {
        rect: segments.iter().fold(crate::geometry::EMPTY, |all, s| {
            crate::geometry::join(all, s.rect)
        }),
        base: main.base,
        size: main.size,
        bold: segments.iter().all(|s| s.bold),
        right_to_left: main.right_to_left,
        members,
    })
}

fn text_of(scene: &Scene, frame: &Frame, row: &Row, most: usize) -> String {
    let mut text = String::new();
    for segment in row
        .members
        .iter()
        .filter_map(|&index| frame.segments.get(index))
    {
        for word in frame.words.get(segment.words.clone()).unwrap_or_default() {
            for place in frame.order.get(word.glyphs.clone()).unwrap_or_default() {
                if let Some(glyph) = scene.glyphs.get(place.glyph as usize) {
                    text.push_str(scene.characters(glyph));
                }
                if text.len() > most {
                    return text;
                }
            }
            text.push(' ');
        }
    }
    text
}

fn last_character(scene: &Scene, frame: &Frame, row: &Row) -> Option<char> {
    let segment = frame.segments.get(*row.members.last()?)?;
    let word = frame.words.get(segment.words.clone())?.last()?;
    let place = frame.order.get(word.glyphs.clone())?.last()?;
    scene
        .characters(scene.glyphs.get(place.glyph as usize)?)
        .chars()
        .last()
}

/// Whether a row of several pieces is a row of cells and not a line with a wide gap.
fn is_cells(frame: &Frame, row: &Row) -> bool {
    let pieces: Vec<&Segment> = row
        .members
        .iter()
        .filter_map(|&index| frame.segments.get(index))
        .collect();
    let [first, .., _] = pieces.as_slice() else {
        return false;
    };
    let starts_with_label = first.chars <= 4 && pieces.len() == 2;
    let widest = pieces
        .windows(2)
        .map(|pair| match pair {
            [a, b] => (b.rect[0] - a.rect[2]).max(a.rect[0] - b.rect[2]),
            _ => 0.0,
        })
        .fold(0.0, f32::max);
    !starts_with_label && widest > 1.6 * row.size
}

fn paragraphs(
    scene: &Scene,
    frame: &Frame,
    members: Vec<usize>,
    usual: Usual,
    page_height: f32,
    blocks: &mut Vec<Block>,
) {
    let rows: Vec<Row> = rows_of(frame, members)
        .into_iter()
        .filter_map(|row| measure(frame, row))
        .collect();
    let bounds = rows.iter().fold(crate::geometry::EMPTY, |all, row| {
        crate::geometry::join(all, row.rect)
    });
    let leading = leading(&rows);
    let mut open: Vec<Row> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        if is_cells(frame, &row) {
            close(scene, frame, &mut open, usual, page_height, blocks);
            let cells = row.members.iter().map(|&index| vec![vec![index]]).collect();
            blocks.push(Block {
                kind: BlockKind::TableRow,
                cells,
            });
            continue;
        }
        let breaks = open.last().is_some_and(|previous| {
            begins(scene, frame, previous, &row, rows.peek(), bounds, leading)
        });
        if breaks {
            close(scene, frame, &mut open, usual, page_height, blocks);
        }
        open.push(row);
    }
    close(scene, frame, &mut open, usual, page_height, blocks);
}

/// The usual distance of base lines, in font sizes.
fn leading(rows: &[Row]) -> f32 {
    let mut steps: Vec<f32> = rows
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if (a.size - b.size).abs() < 0.1 * a.size => {
                Some((b.base - a.base) / b.size.max(0.1))
            }
            _ => None,
        })
        .filter(|step| (0.8..=3.0).contains(step))
        .collect();
    if steps.is_empty() {
        return 1.3;
    }
    // The lower third: distances between paragraphs are longer and fewer.
    let third = steps.len() / 3;
    steps.select_nth_unstable_by(third, f32::total_cmp);
    steps.get(third).copied().unwrap_or(1.3)
}

/// Whether `row` begins a new paragraph after `previous`.
fn begins(
    scene: &Scene,
    frame: &Frame,
    previous: &Row,
    row: &Row,
    next: Option<&Row>,
    bounds: Rect,
    leading: f32,
) -> bool {
    let size = row.size.max(0.1);
    let step = (row.base - previous.base) / size;
    if step > leading * 1.28 + 0.1
        || (row.size - previous.size).abs() > 0.12 * size.max(previous.size)
    {
        return true;
    }
    if row.bold != previous.bold && width(previous.rect) < 0.9 * width(bounds) {
        return true;
    }
    if starts_item(&text_of(scene, frame, row, 12)) {
        return true;
    }
    let column = width(bounds).max(1.0);
    let (indent, before, short) = if row.right_to_left {
        (
            bounds[2] - row.rect[2],
            bounds[2] - previous.rect[2],
            previous.rect[0] - bounds[0],
        )
    } else {
        (
            row.rect[0] - bounds[0],
            previous.rect[0] - bounds[0],
            bounds[2] - previous.rect[2],
        )
    };
    // A first line set in, the next one back at the edge.
    let next_indent = next.map(|next| {
        if row.right_to_left {
            bounds[2] - next.rect[2]
        } else {
            next.rect[0] - bounds[0]
        }
    });
    let set_in = indent > before + 0.9 * size && indent < before + 6.0 * size;
    if set_in && next_indent.is_none_or(|next| next < indent - 0.5 * size) {
        return true;
    }
    // A line that ends early after the end of a sentence.
    let ends = last_character(scene, frame, previous)
        .is_some_and(|c| matches!(c, '.' | '!' | '?' | ':' | '。' | '！' | '？' | '”' | '"'));
    ends && short > 0.3 * column
}

/// Bullets and numbers of items: `•`, `-`, `1.`, `(a)`, `①`, `가.`, `一、`.
fn starts_item(text: &str) -> bool {
    let mut chars = text.trim_start().chars();
    let (Some(first), second, third) = (chars.next(), chars.next(), chars.next()) else {
        return false;
    };
    match first {
        '•' | '◦' | '▪' | '■' | '□' | '●' | '○' | '◆' | '▶' | '►' | '➢' | '✓' | '※' | '∙'
        | '\u{f0b7}' => true,
        '①'..='⓿' | '㈀'..='㉃' | '㉠'..='㉿' => true,
        '-' | '–' | '—' | '*' | '·' => second == Some(' '),
        '(' => second.is_some_and(char::is_alphanumeric) && third == Some(')'),
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            second == Some('、')
        }
        _ if first.is_ascii_digit() => match second {
            Some('.' | ')') => third == Some(' '),
            Some(digit) if digit.is_ascii_digit() => {
                matches!(third, Some('.' | ')')) && chars.next() == Some(' ')
            }
            _ => false,
        },
        '가' | '나' | '다' | '라' | '마' | '바' | '사' | '아' => {
            second == Some('.') && third == Some(' ')
        }
        _ => first.is_ascii_lowercase() && second == Some(')') && third == Some(' '),
    }
}

fn close(
    scene: &Scene,
    frame: &Frame,
    open: &mut Vec<Row>,
    usual: Usual,
    page_height: f32,
    blocks: &mut Vec<Block>,
) {
    let rows = std::mem::take(open);
    let Some(first) = rows.first() else {
        return;
    };
    let text = text_of(scene, frame, first, 60);
    let kind = kind(&text, &rows, usual, page_height, frame);
    let lines = rows.into_iter().map(|row| row.members).collect();
    blocks.push(Block {
        kind,
        cells: vec![lines],
    });
}

fn kind(text: &str, rows: &[Row], usual: Usual, page_height: f32, frame: &Frame) -> BlockKind {
    let Some(first) = rows.first() else {
        return BlockKind::Paragraph;
    };
    let chars: usize = rows
        .iter()
        .flat_map(|row| &row.members)
        .filter_map(|&index| frame.segments.get(index))
        .map(|s| s.chars)
        .sum();
    if starts_item(text) {
        return BlockKind::ListItem;
    }
    if is_caption(text) && chars < 600 {
        return BlockKind::Caption;
    }
    let ratio = first.size / usual.size.max(0.1);
    if ratio <= 0.88 && first.base > page_height * 0.55 && starts_note(text) {
        return BlockKind::Footnote;
    }
    let has_letters = text.chars().any(char::is_alphabetic);
    if has_letters && rows.len() <= 4 && chars <= 240 {
        if ratio >= 1.7 {
            return BlockKind::Heading(1);
        }
        if ratio >= 1.35 {
            return BlockKind::Heading(2);
        }
        if ratio >= 1.14 {
            return BlockKind::Heading(3);
        }
        let bold = rows.iter().all(|row| row.bold) && !usual.bold;
        if bold && rows.len() <= 2 && chars <= 120 && ratio >= 0.95 {
            return BlockKind::Heading(4);
        }
    }
    BlockKind::Paragraph
}

fn starts_note(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(|c| {
        c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | '§' | '※' | '¹' | '²' | '³' | '⁴'..='⁹')
    })
}

/// `Figure 3`, `Table 2.`, `그림 1`, `표 2`, `圖 3`, `表 4`.
fn is_caption(text: &str) -> bool {
    let text = text.trim_start();
    [
        "Figure ", "Fig. ", "Table ", "Chart ", "Map ", "Photo ", "그림 ", "표 ", "사진 ", "圖 ",
        "图 ", "図 ", "表 ",
    ]
    .iter()
    .filter_map(|word| text.strip_prefix(word))
    .any(|rest| rest.chars().next().is_some_and(|c| c.is_ascii_digit()))
}
