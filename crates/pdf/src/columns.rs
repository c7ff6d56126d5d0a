//! Reading order: which pieces of lines belong to one column, which to a table.
//!
//! The page is cut into strips (rows that overlap in height). Consecutive strips that leave the
//! same gutter free form a group: columns of prose, read one after another, or a table, read row by
//! row. What stands in no such group is read from top to bottom.

use crate::geometry::{EMPTY, Rect, join, width};
use crate::words::{Frame, Segment};

/// A part of a page in reading order.
#[derive(Debug)]
pub(crate) enum Flow {
    /// Lines from top to bottom.
    Lines(Vec<usize>),
    /// Rows of cells; a cell is a list of pieces of lines.
    Table(Vec<Vec<Vec<usize>>>),
}

/// Columns within columns.
const DEPTH: usize = 6;
/// Strips that one group may have.
const GROUP: usize = 500;

/// A gap between columns, left to right.
type Gutter = (f32, f32);

struct Strip {
    members: Vec<usize>,
    top: f32,
    bottom: f32,
    size: f32,
}

/// The flows of `members` (indices of segments) in reading order.
pub(crate) fn flows(frame: &Frame, members: Vec<usize>) -> Vec<Flow> {
    let mut flows = Vec::new();
    split(frame, members, 0, &mut flows);
    flows
}

fn segment(frame: &Frame, index: usize) -> Option<&Segment> {
    frame.segments.get(index)
}

fn bounds(frame: &Frame, members: &[usize]) -> Rect {
    members
        .iter()
        .filter_map(|&index| segment(frame, index))
        .fold(EMPTY, |all, segment| join(all, segment.rect))
}

fn split(frame: &Frame, members: Vec<usize>, depth: usize, flows: &mut Vec<Flow>) {
    if members.is_empty() {
        return;
    }
    if members.len() < 4 || depth >= DEPTH {
        flows.push(Flow::Lines(members));
        return;
    }
    let strips = strips(frame, members);
    let mut plain: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(strip) = strips.get(at) {
        if let Some((end, gutters)) = group(frame, &strips, at) {
            if !plain.is_empty() {
                flows.push(Flow::Lines(std::mem::take(&mut plain)));
            }
            let group = strips.get(at..end).unwrap_or_default();
            if let Some(labelled) = part(frame, group, &gutters, depth, flows) {
                plain = labelled;
            }
            at = end.max(at + 1);
        } else {
            plain.extend(&strip.members);
            at += 1;
        }
    }
    if !plain.is_empty() {
        flows.push(Flow::Lines(plain));
    }
}

fn strips(frame: &Frame, mut members: Vec<usize>) -> Vec<Strip> {
    let extent = |index: usize| {
        segment(frame, index).map_or((0.0, 0.0, 0.0), |s| {
            (s.base - 0.62 * s.size, s.base + 0.1 * s.size, s.size)
        })
    };
    members.sort_by(|&a, &b| extent(a).0.total_cmp(&extent(b).0));
    let mut strips: Vec<Strip> = Vec::new();
    for index in members {
        let (top, bottom, size) = extent(index);
        match strips.last_mut() {
            Some(strip) if top < strip.bottom => {
                strip.bottom = strip.bottom.max(bottom);
                strip.size = strip.size.min(size);
                strip.members.push(index);
            }
            _ => strips.push(Strip {
                members: vec![index],
                top,
                bottom,
                size,
            }),
        }
    }
    strips
}

/// The gaps that a strip leaves free between `left` and `right`.
fn free(frame: &Frame, strip: &Strip, left: f32, right: f32) -> Vec<Gutter> {
    let mut taken: Vec<(f32, f32)> = strip
        .members
        .iter()
        .filter_map(|&index| segment(frame, index))
        .map(|segment| (segment.rect[0], segment.rect[2]))
        .collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps = Vec::new();
    let mut reach = left;
    for (start, end) in taken {
        if start > reach {
            gaps.push((reach, start));
        }
        reach = reach.max(end);
    }
    if right > reach {
        gaps.push((reach, right));
    }
    gaps
}

fn common(a: &[Gutter], b: &[Gutter], least: f32) -> Vec<Gutter> {
    let mut both = Vec::new();
    for one in a {
        for other in b {
            let (start, end) = (one.0.max(other.0), one.1.min(other.1));
            if end - start >= least {
                both.push((start, end));
            }
        }
    }
    both
}

