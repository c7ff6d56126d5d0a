//! How a statement stands to the world: modality, polarity and the words that weaken it.
//!
//! Risk, plan, denial and request are never facts. The nearest governing cue decides: the verb
//! group itself, then what the word depends on, then the clause, then who denies or doubts it.

use std::ops::Range;

use casefile::statement::{Event, Modality, Polarity};

use super::phrase::{Group, Voice};
use super::trigger::{Part, Trigger};
use super::units::{Parse, Tag};
use super::verbs::{class, form};

/// Modality, polarity and hedges (bytes) of one trigger.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stance {
    pub(super) modality: Modality,
    pub(super) polarity: Polarity,
    pub(super) hedges: Vec<Range<u32>>,
    /// The verb that asks for, plans or denies it, if one does: its unit.
    pub(super) governor: Option<usize>,
    /// Nothing is asserted: a topic ("a hearing on torture"), an aim ("efforts to combat").
    pub(super) topic: bool,
    /// What governs it takes it for a fact ("condemned the repatriations").
    pub(super) factive: bool,
}

const REACH: usize = 40;

/// Nouns that put what hangs on them at risk.
pub(super) const DANGER: &[&str] = &[
    "risk",
    "risks",
    "threat",
    "threats",
    "danger",
    "dangers",
    "fear",
    "fears",
    "possibility",
    "prospect",
    "prospects",
    "likelihood",
    "specter",
    "spectre",
    "concern",
    "concerns",
    "potential",
    "chance",
    "chances",
    "worry",
    "worries",
    "peril",
];
/// Adjectives that say it has not happened yet.
pub(super) const COMING: &[&str] = &[
    "imminent",
    "impending",
    "possible",
    "potential",
    "threatened",
    "looming",
    "future",
    "planned",
    "likely",
    "feared",
    "pending",
    "probable",
    "proposed",
    "expected",
    "upcoming",
];
/// Adjectives for those who fear what follows.
const AFRAID: &[&str] = &[
    "afraid",
    "fearful",
    "scared",
    "frightened",
    "terrified",
    "wary",
    "worried",
    "anxious",
];
/// Adverbs and phrases that weaken.
const HEDGES: &[&str] = &[
    "reportedly",
    "allegedly",
    "apparently",
    "probably",
    "likely",
    "possibly",
    "perhaps",
    "seemingly",
    "purportedly",
    "presumably",
    "supposedly",
    "alleged",
    "suspected",
    "purported",
    "unconfirmed",
    "unverified",
    "may",
    "might",
    "could",
    "appears",
    "appear",
    "seem",
    "appeared",
    "seems",
    "seemed",
];

pub(super) fn of(parse: &Parse<'_, '_>, trigger: &Trigger) -> Stance {
    let mut stance = Stance {
        modality: Modality::Happened,
        polarity: Polarity::Positive,
        hedges: Vec::new(),
        governor: None,
        topic: false,
        factive: false,
    };
    match (&trigger.group, trigger.part) {
        (Some(group), Part::Verb) => of_verb(parse, trigger, group, &mut stance),
        _ => of_noun(parse, trigger, &mut stance),
    }
    if parse.lower(trigger.units.start) == "seek"
        || parse.lower(trigger.core) == "scheduled" && stance.modality.is_fact()
    {
        set(&mut stance, Modality::Planned);
    }
    // "We call on Beijing to …", "I write to ask": saying it does it.
    if matches!(trigger.event, Event::Request | Event::Letter) && trigger.part == Part::Verb {
        let written = stance.governor.is_some_and(|g| {
            matches!(
                parse.lower(g),
                "write" | "writing" | "wrote" | "written" | "writes"
            )
        });
        let habit = trigger.group.as_ref().is_some_and(|g| {
            (g.start.saturating_sub(1)..g.verb)
                .any(|u| matches!(parse.lower(u), "often" | "always" | "usually" | "regularly"))
        });
        if written && stance.modality == Modality::Planned
            || stance.modality == Modality::General && !habit
        {
            set(&mut stance, Modality::Happened);
        }
    }
    // "In a letter to X, she, who is …": written, whatever its sentence says besides.
    if trigger.event == Event::Letter
        && trigger.part == Part::Phrase
        && parse.lower(trigger.units.start) == "in"
    {
        set(&mut stance, Modality::Happened);
    }
    if matches!(trigger.event, Event::Obligation) && stance.modality.is_fact() {
        stance.modality = Modality::Obligation;
    }
    if trigger.event == Event::Prohibition
        && stance.modality.is_fact()
        && trigger.part == Part::Noun
    {
        stance.modality = Modality::Obligation;
    }
    if trigger.event == Event::Vulnerability && stance.modality.is_fact() {
        stance.modality = Modality::Ongoing;
    }
    // An order to deport is no deportation yet.
    if matches!(parse.lower(trigger.core), "order" | "orders")
        && trigger.event == Event::Deportation
        && stance.modality.is_fact()
    {
        set(&mut stance, Modality::Planned);
    }
    // A heading without a verb names its subject.
    if trigger.part == Part::Noun
        && stance.modality == Modality::Happened
        && is_title(parse)
        && super::figure::tabled(parse, trigger.units.end).is_none()
    {
        stance.topic = true;
    }
    if parse.lower(trigger.units.start).starts_with("sentenc")
        && trigger.event == Event::Execution
        && stance.modality.is_fact()
    {
        set(&mut stance, Modality::Risk);
    }
    // "Release all prisoners.": an order.
    if let Some(group) = &trigger.group
        && group.start == 0
        && group.voice == Voice::Active
        && parse.tag(group.verb) == Tag::Verb
        && parse.forms(group.verb) & form::BASE != 0
        && trigger.subject.is_none()
        && trigger.object.is_some()
        && parse
            .units
            .last()
            .is_some_and(|u| matches!(parse.text.word(u.tokens.end - 1), "." | "!"))
    {
        set(&mut stance, Modality::Request);
    }
    if !stance.factive {
        clause(parse, trigger, &mut stance);
    }
    if until(parse, trigger, &stance) {
        stance.polarity = Polarity::Positive;
        set(&mut stance, Modality::Happened);
    }
    super::doubt::overrule(parse, trigger, &mut stance);
    unshown(parse, trigger, &mut stance);
    hedges(parse, trigger, &mut stance);
    stance
}

/// A noun that names a harm is a fact only where its clause shows it.
fn unshown(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &mut Stance) {
    if trigger.part != Part::Noun
        || !stance.modality.is_fact()
        || stance.topic
        || stance.factive
        || !is_harm(trigger.event) && trigger.event != Event::Release
        || super::evidence::shown(parse, trigger)
    {
        return;
    }
    let class = stance.governor.map_or(0, |g| parse.class(g));
    if class & (class::FEAR | class::AVERT | class::PLAN | class::ASK) != 0 {
        set(stance, Modality::Risk);
    } else {
        stance.topic = true;
    }
}

/// "They did not release her until she signed": late, and yet so.
fn until(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &Stance) -> bool {
    let end = trigger.units.end;
    stance.modality == Modality::Denied
        && trigger.group.as_ref().is_some_and(|g| {
            g.negated.is_some()
                && g.modal.is_none()
                && (g.start..g.verb)
                    .any(|u| matches!(parse.lower(u), "did" | "didn" | "was" | "were"))
        })
        && (end..(end + 5).min(parse.units.len())).any(|u| {
            parse.lower(u) == "until"
                && !matches!(
                    parse.lower(u + 1),
                    "now" | "today" | "then" | "recently" | "proven" | "further"
                )
        })
}

fn set(stance: &mut Stance, modality: Modality) {
    stance.modality = modality;
}

fn deny(stance: &mut Stance) {
    stance.modality = Modality::Denied;
    stance.polarity = Polarity::Negative;
}

