//! Who on these lists may this be; who of one file is who of another. Needs no case.

use std::collections::HashMap;
use std::path::PathBuf;

use entity::{Entity, Judgement};
use matching::{Hit, Index, Record, Search};
use names::{Comparison, Feature};
use serde::Serialize;

use crate::lists::{ListOptions, ListRead, read_list};
use crate::{Failure, Whose};

/// One list, ready to be searched.
#[derive(Debug)]
pub struct Lists {
    index: Index,
    /// Of each record: which list it is of, and what it is called.
    of: Vec<(u16, String)>,
    pub read: Vec<ListRead>,
}

/// Feature by feature, why two records may or may not be one.
#[derive(Clone, Debug, Serialize)]
pub struct Because {
    pub feature: &'static str,
    /// Log-odds; all of them sum to those of the score.
    pub weight: f32,
    pub left: String,
    pub right: String,
    pub reason: String,
}

/// Two records that may be one.
#[derive(Clone, Debug, Serialize)]
pub struct Likeness {
    pub left: String,
    pub right: String,
    pub left_caption: String,
    pub right_caption: String,
    /// The list of the right one.
    pub list: String,
    /// 0 to 1.
    pub score: f32,
    pub because: Vec<Because>,
}

/// How a screening went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Screened {
    pub queries: u64,
    pub hits: u64,
    /// Hits that are not shown because somebody judged the two different.
    pub judged_different: u64,
    /// Records whose schema is not known or that have no name; they cannot be found.
    pub unsearchable: u64,
}

/// What people said of pairs, by both ids in order.
#[derive(Clone, Debug, Default)]
pub struct Said(HashMap<(String, String), Judgement>);

impl Said {
    /// Reads a file of judgements in nomenklatura's form.
    ///
    /// # Errors
    /// If the file cannot be read or a line of it is no judgement.
    pub fn read(path: &std::path::Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(
                Whose::You,
                "unreadable",
                format!("`{}` cannot be read: {error}", path.display()),
            )
        })?;
        let (good, bad) = entity::read_judgements(&text);
        if let Some(first) = bad.first() {
            return Err(Failure::new(Whose::You, "bad-judgements", format!("`{}`: {first}", path.display()))
                .hint("each line is a list: [id, id, \"positive\" | \"negative\" | \"unsure\", score, person, time]"));
        }
        let mut said = HashMap::new();
        for one in good {
            said.insert(ordered(&one.target, &one.source), one.judgement);
        }
        Ok(Self(said))
    }

    fn different(&self, left: &str, right: &str) -> bool {
        !self.0.is_empty() && self.0.get(&ordered(left, right)) == Some(&Judgement::Negative)
    }
}

/// Two ids in their order.
pub(crate) fn ordered(a: &str, b: &str) -> (String, String) {
    if a <= b {
        (a.to_owned(), b.to_owned())
    } else {
        (b.to_owned(), a.to_owned())
    }
}

pub(crate) fn because(comparison: Comparison) -> Vec<Because> {
    comparison.because.into_iter().map(Because::from).collect()
}

impl From<Feature> for Because {
    fn from(feature: Feature) -> Self {
        Self {
            feature: feature.feature,
            weight: feature.weight,
            left: feature.left,
            right: feature.right,
            reason: feature.reason,
        }
    }
}

/// Whether two entities have a number in common whose check digit is right: as near to certain as a list can be.
#[must_use]
pub fn share_number(left: &Entity, right: &Entity) -> bool {
    let Some(schema) = left.schema() else {
        return false;
    };
    left.properties.iter().any(|(name, values)| {
        let format = schema
            .properties
            .get(name)
            .and_then(|p| p.format.as_deref());
        format.is_some_and(|format| {
            values.iter().any(|value| {
                matches!(
                    entity::identifier::validate(format, value),
                    Some(entity::identifier::Validity::Valid(_))
                ) && right.get(name).contains(value)
            })
        })
    })
}

