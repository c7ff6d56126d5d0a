//! Every use case once: make and open a case, take in, ask, prove.
//!
//! Both the command line and the pages call these functions and nothing below them. This is the
//! only crate that joins the parts: originals (`evidence`), the ledger (`store`), readers
//! (`extract`) and the index (`search`). It prints nothing and asks nobody.

mod amounts;
mod annotation;
mod ask;
mod case;
mod counting;
mod dossier;
mod entities;
mod failure;
mod indexing;
mod line;
mod linkage;
mod lists;
mod pairs;
mod prove;
mod queue;
mod read;
mod reading;
mod register;
mod screening;
mod sheet;
mod statements;
mod stretch;
mod take_in;
mod text;
mod trace;
mod trade;

pub use amounts::{Amount, Amounts, ByConvention, Kilograms};
pub use annotation::{Annotated, Annotating, Annotator, Proposed};
pub use ask::{
    Answer, Child, DocumentFacts, Facet, Failed, Filters, FormatTotal, Found, FoundHit, Place,
    RenditionOf, SearchOptions, Sort, Totals,
};
pub use case::{Case, KeyRing, Protection, Secret, Slot, Tools, Unlock, who};
pub use counting::{
    Estimated, EstimatedLinkages, change_priors, estimate, estimate_drawn, estimate_linkages,
    estimate_table, estimate_text,
};
pub use dossier::{Dossier, Entry, Fact, Reply, Share, dossier, replies};
pub use entities::{
    EntityLine, EntityView, ImportOptions, Joined, JudgementsTaken, Judging, LEAST_RULE, Link,
    ListInfo, Source, Sourced, between,
};
pub use entity::{
    Entity, Judgement, Kind, Property, Schema, caption, columns as entity_columns, model,
    project as entity_project, to_row as entity_row, write_line as entity_line,
};
pub use estimate::{
    Answer as MethodAnswer, Columns, Known, Language, Method, Note as Wording, PriorChanged,
    Report as EstimateReport, Settings as EstimateSettings, Table as OverlapTable, appendix,
    shown as shown_cells, wording,
};
pub use failure::{Failure, Whose, damaged_original};
pub use line::{Event, Line, Summary};
pub use linkage::{
    CountedLists, CountedPair, CountedRecord, LinkKnown, LinkPlan, Linked, LinkedPair, ReadLists,
    RecordPlace, plan_link, read_lists, read_settings, write_settings,
};
pub use lists::{ListOptions, ListRead, MOST_NOTES, Note, read_list};
pub use matching::linkage::{
    Field as LinkField, LEAST as LEAST_PROBABLE, Refusal, Remark, RuleCount,
    Settings as LinkSettings, Source as MSource, SweepRow,
};
pub use matching::{Search as Matching, THRESHOLD};
pub use pairs::{NamePairs, NamesCompared, PairSummary, compare_names};
pub use prove::{BackupWritten, Check, Health, Proof, Rebuilt, doctor};
pub use read::{FileRead, read_file, read_text, read_text_each};
pub use register::{Candidate, DOUBT, FACETS, Findings, Narrowed, Register, Registry, Waiting};
pub use screening::{Because, Likeness, Lists, Said, Screened, screen, share_number, within};
pub use sheet::{ElementShown, LeadShown, RegimeShown, leads, sheet};
pub use statement::{Found as StatementsFound, figures};
pub use statements::{
    Decided, DecisionLine, FigureSeries, Order, Preferred, Review, State, StatementAnswer,
    StatementQuery, Told,
};
pub use store::PageText;
pub use stretch::Stretch;
pub use supply::TaintOn;
pub use take_in::{AddOptions, UnderWay};
pub use trace::{
    Asked as TraceAsked, Broken, ChainFound, DenialShown, Fallen, HolderShown, HopShown, Missing,
    RowProof, SeaEvent, TaintShown, Traced, trace,
};
/// Today, in days since 1970-01-01.
#[must_use]
pub fn today() -> supply::Day {
    supply_days::read(&case::today()).map_or(0, |days| days.first)
}

pub mod supply_days {
    //! Days as people write and read them.

    pub use supply::{Day, Days, iso};
    pub use trade::day::written;

    /// A date of any precision, or a range of two with `..` between.
    #[must_use]
    pub fn read(text: &str) -> Option<Days> {
        let read = trade::day::days(text, &trade::day::Style::default());
        read.ok()
            .filter(|(_, unclear)| !unclear)
            .map(|(days, _)| days)
    }
}

pub use ::trade as records;
pub use trade::{Trade, TradeFile, read_trade, trade_kind};
