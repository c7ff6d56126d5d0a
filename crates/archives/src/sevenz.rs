//! 7z, solid or not, with encrypted contents and headers. One block at a time, streamed.

use std::cell::RefCell;
use std::io::{self, SeekFrom};

use casefile::{Emit, Input, Member, MemberKind, Outcome, Reading, Stop};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use crate::compressed::MEMORY_KIB;
use crate::members::{Copied, Halt, Members, broken, too_large};

const FORMAT: &str = "application/x-7z-compressed";
/// KiB for the headers, which are unpacked in memory.
const HEADER_KIB: usize = 256 << 10;

/// Reads a 7z archive.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(FORMAT);
    let mut members = Members::new(emit, input.limits, input.len);
    let passwords: Vec<Password> = std::iter::once(Password::empty())
        .chain(input.passwords.iter().map(|text| Password::new(text)))
        .collect();
    let mut opened = None;
    let mut refused = None;
    for password in &passwords {
        if input.bytes.seek(SeekFrom::Start(0)).is_err() {
            break;
        }
        match Archive::read_with_memory_limit(&mut input.bytes, password, HEADER_KIB) {
            Ok(archive) => {
                opened = Some(archive);
                break;
            }
            Err(error) => {
                let locked = matches!(error, Error::PasswordRequired | Error::MaybeBadPassword(_));
                refused = Some(error);
                if !locked {
                    // A wrong password may also look like a broken header.
                    if password == &Password::empty() {
                        break;
                    }
                }
            }
        }
    }
    let Some(archive) = opened else {
        (reading.outcome, reading.reason) = refusal(refused, input.passwords.is_empty());
        return Ok(reading);
    };
    let ended = blocks(&archive, input, &passwords, &mut members);
    members.settle(ended, reading)
}

fn refusal(error: Option<Error>, no_passwords: bool) -> (Outcome, Option<String>) {
    match error {
        Some(Error::PasswordRequired | Error::MaybeBadPassword(_)) => {
            let reason = if no_passwords {
                "its list of files needs a password: `add --file-passwords LIST` tries yours"
            } else {
                "its list of files needs a password; none of the list opens it"
            };
            (Outcome::Encrypted, Some(reason.to_owned()))
        }
        Some(Error::MaxMemLimited { actaul_kb, .. }) => (
            Outcome::Limit,
            Some(format!(
                "its list of files needs {actaul_kb} KiB of memory to unpack"
            )),
        ),
        Some(error) => (
            Outcome::Damaged,
            Some(format!(
                "its list of files could not be read ({error}); no members were found"
            )),
        ),
        None => (Outcome::Damaged, Some("could not be read".to_owned())),
    }
}

fn blocks(
    archive: &Archive,
    input: &mut Input<'_>,
    passwords: &[Password],
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    for at in 0..archive.blocks.len() {
        block(archive, at, input, passwords, members)?;
    }
    // Files without any bytes belong to no block.
    for (at, entry) in archive.files.iter().enumerate() {
        let in_block = entry.has_stream || in_some_block(archive, at);
        if !in_block && !entry.is_directory && !entry.is_anti_item {
            members.whole(member_of(entry), &mut io::empty())?;
        }
    }
    Ok(())
}

/// Whether an entry without bytes lies between those of a block, and so came with it.
fn in_some_block(archive: &Archive, file: usize) -> bool {
    archive
        .stream_map
        .file_block_index
        .get(file)
        .is_some_and(Option::is_some)
}

fn member_of(entry: &ArchiveEntry) -> Member {
    let mut member = Member::new(entry.name(), MemberKind::Entry);
    if entry.has_last_modified_date {
        member.modified = crate::time::from_filetime(u64::from(entry.last_modified_date()));
    }
    member
}

