//! Who says so: the tellers of a sentence, each with the stretch that they vouch for.

use std::ops::Range;

use casefile::statement::MentionKind;

use super::phrase::{Phrase, Voice};
use super::units::{Parse, Tag};
use super::verbs::class;

/// One teller and what they vouch for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Teller {
    /// Bytes of the source's words; `None` where nobody is named ("reportedly").
    pub(super) source: Option<Range<u32>>,
    /// Bytes of the cue ("said", "according to").
    pub(super) cue: Range<u32>,
    /// Units that the teller vouches for.
    pub(super) scope: Range<usize>,
    /// The unit of the cue verb.
    pub(super) cue_unit: usize,
}

/// The words for a source: a person's or organisation's name where the phrase has one, else the
/// phrase without its article.
pub(super) fn source_bytes(parse: &Parse<'_, '_>, phrase: &Phrase) -> Range<u32> {
    // "the Centre's director, Pema Lhundup"
    let after = phrase.units.end;
    if parse.tag(after) == Tag::Comma
        && parse.is_kind(after + 1, MentionKind::Person)
        && phrase
            .units
            .clone()
            .all(|u| !parse.is_kind(u, MentionKind::Person))
        && (parse.is_person(phrase.head)
            || parse.is_kind(phrase.head, MentionKind::Role)
            || is_office(parse.lower(phrase.head)))
    {
        return parse.bytes(after + 1..after + 2);
    }
    let named = phrase
        .units
        .clone()
        .find(|&u| parse.is_kind(u, MentionKind::Person));
    if let Some(person) = named {
        return parse.bytes(person..person + 1);
    }
    if parse.is_kind(phrase.head, MentionKind::Organisation)
        || parse.is_kind(phrase.head, MentionKind::Place)
    {
        return parse.bytes(phrase.head..phrase.head + 1);
    }
    let start = if matches!(parse.lower(phrase.units.start), "the" | "a" | "an")
        && phrase.units.len() > 1
    {
        phrase.units.start + 1
    } else {
        phrase.units.start
    };
    parse.bytes(start..phrase.units.end)
}

/// All tellers of a sentence.
pub(super) fn find(parse: &Parse<'_, '_>) -> Vec<Teller> {
    let mut found: Vec<Teller> = Vec::new();
    let n = parse.units.len();
    for at in 0..n {
        let lower = parse.lower(at);
        match parse.tag(at) {
            Tag::Verb | Tag::Participle | Tag::Gerund => {
                let class = parse.class(at);
                if class & (class::SPEECH | class::DENY | class::ASK | class::FEAR) != 0
                    && !parse.is_prenominal(at)
                {
                    verb(parse, at, &mut found);
                } else if lower == "according" && parse.tag(at + 1) == Tag::To {
                    according(parse, at, &mut found);
                }
            }
            Tag::Noun if lower == "according" => according(parse, at, &mut found),
            Tag::Adverb if matches!(lower, "reportedly" | "allegedly" | "purportedly") => {
                unnamed(parse, at..at + 1, &mut found)
            }
            Tag::Noun
                if matches!(
                    lower,
                    "tally"
                        | "estimate"
                        | "estimates"
                        | "count"
                        | "figures"
                        | "report"
                        | "findings"
                        | "data"
                        | "testimony"
                        | "account"
                        | "accounts"
                        | "statistics"
                        | "database"
                        | "investigation"
                        | "study"
                        | "survey"
                        | "statement"
                ) =>
            {
                counted(parse, at, &mut found);
            }
            Tag::Noun if matches!(lower, "alleged") => unnamed(parse, at..at + 1, &mut found),
            _ => {}
        }
    }
    found
}

fn clause_around(parse: &Parse<'_, '_>, at: usize) -> Range<usize> {
    let border = |u: usize| {
        matches!(
            parse.tag(u),
            Tag::Stop | Tag::That | Tag::Relative | Tag::Subordinator
        )
    };
    let start = (0..at).rev().find(|&u| border(u)).map_or(0, |u| u + 1);
    let end = (at + 1..parse.units.len())
        .find(|&u| {
            border(u)
                || (parse.tag(u) == Tag::Comma
                    && matches!(parse.tag(u + 1), Tag::Subordinator | Tag::Relative))
        })
        .unwrap_or(parse.units.len());
    start..end
}

