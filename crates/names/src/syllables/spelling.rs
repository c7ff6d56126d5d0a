//! How each syllable is spelled: rules of the systems of romanisation and of Cyrillic, applied to parts of
//! a syllable, and the habits of passports that follow no system.

use super::Via;

/// The systems that a spelling of a part belongs to.
const RR: u8 = 1;
const MR: u8 = 2;
const NORTH: u8 = 4;
const HABIT: u8 = 8;
const SYSTEMS: u8 = RR | MR | NORTH;

type Options = &'static [(&'static str, u8)];

const INITIALS: [Options; 19] = [
    &[("g", RR | MR), ("k", MR | NORTH)],
    &[("kk", SYSTEMS)],
    &[("n", SYSTEMS)],
    &[("d", RR | MR), ("t", MR | NORTH)],
    &[("tt", SYSTEMS)],
    &[("r", SYSTEMS), ("l", HABIT)],
    &[("m", SYSTEMS)],
    &[("b", RR | MR), ("p", MR | NORTH)],
    &[("pp", SYSTEMS)],
    &[("s", SYSTEMS), ("sh", MR | HABIT)],
    &[("ss", SYSTEMS)],
    &[("", SYSTEMS)],
    &[("j", RR | MR | NORTH), ("ch", MR | NORTH)],
    &[("jj", RR), ("tch", MR)],
    &[("ch", RR | MR | NORTH), ("ch'", MR)],
    &[("k", RR | MR | NORTH), ("k'", MR), ("kh", HABIT)],
    &[("t", RR | MR | NORTH), ("t'", MR), ("th", HABIT)],
    &[("p", RR | MR | NORTH), ("p'", MR), ("ph", HABIT)],
    &[("h", SYSTEMS)],
];

const MEDIALS: [Options; 21] = [
    &[("a", SYSTEMS), ("ah", HABIT)],
    &[("ae", SYSTEMS), ("ai", HABIT), ("e", HABIT)],
    &[("ya", SYSTEMS), ("yah", HABIT)],
    &[("yae", SYSTEMS)],
    &[("eo", RR), ("o", MR | NORTH), ("u", HABIT), ("er", HABIT)],
    &[("e", SYSTEMS)],
    &[
        ("yeo", RR),
        ("yo", MR | NORTH),
        ("you", HABIT),
        ("yu", HABIT),
        ("yeu", HABIT),
    ],
    &[("ye", SYSTEMS), ("e", HABIT)],
    &[("o", SYSTEMS), ("oh", HABIT)],
    &[("wa", SYSTEMS)],
    &[("wae", SYSTEMS)],
    &[("oe", SYSTEMS), ("oi", HABIT)],
    &[("yo", SYSTEMS), ("yoh", HABIT)],
    &[("u", SYSTEMS), ("oo", HABIT), ("woo", HABIT), ("wu", HABIT)],
    &[("wo", SYSTEMS), ("weo", HABIT)],
    &[("we", SYSTEMS)],
    &[("wi", SYSTEMS)],
    &[("yu", SYSTEMS), ("yoo", HABIT), ("you", HABIT)],
    &[("eu", RR), ("u", MR | NORTH)],
    &[("ui", SYSTEMS), ("eui", HABIT), ("ee", HABIT), ("i", HABIT)],
    &[("i", SYSTEMS), ("ee", HABIT)],
];

/// Finals as they sound at the end of a syllable.
fn finals(index: u32) -> Options {
    match index {
        0 | 27 => &[("", SYSTEMS)],
        1..=3 | 9 | 24 => &[("k", SYSTEMS), ("g", HABIT), ("ck", HABIT)],
        4..=6 => &[("n", SYSTEMS)],
        7 | 19 | 20 | 22 | 23 | 25 => &[("t", SYSTEMS)],
        8 | 11 | 12 | 13 | 15 => &[("l", SYSTEMS), ("r", MR)],
        10 | 16 => &[("m", SYSTEMS)],
        14 | 17 | 18 | 26 => &[("p", SYSTEMS), ("b", HABIT)],
        _ => &[("ng", SYSTEMS)],
    }
}

