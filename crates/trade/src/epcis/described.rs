//! What a document of events says of its own words, places and parties.

use std::collections::BTreeMap;

use serde_json::Value;
use supply::Days;

use crate::day::{self, Style};
use crate::json;

pub(super) fn when(event: &Value) -> Option<Days> {
    let time = json::text(event, &["eventTime"])?;
    day::days(&time, &Style::default())
        .ok()
        .map(|(days, _)| days)
}

/// `urn:epcglobal:cbv:bizstep:shipping`, `https://ref.gs1.org/cbv/BizStep-shipping`, `shipping` → `shipping`.
pub(super) fn short(word: &str) -> String {
    word.rsplit([':', '/', '#'])
        .next()
        .unwrap_or(word)
        .trim_start_matches("BizStep-")
        .trim_start_matches("SDT-")
        .to_lowercase()
}

/// Names and countries of the locations and parties that the document describes.
pub(super) fn master_data(text: &str) -> BTreeMap<String, (String, Option<String>)> {
    let mut out = BTreeMap::new();
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        return out;
    };
    let mut lists: Vec<&Value> = Vec::new();
    if let Some(vocabularies) = json::deep(&document, "vocabularyList") {
        for vocabulary in vocabularies.as_array().into_iter().flatten() {
            lists.extend(json::list(vocabulary, "vocabularyElementList"));
        }
    }
    for element in lists {
        let Some(id) = json::text(element, &["id"]) else {
            continue;
        };
        let (mut name, mut country) = (None, None);
        for attribute in json::list(element, "attributes") {
            let key = json::text(attribute, &["id"])
                .map(|key| short(&key))
                .unwrap_or_default();
            let value = json::text(attribute, &["attribute"]);
            match key.as_str() {
                "name" | "vesselname" | "organizationname" => name = name.or(value),
                "countrycode" | "vesselflagstate" | "country" => country = country.or(value),
                _ => {}
            }
        }
        if let Some(name) = name {
            out.insert(id, (name, country));
        }
    }
    out
}
