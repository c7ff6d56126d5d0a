//! How a statement stands to the world: cues around the word that carries it.

use std::ops::Range;

use casefile::statement::{Event, MentionKind, Modality, Polarity};

use super::tables::Effect;
use super::{BREAKS, Line};

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
            self.effect_before(at, clause)
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
    pub(super) fn effect_before(&self, at: &Range<usize>, clause: &Range<usize>) -> Option<Effect> {
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
    pub(super) fn under_condition(&self, clause: &Range<usize>) -> bool {
        let lead = self.before(clause.start);
        let lead = lead
            .rfind(['。', '！', '？', '；'])
            .map_or(lead, |b| lead.get(b..).unwrap_or(lead));
        lead.chars().count() < 60
            && ["如果", "倘若", "假如", "要是", "一旦", "万一", "除非"]
                .iter()
                .any(|w| lead.contains(w))
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
