//! Events with their roles, modality, polarity and tellers.

// The arms of a rule stand apart where they are rules of their own, also if two give the same.
#[allow(
    clippy::if_same_then_else,
    clippy::nonminimal_bool,
    clippy::filter_next,
    clippy::collapsible_if,
    clippy::type_complexity
)]
mod east;
#[allow(
    clippy::if_same_then_else,
    clippy::nonminimal_bool,
    clippy::filter_next,
    clippy::collapsible_if
)]
mod english;
mod parts;

use casefile::statement::{
    Attribution, Event, Measure, Modality, Quantity, Quote, Statement, When,
};

use crate::Context;
use crate::mention::{Candidate, Number};
use crate::text::{Script, Text};

/// What a sentence leaves behind for those after it.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Heads of phrases that were counted ("refugees") with their figures, the latest last.
    pub(crate) counted: Vec<(String, Quantity)>,
    /// The statement that carried a figure last.
    pub(crate) last_counted: Option<Statement>,
    /// Who speaks in a quotation that goes on over sentences.
    pub(crate) quote_source: Option<Vec<Attribution>>,
    /// Who spoke in the Chinese or Korean sentence before.
    pub(crate) east_source: Option<Vec<Attribution>>,
    /// Who speaks in a transcript.
    pub(crate) speaker: Option<Quote>,
}

/// All statements of a text in its order.
pub(crate) fn find(
    text: &Text<'_>,
    mentions: &[Candidate],
    _context: &Context<'_>,
) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut state = State::default();
    for (at, sentence) in text.sentences.iter().enumerate() {
        match sentence.script {
            Script::Latin => english::find(text, at, mentions, &mut state, &mut found),
            Script::Han | Script::Hangul => east::find(text, at, mentions, &mut state, &mut found),
        }
    }
    let parts = parts::find(text, mentions, &found);
    found.extend(parts);
    found.sort_by_key(|s| (s.trigger.start, s.quantity.as_ref().map_or(0, |q| q.start)));
    found
}

fn quantity_of(
    text: &Text<'_>,
    bytes: std::ops::Range<u32>,
    number: &Number,
    unit: Option<String>,
) -> Quantity {
    english::figure::quantity(text, bytes, number, unit, None)
}

fn measure(modality: Modality, event: Event, date: Option<&When>) -> Option<Measure> {
    let since = date.is_some_and(|d| matches!(d.precision.as_str(), "since" | "until" | "range"));
    english::figure::measure(
        modality,
        matches!(event, Event::Detention | Event::Residence),
        since,
    )
}

/// Events whose present tense says that they go on.
fn lasting(event: Event) -> bool {
    english::stance::lasting(event)
}

/// Events that people fear rather than plan.
fn english_harm(event: Event) -> bool {
    english::stance::is_harm(event)
}
