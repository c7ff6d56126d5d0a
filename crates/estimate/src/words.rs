//! Fixed wording in English, Korean and Chinese. Everything that a report says in words comes from here.

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// Languages of the wording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Korean,
    Chinese,
}

/// Something said in fixed words: a stable code and what fills the gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub code: &'static str,
    pub values: Vec<String>,
}

impl Note {
    #[must_use]
    pub(crate) fn new<const N: usize>(code: &'static str, values: [String; N]) -> Self {
        Self {
            code,
            values: values.into(),
        }
    }

    /// The words, in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let mut text = wording(self.code, language).to_owned();
        for (at, value) in self.values.iter().enumerate() {
            text = text.replace(&format!("{{{at}}}"), value);
        }
        text
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut note = serializer.serialize_struct("Note", 3)?;
        note.serialize_field("code", self.code)?;
        note.serialize_field("values", &self.values)?;
        note.serialize_field("message", &self.say(Language::English))?;
        note.end()
    }
}

/// The template of a code; the code itself where there is none, which a test rules out.
#[must_use]
pub fn wording(code: &str, language: Language) -> &str {
    let found = WORDING.iter().find(|(known, _)| *known == code);
    found.map_or(code, |(_, [english, korean, chinese])| match language {
        Language::English => english,
        Language::Korean => korean,
        Language::Chinese => chinese,
    })
}

