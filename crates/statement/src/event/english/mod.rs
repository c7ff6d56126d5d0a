//! Events in English prose.

mod antecedent;
mod doubt;
mod evidence;
pub(super) mod figure;
mod phrase;
mod rivals;
pub(super) mod stance;
mod tellers;
mod trigger;
mod units;
mod unreal;
mod verbs;

#[cfg(test)]
mod tests;

use std::ops::Range;

use casefile::statement::{
    Argument, Attribution, Event, Group, MentionKind, Modality, Quantity, Statement, When,
};

use self::phrase::{Phrase, Voice};
use self::tellers::Teller;
use self::trigger::{Part, Trigger};
use self::units::{Parse, Tag};
use super::State;
use crate::EXTRACTOR;
use crate::mention::{Candidate, Value};
use crate::text::Text;

/// All statements of one English sentence.
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
    if found.table || found.tokens.len() > 400 {
        return;
    }
    if let Some((speaker, rest)) = speaker(
        text,
        found.tokens.clone(),
        mentions,
        opens_block(text, sentence),
    ) {
        state.speaker = Some(speaker);
        state.quote_source = None;
        if rest.is_empty() {
            return;
        }
    }
    let carries = trigger::any(text, found.tokens.clone());
    let rival = state.last_counted.is_some() && rivals::may(text, found.tokens.clone());
    if !carries
        && !rival
        && !found.inside_quotation
        && !speaks_in_quotes(text, found.tokens.clone())
    {
        state.quote_source = None;
        return;
    }
    let parse = Parse::new(text, found.tokens.clone(), mentions);
    let tellers = tellers::find(&parse);
    let opens_quoted = found.inside_quotation;
    let carried = state
        .quote_source
        .clone()
        .filter(|_| opens_quoted || begins_quoted(&parse));
    let quoted = wholly_quoted(&parse, opens_quoted);
    let mut triggers = trigger::find(&parse);
    // A title without a verb names its subject and asserts nothing.
    let verbless = !parse.units.iter().any(|u| {
        matches!(
            u.tag,
            Tag::Verb | Tag::Be | Tag::Have | Tag::Modal | Tag::Participle
        )
    });
    if verbless {
        triggers.retain(|t| {
            t.part == Part::Verb
                || matches!(t.event, Event::Hearing | Event::Letter)
                || figure::tabled(&parse, t.units.end).is_some()
        });
    }
    // "described torture": what is described is the event.
    if triggers.iter().any(|t| t.event != Event::Claim) {
        triggers.retain(|t| t.event != Event::Claim);
    }
    let mut whole: Option<Vec<Attribution>> = None;
    for trigger in &triggers {
        let stance = stance::of(&parse, trigger);
        if stance.topic {
            continue;
        }
        let mut draft = Draft::new(&parse, trigger, stance, state);
        let mut attribution = attributions(&parse, trigger, &tellers);
        for one in &mut attribution {
            if let Some(speaker) = speaker_for(one, state) {
                *one = speaker;
            }
        }
        // In a sentence that is quoted from end to end, whoever is quoted relays all others.
        if quoted
            && let Some(carried) = &carried
            && !attribution.is_empty()
        {
            for teller in carried {
                if !attribution.iter().any(|a| a.source == teller.source) {
                    attribution.push(teller.clone());
                }
            }
        }
        // Inside a quotation that goes on, "I" and "we" are whoever is quoted.
        let own = attribution.iter().all(|a| {
            a.source
                .quote()
                .is_some_and(|q| matches!(q.text.as_str(), "I" | "We" | "we"))
        });
        if own && let Some(carried) = &carried {
            attribution.clone_from(carried);
        }
        let spoken = state.speaker.as_ref().filter(|speaker| {
            !attribution
                .iter()
                .any(|a| a.source.quote() == Some(speaker))
        });
        if let Some(speaker) = spoken {
            attribution.push(Attribution {
                source: Argument::At(speaker.clone()),
                cue: None,
            });
        }
        draft.attribute(attribution);
        for statement in draft.finish(state) {
            into.push(statement);
        }
    }
    offices(&parse, into);
    figures_named_again(&parse, &tellers, state, into);
    rivals::find(&parse, state, into);
    // A quotation that the next sentence goes on with keeps its teller.
    if let Some(teller) = tellers.iter().rev().find(|t| t.source.is_some())
        && parse.units.iter().any(|u| u.tag == Tag::QuoteMark)
    {
        whole = Some(vec![attribution_of(&parse, teller)]);
    }
    if whole.is_some() || !opens_quoted {
        state.quote_source = whole;
    }
}

fn opens_block(text: &Text<'_>, sentence: usize) -> bool {
    let block = |at: usize| text.sentences.get(at).map(|s| s.block);
    sentence
        .checked_sub(1)
        .is_none_or(|before| block(before) != block(sentence))
}

/// The speaker of a transcript that opens a block ("Mr. SCARLATOIU.", "Chairman Smith:", "Q."),
/// and the tokens that are left after it.
fn speaker(
    text: &Text<'_>,
    tokens: Range<usize>,
    mentions: &[Candidate],
    opens: bool,
) -> Option<(casefile::statement::Quote, Range<usize>)> {
    if !opens {
        return None;
    }
    let word = |n: usize| text.lower(tokens.start + n);
    let title = matches!(
        word(0),
        "mr" | "ms"
            | "mrs"
            | "dr"
            | "chairman"
            | "chairwoman"
            | "chair"
            | "cochairman"
            | "cochair"
            | "senator"
            | "representative"
            | "rep"
            | "sen"
            | "ambassador"
            | "commissioner"
            | "secretary"
            | "professor"
            | "congressman"
            | "congresswoman"
    );
    let shouted = text
        .tokens
        .get(tokens.start)
        .is_some_and(|t| t.shouted && t.end - t.start > 2);
    if !title && !shouted {
        return None;
    }
    let limit = tokens.end.min(tokens.start + 8);
    let from = if title {
        tokens.start + 1
    } else {
        tokens.start
    };
    let mut at = from;
    if title && text.word(at) == "." {
        at += 1;
    }
    let name = at;
    while at < limit
        && text.tokens.get(at).is_some_and(|t| {
            t.kind == crate::text::Kind::Word && t.capital
                || matches!(text.word(at), "-" | "’" | "'")
        })
    {
        at += 1;
    }
    let end = text.word(at);
    let colon = end == ":";
    let stop = end == "." && text.tokens.get(at - 1).is_some_and(|t| t.shouted) && at > name;
    if at == name || !(colon || stop) {
        return None;
    }
    let bytes = text.bytes(name..at);
    let person = mentions.iter().find(|m| {
        m.kind == MentionKind::Person && m.bytes.start >= bytes.start && m.bytes.end <= bytes.end
    });
    let quote = text.quote(person.map_or(bytes, |m| m.bytes.clone()));
    Some((quote, at + 1..tokens.end))
}

