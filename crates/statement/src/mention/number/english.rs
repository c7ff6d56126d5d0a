//! English numbers: digits and words, ranges, money, shares, and the words that bound them.

use std::ops::Range;

use super::words::{
    self, BEFORE, BEFORE_MEASURE, BEHIND, BUT, CURRENCIES, PARTS, Spelled, spelled,
};
use super::{Bound, Core, Figure, magnitude, refused};
use crate::mention::Sort;
use crate::mention::run::Run;
use crate::text::Kind;

/// A cardinal number without what bounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cardinal {
    end: usize,
    core: Core,
    /// The scale that its last word gives ("million"), handed back to the lower end of a range.
    scale: Option<f64>,
    /// Where its digits end, if it begins with digits.
    digits: Option<usize>,
}

/// Reads the number that begins at `at`; nothing before `floor` may belong to it.
pub(super) fn read(run: &Run<'_, '_>, at: usize, floor: usize) -> Option<Figure> {
    if run.kind(at) == Some(Kind::Word)
        && spelled(run, at).is_none()
        && words::sign(run, at).is_none()
    {
        return None;
    }
    let share = part_of_whole(run, at).or_else(|| one_in(run, at));
    let mut figure = match share {
        Some((end, core)) => Figure {
            bytes: run.bytes(at..end),
            core,
            bound: None,
            unit: None,
            sort: Sort::Share,
        },
        None => return counted(run, at, floor),
    };
    let bare_half = run.is(at, "half");
    let before = bounded_before(run, at, floor, &mut figure);
    // "half of", "more than half" are shares; "half" alone is a word like others.
    if bare_half && before == at && !run.any(at + 1, &["of", "the", "their", "those", "these"]) {
        return None;
    }
    if bare_half
        && run.any(
            run.before(before, 1),
            &["first", "second", "other", "latter", "one", "last"],
        )
    {
        return None;
    }
    Some(figure)
}

/// A count, a sum of money, a percentage or a measure.
fn counted(run: &Run<'_, '_>, at: usize, floor: usize) -> Option<Figure> {
    let money_before = words::sign(run, at);
    let start = money_before.map_or(at, |(end, _)| end);
    if let Some((end, _)) = money_before
        && run.kind(end) != Some(Kind::Digits)
        && spelled(run, end).is_none()
    {
        return None;
    }
    let first = cardinal(run, start, money_before.is_some())?;
    if let Some(digits_end) = first.digits
        && refused::digits(run, start, digits_end, money_before.is_some())
    {
        return None;
    }
    if first.digits.is_none() && !words_count(run, start, first.end, floor) {
        return None;
    }
    let (mut end, mut core) = (first.end, first.core);
    let mut begin = at;
    let between = begin > floor && run.is(begin - 1, "between");
    // "from 50 to 60" is a range, "rose from 50 to 60" two points.
    let from = begin > floor && run.is(begin - 1, "from");
    let moved = from && changes(run, begin - 1);
    if !moved && let Some((range_end, range)) = upper(run, end, first, between) {
        (end, core) = (range_end, range);
        if between || from {
            begin -= 1;
            if begin > floor && run.is(begin - 1, "anywhere") {
                begin -= 1;
            }
        }
    }
    // "226-3777", "12-B": what a dash glues on and makes no range is a code.
    if end == first.end
        && first.digits.is_some()
        && run.any(end, &["-", "–", "‑"])
        && run.glued(end)
        && run.glued(end + 1)
        && run.digits(end + 1)
    {
        return None;
    }
    let (mut unit, mut sort) = (None, Sort::Count);
    if let Some((_, currency)) = money_before {
        (unit, sort) = (Some(currency), Sort::Money);
        if let Some((code_end, code)) = run.phrase_at(end, CURRENCIES)
            && *code == currency
        {
            end = code_end;
        }
    } else if let Some(share_end) = percent(run, end) {
        (end, unit, sort) = (share_end, Some("percent"), Sort::Share);
        if run.any(end - 1, &["percentage"]) && run.any(end, &["points", "point"]) {
            end += 1;
        }
    } else if let Some((code_end, currency)) = run.phrase_at(end, CURRENCIES) {
        (end, unit, sort) = (code_end, Some(*currency), Sort::Money);
    } else if let Some((measure, _)) = measure_at(run, end) {
        (unit, sort) = (Some(measure), Sort::Measure);
        if run.glued(end) && run.kind(end) == Some(Kind::Word) {
            end += 1;
        }
    } else if run.any(run.before(at, 1), &["aged", "age", "ages"])
        || run.is(run.before(at, 1), "of") && run.is(run.before(at, 2), "age")
    {
        (unit, sort) = (Some("year"), Sort::Measure);
    }
    if sort == Sort::Count && (is_age(run, at, end) || is_hour(run, at, end)) {
        (unit, sort) = (Some("year"), Sort::Measure);
    }
    let mut figure = Figure {
        bytes: run.bytes(begin..end),
        core,
        bound: None,
        unit,
        sort,
    };
    if let Some((bound_end, bound)) = behind(run, end) {
        figure.bind(bound, run.bytes(end..bound_end));
        end = bound_end;
    }
    bounded_before(run, begin, floor, &mut figure);
    but(run, end, &mut figure);
    Some(figure)
}

