//! What people type. The help texts are the reference.

use std::net::SocketAddr;
use std::path::PathBuf;

use casefile::ApproxDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// An evidence base for human-rights investigations.
#[derive(Debug, Parser)]
#[command(
    name = "tumen",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// The case to work on [default: the nearest one at or above this folder, then $TUMEN_CASE]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    /// Print JSON, one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No progress, no remarks
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// A file whose first line is the passphrase [default: $TUMEN_PASSPHRASE_FILE, then a prompt]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// A file whose first line is the recovery code, in place of the passphrase
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "passphrase_file"
    )]
    pub(crate) recovery_file: Option<PathBuf>,
    /// A file of age identities, as `age-keygen` writes it, in place of the passphrase
    /// [default: $TUMEN_IDENTITY_FILE]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with_all = ["passphrase_file", "recovery_file"]
    )]
    pub(crate) identity: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a case: a folder that holds everything, encrypted
    New(New),
    /// Take in files, folders and what is inside containers
    Add(Add),
    /// The ingest ledger: what became of every file
    Status(Status),
    /// Search the full text
    Search(Search),
    /// Show one document
    Show(Show),
    /// What the documents say: who did what to whom, how many, who says so, how surely
    Statements(Statements),
    /// Figures about the same thing, side by side
    Figures(Figures),
    /// Read text without a case: mentions and statements out
    Read(Read),
    /// Ask an optional extractor, a model in a file or a server, for further proposals
    Annotate(Annotate),
    /// Accept, edit, reject, prefer and undo: a person decides about proposals
    Review(Review),
    /// Compare names across scripts and spellings, with reasons
    Names(Names),
    /// Bring a list into the case: FollowTheMoney or a table
    Import(Import),
    /// Write the entities of the case as FollowTheMoney, a table or judgements
    Export(Export),
    /// Entities of the case, its lists, and pairs that may be one
    Entities(Entities),
    /// One entity with the sources of everything that is said of it
    Entity(EntityAsked),
    /// Who on these lists may this be
    Screen(Screen),
    /// Which records of a file, or of two, may be the same
    Match(Match),
    /// Which records of several lists, or of one, are of the same person: record linkage
    Link(Link),
    /// How many people are on none of several overlapping lists
    Estimate(Estimate),
    /// Trade records: bills of lading, EPCIS, vessel events, positions, registers, ownership, claims
    Trade(TradeAsked),
    /// How goods went, on which documents, and what falls when one of them is withdrawn
    Trace(Trace),
    /// Add, change, remove and list what opens the case
    Passphrase(Passphrase),
    /// Prove that the case is whole
    Verify(Verify),
    /// Derive everything again from the originals
    Rebuild(Rebuild),
    /// Copy the case, sealed, into one file
    Backup(Backup),
    /// Make a case again from a backup
    Restore(Restore),
    /// Say what this machine offers and lacks
    Doctor,
    /// Open the interface in a browser on this machine
    Serve(Serve),
    /// Make a sample case and show what can be done with it
    Demo(Demo),
}

