//! ISO 9660 images (ECMA-119) with the long names of Joliet and Rock Ridge. UDF alone is not read.

use std::collections::BTreeSet;
use std::io::{self, Read, SeekFrom};

use casefile::{Emit, Field, Input, Member, MemberKind, Outcome, ReadSeek, Reading, Stop};

use crate::members::{Copied, Halt, Members, broken};
use crate::names::Names;

const SECTOR: u64 = 2048;
/// Volume descriptors that are looked at.
const DESCRIPTORS: u64 = 32;
/// Bytes of one directory that are believed.
const DIRECTORY: u64 = 16 << 20;
const DEPTH: usize = 64;

/// Reads the files of an image.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed("application/x-iso9660-image");
    let mut members = Members::new(emit, input.limits, input.len);
    let Some(volume) = volume(input.bytes) else {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some("the image is cut off before its first directory".to_owned());
        return members.settle(Ok(()), reading);
    };
    reading.note(Field::Title, &volume.label, "ISO 9660 volume label");
    let mut image = Image {
        bytes: &mut *input.bytes,
        joliet: volume.joliet,
        seen: BTreeSet::new(),
        names: Names::default(),
        lost: 0,
    };
    let ended = image.directory(volume.root, "", 0, &mut members);
    if image.lost > 0 {
        let (lost, kept) = (image.lost, crate::members::members(members.count));
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!(
            "{lost} of its directories are broken or cut off; {kept} kept"
        ));
    }
    members.settle(ended, reading)
}

struct Volume {
    label: String,
    joliet: bool,
    root: Extent,
}

#[derive(Clone, Copy)]
struct Extent {
    sector: u64,
    len: u64,
}

fn at(bytes: &mut dyn ReadSeek, from: u64, len: u64) -> io::Result<Vec<u8>> {
    bytes.seek(SeekFrom::Start(from))?;
    let mut out = Vec::new();
    (&mut *bytes).take(len).read_to_end(&mut out)?;
    Ok(out)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?).into())
}

fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}

/// The primary volume, or the Joliet one, whose names are longer.
fn volume(bytes: &mut dyn ReadSeek) -> Option<Volume> {
    let mut found = None;
    for sector in 16..16 + DESCRIPTORS {
        let descriptor = at(bytes, sector * SECTOR, SECTOR).ok()?;
        if descriptor.get(1..6) != Some(b"CD001") {
            break;
        }
        let kind = descriptor.first().copied();
        let joliet = kind == Some(2)
            && descriptor.get(88..90) == Some(b"%/")
            && matches!(descriptor.get(90), Some(b'@' | b'C' | b'E'));
        if kind == Some(255) {
            break;
        }
        if !(joliet || kind == Some(1) && found.is_none()) {
            continue;
        }
        let label = descriptor.get(40..72)?;
        let label = if joliet {
            wide(label)
        } else {
            String::from_utf8_lossy(label).into_owned()
        };
        found = Some(Volume {
            label: label.trim_matches(['\0', ' ']).to_owned(),
            joliet,
            root: Extent {
                sector: u32_at(&descriptor, 156 + 2)?,
                len: u32_at(&descriptor, 156 + 10)?,
            },
        });
    }
    found
}

struct Image<'a> {
    bytes: &'a mut dyn ReadSeek,
    joliet: bool,
    seen: BTreeSet<u64>,
    names: Names,
    lost: u64,
}

