//! How a statement stands to the world: cues around the word that carries it.

use std::ops::Range;

use casefile::statement::{Event, MentionKind, Modality, Polarity};

use super::tables::Effect;
use super::{BREAKS, Line};

/// Whether the words right before a trigger take it back: 未, 不, 从不, with one word between.
fn negated_at_once(own: &str) -> bool {
    let mut tail = own;
    for light in [
        "遭到", "遭受", "受到", "再次", "得到", "遭", "受", "被", "再", "曾", "获", "任意", "强制",
        "直接",
    ] {
        tail = tail.strip_suffix(light).unwrap_or(tail);
    }
    tail.ends_with(['未', '不'])
        && !["从未", "是否", "要不", "能不", "不得不", "无不"]
            .iter()
            .any(|w| tail.ends_with(w))
        || ["从未", "绝不会", "不会", "不再", "谈不上", "绝不"]
            .iter()
            .any(|w| tail.ends_with(w))
}

/// Cues that take back a whole clause whose tense says that it happened.
const OUTRIGHT: &[&str] = &[
    "부인",
    "일축",
    "사실이 아니",
    "사실무근",
    "확인되지 않",
    "확인할 수 없",
    "확인하지 못",
    "확인된 바 없",
    "여부",
    "사실이 없",
    "사실은 없",
    "적이 없",
    "적은 없",
    "적도 없",
    "적 없",
    "바 없",
    "바가 없",
    "일이 없",
    "일은 없",
    "것은 아니",
    "것이 아니",
    "의혹",
    "의심",
    "근거가 없",
    "증거가 없",
    "증거는 없",
    "고 들었",
    "날조",
    "허위",
    "모략",
];

/// Whether the Korean words between a trigger and a negation lead to another verb.
fn turns(lead: &str) -> bool {
    lead.chars().count() > 16
        || [
            "으나 ", "지만 ", "는데 ", "다가 ", "자 ", "아서 ", "어서 ", "며 ",
        ]
        .iter()
        .any(|w| lead.contains(w))
}

/// Whether the Korean words behind a trigger close its verb and go on with another.
fn goes_on(lead: &str) -> bool {
    let tail = lead.trim_start();
    [
        "해 ", "돼 ", "하여 ", "되어 ", "한 뒤", "된 뒤", "한 후", "된 후", "하고 ", "되고 ",
        "히고 ", "혀 ",
    ]
    .iter()
    .any(|w| tail.starts_with(w))
        && !["해 달", "해 줄", "해 주"]
            .iter()
            .any(|w| tail.starts_with(w))
}

/// Whether somebody speaks anew in the words between a denial or request and a trigger.
fn speaks_again(between: &str) -> bool {
    [
        "称", "表示", "指出", "强调", "说，", "认为", "但", "然而", "却",
    ]
    .iter()
    .any(|w| between.contains(w))
}

