//! Entities as rows of a table.

use std::collections::BTreeSet;

use crate::Entity;
use crate::model::model;

/// Between several values in one cell.
const BETWEEN: &str = ";";

/// Why a row is no entity.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the table has no column `{0}`")]
    NoColumn(&'static str),
    #[error("the row has no id")]
    NoId,
    #[error("the row has no schema")]
    NoSchema,
}

/// The columns for some entities: `id`, `schema`, then every property that one of them has, by name.
#[must_use]
pub fn columns<'a>(entities: impl IntoIterator<Item = &'a Entity>) -> Vec<String> {
    let names: BTreeSet<&str> = entities
        .into_iter()
        .flat_map(|entity| entity.properties.keys().map(String::as_str))
        .collect();
    ["id", "schema"]
        .into_iter()
        .chain(names)
        .map(str::to_owned)
        .collect()
}

/// The cells of an entity for some columns. Several values stand in one cell with `;` between, a `;` or `\` inside
/// a value is written `\;` or `\\`.
#[must_use]
pub fn to_row(entity: &Entity, columns: &[String]) -> Vec<String> {
    let cell = |column: &String| match column.as_str() {
        "id" => entity.id.clone(),
        "schema" => entity.schema.clone(),
        name => {
            let values = entity.get(name).iter();
            let escaped = values.map(|v| v.replace('\\', "\\\\").replace(';', "\\;"));
            escaped.collect::<Vec<_>>().join(BETWEEN)
        }
    };
    columns.iter().map(cell).collect()
}

/// The entity of a row; the other way of [`to_row`].
///
/// # Errors
/// If there is no id or no schema (a table of one schema may leave the column out and give it here).
pub fn from_row(
    columns: &[String],
    row: &[&str],
    schema: Option<&str>,
) -> Result<Entity, TableError> {
    let cell = |name: &str| {
        columns
            .iter()
            .position(|c| c == name)
            .map(|at| row.get(at).copied().unwrap_or_default())
    };
    let id = cell("id").ok_or(TableError::NoColumn("id"))?;
    let schema = match (cell("schema"), schema) {
        (Some(own), _) if !own.is_empty() => own,
        (_, Some(given)) => given,
        (Some(_), None) => return Err(TableError::NoSchema),
        (None, None) => return Err(TableError::NoColumn("schema")),
    };
    if id.is_empty() {
        return Err(TableError::NoId);
    }
    let mut entity = Entity {
        id: id.to_owned(),
        schema: schema.to_owned(),
        ..Entity::default()
    };
    for (column, cell) in columns.iter().zip(row) {
        if column == "id" || column == "schema" {
            continue;
        }
        for value in split(cell) {
            entity.add(column, value);
        }
    }
    Ok(entity)
}

fn split(cell: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut value = String::new();
    let mut chars = cell.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => value.extend(chars.next()),
            ';' => out.push(std::mem::take(&mut value)),
            other => value.push(other),
        }
    }
    out.push(value);
    out.retain(|value| !value.trim().is_empty());
    out
}

/// The statements of an entity as rows `entity_id, schema, prop, prop_type, value`: one for each value.
#[must_use]
pub fn statements(entity: &Entity) -> Vec<[String; 5]> {
    let schema = model().get(&entity.schema);
    let mut out = Vec::new();
    for (name, values) in &entity.properties {
        let kind = schema
            .and_then(|s| s.properties.get(name))
            .map_or("", |p| p.kind.name());
        for value in values {
            out.push([
                entity.id.clone(),
                entity.schema.clone(),
                name.clone(),
                kind.to_owned(),
                value.clone(),
            ]);
        }
    }
    out
}
