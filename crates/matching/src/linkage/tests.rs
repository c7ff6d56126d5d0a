//! Linkage as a whole, on made lists.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;

fn sheet(name: &str, headings: &[&str], rows: &[Vec<String>]) -> Sheet {
    let mut sheet = Sheet::new(name, headings.iter().copied());
    for row in rows {
        sheet.push(row.iter().map(String::as_str));
    }
    sheet
}

const HEADINGS: [&str; 5] = ["name", "birth date", "sex", "place", "passport"];

/// Two lists of `people` made people, of whom the second half of the first list opens the second one: by chance with
/// slips, and in another script.
fn two_lists(people: usize, seed: u64) -> (Sheet, Sheet) {
    const SURNAMES: [[&str; 2]; 6] = [
        ["김", "Kim"],
        ["박", "Pak"],
        ["최", "Choe"],
        ["정", "Jong"],
        ["강", "Kang"],
        ["조", "Cho"],
    ];
    const SYLLABLES: [[&str; 2]; 10] = [
        ["철", "chol"],
        ["호", "ho"],
        ["영", "yong"],
        ["희", "hui"],
        ["순", "sun"],
        ["옥", "ok"],
        ["명", "myong"],
        ["국", "guk"],
        ["광", "gwang"],
        ["남", "nam"],
    ];
    const PLACES: [&str; 8] = [
        "Hamhung", "Chongjin", "Musan", "Hoeryong", "Onsong", "Sinuiju", "Hyesan", "Wonsan",
    ];
    let mut chance = texts::Chance::new(seed);
    let person = |chance: &mut texts::Chance| {
        let pick = |n: usize, chance: &mut texts::Chance| chance.below(n);
        let (s, a, b) = (pick(6, chance), pick(10, chance), pick(10, chance));
        let (year, month, day) = (
            1940 + pick(60, chance),
            1 + pick(12, chance),
            1 + pick(28, chance),
        );
        let name = [0, 1].map(|script| {
            if script == 0 {
                format!("{}{}{}", SURNAMES[s][0], SYLLABLES[a][0], SYLLABLES[b][0])
            } else {
                format!("{} {} {}", SURNAMES[s][1], SYLLABLES[a][1], SYLLABLES[b][1])
            }
        });
        let rest = vec![
            format!("{year}-{month:02}-{day:02}"),
            if pick(2, chance) == 0 { "m" } else { "f" }.to_owned(),
            PLACES[pick(8, chance)].to_owned(),
            format!("P{}", 1_000_000 + pick(8_999_999, chance)),
        ];
        (name, rest)
    };
    let all: Vec<_> = (0..people + people / 2)
        .map(|_| person(&mut chance))
        .collect();
    let row = |(name, rest): &([String; 2], Vec<String>), script: usize| {
        let mut row = vec![name[script].clone()];
        row.extend(rest.iter().cloned());
        row
    };
    let first: Vec<Vec<String>> = all.iter().take(people).map(|p| row(p, 0)).collect();
    let mut second: Vec<Vec<String>> = all.iter().skip(people / 2).map(|p| row(p, 1)).collect();
    for row in &mut second {
        if chance.below(10) == 0 {
            row[1] = String::new();
        }
        if chance.below(10) == 0 {
            row[3] = String::new();
        }
        if chance.below(2) == 0 {
            row[4] = String::new();
        }
        if chance.below(12) == 0 && !row[1].is_empty() {
            let (year, month, day) = (&row[1][..4], &row[1][5..7], &row[1][8..]);
            row[1] = format!("{year}-{day}-{month}");
        }
    }
    (
        sheet("a.csv", &HEADINGS, &first),
        sheet("b.csv", &HEADINGS, &second),
    )
}

struct Done<'a> {
    records: Records<'a>,
    pairs: ScoredPairs,
    model: Model,
}

