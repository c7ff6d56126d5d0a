//! Verb groups, noun phrases and subjects, found from the parts of speech of [`super::units`].

use std::ops::Range;

use casefile::statement::MentionKind;

use super::units::{Parse, Tag};
use super::verbs::{class, form};

/// How far any search goes, in units: a clause of prose is shorter, a list of a million items is not.
const REACH: usize = 40;

/// A noun phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    /// With its determiner and number.
    pub(super) units: Range<usize>,
    /// The unit that carries what is meant ("refugees" in "Close to 2000 North Korean refugees").
    pub(super) head: usize,
    /// The unit of its number, if it has one.
    pub(super) number: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Active,
    Passive,
    /// "refugees detained in China": a participle behind its noun.
    Reduced,
    /// "repatriated refugees": a participle before its noun.
    Before,
}

/// A verb with its auxiliaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The first auxiliary or the verb.
    pub(super) start: usize,
    pub(super) verb: usize,
    pub(super) voice: Voice,
    pub(super) modal: Option<usize>,
    pub(super) negated: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) have: bool,
    /// The auxiliary that carries the tense, if any.
    pub(super) be: Option<usize>,
}

impl Parse<'_, '_> {
    /// The verb group of the verb at `verb`. A verb that a conjunction or comma joins to one before
    /// it shares that one's auxiliaries ("may be imprisoned or even executed").
    pub(super) fn group(&self, verb: usize) -> Group {
        let own = self.group_alone(verb);
        let alone = own.modal.is_none() && own.to.is_none() && own.be.is_none() && !own.have;
        let joined = own
            .start
            .checked_sub(1)
            .is_some_and(|b| matches!(self.tag(b), Tag::Conjunction | Tag::Comma));
        if !alone || !joined {
            return own;
        }
        let participle = self.forms(verb) & form::PARTICIPLE != 0
            && (self.tag(verb) == Tag::Verb || own.voice == Voice::Reduced)
            && (self.is_time(verb + 1)
                || !matches!(
                    self.tag(verb + 1),
                    Tag::Determiner | Tag::Number | Tag::Pronoun | Tag::Name
                ));
        // "is wanted for the death of an officer, killed last week": said of the officer.
        if self.tag(own.start - 1) == Tag::Comma && self.apposed_to(own.start - 1).is_some() {
            return own;
        }
        let bare = self.tag(verb) == Tag::Verb && self.forms(verb) & form::BASE != 0;
        let gerund = self.tag(verb) == Tag::Gerund;
        if !(participle || bare || gerund) {
            return own;
        }
        let from = own.start.saturating_sub(REACH);
        for earlier in (from..own.start).rev() {
            match self.tag(earlier) {
                Tag::Stop | Tag::That | Tag::Subordinator | Tag::Relative => break,
                Tag::Verb | Tag::Participle | Tag::Gerund
                    if (participle || self.tag(earlier) == self.tag(verb))
                        && !self.is_prenominal(earlier) =>
                {
                    let other = self.group_alone(earlier);
                    if participle && other.voice == Voice::Passive
                        || bare && (other.modal.is_some() || other.to.is_some())
                        || gerund && other.be.is_some()
                    {
                        return Group {
                            start: own.start,
                            verb,
                            voice: other.voice,
                            modal: other.modal,
                            negated: own.negated.or(other.negated),
                            to: other.to,
                            have: other.have,
                            be: other.be,
                        };
                    }
                }
                _ => {}
            }
        }
        own
    }

    fn group_alone(&self, verb: usize) -> Group {
        let mut group = Group {
            start: verb,
            verb,
            voice: Voice::Active,
            modal: None,
            negated: None,
            to: None,
            have: false,
            be: None,
        };
        let mut at = verb;
        let mut nearest_be = false;
        while let Some(before) = at.checked_sub(1).filter(|b| verb - b < 9) {
            match self.tag(before) {
                Tag::Adverb => {}
                Tag::Date
                    if matches!(
                        self.tag(before.wrapping_sub(1)),
                        Tag::Be | Tag::Have | Tag::Modal
                    ) => {}
                Tag::Not => group.negated = Some(before),
                Tag::Be => {
                    if group.be.is_none() && group.modal.is_none() && group.to.is_none() {
                        nearest_be = true;
                    }
                    group.be = Some(before);
                }
                Tag::Have => group.have = true,
                Tag::Do => {}
                Tag::Modal => group.modal = Some(before),
                Tag::To => {
                    group.to = Some(before);
                    at = before;
                    // "not to repatriate"
                    if before
                        .checked_sub(1)
                        .is_some_and(|b| self.tag(b) == Tag::Not)
                    {
                        group.negated = Some(before - 1);
                        at = before - 1;
                    }
                    break;
                }
                // may be "disappeared"
                Tag::QuoteMark
                    if before + 1 == verb
                        && before.checked_sub(1).is_some_and(|b| {
                            matches!(self.tag(b), Tag::Be | Tag::Have | Tag::Modal | Tag::Adverb)
                        }) => {}
                // "t" after an apostrophe: didn't
                Tag::Other if matches!(self.lower(before), "'" | "’") => {}
                _ => break,
            }
            at = before;
        }
        // "must under no circumstances be repatriated": the modal stands before an insertion.
        if group.modal.is_none()
            && group.to.is_none()
            && group.be.is_some_and(|b| self.lower(b) == "be")
        {
            let from = at.saturating_sub(8);
            let inserted = |u: &usize| {
                !matches!(
                    self.tag(*u),
                    Tag::Noun
                        | Tag::Preposition
                        | Tag::Determiner
                        | Tag::Comma
                        | Tag::Adverb
                        | Tag::Not
                )
            };
            group.modal = (from..at)
                .rev()
                .find(inserted)
                .filter(|&u| self.tag(u) == Tag::Modal);
            if let Some(modal) = group.modal {
                at = modal;
            }
        }
        // Adverbs at the very left belong to what stands before ("also").
        group.start = at;
        let forms = self.forms(verb);
        let participle = forms & form::PARTICIPLE != 0;
        group.voice = if participle && nearest_be {
            Voice::Passive
        } else if participle
            && !group.have
            && group.modal.is_none()
            && group.to.is_none()
            && self.tag(verb) == Tag::Participle
        {
            self.participle_voice(verb, group.start)
        } else {
            Voice::Active
        };
        group
    }

