//! Made documents for measuring: sentences in English, Korean and Chinese whose words follow
//! Zipf's law, with a long tail of rare names. The same seed gives the same documents.

/// A xorshift generator: measuring needs the same dice on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % most.max(1)
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of.get(self.below(of.len())).copied().unwrap_or("")
    }

    /// The rank of a word among `most`, near Zipf's law.
    fn rank(&mut self, most: usize) -> usize {
        let even = self.below(1 << 24) as f64 / f64::from(1 << 24);
        ((most as f64).powf(even) as usize).saturating_sub(1)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    English,
    Korean,
    Chinese,
}

const ENGLISH: &str = "the of and to in that was for on with were from by as at are had they be \
    not which their this have or he she it been who has border refugees authorities North Korean \
    China police officials report released held reported detained government returned people \
    women workers said according family province women's county witnesses held labor forced \
    rights human prison camp repatriated escaped months arrested factory Chinese interview \
    hearing commission sentenced seafood families brokers trafficked Tumen river Yanji Jilin \
    Liaoning Dandong Hunchun company shipment exported processing plant testimony security \
    ministry children statement letter crossing winter evidence source guards number estimated \
    reportedly organization groups international escape transferred interrogated beaten vessel \
    overseas wages passport confiscated contract village relatives church mission deported \
    agreement protocol convention refugee protection asylum embassy consulate request reply \
    denied confirmed unknown several approximately hundred thousand during between after before \
    under against without within because where when while until since about over into through";

const KOREAN: &str = "탈북자 중국 북한 강제송환 구금 국경 보위부 두만강 여성 노동자 가족 송환 조사 \
    수용소 증언 인권 보고서 정부 단체 경찰 체포 공안 인신매매 브로커 석방 연길 도문 단둥 훈춘 수산물 \
    공장 회사 임금 여권 압수 계약 교화소 관리소 집결소 심문 폭행 아이 어머니 아버지 친척 교회 선교사 \
    겨울 밤 강변 경비대 군인 인원 명단 날짜 지역 성 시 현 마을 병원 학교 위원회 청문회 국제 협약 난민 \
    보호 대사관 영사관 요청 답변 부인 확인 추정 약 수백 수천 작년 올해 지난달 당시 이후 이전 동안 정보 \
    자료 기록 사진 편지 전화 소식통 관계자 당국 발표 수출 운송 선박 해외 파견 감시 이동 도주 은신 체류";

const CHINESE: &str = "难民 中国 朝鲜 强制 遣返 拘留 边境 公安 图们江 妇女 工人 家人 调查 拘留所 证词 \
    人权 报告 政府 组织 警察 逮捕 贩卖 中介 释放 延吉 图们 丹东 珲春 水产 工厂 公司 工资 护照 没收 合同 \
    监狱 审讯 殴打 儿童 母亲 父亲 亲戚 教会 传教士 冬天 夜里 河边 士兵 人数 名单 日期 地区 省 市 县 村 \
    医院 学校 委员会 听证会 国际 公约 保护 大使馆 领事馆 要求 答复 否认 确认 估计 大约 数百 数千 去年 \
    今年 上月 当时 以后 以前 期间 信息 资料 记录 照片 信件 电话 消息人士 官员 当局 公布 出口 运输 船只 \
    海外 派遣 监视 转移 逃跑 躲藏 居留 被 在 和 的 了 是 对 从 向 由 与";

const SYLLABLES: &str = "가 강 건 경 고 공 관 광 교 구 국 군 권 금 기 길 김 남 노 농 단 당 대 도 동 두 \
    리 만 명 모 무 문 미 민 박 반 방 배 백 범 법 변 병 보 복 봉 부 북 사 산 상 서 석 선 성 세 소 손 송 수 \
    순 승 시 신 실 심 안 양 어 여 연 영 오 옥 완 외 용 우 운 원 월 유 윤 은 의 이 인 일 임 자 장 재 전 정 \
    제 조 종 주 준 중 지 진 차 창 천 철 청 초 최 추 춘 충 탄 태 토 통 판 평 포 표 풍 하 학 한 해 허 혁 현 \
    형 혜 호 홍 화 환 황 회 훈 희";

const CHARACTERS: &str = "安 白 北 本 边 兵 才 城 成 春 村 大 丹 地 东 动 法 方 风 福 港 高 工 公 功 光 广 \
    国 海 汉 河 黑 红 洪 湖 花 华 化 会 吉 家 建 江 金 京 经 军 开 克 兰 老 乐 李 力 立 连 林 龙 罗 马 满 \
    美 门 民 明 木 南 宁 农 平 普 强 青 庆 区 人 日 山 善 商 上 生 石 市 事 书 水 四 松 太 泰 天 田 铁 通 \
    图 外 王 望 文 武 西 吸 下 先 县 乡 小 新 兴 学 延 阳 业 义 银 英 永 友 玉 元 原 远 月 云 运 张 长 哲 \
    正 政 治 中 忠 州 珠 子 宗 祖";

const SOUNDS: &[&str] = &[
    "ba", "re", "fu", "ge", "ko", "li", "sta", "tor", "min", "ex", "pa", "tri", "den", "ca", "han",
    "sun", "yong", "chol", "bek", "ra", "mor", "vin", "el", "ost", "qua", "ish", "wen", "du",
];

const PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에서",
    "에",
    "의",
    "로",
    "으로",
    "들이",
    "들은",
    "과",
    "와",
    "도",
    "까지",
    "에게",
    "했다고 밝혔다",
    "되었다",
    "하였다",
    "하고 있다",
    "된 것으로 알려졌다",
];

