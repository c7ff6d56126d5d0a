//! Texts that no reader wrote: what mutation, bad recognition of letters, and ill will make.
//!
//! Each kind is a function of a size, so that a measure can compare one size with four times it.

use statement::{Found, quotes};

/// SplitMix64 (Steele, Lea, Flood 2014): the same number gives the same text.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`; 0 for 0.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap_or(0)
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Texts in three languages: what mutations begin with.
pub const SAMPLES: &[&str] = &[
    include_str!("../../../testkit/sample/commission/annual chapters.txt"),
    CHINESE,
    KOREAN,
    include_str!("../../../testkit/sample/commission/2023-06-13 hearing notice (text).txt"),
    include_str!("../../../testkit/sample/commission/transcript excerpt.txt"),
    include_str!("../../../testkit/sample/commission/2023-10-24 letter of the chairs.txt"),
    include_str!("../../src/mention/name_cases/field.txt"),
    include_str!("../../src/mention/name_cases/east.txt"),
];

const CHINESE: &str = "据韩国一家人权团体2023年10月11日透露，中国当局9日晚将约600名脱北者强制遣返朝鲜，其中大部分是妇女和儿童。\
该团体负责人金某表示，被遣返者可能面临酷刑、强迫劳动甚至处决。中国外交部发言人在例行记者会上说，“在中国没有所谓的脱北者”。\n\n\
证人张某称，她于二〇一九年三月在吉林省图们市被公安局拘留，在看守所关押了二十多天，后被移交给朝鲜保卫部。\
“他们打我，”她说，“不给我们饭吃。”另据《朝鲜日报》报道，至少两人在押送途中死亡，但中方否认这一说法。\n\
根据《中华人民共和国出境入境管理法》第六十二条，非法入境者可以遣送出境。丹东某某水产有限公司雇用了三百余名朝鲜工人，扣留其护照，每月工资不足一百美元。\n";

const KOREAN: &str = "통일부는 2023년 10월 13일 정례 브리핑에서 중국 동북 3성 지역에 있던 탈북민 다수가 북한으로 송환된 것이 사실로 보인다고 밝혔다. \
북한인권단체 관계자에 따르면 지난 9일 밤 약 600여 명이 훈춘, 도문, 난핑, 단둥을 통해 강제 북송됐다.\n\n\
증언자 김모 씨(여, 45)는 “2019년 3월 지린성에서 공안에 체포돼 변방구류소에 20여 일 구금됐다”며 “온성군 보위부에서 매일 맞았다”고 말했다. \
그는 함께 있던 여성 3명이 강제 낙태를 당했다고 전했다. 중국 외교부는 이를 부인했다. 유엔 인권최고대표사무소(OHCHR)는 강제송환금지 원칙을 존중하라고 촉구했다.\n\
「난민의 지위에 관한 협약」 제33조는 난민을 송환하지 못하도록 하고 있다. 최소 92명이 처형됐을 가능성이 있다는 우려가 나온다.\n";

/// What a text may be peppered with.
const ODD: &[&str] = &[
    "\u{202e}",
    "\u{2066}",
    "\u{2069}",
    "\u{200b}",
    "\u{200d}",
    "\u{feff}",
    "\u{ad}",
    "\u{301}",
    "\u{20dd}",
    "\0",
    "\u{1}",
    "\r\n",
    "\r",
    "\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{fffd}",
    "“",
    "”",
    "\"",
    "'",
    "’",
    "「",
    "」",
    "『",
    "《",
    "》",
    "〈",
    "(",
    ")",
    "（",
    "）",
    "[",
    "]",
    "【",
    "】",
    "—",
    "–",
    "-",
    "·",
    "・",
    "、",
    "，",
    "。",
    ".",
    ",",
    ";",
    ":",
    "…",
    "/",
    "%",
    "％",
    "$",
    "￥",
    "₩",
    "€",
    "No.",
    "§",
    "1",
    "0",
    "9,999",
    "1,2,3",
    "３００",
    "一",
    "百万",
    "十",
    "亿",
    "만",
    "여",
    "余",
    "多",
    "第",
    "年",
    "月",
    "日",
    "년",
    "월",
    "일",
    "名",
    "명",
    "ﬁ",
    "İ",
    "ẞ",
    "ǅ",
    "K",
    "é",
    "Ω",
    "Я",
    "あ",
    "ア",
    "ก",
    "ا",
    "😀",
    "👨‍👩‍👧",
    "𠀀",
    "々",
    "ㄱ",
    "ᄀ",
    "\u{1161}",
];

