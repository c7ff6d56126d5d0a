//! Events in Chinese and Korean: words in running text, with cues on the side where the language
//! puts them (before the verb in Chinese, behind it in Korean).

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use casefile::statement::{
    Argument, Attribution, Event, Group, MentionKind, Modality, Polarity, Quantity, Statement, When,
};

use super::State;
use crate::EXTRACTOR;
use crate::mention::{Candidate, Sort, Value};
use crate::text::{Script, Text};

/// What a cue does to the statement that it bears on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Risk,
    Avert,
    Planned,
    Hypothetical,
    Denied,
    Request,
    Obligation,
    Unconfirmed,
    Ongoing,
    General,
    Happened,
}

struct Tables {
    events: AhoCorasick,
    rows: Vec<(Event, &'static str)>,
    cues: AhoCorasick,
    effects: Vec<Effect>,
    tellers: AhoCorasick,
    hedges: AhoCorasick,
    /// Indices from here on in `hedges` name an unnamed source as well.
    unnamed_from: usize,
}

fn automaton(words: &[&str]) -> AhoCorasick {
    // The lists are constants of this crate; a failure to build would be caught by any test.
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .unwrap_or_else(|_| unreachable!("constant word lists build"))
}

fn tables(
    events: &'static str,
    cues: &'static str,
    tellers: &[&str],
    hedges: &[&str],
    unnamed: &[&str],
) -> Tables {
    let rows: Vec<(Event, &'static str, &'static str)> = events
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| {
            let mut columns = line.split('\t');
            let event = Event::from_word(columns.next()?)?;
            Some((event, columns.next()?, columns.next().unwrap_or("").trim()))
        })
        .collect();
    let cue_rows: Vec<(Effect, &'static str)> = cues
        .lines()
        .filter_map(|line| {
            let (effect, cue) = line.split_once('\t')?;
            let effect = match effect {
                "risk" => Effect::Risk,
                "avert" => Effect::Avert,
                "planned" => Effect::Planned,
                "hypothetical" => Effect::Hypothetical,
                "denied" => Effect::Denied,
                "request" => Effect::Request,
                "obligation" => Effect::Obligation,
                "unconfirmed" => Effect::Unconfirmed,
                "ongoing" => Effect::Ongoing,
                "general" => Effect::General,
                "happened" => Effect::Happened,
                _ => return None,
            };
            Some((effect, cue))
        })
        .collect();
    let mut all_hedges = hedges.to_vec();
    all_hedges.extend(unnamed);
    Tables {
        events: automaton(&rows.iter().map(|r| r.1).collect::<Vec<_>>()),
        rows: rows.iter().map(|r| (r.0, r.2)).collect(),
        cues: automaton(&cue_rows.iter().map(|r| r.1).collect::<Vec<_>>()),
        effects: cue_rows.iter().map(|r| r.0).collect(),
        tellers: automaton(tellers),
        hedges: automaton(&all_hedges),
        unnamed_from: hedges.len(),
    }
}

static CHINESE: LazyLock<Tables> = LazyLock::new(|| {
    tables(
        include_str!("../../data/events.zh.tsv"),
        include_str!("../../data/cues.zh.tsv"),
        &[
            "表示",
            "指出",
            "透露",
            "认为",
            "報道",
            "报道",
            "报告说",
            "报告称",
            "披露",
            "证实",
            "強調",
            "强调",
            "声称",
            "宣称",
            "宣布",
            "说道",
            "告诉",
            "否认",
            "作证",
            "回忆",
            "估计",
            "统计",
            "指控",
            "称",
            "说",
            "警告",
            "相信",
            "写道",
            "呼吁",
            "敦促",
            "促请",
            "要求",
            "补充",
            "显示",
            "表明",
            "建议",
            "担心",
            "回应",
            "承认",
            "坚称",
            "驳斥",
        ],
        &[
            "似乎", "疑似", "涉嫌", "估计", "可能", "或许", "大概", "恐怕", "疑",
        ],
        &[
            "据报道",
            "据报",
            "据称",
            "据悉",
            "据传",
            "据说",
            "有消息称",
            "有报道称",
            "消息称",
            "传出",
        ],
    )
});

static KOREAN: LazyLock<Tables> = LazyLock::new(|| {
    tables(
        include_str!("../../data/events.ko.tsv"),
        include_str!("../../data/cues.ko.tsv"),
        &[
            "말했",
            "밝혔",
            "전했",
            "주장했",
            "보도했",
            "증언했",
            "설명했",
            "지적했",
            "발표했",
            "강조했",
            "부인했",
            "확인했",
            "덧붙였",
            "털어놨",
            "폭로했",
            "에 따르면",
            "에 의하면",
            "에 따르면",
            "고 했다",
            "라고 했다",
            "추정했",
            "추산했",
            "우려했",
            "촉구했",
            "요구했",
            "요청했",
            "호소했",
            "경고했",
            "언급했",
            "말한다",
            "전한다",
            "주장한다",
            "다며",
            "라며",
            "기술했",
            "기술하였",
            "진술했",
            "분석했",
            "평가했",
            "반박했",
            "비판했",
            "호소하고",
            "밝히고",
            "강조하고",
            "말하였",
            "밝혔습니다",
            "두려워하",
            "밝힌",
            "전한",
            "말하길",
        ],
        &["추정", "추산", "가능성", "것으로 보", "것으로 추정", "의혹"],
        &[
            "알려졌",
            "알려진",
            "전해졌",
            "전해진",
            "것으로 전해",
            "것으로 알려",
            "소문",
        ],
    )
});

/// Simplified for traditional where the tables need it, byte for byte as long.
fn folded(text: &str) -> std::borrow::Cow<'_, str> {
    const PAIRS: &[(char, char)] = &[
        ('強', '强'),
        ('製', '制'),
        ('遣', '遣'),
        ('關', '关'),
        ('獄', '狱'),
        ('處', '处'),
        ('決', '决'),
        ('槍', '枪'),
        ('斃', '毙'),
        ('脫', '脱'),
        ('離', '离'),
        ('邊', '边'),
        ('達', '达'),
        ('釋', '释'),
        ('禁', '禁'),
        ('進', '进'),
        ('並', '并'),
        ('從', '从'),
        ('沒', '没'),
        ('將', '将'),
        ('計', '计'),
        ('劃', '划'),
        ('備', '备'),
        ('預', '预'),
        ('籲', '吁'),
        ('請', '请'),
        ('應', '应'),
        ('當', '当'),
        ('義', '义'),
        ('務', '务'),
        ('無', '无'),
        ('證', '证'),
        ('實', '实'),
        ('認', '认'),
        ('核', '核'),
        ('仍', '仍'),
        ('現', '现'),
        ('經', '经'),
        ('傳', '传'),
        ('據', '据'),
        ('報', '报'),
        ('稱', '称'),
        ('說', '说'),
        ('聲', '声'),
        ('示', '示'),
        ('聽', '听'),
        ('會', '会'),
        ('舉', '举'),
        ('開', '开'),
        ('勞', '劳'),
        ('動', '动'),
        ('墮', '堕'),
        ('奴', '奴'),
        ('賣', '卖'),
        ('販', '贩'),
        ('運', '运'),
        ('虐', '虐'),
        ('毆', '殴'),
        ('憂', '忧'),
        ('擔', '担'),
        ('險', '险'),
        ('臨', '临'),
        ('導', '导'),
        ('為', '为'),
        ('僱', '雇'),
        ('傭', '佣'),
        ('撥', '拨'),
        ('簽', '签'),
        ('訂', '订'),
        ('違', '违'),
        ('條', '条'),
        ('約', '约'),
        ('難', '难'),
        ('韓', '韩'),
        ('國', '国'),
        ('鮮', '鲜'),
        ('遞', '递'),
        ('驅', '驱'),
        ('誘', '诱'),
        ('軟', '软'),
        ('羈', '羁'),
        ('監', '监'),
        ('審', '审'),
        ('訊', '讯'),
    ];
    static TABLE: LazyLock<rustc_hash::FxHashMap<char, char>> = LazyLock::new(|| {
        PAIRS
            .iter()
            .filter(|(from, to)| from != to && from.len_utf8() == to.len_utf8())
            .copied()
            .collect()
    });
    if !text.chars().any(|c| TABLE.contains_key(&c)) {
        return std::borrow::Cow::Borrowed(text);
    }
    text.chars()
        .map(|c| TABLE.get(&c).copied().unwrap_or(c))
        .collect::<String>()
        .into()
}

