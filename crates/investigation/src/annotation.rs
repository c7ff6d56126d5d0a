//! Optional extractors at work on a case: asked by a person, recorded as decisions, kept as
//! proposals beside those of the rules.
//!
//! What an extractor proposed and the gate let through is ground truth like any decision: nobody
//! can make a model say the same again. So it stands in the log (`annotate`), and the statements are
//! derived from it: `rebuild` puts every proposal to the gate again. That a text goes to an endpoint
//! is recorded before it goes (`send`), and who allowed an endpoint on another machine (`consent`).

use std::collections::BTreeMap;
use std::path::Path;

use annotate::{Endpoint, Limits, Proposal, Rejected, passages};
use casefile::statement::{Mention, Statement};
use casefile::{ApproxDate, DocumentId};
use serde::{Deserialize, Serialize};
use statement::{Context, EXTRACTOR, Found};
use store::{Act, DocumentFilter, Ledger, NewDecision, StatementFilter, TextId};

use crate::case::{now, who};
use crate::statements::{LONG, Standing, day, read_stored};
use crate::{Case, Failure, Whose};

/// The acts in the log that are about optional extractors.
pub(crate) const ACTS: [&str; 3] = ["annotate", "send", "consent"];

/// Characters that go to an endpoint at once.
const PASSAGE: usize = 4_000;

/// An optional extractor, ready to be asked.
#[derive(Debug)]
pub struct Annotator {
    kind: Kind,
    name: String,
}

#[derive(Debug)]
enum Kind {
    #[cfg(feature = "model")]
    Model(Box<annotate::Model>),
    Endpoint(Endpoint, Limits),
}

impl Annotator {
    /// A model in an ONNX file, with its `tokenizer.json` and configuration beside it. Its version
    /// is the beginning of the file's hash.
    ///
    /// # Errors
    /// The file cannot be read, or is no model that can be run; this program is built without the
    /// feature `model`.
    #[cfg(not(feature = "model"))]
    pub fn model(path: &Path) -> Result<Self, Failure> {
        Err(Failure::new(
            Whose::You,
            "no-models",
            format!(
                "`{}` is not used: this program was built without the runtime for models; nothing was changed",
                path.display()
            ),
        )
        .hint("build it with `cargo build --release --features model`"))
    }

    /// As above.
    ///
    /// # Errors
    /// The file cannot be read, or is no model that can be run.
    #[cfg(feature = "model")]
    pub fn model(path: &Path) -> Result<Self, Failure> {
        let refuse = |why: String| {
            Failure::new(
                Whose::You,
                "no-model",
                format!("`{}` is not used: {why}; nothing was changed", path.display()),
            )
            .hint("a GLiNER or token-classification model as an ONNX file, with the `tokenizer.json` and `config.json` that it came with beside it")
        };
        let model = annotate::Model::load(path).map_err(|fault| refuse(fault.to_string()))?;
        let mut hasher = sealing::Hasher::new();
        let mut buffer = vec![0; 1 << 20];
        // Large models keep their weights in a file of their own.
        let mut weights = path.as_os_str().to_owned();
        weights.push(".data");
        let mut file: Box<dyn std::io::Read> =
            Box::new(std::fs::File::open(path).map_err(|error| refuse(error.to_string()))?);
        if let Ok(weights) = std::fs::File::open(weights) {
            file = Box::new(std::io::Read::chain(file, weights));
        }
        loop {
            let read = std::io::Read::read(&mut file, &mut buffer)
                .map_err(|error| refuse(error.to_string()))?;
            match buffer.get(..read) {
                Some(bytes) if read > 0 => hasher.update(bytes),
                _ => break,
            }
        }
        let hash = hasher.finish().0.to_string();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        let stem = stem.as_deref().unwrap_or("model");
        let version = hash.get(..8).unwrap_or_default();
        Ok(Self {
            kind: Kind::Model(Box::new(model)),
            name: format!("{}/{version}", plain(stem)),
        })
    }

