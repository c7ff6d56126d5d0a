//! All hierarchical log-linear models of a few lists.

use crate::poisson::Model;
use crate::table::Pattern;

/// All hierarchical models with main effects of `width` lists and terms of at most `order` lists, without
/// the saturated model, which has no estimate; `forced` terms are in each. For 3, 4 and 5 lists without a
/// bound there are 8, 113 and 6,893. `None` if there are more than `most`.
#[must_use]
pub(crate) fn models(
    width: usize,
    order: u32,
    forced: &[Pattern],
    most: usize,
) -> Option<Vec<Model>> {
    let all = (1usize << width) - 1;
    let base = Model::with(width, forced);
    let mut open: Vec<Pattern> = (1..=all)
        .filter(|p| p.count_ones() >= 2 && p.count_ones() <= order && *p != all)
        .collect();
    open.sort_by_key(|pattern| (pattern.count_ones(), *pattern));
    // By order, so that all parts of a term are decided before it.
    let mut families: Vec<Vec<bool>> = vec![(0..=all).map(|p| base.has(p)).collect()];
    for term in open {
        let mut wider = Vec::new();
        for family in &families {
            let parts = (0..width).filter(|j| term >> j & 1 == 1);
            if !family[term] && parts.into_iter().all(|j| family[term ^ (1 << j)]) {
                let mut with = family.clone();
                with[term] = true;
                wider.push(with);
            }
        }
        families.extend(wider);
        if families.len() > most {
            return None;
        }
    }
    let model = |family: &Vec<bool>| {
        let terms: Vec<Pattern> = (0..=all).filter(|pattern| family[*pattern]).collect();
        Model::with(width, &terms)
    };
    let mut models: Vec<Model> = families
        .iter()
        .filter(|family| !family[all])
        .map(model)
        .collect();
    models.sort_by(|a, b| (a.terms().len(), a.terms()).cmp(&(b.terms().len(), b.terms())));
    Some(models)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_models() {
        let count = |width, order| models(width, order, &[], 10_000).map(|m| m.len());
        assert_eq!(count(3, 3), Some(8));
        assert_eq!(count(4, 4), Some(113));
        assert_eq!(count(5, 5), Some(6893));
        assert_eq!(count(4, 2), Some(64));
        assert_eq!(count(5, 2), Some(1024));
        assert_eq!(count(6, 2), None);
    }

    #[test]
    fn forced_terms_are_in_each() {
        let models = models(4, 4, &[0b0011], 1000).expect("few");
        assert!(models.iter().all(|model| model.has(0b0011)));
        assert!(models.len() < 113);
    }
}