/// Modality of a finite or non-finite verb from its own group and what governs it.
fn of_verb(parse: &Parse<'_, '_>, trigger: &Trigger, group: &Group, stance: &mut Stance) {
    let forms = parse.forms(group.verb);
    if let Some(modal) = group.modal {
        let harm = is_harm(trigger.event);
        let likely = (modal..group.verb).any(|u| {
            matches!(
                parse.lower(u),
                "likely" | "probably" | "possibly" | "potentially"
            )
        });
        set(
            stance,
            match parse.lower(modal) {
                "may" | "might" | "could" | "couldn" | "can" | "cannot" => Modality::Risk,
                "would" | "wouldn" => Modality::Hypothetical,
                "must" | "should" | "shouldn" | "ought" | "shall" => Modality::Obligation,
                _ if likely && harm => Modality::Risk,
                _ => Modality::Planned,
            },
        );
        if matches!(parse.lower(modal), "could" | "may" | "might") && group.have {
            // "may have been executed": a guess at a fact is not yet a fact.
            set(stance, Modality::Unconfirmed);
        }
        if group.negated.is_some() && matches!(parse.lower(modal), "may" | "might") {
            // "may not be imported" forbids; "might not have fled" doubts.
            set(
                stance,
                if parse.lower(modal) == "may" && !group.have {
                    Modality::Obligation
                } else {
                    Modality::Unconfirmed
                },
            );
        }
        if group.negated.is_some()
            && group.have
            && matches!(parse.lower(modal), "could" | "couldn" | "cannot")
        {
            deny(stance);
        }
        return;
    }
    if group.to.is_some() {
        infinitive(parse, trigger, group, stance);
        return;
    }
    match parse.tag(group.verb) {
        Tag::Gerund if group.be.is_some() => set(stance, Modality::Ongoing),
        Tag::Gerund if group.start == group.verb || group.be.is_none() => {
            gerund(parse, trigger, group, stance)
        }
        _ => {
            let be = group.be.map(|b| parse.lower(b));
            let modality = match group.voice {
                Voice::Passive => match be {
                    Some("is" | "are" | "am" | "isn" | "aren") => {
                        if lasting(trigger.event)
                            || (group.start..group.verb).any(|u| {
                                matches!(parse.lower(u), "being" | "currently" | "now" | "still")
                            })
                        {
                            Modality::Ongoing
                        } else {
                            Modality::General
                        }
                    }
                    // "being held": the tense stands before it, or it is no clause at all.
                    Some("being") => {
                        gerund(parse, trigger, group, stance);
                        return;
                    }
                    Some("been") if group.have => Modality::Happened,
                    Some("be") => Modality::Planned,
                    _ => Modality::Happened,
                },
                Voice::Active => {
                    if forms & (form::BASE | form::THIRD) != 0 && forms & form::PAST == 0 {
                        if group.have {
                            Modality::Happened
                        } else if let Some(helper) = trigger
                            .subject
                            .as_ref()
                            .or(trigger.object.as_ref())
                            .filter(|s| s.units.end <= group.start)
                            .and_then(|s| parse.helper(s.units.start))
                            .filter(|_| forms & form::BASE != 0)
                        {
                            // "helped them reach Laos": as real as the help.
                            let outer = parse.group(helper);
                            let inner = Trigger {
                                group: Some(outer.clone()),
                                core: helper,
                                ..trigger.clone()
                            };
                            of_verb_plain(parse, &inner, &outer, stance);
                            return;
                        } else if is_heading(parse) {
                            Modality::Happened
                        } else if matches!(parse.tag(group.start), Tag::Do)
                            && parse.lower(group.start) == "did"
                        {
                            Modality::Happened
                        } else if lasting(trigger.event) {
                            Modality::Ongoing
                        } else {
                            Modality::General
                        }
                    } else {
                        Modality::Happened
                    }
                }
                Voice::Reduced => {
                    let now = (group.start.saturating_sub(2)..group.verb + 3)
                        .any(|u| matches!(parse.lower(u), "currently" | "now" | "still"));
                    if now {
                        Modality::Ongoing
                    } else {
                        Modality::Happened
                    }
                }
                Voice::Before => {
                    if group.start > 0 && matches!(parse.lower(group.start - 1), "any" | "no") {
                        stance.topic = true;
                    }
                    Modality::Happened
                }
            };
            set(stance, modality);
            if (group.start..group.verb).any(|u| parse.lower(u) == "being")
                && matches!(be, Some("is" | "are"))
            {
                set(stance, Modality::Ongoing);
            }
            if group.negated.is_some() && group.voice != Voice::Before {
                deny(stance);
            }
            // "no one was released", "none of them was returned"
            if let Some(subject) = passive_or_active_subject(trigger)
                && matches!(
                    parse.lower(subject.units.start),
                    "no" | "none" | "nobody" | "neither"
                )
            {
                deny(stance);
            }
            // "those repatriated face torture": the participle itself is a condition there, not news.
        }
    }
}

fn passive_or_active_subject(trigger: &Trigger) -> Option<&super::phrase::Phrase> {
    let group = trigger.group.as_ref()?;
    match group.voice {
        Voice::Active => trigger.subject.as_ref(),
        Voice::Passive => trigger.object.as_ref(),
        _ => None,
    }
}

