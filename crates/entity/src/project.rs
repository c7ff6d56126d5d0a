//! Our own schemata as plain FollowTheMoney.

use crate::Entity;
use crate::model::model;

/// An entity as plain FollowTheMoney: one of ours becomes the schema that stands for it, its properties go where
/// the projection says, with their label before the value where several share one; others stay as they are.
/// Nothing is dropped: what has no place goes to `description` or `notes`, whichever the schema has.
#[must_use]
pub fn project(entity: &Entity) -> Entity {
    let Some((schema, projection)) = entity
        .schema()
        .and_then(|schema| Some((schema, schema.projection.as_ref()?)))
    else {
        return entity.clone();
    };
    let Some(theirs) = model().get(&projection.schema) else {
        return entity.clone();
    };
    let rest = ["notes", "description", "summary"]
        .into_iter()
        .find(|name| theirs.properties.contains_key(*name));
    let mut out = Entity {
        id: entity.id.clone(),
        schema: theirs.name.clone(),
        context: entity.context.clone(),
        ..Entity::default()
    };
    for (name, values) in &entity.properties {
        let to = projection.properties.get(name).unwrap_or(name);
        let known = theirs.properties.contains_key(to);
        let Some(to) = (if known { Some(to.as_str()) } else { rest }) else {
            continue;
        };
        let label = schema
            .properties
            .get(name)
            .map_or(name.as_str(), |p| p.label.as_str());
        for value in values {
            // Texts that many properties share say which one they were.
            if !known || matches!(to, "notes" | "description" | "summary" | "role") && to != name {
                out.add(to, format!("{label}: {value}"));
            } else {
                out.add(to, value.clone());
            }
        }
    }
    out
}