/// In a transcript "I" and "we" are the speaker.
fn speaker_for(first_person: &Attribution, state: &State) -> Option<Attribution> {
    let quote = first_person.source.quote()?;
    let speaker = state.speaker.as_ref()?;
    matches!(quote.text.as_str(), "I" | "We" | "we").then(|| Attribution {
        source: Argument::At(speaker.clone()),
        cue: first_person.cue.clone(),
    })
}

fn speaks_in_quotes(text: &Text<'_>, tokens: Range<usize>) -> bool {
    tokens
        .clone()
        .any(|t| matches!(text.word(t), "“" | "\"" | "”"))
}

fn begins_quoted(parse: &Parse<'_, '_>) -> bool {
    parse.tag(0) == Tag::QuoteMark
}

/// Whether nothing of the sentence stands outside quotation marks.
fn wholly_quoted(parse: &Parse<'_, '_>, mut inside: bool) -> bool {
    parse.units.iter().all(|u| {
        if u.tag == Tag::QuoteMark {
            inside = !inside;
            return true;
        }
        inside || matches!(u.tag, Tag::Comma | Tag::Stop | Tag::Other)
    })
}

fn attribution_of(parse: &Parse<'_, '_>, teller: &Teller) -> Attribution {
    Attribution {
        source: teller
            .source
            .clone()
            .map_or_else(Argument::unnamed, |bytes| {
                Argument::At(parse.text.quote(bytes))
            }),
        cue: Some(parse.text.quote(teller.cue.clone())),
    }
}

/// The chain of tellers of one trigger, nearest first.
fn attributions(parse: &Parse<'_, '_>, trigger: &Trigger, tellers: &[Teller]) -> Vec<Attribution> {
    let at = trigger.core;
    let mut over: Vec<&Teller> = tellers
        .iter()
        .filter(|t| {
            (t.scope.contains(&at) || t.scope.contains(&trigger.units.start))
                && !trigger.units.contains(&t.cue_unit)
        })
        .collect();
    // The smaller the scope the nearer the teller; "citing X" names whom the sayer relays.
    over.sort_by_key(|t| {
        let relayed = matches!(parse.lower(t.cue_unit), "citing" | "quoting");
        // Whoever says that something is "reportedly" so relays somebody unnamed.
        let reach = if t.source.is_none() { 0 } else { t.scope.len() };
        (reach, u8::from(!relayed), t.cue_unit.abs_diff(at))
    });
    let mut chain: Vec<Attribution> = Vec::new();
    for teller in over {
        // Requests are not testimony: they count only for what is asked or feared.
        let one = attribution_of(parse, teller);
        let again = chain.iter().any(|known| known.source == one.source);
        if !again {
            chain.push(one);
        }
    }
    chain
}

/// A statement in the making, in bytes.
struct Draft<'p, 't, 'a> {
    parse: &'p Parse<'t, 'a>,
    trigger: &'p Trigger,
    stance: stance::Stance,
    agent: Vec<Range<u32>>,
    patient: Option<Phrase>,
    object: Vec<Range<u32>>,
    place: Vec<Range<u32>>,
    origin: Vec<Range<u32>>,
    destination: Vec<Range<u32>>,
    date: Option<usize>,
    quantity: Option<(Quantity, bool)>,
    attribution: Vec<Attribution>,
    clause: Range<usize>,
}

impl<'p, 't, 'a> Draft<'p, 't, 'a> {
    fn new(
        parse: &'p Parse<'t, 'a>,
        trigger: &'p Trigger,
        stance: stance::Stance,
        state: &State,
    ) -> Self {
        let clause = clause(parse, trigger);
        let mut draft = Self {
            parse,
            trigger,
            stance,
            agent: Vec::new(),
            patient: None,
            object: Vec::new(),
            place: Vec::new(),
            origin: Vec::new(),
            destination: Vec::new(),
            date: None,
            quantity: None,
            attribution: Vec::new(),
            clause,
        };
        draft.take_roles();
        draft.take_sanctioned();
        draft.take_places();
        draft.take_date();
        draft.take_quantity(state);
        draft
    }

