//! Invented persons with names of Korea, China and the West, on lists that overlap, with known truth.
//!
//! Each list writes a person in a script of its own choice and with slips of its own. Nobody here is real: names are
//! put together by chance from common parts.

use std::io::{BufWriter, Write};
use std::path::Path;

/// Surnames: Hangul, Hanja, spellings in letters, how common.
const KOREAN: &[(&str, &str, &[&str], u32)] = &[
    ("김", "金", &["Kim", "Gim"], 215),
    ("이", "李", &["Lee", "Yi", "Ri", "Rhee"], 147),
    ("박", "朴", &["Park", "Pak", "Bak"], 84),
    ("최", "崔", &["Choi", "Choe"], 47),
    ("정", "鄭", &["Jung", "Jeong", "Chong", "Jong"], 44),
    ("강", "姜", &["Kang", "Gang"], 24),
    ("조", "趙", &["Cho", "Jo"], 21),
    ("윤", "尹", &["Yoon", "Yun"], 20),
    ("장", "張", &["Jang", "Chang"], 20),
    ("임", "林", &["Lim", "Im", "Rim"], 17),
    ("한", "韓", &["Han"], 15),
    ("오", "吳", &["Oh", "O"], 14),
    ("서", "徐", &["Seo", "So"], 14),
    ("신", "申", &["Shin", "Sin"], 15),
    ("권", "權", &["Kwon", "Gwon"], 14),
    ("황", "黃", &["Hwang"], 13),
    ("안", "安", &["Ahn", "An"], 13),
    ("송", "宋", &["Song"], 13),
    ("류", "柳", &["Ryu", "Yoo", "Yu"], 12),
    ("홍", "洪", &["Hong"], 11),
];
/// Syllables of given names: Hangul, Hanja, Revised Romanization, the northern way.
const SYLLABLES: &[(&str, &str, &str, &str)] = &[
    ("영", "英", "yeong", "yong"),
    ("철", "哲", "cheol", "chol"),
    ("호", "浩", "ho", "ho"),
    ("희", "姬", "hui", "hui"),
    ("순", "順", "sun", "sun"),
    ("옥", "玉", "ok", "ok"),
    ("명", "明", "myeong", "myong"),
    ("국", "國", "guk", "guk"),
    ("광", "光", "gwang", "gwang"),
    ("남", "南", "nam", "nam"),
    ("수", "秀", "su", "su"),
    ("진", "眞", "jin", "jin"),
    ("정", "貞", "jeong", "jong"),
    ("숙", "淑", "suk", "suk"),
    ("미", "美", "mi", "mi"),
    ("금", "錦", "geum", "gum"),
    ("성", "成", "seong", "song"),
    ("혁", "赫", "hyeok", "hyok"),
    ("용", "龍", "yong", "ryong"),
    ("일", "一", "il", "il"),
    ("학", "學", "hak", "hak"),
    ("춘", "春", "chun", "chun"),
    ("화", "花", "hwa", "hwa"),
    ("석", "錫", "seok", "sok"),
    ("민", "敏", "min", "min"),
    ("경", "慶", "gyeong", "kyong"),
    ("은", "恩", "eun", "un"),
    ("룡", "龍", "ryong", "ryong"),
    ("덕", "德", "deok", "tok"),
    ("복", "福", "bok", "pok"),
];
/// Surnames of China: characters, Pinyin, how common.
const CHINESE: &[(&str, &str, u32)] = &[
    ("王", "Wang", 72),
    ("李", "Li", 72),
    ("张", "Zhang", 68),
    ("刘", "Liu", 54),
    ("陈", "Chen", 45),
    ("杨", "Yang", 31),
    ("赵", "Zhao", 22),
    ("黄", "Huang", 22),
    ("周", "Zhou", 19),
    ("吴", "Wu", 19),
    ("徐", "Xu", 15),
    ("孙", "Sun", 15),
    ("胡", "Hu", 13),
    ("朱", "Zhu", 12),
    ("高", "Gao", 12),
    ("林", "Lin", 12),
    ("何", "He", 12),
    ("郭", "Guo", 11),
    ("马", "Ma", 11),
    ("罗", "Luo", 9),
];
const CHARACTERS: &[(&str, &str)] = &[
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("秀", "xiu"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("英", "ying"),
    ("华", "hua"),
    ("建", "jian"),
    ("文", "wen"),
    ("玉", "yu"),
    ("兰", "lan"),
    ("红", "hong"),
    ("春", "chun"),
    ("国", "guo"),
];
const WESTERN: &[&str] = &[
    "Smith",
    "Johnson",
    "Brown",
    "Miller",
    "Davis",
    "Garcia",
    "Wilson",
    "Anderson",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Thompson",
    "White",
    "Harris",
    "Clark",
    "Lewis",
    "Robinson",
    "Walker",
    "Hall",
    "Petrov",
    "Ivanov",
    "Novak",
    "Kovacs",
    "Schneider",
    "Fischer",
    "Rossi",
    "Moreau",
    "Nilsson",
    "Okafor",
];
const FIRST: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Charles",
    "Karen",
    "Anna",
    "Peter",
    "Maria",
    "Paul",
    "Elena",
    "Viktor",
    "Sofia",
    "Marco",
    "Ingrid",
    "Tomas",
];
const PLACES: &[&str] = &[
    "Hamhung",
    "Chongjin",
    "Musan",
    "Hoeryong",
    "Onsong",
    "Sinuiju",
    "Hyesan",
    "Wonsan",
    "Kaesong",
    "Nampo",
    "Sariwon",
    "Kanggye",
    "Tanchon",
    "Kimchaek",
    "Rason",
    "Pyongsong",
    "Haeju",
    "Sunchon",
    "Dandong",
    "Yanji",
    "Tumen",
    "Hunchun",
    "Longjing",
    "Helong",
    "Shenyang",
    "Changchun",
    "Tonghua",
    "Baishan",
    "Changbai",
    "Jian",
    "Harbin",
    "Mudanjiang",
    "Jilin",
    "Siping",
    "Liaoyuan",
    "Fushun",
    "Benxi",
    "Anshan",
    "Yingkou",
    "Dalian",
];

