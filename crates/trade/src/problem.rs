//! What is wrong in a record: named, beside the result.

use serde::Serialize;

use crate::table::Place;

/// Something about one row that a reader should know. The row is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `None` for what concerns the whole file.
    #[serde(flatten)]
    pub at: Option<Place>,
    /// Stable name in kebab case.
    pub code: &'static str,
    /// What stands there, how it was taken, and what becomes of it.
    pub message: String,
}

impl Problem {
    #[must_use]
    pub fn at(place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            at: Some(place),
            code,
            message: message.into(),
        }
    }

    #[must_use]
    pub fn of_file(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            at: None,
            code,
            message: message.into(),
        }
    }
}
