//! The parts of a message (RFC 2046), read forgivingly: boundaries that are missing, illegal or
//! never closed still give parts, and nothing between them is lost.

use crate::header::{Head, Parametered};

/// Parts inside parts, at most; deeper ones stay whole as an attachment.
pub(crate) const DEEPEST: u32 = 48;

/// One part: its head, its body still in its transfer encoding.
pub(crate) struct Part<'a> {
    pub(crate) head: Head,
    pub(crate) content: Parametered,
    pub(crate) body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Reads a part; `default_type` counts where it names no type (RFC 2046 section 5.1.5).
    pub(crate) fn read(bytes: &'a [u8], default_type: &str) -> Self {
        let (head, at) = Head::read(bytes);
        Self::with_head(head, bytes.get(at..).unwrap_or_default(), default_type)
    }

    pub(crate) fn with_head(head: Head, body: &'a [u8], default_type: &str) -> Self {
        // The last of several counts least: programs on the way append theirs.
        let mut content = head
            .first("content-type")
            .map(Parametered::read)
            .unwrap_or_default();
        if content.value.is_empty() {
            default_type.clone_into(&mut content.value);
        }
        if !content.value.contains('/') {
            content.value = match content.value.as_str() {
                "text" | "plain" => "text/plain".to_owned(),
                "html" => "text/html".to_owned(),
                "multipart" | "mixed" => "multipart/mixed".to_owned(),
                _ => "application/octet-stream".to_owned(),
            };
        }
        Self {
            head,
            content,
            body,
        }
    }

    pub(crate) fn disposition(&self) -> Parametered {
        self.head
            .first("content-disposition")
            .map(Parametered::read)
            .unwrap_or_default()
    }

    pub(crate) fn coding(&self) -> crate::coding::Coding {
        let named = self.head.text("content-transfer-encoding", None);
        named.map_or(crate::coding::Coding::Plain, |name| {
            crate::coding::Coding::named(&name)
        })
    }

    pub(crate) fn charset(&self) -> Option<String> {
        self.content
            .plain("charset")
            .map(|name| name.trim_matches(['"', '\'', ' ']).to_owned())
    }

    /// The file name that the part gives itself.
    pub(crate) fn file_name(&self) -> Option<String> {
        let hint = self.charset();
        let hint = hint.as_deref();
        self.disposition()
            .decoded("filename", hint)
            .or_else(|| self.content.decoded("name", hint))
            .map(|name| crate::members::file_name(&name))
            .filter(|name| !name.is_empty())
    }
}

/// A multipart body taken apart.
pub(crate) struct Parts<'a> {
    /// Text before the first boundary: "This is a multi-part message", or the whole body of a
    /// message whose boundary never comes.
    pub(crate) preamble: &'a [u8],
    pub(crate) parts: Vec<&'a [u8]>,
    /// Text after the last boundary.
    pub(crate) epilogue: &'a [u8],
    pub(crate) closed: bool,
    /// The boundary was guessed, since the one named is missing or never occurs.
    pub(crate) guessed: bool,
    /// There are more parts than were asked for.
    pub(crate) more: bool,
}

pub(crate) fn split<'a>(body: &'a [u8], boundary: Option<&[u8]>, most: usize) -> Parts<'a> {
    if let Some(boundary) = boundary {
        let boundary = boundary.trim_ascii_end();
        let found = split_at(body, boundary, most);
        if !found.parts.is_empty() {
            return found;
        }
    }
    // The first line of two dashes that comes back, or that a head follows.
    let mut at = 0;
    let mut tries = 0;
    while let Some((line, next)) = crate::header::line_at(body, at, false) {
        if let Some(boundary) = line.strip_prefix(b"--")
            && boundary.trim_ascii().len() > 3
            && !boundary.iter().all(|&b| matches!(b, b'-' | b' ' | b'='))
        {
            let mut found = split_at(body, boundary.trim_ascii_end(), most);
            let head = found.parts.first().map_or(0, |part| {
                crate::header::known_fields(part.get(..4096).unwrap_or(part))
            });
            if found.parts.len() > 1 || (!found.parts.is_empty() && (found.closed || head > 0)) {
                found.guessed = true;
                return found;
            }
            tries += 1;
            if tries > 20 {
                break;
            }
        }
        at = next;
    }
    Parts {
        preamble: body,
        parts: Vec::new(),
        epilogue: &[],
        closed: false,
        guessed: false,
        more: false,
    }
}

