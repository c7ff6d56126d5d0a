//! What the documents of a case say: statements as proposals, and what people decided about them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;

use casefile::statement::{Attribution, Event, Group, Mention, Modality, Statement};
use casefile::{ApproxDate, DocumentId, Section, Span, StatementId};
use serde::{Deserialize, Serialize};
use statement::figures::Series;
use statement::{EXTRACTOR, Found};
use store::{Act, Decision, Ledger, NewDecision, StatementFilter, StoredStatement, TextId};

use crate::case::{now, who};
use crate::{Case, Failure, Whose};

/// Documents whose findings are committed together.
const BATCH: usize = 64;

/// The words under which a kind of event is found in search, in English, Korean and Chinese.
pub(crate) fn event_words(event: Event) -> &'static str {
    match event {
        Event::Detention => "detention 구금 억류 수감 关押 拘留 羁押",
        Event::Repatriation => "repatriation 북송 송환 강제북송 遣返 遣送",
        Event::Deportation => "deportation 추방 驱逐出境",
        Event::Arrest => "arrest 체포 逮捕 抓捕",
        Event::ForcedLabour => "forced labour forced labor 강제노동 강제노역 强迫劳动 强制劳动",
        Event::Torture => "torture 고문 酷刑",
        Event::SexualViolence => "sexual violence 성폭력 性暴力",
        Event::ForcedAbortion => "forced abortion 강제낙태 强制堕胎",
        Event::Execution => "execution 처형 处决",
        Event::Trafficking => "trafficking 인신매매 人口贩运",
        Event::Crossing => "crossing 탈북 월경 越境 偷渡",
        Event::Arrival => "arrival 입국 도착 抵达 入境",
        Event::Residence => "residence 거주 체류 居住",
        Event::Release => "release 석방 释放",
        Event::Transfer => "transfer 이송 转移",
        Event::ForcedTransfer => "forced transfer 강제이주 强制转移",
        Event::Hearing => "hearing 청문회 听证会",
        Event::Letter => "letter 서한 致函 信函",
        Event::Request => "request 요청 촉구 要求 呼吁",
        Event::Meeting => "meeting 면담 회담 会见 会谈",
        Event::Import => "import 수입 进口",
        Event::Export => "export 수출 出口",
        Event::ImportBan => "import ban 수입금지 禁止进口",
        Event::Sanction => "sanction 제재 制裁",
        Event::Designation => "designation 지정 列入",
        Event::LabourExport => "labour export 노동자파견 外派劳工",
        Event::LabourImport => "labour import 노동자고용 引进劳工",
        Event::Employment => "employment 고용 雇用",
        Event::Ownership => "ownership 소유 持有",
        Event::Obligation => "obligation 의무 义务",
        Event::ViolationOfLaw => "violation of law 위반 违反",
        Event::CrimeAgainstHumanity => "crime against humanity 반인도범죄 反人类罪",
        Event::DenialOfStatus => "denial of status 난민불인정 不承认难民",
        Event::Abuse => "abuse 학대 虐待",
        Event::BorderChange => "border change 국경봉쇄 边境关闭",
        Event::Testimony => "testimony 증언 证词",
        Event::Agreement => "agreement 협정 协议",
        Event::Threat => "threat 위협 威胁",
        other => other.as_str(),
    }
}

/// What the parts of a text say, with offsets in the whole text. `parts` in order; a form feed
/// stands between two parts that have pages, as the ledger has it.
pub(crate) struct Reading {
    published: Option<ApproxDate>,
    start: u32,
    paged: bool,
    found: Found,
}

impl Reading {
    pub(crate) fn new(published: Option<ApproxDate>) -> Self {
        Self {
            published,
            start: 0,
            paged: false,
            found: Found::default(),
        }
    }

    pub(crate) fn part(&mut self, section: &Section) {
        let fed = self.paged && !section.pages.is_empty();
        self.start = self.start.saturating_add(u32::from(fed));
        self.paged = self.paged || !section.pages.is_empty();
        let found = find_calmly(section, self.published);
        let found = statement::shifted(found, self.start);
        self.found.mentions.extend(found.mentions);
        self.found.statements.extend(found.statements);
        self.start = self.start.saturating_add(section.chars());
    }

    pub(crate) fn done(self) -> Found {
        self.found
    }
}

/// A fault of the rules on one text must not end the run: the text is kept, and says nothing.
fn find_calmly(section: &Section, published: Option<ApproxDate>) -> Found {
    let find = std::panic::AssertUnwindSafe(|| statement::find_in(section, published));
    std::panic::catch_unwind(find).unwrap_or_default()
}

/// The first ten characters of a stored date.
pub(crate) fn day(date: Option<&str>) -> Option<ApproxDate> {
    let date = date?;
    date.get(..10).unwrap_or(date).parse().ok()
}

