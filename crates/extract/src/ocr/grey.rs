//! A grey picture of a page, and what makes its text easier to recognise.
//!
//! Nothing here looks for text: pixels in, pixels out. 0 is black, 255 is white.

/// Rows from top to bottom, one byte a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

/// Pixels that a picture may have after it was made larger.
const MOST: usize = 40_000_000;

impl Grey {
    pub(crate) fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![255; width.saturating_mul(height)],
        }
    }

    /// From a binary PGM of 8 bits whose head is one line, as workers write it; `None` if it has
    /// not as many pixels as it says.
    pub(crate) fn from_pgm(pgm: &[u8]) -> Option<Self> {
        let line = pgm.iter().take(64).position(|byte| *byte == b'\n')?;
        let mut head = std::str::from_utf8(pgm.get(..line)?).ok()?.split(' ');
        (head.next()? == "P5").then_some(())?;
        let mut number = || head.next()?.parse::<usize>().ok();
        let (width, height) = (number()?, number()?);
        let pixels = pgm.get(line + 1..)?.get(..width.checked_mul(height)?)?;
        (width > 0 && height > 0).then(|| Self {
            width,
            height,
            pixels: pixels.to_vec(),
        })
    }

    pub(crate) fn to_pgm(&self) -> Vec<u8> {
        let mut pgm = format!("P5 {} {} 255\n", self.width, self.height).into_bytes();
        pgm.extend_from_slice(&self.pixels);
        pgm
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    fn at(&self, x: usize, y: usize) -> u8 {
        let x = x.min(self.width.saturating_sub(1));
        let y = y.min(self.height.saturating_sub(1));
        self.pixels.get(y * self.width + x).copied().unwrap_or(255)
    }

    /// Turned clockwise by so many quarters.
    pub(crate) fn turned(&self, quarters: u8) -> Self {
        let (width, height) = (self.width, self.height);
        let (out_width, out_height) = if quarters.is_multiple_of(2) {
            (width, height)
        } else {
            (height, width)
        };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..out_height {
            for x in 0..out_width {
                pixels.push(match quarters % 4 {
                    0 => self.at(x, y),
                    1 => self.at(y, height - 1 - x),
                    2 => self.at(width - 1 - x, height - 1 - y),
                    _ => self.at(width - 1 - y, x),
                });
            }
        }
        Self {
            width: out_width,
            height: out_height,
            pixels,
        }
    }

    /// The value between four pixels.
    fn between(&self, x: f32, y: f32) -> u8 {
        let (x, y) = (x.max(0.0), y.max(0.0));
        let (left, top) = (x as usize, y as usize);
        let (to_right, down) = (x - left as f32, y - top as f32);
        let mix = |a: u8, b: u8, share: f32| f32::from(a) + (f32::from(b) - f32::from(a)) * share;
        let above = mix(self.at(left, top), self.at(left + 1, top), to_right);
        let below = mix(self.at(left, top + 1), self.at(left + 1, top + 1), to_right);
        (above + (below - above) * down) as u8
    }

    /// Larger or smaller, never beyond the cap. Gives the factor that was reached.
    pub(crate) fn scaled(&self, by: f32) -> (Self, f32) {
        let cap = (MOST as f32 / (self.width * self.height).max(1) as f32).sqrt();
        let by = by.min(cap.max(0.1));
        let width = ((self.width as f32 * by).round() as usize).max(1);
        let height = ((self.height as f32 * by).round() as usize).max(1);
        let mut pixels = Vec::with_capacity(width * height);
        // Smaller: the mean of the area that becomes one pixel. Larger: between the neighbours.
        let reach = 1.0 / by;
        for y in 0..height {
            let (top, bottom) = (y as f32 * reach, (y + 1) as f32 * reach);
            for x in 0..width {
                let (left, right) = (x as f32 * reach, (x + 1) as f32 * reach);
                if by >= 1.0 {
                    pixels
                        .push(self.between((left + right) / 2.0 - 0.5, (top + bottom) / 2.0 - 0.5));
                    continue;
                }
                let (mut sum, mut weight) = (0.0, 0.0);
                for row in top as usize..bottom.ceil() as usize {
                    let high = (row as f32 + 1.0).min(bottom) - (row as f32).max(top);
                    for column in left as usize..right.ceil() as usize {
                        let wide = (column as f32 + 1.0).min(right) - (column as f32).max(left);
                        sum += f32::from(self.at(column, row)) * wide * high;
                        weight += wide * high;
                    }
                }
                pixels.push(if weight > 0.0 {
                    (sum / weight) as u8
                } else {
                    255
                });
            }
        }
        let scaled = Self {
            width,
            height,
            pixels,
        };
        (scaled, by)
    }

    /// Turned by a small angle around its middle, same size: a line that falls to the right by
    /// `slope` (down over right) lies level afterwards.
    pub(crate) fn levelled(&self, slope: f32) -> Self {
        let (sin, cos) = slope.atan().sin_cos();
        let (middle_x, middle_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            let down = y as f32 - middle_y;
            for x in 0..self.width {
                let right = x as f32 - middle_x;
                let from_x = middle_x + right * cos - down * sin;
                let from_y = middle_y + right * sin + down * cos;
                let inside = from_x >= 0.0
                    && from_y >= 0.0
                    && from_x < self.width as f32
                    && from_y < self.height as f32;
                pixels.push(if inside {
                    self.between(from_x, from_y)
                } else {
                    255
                });
            }
        }
        Self {
            width: self.width,
            height: self.height,
            pixels,
        }
    }

    /// Paper made white and ink made black, wherever on the page: shadows and faint print go.
    /// Leaves a page that is like that already as it is.
    pub(crate) fn evened(self) -> Self {
        let side = (self.width.max(self.height) / 48).max(16);
        let columns = self.width.div_ceil(side);
        let rows = self.height.div_ceil(side);
        // Of each tile the brightness that a tenth of it exceeds is paper, and the darkest
        // hundredth ink, if there is ink.
        let mut paper = Vec::with_capacity(columns * rows);
        let mut ink = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let mut counts = [0_u32; 256];
                let right = ((column + 1) * side).min(self.width);
                for y in row * side..((row + 1) * side).min(self.height) {
                    let line = self
                        .pixels
                        .get(y * self.width + column * side..y * self.width + right)
                        .unwrap_or_default();
                    for value in line {
                        if let Some(count) = counts.get_mut(usize::from(*value)) {
                            *count += 1;
                        }
                    }
                }
                let all: u32 = counts.iter().sum();
                let upto = |share: u32| {
                    let mut seen = 0;
                    let at = counts.iter().position(|count| {
                        seen += count;
                        seen > all.saturating_mul(share) / 100
                    });
                    at.unwrap_or(255) as f32
                };
                paper.push(upto(85));
                ink.push(upto(1));
            }
        }
        let brightest = paper.iter().copied().fold(0.0, f32::max);
        let darkest_paper = {
            let mut sorted = paper.clone();
            sorted.sort_by(f32::total_cmp);
            sorted.get(sorted.len() / 20).copied().unwrap_or(255.0)
        };
        // How dark ink is beside its paper: as in the darkest tenth of the tiles.
        let darkest = {
            let shares = ink.iter().zip(&paper).filter(|(_, paper)| **paper >= 32.0);
            let mut sorted: Vec<f32> = shares.map(|(ink, paper)| ink / paper).collect();
            sorted.sort_by(f32::total_cmp);
            sorted.get(sorted.len() / 10).copied().unwrap_or(0.0)
        };
        if brightest - darkest_paper < 40.0 && darkest < 0.35 && brightest > 200.0 {
            return self;
        }
        // Tiles without paper (a photograph) take that of their neighbours.
        let paper = smoothed(&paper, columns, rows);
        let contrast = (1.0 - darkest).clamp(0.2, 1.0);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        let field = Grey {
            width: columns,
            height: rows,
            pixels: paper.iter().map(|value| *value as u8).collect(),
        };
        for (y, line) in self.rows().enumerate() {
            let tile_y = (y as f32 / side as f32 - 0.5).max(0.0);
            for (x, value) in line.iter().enumerate() {
                let tile_x = (x as f32 / side as f32 - 0.5).max(0.0);
                let paper = f32::from(field.between(tile_x, tile_y)).max(48.0);
                let share = f32::from(*value) / paper;
                // Ink of this page is at 1 - contrast: stretched to black.
                let even = (share - (1.0 - contrast)) / contrast * 255.0;
                pixels.push(even.clamp(0.0, 255.0) as u8);
            }
        }
        Self { pixels, ..self }
    }

    /// Each pixel the middle one of nine: dust and grain go, strokes of two pixels stay.
    pub(crate) fn dusted(&self) -> Self {
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let mut nine = [0; 9];
                let mut at = nine.iter_mut();
                for row in y.saturating_sub(1)..y.saturating_sub(1) + 3 {
                    for column in x.saturating_sub(1)..x.saturating_sub(1) + 3 {
                        if let Some(slot) = at.next() {
                            *slot = self.at(column, row);
                        }
                    }
                }
                nine.sort_unstable();
                pixels.push(nine[4]);
            }
        }
        Self {
            width: self.width,
            height: self.height,
            pixels,
        }
    }

    /// The brightness that divides ink from paper best (N. Otsu 1979).
    pub(crate) fn threshold(&self) -> u8 {
        let mut counts = [0_u64; 256];
        for value in &self.pixels {
            if let Some(count) = counts.get_mut(usize::from(*value)) {
                *count += 1;
            }
        }
        let all = self.pixels.len() as f64;
        let sum: f64 = (0_u32..)
            .zip(counts)
            .map(|(v, n)| f64::from(v) * n as f64)
            .sum();
        let (mut below, mut sum_below, mut best, mut at) = (0.0, 0.0, -1.0, 128_u8);
        for (value, count) in (0_u8..=255).zip(counts) {
            below += count as f64;
            sum_below += f64::from(value) * count as f64;
            let above = all - below;
            if below > 0.0 && above > 0.0 {
                let apart = sum_below / below - (sum - sum_below) / above;
                let between = below * above * apart * apart;
                if between > best {
                    (best, at) = (between, value);
                }
            }
        }
        at
    }
}

