//! What people said of pairs of records, and rules that people switched on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use entity::{Judged, Judgement};
use matching::{Clusters, Conflict};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Act, Ledger, NewDecision, Transaction};

use super::{standing, text, unknown_entity};
use crate::case::{Case, now};
use crate::register::Register;
use crate::screening::{Because, Likeness, because, ordered};
use crate::{Failure, Whose, who};

const SAME: &str = "same";
const DIFFERENT: &str = "different";
const UNSURE: &str = "unsure";
/// A rule joins what is alike enough.
const RULE: &str = "rule";
/// A rule below this score would join too many who are two.
pub const LEAST_RULE: f32 = 0.9;

/// What somebody said of two records.
#[derive(Clone, Debug, Serialize)]
pub struct Judging {
    pub decision: u64,
    pub left: String,
    pub right: String,
    pub judgement: &'static str,
    pub by: String,
    pub at: String,
    pub reason: String,
    pub score: Option<f64>,
    /// The decision that switched on the rule which said so; undoing that one takes back all that the rule said.
    pub rule: Option<u64>,
    /// Who said so first and when, by the file in which it came.
    pub said_by: Option<String>,
    pub said_at: Option<String>,
}

/// How a file of judgements came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JudgementsTaken {
    pub taken: u64,
    /// Said here already.
    pub known: u64,
    /// About records that the case does not have.
    pub left_out: u64,
}

/// What a rule joined.
#[derive(Clone, Debug, Serialize)]
pub struct Joined {
    /// The decision that switched it on; none if it was only tried.
    pub rule: Option<u64>,
    pub pairs: Vec<Likeness>,
    /// Pairs that are left apart because somebody called them, or two whom they would bring together, different.
    pub apart: u64,
}

/// A judgement that is about to be recorded.
struct New<'a> {
    left: &'a str,
    right: &'a str,
    judgement: Judgement,
    reason: &'a str,
    score: Option<f32>,
    /// What else its body says.
    more: Vec<(&'static str, Value)>,
}

const fn act_of(judgement: Judgement) -> Option<&'static str> {
    match judgement {
        Judgement::Positive => Some(SAME),
        Judgement::Negative => Some(DIFFERENT),
        Judgement::Unsure => Some(UNSURE),
        Judgement::NoJudgement => None,
    }
}

fn record(tx: &mut Transaction<'_>, new: &New<'_>) -> Result<u64, Failure> {
    let (a, b) = ordered(new.left, new.right);
    let mut body = json!({ "left": a, "right": b, "score": new.score });
    if let Some(object) = body.as_object_mut() {
        let more = new
            .more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        object.extend(more);
    }
    let decision = NewDecision {
        act: act_of(new.judgement).unwrap_or(UNSURE),
        subject: &format!("pair {a} {b}"),
        body: &body.to_string(),
        reason: new.reason,
        undoes: None,
    };
    Ok(tx.decide(&decision)?)
}

/// The score of two records; none if one of them is of a schema that is not known.
///
/// # Errors
/// An id is not known, or the case is damaged.
fn score(ledger: &Ledger, left: &str, right: &str) -> Result<Option<f32>, Failure> {
    let mut records = Vec::new();
    for id in [left, right] {
        let found = ledger.listed(id)?;
        let first = found.first().ok_or_else(|| unknown_entity(id))?;
        let entity = entity::read_line(&first.body).ok();
        records.push(entity.and_then(|e| matching::record(&e)));
    }
    Ok(match records.as_slice() {
        [Some(a), Some(b)] => Some(matching::score(a, b)),
        _ => None,
    })
}

impl Case {
    /// Records that two ids name are the same, different, or nobody can tell. A reason is needed for what joins or parts.
    ///
    /// # Errors
    /// An id is not known, the reason is missing, or the case cannot be written.
    pub fn judge(
        &self,
        left: &str,
        right: &str,
        judgement: Judgement,
        by: Option<&str>,
        reason: &str,
    ) -> Result<(u64, Vec<Conflict>), Failure> {
        if act_of(judgement).is_none() {
            return Err(Failure::new(
                Whose::You,
                "no-judgement",
                "say same, different or unsure; nothing was changed",
            ));
        }
        if left == right {
            return Err(Failure::new(
                Whose::You,
                "one-record",
                "the two ids are one; nothing was changed",
            ));
        }
        let reason = reason.trim();
        if judgement != Judgement::Unsure && reason.is_empty() {
            return Err(no_reason());
        }
        let score = self.read(|ledger| score(ledger, left, right))?;
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let new = New {
            left,
            right,
            judgement,
            reason,
            score,
            more: Vec::new(),
        };
        let me = who();
        let of = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        let number = ledger.transaction::<_, Failure>(&of, |tx| record(tx, &new))?;
        self.checkpoint(&mut ledger)?;
        Ok((number, clusters(&ledger)?.conflicts))
    }

