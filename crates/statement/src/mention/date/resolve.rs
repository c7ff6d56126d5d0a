//! From spoken dates to days: against the document's date and the dates spoken of before.

use casefile::ApproxDate;

use super::calendar::{Day, Span};
use super::spoken::{Frame, Part, Piece, Point, Spoken, Unit, Which, Year};
use crate::mention::Interval;

/// What is known when a date is resolved.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    published: Option<Span>,
    /// The last date that was resolved to a day, month or year, and where.
    last: Option<(Span, Place)>,
    /// The years that dates of this block have given so far: the only one, or that they differ.
    block: Option<(u32, i32, bool)>,
    /// The last year that any date gave.
    year: Option<i32>,
    year_sentence: usize,
    /// Day before month in dates with slashes, where the text shows it.
    day_first: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) sentence: usize,
    pub(super) block: u32,
}

/// A resolved piece.
#[derive(Debug, Clone, Copy)]
struct Found {
    span: Span,
    precision: &'static str,
    relative: bool,
}

impl Memory {
    pub(super) fn new(published: Option<ApproxDate>, day_first: Option<bool>) -> Self {
        let published = published.and_then(|date| {
            let year = i32::from(date.year());
            match (date.month(), date.day()) {
                (Some(month), Some(day)) => Day::new(year, month, day).map(Span::day),
                (Some(month), None) => Span::month(year, month),
                _ => Span::years(year, year),
            }
        });
        Self {
            published,
            last: None,
            block: None,
            year: None,
            year_sentence: 0,
            day_first,
        }
    }

    /// Resolves the next date of the text.
    pub(super) fn resolve(&mut self, spoken: &Spoken, place: Place) -> Interval {
        let (first, last) = self.ends(spoken, place);
        let interval = |from: Option<Day>, to: Option<Day>, precision, relative| Interval {
            from: from.map(|d| d.to_string()),
            to: to.map(|d| d.to_string()),
            precision,
            relative,
        };
        let Some(first) = first else {
            return interval(None, None, unresolved(spoken), true);
        };
        if spoken.frame == Frame::Plain {
            self.remember(spoken, first, last, place);
        }
        let relative = first.relative || last.is_some_and(|l| l.relative);
        let published = self.published.map(|p| p.to);
        let (from, to) = (first.span.from, first.span.to);
        if let Some(last) = last {
            let to = last.span.to;
            return if from <= to {
                interval(Some(from), Some(to), "range", relative)
            } else {
                interval(None, None, "range", relative)
            };
        }
        match spoken.frame {
            Frame::Plain => interval(Some(from), Some(to), first.precision, relative),
            Frame::Since => interval(
                Some(from),
                published.filter(|p| *p >= from),
                "since",
                relative || published.is_some(),
            ),
            Frame::Until => interval(None, Some(to), "until", relative),
            Frame::Before => interval(None, Some(from.plus(-1)), "until", relative),
            Frame::After => interval(Some(to.plus(1)), None, "since", relative),
        }
    }

    fn remember(&mut self, spoken: &Spoken, first: Found, last: Option<Found>, place: Place) {
        let span = last.map_or(first.span, |last| last.span);
        if matches!(
            spoken.first.point,
            Point::Past(..)
                | Point::Coming(..)
                | Point::Now
                | Point::SoFar(_)
                | Point::Decade(_)
                | Point::Later(_)
        ) {
            return;
        }
        self.last = Some((span, place));
        let given = [Some(spoken.first), spoken.last]
            .into_iter()
            .flatten()
            .any(|piece| given_year(piece.point).is_some());
        let year = span.to.year();
        if given || self.published.is_none() {
            self.year = Some(year);
            self.year_sentence = place.sentence;
        }
        if given {
            self.block = Some(match self.block {
                Some((block, known, mixed)) if block == place.block => {
                    (block, year, mixed || known != year)
                }
                _ => (place.block, year, false),
            });
        } else if self
            .block
            .is_some_and(|(block, known, mixed)| block == place.block && known == year && !mixed)
        {
            self.year_sentence = place.sentence;
        }
    }

