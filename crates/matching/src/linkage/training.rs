//! Learning a model from the lists themselves.
//!
//! `u` comes from random pairs and is held fixed; `m` from rounds of expectation maximisation, each over the pairs of
//! one rule and without the fields of that rule, for among them every pair agrees.

use super::blocking::{Keys, Pairing, Rule};
use super::fields::Remark;
use super::levels::{Comparer, MISSING, levels};
use super::model::{FieldModel, LevelModel, Model, Round, Source, usual, within_groups};
use super::records::Records;
use super::texts::{Chance, mix};

/// Random pairs for `u`: as many as there are records, within these bounds.
const RANDOM_PAIRS: std::ops::RangeInclusive<usize> = 100_000..=500_000;
/// Pairs that one round looks at, about.
const ROUND_PAIRS: u64 = 500_000;
const MOST_ITERATIONS: u32 = 200;
/// A round with fewer expected matches than this is not used.
const FEWEST_MATCHES: f64 = 10.0;

/// A pair of records that somebody judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    pub left: u32,
    pub right: u32,
    pub same: bool,
}

/// Patterns of agreement and how many pairs have each.
type Patterns = Vec<(u64, f64)>;

/// What of the fields no rule of training leaves free, said before anything runs.
#[must_use]
pub fn without_m(records: &Records<'_>, training: &[Rule]) -> Vec<String> {
    let taken = |name: &str, rule: &Rule| rule.parts.iter().any(|part| part.field == name);
    let fields = records.fields.iter();
    fields
        .filter(|field| training.iter().all(|rule| taken(&field.name, rule)))
        .map(|field| field.name.clone())
        .collect()
}

/// Learns a model. `labels` are added to what the rounds find; `seed` picks the random pairs.
#[must_use]
pub fn train(
    records: &Records<'_>,
    training: &[Rule],
    pairing: &Pairing,
    labels: &[Label],
    seed: u64,
) -> (Model, Vec<Remark>) {
    let mut remarks = Vec::new();
    let mut comparer = Comparer::new(records);
    let u = chance_levels(records, &mut comparer, pairing, seed);
    let mut rounds = Vec::new();
    let mut learned: Vec<Vec<(f64, Vec<f64>)>> = vec![Vec::new(); records.fields.len()];
    let mut most: f64 = 0.0;
    for rule in training {
        let keys = match Keys::kept(records, rule) {
            Ok(keys) => keys,
            Err(remark) => {
                remarks.push(remark);
                continue;
            }
        };
        let all = keys.count(records, rule, pairing).pairs;
        let patterns = patterns(records, &keys, all, pairing, &mut comparer);
        let (round, m) = round(records, rule, &patterns, &u);
        if round.used {
            #[expect(clippy::cast_precision_loss, reason = "a count")]
            let matches = round.matches * all as f64;
            most = most.max(matches);
            for (list, (field, m)) in learned.iter_mut().zip(records.fields.iter().zip(m)) {
                if !rule.parts.iter().any(|part| part.field == field.name) {
                    #[expect(clippy::cast_precision_loss, reason = "a count")]
                    list.push((round.matches * round.pairs as f64, m));
                }
            }
        }
        rounds.push(round);
    }
    let judged = label_levels(records, labels, &mut comparer);
    let mut fields = Vec::new();
    for (at, field) in records.fields.iter().enumerate() {
        let rounds = learned.get(at).map(Vec::as_slice).unwrap_or_default();
        let judged = judged.get(at).map(Vec::as_slice).unwrap_or_default();
        let u = u.get(at).map(Vec::as_slice).unwrap_or_default();
        fields.push(field_model(field, rounds, judged, u, &mut remarks));
    }
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let all = records.all_pairs(pairing.within).max(1) as f64;
    // The block that holds the most matches says how many there are at least.
    let prior = (most.max(1.0) / all).clamp(1e-15, 0.5);
    for field in &mut fields {
        without_matches(field, prior);
    }
    (
        Model {
            prior,
            fields,
            rounds,
        },
        remarks,
    )
}

