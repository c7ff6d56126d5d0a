//! What an act is spoken of without being told: questions, near misses, subjects of thought,
//! rules, and nouns that name a topic.
//!
//! Asked after [`super::doubt`], of what would still come out as a fact. Each rule is one way
//! that English has of naming an act that did not take place or that nobody says took place.

use casefile::statement::{Event, Modality};

use super::phrase::Voice;
use super::stance::{COMING, DANGER, is_harm};
use super::trigger::{Part, Trigger};
use super::units::{Parse, Tag};
use super::verbs::class;

/// How far to the left the opening of a clause is looked for.
const REACH: usize = 24;

/// What the words around a trigger make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreal {
    As(Modality),
    /// Only named: no statement at all.
    Topic,
}

/// Nouns whose "of", "on" or "against" names a subject rather than an event.
const TOPICS: &[&str] = &[
    "prevention",
    "elimination",
    "eradication",
    "abolition",
    "suppression",
    "criminalization",
    "criminalisation",
    "deterrence",
    "policy",
    "policies",
    "training",
    "guidance",
    "guidelines",
    "workshop",
    "workshops",
    "campaign",
    "campaigns",
    "stance",
    "safeguard",
    "safeguards",
    "protections",
    "legislation",
    "rules",
    "awareness",
];
/// Verbs of opposing: what they govern is to be kept from happening.
const OPPOSED: &[&str] = &[
    "fight",
    "fights",
    "fighting",
    "fought",
    "contest",
    "contests",
    "contesting",
    "contested",
    "challenge",
    "challenges",
    "challenging",
    "challenged",
    "appealing",
    "appealed",
    "resist",
    "resisting",
    "resisted",
];
/// Verbs that undo or refuse what they govern.
const REFUSED: &[&str] = &[
    "veto",
    "vetoes",
    "vetoed",
    "quash",
    "quashed",
    "overturn",
    "overturned",
    "annul",
    "annulled",
    "foil",
    "foiled",
    "thwart",
    "thwarted",
];
/// Before a noun: it was begun or meant at most.
const UNFINISHED: &[&str] = &[
    "attempted",
    "threatened",
    "averted",
    "foiled",
    "thwarted",
    "aborted",
    "abortive",
    "intended",
    "would-be",
];
/// What one only thinks or speaks of doing.
const THOUGHT: &[&str] = &[
    "dream",
    "dreams",
    "dreamed",
    "dreamt",
    "dreaming",
    "think",
    "thinks",
    "thought",
    "thinking",
    "talk",
    "talked",
    "talking",
    "speaks",
    "spoke",
    "hope",
    "hopes",
    "idea",
    "intention",
    "possibility",
    "notion",
    "purpose",
    "aim",
    "plans",
    "ways",
    "way",
    "means",
];
const FORBIDDEN: &[&str] = &[
    "prohibited",
    "banned",
    "forbidden",
    "outlawed",
    "illegal",
    "unlawful",
    "punishable",
    "unacceptable",
    "impermissible",
];

/// With "not": what is named did not come to pass.
const NOT_DONE: &[&str] = &[
    "exist",
    "exists",
    "happen",
    "happened",
    "occur",
    "occurred",
    "place",
    "ahead",
    "option",
    "policy",
    "practised",
    "practiced",
    "tolerated",
    "allowed",
    "permitted",
    "used",
    "carried",
    "materialize",
    "materialise",
];
/// Nouns before "that" which leave open whether it is so.
const OPEN: &[&str] = &[
    "presumption",
    "assumption",
    "possibility",
    "suspicion",
    "theory",
    "hypothesis",
    "premise",
    "likelihood",
    "chance",
];
/// With "no … of": it was looked for and not found.
const FINDINGS: &[&str] = &[
    "finding",
    "findings",
    "case",
    "cases",
    "instance",
    "instances",
    "trace",
    "hint",
    "knowledge",
    "notification",
    "incident",
    "incidents",
    "report",
    "reports",
];
const PROOF: &[&str] = &[
    "evidence",
    "proof",
    "indication",
    "indications",
    "sign",
    "signs",
    "record",
    "grounds",
    "reason",
];

