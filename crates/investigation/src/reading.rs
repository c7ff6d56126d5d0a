//! One original becomes a document: read in a confined process, scans recognised, facts chosen.

use std::time::Instant;

use casefile::{
    ApproxDate, Field, Limits, Member, Outcome, Piece, Problem, Reading, Section, Sha256, Stop,
};
use evidence::{EvidenceError, Taken, Vault};
use extract::Fingerprint;
use extract::ocr::Recogniser;
use extract::worker::{Handed, Hints, Reader};

use crate::Failure;

/// Text of one document that is kept, in bytes. More is a `limit`, and said.
const MOST_TEXT: usize = 64 << 20;
/// Length of a part, in characters: what the index and the reader take at once.
const PART: u32 = 500_000;

/// A document as it goes into the ledger.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) reading: Reading,
    pub(crate) parts: Vec<Section>,
    pub(crate) chars: u64,
    pub(crate) pages: u32,
    pub(crate) title: Option<String>,
    pub(crate) language: Option<&'static str>,
    pub(crate) published: Option<(String, String)>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) milliseconds: u64,
}

/// A member that reading has found.
#[derive(Debug)]
pub(crate) struct FoundMember {
    pub(crate) member: Member,
    /// `None` where its bytes could not be had, or were not wanted.
    pub(crate) taken: Option<Taken>,
    pub(crate) ended: Option<(Outcome, String)>,
}

pub(crate) struct Circumstances<'a> {
    pub(crate) vault: &'a Vault,
    pub(crate) recogniser: Option<&'a Recogniser>,
    pub(crate) passwords: &'a [String],
    /// Whether members are taken into the vault (they are there already when rebuilding).
    pub(crate) members: bool,
}