    /// A server that speaks the protocol of chat completions. `model` is what it calls the model,
    /// `key` the secret that it asks for.
    ///
    /// # Errors
    /// It is no address that texts may be sent to.
    pub fn endpoint(url: &str, model: &str, key: Option<&str>) -> Result<Self, Failure> {
        let endpoint = Endpoint::new(url, model, key).map_err(|why| {
            Failure::new(
                Whose::You,
                "no-endpoint",
                format!("the endpoint is not used: {why}; nothing was sent"),
            )
            .hint("a server on this machine: `http://127.0.0.1:PORT/v1`")
            .hint("for a server elsewhere, set up a tunnel that ends on this machine (`ssh -L`, `stunnel`) and name its end; mind that the texts then leave it")
        })?;
        Ok(Self {
            name: format!("{}@endpoint", plain(model)),
            kind: Kind::Endpoint(endpoint, Limits::default()),
        })
    }

    /// As it stands with what it proposes: `model:NAME/VERSION`.
    #[must_use]
    pub fn extractor(&self) -> String {
        format!("model:{}", self.name)
    }

    /// The address that texts go to; `None` for a model in this process.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        match &self.kind {
            #[cfg(feature = "model")]
            Kind::Model(_) => None,
            Kind::Endpoint(endpoint, _) => Some(endpoint.url()),
        }
    }

    /// Whether texts leave this machine.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        match &self.kind {
            #[cfg(feature = "model")]
            Kind::Model(_) => false,
            Kind::Endpoint(endpoint, _) => !endpoint.is_local(),
        }
    }

    /// What it proposes on a text, and what of it the gate lets through.
    #[must_use]
    pub fn propose(&self, text: &str, published: Option<ApproxDate>) -> Proposed {
        let context = Context {
            published,
            blocks: &[],
        };
        let mut proposed = Proposed {
            extractor: self.extractor(),
            ..Proposed::default()
        };
        match &self.kind {
            #[cfg(feature = "model")]
            Kind::Model(model) => {
                proposed.passages = 1;
                match model.named(text) {
                    Ok(named) => {
                        let admitted = annotate::admit_mentions(text, &context, &named);
                        proposed.mentions = admitted.new;
                        proposed.mentions_agreed = admitted.agreed;
                        proposed.rejected = admitted.rejected;
                    }
                    Err(why) => proposed.troubles.push(format!("the model failed: {why}")),
                }
            }
            Kind::Endpoint(endpoint, limits) => {
                let date = published.map(|date| date.to_string());
                for passage in passages(text, PASSAGE) {
                    proposed.passages += 1;
                    let at = passage.start;
                    let trouble = match endpoint.ask(passage.text, date.as_deref(), limits) {
                        Ok((proposals, garbled)) => {
                            proposed.rejected.extend(garbled);
                            proposed.take(passage, &context, &self.name, &proposals);
                            continue;
                        }
                        Err(trouble) => trouble,
                    };
                    proposed
                        .troubles
                        .push(format!("the passage from character {at}: {trouble}"));
                    if trouble.is_lasting() {
                        proposed.broken_off = true;
                        break;
                    }
                }
            }
        }
        proposed
    }
}

/// A name as it may stand in lists: no signs that a terminal or a table would take for its own.
fn plain(name: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    name.chars()
        .take(60)
        .map(|c| if fits(c) { c } else { '-' })
        .collect()
}

/// What an extractor proposed on one text.
#[derive(Debug, Clone, Default)]
pub struct Proposed {
    pub extractor: String,
    pub passages: u64,
    /// Statements that passed, with offsets in the whole text.
    pub statements: Vec<Statement>,
    /// Mentions that our rules did not find, and those that they found too.
    pub mentions: Vec<Mention>,
    pub mentions_agreed: Vec<Mention>,
    pub rejected: Vec<Rejected>,
    /// Passages that gave no answer, and why.
    pub troubles: Vec<String>,
    /// The rest of the text was not asked about: it would have met the same trouble.
    pub broken_off: bool,
    answers: Vec<Answered>,
}

