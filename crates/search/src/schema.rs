//! The fields of the index.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::query::{Key, Target};
use crate::words::{Stems, Units};

/// Stands in the name of the index's folder or its settings: an index of another form is dropped.
pub(crate) const FORM: u32 = 1;

const TEXT: &str = "text";
const KEY: &str = "key";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Identity of the document, indexed to delete by it.
    pub(crate) id: Field,
    /// The identity as numbers: its first 8 bytes and its last 2.
    pub(crate) id_high: Field,
    pub(crate) id_low: Field,
    pub(crate) part: Field,
    /// 1 if the document has several parts.
    pub(crate) multi: Field,
    /// Characters of the text: the measure of length for BM25.
    pub(crate) chars: Field,
    pub(crate) text: Field,
    pub(crate) title: Field,
    /// Names and the values of all metadata.
    pub(crate) about: Field,
    pub(crate) path: Field,
    pub(crate) path_key: Field,
    pub(crate) author: Field,
    pub(crate) sender: Field,
    pub(crate) recipient: Field,
    pub(crate) source: Field,
    pub(crate) language: Field,
    pub(crate) kind: Field,
    pub(crate) year: Field,
    pub(crate) outcome: Field,
    pub(crate) format: Field,
    pub(crate) first_day: Field,
    pub(crate) last_day: Field,
}

pub(crate) const FACETS: [&str; 5] = ["source", "type", "language", "year", "outcome"];

impl Fields {
    pub(crate) fn of_key(&self, key: Key) -> Field {
        match key {
            Key::Source => self.source,
            Key::Language => self.language,
            Key::Type => self.kind,
            Key::Year => self.year,
            Key::Outcome => self.outcome,
            Key::Format => self.format,
        }
    }

    /// The fields of running words.
    pub(crate) fn words(&self) -> [Field; 7] {
        [
            self.text,
            self.title,
            self.about,
            self.path,
            self.author,
            self.sender,
            self.recipient,
        ]
    }

    /// The fields in which words are looked for, with their weights.
    pub(crate) fn of_target(&self, target: Target) -> Vec<(Field, f32)> {
        match target {
            Target::Anywhere => vec![(self.text, 1.0), (self.title, 2.0), (self.about, 1.0)],
            Target::Title => vec![(self.title, 1.0)],
            Target::Path => vec![(self.path, 1.0)],
            Target::Author => vec![(self.author, 1.0)],
            Target::Sender => vec![(self.sender, 1.0)],
            Target::Recipient => vec![(self.recipient, 1.0)],
        }
    }
}

pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = SchemaBuilder::default();
    let words = || {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TEXT)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions)
            .set_fieldnorms(true);
        TextOptions::default().set_indexing_options(indexing)
    };
    let keys = || {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(KEY)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let facet = || keys().set_fast("raw");
    let number = || NumericOptions::default().set_fast();
    let fields = Fields {
        id: builder.add_text_field("id", keys()),
        id_high: builder.add_u64_field("id_high", number()),
        id_low: builder.add_u64_field("id_low", number()),
        part: builder.add_u64_field("part", number()),
        multi: builder.add_u64_field("multi", number().set_indexed()),
        chars: builder.add_u64_field("chars", number()),
        text: builder.add_text_field("text", words()),
        title: builder.add_text_field("title", words()),
        about: builder.add_text_field("about", words()),
        path: builder.add_text_field("path", words()),
        path_key: builder.add_text_field("path_key", keys()),
        author: builder.add_text_field("author", words()),
        sender: builder.add_text_field("from", words()),
        recipient: builder.add_text_field("to", words()),
        source: builder.add_text_field("source", facet()),
        language: builder.add_text_field("language", facet()),
        kind: builder.add_text_field("type", facet()),
        year: builder.add_text_field("year", facet()),
        outcome: builder.add_text_field("outcome", facet()),
        format: builder.add_text_field("format", keys()),
        first_day: builder.add_u64_field("first_day", FAST),
        last_day: builder.add_u64_field("last_day", FAST),
    };
    (builder.build(), fields)
}

