//! From glyphs to words and pieces of lines.
//!
//! Glyphs are taken in the order in which the page draws them as long as that order follows a line
//! (this keeps raised and lowered characters with their word), then pieces that stand on one base
//! line next to one another are joined. Each reading direction of a page is a [`Frame`] of its own,
//! turned so that its text runs to the right and its lines go down.

use std::ops::Range;

use crate::geometry::{EMPTY, Rect, join};
use crate::scene::{Glyph, Run, Scene};
use crate::script;

/// Gap between two pieces of one line, in font sizes, from which on they are apart.
const APART: f32 = 1.0;

/// All text of one reading direction.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Cosine and sine of the direction.
    turn: (f32, f32),
    /// Stands outside the visible page.
    pub(crate) outside: bool,
    pub(crate) chars: usize,
    pub(crate) segments: Vec<Segment>,
    pub(crate) words: Vec<Word>,
    /// Glyphs in reading order; words are ranges of it.
    pub(crate) order: Vec<Placed>,
}

/// A piece of a line: words with ordinary gaps.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) words: Range<usize>,
    pub(crate) rect: Rect,
    pub(crate) base: f32,
    pub(crate) size: f32,
    pub(crate) bold: bool,
    pub(crate) artifact: bool,
    pub(crate) chars: usize,
    pub(crate) right_to_left: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) glyphs: Range<usize>,
}

/// A glyph in its frame: along the line from `x0` to `x1`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    pub(crate) glyph: u32,
    pub(crate) x0: f32,
    pub(crate) x1: f32,
    base: f32,
    size: f32,
    top: f32,
    bottom: f32,
    run: u32,
    space: bool,
    right_to_left: bool,
}

impl Placed {
    pub(crate) const fn rect(&self) -> Rect {
        [self.x0, self.top, self.x1, self.bottom]
    }
}

impl Frame {
    /// A rectangle of the frame, on the page.
    pub(crate) fn on_page(&self, rect: Rect) -> Rect {
        let (cos, sin) = self.turn;
        let mut bounds = EMPTY;
        for (u, v) in [
            (rect[0], rect[1]),
            (rect[2], rect[1]),
            (rect[0], rect[3]),
            (rect[2], rect[3]),
        ] {
            let (x, y) = (u * cos - v * sin, u * sin + v * cos);
            bounds = join(bounds, [x, y, x, y]);
        }
        bounds
    }
}

/// The frames of a page, the one with most text first.
pub(crate) fn frames(scene: &Scene, page: (f32, f32)) -> Vec<Frame> {
    // Directions within a degree belong together; nearly all pages have one.
    let mut keys: Vec<(i16, bool)> = Vec::new();
    let mut members: Vec<Vec<u32>> = Vec::new();
    let mut last = usize::MAX;
    for (index, glyph) in scene.glyphs.iter().enumerate() {
        let Some(run) = scene.runs.get(glyph.run as usize) else {
            continue;
        };
        let key = (run.angle, is_outside(glyph, run, page));
        if keys.get(last) != Some(&key) {
            last = keys
                .iter()
                .position(|known| *known == key)
                .unwrap_or_else(|| {
                    keys.push(key);
                    members.push(Vec::new());
                    keys.len() - 1
                });
        }
        if let Some(list) = members.get_mut(last) {
            list.push(index as u32);
        }
    }
    let mut frames: Vec<Frame> = keys
        .iter()
        .zip(&members)
        .filter_map(|(&(_, outside), members)| frame(scene, members, outside))
        .collect();
    frames.sort_by_key(|frame| (frame.outside, std::cmp::Reverse(frame.chars)));
    frames
}

fn is_outside(glyph: &Glyph, run: &Run, page: (f32, f32)) -> bool {
    let slack = run.size;
    let x = glyph.x + run.direction.0 * glyph.advance / 2.0;
    let y = glyph.y + run.direction.1 * glyph.advance / 2.0;
    x < -slack || y < -slack || x > page.0 + slack || y > page.1 + slack
}

fn frame(scene: &Scene, members: &[u32], outside: bool) -> Option<Frame> {
    let first = scene.glyphs.get(*members.first()? as usize)?;
    let mut turn = scene.runs.get(first.run as usize)?.direction;
    for axis in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
        if (turn.0 - axis.0).abs() + (turn.1 - axis.1).abs() < 0.01 {
            turn = axis;
        }
    }
    let mut placed: Vec<Placed> = Vec::with_capacity(members.len());
    let mut chars = 0;
    for &index in members {
        let Some(glyph) = scene.glyphs.get(index as usize) else {
            continue;
        };
        let Some(run) = scene.runs.get(glyph.run as usize) else {
            continue;
        };
        let place = place(scene, index, glyph, run, turn);
        if is_overprint(scene, &placed, &place) {
            continue;
        }
        chars += usize::from(!glyph.space);
        placed.push(place);
    }
    let fragments = fragments(&placed);
    let rows = segments(scene, &mut placed, fragments);
    let mut frame = Frame {
        turn,
        outside,
        chars,
        segments: Vec::with_capacity(rows.len()),
        words: Vec::with_capacity(placed.len() / 4),
        order: Vec::with_capacity(placed.len()),
    };
    for pieces in rows {
        add_segment(scene, &placed, &pieces, &mut frame);
    }
    Some(frame)
}

