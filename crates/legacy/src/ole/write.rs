//! A storage of a compound file as a file of its own: embedded workbooks and documents are
//! storages, and are read like any other file once they stand alone.

use super::{Compound, MAGIC};

const SECTOR: usize = 512;
const MINI_SECTOR: usize = 64;
const CUTOFF: usize = 4096;
const END: u32 = 0xffff_fffe;
const FREE: u32 = 0xffff_ffff;
/// Bytes of a storage that are copied, and levels of storages inside it.
const MOST: usize = 128 << 20;
const DEPTH: u32 = 16;

struct New {
    name: String,
    /// 1 storage, 2 stream, 5 root.
    kind: u8,
    class: [u8; 16],
    child: u32,
    right: u32,
    start: u32,
    len: u32,
}

/// Copies a storage with everything in it; `None` if it is empty or larger than 128 MiB.
///
/// Siblings are sorted as MS-CFB 2.6.4 wants it and hang in a chain, not a balanced tree, which
/// readers follow all the same.
#[must_use]
pub fn storage_as_file(file: &mut Compound<'_>, storage: usize) -> Option<Vec<u8>> {
    let class = file.entries.get(storage)?.class;
    let root = New {
        name: "Root Entry".into(),
        kind: 5,
        class,
        child: FREE,
        right: FREE,
        start: END,
        len: 0,
    };
    let mut copy = Copy {
        entries: vec![root],
        fat: Vec::new(),
        data: Vec::new(),
        mini_fat: Vec::new(),
        mini: Vec::new(),
    };
    copy.add_children(file, storage, 0, 0)?;
    if copy.data.is_empty() && copy.mini.is_empty() {
        return None;
    }
    copy.finish()
}

struct Copy {
    entries: Vec<New>,
    fat: Vec<u32>,
    data: Vec<u8>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
}

impl Copy {
    fn add_children(
        &mut self,
        file: &mut Compound<'_>,
        from: usize,
        to: usize,
        depth: u32,
    ) -> Option<()> {
        let mut previous: Option<usize> = None;
        let mut children = file.children(from);
        children.sort_by_cached_key(|index| {
            let name = file
                .entries
                .get(*index)
                .map(|e| e.name.as_str())
                .unwrap_or("");
            (name.encode_utf16().count(), name.to_uppercase())
        });
        for index in children {
            let entry = file.entries.get(index)?.clone();
            let bytes = file.stream(index);
            if self.data.len() + bytes.len() > MOST || depth > DEPTH {
                return None;
            }
            let id = u32::try_from(self.entries.len()).ok()?;
            let start = if bytes.len() < CUTOFF {
                push(&mut self.mini, &mut self.mini_fat, MINI_SECTOR, &bytes)?
            } else {
                push(&mut self.data, &mut self.fat, SECTOR, &bytes)?
            };
            let place = self.entries.len();
            self.entries.push(New {
                name: entry.name,
                kind: if entry.is_storage { 1 } else { 2 },
                class: entry.class,
                child: FREE,
                right: FREE,
                start,
                len: u32::try_from(bytes.len()).ok()?,
            });
            match previous {
                None => self.entries.get_mut(to)?.child = id,
                Some(previous) => self.entries.get_mut(previous)?.right = id,
            }
            previous = Some(place);
            if entry.is_storage {
                self.add_children(file, index, place, depth + 1)?;
            }
        }
        Some(())
    }

    fn finish(mut self) -> Option<Vec<u8>> {
        let mini_len = u32::try_from(self.mini.len()).ok()?;
        let mini_start = push(&mut self.data, &mut self.fat, SECTOR, &self.mini)?;
        let root = self.entries.first_mut()?;
        (root.start, root.len) = (mini_start, mini_len);
        self.mini_fat
            .resize(self.mini_fat.len().next_multiple_of(SECTOR / 4), FREE);
        let mini_tables = u32::try_from(self.mini_fat.len() / (SECTOR / 4)).ok()?;
        let mini_fat: Vec<u8> = self
            .mini_fat
            .iter()
            .flat_map(|next| next.to_le_bytes())
            .collect();
        let mini_fat_start = push(&mut self.data, &mut self.fat, SECTOR, &mini_fat)?;
        let mut directory = Vec::new();
        for entry in &self.entries {
            let name: Vec<u8> = entry
                .name
                .encode_utf16()
                .take(31)
                .flat_map(u16::to_le_bytes)
                .collect();
            let name_len = u16::try_from(name.len() + 2).ok()?;
            let mut raw = name;
            raw.resize(64, 0);
            raw.extend(name_len.to_le_bytes());
            raw.extend([entry.kind, 1]);
            for id in [FREE, entry.right, entry.child] {
                raw.extend(id.to_le_bytes());
            }
            raw.extend(entry.class);
            raw.extend([0; 20]);
            raw.extend(entry.start.to_le_bytes());
            raw.extend(u64::from(entry.len).to_le_bytes());
            directory.extend(raw);
        }
        // Unused entries fill the last sector.
        while !directory.len().is_multiple_of(SECTOR) {
            directory.extend([0; 68]);
            directory.extend([0xff; 12]);
            directory.extend([0; 48]);
        }
        let directory_start = push(&mut self.data, &mut self.fat, SECTOR, &directory)?;
        let used = self.fat.len();
        // The table must have room for its own sectors.
        let mut tables = used.div_ceil(SECTOR / 4);
        while (used + tables).div_ceil(SECTOR / 4) > tables {
            tables += 1;
        }
        if tables > 109 {
            return None;
        }
        self.fat.resize(used + tables, 0xffff_fffd);
        self.fat.resize(tables * SECTOR / 4, FREE);
        let mut header = MAGIC.to_vec();
        header.extend([0; 16]);
        for half in [0x3e_u16, 3, 0xfffe, 9, 6] {
            header.extend(half.to_le_bytes());
        }
        header.extend([0; 6]);
        let tables_count = u32::try_from(tables).ok()?;
        // Directory sectors (0 in version 3), tables, directory, transaction, cutoff, mini tables,
        // further table sectors.
        for word in [
            0,
            tables_count,
            directory_start,
            0,
            4096,
            mini_fat_start,
            mini_tables,
            END,
            0,
        ] {
            header.extend(word.to_le_bytes());
        }
        let first_table = u32::try_from(used).ok()?;
        for index in 0..109 {
            let number = if index < tables_count {
                first_table + index
            } else {
                FREE
            };
            header.extend(number.to_le_bytes());
        }
        header.extend_from_slice(&self.data);
        header.extend(self.fat.iter().flat_map(|next| next.to_le_bytes()));
        Some(header)
    }
}

