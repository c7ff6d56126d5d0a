//! Which version of each object is the current one (MS-PPT 2.1.2), and opening sealed ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::crypt;
use crate::ole::{size_at, u32_at};

use super::records::{Record, Records};

const USER_EDIT: u16 = 0x0ff5;
const DIRECTORY: u16 = 0x1772;
const CRYPT_SESSION: u16 = 0x2f14;

#[derive(Default)]
pub(super) struct Persist {
    offsets: BTreeMap<u32, usize>,
    /// Identity of the document container.
    pub(super) document: Option<u32>,
    session: Option<u32>,
}

impl Persist {
    pub(super) fn read(document: &[u8], user: &[u8]) -> Self {
        let mut this = Self::default();
        let mut next = size_at(user, 16);
        let mut seen = BTreeSet::new();
        while let Some(at) = next
            && at != 0
            && seen.len() < 10_000
            && seen.insert(at)
        {
            let Some(edit) = Record::at(document, at).filter(|r| r.kind == USER_EDIT) else {
                break;
            };
            next = size_at(edit.data, 8);
            this.add_edit(document, edit);
        }
        if this.offsets.is_empty() {
            // Without a pointer to it: the last edit is the current one.
            let edits: Vec<Record<'_>> = Records::new(document)
                .filter(|r| r.kind == USER_EDIT)
                .collect();
            for edit in edits.into_iter().rev() {
                this.add_edit(document, edit);
            }
        }
        this
    }

    /// Adds what an edit changed; edits come newest first, so what is known stays.
    fn add_edit(&mut self, document: &[u8], edit: Record<'_>) {
        self.document = self.document.or_else(|| u32_at(edit.data, 16));
        if edit.data.len() >= 32 {
            self.session = self
                .session
                .or_else(|| u32_at(edit.data, 28))
                .filter(|id| *id != 0);
        }
        let directory = size_at(edit.data, 12).and_then(|at| Record::at(document, at));
        let Some(directory) = directory.filter(|r| r.kind == DIRECTORY) else {
            return;
        };
        let mut at = 0;
        while let Some(head) = u32_at(directory.data, at) {
            at += 4;
            for id in (head & 0xf_ffff..).take(usize::try_from(head >> 20).unwrap_or(0)) {
                let Some(offset) = size_at(directory.data, at) else {
                    return;
                };
                at += 4;
                self.offsets.entry(id).or_insert(offset);
            }
        }
    }

    pub(super) fn offset(&self, id: u32) -> Option<usize> {
        self.offsets.get(&id).copied()
    }

    pub(super) fn offsets(&self) -> impl Iterator<Item = usize> {
        let unique: BTreeSet<usize> = self.offsets.values().copied().collect();
        unique.into_iter()
    }

    fn session<'a>(&self, document: &'a [u8]) -> Option<Record<'a>> {
        let at = self.offset(self.session?)?;
        Record::at(document, at).filter(|r| r.kind == CRYPT_SESSION)
    }

    pub(super) fn sealed(&self, document: &[u8]) -> bool {
        self.session(document).is_some()
    }

    /// Opens all objects with the first password that fits; false if none does.
    pub(super) fn unseal(&self, document: &mut [u8], passwords: &[String]) -> bool {
        // PowerPoint itself seals with this one when a person gave none.
        let own = "/01Hannes Ruescher/01";
        let key = self
            .session(document)
            .and_then(|session| crypt::seal(session.data))
            .and_then(|seal| {
                passwords
                    .iter()
                    .map(String::as_str)
                    .chain([own])
                    .find_map(|password| seal.key(password))
            });
        let Some(key) = key else { return false };
        for (id, at) in self
            .offsets
            .iter()
            .filter(|(id, _)| Some(**id) != self.session)
        {
            let Some(rest) = document.get_mut(*at..) else {
                continue;
            };
            let mut head = rest.get(..8).unwrap_or(&[]).to_vec();
            key.open_block(*id, &mut head);
            let len = size_at(&head, 4)
                .unwrap_or(0)
                .saturating_add(8)
                .min(rest.len());
            if let Some(object) = rest.get_mut(..len) {
                key.open_block(*id, object);
            }
        }
        true
    }
}
