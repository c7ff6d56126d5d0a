//! Automatic numbers of Word's lists and headings (ECMA-376 part 1 §17.9): they are shown on
//! paper but stand nowhere in the text.

use std::collections::HashMap;

use crate::xml::{Token, Xml};

const LEVELS: usize = 9;

#[derive(Clone, Default)]
struct Level {
    start: u32,
    format: String,
    text: String,
}

#[derive(Default)]
struct List {
    abstract_id: String,
    /// Level, and what it starts at in this list.
    starts: HashMap<u8, u32>,
    levels: HashMap<u8, Level>,
}

#[derive(Default)]
pub(crate) struct Numbering {
    abstracts: HashMap<String, HashMap<u8, Level>>,
    lists: HashMap<String, List>,
    /// Lists that share an abstract one count together.
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    restarted: HashMap<String, u16>,
}

impl Numbering {
    pub(crate) fn read(mut xml: Xml<'_>) -> Self {
        let mut numbering = Self::default();
        let (mut abstract_id, mut list_id) = (None::<String>, None::<String>);
        let mut level: Option<(u8, Level)> = None;
        let mut overridden = 0_u8;
        loop {
            match xml.next() {
                Token::Open(tag) => {
                    let value = || tag.attr("val").map(std::borrow::Cow::into_owned);
                    match tag.name() {
                        "abstractNum" => {
                            abstract_id =
                                tag.attr("abstractNumId").map(std::borrow::Cow::into_owned);
                        }
                        "num" => {
                            list_id = tag.attr("numId").map(std::borrow::Cow::into_owned);
                            if let Some(id) = &list_id {
                                numbering.lists.insert(id.clone(), List::default());
                            }
                        }
                        "abstractNumId" => {
                            if let Some(list) =
                                list_id.as_ref().and_then(|id| numbering.lists.get_mut(id))
                            {
                                list.abstract_id = value().unwrap_or_default();
                            }
                        }
                        "lvlOverride" => overridden = tag.number("ilvl").unwrap_or(0),
                        "startOverride" => {
                            if let Some(list) =
                                list_id.as_ref().and_then(|id| numbering.lists.get_mut(id))
                            {
                                list.starts
                                    .insert(overridden, tag.number("val").unwrap_or(1));
                            }
                        }
                        "lvl" => {
                            level = Some((
                                tag.number("ilvl").unwrap_or(0),
                                Level {
                                    start: 1,
                                    ..Level::default()
                                },
                            ));
                        }
                        name => {
                            let Some((_, level)) = &mut level else {
                                continue;
                            };
                            match name {
                                "start" => level.start = tag.number("val").unwrap_or(1),
                                "numFmt" => level.format = value().unwrap_or_default(),
                                "lvlText" => level.text = value().unwrap_or_default(),
                                "pPr" | "rPr" => xml.skip(),
                                _ => {}
                            }
                        }
                    }
                }
                Token::Close("lvl") => {
                    let Some((at, level)) = level.take() else {
                        continue;
                    };
                    if let Some(list) = list_id.as_ref().and_then(|id| numbering.lists.get_mut(id))
                    {
                        list.levels.insert(at, level);
                    } else if let Some(id) = &abstract_id {
                        numbering
                            .abstracts
                            .entry(id.clone())
                            .or_default()
                            .insert(at, level);
                    }
                }
                Token::Close("num") => list_id = None,
                Token::Close("abstractNum") => abstract_id = None,
                Token::End => break,
                _ => {}
            }
        }
        numbering
    }

    fn level(&self, list: &str, level: u8) -> Option<&Level> {
        let list = self.lists.get(list)?;
        list.levels
            .get(&level)
            .or_else(|| self.abstracts.get(&list.abstract_id)?.get(&level))
    }

