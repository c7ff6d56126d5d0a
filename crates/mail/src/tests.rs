//! Whole messages and mailboxes, built here; and the real ones where they are.

use std::io::Cursor;
use std::path::Path;

use casefile::{Input, Limits, Outcome, Piece, Reading};
use expect_test::{Expect, expect};

/// Reading, text, members with their bytes.
type Found = (Reading, String, Vec<(String, Vec<u8>)>);

fn read(bytes: &[u8], name: &str) -> Option<Found> {
    let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
    let kind = crate::recognise(bytes.get(..4096).unwrap_or(bytes), extension.as_deref())?;
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name,
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let (mut text, mut members, mut open) = (String::new(), Vec::new(), false);
    let reading = crate::read(kind, &mut input, &mut |piece| {
        match piece {
            Piece::Section(section) => {
                for block in &section.blocks {
                    assert!(
                        block.span.of(&section.text).is_some(),
                        "a block outside its text"
                    );
                }
                text += &section.text;
            }
            Piece::Member(member) => {
                assert!(!open, "a member begins inside another");
                open = true;
                members.push((member.path, Vec::new()));
            }
            Piece::Bytes(bytes) => {
                assert!(open && bytes.len() <= 1 << 20);
                members.last_mut().expect("begun").1.extend(bytes);
            }
            Piece::MemberEnd(_) => open = false,
        }
        Ok(())
    });
    assert!(!open, "a member never ended");
    Some((reading.expect("nobody stops it"), text, members))
}

fn check(raw: &str, name: &str, want: Expect) {
    check_bytes(raw.as_bytes(), name, want);
}

fn check_bytes(raw: &[u8], name: &str, want: Expect) {
    let (reading, text, members) = read(raw, name).expect("it is known");
    let mut out = format!("{} {}", reading.format, reading.outcome);
    if let Some(reason) = &reading.reason {
        out += &format!(": {reason}");
    }
    out += &format!("\n{text}");
    for (name, bytes) in members {
        out += &format!("+ {name}: {:?}\n", String::from_utf8_lossy(&bytes));
    }
    for problem in reading.problems {
        out += &format!("! {}\n", problem.code);
    }
    want.assert_eq(&out);
}