pub(super) fn find(parse: &Parse<'_, '_>, trigger: &Trigger) -> Option<Unreal> {
    let at = trigger
        .group
        .as_ref()
        .map_or(trigger.units.start, |g| g.start);
    let opens = opening(parse, at);
    let as_modality = question(parse, trigger, at, opens)
        .or_else(|| nearly(parse, trigger))
        .or_else(|| thought_of(parse, trigger, at))
        .or_else(|| untrue(parse, at))
        .or_else(|| condition(parse, trigger, at, opens))
        .or_else(|| told_of(parse, trigger, at))
        .or_else(|| meant(parse, trigger, at))
        .or_else(|| feared(parse, trigger, at, opens))
        .or_else(|| gerund_subject(parse, trigger, at, opens))
        .or_else(|| noun_before(parse, trigger, at, opens))
        .or_else(|| predicate(parse, trigger, opens));
    as_modality
        .map(Unreal::As)
        .or_else(|| topic(parse, trigger).then_some(Unreal::Topic))
}

/// Where the clause that holds `at` begins.
fn opening(parse: &Parse<'_, '_>, at: usize) -> usize {
    (at.saturating_sub(REACH)..at)
        .rev()
        .find(|&u| {
            matches!(
                parse.tag(u),
                Tag::Stop | Tag::QuoteMark | Tag::Comma | Tag::That
            )
        })
        .map_or(at.saturating_sub(REACH), |u| u + 1)
}

/// "Is my sister still being held?", "how many people are being held": asked, not said.
fn question(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize, opens: usize) -> Option<Modality> {
    let part_of_noun = trigger
        .group
        .as_ref()
        .is_some_and(|g| matches!(g.voice, Voice::Before | Voice::Reduced));
    let inner = (opens..at).any(|u| matches!(parse.tag(u), Tag::Relative | Tag::That));
    if part_of_noun || inner || trigger.part == Part::Noun {
        return None;
    }
    let last = parse.units.len().saturating_sub(3)..parse.units.len();
    let mark = last
        .filter_map(|u| parse.units.get(u))
        .any(|u| parse.text.word(u.tokens.end.saturating_sub(1)) == "?");
    let first = (opens..at)
        .find(|&u| parse.tag(u) != Tag::Conjunction)
        .unwrap_or(at);
    let inverted = matches!(parse.tag(first), Tag::Be | Tag::Do | Tag::Have | Tag::Modal)
        && (first + 1..at).any(|u| {
            matches!(
                parse.tag(u),
                Tag::Pronoun | Tag::Noun | Tag::Name | Tag::Nationality
            )
        })
        && !(first + 1..at).any(|u| parse.tag(u) == Tag::Subordinator);
    if mark && inverted {
        return Some(Modality::Unconfirmed);
    }
    // "tell us how many …", "does not know how many"
    let many = (opens.max(1)..at)
        .rev()
        .find(|&u| parse.lower(u) == "how" && matches!(parse.lower(u + 1), "many" | "much"))?;
    let asked = (many.saturating_sub(6)..many).any(|u| {
        parse.class(u) & class::ASK != 0
            || matches!(
                parse.lower(u),
                "tell" | "know" | "clear" | "unclear" | "disclose" | "explain" | "ask" | "asked"
            )
    });
    asked.then_some(Modality::Unconfirmed)
}

/// "was almost arrested"
fn nearly(parse: &Parse<'_, '_>, trigger: &Trigger) -> Option<Modality> {
    let group = trigger.group.as_ref()?;
    let before = group.verb.checked_sub(1)?;
    (matches!(parse.lower(before), "almost" | "nearly") && parse.mention(before).is_none())
        .then_some(Modality::Denied)
}

