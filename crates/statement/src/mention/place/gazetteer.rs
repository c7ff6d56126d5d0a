//! The names of places and peoples: tables in `data/`, read once.

use std::borrow::Cow;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::lexicon::{Lexicon, Names};

/// What sort of place a name names; finer ones come later, so that chains read "coarse to fine".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    People,
    Region,
    Water,
    Country,
    Division,
    Prefecture,
    City,
    District,
    Site,
}

/// How far a name can be trusted without looking at its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Also a common word or a person's name: needs a neighbour that says "place".
    Weak,
    /// A place, unless it stands inside a longer name.
    Plain,
    /// A place wherever it stands.
    Sure,
}

/// What the tables know of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) sort: Sort,
    pub(super) trust: Trust,
    /// ISO 3166 alpha-2, `--` where it belongs to no country.
    pub(super) country: [u8; 2],
    /// Only as it stands in the table: `US`, not `us` or `Us`.
    pub(super) exact: bool,
    /// Which words of the name are written with a capital (bit 0 = first word).
    pub(super) capitals: u32,
}

/// Names in Latin letters and in Han or Hangul.
#[derive(Debug)]
pub(super) struct Gazetteer {
    pub(super) latin: Lexicon<Known>,
    wide: Names<Known>,
}

const COUNTRIES: &str = include_str!("../../../data/countries.tsv");
const DIVISIONS: &str = include_str!("../../../data/divisions.tsv");
const CITIES: &str = include_str!("../../../data/cities.tsv");
const BY_HAND: &str = include_str!("../../../data/places.tsv");
const PEOPLES: &str = include_str!("../../../data/nationalities.tsv");
const WORDS: &str = include_str!("../../../data/place-words.txt");

/// Cities of so many thousand people are named without more in news of any country.
const LARGE: u32 = 500;

pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::read);

impl Gazetteer {
    fn read() -> Self {
        let mut tables = Tables::default();
        tables.by_hand();
        tables.peoples();
        tables.countries();
        tables.divisions();
        tables.cities();
        Self {
            latin: Lexicon::new(tables.latin.iter().map(|(name, known)| (&**name, *known))),
            wide: Names::new(tables.wide.iter().map(|(name, known)| (&**name, *known))),
        }
    }

    /// The next name in Han or Hangul at or after `from`: its bytes and what is known of it.
    pub(super) fn next_wide(
        &self,
        raw: &str,
        from: usize,
    ) -> Option<(std::ops::Range<usize>, Known)> {
        let (bytes, known) = self.wide.next(raw, from)?;
        Some((bytes, *known))
    }
}

