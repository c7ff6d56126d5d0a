//! Bayesian answers of the literature.

use estimate::classes::{self, Classes};
use estimate::graphs;
use estimate::threshold::{self, Threshold};

use crate::loglinear::check_within;
use crate::tables::table;

fn check_graphs(name: &str, want: [f64; 3]) {
    let table = table(name);
    let delta = f64::from(table.width() as u32).exp2().recip();
    let averaged = graphs::average(table.counts(), delta, &[]).expect(name);
    println!("{name}: reach {} tail {}", averaged.reach, averaged.tail);
    for (p, want) in [0.025, 0.5, 0.975].into_iter().zip(want) {
        let got = averaged.quantile(p).expect("within reach") + table.observed() as f64;
        println!("{got} for {want}");
        check_within(name, got, want, 0.0005);
    }
}

#[test]
fn averages_over_graphs() {
    check_graphs("Kosovo_silverman", [9827.0, 12_595.0, 16_544.0]);
    // What the package dga gives on these two with a grid to 30,000 and to 60,000. On a grid that ends
    // sooner it gives less (528/846/1,541 and 1,339/2,113/3,420 are in circulation), without a word.
    check_graphs("NewOrl_5_v2", [529.0, 847.0, 1590.0]);
    check_graphs("Western", [1343.0, 2133.0, 3880.0]);
}

fn check_classes(name: &str, settings: &Classes, want: [(f64, f64); 3]) {
    let table = table(name);
    let sampled = classes::sample(table.counts(), settings, 5, 2);
    println!("{name}: {:?} {}", sampled.convergence, sampled.classes);
    let draws = sampled.sorted();
    for (p, (low, high)) in [0.025, 0.5, 0.975].into_iter().zip(want) {
        let at = (p * draws.len() as f64) as usize;
        let got = draws[at] + table.observed() as f64;
        println!("{got} for {low} to {high}");
    }
}

#[test]
fn latent_classes() {
    let settings = Classes::default();
    check_classes(
        "Kosovo_silverman",
        &settings,
        [(9049.0, 9245.0), (10_406.0, 10_599.0), (13_620.0, 14_786.0)],
    );
    check_classes(
        "Western",
        &settings,
        [(1326.0, 1326.0), (1864.0, 1864.0), (3040.0, 3040.0)],
    );
    check_classes(
        "NewOrl_5_v2",
        &settings,
        [(554.0, 554.0), (802.0, 802.0), (1280.0, 1280.0)],
    );
}

#[test]
fn thresholding() {
    let table = table("UKdat_5");
    for order in [2, 3] {
        let settings = Threshold {
            order,
            ..Threshold::default()
        };
        let sampled = threshold::sample(table.counts(), &settings, &[], 5, 2).expect("a posterior");
        println!(
            "{:?} {:?} {:?}",
            sampled.convergence, sampled.judged, sampled.empty
        );
        let mut draws: Vec<f64> = sampled.chains.concat();
        draws.sort_by(f64::total_cmp);
        for p in [0.025, 0.5, 0.975] {
            println!(
                "{order} {}",
                draws[(p * draws.len() as f64) as usize] + 2744.0
            );
        }
    }
}
