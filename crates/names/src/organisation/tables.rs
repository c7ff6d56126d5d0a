//! What words of organisations' names mean: legal forms, places, trades, words that say nothing.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::distance::{Word, distance};
use crate::fold;

/// What a word of a name does in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The proper name.
    Brand,
    /// What it does: seafood, trading, bank.
    Industry,
    /// What it says of itself: international, first, branch.
    Quality,
    /// A country, province or city.
    Place,
    /// A number that tells it from its sisters.
    Number,
    /// A legal form or kind of body.
    Form,
    /// A word that says nothing.
    Stop,
}

/// What kind of body a legal form stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Private,
    Public,
    Partnership,
    /// A company of any or an unknown form.
    Company,
    Group,
    State,
    Cooperative,
    Foundation,
    Association,
    Ministry,
}

impl Class {
    /// Its name in a sentence.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Private => "private limited company",
            Self::Public => "joint-stock company",
            Self::Partnership => "partnership",
            Self::Company => "company",
            Self::Group => "group",
            Self::State => "state enterprise",
            Self::Cooperative => "cooperative",
            Self::Foundation => "foundation",
            Self::Association => "association",
            Self::Ministry => "public body",
        }
    }

    /// Whether it trades.
    pub(crate) fn is_company(self) -> bool {
        matches!(
            self,
            Self::Private
                | Self::Public
                | Self::Partnership
                | Self::Company
                | Self::Group
                | Self::State
        )
    }

    fn parse(name: &str) -> Self {
        match name {
            "private" => Self::Private,
            "public" => Self::Public,
            "partnership" => Self::Partnership,
            "group" => Self::Group,
            "state" => Self::State,
            "cooperative" => Self::Cooperative,
            "foundation" => Self::Foundation,
            "association" => Self::Association,
            "ministry" => Self::Ministry,
            _ => Self::Company,
        }
    }
}

/// What the tables say of a word or phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// The meaning: entries with one id say the same in several languages.
    pub(crate) id: u32,
    pub(crate) class: Option<Class>,
    /// ISO 3166 code of the country a place lies in; `--` for none.
    pub(crate) country: [u8; 2],
    pub(crate) is_country: bool,
}

pub(crate) struct Tables {
    words: HashMap<String, Entry>,
    common: HashSet<&'static str>,
    near: HashSet<(u32, u32)>,
    /// Words of the longest phrase that begins with a word.
    begins: HashMap<String, u8>,
    /// Characters of the longest word that begins with one.
    runs: HashMap<char, u8>,
    /// Long words of the legal forms of companies, by their first letter.
    forms: HashMap<char, Vec<Word>>,
    /// The ids of the sides of the compass, and of new and old.
    sides: Vec<u32>,
    /// The ids of bank, and of what banks of one place are told apart by.
    bank: u32,
    ranks: Vec<u32>,
}

/// Shorter words of legal forms are not looked for where they are misspelt: they are near to too many others.
const SHORTEST_FORM_WORD: usize = 6;

/// More words of a phrase are not looked at, nor more characters of a run.
const MOST_WORDS: usize = 8;
const MOST_RUN: usize = 12;

pub(crate) const NOWHERE: [u8; 2] = *b"--";

/// Whether what stands for a country is a continent.
pub(crate) fn is_continent(country: [u8; 2]) -> bool {
    matches!(&country, b"EU" | b"A1" | b"A2" | b"A3")
}

/// The id of `Korea`, which says neither which: it is both.
pub(crate) const KOREA: u32 = 1;

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

/// The tables, read at first use.
pub(crate) fn tables() -> &'static Tables {
    &TABLES
}

impl Tables {
    pub(crate) fn find(&self, phrase: &str) -> Option<Entry> {
        self.words.get(phrase).copied()
    }

    /// Words of the longest phrase that begins with `word`; 0 for none.
    pub(crate) fn longest_phrase(&self, word: &str) -> usize {
        self.begins.get(word).copied().map_or(0, usize::from)
    }

    /// Characters of the longest word without spaces that begins with `c`; 0 for none.
    pub(crate) fn longest_run(&self, c: char) -> usize {
        self.runs.get(&c).copied().map_or(0, usize::from)
    }

    /// Whether two trades are near: one company may say either of itself.
    pub(crate) fn are_near(&self, one: u64, other: u64) -> bool {
        let id = |id: u64| u32::try_from(id).unwrap_or(0);
        self.near
            .contains(&(id(one.min(other)), id(one.max(other))))
    }

    /// Whether a word with this id tells a name from its sister by a side: north, south, new.
    pub(crate) fn is_side(&self, id: u64) -> bool {
        self.sides.iter().any(|side| u64::from(*side) == id)
    }