/// The words of the three languages, the frequent ones first.
pub(crate) struct Words {
    english: Vec<String>,
    korean: Vec<String>,
    chinese: Vec<String>,
}

fn with_tail(
    known: &str,
    size: usize,
    dice: &mut Dice,
    rare: impl Fn(&mut Dice) -> String,
) -> Vec<String> {
    let mut words: Vec<String> = known.split_whitespace().map(str::to_owned).collect();
    while words.len() < size {
        words.push(rare(dice));
    }
    words
}

impl Words {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
        let characters: Vec<&str> = CHARACTERS.split_whitespace().collect();
        let ends = ["", "s", "ed", "ing", "ation", "er", "ly", "ov", "sky"];
        let english = with_tail(ENGLISH, 60_000, dice, |dice| {
            let mut word: String = (0..2 + dice.below(3)).map(|_| dice.one(SOUNDS)).collect();
            word.push_str(dice.one(&ends));
            if dice.below(4) == 0 {
                word = word
                    .chars()
                    .take(1)
                    .flat_map(char::to_uppercase)
                    .chain(word.chars().skip(1))
                    .collect();
            }
            word
        });
        let korean = with_tail(KOREAN, 30_000, dice, |dice| {
            (0..2 + dice.below(2))
                .map(|_| dice.one(&syllables))
                .collect()
        });
        let chinese = with_tail(CHINESE, 30_000, dice, |dice| {
            (0..2 + dice.below(2))
                .map(|_| dice.one(&characters))
                .collect()
        });
        Self {
            english,
            korean,
            chinese,
        }
    }

    /// A word, the frequent ones more often.
    pub(crate) fn word(&self, script: Script, dice: &mut Dice) -> &str {
        let words = match script {
            Script::English => &self.english,
            Script::Korean => &self.korean,
            Script::Chinese => &self.chinese,
        };
        words.get(dice.rank(words.len())).map_or("", String::as_str)
    }

    /// One sentence.
    pub(crate) fn sentence(&self, script: Script, dice: &mut Dice) -> String {
        let mut text = String::new();
        let words = 8 + dice.below(14);
        for number in 0..words {
            let word = self.word(script, dice);
            match script {
                Script::English if number == 0 => {
                    text.extend(word.chars().take(1).flat_map(char::to_uppercase));
                    text.extend(word.chars().skip(1));
                }
                _ => text.push_str(word),
            }
            match script {
                Script::English if number + 1 < words => {
                    text.push_str(if dice.below(11) == 0 { ", " } else { " " });
                }
                Script::Korean => {
                    if dice.below(10) < 7 {
                        text.push_str(dice.one(PARTICLES));
                    }
                    text.push(' ');
                }
                Script::Chinese if dice.below(7) == 0 && number + 1 < words => text.push('，'),
                _ => {}
            }
            if dice.below(40) == 0 {
                let figure = format!("{}", 2 + dice.below(3_000));
                text.push_str(&match script {
                    Script::English => format!(" {figure} "),
                    Script::Korean => format!("{figure}명 "),
                    Script::Chinese => format!("{figure}人"),
                });
            }
        }
        let mut text = text.trim_end().to_owned();
        text.push_str(match script {
            Script::English => ". ",
            Script::Korean => ". ",
            Script::Chinese => "。",
        });
        text
    }

    /// A short document: several hundred characters, a heading first.
    pub(crate) fn document(&self, dice: &mut Dice) -> (Script, String) {
        let script = match dice.below(10) {
            0..=4 => Script::English,
            5..=7 => Script::Korean,
            _ => Script::Chinese,
        };
        let mut text = format!("{}\n\n", self.sentence(script, dice).trim_end());
        let sentences = match script {
            Script::English => 4 + dice.below(5),
            Script::Korean => 5 + dice.below(6),
            Script::Chinese => 7 + dice.below(9),
        };
        for number in 0..sentences {
            text.push_str(&self.sentence(script, dice));
            if number % 3 == 2 {
                text.push('\n');
            }
        }
        text.push('\n');
        (script, text)
    }

    /// A page of the web around a document: head, navigation, body, footer.
    pub(crate) fn page(&self, dice: &mut Dice) -> String {
        let (script, _) = self.document(dice);
        let lang = match script {
            Script::English => "en",
            Script::Korean => "ko",
            Script::Chinese => "zh",
        };
        let title = self.sentence(script, dice);
        let links: String = (0..8 + dice.below(12))
            .map(|n| {
                format!(
                    "<li class=\"menu-item\"><a href=\"/section/{n}\">{}</a></li>\n",
                    self.word(script, dice)
                )
            })
            .collect();
        let paragraphs: String = (0..6 + dice.below(10))
            .map(|_| {
                let text: String = (0..2 + dice.below(4))
                    .map(|_| self.sentence(script, dice))
                    .collect();
                format!("<p>{}</p>\n", text.replace(", ", " &amp; "))
            })
            .collect();
        let day = 1 + dice.below(28);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\n\
             <title>{title}</title>\n<meta property=\"article:published_time\" content=\"2023-06-{day:02}\">\n\
             <style>.menu{{margin:0}} .main p{{line-height:1.5}}</style></head>\n<body>\n\
             <nav><ul class=\"menu\">\n{links}</ul></nav>\n<main class=\"main\"><article><h1>{title}</h1>\n\
             {paragraphs}</article></main>\n<footer><p>All rights reserved · Contact · Imprint</p></footer>\n\
             </body></html>\n"
        )
    }
}
