//! Names of vessels, and marks of aircraft and vehicles: type before the name, name, hull number, names it had.
//! The number must agree however it is written (`No. 3`, `3호`, `III`); renamed ships meet by the names they had.

use crate::organisation::number;
use crate::organisation::tokens::{MAX_TOKENS, Token, brand, number_token, raw_words};
use crate::organisation::weigh::{Tally, weigh};
use crate::organisation::{Kind, Reading, alternatives, compare_readings, odds_of_readings};
use crate::organisation::{pair, sound};
use crate::{Comparison, fold};

/// A parsed name.
#[derive(Clone, Debug)]
pub struct Name {
    /// As it was written.
    pub written: String,
    /// The name, then names that it had.
    pub readings: Vec<Reading>,
}

/// Types of vessels as they stand before names, and what kind each is.
const PREFIXES: &[(&str, &str)] = &[
    ("mv", "ship"),
    ("ms", "ship"),
    ("ss", "ship"),
    ("mts", "ship"),
    ("motor vessel", "ship"),
    ("vessel", "ship"),
    ("ship", "ship"),
    ("mt", "tanker"),
    ("tanker", "tanker"),
    ("motor tanker", "tanker"),
    ("oil tanker", "tanker"),
    ("lngc", "tanker"),
    ("lpgc", "tanker"),
    ("lng", "tanker"),
    ("lpg", "tanker"),
    ("fv", "fishing vessel"),
    ("mfv", "fishing vessel"),
    ("fishing vessel", "fishing vessel"),
    ("trawler", "fishing vessel"),
    ("my", "yacht"),
    ("sy", "yacht"),
    ("yacht", "yacht"),
    ("rv", "research ship"),
    ("tug", "tug"),
    ("barge", "barge"),
    ("теплоход", "ship"),
    ("тх", "ship"),
    ("танкер", "tanker"),
    ("т х", "ship"),
    ("судно", "ship"),
    ("траулер", "fishing vessel"),
    ("船", "ship"),
    ("轮", "ship"),
    ("輪", "ship"),
    ("货轮", "ship"),
    ("선박", "ship"),
    ("화물선", "ship"),
    ("유조선", "tanker"),
    ("어선", "fishing vessel"),
    ("渔船", "fishing vessel"),
];

/// What stands between a name and one that the vessel had; each begins with a space, a bracket or a semicolon.
const MARKS: &[&str] = &[
    " (ex ",
    " (ex-",
    " (ex. ",
    " (ex: ",
    " ex ",
    " ex-",
    " ex. ",
    " f/k/a ",
    " (f/k/a ",
    " fka ",
    " f.k.a. ",
    " formerly known as ",
    " (formerly ",
    " formerly ",
    " (former ",
    " former name ",
    " renamed ",
    " a/k/a ",
    " a.k.a. ",
    " aka ",
    " (a.k.a. ",
    " (aka ",
    " now ",
    " (now ",
    " | ",
    "; ",
    " / ",
    "(구 ",
    "(구명 ",
    "(原",
    "(원",
    "（原",
    " бывш. ",
    " (бывш. ",
];

/// Parses a name; never fails. Time is linear, and only the first [`fold::MAX_CHARS`] characters count.
#[must_use]
pub fn parse(written: &str) -> Name {
    let cleaned = fold::clean(written);
    let readings = alternatives(&cleaned, MARKS)
        .into_iter()
        .map(read)
        .collect();
    Name {
        written: written.to_owned(),
        readings,
    }
}

fn read(text: &str) -> Reading {
    let raws = raw_words(text);
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0_usize;
    let mut suffixes = Vec::new();
    while let Some(raw) = raws.get(at) {
        if tokens.len() >= MAX_TOKENS {
            break;
        }
        let next = raws.get(at.saturating_add(1));
        if raw.aside
            && let Some(kind) = prefix(&raw.text)
        {
            let mut token = brand(kind);
            token.kind = Kind::Form;
            tokens.push(token);
            at = at.saturating_add(1);
            continue;
        }
        let two = next.map(|next| format!("{} {}", raw.text, next.text));
        let pair = two
            .as_deref()
            .and_then(prefix)
            .filter(|_| tokens.is_empty());
        if let Some(kind) =
            pair.or_else(|| prefix(&raw.text).filter(|_| tokens.is_empty() && next.is_some()))
        {
            let mut token = brand(kind);
            token.kind = Kind::Form;
            tokens.push(token);
            at = at.saturating_add(if pair.is_some() { 2 } else { 1 });
            continue;
        }
        at = at.saturating_add(1);
        let digit_next =
            next.is_some_and(|next| next.text.starts_with(|c: char| c.is_ascii_digit()));
        if digit_next
            && matches!(
                raw.text.as_str(),
                "no" | "nr" | "n" | "num" | "number" | "imo" | "제" | "第" | "第号" | "№"
            )
        {
            if raw.text == "imo" {
                // A number of the register is no part of the name.
                at = at.saturating_add(1);
            }
            continue;
        }
        let named = tokens.iter().any(|token| token.kind == Kind::Brand);
        if raw.east {
            suffixes.extend(east(&raw.text, digit_next, &mut tokens));
        } else if let Some(value) = number::digits(&raw.text) {
            tokens.push(number_token(&raw.text, value));
        } else if let Some((value, both)) =
            number::written(&raw.text, next.map(|next| next.text.as_str())).filter(|_| named)
        {
            tokens.push(number_token(&raw.text, value));
            at = at.saturating_add(usize::from(both));
        } else if let Some(value) = number::roman(&raw.cased).filter(|_| named && next.is_none()) {
            tokens.push(number_token(&raw.text, value));
        } else if let Some((name, value)) = ends_in_number(&raw.text) {
            push_word(name, &mut tokens);
            tokens.push(number_token(&raw.text, value));
        } else {
            push_word(&raw.text, &mut tokens);
        }
    }
    if !tokens.iter().any(|token| token.kind == Kind::Form) {
        tokens.extend(suffixes);
    }
    tokens.truncate(MAX_TOKENS);
    if !tokens.iter().any(|token| token.kind != Kind::Form) {
        for token in &mut tokens {
            token.kind = Kind::Brand;
        }
    }
    // RYE SONG GANG, LU RONG YUAN YU: short words that are all syllables of Korean or Chinese.
    let syllables = |token: &Token| {
        token.spellings.first().is_some_and(|word| {
            word.len() <= 6
                && (sound::is_korean(word.looked_at())
                    || sound::is_pinyin_syllable(word.looked_at()))
        })
    };
    let words: Vec<&Token> = tokens
        .iter()
        .filter(|token| token.kind == Kind::Brand)
        .collect();
    let romanised = words.len() >= 2 && words.iter().all(|token| syllables(token));
    let east = romanised || tokens.iter().any(|token| token.script.is_syllabic());
    Reading {
        text: fold::plain(text),
        joins: pair::joins(&tokens),
        tokens,
        east,
    }
}