/// One teller with what they vouch for, in bytes of the sentence.
struct Teller {
    source: Option<Range<usize>>,
    cue: Range<usize>,
    scope: Range<usize>,
}

/// One sentence at work. Offsets are bytes of the sentence; `base` leads to those of the text.
struct Line<'t, 'a> {
    text: &'t Text<'a>,
    mentions: &'t [Candidate],
    words: &'t str,
    base: u32,
    korean: bool,
    tables: &'static Tables,
}

/// All statements of one Chinese or Korean sentence.
pub(super) fn find(
    text: &Text<'_>,
    sentence: usize,
    mentions: &[Candidate],
    state: &mut State,
    into: &mut Vec<Statement>,
) {
    let Some(found) = text.sentences.get(sentence) else {
        return;
    };
    if found.table {
        return;
    }
    let bytes = text.bytes(found.tokens.clone());
    if bytes.len() > 4000 {
        return;
    }
    let raw = text.slice(bytes.clone());
    if let Some(speaker) = speaker(text, sentence, raw, bytes.start, mentions) {
        state.speaker = Some(speaker);
        state.quote_source = None;
    }
    let korean = found.script == Script::Hangul;
    let tables: &'static Tables = if korean { &KOREAN } else { &CHINESE };
    let words = if korean {
        std::borrow::Cow::Borrowed(raw)
    } else {
        folded(raw)
    };
    if words.len() != raw.len() || !tables.events.is_match(words.as_ref()) {
        return;
    }
    let first = mentions.partition_point(|m| m.bytes.end <= bytes.start);
    let last = mentions.partition_point(|m| m.bytes.start < bytes.end);
    let line = Line {
        text,
        mentions: mentions.get(first..last).unwrap_or(&[]),
        words: &words,
        base: bytes.start,
        korean,
        tables,
    };
    line.find(found.inside_quotation, state, into);
}

/// The speaker of a transcript that opens a block ("증인 윤도영:", "汪文斌：", "记者：").
fn speaker(
    text: &Text<'_>,
    sentence: usize,
    words: &str,
    base: u32,
    mentions: &[Candidate],
) -> Option<casefile::statement::Quote> {
    let block = |at: usize| text.sentences.get(at).map(|s| s.block);
    let opens = sentence
        .checked_sub(1)
        .is_none_or(|before| block(before) != block(sentence));
    let colon = words
        .char_indices()
        .take(20)
        .find(|(_, c)| matches!(c, ':' | '：'))
        .map(|(at, _)| at)
        .filter(|at| opens && *at > 0)?;
    let lead = words.get(..colon)?;
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let end = base + small(lead.len());
    let first = mentions.partition_point(|m| m.bytes.end <= base);
    let person = mentions
        .get(first..)?
        .iter()
        .take_while(|m| m.bytes.start < end)
        .find(|m| m.kind == MentionKind::Person && m.bytes.end <= end);
    if let Some(person) = person {
        return Some(text.quote(person.bytes.clone()));
    }
    let office = [
        "위원장",
        "위원",
        "의원",
        "증인",
        "대변인",
        "기자",
        "记者",
        "记者问",
        "发言人",
        "主席",
        "委员",
        "证人",
        "议员",
        "答",
        "问",
    ];
    let bare = lead.trim_matches(['“', '"', ' ']);
    if office.iter().any(|o| bare.ends_with(o)) {
        return Some(text.quote(base..end));
    }
    // "증인 윤도영", "위원장 정해린": the name behind the office.
    let (title, name) = bare.split_once(' ')?;
    let at = lead.rfind(name)?;
    (office.contains(&title) && name.chars().count() <= 4)
        .then(|| text.quote(base + small(at)..end))
}

const BREAKS: &[char] = &['，', ',', '；', ';', '。', '！', '？', '：', ':', '\n'];

impl Line<'_, '_> {
    fn find(&self, quoted: bool, state: &mut State, into: &mut Vec<Statement>) {
        let tellers = self.tellers();
        let mut before: Option<(Event, Option<Range<usize>>, usize)> = None;
        for hit in self.tables.events.find_iter(self.words) {
            let Some(&(event, needs)) = self.tables.rows.get(hit.pattern().as_usize()) else {
                continue;
            };
            let at = hit.range();
            if self.inside_name(&at) || !self.fits(&at, event, needs) {
                continue;
            }
            let clause = self.clause(&at);
            let (modality, polarity, mut hedges) = self.stance(&at, &clause, event);
            let patient = self.patient(&at, &clause, event).or_else(|| {
                // Items of a list ("酷刑、强迫劳动甚至处决") share whom they befall.
                before
                    .as_ref()
                    .filter(|(_, patient, end)| {
                        patient.is_some()
                            && at.start.saturating_sub(*end) < 24
                            && !self
                                .words
                                .get(*end..at.start)
                                .unwrap_or("")
                                .contains(BREAKS)
                    })
                    .and_then(|(_, patient, _)| patient.clone())
            });
            let quantity = self.quantity(&at, &clause, event);
            if let Some((_, Some(bound))) = &quantity {
                hedges.push(bound.clone());
            }
            let quantity = quantity.map(|(q, _)| q);
            let date = self.date(&at, &clause);
            let mut attribution = self.attribution(&at, &tellers);
            if attribution.is_empty()
                && quoted
                && let Some(carried) = &state.quote_source
            {
                attribution.clone_from(carried);
            }
            if attribution.is_empty()
                && let Some(last) = state
                    .east_source
                    .as_ref()
                    .filter(|_| starts_with_pronoun(self.words))
            {
                attribution.clone_from(last);
            }
            if attribution.is_empty()
                && let Some(speaker) = &state.speaker
            {
                attribution.push(Attribution {
                    source: Argument::At(speaker.clone()),
                    cue: None,
                });
            }
            let group = patient.clone().map_or_else(Vec::new, |p| self.groups(&p));
            let quantity_measure = quantity.map(|mut q| {
                q.measure = super::measure(modality, event, date.as_ref());
                q
            });
            let (place, origin, destination, agent) = self.places(&at, &clause, patient.as_ref());
            let quote = self.quote(&self.trimmed(&clause));
            let statement = Statement {
                event,
                start: quote.start,
                end: quote.end,
                quote: quote.text,
                trigger: self.quote(&at),
                agent,
                patient: patient
                    .iter()
                    .map(|p| Argument::At(self.quote(p)))
                    .collect(),
                object: Vec::new(),
                group,
                place,
                origin,
                destination,
                quantity: quantity_measure,
                date,
                modality,
                polarity,
                attribution: attribution.clone(),
                hedges: hedges.iter().map(|h| self.quote(h)).collect(),
                score: 0.75,
                extractor: EXTRACTOR.into(),
            };
            before = Some((event, patient, at.end));
            if statement.quantity.is_some() {
                state.last_counted = Some(statement.clone());
            }
            into.push(statement);
        }
        let last = tellers
            .iter()
            .rev()
            .find(|t| t.source.is_some())
            .map(|t| vec![self.attribution_of(t)]);
        if let Some(last) = last {
            state.quote_source = Some(last.clone());
            state.east_source = Some(last);
        } else if !starts_with_pronoun(self.words) {
            state.east_source = None;
        }
    }

