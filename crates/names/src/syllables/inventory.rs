//! The tables in memory: what each written syllable can be read as. Built once, when first asked for.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::cut::Spellings;
use super::{System, Via, hangul, spelling};

const HAN: &str = include_str!("../../data/han.tsv");
/// Syllables of Korean names that are no reading of a character.
const NATIVE: &str =
    "슬 빛 솔 별 봄 꽃 샘 름 롬 힘 찬 쁨 늘 슴 굳 셈 돌 쇠 뿐 빈 솜 달 들 길 글 힌 벗 님 온 울 람";
/// Readings that names have and the table of common readings does not.
const SURNAMES: &str =
    "朴 piao;单 shan;曾 zeng;解 xie;仇 qiu;查 zha;盖 ge;区 ou;任 ren;尉 yu;葛 ge;黑 he;员 yun";

/// One way to read a written syllable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) system: System,
    /// The syllable of that system.
    pub(super) id: u16,
    /// Tenths of a log-odd that the reading costs.
    pub(super) cost: u8,
    pub(super) via: Via,
}

pub(super) struct Spelled {
    pub(super) text: String,
    pub(super) readings: Vec<Reading>,
    /// One bit for each language of the readings.
    pub(super) systems: u8,
    /// The same without Mandarin that only families overseas spell so.
    pub(super) usual: u8,
}

pub(super) struct Character {
    pub(super) fold: char,
    pub(super) readings: Vec<Reading>,
    pub(super) systems: u8,
}

fn systems(readings: &[Reading]) -> u8 {
    readings
        .iter()
        .fold(0, |mask, r| mask | 1 << r.system as u8)
}

/// Han characters with readings lie in these blocks.
const FIRST_HAN: u32 = 0x3400;
const LAST_HAN: u32 = 0x9FFF;

pub(super) struct Inventory {
    spelled: Vec<Spelled>,
    /// The spellings by their letters.
    pub(super) spellings: Spellings,
    /// The spellings of a syllable of a system.
    spelled_as: HashMap<(u8, u16), Vec<u32>>,
    characters: Vec<Character>,
    /// From [`FIRST_HAN`] on, the place of each among the characters, from 1; 0 for none.
    han: Vec<u16>,
    /// Syllables of two systems that one character has.
    bridges: HashSet<u64>,
    /// For a syllable of Mandarin or Cantonese: one bit for each initial letter that its characters have in
    /// Korean.
    initials: HashMap<(u8, u16), u32>,
    names: [Vec<String>; 2],
}

pub(super) fn inventory() -> &'static Inventory {
    static TABLES: OnceLock<Inventory> = OnceLock::new();
    TABLES.get_or_init(build)
}

fn key(a: Reading, b: Reading) -> u64 {
    let one = |r: Reading| (r.system as u64) << 16 | u64::from(r.id);
    let (x, y) = (one(a), one(b));
    x.min(y) << 32 | x.max(y)
}

impl Inventory {
    pub(super) fn bridged(&self, a: Reading, b: Reading) -> bool {
        self.bridges.contains(&key(a, b))
    }

    /// One bit for each initial letter that a reading has in Korean.
    pub(super) fn initials(&self, reading: Reading) -> u32 {
        match reading.system {
            System::Korean => 1 << initial(reading.id),
            other => {
                let found = self.initials.get(&(other as u8, reading.id));
                found.copied().unwrap_or(0)
            }
        }
    }

    /// The syllable of a reading in the usual writing of its system.
    pub(super) fn name(&self, reading: Reading) -> String {
        let list = match reading.system {
            System::Korean => {
                let code = 0xAC00 + u32::from(reading.id);
                return char::from_u32(code).map(String::from).unwrap_or_default();
            }
            System::Mandarin => 0,
            System::Cantonese => 1,
        };
        let names = self.names.get(list);
        names
            .and_then(|n| n.get(usize::from(reading.id)))
            .cloned()
            .unwrap_or_default()
    }

