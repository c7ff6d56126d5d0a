//! Sentences again with other persons' names, so that the weights learn what stands around a name.

use std::path::Path;

use statement::training::Language;

use crate::{Marked, Outcome};

pub(crate) struct Names {
    given: Vec<String>,
    family: Vec<String>,
    bodies: Vec<String>,
    cities: Vec<String>,
}

/// A small generator, so that training gives the same weights each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap_or(0)
    }

    fn pick<'n>(&mut self, from: &'n [String]) -> &'n str {
        let at = self.roll(from.len());
        from.get(at).map_or("", String::as_str)
    }

    fn character(&mut self, from: &str) -> char {
        let count = from.chars().count();
        let at = self.roll(count);
        from.chars().nth(at).unwrap_or(' ')
    }
}

const CHINESE_FAMILY: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆朴具崔尹";
const CHINESE_GIVEN: &str = "文斌志强建国明华小红丽伟军平春梅秀英海燕玉兰晓东国庆永健俊杰雪松婷婷子轩雨欣佳怡宏达振宇德安正恩炳杉成昊在寅锡悦东赫相哲美花顺姬";
const KOREAN_FAMILY: &str = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설";
const KOREAN_GIVEN: &str =
    "민준서연지우현수영철호진희경숙정은미선자혜승재동훈성용태준식광만복순옥금란향화춘일명국룡철";

impl Names {
    pub(crate) fn read(folder: &Path) -> Outcome<Self> {
        let lines = |name: &str| -> Outcome<Vec<String>> {
            Ok(std::fs::read_to_string(folder.join(name))?
                .lines()
                .map(str::to_owned)
                .collect())
        };
        Ok(Self {
            given: lines("given")?,
            family: lines("family")?,
            bodies: lines("bodies")?,
            cities: lines("cities")?,
        })
    }

    /// A body or a place of one or two words gives way to another now and then.
    fn another_thing(&self, kind: usize, old: &str, dice: &mut Dice) -> Option<String> {
        if old.split(' ').count() > 2 || old.starts_with("the ") || dice.roll(2) == 0 {
            return None;
        }
        let shouted = old.chars().all(|c| c.is_uppercase() || c == '.');
        match kind {
            1 if !shouted || dice.roll(3) == 0 => Some(dice.pick(&self.bodies).to_owned()),
            2 if !shouted => Some(dice.pick(&self.cities).to_owned()),
            _ => None,
        }
    }

    fn another(&self, language: Language, old: &str, dice: &mut Dice) -> Option<String> {
        let name = match language {
            Language::English => {
                let words = old.split(' ').count();
                let given = dice.pick(&self.given);
                let family = dice.pick(&self.family);
                match words {
                    1 => family.to_owned(),
                    2 if given.contains(['-', ' ']) => format!("{family} {given}"),
                    2 => format!("{given} {family}"),
                    3 => match dice.roll(3) {
                        0 => format!("{given} {} {family}", dice.pick(&self.given)),
                        1 => format!("{given} {}. {family}", family.chars().next()?),
                        _ => format!("{given} {family}"),
                    },
                    _ => return None,
                }
            }
            Language::Chinese => {
                let long = old.chars().count();
                if !(2..=4).contains(&long) || old.contains('·') {
                    return None;
                }
                let mut name = dice.character(CHINESE_FAMILY).to_string();
                for _ in 0..=usize::from(dice.roll(5) > 0) {
                    name.push(dice.character(CHINESE_GIVEN));
                }
                name
            }
            Language::Korean => {
                if old.chars().count() != 3 {
                    return None;
                }
                let mut name = dice.character(KOREAN_FAMILY).to_string();
                name.push(dice.character(KOREAN_GIVEN));
                name.push(dice.character(KOREAN_GIVEN));
                name
            }
        };
        Some(name)
    }

    /// The sentences, and each that names a person once more with another name in its place.
    pub(crate) fn varied(&self, language: Language, sentences: &[Marked]) -> Vec<Marked> {
        let mut dice = Dice(0x2545_F491_4F6C_DD1D);
        let mut all = sentences.to_vec();
        for marked in sentences {
            let last = if language == Language::English { 2 } else { 0 };
            if !marked.names.iter().any(|name| name.0 <= last) {
                continue;
            }
            let characters: Vec<char> = marked.text.chars().collect();
            let mut varied = Marked {
                corpus: marked.corpus.clone(),
                text: String::new(),
                names: Vec::new(),
            };
            let mut at = 0;
            let mut length = 0;
            for (kind, start, end) in &marked.names {
                let (from, to) = (*start as usize, *end as usize);
                if from < at || to > characters.len() {
                    continue;
                }
                varied.text.extend(&characters[at..from]);
                length += from - at;
                let old: String = characters[from..to].iter().collect();
                let new = match kind {
                    0 => self.another(language, &old, &mut dice),
                    1 | 2 if language == Language::English => {
                        self.another_thing(*kind, &old, &mut dice)
                    }
                    _ => None,
                }
                .unwrap_or(old);
                let begin = length;
                length += new.chars().count();
                varied.text.push_str(&new);
                varied.names.push((
                    *kind,
                    u32::try_from(begin).unwrap_or(0),
                    u32::try_from(length).unwrap_or(0),
                ));
                at = to;
            }
            varied.text.extend(&characters[at..]);
            all.push(varied);
        }
        all
    }
}