/// Each value the second highest of itself and its neighbours, then their mean.
fn smoothed(values: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let around = |values: &[f32], column: usize, row: usize, reach: usize| -> Vec<f32> {
        let mut all = Vec::with_capacity(25);
        for y in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
            for x in column.saturating_sub(reach)..(column + reach + 1).min(columns) {
                all.extend(values.get(y * columns + x));
            }
        }
        all
    };
    let each = |values: &[f32], of: &dyn Fn(Vec<f32>) -> f32, reach| -> Vec<f32> {
        (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| of(around(values, column, row, reach)))
            .collect()
    };
    let high = |mut all: Vec<f32>| {
        all.sort_by(f32::total_cmp);
        all.get(all.len().saturating_sub(2))
            .copied()
            .unwrap_or(255.0)
    };
    let mean = |all: Vec<f32>| all.iter().sum::<f32>() / all.len().max(1) as f32;
    each(&each(values, &high, 1), &mean, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(rows: &[&str]) -> Grey {
        let value = |b: u8| if b == b'#' { 0 } else { 255 };
        Grey {
            width: rows[0].len(),
            height: rows.len(),
            pixels: rows.iter().flat_map(|row| row.bytes().map(value)).collect(),
        }
    }

    #[test]
    fn quarters_turn_clockwise() {
        let page = picture(&["##.", "..."]);
        assert_eq!(page.turned(1), picture(&[".#", ".#", ".."]));
        assert_eq!(page.turned(2), picture(&["...", ".##"]));
        assert_eq!(page.turned(1).turned(3), page);
    }

    #[test]
    fn a_pgm_must_have_its_pixels() {
        assert!(Grey::from_pgm(b"P5 2 2 255\nabcd").is_some());
        for broken in [
            &b"P5 2 2 255\nabc"[..],
            b"P5 0 2 255\n",
            b"P6 1 1 255\nabc",
            b"P5 9999999999 9999999999 255\n",
            b"",
            b"P5",
        ] {
            assert_eq!(Grey::from_pgm(broken), None);
        }
    }

    #[test]
    fn faint_print_on_shaded_paper_becomes_black_on_white() {
        let mut page = Grey::white(400, 400);
        for (at, pixel) in page.pixels.iter_mut().enumerate() {
            let (x, y) = (at % 400, at / 400);
            let paper = 230 - x / 4;
            let ink = x % 16 < 4 && y % 16 < 10;
            *pixel = u8::try_from(if ink { paper * 6 / 10 } else { paper }).expect("a byte");
        }
        let even = page.evened();
        let share = |x: usize, y: usize| even.pixels[y * 400 + x];
        assert!(
            share(18, 100) < 60 && share(370, 100) < 60,
            "{} {}",
            share(18, 100),
            share(370, 100)
        );
        assert!(share(26, 100) > 220 && share(378, 100) > 220);
    }

    #[test]
    fn dust_goes_and_strokes_stay() {
        let page = picture(&["......", ".#..##", "....##", "....##"]);
        assert_eq!(page.dusted().pixels.iter().filter(|p| **p == 0).count(), 6);
    }
}
