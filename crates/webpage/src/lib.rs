//! Web pages to text: the whole text of a page as blocks in the order of the document, which of
//! them are its content, and what the page states about itself.
//!
//! Nothing is ever loaded and nothing is run. The tokens are those of the HTML standard
//! (html5ever); the page is kept flat, so that depth costs nothing.

mod charset;
mod content;
mod dates;
mod facts;
mod layout;
mod signs;
mod tags;
mod tree;

pub use charset::decode_html;

use casefile::{
    Emit, Field, Input, Metadatum, Outcome, Piece, Problem, Reading, Stop, TextBuilder,
};

use content::Content;
use facts::Gathered;
use tree::Builder;

/// Characters after which a section ends with the next block.
const SECTION: u32 = 900_000;
/// Bytes that are decoded at once.
const CHUNK: u64 = 256 << 10;

/// What a caller wants of a page.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Tell the content from what surrounds it. Without it all that is shown is content: for mail
    /// bodies and the chapters of books, which have no menus.
    pub find_main: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { find_main: true }
    }
}

/// What a page states about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The text of `<title>`.
    pub title: Option<String>,
    /// The `lang` of the page, as it stands (`en-US`).
    pub language: Option<String>,
    /// Everything, title and language included, each with where it stands.
    pub metadata: Vec<Metadatum>,
    /// The page was too large to be held; what came first was read.
    pub cut: bool,
}

impl From<(Gathered, bool)> for Facts {
    fn from((gathered, cut): (Gathered, bool)) -> Self {
        let mut metadata = Vec::new();
        if let Some(title) = &gathered.title {
            metadata.push(Metadatum::new(Field::Title, title, "HTML title"));
        }
        if let Some(language) = &gathered.language {
            metadata.push(Metadatum::new(Field::Language, language, "HTML lang"));
        }
        metadata.extend(gathered.metadata);
        Self {
            title: gathered.title,
            language: gathered.language,
            metadata,
            cut,
        }
    }
}

/// Writes the text of some HTML as blocks, to whatever is built.
pub fn push_html(html: &str, into: &mut TextBuilder, options: Options) -> Facts {
    let mut builder = Builder::new();
    builder.push(html);
    let (tree, gathered) = builder.finish();
    let content = if options.find_main {
        Content::find(&tree)
    } else {
        Content::everything(&tree)
    };
    // Nobody stops it: the closure never does.
    let _ = layout::write(&tree, &content, into, &mut |_| Ok(()));
    Facts::from((gathered, tree.full))
}

/// Reads a web page.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("text/html");
    let damaged = |reading: &mut Reading, error: &std::io::Error| {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!(
            "its bytes could not be read to the end: {error}; the text before was kept"
        ));
    };
    let head = match input.head(CHUNK) {
        Ok(head) => head,
        Err(error) => {
            damaged(&mut reading, &error);
            return Ok(reading);
        }
    };
    let label = charset::label(&head, input.declared_charset);
    let whole = head.len() as u64 >= input.len;
    let mut decoder = encodings::Decoder::detect(&head, whole, label.as_deref());
    let mut builder = Builder::new();
    let mut text = String::new();
    let mut chunk = vec![0; usize::try_from(CHUNK).unwrap_or(65_536)];
    let mut held = true;
    loop {
        let length = match fill(input.bytes, &mut chunk) {
            Ok(length) => length,
            Err(error) => {
                damaged(&mut reading, &error);
                0
            }
        };
        text.clear();
        decoder.push(
            chunk.get(..length).unwrap_or_default(),
            &mut text,
            length == 0,
        );
        held &= builder.push(&text);
        if length == 0 || !held {
            break;
        }
    }
    let (tree, gathered) = builder.finish();
    let content = Content::find(&tree);
    let mut into = TextBuilder::new();
    let mut chars = 0_u64;
    let most = input.limits.text_chars;
    let mut over = false;
    let written = layout::write(&tree, &content, &mut into, &mut |builder| {
        if builder.chars() >= SECTION {
            chars = chars.saturating_add(u64::from(builder.chars()));
            emit(Piece::Section(builder.take_section()))?;
            if chars > most {
                over = true;
                return Err(Stop {
                    reason: String::new(),
                });
            }
        }
        Ok(())
    });
    if let Err(stop) = written
        && !over
    {
        return Err(stop);
    }
    if !into.is_blank() {
        emit(Piece::Section(into.finish()))?;
    }
    let cut = tree.full || over;
    reading.metadata = Facts::from((gathered, cut)).metadata;
    reading.note(
        Field::Other,
        decoder.charset(),
        &format!("charset: {}", decoder.how().name()),
    );
    if cut {
        reading.outcome = Outcome::Limit;
        reading.reason = Some(
            "the page is larger than what can be read at once; its first part was kept".into(),
        );
    }
    if decoder.replaced() > 0 {
        let message = format!(
            "{} places are not {}; they stand as U+FFFD",
            decoder.replaced(),
            decoder.charset()
        );
        reading
            .problems
            .push(Problem::new("bytes-not-decoded", message));
    }
    Ok(reading)
}

fn fill(from: &mut dyn casefile::ReadSeek, chunk: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while let Some(room) = chunk.get_mut(length..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests;
