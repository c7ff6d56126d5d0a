//! One file of trade records: what kind it is, and what stands in it.

use serde::{Deserialize, Serialize};

use crate::ais;
use crate::bill::{self, BillRow};
use crate::claim::{self, ClaimRow};
use crate::columns::{self, Columns, Field, Heading};
use crate::epcis::{self, Events};
use crate::json;
use crate::owner::{self, Owner};
use crate::problem::Problem;
use crate::register::{self, Registration};
use crate::reply::{self, Request};
use crate::table::{self, Place, Row};
use crate::voyage::{self, VesselEvent};

/// Kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bills of lading, customs records, any table of who sent what to whom.
    Bills,
    /// EPCIS 2.0 with GDST fields.
    Epcis,
    /// Events of Global Fishing Watch.
    Gfw,
    /// Positions.
    Ais,
    /// A register of plants.
    Register,
    /// Ownership, BODS 0.4.
    Bods,
    /// Claims against plants, vessels and goods, and denials.
    Claims,
    /// Who was asked for an answer, and what came of it.
    Replies,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Bills,
        Self::Epcis,
        Self::Gfw,
        Self::Ais,
        Self::Register,
        Self::Bods,
        Self::Claims,
        Self::Replies,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bills => "bills",
            Self::Epcis => "epcis",
            Self::Gfw => "gfw",
            Self::Ais => "ais",
            Self::Register => "register",
            Self::Bods => "bods",
            Self::Claims => "claims",
            Self::Replies => "replies",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The fields that its table may have, and those without which it is none.
    const fn fields(self) -> Option<(&'static [Field], &'static [&'static [Field]])> {
        use Field::{
            Answer, Claim, Consignee, Event, Facility, Imo, Latitude, Longitude, Mmsi, Notify,
            Number, Scheme, Shipper, Time, Vessel,
        };
        Some(match self {
            Self::Ais => (
                ais::FIELDS,
                &[&[Mmsi, Imo, Vessel], &[Time], &[Latitude], &[Longitude]],
            ),
            Self::Gfw => (voyage::FIELDS, &[&[Event], &[Time], &[Mmsi, Vessel, Imo]]),
            Self::Bills => (
                bill::FIELDS,
                &[
                    &[Shipper, Consignee, Notify],
                    &[
                        Field::Bill,
                        Field::House,
                        Field::Master,
                        Field::Departed,
                        Field::Arrived,
                        Field::Date,
                        Field::Weight,
                        Field::Gross,
                        Field::Net,
                        Field::Product,
                    ],
                ],
            ),
            Self::Claims => (
                claim::FIELDS,
                &[
                    &[Claim, Answer],
                    &[Facility, Vessel, Imo, Field::Bill, Shipper, Field::Lot],
                ],
            ),
            Self::Register => (register::FIELDS, &[&[Facility], &[Number, Scheme]]),
            Self::Replies => (reply::FIELDS, &[&[Facility], &[Field::Asked]]),
            Self::Epcis | Self::Bods => return None,
        })
    }
}

/// How a file is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub kind: Option<Kind>,
    pub columns: Option<Columns>,
}

/// What stands in a file.
#[derive(Debug, Clone)]
pub enum Content {
    Bills(Vec<BillRow>),
    Epcis(Events),
    Vessels(Vec<VesselEvent>),
    Register(Vec<Registration>),
    Owners(Vec<Owner>),
    Claims(Vec<ClaimRow>),
    Requests(Vec<Request>),
}

/// A file as it was understood.
#[derive(Debug, Clone)]
pub struct Read {
    pub kind: Kind,
    /// `None` for JSON.
    pub columns: Option<Columns>,
    pub content: Content,
    /// Rows below the heading, or events.
    pub rows: u32,
    pub problems: Vec<Problem>,
}

