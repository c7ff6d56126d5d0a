//! What takes a fact back: claims that are dismissed, charges, what was avoided or called off, laws
//! that speak of an act, subjects that are nobody.
//!
//! Asked last, of statements that would otherwise come out as facts: a false "happened" is worse
//! than a miss.

use casefile::statement::{Event, MentionKind, Modality, Polarity};

use super::phrase::Voice;
use super::stance::{Stance, is_harm};
use super::trigger::{Part, Trigger};
use super::units::{Parse, Tag};
use super::unreal::{self, Unreal};
use super::verbs::class;

/// How far to the left words are looked at.
const REACH: usize = 24;

/// Nouns for what is said without being shown.
const CLAIMS: &[&str] = &[
    "report",
    "reports",
    "claim",
    "claims",
    "allegation",
    "allegations",
    "accusation",
    "accusations",
    "rumor",
    "rumors",
    "rumour",
    "rumours",
    "suggestion",
    "suggestions",
    "assertion",
    "assertions",
    "notion",
    "idea",
    "charge",
    "charges",
    "story",
    "stories",
];
/// What a law does to the act that it names.
const RULES: &[&str] = &[
    "define",
    "defines",
    "defined",
    "prohibit",
    "prohibits",
    "prohibited",
    "ban",
    "bans",
    "banned",
    "bar",
    "bars",
    "barred",
    "forbid",
    "forbids",
    "outlaw",
    "outlaws",
    "outlawed",
    "criminalize",
    "criminalizes",
    "criminalise",
    "criminalises",
    "punish",
    "punishes",
    "require",
    "requires",
    "oblige",
    "obliges",
    "presume",
    "presumes",
    "authorise",
    "authorises",
    "authorised",
    "authorize",
    "authorizes",
    "authorized",
    "allows",
    "permits",
    "empowers",
    "provides",
    "prescribes",
    "mandates",
];
const LAWS: &[&str] = &[
    "bill",
    "act",
    "law",
    "laws",
    "legislation",
    "convention",
    "protocol",
    "treaty",
    "statute",
    "ordinance",
    "decree",
    "regulation",
    "regulations",
    "resolution",
    "article",
    "code",
    "constitution",
    "covenant",
    "section",
    "order",
    "rules",
    "bylaw",
];
/// Called off or put off.
const CALLED_OFF: &[&str] = &[
    "cancel",
    "cancels",
    "cancelled",
    "canceled",
    "cancelling",
    "postpone",
    "postponed",
    "postpones",
    "scrapped",
    "suspend",
    "suspended",
    "suspends",
    "stay",
    "stayed",
    "delay",
    "delayed",
    "commuted",
    "averted",
    "forestalled",
];
/// Weighed but not done.
const WEIGHED: &[&str] = &[
    "float",
    "floats",
    "floated",
    "floating",
    "consider",
    "considers",
    "considered",
    "considering",
    "weigh",
    "weighs",
    "weighed",
    "weighing",
    "mull",
    "mulls",
    "mulling",
    "contemplate",
    "contemplated",
    "contemplating",
    "debating",
    "discussing",
    "proposing",
    "propose",
    "proposes",
    "proposed",
    "preparing",
    "expected",
    "scheduled",
    "planned",
    "slated",
    "poised",
];
/// Not suffered after all.
const ESCAPED: &[&str] = &[
    "escape", "escaped", "escapes", "escaping", "avoid", "avoided", "avoids", "avoiding", "evade",
    "evaded", "evading", "dodged", "spared", "survived",
];

/// Lowers a fact that the words around it take back.
pub(super) fn overrule(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &mut Stance) {
    if !stance.modality.is_fact() {
        return;
    }
    let at = trigger
        .group
        .as_ref()
        .map_or(trigger.units.start, |g| g.start);
    let modality = match doubted(parse, trigger, at, stance) {
        Some(modality) => modality,
        None => match unreal::find(parse, trigger) {
            Some(Unreal::As(modality)) => modality,
            Some(Unreal::Topic) => {
                stance.topic = true;
                return;
            }
            None => return,
        },
    };
    stance.modality = modality;
    if modality == Modality::Denied {
        stance.polarity = Polarity::Negative;
    }
}

fn doubted(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    stance: &Stance,
) -> Option<Modality> {
    nobody(parse, trigger, at)
        .or_else(|| dismissed(parse, at))
        .or_else(|| charged(parse, at))
        .or_else(|| near_miss(parse, trigger, at))
        .or_else(|| hearsay(parse, at))
        .or_else(|| anyone(parse, trigger, at, stance))
        .or_else(|| whoever(parse, trigger, at, stance))
        .or_else(|| had_done(parse, trigger, at))
        .or_else(|| scheduled(parse, trigger))
        .or_else(|| ruled(parse, trigger, at))
}

