//! JSON lines.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Entity;

/// Why a line is no entity.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("this is no JSON object of an entity (column {column}): {why}")]
    Json { column: usize, why: String },
    #[error("the record has no `id`")]
    NoId,
    #[error("the record has no `schema`")]
    NoSchema,
}

/// Reads one line: `{"id", "schema", "properties": {name: [values]}, …}`. Values may be texts, numbers, truth
/// values or whole entities (of which the id is taken, as in nested answers of the peers).
///
/// # Errors
/// If it is no JSON, or no entity.
pub fn read_line(line: &str) -> Result<Entity, LineError> {
    let record: Record = serde_json::from_str(line).map_err(|error| LineError::Json {
        column: error.column(),
        why: error.to_string(),
    })?;
    let entity = record.0;
    if entity.id.is_empty() {
        return Err(LineError::NoId);
    }
    if entity.schema.is_empty() {
        return Err(LineError::NoSchema);
    }
    Ok(entity)
}

/// The line of an entity: `id`, `schema`, `properties` in the order of their names, then the rest in the order of
/// its names. Reading a written line and writing it again gives the same bytes.
#[must_use]
pub fn write_line(entity: &Entity) -> String {
    #[derive(Serialize)]
    struct Line<'a> {
        id: &'a str,
        schema: &'a str,
        properties: &'a std::collections::BTreeMap<String, Vec<String>>,
        #[serde(flatten)]
        context: &'a serde_json::Map<String, Value>,
    }
    let line = Line {
        id: &entity.id,
        schema: &entity.schema,
        properties: &entity.properties,
        context: &entity.context,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

struct Record(Entity);

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with id, schema and properties")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record, A::Error> {
        let mut entity = Entity::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => entity.id = map.next_value::<Scalar>()?.0,
                "schema" => entity.schema = map.next_value::<Scalar>()?.0,
                "properties" => {
                    for (name, values) in map.next_value::<Properties>()?.0 {
                        for value in values {
                            entity
                                .properties
                                .entry(name.clone())
                                .or_default()
                                .push(value);
                        }
                    }
                }
                _ => {
                    let value = map.next_value()?;
                    entity.context.insert(key, value);
                }
            }
        }
        for values in entity.properties.values_mut() {
            let mut seen = std::collections::HashSet::with_capacity(values.len());
            values.retain(|value| seen.insert(value.clone()));
        }
        Ok(Record(entity))
    }
}

/// One text of a text, a number, a truth value; empty of null.
struct Scalar(String);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = Values(Vec::new());
        deserializer.deserialize_any(ValuesVisitor(&mut values))?;
        Ok(Self(values.0.into_iter().next().unwrap_or_default()))
    }
}

struct Properties(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;
        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of lists of values")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut out = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    out.push((name, map.next_value::<Values>()?.0));
                }
                Ok(Properties(out))
            }
            fn visit_unit<E>(self) -> Result<Properties, E> {
                Ok(Properties(Vec::new()))
            }
        }
        deserializer.deserialize_any(PropertiesVisitor)
    }
}

/// A value or a list of values, flattened.
struct Values(Vec<String>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values = Self(Vec::new());
        deserializer.deserialize_any(ValuesVisitor(&mut values))?;
        Ok(values)
    }
}

struct ValuesVisitor<'a>(&'a mut Values);

impl<'de> Visitor<'de> for ValuesVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of values")
    }
    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.0.push(value.to_owned());
        Ok(())
    }
    fn visit_string<E>(self, value: String) -> Result<(), E> {
        self.0.0.push(value);
        Ok(())
    }
    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.0.push(value.to_string());
        Ok(())
    }
    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.0.push(value.to_string());
        Ok(())
    }
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.0.push(value.to_string());
        Ok(())
    }
    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.0.push(value.to_string());
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(values) = seq.next_element::<Values>()? {
            self.0.0.extend(values.0);
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "id" {
                self.0.0.push(map.next_value::<Scalar>()?.0);
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
