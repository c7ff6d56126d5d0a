//! Rules of blocking and of training for the fields that there are.

use super::blocking::{By, Keys, Pairing, Rule, RuleCount};
use super::fields::Remark;
use super::kind::Kind;
use super::reading::Script;
use super::records::{More, Records};

/// Pairs that one rule may make for each record, and at least.
const PAIRS_A_RECORD: u64 = 15;
const AT_LEAST: u64 = 400_000;
/// The same for a rule of training, among whose pairs matches should be frequent.
const TRAINING_A_RECORD: u64 = 5;
const TRAINING_AT_LEAST: u64 = 60_000;

/// Rules, with what each comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    pub rules: Vec<Rule>,
    pub counts: Vec<RuleCount>,
    /// Rules of training: each round leaves the fields of its rule out.
    pub training: Vec<Rule>,
}

/// Counts what given rules make, before anything is compared.
#[must_use]
pub fn count(
    records: &Records<'_>,
    rules: &[Rule],
    pairing: &Pairing,
) -> (Vec<RuleCount>, Vec<Remark>) {
    let mut counts = Vec::new();
    let mut remarks = Vec::new();
    for rule in rules {
        match Keys::kept(records, rule) {
            Ok(keys) => {
                let mut count = keys.count(records, rule, pairing);
                keys.told(records, pairing, &mut count);
                remarks.extend(cut(&count));
                counts.push(count);
            }
            Err(remark) => remarks.push(remark),
        }
    }
    (counts, remarks)
}

/// What is told of a rule whose blocks are too large to be compared whole.
fn cut(count: &RuleCount) -> Option<Remark> {
    (count.cut > 0).then(|| {
        Remark::new(
            "block-cut",
            format!(
                "the rule `{}` puts up to {} records into one block: {} blocks are cut, records in them are compared with their neighbours only, and {} pairs are left out",
                count.rule, count.largest, count.cut, count.left_out
            ),
        )
    })
}

/// Proposes rules. Each family goes from a coarse rule to finer ones; the coarsest that makes few enough pairs is
/// taken.
#[must_use]
pub fn propose(records: &Records<'_>, pairing: &Pairing) -> (Proposal, Vec<Remark>) {
    let n = records.len() as u64;
    let fields = Fields::of(records);
    let mut proposal = Proposal::default();
    let most = (PAIRS_A_RECORD * n).max(AT_LEAST);
    for family in fields.families() {
        choose(records, pairing, &family, most, &mut |rule, count| {
            // What a coarser rule makes need not be made again.
            let within = |other: &Rule| other.parts.iter().all(|part| rule.parts.contains(part));
            if !proposal.rules.iter().any(within) {
                proposal.rules.push(rule);
                proposal.counts.push(count);
            }
        });
    }
    let most = (TRAINING_A_RECORD * n).max(TRAINING_AT_LEAST);
    for family in fields.training() {
        choose(records, pairing, &family, most, &mut |rule, _| {
            if !proposal.training.contains(&rule) {
                proposal.training.push(rule);
            }
        });
    }
    let mut remarks = Vec::new();
    if proposal.rules.is_empty() {
        // Whatever the rule, too many stand in one block: the one that leaves out least, and what it leaves out is told.
        let finest = fields.families().into_iter().filter_map(|family| {
            let rule = family.last()?;
            let count = Keys::of(records, rule).ok()?.count(records, rule, pairing);
            (count.pairs > 0).then(|| (rule.clone(), count))
        });
        if let Some((rule, count)) = finest.min_by_key(|(_, count)| (count.left_out, count.pairs)) {
            remarks.extend(cut(&count));
            proposal.rules.push(rule);
            proposal.counts.push(count);
        }
    }
    if proposal.rules.is_empty() {
        remarks.push(Remark::new(
            "no-rules",
            "no rule of blocking fits these columns: there is neither a name nor a date nor a number that tells records apart",
        ));
    }
    (proposal, remarks)
}

fn choose(
    records: &Records<'_>,
    pairing: &Pairing,
    family: &[Rule],
    most: u64,
    take: &mut impl FnMut(Rule, RuleCount),
) {
    let mut coarsest = family.iter();
    let found = coarsest.find_map(|rule| {
        let keys = Keys::of(records, rule).ok()?;
        let mut count = keys.count(records, rule, pairing);
        // Every block that is too large would be cut: then a finer rule is better.
        (count.pairs > 0 && count.pairs <= most && count.cut == 0).then(|| {
            keys.told(records, pairing, &mut count);
            (rule.clone(), count)
        })
    });
    if let Some((rule, count)) = found {
        take(rule, count);
    }
}