/// A text of more characters is not held with all that is found in it: that is written part by part.
pub(crate) const LONG: u64 = 16_000_000;

/// What a stored text says; `None` if it is long.
pub(crate) fn read_stored(
    ledger: &Ledger,
    document: DocumentId,
    text: TextId,
) -> Result<Option<Found>, Failure> {
    let published = published(ledger, document)?;
    let mut found = Found::default();
    for part in ledger.sections(text) {
        let part = part?;
        if u64::from(part.start) > LONG {
            return Ok(None);
        }
        let one = statement::shifted(find_calmly(&part.section, published), part.start);
        found.mentions.extend(one.mentions);
        found.statements.extend(one.statements);
    }
    Ok(Some(found))
}

fn published(ledger: &Ledger, document: DocumentId) -> Result<Option<ApproxDate>, Failure> {
    let known = ledger.document(document)?;
    Ok(known.and_then(|document| day(document.published.as_deref())))
}

/// Reads a long text part by part, and writes what each part says before it reads the next.
pub(crate) fn write_long(
    tx: &mut store::Transaction<'_>,
    document: DocumentId,
    text: TextId,
) -> Result<(), Failure> {
    let published = published(tx, document)?;
    let mut writer = tx.begin_statements(document, text, EXTRACTOR)?;
    for ordinal in 0.. {
        let Some(part) = writer.ledger().section_at(text, ordinal)? else {
            break;
        };
        let found = statement::shifted(find_calmly(&part.section, published), part.start);
        writer.push(&found.mentions, &found.statements)?;
    }
    Ok(writer.finish()?)
}

/// Reads the stored texts that no statements were found in yet, or by another extractor; the
/// caller holds the case's lock. Returns how many were read.
pub(crate) fn derive(
    case: &Case,
    ledger: &mut Ledger,
    jobs: usize,
    on_document: &mut dyn FnMut(u64),
) -> Result<u64, Failure> {
    let waiting = ledger.without_statements(EXTRACTOR, usize::MAX >> 1)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let next = AtomicUsize::new(0);
    let failed: Mutex<Option<Failure>> = Mutex::new(None);
    let mut done = 0_u64;
    std::thread::scope(|scope| {
        let (say, said) = sync_channel::<(DocumentId, TextId, Option<Found>)>(BATCH);
        for _ in 0..jobs.clamp(1, waiting.len()) {
            let say = say.clone();
            let (next, waiting, failed) = (&next, &waiting, &failed);
            scope.spawn(move || {
                let fail = |failure| {
                    let mut slot = failed
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                    slot.get_or_insert(failure);
                };
                let own = match case.readable() {
                    Ok(own) => own,
                    Err(failure) => return fail(failure),
                };
                while let Some(&(document, text)) = waiting.get(next.fetch_add(1, Relaxed)) {
                    match read_stored(&own, document, text) {
                        Ok(found) => {
                            if say.send((document, text, found)).is_err() {
                                return;
                            }
                        }
                        Err(failure) => return fail(failure),
                    }
                }
            });
        }
        drop(say);
        let me = who();
        let mut batch = Vec::new();
        loop {
            let received = said.recv().ok();
            let end = received.is_none();
            batch.extend(received);
            if batch.len() >= BATCH || (end && !batch.is_empty()) {
                let act = Act {
                    who: &me,
                    at: now(),
                };
                ledger.transaction::<_, Failure>(&act, |tx| {
                    for (document, text, found) in batch.drain(..) {
                        match found {
                            Some(found) => {
                                let (mentions, statements) = (&found.mentions, &found.statements);
                                tx.put_statements(document, text, EXTRACTOR, mentions, statements)?;
                            }
                            None => write_long(tx, document, text)?,
                        }
                        done += 1;
                    }
                    Ok(())
                })?;
                on_document(done);
            }
            if end {
                return Ok::<(), Failure>(());
            }
        }
    })?;
    let failure = failed
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(failure) = failure {
        return Err(failure);
    }
    crate::annotation::follow(ledger)?;
    Ok(done)
}

/// How people stand to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has decided.
    Proposed,
    Accepted,
    /// Accepted with other values; the proposal is kept beside them.
    Edited,
    Rejected,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Accepted, Self::Edited, Self::Rejected];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Edited => "edited",
            Self::Rejected => "rejected",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A statement with where it stands and what people decided.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    pub document: DocumentId,
    pub id: StatementId,
    /// As it holds: the proposal, or what a person made of it.
    #[serde(flatten)]
    pub statement: Statement,
    pub state: State,
    /// Who decided, when and why; `null` while nobody has.
    pub decided: Option<Decided>,
    /// What the machine proposed, where a person changed it.
    pub proposal: Option<Box<Statement>>,
    /// Preferred in its figure series, by a person with a reason.
    pub preferred: Option<Decided>,
    pub title: Option<String>,
    pub published: Option<String>,
    pub source: Option<String>,
    pub page: Option<u32>,
}