impl Line<'_, '_> {
    pub(super) fn stance(
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
            self.effect_before(at, clause, event)
        };
        // What a reader is told to write, and what only went round ("처형설이 돌았다"), is not told as a fact.
        let rumour = self.korean
            && ["설이 ", "설은 ", "설을 ", "설도 ", "설에 "]
                .iter()
                .any(|w| self.after(at.end).starts_with(w));
        let effect = if rumour || self.ordered {
            Some(Effect::Unconfirmed)
        } else {
            effect
        };
        let lasting = super::super::lasting(event);
        let (modality, polarity) = match effect {
            Some(Effect::Risk | Effect::Avert) => (Modality::Risk, Polarity::Positive),
            Some(Effect::Planned) => (
                if super::super::english_harm(event) && self.korean {
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
            Some(Effect::Disputed) => (Modality::Disputed, Polarity::Positive),
            Some(Effect::Ongoing) => (Modality::Ongoing, Polarity::Positive),
            Some(Effect::General) => (Modality::General, Polarity::Positive),
            Some(Effect::Happened) => (Modality::Happened, Polarity::Positive),
            None if event == Event::Obligation => (Modality::Obligation, Polarity::Positive),
            None if lasting && !matches!(event, Event::Detention) => {
                (Modality::Ongoing, Polarity::Positive)
            }
            None => (Modality::Happened, Polarity::Positive),
        };
        // That one is bound is no fact about what one did.
        let modality = if event == Event::Obligation && modality.is_fact() {
            Modality::Obligation
        } else {
            modality
        };
        // The act of asking is a fact; what is asked for is not.
        let reported = matches!(event, Event::Letter | Event::Report | Event::Testimony);
        let (modality, polarity) = if (reported && modality == Modality::Request)
            || (reported || event == Event::Request) && modality == Modality::Risk
        {
            (Modality::Happened, Polarity::Positive)
        } else {
            (modality, polarity)
        };
        (modality, polarity, hedges)
    }

    /// Chinese: the nearest cue before the trigger in its clause; a condition, a denial or a
    /// request may stand in a clause before it.
    pub(super) fn effect_before(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> Option<Effect> {
        let own = self.words.get(clause.start..at.start).unwrap_or("");
        // "不敢保证她不会被遣返", "不排除…": two negations leave it open.
        if ["保证", "不排除", "不能排除", "难保", "说不定"]
            .iter()
            .any(|w| own.contains(w))
            && [
                "不敢保证",
                "不能保证",
                "无法保证",
                "难以保证",
                "排除",
                "难保",
                "说不定",
            ]
            .iter()
            .any(|w| own.contains(w))
        {
            return Some(Effect::Risk);
        }
        let negated = negated_at_once(own);
        let mut nearest: Option<(Effect, usize)> = None;
        for hit in self.tables.cues.find_iter(self.before(at.start)) {
            let Some(&effect) = self.tables.effects.get(hit.pattern().as_usize()) else {
                continue;
            };
            let own_clause = hit.start() >= clause.start;
            let cue = self.words.get(hit.range()).unwrap_or("");
            let reaches = own_clause
                || effect == Effect::Risk
                    && matches!(
                        cue,
                        "担心" | "担忧" | "忧虑" | "害怕" | "生怕" | "唯恐" | "威胁说" | "恐吓说"
                    )
                    && super::super::english_harm(event)
                    && ["将", "会", "被", "遭", "恐", "或", "就"]
                        .iter()
                        .any(|w| own.contains(w))
                    && self.between_is_light(hit.end(), at.start)
                || effect == Effect::Unconfirmed
                    && matches!(
                        cue,
                        "未经证实"
                            | "未获证实"
                            | "尚未证实"
                            | "未证实"
                            | "未经核实"
                            | "据传"
                            | "传闻"
                            | "传言"
                            | "听说"
                            | "谣传"
                    )
                    && self.between_is_light(hit.end(), at.start)
                || matches!(effect, Effect::Denied | Effect::Request)
                    && event != Event::Request
                    && !speaks_again(self.words.get(hit.end()..at.start).unwrap_or(""))
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
            if cue == "将" && self.takes_object(hit.end(), at.start) {
                continue;
            }
            if matches!(cue, "没有" | "并没有" | "还没有") && at.start - hit.end() > 24 {
                continue;
            }
            // "因涉嫌偷渡被捕": suspected of the one, the other happened.
            if cue == "涉嫌"
                && (at.start - hit.end() > 30
                    || self
                        .words
                        .get(hit.end()..at.start)
                        .is_some_and(|b| b.contains(['被', '遭', '罪'])))
            {
                continue;
            }
            // "所谓“强迫劳动”", but not "在所谓的“中心”里被关押".
            if cue == "所谓" && at.start - hit.end() > 9 {
                continue;
            }
            // "三名试图渡江的青年被枪决": who tried, not what came of it.
            if matches!(cue, "试图" | "企图" | "意图") && at.start - hit.end() > 6 {
                continue;
            }
            // What one promises or is about to stop is planned, not asked for.
            if cue == "停止"
                && ["将", "会", "承诺", "同意", "宣布", "决定"]
                    .iter()
                    .any(|w| self.before(hit.start()).ends_with(w))
            {
                nearest = Some((Effect::Planned, hit.start()));
                continue;
            }
            // "停止" after "已" says that it ended.
            if cue == "停止" && self.before(hit.start()).ends_with(['已', '曾', '后']) {
                nearest = Some((Effect::Happened, hit.start()));
                continue;
            }
            nearest = match nearest {
                // Risk and denial outweigh what merely says that it goes on.
                Some((
                    old @ (Effect::Denied
                    | Effect::Hypothetical
                    | Effect::Unconfirmed
                    | Effect::Request
                    | Effect::Planned
                    | Effect::Obligation
                    | Effect::Risk
                    | Effect::Avert),
                    place,
                )) if matches!(effect, Effect::Ongoing | Effect::General | Effect::Happened) => {
                    Some((old, place))
                }
                Some((Effect::Request, place))
                    if matches!(effect, Effect::Denied | Effect::Obligation) =>
                {
                    Some((Effect::Request, place))
                }
                // "往往会被…": usual, not feared.
                Some((Effect::General, place)) if cue.starts_with('会') => {
                    Some((Effect::General, place))
                }
                // What one fears will happen is feared, not planned.
                Some((Effect::Risk, place))
                    if matches!(effect, Effect::Planned | Effect::Ongoing)
                        && super::super::english_harm(event) =>
                {
                    Some((Effect::Risk, place))
                }
                // "没有证据显示…", "否认曾…": the outer word rules.
                Some((old @ (Effect::Denied | Effect::Unconfirmed), place))
                    if matches!(effect, Effect::Denied | Effect::Unconfirmed) =>
                {
                    Some((old, place))
                }
                _ => Some((effect, hit.start())),
            };
        }
        if negated {
            let kept = nearest.map(|(effect, _)| effect).filter(|effect| {
                matches!(
                    effect,
                    Effect::Request
                        | Effect::Obligation
                        | Effect::Unconfirmed
                        | Effect::Hypothetical
                )
            });
            return kept.or(Some(if self.under_condition(clause) {
                Effect::Hypothetical
            } else {
                Effect::Denied
            }));
        }
        // "释放所有被羁押的人": what is asked for is their release, they are held.
        if event == Event::Detention
            && nearest.is_some_and(|(effect, _)| {
                matches!(
                    effect,
                    Effect::Request | Effect::Obligation | Effect::Planned | Effect::Risk
                ) && [
                    "释放", "遣返", "遣送", "移交", "送回", "送返", "转移", "探视", "会见",
                ]
                .iter()
                .any(|w| own.contains(w))
            })
            && self
                .words
                .get(at.end..clause.end)
                .is_some_and(|behind| behind.contains('的'))
        {
            return Some(Effect::Ongoing);
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
                Effect::Ongoing
                    | Effect::General
                    | Effect::Happened
                    | Effect::Planned
                    | Effect::Denied
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

    pub(super) fn between_is_light(&self, from: usize, to: usize) -> bool {
        let between = self.words.get(from..to).unwrap_or("");
        between.chars().count() < 40 && !between.contains(['。', '；', ';'])
    }

    /// Whether 将 at the left takes a person as object before the verb.
    pub(super) fn takes_object(&self, from: usize, to: usize) -> bool {
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
    pub(super) fn effect_behind(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
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
        // "파견한 것으로 추정된다": believed, not seen; with a figure it is the figure that is estimated.
        let near = tail.char_indices().nth(16).map_or(tail.len(), |(b, _)| b);
        let near = tail.get(..near).unwrap_or(tail);
        let counted = self.mentions.iter().any(|m| {
            let own = self.own(m);
            m.kind == MentionKind::Number && clause.start <= own.start && own.end <= clause.end
        });
        if !counted
            && [
                "것으로 추정",
                "것으로 추측",
                "것으로 보인다",
                "것으로 보이나",
            ]
            .iter()
            .any(|w| near.contains(w))
        {
            return Some(Effect::Unconfirmed);
        }
        if let Some(effect) = self.before_its_noun(at) {
            return Some(effect);
        }
        // Past the request or denial at the very end of the sentence the clause's own end rules.
        let mut first: Option<(Effect, usize)> = None;
        // "잡히면", "북송이면": the condition sits on the verb itself.
        if tail.starts_with("면 ") || tail.starts_with("이면 ") {
            return Some(Effect::Hypothetical);
        }
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
            let cue = tail.get(hit.range()).unwrap_or("");
            // "체포해 자백을 요구했다", "체포돼 지금까지 석방되지 않고": of the verb that follows.
            if matches!(effect, Effect::Request | Effect::Denied)
                && !OUTRIGHT.contains(&cue)
                && first.is_none()
                && (goes_on(lead)
                    || effect == Effect::Denied && (turns(lead) || self.parted(at, lead)))
            {
                first = Some((Effect::Happened, distance));
                continue;
            }
            match first {
                None if distance < 40 => first = Some((effect, distance)),
                // "북송했다고 부인했다", "북송된 사실을 부인": who denies outweighs the tense.
                Some((
                    Effect::Happened | Effect::Ongoing | Effect::General | Effect::Unconfirmed,
                    _,
                )) if matches!(effect, Effect::Denied | Effect::Unconfirmed)
                    && distance < 40
                    && OUTRIGHT.contains(&cue) =>
                {
                    first = Some((effect, distance));
                }
                // "송환되지 않도록 … 권고": what is to be prevented is asked for.
                Some((Effect::Avert, near))
                    if effect == Effect::Request && distance < near + 30 =>
                {
                    first = Some((Effect::Request, distance));
                }
                _ => {}
            }
        }
        // "…했습니까?": asked, not said.
        let ending = self.words.get(at.end..clause.end).unwrap_or("");
        let asked = ending.trim_end_matches(['"', '”', ' ']);
        if asked
            .strip_suffix('?')
            .is_some_and(|a| a.ends_with(['까', '냐', '요', '가', '나', '지']))
            || ending.trim_end_matches(['"', '”']).ends_with(['까', '냐'])
                && self
                    .after(clause.end)
                    .trim_start_matches(['"', '”'])
                    .starts_with('?')
        {
            return Some(Effect::Unconfirmed);
        }
        // "사실이라면 …": under a condition.
        let lead = self.words.get(clause.start..at.start).unwrap_or("");
        if first.is_none_or(|(e, _)| {
            matches!(
                e,
                Effect::Happened | Effect::Ongoing | Effect::General | Effect::Unconfirmed
            )
        }) && ["사실이라면", "만약 ", "만일 ", "사실일 경우"]
            .iter()
            .any(|w| lead.contains(w))
        {
            return Some(Effect::Hypothetical);
        }
        // "…지 말 것을 촉구", "중단을 촉구": what is asked for.
        first.map(|(effect, _)| effect)
    }

    /// Whether another event stands between a trigger and a cue, and no list joins the two.
    fn parted(&self, at: &Range<usize>, lead: &str) -> bool {
        let Some(hit) = self.tables.events.find(lead) else {
            return false;
        };
        let gap = lead.get(..hit.start()).unwrap_or("").trim();
        let list = gap.chars().count() <= 3
            && (gap.is_empty()
                || gap.starts_with(['·', ',', '과', '와', '나', '이', '및', '또', 'ㆍ']));
        !list && at.end > at.start
    }

    /// A Korean verb that stands before a person ("송환된 사람들이 …") has its own tense: what
    /// the sentence goes on to say of them is another matter.
    fn before_its_noun(&self, at: &Range<usize>) -> Option<Effect> {
        if !self.attributive(at.end) {
            return None;
        }
        let tail = self.after(at.end);
        let mut words = tail.split(' ');
        let verb = words.next().unwrap_or("");
        let mut noun = words.next().unwrap_or("");
        let waits = matches!(noun, "있던" | "있는" | "중이던" | "중인" | "온" | "왔던");
        let held = waits && matches!(noun, "있는" | "중인");
        if waits {
            noun = words.next().unwrap_or("");
        }
        // "중국에 억류된 (한국인) 탈북민": within two words.
        let next = words.next().unwrap_or("");
        let person = |w: &str| {
            !w.starts_with("사실")
                && [
                    "탈북",
                    "사람",
                    "이들",
                    "주민",
                    "여성",
                    "남성",
                    "아동",
                    "노동자",
                    "근로자",
                    "수감자",
                    "구금자",
                    "난민",
                    "가족",
                    "인원",
                    "선교사",
                    "자가",
                    "청년",
                    "선원",
                    "북한이탈",
                    "북한인",
                    "학생",
                    "어린이",
                    "피해자",
                    "명이",
                    "명은",
                    "명을",
                    "군인",
                    "한국인",
                    "전원",
                ]
                .iter()
                .any(|n| w.starts_with(n))
        };
        let counted = noun.chars().next().is_some_and(|c| c.is_ascii_digit());
        if !(person(noun)
            || counted
            || person(next) && !noun.ends_with(['은', '는', '이', '가', '을', '를', '에']))
        {
            return None;
        }
        if held {
            return Some(Effect::Ongoing);
        }
        if verb.ends_with(['된', '한', '던', '진', '힌', '난', '온', '인'])
            || waits
            || verb.ends_with("당한")
        {
            return Some(Effect::Happened);
        }
        if verb.ends_with(['는']) {
            return Some(Effect::General);
        }
        verb.ends_with(['될', '할', '릴', '질'])
            .then_some(Effect::Risk)
    }

    /// The words from `at` to the end of the sentence.
    pub(super) fn rest(&self, at: usize) -> &str {
        let after = self.after(at);
        after
            .split_once(['。', '！', '？', '；'])
            .map_or(after, |(rest, _)| rest)
    }

    /// What stands behind a trigger in Chinese and takes back or asks what was said.
    pub(super) fn behind(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
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
            "不实",
            "失实",
            "无中生有",
            "纯属虚构",
            "假消息",
        ];
        let rest = self.rest(at.end);
        let limit = rest.char_indices().nth(30).map_or(rest.len(), |(b, _)| b);
        let near = rest.get(..limit).unwrap_or(rest);
        if rest.starts_with("未遂") || FALSE.iter().any(|w| near.contains(w)) {
            return Some(Effect::Denied);
        }
        // "遣返的做法应立即停止": what is to end.
        let own = self.words.get(at.end..clause.end).unwrap_or("");
        if [
            "应立即停止",
            "应停止",
            "必须停止",
            "应当停止",
            "必须立即停止",
            "应予停止",
            "必须终止",
        ]
        .iter()
        .any(|w| own.contains(w))
        {
            return Some(Effect::Request);
        }
        // "美方指控…，企业方面对此予以否认".
        if [
            "予以否认",
            "均予否认",
            "对此否认",
            "否认这一指控",
            "否认上述",
            "否认有关指控",
            "否认了",
            "矢口否认",
            "否认指控",
            "否认这一说法",
        ]
        .iter()
        .any(|w| near.contains(w))
        {
            return Some(Effect::Disputed);
        }
        // "…的，处三年以下有期徒刑": a rule, not a case.
        let wide = rest.char_indices().nth(60).map_or(rest.len(), |(b, _)| b);
        let wide = rest.get(..wide).unwrap_or(rest);
        if wide.contains("的，处") || wide.contains("的，依法") || wide.contains("的，由公安机关")
        {
            return Some(Effect::Hypothetical);
        }
        // "强迫劳动的指控", "遣返一说": spoken of, not said.
        let close = rest.char_indices().nth(8).map_or(rest.len(), |(b, _)| b);
        let close = rest.get(..close).unwrap_or(rest);
        let close = close.split(BREAKS).next().unwrap_or("");
        if [
            "的指控",
            "的指责",
            "的传言",
            "的传闻",
            "的怀疑",
            "的嫌疑",
            "一说",
            "的质疑",
        ]
        .iter()
        .any(|w| close.contains(w))
            && !self.before(at.start).contains("证实")
        {
            return Some(Effect::Unconfirmed);
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
    pub(super) fn under_condition(&self, clause: &Range<usize>) -> bool {
        let lead = self.before(clause.start);
        let lead = lead
            .rfind(['。', '！', '？', '；'])
            .map_or(lead, |b| lead.get(b..).unwrap_or(lead));
        lead.chars().count() < 60
            && [
                "如果",
                "倘若",
                "假如",
                "要是",
                "一旦",
                "万一",
                "除非",
                "若被",
                "若遭",
                "如被",
                "如遭",
                "属实，",
                "若是",
                "假若",
            ]
            .iter()
            .any(|w| lead.contains(w))
            || lead.chars().count() < 60
                && lead
                    .split(BREAKS)
                    .any(|part| part.starts_with('若') && !part.starts_with("若干"))
    }

    /// Whether the Korean verb that goes on at `end` stands before its noun ("북송된", "수감돼
    /// 있던").
    pub(super) fn attributive(&self, end: usize) -> bool {
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
}
