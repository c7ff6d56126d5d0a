//! What went wrong, whose matter it is, and what to do next.

use std::fmt;

use serde::Serialize;

/// Whose matter a failure is; decides the exit status and the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The request is not one that can be carried out as it stands.
    You,
    /// The case is locked and what was given does not open it.
    Locked,
    /// The case is damaged, missing, or in use.
    Case,
    /// The machine has not what it takes: space, permission, a program.
    Machine,
    /// A fault of Tumen's own.
    Bug,
}

/// A failure as people get to see it. Carries no name of a person and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub kind: Whose,
    /// Stable name in kebab case.
    pub code: &'static str,
    /// What happened and what is safe.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Failure {
    #[must_use]
    pub fn new(kind: Whose, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Exit status of the command line, as the contract has it.
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        match self.kind {
            Whose::You => 2,
            Whose::Locked => 3,
            Whose::Case | Whose::Machine => 4,
            Whose::Bug => 70,
        }
    }

    /// Status of the HTTP answer.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match (self.kind, self.code) {
            (Whose::You, "not-found") => 404,
            (Whose::You, _) => 400,
            (Whose::Locked, _) => 403,
            (Whose::Case, "busy") => 409,
            (Whose::Case | Whose::Machine, _) => 503,
            (Whose::Bug, _) => 500,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The case is whole but there is no room; everything else of the store's errors has its place.
impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        use store::StoreError as E;
        let message = error.to_string();
        match error {
            E::WrongKey | E::NotSealed => Self::new(Whose::Case, "ledger-key", message)
                .hint("prove the case with `tumen verify`"),
            E::Full { .. } => Self::new(Whose::Machine, "no-space", message)
                .hint("make room and run the command again; it goes on where it stopped"),
            E::Busy { .. } => Self::new(Whose::Case, "busy", message)
                .hint("wait for the other command to end, then run this one again"),
            E::Damaged { .. } | E::NotALedger | E::Missing(_) => {
                Self::new(Whose::Case, "ledger-damaged", message)
                    .hint("`tumen verify` says what is damaged; a backup brings it back")
            }
            E::Newer { .. } => Self::new(Whose::Case, "newer-case", message)
                .hint("open it with the newer version of tumen"),
            E::Disk { .. } | E::ReadOnly { .. } => Self::new(Whose::Machine, "disk", message).hint(
                "what was committed is safe; see to the disk (its room, its limits, its health), \
                 then run the command again: it goes on where it stopped",
            ),
            _ => Self::new(Whose::Bug, "ledger", message),
        }
    }
}

impl From<evidence::EvidenceError> for Failure {
    fn from(error: evidence::EvidenceError) -> Self {
        use evidence::EvidenceError as E;
        let mut message = error.to_string();
        if let Some(cause) = std::error::Error::source(&error) {
            message += &format!(": {cause}");
        }
        if error.is_no_space() {
            return Self::new(Whose::Machine, "no-space", message)
                .hint("make room and run the command again; it goes on where it stopped");
        }
        match error {
            E::NotEmpty(_) => Self::new(Whose::You, "not-empty", message).hint("name a new folder"),
            E::NoCase(_) => {
                Self::new(Whose::Case, "no-case", message).hint("make one with `tumen new DIR`")
            }
            E::Damaged { .. } | E::DamagedOriginal { .. } | E::Missing(_) => {
                Self::new(Whose::Case, "damaged", message)
                    .hint("`tumen verify` says what is damaged; a backup brings it back")
            }
            E::NewerFormat(_) => Self::new(Whose::Case, "newer-case", message)
                .hint("open it with the newer version of tumen"),
            E::Keys(keys) => keys.into(),
            _ => Self::new(Whose::Machine, "disk", message).hint(
                "what was committed is safe; see to the disk (its room, its limits, its health), \
                 then run the command again: it goes on where it stopped",
            ),
        }
    }
}

impl From<sealing::KeyError> for Failure {
    fn from(error: sealing::KeyError) -> Self {
        use sealing::KeyError as E;
        let message = error.to_string();
        match error {
            E::WrongPassphrase => Self::new(
                Whose::Locked,
                "wrong-passphrase",
                "this passphrase does not open the case; nothing was changed",
            )
            .hint("try again, or open it with the recovery code: `--recovery-file FILE`"),
            E::WrongIdentity => Self::new(
                Whose::Locked,
                "wrong-identity",
                "no identity in this file opens the case; nothing was changed",
            )
            .hint("a passphrase or the recovery code may: `--passphrase-file` or `--recovery-file FILE`"),
            E::NoRecipient => Self::new(
                Whose::Locked,
                "wrong-identity",
                "no identity opens this case: it has no recipient; nothing was changed",
            )
            .hint("open it with its passphrase, then `tumen passphrase add --recipient age1…`"),
            E::Damaged(_) => Self::new(Whose::Case, "keys-damaged", message)
                .hint("bring `keys.json` back from a backup"),
            E::LastSlot | E::NoSuchSlot(_) | E::KnownRecipient => Self::new(Whose::You, "slot", message),
            _ => Self::new(Whose::Locked, "locked", message),
        }
    }
}

impl From<sealing::RecipientError> for Failure {
    fn from(error: sealing::RecipientError) -> Self {
        use sealing::RecipientError as E;
        let failure = Self::new(Whose::You, "recipient", error.to_string());
        match error {
            // It stood in the arguments: in the history of the shell and the list of processes.
            E::Identity => failure
                .hint("others may have seen it by now: make a new one with `age-keygen`")
                .hint("`age-keygen -y FILE` prints the recipient of an identity file"),
            E::OtherKind => {
                failure.hint("`age-keygen -y FILE` prints the recipient of an identity file")
            }
            E::Mistyped | E::Weak => failure.hint("ask for it again, and copy it whole"),
        }
    }
}

impl From<search::Error> for Failure {
    fn from(error: search::Error) -> Self {
        let message = error.to_string();
        if error.wants_rebuild() {
            return Self::new(Whose::Case, "index-damaged", message)
                .hint("make it again with `tumen rebuild --index`");
        }
        match error {
            search::Error::Busy => Self::new(Whose::Case, "busy", message),
            search::Error::Io { .. } => Self::new(Whose::Machine, "disk", message)
                .hint("the documents are safe; make room and run the command again"),
            _ => Self::new(Whose::Bug, "index", message),
        }
    }
}

impl From<search::QueryError> for Failure {
    fn from(error: search::QueryError) -> Self {
        let place = error.at + 1;
        let failure = Self::new(
            Whose::You,
            "query",
            format!(
                "the query cannot be read at character {place}: {}",
                error.message
            ),
        );
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// An original that cannot be read back from the vault.
#[must_use]
pub fn damaged_original(error: &std::io::Error) -> Failure {
    Failure::new(
        Whose::Case,
        "damaged",
        format!("the original cannot be read back: {error}"),
    )
    .hint("`tumen verify` says what is damaged; a backup brings it back")
}
