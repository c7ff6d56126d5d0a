//! Who told a figure first: chains within a text, then from text to text, until nobody is cited, or
//! until they cite one another.

use std::collections::HashMap;

use casefile::DocumentId;

use super::bound::nominal;
use super::{Origin, Told};

/// The origins of a series, and which of them each figure has.
pub(super) struct Origins {
    pub(super) list: Vec<Origin>,
    pub(super) of: Vec<usize>,
    pub(super) circles: Vec<Vec<String>>,
}

/// Names that are one, each with a number.
#[derive(Default)]
struct Names {
    /// Name, unnamed, and who else writes it so.
    list: Vec<(String, bool)>,
    known: HashMap<(String, bool), usize>,
}

impl Names {
    fn number(&mut self, name: &str, unnamed: bool) -> usize {
        let key = (name.to_owned(), unnamed);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let alike = self
            .list
            .iter()
            .position(|(other, open)| *open == unnamed && same_name(other, name));
        let number = alike.unwrap_or_else(|| {
            self.list.push(key.clone());
            self.list.len() - 1
        });
        self.known.insert(key, number);
        number
    }
}

/// The origins of figures of one series, in the order of the figures.
pub(super) fn origins(told: &[&Told]) -> Origins {
    let mut names = Names::default();
    // Texts that are nearly the same are one text: it belongs to who published it first.
    let mut authors: HashMap<DocumentId, usize> = HashMap::new();
    let mut own: Vec<(usize, usize)> = Vec::with_capacity(told.len());
    for one in told {
        let author = *authors
            .entry(one.rendition)
            .or_insert_with(|| names.number(&publisher(one), false));
        let (name, unnamed) = first(one);
        let teller = if one.statement.attribution.is_empty() {
            author
        } else {
            names.number(&name, unnamed)
        };
        own.push((author, teller));
    }
    // For a number, who has it from whom. A teller who tells it on their own word too has it from
    // nobody.
    let mut from: HashMap<(u64, usize), Option<usize>> = HashMap::new();
    for (one, (author, teller)) in told.iter().zip(&own) {
        let cited = (author != teller).then_some(*teller);
        let known = from.entry((number(one), *author)).or_insert(cited);
        if *known != cited {
            *known = None;
        }
    }
    let mut circles: Vec<Vec<usize>> = Vec::new();
    let mut of: Vec<usize> = Vec::with_capacity(told.len());
    for (one, (_, teller)) in told.iter().zip(&own) {
        let mut way = vec![*teller];
        let mut at = *teller;
        while let Some(Some(next)) = from.get(&(number(one), at)) {
            if let Some(begin) = way.iter().position(|seen| seen == next) {
                let mut circle = way.get(begin..).unwrap_or_default().to_vec();
                circle.sort_unstable();
                at = circle.first().copied().unwrap_or(at);
                if !circles.contains(&circle) {
                    circles.push(circle);
                }
                break;
            }
            way.push(*next);
            at = *next;
        }
        of.push(at);
    }
    let name = |n: &usize| names.list.get(*n).cloned().unwrap_or_default();
    // Numbered again in the order in which they come up.
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut list: Vec<Origin> = Vec::new();
    for teller in &mut of {
        let place = *places.entry(*teller).or_insert_with(|| {
            let circle = circles.iter().find(|circle| circle.contains(teller));
            let (mut told_by, unnamed) = name(teller);
            if let Some(circle) = circle {
                let all: Vec<String> = circle.iter().map(|n| name(n).0).collect();
                told_by = all.join(" and ");
            }
            list.push(Origin {
                name: told_by,
                unnamed,
                figures: 0,
            });
            list.len() - 1
        });
        if let Some(origin) = list.get_mut(place) {
            origin.figures += 1;
        }
        *teller = place;
    }
    Origins {
        list,
        of,
        circles: circles
            .iter()
            .map(|circle| circle.iter().map(|n| name(n).0).collect())
            .collect(),
    }
}

/// The number that is told, to compare: what has none is one.
fn number(told: &Told) -> u64 {
    nominal(&told.statement).map_or(u64::MAX, f64::to_bits)
}

fn publisher(told: &Told) -> String {
    told.publisher
        .clone()
        .or_else(|| told.title.clone())
        .unwrap_or_else(|| told.rendition.to_string())
}

/// The first teller, and whether nobody is named: then whoever relays the unnamed one.
fn first(told: &Told) -> (String, bool) {
    let publisher = || publisher(told);
    let mut chain = told.statement.attribution.iter();
    match chain.next() {
        None => (publisher(), false),
        Some(step) => match step.source.quote() {
            Some(quote) if is_pronoun(&quote.text) => (
                chain
                    .find_map(|s| s.source.quote())
                    .map_or_else(publisher, |q| q.text.clone()),
                false,
            ),
            Some(quote) => (quote.text.clone(), false),
            None => (
                chain
                    .find_map(|s| s.source.quote())
                    .map_or_else(publisher, |q| q.text.clone()),
                true,
            ),
        },
    }
}

fn is_pronoun(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "he" | "she" | "it" | "they" | "we" | "i" | "他" | "她" | "他们" | "그" | "그는"
    )
}

/// Whether two names are one, by their letters or by an acronym.
fn same_name(a: &str, b: &str) -> bool {
    let bare = |name: &str| {
        let lower = name.to_lowercase();
        let lower = lower
            .strip_prefix("the ")
            .or_else(|| lower.strip_prefix("a "))
            .unwrap_or(&lower);
        lower
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let initials = |name: &str| {
        name.split([' ', '-'])
            .filter(|w| w.chars().next().is_some_and(char::is_uppercase))
            .filter_map(|w| w.chars().next())
            .collect::<String>()
            .to_lowercase()
    };
    let (x, y) = (bare(a), bare(b));
    x == y || (x.len() > 2 && x == initials(b)) || (y.len() > 2 && y == initials(a))
}
