//! Schemata and their properties.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::Kind;

/// All schemata: those of FollowTheMoney and our own.
#[derive(Debug)]
pub struct Model {
    /// The version of the package that the data came from.
    pub version: String,
    /// By name.
    pub schemata: BTreeMap<String, Schema>,
    types: BTreeMap<String, TypeFile>,
}

/// What an entity of one sort may say.
#[derive(Debug)]
pub struct Schema {
    pub name: String,
    pub label: String,
    pub plural: String,
    pub description: Option<String>,
    /// Only to be inherited from.
    pub is_abstract: bool,
    pub hidden: bool,
    pub generated: bool,
    pub deprecated: bool,
    /// Whether it makes sense to look for the same thing under another name.
    pub matchable: bool,
    /// Direct parents.
    pub extends: Vec<String>,
    /// Itself and all it inherits from.
    pub lineage: BTreeSet<String>,
    /// Shown first.
    pub featured: Vec<String>,
    /// Needed when a person makes one; imports may lack them.
    pub required: Vec<String>,
    /// Where the caption comes from, in this order.
    pub caption: Vec<String>,
    /// Given where it links two others.
    pub edge: Option<EdgeSpec>,
    /// Properties that tell when it began, then when it ended.
    pub temporal: (Vec<String>, Vec<String>),
    /// Own and inherited, by name.
    pub properties: HashMap<String, Property>,
    /// Only for our own: the schema of FollowTheMoney that stands for it, and where each property goes.
    pub projection: Option<Projection>,
}

/// How a schema links two entities.
#[derive(Clone, Debug, Deserialize)]
pub struct EdgeSpec {
    /// The property that holds the end it starts from.
    pub source: String,
    /// The property that holds the end it leads to.
    pub target: String,
    pub label: String,
    #[serde(default)]
    pub caption: Vec<String>,
    #[serde(default)]
    pub directed: bool,
}

/// How one of our schemata looks in plain FollowTheMoney.
#[derive(Clone, Debug, Deserialize)]
pub struct Projection {
    pub schema: String,
    /// Ours to theirs; what is not named keeps its name.
    pub properties: BTreeMap<String, String>,
}

/// One property of a schema.
#[derive(Clone, Debug)]
pub struct Property {
    pub name: String,
    pub label: String,
    pub description: Option<String>,
    pub kind: Kind,
    /// The schema that introduced it.
    pub schema: String,
    /// For links: what it may point at.
    pub range: Option<String>,
    /// For links: how the other end calls it.
    pub reverse: Option<String>,
    /// For identifiers: which.
    pub format: Option<String>,
    /// In Unicode scalar values.
    pub max_length: usize,
    pub hidden: bool,
    /// The other end of a link: never set, only shown.
    pub stub: bool,
    pub deprecated: bool,
    /// Whether it speaks for or against two entities being one.
    pub matchable: bool,
}

#[derive(Deserialize)]
struct ModelFile {
    #[serde(default)]
    followthemoney: String,
    #[serde(default)]
    types: BTreeMap<String, TypeFile>,
    schemata: BTreeMap<String, SchemaFile>,
}

#[derive(Debug, Deserialize)]
struct TypeFile {
    label: String,
    plural: String,
    group: Option<String>,
    #[serde(rename = "maxLength")]
    max_length: usize,
    #[serde(default)]
    matchable: Option<bool>,
    #[serde(default)]
    pivot: Option<bool>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct SchemaFile {
    label: String,
    plural: String,
    description: Option<String>,
    #[serde(default)]
    extends: Vec<String>,
    #[serde(default)]
    featured: Vec<String>,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    caption: Vec<String>,
    #[serde(default, rename = "abstract")]
    is_abstract: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    generated: bool,
    #[serde(default)]
    matchable: bool,
    #[serde(default)]
    deprecated: bool,
    edge: Option<EdgeSpec>,
    temporal: Option<TemporalFile>,
    projection: Option<Projection>,
    properties: BTreeMap<String, PropertyFile>,
}

#[derive(Deserialize)]
struct TemporalFile {
    start: Vec<String>,
    end: Vec<String>,
}

#[derive(Deserialize)]
struct PropertyFile {
    label: String,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Kind,
    range: Option<String>,
    reverse: Option<String>,
    format: Option<String>,
    #[serde(rename = "maxLength")]
    max_length: Option<usize>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    stub: bool,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    matchable: bool,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let theirs: ModelFile = serde_json::from_str(include_str!("../data/model.json"))
        .unwrap_or_else(|error| unreachable!("the embedded model is whole: {error}"));
    let ours: ModelFile = serde_json::from_str(include_str!("../data/own.json"))
        .unwrap_or_else(|error| unreachable!("the embedded schemata are whole: {error}"));
    Model::of(theirs, ours)
});

/// The model; read once.
#[must_use]
pub fn model() -> &'static Model {
    &MODEL
}

