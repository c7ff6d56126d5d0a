//! Parts of a figure whose people are named behind it: "13 people were arrested, of whom two were
//! Chinese nationals". The part is a statement of its own beside the whole.

use std::ops::Range;

use casefile::statement::{Argument, Group, MentionKind, Statement};

use super::quantity_of;
use crate::mention::{Candidate, Number, Sort, Value};
use crate::text::Text;

/// Words before the number of a part.
const BEFORE: &[&str] = &[
    "of whom",
    "of them",
    "of these",
    "of those",
    "including",
    "among them",
    "among whom",
    "其中",
    "이 중",
    "그 중",
    "그중",
    "이중",
    "이들 중",
    "가운데",
];
/// Words behind the number of a part.
const BEHIND: &[&str] = &["of whom", "of them", "of these", "of those"];
/// Words between the number and the people.
const BETWEEN: &[&str] = &[
    "were ",
    "was ",
    "are ",
    "is ",
    "being ",
    "reportedly ",
    "名为",
    "名是",
    "人为",
    "人是",
    "名",
    "为",
    "是",
    "명은 ",
    "명이 ",
    "명",
    "은 ",
    "는 ",
    "이 ",
];
/// What begins a phrase that names no people.
const NOT_PEOPLE: &[&str] = &[
    "in ", "at ", "on ", "from ", "by ", "during ", "since ", "for ", "to ", "later ", "held ",
    "still ", "released", "returned", "sent ", "died", "killed", "arrested", "detained", "of ",
];
/// Nouns for people. What is said of a part without one ("of whom three were released") is another
/// event, and counts nobody for this one.
const PEOPLE: &[&str] = &[
    "women",
    "woman",
    "men",
    "children",
    "child",
    "girls",
    "boys",
    "minors",
    "infants",
    "nationals",
    "citizens",
    "workers",
    "refugees",
    "defectors",
    "escapees",
    "soldiers",
    "missionaries",
    "students",
    "families",
    "女性",
    "妇女",
    "男性",
    "儿童",
    "兒童",
    "工人",
    "公民",
    "国民",
    "여성",
    "남성",
    "아동",
    "어린이",
    "노동자",
    "국적",
];
/// Longest names of a people, in words.
const LONGEST: usize = 5;

/// The parts that the text names of what was found; in no order.
pub(super) fn find(text: &Text<'_>, mentions: &[Candidate], found: &[Statement]) -> Vec<Statement> {
    let mut parts = Vec::new();
    if found.is_empty() {
        return parts;
    }
    let starts: Vec<u32> = found.iter().map(|s| s.start).collect();
    let ascending = starts.is_sorted();
    for mention in mentions {
        let Value::Number(number) = &mention.value else {
            continue;
        };
        if number.sort != Sort::Count {
            continue;
        }
        let Some(people) = people(text, mentions, mention) else {
            continue;
        };
        let at = text.quote(mention.bytes.clone());
        // Statements of one sentence stand near one another.
        let near = if ascending {
            starts
                .partition_point(|start| *start <= at.start)
                .saturating_sub(64)
        } else {
            0
        };
        let nearby = || {
            found
                .iter()
                .skip(near)
                .take(128)
                .filter(|s| same_sentence(text, s, &mention.bytes))
        };
        let whole = nearby().filter(|s| {
            s.quantity.as_ref().is_some_and(|q| {
                q.end <= at.start && more(q.best.or(q.low).or(q.high).map(|c| c.value()), number)
            })
        });
        // The nearest figure before it is what it is a part of; or a whole that nobody counted
        // ("the rest, among them four children, were detained").
        let uncounted = || {
            nearby()
                .filter(|s| {
                    s.quantity.is_none()
                        && super::english_harm(s.event)
                        && s.start <= at.start
                        && at.end <= s.end
                        && s.patient
                            .iter()
                            .filter_map(|p| p.quote())
                            .any(|p| p.end <= at.start && at.start - p.end < 40)
                })
                .min_by_key(|s| s.trigger.start.abs_diff(at.start))
        };
        let Some(whole) = whole
            .max_by_key(|s| s.quantity.as_ref().map_or(0, |q| q.start))
            .or_else(uncounted)
        else {
            continue;
        };
        let known = found.iter().any(|s| {
            s.event == whole.event
                && s.quantity
                    .as_ref()
                    .is_some_and(|q| q.start >= at.start && q.start < at.end)
        });
        if !known && let Some(part) = part(text, whole, mention, number, &people) {
            parts.push(part);
        }
    }
    parts
}

fn more(whole: Option<f64>, part: &Number) -> bool {
    let part = part.best.or(part.low).or(part.high);
    matches!((whole, part), (Some(whole), Some(part)) if whole > part)
}