/// Whole syllables that families and passports spell in their own way.
const HABITS: &[(char, &str)] = &[
    ('이', "lee li yi rhee ri rhie yee"),
    ('박', "park bark"),
    ('최', "choi choy choe"),
    ('김', "ghim"),
    ('정', "jung chung jeung cheong joung"),
    ('임', "lim rim yim leem"),
    ('유', "yoo you ryu ryoo lyu"),
    ('우', "woo wu"),
    ('노', "noh roh ro"),
    ('백', "paik baik back"),
    ('허', "hur huh"),
    ('서', "suh seo sur"),
    ('조', "cho joe"),
    ('현', "hyun hyeon hyon"),
    ('영', "young yeong yung"),
    ('경', "kyung kyoung kyeung"),
    ('명', "myung myoung"),
    ('병', "byung byoung"),
    ('형', "hyung hyoung"),
    ('연', "yeon youn yun"),
    ('은', "eun un"),
    ('의', "eui yi"),
    ('희', "hee hui heui"),
    ('승', "seung sung"),
    ('근', "keun geun kun"),
    ('순', "soon"),
    ('훈', "hoon"),
    ('준', "joon jun choon"),
    ('중', "joong chung"),
    ('충', "choong"),
    ('육', "yook yuk"),
    ('양', "yang ryang liang"),
    ('여', "yeo yuh ryo"),
    ('염', "yum yeom"),
    ('반', "ban pan bahn"),
    ('안', "ahn an"),
    ('한', "hahn han"),
    ('나', "na ra rah"),
    ('라', "ra la na"),
    ('원', "won weon"),
    ('혁', "hyuk hyeok hyok"),
    ('철', "chul cheol chol"),
    ('석', "suk seok sok seuk"),
    ('숙', "sook suk"),
    ('수', "soo su"),
    ('주', "joo ju"),
    ('구', "koo goo"),
    ('용', "yong ryong"),
    ('화', "wha"),
    ('환', "whan"),
    ('황', "whang"),
    ('휘', "whi whee"),
    ('승', "syng"),
];

/// Syllables of Mandarin as families overseas, in Taiwan and of before Pinyin spell them.
const OVERSEAS: &[(&str, &str)] = &[
    ("li", "lee"),
    ("song", "soong"),
    ("gu", "koo"),
    ("wu", "woo"),
    ("hu", "hoo"),
    ("lu", "loo"),
    ("fu", "foo"),
    ("zhu", "choo"),
    ("zhou", "chow"),
    ("zhao", "chow"),
    ("xu", "hsu shu shyu"),
    ("xiao", "shiao siao"),
    ("xie", "shieh"),
    ("hua", "hwa"),
    ("huang", "hwang"),
    ("feng", "fong"),
    ("weng", "wong"),
    ("ying", "ing"),
    ("yin", "in"),
    ("mei", "may"),
    ("jie", "jye chieh"),
    ("zhi", "jyh chi"),
    ("shi", "shih shyh"),
    ("zi", "tze tse"),
    ("ci", "tze"),
    ("si", "sze szu"),
    ("sun", "soon"),
    ("yun", "yung"),
    ("xin", "shin sin"),
    ("xing", "shing sing"),
    ("qi", "chi"),
    ("qin", "chin"),
    ("ren", "jen"),
    ("rui", "jui"),
    ("guo", "kuo kwo"),
    ("kuang", "kwang"),
    ("guang", "kwang"),
    ("gui", "kwei"),
    ("quan", "chuan"),
];

/// Spellings of a Hangul syllable in Latin letters, each with what it follows and its cost in tenths.
pub(super) fn korean(syllable: char) -> Vec<(String, Via, u8)> {
    let mut out: Vec<(String, Via, u8)> = Vec::new();
    let Some([first, middle, last]) = super::hangul::parts(syllable) else {
        return out;
    };
    let get = |table: &[Options], index: u32| table.get(index as usize).copied().unwrap_or(&[]);
    for &(initial, a) in get(&INITIALS, first) {
        for &(medial, b) in get(&MEDIALS, middle) {
            for &(end, c) in finals(last) {
                // `sh` is McCune-Reischauer's before i and y only.
                if initial == "sh" && !medial.starts_with(['i', 'y', 'w', 'e', 'u']) {
                    continue;
                }
                let spelled = format!("{initial}{medial}{end}");
                let common = a & b & c;
                let (via, cost) = if common & RR != 0 {
                    (Via::Revised, 0)
                } else if common & NORTH != 0 {
                    (Via::Northern, 0)
                } else if common & MR != 0 {
                    (Via::McCune, 0)
                } else {
                    let odd = [a, b, c].iter().filter(|m| **m & SYSTEMS == 0).count();
                    (Via::Passport, 3 + 2 * u8::try_from(odd).unwrap_or(0))
                };
                add(&mut out, spelled, via, cost);
            }
        }
    }
    for (whole, list) in HABITS {
        if *whole == super::hangul::fold(syllable) || *whole == syllable {
            for spelled in list.split(' ') {
                add(&mut out, spelled.to_owned(), Via::Passport, 1);
            }
        }
    }
    out
}

