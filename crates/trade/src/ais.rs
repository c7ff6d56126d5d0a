//! Positions of vessels: encounters and dark intervals, by stated rules.
//!
//! **Encounter**: two vessels within 500 m of each other for two hours or longer, with no silence of either longer than
//! an hour in the stretch. Distance and duration are those of Miller et al., *Identifying Global Patterns of
//! Transshipment Behavior*, Frontiers in Marine Science 5 (2018); its limits of speed and of distance from an anchorage
//! are not applied, since positions may come without speeds and no anchorages are known here: a meeting near a coast is
//! for the reader to judge. **Dark**: no position of a vessel for 12 hours or longer. Nothing is concluded from a gap.

use std::collections::BTreeMap;

use crate::bill::VesselNamed;
use crate::cells;
use crate::clock::{self, Second};
use crate::columns::{Field, Heading};
use crate::problem::Problem;
use crate::table::{Place, Row};
use crate::voyage::{EventKind, VesselEvent};

/// The fields that a table of positions may have.
pub const FIELDS: &[Field] = &[
    Field::Mmsi,
    Field::Time,
    Field::Latitude,
    Field::Longitude,
    Field::Vessel,
    Field::Imo,
    Field::Flag,
];

const NEAR_M: f64 = 500.0;
const LONG_S: Second = 2 * 3_600;
/// Within a stretch of nearness no track may be silent for longer.
const SILENT_S: Second = 3_600;
const DARK_S: Second = 12 * 3_600;
/// One place a track is compared at, seconds.
const STEP_S: Second = 300;
/// Knots that no vessel makes: what would need more are two hulls.
const FASTEST_KN: f64 = 60.0;
const EARTH_M: f64 = 6_371_008.8;
/// Steps that a stretch between two positions may have; silence is cut by [`SILENT_S`] long before.
const MOST_STEPS: i64 = 24;

#[derive(Debug, Clone, Copy)]
struct Position {
    time: Second,
    latitude: f64,
    longitude: f64,
    place: Place,
}

struct Track {
    vessel: VesselNamed,
    positions: Vec<Position>,
}

/// Metres on a sphere.
fn metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * EARTH_M * h.sqrt().min(1.0).asin()
}