/// "to repatriate": decided by what the infinitive hangs on.
fn infinitive(parse: &Parse<'_, '_>, trigger: &Trigger, group: &Group, stance: &mut Stance) {
    let Some(to) = group.to else { return };
    let start = if to > 0 && parse.tag(to - 1) == Tag::Not {
        to - 1
    } else {
        to
    };
    let from = start.saturating_sub(REACH);
    let harm = is_harm(trigger.event);
    let mut at = start;
    while let Some(before) = at.checked_sub(1).filter(|b| *b >= from) {
        let lower = parse.lower(before);
        match parse.tag(before) {
            Tag::Stop | Tag::Relative => break,
            Tag::Verb | Tag::Participle | Tag::Gerund if !parse.is_prenominal(before) => {
                let class = parse.class(before);
                let outer = parse.group(before);
                // "We ask you to meet …, to suspend …": the second hangs on what the first hangs on.
                let joined =
                    start > 0 && matches!(parse.tag(start - 1), Tag::Comma | Tag::Conjunction);
                if joined && outer.to.is_some() && outer.start < before {
                    at = outer.start;
                    continue;
                }
                stance.governor = Some(before);
                let neg_outer = outer.negated.is_some();
                // "Licences are required to export": a rule, unlike "they are required to work".
                if lower == "required" && matches!(trigger.event, Event::Export | Event::Import) {
                    set(stance, Modality::Obligation);
                    return;
                }
                if matches!(
                    lower,
                    "forced"
                        | "compelled"
                        | "coerced"
                        | "made"
                        | "required"
                        | "allowed"
                        | "permitted"
                        | "enabled"
                        | "helped"
                        | "managed"
                        | "led"
                        | "caused"
                        | "used"
                        | "began"
                        | "started"
                        | "forcing"
                        | "compelling"
                        | "found"
                        | "continued"
                        | "fled"
                ) {
                    let inner = Trigger {
                        group: Some(outer.clone()),
                        core: before,
                        ..trigger.clone()
                    };
                    of_verb_plain(parse, &inner, &outer, stance);
                } else if matches!(lower, "continues" | "continue" | "continuing")
                    && outer.modal.is_some()
                {
                    let inner = Trigger {
                        group: Some(outer.clone()),
                        core: before,
                        ..trigger.clone()
                    };
                    of_verb_plain(parse, &inner, &outer, stance);
                } else if matches!(lower, "want" | "wants" | "wanted") {
                    set(stance, Modality::Request);
                } else if matches!(lower, "continues" | "continue" | "continuing") {
                    set(stance, Modality::Ongoing);
                } else if matches!(
                    lower,
                    "failed"
                        | "refused"
                        | "declined"
                        | "fails"
                        | "refuses"
                        | "fail"
                        | "refusing"
                        | "failing"
                        | "neglected"
                        | "refuse"
                        | "decline"
                ) {
                    deny(stance);
                } else if matches!(
                    lower,
                    "appears"
                        | "appear"
                        | "seem"
                        | "appeared"
                        | "seems"
                        | "seemed"
                        | "believed"
                        | "thought"
                        | "said"
                        | "reported"
                        | "known"
                        | "understood"
                        | "suspected"
                        | "alleged"
                        | "estimated"
                        | "presumed"
                ) {
                    let doubted = matches!(
                        lower,
                        "believed" | "thought" | "suspected" | "alleged" | "presumed" | "rumored"
                    );
                    set(
                        stance,
                        if doubted && group.have {
                            Modality::Unconfirmed
                        } else if group.have {
                            Modality::Happened
                        } else {
                            Modality::Ongoing
                        },
                    );
                } else if class & class::ASK != 0
                    && !matches!(lower, "seeks" | "sought" | "seek" | "seeking")
                {
                    set(
                        stance,
                        if group.negated.is_some() && harm {
                            Modality::Risk
                        } else {
                            Modality::Request
                        },
                    );
                } else if class & class::FEAR != 0
                    || matches!(
                        lower,
                        "threatened" | "threatens" | "threatening" | "threaten"
                    )
                {
                    set(stance, Modality::Risk);
                } else if matches!(lower, "obliged" | "obligated" | "required" | "bound") {
                    set(stance, Modality::Obligation);
                } else {
                    set(stance, Modality::Planned);
                    if class & class::PLAN == 0
                        && outer.modal.is_none()
                        && !neg_outer
                        && purpose_is_topic(trigger.event)
                    {
                        stance.topic = true;
                    }
                }
                if group.negated.is_some() && stance.modality.is_fact() {
                    deny(stance);
                }
                return;
            }
            // "would not hesitate to deport"
            Tag::Modal => break,
            Tag::Be if before + 1 == start => {
                // "are to be returned"
                set(stance, Modality::Planned);
                return;
            }
            Tag::Noun | Tag::Adverb => {
                let decided = match lower {
                    "plan" | "plans" | "intention" | "decision"
                        if before > 0 && parse.lower(before - 1) == "no" =>
                    {
                        deny(stance);
                        return;
                    }
                    "likely" | "unlikely" | "risk" | "danger" | "threat" => Some(Modality::Risk),
                    "obligation" | "obligations" | "duty" | "obliged" | "obligated"
                    | "responsibility" => Some(Modality::Obligation),
                    "due" | "set" | "ready" | "poised" | "scheduled" | "plan" | "plans"
                    | "decision" | "intention" | "effort" | "efforts" | "attempt" | "attempts"
                    | "preparations" => Some(Modality::Planned),
                    "call" | "calls" | "request" | "requests" | "appeal" => Some(Modality::Request),
                    "unable" | "failure" | "refusal" => {
                        deny(stance);
                        return;
                    }
                    "able" => Some(Modality::Happened),
                    _ => None,
                };
                if let Some(modality) =
                    decided.filter(|_| before + 2 >= start || parse.tag(before + 1) != Tag::Verb)
                {
                    set(stance, modality);
                    stance.governor = Some(before);
                    return;
                }
            }
            _ => {}
        }
        at = before;
    }
    set(stance, Modality::Planned);
}

fn of_verb_plain(parse: &Parse<'_, '_>, trigger: &Trigger, group: &Group, stance: &mut Stance) {
    // One step only: "was forced to", "may be forced to".
    let bare = Group {
        to: None,
        ..group.clone()
    };
    of_verb(parse, trigger, &bare, stance);
    if group.to.is_some() {
        set(stance, Modality::Planned);
    }
}

/// A gerund: what stands before it decides.
fn gerund(parse: &Parse<'_, '_>, trigger: &Trigger, group: &Group, stance: &mut Stance) {
    set(
        stance,
        if lasting(trigger.event) {
            Modality::Ongoing
        } else {
            Modality::Happened
        },
    );
    let Some(before) = group.start.checked_sub(1) else {
        return;
    };
    // "stop arresting refugees and repatriating them": what governs the first governs both.
    if matches!(parse.tag(before), Tag::Conjunction | Tag::Comma)
        && let Some(first) = joined_gerund(parse, group.start)
    {
        let outer = parse.group(first);
        gerund(parse, trigger, &outer, stance);
        return;
    }
    // "interrogated them, kicking those who …": as past as what it goes with.
    if parse.tag(before) == Tag::Comma
        && (before.saturating_sub(REACH)..before)
            .rev()
            .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That | Tag::Relative))
            .find(|&u| {
                matches!(parse.tag(u), Tag::Verb | Tag::Participle) && !parse.is_prenominal(u)
            })
            .is_some_and(|u| past(parse, u))
    {
        set(stance, Modality::Happened);
        return;
    }
    let from = group.start.saturating_sub(12);
    let governing = (from..group.start).rev().find(|&u| {
        matches!(parse.tag(u), Tag::Verb | Tag::Participle | Tag::Gerund) && !parse.is_prenominal(u)
    });
    let nouns = (group.start.saturating_sub(4)..group.start)
        .any(|u| DANGER.contains(&parse.lower(u)) || AFRAID.contains(&parse.lower(u)));
    match parse.lower(before) {
        "without" => deny(stance),
        _ if nouns => set(stance, Modality::Risk),
        "from" | "of" | "against" | "about" | "to" | "by" | "for" | "before" | "after" | "upon" => {
            if let Some(verb) = governing {
                let class = parse.class(verb);
                if class & class::AVERT != 0
                    || matches!(parse.lower(verb), "stopping" | "keep" | "kept")
                {
                    stance.governor = Some(verb);
                    let asked = asked(parse, verb);
                    set(
                        stance,
                        if asked {
                            Modality::Request
                        } else {
                            Modality::Risk
                        },
                    );
                } else if matches!(
                    parse.lower(verb),
                    "accused" | "accuses" | "accusing" | "suspected" | "charged" | "indicted"
                ) {
                    stance.governor = Some(verb);
                    set(stance, Modality::Unconfirmed);
                } else if matches!(parse.lower(before), "for" | "before")
                    && parse.group(verb).modal.is_some()
                {
                    set(stance, Modality::Risk);
                } else if matches!(parse.lower(before), "after" | "upon" | "by")
                    && unreal(parse, verb)
                {
                    set(stance, Modality::Hypothetical);
                }
            }
        }
        _ => {
            if let Some(verb) = governing
                && before == verb
            {
                let class = parse.class(verb);
                stance.governor = Some(verb);
                if class & (class::FEAR | class::UNDERGO) != 0 && !past(parse, verb) {
                    set(stance, Modality::Risk);
                } else if class & class::AVERT != 0 {
                    set(
                        stance,
                        if asked(parse, verb) {
                            Modality::Request
                        } else {
                            Modality::Risk
                        },
                    );
                } else if class & class::DENY != 0 {
                    deny(stance);
                } else if class & class::FEAR != 0 {
                    set(stance, Modality::Risk);
                } else if class & class::PLAN != 0 {
                    set(stance, Modality::Planned);
                }
            }
        }
    }
}

/// The gerund before `at` that a conjunction joins the one at `at` to.
fn joined_gerund(parse: &Parse<'_, '_>, at: usize) -> Option<usize> {
    (at.saturating_sub(REACH)..at.saturating_sub(1))
        .rev()
        .take_while(|&u| {
            !matches!(
                parse.tag(u),
                Tag::Stop
                    | Tag::That
                    | Tag::Relative
                    | Tag::Subordinator
                    | Tag::QuoteMark
                    | Tag::Be
                    | Tag::Verb
            )
        })
        .find(|&u| parse.tag(u) == Tag::Gerund && !parse.is_prenominal(u))
}

