//! Samplers against themselves.
//!
//! Simulation-based calibration (Talts and others 2018): with parameters from the prior and data from the
//! parameters, the rank of the truth among draws of the posterior is uniform. Geweke's test (2004): data drawn anew
//! after each step of the sampler leave the parameters with their prior.
//!
//! With the prior 1/N for the number of people and the number observed given, the unseen are failures before so many
//! successes, and the prior of the other parameters stands: so all of this can be simulated.

use estimate::Random;
use estimate::classes::{Classes, Sampler};
use estimate::graphs;
use estimate::threshold::{Metropolis, Posterior, Proposal};

/// Ranks as shares of one, in ten bins: the chi-squared statistic has 9 degrees of freedom, and passes 33.7
/// once in ten thousand times.
fn check_uniform(what: &str, shares: &[f64]) {
    let mut bins = [0.0; 10];
    for share in shares {
        bins[((share * 10.0) as usize).min(9)] += 1.0;
    }
    let expected = shares.len() as f64 / 10.0;
    let statistic: f64 = bins.iter().map(|n| (n - expected).powi(2) / expected).sum();
    assert!(statistic < 33.7, "{what}: {statistic} {bins:?}");
}

/// Where `truth` stands among `draws`; ties are broken by lot.
fn rank(truth: f64, draws: &[f64], random: &mut Random) -> f64 {
    let below = draws.iter().filter(|draw| **draw < truth).count() as f64;
    let equal = draws.iter().filter(|draw| **draw == truth).count() as f64;
    (below + random.uniform() * (equal + 1.0)) / (draws.len() as f64 + 1.0)
}

/// Means of two series, the second with dependence: they differ by less than 4.5 standard errors.
fn check_same_mean(what: &str, free: &[f64], chain: &[f64]) {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let error = |x: &[f64]| {
        let middle = mean(x);
        let squares: f64 = x.iter().map(|x| (x - middle).powi(2)).sum();
        squares / (x.len() as f64 - 1.0) / x.len() as f64
    };
    let batches: Vec<f64> = chain.chunks_exact(chain.len() / 50).map(mean).collect();
    let z = (mean(free) - mean(chain)) / (error(free) + error(&batches)).sqrt();
    assert!(
        z.abs() < 4.5,
        "{what}: z = {z}, {} and {}",
        mean(free),
        mean(chain)
    );
}

const OBSERVED: u64 = 60;

fn few_classes() -> Classes {
    Classes {
        most: 3,
        a: 2.0,
        b: 2.0,
        ..Classes::default()
    }
}

/// Data under probabilities of patterns, the number observed being given; and the unseen.
fn observe(cells: &[f64], random: &mut Random) -> (Vec<u64>, u64) {
    let mut seen = cells.to_vec();
    seen[0] = 0.0;
    let mut counts = vec![0; cells.len()];
    random.multinomial(OBSERVED, &seen, &mut counts);
    let ratio = cells[0].ln() - (1.0 - cells[0]).ln();
    (counts, random.negative_binomial(OBSERVED as f64, ratio))
}

#[test]
fn latent_classes_are_calibrated() {
    let mut random = Random::new(21, 0);
    let shares: Vec<f64> = (0..300)
        .map(|stream| {
            let none = vec![0; 8];
            let mut sampler = Sampler::new(&none, few_classes(), Random::new(22, stream));
            sampler.draw_from_prior();
            let (counts, unseen) = observe(&sampler.cell_probabilities(), &mut random);
            let mut sampler = Sampler::new(&counts, few_classes(), Random::new(23, stream));
            let draw = |sweeps: usize, sampler: &mut Sampler| {
                for _ in 0..sweeps {
                    sampler.sweep();
                }
                sampler.unseen as f64
            };
            draw(400, &mut sampler);
            let draws: Vec<f64> = (0..39).map(|_| draw(40, &mut sampler)).collect();
            rank(unseen as f64, &draws, &mut random)
        })
        .collect();
    check_uniform("unseen of latent classes", &shares);
}

#[test]
fn latent_classes_keep_their_prior() {
    // What is compared: how likely no list is, how likely all lists are, and the concentration.
    let figures = |sampler: &Sampler| {
        let cells = sampler.cell_probabilities();
        [
            cells[0],
            cells[7],
            cells[0] * cells[0],
            sampler.alpha / (1.0 + sampler.alpha),
        ]
    };
    let mut sampler = Sampler::new(&[0; 8], few_classes(), Random::new(31, 0));
    let free: Vec<[f64; 4]> = (0..20_000)
        .map(|_| {
            sampler.draw_from_prior();
            figures(&sampler)
        })
        .collect();
    let mut random = Random::new(31, 1);
    let chain: Vec<[f64; 4]> = (0..60_000)
        .map(|_| {
            let (counts, _) = observe(&sampler.cell_probabilities(), &mut random);
            sampler.set_counts(&counts);
            sampler.sweep();
            figures(&sampler)
        })
        .collect();
    for (at, what) in ["none", "all", "none squared", "concentration"]
        .iter()
        .enumerate()
    {
        let of = |all: &[[f64; 4]]| all.iter().map(|one| one[at]).collect::<Vec<_>>();
        check_same_mean(what, &of(&free), &of(&chain));
    }
}

