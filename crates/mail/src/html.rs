//! HTML and RTF bodies → blocks.

use casefile::{BlockKind, TextBuilder};

pub(crate) fn push(html: &str, into: &mut TextBuilder) {
    into.block(BlockKind::Paragraph, true, html);
}

pub(crate) fn push_rtf(rtf: &[u8], into: &mut TextBuilder) {
    into.block(BlockKind::Paragraph, true, &String::from_utf8_lossy(rtf));
}

pub(crate) fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    crate::charset::decode(bytes, charset)
}
