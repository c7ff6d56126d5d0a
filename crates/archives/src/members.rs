//! Handing members over: pieces of at most 1 MiB, clean paths, the caps of the container.

use std::io::{self, Read};

use casefile::{Emit, Limits, Member, Outcome, Piece, Problem, Reading, Stop};

/// Bytes of a member that are handed over at once.
const PIECE: usize = 1 << 20;
/// Below this many bytes no ratio is too high.
const RATIO_FLOOR: u64 = 16 << 20;

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

/// How copying a member's bytes ended.
#[derive(Debug)]
pub(crate) enum Copied {
    /// All of this many bytes.
    Whole(u64),
    /// This many came before the error.
    Broken(u64, io::Error),
}

/// The members of one container on their way out.
pub(crate) struct Members<'e> {
    emit: Emit<'e>,
    limits: Limits,
    packed: u64,
    bytes: u64,
    open: bool,
    /// Members handed over.
    pub(crate) count: u64,
    /// Members of which nothing could be read for want of a password.
    pub(crate) locked: u64,
    /// Members that ended early because they are broken.
    pub(crate) broken: u64,
    /// Members of which bytes were read.
    pub(crate) opened: u64,
    pub(crate) problems: Vec<Problem>,
    unclean: u64,
}

impl<'e> Members<'e> {
    /// `packed` is the size of the container, for the ratio.
    pub(crate) fn new(emit: Emit<'e>, limits: Limits, packed: u64) -> Self {
        Self {
            emit,
            limits,
            packed: packed.max(1),
            bytes: 0,
            open: false,
            count: 0,
            locked: 0,
            broken: 0,
            opened: 0,
            problems: Vec::new(),
            unclean: 0,
        }
    }

    /// Begins a member; its path is cleaned here, whatever the container called it.
    pub(crate) fn begin(&mut self, mut member: Member) -> Result<(), Halt> {
        if self.count >= self.limits.members {
            let most = self.limits.members;
            return Err(Halt::Limit(format!(
                "more than {most} members; the first {most} were kept"
            )));
        }
        self.count += 1;
        let (path, dirty) = crate::path::clean(&member.path);
        if dirty {
            self.unclean += 1;
            if self.unclean <= 100 {
                self.problems.push(Problem::new(
                    "member-path",
                    format!("a member's path is not a plain one; it is shown as '{path}'"),
                ));
            }
        }
        member.path = if path.is_empty() {
            format!("member {}", self.count)
        } else {
            path
        };
        (self.emit)(Piece::Member(member))?;
        self.open = true;
        Ok(())
    }

