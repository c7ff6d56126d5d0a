use casefile::{BlockKind, Limits, Piece};

use super::fib::Fib;
use super::text;
use crate::sink::Sink;

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