/// Whether the verb is itself in a clause that is not real (may, will, to, if).
fn unreal(parse: &Parse<'_, '_>, verb: usize) -> bool {
    let group = parse.group(verb);
    group.modal.is_some()
        || (parse.class(verb) & class::UNDERGO != 0
            && !past(parse, verb)
            && matches!(parse.lower(verb), "face" | "faces" | "facing"))
        || condition(parse, verb).is_some()
}

fn past(parse: &Parse<'_, '_>, verb: usize) -> bool {
    let group = parse.group(verb);
    if group.modal.is_some() || group.to.is_some() {
        return false;
    }
    match group.be {
        Some(be) if group.voice == Voice::Passive || parse.tag(verb) == Tag::Gerund => {
            group.have || matches!(parse.lower(be), "was" | "were" | "been")
        }
        _ => group.have || parse.forms(verb) & form::PAST != 0,
    }
}

/// Whether somebody asks for what `verb` says ("called on China to stop repatriating").
fn asked(parse: &Parse<'_, '_>, verb: usize) -> bool {
    let group = parse.group(verb);
    if group
        .modal
        .is_some_and(|m| matches!(parse.lower(m), "must" | "should"))
    {
        return true;
    }
    if group.to.is_none() && group.start == verb && verb == 0 {
        return true;
    }
    let from = group.start.saturating_sub(25);
    group.to.is_some()
        && (from..group.start).rev().any(|u| {
            parse.class(u) & class::ASK != 0
                && matches!(
                    parse.tag(u),
                    Tag::Verb | Tag::Participle | Tag::Gerund | Tag::Noun
                )
        })
}

fn of_noun(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &mut Stance) {
    let start = trigger.units.start;
    set(stance, Modality::Happened);
    let from = start.saturating_sub(REACH);
    let mut at = start;
    let mut listed = false;
    let mut topic_preposition = false;
    let mut crossed_preposition = false;
    // "the alleged killing of 13 fishermen"
    if start.checked_sub(1).is_some_and(|b| {
        matches!(
            parse.lower(b),
            "alleged" | "purported" | "suspected" | "rumored" | "rumoured"
        )
    }) {
        set(stance, Modality::Unconfirmed);
        return;
    }
    while let Some(before) = at.checked_sub(1).filter(|b| *b >= from) {
        let lower = parse.lower(before);
        match parse.tag(before) {
            Tag::Stop | Tag::QuoteMark | Tag::Subordinator | Tag::That | Tag::Relative => {
                if parse.tag(before) == Tag::Relative || parse.tag(before) == Tag::That {
                    break;
                }
                break;
            }
            Tag::Determiner if !listed && matches!(lower, "any") => {
                // "never any torture", "no knowledge of any arrest"
                if (before.saturating_sub(6)..before)
                    .any(|u| matches!(parse.lower(u), "never" | "not" | "no"))
                {
                    deny(stance);
                    return;
                }
                stance.topic = true;
            }
            // "to sanction the officials responsible for last week's deportations": a dated or
            // counted act is taken for a fact by whatever is asked about it.
            Tag::Noun
                if lower == "responsible"
                    && parse.lower(before + 1) == "for"
                    && (before + 2..trigger.units.end + 6)
                        .any(|u| matches!(parse.tag(u), Tag::Date | Tag::Number)) =>
            {
                stance.factive = true;
                return;
            }
            // "free of forced labor", "free from torture"
            Tag::Preposition | Tag::Other | Tag::Noun | Tag::Adverb
                if lower == "free" && matches!(parse.lower(before + 1), "of" | "from") =>
            {
                deny(stance);
                return;
            }
            Tag::Noun
                if matches!(
                    lower,
                    "indication"
                        | "indications"
                        | "evidence"
                        | "sign"
                        | "signs"
                        | "proof"
                        | "trace"
                ) && parse.lower(before + 1) == "of"
                    && matches!(parse.lower(before.wrapping_sub(1)), "no" | "any") =>
            {
                deny(stance);
                return;
            }
            Tag::Noun
                if matches!(
                    lower,
                    "suggestion" | "accusation" | "accusations" | "charge"
                ) && parse.lower(before + 1) == "of" =>
            {
                set(stance, Modality::Unconfirmed);
                let denied =
                    (before.saturating_sub(8)..before).any(|u| parse.class(u) & class::DENY != 0);
                if denied {
                    deny(stance);
                }
                return;
            }
            Tag::Determiner if !listed && lower == "no" => {
                deny(stance);
                return;
            }
            Tag::Preposition if matches!(lower, "without") => {
                deny(stance);
                return;
            }
            Tag::Preposition if matches!(lower, "on" | "about" | "regarding" | "concerning") => {
                topic_preposition |= !crossed_preposition;
                crossed_preposition = true;
            }
            Tag::Preposition if lower == "against" => {
                topic_preposition |= !crossed_preposition;
                crossed_preposition = true;
            }
            Tag::Preposition if lower == "of" && !crossed_preposition => {
                crossed_preposition = true;
                if before > 0 && parse.lower(before - 1) == "free" {
                    deny(stance);
                    return;
                }
            }
            // "despite sanctions": they are there.
            Tag::Preposition if lower == "despite" && !crossed_preposition => {
                stance.factive = true;
                return;
            }
            Tag::Preposition if lower == "despite" => {}
            Tag::Comma | Tag::Conjunction => listed = true,
            Tag::Noun
            | Tag::Adverb
            | Tag::Possessive
            | Tag::Name
            | Tag::Nationality
            | Tag::Determiner
            | Tag::Number
            | Tag::Preposition
            | Tag::To
            | Tag::Date
            | Tag::Open
            | Tag::Close
            | Tag::Pronoun
            | Tag::Other
            | Tag::Not => {
                if parse.tag(before) == Tag::Noun || parse.tag(before) == Tag::Adverb {
                    if DANGER.contains(&lower)
                        && matches!(
                            parse.lower(before + 1),
                            "of" | "from" | "for" | "about" | "over"
                        )
                    {
                        stance.governor = Some(before);
                        set(stance, Modality::Risk);
                        return;
                    }
                    if matches!(
                        lower,
                        "allegation"
                            | "allegations"
                            | "accusation"
                            | "accusations"
                            | "claim"
                            | "claims"
                            | "rumor"
                            | "rumors"
                            | "rumour"
                            | "rumours"
                            | "suspicion"
                            | "suspicions"
                            | "suggestion"
                            | "charges"
                    ) && matches!(parse.lower(before + 1), "of" | "that")
                        || lower == "alleged" && !listed
                    {
                        stance.governor = Some(before);
                        set(stance, Modality::Unconfirmed);
                        return;
                    }
                    if matches!(
                        lower,
                        "evidence"
                            | "indication"
                            | "indications"
                            | "sign"
                            | "signs"
                            | "proof"
                            | "trace"
                            | "record"
                    ) && parse.lower(before + 1) == "of"
                        && before > 0
                        && matches!(parse.lower(before - 1), "no" | "any" | "little")
                    {
                        deny(stance);
                        return;
                    }
                    if COMING.contains(&lower) && !listed {
                        set(stance, Modality::Risk);
                        return;
                    }
                    if lower == "vulnerable" || lower == "subject" || lower == "susceptible" {
                        let present = (before.saturating_sub(3)..before)
                            .any(|u| matches!(parse.lower(u), "was" | "were" | "been"));
                        stance.governor = Some(before);
                        if lower == "subject" {
                            // What people are subject to befalls them; where they are subject to
                            // arrest or return it may.
                            let mild = !matches!(
                                trigger.event,
                                Event::Arrest
                                    | Event::Detention
                                    | Event::Repatriation
                                    | Event::Deportation
                                    | Event::Execution
                            );
                            let to_come = (before.saturating_sub(4)..before)
                                .any(|u| parse.tag(u) == Tag::Modal);
                            set(
                                stance,
                                if to_come {
                                    Modality::Planned
                                } else if present {
                                    Modality::Happened
                                } else if mild {
                                    Modality::General
                                } else {
                                    Modality::Risk
                                },
                            );
                            return;
                        }
                        set(
                            stance,
                            if lower == "vulnerable" {
                                Modality::Risk
                            } else if present {
                                Modality::Happened
                            } else {
                                Modality::Risk
                            },
                        );
                        return;
                    }
                    if matches!(
                        lower,
                        "call" | "calls" | "demand" | "demands" | "appeal" | "end" | "halt"
                    ) && matches!(parse.lower(before + 1), "for" | "to")
                    {
                        stance.governor = Some(before);
                        set(stance, Modality::Request);
                        return;
                    }
                    if matches!(
                        lower,
                        "prohibition" | "protection" | "convention" | "ban" | "freedom"
                    ) && matches!(parse.lower(before + 1), "against" | "of" | "on" | "from")
                    {
                        set(stance, Modality::Obligation);
                        stance.topic = trigger.event != Event::Repatriation;
                        return;
                    }
                }
            }
            Tag::Verb | Tag::Participle | Tag::Gerund if parse.is_prenominal(before) => {
                if COMING.contains(&lower) {
                    set(stance, Modality::Risk);
                    return;
                }
                if lower == "alleged" {
                    set(stance, Modality::Unconfirmed);
                    return;
                }
            }
            Tag::Gerund if before + 1 == start || parse.tag(before + 1) == Tag::Determiner => {
                stance.governor = Some(before);
                governed(parse, trigger, before, topic_preposition, stance);
                return;
            }
            Tag::Verb | Tag::Participle | Tag::Gerund => {
                stance.governor = Some(before);
                governed(parse, trigger, before, topic_preposition, stance);
                return;
            }
            // "this would be the largest forced return"
            Tag::Be | Tag::Have
                if (before.saturating_sub(3)..before).any(|u| parse.tag(u) == Tag::Modal) =>
            {
                let would =
                    (before.saturating_sub(3)..before).any(|u| matches!(parse.lower(u), "would"));
                set(
                    stance,
                    if would {
                        Modality::Hypothetical
                    } else {
                        Modality::Risk
                    },
                );
                return;
            }
            Tag::Be | Tag::Have | Tag::Modal | Tag::Do => {
                // "there is torture", "torture is …" is handled below; a modal here governs.
                if parse.tag(before) == Tag::Modal {
                    set(stance, Modality::Risk);
                } else if matches!(lower, "is" | "are") {
                    set(stance, Modality::Ongoing);
                }
                return;
            }
        }
        at = before;
    }
    if topic_preposition {
        stance.topic = true;
    }
    // Nothing governs it from the left: the verb to its right tells the time.
    if (trigger.units.end..(trigger.units.end + 6).min(parse.units.len()))
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Comma))
        .any(|u| {
            matches!(
                parse.lower(u),
                "suspended"
                    | "postponed"
                    | "delayed"
                    | "averted"
                    | "cancelled"
                    | "canceled"
                    | "stayed"
                    | "looms"
                    | "loom"
            )
        })
    {
        set(stance, Modality::Risk);
        return;
    }
    // "After his detention he could not …": the verb of another subject.
    let ahead = (trigger.units.end..(trigger.units.end + 16).min(parse.units.len()))
        .take_while(|&u| {
            !matches!(parse.lower(u), "he" | "she" | "they" | "we" | "i")
                || parse.tag(u) != Tag::Pronoun
        })
        .find(|&u| {
            matches!(
                parse.tag(u),
                Tag::Be
                    | Tag::Have
                    | Tag::Modal
                    | Tag::Verb
                    | Tag::Participle
                    | Tag::Stop
                    | Tag::Subordinator
            ) && !parse.is_prenominal(u)
        });
    match ahead.map(|u| (parse.tag(u), parse.lower(u))) {
        Some((Tag::Modal, "may" | "might" | "could" | "can")) => set(stance, Modality::Risk),
        Some((Tag::Modal, "must" | "should" | "shall")) => set(stance, Modality::Obligation),
        Some((Tag::Modal, _)) => set(stance, Modality::Planned),
        Some((Tag::Be, "is" | "are")) => {
            let future = ahead.is_some_and(|u| {
                matches!(
                    parse.lower(u + 1),
                    "imminent"
                        | "likely"
                        | "possible"
                        | "inevitable"
                        | "expected"
                        | "prohibited"
                        | "scheduled"
                        | "planned"
                )
            });
            set(
                stance,
                if future {
                    Modality::Risk
                } else {
                    Modality::Ongoing
                },
            );
        }
        _ => {}
    }
}

