//! What looks like a number and is none: sections, footnotes, telephones, times, codes, lists.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::mention::run::Run;
use crate::text::{Kind, word_hash};

/// Words whose number is a name: "Section 7", "Tier 3", "Room 39".
const NUMBERED: &[&str] = &[
    "section",
    "sections",
    "sec",
    "secs",
    "sect",
    "§",
    "article",
    "articles",
    "art",
    "arts",
    "chapter",
    "chapters",
    "chap",
    "ch",
    "resolution",
    "resolutions",
    "res",
    "unscr",
    "no",
    "nos",
    "nr",
    "№",
    "paragraph",
    "paragraphs",
    "para",
    "paras",
    "¶",
    "page",
    "pages",
    "p",
    "pp",
    "tier",
    "title",
    "titles",
    "rule",
    "rules",
    "part",
    "parts",
    "annex",
    "annexes",
    "appendix",
    "figure",
    "fig",
    "figs",
    "table",
    "tables",
    "item",
    "items",
    "note",
    "notes",
    "footnote",
    "footnotes",
    "fn",
    "endnote",
    "vol",
    "volume",
    "issue",
    "room",
    "rm",
    "building",
    "bldg",
    "camp",
    "bureau",
    "division",
    "level",
    "phase",
    "step",
    "line",
    "gate",
    "terminal",
    "flight",
    "highway",
    "route",
    "district",
    "zone",
    "protocol",
    "amendment",
    "directive",
    "decree",
    "order",
    "eo",
    "bill",
    "hr",
    "statute",
    "code",
    "hs",
    "hts",
    "cas",
    "imo",
    "mmsi",
    "passport",
    "id",
    "tel",
    "telephone",
    "phone",
    "fax",
    "ext",
    "extension",
    "box",
    "suite",
    "apt",
    "apartment",
    "version",
    "model",
    "grade",
    "class",
    "round",
    "exhibit",
    "schedule",
    "clause",
    "clauses",
    "recommendation",
    "recommendations",
    "principle",
    "principles",
    "goal",
    "sdg",
    "op",
    "regulation",
    "regulations",
    "convention",
    "factory",
    "mine",
    "prison",
    "battalion",
    "regiment",
    "brigade",
    "channel",
    "type",
    "mark",
    "hull",
    "unit",
    "target",
    "lot",
    "floor",
    "block",
    "track",
    "appendices",
    "slide",
    "docket",
    "subsection",
    "subsections",
    "subparagraph",
    "verse",
    "stage",
    "category",
    "nsc",
    "psalm",
    "episode",
    "question",
    "#",
    "ref",
    "reg",
];

/// Words that are a number's name only with something to number before them: "registration number 12".
const NAMED_NUMBERS: &[&str] = &["number", "numbers", "num"];

/// Collections of laws behind their volume: "22 U.S.C.".
const CODES: &[&str] = &["usc", "cfr", "stat", "fed", "f"];

/// What investigations count.
const COUNTED: &[&str] = &[
    "people",
    "persons",
    "refugees",
    "workers",
    "women",
    "men",
    "children",
    "girls",
    "boys",
    "defectors",
    "escapees",
    "prisoners",
    "detainees",
    "families",
    "nationals",
    "citizens",
    "individuals",
    "seekers",
    "students",
    "soldiers",
    "officials",
    "victims",
    "survivors",
    "villagers",
    "households",
    "cases",
    "companies",
    "vessels",
    "ships",
    "tons",
    "tonnes",
    "kilograms",
    "yuan",
    "won",
    "dollars",
    "euros",
    "percent",
    "members",
    "deaths",
    "bodies",
    "inmates",
    "labourers",
    "laborers",
    "migrants",
    "brokers",
    "missionaries",
    "activists",
    "returnees",
    "deportees",
    "residents",
    "others",
    "repatriations",
    "koreans",
    "uyghurs",
    "tibetans",
    "troops",
    "employees",
    "fishermen",
    "crew",
    "metric",
    "patients",
    "protesters",
    "fighters",
    "civilians",
    "infants",
    "babies",
    "mothers",
    "couples",
    "passengers",
    "interviews",
    "interviewees",
    "witnesses",
    "incidents",
    "complaints",
    "containers",
    "shipments",
    "factories",
    "facilities",
    "arrests",
    "executions",
    "escapes",
    "arrivals",
    "hours",
    "days",
    "miles",
    "kilometers",
    "kilometres",
    "km",
    "copies",
    "organizations",
    "organisations",
    "groups",
    "signatures",
    "applicants",
    "north",
];