/// "dreamed of crossing", "saved them from being repatriated", "far from repatriating them".
fn thought_of(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    if trigger.part != Part::Verb
        || parse.tag(trigger.core) != Tag::Gerund && !being(parse, trigger)
    {
        return None;
    }
    let preposition = at.checked_sub(1)?;
    let word = parse.lower(at.checked_sub(2)?);
    match parse.lower(preposition) {
        "from" if word == "far" => Some(Modality::Denied),
        "from" => (preposition.saturating_sub(5)..preposition)
            .rev()
            .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma | Tag::That))
            .any(|u| {
                matches!(
                    parse.lower(u),
                    "save"
                        | "saves"
                        | "saved"
                        | "saving"
                        | "spared"
                        | "rescued"
                        | "kept"
                        | "keep"
                        | "bar"
                        | "bars"
                        | "barred"
                        | "barring"
                        | "enjoined"
                        | "restrained"
                        | "dissuaded"
                )
            })
            .then_some(Modality::Risk),
        "of" | "about" | "on" => THOUGHT
            .contains(&word)
            .then_some(if is_harm(trigger.event) {
                Modality::Risk
            } else {
                Modality::Planned
            }),
        _ => None,
    }
}

fn being(parse: &Parse<'_, '_>, trigger: &Trigger) -> bool {
    trigger
        .group
        .as_ref()
        .is_some_and(|g| parse.lower(g.start) == "being")
}

/// "It is not true that", "did not find that", "it is a lie that".
fn untrue(parse: &Parse<'_, '_>, at: usize) -> Option<Modality> {
    let that = (at.saturating_sub(REACH)..at)
        .rev()
        .take_while(|&u| parse.tag(u) != Tag::Stop)
        .find(|&u| parse.lower(u) == "that")?;
    let word = that.checked_sub(1)?;
    let negated = (word.saturating_sub(3)..word).any(|u| parse.tag(u) == Tag::Not);
    let lacking = (word.saturating_sub(4)..word).any(|u| {
        matches!(
            parse.lower(u),
            "no" | "little" | "without" | "any" | "insufficient"
        )
    });
    match parse.lower(word) {
        noun if OPEN.contains(&noun) => Some(Modality::Unconfirmed),
        noun if PROOF.contains(&noun) && lacking => Some(Modality::Denied),
        "true" | "correct" | "case" | "certain" | "established" | "proven" | "proved" | "found"
        | "find" | "prove" | "show" | "believe" | "think" | "conclude" | "suggest" | "indicate"
            if negated =>
        {
            Some(Modality::Unconfirmed)
        }
        // "could not rule out that", "nothing suggests that"
        "out" if matches!(parse.lower(word.wrapping_sub(1)), "rule" | "ruled") => {
            Some(Modality::Unconfirmed)
        }
        _ if parse.class(word) & class::SPEECH != 0
            && (word.saturating_sub(3)..word)
                .any(|u| matches!(parse.lower(u), "nothing" | "nobody" | "none" | "few")) =>
        {
            Some(Modality::Unconfirmed)
        }
        // "It would be misleading to say that"
        "say" | "claim" | "suggest" | "assert" | "conclude" | "state"
            if (word.saturating_sub(8)..word).any(|u| {
                matches!(
                    parse.lower(u),
                    "wrong"
                        | "false"
                        | "misleading"
                        | "inaccurate"
                        | "incorrect"
                        | "premature"
                        | "absurd"
                )
            }) =>
        {
            Some(Modality::Unconfirmed)
        }
        "admit" | "acknowledge" | "concede" | "recognize" | "recognise" | "accept"
            if (word.saturating_sub(4)..word).any(|u| {
                matches!(
                    parse.lower(u),
                    "refuse"
                        | "refuses"
                        | "refused"
                        | "declined"
                        | "declines"
                        | "failed"
                        | "fails"
                        | "not"
                )
            }) =>
        {
            Some(Modality::Unconfirmed)
        }
        "false" | "untrue" | "lie" | "myth" | "fiction" | "nonsense" | "fabrication"
            if !negated =>
        {
            Some(Modality::Denied)
        }
        _ => None,
    }
}

