//! Figures that stand apart from the words they count: "29 said they had been tortured", "two
//! sisters were among those repatriated", "the number of people repatriated exceeded 500".

use casefile::statement::{Argument, Statement};

use super::figure;
use super::phrase::Phrase;
use super::units::{Parse, Tag};
use super::verbs::class;
use crate::mention::Number;

const REACH: usize = 20;

/// The figure that counts `phrase` from elsewhere in its sentence: its unit and number.
pub(super) fn count<'p>(parse: &'p Parse<'_, '_>, phrase: &Phrase) -> Option<(usize, &'p Number)> {
    let start = phrase.units.start;
    match parse.lower(phrase.head) {
        "they" | "them" => told(parse, start).or_else(|| named_before(parse, start)),
        "those" => among(parse, start),
        _ => numbered(parse, phrase).or_else(|| apposed(parse, phrase)),
    }
}

/// "North Koreans, more than 500 of them, were sent back"
fn apposed<'p>(parse: &'p Parse<'_, '_>, phrase: &Phrase) -> Option<(usize, &'p Number)> {
    let at = phrase.units.end + 1;
    let all = parse.tag(at - 1) == Tag::Comma
        && parse.lower(at + 1) == "of"
        && matches!(parse.lower(at + 2), "them" | "whom")
        && parse.tag(at + 3) == Tag::Comma;
    figure::count(parse, at)
        .filter(|_| all)
        .map(|number| (at, number))
}

/// "the number of arrests had reached 300"
pub(super) fn number_of<'p>(
    parse: &'p Parse<'_, '_>,
    noun: std::ops::Range<usize>,
) -> Option<(usize, &'p Number)> {
    let of = noun
        .start
        .checked_sub(1)
        .filter(|&u| parse.lower(u) == "of")?;
    matches!(
        parse.lower(of.checked_sub(1)?),
        "number" | "numbers" | "total"
    )
    .then(|| reached(parse, noun.end))
    .flatten()
}

/// "caught five women and sent them back": as many as the last people named before, if they were
/// counted.
fn named_before<'p>(parse: &'p Parse<'_, '_>, pronoun: usize) -> Option<(usize, &'p Number)> {
    let from = pronoun.saturating_sub(REACH);
    for u in (from..pronoun).rev() {
        match parse.tag(u) {
            Tag::QuoteMark | Tag::Stop => return None,
            Tag::Noun | Tag::Nationality
                if parse.is_person(u)
                    && units_plural(parse, u)
                    && !matches!(parse.tag(u + 1), Tag::Noun) =>
            {
                let phrase = parse.phrase_before(u + 1)?;
                let part = phrase.units.start.checked_sub(1).is_some_and(|b| {
                    matches!(parse.lower(b), "including" | "of" | "among" | "them")
                });
                if part {
                    continue;
                }
                return figure::of_phrase(parse, &phrase);
            }
            _ => {}
        }
    }
    None
}

fn units_plural(parse: &Parse<'_, '_>, unit: usize) -> bool {
    super::units::plural(parse.lower(unit)) || parse.tag(unit) == Tag::Nationality
}

/// Those who say something of themselves are as many as said it.
fn told<'p>(parse: &'p Parse<'_, '_>, pronoun: usize) -> Option<(usize, &'p Number)> {
    let from = pronoun.saturating_sub(REACH);
    let verb = (from..pronoun)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::QuoteMark))
        .find(|&u| {
            matches!(parse.tag(u), Tag::Verb | Tag::Participle)
                && parse.class(u) & class::SPEECH != 0
                && !parse.is_prenominal(u)
        })?;
    let subject = parse.subject(parse.group(verb).start)?;
    figure::of_phrase(parse, &subject)
}

/// "two sisters were among those repatriated"
fn among<'p>(parse: &'p Parse<'_, '_>, those: usize) -> Option<(usize, &'p Number)> {
    // "Among those sent back were 57 children."
    if those == 1 && parse.lower(0) == "among" {
        let be = (2..(REACH).min(parse.units.len())).find(|&u| parse.tag(u) == Tag::Be)?;
        return figure::count(parse, be + 1).map(|number| (be + 1, number));
    }
    let be = those.checked_sub(2)?;
    if parse.lower(those - 1) != "among" || parse.tag(be) != Tag::Be {
        return None;
    }
    let subject = parse.subject(parse.group(be).start)?;
    figure::of_phrase(parse, &subject)
}

/// "the number of people repatriated in October exceeded 500"
fn numbered<'p>(parse: &'p Parse<'_, '_>, phrase: &Phrase) -> Option<(usize, &'p Number)> {
    let start = phrase.units.start;
    let tally = |u: usize| {
        matches!(parse.lower(u), "number" | "total" | "numbers") && parse.lower(u + 1) == "of"
    };
    let counted = start >= 2 && tally(start - 2) || (start..phrase.head).take(3).any(tally);
    if !counted {
        return None;
    }
    reached(parse, phrase.units.end)
}

