//! Bytes of a message → text, by the charset it names or the one that fits.

/// Decodes; a name that is missing or wrong is made up for by looking at the bytes.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    if bytes.is_ascii() && !bytes.contains(&0x1b) && declared.is_none_or(|name| !odd(name)) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    encodings::decode(bytes, declared).text
}

/// Charsets whose texts are ASCII bytes that do not mean ASCII.
fn odd(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "utf-7", "utf7", "utf-16", "utf16", "utf-32", "utf32", "hz", "2022",
    ]
    .iter()
    .any(|odd| name.contains(odd))
}