/// Words that rules wait for, beside those of the tables.
const CUES: &[&str] = &[
    "said that",
    "says",
    "told",
    "according to",
    "reportedly",
    "allegedly",
    "at least",
    "close to",
    "about",
    "more than",
    "between",
    "and",
    "or",
    "from",
    "to",
    "in",
    "of",
    "by",
    "the",
    "who",
    "which",
    "that",
    "if",
    "not",
    "no",
    "never",
    "were",
    "had been",
    "may be",
    "must",
    "Mr.",
    "Kim Jong-un",
    "Kim",
    "Human Rights Watch",
    "China",
    "North Korea",
    "Beijing",
    "October 9, 2023",
    "2023-10-09",
    "last year",
    "the 1990s",
    "since",
    "until",
    "two hundred",
    "one in five",
    "percent",
    "600",
    "women",
    "refugees",
    "Ltd.",
    "Co.",
    "Ministry",
    "Article 3",
    "U.S.",
    "Act",
    "vessel",
    "IMO 9074729",
    "he",
    "she",
    "they",
    "it",
    "him",
    "her",
    "their",
    "himself",
    "记者",
    "表示",
    "说",
    "称",
    "据",
    "报道",
    "约",
    "至少",
    "被",
    "把",
    "在",
    "从",
    "到",
    "的",
    "了",
    "未",
    "没有",
    "可能",
    "中国",
    "朝鲜",
    "图们",
    "公安局",
    "有限公司",
    "二〇二三年",
    "去年",
    "她",
    "他们",
    "张某",
    "밝혔다",
    "전했다",
    "따르면",
    "약",
    "최소",
    "에서",
    "으로",
    "에게",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "됐다",
    "않았다",
    "중국",
    "북한",
    "통일부",
    "지난해",
    "2023년 10월 9일",
    "탈북민",
    "그는",
    "그들은",
    "김모 씨",
];

/// All phrases of the tables and of the list above.
pub fn phrases() -> Vec<&'static str> {
    let mut all: Vec<&str> = CUES.to_vec();
    for (table, column) in [
        (include_str!("../../data/events.en.tsv"), 2),
        (include_str!("../../data/events.zh.tsv"), 1),
        (include_str!("../../data/events.ko.tsv"), 1),
        (include_str!("../../data/cues.zh.tsv"), 1),
        (include_str!("../../data/cues.ko.tsv"), 1),
        (include_str!("../../data/organisations.txt"), 0),
        (include_str!("../../data/nationalities.tsv"), 1),
    ] {
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        all.extend(
            rows.filter_map(|row| row.split('\t').nth(column))
                .filter(|phrase| !phrase.trim().is_empty()),
        );
    }
    let verbs = include_str!("../../data/verbs.en.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    all.extend(verbs.flat_map(|line| {
        let (_, words) = line.split_once(':').unwrap_or(("", line));
        words
            .split([' ', '(', ')', ','])
            .filter(|word| word.len() > 2)
    }));
    all
}

/// One piece repeated until the text is so long.
pub fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len().max(1) + 1)
}