/// "a girl of twenty", "Norbu, 20, is", "I was sixteen when".
fn is_age(run: &Run<'_, '_>, at: usize, end: usize) -> bool {
    let before = run.before(at, 1);
    let two_before = run.before(at, 2);
    let someone = |word: usize| {
        run.any(
            word,
            &[
                "girl", "boy", "woman", "man", "widow", "youth", "child", "daughter", "son",
                "teenager",
            ],
        )
    };
    let approximate = run.any(before, &["about", "around", "some", "perhaps"]);
    let of = if approximate { two_before } else { before };
    run.is(of, "of") && someone(run.before(of, 1))
        || run.any(before, &["was", "am", "turned"]) && run.is(end, "when")
        || run.is(before, ",")
            && run.is(end, ",")
            && run.capital(two_before)
            && end == at + 1
            && matches!(run.lower(at).parse(), Ok(5..=110))
}

/// "from four in the morning"
fn is_hour(run: &Run<'_, '_>, at: usize, end: usize) -> bool {
    run.any(
        run.before(at, 1),
        &["from", "at", "around", "until", "before"],
    ) && run.is(end, "in")
        && run.is(end + 1, "the")
        && run.any(end + 2, &["morning", "afternoon", "evening"])
}

/// Binds the figure by the words before `at`; where they begin.
fn bounded_before(run: &Run<'_, '_>, at: usize, floor: usize, figure: &mut Figure) -> usize {
    let mut begin = at;
    for _ in 0..3 {
        let Some((start, bound)) = run.phrase_before(begin, floor, BEFORE) else {
            break;
        };
        if concerns(run, start, begin, figure.sort) {
            break;
        }
        figure.bind(*bound, run.bytes(start..begin));
        begin = start;
    }
    begin
}

/// "spoke about two women", "under five categories": no bound at all.
fn concerns(run: &Run<'_, '_>, start: usize, end: usize, sort: Sort) -> bool {
    let before = run.before(start, 1);
    match run.lower(start) {
        "about" if end == start + 1 => run.any(
            before,
            &[
                "concern",
                "concerns",
                "concerned",
                "report",
                "reports",
                "reported",
                "information",
                "question",
                "questions",
                "talk",
                "talked",
                "talking",
                "testimony",
                "testified",
                "spoke",
                "speak",
                "speaking",
                "wrote",
                "write",
                "asked",
                "ask",
                "know",
                "knew",
                "learned",
                "learnt",
                "heard",
                "hear",
                "story",
                "stories",
                "inquire",
                "inquired",
                "data",
                "details",
                "informed",
                "letter",
                "letters",
                "complaint",
                "complaints",
                "worried",
                "said",
                "told",
                "tell",
                "us",
                "them",
                "him",
                "her",
                "enquired",
                "raised",
                "facts",
                "something",
                "news",
                "document",
                "article",
                "articles",
                "documentary",
                "film",
                "book",
            ],
        ),
        "around" => run.any(
            before,
            &[
                "all",
                "gathered",
                "travel",
                "traveled",
                "travelled",
                "scattered",
            ],
        ),
        "over" => {
            run.any(
                before,
                &[
                    "concern",
                    "concerns",
                    "dispute",
                    "control",
                    "jurisdiction",
                    "protest",
                    "protests",
                    "fears",
                ],
            ) || (sort == Sort::Measure
                && run.any(
                    before,
                    &["spread", "conducted", "held", "collected", "carried"],
                ))
        }
        "under" | "below" | "above" => {
            run.any(before, &["listed", "charged", "categorized", "grouped"])
        }
        "some" => run.any(before, &["and"]) && end != start + 1,
        _ => false,
    }
}

