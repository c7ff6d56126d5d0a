//! Whether a clause shows that what a noun names took place.
//!
//! "Repatriation", "torture", "execution" name an act; a sentence can speak of it without anyone
//! having been touched: a law against it, a promise, a worry, a topic of talks. So a noun is an
//! event only where its clause shows it: a count, a date, somebody whose it was, what people went
//! through or found, or a predicate that says that it came about.

use super::phrase::Voice;
use super::trigger::Trigger;
use super::units::{Parse, Tag};
use super::verbs::{self, class, form};

/// How far to the left the head of a phrase or a governing verb is looked for.
const REACH: usize = 24;

/// Nouns whose "of", "from", "for" or "in" leads to what took place.
#[rustfmt::skip]
const HEADS: &[&str] = &[
    "victim", "victims", "survivor", "survivors", "evidence", "proof", "case", "cases", "instance",
    "instances", "incident", "incidents", "episode", "episodes", "account", "accounts", "scar",
    "scars", "mark", "marks", "trace", "traces", "sign", "signs", "wave", "waves", "campaign",
    "series", "spate", "string", "history", "pattern", "act", "acts", "use", "ring", "responsible",
    "complicit", "complicity", "guilty", "involved", "involvement", "role", "part", "testimony",
    "record", "records", "footage", "video", "photograph", "photographs", "round", "rounds", "year",
    "years", "month", "months", "day", "days", "week", "weeks", "night", "nights", "hours", "news",
    "perpetrators", "anniversary", "scene", "result", "course", "effects", "trauma", "injuries",
    "wounds", "death", "deaths", "number", "numbers", "rise", "increase", "surge", "widespread",
    "systematic", "rampant", "conditions", "practice", "count", "counts",
];
/// What leads to an act as a time or a cause that is past.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "after", "since", "during", "following", "throughout", "amid", "because", "upon", "despite",
    "under",
];
/// What one does with, by or under an act.
#[rustfmt::skip]
const MEANS: &[&str] = &[
    "with", "by", "through", "using", "under", "from", "of", "via",
];
/// Said of an act by "is" or "are": it is done.
#[rustfmt::skip]
const USUAL: &[&str] = &[
    "common", "commonplace", "widespread", "rampant", "routine", "frequent", "systematic",
    "endemic", "rife", "daily", "ongoing", "continuing", "pervasive", "prevalent", "recurring",
    "used", "practised", "practiced", "carried", "reported", "documented", "recorded", "being",
    "still", "increasing", "rising", "inflicted", "meted", "committed", "conducted", "part",
    "usual", "normal", "everyday", "frequently", "often", "regularly", "routinely", "commonly",
    "known", "well",
];
/// What an act does by itself when it comes about or goes on.
#[rustfmt::skip]
const GOES_ON: &[&str] = &[
    "continue", "continues", "remain", "remains", "persist", "persists", "occur", "occurs",
    "happen", "happens", "take", "takes", "increase", "increases", "spread", "spreads", "include",
    "includes",
];
/// After "was" or "were": it was spoken of, not done.
#[rustfmt::skip]
const SPOKEN_OF: &[&str] = &[
    "planned", "expected", "feared", "threatened", "proposed", "considered", "prohibited", "banned",
    "outlawed", "forbidden", "averted", "prevented", "avoided", "discussed", "raised", "mentioned",
    "debated", "illegal", "unlawful", "imminent", "likely", "possible", "unlikely", "ruled",
    "cancelled", "canceled", "postponed", "suspended", "opposed", "sought", "requested", "demanded",
    "due", "scheduled", "about", "abolished", "defined", "criminalized", "criminalised", "never",
    "not", "no",
];

/// With "not": kept quiet, which takes for granted that it was so.
#[rustfmt::skip]
const UNTOLD: &[&str] = &[
    "reported", "announced", "acknowledged", "disclosed", "explained", "investigated", "punished",
    "prosecuted", "published",
];

/// The phrase around the noun: where it begins, and whether somebody owns it, a word points to it
/// or a number counts it.
struct Around {
    start: usize,
    owned: bool,
    counted: bool,
    definite: bool,
}