fn run<'a>(sheets: &'a [Sheet], pairing: &Pairing, labels: &[Label]) -> Done<'a> {
    let (fields, _) = recognise(sheets);
    let (records, _) = Records::new(sheets, &fields);
    let (proposal, _) = propose(&records, pairing);
    let (mut model, _) = train(&records, &proposal.training, pairing, labels, 1);
    let (pairs, _) = score(&records, &proposal.rules, pairing, &mut model);
    Done {
        records,
        pairs,
        model,
    }
}

#[test]
fn two_lists_in_two_scripts_are_linked() {
    let people = 2_000;
    let (a, b) = two_lists(people, 7);
    let sheets = [a, b];
    let done = run(&sheets, &Pairing::default(), &[]);
    let likely: Vec<Scored> = done
        .pairs
        .pairs
        .iter()
        .copied()
        .filter(|pair| done.model.probability(pair) >= 0.5)
        .collect();
    let mut explainer = Explainer::new(&done.records, &done.model);
    let constraints = Constraints {
        duplicates: vec![false, false],
    };
    let joined = join(&done.records, &likely, &constraints, &[], &mut explainer);
    let (mut right, mut found) = (0, 0);
    for pair in &likely {
        let (x, y) = (
            done.records.place(pair.left),
            done.records.place(pair.right),
        );
        if joined.home[pair.left as usize] == joined.home[pair.right as usize] {
            found += 1;
            right += usize::from(x.row == y.row + people / 2);
        }
    }
    let truth = people / 2;
    assert!(right * 100 >= found * 99, "{right} of {found}");
    assert!(right * 100 >= truth * 97, "{right} of {truth}");
    let history = history(&done.records, &joined.home);
    assert_eq!(history.values().sum::<u64>() as usize, 2 * people - found);
    assert_eq!(history[&3] as usize, found);

    // What was left out early is as improbable as it seemed: the quick way and the whole one agree.
    for pair in &done.pairs.pairs {
        let odds = explainer.log_odds(pair.left, pair.right);
        let quick = (done.model.probability(pair) / (1.0 - done.model.probability(pair))).ln();
        assert!((odds - quick).abs() < 1e-2 || odds > 12.0, "{odds} {quick}");
    }

    // The reasons sum to the log-odds.
    let pair = likely[0];
    let sum: f32 = explainer
        .steps(pair.left, pair.right)
        .iter()
        .map(|step| step.weight)
        .sum();
    assert!((f64::from(sum) - explainer.log_odds(pair.left, pair.right)).abs() < 1e-3);

    // Drawn linkages keep to one record a list, differ, and are the same for one seed.
    let mut draw = |seed| {
        drawn(
            &done.records,
            &done.pairs.pairs,
            &done.model,
            &constraints,
            &[],
            &mut explainer,
            20,
            seed,
        )
    };
    let drawn = draw(1);
    assert_eq!(drawn, draw(1));
    assert!(
        drawn
            .iter()
            .all(|history| history.keys().all(|lists| *lists <= 3))
    );
    assert!(drawn.iter().any(|history| *history != drawn[0]));
}

#[test]
fn judged_pairs_count_and_are_kept() {
    let (a, b) = two_lists(400, 3);
    let sheets = [a, b];
    let done = run(&sheets, &Pairing::default(), &[]);
    let best = done.pairs.pairs[0];
    let labels = [Label {
        left: best.left,
        right: best.right,
        same: false,
    }];
    let mut explainer = Explainer::new(&done.records, &done.model);
    let joined = join(
        &done.records,
        &done.pairs.pairs,
        &Constraints::default(),
        &labels,
        &mut explainer,
    );
    assert_ne!(
        joined.home[best.left as usize],
        joined.home[best.right as usize]
    );
    assert!(joined.refused.contains(&(best, Refusal::JudgedDifferent)));
    let rows = sweep(
        &done.pairs.pairs,
        &done.model,
        &labels,
        &mut explainer,
        |_, _| true,
    );
    assert!(
        rows.iter()
            .all(|row| row.right + row.missed == 0 && row.recall.is_none())
    );
    assert_eq!(rows[0].wrong, 1);
}

