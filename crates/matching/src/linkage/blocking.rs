//! Which pairs are compared: those that share a key of some rule.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::fields::Remark;
use super::kind::Kind;
use super::records::{More, Records, Values};
use super::texts::{hash, mix};

/// A rule: two records whose keys agree in all of its parts are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rule {
    pub parts: Vec<RulePart>,
}

/// What of a field stands in a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RulePart {
    /// The name of a [`super::Field`].
    pub field: String,
    #[serde(default)]
    pub by: By,
}

/// How a value becomes a part of a key.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The folded value; of a name, its words in any order.
    #[default]
    Value,
    /// Of a date, its year.
    Year,
    /// Of a date, year and month.
    Month,
    /// Of a date, month and day, whichever stands first.
    Day,
    /// The first three letters, or the first character of Hangul or Han.
    Start,
    /// The last four letters or digits.
    End,
    /// Of a name in letters, its words by their sound, in any order; of one in characters, the characters.
    Sound,
    /// The surname of a full name, in every script by its readings: several keys.
    Surname,
    /// The given name of a full name, in every script by its readings: several keys.
    Given,
}

impl Rule {
    /// A rule over some fields.
    #[must_use]
    pub fn of(parts: &[(&str, By)]) -> Self {
        let part = |(field, by): &(&str, By)| RulePart {
            field: (*field).to_owned(),
            by: *by,
        };
        Self {
            parts: parts.iter().map(part).collect(),
        }
    }

    /// For people: `birth_date (year) + name (surname)`.
    #[must_use]
    pub fn label(&self) -> String {
        let part = |part: &RulePart| {
            let by = match part.by {
                By::Value => return part.field.clone(),
                By::Year => "year",
                By::Month => "year and month",
                By::Day => "day and month",
                By::Start => "first letters",
                By::End => "last letters",
                By::Sound => "sound",
                By::Surname => "surname as read",
                By::Given => "given name as read",
            };
            format!("{} ({by})", part.field)
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(" + ")
    }
}

/// Pairs of a rule with several keys for a record that are gone through to tell how many there are.
const COUNTED: u64 = 200_000;

/// What a rule comes to, known before a pair is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    pub rule: String,
    /// Blocks of two records or more.
    pub blocks: u64,
    /// Pairs that the rule alone makes; several rules may make the same pair, which is compared once. A pair that
    /// shares several keys of the rule is counted once up to [`COUNTED`] of them, beyond that with each key.
    pub pairs: u64,
    /// Records of the largest block.
    pub largest: u64,
    /// Blocks larger than the cap, of which records are compared only with their neighbours in the order of their
    /// values; the pairs that are left out.
    pub cut: u64,
    pub left_out: u64,
}

/// What may be paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairing {
    /// Also two records of one list.
    pub within: bool,
    /// A block of more pairs than this is cut.
    pub most_pairs_of_block: u64,
}

impl Default for Pairing {
    fn default() -> Self {
        Self {
            within: false,
            most_pairs_of_block: 5_000_000,
        }
    }
}

/// Neighbours with which a record of a block that is too large is compared.
const NEIGHBOURS: usize = 50;

/// The keys of one rule: for each record none, one or several.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// Keys and records, by key and then record.
    entries: Vec<(u64, u32)>,
    /// Of a rule with one key a record: the key by record, 0 for none. Else empty, and `many` has them.
    one: Vec<u64>,
    /// Sorted keys of each record, and where they start.
    many: (Vec<u64>, Vec<u32>),
}

/// Keys that were made once.
#[derive(Debug, Default)]
pub(super) struct Made {
    parts: Mutex<HashMap<(usize, By), Arc<Part>>>,
    keys: Mutex<HashMap<Rule, Arc<Keys>>>,
}

/// What of a field is taken: the keys of each distinct value.
#[derive(Debug)]
struct Part {
    keys: Vec<u64>,
    starts: Vec<u32>,
}

impl Part {
    fn of(&self, value: u32) -> &[u64] {
        let at = |value: u32| self.starts.get(value as usize).map_or(0, |at| *at as usize);
        self.keys.get(at(value)..at(value + 1)).unwrap_or_default()
    }
}

/// Keys that one record may have of one rule.
const MOST_KEYS: usize = 32;

