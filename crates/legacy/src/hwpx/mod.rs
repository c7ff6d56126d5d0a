//! HWPX: the zip form of Hangul documents (OWPML, KS X 6101:2024).

mod package;
mod section;
#[cfg(test)]
mod tests;

use casefile::{BlockKind, Emit, Field, Input, Metadatum, Outcome, ReadSeek, Reading, Stop};

use crate::ole::{self, MAGIC};
use crate::sink::{Blocks, Sink, damage};
use package::Package;

pub(crate) const MEDIA_TYPE: &str = "application/hwp+zip";

/// Whether a zip begins with the media type of HWPX, or lists its parts.
pub(crate) fn is_hwpx(bytes: &mut dyn ReadSeek) -> bool {
    let head = crate::head(bytes, 256).unwrap_or_default();
    // The media type stands in clear after its name and the extra field, unless it was packed.
    if head.get(30..38) == Some(b"mimetype") && head.get(8..10) == Some(&[0, 0]) {
        return head.windows(8).any(|w| w == b"/hwp+zip");
    }
    let Ok(archive) = zip::ZipArchive::new(&mut *bytes) else {
        return false;
    };
    let has = |name: &str| archive.file_names().any(|n| n.is_ok_and(|n| n == name));
    has("Contents/content.hpf") || has("Contents/section0.xml")
}

/// Reads an HWPX document: text, tables as rows, notes, running heads, equations, text boxes,
/// hidden comments and memos; pictures and objects as members.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let limits = input.limits;
    let bytes = match input.all() {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let reason = "it is larger than what is held at once; nothing was read";
            return Ok(Reading::failed(MEDIA_TYPE, Outcome::Limit, reason));
        }
        Err(error) => {
            let reason = format!("its bytes cannot be read: {error}");
            return Ok(Reading::failed(MEDIA_TYPE, Outcome::Damaged, reason));
        }
    };
    let mut reading = Reading::indexed(MEDIA_TYPE);
    let mut sink = Sink::new(limits, emit);
    let mut package = Package::open(&bytes);
    if package.salvaged {
        damage(
            &mut reading,
            "its zip directory is broken or missing; what could be read was kept",
        );
    }
    let manifest = package.part("META-INF/manifest.xml").unwrap_or_default();
    let sealed = manifest.windows(15).any(|w| w == b"encryption-data");
    let (facts, spine) =
        package::content(&package.part("Contents/content.hpf").unwrap_or_default());
    reading.metadata = facts;
    if let Some(version) = package.part("version.xml") {
        reading.metadata.extend(package::software(&version));
    }
    if sealed {
        reading.outcome = Outcome::Encrypted;
        reading.reason = Some(
            "needs a password; open it in Hangul, save it without one, and add that file".into(),
        );
        preview(&mut package, &mut sink)?;
        return sink.finish(reading);
    }
    let styles = section::Styles::read(&package.part("Contents/header.xml").unwrap_or_default());
    let sections = package.sections(&spine);
    if sections.is_empty() {
        damage(&mut reading, "it has no body text; its preview was kept");
    }
    for name in sections {
        let Some(xml) = package.part(&name) else {
            damage(
                &mut reading,
                format!("{name} is missing or cannot be unpacked; the rest was kept"),
            );
            continue;
        };
        let section = section::read(&xml, &styles);
        if !section.whole {
            damage(
                &mut reading,
                format!("{name} is broken; what could be read was kept"),
            );
        }
        for link in section.links {
            let fact = Metadatum::new(Field::Other, link, "hyperlink");
            if reading.metadata.len() < 10_000 && !reading.metadata.contains(&fact) {
                reading.metadata.push(fact);
            }
        }
        sink.blocks(section.blocks)?;
    }
    if !sink.has_text() {
        preview(&mut package, &mut sink)?;
    }
    for (number, name) in (1..).zip(package.names_under("BinData/")) {
        let Some(part) = package.part(&name) else {
            sink.problem("member-broken", format!("{name} cannot be unpacked"));
            continue;
        };
        // An object may have its length before it.
        let object = [part.get(4..), Some(part.as_slice())].into_iter().flatten();
        match object.clone().find(|bytes| bytes.starts_with(MAGIC)) {
            Some(object) => {
                for (name, bytes) in ole::unwrap("", object, number) {
                    sink.embedded(&name, &bytes)?;
                }
            }
            None => sink.embedded(&name, &part)?,
        }
    }
    if let Some(reason) = package.capped.take() {
        sink.capped.get_or_insert(reason);
    }
    sink.finish(reading)
}

/// The beginning of the text, which the package keeps apart.
fn preview(package: &mut Package<'_>, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let bytes = package.part("Preview/PrvText.txt").unwrap_or_default();
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => crate::codepage::utf16(&bytes),
    };
    let lines = text
        .split(['\r', '\n'])
        .map(|line| (BlockKind::Paragraph, line.to_owned()));
    sink.blocks(lines.collect::<Blocks>())
}
