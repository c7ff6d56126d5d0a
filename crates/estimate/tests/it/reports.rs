//! What is said of a table as a whole: ranges, refusals, warnings.

use estimate::classes::Classes;
use estimate::linkages::{self, LinkageError};
use estimate::threshold::Threshold;
use estimate::{
    Known, Language, Method, Random, Report, Settings, Table, appendix, change_priors, report,
    without_each,
};
use proptest::prelude::*;

use crate::tables::table;

/// Settings that are quick enough for many tests.
fn quick() -> Settings {
    Settings {
        resamples: 60,
        threads: 2,
        classes: Classes {
            burn_in: 1000,
            sweeps: 10_000,
            thin: 10,
            most_rounds: 4,
            ..Classes::default()
        },
        threshold: Threshold {
            draws: 1000,
            ..Threshold::default()
        },
        ..Settings::default()
    }
}

fn of(lists: usize, counts: &[u64]) -> Table {
    let names = ["A", "B", "C", "D"]
        .iter()
        .take(lists)
        .map(|name| (*name).to_owned());
    Table::from_counts(names.collect(), counts).expect("a table")
}

fn refusal(report: &Report) -> Option<&'static str> {
    report.refused.as_ref().map(|why| why.code)
}

#[test]
fn one_table_five_honest_methods() {
    let report = report(&table("UKdat_5"), &quick()).expect("no name is wrong");
    let estimate = |method: Method| {
        let answer = report.answers.iter().find(|answer| answer.method == method);
        answer
            .and_then(|answer| answer.estimate)
            .unwrap_or(f64::NAN)
    };
    assert!((estimate(Method::Stepwise) / 11_313.0 - 1.0).abs() < 0.001);
    // 22,365 on a grid that ends at ten times those seen: see the tests of graphs.
    assert!(estimate(Method::Dga) > 22_365.0);
    let headline = report.headline.as_ref().expect("several methods");
    assert!(!headline.agree);
    assert!(
        headline.low < 11_000.0 && headline.high > 25_000.0,
        "{headline:?}"
    );
    assert_eq!(report.summary.code, "disagree");
    for answer in &report.answers {
        let observed = report.observed as f64;
        assert!(answer.estimate.is_none_or(|estimate| estimate >= observed));
        if let (Some(estimate), Some((low, high))) = (answer.estimate, answer.interval) {
            assert!(
                observed <= low && low <= high && low <= estimate,
                "{answer:?}"
            );
        }
        assert!(answer.estimate.is_some() || answer.refused.is_some());
    }
}

#[test]
fn the_same_seed_gives_the_same_report_on_any_number_of_threads() {
    let settings = quick();
    let one = report(
        &table("Western"),
        &Settings {
            threads: 1,
            ..settings.clone()
        },
    );
    let three = report(
        &table("Western"),
        &Settings {
            threads: 3,
            ..settings
        },
    );
    assert_eq!(one, three);
}

#[test]
fn tables_that_bear_no_estimate() {
    let check = |table: &Table, code: &str| {
        let report = report(table, &quick()).expect("no name is wrong");
        assert_eq!(refusal(&report), Some(code), "{table:?}");
        assert!(report.answers.is_empty() && report.headline.is_none());
        for language in [Language::English, Language::Korean, Language::Chinese] {
            assert!(!report.summary.say(language).contains('{'));
        }
    };
    check(&of(0, &[0]), "nobody");
    check(&of(1, &[0, 9]), "one-list");
    check(&of(2, &[0, 0, 0, 0]), "nobody");
    check(&of(2, &[0, 30, 0, 0]), "one-list");
    check(&of(3, &[0, 0, 0, 0, 0, 0, 0, 70]), "one-cell");
    check(&of(3, &[0, 20, 20, 0, 20, 0, 0, 0]), "no-overlap");
    // A and B hold the same people; A lies within B.
    check(&of(3, &[0, 0, 0, 30, 40, 0, 0, 20]), "same-list");
    check(&of(3, &[0, 0, 12, 30, 40, 0, 6, 20]), "contained");
}

#[test]
fn two_lists_have_no_headline() {
    let report = report(&of(2, &[0, 150, 100, 50]), &quick()).expect("no name is wrong");
    let with: Vec<Method> = report
        .answers
        .iter()
        .filter(|answer| answer.estimate.is_some())
        .map(|answer| answer.method)
        .collect();
    assert_eq!(with, [Method::Chapman]);
    assert_eq!(
        (report.headline, report.summary.code),
        (None, "no-headline-two-lists")
    );
}