#[derive(Debug, Args)]
pub(crate) struct PairAsked {
    /// The id of a record
    pub(crate) left: String,
    /// The id of another
    pub(crate) right: String,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// FollowTheMoney JSON lines, or a table with a column `name`
    pub(crate) file: PathBuf,
    /// What to call the list [default: the file's name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Who publishes it
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// When it was published
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<ApproxDate>,
    /// The schema of a table that has no column for it
    #[arg(long)]
    pub(crate) schema: Option<String>,
    /// The file holds judgements in nomenklatura's form
    #[arg(long, conflicts_with_all = ["name", "source", "published", "schema"])]
    pub(crate) judgements: bool,
    /// Who imports it [default: the name of the account]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// FollowTheMoney, JSON lines
    Ftm,
    /// A table with commas; several values of a cell with `;` between
    Csv,
    /// What people said of pairs, in nomenklatura's form
    Judgements,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    #[arg(long, default_value = "ftm")]
    pub(crate) format: ExportFormat,
    /// Schemata of our own as those of FollowTheMoney that stand for them
    #[arg(long)]
    pub(crate) plain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Entities {
    /// Words that all stand in the caption or the id
    pub(crate) words: Vec<String>,
    /// Only this schema and those that extend it
    #[arg(long)]
    pub(crate) schema: Option<String>,
    /// The lists of the case
    #[arg(long, conflicts_with = "candidates")]
    pub(crate) lists: bool,
    /// Pairs of records that may be one and that nobody has judged
    #[arg(long)]
    pub(crate) candidates: bool,
    /// Pairs with a score from here on are candidates
    #[arg(long, value_name = "T", default_value_t = investigation::THRESHOLD)]
    pub(crate) threshold: f32,
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: usize,
}

#[derive(Debug, Args)]
pub(crate) struct EntityAsked {
    /// The id of any of its records
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct Names {
    #[command(subcommand)]
    pub(crate) command: NamesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NamesCommand {
    /// Whether two names may be of the same person, company or vessel; needs no case
    Compare(NamesCompare),
}

#[derive(Debug, Args)]
pub(crate) struct NamesCompare {
    /// Two names
    #[arg(num_args = 0..=2)]
    pub(crate) names: Vec<String>,
    /// A table with the columns schema, name1, name2; others are passed through
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    pub(crate) pairs: Option<PathBuf>,
    /// What they are names of: Person, Company, Organization, Vessel …
    #[arg(long, default_value = "Person")]
    pub(crate) schema: String,
    /// A score from here on is called a match
    #[arg(long, value_name = "T", default_value_t = investigation::THRESHOLD)]
    pub(crate) threshold: f32,
    /// Precision, recall and F1 by schema and by pair of scripts, where the table has `is_match`
    #[arg(long, requires = "pairs")]
    pub(crate) summary: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TradeAsked {
    #[command(subcommand)]
    pub(crate) command: TradeCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TradeCommand {
    /// Read trade records and show what was understood of each row; inside a case they are kept
    Import(TradeImport),
}

/// How files of trade records are read.
#[derive(Debug, Args)]
pub(crate) struct TradeRead {
    /// What the files are [default: told by their headings]
    /// bills, epcis, gfw, ais, register, bods, claims
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    /// Which column holds what, as `--save-columns` writes it
    #[arg(long, value_name = "FILE")]
    pub(crate) columns: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TradeImport {
    /// Tables (CSV, XLSX and others) or JSON
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) read: TradeRead,
    /// Write what was understood of the columns, to be corrected and given again
    #[arg(long, value_name = "FILE")]
    pub(crate) save_columns: Option<PathBuf>,
    /// Keep nothing, even inside a case
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// End with status 1 if anything in the rows is doubtful
    #[arg(long)]
    pub(crate) strict: bool,
    /// Who sells or publishes the records
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// When they were published
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<ApproxDate>,
    /// Who imports them [default: the name of the account]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TraceFormat {
    /// A table with commas, one hop a line
    Csv,
    /// Holders and hops as a graph
    Graphml,
    /// FollowTheMoney, JSON lines
    Ftm,
}

#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// Files of trade records [default: those of the case]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) read: TradeRead,
    /// From whom: a name, a part of one, or an id [default: goods that a claim is made against]
    #[arg(long, value_name = "NAME")]
    pub(crate) from: Option<String>,
    /// To whom [default: whoever sends the goods no further]
    #[arg(long, value_name = "NAME")]
    pub(crate) to: Option<String>,
    /// All of it within these days: 2023-01..2023-06
    #[arg(long, value_name = "D1..D2")]
    pub(crate) between: Option<String>,
    /// Words of the goods, a species, or the first digits of an HS code
    #[arg(long, value_name = "WORDS")]
    pub(crate) product: Option<String>,
    /// Withdraw a document (its id or file name) or `origin:NAME`, and show what falls
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) without: Vec<String>,
    /// Goods rest with nobody for longer than so many days
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(0..=36_500))]
    pub(crate) holding: Option<i32>,
    /// At least and at most how much came to each end, and to all together
    #[arg(long)]
    pub(crate) bounds: bool,
    /// What laws ask to be shown, element by element, for each end
    #[arg(long)]
    pub(crate) sheet: bool,
    /// What listed companies used that turns up under other names
    #[arg(long)]
    pub(crate) leads: bool,
    /// Which documents alone break what is found, and the fewest that do together
    #[arg(long)]
    pub(crate) critical: bool,
    /// Only what had left by this day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// Only traces that hold whatever the imprecise dates mean
    #[arg(long)]
    pub(crate) certain: bool,
    /// At most so many explanations for each end
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub(crate) most: u16,
    #[arg(long, conflicts_with = "json")]
    pub(crate) format: Option<TraceFormat>,
}

/// Print a table with commas.
#[derive(Debug, Args, Clone, Copy)]
pub(crate) struct AsCsv {
    /// Print a table with commas
    #[arg(long)]
    pub(crate) csv: bool,
    #[arg(skip)]
    pub(crate) headed: bool,
}

/// The language of fixed wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WordingLanguage {
    En,
    Ko,
    Zh,
}

