//! EPUB 2 and 3: the chapters of the spine in reading order (OCF and OPF of the IDPF/W3C).

use std::collections::{HashMap, HashSet};

use casefile::{BlockKind, Field, Outcome, Problem, Stop};

use crate::job::Job;
use crate::members;
use crate::package::{Package, resolve};
use crate::xml::{Token, Xml};

pub(crate) fn read(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let opf = container(package);
    let folder = opf
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder)
        .to_owned();
    let book = package.xml(&opf).map(|xml| contents(xml, &folder, job));
    let book = book.unwrap_or_default();
    let locked = locked(package);
    let mut chapters: Vec<String> = book.spine.clone();
    if chapters.is_empty() {
        job.damage("the list of chapters cannot be read: they are in the order of the package");
        chapters = package
            .names()
            .iter()
            .filter(|name| {
                let name = name.to_lowercase();
                [".xhtml", ".html", ".htm"]
                    .iter()
                    .any(|end| name.ends_with(end))
            })
            .cloned()
            .collect();
    }
    let mut unread = 0_usize;
    for chapter in &chapters {
        if job.is_full() {
            break;
        }
        if locked.contains(&chapter.to_lowercase()) {
            unread = unread.saturating_add(1);
            continue;
        }
        match package.xml(chapter) {
            Some(xml) => chapter_text(xml, chapter, job)?,
            None => job.damage(format!("the chapter `{chapter}` is missing")),
        }
    }
    if unread > 0 {
        job.reading.outcome = Outcome::Encrypted;
        job.reading.reason = Some(format!(
            "{unread} of {} chapters are locked by the seller's protection: get an unlocked copy",
            chapters.len()
        ));
    }
    job.flush()?;
    let names: Vec<String> = package.names().to_vec();
    for name in names {
        let lower = name.to_lowercase();
        let picture = [
            ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".svg", ".pdf",
        ]
        .iter()
        .any(|end| lower.ends_with(end));
        if picture && !locked.contains(&lower) {
            members::stream(package, &name, job)?;
        }
    }
    Ok(())
}

fn container(package: &mut Package<'_>) -> String {
    if let Some(mut xml) = package.xml("META-INF/container.xml") {
        loop {
            match xml.next() {
                Token::Open(tag) if tag.name() == "rootfile" => {
                    if let Some(path) = tag.attr("full-path") {
                        return resolve("", &path);
                    }
                }
                Token::End => break,
                _ => {}
            }
        }
    }
    package
        .names()
        .iter()
        .find(|name| name.to_lowercase().ends_with(".opf"))
        .cloned()
        .unwrap_or_default()
}

/// Parts that are encrypted; fonts that are only obfuscated do not matter.
fn locked(package: &mut Package<'_>) -> HashSet<String> {
    let mut locked = HashSet::new();
    let Some(mut xml) = package.xml("META-INF/encryption.xml") else {
        return locked;
    };
    loop {
        match xml.next() {
            Token::Open(tag) if tag.name() == "CipherReference" => {
                if let Some(part) = tag.attr("URI") {
                    locked.insert(resolve("", &part).to_lowercase());
                }
            }
            Token::End => return locked,
            _ => {}
        }
    }
}

#[derive(Default)]
struct Book {
    spine: Vec<String>,
}

fn contents(mut xml: Xml<'_>, folder: &str, job: &mut Job<'_>) -> Book {
    let mut parts: HashMap<String, String> = HashMap::new();
    let mut ids = Vec::new();
    let mut keywords = Vec::new();
    loop {
        let (field, name) = match xml.next() {
            Token::Open(tag) => match tag.name() {
                "item" => {
                    if let (Some(id), Some(target)) = (tag.attr("id"), tag.attr("href")) {
                        parts.insert(id.into_owned(), resolve(folder, &target));
                    }
                    continue;
                }
                "itemref" => {
                    ids.extend(tag.attr("idref").map(std::borrow::Cow::into_owned));
                    continue;
                }
                "meta" => {
                    let property = tag.attr("property").unwrap_or_default().into_owned();
                    if property == "dcterms:modified" {
                        let value = xml.text();
                        job.note(Field::Modified, &value, "EPUB dcterms:modified");
                    }
                    continue;
                }
                "subject" => {
                    keywords.push(xml.text());
                    continue;
                }
                "title" => (Field::Title, "dc:title"),
                "creator" => (Field::Author, "dc:creator"),
                "contributor" => (Field::Other, "dc:contributor"),
                "publisher" => (Field::Publisher, "dc:publisher"),
                "language" => (Field::Language, "dc:language"),
                "description" => (Field::Description, "dc:description"),
                "identifier" => (Field::Other, "dc:identifier"),
                "source" => (Field::Other, "dc:source"),
                "rights" => (Field::Other, "dc:rights"),
                "date" => match tag.attr("event").as_deref() {
                    Some("creation") => (Field::Created, "dc:date creation"),
                    Some("modification") => (Field::Modified, "dc:date modification"),
                    _ => (Field::Published, "dc:date"),
                },
                _ => continue,
            },
            Token::End => break,
            _ => continue,
        };
        let value = xml.text();
        job.note(field, &value, &format!("EPUB {name}"));
    }
    job.note(Field::Keywords, &keywords.join(", "), "EPUB dc:subject");
    let spine = ids.iter().filter_map(|id| parts.get(id).cloned()).collect();
    Book { spine }
}

