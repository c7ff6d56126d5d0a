//! The state of an RTF reader: groups with their properties, destinations, runs of text.

mod flows;
mod objects;
mod text;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use casefile::{BlockKind, Field, Metadatum, Stop};

use super::fields;
use super::tokens::{Token, Tokens, nibble};
use crate::codepage::{self, Codepage};
use crate::ole;
use crate::sink::{Blocks, Sink, extension};

/// Groups kept; deeper ones share the properties of the last, so that no text is lost.
const DEPTH: usize = 4096;
const FLOWS: usize = 64;
/// A paragraph longer than this is cut in two blocks.
const PARAGRAPH: usize = 4 << 20;
/// Bytes of one picture or object that are held.
const OBJECT: usize = 256 << 20;

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dest {
    Body,
    /// Nothing inside is looked at.
    Skip,
    /// Text is dropped, but destinations inside it count.
    Quiet,
    Fonts,
    Styles,
    Info,
    Collect,
    Data,
    HtmlTag,
}

/// What ends with a group.
#[derive(Debug, Clone, Copy)]
enum Closing {
    Nothing,
    Flow,
    Style,
    Text(Collected),
    Time(Field, &'static str),
    Picture,
    Object,
}

#[derive(Debug, Clone, Copy)]
enum Collected {
    Fact(Field, &'static str),
    Instruction,
    Class,
    PropertyName,
    PropertyValue,
}

#[derive(Debug, Clone, Copy)]
struct State {
    dest: Dest,
    /// Where the text of the group around `\upr` goes.
    around: Dest,
    closing: Closing,
    star: bool,
    font: i32,
    double_font: Option<i32>,
    double: bool,
    uc: u16,
    in_table: bool,
    nesting: i32,
    style: i32,
    outline: Option<u8>,
    htmlrtf: bool,
}

/// A run of paragraphs: the body, a note, a running head, a text box.
struct Flow {
    kind: BlockKind,
    blocks: Blocks,
    paragraph: String,
    list: bool,
    cell: String,
    cells: Vec<String>,
    nested: Vec<String>,
    after: Blocks,
}

impl Flow {
    fn new(kind: BlockKind) -> Self {
        Self {
            kind,
            blocks: Blocks::new(),
            paragraph: String::new(),
            list: false,
            cell: String::new(),
            cells: Vec::new(),
            nested: Vec::new(),
            after: Blocks::new(),
        }
    }
}

/// Bytes of a picture or object as they come, in hexadecimal or after `\bin`.
#[derive(Default)]
struct Blob {
    bytes: Vec<u8>,
    high: Option<u8>,
    over: bool,
    bitmap: bool,
    extension: &'static str,
}

pub(super) struct Parser<'a, 's, 'e> {
    tokens: Tokens<'a>,
    sink: &'s mut Sink<'e>,
    state: State,
    stack: Vec<State>,
    too_deep: u64,
    default_font: i32,
    default_page: Codepage,
    fonts: BTreeMap<i32, Codepage>,
    font_entry: i32,
    font_name: String,
    styles: BTreeMap<i32, u8>,
    style_entry: (i32, Option<u8>, String),
    pending: Vec<u8>,
    pending_page: Codepage,
    pending_raw: bool,
    surrogate: Option<u16>,
    skip: u16,
    flows: Vec<Flow>,
    collected: Vec<String>,
    blobs: Vec<Blob>,
    object_class: String,
    property: String,
    time: [i32; 6],
    links: BTreeSet<String>,
    numbered: u32,
    pub(super) metadata: Vec<Metadatum>,
    /// The HTML so far, when that is what is wanted.
    pub(super) html: Option<String>,
    pub(super) wraps_html: bool,
}

impl<'a, 's, 'e> Parser<'a, 's, 'e> {
    pub(super) fn new(bytes: &'a [u8], sink: &'s mut Sink<'e>, html: bool) -> Self {
        let state = State {
            dest: Dest::Body,
            around: Dest::Skip,
            closing: Closing::Nothing,
            star: false,
            font: -1,
            double_font: None,
            double: false,
            uc: 1,
            in_table: false,
            nesting: 0,
            style: -1,
            outline: None,
            htmlrtf: false,
        };
        Self {
            tokens: Tokens::new(bytes),
            sink,
            state,
            stack: Vec::new(),
            too_deep: 0,
            default_font: 0,
            default_page: codepage::WESTERN,
            fonts: BTreeMap::new(),
            font_entry: 0,
            font_name: String::new(),
            styles: BTreeMap::new(),
            style_entry: (0, None, String::new()),
            pending: Vec::new(),
            pending_page: codepage::WESTERN,
            pending_raw: true,
            surrogate: None,
            skip: 0,
            flows: vec![Flow::new(BlockKind::Paragraph)],
            collected: Vec::new(),
            blobs: Vec::new(),
            object_class: String::new(),
            property: String::new(),
            time: [0; 6],
            links: BTreeSet::new(),
            numbered: 0,
            metadata: Vec::new(),
            html: html.then(String::new),
            wraps_html: false,
        }
    }

