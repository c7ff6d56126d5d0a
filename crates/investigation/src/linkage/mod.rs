//! `link`: which records of several lists, or of one, are of the same person.

mod collections;
mod labels;
mod reading;
mod written;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use matching::linkage::{
    Constraints, Explainer, Field, Joined, Label, Model, Proposal, Records, Remark, RuleCount,
    Scored, ScoredPairs, Settings, Sheet, Step, SweepRow,
};
use serde::Serialize;

use crate::{Failure, Tools, Whose};

pub use collections::{CountedLists, CountedPair, CountedRecord};
pub use written::{read_settings, write_settings};

/// Lists that were read to be linked.
#[derive(Debug)]
pub struct ReadLists {
    sheets: Vec<Sheet>,
    /// Of each list's bytes.
    pub sha256: Vec<String>,
    pub remarks: Vec<Remark>,
}

pub(crate) fn remark(code: &'static str, message: String) -> Remark {
    Remark { code, message }
}

/// Reads lists: CSV (commas, semicolons, tabs), XLSX and other workbooks, FollowTheMoney JSON lines. `told` hears of
/// the bytes read of each.
///
/// # Errors
/// If one cannot be read, holds no table, or is given twice.
pub fn read_lists(
    tools: &Tools,
    paths: &[PathBuf],
    mut told: impl FnMut(u64, u64),
) -> Result<ReadLists, Failure> {
    let mut lists = ReadLists {
        sheets: Vec::new(),
        sha256: Vec::new(),
        remarks: Vec::new(),
    };
    let short = |path: &Path| {
        path.file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    for path in paths {
        let name = short(path);
        let unique = paths.iter().filter(|other| short(other) == name).count() == 1;
        let name = if unique {
            name
        } else {
            path.display().to_string()
        };
        let read = reading::read(tools, path, &name, &mut lists.remarks, &mut told)?;
        if let Some(before) = lists.sha256.iter().position(|sha| *sha == read.sha256) {
            let first = lists
                .sheets
                .get(before)
                .map_or("", |sheet| sheet.name.as_str());
            return Err(Failure::new(
                Whose::You,
                "list-twice",
                format!("`{first}` and `{name}` are the same file: a list has no overlap with itself that says anything"),
            )
            .hint("to look for one person named twice in a list, give it once: tumen link LIST.csv"));
        }
        lists.sheets.push(read.sheet);
        lists.sha256.push(read.sha256);
    }
    enough(&lists.sheets)?;
    Ok(lists)
}

/// Whether there is anything to link, and not too much.
fn enough(sheets: &[Sheet]) -> Result<(), Failure> {
    let rows: usize = sheets.iter().map(Sheet::rows).sum();
    if rows < 2 {
        return Err(Failure::new(
            Whose::You,
            "one-record",
            "there is only one record: nothing can be linked",
        ));
    }
    if u32::try_from(rows).is_err() {
        return Err(Failure::new(
            Whose::You,
            "too-many-records",
            format!("{rows} records are more than can be linked at once"),
        ));
    }
    Ok(())
}

/// What each list calls its records, if it does.
pub(crate) fn id_column(sheet: &Sheet, fields: &[Field]) -> Option<usize> {
    let field = fields.iter().find(|field| labels::is_record(field))?;
    let heading = field.from.get(&sheet.name)?.first()?;
    sheet
        .columns
        .iter()
        .position(|column| column.heading == *heading)
}

/// What is going to be done, before anything is compared.
#[derive(Debug)]
pub struct LinkPlan<'l> {
    /// Complete but for the model.
    pub settings: Settings,
    pub fields: Vec<Field>,
    pub counts: Vec<RuleCount>,
    /// Fields of which no round of training can tell how often they agree for one person.
    pub without_m: Vec<String>,
    pub remarks: Vec<Remark>,
    records: Records<'l>,
}

