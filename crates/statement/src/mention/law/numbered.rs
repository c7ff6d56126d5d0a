//! Laws that have a number for a name: resolutions, executive orders, bills, public laws, codes.

use std::sync::LazyLock;

use super::push;
use crate::lexicon::Lexicon;
use crate::mention::Candidate;
use crate::text::{Kind, Text};

/// How a number must follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `2397`, `2397 (2017)`, `2375 and 2397`, `S/RES/2397`, `78/218`.
    Resolution,
    /// `13687`, `No. 13687`.
    Plain,
    /// `117-78`, `No. 117-78`.
    Dashed,
    /// `(EU) 2020/1998`.
    European,
}

const FORMS: &[(&str, Form)] = &[
    ("resolution", Form::Resolution),
    ("resolutions", Form::Resolution),
    ("unscr", Form::Resolution),
    ("unscrs", Form::Resolution),
    ("executive order", Form::Plain),
    ("executive orders", Form::Plain),
    ("e.o.", Form::Plain),
    ("eo", Form::Plain),
    ("proclamation", Form::Plain),
    ("presidential decree", Form::Plain),
    ("h.r.", Form::Plain),
    ("h. r.", Form::Plain),
    ("h. res.", Form::Plain),
    ("h. con. res.", Form::Plain),
    ("h.j. res.", Form::Plain),
    ("s. res.", Form::Plain),
    ("s. con. res.", Form::Plain),
    ("s.j. res.", Form::Plain),
    ("house resolution", Form::Plain),
    ("senate resolution", Form::Plain),
    ("s.", Form::Plain),
    ("council regulation", Form::European),
    ("council implementing regulation", Form::European),
    ("council decision", Form::European),
    ("council implementing decision", Form::European),
    ("commission regulation", Form::European),
    ("directive", Form::European),
    ("regulation", Form::European),
    ("public law", Form::Dashed),
    ("pub. l.", Form::Dashed),
    ("p.l.", Form::Dashed),
];

/// Bodies that go before "resolution".
const BODIES: &[&str] = &[
    "un security council",
    "u.n. security council",
    "united nations security council",
    "security council",
    "unsc",
    "un general assembly",
    "u.n. general assembly",
    "united nations general assembly",
    "general assembly",
    "un human rights council",
    "u.n. human rights council",
    "united nations human rights council",
    "human rights council",
    "un",
    "u.n.",
    "united nations",
    "european parliament",
    "house",
    "senate",
    "joint",
    "concurrent",
];

static FORM: LazyLock<Lexicon<Form>> = LazyLock::new(|| Lexicon::new(FORMS.iter().copied()));
static BODY: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(BODIES.iter().map(|b| (*b, ()))));

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let limit = text.tokens.len();
    for (at, token) in text.tokens.iter().enumerate() {
        match token.kind {
            Kind::Word => {
                let Some((head, form)) = FORM.longest(text, at, limit) else {
                    continue;
                };
                let Some(end) = number(text, head.end, *form) else {
                    continue;
                };
                let single = head.len() == 2 && text.lower(at) == "s";
                if single && !bill_of_the_senate(text, at, end)
                    || !token.capital && *form != Form::Resolution && text.lower(at) != "executive"
                {
                    continue;
                }
                push(text.bytes(with_body(text, at, *form)..end), into);
            }
            Kind::Digits => {
                if let Some(end) = code(text, at) {
                    push(text.bytes(at..end), into);
                }
            }
            _ => {}
        }
    }
}

/// "S. 1234" at least of two digits and not after an initial: "John S. 14".
fn bill_of_the_senate(text: &Text<'_>, at: usize, end: usize) -> bool {
    let before = at.checked_sub(1).and_then(|n| text.tokens.get(n));
    let number = text.word(end - 1);
    text.word(at) == "S"
        && number.len() >= 2
        && !number.contains(['.', ','])
        && text.tokens.get(at).is_some_and(|t| t.spaced)
        && before.is_none_or(|t| !t.capital)
}

