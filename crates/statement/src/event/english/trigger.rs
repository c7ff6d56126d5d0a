//! What carries an event: words of `data/events.en.tsv` where their neighbours fit.

use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::{Event, MentionKind};
use rustc_hash::FxHashMap;

use super::phrase::{Group, Phrase, Voice};
use super::units::{Parse, Tag};
use super::verbs::{self, form};
use crate::lexicon::Lexicon;
use crate::text::Text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Verb,
    Noun,
    Phrase,
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) event: Event,
    pub(super) part: Part,
    /// What the neighbours must be; see [`fits`].
    needs: &'static str,
    /// The word that must follow with something between ("sent them *back*").
    particle: Option<&'static str>,
}

/// A trigger with what was seen around it.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) event: Event,
    pub(super) part: Part,
    pub(super) units: Range<usize>,
    /// The unit of the verb or of the noun itself.
    pub(super) core: usize,
    pub(super) group: Option<Group>,
    pub(super) subject: Option<Phrase>,
    pub(super) object: Option<Phrase>,
}

static EVENTS: LazyLock<Lexicon<Vec<Entry>>> = LazyLock::new(|| {
    let mut phrases: Vec<(String, Entry)> = Vec::new();
    for row in include_str!("../../../data/events.en.tsv").lines() {
        if row.starts_with('#') {
            continue;
        }
        let mut columns = row.split('\t');
        let (Some(event), Some(part), Some(phrase)) = (
            columns.next().and_then(Event::from_word),
            columns.next(),
            columns.next(),
        ) else {
            continue;
        };
        let needs = columns.next().unwrap_or("").trim();
        let entry = |part, particle| Entry {
            event,
            part,
            needs,
            particle,
        };
        match part {
            "v" => {
                let words: Vec<&'static str> = phrase.split(' ').collect();
                let at = usize::from(
                    words.len() > 1
                        && words
                            .first()
                            .is_some_and(|w| w.ends_with("ly") || *w == "gang"),
                );
                let Some(base) = words.get(at) else { continue };
                let (prefix, base) = base.rsplit_once('-').map_or(("", *base), |(p, b)| (p, b));
                let f = verbs::forms(base);
                for inflected in [f.base, f.third, f.past, f.participle, f.gerund] {
                    let inflected = if prefix.is_empty() {
                        inflected
                    } else {
                        format!("{prefix}-{inflected}")
                    };
                    let mut all: Vec<&str> = words.clone();
                    if let Some(word) = all.get_mut(at) {
                        *word = &inflected;
                    }
                    phrases.push((all.join(" "), entry(Part::Verb, None)));
                    if let [
                        _,
                        particle @ ("back" | "over" | "up" | "home" | "into" | "away"),
                    ] = words.as_slice()
                    {
                        phrases.push((inflected.clone(), entry(Part::Verb, Some(particle))));
                    }
                }
            }
            "n" => {
                phrases.push((phrase.to_owned(), entry(Part::Noun, None)));
                let plural = if phrase.ends_with('y') && !phrase.ends_with("ay") {
                    format!("{}ies", phrase.strip_suffix('y').unwrap_or(phrase))
                } else if phrase.ends_with("ch") || phrase.ends_with('s') || phrase.ends_with("sh")
                {
                    format!("{phrase}es")
                } else {
                    format!("{phrase}s")
                };
                phrases.push((plural, entry(Part::Noun, None)));
            }
            _ => phrases.push((phrase.to_owned(), entry(Part::Phrase, None))),
        }
    }
    let mut by_phrase: FxHashMap<String, Vec<Entry>> = FxHashMap::default();
    for (phrase, entry) in phrases {
        let entries = by_phrase.entry(phrase).or_default();
        let known = entries.iter().any(|e| {
            e.event == entry.event
                && e.needs == entry.needs
                && e.particle == entry.particle
                && e.part == entry.part
        });
        if !known {
            entries.push(entry);
        }
    }
    Lexicon::new(
        by_phrase
            .iter()
            .map(|(phrase, entries)| (phrase.as_str(), entries.clone())),
    )
});

/// Whether any word of the sentence can carry an event: most sentences end here.
pub(super) fn any(text: &Text<'_>, sentence: Range<usize>) -> bool {
    sentence
        .clone()
        .any(|at| EVENTS.longest(text, at, sentence.end).is_some())
        || sentence.clone().any(|at| {
            matches!(
                text.lower(at),
                "forced"
                    | "forcing"
                    | "force"
                    | "coerced"
                    | "compelled"
                    | "figure"
                    | "toll"
                    | "tally"
            )
        })
}

/// All triggers of a sentence, in order, none inside another's words.
pub(super) fn find(parse: &Parse<'_, '_>) -> Vec<Trigger> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < parse.units.len() {
        let end = trigger_at(parse, at, &mut found);
        at = end.max(at + 1);
    }
    // "the letter that they sent", "a shipment of squid was shipped": one act, named twice.
    let named_again: Vec<Range<usize>> = found
        .iter()
        .filter(|t| t.part == Part::Verb)
        .filter(|t| {
            matches!(
                t.event,
                Event::Letter | Event::Export | Event::Import | Event::Hearing
            )
        })
        .flat_map(|t| t.subject.iter().chain(&t.object).map(move |p| (t.event, p)))
        .flat_map(|(event, phrase)| {
            found
                .iter()
                .filter(move |n| n.part == Part::Noun && n.event == event && phrase.head == n.core)
                .map(|n| n.units.clone())
        })
        .collect();
    found.retain(|t| t.part != Part::Noun || !named_again.contains(&t.units));
    found
}