/// Words that bound the number from behind, at `at`.
fn behind(run: &Run<'_, '_>, at: usize) -> Option<(usize, Bound)> {
    let (end, bound) = run.phrase_at(at, BEHIND)?;
    let word = run.lower(at);
    let stands = match word {
        "+" => run.glued(at) && !run.glued(at + 1) || !run.digits(at + 1) && run.glued(at),
        "-" => run.glued(at),
        // "plus 40", "200 at least 40 of whom": only where the number's own words go on.
        "plus" => !run.digits(at + 1) && spelled(run, at + 1).is_none(),
        "odd" => run.kind(at + 1) == Some(Kind::Word),
        "at" => !run.digits(end) && spelled(run, end).is_none(),
        "and" => run.kind(end) != Some(Kind::Digits) && run.kind(end) != Some(Kind::Word),
        _ => true,
    };
    stands.then_some((end, *bound))
}

/// "at least 50 but no more than 80": the upper end joins.
fn but(run: &Run<'_, '_>, at: usize, figure: &mut Figure) {
    let low = match (&figure.bound, figure.core) {
        (Some((Bound::AtLeast, _)), Core::Exact(low)) => low,
        (Some((Bound::MoreThan, _)), Core::Exact(low)) => low + 1.0,
        _ => return,
    };
    let after_comma = at + usize::from(run.is(at, ","));
    let Some((end, bound)) = run.phrase_at(after_comma, BUT) else {
        return;
    };
    let Some(second) = cardinal(run, end, false) else {
        return;
    };
    let Core::Exact(high) = second.core else {
        return;
    };
    let high = if *bound == Bound::LessThan {
        high - 1.0
    } else {
        high
    };
    if high < low {
        return;
    }
    figure.core = Core::Range(low, high);
    let bound_words = figure.bound.take().map(|(_, words)| words);
    figure.bytes = figure.bytes.start..run.bytes(end..second.end).end;
    figure.bound = bound_words.map(|words| (Bound::Approx, words));
}

/// "rose from", "increased … from", within a few words before `from`.
fn changes(run: &Run<'_, '_>, from: usize) -> bool {
    (1..=6).any(|back| {
        run.any(
            run.before(from, back),
            &[
                "rose",
                "rise",
                "risen",
                "rising",
                "increased",
                "increase",
                "increasing",
                "grew",
                "grown",
                "growth",
                "fell",
                "fall",
                "fallen",
                "falling",
                "dropped",
                "drop",
                "decreased",
                "decrease",
                "declined",
                "decline",
                "reduced",
                "reduction",
                "raised",
                "lowered",
                "down",
                "up",
                "jumped",
                "expanded",
                "cut",
                "revised",
                "went",
                "swelled",
                "shrank",
                "surged",
                "climbed",
                "doubled",
            ],
        )
    })
}

