//! Whole archives, built here, sound and broken; and the real ones where they are.

mod plain;

use std::io::{Cursor, Write};
use std::path::Path;

use casefile::{Input, Limits, Outcome, Piece, Reading};
use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

/// Path, bytes, end.
type Found = (String, Vec<u8>, Option<(Outcome, String)>);

struct Read {
    reading: Reading,
    members: Vec<Found>,
}

fn read_with(bytes: &[u8], name: &str, passwords: &[String], limits: Limits) -> Option<Read> {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    let kind = crate::recognise(bytes.get(..34 << 10).unwrap_or(bytes), extension.as_deref())?;
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name,
        declared_type: None,
        declared_charset: None,
        passwords,
        limits,
    };
    let mut members = Vec::new();
    let mut open = false;
    let reading = crate::read(kind, &mut input, &mut |piece| {
        match piece {
            Piece::Member(member) => {
                assert!(!open, "a member begins inside another");
                open = true;
                members.push((member.path, Vec::new(), None));
            }
            Piece::Bytes(bytes) => {
                assert!(open && bytes.len() <= 1 << 20);
                members.last_mut().expect("begun").1.extend(bytes);
            }
            Piece::MemberEnd(end) => {
                assert!(open, "a member ends that never began");
                open = false;
                members.last_mut().expect("begun").2 = end;
            }
            Piece::Section(_) => panic!("an archive has no text"),
        }
        Ok(())
    });
    let reading = reading.expect("nobody stops it");
    assert!(!open, "a member never ended");
    Some(Read { reading, members })
}

fn check(bytes: &[u8], name: &str, want: Expect) {
    let Read { reading, members } =
        read_with(bytes, name, &[], Limits::default()).expect("it is known");
    let mut out = format!("{} {}", reading.format, reading.outcome);
    out += &reading
        .reason
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    for (path, bytes, end) in members {
        let text = String::from_utf8_lossy(bytes.get(..40).unwrap_or(&bytes)).into_owned();
        out += &format!("\n{path}: {text:?}");
        if let Some((outcome, reason)) = end {
            out += &format!(" {outcome}: {reason}");
        }
    }
    for problem in reading.problems {
        out += &format!("\n! {}: {}", problem.code, problem.message);
    }
    want.assert_eq(&out);
}

struct Zip {
    bytes: Vec<u8>,
    central: Vec<u8>,
    count: u16,
}

impl Zip {
    fn new() -> Self {
        Self {
            bytes: Vec::new(),
            central: Vec::new(),
            count: 0,
        }
    }

