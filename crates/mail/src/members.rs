//! Handing members over: names for people, pieces of at most 1 MiB, the caps of the container.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use casefile::{Emit, Limits, Member, Outcome, Piece, Section, Stop};

/// Bytes of a member that are handed over at once.
pub(crate) const PIECE: usize = 1 << 20;

/// Why a reader ends before its input does.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The receiver wants no more.
    Stop(Stop),
    /// A cap was reached; why, for people.
    Limit(String),
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// The members of one message or mailbox on their way out.
pub(crate) struct Members<'e> {
    emit: Emit<'e>,
    limits: Limits,
    pub(crate) count: u64,
    bytes: u64,
    chars: u64,
    taken: HashMap<String, u32>,
}

impl<'e> Members<'e> {
    pub(crate) fn new(emit: Emit<'e>, limits: Limits) -> Self {
        Self {
            emit,
            limits,
            count: 0,
            bytes: 0,
            chars: 0,
            taken: HashMap::new(),
        }
    }

    pub(crate) fn section(&mut self, section: Section) -> Result<(), Halt> {
        self.chars = self.chars.saturating_add(section.text.len() as u64);
        (self.emit)(Piece::Section(section))?;
        if self.chars > self.limits.text_chars {
            let most = self.limits.text_chars;
            return Err(Halt::Limit(format!(
                "longer than {most} characters; what was read is kept"
            )));
        }
        Ok(())
    }

    /// Begins a member. Its path is made distinct from those before it.
    pub(crate) fn begin(&mut self, mut member: Member) -> Result<(), Halt> {
        if self.count >= self.limits.members {
            let most = self.limits.members;
            return Err(Halt::Limit(format!(
                "more than {most} members; the first {most} were kept"
            )));
        }
        self.count += 1;
        member.path = self.distinct(&member.path);
        (self.emit)(Piece::Member(member))?;
        Ok(())
    }

    pub(crate) fn bytes(&mut self, piece: Vec<u8>) -> Result<(), Halt> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        if self.bytes > self.limits.member_bytes {
            let reason = format!(
                "its members are larger than {} bytes together; what was read is kept",
                self.limits.member_bytes
            );
            (self.emit)(Piece::MemberEnd(Some((Outcome::Limit, reason.clone()))))?;
            return Err(Halt::Limit(reason));
        }
        (self.emit)(Piece::Bytes(piece))?;
        Ok(())
    }

    pub(crate) fn end(&mut self, early: Option<(Outcome, String)>) -> Result<(), Halt> {
        (self.emit)(Piece::MemberEnd(early))?;
        Ok(())
    }

    /// A member whose bytes are at hand.
    pub(crate) fn whole(&mut self, member: Member, bytes: &[u8]) -> Result<(), Halt> {
        self.begin(member)?;
        for piece in bytes.chunks(PIECE) {
            self.bytes(piece.to_vec())?;
        }
        self.end(None)
    }

    /// `a.pdf`, then `a (2).pdf`.
    fn distinct(&mut self, path: &str) -> String {
        let mut name = path.to_owned();
        loop {
            let seen = self.taken.entry(name.to_lowercase()).or_insert(0);
            *seen += 1;
            if *seen == 1 {
                return name;
            }
            let number = *seen;
            name = match path.rsplit_once('.') {
                Some((stem, extension)) if !stem.is_empty() && extension.len() <= 12 => {
                    format!("{stem} ({number}).{extension}")
                }
                _ => format!("{path} ({number})"),
            };
            // The next round counts this name as taken; a clash with a real one goes on counting.
            if let Entry::Vacant(free) = self.taken.entry(name.to_lowercase()) {
                free.insert(1);
                return name;
            }
        }
    }
}

/// A file name for people: no folders, no control or direction characters, not overlong.
pub(crate) fn file_name(raw: &str) -> String {
    let drive = raw.get(1..3) == Some(":\\") || raw.starts_with("\\\\");
    let raw = if drive || raw.starts_with('/') {
        raw.rsplit(['\\', '/']).next().unwrap_or(raw)
    } else {
        raw
    };
    let mut name = String::with_capacity(raw.len());
    for c in raw.trim().chars() {
        match c {
            '/' | '\\' => name.push('_'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => {}
            c if c.is_control() || c.is_whitespace() => {
                if !name.ends_with(' ') {
                    name.push(' ');
                }
            }
            c => name.push(c),
        }
    }
    let name = name.trim();
    let name = if name.chars().count() > 200 {
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if extension.chars().count() <= 12 => {
                (stem, format!(".{extension}"))
            }
            _ => (name, String::new()),
        };
        stem.chars()
            .take(180)
            .chain("…".chars())
            .chain(extension.chars())
            .collect()
    } else {
        name.to_owned()
    };
    if name.chars().all(|c| c == '.') {
        String::new()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_people() {
        for (raw, want) in [
            ("a.pdf", "a.pdf"),
            ("C:\\Users\\kim\\a.pdf", "a.pdf"),
            ("/etc/passwd", "passwd"),
            ("../../x", ".._.._x"),
            ("..", ""),
            ("Re: a/b\r\n c", "Re: a_b c"),
            ("exe\u{202e}fdp.scr", "exefdp.scr"),
        ] {
            assert_eq!(file_name(raw), want, "{raw}");
        }
        assert!(file_name(&"x".repeat(9000)).chars().count() < 200);
    }

    #[test]
    fn equal_names_are_told_apart() {
        let mut paths = Vec::new();
        let mut emit = |piece: Piece| {
            if let Piece::Member(member) = piece {
                paths.push(member.path);
            }
            Ok(())
        };
        let mut members = Members::new(&mut emit, Limits::default());
        for name in ["a.pdf", "A.pdf", "a (2).pdf", "a.pdf", "b", "b"] {
            let member = Member::new(name, casefile::MemberKind::Attachment);
            members.whole(member, b"x").expect("nobody stops it");
        }
        assert_eq!(
            paths,
            [
                "a.pdf",
                "A (2).pdf",
                "a (2) (2).pdf",
                "a (3).pdf",
                "b",
                "b (2)"
            ]
        );
    }
}