    fn participle_voice(&self, verb: usize, start: usize) -> Voice {
        // "shot dead two men", "two men shot dead"
        let next = match self.lower(verb + 1) {
            "dead" => self.tag(verb + 2),
            _ => self.tag(verb + 1),
        };
        // "tortured each time", "released the next day"
        let next = if self.is_time(verb + 1) {
            Tag::Adverb
        } else {
            next
        };
        let nominal = matches!(
            next,
            Tag::Noun
                | Tag::Nationality
                | Tag::Name
                | Tag::Number
                | Tag::Determiner
                | Tag::Possessive
                | Tag::Pronoun
        );
        let before = start.checked_sub(1).map(|b| self.tag(b));
        let past = self.forms(verb) & form::PAST != 0;
        // "has asked Beijing": no participle before its noun.
        if before == Some(Tag::Have) {
            return Voice::Active;
        }
        // "owned or operated 32 vessels": two verbs, one object.
        if past
            && next == Tag::Conjunction
            && self.tag(verb + 2) == Tag::Participle
            && self.forms(verb + 2) & form::PAST != 0
            && matches!(
                self.tag(verb + 3),
                Tag::Number
                    | Tag::Determiner
                    | Tag::Nationality
                    | Tag::Name
                    | Tag::Possessive
                    | Tag::Noun
            )
            && matches!(before, Some(Tag::Noun | Tag::Name | Tag::Pronoun))
        {
            return Voice::Active;
        }
        if past
            && is_intransitive(self.lower(verb))
            && !matches!(
                before,
                Some(Tag::Determiner | Tag::Possessive | Tag::Preposition)
            )
        {
            return Voice::Active;
        }
        // "…, Human Rights Watch said, citing": a verb of saying that ends its clause.
        let mut behind = verb + 1;
        while self.tag(behind) == Tag::Adverb {
            behind += 1;
        }
        let closes = matches!(
            self.tag(behind),
            Tag::Comma | Tag::Stop | Tag::Date | Tag::QuoteMark | Tag::Other | Tag::That
        ) || matches!(self.lower(verb + 1), "in" | "on" | "at" | "during" | "last");
        if past
            && closes
            && self.class(verb) & (class::SPEECH | class::DENY) != 0
            && matches!(
                before,
                Some(Tag::Noun | Tag::Name | Tag::Pronoun | Tag::Close | Tag::Comma)
            )
            && !matches!(
                self.lower(verb),
                "documented"
                    | "found"
                    | "known"
                    | "identified"
                    | "recorded"
                    | "put"
                    | "published"
                    | "cited"
                    | "quoted"
                    | "detailed"
                    | "heard"
                    | "accused"
            )
        {
            return Voice::Active;
        }
        // "…,” said Peter Jung"
        if past
            && nominal
            && self.class(verb) & class::SPEECH != 0
            && matches!(before, Some(Tag::QuoteMark | Tag::Comma))
        {
            return Voice::Active;
        }
        if nominal {
            return match before {
                Some(
                    Tag::Noun
                    | Tag::Name
                    | Tag::Pronoun
                    | Tag::Relative
                    | Tag::Close
                    | Tag::Nationality
                    | Tag::Date
                    | Tag::Number,
                ) if past => Voice::Active,
                Some(Tag::Comma)
                    if past
                        && self.subject_near(start)
                        && matches!(
                            next,
                            Tag::Determiner
                                | Tag::Number
                                | Tag::Name
                                | Tag::Possessive
                                | Tag::Pronoun
                        ) =>
                {
                    Voice::Active
                }
                Some(Tag::Conjunction)
                    if past
                        && matches!(
                            next,
                            Tag::Determiner
                                | Tag::Number
                                | Tag::Name
                                | Tag::Possessive
                                | Tag::Pronoun
                        ) =>
                {
                    Voice::Active
                }
                Some(Tag::Conjunction)
                    if past
                        && start
                            .checked_sub(2)
                            .is_some_and(|b| !matches!(self.tag(b), Tag::Participle))
                        && self.subject_near(start - 1)
                        && matches!(next, Tag::Nationality | Tag::Noun) =>
                {
                    Voice::Active
                }
                _ if matches!(next, Tag::Noun | Tag::Nationality | Tag::Name) => Voice::Before,
                _ => Voice::Active,
            };
        }
        match before {
            Some(
                Tag::Noun
                | Tag::Name
                | Tag::Nationality
                | Tag::Number
                | Tag::Close
                | Tag::Determiner,
            ) => {
                // "the women sent back were children": nobody behind the particle is sent.
                let particle = matches!(
                    self.lower(verb + 1),
                    "back" | "away" | "over" | "off" | "out"
                ) && self.forms(verb) & form::PARTICIPLE != 0
                    && (matches!(
                        self.tag(verb + 2),
                        Tag::Be | Tag::Have | Tag::Modal | Tag::Verb
                    ) || matches!(self.lower(verb + 2), "in" | "on" | "by" | "to" | "since"));
                // "four women described being raped"
                let being = self.lower(verb + 1) == "being"
                    || self.tag(verb + 1) == Tag::Gerund && self.class(verb) & class::SPEECH != 0;
                if particle {
                    Voice::Reduced
                } else if past && (being || matches!(next, Tag::That | Tag::Adverb)) {
                    Voice::Active
                } else {
                    Voice::Reduced
                }
            }
            Some(Tag::Pronoun | Tag::Relative) => Voice::Active,
            Some(Tag::Comma | Tag::Conjunction) => Voice::Reduced,
            None | Some(_) => Voice::Reduced,
        }
    }