#[derive(Debug, Args)]
pub(crate) struct Estimate {
    /// A table: lists as columns of 0 and 1, then a count; or a row for each person without a count
    #[arg(required = true, num_args = 1.., value_name = "TABLE")]
    pub(crate) tables: Vec<PathBuf>,
    /// all, loglinear (main, stepwise, bic), threshold, dga, lcmcr, chapman, chao [default: all]
    #[arg(long, value_name = "METHOD", value_delimiter = ',')]
    pub(crate) method: Vec<String>,
    /// Lists of which one copied the other, or which share an informant: they count as one
    #[arg(long, value_name = "A,B")]
    pub(crate) copied: Vec<String>,
    /// List A sends people on to list B
    #[arg(long, value_name = "A>B")]
    pub(crate) referral: Vec<String>,
    /// Nobody can be on both lists
    #[arg(long, value_name = "A,B")]
    pub(crate) excludes: Vec<String>,
    /// A column that divides people: each stratum on its own, then all together
    #[arg(long, value_name = "COLUMN")]
    pub(crate) strata: Option<String>,
    /// Columns that are no lists, and lists to leave out
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The column of counts, where its heading or place does not say so
    #[arg(long, value_name = "COLUMN")]
    pub(crate) count: Option<String>,
    /// The same seed gives the same figures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Resamples for the intervals of log-linear methods
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) resamples: usize,
    /// Each list left out in turn: how much rests on one
    #[arg(long)]
    pub(crate) sensitivity: bool,
    /// Print the overlaps too, small ones kept back
    #[arg(long)]
    pub(crate) cells: bool,
    /// Print an appendix on the methods for a report
    #[arg(long)]
    pub(crate) appendix: bool,
    /// The tables are of one set of lists, each by a linkage sampled from the probabilities of its matches (at
    /// least 20): estimates with the error of linkage in them
    #[arg(long, conflicts_with_all = ["strata", "sensitivity", "cells", "appendix"])]
    pub(crate) linkages: bool,
    /// The language of the wording
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) lang: WordingLanguage,
}