/// A chapter is XHTML, which is XML: its blocks in order.
fn chapter_text(mut xml: Xml<'_>, part: &str, job: &mut Job<'_>) -> Result<(), Stop> {
    let mut text = String::new();
    let mut kind = BlockKind::Paragraph;
    let (mut pre, mut cells, mut body) = (0_u32, 0_u32, false);
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "head" | "script" | "style" | "template" => xml.skip(),
                "body" => body = true,
                "br" => text.push('\n'),
                "img" | "image" => {
                    if let Some(words) = tag.attr("alt") {
                        job.note_once(Field::Other, &words, "description of a picture");
                    }
                }
                "a" => {
                    if let Some(target) = tag.attr("href").filter(|target| target.contains("://")) {
                        job.note_once(Field::Other, &target, "hyperlink");
                    }
                }
                "td" | "th" => {
                    if cells > 0 {
                        text.push('\t');
                    }
                    cells = cells.saturating_add(1);
                }
                name => {
                    let begins = match name {
                        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                            let level = name.get(1..).and_then(|level| level.parse().ok());
                            Some(BlockKind::Heading(level.unwrap_or(1)))
                        }
                        "li" | "dt" | "dd" => Some(BlockKind::ListItem),
                        "tr" => Some(BlockKind::TableRow),
                        "figcaption" | "caption" => Some(BlockKind::Caption),
                        "p" | "div" | "section" | "article" | "blockquote" | "pre" | "ul"
                        | "ol" | "table" | "aside" | "figure" | "header" | "footer" | "nav"
                        | "dl" | "hr" => Some(BlockKind::Paragraph),
                        _ => None,
                    };
                    pre = pre.saturating_add(u32::from(name == "pre"));
                    if let Some(begins) = begins {
                        // A paragraph inside a list item or a cell is that item or cell.
                        if cells > 0 && begins != BlockKind::TableRow {
                            if !text.is_empty() && !text.ends_with([' ', '\t']) {
                                text.push(' ');
                            }
                        } else if !text.trim().is_empty() {
                            job.block(kind, &text)?;
                            text.clear();
                            kind = begins;
                            cells = 0;
                        } else if kind != BlockKind::ListItem || begins != BlockKind::Paragraph {
                            text.clear();
                            kind = begins;
                            cells = 0;
                        }
                    }
                }
            },
            Token::Close(name) => match name {
                "pre" => pre = pre.saturating_sub(1),
                "tr" => {
                    job.block(BlockKind::TableRow, &text)?;
                    text.clear();
                    cells = 0;
                    kind = BlockKind::Paragraph;
                }
                "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section"
                | "article" | "blockquote" | "figcaption" | "caption" | "dt" | "dd" | "ul"
                | "ol" | "body"
                    if cells == 0 =>
                {
                    job.block(kind, &text)?;
                    text.clear();
                    kind = BlockKind::Paragraph;
                }
                _ => {}
            },
            Token::Text(words) => {
                if !body && part.ends_with(".ncx") {
                    continue;
                }
                if pre > 0 {
                    text.push_str(words);
                    continue;
                }
                for c in words.chars() {
                    if matches!(c, ' ' | '\t' | '\n' | '\r') {
                        if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                            text.push(' ');
                        }
                    } else {
                        text.push(c);
                    }
                }
            }
            Token::End => break,
        }
    }
    job.block(kind, &text)?;
    if let Some(fault) = xml.fault() {
        job.problem(
            Problem::new(
                "chapter-malformed",
                format!("the chapter is not well-formed ({fault}): what came before was kept"),
            )
            .at(part),
        );
        job.damage(format!("the chapter `{part}` cannot be read to its end"));
    }
    Ok(())
}
