//! Word documents: WordprocessingML (ECMA-376 part 1 §17) and its forerunner of Word 2003.

use std::collections::{HashMap, HashSet};

use casefile::{BlockKind, Field, Problem, Stop};

use crate::drawing;
use crate::job::{Item, Job};
use crate::numbering::Numbering;
use crate::package::{Package, Relations};
use crate::styles::Styles;
use crate::xml::{Tag, Token, Xml};
use crate::{members, props};

/// A cell with more text than this in several paragraphs is layout, not data.
const CELL_CHARS: usize = 400;

/// What the body refers to, read before it.
#[derive(Default)]
struct Context {
    styles: Styles,
    relations: Relations,
    /// Text of charts and diagrams by relationship id.
    drawn: HashMap<String, Vec<Item>>,
    footnotes: HashMap<String, Vec<Item>>,
    endnotes: HashMap<String, Vec<Item>>,
    comments: HashMap<String, Vec<Item>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    Margin,
    /// Footnotes, endnotes or comments: collected by id.
    Notes,
}

pub(crate) fn read(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let root = package.relations("");
    props::read(package, &root, job);
    let main = root
        .parts("officeDocument")
        .map(str::to_owned)
        .find(|part| package.has(part))
        .unwrap_or_else(|| "word/document.xml".to_owned());
    let relations = package.relations(&main);
    let part = |kind: &str| relations.parts(kind).next().map(str::to_owned);
    let mut context = Context::default();
    if let Some(xml) = part("styles").and_then(|part| package.xml(&part)) {
        context.styles = Styles::read(xml);
    }
    let mut numbering = Numbering::default();
    if let Some(xml) = part("numbering").and_then(|part| package.xml(&part)) {
        numbering = Numbering::read(xml);
    }
    for relation in relations.all.iter().filter(|relation| !relation.external) {
        let drawn = drawing::of_relation(package, &relation.kind, &relation.target);
        if !drawn.is_empty() {
            context.drawn.insert(relation.id.clone(), drawn);
        }
    }
    for (kind, which) in [("footnotes", 0), ("endnotes", 1), ("comments", 2)] {
        let Some(part) = part(kind) else { continue };
        context.relations = package.relations(&part);
        let Some(xml) = package.xml(&part) else {
            continue;
        };
        let notes = walk(xml, &mut context, &mut numbering, Story::Notes, &part, job)?;
        match which {
            0 => context.footnotes = notes,
            1 => context.endnotes = notes,
            _ => context.comments = notes,
        }
    }
    margins(package, &relations, "header", &mut context, job)?;
    context.relations = relations.clone();
    if let Some(xml) = package.xml(&main) {
        walk(xml, &mut context, &mut numbering, Story::Body, &main, job)?;
    } else {
        job.damage(format!("the main part `{main}` is missing"));
    }
    // Notes that nothing in the body refers to.
    for notes in [&context.footnotes, &context.endnotes, &context.comments] {
        let mut left: Vec<_> = notes.iter().collect();
        left.sort_by_key(|(id, _)| (id.parse::<i64>().unwrap_or(i64::MAX), (*id).clone()));
        for (_, items) in left {
            job.items(items)?;
        }
    }
    margins(package, &relations, "footer", &mut context, job)?;
    members::externals(&relations, job);
    // Documents inside the document (building blocks) have text of their own.
    for glossary in relations.parts("glossaryDocument") {
        if let Some(xml) = package.xml(glossary) {
            let text = drawing::paragraphs(xml);
            if !text.is_empty() {
                job.problem(Problem::new(
                    "building-blocks",
                    "building blocks stored with the document (autotext, placeholders) are not part of the text",
                ));
            }
        }
    }
    job.flush()?;
    members::of_ooxml(package, job)
}