impl Read {
    /// Where the row at a position stands. Of events that are numbered only, the number.
    #[must_use]
    pub fn place(&self, row: usize) -> Option<Place> {
        match &self.content {
            Content::Bills(rows) => rows.get(row).map(|row| row.place),
            Content::Claims(rows) => rows.get(row).map(|row| row.place),
            Content::Register(rows) => rows.get(row).map(|row| row.place),
            Content::Requests(rows) => rows.get(row).map(|row| row.place),
            Content::Owners(rows) => rows.get(row).map(|row| row.place),
            Content::Epcis(events) => events.places.get(row).copied(),
            Content::Vessels(events) => {
                let number = u32::try_from(row).ok()?.checked_add(1)?;
                let all = || {
                    events
                        .iter()
                        .flat_map(|event| std::iter::once(&event.place).chain(&event.rows))
                };
                all().find(|place| place.row == number).copied()
            }
        }
    }
}

/// Why a file could not be understood at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("it holds no records: there is no text in it")]
    Empty,
    #[error("it is JSON, and {0}")]
    Json(String),
    #[error(
        "its JSON is of no kind that is read here (EPCIS 2.0, events of Global Fishing Watch, BODS 0.4)"
    )]
    UnknownJson,
    #[error("its rows are not `{0}`: {1}")]
    Heading(&'static str, columns::HeadingError),
    #[error("its heading names too little: a table of `{0}` needs {1}")]
    Lacks(&'static str, String),
    #[error("no heading of it is known: {0}")]
    Unknown(String),
    #[error("`{0}` comes as JSON, and this is a table")]
    NotJson(&'static str),
}

/// Reads the text of a file; `file` is its position among those that are read together.
///
/// # Errors
/// It is of no kind that is known, or lacks what its kind needs.
pub fn read(file: usize, text: &str, options: &Options) -> Result<Read, ReadError> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return Err(ReadError::Empty);
    }
    if start.starts_with(['{', '[']) {
        return read_json(file, text, options);
    }
    let rows = table::rows(text);
    let (kind, heading) = recognise(&rows, options)?;
    Ok(read_table(kind, &rows, &heading))
}

fn read_json(file: usize, text: &str, options: &Options) -> Result<Read, ReadError> {
    let (records, unread) =
        json::records(text, &["eventList", "entries"]).map_err(ReadError::Json)?;
    let has = |key: &str| records.iter().any(|record| record.value.get(key).is_some());
    let guessed = if has("eventTime") {
        Kind::Epcis
    } else if has("recordType") || has("statementId") {
        Kind::Bods
    } else if has("vessel") && has("start") {
        Kind::Gfw
    } else {
        return Err(ReadError::UnknownJson);
    };
    let kind = options.kind.unwrap_or(guessed);
    let rows = u32::try_from(records.len() + unread.len()).unwrap_or(u32::MAX);
    let (content, mut problems) = match kind {
        Kind::Epcis => {
            let mut events = epcis::read(file, text, &records);
            let problems = std::mem::take(&mut events.problems);
            (Content::Epcis(events), problems)
        }
        Kind::Gfw => {
            let (events, problems) = voyage::entries(&records);
            (Content::Vessels(events), problems)
        }
        Kind::Bods => {
            let (owners, problems) = owner::read(&records);
            (Content::Owners(owners), problems)
        }
        _ => return Err(ReadError::UnknownJson),
    };
    problems.extend(unread.into_iter().map(|(number, error)| {
        Problem::of_file(
            "record-unreadable",
            format!("record {number} cannot be read: {error}"),
        )
    }));
    Ok(Read {
        kind,
        columns: None,
        content,
        rows,
        problems,
    })
}