/// The fields by what they can do for a rule.
struct Fields {
    names: Vec<(String, bool)>,
    surname: Option<(String, bool)>,
    given: Option<(String, bool)>,
    dates: Vec<String>,
    years: Vec<String>,
    identifiers: Vec<String>,
    places: Vec<String>,
    codes: Vec<String>,
    texts: Vec<String>,
    sex: Option<String>,
}

type Parts<'a> = Vec<(&'a str, By)>;

impl Fields {
    fn of(records: &Records<'_>) -> Self {
        let of = |kinds: &[Kind]| -> Vec<String> {
            let fields = records.fields.iter().filter(|f| kinds.contains(&f.kind));
            fields.map(|f| f.name.clone()).collect()
        };
        let named = |kind: Kind| -> Vec<(String, bool)> {
            let fields = records
                .fields
                .iter()
                .zip(&records.values)
                .filter(|(f, _)| f.kind == kind);
            fields
                .map(|(f, values)| (f.name.clone(), in_scripts(&values.more)))
                .collect()
        };
        Self {
            names: named(Kind::Name),
            surname: named(Kind::Surname).into_iter().next(),
            given: named(Kind::GivenName).into_iter().next(),
            dates: of(&[Kind::Date]),
            years: of(&[Kind::Year, Kind::Age]),
            identifiers: of(&[Kind::Identifier]),
            places: of(&[Kind::Place]),
            codes: of(&[Kind::Code]),
            texts: of(&[Kind::Text]),
            sex: of(&[Kind::Sex]).into_iter().next(),
        }
    }

    /// The given name, and how a rule takes it; the surname likewise.
    fn given(&self) -> Option<(&str, By)> {
        let split = self
            .given
            .as_ref()
            .map(|(f, several)| (f.as_str(), if *several { By::Given } else { By::Sound }));
        split.or_else(|| self.names.first().map(|(f, _)| (f.as_str(), By::Given)))
    }

    fn surname(&self) -> Option<(&str, By)> {
        let split = self
            .surname
            .as_ref()
            .map(|(f, several)| (f.as_str(), if *several { By::Surname } else { By::Sound }));
        split.or_else(|| self.names.first().map(|(f, _)| (f.as_str(), By::Surname)))
    }

