//! XML as a flat run of tokens: local names only, one token in memory, never an error.
//!
//! What a stranger's file may do to an XML parser is stopped here once for all formats: other
//! encodings are decoded (with U+FFFD for what is not valid), entities are never expanded, one
//! token may not exceed [`TOKEN_BYTES`], and a syntax error ends the part like an early end of
//! file, leaving a [`Xml::fault`] to tell.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

/// The longest tag or run of text that is accepted, in bytes.
const TOKEN_BYTES: usize = 48 << 20;
const CHUNK: usize = 64 << 10;

/// Bytes of any encoding as UTF-8, with a budget for what is asked between two tokens.
struct Feed<'a> {
    source: Box<dyn Read + 'a>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    asked: usize,
    ended: bool,
}

impl Feed<'_> {
    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.out.clear();
        while self.out.is_empty() && !self.ended {
            self.raw.resize(CHUNK, 0);
            let mut got = 0;
            // The first chunk must hold the whole declaration, so that its encoding is seen.
            while got < CHUNK {
                match self
                    .source
                    .read(self.raw.get_mut(got..).unwrap_or_default())
                {
                    Ok(0) => {
                        self.ended = true;
                        break;
                    }
                    Ok(read) => got = got.saturating_add(read),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => {
                        self.ended = true;
                        break;
                    }
                }
                if self.decoder.is_some() {
                    break;
                }
            }
            let raw = self.raw.get(..got).unwrap_or_default();
            let decoder = self
                .decoder
                .get_or_insert_with(|| encoding_of(raw).new_decoder_with_bom_removal());
            let most = decoder
                .max_utf8_buffer_length(raw.len())
                .unwrap_or(CHUNK * 4);
            self.out.resize(most, 0);
            let (_, _, written, _) = decoder.decode_to_utf8(raw, &mut self.out, self.ended);
            self.out.truncate(written);
        }
        Ok(())
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let most = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..most), ready.get(..most)) {
            to.copy_from_slice(from);
        }
        self.consume(most);
        Ok(most)
    }
}

impl BufRead for Feed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.asked > TOKEN_BYTES {
            return Err(io::Error::other("one element is too long"));
        }
        if self.at >= self.out.len() {
            self.refill()?;
        }
        Ok(self.out.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount);
        self.asked = self.asked.saturating_add(amount);
    }
}

/// By byte order mark, by the shape of `<?`, by the declaration; UTF-8 otherwise.
fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    match head {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let start = head.get(..head.len().min(256)).unwrap_or_default();
    let declaration = String::from_utf8_lossy(start);
    let declared = declaration
        .split_once("?>")
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .and_then(|(_, rest)| {
            let rest = rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest.get(1..)?.split(quote).next()
        });
    let found = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    // A declaration that can be read byte by byte cannot be UTF-16, whatever it says.
    found
        .filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
        .unwrap_or(UTF_8)
}

/// A start tag.
pub(crate) struct Tag<'t> {
    name: &'t str,
    attributes: &'t str,
}