/// A decision as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    pub number: u64,
    pub act: String,
    pub by: String,
    pub at: String,
    pub reason: String,
}

/// Which statements are asked for; the default is all.
#[derive(Debug, Clone, Default)]
pub struct StatementQuery {
    pub document: Option<DocumentId>,
    pub events: Vec<Event>,
    pub groups: Vec<Group>,
    pub modalities: Vec<Modality>,
    pub states: Vec<State>,
    /// Words of a place, origin or destination.
    pub place: Option<String>,
    /// Words of anybody in the attribution chain; of the source of the document where there is
    /// none.
    pub reporter: Option<String>,
    /// Words of the first teller, to whom the chain leads.
    pub origin: Option<String>,
    /// Words that all stand in the quote, or name the event in English, Korean or Chinese.
    pub words: Option<String>,
    /// Whose trigger lies in these characters of the text.
    pub within: Option<Span>,
    /// Overlapping dates: from and to, inclusive.
    pub during: Option<(ApproxDate, ApproxDate)>,
    /// Only with a figure.
    pub counted: bool,
    /// Only those that claim a fact (happened, ongoing, general, past).
    pub facts: bool,
}

/// What was asked for, and how the whole answer divides.
#[derive(Debug, Clone, Default)]
pub struct StatementAnswer {
    pub statements: Vec<Told>,
    pub total: u64,
    /// Facet name → value → count, over the whole answer.
    pub facets: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

/// One thing that a person does.
#[derive(Debug, Clone)]
pub enum Review {
    Accept(StatementId),
    Reject(StatementId),
    /// Values to set, as a JSON merge patch (RFC 7396) of the statement.
    Edit(StatementId, serde_json::Value),
    /// This figure in its series: the key of the series.
    Prefer(StatementId, String),
    /// A decision, by number.
    Undo(u64),
}

/// The standing decisions, by subject.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    by_subject: HashMap<String, Decision>,
    /// What optional extractors proposed, in order, and to which endpoints texts may go.
    pub(crate) extracted: Vec<Decision>,
    /// Statement id → decision to prefer it.
    preferred: HashMap<String, (String, Decision)>,
}

fn shown(decision: &Decision) -> Decided {
    let at = jiff::Timestamp::from_microsecond(decision.at).unwrap_or_default();
    Decided {
        number: decision.number,
        act: decision.act.clone(),
        by: decision.who.clone(),
        at: at.to_string(),
        reason: decision.reason.clone(),
    }
}

impl Standing {
    /// The last decision on each subject that was not undone.
    pub(crate) fn of(decisions: Vec<Decision>) -> Self {
        let mut undone: std::collections::HashSet<u64> = std::collections::HashSet::new();
        // From the end: undoing an undo brings the first decision back.
        for decision in decisions.iter().rev() {
            if let Some(target) = decision.undoes
                && !undone.contains(&decision.number)
            {
                undone.insert(target);
            }
        }
        let mut standing = Self::default();
        for decision in decisions {
            if decision.undoes.is_some() || undone.contains(&decision.number) {
                continue;
            }
            if crate::annotation::ACTS.contains(&decision.act.as_str()) {
                standing.extracted.push(decision);
            } else if decision.act == "prefer" {
                let id = serde_json::from_str::<serde_json::Value>(&decision.body)
                    .ok()
                    .and_then(|body| Some(body.get("statement")?.as_str()?.to_owned()));
                if let Some(id) = id {
                    // One preferred figure a series: the later one takes the place.
                    standing
                        .preferred
                        .retain(|_, (series, _)| *series != decision.subject);
                    let series = decision.subject.clone();
                    standing.preferred.insert(id, (series, decision));
                }
            } else {
                standing
                    .by_subject
                    .insert(decision.subject.clone(), decision);
            }
        }
        standing
    }

    /// The latest decision for a figure of a series, also where the series has another key since:
    /// a later text may tell more of what it is about.
    pub(crate) fn preferred_in(&self, series: &Series) -> Option<(String, Decided)> {
        if self.preferred.is_empty() {
            return None;
        }
        series
            .figures
            .iter()
            .filter_map(|figure| {
                let id = figure.id.to_string();
                let (_, decision) = self.preferred.get(&id)?;
                Some((id, decision))
            })
            .max_by_key(|(_, decision)| decision.number)
            .map(|(id, decision)| (id, shown(decision)))
    }