/// The files of one block, with the password that opens it.
fn block(
    archive: &Archive,
    at: usize,
    input: &mut Input<'_>,
    passwords: &[Password],
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let encrypted = first_file(archive, at).is_some_and(|file| archive.is_file_encrypted(file));
    let empty = [Password::empty()];
    let tried = if encrypted {
        passwords.get(1..).unwrap_or_default()
    } else {
        &empty[..]
    };
    let mut fits = None;
    if encrypted {
        for password in tried {
            if opens(archive, at, input, password) {
                fits = Some(password);
                break;
            }
        }
    } else {
        fits = tried.first();
    }
    let Some(password) = fits else {
        let reason = if tried.is_empty() {
            "needs a password: `add --file-passwords LIST` tries yours"
        } else {
            "none of the passwords of the list opens it"
        };
        return rest(archive, at, 0, Outcome::Encrypted, reason, members);
    };
    let done = RefCell::new(0_usize);
    let mut halted = None;
    let decoder = BlockDecoder::new_with_memory_limit(
        1,
        MEMORY_KIB as usize,
        at,
        archive,
        password,
        &mut input.bytes,
    );
    let mut last_error = None;
    let ended = decoder.for_each_entries(&mut |entry, bytes| {
        *done.borrow_mut() += 1;
        if entry.is_directory || entry.is_anti_item {
            return Ok(true);
        }
        let member = member_of(entry);
        let one = || -> Result<bool, Halt> {
            if entry.windows_attributes >> 16 & 0xf000 == 0xa000 {
                let (target, _) = crate::members::fill(bytes, 4096);
                let target = String::from_utf8_lossy(&target).into_owned();
                members.bare(member, Outcome::Skipped, format!("a link to '{target}'"))?;
                return Ok(true);
            }
            members.begin(member)?;
            match members.copy(bytes)? {
                Copied::Whole(_) => {
                    members.end(None)?;
                    Ok(true)
                }
                Copied::Broken(done, error) => {
                    let checksum = error.to_string().to_ascii_lowercase().contains("checksum");
                    last_error = Some(error.to_string());
                    members.end(Some(broken(done, &error)))?;
                    // After a wrong checksum the stream itself goes on.
                    Ok(checksum)
                }
            }
        };
        match one() {
            Ok(go_on) => Ok(go_on),
            Err(halt) => {
                halted = Some(halt);
                Ok(false)
            }
        }
    });
    if let Some(halt) = halted {
        return Err(halt);
    }
    let done = done.into_inner();
    match ended {
        Ok(true) => Ok(()),
        Ok(false) => {
            let why = last_error.unwrap_or_default();
            let reason = format!("stands behind a fault in its block ({why})");
            rest(archive, at, done, Outcome::Damaged, &reason, members)
        }
        Err(error) => {
            let (outcome, reason) = match error {
                Error::MaxMemLimited { actaul_kb, .. } => (
                    Outcome::Limit,
                    format!("needs {actaul_kb} KiB of memory to unpack"),
                ),
                Error::UnsupportedCompressionMethod(method) => (
                    Outcome::Unsupported,
                    format!("packed with '{method}', which is not read"),
                ),
                Error::Io(ref io, _) if too_large(io) => (Outcome::Limit, format!("{io}")),
                error => (Outcome::Damaged, format!("its block is broken ({error})")),
            };
            rest(archive, at, done, outcome, &reason, members)
        }
    }
}

fn first_file(archive: &Archive, block: usize) -> Option<usize> {
    let files = archive.stream_map.file_block_index.iter();
    files
        .enumerate()
        .find(|(_, of)| **of == Some(block))
        .map(|(at, _)| at)
}

/// Whether a password opens a block: its first file unpacks, up to a few MiB.
fn opens(archive: &Archive, at: usize, input: &mut Input<'_>, password: &Password) -> bool {
    let mut good = false;
    let decoder = BlockDecoder::new_with_memory_limit(
        1,
        MEMORY_KIB as usize,
        at,
        archive,
        password,
        &mut input.bytes,
    );
    let ended = decoder.for_each_entries(&mut |entry, bytes| {
        if !entry.has_stream {
            return Ok(true);
        }
        let (_, error) = crate::members::fill(bytes, 4 << 20);
        good = error.is_none();
        Ok(false)
    });
    good && ended.is_ok()
}

/// Members of a block that could not be reached.
fn rest(
    archive: &Archive,
    block: usize,
    done: usize,
    outcome: Outcome,
    reason: &str,
    members: &mut Members<'_>,
) -> Result<(), Halt> {
    let files = archive.stream_map.file_block_index.iter().enumerate();
    let of_block = files
        .filter(|(_, of)| **of == Some(block))
        .map(|(at, _)| at);
    for at in of_block.skip(done) {
        if let Some(entry) = archive.files.get(at)
            && !entry.is_directory
        {
            members.bare(member_of(entry), outcome, reason.to_owned())?;
        }
    }
    Ok(())
}
