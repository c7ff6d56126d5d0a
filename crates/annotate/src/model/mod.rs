//! A model in a file, run in this process: mentions are proposed, with the model's own scores.
//!
//! Two families are known by the names of their inputs. GLiNER (Zaratiana et al., 2023) is told
//! the kinds wanted as words before the text and scores spans against them; taggers (token
//! classification) give each token one label of a fixed set. Beside the model lie `tokenizer.json`
//! and `gliner_config.json` or `config.json`, as they are published.

mod words;

use std::path::{Path, PathBuf};

use rten::Value;
use serde::Deserialize;
use tokenizers::{EncodeInput, InputSequence, Tokenizer};

use crate::mentions::Named;
use words::{Scored, from_spans, from_tokens, join, stretches, words};

/// What a model of the GLiNER family is asked for.
const WANTED: &[&str] = &[
    "person",
    "organization",
    "location",
    "nationality",
    "law",
    "date",
    "number",
    "vessel",
    "job title",
];

/// A span must be at least so sure.
const THRESHOLD: f32 = 0.5;
/// Words that go to a model at once: fewer than the 512 tokens that most encoders take.
const MOST_WORDS: usize = 200;
/// Tokens that a tagger takes at once.
const MOST_TOKENS: usize = 500;
/// Bytes of a model and of the files beside it.
const MOST_MODEL: u64 = 8 << 30;
const MOST_BESIDE: u64 = 256 << 20;

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadFault {
    #[error("`{0}` cannot be read: {1}")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("`{0}` is larger than is taken")]
    Large(PathBuf),
    #[error("`{0}` is missing beside the model")]
    Missing(&'static str),
    #[error("`{0}` is not of the form that is known: {1}")]
    Form(&'static str, String),
    #[error("it is no model that this program can run: {0}")]
    Model(String),
    #[error("its inputs and outputs are those of no family of models that is known")]
    Family,
}

#[derive(Debug, Clone, Copy)]
enum Family {
    /// With span scores, or with scores of beginning, end and inside.
    Gliner {
        spans: bool,
    },
    Tagger {
        types: bool,
    },
}

/// A loaded model.
pub struct Model {
    model: rten::Model,
    tokenizer: Tokenizer,
    family: Family,
    config: Config,
}

/// What is known of a model besides its weights; the names are those of the published files.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct Config {
    max_width: usize,
    ent_token: String,
    sep_token: String,
    /// Labels of a tagger by their number.
    id2label: std::collections::BTreeMap<String, String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_width: 12,
            ent_token: "<<ENT>>".into(),
            sep_token: "<<SEP>>".into(),
            id2label: std::collections::BTreeMap::new(),
        }
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("family", &self.family)
            .finish_non_exhaustive()
    }
}

/// A file beside the model, or one folder above it (models are often kept in `onnx/`).
fn beside(model: &Path, name: &'static str, most: u64) -> Result<Option<Vec<u8>>, LoadFault> {
    let folder = model.parent().unwrap_or(Path::new(""));
    for path in [folder.join(name), folder.join("..").join(name)] {
        match std::fs::metadata(&path) {
            Ok(about) if about.len() > most => return Err(LoadFault::Large(path)),
            Ok(_) => {
                return std::fs::read(&path)
                    .map(Some)
                    .map_err(|error| LoadFault::Unreadable(path, error));
            }
            Err(_) => {}
        }
    }
    Ok(None)
}

/// The runtime is written for models of good will; a fault in it must not end the program.
fn calmly<T>(run: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err("the runtime broke on it".into()))
}

