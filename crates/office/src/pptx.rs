//! Presentations: PresentationML (ECMA-376 part 1 §19), one page a slide, in the order shown.

use std::collections::{HashMap, HashSet};

use casefile::{BlockKind, Field, Problem, Stop};

use crate::drawing;
use crate::job::{Item, Job};
use crate::package::{Package, Relations};
use crate::xml::{Token, Xml};
use crate::{docx, members, props};

const SLIDES: usize = 20_000;

pub(crate) fn read(package: &mut Package<'_>, job: &mut Job<'_>) -> Result<(), Stop> {
    let root = package.relations("");
    props::read(package, &root, job);
    let main = root
        .parts("officeDocument")
        .map(str::to_owned)
        .find(|part| package.has(part))
        .unwrap_or_else(|| "ppt/presentation.xml".to_owned());
    let relations = package.relations(&main);
    let mut slides = package
        .xml(&main)
        .map(|xml| order(xml, &relations))
        .unwrap_or_default();
    slides.retain(|slide| {
        let there = package.has(slide);
        if !there {
            job.damage(format!("the slide `{slide}` is missing"));
        }
        there
    });
    // Slides that the list does not know: a broken list, or slides that someone took out of it.
    let listed: HashSet<String> = slides.iter().map(|slide| slide.to_lowercase()).collect();
    let mut others: Vec<String> = package
        .names()
        .iter()
        .filter(|name| {
            let name = name.to_lowercase();
            name.starts_with("ppt/slides/slide")
                && name.ends_with(".xml")
                && !listed.contains(&name)
        })
        .cloned()
        .collect();
    others.sort_by_key(|name| (name.len(), name.clone()));
    if !others.is_empty() {
        job.problem(Problem::new(
            "unlisted-slide",
            format!(
                "{} slides are stored but not in the list of slides: they come last",
                others.len()
            ),
        ));
        slides.extend(others);
    }
    let authors = authors(package, &relations);
    let mut shown = HashSet::new();
    for (number, slide) in slides.iter().enumerate() {
        if job.is_full() {
            break;
        }
        job.begin_page()?;
        let place = format!("slide {}", number.saturating_add(1));
        one_slide(package, slide, &place, &authors, &mut shown, job)?;
    }
    members::externals(&relations, job);
    job.end_page();
    job.flush()?;
    members::of_ooxml(package, job)
}

fn order(mut xml: Xml<'_>, relations: &Relations) -> Vec<String> {
    let mut slides = Vec::new();
    loop {
        match xml.next() {
            Token::Open(tag) if tag.name() == "sldId" && slides.len() < SLIDES => {
                let relation = tag
                    .prefixed("id")
                    .and_then(|id| relations.get(&id).cloned());
                slides.extend(relation.map(|relation| relation.target));
            }
            Token::End => return slides,
            _ => {}
        }
    }
}

fn authors(package: &mut Package<'_>, relations: &Relations) -> HashMap<String, String> {
    let mut authors = HashMap::new();
    for kind in ["commentAuthors", "authors"] {
        for part in relations.parts(kind) {
            let Some(mut xml) = package.xml(part) else {
                continue;
            };
            loop {
                match xml.next() {
                    Token::Open(tag) if matches!(tag.name(), "cmAuthor" | "author") => {
                        if let (Some(id), Some(name)) = (tag.attr("id"), tag.attr("name")) {
                            authors.insert(id.into_owned(), name.into_owned());
                        }
                    }
                    Token::End => break,
                    _ => {}
                }
            }
        }
    }
    authors
}