    fn apply(
        &self,
        stored: StoredStatement,
    ) -> (Statement, State, Option<Decided>, Option<Box<Statement>>) {
        let Some(decision) = self.by_subject.get(&stored.id.to_string()) else {
            return (stored.statement, State::Proposed, None, None);
        };
        let decided = Some(shown(decision));
        match decision.act.as_str() {
            "accept" => (stored.statement, State::Accepted, decided, None),
            "reject" => (stored.statement, State::Rejected, decided, None),
            "edit" => {
                let becomes = serde_json::from_str::<serde_json::Value>(&decision.body)
                    .ok()
                    .and_then(|mut body| {
                        serde_json::from_value(body.get_mut("becomes")?.take()).ok()
                    });
                match becomes {
                    Some(becomes) => (
                        becomes,
                        State::Edited,
                        decided,
                        Some(Box::new(stored.statement)),
                    ),
                    None => (stored.statement, State::Proposed, None, None),
                }
            }
            _ => (stored.statement, State::Proposed, None, None),
        }
    }
}

/// Whether a text has these words, in any case and with any space between them.
fn holds(text: &str, words: &str) -> bool {
    let flat = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    flat(text).contains(&flat(words))
}

impl StatementQuery {
    fn lets_through(&self, statement: &Statement, state: State) -> bool {
        let any = |list: &[casefile::statement::Argument], words: &str| {
            list.iter()
                .filter_map(|argument| argument.quote())
                .any(|quote| holds(&quote.text, words))
        };
        let place = self.place.as_deref().is_none_or(|words| {
            [&statement.place, &statement.origin, &statement.destination]
                .into_iter()
                .any(|list| any(list, words))
        });
        let said = self.words.as_deref().is_none_or(|words| {
            let mut words = words.split_whitespace();
            words.all(|word| {
                holds(&statement.quote, word) || holds(event_words(statement.event), word)
            })
        });
        let within = self
            .within
            .is_none_or(|span| span.overlaps(statement.trigger.span()));
        let during = self.during.is_none_or(|(from, to)| {
            let number = |date: &Option<String>| day(date.as_deref()).map(ApproxDate::days);
            let Some(date) = &statement.date else {
                return false;
            };
            let (begins, ends) = (number(&date.from), number(&date.to));
            (begins.is_some() || ends.is_some())
                && begins.is_none_or(|days| days.0 <= to.days().1)
                && ends.is_none_or(|days| days.1 >= from.days().0)
        });
        place
            && said
            && within
            && during
            && (self.events.is_empty() || self.events.contains(&statement.event))
            && (self.modalities.is_empty() || self.modalities.contains(&statement.modality))
            && (self.groups.is_empty() || self.groups.iter().any(|g| statement.group.contains(g)))
            && (self.states.is_empty() || self.states.contains(&state))
            && (!self.counted || statement.quantity.is_some())
            && (!self.facts || statement.modality.is_fact())
    }

    /// Who is looked for says so: a document without a chain speaks for its source.
    fn is_told_by(&self, statement: &Statement, source: Option<&str>) -> bool {
        let chain = &statement.attribution;
        let own = source.unwrap_or(ITSELF);
        let says = |step: &Attribution, words: &str| holds(teller(step), words);
        self.reporter.as_deref().is_none_or(|words| {
            chain.iter().any(|step| says(step, words)) || (chain.is_empty() && holds(own, words))
        }) && self.origin.as_deref().is_none_or(|words| {
            chain
                .first()
                .map_or_else(|| holds(own, words), |step| says(step, words))
        })
    }
}

/// Who tells where a document has no source and names nobody.
const ITSELF: &str = "the document itself";

fn teller(step: &Attribution) -> &str {
    step.source.quote().map_or("unnamed", |q| q.text.as_str())
}

/// A stored statement with what was decided about it.
struct Applied {
    id: StatementId,
    document: DocumentId,
    statement: Statement,
    state: State,
    decided: Option<Decided>,
    proposal: Option<Box<Statement>>,
}

impl Applied {
    fn of(stored: StoredStatement, standing: &Standing) -> Self {
        let (id, document) = (stored.id, stored.document);
        let (statement, state, decided, proposal) = standing.apply(stored);
        Self {
            id,
            document,
            statement,
            state,
            decided,
            proposal,
        }
    }

    fn told(
        self,
        ledger: &Ledger,
        standing: &Standing,
        facts: &mut Facts,
    ) -> Result<Told, Failure> {
        let page = facts.page_of(ledger, self.statement.trigger.span())?;
        let preferred = standing.preferred.get(&self.id.to_string());
        Ok(Told {
            document: self.document,
            id: self.id,
            preferred: preferred.map(|(_, decision)| shown(decision)),
            statement: self.statement,
            state: self.state,
            decided: self.decided,
            proposal: self.proposal,
            title: facts.title.clone(),
            published: facts.published.clone(),
            source: facts.source.clone(),
            page,
        })
    }
}

/// In which order statements come up for review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The highest score first: what is most likely right.
    #[default]
    Surest,
    /// The lowest score first: what most needs a person.
    LeastSure,
    /// By document and place.
    Place,
}

