//! Chinese over characters, Korean over syllables.

use std::ops::Range;

use super::feature;
use super::model::Features;
use super::words::{Characters, go_on};
use crate::text::{Kind, Sentence, Text, word_hash};

/// Surnames of Chinese persons, and of Koreans as Chinese writes them.
pub(crate) const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯阮桂闵朴具禹池玄玉奇表都楚习華張陳劉楊趙吳孫羅鄭謝韓馮鄧許蔣葉閻鍾範譚鄒陸龍萬錢湯賀賴龔龐蘭陶顏嚴溫魯韋畢聶";
/// Surnames of Koreans.
pub(crate) const KOREAN_SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부리림량렬로";

/// One character, or a whole token that is neither Han nor Hangul.
#[derive(Debug, Clone, Copy, Default)]
struct Unit {
    hash: u32,
    kind: u8,
    surname: bool,
    /// White space stands before it.
    spaced: bool,
    /// Place in a listed word: 0 none, 1 begins, 2 inside, 3 ends; its class; its hash.
    part: u8,
    class: u8,
    word: u32,
    /// Of the eojeol: place from the left, length, hash of what was read and of what follows.
    place: u8,
    long: u8,
    so_far: u32,
    rest: u32,
    whole: u32,
}

/// Buffers that are used again for each sentence.
#[derive(Default)]
pub(crate) struct Reader {
    units: Vec<Unit>,
    bytes: Vec<Range<u32>>,
}

fn kind(kind: Kind) -> u8 {
    match kind {
        Kind::Han => 1,
        Kind::Hangul => 2,
        Kind::Digits => 3,
        Kind::Word => 4,
        Kind::Mark => 5,
        Kind::Other => 6,
        Kind::Break => 7,
    }
}

impl Reader {
    fn cut(&mut self, text: &Text<'_>, sentence: &Sentence, surnames: &str) {
        self.units.clear();
        self.bytes.clear();
        let mut broken = false;
        for token in text.tokens.get(sentence.tokens.clone()).unwrap_or(&[]) {
            if token.kind == Kind::Break {
                broken = true;
                continue;
            }
            let kind = kind(token.kind);
            let mut spaced = token.spaced || broken;
            broken = false;
            if matches!(token.kind, Kind::Han | Kind::Hangul) {
                let word = text.slice(token.start..token.end);
                for (at, c) in word.char_indices() {
                    let start = token.start + u32::try_from(at).unwrap_or(0);
                    let end = start + u32::try_from(c.len_utf8()).unwrap_or(0);
                    self.bytes.push(start..end);
                    self.units.push(Unit {
                        hash: u32::from(c),
                        kind,
                        surname: surnames.contains(c),
                        spaced,
                        ..Unit::default()
                    });
                    spaced = false;
                }
            } else {
                self.bytes.push(token.start..token.end);
                self.units.push(Unit {
                    hash: if token.kind == Kind::Digits {
                        1
                    } else {
                        token.hash
                    },
                    kind,
                    spaced,
                    ..Unit::default()
                });
            }
        }
    }