    /// Both ends of a spoken date; a range hands years and months from one end to the other.
    fn ends(&self, spoken: &Spoken, place: Place) -> (Option<Found>, Option<Found>) {
        let Some(mut last) = spoken.last else {
            return (self.piece(spoken.first, spoken.future, place), None);
        };
        let mut first = spoken.first;
        // The side that gives a year gives it to both.
        if let (Some(year), true) = (year_of(last.point), open(first.point)) {
            first.point = with_year(first.point, last_before(first.point, last.point, year));
        } else if let (Some(year), true) = (year_of(first.point), open(last.point)) {
            last.point = with_year(last.point, first_after(first.point, last.point, year));
        }
        let first_found;
        let last_found;
        if open(first.point) && open(last.point) {
            last_found = self.piece(last, spoken.future, place);
            if let Some(found) = last_found {
                let year = Year::Given(found.span.to.year());
                first.point = with_year(first.point, last_before(first.point, last.point, year));
            }
            first_found = self.piece(first, spoken.future, place).map(|f| Found {
                relative: true,
                ..f
            });
        } else {
            first_found = self.piece(first, spoken.future, place);
            if let (Point::DayAlone(day), Some(found)) = (last.point, first_found) {
                let (year, month, _) = found.span.to.parts();
                let end = Day::new(year, month, day).filter(|end| *end >= found.span.from);
                last_found = end.map(|day| Found {
                    span: Span::day(day),
                    ..found
                });
            } else {
                last_found = self.piece(last, spoken.future, place);
            }
        }
        match (first_found, last_found) {
            (Some(first), Some(last)) => (Some(first), Some(last)),
            _ => (None, None),
        }
    }

    fn piece(&self, piece: Piece, future: bool, place: Place) -> Option<Found> {
        let whole = self.point(piece.point, future, place)?;
        let Some(part) = piece.part else {
            return Some(whole);
        };
        Some(Found {
            span: part_of(whole.span, part)?,
            precision: "vague",
            ..whole
        })
    }