/// "Neither man was tortured", "no woman said she had been raped", "arrested no one".
fn nobody(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    let none = |u: usize| {
        matches!(
            parse.lower(u),
            "no" | "none" | "nobody" | "neither" | "never" | "nothing"
        )
    };
    // "Not one of them was released", "not a single woman had been raped"
    let none = |u: usize| {
        none(u)
            || parse.lower(u) == "not"
                && (parse.lower(u + 1) == "one"
                    || matches!(parse.lower(u + 1), "a") && parse.lower(u + 2) == "single")
    };
    let behind = trigger.units.end;
    if trigger.part == Part::Verb
        && (matches!(parse.lower(behind), "nobody" | "none")
            || parse.lower(behind) == "no one"
            || parse.lower(behind) == "no" && parse.lower(behind + 1) == "one")
    {
        return Some(Modality::Denied);
    }
    let opens = (at.saturating_sub(REACH)..at)
        .rev()
        .find(|&u| u == 0 || matches!(parse.tag(u - 1), Tag::Stop | Tag::QuoteMark | Tag::That))?;
    // "Nothing is known of a man arrested in May", "Neither replied to a letter": the act is told
    // apart from what nobody did.
    let told_apart = match &trigger.group {
        Some(group) => matches!(group.voice, Voice::Reduced | Voice::Before),
        None => {
            at > opens
                && matches!(
                    parse.lower(at - 1),
                    "a" | "an" | "the" | "his" | "her" | "their"
                )
                && matches!(parse.tag(at.wrapping_sub(2)), Tag::Preposition | Tag::To)
                && (opens..at).any(|u| matches!(parse.tag(u), Tag::Verb | Tag::Participle))
        }
    };
    let plain = !told_apart
        && !(opens..at).any(|u| {
            matches!(
                parse.tag(u),
                Tag::Comma | Tag::Relative | Tag::Conjunction | Tag::Subordinator
            ) || parse.lower(u) == "doubt"
                || parse.lower(u) == "sooner"
                || parse.lower(u) == "longer"
                || parse.lower(u) == "only"
        });
    (none(opens) && plain).then_some(Modality::Denied)
}

/// "dismissed reports that …", "rejected as groundless a report that …", "called claims of … a lie".
fn dismissed(parse: &Parse<'_, '_>, at: usize) -> Option<Modality> {
    let from = at.saturating_sub(REACH);
    let noun = (from..at)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop))
        .find(|&u| {
            (CLAIMS.contains(&parse.lower(u))
                || matches!(
                    parse.lower(u),
                    "figure" | "figures" | "number" | "numbers" | "estimate" | "estimates"
                ))
                && parse.tag(u) == Tag::Noun
                && (parse.tag(u + 1) == Tag::That || parse.lower(u + 1) == "of")
        })?;
    let from = noun.saturating_sub(9);
    let verbs = (from..noun)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop));
    let denies = verbs.clone().any(|u| {
        parse.class(u) & class::DENY != 0
            || matches!(
                parse.lower(u),
                "denied" | "rebuffed" | "debunked" | "disproved"
            )
    });
    if denies {
        return Some(Modality::Denied);
    }
    let called = verbs.clone().any(|u| {
        matches!(
            parse.lower(u),
            "called" | "calls" | "branded" | "labelled" | "labeled"
        )
    });
    let lies = (at..(at + 12).min(parse.units.len())).any(|u| {
        matches!(
            parse.lower(u),
            "fabrication"
                | "fabrications"
                | "fabricated"
                | "lie"
                | "lies"
                | "false"
                | "baseless"
                | "groundless"
                | "unfounded"
                | "slander"
                | "nonsense"
                | "untrue"
                | "wrong"
                | "hoax"
                | "invention"
                | "fiction"
                | "propaganda"
                | "smear"
                | "smears"
                | "concocted"
                | "mistaken"
                | "invented"
                | "bogus"
        )
    });
    if lies {
        return Some(if called {
            Modality::Denied
        } else {
            Modality::Disputed
        });
    }
    let doubtful = matches!(
        parse.lower(noun),
        "allegation"
            | "allegations"
            | "rumor"
            | "rumors"
            | "rumour"
            | "rumours"
            | "accusation"
            | "accusations"
            | "suggestion"
            | "suggestions"
    );
    doubtful.then_some(Modality::Unconfirmed)
}

