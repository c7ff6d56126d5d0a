//! A crowd of invented persons, companies and vessels over several scripts, of whom it is known who is who: of
//! `p17-a` and `p17-b` both are one, written by two hands.

use entity::Entity;

use crate::words;

/// Numbers that look drawn, the same in each run (SplitMix64, Steele, Lea and Flood 2014).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// True so many times in a hundred.
    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn one<'a>(&mut self, list: &'a str, part: char) -> Vec<&'a str> {
        let all: Vec<&str> = list.split(part).collect();
        all[self.below(all.len())].split(' ').collect()
    }

    /// One of a list whose first entries are the commonest.
    fn common<'a>(&mut self, list: &'a str) -> Vec<&'a str> {
        let all: Vec<&str> = list.split('|').collect();
        let first = self.below(all.len()).min(self.below(all.len()));
        all[first].split(' ').collect()
    }
}

/// One name in the writings that it is met in: the first is that of a list at home, any may be that of another.
type Writings = Vec<String>;

/// `count` records, of whom nearly a third are a second or third record of one that stands before.
pub(crate) fn crowd(count: usize, chance: &mut Chance, mut each: impl FnMut(&Entity)) {
    let (mut made, mut number) = (0, 0_u64);
    while made < count {
        number += 1;
        let kind = chance.below(100);
        let (schema, name) = match kind {
            0..70 => ("Person", person(chance)),
            70..92 => ("Company", company(chance)),
            _ => ("Vessel", vessel(chance)),
        };
        let known = Known::of(schema, chance);
        let records = if chance.percent(25) {
            2 + usize::from(chance.percent(20))
        } else {
            1
        };
        for letter in ["a", "b", "c"].iter().take(records.min(count - made)) {
            let id = format!("{}{number}-{letter}", &schema[..1].to_lowercase());
            each(&known.record(id, schema, &name, chance));
            made += 1;
        }
    }
}

/// What is known of somebody beside the name.
struct Known {
    date: String,
    country: &'static str,
    imo: String,
}

impl Known {
    fn of(schema: &str, chance: &mut Chance) -> Self {
        let year = 1940 + chance.below(65);
        Self {
            date: format!(
                "{year}-{:02}-{:02}",
                1 + chance.below(12),
                1 + chance.below(28)
            ),
            country: chance.one(words::COUNTRIES, ' ')[0],
            imo: if schema == "Vessel" {
                imo(1_000_000 / 10 + chance.below(890_000))
            } else {
                String::new()
            },
        }
    }

    fn record(&self, id: String, schema: &str, name: &Writings, chance: &mut Chance) -> Entity {
        let mut entity = Entity {
            id,
            schema: schema.to_owned(),
            ..Entity::default()
        };
        entity.add("name", slip(&name[chance.below(name.len())], chance));
        if chance.percent(25) {
            let other = if schema == "Person" { "alias" } else { "name" };
            entity.add(other, name[chance.below(name.len())].clone());
        }
        let date = match schema {
            "Person" => "birthDate",
            "Vessel" => "buildDate",
            _ => "incorporationDate",
        };
        match chance.below(10) {
            0..5 => entity.add(date, self.date.clone()),
            5..7 => entity.add(date, &self.date[..4]),
            _ => {}
        }
        if chance.percent(60) {
            let country = match schema {
                "Person" => "nationality",
                "Vessel" => "flag",
                _ => "jurisdiction",
            };
            entity.add(country, self.country);
        }
        if !self.imo.is_empty() && chance.percent(40) {
            entity.add("imoNumber", self.imo.clone());
        }
        entity
    }
}

/// A number of the International Maritime Organization: six digits and their check digit.
fn imo(digits: usize) -> String {
    let text = format!("{digits:06}");
    let sum: u32 = text
        .bytes()
        .zip((2..=7).rev())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("IMO{text}{}", sum % 10)
}

