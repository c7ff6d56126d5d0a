//! What became of a file, and what was wrong on the way.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseIdError;

/// Every file, and every member of every container, ends in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Text, or a container's members, were read and can be searched.
    Indexed,
    /// Kept; no text was found in it.
    NoText,
    /// Its bytes were known already; the occurrence is recorded.
    Duplicate,
    /// It needs a password that was not given.
    Encrypted,
    /// It is broken; what could be read is kept.
    Damaged,
    /// Kept, findable by name and metadata; the format is not one that is read.
    Unsupported,
    /// A cap on time, memory or size was reached; what was read is kept.
    Limit,
    /// A rule said to leave it out.
    Skipped,
}

impl Outcome {
    /// All outcomes, in the order in which ledgers show them.
    pub const ALL: [Self; 8] = [
        Self::Indexed,
        Self::NoText,
        Self::Duplicate,
        Self::Encrypted,
        Self::Damaged,
        Self::Unsupported,
        Self::Limit,
        Self::Skipped,
    ];

    /// The name used in JSON and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Indexed => "indexed",
            Self::NoText => "no_text",
            Self::Duplicate => "duplicate",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Unsupported => "unsupported",
            Self::Limit => "limit",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Outcome {
    type Err = ParseIdError;
    fn from_str(name: &str) -> Result<Self, ParseIdError> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.name() == name);
        found.ok_or(ParseIdError {
            expected: "an outcome",
        })
    }
}

/// Something that was wrong in the data: a value beside the result, never a reason to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable name in kebab case, e.g. `page-unreadable`, `charset-guessed`.
    pub code: String,
    /// For people: what happened and what was kept.
    pub message: String,
    /// Where in the document ("page 14", "sheet 'Jan'"), where that is known.
    pub place: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            place: None,
        }
    }

    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }
}