impl Keys {
    /// The keys of a rule, kept for the next who asks.
    ///
    /// # Errors
    /// If a field of the rule is not among those compared.
    pub(super) fn kept(records: &Records<'_>, rule: &Rule) -> Result<Arc<Self>, Remark> {
        let lock = || {
            records
                .made
                .keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(rule) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(Self::of(records, rule)?);
        lock().insert(rule.clone(), Arc::clone(&made));
        Ok(made)
    }

    /// The keys of a rule.
    ///
    /// # Errors
    /// If a field of the rule is not among those compared.
    pub(super) fn of(records: &Records<'_>, rule: &Rule) -> Result<Self, Remark> {
        let mut parts = Vec::new();
        for part in &rule.parts {
            let found = records.fields.iter().zip(&records.values).enumerate();
            let mut found = found.filter(|(_, (field, _))| field.name == part.field);
            let Some((field, (spec, values))) = found.next() else {
                return Err(Remark::new(
                    "no-field",
                    format!(
                        "the rule `{}` asks for `{}`, which is not compared",
                        rule.label(),
                        part.field
                    ),
                ));
            };
            let lock = || {
                records
                    .made
                    .parts
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
            };
            let known = lock().get(&(field, part.by)).map(Arc::clone);
            let keys = known.unwrap_or_else(|| {
                let made = Arc::new(keyed(spec.kind, values, part.by));
                lock().insert((field, part.by), Arc::clone(&made));
                made
            });
            parts.push((field, keys));
        }
        let mut single = true;
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        let mut one = vec![0u64; records.len()];
        let mut many: (Vec<u64>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut keys = Vec::new();
        for record in 0..count {
            combined(&parts, records.codes(record), &mut keys);
            if keys.len() > 1 && single {
                single = false;
                // So far each had one key at most.
                for key in one.iter().take(record as usize) {
                    many.1.push(u32::try_from(many.0.len()).unwrap_or(u32::MAX));
                    many.0.extend((*key != 0).then_some(*key));
                }
            }
            if single {
                if let (Some(place), Some(key)) = (one.get_mut(record as usize), keys.first()) {
                    *place = *key;
                }
            } else {
                many.1.push(u32::try_from(many.0.len()).unwrap_or(u32::MAX));
                many.0.extend_from_slice(&keys);
            }
        }
        let mut made = Self {
            entries: Vec::new(),
            one,
            many,
        };
        if single {
            let filled = (0..count).zip(&made.one).filter(|(_, key)| **key != 0);
            made.entries = filled.map(|(record, key)| (*key, record)).collect();
        } else {
            made.one = Vec::new();
            made.many
                .1
                .push(u32::try_from(made.many.0.len()).unwrap_or(u32::MAX));
            for record in 0..count {
                let own: Vec<(u64, u32)> = made
                    .of_record(record)
                    .iter()
                    .map(|key| (*key, record))
                    .collect();
                made.entries.extend(own);
            }
        }
        made.entries.sort_unstable();
        Ok(made)
    }

    fn of_record(&self, record: u32) -> &[u64] {
        if !self.one.is_empty() {
            return self
                .one
                .get(record as usize)
                .map_or(&[], std::slice::from_ref);
        }
        let at = |record: usize| self.many.1.get(record).map_or(0, |at| *at as usize);
        self.many
            .0
            .get(at(record as usize)..at(record as usize + 1))
            .unwrap_or_default()
    }

    /// The least key that two records share.
    fn shared(&self, a: u32, b: u32) -> Option<u64> {
        if !self.one.is_empty() {
            let (x, y) = (self.one.get(a as usize)?, self.one.get(b as usize)?);
            return (x == y && *x != 0).then_some(*x);
        }
        let (mut left, mut right) = (self.of_record(a), self.of_record(b));
        while let (Some(x), Some(y)) = (left.first(), right.first()) {
            match x.cmp(y) {
                std::cmp::Ordering::Equal => return Some(*x),
                std::cmp::Ordering::Less => left = left.get(1..).unwrap_or_default(),
                std::cmp::Ordering::Greater => right = right.get(1..).unwrap_or_default(),
            }
        }
        None
    }

    /// Blocks of two records or more.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[(u64, u32)]> {
        self.entries
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|block| block.len() > 1)
    }

    /// What the rule comes to.
    pub(super) fn count(&self, records: &Records<'_>, rule: &Rule, pairing: &Pairing) -> RuleCount {
        let mut told = RuleCount {
            rule: rule.label(),
            blocks: 0,
            pairs: 0,
            largest: 0,
            cut: 0,
            left_out: 0,
        };
        for block in self.blocks() {
            let all = pairs_of(records, block, pairing.within);
            if all == 0 {
                continue;
            }
            told.blocks += 1;
            told.largest = told.largest.max(block.len() as u64);
            if all > pairing.most_pairs_of_block {
                let made = near_pairs(records, block, pairing.within, |_, _| {});
                told.cut += 1;
                told.left_out += all - made;
                told.pairs += made;
            } else {
                told.pairs += all;
            }
        }
        told
    }