    fn subject_near(&self, at: usize) -> bool {
        (at.saturating_sub(REACH)..at)
            .any(|b| matches!(self.tag(b), Tag::Name | Tag::Pronoun | Tag::Noun))
    }

    fn in_phrase(&self, at: usize) -> bool {
        matches!(
            self.tag(at),
            Tag::Noun
                | Tag::Name
                | Tag::Nationality
                | Tag::Number
                | Tag::Determiner
                | Tag::Possessive
                | Tag::Pronoun
        )
    }

    /// The noun phrase that begins at `at` (adverbs before its number are skipped).
    pub(super) fn phrase_from(&self, at: usize) -> Option<Phrase> {
        let mut start = at;
        while self.tag(start) == Tag::Adverb {
            start += 1;
        }
        let mut end = start;
        let mut head = None;
        let mut number = None;
        let limit = start + REACH;
        while end < limit {
            match self.tag(end) {
                Tag::Pronoun => {
                    if head.is_none() {
                        head = Some(end);
                        end += 1;
                    }
                    break;
                }
                Tag::Noun | Tag::Name | Tag::Nationality => {
                    head = Some(end);
                    end += 1;
                }
                Tag::Number => {
                    if head.is_some() && number.is_some() {
                        break;
                    }
                    number = number.or(Some(end));
                    end += 1;
                }
                Tag::Determiner => {
                    if head.is_some() {
                        break;
                    }
                    end += 1;
                }
                Tag::Possessive => end += 1,
                // "those deported", "the detained women", "12 trafficked women"
                Tag::Participle | Tag::Gerund => {
                    let owned = end > start
                        && end - start < 4
                        && matches!(self.tag(start), Tag::Possessive | Tag::Determiner)
                        && self.tag(end) == Tag::Participle
                        && self.tag(end + 1) == Tag::Noun
                        // "the United States imposed sanctions": its verb.
                        && (head.is_none() || self.tag(end - 1) == Tag::Possessive);
                    let modifies = self.tag(end) == Tag::Gerund
                        && head.is_some()
                        && self.tag(end + 1) == Tag::Noun
                        && matches!(
                            self.lower(end),
                            "fishing"
                                | "processing"
                                | "manufacturing"
                                | "mining"
                                | "farming"
                                | "trading"
                                | "shipping"
                                | "holding"
                                | "operating"
                                | "packing"
                                | "recruiting"
                                | "labouring"
                        );
                    if modifies {
                        end += 1;
                        continue;
                    }
                    let opens = end == start
                        || owned
                        || matches!(
                            self.tag(end - 1),
                            Tag::Determiner | Tag::Number | Tag::Possessive | Tag::Adverb
                        );
                    if opens
                        && matches!(self.tag(end + 1), Tag::Noun | Tag::Nationality | Tag::Name)
                        && (head.is_none() || number.is_some() || owned)
                        && !(end == start && self.tag(end) == Tag::Gerund)
                    {
                        end += 1;
                    } else {
                        break;
                    }
                }
                Tag::Adverb
                    if head.is_none()
                        && end > start
                        && matches!(self.tag(end + 1), Tag::Participle | Tag::Noun) =>
                {
                    end += 1
                }
                Tag::Open => match self.closing(end) {
                    Some(close) if head.is_some() => end = close + 1,
                    _ => break,
                },
                Tag::Conjunction if head.is_some() && self.coordinates(end) => end += 1,
                Tag::Comma if head.is_some() && self.list_goes_on(end) => end += 1,
                Tag::Preposition => {
                    let of = self.lower(end) == "of";
                    let counted = head.is_none() && number.is_some();
                    let grouped = head.is_some_and(|h| COLLECTIVE.contains(&self.lower(h)));
                    if of
                        && (counted || grouped)
                        && (self.in_phrase(end + 1) || self.tag(end + 1) == Tag::Participle)
                    {
                        head = None;
                        end += 1;
                    } else {
                        break;
                    }
                }
                _ => break,
            }
        }
        while end > start
            && matches!(
                self.tag(end - 1),
                Tag::Conjunction | Tag::Comma | Tag::Preposition | Tag::Determiner
            )
            && head != Some(end - 1)
            && end - 1 > start
        {
            end -= 1;
        }
        // "a further 15 were arrested": the number is what is meant.
        let head = match head {
            Some(head)
                if number == Some(end - 1)
                    && head + 1 == end - 1
                    && matches!(self.lower(head), "further" | "additional" | "extra") =>
            {
                end - 1
            }
            Some(head) if head < end => head,
            // A number alone ("40 on September 18"), a determiner alone ("those").
            _ => number.or((end > start && self.tag(start) == Tag::Determiner).then_some(start))?,
        };
        let head = self.first_head(start, head);
        (end > start).then_some(Phrase {
            units: start..end,
            head,
            // "Kim and her two children": the number counts the second of them.
            number: number.filter(|n| *n <= head),
        })
    }