    fn take_roles(&mut self) {
        let (parse, trigger) = (self.parse, self.trigger);
        let intransitive = matches!(
            trigger.event,
            Event::Crossing | Event::Arrival | Event::Residence | Event::Travel | Event::Employment
        );
        match trigger.part {
            Part::Verb => {
                let subject = trigger.subject.clone();
                let object = trigger.object.clone();
                let undergoer = if intransitive
                    && trigger
                        .group
                        .as_ref()
                        .is_some_and(|g| g.voice == Voice::Active)
                    && !matches!(
                        parse.lower(trigger.core),
                        "employ"
                            | "employed"
                            | "employs"
                            | "hired"
                            | "recruited"
                            | "hire"
                            | "recruit"
                    ) {
                    subject.or(object)
                } else {
                    if let Some(agent) = &subject {
                        self.agent.extend(persons_or_phrase(parse, agent));
                    }
                    object
                };
                // "trucks carrying several hundred refugees crossed": the people cross.
                let undergoer = undergoer.map(|phrase| match parse.lower(phrase.units.end) {
                    "carrying" | "transporting" | "bringing"
                        if !parse.phrase_is_person(&phrase) =>
                    {
                        parse
                            .phrase_from(phrase.units.end + 1)
                            .filter(|inner| parse.phrase_is_person(inner))
                            .unwrap_or(phrase)
                    }
                    _ => phrase,
                });
                if let Some(phrase) = undergoer {
                    let personal = parse.phrase_is_person(&phrase);
                    if personal || intransitive || stance::is_harm(trigger.event) {
                        self.patient = Some(phrase);
                    } else {
                        self.object.push(tellers::source_bytes(parse, &phrase));
                        // Its number still counts it ("exported 500 tons").
                        self.patient = None;
                    }
                }
            }
            Part::Noun | Part::Phrase => {
                let end = trigger.units.end;
                if parse.lower(end) == "of"
                    && let Some(phrase) = parse.phrase_from(end + 1)
                {
                    if parse.phrase_is_person(&phrase) {
                        self.patient = Some(phrase)
                    } else if !parse.phrase_has(&phrase, &["law"]) {
                        self.object.push(tellers::source_bytes(parse, &phrase))
                    }
                }
                if let Some((_, agent)) = parse.behind(end, &["by"], 10).filter(|(_, p)| {
                    p.units
                        .clone()
                        .any(|u| matches!(parse.tag(u), Tag::Name | Tag::Noun))
                }) {
                    self.agent.extend(persons_or_phrase(parse, &agent));
                }
                self.take_owner();
                // "In a letter to the minister, the chairs wrote": who wrote it.
                if trigger.event == Event::Letter
                    && self.agent.is_empty()
                    && parse.lower(trigger.units.start) == "in"
                    && let Some(verb) = (end..parse.units.len()).find(|&u| {
                        matches!(parse.tag(u), Tag::Verb | Tag::Participle)
                            && parse.class(u) & verbs::class::SPEECH != 0
                            && !parse.is_prenominal(u)
                    })
                    && let Some(who) = parse.subject(parse.group(verb).start)
                {
                    self.agent.extend(persons_or_phrase(parse, &who));
                }
                if trigger.event == Event::Detention && self.patient.is_none() {
                    self.take_custody();
                }
                if self.patient.is_none()
                    && let Some(governor) = self.stance.governor.filter(|&g| {
                        matches!(parse.tag(g), Tag::Verb | Tag::Participle | Tag::Gerund)
                    })
                {
                    // "may face torture": who faces it; "were subjected to torture": who was.
                    let group = parse.group(governor);
                    let undergoes = parse.class(governor) & verbs::class::UNDERGO != 0
                        || matches!(
                            parse.lower(governor),
                            "awaiting"
                                | "await"
                                | "fear"
                                | "feared"
                                | "fears"
                                | "risk"
                                | "risking"
                                | "reported"
                                | "described"
                                | "recounted"
                                | "recalled"
                        );
                    let phrase = match group.voice {
                        Voice::Active | Voice::Passive
                            if group.start == governor && parse.tag(governor) == Tag::Gerund =>
                        {
                            parse
                                .phrase_before(governor)
                                .or_else(|| parse.subject(governor))
                        }
                        Voice::Active | Voice::Passive => parse.subject(group.start),
                        Voice::Reduced => parse.phrase_before(group.start),
                        Voice::Before => None,
                    };
                    self.patient = phrase.filter(|p| {
                        undergoes
                            && (parse.phrase_is_person(p) || figure::count(parse, p.head).is_some())
                    });
                }
            }
        }
    }

    /// "are believed to be in Chinese detention": who is in it, and that it goes on.
    fn take_custody(&mut self) {
        let parse = self.parse;
        let start = self.trigger.units.start;
        let preposition = if matches!(parse.lower(start), "in" | "behind" | "under") {
            Some(start)
        } else {
            (start.saturating_sub(3)..start)
                .rev()
                .find(|&u| parse.lower(u) == "in")
        };
        let Some(preposition) = preposition else {
            return;
        };
        let Some(be) = (preposition.saturating_sub(5)..preposition)
            .rev()
            .find(|&u| {
                parse.tag(u) == Tag::Be
                    || matches!(
                        parse.lower(u),
                        "remain" | "remains" | "kept" | "languish" | "languishing" | "remained"
                    )
            })
        else {
            return;
        };
        let group = parse.group(be);
        let outer = (be.saturating_sub(4)..be).rev().find(|&u| {
            matches!(parse.tag(u), Tag::Participle | Tag::Verb) && parse.tag(u + 1) == Tag::To
        });
        let subject_at = outer.map_or(group.start, |verb| parse.group(verb).start);
        if let Some(phrase) = parse
            .subject(subject_at)
            .filter(|p| parse.phrase_is_person(p))
        {
            self.patient = Some(phrase);
            if self.stance.modality.is_fact() {
                let past = matches!(parse.lower(be), "was" | "were" | "remained");
                self.stance.modality = if past {
                    Modality::Happened
                } else {
                    Modality::Ongoing
                };
            }
        }
    }

    /// "China's repatriation of …" names who acts, "Kim's arrest" whom it befell.
    fn take_owner(&mut self) {
        let parse = self.parse;
        let start = self.trigger.units.start;
        let Some(mark) = (start.saturating_sub(4)..start)
            .rev()
            .find(|&u| parse.tag(u) == Tag::Possessive && matches!(parse.lower(u), "'s" | "’s"))
        else {
            return;
        };
        if (mark + 1..start).any(|u| {
            !matches!(
                parse.tag(u),
                Tag::Noun | Tag::Adverb | Tag::Nationality | Tag::Participle
            )
        }) {
            return;
        }
        let Some(owner) = parse.phrase_before(mark) else {
            return;
        };
        let personal = owner
            .units
            .clone()
            .any(|u| parse.is_kind(u, MentionKind::Person))
            || parse.phrase_is_person(&owner)
                && !owner
                    .units
                    .clone()
                    .any(|u| parse.is_kind(u, MentionKind::Place));
        if personal && stance::is_harm(self.trigger.event) && self.patient.is_none() {
            self.patient = Some(owner);
        } else {
            self.agent.push(tellers::source_bytes(
                parse,
                &Phrase {
                    units: owner.units.start..mark,
                    ..owner
                },
            ));
        }
    }

