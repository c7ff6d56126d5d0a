//! The charset of a page, by the order of the HTML standard: byte order mark, HTTP header, `meta`
//! within the head, XML declaration, and then what fits.

/// The bytes of a page as text.
#[must_use]
pub fn decode_html(bytes: &[u8], http_charset: Option<&str>) -> String {
    let label = label(bytes, http_charset);
    encodings::decode(bytes, label.as_deref()).text
}

/// The label that holds: that of the header, or what the page says of itself.
pub(crate) fn label(bytes: &[u8], http_charset: Option<&str>) -> Option<String> {
    if let Some(label) = http_charset
        .map(str::trim)
        .filter(|label| !label.is_empty())
    {
        return Some(label.to_owned());
    }
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let label = meta(&head).or_else(|| declaration(&head))?;
    // Whoever can read this in ASCII does not have UTF-16 before him, as the standard says.
    if label.starts_with("utf-16") || label.starts_with("utf16") {
        return Some("utf-8".into());
    }
    Some(label)
}

fn meta(head: &str) -> Option<String> {
    let mut rest = head;
    loop {
        let comment = rest.find("<!--");
        let tag = rest.find("<meta")?;
        if let Some(comment) = comment.filter(|&comment| comment < tag) {
            let inside = rest.get(comment + 4..)?;
            rest = inside.get(inside.find("-->")? + 3..)?;
            continue;
        }
        let inside = rest.get(tag + 5..)?;
        let end = inside.find('>').unwrap_or(inside.len());
        let (tag, after) = inside.split_at_checked(end)?;
        if let Some(label) = charset_of(tag) {
            return Some(label);
        }
        rest = after;
    }
}

/// `charset=…`, alone or within a `content` attribute.
fn charset_of(tag: &str) -> Option<String> {
    let mut rest = tag;
    while let Some(at) = rest.find("charset") {
        let after = rest.get(at + 7..)?.trim_start();
        if let Some(value) = after.strip_prefix('=') {
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let end = value
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '/' | '>'))
                .unwrap_or(value.len());
            let label = value.get(..end)?;
            return (!label.is_empty() && label.len() < 60).then(|| label.to_owned());
        }
        rest = after;
    }
    None
}

fn declaration(head: &str) -> Option<String> {
    let inside = head
        .trim_start_matches('\u{feff}')
        .trim_start()
        .strip_prefix("<?xml")?;
    let inside = inside.get(..inside.find("?>")?)?;
    let value = inside
        .get(inside.find("encoding")? + 8..)?
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    let label = value.get(..value.find(['"', '\''])?)?;
    (!label.is_empty() && label.len() < 60).then(|| label.to_owned())
}