/// Adds bytes as a chain of sectors and tells its first.
fn push(data: &mut Vec<u8>, fat: &mut Vec<u32>, sector: usize, bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() {
        return Some(END);
    }
    let start = u32::try_from(fat.len()).ok()?;
    for left in (0..bytes.len().div_ceil(sector)).rev() {
        let next = u32::try_from(fat.len() + 1).ok()?;
        fat.push(if left == 0 { END } else { next });
    }
    data.extend_from_slice(bytes);
    data.resize(data.len().next_multiple_of(sector), 0);
    Some(start)
}

/// A compound file of these streams, for tests; a name may begin with a storage and `/`.
#[cfg(test)]
pub(crate) fn file_of(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let new = |name: &str, kind, start, len| New {
        name: name.into(),
        kind,
        class: [0; 16],
        child: FREE,
        right: FREE,
        start,
        len,
    };
    let mut copy = Copy {
        entries: vec![new("Root Entry", 5, END, 0)],
        fat: Vec::new(),
        data: Vec::new(),
        mini_fat: Vec::new(),
        mini: Vec::new(),
    };
    let hang = |copy: &mut Copy, parent: usize, entry: New| {
        let id = copy.entries.len();
        let mut entry = entry;
        entry.right = std::mem::replace(&mut copy.entries[parent].child, id as u32);
        copy.entries.push(entry);
        id
    };
    for (path, bytes) in streams {
        let (storage, name) = path.split_once('/').unwrap_or(("", path));
        let known = copy
            .entries
            .iter()
            .position(|e| e.kind == 1 && e.name == storage);
        let parent = match (storage, known) {
            ("", _) => 0,
            (_, Some(known)) => known,
            _ => hang(&mut copy, 0, new(storage, 1, 0, 0)),
        };
        let start = if bytes.len() < CUTOFF {
            push(&mut copy.mini, &mut copy.mini_fat, MINI_SECTOR, bytes)
        } else {
            push(&mut copy.data, &mut copy.fat, SECTOR, bytes)
        };
        let len = bytes.len() as u32;
        hang(&mut copy, parent, new(name, 2, start.unwrap_or(END), len));
    }
    copy.finish().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{Kind, recognise};

    #[test]
    fn a_storage_becomes_a_file() {
        let large: Vec<u8> = (0..70_000_u32).map(|n| (n / 7) as u8).collect();
        let bytes = file_of(&[
            ("Pool/Workbook", &large),
            ("Pool/small", b"few"),
            ("Pool/empty", b""),
            ("other", b"x"),
        ]);
        let mut cursor = Cursor::new(&bytes);
        let mut file = Compound::open(&mut cursor).unwrap_or_else(|| panic!("does not open"));
        let pool = file.find(&["pool"]).unwrap_or(0);
        let inner = storage_as_file(&mut file, pool).unwrap_or_default();
        assert!(!file.broken);
        assert_eq!(recognise(&mut Cursor::new(&inner)), Some(Kind::Workbook));
        let mut cursor = Cursor::new(&inner);
        let mut copy = Compound::open(&mut cursor).unwrap_or_else(|| panic!("does not open"));
        assert_eq!(copy.read(&["WORKBOOK"]).as_ref(), Some(&large));
        assert_eq!(copy.read(&["small"]).as_deref(), Some(&b"few"[..]));
        assert_eq!(copy.read(&["empty"]).as_deref(), Some(&b""[..]));
        assert_eq!(copy.find(&["other"]), None);
    }

    #[test]
    fn a_chain_that_loops_ends() {
        let mut bytes = file_of(&[("Workbook", &[7; 9000])]);
        // The first sector of the stream names itself as the next.
        let table = bytes.len() - 512;
        bytes[table..table + 4].copy_from_slice(&0_u32.to_le_bytes());
        let mut cursor = Cursor::new(&bytes);
        let mut file = Compound::open(&mut cursor).unwrap_or_else(|| panic!("does not open"));
        assert_eq!(file.read(&["Workbook"]).map(|s| s.len()), Some(9000));
    }
}