/// `lurongyuanyu956`, `petrel8`: a name and its number written together.
fn ends_in_number(text: &str) -> Option<(&str, u64)> {
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.get(name.len()..).filter(|digits| !digits.is_empty())?;
    let letters = name.chars().all(char::is_alphabetic) && name.chars().count() >= 3;
    Some((name, digits.parse().ok()?)).filter(|_| letters)
}

fn prefix(text: &str) -> Option<&'static str> {
    PREFIXES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, kind)| *kind)
}

/// A run of Han, Hangul or Kana: `어니스트호`, `鲁荣远渔`, `第三`; the number is often the next word.
fn east(text: &str, digit_next: bool, tokens: &mut Vec<Token>) -> Option<Token> {
    let after_number = tokens
        .last()
        .is_some_and(|token| token.kind == Kind::Number);
    if after_number && matches!(text, "호" | "号" | "號" | "号船" | "號船" | "号轮" | "호선")
    {
        return None;
    }
    let mut name = text;
    for ending in ["号轮", "號輪", "号船", "號船", "号", "號", "호"] {
        if let Some(stem) = name
            .strip_suffix(ending)
            .filter(|stem| stem.chars().count() >= 2)
        {
            name = stem;
            break;
        }
    }
    if digit_next {
        name = name.strip_suffix(['제', '第']).unwrap_or(name);
    }
    // 新光三号, 海丰第十二: Han digits at the end, if they were marked as a number.
    let marked = name.len() < text.len() || name.contains('第');
    let (stem, digits) = match name
        .char_indices()
        .rev()
        .take_while(|(_, c)| "〇零一二三四五六七八九十".contains(*c))
        .last()
    {
        Some((at, _)) if marked && at > 0 => name.split_at_checked(at).unwrap_or((name, "")),
        _ => (name, ""),
    };
    let stem = if digits.is_empty() {
        stem
    } else {
        stem.trim_end_matches('第')
    };
    let mut kind = None;
    let mut stem = stem;
    for ending in ["渔船", "货轮", "轮", "輪"] {
        if let Some(rest) = stem
            .strip_suffix(ending)
            .filter(|rest| rest.chars().count() >= 2)
        {
            stem = rest;
            kind = prefix(ending).map(|kind| {
                let mut token = brand(kind);
                token.kind = Kind::Form;
                token
            });
        }
    }
    push_word(stem, tokens);
    if let Some(value) = number::han(digits) {
        tokens.push(number_token(digits, value));
    }
    kind
}

fn push_word(text: &str, tokens: &mut Vec<Token>) {
    if text.is_empty() {
        return;
    }
    let mut token = brand(text);
    // Ships are called by common words: two that share one share little, but the words are the name.
    token.weight = token.weight.max(0.6);
    if matches!(text, "the" | "of" | "and") {
        token.kind = Kind::Stop;
    }
    tokens.push(token);
}

/// Compares two names. It is the same both ways, the sides of the reasons exchanged.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Comparison {
    compare_readings(&left.readings, &right.readings, weigh_vessels)
}

/// What the weights of [`compare`] sum to, without the reasons: much faster.
#[must_use]
pub fn log_odds(left: &Name, right: &Name) -> f32 {
    odds_of_readings(&left.readings, &right.readings, weigh_vessels)
}

fn weigh_vessels(left: &Reading, right: &Reading, tally: &mut Tally) {
    weigh(left, right, tally);
    let kind = |reading: &Reading| {
        reading
            .tokens
            .iter()
            .find(|token| token.kind == Kind::Form)
            .map(|token| token.text.clone())
    };
    if let (Some(a), Some(b)) = (kind(left), kind(right)) {
        let weight = match (a == b, a == "ship" || b == "ship") {
            (true, _) => 0.1,
            (false, true) => -0.1,
            (false, false) => -3.0,
        };
        tally.add("vessel_type", weight, || {
            (
                a.clone(),
                b.clone(),
                if a == b {
                    format!("both are a {a}")
                } else {
                    format!("a {a} and a {b}")
                },
            )
        });
    }
}

#[cfg(test)]
mod tests;