fn add(out: &mut Vec<(String, Via, u8)>, spelled: String, via: Via, cost: u8) {
    match out.iter_mut().find(|(known, _, _)| *known == spelled) {
        Some(known) if known.2 > cost => *known = (spelled, via, cost),
        Some(_) => {}
        None => out.push((spelled, via, cost)),
    }
}

const KONTSEVICH_INITIALS: [&str; 19] = [
    "к г",
    "кк",
    "н",
    "т д",
    "тт",
    "р л",
    "м",
    "п б",
    "пп",
    "с",
    "сс",
    "-",
    "ч дж чж",
    "чч",
    "чх",
    "кх",
    "тх",
    "пх",
    "х",
];
const KONTSEVICH_MEDIALS: [&str; 21] = [
    "а", "э", "я", "йя", "о е", "е э", "е", "е", "о", "ва", "вэ", "ве", "е", "у", "во", "ве", "ви",
    "ю", "ы", "ый и", "и",
];

/// Spellings of a Hangul syllable in Cyrillic letters (Kontsevich, and the older `Чен` for 정).
pub(super) fn korean_cyrillic(syllable: char) -> Vec<(String, Via, u8)> {
    let mut out = Vec::new();
    let Some([first, middle, last]) = super::hangul::parts(syllable) else {
        return out;
    };
    let end = match finals(last).first().map_or("", |(end, _)| *end) {
        "k" => "к",
        "n" | "ng" => "н",
        "t" => "т",
        "l" => "ль р л",
        "m" => "м",
        "p" => "п",
        _ => "-",
    };
    let initials = KONTSEVICH_INITIALS
        .get(first as usize)
        .copied()
        .unwrap_or("-");
    let medials = KONTSEVICH_MEDIALS
        .get(middle as usize)
        .copied()
        .unwrap_or("-");
    for a in initials.split(' ') {
        for (index, b) in medials.split(' ').enumerate() {
            for c in end.split(' ') {
                let spelled = format!("{a}{b}{c}").replace('-', "");
                add(
                    &mut out,
                    spelled,
                    Via::Kontsevich,
                    if index > 0 { 2 } else { 0 },
                );
            }
        }
    }
    out
}

/// Initial and final of a Pinyin syllable (`v` for ü), with `y` and `w` resolved: `you` is `iu`.
fn pinyin_parts(syllable: &str) -> (&str, String) {
    let whole = match syllable {
        "yi" => "i",
        "ya" => "ia",
        "yo" => "io",
        "ye" => "ie",
        "yao" => "iao",
        "you" => "iu",
        "yan" => "ian",
        "yin" => "in",
        "yang" => "iang",
        "ying" => "ing",
        "yong" => "iong",
        "wu" => "u",
        "wa" => "ua",
        "wo" => "uo",
        "wai" => "uai",
        "wei" => "ui",
        "wan" => "uan",
        "wen" => "un",
        "wang" => "uang",
        "weng" => "ueng",
        "yu" => "v",
        "yue" => "ve",
        "yuan" => "van",
        "yun" => "vn",
        _ => "",
    };
    if !whole.is_empty() {
        return ("", whole.to_owned());
    }
    let cut =
        if syllable.starts_with("zh") || syllable.starts_with("ch") || syllable.starts_with("sh") {
            2
        } else {
            usize::from(syllable.starts_with(|c: char| !"aeiouv".contains(c)))
        };
    let (initial, end) = syllable.split_at_checked(cut).unwrap_or(("", syllable));
    let end = match (initial, end.strip_prefix('u')) {
        ("j" | "q" | "x", Some(rest)) => format!("v{rest}"),
        _ => end.to_owned(),
    };
    (initial, end)
}