    /// "imposed sanctions on three officials": whom they are on.
    fn take_sanctioned(&mut self) {
        if !matches!(
            self.trigger.event,
            Event::Sanction | Event::Designation | Event::ImportBan
        ) || self.patient.is_some()
        {
            return;
        }
        let parse = self.parse;
        // "CBP issued a withhold release order against": who did.
        if self.trigger.part == Part::Noun
            && self.agent.is_empty()
            && let Some(verb) = (self.trigger.units.start.saturating_sub(5)
                ..self.trigger.units.start)
                .rev()
                .find(|&u| matches!(parse.tag(u), Tag::Verb | Tag::Participle))
                .filter(|&u| {
                    matches!(
                        parse.lower(u),
                        "issued"
                            | "issues"
                            | "imposed"
                            | "imposes"
                            | "announced"
                            | "adopted"
                            | "placed"
                    )
                })
        {
            let group = parse.group(verb);
            let who = match group.voice {
                Voice::Active => parse.subject(group.start),
                _ => None,
            };
            self.agent.extend(
                who.iter()
                    .flat_map(|phrase| persons_or_phrase(parse, phrase)),
            );
        }
        if let Some((_, phrase)) = parse.behind(self.trigger.units.end, &["on", "against"], 4) {
            if parse.phrase_is_person(&phrase) || phrase.number.is_some() {
                self.patient = Some(phrase);
            } else {
                self.object.push(tellers::source_bytes(parse, &phrase));
            }
        }
    }

    fn take_places(&mut self) {
        let parse = self.parse;
        let moves = matches!(
            self.trigger.event,
            Event::Repatriation
                | Event::Deportation
                | Event::Crossing
                | Event::Transfer
                | Event::ForcedTransfer
                | Event::Export
                | Event::Import
                | Event::Trafficking
                | Event::Travel
                | Event::Letter
                | Event::LabourExport
                | Event::Arrival
        );
        for u in self.clause.clone() {
            if !parse.is_kind(u, MentionKind::Place) {
                continue;
            }
            let bytes = parse.bytes(u..u + 1);
            let mut before = u;
            while let Some(b) = before.checked_sub(1).filter(|b| {
                u - b < 5
                    && matches!(
                        parse.tag(*b),
                        Tag::Determiner
                            | Tag::Noun
                            | Tag::Nationality
                            | Tag::Name
                            | Tag::Conjunction
                            | Tag::Comma
                    )
            }) {
                before = b;
            }
            let preposition = before.checked_sub(1).map_or("", |b| parse.lower(b));
            if self
                .agent
                .iter()
                .any(|a| a.start <= bytes.start && bytes.end <= a.end)
            {
                continue;
            }
            match preposition {
                "from" if moves => self.origin.push(bytes),
                "to" | "into" if moves || preposition == "into" => self.destination.push(bytes),
                "in" | "at" | "near" | "inside" | "across" | "along" | "within" | "throughout"
                | "on" | "outside" | "around" => self.place.push(bytes),
                _ => {}
            }
        }
    }

    fn take_date(&mut self) {
        let parse = self.parse;
        let core = self.trigger.core;
        // "The plant, which opened in 2015, …": times of an inserted clause are its own.
        let mut inserted = inserted_clauses(parse);
        inserted.extend(inserted_tellers(parse));
        let around = |u: usize| inserted.iter().find(|r| r.contains(&u));
        let own = around(core);
        let dates = self
            .clause
            .clone()
            .filter(|&u| parse.tag(u) == Tag::Date && around(u) == own);
        // A date behind the trigger is nearer to it than one as far before it.
        self.date = dates.min_by_key(|&u| {
            if u > core {
                (u - core) * 2
            } else {
                (core - u) * 3
            }
        });
        if self.date.is_none() && self.stance.modality.is_fact() {
            // A date that opens the sentence holds for all that it tells, except where it dates the
            // telling ("In August she testified that she had been sold").
            self.date = (0..parse.units.len().min(5)).find(|&u| {
                parse.tag(u) == Tag::Date
                    && u < self.trigger.units.start
                    && (parse.tag(u + 1) == Tag::Comma || u <= 1)
                    && own.is_none()
                    && !dates_the_telling(parse, u, self.trigger.units.start)
            });
        }
    }

