//! The head of a message or part (RFC 5322 section 2.2, RFC 2045): fields, parameters, addresses.

use crate::words;

/// One field: its name as written and its value, unfolded, not yet decoded.
#[derive(Debug, Clone)]
pub(crate) struct HeaderField {
    pub(crate) name: String,
    pub(crate) value: Vec<u8>,
}

/// The fields of a head in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) fields: Vec<HeaderField>,
    /// Lines that were neither a field nor the continuation of one.
    pub(crate) strange: usize,
}

/// Fields that a head may have: enough for any real one, so that a file of nothing but colons
/// stays cheap.
const MOST_FIELDS: usize = 20_000;

impl Head {
    /// Reads the head at the start of `bytes` and tells where the body begins.
    pub(crate) fn read(bytes: &[u8]) -> (Self, usize) {
        let mut head = Self::default();
        let bare_cr = !bytes.iter().take(64 << 10).any(|&b| b == b'\n');
        let mut at = 0;
        while let Some((line, next)) = line_at(bytes, at, bare_cr) {
            if line.is_empty() {
                at = next;
                if head.fields.is_empty() || !goes_on_folded(bytes, next, bare_cr) {
                    break;
                }
                head.strange += 1;
                continue;
            }
            let after = line_at(bytes, next, bare_cr).map(|(line, _)| line);
            if line.trim_ascii().is_empty() {
                // A line of spaces: the end of the head, unless the head plainly goes on.
                at = next;
                let goes_on = after.is_some_and(|line| field_name(line).is_some())
                    || goes_on_folded(bytes, next, bare_cr);
                if head.fields.is_empty() || !goes_on {
                    break;
                }
                continue;
            }
            let folded = line.starts_with(b" ") || line.starts_with(b"\t");
            if folded && let Some(last) = head.fields.last_mut() {
                last.value.push(b' ');
                last.value.extend_from_slice(line.trim_ascii());
            } else if let Some(name) = field_name(line)
                && head.fields.len() < MOST_FIELDS
            {
                let value = line
                    .get(name.len()..)
                    .unwrap_or_default()
                    .trim_ascii_start();
                let value = value.strip_prefix(b":").unwrap_or(value);
                head.fields.push(HeaderField {
                    name: String::from_utf8_lossy(name).into_owned(),
                    value: value.trim_ascii().to_vec(),
                });
            } else if at == 0 && (line.starts_with(b"From ") || line.starts_with(b">From ")) {
                // The separator line of a mailbox.
            } else {
                // Not a field. If the head plainly goes on it is a stray line break, else the
                // empty line is missing and the body begins here.
                let goes_on = after
                    .is_some_and(|line| line.is_empty() || field_name(line).is_some_and(known));
                match head.fields.last_mut() {
                    Some(last) if goes_on => {
                        last.value.push(b' ');
                        last.value.extend_from_slice(line.trim_ascii());
                        head.strange += 1;
                    }
                    _ => break,
                }
            }
            at = next;
        }
        (head, at.min(bytes.len()))
    }

    /// All values of a field, in order.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| &field.value[..])
    }

    /// The first value of a field that is not blank.
    pub(crate) fn first(&self, name: &str) -> Option<&[u8]> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name) && !field.value.is_empty())
            .map(|field| &field.value[..])
    }

    pub(crate) fn text(&self, name: &str, hint: Option<&str>) -> Option<String> {
        self.first(name).map(|value| words::decode(value, hint))
    }
}

/// A line and where the next begins. Lines end at LF, CR LF, CR CR LF; at CR alone where a
/// message knows no LF.
pub(crate) fn line_at(bytes: &[u8], at: usize, bare_cr: bool) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let end = |&b: &u8| b == b'\n' || (bare_cr && b == b'\r');
    match rest.iter().position(end) {
        None => Some((rest, bytes.len())),
        Some(length) => {
            let mut line = rest.get(..length)?;
            while let Some(shorter) = line.strip_suffix(b"\r") {
                line = shorter;
            }
            Some((line, at + length + 1))
        }
    }
}

/// After a stray empty line: folded lines, and then a field of mail. The head is not over.
fn goes_on_folded(bytes: &[u8], at: usize, bare_cr: bool) -> bool {
    let (mut at, mut folded) = (at, 0);
    while let Some((line, next)) = line_at(bytes, at, bare_cr) {
        if line.trim_ascii().is_empty() || folded > 50 {
            return false;
        }
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            return folded > 0 && field_name(line).is_some_and(known);
        }
        (at, folded) = (next, folded + 1);
    }
    false
}