fn unnamed(parse: &Parse<'_, '_>, cue: Range<usize>, found: &mut Vec<Teller>) {
    let scope = clause_around(parse, cue.start);
    // In "awaiting repatriation" the clause's other words are vouched for as well.
    found.push(Teller {
        source: None,
        cue: parse.bytes(cue.clone()),
        scope,
        cue_unit: cue.start,
    });
}

fn according(parse: &Parse<'_, '_>, at: usize, found: &mut Vec<Teller>) {
    if parse.tag(at + 1) != Tag::To {
        return;
    }
    let Some(source) = parse.phrase_from(at + 2) else {
        return;
    };
    let n = parse.units.len();
    // "…, and, according to X, four were shot": X vouches for what follows.
    let led = at.checked_sub(2).is_some_and(|b| {
        parse.tag(b + 1) == Tag::Comma
            && matches!(
                parse.tag(b),
                Tag::Conjunction | Tag::That | Tag::Relative | Tag::Subordinator
            )
    });
    let scope =
        if led || at <= 1 || matches!(parse.tag(at.wrapping_sub(1)), Tag::Stop | Tag::QuoteMark) {
            source.units.end..stop_after(parse, source.units.end)
        } else {
            // "…, according to X," vouches for what stands before, back to a break, and for what the
            // sentence goes on with unless another teller takes over.
            start_before(parse, at)..n
        };
    let bytes = report_owner(parse, &source).unwrap_or_else(|| source_bytes(parse, &source));
    found.push(Teller {
        source: Some(bytes),
        cue: parse.bytes(at..at + 2),
        scope,
        cue_unit: at,
    });
}

/// In "a report by Human Rights Watch" the owner speaks, not the paper.
fn report_owner(parse: &Parse<'_, '_>, phrase: &Phrase) -> Option<Range<u32>> {
    if !matches!(
        parse.lower(phrase.head),
        "report"
            | "tally"
            | "estimate"
            | "estimates"
            | "data"
            | "figures"
            | "statement"
            | "count"
            | "findings"
            | "study"
            | "survey"
            | "testimony"
            | "research"
            | "statistics"
            | "account"
            | "investigation"
            | "analysis"
            | "reporting"
            | "records"
            | "release"
            | "database"
    ) {
        return None;
    }
    if matches!(parse.lower(phrase.units.end), "by" | "from" | "of") {
        return parse
            .phrase_from(phrase.units.end + 1)
            .map(|owner| source_bytes(parse, &owner));
    }
    if let Some((_, owner)) = parse.behind(phrase.units.end + 1, &["by", "from"], 6) {
        return Some(source_bytes(parse, &owner));
    }
    let owner = phrase
        .units
        .clone()
        .find(|&u| matches!(parse.tag(u), Tag::Name))?;
    Some(parse.bytes(owner..owner + 1))
}

fn stop_after(parse: &Parse<'_, '_>, at: usize) -> usize {
    (at..parse.units.len())
        .find(|&u| {
            parse.tag(u) == Tag::Stop
                && parse
                    .text
                    .word(parse.units.get(u).map_or(0, |u| u.tokens.start))
                    == ";"
        })
        .unwrap_or(parse.units.len())
}

fn start_before(parse: &Parse<'_, '_>, at: usize) -> usize {
    (0..at)
        .rev()
        .find(|&u| {
            parse.tag(u) == Tag::Stop
                && parse
                    .text
                    .word(parse.units.get(u).map_or(0, |u| u.tokens.start))
                    == ";"
        })
        .map_or(0, |u| u + 1)
}