/// Recognises the columns, proposes rules and counts the pairs that each makes. What the settings say is not changed.
///
/// # Errors
/// If the lists have no column in common, or the settings name what is not there.
pub fn plan_link(lists: &ReadLists, settings: Settings) -> Result<LinkPlan<'_>, Failure> {
    let mut settings = settings;
    let mut remarks = lists.remarks.clone();
    let (found, told) = matching::linkage::recognise(&lists.sheets);
    let fields = match settings.columns.take() {
        Some(fields) => fields,
        None => {
            remarks.extend(told);
            found
        }
    };
    let compared = fields
        .iter()
        .filter(|field| !labels::is_record(field))
        .count();
    if compared == 0 || compared > 16 {
        return Err(Failure::new(
            Whose::You,
            "no-columns",
            if compared == 0 {
                "the lists have no column in common that can be compared".to_owned()
            } else {
                format!("the settings compare {compared} columns; 16 is the most")
            },
        )
        .hint("give the columns their usual headings (name, birth date, sex, place), or say in --settings which belong together"));
    }
    if settings.pairing.within || lists.sheets.len() > 1 {
        // As the settings say.
    } else {
        settings.pairing.within = true;
    }
    for sheet in &lists.sheets {
        // Two lists that are compared with one another only: each names a person once.
        settings
            .duplicates
            .entry(sheet.name.clone())
            .or_insert(settings.pairing.within);
    }
    let (records, told) = Records::new(&lists.sheets, &fields);
    remarks.extend(told);
    remarks.extend(matching::linkage::copied(&records));
    remarks.extend(matching::linkage::collisions(&records, &fields));
    let (proposal, told): (Proposal, _) = if settings.rules.is_some() && settings.training.is_some()
    {
        (Proposal::default(), Vec::new())
    } else {
        matching::linkage::propose(&records, &settings.pairing)
    };
    let counts = match &settings.rules {
        Some(rules) => {
            let (counts, told) = matching::linkage::count(&records, rules, &settings.pairing);
            remarks.extend(told);
            counts
        }
        None => {
            remarks.extend(told);
            settings.rules = Some(proposal.rules);
            proposal.counts
        }
    };
    let training = settings.training.get_or_insert(proposal.training);
    let without_m = if settings.model.is_some() {
        Vec::new()
    } else {
        matching::linkage::without_m(&records, training)
    };
    if counts.is_empty() {
        return Err(Failure::new(Whose::You, "no-rules", "no rule says which records are to be compared")
            .hint("the lists need a name, a date of birth or a number in common; or give rules in --settings"));
    }
    settings.columns = Some(fields.clone());
    Ok(LinkPlan {
        settings,
        fields,
        counts,
        without_m,
        remarks,
        records,
    })
}

/// Files that say more than the lists do.
#[derive(Clone, Debug, Default)]
pub struct LinkKnown {
    /// Pairs that people judged.
    pub labels: Option<PathBuf>,
    /// Clusters of an earlier run, of which ids are kept.
    pub clusters: Option<PathBuf>,
}

/// What linkage found.
#[derive(Debug)]
pub struct Linked<'l> {
    /// Everything that is needed to do the same again.
    pub settings: Settings,
    pub model: Model,
    pub compared: u64,
    /// What each rule made that no rule before it had.
    pub by_rule: Vec<u64>,
    pub remarks: Vec<Remark>,
    /// What each threshold finds of the judged pairs; empty without them.
    pub sweep: Vec<SweepRow>,
    fields: Vec<Field>,
    records: Records<'l>,
    pairs: ScoredPairs,
    labels: Vec<Label>,
    joined: Joined,
    constraints: Constraints,
    before: HashMap<u64, String>,
}

/// A record as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordPlace {
    pub file: String,
    /// From 1; the heading is not counted.
    pub row: usize,
    /// What the list calls it.
    pub id: Option<String>,
}

/// A pair that is probably of one person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkedPair {
    pub left: RecordPlace,
    pub right: RecordPlace,
    /// The probability that they are of one person.
    pub score: f64,
    /// Whether the two are counted as one; else why not.
    pub joined: bool,
    pub refused: Option<matching::linkage::Refusal>,
    /// From the prior to the log-odds, step by step.
    pub because: Vec<Step>,
}

impl<'l> LinkPlan<'l> {
    /// Trains (unless the settings hold a model), compares, and joins.
    ///
    /// # Errors
    /// If labels or clusters cannot be read.
    pub fn run(self, known: &LinkKnown) -> Result<Linked<'l>, Failure> {
        let mut told = Vec::new();
        let labels = match &known.labels {
            Some(path) => labels::read(path, &self.records, &self.fields, &mut told)?,
            None => Vec::new(),
        };
        let before = match &known.clusters {
            Some(path) => written::read_clusters(path, &self.records, &self.fields)?,
            None => HashMap::new(),
        };
        let mut plan = self;
        plan.remarks.extend(told);
        plan.finish(labels, before)
    }

    /// The same with what is known at hand.
    fn finish(
        self,
        labels: Vec<Label>,
        before: HashMap<u64, String>,
    ) -> Result<Linked<'l>, Failure> {
        let Self {
            mut settings,
            fields,
            mut remarks,
            records,
            ..
        } = self;
        let pairing = settings.pairing;
        let trained = settings.model.is_none();
        let mut model = match settings.model.take() {
            Some(model) => fitting(model, &records)?,
            None => {
                let training = settings.training.clone().unwrap_or_default();
                let (model, told) =
                    matching::linkage::train(&records, &training, &pairing, &labels, settings.seed);
                remarks.extend(told);
                model
            }
        };
        let rules = settings.rules.clone().unwrap_or_default();
        let prior = model.prior;
        let (pairs, told) = matching::linkage::score(&records, &rules, &pairing, &mut model);
        remarks.extend(told);
        if !trained {
            // A model that was given is used as it stands.
            model.prior = prior;
        }
        let constraints = Constraints {
            duplicates: records
                .sheets
                .iter()
                .map(|s| settings.duplicates.get(&s.name).copied().unwrap_or(true))
                .collect(),
        };
        let mut explainer = Explainer::new(&records, &model);
        let over = pairs
            .pairs
            .partition_point(|pair| model.probability(pair) >= settings.threshold);
        let likely = pairs.pairs.get(..over).unwrap_or_default();
        let joined =
            matching::linkage::join(&records, likely, &constraints, &labels, &mut explainer);
        let sweep = if labels.is_empty() {
            Vec::new()
        } else {
            let made: std::collections::HashSet<(u32, u32)> =
                pairs.pairs.iter().map(|p| (p.left, p.right)).collect();
            matching::linkage::sweep(&pairs.pairs, &model, &labels, &mut explainer, |a, b| {
                made.contains(&(a, b))
            })
        };
        drop(explainer);
        settings.model = Some(model.clone());
        Ok(Linked {
            settings,
            model,
            compared: pairs.compared,
            by_rule: pairs.by_rule.clone(),
            remarks,
            sweep,
            fields,
            records,
            pairs,
            labels,
            joined,
            constraints,
            before,
        })
    }

    /// How many pairs of records may be compared at all.
    #[must_use]
    pub fn all_pairs(&self) -> u64 {
        self.records.all_pairs(self.settings.pairing.within)
    }
}