impl<'t> Tag<'t> {
    /// The name without its prefix.
    pub(crate) fn name(&self) -> &'t str {
        self.name
    }

    /// All attributes, with their prefixes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'t str, Cow<'t, str>)> {
        let mut attributes = Attributes::new(self.attributes, 0);
        attributes.with_checks(false);
        attributes
            .flatten()
            .map(|attribute| (attribute.key.into_inner(), unescape(attribute.value)))
    }

    /// The value of the first attribute of that local name.
    pub(crate) fn attr(&self, name: &str) -> Option<Cow<'t, str>> {
        self.find(|key| local(key) == name)
    }

    /// The value of an attribute that has a prefix: `r:id` beside `id`.
    pub(crate) fn prefixed(&self, name: &str) -> Option<Cow<'t, str>> {
        self.find(|key| key.split_once(':').is_some_and(|(_, local)| local == name))
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<Cow<'t, str>> {
        Attributes::new(self.attributes, 0)
            .with_checks(false)
            .flatten()
            .find(|attribute| wanted(attribute.key.into_inner()))
            .map(|attribute| unescape(attribute.value))
    }

    /// A number in an attribute.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attr(name)?.trim().parse().ok()
    }

    /// An OOXML switch: absent value is on, `0`, `false`, `off` and `none` are off.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        !matches!(
            self.attr(name).as_deref(),
            Some("0" | "false" | "off" | "none")
        )
    }

    /// An attribute that must say yes to be on.
    pub(crate) fn says_yes(&self, name: &str) -> bool {
        matches!(self.attr(name).as_deref(), Some("1" | "true" | "on"))
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The five entities of XML and character references; whatever else stays as it stands.
pub(crate) fn unescape(raw: Cow<'_, str>) -> Cow<'_, str> {
    if !raw.contains('&') {
        return raw;
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw.as_ref();
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        rest = after;
        let name = after.split_once(';').map(|(name, _)| name);
        match name.and_then(|name| Some((name, reference(name)?))) {
            Some((name, character)) => {
                text.push(character);
                rest = after.get(name.len().saturating_add(1)..).unwrap_or("");
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        // XHTML chapters of e-books use these without a DTD at hand.
        "nbsp" => '\u{a0}',
        "shy" => '\u{ad}',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        "bull" => '•',
        "middot" => '·',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "laquo" => '«',
        "raquo" => '»',
        "sect" => '§',
        "deg" => '°',
        "euro" => '€',
        "pound" => '£',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "ntilde" => 'ñ',
        "oacute" => 'ó',
        "aacute" => 'á',
        "iacute" => 'í',
        "uacute" => 'ú',
        "times" => '×',
        _ => return None,
    })
}

/// The next thing in an XML part. Empty elements come as `Open` and `Close`.
pub(crate) enum Token<'t> {
    Open(Tag<'t>),
    Close(&'t str),
    Text(&'t str),
    End,
}

/// A part, token by token.
pub(crate) struct Xml<'a> {
    reader: Reader<Feed<'a>>,
    buffer: Vec<u8>,
    /// What the token that was given last lends out.
    name: String,
    text: String,
    /// Open elements.
    depth: u32,
    fault: Option<String>,
}

enum Seen {
    Open,
    Close,
    Text,
    Nothing,
    End,
}

impl<'a> Xml<'a> {
    pub(crate) fn new(source: impl Read + 'a) -> Self {
        let feed = Feed {
            source: Box::new(source),
            decoder: None,
            raw: Vec::new(),
            out: Vec::new(),
            at: 0,
            asked: 0,
            ended: false,
        };
        let mut reader = Reader::from_reader(feed);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        config.check_comments = false;
        Self {
            reader,
            buffer: Vec::new(),
            name: String::new(),
            text: String::new(),
            depth: 0,
            fault: None,
        }
    }

    /// Why the part ended before its end, if it did.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    pub(crate) fn next(&mut self) -> Token<'_> {
        if self.fault.is_some() {
            return Token::End;
        }
        // Buffers that once held a giant are not kept.
        if self.buffer.capacity().max(self.text.capacity()) > (4 << 20) {
            self.buffer = Vec::new();
            self.text = String::new();
        }
        let seen = loop {
            match self.step() {
                Seen::Nothing => {}
                seen => break seen,
            }
        };
        match seen {
            Seen::Open => Token::Open(Tag {
                name: &self.name,
                attributes: &self.text,
            }),
            Seen::Close => Token::Close(&self.name),
            Seen::Text => Token::Text(&self.text),
            Seen::Nothing | Seen::End => Token::End,
        }
    }

    fn step(&mut self) -> Seen {
        self.buffer.clear();
        self.reader.get_mut().asked = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                self.depth = self.depth.saturating_add(1);
                self.name.clear();
                self.name.push_str(local(tag.name().into_inner()));
                self.text.clear();
                self.text.push_str(tag.attributes_raw());
                Seen::Open
            }
            Ok(Event::End(tag)) => {
                self.depth = self.depth.saturating_sub(1);
                self.name.clear();
                self.name.push_str(local(tag.name().into_inner()));
                Seen::Close
            }
            Ok(Event::Text(text)) => {
                self.text.clear();
                self.text.push_str(&text.into_inner());
                Seen::Text
            }
            Ok(Event::CData(text)) => {
                self.text.clear();
                self.text.push_str(&text.into_inner());
                Seen::Text
            }
            Ok(Event::GeneralRef(entity)) => {
                self.text.clear();
                match reference(&entity) {
                    Some(character) => self.text.push(character),
                    None => {
                        self.text.push('&');
                        self.text.push_str(&entity);
                        self.text.push(';');
                    }
                }
                Seen::Text
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {
                Seen::Nothing
            }
            Ok(Event::Eof) => {
                if self.depth > 0 {
                    self.fault = Some("it ends early".to_owned());
                }
                Seen::End
            }
            Err(error) => {
                self.fault = Some(error.to_string());
                Seen::End
            }
        }
    }

    /// Passes over the element whose `Open` was the last token.
    pub(crate) fn skip(&mut self) {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.step_is_end() {
                break;
            }
        }
    }

    fn step_is_end(&mut self) -> bool {
        self.fault.is_some() || matches!(self.step(), Seen::End)
    }

    /// All text of the element whose `Open` was the last token, up to its end.
    pub(crate) fn text(&mut self) -> String {
        let outside = self.depth.saturating_sub(1);
        let mut all = String::new();
        while self.depth > outside && self.fault.is_none() {
            match self.step() {
                Seen::Text => all.push_str(&self.text),
                Seen::End => break,
                _ => {}
            }
        }
        all
    }

    /// The content of the element whose `Open` was the last token, written out again without
    /// prefixes.
    pub(crate) fn rewritten(&mut self) -> String {
        let outside = self.depth.saturating_sub(1);
        let mut out = String::new();
        while self.depth > outside && self.fault.is_none() {
            match self.step() {
                Seen::Open => {
                    out.push('<');
                    out.push_str(&self.name);
                    out.push_str(&self.text);
                    out.push('>');
                }
                Seen::Close if self.depth > outside => {
                    out.push_str("</");
                    out.push_str(&self.name);
                    out.push('>');
                }
                Seen::Text => {
                    for c in self.text.chars() {
                        match c {
                            '<' => out.push_str("&lt;"),
                            '>' => out.push_str("&gt;"),
                            '&' => out.push_str("&amp;"),
                            c => out.push(c),
                        }
                    }
                }
                Seen::End => break,
                _ => {}
            }
        }
        out
    }

    pub(crate) const fn depth(&self) -> u32 {
        self.depth
    }
}