fn verb(parse: &Parse<'_, '_>, at: usize, found: &mut Vec<Teller>) {
    let n = parse.units.len();
    let lower = parse.lower(at);
    let group = parse.group(at);
    let class = parse.class(at);
    // "Rights groups fear that …" tells; "they fear arrest" does not.
    if class & class::FEAR != 0
        && class & (class::SPEECH | class::DENY) == 0
        && parse.tag(at + 1) != Tag::That
    {
        return;
    }
    // "We heard later from a neighbour that …": the neighbour tells.
    if matches!(
        lower,
        "heard" | "hear" | "hears" | "learned" | "learnt" | "knew" | "found"
    ) && group.voice == Voice::Active
        && let Some((_, source)) = parse
            .behind(at + 1, &["from"], 3)
            .filter(|(_, p)| parse.phrase_is_person(p) || speaks(parse, p))
    {
        found.push(Teller {
            source: Some(source_bytes(parse, &source)),
            cue: parse.bytes(at..at + 1),
            scope: source.units.end..stop_after(parse, source.units.end),
            cue_unit: at,
        });
        return;
    }
    // "found me", "put a hood over my head": no telling.
    if matches!(
        lower,
        "found"
            | "find"
            | "finds"
            | "know"
            | "knew"
            | "known"
            | "identified"
            | "put"
            | "heard"
            | "hear"
            | "meet"
            | "met"
    ) && parse.tag(at + 1) != Tag::That
    {
        let object = parse.object(at);
        if object.as_ref().is_some_and(|o| parse.phrase_is_person(o))
            || matches!(lower, "put" | "meet" | "met" | "heard")
                && object.is_some_and(|o| {
                    !parse.phrase_has(&o, &["figure", "number", "toll", "total", "testimony"])
                })
        {
            return;
        }
    }
    if lower == "citing" || lower == "quoting" {
        if let Some(source) = parse.object(at) {
            let scope = found
                .iter()
                .rev()
                .find(|t| t.cue_unit < at)
                .map_or(0..at, |t| t.scope.clone());
            found.push(Teller {
                source: Some(source_bytes(parse, &source)),
                cue: parse.bytes(at..at + 1),
                scope,
                cue_unit: at,
            });
        }
        return;
    }
    if class & class::ASK != 0 && class & class::SPEECH == 0 {
        if matches!(
            lower,
            "seek"
                | "seeks"
                | "sought"
                | "seeking"
                | "invite"
                | "invited"
                | "order"
                | "ordered"
                | "instructed"
                | "press"
                | "pressed"
        ) {
            return;
        }
        // What is asked for is content of the asking; nobody vouches that it is so, but the chain
        // tells who spoke.
        let Some(source) = parse
            .subject(group.start)
            .filter(|_| group.voice == Voice::Active && group.modal.is_none())
        else {
            return;
        };
        if source
            .units
            .clone()
            .all(|u| parse.tag(u) == Tag::Pronoun && matches!(parse.lower(u), "it" | "there"))
        {
            return;
        }
        let cue_end = if matches!(parse.lower(at + 1), "on" | "upon" | "for" | "to") {
            at + 2
        } else {
            at + 1
        };
        let to = (cue_end..(cue_end + 14).min(n)).find(|&u| {
            matches!(parse.tag(u), Tag::To | Tag::That) || matches!(parse.lower(u), "for")
        });
        if let Some(to) = to {
            found.push(Teller {
                source: Some(source_bytes(parse, &source)),
                cue: parse.bytes(at..cue_end),
                scope: to..stop_after(parse, to),
                cue_unit: at,
            });
        }
        return;
    }
    if parse.tag(at) == Tag::Gerund && group.be.is_none() {
        if at == 0 || parse.tag(at - 1) != Tag::Comma {
            return;
        }
        // "saying that …": the subject of the clause speaks.
        let Some(source) = (0..at)
            .rev()
            .take(25)
            .find(|&u| matches!(parse.tag(u), Tag::Verb | Tag::Participle))
            .and_then(|v| parse.subject(parse.group(v).start))
        else {
            return;
        };
        if matches!(
            lower,
            "saying"
                | "stating"
                | "claiming"
                | "alleging"
                | "adding"
                | "warning"
                | "noting"
                | "arguing"
                | "reporting"
                | "testifying"
                | "telling"
        ) {
            found.push(Teller {
                source: Some(source_bytes(parse, &source)),
                cue: parse.bytes(at..at + 1),
                scope: at + 1..stop_after(parse, at + 1),
                cue_unit: at,
            });
        }
        return;
    }
    if group.voice == Voice::Passive || group.voice == Voice::Reduced {
        // "was reported by X", "is reported to", "are believed to", "as reported by X"
        if let Some((_, source)) = parse.behind(at + 1, &["by"], 4) {
            let scope = if matches!(parse.lower(group.start.wrapping_sub(1)), "as") {
                0..n
            } else {
                clause_around(parse, at)
            };
            found.push(Teller {
                source: Some(source_bytes(parse, &source)),
                cue: parse.bytes(at..at + 1),
                scope,
                cue_unit: at,
            });
        } else if (matches!(parse.tag(at + 1), Tag::To | Tag::That)
            || group
                .start
                .checked_sub(1)
                .is_some_and(|b| parse.lower(b) == "it"))
            && matches!(
                lower,
                "reported"
                    | "believed"
                    | "said"
                    | "thought"
                    | "alleged"
                    | "known"
                    | "estimated"
                    | "understood"
                    | "suspected"
                    | "claimed"
                    | "rumored"
                    | "rumoured"
            )
            && group.voice == Voice::Passive
        {
            let subject_start = parse.subject(group.start).map_or(at + 1, |p| p.units.start);
            found.push(Teller {
                source: None,
                cue: parse.bytes(at..at + 1),
                scope: subject_start..stop_after(parse, at),
                cue_unit: at,
            });
        }
        return;
    }
    // A relative clause about a source tells nothing by itself ("a missionary who uses the name").
    // "…, a broker told reporters here on Monday": the clause closes after the hearer.
    let hearer = parse
        .object(at)
        .filter(|_| matches!(lower, "told" | "tells" | "informed" | "assured"));
    let told = hearer.is_some();
    let mut inverted_at = hearer.map_or(at + 1, |h| h.units.end);
    if told && parse.lower(inverted_at) == "here" {
        inverted_at += 1;
    }
    let closing = matches!(
        parse.tag(inverted_at),
        Tag::Comma | Tag::Stop | Tag::Date | Tag::Close
    ) || inverted_at >= n
        || matches!(
            parse.lower(inverted_at),
            "." | "in" | "on" | "citing" | "at" | "during" | "last"
        );
    let before = group.start.checked_sub(1).map(|b| parse.tag(b));
    // "found reasonable grounds to believe": whoever found them believes.
    let told_from = match group.to {
        Some(to) => (to.saturating_sub(10)..to)
            .rev()
            .find(|&v| {
                matches!(parse.tag(v), Tag::Verb | Tag::Participle) && !parse.is_prenominal(v)
            })
            .map_or(group.start, |v| parse.group(v).start),
        None => group.start,
    };
    let subject = parse
        .subject(told_from)
        .filter(|p| p.units.end <= group.start);
    let subject_opens = subject.as_ref().map_or(0, |p| p.units.start);
    let preceded = subject_opens > 0
        && matches!(
            parse.tag(subject_opens - 1),
            Tag::Comma | Tag::QuoteMark | Tag::Stop
        );
    match subject {
        Some(source)
            if !source.units.clone().any(|u| {
                matches!(
                    parse.lower(u),
                    "it" | "there" | "which" | "nobody" | "none" | "no one"
                )
            }) =>
        {
            let trailing = preceded && closing && has_verb(parse, 0..subject_opens);
            let (cue, from) = match parse.object(at).filter(|_| told) {
                Some(hearer) => (at..hearer.units.end, hearer.units.end),
                None => (at..at + 1, at + 1),
            };
            let scope = if trailing
                && parse.tag(inverted_at) == Tag::Comma
                && has_verb(parse, inverted_at + 1..n)
                && parse.tag(inverted_at + 1) != Tag::Gerund
            {
                // ", the women said, but …": told on both sides.
                start_before(parse, subject_opens)..stop_after(parse, inverted_at)
            } else if trailing {
                start_before(parse, subject_opens)..subject_opens
            } else {
                from..stop_after(parse, from)
            };
            // "published a report", "identified him": speech verbs with a plain object vouch for it too.
            let bytes =
                report_owner(parse, &source).unwrap_or_else(|| source_bytes(parse, &source));
            let who = source
                .units
                .clone()
                .any(|u| parse.tag(u) == Tag::Name || parse.is_person(u))
                || report_owner(parse, &source).is_some()
                || speaks(parse, &source);
            if who
                || class & (class::SPEECH | class::DENY) != 0
                    && STRONG.iter().any(|stem| lower.starts_with(stem))
            {
                found.push(Teller {
                    source: Some(bytes.clone()),
                    cue: parse.bytes(cue),
                    scope,
                    cue_unit: at,
                });
                // "a missionary told Human Rights Watch": the hearer relays it.
                if told
                    && let Some(hearer) = parse.object(at)
                    && hearer
                        .units
                        .clone()
                        .any(|u| parse.is_kind(u, MentionKind::Organisation))
                {
                    let wide = from..stop_after(parse, from);
                    let wide = if trailing {
                        start_before(parse, subject_opens)..subject_opens
                    } else {
                        wide
                    };
                    found.push(Teller {
                        source: Some(source_bytes(parse, &hearer)),
                        cue: parse.bytes(at..at + 1),
                        scope: wide,
                        cue_unit: at,
                    });
                }
            }
        }
        _ => {
            // ", said Hanna Song, director of …"
            if matches!(before, Some(Tag::Comma | Tag::QuoteMark))
                && let Some(source) = parse.object(at)
            {
                found.push(Teller {
                    source: Some(source_bytes(parse, &source)),
                    cue: parse.bytes(at..at + 1),
                    scope: start_before(parse, at)..at,
                    cue_unit: at,
                });
            }
        }
    }
}