/// The upper end of a range whose lower end is `first`: where it ends, and the range.
fn upper(run: &Run<'_, '_>, at: usize, first: Cardinal, between: bool) -> Option<(usize, Core)> {
    // "40 percent to 60 percent", "$10 to $15".
    let unit_end = percent(run, at).unwrap_or(at);
    let dash = run.any(unit_end, &["-", "–", "~", "∼", "～", "‑", "‐", "—"]);
    let mut next = unit_end + 1;
    let small = |core: Core| matches!(core, Core::Exact(n) if n <= 100.0);
    let joined = if dash {
        run.glued(unit_end) == run.glued(next) && (run.glued(next) || run.digits(next))
    } else if run.any(unit_end, &["to", "till", "and", "or"]) {
        match run.lower(unit_end) {
            "and" => between,
            "or" => {
                if run.any(next, &["even", "possibly", "perhaps"]) {
                    next += 1;
                }
                true
            }
            _ => true,
        }
    } else {
        false
    };
    if !joined {
        return None;
    }
    let or = run.is(unit_end, "or");
    if run.is(unit_end, "to")
        && run.any(next, &["as"])
        && run.is(next + 1, "many")
        && run.is(next + 2, "as")
    {
        next += 3;
    }
    if run.is(unit_end, "to") && run.any(next, &["possibly", "perhaps", "nearly", "about"]) {
        next += 1;
    }
    let money = words::sign(run, next);
    let second_at = money.map_or(next, |(end, _)| end);
    let second = cardinal(run, second_at, money.is_some())?;
    if let Some(digits_end) = second.digits
        && run.glued(digits_end)
        && (run.any(digits_end, &["/", ":", "’s", "'s"])
            || (dash
                && run.any(digits_end, &["-", "–"])
                && run.glued(digits_end + 1)
                && run.digits(digits_end + 1)))
    {
        return None;
    }
    match (first.core, second.core) {
        (Core::Exact(low), Core::Exact(high)) => {
            let low = match second.scale {
                Some(scale) if first.scale.is_none() && low < high && low * scale <= high => {
                    low * scale
                }
                _ => low,
            };
            let near = !or || (small(first.core) && high - low <= 10.0) || high <= low * 2.0;
            (low < high && near).then_some((second.end, Core::Range(low, high)))
        }
        (Core::Vague(low, _), Core::Vague(_, high)) => {
            (low < high).then_some((second.end, Core::Vague(low, high)))
        }
        _ => None,
    }
}

fn percent(run: &Run<'_, '_>, at: usize) -> Option<usize> {
    if run.any(at, &["%", "％", "percent", "pct"]) {
        return Some(at + 1);
    }
    if run.is(at, "per") && run.is(at + 1, "cent") {
        return Some(at + 2);
    }
    if run.is(at, "-") && run.glued(at) && run.is(at + 1, "percent") {
        return Some(at + 2);
    }
    (run.is(at, "percentage") && run.any(at + 1, &["point", "points"])).then_some(at + 1)
}

fn measure_at(run: &Run<'_, '_>, at: usize) -> Option<(&'static str, Sort)> {
    let at = at + usize::from(run.any(at, &["-", "‑", "‐"]) && run.glued(at));
    words::measure(run, at).or_else(|| {
        run.any(at, BEFORE_MEASURE)
            .then(|| words::measure(run, at + 1))
            .flatten()
    })
}

/// Digits or number words at `at`.
fn cardinal(run: &Run<'_, '_>, at: usize, money: bool) -> Option<Cardinal> {
    if run.digits(at) {
        return from_digits(run, at, money);
    }
    if run.kind(at) != Some(Kind::Word) {
        return None;
    }
    match spelled(run, at)? {
        Spelled::Plural(low, high, one) => plural(run, at, low, high, one),
        Spelled::Several => several(run, at),
        Spelled::Half => half_a(run, at),
        Spelled::Article => {
            if run.any(at + 1, &["few", "couple", "several"]) {
                return several(run, at + 1);
            }
            match spelled(run, at + 1)? {
                Spelled::Hundred | Spelled::Scale(_) => from_words(run, at + 1),
                Spelled::Half => half_a(run, at + 1),
                _ => None,
            }
        }
        _ => from_words(run, at),
    }
}