/// The group that begins with strip `at`: its end and its gutters.
fn group(frame: &Frame, strips: &[Strip], at: usize) -> Option<(usize, Vec<Gutter>)> {
    let all: Vec<usize> = strips
        .iter()
        .flat_map(|s| s.members.iter().copied())
        .collect();
    let page = bounds(frame, &all);
    let first = strips.get(at)?;
    // A group begins where something stands on both sides.
    let least = |strip: &Strip| 0.75 * strip.size;
    let mut gutters = free(frame, first, page[0], page[2]);
    gutters.retain(|gap| gap.1 - gap.0 >= least(first));
    let mut end = at;
    let mut found: Option<(usize, Vec<Gutter>)> = None;
    while end < strips.len() && end - at < GROUP {
        let Some(strip) = strips.get(end) else {
            break;
        };
        let next = common(
            &gutters,
            &free(frame, strip, page[0], page[2]),
            least(strip),
        );
        if next.is_empty() {
            break;
        }
        gutters = next;
        end += 1;
        let members = strips.get(at..end).unwrap_or_default();
        let inner = inner_gutters(frame, members, &gutters);
        if inner.is_empty() {
            // A gutter that was there is lost: the group ended before this strip.
            if found.is_some() {
                break;
            }
        } else {
            found = Some((end, inner));
        }
    }
    let (end, gutters) = found?;
    let end = trimmed(frame, strips, at, end, &gutters);
    (end > at + 1).then_some((end, gutters))
}

/// Those gutters that have at least two strips with text on both sides.
fn inner_gutters(frame: &Frame, strips: &[Strip], gutters: &[Gutter]) -> Vec<Gutter> {
    gutters
        .iter()
        .copied()
        .filter(|gutter| {
            let (mut left, mut right, mut both) = (0, 0, 0);
            for strip in strips {
                let (l, r) = sides(frame, strip, *gutter);
                left += usize::from(l);
                right += usize::from(r);
                both += usize::from(l && r);
            }
            both >= 2 && both * 10 >= left.min(right) * 3
        })
        .collect()
}

fn sides(frame: &Frame, strip: &Strip, gutter: Gutter) -> (bool, bool) {
    let middle = (gutter.0 + gutter.1) / 2.0;
    let mut sides = (false, false);
    for segment in strip
        .members
        .iter()
        .filter_map(|&index| segment(frame, index))
    {
        if segment.rect[2] <= middle {
            sides.0 = true;
        } else {
            sides.1 = true;
        }
    }
    sides
}

/// Strips at the end that have text on one side only belong to the group only while they follow
/// closely: a heading below two columns is not the end of the left one.
fn trimmed(frame: &Frame, strips: &[Strip], at: usize, end: usize, gutters: &[Gutter]) -> usize {
    let is_both = |strip: &Strip| {
        gutters
            .iter()
            .any(|gutter| sides(frame, strip, *gutter) == (true, true))
    };
    let group = strips.get(at..end).unwrap_or_default();
    let Some(last) = group.iter().rposition(is_both) else {
        return at;
    };
    // It must begin with such a strip, or closely before one.
    let first = group.iter().position(is_both).unwrap_or(0);
    let close = |a: &Strip, b: &Strip| b.top - a.bottom < 1.1 * a.size.max(b.size);
    for pair in group.get(..=first).unwrap_or_default().windows(2) {
        if let [a, b] = pair
            && !close(a, b)
        {
            return at;
        }
    }
    let mut kept = last + 1;
    while let (Some(a), Some(b)) = (group.get(kept - 1), group.get(kept))
        && close(a, b)
    {
        kept += 1;
    }
    at + kept
}

