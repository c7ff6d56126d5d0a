//! What moved, and what can become of it.

use serde::{Deserialize, Serialize};

use crate::model::ids;

ids!(
    /// Position in [`crate::Network::products`].
    ProductId
);

/// A product as far as the record names it. Empty fields are unknown, never guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Product {
    /// Species or material, in the caller's one spelling (`Illex argentinus`, an ASFIS code, `cotton`).
    pub species: Option<Box<str>>,
    pub form: Option<Form>,
    pub hs: Option<Hs>,
}

/// A code of the Harmonized System and its edition (2012, 2017, 2022). 4 to 10 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hs {
    pub code: Box<str>,
    pub edition: Option<u16>,
}

impl Hs {
    /// Digits of a code with its usual dots and spaces; `None` if it is not 4 to 10 digits of a chapter 01 to 97.
    #[must_use]
    pub fn parse(text: &str, edition: Option<u16>) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|c| !matches!(c, '.' | ' ' | '-'))
            .collect();
        let digits = (4..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        let chapter = code.get(..2).and_then(|two| two.parse::<u8>().ok())?;
        (digits && (1..=97).contains(&chapter)).then(|| Self {
            code: code.into(),
            edition,
        })
    }

    /// The first two digits; 0 if there are none.
    #[must_use]
    pub fn chapter(&self) -> u8 {
        self.code
            .get(..2)
            .and_then(|two| two.parse().ok())
            .unwrap_or(0)
    }
}

/// How far an animal or fish is worked. Later forms are made of earlier ones, as [`becomes`] has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Live,
    Whole,
    /// Gutted, with or without head.
    Gutted,
    /// Fillets, loins, tubes: the flesh apart from the animal.
    Fillet,
    /// Portions, rings, strips.
    Cut,
    /// Mince, surimi and blocks of it.
    Minced,
    /// Dried, salted or smoked.
    Cured,
    /// Cooked, canned, breaded: chapter 16.
    Prepared,
    /// Meal.
    Meal,
    Oil,
}

/// Whether goods of one kind can be, or be made into, goods of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// They cannot.
    No,
    /// Nothing known speaks against it, and something is not known.
    Possible,
    /// All is known and it can.
    Certain,
}

/// Whether one form can be made into another, or is the same.
#[must_use]
pub const fn becomes(from: Form, into: Form) -> bool {
    use Form::{Cured, Cut, Fillet, Gutted, Live, Meal, Minced, Oil, Prepared, Whole};
    match from {
        Live => true,
        Whole => !matches!(into, Live),
        Gutted => !matches!(into, Live | Whole),
        Fillet => matches!(into, Fillet | Cut | Minced | Cured | Prepared | Meal | Oil),
        Cut => matches!(into, Cut | Minced | Cured | Prepared | Meal | Oil),
        Minced => matches!(into, Minced | Prepared | Meal | Oil),
        Cured => matches!(into, Cured | Cut | Minced | Prepared | Meal | Oil),
        Prepared => matches!(into, Prepared | Meal | Oil),
        Meal => matches!(into, Meal),
        Oil => matches!(into, Oil),
    }
}

/// Chapters of the Harmonized System that goods of a chapter are worked into, besides itself; whatever a chapter leads
/// to has a line too. A chapter that is not here is not judged.
const CHAPTERS: &[(u8, &[u8])] = &[
    // Fish: products of animals, oils, preparations, meals. Preparations do not become raw fish again.
    (3, &[5, 15, 16, 19, 21, 23]),
    (5, &[23]),
    (15, &[16, 19, 21, 23]),
    (16, &[19, 21, 23]),
    (19, &[21, 23]),
    (21, &[23]),
    (23, &[]),
    // Vegetables, tomatoes among them, and their preparations.
    (7, &[20, 21, 23]),
    (20, &[21, 23]),
    // Cotton: threads, fabrics, apparel, made-up articles, bedding, sundries.
    (52, &[56, 57, 58, 59, 60, 61, 62, 63, 94, 96]),
    (56, &[57, 58, 59, 60, 61, 62, 63, 94, 96]),
    (57, &[63, 94]),
    (58, &[59, 60, 61, 62, 63, 94, 96]),
    (59, &[61, 62, 63, 94, 96]),
    (60, &[59, 61, 62, 63, 94, 96]),
    (61, &[63, 94]),
    (62, &[63, 94]),
    (63, &[94]),
    (94, &[]),
    (96, &[94]),
];

/// What is known of goods that were `from` and are now `into`: what the later record leaves open, the earlier tells.
#[must_use]
pub fn carried(from: &Product, into: &Product) -> Product {
    Product {
        species: into.species.clone().or_else(|| from.species.clone()),
        form: into.form.or(from.form),
        hs: into.hs.clone().or_else(|| from.hs.clone()),
    }
}

/// Whether goods can be, or be made into, others: the species stays, the form only goes forward, and so do the
/// chapters of the Harmonized System for which that is settled.
#[must_use]
pub fn fit(from: &Product, into: &Product) -> Fit {
    let mut fit = Fit::Certain;
    match (&from.species, &into.species) {
        (Some(one), Some(other)) if one != other => return Fit::No,
        (Some(_), Some(_)) => {}
        _ => fit = Fit::Possible,
    }
    match (from.form, into.form) {
        (Some(one), Some(other)) if !becomes(one, other) => return Fit::No,
        (Some(_), Some(_)) => {}
        _ => fit = Fit::Possible,
    }
    if let (Some(one), Some(other)) = (&from.hs, &into.hs) {
        let (one, other) = (one.chapter(), other.chapter());
        let settled = CHAPTERS.iter().find(|(chapter, _)| *chapter == one);
        if settled.is_some_and(|(_, into)| one != other && !into.contains(&other)) {
            return Fit::No;
        }
        if settled.is_none() && one != other {
            fit = Fit::Possible;
        }
    }
    fit
}
