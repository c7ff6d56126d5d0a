//! Syllables of Korean and Chinese names in any script, as sets of readings.
//!
//! A written syllable (a Hangul block, a Han character, a group of Latin or Cyrillic letters) can be read as
//! one or more spoken syllables of Korean, Mandarin or Cantonese. Two writings fit when one choice of
//! language for each side makes every syllable meet: the same spoken one, or, between two languages, two
//! that are readings of one character (정 and zheng are 正).

mod cut;
mod hangul;
mod inventory;
mod spelling;

use crate::fold;
pub(crate) use cut::{Way, join, pieces, segment};
use inventory::{Reading, inventory, korean_id};

/// A language whose syllables names are read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum System {
    Korean = 0,
    Mandarin = 1,
    Cantonese = 2,
}

const SYSTEMS: [System; 3] = [System::Korean, System::Mandarin, System::Cantonese];
/// Pairs of a language for the left and one for the right.
pub(crate) const PAIRS: usize = 9;
/// Stands for: no reading fits.
pub(crate) const NEVER: u16 = 10_000;
/// Tenths that each syllable costs that is read in two languages.
const BRIDGE: u16 = 7;

/// What a reading follows, for the spelling path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Via {
    Hangul,
    SinoKorean,
    Mandarin,
    Cantonese,
    Revised,
    McCune,
    Northern,
    Passport,
    Pinyin,
    WadeGiles,
    Jyutping,
    HongKong,
    Kontsevich,
    Palladius,
}

impl Via {
    fn label(self) -> &'static str {
        match self {
            Self::Hangul => "Hangul",
            Self::SinoKorean => "Sino-Korean",
            Self::Mandarin => "Mandarin",
            Self::Cantonese => "Cantonese",
            Self::Revised => "Revised Romanization",
            Self::McCune => "McCune-Reischauer",
            Self::Northern => "northern spelling",
            Self::Passport => "passport spelling",
            Self::Pinyin => "Pinyin",
            Self::WadeGiles => "Wade-Giles",
            Self::Jyutping => "Jyutping",
            Self::HongKong => "Hong Kong spelling",
            Self::Kontsevich => "Kontsevich",
            Self::Palladius => "Palladius",
        }
    }
}

/// One written syllable: a Hangul block or a Han character by its code, a spelling by its place in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Syllable(u32);

const SPELLED: u32 = 0x8000_0000;

impl Syllable {
    fn character(self) -> Option<char> {
        char::from_u32(self.0)
    }

    fn is_hangul(self) -> bool {
        (0xAC00..=0xD7A3).contains(&self.0)
    }

    pub(crate) fn is_han(self) -> bool {
        self.0 < SPELLED && !self.is_hangul()
    }

    /// Whether it is a Hangul block or a Han character and no spelling.
    pub(crate) fn is_character(self) -> bool {
        self.0 < SPELLED
    }

    /// All spellings in letters that can be read as it can.
    pub(crate) fn spellings(self) -> Vec<Self> {
        let tables = inventory();
        self.with_readings(|own| {
            let mut list: Vec<u32> = own
                .iter()
                .flat_map(|reading| tables.spelled_as(*reading))
                .copied()
                .collect();
            list.sort_unstable();
            list.dedup();
            let spelled = list.into_iter();
            spelled.map(|index| Self(SPELLED | index)).collect()
        })
    }

    /// As it is written.
    pub(crate) fn text(self) -> String {
        if let Some(c) = self.character() {
            return c.to_string();
        }
        let found = inventory().spelled(self.place());
        found.map(|s| s.text.clone()).unwrap_or_default()
    }

    /// Calls `each` with its readings.
    fn with_readings<T>(self, each: impl FnOnce(&[Reading]) -> T) -> T {
        if let Some(c) = self.character().filter(|_| self.is_hangul()) {
            return each(&[Reading {
                system: System::Korean,
                id: korean_id(c),
                cost: 0,
                via: Via::Hangul,
            }]);
        }
        let tables = inventory();
        match self.character() {
            Some(c) => each(tables.han(c).map_or(&[], |h| &h.readings)),
            None => each(tables.spelled(self.place()).map_or(&[], |s| &s.readings)),
        }
    }

    /// The place of a spelling in the table.
    fn place(self) -> u32 {
        self.0 & !SPELLED
    }