/// Pushes the trigger that begins at `at`, if any, and returns where it ends.
fn trigger_at(parse: &Parse<'_, '_>, at: usize, found: &mut Vec<Trigger>) -> usize {
    let Some(unit) = parse.units.get(at) else {
        return at + 1;
    };
    if unit.mention.is_some() {
        if parse.is_kind(at, MentionKind::Law)
            && matches!(
                parse.lower(at),
                "withhold release order" | "withhold release orders" | "withhold-release order"
            )
        {
            found.push(Trigger {
                event: Event::ImportBan,
                part: Part::Noun,
                units: at..at + 1,
                core: at,
                group: None,
                subject: None,
                object: None,
            });
        }
        return at + 1;
    }
    if let Some((event, end)) = forced(parse, at) {
        let group = parse.group(at);
        let roles = roles(parse, at, &group);
        found.push(Trigger {
            event,
            part: Part::Verb,
            units: at..end,
            core: at,
            group: Some(group),
            subject: roles.0,
            object: roles.1,
        });
        return end;
    }
    // Shorter phrases are tried when the longest does not fit its neighbours.
    let mut limit = parse.text.tokens.len().min(unit.tokens.start + 8);
    while let Some((tokens, entries)) = EVENTS.longest(parse.text, unit.tokens.start, limit) {
        let last = parse.unit_of(tokens.end - 1);
        let whole = parse
            .units
            .get(last)
            .is_some_and(|u| u.tokens.end == tokens.end && (u.mention.is_none()));
        if whole {
            for entry in entries {
                if let Some(trigger) = try_entry(parse, at..last + 1, entry) {
                    let end = trigger.units.end;
                    // "held in detention" says it once.
                    if found.last().is_some_and(|before: &Trigger| {
                        before.event == trigger.event
                            && trigger.part == Part::Phrase
                            && trigger.units.start - before.units.end < 3
                    }) {
                        return end;
                    }
                    found.push(trigger);
                    return end;
                }
            }
        }
        if tokens.end <= unit.tokens.start + 1 {
            break;
        }
        limit = tokens.end - 1;
    }
    at + 1
}

fn try_entry(parse: &Parse<'_, '_>, units: Range<usize>, entry: &Entry) -> Option<Trigger> {
    let at = units.start;
    match entry.part {
        Part::Phrase if matches!(parse.tag(at), Tag::Verb | Tag::Participle | Tag::Gerund) => {
            let group = parse.group(at);
            let (subject, object) = roles(parse, at, &group);
            let object = if group.voice == Voice::Active {
                subject.clone().or(object)
            } else {
                object
            };
            let trigger = Trigger {
                event: entry.event,
                part: Part::Verb,
                core: at,
                units,
                group: Some(group),
                subject: None,
                object,
            };
            fits(parse, &trigger, entry.needs).then_some(trigger)
        }
        Part::Phrase => {
            let trigger = Trigger {
                event: entry.event,
                part: Part::Phrase,
                core: units.end - 1,
                units,
                group: None,
                subject: None,
                object: None,
            };
            fits(parse, &trigger, entry.needs).then_some(trigger)
        }
        Part::Noun => {
            let core = units.end - 1;
            if !matches!(parse.tag(core), Tag::Noun | Tag::Gerund) {
                return None;
            }
            // A noun that only modifies the next noun names no event ("detention centers"),
            // except where the next word is itself about the act.
            if modifies(parse, core, entry.event) {
                return None;
            }
            let trigger = Trigger {
                event: entry.event,
                part: Part::Noun,
                core,
                units,
                group: None,
                subject: None,
                object: None,
            };
            fits(parse, &trigger, entry.needs).then_some(trigger)
        }
        Part::Verb => {
            let core = units
                .clone()
                .find(|&u| matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund))?;
            let group = parse.group(core);
            if parse.tag(core) == Tag::Gerund && is_noun_gerund(parse, core) {
                return None;
            }
            // "vulnerable to trafficking": a noun, unless it has an object.
            if parse.tag(core) == Tag::Gerund
                && group.be.is_none()
                && matches!(
                    parse.lower(core),
                    "trafficking" | "killing" | "beating" | "meeting" | "funding"
                )
                && parse.object(core).is_none()
            {
                return None;
            }
            if let Some(particle) = entry.particle {
                let near = (units.end + 1..units.end + 8).find(|&u| parse.lower(u) == particle)?;
                if (units.end..near).any(|u| {
                    matches!(
                        parse.tag(u),
                        Tag::Stop | Tag::Verb | Tag::Subordinator | Tag::That | Tag::Relative
                    )
                }) {
                    return None;
                }
            }
            let last_of_phrase = units.end - 1;
            let (subject, object) = roles(parse, core, &group);
            let object = if last_of_phrase > core && group.voice == Voice::Active {
                parse.object(last_of_phrase).or(object)
            } else {
                object
            };
            let trigger = Trigger {
                event: entry.event,
                part: Part::Verb,
                core,
                units,
                group: Some(group),
                subject,
                object,
            };
            fits(parse, &trigger, entry.needs).then_some(trigger)
        }
    }
}

/// Subject and object of a verb as the sentence has them; for a passive the one acted on is the
/// *object* and whoever acts (behind "by") the *subject*.
fn roles(parse: &Parse<'_, '_>, verb: usize, group: &Group) -> (Option<Phrase>, Option<Phrase>) {
    match group.voice {
        Voice::Active => (
            if group.to.is_some() {
                parse.controller(group)
            } else {
                parse.subject(group.start)
            },
            parse.object(verb),
        ),
        // "nine women described being raped"
        Voice::Passive
            if group.be.is_some_and(|b| parse.lower(b) == "being")
                && group.modal.is_none()
                && group.start > 0
                && matches!(parse.tag(group.start - 1), Tag::Verb | Tag::Participle) =>
        {
            (
                parse.behind(verb + 1, &["by"], 12).map(|(_, p)| p),
                parse.subject(parse.group(group.start - 1).start),
            )
        }
        Voice::Passive => (
            parse.behind(verb + 1, &["by"], 12).map(|(_, p)| p),
            if group.to.is_some() {
                parse.controller(group)
            } else {
                parse.subject(group.start)
            },
        ),
        Voice::Reduced => {
            let patient = match parse.tag(group.start.wrapping_sub(1)) {
                Tag::Comma if parse.apposed_to(group.start - 1).is_some() => {
                    parse.apposed_to(group.start - 1)
                }
                Tag::Conjunction | Tag::Comma => parse.subject(group.start),
                _ => parse.phrase_before(group.start),
            };
            (parse.behind(verb + 1, &["by"], 12).map(|(_, p)| p), patient)
        }
        Voice::Before => (
            None,
            parse.phrase_from(verb + 1).map(|p| Phrase {
                units: parse.extend_left(verb, p.units.start)..p.units.end,
                ..p
            }),
        ),
    }
}

/// Whether a gerund is used as a noun ("the meeting", "fishing vessel").
fn is_noun_gerund(parse: &Parse<'_, '_>, at: usize) -> bool {
    let before = at.checked_sub(1).map(|b| parse.tag(b));
    matches!(before, Some(Tag::Determiner | Tag::Possessive))
        && !matches!(
            parse.tag(at + 1),
            Tag::Determiner | Tag::Number | Tag::Pronoun | Tag::Nationality
        )
}