fn place(scene: &Scene, index: u32, glyph: &Glyph, run: &Run, turn: (f32, f32)) -> Placed {
    let (cos, sin) = turn;
    let (u, v) = (glyph.x * cos + glyph.y * sin, glyph.y * cos - glyph.x * sin);
    let (base, top, bottom) = if run.vertical {
        let half = run.size / 2.0;
        (v + 0.38 * run.size, v - half, v + half)
    } else {
        (v, v - run.ascent * run.size, v + run.descent * run.size)
    };
    Placed {
        glyph: index,
        x0: u,
        x1: u + glyph.advance,
        base,
        size: run.size,
        top,
        bottom,
        run: glyph.run,
        space: glyph.space,
        right_to_left: script::is_right_to_left(scene.characters(glyph)),
    }
}

/// The same character drawn again in (nearly) the same place: a way to print bold.
fn is_overprint(scene: &Scene, placed: &[Placed], new: &Placed) -> bool {
    let text = |place: &Placed| {
        scene
            .glyphs
            .get(place.glyph as usize)
            .map(|g| scene.characters(g))
    };
    placed.iter().rev().take(2).any(|old| {
        (old.x0 - new.x0).abs() < 0.12 * new.size
            && (old.base - new.base).abs() < 0.12 * new.size
            && (old.x1 - old.x0) > 0.15 * new.size
            && !new.space
            && text(old) == text(new)
    })
}

/// A stretch of glyphs that the page draws one after another along a line.
#[derive(Debug, Clone)]
struct Fragment {
    glyphs: Range<usize>,
    x0: f32,
    x1: f32,
    base: f32,
    size: f32,
    blank: bool,
}

fn fragments(placed: &[Placed]) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut previous: Option<&Placed> = None;
    for (index, place) in placed.iter().enumerate() {
        let goes_on = previous.is_some_and(|previous| follows(previous, place));
        match fragments.last_mut() {
            Some(fragment) if goes_on => {
                fragment.glyphs.end = index + 1;
                fragment.x0 = fragment.x0.min(place.x0);
                fragment.x1 = fragment.x1.max(place.x1);
                if place.size > fragment.size * 1.1 || (fragment.blank && !place.space) {
                    fragment.base = place.base;
                    fragment.size = place.size;
                }
                fragment.blank &= place.space;
            }
            _ => fragments.push(Fragment {
                glyphs: index..index + 1,
                x0: place.x0,
                x1: place.x1,
                base: place.base,
                size: place.size,
                blank: place.space,
            }),
        }
        previous = Some(place);
    }
    fragments.retain(|fragment| !fragment.blank);
    fragments
}

fn follows(previous: &Placed, next: &Placed) -> bool {
    let (large, small) = (previous.size.max(next.size), previous.size.min(next.size));
    let off = (next.base - previous.base).abs();
    let gap = next.x0 - previous.x1;
    let same_line = off <= 0.2 * small;
    let raised = off <= 0.6 * large
        && gap.abs() < 0.35 * large
        && (small < 0.9 * large || off < 0.45 * large);
    if !same_line && !raised {
        return false;
    }
    let most = if previous.space || next.space {
        1.6
    } else {
        APART
    };
    // Marks over a letter are drawn back over it.
    let back = if previous.x1 - previous.x0 < 0.1 * small || next.x1 - next.x0 < 0.1 * small {
        -0.9
    } else {
        -0.35
    };
    let onwards = gap > back * large && gap < most * large;
    let leftwards = (previous.right_to_left || next.right_to_left)
        && (next.x1 - previous.x0).abs() < 0.7 * large
        && same_line;
    onwards || leftwards
}

/// Joins fragments into segments: lists of glyph indices in the order of the line.
fn segments(scene: &Scene, placed: &mut [Placed], mut fragments: Vec<Fragment>) -> Vec<Vec<usize>> {
    fragments.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut segments = Vec::new();
    let mut start = 0;
    while let Some(first) = fragments.get(start) {
        let (base, size) = (first.base, first.size);
        let row = fragments.get(start..).unwrap_or_default();
        let count = row
            .iter()
            .take_while(|f| f.base - base <= 0.3 * size.min(f.size))
            .count()
            .max(1);
        let Some(row) = fragments.get_mut(start..start + count) else {
            break;
        };
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        join_row(scene, placed, row, &mut segments);
        start += count;
    }
    segments
}

