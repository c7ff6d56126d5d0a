//! What is looked for in running text, and finding it in the units of one text.

use crate::words::{STEM_MARK, Stems, Unit, Units};

/// One place in a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Any of these forms, as they are indexed.
    Forms(Vec<String>),
    /// A word, or a run of characters, that begins so.
    Prefix(String),
    /// A word at most so many letters away.
    Fuzzy(String, u8),
}

/// Places that stand at fixed distances from one another: (distance from the first, slot).
pub(crate) type Rigid = Vec<(u32, Slot)>;

/// Words to be found in one text, each in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// One group is a word or a phrase; several stand near one another, in any order.
    pub(crate) groups: Vec<Rigid>,
    /// Positions that may lie between the groups, all together.
    pub(crate) slop: u32,
    /// As the user wrote it.
    pub(crate) written: String,
    /// Another spelling of what was written: worth less where it is found.
    pub(crate) spaced: bool,
}

/// How the words of a query are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Any accent and any English ending.
    Loose,
    /// As written, in any case and width.
    Exact,
}

struct Piece {
    slot: Slot,
    gram: bool,
    last: bool,
    position: u32,
    start: usize,
}

/// The rigid groups of a piece of a query: one for each stretch between spaces.
pub(crate) fn read(text: &str, reading: Reading, stems: &mut Stems) -> Vec<Rigid> {
    let view = casefile::normal::normalise(text);
    let mut units = Units::new(&view.text, &view.breaks);
    let mut pieces: Vec<Piece> = Vec::new();
    while units.advance() {
        let unit = &units.unit;
        let forms = match reading {
            _ if unit.gram => vec![unit.exact.clone()],
            Reading::Exact => vec![unit.exact.clone()],
            Reading::Loose => loose_forms(unit.plain(), stems),
        };
        pieces.push(Piece {
            slot: Slot::Forms(forms),
            gram: unit.gram,
            last: unit.last,
            position: unit.position,
            start: unit.start,
        });
    }
    let mut groups: Vec<(usize, Rigid)> = Vec::new();
    let count = pieces.len();
    let mut first = 0;
    for at in 0..count {
        let Some(piece) = pieces.get(at) else { break };
        let begins = pieces.get(at.wrapping_sub(1)).is_none_or(|before| {
            view.text
                .get(before.start..piece.start)
                .is_none_or(|between| between.contains(char::is_whitespace))
        });
        if begins {
            first = piece.position;
            groups.push((at, Vec::new()));
        }
        let Some((group_start, group)) = groups.last_mut() else {
            break;
        };
        let mut slot = piece.slot.clone();
        if piece.gram && piece.last && at + 1 == count {
            // The end of the query is not the end of a word of the text.
            let alone = at == *group_start
                || pieces
                    .get(at - 1)
                    .is_none_or(|before| !before.gram || before.last);
            if !alone {
                continue;
            }
            if let Slot::Forms(forms) = &slot {
                slot = Slot::Prefix(forms.first().cloned().unwrap_or_default());
            }
        }
        group.push((piece.position.saturating_sub(first), slot));
    }
    groups
        .into_iter()
        .map(|(_, group)| group)
        .filter(|group| !group.is_empty())
        .collect()
}

/// Groups of a phrase become one: each begins where the one before ended.
pub(crate) fn phrase(text: &str, stems: &mut Stems) -> Option<Rigid> {
    // A line break inside the quotes is the user's window's, not the phrase's.
    let line: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let view_groups = read(&line, Reading::Exact, stems);
    let mut whole: Rigid = Vec::new();
    let mut offset = 0;
    for group in view_groups {
        let mut length = 0;
        for (at, slot) in group {
            length = length.max(at.saturating_add(1));
            whole.push((offset + at, slot));
        }
        offset += length;
    }
    (!whole.is_empty()).then_some(whole)
}

/// The last character of each run need not end its run: for words that stand by themselves.
pub(crate) fn open_ended(mut group: Rigid) -> Rigid {
    if group.len() > 1
        && let Some((_, Slot::Forms(forms))) = group.last()
        && forms
            .first()
            .is_some_and(|form| form.chars().count() == 1 && form.chars().all(crate::fold::is_gram))
    {
        group.pop();
    } else if let [(_, slot)] = group.as_mut_slice()
        && let Slot::Forms(forms) = slot
        && let Some(form) = forms.first()
        && form.chars().count() == 1
        && form.chars().all(crate::fold::is_gram)
    {
        *slot = Slot::Prefix(form.clone());
    }
    group
}