/// The end of the number behind a head.
fn number(text: &Text<'_>, from: usize, form: Form) -> Option<usize> {
    let mut at = from;
    if form == Form::European {
        // "(EU) 2020/1998", "(EU) No 224/2014", "2021/481/CFSP"
        if text.word(at) == "(" && text.word(at + 2) == ")" {
            at += 3;
        }
        if text.lower(at) == "no" {
            at += 1;
        }
        let digits = |n: usize| text.tokens.get(n).is_some_and(|t| t.kind == Kind::Digits);
        return (digits(at) && text.word(at + 1) == "/" && digits(at + 2)).then_some(at + 3);
    }
    // "Resolution (UNSCR) 2270": the short name stands between.
    if text.word(at) == "("
        && let Some(close) = (at + 2..at + 10).find(|n| text.word(*n) == ")")
        && text
            .tokens
            .get(at + 1)
            .is_some_and(|t| t.kind != Kind::Digits)
        && text
            .tokens
            .get(close + 1)
            .is_some_and(|t| t.kind == Kind::Digits)
    {
        at = close + 1;
    }
    if matches!(text.lower(at), "no" | "nos" | "number") {
        at += 1;
        if text.word(at) == "." {
            at += 1;
        }
    }
    // S/RES/2397, A/RES/78/218
    if form == Form::Resolution
        && matches!(text.word(at), "S" | "A")
        && text.word(at + 1) == "/"
        && text.word(at + 2) == "RES"
    {
        at += 4;
    }
    let is_digits = |at: usize| text.tokens.get(at).is_some_and(|t| t.kind == Kind::Digits);
    if !is_digits(at) {
        return None;
    }
    let mut end = at + 1;
    match form {
        Form::Plain => {
            // A sentence's "S. 3.5" or "EO 2" is none.
            let plain = |at: usize| text.word(at).len() <= 6 && !text.word(at).contains('.');
            // "Executive Orders 13722 and 13810"
            for _ in 0..8 {
                let next = end + usize::from(text.word(end) == ",");
                let next = next + usize::from(text.lower(next) == "and");
                let plural = text.lower(from - 1) == "orders" || text.lower(from - 1) == ")";
                if !(plural && next > end && is_digits(next) && text.word(next).len() == 5) {
                    break;
                }
                end = next + 1;
            }
            plain(at).then_some(end)
        }
        Form::European => None,
        Form::Dashed => {
            (matches!(text.word(end), "-" | "–" | "‑") && is_digits(end + 1)).then_some(end + 2)
        }
        Form::Resolution => {
            if text.word(end) == "/" && is_digits(end + 1) {
                end += 2;
            } else if text.word(at).len() < 3 || text.word(at).contains(['.', ',']) {
                return None;
            }
            for _ in 0..8 {
                if text.word(end) == "(" && is_digits(end + 1) && text.word(end + 2) == ")" {
                    end += 3;
                    continue;
                }
                let mut next = end;
                if text.word(next) == "," {
                    next += 1;
                }
                if matches!(text.lower(next), "and" | "&") {
                    next += 1;
                }
                // "52/28, 50/7 and 51/8"
                if next > end
                    && is_digits(next)
                    && text.word(next + 1) == "/"
                    && is_digits(next + 2)
                {
                    end = next + 3;
                    continue;
                }
                let more = next > end
                    && is_digits(next)
                    && text.word(next).len() == 4
                    && text.word(next).bytes().all(|b| b.is_ascii_digit());
                // "resolution 2397, 2018 saw": a year after a comma is no resolution.
                if !more
                    || text.word(next).starts_with("20") && text.word(next) < "2030"
                    || text.word(next).starts_with("19")
                {
                    break;
                }
                end = next + 1;
            }
            Some(end)
        }
    }
}

/// "UN Security Council" before "resolution".
fn with_body(text: &Text<'_>, at: usize, form: Form) -> usize {
    if form != Form::Resolution {
        return at;
    }
    // The longest body that ends right before the head.
    let floor = at.saturating_sub(7);
    (floor..at)
        .find(|start| {
            BODY.longest(text, *start, at)
                .is_some_and(|(tokens, ())| tokens.end == at)
        })
        .unwrap_or(at)
}

/// `22 U.S.C. § 7801 et seq.`, `19 CFR 12.42`, `31 C.F.R. part 510`.
fn code(text: &Text<'_>, at: usize) -> Option<usize> {
    let mut end = at + 1;
    let spelled = matches!(text.word(end), "USC" | "CFR");
    if spelled {
        end += 1;
    } else {
        let letters = matches!(
            (text.word(end), text.word(end + 2), text.word(end + 4)),
            ("U", "S", "C") | ("C", "F", "R")
        );
        if !letters || text.word(end + 1) != "." {
            return None;
        }
        end += 6;
    }
    while matches!(
        text.word(end),
        "§" | "part" | "Part" | "sec" | "section" | "Sec" | "." | "parts"
    ) && end < at + 12
    {
        end += 1;
    }
    let number = text.tokens.get(end)?;
    if number.kind != Kind::Digits {
        return None;
    }
    end += 1;
    // 7801a, 1307(b)
    if text
        .tokens
        .get(end)
        .is_some_and(|t| t.kind == Kind::Word && !t.spaced && t.end - t.start == 1)
    {
        end += 1;
    }
    while text.word(end) == "("
        && text.word(end + 2) == ")"
        && text.tokens.get(end).is_some_and(|t| !t.spaced)
        && end < at + 24
    {
        end += 3;
    }
    if text.lower(end) == "et" && text.lower(end + 1) == "seq" {
        end += 2;
        if text.word(end) == "." {
            end += 1;
        }
    }
    Some(end)
}
