//! Text inside DrawingML parts: charts, SmartArt, drawings of sheets (ECMA-376 part 1 §20–21).

use casefile::BlockKind;

use crate::job::Item;
use crate::package::Package;
use crate::xml::{Token, Xml};

const ROWS: usize = 2_000;
const ITEMS: usize = 100_000;

/// Every paragraph of text in a part, in order.
pub(crate) fn paragraphs(mut xml: Xml<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut text = String::new();
    let mut taken: Vec<bool> = Vec::new();
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "AlternateContent" => taken.push(false),
                "Choice" | "Fallback" => match taken.last_mut() {
                    Some(taken) if *taken => xml.skip(),
                    Some(taken) => *taken = true,
                    None => {}
                },
                "t" => {
                    // In a diagram `dgm:t` is the whole body; in a run `a:t` is the text.
                    let depth = xml.depth();
                    while xml.depth() >= depth {
                        match xml.next() {
                            Token::Text(run) => text.push_str(run),
                            Token::Open(_) | Token::Close(_) | Token::End => break,
                        }
                    }
                }
                "br" => text.push('\n'),
                "tab" => text.push('\t'),
                _ => {}
            },
            Token::Close("AlternateContent") => {
                taken.pop();
            }
            Token::Close("p") => {
                if !text.trim().is_empty() {
                    items.push(Item::new(BlockKind::Paragraph, std::mem::take(&mut text)));
                }
                text.clear();
            }
            Token::End => break,
            _ => {}
        }
        if items.len() > ITEMS {
            break;
        }
    }
    if !text.trim().is_empty() {
        items.push(Item::new(BlockKind::Paragraph, text));
    }
    items
}

#[derive(Default)]
struct Series {
    name: String,
    categories: Vec<String>,
    values: Vec<String>,
}

/// A chart: its titles as paragraphs, its cached data as table rows (one a series).
pub(crate) fn chart(mut xml: Xml<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut all: Vec<Series> = Vec::new();
    let mut text = String::new();
    let mut place = "";
    let mut in_series = false;
    loop {
        match xml.next() {
            Token::Open(tag) => match tag.name() {
                "ser" | "series" => {
                    in_series = true;
                    all.push(Series::default());
                }
                "tx" => place = "tx",
                "cat" | "xVal" => place = "cat",
                "val" | "yVal" | "bubbleSize" => place = "val",
                "f" | "formatCode" | "formula" => xml.skip(),
                // Points that the chart draws from its sheet; the sheet itself is a member.
                "v" if in_series => {
                    let value = xml.text();
                    if let Some(series) = all.last_mut() {
                        match place {
                            "tx" => series.name.push_str(&value),
                            "cat" if series.categories.len() < ROWS => {
                                series.categories.push(value);
                            }
                            "val" if series.values.len() < ROWS => {
                                series.values.push(crate::numbers::plain(&value));
                            }
                            _ => {}
                        }
                    }
                }
                "t" | "v" => text.push_str(&xml.text()),
                _ => {}
            },
            Token::Close("ser" | "series") => in_series = false,
            Token::Close("p" | "title") => {
                if !text.trim().is_empty() {
                    items.push(Item::new(BlockKind::Caption, std::mem::take(&mut text)));
                }
                text.clear();
            }
            Token::End => break,
            _ => {}
        }
        if items.len() > ITEMS || all.len() > ROWS {
            break;
        }
    }
    let mut shown: Option<Vec<String>> = None;
    for series in all {
        if !series.categories.is_empty() && shown.as_ref() != Some(&series.categories) {
            let row = format!("\t{}", series.categories.join("\t"));
            items.push(Item::new(BlockKind::TableRow, row));
            shown = Some(series.categories);
        }
        if !series.name.trim().is_empty() || !series.values.is_empty() {
            let row = format!("{}\t{}", series.name.trim(), series.values.join("\t"));
            items.push(Item::new(BlockKind::TableRow, row));
        }
    }
    items
}

/// The text of whatever part a relationship of that kind points at; nothing for other kinds.
pub(crate) fn of_relation(package: &mut Package<'_>, kind: &str, target: &str) -> Vec<Item> {
    match kind {
        "chart" => {
            let mut items = package.xml(target).map(chart).unwrap_or_default();
            let relations = package.relations(target);
            let drawn: Vec<_> = relations
                .parts("chartUserShapes")
                .map(str::to_owned)
                .collect();
            for part in drawn {
                items.extend(package.xml(&part).map(paragraphs).unwrap_or_default());
            }
            items
        }
        "chartEx" => package.xml(target).map(chart).unwrap_or_default(),
        "diagramData" => package.xml(target).map(paragraphs).unwrap_or_default(),
        _ => Vec::new(),
    }
}