    fn add(mut self, name: &[u8], text: &[u8]) -> Self {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let offset = self.bytes.len() as u32;
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0x50];
        common.extend(crc32fast::hash(text).to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((text.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name);
        self.bytes.extend(&packed);
        self.entry(&common, name, offset)
    }

    fn entry(mut self, common: &[u8], name: &[u8], offset: u32) -> Self {
        self.central.extend(b"PK\x01\x02\x14\x00");
        self.central.extend(common);
        self.central.extend([0; 10]);
        self.central.extend(offset.to_le_bytes());
        self.central.extend(name);
        self.count += 1;
        self
    }

    fn end(self) -> Vec<u8> {
        let mut bytes = self.bytes;
        let offset = bytes.len() as u32;
        bytes.extend(&self.central);
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend(self.count.to_le_bytes());
        bytes.extend(self.count.to_le_bytes());
        bytes.extend((self.central.len() as u32).to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }
}

fn sample() -> Zip {
    Zip::new()
        .add(b"a.txt", b"one")
        .add(b"A.txt", b"two")
        .add(b"a.txt", b"three")
        .add(b"../../etc/x", b"slip")
        .add(b"dir/", b"")
        .add(
            b"\xc5\xbb\xba\xcf\xc0\xda \xba\xb8\xb0\xed\xbc\xad.txt",
            b"name in CP949",
        )
}

#[test]
fn zip_gives_all_its_members() {
    check(
        &sample().end(),
        "a.zip",
        expect![[r#"
            application/zip indexed
            a.txt: "one"
            A.txt: "two"
            a.txt: "three"
            etc/x: "slip"
            탈북자 보고서.txt: "name in CP949"
            ! member-path: a member's path is not a plain one; it is shown as 'etc/x'"#]],
    );
}

#[test]
fn zip_without_its_end_gives_what_is_there() {
    let whole = sample().end();
    let directory = whole
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .expect("it has one");
    check(
        &whole[..directory],
        "a.zip",
        expect![[r#"
            application/zip damaged: the directory at its end is missing: it was cut off or never finished; 6 members found by their own headers
            a.txt: "one"
            A.txt: "two"
            a.txt: "three"
            etc/x: "slip"
            탈북자 보고서.txt: "name in CP949"
            ! member-path: a member's path is not a plain one; it is shown as 'etc/x'"#]],
    );
    // Something was put before it: all places are shifted.
    let shifted = [b"MZ stub ", &whole[..]].concat();
    let read = read_with(&shifted, "a.zip", &[], Limits::default()).expect("it is known");
    assert_eq!(read.members.len(), 5);
    assert_eq!(read.reading.outcome, Outcome::Indexed);
}

#[test]
fn zip_with_a_wrong_checksum_keeps_the_bytes() {
    let mut bytes = Zip::new().add(b"a.txt", b"one").add(b"b.txt", b"two").end();
    let at = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .expect("it has one");
    bytes[at + 16] ^= 1;
    check(
        &bytes,
        "a.zip",
        expect![[r#"
            application/zip damaged: 1 member is broken; 1 member is whole
            a.txt: "one" damaged: broken after 3 bytes (its checksum does not fit); those were kept
            b.txt: "two""#]],
    );
}

#[test]
fn bombs_end_at_the_caps() {
    let zeros = vec![0; 40 << 20];
    let bomb = Zip::new().add(b"zeros", &zeros).end();
    let limits = Limits {
        ratio: 100,
        ..Limits::default()
    };
    let read = read_with(&bomb, "a.zip", &[], limits).expect("it is known");
    assert_eq!(read.reading.outcome, Outcome::Limit);
    assert!(read.members[0].1.len() < 40 << 20);
    let limits = Limits {
        members: 2,
        ..Limits::default()
    };
    let read = read_with(&sample().end(), "a.zip", &[], limits).expect("it is known");
    assert_eq!(
        (read.reading.outcome, read.members.len()),
        (Outcome::Limit, 2)
    );

    // A hundred names for the same packed bytes.
    let mut zip = Zip::new().add(b"kernel", &zeros);
    let common = zip.central[6..32].to_vec();
    for number in 0..100 {
        let name = format!("twin{number:02}");
        zip = zip.entry(&common, name.as_bytes(), 0);
    }
    let bytes = zip.end();
    let read = read_with(
        &bytes,
        "a.zip",
        &[],
        Limits {
            ratio: 1 << 40,
            ..Limits::default()
        },
    );
    let read = read.expect("it is known");
    let unpacked: usize = read.members.iter().map(|member| member.1.len()).sum();
    assert_eq!(read.reading.outcome, Outcome::Limit);
    assert!(unpacked <= 104 << 20, "{unpacked}");
    assert_eq!(read.members.len(), 101);
}

fn tar_entry(name: &str, text: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
    block[156] = b'0';
    block[257..263].copy_from_slice(b"ustar\0");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block.extend(text);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

#[test]
fn tar_goes_on_after_a_broken_header() {
    let mut bytes = [
        tar_entry("a", b"one"),
        tar_entry("b", b"two"),
        tar_entry("c", b"three"),
    ]
    .concat();
    bytes[1024] = b'x';
    check(
        &bytes,
        "a.tar",
        expect![[r#"
            application/x-tar damaged: 2 blocks of 512 bytes are not tar and were passed over; 2 members kept
            a: "one"
            c: "three""#]],
    );
    check(
        &bytes[..514],
        "a.tar",
        expect![[r#"
            application/x-tar damaged: cut off (it ends inside a member); 1 member kept
            a: "on" damaged: cut off after 2 of 3 bytes; those were kept"#]],
    );
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).expect("memory takes it");
    out.finish().expect("memory takes it")
}

#[test]
fn gzip_holds_files_and_tars() {
    check(
        &gz(b"hello"),
        "x.txt.gz",
        expect![[r#"
        application/gzip indexed
        x.txt: "hello""#]],
    );
    check(
        &gz(&tar_entry("a/b.txt", b"hello")),
        "x.tgz",
        expect![[r#"
        application/gzip indexed
        a/b.txt: "hello""#]],
    );
    let two = [gz(b"hello "), gz(b"world"), vec![0; 700]].concat();
    check(
        &two,
        "x.gz",
        expect![[r#"
        application/gzip indexed
        x: "hello world""#]],
    );
    let whole = gz(b"hello world, hello world");
    let Read { reading, members } =
        read_with(&whole[..whole.len() - 6], "x.gz", &[], Limits::default()).expect("it is known");
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert_eq!(members[0].1, b"hello world, hello world");
}

fn warc_record(kind: &str, url: &str, more: &str, block: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2023-06-13T00:00:00Z\r\n{more}\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
}

#[test]
fn warc_gives_captures() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html; charset=euc-kr\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let wrong = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
    let first = warc_record("response", "http://x.kr/a%20b", "", chunked);
    let all = [
        first.clone(),
        warc_record("request", "http://x.kr/a%20b", "", "GET / HTTP/1.1\r\n\r\n"),
        warc_record(
            "response",
            "http://x.kr/../c",
            wrong,
            "HTTP/1.1 404 No\r\n\r\ngone",
        ),
        warc_record(
            "revisit",
            "http://x.kr/d",
            "WARC-Refers-To-Target-URI: http://x.kr/e\r\n",
            "",
        ),
    ]
    .concat();
    let want = expect![[r#"
        application/warc indexed
        x.kr/a b: "hello"
        x.kr/%2E%2E/c: "gone"
        x.kr/d: "" skipped: unchanged: the same content as http://x.kr/e
        ! warc-digest: its bytes are not those that its checksum was made of"#]];
    check(all.as_bytes(), "a.warc", want);
    // Each record gzipped, the second of three broken: the third still comes.
    let mut broken = gz(warc_record(
        "response",
        "http://x.kr/2",
        "",
        &chunked.replace("hello", "12345"),
    )
    .as_bytes());
    let middle = broken.len() / 2;
    broken[middle..middle + 8].fill(0xff);
    let third = warc_record("response", "http://x.kr/3", "", chunked);
    let bytes = [gz(first.as_bytes()), broken, gz(third.as_bytes())].concat();
    let read = read_with(&bytes, "a.warc.gz", &[], Limits::default()).expect("it is known");
    assert_eq!(read.reading.outcome, Outcome::Damaged);
    let paths: Vec<_> = read.members.iter().map(|member| &member.0[..]).collect();
    assert_eq!(
        (paths.first(), paths.last()),
        (Some(&"x.kr/a b"), Some(&"x.kr/3"))
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]
    #[test]
    fn any_damage_is_an_outcome(which in 0_usize..5, at in 0_usize..4000, with: u8, keep in 0_usize..4000) {
        let warc = warc_record("response", "http://x/", "", "HTTP/1.1 200 OK\r\n\r\nhello");
        let mut bytes = match which {
            0 => sample().end(),
            1 => [tar_entry("a", b"one"), tar_entry("b", b"two")].concat(),
            2 => gz(b"hello hello hello"),
            3 => gz(warc.as_bytes()),
            _ => warc.into_bytes(),
        };
        let at = at % bytes.len();
        bytes[at] = with;
        bytes.truncate(keep.max(16));
        read_with(&bytes, "x.zip", &[], Limits::default());
    }
}

#[test]
fn real_archives_end_in_an_outcome() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents");
    let mut folders = vec![root.clone()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        let Ok(files) = std::fs::read_dir(&folder) else {
            println!("NOT TESTED: {} is missing", folder.display());
            return;
        };
        for file in files.flatten() {
            let path = file.path();
            if path.is_dir() {
                folders.push(path);
            } else if let (Ok(bytes), Some(name)) = (std::fs::read(&path), path.file_name()) {
                let name = name.to_string_lossy();
                read += usize::from(read_with(&bytes, &name, &[], Limits::default()).is_some());
            }
        }
    }
    assert!(read > 50, "{read} archives");
}
