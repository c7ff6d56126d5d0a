//! What vessels did at sea and in port: events of Global Fishing Watch, as CSV or JSON, and those found in positions.

use serde::Serialize;
use serde_json::Value;
use supply::{Basis, Days};

use crate::bill::VesselNamed;
use crate::cells;
use crate::clock::{self, Second};
use crate::columns::{Field, Heading};
use crate::json::{self, Record};
use crate::movement::{Holder, Movement};
use crate::party;
use crate::problem::Problem;
use crate::shipment::RowAt;
use crate::table::{Place, Row};

/// The fields that a table of events may have.
pub const FIELDS: &[Field] = &[
    Field::Event,
    Field::Time,
    Field::Ended,
    Field::Latitude,
    Field::Longitude,
    Field::Vessel,
    Field::Mmsi,
    Field::Imo,
    Field::Flag,
    Field::OtherVessel,
    Field::OtherMmsi,
    Field::OtherImo,
    Field::Port,
    Field::PortCountry,
];

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Two vessels were close together for long: goods may have changed ship, nobody saw it.
    Encounter,
    /// A carrier waited as if for somebody whose positions are not known.
    Loitering,
    PortVisit,
    /// No position is known: the vessel was dark, and nothing else is known.
    Gap,
    Fishing,
}

/// One event.
#[derive(Debug, Clone, Serialize)]
pub struct VesselEvent {
    #[serde(flatten)]
    pub place: Place,
    pub kind: EventKind,
    pub vessel: VesselNamed,
    /// `carrier`, `fishing`, where the source says it.
    pub vessel_type: Option<String>,
    pub other: Option<VesselNamed>,
    pub other_type: Option<String>,
    #[serde(serialize_with = "clock::shown")]
    pub from: Second,
    #[serde(serialize_with = "clock::shown")]
    pub to: Second,
    /// Degrees, north and east positive.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub port: Option<String>,
    pub port_country: Option<String>,
    /// The rule that found it, in words.
    pub rule: String,
    /// Further rows it was found in.
    #[serde(skip)]
    pub rows: Vec<Place>,
}

impl VesselEvent {
    /// The days it lasted, each a whole day.
    #[must_use]
    pub fn days(&self) -> Days {
        let (from, to) = (clock::day_of(self.from), clock::day_of(self.to));
        Days {
            first: from,
            last: to.max(from),
        }
    }

    /// The movements that the event makes possible. A meeting is on record, a transfer of goods is not: what is made
    /// of it is an estimate, in both directions unless one vessel is a carrier. A gap makes none.
    #[must_use]
    pub fn movements(&self, file: usize) -> Vec<Movement> {
        let Some(vessel) = Holder::vessel(&self.vessel) else {
            return Vec::new();
        };
        let carrier = |kind: &Option<String>| {
            kind.as_deref()
                .is_some_and(|kind| kind.to_lowercase().contains("carrier"))
        };
        let pairs: Vec<(Holder, Holder, &str)> = match self.kind {
            EventKind::Encounter => {
                let Some(other) = self.other.as_ref().and_then(Holder::vessel) else {
                    return Vec::new();
                };
                let why = "the vessels met; that goods changed ship is inferred";
                match (carrier(&self.vessel_type), carrier(&self.other_type)) {
                    (true, false) => vec![(other, vessel, why)],
                    (false, true) => vec![(vessel, other, why)],
                    _ => vec![(vessel.clone(), other.clone(), why), (other, vessel, why)],
                }
            }
            EventKind::PortVisit => {
                let Some(port) = &self.port else {
                    return Vec::new();
                };
                let to = Holder {
                    id: format!("port:{}", party::key(port)),
                    name: port.clone(),
                    vessel: false,
                    country: self
                        .port_country
                        .as_deref()
                        .and_then(entity::country)
                        .map(str::to_owned),
                };
                vec![(
                    vessel,
                    to,
                    "the vessel was in port; that goods were landed is inferred",
                )]
            }
            EventKind::Loitering | EventKind::Gap | EventKind::Fishing => return Vec::new(),
        };
        let row = |place: &Place| RowAt {
            file,
            row: usize::try_from(place.row)
                .unwrap_or(usize::MAX)
                .saturating_sub(1),
        };
        let mut rows = vec![row(&self.place)];
        rows.extend(self.rows.iter().map(row));
        rows.dedup();
        pairs
            .into_iter()
            .filter(|(from, to, _)| from.id != to.id)
            .map(|(from, to, why)| Movement {
                id: format!("{}:{file}.{}", serde_name(self.kind), self.place.row),
                from,
                to,
                stated: false,
                why: why.to_owned(),
                departed: Some(self.days()),
                arrived: Some(self.days()),
                made: None,
                product: None,
                species: None,
                hs: None,
                kg: None,
                lots: Vec::new(),
                inputs: Vec::new(),
                carried_by: None,
                basis: Basis::Estimate,
                bill: None,
                sources: vec![rows.clone()],
            })
            .collect()
    }
}

/// The name of a kind of event in JSON.
#[must_use]
pub const fn serde_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Encounter => "encounter",
        EventKind::Loitering => "loitering",
        EventKind::PortVisit => "port_visit",
        EventKind::Gap => "gap",
        EventKind::Fishing => "fishing",
    }
}

