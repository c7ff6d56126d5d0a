//! A sentence as units: mentions in one piece, other words one by one, each with a part of speech
//! that the words around it allow. This is less than parsing and enough to find clauses, verb
//! groups and noun phrases in the prose of reports.

use std::ops::Range;
use std::sync::LazyLock;

use casefile::statement::MentionKind;
use rustc_hash::FxHashMap;

use super::verbs::{self, class, form};
use crate::mention::Candidate;
use crate::text::{Kind, Text, word_hash};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Determiner,
    /// his, their, its, whose; also the possessive mark.
    Possessive,
    Pronoun,
    Preposition,
    /// and, or, but, nor, as well as.
    Conjunction,
    /// if, once, unless, when, after, because …
    Subordinator,
    /// who, which, whom, where, that (after a noun).
    Relative,
    /// that (after a verb or noun of saying).
    That,
    To,
    Modal,
    Be,
    Have,
    Do,
    Not,
    /// A finite or bare verb.
    Verb,
    /// A participle in -ed (or irregular); whether it stands for the past is told by `forms`.
    Participle,
    Gerund,
    Adverb,
    Number,
    /// A mention of a person, organisation, place, role, law or vessel.
    Name,
    /// A nationality before a noun or alone.
    Nationality,
    Date,
    /// Any other word that can stand in a noun phrase.
    Noun,
    Comma,
    /// `;`, `:`, a dash between spaces.
    Stop,
    Open,
    Close,
    QuoteMark,
    Other,
}

/// One unit of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) tokens: Range<usize>,
    pub(super) tag: Tag,
    /// Verb forms that the word can be ([`form`]); 0 for others.
    pub(super) forms: u8,
    /// Verb class bits ([`class`]).
    pub(super) class: u16,
    pub(super) mention: Option<usize>,
}

/// The units of one sentence.
#[derive(Debug)]
pub(super) struct Parse<'t, 'a> {
    pub(super) text: &'t Text<'a>,
    pub(super) mentions: &'t [Candidate],
    pub(super) units: Vec<Unit>,
}