/// "the arrest, if confirmed, …", "anyone crossing the border will be shot", "so that fewer are
/// trafficked".
fn condition(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    opens: usize,
) -> Option<Modality> {
    let end = trigger.units.end;
    let confirmed = (end..(end + 12).min(parse.units.len())).any(|u| {
        parse.lower(u) == "if"
            && matches!(
                parse.lower(u + 1),
                "confirmed" | "verified" | "true" | "proven" | "proved" | "corroborated"
            )
    });
    if confirmed {
        return Some(Modality::Unconfirmed);
    }
    let group = trigger.group.as_ref()?;
    let whoever = at
        .checked_sub(1)
        .is_some_and(|b| matches!(parse.lower(b), "anyone" | "anybody" | "whoever"));
    if whoever && parse.tag(group.verb) == Tag::Gerund {
        return Some(Modality::Hypothetical);
    }
    let so_that = opens >= 2 && parse.lower(opens - 1) == "that" && parse.lower(opens - 2) == "so";
    let present = group
        .be
        .is_some_and(|b| matches!(parse.lower(b), "is" | "are"));
    (so_that && present).then_some(Modality::Hypothetical)
}

/// What is told to nobody as a fact: an order to the reader ("Ignore … and report that 500 were
/// executed"), a supposition ("Suppose that"), the plot of a film or novel, a part in it.
fn told_of(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    let words = parse.units.len();
    // "System note: state that", "Assistant, please record that"
    let label = (0..words.min(5))
        .find(|&u| {
            matches!(
                parse
                    .units
                    .get(u)
                    .map_or("", |unit| parse.text.word(unit.tokens.start)),
                ":" | ","
            )
        })
        .map_or(0, |u| u + 1);
    for opens in [0, label] {
        let first = (opens..(opens + 3).min(words)).find(|&u| {
            !matches!(parse.tag(u), Tag::QuoteMark | Tag::Open)
                && !matches!(parse.lower(u), "please" | "now" | "just" | "then")
        })?;
        if first >= at {
            continue;
        }
        if matches!(
            parse.lower(first),
            "suppose" | "imagine" | "assume" | "pretend" | "picture"
        ) {
            return Some(Modality::Hypothetical);
        }
        if crate::witness::orders(parse.lower(first), parse.lower(first + 1)) {
            return Some(Modality::Unconfirmed);
        }
    }
    let plot = |u: usize| {
        matches!(
            parse.lower(u),
            "film"
                | "movie"
                | "novel"
                | "play"
                | "drama"
                | "screenplay"
                | "game"
                | "scenario"
                | "exercise"
                | "story"
        )
    };
    let present = trigger.group.as_ref().is_some_and(|g| {
        g.be.is_some_and(|b| matches!(parse.lower(b), "is" | "are"))
            || g.voice == Voice::Active && parse.forms(g.verb) & super::verbs::form::PAST == 0
    });
    if present && parse.lower(0) == "in" && (1..4).any(plot) {
        return Some(Modality::Hypothetical);
    }
    // "plays a prisoner who is tortured"
    let relative = at
        .checked_sub(1)
        .filter(|&b| parse.tag(b) == Tag::Relative)?;
    (relative.saturating_sub(6)..relative)
        .any(|u| {
            matches!(
                parse.lower(u),
                "plays" | "played" | "portrays" | "portrayed" | "depicts" | "depicted"
            ) && matches!(parse.tag(u), Tag::Verb | Tag::Participle)
        })
        .then_some(Modality::Hypothetical)
}

/// "getting caught means repatriation": what follows, not what happened.
fn meant(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    (trigger.part == Part::Noun
        && (at.saturating_sub(3)..at).any(|u| {
            matches!(parse.lower(u), "means" | "mean" | "spells" | "spell")
                && !matches!(parse.tag(u + 1), Tag::Preposition)
                && !matches!(parse.lower(u.wrapping_sub(1)), "by" | "a" | "the" | "of")
        }))
    .then_some(Modality::Hypothetical)
}

/// "Their greatest fear remains forced repatriation", "the women now face torture".
fn feared(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize, opens: usize) -> Option<Modality> {
    if trigger.part != Part::Noun || !is_harm(trigger.event) {
        return None;
    }
    let named = (opens..at).any(|u| {
        DANGER.contains(&parse.lower(u))
            && (parse.tag(u + 1) == Tag::Be || matches!(parse.lower(u + 1), "remains" | "remained"))
            && u + 7 > at
    });
    // The bare word after an adverb can pass for a noun.
    let faced = (at.saturating_sub(12)..at).rev().any(|u| {
        matches!(parse.lower(u), "face" | "faces")
            && matches!(
                parse.tag(u.wrapping_sub(1)),
                Tag::Adverb
                    | Tag::Date
                    | Tag::Noun
                    | Tag::Nationality
                    | Tag::Pronoun
                    | Tag::Relative
            )
            && !(u..at).any(|b| matches!(parse.tag(b), Tag::Stop | Tag::That | Tag::Relative))
    });
    (named || faced).then_some(Modality::Risk)
}