fn nested(open: &str, inner: &str, close: &str, bytes: usize) -> String {
    let depth = bytes / (open.len() + close.len()).max(1);
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// Numbered pieces, so that no two are alike.
fn numbered(bytes: usize, mut piece: impl FnMut(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes + 64);
    let mut n = 0;
    while text.len() < bytes {
        text.push_str(&piece(n));
        n += 1;
    }
    text
}

/// A word of letters for a number.
fn word(mut n: usize) -> String {
    let mut word = String::from("K");
    loop {
        word.push(char::from(b'a' + u8::try_from(n % 26).unwrap_or(0)));
        n /= 26;
        if n == 0 {
            return word;
        }
    }
}

/// Punctuation between the letters, as bad recognition of a page leaves it.
fn noise(bytes: usize) -> String {
    let (mut chance, mut text) = (Chance(7), String::new());
    let source: Vec<char> = SAMPLES.concat().chars().collect();
    let mut at = 0;
    while text.len() < bytes {
        text.push(source[at % source.len()]);
        at += 1;
        if chance.below(4) == 0 {
            text.push_str(chance.pick(&[
                ".", ",", "'", "`", "~", "-", "|", "·", ":", "^", "°", " ", "_", "\\",
            ]));
        }
    }
    text
}

/// A soup of words that rules wait for and of odd marks.
pub fn soup(number: u64, bytes: usize) -> String {
    let (mut chance, mut text) = (Chance(number), String::new());
    let all = phrases();
    let parts = [
        " ", " ", " ", " ", "", "", ", ", ". ", "\n", "。", "、", "-",
    ];
    while text.len() < bytes {
        text.push_str(if chance.below(4) == 0 {
            chance.pick(ODD)
        } else {
            chance.pick(&all)
        });
        text.push_str(chance.pick(&parts));
    }
    text
}

/// A few pieces of the soup again and again: what a rule does not give up on costs more each time.
pub fn stew(number: u64, bytes: usize) -> String {
    let mut chance = Chance(number ^ 0xabcd);
    let piece = soup(number, 1 << chance.below(8));
    repeated(&piece, bytes)
}

/// A real document with bits turned, runs cut, doubled and crossed, scripts mixed.
pub fn mutated(number: u64) -> String {
    let mut chance = Chance(number ^ 0x5eed);
    let mut bytes = chance.pick(SAMPLES).as_bytes().to_vec();
    let start = chance.below(bytes.len());
    bytes = bytes.split_off(start);
    bytes.truncate(6_000);
    for _ in 0..1 << chance.below(7) {
        let at = chance.below(bytes.len());
        let until = (at + 1 + chance.below(60)).min(bytes.len());
        match chance.below(7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..until)),
            2 => {
                let copied = bytes[at..until].repeat(1 + chance.below(9));
                drop(bytes.splice(at..at, copied));
            }
            3 => {
                let other = chance.pick(SAMPLES).as_bytes();
                let from = chance.below(other.len());
                let piece = other[from..(from + 80).min(other.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            4 => drop(bytes.splice(at..at, chance.pick(ODD).bytes())),
            5 => {
                let all = phrases();
                drop(bytes.splice(at..at, chance.pick(&all).bytes()));
            }
            _ => bytes[at..until].make_ascii_uppercase(),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A kind of text: its name, and a text of about so many bytes.
pub type Kind = (&'static str, fn(usize) -> String);

/// All kinds.
pub const KINDS: &[Kind] = &[
    ("samples", |n| repeated(&SAMPLES.concat(), n)),
    ("English", |n| repeated(SAMPLES[0], n)),
    ("Chinese", |n| repeated(CHINESE, n)),
    ("Korean", |n| repeated(KOREAN, n)),
    ("a line without blanks between", |n| {
        repeated(&SAMPLES.concat().replace('\n', " "), n)
    }),
    ("no sentence ends", |n| {
        repeated(&SAMPLES.concat().replace(['\n', '.', '。'], " "), n)
    }),
    ("no space at all", |n| {
        repeated(&SAMPLES.concat().replace(char::is_whitespace, ""), n)
    }),
    ("capitals", |n| {
        repeated(&SAMPLES.concat().to_uppercase(), n)
    }),
    ("one word a line", |n| {
        repeated(&SAMPLES.concat().replace(' ', "\n"), n)
    }),
    ("one word a paragraph", |n| {
        repeated(&SAMPLES.concat().replace(' ', "\n\n"), n)
    }),
    ("noise", noise),
    ("Latin letters", |n| repeated("a", n)),
    ("capital letters", |n| repeated("A", n)),
    ("Han", |n| repeated("国", n)),
    ("Han names", |n| repeated("张王李朝鲜中国", n)),
    ("Hangul", |n| repeated("한", n)),
    ("Hangul names", |n| repeated("김이박북한중국은", n)),
    ("jamo", |n| repeated("ᄀ\u{1161}", n)),
    ("kana", |n| repeated("アの", n)),
    ("emoji", |n| repeated("😀", n)),
    ("combining marks", |n| {
        format!("e{}", repeated("\u{301}", n))
    }),
    ("letters with marks", |n| repeated("e\u{301}\u{302} ", n)),
    ("bidi marks", |n| {
        repeated("\u{202e}China\u{202c} \u{2066}\u{2069}", n)
    }),
    ("zero-width marks", |n| {
        repeated("C\u{200b}h\u{200d}ina\u{feff} ", n)
    }),
    ("soft hyphens", |n| repeated("re\u{ad}pat\u{ad}riated ", n)),
    ("digits", |n| repeated("7", n)),
    ("numbers of 400 digits", |n| {
        repeated(&format!("{} people ", "9".repeat(400)), n)
    }),
    ("grouped digits", |n| repeated(",123", n)),
    ("dotted digits", |n| repeated("1.", n)),
    ("digits apart", |n| repeated("1 ", n)),
    ("Chinese digits", |n| repeated("一二三十百千万亿", n)),
    ("Korean digits", |n| repeated("3만3981여", n)),
    ("spelled numbers", |n| {
        repeated("two hundred and thousand million ", n)
    }),
    ("hyphened numbers", |n| repeated("twenty-", n)),
    ("ranges", |n| repeated("10–", n)),
    ("percent signs", |n| repeated("5%", n)),
    ("dates", |n| repeated("October 9, 2023 ", n)),
    ("months", |n| repeated("October ", n)),
    ("slashed dates", |n| repeated("10/9/", n)),
    ("Chinese dates", |n| repeated("2023年10月9日", n)),
    ("Korean dates", |n| repeated("2023년 10월 9일 ", n)),
    ("full stops", |n| repeated(".", n)),
    ("full stops before a word", |n| repeated(".", n) + "a"),
    ("full stops apart", |n| repeated(". ", n) + "a"),
    ("question marks before a comma", |n| repeated("?", n) + " ,"),
    ("ellipses", |n| repeated("…", n) + "a"),
    ("closing marks", |n| repeated(")", n)),
    ("full stops and closing marks", |n| repeated(".)", n) + "a"),
    ("line breaks", |n| repeated("\n", n)),
    ("line breaks after a stop", |n| repeated(".\n", n) + "a"),
    ("spaces", |n| repeated(" ", n)),
    ("curly quotes open", |n| repeated("“", n)),
    ("curly quotes close", |n| repeated("”", n)),
    ("curly quotes open around words", |n| repeated("“held ", n)),
    ("single quotes open", |n| repeated("‘held ", n)),
    ("straight quotes", |n| repeated("\"", n)),
    ("apostrophes", |n| repeated("'", n)),
    ("possessives", |n| repeated("China’s ", n)),
    ("possessives together", |n| repeated("a's", n)),
    ("corner brackets", |n| repeated("「", n)),
    ("white corner brackets", |n| repeated("『북송", n)),
    ("book marks", |n| repeated("《法", n)),
    ("book marks close", |n| repeated("》", n)),
    ("parentheses open", |n| repeated("(", n)),
    ("wide parentheses open", |n| repeated("（法", n)),
    ("parentheses nested", |n| nested("(", "China", ")", n)),
    ("brackets nested", |n| nested("[(“", "held", "”)]", n)),
    ("book marks nested", |n| nested("《", "法", "》", n)),
    ("acronyms", |n| {
        numbered(n, |k| format!("{} Zed Committee (KZC), ", word(k)))
    }),
    ("acronyms used", |n| {
        format!("Korea Zed Committee (KZC). {}", repeated("KZC ", n))
    }),
    ("acronyms together", |n| {
        numbered(n, |k| format!("{} ", word(k).to_uppercase()))
    }),
    ("aliases", |n| {
        numbered(n, |k| format!("Korea {0} Ltd. (“{0}”) held {0}. ", word(k)))
    }),
    ("list of names", |n| {
        numbered(n, |k| format!("Kim {}, ", word(k)))
    }),
    ("list of surnames", |n| {
        numbered(n, |k| {
            format!("Kim {0} was held. {0} fled. Mr. {0} said so. ", word(k))
        })
    }),
    ("list of places", |n| {
        repeated("Beijing, Tumen, Dandong, ", n)
    }),
    ("list of countries", |n| {
        repeated("China, Russia, Laos and ", n)
    }),
    ("list of words", |n| repeated("A, B, C, ", n)),
    ("list with and", |n| repeated("refugees and women and ", n)),
    ("names without end", |n| {
        numbered(n, |k| format!("{} ", word(k)))
    }),
    ("hyphened names", |n| repeated("Kim-Jong-", n)),
    ("initials", |n| repeated("J. K. ", n)),
    ("initials together", |n| repeated("U.S.", n)),
    ("titles", |n| repeated("Mr. Dr. Rep. ", n)),
    ("of", |n| repeated("Ministry of ", n)),
    ("of the", |n| {
        repeated("Commission on the Committee of the ", n)
    }),
    ("articles of laws", |n| {
        repeated("Article 3(1)(a) of the ", n)
    }),
    ("articles of Chinese laws", |n| repeated("第三条第一款", n)),
    ("laws in lists", |n| repeated("Articles 3, 4 and ", n)),
    ("vessels", |n| repeated("M/V Ocean ", n)),
    ("who said that", |n| repeated("Kim said that ", n)),
    ("according to", |n| repeated("according to Kim, ", n)),
    ("that", |n| repeated("that ", n)),
    ("relative clauses", |n| repeated("who held the man ", n)),
    ("passives", |n| repeated("was held by ", n)),
    ("hedges", |n| repeated("reportedly allegedly possibly ", n)),
    ("negations", |n| repeated("not never no ", n)),
    ("events", |n| repeated("repatriated ", n)),
    ("events in a list", |n| {
        repeated("torture, rape, execution, ", n)
    }),
    ("events after a dash", |n| repeated("arrest—", n)),
    ("events of one patient", |n| {
        format!("Refugees were {}", repeated("held, beaten, ", n))
    }),
    ("patients of one event", |n| {
        format!(
            "China repatriated {}",
            numbered(n, |k| format!("Kim {}, ", word(k)))
        )
    }),
    ("pronouns", |n| repeated("he told her that they ", n)),
    ("pronouns apart", |n| repeated("He was held. She fled. ", n)),
    ("pronouns without anybody", |n| {
        repeated("They were held.\n\n", n)
    }),
    ("nobody in Chinese", |n| repeated("被遣返", n)),
    ("Chinese clauses", |n| repeated("他说，他们被中国遣返，", n)),
    ("Chinese tellers", |n| repeated("据报道", n)),
    ("Chinese list", |n| repeated("张三、李四、", n)),
    ("Chinese offices", |n| repeated("中国公安部", n)),
    ("Chinese companies", |n| repeated("丹东有限公司", n)),
    ("Chinese without names", |n| repeated("的了是在", n)),
    ("Korean clauses", |n| {
        repeated("중국이 탈북민을 북송했다고 밝혔고 ", n)
    }),
    ("Korean clauses together", |n| {
        repeated("중국이탈북민을북송했다고밝혔고", n)
    }),
    ("Korean tellers", |n| repeated("에 따르면 ", n)),
    ("Korean list", |n| repeated("김철수, 박영희, ", n)),
    ("Korean events", |n| repeated("강제 북송 ", n)),
    ("Korean particles", |n| repeated("은 는 이 가 을 ", n)),
    ("scripts mixed", |n| {
        repeated("China遣返了600명의 refugees를", n)
    }),
    ("tables", |n| {
        numbered(n, |k| {
            format!("{k}\tKim {}\t2023-10-09\t600\tTumen\n", word(k))
        })
    }),
    ("tables drawn", |n| {
        repeated("| Kim | held | 600 |\n|---|---|---|\n", n)
    }),
    ("dashes", |n| repeated("—", n)),
    ("dashes around words", |n| repeated("held — ", n)),
    ("slashes", |n| repeated("and/or/", n)),
    ("addresses", |n| {
        repeated("https://example.org/a?b=c&d=e#f ", n)
    }),
    ("an address", |n| {
        format!("https://example.org/{}", repeated("a.b/", n))
    }),
    ("footnotes", |n| repeated("held.[12] ", n)),
    ("headings", |n| {
        repeated("Findings\n\nRefugees in China\n\n", n)
    }),
    ("control characters", |n| repeated("\u{1}\0", n)),
    ("broken characters", |n| repeated("\u{fffd}", n)),
    ("soup", |n| soup(1, n)),
    ("soup without sentences", |n| {
        soup(2, n).replace(['.', '\n', '。', '!', '?'], " ")
    }),
];

/// Whether what was found reads back from the text, in order, without overlaps.
pub fn check(raw: &str, found: &Found) {
    // Bytes of each character, so that reading back costs no walk.
    let starts: Vec<usize> = raw
        .char_indices()
        .map(|(at, _)| at)
        .chain([raw.len()])
        .collect();
    let read = |start: u32, end: u32| {
        let (from, to) = (starts.get(start as usize)?, starts.get(end as usize)?);
        raw.get(*from..*to)
    };
    let mut end = 0;
    for mention in &found.mentions {
        assert_eq!(
            read(mention.start, mention.end),
            Some(mention.text.as_str()),
            "a mention"
        );
        assert!(mention.start < mention.end, "an empty mention");
        assert!(
            end <= mention.start,
            "mentions overlap or are out of order at {end}: {mention:?}"
        );
        end = mention.end;
    }
    for statement in &found.statements {
        for (start, end, text) in quotes(statement) {
            assert_eq!(read(start, end), Some(text), "a quote of {statement:?}");
        }
        assert!(!statement.trigger.text.is_empty(), "an event without words");
    }
}
