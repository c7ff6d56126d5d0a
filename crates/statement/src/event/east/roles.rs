//! Who did it to whom, and where.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use casefile::statement::{Argument, Event, Group, MentionKind};

use super::Line;

/// Words for people, longest and plainest first.
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
    "孕妇",
    "新生儿",
    "母亲",
    "父亲",
    "丈夫",
    "妻子",
    "女儿",
    "儿子",
    "牧师",
    "渔民",
    "船员",
    "村民",
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
    "임산부",
    "어머니",
    "아버지",
    "남편",
    "남성",
    "청년",
    "선원",
    "어민",
    "교인",
    "목사",
    "언니",
    "동생",
];

/// All of a list at one look: a search of its own for each word costs more than the words' clause.
fn searcher(names: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::new(names).ok()
}

static ZH_SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| searcher(ZH));
static KO_SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| searcher(KO));

impl Line<'_, '_> {
    /// Whom it befalls: the nearest words for people in the clause, by the marks of the language.
    pub(super) fn patient(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        event: Event,
    ) -> Option<Range<usize>> {
        // Goods are no people, whatever counts them.
        let goods = matches!(event, Event::Import | Event::Export);
        let search = if self.korean {
            &*KO_SEARCH
        } else {
            &*ZH_SEARCH
        };
        let part = self.words.get(clause.clone())?;
        let mut hits: Vec<(usize, Range<usize>)> = search
            .iter()
            .flat_map(|search| search.find_overlapping_iter(part))
            .map(|hit| (hit.pattern().as_usize(), hit.range()))
            .collect();
        hits.sort_by_key(|(name, range)| (*name, range.start));
        let mut best: Option<(usize, Range<usize>)> = None;
        for (_, found) in hits {
            let range = clause.start + found.start..clause.start + found.end;
            // 其他 is no 他, 북한인권단체 no 북한인.
            // 《难民公约》 names nobody.
            let law = self.mentions.iter().any(|m| {
                let own = self.own(m);
                m.kind == MentionKind::Law && own.start <= range.start && range.end <= own.end
            });
            if law
                || self.before(range.start).ends_with('其')
                || self.after(range.end).starts_with('권')
            {
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
                .filter(|m| !goods && self.is_person_count(m))
                .map(|m| self.own(m))
                .find(|own| own.start >= clause.start && own.end <= clause.end)
                .map(|own| self.counted_noun(&own).unwrap_or(own))
        })
    }

    /// The Korean noun right before a number of people ("임산부 2명").
    fn counted_noun(&self, number: &Range<usize>) -> Option<Range<usize>> {
        if !self.korean {
            return None;
        }
        let before = self.before(number.start).strip_suffix(' ')?;
        let word = before.rsplit([' ', '"', '“', ',']).next()?;
        let particle = [
            "에서", "에", "은", "는", "이", "가", "을", "를", "의", "로", "중", "운데", "도", "만",
            "약", "총", "최소", "최대", "등", "과", "와", "다", "고", "지난", "된", "한", "던",
        ];
        let noun = word.chars().count() >= 2
            && word.chars().all(|c| ('가'..='힣').contains(&c))
            && !particle.iter().any(|p| word.ends_with(p));
        noun.then(|| before.len() - word.len()..before.len())
    }

