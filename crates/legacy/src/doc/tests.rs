use casefile::{BlockKind, Input, Limits, Outcome, Piece, Reading};

use super::fib::Fib;
use super::text;
use crate::sink::Sink;
use crate::{crypt, ole};

/// A main and a table stream of Word 97 with the given text in one wide and one narrow piece.
fn word97(wide: &str, narrow: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut main = vec![0; 1024];
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide_chars = u32::try_from(wide.len() / 2).unwrap_or(0);
    let chars = wide_chars + u32::try_from(narrow.len()).unwrap_or(0);
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xec, 0xa5, 193, 0, 0, 0, 9, 4, 0, 0, 0, 2]);
    put(0x4c, &chars.to_le_bytes());
    put(0x1a2, &0_u32.to_le_bytes());
    put(0x1a6, &(5_u32 + 12 + 16).to_le_bytes());
    let narrow_at = 1024 + u32::try_from(wide.len()).unwrap_or(0);
    main.extend(wide);
    main.extend(narrow);
    let mut table = vec![2, 28, 0, 0, 0];
    for cp in [0, wide_chars, chars] {
        table.extend(cp.to_le_bytes());
    }
    for fc in [1024, (narrow_at * 2) | 0x4000_0000] {
        table.extend([0, 0]);
        table.extend(u32::to_le_bytes(fc));
        table.extend([0, 0]);
    }
    (main, table)
}

fn blocks(main: &[u8], table: &[u8]) -> (String, Vec<BlockKind>, bool) {
    let (mut out, mut kinds) = (String::new(), Vec::new());
    let mut emit = |piece| {
        if let Piece::Section(section) = piece {
            out.push_str(&section.text);
            kinds.extend(section.blocks.iter().map(|b| b.kind));
        }
        Ok(())
    };
    let mut sink = Sink::new(Limits::default(), &mut emit);
    let mut whole = false;
    if let Some(fib) = Fib::read(main) {
        whole = text::read(main, table, &fib, &mut Default::default(), &mut sink).unwrap_or(false);
    }
    let _ = sink.hand_on();
    (out, kinds, whole)
}

#[test]
fn pieces_fields_and_cells() {
    let (main, table) = word97(
        "구금된 사람\r\u{13} HYPERLINK \"http://a\" \u{14}here\u{15} x\r",
        b"a\x07b\x07\x07caf\xe9\x1f\r",
    );
    let (text, kinds, whole) = blocks(&main, &table);
    assert_eq!(text, "구금된 사람\n\nhere x\n\na\tb\ncafé\u{ad}\n\n");
    assert_eq!(kinds.get(2), Some(&BlockKind::TableRow));
    assert!(whole);
}

/// A main stream of Word 6 or 95: text in one run.
fn word6(flags: u16, language: u16, text: &[u8], chars: usize) -> Vec<u8> {
    let mut main = vec![0; 768];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xdc, 0xa5, 104, 0]);
    put(6, &language.to_le_bytes());
    put(10, &flags.to_le_bytes());
    put(0x18, &768_u32.to_le_bytes());
    put(0x34, &u32::try_from(chars).unwrap_or(0).to_le_bytes());
    main.extend(text);
    main
}

#[test]
fn older_files_in_their_code_page() {
    // 탈북 and a table in code page 949; positions count bytes.
    let narrow = b"\xc5\xbb\xba\xcf a\rx\x07y\x07\x07end\r";
    let main = word6(0, 0x412, narrow, narrow.len());
    assert_eq!(blocks(&main, &main).0, "탈북 a\n\nx\ty\nend\n\n");
    let wide: Vec<u8> = "탈북 한글\r"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let main = word6(0x4000, 0x412, &wide, 6);
    assert_eq!(blocks(&main, &main).0, "탈북 한글\n\n");
    let main = word6(0x4000, 0x412, narrow, narrow.len());
    assert!(blocks(&main, &main).0.starts_with("탈북 a"));
}

