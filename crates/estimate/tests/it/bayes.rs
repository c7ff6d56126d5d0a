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

/// The median within 2.5 % and the tails within 4 and 8 % of what the package LCMCR gave: the worst of its seeds differ
/// by nearly as much.
fn check_classes(name: &str, want: [f64; 3]) {
    let table = table(name);
    let sampled = classes::sample(table.counts(), &Classes::default(), 5, 2);
    assert!(sampled.convergence.is_good(), "{:?}", sampled.convergence);
    let draws = sampled.sorted();
    for ((p, want), within) in [0.025, 0.5, 0.975]
        .into_iter()
        .zip(want)
        .zip([0.04, 0.025, 0.08])
    {
        let at = (p * draws.len() as f64) as usize;
        check_within(name, draws[at] + table.observed() as f64, want, within);
    }
}

#[test]
fn latent_classes() {
    // Kosovo: the middle of four seeds; Western: of six (one seed with 1,864 is in circulation).
    check_classes("Kosovo_silverman", [9147.0, 10_502.0, 14_203.0]);
    check_classes("Western", [1309.0, 1832.0, 2990.0]);
    check_classes("NewOrl_5_v2", [554.0, 802.0, 1280.0]);
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