    /// In "women and children" the first conjunct's head speaks for both; in a compound the last.
    fn first_head(&self, start: usize, last: usize) -> usize {
        (start..last)
            .find(|&at| {
                matches!(self.tag(at), Tag::Noun | Tag::Name | Tag::Nationality)
                    && matches!(self.tag(at + 1), Tag::Conjunction | Tag::Comma)
            })
            .unwrap_or(last)
    }

    fn closing(&self, open: usize) -> Option<usize> {
        (open + 1..(open + 12).min(self.units.len())).find(|&at| self.tag(at) == Tag::Close)
    }

    /// Whether the conjunction at `at` joins two noun phrases rather than two clauses.
    fn coordinates(&self, at: usize) -> bool {
        let mut next = at + 1;
        while matches!(
            self.tag(next),
            Tag::Determiner | Tag::Possessive | Tag::Adverb | Tag::Number
        ) {
            next += 1;
        }
        if !matches!(self.tag(next), Tag::Noun | Tag::Name | Tag::Nationality) {
            return false;
        }
        while matches!(
            self.tag(next),
            Tag::Noun | Tag::Name | Tag::Nationality | Tag::Possessive
        ) {
            next += 1;
        }
        while self.tag(next) == Tag::Adverb {
            next += 1;
        }
        // "… and the police arrested 12": the second phrase has a verb of its own, and the first had one.
        let verb_follows =
            matches!(self.tag(next), Tag::Verb | Tag::Participle) && self.phrase_starts(next + 1);
        !verb_follows
    }

    fn phrase_starts(&self, at: usize) -> bool {
        matches!(
            self.tag(at),
            Tag::Determiner
                | Tag::Number
                | Tag::Possessive
                | Tag::Pronoun
                | Tag::Name
                | Tag::Nationality
        )
    }

    fn list_goes_on(&self, comma: usize) -> bool {
        let mut at = comma + 1;
        let limit = comma + 8;
        let mut nouns = 0;
        while at < limit {
            match self.tag(at) {
                Tag::Noun | Tag::Nationality => nouns += 1,
                Tag::Determiner | Tag::Possessive | Tag::Comma => {}
                Tag::Conjunction => {
                    return nouns > 0
                        && !matches!(self.lower(at), "but" | "yet")
                        && self.coordinates(at);
                }
                _ => return false,
            }
            at += 1;
        }
        false
    }

    /// The subject of the verb group that starts at `start`.
    pub(super) fn subject(&self, start: usize) -> Option<Phrase> {
        let mut at = start;
        for _ in 0..3 {
            let before = at.checked_sub(1)?;
            match self.tag(before) {
                Tag::Relative => return self.antecedent(before),
                Tag::That
                    if before > 0 && matches!(self.tag(before - 1), Tag::Noun | Tag::Name) =>
                {
                    return self.antecedent(before);
                }
                // "arrested 12 people and deported them": the subject of the verb before.
                Tag::Conjunction | Tag::Comma
                    if self.tag(before) == Tag::Conjunction
                        || self.parenthesis(before).is_none() =>
                {
                    let earlier = (before.saturating_sub(REACH)..before).rev().find(|&v| {
                        matches!(self.tag(v), Tag::Verb | Tag::Participle) && !self.is_prenominal(v)
                    });
                    let Some(verb) = earlier else {
                        return self.region_subject(before);
                    };
                    at = self.group(verb).start;
                    if at == start {
                        return None;
                    }
                }
                Tag::Comma | Tag::Close => {
                    let open = self.parenthesis(before)?;
                    // "Of the fifty, 12 were beaten, starved and": a row of verbs, no insertion.
                    let row = (open + 1..before).rev().find(|&v| {
                        matches!(self.tag(v), Tag::Verb | Tag::Participle)
                            && !self.is_prenominal(v)
                            && self.group_alone(v).be.is_some()
                    });
                    let inserted = (open + 1..before).any(|u| self.tag(u) == Tag::Relative)
                        || self.tag(start) != Tag::Participle
                        || self.class(start) & (class::SPEECH | class::DENY) != 0;
                    match row.filter(|_| !inserted) {
                        Some(verb) => at = self.group(verb).start,
                        None => return self.region_subject(open),
                    }
                }
                // "Seven people - four men and three women - were arrested"
                Tag::Stop if self.is_dash(before) => {
                    let open = (before.saturating_sub(16)..before)
                        .rev()
                        .find(|&u| self.is_dash(u))?;
                    return self.region_subject(open);
                }
                _ => return self.region_subject(at),
            }
        }
        None
    }

    fn is_dash(&self, at: usize) -> bool {
        self.units
            .get(at)
            .is_some_and(|u| matches!(self.text.word(u.tokens.start), "-" | "–" | "—"))
    }

    pub(super) fn is_prenominal(&self, verb: usize) -> bool {
        self.tag(verb) == Tag::Participle && self.participle_voice(verb, verb) == Voice::Before
    }

    /// Where the insertion that `close` (a comma or bracket) ends begins.
    fn parenthesis(&self, close: usize) -> Option<usize> {
        let wanted = if self.tag(close) == Tag::Close {
            Tag::Open
        } else {
            Tag::Comma
        };
        let from = close.saturating_sub(30);
        let open = (from..close).rev().find(|&at| self.tag(at) == wanted)?;
        (open > 0 && close - open > 1).then_some(open)
    }