fn join_row(
    scene: &Scene,
    placed: &mut [Placed],
    row: &[Fragment],
    segments: &mut Vec<Vec<usize>>,
) {
    let mut open: Option<(Vec<usize>, f32, &Fragment)> = None;
    for fragment in row {
        let glyphs = in_order(placed, fragment.glyphs.clone());
        open = match open.take() {
            Some((mut list, reach, last)) => {
                let gap = fragment.x0 - reach;
                let size = last.size.max(fragment.size);
                if is_same_text(scene, placed, last, fragment) {
                    Some((list, reach, last))
                } else if gap > -0.5 * size
                    && gap < APART * size
                    && last.size.min(fragment.size) > 0.4 * size
                {
                    list.extend(glyphs);
                    Some((list, reach.max(fragment.x1), fragment))
                } else {
                    segments.push(list);
                    Some((glyphs, fragment.x1, fragment))
                }
            }
            None => Some((glyphs, fragment.x1, fragment)),
        };
    }
    segments.extend(open.map(|(list, ..)| list));
}

fn in_order(placed: &[Placed], glyphs: Range<usize>) -> Vec<usize> {
    let mut list: Vec<usize> = glyphs.collect();
    let start = |index: usize| placed.get(index).map_or(0.0, |p| p.x0);
    let mixed = list
        .iter()
        .any(|&index| placed.get(index).is_some_and(|p| p.right_to_left));
    if mixed {
        list.sort_by(|&a, &b| start(a).total_cmp(&start(b)));
    }
    list
}

fn is_same_text(scene: &Scene, placed: &[Placed], a: &Fragment, b: &Fragment) -> bool {
    let near = 0.2 * a.size.min(b.size);
    if (a.x0 - b.x0).abs() > near || (a.x1 - b.x1).abs() > near || (a.base - b.base).abs() > near {
        return false;
    }
    let text = |fragment: &Fragment| {
        placed.get(fragment.glyphs.clone()).map(|list| {
            list.iter()
                .filter(|place| !place.space)
                .filter_map(|place| scene.glyphs.get(place.glyph as usize))
                .map(|glyph| scene.characters(glyph))
                .collect::<String>()
        })
    };
    a.x1 - a.x0 > near && text(a) == text(b)
}

/// Cuts a segment into words and puts them in reading order.
fn add_segment(scene: &Scene, placed: &[Placed], pieces: &[usize], frame: &mut Frame) {
    let line: Vec<Placed> = pieces
        .iter()
        .filter_map(|&index| placed.get(index))
        .copied()
        .collect();
    let threshold = word_gap(&line);
    let mut words: Vec<Vec<Placed>> = Vec::new();
    let mut open: Vec<Placed> = Vec::new();
    let mut last: Option<Placed> = None;
    for place in line {
        if place.space {
            if !open.is_empty() {
                words.push(std::mem::take(&mut open));
            }
            last = Some(place);
            continue;
        }
        if let Some(previous) = last
            && place.x0 - previous.x1 > threshold * place.size.max(previous.size)
            && !open.is_empty()
        {
            words.push(std::mem::take(&mut open));
        }
        open.push(place);
        last = Some(place);
    }
    if !open.is_empty() {
        words.push(open);
    }
    let right_to_left = script::order(&mut words, |place| {
        scene
            .glyphs
            .get(place.glyph as usize)
            .map_or("", |glyph| scene.characters(glyph))
    });
    let from = frame.words.len();
    let mut segment = Segment {
        words: from..from,
        rect: EMPTY,
        base: 0.0,
        size: 0.0,
        bold: true,
        artifact: true,
        chars: 0,
        right_to_left,
    };
    let mut weights: Vec<(f32, f32, usize)> = Vec::new();
    for word in words {
        let start = frame.order.len();
        let mut rect = EMPTY;
        for place in &word {
            rect = join(rect, place.rect());
            let run = scene.runs.get(place.run as usize);
            segment.bold &= run.is_some_and(|run| run.bold);
            segment.artifact &= run.is_some_and(|run| run.artifact);
            match weights
                .iter_mut()
                .find(|(_, size, _)| (*size - place.size).abs() < 0.05)
            {
                Some((_, _, count)) => *count += 1,
                None => weights.push((place.base, place.size, 1)),
            }
        }
        segment.chars += word.len();
        segment.rect = join(segment.rect, rect);
        frame.order.extend(word);
        frame.words.push(Word {
            glyphs: start..frame.order.len(),
        });
    }
    segment.words.end = frame.words.len();
    if let Some(&(base, size, _)) = weights.iter().max_by_key(|(_, _, count)| *count) {
        (segment.base, segment.size) = (base, size);
        frame.segments.push(segment);
    }
}

/// The gap, in font sizes, from which on two glyphs of this line belong to two words.
fn word_gap(line: &[Placed]) -> f32 {
    let mut gaps: Vec<f32> = line
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if !a.space && !b.space => Some((b.x0 - a.x1) / a.size.max(b.size).max(0.01)),
            _ => None,
        })
        .collect();
    let spaced = line.iter().any(|place| place.space);
    let lowest = if spaced { 0.2 } else { 0.12 };
    if gaps.len() < 4 {
        return lowest;
    }
    // Letters set apart have a gap each; the gap between words is larger still.
    let quarter = gaps.len() / 4;
    gaps.select_nth_unstable_by(quarter, f32::total_cmp);
    let usual = gaps.get(quarter).copied().unwrap_or(0.0).clamp(0.0, 0.6);
    lowest.max(usual * 1.6 + 0.1)
}
