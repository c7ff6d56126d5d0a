//! Excel workbooks in XML: SpreadsheetML (ECMA-376 part 1 §18), streamed row by row.

use casefile::{BlockKind, Field, Problem, Stop};

use crate::drawing;
use crate::formats::{Format, built_in};
use crate::job::{Item, Job};
use crate::package::{Package, Relations};
use crate::xml::{Token, Xml};
use crate::{members, numbers, props};

/// Empty cells between two filled ones that are kept as tabs; a wider gap is one tab.
const GAP: u32 = 40;
const SHARED_BYTES: usize = 400 << 20;
const SHEETS: usize = 20_000;

/// Strings that cells share, one behind the other.
#[derive(Default)]
struct Shared {
    text: String,
    ends: Vec<u32>,
}

impl Shared {
    fn read(mut xml: Xml<'_>) -> (Self, Option<String>) {
        let mut shared = Self::default();
        loop {
            match xml.next() {
                Token::Open(tag) => match tag.name() {
                    "t" => {
                        let text = xml.text();
                        shared.text.push_str(&unescaped(&text));
                    }
                    // How a word is read aloud; the word itself stands beside it.
                    "rPh" => xml.skip(),
                    _ => {}
                },
                Token::Close("si") => {
                    shared
                        .ends
                        .push(u32::try_from(shared.text.len()).unwrap_or(u32::MAX));
                    if shared.text.len() > SHARED_BYTES {
                        return (
                            shared,
                            Some("its strings are larger than 400 MiB".to_owned()),
                        );
                    }
                }
                Token::End => break,
                _ => {}
            }
        }
        let fault = xml.fault().map(str::to_owned);
        (shared, fault)
    }

    fn get(&self, index: usize) -> Option<&str> {
        let end = usize::try_from(*self.ends.get(index)?).ok()?;
        let start = match index.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// `_x000D_` stands for a character that XML cannot hold (§22.9.2.19).
fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let code = after
            .get(..4)
            .filter(|_| after.as_bytes().get(4) == Some(&b'_'))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                if !matches!(c, '\r' | '\0') {
                    out.push(c);
                }
                rest = after.get(5..).unwrap_or("");
            }
            None => {
                out.push_str("_x");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.into()
}

/// The format of each style index.
fn cell_formats(mut xml: Xml<'_>) -> Vec<Format> {
    let mut codes: std::collections::HashMap<u16, String> = std::collections::HashMap::new();
    let (mut formats, mut in_cells) = (Vec::new(), false);
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attr("formatCode"))
                    {
                        codes.insert(id, code.into_owned());
                    }
                }
                "cellXfs" => in_cells = true,
                "dxfs" => xml.skip(),
                "xf" if in_cells && formats.len() < 100_000 => {
                    let id = tag.number("numFmtId").unwrap_or(0);
                    let code = codes.get(&id).map_or(built_in(id), String::as_str);
                    formats.push(Format::parse(code));
                }
                _ => {}
            },
            Token::Close("cellXfs") => in_cells = false,
            Token::End => break,
            _ => {}
        }
    }
    formats
}

struct Sheet {
    name: String,
    hidden: Option<&'static str>,
    part: Option<String>,
}

pub(crate) fn read(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let root = package.relations("");
    props::read(package, &root, job);
    let main = root
        .parts("officeDocument")
        .map(str::to_owned)
        .find(|part| package.has(part))
        .unwrap_or_else(|| "xl/workbook.xml".to_owned());
    let relations = package.relations(&main);
    let part = |kind: &str, usual: &str| {
        relations
            .parts(kind)
            .next()
            .map_or_else(|| usual.to_owned(), str::to_owned)
    };
    let formats = package
        .xml(&part("styles", "xl/styles.xml"))
        .map(cell_formats)
        .unwrap_or_default();
    let shared = package
        .xml(&part("sharedStrings", "xl/sharedStrings.xml"))
        .map(Shared::read);
    let (shared, fault) = shared.unwrap_or_default();
    if let Some(fault) = fault {
        job.damage(format!(
            "the strings of the cells cannot be read to their end ({fault})"
        ));
    }
    let (mut sheets, from_1904) = match package.xml(&main) {
        Some(xml) => workbook(xml, &relations),
        None => (Vec::new(), false),
    };
    if sheets.is_empty() {
        // Without its workbook part, the sheets are still there.
        let mut parts: Vec<_> = package
            .names()
            .iter()
            .filter(|name| name.to_lowercase().contains("worksheets/sheet"))
            .filter(|name| name.ends_with(".xml"))
            .cloned()
            .collect();
        parts.sort();
        if !parts.is_empty() {
            job.damage("the list of sheets cannot be read: sheets are in the order of their parts");
        }
        sheets = parts
            .into_iter()
            .map(|part| Sheet {
                name: part
                    .rsplit('/')
                    .next()
                    .unwrap_or("")
                    .trim_end_matches(".xml")
                    .to_owned(),
                hidden: None,
                part: Some(part),
            })
            .collect();
    }
    let book = Book {
        shared,
        formats,
        from_1904,
    };
    for sheet in &sheets {
        if job.is_full() {
            break;
        }
        one_sheet(package, sheet, &book, job)?;
    }
    members::externals(&relations, job);
    job.end_page();
    job.flush()?;
    members::of_ooxml(package, job)
}

