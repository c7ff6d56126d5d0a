//! Entities that link two others.

use crate::{Entity, Kind};

/// A link between two entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge<'a> {
    /// The id of the end it starts from.
    pub source: &'a str,
    /// The id of the end it leads to.
    pub target: &'a str,
    /// What it says: the label of the schema's edge, or of the property.
    pub label: &'a str,
    /// The property, for a link that is a property and not an entity of its own.
    pub property: Option<&'a str>,
    pub directed: bool,
}

/// The links that an entity makes: as an entity of its own between its ends (ownership, family …), and by its
/// properties that refer to others. A link to itself is left out.
#[must_use]
pub fn edges(entity: &Entity) -> Vec<Edge<'_>> {
    let mut out = Vec::new();
    let Some(schema) = entity.schema() else {
        return out;
    };
    if let Some(spec) = &schema.edge {
        for source in entity.get(&spec.source) {
            for target in entity.get(&spec.target) {
                if source != target {
                    out.push(Edge {
                        source,
                        target,
                        label: &spec.label,
                        property: None,
                        directed: spec.directed,
                    });
                }
            }
        }
    }
    for (name, values) in &entity.properties {
        let Some(property) = schema
            .properties
            .get(name)
            .filter(|p| p.kind == Kind::Entity && !p.stub)
        else {
            continue;
        };
        if schema
            .edge
            .as_ref()
            .is_some_and(|spec| spec.source == *name || spec.target == *name)
        {
            continue;
        }
        for target in values.iter().filter(|target| **target != entity.id) {
            out.push(Edge {
                source: &entity.id,
                target,
                label: &property.label,
                property: Some(name),
                directed: true,
            });
        }
    }
    out
}
