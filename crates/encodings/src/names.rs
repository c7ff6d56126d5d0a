//! Names of archive members: a few bytes each, no declaration, often one charset for all.

use crate::charset::Charset;
use crate::decode::{Decoded, How, decode};
use crate::detect;
use crate::machine::Machine;

/// Decodes one name; see [`decode_names`].
#[must_use]
pub fn decode_name(bytes: &[u8]) -> Decoded {
    let mut names = decode_names(&[bytes]);
    names.pop().unwrap_or_else(|| decode(bytes, None))
}

/// Decodes the names of one archive, in order. Names that are valid UTF-8 are taken so; all
/// others together decide their one charset.
#[must_use]
pub fn decode_names(names: &[&[u8]]) -> Vec<Decoded> {
    let mut others = Vec::new();
    for name in names
        .iter()
        .filter(|name| std::str::from_utf8(name).is_err())
    {
        others.extend_from_slice(name);
        others.push(b'\n');
        if others.len() > 8_192 {
            break;
        }
    }
    let charset = if others.is_empty() {
        Charset::Utf8
    } else {
        detect::best(&others).charset
    };
    names.iter().map(|name| one(name, charset)).collect()
}

fn one(name: &[u8], charset: Charset) -> Decoded {
    if let Ok(text) = std::str::from_utf8(name) {
        return Decoded {
            text: text.to_owned(),
            charset: Charset::Utf8.name(),
            how: How::Valid,
            replaced: 0,
        };
    }
    let mut text = String::new();
    let replaced = Machine::new(charset).push(name, &mut text, true);
    Decoded {
        text,
        charset: charset.name(),
        how: How::Guessed,
        replaced,
    }
}