fn workbook(mut xml: Xml<'_>, relations: &Relations) -> (Vec<Sheet>, bool) {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "workbookPr" => from_1904 = tag.says_yes("date1904"),
                "sheet" if sheets.len() < SHEETS => {
                    let relation = tag
                        .prefixed("id")
                        .and_then(|id| relations.get(&id).cloned());
                    sheets.push(Sheet {
                        name: tag.attr("name").unwrap_or_default().into_owned(),
                        hidden: match tag.attr("state").as_deref() {
                            Some("hidden") => Some("hidden"),
                            Some("veryHidden") => Some("hidden so that only a program can show it"),
                            _ => None,
                        },
                        part: relation.map(|relation| relation.target),
                    });
                }
                _ => {}
            },
            Token::End => break,
            _ => {}
        }
    }
    (sheets, from_1904)
}

struct Book {
    shared: Shared,
    formats: Vec<Format>,
    from_1904: bool,
}

fn one_sheet(
    package: &mut Package<'_>,
    sheet: &Sheet,
    book: &Book,
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let place = format!("sheet '{}'", sheet.name);
    job.begin_page()?;
    job.block(BlockKind::Heading(1), &sheet.name)?;
    if let Some(how) = sheet.hidden {
        job.problem(
            Problem::new(
                "hidden-sheet",
                format!("the sheet is {how}: it is part of the text"),
            )
            .at(place.clone()),
        );
    }
    let Some(part) = &sheet.part else {
        job.damage(format!("{place} is missing"));
        return Ok(());
    };
    if !package.has(part) {
        job.damage(format!("{place} is missing"));
        return Ok(());
    }
    let relations = package.relations(part);
    let mut margins = Vec::new();
    if let Some(xml) = package.xml(part) {
        margins = rows(xml, book, &place, job)?;
    }
    job.items(&margins)?;
    for relation in relations.all.iter().filter(|relation| !relation.external) {
        match relation.kind.as_str() {
            "comments" => {
                if let Some(xml) = package.xml(&relation.target) {
                    let comments = comments(xml);
                    job.items(&comments)?;
                }
            }
            "drawing" => {
                drawn(package, &relation.target, job)?;
            }
            _ => {}
        }
    }
    members::externals(&relations, job);
    Ok(())
}

/// Text boxes, charts and SmartArt that lie on a sheet.
pub(crate) fn drawn(package: &mut Package<'_>, part: &str, job: &mut Job<'_>) -> Result<(), Stop> {
    let items = package
        .xml(part)
        .map(drawing::paragraphs)
        .unwrap_or_default();
    job.items(&items)?;
    let relations = package.relations(part);
    for relation in relations.all.iter().filter(|relation| !relation.external) {
        let items = drawing::of_relation(package, &relation.kind, &relation.target);
        job.items(&items)?;
    }
    members::externals(&relations, job);
    Ok(())
}

/// The column of a reference such as `BC12`, from 0.
pub(crate) fn column(reference: &str) -> Option<u32> {
    let mut column = 0_u32;
    let mut any = false;
    for byte in reference.bytes() {
        if !byte.is_ascii_alphabetic() {
            break;
        }
        any = true;
        let letter = u32::from(byte.to_ascii_uppercase()).checked_sub(64)?;
        column = column.checked_mul(26)?.checked_add(letter)?;
    }
    (any && column <= 16_384).then(|| column.saturating_sub(1))
}

/// A row that is being put together.
#[derive(Default)]
pub(crate) struct Line {
    text: String,
    next: u32,
    any: bool,
}