    /// Its readings in a language, the cheapest first.
    fn in_system(self, system: System) -> Vec<Reading> {
        self.with_readings(|list| {
            let mut read: Vec<Reading> = list
                .iter()
                .copied()
                .filter(|r| r.system == system)
                .collect();
            read.sort_by_key(|r| r.cost);
            read.truncate(MOST_READINGS);
            read
        })
    }

    /// One bit for each language that it can be read in.
    pub(crate) fn systems(self) -> u8 {
        if self.is_hangul() {
            return 1 << System::Korean as u8;
        }
        let tables = inventory();
        match self.character() {
            Some(c) => tables.han(c).map_or(0, |h| h.systems),
            None => tables.spelled(self.place()).map_or(0, |s| s.systems),
        }
    }

    /// The same without what only families overseas spell so: `lee` for the Mandarin `li`.
    fn usual_systems(self) -> u8 {
        match inventory().spelled(self.place()) {
            Some(spelled) if !self.is_character() => spelled.usual,
            _ => self.systems(),
        }
    }

    /// One form of a Han character and of Hangul, so that the same name written twice is equal.
    pub(crate) fn folded(self) -> Self {
        match self.character() {
            Some(c) if self.is_hangul() => Self(hangul::fold(c) as u32),
            Some(c) => Self(inventory().han(c).map_or(c, |h| h.fold) as u32),
            None => self,
        }
    }
}

/// How two spellings of name parts can be the same spoken syllables.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// 0: the same in every common reading; grows with rarer readings and looser spellings (natural
    /// logarithm of how much likelier it is among the same than by chance, taken from a perfect fit).
    pub cost: f32,
    /// The spelling path in plain words: `哲 = 철 (Sino-Korean) = chol (northern spelling)`.
    pub path: String,
}

/// Whether `left` and `right`, each a name part of one or more syllables in Hangul, Han, Latin or Cyrillic
/// letters, can be read alike; `None` if no common reading fits.
#[must_use]
pub fn align(left: &str, right: &str) -> Option<Alignment> {
    let (a, b) = (fold::plain(left), fold::plain(right));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(Alignment {
            cost: 0.0,
            path: format!("{left} = {right}"),
        });
    }
    let (a, b) = (segment(&a), segment(&b));
    let mut best: Option<(u16, usize, &[Syllable], &[Syllable])> = None;
    for x in &a {
        for y in &b {
            let costs = fits(x, y);
            let (pair, cost) = cheapest(&costs);
            if cost < NEVER && best.is_none_or(|(known, ..)| cost < known) {
                best = Some((cost, pair, x, y));
            }
        }
    }
    let (cost, pair, x, y) = best?;
    Some(Alignment {
        cost: f32::from(cost) / 10.0,
        path: path(x, y, pair),
    })
}

/// The cheapest pair of languages.
pub(crate) fn cheapest(costs: &[u16; PAIRS]) -> (usize, u16) {
    let each = costs.iter().copied().enumerate();
    each.min_by_key(|(_, cost)| *cost).unwrap_or((0, NEVER))
}

/// The cost of reading `left` and `right` alike, for each pair of languages; [`NEVER`] where they do not fit.
pub(crate) fn fits(left: &[Syllable], right: &[Syllable]) -> [u16; PAIRS] {
    costs(left, right, may_bridge(&[left], &[right]))
}

/// [`fits`] of two parts of one name each, which are read in the same pair of languages.
pub(crate) fn fits_both(left: [&[Syllable]; 2], right: [&[Syllable]; 2]) -> [[u16; PAIRS]; 2] {
    let bridges = may_bridge(&left, &right);
    let ([a, b], [c, d]) = (left, right);
    [costs(a, c, bridges), costs(b, d, bridges)]
}

/// Letters that both spell one language are read in it: `Ying` and `Yong` of two Pinyin names are no
/// Mandarin and Korean reading of one character.
fn may_bridge(left: &[&[Syllable]], right: &[&[Syllable]]) -> bool {
    let all = |name: &[&[Syllable]]| {
        let each = name.iter().copied().flatten();
        each.fold((7, true), |(mask, letters), s| {
            (mask & s.usual_systems(), letters && !s.is_character())
        })
    };
    let ((mask, letters), (other, as_well)) = (all(left), all(right));
    mask & other == 0 || !(letters && as_well)
}