    fn quote(&self, at: &Range<usize>) -> casefile::statement::Quote {
        self.text.quote(self.bytes(at))
    }

    fn bytes(&self, at: &Range<usize>) -> Range<u32> {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.base + small(at.start)..self.base + small(at.end)
    }

    fn own(&self, mention: &Candidate) -> Range<usize> {
        mention.bytes.start.saturating_sub(self.base) as usize
            ..mention.bytes.end.saturating_sub(self.base) as usize
    }

    fn inside_name(&self, at: &Range<usize>) -> bool {
        self.mentions.iter().any(|m| {
            let own = self.own(m);
            !matches!(m.kind, MentionKind::Number | MentionKind::Date)
                && own.start <= at.start
                && own.end >= at.end
                && !(m.kind == MentionKind::Place && own == *at)
        })
    }

    fn after(&self, at: usize) -> &str {
        self.words.get(at..).unwrap_or("")
    }

    fn before(&self, at: usize) -> &str {
        self.words.get(..at).unwrap_or("")
    }

    fn fits(&self, at: &Range<usize>, event: Event, needs: &str) -> bool {
        let after = self.after(at.end);
        let before = self.before(at.start);
        let clause = self.clause(at);
        let around = self.words.get(clause).unwrap_or("");
        let any = |words: &[&str]| words.iter().any(|w| around.contains(w));
        let people = || {
            any(&[
                "人",
                "者",
                "名",
                "妇女",
                "女性",
                "儿童",
                "民",
                "工人",
                "劳工",
                "员",
                "명",
                "주민",
                "여성",
                "아동",
                "근로자",
                "노동자",
                "그는",
                "그녀",
                "가족",
                "她",
                "他",
            ])
        };
        // What is named by the act is not the act: 拘留所, 수용소, 监狱.
        let names_place = [
            "所", "中心", "营", "设施", "场所", "地点", "地", "소", "시설", "센터",
        ]
        .iter()
        .any(|w| {
            after.starts_with(w)
                || after
                    .strip_prefix(' ')
                    .is_some_and(|a| a.starts_with(w) && self.korean)
        });
        if names_place
            && matches!(event, Event::Detention | Event::Repatriation)
            && !before.ends_with("被")
            && !after.starts_with("地区")
            && !after.starts_with("地位")
        {
            return false;
        }
        if event == Event::Execution && after.starts_with('刑') {
            return false;
        }
        match needs {
            "" => true,
            "not_place" => !names_place,
            "people" => people() && !any(&["货物", "货轮", "集装箱", "渔船"]),
            "not_noun" => ![
                "者",
                "民",
                "人",
                "女",
                "家",
                "青",
                "学",
                "學",
                "자",
                "민",
                "여성",
                "청소년",
                "브로커",
                "단체",
                "가족",
                "아동",
                "남성",
                " 여성",
                " 청소년",
                " 브로커",
                " 단체",
            ]
            .iter()
            .any(|w| after.starts_with(w)),
            "held" => any(&["举行", "召开", "举办", "开", "열", "개최", "진행"]),
            "goods" => !after.starts_with("处") && !before.ends_with("的"),
            "list" => any(&["名单", "清单", "黑名单", "实体", "制裁"]),
            "workers" => any(&["工人", "劳工", "劳动者", "노동자", "근로자", "인력"]),
            "assets" => any(&["资产", "财产", "账户", "资金"]),
            "owns" => any(&["股", "公司", "企业"]),
            "law" => any(&[
                "法案", "决议", "法律", "法》", "법안", "결의", "법이", "법을",
            ]),
            "agreement" => any(&["协议", "条约", "协定", "备忘录", "议定书"]),
            "event" => any(&["会", "听证", "活动"]),
            "not_under" => !before.ends_with("受"),
            "not_import" => {
                !after.starts_with("进口")
                    && !before.trim_end().ends_with("수입")
                    && !before.trim_end().ends_with("수입을")
            }
            "not_sexual" => !before.ends_with('성'),
            // 고문 is "torture" and "adviser".
            "torture" => {
                let adviser = [
                    "은 ",
                    "는 ",
                    "이 ",
                    "가 ",
                    "단",
                    "관",
                    "으로 임명",
                    "으로 위촉",
                    "직",
                ]
                .iter()
                .any(|w| after.starts_with(w))
                    && !any(&["당", "받", "구타", "가해", "처형", "학대"]);
                !adviser
            }
            "sent" => any(&["보내", "보냈", "발송", "전달", "제출", "송부", "썼", "공개"]),
            "import" => {
                [
                    "하", "한", "해", "된", "되", "됐", "량", "을", "품", "산", " 금", "업", "국",
                    "이",
                ]
                .iter()
                .any(|w| after.starts_with(w))
                    && !any(&["월수입", "수입이 없", "소득"])
            }
            _ => false,
        }
    }

    /// The clause around a trigger: between marks that part clauses (lists stay whole).
    fn clause(&self, at: &Range<usize>) -> Range<usize> {
        let start = self
            .before(at.start)
            .rmatch_indices(BREAKS)
            .find(|(b, mark)| !self.inside_figure(*b, mark))
            .map_or(0, |(b, mark)| b + mark.len());
        let end = self
            .after(at.end)
            .match_indices(BREAKS)
            .find(|(b, mark)| !self.inside_figure(at.end + b, mark))
            .map_or(self.words.len(), |(b, _)| at.end + b);
        start..end
    }

    /// "3,981" and "12:30" hold marks that part nothing.
    fn inside_figure(&self, at: usize, mark: &str) -> bool {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        matches!(mark, "," | ":")
            && digit(self.before(at).chars().next_back())
            && digit(self.after(at + mark.len()).chars().next())
    }

    fn trimmed(&self, at: &Range<usize>) -> Range<usize> {
        let part = self.words.get(at.clone()).unwrap_or("");
        let marks: &[char] = &[' ', '“', '”', '"', '「', '」', '.', '。', '、'];
        let start = at.start + (part.len() - part.trim_start_matches(marks).len());
        let end = (at.start + part.trim_end_matches(marks).len()).max(start);
        start..end
    }