/// A noun governed by a verb: "may face torture", "to end forced labor", "experienced rape".
fn governed(
    parse: &Parse<'_, '_>,
    trigger: &Trigger,
    verb: usize,
    topic_preposition: bool,
    stance: &mut Stance,
) {
    let lower = parse.lower(verb);
    let class = parse.class(verb);
    let group = parse.group(verb);
    let harm = is_harm(trigger.event);
    if topic_preposition && class & class::UNDERGO == 0 {
        // "testified on torture", "called for a hearing on": the topic is named, not asserted.
        stance.topic = !matches!(lower, "reported" | "informed");
    }
    if matches!(
        lower,
        "accused" | "charged" | "suspected" | "indicted" | "accuses" | "accusing"
    ) {
        set(stance, Modality::Unconfirmed);
        return;
    }
    if group.be.is_some_and(|b| parse.lower(b) == "being")
        && (group.start.saturating_sub(3)..group.start).any(|u| DANGER.contains(&parse.lower(u)))
    {
        set(stance, Modality::Risk);
        return;
    }
    if lower == "ruled" && group.negated.is_some() {
        set(stance, Modality::Risk);
        return;
    }
    // "No reason has been given for the expulsion": it is taken for granted.
    let presupposed = trigger.units.start.checked_sub(2).is_some_and(|b| {
        parse.tag(b) == Tag::Preposition
            && parse.lower(b) == "for"
            && matches!(
                parse.lower(b + 1),
                "the" | "his" | "her" | "their" | "its" | "this"
            )
    });
    if matches!(group.voice, Voice::Passive | Voice::Active)
        && parse
            .subject(group.start)
            .is_some_and(|s| matches!(parse.lower(s.units.start), "no" | "none" | "nobody"))
        && !presupposed
        // "Nobody was told of their repatriation": it is taken for granted.
        && !(class & class::SPEECH != 0
            && trigger
                .units
                .start
                .checked_sub(1)
                .is_some_and(|b| parse.tag(b) == Tag::Possessive))
    {
        deny(stance);
        return;
    }
    if class & class::DENY != 0 && !matches!(lower, "rejected" | "reject" | "rejects") {
        deny(stance);
        return;
    }
    if matches!(lower, "awaiting" | "await" | "awaits" | "awaited") {
        set(stance, Modality::Risk);
        return;
    }
    if matches!(
        lower,
        "prohibits" | "prohibit" | "prohibited" | "prohibiting" | "bans" | "forbids" | "outlaws"
    ) {
        set(stance, Modality::Obligation);
        return;
    }
    if class & class::AVERT != 0 {
        if asked(parse, verb)
            || group
                .modal
                .is_some_and(|m| matches!(parse.lower(m), "must" | "should"))
        {
            set(stance, Modality::Request);
        } else if matches!(
            trigger.event,
            Event::ForcedLabour | Event::Trafficking | Event::Abuse
        ) {
            set(stance, Modality::General);
            stance.topic |= group.to.is_some();
        } else {
            set(stance, Modality::Risk);
        }
        return;
    }
    if class & class::FEAR != 0 {
        set(stance, Modality::Risk);
        return;
    }
    // "pleaded guilty in connection with prisoner abuse"
    if lower.starts_with("plead") && parse.lower(verb + 1) == "guilty" {
        set(stance, Modality::Happened);
        return;
    }
    // "gathered to mourn the killing of", "to protest the arrests": it took place.
    if group.to.is_some()
        && matches!(
            lower,
            "mourn" | "condemn" | "denounce" | "protest" | "commemorate" | "lament" | "deplore"
        )
        && group.modal.is_none()
    {
        set(stance, Modality::Happened);
        return;
    }
    if class & class::ASK != 0 && (lower != "recommended" || trigger.event == Event::Release) {
        set(stance, Modality::Request);
        return;
    }
    if let Some(modal) = group.modal {
        set(
            stance,
            match parse.lower(modal) {
                "must" | "should" | "shall" => Modality::Obligation,
                "would" if group.have => Modality::Hypothetical,
                "may" | "might" | "could" if group.have => Modality::Unconfirmed,
                _ if harm => Modality::Risk,
                "may" | "might" | "could" | "can" => Modality::Risk,
                _ => Modality::Planned,
            },
        );
        return;
    }
    let nobody = !presupposed
        && parse.subject(group.start).is_some_and(|subject| {
            matches!(
                parse.lower(subject.units.start),
                "no" | "none" | "nobody" | "neither"
            )
        });
    // Sanctions that were not lifted are in force.
    if group.negated.is_some() && matches!(lower, "lift" | "lifted" | "ease" | "eased" | "waive") {
        set(stance, Modality::Ongoing);
        return;
    }
    if group.negated.is_some() || nobody {
        deny(stance);
        return;
    }
    if matches!(
        lower,
        "face" | "faces" | "facing" | "risk" | "risking" | "threatens" | "threatening"
    ) && class & (class::UNDERGO | class::FEAR | class::PLAN) != 0
    {
        set(stance, Modality::Risk);
        return;
    }
    if lower == "faced" && trigger.event == Event::Execution {
        set(stance, Modality::Risk);
        return;
    }
    if group.to.is_some() {
        let inner = Trigger {
            group: Some(group.clone()),
            ..trigger.clone()
        };
        infinitive(parse, &inner, &group, stance);
        return;
    }
    if past(parse, verb) || matches!(group.voice, Voice::Reduced | Voice::Before) {
        set(stance, Modality::Happened);
    } else if group.voice == Voice::Passive {
        set(
            stance,
            if lasting(trigger.event) {
                Modality::Ongoing
            } else {
                Modality::General
            },
        );
    } else if parse.tag(verb) == Tag::Gerund {
        set(
            stance,
            if lasting(trigger.event) {
                Modality::Ongoing
            } else {
                Modality::Happened
            },
        );
    } else if parse.forms(verb) & (form::BASE | form::THIRD) != 0 {
        set(
            stance,
            if lasting(trigger.event) {
                Modality::Ongoing
            } else {
                Modality::General
            },
        );
    }
}