/// A model for the fields in their order.
fn fitting(model: Model, records: &Records<'_>) -> Result<Model, Failure> {
    let mut fields = Vec::new();
    for field in &records.fields {
        let found = model
            .fields
            .iter()
            .find(|m| m.name == field.name && m.kind == field.kind);
        let Some(found) = found else {
            return Err(Failure::new(
                Whose::You,
                "model-does-not-fit",
                format!(
                    "the model in the settings does not know the column `{}`",
                    field.name
                ),
            )
            .hint("take `model` out of the settings to learn it again"));
        };
        fields.push(found.clone());
    }
    Ok(Model { fields, ..model })
}

impl Linked<'_> {
    /// The pairs at or above the threshold, the likeliest first, each with its reasons. Those that are not joined (a
    /// likelier pair came before, or others of their cluster speak against it) are given with `all` only.
    /// Without `reasons` they have none.
    ///
    /// # Errors
    /// What `each` returns.
    pub fn pairs(
        &self,
        all: bool,
        reasons: bool,
        mut each: impl FnMut(&LinkedPair) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let mut explainer = Explainer::new(&self.records, &self.model);
        let refused: HashMap<(u32, u32), matching::linkage::Refusal> = self
            .joined
            .refused
            .iter()
            .map(|(pair, why)| ((pair.left, pair.right), *why))
            .collect();
        let mut told = 0;
        for pair in &self.pairs.pairs {
            let score = self.model.probability(pair);
            if score < self.settings.threshold {
                break;
            }
            let home = |record: u32| self.joined.home.get(record as usize);
            let joined = home(pair.left) == home(pair.right);
            if !joined && !all {
                continue;
            }
            told += 1;
            each(&LinkedPair {
                left: self.place(pair.left),
                right: self.place(pair.right),
                score,
                joined,
                refused: refused
                    .get(&(pair.left, pair.right))
                    .copied()
                    .filter(|_| !joined),
                because: if reasons {
                    explainer.steps(pair.left, pair.right)
                } else {
                    Vec::new()
                },
            })?;
        }
        Ok(told)
    }

    /// Hands over pairs by the numbers of their records, whose probability is within these bounds.
    fn each_between(&self, least: f64, most: f64, mut each: impl FnMut(u32, u32, f64)) {
        for pair in &self.pairs.pairs {
            let score = self.model.probability(pair);
            if score < least {
                break;
            }
            if score <= most {
                each(pair.left, pair.right, score);
            }
        }
    }

    /// These pairs with their reasons.
    fn told(&self, pairs: &[(u32, u32, f64)]) -> Vec<LinkedPair> {
        let mut explainer = Explainer::new(&self.records, &self.model);
        let home = |record: u32| self.joined.home.get(record as usize);
        pairs
            .iter()
            .map(|(left, right, score)| LinkedPair {
                left: self.place(*left),
                right: self.place(*right),
                score: *score,
                joined: home(*left) == home(*right),
                refused: None,
                because: explainer.steps(*left, *right),
            })
            .collect()
    }

    fn place(&self, record: u32) -> RecordPlace {
        let place = self.records.place(record);
        let sheet = self.records.sheets.get(place.list);
        let id = sheet.and_then(|sheet| {
            let column = id_column(sheet, &self.fields)?;
            Some(sheet.cell(place.row, column).trim().to_owned()).filter(|id| !id.is_empty())
        });
        RecordPlace {
            file: sheet.map_or_else(String::new, |sheet| sheet.name.clone()),
            row: place.row + 1,
            id,
        }
    }

    /// Records, and people as they are counted.
    #[must_use]
    pub fn totals(&self) -> (u64, u64) {
        let people = (0u32..)
            .zip(&self.joined.home)
            .filter(|(record, home)| record == *home)
            .count();
        (self.records.len() as u64, people as u64)
    }

    /// Probable pairs that were not joined.
    #[must_use]
    pub fn refused(&self) -> &[(Scored, matching::linkage::Refusal)] {
        &self.joined.refused
    }
}