impl Image<'_> {
    fn directory(
        &mut self,
        extent: Extent,
        path: &str,
        depth: usize,
        members: &mut Members<'_>,
    ) -> Result<(), Halt> {
        if depth > DEPTH || !self.seen.insert(extent.sector) {
            return Ok(());
        }
        let most = extent.len.min(DIRECTORY);
        let records =
            at(self.bytes, extent.sector.saturating_mul(SECTOR), most).unwrap_or_default();
        if (records.len() as u64) < extent.len {
            self.lost += 1;
        }
        let mut from = 0_usize;
        // A file of several extents has a record for each.
        let mut pieces: Vec<Extent> = Vec::new();
        while let Some(&len) = records.get(from) {
            let len = usize::from(len);
            if len == 0 {
                // Records do not cross sectors.
                from = (from / 2048).saturating_add(1).saturating_mul(2048);
                continue;
            }
            let record = records.get(from..from.saturating_add(len));
            from = from.saturating_add(len);
            let Some((record, extent)) = record.and_then(|record| {
                Some((
                    record,
                    Extent {
                        sector: u32_at(record, 2)?,
                        len: u32_at(record, 10)?,
                    },
                ))
            }) else {
                self.lost += 1;
                continue;
            };
            let flags = record.get(25).copied().unwrap_or(0);
            let name_len = usize::from(record.get(32).copied().unwrap_or(0));
            let raw = record.get(33..33 + name_len).unwrap_or_default();
            if matches!(raw, [0] | [1]) {
                continue;
            }
            let name = self.name(record, raw, name_len);
            let path = if path.is_empty() {
                name
            } else {
                format!("{path}/{name}")
            };
            if flags & 2 != 0 {
                self.directory(extent, &path, depth + 1, members)?;
                continue;
            }
            pieces.push(extent);
            if flags & 0x80 != 0 {
                continue;
            }
            let mut member = Member::new(path, MemberKind::Entry);
            member.modified = record.get(18..25).and_then(recorded);
            self.file(member, &std::mem::take(&mut pieces), members)?;
        }
        Ok(())
    }

    fn name(&mut self, record: &[u8], raw: &[u8], name_len: usize) -> String {
        if self.joliet {
            return without_version(&wide(raw));
        }
        // Rock Ridge: `NM` entries after the name, which is padded to an even length.
        let mut rest = record
            .get(33 + name_len + usize::from(name_len.is_multiple_of(2))..)
            .unwrap_or_default();
        let mut long = Vec::new();
        while let [a, b, len, ..] = rest {
            let len = usize::from(*len);
            if len < 4 {
                break;
            }
            if (*a, *b) == (b'N', b'M') {
                long.extend_from_slice(rest.get(5..len).unwrap_or_default());
            }
            rest = rest.get(len..).unwrap_or_default();
        }
        if long.is_empty() {
            without_version(&self.names.decode(raw))
        } else {
            self.names.decode(&long)
        }
    }

    fn file(
        &mut self,
        member: Member,
        pieces: &[Extent],
        members: &mut Members<'_>,
    ) -> Result<(), Halt> {
        members.begin(member)?;
        let mut early = None;
        for piece in pieces {
            let start = SeekFrom::Start(piece.sector.saturating_mul(SECTOR));
            let copied = match self.bytes.seek(start) {
                Ok(_) => members.copy(&mut (&mut *self.bytes).take(piece.len))?,
                Err(error) => Copied::Broken(0, error),
            };
            early = match copied {
                Copied::Whole(done) if done == piece.len => continue,
                Copied::Whole(done) => Some((
                    Outcome::Damaged,
                    format!("the image ends inside it, after {done} bytes; those were kept"),
                )),
                Copied::Broken(done, error) => Some(broken(done, &error)),
            };
            break;
        }
        members.end(early)
    }
}

/// `NOTICE.TXT;1` without its version, and without the dot of a name that has no extension.
fn without_version(name: &str) -> String {
    let name = name.rsplit_once(';').map_or(name, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// Year since 1900, month, day, hour, minute, second, offset in quarters of an hour.
fn recorded(bytes: &[u8]) -> Option<String> {
    let &[year, month, day, hour, minute, second, zone] = bytes else {
        return None;
    };
    let small = |number: u8| i8::try_from(number).ok();
    let date = jiff::civil::Date::new(1900 + i16::from(year), small(month)?, small(day)?).ok()?;
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    let minutes = i32::from(zone.cast_signed()) * 15;
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    (minutes <= 14 * 60)
        .then(|| format!("{date}T{time}{sign}{:02}:{:02}", minutes / 60, minutes % 60))
}