/// Finds encounters and dark intervals in a table of positions.
#[must_use]
pub fn events(rows: &[Row<'_>], heading: &Heading) -> (Vec<VesselEvent>, Vec<Problem>) {
    let mut problems = Vec::new();
    let tracks = tracks(rows, heading, &mut problems);
    let mut out: Vec<VesselEvent> = tracks.iter().flat_map(dark).collect();
    out.extend(encounters(&tracks));
    out.sort_by_key(|event| (event.from, event.place));
    (out, problems)
}

fn tracks(rows: &[Row<'_>], heading: &Heading, problems: &mut Vec<Problem>) -> Vec<Track> {
    let mut by_id: BTreeMap<String, Track> = BTreeMap::new();
    for row in rows {
        let given = |field: Field| heading.given(row, field);
        let degrees = |field: Field, most: f64| {
            given(field)
                .and_then(|text| text.parse::<f64>().ok())
                .filter(|degrees| degrees.abs() <= most)
        };
        let time = given(Field::Time).and_then(clock::time);
        let (Some(time), Some(latitude), Some(longitude)) = (
            time,
            degrees(Field::Latitude, 90.0),
            degrees(Field::Longitude, 180.0),
        ) else {
            problems.push(Problem::at(
                row.place,
                "position-unreadable",
                "the row has no time and position that can be read; it is not used",
            ));
            continue;
        };
        let Some(vessel) = cells::vessel(row, heading, problems) else {
            problems.push(Problem::at(
                row.place,
                "no-vessel",
                "the row names no vessel; it is not used",
            ));
            continue;
        };
        // Positions are sent under the MMSI; the IMO number tells a hull only where it is given with it.
        let id = vessel
            .mmsi
            .clone()
            .or_else(|| vessel.id())
            .unwrap_or_default();
        let track = by_id.entry(id).or_insert_with(|| Track {
            vessel: vessel.clone(),
            positions: Vec::new(),
        });
        track.vessel.imo = track.vessel.imo.take().or(vessel.imo);
        track.vessel.name = track.vessel.name.take().or(vessel.name);
        track.positions.push(Position {
            time,
            latitude,
            longitude,
            place: row.place,
        });
    }
    let mut out = Vec::new();
    for mut track in by_id.into_values() {
        track
            .positions
            .sort_by_key(|position| (position.time, position.place));
        out.extend(hulls(track, problems));
    }
    out
}

/// Whether a vessel can have gone from one position to the other.
fn can_follow(a: &Position, b: &Position) -> bool {
    let far = metres((a.latitude, a.longitude), (b.latitude, b.longitude));
    let hours = (b.time - a.time) as f64 / 3_600.0;
    // Within a few minutes a wrong digit in the clock is likelier than a second hull.
    far <= 5_000.0 || far / 1_852.0 <= FASTEST_KN * hours.max(1.0 / 60.0)
}

/// Two hulls that send one number are two tracks.
fn hulls(track: Track, problems: &mut Vec<Problem>) -> Vec<Track> {
    let mut hulls: Vec<Vec<Position>> = Vec::new();
    for position in track.positions {
        let fits = hulls
            .iter_mut()
            .filter(|hull| hull.last().is_some_and(|last| can_follow(last, &position)))
            .min_by(|a, b| {
                let far = |hull: &Vec<Position>| {
                    hull.last().map_or(f64::MAX, |last| {
                        metres(
                            (last.latitude, last.longitude),
                            (position.latitude, position.longitude),
                        )
                    })
                };
                far(a).total_cmp(&far(b))
            });
        match fits {
            Some(hull) => hull.push(position),
            None => hulls.push(vec![position]),
        }
    }
    // One position out of reach is a fault of a receiver, not a ship.
    let (hulls, stray): (Vec<_>, Vec<_>) = hulls.into_iter().partition(|hull| hull.len() >= 3);
    let name = track
        .vessel
        .mmsi
        .clone()
        .or_else(|| track.vessel.id())
        .unwrap_or_default();
    if !hulls.is_empty() {
        for position in stray.iter().flatten() {
            problems.push(Problem::at(
                position.place,
                "position-out-of-reach",
                format!("{name} cannot have been here at this time; the position is not used"),
            ));
        }
    }
    let hulls = if hulls.is_empty() { stray } else { hulls };
    let many = hulls.len() > 1;
    if let (true, Some(second)) = (many, hulls.get(1).and_then(|hull| hull.first())) {
        problems.push(Problem::at(second.place, "two-hulls", format!("{} vessels send the number {name} at once; they are kept apart and joined with no other record of it", hulls.len())));
    }
    hulls
        .into_iter()
        .enumerate()
        .map(|(number, positions)| {
            let mut vessel = track.vessel.clone();
            if many {
                vessel.imo = None;
                vessel.mmsi = vessel.mmsi.map(|mmsi| format!("{mmsi}#{}", number + 1));
            }
            Track { vessel, positions }
        })
        .collect()
}

fn dark(track: &Track) -> Vec<VesselEvent> {
    track
        .positions
        .windows(2)
        .filter_map(|pair| {
            let [before, after] = pair else {
                return None;
            };
            (after.time - before.time >= DARK_S).then(|| VesselEvent {
                place: before.place,
                kind: EventKind::Gap,
                vessel: track.vessel.clone(),
                vessel_type: None,
                other: None,
                other_type: None,
                from: before.time,
                to: after.time,
                latitude: Some(before.latitude),
                longitude: Some(before.longitude),
                port: None,
                port_country: None,
                rule: format!(
                    "no position for {} hours (dark from {} hours on); nothing is concluded from it",
                    (after.time - before.time) / 3_600,
                    DARK_S / 3_600
                ),
                rows: vec![after.place],
            })
        })
        .collect()
}

impl Track {
    /// Where it was, between the positions around a time no more than [`SILENT_S`] apart.
    fn at(&self, time: Second) -> Option<((f64, f64), Place)> {
        let next = self
            .positions
            .partition_point(|position| position.time < time);
        let after = self.positions.get(next)?;
        if after.time == time {
            return Some(((after.latitude, after.longitude), after.place));
        }
        let before = self.positions.get(next.checked_sub(1)?)?;
        let long = after.time - before.time;
        if long > SILENT_S {
            return None;
        }
        let share = (time - before.time) as f64 / long as f64;
        let mut east = after.longitude - before.longitude;
        // Across the date line the short way.
        if east.abs() > 180.0 {
            east -= 360.0 * east.signum();
        }
        let latitude = before.latitude + share * (after.latitude - before.latitude);
        Some(((latitude, before.longitude + share * east), before.place))
    }
}

/// Squares of a degree and hours that a track was in: only tracks that share one can have met.
fn cells(track: &Track) -> Vec<(i64, i64, i64)> {
    let mut out: Vec<(i64, i64, i64)> = track
        .positions
        .iter()
        .map(|p| {
            let floor = |degrees: f64| degrees.floor() as i64;
            (
                p.time.div_euclid(SILENT_S),
                floor(p.latitude),
                floor(p.longitude),
            )
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn encounters(tracks: &[Track]) -> Vec<VesselEvent> {
    let mut squares: BTreeMap<(i64, i64, i64), Vec<usize>> = BTreeMap::new();
    for (number, track) in tracks.iter().enumerate() {
        for (hour, latitude, longitude) in cells(track) {
            // The neighbours too: a border must not hide a meeting.
            for (h, lat, lon) in around(hour, latitude, longitude) {
                let inside = squares.entry((h, lat, lon)).or_default();
                if inside.last() != Some(&number) {
                    inside.push(number);
                }
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for inside in squares.into_values() {
        for (at, one) in inside.iter().enumerate() {
            pairs.extend(
                inside
                    .iter()
                    .skip(at + 1)
                    .filter(|other| one != *other)
                    .map(|other| (*one.min(other), *one.max(other))),
            );
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
        .into_iter()
        .filter_map(|(one, other)| Some((tracks.get(one)?, tracks.get(other)?)))
        .flat_map(|(one, other)| meetings(one, other))
        .collect()
}

fn around(hour: i64, latitude: i64, longitude: i64) -> impl Iterator<Item = (i64, i64, i64)> {
    let near = |n: i64| [n - 1, n, n + 1];
    near(hour).into_iter().flat_map(move |hour| {
        near(latitude).into_iter().flat_map(move |latitude| {
            near(longitude)
                .into_iter()
                .map(move |longitude| (hour, latitude, (longitude + 180).rem_euclid(360) - 180))
        })
    })
}

/// Stretches in which two tracks stay near each other long enough.
fn meetings(one: &Track, other: &Track) -> Vec<VesselEvent> {
    let mut out = Vec::new();
    let mut open: Option<Meeting> = None;
    for time in times(one, other) {
        let near = one
            .at(time)
            .zip(other.at(time))
            .and_then(|((a, here), (b, there))| {
                let apart = metres(a, b);
                (apart <= NEAR_M).then_some((a, here, there, apart))
            });
        match (near, &mut open) {
            (Some((_, here, there, apart)), Some(meeting)) if time - meeting.to <= SILENT_S => {
                meeting.to = time;
                meeting.nearest = meeting.nearest.min(apart);
                meeting.rows.extend([here, there]);
            }
            (Some((at, here, there, apart)), open) => {
                out.extend(open.take().and_then(|meeting| meeting.ended(one, other)));
                *open = Some(Meeting {
                    from: time,
                    to: time,
                    at,
                    nearest: apart,
                    rows: vec![here, there],
                });
            }
            (None, open) => out.extend(open.take().and_then(|meeting| meeting.ended(one, other))),
        }
    }
    out.extend(open.and_then(|meeting| meeting.ended(one, other)));
    out
}

struct Meeting {
    from: Second,
    to: Second,
    at: (f64, f64),
    nearest: f64,
    rows: Vec<Place>,
}

impl Meeting {
    fn ended(mut self, one: &Track, other: &Track) -> Option<VesselEvent> {
        let long = self.to - self.from;
        if long < LONG_S {
            return None;
        }
        self.rows.sort_unstable();
        self.rows.dedup();
        let place = *self.rows.first()?;
        Some(VesselEvent {
            place,
            kind: EventKind::Encounter,
            vessel: one.vessel.clone(),
            vessel_type: None,
            other: Some(other.vessel.clone()),
            other_type: None,
            from: self.from,
            to: self.to,
            latitude: Some(self.at.0),
            longitude: Some(self.at.1),
            port: None,
            port_country: None,
            rule: format!(
                "within {NEAR_M:.0} m for {:.1} hours (at least {} hours), nearest {:.0} m",
                long as f64 / 3_600.0,
                LONG_S / 3_600,
                self.nearest
            ),
            rows: self.rows,
        })
    }
}

/// Times at which two tracks are compared: every position of either and steps between, while both are known.
fn times(one: &Track, other: &Track) -> Vec<Second> {
    let ends = |track: &Track| Some((track.positions.first()?.time, track.positions.last()?.time));
    let (Some(a), Some(b)) = (ends(one), ends(other)) else {
        return Vec::new();
    };
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    let mut out: Vec<Second> = Vec::new();
    for pair in one.positions.windows(2).chain(other.positions.windows(2)) {
        let [before, after] = pair else {
            continue;
        };
        out.push(before.time);
        out.push(after.time);
        if after.time - before.time <= SILENT_S {
            out.extend(
                (1..=MOST_STEPS)
                    .map(|n| before.time + n * STEP_S)
                    .take_while(|t| *t < after.time),
            );
        }
    }
    out.retain(|time| (from..=to).contains(time));
    out.sort_unstable();
    out.dedup();
    out
}
