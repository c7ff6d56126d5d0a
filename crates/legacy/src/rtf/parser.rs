//! The state of an RTF reader: groups with their properties, destinations, runs of text.

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

    fn picture(&mut self, blob: Blob) -> Result<(), Stop> {
        if blob.bytes.is_empty() || self.html.is_some() {
            return Ok(());
        }
        self.numbered += 1;
        let bytes = if blob.bitmap {
            ole::bitmap_file(blob.bytes)
        } else {
            blob.bytes
        };
        let extension = match extension(&bytes) {
            "bin" if !blob.extension.is_empty() => blob.extension,
            known => known,
        };
        if blob.over {
            self.sink.problem(
                "object-cut",
                "a picture is larger than 256 MiB; its beginning was kept",
            );
        }
        self.sink
            .embedded(&format!("picture-{}.{extension}", self.numbered), &bytes)
    }

    fn object(&mut self, blob: Blob) -> Result<(), Stop> {
        if blob.bytes.is_empty() || self.html.is_some() {
            return Ok(());
        }
        self.numbered += 1;
        if blob.over {
            self.sink.problem(
                "object-cut",
                "an object is larger than 256 MiB; its beginning was kept",
            );
        }
        let class = std::mem::take(&mut self.object_class);
        let Some(object) = ole::ole1(&blob.bytes) else {
            return self
                .sink
                .embedded(&format!("object-{}.bin", self.numbered), &blob.bytes);
        };
        if let Some(link) = object.linked {
            self.note(Field::Other, &link, "linked object");
        }
        let class = if object.class.is_empty() {
            class
        } else {
            object.class
        };
        for (name, bytes) in ole::unwrap(&class, object.data, self.numbered) {
            self.sink.embedded(&name, &bytes)?;
        }
        Ok(())
    }

    // ---- text ----

    fn page(&self) -> Codepage {
        if self.state.dest == Dest::Collect {
            return self.default_page;
        }
        let named = match self.state.double_font {
            Some(font) if self.state.double => font,
            _ => self.state.font,
        };
        let font = if named < 0 { self.default_font } else { named };
        self.fonts.get(&font).copied().unwrap_or(self.default_page)
    }

    fn queue(&mut self, bytes: &[u8], raw: bool) {
        if matches!(self.state.dest, Dest::Skip | Dest::Quiet | Dest::Info) {
            return;
        }
        let page = self.page();
        if page != self.pending_page || self.pending.is_empty() {
            self.flush();
            self.pending_page = page;
            self.pending_raw = true;
        }
        self.surrogate = None;
        self.pending_raw &= raw;
        self.pending.extend_from_slice(bytes);
        if self.pending.len() > PARAGRAPH {
            self.flush();
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if self.state.dest == Dest::Data {
            if let Some(blob) = self.blobs.last_mut() {
                for digit in bytes.iter().filter_map(|&b| nibble(b)) {
                    match blob.high.take() {
                        None => blob.high = Some(digit),
                        Some(_) if blob.bytes.len() >= OBJECT => blob.over = true,
                        Some(high) => blob.bytes.push(high << 4 | digit),
                    }
                }
            }
            return;
        }
        let skipped = bytes.len().min(self.skip.into());
        self.skip -= u16::try_from(skipped).unwrap_or(self.skip);
        let rest = bytes.get(skipped..).unwrap_or(&[]);
        if !rest.is_empty() {
            self.queue(rest, true);
        }
    }

    fn hex(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.state.dest != Dest::Data {
            self.queue(&[byte], false);
        }
    }

    fn binary(&mut self, data: &[u8]) {
        if self.state.dest == Dest::Data
            && let Some(blob) = self.blobs.last_mut()
        {
            let room = OBJECT.saturating_sub(blob.bytes.len());
            blob.over |= data.len() > room;
            blob.bytes
                .extend_from_slice(data.get(..room).unwrap_or(data));
        }
        self.skip = self.skip.saturating_sub(1);
    }

    /// Decodes the bytes that wait for the rest of a letter or run.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let page = self.pending_page;
        let high = bytes.iter().any(|&b| b >= 0x80);
        let text = if !high && page != Codepage::Symbols && page != Codepage::Greek {
            bytes.iter().map(|&b| b as char).collect()
        } else if self.pending_raw
            && !page.is_double()
            && let Ok(utf8) = std::str::from_utf8(&bytes)
        {
            utf8.to_owned()
        } else if page == codepage::WESTERN
            && self.default_page.is_double()
            && in_pairs(&bytes)
            && let Some(text) = self.default_page.decode_strictly(&bytes)
        {
            // The font claims Western letters, but the document is East Asian and each of its
            // bytes fits that.
            text
        } else {
            page.decode(&bytes)
        };
        self.text(&text);
    }

    /// A character that is not a byte of the code page.
    fn special(&mut self, c: char) {
        self.flush();
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.text(c.encode_utf8(&mut [0; 4]));
    }

    fn text(&mut self, text: &str) {
        match self.state.dest {
            Dest::Body => {
                if let Some(html) = &mut self.html {
                    if !self.state.htmlrtf {
                        escape(text, html);
                    }
                } else if let Some(flow) = self.flows.last_mut() {
                    flow.paragraph.push_str(text);
                }
            }
            Dest::HtmlTag => {
                if let Some(html) = &mut self.html
                    && !self.state.htmlrtf
                {
                    html.push_str(text);
                }
            }
            Dest::Collect => {
                if let Some(collected) = self.collected.last_mut()
                    && collected.len() < 1 << 20
                {
                    collected.push_str(text);
                }
            }
            Dest::Fonts => self.font_text(text),
            Dest::Styles => self.style_entry.2.extend(text.chars().take(256)),
            Dest::Skip | Dest::Quiet | Dest::Info | Dest::Data => {}
        }
    }

    fn font_text(&mut self, text: &str) {
        for c in text.chars() {
            if c != ';' {
                if self.font_name.len() < 256 {
                    self.font_name.push(c);
                }
                continue;
            }
            let name = std::mem::take(&mut self.font_name);
            let page = self.fonts.get_mut(&self.font_entry);
            if name.trim().eq_ignore_ascii_case("symbol")
                && let Some(page @ Codepage::Symbols) = page
            {
                *page = Codepage::Greek;
            }
        }
    }

    fn end_style(&mut self) {
        let (number, outline, name) = std::mem::take(&mut self.style_entry);
        let named = name.trim().trim_end_matches(';').to_ascii_lowercase();
        let level = named
            .strip_prefix("heading ")
            .and_then(|n| n.trim().parse::<u8>().ok());
        if let Some(level) = outline
            .map(|o| o + 1)
            .or(level)
            .filter(|l| (1..=9).contains(l))
            && self.styles.len() < 65_536
        {
            self.styles.insert(number, level);
        }
    }

    // ---- paragraphs, rows, flows ----

    fn add(&mut self, kind: BlockKind, text: String) -> Result<(), Stop> {
        match self.flows.as_mut_slice() {
            [] | [_] => self.sink.block(kind, &text),
            [.., flow] => {
                flow.blocks.push((kind, text));
                Ok(())
            }
        }
    }

    fn after(&mut self) -> Result<(), Stop> {
        let after = self
            .flows
            .last_mut()
            .map(|f| std::mem::take(&mut f.after))
            .unwrap_or_default();
        after
            .into_iter()
            .try_for_each(|(kind, text)| self.add(kind, text))
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        flow.cell.push_str(&std::mem::take(&mut flow.paragraph));
        if !flow.cell.trim().is_empty() {
            flow.cells.push(std::mem::take(&mut flow.cell));
        }
        flow.cell.clear();
        let tidy = |c: &String| c.trim().replace(['\t', '\n'], " ");
        let row = flow.cells.iter().map(tidy).collect::<Vec<_>>().join("\t");
        flow.cells.clear();
        self.add(BlockKind::TableRow, row)?;
        self.after()
    }

    fn end_paragraph(&mut self) -> Result<(), Stop> {
        let (in_table, nesting) = (self.state.in_table, self.state.nesting);
        let level = self.state.outline.map(|o| o + 1);
        let level = level.or_else(|| self.styles.get(&self.state.style).copied());
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        if in_table && nesting > 1 {
            flow.paragraph.push(' ');
            return Ok(());
        }
        if in_table {
            let paragraph = std::mem::take(&mut flow.paragraph);
            flow.cell.push_str(&paragraph);
            flow.cell.push(' ');
            flow.list = false;
            return Ok(());
        }
        if !flow.cells.is_empty() || !flow.cell.trim().is_empty() {
            let paragraph = std::mem::take(&mut flow.paragraph);
            self.end_row()?;
            if let Some(flow) = self.flows.last_mut() {
                flow.paragraph = paragraph;
            }
        }
        let Some(flow) = self.flows.last_mut() else {
            return Ok(());
        };
        let text = std::mem::take(&mut flow.paragraph);
        let kind = match (flow.kind, level) {
            (BlockKind::Paragraph, Some(level)) => BlockKind::Heading(level),
            (BlockKind::Paragraph, None) if flow.list => BlockKind::ListItem,
            (kind, _) => kind,
        };
        flow.list = false;
        self.add(kind, text)?;
        self.after()
    }

    /// Ends the flow; a note or text box stands after the paragraph that it is anchored in.
    fn end_flow(&mut self) -> Result<(), Stop> {
        let in_table = std::mem::replace(&mut self.state.in_table, false);
        if let Some(flow) = self.flows.last_mut()
            && in_table
            && (!flow.cells.is_empty() || !flow.cell.trim().is_empty())
        {
            self.end_row()?;
        }
        self.end_paragraph()?;
        self.state.in_table = in_table;
        if self.flows.len() < 2 {
            return Ok(());
        }
        let Some(done) = self.flows.pop() else {
            return Ok(());
        };
        let top = self.flows.len() == 1;
        let Some(outer) = self.flows.last_mut() else {
            return Ok(());
        };
        let idle =
            outer.paragraph.trim().is_empty() && outer.cells.is_empty() && outer.cell.is_empty();
        if top && idle && outer.after.is_empty() {
            return self.sink.blocks(done.blocks);
        }
        outer.after.extend(done.blocks);
        Ok(())
    }

    fn begin_flow(&mut self, kind: BlockKind) {
        self.flush();
        if self.html.is_some() {
            self.state.dest = Dest::Skip;
            return;
        }
        self.state.dest = Dest::Body;
        if self.flows.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.flows.push(Flow::new(kind));
            self.state.closing = Closing::Flow;
            self.state.in_table = false;
            self.state.nesting = 0;
            self.state.outline = None;
            self.state.style = -1;
        }
    }

    fn collect(&mut self, what: Collected) {
        self.flush();
        if self.collected.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.collected.push(String::new());
            self.state.dest = Dest::Collect;
            self.state.closing = Closing::Text(what);
        } else {
            self.state.dest = Dest::Skip;
        }
    }

    fn begin_data(&mut self, closing: Closing) {
        self.flush();
        if self.blobs.len() < FLOWS && matches!(self.state.closing, Closing::Nothing) {
            self.blobs.push(Blob::default());
            self.state.dest = Dest::Data;
            self.state.closing = closing;
        } else {
            self.state.dest = Dest::Skip;
        }
    }

    fn go(&mut self, dest: Dest) {
        self.flush();
        self.state.dest = dest;
    }

    fn break_line(&mut self, text: &str) {
        self.flush();
        let text = if self.html.is_some() { "\r\n" } else { text };
        self.text(text);
    }

    // ---- symbols and words ----

    fn symbol(&mut self, symbol: u8) -> Result<(), Stop> {
        match symbol {
            b'*' => self.state.star = true,
            b'~' if self.html.is_some() && self.state.dest == Dest::Body && !self.state.htmlrtf => {
                self.flush();
                if let Some(html) = &mut self.html {
                    html.push_str("&nbsp;");
                }
            }
            b'~' => self.special('\u{a0}'),
            b'-' => self.special('\u{ad}'),
            b'_' => self.special('\u{2011}'),
            b'\\' | b'{' | b'}' => self.bytes(&[symbol]),
            b'\r' | b'\n' => return self.paragraph_word(),
            b'\t' => self.special('\t'),
            b'|' | b':' => {}
            // A backslash before a letter of the code page: the letter stands for itself.
            other if other >= 0x80 => self.bytes(&[other]),
            _ => {}
        }
        Ok(())
    }

    fn paragraph_word(&mut self) -> Result<(), Stop> {
        self.skip = 0;
        self.flush();
        if self.html.is_some() {
            self.break_line("\n");
            return Ok(());
        }
        match self.state.dest {
            Dest::Body => self.end_paragraph(),
            Dest::Collect => {
                self.text(" ");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Some writers count above 32767, others below zero, and a few write whole code points.
        let code = if number < 0 {
            number.saturating_add(65_536)
        } else {
            number
        };
        let code = u32::try_from(code).unwrap_or(0xfffd);
        self.skip = 0;
        match (code, self.surrogate.take()) {
            (0xd800..=0xdbff, _) => self.surrogate = u16::try_from(code).ok(),
            (0xdc00..=0xdfff, high) => {
                let low = u16::try_from(code).unwrap_or(0);
                let pair = char::decode_utf16([high.unwrap_or(low), low]).next();
                let c = pair.and_then(Result::ok).unwrap_or('\u{fffd}');
                self.text(c.encode_utf8(&mut [0; 4]));
            }
            (0, _) => {}
            (code, _) => {
                let c = char::from_u32(code).unwrap_or('\u{fffd}');
                self.text(c.encode_utf8(&mut [0; 4]));
            }
        }
        self.skip = self.state.uc;
    }

    fn word(&mut self, word: &[u8], number: Option<i32>) -> Result<(), Stop> {
        if self.state.dest == Dest::Skip {
            if word == b"ud" && self.state.star {
                self.state.dest = self.state.around;
            }
            return Ok(());
        }
        let star = std::mem::replace(&mut self.state.star, false);
        if let Some(c) = character(word) {
            self.special(c);
            return Ok(());
        }
        if word != b"u" {
            // Only a missing fallback is followed by another word: it must not be swallowed.
            self.skip = 0;
        }
        if self.property_word(word, number) || self.structure_word(word, number)? {
            return Ok(());
        }
        if self.destination(word, number) {
            return Ok(());
        }
        if star {
            self.go(Dest::Skip);
        }
        Ok(())
    }

    /// Words that change how the text that follows is read.
    fn property_word(&mut self, word: &[u8], number: Option<i32>) -> bool {
        let on = number != Some(0);
        match word {
            b"u" => self.unicode(number.unwrap_or(0)),
            b"uc" => {
                self.state.uc = number
                    .and_then(|n| u16::try_from(n).ok())
                    .unwrap_or(1)
                    .min(64)
            }
            b"f" => {
                let font = number.unwrap_or(0);
                match self.state.dest {
                    Dest::Fonts => {
                        self.flush();
                        self.font_entry = font;
                        self.font_name.clear();
                    }
                    _ if self.state.double => self.state.double_font = Some(font),
                    _ => self.state.font = font,
                }
            }
            b"af" if self.state.double => self.state.double_font = number,
            b"dbch" => self.state.double = true,
            b"loch" | b"hich" => self.state.double = false,
            b"fcharset" | b"cpg" if self.state.dest == Dest::Fonts => {
                let value = number.and_then(|n| u32::try_from(n).ok());
                let page = value.and_then(|n| match word {
                    b"cpg" => codepage::of_number(n),
                    _ => codepage::of_charset(n),
                });
                if let Some(page) = page
                    && self.fonts.len() < 65_536
                {
                    self.fonts.insert(self.font_entry, page);
                }
            }
            b"deff" => self.default_font = number.unwrap_or(0),
            b"ansi" => self.default_page = codepage::WESTERN,
            b"mac" => self.default_page = Codepage::Known(encoding_rs::MACINTOSH),
            b"pc" => self.default_page = Codepage::Dos437,
            b"pca" => self.default_page = Codepage::Dos850,
            b"ansicpg" => {
                let page = number
                    .and_then(|n| u32::try_from(n).ok())
                    .and_then(codepage::of_number);
                self.default_page = page.unwrap_or(self.default_page);
            }
            b"plain" => {
                self.flush();
                self.state.font = -1;
                self.state.double = false;
                self.state.double_font = None;
            }
            b"htmlrtf" => {
                self.flush();
                self.state.htmlrtf = on;
            }
            b"fromhtml" => self.wraps_html |= on,
            b"pard" => {
                self.state.in_table = false;
                self.state.nesting = 0;
                self.state.outline = None;
                self.state.style = -1;
            }
            b"intbl" => self.state.in_table = on,
            b"itap" => {
                self.state.nesting = number.unwrap_or(0);
                self.state.in_table |= self.state.nesting > 0;
            }
            b"s" => {
                self.state.style = number.unwrap_or(0);
                self.style_entry.0 = self.state.style;
            }
            b"outlinelevel" => {
                let level = number.and_then(|n| u8::try_from(n).ok()).filter(|n| *n < 9);
                self.state.outline = level;
                self.style_entry.1 = level;
            }
            b"yr" | b"mo" | b"dy" | b"hr" | b"min" | b"sec" => {
                let place = [&b"yr"[..], b"mo", b"dy", b"hr", b"min", b"sec"]
                    .iter()
                    .position(|w| *w == word);
                if let Some(slot) = place.and_then(|p| self.time.get_mut(p)) {
                    *slot = number.unwrap_or(0);
                }
            }
            b"pngblip" => self.blob_extension("png"),
            b"jpegblip" => self.blob_extension("jpg"),
            b"emfblip" => self.blob_extension("emf"),
            b"wmetafile" => self.blob_extension("wmf"),
            b"macpict" => self.blob_extension("pict"),
            b"dibitmap" => {
                self.blob_extension("bmp");
                if let Some(blob) = self.blobs.last_mut() {
                    blob.bitmap = true;
                }
            }
            _ => return false,
        }
        true
    }

    fn blob_extension(&mut self, extension: &'static str) {
        if let Some(blob) = self.blobs.last_mut() {
            blob.extension = extension;
        }
    }

    /// Words that end a line, paragraph, cell, row or page.
    fn structure_word(&mut self, word: &[u8], _number: Option<i32>) -> Result<bool, Stop> {
        match word {
            b"par" => self.paragraph_word()?,
            b"line" => self.break_line("\n"),
            b"sect" | b"page" | b"cell" | b"row" | b"nestcell" | b"nestrow"
                if self.html.is_some() => {}
            b"sect" | b"page" if self.state.dest == Dest::Body => {
                self.flush();
                let in_table = self.state.in_table;
                self.end_paragraph()?;
                if self.flows.len() == 1 && !in_table {
                    self.sink.page_break();
                }
            }
            b"cell" if self.state.dest == Dest::Body => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let mut cell = std::mem::take(&mut flow.cell);
                    cell.push_str(&std::mem::take(&mut flow.paragraph));
                    flow.cells.push(cell);
                    flow.list = false;
                }
            }
            b"row" if matches!(self.state.dest, Dest::Body | Dest::Quiet) => {
                self.flush();
                self.end_row()?;
            }
            b"nestcell" if self.state.dest == Dest::Body => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let cell = std::mem::take(&mut flow.paragraph);
                    flow.nested.push(cell.trim().replace(['\t', '\n'], " "));
                }
            }
            b"nestrow" => {
                self.flush();
                if let Some(flow) = self.flows.last_mut() {
                    let row = std::mem::take(&mut flow.nested).join("\t");
                    flow.after.push((BlockKind::TableRow, row));
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Words that say where the text of their group goes.
    fn destination(&mut self, word: &[u8], _number: Option<i32>) -> bool {
        if self.state.dest == Dest::Info || matches!(self.state.closing, Closing::Time(..)) {
            if let Some((field, from)) = fields::info_text(word) {
                self.collect(Collected::Fact(field, from));
                return true;
            }
            if let Some((field, from)) = fields::info_time(word) {
                self.time = [0; 6];
                self.state.closing = Closing::Time(field, from);
                return true;
            }
        }
        match word {
            b"fonttbl" => self.go(Dest::Fonts),
            b"stylesheet" => self.go(Dest::Styles),
            b"info" => self.go(Dest::Info),
            b"userprops" => self.go(Dest::Quiet),
            b"propname" => self.collect(Collected::PropertyName),
            b"staticval" => self.collect(Collected::PropertyValue),
            b"generator" => self.collect(Collected::Fact(Field::Software, "RTF \\generator")),
            b"atnauthor" => self.collect(Collected::Fact(Field::Other, "comment author")),
            b"fldinst" => self.collect(Collected::Instruction),
            b"objclass" => self.collect(Collected::Class),
            b"pict" => self.begin_data(Closing::Picture),
            b"objdata" => self.begin_data(Closing::Object),
            b"footnote" | b"annotation" => self.begin_flow(BlockKind::Footnote),
            b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl"
            | b"footerr" | b"footerf" => self.begin_flow(BlockKind::Margin),
            b"shptxt" | b"dptxbxtext" => self.begin_flow(BlockKind::Paragraph),
            b"pntext" | b"listtext" => {
                if self.html.is_some() {
                    self.go(Dest::Skip);
                } else if let Some(flow) = self.flows.last_mut() {
                    flow.list = true;
                }
            }
            b"htmltag" if self.html.is_some() => self.go(Dest::HtmlTag),
            b"upr" => {
                self.flush();
                self.state.around = self.state.dest;
                self.state.dest = Dest::Skip;
            }
            // Their content is the document's, though old readers may leave it out.
            b"shppict" | b"shpinst" | b"moMath" | b"moMathPara" | b"ud" | b"shptop" | b"do"
            | b"result" | b"fldrslt" | b"field" | b"object" | b"shp" | b"shpgrp"
            | b"background" => {}
            // Pictures may stand inside, text does not.
            b"sp" | b"nesttableprops" | b"blipuid" | b"picprop" => self.go(Dest::Quiet),
            b"colortbl" | b"nonshppict" | b"nonesttables" | b"shprslt" | b"xe" | b"tc" | b"rxe"
            | b"listtable" | b"listoverridetable" | b"revtbl" | b"rsidtbl" | b"filetbl"
            | b"bkmkstart" | b"bkmkend" | b"atnid" | b"atnref" | b"atndate" | b"atntime"
            | b"atnicn" | b"atnparent" | b"atrfstart" | b"atrfend" | b"ftnsep" | b"ftnsepc"
            | b"ftncn" | b"aftnsep" | b"aftnsepc" | b"aftncn" | b"template" | b"falt"
            | b"panose" | b"mmathPict" | b"themedata" | b"datastore" | b"mhtmltag" | b"private"
            | b"pgdsctbl" | b"docvar" | b"formfield" | b"pnseclvl" | b"pn" | b"fchars"
            | b"lchars" | b"objalias" | b"objsect" | b"objname" | b"keycode" => self.go(Dest::Skip),
            _ if self.state.dest == Dest::Styles && matches!(word, b"cs" | b"ds" | b"ts") => {
                self.style_entry.0 = -2;
            }
            _ if word.starts_with(b"m") && word.len() > 3 && word.ends_with(b"Pr") => {
                self.go(Dest::Skip)
            }
            _ => return false,
        }
        true
    }
}

/// All bytes above ASCII come in pairs, as the letters of East Asian code pages mostly do.
fn in_pairs(bytes: &[u8]) -> bool {
    bytes.split(|b| *b < 0x80).all(|run| run.len() % 2 == 0)
}

fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' => into.push_str("&amp;"),
            c => into.push(c),
        }
    }
}

/// Control words that stand for one character.
fn character(word: &[u8]) -> Option<char> {
    Some(match word {
        b"tab" => '\t',
        b"emdash" => '\u{2014}',
        b"endash" => '\u{2013}',
        b"emspace" => '\u{2003}',
        b"enspace" => '\u{2002}',
        b"qmspace" => '\u{2005}',
        b"bullet" => '\u{2022}',
        b"lquote" => '\u{2018}',
        b"rquote" => '\u{2019}',
        b"ldblquote" => '\u{201c}',
        b"rdblquote" => '\u{201d}',
        b"zwj" => '\u{200d}',
        b"zwnj" => '\u{200c}',
        b"zwbo" => '\u{200b}',
        b"zwnbo" => '\u{2060}',
        b"ltrmark" => '\u{200e}',
        b"rtlmark" => '\u{200f}',
        _ => return None,
    })
}
