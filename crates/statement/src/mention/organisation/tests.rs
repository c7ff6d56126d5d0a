use proptest::prelude::*;

use crate::Context;
use crate::mention::{Value, chain, find};
use crate::text::Text;
use casefile::statement::MentionKind;

/// Names of `kind` that are found, in order.
fn names(raw: &str, kind: MentionKind) -> Vec<String> {
    let text = Text::new(raw, &[]);
    find(&text, &Context::default())
        .iter()
        .filter(|m| m.kind == kind)
        .map(|m| text.slice(m.bytes.clone()).to_owned())
        .collect()
}

fn check_bodies(raw: &str, wanted: &[&str]) {
    assert_eq!(names(raw, MentionKind::Organisation), wanted, "{raw}");
}

#[test]
fn heads_take_their_modifiers_and_what_they_are_for() {
    check_bodies(
        "The Office of the United Nations High Commissioner for Human Rights replied.",
        &["Office of the United Nations High Commissioner for Human Rights"],
    );
    check_bodies(
        "He joined the Committee for Human Rights in North Korea in Washington.",
        &["Committee for Human Rights in North Korea"],
    );
    check_bodies(
        "The Ministry of Health and Welfare and the Ministry of Unification met.",
        &["Ministry of Health and Welfare", "Ministry of Unification"],
    );
    check_bodies(
        "Officials of U.S. Customs and Border Protection spoke.",
        &["U.S. Customs and Border Protection"],
    );
    check_bodies(
        "It reports to the Republic of Korea Army.",
        &["Republic of Korea Army"],
    );
}

#[test]
fn bare_heads_and_governments_are_no_names() {
    check_bodies("The Commission met; the committee and the group left.", &[]);
    check_bodies("The Chinese government and the Ministry denied it.", &[]);
    check_bodies("김 장관은 중국 정부에 항의했다.", &[]);
}

#[test]
fn companies_end_with_their_legal_form() {
    check_bodies(
        "CBP detained goods of Dalian Ocean Fishing Co., Ltd. and Acme, Inc. in May.",
        &["CBP", "Dalian Ocean Fishing Co., Ltd.", "Acme, Inc."],
    );
    check_bodies(
        "Exports by Yantai Sanko Fisheries and Longwin Foods Company rose.",
        &["Yantai Sanko Fisheries", "Longwin Foods Company"],
    );
}

#[test]
fn defined_short_forms_are_found_again() {
    check_bodies(
        "The Transitional Justice Working Group (TJWG) spoke. Later TJWG wrote.",
        &["Transitional Justice Working Group", "TJWG", "TJWG"],
    );
    check_bodies(
        "It lies in the Democratic People's Republic of Korea (DPRK).",
        &[],
    );
}

#[test]
fn chinese_and_korean_bodies_take_their_country() {
    check_bodies("韩国统一部发言人表示遗憾。", &["韩国统一部"]);
    check_bodies(
        "美国财政部制裁了延边银星网络科技有限公司。",
        &["美国财政部", "延边银星网络科技有限公司"],
    );
    check_bodies("국가인권위원회는 조사에 착수했다.", &["국가인권위원회"]);
    check_bodies("미국 국무부는 보고서를 발표했다.", &["미국 국무부"]);
}

#[test]
fn surnames_and_short_forms_point_at_the_full_name() {
    let raw = "Stephen Kim of Justice for North Korea (JFNK) spoke. Kim told JFNK members.";
    let text = Text::new(raw, &[]);
    let mentions = find(&text, &Context::default());
    let full: Vec<(&str, &str)> = mentions
        .iter()
        .filter(|m| matches!(m.value, Value::Same(_)))
        .map(|m| {
            let full = chain::full(&mentions, m);
            (text.slice(m.bytes.clone()), text.slice(full.bytes.clone()))
        })
        .collect();
    assert_eq!(
        full,
        [
            ("JFNK", "Justice for North Korea"),
            ("Kim", "Stephen Kim"),
            ("JFNK", "Justice for North Korea"),
        ]
    );
}

/// A line of `name_cases`: the text without marks, and what is marked (kind letter, bytes).
fn marked(line: &str) -> (String, Vec<(char, std::ops::Range<u32>)>) {
    let mut text = String::new();
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((mark, after)) = after.split_once('>') else {
            break;
        };
        let Some((kind, name)) = mark.split_once(' ') else {
            break;
        };
        let start = u32::try_from(text.len()).unwrap();
        text.push_str(name);
        let end = u32::try_from(text.len()).unwrap();
        found.push((kind.chars().next().unwrap(), start..end));
        rest = after;
    }
    text.push_str(rest);
    (text, found)
}