const CLOSED: &[(&str, Tag)] = &[
    ("the", Tag::Determiner),
    ("a", Tag::Determiner),
    ("an", Tag::Determiner),
    ("this", Tag::Determiner),
    ("these", Tag::Determiner),
    ("those", Tag::Determiner),
    ("some", Tag::Determiner),
    ("any", Tag::Determiner),
    ("all", Tag::Determiner),
    ("each", Tag::Determiner),
    ("every", Tag::Determiner),
    ("many", Tag::Determiner),
    ("several", Tag::Determiner),
    ("both", Tag::Determiner),
    ("most", Tag::Determiner),
    ("no", Tag::Determiner),
    ("other", Tag::Determiner),
    ("such", Tag::Determiner),
    ("another", Tag::Determiner),
    ("few", Tag::Determiner),
    ("more", Tag::Determiner),
    ("numerous", Tag::Determiner),
    ("countless", Tag::Determiner),
    ("his", Tag::Possessive),
    ("her", Tag::Possessive),
    ("their", Tag::Possessive),
    ("its", Tag::Possessive),
    ("our", Tag::Possessive),
    ("my", Tag::Possessive),
    ("your", Tag::Possessive),
    ("'s", Tag::Possessive),
    ("’s", Tag::Possessive),
    ("he", Tag::Pronoun),
    ("she", Tag::Pronoun),
    ("they", Tag::Pronoun),
    ("we", Tag::Pronoun),
    ("i", Tag::Pronoun),
    ("you", Tag::Pronoun),
    ("it", Tag::Pronoun),
    ("them", Tag::Pronoun),
    ("him", Tag::Pronoun),
    ("us", Tag::Pronoun),
    ("me", Tag::Pronoun),
    ("there", Tag::Pronoun),
    ("themselves", Tag::Pronoun),
    ("himself", Tag::Pronoun),
    ("herself", Tag::Pronoun),
    ("nobody", Tag::Pronoun),
    ("everyone", Tag::Pronoun),
    ("anyone", Tag::Pronoun),
    ("someone", Tag::Pronoun),
    ("others", Tag::Pronoun),
    ("none", Tag::Pronoun),
    ("of", Tag::Preposition),
    ("in", Tag::Preposition),
    ("on", Tag::Preposition),
    ("at", Tag::Preposition),
    ("by", Tag::Preposition),
    ("for", Tag::Preposition),
    ("from", Tag::Preposition),
    ("with", Tag::Preposition),
    ("into", Tag::Preposition),
    ("through", Tag::Preposition),
    ("between", Tag::Preposition),
    ("among", Tag::Preposition),
    ("against", Tag::Preposition),
    ("during", Tag::Preposition),
    ("under", Tag::Preposition),
    ("over", Tag::Preposition),
    ("within", Tag::Preposition),
    ("across", Tag::Preposition),
    ("near", Tag::Preposition),
    ("inside", Tag::Preposition),
    ("outside", Tag::Preposition),
    ("toward", Tag::Preposition),
    ("towards", Tag::Preposition),
    ("upon", Tag::Preposition),
    ("along", Tag::Preposition),
    ("about", Tag::Preposition),
    ("regarding", Tag::Preposition),
    ("concerning", Tag::Preposition),
    ("via", Tag::Preposition),
    ("without", Tag::Preposition),
    ("despite", Tag::Preposition),
    ("amid", Tag::Preposition),
    ("following", Tag::Preposition),
    ("including", Tag::Preposition),
    ("like", Tag::Preposition),
    ("per", Tag::Preposition),
    ("onto", Tag::Preposition),
    ("behind", Tag::Preposition),
    ("besides", Tag::Preposition),
    ("beyond", Tag::Preposition),
    ("pursuant", Tag::Preposition),
    ("throughout", Tag::Preposition),
    ("worth", Tag::Preposition),
    ("around", Tag::Preposition),
    ("and", Tag::Conjunction),
    ("or", Tag::Conjunction),
    ("but", Tag::Conjunction),
    ("nor", Tag::Conjunction),
    ("&", Tag::Conjunction),
    ("yet", Tag::Conjunction),
    ("if", Tag::Subordinator),
    ("once", Tag::Subordinator),
    ("unless", Tag::Subordinator),
    ("when", Tag::Subordinator),
    ("whenever", Tag::Subordinator),
    ("after", Tag::Subordinator),
    ("before", Tag::Subordinator),
    ("because", Tag::Subordinator),
    ("although", Tag::Subordinator),
    ("though", Tag::Subordinator),
    ("while", Tag::Subordinator),
    ("since", Tag::Subordinator),
    ("until", Tag::Subordinator),
    ("whether", Tag::Subordinator),
    ("as", Tag::Subordinator),
    ("where", Tag::Relative),
    ("how", Tag::Subordinator),
    ("why", Tag::Subordinator),
    ("what", Tag::Subordinator),
    ("whereas", Tag::Subordinator),
    ("lest", Tag::Subordinator),
    ("should", Tag::Modal),
    ("who", Tag::Relative),
    ("which", Tag::Relative),
    ("whom", Tag::Relative),
    ("whose", Tag::Relative),
    ("that", Tag::That),
    ("to", Tag::To),
    ("may", Tag::Modal),
    ("might", Tag::Modal),
    ("could", Tag::Modal),
    ("can", Tag::Modal),
    ("cannot", Tag::Modal),
    ("will", Tag::Modal),
    ("would", Tag::Modal),
    ("shall", Tag::Modal),
    ("must", Tag::Modal),
    ("ought", Tag::Modal),
    ("is", Tag::Be),
    ("are", Tag::Be),
    ("was", Tag::Be),
    ("were", Tag::Be),
    ("be", Tag::Be),
    ("been", Tag::Be),
    ("being", Tag::Be),
    ("am", Tag::Be),
    ("isn", Tag::Be),
    ("aren", Tag::Be),
    ("wasn", Tag::Be),
    ("weren", Tag::Be),
    ("has", Tag::Have),
    ("have", Tag::Have),
    ("had", Tag::Have),
    ("having", Tag::Have),
    ("hasn", Tag::Have),
    ("haven", Tag::Have),
    ("hadn", Tag::Have),
    ("do", Tag::Do),
    ("does", Tag::Do),
    ("did", Tag::Do),
    ("don", Tag::Do),
    ("doesn", Tag::Do),
    ("didn", Tag::Do),
    ("couldn", Tag::Modal),
    ("wouldn", Tag::Modal),
    ("shouldn", Tag::Modal),
    ("not", Tag::Not),
    ("never", Tag::Not),
    ("t", Tag::Not),
    ("neither", Tag::Not),
    ("also", Tag::Adverb),
    ("often", Tag::Adverb),
    ("still", Tag::Adverb),
    ("now", Tag::Adverb),
    ("then", Tag::Adverb),
    ("ever", Tag::Adverb),
    ("already", Tag::Adverb),
    ("even", Tag::Adverb),
    ("just", Tag::Adverb),
    ("only", Tag::Adverb),
    ("again", Tag::Adverb),
    ("soon", Tag::Adverb),
    ("later", Tag::Adverb),
    ("earlier", Tag::Adverb),
    ("far", Tag::Adverb),
    ("thus", Tag::Adverb),
    ("however", Tag::Adverb),
    ("therefore", Tag::Adverb),
    ("too", Tag::Adverb),
    ("very", Tag::Adverb),
    ("well", Tag::Adverb),
    ("currently", Tag::Adverb),
    ("otherwise", Tag::Adverb),
    ("always", Tag::Adverb),
    ("sometimes", Tag::Adverb),
    ("together", Tag::Adverb),
    ("instead", Tag::Adverb),
    ("long", Tag::Adverb),
    ("ago", Tag::Adverb),
    ("twice", Tag::Adverb),
    ("thrice", Tag::Adverb),
    ("abroad", Tag::Adverb),
    ("back", Tag::Adverb),
    ("so", Tag::Adverb),
    ("away", Tag::Adverb),
    ("out", Tag::Adverb),
    ("up", Tag::Adverb),
    ("off", Tag::Adverb),
    ("down", Tag::Adverb),
];