    /// Whether a word with this id is a bank.
    pub(crate) fn is_bank(&self, id: u64) -> bool {
        u64::from(self.bank) == id
    }

    /// Whether a word with this id tells banks of one place apart: central, national.
    pub(crate) fn is_rank(&self, id: u64) -> bool {
        self.ranks.iter().any(|rank| u64::from(*rank) == id)
    }

    /// Whether many brands have this word or syllable.
    pub(crate) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    fn read() -> Self {
        let mut tables = Self {
            words: HashMap::default(),
            common: HashSet::default(),
            near: HashSet::default(),
            begins: HashMap::default(),
            runs: HashMap::default(),
            forms: HashMap::default(),
            sides: Vec::new(),
            bank: 0,
            ranks: Vec::new(),
        };
        let mut id = 10;
        for (class, names) in rows(include_str!("../../data/forms.tsv")) {
            id += 1;
            let class = Class::parse(class);
            if class.is_company() {
                tables.add_form_words(names);
            }
            tables.put_all(
                names,
                Entry {
                    kind: Kind::Form,
                    id,
                    class: Some(class),
                    country: NOWHERE,
                    is_country: false,
                },
            );
        }
        for (kind, names) in rows(include_str!("../../data/words.tsv")) {
            id += 1;
            let kind = match kind {
                "industry" => Kind::Industry,
                "quality" => Kind::Quality,
                "stop" => Kind::Stop,
                _ => Kind::Brand,
            };
            tables.put_all(
                names,
                Entry {
                    kind,
                    id,
                    class: None,
                    country: NOWHERE,
                    is_country: false,
                },
            );
        }
        for (one, other) in NEAR {
            if let (Some(one), Some(other)) = (tables.find(one), tables.find(other)) {
                tables
                    .near
                    .insert((one.id.min(other.id), one.id.max(other.id)));
            }
        }
        let sides = ["north", "south", "east", "west", "new", "old"];
        let sides: Vec<u32> = sides
            .iter()
            .filter_map(|word| Some(tables.find(word)?.id))
            .collect();
        tables.sides = sides;
        tables.bank = tables.find("bank").map_or(0, |word| word.id);
        let ranks = ["central", "national", "people"];
        tables.ranks = ranks
            .iter()
            .filter_map(|word| Some(tables.find(word)?.id))
            .collect();
        tables.read_places(&mut id);
        for line in include_str!("../../data/common.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            tables.common.extend(line.split_whitespace());
        }
        tables
    }

    fn add_form_words(&mut self, names: &str) {
        for phrase in names.split('|') {
            let last = phrase.rsplit(' ').next();
            for word in phrase.split(' ') {
                // Words within a phrase are common ones, unless they are long: general partnership.
                let shortest = if Some(word) == last {
                    SHORTEST_FORM_WORD
                } else {
                    9
                };
                let letters = word.bytes().all(|b| b.is_ascii_lowercase());
                if let Some(first) = word.chars().next()
                    && letters
                    && word.len() >= shortest
                {
                    let known = self.forms.entry(first).or_default();
                    if !known.iter().any(|form| form.text() == word) {
                        known.push(Word::new(word));
                    }
                }
            }
        }
    }

    /// The word of a legal form that this is a slip of the pen for: `compagny`, `aktiengeselschaft`; with `cut`, also one
    /// that a narrow column cut off: `compan`. `None` for words that are known or near none.
    pub(crate) fn meant_form(&self, word: &str, cut: bool) -> Option<&str> {
        if word.len() + 1 < SHORTEST_FORM_WORD || self.begins.contains_key(word) {
            return None;
        }
        let known = self.forms.get(&word.chars().next()?)?;
        let word = Word::new(word);
        let near = |form: &&Word| {
            distance(form, &word, 10) <= 10 && (form.len() != word.len() || form.len() >= 9)
        };
        let rest = |form: &&Word| {
            let missing = form.len().saturating_sub(word.len());
            cut && (1..=3).contains(&missing)
                && word.len() >= 5
                && form.text().starts_with(word.text())
        };
        let found = known.iter().find(near);
        found.or_else(|| known.iter().find(rest)).map(Word::text)
    }