/// F1 of a kind over a file of marked sentences, with the errors.
fn score(cases: &str, letter: char, kind: MentionKind) -> (f64, Vec<String>) {
    let (mut right, mut all) = (0, 0);
    let mut errors = Vec::new();
    for line in cases
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (raw, gold) = marked(line);
        let text = Text::new(&raw, &[]);
        let mine: Vec<_> = find(&text, &Context::default())
            .into_iter()
            .filter(|m| m.kind == kind)
            .map(|m| m.bytes)
            .collect();
        let gold: Vec<_> = gold
            .into_iter()
            .filter(|g| g.0 == letter)
            .map(|g| g.1)
            .collect();
        all += mine.len() + gold.len();
        right += mine.iter().filter(|m| gold.contains(m)).count();
        for missed in gold.iter().filter(|g| !mine.contains(g)) {
            errors.push(format!("missed {}", text.slice(missed.clone())));
        }
        for wrong in mine.iter().filter(|m| !gold.contains(m)) {
            errors.push(format!("wrong {}", text.slice(wrong.clone())));
        }
    }
    (
        2.0 * f64::from(u32::try_from(right).unwrap())
            / f64::from(u32::try_from(all.max(1)).unwrap()),
        errors,
    )
}

#[test]
fn names_of_the_field_and_of_the_world_are_found() {
    let field = include_str!("../name_cases/field.txt");
    let east = include_str!("../name_cases/east.txt");
    let general = include_str!("../name_cases/general.txt");
    let new = include_str!("../name_cases/second.txt");
    for (cases, letter, kind, floor) in [
        (field, 'p', MentionKind::Person, 0.95),
        (field, 'o', MentionKind::Organisation, 0.95),
        (new, 'p', MentionKind::Person, 0.93),
        (new, 'o', MentionKind::Organisation, 0.92),
        (east, 'p', MentionKind::Person, 0.88),
        (east, 'o', MentionKind::Organisation, 0.93),
        (general, 'p', MentionKind::Person, 0.92),
        (general, 'o', MentionKind::Organisation, 0.82),
        (general, 'l', MentionKind::Place, 0.88),
    ] {
        let (f1, errors) = score(cases, letter, kind);
        assert!(f1 >= floor, "{kind:?}: {f1:.3} under {floor}: {errors:#?}");
    }
}

#[test]
fn long_and_odd_texts_take_linear_time() {
    for raw in [
        "A".repeat(300_000),
        "Kim ".repeat(60_000),
        "Kim Jong-".repeat(30_000),
        "Office of ".repeat(30_000),
        "A.".repeat(100_000),
        "(ABC".repeat(60_000),
        "and Co., ".repeat(30_000),
        "部".repeat(100_000),
        "公司的".repeat(40_000),
        "위원회".repeat(40_000),
        "발언 김 씨 ".repeat(20_000),
        "发言人·".repeat(30_000),
        "People's ".repeat(30_000),
    ] {
        let started = std::time::Instant::now();
        let text = Text::new(&raw, &[]);
        let _ = find(&text, &Context::default());
        // Unoptimised builds are thirty times as slow; a square would take minutes.
        assert!(
            started.elapsed().as_secs() < 60,
            "{}…",
            raw.chars().take(12).collect::<String>()
        );
    }
}

proptest! {
    #[test]
    fn every_name_lies_on_characters_of_the_text(
        raw in "[ \\n.,'’“”()·&-]{0,3}([A-Z][a-z]{1,6}[ .-]|of |and |Office |Kim |Co\\., Ltd|公司|部长|[一-龥]{1,3}|[가-힣]{1,4} |위원회|씨 |[0-9]|é|\u{202e}|[()<>“”·]){0,40}"
    ) {
        let text = Text::new(&raw, &[]);
        for mention in find(&text, &Context::default()) {
            prop_assert!(raw.get(mention.bytes.start as usize..mention.bytes.end as usize).is_some_and(|s| !s.is_empty()));
        }
    }
}

#[test]
fn clubs_are_bodies_where_sport_is_told_of() {
    check_bodies(
        "Rowley scored twice for Leeds United in a 3–0 win over Ipswich Town.",
        &["Leeds United", "Ipswich Town"],
    );
    check_bodies(
        "The midfielder joined Sheffield Wednesday in 1972.",
        &["Sheffield Wednesday"],
    );
    check_bodies(
        "The Boston Red Sox traded the pitcher to the Cleveland Indians.",
        &["Boston Red Sox", "Cleveland Indians"],
    );
    // Elsewhere the same words are places.
    check_bodies("He played no part in the raid against Barnsley.", &[]);
    check_bodies("Troops lost Aleppo and moved to Homs.", &[]);
    check_bodies("She moved from Yanji to Mexico City.", &[]);
    // National teams are places.
    check_bodies("The striker scored two goals against France.", &[]);
}

#[test]
fn names_that_end_as_places_do_are_no_bodies() {
    check_bodies("The road leads to Dillant–Hopkins Airport.", &[]);
    check_bodies("They crossed the Tumen River near Hoeryong County.", &[]);
}
