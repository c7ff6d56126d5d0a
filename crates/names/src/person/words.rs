//! Words that names are made with, and how common surnames are.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::fold;

/// Forms of address, ranks and honorifics in Latin letters, dropped.
const TITLES: &str = " mr mrs ms miss shekh sheik dr prof professor sir lady lord dame hon rev fr sheikh shaikh sheik cheikh cheick cheik shaykh haji hajji hadji mullah maulavi mawlawi maulana sayyid general gen col colonel maj major capt captain lt lieutenant sgt president minister comrade monsieur madame mme mlle herr frau senor senora signor signora dona gospodin tovarishch jr sr ii iii iv ";
/// Titles after names in Hangul and Han.
pub(super) const SUFFIXES: &[&str] = &[
    "위원장",
    "대통령",
    "국무위원장",
    "동지",
    "선생님",
    "선생",
    "씨",
    "님",
    "장관",
    "총리",
    "부장",
    "교수",
    "박사",
    "先生",
    "女士",
    "小姐",
    "同志",
    "主席",
    "总统",
    "總統",
    "委员长",
    "委員長",
    "总书记",
    "總書記",
    "总理",
    "總理",
    "教授",
    "博士",
    "氏",
];
/// Words that link parts of a name and say little by themselves.
const PARTICLES: &str = " de da do dos das del della di du des la le van der den von zu zum ter ten al el ul ad as ash an ar az at bin ibn ben bint binti y e ";
/// Arabic articles among them.
const ARTICLES: &str = " al el ul ad as ash an ar az at ";
/// Those that say: the son or daughter of.
const CHILD_OF: &str = " bin ibn ben bint binti ";
/// First names so common that sharing one says less.
const FREQUENT: &str = "muhammad mohammed mohammad mohamed ahmed ahmad ali hassan hasan hussein ibrahim abdullah omar abdul john david maria jose ivan alexander michael";
/// First names: a line for each, its spellings, then after a stroke its short forms.
const GIVEN: &str = include_str!("../../data/given.txt");
/// Lines that one word stands in at most.
const MOST_LINES: usize = 3;

/// The lines of first names that a word stands in; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines([u16; MOST_LINES]);

/// What the list of first names says of two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// One of them is no first name that it knows.
    Unknown,
    /// Spellings of one name.
    Spellings,
    /// One is, or both are, short forms of a name.
    Short,
    /// Two names.
    Two,
}

impl Lines {
    /// Whether it stands in none.
    pub(super) fn is_empty(self) -> bool {
        self.0.first() == Some(&0)
    }

    fn add(&mut self, line: u16, short: bool) {
        let entry = line.wrapping_mul(2) | u16::from(short);
        if self.0.iter().any(|known| known / 2 == line) {
            return;
        }
        if let Some(free) = self.0.iter_mut().find(|known| **known == 0) {
            *free = entry;
        }
    }

    pub(super) fn with(self, other: Self) -> Listed {
        if self.is_empty() || other.is_empty() {
            return Listed::Unknown;
        }
        let mut found = Listed::Two;
        for one in self.0.iter().filter(|one| **one != 0) {
            for two in other.0.iter().filter(|two| *two / 2 == one / 2) {
                if (one | two) & 1 == 0 {
                    return Listed::Spellings;
                }
                found = Listed::Short;
            }
        }
        found
    }
}

/// What a word of a name in Latin letters is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) title: bool,
    pub(super) particle: bool,
    /// An Arabic article, which is written apart from its word or with it.
    pub(super) article: bool,
    /// Says: the son or daughter of.
    pub(super) child_of: bool,
    /// A first name so common that sharing it says less.
    pub(super) frequent: bool,
    pub(super) lines: Lines,
}

static KNOWN: LazyLock<FxHashMap<String, Known>> = LazyLock::new(|| {
    let mut known: FxHashMap<String, Known> = FxHashMap::default();
    let mut mark = |list: &'static str, with: &dyn Fn(&mut Known)| {
        for word in list.split([' ', '|']).filter(|word| !word.is_empty()) {
            with(known.entry(fold::plain(word)).or_default());
        }
    };
    mark(TITLES, &|word| word.title = true);
    mark(PARTICLES, &|word| word.particle = true);
    mark(ARTICLES, &|word| word.article = true);
    mark(CHILD_OF, &|word| word.child_of = true);
    mark(FREQUENT, &|word| word.frequent = true);
    // A name is common in all its spellings.
    let common = |line: &&str| {
        let mut words = line.split(' ');
        words.any(|word| FREQUENT.split(' ').any(|common| common == word))
    };
    for line in GIVEN.lines().filter(common) {
        mark(line.split('|').next().unwrap_or(line), &|word| {
            word.frequent = true
        });
    }
    let names = GIVEN.lines().filter(|line| !line.starts_with('#'));
    for (line, at) in names.zip(1_u16..) {
        let (spellings, short) = line.split_once('|').unwrap_or((line, ""));
        mark(spellings, &|word| word.lines.add(at, false));
        mark(short, &|word| word.lines.add(at, true));
    }
    known
});