fn one_slide(
    package: &mut Package<'_>,
    slide: &str,
    place: &str,
    authors: &HashMap<String, String>,
    shown: &mut HashSet<String>,
    job: &mut Job<'_>,
) -> Result<(), Stop> {
    let relations = package.relations(slide);
    let drawn = drawn(package, &relations);
    let Some(xml) = package.xml(slide) else {
        return Ok(());
    };
    let read = shapes(xml, &relations, &drawn, Wanted::Everything, job);
    if read.hidden {
        job.problem(
            Problem::new(
                "hidden-slide",
                "the slide is hidden in the show: it is part of the text",
            )
            .at(place),
        );
    }
    job.items(&read.items)?;
    for notes in relations
        .parts("notesSlide")
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        let of_notes = package.relations(&notes);
        let Some(xml) = package.xml(&notes) else {
            continue;
        };
        let mut read = shapes(xml, &of_notes, &HashMap::new(), Wanted::Notes, job);
        for item in &mut read.items {
            if item.kind != BlockKind::TableRow {
                item.kind = BlockKind::Footnote;
            }
        }
        job.items(&read.items)?;
        members::externals(&of_notes, job);
    }
    for comments in relations
        .parts("comments")
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        if let Some(xml) = package.xml(&comments) {
            let items = self::comments(xml, authors);
            job.items(&items)?;
        }
    }
    // What layout and master print on every slide is told once.
    for layout in relations
        .parts("slideLayout")
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        let of_layout = package.relations(&layout);
        let masters: Vec<String> = of_layout.parts("slideMaster").map(str::to_owned).collect();
        for part in std::iter::once(layout).chain(masters) {
            if !shown.insert(part.clone()) {
                continue;
            }
            let Some(xml) = package.xml(&part) else {
                continue;
            };
            let mut read = shapes(
                xml,
                &Relations::default(),
                &HashMap::new(),
                Wanted::Printed,
                job,
            );
            for item in &mut read.items {
                item.kind = BlockKind::Margin;
            }
            job.items(&read.items)?;
        }
    }
    members::externals(&relations, job);
    Ok(())
}

fn drawn(package: &mut Package<'_>, relations: &Relations) -> HashMap<String, Vec<Item>> {
    let mut drawn = HashMap::new();
    for relation in relations.all.iter().filter(|relation| !relation.external) {
        let items = drawing::of_relation(package, &relation.kind, &relation.target);
        if !items.is_empty() {
            drawn.insert(relation.id.clone(), items);
        }
    }
    drawn
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Everything,
    /// Without the picture, number and date of the slide that notes repeat.
    Notes,
    /// Only what is no placeholder: the words of placeholders on a master are hints to writers.
    Printed,
}

struct Shapes {
    items: Vec<Item>,
    hidden: bool,
}

#[derive(Default)]
struct Shape {
    placeholder: Option<String>,
    items: Vec<Item>,
}

