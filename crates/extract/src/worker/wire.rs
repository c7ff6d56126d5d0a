//! What the two sides say to one another: a length (u32, little endian) and a postcard value.

use std::io::{self, Read, Write};

use casefile::{Limits, Piece, Reading};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::Walls;

/// No message is longer: a section of text with its boxes stays far below.
const MOST: u32 = 512 << 20;
/// Files that come beside one request: the original, and fonts for drawing it.
pub(crate) const MOST_FILES: usize = 8;

/// What is asked of a worker. The original itself comes as an open descriptor beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) job: Job,
    /// Plain length of the original, in bytes.
    pub(crate) len: u64,
    /// The key of this one sealed original; `None` if the descriptor gives it in the clear.
    pub(crate) key: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Job {
    Read {
        name: String,
        declared_type: Option<String>,
        declared_charset: Option<String>,
        passwords: Vec<String>,
        limits: Limits,
    },
    Render {
        format: String,
        /// Each is answered with a picture, in this order.
        pages: Vec<u32>,
        /// Longest side in pixels.
        longest: u32,
        /// Binary PGM for a text recogniser, else PNG for the screen.
        grey: bool,
        passwords: Vec<String>,
        /// Of the font files that come beside the original.
        typefaces: Vec<crate::typefaces::Told>,
    },
    Probe,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Reply {
    /// Said once, first.
    Ready(Walls),
    /// The media type, before the reader of that format begins.
    Recognised(String),
    Piece(Piece),
    Read(Reading),
    Picture(Result<Rendered, String>),
    /// There are no more pictures.
    Drawn,
    Probed(Vec<Attempt>),
}

/// The picture of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    pub width: u32,
    pub height: u32,
    /// PNG, or PGM where grey was asked for.
    #[serde(with = "serde_bytes_vec")]
    pub bytes: Vec<u8>,
}

mod serde_bytes_vec {
    use serde::{Deserializer, Serializer, de::Visitor};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("bytes")
        }
        fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        from.deserialize_bytes(Bytes)
    }
}

/// One thing that a confined process tried although it should not be able to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// "open a file", "connect to a socket", …
    pub what: String,
    /// Whether the walls held.
    pub refused: bool,
}

/// A message as it goes over the socket.
pub(crate) fn frame(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(1 << 10);
    frame.extend([0; 4]);
    let mut frame = postcard::to_extend(value, frame).map_err(io::Error::other)?;
    let length = u32::try_from(frame.len() - 4)
        .ok()
        .filter(|length| *length <= MOST)
        .ok_or_else(|| io::Error::other("message too long"))?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    Ok(frame)
}

pub(crate) fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    to.write_all(&frame(value)?)
}

pub(crate) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > MOST {
        return Err(io::Error::other("message too long"));
    }
    // With room from the start: growing would cost many small reads. A length that is a lie costs
    // no more than this.
    let mut frame = Vec::with_capacity((length as usize).min(1 << 20));
    from.take(length.into()).read_to_end(&mut frame)?;
    postcard::from_bytes(&frame).map_err(io::Error::other)
}
