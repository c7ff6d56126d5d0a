//! Who tells: speakers before and behind their verbs, those whom they relay, nobody named.

use std::ops::Range;

use casefile::statement::{Argument, Attribution, Event, MentionKind, Modality};

use super::{BREAKS, Line};
use crate::mention::Candidate;
use crate::text::Text;

/// One teller with what they vouch for, in bytes of the sentence.
pub(super) struct Teller {
    pub(super) source: Option<Range<usize>>,
    pub(super) cue: Range<usize>,
    pub(super) scope: Range<usize>,
}

/// Words for those who speak for a body.
const OFFICES: &[&str] = &[
    "发言人",
    "官员",
    "主任",
    "负责人",
    "人士",
    "研究员",
    "专家",
    "律师",
    "代表",
    "委员",
    "成员",
    "秘书长",
    "主席",
    "会长",
    "工作人员",
    "记者",
    "分析师",
    "教授",
    "大使",
    "部长",
    "局长",
];

impl Line<'_, '_> {
    /// Whether only a light word stands between two verbs of speaking ("作证时说", "警告并指出").
    fn said_at_once(&self, first: &Range<usize>, second: &Range<usize>) -> bool {
        self.words
            .get(first.end..second.start)
            .is_some_and(|b| matches!(b, "时" | "并" | "时表示" | "中" | "还" | "书面"))
    }

    /// "…告诉自由亚洲电台，", "소식통은 데일리NK에 … 말했다": the outlet that passes it on.
    fn told_to(&self, teller: &Teller) -> Option<Teller> {
        let outlet = self
            .mentions
            .iter()
            .filter(|m| m.kind == MentionKind::Organisation)
            .map(|m| self.own(m))
            .find(|own| {
                if self.korean {
                    let after = self.after(own.end);
                    (after.starts_with("에 ")
                        && !after.starts_with("에 따")
                        && !after.starts_with("에 의")
                        || after.starts_with("에게 ")
                        || after.starts_with("와의 ")
                        || after.starts_with("과의 "))
                        && teller.source.as_ref().is_some_and(|s| {
                            own.start > s.end
                                && own.start - s.end < 60
                                && own.end < teller.cue.start
                        })
                        && OUTLETS
                            .iter()
                            .any(|o| self.words.get(own.clone()).unwrap_or("").contains(o))
                } else {
                    own.start == teller.cue.end
                        && self.words.get(teller.cue.clone()) == Some("告诉")
                        || (self.before(own.start).ends_with('向')
                            || self.before(own.start).ends_with('对'))
                            && teller.source.as_ref().is_some_and(|s| own.start > s.end)
                            && own.end + 9 >= teller.cue.start
                            && own.end <= teller.cue.start
                            && OUTLETS
                                .iter()
                                .any(|o| self.words.get(own.clone()).unwrap_or("").contains(o))
                }
            })?;
        Some(Teller {
            source: Some(outlet),
            cue: teller.cue.clone(),
            scope: teller.scope.start..self.words.len().max(teller.scope.end),
        })
    }

    pub(super) fn attribution_of(&self, teller: &Teller) -> Attribution {
        Attribution {
            source: teller
                .source
                .as_ref()
                .map_or_else(Argument::unnamed, |s| Argument::At(self.quote(s))),
            cue: Some(self.quote(&teller.cue)),
        }
    }

    pub(super) fn attribution(
        &self,
        at: &Range<usize>,
        tellers: &[Teller],
        event: Event,
        modality: Modality,
    ) -> Vec<Attribution> {
        // "…致函…，要求": who writes asks; nobody tells that they wrote.
        let act = modality.is_fact()
            && matches!(
                event,
                Event::Letter | Event::Report | Event::Hearing | Event::Meeting | Event::Request
            );
        let mut over: Vec<&Teller> = tellers
            .iter()
            .filter(|t| {
                t.scope.contains(&at.start) && !(t.cue.start < at.end && at.start < t.cue.end)
            })
            .filter(|t| {
                !(act
                    && self.words.get(t.cue.clone()).is_some_and(|c| {
                        [
                            "要求", "呼吁", "敦促", "促请", "建议", "촉구", "요구", "요청", "권고",
                            "호소",
                        ]
                        .iter()
                        .any(|w| c.starts_with(w))
                    }))
            })
            .collect();
        // "对于…的指责，发言人说，这完全是谎言": told of what stands before it.
        if over.is_empty() && !self.korean && modality == Modality::Denied {
            over.extend(
                tellers
                    .iter()
                    .find(|t| t.source.is_some() && t.cue.start >= at.end),
            );
        }
        over.sort_by_key(|t| (t.source.is_none(), t.scope.len()));
        let mut chain: Vec<&Teller> = Vec::new();
        for teller in over {
            if !chain.iter().any(|known| known.source == teller.source) {
                chain.push(teller);
            }
        }
        chain
            .iter()
            .take(3)
            .map(|t| self.attribution_of(t))
            .collect()
    }