/// The figure behind the first verb of reaching after `from`.
pub(super) fn reached<'p>(parse: &'p Parse<'_, '_>, from: usize) -> Option<(usize, &'p Number)> {
    let end = (from + REACH).min(parse.units.len());
    let verb = (from..end)
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma | Tag::That))
        .find(|&u| {
            matches!(
                parse.lower(u),
                "exceeded"
                    | "exceeds"
                    | "reached"
                    | "reaches"
                    | "rose"
                    | "grew"
                    | "increased"
                    | "climbed"
                    | "soared"
                    | "fell"
                    | "dropped"
                    | "fallen"
                    | "risen"
                    | "grown"
                    | "range"
                    | "ranges"
                    | "ranged"
                    | "stood"
                    | "stands"
                    | "totaled"
                    | "totalled"
                    | "surpassed"
                    | "came"
                    | "amounted"
                    | "was"
                    | "is"
                    | "at"
            )
        })?;
    (verb + 1..(verb + 4).min(parse.units.len()))
        .find_map(|u| figure::count(parse, u).map(|number| (u, number)))
}

/// "sanctioned one person, thirteen entities and twenty vessels": the event once for each figure
/// that stands in a row with the first.
pub(super) fn conjoined(
    parse: &Parse<'_, '_>,
    first: &Statement,
    phrase: &Phrase,
) -> Vec<Statement> {
    const MOST: usize = 6;
    let mut more = Vec::new();
    let mut end = phrase.units.end;
    while more.len() < MOST {
        let mut at = end;
        while matches!(parse.tag(at), Tag::Comma | Tag::Conjunction) && at < end + 2 {
            at += 1;
        }
        let joined = at > end && parse.tag(at) == Tag::Number;
        let Some(next) = parse
            .phrase_from(at)
            .filter(|p| joined && p.number == Some(at))
        else {
            break;
        };
        // A verb behind makes it the subject of a clause of its own.
        let subject = matches!(
            parse.tag(next.units.end),
            Tag::Verb | Tag::Be | Tag::Have | Tag::Modal | Tag::Do
        );
        let Some(number) = figure::count(parse, at).filter(|_| next.head > at && !subject) else {
            break;
        };
        let mut statement = first.clone();
        statement.quantity = Some(figure::quantity(
            parse.text,
            parse.bytes(at..at + 1),
            number,
            figure::unit_of(parse, &next, number),
            statement.quantity.as_ref().and_then(|q| q.measure),
        ));
        let whom = Argument::At(parse.text.quote(parse.bytes(at + 1..next.units.end)));
        if parse.phrase_is_person(&next) || !statement.patient.is_empty() {
            statement.patient = vec![whom];
        } else {
            statement.object = vec![whom];
        }
        statement.group.clear();
        more.push(statement);
        end = next.units.end;
    }
    more
}

#[cfg(test)]
mod tests {
    use crate::{Context, find};

    #[test]
    fn figures_apart_from_what_they_count() {
        let cases = [
            (
                "torture",
                "29",
                "Of the 37 returnees interviewed, 29 said they had been tortured.",
            ),
            (
                "torture",
                "Seventeen",
                "Seventeen of the women said managers had tortured them.",
            ),
            (
                "repatriation",
                "Two",
                "Two sisters were among those repatriated.",
            ),
            (
                "detention",
                "around 200,000",
                "Experts believe that around 200,000 people are being held in the camps.",
            ),
            (
                "arrest",
                "thirty",
                "They had rounded up thirty North Koreans.",
            ),
            (
                "sexual_violence",
                "Nine",
                "Nine women described being raped by supervisors.",
            ),
        ];
        for (event, figure, sentence) in cases {
            let context = Context {
                published: None,
                blocks: &[],
            };
            let found = find(sentence, &context).statements;
            let counted = found.iter().any(|s| {
                s.event.as_str() == event && s.quantity.as_ref().is_some_and(|q| q.text == figure)
            });
            assert!(counted, "{sentence}: {found:?}");
        }
    }

    /// Figures of many forms, each on the event that it counts, and numbers that count nobody.
    #[test]
    fn each_figure_counts_its_event() {
        let mut wrong = Vec::new();
        for row in include_str!("counted.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            let mut columns = row.split('\t');
            let (Some(event), Some(figure), Some(sentence)) =
                (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let found = find(sentence, &Context::default()).statements;
            let got: Vec<&str> = found
                .iter()
                .filter(|s| s.event.as_str() == event)
                .filter_map(|s| s.quantity.as_ref().map(|q| q.text.as_str()))
                .collect();
            let right = if figure == "-" {
                got.is_empty()
            } else {
                got.contains(&figure)
            };
            if !right {
                wrong.push(format!("{event} {figure}: {sentence}: {got:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
