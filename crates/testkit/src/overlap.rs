//! Three invented lists of the same people, each in the script and with the headings of its source. How many people
//! there are in all is known, so that an estimate can be held against it.

use std::io;
use std::path::Path;

use crate::people::{Chance, Person, person, slip};

/// Everybody, on a list or not.
pub const PEOPLE: usize = 220;

/// File, heading, and in how many of a thousand cases a person is on the list; independently of the other lists.
const LISTS: [(&str, &str, usize); 3] = [
    ("testimonies.csv", "번호,성명,성별,생년월일,출생지", 450),
    ("notices.csv", "编号,姓名,性别,出生日期,籍贯", 400),
    ("register.csv", "no,name,sex,date of birth,birthplace", 350),
];

const PLACES: [(&str, &str, &str); 12] = [
    ("무산", "茂山", "Musan"),
    ("온성", "稳城", "Onsong"),
    ("회령", "会宁", "Hoeryong"),
    ("청진", "清津", "Chongjin"),
    ("함흥", "咸兴", "Hamhung"),
    ("혜산", "惠山", "Hyesan"),
    ("신의주", "新义州", "Sinuiju"),
    ("원산", "元山", "Wonsan"),
    ("길주", "吉州", "Kilju"),
    ("나진", "罗津", "Rajin"),
    ("강계", "江界", "Kanggye"),
    ("경원", "庆源", "Kyongwon"),
];

/// Characters as they are written in Korea, and in the People's Republic.
const SIMPLIFIED: &[(char, char)] = &[
    ('鄭', '郑'),
    ('趙', '赵'),
    ('張', '张'),
    ('韓', '韩'),
    ('吳', '吴'),
    ('權', '权'),
    ('黃', '黄'),
    ('順', '顺'),
    ('國', '国'),
    ('眞', '真'),
    ('貞', '贞'),
    ('錦', '锦'),
    ('龍', '龙'),
    ('學', '学'),
    ('錫', '锡'),
    ('慶', '庆'),
];

/// The lists as text by the name of their file, and which person stands on each row (the heading not counted).
#[must_use]
pub fn lists() -> Vec<(&'static str, String, Vec<usize>)> {
    // Any other number gives another world that is as good.
    let mut chance = Chance(2_200);
    let mut people: Vec<(Person, usize)> = Vec::new();
    while people.len() < PEOPLE {
        let one = person(&mut chance);
        if one.hangul.is_some() {
            let place = chance.below(PLACES.len());
            people.push((one, place));
        }
    }
    let list = |at: usize, (file, heading, often): (&'static str, &str, usize)| {
        let mut chance = Chance(2_201 + at as u64);
        let (mut text, mut rows) = (format!("{heading}\n"), Vec::new());
        let mut order: Vec<usize> = (0..PEOPLE).collect();
        for n in (1..order.len()).rev() {
            order.swap(n, chance.below(n + 1));
        }
        for number in order {
            let Some((one, place)) = people.get(number).filter(|_| chance.often(often)) else {
                continue;
            };
            rows.push(number);
            let row = row(at, rows.len(), one, *place, &mut chance);
            text.push_str(&row);
        }
        (file, text, rows)
    };
    LISTS
        .into_iter()
        .enumerate()
        .map(|(at, one)| list(at, one))
        .collect()
}

/// Writes the lists into `folder`.
///
/// # Errors
/// The folder cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (file, text, _) in lists() {
        std::fs::write(folder.join(file), text)?;
    }
    Ok(())
}

/// A person as a list writes them: now and then a slip, or nothing where it does not know.
fn row(list: usize, number: usize, one: &Person, place: usize, chance: &mut Chance) -> String {
    let (surname, mut given) = match list {
        0 => one.hangul.clone().unwrap_or_default(),
        1 => one.han.clone().unwrap_or_default(),
        _ => chance.pick(&one.latin).clone(),
    };
    if chance.often(40) {
        given = slip(&given, chance);
    }
    let simple = |text: String| -> String {
        let plain = |c: char| SIMPLIFIED.iter().find(|(old, _)| *old == c);
        text.chars().map(|c| plain(c).map_or(c, |p| p.1)).collect()
    };
    let (year, month, mut day) = one.born;
    if chance.often(40) {
        day = 1 + chance.below(28) as u32;
    }
    let told = chance.often(950);
    let place = match chance.below(100) {
        0..6 => None,
        6..11 => Some(chance.pick(&PLACES)),
        _ => PLACES.get(place),
    };
    let man = one.sex == "m";
    let (name, sex, born, place) = match list {
        0 => (
            format!("{surname}{given}"),
            if man { "남" } else { "여" },
            format!("{year}년 {month}월 {day}일"),
            place.map(|p| p.0),
        ),
        1 => (
            simple(format!("{surname}{given}")),
            if man { "男" } else { "女" },
            format!("{year}年{month}月{day}日"),
            place.map(|p| p.1),
        ),
        _ => (
            format!("{surname} {given}"),
            if man { "M" } else { "F" },
            format!("{day}/{month}/{year}"),
            place.map(|p| p.2),
        ),
    };
    let (born, place) = (if told { born } else { String::new() }, place.unwrap_or(""));
    format!("{number},{name},{sex},{born},{place}\n")
}