/// Random pairs are of one person now and then, which shows where two persons hardly ever agree: takes that out of
/// `u`.
fn without_matches(field: &mut FieldModel, prior: f64) {
    for level in &mut field.levels {
        let corrected = (level.u - prior * level.m) / (1.0 - prior);
        level.u = corrected.max(level.u * 1e-3).max(1e-12);
    }
}

fn field_model(
    field: &super::Field,
    rounds: &[(f64, Vec<f64>)],
    judged: &[f64],
    u: &[f64],
    remarks: &mut Vec<Remark>,
) -> FieldModel {
    let list = levels(field.kind);
    let seen: f64 = rounds.iter().map(|(matches, _)| matches).sum();
    let said: f64 = judged.iter().sum();
    let mut m = vec![0.0; list.len()];
    for (matches, shares) in rounds {
        for (to, share) in m.iter_mut().zip(shares) {
            *to += share * matches / seen;
        }
    }
    let from = match (seen > 0.0, said > 0.0) {
        (true, true) => Source::RoundsAndLabels,
        (true, false) => Source::Rounds,
        (false, true) => Source::Labels,
        (false, false) => Source::Usual,
    };
    if from == Source::Usual || from == Source::Labels {
        m = usual(field.kind);
    }
    if said > 0.0 {
        // What the rounds found weighs as much as this many judged pairs.
        const WORTH: f64 = 20.0;
        for (to, count) in m.iter_mut().zip(judged) {
            *to = *to * WORTH + count;
        }
        within_groups(field.kind, &mut m, 0.0);
    }
    if from == Source::Usual {
        remarks.push(Remark::new(
            "no-m",
            format!(
                "nothing in the lists tells how often `{}` agrees for one person: a usual value is taken; pairs that are judged (--labels) would tell",
                field.name
            ),
        ));
    }
    // A level that never occurred among matches is rare, not impossible.
    within_groups(field.kind, &mut m, 1e-4);
    let best = rounds
        .iter()
        .filter_map(|(_, shares)| shares.first().copied());
    let range = best.fold(None, |range: Option<(f64, f64)>, m| {
        Some(range.map_or((m, m), |(least, most)| (least.min(m), most.max(m))))
    });
    if let Some((least, most)) = range
        && most - least > 0.2
    {
        remarks.push(Remark::new(
            "rounds-disagree",
            format!(
                "rounds disagree on how often `{}` agrees fully for one person: from {:.0}% to {:.0}%",
                field.name,
                least * 100.0,
                most * 100.0
            ),
        ));
    }
    let models = list.iter().zip(m).zip(u).map(|((level, m), u)| LevelModel {
        label: level.label.to_owned(),
        m,
        u: *u,
    });
    FieldModel {
        name: field.name.clone(),
        kind: field.kind,
        levels: models.collect(),
        from,
        range,
    }
}