    /// The whole name, by the sound of its words.
    fn whole(&self) -> Option<Parts<'_>> {
        match (&self.names.first(), &self.surname, &self.given) {
            (Some((name, _)), ..) => Some(vec![(name.as_str(), By::Sound)]),
            (None, Some((s, _)), Some((g, _))) => {
                Some(vec![(s.as_str(), By::Sound), (g.as_str(), By::Sound)])
            }
            (None, one, other) => one
                .as_ref()
                .or(other.as_ref())
                .map(|(f, _)| vec![(f.as_str(), By::Sound)]),
        }
    }

    fn sex(&self) -> Option<(&str, By)> {
        self.sex.as_deref().map(|sex| (sex, By::Value))
    }

    /// From coarse to fine, for each way of being the same person in spite of slips.
    fn families(&self) -> Vec<Vec<Rule>> {
        let mut families: Vec<Vec<Parts<'_>>> = Vec::new();
        for id in &self.identifiers {
            families.push(vec![vec![(id, By::Value)]]);
        }
        let (given, surname) = (self.given(), self.surname());
        for date in &self.dates {
            let mut ladder = vec![vec![(date.as_str(), By::Value)]];
            ladder.extend(self.sex().map(|sex| vec![(date.as_str(), By::Value), sex]));
            ladder.extend(surname.map(|surname| vec![(date.as_str(), By::Value), surname]));
            families.push(ladder);
            for name in [given, surname].into_iter().flatten() {
                families.push(self.refined(vec![(date.as_str(), By::Year), name], date));
                families.push(self.refined(vec![(date.as_str(), By::Day), name], date));
            }
        }
        for year in &self.years {
            for name in [given, surname].into_iter().flatten() {
                let mut ladder = vec![vec![(year.as_str(), By::Value), name]];
                ladder.extend(self.places.first().map(|place| {
                    vec![
                        (year.as_str(), By::Value),
                        name,
                        (place.as_str(), By::Value),
                    ]
                }));
                families.push(ladder);
            }
        }
        if let Some(whole) = self.whole() {
            let mut ladder = vec![whole.clone()];
            for more in self.places.iter().chain(&self.codes).take(2) {
                let mut finer = whole.clone();
                finer.push((more, By::Value));
                ladder.push(finer);
            }
            families.push(ladder);
        }
        for name in [given, surname].into_iter().flatten() {
            families.push(vec![vec![name]]);
            for place in self.places.iter().chain(&self.codes).chain(&self.texts) {
                families.push(vec![vec![name, (place.as_str(), By::Value)]]);
            }
        }
        for text in &self.texts {
            families.push(vec![vec![(text.as_str(), By::Value)]]);
        }
        rules(families)
    }

    /// A rule, then the same with sex, then with the place.
    fn refined<'a>(&'a self, parts: Parts<'a>, date: &'a str) -> Vec<Parts<'a>> {
        let mut ladder = vec![parts.clone()];
        if let Some(sex) = self.sex() {
            ladder.push(parts.iter().copied().chain([sex]).collect());
        }
        if let Some(place) = self.places.first() {
            ladder.push(
                parts
                    .iter()
                    .copied()
                    .chain([(place.as_str(), By::Value)])
                    .collect(),
            );
        }
        let month = parts.iter().any(|(_, by)| *by == By::Year);
        if month {
            let finer = |(field, by): &(&'a str, By)| {
                (*field, if *field == date { By::Month } else { *by })
            };
            ladder.push(parts.iter().map(finer).collect());
        }
        ladder
    }

    /// Rules whose pairs are of one person often: a full date, a full name, an identifier.
    fn training(&self) -> Vec<Vec<Rule>> {
        let mut families: Vec<Vec<Parts<'_>>> = Vec::new();
        let with = |parts: &Parts<'_>, more: &'_ str| -> Vec<(String, By)> {
            let own = parts.iter().map(|(f, by)| ((*f).to_owned(), *by));
            own.chain([(more.to_owned(), By::Value)]).collect()
        };
        let mut owned: Vec<Vec<Vec<(String, By)>>> = Vec::new();
        for id in self.identifiers.iter().take(2) {
            families.push(vec![vec![(id, By::Value)]]);
        }
        for date in self.dates.iter().take(2) {
            let first = vec![(date.as_str(), By::Value)];
            let mut ladder = vec![with(&first, "")];
            for more in self
                .sex
                .iter()
                .chain(&self.places)
                .chain(&self.codes)
                .take(3)
            {
                ladder.push(with(&first, more));
            }
            owned.push(ladder);
        }
        if let Some(whole) = self.whole() {
            let mut ladder = vec![with(&whole, "")];
            for more in self
                .sex
                .iter()
                .chain(&self.places)
                .chain(&self.codes)
                .chain(&self.years)
                .take(4)
            {
                ladder.push(with(&whole, more));
            }
            owned.push(ladder);
        }
        if let (Some(place), Some(name)) =
            (self.places.first().or(self.codes.first()), self.given())
        {
            families.push(vec![vec![(place.as_str(), By::Value), name]]);
        }
        let mut all = rules(families);
        all.extend(owned.into_iter().map(|ladder| {
            ladder
                .iter()
                .map(|parts| {
                    let parts: Parts<'_> = parts
                        .iter()
                        .filter(|(f, _)| !f.is_empty())
                        .map(|(f, by)| (f.as_str(), *by))
                        .collect();
                    Rule::of(&parts)
                })
                .collect()
        }));
        all
    }
}

fn rules(families: Vec<Vec<Parts<'_>>>) -> Vec<Vec<Rule>> {
    let ladder = |family: Vec<Parts<'_>>| family.iter().map(|parts| Rule::of(parts)).collect();
    families.into_iter().map(ladder).collect()
}

/// Whether names stand in more than one script.
fn in_scripts(more: &More) -> bool {
    let More::Names { forms, .. } = more else {
        return false;
    };
    let latin = |script: Script| matches!(script, Script::Letters | Script::Other);
    let mut kinds = forms.iter().map(|f| {
        if latin(f.script) {
            Script::Letters
        } else {
            f.script
        }
    });
    let first = kinds.next();
    kinds.any(|script| Some(script) != first)
}