/// Reads an original of the vault.
pub(crate) fn read(
    reader: &mut Reader,
    original: Sha256,
    hints: &Hints,
    around: &Circumstances<'_>,
) -> Result<(Document, Vec<FoundMember>), Failure> {
    let begun = Instant::now();
    let input = around.vault.for_worker(&original)?;
    let key = Some(input.key.to_bytes().to_vec());
    let handed = Handed {
        file: &input.file,
        key,
        len: input.len,
    };
    let mut sections: Vec<Section> = Vec::new();
    let mut text = 0usize;
    let mut members: Vec<FoundMember> = Vec::new();
    let mut open: Option<(Member, Option<evidence::Incoming<'_>>)> = None;
    let mut broken: Option<EvidenceError> = None;
    let mut on_piece = |piece: Piece| -> Result<(), Stop> {
        match piece {
            Piece::Section(section) => {
                text += section.text.len();
                if text > MOST_TEXT {
                    let reason = format!(
                        "its text is longer than {} MiB; what came before is kept and can be searched",
                        MOST_TEXT >> 20
                    );
                    return Err(Stop { reason });
                }
                sections.push(section);
            }
            Piece::Member(member) => {
                open = Some((member, around.members.then(|| around.vault.begin())));
            }
            Piece::Bytes(bytes) => {
                if let Some((_, Some(incoming))) = &mut open
                    && let Err(error) = incoming.push(&bytes)
                {
                    broken = Some(error);
                    return Err(Stop {
                        reason: "no room".into(),
                    });
                }
            }
            Piece::MemberEnd(ended) => {
                let Some((member, incoming)) = open.take() else {
                    return Ok(());
                };
                // Without bytes and with a reason, there is nothing to keep.
                let nothing = incoming.as_ref().is_none_or(evidence::Incoming::is_empty);
                let taken = match incoming {
                    Some(incoming) if !(nothing && ended.is_some()) => match incoming.finish() {
                        Ok(taken) => Some(taken),
                        Err(error) => {
                            broken = Some(error);
                            return Err(Stop {
                                reason: "no room".into(),
                            });
                        }
                    },
                    _ => None,
                };
                members.push(FoundMember {
                    member,
                    taken,
                    ended,
                });
            }
        }
        Ok(())
    };
    let reading = reader
        .read(
            &handed,
            hints,
            around.passwords,
            Limits::default(),
            &mut on_piece,
        )
        .map_err(|error| {
            Failure::new(
                crate::Whose::Machine,
                "worker",
                format!("the confined reader cannot be started: {error}"),
            )
        })?;
    if let Some(error) = broken {
        return Err(error.into());
    }
    // The reader died inside a member: what came of it is kept.
    if let Some((member, Some(incoming))) = open
        && !incoming.is_empty()
    {
        let taken = Some(incoming.finish()?);
        let ended = Some((
            Outcome::Damaged,
            "the container broke off inside it".to_owned(),
        ));
        members.push(FoundMember {
            member,
            taken,
            ended,
        });
    }
    let mut reading = reading;
    if let Some(recogniser) = around.recogniser {
        recognise(
            reader,
            &handed,
            recogniser,
            around.passwords,
            &mut sections,
            &mut reading,
        );
    }
    if reading.format.is_empty() {
        reading.format = "application/octet-stream".into();
    }
    let mut document = assemble(reading, sections, hints);
    if document.reading.outcome == Outcome::Indexed && document.chars == 0 && members.is_empty() {
        document.reading.outcome = Outcome::NoText;
        document
            .reading
            .reason
            .get_or_insert_with(|| "no text was found in it".into());
    }
    document.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok((document, members))
}

/// Puts recognised text in place of the pages that have only a picture.
fn recognise(
    reader: &mut Reader,
    handed: &Handed<'_>,
    recogniser: &Recogniser,
    passwords: &[String],
    sections: &mut [Section],
    reading: &mut Reading,
) {
    for section in sections {
        let [page] = section.pages.as_slice() else {
            continue;
        };
        if !page.wants_ocr {
            continue;
        }
        let page = page.clone();
        let place = format!("page {}", page.number);
        let drawn = reader.render(handed, &reading.format, page.number, 4_000, true, passwords);
        let recognised = match drawn {
            Ok(Ok(picture)) => recogniser.recognise(&picture.bytes, &page),
            Ok(Err(reason)) => Err(reason),
            Err(error) => Err(error.to_string()),
        };
        match recognised {
            Ok(Some(found)) => {
                let note = format!(
                    "text recognised by {} ({}), mean confidence {:.0}%",
                    recogniser.version(),
                    found.languages,
                    found.confidence
                );
                reading
                    .problems
                    .push(Problem::new("recognised", note).at(place));
                let own = std::mem::replace(section, found.section);
                // What little text the page had of its own is not thrown away.
                if !own.text.trim().is_empty() {
                    let chars = section.chars();
                    let kept = Section {
                        pages: Vec::new(),
                        ..own
                    };
                    section.append(chars, kept);
                }
            }
            Ok(None) => {}
            Err(reason) => reading
                .problems
                .push(Problem::new("not-recognised", reason).at(place)),
        }
    }
}

fn assemble(reading: Reading, sections: Vec<Section>, hints: &Hints) -> Document {
    let mut parts: Vec<(Section, u32)> = Vec::new();
    for section in sections {
        match parts.last_mut() {
            Some((last, chars)) if *chars < PART => *chars = last.append(*chars, section),
            _ => {
                let chars = section.chars();
                parts.push((section, chars));
            }
        }
    }
    let blank = parts.iter().all(|(part, _)| part.text.trim().is_empty());
    let chars = if blank {
        0
    } else {
        parts.iter().map(|(_, chars)| u64::from(*chars)).sum()
    };
    let parts: Vec<Section> = parts.into_iter().map(|(part, _)| part).collect();
    let pages = parts.iter().map(|part| part.pages.len()).sum::<usize>();
    let first = parts.first().map_or("", |part| part.text.as_str());
    let language = extract::language(first);
    let fingerprint = extract::fingerprint(first);
    Document {
        title: title(&reading, parts.first(), hints),
        published: date(&reading),
        chars,
        pages: u32::try_from(pages).unwrap_or(u32::MAX),
        language,
        fingerprint,
        parts,
        reading,
        milliseconds: 0,
    }
}

/// What the document calls itself, else its first heading, else its file's name.
fn title(reading: &Reading, first: Option<&Section>, hints: &Hints) -> Option<String> {
    let heading = || {
        let first = first?;
        let block = first
            .blocks
            .iter()
            .find(|block| matches!(block.kind, casefile::BlockKind::Heading(_)) && block.main)?;
        block.span.of(&first.text).map(str::to_owned)
    };
    let told = reading
        .first(Field::Title)
        .or_else(|| reading.first(Field::Subject))
        .map(str::to_owned);
    let name = hints.name.rsplit('/').next().unwrap_or_default();
    let title = told.or_else(heading).unwrap_or_else(|| name.to_owned());
    let line = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| line.chars().take(300).collect())
}

/// The document's own date and where it stands: what tells of publishing goes before what tells
/// of a file.
fn date(reading: &Reading) -> Option<(String, String)> {
    const ORDER: [Field; 6] = [
        Field::Published,
        Field::Sent,
        Field::Taken,
        Field::Created,
        Field::Modified,
        Field::Captured,
    ];
    ORDER.iter().find_map(|field| {
        let data = reading
            .metadata
            .iter()
            .filter(|datum| datum.field == *field);
        data.into_iter().find_map(|datum| {
            let day = datum.value.get(..10).unwrap_or(&datum.value);
            day.parse::<ApproxDate>()
                .ok()
                .map(|date| (date.to_string(), datum.from.clone()))
        })
    })
}
