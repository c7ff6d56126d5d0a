//! Word lists of Chinese and Korean and the cues in them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use casefile::statement::Event;

/// What a cue does to the statement that it bears on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Risk,
    Avert,
    Planned,
    Hypothetical,
    Denied,
    Request,
    Obligation,
    Unconfirmed,
    Disputed,
    Ongoing,
    General,
    Happened,
}

pub(super) struct Tables {
    pub(super) events: AhoCorasick,
    pub(super) rows: Vec<(Event, &'static str)>,
    pub(super) cues: AhoCorasick,
    pub(super) effects: Vec<Effect>,
    pub(super) tellers: AhoCorasick,
    pub(super) hedges: AhoCorasick,
    /// Indices from here on in `hedges` name an unnamed source as well.
    pub(super) unnamed_from: usize,
}

pub(super) fn automaton(words: &[&str]) -> AhoCorasick {
    // The lists are constants of this crate; a failure to build would be caught by any test.
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .unwrap_or_else(|_| unreachable!("constant word lists build"))
}

pub(super) fn tables(
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

pub(super) static CHINESE: LazyLock<Tables> = LazyLock::new(|| {
    tables(
        include_str!("../../../data/events.zh.tsv"),
        include_str!("../../../data/cues.zh.tsv"),
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
            "报导",
            "反驳",
            "辩称",
            "重申",
            "主张",
            "查明",
            "认定",
            "裁定",
            "质疑",
            "批评",
            "谴责",
            "揭露",
            "讲述",
            "描述",
            "预计",
            "推算",
            "控诉",
            "坦言",
            "介绍说",
            "发现，",
            "解释说",
            "告诫",
            "告知",
            "提到",
            "谈到",
            "写到",
            "写道",
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

pub(super) static KOREAN: LazyLock<Tables> = LazyLock::new(|| {
    tables(
        include_str!("../../../data/events.ko.tsv"),
        include_str!("../../../data/cues.ko.tsv"),
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
            "다\"며",
            "다”며",
            "라\"며",
            "라”며",
            "다\"면서",
            "다”면서",
            "다면서",
            "라면서",
            "물었",
            "답했",
            "답변했",
            "해명했",
            "규탄했",
            "비난했",
            "지적한",
            "권고했",
            "권고하였",
            "회고했",
            "회상했",
            "토로했",
            "전망했",
            "예상했",
            "인정했",
            "시인했",
            "일축했",
            "알렸",
            "적었",
            "부연했",
            "내다봤",
            "반문했",
            "판단했",
            "기록했",
            "소개했",
            "밝히며",
            "밝히면서",
            "주장하며",
            "지적하며",
            "보도한",
            "주장한",
            "말합니다",
            "전합니다",
            "증언하였",
            "주장하였",
            "지적하였",
            "진술하였",
            "판시했",
            "폭로한",
            "고발했",
            "항의했",
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
            "다고 한다",
            "라고 한다",
            "다는 전언",
            "소문",
        ],
    )
});

/// Simplified for traditional where the tables need it, byte for byte as long.
pub(super) fn folded(text: &str) -> std::borrow::Cow<'_, str> {
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
