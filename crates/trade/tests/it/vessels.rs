//! Vessels: events, positions, hulls.

use trade::file::Content;
use trade::voyage::{EventKind, VesselEvent};

use super::{codes, hops, joined, read};

fn events(text: &str) -> Vec<VesselEvent> {
    match read(text).content {
        Content::Vessels(events) => events,
        other => panic!("events, not {other:?}"),
    }
}

/// Positions every quarter of an hour; `place` gives latitude and longitude at an hour.
fn track(mmsi: &str, from: f64, to: f64, place: impl Fn(f64) -> (f64, f64)) -> String {
    let mut out = String::new();
    let mut hour = from;
    while hour <= to {
        let (lat, lon) = place(hour);
        let seconds = 1_680_000_000 + (hour * 3_600.0) as i64;
        out += &format!("{mmsi}\t{}\t{lat}\t{lon}\n", trade::clock::written(seconds));
        hour += 0.25;
    }
    out
}

const HEADING: &str = "mmsi\ttimestamp\tlat\tlon\n";

/// They come near at hour `from`, stay 300 m apart, and part at hour `to`.
fn meeting(from: f64, to: f64) -> String {
    let one = track("412000001", 0.0, 12.0, |_| (-45.0, -60.5));
    let other = track("412000002", 0.0, 12.0, |hour| {
        let away = if hour < from {
            from - hour
        } else if hour > to {
            hour - to
        } else {
            0.0
        };
        (-45.0 + 0.0027 + away * 0.1, -60.5)
    });
    HEADING.to_owned() + &one + &other
}

#[test]
fn three_hours_together_are_an_encounter_and_one_hour_is_none() {
    let found = events(&meeting(4.0, 7.0));
    assert_eq!(found.len(), 1);
    let hours = (found[0].to - found[0].from) as f64 / 3_600.0;
    assert!((3.0..3.3).contains(&hours), "{hours}");
    assert_eq!(found[0].kind, EventKind::Encounter);
    assert!(found[0].rule.contains("500 m"));
    assert_eq!(events(&meeting(4.0, 5.0)).len(), 0);
}

#[test]
fn an_encounter_is_a_possible_hop_both_ways() {
    let joined = joined(&[&meeting(4.0, 7.0)]);
    assert_eq!(hops(&joined).len(), 2);
    assert!(
        joined
            .network
            .claims
            .iter()
            .all(|claim| claim.basis == supply::Basis::Estimate)
    );
}

#[test]
fn silence_is_dark_and_invents_no_meeting() {
    // Both stay on one spot, one is silent for 30 hours.
    let text = HEADING.to_owned()
        + &track("412000001", 0.0, 40.0, |_| (-45.0, -60.5))
        + &track("412000002", 0.0, 1.0, |_| (-45.001, -60.5))
        + &track("412000002", 31.0, 32.0, |_| (-45.001, -60.5));
    let found = events(&text);
    let kinds: Vec<EventKind> = found.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Gap]);
    assert_eq!((found[0].to - found[0].from) / 3_600, 30);
    assert_eq!(hops(&joined(&[&text])).len(), 0);
}

#[test]
fn two_hulls_under_one_number_are_kept_apart() {
    let text = HEADING.to_owned()
        + &track("412000001", 0.0, 6.0, |hour| (-45.0 + hour * 0.1, -60.5))
        + &track("412000001", 0.0, 6.0, |hour| (35.0 + hour * 0.1, 129.5))
        // A third meets the first.
        + &track("412000009", 0.0, 6.0, |hour| (-45.0 + hour * 0.1, -60.502));
    let read = read(&text);
    assert!(codes(&read).iter().any(|(_, code)| *code == "two-hulls"));
    let found = events(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].vessel.id().unwrap(), "mmsi:412000001#1");
}

#[test]
fn a_meeting_across_the_date_line_is_seen() {
    let text = HEADING.to_owned()
        + &track("1", 0.0, 4.0, |_| (10.0, 179.999))
        + &track("2", 0.0, 4.0, |_| (10.0, -179.999));
    assert_eq!(events(&text).len(), 1);
}

#[test]
fn events_of_global_fishing_watch_as_json_and_table() {
    let json = r#"{"total":4,"entries":[
        {"id":"e1","type":"encounter","start":"2023-03-01T02:00:00.000Z","end":"2023-03-01T06:00:00.000Z","position":{"lat":-45.2,"lon":-60.1},
         "vessel":{"id":"v1","name":"HAI YANG 8","ssvid":"412000001","flag":"CHN","type":"fishing"},
         "encounter":{"vessel":{"id":"v2","name":"ICE QUEEN","ssvid":"354000002","flag":"PAN","type":"carrier"},"medianDistanceKilometers":0.04}},
        {"id":"p1","type":"port_visit","start":"2023-03-20T00:00:00Z","end":"2023-03-22T00:00:00Z","position":{"lat":38.9,"lon":121.6},
         "vessel":{"name":"ICE QUEEN","ssvid":"354000002","type":"carrier"},"port_visit":{"startAnchorage":{"name":"DALIAN","flag":"CHN"}}},
        {"id":"g1","type":"gap","start":"2023-03-05T00:00:00Z","end":"2023-03-06T12:00:00Z","vessel":{"name":"HAI YANG 8","ssvid":"412000001"}},
        {"id":"x","type":"dancing","start":"2023-03-05T00:00:00Z","vessel":{"name":"HAI YANG 8","ssvid":"412000001"}}]}"#;
    let read = read(json);
    assert_eq!(codes(&read), [(4, "event-unknown")]);
    let joined = joined(&[json]);
    assert_eq!(
        hops(&joined),
        [
            "HAI YANG 8 → ICE QUEEN, 2023-03-01 to 2023-03-01, ?",
            "ICE QUEEN → DALIAN, 2023-03-20..2023-03-22 to 2023-03-20..2023-03-22, ?",
        ]
    );
    let table = "event_type\tstart\tend\tlat\tlon\tvessel_name\tmmsi\tencountered_vessel_name\tencountered_vessel_mmsi\n\
        encounter\t2023-03-01 02:00:00\t2023-03-01 06:00:00\t-45.2\t-60.1\tHAI YANG 8\t412000001\tICE QUEEN\t354000002\n";
    assert_eq!(events(table).len(), 1);
}

#[test]
fn one_hull_keeps_its_names_and_flags_by_date() {
    let text = "Bill\tFrom\tTo\tVessel\tIMO\tFlag\tDeparted\tkg\n\
        B1\tPort A\tPlant\tOCEAN STAR 8\t9074729\tPA\t2022-01-05\t1\n\
        B2\tPort A\tPlant\tLUCKY 16\tIMO 9074729\tCM\t2023-05-05\t1\n\
        B3\tPort A\tPlant\tLUCKY 17\t9074728\tCM\t2023-05-06\t1\n";
    let read = read(text);
    assert_eq!(codes(&read), [(4, "imo-wrong")]);
    let joined = joined(&[text]);
    let at = joined
        .network
        .holders
        .iter()
        .position(|h| &*h.key == "imo:9074729")
        .unwrap();
    let names: Vec<&str> = joined.known[at].names.keys().map(String::as_str).collect();
    assert_eq!(names, ["LUCKY 16", "OCEAN STAR 8"]);
}
