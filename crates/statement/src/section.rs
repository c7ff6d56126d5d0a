//! Statements of a stored text: found in its normalised view, quoted from the text as it stands.

use casefile::statement::{Argument, Attribution, Mention, Quantity, Quote, Statement, When};
use casefile::{ApproxDate, Block, Section, Span, normal};

use crate::{Context, Found, find};

/// Finds all mentions and statements of a section's text. Hyphens at line ends, ligatures and odd
/// spaces do not stand in the way; offsets and quotes are those of the stored text. What surrounds
/// the content of a web page is left out.
#[must_use]
pub fn find_in(section: &Section, published: Option<ApproxDate>) -> Found {
    let raw = &section.text;
    let main = Content::of(&section.blocks);
    let view = normal::normalise(raw);
    let blocks: Vec<Block> = section
        .blocks
        .iter()
        .map(|block| Block {
            span: view.map.to_normal(block.span),
            ..*block
        })
        .filter(|block| !block.span.is_empty())
        .collect();
    let mut found = find(
        &view.text,
        &Context {
            published,
            blocks: &blocks,
        },
    );
    let plain = view.text == *raw;
    if !plain {
        let back = Back {
            starts: raw
                .char_indices()
                .step_by(STRIDE)
                .map(|(at, _)| at)
                .collect(),
            raw,
            map: &view.map,
        };
        found.mentions = found
            .mentions
            .into_iter()
            .filter_map(|mention| back.mention(mention))
            .collect();
        found.statements = found
            .statements
            .into_iter()
            .filter_map(|statement| back.statement(statement))
            .collect();
    }
    if let Some(main) = main {
        found
            .mentions
            .retain(|m| main.touches(Span::new(m.start, m.end)));
        found.statements.retain(|s| main.touches(s.trigger.span()));
    }
    found
}

/// The content of a page that has surroundings as well.
struct Content {
    /// Apart from each other, in order.
    spans: Vec<Span>,
}

impl Content {
    /// `None` where all or nothing is content.
    fn of(blocks: &[Block]) -> Option<Self> {
        let mut main: Vec<Span> = blocks.iter().filter(|b| b.main).map(|b| b.span).collect();
        if main.len() == blocks.len() || main.is_empty() {
            return None;
        }
        main.sort_by_key(|span| span.start);
        let mut spans: Vec<Span> = Vec::with_capacity(main.len());
        for span in main {
            match spans.last_mut().filter(|last| span.start <= last.end) {
                Some(last) => last.end = last.end.max(span.end),
                None => spans.push(span),
            }
        }
        Some(Self { spans })
    }

    fn touches(&self, span: Span) -> bool {
        let next = self.spans.partition_point(|main| main.end <= span.start);
        self.spans.get(next).is_some_and(|main| main.overlaps(span))
    }
}

/// Characters between two places of which the byte is known.
const STRIDE: usize = 64;

/// The way back from the view to the stored text.
struct Back<'a> {
    raw: &'a str,
    /// Byte of each [`STRIDE`]th character.
    starts: Vec<usize>,
    map: &'a normal::OffsetMap,
}

impl Back<'_> {
    /// The byte of a character; that of the end for one beyond it.
    fn byte(&self, char: u32) -> Option<usize> {
        let char = char as usize;
        let Some(near) = self.starts.get(char / STRIDE) else {
            return Some(self.raw.len());
        };
        let rest = self.raw.get(*near..)?;
        let further = rest.char_indices().nth(char % STRIDE);
        Some(further.map_or(self.raw.len(), |(at, _)| near + at))
    }

    /// The words of the stored text that the view shows at a span.
    fn words(&self, start: u32, end: u32) -> Option<Quote> {
        let span = self.map.to_raw(Span::new(start, end));
        let from = self.byte(span.start)?;
        let to = self.byte(span.end)?;
        let text = self.raw.get(from..to)?;
        (!text.is_empty()).then(|| Quote {
            text: text.to_owned(),
            start: span.start,
            end: span.end,
        })
    }

    fn quote(&self, quote: &Quote) -> Option<Quote> {
        self.words(quote.start, quote.end)
    }

    fn mention(&self, mention: Mention) -> Option<Mention> {
        let quote = self.words(mention.start, mention.end)?;
        Some(Mention {
            start: quote.start,
            end: quote.end,
            text: quote.text,
            ..mention
        })
    }

    fn arguments(&self, arguments: Vec<Argument>) -> Vec<Argument> {
        let back = |argument| match argument {
            Argument::At(quote) => self.quote(&quote).map(Argument::At),
            implicit @ Argument::Implicit { .. } => Some(implicit),
        };
        arguments.into_iter().filter_map(back).collect()
    }

    fn statement(&self, statement: Statement) -> Option<Statement> {
        let whole = self.words(statement.start, statement.end)?;
        let quantity = statement.quantity.and_then(|quantity| {
            let quote = self.words(quantity.start, quantity.end)?;
            Some(Quantity {
                text: quote.text,
                start: quote.start,
                end: quote.end,
                ..quantity
            })
        });
        let date = statement.date.and_then(|date| {
            let quote = self.words(date.start, date.end)?;
            Some(When {
                text: quote.text,
                start: quote.start,
                end: quote.end,
                ..date
            })
        });
        let attribution = statement
            .attribution
            .into_iter()
            .filter_map(|step| {
                Some(Attribution {
                    source: self.arguments(vec![step.source]).pop()?,
                    cue: step.cue.and_then(|cue| self.quote(&cue)),
                })
            })
            .collect();
        Some(Statement {
            start: whole.start,
            end: whole.end,
            quote: whole.text,
            trigger: self.quote(&statement.trigger)?,
            agent: self.arguments(statement.agent),
            patient: self.arguments(statement.patient),
            object: self.arguments(statement.object),
            place: self.arguments(statement.place),
            origin: self.arguments(statement.origin),
            destination: self.arguments(statement.destination),
            quantity,
            date,
            attribution,
            hedges: statement
                .hedges
                .iter()
                .filter_map(|h| self.quote(h))
                .collect(),
            ..statement
        })
    }
}