impl Line {
    /// Adds a cell; columns only grow.
    pub(crate) fn cell(&mut self, column: u32, words: &str) {
        let words = words.trim_matches(|c: char| c.is_whitespace() && c != '\u{3000}');
        if words.is_empty() {
            return;
        }
        let gap = column.saturating_sub(self.next);
        let gap = if gap > GAP { 0 } else { gap };
        let tabs = gap.saturating_add(u32::from(self.any));
        self.text.extend(std::iter::repeat_n(
            '\t',
            usize::try_from(tabs).unwrap_or(1),
        ));
        self.text.extend(words.chars().map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            c => c,
        }));
        self.next = column.saturating_add(1);
        self.any = true;
    }

    pub(crate) const fn is_empty(&self) -> bool {
        !self.any
    }

    /// Writes the row, if there is anything in it, and begins the next.
    pub(crate) fn end(&mut self, job: &mut Job<'_>) -> Result<(), Stop> {
        self.end_repeated(1, job)
    }

    /// The same for a row that stands several times.
    pub(crate) fn end_repeated(&mut self, times: u32, job: &mut Job<'_>) -> Result<(), Stop> {
        if self.any {
            for _ in 0..times {
                job.block(BlockKind::TableRow, &self.text)?;
            }
        }
        self.text.clear();
        self.next = 0;
        self.any = false;
        Ok(())
    }
}

fn rows(mut xml: Xml<'_>, book: &Book, place: &str, job: &mut Job<'_>) -> Result<Vec<Item>, Stop> {
    let mut line = Line::default();
    let mut margins = Vec::new();
    let (mut hidden_rows, mut hidden_columns) = (0_u64, false);
    let (mut at, mut style, mut kind) = (0_u32, 0_usize, String::new());
    let (mut value, mut inline) = (String::new(), String::new());
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "row" => {
                    line.end(job)?;
                    at = 0;
                    hidden_rows = hidden_rows.saturating_add(u64::from(tag.says_yes("hidden")));
                }
                "c" => {
                    if let Some(column) = tag.attr("r").as_deref().and_then(column) {
                        at = column;
                    }
                    style = tag.number("s").unwrap_or(0);
                    kind.clear();
                    kind.push_str(tag.attr("t").as_deref().unwrap_or("n"));
                    value.clear();
                    inline.clear();
                }
                "v" => value = xml.text(),
                "t" => inline.push_str(&unescaped(&xml.text())),
                "f" | "rPh" | "extLst" => xml.skip(),
                "col" => hidden_columns |= tag.says_yes("hidden"),
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
                | "firstFooter" => {
                    let text = margin(&xml.text());
                    let item = Item::new(BlockKind::Margin, text);
                    if !item.text.is_empty() && !margins.contains(&item) {
                        margins.push(item);
                    }
                }
                "hyperlink" => {
                    if let Some(target) = tag.attr("display").filter(|words| words.contains("://"))
                    {
                        job.note_once(Field::Other, &target, "hyperlink");
                    }
                }
                _ => {}
            },
            Token::Close("c") => {
                let words = cell(&kind, &value, &inline, style, book);
                line.cell(at, &words);
                at = at.saturating_add(1);
                value.clear();
                inline.clear();
            }
            Token::Close("row") => {
                line.end(job)?;
                if job.is_full() {
                    break;
                }
            }
            Token::End => break,
            _ => {}
        }
    }
    line.end(job)?;
    if let Some(fault) = xml.fault() {
        job.damage(format!("{place} cannot be read to its end ({fault})"));
    }
    if hidden_rows > 0 || hidden_columns {
        job.problem(
            Problem::new(
                "hidden-cells",
                format!(
                    "hidden rows ({hidden_rows}){} are part of the text",
                    if hidden_columns {
                        " and hidden columns"
                    } else {
                        ""
                    }
                ),
            )
            .at(place),
        );
    }
    Ok(margins)
}

fn cell(kind: &str, value: &str, inline: &str, style: usize, book: &Book) -> String {
    match kind {
        "s" => value
            .trim()
            .parse()
            .ok()
            .and_then(|index| book.shared.get(index))
            .unwrap_or_default()
            .to_owned(),
        "inlineStr" => inline.to_owned(),
        "str" => unescaped(value).into_owned(),
        "b" => if matches!(value.trim(), "1" | "true") {
            "TRUE"
        } else {
            "FALSE"
        }
        .to_owned(),
        "e" => value.to_owned(),
        "d" => value
            .trim()
            .trim_end_matches("T00:00:00")
            .replacen('T', " ", 1),
        _ if value.is_empty() => inline.to_owned(),
        _ => number(value, book.formats.get(style), book.from_1904),
    }
}

/// A stored number in a format; as it stands if it is none.
pub(crate) fn number(stored: &str, format: Option<&Format>, from_1904: bool) -> String {
    match (stored.trim().parse::<f64>(), format) {
        (Ok(number), Some(format)) if number.is_finite() && !format.is_general() => {
            format.shown(number, from_1904)
        }
        _ => numbers::plain(stored),
    }
}