#[test]
fn ids_of_clusters_stay_when_rows_are_added() {
    let (a, b) = two_lists(200, 5);
    let home: Vec<u32> = (0..400)
        .map(|i| if (200..250).contains(&i) { i - 100 } else { i })
        .collect();
    let sheets = [a.clone(), b.clone()];
    let (fields, _) = recognise(&sheets);
    let (records, _) = Records::new(&sheets, &fields);
    let ids = record_ids(&records, &fields);
    let before = cluster_ids(&home, &ids, &HashMap::new());
    assert_eq!(before[100], before[200]);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 350);

    // A row at the start of the first list moves all others.
    let mut longer = Sheet::new("a.csv", HEADINGS);
    longer.push(["New One", "1990-01-01", "f", "Musan", ""]);
    for row in 0..a.rows() {
        longer.push((0..5).map(|column| a.cell(row, column)));
    }
    let sheets = [longer, b];
    let (records, _) = Records::new(&sheets, &fields);
    let after_ids = record_ids(&records, &fields);
    assert_eq!(after_ids[1..], ids);
    let mut after: Vec<u32> = vec![0];
    after.extend(home.iter().map(|h| h + 1));
    let known: HashMap<u64, String> = ids.iter().copied().zip(before.iter().cloned()).collect();
    let ids_after = cluster_ids(&after, &after_ids, &known);
    assert_eq!(ids_after[1..], before);
    // A cluster that falls apart leaves its id to one of the two.
    after[201] = 201;
    let apart = cluster_ids(&after, &after_ids, &known);
    assert_eq!(apart[101], before[100]);
    assert_ne!(apart[201], apart[101]);
}

#[test]
fn lists_that_are_one_are_told() {
    let (a, _) = two_lists(60, 9);
    let mut part = Sheet::new("part.csv", HEADINGS);
    for row in 10..40 {
        part.push((0..5).map(|column| a.cell(row, column)));
    }
    let mut again = a.clone();
    again.name = "again.csv".into();
    let (_, other) = two_lists(60, 10);
    let codes = |sheets: &[Sheet]| -> Vec<&'static str> {
        let (fields, _) = recognise(sheets);
        let (records, _) = Records::new(sheets, &fields);
        copied(&records).iter().map(|remark| remark.code).collect()
    };
    assert_eq!(codes(&[a.clone(), again]), ["list-twice"]);
    assert_eq!(codes(&[a.clone(), part]), ["list-contained"]);
    assert!(codes(&[a, other]).is_empty());
}

#[test]
fn a_million_records_in_one_block_are_cut_and_told() {
    let rows: Vec<Vec<String>> = (0..4_000)
        .map(|i| vec![format!("Kim {i:05}"), "1970-01-01".to_owned()])
        .collect();
    let sheets = [sheet("a.csv", &["name", "dob"], &rows)];
    let (fields, _) = recognise(&sheets);
    let (records, _) = Records::new(&sheets, &fields);
    let pairing = Pairing {
        within: true,
        ..Pairing::default()
    };
    let rules = [Rule::of(&[("birth_date", By::Value)])];
    let (counts, remarks) = count(&records, &rules, &pairing);
    assert_eq!(counts[0].cut, 1);
    assert_eq!(counts[0].pairs + counts[0].left_out, 4_000 * 3_999 / 2);
    assert_eq!(remarks[0].code, "block-cut");
    let (mut model, _) = train(&records, &rules, &pairing, &[], 1);
    let (pairs, _) = score(&records, &rules, &pairing, &mut model);
    assert_eq!(pairs.compared, counts[0].pairs);
}