impl Proposed {
    fn take(
        &mut self,
        passage: annotate::Passage<'_>,
        context: &Context<'_>,
        name: &str,
        proposals: &[Proposal],
    ) {
        let admitted = annotate::admit(passage.text, context, name, proposals);
        self.rejected.extend(admitted.rejected);
        self.statements
            .extend(shifted(admitted.statements, passage.start));
        if !admitted.kept.is_empty() {
            let chars = u32::try_from(passage.text.chars().count()).unwrap_or(u32::MAX);
            self.answers.push(Answered {
                start: passage.start,
                chars,
                proposals: admitted.kept,
            });
        }
    }

    /// How many were rejected for each reason.
    #[must_use]
    pub fn rejected_by_reason(&self) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for one in &self.rejected {
            *counts.entry(one.reason.as_str()).or_default() += 1;
        }
        counts
    }

    /// Marks statements of `rules` that this extractor proposed too, and gives back the others.
    pub fn agree(&self, rules: &mut Vec<Statement>) -> Vec<Statement> {
        let before = rules.len();
        join(rules, self.statements.clone());
        rules.split_off(before)
    }
}

fn shifted(statements: Vec<Statement>, by: u32) -> Vec<Statement> {
    let found = Found {
        mentions: Vec::new(),
        statements,
    };
    statement::shifted(found, by).statements
}

/// Adds what is new at the end; a proposal equal in event and trigger to one that is there is
/// agreement with it.
fn join(all: &mut Vec<Statement>, proposed: Vec<Statement>) {
    for one in proposed {
        let same =
            |other: &&mut Statement| other.event == one.event && other.trigger == one.trigger;
        match all.iter_mut().find(same) {
            Some(there) => {
                if there.extractor != one.extractor && !there.agreed.contains(&one.extractor) {
                    there.agreed.push(one.extractor);
                }
            }
            None => all.push(one),
        }
    }
}

/// Proposals on one passage that the gate let through.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answered {
    start: u32,
    chars: u32,
    proposals: Vec<Proposal>,
}

/// The body of an `annotate` decision.
#[derive(Debug, Serialize, Deserialize)]
struct Annotation {
    extractor: String,
    endpoint: Option<String>,
    /// Hash of the text that was read.
    text: String,
    answers: Vec<Answered>,
    /// Names that passed; those that our rules found too are among them.
    mentions: Vec<Mention>,
    passages: u64,
    rejected: BTreeMap<String, u64>,
    troubles: Vec<String>,
}

impl Annotation {
    fn name(&self) -> &str {
        self.extractor
            .strip_prefix("model:")
            .unwrap_or(&self.extractor)
    }

    /// Its statements on a text, through the gate again, and how many no longer pass.
    fn statements(
        &self,
        text: &str,
        hash: &str,
        published: Option<ApproxDate>,
    ) -> (Vec<Statement>, u64) {
        let context = Context {
            published,
            blocks: &[],
        };
        let (mut all, mut lost) = (Vec::new(), 0);
        for answer in &self.answers {
            let whole = hash != self.text;
            let admitted = if whole {
                // Another extraction of the text: the words may stand elsewhere in it.
                let anywhere: Vec<Proposal> = answer
                    .proposals
                    .iter()
                    .map(|proposal| Proposal {
                        start: None,
                        ..proposal.clone()
                    })
                    .collect();
                annotate::admit(text, &context, self.name(), &anywhere)
            } else {
                annotate::admit(
                    characters(text, answer.start, answer.chars),
                    &context,
                    self.name(),
                    &answer.proposals,
                )
            };
            lost += admitted.rejected.len() as u64;
            let by = if whole { 0 } else { answer.start };
            all.extend(shifted(admitted.statements, by));
        }
        (all, lost)
    }
}

