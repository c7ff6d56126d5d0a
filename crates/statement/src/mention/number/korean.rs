//! Korean numbers: 2천600여 명, 3만3천981명, 수십 명, 약 600명, 최소 406명, 600~2000명, 열두 명.

use super::magnitude::{self, Part};
use super::{Bound, Core, Figure, refused};
use crate::mention::Sort;
use crate::mention::run::Run;
use crate::text::{Kind, is_hangul};

/// A counter: its word, unit, sort, and syllables that make another word of it.
type Counter = (&'static str, Option<&'static str>, Sort, &'static str);

/// Longer words stand before their beginnings.
const COUNTERS: &[Counter] = &[
    ("%포인트", Some("percentage point"), Sort::Share, ""),
    ("퍼센트포인트", Some("percentage point"), Sort::Share, ""),
    ("%p", Some("percentage point"), Sort::Share, ""),
    ("%", Some("percent"), Sort::Share, ""),
    ("％", Some("percent"), Sort::Share, ""),
    ("퍼센트", Some("percent"), Sort::Share, ""),
    ("프로", Some("percent"), Sort::Share, "그젝"),
    ("할", Some("percent"), Sort::Share, "당머아인증수"),
    ("달러", Some("USD"), Sort::Money, ""),
    ("위안", Some("CNY"), Sort::Money, "부소"),
    ("유로", Some("EUR"), Sort::Money, ""),
    ("파운드", Some("GBP"), Sort::Money, ""),
    ("루블", Some("RUB"), Sort::Money, ""),
    ("바트", Some("THB"), Sort::Money, ""),
    ("엔", Some("JPY"), Sort::Money, "진"),
    ("원", Some("KRW"), Sort::Money, "인자장"),
    ("명", Some("person"), Sort::Count, "령단"),
    ("사람", Some("person"), Sort::Count, ""),
    ("인당", None, Sort::Count, "가나다라마바사"),
    ("인", Some("person"), Sort::Count, "자권당간민구기치용류"),
    ("건", Some("case"), Sort::Count, "물강"),
    ("척", Some("vessel"), Sort::Count, ""),
    ("개국", None, Sort::Count, ""),
    ("개 국", None, Sort::Count, ""),
    ("개사", None, Sort::Count, ""),
    ("개소", None, Sort::Count, ""),
    ("개 기관", None, Sort::Count, ""),
    ("개월", Some("month"), Sort::Measure, ""),
    ("개년", Some("year"), Sort::Measure, ""),
    ("개", None, Sort::Count, "인성혁발방최"),
    ("군데", None, Sort::Count, ""),
    ("곳", None, Sort::Count, ""),
    ("가지", None, Sort::Count, ""),
    ("가구", Some("household"), Sort::Count, ""),
    ("세대", Some("household"), Sort::Count, ""),
    ("가족", Some("household"), Sort::Count, ""),
    ("차례", None, Sort::Count, ""),
    ("번째", None, Sort::Count, "가나다"),
    ("번", None, Sort::Count, "째호"),
    ("회", None, Sort::Count, "의담사원"),
    ("마리", None, Sort::Count, ""),
    ("대", None, Sort::Count, "표한북국통학장륙사"),
    ("권", None, Sort::Count, "고리"),
    ("장", None, Sort::Count, "관소기비애"),
    ("채", None, Sort::Count, ""),
    ("통", None, Sort::Count, "일신"),
    ("쌍", None, Sort::Count, ""),
    ("팀", None, Sort::Count, ""),
    ("배", Some("times"), Sort::Measure, "경"),
    ("살", Some("year"), Sort::Measure, "해"),
    ("세", Some("year"), Sort::Measure, "기계대금"),
    ("년", Some("year"), Sort::Measure, "대도생"),
    ("달", Some("month"), Sort::Measure, ""),
    ("해", Some("year"), Sort::Measure, "외당군결"),
    ("주일", Some("week"), Sort::Measure, ""),
    ("주간", Some("week"), Sort::Measure, ""),
    ("주", Some("week"), Sort::Measure, "민장요도택체의년기"),
    ("시간", Some("hour"), Sort::Measure, ""),
    ("분", Some("minute"), Sort::Measure, "기의야단"),
    ("초", Some("second"), Sort::Measure, "기반"),
    ("일", Some("day"), Sort::Measure, "본부"),
    ("톤", Some("ton"), Sort::Measure, ""),
    ("t", Some("ton"), Sort::Measure, ""),
    ("킬로그램", Some("kg"), Sort::Measure, ""),
    ("킬로미터", Some("km"), Sort::Measure, ""),
    ("킬로", Some("kg"), Sort::Measure, ""),
    ("kg", Some("kg"), Sort::Measure, ""),
    ("㎏", Some("kg"), Sort::Measure, ""),
    ("그램", Some("g"), Sort::Measure, ""),
    ("km", Some("km"), Sort::Measure, ""),
    ("㎞", Some("km"), Sort::Measure, ""),
    ("미터", Some("m"), Sort::Measure, ""),
    ("m", Some("m"), Sort::Measure, ""),
    ("리", Some("ri"), Sort::Measure, "가더고"),
];

/// Nouns that native numerals count without a counter: the numeral alone is the number.
const COUNTED: &[&str] = &[
    "나라", "국가", "여성", "남성", "탈북", "도시", "기관", "단체", "회사", "기업", "정상", "정부",
    "아들", "딸", "자녀", "아이", "자매", "형제", "지역", "조직", "인물", "선박", "개인", "소녀",
    "소년", "부부", "모녀", "모자", "가정",
];

/// Words before a figure that bound it.
const BEFORE: &[(&str, Bound)] = &[
    ("약", Bound::Approx),
    ("대략", Bound::Approx),
    ("어림잡아", Bound::Approx),
    ("줄잡아", Bound::Approx),
    ("거의", Bound::Below),
    ("근", Bound::Below),
    ("최소", Bound::AtLeast),
    ("최소한", Bound::AtLeast),
    ("적어도", Bound::AtLeast),
    ("적게는", Bound::AtLeast),
    ("최저", Bound::AtLeast),
    ("최대", Bound::AtMost),
    ("최대한", Bound::AtMost),
    ("최고", Bound::AtMost),
    ("많게는", Bound::AtMost),
    ("많아야", Bound::AtMost),
];

/// Words behind a figure with its counter; a particle may stand between.
const BEHIND: &[(&str, Bound)] = &[
    ("이상", Bound::AtLeast),
    ("이하", Bound::AtMost),
    ("이내", Bound::AtMost),
    ("미만", Bound::LessThan),
    ("초과", Bound::MoreThan),
    ("가량", Bound::Approx),
    ("정도", Bound::Approx),
    ("안팎", Bound::Approx),
    ("내외", Bound::Approx),
    ("전후", Bound::Approx),
    ("쯤", Bound::Approx),
    ("남짓", Bound::MinApprox),
    ("가까이", Bound::Below),
    ("넘게", Bound::MoreThan),
    ("넘는", Bound::MoreThan),
    ("이 넘는", Bound::MoreThan),
    ("을 넘는", Bound::MoreThan),
    ("을 넘어", Bound::MoreThan),
    ("를 넘어", Bound::MoreThan),
    ("을 넘었", Bound::MoreThan),
    ("이 넘었", Bound::MoreThan),
    ("에 못 미치는", Bound::LessThan),
    ("도 채 안 되는", Bound::LessThan),
    ("도 채 되지 않는", Bound::LessThan),
    ("이 되지 않는", Bound::LessThan),
    ("도 되지 않는", Bound::LessThan),
    ("을 밑도는", Bound::LessThan),
    ("를 넘는", Bound::MoreThan),
    ("가 넘는", Bound::MoreThan),
    ("이 넘게", Bound::MoreThan),
    ("을 넘게", Bound::MoreThan),
    ("이 훌쩍 넘는", Bound::MoreThan),
    ("을 웃도는", Bound::MoreThan),
    ("를 웃도는", Bound::MoreThan),
    ("을 상회하는", Bound::MoreThan),
    ("을 초과하는", Bound::MoreThan),
    ("에 육박하는", Bound::Below),
    ("에 가까운", Bound::Below),
    ("이 채 안 되는", Bound::LessThan),
    ("이 안 되는", Bound::LessThan),
    ("도 안 되는", Bound::LessThan),
];

/// Native tens, longest first, then native ones; 한, 두, 세 stand before a counter.
const TENS: &[(&str, u8)] = &[
    ("스물", 20),
    ("스무", 20),
    ("서른", 30),
    ("마흔", 40),
    ("예순", 60),
    ("일흔", 70),
    ("여든", 80),
    ("아흔", 90),
    ("열", 10),
    ("쉰", 50),
];

/// (word, from, to).
const ONES: &[(&str, u8, u8)] = &[
    ("한두", 1, 2),
    ("두세", 2, 3),
    ("두서너", 2, 4),
    ("서너", 3, 4),
    ("너댓", 4, 5),
    ("네댓", 4, 5),
    ("네다섯", 4, 5),
    ("대여섯", 5, 6),
    ("여남은", 11, 19),
    ("두어", 2, 3),
    ("예닐곱", 6, 7),
    ("일고여덟", 7, 8),
    ("다섯", 5, 5),
    ("여섯", 6, 6),
    ("일곱", 7, 7),
    ("여덟", 8, 8),
    ("아홉", 9, 9),
    ("하나", 1, 1),
    ("한", 1, 1),
    ("두", 2, 2),
    ("둘", 2, 2),
    ("세", 3, 3),
    ("셋", 3, 3),
    ("석", 3, 3),
    ("네", 4, 4),
    ("넷", 4, 4),
    ("넉", 4, 4),
];

fn part(c: char) -> Option<Part> {
    Some(match c {
        '일' => Part::Digit(1),
        '이' => Part::Digit(2),
        '삼' => Part::Digit(3),
        '사' => Part::Digit(4),
        '오' => Part::Digit(5),
        '육' => Part::Digit(6),
        '칠' => Part::Digit(7),
        '팔' => Part::Digit(8),
        '구' => Part::Digit(9),
        '십' => Part::Small(10),
        '백' => Part::Small(100),
        '천' => Part::Small(1000),
        '만' => Part::Big(10_000),
        '억' => Part::Big(100_000_000),
        '조' => Part::Big(1_000_000_000_000),
        '수' | '몇' => Part::Some,
        '여' => Part::More,
        _ => return None,
    })
}

fn cut(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The number that begins with the digits at `at`.
pub(super) fn read_digits(run: &Run<'_, '_>, at: usize, floor: u32) -> Option<Figure> {
    let start = run.token(at)?.start;
    if run.glued(at) {
        let before = run.before(at, 1);
        let word = run.lower(before);
        // 제33조, 6·25, COVID-19.
        if !matches!(
            word,
            "(" | "$" | "~" | "∼" | "“" | "‘" | "\"" | "<" | "=" | "+" | "（" | "'" | "총"
        ) && !word.ends_with("약")
        {
            return None;
        }
    }
    if run.is(at + 1, "/") || (run.any(at + 1, &["·", ":"]) && run.digits(at + 2)) {
        return None;
    }
    let rest = run.text.raw.get(start as usize..)?;
    if let Some((len, core)) = fraction(rest) {
        let mut figure = Figure {
            bytes: start..start + cut(len),
            core,
            bound: None,
            unit: None,
            sort: Sort::Share,
        };
        finish(run, &mut figure, floor, None);
        return Some(figure);
    }
    // 10시 30분 is a time of day.
    if run.lower(run.before(at, 1)).ends_with('시') && run.lower(at + 1).starts_with('분') {
        return None;
    }
    let first = magnitude::read(rest, false, part)?;
    let (mut len, mut core, more) = (first.len, first.core, first.more);
    // 만 14세 is an age; 조 that pays nothing is an article.
    let (mut bound, second) = (None, upper(rest, len, first.core, first.power));
    if let Some((end, range)) = second {
        (len, core) = (end, range);
    }
    let tail = |len: usize| rest.get(len..).unwrap_or("");
    if let Some((words, end)) = somewhat(tail(len)) {
        bound = Some((Bound::MinApprox, len + words..len + end));
        len += end;
    } else if more {
        bound = Some((Bound::MinApprox, 0..len));
    }
    let (mut unit, mut sort) = (None, Sort::Count);
    match counter(tail(len)) {
        Some((end, counter)) if accepts(core, counter, rest, len, tail(len + end)) => {
            len += end;
            (unit, sort) = (counter.1, counter.2);
            // 8할: tenths.
            if counter.0 == "할"
                && let Core::Exact(n) = core
            {
                core = Core::Exact(n * 10.0);
            }
        }
        _ => {
            let grouped = rest.get(..first.len).is_some_and(|r| r.contains(','));
            let next = tail(len).trim_start_matches(' ').chars().next();
            let hangul = next.is_some_and(|c| is_hangul(c) || c.is_ascii_alphabetic());
            let plain = first.letters == 0;
            let year = plain
                && matches!(core, Core::Exact(n) if (1900.0..2100.0).contains(&n))
                && !grouped;
            if year
                || (plain && hangul && !grouped)
                || (plain && first.len < 2)
                || refused::digits(run, at, at + 1, false)
                || rest.get(..len).is_some_and(|r| r.ends_with('조'))
            {
                return None;
            }
        }
    }
    if rest.get(..first.len).is_some_and(|r| r.ends_with('조'))
        && sort != Sort::Money
        && unit.is_some()
    {
        return None;
    }
    let money_sign = floor < start && run.is(run.before(at, 1), "$");
    if money_sign {
        (unit, sort) = (Some("USD"), Sort::Money);
    }
    let mut figure = Figure {
        bytes: start - u32::from(money_sign)..start + cut(len),
        core,
        bound: None,
        unit,
        sort,
    };
    finish(
        run,
        &mut figure,
        floor,
        bound.map(|(b, r)| (b, start + cut(r.start)..start + cut(r.end))),
    );
    Some(figure)
}

/// The number that begins with the word at `at`: 두 명, 수십 명, 백여 명, 절반.
pub(super) fn read_word(run: &Run<'_, '_>, at: usize, floor: u32) -> Option<Figure> {
    let token = run.token(at)?;
    // Inside an eojeol no number begins.
    if run.glued(at) && run.kind(run.before(at, 1)) != Some(Kind::Mark) {
        return None;
    }
    let start = token.start;
    let rest = run.text.raw.get(start as usize..)?;
    let first = rest.chars().next()?;
    let whole = |len: usize, core: Core, unit, sort| Figure {
        bytes: start..start + cut(len),
        core,
        bound: None,
        unit,
        sort,
    };
    if rest.starts_with("절반") {
        let mut figure = whole("절반".len(), Core::Exact(0.5), None, Sort::Share);
        finish(run, &mut figure, floor, None);
        return Some(figure);
    }
    if rest.starts_with("여러 명") || rest.starts_with("여러명") {
        let len = rest.find('명').map_or(0, |at| at + '명'.len_utf8());
        return Some(whole(
            len,
            Core::Vague(3.0, 9.0),
            Some("person"),
            Sort::Count,
        ));
    }
    if let Some((len, core)) = native(rest) {
        return native_counts(run, start, rest, len, core, floor);
    }
    part(first).filter(|p| !matches!(p, Part::More | Part::Zero))?;
    let found = magnitude::read(rest, false, part)?;
    let (mut len, mut core) = (found.len, found.core);
    let tail = |len: usize| rest.get(len..).unwrap_or("");
    if let Some((end, range)) = upper(rest, len, core, true) {
        (len, core) = (end, range);
    }
    // 수 명: some persons; 수 alone is a word like others.
    let some = found.letters == 1 && matches!(first, '수' | '몇');
    let asked = first == '몇'
        && tail(len)
            .trim_start_matches(' ')
            .strip_prefix('명')
            .is_some_and(|behind| behind.starts_with(['이', '인', '입', '일', '쯤', '씩']));
    if !(found.power || some && !asked && tail(len).starts_with(' ')) {
        return None;
    }
    let mut bound = None;
    if let Some((words, end)) = somewhat(tail(len)) {
        bound = Some((
            Bound::MinApprox,
            start + cut(len + words)..start + cut(len + end),
        ));
        len += end;
    }
    let spaced = tail(len).starts_with(' ');
    let (end, counter) = match counter(tail(len)) {
        Some(found) => found,
        None => {
            // 수백에 이르는, 수만의: vague figures stand without a counter as well.
            let open = matches!(core, Core::Vague(..)) && found.power;
            let particle = tail(len).starts_with(['의', '에', '이', '을', '과', ' ', '.', ',']);
            if open && particle && !tail(len).starts_with(" 년") {
                let mut figure = whole(len, core, None, Sort::Count);
                finish(run, &mut figure, floor, bound);
                return Some(figure);
            }
            return None;
        }
    };
    let counted = matches!(
        counter.0,
        "명" | "건"
            | "척"
            | "톤"
            | "개"
            | "개국"
            | "개월"
            | "년"
            | "곳"
            | "가구"
            | "달러"
            | "위안"
            | "원"
            | "차례"
            | "회"
            | "배"
            | "%"
            | "km"
            | "가지"
            | "시간"
            | "번"
            | "사람"
    );
    // 천명하다, 백인, 만원: one syllable and a counter without a space make other words.
    if !counted || (found.letters == 1 && !spaced && bound.is_none() && !some) {
        return None;
    }
    if some
        && !matches!(
            counter.0,
            "명" | "건" | "척" | "개월" | "년" | "차례" | "시간" | "톤" | "가지"
        )
    {
        return None;
    }
    let mut figure = whole(len + end, core, counter.1, counter.2);
    finish(run, &mut figure, floor, bound);
    Some(figure)
}

/// Native numerals and their counter, or one of the nouns that take none.
fn native_counts(
    run: &Run<'_, '_>,
    start: u32,
    rest: &str,
    len: usize,
    core: Core,
    floor: u32,
) -> Option<Figure> {
    let tail = rest.get(len..)?;
    let mut bound = None;
    let mut len = len;
    if let Some((words, end)) = somewhat(tail) {
        bound = Some((
            Bound::MinApprox,
            start + cut(len + words)..start + cut(len + end),
        ));
        len += end;
    }
    let tail = rest.get(len..)?;
    let one = core == Core::Exact(1.0);
    if let Some((end, counter)) = counter(tail) {
        let native = !matches!(
            counter.0,
            "%" | "원"
                | "년"
                | "일"
                | "인"
                | "세"
                | "회"
                | "분"
                | "초"
                | "리"
                | "대"
                | "해"
                | "주"
                | "장"
                | "번째"
                | "프로"
                | "번"
        );
        let glued = !tail.starts_with(' ');
        // 한 번, 한 가지, 한 때 are words; 한명, 두명 are written together as well.
        let single = !one
            || matches!(
                counter.0,
                "명" | "사람" | "곳" | "건" | "척" | "개" | "달" | "살" | "가족" | "가구" | "차례"
            );
        if native
            && single
            && (!glued || matches!(counter.0, "명" | "사람" | "건" | "달" | "곳" | "개"))
        {
            let mut figure = Figure {
                bytes: start..start + cut(len + end),
                core,
                bound: None,
                unit: counter.1,
                sort: counter.2,
            };
            finish(run, &mut figure, floor, bound);
            return Some(figure);
        }
    }
    // 예순 남짓, 서른 남짓한: a round figure stands alone before "and somewhat more".
    if matches!(core, Core::Exact(n) if n >= 20.0) && tail.starts_with(" 남짓") {
        let mut figure = Figure {
            bytes: start..start + cut(len),
            core,
            bound: None,
            unit: None,
            sort: Sort::Count,
        };
        finish(run, &mut figure, floor, bound);
        return Some(figure);
    }
    let noun = tail.strip_prefix(' ')?;
    let counted = !one && COUNTED.iter().any(|word| noun.starts_with(word));
    let attributive = !rest.starts_with("하나")
        && !rest.starts_with("둘")
        && !rest.starts_with("셋")
        && !rest.starts_with("넷");
    (counted && attributive).then(|| {
        let mut figure = Figure {
            bytes: start..start + cut(len),
            core,
            bound: None,
            unit: None,
            sort: Sort::Count,
        };
        finish(run, &mut figure, floor, bound);
        figure
    })
}

/// A native numeral at the start of `rest`: its length and value.
fn native(rest: &str) -> Option<(usize, Core)> {
    let (mut len, mut ten) = (0, 0_u8);
    if let Some((word, n)) = TENS.iter().find(|(word, _)| rest.starts_with(word)) {
        (len, ten) = (word.len(), *n);
    }
    let behind = rest.get(len..)?;
    if let Some((word, low, high)) = ONES.iter().find(|(word, ..)| behind.starts_with(word)) {
        let (low, high) = (f64::from(ten + low), f64::from(ten + high));
        let core = if low < high {
            Core::Range(low, high)
        } else {
            Core::Exact(low)
        };
        return Some((len + word.len(), core));
    }
    if behind.starts_with("두어") {
        return None;
    }
    (ten > 0).then_some((len, Core::Exact(f64::from(ten))))
}

/// 여 behind a figure: where it begins and ends.
fn somewhat(rest: &str) -> Option<(usize, usize)> {
    let spaces = usize::from(rest.starts_with(' '));
    let behind = rest.get(spaces..)?.strip_prefix('여')?;
    let end = spaces + '여'.len_utf8();
    let ends = behind.starts_with(' ') || behind.is_empty() || counter(behind).is_some();
    // "2 여성" is no 여.
    (ends && (spaces == 0 || counter(behind).is_some())).then_some((spaces, end))
}

/// The counter at the start of `rest`, behind a space or not: its end.
fn counter(rest: &str) -> Option<(usize, &'static Counter)> {
    let spaces = usize::from(rest.starts_with([' ', '\n']));
    let behind = rest.get(spaces..)?;
    let first = behind.chars().next()?;
    COUNTERS
        .iter()
        .filter(|(word, ..)| word.starts_with(first))
        .find(|(word, _, _, not_before)| {
            behind.strip_prefix(word).is_some_and(|next| {
                let longer = word.is_ascii()
                    && *word != "%"
                    && next.starts_with(|c: char| c.is_ascii_alphanumeric());
                !longer && !next.starts_with(|c| not_before.contains(c))
            })
        })
        .map(|counter| (spaces + counter.0.len(), counter))
}

/// Whether digits with this counter count: not 30대 (an age), 2023년 (a year), 번째, 인당.
fn accepts(core: Core, counter: &Counter, rest: &str, len: usize, behind: &str) -> bool {
    let tens = matches!(core, Core::Exact(n) if n < 100.0 && n % 10.0 == 0.0);
    match counter.0 {
        "번째" | "인당" => false,
        "대" => !tens,
        "년" => {
            !matches!(core, Core::Exact(n) if (1900.0..2100.0).contains(&n) && rest.get(..len).is_some_and(|r| r.len() == 4))
        }
        "번" => !behind.starts_with(['지', '국', '길']),
        "리" | "장" | "주" | "해" | "통" => {
            matches!(core, Core::Exact(_)) && !behind.starts_with(is_hangul)
        }
        _ => true,
    }
}

/// 600~2000명, 600명에서 2000명, 수백~수천 명: the upper end.
fn upper(rest: &str, first_len: usize, first: Core, power: bool) -> Option<(usize, Core)> {
    let mut at = first_len;
    let mut behind = rest.get(at..)?;
    if let Some((end, _)) = counter(behind)
        && rest
            .get(at + end..)
            .is_some_and(|r| r.starts_with(['~', '∼', '～', '-', '–', '에']))
    {
        at += end;
        behind = rest.get(at..)?;
    }
    let mut joined = None;
    for join in [
        "~", "∼", "～", "-", "–", "〜", "에서 ", " 내지 ", " ~ ", " ∼ ", " ",
    ] {
        if behind.starts_with(join) {
            joined = Some(join);
            break;
        }
    }
    let join = joined?;
    at += join.len();
    let mut second_text = rest.get(at..)?;
    for filler in ["많게는 ", "최대 ", "약 "] {
        if let Some(next) = second_text.strip_prefix(filler) {
            at += filler.len();
            second_text = next;
            break;
        }
    }
    let vague = matches!(first, Core::Vague(..));
    // 수백 수천 명: a space joins vague figures only.
    if join == " " && !(vague && second_text.starts_with('수')) {
        return None;
    }
    let second = magnitude::read(second_text, false, part)?;
    let end = at + second.len;
    match (first, second.core) {
        (Core::Exact(mut low), Core::Exact(high)) => {
            let scale = second_text
                .get(..second.len)
                .and_then(|s| s.chars().next_back())
                .and_then(part);
            let by = match scale {
                Some(Part::Small(n)) => f64::from(n),
                #[expect(clippy::cast_precision_loss, reason = "powers of ten thousand")]
                Some(Part::Big(n)) => n as f64,
                _ => 1.0,
            };
            if !power && low * by < high {
                low *= by;
            }
            (low < high).then_some((end, Core::Range(low, high)))
        }
        (Core::Vague(low, _), Core::Vague(_, high)) => {
            (low < high).then_some((end, Core::Vague(low, high)))
        }
        _ => None,
    }
}

/// Binds by the words behind and before.
fn finish(
    run: &Run<'_, '_>,
    figure: &mut Figure,
    floor: u32,
    inner: Option<(Bound, std::ops::Range<u32>)>,
) {
    let raw = run.text.raw;
    if let Some((bound, words)) = inner {
        figure.bind(bound, words);
    }
    let end = figure.bytes.end;
    let rest = raw.get(end as usize..).unwrap_or("");
    let spaces = usize::from(rest.starts_with(' '));
    // A particle that opens the bounding words stands without a space, the others with or without.
    let direct = BEHIND.iter().filter(|(words, _)| rest.starts_with(words));
    let apart = BEHIND.iter().filter(|(words, _)| {
        spaces > 0
            && !words.contains(' ')
            && rest.get(spaces..).is_some_and(|r| r.starts_with(words))
    });
    let found = direct
        .map(|(words, bound)| (0, words, bound))
        .chain(apart.map(|(words, bound)| (spaces, words, bound)))
        .max_by_key(|(_, words, _)| words.len());
    if let Some((spaces, words, bound)) = found {
        let from = end + cut(spaces);
        let was = figure.bound.clone();
        figure.bind(*bound, from..from + cut(words.len()));
        // 600여 명 이상: what stands further out wins, but not over "about".
        if *bound == Bound::Approx
            && let Some(was) = was
        {
            figure.bound = Some(was);
        }
    }
    for _ in 0..2 {
        let begin = figure.bytes.start;
        let before = raw
            .get(floor.min(begin) as usize..begin as usize)
            .unwrap_or("");
        let trimmed = before.trim_end_matches([' ', '\n']);
        if before.len() - trimmed.len() > 2 {
            break;
        }
        let Some((words, bound)) = BEFORE
            .iter()
            .filter(|(words, _)| trimmed.ends_with(words))
            .max_by_key(|(words, _)| words.len())
        else {
            break;
        };
        let head = trimmed.strip_suffix(words).unwrap_or("");
        // 약 is a word of its own: 조약 600, 계약 are not "about".
        if head.ends_with(is_hangul)
            || (head.is_empty()
                && begin > floor
                && trimmed.len() == words.len()
                && glued_word(raw, floor))
        {
            break;
        }
        let from = begin - cut(before.len() - head.len());
        let low = match (*bound, figure.core) {
            (Bound::AtMost, Core::Range(..)) | (Bound::AtLeast, Core::Range(..)) => {
                Some(figure.core)
            }
            _ => None,
        };
        figure.bind(*bound, from..from + cut(words.len()));
        // 적게는 600명에서 많게는 2000명: both ends are given.
        if let Some(range) = low {
            figure.core = range;
            figure.bound = Some((Bound::Approx, from..from + cut(words.len())));
        }
    }
}

/// Whether a Hangul syllable stands right before `byte`.
fn glued_word(raw: &str, byte: u32) -> bool {
    raw.get(..byte as usize)
        .and_then(|before| before.chars().next_back())
        .is_some_and(is_hangul)
}

/// 3분의 1: length and value.
fn fraction(rest: &str) -> Option<(usize, Core)> {
    let (len, whole) = magnitude::arabic(rest)?;
    let behind = rest.get(len..)?.strip_prefix("분의")?;
    let spaces = usize::from(behind.starts_with(' '));
    let (share_len, share) = magnitude::arabic(behind.get(spaces..)?)?;
    let (whole, share) = (whole?, share?);
    (whole > share).then_some((
        len + "분의".len() + spaces + share_len,
        Core::Exact(share / whole),
    ))
}
