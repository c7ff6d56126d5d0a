//! Names of members, whose charset old archives do not tell.

/// Decodes names one by one, taking those before into account: an archive has one charset, and
/// one short name alone tells little.
#[derive(Default)]
pub(crate) struct Names {
    seen: Vec<Vec<u8>>,
}

/// How many earlier names a guess is made with.
const CONTEXT: usize = 40;

impl Names {
    pub(crate) fn decode(&mut self, raw: &[u8]) -> String {
        if let Ok(text) = std::str::from_utf8(raw) {
            return text.to_owned();
        }
        if self.seen.len() >= CONTEXT {
            self.seen.swap_remove(CONTEXT / 2);
        }
        self.seen.push(raw.to_vec());
        let all: Vec<&[u8]> = self.seen.iter().map(Vec::as_slice).collect();
        decode_all(&all).pop().unwrap_or_default()
    }
}

/// Decodes all names of an archive together.
pub(crate) fn decode_all(raw: &[&[u8]]) -> Vec<String> {
    let decoded = encodings::decode_names(raw);
    decoded.into_iter().map(|name| name.text).collect()
}
