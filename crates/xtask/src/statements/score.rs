//! Counting right and wrong, as `bench/statements/README.md` and the definitions of the
//! annotation say: mentions by exact span and type; statements by event and overlapping trigger,
//! and on such pairs their parts.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Which passages are meant.
type Keep = fn(&Value) -> bool;

/// Which passages a row of the results is about.
pub(super) const SCOPES: &[(&str, Keep)] = &[
    ("all", |_| true),
    ("en", |p| p["lang"] == "en"),
    ("ko", |p| p["lang"] == "ko"),
    ("zh", |p| p["lang"] == "zh"),
    ("open", |p| p["held"] != true),
    ("held out", |p| p["held"] == true),
];

const MENTIONS: &[&str] = &[
    "person",
    "org",
    "place",
    "nationality",
    "law",
    "date",
    "number",
];
const CORE: &[&str] = &[
    "repatriation",
    "detention",
    "arrest",
    "forced_labour",
    "torture",
    "sexual_violence",
    "forced_abortion",
    "execution",
    "trafficking",
    "crossing",
    "hearing",
    "letter",
    "request",
    "import",
    "export",
    "sanction",
];

/// A figure of the results: its name, its value, and how many it was counted on.
type Figure = (&'static str, f64, usize);

/// The values of a JSON Lines text.
fn lines(text: &str) -> Result<Vec<Value>, String> {
    text.lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| serde_json::from_str(l).map_err(|e| e.to_string()))
        .collect()
}

/// What a program printed about passages.
pub(super) struct Read(Vec<Value>);

impl Read {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        lines(text).map(Self)
    }

    pub(super) fn text(&self) -> String {
        self.0.iter().map(|v| format!("{v}\n")).collect()
    }
}

/// The annotated passages.
pub(super) struct Gold {
    passages: Vec<Value>,
    mentions: Vec<Value>,
    statements: Vec<Value>,
}

impl Gold {
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let file = |name: &str| {
            let path = folder.join(name);
            let text =
                std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            lines(&text).map_err(|e| format!("{}: {e}", path.display()))
        };
        Ok(Self {
            passages: file("passages.jsonl")?,
            mentions: file("mentions.jsonl")?,
            statements: file("statements.jsonl")?,
        })
    }

    /// The part on passages that `keep` takes.
    pub(super) fn within(&self, keep: Keep) -> Scope<'_> {
        let passages: Vec<&Value> = self.passages.iter().filter(|p| keep(p)).collect();
        let within = |v: &&Value| passages.iter().any(|p| p["id"] == v["passage"]);
        Scope {
            mentions: self.mentions.iter().filter(within).collect(),
            statements: self.statements.iter().filter(within).collect(),
            passages,
        }
    }

    /// The texts in languages that `keep` takes.
    pub(super) fn texts(&self, keep: impl Fn(&str) -> bool) -> Vec<&str> {
        self.passages
            .iter()
            .filter(|p| p["lang"].as_str().is_some_and(&keep))
            .filter_map(|p| p["text"].as_str())
            .collect()
    }
}

/// Some of the annotated passages.
pub(super) struct Scope<'a> {
    passages: Vec<&'a Value>,
    mentions: Vec<&'a Value>,
    statements: Vec<&'a Value>,
}

type Pair<'a> = (&'a Value, &'a Value);