#[test]
fn lists_that_share_an_informant_are_one() {
    let pairs = |told: &[(&str, &str)]| -> Vec<(String, String)> {
        told.iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    let ask = |known: Known| {
        let counts = [0, 60, 50, 20, 40, 15, 10, 8];
        report(&of(3, &counts), &Settings { known, ..quick() })
    };
    let all = Known {
        copied: pairs(&[("A", "B"), ("B", "C")]),
        ..Known::default()
    };
    assert_eq!(
        refusal(&ask(all).expect("known names")),
        Some("one-informant")
    );
    let some = Known {
        copied: pairs(&[("A", "B")]),
        ..Known::default()
    };
    let two = ask(some).expect("known names");
    assert_eq!((two.lists.len(), two.headline.clone()), (2, None));
    assert_eq!(two.lists[0], "A+B");
    let unknown = Known {
        referral: pairs(&[("A", "Z")]),
        ..Known::default()
    };
    assert!(ask(unknown).is_err());
    let excluded = Known {
        excludes: pairs(&[("A", "B")]),
        ..Known::default()
    };
    assert_eq!(
        refusal(&ask(excluded).expect("known names")),
        Some("not-exclusive")
    );
    // A referral is in every model that is chosen.
    let referred = ask(Known {
        referral: pairs(&[("A", "C")]),
        ..Known::default()
    });
    let referred = referred.expect("known names");
    for answer in &referred.answers {
        let models = answer
            .ranking
            .iter()
            .map(|one| &one.model)
            .chain(&answer.model);
        for model in models {
            let joined = model.contains("A:C") || model.contains("A:B:C");
            assert!(joined, "{:?}: {model}", answer.method);
        }
    }
}

#[test]
fn nine_lists() {
    let mut random = Random::new(3, 0);
    let names: Vec<String> = (0..9).map(|j| format!("L{j}")).collect();
    let mut nine = Table::new(names).expect("nine");
    for _ in 0..2000 {
        let pattern = (0..9)
            .map(|j| usize::from(random.uniform() < 0.2) << j)
            .sum();
        nine.add(pattern, 1).expect("few");
    }
    let methods = vec![
        Method::Main,
        Method::Stepwise,
        Method::Bic,
        Method::Dga,
        Method::Lcmcr,
    ];
    let settings = Settings {
        methods,
        resamples: 20,
        ..quick()
    };
    let report = report(&nine, &settings).expect("no name is wrong");
    for answer in &report.answers {
        let feasible = !matches!(answer.method, Method::Bic | Method::Dga);
        assert_eq!(answer.estimate.is_some(), feasible, "{answer:?}");
        if let Some(estimate) = answer.estimate {
            assert!((1800.0..2200.0).contains(&estimate), "{answer:?}");
        }
    }
}

#[test]
fn a_list_left_out() {
    let settings = Settings {
        methods: vec![Method::Dga, Method::Stepwise],
        ..quick()
    };
    let reports = without_each(&table("Kosovo_silverman"), &settings).expect("no name is wrong");
    let names: Vec<&str> = reports.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["EXH", "ABA", "OSCE", "HRW"]);
    for (name, report) in &reports {
        assert!(report.lists.len() == 3 && !report.lists.contains(name));
    }
}

#[test]
fn the_appendix_says_it_in_three_languages() {
    let settings = Settings {
        methods: vec![Method::Stepwise, Method::Dga],
        ..quick()
    };
    let report = report(&table("Korea_silverman"), &settings).expect("no name is wrong");
    for (language, word) in [
        (Language::English, "Pairs of lists may depend"),
        (Language::Korean, "명단의 쌍이"),
        (Language::Chinese, "名单两两之间"),
    ] {
        let text = appendix(&report, &settings, language);
        assert!(text.contains(word) && text.contains("Madigan"), "{text}");
    }
}

