//! What a format reader is given and what it hands over.
//!
//! Every reader has the form
//! `fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop>`.
//! It never fails: a broken file is a [`Reading`] with outcome `Damaged` and whatever could be
//! read. `Err(Stop)` only passes on that the receiver wants no more.

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::{Outcome, Problem, Section};

pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// The caps that a reader keeps by itself; the process around it has harder ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes that a reader may hold of its input at once.
    pub input_bytes: u64,
    /// Characters of text a document may have. Offsets are 32 bits wide: never more than that.
    pub text_chars: u64,
    /// Members of one container.
    pub members: u64,
    /// Bytes of all members of one container together.
    pub member_bytes: u64,
    /// Unpacked to packed bytes, above 16 MiB unpacked.
    pub ratio: u64,
    /// Pages of one document.
    pub pages: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 512 << 20,
            text_chars: 4_000_000_000,
            members: 200_000,
            member_bytes: 64 << 30,
            ratio: 1_000,
            pages: 50_000,
        }
    }
}

/// One original, to be read.
pub struct Input<'a> {
    pub bytes: &'a mut dyn ReadSeek,
    pub len: u64,
    /// The file's or member's own name, for its extension; may be empty.
    pub name: &'a str,
    /// What the container said it is (mail part, HTTP header, zip entry): a hint, often wrong.
    pub declared_type: Option<&'a str>,
    pub declared_charset: Option<&'a str>,
    /// Passwords to try on encrypted files, in order.
    pub passwords: &'a [String],
    pub limits: Limits,
}

impl Input<'_> {
    /// The first `most` bytes, or fewer if the input is shorter.
    ///
    /// # Errors
    /// The input could not be read.
    pub fn head(&mut self, most: u64) -> io::Result<Vec<u8>> {
        self.bytes.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        (&mut *self.bytes).take(most).read_to_end(&mut head)?;
        self.bytes.seek(SeekFrom::Start(0))?;
        Ok(head)
    }

    /// The whole input in memory; `None` if it is larger than `limits.input_bytes`.
    ///
    /// # Errors
    /// The input could not be read.
    pub fn all(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.len > self.limits.input_bytes {
            return Ok(None);
        }
        self.bytes.seek(SeekFrom::Start(0))?;
        let mut all = Vec::with_capacity(usize::try_from(self.len).unwrap_or(0));
        (&mut *self.bytes)
            .take(self.limits.input_bytes)
            .read_to_end(&mut all)?;
        Ok(Some(all))
    }

    /// The extension of the name in lower case, without the dot.
    #[must_use]
    pub fn extension(&self) -> Option<String> {
        let (stem, extension) = self.name.rsplit_once('.')?;
        (!stem.is_empty() && extension.len() <= 12).then(|| extension.to_lowercase())
    }
}

/// The receiver of what a reader finds, in order.
pub type Emit<'a> = &'a mut dyn FnMut(Piece) -> Result<(), Stop>;

/// The receiver wants no more: a cap was reached, or nobody listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub reason: String,
}

/// One thing that a reader finds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    /// The next stretch of the document's own text.
    Section(Section),
    /// A member begins; its bytes follow in `Bytes`, then `MemberEnd`.
    Member(Member),
    /// The next bytes of the member that has begun; at most 1 MiB at once.
    Bytes(#[serde(with = "bytes")] Vec<u8>),
    /// The member is whole, or ends early: then the outcome it gets, and why.
    MemberEnd(Option<(Outcome, String)>),
}

/// Bytes as one run, not as a sequence of numbers.
mod bytes {
    use serde::de::{Error, SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    struct Bytes;
    impl<'de> Visitor<'de> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("bytes")
        }
        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
            let mut bytes = Vec::new();
            while let Some(byte) = seq.next_element()? {
                bytes.push(byte);
            }
            Ok(bytes)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_byte_buf(Bytes)
    }
}

/// What kind of part of its container a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MemberKind {
    /// A file of an archive.
    Entry,
    /// A file attached to, or shown inside, a message.
    Attachment,
    /// A message of a mailbox, or a message forwarded inside another.
    Message,
    /// A picture or file embedded in a document.
    Embedded,
    /// A response of a web archive.
    Capture,
}

