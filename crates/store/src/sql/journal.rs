//! The write-ahead log as it lies on disk, before SQLite looks at it.
//!
//! SQLite ends its reading of a write-ahead log at the first frame that does not add up, as it must
//! after a loss of power, and says nothing. A flipped bit in a log that a killed run left would so
//! take committed transactions away unseen. Here the frames are added up by the published form
//! (<https://www.sqlite.org/fileformat2.html#the_write_ahead_log>), and what does not fit is told.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;
/// Either order of the words that are added up; the last bit tells which.
const MAGIC: u32 = 0x377f_0682;
const MOST_PAGE: u32 = 65_536;

#[derive(Clone, Copy, PartialEq, Eq)]
struct Sum(u32, u32);

impl Sum {
    /// Adds pairs of words, each to the other's running sum.
    fn add(mut self, bytes: &[u8], big: bool) -> Self {
        let (pairs, _) = bytes.as_chunks::<8>();
        for pair in pairs {
            let [a, b, c, d, e, f, g, h] = *pair;
            let word = |bytes| {
                if big {
                    u32::from_be_bytes(bytes)
                } else {
                    u32::from_le_bytes(bytes)
                }
            };
            self.0 = self.0.wrapping_add(word([a, b, c, d])).wrapping_add(self.1);
            self.1 = self.1.wrapping_add(word([e, f, g, h])).wrapping_add(self.0);
        }
        self
    }
}

/// The nth big-endian word.
fn word(bytes: &[u8], n: usize) -> u32 {
    let (words, _) = bytes.as_chunks::<4>();
    words.get(n).copied().map_or(0, u32::from_be_bytes)
}

/// Fills `buffer`, or says false where the file ends before.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// What is wrong with the write-ahead log at `path`; `None` for one that adds up, and for none.
/// Nobody may be writing it.
///
/// Frames of an older generation, and a last frame that was cut short, are what every killed run
/// leaves; they are not counted.
///
/// # Errors
/// The file cannot be read.
pub(super) fn examine(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut from = BufReader::with_capacity(1 << 18, file);
    let mut head = [0; HEAD];
    if !fill(&mut from, &mut head)? {
        return Ok(None);
    }
    let (summed, told) = head.split_at(HEAD - 8);
    let big = word(&head, 0) & 1 == 1;
    let mut before = Sum(0, 0).add(summed, big);
    let page = word(&head, 2);
    if word(&head, 0) | 1 != MAGIC | 1
        || before != Sum(word(told, 0), word(told, 1))
        || !(512..=MOST_PAGE).contains(&page)
    {
        return Ok(Some("its head does not add up".to_owned()));
    }
    let salts = [word(&head, 4), word(&head, 5)];
    let mut frame = vec![0; FRAME_HEAD.saturating_add(page as usize)];
    let mut number = 0_u64;
    while fill(&mut from, &mut frame)? {
        number = number.saturating_add(1);
        let (head, content) = frame.split_at(FRAME_HEAD);
        let (start, _) = head.split_at(8);
        let told = Sum(word(head, 4), word(head, 5));
        let adds_up = before.add(start, big).add(content, big) == told;
        let ours = [word(head, 2), word(head, 3)] == salts;
        if adds_up != ours {
            return Ok(Some(format!("frame {number} does not add up")));
        }
        if !ours {
            // The generation before: overwritten from the front, never read.
            break;
        }
        before = told;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log as SQLite leaves it when it is killed.
    fn left_behind() -> (tempfile::TempDir, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let sql = rusqlite::Connection::open(&path).unwrap();
        sql.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
             CREATE TABLE t(a); INSERT INTO t VALUES(1); INSERT INTO t VALUES(randomblob(9000));",
        )
        .unwrap();
        let bytes = std::fs::read(folder.path().join("a.db-wal")).unwrap();
        (folder, bytes)
    }

    #[test]
    fn every_flipped_bit_is_told_and_what_kills_leave_is_not() {
        let (folder, whole) = left_behind();
        let path = folder.path().join("copy-wal");
        let look = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            examine(&path).unwrap()
        };
        assert_eq!(look(&whole), None);
        assert_eq!(examine(&folder.path().join("none")).unwrap(), None);
        for length in [0, 7, 31, 32, 100, 5000, whole.len() - 1] {
            assert_eq!(look(&whole[..length]), None, "cut to {length}");
        }
        for at in (0..whole.len()).step_by(97).chain(0..60) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(look(&flipped).is_some(), "byte {at}");
        }
        // Frames of the generation before, after those of this one.
        let frame = FRAME_HEAD + word(&whole, 2) as usize;
        let mut older = whole[HEAD..HEAD + frame].to_vec();
        older[9] ^= 0xff;
        older[20] ^= 0xff;
        assert_eq!(look(&[whole, older].concat()), None);
    }
}
