use casefile::BlockKind;

use super::records::Records;
use super::section::{Styles, blocks};

fn record(tag: u32, level: u32, data: &[u8]) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap_or(0);
    let mut bytes = (tag | level << 10 | len.min(0xfff) << 20)
        .to_le_bytes()
        .to_vec();
    if len >= 0xfff {
        bytes.extend(len.to_le_bytes());
    }
    bytes.extend(data);
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn control(code: u16) -> Vec<u8> {
    let mut units = [0_u16; 8];
    units[0] = code;
    units[7] = code;
    units.iter().flat_map(|u| u.to_le_bytes()).collect()
}

fn paragraph(level: u32, text: &[u8]) -> Vec<u8> {
    [record(0x42, level, &[0; 22]), record(0x43, level + 1, text)].concat()
}

fn cell(level: u32, column: u8, row: u8) -> Vec<u8> {
    let mut data = [0; 16];
    (data[8], data[10], data[12]) = (column, row, 1);
    record(0x48, level, &data)
}

/// A paragraph with a table of two rows, a footnote, a tab and an equation.
fn section() -> Vec<u8> {
    let text = [
        utf16("표"),
        control(11),
        control(9),
        utf16("뒤"),
        control(17),
        control(11),
        utf16("\r"),
    ];
    let equation = [vec![0; 4], vec![3, 0], utf16("x+1")].concat();
    [
        paragraph(0, &text.concat()),
        record(0x47, 1, b" lbt"),
        record(0x4d, 2, &[0; 8]),
        cell(2, 0, 0),
        paragraph(2, &utf16("이름\r")),
        cell(2, 1, 0),
        paragraph(2, &utf16("나이\r")),
        cell(2, 0, 1),
        paragraph(2, &utf16("김\r")),
        paragraph(2, &utf16("철수\r")),
        cell(2, 1, 1),
        paragraph(2, &utf16("34\r")),
        record(0x47, 1, b"  nf"),
        record(0x48, 2, &[0; 8]),
        paragraph(2, &utf16("각주\r")),
        record(0x47, 1, b"deqe"),
        record(0x58, 2, &equation),
        paragraph(0, &utf16("다음 문단\r")),
    ]
    .concat()
}

#[test]
fn text_tables_notes_and_equations() {
    let bytes = section();
    let found = blocks(&Records::read(&bytes), &Styles::default(), &mut Vec::new());
    let found: Vec<_> = found
        .iter()
        .map(|(kind, text)| (*kind, text.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (BlockKind::Paragraph, "표\n\t뒤x+1"),
            (BlockKind::TableRow, "이름\t나이"),
            (BlockKind::TableRow, "김 철수\t34"),
            (BlockKind::Footnote, "각주"),
            (BlockKind::Paragraph, "다음 문단"),
        ]
    );
}

#[test]
fn outline_styles_are_headings() {
    assert_eq!(
        super::section::outline("개요 2"),
        Some(BlockKind::Heading(2))
    );
    assert_eq!(
        super::section::outline("Outline 1"),
        Some(BlockKind::Heading(1))
    );
    assert_eq!(super::section::outline("바탕글"), None);
}

proptest::proptest! {
    #[test]
    fn any_change_of_bytes_is_survived(at in 0_usize..900, value: u8, cut in 0_usize..900) {
        let mut bytes = section();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut));
        let _ = blocks(&Records::read(&bytes), &Styles::default(), &mut Vec::new());
        let _ = super::packed::open_distribution(&bytes);
        let _ = super::packed::open(&bytes, true);
    }
}
