//! Passages in Chinese and Korean with what a careful reader would mark in them.

use casefile::statement::Statement;

use crate::{Context, find};

const CHINESE: &str = include_str!("cases.zh.txt");
const KOREAN: &str = include_str!("cases.ko.txt");

/// One wanted statement, read from its line.
struct Wanted<'c> {
    line: &'c str,
    known_gap: bool,
    event: &'c str,
    trigger: &'c str,
    modality: &'c str,
    figure: Option<&'c str>,
    from: Option<&'c str>,
    tellers: Vec<&'c str>,
}

struct Passage<'c> {
    words: &'c str,
    held: bool,
    wanted: Vec<Wanted<'c>>,
    /// Words that may carry an event or not, as one looks at it.
    open: Vec<&'c str>,
}

fn wanted(line: &str) -> Option<Wanted<'_>> {
    let known_gap = line.starts_with('?');
    let line = line.trim_start_matches(['?', ' ']);
    let (body, tellers) = line.split_once(" <").unwrap_or((line, ""));
    let (body, from) = body
        .split_once(" @")
        .map_or((body, None), |(body, from)| (body, Some(from)));
    let (body, figure) = body
        .split_once(" #")
        .map_or((body, None), |(body, figure)| (body, Some(figure)));
    let (event, rest) = body.split_once(' ')?;
    let (trigger, modality) = rest.rsplit_once(' ')?;
    Some(Wanted {
        line,
        known_gap,
        event,
        trigger,
        modality,
        figure,
        from,
        tellers: tellers.split('|').filter(|t| !t.is_empty()).collect(),
    })
}

fn passages(cases: &str) -> Vec<Passage<'_>> {
    let mut all: Vec<Passage<'_>> = Vec::new();
    for line in cases.lines().filter(|l| !l.starts_with('#')) {
        if let Some(words) = line.strip_prefix("= ").or(line.strip_prefix("% ")) {
            all.push(Passage {
                words,
                held: line.starts_with('%'),
                wanted: Vec::new(),
                open: Vec::new(),
            });
        } else if let (Some(passage), Some(words)) = (all.last_mut(), line.strip_prefix("~ ")) {
            passage.open.push(words);
        } else if let (Some(passage), Some(wanted)) = (all.last_mut(), wanted(line)) {
            passage.wanted.push(wanted);
        }
    }
    all
}

/// What counts right and wrong, for the passages that are held out and the others.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    wanted: usize,
    unwanted: usize,
    events: usize,
    modality: usize,
    figures: usize,
    tellers: usize,
    /// Not said to be so in the text, but said to be so by the statement.
    unreal: usize,
    unreal_as_fact: usize,
}

fn faults(wanted: &Wanted<'_>, got: &Statement) -> Vec<String> {
    let mut faults = Vec::new();
    let sort = |modality: &str| match modality {
        "happened" | "ongoing" | "general" | "past" => 0,
        "risk" | "hypothetical" | "planned" => 1,
        "obligation" | "request" => 2,
        _ => 3,
    };
    // Whether a fact goes on or is over is a matter of reading; whether it is one is not.
    if sort(got.modality.as_str()) != sort(wanted.modality) {
        faults.push(got.modality.as_str().to_owned());
    }
    let figure = got.quantity.as_ref().map(|q| q.text.as_str());
    if figure != wanted.figure {
        faults.push(format!("figure {figure:?}"));
    }
    let tellers: Vec<&str> = got
        .attribution
        .iter()
        .map(|a| a.source.quote().map_or("-", |q| q.text.as_str()))
        .collect();
    // Who speaks may be given with or without the words around the name.
    let same = tellers.len() == wanted.tellers.len()
        && tellers
            .iter()
            .zip(&wanted.tellers)
            .all(|(got, wanted)| got.contains(wanted) || wanted.contains(got));
    if !same {
        faults.push(format!("tellers {tellers:?}"));
    }
    if let Some(from) = wanted.from {
        let got = got.date.as_ref().and_then(|d| d.from.as_deref());
        if got != Some(from) {
            faults.push(format!("from {got:?}"));
        }
    }
    faults
}