/// Forced to work, to have an abortion, into marriage: the verb of force with what it leads to.
fn forced(parse: &Parse<'_, '_>, at: usize) -> Option<(Event, usize)> {
    if !matches!(
        parse.lower(at),
        "force"
            | "forces"
            | "forced"
            | "forcing"
            | "coerce"
            | "coerced"
            | "coercing"
            | "compel"
            | "compelled"
            | "compelling"
            | "made"
            | "required"
            | "subjected"
    ) || !matches!(parse.tag(at), Tag::Verb | Tag::Participle | Tag::Gerund)
    {
        return None;
    }
    let strong = !matches!(parse.lower(at), "made" | "required" | "subjected");
    let limit = (at + 12).min(parse.units.len());
    let to = (at + 1..limit).find(|&u| {
        matches!(parse.tag(u), Tag::To)
            || parse.lower(u) == "into"
            || matches!(parse.tag(u), Tag::Stop | Tag::That)
            // "forced those who were pregnant to abort"
            || parse.tag(u) == Tag::Relative && parse.lower(u) != "who"
    })?;
    if !matches!(parse.tag(to), Tag::To) && parse.lower(to) != "into" {
        return None;
    }
    let near: Vec<&str> = (to + 1..(to + 7).min(parse.units.len()))
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma))
        .map(|u| parse.lower(u))
        .collect();
    let first = near.first().copied().unwrap_or("");
    let has = |words: &[&str]| near.iter().any(|w| words.contains(w));
    let event = if strong && has(&["abort", "abortion", "abortions"]) {
        Event::ForcedAbortion
    } else if matches!(
        first,
        "work"
            | "labor"
            | "labour"
            | "toil"
            | "carry"
            | "haul"
            | "dig"
            | "farm"
            | "clean"
            | "cut"
            | "build"
            | "sort"
            | "pack"
            | "assemble"
            | "weave"
            | "plant"
            | "log"
            | "perform"
            | "harvest"
            | "process"
            | "peel"
            | "fish"
            | "sew"
            | "pick"
            | "mine"
    ) && parse.lower(at) != "subjected"
        && !(parse.lower(at) == "required" && first != "work")
    {
        Event::ForcedLabour
    } else if strong && has(&["marriage", "marriages", "marry"]) {
        Event::Trafficking
    } else if strong && has(&["prostitution", "sex", "cybersex"]) {
        Event::SexualViolence
    } else {
        return None;
    };
    // The words run together only where nothing stands between.
    let end = if to == at + 1 {
        let stop = (to + 1..(to + 7).min(parse.units.len()))
            .find(|&u| {
                matches!(
                    parse.lower(u),
                    "abort"
                        | "abortion"
                        | "abortions"
                        | "marriage"
                        | "marriages"
                        | "marry"
                        | "prostitution"
                        | "sex"
                        | "cybersex"
                )
            })
            .unwrap_or(to + 1);
        stop + 1
    } else {
        at + 1
    };
    Some((event, end))
}

fn modifies(parse: &Parse<'_, '_>, core: usize, event: Event) -> bool {
    let next = parse.lower(core + 1);
    if !matches!(parse.tag(core + 1), Tag::Noun) {
        return false;
    }
    let about_the_act = matches!(
        next,
        "case"
            | "cases"
            | "practices"
            | "practice"
            | "policy"
            | "policies"
            | "program"
            | "programs"
            | "programme"
            | "schemes"
            | "operations"
            | "victims"
            | "campaign"
            | "rates"
            | "networks"
            | "conditions"
            | "abuses"
            | "crimes"
            | "allegations"
            | "risk"
            | "risks"
    );
    if about_the_act {
        return matches!(next, "allegations") && event == Event::Testimony;
    }
    true
}

const GOODS: &[&str] = &[
    "shipment",
    "shipments",
    "goods",
    "cargo",
    "products",
    "product",
    "merchandise",
    "vessel",
    "vessels",
    "ship",
    "ships",
    "seafood",
    "fish",
    "squid",
    "cotton",
    "tomatoes",
    "containers",
    "container",
    "imports",
    "consignment",
    "consignments",
    "coal",
    "crab",
    "shrimp",
    "pollock",
    "cod",
    "salmon",
    "clams",
    "textiles",
    "garments",
    "oil",
    "weapons",
    "minerals",
    "tons",
    "tonnes",
    "kilograms",
    "gloves",
    "polysilicon",
    "apparel",
    "fillets",
    "tuna",
    "items",
    "commodities",
    "materials",
];
const PAPER: &[&str] = &[
    "contract",
    "contracts",
    "agreement",
    "order",
    "orders",
    "warrant",
    "warrants",
    "plan",
    "plans",
    "strategy",
    "document",
    "documents",
    "mandate",
    "transaction",
    "transactions",
    "policy",
    "policies",
    "budget",
    "will",
    "search",
    "command",
    "commands",
    "project",
    "program",
    "operation",
    "memorandum",
    "deed",
    "code",
    "duties",
    "functions",
];
const PUBLISHED: &[&str] = &[
    "report",
    "reports",
    "statement",
    "study",
    "chapter",
    "findings",
    "survey",
    "paper",
    "analysis",
    "white",
];
const LAWS: &[&str] = &[
    "bill",
    "act",
    "law",
    "legislation",
    "resolution",
    "measure",
    "amendment",
    "statute",
    "decree",
];
const LISTS: &[&str] = &["list", "entity", "blacklist", "sdn", "tier", "register"];