fn set(words: &'static [&'static str]) -> FxHashSet<u32> {
    words.iter().map(|w| word_hash(w.as_bytes())).collect()
}

static NUMBERED_SET: LazyLock<FxHashSet<u32>> = LazyLock::new(|| set(NUMBERED));
static COUNTED_SET: LazyLock<FxHashSet<u32>> = LazyLock::new(|| set(COUNTED));

/// Whether the words at `at` name something that investigations count ("North Korean refugees").
pub(in crate::mention) fn counts_something(run: &Run<'_, '_>, at: usize) -> bool {
    for next in at..at + 4 {
        let Some(token) = run.token(next) else {
            return false;
        };
        match token.kind {
            Kind::Word if COUNTED_SET.contains(&token.hash) => return true,
            Kind::Word => {
                if run.any(
                    next,
                    &[
                        "of", "in", "to", "and", "the", "a", "on", "for", "by", "was", "were",
                        "is", "has", "had", "marked", "as", "at", "that", "which", "who", "when",
                        "after", "it", "its", "their", "with", "how", "whether", "if", "what",
                        "before", "during", "until", "since", "from", "i", "we",
                    ],
                ) {
                    return false;
                }
            }
            Kind::Mark if run.any(next, &["-", "‑", "‐"]) && run.glued(next) => {}
            _ => return false,
        }
    }
    false
}

/// Whether the digits `start..end` are something else than a count.
pub(super) fn digits(run: &Run<'_, '_>, start: usize, end: usize, money: bool) -> bool {
    glued_before(run, start)
        || glued_behind(run, start, end, money)
        || numbers_a_list(run, start, end)
        || (!money && (is_named(run, start) || is_code(run, start, end)))
}

/// Glued to what stands before: a footnote ("returned.12"), a code ("COVID-19", "G7"), a time.
fn glued_before(run: &Run<'_, '_>, start: usize) -> bool {
    if !run.glued(start) {
        return false;
    }
    let before = run.before(start, 1);
    match run.kind(before) {
        Some(Kind::Word | Kind::Digits | Kind::Other) => true,
        Some(Kind::Mark) => match run.lower(before) {
            "/" | "#" | "=" | "_" | "&" | "@" | "\\" | "§" | "№" | "[" | "'" | "’" | "*" | "."
            | "," | ";" | ")" | "”" | "]" | "。" | "，" | "」" | "』" | "%" | "’s" | "'s" | "+"
            | "^" | "!" | "?" => {
                // "+82" opens a telephone number; "$" and "(" open counts.
                true
            }
            "\"" => run.glued(before),
            ":" => run.glued(before) && run.digits(run.before(before, 1)),
            "-" | "–" | "‑" | "‐" => run.glued(before),
            _ => false,
        },
        _ => false,
    }
}