    /// The subject among the units that end before `end`, back to the clause's border.
    fn region_subject(&self, end: usize) -> Option<Phrase> {
        // "told the tribunal she had been": a subject pronoun right before the verb is the subject.
        if let Some(last) = end.checked_sub(1).filter(|&l| {
            self.tag(l) == Tag::Pronoun
                && matches!(
                    self.lower(l),
                    "he" | "she" | "they" | "we" | "i" | "it" | "you"
                )
        }) {
            return Some(Phrase {
                units: last..end,
                head: last,
                number: None,
            });
        }
        // "Ms. Kim, 34, said": the age says nothing of who.
        if let Some(comma) = end
            .checked_sub(2)
            .filter(|&c| self.tag(c) == Tag::Comma && self.is_age(c + 1))
        {
            return self.region_subject(comma);
        }
        // "helped dozens of refugees reach Laos": those who are helped.
        if let Some(helped) = self.phrase_before(end)
            && self.helper(helped.units.start).is_some()
        {
            return Some(helped);
        }
        let mut start = end;
        while let Some(before) = start.checked_sub(1).filter(|b| end - b <= REACH) {
            match self.tag(before) {
                Tag::Noun
                | Tag::Name
                | Tag::Nationality
                | Tag::Number
                | Tag::Determiner
                | Tag::Possessive
                | Tag::Pronoun
                | Tag::Preposition
                | Tag::Date
                | Tag::Close
                | Tag::Open
                | Tag::Adverb => start = before,
                Tag::Participle | Tag::Gerund
                    if self.class(before) & class::SPEECH == 0 || self.is_prenominal(before) =>
                {
                    start = before
                }
                Tag::Conjunction
                    if !matches!(self.lower(before), "but" | "yet")
                        && before > 0
                        && matches!(
                            self.tag(before - 1),
                            Tag::Noun | Tag::Name | Tag::Nationality | Tag::Close
                        )
                        && self.in_phrase(before + 1) =>
                {
                    start = before
                }
                Tag::Comma if before > 0 && self.list_goes_on(before) => start = before,
                _ => break,
            }
        }
        // "Those who had contact with missionaries could be sent": the relative clause is inside the
        // subject, and whom it is about is the subject.
        if let Some(verb) = start.checked_sub(1)
            // "a prisoner, who said five inmates were killed": those of whom it is said.
            && !(self.class(verb) & class::SPEECH != 0
                && (start..end).any(|u| matches!(self.tag(u), Tag::Noun | Tag::Name | Tag::Pronoun)))
            && matches!(
                self.tag(verb),
                Tag::Verb | Tag::Participle | Tag::Be | Tag::Have | Tag::Modal
            )
        {
            let relative = (verb.saturating_sub(10)..verb)
                .rev()
                .take_while(|&u| {
                    !matches!(
                        self.tag(u),
                        Tag::Comma | Tag::Stop | Tag::That | Tag::Subordinator
                    )
                })
                .find(|&u| self.tag(u) == Tag::Relative);
            if let Some(relative) = relative.filter(|&r| r > 0) {
                return self.antecedent(relative);
            }
        }
        // "Those who met missionaries will be": the same with a past form that could be a participle.
        if let Some(relative) = start
            .checked_sub(1)
            .filter(|&r| r > 0 && self.tag(r) == Tag::Relative && self.lower(r) == "who")
            && matches!(self.tag(start), Tag::Participle | Tag::Adverb)
            && (start..end).any(|u| self.tag(u) == Tag::Participle && !self.is_prenominal(u))
        {
            return self.antecedent(relative);
        }
        let mut at = start;
        while at < end {
            match self.tag(at) {
                Tag::Adverb
                | Tag::Date
                | Tag::Comma
                | Tag::Conjunction
                | Tag::Close
                | Tag::Open => at += 1,
                Tag::Preposition => {
                    let next = self
                        .phrase_from(at + 1)
                        .map_or(at + 1, |p| p.units.end.max(at + 1));
                    at = next.max(at + 1);
                    while at < end && self.tag(at) == Tag::Date {
                        at += 1;
                    }
                }
                Tag::Participle | Tag::Gerund if !self.is_prenominal(at) => at += 1,
                _ => {
                    let phrase = self.phrase_from(at)?;
                    // "After four years the police came"
                    let time = matches!(
                        self.lower(phrase.head),
                        "years"
                            | "year"
                            | "months"
                            | "month"
                            | "weeks"
                            | "week"
                            | "days"
                            | "day"
                            | "hours"
                            | "time"
                            | "night"
                    );
                    if time && phrase.units.end < end {
                        at = phrase.units.end;
                        continue;
                    }
                    return (phrase.units.start < end).then_some(phrase);
                }
            }
        }
        None
    }

    /// Whether the unit is the age of whom the words before name ("Ms. Kim, 34, …").
    fn is_age(&self, at: usize) -> bool {
        self.tag(at) == Tag::Number
            && at.checked_sub(2).is_some_and(|b| {
                self.tag(b + 1) == Tag::Comma
                    && (self.is_kind(b, MentionKind::Person) || self.is_person(b))
            })
            && matches!(self.tag(at + 1), Tag::Comma | Tag::Relative | Tag::Stop)
            && self.lower(at).bytes().all(|b| b.is_ascii_digit())
            && self.lower(at).len() < 3
    }