/// Where nobody is beaten with fists.
const CONTESTS: &[&str] = &[
    "final",
    "match",
    "tennis",
    "champion",
    "seed",
    "season",
    "coach",
    "election",
    "elections",
    "vote",
    "votes",
    "poll",
    "polls",
    "runoff",
    "run-off",
    "primary",
    "ballot",
    "incumbent",
    "contest",
    "tournament",
    "championship",
    "league",
    "goals",
];
/// What people die of without being put to death, and the fights that they die in.
const DEADLY: &[&str] = &[
    "bomb",
    "bombs",
    "bomber",
    "bombers",
    "bombing",
    "bombings",
    "blast",
    "blasts",
    "explosion",
    "explosions",
    "exploded",
    "ambush",
    "ambushes",
    "fighting",
    "clash",
    "clashes",
    "battle",
    "battles",
    "combat",
    "gunfight",
    "gunbattle",
    "firefight",
    "missile",
    "missiles",
    "rocket",
    "rockets",
    "airstrike",
    "airstrikes",
    "shelling",
    "mine",
    "mines",
    "grenade",
    "insurgency",
    "war",
    "quake",
    "earthquake",
    "tsunami",
    "tsunamis",
    "typhoon",
    "cyclone",
    "hurricane",
    "storm",
    "storms",
    "flood",
    "floods",
    "flooding",
    "mudslide",
    "mudslides",
    "landslide",
    "landslides",
    "rains",
    "crash",
    "crashed",
    "collision",
    "collapse",
    "collapsed",
    "stampede",
    "accident",
    "accidents",
    "flu",
    "malaria",
    "disease",
    "diseases",
    "virus",
    "cholera",
    "typhoid",
    "epidemic",
    "outbreak",
    "famine",
    "heatwave",
];
/// Who catches people on behalf of a state.
const GUARDS: &[&str] = &[
    "police",
    "policemen",
    "officers",
    "officer",
    "soldiers",
    "guards",
    "guard",
    "agents",
    "troops",
    "patrol",
    "authorities",
    "security",
];

