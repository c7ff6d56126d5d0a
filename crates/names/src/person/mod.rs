//! Names of persons.
//!
//! A name of East Asia is compared by its syllables, surname with surname and given name with given name
//! ([`east`]); any other by its words, in whatever order they stand ([`west`]). Two names in Hangul, or two in
//! Han characters, are never compared by how they sound.

mod compound;
mod east;
mod loan;
mod meet;
mod repair;
mod west;
mod words;

use crate::fold::{self, Script};
use crate::syllables::{self, NEVER};
use crate::{Comparison, Feature};

/// Log-odds of two names being the same before anything of them is known, and of what is found. Set on the
/// pairs in `bench/names/persons.csv`.
const PRIOR: f32 = -2.2;
const GIVEN_TWO: f32 = 4.6;
const GIVEN_ONE: f32 = 2.8;
const GIVEN_OTHER: f32 = -5.0;
const SURNAME_OTHER: f32 = -4.0;
const UNREADABLE: f32 = -2.0;

/// Forms of one name beyond this many (aliases in brackets) are not looked at.
const MOST_FORMS: usize = 4;

/// A parsed name.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it was written.
    pub written: String,
    forms: Vec<Form>,
}

/// The name or one alias that stands in brackets with it.
#[derive(Clone, Debug)]
struct Form {
    script: Option<Script>,
    east: Vec<east::Reading>,
    west: west::Words,
    /// What is left when nothing of it is understood.
    plain: String,
}

impl Form {
    fn is_characters(&self) -> bool {
        matches!(self.script, Some(Script::Han | Script::Hangul))
    }
}

/// Parses a name; never fails.
#[must_use]
pub fn parse(written: &str) -> Name {
    let clean = fold::clean(written);
    let pieces = clean.split(['(', ')', '[', ']', '/', ';', '=']);
    let mut forms: Vec<Form> = pieces.filter_map(form).take(MOST_FORMS).collect();
    if forms.len() > 1 {
        // "Kim (Chol Ho)" has no alias in brackets.
        let whole = forms
            .iter()
            .all(|f| f.script == forms.first().and_then(|f| f.script));
        let short = forms.iter().any(|f| f.east.is_empty() && f.west.len() < 2);
        if whole && short {
            forms = form(&clean.replace(['(', ')', '[', ']', '/', ';', '='], " "))
                .into_iter()
                .collect();
        }
    }
    Name {
        written: written.to_owned(),
        forms,
    }
}

fn form(text: &str) -> Option<Form> {
    let script = fold::main_script(text)?;
    let repaired = repair::repair(text);
    let text = repaired.as_ref();
    // Vowel signs of India and its neighbours are no letters by themselves: first of all, they become some.
    let plain = if script == Script::Other {
        fold::latin(text)
    } else {
        fold::plain(text)
    };
    let (mut east, mut west) = (Vec::new(), west::Words::default());
    if matches!(script, Script::Han | Script::Hangul) {
        let mut bare: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
        for suffix in words::SUFFIXES {
            if let Some(rest) = bare.strip_suffix(suffix)
                && rest.chars().count() > 1
            {
                bare = rest.to_owned();
                break;
            }
        }
        // A dot parts the words of a foreign name; so does a space, if the whole is long.
        let dots = ['·', '・', '‧', '•', '•'];
        if !text.contains(dots) {
            east = east::characters(&bare);
        }
        let list = text.split(|c: char| dots.contains(&c) || c.is_whitespace());
        let sounds: Vec<String> = list
            .map(|word| syllables::romanised(&fold::plain(word)))
            .collect();
        let sounds: Vec<&str> = sounds.iter().map(String::as_str).collect();
        if sounds.len() > 1 && bare.chars().count() > 3 {
            west = west::words(&sounds, Script::Latin);
            west.loan = true;
        }
    } else {
        let before = text
            .split_once(',')
            .map_or(0, |(surname, _)| surname.split_whitespace().count());
        let spaced = plain.replace(
            |c: char| !(c.is_alphanumeric() || c == '-' || c == '\''),
            " ",
        );
        let list: Vec<&str> = spaced
            .split_whitespace()
            .filter(|w| !words::known(w).title)
            .take(west::MOST)
            .collect();
        if matches!(script, Script::Latin | Script::Cyrillic) {
            east = east::letters(&list, before);
        }
        west = west::words(&list, script);
    }
    Some(Form {
        script: Some(script),
        east,
        west,
        plain,
    })
}