/// Puts a group into flows: columns or a table. A column of labels before text (numbers of lines
/// or items) is neither: its members are handed back as lines.
fn part(
    frame: &Frame,
    strips: &[Strip],
    gutters: &[Gutter],
    depth: usize,
    flows: &mut Vec<Flow>,
) -> Option<Vec<usize>> {
    let column_of = |index: usize| {
        let middle = segment(frame, index).map_or(0.0, |s| (s.rect[0] + s.rect[2]) / 2.0);
        gutters
            .iter()
            .filter(|gutter| middle > (gutter.0 + gutter.1) / 2.0)
            .count()
    };
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); gutters.len() + 1];
    for index in strips
        .iter()
        .flat_map(|strip| strip.members.iter().copied())
    {
        if let Some(column) = columns.get_mut(column_of(index)) {
            column.push(index);
        }
    }
    let prose = columns
        .iter()
        .filter(|column| is_prose(frame, column))
        .count();
    let right_to_left = is_right_to_left(frame, &columns);
    if let [labels, text] = columns.as_slice() {
        let (labels, text) = if right_to_left {
            (text, labels)
        } else {
            (labels, text)
        };
        if is_labels(frame, labels) && !is_labels(frame, text) {
            return Some(columns.concat());
        }
    }
    if prose >= 2 || (prose == 1 && columns.len() == 2 && !rows_align(frame, strips, gutters)) {
        if right_to_left {
            columns.reverse();
        }
        for column in columns {
            split(frame, column, depth + 1, flows);
        }
        return None;
    }
    let count = columns.len();
    let mut rows: Vec<Vec<Vec<usize>>> = Vec::new();
    let mut previous: Option<&Strip> = None;
    for strip in strips {
        let mut cells: Vec<Vec<usize>> = vec![Vec::new(); count];
        for &index in &strip.members {
            if let Some(cell) = cells.get_mut(column_of(index)) {
                cell.push(index);
            }
        }
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let near = previous.is_some_and(|previous| strip.top - previous.bottom < 0.75 * strip.size);
        let first_is_empty = cells.first().is_some_and(Vec::is_empty);
        match rows.last_mut() {
            // A line of one cell, not the first: the cell above goes on.
            Some(row) if filled == 1 && first_is_empty && near => {
                for (cell, more) in row.iter_mut().zip(cells) {
                    cell.extend(more);
                }
            }
            _ => rows.push(cells),
        }
        previous = Some(strip);
    }
    if right_to_left {
        rows.iter_mut().for_each(|row| row.reverse());
    }
    flows.push(Flow::Table(rows));
    None
}

fn is_right_to_left(frame: &Frame, columns: &[Vec<usize>]) -> bool {
    let (mut right, mut all) = (0, 0);
    for segment in columns
        .iter()
        .flatten()
        .filter_map(|&index| segment(frame, index))
    {
        all += segment.chars;
        right += if segment.right_to_left {
            segment.chars
        } else {
            0
        };
    }
    right * 2 > all
}

/// Lines that mostly reach across their column and are longer than a cell usually is.
fn is_prose(frame: &Frame, column: &[usize]) -> bool {
    let space = width(bounds(frame, column)).max(1.0);
    let lines: Vec<&Segment> = column
        .iter()
        .filter_map(|&index| segment(frame, index))
        .collect();
    if lines.len() < 3 {
        return false;
    }
    let full = lines
        .iter()
        .filter(|s| width(s.rect) > 0.72 * space)
        .count();
    let long = lines
        .iter()
        .map(|s| width(s.rect) / s.size.max(0.1))
        .sum::<f32>()
        / lines.len() as f32;
    full * 2 >= lines.len() && long >= 9.0
}

fn is_labels(frame: &Frame, column: &[usize]) -> bool {
    !column.is_empty()
        && column
            .iter()
            .filter_map(|&index| segment(frame, index))
            .all(|s| s.chars <= 4 && width(s.rect) < 3.0 * s.size)
}

/// Whether nearly every piece on the emptier side stands on the base line of one on the other
/// side, as the cells of a table do.
fn rows_align(frame: &Frame, strips: &[Strip], gutters: &[Gutter]) -> bool {
    let Some(&gutter) = gutters.first() else {
        return false;
    };
    let middle = (gutter.0 + gutter.1) / 2.0;
    let (mut left, mut right): (Vec<f32>, Vec<f32>) = (Vec::new(), Vec::new());
    for segment in strips
        .iter()
        .flat_map(|s| &s.members)
        .filter_map(|&index| segment(frame, index))
    {
        if segment.rect[2] <= middle {
            left.push(segment.base)
        } else {
            right.push(segment.base)
        }
    }
    let (few, many) = if left.len() < right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let aligned = few
        .iter()
        .filter(|base| many.iter().any(|other| (*base - other).abs() < 1.0))
        .count();
    aligned * 10 >= few.len() * 9
}
