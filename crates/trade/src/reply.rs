//! Who was asked for an answer, until when, and what came of it.

use serde::Serialize;
use supply::{Day, Days};

use crate::claim::{Styles, denies};
use crate::columns::{Field, Heading};
use crate::day;
use crate::party::{self, Party};
use crate::problem::Problem;
use crate::table::{Place, Row};

/// The fields that a table of requests may have.
pub const FIELDS: &[Field] = &[
    Field::Facility,
    Field::Claim,
    Field::Asked,
    Field::Due,
    Field::Answered,
    Field::Answer,
    Field::Document,
];

/// A request to somebody named in an inquiry.
#[derive(Debug, Clone, Serialize)]
pub struct Request {
    #[serde(flatten)]
    pub place: Place,
    pub party: Party,
    /// What they were asked about.
    pub about: Option<String>,
    #[serde(serialize_with = "day::shown")]
    pub asked: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub due: Option<Days>,
    #[serde(serialize_with = "day::shown")]
    pub answered: Option<Days>,
    pub answer: Option<String>,
    pub document: Option<String>,
}

/// How a request stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "days")]
pub enum State {
    NotAsked,
    /// So many days are left; the last day counts as none.
    Waiting(i32),
    /// It was asked and no day was set; so many days ago.
    Open(i32),
    Answered,
    Denied,
    /// No answer is on record, so many days after it was due.
    Silent(i32),
}

impl Request {
    /// The state on a day. Where a date is imprecise, the reading that is kindest to who was asked.
    #[must_use]
    pub fn on(&self, today: Day) -> State {
        let Some(asked) = self.asked.filter(|asked| asked.first <= today) else {
            return State::NotAsked;
        };
        let came = match self.answered {
            Some(answered) => answered.first <= today,
            None => self.answer.is_some(),
        };
        if came {
            let denied = self
                .answer
                .as_deref()
                .is_some_and(|answer| denies(&answer.to_lowercase()));
            return if denied {
                State::Denied
            } else {
                State::Answered
            };
        }
        match self.due {
            Some(due) if today > due.last => State::Silent(today - due.last),
            Some(due) => State::Waiting(due.last - today),
            None => State::Open(today - asked.last.min(today)),
        }
    }
}

/// Reads one row; `None` for one that names nobody, with the reason.
#[must_use]
pub fn read(row: &Row<'_>, heading: &Heading, styles: &Styles) -> (Option<Request>, Vec<Problem>) {
    let mut problems = Vec::new();
    let owned = |field: Field| heading.given(row, field).map(str::to_owned);
    let Some(party) = party::party(heading.given(row, Field::Facility), None, None, None) else {
        problems.push(Problem::at(
            row.place,
            "asked-nobody",
            "the row does not name who was asked",
        ));
        return (None, problems);
    };
    let mut date = |field: Field| styles.date(row, heading, field, &mut problems);
    let (asked, due, answered) = (date(Field::Asked), date(Field::Due), date(Field::Answered));
    if let (Some(asked), Some(due)) = (asked, due)
        && due.last < asked.first
    {
        problems.push(Problem::at(
            row.place,
            "due-before-asked",
            "the answer was due before it was asked for; both dates are kept",
        ));
    }
    if let (Some(asked), Some(answered)) = (asked, answered)
        && answered.last < asked.first
    {
        problems.push(Problem::at(
            row.place,
            "answered-before-asked",
            "the answer is dated before the question; both dates are kept",
        ));
    }
    let read = Request {
        place: row.place,
        party,
        about: owned(Field::Claim),
        asked,
        due,
        answered,
        answer: owned(Field::Answer),
        document: owned(Field::Document),
    };
    (Some(read), problems)
}