    /// Reads to the end. The text tells what is broken, if something is.
    pub(super) fn run(&mut self) -> Result<Option<String>, Stop> {
        let mut opened = false;
        let mut extra = 0_u32;
        let mut cut = false;
        let mut seen_rtf = false;
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Open => {
                    opened = true;
                    self.open();
                }
                Token::Close => {
                    if self.stack.is_empty() {
                        extra += 1;
                    } else if self.stack.len() == 1 && self.too_deep == 0 {
                        // What follows the document is not of it, unless a brace was one too many:
                        // then the properties stay as they are.
                        let state = self.state;
                        self.close()?;
                        self.state = State {
                            closing: Closing::Nothing,
                            ..state
                        };
                        if self.tokens.rest().windows(4).any(|w| w == b"\\par") {
                            extra = 1;
                        }
                    } else {
                        self.close()?;
                    }
                }
                Token::Word(word, number) => {
                    seen_rtf |= word == b"rtf";
                    self.word(word, number)?;
                }
                Token::Symbol(symbol) => self.symbol(symbol)?,
                Token::Hex(byte) => self.hex(byte),
                Token::Text(text) if opened && self.stack.is_empty() && extra == 0 => {
                    // Bytes after the last brace: line ends, padding, a signature.
                    if !text.iter().all(u8::is_ascii_whitespace) {
                        self.sink.problem(
                            "rtf-trailing-bytes",
                            "bytes after the end of the document were left out of its text",
                        );
                        break;
                    }
                }
                Token::Text(text) => self.bytes(text),
                Token::Bin(data, whole) => {
                    cut |= !whole;
                    self.binary(data);
                }
            }
        }
        let open_at_end = self.stack.len() as u64 + self.too_deep;
        self.flush();
        while !self.stack.is_empty() || self.too_deep > 0 {
            self.too_deep = 0;
            self.close()?;
        }
        self.end_flow()?;
        Ok(if !seen_rtf {
            Some("it has no RTF header; what text it holds was kept".into())
        } else if cut || open_at_end > 0 {
            Some("the file ends early; the text up to there was kept".into())
        } else {
            None
        })
    }

    fn open(&mut self) {
        self.skip = 0;
        if self.stack.len() >= DEPTH {
            self.too_deep += 1;
            return;
        }
        self.stack.push(self.state);
        self.state.closing = match self.state.dest {
            Dest::Styles => Closing::Style,
            _ => Closing::Nothing,
        };
        self.state.star = false;
    }

    fn close(&mut self) -> Result<(), Stop> {
        self.skip = 0;
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return Ok(());
        }
        let Some(outer) = self.stack.pop() else {
            return Ok(());
        };
        let changes = outer.dest != self.state.dest || outer.htmlrtf != self.state.htmlrtf;
        if changes || !matches!(self.state.closing, Closing::Nothing) {
            self.flush();
        }
        let closing = std::mem::replace(&mut self.state.closing, Closing::Nothing);
        self.closed(closing)?;
        self.state = outer;
        Ok(())
    }

    fn closed(&mut self, closing: Closing) -> Result<(), Stop> {
        match closing {
            Closing::Nothing => {}
            Closing::Flow => self.end_flow()?,
            Closing::Style => self.end_style(),
            Closing::Time(field, from) => {
                if let Some(time) = fields::time(self.time) {
                    self.note(field, &time, from);
                }
            }
            Closing::Text(what) => {
                let text = self.collected.pop().unwrap_or_default();
                match what {
                    Collected::Fact(field, from) => {
                        self.note(field, text.trim_end_matches(';'), from)
                    }
                    Collected::Instruction => {
                        if let Some(target) = fields::hyperlink(&text)
                            && self.links.len() < 10_000
                            && self.links.insert(target.clone())
                        {
                            self.note(Field::Other, &target, "hyperlink");
                        }
                    }
                    Collected::Class => self.object_class = text,
                    Collected::PropertyName => self.property = text,
                    Collected::PropertyValue => {
                        let from = format!("RTF userprops {}", self.property.trim());
                        self.note(Field::Other, &text, &from);
                    }
                }
            }
            Closing::Picture => {
                if let Some(blob) = self.blobs.pop() {
                    self.picture(blob)?;
                }
            }
            Closing::Object => {
                if let Some(blob) = self.blobs.pop() {
                    self.object(blob)?;
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, field: Field, value: &str, from: &str) {
        let value = value.trim();
        if !value.is_empty() && self.metadata.len() < 20_000 {
            self.metadata.push(Metadatum::new(field, value, from));
        }
    }
}