#[test]
fn attachments_and_a_forwarded_message() {
    let raw = "From: =?utf-8?b?6rmA?= <kim@x.kr>\r\nTo: a@b\r\nSubject: x\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\nThis is a MIME message.\r\n\
        --b\r\n\r\nbody\r\n\
        --b\r\nContent-Type: text/plain; name=\"a.txt\"\r\nContent-Transfer-Encoding: base64\r\n\r\nb25l\r\n\
        --b\r\nContent-Disposition: attachment; filename*=utf-8''a.txt\r\n\r\ntwo\r\n\
        --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: =?utf-8?b?7YOI67aB?=\r\n\r\ninner\r\n--b--\r\n";
    check(
        raw,
        "x.eml",
        expect![[r#"
            message/rfc822 indexed
            From: 김 <kim@x.kr>
            To: a@b
            Subject: x

            body

            + a.txt: "one"
            + a (2).txt: "two"
            + 탈북.eml: "Subject: =?utf-8?b?7YOI67aB?=\r\n\r\ninner"
        "#]],
    );
}

#[test]
fn the_rendering_that_says_most() {
    let html = "<p>Hello <b>you</b></p>".to_owned();
    let long = format!("<p>{}</p>", "figures and names ".repeat(30));
    for (html, want) in [(html, "Hello you, plain"), (long, "figures and names")] {
        let raw = format!(
            "From: a@b\nSubject: x\nContent-Type: multipart/alternative; boundary=b\n\n\
             --b\n\nHello you, plain\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
        );
        let (_, text, _) = read(raw.as_bytes(), "x.eml").expect("it is known");
        assert!(text.contains(want), "{text}");
    }
}

#[test]
fn raw_korean_bytes_in_the_head() {
    let mut raw = b"From: a@b\nSubject: \xc5\xbb\xba\xcf\xc0\xda \xba\xb8\xb0\xed\xbc\xad\nContent-Type: text/plain; charset=ks_c_5601-1987\n\n".to_vec();
    raw.extend(b"\xc5\xbb\xba\xcf\xc0\xda\n");
    check_bytes(
        &raw,
        "x.eml",
        expect![[r#"
            message/rfc822 indexed
            From: a@b
            Subject: 탈북자 보고서

            탈북자

        "#]],
    );
}

#[test]
fn sealed_mail_is_told() {
    let raw = "From: a@b\nSubject: x\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
        --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream; name=encrypted.asc\n\nxyz\n--b--\n";
    let (reading, text, members) = read(raw.as_bytes(), "x.eml").expect("it is known");
    assert_eq!(reading.outcome, Outcome::Encrypted);
    assert!(text.contains("Subject: x"));
    assert_eq!(members.len(), 2);
}

#[test]
fn mailboxes_of_all_kinds() {
    let from = "From a@b Thu Jan  1 10:00:00 2004\n";
    // An unquoted "From " in a text is no separator.
    check(
        &format!(
            "{from}Subject: 1\n\nDear all,\n\nFrom the start it was so.\n\n{from}Subject: 2\n\ntwo\n"
        ),
        "x.mbox",
        expect![[r#"
            application/mbox indexed
            + 1: "Subject: 1\n\nDear all,\n\nFrom the start it was so.\n"
            + 2: "Subject: 2\n\ntwo\n"
        "#]],
    );
    check(
        &format!("{from}Subject: 1\n\n>From x\n>>From y\n\n{from}Subject: 2\n\ntwo\n"),
        "x.mbox",
        expect![[r#"
            application/mbox indexed
            + 1: "Subject: 1\n\nFrom x\n>From y\n"
            + 2: "Subject: 2\n\ntwo\n"
        "#]],
    );
    // mboxcl2: the length counts, not what looks like a separator.
    let body = format!("one\n\n{from}Subject: no\n\nstill one\n");
    let length = body.len();
    check(
        &format!("{from}Subject: 1\nContent-Length: {length}\n\n{body}\n{from}Subject: 2\n\ntwo\n"),
        "x.mbox",
        expect![[r#"
            application/mbox indexed
            + 1: "Subject: 1\nContent-Length: 62\n\none\n\nFrom a@b Thu Jan  1 10:00:00 2004\nSubject: no\n\nstill one\n"
            + 2: "Subject: 2\n\ntwo\n"
        "#]],
    );
    let crlf =
        format!("{from}Subject: 1\n\none\n\n{from}Subject: 2\n\ntwo\n").replace('\n', "\r\n");
    check(
        &crlf,
        "x.mbox",
        expect![[r#"
        application/mbox indexed
        + 1: "Subject: 1\r\n\r\none\r\n"
        + 2: "Subject: 2\r\n\r\ntwo\r\n"
    "#]],
    );
}

#[test]
fn a_message_that_was_cut_off_is_damaged() {
    let whole = "From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nbody\n\
        --b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nplain\n--c--\n\
        --b\nContent-Type: text/plain; name=a.txt\nContent-Transfer-Encoding: base64\n\nb25lIHR3byB0aHJlZQ==\n--b--\n";
    check(
        whole,
        "x.eml",
        expect![[r#"
            message/rfc822 indexed
            From: a@b
            Subject: x

            body

            plain

            + a.txt: "one two three"
        "#]],
    );
    check(
        whole.get(..whole.len() - 16).unwrap_or_default(),
        "x.eml",
        expect![[r#"
            message/rfc822 damaged: the message ends before its last part does; what was there is kept
            From: a@b
            Subject: x

            body

            plain

            + a.txt: "one two "
        "#]],
    );
}

#[test]
fn apple_mail_keeps_a_length_and_a_list() {
    let mail = "From: kim@x.kr\nTo: a@b\nSubject: x\n\nbody\n";
    let list = "<?xml version=\"1.0\"?><plist><dict><key>date-received</key><integer>1577934245</integer></dict></plist>";
    let raw = format!("{:<10}\n{mail}{list}", mail.len());
    let (reading, text, _) = read(raw.as_bytes(), "1.emlx").expect("it is known");
    assert_eq!(reading.outcome, Outcome::Indexed);
    assert_eq!(text, "From: kim@x.kr\nTo: a@b\nSubject: x\n\nbody\n\n");
    let received = reading
        .metadata
        .iter()
        .find(|datum| datum.from == "emlx property date-received");
    assert_eq!(
        received.map(|datum| &*datum.value),
        Some("2020-01-02T03:04:05Z")
    );
    check(
        &format!("{:<10}\n{mail}", mail.len() + 900),
        "1.emlx",
        expect![[r#"
            message/x-emlx damaged: shorter than it says at its top; what was there is kept
            From: kim@x.kr
            To: a@b
            Subject: x

            body

        "#]],
    );
}

/// DER: a tag and the content with its length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..128 => out.push(short as u8),
        long => out.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    out.extend(content);
    out
}

#[test]
fn what_a_time_stamp_seals_is_read() {
    let inside = [
        der(0x02, &[1]),
        der(0x16, b"http://x.kr/a"),
        der(0x04, b"%PDF-1.4 the bytes"),
        der(0xa0, &der(0x30, b"")),
    ]
    .concat();
    let stamped = der(
        0x30,
        &[
            der(0x06, crate::smime::TIMESTAMPED),
            der(0xa0, &der(0x30, &inside)),
        ]
        .concat(),
    );
    check_bytes(
        &stamped,
        "report.pdf.tsd",
        expect![[r#"
            application/pkcs7-mime indexed
            + report.pdf: "%PDF-1.4 the bytes"
        "#]],
    );
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(300))]
    #[test]
    fn any_message_is_read(
        lines in proptest::collection::vec("(--b|--b--|From |Subject: |To: |Content-Type: |multipart/mixed; boundary=b|message/rfc822|text/html|begin 644 x|=\\?utf-8\\?b\\?|[ -~]{0,12}|\\PC{0,4}|\n|\r\n|\r){0,12}", 0..20),
    ) {
        let raw = format!("From: a@b\nSubject: x\n{}", lines.join("\n"));
        read(raw.as_bytes(), "x.eml");
        let raw = format!("From a Thu Jan 1 10:00:00 2004\nSubject: x\n{}", lines.join("\n"));
        read(raw.as_bytes(), "x.mbox");
    }
}

#[test]
fn real_mail_ends_in_an_outcome() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/documents");
    let mut folders = vec![root];
    let mut found = 0;
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
                found += usize::from(read(&bytes, &name.to_string_lossy()).is_some());
            }
        }
    }
    assert!(found > 60, "{found} files of mail");
}