fn split_at<'a>(body: &'a [u8], boundary: &[u8], most: usize) -> Parts<'a> {
    let mut parts = Vec::new();
    let mut preamble: &[u8] = body;
    let mut start: Option<usize> = None;
    let mut at = 0;
    let mut closed = None;
    let mut more = false;
    while let Some(line_start) = next_dashes(body, at) {
        let Some((line, next)) = crate::header::line_at(body, line_start, false) else {
            break;
        };
        at = next;
        let rest = line
            .strip_prefix(b"--")
            .and_then(|rest| rest.strip_prefix(boundary));
        let Some(rest) = rest else { continue };
        let end =
            rest.starts_with(b"--") && rest.get(2..).is_some_and(|r| r.trim_ascii().is_empty());
        if !end && !rest.trim_ascii().is_empty() {
            continue;
        }
        // The line break before a boundary belongs to the boundary.
        let mut stop = line_start;
        if stop > 0 && body.get(stop - 1) == Some(&b'\n') {
            stop -= 1;
            if stop > 0 && body.get(stop - 1) == Some(&b'\r') {
                stop -= 1;
            }
        }
        match start {
            None => preamble = body.get(..stop).unwrap_or_default(),
            Some(from) if parts.len() < most => {
                parts.push(body.get(from..stop.max(from)).unwrap_or_default());
            }
            Some(_) => more = true,
        }
        start = Some(next);
        if end {
            closed = Some(next);
            break;
        }
    }
    if let (None, Some(from)) = (closed, start) {
        let last = body.get(from..).unwrap_or_default();
        if !last.trim_ascii().is_empty() {
            parts.push(last);
        }
    }
    Parts {
        preamble,
        parts,
        epilogue: closed.and_then(|at| body.get(at..)).unwrap_or_default(),
        closed: closed.is_some(),
        guessed: false,
        more,
    }
}

/// The next line that begins with two dashes.
fn next_dashes(body: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(b"--") && (at == 0 || matches!(body.get(at - 1), Some(b'\n' | b'\r'))) {
            return Some(at);
        }
        at += rest.iter().position(|&b| b == b'\n')? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(body: &str, boundary: Option<&str>, want: Expect) {
        let found = split(body.as_bytes(), boundary.map(str::as_bytes), 100);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let parts: Vec<_> = found.parts.iter().map(|part| text(part)).collect();
        want.assert_eq(&format!(
            "{:?} {parts:?} {:?} closed={} guessed={}",
            text(found.preamble),
            text(found.epilogue),
            found.closed,
            found.guessed
        ));
    }

    #[test]
    fn parts_are_found() {
        check(
            "pre\r\n--b\r\n\r\none\r\n--b  \r\n\r\ntwo\r\n--b--\r\nepi",
            Some("b"),
            expect![[r#""pre" ["\r\none", "\r\ntwo"] "epi" closed=true guessed=false"#]],
        );
        check(
            "--b\n\none\n--bc\ntwo",
            Some("b"),
            expect![[r#""" ["\none\n--bc\ntwo"] "" closed=false guessed=false"#]],
        );
        check(
            "--other=x\nContent-Type: text/plain\n\none\n--other=x\n\ntwo\n",
            Some("never"),
            expect![[
                r#""" ["Content-Type: text/plain\n\none", "\ntwo\n"] "" closed=false guessed=true"#
            ]],
        );
        check(
            "no parts\n-- \nKim",
            None,
            expect![[r#""no parts\n-- \nKim" [] "" closed=false guessed=false"#]],
        );
    }
}