#[test]
fn linkage_adds_its_part_of_the_variance() {
    let settings = Settings {
        methods: vec![Method::Dga],
        ..quick()
    };
    let base = table("Western");
    // Each linkage takes a few links apart: somebody on two lists becomes two people on one each.
    let sampled: Vec<Table> = (0..20)
        .map(|stream| {
            let mut random = Random::new(9, stream);
            let mut counts = base.counts().to_vec();
            for pattern in 1..counts.len() {
                if pattern.count_ones() == 2 {
                    let apart = random.binomial(counts[pattern], 0.1);
                    let (a, b) = (pattern & pattern.wrapping_neg(), pattern & (pattern - 1));
                    counts[pattern] -= apart;
                    counts[a] += apart;
                    counts[b] += apart;
                }
            }
            Table::from_counts(base.lists().to_vec(), &counts).expect("a table")
        })
        .collect();
    let combined = linkages::over(&sampled, &settings).expect("twenty");
    let one = &combined[0];
    assert!(one.between > 0.0 && one.within > one.between, "{one:?}");
    let alone = report(&sampled[0], &settings).expect("no name is wrong");
    let (low, high) = alone.answers[0].interval.expect("an interval");
    let (wider_low, wider_high) = one.interval.expect("an interval");
    assert!(wider_high / wider_low > 0.95 * high / low, "{one:?}");
    let few = linkages::over(&sampled[..19], &settings);
    assert_eq!(few.err(), Some(LinkageError::TooFew(19)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_table_breaks_a_method(counts in proptest::collection::vec(0u64..40, 15)) {
        let counts: Vec<u64> = std::iter::once(0).chain(counts).collect();
        let settings = Settings {
            resamples: 12,
            classes: Classes { burn_in: 50, sweeps: 100, most_rounds: 1, ..quick().classes },
            threshold: Threshold { draws: 50, burn_in: 20, ..Threshold::default() },
            ..quick()
        };
        let report = report(&of(4, &counts), &settings).expect("no name is wrong");
        for answer in &report.answers {
            prop_assert!(answer.estimate.is_some() || answer.refused.is_some());
            if let Some(estimate) = answer.estimate {
                prop_assert!(estimate >= report.observed as f64);
            }
        }
    }
}

#[test]
fn other_priors_and_chains_to_draw() {
    let western = table("Western");
    let settings = quick();
    let changed = change_priors(&western, &settings).expect("no name is wrong");
    let priors: Vec<(&str, Method)> = changed
        .iter()
        .map(|one| (one.prior.as_str(), one.answer.method))
        .collect();
    assert_eq!(
        priors,
        [
            ("0.0156 people in each cell", Method::Dga),
            ("0.0312 people in each cell", Method::Dga),
            ("0.0625 people in each cell", Method::Dga),
            ("concentration of classes: Gamma(0.25, 0.25)", Method::Lcmcr),
            ("concentration of classes: Gamma(1, 1)", Method::Lcmcr),
        ]
    );
    let usual = report(&western, &settings).expect("no name is wrong");
    let of = |method: Method| {
        let answer = usual.answers.iter().find(|answer| answer.method == method);
        answer.expect("it was asked")
    };
    // The usual prior among the others gives the usual figure; others do not.
    let dga = |at: usize| changed[at].answer.estimate.expect("an estimate");
    assert_eq!(Some(dga(1)), of(Method::Dga).estimate);
    assert!(dga(0) != dga(1) && dga(2) != dga(1));

    for method in [Method::Threshold, Method::Lcmcr] {
        let traces = &of(method).traces;
        assert_eq!(traces.len(), 4, "{method:?}");
        for chain in traces {
            assert!((50..=200).contains(&chain.len()), "{}", chain.len());
            assert!(chain.iter().all(|people| *people >= 345.0));
        }
    }
    assert!(of(Method::Dga).traces.is_empty());
}

#[test]
fn linkages_say_a_range_together() {
    let tables = vec![table("Western"); 20];
    let settings = Settings {
        methods: vec![Method::Main, Method::Stepwise, Method::Dga],
        ..quick()
    };
    let combined = linkages::over(&tables, &settings).expect("twenty");
    let (headline, summary) = linkages::together(&tables, &combined);
    let headline = headline.expect("two methods that allow for dependence");
    assert_eq!(headline.methods, [Method::Stepwise, Method::Dga]);
    let limits: Vec<(f64, f64)> = combined
        .iter()
        .skip(1)
        .filter_map(|one| one.interval)
        .collect();
    assert_eq!(headline.low, limits[0].0.min(limits[1].0));
    assert_eq!(headline.high, limits[0].1.max(limits[1].1));
    assert!(summary.say(Language::English).contains("345"));
    // One method that allows for dependence is no headline.
    assert_eq!(linkages::together(&tables, &combined[..2]).0, None);
}

#[test]
fn many_lists_are_told_what_is_feasible() {
    // Thirteen lists: a person on each two neighbours, twenty on each alone.
    let width = 13;
    let names = (0..width).map(|list| format!("L{list}")).collect();
    let mut many = Table::new(names).expect("thirteen can be read");
    for list in 0..width {
        many.add(1 << list, 20).expect("people");
        many.add(1 << list | 1 << ((list + 1) % width), 1)
            .expect("people");
    }
    let settings = Settings {
        methods: vec![
            Method::Stepwise,
            Method::Bic,
            Method::Threshold,
            Method::Dga,
        ],
        ..quick()
    };
    let report = report(&many, &settings).expect("no name is wrong");
    let most: Vec<String> = report
        .answers
        .iter()
        .map(|answer| {
            let why = answer.refused.as_ref().expect("a reason");
            assert_eq!((why.code, answer.estimate), ("too-many-lists", None));
            why.say(Language::English)
        })
        .collect();
    for (told, lists) in most.iter().zip([12, 6, 9, 5]) {
        assert!(
            told.contains(&format!("at most {lists} lists, and there are 13")),
            "{told}"
        );
    }
    assert_eq!(report.headline, None);
}
