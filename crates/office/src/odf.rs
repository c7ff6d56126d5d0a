//! OpenDocument (ISO/IEC 26300) text, spreadsheets and presentations, and OpenOffice 1 files.

use std::collections::{BTreeMap, HashSet};

use casefile::{BlockKind, Field, Outcome, Problem, Stop};

use crate::docx;
use crate::job::{Item, Job};
use crate::members;
use crate::numbers;
use crate::odf_password::{self, Opened, Sealed};
use crate::package::{Package, resolve};
use crate::xlsx::Line;
use crate::xml::{Tag, Token, Xml};

/// How often a repeated row or cell that holds something is written; more is told.
const REPEATS: u32 = 200;

pub(crate) fn read(
    package: &mut Package<'_>,
    passwords: &[String],
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let parts = match odf_password::sealed(package) {
        Sealed::No => return read_clear(package, job),
        Sealed::Whole => {
            job.reading.outcome = Outcome::Encrypted;
            job.reading.reason = Some(
                "needs a password, and is encrypted as one piece, which is not opened here: save a copy without password"
                    .to_owned(),
            );
            return Ok(());
        }
        Sealed::Parts(parts) => parts,
    };
    let Some(Opened { parts, lost }) = odf_password::open(package, &parts, passwords) else {
        job.reading.outcome = Outcome::Encrypted;
        job.reading.reason = Some(crate::NEEDS_PASSWORD.to_owned());
        return Ok(());
    };
    for name in lost {
        job.damage(format!("`{name}` could not be decrypted"));
    }
    job.problem(Problem::new(
        "was-encrypted",
        "the document was encrypted: a password opened it",
    ));
    let len = parts.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let mut clear = Package::flat(parts, job.limits, len);
    read_clear(&mut clear, job)
}

fn read_clear(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    if let Some(xml) = package.xml("meta.xml") {
        meta(xml, job);
    }
    let margins = package
        .xml("styles.xml")
        .map(|xml| Walk::new(job, Story::Margins).run(xml, "styles.xml"))
        .transpose()?
        .unwrap_or_default();
    let mut objects = Vec::new();
    if let Some(xml) = package.xml("content.xml") {
        objects = Walk::new(job, Story::Body).run(xml, "content.xml")?.objects;
    } else {
        job.damage("the main part `content.xml` is missing");
    }
    job.end_page();
    // Charts, formulas and documents inside the document.
    let mut seen = HashSet::new();
    for object in objects {
        let folder = resolve("", &object);
        let part = format!("{folder}/content.xml");
        if !folder.is_empty()
            && seen.insert(folder)
            && let Some(xml) = package.xml(&part)
        {
            Walk::new(job, Story::Object).run(xml, &part)?;
        }
    }
    job.items(&margins.margins)?;
    job.flush()?;
    pictures(package, job)
}

/// A whole document in one XML file.
pub(crate) fn read_flat(bytes: &[u8], job: &mut Job<'_>) -> Result<(), Stop> {
    meta(Xml::new(bytes), job);
    let found = Walk::new(job, Story::Flat).run(Xml::new(bytes), "the document")?;
    job.end_page();
    job.items(&found.margins)?;
    for (at, (name, bytes)) in found.binaries.iter().enumerate() {
        job.flush()?;
        let name = if name.is_empty() {
            format!("picture {at}")
        } else {
            name.clone()
        };
        job.member(&name, None, bytes)?;
    }
    Ok(())
}

fn pictures(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let names: Vec<String> = package.names().to_vec();
    for name in names {
        let lower = name.to_lowercase();
        if lower.ends_with('/')
            || lower.contains("thumbnail")
            || lower.starts_with("meta-inf/")
            || lower.starts_with("configurations")
            || lower.starts_with("layout-cache")
            || lower.starts_with("objectreplacements/")
        {
            continue;
        }
        if lower.starts_with("basic/") || lower.starts_with("scripts/") {
            job.problem(Problem::new(
                "macros",
                "it holds macros: they are kept in the original and were not run",
            ));
            continue;
        }
        if lower.contains("pictures/") || lower.starts_with("media/") {
            members::stream(package, &name, job)?;
        } else if !lower.contains('/') && lower.starts_with("object ") {
            // An OLE object; the documents of the suite itself are folders.
            let bytes = package.bytes(&name).unwrap_or_default();
            match members::unwrap(&bytes, members::number_in(&name)) {
                Some((inner, bytes)) => job.member(&format!("{name}/{inner}"), None, &bytes)?,
                None => job.member(&name, None, &bytes)?,
            }
        }
    }
    Ok(())
}