/// A slip of the pen in one of twelve: two letters of a Latin word changed round, or one left out.
fn slip(name: &str, chance: &mut Chance) -> String {
    if !name.is_ascii() || name.len() < 12 || !chance.percent(8) {
        return name.to_owned();
    }
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + chance.below(letters.len() - 3);
    if letters[at].is_lowercase() && letters[at + 1].is_lowercase() {
        if chance.percent(50) {
            letters.swap(at, at + 1);
        } else {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

fn person(chance: &mut Chance) -> Writings {
    match chance.below(100) {
        0..20 => korean(chance),
        20..40 => chinese(chance),
        40..60 => russian(chance),
        60..75 => arabic(chance),
        _ => western(chance),
    }
}

fn korean(chance: &mut Chance) -> Writings {
    let surname = chance.common(words::KOREAN_SURNAMES);
    let (one, two) = (
        chance.one(words::KOREAN_GIVEN, '|'),
        chance.one(words::KOREAN_GIVEN, '|'),
    );
    let lower = |text: &str| text.to_lowercase();
    vec![
        [surname[0], one[0], two[0]].concat(),
        [surname[1], one[1], two[1]].concat(),
        format!("{} {}-{}", surname[2], one[2], lower(two[2])),
        format!("{} {} {}", surname[3], one[3], two[3]),
        format!("{}{} {}", one[2], lower(two[2]), surname[2].to_uppercase()),
    ]
}

fn chinese(chance: &mut Chance) -> Writings {
    let surname = chance.common(words::CHINESE_SURNAMES);
    let one = chance.one(words::CHINESE_GIVEN, '|');
    let two = if chance.percent(80) {
        chance.one(words::CHINESE_GIVEN, '|')
    } else {
        vec![""; 3]
    };
    let given = capital(&[one[2], two[2]].concat());
    vec![
        [surname[0], one[0], two[0]].concat(),
        [surname[1], one[1], two[1]].concat(),
        format!("{} {given}", surname[2]),
        format!("{given} {}", surname[2].to_uppercase()),
        format!(
            "{}, {} {}",
            surname[2].to_uppercase(),
            capital(one[2]),
            capital(two[2])
        ),
    ]
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn russian(chance: &mut Chance) -> Writings {
    let given = chance.one(words::RUSSIAN_GIVEN, '|');
    let father = chance.one(words::RUSSIAN_GIVEN, '|');
    let stem = chance.one(words::RUSSIAN_STEMS, '|');
    let (cyrillic, latin) = [
        ("ов", "ov"),
        ("енко", "enko"),
        ("ский", "skiy"),
        ("ин", "in"),
    ][chance.below(4)];
    let (surname, spelled) = ([stem[0], cyrillic].concat(), [stem[1], latin].concat());
    let ends = |stem: &str| stem.ends_with(['е', 'о', 'e', 'o']);
    let patronymic = [
        father[3],
        if ends(father[3]) {
            "вич"
        } else {
            "ович"
        },
    ]
    .concat();
    let spelled_patronymic = [father[4], if ends(father[4]) { "vich" } else { "ovich" }].concat();
    vec![
        format!("{surname} {} {patronymic}", given[0]),
        format!("{} {surname}", given[0]),
        format!("{} {spelled_patronymic} {spelled}", given[1]),
        format!("{} {spelled}", given[2]),
        format!(
            "{}, {} {spelled_patronymic}",
            spelled.to_uppercase(),
            given[1]
        ),
    ]
}

fn arabic(chance: &mut Chance) -> Writings {
    let (given, father, grandfather) = (
        chance.one(words::ARABIC_GIVEN, '|'),
        chance.one(words::ARABIC_GIVEN, '|'),
        chance.one(words::ARABIC_GIVEN, '|'),
    );
    let family = chance.one(words::ARABIC_FAMILIES, '|');
    let second = family[2..].join(" ");
    vec![
        format!(
            "{} {} {} {}",
            given[0], father[0], grandfather[0], family[0]
        ),
        format!(
            "{} {} {} {}",
            given[1], father[1], grandfather[1], family[1]
        ),
        format!("{} {} {} {second}", given[2], father[2], grandfather[2]),
        format!("{} bin {} {}", given[1], father[1], family[1]),
    ]
}

fn western(chance: &mut Chance) -> Writings {
    let (given, middle) = (
        chance.one(words::WESTERN_GIVEN, '|'),
        chance.one(words::WESTERN_GIVEN, '|'),
    );
    let surname = surname(chance);
    let initial = &middle[0][..1];
    vec![
        format!("{} {} {surname}", given[0], middle[0]),
        format!("{} {initial}. {surname}", given[0]),
        format!("{} {surname}", given[0]),
        format!("{}, {} {}", surname.to_uppercase(), given[0], middle[0]),
        format!("{} {} {surname}", given[1], middle[0]),
    ]
}

fn surname(chance: &mut Chance) -> String {
    let stem = chance.one(words::WESTERN_STEMS, ' ')[0];
    let middle = if chance.percent(40) {
        chance.one(words::WESTERN_ENDINGS, ' ')[0]
    } else {
        ""
    };
    [stem, middle, chance.one(words::WESTERN_ENDINGS, ' ')[0]].concat()
}

fn company(chance: &mut Chance) -> Writings {
    if chance.percent(45) {
        let place = chance.one(words::CHINESE_PLACES, '|');
        let (one, two) = (
            chance.one(words::CHINESE_BRANDS, '|'),
            chance.one(words::CHINESE_BRANDS, '|'),
        );
        let trade = chance.one(words::CHINESE_TRADES, '|');
        let brand = capital(&[one[1], two[1]].concat().to_lowercase());
        return vec![
            format!("{}{}{}{}有限公司", place[0], one[0], two[0], trade[0]),
            format!("{} {brand} {} Co., Ltd.", place[1], trade[1]),
            format!("{brand} {} ({}) Company Limited", trade[1], place[1]),
            format!("{} {} {} Co Ltd", place[1], brand.to_uppercase(), trade[1]),
        ];
    }
    let brand = surname(chance);
    let second = if chance.percent(40) {
        format!(" {}", surname(chance))
    } else {
        String::new()
    };
    let trade = chance.one(words::TRADES, ' ')[0];
    let all: Vec<&str> = words::FORMS.split('|').collect();
    let (long, short) = all[chance.below(all.len())]
        .split_once('=')
        .unwrap_or_default();
    vec![
        format!("{brand}{second} {trade} {long}"),
        format!("{brand}{second} {trade} {short}"),
        format!("{}{} {trade}", brand.to_uppercase(), second.to_uppercase()),
    ]
}

fn vessel(chance: &mut Chance) -> Writings {
    let (one, two) = (
        chance.one(words::SHIPS, ' ')[0],
        chance.one(words::SHIPS_SECOND, ' ')[0],
    );
    let name = if chance.percent(60) {
        format!("{one} {two} {}", 1 + chance.below(60))
    } else {
        format!("{one} {}", surname(chance))
    };
    vec![
        name.to_uppercase(),
        format!("M/V {}", name.to_uppercase()),
        name.clone(),
        format!("MV {name}"),
    ]
}
