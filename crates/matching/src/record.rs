//! What of an entity speaks for or against its being another.

use entity::{Entity, Kind};
use names::Prepared;

use crate::dates::Date;
use crate::keys;

/// Names of one entity beyond these are searched by and counted, but not compared one by one.
pub(crate) const MOST_NAMES: usize = 200;

/// An entity, prepared to be compared.
#[derive(Debug)]
pub struct Record {
    pub id: String,
    /// Its schema, by FollowTheMoney's name.
    pub schema: &'static entity::Schema,
    pub(crate) names: Vec<Prepared>,
    /// Birth, incorporation or building: `1970`, `1970-05`, `1970-05-12`.
    pub(crate) begun: Vec<Date>,
    /// Whether it is a person.
    pub(crate) person: bool,
    pub(crate) countries: Vec<String>,
    pub(crate) identifiers: Vec<Identifier>,
    pub(crate) gender: Option<String>,
    /// Words of addresses, sorted.
    pub(crate) addresses: Vec<Vec<String>>,
    /// Hashes of what it may be found by, sorted.
    pub(crate) keys: Vec<u64>,
}

/// A number that somebody gave to an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    /// The property that holds it.
    pub property: String,
    /// Letters and digits, in capitals.
    pub value: String,
    /// Whether it has a check digit that agrees.
    pub checked: bool,
}

/// Prepares an entity; `None` if the model does not know its schema.
#[must_use]
pub fn record(entity: &Entity) -> Option<Record> {
    let schema = entity.schema()?;
    let all = entity.values_of(Kind::Name, false);
    let written = |names: &[&str]| -> Vec<Prepared> {
        names
            .iter()
            .take(MOST_NAMES)
            .map(|name| names::prepare(&schema.name, name))
            .collect()
    };
    let begun = ["birthDate", "incorporationDate", "buildDate"]
        .iter()
        .flat_map(|property| entity.get(property))
        .filter_map(|date| Date::read(date))
        .collect();
    let mut countries: Vec<String> = entity
        .values_of(Kind::Country, true)
        .into_iter()
        // What is no country that is known here speaks neither for nor against.
        .filter(|value| entity::country(value) == Some(value))
        .map(str::to_owned)
        .collect();
    countries.sort();
    countries.dedup();
    let mut identifiers = Vec::new();
    for (name, values) in &entity.properties {
        let Some(property) = schema.properties.get(name) else {
            continue;
        };
        if property.kind != Kind::Identifier || !property.matchable {
            continue;
        }
        for value in values {
            let plain: String = value
                .chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_uppercase)
                .collect();
            if plain.chars().count() < 4 {
                continue;
            }
            let checked = property.format.as_deref().is_some_and(|format| {
                matches!(
                    entity::identifier::validate(format, value),
                    Some(entity::identifier::Validity::Valid(_))
                )
            });
            identifiers.push(Identifier {
                property: name.clone(),
                value: plain,
                checked,
            });
        }
    }
    identifiers.sort();
    identifiers.dedup();
    let addresses = entity
        .values_of(Kind::Address, false)
        .into_iter()
        .take(20)
        .map(|address| {
            let mut words: Vec<String> = address
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(60)
                .map(str::to_lowercase)
                .collect();
            words.sort();
            words.dedup();
            words
        })
        .collect();
    let names = written(&all);
    let keys = keys::of(
        &names,
        all.get(MOST_NAMES..).unwrap_or_default(),
        &schema.name,
        &identifiers,
    );
    Some(Record {
        id: entity.id.clone(),
        schema,
        person: schema.is_a("Person"),
        names,
        begun,
        countries,
        identifiers,
        gender: entity.get("gender").first().cloned(),
        addresses,
        keys,
    })
}
