//! Events in Chinese and Korean: words in running text, with cues on the side where the language
//! puts them (before the verb in Chinese, behind it in Korean).

mod figure;
mod fits;
mod roles;
mod stance;
mod tables;
mod tellers;

use std::ops::Range;

use casefile::statement::{Argument, Attribution, Event, MentionKind, Modality, Statement};

use self::tables::{CHINESE, KOREAN, Tables, folded};
use self::tellers::speaker;
use super::State;
use crate::EXTRACTOR;
use crate::mention::Candidate;
use crate::text::{Script, Text};

/// One sentence at work. Offsets are bytes of the sentence; `base` leads to those of the text.
struct Line<'t, 'a> {
    text: &'t Text<'a>,
    mentions: &'t [Candidate],
    words: &'t str,
    base: u32,
    korean: bool,
    tables: &'static Tables,
    /// The sentence tells its reader what to write.
    ordered: bool,
}

/// All statements of one Chinese or Korean sentence.
pub(super) fn find(
    text: &Text<'_>,
    sentence: usize,
    mentions: &[Candidate],
    state: &mut State,
    into: &mut Vec<Statement>,
) {
    let Some(found) = text.sentences.get(sentence) else {
        return;
    };
    if found.table {
        return;
    }
    let bytes = text.bytes(found.tokens.clone());
    if bytes.len() > 4000 {
        return;
    }
    let raw = text.slice(bytes.clone());
    if let Some(speaker) = speaker(text, sentence, raw, bytes.start, mentions) {
        state.speaker = Some(speaker);
        state.quote_source = None;
    }
    let korean = found.script == Script::Hangul;
    let tables: &'static Tables = if korean { &KOREAN } else { &CHINESE };
    let words = if korean {
        std::borrow::Cow::Borrowed(raw)
    } else {
        folded(raw)
    };
    if words.len() != raw.len() || !tables.events.is_match(words.as_ref()) {
        return;
    }
    let first = mentions.partition_point(|m| m.bytes.end <= bytes.start);
    let last = mentions.partition_point(|m| m.bytes.start < bytes.end);
    let line = Line {
        text,
        mentions: mentions.get(first..last).unwrap_or(&[]),
        words: &words,
        base: bytes.start,
        korean,
        tables,
        ordered: crate::witness::orders_eastern(&words),
    };
    line.find(found.inside_quotation, state, into);
}

const BREAKS: &[char] = &['，', ',', '；', ';', '。', '！', '？', '：', ':', '\n'];

impl Line<'_, '_> {
    fn find(&self, quoted: bool, state: &mut State, into: &mut Vec<Statement>) {
        let tellers = self.tellers();
        let mut before: Option<(Event, Option<Range<usize>>, usize)> = None;
        for hit in self.tables.events.find_iter(self.words) {
            let Some(&(event, needs)) = self.tables.rows.get(hit.pattern().as_usize()) else {
                continue;
            };
            let mut at = hit.range();
            // 被关押 is 关押 with its 被, not 被关.
            if self.words.get(at.clone()) == Some("被关") && self.after(at.end).starts_with('押')
            {
                at = at.start + '被'.len_utf8()..at.end + '押'.len_utf8();
            }
            if self.inside_name(&at) || !self.fits(&at, event, needs) {
                continue;
            }
            let clause = self.clause(&at);
            let (modality, polarity, mut hedges) = self.stance(&at, &clause, event);
            let patient = self.patient(&at, &clause, event).or_else(|| {
                // Items of a list ("酷刑、强迫劳动甚至处决") share whom they befall.
                before
                    .as_ref()
                    .filter(|(_, patient, end)| {
                        patient.is_some()
                            && at.start.saturating_sub(*end) < 24
                            && !self
                                .words
                                .get(*end..at.start)
                                .unwrap_or("")
                                .contains(BREAKS)
                    })
                    .and_then(|(_, patient, _)| patient.clone())
            });
            let quantity = self.quantity(&at, &clause, event);
            if let Some((_, Some(bound))) = &quantity {
                hedges.push(bound.clone());
            }
            let quantity = quantity.map(|(q, _)| q);
            let date = self.date(&at, &clause);
            // "2022年…出口": what is dated to a time that is over is no habit.
            let modality = if modality == Modality::Ongoing
                && matches!(event, Event::Export | Event::Import)
                && date.as_ref().is_some_and(|d| {
                    !d.relative
                        && matches!(d.precision.as_str(), "year" | "month" | "day" | "range")
                }) {
                Modality::Happened
            } else {
                modality
            };
            let mut attribution = self.attribution(&at, &tellers, event, modality);
            if attribution.is_empty()
                && quoted
                && let Some(carried) = &state.quote_source
            {
                attribution.clone_from(carried);
            }
            if attribution.is_empty()
                && let Some(last) = state
                    .east_source
                    .as_ref()
                    .filter(|_| starts_with_pronoun(self.words))
            {
                attribution.clone_from(last);
            }
            if attribution.is_empty()
                && let Some(speaker) = &state.speaker
            {
                attribution.push(Attribution {
                    source: Argument::At(speaker.clone()),
                    cue: None,
                });
            }
            let group = patient.clone().map_or_else(Vec::new, |p| self.groups(&p));
            let quantity_measure = quantity.map(|mut q| {
                q.measure = super::measure(modality, event, date.as_ref());
                q
            });
            let (place, origin, destination, agent) = self.places(&at, &clause, patient.as_ref());
            let quote = self.quote(&self.trimmed(&clause));
            let statement = Statement {
                event,
                start: quote.start,
                end: quote.end,
                quote: quote.text,
                trigger: self.quote(&at),
                agent,
                patient: patient
                    .iter()
                    .map(|p| Argument::At(self.quote(p)))
                    .collect(),
                object: Vec::new(),
                group,
                place,
                origin,
                destination,
                quantity: quantity_measure,
                date,
                modality,
                polarity,
                attribution: attribution.clone(),
                hedges: hedges.iter().map(|h| self.quote(h)).collect(),
                score: 0.75,
                extractor: EXTRACTOR.into(),
                agreed: Vec::new(),
            };
            before = Some((event, patient, at.end));
            // "对五名个人和三家实体实施制裁": one statement for each figure.
            if matches!(event, Event::Sanction | Event::Designation)
                && let Some(first) = &statement.quantity
            {
                for quantity in self.side_figures(first, &clause) {
                    into.push(Statement {
                        quantity: Some(quantity),
                        ..statement.clone()
                    });
                }
            }
            if statement.quantity.is_some() {
                state.last_counted = Some(statement.clone());
            }
            into.push(statement);
        }
        let last = tellers
            .iter()
            .rev()
            .find(|t| t.source.is_some())
            .map(|t| vec![self.attribution_of(t)]);
        if let Some(last) = last {
            state.quote_source = Some(last.clone());
            state.east_source = Some(last);
        } else if !starts_with_pronoun(self.words) {
            state.east_source = None;
        }
    }

