//! Everything that a linkage depends on beside the lists, so that it can be repeated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::blocking::{Pairing, Rule};
use super::fields::Field;
use super::model::Model;

/// What to do. What is `None` is found out from the lists; saved settings say everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Of the form of this file.
    pub version: u32,
    /// Which columns are compared, and as what.
    pub columns: Option<Vec<Field>>,
    /// Which pairs are compared.
    pub rules: Option<Vec<Rule>>,
    /// Over which pairs rounds of training run.
    pub training: Option<Vec<Rule>>,
    pub pairing: Pairing,
    /// For each list, by name: whether it may name one person more than once.
    pub duplicates: BTreeMap<String, bool>,
    /// Pairs with this probability or more are given and joined.
    pub threshold: f64,
    /// Of everything that is drawn by chance.
    pub seed: u64,
    /// Linkages that are drawn for the error of linkage.
    pub linkages: usize,
    /// The model; it is not trained again if it is given.
    pub model: Option<Model>,
}

/// The form that this version writes.
pub const SETTINGS_VERSION: u32 = 1;

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            columns: None,
            rules: None,
            training: None,
            pairing: Pairing::default(),
            duplicates: BTreeMap::new(),
            threshold: 0.5,
            seed: 1,
            linkages: 20,
            model: None,
        }
    }
}