/// A stretch of a text by characters; as much of it as there is.
fn characters(text: &str, start: u32, chars: u32) -> &str {
    let byte = |from: &str, nth: u32| {
        from.char_indices()
            .nth(nth as usize)
            .map_or(from.len(), |(at, _)| at)
    };
    let rest = text.get(byte(text, start)..).unwrap_or_default();
    rest.get(..byte(rest, chars)).unwrap_or_default()
}

/// The last standing annotation of each extractor, by document.
fn standing(ledger: &Ledger) -> Result<BTreeMap<DocumentId, Vec<Annotation>>, Failure> {
    let mut all: BTreeMap<DocumentId, Vec<Annotation>> = BTreeMap::new();
    for decision in Standing::of(ledger.decisions(None)?).extracted {
        if decision.act != "annotate" {
            continue;
        }
        let (Ok(document), Ok(annotation)) = (
            decision.subject.parse::<DocumentId>(),
            serde_json::from_str::<Annotation>(&decision.body),
        ) else {
            continue;
        };
        let of = all.entry(document).or_default();
        of.retain(|before| before.extractor != annotation.extractor);
        of.push(annotation);
    }
    Ok(all)
}

/// A document's text as it stands: its version, words, hash and day of publication. Texts that are
/// too long to be held with all that is found in them have none, and are not annotated.
struct Present {
    text: TextId,
    words: String,
    hash: String,
    published: Option<ApproxDate>,
}

fn current(ledger: &Ledger, document: DocumentId) -> Result<Option<Present>, Failure> {
    let Some(about) = ledger.document(document)? else {
        return Ok(None);
    };
    let Some(text) = about.text else {
        return Ok(None);
    };
    let Some(version) = ledger.text_version(text)? else {
        return Ok(None);
    };
    if version.chars > LONG {
        return Ok(None);
    }
    Ok(Some(Present {
        text,
        words: ledger.text(text)?,
        hash: version.sha256.to_string(),
        published: day(about.published.as_deref()),
    }))
}

/// Puts what the rules find and what stands of optional extractors together again; returns how
/// many proposals the text no longer bears out.
fn put_together(
    ledger: &mut Ledger,
    document: DocumentId,
    annotations: &[Annotation],
) -> Result<u64, Failure> {
    let Some(current) = current(ledger, document)? else {
        let proposals = annotations.iter().flat_map(|a| &a.answers);
        return Ok(proposals.map(|a| a.proposals.len() as u64).sum());
    };
    let Some(mut found) = read_stored(ledger, document, current.text)? else {
        return Ok(0);
    };
    let mut lost = 0;
    for annotation in annotations {
        let (statements, gone) =
            annotation.statements(&current.words, &current.hash, current.published);
        lost += gone;
        join(&mut found.statements, statements);
    }
    let me = who();
    let act = Act {
        who: &me,
        at: now(),
    };
    ledger.transaction::<_, Failure>(&act, |tx| {
        tx.put_statements(
            document,
            current.text,
            EXTRACTOR,
            &found.mentions,
            &found.statements,
        )?;
        Ok(())
    })?;
    Ok(lost)
}

/// Derives the statements of one document again, with the annotations that stand.
pub(crate) fn merge(ledger: &mut Ledger, document: DocumentId) -> Result<u64, Failure> {
    let annotations = standing(ledger)?.remove(&document).unwrap_or_default();
    put_together(ledger, document, &annotations)
}

