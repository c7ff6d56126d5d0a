//! Mentions and statements: what a passage names and what it claims, in the contract's form.
//!
//! Serialised, these values are the lines of `read --json` and `statements --json`. Offsets are
//! half-open ranges in Unicode scalar values of one text version.

use serde::{Deserialize, Serialize};

use crate::Span;

/// Words with their place: `text` is exactly what stands at `start..end`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Quote {
    pub text: String,
    pub start: u32,
    pub end: u32,
}

impl Quote {
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// One who plays a part: words in the text, or somebody whom the text does not name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    At(Quote),
    /// `{"text":null,"implicit":"unnamed"}`: there is no span to point at.
    Implicit {
        text: (),
        implicit: String,
    },
}

impl Argument {
    /// The source of a bare "reportedly".
    #[must_use]
    pub fn unnamed() -> Self {
        Self::Implicit {
            text: (),
            implicit: "unnamed".into(),
        }
    }

    #[must_use]
    pub const fn quote(&self) -> Option<&Quote> {
        match self {
            Self::At(quote) => Some(quote),
            Self::Implicit { .. } => None,
        }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$note])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value that `word` names, if any.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What a mention names.
    MentionKind {
        Person = "person",
        Role = "role",
        Organisation = "org",
        Place = "place",
        Nationality = "nationality",
        Law = "law",
        Date = "date",
        Number = "number",
        Vessel = "vessel",
    }
}

words! {
    /// What a statement says happened. A closed list that may grow.
    Event {
        Abuse = "abuse",
        Agreement = "agreement",
        Arrest = "arrest",
        Arrival = "arrival",
        Association = "association",
        Attendance = "attendance",
        BorderChange = "border_change",
        Claim = "claim",
        CrimeAgainstHumanity = "crime_against_humanity",
        Crossing = "crossing",
        DenialOfStatus = "denial_of_status",
        Deportation = "deportation",
        Designation = "designation",
        Detention = "detention",
        Employment = "employment",
        Execution = "execution",
        Export = "export",
        ForcedAbortion = "forced_abortion",
        ForcedLabour = "forced_labour",
        ForcedTransfer = "forced_transfer",
        Funding = "funding",
        Hearing = "hearing",
        Import = "import",
        ImportBan = "import_ban",
        LabourExport = "labour_export",
        LabourImport = "labour_import",
        Legislation = "legislation",
        Letter = "letter",
        Meeting = "meeting",
        Membership = "membership",
        Memorandum = "memorandum",
        Obligation = "obligation",
        Office = "office",
        Ownership = "ownership",
        Prohibition = "prohibition",
        Release = "release",
        Repatriation = "repatriation",
        Report = "report",
        Request = "request",
        Residence = "residence",
        Sanction = "sanction",
        SexualViolence = "sexual_violence",
        Testimony = "testimony",
        Threat = "threat",
        Torture = "torture",
        Trafficking = "trafficking",
        Transfer = "transfer",
        Travel = "travel",
        ViolationOfLaw = "violation_of_law",
        Vulnerability = "vulnerability",
    }
}

words! {
    /// Closed labels for whom it happened to.
    Group {
        Refugees = "refugees",
        Workers = "workers",
        Women = "women",
        Men = "men",
        Children = "children",
        Families = "families",
        AsylumSeekers = "asylum_seekers",
        EthnicMinorities = "ethnic_minorities",
        Students = "students",
        Prisoners = "prisoners",
        Missionaries = "missionaries",
        TraffickingVictims = "trafficking_victims",
        Helpers = "helpers",
    }
}

words! {
    /// How the statement stands to the world. Risk, plan, denial and report are not facts.
    Modality {
        Happened = "happened",
        Ongoing = "ongoing",
        General = "general",
        Past = "past",
        Planned = "planned",
        Risk = "risk",
        Hypothetical = "hypothetical",
        Obligation = "obligation",
        Request = "request",
        Denied = "denied",
        Unconfirmed = "unconfirmed",
        Disputed = "disputed",
    }
}

impl Modality {
    /// Whether the statement claims that the thing was or is so.
    #[must_use]
    pub const fn is_fact(self) -> bool {
        matches!(
            self,
            Self::Happened | Self::Ongoing | Self::General | Self::Past
        )
    }
}

/// Whether the content itself is negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Polarity {
    #[serde(rename = "+")]
    Positive,
    #[serde(rename = "-")]
    Negative,
}

words! {
    /// How the words bound the number; which of `low`, `high`, `best` they give follows from it.
    QuantityKind {
        Exact = "exact",
        Approx = "approx",
        /// "close to 2000": not above.
        ApproxBelow = "approx_below",
        Min = "min",
        /// Korean 여, 600여 명: somewhat more than.
        MinApprox = "min_approx",
        Max = "max",
        Range = "range",
        Vague = "vague",
    }
}

words! {
    /// Held at a time, moved in a period, summed since a start, or a part of a whole.
    Measure {
        Stock = "stock",
        Flow = "flow",
        Cumulative = "cumulative",
        Share = "share",
    }
}

/// A figure: what the words bound, never more. `null` bounds are open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    pub text: String,
    pub start: u32,
    pub end: u32,
    pub kind: QuantityKind,
    pub low: Option<Count>,
    pub high: Option<Count>,
    pub best: Option<Count>,
    /// What is counted, singular: `person`, `case`, `member`, `percent`, `USD`, `kg` …
    pub unit: Option<String>,
    pub measure: Option<Measure>,
}

/// A number as JSON shows it: whole where it is whole.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Count {
    Whole(i64),
    Real(f64),
}

impl Count {
    /// Whole if `value` is whole and small enough to be exact.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    pub fn new(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() < 9.0e15 {
            Self::Whole(value as i64)
        } else {
            Self::Real(value)
        }
    }

    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "figures stay far below 2^53")]
    pub const fn value(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Real(real) => real,
        }
    }
}

/// A time as the words give it, resolved where it can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub text: String,
    pub start: u32,
    pub end: u32,
    /// ISO 8601 day, inclusive; `null` = open or unknown.
    pub from: Option<String>,
    pub to: Option<String>,
    /// `day`, `month`, `year`, `season`, `decade`, `range`, `since`, `until`, `vague` …
    pub precision: String,
    /// Resolved against the document's date or another date of the text.
    pub relative: bool,
}

/// One step of a chain of tellers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    pub source: Argument,
    pub cue: Option<Quote>,
}

/// A span that names something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    #[serde(rename = "type")]
    pub kind: MentionKind,
    pub start: u32,
    pub end: u32,
    pub text: String,
}

/// One claim of a text: machine output, a proposal until a person accepts it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    pub event: Event,
    pub start: u32,
    pub end: u32,
    pub quote: String,
    pub trigger: Quote,
    pub agent: Vec<Argument>,
    pub patient: Vec<Argument>,
    pub object: Vec<Argument>,
    pub group: Vec<Group>,
    pub place: Vec<Argument>,
    pub origin: Vec<Argument>,
    pub destination: Vec<Argument>,
    pub quantity: Option<Quantity>,
    pub date: Option<When>,
    pub modality: Modality,
    pub polarity: Polarity,
    /// Nearest teller first; empty = the author of the document.
    pub attribution: Vec<Attribution>,
    pub hedges: Vec<Quote>,
    /// 0 to 1: how often statements found in this way are right on the development set.
    pub score: f32,
    /// The rule or model that spoke, with its version.
    pub extractor: String,
    /// Optional extractors that proposed the same event on the same trigger; not shown where there
    /// are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<String>,
}