    /// Calls `each` with the units of a Chinese sentence and the features of each.
    pub(crate) fn chinese(
        &mut self,
        text: &Text<'_>,
        sentence: &Sentence,
        lists: &Characters,
        each: impl FnOnce(&[Range<u32>], Features<'_>),
    ) {
        self.cut(text, sentence, SURNAMES);
        // The longest listed word from each place on, left to right.
        let mut at = 0;
        while at < self.units.len() {
            let mut hash = word_hash(b"");
            let mut best = None;
            for (n, bytes) in self.bytes.iter().enumerate().skip(at).take(8) {
                if self.units.get(n).is_none_or(|unit| unit.kind != 1) {
                    break;
                }
                hash = go_on(hash, text.slice(bytes.clone()).as_bytes());
                if n > at
                    && let Some(class) = lists.class(hash)
                {
                    best = Some((n + 1, class, hash));
                }
            }
            let Some((end, class, hash)) = best else {
                if let Some(unit) = self.units.get_mut(at) {
                    unit.word = unit.hash;
                }
                at += 1;
                continue;
            };
            for (n, unit) in self
                .units
                .get_mut(at..end)
                .unwrap_or(&mut [])
                .iter_mut()
                .enumerate()
            {
                unit.part = if n == 0 {
                    1
                } else if at + n + 1 == end {
                    3
                } else {
                    2
                };
                unit.class = class;
                unit.word = hash;
            }
            at = end;
        }
        let units = &self.units;
        each(&self.bytes, &mut |n, sink| {
            chinese_features(units, n, sink);
        });
    }

    /// Calls `each` with the units of a Korean sentence and the features of each.
    pub(crate) fn korean(
        &mut self,
        text: &Text<'_>,
        sentence: &Sentence,
        each: impl FnOnce(&[Range<u32>], Features<'_>),
    ) {
        self.cut(text, sentence, KOREAN_SURNAMES);
        let mut at = 0;
        while at < self.units.len() {
            let kind = self.units.get(at).map_or(0, |u| u.kind);
            let mut end = at + 1;
            while self
                .units
                .get(end)
                .is_some_and(|u| u.kind == kind && !u.spaced && kind == 2)
            {
                end += 1;
            }
            let long = u8::try_from((end - at).min(12)).unwrap_or(12);
            let run = self.units.get_mut(at..end).unwrap_or(&mut []);
            let mut hash = word_hash(b"");
            for (place, unit) in (0_u8..12).chain(std::iter::repeat(12)).zip(run.iter_mut()) {
                hash = go_on(hash, &unit.hash.to_le_bytes());
                unit.so_far = hash;
                unit.place = place;
                unit.long = long;
            }
            // From the right: a hash over what follows (reversed, which serves as well).
            let mut rest = word_hash(b"");
            for unit in run.iter_mut().rev() {
                unit.rest = rest;
                unit.whole = hash;
                rest = go_on(rest, &unit.hash.to_le_bytes());
            }
            at = end;
        }
        let units = &self.units;
        each(&self.bytes, &mut |n, sink| {
            korean_features(units, n, sink);
        });
    }
}

fn around(units: &[Unit], at: usize) -> impl Fn(isize) -> Unit + '_ {
    move |offset| {
        at.checked_add_signed(offset)
            .and_then(|n| units.get(n))
            .copied()
            .unwrap_or(Unit {
                kind: 9,
                ..Unit::default()
            })
    }
}

/// Features of characters and their pairs, which both languages share.
fn common(get: &impl Fn(isize) -> Unit, add: &mut impl FnMut(u8, u32, u32)) {
    let [p2, p, c, n, n2] = [get(-2), get(-1), get(0), get(1), get(2)];
    add(100, c.hash, 0);
    add(101, p.hash, 0);
    add(102, n.hash, 0);
    add(103, p2.hash, 0);
    add(104, n2.hash, 0);
    add(105, p.hash, c.hash);
    add(106, c.hash, n.hash);
    add(107, p2.hash, p.hash);
    add(108, n.hash, n2.hash);
    add(109, p.hash.rotate_left(13) ^ n.hash, c.hash);
    add(110, p2.hash.rotate_left(13) ^ p.hash, c.hash);
    add(111, c.hash, n.hash.rotate_left(13) ^ n2.hash);
    let kinds = [p2, p, c, n, n2]
        .iter()
        .fold(0, |sum, unit| sum << 4 | u32::from(unit.kind));
    add(112, kinds, 0);
    let surnames = [p2, p, c, n]
        .iter()
        .fold(0, |sum, unit| sum << 1 | u32::from(unit.surname));
    add(113, surnames, kinds & 0xFFF);
}

fn chinese_features(units: &[Unit], at: usize, sink: &mut dyn FnMut(u64)) {
    let get = around(units, at);
    let mut add = |template: u8, a: u32, b: u32| sink(feature(template, a, b));
    common(&get, &mut add);
    let [p3, p2, p, c, n, n2] = [get(-3), get(-2), get(-1), get(0), get(1), get(2)];
    let tag = |unit: &Unit| u32::from(unit.part) << 4 | u32::from(unit.class);
    add(120, tag(&c), u32::from(c.surname));
    add(121, tag(&c) << 8 | tag(&p), tag(&n));
    add(122, c.word, u32::from(c.part));
    add(123, p.word, u32::from(p.part) << 4 | u32::from(c.part));
    add(124, n.word, u32::from(n.part) << 4 | u32::from(c.part));
    add(125, tag(&p2) << 8 | tag(&p), tag(&c) << 8 | tag(&n));
    add(126, tag(&c) << 8 | tag(&n), tag(&n2));
    add(127, p3.hash, p2.hash);
    add(
        128,
        u32::from(p.surname) | u32::from(p2.surname) << 1,
        tag(&c) << 8 | tag(&n),
    );
    // The word before the one that this character stands in, and the one after.
    let mut left = at;
    while left > 0 && at - left < 6 && units.get(left).is_some_and(|u| u.part >= 2) {
        left -= 1;
    }
    let before = left
        .checked_sub(1)
        .and_then(|n| units.get(n))
        .map_or(0, |u| u.word);
    let mut right = at;
    while right - at < 6 && units.get(right).is_some_and(|u| matches!(u.part, 1 | 2)) {
        right += 1;
    }
    let after = units.get(right + 1).map_or(0, |u| u.word);
    add(129, before, u32::from(c.part));
    add(130, after, u32::from(c.part));
    add(131, before, c.word);
    add(132, c.word, after);
}

fn korean_features(units: &[Unit], at: usize, sink: &mut dyn FnMut(u64)) {
    let get = around(units, at);
    let mut add = |template: u8, a: u32, b: u32| sink(feature(template, a, b));
    common(&get, &mut add);
    let [p, c, n, n2] = [get(-1), get(0), get(1), get(2)];
    let place = u32::from(c.place);
    let left = u32::from(c.long) - place.min(u32::from(c.long));
    add(140, place.min(4), left.min(5));
    add(141, c.rest, 0);
    add(142, c.rest, c.hash);
    add(143, c.so_far, 0);
    add(144, c.so_far, c.rest);
    add(145, c.whole, place);
    // The eojeols before and after.
    let begin = at - usize::from(c.place).min(at);
    let before = begin.checked_sub(1).and_then(|n| units.get(n));
    let (before_whole, before_last) = before.map_or((0, 0), |u| (u.whole, u.hash));
    let before_last2 = begin
        .checked_sub(2)
        .and_then(|n| units.get(n))
        .map_or(0, |u| u.hash);
    let next = if c.kind == 2 && c.long < 12 {
        begin + usize::from(c.long)
    } else {
        at + 1
    };
    let after = units.get(next).copied().unwrap_or_default();
    let after2 = units.get(next + 1).copied().unwrap_or_default();
    add(146, before_whole, place.min(3));
    add(147, before_last, before_last2);
    add(148, after.hash, after2.hash);
    add(149, after.whole, left.min(4));
    add(150, c.rest, after.hash);
    let first = units.get(begin).copied().unwrap_or_default();
    add(
        151,
        u32::from(first.surname) | u32::from(c.long) << 1,
        place.min(5),
    );
    add(152, u32::from(first.surname) | place.min(5) << 1, c.rest);
    add(
        153,
        u32::from(c.spaced) | u32::from(n.spaced) << 1 | u32::from(n2.spaced) << 2,
        u32::from(p.kind) << 8 | u32::from(n.kind),
    );
}
