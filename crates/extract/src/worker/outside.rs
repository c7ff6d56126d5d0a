//! The outside: starts workers, gives them work, survives them.

use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use casefile::{Limits, Outcome, Piece, Reading, Stop};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
    sendmsg, socketpair,
};
use rustix::process::{Pid, Resource, Rlimit, prlimit};

use super::Walls;
use super::wire::{Attempt, Job, MOST_FILES, Rendered, Reply, Request, frame, receive};
use crate::render::Wanted;

/// CPU time for one document, in seconds, and how many bytes buy a further one: a long file that
/// is read steadily may take longer than a small one that loops.
const CPU_SECONDS: u64 = 20;
const BYTES_A_SECOND: u64 = 4 << 20;
/// Wall-clock time in which a worker must say something, as a multiple of its CPU time.
const PATIENCE: u32 = 4;
/// What is said of a page that cost a worker its life.
const UNDRAWN: &str = "the page takes too much time or memory to be drawn";
/// A worker is replaced when it holds more than this, in bytes, after a document.
const RESIDENT: u64 = 192 << 20;
/// Asking the system how much memory or time a worker has taken costs as much as reading a short
/// document. So it is asked anew only after the worker has read for so long: to fill the memory
/// above takes longer than the first; the second is less than what is allowed on top.
const ASK_MEMORY: Duration = Duration::from_millis(20);
const ASK_TIME: Duration = Duration::from_millis(500);
/// What a worker says is taken from the socket in pieces of at most this length, in bytes.
const HEARD: usize = 64 << 10;

/// How a worker is started: this program again, with an argument that makes it one.
#[derive(Debug, Clone)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<String>,
}

/// An original as a worker gets it.
#[derive(Debug)]
pub struct Handed<'a> {
    /// Open for reading.
    pub file: &'a File,
    /// The key of this one file if it is sealed.
    pub key: Option<Vec<u8>>,
    /// Length in the clear, in bytes.
    pub len: u64,
}

/// What the container or the folder says about the original.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    pub name: String,
    pub declared_type: Option<String>,
    pub declared_charset: Option<String>,
}

/// A confined reader: one worker process, replaced when a document has cost it its life.
#[derive(Debug)]
pub struct Reader {
    program: Program,
    worker: Option<Worker>,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    socket: Socket,
    walls: Walls,
    /// How long it has been at work since its memory was looked at.
    unasked: Duration,
    /// When it was last given CPU time, and how many seconds.
    allowed: Option<(Instant, u64)>,
}

/// The socket, with a limit on waiting.
struct Socket {
    end: OwnedFd,
    left: Duration,
    /// What was heard and not yet read is at `unread`.
    heard: Vec<u8>,
    unread: Range<usize>,
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Socket")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Socket {
    const fn new(end: OwnedFd, left: Duration) -> Self {
        Self {
            end,
            left,
            heard: Vec::new(),
            unread: 0..0,
        }
    }

