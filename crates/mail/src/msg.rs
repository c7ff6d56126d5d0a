//! Messages of Outlook (MS-OXMSG): properties in the streams of a compound file.
//!
//! A message inside a message is a storage; it is written out as a compound file of its own, always
//! the same bytes, so that it is an original like any other.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use casefile::{
    Emit, Field, Input, Member, MemberKind, Metadatum, Outcome, ReadSeek, Reading, Stop,
    TextBuilder,
};
use cfb::CompoundFile;

use crate::eml::{self, Contents, File, Source};
use crate::letter::{self, Recipient};
use crate::mapi::{self, Properties, Value};
use crate::members::Members;

const FORMAT: &str = "application/vnd.ms-outlook";
/// A property's stream is held up to this.
const STREAM: u64 = 400 << 20;
/// Storages and streams of one message.
const ENTRIES: usize = 100_000;

type Compound<'a> = CompoundFile<&'a mut dyn ReadSeek>;

/// Whether a compound file is a message: it has the stream of a message's properties.
pub fn recognise(bytes: &mut dyn ReadSeek) -> bool {
    if bytes.seek(io::SeekFrom::Start(0)).is_err() {
        return false;
    }
    legacy::recognise(bytes) == Some(legacy::Kind::Message)
}

/// Reads a message.
///
/// # Errors
/// The receiver wants no more.
pub fn read(input: &mut Input<'_>, emit: Emit<'_>) -> Result<Reading, Stop> {
    let mut reading = Reading::indexed(FORMAT);
    if let Err(error) = input.bytes.seek(io::SeekFrom::Start(0)) {
        return Ok(Reading::failed(
            FORMAT,
            Outcome::Damaged,
            format!("could not be read ({error})"),
        ));
    }
    let limits = input.limits;
    let mut repaired = None;
    if let Err(error) = CompoundFile::open(&mut *input.bytes) {
        let Some(bytes) = legacy::ole::repaired(&mut *input.bytes) else {
            let reason = format!("the compound file is broken ({error}); nothing could be read");
            return Ok(Reading::failed(FORMAT, Outcome::Damaged, reason));
        };
        reading.outcome = Outcome::Damaged;
        reading.reason =
            Some("its compound file is broken or cut; what could be read was kept".to_owned());
        repaired = Some(Cursor::new(bytes));
    }
    let bytes: &mut dyn ReadSeek = match &mut repaired {
        Some(bytes) => bytes,
        None => &mut *input.bytes,
    };
    let Ok(mut file) = CompoundFile::open(bytes) else {
        return Ok(reading);
    };
    let mut lost = 0;
    let root = Path::new("/");
    let properties = properties(&mut file, root, 32, &mut lost);
    let charset = properties.charset();
    let children: Vec<(String, PathBuf)> = match file.read_storage(root) {
        Ok(entries) => entries
            .filter(cfb::Entry::is_storage)
            .take(ENTRIES)
            .map(|entry| (entry.name().to_owned(), entry.path().to_path_buf()))
            .collect(),
        Err(_) => Vec::new(),
    };
    let mut recipients = Vec::new();
    for (name, path) in &children {
        if name.starts_with("__recip_version1.0_") {
            let found = self::properties(&mut file, path, 8, &mut lost);
            recipients.extend(Recipient::of(&found, charset.as_deref()));
        }
    }
    let mut builder = TextBuilder::new();
    letter::head(&properties, &recipients, "MSG", &mut builder, &mut reading);
    let mut contents = Contents::default();
    letter::body(&properties, &mut contents);
    for (name, path) in &children {
        if name.starts_with("__attach_version1.0_") {
            attachment(
                &mut file,
                path,
                charset.as_deref(),
                &mut contents,
                &mut lost,
            );
        }
    }
    if lost > 0 {
        reading.outcome = Outcome::Damaged;
        reading.reason = Some(format!(
            "{lost} of its streams are broken; the others were read"
        ));
    }
    let mut members = Members::new(emit, limits);
    let ended = eml::finish(contents, builder, &mut reading, &mut members);
    crate::settle(ended, &mut reading)?;
    Ok(reading)
}

fn stream(file: &mut Compound<'_>, path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.open_stream(path)?
        .take(STREAM)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}

