//! Small dense matrices, row by row in a slice. Parameters of a model are at most a few hundred.

/// Replaces the lower half of the symmetric `a` (`n` by `n`) by its Cholesky factor. False if `a` is not
/// positive definite to working precision.
#[must_use]
pub(crate) fn cholesky(a: &mut [f64], n: usize) -> bool {
    for j in 0..n {
        let (above, here) = a.split_at_mut(j * n);
        let Some(row) = here.get_mut(..n) else {
            return false;
        };
        for i in 0..j {
            let other = &above[i * n..i * n + i + 1];
            let dot: f64 = row[..i].iter().zip(other).map(|(x, y)| x * y).sum();
            row[i] = (row[i] - dot) / other[i];
        }
        let own: f64 = row[..j].iter().map(|x| x * x).sum();
        let left = row[j] - own;
        if left.is_nan() || left <= 1e-13 * row[j].abs() || left.is_infinite() {
            return false;
        }
        row[j] = left.sqrt();
    }
    true
}

/// Solves `L L' x = b` in place, `l` from [`cholesky`].
pub(crate) fn solve(l: &[f64], b: &mut [f64]) {
    solve_lower(l, b);
    solve_upper(l, b);
}

/// Solves `L x = b` in place.
pub(crate) fn solve_lower(l: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        let row = &l[i * n..i * n + i + 1];
        let dot: f64 = row[..i].iter().zip(&b[..i]).map(|(x, y)| x * y).sum();
        b[i] = (b[i] - dot) / row[i];
    }
}

/// Solves `L' x = b` in place.
pub(crate) fn solve_upper(l: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in (0..n).rev() {
        let x = b[i] / l[i * n + i];
        b[i] = x;
        for (j, below) in b[..i].iter_mut().enumerate() {
            *below -= l[i * n + j] * x;
        }
    }
}

/// The inverse of the matrix whose factor is `l`.
#[must_use]
pub(crate) fn inverse(l: &[f64], n: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; n * n];
    for (i, row) in inverse.chunks_exact_mut(n.max(1)).enumerate() {
        row[i] = 1.0;
        solve(l, row);
    }
    inverse
}

/// Rank of a matrix of `columns` columns, by elimination with full pivoting.
#[must_use]
pub(crate) fn rank(mut a: Vec<f64>, columns: usize) -> usize {
    if columns == 0 {
        return 0;
    }
    let rows = a.len() / columns;
    let mut rank = 0;
    while rank < rows.min(columns) {
        let mut best = (rank, rank, 0.0);
        for i in rank..rows {
            for j in rank..columns {
                let size = a[i * columns + j].abs();
                if size > best.2 {
                    best = (i, j, size);
                }
            }
        }
        let (pi, pj, size) = best;
        if size < 1e-9 {
            break;
        }
        for j in 0..columns {
            a.swap(rank * columns + j, pi * columns + j);
        }
        for i in 0..rows {
            a.swap(i * columns + rank, i * columns + pj);
        }
        let (done, below) = a.split_at_mut((rank + 1) * columns);
        let pivot = &done[rank * columns..];
        for row in below.chunks_exact_mut(columns) {
            let factor = row[rank] / pivot[rank];
            if factor != 0.0 {
                for (x, p) in row.iter_mut().zip(pivot).skip(rank) {
                    *x -= factor * p;
                }
            }
        }
        rank += 1;
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_inverts() {
        let a = vec![4.0, 2.0, 0.0, 2.0, 5.0, 1.0, 0.0, 1.0, 3.0];
        let mut l = a.clone();
        assert!(cholesky(&mut l, 3));
        let mut b = vec![8.0, 15.0, 11.0];
        solve(&l, &mut b);
        for (got, want) in b.iter().zip([1.0, 2.0, 3.0]) {
            assert!((got - want).abs() < 1e-12);
        }
        let inverse = inverse(&l, 3);
        let first: f64 = (0..3).map(|k| a[k] * inverse[k * 3]).sum();
        assert!((first - 1.0).abs() < 1e-12);
        assert!(!cholesky(&mut [1.0, 1.0, 1.0, 1.0], 2));
    }

    #[test]
    fn ranks() {
        assert_eq!(rank(vec![1.0, 2.0, 2.0, 4.0], 2), 1);
        assert_eq!(rank(vec![0.0, 1.0, 1.0, 0.0, 1.0, 1.0], 2), 2);
        assert_eq!(rank(vec![0.0; 6], 3), 0);
    }
}