impl Case {
    pub(crate) fn standing(&self) -> Result<Standing, Failure> {
        self.read(|ledger| Ok(Standing::of(ledger.decisions(None)?)))
    }

    /// Documents whose text waits for its statements: they were left for later, or were found by
    /// older rules. Reads a row of each document, so not for a page that must come at once.
    ///
    /// # Errors
    /// The case cannot be read.
    pub fn without_statements(&self) -> Result<u64, Failure> {
        self.read(|ledger| Ok(ledger.count_without_statements(EXTRACTOR)?))
    }

    /// Brings the statements up to this version of the extractor, if another command is not at
    /// work; false if it is, and what there is may be older.
    ///
    /// # Errors
    /// The case cannot be read or written.
    pub fn refresh_statements(&self, on_document: &mut dyn FnMut(u64)) -> Result<bool, Failure> {
        if self.read(|ledger| Ok(ledger.without_statements(EXTRACTOR, 1)?.is_empty()))? {
            return Ok(true);
        }
        let Ok(_lock) = evidence::CaseLock::try_exclusive(&self.folder) else {
            return Ok(false);
        };
        let mut ledger = self.writable()?;
        let jobs = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        derive(self, &mut ledger, jobs, on_document)?;
        let index = self.index_for_writing()?;
        crate::indexing::follow(&ledger, &index, &mut |_| ())?;
        Ok(true)
    }