    fn take_quantity(&mut self, state: &State) {
        let parse = self.parse;
        let phrase = match (&self.patient, &self.trigger.object) {
            (Some(phrase), _) => Some(phrase.clone()),
            (None, Some(object)) if self.trigger.part == Part::Verb => Some(object.clone()),
            _ => None,
        };
        let Some(phrase) = phrase else {
            // "600 arrests", "more than 8,000 cases of forced repatriation"
            if self.trigger.part == Part::Noun {
                let mut at = self.trigger.units.start;
                while at > 0
                    && matches!(
                        parse.tag(at - 1),
                        Tag::Noun | Tag::Nationality | Tag::Preposition
                    )
                    && self.trigger.units.start - at < 3
                {
                    at -= 1;
                }
                if at > 0
                    && let Some(number) = figure::count(parse, at - 1)
                {
                    let head = if at < self.trigger.units.start {
                        at
                    } else {
                        self.trigger.core
                    };
                    let counted = Phrase {
                        units: at - 1..head + 1,
                        head,
                        number: Some(at - 1),
                    };
                    let unit = figure::unit_of(parse, &counted, number);
                    self.quantity = Some((
                        figure::quantity(parse.text, parse.bytes(at - 1..at), number, unit, None),
                        false,
                    ));
                }
                if self.quantity.is_none() {
                    self.take_tabled();
                }
            }
            return;
        };
        let elsewhere = || {
            antecedent::count(parse, &phrase).or_else(|| {
                let end = self.trigger.units.end.max(phrase.units.end);
                let at = figure::tabled(parse, end)?;
                figure::count(parse, at).map(|number| (at, number))
            })
        };
        if let Some((unit, number)) = figure::of_phrase(parse, &phrase).or_else(elsewhere) {
            let counted = figure::unit_of(parse, &phrase, number)
                .map(|unit| {
                    let apart = matches!(
                        unit.as_str(),
                        "case"
                            | "episode"
                            | "incident"
                            | "family"
                            | "household"
                            | "percent"
                            | "member"
                    );
                    if befalls_people(self.trigger.event) && !apart {
                        "person".to_owned()
                    } else {
                        unit
                    }
                })
                .or_else(|| befalls_people(self.trigger.event).then(|| "person".to_owned()));
            self.quantity = Some((
                figure::quantity(
                    parse.text,
                    parse.bytes(unit..unit + 1),
                    number,
                    counted,
                    None,
                ),
                number.bound.is_some(),
            ));
        } else if matches!(parse.lower(phrase.units.start), "these" | "those")
            && let Some((_, quantity)) = state
                .counted
                .iter()
                .rev()
                .find(|(head, _)| head == parse.lower(phrase.head))
        {
            self.quantity = Some((quantity.clone(), false));
        }
    }

    /// A figure set behind the noun ("Arrests: 204") or told of their number ("the number of arrests
    /// reached 300").
    fn take_tabled(&mut self) {
        let parse = self.parse;
        let units = self.trigger.units.clone();
        let Some((at, number)) = figure::tabled(parse, units.end)
            .and_then(|u| figure::count(parse, u).map(|number| (u, number)))
            .or_else(|| antecedent::number_of(parse, units.clone()))
            .or_else(|| {
                // "Imports of squid came to 900 tons."
                let goods = matches!(self.trigger.event, Event::Import | Event::Export);
                antecedent::reached(parse, units.end)
                    .filter(|(_, number)| goods && number.sort != crate::mention::Sort::Count)
            })
        else {
            return;
        };
        let cases = (0..units.start).any(|u| matches!(parse.lower(u), "cases" | "incidents"));
        let counted = Phrase {
            units: units.clone(),
            head: self.trigger.core,
            number: Some(at),
        };
        let unit = if cases {
            Some("case".to_owned())
        } else {
            figure::unit_of(parse, &counted, number)
        };
        self.quantity = Some((
            figure::quantity(parse.text, parse.bytes(at..at + 1), number, unit, None),
            number.bound.is_some(),
        ));
    }

    fn attribute(&mut self, attribution: Vec<Attribution>) {
        self.attribution = attribution;
    }

    fn finish(mut self, state: &mut State) -> Vec<Statement> {
        let parse = self.parse;
        let text = parse.text;
        let trigger_bytes = parse.bytes(self.trigger.units.clone());
        let mut span = parse.bytes(self.clause.clone());
        while span.end > span.start
            && text
                .slice(span.clone())
                .ends_with(['.', ',', ';', '!', '?'])
        {
            span.end -= 1;
        }
        for last in self.clause.clone().rev() {
            // ", and" leads to what is another's.
            if !matches!(parse.tag(last), Tag::Comma | Tag::Conjunction) {
                break;
            }
            span.end = span.end.min(parse.bytes(last..last + 1).start);
        }
        span.end = span.start + text.slice(span.clone()).trim_end().len() as u32;
        span.start = span.start.min(trigger_bytes.start);
        span.end = span.end.max(trigger_bytes.end);
        let patient: Vec<Range<u32>> =
            self.patient
                .iter()
                .flat_map(|p| {
                    // Without number and article: "North Korean refugees", not "Close to 2000 …".
                    let mut start = p.units.start;
                    while start < p.head
                    // "16-year-old girl"
                    && !parse.lower(start + 1).starts_with('-')
                    && (matches!(
                        parse.tag(start),
                        Tag::Number | Tag::Adverb | Tag::Participle
                    ) || matches!(
                        parse.lower(start),
                        "a" | "an" | "of" | "some" | "many" | "several"
                    )) {
                        start += 1;
                    }
                    // "those arbitrarily detained": the adverb is the verb's.
                    let mut end = p.units.end.max(p.head + 1);
                    while end > p.head + 1 && parse.tag(end - 1) == Tag::Adverb {
                        end -= 1;
                    }
                    vec![parse.bytes(start..end)]
                })
                .collect();
        let group = self.groups();
        let modality = self.stance.modality;
        let mut hedges: Vec<_> = self
            .stance
            .hedges
            .iter()
            .map(|h| text.quote(h.clone()))
            .collect();
        let date = self.date.and_then(|u| when(parse, u));
        let lasting = matches!(self.trigger.event, Event::Detention | Event::Residence);
        let since = date.as_ref().is_some_and(|d| {
            d.precision == "since" || d.precision == "until" || d.precision == "range"
        });
        if let Some((quantity, bounded)) = &mut self.quantity {
            if quantity.measure.is_none() {
                quantity.measure = figure::measure(modality, lasting, since);
            }
            if *bounded {
                let bound = quantity_bound(parse, quantity);
                hedges.extend(bound.map(|b| text.quote(b)));
            }
            if let Some(head) = self
                .patient
                .as_ref()
                .map(|p| parse.lower(p.head).to_owned())
            {
                state.counted.push((head, quantity.clone()));
                let surplus = state.counted.len().saturating_sub(16);
                state.counted.drain(..surplus);
            }
        }
        let quote = text.quote(span);
        let at = |bytes: &Range<u32>| Argument::At(text.quote(bytes.clone()));
        let statement = Statement {
            event: self.trigger.event,
            start: quote.start,
            end: quote.end,
            quote: quote.text,
            trigger: text.quote(trigger_bytes),
            agent: self.agent.iter().map(at).collect(),
            patient: patient.iter().map(at).collect(),
            object: self.object.iter().map(at).collect(),
            group,
            place: self.place.iter().map(at).collect(),
            origin: self.origin.iter().map(at).collect(),
            destination: self.destination.iter().map(at).collect(),
            quantity: self.quantity.take().map(|(q, _)| q),
            date,
            modality,
            polarity: self.stance.polarity,
            attribution: self.attribution,
            hedges,
            score: score(self.trigger.part),
            extractor: EXTRACTOR.into(),
            agreed: Vec::new(),
        };
        let mut all = vec![statement];
        if let Some(first) = all.first().filter(|s| s.quantity.is_some()).cloned() {
            let counted = self.patient.as_ref().or(self.trigger.object.as_ref());
            let behind = counted.filter(|p| p.units.start > self.trigger.core);
            if let Some(phrase) = behind {
                all.extend(antecedent::conjoined(parse, &first, phrase));
            }
            all.extend(elided(parse, &first));
            state.last_counted = all.last().cloned();
        }
        all
    }