/// The same for each of many, by all cores, in their order.
pub(crate) fn spread<T: Sync, U: Send>(all: &[T], each: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = all.len().div_ceil(threads).max(1);
    let each = &each;
    std::thread::scope(|scope| {
        let running: Vec<_> = all
            .chunks(part)
            .map(|chunk| scope.spawn(move || chunk.iter().map(each).collect::<Vec<_>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    })
}

/// Entities that are prepared at once, so that no list lies in memory as text.
const AT_ONCE: usize = 20_000;

struct Prepared {
    records: Vec<Record>,
    of: Vec<(u16, String)>,
    unsearchable: u64,
}

impl Prepared {
    fn push(&mut self, entities: &mut Vec<Entity>, list: u16) {
        for (record, entity) in spread(entities, matching::record)
            .into_iter()
            .zip(entities.iter())
        {
            match record {
                Some(record) => {
                    self.records.push(record);
                    self.of.push((list, entity::caption(entity)));
                }
                None => self.unsearchable += 1,
            }
        }
        entities.clear();
    }
}

fn prepare(
    paths: &[PathBuf],
    options: &ListOptions,
    told: &mut impl FnMut(u64, u64),
) -> Result<(Prepared, Vec<ListRead>), Failure> {
    let mut prepared = Prepared {
        records: Vec::new(),
        of: Vec::new(),
        unsearchable: 0,
    };
    let mut read = Vec::new();
    for (path, list) in paths.iter().zip(0u16..) {
        let mut waiting = Vec::new();
        let found = read_list(
            path,
            options,
            |entity| {
                // Links, addresses and sanctions are no answer to the question who somebody is.
                if entity.schema().is_some_and(|s| s.matchable) {
                    waiting.push(entity);
                }
                if waiting.len() >= AT_ONCE {
                    prepared.push(&mut waiting, list);
                }
            },
            &mut *told,
        );
        prepared.push(&mut waiting, list);
        read.push(found?);
    }
    Ok((prepared, read))
}

impl Lists {
    /// Reads lists and makes them searchable. `told` hears of the bytes read of each.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn read(
        paths: &[PathBuf],
        options: &ListOptions,
        mut told: impl FnMut(u64, u64),
    ) -> Result<Self, Failure> {
        let (prepared, read) = prepare(paths, options, &mut told)?;
        Ok(Self {
            index: Index::of(prepared.records),
            of: prepared.of,
            read,
        })
    }

    /// How many records can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    fn likeness(&self, asked: &Record, caption: &str, hit: Hit) -> Option<Likeness> {
        let record = self.index.records().get(hit.record)?;
        let (list, right_caption) = self.of.get(hit.record)?;
        let comparison = matching::compare(asked, record);
        Some(Likeness {
            left: asked.id.clone(),
            right: record.id.clone(),
            left_caption: caption.to_owned(),
            right_caption: right_caption.clone(),
            list: self
                .read
                .get(usize::from(*list))
                .map_or_else(String::new, |l| l.name.clone()),
            score: comparison.score,
            because: because(comparison),
        })
    }
}

/// Screens every entity of a file against lists; hits in the order of the file, best first within each.
///
/// # Errors
/// If the file cannot be read.
pub fn screen(
    queries: &std::path::Path,
    lists: &Lists,
    options: &ListOptions,
    how: &Search,
    said: &Said,
    mut each: impl FnMut(Likeness) -> Result<(), Failure>,
    mut told: impl FnMut(u64, u64),
) -> Result<(Screened, ListRead), Failure> {
    let (asked, mut read) = prepare(&[queries.to_owned()], options, &mut |_, _| {})?;
    let mut sum = Screened {
        queries: asked.records.len() as u64,
        unsearchable: asked.unsearchable,
        ..Screened::default()
    };
    let total = asked.records.len() as u64;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut done = 0u64;
    // Parts small enough to tell of progress, large enough to keep every core at work.
    for (part, captions) in asked.records.chunks(2_000).zip(asked.of.chunks(2_000)) {
        let share = part.len().div_ceil(threads).max(1);
        let found: Vec<Vec<(usize, Hit)>> = std::thread::scope(|scope| {
            let running: Vec<_> = part
                .chunks(share)
                .enumerate()
                .map(|(nth, chunk)| {
                    scope.spawn(move || {
                        let mut hits = Vec::new();
                        lists.index.join(
                            chunk,
                            how,
                            |pair| {
                                let hit = Hit {
                                    record: pair.right,
                                    score: pair.score,
                                };
                                hits.push((nth * share + pair.left, hit));
                            },
                            |_| {},
                        );
                        hits
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_default())
                .collect()
        });
        for (at, hit) in found.into_iter().flatten() {
            let (Some(asked), Some((_, caption))) = (part.get(at), captions.get(at)) else {
                continue;
            };
            let Some(likeness) = lists.likeness(asked, caption, hit) else {
                continue;
            };
            if said.different(&likeness.left, &likeness.right) {
                sum.judged_different += 1;
            } else {
                sum.hits += 1;
                each(likeness)?;
            }
        }
        done += part.len() as u64;
        told(done, total);
    }
    let read = read
        .pop()
        .ok_or_else(|| Failure::new(Whose::Bug, "no-list", "no file was read"))?;
    Ok((sum, read))
}

/// The pairs of one file with itself that may be one record; each pair once, the earlier record on the left.
///
/// # Errors
/// What `each` gives.
pub fn within(
    lists: &Lists,
    how: &Search,
    said: &Said,
    mut each: impl FnMut(Likeness) -> Result<(), Failure>,
    mut told: impl FnMut(u64, u64),
) -> Result<Screened, Failure> {
    let total = lists.len() as u64;
    let mut sum = Screened {
        queries: total,
        ..Screened::default()
    };
    let mut failed = None;
    lists.index.pairs(
        how,
        |pair| {
            if failed.is_some() {
                return;
            }
            let (Some(left), Some((_, caption))) = (
                lists.index.records().get(pair.left),
                lists.of.get(pair.left),
            ) else {
                return;
            };
            let hit = Hit {
                record: pair.right,
                score: pair.score,
            };
            let Some(likeness) = lists.likeness(left, caption, hit) else {
                return;
            };
            if said.different(&likeness.left, &likeness.right) {
                sum.judged_different += 1;
            } else {
                sum.hits += 1;
                failed = each(likeness).err();
            }
        },
        |done| {
            if done % 512 == 0 {
                told(done as u64, total);
            }
        },
    );
    match failed {
        Some(failure) => Err(failure),
        None => Ok(sum),
    }
}