/// "accused of", "charged with", "on suspicion of": not yet shown.
fn charged(parse: &Parse<'_, '_>, at: usize) -> Option<Modality> {
    let from = at.saturating_sub(6);
    let word = (from..at)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That | Tag::Comma))
        .find(|&u| {
            matches!(
                parse.lower(u),
                "accused"
                    | "accuse"
                    | "accuses"
                    | "accusing"
                    | "charged"
                    | "suspected"
                    | "suspicion"
                    | "indicted"
                    | "investigated"
                    | "acquitted"
                    | "cleared"
                    | "exonerated"
            )
        })?;
    if matches!(parse.lower(word), "acquitted" | "cleared" | "exonerated") {
        return (parse.lower(word + 1) == "of").then_some(Modality::Denied);
    }
    let led = (word + 1..=at.min(word + 5))
        .any(|u| matches!(parse.lower(u), "of" | "with" | "for") || parse.lower(u) == "having");
    led.then_some(Modality::Unconfirmed)
}

/// Escaped, called off, weighed, or hours away.
fn near_miss(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    let from = at.saturating_sub(6);
    let near = (from..at)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That | Tag::Relative))
        .take_while(|&u| parse.tag(u) != Tag::Comma);
    let harm = is_harm(trigger.event);
    let noun = trigger.part == Part::Noun
        || parse.tag(trigger.core) == Tag::Gerund
        || trigger
            .group
            .as_ref()
            .is_some_and(|g| g.be.is_some_and(|b| parse.lower(b) == "being"));
    for u in near {
        let lower = parse.lower(u);
        let verbal = matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund);
        if noun && verbal && CALLED_OFF.contains(&lower) {
            return Some(if harm {
                Modality::Risk
            } else {
                Modality::Denied
            });
        }
        if noun && verbal && WEIGHED.contains(&lower) {
            return Some(Modality::Planned);
        }
        if noun && harm && verbal && ESCAPED.contains(&lower) && u + 3 > at {
            return Some(Modality::Denied);
        }
        // "stopped short of", "came within hours of", "on the verge of", "close to being"
        if parse.lower(u + 1) == "of" && u + 2 >= at.saturating_sub(1) {
            match lower {
                "short" => return Some(Modality::Denied),
                "verge" | "brink" | "cusp" => return Some(Modality::Risk),
                "hours" | "days" | "minutes" | "weeks"
                    if parse.lower(u.wrapping_sub(1)) == "within"
                        && (u.saturating_sub(4)..u).any(|b| {
                            matches!(parse.lower(b), "came" | "come" | "comes" | "were" | "was")
                        }) =>
                {
                    return Some(Modality::Risk);
                }
                _ => {}
            }
        }
        if noun
            && matches!(
                lower,
                "plan" | "plans" | "proposal" | "proposals" | "preparations"
            )
            && matches!(parse.lower(u + 1), "for" | "of" | "on")
        {
            return Some(Modality::Planned);
        }
        if noun && parse.lower(u + 1) == "of" {
            match lower {
                "dread" | "terror" | "horror" => return Some(Modality::Risk),
                "indicator" | "indicators" | "definition" | "elements" | "complaint"
                | "complaints" => return Some(Modality::Unconfirmed),
                _ => {}
            }
        }
        if noun && lower == "punishable" {
            return Some(Modality::Hypothetical);
        }
        if noun
            && matches!(
                lower,
                "ban" | "bans" | "prohibition" | "moratorium" | "embargo"
            )
            && parse.lower(u + 1) == "on"
        {
            return Some(Modality::Obligation);
        }
        if noun && verbal && matches!(lower, "rid" | "purge" | "cleanse" | "root") {
            return Some(Modality::Planned);
        }
        if noun
            && matches!(
                lower,
                "warrant" | "warrants" | "orders" | "request" | "extradition"
            )
            && parse.lower(u + 1) == "for"
        {
            return Some(Modality::Planned);
        }
        if noun && matches!(lower, "tolerance") {
            return Some(Modality::Denied);
        }
    }
    None
}