fn check(cases: &str) -> (Vec<String>, Score, Score) {
    let context = Context {
        published: "2024-05-07".parse().ok(),
        blocks: &[],
    };
    let fact = |modality: &str| matches!(modality, "happened" | "ongoing" | "general" | "past");
    let mut wrong = Vec::new();
    let (mut open, mut held) = (Score::default(), Score::default());
    for passage in passages(cases) {
        let found = find(passage.words, &context).statements;
        let score = if passage.held { &mut held } else { &mut open };
        let open = |s: &Statement| passage.open.iter().any(|w| s.trigger.text.contains(w));
        let mut taken = vec![false; found.len()];
        let mut missed = Vec::new();
        for wanted in &passage.wanted {
            score.wanted += 1;
            let unreal = !fact(wanted.modality);
            score.unreal += usize::from(unreal);
            let hit = found.iter().enumerate().find(|(n, s)| {
                !taken.get(*n).copied().unwrap_or(true)
                    && s.event.as_str() == wanted.event
                    && (s.trigger.text.contains(wanted.trigger)
                        || wanted.trigger.contains(&s.trigger.text))
            });
            let Some((n, got)) = hit else {
                if !wanted.known_gap {
                    missed.push(format!("{}: not found", wanted.line));
                }
                continue;
            };
            if let Some(place) = taken.get_mut(n) {
                *place = true;
            }
            let faults = faults(wanted, got);
            let has = |what: &str| faults.iter().any(|f| f.starts_with(what));
            score.events += 1;
            score.modality += usize::from(!faults.iter().any(|f| f == got.modality.as_str()));
            score.figures += usize::from(!has("figure"));
            score.tellers += usize::from(!has("tellers"));
            score.unreal_as_fact += usize::from(unreal && got.modality.is_fact());
            if !faults.is_empty() && !wanted.known_gap {
                missed.push(format!("{}: {}", wanted.line, faults.join(", ")));
            }
        }
        let extra: Vec<&Statement> = found
            .iter()
            .zip(&taken)
            .filter(|(s, taken)| !**taken && !open(s))
            .map(|(s, _)| s)
            .collect();
        score.unwanted += extra.len();
        if !passage.held {
            for extra in extra {
                missed.push(format!(
                    "not wanted: {} {} {}",
                    extra.event.as_str(),
                    extra.trigger.text,
                    extra.modality.as_str()
                ));
            }
            if !missed.is_empty() {
                wrong.push(format!("{}\n   {}", passage.words, missed.join("\n   ")));
            }
        }
    }
    (wrong, open, held)
}

#[test]
fn chinese_passages_say_what_a_careful_reader_marks() {
    let (wrong, open, held) = check(CHINESE);
    eprintln!("Chinese: {open:?}\nheld out: {held:?}");
    assert!(wrong.is_empty(), "{}\n{open:?}", wrong.join("\n"));
}

#[test]
fn korean_passages_say_what_a_careful_reader_marks() {
    let (wrong, open, held) = check(KOREAN);
    eprintln!("Korean: {open:?}\nheld out: {held:?}");
    assert!(wrong.is_empty(), "{}\n{open:?}", wrong.join("\n"));
}