/// Words in -ly that are no adverbs, and adverb-like words that are nouns here.
const NOT_ADVERBS: &[&str] = &[
    "family", "italy", "july", "supply", "assembly", "early", "daily", "weekly", "monthly", "only",
    "anomaly", "ally", "fly", "apply", "reply", "rely", "imply", "comply", "multiply", "bodily",
    "elderly", "deadly", "costly", "friendly", "orderly", "timely", "tally", "rally",
];

static WORDS: LazyLock<FxHashMap<u32, (&'static str, Tag)>> = LazyLock::new(|| {
    CLOSED
        .iter()
        .map(|(word, tag)| (word_hash(word.as_bytes()), (*word, *tag)))
        .collect()
});

fn closed(hash: u32, lower: &str) -> Option<Tag> {
    WORDS
        .get(&hash)
        .filter(|(word, _)| *word == lower)
        .map(|(_, tag)| *tag)
}

impl<'t, 'a> Parse<'t, 'a> {
    pub(super) fn new(
        text: &'t Text<'a>,
        sentence: Range<usize>,
        mentions: &'t [Candidate],
    ) -> Self {
        let mut parse = Self {
            text,
            mentions,
            units: Vec::with_capacity(sentence.len()),
        };
        parse.cut(sentence);
        parse.settle_tags();
        parse.settle_subordinators();
        parse
    }

    pub(super) fn lower(&self, unit: usize) -> &str {
        match self.units.get(unit) {
            Some(unit) => {
                let bytes = self.text.bytes(unit.tokens.clone());
                self.text
                    .lower
                    .get(bytes.start as usize..bytes.end as usize)
                    .unwrap_or("")
            }
            None => "",
        }
    }

    pub(super) fn tag(&self, unit: usize) -> Tag {
        self.units.get(unit).map_or(Tag::Stop, |u| u.tag)
    }

    pub(super) fn class(&self, unit: usize) -> u16 {
        self.units.get(unit).map_or(0, |u| u.class)
    }

