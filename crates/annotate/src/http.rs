//! As much of HTTP/1.1 as it takes to ask one question and hear the answer, within limits.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::endpoint::Trouble;

/// Bytes of the head of an answer.
const MOST_HEAD: u64 = 64 << 10;

/// What is asked, and within what the answer has to come.
pub(crate) struct Question<'a> {
    pub(crate) to: SocketAddr,
    /// As the address names it, for the `Host` line.
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    /// A secret of one line for `Authorization: Bearer`.
    pub(crate) key: Option<&'a str>,
    pub(crate) body: &'a [u8],
    pub(crate) time: Duration,
    pub(crate) most: u64,
}

/// A connection that ends at a moment, however slowly the other side goes on.
struct Until {
    stream: TcpStream,
    end: Instant,
}

impl Read for Until {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

fn io(error: std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => Trouble::Slow,
        std::io::ErrorKind::UnexpectedEof => Trouble::Cut,
        _ => Trouble::Connection(error),
    }
}

/// Posts JSON and gives the body of a 200. No redirect is followed, nothing is tried twice.
pub(crate) fn post(question: &Question<'_>) -> Result<Vec<u8>, Trouble> {
    let end = Instant::now()
        .checked_add(question.time)
        .ok_or(Trouble::Slow)?;
    let patience = question.time.min(Duration::from_secs(10));
    let mut stream = TcpStream::connect_timeout(&question.to, patience).map_err(io)?;
    stream.set_write_timeout(Some(question.time)).map_err(io)?;
    let key = question.key.map_or_else(String::new, |key| {
        format!("Authorization: Bearer {key}\r\n")
    });
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n{key}Content-Length: {}\r\nConnection: close\r\n\r\n",
        question.path,
        question.host,
        question.body.len()
    );
    stream.write_all(head.as_bytes()).map_err(io)?;
    stream.write_all(question.body).map_err(io)?;
    stream.flush().map_err(io)?;
    answer(BufReader::new(Until { stream, end }), question.most)
}

/// How the length of a body is told.
enum Length {
    Known(u64),
    Chunked,
    ToTheEnd,
}

fn answer(mut from: impl BufRead, most: u64) -> Result<Vec<u8>, Trouble> {
    let (status, length) = loop {
        let (status, length) = head(&mut from)?;
        // 100 Continue and the like come before the answer.
        if !(100..200).contains(&status) {
            break (status, length);
        }
    };
    if (300..400).contains(&status) {
        return Err(Trouble::Redirect(status));
    }
    if status != 200 {
        return Err(Trouble::Status(status));
    }
    match length {
        Length::Known(length) if length > most => Err(Trouble::Large),
        Length::Known(length) => {
            let mut body = Vec::new();
            from.take(length).read_to_end(&mut body).map_err(io)?;
            let whole = u64::try_from(body.len()).is_ok_and(|read| read == length);
            if whole { Ok(body) } else { Err(Trouble::Cut) }
        }
        Length::Chunked => chunks(&mut from, most),
        Length::ToTheEnd => {
            let mut body = Vec::new();
            from.take(most.saturating_add(1))
                .read_to_end(&mut body)
                .map_err(io)?;
            if u64::try_from(body.len()).is_ok_and(|read| read <= most) {
                Ok(body)
            } else {
                Err(Trouble::Large)
            }
        }
    }
}

/// One line without its end; at most `most` bytes.
fn line(from: &mut impl BufRead, most: u64) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    from.take(most).read_until(b'\n', &mut bytes).map_err(io)?;
    if bytes.pop() != Some(b'\n') {
        let full = u64::try_from(bytes.len()).is_ok_and(|read| read.saturating_add(1) >= most);
        return Err(if full { Trouble::Large } else { Trouble::Cut });
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map_err(|_| Trouble::Protocol("its head is not text"))
}

