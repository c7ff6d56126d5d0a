//! The score of two records.

use names::{Comparison, Feature};

use crate::Record;
use crate::dates::{self, Agreement};

/// Pairs of names that are compared for one pair of records.
const MOST_PAIRS: usize = 2_000;

/// Numbers of which one alone tells who it is: nobody else has it, and it stays for life.
const LASTING: &[&str] = &[
    "imoNumber",
    "leiCode",
    "uscCode",
    "wikidataId",
    "isin",
    "figiCode",
    "ogrnCode",
    "innCode",
    "npiCode",
    "uniqueEntityId",
];

/// Compares two records. The weights of `because` sum to the log-odds: those of the names that agree best, then
/// what numbers, dates, countries, gender and addresses add. Symmetric.
///
/// Records whose schemata cannot be one thing (a person and a vessel) get one feature that says so.
#[must_use]
pub fn compare(left: &Record, right: &Record) -> Comparison {
    if !comparable(left, right) {
        return Comparison::of(vec![Feature {
            feature: "schema",
            weight: -12.0,
            left: left.schema.name.clone(),
            right: right.schema.name.clone(),
            reason: format!("a {} is no {}", left.schema.label, right.schema.label),
        }]);
    }
    let mut because = match best_names(left, right) {
        Some((i, j)) => match (left.names.get(i), right.names.get(j)) {
            (Some(a), Some(b)) => names::compare(a, b).because,
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    if because.is_empty() {
        because.push(Feature {
            feature: "name",
            weight: -4.0,
            left: String::new(),
            right: String::new(),
            reason: "one of them has no name".into(),
        });
    }
    let odds = because.iter().map(|one| one.weight).sum();
    rest(
        left,
        right,
        odds,
        &mut |feature, weight, a, b, reason: &dyn Fn() -> String| {
            because.push(Feature {
                feature,
                weight,
                left: a.to_owned(),
                right: b.to_owned(),
                reason: reason(),
            });
        },
    );
    Comparison::of(because)
}

/// The score alone, without reasons; the same as [`compare`] gives.
#[must_use]
pub fn score(left: &Record, right: &Record) -> f32 {
    if !comparable(left, right) {
        return 1.0 / (1.0 + 12f32.exp());
    }
    let names = best_odds(left, right).map_or(-4.0, |(odds, _, _)| odds);
    let odds = names + rest_odds(left, right, names);
    1.0 / (1.0 + (-odds).exp())
}

fn rest_odds(left: &Record, right: &Record, names: f32) -> f32 {
    let mut odds = 0.0;
    rest(left, right, names, &mut |_, weight, _, _, _| odds += weight);
    odds
}

/// Two names may agree a little better than one of them with itself: the frequency of a first name counts only
/// where both spell it alike.
const SLACK: f32 = 1.0;

/// What the names of a record can say for its being another, at the most.
pub(crate) fn most_of_names(record: &Record) -> f32 {
    let itself = record.names.iter().map(|name| names::log_odds(name, name));
    itself.fold(-4.0, f32::max) + SLACK
}

/// What speaks for or against two records beside their names; `None` if they cannot be one thing. Much cheaper
/// than [`score`].
pub(crate) fn beside_names(left: &Record, right: &Record) -> Option<f32> {
    comparable(left, right).then(|| rest_odds(left, right, 0.0))
}

/// Whether these odds reach a score.
pub(crate) fn may_reach(score: f32, odds: f32) -> bool {
    1.0 / (1.0 + (-odds).exp()) >= score
}

fn comparable(left: &Record, right: &Record) -> bool {
    if std::ptr::eq(left.schema, right.schema) {
        return true;
    }
    let one = |a: &entity::Schema, b: &entity::Schema| a.is_a(&b.name) || b.is_a(&a.name);
    // Registers disagree on whether a firm is a company or an organisation, and whether a list meant a body or its head.
    let body = |s: &entity::Schema| s.is_a("Organization") || s.is_a("Company");
    one(left.schema, right.schema) || (body(left.schema) && body(right.schema))
}

fn best_names(left: &Record, right: &Record) -> Option<(usize, usize)> {
    best_odds(left, right).map(|(_, i, j)| (i, j))
}

fn best_odds(left: &Record, right: &Record) -> Option<(f32, usize, usize)> {
    let mut best: Option<(f32, usize, usize)> = None;
    let mut pairs = 0;
    'all: for (i, a) in left.names.iter().enumerate() {
        for (j, b) in right.names.iter().enumerate() {
            let odds = names::log_odds(a, b);
            if best.is_none_or(|(most, _, _)| odds > most) {
                best = Some((odds, i, j));
            }
            pairs += 1;
            if pairs >= MOST_PAIRS {
                break 'all;
            }
        }
    }
    best
}

type Tell<'a> = &'a mut dyn FnMut(&'static str, f32, &str, &str, &dyn Fn() -> String);

/// Everything but names, which gave `odds`. Numbers come last: one that nobody else has decides, whatever else speaks
/// against it (ships are renamed, reflagged and sold).
fn rest(left: &Record, right: &Record, odds: f32, told: Tell<'_>) {
    let mut odds = odds;
    let tell: Tell<'_> = &mut |feature, weight, a, b, reason| {
        odds += weight;
        told(feature, weight, a, b, reason);
    };
    if let Some((agreement, a, b)) = dates::best(&left.begun, &right.begun) {
        let person = left.person || right.person;
        let (weight, why) = match agreement {
            Agreement::Day => (3.5, "the same day"),
            Agreement::Swapped => (2.2, "the same day with day and month changed round"),
            Agreement::Month => (2.0, "the same month"),
            Agreement::Year => (1.2, "the same year"),
            Agreement::NearYear => (if person { -0.8 } else { -0.4 }, "years one apart"),
            Agreement::OtherDay => (-1.2, "the same year, another day"),
            Agreement::Different => (if person { -4.0 } else { -2.0 }, "other years"),
        };
        tell("date", weight, a, b, &|| why.to_owned());
    }
    if let (Some(a), Some(b)) = (left.countries.first(), right.countries.first()) {
        let shared = left
            .countries
            .iter()
            .find(|c| right.countries.binary_search(c).is_ok());
        match shared {
            Some(code) => tell("country", 0.5, code, code, &|| format!("both with {code}")),
            None => tell("country", -1.3, a, b, &|| "no country in common".to_owned()),
        }
    }
    if let (Some(a), Some(b)) = (&left.gender, &right.gender) {
        let known = |g: &String| g == "male" || g == "female";
        if a == b {
            tell("gender", 0.2, a, b, &|| "the same gender".to_owned());
        } else if known(a) && known(b) {
            tell("gender", -3.0, a, b, &|| "another gender".to_owned());
        }
    }
    if let Some((share, a, b)) = best_address(left, right)
        && share >= 0.6
    {
        let percent = share * 100.0;
        tell("address", 1.8 * share, &a, &b, &|| {
            format!("{percent:.0}% of the words of the addresses are the same")
        });
    }
    numbers(left, right, odds, told);
}

/// The odds that a number makes sure of which nobody else has.
const DECIDED: f32 = 4.0;

fn numbers(left: &Record, right: &Record, odds: f32, tell: Tell<'_>) {
    let lasting = |property: &str| LASTING.contains(&property);
    let mut shared: Option<(f32, &crate::Identifier, &crate::Identifier)> = None;
    let mut against: Option<(f32, &crate::Identifier, &crate::Identifier)> = None;
    for a in left.identifiers.iter().take(50) {
        for b in right.identifiers.iter().take(50) {
            let same_kind = a.property == b.property;
            if a.value == b.value {
                let weight = match (a.checked && b.checked, same_kind) {
                    (true, _) if lasting(&a.property) || lasting(&b.property) => {
                        (DECIDED - odds).max(10.0)
                    }
                    (true, _) => 8.0,
                    (false, true) if a.property == "mmsi" || a.property == "callSign" => 4.0,
                    (false, true) if a.value.len() >= 6 => 7.0,
                    (false, false) if a.value.len() >= 8 => 5.0,
                    _ => 2.5,
                };
                if shared.is_none_or(|(most, _, _)| weight > most) {
                    shared = Some((weight, a, b));
                }
            } else if same_kind {
                // A firm has one such number; a passport is renewed, a call sign changes with the flag.
                let weight = if lasting(&a.property) && a.checked && b.checked {
                    -6.0
                } else if a.property == "registrationNumber" || a.property == "taxNumber" {
                    -1.5
                } else {
                    -0.3
                };
                if against.is_none_or(|(most, _, _)| weight < most) {
                    against = Some((weight, a, b));
                }
            }
        }
    }
    // Of the same kind of number, one shared outweighs others that differ. But two hulls that send one call number, or two
    // firms with one phone, are two: what is borrowed or passed on says nothing against what lasts.
    let another = |tell: Tell<'_>, weight: f32, a: &crate::Identifier, b: &crate::Identifier| {
        tell("identifier", weight, &a.value, &b.value, &|| {
            format!("another {}", a.property)
        });
    };
    if let Some((weight, a, b)) = shared {
        tell("identifier", weight, &a.value, &b.value, &|| {
            let checked = if a.checked && b.checked {
                ", check digit right"
            } else {
                ""
            };
            if a.property == b.property {
                format!("the same {}{checked}", a.property)
            } else {
                format!(
                    "the same number as {} and {}{checked}",
                    a.property, b.property
                )
            }
        });
        let borrowed = !lasting(&a.property) && !lasting(&b.property);
        if let Some((weight, a, b)) = against.filter(|(_, a, _)| borrowed && lasting(&a.property)) {
            another(tell, weight, a, b);
        }
    } else if let Some((weight, a, b)) = against {
        another(tell, weight, a, b);
    }
}

fn best_address(left: &Record, right: &Record) -> Option<(f32, String, String)> {
    let mut best: Option<(f32, &Vec<String>, &Vec<String>)> = None;
    for a in &left.addresses {
        for b in &right.addresses {
            let both = a
                .iter()
                .filter(|word| b.binary_search(word).is_ok())
                .count();
            let numbers = |words: &[String], others: &[String]| {
                words.iter().any(|w| {
                    w.bytes().all(|c| c.is_ascii_digit()) && others.binary_search(w).is_err()
                })
            };
            #[expect(
                clippy::cast_precision_loss,
                reason = "words of an address, at most 60"
            )]
            let share = both as f32 * 2.0 / (a.len() + b.len()).max(1) as f32;
            // Other house numbers are other houses.
            let share = if numbers(a, b) && numbers(b, a) {
                share * 0.5
            } else {
                share
            };
            if both >= 2 && best.is_none_or(|(most, _, _)| share > most) {
                best = Some((share, a, b));
            }
        }
    }
    best.map(|(share, a, b)| (share, a.join(" "), b.join(" ")))
}