#[test]
fn what_no_round_leaves_free_is_named() {
    let (a, b) = two_lists(100, 2);
    let sheets = [a, b];
    let (fields, _) = recognise(&sheets);
    let (records, _) = Records::new(&sheets, &fields);
    let training = [Rule::of(&[("birth_date", By::Value)])];
    assert_eq!(without_m(&records, &training), ["birth_date"]);
    let (model, remarks) = train(&records, &training, &Pairing::default(), &[], 1);
    let date = model
        .fields
        .iter()
        .find(|f| f.name == "birth_date")
        .unwrap();
    assert_eq!(date.from, Source::Usual);
    assert!(remarks.iter().any(|remark| remark.code == "no-m"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Every pair that shares a key of a rule is made once, by the first rule that makes it; the count is exact.
    #[test]
    fn pairs_are_those_of_the_rules_and_none_twice(seed in 0u64..1000, within: bool, people in 4usize..60) {
        let (a, b) = two_lists(people, seed);
        let sheets = [a, b];
        let (fields, _) = recognise(&sheets);
        let (records, _) = Records::new(&sheets, &fields);
        let pairing = Pairing { within, ..Pairing::default() };
        let rules = [
            Rule::of(&[("birth_date", By::Year), ("sex", By::Value)]),
            Rule::of(&[("name", By::Given)]),
            Rule::of(&[("birth_date", By::Day), ("name", By::Surname)]),
        ];
        let mut known = BTreeSet::new();
        let mut before: Vec<std::sync::Arc<blocking::Keys>> = Vec::new();
        for rule in &rules {
            let keys = blocking::Keys::kept(&records, rule).unwrap();
            let mut alone = Vec::new();
            keys.pairs(&records, &pairing, &[], |_| true, |x, y| alone.push((x, y)));
            let distinct: BTreeSet<_> = alone.iter().copied().collect();
            prop_assert_eq!(distinct.len(), alone.len());
            // Several keys of a rule may make one pair: told, it is one.
            let mut count = keys.count(&records, rule, &pairing);
            prop_assert!(count.pairs >= alone.len() as u64);
            keys.told(&records, &pairing, &mut count);
            prop_assert_eq!(count.pairs, alone.len() as u64);
            for (x, y) in &alone {
                prop_assert!(x < y);
                prop_assert!(within || records.place(*x).list != records.place(*y).list);
            }
            let mut new = Vec::new();
            keys.pairs(&records, &pairing, &before, |_| true, |x, y| new.push((x, y)));
            prop_assert_eq!(new.iter().copied().collect::<BTreeSet<_>>(), &distinct - &known);
            known.extend(distinct);
            before.push(keys);
        }
    }

    /// No list that names nobody twice has two records in a cluster, whatever the pairs are.
    #[test]
    fn clusters_keep_the_rule_of_each_list(seed in 0u64..1000, drawn in proptest::collection::vec((0u32..40, 0u32..40, -20f32..20.0), 0..80)) {
        let (a, b) = two_lists(20, seed);
        let sheets = [a, b];
        let done = run(&sheets, &Pairing::default(), &[]);
        let pairs: Vec<Scored> = drawn.iter().filter(|(x, y, _)| x != y).map(|(x, y, weight)| Scored {
            left: *x.min(y), right: *x.max(y), weight: *weight, rule: 0,
        }).collect();
        let constraints = Constraints { duplicates: vec![false, true] };
        let mut explainer = Explainer::new(&done.records, &done.model);
        let joined = join(&done.records, &pairs, &constraints, &[], &mut explainer);
        let mut seen = BTreeSet::new();
        for (record, home) in (0u32..).zip(&joined.home) {
            prop_assert!(*home <= record && joined.home[*home as usize] == *home);
            if done.records.place(record).list == 0 {
                prop_assert!(seen.insert(*home));
            }
        }
        for pair in &pairs {
            let together = joined.home[pair.left as usize] == joined.home[pair.right as usize];
            let told = joined.refused.iter().any(|(p, _)| p == pair);
            prop_assert!(together || told);
        }
    }
}