/// SplitMix64: the same in every run.
#[derive(Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// In so many of a thousand cases.
    pub(crate) fn often(&mut self, thousandths: usize) -> bool {
        self.below(1_000) < thousandths
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of a list by how common it is.
    fn common<'a, T>(&mut self, list: &'a [T], share: impl Fn(&T) -> u32) -> &'a T {
        let all: u32 = list.iter().map(&share).sum();
        let mut left = self.below(all as usize) as u32;
        for one in list {
            if left < share(one) {
                return one;
            }
            left -= share(one);
        }
        &list[0]
    }
}

/// A person in every script that a list may use: surname and given name.
pub(crate) struct Person {
    pub(crate) hangul: Option<(String, String)>,
    pub(crate) han: Option<(String, String)>,
    pub(crate) latin: Vec<(String, String)>,
    pub(crate) sex: &'static str,
    pub(crate) born: (u32, u32, u32),
    place: &'static str,
}

pub(crate) fn person(chance: &mut Chance) -> Person {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |c| {
            c.to_uppercase().chain(letters).collect::<String>()
        })
    };
    let (mut hangul, mut han, mut latin) = (None, None, Vec::new());
    match chance.below(10) {
        0..6 => {
            let (written, hanja, spellings, _) = chance.common(KOREAN, |s| s.3);
            let (a, b) = (chance.pick(SYLLABLES), chance.pick(SYLLABLES));
            hangul = Some(((*written).to_owned(), format!("{}{}", a.0, b.0)));
            han = Some(((*hanja).to_owned(), format!("{}{}", a.1, b.1)));
            for spelling in *spellings {
                latin.push((
                    (*spelling).to_owned(),
                    format!("{} {}", capital(a.3), capital(b.3)),
                ));
                latin.push(((*spelling).to_owned(), format!("{}-{}", capital(a.2), b.2)));
                latin.push(((*spelling).to_owned(), format!("{}{}", capital(a.2), b.2)));
            }
        }
        6..8 => {
            let (written, pinyin, _) = chance.common(CHINESE, |s| s.2);
            let (a, b) = (chance.pick(CHARACTERS), chance.pick(CHARACTERS));
            han = Some(((*written).to_owned(), format!("{}{}", a.0, b.0)));
            latin.push(((*pinyin).to_owned(), format!("{}{}", capital(a.1), b.1)));
        }
        _ => {
            let mut given = (*chance.pick(FIRST)).to_owned();
            if chance.often(300) {
                given = format!("{given} {}", chance.pick(FIRST));
            }
            latin.push(((*chance.pick(WESTERN)).to_owned(), given));
        }
    }
    Person {
        hangul,
        han,
        latin,
        sex: if chance.often(500) { "m" } else { "f" },
        born: (
            1935 + chance.below(70) as u32,
            1 + chance.below(12) as u32,
            1 + chance.below(28) as u32,
        ),
        place: chance.pick::<&str>(PLACES),
    }
}

