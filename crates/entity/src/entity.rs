//! One entity.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::{Schema, model};
use crate::{Kind, clean};

/// An entity as a source gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entity {
    pub id: String,
    /// The name of its schema, known or not.
    pub schema: String,
    /// Values by property, without repetition, in the order they were given. Unknown properties and values
    /// that are not of their type are among them.
    pub properties: BTreeMap<String, Vec<String>>,
    /// Whatever else stood in the record: `datasets`, `referents`, `first_seen`, `caption` …
    pub context: Map<String, Value>,
}

/// Something about a record that a reader should know; the record is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The model has no such schema.
    UnknownSchema { schema: String },
    /// The schema is only to be inherited from.
    AbstractSchema { schema: String },
    /// The schema has no such property.
    UnknownProperty { property: String },
    /// The property is only the other end of a link.
    StubProperty { property: String },
    /// The value is not of the property's type, or its check digit is wrong.
    BadValue {
        property: String,
        kind: Kind,
        value: String,
    },
    /// Longer than the property allows.
    LongValue {
        property: String,
        most: usize,
        chars: usize,
    },
    /// A property that the schema needs has no value.
    Missing { property: String },
    /// It refers to itself.
    SelfReference { property: String },
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownSchema { schema } => write!(
                f,
                "`{schema}` is no schema that is known here; the record is kept"
            ),
            Self::AbstractSchema { schema } => {
                write!(f, "`{schema}` is only for other schemata to inherit from")
            }
            Self::UnknownProperty { property } => {
                write!(f, "`{property}` is no property of the schema; it is kept")
            }
            Self::StubProperty { property } => write!(
                f,
                "`{property}` is the other end of a link and is not set here"
            ),
            Self::BadValue {
                property,
                kind,
                value,
            } => {
                write!(
                    f,
                    "`{property}`: `{}` is no valid {}; it is kept as it came",
                    short(value),
                    kind.name()
                )
            }
            Self::LongValue {
                property,
                most,
                chars,
            } => {
                write!(
                    f,
                    "`{property}`: {chars} characters, {most} are usual; it is kept whole"
                )
            }
            Self::Missing { property } => write!(f, "`{property}` has no value"),
            Self::SelfReference { property } => {
                write!(f, "`{property}` refers to the record itself")
            }
        }
    }
}

fn short(value: &str) -> String {
    let mut out: String = value.chars().take(60).collect();
    if out.len() < value.len() {
        out.push('…');
    }
    out
}