/// Bytes of text that were put and not yet taken up. The engine queues thousands of documents,
/// however long they are; this keeps what waits within bounds.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    bytes: Mutex<usize>,
    less: Condvar,
}

impl Waiting {
    /// Bytes that may wait beside the document that is being put.
    const MOST: usize = 8 << 20;

    /// Waits until there is room, then counts the bytes in.
    pub(crate) fn enter(&self, bytes: usize) {
        let mut held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        // An indexing thread that died takes nothing up; the engine says so when it is next asked.
        let mut patience = 200;
        while *held > Self::MOST && patience > 0 {
            let before = *held;
            let waited = self.less.wait_timeout(held, Duration::from_millis(50));
            held = waited.unwrap_or_else(PoisonError::into_inner).0;
            patience = if *held < before { 200 } else { patience - 1 };
        }
        if patience == 0 {
            *held = 0;
        }
        *held = held.saturating_add(bytes);
    }

    fn leave(&self, bytes: usize) {
        let mut held = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(bytes);
        self.less.notify_one();
    }
}

pub(crate) fn tokenizers(waiting: &Arc<Waiting>) -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(
        TEXT,
        Text {
            waiting: waiting.clone(),
            ..Text::default()
        },
    );
    manager.register(KEY, Whole::default());
    // The engine asks for this one even for numbers.
    manager.register("default", Whole::default());
    manager
}

/// The form in which values of fields with few values are compared.
pub(crate) fn key(value: &str) -> String {
    let view = casefile::normal::normalise(value).text;
    let mut folded: String = view
        .trim()
        .chars()
        .take(1_000)
        .flat_map(char::to_lowercase)
        .collect();
    // A term may have 65,530 bytes.
    folded.truncate(folded.floor_char_boundary(8_000));
    folded
}

/// The units of a text as the index takes them.
#[derive(Clone, Default)]
struct Text {
    stems: Stems,
    view: Option<casefile::normal::Normal>,
    waiting: Arc<Waiting>,
}

#[derive(PartialEq)]
enum Next {
    Unit,
    Folded,
    Stem,
}

struct TextStream<'a> {
    units: Units<'a>,
    stems: &'a mut Stems,
    next: Next,
    token: Token,
}

impl Tokenizer for Text {
    type TokenStream<'a> = TextStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TextStream<'a> {
        self.waiting.leave(text.len());
        let view = self.view.insert(casefile::normal::normalise(text));
        TextStream {
            units: Units::new(&view.text, &view.breaks),
            stems: &mut self.stems,
            next: Next::Unit,
            token: Token::default(),
        }
    }
}

impl TokenStream for TextStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let unit = &self.units.unit;
            match self.next {
                Next::Folded => {
                    self.next = Next::Stem;
                    if unit.has_folded {
                        self.token.text.clear();
                        self.token.text.push_str(&unit.folded);
                        return true;
                    }
                }
                Next::Stem => {
                    self.next = Next::Unit;
                    if !unit.gram
                        && let Some(stem) = self.stems.of(unit.plain())
                    {
                        self.token.text.clear();
                        self.token.text.push_str(stem);
                        return true;
                    }
                }
                Next::Unit => {
                    if !self.units.advance() {
                        return false;
                    }
                    let unit = &self.units.unit;
                    self.next = if unit.gram { Next::Unit } else { Next::Folded };
                    self.token.text.clear();
                    self.token.text.push_str(&unit.exact);
                    self.token.position = unit.position as usize;
                    self.token.offset_from = unit.start;
                    self.token.offset_to = unit.end;
                    return true;
                }
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A value as one term.
#[derive(Clone, Default)]
struct Whole {
    token: Token,
}

struct WholeStream<'a> {
    token: &'a mut Token,
    given: bool,
}

impl Tokenizer for Whole {
    type TokenStream<'a> = WholeStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WholeStream<'a> {
        self.token = Token {
            text: key(text),
            offset_to: text.len(),
            position: 0,
            ..Token::default()
        };
        WholeStream {
            token: &mut self.token,
            given: false,
        }
    }
}

impl TokenStream for WholeStream<'_> {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.given, true)
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