/// Glued to what stands behind: "9/11", "10:30", "2nd", "3D", "5G".
fn glued_behind(run: &Run<'_, '_>, start: usize, end: usize, money: bool) -> bool {
    if run.any(end, &["a", "p"]) && run.is(end + 1, ".") && run.any(end + 2, &["m"]) {
        return true;
    }
    if run.any(end, &["am", "pm", "o"])
        || run.any(end, &["hrs", "hours"]) && run.any(end + 1, &["gmt", "utc", "local"])
    {
        return true;
    }
    if !run.glued(end) {
        return false;
    }
    match run.kind(end) {
        Some(Kind::Word) => {
            !money
                && super::words::measure(run, end).is_none()
                && !run.any(end, &["million", "billion", "thousand"])
        }
        Some(Kind::Mark) => match run.lower(end) {
            "/" | ":" | "_" | "@" | "=" | "\\" => {
                run.glued(end + 1) && run.kind(end + 1) != Some(Kind::Mark)
            }
            "°" | "]" | "^" => true,
            // Before digits it joins a range, or the reader of ranges refuses it.
            "-" | "‑" | "‐" | "–" => {
                run.glued(end + 1) && !run.digits(end + 1) && !compound(run, end + 1)
            }
            ")" => {
                // "(2)" numbers, "(3,732)" counts; "2)" numbers. "arrest (21), extortion (13)" counts.
                let word = run.before(start, 2);
                let tallied = run.kind(word) == Some(Kind::Word)
                    && !run.glued(run.before(start, 1))
                    && !NUMBERED_SET.contains(&run.token(word).map_or(0, |t| t.hash))
                    && (run.any(end + 1, &[",", ";", ".", "and"]) || end + 1 >= run.len())
                    && start > 2;
                if tallied {
                    return false;
                }
                let opened = run.any(run.before(start, 1), &["(", "（"]);
                let short = run.bytes(start..end);
                end == start + 1
                    && short.end - short.start <= if opened { 2 } else { 1 }
                    && (opened || start == 0)
            }
            "'" | "’" | "'s" | "’s" => run.lower(end).ends_with('s'),
            _ => false,
        },
        _ => false,
    }
}

/// The second half of a counting compound: "12-year-old", "5,000-strong", "five-member".
pub(super) fn compound(run: &Run<'_, '_>, at: usize) -> bool {
    super::words::measure(run, at).is_some()
        || run.any(
            at,
            &[
                "strong",
                "odd",
                "plus",
                "member",
                "person",
                "page",
                "point",
                "story",
                "bed",
                "seat",
                "percent",
                "million",
                "billion",
                "thousand",
                "dollar",
                "man",
                "woman",
                "something",
            ],
        )
}

/// "1. The", a page number alone on its line, a sentence that is only a number.
fn numbers_a_list(run: &Run<'_, '_>, start: usize, end: usize) -> bool {
    if run.table {
        return false;
    }
    let opening = start == 0 || (start == 1 && run.any(0, &["(", "[", "•", "-"]));
    if !opening || end != start + 1 {
        return false;
    }
    let bytes = run.bytes(start..end);
    let only = run.len() <= end + usize::from(run.any(end, &[".", ")", "]", "-"]));
    (only || run.any(end, &[".", ")"])) && bytes.end - bytes.start <= 4
}

/// A number that is a name: the word before says so, directly or over a list ("Articles 3 and 7").
fn is_named(run: &Run<'_, '_>, start: usize) -> bool {
    let numbered = |at: usize| {
        run.token(at)
            .is_some_and(|t| NUMBERED_SET.contains(&t.hash))
    };
    let mut at = start;
    let mut listed = false;
    for _ in 0..12 {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        match run.kind(before) {
            Some(Kind::Digits) => listed = true,
            Some(Kind::Mark)
                if run.any(before, &[".", ",", "(", ")", "–", "-", "§", "/", "#", "№"]) =>
            {
                if numbered(before) {
                    return true;
                }
                // Between a word and its number only a full stop may stand.
                if !listed && !run.any(before, &["."]) {
                    return false;
                }
                if !listed && !run.glued(before) {
                    return false;
                }
            }
            Some(Kind::Word)
                if run.any(before, &["and", "or", "to", "through", "&"])
                    && (run.digits(run.before(before, 1))
                        || run.is(run.before(before, 1), ")")) =>
            {
                listed = true;
            }
            Some(Kind::Word) if before + 1 == start && run.any(before, NAMED_NUMBERS) => {
                return !run.any(
                    run.before(before, 1),
                    &["they", "who", "which", "that", "refugees"],
                ) && !grouped(run, start);
            }
            Some(Kind::Word) => {
                // "H.R. 4", "S. 1838", "22 U.S.C. 7101", "E.O. 13722".
                let letter = run.lower(before).len() == 1 && run.capital(before);
                if letter && !listed && before + 2 == start {
                    return true;
                }
                if !numbered(before) {
                    return false;
                }
                let word = run.lower(before);
                if listed {
                    return word.ends_with('s') || word == "pp" || word == "hs";
                }
                return match word {
                    // Verbs and common nouns: "the second part 40 women", "they order 20".
                    "part" | "order" | "class" | "type" | "unit" | "line" | "block" | "target"
                    | "lot" | "mine" | "question" | "level" | "box" | "room" | "no" | "f"
                    | "step" | "track" | "mark" | "stage" => {
                        !grouped(run, start) && !counts_something(run, start + 1)
                    }
                    _ => true,
                };
            }
            _ => return false,
        }
        at = before;
    }
    false
}