/// The words of a name in Latin letters as it is looked for by them: damage repaired, compounds taken apart, Arabic
/// articles off.
pub(crate) fn words_to_find(piece: &str) -> Vec<String> {
    let repaired = repair::repair(piece);
    let mut out = Vec::new();
    for word in
        repaired.split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '.' | '·' | '・'))
    {
        let bare = word
            .strip_prefix("ال")
            .filter(|rest| rest.chars().count() > 2);
        let latin = fold::latin(bare.unwrap_or(word));
        for word in latin.split(|c: char| !c.is_alphanumeric() && c != '\'') {
            let word: String = word.chars().filter(|c| *c != '\'').collect();
            let parts = compound::parts(&word);
            let without = compound::without_article(&word);
            let kept = parts.into_iter().filter(|part| !part.is_empty());
            match without {
                Some(without) if parts[1].is_empty() => out.push(without.to_owned()),
                _ => out.extend(kept.map(str::to_owned)),
            }
        }
    }
    out
}

/// The spelling that stands first among those of a first name, or the word itself.
pub(crate) fn usual(word: &str) -> &str {
    words::usual(word).unwrap_or(word)
}

/// What the words of a name have in common with how they come out by ear in Kana, Hangul or Han characters; empty if
/// that is too little.
pub(crate) fn by_ear(words: &[String]) -> String {
    let letters = |word: &String| {
        if word.is_ascii() {
            loan::common(word)
        } else {
            loan::common(&syllables::romanised(word))
        }
    };
    let mut heard: Vec<String> = words.iter().map(letters).collect();
    heard.retain(|word| !word.is_empty());
    heard.sort_unstable();
    if heard.len() < 2 || heard.iter().map(String::len).sum::<usize>() < 4 {
        return String::new();
    }
    heard.join(" ")
}

/// Compares two names.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Comparison {
    let mut best: Option<(f32, Vec<Feature>)> = None;
    for a in &left.forms {
        for b in &right.forms {
            let mut because = Vec::new();
            let odds = weigh(a, b, Some(&mut because));
            if best.as_ref().is_none_or(|(known, _)| odds > *known) {
                best = Some((odds, because));
            }
        }
    }
    let nothing = || {
        vec![feature(
            "prior",
            PRIOR,
            "",
            "",
            "a name without letters says nothing".into(),
        )]
    };
    Comparison::of(best.map_or_else(nothing, |(_, because)| because))
}

/// The log-odds alone, without building reasons.
#[must_use]
pub fn log_odds(left: &Name, right: &Name) -> f32 {
    let pairs = left
        .forms
        .iter()
        .flat_map(|a| right.forms.iter().map(move |b| weigh(a, b, None)));
    pairs.reduce(f32::max).unwrap_or(PRIOR)
}

fn feature(name: &'static str, weight: f32, left: &str, right: &str, reason: String) -> Feature {
    Feature {
        feature: name,
        weight,
        left: left.to_owned(),
        right: right.to_owned(),
        reason,
    }
}

/// Where reasons go, if anybody wants them.
type Reasons<'a> = Option<&'a mut Vec<Feature>>;