/// Every code with its wording in English, Korean and Chinese.
pub const WORDING: &[(&str, [&str; 3])] = &[
    // refusals of a table
    (
        "nobody",
        [
            "The table counts nobody.",
            "표에 집계된 사람이 없습니다.",
            "表中没有任何人。",
        ],
    ),
    (
        "no-lists",
        [
            "There is no list: every column is a count or left out.",
            "명단이 없습니다. 모든 열이 빈도이거나 제외되었습니다.",
            "没有名单：所有列都是计数或已被排除。",
        ],
    ),
    (
        "one-list",
        [
            "There is one list. Nothing can be estimated from one list: how many it missed leaves no trace in it.",
            "명단이 하나뿐입니다. 명단 하나로는 추정할 수 없습니다. 빠진 사람의 수는 그 명단에 흔적을 남기지 않습니다.",
            "只有一份名单。一份名单无法作出估计：它遗漏了多少人，在其中没有痕迹。",
        ],
    ),
    (
        "one-informant",
        [
            "All lists come from one informant or copy one another. They are one list, and nothing can be estimated from one list.",
            "모든 명단이 같은 정보원에서 나왔거나 서로 베낀 것입니다. 명단 하나와 같으므로 추정할 수 없습니다.",
            "所有名单出自同一信息来源或互相抄录，等于一份名单，无法作出估计。",
        ],
    ),
    (
        "one-cell",
        [
            "Everybody is on the same combination of lists. The overlaps say nothing.",
            "모든 사람이 같은 명단 조합에 있습니다. 겹침이 아무것도 말해 주지 않습니다.",
            "所有人都在同一组名单上，重叠不说明任何问题。",
        ],
    ),
    (
        "no-overlap",
        [
            "Nobody is on two lists. Without overlap any number of people is possible; check first whether the lists were linked.",
            "두 명단에 함께 있는 사람이 없습니다. 겹침이 없으면 어떤 수도 가능합니다. 명단을 제대로 연결했는지 먼저 확인하십시오.",
            "没有人同时在两份名单上。没有重叠，任何人数都有可能；请先检查名单是否已经关联。",
        ],
    ),
    (
        "same-list",
        [
            "Lists {0} and {1} hold the same people. One is a copy of the other: leave one out with --ignore, or say --copied {0},{1}.",
            "명단 {0}과(와) {1}에 있는 사람이 같습니다. 하나는 다른 하나의 사본입니다. --ignore로 하나를 빼거나 --copied {0},{1}로 알려 주십시오.",
            "名单 {0} 与 {1} 的人完全相同，其中一份是另一份的副本：用 --ignore 去掉一份，或用 --copied {0},{1} 说明。",
        ],
    ),
    (
        "contained",
        [
            "Everybody on list {0} is on list {1} as well. {0} was probably drawn from {1}: leave {0} out with --ignore, or say --copied {0},{1}.",
            "명단 {0}의 모든 사람이 명단 {1}에도 있습니다. {0}은(는) {1}에서 뽑은 것으로 보입니다. --ignore로 {0}을(를) 빼거나 --copied {0},{1}로 알려 주십시오.",
            "名单 {0} 上的所有人也都在名单 {1} 上，{0} 很可能取自 {1}：用 --ignore 去掉 {0}，或用 --copied {0},{1} 说明。",
        ],
    ),
    (
        "not-exclusive",
        [
            "{1} people are on {0} at once, though nobody can be, as was said. One of the two is wrong.",
            "동시에 있을 수 없다고 한 {0}에 {1}명이 함께 있습니다. 둘 중 하나가 잘못되었습니다.",
            "据称没有人能同时在 {0} 上，但有 {1} 人同时在其上。两者必有一误。",
        ],
    ),
    // warnings about a table
    (
        "one-origin",
        [
            "Lists {0} have one origin and stand as one list.",
            "명단 {0}은(는) 출처가 같으므로 하나의 명단으로 다룹니다.",
            "名单 {0} 出自同一来源，按一份名单处理。",
        ],
    ),
    (
        "empty-list",
        [
            "List {0} holds nobody and was left out.",
            "명단 {0}에는 사람이 없어 제외했습니다.",
            "名单 {0} 没有任何人，已排除。",
        ],
    ),
    (
        "dependent",
        [
            "{0}: one list refers people to the other, as was said; models without this dependence were not considered.",
            "{0}: 한 명단이 다른 명단으로 사람을 보낸다고 하였으므로, 이 의존을 담지 않은 모형은 고려하지 않았습니다.",
            "{0}：据说明，一份名单会把人转介到另一份；未考虑不含这一依赖关系的模型。",
        ],
    ),
    (
        "empty-overlap",
        [
            "Nobody is on both lists of {0}. Whether that is chance or rule is not known.",
            "{0} 두 명단에 함께 있는 사람이 없습니다. 우연인지 규칙 때문인지는 알 수 없습니다.",
            "没有人同时在 {0} 两份名单上，不知是偶然还是规则使然。",
        ],
    ),
    (
        "few-overlaps",
        [
            "Only {0} people are on two lists or more. Every estimate rests on them.",
            "둘 이상의 명단에 있는 사람이 {0}명뿐입니다. 모든 추정이 이들에 달려 있습니다.",
            "只有 {0} 人在两份或更多名单上，所有估计都依赖他们。",
        ],
    ),
    (
        "not-asked",
        [
            "Nobody has said whether lists copy one another, refer people or exclude one another (--copied, --referral, --excludes). The answers can change every figure.",
            "명단이 서로 베끼거나, 사람을 보내거나, 서로 배제하는지 아무도 밝히지 않았습니다(--copied, --referral, --excludes). 답에 따라 모든 수치가 달라질 수 있습니다.",
            "尚无人说明名单之间是否互相抄录、转介或排斥（--copied、--referral、--excludes）。答案可能改变所有数字。",
        ],
    ),
    // refusals and warnings of a method
    (
        "two-lists-only",
        [
            "This method takes exactly two lists.",
            "이 방법은 명단이 정확히 둘일 때만 쓸 수 있습니다.",
            "此方法只适用于恰好两份名单。",
        ],
    ),
    (
        "three-lists-least",
        [
            "This method takes at least three lists.",
            "이 방법에는 적어도 세 개의 명단이 필요합니다.",
            "此方法至少需要三份名单。",
        ],
    ),
    (
        "too-many-lists",
        [
            "With each list more this method has many more models to go through; it takes at most {0} lists, and there are {1}. Put lists of one kind together, or leave some out.",
            "명단이 하나 늘 때마다 이 방법이 살펴볼 모형이 크게 늘므로 명단은 최대 {0}개까지입니다. 지금은 {1}개입니다. 같은 종류의 명단을 합치거나 일부를 빼십시오.",
            "每多一份名单，此方法要考察的模型就多出许多，因此最多 {0} 份名单；现有 {1} 份。请合并同类名单，或去掉一些。",
        ],
    ),
    (
        "no-maximum",
        [
            "The model has no estimate: too many combinations of lists are empty, and the fit runs off to infinity.",
            "이 모형에는 추정값이 없습니다. 비어 있는 명단 조합이 너무 많아 적합이 무한대로 발산합니다.",
            "该模型没有估计值：空的名单组合太多，拟合趋于无穷。",
        ],
    ),
    (
        "not-identified",
        [
            "The model has no single estimate: with these empty combinations many numbers of unseen people fit equally well.",
            "이 모형에는 유일한 추정값이 없습니다. 이렇게 빈 조합이 있으면 여러 수가 똑같이 잘 맞습니다.",
            "该模型没有唯一的估计值：在这些空组合下，许多人数同样吻合。",
        ],
    ),
    (
        "not-converged",
        [
            "The fit did not settle. No figure is shown.",
            "적합이 수렴하지 않았습니다. 수치를 보이지 않습니다.",
            "拟合未收敛，不给出数字。",
        ],
    ),
    (
        "chains-disagree",
        [
            "The chains did not come to the same place (R-hat {0}, effective draws {1}). No figure is shown.",
            "연쇄들이 같은 곳에 이르지 못했습니다(R-hat {0}, 유효 표본 {1}). 수치를 보이지 않습니다.",
            "各链未趋于一致（R-hat {0}，有效样本 {1}），不给出数字。",
        ],
    ),
    (
        "no-interval",
        [
            "No interval: {0} of {1} resamples have no estimate.",
            "구간 없음: 재표본 {1}개 중 {0}개에 추정값이 없습니다.",
            "没有区间：{1} 个重抽样中有 {0} 个没有估计值。",
        ],
    ),
    (
        "some-without-estimate",
        [
            "{0} of {1} resamples have no estimate and are not in the interval, which is therefore too short rather than too long.",
            "재표본 {1}개 중 {0}개에는 추정값이 없어 구간에 들어 있지 않습니다. 따라서 구간은 길기보다 짧을 수 있습니다.",
            "{1} 个重抽样中有 {0} 个没有估计值，未计入区间，因此区间可能偏短。",
        ],
    ),
    (
        "no-exclusion",
        [
            "This method cannot take into account that lists exclude one another.",
            "이 방법은 명단이 서로 배제한다는 점을 반영할 수 없습니다.",
            "此方法无法考虑名单互相排斥的情况。",
        ],
    ),
    (
        "no-referral",
        [
            "This method takes no notice of what was said about referral; it finds differences between people by itself.",
            "이 방법은 알려 준 연계 사실을 반영하지 않으며, 사람들 사이의 차이를 스스로 찾습니다.",
            "此方法不使用所说明的转介情况，而是自行寻找人与人之间的差异。",
        ],
    ),
    (
        "heavy-tail",
        [
            "The posterior has a heavy tail: {0} of its mass lies beyond {1} unseen people.",
            "사후 분포의 꼬리가 두껍습니다. 질량의 {0}이(가) 보이지 않은 사람 {1}명을 넘습니다.",
            "后验分布尾部很重：有 {0} 的质量在未见人数 {1} 之外。",
        ],
    ),
    (
        "on-edge",
        [
            "{0} is on the edge of the threshold and stays in the model; without it the estimate is {1} ({2} to {3}).",
            "{0}은(는) 문턱값의 가장자리에 있어 모형에 남겼습니다. 이를 빼면 추정값은 {1}({2}~{3})입니다.",
            "{0} 处于阈值边缘，保留在模型中；若去掉它，估计值为 {1}（{2} 至 {3}）。",
        ],
    ),
    (
        "triples-refused",
        [
            "Triples of lists {0} could not be considered: with them the model has no estimate.",
            "세 명단의 조합 {0}은(는) 고려할 수 없었습니다. 이를 넣으면 모형에 추정값이 없습니다.",
            "无法考虑三份名单的组合 {0}：加入后模型没有估计值。",
        ],
    ),
    // headlines
    (
        "agree",
        [
            "Probably between {0} and {1} people in all; {2} of them are known. {3} methods agree as far as their intervals go.",
            "모두 합하여 {0}명에서 {1}명 사이로 보입니다. 그중 {2}명이 알려져 있습니다. {3}가지 방법이 구간 안에서 서로 일치합니다.",
            "总数大约在 {0} 至 {1} 人之间；其中已知 {2} 人。{3} 种方法在各自区间内一致。",
        ],
    ),
    (
        "disagree",
        [
            "The methods disagree: their estimates go from {4} to {5}, with their intervals from {0} to {1}; {2} people are known. No single figure can be given.",
            "방법들이 서로 일치하지 않습니다. 추정값은 {4}명에서 {5}명, 구간까지 합하면 {0}명에서 {1}명입니다. 알려진 사람은 {2}명입니다. 하나의 수치를 제시할 수 없습니다.",
            "各方法不一致：估计值从 {4} 到 {5}，连同区间从 {0} 到 {1}；已知 {2} 人。无法给出单一数字。",
        ],
    ),
    (
        "no-headline",
        [
            "No headline: fewer than two methods that allow for dependence between lists have an estimate with an interval. One method alone is not enough.",
            "대표 수치 없음: 명단 사이의 의존을 고려하면서 구간이 있는 방법이 둘 미만입니다. 한 가지 방법만으로는 부족합니다.",
            "没有总体结论：能顾及名单间依赖且给出区间的方法不足两种。只有一种方法是不够的。",
        ],
    ),
    (
        "no-headline-two-lists",
        [
            "No headline: with two lists their independence cannot be checked, and the estimate stands or falls with it.",
            "대표 수치 없음: 명단이 둘이면 서로 독립인지 확인할 수 없고, 추정은 전적으로 거기에 달려 있습니다.",
            "没有总体结论：两份名单无法检验其独立性，而估计完全取决于此。",
        ],
    ),
    // assumptions
    (
        "assumes-chapman",
        [
            "Two lists, independent of one another; everybody has the same chance to be on a list.",
            "두 명단이 서로 독립이고, 누구나 명단에 오를 가능성이 같다고 봅니다.",
            "假定两份名单互相独立，每个人上名单的机会相同。",
        ],
    ),
    (
        "assumes-chao",
        [
            "A lower bound: people may differ in their chances, lists are independent for each person.",
            "하한입니다. 사람마다 가능성이 다를 수 있고, 각 사람에게는 명단들이 독립이라고 봅니다.",
            "下界：各人机会可以不同，但对每个人而言名单互相独立。",
        ],
    ),
    (
        "assumes-main",
        [
            "All lists are independent of one another. Shown for comparison only.",
            "모든 명단이 서로 독립이라고 봅니다. 비교를 위해서만 보입니다.",
            "假定所有名单互相独立。仅供比较。",
        ],
    ),
    (
        "assumes-stepwise",
        [
            "Pairs of lists may depend on one another; pairs are added while the overlap is surprising without them (p under 0.02).",
            "명단의 쌍이 서로 의존할 수 있습니다. 겹침이 우연으로 보기 어려우면(p < 0.02) 쌍을 더합니다.",
            "名单两两之间可以有依赖；只要重叠令人意外（p 小于 0.02）就加入该对。",
        ],
    ),
    (
        "assumes-bic",
        [
            "Any group of lists may depend on one another; of all hierarchical models the one with the best balance of fit and simplicity (BIC) is taken. The interval repeats the choice.",
            "어떤 명단들이든 서로 의존할 수 있습니다. 모든 위계 모형 가운데 적합과 단순함의 균형(BIC)이 가장 좋은 것을 택하며, 구간은 그 선택을 되풀이합니다.",
            "任意一组名单都可以互相依赖；在所有层次模型中取拟合与简洁最平衡者（BIC）。区间计算重复了这一选择。",
        ],
    ),
    (
        "assumes-threshold",
        [
            "All pairs of lists may depend on one another; those that the data do not clearly ask for are left out. Flat priors.",
            "모든 명단 쌍이 서로 의존할 수 있으며, 자료가 분명히 요구하지 않는 것은 뺍니다. 평평한 사전 분포를 씁니다.",
            "所有名单两两之间都可以有依赖；数据未明确要求的予以去掉。采用均匀先验。",
        ],
    ),
    (
        "assumes-dga",
        [
            "An average over all decomposable graphs of which lists depend on which, each weighed by how well it explains the table. Within a model everybody has the same chances.",
            "어떤 명단이 어떤 명단에 의존하는지를 나타내는 모든 분해 가능 그래프에 대한 평균이며, 표를 얼마나 잘 설명하는지로 가중합니다. 한 모형 안에서는 누구나 가능성이 같습니다.",
            "对所有可分解图（表示哪些名单互相依赖）求平均，按其对表的解释程度加权。在一个模型内每个人机会相同。",
        ],
    ),
    (
        "assumes-lcmcr",
        [
            "People fall into a few hidden groups; within a group lists are independent, groups differ as they will. Lists that depend on one another for other reasons are not allowed for.",
            "사람들은 몇 개의 숨은 집단으로 나뉘고, 집단 안에서는 명단이 독립이며, 집단끼리는 얼마든지 다를 수 있습니다. 다른 까닭의 의존은 고려하지 않습니다.",
            "人群分为若干隐含的组；组内名单互相独立，组间可任意不同。不考虑其他原因造成的依赖。",
        ],
    ),
    // names
    (
        "chapman",
        [
            "Two lists (Chapman)",
            "두 명단(Chapman)",
            "两份名单（Chapman）",
        ],
    ),
    ("chao", ["Lower bound (Chao)", "하한(Chao)", "下界（Chao）"]),
    ("main", ["Independent lists", "독립 명단", "独立名单"]),
    (
        "stepwise",
        ["Log-linear, stepwise", "로그선형, 단계적", "对数线性，逐步"],
    ),
    (
        "bic",
        ["Log-linear, best BIC", "로그선형, BIC", "对数线性，BIC"],
    ),
    (
        "threshold",
        ["Bayesian threshold", "베이즈 문턱값", "贝叶斯阈值"],
    ),
    ("dga", ["Average over graphs", "그래프 평균", "图模型平均"]),
    ("lcmcr", ["Latent classes", "잠재 집단", "潜在类别"]),
    (
        "seen",
        [
            "Seen on at least one list",
            "한 명단 이상에 있는 사람",
            "至少在一份名单上",
        ],
    ),
    ("method", ["method", "방법", "方法"]),
    ("estimate", ["estimate", "추정값", "估计值"]),
    ("interval", ["interval", "구간", "区间"]),
    ("model", ["model", "모형", "模型"]),
    (
        "assumptions",
        ["What each method assumes", "각 방법의 가정", "各方法的假设"],
    ),
    ("warnings", ["To be kept in mind", "유의할 점", "注意事项"]),
    ("people", ["people", "사람", "人"]),
    ("stratum", ["stratum", "층", "层"]),
    ("all-strata", ["all strata", "모든 층", "所有层"]),
    ("appendix", ["Methods", "방법", "方法说明"]),
    ("seed", ["seed", "난수 씨앗", "随机种子"]),
    ("resamples", ["resamples", "재표본", "重抽样"]),
    ("level", ["level of intervals", "구간의 수준", "区间水平"]),
    (
        "copied",
        [
            "Lists that copy one another or share an informant",
            "서로 베꼈거나 정보원이 같은 명단",
            "互相抄录或出自同一信息来源的名单",
        ],
    ),
    (
        "referral",
        [
            "Lists that refer people to others",
            "다른 명단으로 사람을 보내는 명단",
            "向其他名单转介的名单",
        ],
    ),
    (
        "excludes",
        [
            "Lists that exclude one another",
            "서로 배제하는 명단",
            "互相排斥的名单",
        ],
    ),
    (
        "nothing-said",
        ["nothing was said", "답이 없음", "未作说明"],
    ),
    (
        "considered",
        [
            "models considered (without an estimate)",
            "고려한 모형(추정값 없음)",
            "考察的模型（无估计值）",
        ],
    ),
    ("without-list", ["without", "제외한 명단", "去掉"]),
    (
        "kept-back",
        [
            "fewer than {0}, or kept back",
            "{0} 미만이거나 비공개",
            "少于 {0} 或不公开",
        ],
    ),
    ("refused", ["No estimate", "추정할 수 없음", "无法估计"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wording_has_the_same_gaps_in_each_language() {
        for (code, wordings) in WORDING {
            let gaps = |text: &str| -> Vec<bool> {
                (0..6)
                    .map(|at| text.contains(&format!("{{{at}}}")))
                    .collect()
            };
            for wording in wordings {
                assert!(!wording.is_empty());
                assert_eq!(gaps(wording), gaps(wordings[0]), "{code}: {wording}");
            }
            let same = WORDING.iter().filter(|(other, _)| other == code).count();
            assert_eq!(same, 1, "{code} stands twice");
        }
    }
}