impl Model {
    /// Loads an ONNX file and what lies beside it. Nothing is fetched from anywhere.
    ///
    /// # Errors
    /// [`LoadFault`].
    pub fn load(path: &Path) -> Result<Self, LoadFault> {
        let unreadable = |error| LoadFault::Unreadable(path.to_owned(), error);
        let about = std::fs::metadata(path).map_err(unreadable)?;
        if about.len() > MOST_MODEL {
            return Err(LoadFault::Large(path.to_owned()));
        }
        let tokenizer = beside(path, "tokenizer.json", MOST_BESIDE)?
            .ok_or(LoadFault::Missing("tokenizer.json"))?;
        let mut tokenizer = calmly(|| Tokenizer::from_bytes(tokenizer).map_err(|e| e.to_string()))
            .map_err(|error| LoadFault::Form("tokenizer.json", error))?;
        let whole = |error: tokenizers::Error| LoadFault::Form("tokenizer.json", error.to_string());
        tokenizer.with_truncation(None).map_err(whole)?;
        tokenizer.with_padding(None);
        let model = calmly(|| rten::Model::load_file(path).map_err(|error| error.to_string()))
            .map_err(LoadFault::Model)?;
        let names: Vec<&str> = model
            .input_ids()
            .iter()
            .filter_map(|id| model.node_info(*id)?.name())
            .collect();
        let has = |name: &str| names.contains(&name);
        let family = if has("words_mask") && has("text_lengths") {
            Family::Gliner {
                spans: has("span_idx"),
            }
        } else if has("input_ids") || names.iter().filter(|n| !n.contains("mask")).count() == 1 {
            Family::Tagger {
                types: has("token_type_ids"),
            }
        } else {
            return Err(LoadFault::Family);
        };
        let name = match family {
            Family::Gliner { .. } => "gliner_config.json",
            Family::Tagger { .. } => "config.json",
        };
        let config: Config = match beside(path, name, MOST_BESIDE)? {
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| LoadFault::Form(name, error.to_string()))?,
            None => Config::default(),
        };
        if matches!(family, Family::Tagger { .. }) && config.id2label.is_empty() {
            return Err(LoadFault::Missing("config.json with `id2label`"));
        }
        if !(1..=64).contains(&config.max_width) {
            return Err(LoadFault::Form(name, "`max_width` is out of reason".into()));
        }
        Ok(Self {
            model,
            tokenizer,
            family,
            config,
        })
    }

    /// What the model names in `text`, in the order of the text; offsets in its characters.
    ///
    /// # Errors
    /// What the runtime says, if it cannot run the model on this text.
    pub fn named(&self, text: &str) -> Result<Vec<Named>, String> {
        let mut found: Vec<(String, std::ops::Range<usize>, f32)> = Vec::new();
        let all = words(text);
        for stretch in stretches(text, &all, MOST_WORDS) {
            let Some(own) = all.get(stretch) else {
                continue;
            };
            let spans = calmly(|| match self.family {
                Family::Gliner { spans } => self.gliner(text, own, spans),
                Family::Tagger { types } => self.tagged(text, own, types),
            })?;
            found.extend(spans);
        }
        // One pass from bytes to characters: the spans are in order.
        found.sort_by_key(|(_, at, _)| (at.start, at.end));
        let mut chars = 0_u32;
        let mut before = 0;
        let count = |part: &str| u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
        let mut named = Vec::with_capacity(found.len());
        for (label, at, score) in found {
            let (Some(gap), Some(quote)) = (text.get(before..at.start), text.get(at.clone()))
            else {
                continue;
            };
            chars = chars.saturating_add(count(gap));
            before = at.start;
            named.push(Named {
                label,
                start: chars,
                end: chars.saturating_add(count(quote)),
                text: quote.to_owned(),
                score,
            });
        }
        Ok(named)
    }

    /// The input of a name. Taggers that call theirs as they like have one for the tokens and
    /// perhaps one for the mask.
    fn input(&self, name: &str) -> Option<rten::NodeId> {
        let mut all = self.model.input_ids().iter().filter_map(|id| {
            let own = self.model.node_info(*id)?.name()?;
            Some((*id, own))
        });
        if let Some((id, _)) = all.clone().find(|(_, own)| *own == name) {
            return Some(id);
        }
        let masks = name == "attention_mask";
        all.find(|(_, own)| own.contains("mask") == masks)
            .map(|(id, _)| id)
    }

    /// The scores of rank `N` that the model gives first.
    fn run<const N: usize>(
        &self,
        inputs: Vec<(&str, Value)>,
    ) -> Result<([usize; N], Vec<f32>), String> {
        let mut given = Vec::with_capacity(inputs.len());
        for (name, value) in inputs {
            let id = self.input(name).ok_or("an input is missing")?;
            given.push((id, value.into()));
        }
        let output = *self.model.output_ids().first().ok_or("it gives nothing")?;
        let values = self
            .model
            .run(given, &[output], None)
            .map_err(|error| error.to_string())?;
        let value = values.into_iter().next().ok_or("it gives nothing")?;
        value
            .into_shape_vec::<f32, N>()
            .map_err(|error| error.to_string())
    }

    fn gliner(
        &self,
        text: &str,
        own: &[std::ops::Range<usize>],
        spans: bool,
    ) -> Result<Vec<(String, std::ops::Range<usize>, f32)>, String> {
        let mut prompt: Vec<&str> = Vec::new();
        for label in WANTED {
            prompt.extend([self.config.ent_token.as_str(), label]);
        }
        prompt.push(&self.config.sep_token);
        let before = prompt.len();
        prompt.extend(
            own.iter()
                .map(|at| text.get(at.clone()).unwrap_or_default()),
        );
        let sequence = InputSequence::from(prompt);
        let encoding = self
            .tokenizer
            .encode(EncodeInput::Single(sequence), true)
            .map_err(|error| error.to_string())?;
        let mut last = None;
        let mask: Vec<i32> = encoding
            .get_word_ids()
            .iter()
            .map(|word| {
                let word = word.and_then(|word| usize::try_from(word).ok());
                let first = word.is_some() && word != last;
                last = word;
                // Words of the text count from 1, at their first token.
                word.filter(|word| first && *word >= before)
                    .and_then(|word| i32::try_from(word.saturating_sub(before)).ok())
                    .map_or(0, |word| word.saturating_add(1))
            })
            .collect();
        let ids = integers(encoding.get_ids());
        let tokens = ids.len();
        let wide = self.config.max_width;
        let number = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let mut inputs = vec![
            ("input_ids", tensor([1, tokens], ids)?),
            ("attention_mask", tensor([1, tokens], vec![1; tokens])?),
            ("words_mask", tensor([1, tokens], mask)?),
            ("text_lengths", tensor([1, 1], vec![number(own.len())])?),
        ];
        if spans {
            let mut ends = Vec::new();
            let mut lies = Vec::new();
            for start in 0..own.len() {
                for width in 0..wide {
                    let end = start.saturating_add(width);
                    ends.extend([number(start), number(end)]);
                    lies.push(i32::from(end < own.len()));
                }
            }
            let all = lies.len();
            inputs.push(("span_idx", tensor([1, all, 2], ends)?));
            inputs.push(("span_mask", tensor([1, all], lies)?));
        }
        let (shape, scores) = self.run(inputs)?;
        let found = match (spans, shape) {
            (true, [1, words, widths, labels]) if labels == WANTED.len() => {
                from_spans(&scores, [words, widths, labels], own.len(), THRESHOLD)
            }
            (false, [1, _, labels, 3]) if labels == WANTED.len() => {
                from_tokens(&scores, labels, own.len(), 32, THRESHOLD)
            }
            _ => return Err(format!("its scores have the unknown shape {shape:?}")),
        };
        let span = |one: Scored| {
            let (first, last) = (own.get(one.start)?, own.get(one.end)?);
            let label = WANTED.get(one.label)?;
            Some(((*label).to_owned(), first.start..last.end, one.score))
        };
        Ok(found.into_iter().filter_map(span).collect())
    }

    fn tagged(
        &self,
        text: &str,
        own: &[std::ops::Range<usize>],
        types: bool,
    ) -> Result<Vec<(String, std::ops::Range<usize>, f32)>, String> {
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return Ok(Vec::new());
        };
        let part = text.get(first.start..last.end).unwrap_or_default();
        let encoding = self
            .tokenizer
            .encode(part, true)
            .map_err(|error| error.to_string())?;
        let ids = integers(encoding.get_ids());
        if ids.len() > MOST_TOKENS && own.len() > 1 {
            // Words of many tokens each: half of them at a time.
            let (left, right) = own.split_at(own.len() / 2);
            let mut both = self.tagged(text, left, types)?;
            both.extend(self.tagged(text, right, types)?);
            return Ok(both);
        }
        let tokens = ids.len();
        let mut inputs = vec![("input_ids", tensor([1, tokens], ids)?)];
        if self.input("attention_mask").is_some() {
            inputs.push(("attention_mask", tensor([1, tokens], vec![1; tokens])?));
        }
        if types {
            inputs.push(("token_type_ids", tensor([1, tokens], vec![0; tokens])?));
        }
        let (shape, scores) = self.run(inputs)?;
        let [batch, given, labels] = shape;
        if batch != 1 || given != tokens || labels == 0 {
            return Err(format!("its scores have the unknown shape {shape:?}"));
        }
        // One label a word, that of its first token; signs of the tokenizer's own have no place.
        let mut tags: Vec<(&str, f32)> = Vec::new();
        let mut places: Vec<std::ops::Range<usize>> = Vec::new();
        let ordered = encoding.get_offsets().iter().zip(encoding.get_word_ids());
        let special = encoding.get_special_tokens_mask();
        let mut before = None;
        for (at, ((&(from, to), word), row)) in ordered.zip(scores.chunks(labels)).enumerate() {
            if from >= to || special.get(at) == Some(&1) {
                continue;
            }
            if word.is_some() && *word == before {
                if let Some(place) = places.last_mut() {
                    place.end = to;
                }
                continue;
            }
            before = *word;
            let (label, score) = surest(row);
            let name = self.config.id2label.get(&label.to_string());
            tags.push((name.map_or("O", String::as_str), score));
            places.push(from..to);
        }
        let span = |(label, units, score): (&str, std::ops::Range<usize>, f32)| {
            let from = places.get(units.start)?.start;
            let to = places.get(units.end.checked_sub(1)?)?.end;
            // Some tokenizers count the space before a word to it.
            let quote = part.get(from..to)?;
            let from = from.checked_add(quote.len().checked_sub(quote.trim_start().len())?)?;
            let to = from.checked_add(quote.trim().len())?;
            let whole = first.start.checked_add(from)?..first.start.checked_add(to)?;
            Some((label.to_owned(), whole, score))
        };
        Ok(join(&tags).into_iter().filter_map(span).collect())
    }
}

fn integers(ids: &[u32]) -> Vec<i32> {
    ids.iter()
        .map(|id| i32::try_from(*id).unwrap_or(0))
        .collect()
}

fn tensor<const N: usize>(shape: [usize; N], values: Vec<i32>) -> Result<Value, String> {
    Value::from_shape(shape, values).map_err(|error| error.to_string())
}

/// The label with the highest score of a row, and its share (softmax).
fn surest(row: &[f32]) -> (usize, f32) {
    let best = row
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map_or((0, f32::NEG_INFINITY), |(at, value)| (at, *value));
    let sum: f32 = row.iter().map(|value| (value - best.1).exp()).sum();
    (best.0, if sum > 0.0 { 1.0 / sum } else { 0.0 })
}

#[cfg(test)]
mod tests;