/// The same Korean word with spaces inside: 강제송환 as 강제 송환. Korean writes compounds both
/// ways, and so do its documents. `None` where the word is too short for two parts of two
/// syllables, or is no run of Hangul.
///
/// At each place where a part may end the slot takes the pair, or the first syllable as the end
/// of its run. The spelling without any space is also one of those.
pub(crate) fn spaced(word: &Rigid) -> Option<Rigid> {
    let mut pairs = Vec::with_capacity(word.len());
    for (number, (at, slot)) in (0..).zip(word) {
        let Slot::Forms(forms) = slot else {
            return None;
        };
        let [form] = forms.as_slice() else {
            return None;
        };
        let pair = form.chars().count() == 2;
        if *at != number || !pair || !form.chars().all(is_hangul) {
            return None;
        }
        pairs.push(form);
    }
    // One pair more than parts of two syllables need.
    let last = pairs.len().checked_sub(1).filter(|last| *last >= 2)?;
    let slot = |(number, form): (usize, &String)| {
        let mut forms = vec![form.clone()];
        if (1..last).contains(&number) {
            forms.extend(form.chars().next().map(String::from));
        }
        if pairs.len() == 3 {
            // Only one place to part: the word together has its own pattern.
            forms.drain(..forms.len() - 1);
        }
        (
            u32::try_from(number).unwrap_or(u32::MAX),
            Slot::Forms(forms),
        )
    };
    Some(pairs.iter().copied().enumerate().map(slot).collect())
}

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7a3}').contains(&c)
}

pub(crate) fn loose_forms(plain: &str, stems: &mut Stems) -> Vec<String> {
    match stems.of(plain) {
        // A word that is its own stem is indexed without a mark.
        Some(stem) => {
            let bare = stem.trim_start_matches('\u{1}').to_owned();
            vec![stem.to_owned(), bare]
        }
        None if plain.len() >= 3 && plain.bytes().all(|b| b.is_ascii_lowercase()) => {
            vec![plain.to_owned(), format!("{STEM_MARK}{plain}")]
        }
        None => vec![plain.to_owned()],
    }
}

/// A unit of a text that fills a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) position: u32,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Whether the unit fills the slot.
fn fills(slot: &Slot, unit: &Unit, stems: &mut Stems) -> bool {
    match slot {
        Slot::Forms(forms) => {
            let direct =
                |form: &String| *form == unit.exact || (unit.has_folded && *form == unit.folded);
            forms.iter().any(direct)
                || (!unit.gram
                    && forms.iter().any(|form| form.starts_with(STEM_MARK))
                    && stems
                        .of(unit.plain())
                        .is_some_and(|stem| forms.iter().any(|form| form == stem)))
        }
        Slot::Prefix(start) => {
            unit.exact.starts_with(start.as_str())
                || (unit.has_folded && unit.folded.starts_with(start.as_str()))
        }
        Slot::Fuzzy(word, most) => {
            !unit.gram
                && (within(word, &unit.exact, *most)
                    || (unit.has_folded && within(word, &unit.folded, *most)))
        }
    }
}