    /// The verb right before `start` that takes a bare infinitive with its own subject ("helped",
    /// "let", "saw").
    pub(super) fn helper(&self, start: usize) -> Option<usize> {
        start.checked_sub(1).filter(|&v| {
            matches!(self.tag(v), Tag::Verb | Tag::Participle | Tag::Gerund)
                && matches!(
                    self.lower(v),
                    "help"
                        | "helps"
                        | "helped"
                        | "helping"
                        | "let"
                        | "lets"
                        | "letting"
                        | "saw"
                        | "see"
                        | "seeing"
                        | "watched"
                        | "made"
                        | "making"
                )
        })
    }

    /// The phrase that a relative pronoun at `relative` goes back to.
    pub(super) fn antecedent(&self, relative: usize) -> Option<Phrase> {
        let end = if relative > 0 && self.tag(relative - 1) == Tag::Comma {
            relative - 1
        } else {
            relative
        };
        // "6,700 people, some 450 of whom were tortured": the part is meant.
        if relative > 1 && self.lower(relative - 1) == "of" && self.tag(relative - 2) == Tag::Number
        {
            return Some(Phrase {
                units: relative - 2..relative + 1,
                head: relative - 2,
                number: Some(relative - 2),
            });
        }
        let who = matches!(self.lower(relative), "who" | "whom" | "whose");
        let mut at = end.saturating_sub(16);
        let mut last = None;
        while at < end {
            let opens = self.in_phrase(at) && (at == 0 || !self.in_phrase(at - 1));
            if opens && let Some(phrase) = self.phrase_from(at).filter(|p| p.units.start < end) {
                let age = phrase.units.len() == 1 && self.is_age(phrase.units.start);
                let person =
                    (self.is_person(phrase.head) || phrase.number == Some(phrase.head)) && !age;
                at = phrase.units.end.max(at + 1);
                // "Ji Seong-ho, a defector and former lawmaker, who": the name.
                let apposed = matches!(self.lower(phrase.units.start), "a" | "an" | "the")
                    && last.as_ref().is_some_and(|l: &Phrase| {
                        self.is_kind(l.head, MentionKind::Person)
                            && l.units.end + 1 == phrase.units.start
                            && self.tag(l.units.end) == Tag::Comma
                    });
                let keep = !apposed && (!who && !age || person || last.is_none());
                if keep {
                    last = Some(phrase);
                }
            } else {
                at += 1;
            }
        }
        last
    }

    /// The noun phrase that ends right before `end` (for reduced relatives): back over what can
    /// stand in one.
    pub(super) fn phrase_before(&self, end: usize) -> Option<Phrase> {
        let mut start = end;
        while let Some(before) = start.checked_sub(1).filter(|b| end - b <= 14) {
            let goes = match self.tag(before) {
                Tag::Noun
                | Tag::Name
                | Tag::Nationality
                | Tag::Number
                | Tag::Determiner
                | Tag::Possessive => true,
                Tag::Preposition => {
                    self.lower(before) == "of"
                        && before > 0
                        && matches!(self.tag(before - 1), Tag::Number | Tag::Noun)
                }
                Tag::Close | Tag::Open => true,
                Tag::Participle => self.is_prenominal(before),
                Tag::Conjunction => {
                    before > 0
                        && matches!(self.tag(before - 1), Tag::Noun | Tag::Nationality)
                        && self.in_phrase(before + 1)
                        && !matches!(self.lower(before), "but" | "yet")
                }
                _ => false,
            };
            if !goes {
                break;
            }
            start = before;
        }
        // The last phrase of the stretch: in "a list of all shipments" the shipments.
        let mut at = start;
        let mut found = None;
        while at < end {
            let Some(phrase) = self.phrase_from(at).filter(|p| p.units.start < end) else {
                at += 1;
                continue;
            };
            at = phrase.units.end.max(at + 1);
            found = Some(phrase);
        }
        found
    }

    /// The object of a verb: the phrase right behind it.
    pub(super) fn object(&self, verb: usize) -> Option<Phrase> {
        let mut at = verb + 1;
        while matches!(self.tag(at), Tag::Adverb | Tag::Date)
            || at == verb + 1 && self.lower(at) == "dead"
        {
            at += 1;
        }
        // "detain and repatriate refugees": the second verb's object is the first one's too.
        if self.tag(at) == Tag::Conjunction
            && self.tag(at + 1) == self.tag(verb)
            && self.mention(at + 1).is_none()
        {
            at += 2;
        }
        if !(self.in_phrase(at) || matches!(self.tag(at), Tag::Participle)) || self.is_time(at) {
            return None;
        }
        self.phrase_from(at)
    }

    /// The people right before the comma at `comma`, of whom the participle behind it tells more
    /// ("the seven, arrested in Spain, had …"); none where the participle goes on with a row of verbs.
    pub(super) fn apposed_to(&self, comma: usize) -> Option<Phrase> {
        let phrase = self.phrase_before(comma).filter(|p| {
            p.units.end == comma && (self.phrase_is_person(p) || p.number == Some(p.head))
        })?;
        // "beaten by guards, stripped and locked up"
        let agent = phrase
            .units
            .start
            .checked_sub(1)
            .is_some_and(|b| self.lower(b) == "by");
        let row = (comma + 1..(comma + 9).min(self.units.len()))
            .take_while(|&u| self.tag(u) != Tag::Stop)
            .any(|u| {
                self.tag(u) == Tag::Conjunction
                    && matches!(
                        self.tag(u + 1),
                        Tag::Participle | Tag::Adverb | Tag::Verb | Tag::Gerund
                    )
            });
        (!agent && !row).then_some(phrase)
    }