fn grouped(run: &Run<'_, '_>, at: usize) -> bool {
    run.lower(at).contains([',', '，'])
}

/// Telephones, identity numbers, volumes of law, and what an acronym or a capital word numbers.
fn is_code(run: &Run<'_, '_>, start: usize, end: usize) -> bool {
    let digits = run.lower(start);
    if run.any(end, CODES) && run.capital(end) && (run.is(end + 1, ".") || !run.is(end, "f")) {
        return true;
    }
    if run.is(end, "u") && run.is(end + 1, ".") && run.is(end + 2, "s") && run.any(end + 4, &["c"])
    {
        return true;
    }
    if grouped(run, start) {
        return false;
    }
    let round = digits.ends_with("000");
    if digits.len() >= 7 && !round && !digits.contains('.') {
        return true;
    }
    if chained(run, start) && !run.table {
        return true;
    }
    let before = run.before(start, 1);
    let Some(word) = run.token(before).filter(|t| t.kind == Kind::Word) else {
        return false;
    };
    if !word.capital || super::words::sign(run, before).is_some() {
        return false;
    }
    // "UNSCR 2397", "Bureau 39 said": a name with its number; "In Yunnan 92 were seized" counts.
    let counting = counts_something(run, end)
        || super::words::measure(run, end).is_some()
        || super::words::spelled(run, end).is_some()
        || run.any(
            end,
            &[
                "%", "percent", "per", "were", "of", "have", "had", "or", "more", "are",
            ],
        );
    let opens = before == 0 || run.any(run.before(before, 1), &["“", "\"", ":", "(", "—"]);
    let common = opens && !word.shouted;
    !counting && !common && (word.shouted || !run.heading)
}

/// Three or more groups of digits in a row: a telephone or account number.
fn chained(run: &Run<'_, '_>, start: usize) -> bool {
    let link = |from: usize, forward: bool| -> Option<usize> {
        let step = |at: usize, n: usize| if forward { at + n } else { run.before(at, n) };
        let next = step(from, 1);
        if run.digits(next) {
            return Some(next);
        }
        let dash = run.any(next, &["-", "‑", "–", "."]) && run.digits(step(from, 2));
        let whole = if forward {
            run.glued(next)
        } else {
            run.glued(from)
        };
        (dash && whole).then(|| step(from, 2))
    };
    // "(202) 226-3777".
    let area = |at: usize| {
        run.is(at, ")") && run.digits(run.before(at, 1)) && run.is(run.before(at, 2), "(")
    };
    if (area(start + 1) && run.digits(start + 2) && run.is(start + 3, "-"))
        || (area(run.before(start, 1)) && run.is(start + 1, "-"))
    {
        return true;
    }
    let mut groups = 1;
    for forward in [true, false] {
        let mut at = start;
        for _ in 0..3 {
            match link(at, forward) {
                Some(next) => {
                    at = next;
                    groups += 1;
                }
                None => break,
            }
        }
    }
    groups >= 3
}