    fn groups(&self) -> Vec<Group> {
        let parse = self.parse;
        let mut groups = Vec::new();
        if let Some(patient) = &self.patient {
            for u in patient.units.clone() {
                if let Some(group) = group_of(parse, u).filter(|g| !groups.contains(g)) {
                    groups.push(group);
                }
            }
        } else if self.trigger.event == Event::ForcedLabour {
            groups.push(Group::Workers);
        }
        groups
    }
}

/// Events that count people and nothing else.
fn befalls_people(event: Event) -> bool {
    stance::is_harm(event)
        || matches!(
            event,
            Event::Crossing | Event::Arrival | Event::Residence | Event::Release
        )
}

fn quantity_bound(parse: &Parse<'_, '_>, quantity: &Quantity) -> Option<Range<u32>> {
    parse
        .units
        .iter()
        .filter_map(|u| u.mention)
        .filter_map(|m| parse.mentions.get(m))
        .find_map(|m| match &m.value {
            Value::Number(number) if parse.text.char_at(m.bytes.start) == quantity.start => {
                number.bound.clone()
            }
            _ => None,
        })
}

/// "…, 40 on September 18, 80 on August 29 and around 50 in July 2021": the event of the figure
/// before, with its own figure and date.
fn elided(parse: &Parse<'_, '_>, first: &Statement) -> Vec<Statement> {
    let Some(quantity) = &first.quantity else {
        return Vec::new();
    };
    let start = parse
        .units
        .iter()
        .position(|u| {
            parse
                .text
                .tokens
                .get(u.tokens.start)
                .is_some_and(|t| t.at >= quantity.end)
        })
        .unwrap_or(parse.units.len());
    let mut more = Vec::new();
    for u in start..parse.units.len() {
        let opens = u > 0
            && (matches!(parse.tag(u - 1), Tag::Comma | Tag::Conjunction)
                || ((parse.lower(u - 1) == "of"
                    && matches!(
                        parse.lower(u.saturating_sub(2)),
                        "peak" | "high" | "low" | "record" | "maximum"
                    ))
                    // "from 12,400 tons in 2020 to 19,800 tons in 2022"
                    || parse.lower(u - 1) == "to" && parse.tag(u.saturating_sub(2)) == Tag::Date
                    || matches!(parse.lower(u - 1), "with" | "to" | "from")
                        && matches!(parse.lower(u.saturating_sub(2)), "compared" | "up" | "down")));
        let alone = matches!(parse.lower(u + 1), "on" | "in" | "from" | "at" | "during")
            || parse.tag(u + 1) == Tag::Date
            || parse.tag(u + 1) == Tag::Noun
                && parse.lower(u.saturating_sub(1)) == "to"
                && matches!(parse.lower(u + 2), "in" | "on" | "during")
            || (matches!(parse.lower(u + 1), "more" | "others")
                && matches!(parse.lower(u + 2), "on" | "in"));
        if parse.tag(u) != Tag::Number || !opens || !alone {
            continue;
        }
        let Some(number) = figure::count(parse, u) else {
            continue;
        };
        let date = (u + 1..(u + 4).min(parse.units.len())).find(|&d| parse.tag(d) == Tag::Date);
        let place =
            (u + 1..(u + 4).min(parse.units.len())).find(|&d| parse.is_kind(d, MentionKind::Place));
        if date.is_none() && place.is_none() {
            continue;
        }
        let mut statement = first.clone();
        statement.quantity = Some(figure::quantity(
            parse.text,
            parse.bytes(u..u + 1),
            number,
            quantity.unit.clone(),
            quantity.measure,
        ));
        statement.date = date.and_then(|d| when(parse, d)).or(statement.date);
        if let Some(place) = place {
            statement.place = vec![Argument::At(
                parse.text.quote(parse.bytes(place..place + 1)),
            )];
        }
        statement.hedges = number
            .bound
            .clone()
            .map(|b| parse.text.quote(b))
            .into_iter()
            .collect();
        more.push(statement);
    }
    more
}