/// The properties of one storage: those of fixed size from the property stream after its `head`
/// bytes, the others from a stream each.
fn properties(file: &mut Compound<'_>, storage: &Path, head: usize, lost: &mut u64) -> Properties {
    let mut found = Properties::default();
    match stream(file, &storage.join("__properties_version1.0")) {
        Ok(fixed) => {
            for entry in fixed.get(head..).unwrap_or_default().chunks_exact(16) {
                let word = |at: usize| -> u64 {
                    let bytes = entry.get(at..).unwrap_or_default().iter().take(4);
                    bytes
                        .rev()
                        .fold(0, |value, &byte| value << 8 | u64::from(byte))
                };
                let (kind, id) = (word(0) & 0xffff, (word(0) >> 16) as u16);
                match kind {
                    0x0003 => found.insert(id, Value::Long(word(8) as u32)),
                    0x000b | 0x0002 => found.insert(id, Value::Long((word(8) & 0xffff) as u32)),
                    0x0040 => found.insert(id, Value::Time(word(12) << 32 | word(8))),
                    _ => {}
                }
            }
        }
        Err(_) => *lost += 1,
    }
    let names: Vec<(String, PathBuf)> = match file.read_storage(storage) {
        Ok(entries) => entries
            .filter(cfb::Entry::is_stream)
            .take(ENTRIES)
            .map(|entry| (entry.name().to_owned(), entry.path().to_path_buf()))
            .collect(),
        Err(_) => Vec::new(),
    };
    for (name, path) in names {
        let Some(tag) = name
            .strip_prefix("__substg1.0_")
            .filter(|tag| tag.len() == 8)
        else {
            continue;
        };
        let Ok(tag) = u32::from_str_radix(tag, 16) else {
            continue;
        };
        let (id, kind) = ((tag >> 16) as u16, tag & 0xffff);
        if !matches!(kind, 0x001e | 0x001f | 0x0102) {
            continue;
        }
        let Ok(bytes) = stream(file, &path) else {
            *lost += 1;
            continue;
        };
        let value = match kind {
            0x001f => Value::Text(utf16(&bytes)),
            0x001e => Value::Bytes8(bytes),
            _ => Value::Binary(bytes),
        };
        found.insert(id, value);
    }
    found
}

fn attachment(
    file: &mut Compound<'_>,
    path: &Path,
    charset: Option<&str>,
    contents: &mut Contents<'_>,
    lost: &mut u64,
) {
    let mut found = properties(file, path, 8, lost);
    let text = |id| found.text(id, charset);
    let number = contents.files.len() + 1;
    let method = found.long(mapi::ATTACH_METHOD).unwrap_or(1);
    let name = text(mapi::ATTACH_LONG_NAME)
        .or_else(|| text(mapi::ATTACH_NAME))
        .or_else(|| text(mapi::DISPLAY_NAME))
        .map(|name| crate::members::file_name(&name))
        .filter(|name| !name.is_empty());
    let declared = text(mapi::ATTACH_TYPE);
    let extension = text(mapi::ATTACH_EXTENSION).unwrap_or_default();
    let mut metadata = Vec::new();
    if let Some(id) = text(mapi::ATTACH_CONTENT_ID) {
        metadata.push(Metadatum::new(
            Field::Other,
            id,
            "MSG attachment content id",
        ));
    }
    let modified = found.time(mapi::MODIFIED);
    let reference = text(mapi::ATTACH_PATH);
    let inner = path.join("__substg1.0_3701000D");
    if file.is_storage(&inner) {
        let is_message = file.is_stream(inner.join("__properties_version1.0"));
        let (kind, end) = if is_message {
            (MemberKind::Message, ".msg")
        } else {
            (MemberKind::Embedded, ".ole")
        };
        let name = if is_message {
            let inside = properties(file, &inner, 24, lost);
            let inside_charset = inside.charset();
            let subject = inside.text(mapi::SUBJECT, inside_charset.as_deref());
            subject
                .map(|text| crate::members::file_name(&text))
                .filter(|text| !text.is_empty())
                .or(name)
        } else {
            name
        };
        let name = name.unwrap_or_else(|| format!("part {number}"));
        let name = if name.to_lowercase().ends_with(end) {
            name
        } else {
            format!("{name}{end}")
        };
        let mut member = Member::new(name, kind);
        member.declared_type = is_message.then(|| FORMAT.to_owned());
        member.modified = modified;
        member.metadata = metadata;
        let (bytes, early) = match copy_out(file, &inner, is_message) {
            Ok(bytes) => (bytes, None),
            Err(error) => {
                let reason = format!("could not be taken out of the message ({error})");
                (Vec::new(), Some((Outcome::Damaged, reason)))
            }
        };
        contents.files.push(File {
            member,
            source: Source::Bytes(bytes),
            early,
        });
        return;
    }
    let name = name.unwrap_or_else(|| {
        let end = declared.as_deref().map_or("", eml::extension);
        let end = if end.is_empty() { &extension } else { end };
        format!("part {number}{end}")
    });
    let mut member = Member::new(name, MemberKind::Attachment);
    member.declared_type = declared;
    member.modified = modified;
    member.metadata = metadata;
    let (bytes, early) = match found.0.remove(&mapi::ATTACH_DATA) {
        Some(Value::Binary(bytes)) => (bytes, None),
        // 2, 3, 4, 7: the file is elsewhere.
        _ if matches!(method, 2..=4 | 7) || reference.is_some() => {
            let place = reference.unwrap_or_default();
            let reason = format!("only a reference to '{place}'; the file is not in the message");
            (Vec::new(), Some((Outcome::Skipped, reason)))
        }
        _ => {
            let reason = "the message has no bytes of it".to_owned();
            (Vec::new(), Some((Outcome::Damaged, reason)))
        }
    };
    contents.files.push(File {
        member,
        source: Source::Bytes(bytes),
        early,
    });
}