    fn quote(&self, at: &Range<usize>) -> casefile::statement::Quote {
        self.text.quote(self.bytes(at))
    }

    fn bytes(&self, at: &Range<usize>) -> Range<u32> {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.base + small(at.start)..self.base + small(at.end)
    }

    fn own(&self, mention: &Candidate) -> Range<usize> {
        mention.bytes.start.saturating_sub(self.base) as usize
            ..mention.bytes.end.saturating_sub(self.base) as usize
    }

    fn inside_name(&self, at: &Range<usize>) -> bool {
        self.mentions.iter().any(|m| {
            let own = self.own(m);
            !matches!(m.kind, MentionKind::Number | MentionKind::Date)
                && own.start <= at.start
                && own.end >= at.end
                && !(m.kind == MentionKind::Place && own == *at)
        })
    }

    fn after(&self, at: usize) -> &str {
        self.words.get(at..).unwrap_or("")
    }

    fn before(&self, at: usize) -> &str {
        self.words.get(..at).unwrap_or("")
    }

    /// The clause around a trigger: between marks that part clauses (lists stay whole).
    fn clause(&self, at: &Range<usize>) -> Range<usize> {
        let start = self
            .before(at.start)
            .rmatch_indices(BREAKS)
            .find(|(b, mark)| !self.inside_figure(*b, mark))
            .map_or(0, |(b, mark)| b + mark.len());
        let end = self
            .after(at.end)
            .match_indices(BREAKS)
            .find(|(b, mark)| !self.inside_figure(at.end + b, mark))
            .map_or(self.words.len(), |(b, _)| at.end + b);
        start..end
    }

    /// "3,981" and "12:30" hold marks that part nothing.
    fn inside_figure(&self, at: usize, mark: &str) -> bool {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        matches!(mark, "," | ":")
            && digit(self.before(at).chars().next_back())
            && digit(self.after(at + mark.len()).chars().next())
    }

    fn trimmed(&self, at: &Range<usize>) -> Range<usize> {
        let part = self.words.get(at.clone()).unwrap_or("");
        let marks: &[char] = &[' ', '“', '”', '"', '「', '」', '.', '。', '、'];
        let start = at.start + (part.len() - part.trim_start_matches(marks).len());
        let end = (at.start + part.trim_end_matches(marks).len()).max(start);
        start..end
    }
}

fn starts_with_pronoun(words: &str) -> bool {
    [
        "他们",
        "她们",
        "他",
        "她",
        "“他",
        "“她",
        "该",
        "그는",
        "그녀는",
        "그들은",
        "이들은",
        "또 ",
        "또한",
        "他还",
        "他表示",
    ]
    .iter()
    .any(|p| words.trim_start_matches(['“', '"', ' ']).starts_with(p))
}

#[cfg(test)]
mod tests;