/// "puts the October figure at 600": the figure's event is the one counted last.
fn figures_named_again(
    parse: &Parse<'_, '_>,
    tellers: &[Teller],
    state: &mut State,
    into: &mut Vec<Statement>,
) {
    for u in 0..parse.units.len() {
        if !matches!(
            parse.lower(u),
            "figure" | "toll" | "number" | "total" | "tally"
        ) || parse.tag(u) != Tag::Noun
        {
            continue;
        }
        let put = (u.saturating_sub(6)..u).any(|v| {
            matches!(
                parse.lower(v),
                "put" | "puts" | "putting" | "placed" | "places"
            )
        });
        let Some(at) = (u + 1..(u + 5).min(parse.units.len()))
            .find(|&v| parse.lower(v) == "at")
            .filter(|_| put)
        else {
            continue;
        };
        let Some(number_unit) =
            (at + 1..(at + 4).min(parse.units.len())).find(|&v| parse.tag(v) == Tag::Number)
        else {
            continue;
        };
        let (Some(number), Some(last)) = (
            figure::count(parse, number_unit),
            state.last_counted.clone(),
        ) else {
            continue;
        };
        let first = (u.saturating_sub(3)..u)
            .find(|&v| parse.tag(v) == Tag::Date || parse.tag(v) == Tag::Noun)
            .unwrap_or(u);
        let teller: Vec<Attribution> = tellers
            .iter()
            .filter(|t| t.scope.contains(&u))
            .take(1)
            .map(|t| attribution_of(parse, t))
            .collect();
        let mut span = parse.bytes(0..parse.units.len());
        while span.end > span.start && parse.text.slice(span.clone()).ends_with(['.', ',']) {
            span.end -= 1;
        }
        let quote = parse.text.quote(span);
        let date = (first..u)
            .find(|&v| parse.tag(v) == Tag::Date)
            .and_then(|v| when(parse, v))
            .or(last.date.clone());
        into.push(Statement {
            start: quote.start,
            end: quote.end,
            quote: quote.text,
            trigger: parse.text.quote(parse.bytes(first..u + 1)),
            patient: Vec::new(),
            agent: Vec::new(),
            quantity: Some(figure::quantity(
                parse.text,
                parse.bytes(number_unit..number_unit + 1),
                number,
                last.quantity.as_ref().and_then(|q| q.unit.clone()),
                last.quantity.as_ref().and_then(|q| q.measure),
            )),
            date,
            attribution: teller,
            hedges: number
                .bound
                .clone()
                .map(|b| parse.text.quote(b))
                .into_iter()
                .collect(),
            score: 0.6,
            ..last
        });
    }
}

/// "Thea Lee, the Deputy Undersecretary … at the Department of Labor"
fn offices(parse: &Parse<'_, '_>, into: &mut Vec<Statement>) {
    for u in 0..parse.units.len() {
        if !parse.is_kind(u, MentionKind::Person) || parse.tag(u + 1) != Tag::Comma {
            continue;
        }
        let role = if parse.tag(u + 2) == Tag::Determiner {
            u + 3
        } else {
            u + 2
        };
        if !parse.is_kind(role, MentionKind::Role) {
            continue;
        }
        let body = matches!(parse.lower(role + 1), "at" | "of" | "for" | "in" | "with")
            .then(|| parse.phrase_from(role + 2))
            .flatten()
            .filter(|p| {
                p.units.clone().any(|v| {
                    parse.is_kind(v, MentionKind::Organisation)
                        || parse.is_kind(v, MentionKind::Place)
                })
            });
        let end = body.as_ref().map_or(role + 1, |p| p.units.end);
        let quote = parse.text.quote(parse.bytes(u..end));
        into.push(Statement {
            event: Event::Office,
            start: quote.start,
            end: quote.end,
            quote: quote.text,
            trigger: parse.text.quote(parse.bytes(role..role + 1)),
            agent: vec![Argument::At(parse.text.quote(parse.bytes(u..u + 1)))],
            patient: Vec::new(),
            object: body
                .iter()
                .map(|p| Argument::At(parse.text.quote(tellers::source_bytes(parse, p))))
                .collect(),
            group: Vec::new(),
            place: Vec::new(),
            origin: Vec::new(),
            destination: Vec::new(),
            quantity: None,
            date: None,
            modality: Modality::Ongoing,
            polarity: casefile::statement::Polarity::Positive,
            attribution: Vec::new(),
            hedges: Vec::new(),
            score: 0.8,
            extractor: EXTRACTOR.into(),
            agreed: Vec::new(),
        });
    }
}

fn when(parse: &Parse<'_, '_>, unit: usize) -> Option<When> {
    let mention = parse.mention(unit)?;
    let Value::Date(interval) = &mention.value else {
        return None;
    };
    let quote = parse.text.quote(mention.bytes.clone());
    Some(When {
        text: quote.text,
        start: quote.start,
        end: quote.end,
        from: interval.from.clone(),
        to: interval.to.clone(),
        precision: interval.precision.to_owned(),
        relative: interval.relative,
    })
}

/// Persons by name where the phrase names some, else the phrase.
fn persons_or_phrase(parse: &Parse<'_, '_>, phrase: &Phrase) -> Vec<Range<u32>> {
    let persons: Vec<Range<u32>> = phrase
        .units
        .clone()
        .filter(|&u| parse.is_kind(u, MentionKind::Person))
        .map(|u| parse.bytes(u..u + 1))
        .collect();
    if persons.is_empty() {
        vec![tellers::source_bytes(parse, phrase)]
    } else {
        persons
    }
}

/// The clause of a trigger in units.
fn clause(parse: &Parse<'_, '_>, trigger: &Trigger) -> Range<usize> {
    let left = trigger
        .group
        .as_ref()
        .map_or(trigger.units.start, |g| g.start.min(trigger.units.start));
    let mut start = left;
    while let Some(before) = start.checked_sub(1).filter(|b| left - b < 60) {
        match parse.tag(before) {
            Tag::Stop | Tag::Subordinator | Tag::That => break,
            // "Once X lifts …, these refugees": the clause before the comma is another.
            Tag::Comma if before + 1 != left && subordinate_before(parse, before) => break,
            Tag::Relative => {
                // The clause of a relative goes on to whom it is about.
                start = parse
                    .antecedent(before)
                    .map_or(before, |p| p.units.start.min(before));
                break;
            }
            Tag::Conjunction
                if parse.tag(before + 1) != Tag::Noun
                    && before + 1 != left
                    && clause_begins(parse, before + 1, left) =>
            {
                break;
            }
            _ => start = before,
        }
    }
    let mut end = trigger.units.end;
    while end < parse.units.len() && end - trigger.units.end < 60 {
        match parse.tag(end) {
            Tag::Stop | Tag::That => break,
            Tag::Subordinator if parse.tag(end - 1) != Tag::Preposition => break,
            Tag::Relative => break,
            Tag::Conjunction if clause_begins(parse, end + 1, parse.units.len().min(end + 12)) => {
                break;
            }
            _ => end += 1,
        }
    }
    start..end
}