    /// Statements that a query lets through: `limit` of them after the first `offset`, in the
    /// order of documents and places.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn statements(
        &self,
        query: &StatementQuery,
        offset: usize,
        limit: usize,
    ) -> Result<StatementAnswer, Failure> {
        let standing = self.standing()?;
        let mut answer = StatementAnswer::default();
        self.walk(query, &standing, &mut |ledger, found, facts| {
            let at = answer.total;
            answer.total += 1;
            count(&mut answer.facets, &found.statement, found.state, facts);
            if at >= offset as u64 && answer.statements.len() < limit {
                answer
                    .statements
                    .push(found.told(ledger, &standing, facts)?);
            }
            Ok(())
        })?;
        Ok(answer)
    }

    /// As [`Case::statements`], in another order.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn ordered(
        &self,
        query: &StatementQuery,
        order: Order,
        offset: usize,
        limit: usize,
    ) -> Result<StatementAnswer, Failure> {
        if order == Order::Place {
            return self.statements(query, offset, limit);
        }
        let standing = self.standing()?;
        let mut answer = StatementAnswer::default();
        let mut all: Vec<(f32, StatementId)> = Vec::new();
        self.walk(query, &standing, &mut |_, found, facts| {
            answer.total += 1;
            count(&mut answer.facets, &found.statement, found.state, facts);
            all.push((found.statement.score, found.id));
            Ok(())
        })?;
        // Stable: equal scores stay in the order of documents and places.
        all.sort_by(|a, b| match order {
            Order::LeastSure => a.0.total_cmp(&b.0),
            _ => b.0.total_cmp(&a.0),
        });
        self.read(|ledger| {
            for (_, id) in all.into_iter().skip(offset).take(limit) {
                let Some(stored) = ledger.statement(id)? else {
                    continue;
                };
                let mut facts = Facts::of(ledger, stored.document)?;
                let found = Applied::of(stored, &standing);
                answer
                    .statements
                    .push(found.told(ledger, &standing, &mut facts)?);
            }
            Ok(())
        })?;
        Ok(answer)
    }

    /// Shows `see` every statement that a query lets through, by document and place.
    fn walk(
        &self,
        query: &StatementQuery,
        standing: &Standing,
        see: &mut dyn FnMut(&Ledger, Applied, &mut Facts) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // What a person edited may have another event or modality than the proposal in the ledger.
        let edits = standing.by_subject.values().any(|d| d.act == "edit");
        let filter = StatementFilter {
            document: query.document,
            counted: query.counted && !edits,
            events: if edits { &[] } else { &query.events },
            modalities: if edits { &[] } else { &query.modalities },
        };
        self.read(|ledger| {
            let mut facts: HashMap<DocumentId, Facts> = HashMap::new();
            let mut skip = 0;
            loop {
                let page = ledger.statements(&filter, skip, 2_000)?;
                let last = page.len() < 2_000;
                skip += page.len();
                for stored in page {
                    let found = Applied::of(stored, standing);
                    if !query.lets_through(&found.statement, found.state) {
                        continue;
                    }
                    let facts = match facts.entry(found.document) {
                        std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                        std::collections::hash_map::Entry::Vacant(new) => {
                            new.insert(Facts::of(ledger, found.document)?)
                        }
                    };
                    if query.is_told_by(&found.statement, facts.source.as_deref()) {
                        see(ledger, found, facts)?;
                    }
                }
                if last {
                    return Ok(());
                }
            }
        })
    }

    /// One statement.
    ///
    /// # Errors
    /// There is none, or the case is damaged.
    pub fn statement(&self, id: StatementId) -> Result<Told, Failure> {
        let stored = self.read(|ledger| Ok(ledger.statement(id)?))?;
        let stored = stored.ok_or_else(|| no_statement(id))?;
        let standing = self.standing()?;
        self.read(|ledger| {
            let mut facts = Facts::of(ledger, stored.document)?;
            Applied::of(stored, &standing).told(ledger, &standing, &mut facts)
        })
    }

    /// The mentions of a document, in characters of its text.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn mentions(&self, document: DocumentId) -> Result<Vec<Mention>, Failure> {
        self.read(|ledger| Ok(ledger.mentions(document)?))
    }

    /// Carries out what a person decides; returns the number of the decision. `by` is the person
    /// [default: the account's name].
    ///
    /// # Errors
    /// There is no such statement or decision, a reason is missing where one is needed, edited
    /// words do not read back from the text, or the case cannot be written.
    pub fn review(&self, review: &Review, by: Option<&str>, reason: &str) -> Result<u64, Failure> {
        let reason = reason.trim();
        let wants_reason = !matches!(review, Review::Accept(_) | Review::Undo(_));
        if wants_reason && reason.is_empty() {
            return Err(Failure::new(
                Whose::You,
                "no-reason",
                "this decision needs a reason; nothing was changed",
            )
            .hint("give one with `--reason`"));
        }
        let _lock = self.lock()?;
        let mut ledger = self.writable()?;
        let stored = |ledger: &Ledger, id: StatementId| -> Result<StoredStatement, Failure> {
            ledger.statement(id)?.ok_or_else(|| no_statement(id))
        };
        let (act, subject, body, undoes) = match review {
            Review::Accept(id) => {
                let proposal = stored(&ledger, *id)?;
                let body = serde_json::json!({ "document": proposal.document, "proposal": proposal.statement });
                ("accept", id.to_string(), body, None)
            }
            Review::Reject(id) => {
                let proposal = stored(&ledger, *id)?;
                let body = serde_json::json!({ "document": proposal.document, "proposal": proposal.statement });
                ("reject", id.to_string(), body, None)
            }
            Review::Edit(id, patch) => {
                let proposal = stored(&ledger, *id)?;
                let standing = Standing::of(ledger.decisions(Some(&id.to_string()))?);
                let (now, ..) = standing.apply(proposal.clone());
                let becomes = edited(&ledger, proposal.document, &now, patch)?;
                let body = serde_json::json!({ "document": proposal.document, "proposal": proposal.statement, "becomes": becomes });
                ("edit", id.to_string(), body, None)
            }
            Review::Prefer(id, series) => {
                let proposal = stored(&ledger, *id)?;
                if proposal.statement.quantity.is_none() {
                    return Err(Failure::new(
                        Whose::You,
                        "no-figure",
                        format!("{id} carries no figure; nothing was changed"),
                    ));
                }
                let body = serde_json::json!({ "document": proposal.document, "statement": id, "proposal": proposal.statement });
                ("prefer", series.clone(), body, None)
            }
            Review::Undo(number) => {
                let decision = ledger.decision(*number)?.ok_or_else(|| {
                    Failure::new(
                        Whose::You,
                        "not-found",
                        format!("there is no decision {number}; nothing was changed"),
                    )
                    .hint("`tumen review log` lists them")
                })?;
                (
                    "undo",
                    decision.subject,
                    serde_json::json!({}),
                    Some(*number),
                )
            }
        };
        let me = who();
        let act_of = Act {
            who: by.filter(|by| !by.trim().is_empty()).unwrap_or(&me),
            at: now(),
        };
        let body = body.to_string();
        let new = NewDecision {
            act,
            subject: &subject,
            body: &body,
            reason,
            undoes,
        };
        let number = ledger.transaction::<_, Failure>(&act_of, |tx| Ok(tx.decide(&new)?))?;
        // What an extractor proposed goes, or comes back, with the decision to keep it.
        if let (Some(_), Ok(document)) = (undoes, subject.parse::<DocumentId>()) {
            crate::annotation::merge(&mut ledger, document)?;
            let index = self.index_for_writing()?;
            crate::indexing::follow(&ledger, &index, &mut |_| ())?;
        }
        self.checkpoint(&mut ledger)?;
        Ok(number)
    }

    /// A decision by its number, if there is one.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn decision(&self, number: u64) -> Result<Option<Decided>, Failure> {
        self.read(|ledger| Ok(ledger.decision(number)?.as_ref().map(shown)))
    }

    /// All decisions, the latest first, each with whether what it is about is still there.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn decisions(&self) -> Result<Vec<DecisionLine>, Failure> {
        self.read(|ledger| {
            let decisions = ledger.decisions(None)?;
            let undone: std::collections::HashSet<u64> =
                decisions.iter().filter_map(|d| d.undoes).collect();
            let mut lines = Vec::with_capacity(decisions.len());
            for decision in decisions.iter().rev() {
                let body: serde_json::Value =
                    serde_json::from_str(&decision.body).unwrap_or_default();
                let statement = body
                    .get("statement")
                    .and_then(|id| id.as_str())
                    .unwrap_or(&decision.subject)
                    .parse::<StatementId>()
                    .ok();
                let there = match statement {
                    Some(id) => ledger.statement(id)?.is_some(),
                    None => true,
                };
                lines.push(DecisionLine {
                    decided: shown(decision),
                    subject: decision.subject.clone(),
                    statement,
                    quote: body
                        .pointer("/proposal/quote")
                        .and_then(|quote| quote.as_str())
                        .map(str::to_owned),
                    undoes: decision.undoes,
                    undone: undone.contains(&decision.number),
                    without_proposal: !there,
                });
            }
            Ok(lines)
        })
    }
}

