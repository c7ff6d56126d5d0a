//! What `add` tells while it works, in the form of the contract.

use std::collections::BTreeMap;

use casefile::{DocumentId, Outcome, Sha256};
use serde::Serialize;

/// One occurrence.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub path: String,
    pub member: Option<String>,
    pub sha256: Option<Sha256>,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub format: Option<String>,
    pub bytes: u64,
    pub document: Option<DocumentId>,
    pub text_chars: u64,
    pub language: Option<String>,
    pub children: u64,
    pub ms: u64,
    /// It had not changed since it was taken in, and was not read again.
    pub unchanged: bool,
}

/// The end of `add`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    pub occurrences: u64,
    /// Originals that were new to the case.
    pub originals: u64,
    pub outcomes: BTreeMap<&'static str, u64>,
    pub bytes: u64,
    pub seconds: f64,
    pub unchanged: u64,
}

impl Summary {
    pub(crate) fn count(&mut self, line: &Line) {
        self.occurrences += 1;
        self.bytes += line.bytes;
        self.unchanged += u64::from(line.unchanged && line.member.is_none());
        *self.outcomes.entry(line.outcome.name()).or_default() += 1;
    }

    /// How many occurrences need attention.
    #[must_use]
    pub fn attention(&self) -> u64 {
        [Outcome::Encrypted, Outcome::Damaged, Outcome::Limit]
            .iter()
            .filter_map(|outcome| self.outcomes.get(outcome.name()))
            .sum()
    }
}

/// What happens during `add`.
#[derive(Debug)]
pub enum Event<'a> {
    /// An occurrence has been committed.
    Line(&'a Line),
    /// Files and bytes: done, of all.
    Progress {
        files: (u64, u64),
        bytes: (u64, u64),
    },
    /// Something worth a word.
    Remark(String),
}