/// Spellings of a Mandarin syllable in Latin letters, accents off.
pub(super) fn mandarin(syllable: &str) -> Vec<(String, Via, u8)> {
    let mut out = Vec::new();
    add(&mut out, syllable.to_owned(), Via::Pinyin, 0);
    if syllable.contains('v') {
        add(&mut out, syllable.replace('v', "u"), Via::Pinyin, 1);
        add(&mut out, syllable.replace('v', "yu"), Via::Pinyin, 0);
    }
    for (_, list) in OVERSEAS.iter().filter(|(whole, _)| *whole == syllable) {
        for spelled in list.split(' ') {
            add(&mut out, spelled.to_owned(), Via::Passport, 3);
        }
    }
    let (initial, end) = pinyin_parts(syllable);
    let heads: &[&str] = match initial {
        "b" => &["p"],
        "p" => &["p'", "p"],
        "d" => &["t"],
        "t" => &["t'", "t"],
        "g" => &["k"],
        "k" => &["k'", "k"],
        "j" | "zh" => &["ch"],
        "q" | "ch" => &["ch'", "ch"],
        "x" => &["hs"],
        "r" => &["j"],
        "z" => &["ts", "tz"],
        "c" => &["ts'", "tz'", "ts"],
        "s" => &["s", "ss", "sz"],
        other => &[other],
    };
    let ends: &[&str] = match (initial, end.as_str()) {
        ("zh" | "ch" | "sh" | "r", "i") => &["ih"],
        ("z" | "c" | "s", "i") => &["u"],
        ("g" | "k" | "h", "e") => &["o"],
        ("", "e") => &["o", "e"],
        ("", "er") => &["erh"],
        ("", "i") => &["i", "yi"],
        ("", "ia") => &["ya"],
        ("", "ie") => &["yeh"],
        ("", "iao") => &["yao"],
        ("", "iu") => &["yu"],
        ("", "ian") => &["yen"],
        ("", "in") => &["yin"],
        ("", "iang") => &["yang"],
        ("", "ing") => &["ying"],
        ("", "iong") => &["yung"],
        ("", "u") => &["wu"],
        ("", "ua") => &["wa"],
        ("", "uo") => &["wo"],
        ("", "uai") => &["wai"],
        ("", "ui") => &["wei"],
        ("", "uan") => &["wan"],
        ("", "un") => &["wen"],
        ("", "uang") => &["wang"],
        ("", "v") => &["yu"],
        ("", "ve") => &["yueh"],
        ("", "van") => &["yuan"],
        ("", "vn") => &["yun"],
        (_, "ong") => &["ung"],
        (_, "ian") => &["ien"],
        (_, "ie") => &["ieh"],
        (_, "iong") => &["iung"],
        ("g" | "k", "ui") => &["uei"],
        ("g" | "k" | "h" | "sh", "uo") => &["uo"],
        (_, "uo") => &["o"],
        (_, "v") => &["u"],
        (_, "ve") => &["ueh"],
        (_, "van") => &["uan"],
        (_, "vn") => &["un"],
        (_, other) => {
            for head in heads {
                let loose = u8::from(head.len() < heads.first().map_or(0, |h| h.len())) * 2;
                add(&mut out, format!("{head}{other}"), Via::WadeGiles, loose);
            }
            return out;
        }
    };
    for head in heads {
        for end in ends {
            let loose = u8::from(head.len() < heads.first().map_or(0, |h| h.len())) * 2;
            add(&mut out, format!("{head}{end}"), Via::WadeGiles, loose);
        }
    }
    out
}