/// A member of a container, as its container describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Path inside this container with `/` between parts, for people: decoded, no `..`, no
    /// leading `/`, no control characters. Need not be unique. Never used as a path on disk.
    pub path: String,
    pub kind: MemberKind,
    pub declared_type: Option<String>,
    pub declared_charset: Option<String>,
    /// RFC 3339, or without offset where the container has none.
    pub modified: Option<String>,
    /// Facts about the member that its container holds (URL of a capture, ids of an attachment).
    pub metadata: Vec<Metadatum>,
}

impl Member {
    #[must_use]
    pub fn new(path: impl Into<String>, kind: MemberKind) -> Self {
        Self {
            path: path.into(),
            kind,
            declared_type: None,
            declared_charset: None,
            modified: None,
            metadata: Vec::new(),
        }
    }
}

/// The fields of metadata that mean the same in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    Author,
    /// Whoever last changed it.
    Editor,
    Publisher,
    Subject,
    Description,
    Keywords,
    Language,
    /// When it was published, sent, created, changed, taken (a photograph), captured (web).
    Published,
    Sent,
    Created,
    Modified,
    Taken,
    Captured,
    Sender,
    Recipient,
    Copied,
    ReplyTo,
    MessageId,
    InReplyTo,
    /// Where it came from.
    Url,
    /// The program that made it.
    Software,
    /// Camera or scanner.
    Device,
    /// `latitude, longitude` in decimal degrees.
    Position,
    Pages,
    /// Anything else worth keeping; `from` says what it is.
    Other,
}

impl Field {
    /// The name in JSON and in the database, e.g. `message_id`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Author => "author",
            Self::Editor => "editor",
            Self::Publisher => "publisher",
            Self::Subject => "subject",
            Self::Description => "description",
            Self::Keywords => "keywords",
            Self::Language => "language",
            Self::Published => "published",
            Self::Sent => "sent",
            Self::Created => "created",
            Self::Modified => "modified",
            Self::Taken => "taken",
            Self::Captured => "captured",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Copied => "copied",
            Self::ReplyTo => "reply_to",
            Self::MessageId => "message_id",
            Self::InReplyTo => "in_reply_to",
            Self::Url => "url",
            Self::Software => "software",
            Self::Device => "device",
            Self::Position => "position",
            Self::Pages => "pages",
            Self::Other => "other",
        }
    }
}

/// One fact that a file states about itself, and where it states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadatum {
    pub field: Field,
    /// As the file has it, decoded; for dates RFC 3339 (or ISO 8601 without offset, or shorter)
    /// where the original form could be understood, else as it stands.
    pub value: String,
    /// Where it stands: "PDF Info /CreationDate", "mail header Date", "HTML meta og:title".
    pub from: String,
}

impl Metadatum {
    #[must_use]
    pub fn new(field: Field, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            field,
            value: value.into(),
            from: from.into(),
        }
    }
}

/// The end of a reading: what the file is, what became of it, what it says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Media type that was recognised from the bytes, e.g. `application/pdf`.
    pub format: String,
    /// `Indexed` for whatever was read as it should be (the receiver turns it into `NoText` if
    /// neither text nor member came), `Encrypted`, `Damaged`, `Unsupported` or `Limit`.
    pub outcome: Outcome,
    /// One line for people when the outcome is not `Indexed`: what happened and what was kept.
    pub reason: Option<String>,
    pub metadata: Vec<Metadatum>,
    pub problems: Vec<Problem>,
}

impl Reading {
    #[must_use]
    pub fn indexed(format: &str) -> Self {
        Self {
            format: format.to_owned(),
            outcome: Outcome::Indexed,
            reason: None,
            metadata: Vec::new(),
            problems: Vec::new(),
        }
    }

    #[must_use]
    pub fn failed(format: &str, outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            reason: Some(reason.into()),
            ..Self::indexed(format)
        }
    }

    /// The first value of a field.
    #[must_use]
    pub fn first(&self, field: Field) -> Option<&str> {
        self.metadata
            .iter()
            .find(|datum| datum.field == field)
            .map(|datum| datum.value.as_str())
    }

    /// Keeps a fact unless it is blank.
    pub fn note(&mut self, field: Field, value: &str, from: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.metadata.push(Metadatum::new(field, value, from));
        }
    }
}