#[derive(Default)]
struct Tables {
    seen: FxHashSet<Cow<'static, str>>,
    latin: Vec<(Cow<'static, str>, Known)>,
    wide: Vec<(Cow<'static, str>, Known)>,
}

fn code(word: &str) -> [u8; 2] {
    match word.as_bytes() {
        [a, b] => [*a, *b],
        _ => *b"--",
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// Which words begin with a capital.
fn capitals(name: &str) -> u32 {
    let cut = crate::text::Text::words(name);
    cut.tokens
        .iter()
        .take(32)
        .enumerate()
        .filter(|(_, token)| token.capital)
        .fold(0, |mask, (n, _)| mask | 1 << n)
}

impl Tables {
    /// The first that gives a name decides what it is.
    fn add(&mut self, name: &'static str, known: Known) {
        self.add_made(Cow::Borrowed(name.trim()), known);
    }

    fn add_made(&mut self, name: Cow<'static, str>, mut known: Known) {
        if name.is_empty() || !self.seen.insert(name.clone()) {
            return;
        }
        if name
            .chars()
            .any(|c| c as u32 >= 0x1100 && !matches!(c, '\u{1E00}'..='\u{2FFF}'))
        {
            self.wide.push((name, known));
        } else {
            known.capitals = capitals(&name);
            // Names are written with either apostrophe.
            let curly = name.contains('\'').then(|| name.replace('\'', "’"));
            self.latin.push((name, known));
            if let Some(curly) = curly {
                self.add_made(Cow::Owned(curly), known);
            }
        }
    }

    fn by_hand(&mut self) {
        for row in rows(BY_HAND) {
            let [kind, country, names] = row.as_slice() else {
                continue;
            };
            let sort = match *kind {
                "country" | "short" => Sort::Country,
                "division" => Sort::Division,
                "prefecture" => Sort::Prefecture,
                "city" => Sort::City,
                "district" => Sort::District,
                "water" => Sort::Water,
                "site" => Sort::Site,
                _ => Sort::Region,
            };
            for name in names.split('|') {
                let (name, trust) = match name.strip_prefix('~') {
                    Some(name) => (name, Trust::Weak),
                    None => (name, Trust::Sure),
                };
                self.add(
                    name,
                    Known {
                        sort,
                        trust,
                        country: code(country),
                        exact: *kind == "short",
                        capitals: 0,
                    },
                );
            }
        }
    }

    fn peoples(&mut self) {
        for row in rows(PEOPLES) {
            let [country, names] = row.as_slice() else {
                continue;
            };
            for name in names.split('|') {
                let (name, trust) = match name.strip_prefix('~') {
                    Some(name) => (name, Trust::Weak),
                    None => (name, Trust::Sure),
                };
                let known = Known {
                    sort: Sort::People,
                    trust,
                    country: code(country),
                    exact: false,
                    capitals: 0,
                };
                match name.strip_suffix('*') {
                    Some(one) => {
                        self.add(one, known);
                        self.add_made(Cow::Owned(format!("{one}s")), known);
                    }
                    None => self.add(name, known),
                }
            }
        }
    }

    fn countries(&mut self) {
        // Korean names that are words as well.
        const WORDS: &[&str] = &[
            "수단", "오만", "가나", "말리", "기니", "피지", "차드", "인도", "가봉", "통가", "토고",
            "저지", "건지",
        ];
        for row in rows(COUNTRIES) {
            let Some((country, columns)) = row.split_first() else {
                continue;
            };
            for name in columns.iter().flat_map(|column| column.split('|')) {
                let wide = !name.is_ascii();
                let trust = if (wide && name.chars().count() < 2) || WORDS.contains(&name) {
                    Trust::Weak
                } else {
                    Trust::Sure
                };
                // Shortened forms in the tables of another language are no names here.
                if name.len() > 3 {
                    self.add(
                        name,
                        Known {
                            sort: Sort::Country,
                            trust,
                            country: code(country),
                            exact: false,
                            capitals: 0,
                        },
                    );
                }
            }
        }
    }

    fn divisions(&mut self) {
        let words: FxHashSet<&str> = words();
        for row in rows(DIVISIONS) {
            let [country, name] = row.as_slice() else {
                continue;
            };
            let trust = if weak(name, &words) {
                Trust::Weak
            } else {
                Trust::Plain
            };
            let known = Known {
                sort: Sort::Division,
                trust,
                country: code(country),
                exact: false,
                capitals: 0,
            };
            self.add(name, known);
        }
    }

    fn cities(&mut self) {
        let words: FxHashSet<&str> = words();
        for row in rows(CITIES) {
            let [country, thousands, english, han, hangul] = row.as_slice() else {
                continue;
            };
            let country = code(country);
            let people: u32 = thousands.parse().unwrap_or(0);
            let mut known = Known {
                sort: Sort::City,
                trust: Trust::Plain,
                country,
                exact: false,
                capitals: 0,
            };
            for name in english.split('|') {
                known.trust = if weak(name, &words) || name.len() <= 4 && people < 1000 {
                    Trust::Weak
                } else {
                    Trust::Plain
                };
                self.add(name, known);
            }
            for name in han.split('|') {
                let length = name.chars().count();
                let sorted = name.ends_with(['市', '县', '縣', '镇', '區', '区']) && length > 2;
                known.trust = if words.contains(name) {
                    Trust::Weak
                } else if sorted || length > 3 {
                    Trust::Sure
                } else {
                    Trust::Plain
                };
                if sorted || (length > 2 && people >= 100) || people >= LARGE {
                    self.add(name, known);
                }
            }
            for name in hangul.split('|') {
                let length = name.chars().count();
                let sorted = name.ends_with(['시', '군']) && length > 2;
                known.trust = if words.contains(name) {
                    Trust::Weak
                } else if sorted || length > 3 {
                    Trust::Sure
                } else if length == 3 {
                    Trust::Plain
                } else {
                    Trust::Weak
                };
                self.add(name, known);
            }
        }
    }
}

fn words() -> FxHashSet<&'static str> {
    WORDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
}

/// A single word that is also something else.
fn weak(name: &str, words: &FxHashSet<&str>) -> bool {
    !name.contains([' ', '-']) && words.contains(name.to_lowercase().as_str())
}