/// Moves everything by so many characters: a part's findings become the document's.
#[must_use]
pub fn shifted(mut found: Found, by: u32) -> Found {
    if by == 0 {
        return found;
    }
    let quote = |quote: &mut Quote| {
        quote.start = quote.start.saturating_add(by);
        quote.end = quote.end.saturating_add(by);
    };
    let arguments = |arguments: &mut Vec<Argument>| {
        for argument in arguments {
            if let Argument::At(at) = argument {
                quote(at);
            }
        }
    };
    for mention in &mut found.mentions {
        mention.start = mention.start.saturating_add(by);
        mention.end = mention.end.saturating_add(by);
    }
    for statement in &mut found.statements {
        statement.start = statement.start.saturating_add(by);
        statement.end = statement.end.saturating_add(by);
        quote(&mut statement.trigger);
        for list in [
            &mut statement.agent,
            &mut statement.patient,
            &mut statement.object,
            &mut statement.place,
            &mut statement.origin,
            &mut statement.destination,
        ] {
            arguments(list);
        }
        if let Some(quantity) = &mut statement.quantity {
            quantity.start = quantity.start.saturating_add(by);
            quantity.end = quantity.end.saturating_add(by);
        }
        if let Some(date) = &mut statement.date {
            date.start = date.start.saturating_add(by);
            date.end = date.end.saturating_add(by);
        }
        for step in &mut statement.attribution {
            if let Argument::At(at) = &mut step.source {
                quote(at);
            }
            if let Some(cue) = &mut step.cue {
                quote(cue);
            }
        }
        statement.hedges.iter_mut().for_each(quote);
    }
    found
}

/// Every quote that a statement holds, its own first: what must read back from the text.
pub fn quotes(statement: &Statement) -> impl Iterator<Item = (u32, u32, &str)> {
    let arguments = [
        &statement.agent,
        &statement.patient,
        &statement.object,
        &statement.place,
        &statement.origin,
        &statement.destination,
    ];
    let of = |quote: &'_ Quote| (quote.start, quote.end);
    let whole = [(statement.start, statement.end, statement.quote.as_str())];
    whole
        .into_iter()
        .chain([(
            of(&statement.trigger).0,
            of(&statement.trigger).1,
            statement.trigger.text.as_str(),
        )])
        .chain(arguments.into_iter().flatten().filter_map(|argument| {
            let quote = argument.quote()?;
            Some((quote.start, quote.end, quote.text.as_str()))
        }))
        .chain(
            statement
                .quantity
                .iter()
                .map(|q| (q.start, q.end, q.text.as_str())),
        )
        .chain(
            statement
                .date
                .iter()
                .map(|d| (d.start, d.end, d.text.as_str())),
        )
        .chain(statement.attribution.iter().flat_map(|step| {
            let source = step.source.quote();
            source
                .into_iter()
                .chain(&step.cue)
                .map(|q| (q.start, q.end, q.text.as_str()))
        }))
        .chain(
            statement
                .hedges
                .iter()
                .map(|q| (q.start, q.end, q.text.as_str())),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_reads_back(raw: &str, found: &Found) {
        let chars: Vec<char> = raw.chars().collect();
        let read = |start: u32, end: u32| {
            chars
                .get(start as usize..end as usize)
                .map(|c| c.iter().collect::<String>())
        };
        for mention in &found.mentions {
            assert_eq!(
                read(mention.start, mention.end).as_deref(),
                Some(mention.text.as_str()),
                "{raw}"
            );
        }
        for statement in &found.statements {
            for (start, end, text) in quotes(statement) {
                assert_eq!(read(start, end).as_deref(), Some(text), "{raw}");
            }
        }
    }

    #[test]
    fn what_the_page_did_to_the_words_does_not_hide_them() {
        let raw =
            "About 600 North Ko-\nreans were repat\u{ad}ri-\nated on the night of\n9 October 2023.";
        let section = Section {
            text: raw.into(),
            ..Default::default()
        };
        let found = find_in(&section, None);
        let statement = found
            .statements
            .iter()
            .find(|s| s.event.as_str() == "repatriation");
        assert_eq!(
            statement.map(|s| s.trigger.text.as_str()),
            Some("repat\u{ad}ri-\nated")
        );
        check_reads_back(raw, &found);
    }

    proptest::proptest! {
        #[test]
        fn every_quote_reads_back_from_the_stored_text(
            words in proptest::collection::vec(proptest::sample::select(vec![
                "About 600", "North Koreans", "were", "repatri-\nated", "sent back", "by China", "on 9 October 2023", ",", ".", "\n\n", "“", "”",
                "said", "Human Rights Watch", "may face", "torture", "and", "exe\u{ad}cution", "reportedly", "中国", "遣返", "六百多名", "脱北者", "。", "据报道",
                "탈북민", "600여 명이", "강제 북송됐다고", "밝혔다", "통일부는", "at least 92", "were arrested", "Kim Jong-un", "\u{200b}", "ﬁ", "３００", "that", "if", "denied", "women", "(", ")", "the", "of"]), 0..40)
        ) {
            let raw = words.join(" ");
            let section = Section { text: raw.clone(), ..Default::default() };
            let found = shifted(find_in(&section, "2024-05-07".parse().ok()), 0);
            check_reads_back(&raw, &found);
        }
    }
}
