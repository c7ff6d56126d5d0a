//! The records of a presentation (MS-PPT 2.3.1): version, instance, type, length, bytes.

use crate::ole::{u16_at, u32_at};

#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) instance: u16,
    pub(super) container: bool,
    pub(super) data: &'a [u8],
}

/// Records that stand one after another; the last is shorter where the bytes end early.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Record<'a> {
    pub(super) fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        let head = u16_at(bytes, at)?;
        let kind = u16_at(bytes, at.checked_add(2)?)?;
        let len = usize::try_from(u32_at(bytes, at.checked_add(4)?)?).ok()?;
        let rest = bytes.get(at.checked_add(8)?..)?;
        let data = rest.get(..len).unwrap_or(rest);
        Some(Self {
            kind,
            instance: head >> 4,
            container: head & 15 == 15,
            data,
        })
    }

    pub(super) const fn children(self) -> Records<'a> {
        Records {
            bytes: if self.container { self.data } else { &[] },
            at: 0,
        }
    }

    pub(super) fn child(self, kind: u16) -> Option<Self> {
        self.children().find(|record| record.kind == kind)
    }
}

impl<'a> Records<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;
    fn next(&mut self) -> Option<Record<'a>> {
        let record = Record::at(self.bytes, self.at)?;
        self.at += 8 + record.data.len();
        Some(record)
    }
}