/// Brings the statements of annotated documents up to the annotations that stand, wherever a new
/// reading left them out; returns how many proposals the texts no longer bear out.
pub(crate) fn follow(ledger: &mut Ledger) -> Result<u64, Failure> {
    let mut lost = 0;
    for (document, annotations) in standing(ledger)? {
        let filter = StatementFilter {
            document: Some(document),
            ..StatementFilter::default()
        };
        let stored = ledger.statements(&filter, 0, usize::MAX >> 1)?;
        let has = |name: &String| {
            let mut all = stored.iter().map(|stored| &stored.statement);
            all.any(|one| one.extractor == *name || one.agreed.contains(name))
        };
        let waiting = annotations
            .iter()
            .any(|one| !one.answers.is_empty() && !has(&one.extractor));
        if waiting {
            lost += put_together(ledger, document, &annotations)?;
        }
    }
    Ok(lost)
}

/// What a person asks of an optional extractor.
#[derive(Debug, Clone, Default)]
pub struct Annotating<'a> {
    /// Empty: every document with a text that this extractor has not read yet.
    pub documents: &'a [DocumentId],
    /// Why texts may go to an endpoint on another machine; recorded, and then standing.
    pub consent: Option<&'a str>,
    /// Who asks and consents [default: the account's name].
    pub by: Option<&'a str>,
}

/// One document that an extractor read.
#[derive(Debug)]
pub struct Annotated {
    pub document: DocumentId,
    pub title: Option<String>,
    /// The decision in the log; undoing it takes the proposals away again.
    pub decision: u64,
    /// Statements that no other extractor proposed, and those that others proposed too.
    pub new: Vec<Statement>,
    pub agreed: Vec<Statement>,
    pub proposed: Proposed,
}

impl Case {
    /// Asks an optional extractor about documents, one after the other; `on` sees each when it is
    /// committed. Returns how many were read, and how many were left out because their text is too
    /// long.
    ///
    /// # Errors
    /// Texts would leave this machine and nobody has consented; the case cannot be read or written.
    pub fn annotate(
        &self,
        annotator: &Annotator,
        asked: &Annotating<'_>,
        on: &mut dyn FnMut(Annotated) -> Result<(), Failure>,
    ) -> Result<(u64, u64), Failure> {
        let me = who();
        let by = asked
            .by
            .map(str::trim)
            .filter(|by| !by.is_empty())
            .unwrap_or(&me);
        self.consent(annotator, asked.consent, by)?;
        let (mut done, mut left_out) = (0, 0);
        for document in self.unread(annotator, asked.documents)? {
            let Some((current, title)) = self.read(|ledger| {
                let title = ledger.document(document)?.and_then(|about| about.title);
                Ok(current(ledger, document)?.map(|current| (current, title)))
            })?
            else {
                left_out += 1;
                continue;
            };
            if let Some(url) = annotator.url() {
                // In the log before the first word goes out.
                let body = serde_json::json!({ "endpoint": url, "text": current.hash });
                self.record("send", &document.to_string(), &body.to_string(), "", by)?;
            }
            let proposed = annotator.propose(&current.words, current.published);
            let annotation = Annotation {
                extractor: proposed.extractor.clone(),
                endpoint: annotator.url(),
                text: current.hash,
                answers: proposed.answers.clone(),
                mentions: proposed
                    .mentions
                    .iter()
                    .chain(&proposed.mentions_agreed)
                    .cloned()
                    .collect(),
                passages: proposed.passages,
                rejected: proposed
                    .rejected_by_reason()
                    .into_iter()
                    .map(|(reason, count)| (reason.to_owned(), count))
                    .collect(),
                troubles: proposed.troubles.clone(),
            };
            let body = serde_json::to_string(&annotation).map_err(|error| {
                Failure::new(
                    Whose::Bug,
                    "annotation",
                    format!("it cannot be kept: {error}"),
                )
            })?;
            let decision = self.record("annotate", &document.to_string(), &body, "", by)?;
            let (mut new, mut agreed) = (Vec::new(), Vec::new());
            self.read(|ledger| {
                let filter = StatementFilter {
                    document: Some(document),
                    ..StatementFilter::default()
                };
                for stored in ledger.statements(&filter, 0, usize::MAX >> 1)? {
                    if stored.statement.extractor == proposed.extractor {
                        new.push(stored.statement);
                    } else if stored.statement.agreed.contains(&proposed.extractor) {
                        agreed.push(stored.statement);
                    }
                }
                Ok(())
            })?;
            done += 1;
            let broken_off = proposed.broken_off;
            let trouble = proposed.troubles.last().cloned();
            on(Annotated {
                document,
                title,
                decision,
                new,
                agreed,
                proposed,
            })?;
            if broken_off {
                return Err(Failure::new(
                    Whose::Machine,
                    "endpoint",
                    format!(
                        "the endpoint does not answer as it should: {}; what was read is kept",
                        trouble.unwrap_or_default()
                    ),
                )
                .hint("is the server running? the same command goes on with what is left"));
            }
        }
        Ok((done, left_out))
    }

