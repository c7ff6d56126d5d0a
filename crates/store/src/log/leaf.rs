//! What a leaf of the log says, and its one canonical form in bytes.
//!
//! ```text
//! leaf  = "TL1" field*
//! field = tag (1 byte) · length (4 bytes, big-endian) · value
//! ```
//! Tags ascend strictly; a field without a value is left out; numbers are 8 bytes big-endian;
//! texts are UTF-8 as given. Any other form is refused, so equal leaves are equal bytes.
//!
//! Names (of people who act, of files, folders, sources, and free text) never stand in a leaf:
//! only a salted commitment does, so that the log can be shown to others without the names, and a
//! name can be proved by showing it with its salt.

use casefile::{Blake3, Outcome, Sha256};

use super::sha256;

/// What a leaf witnesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// The bytes of an original were taken in.
    Original,
    /// An occurrence was recorded, or what became of it has changed.
    Occurrence,
    /// A setting of the case was given a value.
    Setting,
    /// A person decided something.
    Decision,
}

impl LeafKind {
    const ALL: [(Self, u64); 4] = [
        (Self::Original, 1),
        (Self::Occurrence, 2),
        (Self::Setting, 3),
        (Self::Decision, 4),
    ];

    fn code(self) -> u64 {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or(0, |(_, code)| *code)
    }

    fn from_code(code: u64) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == code)
            .map(|(kind, _)| *kind)
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub kind: LeafKind,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Commitment to whoever or whatever acted.
    pub who: [u8; 32],
    /// The stable name of a setting or of a kind of decision.
    pub what: Option<String>,
    /// The original it is about.
    pub object: Option<Sha256>,
    /// The original's second hash.
    pub blake3: Option<Blake3>,
    /// Length of the original or occurrence.
    pub bytes: Option<u64>,
    /// The occurrence it is about, by number.
    pub subject: Option<u64>,
    /// The occurrence of the container.
    pub parent: Option<u64>,
    pub outcome: Option<Outcome>,
    /// Commitment to the names and free text that belong to it.
    pub private: Option<[u8; 32]>,
}

/// Bytes are not a leaf in canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an entry of the log in its canonical form")]
pub struct LeafError;

const MAGIC: &[u8] = b"TL1";

impl Leaf {
    /// A leaf without any optional field.
    #[must_use]
    pub const fn new(kind: LeafKind, at: i64, who: [u8; 32]) -> Self {
        Self {
            kind,
            at,
            who,
            what: None,
            object: None,
            blake3: None,
            bytes: None,
            subject: None,
            parent: None,
            outcome: None,
            private: None,
        }
    }

    /// The canonical form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(192);
        out.extend_from_slice(MAGIC);
        let mut put = |tag: u8, value: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(value);
        };
        put(1, &self.kind.code().to_be_bytes());
        put(2, &self.at.to_be_bytes());
        put(3, &self.who);
        if let Some(what) = &self.what {
            put(4, what.as_bytes());
        }
        if let Some(object) = &self.object {
            put(5, &object.0);
        }
        if let Some(hash) = &self.blake3 {
            put(6, &hash.0);
        }
        for (tag, number) in [(7, self.bytes), (8, self.subject), (9, self.parent)] {
            if let Some(number) = number {
                put(tag, &number.to_be_bytes());
            }
        }
        if let Some(outcome) = self.outcome {
            put(10, outcome.name().as_bytes());
        }
        if let Some(private) = &self.private {
            put(11, private);
        }
        out
    }

    /// Reads the canonical form.
    ///
    /// # Errors
    /// The bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Result<Self, LeafError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(LeafError)?;
        let mut fields: [Option<&[u8]>; 12] = [None; 12];
        let mut previous = 0;
        while let Some((tag, after)) = rest.split_first() {
            let (length, after) = after.split_first_chunk::<4>().ok_or(LeafError)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| LeafError)?;
            let (value, after) = after.split_at_checked(length).ok_or(LeafError)?;
            if *tag <= previous {
                return Err(LeafError);
            }
            *fields.get_mut(usize::from(*tag)).ok_or(LeafError)? = Some(value);
            previous = *tag;
            rest = after;
        }
        let [
            _,
            kind,
            at,
            who,
            what,
            object,
            blake3,
            bytes,
            subject,
            parent,
            outcome,
            private,
        ] = fields;
        fn fixed<const N: usize>(field: Option<&[u8]>) -> Result<Option<[u8; N]>, LeafError> {
            field
                .map(|value| value.try_into().map_err(|_| LeafError))
                .transpose()
        }
        let text = |field: Option<&[u8]>| {
            let read = |value: &[u8]| String::from_utf8(value.to_vec()).map_err(|_| LeafError);
            field.map(read).transpose()
        };
        let number = |field| Ok(fixed(field)?.map(u64::from_be_bytes));
        let outcome = text(outcome)?.map(|name| name.parse().map_err(|_| LeafError));
        Ok(Self {
            kind: number(kind)?
                .and_then(LeafKind::from_code)
                .ok_or(LeafError)?,
            at: fixed(at)?.map(i64::from_be_bytes).ok_or(LeafError)?,
            who: fixed(who)?.ok_or(LeafError)?,
            what: text(what)?,
            object: fixed(object)?.map(Sha256),
            blake3: fixed(blake3)?.map(Blake3),
            bytes: number(bytes)?,
            subject: number(subject)?,
            parent: number(parent)?,
            outcome: outcome.transpose()?,
            private: fixed(private)?,
        })
    }
}

/// A salted commitment to a list of optional values: `SHA-256` over the salt and, for each value,
/// a byte 0 (absent) or a byte 1, its length (8 bytes, big-endian) and the value itself.
#[must_use]
pub fn commitment(salt: &[u8; 32], values: &[Option<&[u8]>]) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(b"tumen commitment 1\0");
    bytes.extend_from_slice(salt);
    for value in values {
        match value {
            None => bytes.push(0),
            Some(value) => {
                bytes.push(1);
                bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
                bytes.extend_from_slice(value);
            }
        }
    }
    sha256(&[&bytes])
}