fn around(parse: &Parse<'_, '_>, noun: usize) -> Around {
    let mut seen = Around {
        start: noun,
        owned: false,
        counted: false,
        definite: false,
    };
    while let Some(before) = seen.start.checked_sub(1).filter(|b| noun - b < REACH) {
        let lower = parse.lower(before);
        match parse.tag(before) {
            Tag::Possessive => seen.owned = true,
            Tag::Number => seen.counted = true,
            Tag::Date => seen.counted = true,
            // "The report documents torture": a verb that can pass for a noun.
            Tag::Noun if before + 1 == noun && is_third(parse, before) => return seen,
            Tag::Determiner if matches!(lower, "any" | "no" | "such") => return seen,
            Tag::Determiner => seen.definite |= matches!(lower, "the" | "these" | "those" | "this"),
            Tag::Noun | Tag::Nationality | Tag::Name | Tag::Adverb => {}
            // "torture and other forms of sexual violence"
            Tag::Preposition
                if lower == "of"
                    && matches!(
                        parse.lower(before.wrapping_sub(1)),
                        "form" | "forms" | "kinds" | "types"
                    ) => {}
            Tag::Participle | Tag::Gerund | Tag::Verb if parse.is_prenominal(before) => {}
            _ => return seen,
        }
        seen.start = before;
    }
    seen
}

/// Where the list that holds `item` begins ("torture, rape and …").
fn list_start(parse: &Parse<'_, '_>, item: usize) -> usize {
    let mut start = item;
    while let Some(before) = start.checked_sub(1) {
        if !matches!(parse.tag(before), Tag::Comma | Tag::Conjunction) || before == 0 {
            break;
        }
        let last = if matches!(parse.tag(before - 1), Tag::Comma) {
            before.saturating_sub(2)
        } else {
            before - 1
        };
        if !matches!(parse.tag(last), Tag::Noun | Tag::Gerund) || item - last > REACH {
            break;
        }
        let earlier = around(parse, last);
        if earlier.start >= start {
            break;
        }
        start = earlier.start;
    }
    start
}

/// Whether the words behind the noun date it or count whom it befell, up to the verb it is the
/// subject of. A number of days says how long, not how often.
fn told_behind(parse: &Parse<'_, '_>, end: usize) -> bool {
    let of = parse.lower(end) == "of";
    let stop = |u: usize| {
        matches!(
            parse.tag(u),
            Tag::Stop
                | Tag::Comma
                | Tag::Relative
                | Tag::That
                | Tag::Subordinator
                | Tag::Be
                | Tag::Have
                | Tag::Modal
                | Tag::QuoteMark
        ) || matches!(parse.tag(u), Tag::Verb) && !parse.is_prenominal(u)
    };
    (end..(end + 10).min(parse.units.len()))
        .take_while(|&u| !stop(u))
        .any(|u| match parse.tag(u) {
            Tag::Date => true,
            Tag::Number => of && !lasts(parse, u),
            _ => false,
        })
}

fn lasts(parse: &Parse<'_, '_>, number: usize) -> bool {
    matches!(
        parse.lower(number + 1),
        "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "hours"
            | "minutes"
    )
}