    /// Whether a time that says when or how often begins at `at` ("each time", "the next day").
    fn is_time(&self, at: usize) -> bool {
        if self.tag(at) == Tag::Determiner && self.tag(at + 1) == Tag::Date {
            return true;
        }
        matches!(self.tag(at), Tag::Determiner | Tag::Number)
            && (at + 1..at + 3)
                .find(|&u| {
                    !matches!(
                        self.lower(u),
                        "same" | "next" | "following" | "whole" | "few" | "previous" | "single"
                    )
                })
                .is_some_and(|u| {
                    matches!(
                        self.lower(u),
                        "time"
                            | "times"
                            | "day"
                            | "days"
                            | "night"
                            | "nights"
                            | "morning"
                            | "evening"
                            | "afternoon"
                            | "week"
                            | "weeks"
                            | "month"
                            | "months"
                            | "year"
                            | "years"
                            | "hours"
                    ) && !matches!(self.tag(u + 1), Tag::Possessive | Tag::Noun)
                        && self.lower(u + 1) != "of"
                })
    }

    /// The phrase behind the preposition `word`, if it follows `from` inside the clause.
    pub(super) fn behind(
        &self,
        from: usize,
        words: &[&str],
        reach: usize,
    ) -> Option<(usize, Phrase)> {
        let mut at = from;
        while at < (from + reach).min(self.units.len()) {
            match self.tag(at) {
                Tag::Stop | Tag::Relative | Tag::That | Tag::Subordinator => return None,
                Tag::Verb | Tag::Modal | Tag::Be if at > from => return None,
                _ if words.contains(&self.lower(at)) => {
                    return self.phrase_from(at + 1).map(|phrase| (at, phrase));
                }
                _ => at += 1,
            }
        }
        None
    }

    /// Whether the unit names or counts people.
    pub(super) fn is_person(&self, unit: usize) -> bool {
        if self.is_kind(unit, MentionKind::Person) {
            return true;
        }
        match self.tag(unit) {
            Tag::Nationality => {
                self.is_plural_nationality(unit) || !matches!(self.tag(unit + 1), Tag::Noun)
            }
            Tag::Pronoun => !matches!(self.lower(unit), "it" | "there"),
            // "no one" as one unit or two
            Tag::Noun | Tag::Other if matches!(self.lower(unit), "one" | "no one") => {
                self.lower(unit) == "no one"
                    || unit > 0 && matches!(self.lower(unit - 1), "no" | "any" | "every")
            }
            Tag::Noun => is_person_noun(self.lower(unit)),
            Tag::Name => self.is_kind(unit, MentionKind::Role),
            // "no one", "any one"
            Tag::Number => {
                self.lower(unit) == "one"
                    && unit > 0
                    && matches!(self.lower(unit - 1), "no" | "any" | "every")
            }
            Tag::Determiner => matches!(
                self.lower(unit),
                "those" | "some" | "many" | "others" | "several" | "most" | "all"
            ),
            _ => false,
        }
    }

    pub(super) fn phrase_is_person(&self, phrase: &Phrase) -> bool {
        phrase.units.clone().any(|at| self.is_person(at))
            || (phrase.number.is_some_and(|n| n == phrase.head))
    }

    pub(super) fn phrase_has(&self, phrase: &Phrase, words: &[&str]) -> bool {
        phrase
            .units
            .clone()
            .any(|at| words.contains(&self.lower(at)))
    }
}

/// Verbs that take no victim: their past form after a noun is a finite verb.
fn is_intransitive(lower: &str) -> bool {
    matches!(
        lower,
        "fled"
            | "escaped"
            | "defected"
            | "arrived"
            | "died"
            | "lived"
            | "resided"
            | "worked"
            | "traveled"
            | "travelled"
            | "testified"
            | "crossed"
            | "resettled"
            | "remained"
            | "appeared"
            | "disappeared"
            | "happened"
            | "occurred"
            | "perished"
            | "starved"
            | "visited"
            | "attended"
            | "participated"
            | "joined"
            | "became"
            | "went"
            | "came"
            | "stood"
            | "spoke"
            | "met"
            | "continued"
            | "included"
            | "entered"
    )
}

const COLLECTIVE: &[&str] = &[
    "group",
    "groups",
    "number",
    "numbers",
    "family",
    "families",
    "majority",
    "total",
    "handful",
    "lot",
    "tens",
    "hundreds",
    "thousands",
    "dozens",
    "scores",
    "use",
    "couple",
    "pair",
    "crowd",
    "wave",
    "batch",
    "batches",
    "part",
    "portion",
];

/// Nouns for people; compounds are known by their last part.
pub(super) fn is_person_noun(lower: &str) -> bool {
    let last = lower.rsplit('-').next().unwrap_or(lower);
    let one = match last.strip_suffix('s') {
        Some(one) if !one.ends_with('s') && !last.ends_with("us") => one,
        _ => last,
    };
    ALSO_PEOPLE.contains(&one) || listed(last) || listed(one) && one != "general"
}

/// More nouns for people, singular.
#[rustfmt::skip]
const ALSO_PEOPLE: &[&str] = &[
    "sailor", "seaman", "seafarer", "fisherfolk", "recruit", "conscript", "striker", "clerk", "cook", "captive",
    "hostage", "deportee", "evacuee", "orphan", "newborn", "toddler", "passenger", "demonstrator", "organizer",
    "organiser", "trader", "smuggler", "interpreter", "musician", "athlete", "judge", "prosecutor", "mayor",
    "politician", "deacon", "elder", "preacher", "evangelist", "midwife", "maid", "helper", "fugitive", "convict",
    "crewmen", "crewman", "miner", "logger", "waitress", "waitresses", "grandson", "granddaughter", "grandchild",
    "grandchildren", "twin", "widow", "bystander", "pilgrim", "tourist", "traveler", "traveller", "compatriot",
    "stowaway", "expatriate", "peer", "picker", "sewer", "weaver", "cadre", "foreigner", "deserter", "dockworker",
    "stepfather", "stepmother", "in-law", "hawker", "vendor", "pupil", "nanny", "caregiver", "cleaner", "hairdresser",
    "accountant", "translator", "guide", "ferryman", "boatman", "marine", "veteran", "internee", "abductee",
];