    pub(super) fn forms(&self, unit: usize) -> u8 {
        self.units.get(unit).map_or(0, |u| u.forms)
    }

    pub(super) fn mention(&self, unit: usize) -> Option<&'t Candidate> {
        self.units
            .get(unit)
            .and_then(|u| u.mention)
            .and_then(|m| self.mentions.get(m))
    }

    pub(super) fn is_kind(&self, unit: usize, kind: MentionKind) -> bool {
        self.mention(unit).is_some_and(|m| m.kind == kind)
    }

    /// Bytes from the first to the last unit.
    pub(super) fn bytes(&self, units: Range<usize>) -> Range<u32> {
        let first = self.units.get(units.start).map_or(0, |u| u.tokens.start);
        let last = units
            .end
            .checked_sub(1)
            .and_then(|u| self.units.get(u))
            .map_or(first, |u| u.tokens.end);
        self.text.bytes(first..last.max(first))
    }

    /// The unit that a token belongs to.
    pub(super) fn unit_of(&self, token: usize) -> usize {
        self.units.partition_point(|u| u.tokens.end <= token)
    }

    fn cut(&mut self, sentence: Range<usize>) {
        let first_byte = self.text.tokens.get(sentence.start).map_or(0, |t| t.start);
        let mut mention = self
            .mentions
            .partition_point(|m| m.bytes.start < first_byte);
        let mut at = sentence.start;
        while at < sentence.end {
            let Some(token) = self.text.tokens.get(at).copied() else {
                break;
            };
            if token.kind == Kind::Break {
                at += 1;
                continue;
            }
            while self
                .mentions
                .get(mention)
                .is_some_and(|m| m.bytes.end <= token.start)
            {
                mention += 1;
            }
            if let Some(found) = self
                .mentions
                .get(mention)
                .filter(|m| m.bytes.start <= token.start)
            {
                let mut end = at + 1;
                while end < sentence.end
                    && self
                        .text
                        .tokens
                        .get(end)
                        .is_some_and(|t| t.start < found.bytes.end)
                {
                    end += 1;
                }
                let tag = match found.kind {
                    MentionKind::Number => Tag::Number,
                    MentionKind::Date => Tag::Date,
                    MentionKind::Nationality => Tag::Nationality,
                    _ => Tag::Name,
                };
                self.units.push(Unit {
                    tokens: at..end,
                    tag,
                    forms: 0,
                    class: 0,
                    mention: Some(mention),
                });
                at = end;
                continue;
            }
            // "Hong Kong-based": the hyphen goes with the word behind it.
            let hung = matches!(self.text.word(at), "-" | "‐" | "‑")
                && !token.spaced
                && self.units.last().is_some_and(|u| u.mention.is_some())
                && self
                    .text
                    .tokens
                    .get(at + 1)
                    .is_some_and(|t| t.kind == Kind::Word && !t.spaced);
            if hung && at + 1 < sentence.end {
                let end = self.compound_end(at + 1, sentence.end, mention);
                self.units.push(Unit {
                    tokens: at..end,
                    tag: Tag::Noun,
                    forms: 0,
                    class: 0,
                    mention: None,
                });
                at = end;
                continue;
            }
            let end = self.compound_end(at, sentence.end, mention);
            self.push_word(at..end);
            at = end;
        }
    }

    /// A word with what hyphens join to it without a space.
    fn compound_end(&self, at: usize, limit: usize, mention: usize) -> usize {
        let mut end = at + 1;
        let word = |n: usize| {
            self.text
                .tokens
                .get(n)
                .filter(|t| t.kind == Kind::Word || t.kind == Kind::Digits)
        };
        if word(at).is_none() {
            return end;
        }
        while end + 1 < limit
            && matches!(self.text.word(end), "-" | "‐" | "‑")
            && self.text.tokens.get(end).is_some_and(|t| !t.spaced)
            && word(end + 1).is_some_and(|t| !t.spaced)
            && self.mentions.get(mention).is_none_or(|m| {
                self.text
                    .tokens
                    .get(end + 1)
                    .is_some_and(|t| t.start < m.bytes.start || t.start >= m.bytes.end)
            })
        {
            end += 2;
        }
        end
    }

    fn push_word(&mut self, tokens: Range<usize>) {
        let last = tokens.end - 1;
        let lower = self.text.lower(last);
        let Some(token) = self.text.tokens.get(last).copied() else {
            return;
        };
        if self.text.word(last) == "."
            && let Some(before) = self.units.last_mut()
            && matches!(
                self.text.lower(before.tokens.end - 1),
                "mr" | "ms" | "mrs" | "dr" | "rep" | "sen" | "gen" | "prof" | "rev" | "st"
            )
        {
            before.tokens.end = tokens.end;
            before.tag = Tag::Noun;
            return;
        }
        let compound = tokens.len() > 1;
        let (mut forms, mut class) = (0, 0);
        let tag = match token.kind {
            Kind::Mark => match self.text.word(last) {
                "," => Tag::Comma,
                "-" | "–"
                    if !token.spaced
                        && last > 0
                        && !matches!(self.text.word(last - 1), "-" | "–")
                        && self
                            .text
                            .tokens
                            .get(last + 1)
                            .is_some_and(|t| !t.spaced && t.kind == Kind::Word) =>
                {
                    Tag::Noun
                }
                ";" | ":" | "—" | "–" | "-" => Tag::Stop,
                "(" | "[" => Tag::Open,
                ")" | "]" => Tag::Close,
                "\"" | "“" | "”" | "„" => Tag::QuoteMark,
                "&" => Tag::Conjunction,
                "'s" | "’s" => Tag::Possessive,
                _ => Tag::Other,
            },
            Kind::Digits => Tag::Noun,
            Kind::Word => {
                if let Some(tag) = closed(token.hash, lower).filter(|_| !compound) {
                    tag
                } else if let Some(verb) = verbs::verb_hashed(token.hash, lower) {
                    forms = verb.forms;
                    class = verb.class;
                    if compound { Tag::Noun } else { Tag::Verb }
                } else if lower.len() > 3 && lower.ends_with("ly") && !NOT_ADVERBS.contains(&lower)
                {
                    Tag::Adverb
                } else if lower.len() > 4
                    && lower.ends_with("ed")
                    && !compound
                    && !matches!(lower, "indeed" | "hundred" | "united" | "biased" | "sacred")
                {
                    forms = form::PAST | form::PARTICIPLE;
                    Tag::Verb
                } else if lower.len() > 5
                    && lower.ends_with("ing")
                    && !compound
                    && !matches!(
                        lower,
                        "nothing"
                            | "something"
                            | "anything"
                            | "everything"
                            | "evening"
                            | "morning"
                            | "beijing"
                            | "building"
                            | "hearing"
                            | "meeting"
                            | "funding"
                    )
                {
                    forms = form::GERUND;
                    Tag::Verb
                } else {
                    Tag::Noun
                }
            }
            _ => Tag::Other,
        };
        if compound {
            // A compound is a modifier or a noun, whatever its last part could be alone.
            (forms, class) = (0, 0);
        }
        let tag = if compound && tag == Tag::Verb {
            Tag::Noun
        } else {
            tag
        };
        self.units.push(Unit {
            tokens,
            tag,
            forms,
            class,
            mention: None,
        });
    }

    /// Chooses among the readings that a form allows by the words around it.
    fn settle_tags(&mut self) {
        for at in 0..self.units.len() {
            match self.tag(at) {
                Tag::That => {
                    let after_noun = at.checked_sub(1).is_some_and(|b| {
                        matches!(self.tag(b), Tag::Noun | Tag::Name)
                            && self.class(b) & class::SPEECH == 0
                    });
                    let before_noun = matches!(self.tag(at + 1), Tag::Noun)
                        && at.checked_sub(1).is_none_or(|b| {
                            matches!(self.tag(b), Tag::Preposition | Tag::Conjunction)
                        });
                    let before_verb = matches!(
                        self.tag(at + 1),
                        Tag::Verb | Tag::Be | Tag::Have | Tag::Modal | Tag::Do
                    );
                    let tag = if before_noun {
                        Tag::Determiner
                    } else if after_noun && before_verb {
                        Tag::Relative
                    } else {
                        Tag::That
                    };
                    self.set(at, tag);
                }
                // "subjected to torture": a preposition, not the mark of an infinitive.
                Tag::To
                    if at > 0
                        && matches!(
                            self.lower(at - 1),
                            "subjected"
                                | "subject"
                                | "exposed"
                                | "vulnerable"
                                | "lead"
                                | "leads"
                                | "leading"
                                | "amount"
                                | "amounts"
                                | "amounting"
                                | "amounted"
                                | "contribute"
                                | "contributes"
                                | "contributed"
                                | "prior"
                                | "response"
                                | "regard"
                                | "return"
                                | "returned"
                                | "end"
                                | "addition"
                                | "relating"
                                | "related"
                                | "victim"
                                | "victims"
                                | "access"
                                | "due"
                                | "opposed"
                                | "answer"
                        )
                        && !(matches!(self.lower(at - 1), "due")
                            && verbs::verb(self.lower(at + 1))
                                .is_some_and(|v| v.class & class::NOUNISH == 0)) =>
                {
                    self.set(at, Tag::Preposition)
                }
                // "to evacuate 150 foreigners": a verb that no table knows.
                Tag::To
                    if self.tag(at + 1) == Tag::Noun
                        && self.units.get(at + 1).is_some_and(|u| {
                            u.mention.is_none()
                                && u.tokens.len() == 1
                                && self
                                    .text
                                    .tokens
                                    .get(u.tokens.start)
                                    .is_some_and(|t| t.kind == Kind::Word && !t.capital)
                        })
                        && !self.lower(at + 1).ends_with('s')
                        && matches!(
                            self.tag(at + 2),
                            Tag::Determiner | Tag::Number | Tag::Possessive | Tag::Pronoun
                        ) =>
                {
                    if let Some(unit) = self.units.get_mut(at + 1) {
                        unit.tag = Tag::Verb;
                        unit.forms = form::BASE;
                    }
                }
                // "born to trafficked mothers": no infinitive.
                Tag::To
                    if self.tag(at + 1) == Tag::Verb
                        && self.forms(at + 1) & form::BASE == 0
                        && self.forms(at + 1) & form::PARTICIPLE != 0 =>
                {
                    self.set(at, Tag::Preposition)
                }
                // "at once", "more than once"; "have since been"
                Tag::Subordinator
                    if self.lower(at) == "once"
                        && !at.checked_sub(1).is_none_or(|b| {
                            matches!(
                                self.tag(b),
                                Tag::Comma
                                    | Tag::Conjunction
                                    | Tag::QuoteMark
                                    | Tag::Stop
                                    | Tag::That
                            )
                        }) =>
                {
                    self.set(at, Tag::Adverb)
                }
                Tag::Subordinator
                    if self.lower(at) == "since" && at > 0 && self.tag(at - 1) == Tag::Have =>
                {
                    self.set(at, Tag::Adverb)
                }
                Tag::Verb => self.settle_verb(at),
                _ => {}
            }
        }
    }

    /// "before the Parliament", "after a week": prepositions, where no clause of their own follows.
    fn settle_subordinators(&mut self) {
        for at in 0..self.units.len() {
            if self.tag(at) != Tag::Subordinator
                || !matches!(
                    self.lower(at),
                    "before" | "after" | "since" | "until" | "as"
                )
            {
                continue;
            }
            let next = self.phrase_from(at + 1).map_or(at + 1, |p| p.units.end);
            let verbal = matches!(
                self.tag(next),
                Tag::Be | Tag::Have | Tag::Modal | Tag::Do | Tag::Verb | Tag::Adverb | Tag::Not
            ) || (self.tag(next) == Tag::Participle && next > at + 1)
                || (next == at + 1 && matches!(self.tag(next), Tag::Gerund | Tag::Participle));
            if !verbal && next > at + 1 {
                self.set(at, Tag::Preposition);
            }
        }
    }

    fn set(&mut self, at: usize, tag: Tag) {
        if let Some(unit) = self.units.get_mut(at) {
            unit.tag = tag;
        }
    }

    /// The nearest unit before `at` that is no adverb.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let mut before = at.checked_sub(1)?;
        while matches!(self.tag(before), Tag::Adverb | Tag::Not) {
            before = before.checked_sub(1)?;
        }
        Some(before)
    }

    fn settle_verb(&mut self, at: usize) {
        let forms = self.forms(at);
        let nounish = self.class(at) & class::NOUNISH != 0;
        let before = self.before(at);
        let before_tag = before.map(|b| self.tag(b));
        let directly = at.checked_sub(1).map(|b| self.tag(b));
        // The next word is not settled yet: one that is as often a noun counts as one here.
        let next = match self.tag(at + 1) {
            Tag::Verb if self.class(at + 1) & class::NOUNISH != 0 => Tag::Noun,
            tag => tag,
        };
        let capital = self.units.get(at).is_some_and(|u| {
            self.text
                .tokens
                .get(u.tokens.start)
                .is_some_and(|t| t.capital)
        });
        let tag = if forms & (form::PAST | form::PARTICIPLE) != 0 && forms & form::BASE == 0 {
            Tag::Participle
        } else if forms == form::GERUND {
            // "Reporting by X shows", "told the hearing": no noun follows that it could stand before.
            let noun = self.lower(at) == "reporting"
                && matches!(self.lower(at + 1), "by" | "from" | "in")
                || matches!(directly, Some(Tag::Determiner))
                    && matches!(
                        next,
                        Tag::Preposition
                            | Tag::Comma
                            | Tag::Stop
                            | Tag::Other
                            | Tag::QuoteMark
                            | Tag::That
                            | Tag::Relative
                            | Tag::Be
                            | Tag::Have
                            | Tag::Modal
                            | Tag::Date
                    );
            if noun { Tag::Noun } else { Tag::Gerund }
        } else {
            // Base or third person: a verb after to, a modal, do, a pronoun or a plural subject;
            // a noun after a determiner, a preposition, an adjective.
            match before_tag {
                Some(Tag::To | Tag::Modal | Tag::Do) => {
                    if forms & form::BASE != 0 {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                Some(Tag::Pronoun | Tag::Relative) => Tag::Verb,
                Some(Tag::Not) => Tag::Verb,
                _ if !nounish => match directly {
                    Some(Tag::Determiner | Tag::Possessive | Tag::Preposition)
                        if forms & form::THIRD == 0 || forms & form::BASE != 0 =>
                    {
                        if matches!(
                            next,
                            Tag::Preposition | Tag::Comma | Tag::Stop | Tag::Verb | Tag::Be
                        ) {
                            Tag::Noun
                        } else {
                            Tag::Verb
                        }
                    }
                    _ => Tag::Verb,
                },
                // "those who speak out risk arrest"
                Some(Tag::Verb | Tag::Name)
                    if forms & form::BASE != 0
                        && self.class(at) & (class::FEAR | class::UNDERGO) != 0
                        && next == Tag::Noun =>
                {
                    Tag::Verb
                }
                // "recommends that the Treasury sanction the officials"
                Some(Tag::Name | Tag::Noun)
                    if forms & form::BASE != 0
                        && matches!(
                            next,
                            Tag::Determiner
                                | Tag::Number
                                | Tag::Nationality
                                | Tag::Pronoun
                                | Tag::Name
                        )
                        && self.asked_that(at) =>
                {
                    Tag::Verb
                }
                None => {
                    // "Witness 14": a person, no order.
                    if matches!(next, Tag::Determiner | Tag::Possessive | Tag::Number)
                        && !super::phrase::is_person_noun(self.lower(at))
                    {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                Some(
                    Tag::Determiner
                    | Tag::Possessive
                    | Tag::Preposition
                    | Tag::Number
                    | Tag::Be
                    | Tag::Have
                    | Tag::Nationality
                    | Tag::Gerund,
                ) => {
                    if directly == Some(Tag::Adverb) && forms & form::THIRD != 0 {
                        Tag::Verb
                    } else if before_tag == Some(Tag::Nationality)
                        && self.is_plural_nationality(before.unwrap_or(0))
                        && forms & form::BASE != 0
                        && matches!(
                            next,
                            Tag::Determiner | Tag::Preposition | Tag::To | Tag::Noun | Tag::Name
                        )
                    {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                Some(Tag::Name) => {
                    if forms & form::THIRD != 0
                        && matches!(
                            next,
                            Tag::That
                                | Tag::Determiner
                                | Tag::Number
                                | Tag::Possessive
                                | Tag::Name
                                | Tag::Pronoun
                                | Tag::Nationality
                                | Tag::Preposition
                                | Tag::Noun
                                | Tag::Participle
                                | Tag::Verb
                        )
                        && !self.possessed(at)
                    {
                        Tag::Verb
                    } else if capital
                        && matches!(
                            next,
                            Tag::Nationality | Tag::Number | Tag::Name | Tag::Determiner
                        )
                    {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                // "those repatriated face torture"
                Some(Tag::Participle)
                    if forms & form::BASE != 0
                        && self.class(at) & (class::FEAR | class::UNDERGO) != 0
                        && matches!(next, Tag::Noun | Tag::Determiner | Tag::Number) =>
                {
                    Tag::Verb
                }
                Some(Tag::Conjunction | Tag::Comma) => {
                    if forms & form::BASE != 0
                        && matches!(
                            next,
                            Tag::Determiner | Tag::Possessive | Tag::Number | Tag::Pronoun
                        )
                    {
                        Tag::Verb
                    } else if forms & form::THIRD != 0
                        && forms & form::BASE == 0
                        && matches!(next, Tag::That | Tag::Determiner | Tag::Pronoun)
                    {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                Some(Tag::Noun) => {
                    let plural = before.is_some_and(|b| plural(self.lower(b)));
                    let particle = matches!(self.lower(at + 1), "up" | "out" | "back" | "over")
                        && forms & form::THIRD != 0;
                    if particle {
                        self.set(at, Tag::Verb);
                        return;
                    }
                    let object = matches!(
                        next,
                        Tag::That
                            | Tag::Determiner
                            | Tag::Number
                            | Tag::Possessive
                            | Tag::Pronoun
                            | Tag::To
                            | Tag::Nationality
                    );
                    if object
                        && (if plural {
                            forms & form::BASE != 0
                        } else {
                            forms & form::THIRD != 0
                        })
                    {
                        Tag::Verb
                    } else if plural
                        && forms & form::BASE != 0
                        && matches!(
                            next,
                            Tag::Noun | Tag::Name | Tag::Participle | Tag::Preposition
                        )
                    {
                        Tag::Verb
                    } else {
                        Tag::Noun
                    }
                }
                _ => Tag::Noun,
            }
        };
        self.set(at, tag);
        if matches!(tag, Tag::Noun)
            && let Some(unit) = self.units.get_mut(at)
        {
            unit.forms = 0;
        }
    }

    /// Whether a request with "that" opens the clause ("recommends that the Treasury …").
    fn asked_that(&self, at: usize) -> bool {
        (at.saturating_sub(7)..at)
            .rev()
            .any(|u| u > 0 && self.lower(u) == "that" && self.class(u - 1) & class::ASK != 0)
    }

    fn possessed(&self, at: usize) -> bool {
        at.checked_sub(1)
            .is_some_and(|b| self.tag(b) == Tag::Possessive)
    }

    pub(super) fn is_plural_nationality(&self, at: usize) -> bool {
        self.lower(at).ends_with('s') || matches!(self.lower(at), "chinese" | "uyghur" | "japanese")
    }
}

/// Whether an English noun looks plural.
pub(super) fn plural(lower: &str) -> bool {
    (lower.ends_with('s')
        && !lower.ends_with("ss")
        && !lower.ends_with("us")
        && !lower.ends_with("is"))
        || matches!(
            lower,
            "people" | "women" | "men" | "children" | "police" | "authorities"
        )
}
