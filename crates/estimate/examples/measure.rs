//! What `cargo xtask measure estimate` runs: one method on a table beside its peer, and how often 95 % intervals
//! hold the truth.

use estimate::classes::{Classes, sample};
use estimate::loglinear::{
    STEPWISE_THRESHOLD, candidates, rank, resample_bic, resample_stepwise, stepwise,
};
use estimate::threshold::Threshold;
use estimate::{Columns, Method, Random, Settings, Table, graphs, read, report};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["coverage", times] => coverage(times.parse().expect("a number")),
        [what, path, ..] => speed(what, &table(path)),
        _ => eprintln!("usage: measure stepwise|bic|dga|lcmcr TABLE.csv | measure coverage TIMES"),
    }
}

fn table(path: &str) -> Table {
    let text = std::fs::read_to_string(path).expect("a table");
    let cells = |line: &str| {
        line.split(',')
            .map(|cell| cell.trim_matches('"').to_owned())
            .collect()
    };
    let rows: Vec<Vec<String>> = text.lines().map(cells).collect();
    let mut read = read(&rows, &Columns::default()).expect("a table");
    read.strata.swap_remove(0).1
}

/// Does what the peer does and prints the figure.
fn speed(what: &str, table: &Table) {
    let (counts, observed) = (table.counts(), table.observed() as f64);
    match what {
        "stepwise" => {
            let chosen = stepwise(counts, STEPWISE_THRESHOLD, &[]).expect("an estimate");
            let whole = chosen.fit.unseen + observed;
            let resampled = resample_stepwise(counts, whole, STEPWISE_THRESHOLD, &[], 200, 1, 1);
            println!(
                "{whole:.1} {:?}",
                resampled.and_then(|one| one.interval(0.95))
            );
        }
        "bic" => {
            let models = candidates(table.width(), 3, &[]).expect("few lists");
            let (ranked, _) = rank(counts, &models);
            let top = if table.width() == 4 { 20 } else { 100 };
            let resampled = resample_bic(counts, &ranked, &[top], 100, 1, 1);
            let interval = resampled.first().and_then(|one| one.interval(0.95));
            println!("{:.1} {interval:?}", ranked[0].unseen + observed);
        }
        "dga" => {
            let delta = f64::from(table.width() as u32).exp2().recip();
            let averaged = graphs::average(counts, delta, &[]).expect("few lists");
            let at = |p| averaged.quantile(p).map(|unseen| unseen + observed);
            println!("{:?} {:?} {:?}", at(0.5), at(0.025), at(0.975));
        }
        "lcmcr" => {
            let one = Classes {
                chains: 1,
                most_rounds: 1,
                ..Classes::default()
            };
            let draws = sample(
                counts,
                &one,
                std::env::args()
                    .nth(3)
                    .map_or(1, |s| s.parse().unwrap_or(1)),
                1,
            )
            .sorted();
            let at = |p: f64| draws[(p * draws.len() as f64) as usize] + observed;
            println!("{} {} {}", at(0.5), at(0.025), at(0.975));
        }
        _ => eprintln!("no such method"),
    }
}

/// A kind of population: people, and how somebody comes to be on which of four lists.
type Population = (&'static str, u64, fn(&mut Random) -> usize);

fn on(random: &mut Random, chances: [f64; 4]) -> usize {
    (0..4)
        .map(|j| usize::from(random.uniform() < chances[j]) << j)
        .sum()
}

const POPULATIONS: &[Population] = &[
    ("independent lists", 1000, |random| {
        on(random, [0.3, 0.25, 0.2, 0.15])
    }),
    ("independent lists, small", 300, |random| {
        on(random, [0.2, 0.15, 0.15, 0.1])
    }),
    ("two lists share people", 1000, |random| {
        let mut pattern = on(random, [0.3, 0.2, 0.2, 0.15]);
        // Who is on the first is three times as often on the second.
        if pattern & 1 == 1 && random.uniform() < 0.5 {
            pattern |= 2;
        }
        pattern
    }),
    ("two lists shun one another", 1000, |random| {
        let mut pattern = on(random, [0.3, 0.3, 0.2, 0.2]);
        if pattern & 3 == 3 && random.uniform() < 0.7 {
            pattern &= !2;
        }
        pattern
    }),
    ("two kinds of people", 1000, |random| {
        let hidden = random.uniform() < 0.5;
        let chance = if hidden { 0.1 } else { 0.4 };
        on(random, [chance; 4])
    }),
    ("chances spread widely", 1000, |random| {
        let chance = random.beta_from_one(1.0, 3.0);
        on(random, [chance; 4])
    }),
];

fn coverage(times: u64) {
    let settings = Settings {
        methods: vec![
            Method::Chao,
            Method::Main,
            Method::Stepwise,
            Method::Bic,
            Method::Threshold,
            Method::Dga,
            Method::Lcmcr,
        ],
        resamples: 200,
        threads: 2,
        classes: Classes {
            burn_in: 2000,
            sweeps: 10_000,
            thin: 10,
            most_rounds: 3,
            ..Classes::default()
        },
        threshold: Threshold {
            draws: 1000,
            ..Threshold::default()
        },
        ..Settings::default()
    };
    println!(
        "population\tmethod\tpopulations\twith an interval\t95% intervals that hold the truth (%)\tmedian estimate / truth"
    );
    for (name, people, draw) in POPULATIONS {
        let mut tally = vec![(0u32, 0u32, Vec::new()); settings.methods.len() + 1];
        for time in 0..times {
            let mut random = Random::new(77, time);
            let lists = ["A", "B", "C", "D"].map(String::from).to_vec();
            let mut table = Table::new(lists).expect("four lists");
            for _ in 0..*people {
                table.add(draw(&mut random), 1).expect("few people");
            }
            let report = report(&table, &settings).expect("no name is wrong");
            let truth = *people as f64;
            let mut take = |at: usize, interval: Option<(f64, f64)>, estimate: Option<f64>| {
                if let (Some((low, high)), Some(estimate)) = (interval, estimate) {
                    tally[at].0 += 1;
                    tally[at].1 += u32::from(low <= truth && truth <= high);
                    tally[at].2.push(estimate / truth);
                }
            };
            for (at, answer) in report.answers.iter().enumerate() {
                take(at, answer.interval, answer.estimate);
            }
            if let Some(headline) = report.headline {
                let middle = f64::midpoint(headline.lowest_estimate, headline.highest_estimate);
                take(
                    settings.methods.len(),
                    Some((headline.low, headline.high)),
                    Some(middle),
                );
            }
        }
        let names = settings.methods.iter().map(|method| method.name());
        for (method, (with, held, mut ratios)) in
            names.chain(["the range of the headline"]).zip(tally)
        {
            ratios.sort_by(f64::total_cmp);
            let middle = ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN);
            let share = 100.0 * f64::from(held) / f64::from(with);
            println!("{name}\t{method}\t{times}\t{with}\t{share:.1}\t{middle:.3}");
        }
    }
}