    pub(super) fn groups(&self, patient: &Range<usize>) -> Vec<Group> {
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

    pub(super) fn places(
        &self,
        at: &Range<usize>,
        clause: &Range<usize>,
        patient: Option<&Range<usize>>,
    ) -> (Vec<Argument>, Vec<Argument>, Vec<Argument>, Vec<Argument>) {
        let (mut place, mut origin, mut destination, mut agent) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut embedded, mut topics) = (false, Vec::new());
        let noun = self.korean
            // "제재 명단에 올렸다": the verb stands behind.
            && !self.after(at.end).starts_with(" 명단에 올")
            // 팔려가, 갇혀 있: verbs, whatever particle their next syllable looks like.
            && !self
                .words
                .get(at.clone())
                .is_some_and(|w| w.ends_with(['려', '혀', '힌', '았', '었', '냈', '넘', '잡']))
            && [
                "을 ", "를 ", "에 ", "의 ", " ", "은 ", "는 ", "과 ", "와 ", "이 ", "가 ",
            ]
            .iter()
            .any(|p| self.after(at.end).starts_with(p));
        // "통일부는 북송된 탈북민의 규모를 …": a passive before its noun has no agent in a topic.
        let undergone = self.korean
            && ["된 ", "됐던 ", "되었던 ", "당한 ", "되는 ", "당하는 "]
                .iter()
                .any(|p| self.after(at.end).starts_with(p));
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
            let argument = Argument::At(self.quote(&(own.start..self.with_authority(own.end))));
            let before = self.before(own.start);
            let after = self.after(own.end);
            // "对中国可能强制遣返…深表关切": who may do it.
            let feared = !self.korean
                && before.ends_with('对')
                && own.end <= at.start
                && ["可能", "将", "继续", "再次", "强制", "大规模", "强行"]
                    .iter()
                    .any(|w| after.starts_with(w));
            if feared {
                agent = vec![argument];
                continue;
            }
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
                } else if own.end <= at.start
                    && !undergone
                    && (!noun || at.start - own.end < 30)
                    && Self::acts(after, noun)
                {
                    embedded |= after.starts_with("이 ") || after.starts_with("가 ");
                    topics.push(after.starts_with("은 ") || after.starts_with("는 "));
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
            } else if agent.is_empty() && self.leads(&own, at, clause) {
                agent.push(argument);
            }
        }
        // "통일부는 중국이 … 체포했다고": who is spoken of acted, not who speaks.
        if embedded && topics.len() == agent.len() {
            let mut topics = topics.into_iter();
            agent.retain(|_| !topics.next().unwrap_or(false));
        }
        (place, origin, destination, agent)
    }

    /// Where the name of a state or town that ends at `end` ends with the word for who rules or
    /// guards there ("中国警方", "중국 공안").
    fn with_authority(&self, end: usize) -> usize {
        let after = self.after(end);
        let words: &[&str] = if self.korean {
            &[" 공안", " 당국", " 정부", " 경찰", " 보위부", " 군"]
        } else {
            &["警方", "当局", "政府", "公安机关", "公安", "军方", "边防"]
        };
        let found = words.iter().find(|w| after.starts_with(**w));
        match found {
            Some(&" 군") if !after.starts_with(" 군이 ") && !after.starts_with(" 군은 ") => {
                end
            }
            Some(&" 당국") if after.starts_with(" 당국자") => end,
            Some(word) => end + word.len(),
            None => end,
        }
    }

    /// Whether an organisation opens an active Chinese clause that the trigger is the verb of
    /// ("2022年，某公司向美国出口…").
    fn leads(&self, own: &Range<usize>, at: &Range<usize>, clause: &Range<usize>) -> bool {
        let lead = self.words.get(clause.start..own.start).unwrap_or("");
        let between = self.words.get(own.end..at.start).unwrap_or("x");
        let plain = lead.trim_matches([' ', '“', '并']).is_empty()
            || self.mentions.iter().any(|m| {
                m.kind == MentionKind::Date
                    && self.own(m).end == own.start
                    && self.own(m).start >= clause.start
            });
        plain
            && own.end <= at.start
            && between.chars().count() <= 20
            && ![
                "被", "的", "称", "说", "表示", "指", "报道", "遭", "受", "获", "否认", "要求",
                "呼吁", "敦促", "促请", "批评", "谴责", "指控", "认为", "希望", "建议",
            ]
            .iter()
            .any(|w| between.contains(w))
            && !between.starts_with(['和', '与', '及', '、'])
            && self
                .mentions
                .iter()
                .any(|m| m.kind == MentionKind::Organisation && self.own(m) == *own)
    }

    /// Whether what ends before `after` is who acted. Before a noun ("중국의 강제북송을 규탄") it is
    /// whose act it was, and never who speaks of it.
    fn acts(after: &str, noun: bool) -> bool {
        let whose = ["의 ", " 당국의 ", " 정부의 ", " 공안의 "];
        if noun {
            return whose.iter().any(|p| after.starts_with(p));
        }
        ["이 ", "가 ", "은 ", "는 ", " 당국", " 정부", " 공안"]
            .iter()
            .any(|p| after.starts_with(p))
            && !after.starts_with(" 당국자")
    }
}