    /// Counts a paragraph and gives its label; `None` for bullets and lists that are not defined.
    pub(crate) fn next(&mut self, list: &str, level: u8) -> Option<String> {
        let at = usize::from(level);
        if at >= LEVELS {
            return None;
        }
        let shared = self.lists.get(list)?.abstract_id.clone();
        let start = self.level(list, level)?.start;
        let overridden = self.lists.get(list)?.starts.get(&level).copied();
        let counters = self.counters.entry(shared).or_insert([None; LEVELS]);
        let restarted = self.restarted.entry(list.to_owned()).or_insert(0);
        let bit = 1_u16.checked_shl(u32::from(level)).unwrap_or(0);
        let counter = counters.get_mut(at)?;
        *counter = match (*counter, overridden) {
            (_, Some(start)) if *restarted & bit == 0 => Some(start),
            (Some(count), _) => Some(count.saturating_add(1)),
            (None, _) => Some(start),
        };
        *restarted |= bit;
        for deeper in counters.iter_mut().skip(at.saturating_add(1)) {
            *deeper = None;
        }
        let counters = *counters;
        let this = self.level(list, level)?;
        if matches!(this.format.as_str(), "bullet" | "none") {
            return None;
        }
        let mut label = String::new();
        let mut text = this.text.chars();
        while let Some(c) = text.next() {
            if c != '%' {
                label.push(c);
                continue;
            }
            let Some(digit) = text.next().and_then(|c| c.to_digit(10)) else {
                continue;
            };
            let which = u8::try_from(digit).unwrap_or(1).saturating_sub(1);
            let Some(of) = self.level(list, which) else {
                continue;
            };
            let count = counters
                .get(usize::from(which))
                .copied()
                .flatten()
                .unwrap_or(of.start);
            label.push_str(&written(count, &of.format));
        }
        let label = label.trim().to_owned();
        (!label.is_empty()).then_some(label)
    }
}

/// A count in the format of a list (§17.18.59); decimal for those that are rare.
fn written(count: u32, format: &str) -> String {
    const GANADA: &str = "가나다라마바사아자차카타파하";
    const CHOSUNG: &str = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ";
    const AIUEO: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
    const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
    let nth = |letters: &str| {
        let index = usize::try_from(count).ok()?.checked_sub(1)?;
        letters.chars().nth(index).map(String::from)
    };
    let found = match format {
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).map(|roman| roman.to_lowercase()),
        "upperLetter" => letter(count),
        "lowerLetter" => letter(count).map(|letter| letter.to_lowercase()),
        "decimalZero" => Some(format!("{count:02}")),
        "ganada" => nth(GANADA),
        "chosung" => nth(CHOSUNG),
        "aiueoFullWidth" | "aiueo" => nth(AIUEO),
        "ideographTraditional" => nth(STEMS),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if (1..=20).contains(&count) => {
            char::from_u32(0x245f_u32.saturating_add(count)).map(String::from)
        }
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "koreanDigital2"
        | "ideographDigital"
        | "japaneseDigitalTenThousand"
        | "taiwaneseDigital" => han(count),
        _ => None,
    };
    found.unwrap_or_else(|| count.to_string())
}

fn roman(mut count: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&count) {
        return None;
    }
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while let Some(left) = count.checked_sub(value) {
            text.push_str(sign);
            count = left;
        }
    }
    Some(text)
}

/// A … Z, AA … ZZ, AAA …: Word repeats the letter.
fn letter(count: u32) -> Option<String> {
    let index = count.checked_sub(1)?;
    let times = usize::try_from(index / 26).ok()?.checked_add(1)?;
    let letter = char::from_u32(u32::from('A').checked_add(index % 26)?)?;
    (times <= 40).then(|| String::from(letter).repeat(times))
}

fn han(count: u32) -> Option<String> {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |n: u32| DIGITS.chars().nth(usize::try_from(n).ok()?);
    match count {
        1..=9 => digit(count).map(String::from),
        10..=99 => {
            let mut text = String::new();
            if count >= 20 {
                text.push(digit(count / 10)?);
            }
            text.push('十');
            if !count.is_multiple_of(10) {
                text.push(digit(count % 10)?);
            }
            Some(text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_written_as_word_writes_them() {
        for (count, format, shown) in [
            (4, "lowerRoman", "iv"),
            (1994, "upperRoman", "MCMXCIV"),
            (28, "lowerLetter", "bb"),
            (3, "ganada", "다"),
            (12, "chineseCounting", "十二"),
            (40, "chineseCounting", "四十"),
            (7, "decimalZero", "07"),
            (2, "decimalEnclosedCircle", "②"),
            (99, "ganada", "99"),
            (0, "upperRoman", "0"),
        ] {
            assert_eq!(written(count, format), shown);
        }
    }
}