impl Scope<'_> {
    /// All figures of what `read` found here.
    pub(super) fn score(&self, read: &Read) -> Vec<Figure> {
        let here = |v: &&Value| self.passages.iter().any(|p| p["id"] == v["passage"]);
        let of = |kind: &'static str| {
            read.0
                .iter()
                .filter(here)
                .filter(move |v| v["kind"] == kind)
        };
        let mentions: Vec<&Value> = of("mention").collect();
        let statements: Vec<&Value> = of("statement").collect();
        let mut figures = self.mentions(&mentions);
        let pairs = self.pairs(&statements);
        for (name, core) in [("event_core", true), ("event_all", false)] {
            let keep = |s: &Value| !core || CORE.iter().any(|e| s["event"] == *e);
            figures.push(self.events(name, &statements, &pairs, keep));
        }
        figures.extend(stance(&pairs));
        figures.extend(self.parts(&pairs));
        let ungrounded = mentions
            .iter()
            .chain(&statements)
            .filter(|v| !self.grounded(v))
            .count();
        figures.push((
            "ungrounded",
            ungrounded as f64,
            mentions.len() + statements.len(),
        ));
        figures
    }

    fn mentions(&self, found: &[&Value]) -> Vec<Figure> {
        const NAMES: [&str; 8] = [
            "mention_person",
            "mention_org",
            "mention_place",
            "mention_nationality",
            "mention_law",
            "mention_date",
            "mention_number",
            "mention_ALL",
        ];
        let keys = |of: &[&Value], kinds: &[&str]| -> BTreeSet<String> {
            of.iter()
                .filter(|m| kinds.iter().any(|k| m["type"] == *k))
                .map(|m| format!("{} {} {} {}", m["passage"], m["start"], m["end"], m["type"]))
                .collect()
        };
        let one = |name, kinds: &[&str]| {
            let (gold, ours) = (keys(&self.mentions, kinds), keys(found, kinds));
            (
                name,
                f1(gold.intersection(&ours).count(), ours.len(), gold.len()),
                gold.len(),
            )
        };
        NAMES
            .iter()
            .enumerate()
            .map(|(i, name)| one(*name, MENTIONS.get(i..=i).unwrap_or(MENTIONS)))
            .collect()
    }

    /// Each annotated statement with the best free one of the same event on the same words.
    fn pairs<'a>(&'a self, found: &[&'a Value]) -> Vec<Pair<'a>> {
        let mut free: Vec<&Value> = found.to_vec();
        let mut pairs = Vec::new();
        for gold in &self.statements {
            let best = free
                .iter()
                .enumerate()
                .filter(|(_, s)| {
                    s["passage"] == gold["passage"]
                        && s["event"] == gold["event"]
                        && overlap(trigger(s), trigger(gold))
                })
                .min_by_key(|(_, s)| (bounds(s) != bounds(gold), groups(s) != groups(gold)))
                .map(|(i, _)| i);
            if let Some(i) = best {
                pairs.push((*gold, free.remove(i)));
            }
        }
        pairs
    }

    /// F1 of events, each counted once however it is split by figure.
    fn events(
        &self,
        name: &'static str,
        found: &[&Value],
        pairs: &[Pair],
        keep: impl Fn(&Value) -> bool,
    ) -> Figure {
        type Key = (String, String, i64);
        let key = |s: &Value| -> Key {
            (
                s["passage"].to_string(),
                s["event"].to_string(),
                trigger(s).0,
            )
        };
        let gold: BTreeSet<Key> = self
            .statements
            .iter()
            .filter(|s| keep(s))
            .map(|s| key(s))
            .collect();
        let ours: BTreeSet<Key> = found.iter().filter(|s| keep(s)).map(|s| key(s)).collect();
        let right = |side: fn(&Pair<'_>) -> Value| -> BTreeSet<Key> {
            pairs
                .iter()
                .filter(|p| keep(p.0))
                .map(|p| key(&side(p)))
                .collect()
        };
        let (hit, by) = (right(|p| p.0.clone()), right(|p| p.1.clone()));
        // Another statement on words of one that is right is not false.
        let free = ours
            .iter()
            .filter(|x| {
                by.iter()
                    .any(|y| x.0 == y.0 && x.1 == y.1 && (x.2 - y.2).abs() < 12)
            })
            .count();
        let precision = share(by.len().max(free), ours.len());
        let recall = share(hit.len(), gold.len());
        let value = if precision + recall > 0.0 {
            2.0 * precision * recall / (precision + recall)
        } else {
            0.0
        };
        (name, value, gold.len())
    }

    fn parts(&self, pairs: &[Pair]) -> Vec<Figure> {
        let has = |key: &'static str| {
            move |s: &Value| s[key].as_array().is_some_and(|a| !a.is_empty()) || s[key].is_object()
        };
        let presence = |key: &'static str| {
            let count = |f: &dyn Fn(&Pair) -> bool| pairs.iter().filter(|p| f(p)).count();
            let both = count(&|p| has(key)(p.0) && has(key)(p.1));
            let (gold, ours) = (count(&|p| has(key)(p.0)), count(&|p| has(key)(p.1)));
            (f1(both, ours, gold), gold)
        };
        let told: Vec<&Pair> = pairs.iter().filter(|p| has("attribution")(p.0)).collect();
        let same_source = told.iter().filter(|p| same_source(p.0, p.1)).count();
        let linked: Vec<&Pair> = pairs
            .iter()
            .filter(|p| match (span(&p.0["quantity"]), span(&p.1["quantity"])) {
                (Some(a), Some(b)) => overlap(a, b),
                _ => false,
            })
            .collect();
        let ours = pairs.iter().filter(|p| has("quantity")(p.1)).count();
        let gold = self
            .statements
            .iter()
            .filter(|s| has("quantity")(s))
            .count();
        let equal = linked.iter().filter(|p| bounds(p.0) == bounds(p.1)).count();
        let dated: Vec<&Pair> = pairs
            .iter()
            .filter(|p| p.0["date"]["from"].is_string())
            .collect();
        let same = |p: &&&Pair| {
            ["from", "to"]
                .iter()
                .all(|k| p.0["date"][k] == p.1["date"][k])
        };
        let (attribution, of_attribution) = presence("attribution");
        let (hedge, of_hedge) = presence("hedges");
        vec![
            ("attribution", attribution, of_attribution),
            ("hedge", hedge, of_hedge),
            (
                "attribution_source",
                share(same_source, told.len()),
                told.len(),
            ),
            ("quantity_link_P", share(linked.len(), ours), ours),
            ("quantity_link_R", share(linked.len(), gold), gold),
            ("quantity_bounds", share(equal, linked.len()), linked.len()),
            (
                "date_equal",
                share(dated.iter().filter(same).count(), dated.len()),
                dated.len(),
            ),
        ]
    }

    /// Whether every span reads back as its text.
    fn grounded(&self, value: &Value) -> bool {
        let Some(text) = self
            .passages
            .iter()
            .find(|p| p["id"] == value["passage"])
            .and_then(|p| p["text"].as_str())
        else {
            return false;
        };
        let letters: Vec<char> = text.chars().collect();
        let reads = |v: &Value, words: &Value| match (span(v), words.as_str()) {
            (Some((a, b)), Some(words)) => {
                let at = usize::try_from(a).ok().zip(usize::try_from(b).ok());
                at.and_then(|(a, b)| letters.get(a..b))
                    .is_some_and(|l| l.iter().copied().eq(words.chars()))
            }
            _ => true,
        };
        let mut open = vec![value];
        while let Some(v) = open.pop() {
            if !reads(v, &v["text"]) || !reads(v, &v["quote"]) {
                return false;
            }
            match v {
                Value::Object(members) => open.extend(members.values()),
                Value::Array(members) => open.extend(members),
                _ => {}
            }
        }
        true
    }
}