fn whole(bytes: &[u8], passwords: &[&str]) -> (Reading, String, Vec<String>) {
    let (mut out, mut members) = (String::new(), Vec::new());
    let mut emit = |piece| {
        match piece {
            Piece::Section(section) => out.push_str(&section.text),
            Piece::Member(member) => members.push(member.path),
            _ => {}
        }
        Ok(())
    };
    let passwords: Vec<String> = passwords.iter().map(ToString::to_string).collect();
    let mut input = Input {
        bytes: &mut std::io::Cursor::new(bytes),
        len: bytes.len() as u64,
        name: "a.doc",
        declared_type: None,
        declared_charset: None,
        passwords: &passwords,
        limits: Limits::default(),
    };
    let reading = super::read(&mut input, &mut emit).unwrap_or_else(|stop| panic!("{stop:?}"));
    (reading, out, members)
}

#[test]
fn the_right_password_opens() {
    let (mut main, table) = word97("비밀 문서\r", b"second\r");
    let (key, header) = crypt::sealed_by("열쇠");
    let mut table = [header.clone(), table].concat();
    main[11] |= 1;
    main[14..18].copy_from_slice(&u32::try_from(header.len()).unwrap_or(0).to_le_bytes());
    main[0x1a2..0x1a6].copy_from_slice(&u32::try_from(header.len()).unwrap_or(0).to_le_bytes());
    let clear = main.clone();
    key.open_stream(512, &mut main);
    key.open_stream(512, &mut table);
    main[..68].copy_from_slice(&clear[..68]);
    table[..header.len()].copy_from_slice(&header);
    let file = ole::file_of(&[("WordDocument", &main), ("1Table", &table)]);

    let (reading, text, _) = whole(&file, &["wrong", "열쇠"]);
    assert_eq!(
        (reading.outcome, text.as_str()),
        (Outcome::Indexed, "비밀 문서\n\nsecond\n\n")
    );
    let (reading, text, _) = whole(&file, &["wrong"]);
    assert_eq!((reading.outcome, text.as_str()), (Outcome::Encrypted, ""));
    assert!(
        reading
            .reason
            .is_some_and(|reason| reason.contains("--file-passwords"))
    );
}

#[test]
fn pictures_become_members_once() {
    let (main, table) = word97("a\r", b"");
    let mut record = vec![0, 0x6e, 0x1e, 0xf0, 25, 0, 0, 0];
    record.extend([1; 16]);
    record.push(0xff);
    record.extend(b"\x89PNG\r\n..");
    let data = [b"before".to_vec(), record.clone(), record].concat();
    let file = ole::file_of(&[("WordDocument", &main), ("1Table", &table), ("Data", &data)]);
    let (reading, text, members) = whole(&file, &[]);
    assert_eq!((reading.reason, text.as_str()), (None, "a\n\n"));
    assert_eq!(members, ["picture-1.png"]);
}

#[test]
fn a_lost_directory_leaves_the_text() {
    let (mut main, table) = word97("첫 문단입니다. 둘째 문장입니다.\r", b"");
    main[0x18..0x1c].copy_from_slice(&1024_u32.to_le_bytes());
    main.resize(6000, 0);
    let file = ole::file_of(&[("WordDocument", &main), ("1Table", &table)]);
    let (reading, text, _) = whole(file.get(..6000).unwrap_or(&[]), &[]);
    let expected = "첫 문단입니다. 둘째 문장입니다.\n\n";
    assert_eq!(
        (reading.outcome, text.as_str()),
        (Outcome::Damaged, expected)
    );
}

#[test]
fn a_cut_file_keeps_its_beginning() {
    let (main, table) = word97("첫 문단\r둘째 문단", b" goes on\r");
    let cut = main.get(..main.len() - 8).unwrap_or(&[]);
    let (text, _, whole) = blocks(cut, &table);
    assert_eq!((text.as_str(), whole), ("첫 문단\n\n둘째 문단 \n\n", false));
}

#[test]
fn a_field_without_end_is_text() {
    let (main, table) = word97("a \u{13} REF lost words\rmore\r", b"");
    assert_eq!(blocks(&main, &table).0, "a  REF lost words more \n\n");
}

proptest::proptest! {
    #[test]
    fn any_change_of_bytes_is_survived(at in 0_usize..1200, value: u8, table_at in 0_usize..64, cut in 0_usize..1200) {
        let (mut main, mut table) = word97("가나\r\u{13}x\u{14}y\u{15}\r", b"a\x07b\x07\x07z\r");
        if let Some(byte) = main.get_mut(at) {
            *byte = value;
        }
        if let Some(byte) = table.get_mut(table_at) {
            *byte = value;
        }
        main.truncate(main.len().saturating_sub(cut));
        let _ = blocks(&main, &table);
    }
}