    fn point(&self, point: Point, future: bool, place: Place) -> Option<Found> {
        let found = |span: Option<Span>, precision, relative| {
            span.map(|span| Found {
                span,
                precision,
                relative,
            })
        };
        let given = |year: Year| matches!(year, Year::Given(_));
        match point {
            Point::Year(year) => {
                let y = self.year(year)?;
                found(Span::years(y, y), "year", !given(year))
            }
            Point::Decade(first) => found(Span::years(first, first + 9), "decade", false),
            Point::Month(year, month) => {
                let y = self
                    .year(year)
                    .or_else(|| self.open_year(year, month, None, future, place))?;
                found(Span::month(y, month), "month", !given(year))
            }
            Point::Day(year, month, day) => {
                let y = self
                    .year(year)
                    .or_else(|| self.open_year(year, month, Some(day), future, place))?;
                found(Day::new(y, month, day).map(Span::day), "day", !given(year))
            }
            Point::DayAlone(day) => found(
                self.day_alone(day, future, place).map(Span::day),
                "day",
                true,
            ),
            Point::DayOfMonth(shift, day) => {
                let (year, month, _) = self.published?.to.parts();
                let there = Day::new(year, month, 1)?.plus_months(shift)?;
                let (year, month, _) = there.parts();
                found(Day::new(year, month, day).map(Span::day), "day", true)
            }
            Point::Season(year, season) => {
                let month = season * 3 + 3;
                let y = self
                    .year(year)
                    .or_else(|| self.open_year(year, month, None, future, place))?;
                found(season_of(y, season), "season", !given(year))
            }
            Point::Months(year, first, last) => {
                let y = self
                    .year(year)
                    .or_else(|| self.open_year(year, first, None, future, place))?;
                found(Span::months((y, first), (y, last)), "range", !given(year))
            }
            Point::Weekday(weekday, which) => {
                let today = self.published?.to;
                let back = (today.weekday() - i32::from(weekday)).rem_euclid(7);
                let day = match which {
                    Which::Nearest if future && back > 0 => today.plus(7 - back),
                    Which::Nearest => today.plus(-back),
                    // 本周四, 이번 주 목요일: the day of the week from Monday to Sunday.
                    Which::This => today.plus(i32::from(weekday) - today.weekday()),
                    Which::Last => today.plus(if back == 0 { -7 } else { -back }),
                    Which::Next => today.plus(7 - back),
                };
                found(Some(Span::day(day)), "day", true)
            }
            Point::Shift(unit, by) => {
                let published = self.published?;
                // "today" in a document of which only the month is known is that month.
                if unit == Unit::Day && by == 0 {
                    let whole = published.from == published.to;
                    return found(Some(published), if whole { "day" } else { "vague" }, true);
                }
                let span = shifted(published.to, unit, by)?;
                found(Some(span), precision_of(unit), true)
            }
            Point::Past(unit, count, vague) => {
                let to = self.published?.to;
                let from = moved(to, unit, -count)?;
                found(
                    Some(Span { from, to }),
                    if vague { "vague" } else { "range" },
                    true,
                )
            }
            Point::Coming(unit, count) => {
                let from = self.published?.to;
                let to = moved(from, unit, count)?;
                found(Some(Span { from, to }), "range", true)
            }
            Point::Now => found(self.published, "vague", true),
            Point::SoFar(unit) => {
                let to = self.published?.to;
                let from = shifted(to, unit, 0)?.from;
                found(Some(Span { from, to }), "vague", true)
            }
            Point::Later(unit) => {
                let from = self.published?.to;
                let to = shifted(from, unit, 0)?.to;
                found(Some(Span { from, to }), "vague", true)
            }
            Point::FromLast(unit, by) => {
                let (last, at) = self.last?;
                // What was spoken of long before is not meant.
                if place.sentence > at.sentence + 6 {
                    return None;
                }
                found(shifted(last.to, unit, by), precision_of(unit), true)
            }
            Point::Either(year, a, b) => {
                let read = |month, day| Day::new(year, month, day);
                let (us, other) = (read(a, b), read(b, a));
                match (us, other, self.day_first) {
                    (Some(_), Some(day), Some(true)) | (None, Some(day), _) => {
                        found(Some(Span::day(day)), "day", false)
                    }
                    (Some(day), _, Some(false)) | (Some(day), None, _) => {
                        found(Some(Span::day(day)), "day", false)
                    }
                    (Some(one), Some(two), None) => found(
                        Some(Span {
                            from: one.min(two),
                            to: one.max(two),
                        }),
                        if one == two { "day" } else { "vague" },
                        false,
                    ),
                    _ => None,
                }
            }
            Point::MonthWhich(which, month) => {
                let (year, now, _) = self.published?.to.parts();
                let y = match which {
                    Which::Last => year - i32::from(month >= now),
                    Which::Next => year + i32::from(month <= now),
                    Which::Nearest | Which::This => year,
                };
                found(Span::month(y, month), "month", true)
            }
            Point::SeasonWhich(which, season) => {
                let today = self.published?.to;
                let year = today.year();
                let y = match which {
                    Which::Last => (year - 1..=year)
                        .rev()
                        .find(|y| season_of(*y, season).is_some_and(|s| s.to < today))?,
                    Which::Next => (year..=year + 1)
                        .find(|y| season_of(*y, season).is_some_and(|s| s.from > today))?,
                    Which::Nearest | Which::This => year,
                };
                found(season_of(y, season), "season", true)
            }
        }
    }

    fn year(&self, year: Year) -> Option<i32> {
        match year {
            Year::Given(year) => Some(year),
            Year::Shift(by) => Some(self.published?.to.year() + by),
            Year::Same(by) => self
                .last
                .map(|(span, _)| span.to.year())
                .or(self.year)
                .map(|year| year + by),
            Year::Open => None,
        }
    }

