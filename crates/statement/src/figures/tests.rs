use casefile::statement::{Event, Measure};
use casefile::{ApproxDate, DocumentId, StatementId};

use super::{Series, Told, series};
use crate::{Context, find};

/// Documents as (name, publisher, day, text).
fn told(documents: &[(&str, &str, &str, &str)]) -> Vec<Told> {
    let mut all = Vec::new();
    for (n, (title, publisher, day, text)) in documents.iter().enumerate() {
        let published: Option<ApproxDate> = day.parse().ok();
        let found = find(
            text,
            &Context {
                published,
                blocks: &[],
            },
        );
        for (m, statement) in found.statements.into_iter().enumerate() {
            let (n, m) = (u8::try_from(n).unwrap_or(0), u8::try_from(m).unwrap_or(0));
            all.push(Told {
                id: StatementId([n, m, 0, 0, 0, 0, 0, 0, 0, 0]),
                document: DocumentId([n; 10]),
                title: Some((*title).into()),
                publisher: Some((*publisher).into()),
                published,
                rendition: DocumentId([n; 10]),
                statement,
            });
        }
    }
    all
}

fn of(all: &[Series], event: Event) -> Vec<&Series> {
    all.iter()
        .filter(|s| s.event == event && s.standing == "fact")
        .collect()
}

const NOTICE: (&str, &str, &str, &str) = (
    "Notice",
    "CECC",
    "2023-06-13",
    "Close to 2000 North Korean refugees are reportedly held in detention centers near the China-North Korea border.",
);

#[test]
fn a_relay_adds_a_mention_and_no_origin_and_a_range_is_compatible() {
    let relay = (
        "Agency",
        "Yonhap",
        "2023-06-14",
        "Close to 2,000 North Korean refugees are reportedly held in detention centers in China, the Congressional-Executive Commission on China said.",
    );
    let all = series(&told(&[NOTICE, relay]));
    let held = of(&all, Event::Detention);
    assert_eq!(held.len(), 1, "{all:#?}");
    assert_eq!(
        (held[0].mentions, held[0].origins.len()),
        (2, 1),
        "{:#?}",
        held[0].origins
    );
    let third = (
        "Testimony",
        "NKDB",
        "2023-06-14",
        "Between 600 and 2,000 North Koreans are held in detention centers in China.",
    );
    let all = series(&told(&[NOTICE, relay, third]));
    let held = of(&all, Event::Detention);
    assert_eq!(
        (held.len(), held[0].mentions, held[0].origins.len()),
        (1, 3, 2)
    );
    assert!(held[0].conflicts.is_empty() && held[0].points.iter().all(|p| p.compatible));
}

#[test]
fn the_night_of_nine_october_leaves_500_to_600() {
    let all = series(&told(&[
        (
            "A",
            "HRW",
            "2023-10-12",
            "China forcibly returned more than 500 North Koreans on October 9, 2023.",
        ),
        (
            "B",
            "JFNK",
            "2023-10-11",
            "China forcibly returned about 600 North Koreans on the night of October 9.",
        ),
        (
            "C",
            "MP",
            "2023-10-12",
            "China forcibly returned as many as 600 North Koreans on October 9.",
        ),
        (
            "D",
            "JFNK",
            "2023-10-20",
            "China has forcibly returned 2,600 North Koreans since August 2020.",
        ),
    ]));
    let back = of(&all, Event::Repatriation);
    let night = back.iter().find(|s| s.mentions == 3).expect("the night");
    assert_eq!(night.points.len(), 1);
    assert_eq!(
        (night.points[0].low, night.points[0].high),
        (Some(540.0), Some(600.0))
    );
    assert!(
        back.iter()
            .any(|s| s.mentions == 1 && s.measure == Some(Measure::Cumulative)),
        "{back:#?}"
    );
}

#[test]
fn figures_that_cannot_both_hold_conflict() {
    let all = series(&told(&[
        (
            "A",
            "HRW",
            "2024-05-07",
            "China sent back about 60 North Koreans on April 26.",
        ),
        (
            "B",
            "Agency",
            "2024-05-02",
            "China sent back 200 North Koreans on April 26.",
        ),
    ]));
    let back = of(&all, Event::Repatriation);
    assert_eq!((back.len(), back[0].conflicts.len()), (1, 1), "{back:#?}");
    assert_eq!(back[0].points[0].low, None);
}