fn from_digits(run: &Run<'_, '_>, at: usize, money: bool) -> Option<Cardinal> {
    let (len, value) = magnitude::arabic(run.lower(at))?;
    let mut value = value?;
    if len != run.lower(at).len() {
        return None;
    }
    let (mut end, mut scale) = (at + 1, None);
    let hyphen = usize::from(run.any(end, &["-", "‑"]) && run.glued(end));
    match spelled(run, end + hyphen) {
        Some(Spelled::Scale(by)) => {
            value *= by;
            (end, scale) = (end + hyphen + 1, Some(by));
        }
        Some(Spelled::Hundred) => {
            value *= 100.0;
            (end, scale) = (end + hyphen + 1, Some(100.0));
        }
        _ if run.glued(end) => {
            let by = match run.lower(end) {
                "k" => Some(1.0e3),
                "m" if money => Some(1.0e6),
                "mn" | "mln" => Some(1.0e6),
                "bn" => Some(1.0e9),
                "b" if money => Some(1.0e9),
                "tn" if money => Some(1.0e12),
                _ => None,
            };
            if let Some(by) = by {
                value *= by;
                (end, scale) = (end + 1, Some(by));
            }
        }
        _ => {}
    }
    // 1.1 million is 1,100,000 and not a hair more.
    if scale.is_some() {
        value = value.round();
    }
    Some(Cardinal {
        end,
        core: Core::Exact(value),
        scale,
        digits: Some(at + 1),
    })
}

/// "two hundred and five thousand", "twenty-three", "hundred" (behind "a").
fn from_words(run: &Run<'_, '_>, at: usize) -> Option<Cardinal> {
    let (mut total, mut section, mut scale) = (0.0_f64, 0.0_f64, None);
    let (mut last_scale, mut end, mut next) = (f64::INFINITY, at, at);
    let mut last: Option<Spelled> = None;
    for _ in 0..16 {
        let Some(word) = spelled(run, next) else {
            break;
        };
        match word {
            Spelled::Small(n) => {
                let fits = match last {
                    None | Some(Spelled::Hundred | Spelled::Scale(_)) => true,
                    Some(Spelled::Ten(_)) => n < 10.0,
                    _ => false,
                };
                if !fits {
                    break;
                }
                section += n;
                scale = None;
            }
            Spelled::Ten(n) => {
                if !matches!(last, None | Some(Spelled::Hundred | Spelled::Scale(_))) {
                    break;
                }
                section += n;
                scale = None;
            }
            Spelled::Hundred => {
                if section >= 100.0 {
                    break;
                }
                section = section.max(1.0) * 100.0;
                scale = Some(100.0);
            }
            Spelled::Scale(by) => {
                if by >= last_scale || (by == 12.0 && total > 0.0) {
                    break;
                }
                total += section.max(1.0) * by;
                section = 0.0;
                last_scale = by;
                scale = Some(by);
            }
            _ => break,
        }
        last = Some(word);
        end = next + 1;
        next = end;
        let hyphen = run.any(next, &["-", "‑", "‐"]) && run.glued(next) && run.glued(next + 1);
        let and = run.is(next, "and")
            && matches!(last, Some(Spelled::Hundred | Spelled::Scale(_)))
            && scale != Some(12.0)
            && matches!(
                spelled(run, next + 1),
                Some(Spelled::Small(_) | Spelled::Ten(_))
            )
            && !matches!(
                spelled(run, next + 2),
                Some(Spelled::Hundred | Spelled::Scale(_))
            );
        if hyphen || and {
            next += 1;
        } else if run.is(next, "and")
            && run.is(next + 1, "a")
            && run.is(next + 2, "half")
            && let Some(Spelled::Scale(by)) = spelled(run, next + 3)
        {
            section += 0.5;
            total += section * by;
            return Some(Cardinal {
                end: next + 4,
                core: Core::Exact(total),
                scale: Some(by),
                digits: None,
            });
        }
    }
    (end > at).then_some(Cardinal {
        end,
        core: Core::Exact(total + section),
        scale,
        digits: None,
    })
}

/// "hundreds", "tens of thousands", "hundreds of millions".
fn plural(run: &Run<'_, '_>, at: usize, low: f64, high: f64, one: f64) -> Option<Cardinal> {
    if run.is(at + 1, "of")
        && let Some(Spelled::Plural(_, _, by)) = spelled(run, at + 2)
        && one < by
    {
        return Some(Cardinal {
            end: at + 3,
            core: Core::Vague(low * by, (high + 1.0) * by - 1.0),
            scale: Some(by),
            digits: None,
        });
    }
    if matches!(run.lower(at), "tens" | "scores") && !run.is(at + 1, "of") {
        return None;
    }
    Some(Cardinal {
        end: at + 1,
        core: Core::Vague(low, high),
        scale: None,
        digits: None,
    })
}