/// Whether the neighbours are what the entry needs. Each arm is one constraint of the table.
fn fits(parse: &Parse<'_, '_>, trigger: &Trigger, needs: &str) -> bool {
    let object = trigger.object.as_ref();
    let subject = trigger.subject.as_ref();
    let has = |phrase: Option<&Phrase>, words: &[&str]| {
        phrase.is_some_and(|p| parse.phrase_has(p, words))
    };
    let people = |phrase: Option<&Phrase>| phrase.is_some_and(|p| parse.phrase_is_person(p));
    let after = trigger.units.end;
    let ahead = |words: &[&str], reach: usize| {
        (after..(after + reach).min(parse.units.len()))
            .take_while(|&u| parse.tag(u) != Tag::Stop)
            .any(|u| words.contains(&parse.lower(u)))
    };
    let around = |words: &[&str]| {
        let from = trigger.units.start.saturating_sub(10);
        (from..(after + 10).min(parse.units.len())).any(|u| words.contains(&parse.lower(u)))
    };
    let place_ahead = |reach: usize| {
        (after..(after + reach).min(parse.units.len()))
            .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Verb | Tag::That))
            .any(|u| parse.is_kind(u, MentionKind::Place))
    };
    let next = parse.lower(after);
    let before = trigger
        .units
        .start
        .checked_sub(1)
        .map_or("", |b| parse.lower(b));
    let noun_of = |words: &[&str]| {
        next == "of"
            && parse
                .phrase_from(after + 1)
                .is_some_and(|p| parse.phrase_has(&p, words))
    };
    let of_people = || {
        next == "of"
            && parse
                .phrase_from(after + 1)
                .is_some_and(|p| parse.phrase_is_person(&p))
    };
    let moved_home = || {
        (after..(after + 8).min(parse.units.len())).any(|u| {
            matches!(
                parse.lower(u),
                "north korea" | "dprk" | "homeland" | "home country"
            )
        })
    };
    match needs {
        "" => true,
        "people" => people(object) || has(object, &["group", "groups", "batch", "rest"]) || (object.is_none() && !has(subject, GOODS) && trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active)) ,
        "people_strict" => {
            let published = has(object, PUBLISHED) || has(object, &["letter", "letters", "statement", "video", "information", "order", "orders", "funds"]);
            !published && people(object)
        }
        "returned" => {
            // People come back by themselves; who is *returned* is handed over. The passive needs
            // its auxiliary, the active somebody to return, and either a word of force, a home
            // that is feared, or a request to (not) do it.
            let forcibly = around(&["forcibly", "forced", "forcefully", "involuntarily", "against"]);
            let Some(group) = &trigger.group else { return false };
            let not_back = !ahead(&["bench", "work", "office", "power", "normal", "table"], 4);
            match group.voice {
                Voice::Passive => people(object) && not_back,
                Voice::Active => object.is_some() && people(object) && (forcibly || moved_home() || group.to.is_some() || ahead(&["to"], 5) && place_ahead(7) || subject.is_some_and(|s| s.units.clone().any(|u| parse.is_kind(u, MentionKind::Place) || parse.phrase_has(s, &["authorities", "police", "government", "officials"])))),
                // "those returned last autumn"
                Voice::Reduced if object.is_some_and(|o| o.units.len() == 1 && parse.lower(o.head) == "those") => true,
                Voice::Reduced | Voice::Before => forcibly && (people(object) || object.is_none()),
            }
        }
        "return_of" => (of_people() || (around(&["forced", "forcible", "forcibly", "mass"]) )) && !matches!(before, "safe" | "voluntary" | "tax"),
        "not_goods" => !has(object, GOODS),
        // Somebody is sent, put or thrown where people are held.
        "into_custody" => {
            people(object)
                && (after..(after + 9).min(parse.units.len()))
                    .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Verb | Tag::That | Tag::Relative))
                    .any(|u| matches!(parse.lower(u), "camp" | "camps" | "prison" | "prisons" | "jail" | "jails" | "cell" | "cells" | "gulag" | "gulags" | "dungeon"))
                && ahead(&["to", "in", "into"], 9)
        }
        "goods_held" => has(object, GOODS) && !people(object),
        "assets" => has(object, &["asset", "assets", "property", "funds", "accounts"]),
        "letter_sent" => ahead(&["sent", "wrote", "written", "addressed", "signed"], 6) && !matches!(before, "capital" | "cover"),
        "writing" => {
            let me = subject.is_some_and(|s| matches!(parse.lower(s.head), "i" | "we"));
            me && matches!(next, "to" | "about" | "on" | "as" | "regarding" | "in" | "concerning")
        }
        "call_for" => matches!(next, "for" | "on" | "to") && (matches!(before, "its" | "their" | "our" | "his" | "her" | "my" | "a") || matches!(parse.tag(trigger.units.start.wrapping_sub(1)), Tag::Possessive)) && around(&["reiterate", "reiterates", "reiterated", "renew", "renewed", "renews", "repeated", "repeats", "repeat", "issued", "joined", "echoed"]),
        "held" => {
            let being = trigger.group.as_ref().is_some_and(|g| (g.start..g.verb).any(|u| parse.lower(u) == "being"));
            if being && people(object) {
                return true;
            }
            let custody = ahead(&["detention", "custody", "prison", "prisons", "jail", "jails", "camp", "camps", "captive", "hostage", "incommunicado", "cell", "cells", "facility", "facilities", "center", "centers", "centre", "centres", "captivity", "solitary", "detained", "containers", "basement", "compound", "compounds", "slavery", "slave-like", "house", "chains"], 12);
            let against_will = (after..(after + 14).min(parse.units.len()))
                .any(|u| parse.lower(u) == "against" && parse.tag(u + 1) == Tag::Possessive && parse.lower(u + 2) == "will");
            if against_will && people(object) {
                return true;
            }
            let held = parse.lower(trigger.core);
            let prep = matches!(parse.tag(after), Tag::Comma | Tag::Other) || after >= parse.units.len() || matches!(next, "in" | "at" | "by" | "for" | "near" | "without" | "incommunicado" | "under" | "since" | "on" | "there" | "here");
            let those = object.is_some_and(|o| matches!(parse.lower(o.units.start), "those") && o.units.len() == 1);
            held == "held" && !has(object, &["hearing", "hearings", "meeting", "meetings", "talks", "election", "elections", "conference", "event", "summit", "session", "briefing", "ceremony", "position", "office"])
                && (people(object) && (custody || trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active) && (prep || those)) || custody && object.is_none_or(|o| parse.phrase_is_person(o)))
                || matches!(held, "holds" | "hold" | "holding")
                    && people(object)
                    && (custody || has(subject, GUARDS)
                        || has(subject, &["camp", "camps", "prison", "prisons", "jail", "center", "centre", "facility"]))
        }
        "not_name" => !parse.units.get(trigger.core).is_some_and(|u| parse.text.tokens.get(u.tokens.start).is_some_and(|t| t.capital)) || trigger.core == 0 || heading_case(parse),
        "caught" if next == "in" && ahead(&["fighting", "crossfire", "middle", "storm", "flood", "floods", "violence", "snow", "battle", "clashes"], 5) => false,
        "caught" => parse.tag(after) != Tag::Gerund && people(object) && !has(object, GOODS) && trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active || !people(subject) || has(subject, GUARDS)),
        // A place, a time or a condition that the word names, not that somebody is held.
        // Who dies of a bomb, in a fight or of a fever is killed and not executed.
        "killed" if around(DEADLY) || has(subject, DEADLY) => false,
        "killed" if trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Active)
            && subject.is_some_and(|s| !people_or_body(parse, Some(s)) && !has(Some(s), GUARDS)) => false,
        "killed" => people(object) && !ahead(&["film", "movie", "video", "photo", "photos"], 5) && trigger.group.as_ref().is_some_and(|g| !matches!(g.voice, Voice::Before)) && !around(&["accident", "earthquake", "flood", "crash", "disease", "covid-19", "virus"]),
        "killing_n" => matches!(before, "extrajudicial" | "unlawful" | "summary" | "mass" | "targeted" | "arbitrary") || of_people() || super::figure::tabled(parse, after).is_some(),
        "locked" => people(object) && ahead(&["in", "inside", "up"], 3) || trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Passive) && matches!(next, "in" | "inside") && people(object),
        "sent_prison" => (people(object) || has(object, &["rest"])) && (after..(after + 9).min(parse.units.len())).take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That)).any(|u| matches!(parse.lower(u), "prison" | "prisons" | "camp" | "camps" | "jail" | "re-education" | "gulag") || parse.lower(u).starts_with("camp ") || parse.lower(u).ends_with(" camp") || parse.lower(u).ends_with(" camps")) && ahead(&["to", "into"], 6),
        "disappeared" => trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active) && people(object) && around(&["forcibly", "\u{201c}"]),
        // Driven over a border by those who hold them, not by who takes them out.
        "driven_over" => people(object) && ahead(&["border", "bridge"], 8) && ahead(&["across", "over", "to"], 7)
            && (has(subject, GUARDS) || around(&["authorities", "police", "soldiers", "guards", "handcuffed", "deported"]) || trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Passive)),
        // "sentenced to seven years in prison": held from then on; a sentence of death is another's.
        "sentenced_prison" => people(object) && !ahead(&["death"], 4) && !ahead(&["suspended", "probation", "fine"], 8)
            && ahead(&["prison", "imprisonment", "jail", "camp", "camps", "life", "labor", "labour", "re-education", "kyohwaso", "kwanliso"], 12),
        "taken" => {
            let by_force = ahead(&["police", "policemen", "officers", "soldiers", "agents", "men", "authorities"], 8) || people(subject) && subject.is_some_and(|s| parse.phrase_has(s, &["police", "policemen", "officers", "soldiers", "agents", "men", "authorities", "guards"]));
            people(object) && (by_force && ahead(&["from", "to", "by", "away"], 5) || ahead(&["custody", "prison", "jail", "station"], 12)) && !ahead(&["hospital", "school", "clinic", "refuge", "shelter"], 6)
        }
        "designates_ofac" => trigger.object.is_some() && (ahead(&["pursuant"], 40) || (0..parse.units.len()).any(|u| matches!(parse.lower(u), "ofac" | "sanctions" | "treasury" | "office of foreign assets control" | "executive order") || parse.lower(u).contains("department of the treasury") || parse.lower(u).starts_with("e.o.") || parse.lower(u).starts_with("executive order"))),
        "funds" => has(object, &["funds", "assets", "property", "accounts", "resources"]),
        "bars_import" => ahead(&["import", "imports", "importation"], 5),
        "labour_of" => parse.is_kind(trigger.units.start.wrapping_sub(1), MentionKind::Nationality) && (trigger.units.start.saturating_sub(4)..trigger.units.start).any(|u| matches!(parse.lower(u), "use" | "used" | "uses" | "using" | "of" | "with" | "by" | "employ" | "employs" | "exploit" | "exploits")),
        "detains_goods" => has(object, GOODS) && (has(subject, &["customs", "cbp", "officers", "authorities", "agency"]) || parse.units.iter().enumerate().any(|(u, unit)| unit.mention.is_some() && parse.lower(u).contains("customs")) || around(&["cbp", "customs", "ports", "port"])),
        "call_n" => next == "for" && matches!(before, "its" | "their" | "his" | "her" | "a" | "our" | "the" | "renewed" | "urgent" | "repeated"),
        "letter_n" => matches!(next, "to" | "that" | "signed" | "dated" | "sent" | "addressed") && before != "in",
        "detention_n" => {
            let before_that = trigger.units.start.checked_sub(2).map_or("", |b| parse.lower(b));
            let adjunct = before == "during" || matches!(before, "in" | "while" | "into") || before == "of" && matches!(before_that, "conditions" | "places" | "place" | "system" | "network" | "facilities" | "centers" | "centres" | "form" | "forms" | "period" | "periods" | "treatment");
            let pretrial = matches!(before, "pretrial" | "pre-trial") && trigger.units.start.checked_sub(2).is_some_and(|b| matches!(parse.lower(b), "in" | "during"));
            let lower = !parse.units.get(trigger.core).is_some_and(|u| parse.text.tokens.get(u.tokens.start).is_some_and(|t| t.capital)) || trigger.core == 0 || heading_case(parse);
            // "She spent eleven months in detention."
            let spent = before == "in" && (trigger.units.start.saturating_sub(6)..trigger.units.start).any(|u| matches!(parse.lower(u), "spent" | "spends" | "spending"));
            lower && (!adjunct && !pretrial || spent || held_in(parse, trigger.units.start))
        }
        "held_in" => held_in(parse, trigger.units.start),
        // "remain in prison", unlike "held in prison", which is told already.
        "is_in" => {
            let from = trigger.units.start.saturating_sub(5);
            (from..trigger.units.start)
                .rev()
                .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma | Tag::That | Tag::Verb | Tag::Participle)
                    || matches!(parse.lower(u), "remain" | "remains" | "remained" | "languish" | "languished" | "languishing"))
                .any(|u| parse.tag(u) == Tag::Be || matches!(parse.lower(u), "remain" | "remains" | "remained" | "languish" | "languished" | "languishing" | "still"))
        }
        "not_house" => before != "house",
        "people_of" => of_people(),
        "not_paper" => !has(object, PAPER) && !matches!(next, "functions") && (object.is_none() || people(object)),
        "not_paper_of" => !noun_of(PAPER),
        "sold" => (people(object) || parse.lower(after) == "her" && matches!(parse.lower(after + 1), "to" | "for" | "into" | "as" | "again")) && !matches!(next, "out" | "off"),
        "not_drugs" => !matches!(before, "drug" | "arms" | "drugs" | "weapons" | "wildlife" | "narcotics") && !noun_of(&["drugs", "narcotics", "arms", "weapons"]),
        "escape" if matches!(next, "through" | "notice") && ahead(&["window", "door", "roof", "fence", "hole"], 5) => false,
        "flee" => place_ahead(6) || ahead(&["country", "border", "abroad", "homeland", "overseas", "famine", "persecution", "regime", "hunger", "north"], 6),
        "trafficking_n" => !matches!(before, "drug" | "arms" | "drugs" | "weapons" | "wildlife" | "narcotics" | "for") && !noun_of(&["drugs", "narcotics", "arms", "weapons"]) && !(before == "of" && trigger.units.start > 1 && matches!(parse.lower(trigger.units.start - 2), "victim" | "victims" | "survivor" | "survivors" | "definition" | "crime")),
        "escape" => trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Active) && (people(subject) || place_ahead(6)) && !matches!(next, "notice" | "scrutiny" | "accountability" | "detection" | "sanctions"),
        "escape_n" => place_ahead(6) || matches!(next, "from"),
        "cross" if parse.tag(trigger.core) == Tag::Gerund
            && trigger.core.checked_sub(1).is_some_and(|b| parse.is_kind(b, MentionKind::Place))
            && !matches!(next, "the" | "into") => false,
        "cross" => ahead(&["border", "borders", "river", "into", "frontier"], 7) || place_ahead(4) || subject.is_some_and(|s| s.number == Some(s.head)) && matches!(next, "in" | "since" | "last") && (after..after + 3).any(|u| parse.tag(u) == Tag::Date),
        // "border crossings were closed", "the Karni crossing": places.
        "crossing_act" => of_people()
            || matches!(before, "illegal" | "unauthorized" | "unauthorised" | "irregular" | "attempted" | "their" | "his" | "her" | "clandestine" | "unlawful" | "secret")
            || trigger.units.start.checked_sub(1).is_some_and(|b| matches!(parse.tag(b), Tag::Number | Tag::Nationality))
            || matches!(next, "by"),
        // Drugs and routes are no people.
        "traffics" => (object.is_none() || people(object)) && !matches!(before, "drug" | "drugs" | "arms" | "weapons" | "wildlife" | "narcotics" | "organ" | "ivory"),
        "cross_of" => of_people() || ahead(&["border", "river", "into"], 4),
        "arrive" => people(subject) || place_ahead(5),
        "reach" => people(subject) && object.is_some_and(|o| parse.is_kind(o.head, MentionKind::Place)),
        "enter_country" => people(subject) && place_ahead(4),
        "live" => (people(subject) || trigger.group.as_ref().is_some_and(|g| g.start == g.verb)) && (place_ahead(6) || matches!(next, "in" | "illegally" | "without" | "under" | "as")) && !matches!(next, "up" | "through"),
        "release_of" => matches!(before, "their" | "his" | "her" | "immediate" | "unconditional") || of_people() || ahead(&["detainees", "prisoners", "detention", "prison", "custody"], 5) && !has_near_noun(parse, trigger, PUBLISHED) ,
        "moved" => people(object) && place_ahead(8),
        "status" => ahead(&["refugees", "refugee", "status", "asylum"], 8),
        "holds_hearing" => has(object, &["hearing", "hearings"]) ,
        "hearing_n" => {
            let governed = (trigger.units.start.saturating_sub(8)..trigger.units.start).any(|u| matches!(parse.lower(u), "held" | "hold" | "holds" | "holding" | "convene" | "convened" | "convenes" | "hosts" | "hosted" | "chaired" | "announced" | "announces" | "demand" | "demanded" | "demanding" | "request" | "requested"))
                || ahead(&["held", "convened", "scheduled", "convene", "place", "examined", "examine", "explored", "explore"], 10);
            // "at its hearing on 12 June"
            let dated = matches!(parse.lower(trigger.units.start.wrapping_sub(2)), "at" | "during" | "after" | "following")
                && (after..(after + 5).min(parse.units.len())).any(|u| parse.tag(u) == Tag::Date);
            let of_day = matches!(next, "on" | "of") && parse.tag(after + 1) == Tag::Date;
            governed && before != "the" || dated || of_day || ahead(&["was held", "will be held", "held", "scheduled"], 8)
        }
        "writes_letter" => parse.lower(trigger.core) == "writing" && ahead(&["about", "to", "regarding"], 3) || has(object, &["letter", "letters"]) || parse.lower(trigger.core) == "wrote" && ahead(&["to"], 3) && (trigger.object.is_none() || parse.lower(after) == "to"),
        "sends_letter" => has(object, &["letter", "letters"]),
        "asks" => object.is_some() && ahead(&["to", "that", "for", "about", "whether"], 10),
        "request_n" => !around(&["comment", "respond", "responded", "response", "reply", "replied"]) && (matches!(next, "to" | "for" | "that") || matches!(before, "a" | "our" | "their" | "formal" | "urgent") && ahead(&["to", "for", "that"], 5)),
        "meets" => trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Active) && (object.is_some_and(|o| parse.is_kind(o.head, MentionKind::Person) || parse.is_kind(o.head, MentionKind::Role) || parse.is_kind(o.head, MentionKind::Organisation) || parse.phrase_is_person(o) || parse.phrase_has(o, &["officials", "representatives", "leaders", "ministers", "counterpart", "counterparts", "families", "lawyers"]))),
        "meeting_n" => {
            let governed = (trigger.units.start.saturating_sub(6)..trigger.units.start).any(|u| matches!(parse.lower(u), "held" | "hold" | "seek" | "sought" | "seeks" | "seeking" | "attended" | "convened" | "request" | "requested" | "hosted" | "had" | "arrange" | "scheduled"));
            governed || matches!(next, "with" | "between") || ahead(&["took place", "was held"], 4)
        }
        "market" => ahead(&["market", "markets", "supply", "stores", "shelves", "supermarkets", "chains", "chain", "consumers", "commerce"], 8) && !people(subject),
        "import_n" => !matches!(before, "banned") && (matches!(next, "of" | "from" | "into" | "to" | "by") || parse.is_kind(trigger.units.start.wrapping_sub(1), MentionKind::Nationality) || matches!(before, "seafood" | "fish" | "crab" | "u.s." | "’s" | "'s" | "total" | "annual") || (trigger.units.start > 1 && matches!(parse.tag(trigger.units.start - 1), Tag::Noun) && ahead(&["from", "of", "worth", "totaling", "rose", "fell"], 3))),
        "export_n" => matches!(next, "of" | "to" | "from" | "by" | "rose" | "fell" | "were" | "totaled") || parse.is_kind(trigger.units.start.wrapping_sub(1), MentionKind::Nationality) || matches!(before, "seafood" | "fish" | "’s" | "'s" | "squid" | "coal"),
        "not_labour" => !has(object, &["labor", "labour", "workers", "laborers"]),
        "goods" => !(parse.tag(trigger.core) == Tag::Gerund && matches!(next, "containers" | "container" | "company" | "companies" | "records" | "documents" | "lines" | "industry" | "costs")) && !people(object) && (has(object, GOODS) || has(subject, GOODS) || (trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Passive) && !people(object))),
        "shipment_n" => (next == "of" || matches!(next, "to" | "from")) && !of_people(),
        "not_allow" => !(trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Before)) && !matches!(before, "state" | "state-"),
        "sanction_n" => (trigger.units.start.saturating_sub(6)..trigger.units.start).any(|u| matches!(parse.lower(u), "impose" | "imposed" | "imposes" | "imposing" | "under" | "new" | "subject" | "targeted" | "announced" | "violation" | "u.n." | "un" | "u.s." | "financial" | "economic" | "additional" | "further" | "adopt" | "adopted" | "lift" | "ease" | "tighten" | "face" | "faces" | "to") || parse.is_kind(u, MentionKind::Organisation)) || matches!(next, "on" | "against") || ahead(&["imposed", "announced", "adopted"], 4),
        "designate" => trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Active && trigger.object.is_some() || g.voice == Voice::Passive) || matches!(next, "as" | "pursuant" | "under" | "for"),
        "adds_list" => ahead(LISTS, 12) && ahead(&["to", "on"], 10),
        "listed" => trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active) && (ahead(&["pursuant", "under", "sanctions", "annex", "as"], 5)),
        "ranked" => ahead(&["tier", "tier 3", "tier 2"], 8),
        "sends_workers" => has(object, &["workers", "laborers", "labourers", "labor", "labour"]) && (place_ahead(10) || ahead(&["abroad", "overseas", "to"], 8)),
        "accepts_workers" => has(object, &["workers", "laborers", "labourers"]),
        "works" => !after_forced(parse, trigger) && (people(subject) || trigger.group.as_ref().is_some_and(|g| g.start == g.verb && g.voice != Voice::Active)) && matches!(next, "in" | "at" | "for" | "aboard" | "on"),
        "employs" => people(object)
            || object.is_none()
            || object.is_some_and(|o| o.number.is_some())
            || has(object, &["labor", "labour", "workforce", "staff", "population", "personnel", "manpower", "crew"]),
        "employment_n" => matches!(next, "of") && of_people(),
        "money" => object.is_some_and(|o| o.number.is_some_and(|n| parse.mention(n).is_some_and(|m| matches!(&m.value, crate::mention::Value::Number(number) if number.sort == crate::mention::Sort::Money)))) || has(object, &["funds", "funding", "grants", "grant"]),
        "law" => has(object, LAWS) || object.is_some_and(|o| o.units.clone().any(|u| parse.is_kind(u, MentionKind::Law))),
        "agreement" => has(object, &["agreement", "agreements", "treaty", "protocol", "memorandum", "pact", "accord", "deal", "convention", "contract", "contracts", "declaration"]),
        "agreement_n" => matches!(next, "with" | "between" | "to") && !matches!(before, "in"),
        "violation_n" => matches!(next, "of") && (after..(after + 7).min(parse.units.len())).any(|u| parse.is_kind(u, MentionKind::Law) || matches!(parse.lower(u), "law" | "obligations" | "obligation" | "resolutions" | "resolution" | "sanctions" | "convention" | "non-refoulement" | "rights" | "protocol")) && before != "in",
        // "their own village": whose it is, not that somebody owns it.
        "owns" => parse.tag(trigger.units.start.wrapping_sub(1)) != Tag::Possessive,
        "barred" => parse.lower(trigger.core) == "barred" && matches!(next, "from"),
        "threat_n" => matches!(next, "of" | "to") && before != "under",
        "not_sexual" => !matches!(before, "sexual" | "drug" | "substance"),
        "beaten" if around(CONTESTS) => false,
        "beaten" => matches!(parse.lower(trigger.core), "beat" | "beaten" | "beating") && (people(object) || trigger.group.as_ref().is_some_and(|g| g.voice != Voice::Active)),
        "testimony_n" => (trigger.units.start.saturating_sub(4)..trigger.units.start).any(|u| matches!(parse.lower(u), "gave" | "provided" | "heard" | "received" | "gives" | "submitted" | "collected")),
        "publishes" => (has(object, PUBLISHED) || matches!(next, "to") && ahead(&["report"], 7)) && !has(object, &["letter"]),
        "joins" => ahead(&["hearing", "meeting", "call", "briefing", "event", "summit"], 7) || has(object, &["hearing", "meeting"]),
        "visits" => object.is_some_and(|o| parse.is_kind(o.head, MentionKind::Place)) || place_ahead(4),
        "visit_n" => matches!(next, "to") && place_ahead(4),
        "includes" => object.is_some_and(|o| o.number.is_some()) && has(object, &["members", "member", "commissioners", "companies", "countries", "states", "experts"]),
        "member_n" => false,
        "border" => has(object, &["border", "borders", "closure", "crossing", "crossings", "crackdown", "customs", "policy", "restrictions"]) && (around(&["border", "borders", "border-crossing", "covid-19", "closure"])),
        "border_n" => true,
        "border_of" => next == "of" && ahead(&["border", "borders", "crossing"], 5),
        "claims" => trigger.group.as_ref().is_some_and(|g| g.voice == Voice::Active) && parse.forms(trigger.core) & form::GERUND == 0 && people_or_body(parse, subject),
        _ => false,
    }
}