/// A running head without its codes (§18.3.1.39): `&L`, `&C`, `&R` begin parts, `&P` is the page.
pub(crate) fn margin(code: &str) -> String {
    let mut text = String::new();
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => text.push('&'),
            Some('L' | 'C' | 'R') if !text.is_empty() && !text.ends_with('\t') => {
                text.push('\t');
            }
            Some('"') => {
                chars.by_ref().find(|c| *c == '"');
            }
            Some('K') => {
                chars.nth(5);
            }
            Some(digit) if digit.is_ascii_digit() => {
                while chars.peek().is_some_and(char::is_ascii_digit) {
                    chars.next();
                }
            }
            Some('P') => text.push('#'),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn comments(mut xml: Xml<'_>) -> Vec<Item> {
    let (mut authors, mut items) = (Vec::new(), Vec::new());
    let (mut head, mut text) = (String::new(), String::new());
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "author" => authors.push(xml.text()),
                "comment" => {
                    let author = tag
                        .number::<usize>("authorId")
                        .and_then(|id| authors.get(id))
                        .map(|author| author.trim())
                        .filter(|author| !author.is_empty());
                    let cell = tag.attr("ref").unwrap_or_default();
                    head = match author {
                        Some(author) => format!("[comment, {author}, {cell}] "),
                        None => format!("[comment, {cell}] "),
                    };
                    text.clear();
                }
                "t" => text.push_str(&unescaped(&xml.text())),
                "rPh" => xml.skip(),
                _ => {}
            },
            Token::Close("comment") if !text.trim().is_empty() => {
                items.push(Item::new(
                    BlockKind::Footnote,
                    format!("{head}{}", text.trim()),
                ));
            }
            Token::End => break,
            _ => {}
        }
    }
    items
}

/// Excel 2003 XML: the whole workbook in one file.
pub(crate) fn read_2003(bytes: &[u8], job: &mut Job<'_>) -> Result<(), Stop> {
    let mut xml = Xml::new(bytes);
    let mut line = Line::default();
    let mut at = 0_u32;
    let mut after = Vec::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "Worksheet" => {
                    job.begin_page()?;
                    let name = tag.attr("Name").unwrap_or_default().into_owned();
                    job.block(BlockKind::Heading(1), &name)?;
                }
                "Row" => at = 0,
                "Cell" => {
                    if let Some(index) = tag.number::<u32>("Index") {
                        at = index.saturating_sub(1);
                    }
                    if let Some(target) = tag.attr("HRef") {
                        job.note_once(Field::Other, &target, "hyperlink");
                    }
                }
                "Comment" => {
                    let author = tag.attr("Author").unwrap_or_default();
                    let head = format!("[comment, {}] ", author.trim());
                    let text = xml.text();
                    after.push(Item::new(
                        BlockKind::Footnote,
                        format!("{head}{}", text.trim()),
                    ));
                }
                "Data" => {
                    let kind = tag.attr("Type").unwrap_or_default().into_owned();
                    let text = xml.text();
                    let words = match kind.as_str() {
                        "DateTime" => text
                            .trim_end_matches(".000")
                            .trim_end_matches("T00:00:00")
                            .replacen('T', " ", 1),
                        "Number" => numbers::plain(&text),
                        _ => text,
                    };
                    line.cell(at, &words);
                }
                "Title" if at == 0 => {
                    let title = xml.text();
                    job.note(Field::Title, &title, "Excel 2003 property Title");
                }
                "Author" => {
                    let author = xml.text();
                    job.note(Field::Author, &author, "Excel 2003 property Author");
                }
                "Created" => {
                    let created = xml.text();
                    job.note(Field::Created, &created, "Excel 2003 property Created");
                }
                _ => {}
            },
            Token::Close("Cell") => at = at.saturating_add(1),
            Token::Close("Row") => {
                line.end(job)?;
                job.items(&std::mem::take(&mut after))?;
                if job.is_full() {
                    break;
                }
            }
            Token::End => break,
            _ => {}
        }
    }
    line.end(job)?;
    if let Some(fault) = xml.fault() {
        job.damage(format!("the workbook cannot be read to its end ({fault})"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_numbers() {
        for (reference, at) in [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA1", Some(26)),
            ("XFD1", Some(16_383)),
            ("XFE1", None),
            ("12", None),
            ("", None),
            ("ZZZZZZZZZZZ1", None),
        ] {
            assert_eq!(column(reference), at, "{reference}");
        }
    }

    #[test]
    fn escaped_characters_are_read() {
        assert_eq!(unescaped("a_x000A_b_x_c_x000D_"), "a\nb_x_c");
        assert_eq!(unescaped("_x가나다_"), "_x가나다_");
    }

    #[test]
    fn running_heads_lose_their_codes() {
        assert_eq!(
            margin("&L&\"Arial,Bold\"&12Secret&CPage &P&R&K000000R&&D"),
            "Secret\tPage #\tR&D"
        );
    }
}