    /// Places of the tables that the reader of statements has; its own file says where they come from.
    fn read_places(&mut self, id: &mut u32) {
        let place = |id, country, is_country| Entry {
            kind: Kind::Place,
            id,
            class: None,
            country,
            is_country,
        };
        for name in [
            "korea",
            "korean",
            "coree",
            "corea",
            "корея",
            "코리아",
            "コリア",
        ] {
            self.put(name, place(KOREA, *b"KP", true));
        }
        let mut countries: HashMap<[u8; 2], u32> = HashMap::default();
        for line in include_str!("../../../statement/data/places.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let mut cells = line.split('\t');
            let (Some(kind), Some(country), Some(names)) =
                (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            if matches!(kind, "short" | "water" | "site") {
                continue;
            }
            // Elsewhere one row holds several cities; they come from the tables below.
            if kind != "country" && !matches!(country, "CN" | "KP" | "KR") {
                continue;
            }
            *id += 1;
            let code = country_code(country);
            let is_country = kind == "country";
            let this = if is_country {
                *countries.entry(code).or_insert(*id)
            } else {
                *id
            };
            self.put_all(names, place(this, code, is_country));
        }
        for (names, code, adjectives) in COUNTRY_WORDS {
            let this = *countries.entry(*code).or_insert_with(|| {
                *id += 1;
                *id
            });
            self.put_all(names, place(this, *code, true));
            self.put_all(adjectives, place(this, *code, true));
        }
        for line in include_str!("../../../statement/data/countries.tsv").lines() {
            let mut cells = line.split('\t');
            let Some(code) = cells.next() else { continue };
            let code = country_code(code);
            let this = *countries.entry(code).or_insert_with(|| {
                *id += 1;
                *id
            });
            for name in cells {
                self.put(name, place(this, code, true));
            }
        }
        let words: HashSet<&str> = include_str!("../../../statement/data/place-words.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .filter(|word| !BIG.contains(word))
            .collect();
        for line in include_str!("../../../statement/data/divisions.tsv").lines() {
            let Some((code, name)) = line.split_once('\t') else {
                continue;
            };
            let folded = fold::plain(name);
            let named = matches!(
                code,
                "US" | "CA" | "AU" | "RU" | "IN" | "DE" | "CN" | "JP" | "KR"
            );
            if named && folded.chars().count() >= 4 && !words.contains(folded.as_str()) {
                *id += 1;
                self.put(name, place(*id, country_code(code), false));
            }
        }
        for line in include_str!("../../../statement/data/cities.tsv").lines() {
            let mut cells = line.split('\t');
            let (Some(code), Some(people), Some(latin)) =
                (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            if people.parse::<u32>().unwrap_or(0) < 250 {
                continue;
            }
            *id += 1;
            let entry = place(*id, country_code(code), false);
            let folded = fold::plain(latin);
            if folded.chars().count() >= 4 && !words.contains(folded.as_str()) {
                self.put(latin, entry);
            }
            for name in cells.filter(|name| name.chars().count() >= 2) {
                self.put(name, entry);
            }
        }
    }

    fn put_all(&mut self, names: &str, entry: Entry) {
        for name in names.split('|') {
            self.put(name.trim_start_matches('~'), entry);
        }
    }

    fn put(&mut self, name: &str, entry: Entry) {
        let folded = phrase(name);
        if folded.is_empty() {
            return;
        }
        let latin = fold::latin(&folded);
        // Russian names are as often met in Latin letters. (Short ones would be other words.)
        if latin != folded
            && latin.len() >= 6
            && fold::main_script(&folded) == Some(fold::Script::Cyrillic)
        {
            self.keep(latin, entry);
        }
        self.keep(folded, entry);
    }

    fn keep(&mut self, phrase: String, entry: Entry) {
        let raise = |known: &mut u8, to: usize, most: usize| {
            *known = u8::try_from(to.min(most)).unwrap_or(0).max(*known);
        };
        let first = phrase.split(' ').next().unwrap_or_default();
        let known = self.begins.entry(first.to_owned()).or_insert(0);
        raise(known, phrase.split(' ').count(), MOST_WORDS);
        if let Some(c) = phrase.chars().next().filter(|_| !phrase.contains(' ')) {
            let known = self.runs.entry(c).or_insert(0);
            raise(known, phrase.chars().count(), MOST_RUN);
        }
        self.words.entry(phrase).or_insert(entry);
    }
}

/// A name of a table as the words of a name are looked up: folded, apostrophes and dots gone, hyphens spaces.
pub(super) fn phrase(name: &str) -> String {
    let folded: String = fold::plain(name)
        .chars()
        .filter(|c| !matches!(c, '\'' | '.'))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn rows(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
}

fn country_code(text: &str) -> [u8; 2] {
    text.as_bytes().first_chunk().copied().unwrap_or(NOWHERE)
}

/// Trades that are near.
const NEAR: &[(&str, &str)] = &[
    ("seafood", "food"),
    ("seafood", "fishery"),
    ("seafood", "aquaculture"),
    ("garment", "textile"),
    ("electric", "electronics"),
    ("technology", "electronics"),
    ("technology", "software"),
    ("shipping", "maritime affairs"),
    ("factory", "manufacturing"),
    ("factory", "industry"),
    ("factory", "processing"),
    ("industry", "manufacturing"),
    ("trading", "import export"),
    ("trading", "general trading"),
    ("trading", "commercial"),
    ("investment", "finance"),
    ("oil", "chemical"),
    ("oil", "oil and gas"),
    ("gas", "oil and gas"),
    ("oil", "petrochemical"),
    ("chemical", "petrochemical"),
    ("defense", "missile"),
    ("machinery", "manufacturing"),
    ("medicine", "health"),
    ("bank", "commercial bank"),
];

/// Places that are words elsewhere, but not in names of companies.
const BIG: &[&str] = &[
    "london", "berlin", "paris", "boston", "houston", "dallas", "sydney", "dublin", "vienna",
    "milan", "rome", "naples", "toronto", "lima",
];

/// What countries are called in names beside their names: short and adjectives.
const COUNTRY_WORDS: &[(&str, [u8; 2], &str)] = &[
    (
        "조선|朝鲜|朝鮮|dprk|chosun|choson|북조선|кндр|prk",
        *b"KP",
        "north korean",
    ),
    (
        "rok|south korea|한국|韩国|韓國|대한민국",
        *b"KR",
        "south korean",
    ),
    (
        "china|prc|中国|中國|중국|китай|zhongguo|chine",
        *b"CN",
        "chinese|sino|китайский|chinesische",
    ),
    (
        "russia|russian federation|rf|россия|рф|российская федерация|러시아|로씨야|俄罗斯",
        *b"RU",
        "russian|россии|русский|российский|российская|российское|ruso|russe",
    ),
    ("usa|us|u s a|united states|america|сша", *b"US", "american"),
    ("uk|great britain|united kingdom|britain", *b"GB", "british"),
    (
        "germany|deutschland|allemagne|alemania|германия",
        *b"DE",
        "german|deutsche|deutscher|deutsches",
    ),
    (
        "france|frankreich|francia|франция",
        *b"FR",
        "french|francaise|francais",
    ),
    (
        "switzerland|schweiz|suisse|svizzera|швейцария",
        *b"CH",
        "swiss|schweizerische",
    ),
    (
        "austria|osterreich|oesterreich",
        *b"AT",
        "austrian|osterreichische",
    ),
    ("norway|norge|norwegen", *b"NO", "norwegian|norsk|norske"),
    ("denmark|danmark", *b"DK", "danish|danske|dansk"),
    ("sweden|sverige", *b"SE", "swedish|svenska|svensk"),
    ("finland|suomi", *b"FI", "finnish|suomen"),
    (
        "netherlands|nederland|holland|the netherlands",
        *b"NL",
        "dutch|nederlandse",
    ),
    (
        "italy|italia|italie|italien",
        *b"IT",
        "italian|italiana|italiano",
    ),
    ("spain|espana|spanien", *b"ES", "spanish|espanola|espanol"),
    ("poland|polska|polen", *b"PL", "polish|polski|polskie"),
    ("turkey|turkiye", *b"TR", "turkish|turk"),
    ("brazil|brasil", *b"BR", "brazilian|brasileira|brasileiro"),
    ("mexico|mexique", *b"MX", "mexican|mexicana|mexicano"),
    ("japan|nippon|nihon|日本|일본|япония", *b"JP", "japanese"),
    ("iran|ایران|иран", *b"IR", "iranian|iranien"),
    (
        "ukraine|ukraina|україна|украина|украины|україни",
        *b"UA",
        "ukrainian|украинский|український",
    ),
    (
        "belarus|беларусь|belarusian republic",
        *b"BY",
        "belarusian|belorussian|белорусский|белорусская",
    ),
    (
        "kazakhstan|казахстан|qazaqstan",
        *b"KZ",
        "kazakh|казахстанский",
    ),
    ("vietnam|viet nam|越南|베트남|вьетнам", *b"VN", "vietnamese"),
    ("hong kong|hongkong|hk|香港|홍콩", *b"HK", "hongkong"),
    ("taiwan|台湾|臺灣|台灣|대만", *b"TW", "taiwanese"),
    ("india|bharat", *b"IN", "indian|hindustan"),
    ("indonesia|индонезия", *b"ID", "indonesian"),
    ("singapore|新加坡|싱가포르", *b"SG", "singaporean"),
    ("uae|emirates|united arab emirates", *b"AE", "emirati"),
    (
        "europe|европа|euro|europa",
        *b"EU",
        "european|europaische|europeen",
    ),
    ("asia|亚洲|亞洲|아시아", *b"A1", "asian"),
    ("africa|afrique", *b"A2", "african"),
    ("americas|latin america", *b"A3", "latin american"),
    ("middle east", *b"A4", "mena"),
];