/// `u` of each field: the share of each level among random pairs, within its group. Full agreement is counted from
/// how often each value occurs, which finds what is too rare for a sample.
fn chance_levels(
    records: &Records<'_>,
    comparer: &mut Comparer<'_>,
    pairing: &Pairing,
    seed: u64,
) -> Vec<Vec<f64>> {
    let mut counts: Vec<[f64; 16]> = vec![[0.0; 16]; records.fields.len()];
    let mut chance = Chance::new(seed);
    let total = records.len();
    let mut made = 0;
    // Pairs of one list are thrown away without `within`; with very unequal lists that is most of them.
    let wanted = total.clamp(*RANDOM_PAIRS.start(), *RANDOM_PAIRS.end());
    for _ in 0..wanted * 20 {
        if made >= wanted || total < 2 {
            break;
        }
        let draw = |chance: &mut Chance| u32::try_from(chance.below(total)).unwrap_or(0);
        let (a, b) = (draw(&mut chance), draw(&mut chance));
        if a == b || (!pairing.within && records.list_of(a) == records.list_of(b)) {
            continue;
        }
        made += 1;
        add(&mut counts, comparer.pattern(a, b), 1.0);
    }
    let each = records.fields.iter().zip(&counts).enumerate();
    each.map(|(at, (field, counts))| {
        let list = levels(field.kind);
        let mut shares: Vec<f64> = counts.iter().take(list.len()).copied().collect();
        let sum: f64 = shares.iter().sum::<f64>().max(1.0);
        within_groups(field.kind, &mut shares, 0.5 / list.len().max(1) as f64);
        if list.first().is_some_and(|level| level.frequency)
            && let Some(agreeing) = agreeing(records, at, pairing.within)
        {
            // Of all pairs that say something, those of the first group.
            let first = list
                .iter()
                .zip(counts)
                .filter(|(l, _)| l.group == 0)
                .map(|(_, c)| c);
            let group = (first.sum::<f64>() / sum).max(1e-6);
            let exact = (agreeing / group).clamp(1e-12, 0.999);
            let rest: f64 = 1.0 - shares.first().copied().unwrap_or(0.0);
            for (at, (share, level)) in shares.iter_mut().zip(list).enumerate() {
                if at == 0 {
                    *share = exact;
                } else if level.group == 0 && rest > 0.0 {
                    *share *= (1.0 - exact) / rest;
                }
            }
        }
        shares
    })
    .collect()
}

/// The share of pairs that have the same value, among those of which both have one.
#[expect(clippy::cast_precision_loss, reason = "counts of records")]
fn agreeing(records: &Records<'_>, field: usize, within: bool) -> Option<f64> {
    let values = records.values.get(field)?;
    let lists = if within { 1 } else { records.sheets.len() };
    let mut counts = vec![0u32; values.counts.len() * lists];
    let mut filled = vec![0u64; lists];
    let width = records.fields.len();
    for (list, ends) in records.starts.windows(2).enumerate() {
        let list = if within { 0 } else { list };
        for record in *ends.first()?..*ends.last()? {
            let code = records
                .codes
                .get(record * width + field)
                .copied()
                .unwrap_or(0);
            if code != 0 {
                *counts.get_mut(code as usize * lists + list)? += 1;
                *filled.get_mut(list)? += 1;
            }
        }
    }
    let all: u64 = filled.iter().sum();
    let inside: f64 = filled.iter().map(|n| (*n as f64).powi(2)).sum();
    let mut same = 0.0;
    for own in counts.chunks(lists).skip(1) {
        let sum: f64 = own.iter().map(|c| f64::from(*c)).sum();
        same += if within {
            sum * (sum - 1.0)
        } else {
            sum * sum - own.iter().map(|c| f64::from(*c).powi(2)).sum::<f64>()
        };
    }
    let pairs = if within {
        all as f64 * (all as f64 - 1.0)
    } else {
        (all as f64).powi(2) - inside
    };
    // Half a pair more, so that what never agrees is rare and not impossible.
    (pairs > 0.0).then(|| (same + 1.0) / (pairs + 2.0))
}

fn add(counts: &mut [[f64; 16]], pattern: u64, weight: f64) {
    for (at, row) in counts.iter_mut().enumerate() {
        let level = (pattern >> (4 * at)) & 15;
        if let Some(count) = row
            .get_mut(level as usize)
            .filter(|_| level != u64::from(MISSING))
        {
            *count += weight;
        }
    }
}

/// Patterns of the pairs of a rule; of a rule with many, those of some of its blocks.
fn patterns(
    records: &Records<'_>,
    keys: &Keys,
    all: u64,
    pairing: &Pairing,
    comparer: &mut Comparer<'_>,
) -> Patterns {
    let one_of = all.div_ceil(ROUND_PAIRS).max(1);
    let mut each: Vec<u64> = Vec::new();
    keys.pairs(
        records,
        pairing,
        &[],
        |key| mix(key ^ 0x5eed).is_multiple_of(one_of),
        |a, b| each.push(comparer.pattern(a, b)),
    );
    // In one order in every run: sums of floating point numbers depend on it.
    each.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
    let counted = |same: &[u64]| Some((*same.first()?, same.len() as f64));
    each.chunk_by(|a, b| a == b).filter_map(counted).collect()
}