impl Entity {
    /// Its schema, if the model knows it.
    #[must_use]
    pub fn schema(&self) -> Option<&'static Schema> {
        model().get(&self.schema)
    }

    /// The values of a property; none if it has none.
    #[must_use]
    pub fn get(&self, property: &str) -> &[String] {
        self.properties.get(property).map_or(&[], Vec::as_slice)
    }

    /// Adds a value, if it is new.
    pub fn add(&mut self, property: &str, value: impl Into<String>) {
        let value = value.into();
        let values = self.properties.entry(property.to_owned()).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// All values of a type over all properties, in the order of the properties' names, without repetition.
    #[must_use]
    pub fn values_of(&self, kind: Kind, matchable_only: bool) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        let Some(schema) = self.schema() else {
            return out;
        };
        let mut seen = std::collections::HashSet::new();
        for (name, values) in &self.properties {
            let Some(property) = schema.properties.get(name) else {
                continue;
            };
            if property.kind != kind || (matchable_only && !property.matchable) {
                continue;
            }
            out.extend(
                values
                    .iter()
                    .map(String::as_str)
                    .filter(|value| seen.insert(*value)),
            );
        }
        out
    }

    /// Brings every value to its canonical form; what cannot be brought to it stays and is told.
    pub fn normalise(&mut self) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let Some(schema) = self.schema() else {
            troubles.push(Trouble::UnknownSchema {
                schema: self.schema.clone(),
            });
            return troubles;
        };
        if schema.is_abstract {
            troubles.push(Trouble::AbstractSchema {
                schema: schema.name.clone(),
            });
        }
        for (name, values) in &mut self.properties {
            let Some(property) = schema.properties.get(name) else {
                troubles.push(Trouble::UnknownProperty {
                    property: name.clone(),
                });
                continue;
            };
            if property.stub {
                troubles.push(Trouble::StubProperty {
                    property: name.clone(),
                });
                continue;
            }
            let mut kept: Vec<String> = Vec::with_capacity(values.len());
            let mut seen = std::collections::HashSet::with_capacity(values.len());
            for value in std::mem::take(values) {
                let value = match clean(property, &value) {
                    Some(canonical) => canonical,
                    None => {
                        troubles.push(Trouble::BadValue {
                            property: name.clone(),
                            kind: property.kind,
                            value: value.clone(),
                        });
                        value
                    }
                };
                let chars = value.chars().count();
                if chars > property.max_length {
                    troubles.push(Trouble::LongValue {
                        property: name.clone(),
                        most: property.max_length,
                        chars,
                    });
                }
                if property.kind == Kind::Entity && value == self.id {
                    troubles.push(Trouble::SelfReference {
                        property: name.clone(),
                    });
                }
                if seen.insert(value.clone()) {
                    kept.push(value);
                }
            }
            *values = kept;
        }
        self.properties.retain(|_, values| !values.is_empty());
        for property in &schema.required {
            if self.get(property).is_empty() {
                troubles.push(Trouble::Missing {
                    property: property.clone(),
                });
            }
        }
        troubles
    }
}

/// What to call an entity: the first property of the schema's caption that has a value; of several names the one
/// that most resembles the others, in Latin letters where there are such; else the schema's label.
#[must_use]
pub fn caption(entity: &Entity) -> String {
    let Some(schema) = entity.schema() else {
        return entity.id.clone();
    };
    for name in &schema.caption {
        let values = entity.get(name);
        let Some(first) = values.first() else {
            continue;
        };
        let is_name = schema
            .properties
            .get(name)
            .is_some_and(|p| p.kind == Kind::Name);
        return if is_name {
            pick(values).unwrap_or(first).to_owned()
        } else {
            first.clone()
        };
    }
    schema.label.clone()
}

/// The most typical of some names. Of thousands, the first hundred are looked at.
fn pick(names: &[String]) -> Option<&str> {
    let latin = |name: &&String| {
        name.chars()
            .filter(|c| c.is_alphabetic())
            .all(|c| u32::from(c) < 0x250)
    };
    let mut among: Vec<&String> = names.iter().filter(latin).take(100).collect();
    if among.is_empty() {
        among = names.iter().take(100).collect();
    }
    among.sort();
    let words = |name: &str| -> std::collections::BTreeSet<String> {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let sets: Vec<_> = among.iter().map(|name| words(name)).collect();
    let share = |i: usize| -> f32 {
        let Some(own) = sets.get(i) else {
            return 0.0;
        };
        let mut sum = 0.0;
        for other in &sets {
            let (both, all) = (own.intersection(other).count(), own.union(other).count());
            if all > 0 {
                #[expect(clippy::cast_precision_loss, reason = "words of a name")]
                let share = both as f32 / all as f32;
                sum += share;
            }
        }
        sum
    };
    // Names all in capitals are how machines write; people read the others more easily.
    let shouted = |name: &str| {
        name.chars().all(|c| !c.is_lowercase()) && name.chars().any(char::is_uppercase)
    };
    let mut best: Option<(usize, f32)> = None;
    for (i, name) in among.iter().enumerate() {
        let score = share(i) - if shouted(name) { 0.5 } else { 0.0 };
        if best.is_none_or(|(_, most)| score > most) {
            best = Some((i, score));
        }
    }
    among.get(best?.0).map(|name| name.as_str())
}
