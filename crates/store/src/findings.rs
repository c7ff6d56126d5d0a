//! What one text names and claims, on its way into the ledger.

use casefile::statement::{Mention, Statement};

use crate::error::StoreError;

/// Bodies are small and alike; the lowest level packs them nearly as well as the others.
const LEVEL: i32 = 1;
/// Mentions and statements that are held open; beyond, they are packed, so that a text of gigabytes does not fill
/// the memory with what it names.
const OPEN: usize = 20_000;

/// Mentions and statements of one text, in order; packed while they are many.
#[derive(Debug, Default)]
pub struct Findings {
    mentions: Vec<Mention>,
    statements: Vec<Statement>,
    /// Frames, each a JSON list.
    packed_mentions: Vec<u8>,
    packed_statements: Vec<Vec<u8>>,
}

impl Findings {
    /// Adds what a further part of the text says.
    ///
    /// # Errors
    /// It cannot be packed.
    pub fn add(
        &mut self,
        mentions: Vec<Mention>,
        statements: Vec<Statement>,
    ) -> Result<(), StoreError> {
        if self.mentions.is_empty() && self.statements.is_empty() {
            (self.mentions, self.statements) = (mentions, statements);
        } else {
            self.mentions.extend(mentions);
            self.statements.extend(statements);
        }
        if self.mentions.len() + self.statements.len() > OPEN {
            self.packed_mentions.extend(pack(&self.mentions)?);
            self.packed_statements.push(pack(&self.statements)?);
            (self.mentions, self.statements) = (Vec::new(), Vec::new());
        }
        Ok(())
    }

    /// All mentions: frames one after another, each a JSON list.
    pub(crate) fn mentions(&self) -> Result<Vec<u8>, StoreError> {
        let last = pack(&self.mentions)?;
        if self.packed_mentions.is_empty() {
            return Ok(last);
        }
        Ok([self.packed_mentions.as_slice(), &last].concat())
    }

    /// Each statement in order, a part at a time.
    pub(crate) fn each_statement(
        &self,
        mut each: impl FnMut(&Statement) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for part in &self.packed_statements {
            for statement in unpack::<Statement>(part)? {
                each(&statement)?;
            }
        }
        self.statements.iter().try_for_each(each)
    }
}

fn pack<T: serde::Serialize>(list: &[T]) -> Result<Vec<u8>, StoreError> {
    let refused = |detail: String| StoreError::Refused {
        doing: "keeping statements",
        detail,
    };
    let json = serde_json::to_vec(list).map_err(|error| refused(error.to_string()))?;
    zstd::stream::encode_all(json.as_slice(), LEVEL).map_err(|error| refused(error.to_string()))
}

/// The lists of all frames, as one.
pub(crate) fn unpack<T: serde::de::DeserializeOwned>(packed: &[u8]) -> Result<Vec<T>, StoreError> {
    let damaged = |detail: String| StoreError::damaged("reading mentions and statements", detail);
    let decoder =
        zstd::stream::read::Decoder::new(packed).map_err(|error| damaged(error.to_string()))?;
    let mut out = Vec::new();
    for list in serde_json::Deserializer::from_reader(std::io::BufReader::new(decoder))
        .into_iter::<Vec<T>>()
    {
        out.extend(list.map_err(|error| damaged(error.to_string()))?);
    }
    Ok(out)
}