fn costs(left: &[Syllable], right: &[Syllable], bridges: bool) -> [u16; PAIRS] {
    let mut costs = [NEVER; PAIRS];
    if left.len() != right.len() || left.is_empty() {
        return costs;
    }
    let all = |part: &[Syllable]| part.iter().fold(7, |mask, s| mask & s.systems());
    let (own, others) = (all(left), all(right));
    let mut each = left.iter().zip(right);
    let unread = each.all(|(x, y)| x == y || x.is_character() && y.is_character());
    for (index, cost) in costs.iter_mut().enumerate() {
        let (a, b) = languages(index);
        // Only one and the same syllable needs no reading.
        let read = own & 1 << a as u8 != 0 && others & 1 << b as u8 != 0;
        if !read && (a != b || !unread) || a != b && !bridges {
            continue;
        }
        *cost = 0;
        for (x, y) in left.iter().zip(right) {
            let one = fit(*x, *y, a, b).map_or(NEVER, |(cost, _)| cost);
            *cost = cost.saturating_add(one).min(NEVER);
            if *cost >= NEVER {
                break;
            }
        }
    }
    costs
}

fn languages(pair: usize) -> (System, System) {
    let get = |i: usize| SYSTEMS.get(i).copied().unwrap_or(System::Korean);
    (get(pair / 3), get(pair % 3))
}

/// The cost of one syllable in a pair of languages, with the readings that meet.
fn fit(
    x: Syllable,
    y: Syllable,
    a: System,
    b: System,
) -> Option<(u16, Option<(Reading, Reading)>)> {
    if x == y && a == b {
        return Some((0, None));
    }
    if (x.is_hangul() && y.is_hangul()) || (x.is_han() && y.is_han()) {
        // One script: the same syllable or another one, whatever it sounds like.
        return (a == b && x.folded() == y.folded()).then_some((2, None));
    }
    let tables = inventory();
    x.with_readings(|left| {
        y.with_readings(|right| {
            let mut best: Option<(u16, Option<(Reading, Reading)>)> = None;
            for r in left.iter().filter(|r| r.system == a) {
                for s in right.iter().filter(|s| s.system == b) {
                    let same = a == b && r.id == s.id;
                    // A Han character is read in one language: that of the other side.
                    let bridge = a != b && !x.is_han() && !y.is_han() && tables.bridged(*r, *s);
                    if !(same || bridge) {
                        continue;
                    }
                    let extra = if same { 0 } else { BRIDGE };
                    let cost = u16::from(r.cost) + u16::from(s.cost) + extra;
                    if best.is_none_or(|(known, _)| cost < known) {
                        best = Some((cost, Some((*r, *s))));
                    }
                }
            }
            best
        })
    })
}

/// The spelling path of two sequences in a pair of languages.
pub(crate) fn path(left: &[Syllable], right: &[Syllable], pair: usize) -> String {
    let (a, b) = languages(pair);
    let tables = inventory();
    let mut steps = Vec::new();
    for (x, y) in left.iter().zip(right) {
        let (from, to) = (x.text(), y.text());
        let step = match fit(*x, *y, a, b) {
            Some((_, Some((r, s)))) => {
                let (heard, told) = (tables.name(r), tables.name(s));
                let middle = if r.system == s.system {
                    heard
                } else {
                    format!("{heard} ~ {told} (readings of one character)")
                };
                let one = |text: String, via: Via| {
                    if via == Via::Hangul {
                        text
                    } else {
                        format!("{text} ({})", via.label())
                    }
                };
                format!("{} = {middle} = {}", one(from, r.via), one(to, s.via))
            }
            Some((0, None)) => format!("{from} = {to}"),
            Some(_) if x.is_hangul() => format!("{from} = {to} (law of initial sounds)"),
            Some(_) => format!("{from} = {to} (simplified and traditional)"),
            None => format!("{from} ≠ {to}"),
        };
        steps.push(step);
    }
    steps.join("; ")
}

/// Ways to cut a name that keys are made of.
const MOST_KEYED: usize = 6;
/// Readings of one syllable that keys are made of, the cheapest first.
const MOST_READINGS: usize = 3;

