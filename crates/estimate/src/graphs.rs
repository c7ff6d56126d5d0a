//! Bayesian averaging over decomposable graphs of lists.
//!
//! Madigan and York (1997): each decomposable graph on the lists is a model of which lists depend on which;
//! with a hyper-Dirichlet prior (Dawid and Lauritzen 1993) the probability of the table under a graph and a
//! number of unseen people is a product over cliques divided by one over separators. The number of people has
//! the prior 1/N. What is summed over is the whole posterior of graph and number.

use crate::special::ln_gamma;
use crate::table::Pattern;

/// Lists for which all decomposable graphs are gone through: there are 822 on five.
pub const MOST_LISTS: usize = 5;
/// Mass beyond the end of the grid that is still called nothing.
const TAIL: f64 = 1e-6;
/// Logarithm of a share of the highest density so small that all graphs together cannot be seen with it.
const NOTHING: f64 = -40.0;
/// The end of the widest grid.
const FARTHEST: f64 = 1e13;

/// One graph with its share of the posterior.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    pub cliques: Vec<Pattern>,
    /// With repetition, in the order of a junction tree.
    pub separators: Vec<Pattern>,
    pub probability: f64,
}

/// The posterior over graphs and numbers of unseen people.
#[derive(Clone, Debug)]
pub struct Averaged {
    /// Numbers of unseen people and the probability that it is at most that.
    cumulative: Vec<(f64, f64)>,
    /// Mean of the logarithm of the unseen plus one.
    pub mean_log: f64,
    pub variance_log: f64,
    /// The graphs, the most probable first.
    pub graphs: Vec<Graph>,
    /// The greatest number of unseen people that the grid reaches.
    pub reach: f64,
    /// Mass beyond it, estimated from how the density falls there.
    pub tail: f64,
}