    pub(crate) fn bytes(&mut self, piece: Vec<u8>) -> Result<(), Halt> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        let reason = if self.bytes > self.limits.member_bytes {
            format!(
                "unpacks to more than {} bytes; what was read is kept",
                self.limits.member_bytes
            )
        } else if self.bytes > RATIO_FLOOR && self.bytes / self.packed > self.limits.ratio {
            format!(
                "unpacks to more than {} times its size; what was read is kept",
                self.limits.ratio
            )
        } else {
            (self.emit)(Piece::Bytes(piece))?;
            return Ok(());
        };
        (self.emit)(Piece::MemberEnd(Some((Outcome::Limit, reason.clone()))))?;
        self.open = false;
        Err(Halt::Limit(reason))
    }

    pub(crate) fn end(&mut self, early: Option<(Outcome, String)>) -> Result<(), Halt> {
        match &early {
            Some((Outcome::Encrypted, _)) => self.locked += 1,
            Some((Outcome::Damaged, _)) => self.broken += 1,
            Some((Outcome::Skipped | Outcome::Unsupported | Outcome::Limit, _)) => {}
            _ => self.opened += 1,
        }
        self.open = false;
        (self.emit)(Piece::MemberEnd(early))?;
        Ok(())
    }

    /// A member without bytes, and why.
    pub(crate) fn bare(
        &mut self,
        member: Member,
        outcome: Outcome,
        reason: String,
    ) -> Result<(), Halt> {
        self.begin(member)?;
        self.end(Some((outcome, reason)))
    }

    /// Copies all that `from` gives into the open member.
    pub(crate) fn copy(&mut self, from: &mut dyn Read) -> Result<Copied, Halt> {
        let mut done = 0_u64;
        loop {
            let (piece, error) = fill(from, PIECE);
            done = done.saturating_add(piece.len() as u64);
            let last = piece.len() < PIECE;
            if !piece.is_empty() {
                self.bytes(piece)?;
            }
            if let Some(error) = error {
                return Ok(Copied::Broken(done, error));
            }
            if last {
                return Ok(Copied::Whole(done));
            }
        }
    }

    /// A member with all that `from` gives; an error of `from` makes it damaged.
    pub(crate) fn whole(&mut self, member: Member, from: &mut dyn Read) -> Result<bool, Halt> {
        self.begin(member)?;
        match self.copy(from)? {
            Copied::Whole(_) => {
                self.end(None)?;
                Ok(true)
            }
            Copied::Broken(done, error) => {
                self.end(Some(broken(done, &error)))?;
                Ok(false)
            }
        }
    }

    /// Ends the reading: its outcome by what became of the members.
    pub(crate) fn settle(
        mut self,
        ended: Result<(), Halt>,
        mut reading: Reading,
    ) -> Result<Reading, Stop> {
        reading.problems.append(&mut self.problems);
        if self.unclean > 100 {
            reading.problems.push(Problem::new(
                "member-path",
                format!("{} more paths are not plain ones", self.unclean - 100),
            ));
        }
        match ended {
            Err(Halt::Stop(stop)) => return Err(stop),
            Err(Halt::Limit(reason)) => {
                reading.outcome = Outcome::Limit;
                reading.reason = Some(reason);
            }
            Ok(()) => {}
        }
        if reading.outcome == Outcome::Indexed && self.locked > 0 {
            if self.opened == 0 {
                reading.outcome = Outcome::Encrypted;
                reading.reason = Some(format!(
                    "{} need{} a password: `add --file-passwords LIST` tries yours",
                    members(self.locked),
                    if self.locked == 1 { "s" } else { "" }
                ));
            } else {
                reading.problems.push(Problem::new(
                    "members-encrypted",
                    format!(
                        "{} could not be opened without a password",
                        members(self.locked)
                    ),
                ));
            }
        }
        if reading.outcome == Outcome::Indexed && self.broken > 0 {
            reading.outcome = Outcome::Damaged;
            reading.reason = Some(format!(
                "{} broken; {} whole",
                are(self.broken),
                are(self.count.saturating_sub(self.broken))
            ));
        }
        Ok(reading)
    }
}

fn are(count: u64) -> String {
    match count {
        1 => "1 member is".to_owned(),
        count => format!("{count} members are"),
    }
}

/// "1 member", "41 members".
pub(crate) fn members(count: u64) -> String {
    match count {
        0 => "no members".to_owned(),
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    }
}

/// The end of a member that broke off.
pub(crate) fn broken(done: u64, error: &io::Error) -> (Outcome, String) {
    if too_large(error) {
        let reason = format!("{error}; the {done} bytes before were kept");
        return (Outcome::Limit, reason);
    }
    (
        Outcome::Damaged,
        format!("broken after {done} bytes ({error}); those were kept"),
    )
}

/// The error says that decoding needs more memory than may be had.
pub(crate) fn too_large(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::OutOfMemory || error.to_string().contains("memory")
}

/// Reads until `most` bytes are there, the end, or an error.
pub(crate) fn fill(from: &mut dyn Read, most: usize) -> (Vec<u8>, Option<io::Error>) {
    let mut piece = Vec::new();
    let mut filled = 0;
    while filled < most {
        if piece.len() == filled {
            // Small members get small buffers.
            piece.resize((filled * 4).max(8 << 10).min(most), 0);
        }
        match from.read(piece.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                piece.truncate(filled);
                return (piece, Some(error));
            }
        }
    }
    piece.truncate(filled);
    (piece, None)
}

/// A decoder that is not asked again after an error: some fall over when they are.
pub(crate) struct Fused<R> {
    inner: R,
    failed: Option<io::ErrorKind>,
}

impl<R: Read> Fused<R> {
    pub(crate) const fn new(inner: R) -> Self {
        Self {
            inner,
            failed: None,
        }
    }
}

impl<R: Read> Read for Fused<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(kind) = self.failed {
            return Err(kind.into());
        }
        let done = self.inner.read(into);
        if let Err(error) = &done
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failed = Some(error.kind());
        }
        done
    }
}