    /// The year of a month or day that comes without: nearest not after the document's date.
    fn open_year(
        &self,
        year: Year,
        month: u8,
        day: Option<u8>,
        future: bool,
        place: Place,
    ) -> Option<i32> {
        if year != Year::Open {
            return None;
        }
        let Some(published) = self.published else {
            return self.year;
        };
        let today = published.to;
        // A story told of one year long ago goes on in that year.
        if let Some((block, told, false)) = self.block
            && block == place.block
            && told < today.year() - 1
            && place.sentence <= self.year_sentence + 2
        {
            return Some(told);
        }
        let y = today.year();
        let begin = |y: i32| match day {
            // A leap day may be missing in a year.
            Some(day) => Day::new(y, month, day).or_else(|| Day::new(y, month, 28)),
            None => Day::new(y, month, 1),
        };
        if future {
            let end = |y: i32| match day {
                Some(_) => begin(y),
                None => Span::month(y, month).map(|s| s.to),
            };
            return (y - 1..=y + 1).find(|y| end(*y).is_some_and(|d| d >= today));
        }
        // Reports of a day or two ahead come from other time zones.
        (y - 1..=y + 1)
            .rev()
            .find(|y| begin(*y).is_some_and(|d| d <= today.plus(2)))
    }

    /// A day whose month is not said: that of the date before in the same sentence, or the
    /// document's, or the month before when it would lie ahead.
    fn day_alone(&self, day: u8, future: bool, place: Place) -> Option<Day> {
        let near = self
            .last
            .filter(|(span, at)| {
                let (days, same) = (span.from == span.to, at.sentence == place.sentence);
                same && days || self.published.is_none()
            })
            .and_then(|(span, _)| {
                let (year, month, _) = span.to.parts();
                Day::new(year, month, day)
            });
        let Some(published) = self.published else {
            return near;
        };
        let today = published.to;
        if let Some(near) = near
            && near <= today.plus(2)
        {
            return Some(near);
        }
        let (year, month, _) = today.parts();
        let here = Day::new(year, month, day);
        if future {
            return here.filter(|d| *d >= today).or_else(|| {
                let (year, month, _) = Day::new(year, month, 1)?.plus_months(1)?.parts();
                Day::new(year, month, day)
            });
        }
        here.filter(|d| *d <= today.plus(2)).or_else(|| {
            let (year, month, _) = Day::new(year, month, 1)?.plus_months(-1)?.parts();
            Day::new(year, month, day)
        })
    }
}

fn given_year(point: Point) -> Option<i32> {
    match year_of(point) {
        Some(Year::Given(year)) => Some(year),
        _ => None,
    }
}

/// The year that a point says, if it says one.
fn year_of(point: Point) -> Option<Year> {
    match point {
        Point::Year(year)
        | Point::Month(year, _)
        | Point::Day(year, ..)
        | Point::Season(year, _)
        | Point::Months(year, ..) => (year != Year::Open).then_some(year),
        _ => None,
    }
}

fn open(point: Point) -> bool {
    matches!(
        point,
        Point::Month(Year::Open, _)
            | Point::Day(Year::Open, ..)
            | Point::Season(Year::Open, _)
            | Point::Months(Year::Open, ..)
    )
}

fn with_year(point: Point, year: Year) -> Point {
    match point {
        Point::Month(_, month) => Point::Month(year, month),
        Point::Day(_, month, day) => Point::Day(year, month, day),
        Point::Season(_, season) => Point::Season(year, season),
        Point::Months(_, a, b) => Point::Months(year, a, b),
        other => other,
    }
}

fn month_of(point: Point) -> Option<u8> {
    match point {
        Point::Month(_, month) | Point::Day(_, month, _) => Some(month),
        _ => None,
    }
}

fn by(year: Year, more: i32) -> Year {
    match year {
        Year::Given(year) => Year::Given(year + more),
        Year::Shift(shift) => Year::Shift(shift + more),
        Year::Same(shift) => Year::Same(shift + more),
        Year::Open => Year::Open,
    }
}

/// The year of the first end where the last one's is known: November to February begins a year before.
fn last_before(first: Point, last: Point, year: Year) -> Year {
    match (month_of(first), month_of(last)) {
        (Some(a), Some(b)) if a > b => by(year, -1),
        _ => year,
    }
}