/// The name of the field that a line begins, with the spaces before its colon.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().take(128).position(|&b| b == b':')?;
    let (name, _) = line.split_at(colon);
    let trimmed = name.trim_ascii_end();
    (!trimmed.is_empty() && trimmed.iter().all(|&b| b.is_ascii_graphic())).then_some(name)
}

/// Whether a field is one of mail, so that a line of text with a colon does not pass for one.
pub(crate) fn known(name: &[u8]) -> bool {
    const NAMES: [&str; 40] = [
        "from",
        "to",
        "cc",
        "bcc",
        "date",
        "subject",
        "sender",
        "reply-to",
        "message-id",
        "received",
        "in-reply-to",
        "references",
        "return-path",
        "delivered-to",
        "mime-version",
        "user-agent",
        "dkim-signature",
        "domainkey-signature",
        "authentication-results",
        "received-spf",
        "errors-to",
        "precedence",
        "organization",
        "importance",
        "priority",
        "comments",
        "keywords",
        "status",
        "thread-index",
        "thread-topic",
        "envelope-to",
        "apparently-to",
        "newsgroups",
        "path",
        "lines",
        "encoding",
        "autosubmitted",
        "disposition-notification-to",
        "accept-language",
        "snapshot-content-location",
    ];
    let name = name.trim_ascii().to_ascii_lowercase();
    name.starts_with(b"x-")
        || name.starts_with(b"content-")
        || name.starts_with(b"list-")
        || name.starts_with(b"resent-")
        || name.starts_with(b"arc-")
        || NAMES.iter().any(|known| known.as_bytes() == name)
}

/// How many of the first lines of `bytes` are fields of mail, and whether other lines came first.
pub(crate) fn known_fields(bytes: &[u8]) -> usize {
    let (head, _) = Head::read(bytes);
    head.fields
        .iter()
        .filter(|field| known(field.name.as_bytes()))
        .count()
}

/// A value with parameters: `text/plain; charset=utf-8`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parametered {
    /// In lower case, without comments.
    pub(crate) value: String,
    parameters: Vec<(String, Vec<u8>)>,
}

impl Parametered {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut pieces = split_outside_quotes(bytes, b';').into_iter();
        let value = pieces.next().map(strip_comments).unwrap_or_default();
        let value = String::from_utf8_lossy(&value)
            .trim()
            .trim_matches('"')
            .to_ascii_lowercase();
        let mut parameters = Vec::new();
        for piece in pieces.take(500) {
            let Some(equals) = piece.iter().position(|&b| b == b'=') else {
                continue;
            };
            let (name, value) = piece.split_at(equals);
            let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            parameters.push((name, unquote(value)));
        }
        Self { value, parameters }
    }

    /// A parameter as plain text.
    pub(crate) fn plain(&self, name: &str) -> Option<String> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
        let value = String::from_utf8_lossy(value).trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    /// A parameter's bytes.
    pub(crate) fn raw(&self, name: &str) -> Option<&[u8]> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
        (!value.is_empty()).then_some(&value[..])
    }

    /// A parameter decoded for people: continuations and charsets of RFC 2231, else encoded words
    /// (which mail programs put there against RFC 2047), else raw bytes.
    pub(crate) fn decoded(&self, name: &str, hint: Option<&str>) -> Option<String> {
        let mut sections: Vec<(u32, bool, &[u8])> = self
            .parameters
            .iter()
            .filter_map(|(known, value)| {
                let rest = known.strip_prefix(name)?;
                match rest {
                    "*" => Some((0, true, &value[..])),
                    _ => {
                        let number = rest.strip_prefix('*')?;
                        let (number, encoded) = match number.strip_suffix('*') {
                            Some(number) => (number, true),
                            None => (number, false),
                        };
                        Some((number.parse().ok()?, encoded, &value[..]))
                    }
                }
            })
            .collect();
        if sections.is_empty() {
            let value = words::decode(self.raw(name)?, hint);
            // A plain parameter in percent form is a URL's habit that some programs have.
            return Some(value).filter(|value| !value.trim().is_empty());
        }
        sections.sort_by_key(|(number, ..)| *number);
        let mut charset = None;
        let mut bytes = Vec::new();
        for (at, (_, encoded, value)) in sections.iter().enumerate() {
            let mut value = *value;
            if at == 0 && *encoded {
                let mut parts = value.splitn(3, |&b| b == b'\'');
                if let (Some(named), Some(_), Some(rest)) =
                    (parts.next(), parts.next(), parts.next())
                {
                    charset = Some(String::from_utf8_lossy(named).into_owned());
                    value = rest;
                }
            }
            if *encoded {
                percent(value, &mut bytes);
            } else {
                bytes.extend_from_slice(value);
            }
        }
        let charset = charset.as_deref().filter(|name| !name.is_empty());
        let text = if charset.is_none() && bytes.starts_with(b"=?") {
            words::decode(&bytes, hint)
        } else {
            crate::charset::decode(&bytes, charset.or(hint))
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }
}

