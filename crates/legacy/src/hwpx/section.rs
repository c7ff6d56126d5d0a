//! Paragraphs of a section (`hp:p`), with what stands in and beside them.

use std::collections::BTreeMap;

use casefile::BlockKind;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::package::{attribute, reference};
use crate::hwp::outline;
use crate::sink::{self, Blocks};

/// Open paragraphs, lists and tables; what is deeper goes into the deepest kept.
const DEPTH: usize = 256;

/// Kinds of paragraphs by their property and style ids.
#[derive(Default)]
pub(super) struct Styles {
    shapes: BTreeMap<String, BlockKind>,
    styles: BTreeMap<String, BlockKind>,
}

fn reader(xml: &[u8]) -> Reader<&[u8]> {
    let mut reader = Reader::from_reader(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    reader
}

impl Styles {
    /// Reads `header.xml`.
    pub(super) fn read(xml: &[u8]) -> Self {
        let mut this = Self::default();
        let mut shape = None;
        let mut reader = reader(xml);
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(e) => match e.local_name().as_ref() {
                    "paraPr" => shape = attribute(&e, "id"),
                    "heading" => {
                        let level = attribute(&e, "level")
                            .and_then(|l| l.parse::<u8>().ok())
                            .unwrap_or(0);
                        let kind = match attribute(&e, "type").as_deref() {
                            Some("OUTLINE") => Some(BlockKind::Heading(level.min(8) + 1)),
                            Some("NUMBER" | "BULLET") => Some(BlockKind::ListItem),
                            _ => None,
                        };
                        if let (Some(id), Some(kind)) = (&shape, kind)
                            && this.shapes.len() < 100_000
                        {
                            this.shapes.insert(id.clone(), kind);
                        }
                    }
                    "style" => {
                        let names = [attribute(&e, "name"), attribute(&e, "engName")];
                        let kind = names.iter().flatten().find_map(|name| outline(name));
                        if let (Some(id), Some(kind)) = (attribute(&e, "id"), kind)
                            && this.styles.len() < 100_000
                        {
                            this.styles.insert(id, kind);
                        }
                    }
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        this
    }

    fn kind(&self, paragraph: &BytesStart<'_>) -> BlockKind {
        let shape =
            attribute(paragraph, "paraPrIDRef").and_then(|id| self.shapes.get(&id).copied());
        let style =
            || attribute(paragraph, "styleIDRef").and_then(|id| self.styles.get(&id).copied());
        shape.or_else(style).unwrap_or(BlockKind::Paragraph)
    }
}

pub(super) struct Section {
    pub(super) blocks: Blocks,
    pub(super) links: Vec<String>,
    pub(super) whole: bool,
}

/// What is open around the place that is read.
enum Open {
    Paragraph {
        kind: BlockKind,
        text: String,
        after: Blocks,
    },
    /// A list of paragraphs; `None` keeps the kinds that they have.
    List {
        kind: Option<BlockKind>,
        blocks: Blocks,
    },
    Table {
        rows: Vec<Vec<Blocks>>,
        caption: Blocks,
        next: u32,
        column: u32,
        span: u32,
    },
}

/// What the next list of paragraphs is, from the element around it.
fn role(element: &str) -> Option<Option<BlockKind>> {
    Some(match element {
        "header" | "footer" => Some(BlockKind::Margin),
        "footNote" | "endNote" | "hiddenComment" | "fieldBegin" | "memo" => {
            Some(BlockKind::Footnote)
        }
        "caption" => Some(BlockKind::Caption),
        "drawText" | "tc" | "masterPage" => None,
        _ => return None,
    })
}

struct Parser<'s> {
    styles: &'s Styles,
    open: Vec<Open>,
    /// Elements whose ends are not looked at, because the stack was full.
    too_deep: usize,
    roles: Vec<(String, Option<BlockKind>)>,
    blocks: Blocks,
    links: Vec<String>,
    /// Depth of elements whose text is the document's.
    words: usize,
    parameter: Option<String>,
    link: bool,
}

/// Reads `section*.xml`, to its end or to where it breaks.
pub(super) fn read(xml: &[u8], styles: &Styles) -> Section {
    let mut parser = Parser {
        styles,
        open: Vec::new(),
        too_deep: 0,
        roles: Vec::new(),
        blocks: Blocks::new(),
        links: Vec::new(),
        words: 0,
        parameter: None,
        link: false,
    };
    let mut reader = reader(xml);
    let (mut whole, mut depth) = (true, 0_i64);
    loop {
        match reader.read_event() {
            Ok(Event::Start(e)) => {
                depth += 1;
                parser.start(&e);
            }
            Ok(Event::End(e)) => {
                depth -= 1;
                parser.end(e.local_name().as_ref());
            }
            Ok(Event::Text(t)) => parser.text(&t.xml10_content()),
            Ok(Event::CData(t)) => parser.text(&t.xml10_content()),
            Ok(Event::GeneralRef(r)) => parser.text(&reference(&r)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                whole = false;
                break;
            }
        }
    }
    whole &= depth == 0;
    while !parser.open.is_empty() {
        parser.close();
    }
    Section {
        blocks: parser.blocks,
        links: parser.links,
        whole,
    }
}

impl Parser<'_> {
    fn push(&mut self, open: Open) {
        if self.open.len() >= DEPTH {
            self.too_deep += 1;
        } else {
            self.open.push(open);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let name = name.as_ref();
        if let Some(kind) = role(name) {
            self.roles.push((name.to_owned(), kind));
        }
        match name {
            "p" => {
                let kind = self.styles.kind(element);
                self.push(Open::Paragraph {
                    kind,
                    text: String::new(),
                    after: Blocks::new(),
                });
            }
            "subList" => {
                let kind = self.roles.last().and_then(|(_, kind)| *kind);
                self.push(Open::List {
                    kind,
                    blocks: Blocks::new(),
                });
            }
            "tbl" => {
                // What stands before and behind a table is not one word.
                if let Some(Open::Paragraph { text, .. }) = self.open.last_mut()
                    && !text.is_empty()
                {
                    text.push('\n');
                }
                self.push(Open::Table {
                    rows: Vec::new(),
                    caption: Blocks::new(),
                    next: 0,
                    column: 0,
                    span: 1,
                });
            }
            "tr" => {
                if let Some(Open::Table { rows, next, .. }) = self.open.last_mut() {
                    rows.push(Vec::new());
                    *next = 0;
                }
            }
            "tc" => {
                if let Some(Open::Table { rows, .. }) = self.open.last_mut() {
                    if rows.is_empty() {
                        rows.push(Vec::new());
                    }
                    if let Some(row) = rows.last_mut() {
                        row.push(Blocks::new());
                    }
                }
            }
            // These stand after the content of their cell.
            "cellAddr" => {
                let at = attribute(element, "colAddr").and_then(|n| n.parse().ok());
                if let Some(Open::Table { column, next, .. }) = self.open.last_mut() {
                    *column = at.unwrap_or(*next);
                }
            }
            "cellSpan" => {
                let width = attribute(element, "colSpan").and_then(|n| n.parse().ok());
                if let Some(Open::Table { span, .. }) = self.open.last_mut() {
                    *span = width.unwrap_or(1);
                }
            }
            "t" | "script" | "mainText" => self.words += 1,
            "subText" => {
                self.words += 1;
                self.inline("(");
            }
            "tab" => self.inline("\t"),
            "lineBreak" => self.inline("\n"),
            "nbSpace" => self.inline("\u{a0}"),
            "fwSpace" => self.inline(" "),
            "hyphen" => self.inline("-"),
            "compose" => {
                let text = attribute(element, "composeText").unwrap_or_default();
                self.inline(&text);
            }
            "autoNum" => {
                let kind = attribute(element, "numType").unwrap_or_default();
                if !matches!(
                    kind.as_str(),
                    "PAGE" | "FOOTNOTE" | "ENDNOTE" | "TOTAL_PAGE"
                ) {
                    let number = attribute(element, "num").unwrap_or_default();
                    self.inline(&number);
                }
            }
            "fieldBegin" => {
                self.link = attribute(element, "type").is_some_and(|kind| kind == "HYPERLINK");
            }
            "stringParam" => {
                let known = attribute(element, "name");
                self.parameter = (self.link && known.as_deref() == Some("Path")).then(String::new);
            }
            "textart" => {
                let text = attribute(element, "text").unwrap_or_default();
                self.add(Blocks::from([(BlockKind::Paragraph, text)]));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "subList" | "tbl" => {
                if self.too_deep > 0 {
                    self.too_deep -= 1;
                    self.inline(" ");
                } else {
                    self.close_to(name);
                }
            }
            "tc" => {
                if let Some(Open::Table {
                    rows,
                    next,
                    column,
                    span,
                    ..
                }) = self.open.last_mut()
                    && let Some(row) = rows.last_mut()
                {
                    // Cells that reach down from the row above leave their place empty.
                    let gap = column.saturating_sub(*next).min(256);
                    let at = row.len().saturating_sub(1);
                    for _ in 0..gap {
                        row.insert(at, Blocks::new());
                    }
                    *next = column.saturating_add((*span).max(1));
                    (*column, *span) = (*next, 1);
                }
            }
            "t" | "script" | "mainText" => self.words = self.words.saturating_sub(1),
            "subText" => {
                self.inline(")");
                self.words = self.words.saturating_sub(1);
            }
            "stringParam" => {
                if let Some(target) = self.parameter.take().map(|t| t.trim().to_owned())
                    && !target.is_empty()
                    && self.links.len() < 10_000
                {
                    self.links.push(target);
                }
            }
            "fieldBegin" => self.link = false,
            _ => {}
        }
        if self.roles.last().is_some_and(|(role, _)| role == name) {
            self.roles.pop();
        }
    }

    /// Closes what the end of an element closes, with whatever was left open inside.
    fn close_to(&mut self, name: &str) {
        let fits = |open: &Open| match open {
            Open::Paragraph { .. } => name == "p",
            Open::List { .. } => name == "subList",
            Open::Table { .. } => name == "tbl",
        };
        if let Some(at) = self.open.iter().rposition(fits) {
            while self.open.len() > at {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let Some(done) = self.open.pop() else { return };
        let mut blocks = Blocks::new();
        match done {
            Open::Paragraph {
                kind,
                text,
                mut after,
            } => {
                blocks.push((kind, text));
                blocks.append(&mut after);
            }
            Open::List { kind, blocks: list } => {
                blocks.extend(list.into_iter().map(|(old, text)| match (kind, old) {
                    (Some(kind), old) if old != BlockKind::TableRow => (kind, text),
                    _ => (old, text),
                }));
            }
            Open::Table {
                rows, mut caption, ..
            } => {
                blocks.append(&mut caption);
                sink::table(rows, &mut blocks);
            }
        }
        self.add(blocks);
    }

    fn add(&mut self, mut blocks: Blocks) {
        match self.open.last_mut() {
            None => self.blocks.append(&mut blocks),
            Some(Open::Paragraph { after, .. }) => after.append(&mut blocks),
            Some(Open::List { blocks: list, .. }) => list.append(&mut blocks),
            Some(Open::Table { rows, caption, .. }) => {
                match rows.last_mut().and_then(|row| row.last_mut()) {
                    Some(cell) if blocks.first().is_none_or(|b| b.0 != BlockKind::Caption) => {
                        cell.append(&mut blocks)
                    }
                    _ => caption.append(&mut blocks),
                }
            }
        }
    }

    fn inline(&mut self, more: &str) {
        let paragraph = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Paragraph { text, .. } => Some(text),
            _ => None,
        });
        match paragraph {
            Some(text) => text.push_str(more),
            None if more.trim().is_empty() => {}
            None => self.blocks.push((BlockKind::Paragraph, more.to_owned())),
        }
    }

    fn text(&mut self, more: &str) {
        if let Some(parameter) = &mut self.parameter {
            parameter.push_str(more);
        } else if self.words > 0 {
            self.inline(more);
        }
    }
}