/// "are thought to be held", "we were told that", "they say", "I hear": belief without a believer,
/// or word of mouth.
fn hearsay(parse: &Parse<'_, '_>, at: usize) -> Option<Modality> {
    let from = at.saturating_sub(10);
    for u in (from..at).rev() {
        let lower = parse.lower(u);
        match parse.tag(u) {
            Tag::Stop => break,
            Tag::Participle | Tag::Verb => {
                let group = parse.group(u);
                let passive = group.be.is_some() && group.start < u;
                if passive
                    && matches!(parse.tag(u + 1), Tag::To)
                    && matches!(
                        lower,
                        "believed"
                            | "thought"
                            | "presumed"
                            | "feared"
                            | "rumored"
                            | "rumoured"
                            | "assumed"
                    )
                {
                    return Some(Modality::Unconfirmed);
                }
                // "it is alleged he raped two workers"
                let impersonal = passive
                    && group
                        .start
                        .checked_sub(1)
                        .is_some_and(|b| parse.lower(b) == "it")
                    && matches!(
                        lower,
                        "alleged"
                            | "believed"
                            | "claimed"
                            | "rumored"
                            | "rumoured"
                            | "suspected"
                            | "thought"
                            | "feared"
                            | "assumed"
                    );
                if impersonal {
                    return Some(Modality::Unconfirmed);
                }
                let speaker = group.start.checked_sub(1).map_or("", |b| parse.lower(b));
                let by = (u..at).any(|b| parse.lower(b) == "by");
                if passive && lower == "told" && !by && matches!(speaker, "i" | "we") {
                    return Some(Modality::Unconfirmed);
                }
                if !passive
                    && (matches!(lower, "say" | "said") && speaker == "they"
                        || matches!(lower, "hear" | "heard")
                            && matches!(speaker, "i" | "we")
                            && !matches!(parse.tag(u + 1), Tag::Pronoun | Tag::Determiner))
                {
                    return Some(Modality::Unconfirmed);
                }
                // "I never saw anyone beaten"
                let perceives = matches!(
                    lower,
                    "saw" | "see" | "seen" | "heard" | "witnessed" | "witness" | "encountered"
                );
                let never = group.negated.is_some()
                    || (group.start.saturating_sub(1)..u).any(|n| parse.lower(n) == "never");
                if perceives && never && u + 5 > at {
                    return Some(Modality::Denied);
                }
            }
            _ => {}
        }
    }
    // "My supervisor, I hear, has since been arrested."
    (from..at)
        .any(|u| {
            parse.tag(u) == Tag::Comma
                && matches!(parse.lower(u + 1), "i" | "we" | "they")
                && matches!(parse.lower(u + 2), "hear" | "heard" | "say")
                && parse.tag(u + 3) == Tag::Comma
        })
        .then_some(Modality::Unconfirmed)
}

/// "before anyone is repatriated", "her worry is that he is held", "rather than repatriate them".
fn anyone(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    stance: &Stance,
) -> Option<Modality> {
    let before = |n: usize| at.checked_sub(n).map_or("", |b| parse.lower(b));
    if before(1) == "than" && before(2) == "rather" || before(1) == "of" && before(2) == "instead" {
        return Some(Modality::Denied);
    }
    let present = matches!(stance.modality, Modality::General | Modality::Ongoing);
    if trigger.part == Part::Verb
        && present
        && (1..4).any(|n| matches!(before(n), "anyone" | "anybody" | "whoever" | "anyone who"))
    {
        return Some(Modality::Hypothetical);
    }
    let from = at.saturating_sub(12);
    (from..at)
        .any(|u| {
            matches!(
                parse.lower(u),
                "worry" | "fear" | "fears" | "concern" | "danger" | "nightmare" | "risk" | "hope"
            ) && parse.tag(u + 1) == Tag::Be
                && parse.tag(u + 2) == Tag::That
        })
        .then_some(Modality::Risk)
}

/// "Officers who torture prisoners must be punished": a rule for whoever does; "we do not know who
/// was executed": nothing is said of anybody.
fn whoever(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    at: usize,
    stance: &Stance,
) -> Option<Modality> {
    let relative = at
        .checked_sub(1)
        .filter(|&b| parse.tag(b) == Tag::Relative)?;
    let unknown = parse.lower(relative) == "who"
        && (relative.saturating_sub(3)..relative).any(|u| {
            matches!(
                parse.lower(u),
                "know" | "knows" | "knew" | "known" | "say" | "clear" | "established"
            )
        })
        && (relative.saturating_sub(5)..relative)
            .any(|u| parse.tag(u) == Tag::Not || matches!(parse.lower(u), "nobody" | "no"));
    if unknown {
        return Some(Modality::Unconfirmed);
    }
    if !matches!(stance.modality, Modality::General | Modality::Ongoing) {
        return None;
    }
    let antecedent = parse.phrase_before(relative)?;
    let kind = !matches!(
        parse.lower(antecedent.units.start),
        "the" | "these" | "his" | "her" | "their" | "its" | "our" | "some" | "many"
    ) && !antecedent
        .units
        .clone()
        .any(|u| matches!(parse.tag(u), Tag::Name | Tag::Number));
    let ruled = (trigger.units.end..(trigger.units.end + 12).min(parse.units.len()))
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Stop | Tag::QuoteMark | Tag::That | Tag::Relative
            )
        })
        .find(|&u| matches!(parse.tag(u), Tag::Modal | Tag::Be | Tag::Verb | Tag::Have))
        .is_some_and(|u| {
            matches!(
                parse.lower(u),
                "must" | "should" | "cannot" | "can" | "shall" | "may" | "ought"
            ) || matches!(parse.lower(u), "commits" | "commit")
        });
    (kind && ruled).then_some(Modality::Hypothetical)
}