pub(crate) fn percent(value: &[u8], into: &mut Vec<u8>) {
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [a, b, more @ ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                let digit = |d: u8| (d as char).to_digit(16).unwrap_or(0) as u8;
                into.push(digit(*a) << 4 | digit(*b));
                rest = more;
            }
            _ => into.push(byte),
        }
    }
}

fn split_outside_quotes(bytes: &[u8], at: u8) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (position, &byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == at && !quoted => {
                pieces.push(bytes.get(start..position).unwrap_or_default());
                start = position + 1;
            }
            _ => {}
        }
    }
    pieces.push(bytes.get(start..).unwrap_or_default());
    pieces
}

/// The text of a quoted string, or the value up to a comment or space.
fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(rest) = value.strip_prefix(b"\"") else {
        let value = strip_comments(value);
        return value.trim_ascii().to_vec();
    };
    let mut out = Vec::with_capacity(rest.len());
    let mut bytes = rest.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            // A backslash escapes a quote or itself; others are Windows paths.
            b'\\' => match bytes.as_slice().first() {
                Some(&next @ (b'"' | b'\\')) => {
                    out.push(next);
                    bytes.next();
                }
                _ => out.push(byte),
            },
            b'"' => break,
            _ => out.push(byte),
        }
    }
    out
}

/// Leaves out comments in parentheses, which may nest, outside quoted strings.
fn strip_comments(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    for &byte in bytes {
        match byte {
            _ if escaped => {
                escaped = false;
                if depth == 0 {
                    out.push(byte);
                }
                continue;
            }
            b'\\' => escaped = true,
            b'"' if depth == 0 => quoted = !quoted,
            b'(' if !quoted => {
                depth += 1;
                continue;
            }
            b')' if !quoted && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(byte);
        }
    }
    // A parenthesis that never closes is not a comment.
    if depth > 0 { bytes.to_vec() } else { out }
}

/// The addresses of a field (RFC 5322 section 3.4) for people: `Name <local@domain>`. Groups are
/// taken apart; what is no address is kept as it stands.
pub(crate) fn addresses(value: &[u8], hint: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for piece in split_addresses(value).into_iter().take(100_000) {
        let text = address(piece, hint);
        if !text.is_empty() {
            found.push(text);
        }
    }
    found
}

fn split_addresses(value: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped, mut comment, mut angle) =
        (0, false, false, 0_u32, false);
    // An odd quote would swallow the rest: then quotes are plain characters.
    let quotes = value.iter().filter(|&&b| b == b'"').count() % 2 == 0;
    for (at, &byte) in value.iter().enumerate() {
        let cut = match byte {
            _ if escaped => {
                escaped = false;
                false
            }
            b'\\' if quoted || comment > 0 => {
                escaped = true;
                false
            }
            b'"' if quotes && comment == 0 => {
                quoted = !quoted;
                false
            }
            _ if quoted => false,
            b'(' => {
                comment += 1;
                false
            }
            b')' => {
                comment = comment.saturating_sub(1);
                false
            }
            _ if comment > 0 => false,
            b'<' => {
                angle = true;
                false
            }
            b'>' => {
                angle = false;
                false
            }
            b',' | b';' => !angle || !value.get(at..).unwrap_or_default().contains(&b'>'),
            // The name of a group; not the colon of an address in angle brackets or of a URL.
            b':' => {
                !angle
                    && !value.get(start..at).unwrap_or_default().contains(&b'@')
                    && value.get(at + 1) != Some(&b'/')
            }
            _ => false,
        };
        if cut {
            if byte != b':' {
                pieces.push(value.get(start..at).unwrap_or_default());
            } else if value
                .get(at + 1..)
                .unwrap_or_default()
                .iter()
                .all(|&b| b == b';' || b.is_ascii_whitespace())
            {
                // "undisclosed-recipients:;" says something.
                pieces.push(value.get(start..at).unwrap_or_default());
            }
            start = at + 1;
        }
    }
    pieces.push(value.get(start..).unwrap_or_default());
    pieces
}

