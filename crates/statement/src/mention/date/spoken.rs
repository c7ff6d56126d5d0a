//! Dates as words give them, before they are resolved.

use std::ops::Range;

/// Which year a month or day belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    Given(i32),
    /// Counted from the document's own: last year is -1.
    Shift(i32),
    /// 같은 해, 同年: that of the date spoken of before.
    Same(i32),
    /// Not said.
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
    Decade,
}

/// Which of the days of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Nearest,
    /// That of the running week.
    This,
    Last,
    Next,
}

/// One point or stretch of time as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Year(Year),
    Decade(i32),
    Month(Year, u8),
    Day(Year, u8, u8),
    /// "13日": a day whose month is not said.
    DayAlone(u8),
    /// A day of a month counted from the document's own: "지난달 28일".
    DayOfMonth(i32, u8),
    /// 0 spring, 1 summer, 2 autumn, 3 winter.
    Season(Year, u8),
    /// Months of a year: a half, a quarter.
    Months(Year, u8, u8),
    /// 0 is Monday.
    Weekday(u8, Which),
    /// A unit counted from the document's date: today, last month, two years ago.
    Shift(Unit, i32),
    /// So many units up to the document's date; "recent" ones are vague.
    Past(Unit, i32, bool),
    Coming(Unit, i32),
    Now,
    /// "earlier this year": from the unit's begin to the document's date.
    SoFar(Unit),
    /// "later this year".
    Later(Unit),
    /// A unit counted from the date spoken of before: "the following day", "that year".
    FromLast(Unit, i32),
    /// 03/04/2023: month and day may stand in either order (year, first, second).
    Either(i32, u8, u8),
    /// A season, month and the like "last", "next": the one before or after the document's date.
    MonthWhich(Which, u8),
    SeasonWhich(Which, u8),
}

/// Which part of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Begin,
    Early,
    Middle,
    Late,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) point: Point,
    pub(super) part: Option<Part>,
}

impl Piece {
    pub(super) fn new(point: Point) -> Self {
        Self { point, part: None }
    }
}

/// What the words around make of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Plain,
    Since,
    Until,
    Before,
    After,
}

/// A date as said, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) bytes: Range<u32>,
    pub(super) frame: Frame,
    pub(super) first: Piece,
    /// The last day of a range.
    pub(super) last: Option<Piece>,
    /// The sentence speaks of what is to come.
    pub(super) future: bool,
}
