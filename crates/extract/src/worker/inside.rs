//! The inside: what runs in the confined process.

use std::fs::File;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode};

use casefile::{Input, Limits, Outcome, ReadSeek, Reading, Stop};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};

use super::confine;
use super::wire::{Attempt, Job, MOST_FILES, Reply, Request, receive, send};

/// Stack of the reading thread: parsers recurse.
const STACK: usize = 128 << 20;

/// Runs as a worker until the other side hangs up. Standard input is a Unix socket over which
/// requests come with their open files, and on which replies go back.
pub fn run() -> ExitCode {
    // The message of a panic may quote the document: say only where it was.
    std::panic::set_hook(Box::new(|panic| {
        if let Some(at) = panic.location() {
            eprintln!("fault at {}:{}", at.file(), at.line());
        }
    }));
    // Duplicating a descriptor is among what the filter refuses.
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else {
        return ExitCode::FAILURE;
    };
    let walls = confine::before_threads();
    let (filtered, wait) = std::sync::mpsc::channel::<confine::Walls>();
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let Ok(walls) = wait.recv() else {
                return ExitCode::FAILURE;
            };
            match serve(socket, walls) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        });
    let Ok(thread) = thread else {
        return ExitCode::FAILURE;
    };
    if filtered.send(confine::after_threads(walls)).is_err() {
        return ExitCode::FAILURE;
    }
    thread.join().unwrap_or(ExitCode::FAILURE)
}

/// The socket, unbuffered.
struct Socket(OwnedFd);

impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(&self.0, into)?)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(&self.0, bytes)?)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn serve(socket: OwnedFd, walls: confine::Walls) -> io::Result<()> {
    let mut socket = Socket(socket);
    send(&mut socket, &Reply::Ready(walls))?;
    // Handed over with the first request to draw, kept for the later ones.
    let mut typefaces = None;
    while let Some((begin, file, fonts)) = receive_files(&socket)? {
        let request: Request = receive(&mut begin.as_slice().chain(&mut socket))?;
        if let Job::Render {
            typefaces: told, ..
        } = &request.job
            && typefaces.is_none()
        {
            typefaces = Some(crate::typefaces::from_files(fonts, told));
        }
        let typefaces = typefaces.clone().unwrap_or_else(pdf::no_typefaces);
        let reply = answer(request, file, &typefaces, &mut socket);
        send(&mut socket, &reply)?;
    }
    Ok(())
}

/// What has come of a request, its original, and fonts.
type Received = (Vec<u8>, File, Vec<File>);

/// The begin of a request, nearly always all of it, with the open original and maybe open fonts;
/// `None` when the other side has hung up. No second request comes before the first is answered.
fn receive_files(socket: &Socket) -> io::Result<Option<Received>> {
    let mut begin = vec![0; 4 << 10];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_FILES))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut iov = [IoSliceMut::new(&mut begin)];
    let got = recvmsg(&socket.0, &mut iov, &mut control, RecvFlags::CMSG_CLOEXEC)?;
    if got.bytes == 0 {
        return Ok(None);
    }
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(mut files) = message
            && let Some(original) = files.next()
        {
            let files = files.map(File::from).collect();
            begin.truncate(got.bytes);
            return Ok(Some((begin, File::from(original), files)));
        }
    }
    Err(io::Error::other("a request without a file"))
}

fn answer(request: Request, file: File, typefaces: &pdf::Typefaces, socket: &mut Socket) -> Reply {
    let mut bytes: Box<dyn ReadSeek> = match &request.key {
        None => Box::new(io::BufReader::with_capacity(64 << 10, file)),
        Some(key) => match sealing::FileKey::from_bytes(key)
            .and_then(|key| sealing::SealedReader::open(file, &key).ok())
        {
            Some(reader) => Box::new(reader),
            None => {
                let reason = "the sealed original cannot be opened; run `tumen verify`";
                let reading = Reading::failed("application/octet-stream", Outcome::Damaged, reason);
                return Reply::Read(reading);
            }
        },
    };
    match request.job {
        Job::Read {
            name,
            declared_type,
            declared_charset,
            passwords,
            limits,
        } => {
            let mut input = Input {
                bytes: &mut *bytes,
                len: request.len,
                name: &name,
                declared_type: declared_type.as_deref(),
                declared_charset: declared_charset.as_deref(),
                passwords: &passwords,
                limits,
            };
            let socket = std::cell::RefCell::new(socket);
            let mut tell = |format: &str| {
                // Where the other side is gone the first piece says so.
                let _ = send(*socket.borrow_mut(), &Reply::Recognised(format.to_owned()));
            };
            let mut emit = |piece| {
                send(*socket.borrow_mut(), &Reply::Piece(piece)).map_err(|error| Stop {
                    reason: error.to_string(),
                })
            };
            let read = catch_unwind(AssertUnwindSafe(|| {
                crate::read_telling(&mut input, &mut tell, &mut emit)
            }));
            Reply::Read(match read {
                Ok(Ok(reading)) => reading,
                Ok(Err(stop)) => Reading::failed("", Outcome::Limit, stop.reason),
                Err(_) => crate::gave_up(),
            })
        }
        Job::Render {
            format,
            pages,
            longest,
            grey,
            passwords,
            typefaces: _,
        } => {
            let mut input = Input {
                bytes: &mut *bytes,
                len: request.len,
                name: "",
                declared_type: None,
                declared_charset: None,
                passwords: &passwords,
                limits: Limits::default(),
            };
            let wanted = crate::render::Wanted {
                format: &format,
                pages: &pages,
                longest,
                grey,
            };
            let mut each = |drawn| send(socket, &Reply::Picture(drawn)).is_ok();
            // A panic leaves pages unanswered: the other side says so of them.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                crate::render::pages(&mut input, wanted, typefaces, &mut each);
            }));
            Reply::Drawn
        }
        Job::Probe => Reply::Probed(probe()),
    }
}

/// Tries what a hostile document would have its reader do.
fn probe() -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut attempt = |what: &str, done: bool| {
        attempts.push(Attempt {
            what: what.into(),
            refused: !done,
        });
    };
    attempt("open a file", File::open("/etc/passwd").is_ok());
    attempt("list a folder", std::fs::read_dir("/").is_ok());
    attempt(
        "write a file",
        File::create(std::env::temp_dir().join("tumen-probe")).is_ok(),
    );
    attempt(
        "read its own environment",
        std::fs::read("/proc/self/environ").is_ok(),
    );
    // A refused connection would mean that the attempt itself went out: only EPERM counts.
    let permitted = |error: &io::Error| error.kind() != io::ErrorKind::PermissionDenied;
    let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, 9));
    attempt(
        "connect to a socket",
        tcp.as_ref().err().is_none_or(permitted),
    );
    attempt(
        "open a datagram socket",
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).is_ok(),
    );
    attempt("start a program", Command::new("/bin/true").spawn().is_ok());
    let parent = rustix::process::getppid();
    let signalled = parent.is_some_and(|p| rustix::process::test_kill_process(p).is_ok());
    attempt("signal another process", signalled);
    attempt(
        "take more memory than its cap",
        Vec::<u8>::new().try_reserve(2 << 30).is_ok(),
    );
    attempts
}