/// Modality in four classes, and the share of what is no fact but came out as one.
fn stance(pairs: &[Pair]) -> [Figure; 2] {
    let class = |s: &Value| match s["modality"].as_str().unwrap_or_default() {
        "happened" | "past" | "ongoing" | "general" => 0,
        "risk" | "hypothetical" | "planned" => 1,
        "obligation" | "request" => 2,
        _ => 3,
    };
    let same = pairs.iter().filter(|p| class(p.0) == class(p.1)).count();
    let others: Vec<&Pair> = pairs.iter().filter(|p| class(p.0) != 0).collect();
    let wrong = others.iter().filter(|p| class(p.1) == 0).count();
    [
        ("modality4", share(same, pairs.len()), pairs.len()),
        ("false_happened", share(wrong, others.len()), others.len()),
    ]
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn f1(right: usize, ours: usize, gold: usize) -> f64 {
    share(2 * right, ours + gold)
}

fn span(value: &Value) -> Option<(i64, i64)> {
    Some((value["start"].as_i64()?, value["end"].as_i64()?))
}

fn trigger(statement: &Value) -> (i64, i64) {
    span(&statement["trigger"])
        .or_else(|| span(statement))
        .unwrap_or_default()
}

fn overlap(a: (i64, i64), b: (i64, i64)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// The bounds of the figure as numbers: 5 and 5.0 are one.
fn bounds(statement: &Value) -> [Option<f64>; 3] {
    ["low", "high", "best"].map(|key| statement["quantity"][key].as_f64())
}

fn groups(statement: &Value) -> BTreeSet<String> {
    let groups = statement["group"].as_array();
    groups
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect()
}

/// Whether the nearest teller is one of those found.
fn same_source(gold: &Value, ours: &Value) -> bool {
    let sources = |s: &Value| -> Vec<Value> {
        let chain = s["attribution"].as_array();
        chain
            .into_iter()
            .flatten()
            .map(|a| a["source"].clone())
            .collect()
    };
    let Some(nearest) = sources(gold).into_iter().next() else {
        return false;
    };
    sources(ours)
        .iter()
        .any(|other| match (span(&nearest), span(other)) {
            (Some(a), Some(b)) => overlap(a, b),
            (None, None) => nearest["implicit"] == other["implicit"],
            _ => false,
        })
}