/// Whether somebody is, stays or is kept in what begins at `at`, or stands right before it
/// ("people in detention").
fn held_in(parse: &Parse<'_, '_>, at: usize) -> bool {
    let from = at.saturating_sub(6);
    (from..at)
        .rev()
        .take_while(|&u| {
            !matches!(parse.tag(u), Tag::Participle | Tag::Verb)
                || matches!(
                    parse.lower(u),
                    "remain"
                        | "remained"
                        | "kept"
                        | "held"
                        | "taken"
                        | "placed"
                        | "languish"
                        | "put"
                )
        })
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma | Tag::That))
        .any(|u| {
            parse.tag(u) == Tag::Be && !matches!(parse.lower(u), "being")
                || matches!(
                    parse.lower(u),
                    "remain"
                        | "remains"
                        | "remained"
                        | "kept"
                        | "held"
                        | "taken"
                        | "placed"
                        | "languish"
                        | "languishing"
                        | "put"
                )
        })
        || at.checked_sub(1).is_some_and(|u| parse.is_person(u))
}

/// "forced to work": the labour is told already.
fn after_forced(parse: &Parse<'_, '_>, trigger: &Trigger) -> bool {
    (trigger.units.start.saturating_sub(5)..trigger.units.start).any(|u| {
        matches!(
            parse.lower(u),
            "forced" | "forcing" | "force" | "forces" | "made" | "compelled" | "coerced"
        )
    })
}