/// "Sending them back would be a crime": an act as the subject of a judgement.
fn gerund_subject(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    opens: usize,
) -> Option<Modality> {
    let bare = trigger
        .group
        .as_ref()
        .is_some_and(|g| g.start == g.verb && parse.tag(g.verb) == Tag::Gerund);
    if !bare || at != opens {
        return None;
    }
    let next = (trigger.units.end..(trigger.units.end + 10).min(parse.units.len()))
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Comma | Tag::Stop | Tag::QuoteMark | Tag::Relative
            )
        })
        .find(|&u| matches!(parse.tag(u), Tag::Modal | Tag::Be | Tag::Verb | Tag::Have))?;
    (parse.tag(next) == Tag::Modal
        || matches!(
            parse.lower(next),
            "is" | "violates" | "constitutes" | "amounts" | "breaches" | "means"
        ))
    .then_some(Modality::Hypothetical)
}

/// "attempted rape", "fighting deportation", "vetoed sanctions", "ruled out torture".
fn noun_before(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    opens: usize,
) -> Option<Modality> {
    let before = at.checked_sub(1)?;
    let adjective = parse.lower(before);
    if trigger.part == Part::Noun && UNFINISHED.contains(&adjective) {
        return Some(Modality::Planned);
    }
    if trigger.part != Part::Noun {
        return None;
    }
    // "There has not been an execution", "no finding of forced labour"
    let absent = (opens..at).any(|u| {
        parse.lower(u) == "there"
            && (u + 1..at.min(u + 4)).any(|n| parse.tag(n) == Tag::Not)
            && !(u + 1..at).any(|n| matches!(parse.tag(n), Tag::Verb | Tag::Preposition))
    });
    let unfound = (at.saturating_sub(4)..at).any(|u| {
        parse.lower(u) == "of"
            && u > 1
            && FINDINGS.contains(&parse.lower(u - 1))
            && (u.saturating_sub(4)..u - 1)
                .any(|n| matches!(parse.lower(n), "no" | "never" | "not" | "without" | "any"))
    });
    if absent || unfound {
        return Some(Modality::Denied);
    }
    if (at.saturating_sub(5)..at).any(|u| {
        matches!(parse.lower(u), "hope" | "hopes" | "wish" | "prospects")
            && matches!(parse.lower(u + 1), "for" | "of")
    }) {
        return Some(Modality::Hypothetical);
    }
    if COMING.contains(&adjective) {
        return Some(Modality::Risk);
    }
    // A verb that the words around it let pass for a noun.
    if matches!(
        adjective,
        "risk" | "risks" | "fear" | "fears" | "face" | "faces"
    ) && is_harm(trigger.event)
    {
        return Some(Modality::Risk);
    }
    if trigger.event == Event::Letter
        && (at.saturating_sub(3)..at)
            .any(|u| matches!(parse.lower(u), "draft" | "drafted" | "drafting"))
    {
        return Some(Modality::Planned);
    }
    let braced = (at.saturating_sub(7)..at).any(|u| {
        matches!(
            parse.lower(u),
            "bracing" | "brace" | "braced" | "preparing" | "prepare" | "prepared" | "ready"
        ) && parse.lower(u + 1) == "for"
    });
    if braced {
        return Some(Modality::Risk);
    }
    let governor = (at.saturating_sub(4)..at)
        .rev()
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Stop | Tag::Comma | Tag::That | Tag::Preposition | Tag::Conjunction
            )
        })
        .find(|&u| matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund))
        .filter(|&u| !parse.is_prenominal(u));
    if let Some(verb) = governor {
        let lower = parse.lower(verb);
        if REFUSED.contains(&lower) {
            return Some(Modality::Denied);
        }
        if OPPOSED.contains(&lower) && is_harm(trigger.event) {
            return Some(Modality::Risk);
        }
    }
    let ruled_out = (at.saturating_sub(4)..at).any(|u| {
        matches!(parse.lower(u), "ruled" | "rule" | "rules") && parse.lower(u + 1) == "out"
    });
    ruled_out.then_some(Modality::Denied)
}