/// What a name of syllables can be found by, each handed over as a list of numbers: every two neighbouring
/// syllables as read in one language, and, so that Hangul meets Pinyin, the initial letters that two to four
/// syllables have in Korean. `text` is of [`fold::plain`], the whole name.
pub(crate) fn keys(text: &str, mut each: impl FnMut(&[u32])) {
    let tables = inventory();
    for way in segment(text).iter().take(MOST_KEYED) {
        let mask = way.iter().fold(7, |mask, s| mask & s.systems());
        for system in SYSTEMS {
            if mask & 1 << system as u8 == 0 {
                continue;
            }
            let read: Vec<Vec<Reading>> = way.iter().map(|s| s.in_system(system)).collect();
            for pair in read.windows(2) {
                let [first, second] = pair else { continue };
                for a in first {
                    for b in second {
                        each(&[system as u32, u32::from(a.id), u32::from(b.id)]);
                    }
                }
            }
            if let [only] = read.as_slice() {
                for a in only {
                    each(&[system as u32, u32::from(a.id)]);
                }
            }
            if way.iter().all(|s| s.is_han()) || !(2..=4).contains(&way.len()) {
                continue;
            }
            let masks: Vec<u32> = read
                .iter()
                .map(|list| list.iter().fold(0, |mask, r| mask | tables.initials(*r)))
                .collect();
            let ways: u32 = masks.iter().map(|mask| mask.count_ones()).product();
            if (1..=64).contains(&ways) {
                initials(&masks, &mut vec![9], &mut each);
            }
        }
    }
}

fn initials(masks: &[u32], begun: &mut Vec<u32>, each: &mut impl FnMut(&[u32])) {
    let Some((first, rest)) = masks.split_first() else {
        return each(begun);
    };
    for bit in (0..19).filter(|bit| first & 1 << bit != 0) {
        begun.push(bit);
        initials(rest, begun, each);
        begun.pop();
    }
}

/// Letters for a word in Hangul or Han characters that stands for a foreign one, by its first reading.
pub(crate) fn romanised(word: &str) -> String {
    let tables = inventory();
    let one = |c: char| {
        if let Some((spelled, ..)) = spelling::korean(c).into_iter().next() {
            return spelled;
        }
        let readings = tables.han(c).map_or(&[][..], |h| &h.readings);
        let mandarin = readings.iter().find(|r| r.system == System::Mandarin);
        mandarin.map(|r| tables.name(*r)).unwrap_or_default()
    };
    word.chars().take(40).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_readings() {
        for (left, right, same) in [
            ("철호", "Chol Ho", true),
            ("哲浩", "Chol-ho", true),
            ("哲浩", "철호", true),
            ("哲浩", "Zhehao", true),
            ("정은", "Jong Un", true),
            ("정은", "Jongun", true),
            ("정은", "Jeong-eun", true),
            ("정은", "Jong Nam", false),
            ("리", "이", true),
            ("영호", "용호", false),
            ("룡해", "Yong-hae", true),
            ("여정", "Yo Jong", true),
            ("全國", "全国", true),
            ("全国", "Quanguo", true),
            ("锦涛", "Chin-t'ao", true),
            ("近平", "Chin-p'ing", true),
            ("Chin-p'ing", "Jinping", true),
            ("东", "Tung", true),
            ("之鋒", "Chi-fung", true),
            ("家超", "Ka-chiu", true),
            ("Жэньцзянь", "Renjian", true),
            ("Цзиньпин", "Jinping", true),
            ("Чен Ын", "Jong Un", true),
            ("Чжан", "Zhang", true),
            ("Xian", "Xi'an", true),
            ("朴", "Piao", true),
            ("박", "Park", true),
            ("崔", "Choe", true),
            ("김정은", "Jin Zheng'en", true),
            ("Wang Ying", "Wang Yong", false),
            ("王", "汪", false),
            ("呂", "Lyu", true),
            ("吕", "Lü", true),
            ("聰", "ch'ung", false),
            ("李", "李", true),
            ("强", "克强", false),
            ("Qiang", "Keqiang", false),
            ("김", "Lee", false),
            ("", "", false),
            ("黃", "Wong", true),
            ("Wong", "Huang", true),
            ("ŭn", "은", true),
            ("Ch'ŏl", "철", true),
        ] {
            assert_eq!(
                align(left, right).is_some(),
                same,
                "{left} / {right}: {:?}",
                segment(&fold::plain(left))
            );
            assert_eq!(align(right, left).is_some(), same, "{right} / {left}");
        }
    }

    #[test]
    fn check_paths() {
        let found = |a, b| align(a, b).map(|found| found.path);
        expect_test::expect![[r#"Some("哲 (Sino-Korean) = 철 = chol (northern spelling); 浩 (Sino-Korean) = 호 = ho (Revised Romanization)")"#]]
        .assert_eq(&format!("{:?}", found("哲浩", "Chol Ho")));
    }
}