#[derive(Debug, Args)]
pub(crate) struct Screen {
    /// Who is looked for: FollowTheMoney JSON lines, or a table with a column `name`
    pub(crate) queries: PathBuf,
    /// Lists to look in, of the same forms; those of OpenSanctions load as they are
    #[arg(long, required = true, num_args = 1.., value_name = "LIST")]
    pub(crate) against: Vec<PathBuf>,
    /// Hits with a score from here on are shown
    #[arg(long, value_name = "T", default_value_t = investigation::THRESHOLD)]
    pub(crate) threshold: f32,
    /// At most so many hits for each query
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<usize>,
    /// The schema of tables that have no column for it
    #[arg(long)]
    pub(crate) schema: Option<String>,
    /// The lists as they were on this day, as far as their records say when they were first and last seen
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<ApproxDate>,
    /// Judgements in nomenklatura's form; pairs judged different are not shown again
    #[arg(long, value_name = "FILE")]
    pub(crate) judgements: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) csv: AsCsv,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// Lists: CSV, XLSX or FollowTheMoney JSON lines; one alone is searched for people named twice
    #[arg(required = true, value_name = "LIST")]
    pub(crate) lists: Vec<PathBuf>,
    /// Show the columns, the rules and how many pairs they make, and stop
    #[arg(long)]
    pub(crate) plan: bool,
    /// Settings to follow; what they do not say is found out from the lists
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Write the settings of this run, with the model, to repeat it
    #[arg(long, value_name = "FILE")]
    pub(crate) save_settings: Option<PathBuf>,
    /// Pairs of this probability or more are joined and shown [default: 0.5]
    #[arg(long, value_name = "P")]
    pub(crate) threshold: Option<f64>,
    /// Look for one person named twice within each of several lists, too
    #[arg(long)]
    pub(crate) within: bool,
    /// Of everything that is drawn by chance [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Pairs that people judged: left_file, left_row, right_file, right_row, match
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
    /// Show probable pairs that were not joined, too
    #[arg(long)]
    pub(crate) all: bool,
    /// Show pairs without their reasons
    #[arg(long)]
    pub(crate) brief: bool,
    /// Write the cluster of every record
    #[arg(long, value_name = "FILE")]
    pub(crate) clusters: Option<PathBuf>,
    /// Clusters of an earlier run, of which ids are kept
    #[arg(long, value_name = "FILE")]
    pub(crate) earlier: Option<PathBuf>,
    /// Write the capture-history table, for `tumen estimate`
    #[arg(long, value_name = "FILE")]
    pub(crate) table: Option<PathBuf>,
    /// Write the tables of linkages drawn from the probabilities: how unsure the linkage is
    #[arg(long, value_name = "FILE")]
    pub(crate) drawn_tables: Option<PathBuf>,
    /// How many linkages to draw [default: 20]
    #[arg(long, value_name = "N")]
    pub(crate) linkages: Option<usize>,
    /// Show what each column weighs
    #[arg(long)]
    pub(crate) weights: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Match {
    /// Records: FollowTheMoney JSON lines, or a table with a column `name`
    pub(crate) left: PathBuf,
    /// Records to find them among [default: the same file]
    pub(crate) right: Option<PathBuf>,
    /// Pairs with a score from here on are shown
    #[arg(long, value_name = "T", default_value_t = investigation::THRESHOLD)]
    pub(crate) threshold: f32,
    /// At most so many pairs for each record
    #[arg(long, value_name = "N")]
    pub(crate) most: Option<usize>,
    /// The schema of tables that have no column for it
    #[arg(long)]
    pub(crate) schema: Option<String>,
    /// Judgements in nomenklatura's form; pairs judged different are not shown again
    #[arg(long, value_name = "FILE")]
    pub(crate) judgements: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) csv: AsCsv,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make; it must not exist or be empty
    pub(crate) dir: PathBuf,
    /// What the case is called [default: the folder's name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Do not encrypt. Whoever gets the folder can read it
    #[arg(long)]
    pub(crate) plain: bool,
    /// Who can open it with their age identity, beside the recovery code: age1…
    ///
    /// May be given several times. A passphrase is then set only if a file is named for it.
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "plain")]
    pub(crate) recipient: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Who published or gave these files
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// When they were published, where the files do not say it better: 2023, 2023-06, 2023-06-13
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<ApproxDate>,
    /// Files read at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
    /// Passwords to try on encrypted files, one a line
    #[arg(long, value_name = "LIST")]
    pub(crate) file_passwords: Option<PathBuf>,
    /// Recognise the text of scans and pictures with an installed tesseract
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) ocr: Ocr,
    /// When to find what the texts say: who did what to whom, where, when, how many
    #[arg(long, value_name = "WHEN", default_value = "now")]
    pub(crate) statements: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// At once
    Now,
    /// Take in fast; the next `add`, `statements`, `figures`, `serve` or `rebuild` finds them
    Later,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ocr {
    /// Where a page has no text and a recogniser is installed
    Auto,
    /// Leave pictures as they are
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Only what could not be read as it should, with the reason and what to do
    #[arg(long)]
    pub(crate) failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    Relevance,
    Newest,
    Oldest,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words, "phrases", AND OR NOT ( ), -word, word*, word~1, "a b"~5, field:value
    ///
    /// A query that begins with -word stands after `--`, or in quotes after a space.
    /// Fields: source: lang: type: published:2023-01..2023-06 path: title: outcome: author:
    #[arg(required = true, num_args = 1..)]
    pub(crate) query: Vec<String>,
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: usize,
    /// Only documents in this language (en, ko, zh, …)
    #[arg(long, value_name = "L")]
    pub(crate) lang: Option<String>,
    #[arg(long, default_value = "relevance")]
    pub(crate) sort: Sort,
    /// Count by source, type, language, year and outcome
    #[arg(long)]
    pub(crate) facets: bool,
}

