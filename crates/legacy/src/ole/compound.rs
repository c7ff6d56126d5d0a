//! A reader of compound files (MS-CFB 3.0) that takes what it can from broken ones: chains that
//! loop, run out of the file or into unallocated sectors end where they break, and say so.

use std::collections::BTreeSet;
use std::io::{self, Read, SeekFrom};

use casefile::ReadSeek;

use super::{u16_at, u32_at};
use crate::codepage;

pub(crate) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const LAST_REGULAR: u32 = 0xffff_fff9;
const NONE: u32 = 0xffff_ffff;
const ENTRIES: usize = 65_536;

/// A storage or stream.
#[derive(Debug, Clone)]
pub struct Entry {
    pub name: String,
    /// The name in lower case, by which it is looked up.
    key: String,
    /// Index of the storage that holds it, in [`Compound::entries`].
    pub parent: usize,
    pub is_storage: bool,
    pub(crate) class: [u8; 16],
    start: u32,
    /// Bytes that the directory says it has.
    pub len: u64,
}

/// A compound file that is open: its directory is read, streams are read when asked for.
pub struct Compound<'a> {
    bytes: &'a mut dyn ReadSeek,
    sector: u64,
    file_len: u64,
    mini_sector: u64,
    cutoff: u64,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Option<Vec<u8>>,
    /// The root storage first.
    pub entries: Vec<Entry>,
    /// Something did not add up.
    pub broken: bool,
}

impl<'a> Compound<'a> {
    /// Reads header, allocation tables and directory. `None` if these are not a compound file.
    #[must_use]
    pub fn open(bytes: &'a mut dyn ReadSeek) -> Option<Self> {
        let file_len = bytes.seek(SeekFrom::End(0)).ok()?;
        let header = read_at(bytes, 0, 512).ok()?;
        if !header.starts_with(MAGIC) {
            return None;
        }
        let shift = u16_at(&header, 30)?;
        let sector = if matches!(shift, 7..=20) {
            1_u64 << shift
        } else {
            512
        };
        let mini_shift = u16_at(&header, 32)?;
        let mini_sector = if matches!(mini_shift, 2..=12) {
            1 << mini_shift
        } else {
            64
        };
        let cutoff = u64::from(u32_at(&header, 56)?);
        let mut this = Self {
            bytes,
            sector,
            file_len,
            mini_sector,
            cutoff: if cutoff == 0 { 4096 } else { cutoff },
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: None,
            entries: Vec::new(),
            broken: false,
        };
        this.read_fat(&header)?;
        let directory = this.chain(u32_at(&header, 48)?, u64::MAX);
        let mini_fat = this.chain(u32_at(&header, 60)?, u64::MAX);
        this.mini_fat = words(&mini_fat);
        // A directory is whole sectors; a file that was cut ends inside one.
        this.broken |= !(directory.len() as u64).is_multiple_of(this.sector);
        this.read_directory(&directory);
        // The root is what it says it is, or the directory is somewhere else.
        let root = directory.get(66) == Some(&5);
        (root && !this.entries.is_empty()).then_some(this)
    }

    fn read_sector(&mut self, number: u32) -> Vec<u8> {
        let at = (u64::from(number) + 1).saturating_mul(self.sector);
        if at >= self.file_len {
            return Vec::new();
        }
        read_at(self.bytes, at, self.sector).unwrap_or_default()
    }

    fn read_fat(&mut self, header: &[u8]) -> Option<()> {
        // The file has no more sectors than this, so neither has any chain.
        let most = usize::try_from(self.file_len / self.sector + 1).ok()?;
        let mut sectors = words(header.get(76..)?);
        let mut next = u32_at(header, 68)?;
        let mut seen = BTreeSet::new();
        while next < LAST_REGULAR && seen.insert(next) && sectors.len() <= most {
            let mut table = words(&self.read_sector(next));
            next = table.pop().unwrap_or(NONE);
            sectors.append(&mut table);
        }
        for number in sectors {
            if number > LAST_REGULAR || self.fat.len() > most {
                continue;
            }
            let mut table = words(&self.read_sector(number));
            self.broken |= table.is_empty();
            // Where the table is lost, sectors are taken to follow one another, as most do.
            let base = u32::try_from(self.fat.len()).ok()?;
            let known = u32::try_from(table.len()).ok()?;
            let entries = u32::try_from(self.sector / 4).ok()?;
            table.extend((known..entries).map(|entry| base + entry + 1));
            self.fat.append(&mut table);
        }
        Some(())
    }

    fn chain(&mut self, start: u32, len: u64) -> Vec<u8> {
        let most = len.min(self.file_len);
        let mut out = Vec::new();
        let mut at = start;
        let steps = self.file_len / self.sector + 2;
        for _ in 0..steps {
            if at > LAST_REGULAR || out.len() as u64 >= most {
                break;
            }
            let data = self.read_sector(at);
            if data.is_empty() {
                self.broken = true;
                break;
            }
            out.extend_from_slice(&data);
            at = match usize::try_from(at).ok().and_then(|i| self.fat.get(i)) {
                Some(next) => *next,
                None => {
                    self.broken = true;
                    NONE
                }
            };
        }
        out.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        out
    }