    /// The same as it is told: names are read in several ways, and a pair that shares two of them is one pair.
    pub(super) fn told(&self, records: &Records<'_>, pairing: &Pairing, count: &mut RuleCount) {
        if self.one.is_empty() && count.cut == 0 && count.pairs <= COUNTED {
            let mut pairs = 0;
            self.pairs(records, pairing, &[], |_| true, |_, _| pairs += 1);
            count.pairs = pairs;
        }
    }

    /// Hands over every pair that a part of the blocks makes, the lesser record first. `first` are the keys of the
    /// rules before: what they make is left out.
    pub(super) fn pairs(
        &self,
        records: &Records<'_>,
        pairing: &Pairing,
        first: &[Arc<Self>],
        wanted: impl Fn(u64) -> bool,
        mut each: impl FnMut(u32, u32),
    ) {
        let several = self.one.is_empty();
        for block in self.blocks() {
            let Some(&(key, _)) = block.first() else {
                continue;
            };
            if !wanted(key) {
                continue;
            }
            let mut take = |a: u32, b: u32| {
                let again = several && self.shared(a, b) != Some(key);
                if !again && !first.iter().any(|keys| keys.shared(a, b).is_some()) {
                    each(a, b);
                }
            };
            if pairs_of(records, block, pairing.within) > pairing.most_pairs_of_block {
                near_pairs(records, block, pairing.within, take);
                continue;
            }
            if pairing.within {
                for (at, (_, a)) in block.iter().enumerate() {
                    for (_, b) in block.iter().skip(at + 1) {
                        take(*a, *b);
                    }
                }
            } else {
                let lists: Vec<&[(u64, u32)]> = block
                    .chunk_by(|a, b| records.list_of(a.1) == records.list_of(b.1))
                    .collect();
                for (at, list) in lists.iter().enumerate() {
                    for (_, a) in *list {
                        for (_, b) in lists.iter().skip(at + 1).flat_map(|l| l.iter()) {
                            take(*a, *b);
                        }
                    }
                }
            }
        }
    }
}

/// How many pairs a block makes.
fn pairs_of(records: &Records<'_>, block: &[(u64, u32)], within: bool) -> u64 {
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let all = pairs(block.len() as u64);
    if within {
        return all;
    }
    // Records of a block stand in order, so those of one list stand together.
    let inside: u64 = records
        .starts
        .windows(2)
        .map(|ends| {
            let before = |end: Option<&usize>| {
                let end = end.copied().unwrap_or(0);
                block.partition_point(|(_, record)| (*record as usize) < end)
            };
            pairs((before(ends.last()) - before(ends.first())) as u64)
        })
        .sum();
    all - inside
}

/// Pairs of neighbours of a block that is too large, in the order of their values; gives how many.
fn near_pairs(
    records: &Records<'_>,
    block: &[(u64, u32)],
    within: bool,
    mut each: impl FnMut(u32, u32),
) -> u64 {
    let mut order: Vec<u32> = block.iter().map(|(_, record)| *record).collect();
    // By the texts of the first fields, so that what is alike stands near.
    let text = |record: u32, field: usize| {
        let code = records.codes(record).get(field).copied().unwrap_or(0);
        records
            .values
            .get(field)
            .map_or("", |values| values.texts.get(code))
    };
    order.sort_by(|a, b| {
        let fields = 0..records.fields.len();
        let different = fields
            .map(|f| text(*a, f).cmp(text(*b, f)))
            .find(|o| o.is_ne());
        different
            .unwrap_or(std::cmp::Ordering::Equal)
            .then(a.cmp(b))
    });
    let mut made = 0;
    for (at, a) in order.iter().enumerate() {
        for b in order.iter().skip(at + 1).take(NEIGHBOURS) {
            if within || records.list_of(*a) != records.list_of(*b) {
                made += 1;
                each(*a.min(b), *a.max(b));
            }
        }
    }
    made
}

