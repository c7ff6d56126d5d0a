//! HTML and RTF bodies → blocks.

use casefile::TextBuilder;

/// A body has no menus: all that it shows is content.
pub(crate) fn push(html: &str, into: &mut TextBuilder) -> webpage::Facts {
    webpage::push_html(html, into, webpage::Options { find_main: false })
}

/// RTF as Outlook keeps it: often HTML in disguise, which says more.
pub(crate) fn push_rtf(rtf: &[u8], into: &mut TextBuilder) {
    match legacy::rtf::to_html(rtf) {
        Some(html) => {
            push(&html, into);
        }
        None => legacy::rtf::to_text(rtf, into),
    }
}

pub(crate) fn decode(bytes: &[u8], charset: Option<&str>) -> String {
    webpage::decode_html(bytes, charset)
}