/// Beginnings of verbs of saying that make any subject a teller.
const STRONG: &[&str] = &[
    "sa",
    "report",
    "t",
    "f",
    "document",
    "show",
    "claim",
    "alleg",
    "estimat",
    "verif",
    "confirm",
    "stat",
    "announc",
    "den",
    "warn",
    "note",
    "believ",
    "argu",
    "reveal",
    "assert",
    "expl",
    "describ",
    "add",
    "conclu",
    "acknowledg",
    "recount",
    "wr",
    "disclos",
    "recall",
    "indicat",
    "maintain",
    "insist",
];

fn is_office(lower: &str) -> bool {
    matches!(
        lower,
        "director"
            | "head"
            | "chair"
            | "chairman"
            | "spokesperson"
            | "spokesman"
            | "spokeswoman"
            | "minister"
            | "secretary"
            | "president"
            | "author"
            | "founder"
            | "lawyer"
            | "researcher"
            | "professor"
            | "official"
            | "analyst"
            | "ambassador"
            | "commissioner"
            | "rapporteur"
            | "manager"
            | "owner"
            | "captain"
            | "colonel"
            | "general"
    )
}

fn speaks(parse: &Parse<'_, '_>, phrase: &Phrase) -> bool {
    phrase.units.clone().any(|u| {
        matches!(
            parse.lower(u),
            "group"
                | "groups"
                | "organization"
                | "organizations"
                | "organisation"
                | "organisations"
                | "government"
                | "ministry"
                | "commission"
                | "committee"
                | "authorities"
                | "officials"
                | "official"
                | "sources"
                | "source"
                | "media"
                | "reports"
                | "report"
                | "agency"
                | "company"
                | "ngo"
                | "ngos"
                | "researchers"
                | "experts"
                | "spokesperson"
                | "spokesman"
                | "spokeswoman"
                | "investigators"
                | "newspaper"
                | "article"
                | "outlet"
                | "rapporteur"
                | "department"
                | "police"
                | "testimony"
                | "observers"
                | "analysts"
                | "critics"
                | "tally"
                | "advocates"
                | "lawmakers"
                | "chairs"
                | "interviewees"
        )
    })
}