fn shapes(
    mut xml: Xml<'_>,
    relations: &Relations,
    drawn: &HashMap<String, Vec<Item>>,
    wanted: Wanted,
    job: &mut Job<'_>,
) -> Shapes {
    let mut items = Vec::new();
    let mut hidden = false;
    let mut stack: Vec<Shape> = Vec::new();
    let mut rows: Vec<Vec<Vec<Item>>> = Vec::new();
    let mut cells: Vec<Vec<Item>> = Vec::new();
    let mut taken: Vec<bool> = Vec::new();
    let (mut text, mut listed) = (String::new(), false);
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "sld" => hidden = matches!(tag.attr("show").as_deref(), Some("0" | "false")),
                "sp" | "cxnSp" | "pic" | "graphicFrame" => stack.push(Shape::default()),
                "ph" => {
                    if let Some(shape) = stack.last_mut() {
                        shape.placeholder =
                            Some(tag.attr("type").unwrap_or("body".into()).into_owned());
                    }
                }
                "cNvPr" => {
                    if let Some(words) = tag.attr("descr") {
                        job.note_once(Field::Other, &words, "description of a picture");
                    }
                }
                "t" => text.push_str(&xml.text()),
                "br" => text.push('\n'),
                "tab" => text.push('\t'),
                "buAutoNum" | "buChar" => listed = true,
                "tr" => rows.push(Vec::new()),
                "tc" => cells.push(Vec::new()),
                "hlinkClick" | "hlinkHover" => {
                    let relation = tag.prefixed("id").and_then(|id| relations.get(&id));
                    if let Some(relation) = relation.filter(|relation| relation.external) {
                        job.note_once(Field::Other, &relation.target, "hyperlink");
                    }
                }
                "chart" | "relIds" => {
                    for id in [tag.prefixed("id"), tag.prefixed("dm")]
                        .into_iter()
                        .flatten()
                    {
                        if let Some(found) = drawn.get(id.as_ref()) {
                            match stack.last_mut() {
                                Some(shape) => shape.items.extend(found.iter().cloned()),
                                None => items.extend(found.iter().cloned()),
                            }
                        }
                    }
                }
                "AlternateContent" => taken.push(false),
                "Choice" | "Fallback" => match taken.last_mut() {
                    Some(taken) if *taken => xml.skip(),
                    Some(taken) => *taken = true,
                    None => {}
                },
                _ => {}
            },
            Token::Close(name) => match name {
                "p" => {
                    let words = std::mem::take(&mut text);
                    let kind = if listed {
                        BlockKind::ListItem
                    } else {
                        BlockKind::Paragraph
                    };
                    listed = false;
                    if words.trim().is_empty() {
                        continue;
                    }
                    let item = Item::new(kind, words);
                    match (cells.last_mut(), stack.last_mut()) {
                        (Some(cell), _) => cell.push(item),
                        (None, Some(shape)) => shape.items.push(item),
                        (None, None) => items.push(item),
                    }
                }
                "tc" => {
                    if let Some(cell) = cells.pop()
                        && let Some(row) = rows.last_mut()
                    {
                        row.push(cell);
                    }
                }
                "tr" => {
                    if let Some(row) = rows.pop() {
                        let row = docx::row(row);
                        match stack.last_mut() {
                            Some(shape) => shape.items.extend(row),
                            None => items.extend(row),
                        }
                    }
                }
                "sp" | "cxnSp" | "pic" | "graphicFrame" => {
                    if let Some(shape) = stack.pop() {
                        items.extend(finished(shape, wanted));
                    }
                }
                "AlternateContent" => {
                    taken.pop();
                }
                _ => {}
            },
            Token::Text(_) => {}
            Token::End => break,
        }
    }
    if let Some(fault) = xml.fault() {
        job.damage(format!("a slide cannot be read to its end ({fault})"));
        items.extend(cells.into_iter().flatten());
        for shape in stack {
            items.extend(finished(shape, wanted));
        }
        items.push(Item::new(BlockKind::Paragraph, text));
    }
    Shapes { items, hidden }
}

fn finished(shape: Shape, wanted: Wanted) -> Vec<Item> {
    let mut items = shape.items;
    match (shape.placeholder.as_deref(), wanted) {
        (Some(_), Wanted::Printed) => Vec::new(),
        (Some("sldNum" | "sldImg" | "dt" | "hdr" | "ftr"), Wanted::Notes) => Vec::new(),
        (Some("sldNum"), _) => Vec::new(),
        (Some("title" | "ctrTitle"), _) => {
            let words: Vec<String> = items.into_iter().map(|item| item.text).collect();
            vec![Item::new(BlockKind::Heading(1), words.join("\n"))]
        }
        (Some("subTitle"), _) => {
            for item in &mut items {
                item.kind = BlockKind::Heading(2);
            }
            items
        }
        (Some("dt" | "ftr" | "hdr"), _) => {
            for item in &mut items {
                item.kind = BlockKind::Margin;
            }
            items
        }
        _ => items,
    }
}

fn comments(mut xml: Xml<'_>, authors: &HashMap<String, String>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut heads: Vec<String> = Vec::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "cm" | "reply" => {
                    let mut head = "[comment".to_owned();
                    let author = tag.attr("authorId").and_then(|id| authors.get(id.as_ref()));
                    if let Some(author) = author {
                        head.push_str(", ");
                        head.push_str(author.trim());
                    }
                    if let Some(date) = tag.attr("dt").or_else(|| tag.attr("created")) {
                        head.push_str(", ");
                        head.push_str(&date);
                    }
                    heads.push(format!("{head}] "));
                }
                "text" | "t" => {
                    let words = xml.text();
                    let head = heads.last().cloned().unwrap_or_default();
                    items.push(Item::new(
                        BlockKind::Footnote,
                        format!("{head}{}", words.trim()),
                    ));
                }
                _ => {}
            },
            Token::Close("cm" | "reply") => {
                heads.pop();
            }
            Token::End => return items,
            _ => {}
        }
    }
}