    /// Waits until there is something, and takes what there is.
    fn hear(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let timeout = Timespec::try_from(self.left).map_err(io::Error::other)?;
        let mut waiting = [PollFd::new(&self.end, PollFlags::IN)];
        let ready = poll(&mut waiting, Some(&timeout))?;
        self.left = self.left.saturating_sub(begun.elapsed());
        if ready == 0 {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.heard.resize(HEARD, 0);
        let count = rustix::io::read(&self.end, &mut *self.heard)?;
        self.unread = 0..count;
        Ok(())
    }
}

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.unread.is_empty() {
            self.hear()?;
        }
        let mut rest = self.heard.get(self.unread.clone()).unwrap_or_default();
        let count = rest.read(into)?;
        self.unread.start = self.unread.start.saturating_add(count);
        Ok(count)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Not SIGPIPE: a worker that died is an outcome.
        Ok(rustix::net::send(&self.end, bytes, SendFlags::NOSIGNAL)?)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Worker {
    fn start(program: &Program) -> io::Result<Self> {
        let (outside, inside) = socketpair(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )?;
        let _ = rustix::net::sockopt::set_socket_send_buffer_size(&inside, 1 << 20);
        let child = Command::new(&program.path)
            .args(&program.arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(inside))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut socket = Socket::new(outside, Duration::from_secs(30));
        match receive(&mut socket) {
            Ok(Reply::Ready(walls)) => Ok(Self {
                child,
                socket,
                walls,
                unasked: Duration::ZERO,
                allowed: None,
            }),
            Ok(_) => Err(io::Error::other("the reading process spoke out of turn")),
            Err(error) => {
                let mut child = child;
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(i32::try_from(self.child.id()).ok()?)
    }

    /// Gives the worker `seconds` of CPU time from now on, and up to two seconds on top.
    fn allow(&mut self, seconds: u64) {
        // One thread of the worker reads, so it has not used more than has passed.
        let still =
            |&(since, before): &(Instant, u64)| before == seconds && since.elapsed() < ASK_TIME;
        if self.allowed.as_ref().is_some_and(still) {
            return;
        }
        self.allowed = Some((Instant::now(), seconds));
        let used = cpu_seconds(self.child.id()).unwrap_or(0);
        let current = Some(used + seconds + 1);
        let _ = prlimit(
            self.pid(),
            Resource::Cpu,
            Rlimit {
                current,
                maximum: None,
            },
        );
    }

    /// Asks it to read an original, in so many seconds of CPU time.
    fn read(&mut self, job: &Job, original: &Handed<'_>, seconds: u64) -> io::Result<()> {
        self.allow(seconds);
        self.socket.left = Duration::from_secs(seconds) * PATIENCE;
        self.ask(job, original, &[])
    }

    /// Asks for work on an original; `beside` are font files, for drawing.
    fn ask(&mut self, job: &Job, original: &Handed<'_>, beside: &[File]) -> io::Result<()> {
        let mut fds = vec![original.file.as_fd()];
        fds.extend(beside.iter().take(MOST_FILES - 1).map(AsFd::as_fd));
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&fds));
        let request = frame(&Request {
            job: job.clone(),
            len: original.len,
            key: original.key.clone(),
        })?;
        // The files come with the first byte, and nearly always with all.
        let sent = sendmsg(
            &self.socket.end,
            &[IoSlice::new(&request)],
            &mut control,
            SendFlags::NOSIGNAL,
        )?;
        let rest = request.get(sent..).unwrap_or_default();
        self.socket.write_all(rest)
    }

    /// Ends the worker and tells what its end means.
    fn post_mortem(mut self, waited_too_long: bool) -> Ended {
        let _ = self.child.kill();
        let status = self.child.wait().ok();
        let mut last_words = String::new();
        if let Some(stderr) = self.child.stderr.take() {
            let _ = stderr.take(4096).read_to_string(&mut last_words);
        }
        let by_signal = |number| status.and_then(|s: ExitStatus| s.signal()) == Some(number);
        if by_signal(libc::SIGXCPU) || (waited_too_long && by_signal(libc::SIGKILL)) {
            return Ended::Limit("the time allowed for one document was used up");
        }
        if last_words.contains("memory allocation of") || last_words.contains("capacity overflow") {
            return Ended::Limit("the memory allowed for one document was used up");
        }
        Ended::Crash
    }
}

enum Ended {
    Limit(&'static str),
    Crash,
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// User and system time of a process so far, in seconds, rounded up.
fn cpu_seconds(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may contain anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system).div_ceil(rustix::param::clock_ticks_per_second().max(1)))
}

fn resident_bytes(pid: u32) -> Option<u64> {
    let statm = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}

impl Reader {
    #[must_use]
    pub const fn new(program: Program) -> Self {
        Self {
            program,
            worker: None,
        }
    }

    fn worker(&mut self) -> io::Result<&mut Worker> {
        if let Some(worker) = &mut self.worker
            && worker.unasked >= ASK_MEMORY
        {
            worker.unasked = Duration::ZERO;
            if resident_bytes(worker.child.id()).is_none_or(|bytes| bytes > RESIDENT) {
                self.worker = None;
            }
        }
        match &mut self.worker {
            Some(worker) => Ok(worker),
            none => Ok(none.insert(Worker::start(&self.program)?)),
        }
    }

    /// Reads one original in the confined process. What it finds goes to `on_piece`, checked: a
    /// section's spans lie inside its text whatever the worker says.
    ///
    /// # Errors
    /// No worker could be started. Whatever a document does to its worker is not an error: it is
    /// the [`Reading`]'s outcome.
    pub fn read(
        &mut self,
        original: &Handed<'_>,
        hints: &Hints,
        passwords: &[String],
        limits: Limits,
        on_piece: &mut dyn FnMut(Piece) -> Result<(), Stop>,
    ) -> io::Result<Reading> {
        let seconds = CPU_SECONDS + original.len / BYTES_A_SECOND;
        let job = Job::Read {
            name: hints.name.clone(),
            declared_type: hints.declared_type.clone(),
            declared_charset: hints.declared_charset.clone(),
            passwords: passwords.to_vec(),
            limits,
        };
        let begun = Instant::now();
        let mut worker = self.worker()?;
        let mut asked = worker.read(&job, original, seconds);
        if asked.is_err() {
            // It ended between two documents: that is no fault of this one.
            self.worker = None;
            worker = self.worker()?;
            asked = worker.read(&job, original, seconds);
        }
        let mut waited_too_long = false;
        let mut format = String::new();
        let known = |reading: Reading, format: String| Reading {
            format: if reading.format.is_empty() {
                format
            } else {
                reading.format
            },
            ..reading
        };
        if asked.is_ok() {
            loop {
                match receive(&mut worker.socket) {
                    Ok(Reply::Recognised(told)) if format.is_empty() && told.len() < 200 => {
                        format = told;
                    }
                    Ok(Reply::Piece(piece)) => {
                        let taken = match piece {
                            Piece::Section(section) => match crate::checked(section) {
                                Some(section) => on_piece(Piece::Section(section)),
                                None => break,
                            },
                            other => on_piece(other),
                        };
                        if let Err(stop) = taken {
                            self.worker = None;
                            return Ok(Reading::failed(&format, Outcome::Limit, stop.reason));
                        }
                    }
                    Ok(Reply::Read(reading)) => {
                        worker.unasked = worker.unasked.saturating_add(begun.elapsed());
                        return Ok(known(reading, format));
                    }
                    Ok(_) => break,
                    Err(error) => {
                        waited_too_long = error.kind() == io::ErrorKind::TimedOut;
                        break;
                    }
                }
            }
        }
        Ok(
            match self
                .worker
                .take()
                .map(|worker| worker.post_mortem(waited_too_long))
            {
                Some(Ended::Limit(reason)) => Reading::failed(
                    &format,
                    Outcome::Limit,
                    format!("{reason}; what was read is kept"),
                ),
                _ => known(crate::gave_up(), format),
            },
        )
    }

