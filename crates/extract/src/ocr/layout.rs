//! Where text stands on a grey page: how large it is, how far the page leans, which columns it has.
//!
//! The recogniser's own analysis of pages loses lines of Korean and Chinese, whose characters fall
//! apart into pieces that it takes for dust. So pages in these scripts are cut into columns here
//! (G. Nagy and S. Seth 1984) and given to it as one column, which it reads reliably.

use super::grey::Grey;

/// Runs of ink that are looked at: a page of text has some hundred thousand.
const MOST_RUNS: usize = 6_000_000;

/// Left, top, right, bottom in pixels, half-open.
pub(crate) type Area = [usize; 4];

const fn wide(area: Area) -> usize {
    area[2].saturating_sub(area[0])
}

const fn high(area: Area) -> usize {
    area[3].saturating_sub(area[1])
}

fn join(a: Area, b: Area) -> Area {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

/// A connected piece of ink.
#[derive(Debug, Clone, Copy)]
struct Piece {
    area: Area,
    ink: usize,
}

/// The ink of a page, in connected pieces.
#[derive(Debug)]
pub(crate) struct Ink {
    pieces: Vec<Piece>,
    /// Row, start, end and piece of each run.
    runs: Vec<(u32, u32, u32, u32)>,
    width: usize,
    height: usize,
}

/// `None` if the page has too many runs to be text.
pub(crate) fn ink(page: &Grey, threshold: u8) -> Option<Ink> {
    let mut runs: Vec<(u32, u32, u32, u32)> = Vec::new();
    let mut parents: Vec<u32> = Vec::new();
    let mut above = 0..0;
    for (y, row) in page.rows().enumerate() {
        let y = u32::try_from(y).ok()?;
        let begun = runs.len();
        let mut x = 0;
        while let Some(start) = row
            .get(x..)
            .and_then(|rest| rest.iter().position(|v| *v <= threshold))
        {
            let start = x + start;
            let length = row.get(start..)?.iter().position(|v| *v > threshold);
            let end = length.map_or(row.len(), |length| start + length);
            let name = u32::try_from(parents.len()).ok()?;
            parents.push(name);
            runs.push((
                y,
                u32::try_from(start).ok()?,
                u32::try_from(end).ok()?,
                name,
            ));
            x = end;
        }
        if runs.len() > MOST_RUNS {
            return None;
        }
        // Runs that touch those of the row above, also at a corner, belong together.
        let (mut over, mut now) = (above.start, begun);
        while over < above.end && now < runs.len() {
            let (Some(&(_, a, b, up)), Some(&(_, c, d, down))) = (runs.get(over), runs.get(now))
            else {
                break;
            };
            if a <= d && c <= b {
                let (up, down) = (root(&mut parents, up), root(&mut parents, down));
                if let Some(parent) = parents.get_mut(down.max(up) as usize) {
                    *parent = down.min(up);
                }
            }
            if b < d {
                over += 1;
            } else {
                now += 1;
            }
        }
        above = begun..runs.len();
    }
    let mut names: Vec<Option<u32>> = vec![None; parents.len()];
    let mut pieces: Vec<Piece> = Vec::new();
    for run in &mut runs {
        let root = root(&mut parents, run.3);
        let name = names.get_mut(root as usize)?;
        let at = match *name {
            Some(at) => at,
            None => {
                let at = u32::try_from(pieces.len()).ok()?;
                *name = Some(at);
                pieces.push(Piece {
                    area: [usize::MAX, usize::MAX, 0, 0],
                    ink: 0,
                });
                at
            }
        };
        let (row, start, end) = (run.0 as usize, run.1 as usize, run.2 as usize);
        run.3 = at;
        let piece = pieces.get_mut(at as usize)?;
        piece.area = join(piece.area, [start, row, end, row + 1]);
        piece.ink += end - start;
    }
    Some(Ink {
        pieces,
        runs,
        width: page.width,
        height: page.height,
    })
}

fn root(parents: &mut [u32], of: u32) -> u32 {
    let mut at = of;
    while let Some(parent) = parents.get(at as usize).copied() {
        if parent == at {
            break;
        }
        let grandparent = parents.get(parent as usize).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(at as usize) {
            *slot = grandparent;
        }
        at = grandparent;
    }
    at
}

impl Ink {
    /// Height of a character in pixels, about that of a capital; `None` if there is hardly any
    /// ink in pieces of that kind.
    pub(crate) fn text_height(&self) -> Option<f32> {
        let mut heights: Vec<usize> = self
            .pieces
            .iter()
            .filter(|piece| piece.ink >= 10 && wide(piece.area) >= 2)
            .map(|piece| high(piece.area))
            .filter(|height| *height >= 5 && *height < (self.height / 6).max(40))
            .collect();
        heights.sort_unstable();
        (heights.len() >= 4)
            .then(|| heights.get(heights.len() * 7 / 10).copied().unwrap_or(0) as f32)
    }

    /// Whether most pieces are dots of dust.
    pub(crate) fn is_dusty(&self) -> bool {
        let dust = self.pieces.iter().filter(|piece| piece.ink <= 4).count();
        dust > 400 && dust * 2 > self.pieces.len()
    }

    fn is_text(piece: &Piece, text: f32) -> bool {
        let (width, height) = (wide(piece.area) as f32, high(piece.area) as f32);
        height < text * 6.0 && width < text * 12.0 && (height > text * 0.15 || width > text * 0.15)
    }

    /// Frames, rules, drawings and photographs: what is far larger than a character.
    fn is_figure(piece: &Piece, text: f32) -> bool {
        let (width, height) = (wide(piece.area) as f32, high(piece.area) as f32);
        height > text * 10.0 || (width > text * 20.0 && (height < text || height > text * 3.0))
    }

    /// How far lines fall to the right (down over right).
    pub(crate) fn slope(&self, text: f32) -> f32 {
        let feet: Vec<(f32, f32)> = self
            .pieces
            .iter()
            .filter(|piece| Self::is_text(piece, text) && high(piece.area) as f32 > text * 0.4)
            .map(|piece| {
                (
                    (piece.area[0] + piece.area[2]) as f32 / 2.0,
                    piece.area[3] as f32,
                )
            })
            .take(20_000)
            .collect();
        if feet.len() < 20 {
            return 0.0;
        }
        let bin = (text * 0.15).max(1.5);
        let reach = self.width as f32;
        let mut counts: Vec<u32> = Vec::new();
        let mut sharpness = |slope: f32| -> f64 {
            counts.clear();
            counts.resize(((self.height as f32 + reach * 0.5) / bin) as usize + 2, 0);
            for (x, y) in &feet {
                let at = ((y - x * slope + reach * 0.25) / bin).max(0.0) as usize;
                if let Some(count) = counts.get_mut(at) {
                    *count += 1;
                }
            }
            counts.iter().map(|n| f64::from(*n) * f64::from(*n)).sum()
        };
        let level = sharpness(0.0);
        let mut best = (level, 0.0);
        // To 7 degrees each way, in steps of a twelfth of one.
        for step in -84_i8..=84 {
            let slope = (f32::from(step) / 12.0).to_radians().tan();
            let sharp = sharpness(slope);
            if sharp > best.0 {
                best = (sharp, slope);
            }
        }
        // Hardly sharper than level is level.
        if best.0 > level * 1.1 { best.1 } else { 0.0 }
    }

    /// White paint over what is no text.
    pub(crate) fn without_figures(&self, page: &mut Grey, text: f32) {
        let figure: Vec<bool> = self
            .pieces
            .iter()
            .map(|p| Self::is_figure(p, text))
            .collect();
        for (row, start, end, piece) in &self.runs {
            if !figure.get(*piece as usize).copied().unwrap_or(false) {
                continue;
            }
            // With the blurred edge.
            let from = (*start as usize).saturating_sub(1);
            let to = (*end as usize + 1).min(page.width);
            for y in (*row as usize).saturating_sub(1)..(*row as usize + 2).min(page.height) {
                if let Some(run) = page
                    .pixels
                    .get_mut(y * page.width + from..y * page.width + to)
                {
                    run.fill(255);
                }
            }
        }
    }

    /// The areas of text in the order in which they are read.
    pub(crate) fn columns(&self, text: f32) -> Vec<Area> {
        let boxes: Vec<Area> = self
            .pieces
            .iter()
            .filter(|piece| Self::is_text(piece, text) && !Self::is_figure(piece, text))
            // Dust far from any text must not stretch a column.
            .filter(|piece| piece.ink as f32 > text * text * 0.02)
            .map(|piece| piece.area)
            .collect();
        let mut columns = Vec::new();
        cut(boxes, text, 0, &mut columns);
        columns
    }
}

fn around(boxes: &[Area]) -> Area {
    boxes.iter().copied().reduce(join).unwrap_or([0; 4])
}

/// Stretches without any box, between the first and the last, along `axis` (0: x, 1: y).
fn gaps(boxes: &[Area], axis: usize) -> Vec<(usize, usize)> {
    let side = |area: &Area| match axis {
        0 => (area[0], area[2]),
        _ => (area[1], area[3]),
    };
    let mut sides: Vec<(usize, usize)> = boxes.iter().map(side).collect();
    sides.sort_unstable();
    let mut gaps = Vec::new();
    let mut end = sides.first().map_or(0, |side| side.1);
    for (from, to) in sides {
        if from > end {
            gaps.push((end, from));
        }
        end = end.max(to);
    }
    gaps
}

/// Whether the boxes stand in lines that fill their width, as text does and a table does not.
fn is_column(boxes: &[Area], text: f32) -> bool {
    let whole = around(boxes);
    if (wide(whole) as f32) < text * 7.0 {
        return false;
    }
    let mut cuts: Vec<usize> = gaps(boxes, 1).iter().map(|gap| gap.1).collect();
    cuts.insert(0, whole[1]);
    if cuts.len() < 3 {
        return false;
    }
    let mut lines: Vec<Area> = vec![[usize::MAX, 0, 0, 0]; cuts.len()];
    for area in boxes {
        let line = cuts
            .partition_point(|cut| *cut <= area[1])
            .saturating_sub(1);
        if let Some(line) = lines.get_mut(line) {
            *line = [line[0].min(area[0]), 0, line[2].max(area[2]), 0];
        }
    }
    let full = lines
        .iter()
        .filter(|line| wide(**line) * 10 >= wide(whole) * 6)
        .count();
    full * 2 >= lines.len()
}

/// Where two columns part.
fn gutter(boxes: &[Area], text: f32) -> Option<usize> {
    let mut gaps = gaps(boxes, 0);
    gaps.retain(|(from, to)| (to - from) as f32 > text * 0.9);
    gaps.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
    gaps.into_iter().take(4).find_map(|(from, to)| {
        let at = usize::midpoint(from, to);
        let (left, right): (Vec<Area>, Vec<Area>) = boxes.iter().partition(|area| area[0] < at);
        (is_column(&left, text) && is_column(&right, text)).then_some(at)
    })
}

fn cut(boxes: Vec<Area>, text: f32, depth: u8, columns: &mut Vec<Area>) {
    if boxes.is_empty() {
        return;
    }
    if depth < 8 {
        if let Some(at) = gutter(&boxes, text) {
            let (left, right) = boxes.into_iter().partition(|area| area[0] < at);
            cut(left, text, depth + 1, columns);
            cut(right, text, depth + 1, columns);
            return;
        }
        // A heading over columns, or a foot under them, hides the gutter: try without it.
        let mut levels = gaps(&boxes, 1);
        levels.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
        levels.truncate(6);
        levels.sort_unstable();
        for (_, at) in levels {
            let (above, below): (Vec<Area>, Vec<Area>) =
                boxes.iter().partition(|area| area[1] < at);
            if gutter(&above, text).is_some() || gutter(&below, text).is_some() {
                cut(above, text, depth + 1, columns);
                cut(below, text, depth + 1, columns);
                return;
            }
        }
    }
    columns.push(around(&boxes));
}

/// Areas of a page one under the other, and where each one begins.
#[derive(Debug)]
pub(crate) struct Stack {
    pub(crate) page: Grey,
    margin: usize,
    /// The row at which an area begins, and the area.
    areas: Vec<(usize, Area)>,
}

/// Sets areas one under the other, with white around them.
pub(crate) fn stack(page: &Grey, areas: &[Area], text: f32) -> Stack {
    let margin = (text * 1.5) as usize + 4;
    // A little more than the ink, for accents and blurred edges.
    let more = (text * 0.4) as usize + 2;
    let areas: Vec<Area> = areas
        .iter()
        .map(|[left, top, right, bottom]| {
            [
                left.saturating_sub(more),
                top.saturating_sub(more),
                (right + more).min(page.width),
                (bottom + more).min(page.height),
            ]
        })
        .collect();
    let width = areas.iter().map(|area| wide(*area)).max().unwrap_or(0) + 2 * margin;
    let height = areas.iter().map(|area| high(*area) + margin).sum::<usize>() + margin;
    let mut whole = Grey::white(width, height);
    let mut placed = Vec::with_capacity(areas.len());
    let mut at = margin;
    for area in areas {
        placed.push((at, area));
        for row in 0..high(area) {
            let from = (area[1] + row) * page.width + area[0];
            let to = (at + row) * width + margin;
            if let (Some(source), Some(goal)) = (
                page.pixels.get(from..from + wide(area)),
                whole.pixels.get_mut(to..to + wide(area)),
            ) {
                goal.copy_from_slice(source);
            }
        }
        at += high(area) + margin;
    }
    Stack {
        page: whole,
        margin,
        areas: placed,
    }
}

impl Stack {
    /// Which area a box of the stack lies in, and the box on the page.
    pub(crate) fn back(&self, rect: [f32; 4]) -> Option<(u32, [f32; 4])> {
        let middle = (rect[1] + rect[3]) / 2.0;
        let index = self
            .areas
            .partition_point(|(at, _)| (*at as f32) <= middle)
            .saturating_sub(1);
        let (at, area) = self.areas.get(index)?;
        let right = area[0] as f32 - self.margin as f32;
        let down = area[1] as f32 - *at as f32;
        let moved = [
            rect[0] + right,
            rect[1] + down,
            rect[2] + right,
            rect[3] + down,
        ];
        Some((u32::try_from(index).ok()?, moved))
    }

    /// A strip of the stack with some lines of text, to try languages on.
    pub(crate) fn sample(&self, text: f32) -> Grey {
        let rows = ((text * 14.0) as usize).max(120).min(self.page.height);
        // Where most ink is.
        let dark: Vec<usize> = self
            .page
            .rows()
            .map(|row| row.iter().filter(|value| **value < 128).count())
            .collect();
        let mut sum: usize = dark.iter().take(rows).sum();
        let (mut most, mut from) = (sum, 0);
        for (at, gone) in dark.iter().enumerate() {
            let Some(come) = dark.get(at + rows) else {
                break;
            };
            sum = (sum + come).saturating_sub(*gone);
            if sum > most {
                (most, from) = (sum, at + 1);
            }
        }
        let width = self.page.width;
        let pixels = self.page.pixels.get(from * width..(from + rows) * width);
        Grey {
            width,
            height: rows,
            pixels: pixels.unwrap_or_default().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of characters of 10 × 14 pixels, 16 apart.
    fn print(page: &mut Grey, left: usize, top: usize, characters: usize, lines: usize, fall: f32) {
        for line in 0..lines {
            for character in 0..characters {
                let x = left + character * 14;
                let y = top + line * 26 + (x as f32 * fall) as usize;
                for row in y..y + 14 {
                    for column in x..x + 10 {
                        page.pixels[row * page.width + column] = 0;
                    }
                }
            }
        }
    }

    #[test]
    fn two_columns_under_a_heading_are_three_areas() {
        let mut page = Grey::white(800, 600);
        print(&mut page, 40, 30, 50, 1, 0.0);
        print(&mut page, 40, 90, 22, 15, 0.0);
        print(&mut page, 430, 90, 22, 15, 0.0);
        let ink = ink(&page, 128).expect("a page");
        let text = ink.text_height().expect("text");
        assert_eq!(text, 14.0);
        let areas = ink.columns(text);
        assert_eq!(
            areas.iter().map(|a| (a[0], a[1])).collect::<Vec<_>>(),
            [(40, 30), (40, 90), (430, 90)]
        );
        let stack = stack(&page, &areas, text);
        assert_eq!(stack.areas.len(), 3);
        let (index, _) = stack.areas[2];
        let rect = [
            (stack.margin + 7) as f32,
            (index + 7) as f32,
            (stack.margin + 17) as f32,
            (index + 21) as f32,
        ];
        assert_eq!(stack.back(rect), Some((2, [430.0, 90.0, 440.0, 104.0])));
    }

    #[test]
    fn a_table_is_not_cut_into_columns() {
        let mut page = Grey::white(800, 600);
        for row in 0..12 {
            print(&mut page, 40, 30 + row * 40, 3 + row % 5, 1, 0.0);
            print(&mut page, 300, 30 + row * 40, 2 + row % 3, 1, 0.0);
            print(&mut page, 600, 30 + row * 40, 4, 1, 0.0);
        }
        let ink = ink(&page, 128).expect("a page");
        assert_eq!(ink.columns(14.0).len(), 1);
    }

    #[test]
    fn a_leaning_page_is_measured_and_levelled() {
        let mut page = Grey::white(900, 700);
        print(&mut page, 60, 60, 50, 18, 0.03);
        let slope = ink(&page, 128).expect("a page").slope(14.0);
        assert!((slope - 0.03).abs() < 0.002, "{slope}");
        let level = page.levelled(slope);
        let after = ink(&level, 128).expect("a page").slope(14.0);
        assert!(after.abs() < 0.003, "{after}");
    }

    #[test]
    fn frames_are_painted_over_and_text_stays() {
        let mut page = Grey::white(600, 600);
        print(&mut page, 60, 60, 20, 10, 0.0);
        for x in 20..580 {
            for y in [20, 21, 570, 571] {
                page.pixels[y * 600 + x] = 0;
            }
        }
        let found = ink(&page, 128).expect("a page");
        found.without_figures(&mut page, 14.0);
        assert_eq!(
            page.pixels.iter().filter(|p| **p == 0).count(),
            20 * 10 * 140
        );
    }
}
