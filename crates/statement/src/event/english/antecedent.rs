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
        "they" | "them" => told(parse, start),
        "those" => among(parse, start),
        _ => numbered(parse, phrase),
    }
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
    let end = (phrase.units.end + REACH).min(parse.units.len());
    let verb = (phrase.units.end..end)
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
                    | "range"
                    | "ranges"
                    | "ranged"
                    | "stood"
                    | "stands"
                    | "totaled"
                    | "totalled"
                    | "surpassed"
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
}