    fn read_directory(&mut self, bytes: &[u8]) {
        let raw: Vec<&[u8]> = bytes.chunks_exact(128).take(ENTRIES).collect();
        let Some(root) = raw.first() else { return };
        // Index in the directory of each entry that was taken, and of its parent in `entries`.
        let mut seen = BTreeSet::from([0]);
        self.entries.push(entry(root, 0));
        let mut todo = vec![(u32_at(root, 76).unwrap_or(NONE), 0)];
        while let Some((id, parent)) = todo.pop() {
            if id == NONE || !seen.insert(id) {
                continue;
            }
            let Some(raw) = usize::try_from(id).ok().and_then(|id| raw.get(id)) else {
                self.broken = true;
                continue;
            };
            if !matches!(raw.get(66), Some(1 | 2)) {
                continue;
            }
            let new = entry(raw, parent);
            let index = self.entries.len();
            todo.push((u32_at(raw, 68).unwrap_or(NONE), parent));
            todo.push((u32_at(raw, 72).unwrap_or(NONE), parent));
            if new.is_storage {
                todo.push((u32_at(raw, 76).unwrap_or(NONE), index));
            }
            self.entries.push(new);
        }
        // A broken tree hides entries: whatever is left belongs to the root.
        for (id, raw) in raw.iter().enumerate() {
            let id = u32::try_from(id).unwrap_or(NONE);
            if is_stream(raw) && !seen.contains(&id) {
                self.broken = true;
                self.entries.push(entry(raw, 0));
            }
        }
    }

    /// Children of a storage, in the order of the directory tree.
    #[must_use]
    pub fn children(&self, storage: usize) -> Vec<usize> {
        let all = self.entries.iter().enumerate().skip(1);
        all.filter(|(_, e)| e.parent == storage)
            .map(|(index, _)| index)
            .collect()
    }

    /// The entry at a path of names; upper and lower case are the same (MS-CFB 2.6.4).
    #[must_use]
    pub fn find(&self, path: &[&str]) -> Option<usize> {
        let mut at = 0;
        for name in path {
            at = self.child(at, name)?;
        }
        Some(at)
    }

    /// The entry of this name in a storage.
    #[must_use]
    pub fn child(&self, storage: usize, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        let mut all = self.entries.iter().enumerate().skip(1);
        all.find(|(_, e)| e.parent == storage && e.key == name)
            .map(|(index, _)| index)
    }

    /// Whether the root holds an entry of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.child(0, name).is_some()
    }

    /// The bytes of a stream: shorter than [`Entry::len`] where its chain breaks.
    pub fn stream(&mut self, index: usize) -> Vec<u8> {
        let Some(entry) = self.entries.get(index).cloned() else {
            return Vec::new();
        };
        if entry.is_storage {
            return Vec::new();
        }
        let bytes = if entry.len < self.cutoff {
            self.mini_stream(entry.start, entry.len)
        } else {
            self.chain(entry.start, entry.len)
        };
        self.broken |= (bytes.len() as u64) < entry.len;
        bytes
    }

    /// The stream at a path; `None` where there is none.
    pub fn read(&mut self, path: &[&str]) -> Option<Vec<u8>> {
        self.find(path).map(|index| self.stream(index))
    }

    fn mini_stream(&mut self, start: u32, len: u64) -> Vec<u8> {
        if self.mini.is_none() {
            let root = self
                .entries
                .first()
                .map_or((NONE, 0), |root| (root.start, root.len));
            let mini = self.chain(root.0, root.1);
            self.mini = Some(mini);
        }
        let mini = self.mini.as_deref().unwrap_or(&[]);
        let mut out = Vec::new();
        let mut at = start;
        for _ in 0..=len / self.mini_sector {
            if at > LAST_REGULAR || out.len() as u64 >= len {
                break;
            }
            let from = usize::try_from(u64::from(at) * self.mini_sector).unwrap_or(usize::MAX);
            let width = usize::try_from(self.mini_sector).unwrap_or(64);
            let rest = mini.get(from..).unwrap_or(&[]);
            out.extend_from_slice(rest.get(..width).unwrap_or(rest));
            at = usize::try_from(at)
                .ok()
                .and_then(|i| self.mini_fat.get(i))
                .copied()
                .unwrap_or(NONE);
        }
        out.truncate(usize::try_from(len).unwrap_or(usize::MAX));
        out
    }
}

/// Whether bytes that nothing points to look like the entry of a stream.
fn is_stream(raw: &[u8]) -> bool {
    let name_len = u16_at(raw, 64).unwrap_or(0);
    let name = codepage::utf16(
        raw.get(..usize::from(name_len).saturating_sub(2))
            .unwrap_or(&[]),
    );
    raw.get(66) == Some(&2)
        && matches!(raw.get(67), Some(0 | 1))
        && (4..=64).contains(&name_len)
        && name_len.is_multiple_of(2)
        && !name.contains(['\0', '\u{fffd}', '/', '\\', ':', '!'])
}

fn entry(raw: &[u8], parent: usize) -> Entry {
    let name_len = usize::from(u16_at(raw, 64).unwrap_or(0)).clamp(2, 64) - 2;
    let low = u64::from(u32_at(raw, 120).unwrap_or(0));
    let mut class = [0; 16];
    if let Some(bytes) = raw.get(80..96) {
        class.copy_from_slice(bytes);
    }
    let name: String = codepage::utf16(raw.get(..name_len).unwrap_or(&[]))
        .trim_end_matches('\0')
        .into();
    Entry {
        key: name.to_lowercase(),
        name,
        parent,
        is_storage: raw.get(66) != Some(&2),
        class,
        start: u32_at(raw, 116).unwrap_or(NONE),
        // Files of version 3 may hold anything in the upper half; no stream here is that long.
        len: low,
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .filter_map(|four| u32_at(four, 0))
        .collect()
}

fn read_at(bytes: &mut dyn ReadSeek, at: u64, len: u64) -> io::Result<Vec<u8>> {
    bytes.seek(SeekFrom::Start(at))?;
    let mut out = Vec::new();
    (&mut *bytes).take(len).read_to_end(&mut out)?;
    Ok(out)
}
