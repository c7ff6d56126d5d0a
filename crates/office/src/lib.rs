//! Office documents to text: Word, Excel, PowerPoint, OpenDocument and EPUB.
//!
//! [`recognise`] tells which format a file is, [`read`] reads it. Both are pure functions over
//! bytes: nothing is fetched, no link is followed, no macro or formula is run. All formats share
//! one XML token stream (`xml`), one package reader with its caps (`package`) and one writer of
//! blocks and pages (`job`).
//!
//! How parts become text:
//! - Headings, paragraphs, list items and table rows come in reading order.
//! - Footnotes, endnotes, comments (`[comment, author, date] …`) and tracked deletions
//!   (`[deleted, author, date] …`) follow the paragraph that they belong to as blocks of their
//!   own, so that a sentence is never cut by them. Tracked insertions are part of the text.
//! - Running heads and feet come once each, as margins.
//! - A slide or sheet is a page without geometry; a long sheet may go on under the same page
//!   number in a further section. Text documents have no pages: their page breaks depend on the
//!   program that shows them.
//! - Targets of links are facts, not text.
//! - Pictures and embedded files are members.

mod crypto;
mod docx;
mod drawing;
mod epub;
mod formats;
mod job;
mod kind;
mod markup;
mod members;
mod numbering;
mod numbers;
mod odf;
mod odf_password;
mod package;
mod pptx;
mod props;
mod styles;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use casefile::{Emit, Input, Outcome, Reading, Stop};

use job::Job;
pub use kind::{Family, Kind, recognise};
use package::Package;

/// Reads an office document. What is not one (see [`recognise`]) is `Unsupported`.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let Some(kind) = recognise(input.bytes) else {
        return Ok(Reading::failed(
            "application/octet-stream",
            Outcome::Unsupported,
            "not an office document that can be read",
        ));
    };
    read_kind(kind, input, emit)
}

/// Reads XML of any vocabulary: the words of its elements.
///
/// # Errors
/// The receiver wants no more.
pub fn read_markup(
    media_type: &str,
    input: &mut Input<'_>,
    emit: Emit<'_>,
) -> Result<Reading, Stop> {
    let mut job = Job::new(media_type, input.limits, emit);
    match input.all() {
        Ok(Some(bytes)) => markup::read(&bytes, &mut job)?,
        Ok(None) => job.limit("the file is too large to be read in memory: no text was kept"),
        Err(error) => job.damage(format!("the file cannot be read ({error})")),
    }
    job.finish()
}

fn read_kind(kind: Kind, input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    if kind.family == Family::Protected {
        return protected(input, emit);
    }
    let passwords = input.passwords;
    let mut job = Job::new(kind.media_type, input.limits, emit);
    let broken = |what: &str| {
        Ok(Reading::failed(
            kind.media_type,
            Outcome::Damaged,
            format!("{what}: no text was kept"),
        ))
    };
    if kind.family == Family::Biff {
        xls::read(input, &mut job)?;
        return job.finish();
    }
    let flat;
    let mut package = if kind.flat {
        let Ok(Some(bytes)) = input.all() else {
            return Ok(Reading::failed(
                kind.media_type,
                Outcome::Limit,
                "the file is too large to be read in memory: no text was kept",
            ));
        };
        flat = bytes;
        if kind.media_type == kind::WORDML {
            docx::read_2003(&flat, &mut job)?;
            return job.finish();
        }
        if kind.family == Family::OpenDocument {
            odf::read_flat(&flat, &mut job)?;
            return job.finish();
        }
        if kind.media_type == kind::SHEETML {
            xlsx::read_2003(&flat, &mut job)?;
            return job.finish();
        }
        Package::flat(
            package::flat_parts(flat.as_slice()),
            input.limits,
            input.len,
        )
    } else {
        match Package::open(input.bytes, input.len, input.limits) {
            Ok(Some(package)) => package,
            Ok(None) => return broken("the package has no readable part"),
            Err(error) => return broken(&format!("the file cannot be opened ({error})")),
        }
    };
    match kind.family {
        Family::Word => docx::read(&mut package, &mut job)?,
        Family::Sheets => xlsx::read(&mut package, &mut job)?,
        Family::Slides => pptx::read(&mut package, &mut job)?,
        Family::OpenDocument => odf::read(&mut package, passwords, &mut job)?,
        Family::Book => epub::read(&mut package, &mut job)?,
        Family::BinarySheets => xlsb::read(&mut package, &mut job)?,
        // Read above: they are no packages.
        Family::Biff | Family::Protected => {}
    }
    {
        let faults = package.faults();
        for damage in &faults.damage {
            job.damage(damage.clone());
        }
        if let Some(limit) = &faults.limit {
            job.limit(limit.clone());
        }
        if faults.encrypted {
            job.reading.outcome = Outcome::Encrypted;
            job.reading.reason = Some(NEEDS_PASSWORD.to_owned());
        }
    }
    job.finish()
}

pub(crate) const NEEDS_PASSWORD: &str = "needs a password: `add --file-passwords LIST` tries yours";

/// An encrypted OOXML document: read if a password opens it.
fn protected(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let named = match input.extension().as_deref() {
        Some("docx") => kind::DOCX,
        Some("xlsx") => kind::XLSX,
        Some("xlsb") => kind::XLSB,
        Some("pptx") => kind::PPTX,
        _ => kind::PROTECTED,
    };
    let opened = (|| {
        let mut file = legacy::ole::Compound::open(&mut *input.bytes)?;
        let info = file.read(&["EncryptionInfo"])?;
        let package = file.read(&["EncryptedPackage"])?;
        crypto::open_package(&info, &package, input.passwords)
    })();
    let Some(bytes) = opened else {
        return Ok(Reading::failed(named, Outcome::Encrypted, NEEDS_PASSWORD));
    };
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut bytes = std::io::Cursor::new(bytes);
    let mut clear = Input {
        bytes: &mut bytes,
        len,
        name: input.name,
        declared_type: input.declared_type,
        declared_charset: input.declared_charset,
        passwords: input.passwords,
        limits: input.limits,
    };
    match recognise(clear.bytes).filter(|kind| kind.family != Family::Protected) {
        Some(kind) => {
            let mut reading = read_kind(kind, &mut clear, emit)?;
            reading.problems.push(casefile::Problem::new(
                "was-encrypted",
                "the document was encrypted: a password opened it",
            ));
            Ok(reading)
        }
        None => Ok(Reading::failed(
            named,
            Outcome::Damaged,
            "a password opened it, but there is no document inside: no text was kept",
        )),
    }
}

#[cfg(test)]
mod tests;