/// The kind of a table by its heading: the first whose needs are met.
fn recognise(rows: &[Row<'_>], options: &Options) -> Result<(Kind, Heading), ReadError> {
    let order = [
        Kind::Ais,
        Kind::Replies,
        Kind::Claims,
        Kind::Bills,
        Kind::Gfw,
        Kind::Register,
    ];
    let kinds: Vec<Kind> = match options.kind {
        Some(kind) if kind.fields().is_none() => return Err(ReadError::NotJson(kind.name())),
        Some(kind) => vec![kind],
        None => order.to_vec(),
    };
    let mut why = None;
    for kind in kinds {
        let Some((fields, needs)) = kind.fields() else {
            continue;
        };
        let found = match columns::heading(rows, options.columns.as_ref(), fields) {
            Ok(found) => found,
            Err(error) => {
                why.get_or_insert(ReadError::Heading(kind.name(), error));
                continue;
            }
        };
        let lacks = needs
            .iter()
            .find(|any| !any.iter().any(|field| found.has(*field)));
        match lacks {
            None if kind == Kind::Ais && is_event(rows, options) => {}
            None => return Ok((kind, found)),
            Some(any) if options.kind.is_some() => {
                let names: Vec<String> = any.iter().map(|field| field.name()).collect();
                return Err(ReadError::Lacks(kind.name(), names.join(" or ")));
            }
            Some(_) => {}
        }
    }
    let shown = rows
        .first()
        .map(|row| row.cells.join(", "))
        .unwrap_or_default();
    let shown: String = shown.chars().take(200).collect();
    Err(match (options.kind, why) {
        (Some(_), Some(why)) => why,
        (None, Some(why @ ReadError::Heading(_, columns::HeadingError::NoSuchColumn { .. }))) => {
            why
        }
        _ => ReadError::Unknown(shown),
    })
}

/// Positions have no kind of event.
fn is_event(rows: &[Row<'_>], options: &Options) -> bool {
    options.kind.is_none()
        && columns::heading(rows, None, voyage::FIELDS).is_ok_and(|found| {
            found.has(Field::Event)
                && (found.has(Field::Ended)
                    || found.has(Field::OtherMmsi)
                    || found.has(Field::Port))
        })
}

fn read_table(kind: Kind, rows: &[Row<'_>], heading: &Heading) -> Read {
    let body = rows.get(heading.at + 1..).unwrap_or_default();
    let mut problems: Vec<Problem> = rows
        .iter()
        .take(heading.at)
        .map(|row| {
            Problem::at(
                row.place,
                "before-heading",
                "the row stands before the heading; it is kept and not used",
            )
        })
        .collect();
    let content = match kind {
        Kind::Bills => {
            let styles = bill::Styles::of(body, heading);
            let read = body.iter().map(|row| {
                let (read, more) = bill::read(row, heading, &styles);
                problems.extend(more);
                read
            });
            Content::Bills(read.collect())
        }
        Kind::Ais | Kind::Gfw => {
            let (events, more) = if kind == Kind::Ais {
                ais::events(body, heading)
            } else {
                voyage::table(body, heading)
            };
            problems.extend(more);
            Content::Vessels(events)
        }
        _ => {
            let styles = claim::Styles::of(body, heading);
            match kind {
                Kind::Claims => Content::Claims(each(body, &mut problems, |row| {
                    claim::read(row, heading, &styles)
                })),
                Kind::Replies => Content::Requests(each(body, &mut problems, |row| {
                    reply::read(row, heading, &styles)
                })),
                _ => {
                    let entries = each(body, &mut problems, |row| {
                        register::read(row, heading, &styles)
                    });
                    problems.extend(register::same_numbers(&entries));
                    Content::Register(entries)
                }
            }
        }
    };
    Read {
        kind,
        columns: Some(heading.columns.clone()),
        content,
        rows: u32::try_from(body.len()).unwrap_or(u32::MAX),
        problems,
    }
}

fn each<T>(
    rows: &[Row<'_>],
    problems: &mut Vec<Problem>,
    read: impl Fn(&Row<'_>) -> (Option<T>, Vec<Problem>),
) -> Vec<T> {
    rows.iter()
        .filter_map(|row| {
            let (read, more) = read(row);
            problems.extend(more);
            read
        })
        .collect()
}