fn weigh(a: &Form, b: &Form, mut because: Reasons<'_>) -> f32 {
    if let Some(list) = because.as_deref_mut() {
        list.push(feature(
            "prior",
            PRIOR,
            "",
            "",
            "two names picked at random are of two people".into(),
        ));
    }
    if !a.east.is_empty() && !b.east.is_empty() {
        return PRIOR + eastern(a, b, because);
    }
    let foreign = a.is_characters() != b.is_characters() && (a.west.loan || b.west.loan);
    if (a.is_characters() || b.is_characters()) && !foreign {
        let (weight, reason) = if a.plain == b.plain {
            (4.0, "written alike")
        } else if a.is_characters() && b.is_characters() {
            (GIVEN_OTHER, "other characters")
        } else {
            (UNREADABLE, "no common reading is known")
        };
        if let Some(list) = because {
            list.push(feature("script", weight, &a.plain, &b.plain, reason.into()));
        }
        return PRIOR + weight;
    }
    PRIOR + west::weigh(&a.west, &b.west, because)
}

fn eastern(a: &Form, b: &Form, because: Reasons<'_>) -> f32 {
    let mut best: Option<(f32, &east::Reading, &east::Reading, east::Fit)> = None;
    for x in &a.east {
        for y in &b.east {
            let fit = east::fit(x, y);
            let (surname, given, order) = parts(x, y, &fit);
            let odds = surname + given + order;
            if best.as_ref().is_none_or(|(known, ..)| odds > *known) {
                best = Some((odds, x, y, fit));
            }
        }
    }
    let Some((odds, x, y, fit)) = best else {
        return 0.0;
    };
    if let Some(list) = because {
        let (surname, given, order) = parts(x, y, &fit);
        let text = |part: &[syllables::Syllable]| {
            part.iter().map(|s| s.text()).collect::<Vec<_>>().join(
                if part.iter().all(|s| s.is_character()) {
                    ""
                } else {
                    " "
                },
            )
        };
        let mut tell =
            |name, weight, left: &[syllables::Syllable], right: &[syllables::Syllable], cost| {
                let mut reason = syllables::path(left, right, fit.pair);
                if cost >= NEVER {
                    let same = a.script == b.script && a.is_characters();
                    reason = if same {
                        format!(
                            "{} ≠ {}: other syllables in one script",
                            text(left),
                            text(right)
                        )
                    } else {
                        format!("{} ≠ {}: no common reading", text(left), text(right))
                    };
                } else if name == "surname" {
                    reason = format!(
                        "{reason}; {} of a thousand people have it",
                        x.share.max(y.share)
                    );
                }
                list.push(feature(name, weight, &text(left), &text(right), reason));
            };
        tell("surname", surname, x.surname(), y.surname(), fit.surname);
        tell("given_name", given, x.given(), y.given(), fit.given);
        if order != 0.0 {
            list.push(feature(
                "order",
                order,
                "",
                "",
                "the surname stands first in one and last in the other, or first names of the west differ".into(),
            ));
        }
    }
    odds
}

/// Weights of surname, given name and order.
fn parts(x: &east::Reading, y: &east::Reading, fit: &east::Fit) -> (f32, f32, f32) {
    let tenths = |cost: u16| f32::from(cost) / 10.0;
    let surname = if fit.surname >= NEVER {
        SURNAME_OTHER
    } else {
        // How much rarer the surname is than chance would have it; a list of families is no census.
        let rare = (1_000.0 / f32::from(x.share.max(y.share).max(1))).ln();
        rare.clamp(1.5, 3.5) - tenths(fit.surname)
    };
    let given = if fit.given >= NEVER {
        GIVEN_OTHER
    } else {
        (if x.given().len() > 1 {
            GIVEN_TWO
        } else {
            GIVEN_ONE
        }) - tenths(fit.given)
    };
    // Cyrillic and Latin first names are not told apart letter by letter here.
    let other = match (&x.western, &y.western) {
        (Some(one), Some(two))
            if fold::sound(&fold::latin(one)) != fold::sound(&fold::latin(two)) =>
        {
            -3.0
        }
        _ => 0.0,
    };
    let order = if x.last == y.last { 0.0 } else { -0.3 };
    (surname, given, order + other)
}

#[cfg(test)]
mod tests;