impl Averaged {
    /// Probability that the unseen are at most so many.
    #[must_use]
    pub fn at_most(&self, unseen: f64) -> f64 {
        let at = self.cumulative.partition_point(|(end, _)| *end < unseen);
        let (low, below_low) = match at.checked_sub(1).and_then(|i| self.cumulative.get(i)) {
            Some(point) => *point,
            None => (-1.0, 0.0),
        };
        let (high, below_high) = *self.cumulative.get(at).unwrap_or(&(f64::INFINITY, 1.0));
        below_low + (below_high - below_low) * ((unseen - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// A quantile of the unseen. `None` if it lies beyond the grid.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let at = self.cumulative.partition_point(|(_, below)| *below < p);
        let (high, below_high) = *self.cumulative.get(at)?;
        let Some((low, below_low)) = at.checked_sub(1).and_then(|i| self.cumulative.get(i)) else {
            return Some(high);
        };
        let share = (p - below_low) / (below_high - below_low);
        Some((low + (high - low) * share).ceil())
    }
}

/// All decomposable graphs on `width` lists that have the `forced` edges (patterns of two lists).
#[must_use]
pub fn decomposable(width: usize, forced: &[Pattern]) -> Vec<(Vec<Pattern>, Vec<Pattern>)> {
    let edges: Vec<Pattern> = crate::loglinear::pairs_of(width).collect();
    let graph = |choice: usize| -> Option<(Vec<Pattern>, Vec<Pattern>)> {
        let chosen: Vec<Pattern> = edges
            .iter()
            .enumerate()
            .filter(|(at, _)| choice >> at & 1 == 1)
            .map(|(_, edge)| *edge)
            .collect();
        let all = forced.iter().all(|edge| chosen.contains(edge));
        all.then(|| cliques(width, &chosen)).flatten()
    };
    (0..1usize << edges.len()).filter_map(graph).collect()
}

/// Cliques and separators, if the graph is decomposable: by maximum cardinality search (Tarjan and
/// Yannakakis 1984), in which the earlier neighbours of each list must be joined.
fn cliques(width: usize, edges: &[Pattern]) -> Option<(Vec<Pattern>, Vec<Pattern>)> {
    let mut beside = vec![0; width];
    for edge in edges {
        for (j, neighbours) in beside.iter_mut().enumerate() {
            if edge >> j & 1 == 1 {
                *neighbours |= edge & !(1 << j);
            }
        }
    }
    let (mut done, mut cliques, mut separators) = (0usize, Vec::<Pattern>::new(), Vec::new());
    for _ in 0..width {
        let next = (0..width)
            .filter(|j| done >> j & 1 == 0)
            .max_by_key(|j| ((beside[*j] & done).count_ones(), std::cmp::Reverse(*j)))?;
        let before = beside[next] & done;
        let joined = (0..width)
            .filter(|j| before >> j & 1 == 1)
            .all(|j| before & !(beside[j] | 1 << j) == 0);
        if !joined {
            return None;
        }
        // A list joined to the whole of a clique found so far widens it; else it starts one, and what it
        // shares with those before is a separator.
        match cliques
            .iter_mut()
            .find(|clique| **clique == before && before != 0)
        {
            Some(clique) => *clique |= 1 << next,
            None => {
                if !cliques.is_empty() {
                    separators.push(before);
                }
                cliques.push(before | 1 << next);
            }
        }
        done |= 1 << next;
    }
    Some((cliques, separators))
}

/// Averages over all decomposable graphs. `counts[pattern]`; `delta` is the prior count of each cell.
///
/// The grid of unseen numbers takes each whole number at first and wider steps later, never wider than an
/// eighth of the least standard deviation that the posterior can have there, or half of it where the density has
/// fallen to a thousandth of its peak; it ends where what is beyond is under a millionth, or at ten million million,
/// and says how much is beyond.
#[must_use]
pub fn average(counts: &[u64], delta: f64, forced: &[Pattern]) -> Option<Averaged> {
    average_to(counts, delta, forced, None)
}

/// As [`average`], with at most `end` unseen people: the posterior under a prior that rules out more. For
/// comparison with figures that were computed on such a grid.
#[must_use]
pub fn average_to(
    counts: &[u64],
    delta: f64,
    forced: &[Pattern],
    end: Option<f64>,
) -> Option<Averaged> {
    let width = counts.len().trailing_zeros() as usize;
    if !(2..=MOST_LISTS).contains(&width) || counts.len() != 1 << width {
        return None;
    }
    let graphs = decomposable(width, forced);
    let sets = Sets::new(counts, width, delta);
    let constants: Vec<f64> = graphs.iter().map(|graph| sets.constant(graph)).collect();
    let mut grid = Grid::default();
    let mut density = Vec::new();
    let mut highest = f64::NEG_INFINITY;
    let mut mass = Vec::<f64>::new();
    let mut per_graph = vec![0.0; graphs.len()];
    let sums: Vec<Sum> = graphs.iter().map(sum_of).collect();
    let mut terms = [0.0; 2 * SETS];
    let (mut total, mut peak) = (0.0, 0.0);
    loop {
        let (at, weight) = grid.next();
        let (plus, minus) = terms.split_at_mut(SETS);
        sets.at(at, &mut plus[..1 << width]);
        for (minus, plus) in minus.iter_mut().zip(plus.iter()) {
            *minus = -plus;
        }
        let common = std::mem::take(&mut plus[0]);
        density.clear();
        let mut most = f64::NEG_INFINITY;
        for (sum, constant) in sums.iter().zip(&constants) {
            let parts = sum.map(|at| terms[usize::from(at) % (2 * SETS)]);
            let (near, far) = parts.split_at(LONGEST / 2);
            let value = constant + common + near.iter().sum::<f64>() + far.iter().sum::<f64>();
            most = most.max(value);
            density.push(value);
        }
        if most > highest + 30.0 || highest == f64::NEG_INFINITY {
            // Everything so far is scaled by the highest density seen.
            let scale = (highest - most).exp();
            let sums = [&mut total, &mut peak];
            for old in mass.iter_mut().chain(&mut per_graph).chain(sums) {
                *old *= scale;
            }
            highest = most;
        }
        let mut here = 0.0;
        for (sum, value) in per_graph.iter_mut().zip(&density) {
            let log = value - highest;
            if log > NOTHING {
                let share = log.exp() * weight;
                *sum += share;
                here += share;
            }
        }
        mass.push(here);
        total += here;
        peak = f64::max(peak, here / weight);
        grid.coarse = here / weight < LOW * peak;
        grid.points.push(at);
        if end.is_some_and(|end| grid.next > end) {
            return Some(averaged(graphs, &per_graph, &grid, &mass, total, 0.0));
        }
        // Beyond the peak, with the density falling: what is left is bounded by its power law.
        if grid.is_block_end() && total > 0.0 {
            let beyond = tail(&grid, &mass);
            if beyond.is_some_and(|beyond| beyond < TAIL * total) || at >= FARTHEST {
                let beyond = beyond.unwrap_or(f64::INFINITY);
                return Some(averaged(graphs, &per_graph, &grid, &mass, total, beyond));
            }
        }
    }
}

/// Sets of lists, at most.
const SETS: usize = 1 << MOST_LISTS;
/// Cliques and separators of a graph that are not empty, at most: four edges of a tree on five lists and three
/// points; five lists apart.
const LONGEST: usize = 8;
/// Which terms add up to the density of a graph: those of cliques, and from [`SETS`] on those of separators, which
/// count against it. Term 0 is nought.
type Sum = [u8; LONGEST];

fn sum_of((cliques, separators): &(Vec<Pattern>, Vec<Pattern>)) -> Sum {
    let mut sum = [0; LONGEST];
    let separators = separators.iter().filter(|s| **s != 0).map(|s| SETS + s);
    for (at, term) in sum
        .iter_mut()
        .zip(cliques.iter().copied().chain(separators))
    {
        *at = term as u8;
    }
    sum
}

/// Mass beyond the last point if the density goes on falling as it does now, as a power.
fn tail(grid: &Grid, mass: &[f64]) -> Option<f64> {
    let last = mass.len().checked_sub(2)?;
    let before = last.checked_sub(GROWTH)?;
    let height = |i: usize| {
        mass.get(i)
            .copied()
            .zip(grid.weights.get(i))
            .map(|(m, w)| m / w)
    };
    let (near, far) = (height(before)?, height(last)?);
    let (x, y) = (grid.points.get(before)? + 1.0, grid.points.get(last)? + 1.0);
    if far <= 0.0 {
        return Some(0.0);
    }
    let power = (near / far).ln() / (y / x).ln();
    (power > 1.05).then(|| far * y / (power - 1.0))
}

fn averaged(
    graphs: Vec<(Vec<Pattern>, Vec<Pattern>)>,
    per_graph: &[f64],
    grid: &Grid,
    mass: &[f64],
    total: f64,
    beyond: f64,
) -> Averaged {
    let whole = if beyond.is_finite() {
        total + beyond
    } else {
        total
    };
    let mut below = 0.0;
    let ends = grid.points.iter().skip(1).copied().chain([grid.next]);
    let cumulative = grid
        .points
        .iter()
        .zip(ends)
        .zip(mass)
        .map(|((at, end), mass)| {
            below += mass / whole;
            // A point stands for the whole numbers around it, up to the middle of the step.
            (at + (end - at - 1.0) / 2.0, below)
        });
    let cumulative: Vec<(f64, f64)> = cumulative.collect();
    let moment = |centre: f64, power: i32| -> f64 {
        let terms = grid.points.iter().zip(mass);
        terms
            .map(|(at, mass)| mass / total * (at.ln_1p() - centre).powi(power))
            .sum()
    };
    let mean_log = moment(0.0, 1);
    let mut graphs: Vec<Graph> = graphs
        .into_iter()
        .zip(per_graph)
        .map(|((cliques, separators), mass)| Graph {
            cliques,
            separators,
            probability: mass / total,
        })
        .collect();
    graphs.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    Averaged {
        cumulative,
        mean_log,
        variance_log: moment(mean_log, 2),
        graphs,
        reach: grid.points.last().copied().unwrap_or(0.0),
        tail: if beyond.is_finite() {
            beyond / whole
        } else {
            1.0
        },
    }
}

/// A density is low at this share of its peak.
const LOW: f64 = 1e-3;
/// Points between two looks at the tail.
const GROWTH: usize = 128;

/// Numbers of unseen people with the weight of each in a sum over all.
#[derive(Default)]
struct Grid {
    points: Vec<f64>,
    weights: Vec<f64>,
    next: f64,
    step: f64,
    /// The density is low here, and wider steps will do.
    coarse: bool,
}

impl Grid {
    /// The next point and how many whole numbers it stands for (the trapezium rule).
    fn next(&mut self) -> (f64, f64) {
        let at = self.next;
        let before = self.step.max(1.0);
        // Given the model, the unseen vary by more than the root of their number.
        let share = if self.coarse { 0.5 } else { 0.125 };
        self.step = (at.sqrt() * share).floor().max(1.0);
        self.next = at + self.step;
        let weight = if at == 0.0 {
            1.0
        } else {
            f64::midpoint(before, self.step)
        };
        self.weights.push(weight);
        (at, weight)
    }

    fn is_block_end(&self) -> bool {
        self.points.len().is_multiple_of(GROWTH) && self.points.len() > 2 * GROWTH
    }
}

/// What cliques and separators contribute, for each set of lists.
struct Sets {
    observed: f64,
    /// For each set of lists, how many observed are on none of them.
    none: Vec<f64>,
    /// Prior count of a cell of the margin of the set.
    prior: Vec<f64>,
    constants: Vec<f64>,
}

impl Sets {
    fn new(counts: &[u64], width: usize, delta: f64) -> Self {
        let all = 1usize << width;
        let mut sets = Self {
            observed: counts.iter().sum::<u64>() as f64,
            none: vec![0.0; all],
            prior: vec![0.0; all],
            constants: vec![0.0; all],
        };
        for set in 0..all {
            let mut margin = vec![0.0; all];
            for (pattern, count) in counts.iter().enumerate() {
                margin[pattern & set] += *count as f64;
            }
            let prior = delta * f64::from(width as u32 - set.count_ones()).exp2();
            sets.none[set] = margin[0];
            sets.prior[set] = prior;
            let inside = (0..all).filter(|cell| cell & set == *cell);
            let whole = delta * f64::from(width as u32).exp2();
            let cells: f64 = inside
                .map(|cell| {
                    let own = if cell == 0 {
                        0.0
                    } else {
                        ln_gamma(margin[cell] + prior)
                    };
                    own - ln_gamma(prior)
                })
                .sum();
            sets.constants[set] = cells + ln_gamma(whole);
        }
        sets
    }

    /// The part of a graph that does not depend on the unseen.
    fn constant(&self, (cliques, separators): &(Vec<Pattern>, Vec<Pattern>)) -> f64 {
        let up: f64 = cliques.iter().map(|c| self.constants[*c]).sum();
        let separators = separators.iter().filter(|s| **s != 0);
        up - separators.map(|s| self.constants[*s]).sum::<f64>()
    }

    /// The part of each set of lists with `unseen` more on none; in place of the empty set, what all graphs
    /// share: ways to choose the unseen, and the prior 1/N.
    fn at(&self, unseen: f64, terms: &mut [f64]) {
        let everybody = self.observed + unseen;
        // The prior counts of all cells add up to the same for each set.
        let whole = self.prior.first().copied().unwrap_or(1.0);
        let normaliser = ln_gamma(everybody + whole);
        for ((term, none), prior) in terms.iter_mut().zip(&self.none).zip(&self.prior) {
            *term = ln_gamma(none + unseen + prior) - normaliser;
        }
        if let Some(first) = terms.first_mut() {
            *first = ln_gamma(everybody + 1.0) - ln_gamma(unseen + 1.0) - everybody.ln();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_decomposable_graphs() {
        for (width, number) in [(2, 2), (3, 8), (4, 61), (5, 822)] {
            assert_eq!(decomposable(width, &[]).len(), number);
        }
        // Every list is in as many more cliques than separators: one.
        for (cliques, separators) in decomposable(5, &[]) {
            for j in 0..5 {
                let within = |sets: &[Pattern]| sets.iter().filter(|s| *s >> j & 1 == 1).count();
                assert_eq!(within(&cliques), within(&separators) + 1);
            }
            let parts = cliques.len() + separators.iter().filter(|s| **s != 0).count();
            assert!(parts <= LONGEST);
        }
    }
}
