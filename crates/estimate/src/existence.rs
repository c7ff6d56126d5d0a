//! Whether a log-linear model has a maximum-likelihood estimate on a sparse table, and just one.
//!
//! After Fienberg and Rinaldo (2012) and Chan, Silverman and Vincent (2021): a term none of whose
//! cells holds anybody goes to minus infinity, its cells are fitted by nought and leave the table. On the rest
//! the estimate exists if and only if the sufficient statistics can be had from a table without empty cells, a
//! linear programme; and it is one if and only if the design has full rank there.

use crate::dense;
use crate::table::Pattern;

/// Whether and why there is no extended maximum-likelihood estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existence {
    Exists,
    /// The likelihood has no highest point: fits run off to infinity.
    NoMaximum,
    /// Many values of the unseen fit equally well.
    NotIdentified,
}

/// Looks at the terms that are not at minus infinity and the cells that are left, with what each holds.
/// Existence depends on which cells are empty and on nothing else.
#[must_use]
pub(crate) fn check(terms: &[Pattern], cells: &[(Pattern, bool)]) -> Existence {
    let columns = terms.len();
    if cells.len() < columns {
        return Existence::NotIdentified;
    }
    let mut design = Vec::with_capacity(columns * cells.len());
    for (cell, _) in cells {
        design.extend(terms.iter().map(|term| f64::from(cell & term == *term)));
    }
    if dense::rank(design.clone(), columns) < columns {
        return Existence::NotIdentified;
    }
    if cells.iter().all(|(_, filled)| *filled) {
        return Existence::Exists;
    }
    // With x = z + s, z and s at least nought: is there an s above nought with A'x = A'n? Whether there is one
    // depends on which cells are filled, so that each filled cell may stand as 1.
    let rows: Vec<Vec<f64>> = (0..columns)
        .map(|j| {
            let column = design.iter().skip(j).step_by(columns);
            let total: f64 = column.clone().sum();
            let filled: f64 = column
                .clone()
                .zip(cells)
                .filter(|(_, (_, filled))| *filled)
                .map(|(a, _)| a)
                .sum();
            column.copied().chain([total, filled]).collect()
        })
        .collect();
    if most_of_last(rows) > 1e-7 {
        Existence::Exists
    } else {
        Existence::NoMaximum
    }
}

/// The greatest value of the last variable subject to `A x = b`, `x ≥ 0`, where each row is `[A | b]` with
/// `b ≥ 0` and the rows are independent. Nought if nothing above nought is feasible. The simplex method in two
/// phases, with Bland's rule, so that it ends.
fn most_of_last(mut rows: Vec<Vec<f64>>) -> f64 {
    let m = rows.len();
    let n = rows.first().map_or(0, |row| row.len().saturating_sub(1));
    if n == 0 {
        return 0.0;
    }
    // The artificial variable of row i is number n + i; its column need not be stored, since it never returns.
    let mut basis: Vec<usize> = (n..n + m).collect();
    let mut cost = vec![0.0; n + 1];
    for row in &rows {
        for (c, a) in cost.iter_mut().zip(row) {
            *c += a;
        }
    }
    improve(&mut rows, &mut basis, &mut cost);
    if cost.last().is_some_and(|left| *left > 1e-7) {
        return 0.0;
    }
    for i in 0..m {
        if basis[i] >= n
            && let Some(j) = (0..n).find(|j| rows[i][*j].abs() > 1e-9)
        {
            pivot(&mut rows, &mut basis, &mut cost, i, j);
        }
    }
    let mut cost = vec![0.0; n + 1];
    cost[n - 1] = 1.0;
    for (row, variable) in rows.iter().zip(&basis) {
        if *variable == n - 1 {
            for (c, a) in cost.iter_mut().zip(row) {
                *c -= a;
            }
        }
    }
    improve(&mut rows, &mut basis, &mut cost);
    let at = basis.iter().position(|variable| *variable == n - 1);
    at.map_or(0.0, |at| rows[at][n])
}

/// Pivots while a variable with a positive reduced gain may enter.
fn improve(rows: &mut [Vec<f64>], basis: &mut [usize], cost: &mut [f64]) {
    let n = cost.len() - 1;
    for _ in 0..50_000 {
        let Some(entering) = (0..n).find(|j| cost[*j] > 1e-9) else {
            return;
        };
        let mut leaving: Option<(usize, f64)> = None;
        for (i, row) in rows.iter().enumerate() {
            if row[entering] > 1e-9 {
                let ratio = row[n] / row[entering];
                let better = leaving.is_none_or(|(at, least)| {
                    ratio < least - 1e-12 || (ratio < least + 1e-12 && basis[i] < basis[at])
                });
                if better {
                    leaving = Some((i, ratio));
                }
            }
        }
        match leaving {
            Some((i, _)) => pivot(rows, basis, cost, i, entering),
            // Unbounded: the total of the cells is fixed, so this is rounding.
            None => return,
        }
    }
}

fn pivot(rows: &mut [Vec<f64>], basis: &mut [usize], cost: &mut [f64], i: usize, j: usize) {
    let scale = rows[i][j].recip();
    for a in &mut rows[i] {
        *a *= scale;
    }
    let row = rows[i].clone();
    let others = rows.iter_mut().enumerate().filter(|(at, _)| *at != i);
    for other in others.map(|(_, row)| row.as_mut_slice()).chain([cost]) {
        let factor = other[j];
        if factor != 0.0 {
            for (a, b) in other.iter_mut().zip(&row) {
                *a -= factor * b;
            }
        }
    }
    basis[i] = j;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programme_with_a_known_answer() {
        // x + y + 2 z = 4, x - y = 0: z is at most 2.
        let rows = vec![vec![1.0, 1.0, 2.0, 4.0], vec![1.0, -1.0, 0.0, 0.0]];
        assert!((most_of_last(rows) - 2.0).abs() < 1e-9);
        // x + z = 1 and x = 1 leave nothing for z.
        let rows = vec![vec![1.0, 1.0, 1.0], vec![1.0, 0.0, 1.0]];
        assert!(most_of_last(rows).abs() < 1e-9);
    }

    fn check_existence(terms: &[Pattern], empty: &[Pattern], expected: Existence) {
        let dead: Vec<Pattern> = terms
            .iter()
            .copied()
            .filter(|term| (1..8).all(|cell| cell & term != *term || empty.contains(&cell)))
            .collect();
        let alive: Vec<Pattern> = terms
            .iter()
            .copied()
            .filter(|t| !dead.contains(t))
            .collect();
        let cells: Vec<(Pattern, bool)> = (1..8)
            .filter(|cell| dead.iter().all(|term| cell & term != *term))
            .map(|cell| (cell, !empty.contains(&cell)))
            .collect();
        assert_eq!(
            check(&alive, &cells),
            expected,
            "{terms:?} without {empty:?}"
        );
    }

    #[test]
    fn three_lists() {
        let pairs = [0, 1, 2, 4, 3, 5, 6];
        check_existence(&pairs, &[], Existence::Exists);
        // Two pairs empty with the triple: two minus infinities; five cells, five terms left.
        check_existence(&pairs, &[5, 6, 7], Existence::NotIdentified);
        check_existence(&[0, 1, 2, 4, 5, 6], &[5, 6, 7], Existence::Exists);
        check_existence(&[0, 1, 2, 4], &[5, 6, 7], Existence::Exists);
        // A:B is nobody but those on all three; with B:C and A:C in the model nothing bounds it.
        check_existence(&pairs, &[3], Existence::NoMaximum);
        check_existence(&[0, 1, 2, 4, 3], &[3], Existence::Exists);
    }
}
