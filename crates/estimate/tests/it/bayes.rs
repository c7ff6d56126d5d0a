//! Bayesian answers of the literature.

use estimate::classes::{self, Classes};
use estimate::graphs;
use estimate::threshold::{self, Threshold};

use crate::loglinear::check_within;
use crate::tables::table;

fn check_graphs(name: &str, end: Option<f64>, want: [f64; 3]) {
    let table = table(name);
    let delta = f64::from(table.width() as u32).exp2().recip();
    let averaged = graphs::average_to(table.counts(), delta, &[], end).expect(name);
    println!("{name}: reach {} tail {}", averaged.reach, averaged.tail);
    for (p, want) in [0.025, 0.5, 0.975].into_iter().zip(want) {
        let got = averaged.quantile(p).expect("within reach") + table.observed() as f64;
        println!("{got} for {want}");
        check_within(name, got, want, 0.0005);
    }
}

#[test]
fn averages_over_graphs() {
    // What the package dga 2.0.2 gives on a grid that ends where nothing is left.
    check_graphs("Kosovo_silverman", None, [9827.0, 12_595.0, 16_544.0]);
    check_graphs("NewOrl_5_v2", None, [529.0, 847.0, 1590.0]);
    check_graphs("Western", None, [1343.0, 2133.0, 3880.0]);
}

#[test]
fn averages_on_a_grid_that_ends_at_ten_times_those_seen() {
    // The figures in circulation, which such a grid cuts off without a word.
    check_graphs("NewOrl_5_v2", Some(1860.0), [528.0, 846.0, 1541.0]);
    check_graphs("Western", Some(3450.0), [1339.0, 2113.0, 3420.0]);
    check_graphs("UKdat_5", Some(27_440.0), [10_343.0, 22_365.0, 29_446.0]);
}

/// The lower bound, the median and the upper bound, each within a share of the mean of what the package LCMCR gave
/// with 40 seeds.
fn check_classes(name: &str, want: [f64; 3], within: [f64; 3]) {
    let table = table(name);
    let sampled = classes::sample(table.counts(), &Classes::default(), 5, 2);
    assert!(sampled.convergence.is_good(), "{:?}", sampled.convergence);
    let draws = sampled.sorted();
    for ((p, want), within) in [0.025, 0.5, 0.975].into_iter().zip(want).zip(within) {
        let at = (p * draws.len() as f64) as usize;
        check_within(name, draws[at] + table.observed() as f64, want, within);
    }
}

#[test]
fn latent_classes() {
    // From seed to seed a chain of either program differs by 5, 1 and 4 % on the first table.
    check_classes(
        "Kosovo_silverman",
        [9041.0, 10_436.0, 13_859.0],
        [0.06, 0.025, 0.08],
    );
    check_classes("NewOrl_5_v2", [555.0, 801.0, 1287.0], [0.025, 0.025, 0.1]);
    // 40 chains of ours have 1,305, 1,880 and 3,070, and differ by 3 % in the median where the package's differ by 1 %;
    // its concentration creeps where ours jumps, which may be why. A seed of the package in circulation gave 1,864.
    check_classes("Western", [1311.0, 1836.0, 2988.0], [0.04, 0.06, 0.1]);
}

#[test]
fn thresholding() {
    // Silverman 2020: 12,163 (10,609 to 13,694). The pair LA:PFNCA lies at 1.99 posterior standard deviations, on
    // the edge: the published chain put it at 2.003 and kept it.
    let table = table("UKdat_5");
    let sampled = threshold::sample(table.counts(), &Threshold::default(), &[], 5, 2);
    let sampled = sampled.expect("a posterior");
    assert!(sampled.convergence.is_good());
    assert_eq!(
        sampled.empty,
        [table.pattern(&["LA", "GP"]).expect("lists")]
    );
    let mut draws: Vec<f64> = sampled.chains.concat();
    draws.sort_by(f64::total_cmp);
    for ((p, want), within) in [0.025, 0.5, 0.975]
        .into_iter()
        .zip([10_609.0, 12_163.0, 13_694.0])
        .zip([0.02, 0.005, 0.02])
    {
        let got = draws[(p * draws.len() as f64) as usize] + table.observed() as f64;
        check_within("UKdat_5", got, want, within);
    }
}