/// The first verb behind a subject that ends at `end`, across "of …" and what commas set off.
pub(super) fn main_verb(parse: &Parse<'_, '_>, end: usize) -> Option<usize> {
    let limit = (end + 20).min(parse.units.len());
    let verbal = |u: usize| {
        matches!(
            parse.tag(u),
            Tag::Be | Tag::Have | Tag::Modal | Tag::Verb | Tag::Do
        ) || parse.tag(u) == Tag::Participle
            && !parse.is_prenominal(u)
            && parse.forms(u) & form::PAST != 0
    };
    let mut at = end;
    while at < limit {
        match parse.tag(at) {
            Tag::Stop | Tag::QuoteMark | Tag::Relative | Tag::That => return None,
            Tag::Comma => {
                let close = (at + 1..limit).find(|&u| parse.tag(u) == Tag::Comma);
                at = close.unwrap_or(at);
            }
            _ if verbal(at) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// What the verb of which the noun is the subject says of it.
fn predicate(parse: &Parse<'_, '_>, end: usize) -> Option<bool> {
    let verb = main_verb(parse, end)?;
    let lower = parse.lower(verb);
    let said = |words: &[&str], reach: usize| {
        (verb + 1..(verb + 1 + reach).min(parse.units.len()))
            .any(|u| words.contains(&parse.lower(u)))
    };
    Some(match parse.tag(verb) {
        Tag::Be | Tag::Have if said(&["not"], 2) && said(UNTOLD, 4) => true,
        Tag::Do if said(&["stop", "end", "cease", "abate"], 4) => true,
        Tag::Be if matches!(lower, "was" | "were") => !said(SPOKEN_OF, 3),
        Tag::Be => said(USUAL, 3),
        Tag::Have => !said(SPOKEN_OF, 3),
        Tag::Modal | Tag::Do => false,
        _ if parse.forms(verb) & form::PAST != 0 => true,
        _ => GOES_ON.contains(&lower),
    })
}

/// Whether the clause shows that the named act took place or goes on.
pub(super) fn shown(parse: &Parse<'_, '_>, trigger: &Trigger) -> bool {
    let end = trigger.units.end;
    let own = around(parse, trigger.units.start);
    if own.counted || told_behind(parse, end) || super::figure::tabled(parse, end).is_some() {
        return true;
    }
    let start = list_start(parse, own.start);
    let Some(before) = start.checked_sub(1) else {
        return predicate(parse, end) == Some(true);
    };
    let word = parse.lower(before);
    let head = before.checked_sub(1).map_or("", |h| parse.lower(h));
    match parse.tag(before) {
        Tag::Noun => true,
        Tag::Preposition | Tag::To | Tag::Subordinator => {
            let verb = before
                .checked_sub(1)
                .filter(|&h| matches!(parse.tag(h), Tag::Verb | Tag::Participle | Tag::Gerund));
            TIMES.contains(&word)
                || HEADS.contains(&head)
                || word == "of" && parse.tag(before.wrapping_sub(1)) == Tag::Number
                || verb.is_some_and(|v| {
                    shows(parse, v)
                        && parse.tag(v) != Tag::Gerund
                        && !(word == "to" && exposes(parse, v))
                        || (parse.group(v).voice != Voice::Active || parse.lower(v) == "died")
                            && MEANS.contains(&word)
                            && parse.forms(v) & (form::PAST | form::PARTICIPLE) != 0
                            && parse.class(v)
                                & (class::AVERT | class::FEAR | class::PLAN | class::ASK)
                                == 0
                })
                || word == "in" && matches!(trigger.event, casefile::statement::Event::Detention)
                || governed_through(parse, before)
                || own.owned && matches!(word, "of" | "for" | "with" | "on" | "in" | "at" | "to")
        }
        Tag::Verb | Tag::Participle | Tag::Gerund => {
            shows(parse, before) && !parse.lower(before).starts_with("carr")
                || own.owned && past(parse, before)
        }
        // "this is forced labour", "it was the largest repatriation"; "the aim is repatriation" is no news.
        Tag::Be => {
            let subject = parse.lower(before.wrapping_sub(1));
            matches!(
                subject,
                "there" | "this" | "that" | "it" | "which" | "these"
            ) || own.definite && matches!(word, "was" | "were")
        }
        Tag::Stop | Tag::Comma | Tag::That | Tag::QuoteMark | Tag::Relative | Tag::Conjunction => {
            predicate(parse, end).unwrap_or(own.owned && parse.tag(before) != Tag::Stop)
        }
        Tag::Date => true,
        _ => {
            // The nearest verb to the left governs it across adverbs and particles.
            (before.saturating_sub(3)..before).rev().any(|u| {
                matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund) && shows(parse, u)
            })
        }
    }
}

/// "subjected her to torture", "were put through months of detention": the verb that leads over a
/// phrase to the preposition.
fn governed_through(parse: &Parse<'_, '_>, preposition: usize) -> bool {
    (preposition.saturating_sub(9)..preposition)
        .rev()
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Stop
                    | Tag::Comma
                    | Tag::That
                    | Tag::Relative
                    | Tag::Subordinator
                    | Tag::Modal
                    | Tag::QuoteMark
            )
        })
        .find(|&u| {
            matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund)
                && !parse.is_prenominal(u)
        })
        .is_some_and(|u| {
            shows(parse, u)
                && parse.tag(preposition) != Tag::Subordinator
                && !(parse.lower(preposition) == "to" && exposes(parse, u))
        })
}

/// Whether what passes for a noun is a verb in -s behind its subject.
fn is_third(parse: &Parse<'_, '_>, word: usize) -> bool {
    parse.tag(word.wrapping_sub(1)) == Tag::Noun
        && verbs::verb(parse.lower(word)).is_some_and(|v| {
            v.forms & form::THIRD != 0 && v.class & (class::SHOW | class::UNDERGO) != 0
        })
}

fn shows(parse: &Parse<'_, '_>, verb: usize) -> bool {
    parse.class(verb) & (class::SHOW | class::UNDERGO) != 0
}

/// "exposes them to trafficking": a danger.
fn exposes(parse: &Parse<'_, '_>, verb: usize) -> bool {
    parse.lower(verb).starts_with("expos")
}

fn past(parse: &Parse<'_, '_>, verb: usize) -> bool {
    parse.forms(verb) & form::PAST != 0
        && parse.class(verb) & (class::ASK | class::PLAN | class::FEAR | class::AVERT) == 0
}