#[test]
fn sums_are_found_and_drift_is_told() {
    let all = series(&told(&[
        (
            "A",
            "NKDB",
            "2023-01-10",
            "3,732 North Koreans were detained in Jilin. 1,077 North Koreans were detained in Liaoning. In all, 4,809 North Koreans were detained.",
        ),
        (
            "B",
            "Agency",
            "2023-02-10",
            "4,809 North Koreans were detained in China.",
        ),
        (
            "C",
            "NKDB",
            "2023-03-01",
            "The database holds 8,148 cases of forced repatriation from China.",
        ),
        (
            "D",
            "Agency",
            "2023-03-02",
            "China repatriated over 8,000 North Koreans.",
        ),
        (
            "E",
            "X",
            "2024-03-02",
            "108 workers were arrested in Helong in January 2024.",
        ),
        (
            "F",
            "Y",
            "2024-04-02",
            "108 workers were arrested in Helong in January 2023.",
        ),
        (
            "G",
            "Z",
            "2023-02-01",
            "1,234 North Koreans were detained in Yanbian.",
        ),
        (
            "H",
            "Z",
            "2023-02-02",
            "1,234 North Koreans were detained in China.",
        ),
    ]));
    let words: Vec<&str> = all
        .iter()
        .flat_map(|s| &s.identities)
        .map(|i| i.words.as_str())
        .collect();
    assert!(words.contains(&"3,732 + 1,077 = 4,809"), "{words:?}");
    let kinds: Vec<&str> = all
        .iter()
        .flat_map(|s| &s.warnings)
        .map(|w| w.kind)
        .collect();
    for kind in ["unit", "date", "scope"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
}

#[test]
fn years_make_one_series() {
    let all = series(&told(&[
        (
            "2017",
            "CECC",
            "2017-10-05",
            "1,414 North Korean refugees reached South Korea in 2016.",
        ),
        (
            "2018",
            "CECC",
            "2018-10-10",
            "1,127 North Korean refugees reached South Korea in 2017.",
        ),
        (
            "2020",
            "CECC",
            "2020-10-10",
            "About 1,047 North Korean refugees reached South Korea in 2019.",
        ),
    ]));
    let arrivals = of(&all, Event::Arrival);
    assert_eq!(
        (arrivals.len(), arrivals[0].points.len()),
        (1, 3),
        "{arrivals:#?}"
    );
}

proptest::proptest! {
    #[test]
    fn order_does_not_matter_and_no_figure_is_lost(numbers in proptest::collection::vec(1_u32..5000, 1..8), turn in 0_usize..8) {
        let texts: Vec<String> = numbers.iter().map(|n| format!("China deported {n} North Koreans on October 9, 2023.")).collect();
        let documents: Vec<(&str, &str, &str, &str)> = texts.iter().map(|t| ("A", "B", "2023-10-12", t.as_str())).collect();
        let all = told(&documents);
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len().max(1));
        let (one, other) = (series(&all), series(&turned));
        proptest::prop_assert_eq!(&one, &other);
        let counted = all.iter().filter(|t| t.statement.quantity.is_some()).count();
        proptest::prop_assert_eq!(one.iter().map(|s| s.figures.len()).sum::<usize>(), counted);
    }
}

#[test]
fn dozens_of_nobody_named_are_no_part_of_thousands() {
    let notice =
        "Close to 2000 North Korean refugees are reportedly held in detention centers in China.";
    let release = "The notice said that close to 2000 refugees were reportedly in detention.";
    let letter = "Dozens are held in one cell.";
    // Whatever comes first.
    for day in ["2023-06-14", "2023-03-01"] {
        let all = series(&told(&[
            ("Letter", "A relative", day, letter),
            ("Notice", "Commission", "2023-06-13", notice),
            ("Release", "Office", "2023-06-14", release),
        ]));
        let held = of(&all, Event::Detention);
        assert_eq!(held.len(), 2, "{held:?}");
        assert!(held.iter().all(|series| series.conflicts.is_empty()));
        assert_eq!(held.iter().map(|s| s.figures.len()).max(), Some(2));
        let named = held.iter().find(|s| s.population == "north koreans");
        assert_eq!(named.map(|s| s.figures.len()), Some(2), "{held:?}");
    }
}