/// Word 2003 XML: everything in one file.
pub(crate) fn read_2003(bytes: &[u8], job: &mut Job<'_>) -> Result<(), Stop> {
    let mut context = Context {
        styles: Styles::read(Xml::new(bytes)),
        ..Context::default()
    };
    properties_2003(Xml::new(bytes), job);
    let mut numbering = Numbering::default();
    walk(
        Xml::new(bytes),
        &mut context,
        &mut numbering,
        Story::Body,
        "the document",
        job,
    )?;
    Ok(())
}

/// Who made a document of Word 2003 XML, and when.
fn properties_2003(mut xml: Xml<'_>, job: &mut Job<'_>) {
    let mut custom = false;
    loop {
        let (field, name) = match xml.next() {
            Token::Open(tag) => {
                let name = tag.name().to_owned();
                let field = match name.as_str() {
                    "body" | "styles" | "fonts" => break,
                    "CustomDocumentProperties" => {
                        custom = true;
                        continue;
                    }
                    "DocumentProperties" | "wordDocument" => continue,
                    "Title" => Field::Title,
                    "Subject" => Field::Subject,
                    "Author" => Field::Author,
                    "LastAuthor" => Field::Editor,
                    "Keywords" => Field::Keywords,
                    "Description" => Field::Description,
                    "Created" => Field::Created,
                    "LastSaved" => Field::Modified,
                    "Pages" => Field::Pages,
                    "Company" | "Manager" | "Category" | "LastPrinted" => Field::Other,
                    _ if custom => Field::Other,
                    _ => continue,
                };
                (field, name)
            }
            Token::End => break,
            Token::Close(name) => {
                custom &= name != "CustomDocumentProperties";
                continue;
            }
            Token::Text(_) => continue,
        };
        let value = xml.text();
        job.note(field, &value, &format!("WordML {name}"));
    }
}

