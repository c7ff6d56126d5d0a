//! What of a TIFF (revision 6.0) has to be known beside its pixels: its pages, whether they are
//! all there, and the shape of a pixel.

const WIDTH: u32 = 282;
const HEIGHT: u32 = 283;
/// Pages that are followed.
const MOST_PAGES: usize = 2_000;

struct File<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let little = bytes.starts_with(b"II*\0");
        (little || bytes.starts_with(b"MM\0*")).then_some(Self { bytes, little })
    }

    fn number(&self, at: usize, size: usize) -> Option<u32> {
        let raw = self.bytes.get(at..at.checked_add(size)?)?;
        let fold = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        Some(if self.little {
            raw.iter().rev().fold(0, fold)
        } else {
            raw.iter().fold(0, fold)
        })
    }

    /// Offsets of the image directories, by following their chain (section 2).
    fn directories(&self) -> Vec<u32> {
        let mut found = Vec::new();
        let mut next = self.number(4, 4);
        while let Some(at) = next.filter(|at| *at != 0 && !found.contains(at)) {
            let Some(entries) = self.number(at as usize, 2) else {
                break;
            };
            found.push(at);
            if found.len() >= MOST_PAGES {
                break;
            }
            next = (at as usize + 2)
                .checked_add(12 * entries as usize)
                .and_then(|end| self.number(end, 4));
        }
        found
    }

    /// Type, count and the place of the value of an entry.
    fn entry(&self, directory: u32, tag: u32) -> Option<(u32, u32, usize)> {
        let start = (directory as usize).checked_add(2)?;
        let entries = self.number(directory as usize, 2)? as usize;
        let at = (0..entries)
            .filter_map(|n| start.checked_add(12 * n))
            .find(|at| self.number(*at, 2) == Some(tag))?;
        let (kind, count) = (self.number(at + 2, 2)?, self.number(at + 4, 4)?);
        let size = match kind {
            3 => 2_u64,
            4 => 4,
            5 => 8,
            _ => 1,
        };
        let place = if size * u64::from(count) > 4 {
            self.number(at + 8, 4)? as usize
        } else {
            at + 8
        };
        Some((kind, count, place))
    }

    fn ratio(&self, directory: u32, tag: u32) -> Option<f64> {
        let (kind, _, at) = self.entry(directory, tag)?;
        let (over, under) = (self.number(at, 4)?, self.number(at.checked_add(4)?, 4)?);
        (kind == 5 && over > 0 && under > 0).then(|| f64::from(over) / f64::from(under))
    }

    /// Numbers of an entry, at most 100,000.
    fn numbers(&self, directory: u32, tag: u32) -> Option<Vec<u32>> {
        let (kind, count, at) = self.entry(directory, tag)?;
        let size = if kind == 3 { 2 } else { 4 };
        let each = |n: u32| self.number(at.checked_add(n as usize * size)?, size);
        (0..count.min(100_000)).map(each).collect()
    }
}

/// Number of images.
pub(crate) fn pages(bytes: &[u8]) -> u32 {
    let found = File::open(bytes).map_or(0, |file| file.directories().len());
    found.max(1).try_into().unwrap_or(1)
}

/// The same file with its head pointing at the directory of this page.
pub(crate) fn moved_to(bytes: &[u8], page: u32) -> Option<Vec<u8>> {
    let file = File::open(bytes)?;
    let index = usize::try_from(page).ok()?.checked_sub(1)?;
    let at = file.directories().get(index).copied()?;
    let mut moved = bytes.to_vec();
    let head = if file.little {
        at.to_le_bytes()
    } else {
        at.to_be_bytes()
    };
    moved.get_mut(4..8)?.copy_from_slice(&head);
    Some(moved)
}

/// If the first image has a palette: the file with the numbers of its colours as if they were
/// greys, and the palette (all reds, then all greens, then all blues, of 16 bits each).
pub(crate) fn with_numbers_for_colours(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u32>)> {
    const PALETTE: u32 = 3;
    let file = File::open(bytes)?;
    let directory = file.number(4, 4)?;
    let (kind, _, at) = file.entry(directory, 262)?;
    if kind != 3 || file.number(at, 2)? != PALETTE {
        return None;
    }
    let palette = file.numbers(directory, 320)?;
    let black_is_zero = if file.little { [1, 0] } else { [0, 1] };
    let mut greys = bytes.to_vec();
    greys.get_mut(at..at + 2)?.copy_from_slice(&black_is_zero);
    Some((greys, palette))
}

/// The size that the first image has to have for its pixels to be square; `None` if they are. A fax
/// has twice as many pixels across as down.
pub(crate) fn square(bytes: &[u8], width: u32, height: u32) -> Option<(u32, u32)> {
    let file = File::open(bytes)?;
    let directory = file.number(4, 4)?;
    let (x, y) = (
        file.ratio(directory, WIDTH)?,
        file.ratio(directory, HEIGHT)?,
    );
    let higher = x / y;
    // What is said wrongly is said very wrongly.
    if !(0.2..=5.0).contains(&higher) || (0.9..=1.1).contains(&higher) {
        return None;
    }
    // The coarser side is stretched, so that nothing is lost.
    Some(if higher > 1.0 {
        (width, (f64::from(height) * higher) as u32)
    } else {
        ((f64::from(width) / higher) as u32, height)
    })
}

/// Whether all strips or tiles of all images lie inside the file.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let Some(file) = File::open(bytes) else {
        return true;
    };
    let directories = file.directories();
    let inside = |directory: &u32, offsets, lengths| {
        let (Some(offsets), Some(lengths)) = (
            file.numbers(*directory, offsets),
            file.numbers(*directory, lengths),
        ) else {
            // Stored without lengths, or of another kind: nothing speaks against it.
            return true;
        };
        let mut ends = offsets
            .iter()
            .zip(&lengths)
            .map(|(at, length)| u64::from(*at) + u64::from(*length));
        ends.all(|end| end <= bytes.len() as u64)
    };
    !directories.is_empty()
        && directories
            .iter()
            .all(|directory| inside(directory, 273, 279) && inside(directory, 324, 325))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fax(x: u32, y: u32) -> Vec<u8> {
        let mut file = b"II*\0\x08\0\0\0\x02\0".to_vec();
        for (tag, at) in [(282_u16, 38_u32), (283, 46)] {
            file.extend(tag.to_le_bytes());
            file.extend(5_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(at.to_le_bytes());
        }
        file.extend(0_u32.to_le_bytes());
        for number in [x, 1, y, 1] {
            file.extend(number.to_le_bytes());
        }
        file
    }

    #[test]
    fn flat_pixels_of_a_fax_become_square() {
        let cases = [
            (204, 98, Some((1728, 2289))),
            (98, 204, Some((3597, 1100))),
            (204, 196, None),
            (300, 300, None),
            (300, 1, None),
        ];
        for (x, y, expected) in cases {
            assert_eq!(square(&fax(x, y), 1728, 1100), expected, "{x} {y}");
        }
        assert_eq!(square(b"II*\0\xff\xff\xff\xff", 10, 10), None);
        assert_eq!(square(b"\x89PNG", 10, 10), None);
    }

    #[test]
    fn directories_that_run_in_a_circle_end() {
        let mut file = fax(1, 1);
        file[34..38].copy_from_slice(&8_u32.to_le_bytes());
        assert_eq!(pages(&file), 1);
        assert!(moved_to(&file, 2).is_none());
    }
}
