//! English verbs of the register and their forms, from `data/verbs.en.txt`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text::word_hash;

/// What a verb does to what it governs.
pub(super) mod class {
    /// Says that something is so.
    pub(crate) const SPEECH: u16 = 1;
    pub(crate) const DENY: u16 = 1 << 1;
    pub(crate) const ASK: u16 = 1 << 2;
    pub(crate) const UNDERGO: u16 = 1 << 3;
    pub(crate) const AVERT: u16 = 1 << 4;
    pub(crate) const PLAN: u16 = 1 << 5;
    pub(crate) const FEAR: u16 = 1 << 6;
    /// The bare form or the form in -s is as often a noun.
    pub(crate) const NOUNISH: u16 = 1 << 7;
    /// What it governs took place: "witnessed", "documented", "condemned".
    pub(crate) const SHOW: u16 = 1 << 8;
}

/// Which forms of a verb a word can be.
pub(super) mod form {
    pub(crate) const BASE: u8 = 1;
    pub(crate) const THIRD: u8 = 1 << 1;
    pub(crate) const PAST: u8 = 1 << 2;
    pub(crate) const PARTICIPLE: u8 = 1 << 3;
    pub(crate) const GERUND: u8 = 1 << 4;
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) forms: u8,
    pub(super) class: u16,
}

/// All forms of one verb: base, third person, past, participle, gerund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Forms {
    pub(super) base: String,
    pub(super) third: String,
    pub(super) past: String,
    pub(super) participle: String,
    pub(super) gerund: String,
}

struct Table {
    by_form: FxHashMap<u32, Vec<(Box<str>, Verb)>>,
    by_base: FxHashMap<Box<str>, Forms>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../../data/verbs.en.txt")));

/// What kind of verb form `lower` can be, if the table knows it.
pub(super) fn verb(lower: &str) -> Option<Verb> {
    verb_hashed(word_hash(lower.as_bytes()), lower)
}

pub(super) fn verb_hashed(hash: u32, lower: &str) -> Option<Verb> {
    TABLE
        .by_form
        .get(&hash)?
        .iter()
        .find(|(form, _)| &**form == lower)
        .map(|(_, verb)| *verb)
}

/// The forms of a verb: irregular ones from the table, others by rule.
pub(super) fn forms(base: &str) -> Forms {
    TABLE
        .by_base
        .get(base)
        .cloned()
        .unwrap_or_else(|| regular(base, false))
}

fn regular(base: &str, doubles: bool) -> Forms {
    let last = base.chars().next_back().unwrap_or('x');
    let before = base.chars().rev().nth(1).unwrap_or('x');
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let third = if base.ends_with("sh") || base.ends_with("ch") || matches!(last, 's' | 'x' | 'z') {
        format!("{base}es")
    } else if last == 'o' && !vowel(before) {
        format!("{base}es")
    } else if last == 'y' && !vowel(before) {
        format!("{}ies", base.strip_suffix('y').unwrap_or(base))
    } else {
        format!("{base}s")
    };
    let past = if last == 'e' {
        format!("{base}d")
    } else if last == 'y' && !vowel(before) {
        format!("{}ied", base.strip_suffix('y').unwrap_or(base))
    } else if base == "traffic" {
        "trafficked".into()
    } else if doubles {
        format!("{base}{last}ed")
    } else {
        format!("{base}ed")
    };
    let gerund = if last == 'e' && before != 'e' && before != 'y' && before != 'o' {
        format!("{}ing", base.strip_suffix('e').unwrap_or(base))
    } else if base == "traffic" {
        "trafficking".into()
    } else if doubles {
        format!("{base}{last}ing")
    } else {
        format!("{base}ing")
    };
    Forms {
        base: base.into(),
        third,
        participle: past.clone(),
        past,
        gerund,
    }
}

fn read(table: &str) -> Table {
    let mut done = Table {
        by_form: FxHashMap::default(),
        by_base: FxHashMap::default(),
    };
    for line in table.lines() {
        let Some((name, verbs)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let class = match name {
            "speech" => class::SPEECH,
            "deny" => class::DENY,
            "ask" => class::ASK,
            "undergo" => class::UNDERGO,
            "avert" => class::AVERT,
            "plan" => class::PLAN,
            "fear" => class::FEAR,
            "show" => class::SHOW,
            _ => 0,
        };
        for word in verbs.split_ascii_whitespace() {
            enter(word, class, &mut done);
        }
    }
    // Auxiliaries used as full verbs have their own tags; `do` and `be` are not looked up here.
    done
}

fn enter(word: &str, class: u16, table: &mut Table) {
    let (head, irregular) = match word.split_once('(') {
        Some((head, rest)) => (head, rest.split(')').next().unwrap_or("")),
        None => (word, ""),
    };
    let nounish = word.ends_with('~') || head.contains('~');
    let doubles = head.contains('!') || word.contains("!");
    let base: String = head.chars().filter(char::is_ascii_lowercase).collect();
    let mut forms = regular(&base, doubles);
    let mut parts = irregular.split(',').filter(|p| !p.is_empty());
    if let Some(past) = parts.next() {
        forms.past = past.into();
    }
    if let Some(participle) = parts.next() {
        forms.participle = participle.into();
    }
    if let Some(gerund) = parts.next() {
        forms.gerund = gerund.into();
    }
    let class = class | if nounish { class::NOUNISH } else { 0 };
    for (text, bit) in [
        (&forms.base, form::BASE),
        (&forms.third, form::THIRD),
        (&forms.past, form::PAST),
        (&forms.participle, form::PARTICIPLE),
        (&forms.gerund, form::GERUND),
    ] {
        let entries = table.by_form.entry(word_hash(text.as_bytes())).or_default();
        match entries
            .iter_mut()
            .find(|(form, _)| &**form == text.as_str())
        {
            Some((_, verb)) => {
                verb.forms |= bit;
                verb.class |= class;
            }
            None => entries.push((text.as_str().into(), Verb { forms: bit, class })),
        }
    }
    table.by_base.entry(base.into()).or_insert(forms);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_spelt_as_english_spells_them() {
        for (base, all) in [
            (
                "repatriate",
                "repatriate repatriates repatriated repatriated repatriating",
            ),
            ("plan", "plan plans planned planned planning"),
            ("deny", "deny denies denied denied denying"),
            ("flee", "flee flees fled fled fleeing"),
            ("hold", "hold holds held held holding"),
            (
                "traffic",
                "traffic traffics trafficked trafficked trafficking",
            ),
            ("catch", "catch catches caught caught catching"),
            (
                "transfer",
                "transfer transfers transferred transferred transferring",
            ),
            ("refoule", "refoule refoules refouled refouled refouling"),
        ] {
            let f = forms(base);
            assert_eq!(
                [f.base, f.third, f.past, f.participle, f.gerund].join(" "),
                all
            );
        }
        assert_eq!(
            verb("said").map(|v| (v.forms, v.class & class::SPEECH)),
            Some((form::PAST | form::PARTICIPLE, class::SPEECH))
        );
        assert_eq!(verb("table"), None);
    }
}