    /// Makes sure that texts may go where this extractor sends them.
    fn consent(
        &self,
        annotator: &Annotator,
        reason: Option<&str>,
        by: &str,
    ) -> Result<(), Failure> {
        let Some(url) = annotator.url() else {
            return Ok(());
        };
        let given = reason.map(str::trim).filter(|reason| !reason.is_empty());
        if let Some(reason) = given {
            let body = serde_json::json!({ "endpoint": url });
            self.record("consent", &url, &body.to_string(), reason, by)?;
            return Ok(());
        }
        if !annotator.is_remote() {
            return Ok(());
        }
        let standing = self.standing()?;
        let consented = standing
            .extracted
            .iter()
            .any(|decision| decision.act == "consent" && decision.subject == url);
        if consented {
            return Ok(());
        }
        Err(Failure::new(
            Whose::You,
            "no-consent",
            format!("texts would leave this machine for {url}, in the clear, and nobody has consented to that in this case; nothing was sent"),
        )
        .hint("`--consent REASON` records who allows it, when and why; `tumen review undo` takes it back"))
    }

    /// The documents that are asked for, or all that this extractor has not read as they stand.
    fn unread(
        &self,
        annotator: &Annotator,
        asked: &[DocumentId],
    ) -> Result<Vec<DocumentId>, Failure> {
        if !asked.is_empty() {
            return Ok(asked.to_vec());
        }
        let extractor = annotator.extractor();
        self.read(|ledger| {
            let read = standing(ledger)?;
            let mut all = Vec::new();
            let mut filter = DocumentFilter::default();
            loop {
                let page = ledger.documents(&filter, 500)?;
                let Some(last) = page.last() else {
                    return Ok(all);
                };
                filter.after = Some(last.id);
                for about in page {
                    let Some(text) = about.text else { continue };
                    let hash = ledger.text_version(text)?.map(|v| v.sha256.to_string());
                    let done = read.get(&about.id).is_some_and(|of| {
                        of.iter().any(|one| {
                            // What met trouble is asked about again.
                            one.extractor == extractor
                                && Some(&one.text) == hash.as_ref()
                                && one.troubles.is_empty()
                        })
                    });
                    if !done {
                        all.push(about.id);
                    }
                }
            }
        })
    }

    /// Writes one act into the log and, if it is an annotation, its statements.
    fn record(
        &self,
        act: &str,
        subject: &str,
        body: &str,
        reason: &str,
        by: &str,
    ) -> Result<u64, Failure> {
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let acting = Act { who: by, at: now() };
        let new = NewDecision {
            act,
            subject,
            body,
            reason,
            undoes: None,
        };
        let number = ledger.transaction::<_, Failure>(&acting, |tx| Ok(tx.decide(&new)?))?;
        if let ("annotate", Ok(document)) = (act, subject.parse::<DocumentId>()) {
            merge(&mut ledger, document)?;
            let index = self.index_for_writing()?;
            crate::indexing::follow(&ledger, &index, &mut |_| ())?;
        }
        self.checkpoint(&mut ledger)?;
        Ok(number)
    }
}