    pub(super) fn tellers(&self) -> Vec<Teller> {
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
                && let Some(last) = found.last_mut()
                && last.source.is_some()
                && (last.cue.end == cue.start || self.said_at_once(&last.cue, &cue))
            {
                // "回忆说", "作证时说": one act of speaking.
                last.cue.end = cue.end;
                last.scope.start = last.scope.start.max(cue.end);
                continue;
            }
            if !self.korean
                && let Some(both) = self.relayed(&cue)
            {
                found.extend(both);
                continue;
            }
            let spoke = found
                .iter()
                .rev()
                .find_map(|t| t.source.clone().filter(|s| s.end <= cue.start));
            let teller = if self.korean {
                self.korean_teller(&cue, from).or_else(|| {
                    // "그는 "…"며 "…"고 말했다": the same speaker goes on.
                    let source = spoke.clone().filter(|_| from > 0)?;
                    Some(Teller {
                        source: Some(source),
                        cue: cue.clone(),
                        scope: from..cue.start,
                    })
                })
            } else {
                self.chinese_teller(&cue, spoke)
            };
            if let Some(teller) = teller {
                if self.korean {
                    from = cue.end;
                }
                let outlet = self.told_to(&teller);
                self.end_before(&teller, &mut found);
                found.push(teller);
                found.extend(outlet);
            }
        }
        found
    }

    /// "警方否认…，但目击者称…": whoever spoke before says nothing of what the other tells.
    fn end_before(&self, next: &Teller, found: &mut [Teller]) {
        let Some(source) = next.source.as_ref().filter(|_| !self.korean) else {
            return;
        };
        let before = self.before(source.start);
        let start = before.rfind(BREAKS).unwrap_or(0);
        let turn = before.get(start..).unwrap_or("");
        let turns = ["但", "然而", "不过", "而"]
            .iter()
            .any(|w| turn.trim_start_matches(BREAKS).starts_with(w));
        if start > 0 && turns {
            for teller in found
                .iter_mut()
                .filter(|t| t.source.as_ref() != Some(source))
            {
                if teller.scope.start < start {
                    teller.scope.end = teller.scope.end.min(start);
                }
            }
        }
    }

    /// "X称，…": who stands right before the verb, in the same clause.
    pub(super) fn chinese_teller(
        &self,
        cue: &Range<usize>,
        spoke: Option<Range<usize>>,
    ) -> Option<Teller> {
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
        // "未获证实", "予以否认": nobody speaks, or the speaker takes it back.
        if matches!(word, "证实" | "查明" | "认定")
            && before.ends_with(['获', '经', '法', '得', '到', '待', '能', '难', '以'])
        {
            return None;
        }
        if before.ends_with("拒绝") || before.ends_with("证据") {
            return None;
        }
        if before.ends_with(['未', '没', '不', '被', '名', '自', '所', '职'])
            || before.ends_with("没有")
            || before.ends_with("的") && word != "称"
        {
            return None;
        }
        // 听说 is hearsay: nobody is named who says it.
        if word == "说" && before.ends_with('听') {
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
        // "同时" opens a clause; "同监室的人" are people.
        let light = ['据', '另', '“', '”', ' ', '但', '而', '又', '并'];
        let opened = words.trim_start_matches(light);
        let opened = opened.strip_prefix("同时").unwrap_or(opened);
        let lead = words.len() - opened.trim_start_matches(light).len();
        let subject = subject.start + lead..subject.end;
        let source = match self.source(&subject) {
            Some(source) => source,
            // "该公司发表声明，否认…": whose statement the clause before says.
            None if subject.is_empty() && start > 0 => {
                spoke.or_else(|| self.first_named_before(start))?
            }
            None => return None,
        };
        // After "据X透露，" and "X称，" the rest of the sentence is told; at the sentence's end what
        // stands before.
        let rest = self
            .after(cue.end)
            .trim_matches(['，', '。', '：', '”', '“', ' ', ',', ':']);
        // "…，公司对此予以否认": said against what stands before, not told.
        if rest.is_empty() && word == "否认" {
            return None;
        }
        let scope = if rest.is_empty() {
            0..subject.start
        } else {
            cue.end..self.words.len()
        };
        Some(Teller {
            source: Some(source),
            cue: cue.clone(),
            scope,
        })
    }

    /// "该组织援引一名传教士的话说": who is relayed, and who relays.
    pub(super) fn relayed(&self, cue: &Range<usize>) -> Option<[Teller; 2]> {
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
    pub(super) fn source(&self, within: &Range<usize>) -> Option<Range<usize>> {
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
        if let Some(person) = of(MentionKind::Person) {
            return Some(person);
        }
        // "《明镜》周刊上周报道": the day is no part of who reports.
        let day = of(MentionKind::Date).filter(|date| {
            date.start > within.start
                && self
                    .words
                    .get(date.end..within.end)
                    .is_some_and(|rest| rest.trim().is_empty())
        });
        let within = &(within.start..day.map_or(within.end, |date| date.start));
        let words = self.words.get(within.clone())?;
        if let Some(named) = of(MentionKind::Organisation) {
            // "朝鲜工人中心主任", "联合国人权专家": one who speaks for it.
            let behind = self.words.get(named.end..within.end).unwrap_or("");
            let office = OFFICES
                .iter()
                .filter_map(|o| behind.find(o).map(|at| at + o.len()))
                .filter(|end| *end <= 36)
                .max();
            return Some(named.start..named.end + office.unwrap_or(0));
        }
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
            "此前",
            "目前",
            "当时",
            "事后",
            "一再",
            "多次",
            "反复",
            "严正",
            "强烈",
            "随即",
            "立即",
            "继续",
            "郑重",
            "坚决",
            "却",
            "在声明中",
            "在信中",
            "在报告中",
            "在记者会上",
            "在书面答复中",
            "作证时",
            "作证",
            "书面",
            "威胁",
            "恐吓",
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
        // "首尔讯——一名在延吉的消息人士" is 消息人士, "人权团体“北韩正义联合”" what stands in quotes.
        let mut start = cut.rfind("——").map_or(0, |b| b + "——".len());
        if let Some(inner) = cut.strip_suffix(['”', '」', '》'])
            && let Some(open) = inner.rfind(['“', '「', '《'])
        {
            let mark = inner.get(open..).and_then(|t| t.chars().next());
            let open = open + mark.map_or(1, char::len_utf8);
            return Some(within.start + open..within.start + inner.len());
        }
        if let Some(of) = cut.rfind('的') {
            let head = cut.get(of + '的'.len_utf8()..).unwrap_or("");
            if (2..=10).contains(&head.chars().count()) {
                start = start.max(of + '的'.len_utf8());
            }
        }
        for count in [
            "一名", "一位", "一些", "多名", "数名", "几名", "两名", "三名", "有", "一家", "另一",
            "多位", "数位", "部分", "不少", "许多",
        ] {
            if cut
                .get(start..)
                .is_some_and(|c| c.starts_with(count) && !c.starts_with("有关"))
            {
                start += count.len();
            }
        }
        let count = cut.get(start..).unwrap_or("").chars().count();
        (count > 0 && count <= 24).then(|| within.start + start..within.start + cut.len())
    }

    /// Korean: the topic of the clause that the verb ends ("통일부 대변인은 … 말했다"), or what
    /// stands before "에 따르면".
    pub(super) fn korean_teller(&self, cue: &Range<usize>, from: usize) -> Option<Teller> {
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

    pub(super) fn last_words(&self, within: &Range<usize>) -> Option<Range<usize>> {
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

    /// A word for a speaker with the bare word before it ("단체 관계자", "박 의원").
    fn with_word_before(&self, topic: &Range<usize>, from: usize) -> Range<usize> {
        let lead = self.words.get(from..topic.start).unwrap_or("");
        let Some(lead) = lead.strip_suffix(' ') else {
            return topic.clone();
        };
        let begin = lead.rfind(' ').map_or(0, |b| b + 1);
        let word = lead.get(begin..).unwrap_or("");
        let particle = word.chars().count() > 1
            && word.ends_with([
                '은', '는', '을', '를', '에', '의', '로', '서', '고', '며', '다', '된', '한', '던',
            ]);
        if word.is_empty() || particle || word.contains(['"', '”', ',', ')', '=']) {
            return topic.clone();
        }
        from + begin..topic.end
    }

    /// Who is named first in the clause that ends at `end`.
    pub(super) fn first_named_before(&self, end: usize) -> Option<Range<usize>> {
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

    /// The first word marked as topic or subject that can speak: the source, and the word.
    pub(super) fn korean_subject(
        &self,
        region: &Range<usize>,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let from = region.start;
        let part = self.words.get(region.clone())?;
        // The first topic or subject particle after a name or a word for a speaker.
        let mut topic: Option<Range<usize>> = None;
        let mut inside = false;
        for (at, eojeol) in eojeols(part) {
            // Who is named inside a quotation does not speak it.
            let was_inside = inside;
            for mark in eojeol.chars() {
                match mark {
                    '"' => inside = !inside,
                    '“' => inside = true,
                    '”' => inside = false,
                    _ => {}
                }
            }
            if was_inside {
                continue;
            }
            let bare = eojeol.trim_end_matches([',', '"', '”']);
            let marked = ["은", "는", "이", "가", "께서"]
                .iter()
                .find_map(|p| bare.strip_suffix(p))
                .filter(|stem| stem.chars().count() >= 2 || matches!(*stem, "그" | "씨" | "측"));
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
                    "외신",
                    "언론",
                    "전문가",
                    "활동가",
                    "목사",
                    "선교사",
                    "총리",
                    "대통령",
                    "대사",
                    "차관",
                    "증인",
                    "생존자",
                    "유족",
                    "어머니",
                    "아버지",
                    "남성",
                    "근로자",
                    "검찰",
                    "경찰",
                    "법원",
                    "재판부",
                    "의회",
                    "국회",
                    "연구원",
                    "연구소",
                    "조직",
                    "브로커",
                    "총장",
                    "재단",
                    "지부",
                    "엠네스티",
                    "앰네스티",
                    "워치",
                    "네트워크",
                    "일보",
                    "대표단",
                    "패널",
                    "위원들",
                    "운동본부",
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
            .filter(|own| {
                own.start >= from
                    && own.end <= topic.end
                    && topic.end - own.end < 40
                    // "중국 외교부는": no other subject stands between.
                    && !self
                        .words
                        .get(own.end..topic.end)
                        .is_some_and(|b| b.contains(['"', ',']) || b.contains("는 ") || b.contains("은 ") || b.contains("에서 "))
            })
            .next_back();
        let words = self.words.get(topic.clone()).unwrap_or("");
        let office = KOREAN_OFFICES.iter().any(|o| words.ends_with(o));
        let person = self.mentions.iter().any(|m| {
            m.kind == MentionKind::Person && source.as_ref().is_some_and(|s| self.own(m) == *s)
        });
        let source = match source {
            Some(named) if person => named,
            // "외교부 당국자", "휴먼라이츠워치 측".
            Some(named) if office && named.end < topic.start => named.start..topic.end,
            Some(named) if named.end >= topic.end => named,
            _ if office || words == "씨" => self.with_word_before(&topic, from),
            Some(named) => named,
            None => topic.clone(),
        };
        Some((source, topic))
    }
}

const KOREAN_OFFICES: &[&str] = &[
    "당국자",
    "관계자",
    "대변인",
    "보고관",
    "대표",
    "측",
    "의원",
    "위원",
    "소식통",
    "활동가",
    "장관",
    "차관",
    "국장",
    "교수",
    "목사",
    "박사",
    "변호사",
    "씨",
    "노동자들",
    "근로자들",
    "노동자",
    "수감자들",
    "연구원",
    "위원장",
];

/// Those that publish what they are told.
const OUTLETS: &[&str] = &[
    "电台",
    "新闻",
    "日报",
    "时报",
    "电视",
    "社",
    "之声",
    "网",
    "周刊",
    "NK",
    "RFA",
    "VOA",
    "방송",
    "신문",
    "일보",
    "통신",
    "뉴스",
    "매체",
    "BBC",
    "로이터",
    "AFP",
    "TV",
];

/// Words between spaces with their byte offsets.
pub(super) fn eojeols(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len() + 1;
            Some((start, word))
        })
        .filter(|(_, word)| !word.is_empty())
}

/// The speaker of a transcript that opens a block ("증인 윤도영:", "汪文斌：", "记者：").
pub(super) fn speaker(
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