/// Terms of a model of three lists with one pair; the prior of each coefficient is standard normal.
const TERMS: [usize; 5] = [0, 1, 2, 4, 3];

fn poisson_counts(beta: &[f64], random: &mut Random) -> Vec<u64> {
    let eta = |cell: usize| -> f64 {
        let terms = TERMS.iter().zip(beta);
        terms
            .filter(|(term, _)| cell & *term == **term)
            .map(|(_, b)| b)
            .sum()
    };
    (0..8)
        .map(|cell| {
            if cell == 0 {
                0
            } else {
                random.poisson(eta(cell).exp())
            }
        })
        .collect()
}

fn posterior(counts: &[u64]) -> (Posterior, Proposal) {
    let posterior = Posterior::new(counts, &TERMS, &[], 1.0);
    let proposal = Proposal::at(&posterior, &[0.0; 5]).expect("a highest point");
    (posterior, proposal)
}

#[test]
fn metropolis_is_calibrated() {
    let mut random = Random::new(41, 0);
    let (mut intercepts, mut pairs) = (Vec::new(), Vec::new());
    for stream in 0..300 {
        let beta: Vec<f64> = (0..5).map(|_| random.normal()).collect();
        let counts = poisson_counts(&beta, &mut random);
        let (posterior, proposal) = posterior(&counts);
        let mut chain = Metropolis::new(posterior, proposal, Random::new(42, stream));
        let draws: Vec<Vec<f64>> = (0..39)
            .map(|_| {
                for _ in 0..20 {
                    chain.step();
                }
                chain.now.clone()
            })
            .collect();
        let of = |at: usize| draws.iter().map(|draw| draw[at]).collect::<Vec<_>>();
        intercepts.push(rank(beta[0], &of(0), &mut random));
        pairs.push(rank(beta[4], &of(4), &mut random));
    }
    check_uniform("intercept", &intercepts);
    check_uniform("pair", &pairs);
}

#[test]
fn metropolis_keeps_its_prior() {
    // The chain is slow here: of 20,000 steps, batches are too alike in themselves to tell their own error.
    let steps = 100_000;
    let mut random = Random::new(51, 0);
    let free: Vec<Vec<f64>> = (0..steps)
        .map(|_| (0..5).map(|_| random.normal()).collect())
        .collect();
    let mut own = Random::new(51, 1);
    let mut now = vec![0.0; 5];
    let chain: Vec<Vec<f64>> = (0..steps)
        .map(|_| {
            let counts = poisson_counts(&now, &mut random);
            let (posterior, proposal) = posterior(&counts);
            let mut chain = Metropolis::from_here(posterior, proposal, own.clone(), now.clone());
            for _ in 0..3 {
                chain.step();
            }
            now.clone_from(&chain.now);
            own = chain.into_random();
            now.clone()
        })
        .collect();
    for at in 0..5 {
        for power in [1, 2] {
            let of = |all: &[Vec<f64>]| all.iter().map(|b| b[at].powi(power)).collect::<Vec<_>>();
            check_same_mean("a coefficient", &of(&free), &of(&chain));
        }
    }
}

/// Probabilities of patterns from the hyper-Dirichlet law of a graph, each cell with prior count `delta`.
fn hyper_dirichlet(
    (cliques, separators): &(Vec<usize>, Vec<usize>),
    delta: f64,
    random: &mut Random,
) -> Vec<f64> {
    let all = 8;
    let mut joint = vec![1.0; all];
    let before = std::iter::once(&0).chain(separators);
    for (clique, separator) in cliques.iter().zip(before) {
        let prior = delta * f64::from(3 - clique.count_ones()).exp2();
        let mut weights = vec![0.0; all];
        for cell in (0..all).filter(|cell| cell & clique == *cell) {
            weights[cell] = random.gamma(prior);
        }
        for (cell, probability) in joint.iter_mut().enumerate() {
            let fibre =
                |other: &usize| other & clique == *other && other & separator == cell & separator;
            let total: f64 = (0..all).filter(fibre).map(|other| weights[other]).sum();
            *probability *= weights[cell & clique] / total;
        }
    }
    joint
}

#[test]
fn averages_over_graphs_are_calibrated() {
    let mut random = Random::new(61, 0);
    let all = graphs::decomposable(3, &[]);
    let shares: Vec<f64> = (0..400)
        .map(|_| {
            let graph = &all[(random.uniform() * all.len() as f64) as usize];
            let cells = hyper_dirichlet(graph, 1.0, &mut random);
            assert!((cells.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            let (counts, unseen) = observe(&cells, &mut random);
            let averaged = graphs::average(&counts, 1.0, &[]).expect("three lists");
            let (at, below) = (
                averaged.at_most(unseen as f64),
                averaged.at_most(unseen as f64 - 1.0),
            );
            below + random.uniform() * (at - below)
        })
        .collect();
    check_uniform("unseen under graphs", &shares);
}