/// Writes a storage out as a compound file. The property stream of a message has eight bytes more
/// in its head when it stands on its own (MS-OXMSG 2.4.1), and names of properties come along.
fn copy_out(file: &mut Compound<'_>, storage: &Path, message: bool) -> io::Result<Vec<u8>> {
    // Sorted, so that the same message gives the same bytes wherever it was found.
    let mut entries: BTreeMap<PathBuf, (PathBuf, bool)> = BTreeMap::new();
    let mut gather = |file: &Compound<'_>, from: &Path, under: &Path| -> io::Result<()> {
        for entry in file.walk_storage(from)?.take(ENTRIES) {
            let Ok(relative) = entry.path().strip_prefix(from) else {
                continue;
            };
            if relative.as_os_str().is_empty() && under == Path::new("/") {
                continue;
            }
            let target = under.join(relative);
            let target = if relative.as_os_str().is_empty() {
                under.to_path_buf()
            } else {
                target
            };
            entries.insert(target, (entry.path().to_path_buf(), entry.is_stream()));
        }
        Ok(())
    };
    gather(file, storage, Path::new("/"))?;
    let names = Path::new("/__nameid_version1.0");
    if message && file.is_storage(names) && !file.is_storage(storage.join("__nameid_version1.0")) {
        gather(file, names, names)?;
    }
    let clsid = *file.entry(storage)?.clsid();
    let mut out = CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    let epoch = std::time::SystemTime::UNIX_EPOCH;
    out.set_storage_clsid("/", clsid)?;
    for (target, (from, is_stream)) in &entries {
        if *is_stream {
            let mut bytes = stream(file, from)?;
            if message && target == Path::new("/__properties_version1.0") && bytes.len() >= 24 {
                bytes.splice(24..24, [0; 8]);
            }
            let mut to = out.create_stream(target)?;
            io::Write::write_all(&mut to, &bytes)?;
        } else {
            out.create_storage(target)?;
            out.set_created_time(target, epoch)?;
            out.set_modified_time(target, epoch)?;
        }
    }
    out.set_modified_time("/", epoch)?;
    out.flush()?;
    Ok(out.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use casefile::{Limits, Piece};

    fn unicode(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn put(file: &mut CompoundFile<Cursor<Vec<u8>>>, path: &str, bytes: &[u8]) {
        let mut stream = file.create_stream(path).expect("a new stream");
        io::Write::write_all(&mut stream, bytes).expect("memory takes it");
    }

    /// A message with a Korean body in CP949, an attachment and a message inside.
    fn sample() -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory takes it");
        let long = |id: u16, value: u32| -> Vec<u8> {
            let mut entry = vec![3, 0];
            entry.extend(id.to_le_bytes());
            entry.extend([0; 4]);
            entry.extend(value.to_le_bytes());
            entry.extend([0; 4]);
            entry
        };
        let fixed = [vec![0; 32], long(mapi::MESSAGE_CODEPAGE, 949)].concat();
        put(&mut file, "/__properties_version1.0", &fixed);
        put(&mut file, "/__substg1.0_0037001F", &unicode("보고"));
        put(&mut file, "/__substg1.0_0C1A001F", &unicode("Kim"));
        put(&mut file, "/__substg1.0_0C1F001F", &unicode("kim@x.kr"));
        put(
            &mut file,
            "/__substg1.0_1000001E",
            b"\xc5\xbb\xba\xcf\xc0\xda",
        );
        let attach = "/__attach_version1.0_#00000000";
        file.create_storage(attach).expect("a new storage");
        put(
            &mut file,
            &format!("{attach}/__properties_version1.0"),
            &[0; 8],
        );
        put(
            &mut file,
            &format!("{attach}/__substg1.0_3707001F"),
            &unicode("a.txt"),
        );
        put(
            &mut file,
            &format!("{attach}/__substg1.0_37010102"),
            b"hello",
        );
        let inner = "/__attach_version1.0_#00000001";
        file.create_storage(inner).expect("a new storage");
        put(
            &mut file,
            &format!("{inner}/__properties_version1.0"),
            &[0; 8],
        );
        let inside = format!("{inner}/__substg1.0_3701000D");
        file.create_storage(&inside).expect("a new storage");
        put(
            &mut file,
            &format!("{inside}/__properties_version1.0"),
            &[0; 24],
        );
        put(
            &mut file,
            &format!("{inside}/__substg1.0_0037001F"),
            &unicode("Inner"),
        );
        put(
            &mut file,
            &format!("{inside}/__substg1.0_1000001F"),
            &unicode("inner body"),
        );
        file.flush().expect("memory takes it");
        file.into_inner().into_inner()
    }

    fn run(bytes: Vec<u8>) -> (Reading, String, Vec<(String, Vec<u8>)>) {
        let len = bytes.len() as u64;
        let mut bytes = Cursor::new(bytes);
        let mut input = Input {
            bytes: &mut bytes,
            len,
            name: "x.msg",
            declared_type: None,
            declared_charset: None,
            passwords: &[],
            limits: Limits::default(),
        };
        let (mut text, mut members) = (String::new(), Vec::new());
        let reading = read(&mut input, &mut |piece| {
            match piece {
                Piece::Section(section) => text += &section.text,
                Piece::Member(member) => members.push((member.path, Vec::new())),
                Piece::Bytes(bytes) => members.last_mut().expect("begun").1.extend(bytes),
                Piece::MemberEnd(_) => {}
            }
            Ok(())
        });
        (reading.expect("nobody stops it"), text, members)
    }

    #[test]
    fn a_message_and_the_one_inside_it() {
        let (reading, text, members) = run(sample());
        assert_eq!(reading.outcome, Outcome::Indexed, "{:?}", reading.reason);
        assert_eq!(text, "From: Kim <kim@x.kr>\nSubject: 보고\n\n탈북자\n\n");
        let names: Vec<_> = members.iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, ["a.txt", "Inner.msg"]);
        assert_eq!(members[0].1, b"hello");
        let again = run(sample()).2;
        assert_eq!(members[1].1, again[1].1, "the same bytes each time");
        let (reading, text, _) = run(members[1].1.clone());
        assert_eq!(reading.outcome, Outcome::Indexed);
        assert_eq!(text, "Subject: Inner\n\ninner body\n\n");
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(64))]
        #[test]
        fn a_broken_message_is_read(at in 0_usize..8192, with: u8, keep in 0_usize..8192) {
            let mut bytes = sample();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            bytes.truncate(bytes.len().min(keep.max(64)));
            run(bytes);
        }
    }
}