/// The bytes of the people whose part a number is, if it is one.
fn people(text: &Text<'_>, mentions: &[Candidate], mention: &Candidate) -> Option<Range<u32>> {
    let sentence = text.sentences.get(text.sentence_at(mention.bytes.start)?)?;
    let whole = text.bytes(sentence.tokens.clone());
    if whole.start > mention.bytes.start || mention.bytes.end > whole.end {
        return None;
    }
    let before = text
        .slice(whole.start..mention.bytes.start)
        .trim_end()
        .to_lowercase();
    let behind = text.slice(mention.bytes.end..whole.end);
    let mut rest = behind.trim_start();
    let marked = BEFORE.iter().any(|words| before.ends_with(words));
    let after = BEHIND.iter().find_map(|words| rest.strip_prefix(words));
    if let Some(after) = after {
        rest = after.trim_start();
    } else if !marked {
        return None;
    }
    while let Some(less) = BETWEEN.iter().find_map(|words| rest.strip_prefix(words)) {
        rest = less.trim_start();
    }
    if NOT_PEOPLE.iter().any(|words| rest.starts_with(words)) {
        return None;
    }
    let stop = |c: char| {
        matches!(
            c,
            ',' | '.' | ';' | ':' | '(' | ')' | '，' | '。' | '；' | '、' | '\n' | '"' | '”'
        )
    };
    let phrase = rest.split(stop).next().unwrap_or("");
    let mut end = 0;
    for (n, word) in phrase.split_inclusive(' ').enumerate() {
        if n == LONGEST
            || (n > 0
                && matches!(
                    word.trim(),
                    "and" | "who" | "were" | "was" | "in" | "from" | "on" | "at"
                ))
        {
            break;
        }
        end += word.len();
    }
    let phrase = phrase.get(..end)?.trim_end();
    let phrase = ["이었다", "이다", "이며", "으로", "이라고"]
        .iter()
        .find_map(|end| phrase.strip_suffix(end))
        .unwrap_or(phrase);
    let offset = u32::try_from(behind.len().checked_sub(rest.len())?).ok()?;
    let start = mention.bytes.end.checked_add(offset)?;
    let bytes = start..start.checked_add(u32::try_from(phrase.len()).ok()?)?;
    let lower = phrase.to_lowercase();
    let noun = PEOPLE.iter().any(|noun| {
        if noun.is_ascii() {
            lower
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == *noun)
        } else {
            lower.contains(noun)
        }
    });
    // A nationality, at the head of the phrase.
    let from = mentions.partition_point(|other| other.bytes.start < bytes.start);
    let nation = mentions.get(from).is_some_and(|other| {
        other.kind == MentionKind::Nationality && other.bytes.start < bytes.end
    });
    (noun || nation).then_some(bytes)
}

fn same_sentence(text: &Text<'_>, statement: &Statement, bytes: &Range<u32>) -> bool {
    text.sentence_at(bytes.start)
        .and_then(|n| text.sentences.get(n))
        .map(|sentence| text.bytes(sentence.tokens.clone()))
        .is_some_and(|whole| {
            let (start, end) = (text.char_at(whole.start), text.char_at(whole.end));
            statement.start >= start && statement.trigger.end <= end
        })
}

fn part(
    text: &Text<'_>,
    whole: &Statement,
    mention: &Candidate,
    number: &Number,
    people: &Range<u32>,
) -> Option<Statement> {
    let sentence = text.sentences.get(text.sentence_at(people.start)?)?;
    let bytes = text.bytes(sentence.tokens.clone());
    let from = text.char_at(bytes.start);
    let patient = text.quote(people.clone());
    let (start, end) = (whole.start, whole.end.max(patient.end));
    let quote: String = text
        .slice(bytes)
        .chars()
        .skip(start.checked_sub(from)? as usize)
        .take(end.checked_sub(start)? as usize)
        .collect();
    if u32::try_from(quote.chars().count()).ok()? != end - start {
        return None;
    }
    let known = whole.quantity.as_ref();
    let unit = match known {
        Some(quantity) => quantity
            .unit
            .clone()
            .or_else(|| number.unit.map(str::to_owned)),
        None => Some("person".to_owned()),
    };
    let mut quantity = quantity_of(text, mention.bytes.clone(), number, unit);
    quantity.measure = quantity.measure.or(known.and_then(|q| q.measure));
    let lower = patient.text.to_lowercase();
    let groups = [
        ("women", Group::Women),
        ("children", Group::Children),
        ("workers", Group::Workers),
        ("refugees", Group::Refugees),
        ("missionar", Group::Missionaries),
    ];
    let group = groups
        .iter()
        .filter(|(word, _)| lower.contains(word))
        .map(|(_, group)| *group)
        .collect();
    Some(Statement {
        start,
        end,
        quote,
        patient: vec![Argument::At(patient)],
        group,
        quantity: Some(quantity),
        score: whole.score * 0.9,
        ..whole.clone()
    })
}

#[cfg(test)]
mod tests {
    use crate::{Context, find};

    /// The figures of a text's first event, each with whom it counts.
    fn check(text: &str, wanted: &[(&str, &str)]) {
        let found = find(text, &Context::default());
        let event = found.statements.first().map(|s| s.event);
        let got: Vec<(String, String)> = found
            .statements
            .iter()
            .filter(|s| Some(s.event) == event)
            .filter_map(|s| {
                let whom = s.patient.first().and_then(|a| a.quote());
                let whom = whom.map_or(String::new(), |q| q.text.clone());
                Some((s.quantity.as_ref()?.text.clone(), whom))
            })
            .collect();
        for (number, whom) in wanted {
            assert!(
                got.iter().any(|(n, w)| n == number && w == whom),
                "{number} {whom} in {got:?}"
            );
        }
        assert_eq!(got.len(), wanted.len(), "{got:?}");
    }

    #[test]
    fn a_part_is_found_by_its_people() {
        check(
            "Police in Yanji arrested 13 people, of whom two were Chinese nationals.",
            &[("13", "people"), ("two", "Chinese nationals")],
        );
        check(
            "Police arrested 40 North Koreans, including 12 women, in Yanji.",
            &[("40", "North Koreans"), ("12", "women")],
        );
    }

    #[test]
    fn another_event_of_a_part_is_no_part() {
        check(
            "Police in Yanji arrested 13 people, of whom three were later freed.",
            &[("13", "people")],
        );
        check(
            "今年已有7名脱北者在中国遭到拘留，其中3人已获释。",
            &[("7名", "脱北者")],
        );
    }
}