/// Spellings of a Mandarin syllable in Cyrillic letters (Palladius).
pub(super) fn mandarin_cyrillic(syllable: &str) -> Vec<(String, Via, u8)> {
    let (initial, end) = pinyin_parts(syllable);
    let head = match initial {
        "b" => "б",
        "p" => "п",
        "m" => "м",
        "f" => "ф",
        "d" => "д",
        "t" => "т",
        "n" => "н",
        "l" => "л",
        "g" => "г",
        "k" => "к",
        "h" => "х",
        "j" | "z" => "цз",
        "q" | "c" => "ц",
        "x" | "s" => "с",
        "zh" => "чж",
        "ch" => "ч",
        "sh" => "ш",
        "r" => "ж",
        _ => "",
    };
    let ends = match (initial, end.as_str()) {
        ("z" | "c" | "s", "i") => "ы",
        ("", "u") => "у",
        ("", "ua") => "ва",
        ("", "uo") => "во",
        ("", "uai") => "вай",
        ("", "ui") => "вэй вей",
        ("", "uan") => "вань",
        ("", "un") => "вэнь вень",
        ("", "uang") => "ван",
        ("", "er") => "эр",
        ("h", "ui") => "уэй ой",
        (_, "a") => "а",
        (_, "o") => "о",
        (_, "e") => "э е",
        (_, "ai") => "ай",
        (_, "ei") => "эй ей",
        (_, "ao") => "ао",
        (_, "ou") => "оу",
        (_, "an") => "ань",
        (_, "en") => "энь ень",
        (_, "ang") => "ан",
        (_, "eng") => "эн ен",
        (_, "ong") => "ун",
        (_, "i") => "и",
        (_, "ia") => "я",
        (_, "ie") => "е",
        (_, "iao") => "яо",
        (_, "iu") => "ю",
        (_, "ian") => "янь",
        (_, "in") => "инь",
        (_, "iang") => "ян",
        (_, "ing") => "ин",
        (_, "iong") => "юн",
        (_, "u") => "у",
        (_, "ua") => "уа",
        (_, "uo") => "о",
        (_, "uai") => "уай",
        (_, "ui") => "уй",
        (_, "uan") => "уань",
        (_, "un") => "унь",
        (_, "uang") => "уан",
        (_, "v") => "юй",
        (_, "ve") => "юэ",
        (_, "van") => "юань",
        (_, "vn") => "юнь",
        _ => return Vec::new(),
    };
    let each = ends.split(' ').enumerate();
    each.map(|(index, end)| {
        (
            format!("{head}{end}"),
            Via::Palladius,
            if index > 0 { 2 } else { 0 },
        )
    })
    .collect()
}

/// Spellings of a Cantonese syllable (given in Jyutping) in Latin letters: Jyutping, Yale, and the habits of
/// Hong Kong's registries.
pub(super) fn cantonese(syllable: &str) -> Vec<(String, Via, u8)> {
    let mut out = Vec::new();
    add(&mut out, syllable.to_owned(), Via::Jyutping, 1);
    let initial = ["gw", "kw", "ng"]
        .into_iter()
        .find(|i| syllable.starts_with(i) && syllable.len() > 2);
    let cut = initial.map_or_else(
        || usize::from(syllable.starts_with(|c: char| !"aeiou".contains(c))),
        str::len,
    );
    let (initial, end) = syllable.split_at_checked(cut).unwrap_or(("", syllable));
    if matches!(syllable, "ng" | "m") {
        add(&mut out, "ng".to_owned(), Via::HongKong, 0);
        return out;
    }
    let heads: &[&str] = match initial {
        "b" => &["p", "b"],
        "d" => &["t", "d"],
        "g" => &["k", "g"],
        "gw" | "kw" => &["kw"],
        "ng" => &["ng", ""],
        "z" => &["ch", "ts", "j"],
        "c" => &["ch", "ts"],
        "s" => &["s", "sh"],
        "j" => &["y", ""],
        other => &[other],
    };
    let ends: &str = match end {
        "aa" => "a ah",
        "aai" => "ai aai",
        "aau" => "au aau",
        "aam" => "am aam",
        "aan" => "an aan",
        "aang" => "ang aang",
        "aap" => "ap",
        "aat" => "at",
        "aak" => "ak",
        "au" => "au ow",
        "am" => "am um",
        "an" => "an un",
        "ang" => "ang ung",
        "at" => "at ut",
        "e" => "e eh",
        "ei" => "ei ee i ay",
        "i" => "i ee z ze",
        "oi" => "oi oy",
        "ou" => "o ou u",
        "o" => "o aw oh",
        "u" => "u oo",
        "un" => "un oon",
        "oe" => "eu eur",
        "oeng" => "eung",
        "oek" => "euk eok",
        "eoi" => "ui eui",
        "eon" => "un eun",
        "eot" => "ut",
        "yu" => "u yu ue",
        "yun" => "un uen yuen",
        "yut" => "ut uet yut",
        "ik" => "ik ick",
        "ok" => "ok",
        "ing" => "ing",
        other => other,
    };
    for (index, head) in heads.iter().enumerate() {
        for (rank, end) in ends.split(' ').enumerate() {
            // `yyu` is nobody's spelling, and a lone vowel takes in too much.
            let spelled = format!("{head}{end}").replace("yyu", "yu");
            if spelled.len() > 1 {
                let cost = u8::from(index > 0) + u8::from(rank > 0);
                add(&mut out, spelled, Via::HongKong, cost);
            }
        }
    }
    out
}