/// A letter wrong, missing, doubled, or two changed round; in characters, another of the syllables.
pub(crate) fn slip(word: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = chance.below(letters.len().max(1));
    if letters.first().is_none_or(|c| !c.is_ascii()) {
        if let (Some(place), Some(other)) =
            (letters.get_mut(at), chance.pick(SYLLABLES).0.chars().next())
        {
            *place = other;
        }
        return letters.into_iter().collect();
    }
    match chance.below(4) {
        0 if letters.len() > 2 => {
            letters.remove(at);
        }
        1 if at + 1 < letters.len() => letters.swap(at, at + 1),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = char::from(b'a' + chance.below(26) as u8),
    }
    letters.into_iter().collect()
}

/// How a list writes names.
#[derive(Clone, Copy)]
struct Habit {
    /// Thousandths of those who can be written so.
    hangul: usize,
    han: usize,
}

fn row(person: &Person, number: usize, list: char, habit: Habit, chance: &mut Chance) -> String {
    let script = chance.below(1_000);
    let written = match (&person.hangul, &person.han) {
        (Some(hangul), _) if script < habit.hangul => hangul,
        (_, Some(han)) if script >= 1_000 - habit.han => han,
        _ => chance.pick(&person.latin),
    };
    let (mut surname, mut given) = written.clone();
    if chance.often(40) {
        surname = slip(&surname, chance);
    }
    if chance.often(80) {
        given = slip(&given, chance);
    }
    if chance.often(15) {
        std::mem::swap(&mut surname, &mut given);
    }
    let (mut year, mut month, mut day) = person.born;
    if chance.often(30) {
        (month, day) = (1 + (day - 1) % 12, month);
    } else if chance.often(40) {
        day = 1 + chance.below(28) as u32;
    } else if chance.often(20) {
        year = year - 1 + 2 * chance.below(2) as u32;
    }
    let born = match chance.below(100) {
        0..5 => String::new(),
        _ => format!("{year}-{month:02}-{day:02}"),
    };
    let sex = if chance.often(20) { "" } else { person.sex };
    let place = match chance.below(100) {
        0..5 => "",
        5..13 => chance.pick(PLACES),
        _ => person.place,
    };
    format!("{list}-{number},{surname},{given},{sex},{born},{place}")
}

/// Writes two lists of `rows` rows together, `a.csv` and `b.csv`, into a folder: three fifths of the second list are
/// people of the first. The number in `id` is the person's.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path, rows: usize, seed: u64) -> Result<(), String> {
    let mut chance = Chance(seed);
    let half = rows / 2;
    let shared = half * 3 / 5;
    let people: Vec<Person> = (0..rows - shared).map(|_| person(&mut chance)).collect();
    let lists = [
        (
            'a',
            0,
            Habit {
                hangul: 600,
                han: 250,
            },
        ),
        (
            'b',
            half - shared,
            Habit {
                hangul: 200,
                han: 150,
            },
        ),
    ];
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    for (list, start, habit) in lists {
        let path = folder.join(format!("{list}.csv"));
        let bad = |e: std::io::Error| format!("{}: {e}", path.display());
        let mut out = BufWriter::new(std::fs::File::create(&path).map_err(bad)?);
        writeln!(out, "id,surname,given_name,sex,birth_date,place").map_err(bad)?;
        let mut order: Vec<usize> = (start..start + half).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, chance.below(at + 1));
        }
        for number in order {
            writeln!(
                out,
                "{}",
                row(&people[number], number, list, habit, &mut chance)
            )
            .map_err(bad)?;
        }
        out.flush().map_err(bad)?;
    }
    Ok(())
}