/// Figures about one quantity, and which of them a person prefers.
#[derive(Debug, Clone, Serialize)]
pub struct FigureSeries {
    #[serde(flatten)]
    pub series: Series,
    /// The statement that is preferred, by whom and why; never chosen by the machine.
    pub preferred: Option<Preferred>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Preferred {
    pub statement: String,
    #[serde(flatten)]
    pub decided: Decided,
}

impl Case {
    /// Figure series of the statements that a query lets through; what people rejected stays out.
    ///
    /// # Errors
    /// The case is damaged.
    pub fn figures(&self, query: &StatementQuery) -> Result<Vec<FigureSeries>, Failure> {
        let query = StatementQuery {
            counted: true,
            ..query.clone()
        };
        let standing = self.standing()?;
        let mut answer = self.statements(&query, 0, usize::MAX)?;
        // Events whose number is kept back are rows among the figures.
        let events = statement::figures::COUNTED
            .into_iter()
            .filter(|event| query.events.is_empty() || query.events.contains(event));
        let rows = StatementQuery {
            events: events.collect(),
            counted: false,
            ..query
        };
        if !rows.events.is_empty() {
            let rows = self.statements(&rows, 0, usize::MAX)?.statements;
            let uncounted = rows
                .into_iter()
                .filter(|one| one.statement.quantity.is_none());
            answer.statements.extend(uncounted);
        }
        let told: Vec<statement::figures::Told> = self.read(|ledger| {
            let mut renditions: HashMap<DocumentId, DocumentId> = HashMap::new();
            let mut told = Vec::with_capacity(answer.statements.len());
            for one in answer.statements {
                if one.state == State::Rejected {
                    continue;
                }
                let rendition = match renditions.get(&one.document) {
                    Some(known) => *known,
                    None => {
                        let alike = ledger.renditions(one.document)?;
                        let least = alike
                            .iter()
                            .filter(|other| other.similarity >= 0.8)
                            .map(|other| other.document)
                            .chain([one.document])
                            .min()
                            .unwrap_or(one.document);
                        renditions.insert(one.document, least);
                        least
                    }
                };
                told.push(statement::figures::Told {
                    id: one.id,
                    document: one.document,
                    title: one.title,
                    publisher: one.source,
                    published: day(one.published.as_deref()),
                    rendition,
                    statement: one.statement,
                });
            }
            Ok(told)
        })?;
        Ok(statement::figures::series(&told)
            .into_iter()
            .map(|series| FigureSeries {
                preferred: standing
                    .preferred_in(&series)
                    .map(|(id, decided)| Preferred {
                        statement: id,
                        decided,
                    }),
                series,
            })
            .collect())
    }

    /// The key of the series that a statement's figure stands in.
    ///
    /// # Errors
    /// The statement carries no figure, or the case is damaged.
    pub fn series_of(&self, id: StatementId) -> Result<String, Failure> {
        let all = self.figures(&StatementQuery::default())?;
        all.into_iter()
            .find(|one| one.series.figures.iter().any(|figure| figure.id == id))
            .map(|one| one.series.key)
            .ok_or_else(|| {
                Failure::new(
                    Whose::You,
                    "no-figure",
                    format!("{id} stands in no figure series; nothing was changed"),
                )
                .hint("`tumen figures` lists them")
            })
    }
}

/// A decision in the list of all.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionLine {
    #[serde(flatten)]
    pub decided: Decided,
    pub subject: String,
    pub statement: Option<StatementId>,
    pub quote: Option<String>,
    pub undoes: Option<u64>,
    pub undone: bool,
    /// What it was about is no longer found in the text. The decision is kept.
    pub without_proposal: bool,
}

fn no_statement(id: StatementId) -> Failure {
    Failure::new(
        Whose::You,
        "not-found",
        format!("there is no statement {id}; nothing was changed"),
    )
    .hint("`tumen statements` lists them")
}