fn first_after(first: Point, last: Point, year: Year) -> Year {
    match (month_of(first), month_of(last)) {
        (Some(a), Some(b)) if a > b => by(year, 1),
        _ => year,
    }
}

fn unresolved(spoken: &Spoken) -> &'static str {
    if spoken.last.is_some() {
        return "range";
    }
    match spoken.frame {
        Frame::Since | Frame::After => return "since",
        Frame::Until | Frame::Before => return "until",
        Frame::Plain => {}
    }
    match spoken.first.point {
        Point::Year(_) => "year",
        Point::Decade(_) => "decade",
        Point::Month(..) | Point::MonthWhich(..) => "month",
        Point::Day(..)
        | Point::DayAlone(_)
        | Point::DayOfMonth(..)
        | Point::Weekday(..)
        | Point::Either(..) => "day",
        Point::Season(..) | Point::SeasonWhich(..) => "season",
        Point::Shift(unit, _) | Point::FromLast(unit, _) => precision_of(unit),
        Point::Months(..) | Point::Past(_, _, false) | Point::Coming(..) => "range",
        Point::Past(..) | Point::Now | Point::SoFar(_) | Point::Later(_) => "vague",
    }
}

fn precision_of(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "range",
        Unit::Month => "month",
        Unit::Year => "year",
        Unit::Decade => "decade",
    }
}

/// The unit that lies `by` units from the one around `day`.
fn shifted(day: Day, unit: Unit, by: i32) -> Option<Span> {
    let (year, month, _) = day.parts();
    match unit {
        Unit::Day => Some(Span::day(day.plus(by))),
        Unit::Week => Some(Span::week(day.plus(by.checked_mul(7)?))),
        Unit::Month => {
            let (year, month, _) = Day::new(year, month, 1)?.plus_months(by)?.parts();
            Span::month(year, month)
        }
        Unit::Year => Span::years(year.checked_add(by)?, year.checked_add(by)?),
        Unit::Decade => {
            let first = (year / 10 * 10).checked_add(by.checked_mul(10)?)?;
            Span::years(first, first + 9)
        }
    }
}

/// The day `by` units away.
fn moved(day: Day, unit: Unit, by: i32) -> Option<Day> {
    match unit {
        Unit::Day => Some(day.plus(by)),
        Unit::Week => Some(day.plus(by.checked_mul(7)?)),
        Unit::Month => day.plus_months(by),
        Unit::Year => day.plus_months(by.checked_mul(12)?),
        Unit::Decade => day.plus_months(by.checked_mul(120)?),
    }
}

/// Northern seasons; winter ends in February of the next year.
fn season_of(year: i32, season: u8) -> Option<Span> {
    match season {
        0 => Span::months((year, 3), (year, 5)),
        1 => Span::months((year, 6), (year, 8)),
        2 => Span::months((year, 9), (year, 11)),
        _ => Span::months((year, 12), (year + 1, 2)),
    }
}

/// The early, middle or late part of a stretch: decades of days of a month, months of a year,
/// years of a decade.
fn part_of(span: Span, part: Part) -> Option<Span> {
    let (year, month, _) = span.from.parts();
    let (last_year, last_month, last_day) = span.to.parts();
    if year + 9 == last_year {
        let (a, b) = match part {
            Part::Begin | Part::Early => (0, 3),
            Part::Middle => (4, 6),
            Part::Late | Part::End => (7, 9),
        };
        return Span::years(year + a, year + b);
    }
    if (year, month) == (last_year, last_month) {
        let (a, b) = match part {
            Part::Begin | Part::Early => (1, 10),
            Part::Middle => (11, 20),
            Part::Late | Part::End => (21, last_day),
        };
        return Some(Span {
            from: Day::new(year, month, a)?,
            to: Day::new(year, month, b)?,
        });
    }
    if (month, last_month) == (1, 12) {
        let (a, b) = match part {
            Part::Begin => (1, 1),
            Part::Early => (1, 3),
            Part::Middle => (5, 8),
            Part::Late => (10, 12),
            Part::End => (12, 12),
        };
        return Span::months((year, a), (year, b));
    }
    Some(span)
}