/// "he would call the police and have them arrested": what somebody has done to others is as real
/// as the having.
fn had_done(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    let group = trigger
        .group
        .as_ref()
        .filter(|g| g.be.is_none() && matches!(g.voice, Voice::Reduced | Voice::Active))?;
    let object = parse.phrase_before(group.start)?;
    let have = object.units.start.checked_sub(1)?;
    if !matches!(parse.lower(have), "have" | "get") {
        return None;
    }
    (at.saturating_sub(14)..have)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That | Tag::Relative))
        .any(|u| matches!(parse.tag(u), Tag::Modal | Tag::To))
        .then_some(Modality::Planned)
}

/// "a hearing has been scheduled", "talks are planned".
fn scheduled(parse: &Parse<'_, '_>, trigger: &Trigger) -> Option<Modality> {
    let end = trigger.units.end;
    let unsent = trigger.event == Event::Letter
        && (end..end + 4).any(|u| parse.tag(u) == Tag::Not || parse.lower(u) == "never");
    if unsent && trigger.part == Part::Noun {
        return Some(Modality::Denied);
    }
    let drafted = trigger.event == Event::Letter
        && (end..end + 6).any(|u| {
            parse.lower(u) == "being"
                && matches!(parse.lower(u + 1), "prepared" | "drafted" | "written")
        });
    if drafted && trigger.part == Part::Noun {
        return Some(Modality::Planned);
    }
    let overdue = trigger.event == Event::Sanction
        && (end..end + 7).any(|u| matches!(parse.lower(u), "overdue" | "needed" | "necessary"));
    if overdue && trigger.part == Part::Noun {
        return Some(Modality::Request);
    }
    if trigger.part != Part::Noun
        || !matches!(
            trigger.event,
            Event::Hearing | Event::Meeting | Event::Travel | Event::Sanction
        )
    {
        return None;
    }
    (end..(end + 7).min(parse.units.len()))
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma | Tag::That))
        .any(|u| {
            matches!(
                parse.lower(u),
                "scheduled" | "planned" | "slated" | "expected" | "upcoming"
            )
        })
        .then_some(Modality::Planned)
}

/// What a law names is not told to have happened: "the bill would bar goods made with forced
/// labor".
fn ruled(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> Option<Modality> {
    if !is_harm(trigger.event) && trigger.event != Event::Import && trigger.event != Event::Export {
        return None;
    }
    let opens = (at.saturating_sub(REACH)..at)
        .rev()
        .find(|&u| u == 0 || matches!(parse.tag(u - 1), Tag::Stop | Tag::That))?;
    let verb = (opens..at).find(|&u| {
        matches!(parse.tag(u), Tag::Verb) && !parse.is_prenominal(u)
            || parse.tag(u) == Tag::Modal
            || u > opens && RULES.contains(&parse.lower(u)) && parse.tag(u) != Tag::Participle
    })?;
    let law =
        (opens..verb).any(|u| parse.is_kind(u, MentionKind::Law) || LAWS.contains(&parse.lower(u)));
    let rules = RULES.contains(&parse.lower(verb))
        || matches!(parse.lower(verb), "would" | "must" | "shall" | "will")
            && (verb..at).any(|u| {
                RULES.contains(&parse.lower(u))
                    || matches!(
                        parse.lower(u),
                        "block" | "exclude" | "deny" | "stop" | "keep" | "allow" | "make"
                    )
            });
    (law && rules).then_some(Modality::Obligation)
}

#[cfg(test)]
mod tests {
    use crate::{Context, find};

    /// Sentences of the genres that state an act, and many more that only speak of it.
    #[test]
    fn what_is_only_spoken_of_is_no_fact() {
        let mut wrong = Vec::new();
        for row in include_str!("facts.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            let mut columns = row.split('\t');
            let (Some(kind), Some(event), Some(sentence)) =
                (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let context = Context {
                published: None,
                blocks: &[],
            };
            let found = find(sentence, &context).statements;
            let mut of_event = found.iter().filter(|s| s.event.as_str() == event);
            let fact = of_event.any(|s| s.modality.is_fact());
            if fact != (kind == "fact") {
                wrong.push(format!("{kind} {event}: {sentence}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
