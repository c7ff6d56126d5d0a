//! Whole passages with every mention of this group marked (`cases.txt`), and what must hold for any
//! text.

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::mention::{law, role, settle, vessel};

/// A marked passage: its words, and the marked spans in bytes with their letter.
fn unmarked(line: &str) -> (String, Vec<(Range<usize>, char)>) {
    let mut raw = String::new();
    let mut spans = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find('[') {
        let (head, tail) = rest.split_at(open);
        raw.push_str(head);
        let mark = tail
            .get(1..3)
            .filter(|m| m.ends_with(':') && "pnlrvox".contains(&m[..1]));
        let close = tail.find(']').filter(|_| mark.is_some());
        let Some(close) = close else {
            raw.push('[');
            rest = &tail[1..];
            continue;
        };
        let start = raw.len();
        raw.push_str(&tail[3..close]);
        let letter = tail[1..].chars().next().unwrap_or('?');
        spans.push((start..raw.len(), letter));
        rest = &tail[close + 1..];
    }
    raw.push_str(rest);
    (raw, spans)
}

fn letter(kind: MentionKind) -> char {
    match kind {
        MentionKind::Place => 'p',
        MentionKind::Nationality => 'n',
        MentionKind::Law => 'l',
        MentionKind::Role => 'r',
        MentionKind::Vessel => 'v',
        _ => '?',
    }
}

fn found(text: &Text<'_>) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    scan(text, &mut candidates);
    law::scan(text, &mut candidates);
    role::scan(text, &mut candidates);
    vessel::scan(text, &mut candidates);
    candidates
}

#[test]
fn marked_passages_read_as_marked() {
    let mut wrong = Vec::new();
    let cases = include_str!("cases.txt");
    for line in cases
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (raw, spans) = unmarked(line);
        let text = Text::new(&raw, &[]);
        // Organisations and persons are longer and win.
        let hidden: Vec<&Range<usize>> = spans
            .iter()
            .filter(|(_, l)| matches!(l, 'o' | 'x'))
            .map(|(span, _)| span)
            .collect();
        let got: Vec<(&str, char)> = settle(found(&text))
            .into_iter()
            .filter(|c| {
                !hidden
                    .iter()
                    .any(|h| h.start <= c.bytes.start as usize && c.bytes.end as usize <= h.end)
            })
            .map(|c| (text.slice(c.bytes), letter(c.kind)))
            .collect();
        let wanted: Vec<(&str, char)> = spans
            .iter()
            .filter(|(_, l)| !matches!(l, 'o' | 'x'))
            .map(|(span, l)| (&raw[span.clone()], *l))
            .collect();
        if got != wanted {
            wrong.push(format!("{raw}\n  wanted {wanted:?}\n  found  {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check_country(raw: &str, wanted: &[(&str, &str)]) {
    let text = Text::new(raw, &[]);
    let mut candidates = Vec::new();
    scan(&text, &mut candidates);
    let got: Vec<(&str, String)> = settle(candidates)
        .into_iter()
        .map(|c| {
            let code = match c.value {
                Value::Country(code) => String::from_utf8_lossy(&code).into_owned(),
                _ => String::new(),
            };
            (text.slice(c.bytes), code)
        })
        .collect();
    let got: Vec<(&str, &str)> = got
        .iter()
        .map(|(name, code)| (*name, code.as_str()))
        .collect();
    assert_eq!(got, wanted, "{raw}");
}

#[test]
fn places_and_peoples_know_their_country() {
    check_country(
        "图们, 圖們, 도문, 투먼 and Tumen",
        &[
            ("图们", "CN"),
            ("圖們", "CN"),
            ("도문", "CN"),
            ("투먼", "CN"),
            ("Tumen", "CN"),
        ],
    );
    check_country(
        "Hoeryong, 회령, 会宁",
        &[("Hoeryong", "KP"), ("회령", "KP"), ("会宁", "KP")],
    );
    check_country(
        "the North Koreans and the DPRK",
        &[("North Koreans", "KP"), ("DPRK", "KP")],
    );
    check_country(
        "on the China-North Korea border",
        &[("China-North Korea border", "")],
    );
    check_country("Rep. Smith (R-NJ)", &[("NJ", "US")]);
    check_country(
        "Koreans in Northeast Asia",
        &[("Koreans", ""), ("Northeast Asia", "")],
    );
}

#[test]
fn long_and_broken_text_takes_linear_time() {
    let pieces = [
        "中国".repeat(200_000),
        "북한".repeat(200_000),
        "China-".repeat(100_000),
        "North ".repeat(100_000),
        "(R-".repeat(100_000),
        "《".repeat(100_000),
        "Convention on the ".repeat(50_000),
        "Act of ".repeat(100_000),
        "第".repeat(100_000),
        "resolution 2397, ".repeat(50_000),
        "Special Rapporteur on the situation of ".repeat(20_000),
        "边境".repeat(100_000),
        "a".repeat(1_000_000),
        "X".repeat(1_000_000),
        format!("H.R. {}", "9".repeat(400)),
        "Yu 1 ".repeat(100_000),
        "'".repeat(10_000) + &"호".repeat(100_000),
        "Camp No. ".repeat(50_000),
        "\u{202e}China\u{200b}".repeat(50_000),
    ];
    for piece in pieces {
        let text = Text::new(&piece, &[]);
        let clock = std::time::Instant::now();
        let count = settle(found(&text)).len();
        let took = clock.elapsed();
        let head: String = piece.chars().take(12).collect();
        assert!(
            took.as_secs() < 20,
            "{head}…: {took:?} for {count} mentions"
        );
    }
}

proptest! {
    #[test]
    fn candidates_lie_on_characters_inside_the_text(
        raw in "([ \\n.,()'’-]|China|North Korea|Chinese|U\\.S\\.|R-|NJ|border|Province|the|of|Act|Convention on|[0-9]{1,5}|No\\.|resolution|Rep\\.|Minister|for|中国|吉林省|边境|《|法》|号决议|第|발표|북한|에서|법|결의|호|대변인|[a-zA-Zé가-힣一-龥]{1,3}){0,30}"
    ) {
        let text = Text::new(&raw, &[]);
        for candidate in found(&text) {
            let (start, end) = (candidate.bytes.start as usize, candidate.bytes.end as usize);
            prop_assert!(start < end && end <= raw.len());
            prop_assert!(raw.is_char_boundary(start) && raw.is_char_boundary(end));
        }
    }
}