impl Model {
    fn of(theirs: ModelFile, ours: ModelFile) -> Self {
        let types = theirs.types;
        let mut files = theirs.schemata;
        files.extend(ours.schemata);
        let mut schemata = BTreeMap::new();
        for (name, file) in &files {
            schemata.insert(name.clone(), schema_of(name, file, &files, &types));
        }
        Self {
            version: theirs.followthemoney,
            schemata,
            types,
        }
    }

    /// A schema by its name, in FollowTheMoney's spelling.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Schema> {
        self.schemata.get(name)
    }

    /// The schemata of our own.
    pub fn own(&self) -> impl Iterator<Item = &Schema> {
        self.schemata.values().filter(|s| s.projection.is_some())
    }

    /// The group of a type, as the peers' interfaces name it: `names`, `countries` …
    #[must_use]
    pub fn group(&self, kind: Kind) -> Option<&str> {
        self.types.get(kind.name())?.group.as_deref()
    }

    /// The label of a type, one and many.
    #[must_use]
    pub fn type_label(&self, kind: Kind) -> (&str, &str) {
        match self.types.get(kind.name()) {
            Some(file) => (&file.label, &file.plural),
            None => (kind.name(), kind.name()),
        }
    }

    /// Whether values of the type speak for two entities being one, and whether one alone is a lead.
    #[must_use]
    pub fn weight(&self, kind: Kind) -> (bool, bool) {
        let file = self.types.get(kind.name());
        let flag = |of: fn(&TypeFile) -> Option<bool>| file.and_then(of).unwrap_or(false);
        (flag(|file| file.matchable), flag(|file| file.pivot))
    }

    /// The label of a code of a closed list (country, language, topic, gender).
    #[must_use]
    pub fn label(&self, kind: Kind, code: &str) -> Option<&str> {
        Some(self.types.get(kind.name())?.values.get(code)?.as_str())
    }
}

impl Schema {
    /// Whether it is `name` or inherits from it.
    #[must_use]
    pub fn is_a(&self, name: &str) -> bool {
        self.lineage.contains(name)
    }

    /// Whether an entity of this sort may be the same as one of the other: one is the other's kind, and
    /// both are matchable.
    #[must_use]
    pub fn can_match(&self, other: &Self) -> bool {
        self.matchable && other.matchable && (self.is_a(&other.name) || other.is_a(&self.name))
    }

    /// The schema that both are, if one is the other's kind: the narrower one.
    #[must_use]
    pub fn common<'a>(&'a self, other: &'a Self) -> Option<&'a Self> {
        if self.is_a(&other.name) {
            Some(self)
        } else if other.is_a(&self.name) {
            Some(other)
        } else {
            None
        }
    }
}

/// A schema with what it inherits, parents first; an own property wins over an inherited one.
fn schema_of(
    name: &str,
    file: &SchemaFile,
    files: &BTreeMap<String, SchemaFile>,
    types: &BTreeMap<String, TypeFile>,
) -> Schema {
    let mut lineage = BTreeSet::new();
    let mut properties = HashMap::new();
    let mut temporal = (Vec::new(), Vec::new());
    // Nearest first, so that what is near wins; the model has no cycles (tested), and a name is met once.
    let mut open = vec![name.to_owned()];
    let mut next = 0;
    while let Some(current) = open.get(next).cloned() {
        next += 1;
        let Some(part) = files.get(&current) else {
            continue;
        };
        if !lineage.insert(current.clone()) {
            continue;
        }
        if let Some(times) = &part.temporal {
            if temporal.0.is_empty() {
                temporal.0.clone_from(&times.start);
            }
            if temporal.1.is_empty() {
                temporal.1.clone_from(&times.end);
            }
        }
        for (property, spec) in &part.properties {
            properties
                .entry(property.clone())
                .or_insert_with(|| property_of(property, &current, spec, types));
        }
        open.extend(part.extends.iter().cloned());
    }
    Schema {
        name: name.to_owned(),
        label: file.label.clone(),
        plural: file.plural.clone(),
        description: file.description.clone(),
        is_abstract: file.is_abstract,
        hidden: file.hidden,
        generated: file.generated,
        deprecated: file.deprecated,
        matchable: file.matchable,
        extends: file.extends.clone(),
        lineage,
        featured: file.featured.clone(),
        required: file.required.clone(),
        caption: file.caption.clone(),
        edge: file.edge.clone(),
        temporal,
        properties,
        projection: file.projection.clone(),
    }
}

fn property_of(
    name: &str,
    schema: &str,
    spec: &PropertyFile,
    types: &BTreeMap<String, TypeFile>,
) -> Property {
    let of_type = types.get(spec.kind.name()).map_or(250, |t| t.max_length);
    Property {
        name: name.to_owned(),
        label: spec.label.clone(),
        description: spec.description.clone(),
        kind: spec.kind,
        schema: schema.to_owned(),
        range: spec.range.clone(),
        reverse: spec.reverse.clone(),
        format: spec.format.clone(),
        max_length: spec.max_length.unwrap_or(of_type),
        hidden: spec.hidden,
        stub: spec.stub,
        deprecated: spec.deprecated,
        matchable: spec.matchable,
    }
}