/// What is shown of a document beside its statements.
struct Facts {
    title: Option<String>,
    published: Option<String>,
    source: Option<String>,
    text: Option<TextId>,
    /// Its pages, once they were asked for.
    pages: Option<Vec<(u32, Span)>>,
}

impl Facts {
    fn of(ledger: &Ledger, id: DocumentId) -> Result<Self, Failure> {
        let Some(document) = ledger.document(id)? else {
            return Ok(Self {
                title: None,
                published: None,
                source: None,
                text: None,
                pages: None,
            });
        };
        let source = ledger
            .occurrences_of(document.sha256)?
            .into_iter()
            .find_map(|occurrence| occurrence.source);
        Ok(Self {
            title: document.title,
            published: document.published,
            source,
            text: document.text,
            pages: None,
        })
    }

    /// On which page a span stands. All pages are read once: their layout has to be unpacked.
    fn page_of(&mut self, ledger: &Ledger, span: Span) -> Result<Option<u32>, Failure> {
        let pages = match (&mut self.pages, self.text) {
            (Some(pages), _) => pages,
            (none, Some(text)) => {
                let pages = ledger.pages(text)?;
                none.insert(pages.iter().map(|page| (page.number, page.span)).collect())
            }
            (_, None) => return Ok(None),
        };
        let found = pages.iter().find(|(_, page)| page.overlaps(span));
        Ok(found.map(|(number, _)| *number))
    }
}

fn count(
    facets: &mut BTreeMap<&'static str, BTreeMap<String, u64>>,
    statement: &Statement,
    state: State,
    facts: &Facts,
) {
    let mut add = |facet: &'static str, value: &str| {
        *facets
            .entry(facet)
            .or_default()
            // Names may stand over two lines.
            .entry(value.split_whitespace().collect::<Vec<_>>().join(" "))
            .or_default() += 1;
    };
    add("event", statement.event.as_str());
    add("modality", statement.modality.as_str());
    add("state", state.as_str());
    for group in &statement.group {
        add("group", group.as_str());
    }
    let mut places: Vec<&str> = [&statement.place, &statement.origin, &statement.destination]
        .into_iter()
        .flatten()
        .filter_map(|argument| argument.quote())
        .map(|quote| quote.text.as_str())
        .collect();
    places.sort_unstable();
    places.dedup();
    for place in places {
        add("place", place);
    }
    let own = facts.source.as_deref().unwrap_or(ITSELF);
    let chain = &statement.attribution;
    // The chain begins with who told it first.
    add("origin", chain.first().map_or(own, teller));
    let mut reporters: Vec<&str> = chain.iter().map(teller).collect();
    if reporters.is_empty() {
        reporters.push(own);
    }
    reporters.sort_unstable();
    reporters.dedup();
    for reporter in reporters {
        add("reporter", reporter);
    }
    let year = statement
        .date
        .as_ref()
        .and_then(|date| date.from.as_deref().or(date.to.as_deref()))
        .and_then(|day| day.get(..4));
    if let Some(year) = year {
        add("year", year);
    }
}

/// The statement with a merge patch applied; every quote in it must read back from the text.
fn edited(
    ledger: &Ledger,
    document: DocumentId,
    statement: &Statement,
    patch: &serde_json::Value,
) -> Result<Statement, Failure> {
    let refuse = |what: String| {
        Failure::new(
            Whose::You,
            "bad-edit",
            format!("{what}; nothing was changed"),
        )
    };
    let fault =
        |error: serde_json::Error| refuse(format!("the edit does not fit a statement: {error}"));
    let mut value = serde_json::to_value(statement).map_err(fault)?;
    merge(&mut value, patch);
    let becomes: Statement = serde_json::from_value(value).map_err(fault)?;
    let text = ledger
        .document(document)?
        .and_then(|document| document.text)
        .ok_or_else(|| refuse("the document has no text any more".into()))?;
    for (start, end, quote) in statement::quotes(&becomes) {
        if ledger.quote(text, Span::new(start, end))?.as_deref() != Some(quote) {
            return Err(refuse(format!(
                "the words at {start}..{end} of the text are not those of the edit"
            ))
            .hint("an edit can set values and move spans, not change what the text says"));
        }
    }
    Ok(becomes)
}

/// JSON merge patch, RFC 7396.
fn merge(target: &mut serde_json::Value, patch: &serde_json::Value) {
    let serde_json::Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = serde_json::Value::Object(serde_json::Map::new());
    }
    if let Some(target) = target.as_object_mut() {
        for (name, value) in patch {
            if value.is_null() {
                target.remove(name);
            } else {
                merge(
                    target
                        .entry(name.as_str())
                        .or_insert(serde_json::Value::Null),
                    value,
                );
            }
        }
    }
}