/// The keys of a record: every choice of one key for each part, sorted; none if a part has none.
fn combined(parts: &[(usize, Arc<Part>)], codes: &[u32], into: &mut Vec<u64>) {
    into.clear();
    into.push(1);
    for (field, part) in parts {
        let keys = part.of(codes.get(*field).copied().unwrap_or(0));
        if keys.is_empty() {
            into.clear();
            return;
        }
        let before = into.len();
        for key in keys.iter().skip(1) {
            for at in 0..before {
                if into.len() < MOST_KEYS
                    && let Some(start) = into.get(at)
                {
                    into.push(mix(start.rotate_left(17) ^ key));
                }
            }
        }
        if let Some(key) = keys.first() {
            for start in into.iter_mut().take(before) {
                *start = mix(start.rotate_left(17) ^ key);
            }
        }
    }
    // 0 stands for none.
    for key in into.iter_mut() {
        *key = (*key).max(1);
    }
    into.sort_unstable();
    into.dedup();
}

/// The keys of each distinct value of a field.
fn keyed(kind: Kind, values: &Values, by: By) -> Part {
    let mut part = Part {
        keys: Vec::new(),
        starts: Vec::with_capacity(values.texts.len() + 1),
    };
    let mut of_parts: HashMap<u32, Vec<u64>> = HashMap::new();
    for (value, text) in values.texts.iter() {
        let start = part.keys.len();
        part.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
        if value == 0 {
            continue;
        }
        match by {
            By::Surname | By::Given => read(values, value, by, &mut of_parts, &mut part.keys),
            _ => one(kind, values, value, text, by, &mut part.keys),
        }
        let tail = part.keys.split_off(start);
        let mut tail: Vec<u64> = tail.into_iter().filter(|key| *key != 0).collect();
        tail.sort_unstable();
        tail.dedup();
        part.keys.extend(tail);
    }
    part.starts
        .push(u32::try_from(part.keys.len()).unwrap_or(u32::MAX));
    part
}

fn one(kind: Kind, values: &Values, value: u32, text: &str, by: By, keys: &mut Vec<u64>) {
    let key = |text: &str| hash(7, text.as_bytes());
    match (&values.more, by) {
        (More::Dates(dates), By::Year | By::Month | By::Day) => {
            let digits = dates.get(value as usize).map_or(0, |date| date.digits());
            let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100);
            keys.push(match by {
                By::Year => key(&year.to_string()),
                By::Month if month > 0 => key(&format!("{year} {month}")),
                By::Day if day > 0 => key(&format!("{} {}", day.min(month), day.max(month))),
                _ => 0,
            });
        }
        // A day that is not known is no day.
        (More::Dates(_), By::Value) if text.ends_with("00") => {}
        (More::Names { parts, .. }, By::Value | By::Sound | By::Start) => {
            for form in values.forms(value) {
                let words = parts.get(form.words);
                keys.push(match by {
                    By::Value => key(words),
                    By::Start => start(parts.get(form.text)).map_or(0, key),
                    _ => key(&sound(words)),
                });
            }
        }
        (_, By::Start) => keys.extend(start(text).map(key)),
        (_, By::End) => {
            let count = text.chars().count();
            let end: String = text.chars().skip(count.saturating_sub(4)).collect();
            keys.extend((count >= 4).then(|| key(&end)));
        }
        (_, By::Sound) => keys.push(key(&sound(text))),
        _ if kind == Kind::Record => {}
        _ => keys.push(key(text)),
    }
}

/// The sounds of words in letters, in the order of the alphabet; other words as they are.
fn sound(words: &str) -> String {
    let mut sounds: Vec<String> = words.split(' ').map(names::fold::sound).collect();
    sounds.sort();
    sounds.join(" ")
}

fn start(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let letters = if first as u32 >= 0x1100 { 1 } else { 3 };
    let end = text
        .char_indices()
        .nth(letters)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end)
}

/// The keys of surnames or given names by how they are read.
fn read(
    values: &Values,
    value: u32,
    by: By,
    known: &mut HashMap<u32, Vec<u64>>,
    keys: &mut Vec<u64>,
) {
    let More::Names { parts, .. } = &values.more else {
        return;
    };
    for form in values.forms(value) {
        let both = if by == By::Surname {
            [form.surname, form.last_surname]
        } else {
            [form.given, form.last_given]
        };
        for part in both.into_iter().filter(|part| *part != 0) {
            let found = known.entry(part).or_insert_with(|| {
                let mut found = Vec::new();
                names::keys(&names::prepare("Person", parts.get(part)), &mut found);
                found.sort_unstable();
                found.dedup();
                found
            });
            keys.extend_from_slice(found);
        }
    }
}