fn has_near_noun(parse: &Parse<'_, '_>, trigger: &Trigger, words: &[&str]) -> bool {
    (trigger.units.end..(trigger.units.end + 4).min(parse.units.len()))
        .any(|u| words.contains(&parse.lower(u)))
}

fn people_or_body(parse: &Parse<'_, '_>, phrase: Option<&Phrase>) -> bool {
    phrase.is_some_and(|p| {
        parse.phrase_is_person(p)
            || p.units
                .clone()
                .any(|u| matches!(parse.tag(u), Tag::Name | Tag::Nationality | Tag::Pronoun))
            || parse.phrase_has(
                p,
                &[
                    "government",
                    "authorities",
                    "regime",
                    "officials",
                    "congress",
                    "administration",
                    "commission",
                    "chairs",
                    "company",
                    "companies",
                    "police",
                    "forces",
                    "force",
                    "troops",
                    "army",
                    "military",
                    "militia",
                    "gunmen",
                    "gunman",
                    "militants",
                    "rebels",
                    "court",
                ],
            )
    })
}

/// Whether the whole sentence is in title case, so that capitals say nothing.
fn heading_case(parse: &Parse<'_, '_>) -> bool {
    let words = parse
        .units
        .iter()
        .filter_map(|u| parse.text.tokens.get(u.tokens.start))
        .filter(|t| t.kind == crate::text::Kind::Word && t.end - t.start > 3);
    let (mut all, mut capital) = (0, 0);
    for token in words {
        all += 1;
        capital += u32::from(token.capital);
    }
    all > 2 && capital * 10 >= all * 7
}