/// "several hundred", "a few dozen", "many thousands"; "several" alone is three to nine.
fn several(run: &Run<'_, '_>, at: usize) -> Option<Cardinal> {
    let after = at + 1 + usize::from(run.is(at, "couple") && run.is(at + 1, "of"));
    let (end, core) = match spelled(run, after) {
        Some(Spelled::Hundred) => (after + 1, Core::Vague(200.0, 999.0)),
        Some(Spelled::Scale(12.0)) => (after + 1, Core::Vague(24.0, 99.0)),
        Some(Spelled::Scale(by)) => (after + 1, Core::Vague(2.0 * by, 10.0 * by - 1.0)),
        Some(Spelled::Plural(low, high, one)) if !run.is(at, "couple") => {
            let found = plural(run, after, low, high, one)?;
            (found.end, found.core)
        }
        _ if run.is(at, "several") && run.kind(at + 1) == Some(Kind::Word) => {
            (at + 1, Core::Vague(3.0, 9.0))
        }
        _ => return None,
    };
    Some(Cardinal {
        end,
        core,
        scale: None,
        digits: None,
    })
}

/// "half a million", "half a dozen".
fn half_a(run: &Run<'_, '_>, at: usize) -> Option<Cardinal> {
    let next = at + 1 + usize::from(run.any(at + 1, &["a", "-"]));
    match spelled(run, next)? {
        Spelled::Scale(by) => Some(Cardinal {
            end: next + 1,
            core: Core::Exact(by / 2.0),
            scale: Some(by),
            digits: None,
        }),
        _ => None,
    }
}

/// "two-thirds", "a third of", "half of", "three quarters".
fn part_of_whole(run: &Run<'_, '_>, at: usize) -> Option<(usize, Core)> {
    let part = |at: usize| {
        let word = run.lower(at);
        PARTS
            .iter()
            .find(|(part, _)| *part == word)
            .map(|(_, n)| *n)
    };
    let of = |at: usize| run.is(at, "of");
    match spelled(run, at)? {
        Spelled::Half => (!matches!(
            run.lower(at + 1),
            "a" | "-" | "‑" | "brother" | "sister" | "hour"
        ))
        .then_some((at + 1, Core::Exact(0.5))),
        Spelled::Article => {
            let n = part(at + 1).filter(|n| *n > 2.0)?;
            of(at + 2).then_some((at + 2, Core::Exact(1.0 / n)))
        }
        Spelled::Small(count) if count < 10.0 => {
            let hyphen = run.any(at + 1, &["-", "‑", "‐"]) && run.glued(at + 1);
            let word = at + 1 + usize::from(hyphen);
            let n = part(word)?;
            let many = run.lower(word).ends_with('s');
            (count < n && (hyphen || (many && count > 1.0) || of(word + 1)))
                .then_some((word + 1, Core::Exact(count / n)))
        }
        _ => None,
    }
}

/// "one in five", "nine out of ten", "1 in 10".
fn one_in(run: &Run<'_, '_>, at: usize) -> Option<(usize, Core)> {
    let out_of = run.is(at + 1, "out") && run.is(at + 2, "of");
    if !out_of && !run.any(at + 1, &["in"]) {
        return None;
    }
    let single = |at: usize| match spelled(run, at) {
        Some(Spelled::Small(n) | Spelled::Ten(n)) => Some(n),
        _ => run
            .digits(at)
            .then(|| magnitude::arabic(run.lower(at)).and_then(|(_, value)| value))
            .flatten(),
    };
    let share = single(at).filter(|n| *n < 10.0 && *n >= 1.0)?;
    let second = at + if out_of { 3 } else { 2 };
    let whole = single(second).filter(|whole| *whole > share)?;
    let round = [
        2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 20.0, 50.0, 100.0, 1000.0,
    ];
    let usual = if out_of {
        [3.0, 4.0, 5.0, 10.0].contains(&whole)
    } else {
        round.contains(&whole)
    };
    let counts_on = run.glued(second + 1)
        || matches!(
            spelled(run, second + 1),
            Some(Spelled::Hundred | Spelled::Scale(_))
        )
        || (!out_of && refused::counts_something(run, second + 1) && share > 1.0);
    (usual && !counts_on).then_some((second + 1, Core::Exact(share / whole)))
}