/// Which statements are wanted. Repeated, a filter means any of its values.
#[derive(Debug, Args, Default)]
pub(crate) struct StatementFilters {
    /// Only this document
    #[arg(long, value_name = "DOCUMENT")]
    pub(crate) document: Option<casefile::DocumentId>,
    /// detention, repatriation, forced_labour …
    #[arg(long, value_name = "EVENT", value_delimiter = ',')]
    pub(crate) event: Vec<String>,
    /// refugees, women, workers …
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub(crate) group: Vec<String>,
    /// happened, ongoing, risk, planned, denied …
    #[arg(long, value_name = "MODALITY", value_delimiter = ',')]
    pub(crate) modality: Vec<String>,
    /// proposed, accepted, edited, rejected
    #[arg(long, value_name = "STATE", value_delimiter = ',')]
    pub(crate) state: Vec<String>,
    /// Words of the place, origin or destination
    #[arg(long, value_name = "WORDS")]
    pub(crate) place: Option<String>,
    /// Words of anybody who says so; `unnamed` for nobody named
    #[arg(long, value_name = "WORDS")]
    pub(crate) reporter: Option<String>,
    /// Words of the first teller, to whom the chain leads
    #[arg(long, value_name = "WORDS")]
    pub(crate) origin: Option<String>,
    /// Words that all stand in the statement, or name its event: 구금, 遣返
    #[arg(long, value_name = "WORDS")]
    pub(crate) words: Option<String>,
    /// When it was: 2023, 2023-06, 2023-01..2023-06
    #[arg(long, value_name = "TIME")]
    pub(crate) during: Option<String>,
    /// Only statements with a figure
    #[arg(long)]
    pub(crate) counted: bool,
    /// Only what is told as fact: no risk, plan, request or denial
    #[arg(long)]
    pub(crate) facts: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Statements {
    #[command(flatten)]
    pub(crate) filters: StatementFilters,
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    #[arg(long, default_value_t = 0)]
    pub(crate) offset: usize,
    /// Print a table for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// Count by event, group, place, reporter, modality, state and year
    #[arg(long)]
    pub(crate) facets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    pub(crate) filters: StatementFilters,
    /// Only series with at least so many figures
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) least: usize,
    /// Print a table for a spreadsheet
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Read {
    /// Files of any format, `-` for standard input [default: standard input]
    pub(crate) files: Vec<PathBuf>,
    /// When it was published, against which "last month" is resolved
    #[arg(long, value_name = "DATE")]
    pub(crate) published: Option<ApproxDate>,
    /// Kept for scripts: the language is told by the script of each sentence
    #[arg(long, value_name = "L")]
    pub(crate) lang: Option<String>,
    /// JSON lines with `id`, `text` and `doc_date` instead of files
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub(crate) passages: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) extractor: Extractor,
}