fn listed(last: &str) -> bool {
    matches!(
        last,
        "people"
            | "person"
            | "persons"
            | "refugee"
            | "refugees"
            | "defector"
            | "defectors"
            | "escapee"
            | "escapees"
            | "woman"
            | "women"
            | "man"
            | "men"
            | "child"
            | "children"
            | "girl"
            | "girls"
            | "boy"
            | "boys"
            | "worker"
            | "workers"
            | "laborer"
            | "laborers"
            | "labourer"
            | "labourers"
            | "migrant"
            | "migrants"
            | "seeker"
            | "seekers"
            | "national"
            | "nationals"
            | "citizen"
            | "citizens"
            | "resident"
            | "residents"
            | "individual"
            | "individuals"
            | "victim"
            | "victims"
            | "prisoner"
            | "prisoners"
            | "detainee"
            | "detainees"
            | "returnee"
            | "returnees"
            | "family"
            | "families"
            | "student"
            | "students"
            | "missionary"
            | "missionaries"
            | "activist"
            | "activists"
            | "pastor"
            | "pastors"
            | "broker"
            | "brokers"
            | "farmer"
            | "farmers"
            | "christian"
            | "christians"
            | "villager"
            | "villagers"
            | "mother"
            | "mothers"
            | "father"
            | "infant"
            | "infants"
            | "baby"
            | "babies"
            | "soldier"
            | "soldiers"
            | "inmate"
            | "inmates"
            | "minor"
            | "minors"
            | "adult"
            | "adults"
            | "employee"
            | "employees"
            | "crew"
            | "crewmember"
            | "crewmembers"
            | "fisherman"
            | "fishermen"
            | "fisher"
            | "fishers"
            | "deckhand"
            | "deckhands"
            | "journalist"
            | "journalists"
            | "lawyer"
            | "lawyers"
            | "witness"
            | "witnesses"
            | "survivor"
            | "survivors"
            | "relative"
            | "relatives"
            | "member"
            | "members"
            | "wife"
            | "wives"
            | "husband"
            | "daughter"
            | "daughters"
            | "son"
            | "sons"
            | "sister"
            | "brother"
            | "aunt"
            | "uncle"
            | "niece"
            | "nephew"
            | "cousin"
            | "cousins"
            | "grandmother"
            | "grandfather"
            | "fiancee"
            | "neighbor"
            | "neighbour"
            | "parents"
            | "couple"
            | "teenager"
            | "teenagers"
            | "trainee"
            | "trainees"
            | "monk"
            | "monks"
            | "nun"
            | "nuns"
            | "protester"
            | "protesters"
            | "dissident"
            | "dissidents"
            | "defender"
            | "defenders"
            | "advocate"
            | "advocates"
            | "escaper"
            | "bride"
            | "brides"
            | "practitioner"
            | "practitioners"
            | "believer"
            | "believers"
            | "leader"
            | "leaders"
            | "suspect"
            | "suspects"
            | "humans"
            | "priest"
            | "priests"
            | "bishop"
            | "bishops"
            | "doctor"
            | "doctors"
            | "nurse"
            | "nurses"
            | "teacher"
            | "teachers"
            | "writer"
            | "writers"
            | "artist"
            | "artists"
            | "scholar"
            | "scholars"
            | "general"
            | "generals"
            | "minister"
            | "lawmaker"
            | "lawmakers"
            | "senator"
            | "businessman"
            | "businessmen"
            | "engineer"
            | "driver"
            | "drivers"
            | "guard"
            | "guards"
            | "peasant"
            | "herder"
            | "herders"
            | "editor"
            | "blogger"
            | "poet"
            | "singer"
            | "official"
            | "officials"
            | "colleague"
            | "colleagues"
            | "spouse"
            | "cleric"
            | "clerics"
            | "imam"
            | "imams"
            | "intellectual"
            | "intellectuals"
            | "critic"
            | "critics"
            | "opponent"
            | "opponents"
            | "spy"
            | "spies"
            | "conscript"
            | "conscripts"
            | "deserter"
            | "deserters"
            | "evacuee"
            | "veteran"
            | "veterans"
            | "player"
            | "players"
            | "athlete"
            | "athletes"
            | "actor"
            | "passenger"
            | "passengers"
            | "pilot"
            | "cook"
            | "interpreter"
            | "translator"
            | "smuggler"
            | "smugglers"
            | "trafficker"
            | "traffickers"
            | "fugitive"
            | "fugitives"
            | "someone"
            | "anyone"
            | "everyone"
            | "abductee"
            | "abductees"
            | "expert"
            | "experts"
            | "captain"
            | "captains"
            | "sailor"
            | "sailors"
            | "monastics"
            | "nomad"
            | "nomads"
            | "strikers"
            | "newborns"
            | "policeman"
            | "policemen"
            | "herself"
            | "himself"
            | "themselves"
            | "deportees"
            | "evacuees"
            | "orphans"
            | "pow"
            | "pows"
            | "aliens"
            | "immigrants"
    )
}