/// Running heads or feet: the same words once.
fn margins(
    package: &mut Package<'_>,
    relations: &Relations,
    kind: &str,
    context: &mut Context,
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let parts: HashSet<&str> = relations.parts(kind).collect();
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_unstable();
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    for part in parts {
        context.relations = package.relations(part);
        let drawn: Vec<_> = context.relations.all.clone();
        for relation in drawn.iter().filter(|relation| !relation.external) {
            let items = drawing::of_relation(package, &relation.kind, &relation.target);
            if !items.is_empty() {
                context.drawn.insert(relation.id.clone(), items);
            }
        }
        let Some(xml) = package.xml(part) else {
            continue;
        };
        let mut numbering = Numbering::default();
        let mut found = walk(xml, context, &mut numbering, Story::Margin, part, job)?;
        let items = found.remove("").unwrap_or_default();
        let words: Vec<String> = items.iter().map(|item| item.text.clone()).collect();
        if seen.insert(words) {
            job.items(&items)?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Para {
    text: String,
    style: Option<String>,
    outline: Option<u8>,
    number: Option<(String, u8)>,
    /// Who deleted what, in order.
    deleted: Vec<(String, String)>,
    /// What follows the paragraph: notes, text boxes, charts.
    after: Vec<Item>,
    /// Phonetic guides above the words.
    readings: Vec<String>,
}

enum Frame {
    Table,
    Row {
        cells: Vec<Vec<Item>>,
        after: Vec<Item>,
    },
    Cell {
        items: Vec<Item>,
        after: Vec<Item>,
    },
    TextBox {
        items: Vec<Item>,
    },
    Note {
        id: String,
        head: String,
        items: Vec<Item>,
        keep: bool,
    },
}

struct Change {
    /// `deleted` or `moved away`; empty for insertions.
    verb: &'static str,
    who: String,
}

struct Walk<'w, 'e> {
    context: &'w mut Context,
    numbering: &'w mut Numbering,
    story: Story,
    job: &'w mut Job<'e>,
    frames: Vec<Frame>,
    paras: Vec<Para>,
    changes: Vec<Change>,
    notes: HashMap<String, Vec<Item>>,
    /// Open hyperlinks: target, and where their words begin.
    links: Vec<(Option<String>, usize)>,
    /// Open fields: their instructions.
    fields: Vec<String>,
    alternatives: Vec<bool>,
    hidden: u64,
    inserted: u64,
    removed: u64,
}

/// Reads one story. Blocks of the body are written at once; margins come back under "", notes
/// under their ids.
fn walk(
    mut xml: Xml<'_>,
    context: &mut Context,
    numbering: &mut Numbering,
    story: Story,
    part: &str,
    job: &mut Job<'_>,
) -> Result<HashMap<String, Vec<Item>>, Stop> {
    let mut walk = Walk {
        context,
        numbering,
        story,
        job,
        frames: Vec::new(),
        paras: Vec::new(),
        changes: Vec::new(),
        notes: HashMap::new(),
        links: Vec::new(),
        fields: Vec::new(),
        alternatives: Vec::new(),
        hidden: 0,
        inserted: 0,
        removed: 0,
    };
    loop {
        match xml.next() {
            Token::Open(tag) => {
                let then = walk.open(&tag);
                walk.follow(then, &mut xml);
            }
            Token::Close(name) => walk.close(name)?,
            Token::Text(_) => {}
            Token::End => break,
        }
        if walk.job.is_full() {
            break;
        }
    }
    // A broken part leaves its last paragraph and table open; their words are kept.
    while !walk.paras.is_empty() {
        walk.close("p")?;
    }
    while let Some(frame) = walk.frames.last() {
        let name = match frame {
            Frame::Table => "tbl",
            Frame::Row { .. } => "tr",
            Frame::Cell { .. } => "tc",
            Frame::TextBox { .. } => "txbxContent",
            Frame::Note { .. } => "footnote",
        };
        walk.close(name)?;
    }
    if let Some(fault) = xml.fault() {
        walk.job
            .damage(format!("`{part}` cannot be read to its end ({fault})"));
    }
    walk.tell(part);
    Ok(walk.notes)
}

/// What the element wants done with its content.
enum Then {
    Nothing,
    Skip,
    Text,
    Instruction,
    Reading,
    ParagraphProperties,
    RunProperties,
}

impl Walk<'_, '_> {
    fn open(&mut self, tag: &Tag<'_>) -> Then {
        match tag.name() {
            "p" => self.paras.push(Para::default()),
            "pPr" => return Then::ParagraphProperties,
            "rPr" => return Then::RunProperties,
            "t" | "delText" => return Then::Text,
            "instrText" | "delInstrText" => return Then::Instruction,
            "rt" => return Then::Reading,
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("\u{2011}"),
            "softHyphen" => self.push("\u{ad}"),
            "sym" => {
                let code = tag
                    .attr("char")
                    .and_then(|c| u32::from_str_radix(&c, 16).ok());
                if let Some(symbol) = code.and_then(char::from_u32) {
                    self.push(symbol.encode_utf8(&mut [0; 4]));
                }
            }
            "tbl" => self.frames.push(Frame::Table),
            "tr" => self.frames.push(Frame::Row {
                cells: Vec::new(),
                after: Vec::new(),
            }),
            "tc" => self.frames.push(Frame::Cell {
                items: Vec::new(),
                after: Vec::new(),
            }),
            "txbxContent" => self.frames.push(Frame::TextBox { items: Vec::new() }),
            "footnote" | "endnote" if self.story == Story::Notes => {
                let separator = tag.attr("type").is_some_and(|kind| kind != "normal");
                self.frames.push(Frame::Note {
                    id: tag.attr("id").unwrap_or_default().into_owned(),
                    head: String::new(),
                    items: Vec::new(),
                    keep: !separator,
                });
            }
            // Word 2003 has notes in place.
            "footnote" | "endnote" if !self.paras.is_empty() => {
                self.frames.push(Frame::TextBox { items: Vec::new() });
            }
            "comment" if self.story == Story::Notes => {
                let head = head("comment", tag);
                self.frames.push(Frame::Note {
                    id: tag.attr("id").unwrap_or_default().into_owned(),
                    head,
                    items: Vec::new(),
                    keep: true,
                });
            }
            "annotation" => match tag.attr("type").as_deref() {
                Some("Word.Deletion") => self.changes.push(Change {
                    verb: "deleted",
                    who: who(tag),
                }),
                Some("Word.Comment") => {
                    self.changes.push(Change {
                        verb: "comment",
                        who: who(tag),
                    });
                }
                _ => self.changes.push(Change {
                    verb: "",
                    who: String::new(),
                }),
            },
            "footnoteReference" => self.refer(tag, 0),
            "endnoteReference" => self.refer(tag, 1),
            "commentReference" => self.refer(tag, 2),
            "ins" | "moveTo" => self.changes.push(Change {
                verb: "",
                who: who(tag),
            }),
            "del" => self.changes.push(Change {
                verb: "deleted",
                who: who(tag),
            }),
            "moveFrom" => self.changes.push(Change {
                verb: "moved away",
                who: who(tag),
            }),
            "hyperlink" | "hlink" => {
                let target = tag
                    .prefixed("id")
                    .and_then(|id| self.context.relations.get(&id))
                    .filter(|relation| relation.external)
                    .map(|relation| relation.target.clone())
                    .or_else(|| tag.attr("dest").map(std::borrow::Cow::into_owned));
                let at = self.paras.last().map_or(0, |para| para.text.len());
                self.links.push((target, at));
            }
            "hlinkClick" | "hlinkHover" => {
                let target = tag.prefixed("id").and_then(|id| {
                    let relation = self.context.relations.get(&id)?;
                    relation.external.then(|| relation.target.clone())
                });
                if let Some(target) = target {
                    self.job.note_once(Field::Other, &target, "hyperlink");
                }
            }
            "fldSimple" => {
                if let Some(instruction) = tag.attr("instr") {
                    self.instruction(&instruction);
                }
            }
            "fldChar" => match tag.attr("fldCharType").as_deref() {
                Some("begin") => self.fields.push(String::new()),
                Some("end") => {
                    if let Some(instruction) = self.fields.pop() {
                        self.instruction(&instruction);
                    }
                }
                _ => {}
            },
            "AlternateContent" => self.alternatives.push(false),
            "Choice" | "Fallback" => match self.alternatives.last_mut() {
                Some(taken) if *taken => return Then::Skip,
                Some(taken) => *taken = true,
                None => {}
            },
            "chart" | "relIds" => {
                for id in [tag.prefixed("id"), tag.prefixed("dm")]
                    .into_iter()
                    .flatten()
                {
                    if let Some(items) = self.context.drawn.get(id.as_ref()) {
                        let items = items.clone();
                        self.after(items);
                    }
                }
            }
            "docPr" => {
                for (name, from) in [
                    ("title", "title of a picture"),
                    ("descr", "description of a picture"),
                ] {
                    if let Some(words) = tag.attr(name) {
                        self.job.note_once(Field::Other, &words, from);
                    }
                }
            }
            "textpath" => {
                if let Some(words) = tag.attr("string") {
                    self.after(vec![Item::new(BlockKind::Paragraph, words.into_owned())]);
                }
            }
            "sdtPr" | "sectPr" | "tblPr" | "trPr" | "tcPr" | "tblGrid" | "binData" | "styles"
            | "lists" | "docOleData" | "DocumentProperties" | "pPrChange" | "fonts"
            | "shapeDefaults" | "docSuppData" => return Then::Skip,
            _ => {}
        }
        Then::Nothing
    }

    fn follow(&mut self, then: Then, xml: &mut Xml<'_>) {
        match then {
            Then::Nothing => {}
            Then::Skip => xml.skip(),
            Then::Text => {
                let text = xml.text();
                self.push(&text);
            }
            Then::Instruction => {
                let text = xml.text();
                match self.fields.last_mut() {
                    Some(field) if field.len() < 8_000 => field.push_str(&text),
                    Some(_) => {}
                    None => self.instruction(&text),
                }
            }
            Then::Reading => {
                let text = reading(xml);
                if let Some(para) = self.paras.last_mut() {
                    para.readings.push(text);
                }
            }
            Then::ParagraphProperties => self.paragraph_properties(xml),
            Then::RunProperties => {
                if run_is_hidden(xml) {
                    self.hidden = self.hidden.saturating_add(1);
                }
            }
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Stop> {
        match name {
            "p" => {
                if let Some(para) = self.paras.pop() {
                    self.end_paragraph(para)?;
                }
            }
            "tc" => {
                if let Some(Frame::Cell { items, after }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Cell { .. }))
                {
                    match self.frames.last_mut() {
                        Some(Frame::Row {
                            cells,
                            after: of_row,
                        }) => {
                            cells.push(items);
                            of_row.extend(after);
                        }
                        _ => self.put(items.into_iter().chain(after).collect())?,
                    }
                }
            }
            "tr" => {
                if let Some(Frame::Row { cells, after }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Row { .. }))
                {
                    let mut items = row(cells);
                    items.extend(after);
                    self.put(items)?;
                }
            }
            "tbl" => {
                self.frames.pop_if(|frame| matches!(frame, Frame::Table));
            }
            "txbxContent" | "footnote" | "endnote" | "comment" => {
                match self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::TextBox { .. } | Frame::Note { .. }))
                {
                    Some(Frame::TextBox { items }) => {
                        if self.paras.is_empty() {
                            self.put(items)?;
                        } else {
                            self.after(items);
                        }
                    }
                    Some(Frame::Note {
                        id,
                        head,
                        mut items,
                        keep: true,
                    }) => {
                        for item in &mut items {
                            item.kind = BlockKind::Footnote;
                        }
                        if let Some(first) = items.first_mut() {
                            first.text = format!("{head}{}", first.text.trim_start());
                        }
                        if !items.is_empty() {
                            self.notes.entry(id).or_default().extend(items);
                        }
                    }
                    _ => {}
                }
            }
            "ins" | "del" | "moveFrom" | "moveTo" | "annotation" => {
                self.changes.pop();
            }
            "hyperlink" | "hlink" => {
                if let Some((Some(target), at)) = self.links.pop() {
                    let words = self.paras.last().and_then(|para| para.text.get(at..));
                    let bare = target.strip_prefix("mailto:").unwrap_or(&target);
                    if words.map(str::trim) != Some(bare) {
                        self.job.note_once(Field::Other, &target, "hyperlink");
                    }
                }
            }
            "AlternateContent" => {
                self.alternatives.pop();
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds words where they belong: to the paragraph, or to what was deleted from it.
    fn push(&mut self, text: &str) {
        // Words outside of any paragraph do not exist in the format; broken files have them.
        if self.paras.is_empty() {
            self.paras.push(Para::default());
        }
        let Some(para) = self.paras.last_mut() else {
            return;
        };
        let chars = u64::try_from(text.chars().count()).unwrap_or(0);
        match self
            .changes
            .iter()
            .rev()
            .find(|change| !change.verb.is_empty())
        {
            Some(change) => {
                let head = format!("[{}{}] ", change.verb, change.who);
                if change.verb != "comment" {
                    self.removed = self.removed.saturating_add(chars);
                }
                match para.deleted.last_mut() {
                    Some((last, words)) if *last == head => words.push_str(text),
                    _ => para.deleted.push((head, text.to_owned())),
                }
            }
            None => {
                if !self.changes.is_empty() {
                    self.inserted = self.inserted.saturating_add(chars);
                }
                para.text.push_str(text);
            }
        }
    }

    /// Puts blocks after the open paragraph.
    fn after(&mut self, items: Vec<Item>) {
        if self.paras.is_empty() {
            self.paras.push(Para::default());
        }
        if let Some(para) = self.paras.last_mut() {
            para.after.extend(items);
        }
    }

    fn refer(&mut self, tag: &Tag<'_>, which: u8) {
        let Some(id) = tag.attr("id") else { return };
        let notes = match which {
            0 => &mut self.context.footnotes,
            1 => &mut self.context.endnotes,
            _ => &mut self.context.comments,
        };
        if let Some(items) = notes.remove(id.as_ref()) {
            self.after(items);
        }
    }

    fn instruction(&mut self, instruction: &str) {
        let instruction = instruction.trim();
        let (name, rest) = instruction
            .split_once(char::is_whitespace)
            .unwrap_or((instruction, ""));
        let quoted = rest.split('"').nth(1).map(str::trim);
        let first = rest.split_whitespace().find(|word| !word.starts_with('\\'));
        let Some(target) = quoted.or(first) else {
            return;
        };
        match name.to_uppercase().as_str() {
            "HYPERLINK" if !rest.trim_start().starts_with("\\l") => {
                self.job.note_once(Field::Other, target, "hyperlink");
            }
            "INCLUDEPICTURE" | "INCLUDETEXT" | "LINK" | "DDE" | "DDEAUTO" | "IMPORT" => {
                self.job.note_once(
                    Field::Other,
                    rest.trim(),
                    &format!("field {}", name.to_uppercase()),
                );
            }
            _ => {}
        }
    }

    fn paragraph_properties(&mut self, xml: &mut Xml<'_>) {
        let outside = xml.depth().saturating_sub(1);
        let (mut style, mut outline, mut level, mut list) = (None, None, 0, None);
        while xml.depth() > outside {
            match xml.next() {
                Token::Open(tag) => match tag.name() {
                    "pStyle" => style = tag.attr("val").map(std::borrow::Cow::into_owned),
                    "outlineLvl" => outline = tag.number::<u8>("val"),
                    "ilvl" => level = tag.number::<u8>("val").unwrap_or(0),
                    "numId" | "ilfo" => list = tag.attr("val").map(std::borrow::Cow::into_owned),
                    "rPr" | "pPrChange" | "sectPr" => xml.skip(),
                    _ => {}
                },
                Token::End => break,
                _ => {}
            }
        }
        if let Some(para) = self.paras.last_mut() {
            para.style = style;
            para.outline = outline;
            para.number = list.map(|list| (list, level));
        }
    }

    fn end_paragraph(&mut self, para: Para) -> Result<(), Stop> {
        let style = para.style.as_deref();
        let heading = match para.outline {
            Some(level) if level < 9 => Some(level.saturating_add(1)),
            Some(_) => None,
            None => self.context.styles.heading(style),
        };
        let number = match &para.number {
            Some((list, level)) => Some((list.clone(), *level)),
            None => self.context.styles.number(style),
        };
        let mut listed = false;
        let mut text = para.text;
        if let Some((list, level)) = number.filter(|(list, _)| list != "0") {
            listed = true;
            if !text.trim().is_empty()
                && let Some(label) = self.numbering.next(&list, level)
            {
                text.insert_str(0, &format!("{label} "));
            }
        }
        let kind = match (self.story, heading) {
            (Story::Margin, _) => BlockKind::Margin,
            (Story::Notes, _) => BlockKind::Footnote,
            (Story::Body, Some(level)) => BlockKind::Heading(level),
            (Story::Body, None) if listed => BlockKind::ListItem,
            (Story::Body, None) if self.context.styles.is_caption(style) => BlockKind::Caption,
            (Story::Body, None) => BlockKind::Paragraph,
        };
        let mut after = Vec::new();
        for (head, words) in para.deleted {
            if !words.trim().is_empty() {
                after.push(Item::new(BlockKind::Footnote, format!("{head}{words}")));
            }
        }
        if !para.readings.is_empty() {
            let readings = format!("[reading] {}", para.readings.join(" "));
            after.push(Item::new(BlockKind::Footnote, readings));
        }
        after.extend(para.after);
        let mut items = Vec::new();
        if !text.trim().is_empty() {
            items.push(Item::new(kind, text));
        }
        // In a table, what follows a paragraph follows its row.
        if let Some(Frame::Cell {
            items: cell,
            after: of_cell,
        }) = self.frames.last_mut()
        {
            cell.extend(items);
            of_cell.extend(after);
            return Ok(());
        }
        items.extend(after);
        self.put(items)
    }

    /// Puts finished blocks into the innermost frame, or writes them.
    fn put(&mut self, mut items: Vec<Item>) -> Result<(), Stop> {
        for frame in self.frames.iter_mut().rev() {
            match frame {
                Frame::Cell { items: into, .. }
                | Frame::TextBox { items: into }
                | Frame::Note { items: into, .. } => {
                    into.extend(items);
                    return Ok(());
                }
                Frame::Row { after, .. } => {
                    after.extend(items);
                    return Ok(());
                }
                Frame::Table => {}
            }
        }
        match self.story {
            Story::Body => self.job.items(&items),
            Story::Margin => {
                for item in &mut items {
                    item.kind = BlockKind::Margin;
                }
                self.notes.entry(String::new()).or_default().extend(items);
                Ok(())
            }
            // Text beside the notes has no place to be shown at.
            Story::Notes => Ok(()),
        }
    }

    fn tell(&mut self, part: &str) {
        let counted = [
            (
                self.removed,
                "tracked-deletion",
                "characters were deleted or moved with changes tracked: they are in the text as blocks that begin with [deleted …] or [moved away …]",
            ),
            (
                self.inserted,
                "tracked-insertion",
                "characters were inserted with changes tracked: they are part of the text",
            ),
            (
                self.hidden,
                "hidden-text",
                "runs of text are hidden when the document is shown: they are part of the text",
            ),
        ];
        for (count, code, words) in counted {
            if count > 0 {
                self.job
                    .problem(Problem::new(code, format!("{count} {words}")).at(part));
            }
        }
    }
}

/// `, author, day` as far as they are known.
fn who(tag: &Tag<'_>) -> String {
    let mut who = String::new();
    for part in [
        tag.attr("author")
            .filter(|author| !author.trim().is_empty()),
        tag.attr("date")
            .or_else(|| tag.attr("createdate"))
            .filter(|date| !date.trim().is_empty()),
    ]
    .into_iter()
    .flatten()
    {
        who.push_str(", ");
        who.push_str(part.trim().chars().take(200).collect::<String>().as_str());
    }
    who
}

fn head(what: &str, tag: &Tag<'_>) -> String {
    format!("[{what}{}] ", who(tag))
}

/// The text of a phonetic guide.
fn reading(xml: &mut Xml<'_>) -> String {
    let outside = xml.depth().saturating_sub(1);
    let mut text = String::new();
    while xml.depth() > outside {
        match xml.next() {
            Token::Open(tag) if tag.name() == "t" => text.push_str(&xml.text()),
            Token::End => break,
            _ => {}
        }
    }
    text
}

fn run_is_hidden(xml: &mut Xml<'_>) -> bool {
    let outside = xml.depth().saturating_sub(1);
    let mut hidden = false;
    while xml.depth() > outside {
        match xml.next() {
            Token::Open(tag) if tag.name() == "vanish" => hidden = tag.is_on("val"),
            Token::Open(tag) if tag.name() == "rPrChange" => xml.skip(),
            Token::End => break,
            _ => {}
        }
    }
    hidden
}

/// One row: cells between tabs, or the cells' own blocks where the table is there for layout.
pub(crate) fn row(cells: Vec<Vec<Item>>) -> Vec<Item> {
    let layout = |items: &Vec<Item>| {
        let chars: usize = items.iter().map(|item| item.text.len()).sum();
        items.len() > 1 && (cells.len() == 1 || chars > CELL_CHARS)
    };
    if cells.iter().any(layout) {
        return cells.into_iter().flatten().collect();
    }
    let joined: Vec<String> = cells
        .iter()
        .map(|items| {
            let words: Vec<String> = items
                .iter()
                .map(|item| item.text.replace(['\t', '\n', '\r'], " ").trim().to_owned())
                .collect();
            words.join(" ")
        })
        .collect();
    let text = joined.join("\t");
    if text.trim().is_empty() {
        Vec::new()
    } else {
        vec![Item::new(BlockKind::TableRow, text)]
    }
}