    /// A Han character and its readings.
    pub(super) fn han(&self, c: char) -> Option<&Character> {
        let place = self.han.get((c as u32).checked_sub(FIRST_HAN)? as usize)?;
        self.characters.get(usize::from(*place).checked_sub(1)?)
    }

    /// The spelling at a place of the table.
    pub(super) fn spelled(&self, place: u32) -> Option<&Spelled> {
        self.spelled.get(place as usize)
    }

    /// The places of all spellings that can be read so.
    pub(super) fn spelled_as(&self, reading: Reading) -> &[u32] {
        let found = self.spelled_as.get(&(reading.system as u8, reading.id));
        found.map_or(&[], Vec::as_slice)
    }
}

/// Spellings while they are collected.
#[derive(Default)]
struct Collected {
    spelled: Vec<Spelled>,
    places: HashMap<String, u32>,
}

impl Collected {
    fn add(&mut self, list: Vec<(String, Via, u8)>, system: System, id: u16) {
        for (text, via, cost) in list {
            let next = u32::try_from(self.spelled.len()).unwrap_or(u32::MAX);
            let place = *self.places.entry(text.clone()).or_insert(next);
            if place == next {
                self.spelled.push(Spelled {
                    text,
                    readings: Vec::new(),
                    systems: 0,
                    usual: 0,
                });
            }
            let Some(entry) = self.spelled.get_mut(place as usize) else {
                continue;
            };
            let reading = Reading {
                system,
                id,
                cost,
                via,
            };
            let known = entry.readings.iter_mut();
            match known.into_iter().find(|r| r.system == system && r.id == id) {
                Some(known) if known.cost > cost => *known = reading,
                Some(_) => {}
                None => entry.readings.push(reading),
            }
            entry.systems = systems(&entry.readings);
            let usual = entry
                .readings
                .iter()
                .filter(|r| r.system != System::Mandarin || r.via != Via::Passport);
            entry.usual = usual.fold(0, |mask, r| mask | 1 << r.system as u8);
        }
    }
}

/// The number of the syllable in Korean: its place among all blocks, once folded.
pub(super) fn korean_id(syllable: char) -> u16 {
    u16::try_from((hangul::fold(syllable) as u32).saturating_sub(0xAC00)).unwrap_or(u16::MAX)
}

/// The place of a Korean syllable's first letter among the nineteen.
fn initial(id: u16) -> u16 {
    id / 588
}

fn number(names: &mut Vec<String>, known: &mut HashMap<String, u16>, name: &str) -> u16 {
    if let Some(id) = known.get(name) {
        return *id;
    }
    let id = u16::try_from(names.len()).unwrap_or(u16::MAX);
    names.push(name.to_owned());
    known.insert(name.to_owned(), id);
    id
}