/// Whether two words are at most so many insertions, deletions, substitutions or swaps of
/// neighbours apart (restricted Damerau-Levenshtein distance).
pub(crate) fn within(left: &str, right: &str, most: u8) -> bool {
    let most = usize::from(most);
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().abs_diff(right.len()) > most {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, r) in right.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (get(&last, j) + usize::from(l != r))
                .min(get(&last, j + 1) + 1)
                .min(get(&row, j) + 1);
            if i > 0 && j > 0 && left.get(i - 1) == Some(r) && right.get(j - 1) == Some(l) {
                cost = cost.min(get(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        if row.iter().min().is_none_or(|least| *least > most) {
            return false;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().is_some_and(|cost| *cost <= most)
}

/// Begins of a rigid group in one text: for each slot its distance from the begin, and the
/// positions that it is at, sorted.
pub(crate) fn rigid_starts<'p>(
    slots: impl Iterator<Item = (u32, &'p [u32])> + Clone,
    begins: &mut Vec<u32>,
) {
    begins.clear();
    let Some((offset, positions)) = slots.clone().min_by_key(|(_, positions)| positions.len())
    else {
        return;
    };
    let from = positions
        .iter()
        .filter_map(|position| position.checked_sub(offset));
    begins.extend(from.filter(|begin| {
        slots.clone().all(|(offset, positions)| {
            begin
                .checked_add(offset)
                .is_some_and(|at| positions.binary_search(&at).is_ok())
        })
    }));
}

/// Looks for choices of one place of each group that lie together. Kept from text to text, so that
/// looking through many costs no memory of its own.
#[derive(Debug, Default)]
pub(crate) struct Meeting {
    /// For each group: how many of its begins have been passed, and the last of them.
    passed: Vec<usize>,
    latest: Vec<u32>,
    /// The begins and lengths of a choice, sorted.
    sorted: Vec<(u32, u32)>,
}

impl Meeting {
    /// Tells `each` the choices with at most `slop` positions between the groups; of each, the
    /// begins, one a group. `groups` are (begins, ascending; length of the group).
    pub(crate) fn of(
        &mut self,
        groups: &[(Vec<u32>, u32)],
        slop: u32,
        mut each: impl FnMut(&[u32]),
    ) {
        let Self {
            passed,
            latest,
            sorted,
        } = self;
        passed.clear();
        passed.resize(groups.len(), 0);
        latest.clear();
        latest.resize(groups.len(), 0);
        let lengths = groups.iter().map(|(_, length)| *length);
        let total: u32 = lengths.clone().fold(0, u32::saturating_add);
        let mut missing = groups.len();
        // The begins of all groups, in their order.
        loop {
            let heads = groups.iter().zip(passed.iter());
            let heads = heads.enumerate().filter_map(|(group, ((begins, _), at))| {
                begins.get(*at).map(|begin| (*begin, group))
            });
            let Some((begin, group)) = heads.min() else {
                return;
            };
            if let (Some(at), Some(slot)) = (passed.get_mut(group), latest.get_mut(group)) {
                missing -= usize::from(*at == 0);
                *at += 1;
                *slot = begin;
            }
            if missing > 0 {
                continue;
            }
            sorted.clear();
            sorted.extend(latest.iter().copied().zip(lengths.clone()));
            sorted.sort_unstable();
            let apart = sorted.windows(2).all(
                |pair| matches!(pair, [(a, length), (b, _)] if a.saturating_add(*length) <= *b),
            );
            let first = sorted.first().map_or(0, |(begin, _)| *begin);
            let ends = sorted
                .iter()
                .map(|(begin, length)| begin.saturating_add(*length));
            let end = ends.max().unwrap_or(0);
            if apart && (end - first).saturating_sub(total) <= slop {
                each(latest);
            }
        }
    }
}

/// Positions that a rigid group takes: one for a word, one for each character of a gram.
pub(crate) fn length(group: &Rigid) -> u32 {
    let pair = |slot: &Slot| match slot {
        Slot::Forms(forms) => forms.first().is_some_and(|form| {
            form.chars().count() == 2 && form.chars().all(crate::fold::is_gram)
        }),
        _ => false,
    };
    let ends = group
        .iter()
        .map(|(at, slot)| at.saturating_add(1 + u32::from(pair(slot))));
    ends.max().unwrap_or(0)
}

/// Gathers where patterns are in a text, unit by unit.
pub(crate) struct Finder<'p> {
    patterns: Vec<&'p Pattern>,
    /// For each pattern, group and slot.
    found: Vec<Vec<Vec<Vec<Found>>>>,
}

impl<'p> Finder<'p> {
    pub(crate) fn new(patterns: Vec<&'p Pattern>) -> Self {
        let found = patterns
            .iter()
            .map(|p| p.groups.iter().map(|g| vec![Vec::new(); g.len()]).collect())
            .collect();
        Self { patterns, found }
    }

    pub(crate) fn see(&mut self, unit: &Unit, stems: &mut Stems) {
        for (pattern, found) in self.patterns.iter().zip(&mut self.found) {
            for (group, found) in pattern.groups.iter().zip(found) {
                for ((_, slot), found) in group.iter().zip(found) {
                    if fills(slot, unit, stems) {
                        // A gram found by its first character is one character.
                        let single = unit.gram && matches!(slot, Slot::Prefix(_));
                        found.push(Found {
                            position: unit.position,
                            start: unit.start,
                            end: if single { unit.middle } else { unit.end },
                        });
                    }
                }
            }
        }
    }

    /// Ranges in bytes of the view with the number of their pattern, in order, not overlapping
    /// within a pattern.
    pub(crate) fn finish(self) -> Vec<(usize, usize, usize)> {
        let mut ranges = Vec::new();
        for (number, (pattern, found)) in self.patterns.iter().zip(&self.found).enumerate() {
            let begins: Vec<(Vec<u32>, u32)> = pattern
                .groups
                .iter()
                .zip(found)
                .map(|(group, found)| {
                    let positions: Vec<Vec<u32>> = found
                        .iter()
                        .map(|f| {
                            let mut at: Vec<u32> = f.iter().map(|f| f.position).collect();
                            at.dedup();
                            at
                        })
                        .collect();
                    let slots = group.iter().zip(&positions);
                    let mut begins = Vec::new();
                    rigid_starts(slots.map(|((at, _), p)| (*at, p.as_slice())), &mut begins);
                    (begins, length(group))
                })
                .collect();
            let mark = |group: usize, begin: u32, ranges: &mut Vec<(usize, usize, usize)>| {
                let (Some(rigid), Some(found)) = (pattern.groups.get(group), found.get(group))
                else {
                    return;
                };
                let (mut start, mut end) = (usize::MAX, 0);
                for ((offset, _), found) in rigid.iter().zip(found) {
                    let at = found.partition_point(|f| f.position < begin.saturating_add(*offset));
                    for f in found
                        .iter()
                        .skip(at)
                        .take_while(|f| f.position == begin.saturating_add(*offset))
                        .take(1)
                    {
                        start = start.min(f.start);
                        end = end.max(f.end);
                    }
                }
                if start < end {
                    ranges.push((start, end, number));
                }
            };
            if let [(only, _)] = begins.as_slice() {
                for begin in only {
                    mark(0, *begin, &mut ranges);
                }
            } else {
                Meeting::default().of(&begins, pattern.slop, |choice| {
                    for (group, begin) in choice.iter().enumerate() {
                        mark(group, *begin, &mut ranges);
                    }
                });
            }
        }
        ranges.sort_unstable();
        ranges.dedup();
        ranges
    }
}