fn meta(mut xml: Xml<'_>, job: &mut Job<'_>) {
    let mut keywords = Vec::new();
    let mut first_author = None;
    loop {
        let (field, name) = match xml.next() {
            Token::Open(tag) => match tag.name() {
                "body" | "automatic-styles" | "styles" | "settings" => break,
                "title" => (Field::Title, "dc:title"),
                "initial-creator" => {
                    first_author = Some(xml.text());
                    continue;
                }
                "creator" => (Field::Editor, "dc:creator"),
                "creation-date" => (Field::Created, "meta:creation-date"),
                "date" => (Field::Modified, "dc:date"),
                "subject" => (Field::Subject, "dc:subject"),
                "description" => (Field::Description, "dc:description"),
                "language" => (Field::Language, "dc:language"),
                "generator" => (Field::Software, "meta:generator"),
                "printed-by" => (Field::Other, "meta:printed-by"),
                "print-date" => (Field::Other, "meta:print-date"),
                "editing-duration" => (Field::Other, "meta:editing-duration"),
                "editing-cycles" => (Field::Other, "meta:editing-cycles"),
                "keyword" => {
                    keywords.push(xml.text());
                    continue;
                }
                "document-statistic" => {
                    if let Some(pages) = tag.attr("page-count") {
                        job.note(Field::Pages, &pages, "ODF meta:page-count");
                    }
                    continue;
                }
                "template" => {
                    if let Some(template) = tag.attr("href") {
                        job.note(Field::Other, &template, "ODF meta:template");
                    }
                    continue;
                }
                "user-defined" => {
                    let from = format!("ODF property {}", tag.attr("name").unwrap_or_default());
                    let value = xml.text();
                    job.note_once(Field::Other, &value, &from);
                    continue;
                }
                _ => continue,
            },
            Token::End => break,
            _ => continue,
        };
        let value = xml.text();
        job.note(field, &value, &format!("ODF {name}"));
    }
    if let Some(author) = first_author {
        job.note(Field::Author, &author, "ODF meta:initial-creator");
    }
    job.note(Field::Keywords, &keywords.join(", "), "ODF meta:keyword");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Story {
    Body,
    /// Only running heads and feet.
    Margins,
    /// An object inside the document: no pages of its own.
    Object,
    Flat,
}

#[derive(Default)]
struct Para {
    text: String,
    heading: Option<u8>,
    listed: bool,
    after: Vec<Item>,
    readings: Vec<String>,
}

enum Frame {
    Table {
        sheet: bool,
    },
    Row {
        cells: Vec<Vec<Item>>,
        after: Vec<Item>,
    },
    Cell {
        items: Vec<Item>,
        after: Vec<Item>,
        repeated: u32,
        value: Option<String>,
    },
    /// A text box; its words follow the paragraph that it stands in.
    Box {
        items: Vec<Item>,
        title: bool,
    },
    Note {
        items: Vec<Item>,
        kind: &'static str,
        who: String,
        when: String,
    },
    Margin {
        items: Vec<Item>,
    },
    Deleted {
        items: Vec<Item>,
        id: String,
        who: String,
        when: String,
    },
}

#[derive(Default)]
struct Found {
    margins: Vec<Item>,
    objects: Vec<String>,
    binaries: Vec<(String, Vec<u8>)>,
}

struct Walk<'w, 'e> {
    job: &'w mut Job<'e>,
    story: Story,
    frames: Vec<Frame>,
    paras: Vec<Para>,
    found: Found,
    deleted: BTreeMap<String, Vec<Item>>,
    lists: u32,
    spreadsheet: bool,
    /// The sheet that is read, for people.
    sheet: String,
    notes: bool,
    row_repeats: u32,
    column: u32,
    line: Line,
    row_after: Vec<Item>,
    links: Vec<(String, usize)>,
    removed: u64,
}

impl<'w, 'e> Walk<'w, 'e> {
    fn new(job: &'w mut Job<'e>, story: Story) -> Self {
        Self {
            job,
            story,
            frames: Vec::new(),
            paras: Vec::new(),
            found: Found::default(),
            deleted: BTreeMap::new(),
            lists: 0,
            spreadsheet: false,
            sheet: String::new(),
            notes: false,
            row_repeats: 1,
            column: 0,
            line: Line::default(),
            row_after: Vec::new(),
            links: Vec::new(),
            removed: 0,
        }
    }

    fn run(mut self, mut xml: Xml<'_>, part: &str) -> Result<Found, Stop> {
        let mut closes: Vec<String> = Vec::new();
        loop {
            match xml.next() {
                Token::Open(tag) => match tag.name() {
                    "forms"
                    | "scripts"
                    | "font-face-decls"
                    | "sequence-decls"
                    | "variable-decls"
                    | "user-field-decls"
                    | "note-citation"
                    | "settings"
                    | "meta"
                    | "notes-configuration"
                    | "linenumbering-configuration"
                    | "number-style"
                    | "annotation-end"
                    | "content-validations"
                    | "database-ranges"
                    | "named-expressions"
                    | "handout-master" => xml.skip(),
                    "binary-data" => {
                        let mut text = xml.text();
                        text.retain(|c| !c.is_whitespace());
                        if let Ok(bytes) = data_encoding::BASE64.decode(text.as_bytes()) {
                            self.found.binaries.push((String::new(), bytes));
                        }
                    }
                    "creator" | "date" => {
                        let name = tag.name().to_owned();
                        self.signed(&name, &xml.text());
                    }
                    "date-string" | "sender-initials" | "creator-initials" => xml.skip(),
                    "ruby-text" => {
                        let text = xml.text();
                        if let Some(para) = self.paras.last_mut() {
                            para.readings.push(text);
                        }
                    }
                    "title" | "desc" if self.paras.is_empty() || !tag.name().eq("title") => {
                        let words = xml.text();
                        self.job
                            .note_once(Field::Other, &words, "description of a picture");
                    }
                    _ => {
                        self.open(&tag)?;
                        if self.frames.len() > 100_000 || self.paras.len() > 100_000 {
                            self.job.damage(format!("`{part}` is nested too deep"));
                            break;
                        }
                    }
                },
                Token::Close(name) => self.close(name)?,
                Token::Text(text) => {
                    if let Some(para) = self.paras.last_mut() {
                        spaced(&mut para.text, text);
                    }
                }
                Token::End => break,
            }
            if self.job.is_full() {
                break;
            }
        }
        if let Some(fault) = xml.fault() {
            self.job
                .damage(format!("`{part}` cannot be read to its end ({fault})"));
        }
        while !self.paras.is_empty() {
            self.close("p")?;
        }
        for frame in self.frames.iter().rev() {
            closes.push(
                match frame {
                    Frame::Table { .. } => "table",
                    Frame::Row { .. } => "table-row",
                    Frame::Cell { .. } => "table-cell",
                    Frame::Box { .. } => "frame",
                    Frame::Note { .. } => "note",
                    Frame::Margin { .. } => "header",
                    Frame::Deleted { .. } => "changed-region",
                }
                .to_owned(),
            );
        }
        for name in closes {
            self.close(&name)?;
        }
        let left = std::mem::take(&mut self.deleted);
        for items in left.values() {
            self.job.items(items)?;
        }
        if self.removed > 0 {
            self.job.problem(Problem::new(
                "tracked-deletion",
                format!(
                    "{} passages were deleted with changes tracked: they are in the text as blocks that begin with [deleted …]",
                    self.removed
                ),
            ));
        }
        Ok(self.found)
    }

    fn open(&mut self, tag: &Tag<'_>) -> Result<(), Stop> {
        match tag.name() {
            "spreadsheet" => self.spreadsheet = true,
            "p" | "h" => {
                let heading = (tag.name() == "h")
                    .then(|| tag.number("outline-level").unwrap_or(1_u8).clamp(1, 9));
                self.paras.push(Para {
                    heading,
                    listed: self.lists > 0,
                    ..Para::default()
                });
            }
            "list" | "ordered-list" | "unordered-list" => self.lists = self.lists.saturating_add(1),
            "s" => {
                let count: usize = tag.number("c").unwrap_or(1);
                if let Some(para) = self.paras.last_mut() {
                    para.text.extend(std::iter::repeat_n(' ', count.min(1_000)));
                }
            }
            "tab" | "tab-stop" => self.push("\t"),
            "line-break" => self.push("\n"),
            "page" if self.story != Story::Margins && self.story != Story::Object => {
                self.job.begin_page()?;
            }
            "notes" => self.notes = true,
            "frame" | "text-box" | "custom-shape" | "rect" | "ellipse" | "polygon" | "path"
            | "line" | "connector" | "caption" | "polyline" | "circle" => {
                let title = tag.attr("class").is_some_and(|class| class == "title");
                self.frames.push(Frame::Box {
                    items: Vec::new(),
                    title,
                });
            }
            "object" => {
                if let Some(target) = tag.attr("href") {
                    self.found.objects.push(target.into_owned());
                }
            }
            "image" | "plugin" | "object-ole" => {
                if let Some(target) = tag.attr("href").filter(|target| target.contains("://")) {
                    self.job.note_once(Field::Other, &target, "external image");
                }
            }
            "note" | "footnote" | "endnote" if !self.paras.is_empty() => {
                self.frames.push(Frame::Note {
                    items: Vec::new(),
                    kind: "",
                    who: String::new(),
                    when: String::new(),
                });
            }
            "annotation" => self.frames.push(Frame::Note {
                items: Vec::new(),
                kind: "comment",
                who: tag.attr("author").unwrap_or_default().into_owned(),
                when: tag.attr("create-date").unwrap_or_default().into_owned(),
            }),
            "header" | "footer" | "header-left" | "footer-left" | "header-first"
            | "footer-first"
                if matches!(self.story, Story::Margins | Story::Flat) =>
            {
                self.frames.push(Frame::Margin { items: Vec::new() });
            }
            "changed-region" => self.frames.push(Frame::Deleted {
                items: Vec::new(),
                id: tag.attr("id").unwrap_or_default().into_owned(),
                who: String::new(),
                when: String::new(),
            }),
            "change" | "change-start" => {
                if let Some(id) = tag.attr("change-id")
                    && let Some(items) = self.deleted.remove(id.as_ref())
                {
                    match self.paras.last_mut() {
                        Some(para) => para.after.extend(items),
                        None => self.put(items)?,
                    }
                }
            }
            "a" => {
                let target = tag.attr("href").unwrap_or_default().into_owned();
                let at = self.paras.last().map_or(0, |para| para.text.len());
                self.links.push((target, at));
            }
            "table" | "sub-table" => {
                let sheet = self.spreadsheet
                    && self.story != Story::Object
                    && !self
                        .frames
                        .iter()
                        .any(|frame| matches!(frame, Frame::Table { .. }));
                if sheet {
                    self.job.begin_page()?;
                    let name = tag.attr("name").unwrap_or_default();
                    self.job.block(BlockKind::Heading(1), &name)?;
                    self.sheet = format!("sheet '{name}'");
                    if matches!(tag.attr("display").as_deref(), Some("false")) {
                        self.job.problem(
                            Problem::new(
                                "hidden-sheet",
                                "the sheet is hidden: it is part of the text",
                            )
                            .at(self.sheet.clone()),
                        );
                    }
                }
                self.frames.push(Frame::Table { sheet });
            }
            "table-row" => {
                self.row_repeats = tag.number("number-rows-repeated").unwrap_or(1);
                self.column = 0;
                self.frames.push(Frame::Row {
                    cells: Vec::new(),
                    after: Vec::new(),
                });
            }
            "table-cell" | "covered-table-cell" => {
                let value = match tag.attr("value-type").as_deref() {
                    Some("date") => tag
                        .attr("date-value")
                        .map(|date| date.trim_end_matches("T00:00:00").replacen('T', " ", 1)),
                    Some("float") => tag.attr("value").map(|value| numbers::plain(&value)),
                    Some("boolean") => tag.attr("boolean-value").map(|value| value.to_uppercase()),
                    Some("string") => tag.attr("string-value").map(std::borrow::Cow::into_owned),
                    _ => None,
                };
                let date = tag.attr("value-type").as_deref() == Some("date");
                self.frames.push(Frame::Cell {
                    items: Vec::new(),
                    after: Vec::new(),
                    repeated: tag.number("number-columns-repeated").unwrap_or(1),
                    // A date is told in ISO form; everything else as it is shown.
                    value: value.map(|value| if date { format!("\u{1}{value}") } else { value }),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Stop> {
        match name {
            "p" | "h" => {
                let Some(para) = self.paras.pop() else {
                    return Ok(());
                };
                self.end_paragraph(para)?;
            }
            "list" | "ordered-list" | "unordered-list" => self.lists = self.lists.saturating_sub(1),
            "notes" => {
                self.notes = false;
            }
            "page" => {}
            "frame" | "text-box" | "custom-shape" | "rect" | "ellipse" | "polygon" | "path"
            | "line" | "connector" | "caption" | "polyline" | "circle" => {
                if let Some(Frame::Box { mut items, title }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Box { .. }))
                {
                    if title && !self.notes {
                        for item in &mut items {
                            item.kind = BlockKind::Heading(1);
                        }
                    }
                    match self.paras.last_mut() {
                        Some(para) => para.after.extend(items),
                        None => self.put(items)?,
                    }
                }
            }
            "note" | "footnote" | "endnote" | "annotation" => {
                if let Some(Frame::Note {
                    mut items,
                    kind,
                    who,
                    when,
                }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Note { .. }))
                {
                    let head = signed_head(kind, &who, &when);
                    for item in &mut items {
                        item.kind = BlockKind::Footnote;
                    }
                    if let Some(first) = items.first_mut() {
                        first.text.insert_str(0, &head);
                    }
                    match self.paras.last_mut() {
                        Some(para) => para.after.extend(items),
                        None => match self.frames.last_mut() {
                            Some(Frame::Cell { after, .. }) => after.extend(items),
                            _ => self.put(items)?,
                        },
                    }
                }
            }
            "header" | "footer" | "header-left" | "footer-left" | "header-first"
            | "footer-first" => {
                if let Some(Frame::Margin { items }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Margin { .. }))
                {
                    for mut item in items {
                        item.kind = BlockKind::Margin;
                        if !self.found.margins.contains(&item) {
                            self.found.margins.push(item);
                        }
                    }
                }
            }
            "changed-region" => {
                if let Some(Frame::Deleted {
                    mut items,
                    id,
                    who,
                    when,
                }) = self
                    .frames
                    .pop_if(|frame| matches!(frame, Frame::Deleted { .. }))
                    && !items.is_empty()
                {
                    self.removed = self.removed.saturating_add(1);
                    let head = signed_head("deleted", &who, &when);
                    for item in &mut items {
                        item.kind = BlockKind::Footnote;
                        item.text.insert_str(0, &head);
                    }
                    self.deleted.entry(id).or_default().extend(items);
                }
            }
            "a" => {
                if let Some((target, at)) = self.links.pop() {
                    let words = self.paras.last().and_then(|para| para.text.get(at..));
                    if !target.starts_with('#') && words.map(str::trim) != Some(target.as_str()) {
                        self.job.note_once(Field::Other, &target, "hyperlink");
                    }
                }
            }
            "table-cell" | "covered-table-cell" => self.end_cell()?,
            "table-row" => self.end_row()?,
            "table" | "sub-table" => {
                self.frames
                    .pop_if(|frame| matches!(frame, Frame::Table { .. }));
            }
            _ => {}
        }
        Ok(())
    }

    fn in_sheet(&self) -> bool {
        let mut tables = self.frames.iter().rev();
        tables
            .find_map(|frame| match frame {
                Frame::Table { sheet } => Some(*sheet),
                _ => None,
            })
            .unwrap_or(false)
    }

    fn end_cell(&mut self) -> Result<(), Stop> {
        let sheet = self.in_sheet();
        let Some(Frame::Cell {
            items,
            after,
            repeated,
            value,
        }) = self
            .frames
            .pop_if(|frame| matches!(frame, Frame::Cell { .. }))
        else {
            return Ok(());
        };
        if sheet {
            let shown: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            let shown = shown.join(" ");
            let words = match value {
                Some(value) => match value.strip_prefix('\u{1}') {
                    Some(date) => date.to_owned(),
                    None if shown.trim().is_empty() => value,
                    None => shown,
                },
                None => shown,
            };
            if words.trim().is_empty() {
                self.column = self.column.saturating_add(repeated);
            } else {
                for _ in 0..repeated.min(REPEATS) {
                    self.line.cell(self.column, &words);
                    self.column = self.column.saturating_add(1);
                }
                self.column = self.column.saturating_add(repeated.saturating_sub(REPEATS));
                self.tell_repeats(repeated, "cell");
            }
            self.row_after.extend(after);
            return Ok(());
        }
        match self.frames.last_mut() {
            Some(Frame::Row {
                cells,
                after: of_row,
            }) => {
                cells.push(items);
                of_row.extend(after);
                Ok(())
            }
            _ => self.put(items.into_iter().chain(after).collect()),
        }
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        let sheet = self.in_sheet();
        let Some(Frame::Row { cells, after }) = self
            .frames
            .pop_if(|frame| matches!(frame, Frame::Row { .. }))
        else {
            return Ok(());
        };
        if sheet {
            if !self.line.is_empty() {
                self.tell_repeats(self.row_repeats, "row");
            }
            let repeats = self.row_repeats.clamp(1, REPEATS);
            self.line.end_repeated(repeats, self.job)?;
            let after = std::mem::take(&mut self.row_after);
            return self.job.items(&after);
        }
        let mut items = docx::row(cells);
        items.extend(after);
        self.put(items)
    }

    /// A repeated row or cell is written up to a number of times; what is left out is said.
    fn tell_repeats(&mut self, repeated: u32, what: &str) {
        if repeated > REPEATS {
            let message = format!(
                "a {what} that the sheet repeats {repeated} times stands {REPEATS} times in the text"
            );
            self.job
                .problem(Problem::new("repeats-capped", message).at(self.sheet.clone()));
        }
    }

    fn signed(&mut self, name: &str, text: &str) {
        let comment = matches!(
            self.frames.last(),
            Some(Frame::Note {
                kind: "comment",
                ..
            })
        );
        let in_words = !self.paras.is_empty() && !comment;
        match self.frames.last_mut() {
            Some(Frame::Note { who, when, .. } | Frame::Deleted { who, when, .. }) if !in_words => {
                let into = if name == "creator" { who } else { when };
                if into.is_empty() {
                    text.trim().clone_into(into);
                }
            }
            // A date or author as a field in running text is text.
            _ => self.push(text),
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(para) = self.paras.last_mut() {
            para.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self, para: Para) -> Result<(), Stop> {
        let kind = match para.heading {
            _ if self.notes => BlockKind::Footnote,
            Some(level) => BlockKind::Heading(level),
            None if para.listed => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        let mut items = Vec::new();
        if !para.text.trim().is_empty() {
            items.push(Item::new(kind, para.text));
        }
        let mut after = para.after;
        if !para.readings.is_empty() {
            let readings = format!("[reading] {}", para.readings.join(" "));
            after.push(Item::new(BlockKind::Footnote, readings));
        }
        if let Some(Frame::Cell {
            items: cell,
            after: of_cell,
            ..
        }) = self.frames.last_mut()
        {
            cell.extend(items);
            of_cell.extend(after);
            return Ok(());
        }
        items.extend(after);
        self.put(items)
    }

    fn put(&mut self, items: Vec<Item>) -> Result<(), Stop> {
        for frame in self.frames.iter_mut().rev() {
            match frame {
                Frame::Cell { items: into, .. }
                | Frame::Box { items: into, .. }
                | Frame::Note { items: into, .. }
                | Frame::Margin { items: into }
                | Frame::Deleted { items: into, .. } => {
                    into.extend(items);
                    return Ok(());
                }
                Frame::Row { after, .. } => {
                    after.extend(items);
                    return Ok(());
                }
                Frame::Table { .. } => {}
            }
        }
        // Words of a style sheet outside of heads and feet are hints to writers.
        if self.story == Story::Margins {
            return Ok(());
        }
        self.job.items(&items)
    }
}

fn signed_head(kind: &str, who: &str, when: &str) -> String {
    if kind.is_empty() {
        return String::new();
    }
    let mut head = format!("[{kind}");
    for part in [who, when] {
        if !part.trim().is_empty() {
            head.push_str(", ");
            head.push_str(part.trim());
        }
    }
    head.push_str("] ");
    head
}

/// Runs of white space in the file are one space on paper (ODF 1.3 part 3 §6.1.2).
fn spaced(into: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            if !into.is_empty() && !into.ends_with([' ', '\n', '\t']) {
                into.push(' ');
            }
        } else {
            into.push(c);
        }
    }
}