    /// What was said of pairs of records, and what stands of it, in order.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn judgings(&self) -> Result<Vec<Judging>, Failure> {
        self.read(judgings)
    }

    /// The file of judgements in nomenklatura's form. What came from such a file keeps its person and time.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn judgement_file(&self) -> Result<String, Failure> {
        Ok(entity::write_judgements(&judged(&self.judgings()?)))
    }

    /// Takes in a file of judgements in nomenklatura's form: each line as a decision of whoever imports it, with the
    /// file's person and time beside it. What was said here already is not said again; lines about records that the
    /// case does not have are counted and left out.
    ///
    /// # Errors
    /// A line is no judgement, or the case cannot be written; then nothing was changed.
    pub fn import_judgements(
        &self,
        path: &Path,
        by: Option<&str>,
    ) -> Result<JudgementsTaken, Failure> {
        let written = std::fs::read_to_string(path).map_err(|error| {
            Failure::new(
                Whose::You,
                "unreadable",
                format!("`{}` cannot be read: {error}", path.display()),
            )
        })?;
        let (good, bad) = entity::read_judgements(&written);
        if let Some(first) = bad.first() {
            let more = match bad.len() {
                1 => String::new(),
                n => format!(", and {} more", n - 1),
            };
            return Err(Failure::new(
                Whose::You,
                "bad-judgements",
                format!("`{}`: {first}{more}; nothing was changed", path.display()),
            )
            .hint("each line is a list: [id, id, \"positive\" | \"negative\" | \"unsure\", score, person, time]"));
        }
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let ids: BTreeSet<&str> = good
            .iter()
            .flat_map(|one| [one.target.as_str(), one.source.as_str()])
            .collect();
        let mut there = BTreeSet::new();
        for id in ids {
            if !ledger.listed(id)?.is_empty() {
                there.insert(id);
            }
        }
        let (lines, left_out) = entity::grounded(&good, |id| there.contains(id));
        let mut stands: BTreeMap<(String, String), &str> = judgings(&ledger)?
            .into_iter()
            .map(|one| (ordered(&one.left, &one.right), one.judgement))
            .collect();
        let mut done = JudgementsTaken {
            left_out: left_out as u64,
            ..JudgementsTaken::default()
        };
        let mut scores = Vec::with_capacity(lines.len());
        for one in &lines {
            let pair = ordered(&one.target, &one.source);
            let Some(act) = act_of(one.judgement).filter(|_| pair.0 != pair.1) else {
                continue;
            };
            if stands.insert(pair, act) == Some(act) {
                done.known += 1;
            } else {
                done.taken += 1;
                scores.push((one, score(&ledger, &one.target, &one.source)?));
            }
        }
        let me = who();
        let of = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        ledger.transaction::<_, Failure>(&of, |tx| {
            for (one, score) in &scores {
                let from = one.user.as_deref().unwrap_or("nobody named");
                let at = one.at.as_deref().unwrap_or("no time given");
                let more = [
                    ("said_by", json!(one.user)),
                    ("said_at", json!(one.at)),
                    ("said_score", json!(one.score)),
                ];
                let new = New {
                    left: &one.target,
                    right: &one.source,
                    judgement: one.judgement,
                    reason: &format!("from a file of judgements: {from}, {at}"),
                    score: *score,
                    more: more
                        .into_iter()
                        .filter(|(_, value)| !value.is_null())
                        .collect(),
                };
                record(tx, &new)?;
            }
            Ok(())
        })?;
        self.checkpoint(&mut ledger)?;
        Ok(done)
    }

    /// Joins every pair of entities that nobody has judged and whose score is at or above `threshold`, best first. Nothing
    /// in a case does so unless a person asks for it here: the rule is a decision of that person, each join one of the
    /// rule, and undoing the rule takes all of them back. What would bring together two that somebody called different is
    /// left apart. `only_try`: nothing is written.
    ///
    /// # Errors
    /// The threshold is below [`LEAST_RULE`], the reason is missing, or the case cannot be written.
    pub fn join_alike(
        &self,
        threshold: f32,
        by: Option<&str>,
        reason: &str,
        only_try: bool,
    ) -> Result<Joined, Failure> {
        if !(LEAST_RULE..=1.0).contains(&threshold) {
            return Err(Failure::new(
                Whose::You,
                "bad-threshold",
                format!("a rule joins from a score of {LEAST_RULE} to 1 on, not {threshold}; nothing was changed"),
            )
            .hint("pairs below that are for a person: `tumen entities --candidates`"));
        }
        let reason = reason.trim();
        if reason.is_empty() && !only_try {
            return Err(no_reason());
        }
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let register = Register::read(&ledger, None)?;
        register.find_pairs(threshold);
        let mut pairs = register.waiting(0, usize::MAX).pairs;
        pairs.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| (&a.left, &a.right).cmp(&(&b.left, &b.right)))
        });
        let before = judged(&judgings(&ledger)?);
        let told = matching::clusters(&before).conflicts;
        let with_these = before.into_iter().chain(pairs.iter().map(|pair| Judged {
            target: pair.right.clone(),
            source: pair.left.clone(),
            judgement: Judgement::Positive,
            score: None,
            user: None,
            at: None,
        }));
        let with_these: Vec<Judged> = with_these.collect();
        let apart: BTreeSet<(String, String)> = matching::clusters(&with_these)
            .conflicts
            .iter()
            .filter(|conflict| !told.contains(conflict))
            .map(|conflict| ordered(&conflict.left, &conflict.right))
            .collect();
        let found = pairs.len();
        pairs.retain(|pair| !apart.contains(&ordered(&pair.left, &pair.right)));
        let mut joined = Joined {
            rule: None,
            apart: (found - pairs.len()) as u64,
            pairs,
        };
        if only_try {
            return Ok(joined);
        }
        let me = who();
        let at = now();
        let person = by.filter(|by| !by.trim().is_empty()).unwrap_or(&me);
        let switched = NewDecision {
            act: RULE,
            subject: "rule",
            body: &json!({ "threshold": threshold, "pairs": joined.pairs.len() }).to_string(),
            reason,
            undoes: None,
        };
        let of = Act { who: person, at };
        let number = ledger.transaction::<_, Failure>(&of, |tx| Ok(tx.decide(&switched)?))?;
        let rule = Act {
            who: &format!("rule {number}"),
            at,
        };
        let why = format!("the rule of decision {number}: a score of {threshold} or more");
        ledger.transaction::<_, Failure>(&rule, |tx| {
            for pair in &joined.pairs {
                let new = New {
                    left: &pair.left,
                    right: &pair.right,
                    judgement: Judgement::Positive,
                    reason: &why,
                    score: Some(pair.score),
                    more: vec![("rule", json!(number))],
                };
                record(tx, &new)?;
            }
            Ok(())
        })?;
        self.checkpoint(&mut ledger)?;
        joined.rule = Some(number);
        Ok(joined)
    }

    /// Pairs of records that may be one and of which nobody has said anything yet: those whose answer tells most first
    /// (the nearer to even, the more), then by score.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn candidates(&self, threshold: f32, most: usize) -> Result<Vec<Likeness>, Failure> {
        let register = self.read(|ledger| Register::read(ledger, None))?;
        register.find_pairs(threshold);
        Ok(register.waiting(0, most).pairs)
    }

    /// Why two records may be one, whatever anybody said.
    ///
    /// # Errors
    /// An id is not known, or the case is damaged.
    pub fn likeness(&self, left: &str, right: &str) -> Result<(f32, Vec<Because>), Failure> {
        self.read(|ledger| {
            let record = |id: &str| -> Result<_, Failure> {
                let rows = ledger.listed(id)?;
                let row = rows.first().ok_or_else(|| unknown_entity(id))?;
                let found = entity::read_line(&row.body)
                    .ok()
                    .and_then(|e| matching::record(&e));
                found.ok_or_else(|| {
                    Failure::new(
                        Whose::You,
                        "not-comparable",
                        format!("`{id}` is of a schema that is not known here"),
                    )
                })
            };
            let compared = matching::compare(&record(left)?, &record(right)?);
            Ok((compared.score, because(compared)))
        })
    }
}