/// Who says so or how they know it, set between commas (", she learned in 2020,").
fn inserted_tellers(parse: &Parse<'_, '_>) -> Vec<Range<usize>> {
    let commas: Vec<usize> = (0..parse.units.len())
        .filter(|&u| parse.tag(u) == Tag::Comma)
        .collect();
    commas
        .windows(2)
        .filter_map(|pair| match pair {
            [open, close] => Some(open + 1..*close),
            _ => None,
        })
        .filter(|inside| {
            inside.len() > 1
                && matches!(
                    parse.tag(inside.start),
                    Tag::Pronoun | Tag::Name | Tag::Determiner | Tag::Noun
                )
                && inside.clone().any(|u| {
                    matches!(parse.tag(u), Tag::Verb | Tag::Participle)
                        && (parse.class(u) & verbs::class::SPEECH != 0
                            || matches!(parse.lower(u), "learned" | "learnt" | "heard"))
                })
        })
        .collect()
}

/// Whether the first verb behind the date tells what the trigger says: "In August she testified that
/// she had been sold" dates the testimony.
fn dates_the_telling(parse: &Parse<'_, '_>, date: usize, trigger: usize) -> bool {
    let verb = (date + 1..trigger)
        .find(|&u| matches!(parse.tag(u), Tag::Verb | Tag::Participle) && !parse.is_prenominal(u));
    verb.is_some_and(|verb| {
        parse.class(verb) & verbs::class::SPEECH != 0
            && (verb + 1..trigger.min(verb + 8))
                .any(|u| matches!(parse.tag(u), Tag::That | Tag::Pronoun))
    })
}

/// Clauses set between commas that say more of the noun before them.
fn inserted_clauses(parse: &Parse<'_, '_>) -> Vec<Range<usize>> {
    (1..parse.units.len())
        .filter(|&r| parse.tag(r) == Tag::Relative && parse.tag(r - 1) == Tag::Comma)
        .filter_map(|r| {
            let end = (r + 1..parse.units.len()).find(|&u| {
                parse.tag(u) == Tag::Comma
                    && matches!(
                        parse.tag(u + 1),
                        Tag::Verb
                            | Tag::Participle
                            | Tag::Be
                            | Tag::Have
                            | Tag::Modal
                            | Tag::Do
                            | Tag::Adverb
                    )
            })?;
            Some(r..end)
        })
        .collect()
}

/// Whether the stretch that ends with the comma at `comma` is a subordinate clause that opens the
/// sentence.
fn subordinate_before(parse: &Parse<'_, '_>, comma: usize) -> bool {
    for u in (comma.saturating_sub(40)..comma).rev() {
        match parse.tag(u) {
            Tag::Subordinator => {
                return u == 0
                    || matches!(
                        parse.tag(u - 1),
                        Tag::Comma | Tag::Conjunction | Tag::QuoteMark | Tag::Stop
                    );
            }
            Tag::Stop | Tag::Comma => return false,
            _ => {}
        }
    }
    false
}

/// Whether a clause of its own (subject and finite verb) begins at `at` before `limit`.
fn clause_begins(parse: &Parse<'_, '_>, at: usize, limit: usize) -> bool {
    let Some(subject) = parse.phrase_from(at) else {
        return false;
    };
    let next = subject.units.end;
    next < limit
        && (matches!(parse.tag(next), Tag::Be | Tag::Have | Tag::Modal | Tag::Do)
            || (parse.tag(next) == Tag::Verb)
            || (parse.tag(next) == Tag::Participle && parse.group(next).voice == Voice::Active))
}

fn group_of(parse: &Parse<'_, '_>, unit: usize) -> Option<Group> {
    let lower = parse.lower(unit);
    Some(match lower.rsplit('-').next().unwrap_or(lower) {
        "refugee" | "refugees" | "defector" | "defectors" | "escapee" | "escapees" => {
            Group::Refugees
        }
        "seeker" | "seekers" => Group::AsylumSeekers,
        "worker" | "workers" | "laborer" | "laborers" | "labourer" | "labourers" | "crew"
        | "fishermen" | "fishers" | "deckhands" | "employees" => Group::Workers,
        "woman" | "women" | "girls" | "girl" | "mother" | "mothers" | "brides" | "bride"
        | "wives" => Group::Women,
        "man" | "men" => Group::Men,
        "child" | "children" | "minors" | "infants" | "babies" | "boys" | "teenagers" => {
            Group::Children
        }
        "family" | "families" | "relatives" | "parents" => Group::Families,
        "minorities" | "minority" | "uyghur" | "uyghurs" | "kazakhs" | "kazakh" | "tibetans"
        | "uighurs" | "uighur" | "hui" => Group::EthnicMinorities,
        "student" | "students" => Group::Students,
        "prisoner" | "prisoners" | "detainee" | "detainees" | "inmate" | "inmates" => {
            Group::Prisoners
        }
        "missionary" | "missionaries" | "pastor" | "pastors" => Group::Missionaries,
        "victim" | "victims" if unit > 0 && parse.lower(unit - 1).contains("traffick") => {
            Group::TraffickingVictims
        }
        "broker" | "brokers" | "helpers" | "activists" | "activist" => Group::Helpers,
        _ => return None,
    })
}

fn score(part: Part) -> f32 {
    match part {
        Part::Verb => 0.85,
        Part::Noun => 0.75,
        Part::Phrase => 0.7,
    }
}