/// One round of expectation maximisation with `u` fixed.
fn round(
    records: &Records<'_>,
    rule: &Rule,
    patterns: &Patterns,
    u: &[Vec<f64>],
) -> (Round, Vec<Vec<f64>>) {
    let free: Vec<bool> = records
        .fields
        .iter()
        .map(|field| !rule.parts.iter().any(|part| part.field == field.name))
        .collect();
    let mut m: Vec<Vec<f64>> = records.fields.iter().map(|f| usual(f.kind)).collect();
    let total: f64 = patterns.iter().map(|(_, n)| n).sum();
    let mut share = 0.1;
    let mut iterations = 0;
    while iterations < MOST_ITERATIONS && total > 0.0 {
        iterations += 1;
        let logs = ratios(&m, u, &free);
        let mut counts: Vec<[f64; 16]> = vec![[0.0; 16]; m.len()];
        let mut matches = 0.0;
        let prior = super::model::odds(share);
        for (pattern, n) in patterns {
            let p = super::model::probability(prior + ratio(&logs, *pattern));
            matches += p * n;
            add(&mut counts, *pattern, p * n);
        }
        let mut change = (matches / total - share).abs();
        share = (matches / total).clamp(1e-9, 1.0 - 1e-9);
        for ((m, field), counts) in m.iter_mut().zip(&records.fields).zip(&counts) {
            let mut next: Vec<f64> = counts.iter().take(m.len()).copied().collect();
            if matches > 0.0 {
                within_groups(field.kind, &mut next, 1e-6 * matches + 1e-9);
            }
            for (old, new) in m.iter_mut().zip(next) {
                change = change.max((*old - new).abs());
                *old = new;
            }
        }
        if change < 1e-5 {
            break;
        }
    }
    // Matches that agree less often than chance are none.
    let sound = m
        .iter()
        .zip(u)
        .zip(&free)
        .filter(|(_, free)| **free)
        .all(|((m, u), _)| m.first().zip(u.first()).is_none_or(|(m, u)| m >= u));
    let best = records
        .fields
        .iter()
        .zip(&m)
        .zip(&free)
        .filter(|(_, free)| **free);
    let round = Round {
        rule: rule.label(),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count"
        )]
        pairs: total as u64,
        matches: share,
        iterations,
        used: sound && share * total >= FEWEST_MATCHES,
        best: best
            .map(|((field, m), _)| (field.name.clone(), m.first().copied().unwrap_or(0.0)))
            .collect(),
    };
    (round, m)
}

fn ratios(m: &[Vec<f64>], u: &[Vec<f64>], free: &[bool]) -> Vec<[f64; 16]> {
    let fields = m.iter().zip(u).zip(free);
    fields
        .map(|((m, u), free)| {
            let mut row = [0.0; 16];
            if *free {
                for ((to, m), u) in row.iter_mut().zip(m).zip(u) {
                    *to = (m.max(1e-9) / u.max(1e-12)).ln();
                }
            }
            row
        })
        .collect()
}

fn ratio(logs: &[[f64; 16]], pattern: u64) -> f64 {
    let each = logs.iter().enumerate();
    each.map(|(at, row)| {
        row.get(((pattern >> (4 * at)) & 15) as usize)
            .copied()
            .unwrap_or(0.0)
    })
    .sum()
}

/// How often each level occurred among pairs that were judged the same.
fn label_levels(
    records: &Records<'_>,
    labels: &[Label],
    comparer: &mut Comparer<'_>,
) -> Vec<Vec<f64>> {
    let mut counts: Vec<[f64; 16]> = vec![[0.0; 16]; records.fields.len()];
    for label in labels.iter().filter(|label| label.same) {
        add(&mut counts, comparer.pattern(label.left, label.right), 1.0);
    }
    let fields = records.fields.iter().zip(counts);
    fields
        .map(|(field, row)| row.iter().take(levels(field.kind).len()).copied().collect())
        .collect()
}