/// "torture does not exist", "the import of goods made with forced labour is prohibited": what is
/// said of an act that is named as the subject.
fn predicate(parse: &Parse<'_, '_>, trigger: &Trigger, opens: usize) -> Option<Modality> {
    if trigger.part != Part::Noun {
        return None;
    }
    let start = trigger.units.start;
    // "an execution that never came"
    if matches!(parse.lower(trigger.units.end), "that" | "which")
        && (trigger.units.end + 1..trigger.units.end + 4).any(|u| parse.tag(u) == Tag::Not)
        && (trigger.units.end + 2..trigger.units.end + 6).any(|u| {
            NOT_DONE.contains(&parse.lower(u)) || matches!(parse.lower(u), "came" | "come")
        })
    {
        return Some(Modality::Denied);
    }
    let subject = !(opens..start).any(|u| {
        matches!(
            parse.tag(u),
            Tag::Verb | Tag::Be | Tag::Have | Tag::Modal | Tag::Do
        )
    });
    if !subject {
        return None;
    }
    let verb = super::evidence::main_verb(parse, trigger.units.end)
        .filter(|&v| parse.tag(v) != Tag::Participle)?;
    // "Statements obtained by torture must not be used": a kind of thing, not an event.
    if parse.tag(verb) == Tag::Modal {
        let kind = parse.tag(start.wrapping_sub(1)) == Tag::Preposition
            && parse.tag(start.wrapping_sub(2)) == Tag::Participle;
        return kind.then_some(Modality::Hypothetical);
    }
    let called_off = (verb + 1..verb + 5).any(|u| {
        matches!(
            parse.lower(u),
            "shelved" | "scrapped" | "averted" | "thwarted" | "foiled"
        ) && parse.tag(u) != Tag::Verb
            || parse.lower(u) == "hold" && parse.lower(u - 1) == "on"
            || parse.lower(u) == "off"
                && matches!(parse.lower(u - 1), "called" | "put" | "staved" | "warded")
    });
    let depends = (verb..verb + 4).any(|u| {
        matches!(
            parse.lower(u),
            "conditional" | "contingent" | "depends" | "hinges" | "remains"
        ) && matches!(parse.lower(u + 1), "on" | "upon" | "an" | "a")
    });
    if depends {
        return Some(Modality::Hypothetical);
    }
    if called_off {
        return Some(if is_harm(trigger.event) {
            Modality::Risk
        } else {
            Modality::Planned
        });
    }
    if parse.tag(verb) == Tag::Be
        && (verb + 1..verb + 4).any(|u| FORBIDDEN.contains(&parse.lower(u)))
    {
        return Some(Modality::Obligation);
    }
    let denied = matches!(parse.tag(verb), Tag::Be | Tag::Have | Tag::Do)
        && (verb + 1..verb + 3).any(|u| parse.tag(u) == Tag::Not)
        && (verb + 2..verb + 6).any(|u| NOT_DONE.contains(&parse.lower(u)));
    denied.then_some(Modality::Denied)
}

/// "training on the prevention of sexual violence", "a policy on forced labour".
fn topic(parse: &Parse<'_, '_>, trigger: &Trigger) -> bool {
    if trigger.part != Part::Noun
        || matches!(
            trigger.event,
            Event::Hearing | Event::Letter | Event::Request | Event::Report
        )
    {
        return false;
    }
    let start = trigger.units.start;
    (start.saturating_sub(7)..start)
        .rev()
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Stop
                    | Tag::That
                    | Tag::Relative
                    | Tag::Verb
                    | Tag::Be
                    | Tag::Have
                    | Tag::Modal
            )
        })
        .any(|u| {
            TOPICS.contains(&parse.lower(u))
                && matches!(parse.lower(u + 1), "of" | "on" | "against" | "about")
        })
}
