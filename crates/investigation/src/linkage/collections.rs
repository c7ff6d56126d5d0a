//! Lists of a case, linked to be counted; what people said of pairs of their records is kept to.

use std::collections::{HashMap, HashSet};

use entity::Entity;
use estimate::Table;
use matching::linkage::{Label, Place, Records, Remark, RuleCount, Sheet, Step};

use super::{LinkedPair, ReadLists, plan_link};
use crate::case::Case;
use crate::{Failure, LinkSettings, ListInfo, Whose};

/// Pairs that are laid before a person at most; the most doubtful come first.
const MOST_PAIRS: usize = 200;
/// Pairs less likely than this, or likelier than one less this, are no doubt worth a person's time.
const DOUBT: f64 = 0.02;
/// The heading that says nothing to whoever compares two records.
const PLUMBING: &str = "id";

/// A record of a list as a person compares it.
#[derive(Clone, Debug)]
pub struct CountedRecord {
    pub id: String,
    pub list: String,
    /// What it says, by heading.
    pub cells: Vec<(String, String)>,
}

/// Two records that may be of one person.
#[derive(Clone, Debug)]
pub struct CountedPair {
    pub left: CountedRecord,
    pub right: CountedRecord,
    /// The probability that they are of one person.
    pub score: f64,
    /// Whether they are counted as one at present.
    pub joined: bool,
    pub because: Vec<Step>,
}

/// Lists of a case, linked.
#[derive(Clone, Debug)]
pub struct CountedLists {
    pub lists: Vec<String>,
    pub records: u64,
    pub people: u64,
    pub compared: u64,
    pub rules: Vec<RuleCount>,
    pub remarks: Vec<Remark>,
    /// Pairs that nobody has judged, the most doubtful first; at most two hundred of `waiting`.
    pub pairs: Vec<CountedPair>,
    pub waiting: u64,
    /// Judged pairs that the model learned from.
    pub judged: usize,
    /// How many people are on exactly which lists; `None` for one list.
    pub table: Option<Table>,
    /// The same for linkages drawn from the probabilities.
    pub drawn: Vec<Table>,
}

impl Case {
    /// Links lists of the case, by the hashes of their files.
    ///
    /// # Errors
    /// A list is not of the case, they cannot be linked, or the case is damaged.
    pub fn count_lists(&self, hashes: &[String]) -> Result<CountedLists, Failure> {
        let lists = chosen(self.lists()?, hashes)?;
        let judgings = self.judgings()?;
        let mut sheets = Vec::new();
        for list in &lists {
            let same = lists.iter().filter(|other| other.name == list.name).count();
            let short = list.sha256.get(..8).unwrap_or_default();
            let name = if same > 1 {
                format!("{} {short}", list.name)
            } else {
                list.name.clone()
            };
            sheets.push(self.sheet_of(list, &name)?);
        }
        let names = sheets.iter().map(|sheet| sheet.name.clone()).collect();
        let read = ReadLists {
            sheets,
            sha256: lists.iter().map(|list| list.sha256.clone()).collect(),
            remarks: Vec::new(),
        };
        super::enough(&read.sheets)?;
        let plan = plan_link(&read, LinkSettings::default())?;
        let ids = ids(&plan.records);
        let (mut labels, mut judged) = (HashMap::new(), HashSet::new());
        for one in &judgings {
            let (Some(a), Some(b)) = (ids.get(one.left.as_str()), ids.get(one.right.as_str()))
            else {
                continue;
            };
            let pair = (*a.min(b), *a.max(b));
            judged.insert(pair);
            // The last word on a pair stands.
            match one.judgement {
                "same" => labels.insert(pair, true),
                "different" => labels.insert(pair, false),
                _ => labels.remove(&pair),
            };
        }
        let mut labels: Vec<Label> = labels
            .into_iter()
            .map(|((left, right), same)| Label { left, right, same })
            .collect();
        labels.sort_by_key(|label| (label.left, label.right));
        let (rules, count) = (plan.counts.clone(), labels.len());
        let linked = plan.finish(labels, HashMap::new())?;
        let mut waiting = Vec::new();
        linked.each_between(DOUBT, 1.0 - DOUBT, |left, right, score| {
            if !judged.contains(&(left.min(right), left.max(right))) {
                waiting.push((left, right, score));
            }
        });
        waiting.sort_by(|a, b| {
            let doubt = |one: &(u32, u32, f64)| (one.2 - 0.5).abs();
            doubt(a)
                .total_cmp(&doubt(b))
                .then((a.0, a.1).cmp(&(b.0, b.1)))
        });
        let all = waiting.len() as u64;
        waiting.truncate(MOST_PAIRS);
        let pairs = linked
            .told(&waiting)
            .into_iter()
            .zip(&waiting)
            .map(|(pair, (left, right, _))| counted(&linked.records, pair, *left, *right))
            .collect();
        let several = linked.records.sheets.len() > 1;
        let (records, people) = linked.totals();
        Ok(CountedLists {
            lists: names,
            records,
            people,
            compared: linked.compared,
            rules,
            remarks: linked.remarks.clone(),
            pairs,
            waiting: all,
            judged: count,
            table: several.then(|| linked.table()).transpose()?,
            drawn: if several {
                linked.drawn_tables()?
            } else {
                Vec::new()
            },
        })
    }