proptest::proptest! {
    /// Whatever stands in a text, each span reads back and nothing panics.
    #[test]
    fn every_span_of_east_asian_words_reads_back(words in proptest::collection::vec(proptest::sample::select(vec![
        "中国", "脱北者", "遣返", "被", "600", "多", "名", "3万", "约", "可能", "如果", "否认", "据", "说", "，", "。", "“", "”", "（", "）", "强迫堕胎", "处决", "未遂", "会被", "停止", "致函", "外交部", "9日", "去年底", "、", "其中", "二〇二三年", "１２", "％", "탈북민", "북송", "됐다", "될", " ", "2천600여", "명이", "고문", "을", "당할", "뻔했다", "면", "고 들었다", "라며", "촉구했다", "통일부", "는", "지난달", "한", "예순 남짓", "8할", "4월 들어", "경", "?", ".", "\"", "\u{202e}", "\n", "\u{ac00}\u{11a8}", "A", "강제로 낙태", "대요",
    ]), 0..60)) {
        let raw = words.concat();
        let context = Context { published: "2024-05-07".parse().ok(), blocks: &[] };
        let found = find(&raw, &context);
        let chars: Vec<char> = raw.chars().collect();
        let back = |start: u32, end: u32| chars.get(start as usize..end as usize).map(|c| c.iter().collect::<String>());
        for s in &found.statements {
            proptest::prop_assert_eq!(back(s.start, s.end), Some(s.quote.clone()));
            let arguments = s.agent.iter().chain(&s.patient).chain(&s.object).chain(&s.place).chain(&s.origin).chain(&s.destination)
                .chain(s.attribution.iter().map(|a| &a.source)).filter_map(|a| a.quote());
            let cues = s.attribution.iter().filter_map(|a| a.cue.as_ref());
            for quote in arguments.chain(cues).chain(&s.hedges).chain([&s.trigger]) {
                proptest::prop_assert_eq!(back(quote.start, quote.end), Some(quote.text.clone()));
            }
            if let Some(q) = &s.quantity {
                proptest::prop_assert_eq!(back(q.start, q.end), Some(q.text.clone()));
            }
            if let Some(d) = &s.date {
                proptest::prop_assert_eq!(back(d.start, d.end), Some(d.text.clone()));
            }
        }
    }

    #[test]
    fn no_mix_of_scripts_breaks_the_step(raw in "[一-龥가-힣0-9０-９，。、“”（）%％.~∼〇 \\n的被将有名人명이다-]{0,120}") {
        let _ = find(&raw, &Context { published: None, blocks: &[] });
    }
}

/// Sentences that state an act, and many more that only speak of it.
#[test]
fn what_is_only_spoken_of_is_no_fact() {
    let mut wrong = Vec::new();
    for row in include_str!("facts.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let mut columns = row.split('\t');
        let (Some(kind), Some(event), Some(sentence)) =
            (columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let found = find(sentence, &Context::default()).statements;
        let fact = found
            .iter()
            .any(|s| s.event.as_str() == event && s.modality.is_fact());
        if fact != (kind == "fact") {
            wrong.push(format!("{kind} {event}: {sentence}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who speaks of an act did not do it; fellow prisoners are named whole.
#[test]
fn speakers_are_no_agents() {
    for (sentence, agents, tellers) in [
        (
            "미 의회는 중국의 강제북송을 규탄했다.",
            vec!["중국"],
            vec!["미 의회"],
        ),
        (
            "통일부 당국자는 21일 \"중국이 탈북민 9명을 체포했다\"고 말했다.",
            vec!["중국"],
            vec!["통일부 당국자"],
        ),
        ("중국 당국은 9명을 체포했다.", vec!["중국 당국"], vec![]),
        ("同监室的人说，两名妇女被处决。", vec![], vec!["同监室的人"]),
    ] {
        let found = find(sentence, &Context::default()).statements;
        let words = |one: &casefile::statement::Argument| one.quote().map(|q| q.text.clone());
        let first = found.first();
        let got: Vec<String> = first
            .iter()
            .flat_map(|s| &s.agent)
            .filter_map(words)
            .collect();
        assert_eq!(got, agents, "{sentence}");
        let got: Vec<String> = first
            .iter()
            .flat_map(|s| &s.attribution)
            .filter_map(|a| words(&a.source))
            .collect();
        assert_eq!(got, tellers, "{sentence}");
    }
}
