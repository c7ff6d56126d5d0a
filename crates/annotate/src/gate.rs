//! What an extractor proposes, and what of it is kept.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use casefile::statement::{
    Argument, Attribution, Count, Event, Group, Modality, Polarity, Quantity, QuantityKind, Quote,
    Statement, When,
};
use serde::{Deserialize, Serialize};
use statement::{Context, Witness};

use crate::words::{Place, View, normalised};

/// Occurrences of one quote that are told apart, and proposals of one text that are looked at.
const MOST: usize = 1000;

/// A figure as proposed: its words, and what they are said to mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figure {
    pub text: String,
    pub kind: Option<String>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub best: Option<f64>,
    pub unit: Option<String>,
}

/// A time as proposed: its words, and the days that they are said to mean.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Date {
    pub text: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One step of a chain of tellers; no source stands for one whom the text does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Teller {
    pub source: Option<String>,
    pub cue: Option<String>,
}

/// A statement as proposed: words of the text and values of the closed lists, none of it checked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proposal {
    pub event: String,
    pub quote: String,
    pub trigger: String,
    /// Where the quote is said to stand, in characters, if the extractor knows.
    pub start: Option<u32>,
    pub agent: Vec<String>,
    pub patient: Vec<String>,
    pub object: Vec<String>,
    pub group: Vec<String>,
    pub place: Vec<String>,
    pub origin: Vec<String>,
    pub destination: Vec<String>,
    pub quantity: Option<Figure>,
    pub date: Option<Date>,
    pub modality: String,
    pub polarity: String,
    pub attribution: Vec<Teller>,
    pub hedges: Vec<String>,
}

/// Why a proposal was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It has not the form of a proposal.
    Form,
    /// Its event, modality, polarity or group is of no closed list.
    Value,
    /// Its quote does not stand in the text, or not where it is said to.
    Quote,
    /// Its trigger does not stand in its quote.
    Trigger,
    /// Words that it takes from the text do not stand there.
    Words,
    /// The scanners see no such number in its quote.
    Number,
    /// The scanners see no such date in its quote.
    Date,
    /// It denies what its sentence does not, or leaves a denial out.
    Negation,
    /// It takes for a fact what its sentence does not say as one.
    Doubt,
    /// It takes for a fact what stands in an order to a reader: "report that 500 were executed".
    Order,
    /// The quote does not occur as often as it was proposed.
    Repeated,
    /// More proposals came than are looked at.
    TooMany,
}

impl Reason {
    /// The reason's stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Value => "value",
            Self::Quote => "quote",
            Self::Trigger => "trigger",
            Self::Words => "words",
            Self::Number => "number",
            Self::Date => "date",
            Self::Negation => "negation",
            Self::Doubt => "doubt",
            Self::Order => "order",
            Self::Repeated => "repeated",
            Self::TooMany => "too_many",
        }
    }
}

/// A proposal that was not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    pub reason: Reason,
    /// As the extractor gave it, its first characters.
    pub quote: String,
}

impl Rejected {
    pub(crate) fn new(reason: Reason, quote: &str) -> Self {
        let quote = quote.chars().take(300).collect();
        Self { reason, quote }
    }
}

/// What the gate let through and what it did not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Admitted {
    pub statements: Vec<Statement>,
    /// The proposals that they were made from, in the same order, each with the place that it was
    /// assigned: put to the gate again, they give the same statements.
    pub kept: Vec<Proposal>,
    pub rejected: Vec<Rejected>,
}

impl Admitted {
    /// How many were rejected for each reason.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Reason, usize> {
        let mut counts = BTreeMap::new();
        for rejected in &self.rejected {
            *counts.entry(rejected.reason).or_default() += 1;
        }
        counts
    }
}