fn build() -> Inventory {
    let mut inventory = Inventory {
        spelled: Vec::new(),
        spellings: Spellings::of(Vec::new()),
        spelled_as: HashMap::default(),
        characters: Vec::new(),
        han: vec![0; (LAST_HAN - FIRST_HAN + 1) as usize],
        bridges: HashSet::default(),
        initials: HashMap::default(),
        names: [Vec::new(), Vec::new()],
    };
    let mut hangul_seen: HashSet<char> = NATIVE.chars().filter(|c| *c != ' ').collect();
    let (mut zh, mut yue) = (HashMap::default(), HashMap::default());
    let extra: HashMap<&str, &str> = SURNAMES
        .split(';')
        .filter_map(|e| e.split_once(' '))
        .collect();
    let [mut zh_names, mut yue_names] = [Vec::new(), Vec::new()];
    for line in HAN.lines() {
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or_default();
        let (character, fold, ko, cmn, canto) = (column(), column(), column(), column(), column());
        let Some(c) = character.chars().next() else {
            continue;
        };
        let fold = fold.chars().next().unwrap_or(c);
        let mut readings: Vec<Reading> = Vec::new();
        let mut push = |system, id, cost, via| {
            let known = readings
                .iter()
                .any(|r: &Reading| r.system == system && r.id == id);
            if !known {
                readings.push(Reading {
                    system,
                    id,
                    cost,
                    via,
                });
            }
        };
        for (rank, syllable) in ko.split(' ').filter_map(|s| s.chars().next()).enumerate() {
            hangul_seen.insert(syllable);
            let cost = u8::try_from(rank.min(3)).unwrap_or(3) * 2;
            push(System::Korean, korean_id(syllable), cost, Via::SinoKorean);
        }
        let surname = extra.get(fold.to_string().as_str()).copied();
        for (rank, syllable) in surname.into_iter().chain(cmn.split(' ')).enumerate() {
            let plain = syllable.trim_start_matches('~');
            if plain.is_empty() {
                continue;
            }
            let rare = u8::from(plain != syllable) * 6;
            let id = number(&mut zh_names, &mut zh, plain);
            let cost = u8::try_from(rank.min(3)).unwrap_or(3) * 2 + rare;
            push(System::Mandarin, id, cost, Via::Mandarin);
        }
        for (rank, syllable) in canto.split(' ').filter(|s| !s.is_empty()).enumerate() {
            let id = number(&mut yue_names, &mut yue, syllable);
            let cost = u8::try_from(rank.min(3)).unwrap_or(3) * 3;
            push(System::Cantonese, id, cost, Via::Cantonese);
        }
        let korean = readings
            .iter()
            .filter(|r| r.system == System::Korean && r.cost < 4);
        let heard = korean.fold(0u32, |mask, r| mask | 1 << initial(r.id));
        for reading in readings
            .iter()
            .filter(|r| r.system != System::Korean && r.cost < 4)
        {
            *inventory
                .initials
                .entry((reading.system as u8, reading.id))
                .or_default() |= heard;
        }
        for (index, a) in readings.iter().enumerate() {
            for b in readings.iter().skip(index + 1) {
                if a.system != b.system && a.cost < 4 && b.cost < 4 {
                    inventory.bridges.insert(key(*a, *b));
                }
            }
        }
        let place = (c as u32).checked_sub(FIRST_HAN);
        if let Some(place) = place.and_then(|at| inventory.han.get_mut(at as usize)) {
            inventory.characters.push(Character {
                fold,
                systems: systems(&readings),
                readings,
            });
            *place = u16::try_from(inventory.characters.len()).unwrap_or(0);
        }
    }
    let mut hangul_seen: Vec<char> = hangul_seen.into_iter().collect();
    hangul_seen.sort_unstable();
    let mut collected = Collected::default();
    for syllable in hangul_seen {
        let id = korean_id(syllable);
        collected.add(spelling::korean(syllable), System::Korean, id);
        collected.add(spelling::korean_cyrillic(syllable), System::Korean, id);
    }
    for (id, name) in (0_u16..).zip(&zh_names) {
        collected.add(spelling::mandarin(name), System::Mandarin, id);
        collected.add(spelling::mandarin_cyrillic(name), System::Mandarin, id);
    }
    for (id, name) in (0_u16..).zip(&yue_names) {
        collected.add(spelling::cantonese(name), System::Cantonese, id);
    }
    let spelled = collected.spelled;
    let texts = spelled.iter().zip(0_u32..);
    inventory.spellings = Spellings::of(texts.map(|(s, at)| (s.text.as_str(), at)).collect());
    for (one, at) in spelled.iter().zip(0_u32..) {
        for reading in &one.readings {
            let key = (reading.system as u8, reading.id);
            inventory.spelled_as.entry(key).or_default().push(at);
        }
    }
    inventory.spelled = spelled;
    inventory.names = [zh_names, yue_names];
    inventory
}
