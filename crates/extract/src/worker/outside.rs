//! The outside: starts workers, gives them work, survives them.

use std::fs::File;
use std::io::{self, IoSlice, Read, Write};
use std::mem::MaybeUninit;
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
use super::wire::{Attempt, Job, MOST_FILES, Rendered, Reply, Request, receive, send};
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
}

/// The socket, with a limit on waiting.
#[derive(Debug)]
struct Socket {
    end: OwnedFd,
    left: Duration,
}

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let begun = Instant::now();
        let timeout = Timespec::try_from(self.left).map_err(io::Error::other)?;
        let mut waiting = [PollFd::new(&self.end, PollFlags::IN)];
        let ready = poll(&mut waiting, Some(&timeout))?;
        self.left = self.left.saturating_sub(begun.elapsed());
        if ready == 0 {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(rustix::io::read(&self.end, into)?)
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
        let mut socket = Socket {
            end: outside,
            left: Duration::from_secs(30),
        };
        match receive(&mut socket) {
            Ok(Reply::Ready(walls)) => Ok(Self {
                child,
                socket,
                walls,
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

    /// Gives the worker `seconds` of CPU time from now on.
    fn allow(&self, seconds: u64) {
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

    /// Asks for work on an original; `beside` are font files, for drawing.
    fn ask(&mut self, job: Job, original: &Handed<'_>, beside: &[File]) -> io::Result<()> {
        let mut fds = vec![original.file.as_fd()];
        fds.extend(beside.iter().take(MOST_FILES - 1).map(AsFd::as_fd));
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        control.push(SendAncillaryMessage::ScmRights(&fds));
        sendmsg(
            &self.socket.end,
            &[IoSlice::new(&[0])],
            &mut control,
            SendFlags::NOSIGNAL,
        )?;
        let request = Request {
            job,
            len: original.len,
            key: original.key.clone(),
        };
        send(&mut self.socket, &request)
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
        if self
            .worker
            .as_ref()
            .and_then(|w| resident_bytes(w.child.id()))
            .is_none_or(|b| b > RESIDENT)
        {
            self.worker = None;
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
        let worker = self.worker()?;
        worker.allow(seconds);
        worker.socket.left = Duration::from_secs(seconds) * PATIENCE;
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
        if worker.ask(job, original, &[]).is_ok() {
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
                    Ok(Reply::Read(reading)) => return Ok(known(reading, format)),
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
            let mut asked = worker.ask(job, original, &fonts).is_ok();
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
            Job::Probe,
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