/// The spelling that stands first in the first line of first names that a word stands in.
pub(super) fn usual(word: &str) -> Option<&'static str> {
    static FIRST: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let names = GIVEN.lines().filter(|line| !line.starts_with('#'));
        names
            .map(|line| line.split([' ', '|']).next().unwrap_or(line))
            .collect()
    });
    let line = known(word).lines.0.first().copied()? / 2;
    FIRST.get(usize::from(line.checked_sub(1)?)).copied()
}

/// What is known of a word that [`fold::plain`] or [`fold::latin`] gave.
pub(super) fn known(word: &str) -> Known {
    KNOWN.get(word).copied().unwrap_or_default()
}

/// Korean surnames with their share in a thousand people (census of South Korea, rounded).
pub(super) const KOREAN: &str = "김215 이147 박84 최47 정43 강24 조21 윤21 장20 임17 한15 오15 서15 신15 권14 황14 안14 송14 전12 홍11 유13 고9 문9 양9 손9 배8 백8 허7 남6 심5 노5 하5 곽4 성4 차4 주4 우4 구4 민3 류6 나3 진4 지3 엄3 채3 원3 천2 방2 공2 현2 함2 변2 염1 여1 추1 도1 소1 석1 선1 설1 마1 길1 연1 위1 표1 명1 기1 반1 왕1 금1 옥1 육1 인1 맹1 제1 모1 탁1 국1 어1 은1 편1 용1 예1 경1 봉1 사1 부1 황보1 제갈1 남궁1 선우1 사공1 독고1 동방1 서문1 리147 로5 량9 림17 려1 렴1 라3 련1 륙1 렬1 태1 빈1 단1 계1 피1 두1 감1 음1 온1 호1 형1 좌1 목1 복1 승1 시1 간1 갈1 견1 당1 대1 승1 판1 팽1";
/// Chinese surnames with their share in a thousand people, rounded.
pub(super) const CHINESE: &str = "王72 李72 张68 刘54 陈45 杨31 赵23 黄22 周21 吴20 徐17 孙15 胡13 朱13 高12 林12 何11 郭11 马10 罗9 梁9 宋8 郑8 谢7 韩7 唐7 冯6 于6 董6 萧6 程6 曹5 袁5 邓5 许5 傅5 沈5 曾5 彭5 吕5 苏4 卢4 蒋4 蔡4 贾4 丁4 魏4 薛4 叶4 阎4 余4 潘4 杜4 戴4 夏4 钟4 汪4 田4 任4 姜4 范3 方3 石3 姚3 谭3 廖3 邹3 熊3 金3 陆3 郝3 孔3 白3 崔3 康3 毛3 邱3 秦3 江3 史2 顾2 侯2 邵2 孟2 龙2 万2 段2 雷2 钱2 汤2 尹2 黎2 易2 常2 武2 乔2 贺2 赖2 龚2 文2 习1 庞1 樊1 兰1 殷1 施1 陶1 洪1 翟1 安1 颜1 倪1 严1 牛1 温1 芦1 季1 俞1 章1 鲁1 葛1 伍1 韦1 申1 尤1 毕1 聂1 丛1 焦1 向1 柳1 邢1 路1 岳1 齐1 梅1 莫1 庄1 辛1 管1 祝1 左1 涂1 谷1 祁1 时1 舒1 耿1 牟1 卜1 詹1 关1 苗1 凌1 费1 纪1 靳1 盛1 童1 欧1 甄1 项1 曲1 成1 游1 阳1 裴1 席1 卫1 查1 屈1 鲍1 位1 覃1 霍1 翁1 隋1 植1 甘1 景1 薄1 单1 包1 司1 柏1 宁1 柯1 阮1 桂1 闵1 解1 强1 柴1 华1 车1 冉1 房1 边1 辜1 吉1 饶1 刁1 瞿1 戚1 丘1 古1 米1 池1 滕1 晋1 苑1 邬1 臧1 畅1 宫1 来1 缪1 苟1 全1 褚1 廉1 简1 娄1 盖1 符1 奚1 木1 穆1 党1 燕1 郎1 邸1 冀1 谈1 姬1 屠1 连1 郜1 晏1 栾1 郁1 商1 蒙1 计1 喻1 揭1 窦1 迟1 宇1 敖1 糜1 鄢1 冷1 卓1 花1 仇1 艾1 蓝1 都1 巩1 稽1 井1 练1 仲1 乐1 虞1 卞1 封1 竺1 冼1 原1 官1 衣1 楚1 佟1 栗1 匡1 宗1 应1 台1 巫1 鞠1 僧1 桑1 荆1 谌1 银1 扬1 明1 沙1 伏1 岑1 习1 胥1 保1 和1 蔺1 朴1 玄1 池1 南1 欧阳1 司马1 诸葛1 上官1 夏侯1 东方1 皇甫1 尉迟1 公孙1 慕容1 令狐1 宇文1 长孙1 司徒1 南宫1 端木1";