impl Parse<'_, '_> {
    /// Who is meant to do what stands in the infinitive: the object of the verb before "to"
    /// ("called on the Chinese government not to repatriate"), or else its subject.
    pub(super) fn controller(&self, group: &Group) -> Option<Phrase> {
        let to = group.start;
        let from = to.saturating_sub(16);
        let verb = (from..to).rev().find(|&v| {
            matches!(self.tag(v), Tag::Verb | Tag::Participle | Tag::Gerund)
                && !self.is_prenominal(v)
        });
        // "Were they to be returned": nothing governs it, the subject stands right before.
        let Some(verb) = verb else {
            return self.phrase_before(to);
        };
        let mut at = verb + 1;
        while at < to && matches!(self.tag(at), Tag::Preposition | Tag::Adverb) {
            at += 1;
        }
        // "called on the government to": whom it is asked of; "waiting in camps to be": no.
        let asked = at == verb + 1 || self.class(verb) & verbs::class::ASK != 0;
        if at < to
            && asked
            && let Some(phrase) = self.phrase_from(at).filter(|p| {
                // "entered the embassy to request asylum": not the embassy.
                p.units.start < to
                    && (self.class(verb) & verbs::class::ASK != 0 || people_or_body(self, Some(p)))
            })
        {
            return Some(phrase);
        }
        let outer = self.group(verb);
        match outer.voice {
            Voice::Reduced => self.phrase_before(outer.start),
            _ => self.subject(outer.start),
        }
    }

    /// Number and determiner that stand before a participle that stands before its noun.
    pub(super) fn extend_left(&self, participle: usize, otherwise: usize) -> usize {
        let mut start = participle;
        while let Some(before) = start.checked_sub(1) {
            if matches!(
                self.tag(before),
                Tag::Number | Tag::Determiner | Tag::Adverb
            ) {
                start = before
            } else {
                break;
            }
        }
        if start == participle {
            otherwise
        } else {
            start
        }
    }
}
