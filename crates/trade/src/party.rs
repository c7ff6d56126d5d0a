//! Parties as they stand on bills: who is named, who only forwards, who is left to an order.

use serde::Serialize;

/// A party as a record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// The name as it is written.
    pub name: String,
    /// The same for spellings that differ in case, marks and blanks only; what differs in more needs a person's
    /// judgement.
    pub id: String,
    pub address: Option<String>,
    /// Two letters, ISO 3166-1, lower case.
    pub country: Option<String>,
    pub phone: Option<String>,
    /// Its name says that it forwards goods of others.
    pub forwarder: bool,
}

/// What stands in the place of a consignee or notify party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Named,
    /// "To order": the goods go to whoever holds the bill. A bank or the shipper may be named with it.
    ToOrder,
    /// "Same as consignee".
    Same,
    Missing,
}

/// How a name is told from others: lower case, letters and digits only, abbreviated legal forms as they are.
#[must_use]
pub fn key(name: &str) -> String {
    let normal = casefile::normal::normalise(name);
    let mut out = String::new();
    let mut gap = false;
    for c in normal.text.chars() {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else if !matches!(c, '.' | '\'' | '’') {
            gap = true;
        }
    }
    out
}

/// Words that say that nobody in particular receives the goods.
const ORDER: &[&str] = &[
    "to order",
    "to the order",
    "to order of",
    "to the order of",
    "order of",
    "unto order",
    "to-order",
    "凭指示",
    "凭指定",
    "憑指示",
    "指示提单",
    "지시식",
    "지시인",
    "의 지시",
];

const SAME: &[&str] = &[
    "same as consignee",
    "same as cnee",
    "same as above",
    "same",
    "same as the consignee",
    "as consignee",
    "同收货人",
    "同收貨人",
    "수하인과 동일",
    "상동",
];

/// Words in the names of those who move goods for others.
const FORWARDS: &[&str] = &[
    "logistics",
    "logistic",
    "forwarding",
    "forwarder",
    "forwarders",
    "freight",
    "nvocc",
    "consolidator",
    "consolidators",
    "consolidation",
    "shipping line",
    "shipping lines",
    "cargo services",
    "cargo service",
    "customs broker",
    "customs brokers",
    "customs brokerage",
    "supply chain",
    "global forwarding",
    "ocean line",
    "container line",
    "container lines",
    "express lines",
    "transport international",
    "air & sea",
    "air and sea",
];
/// The same without blanks around words.
const FORWARDS_ASIA: &[&str] = &[
    "货运代理",
    "货代",
    "国际货运",
    "物流",
    "貨運",
    "물류",
    "포워딩",
    "국제운송",
    "로지스틱스",
    "运输代理",
];
/// Houses that forward and whose names do not say so.
const HOUSES: &[&str] = &[
    "expeditors",
    "kuehne",
    "kuhne",
    "dsv",
    "schenker",
    "panalpina",
    "ceva",
    "bollore",
    "nippon express",
    "hellmann",
    "geodis",
    "c.h. robinson",
    "ch robinson",
    "flexport",
    "yusen",
    "kintetsu",
    "sinotrans",
    "pantos",
    "topocean",
    "honour lane",
    "de well",
    "damco",
    "agility",
    "dachser",
    "dhl",
    "fedex trade",
    "ups supply",
];

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Whether a name says that its bearer forwards goods of others.
#[must_use]
pub fn forwards(name: &str) -> bool {
    let lower = name.to_lowercase();
    FORWARDS
        .iter()
        .chain(HOUSES)
        .any(|word| has_word(&lower, word))
        || FORWARDS_ASIA.iter().any(|word| lower.contains(word))
}

/// What a cell in the place of a receiver says.
#[must_use]
pub fn standing(cell: Option<&str>) -> Standing {
    let Some(cell) = cell else {
        return Standing::Missing;
    };
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let plain = words.join(" ");
    if plain.is_empty() {
        return Standing::Missing;
    }
    if SAME.iter().any(|same| plain == *same) {
        return Standing::Same;
    }
    let begins = |order: &&str| {
        plain == **order
            || plain
                .strip_prefix(*order)
                .is_some_and(|rest| rest.starts_with(' '))
    };
    let asian = ORDER
        .iter()
        .any(|order| !order.is_ascii() && lower.contains(order));
    if plain == "order" || ORDER.iter().any(begins) || asian {
        return Standing::ToOrder;
    }
    Standing::Named
}

/// A named party. Names of nothing but marks are none.
#[must_use]
pub fn party(
    name: Option<&str>,
    address: Option<&str>,
    country: Option<&str>,
    phone: Option<&str>,
) -> Option<Party> {
    let name = name?.trim();
    let id = key(name);
    if id.is_empty() {
        return None;
    }
    let country = country
        .and_then(entity::country)
        .or_else(|| address.and_then(country_at_end))
        .map(str::to_owned);
    Some(Party {
        name: name.to_owned(),
        id: format!("party:{id}"),
        address: address.map(str::to_owned),
        country,
        phone: phone.map(str::to_owned),
        forwarder: forwards(name),
    })
}

/// The country that an address ends with.
fn country_at_end(address: &str) -> Option<&'static str> {
    let last = address
        .rsplit([',', ';'])
        .next()?
        .trim()
        .trim_end_matches('.');
    // Two letters at the end are more often a state or a province than a country.
    if last.chars().count() < 3 {
        return None;
    }
    entity::country(last)
}