fn head(from: &mut impl BufRead) -> Result<(u16, Length), Trouble> {
    let first = line(from, MOST_HEAD)?;
    let mut words = first.split_ascii_whitespace();
    let spoken = words.next().is_some_and(|w| w.starts_with("HTTP/1."));
    let status = words
        .next()
        .filter(|_| spoken)
        .and_then(|word| word.parse::<u16>().ok())
        .ok_or(Trouble::Protocol("it does not speak HTTP/1"))?;
    let mut length = None;
    let mut chunked = false;
    let mut left = MOST_HEAD;
    loop {
        let line = line(from, left)?;
        if line.is_empty() {
            break;
        }
        left = left.saturating_sub(line.len() as u64 + 1);
        let (name, value) = line
            .split_once(':')
            .ok_or(Trouble::Protocol("its head is garbled"))?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            let said = value
                .parse::<u64>()
                .ok()
                .filter(|_| value.bytes().all(|b| b.is_ascii_digit()))
                .ok_or(Trouble::Protocol("its length is no number"))?;
            if length.is_some_and(|before| before != said) {
                return Err(Trouble::Protocol("it tells two lengths"));
            }
            length = Some(said);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            if !value.eq_ignore_ascii_case("chunked") {
                return Err(Trouble::Protocol("its transfer encoding is unknown"));
            }
            chunked = true;
        } else if name.eq_ignore_ascii_case("content-encoding")
            && !value.eq_ignore_ascii_case("identity")
        {
            return Err(Trouble::Protocol("it answers compressed, unasked"));
        }
    }
    let length = match (chunked, length) {
        (true, None) => Length::Chunked,
        (true, Some(_)) => return Err(Trouble::Protocol("it tells two lengths")),
        (false, Some(length)) => Length::Known(length),
        (false, None) => Length::ToTheEnd,
    };
    Ok((status, length))
}

fn chunks(from: &mut impl BufRead, most: u64) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    let mut left = most;
    loop {
        let size = line(from, 1024)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16)
            .map_err(|_| Trouble::Protocol("the length of a chunk is no number"))?;
        if size == 0 {
            return Ok(body);
        }
        left = left.checked_sub(size).ok_or(Trouble::Large)?;
        let before = body.len();
        from.take(size).read_to_end(&mut body).map_err(io)?;
        let read = body.len().saturating_sub(before);
        if !u64::try_from(read).is_ok_and(|read| read == size) {
            return Err(Trouble::Cut);
        }
        if !line(from, 16)?.is_empty() {
            return Err(Trouble::Protocol("a chunk is longer than it says"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, wanted: &str) {
        let got = match answer(raw.as_bytes(), 20) {
            Ok(body) => String::from_utf8_lossy(&body).into_owned(),
            Err(trouble) => format!("! {trouble}"),
        };
        assert_eq!(got, wanted, "{raw:?}");
    }

    #[test]
    fn answers_are_read_strictly() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok");
        check(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more",
            "ok",
        );
        check("HTTP/1.0 200\n\nto the end", "to the end");
        check(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok",
            "ok",
        );
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n1\r\n!\r\n0\r\n\r\n",
            "ok!",
        );
        for (raw, wanted) in [
            ("", "! its answer ends early"),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
                "! its answer ends early",
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n",
                "! its answer is longer than is taken",
            ),
            (
                "HTTP/1.1 200 OK\r\n\r\n123456789012345678901",
                "! its answer is longer than is taken",
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                "! its answer is longer than is taken",
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok!",
                "! its answer ends early",
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok!\r\n",
                "! it answered in a way that is not understood: a chunk is longer than it says",
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "! it answered in a way that is not understood: its length is no number",
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
                "! it answered in a way that is not understood: it tells two lengths",
            ),
            (
                "HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\n\r\n",
                "! it sends elsewhere (status 302), which is not followed",
            ),
            (
                "HTTP/1.1 500 No\r\n\r\nsecret",
                "! it answered with status 500",
            ),
            (
                "SSH-2.0-OpenSSH\r\n",
                "! it answered in a way that is not understood: it does not speak HTTP/1",
            ),
        ] {
            check(raw, wanted);
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_it(raw in "(HTTP/1.1 200 OK\r\n)?(Content-Length: [0-9]{1,25}\r\n|Transfer-Encoding: chunked\r\n)?(\r\n)?([0-9a-f]{0,20}\r\n)?[ -~\r\n]{0,60}") {
            let _ = answer(raw.as_bytes(), 20);
        }
    }
}
