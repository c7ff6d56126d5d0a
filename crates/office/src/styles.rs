//! Paragraph styles of Word: which are headings, which number their paragraphs.

use std::collections::HashMap;

use crate::xml::{Token, Xml};

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    number: Option<(String, u8)>,
}

#[derive(Default)]
pub(crate) struct Styles {
    by_id: HashMap<String, Style>,
    standard: Option<String>,
}

/// How far a chain of styles is followed; broken files have circles.
const CHAIN: usize = 20;

impl Styles {
    pub(crate) fn read(mut xml: Xml<'_>) -> Self {
        let mut styles = Self::default();
        let mut open: Option<(String, Style)> = None;
        loop {
            match xml.next() {
                Token::Open(tag) => match tag.name() {
                    "style" => {
                        let id = tag.attr("styleId").unwrap_or_default().into_owned();
                        let paragraph = tag.attr("type").is_none_or(|kind| kind == "paragraph");
                        if paragraph && tag.says_yes("default") {
                            styles.standard = Some(id.clone());
                        }
                        open = paragraph.then(|| (id, Style::default()));
                    }
                    "body" => break,
                    name => {
                        let Some((_, style)) = &mut open else {
                            continue;
                        };
                        let value = || tag.attr("val").map(std::borrow::Cow::into_owned);
                        match name {
                            "name" => style.name = value().unwrap_or_default().to_lowercase(),
                            "basedOn" => style.based_on = value(),
                            "outlineLvl" => style.outline = tag.number("val"),
                            "numId" => {
                                let level = style.number.take().map_or(0, |(_, level)| level);
                                style.number = value().map(|list| (list, level));
                            }
                            "ilvl" => {
                                let level = tag.number("val").unwrap_or(0);
                                let list = style.number.take().map_or_else(String::new, |n| n.0);
                                style.number = Some((list, level));
                            }
                            "rPr" | "tblStylePr" => xml.skip(),
                            _ => {}
                        }
                    }
                },
                Token::Close("style") => {
                    if let Some((id, style)) = open.take() {
                        styles.by_id.insert(id, style);
                    }
                }
                Token::End => break,
                _ => {}
            }
        }
        styles
    }

    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let mut next = id.or(self.standard.as_deref());
        std::iter::from_fn(move || {
            let style = self.by_id.get(next?)?;
            next = style.based_on.as_deref();
            Some(style)
        })
        .take(CHAIN)
    }

    /// The level of a heading, from 1; `None` for body text.
    pub(crate) fn heading(&self, id: Option<&str>) -> Option<u8> {
        for style in self.chain(id) {
            if let Some(level) = style.outline {
                return (level < 9).then(|| level.saturating_add(1));
            }
            if matches!(style.name.as_str(), "title") {
                return Some(1);
            }
            let digits = style.name.strip_prefix("heading ");
            if let Some(level) = digits.and_then(|digits| digits.trim().parse::<u8>().ok()) {
                return (1..=9).contains(&level).then_some(level);
            }
        }
        // Some writers refer to styles that they do not define.
        let digits = id?.to_lowercase();
        let level = digits.strip_prefix("heading")?.trim().parse::<u8>().ok()?;
        (1..=9).contains(&level).then_some(level)
    }

    /// List and level that the style puts its paragraphs in.
    pub(crate) fn number(&self, id: Option<&str>) -> Option<(String, u8)> {
        self.chain(id)
            .find_map(|style| style.number.clone())
            .filter(|(list, _)| !list.is_empty())
    }

    pub(crate) fn is_caption(&self, id: Option<&str>) -> bool {
        id.is_some() && self.chain(id).any(|style| style.name == "caption")
    }
}