fn no_reason() -> Failure {
    Failure::new(
        Whose::You,
        "no-reason",
        "this decision needs a reason; nothing was changed",
    )
    .hint("give one with `--reason`")
}

pub(crate) fn judgings(ledger: &Ledger) -> Result<Vec<Judging>, Failure> {
    let standing = standing(ledger)?;
    let rules: BTreeSet<u64> = standing
        .iter()
        .filter(|decision| decision.act == RULE)
        .map(|decision| decision.number)
        .collect();
    let mut out = Vec::new();
    for decision in standing {
        let judgement = match decision.act.as_str() {
            SAME => SAME,
            DIFFERENT => DIFFERENT,
            UNSURE => UNSURE,
            _ => continue,
        };
        let body: Value = serde_json::from_str(&decision.body).unwrap_or_default();
        let rule = body.get("rule").and_then(Value::as_u64);
        if rule.is_some_and(|rule| !rules.contains(&rule)) {
            continue;
        }
        let said_score = body.get("said_score").or_else(|| body.get("score"));
        out.push(Judging {
            decision: decision.number,
            left: text(&body, "left").unwrap_or_default(),
            right: text(&body, "right").unwrap_or_default(),
            judgement,
            by: decision.who,
            at: jiff::Timestamp::from_microsecond(decision.at)
                .unwrap_or_default()
                .to_string(),
            reason: decision.reason,
            score: said_score.and_then(Value::as_f64),
            rule,
            said_by: text(&body, "said_by"),
            said_at: text(&body, "said_at"),
        });
    }
    Ok(out)
}

pub(crate) fn judged(judgings: &[Judging]) -> Vec<Judged> {
    judgings
        .iter()
        .map(|one| Judged {
            target: one.right.clone(),
            source: one.left.clone(),
            judgement: match one.judgement {
                SAME => Judgement::Positive,
                DIFFERENT => Judgement::Negative,
                _ => Judgement::Unsure,
            },
            score: one.score,
            user: Some(one.said_by.as_ref().unwrap_or(&one.by).clone()),
            at: Some(one.said_at.as_ref().unwrap_or(&one.at).clone()),
        })
        .collect()
}

pub(super) fn clusters(ledger: &Ledger) -> Result<Clusters, Failure> {
    Ok(matching::clusters(&judged(&judgings(ledger)?)))
}
