//! WACZ 1.1: a ZIP of WARC files with a description. The WARCs are read through to their captures.

use std::io::{self, BufReader, Read};

use casefile::{Field, Input, Outcome, Problem, Reading};

use crate::members::{Halt, Members};

use super::directory::Entry;

/// Whether these are the names of a WACZ.
pub(super) fn is_wacz(names: &[String]) -> bool {
    names.iter().any(|name| name == "datapackage.json") && names.iter().any(|name| is_warc(name))
}

fn is_warc(name: &str) -> bool {
    let inside = name.strip_prefix("archive/").is_some();
    let name = name.to_ascii_lowercase();
    inside && (name.ends_with(".warc") || name.ends_with(".warc.gz"))
}

/// Reads an entry as what it is in a WACZ; `false` if it is a member like any other.
pub(super) fn read_entry(
    input: &mut Input<'_>,
    entry: &Entry,
    name: &str,
    reading: &mut Reading,
    members: &mut Members<'_>,
) -> io::Result<Result<bool, Halt>> {
    let described = name == "datapackage.json" || name == "datapackage-digest.json";
    if !described && !is_warc(name) {
        return Ok(Ok(false));
    }
    let Ok((start, packed)) = super::data_of(input.bytes, input.len, entry)? else {
        return Ok(Ok(false));
    };
    let Ok(mut stream) = super::open(input, entry, start, packed)? else {
        return Ok(Ok(false));
    };
    if described {
        let mut text = Vec::new();
        if stream.take(8 << 20).read_to_end(&mut text).is_ok()
            && let Ok(value) = serde_json::from_slice::<serde_json::Value>(&text)
        {
            if name == "datapackage.json" {
                describe(&value, reading);
            } else {
                signature(&value, reading);
            }
        }
        return Ok(Ok(false));
    }
    let before = (reading.outcome, reading.reason.clone());
    let ended = crate::warc::records(
        BufReader::with_capacity(64 << 10, &mut *stream),
        reading,
        members,
    );
    // One broken WARC of several is told with its name.
    if reading.outcome != before.0 {
        let reason = reading.reason.take().unwrap_or_default();
        reading.reason = Some(format!("{name}: {reason}"));
    }
    if ended.is_ok() && reading.outcome == Outcome::Indexed {
        let mut rest = Vec::new();
        if let Err(error) = stream.take(1).read_to_end(&mut rest) {
            members
                .problems
                .push(Problem::new("member-damaged", error.to_string()).at(name));
        }
    }
    Ok(ended.map(|()| true))
}

fn describe(value: &serde_json::Value, reading: &mut Reading) {
    let facts = [
        ("title", Field::Title),
        ("description", Field::Description),
        ("created", Field::Created),
        ("modified", Field::Modified),
        ("software", Field::Software),
        ("mainPageUrl", Field::Url),
        ("mainPageDate", Field::Captured),
        ("wacz_version", Field::Other),
    ];
    for (key, field) in facts {
        if let Some(text) = value.get(key).and_then(serde_json::Value::as_str) {
            reading.note(field, text, &format!("WACZ datapackage.json {key}"));
        }
    }
}

fn signature(value: &serde_json::Value, reading: &mut Reading) {
    let Some(signed) = value.get("signedData") else {
        return;
    };
    let text = |key: &str| signed.get(key).and_then(serde_json::Value::as_str);
    let by = text("domain")
        .or_else(|| text("publicKey"))
        .unwrap_or("an unnamed key");
    let mut note = format!("signed by {by}");
    if let Some(created) = text("created") {
        note += &format!(" on {created}");
    }
    reading.note(Field::Other, &note, "WACZ signature (not verified)");
}