fn address(piece: &[u8], hint: Option<&str>) -> String {
    let piece = piece.trim_ascii();
    let quote_aware = piece.iter().rposition(|&b| b == b'<');
    if let Some(open) = quote_aware {
        let (name, rest) = piece.split_at(open);
        let rest = rest.get(1..).unwrap_or_default();
        let end = rest.iter().position(|&b| b == b'>').unwrap_or(rest.len());
        let inside = words::decode(rest.get(..end).unwrap_or_default().trim_ascii(), hint);
        let name = words::decode(&unquote(name.trim_ascii()), hint);
        let name = one_line(&name);
        let name = name.trim_matches('"').trim();
        return match (name.is_empty(), inside.is_empty()) {
            (true, _) => inside,
            (_, true) => name.to_owned(),
            _ if name == inside => inside,
            _ => format!("{name} <{inside}>"),
        };
    }
    // `address (Name)`, the old form.
    let bare = strip_comments(piece);
    let bare_text = one_line(&words::decode(&unquote(bare.trim_ascii()), hint));
    let comment = piece.iter().position(|&b| b == b'(').and_then(|open| {
        let close = piece.iter().rposition(|&b| b == b')')?;
        piece.get(open + 1..close)
    });
    match comment {
        Some(name) if bare_text.contains('@') && !name.is_empty() => {
            format!("{} <{}>", one_line(&words::decode(name, hint)), bare_text)
        }
        _ if bare_text.is_empty() => one_line(&words::decode(piece, hint)),
        _ => bare_text,
    }
}

/// Runs of white space and control characters become one space.
pub(crate) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check_addresses(value: &str, want: &[&str]) {
        assert_eq!(addresses(value.as_bytes(), None), want, "{value}");
    }

    #[test]
    fn addresses_read() {
        check_addresses("a@b.c", &["a@b.c"]);
        check_addresses(
            "\"Kim, J.\" <kim@x.kr>, lee@y.kr (Lee)",
            &["Kim, J. <kim@x.kr>", "Lee <lee@y.kr>"],
        );
        check_addresses("Friends: a@b, c@d;, e@f", &["a@b", "c@d", "e@f"]);
        check_addresses("undisclosed-recipients:;", &["undisclosed-recipients"]);
        check_addresses("=?utf-8?b?6rmA?= <k@x>", &["김 <k@x>"]);
        check_addresses("<a@b>, \"odd <c@d>", &["a@b", "odd <c@d>"]);
        check_addresses("nobody at all", &["nobody at all"]);
        check_addresses("", &[]);
    }

    fn check_head(raw: &[u8], want: Expect) {
        let (head, body) = Head::read(raw);
        let mut out = String::new();
        for field in &head.fields {
            out += &format!("{}={}\n", field.name, String::from_utf8_lossy(&field.value));
        }
        out += &format!("body={:?}", String::from_utf8_lossy(&raw[body..]));
        want.assert_eq(&out);
    }

    #[test]
    fn heads_read() {
        check_head(
            b"A: 1\r\nB : 2\r\n\t3\r\n\r\nC: 4",
            expect![[r#"
            A=1
            B =2 3
            body="C: 4""#]],
        );
        check_head(
            b"To: a@b\nc@d\nSubject: x\n\nbody",
            expect![[r#"
            To=a@b c@d
            Subject=x
            body="body""#]],
        );
        // A stray empty line inside a folded field.
        let (head, _) = Head::read(b"To: a@b,\n\n\tc@d\nSubject: x\n\nbody");
        assert_eq!(head.first("to"), Some(&b"a@b, c@d"[..]));
        assert_eq!(head.first("subject"), Some(&b"x"[..]));
        check_head(
            b"Subject: x\nno empty line here\nand on",
            expect![[r#"
            Subject=x
            body="no empty line here\nand on""#]],
        );
        check_head(
            b"A: 1\rB: 2\r\rbody\rmore",
            expect![[r#"
            A=1
            B=2
            body="body\rmore""#]],
        );
        check_head(b"no head at all", expect![[r#"body="no head at all""#]]);
    }

    #[test]
    fn parameters_read() {
        let check = |raw: &str, want: &str| {
            let got = Parametered::read(raw.as_bytes()).decoded("name", None);
            assert_eq!(got.as_deref().unwrap_or("none"), want, "{raw}");
        };
        check("a/b; name=\"x.pdf\"", "x.pdf");
        check("a/b; name*=UTF-8''%ED%83%88.pdf", "탈.pdf");
        check("a/b; name*1*=%88.pdf; name*0*=UTF-8''%ED%83", "탈.pdf");
        check(
            "a/b; name*0=\"long \"; name*1=\"name.pdf\"",
            "long name.pdf",
        );
        check("a/b; name=\"=?UTF-8?B?7YOI?=.pdf\"", "탈.pdf");
        check("a/b; name=탈.pdf", "탈.pdf");
        check("a/b; name=x.pdf (a comment)", "x.pdf");
        check("a/b; NAME = x.pdf;", "x.pdf");
        check("a/b", "none");
    }
}