fn has_verb(parse: &Parse<'_, '_>, units: Range<usize>) -> bool {
    units.clone().any(|u| {
        matches!(
            parse.tag(u),
            Tag::Verb | Tag::Participle | Tag::Be | Tag::Have | Tag::Modal | Tag::QuoteMark
        )
    })
}

/// "A rival tally by X puts …", "X's estimate", "a report from X".
fn counted(parse: &Parse<'_, '_>, at: usize, found: &mut Vec<Teller>) {
    let lower = parse.lower(at);
    if !matches!(
        lower,
        "tally"
            | "estimate"
            | "estimates"
            | "count"
            | "figures"
            | "data"
            | "statistics"
            | "database"
    ) {
        return;
    }
    let owner = if matches!(parse.lower(at + 1), "by" | "from") {
        parse.phrase_from(at + 2).map(|p| source_bytes(parse, &p))
    } else if at > 1 && parse.tag(at - 1) == Tag::Possessive && parse.tag(at - 2) == Tag::Name {
        Some(parse.bytes(at - 2..at - 1))
    } else {
        None
    };
    if let Some(source) = owner {
        found.push(Teller {
            source: Some(source),
            cue: parse.bytes(at..at + 1),
            scope: at + 1..parse.units.len(),
            cue_unit: at,
        });
    }
}