    /// Draws one page of a PDF or picture, the longest side `longest` pixels at most: as PNG for the
    /// screen, or (`grey`) as PGM for a recogniser, which PDF pages are drawn for at 300 dots an inch
    /// whatever `longest` is.
    ///
    /// # Errors
    /// No worker could be started, or (inner, for people) the page cannot be drawn.
    pub fn render(
        &mut self,
        original: &Handed<'_>,
        format: &str,
        page: u32,
        longest: u32,
        grey: bool,
        passwords: &[String],
    ) -> io::Result<Result<Rendered, String>> {
        let mut picture = Err(UNDRAWN.to_owned());
        let wanted = Wanted {
            format,
            pages: &[page],
            longest,
            grey,
        };
        self.render_pages(original, wanted, passwords, &mut |_, drawn| {
            picture = drawn;
            true
        })?;
        Ok(picture)
    }

    /// Draws several pages of one original, which is opened and parsed once. `each` gets every
    /// page's number with its picture, or with the reason (for people) why there is none, and says
    /// whether to go on. A page that costs the worker its life does not cost the others theirs.
    ///
    /// # Errors
    /// No worker could be started.
    pub fn render_pages(
        &mut self,
        original: &Handed<'_>,
        wanted: Wanted<'_>,
        passwords: &[String],
        each: &mut dyn FnMut(u32, Result<Rendered, String>) -> bool,
    ) -> io::Result<()> {
        let mut left = wanted.pages;
        while let Some((&page, later)) = left.split_first() {
            let (fonts, typefaces) = crate::typefaces::open_all();
            let worker = self.worker()?;
            let job = Job::Render {
                format: wanted.format.to_owned(),
                pages: left.to_vec(),
                longest: wanted.longest,
                grey: wanted.grey,
                passwords: passwords.to_vec(),
                typefaces,
            };
            worker.unasked = ASK_MEMORY;
            let mut asked = worker.ask(&job, original, &fonts).is_ok();
            let mut next = Some((page, later));
            while let (true, Some((page, later))) = (asked, next) {
                worker.allow(CPU_SECONDS);
                worker.socket.left = Duration::from_secs(CPU_SECONDS) * PATIENCE;
                let Ok(Reply::Picture(drawn)) = receive(&mut worker.socket) else {
                    asked = false;
                    break;
                };
                left = later;
                next = later.split_first().map(|(page, later)| (*page, later));
                if !each(page, drawn) {
                    // It may still be drawing: its answers would be mistaken for others.
                    self.worker = None;
                    return Ok(());
                }
            }
            if asked && matches!(receive(&mut worker.socket), Ok(Reply::Drawn)) {
                return Ok(());
            }
            self.worker = None;
            if let Some((page, later)) = left.split_first() {
                left = later;
                if !each(*page, Err(UNDRAWN.to_owned())) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Which walls stand around workers on this machine, and what a hostile reader can do.
    ///
    /// # Errors
    /// No worker could be started or it did not answer.
    pub fn probe(&mut self) -> io::Result<(Walls, Vec<Attempt>)> {
        let program = self.program.path.clone();
        let worker = self.worker()?;
        worker.allow(CPU_SECONDS);
        worker.socket.left = Duration::from_secs(CPU_SECONDS);
        worker.ask(
            &Job::Probe,
            &Handed {
                file: &File::open(program)?,
                key: None,
                len: 0,
            },
            &[],
        )?;
        match receive(&mut worker.socket)? {
            Reply::Probed(attempts) => Ok((worker.walls, attempts)),
            _ => Err(io::Error::other("the reading process spoke out of turn")),
        }
    }
}