/// An optional extractor. Without one of these options none is asked.
#[derive(Debug, Args)]
pub(crate) struct Extractor {
    /// A GLiNER or token-classification model as an ONNX file, with what it came with beside it
    #[arg(long, value_name = "FILE", conflicts_with = "endpoint")]
    pub(crate) model: Option<PathBuf>,
    /// A server on this machine that speaks the protocol of chat completions:
    /// http://127.0.0.1:8080/v1
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// What the server calls the model
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) endpoint_model: String,
    /// A file whose first line is the secret that the server asks for
    #[arg(long, value_name = "FILE", requires = "endpoint")]
    pub(crate) key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Annotate {
    /// Ids of documents (d_…), or as much of them as is unmistakable
    /// [default: all that this extractor has not read yet]
    pub(crate) documents: Vec<String>,
    #[command(flatten)]
    pub(crate) extractor: Extractor,
    /// Allow a server on another machine of a private network, and say why. It is recorded
    #[arg(long, value_name = "REASON", requires = "endpoint")]
    pub(crate) consent: Option<String>,
    /// Who asks [default: the account's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Review {
    #[command(subcommand)]
    pub(crate) command: ReviewCommand,
    /// Why. Needed to reject, edit and prefer
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Who decides [default: the account's name]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReviewCommand {
    /// The statement is what the page says
    Accept {
        #[arg(required = true)]
        statements: Vec<casefile::StatementId>,
    },
    /// The statement is not what the page says
    Reject {
        #[arg(required = true)]
        statements: Vec<casefile::StatementId>,
    },
    /// The statement is nearly what the page says; the proposal is kept beside the edit
    Edit {
        statement: casefile::StatementId,
        /// Values to set, as a JSON merge patch: '{"modality":"risk"}'
        #[arg(long, value_name = "JSON")]
        set: String,
    },
    /// Of the figures about the same thing this is the one to use
    Prefer { statement: casefile::StatementId },
    /// Two records of lists are of the same thing
    Same(PairAsked),
    /// Two records of lists are of different things
    Different(PairAsked),
    /// Nobody can tell whether two records of lists are of the same thing
    Unsure(PairAsked),
    /// Join all pairs of records that score at least so much, as a rule that you switch on
    ///
    /// Nothing else joins records without a person. The log has the rule as your decision and each pair as the rule's;
    /// undoing the rule takes all of them back. Pairs that somebody judged are left as they are.
    Alike {
        /// From which score on, 0.9 to 1
        #[arg(long, value_name = "T")]
        threshold: f32,
        /// Show what would be joined, and change nothing
        #[arg(long)]
        only_try: bool,
    },
    /// Take a decision back; it stays in the log
    Undo { decision: u64 },
    /// All decisions, and which ones no longer have their proposal
    Log,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its id (d_…), or as much of the id as is unmistakable
    pub(crate) document: String,
    /// Print the text
    #[arg(long, conflicts_with = "original")]
    pub(crate) text: bool,
    /// Write the original bytes to standard output
    #[arg(long)]
    pub(crate) original: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Passphrase {
    #[command(subcommand)]
    pub(crate) action: PassphraseAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PassphraseAction {
    /// What opens this case
    List,
    /// Add a further passphrase (for a colleague), or a recipient with an age identity
    Add {
        /// A word to know it by; it stands in the clear, so let it name nobody
        #[arg(long)]
        label: Option<String>,
        /// Let an age recipient open the case, in place of a new passphrase: age1…
        #[arg(long, value_name = "RECIPIENT", conflicts_with = "new_passphrase_file")]
        recipient: Option<String>,
        /// A file whose first line is the new passphrase [default: a prompt]
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Replace the passphrase with which you open the case
    Change {
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Make a new recovery code; the old one opens nothing any more
    Recovery,
    /// Take a passphrase, code or recipient away, by its number in the list
    Remove { number: u32 },
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A signed checkpoint that was noted earlier: proves that nothing was taken away since
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    /// Only the search index
    #[arg(long)]
    pub(crate) index: bool,
    /// Passwords that opened encrypted files, one a line; the case does not keep them
    #[arg(long, value_name = "LIST")]
    pub(crate) file_passwords: Option<PathBuf>,
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    pub(crate) file: PathBuf,
    /// The folder to make
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port; 0 takes a free port. Only this machine can reach a loopback address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Open the browser
    #[arg(long)]
    pub(crate) open: bool,
    /// Print a token with which programs on this machine may ask the lists (yente's API)
    #[arg(long)]
    pub(crate) api_token: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to make the sample case [default: a new folder below the temporary one]
    pub(crate) dir: Option<PathBuf>,
    /// Open the interface at the end
    #[arg(long)]
    pub(crate) serve: bool,
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:0",
        requires = "serve"
    )]
    pub(crate) listen: SocketAddr,
}