    fn stance(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> (Modality, Polarity, Vec<Range<usize>>) {
        let mut hedges = Vec::new();
        for hit in self.tables.hedges.find_iter(self.words) {
            let near = if self.korean {
                hit.start() >= at.end && hit.start() - at.end < 60
            } else {
                clause.contains(&hit.start()) && hit.start() < at.start
                    || hit.pattern().as_usize() >= self.tables.unnamed_from
                        && hit.start() < at.start
            };
            if near {
                hedges.push(hit.range());
            }
        }
        let effect = if self.korean {
            self.effect_behind(at, clause)
        } else {
            self.effect_before(at, clause)
        };
        let lasting = super::lasting(event);
        let (modality, polarity) = match effect {
            Some(Effect::Risk | Effect::Avert) => (Modality::Risk, Polarity::Positive),
            Some(Effect::Planned) => (
                if super::english_harm(event) && self.korean {
                    Modality::Risk
                } else {
                    Modality::Planned
                },
                Polarity::Positive,
            ),
            Some(Effect::Hypothetical) => (Modality::Hypothetical, Polarity::Positive),
            Some(Effect::Denied) => (Modality::Denied, Polarity::Negative),
            Some(Effect::Request) => (Modality::Request, Polarity::Positive),
            Some(Effect::Obligation) => (Modality::Obligation, Polarity::Positive),
            Some(Effect::Unconfirmed) => (Modality::Unconfirmed, Polarity::Positive),
            Some(Effect::Ongoing) => (Modality::Ongoing, Polarity::Positive),
            Some(Effect::General) => (Modality::General, Polarity::Positive),
            Some(Effect::Happened) => (Modality::Happened, Polarity::Positive),
            None if event == Event::Obligation => (Modality::Obligation, Polarity::Positive),
            None if lasting && !matches!(event, Event::Detention) => {
                (Modality::Ongoing, Polarity::Positive)
            }
            None => (Modality::Happened, Polarity::Positive),
        };
        // The act of asking is a fact; what is asked for is not.
        let (modality, polarity) = if matches!(
            event,
            Event::Request | Event::Letter | Event::Report | Event::Testimony
        ) && matches!(modality, Modality::Request | Modality::Risk)
        {
            (Modality::Happened, Polarity::Positive)
        } else {
            (modality, polarity)
        };
        (modality, polarity, hedges)
    }

    /// Chinese: the nearest cue before the trigger in its clause; a condition, a denial or a
    /// request may stand in a clause before it.
    fn effect_before(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
        let mut nearest: Option<(Effect, usize)> = None;
        for hit in self.tables.cues.find_iter(self.before(at.start)) {
            let Some(&effect) = self.tables.effects.get(hit.pattern().as_usize()) else {
                continue;
            };
            let own_clause = hit.start() >= clause.start;
            let reaches = own_clause
                || matches!(effect, Effect::Denied | Effect::Request)
                    && self.words.get(hit.start()..hit.end()).is_some_and(|c| {
                        matches!(c, "否认" | "呼吁" | "敦促" | "促请" | "吁请")
                            || matches!(c, "要求" | "请求" | "恳请")
                                && ["并", "立即", "停止", "不", "以及", "同时"]
                                    .iter()
                                    .any(|w| self.after(clause.start).starts_with(w))
                    })
                    && self.between_is_light(hit.end(), at.start);
            if !reaches {
                continue;
            }
            // 将 before a noun phrase is also "把": "将三人遣返".
            let cue = self.words.get(hit.range()).unwrap_or("");
            if cue == "将" && self.takes_object(hit.end(), at.start) {
                continue;
            }
            if cue == "没有" && at.start - hit.end() > 24 {
                continue;
            }
            nearest = match nearest {
                // Risk and denial outweigh what merely says that it goes on.
                Some((
                    old @ (Effect::Denied
                    | Effect::Hypothetical
                    | Effect::Unconfirmed
                    | Effect::Request),
                    place,
                )) if matches!(effect, Effect::Ongoing | Effect::General | Effect::Happened) => {
                    Some((old, place))
                }
                Some((Effect::Request, place))
                    if matches!(effect, Effect::Denied | Effect::Obligation) =>
                {
                    Some((Effect::Request, place))
                }
                _ => Some((effect, hit.start())),
            };
        }
        // Those to whom it would be done ("被遣返者一旦回国，将面临…"), before what awaits them.
        let participle = self.before(at.start).ends_with('被')
            && self.after(at.end).starts_with(['者', '的', '后', '人']);
        if participle
            && nearest.is_none_or(|(e, _)| !matches!(e, Effect::Denied | Effect::Unconfirmed))
            && self.rest(at.end).char_indices().take(40).any(|(b, _)| {
                let rest = self.rest(at.end);
                let rest = rest.get(b..).unwrap_or("");
                [
                    "一旦",
                    "可能",
                    "将面临",
                    "将被",
                    "将遭",
                    "会面临",
                    "会被",
                    "会遭",
                    "面临",
                    "恐",
                    "若",
                    "往往",
                ]
                .iter()
                .any(|w| rest.starts_with(w))
            })
        {
            return Some(Effect::Hypothetical);
        }
        if let Some(effect) = self.behind(at, clause) {
            return Some(effect);
        }
        // "如果…，…也将…": what follows a condition is no fact.
        if nearest.is_none_or(|(e, _)| {
            matches!(
                e,
                Effect::Ongoing | Effect::General | Effect::Happened | Effect::Planned
            )
        }) && self.under_condition(clause)
        {
            return Some(Effect::Hypothetical);
        }
        // "…的风险", "…之虞" stand behind.
        let behind = self.words.get(at.end..(clause.end)).unwrap_or("");
        let behind_near: String = behind.chars().take(8).collect();
        if nearest
            .is_none_or(|(e, _)| matches!(e, Effect::Ongoing | Effect::General | Effect::Happened))
            && ["的风险", "的危险", "之虞", "风险", "的可能", "危机"]
                .iter()
                .any(|w| behind_near.contains(w))
        {
            return Some(Effect::Risk);
        }
        nearest.map(|(effect, _)| effect)
    }

    /// The words from `at` to the end of the sentence.
    fn rest(&self, at: usize) -> &str {
        let after = self.after(at);
        after
            .split_once(['。', '！', '？', '；'])
            .map_or(after, |(rest, _)| rest)
    }

    /// What stands behind a trigger in Chinese and takes back or asks what was said.
    fn behind(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
        const FALSE: &[&str] = &[
            "捏造",
            "不符合事实",
            "不符事实",
            "与事实不符",
            "不属实",
            "并不属实",
            "子虚乌有",
            "谎言",
            "谣言",
            "造谣",
            "不是事实",
            "无稽之谈",
            "毫无根据",
            "没有根据",
        ];
        let rest = self.rest(at.end);
        let limit = rest.char_indices().nth(30).map_or(rest.len(), |(b, _)| b);
        let near = rest.get(..limit).unwrap_or(rest);
        if FALSE.iter().any(|w| near.contains(w)) {
            return Some(Effect::Denied);
        }
        let open = [
            "尚未得到证实",
            "未获证实",
            "未得到证实",
            "有待证实",
            "尚待核实",
            "无法证实",
        ];
        let own = self.words.get(at.end..clause.end).unwrap_or("");
        let asked = self.after(clause.end).starts_with(['？', '?']);
        if open.iter().any(|w| near.contains(w))
            || asked && (own.ends_with(['吗', '呢', '么']) || own.is_empty())
        {
            return Some(Effect::Unconfirmed);
        }
        None
    }

    /// Whether a clause before this one, in the same sentence, is a condition.
    fn under_condition(&self, clause: &Range<usize>) -> bool {
        let lead = self.before(clause.start);
        let lead = lead
            .rfind(['。', '！', '？', '；'])
            .map_or(lead, |b| lead.get(b..).unwrap_or(lead));
        lead.chars().count() < 60
            && ["如果", "倘若", "假如", "要是", "一旦", "万一", "除非"]
                .iter()
                .any(|w| lead.contains(w))
    }

    fn between_is_light(&self, from: usize, to: usize) -> bool {
        let between = self.words.get(from..to).unwrap_or("");
        between.chars().count() < 40 && !between.contains(['。', '；', ';'])
    }

    /// Whether 将 at the left takes a person as object before the verb.
    fn takes_object(&self, from: usize, to: usize) -> bool {
        let between = self.words.get(from..to).unwrap_or("");
        // "将对…实施", "将向…", "将继续": the future before another verb's object.
        if between.starts_with([
            '对', '向', '于', '在', '会', '就', '与', '和', '不', '要', '继', '再', '从', '由',
            '为',
        ]) {
            return false;
        }
        let counted = self.mentions.iter().any(|m| {
            let own = self.own(m);
            own.start >= from
                && own.end <= to
                && matches!(
                    m.kind,
                    MentionKind::Number | MentionKind::Person | MentionKind::Nationality
                )
        });
        (counted || between.contains(['人', '者', '她', '他', '民', '其']))
            && !between.contains('被')
            && !between.contains("面临")
            && !between.contains("遭")
    }

    /// Korean: the first cue behind the trigger, up to the end of the clause or of the list that
    /// the trigger stands in.
    fn effect_behind(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
        // A list goes on over commas ("고문, 강제노동, 처형에 직면").
        let mut end = clause.end;
        let mut tail = self.after(at.end);
        for _ in 0..4 {
            let gap = self.words.get(at.end..end).unwrap_or("").trim();
            let list = gap.chars().count() <= 14
                && self.after(end).starts_with(',')
                && !gap.ends_with('다')
                && !gap.ends_with('고')
                && !gap.ends_with('며');
            if !list {
                break;
            }
            end = self
                .after(end + 1)
                .find(BREAKS)
                .map_or(self.words.len(), |b| end + 1 + b);
        }
        tail = tail.get(..end - at.end).unwrap_or(tail);
        // Past the request or denial at the very end of the sentence the clause's own end rules.
        let mut first: Option<(Effect, usize)> = None;
        for hit in self.tables.cues.find_iter(tail) {
            let Some(&effect) = self.tables.effects.get(hit.pattern().as_usize()) else {
                continue;
            };
            let lead = tail.get(..hit.start()).unwrap_or("");
            // 심하면, 어쩌면 are no conditions.
            if lead.ends_with('심') {
                continue;
            }
            let distance = lead.chars().count();
            match first {
                None if distance < 40 => first = Some((effect, distance)),
                // "북송했다고 부인했다", "북송된 사실을 부인": who denies outweighs the tense.
                Some((Effect::Happened | Effect::Ongoing | Effect::General, _))
                    if matches!(effect, Effect::Denied | Effect::Unconfirmed) && distance < 40 =>
                {
                    let cue = tail.get(hit.range()).unwrap_or("");
                    if matches!(
                        cue,
                        "부인"
                            | "일축"
                            | "사실이 아니"
                            | "사실무근"
                            | "확인되지 않"
                            | "확인할 수 없"
                            | "확인하지 못"
                            | "여부"
                    ) {
                        first = Some((effect, distance));
                    }
                }
                Some((Effect::Happened, near))
                    if matches!(effect, Effect::Risk)
                        && distance < near + 12
                        && tail.get(hit.range()) == Some("우려")
                        && false => {}
                _ => {}
            }
        }
        // "…했습니까?": asked, not said.
        let ending = self.words.get(at.end..clause.end).unwrap_or("");
        if ending.trim_end_matches(['"', '”']).ends_with(['까', '냐'])
            && self
                .after(clause.end)
                .trim_start_matches(['"', '”'])
                .starts_with('?')
        {
            return Some(Effect::Unconfirmed);
        }
        // "사실이라면 …": under a condition.
        let lead = self.words.get(clause.start..at.start).unwrap_or("");
        if first
            .is_none_or(|(e, _)| matches!(e, Effect::Happened | Effect::Ongoing | Effect::General))
            && ["사실이라면", "만약 ", "만일 ", "사실일 경우"]
                .iter()
                .any(|w| lead.contains(w))
        {
            return Some(Effect::Hypothetical);
        }
        // "…지 말 것을 촉구", "중단을 촉구": what is asked for.
        first.map(|(effect, _)| effect)
    }

    fn is_person_count(&self, mention: &Candidate) -> bool {
        let Value::Number(number) = &mention.value else {
            return false;
        };
        if number.sort != Sort::Count {
            return false;
        }
        match number.unit {
            Some("person") => true,
            Some(_) => false,
            None => {
                let after = self.after(self.own(mention).end);
                // "数以千计的朝鲜妇女", "一百万维吾尔人": people within a few characters.
                let people = after
                    .chars()
                    .take(8)
                    .take_while(|c| {
                        !BREAKS.contains(c) && !matches!(c, '被' | '在' | '个' | '家' | '吨' | '元')
                    })
                    .any(|c| matches!(c, '人' | '女' | '民' | '工' | '童' | '囚'));
                people
                    || [
                        "人", "名", "位", "명", "脱北", "难民", "妇女", "女", "工人", "劳", "者",
                        "多人", " 탈북", " 북한", "탈북", "朝鲜", "北韩",
                    ]
                    .iter()
                    .any(|w| after.starts_with(w))
            }
        }
    }

    fn quantity(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> Option<(Quantity, Option<Range<usize>>)> {
        let about_people = super::english_harm(event)
            || matches!(
                event,
                Event::Crossing
                    | Event::Arrival
                    | Event::Residence
                    | Event::Release
                    | Event::Employment
                    | Event::LabourExport
                    | Event::LabourImport
                    | Event::Transfer
            );
        let own = self
            .mentions
            .iter()
            .filter(|m| matches!(m.value, Value::Number(_)))
            .filter(|m| {
                let own = self.own(m);
                own.start >= clause.start && own.end <= clause.end
            })
            .filter(|m| if event == Event::Sanction {
                matches!(&m.value, Value::Number(n) if n.sort == Sort::Count && n.unit != Some("case"))
            } else if about_people { self.is_person_count(m) || self.is_case_count(m) } else { matches!(event, Event::Import | Event::Export) && matches!(&m.value, Value::Number(n) if matches!(n.sort, Sort::Measure | Sort::Money)) })
            .filter(|m| {
                // "508명의 증언", "37명을 면담": those are asked, not harmed.
                let after = self.after(self.own(m).end);
                !["의 증언", "의 진술", "을 면담", "을 조사", "를 조사", "을 인터뷰", "의 설문"]
                    .iter()
                    .any(|w| after.starts_with(w) && at.start > self.own(m).end)
            })
            .min_by_key(|m| {
                let own = self.own(m);
                let behind = own.start >= at.end;
                // A Korean verb follows what it counts, except where it stands before its noun.
                let wrong_side = self.korean && behind != self.attributive(at.end);
                (
                    wrong_side,
                    if behind { own.start - at.end } else { at.start.saturating_sub(own.end) },
                )
            })?;
        let Value::Number(number) = &own.value else {
            return None;
        };
        let unit = if self.is_case_count(own) {
            "case"
        } else if about_people {
            "person"
        } else {
            number.unit.unwrap_or("item")
        };
        let quantity =
            super::quantity_of(self.text, own.bytes.clone(), number, Some(unit.to_owned()));
        let bound = number.bound.clone().map(|b| {
            b.start.saturating_sub(self.base) as usize..b.end.saturating_sub(self.base) as usize
        });
        Some((quantity, bound))
    }

    /// Whether the Korean verb that goes on at `end` stands before its noun ("북송된", "수감돼
    /// 있던").
    fn attributive(&self, end: usize) -> bool {
        let mut tail = self.after(end).split(' ');
        let first = tail.next().unwrap_or("");
        let second = tail.next().unwrap_or("");
        let own = |w: &str| {
            ["된", "한", "던", "는", "인", "은", "될", "할"]
                .iter()
                .any(|e| w.ends_with(e))
                && !w.ends_with("에는")
                && w.chars().count() < 7
        };
        own(first) && !matches!(first, "은" | "는")
            || (first.ends_with(['돼', '어', '고', '중']) || first.is_empty() || first == "되어")
                && matches!(second, "있던" | "있는" | "중이던" | "중인" | "온" | "왔던")
    }

    fn is_case_count(&self, mention: &Candidate) -> bool {
        matches!(&mention.value, Value::Number(n) if n.unit == Some("case")) || {
            let text = self.words.get(self.own(mention)).unwrap_or("");
            text.ends_with('例') || text.ends_with('起') || text.ends_with('건')
        }
    }

    fn date(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<When> {
        let dates = self
            .mentions
            .iter()
            .filter(|m| matches!(m.value, Value::Date(_)));
        let in_clause = dates.clone().filter(|m| {
            let own = self.own(m);
            own.start >= clause.start && own.end <= clause.end
        });
        // A date that opens the sentence, or stands right before the clause, holds for it.
        let chosen = in_clause
            .min_by_key(|m| self.own(m).start.abs_diff(at.start))
            .or_else(|| {
                dates
                    .clone()
                    .filter(|m| {
                        self.own(m).end <= clause.start && clause.start - self.own(m).end < 40
                    })
                    .next_back()
            })?;
        let Value::Date(interval) = &chosen.value else {
            return None;
        };
        let quote = self.text.quote(chosen.bytes.clone());
        Some(When {
            text: quote.text,
            start: quote.start,
            end: quote.end,
            from: interval.from.clone(),
            to: interval.to.clone(),
            precision: interval.precision.to_owned(),
            relative: interval.relative,
        })
    }

    /// Whom it befalls: the nearest words for people in the clause, by the marks of the language.
    fn patient(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> Option<Range<usize>> {
        const ZH: &[&str] = &[
            "被遣返者",
            "脱北者",
            "脱北妇女",
            "难民",
            "寻求庇护者",
            "朝鲜妇女",
            "妇女",
            "女性",
            "儿童",
            "工人",
            "劳工",
            "劳动者",
            "传教士",
            "学生",
            "囚犯",
            "被拘留者",
            "维吾尔人",
            "维吾尔族",
            "少数民族",
            "朝鲜人",
            "北韩人",
            "人员",
            "她们",
            "他们",
            "家属",
            "家人",
            "民众",
            "男子",
            "女子",
            "活动人士",
            "她",
            "他",
        ];
        const KO: &[&str] = &[
            "탈북민",
            "탈북자",
            "탈북 여성",
            "탈북여성",
            "북한 주민",
            "북한이탈주민",
            "난민",
            "여성",
            "아동",
            "노동자",
            "근로자",
            "선교사",
            "학생",
            "수감자",
            "구금자",
            "주민",
            "그들",
            "이들",
            "가족",
            "활동가",
            "북한인",
            "사람",
        ];
        let _ = event;
        let names: &[&str] = if self.korean { KO } else { ZH };
        let mut best: Option<(usize, Range<usize>)> = None;
        let part = self.words.get(clause.clone())?;
        for name in names {
            for (found, _) in part.match_indices(name) {
                let range = clause.start + found..clause.start + found + name.len();
                // 其他 is no 他.
                if self.before(range.start).ends_with('其') {
                    continue;
                }
                let distance = if range.start >= at.end {
                    range.start - at.end
                } else {
                    at.start.saturating_sub(range.end)
                };
                let covered = best
                    .as_ref()
                    .is_some_and(|(_, b)| b.start <= range.start && b.end >= range.end);
                if !covered
                    && best.as_ref().is_none_or(|(d, b)| {
                        distance < *d || (range.start <= b.start && range.end >= b.end)
                    })
                {
                    best = Some((distance, range));
                }
            }
        }
        let named = self
            .mentions
            .iter()
            .filter(|m| m.kind == MentionKind::Person)
            .map(|m| self.own(m))
            .find(|own| {
                own.start >= clause.start
                    && own.end <= at.start
                    && self.words.get(own.end..at.start).is_some_and(|b| {
                        b.contains('被') || b.starts_with("遭") || b.starts_with("씨가")
                    })
            });
        named.or_else(|| best.map(|(_, range)| range)).or_else(|| {
            self.mentions
                .iter()
                .filter(|m| self.is_person_count(m))
                .map(|m| self.own(m))
                .find(|own| own.start >= clause.start && own.end <= clause.end)
        })
    }

    fn groups(&self, patient: &Range<usize>) -> Vec<Group> {
        let words = self.words.get(patient.clone()).unwrap_or("");
        let table: &[(&str, Group)] = &[
            ("脱北", Group::Refugees),
            ("难民", Group::Refugees),
            ("庇护", Group::AsylumSeekers),
            ("妇女", Group::Women),
            ("女", Group::Women),
            ("儿童", Group::Children),
            ("工", Group::Workers),
            ("劳动者", Group::Workers),
            ("学生", Group::Students),
            ("囚", Group::Prisoners),
            ("被拘留", Group::Prisoners),
            ("维吾尔", Group::EthnicMinorities),
            ("少数民族", Group::EthnicMinorities),
            ("传教", Group::Missionaries),
            ("家", Group::Families),
            ("男", Group::Men),
            ("活动人士", Group::Helpers),
            ("탈북", Group::Refugees),
            ("이탈주민", Group::Refugees),
            ("난민", Group::Refugees),
            ("여성", Group::Women),
            ("아동", Group::Children),
            ("노동자", Group::Workers),
            ("근로자", Group::Workers),
            ("선교사", Group::Missionaries),
            ("학생", Group::Students),
            ("수감자", Group::Prisoners),
            ("구금자", Group::Prisoners),
            ("가족", Group::Families),
            ("활동가", Group::Helpers),
        ];
        let mut groups = Vec::new();
        for (word, group) in table {
            if words.contains(word) && !groups.contains(group) {
                groups.push(*group);
            }
        }
        groups
    }

    #[expect(
        clippy::type_complexity,
        reason = "four lists of the same kind, taken apart at once"
    )]
    fn places(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        patient: Option<&Range<usize>>,
    ) -> (Vec<Argument>, Vec<Argument>, Vec<Argument>, Vec<Argument>) {
        let (mut place, mut origin, mut destination, mut agent) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for mention in self
            .mentions
            .iter()
            .filter(|m| matches!(m.kind, MentionKind::Place | MentionKind::Organisation))
        {
            let own = self.own(mention);
            if own.start < clause.start
                || own.end > clause.end
                || patient.is_some_and(|p| p.start <= own.start && own.end <= p.end)
            {
                continue;
            }
            let argument = Argument::At(self.quote(&own));
            let before = self.before(own.start);
            let after = self.after(own.end);
            let is_place = mention.kind == MentionKind::Place;
            if self.korean {
                if is_place
                    && (after.starts_with("에서")
                        || after.starts_with("내")
                        || after.starts_with(" 내"))
                {
                    place.push(argument);
                } else if is_place && (after.starts_with("으로") || after.starts_with("로")) {
                    destination.push(argument);
                } else if ["이 ", "가 ", "은 ", "는 ", " 당국", " 정부", " 공안"]
                    .iter()
                    .any(|p| after.starts_with(p))
                    && own.end <= at.start
                {
                    agent.push(argument);
                }
            } else if is_place && (before.ends_with('在') || before.ends_with("位于")) {
                place.push(argument);
            } else if is_place && before.ends_with('从') {
                origin.push(argument);
            } else if is_place
                && (before.ends_with('回')
                    || before.ends_with('到')
                    || before.ends_with("抵达")
                    || before.ends_with("至")
                    || before.ends_with('往')
                    || before.ends_with('向')
                    || before.ends_with('对'))
            {
                destination.push(argument);
            } else if own.end <= at.start
                && (after.starts_with('把')
                    || after.starts_with('将')
                    || after.starts_with("当局")
                    || after.starts_with("政府")
                    || after.starts_with("警方")
                    || after.starts_with("公安")
                    || before.ends_with('被')
                    || own.end == at.start)
            {
                agent.push(argument);
            } else if is_place && before.ends_with('和') && !place.is_empty() {
                place.push(argument);
            }
        }
        (place, origin, destination, agent)
    }

    fn attribution_of(&self, teller: &Teller) -> Attribution {
        Attribution {
            source: teller
                .source
                .as_ref()
                .map_or_else(Argument::unnamed, |s| Argument::At(self.quote(s))),
            cue: Some(self.quote(&teller.cue)),
        }
    }

    fn attribution(&self, at: &Range<usize>, tellers: &[Teller]) -> Vec<Attribution> {
        let mut over: Vec<&Teller> = tellers
            .iter()
            .filter(|t| {
                t.scope.contains(&at.start) && !(t.cue.start < at.end && at.start < t.cue.end)
            })
            .collect();
        over.sort_by_key(|t| (t.source.is_none(), t.scope.len()));
        over.iter()
            .take(3)
            .map(|t| self.attribution_of(t))
            .collect()
    }

    fn tellers(&self) -> Vec<Teller> {
        let mut found: Vec<Teller> = Vec::new();
        for hit in self.tables.hedges.find_iter(self.words) {
            if hit.pattern().as_usize() >= self.tables.unnamed_from {
                let scope = if self.korean {
                    0..hit.start()
                } else {
                    hit.end()..self.words.len()
                };
                found.push(Teller {
                    source: None,
                    cue: hit.range(),
                    scope,
                });
            }
        }
        let mut from = 0;
        for hit in self.tables.tellers.find_iter(self.words) {
            let cue = hit.range();
            if self.inside_name(&cue)
                || found
                    .iter()
                    .any(|t| t.cue.start < cue.end && cue.start < t.cue.end)
            {
                continue;
            }
            if !self.korean
                && let Some(both) = self.relayed(&cue)
            {
                found.extend(both);
                continue;
            }
            let teller = if self.korean {
                self.korean_teller(&cue, from)
            } else {
                self.chinese_teller(&cue, from)
            };
            if let Some(teller) = teller {
                if self.korean {
                    from = cue.end;
                }
                found.push(teller);
            }
        }
        found
    }

    /// "X称，…": who stands right before the verb, in the same clause.
    fn chinese_teller(&self, cue: &Range<usize>, _from: usize) -> Option<Teller> {
        let word = self.words.get(cue.clone())?;
        let before = self.before(cue.start);
        // "作证的学者", "证实有关指控" under a condition: nobody says it.
        if self.after(cue.end).starts_with('的') {
            return None;
        }
        let clause_start = before.rfind(BREAKS).unwrap_or(0);
        if ["如果", "倘若", "假如", "一旦"]
            .iter()
            .any(|w| before.get(clause_start..).unwrap_or("").contains(w))
        {
            return None;
        }
        if before.ends_with(['未', '没', '不', '被', '名', '自', '所', '职'])
            || before.ends_with("没有")
            || before.ends_with("的") && word != "称"
        {
            return None;
        }
        if matches!(word, "说" | "称") {
            let next = self.after(cue.end).chars().next();
            if matches!(
                next,
                Some('法' | '明' | '服' | '谎' | '为' | '呼' | '号' | '之' | '赞')
            ) || before.ends_with([
                '小', '听', '据', '传', '学', '简', '别', '统', '通', '声', '宣', '报',
            ]) && word == "称"
                && !before.ends_with(['声', '报'])
            {
                return None;
            }
        }
        let start = before.rfind(BREAKS).map_or(0, |b| {
            b + before
                .get(b..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
        let subject = start..cue.start;
        let words = self.words.get(subject.clone())?;
        let lead = words.len()
            - words
                .trim_start_matches([
                    '据', '另', '“', '”', ' ', '但', '而', '又', '并', '同', '时',
                ])
                .len();
        let subject = subject.start + lead..subject.end;
        let source = match self.source(&subject) {
            Some(source) => source,
            // "该公司发表声明，否认…": whose statement the clause before says.
            None if subject.is_empty() && start > 0 => self.first_named_before(start)?,
            None => return None,
        };
        let by = words.trim_start_matches(['“', '”', ' ']).starts_with('据')
            || words.starts_with("另据")
            || words.starts_with("根据");
        // After "据X透露，" and "X称，" the rest of the sentence is told; at the sentence's end what
        // stands before.
        let rest = self
            .after(cue.end)
            .trim_matches(['，', '。', '：', '”', '“', ' ', ',', ':']);
        let scope = if rest.is_empty() {
            0..subject.start
        } else {
            cue.end..self.words.len()
        };
        let _ = by;
        Some(Teller {
            source: Some(source),
            cue: cue.clone(),
            scope,
        })
    }

    /// Who is named first in the clause that ends at `end`.
    fn first_named_before(&self, end: usize) -> Option<Range<usize>> {
        let lead = self.before(end);
        let lead = lead.trim_end_matches(BREAKS);
        let start = lead.rfind(BREAKS).map_or(0, |b| {
            b + self.after(b).chars().next().map_or(1, char::len_utf8)
        });
        self.mentions
            .iter()
            .filter(|m| matches!(m.kind, MentionKind::Person | MentionKind::Organisation))
            .map(|m| self.own(m))
            .find(|own| own.start >= start && own.end <= lead.len())
    }

    /// "该组织援引一名传教士的话说": who is relayed, and who relays.
    fn relayed(&self, cue: &Range<usize>) -> Option<[Teller; 2]> {
        let before = self.before(cue.start);
        let start = before.rfind(BREAKS).map_or(0, |b| {
            b + before
                .get(b..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
        let words = self.words.get(start..cue.start)?;
        let (at, mark) = ["援引", "引述", "引用"]
            .iter()
            .find_map(|mark| words.find(mark).map(|at| (at, *mark)))?;
        let relayed = start + at + mark.len()..cue.start;
        let text = self.words.get(relayed.clone())?;
        let end = ["的话", "的说法", "的消息", "的报道"]
            .iter()
            .find_map(|tail| text.strip_suffix(tail))
            .map_or(relayed.end, |rest| relayed.start + rest.len());
        let scope = cue.end..self.words.len();
        // The nearer teller has the smaller scope.
        let wide = cue.start..self.words.len();
        Some([
            Teller {
                source: Some(self.source(&(relayed.start..end))?),
                cue: cue.clone(),
                scope,
            },
            Teller {
                source: Some(self.source(&(start..start + at))?),
                cue: start + at..start + at + mark.len(),
                scope: wide,
            },
        ])
    }

    /// Who in a stretch of words speaks: the last person named in it, else an organisation, else
    /// the words.
    fn source(&self, within: &Range<usize>) -> Option<Range<usize>> {
        let inside = |m: &&Candidate| {
            let own = self.own(m);
            own.start >= within.start && own.end <= within.end
        };
        let of = |kind: MentionKind| {
            self.mentions
                .iter()
                .filter(inside)
                .filter(|m| m.kind == kind)
                .map(|m| self.own(m))
                .next_back()
        };
        if let Some(named) = of(MentionKind::Person).or_else(|| of(MentionKind::Organisation)) {
            return Some(named);
        }
        let words = self.words.get(within.clone())?;
        // "政府已多次向中方强调": the subject ends where the predicate begins.
        let words = ["已", "多次", "向", "就", "曾", "日前", "近日", "对", "在"]
            .iter()
            .filter_map(|begin| words.find(begin))
            .filter(|at| *at >= 6 && !words.get(*at..).unwrap_or("").contains('的'))
            .min()
            .map_or(words, |at| words.get(..at).unwrap_or(words));
        let tails: &[&str] = &[
            "则",
            "也",
            "又",
            "还",
            "曾",
            "已",
            "对此",
            "日前",
            "当天",
            "今天",
            "昨天",
            "并",
            "同时",
            "随后",
            "就此",
            "公开",
            "明确",
            "再次",
            "对外",
            "进一步",
            "均",
            "都",
        ];
        let mut cut = words.trim_end();
        // Dates between the source and its verb are not of the source.
        for _ in 0..4 {
            if let Some(date) = self
                .mentions
                .iter()
                .filter(inside)
                .filter(|m| m.kind == MentionKind::Date)
                .map(|m| self.own(m))
                .find(|own| own.end == within.start + cut.len())
            {
                cut = words
                    .get(..date.start.saturating_sub(within.start))
                    .unwrap_or(cut);
            }
            for tail in tails {
                cut = cut.strip_suffix(tail).unwrap_or(cut);
            }
        }
        let count = cut.chars().count();
        (count > 0 && count <= 24).then(|| within.start..within.start + cut.len())
    }

    /// Korean: the topic of the clause that the verb ends ("통일부 대변인은 … 말했다"), or what
    /// stands before "에 따르면".
    fn korean_teller(&self, cue: &Range<usize>, from: usize) -> Option<Teller> {
        let word = self.words.get(cue.clone())?;
        if word.starts_with("에 ") {
            let start = self
                .before(cue.start)
                .rfind(BREAKS)
                .map_or(0, |b| b + 1)
                .max(from);
            let within = start..cue.start;
            let source = self.last_words(&within)?;
            return Some(Teller {
                source: Some(source),
                cue: cue.clone(),
                scope: cue.end..self.words.len(),
            });
        }
        let mut region = from..cue.start;
        // "(서울=연합뉴스) 홍길동 기자 = …": the byline tells nothing.
        if let Some(byline) = self
            .words
            .get(region.clone())
            .and_then(|w| w.find(" = "))
            .filter(|b| *b < 120)
        {
            region.start += byline + 3;
        }
        // "…했다고 인권단체가 26일 밝혔다": the subject next to its verb comes first.
        if let Some(late) = self.words.get(region.clone()).and_then(|w| {
            ["다고 ", "라고 ", "다\"고 ", "다”고 ", "라며 ", "다며 "]
                .iter()
                .filter_map(|end| w.rfind(end).map(|at| at + end.len()))
                .max()
        }) {
            let late = region.start + late..region.end;
            if let Some((source, _)) = self.korean_subject(&late) {
                return Some(Teller {
                    source: Some(source),
                    cue: cue.clone(),
                    scope: region.start..late.start,
                });
            }
        }
        let (source, topic) = self.korean_subject(&region)?;
        Some(Teller {
            source: Some(source),
            cue: cue.clone(),
            scope: topic.end.min(region.start.max(topic.start))..cue.start,
        })
    }

    /// The first word marked as topic or subject that can speak: the source, and the word.
    fn korean_subject(&self, region: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let from = region.start;
        let part = self.words.get(region.clone())?;
        // The first topic or subject particle after a name or a word for a speaker.
        let mut topic: Option<Range<usize>> = None;
        for (at, eojeol) in eojeols(part) {
            let bare = eojeol.trim_end_matches([',', '"', '”']);
            let marked = ["은", "는", "이", "가", "께서"]
                .iter()
                .find_map(|p| bare.strip_suffix(p))
                .filter(|stem| stem.chars().count() >= 2);
            let Some(stem) = marked else { continue };
            let bare_stem = stem.trim_end_matches('들');
            let end = region.start + at + stem.len();
            let speaker = stem.ends_with(['\'', '’', '”', '"'])
                || [
                    "부",
                    "관",
                    "인",
                    "장",
                    "자",
                    "씨",
                    "단체",
                    "측",
                    "위원",
                    "의원",
                    "교수",
                    "대표",
                    "당국",
                    "매체",
                    "통신",
                    "신문",
                    "방송",
                    "국",
                    "센터",
                    "소식통",
                    "협회",
                    "연합",
                    "기구",
                    "위원회",
                    "보고관",
                    "여성",
                    "그",
                    "박사",
                    "변호사",
                    "원장",
                    "보고서",
                    "자료",
                    "가족",
                    "정부",
                    "업체",
                    "회사",
                    "기관",
                    "선원",
                    "목격자",
                    "주민",
                ]
                .iter()
                .any(|w| bare_stem.ends_with(w))
                || self.mentions.iter().any(|m| {
                    (matches!(m.kind, MentionKind::Person | MentionKind::Organisation)
                        || self.is_person_count(m))
                        && self.own(m).end == end
                });
            if speaker {
                topic = Some(region.start + at..end);
                break;
            }
        }
        let topic = topic?;
        let source = self
            .mentions
            .iter()
            .filter(|m| matches!(m.kind, MentionKind::Person | MentionKind::Organisation))
            .map(|m| self.own(m))
            .filter(|own| own.start >= from && own.end <= topic.end && topic.end - own.end < 40)
            .next_back()
            .unwrap_or(topic.clone());
        Some((source, topic))
    }

    fn last_words(&self, within: &Range<usize>) -> Option<Range<usize>> {
        let named = self
            .mentions
            .iter()
            .filter(|m| matches!(m.kind, MentionKind::Person | MentionKind::Organisation))
            .map(|m| self.own(m))
            .filter(|own| {
                own.start >= within.start && own.end <= within.end && within.end - own.end < 30
            })
            .next_back();
        named.or_else(|| {
            let part = self.words.get(within.clone())?;
            let (at, last) = eojeols(part).last()?;
            Some(within.start + at..within.start + at + last.len())
        })
    }
}

/// Words between spaces with their byte offsets.
fn eojeols(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
}

fn starts_with_pronoun(words: &str) -> bool {
    [
        "他们",
        "她们",
        "他",
        "她",
        "“他",
        "“她",
        "该",
        "그는",
        "그녀는",
        "그들은",
        "이들은",
        "또 ",
        "또한",
        "他还",
        "他表示",
    ]
    .iter()
    .any(|p| words.trim_start_matches(['“', '"', ' ']).starts_with(p))
}

#[cfg(test)]
mod tests;