/// Whether number words are a count here and no name ("Five Eyes"), ordinal or pronoun.
fn words_count(run: &Run<'_, '_>, at: usize, end: usize, floor: usize) -> bool {
    let last: Range<usize> = at..end;
    let before = run.before(at, 1);
    let word = run.lower(at);
    if run.glued(at) && run.any(before, &["-", "‑", "‐", "/", "’", "'"]) && run.glued(before)
    {
        return false;
    }
    // "Two Sessions", "Tier Two": capitals inside a sentence make a name.
    let capital = run.capital(at) && !run.heading && !run.token(at).is_some_and(|t| t.shouted);
    let opens = at == 0 || matches!(run.kind(before), Some(Kind::Mark));
    if capital && !opens {
        return false;
    }
    if capital
        && run.capital(end)
        && end == at + 1
        && run.any(end, &["sessions", "eyes", "kingdoms", "mile"])
    {
        return false;
    }
    // "twenty-first", "two hundredth".
    let ordinal = |at: usize| {
        let word = run.lower(at);
        matches!(
            word,
            "first"
                | "second"
                | "third"
                | "fourth"
                | "fifth"
                | "sixth"
                | "seventh"
                | "eighth"
                | "ninth"
                | "tenth"
        ) || word.ends_with("dredth")
    };
    if run.any(end, &["-", "‑", "‐"])
        && run.glued(end)
        && run.glued(end + 1)
        && run.kind(end + 1) == Some(Kind::Word)
    {
        let says = run.lower(end + 1);
        return !ordinal(end + 1)
            && (refused::compound(run, end + 1) || spelled(run, end + 1).is_some())
            && !matches!(says, "man" | "woman" | "point");
    }
    match word {
        "one" if last.len() == 1 => one_counts(run, at, floor),
        "a" | "an" => !run.any(run.before(at, 1), &["not"]),
        "several" | "few" | "many" | "couple" => true,
        _ => !run.any(
            before,
            &[
                "number", "chapter", "section", "part", "tier", "article", "phase", "stage",
            ],
        ),
    }
}

/// "one" counts before a noun or under a bound; "no one", "one another", "one of the largest" do not.
fn one_counts(run: &Run<'_, '_>, at: usize, floor: usize) -> bool {
    if run.phrase_before(at, floor, BEFORE).is_some()
        && !run.any(run.before(at, 1), &["about", "some", "above", "over"])
    {
        return true;
    }
    if run.any(
        run.before(at, 1),
        &[
            "no", "any", "every", "each", "some", "this", "that", "which", "the", "another",
            "first", "second", "last", "day", "number", "by", "loved", "little", "young", "big",
            "new", "old", "good",
        ],
    ) {
        return false;
    }
    if run.is(at + 1, "of") {
        return run.any(at + 2, &["them", "whom", "us"])
            || (run.any(at + 2, &["the", "these", "those"])
                && refused::counts_something(run, at + 3));
    }
    if run.any(at + 1, &["or"]) {
        return run.any(at + 2, &["more", "two"]);
    }
    if run.any(
        at + 1,
        &[
            "another", "’s", "'s", "who", "that", "which", "is", "was", "has", "had", "can",
            "could", "may", "must", "should", "would", "might", "will", "cannot", "day", "thing",
            "way", "by", "after", "more", "side", "hand", "point", "and", "in", "on", "to", "at",
            "for", "with", "as", "if", "when", "self", "does", "did", "knows",
        ],
    ) {
        return false;
    }
    run.kind(at + 1) == Some(Kind::Word)
}