/// Reads `{"statements":[…]}`; what has not the form of a proposal is rejected one by one. `None`
/// if the whole is no such object.
#[must_use]
pub fn from_json(json: &str) -> Option<(Vec<Proposal>, Vec<Rejected>)> {
    let whole: serde_json::Value = serde_json::from_str(json).ok()?;
    let mut proposals = Vec::new();
    let mut rejected = Vec::new();
    for value in whole.get("statements")?.as_array()? {
        match Proposal::deserialize(value) {
            Ok(proposal) => proposals.push(proposal),
            Err(_) => {
                let quote = value.get("quote").and_then(serde_json::Value::as_str);
                rejected.push(Rejected::new(Reason::Form, quote.unwrap_or_default()));
            }
        }
    }
    Some((proposals, rejected))
}

/// Keeps the proposals that `text` bears out, as statements of `model:name`.
///
/// Every quote must equal the text after one fixed normalisation; a quote that is proposed again
/// is looked for at its next occurrence. Numbers and dates are those of our own scanners.
#[must_use]
pub fn admit(text: &str, context: &Context<'_>, name: &str, proposals: &[Proposal]) -> Admitted {
    let gate = Gate {
        view: View::new(text),
        seen: statement::witness(text, context),
        rules: statement::find(text, context).statements,
        extractor: format!("model:{name}"),
    };
    let mut admitted = Admitted::default();
    let mut passed: Vec<(Statement, Proposal)> = Vec::new();
    let mut before: HashMap<[String; 3], Vec<&Proposal>> = HashMap::new();
    for (number, proposal) in proposals.iter().enumerate() {
        let kept = if number < MOST {
            let key = [&proposal.quote, &proposal.trigger, &proposal.event].map(|w| normalised(w));
            let earlier = before.entry(key).or_default();
            let again = earlier.contains(&proposal);
            let kept = gate.check(proposal, earlier.len(), again);
            earlier.push(proposal);
            kept
        } else {
            Err(Reason::TooMany)
        };
        match kept {
            Ok(statement) => {
                let start = Some(statement.start);
                let placed = Proposal {
                    start,
                    ..proposal.clone()
                };
                passed.push((statement, placed));
            }
            Err(reason) => admitted
                .rejected
                .push(Rejected::new(reason, &proposal.quote)),
        }
    }
    passed.sort_by_key(|(s, _)| (s.start, s.trigger.start));
    (admitted.statements, admitted.kept) = passed.into_iter().unzip();
    admitted
}

struct Gate<'a> {
    view: View<'a>,
    seen: Witness,
    /// What our own rules read from the text.
    rules: Vec<Statement>,
    extractor: String,
}

fn quote(place: Place) -> Quote {
    Quote {
        text: place.text,
        start: place.start,
        end: place.end,
    }
}

fn inside(at: &Range<u32>, start: u32, end: u32) -> bool {
    start <= at.start && at.end <= end
}

fn overlaps(at: &Range<u32>, start: u32, end: u32) -> bool {
    at.start < end && start < at.end
}

