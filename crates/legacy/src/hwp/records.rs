//! Records: tag, level, length, bytes; a tree written flat.

use crate::ole::{size_at, u32_at};

pub(super) struct Record<'a> {
    pub(super) tag: u32,
    pub(super) level: u32,
    pub(super) data: &'a [u8],
}

pub(super) struct Records<'a> {
    pub(super) all: Vec<Record<'a>>,
    /// For each record the index after its subtree.
    ends: Vec<usize>,
    /// The stream ends inside a record.
    pub(super) cut: bool,
}

const MOST: usize = 8_000_000;

impl<'a> Records<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut all: Vec<Record<'a>> = Vec::new();
        let (mut at, mut cut) = (0_usize, false);
        while let Some(head) = u32_at(bytes, at) {
            at += 4;
            let mut len = usize::try_from(head >> 20).unwrap_or(0);
            if len == 0xfff {
                let Some(long) = size_at(bytes, at) else {
                    cut = true;
                    break;
                };
                len = long;
                at += 4;
            }
            let rest = bytes.get(at..).unwrap_or(&[]);
            let data = rest.get(..len).unwrap_or(rest);
            all.push(Record {
                tag: head & 0x3ff,
                level: head >> 10 & 0x3ff,
                data,
            });
            if data.len() < len || all.len() >= MOST {
                cut = true;
                break;
            }
            at += len;
        }
        let mut ends = vec![all.len(); all.len()];
        let mut open: Vec<usize> = Vec::new();
        for (index, record) in all.iter().enumerate() {
            while let Some(&last) = open.last()
                && all.get(last).is_none_or(|r| r.level >= record.level)
            {
                open.pop();
                if let Some(end) = ends.get_mut(last) {
                    *end = index;
                }
            }
            open.push(index);
        }
        Self { all, ends, cut }
    }

    pub(super) fn end(&self, index: usize) -> usize {
        self.ends
            .get(index)
            .copied()
            .unwrap_or(self.all.len())
            .max(index + 1)
    }
}
