//! What a comparison says: features with weights that sum to log-odds.

use crate::{organisation, person, vessel};

/// One reason for or against two names being of the same thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its name, of a closed list, for people and programs: `surname`, `given_name`, `legal_form` …
    pub feature: &'static str,
    /// Natural logarithm of the likelihood ratio; above 0 speaks for the same.
    pub weight: f32,
    /// The words of the left name that it is about; empty where it is about the whole.
    pub left: String,
    /// The words of the right name.
    pub right: String,
    /// Why, in plain words, with the spelling path: `金 = kim (Sino-Korean) = Kim (northern spelling)`.
    pub reason: String,
}

/// The score of two names with its reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// 0 to 1: the logistic function of the sum of the weights, which are set by hand. How often pairs of a score are
    /// names of one, in pairs of which about half are, is told in `bench/names/reliability.txt`.
    pub score: f32,
    /// Their weights sum to the log-odds; the first is the prior.
    pub because: Vec<Feature>,
}

impl Comparison {
    /// Sums the weights of `because`.
    #[must_use]
    pub fn of(because: Vec<Feature>) -> Self {
        let odds: f32 = because.iter().map(|feature| feature.weight).sum();
        Self {
            score: 1.0 / (1.0 + (-odds).exp()),
            because,
        }
    }
}

/// A name, parsed once to be compared often.
#[derive(Clone, Debug)]
pub enum Prepared {
    Person(person::Name),
    Organisation(organisation::Name),
    Vessel(vessel::Name),
}

/// Parses a name as one of the FollowTheMoney schema `schema`: `Person` and what stands for people;
/// `Vessel`, `Airplane`, `Vehicle`; anything else as an organisation.
#[must_use]
pub fn prepare(schema: &str, name: &str) -> Prepared {
    match schema {
        "Person" => Prepared::Person(person::parse(name)),
        "Vessel" | "Airplane" | "Vehicle" => Prepared::Vessel(vessel::parse(name)),
        _ => Prepared::Organisation(organisation::parse(name)),
    }
}

/// Compares two prepared names. It is symmetric: `left` and `right` of the features change places, the
/// score is the same. A person and a name of an unknown kind (`LegalEntity`) are compared as persons, other names of
/// different kinds as organisations.
#[must_use]
pub fn compare(left: &Prepared, right: &Prepared) -> Comparison {
    match (left, right) {
        (Prepared::Person(a), Prepared::Person(b)) => person::compare(a, b),
        (Prepared::Vessel(a), Prepared::Vessel(b)) => vessel::compare(a, b),
        (Prepared::Organisation(a), Prepared::Organisation(b)) => organisation::compare(a, b),
        (Prepared::Person(a), Prepared::Organisation(b)) => {
            person::compare(a, &person::parse(&b.written))
        }
        (Prepared::Organisation(a), Prepared::Person(b)) => {
            person::compare(&person::parse(&a.written), b)
        }
        _ => {
            let again = |name: &Prepared| organisation::parse(name.written());
            organisation::compare(&again(left), &again(right))
        }
    }
}

/// The log-odds alone, without reasons: what the weights of [`compare`] sum to.
#[must_use]
pub fn log_odds(left: &Prepared, right: &Prepared) -> f32 {
    match (left, right) {
        (Prepared::Person(a), Prepared::Person(b)) => person::log_odds(a, b),
        (Prepared::Vessel(a), Prepared::Vessel(b)) => vessel::log_odds(a, b),
        (Prepared::Organisation(a), Prepared::Organisation(b)) => organisation::log_odds(a, b),
        _ => {
            let because = compare(left, right).because;
            because.iter().map(|feature| feature.weight).sum()
        }
    }
}

/// [`prepare`] and [`compare`] in one.
#[must_use]
pub fn compare_names(schema: &str, left: &str, right: &str) -> Comparison {
    compare(&prepare(schema, left), &prepare(schema, right))
}

impl Prepared {
    /// The name as it was written.
    #[must_use]
    pub fn written(&self) -> &str {
        match self {
            Self::Person(name) => &name.written,
            Self::Organisation(name) => &name.written,
            Self::Vessel(name) => &name.written,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, log_odds, prepare};

    /// A table without a column for the kind asks for persons, too.
    #[test]
    fn a_name_of_an_unknown_kind_may_be_a_persons() {
        let asked = prepare("LegalEntity", "Виктор Бут");
        for (listed, same) in [
            ("Bout, Viktor Anatolyevich", true),
            ("Viktor Petrov", false),
        ] {
            let listed = prepare("Person", listed);
            let found = compare(&asked, &listed);
            assert_eq!(found.score > 0.5, same, "{found:?}");
            assert!((compare(&listed, &asked).score - found.score).abs() < 1e-5);
            let odds = log_odds(&asked, &listed);
            assert!((1.0 / (1.0 + (-odds).exp()) - found.score).abs() < 1e-4);
        }
    }
}
