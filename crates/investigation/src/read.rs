//! `read`: text in, mentions and statements out, without a case.

use std::fs::File;
use std::path::Path;

use casefile::{ApproxDate, Field, Limits, Outcome, Piece, Section, Stop};
use extract::worker::{Handed, Hints, Reader};
use statement::Found;

use crate::{Failure, Tools, Whose};

/// Text of one file that is held at once, in characters; `add` has no such limit.
const MOST: u64 = 200_000_000;

/// What reading a file gave.
#[derive(Debug)]
pub struct FileRead {
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub format: String,
    /// The text that offsets count in.
    pub text: String,
    pub language: Option<&'static str>,
    pub published: Option<ApproxDate>,
    pub found: Found,
}

/// Reads one file in a confined process: what the reader says of it, and its text.
pub(crate) fn read_whole(
    tools: &Tools,
    path: &Path,
) -> Result<(casefile::Reading, Section), Failure> {
    let name = path.display();
    let unreadable = |error: std::io::Error| {
        Failure::new(
            Whose::You,
            "unreadable",
            format!("`{name}` cannot be read: {error}"),
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if !about.is_file() {
        return Err(
            Failure::new(Whose::You, "no-file", format!("`{name}` is not a file"))
                .hint("name files; `tumen add` takes in folders"),
        );
    }
    let handed = Handed {
        file: &file,
        key: None,
        len: about.len(),
    };
    let hints = Hints {
        name: path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        ..Hints::default()
    };
    let mut whole = Section::default();
    let mut chars = 0_u32;
    let mut on_piece = |piece: Piece| -> Result<(), Stop> {
        if let Piece::Section(section) = piece {
            if u64::from(chars).saturating_add(u64::from(section.chars())) > MOST {
                return Err(Stop {
                    reason: format!(
                        "its text is longer than {MOST} characters; what came before was read"
                    ),
                });
            }
            chars = whole.append(chars, section);
        }
        Ok(())
    };
    let reading = Reader::new(tools.worker.clone())
        .read(&handed, &hints, &[], Limits::default(), &mut on_piece)
        .map_err(|error| {
            let message = format!("the confined reader cannot be started: {error}");
            Failure::new(Whose::Machine, "worker", message)
        })?;
    Ok((reading, whole))
}

/// Reads one file in a confined process and finds what it names and claims. `published` goes
/// before the date that the file tells of itself.
///
/// # Errors
/// The file cannot be opened, or no confined process can be started. What is wrong with its
/// content is its outcome.
pub fn read_file(
    tools: &Tools,
    path: &Path,
    published: Option<ApproxDate>,
) -> Result<FileRead, Failure> {
    let (reading, whole) = read_whole(tools, path)?;
    let told = [
        Field::Published,
        Field::Sent,
        Field::Created,
        Field::Modified,
    ]
    .iter()
    .find_map(|field| reading.metadata.iter().find(|datum| datum.field == *field))
    .and_then(|datum| crate::statements::day(Some(&datum.value)));
    let published = published.or(told);
    Ok(FileRead {
        outcome: reading.outcome,
        reason: reading.reason,
        format: reading.format,
        language: extract::language(&whole.text),
        published,
        found: statement::find_in(&whole, published),
        text: whole.text,
    })
}

/// Finds what a text names and claims, handed out a stretch at a time: memory stays flat however
/// long the text is.
pub fn read_text_each(text: &str, published: Option<ApproxDate>, each: impl FnMut(Found)) {
    let context = statement::Context {
        published,
        blocks: &[],
    };
    statement::find_each(text, &context, each);
}

/// Finds what a text names and claims.
#[must_use]
pub fn read_text(text: &str, published: Option<ApproxDate>) -> Found {
    let context = statement::Context {
        published,
        blocks: &[],
    };
    statement::find(text, &context)
}
