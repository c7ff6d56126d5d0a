//! Counts as they may leave the house: small cells give people away.

use crate::table::{Pattern, Table};

/// Counts below this are not shown.
pub const SMALL: u64 = 5;

/// A cell of a table as it may be published. `None` is a number that is kept back.
pub(crate) type Shown = (Pattern, Option<u64>);

/// The cells that hold anybody, small ones kept back. Where one small cell alone is kept back, it would follow from
/// the total, so that the next larger one goes with it; `None` if there is no other.
#[must_use]
pub fn shown(table: &Table) -> Option<Vec<Shown>> {
    let filled: Vec<(Pattern, u64)> = table
        .counts()
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .collect();
    let mut hidden: Vec<Pattern> = filled
        .iter()
        .filter(|(_, count)| *count < SMALL)
        .map(|(pattern, _)| *pattern)
        .collect();
    // What is kept back must add up to enough that nobody can be told from the total.
    loop {
        let cells = filled
            .iter()
            .filter(|(pattern, _)| hidden.contains(pattern));
        let (number, sum) = cells.fold((0, 0), |(n, s), (_, count)| (n + 1, s + count));
        if number == 0 || (number > 1 && sum >= SMALL) {
            break;
        }
        let next = filled
            .iter()
            .filter(|(pattern, _)| !hidden.contains(pattern))
            .min_by_key(|(_, count)| *count)?;
        hidden.push(next.0);
    }
    let show = |(pattern, count): &(Pattern, u64)| {
        (*pattern, (!hidden.contains(pattern)).then_some(*count))
    };
    Some(filled.iter().map(show).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: &[u64], expected: &[Option<u64>]) {
        let lists = (0..counts.len().trailing_zeros()).map(|j| j.to_string());
        let table = Table::from_counts(lists.collect(), counts).expect("a table");
        let got: Option<Vec<Option<u64>>> =
            shown(&table).map(|cells| cells.into_iter().map(|(_, count)| count).collect());
        assert_eq!(got.unwrap_or_default(), expected);
    }

    #[test]
    fn small_cells_and_what_would_give_them_away() {
        check(&[0, 20, 30, 40], &[Some(20), Some(30), Some(40)]);
        check(&[0, 3, 4, 40], &[None, None, Some(40)]);
        // Alone, the 3 would follow from the total.
        check(&[0, 3, 30, 40], &[None, None, Some(40)]);
        // 1 + 1 from the total would still tell of two people.
        check(&[0, 1, 1, 40], &[None, None, None]);
        check(&[0, 3, 0, 0], &[]);
    }
}