    /// The records of a list as rows, an id in each.
    fn sheet_of(&self, list: &ListInfo, name: &str) -> Result<Sheet, Failure> {
        let hash = list
            .sha256
            .parse()
            .map_err(|_| Failure::new(Whose::Bug, "hash", "a hash does not read back"))?;
        let mut entities: Vec<Entity> = Vec::new();
        self.read(|ledger| {
            ledger.each_listed::<Failure>(Some(hash), |row| {
                entities.extend(entity::read_line(&row.body).ok());
                Ok(())
            })
        })?;
        let mut columns = entity::columns(&entities);
        columns.retain(|column| column != "schema");
        let mut sheet = Sheet::new(name, columns.iter().map(String::as_str));
        for entity in &entities {
            let row = entity::to_row(entity, &columns);
            sheet.push(row.iter().map(String::as_str));
        }
        Ok(sheet)
    }
}

fn chosen(all: Vec<ListInfo>, hashes: &[String]) -> Result<Vec<ListInfo>, Failure> {
    let unknown = hashes
        .iter()
        .find(|hash| !all.iter().any(|list| list.sha256 == **hash));
    if unknown.is_some() {
        return Err(Failure::new(
            Whose::You,
            "no-such-list",
            "the case has no such list",
        ));
    }
    Ok(all
        .into_iter()
        .filter(|list| hashes.contains(&list.sha256))
        .collect())
}

/// Records by the ids that the case knows them by.
fn ids<'s>(records: &Records<'s>) -> HashMap<&'s str, u32> {
    let mut ids = HashMap::new();
    for (list, sheet) in records.sheets.iter().enumerate() {
        let column = sheet.columns.iter().position(|c| c.heading == "id");
        for row in 0..sheet.rows() {
            let id = column.map_or("", |column| sheet.cell(row, column));
            if let Some(record) = records.at(Place { list, row }) {
                ids.entry(id).or_insert(record);
            }
        }
    }
    ids
}

fn counted(records: &Records<'_>, pair: LinkedPair, left: u32, right: u32) -> CountedPair {
    CountedPair {
        left: record(records, left),
        right: record(records, right),
        score: pair.score,
        joined: pair.joined,
        because: pair.because,
    }
}

fn record(records: &Records<'_>, number: u32) -> CountedRecord {
    let place = records.place(number);
    let mut out = CountedRecord {
        id: String::new(),
        list: String::new(),
        cells: Vec::new(),
    };
    let Some(sheet) = records.sheets.get(place.list) else {
        return out;
    };
    out.list.clone_from(&sheet.name);
    for (at, column) in sheet.columns.iter().enumerate() {
        let cell = sheet.cell(place.row, at).trim();
        if column.heading == "id" {
            cell.clone_into(&mut out.id);
        }
        if !cell.is_empty() && column.heading != PLUMBING {
            out.cells.push((column.heading.clone(), cell.to_owned()));
        }
    }
    out
}