impl Gate<'_> {
    /// `earlier` proposals had the same quote, trigger and event; `again`: one was quite the same.
    fn check(&self, proposal: &Proposal, earlier: usize, again: bool) -> Result<Statement, Reason> {
        let event = Event::from_word(&proposal.event).ok_or(Reason::Value)?;
        let modality = Modality::from_word(&proposal.modality).ok_or(Reason::Value)?;
        let polarity = match proposal.polarity.as_str() {
            "" | "+" => Polarity::Positive,
            "-" => Polarity::Negative,
            _ => return Err(Reason::Value),
        };
        let groups = proposal.group.iter();
        let group: Option<Vec<Group>> = groups.map(|word| Group::from_word(word)).collect();
        let group = group.ok_or(Reason::Value)?;

        let whole = self.whole(proposal, earlier, again)?;
        let trigger = self
            .within(&proposal.trigger, &whole)
            .ok_or(Reason::Trigger)?;
        self.stance(&trigger, &whole, modality, polarity)?;
        let arguments = |words: &[String]| self.arguments(words, &whole);
        Ok(Statement {
            event,
            agent: arguments(&proposal.agent)?,
            patient: arguments(&proposal.patient)?,
            object: arguments(&proposal.object)?,
            group,
            place: arguments(&proposal.place)?,
            origin: arguments(&proposal.origin)?,
            destination: arguments(&proposal.destination)?,
            quantity: proposal
                .quantity
                .as_ref()
                .map(|figure| self.quantity(figure, &whole))
                .transpose()?,
            date: proposal
                .date
                .as_ref()
                .map(|date| self.date(date, &whole))
                .transpose()?,
            modality,
            polarity,
            attribution: self.attribution(&proposal.attribution, &whole)?,
            hedges: proposal
                .hedges
                .iter()
                .map(|words| self.near(words, &whole).map(quote).ok_or(Reason::Words))
                .collect::<Result<_, _>>()?,
            // Nothing is known of how often such a proposal is right.
            score: 0.5,
            extractor: self.extractor.clone(),
            agreed: Vec::new(),
            trigger: quote(trigger),
            start: whole.start,
            end: whole.end,
            quote: whole.text,
        })
    }

    fn whole(&self, proposal: &Proposal, earlier: usize, again: bool) -> Result<Place, Reason> {
        let mut places = self.view.places(&normalised(&proposal.quote), MOST);
        if let Some(start) = proposal.start {
            places.retain(|place| place.start == start);
        }
        if places.is_empty() {
            return Err(Reason::Quote);
        }
        if earlier >= places.len() && again {
            return Err(Reason::Repeated);
        }
        let at = earlier.min(places.len() - 1);
        Ok(places.swap_remove(at))
    }

    /// The first occurrence of the words inside a place.
    fn within(&self, words: &str, whole: &Place) -> Option<Place> {
        let places = self.view.places(&normalised(words), MOST);
        places
            .into_iter()
            .find(|p| whole.start <= p.start && p.end <= whole.end)
    }

    /// The words inside a place, or the nearest before it, or the first after it.
    fn near(&self, words: &str, whole: &Place) -> Option<Place> {
        let distance = |p: &Place| {
            let inside = whole.start <= p.start && p.end <= whole.end;
            if inside {
                (0, p.start)
            } else if p.start < whole.start {
                (1, whole.start - p.start)
            } else {
                (2, p.start)
            }
        };
        let places = self.view.places(&normalised(words), MOST);
        places.into_iter().min_by_key(distance)
    }

    fn arguments(&self, words: &[String], whole: &Place) -> Result<Vec<Argument>, Reason> {
        let each = words.iter().map(|words| {
            let place = self.near(words, whole).ok_or(Reason::Words)?;
            Ok(Argument::At(quote(place)))
        });
        each.collect()
    }

    fn attribution(&self, chain: &[Teller], whole: &Place) -> Result<Vec<Attribution>, Reason> {
        let find = |words: &String| self.near(words, whole).map(quote).ok_or(Reason::Words);
        let each = chain.iter().map(|teller| {
            let source = teller.source.as_ref().map(find).transpose()?;
            let cue = teller.cue.as_ref().map(find).transpose()?;
            // Somebody unnamed must at least be heard to speak.
            if source.is_none() && cue.is_none() {
                return Err(Reason::Words);
            }
            Ok(Attribution {
                source: source.map_or_else(Argument::unnamed, Argument::At),
                cue,
            })
        });
        each.collect()
    }

    fn quantity(&self, figure: &Figure, whole: &Place) -> Result<Quantity, Reason> {
        let place = self.within(&figure.text, whole).ok_or(Reason::Number)?;
        let mut seen = self.seen.numbers.iter().filter(|number| {
            overlaps(&number.at, place.start, place.end)
                && inside(&number.at, whole.start, whole.end)
        });
        let (Some(number), None) = (seen.next(), seen.next()) else {
            return Err(Reason::Number);
        };
        let kind = figure.kind.as_deref().map(QuantityKind::from_word);
        let wrong_kind = kind.is_some_and(|kind| kind != Some(number.kind));
        let bounds = [
            (figure.low, number.low),
            (figure.high, number.high),
            (figure.best, number.best),
        ];
        let wrong = bounds
            .iter()
            .any(|(said, seen)| said.is_some() && said != seen);
        let unit = match (&figure.unit, number.unit) {
            (Some(said), Some(seen)) if !said.eq_ignore_ascii_case(seen) => None,
            (_, Some(seen)) => Some(Some(seen.to_owned())),
            (Some(said), None) if said == "person" || whole.text.contains(said.as_str()) => {
                Some(Some(said.clone()))
            }
            (Some(_), None) => None,
            (None, None) => Some(None),
        };
        if wrong || wrong_kind {
            return Err(Reason::Number);
        }
        let at = self.read(&number.at).ok_or(Reason::Number)?;
        Ok(Quantity {
            text: at.text,
            start: at.start,
            end: at.end,
            kind: number.kind,
            low: number.low.map(Count::new),
            high: number.high.map(Count::new),
            best: number.best.map(Count::new),
            unit: unit.ok_or(Reason::Number)?,
            measure: None,
        })
    }

    fn date(&self, date: &Date, whole: &Place) -> Result<When, Reason> {
        let place = self.near(&date.text, whole).ok_or(Reason::Date)?;
        let mut seen = self.seen.dates.iter();
        let seen = seen
            .find(|seen| overlaps(&seen.at, place.start, place.end))
            .ok_or(Reason::Date)?;
        let differs = |said: &Option<String>, seen: &Option<String>| said.is_some() && said != seen;
        if differs(&date.from, &seen.from) || differs(&date.to, &seen.to) {
            return Err(Reason::Date);
        }
        let at = self.read(&seen.at).ok_or(Reason::Date)?;
        Ok(When {
            text: at.text,
            start: at.start,
            end: at.end,
            from: seen.from.clone(),
            to: seen.to.clone(),
            precision: seen.precision.to_owned(),
            relative: seen.relative,
        })
    }

    fn read(&self, at: &Range<u32>) -> Option<Place> {
        self.view.read(at.start, at.end)
    }

    /// Whether the sentence around the trigger allows what is claimed of it. The whole sentence
    /// counts, not the quote alone: a quote can be cut so that "may" stays outside.
    fn stance(
        &self,
        trigger: &Place,
        whole: &Place,
        modality: Modality,
        polarity: Polarity,
    ) -> Result<(), Reason> {
        let around = self
            .seen
            .sentences
            .iter()
            .find(|sentence| overlaps(sentence, trigger.start, trigger.end))
            .map_or(whole.start..whole.end, |sentence| {
                sentence.start.min(whole.start)..sentence.end.max(whole.end)
            });
        let has = |cues: &[Range<u32>]| {
            let mut cues = cues.iter();
            cues.any(|cue| inside(cue, around.start, around.end))
        };
        let negative = polarity == Polarity::Negative;
        let denies = matches!(modality, Modality::Denied | Modality::Disputed);
        if negative || denies {
            let mut cues = self.seen.negations.iter();
            let said = cues.any(|cue| inside(cue, whole.start, whole.end));
            return said.then_some(()).ok_or(Reason::Negation);
        }
        if !modality.is_fact() {
            return Ok(());
        }
        // Whatever our rules make of it: what a document tells a reader to say is no evidence.
        if has(&self.seen.orders) {
            return Err(Reason::Order);
        }
        let mut own = self.rules.iter().filter(|rule| {
            overlaps(
                &(rule.trigger.start..rule.trigger.end),
                trigger.start,
                trigger.end,
            )
        });
        if let Some(first) = own.next() {
            let all: Vec<&Statement> = std::iter::once(first).chain(own).collect();
            if all.iter().any(|rule| rule.polarity == Polarity::Negative) {
                return Err(Reason::Negation);
            }
            let fact = all.iter().all(|rule| rule.modality.is_fact());
            return fact.then_some(()).ok_or(Reason::Doubt);
        }
        // Our rules read nothing here: any word of denial or doubt is enough against a fact.
        if has(&self.seen.negations) {
            return Err(Reason::Negation);
        }
        if has(&self.seen.doubts) {
            return Err(Reason::Doubt);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