/// The subordinator that makes the trigger's clause a condition, if one does.
fn condition(parse: &Parse<'_, '_>, at: usize) -> Option<usize> {
    let from = at.saturating_sub(25);
    let mut crossed_verb = false;
    let mut crossed_comma = false;
    for before in (from..at).rev() {
        match parse.tag(before) {
            Tag::Stop | Tag::That | Tag::Relative | Tag::QuoteMark => return None,
            Tag::Comma => crossed_comma = true,
            Tag::Verb | Tag::Be | Tag::Modal if crossed_comma => crossed_verb = true,
            Tag::Subordinator => {
                let lower = parse.lower(before);
                // "at once", "at least once" say how soon or how often, not under which condition.
                let adverb = lower == "once"
                    && (matches!(
                        parse.lower(before.wrapping_sub(1)),
                        "at" | "least" | "than" | "only" | "more" | "not" | "and"
                    ) || matches!(parse.tag(before + 1), Tag::Comma | Tag::Stop));
                if adverb {
                    continue;
                }
                if matches!(lower, "if" | "unless" | "once" | "whether" | "lest")
                    && !(crossed_verb && crossed_comma)
                {
                    return Some(before);
                }
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Whether an "if" asks rather than supposes ("unsure if", "did not say if").
fn asks(parse: &Parse<'_, '_>, condition: usize) -> bool {
    parse.lower(condition) == "whether"
        || parse.lower(condition) == "if"
            && condition.checked_sub(1).is_some_and(|b| {
                parse.class(b) & (class::SPEECH | class::ASK) != 0 && parse.tag(b) != Tag::Noun
                    || matches!(
                        parse.lower(b),
                        "unsure" | "unclear" | "sure" | "certain" | "wonder" | "wondered" | "see"
                    )
            })
}

/// "Were they to be returned", "Had he stayed", "Should she be sent back": a condition without "if".
fn inverted(parse: &Parse<'_, '_>, at: usize) -> bool {
    (0..at).rev().take(14).any(|u| {
        let opens = u == 0
            || matches!(parse.tag(u - 1), Tag::Comma | Tag::QuoteMark | Tag::Stop)
            || matches!(parse.lower(u - 1), "even");
        opens
            && matches!(parse.lower(u), "were" | "had" | "should")
            && matches!(
                parse.tag(u + 1),
                Tag::Pronoun | Tag::Determiner | Tag::Name | Tag::Nationality | Tag::Possessive
            )
            && !(u + 1..at).any(|c| parse.tag(c) == Tag::Comma)
            && parse
                .units
                .last()
                .is_none_or(|last| parse.text.word(last.tokens.end - 1) != "?")
    })
}

/// What the clause around the trigger does to a modality that its own words left a fact.
fn clause(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &mut Stance) {
    let at = trigger
        .group
        .as_ref()
        .map_or(trigger.units.start, |g| g.start);
    if let Some(condition) = condition(parse, at)
        && trigger
            .group
            .as_ref()
            .is_none_or(|g| g.voice != Voice::Before)
    {
        stance.polarity = Polarity::Positive;
        set(
            stance,
            if asks(parse, condition) && trigger.group.as_ref().is_none_or(|g| g.modal.is_none()) {
                Modality::Unconfirmed
            } else {
                Modality::Hypothetical
            },
        );
        return;
    }
    if inverted(parse, at) {
        stance.polarity = Polarity::Positive;
        set(stance, Modality::Hypothetical);
        return;
    }
    // "no one may be returned": nobody is allowed to.
    if trigger
        .group
        .as_ref()
        .is_some_and(|g| g.modal.is_some_and(|m| parse.lower(m) == "may"))
        && passive_or_active_subject(trigger)
            .is_some_and(|s| matches!(parse.lower(s.units.start), "no" | "nobody" | "none"))
    {
        set(stance, Modality::Obligation);
        return;
    }
    // "fear that hundreds more will be deported"
    // "demanded that all prisoners be freed"
    if stance.modality == Modality::Planned
        && trigger
            .group
            .as_ref()
            .is_some_and(|g| g.be.is_some_and(|b| parse.lower(b) == "be") && g.modal.is_none())
        && (at.saturating_sub(12)..at)
            .any(|u| parse.tag(u) == Tag::That && u > 0 && parse.class(u - 1) & class::ASK != 0)
    {
        set(stance, Modality::Request);
        return;
    }
    if stance.modality == Modality::Planned && is_harm(trigger.event) && feared(parse, at) {
        set(stance, Modality::Risk);
        return;
    }
    if !stance.modality.is_fact() {
        return;
    }
    // "Reports that he was executed could not be verified", "an unconfirmed report".
    let doubted =
        (0..at).any(|u| {
            matches!(
                parse.lower(u),
                "unconfirmed" | "unverified" | "rumours" | "rumors"
            )
        }) || (trigger.units.end..(trigger.units.end + 20).min(parse.units.len())).any(|u| {
            matches!(parse.lower(u), "verified" | "confirmed" | "substantiated")
                && parse.group(u).negated.is_some()
        });
    if doubted {
        set(stance, Modality::Unconfirmed);
        return;
    }
    // "It was only a matter of time before she was arrested."
    if (at.saturating_sub(8)..at)
        .any(|u| parse.lower(u) == "time" && parse.lower(u + 1) == "before")
        && (at.saturating_sub(11)..at).any(|u| parse.lower(u) == "matter")
    {
        set(stance, Modality::Risk);
        return;
    }
    // "when they are returned", "after being repatriated" under "may face": not yet so.
    if let Some(time) = (at.saturating_sub(12)..at)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::That))
        .find(|&u| {
            matches!(
                parse.lower(u),
                "when" | "after" | "upon" | "before" | "until" | "following"
            )
        })
        && stance.governor.is_none_or(|g| g < time)
        && (at - time) < 8
    {
        let main = parse.units.iter().enumerate().any(|(u, unit)| {
            (unit.tag == Tag::Modal
                && matches!(parse.lower(u), "may" | "might" | "could" | "will" | "would"))
                || (matches!(parse.lower(u), "face" | "faces" | "facing")
                    && matches!(unit.tag, Tag::Verb | Tag::Gerund))
        });
        let own_past = trigger.group.as_ref().is_some_and(|g| {
            parse.forms(g.verb) & form::PAST != 0 && g.voice == Voice::Active
                || g.be
                    .is_some_and(|b| matches!(parse.lower(b), "was" | "were"))
        });
        if main && !own_past {
            set(stance, Modality::Hypothetical);
            return;
        }
    }
    // "It is alleged that", "it has been rumored that": no fact yet.
    if guessed(parse, trigger, at) {
        set(stance, Modality::Unconfirmed);
        return;
    }
    if trigger.group.as_ref().is_some_and(|g| {
        (g.start..g.verb + 3).any(|u| {
            matches!(
                parse.lower(u),
                "allegedly" | "probably" | "possibly" | "presumably" | "supposedly"
            )
        })
    }) || at > 0 && parse.lower(at - 1) == "allegedly"
    {
        set(stance, Modality::Unconfirmed);
        return;
    }
    if (at.saturating_sub(12)..at)
        .any(|u| matches!(parse.lower(u), "unaware") && parse.lower(u + 1) == "of")
    {
        set(stance, Modality::Unconfirmed);
        return;
    }
    // Who denies, doubts, fears or asks that it is so.
    let mut u = at;
    let from = at.saturating_sub(REACH);
    let mut crossed = 0;
    while let Some(before) = u.checked_sub(1).filter(|b| *b >= from) {
        match parse.tag(before) {
            Tag::Stop => break,
            // "denies that they fled but repatriated them", "warned that they may be tortured, and
            // called on": a verb of its own, outside what was denied or feared.
            Tag::Conjunction if before + 1 == at && apart(parse, trigger, before) => break,
            Tag::Comma => crossed += 1,
            Tag::Relative => break,
            Tag::Verb | Tag::Participle | Tag::Gerund | Tag::Noun | Tag::Adverb => {
                let class = parse.class(before);
                let lower = parse.lower(before);
                let verbal = !matches!(parse.tag(before), Tag::Noun | Tag::Adverb);
                if verbal && matches!(lower, "criminalizes" | "criminalises" | "criminalized") {
                    stance.topic = true;
                    return;
                }
                // A law that forbids something tells of nobody to whom it happened.
                if verbal
                    && matches!(
                        lower,
                        "prohibits" | "prohibit" | "bans" | "forbids" | "outlaws" | "bars"
                    )
                {
                    set(stance, Modality::Obligation);
                    return;
                }
                let complement = parse.tag(before + 1) == Tag::That
                    || (verbal && class & class::SPEECH != 0 && crossed == 0);
                // "did not deny that": conceded.
                if verbal && class & class::DENY != 0 && parse.group(before).negated.is_some() {
                    let nor = (before.saturating_sub(5)..before)
                        .any(|u| matches!(parse.lower(u), "confirm" | "nor"));
                    if nor {
                        set(stance, Modality::Unconfirmed);
                    }
                    return;
                }
                if (verbal
                    && class & class::DENY != 0
                    && (complement || before + 1 == at || crossed == 0))
                    || (matches!(lower, "denial" | "denials" | "denying") && crossed == 0)
                {
                    if matches!(
                        lower,
                        "denied" | "deny" | "denies" | "denying" | "denial" | "denials"
                    ) || complement
                    {
                        stance.governor = Some(before);
                        deny(stance);
                        if matches!(lower, "disputed" | "disputes" | "dispute" | "disputing") {
                            stance.modality = Modality::Disputed;
                            stance.polarity = Polarity::Positive;
                        }
                        return;
                    }
                }
                // "it is alleged that", "are believed to": told, not vouched for.
                if verbal
                    && matches!(
                        lower,
                        "alleged" | "rumored" | "rumoured" | "claimed" | "believed" | "thought"
                    )
                    && parse.tag(before + 1) == Tag::That
                    && parse.group(before).voice == Voice::Passive
                {
                    set(stance, Modality::Unconfirmed);
                    return;
                }
                if verbal && class & class::SPEECH != 0 && (complement || crossed == 0) {
                    let group = parse.group(before);
                    let doubted = group.negated.is_some()
                        || (group.to.is_some()
                            && matches!(
                                parse.lower(group.start.wrapping_sub(1)),
                                "unable" | "impossible"
                            ))
                        || (group.to.is_some()
                            && (group.start.saturating_sub(3)..group.start).any(|b| {
                                matches!(parse.lower(b), "unable" | "impossible" | "failed")
                            }));
                    if doubted
                        && matches!(
                            lower,
                            "confirm"
                                | "verify"
                                | "determine"
                                | "establish"
                                | "confirmed"
                                | "verified"
                                | "determined"
                                | "established"
                                | "say"
                                | "know"
                                | "disclose"
                        )
                    {
                        stance.governor = Some(before);
                        set(stance, Modality::Unconfirmed);
                        return;
                    }
                    if complement {
                        break;
                    }
                }
                // "no evidence that", "no evidence has emerged that"
                if matches!(
                    lower,
                    "evidence" | "indication" | "indications" | "proof" | "sign" | "signs"
                ) && (before + 1..(before + 7).min(at)).any(|u| parse.tag(u) == Tag::That)
                    && (before.saturating_sub(3)..before)
                        .any(|u| matches!(parse.lower(u), "no" | "any" | "little" | "without"))
                {
                    stance.governor = Some(before);
                    deny(stance);
                    return;
                }
                if verbal && class & class::ASK != 0 && complement {
                    set(stance, Modality::Request);
                    return;
                }
                if (class & class::FEAR != 0
                    || matches!(
                        lower,
                        "fears" | "fear" | "worried" | "possibility" | "risk" | "danger"
                    )
                    || AFRAID.contains(&lower))
                    && (parse.tag(before + 1) == Tag::That
                        || (before + 1 < at && parse.tag(before + 1) == Tag::That))
                {
                    stance.governor = Some(before);
                    set(stance, Modality::Risk);
                    return;
                }
            }
            _ => {}
        }
        u = before;
    }
}

/// Whether somebody fears what begins with "that" before `at`.
fn feared(parse: &Parse<'_, '_>, at: usize) -> bool {
    (at.saturating_sub(12)..at)
        .rev()
        .take_while(|&u| !matches!(parse.tag(u), Tag::Stop | Tag::Relative))
        .find(|&u| parse.tag(u) == Tag::That)
        .and_then(|that| that.checked_sub(1))
        .is_some_and(|u| {
            parse.class(u) & class::FEAR != 0
                || AFRAID.contains(&parse.lower(u))
                || DANGER.contains(&parse.lower(u))
        })
}

/// Whether the conjunction joins the trigger's finite verb to the sentence's first verb rather than
/// to the one that stands nearest.
fn apart(parse: &Parse<'_, '_>, trigger: &Trigger, conjunction: usize) -> bool {
    let finite = trigger
        .group
        .as_ref()
        .is_some_and(|g| g.voice == Voice::Active && parse.forms(g.verb) & form::PAST != 0);
    let asking = trigger.event == Event::Request
        && conjunction
            .checked_sub(1)
            .is_some_and(|b| parse.tag(b) == Tag::Comma);
    finite && (parse.lower(conjunction) == "but" || asking)
}

/// Whether the clause is a guess or a bare allegation: its own adverb says so, or the words that
/// lead to it.
fn guessed(parse: &Parse<'_, '_>, trigger: &Trigger, at: usize) -> bool {
    let end = trigger.group.as_ref().map_or(at, |g| g.verb);
    if (at.saturating_sub(1)..end).any(|u| {
        matches!(
            parse.lower(u),
            "probably" | "possibly" | "perhaps" | "presumably" | "supposedly" | "purportedly"
        )
    }) {
        return true;
    }
    let from = at.saturating_sub(REACH);
    for before in (from..at).rev() {
        match parse.tag(before) {
            Tag::Stop | Tag::QuoteMark | Tag::Relative => return false,
            Tag::That => {
                let led = (before.saturating_sub(4)..before).any(|u| {
                    matches!(
                        parse.lower(u),
                        "alleged"
                            | "alleges"
                            | "allegation"
                            | "allegations"
                            | "rumor"
                            | "rumors"
                            | "rumour"
                            | "rumours"
                            | "rumored"
                            | "rumoured"
                            | "suspicion"
                            | "suspicions"
                            | "suspected"
                            | "possible"
                    ) || parse.tag(u) == Tag::Noun
                        && matches!(
                            parse.lower(u),
                            "claim"
                                | "claims"
                                | "charge"
                                | "charges"
                                | "accusation"
                                | "accusations"
                                | "theory"
                                | "insinuation"
                        )
                });
                if led {
                    return true;
                }
            }
            _ if matches!(parse.lower(before), "unaware") => return true,
            _ if parse.lower(before) == "aware"
                && (before.saturating_sub(3)..before)
                    .any(|u| matches!(parse.tag(u), Tag::Not) || parse.lower(u) == "not") =>
            {
                return true;
            }
            _ if parse.lower(before) == "alleged" && parse.tag(before + 1) == Tag::To => {
                return true;
            }
            _ => {}
        }
    }
    false
}

fn hedges(parse: &Parse<'_, '_>, trigger: &Trigger, stance: &mut Stance) {
    let start = trigger
        .group
        .as_ref()
        .map_or(trigger.units.start, |g| g.start);
    let mut u = start;
    let from = start.saturating_sub(14);
    let mut found = Vec::new();
    while let Some(before) = u.checked_sub(1).filter(|b| *b >= from) {
        let lower = parse.lower(before);
        if matches!(
            parse.tag(before),
            Tag::Stop | Tag::Relative | Tag::That | Tag::Subordinator
        ) {
            break;
        }
        if parse.tag(before) == Tag::Comma && trigger.part != Part::Noun && start - before > 2 {
            break;
        }
        if HEDGES.contains(&lower) && !(lower == "could" && parse.tag(before + 1) == Tag::Not) {
            found.push(parse.bytes(before..before + 1));
        }
        u = before;
    }
    // In a list of nouns only what governs the list weakens it.
    if trigger.part == Part::Noun
        && let Some(border) = (from..start)
            .rev()
            .find(|&b| parse.tag(b) == Tag::Comma && !list_comma(parse, b))
    {
        let border = parse.bytes(border..border + 1).start;
        found.retain(|r: &Range<u32>| r.start > border);
    }
    for u in start..(trigger.units.end + 3).min(parse.units.len()) {
        if HEDGES.contains(&parse.lower(u))
            && (u < trigger.units.end || parse.tag(u) == Tag::Adverb)
        {
            found.push(parse.bytes(u..u + 1));
        }
        if parse.tag(u) == Tag::Stop {
            break;
        }
    }
    let sentence = parse.bytes(0..parse.units.len());
    let lower = parse
        .text
        .lower
        .get(sentence.start as usize..sentence.end as usize)
        .unwrap_or("");
    let trigger_at = (parse.bytes(trigger.units.clone()).start - sentence.start) as usize;
    for phrase in [
        "in some cases",
        "growing concern",
        "is believed to",
        "are believed to",
        "was believed to",
        "were believed to",
        "believed to",
        "said to",
        "thought to",
        "feared",
        "it is unclear",
        "rumored",
        "rumoured",
        "suspected of",
        "in some instances",
    ] {
        for (at, _) in lower.match_indices(phrase) {
            let near =
                trigger_at.abs_diff(at) < 60 || (phrase == "growing concern" && at < trigger_at);
            if near && at <= trigger_at {
                let (Ok(at), Ok(len)) = (u32::try_from(at), u32::try_from(phrase.len())) else {
                    continue;
                };
                found.push(sentence.start + at..sentence.start + at + len);
            }
        }
    }
    // A number's own bound is added by whoever attaches the figure.
    found.sort_by_key(|r| r.start);
    found.dedup();
    stance.hedges = found;
}

/// Whether a comma parts the items of a list rather than two clauses.
fn list_comma(parse: &Parse<'_, '_>, comma: usize) -> bool {
    let next = if parse.tag(comma + 1) == Tag::Conjunction {
        comma + 2
    } else {
        comma + 1
    };
    comma > 0
        && matches!(parse.tag(comma - 1), Tag::Noun | Tag::Gerund)
        && matches!(
            parse.tag(next),
            Tag::Noun | Tag::Gerund | Tag::Preposition | Tag::Participle
        )
        && !matches!(
            parse.lower(next),
            "despite" | "including" | "with" | "without"
        )
}

/// A short line that ends without a stop and holds no verb.
fn is_title(parse: &Parse<'_, '_>) -> bool {
    is_heading(parse)
        && !parse.units.iter().enumerate().any(|(u, unit)| {
            matches!(unit.tag, Tag::Verb | Tag::Do)
                || unit.tag == Tag::Participle
                    && !parse.is_prenominal(u)
                    && !matches!(parse.lower(u), "forced" | "enforced")
                || matches!(parse.lower(u), "hearing" | "letter")
        })
}

fn is_heading(parse: &Parse<'_, '_>) -> bool {
    !parse
        .units
        .iter()
        .any(|u| matches!(u.tag, Tag::Be | Tag::Have | Tag::Modal))
        && parse.units.len() < 20
        && parse
            .units
            .last()
            .is_some_and(|u| parse.text.word(u.tokens.end - 1) != ".")
}

/// Events whose present tense says that they go on.
pub(crate) fn lasting(event: Event) -> bool {
    matches!(
        event,
        Event::Detention
            | Event::Residence
            | Event::ForcedLabour
            | Event::Ownership
            | Event::Office
            | Event::Membership
            | Event::Association
            | Event::Vulnerability
            | Event::Employment
            | Event::Import
            | Event::Export
            | Event::Trafficking
            | Event::Abuse
    )
}

/// Events that people fear rather than plan.
pub(crate) fn is_harm(event: Event) -> bool {
    matches!(
        event,
        Event::Repatriation
            | Event::Detention
            | Event::Arrest
            | Event::ForcedLabour
            | Event::Torture
            | Event::SexualViolence
            | Event::ForcedAbortion
            | Event::Execution
            | Event::Trafficking
            | Event::Deportation
            | Event::Abuse
            | Event::ForcedTransfer
            | Event::CrimeAgainstHumanity
            | Event::DenialOfStatus
            | Event::Threat
    )
}

/// Events that stand in an infinitive of purpose as a topic rather than a plan ("steps to combat").
fn purpose_is_topic(event: Event) -> bool {
    matches!(
        event,
        Event::Abuse | Event::Association | Event::Vulnerability
    )
}