fn kind(written: &str) -> Option<EventKind> {
    let plain: String = written
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    Some(match plain.as_str() {
        "encounter" | "encounters" => EventKind::Encounter,
        "loitering" => EventKind::Loitering,
        "portvisit" | "port" | "portvisits" => EventKind::PortVisit,
        "gap" | "gaps" | "aisgap" | "aisoff" | "gapstart" => EventKind::Gap,
        "fishing" => EventKind::Fishing,
        _ => return None,
    })
}

/// Reads the events of a table; those that cannot be read are told.
#[must_use]
pub fn table(rows: &[Row<'_>], heading: &Heading) -> (Vec<VesselEvent>, Vec<Problem>) {
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    for row in rows {
        let given = |field: Field| heading.given(row, field);
        let Some(kind) = given(Field::Event).and_then(kind) else {
            let written = given(Field::Event).unwrap_or("nothing");
            problems.push(Problem::at(
                row.place,
                "event-unknown",
                format!("`{written}` is no event that is known here"),
            ));
            continue;
        };
        let Some(from) = given(Field::Time).and_then(clock::time) else {
            problems.push(Problem::at(
                row.place,
                "date-unreadable",
                "the event has no start that can be read",
            ));
            continue;
        };
        let to = given(Field::Ended).and_then(clock::time).unwrap_or(from);
        let Some(vessel) = cells::vessel(row, heading, &mut problems) else {
            problems.push(Problem::at(
                row.place,
                "no-vessel",
                "the event names no vessel",
            ));
            continue;
        };
        let other = VesselNamed {
            name: given(Field::OtherVessel).map(str::to_owned),
            imo: cells::imo(row.place, given(Field::OtherImo), &mut problems),
            mmsi: given(Field::OtherMmsi).map(str::to_owned),
            flag: None,
        };
        let degrees = |field: Field| given(field).and_then(|text| text.parse::<f64>().ok());
        push(
            &mut out,
            &mut problems,
            VesselEvent {
                place: row.place,
                kind,
                vessel,
                vessel_type: None,
                other: other.id().is_some().then_some(other),
                other_type: None,
                from,
                to,
                latitude: degrees(Field::Latitude),
                longitude: degrees(Field::Longitude),
                port: given(Field::Port).map(str::to_owned),
                port_country: given(Field::PortCountry).map(str::to_owned),
                rule: "as the source has it".to_owned(),
                rows: Vec::new(),
            },
        );
    }
    (out, problems)
}

fn push(out: &mut Vec<VesselEvent>, problems: &mut Vec<Problem>, event: VesselEvent) {
    if event.to < event.from {
        problems.push(Problem::at(
            event.place,
            "ends-before-beginning",
            "the event ends before it begins; it is not used",
        ));
        return;
    }
    if event.kind == EventKind::Encounter && event.other.is_none() {
        problems.push(Problem::at(
            event.place,
            "no-vessel",
            "the encounter names one vessel only; no hop is made of it",
        ));
    }
    out.push(event);
}

/// Reads the events of the API's JSON (version 3, `entries`).
#[must_use]
pub(crate) fn entries(records: &[Record]) -> (Vec<VesselEvent>, Vec<Problem>) {
    let (mut out, mut problems) = (Vec::new(), Vec::new());
    for record in records {
        let value = &record.value;
        let Some(kind) = json::text(value, &["type"]).as_deref().and_then(kind) else {
            problems.push(Problem::at(
                record.place,
                "event-unknown",
                "the event is of no type that is known here",
            ));
            continue;
        };
        let time = |key: &str| json::text(value, &[key]).and_then(|text| clock::time(&text));
        let Some(from) = time("start") else {
            problems.push(Problem::at(
                record.place,
                "date-unreadable",
                "the event has no start that can be read",
            ));
            continue;
        };
        let Some(vessel) = value.get("vessel").and_then(vessel) else {
            problems.push(Problem::at(
                record.place,
                "no-vessel",
                "the event names no vessel",
            ));
            continue;
        };
        let other = value.get("encounter").and_then(|e| e.get("vessel"));
        let visit = ["port_visit", "portVisit", "port"]
            .iter()
            .find_map(|key| value.get(key));
        let anchorage = visit.map(|visit| {
            ["startAnchorage", "intermediateAnchorage", "endAnchorage"]
                .iter()
                .find_map(|key| visit.get(key))
                .unwrap_or(visit)
        });
        push(
            &mut out,
            &mut problems,
            VesselEvent {
                place: record.place,
                kind,
                vessel_type: value.get("vessel").and_then(|v| json::text(v, &["type"])),
                vessel,
                other: other.and_then(self::vessel),
                other_type: other.and_then(|v| json::text(v, &["type"])),
                from,
                to: time("end").unwrap_or(from),
                latitude: json::number(value, &["position", "lat"]),
                longitude: json::number(value, &["position", "lon"]),
                port: anchorage.and_then(|a| {
                    json::text(a, &["name"]).or_else(|| json::text(a, &["topDestination"]))
                }),
                port_country: anchorage.and_then(|a| json::text(a, &["flag"])),
                rule: "as the source has it".to_owned(),
                rows: Vec::new(),
            },
        );
    }
    (out, problems)
}

fn vessel(value: &Value) -> Option<VesselNamed> {
    let imo = json::text(value, &["imo"]).and_then(|imo| entity::identifier::clean("imo", &imo));
    let found = VesselNamed {
        name: json::text(value, &["name"]),
        imo: imo.map(|imo| imo.trim_start_matches("IMO").to_owned()),
        mmsi: json::text(value, &["ssvid"]).or_else(|| json::text(value, &["mmsi"])),
        flag: json::text(value, &["flag"]),
    };
    found.id().is_some().then_some(found)
}
