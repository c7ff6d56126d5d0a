//! One original becomes a document: read in a confined process, scans recognised, facts chosen.

use std::time::Instant;

use casefile::{
    ApproxDate, Field, Limits, Member, Metadatum, Outcome, Page, Piece, Problem, Reading, Section,
    Sha256, Stop,
};
use evidence::{EvidenceError, Taken, Vault};
use extract::Fingerprint;
use extract::ocr::{Recognised, Recogniser};
use extract::worker::{Handed, Hints, Reader, Wanted};

use crate::statements::Reading as Statements;
use crate::text::{Gathering, Text};
use crate::{Failure, StatementsFound};

/// Longest side, in pixels, of a picture that is to be recognised: A3 at 300 dots an inch.
const RECOGNISED: u32 = 5_000;

/// What a text names and claims, on its way into the ledger.
#[derive(Debug)]
pub(crate) enum Finding {
    Held(StatementsFound),
    /// The text is long: what it says is found while it is written, part by part.
    Long,
    /// Left for later, as was asked.
    Later,
}

/// A document as it goes into the ledger.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) reading: Reading,
    pub(crate) text: Text,
    /// What the text names and claims.
    pub(crate) found: Finding,
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
    /// `--published`: goes before the date that the file tells of itself.
    pub(crate) published: Option<&'a str>,
    /// Whether members are taken into the vault (they are there already when rebuilding).
    pub(crate) members: bool,
    /// Whether what the text says is found at once.
    pub(crate) statements: bool,
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
    let limits = Limits::default();
    let mut text = Gathering::new(around.vault, around.recogniser.is_some());
    let mut members: Vec<FoundMember> = Vec::new();
    let mut open: Option<(Member, Option<evidence::Incoming<'_>>)> = None;
    let mut broken: Option<EvidenceError> = None;
    let mut on_piece = |piece: Piece| -> Result<(), Stop> {
        match piece {
            Piece::Section(section) => {
                let chars = u64::from(section.chars());
                // Readers keep the limit by themselves; this is for one that was led astray.
                if text.chars().saturating_add(chars) >= u64::from(u32::MAX) {
                    let reason = format!(
                        "its text is longer than {} characters; what came before is kept and can \
                         be searched",
                        limits.text_chars
                    );
                    return Err(Stop { reason });
                }
                if let Err(error) = text.push(section) {
                    broken = Some(error);
                    return Err(Stop {
                        reason: "no room".into(),
                    });
                }
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
        .read(&handed, hints, around.passwords, limits, &mut on_piece)
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
    let text = match around.recogniser {
        Some(recogniser) => text.recognised(&mut |sections| {
            let passwords = around.passwords;
            recognise(
                reader,
                &handed,
                recogniser,
                passwords,
                sections,
                &mut reading,
            );
        })?,
        None => text.finish()?,
    };
    if reading.format.is_empty() {
        reading.format = "application/octet-stream".into();
    }
    let mut document = assemble(reading, text, hints, around)?;
    if document.reading.outcome == Outcome::Indexed
        && document.text.chars == 0
        && members.is_empty()
    {
        document.reading.outcome = Outcome::NoText;
        document
            .reading
            .reason
            .get_or_insert_with(|| "no text was found in it".into());
    }
    document.milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok((document, members))
}

/// Where an occurrence keeps what its container declares of it: a rebuild reads with the same
/// hints as the first reading, so it gives the same text.
const DECLARED: [&str; 2] = ["declared type", "declared charset"];

/// What a container declares of its member, as facts of the occurrence.
pub(crate) fn declared(member: &Member) -> Vec<Metadatum> {
    let values = [&member.declared_type, &member.declared_charset];
    let told = DECLARED.iter().zip(values);
    told.filter_map(|(from, value)| Some(Metadatum::new(Field::Other, value.clone()?, *from)))
        .collect()
}

/// The reverse of [`declared`], with the name of the place.
pub(crate) fn hints(name: String, metadata: &[Metadatum]) -> Hints {
    let told = |from: &str| {
        let mut found = metadata.iter().filter(|datum| datum.from == from);
        found.next().map(|datum| datum.value.clone())
    };
    let [declared_type, declared_charset] = DECLARED.map(told);
    Hints {
        name,
        declared_type,
        declared_charset,
    }
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
    let waits = |section: &Section| match section.pages.as_slice() {
        [page] if page.wants_ocr => Some(page.clone()),
        _ => None,
    };
    let mut waiting: Vec<(&mut Section, Page)> = sections
        .iter_mut()
        .filter_map(|section| waits(section).map(|page| (section, page)))
        .collect();
    let pages: Vec<u32> = waiting.iter().map(|(_, page)| page.number).collect();
    let wanted = Wanted {
        format: &reading.format.clone(),
        pages: &pages,
        longest: RECOGNISED,
        grey: true,
    };
    let mut next = waiting.iter_mut();
    let drawn = reader.render_pages(handed, wanted, passwords, &mut |_, drawn| {
        let Some((section, page)) = next.next() else {
            return false;
        };
        let recognised = drawn.and_then(|drawn| recogniser.recognise(&drawn.bytes, page));
        let place = format!("page {}", page.number);
        match recognised {
            Ok(Some(found)) => fill(section, found, recogniser, reading, place),
            Ok(None) => {}
            Err(reason) => reading
                .problems
                .push(Problem::new("not-recognised", reason).at(place)),
        }
        true
    });
    if let Err(error) = drawn {
        for (_, page) in next {
            let place = format!("page {}", page.number);
            reading
                .problems
                .push(Problem::new("not-recognised", error.to_string()).at(place));
        }
    }
}

/// A page's recognised text, and after it what little it had of its own.
fn fill(
    section: &mut Section,
    found: Recognised,
    recogniser: &Recogniser,
    reading: &mut Reading,
    place: String,
) {
    let mut note = format!(
        "text recognised by {} ({}), mean confidence {:.0}%",
        recogniser.version(),
        found.languages,
        found.confidence
    );
    match found.unreadable {
        0 => {}
        1 => note.push_str("; 1 line was unreadable"),
        lines => note.push_str(&format!("; {lines} lines were unreadable")),
    }
    reading
        .problems
        .push(Problem::new("recognised", note).at(place));
    let own = std::mem::replace(section, found.section);
    if !own.text.trim().is_empty() {
        let chars = section.chars();
        let kept = Section {
            pages: Vec::new(),
            ..own
        };
        section.append(chars, kept);
    }
}

fn assemble(
    reading: Reading,
    text: Text,
    hints: &Hints,
    around: &Circumstances<'_>,
) -> Result<Document, Failure> {
    let first = text.first()?;
    let words = first.as_ref().map_or("", |part| part.text.as_str());
    let language = extract::language(words);
    let fingerprint = extract::fingerprint(words);
    let title = title(&reading, first.as_deref(), hints);
    drop(first);
    let published = around
        .published
        .map(|day| (day.to_owned(), "given with --published".to_owned()))
        .or_else(|| date(&reading));
    let day = published.as_ref().map(|(day, _)| day.as_str());
    let found = if !around.statements {
        Finding::Later
    } else if text.chars > crate::statements::LONG {
        Finding::Long
    } else {
        let mut statements = Statements::new(crate::statements::day(day));
        text.each(&mut |part| {
            statements.part(part);
            Ok(())
        })?;
        Finding::Held(statements.done())
    };
    Ok(Document {
        title,
        published,
        found,
        language,
        fingerprint,
        text,
        reading,
        milliseconds: 0,
    })
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
