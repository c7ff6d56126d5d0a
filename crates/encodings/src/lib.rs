//! Bytes in any encoding to text: recognising the charset, decoding it whole or in a stream, and
//! the readers of plain text, tables and markup that need nothing else.
//!
//! Recognition is a comparison of likelihoods: each candidate charset decodes a sample, and a
//! frequency model of its languages says how plausible the result is (`model.rs`). For long texts
//! the verdict of `chardetng` weighs in. What was declared (a mail header, a `meta` tag) is taken
//! unless it clearly does not fit. This crate never throws bytes away: what cannot be decoded
//! becomes U+FFFD and is counted.

mod charset;
mod decode;
mod detect;
mod dos;
mod machine;
mod model;
mod names;
mod narrow;
pub mod plain;
mod stream;
pub mod table;
mod wide;

pub use decode::{Decoded, How, decode};
pub use detect::is_binary;
pub use names::{decode_name, decode_names};
pub use stream::Decoder;

#[cfg(test)]
mod tests;
