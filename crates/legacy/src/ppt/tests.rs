use casefile::{Limits, Outcome, Piece, Reading};

use super::persist::Persist;
use super::show;
use crate::sink::Sink;

fn record(kind: u16, head: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = head.to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    bytes.extend(data);
    bytes
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Two slides, the second first in the file; the title stands in the outline.
fn presentation() -> (Vec<u8>, Vec<u8>) {
    let outline = [
        record(0x0f9f, 0, &words(&[0])),
        record(0x0fa0, 0, &utf16("제목")),
    ]
    .concat();
    let reference = record(0x0f9e, 0, &words(&[0]));
    let own = [
        record(0x0f9f, 0, &words(&[4])),
        record(0x0fa8, 0, b"one\rtwo\x0bthree"),
    ]
    .concat();
    let shape = |inside: &[u8]| record(0xf004, 15, &record(0xf00d, 15, inside));
    let slide = |inside: &[u8]| record(0x03ee, 15, &record(0x040c, 15, inside));
    let comment = record(
        0x2ee0,
        15,
        &[
            record(0x0fba, 0, &utf16("Kim")),
            record(0x0fba, 0x10, &utf16("why?")),
        ]
        .concat(),
    );
    let second = slide(&shape(&own));
    let first = slide(&[shape(&reference), record(0x138b, 0, &comment)].concat());
    let list = [
        record(0x03f3, 0, &words(&[3, 0, 1, 256, 0])),
        outline,
        record(0x03f3, 0, &words(&[2, 0, 0, 257, 0])),
    ]
    .concat();
    let document = record(0x03e8, 15, &record(0x0ff0, 15, &list));
    let offsets =
        [document.len() + second.len(), 0, document.len()].map(|n| u32::try_from(n).unwrap_or(0));
    let mut stream = [document, second, first].concat();
    let directory_at = u32::try_from(stream.len()).unwrap_or(0);
    // Identities 1 to 3: the document, the second slide, the first.
    stream.extend(record(
        0x1772,
        0,
        &words(&[1 | 3 << 20, offsets[1], offsets[2], offsets[0]]),
    ));
    let edit_at = u32::try_from(stream.len()).unwrap_or(0);
    stream.extend(record(0x0ff5, 0, &words(&[0, 0, 0, directory_at, 1, 3, 0])));
    (stream, words(&[0, 0, 0, 0xe391_c05f, edit_at]))
}

fn text(stream: &[u8], user: &[u8]) -> (String, bool) {
    let mut out = String::new();
    let mut emit = |piece| {
        if let Piece::Section(section) = piece {
            out.push_str(&section.text);
        }
        Ok(())
    };
    let mut sink = Sink::new(Limits::default(), &mut emit);
    let mut reading = Reading::indexed("x");
    let persist = Persist::read(stream, user);
    let whole = show(stream, &persist, 100, &mut reading, &mut sink).unwrap_or(false);
    assert_eq!(reading.outcome, Outcome::Indexed);
    drop(sink);
    (out, whole)
}

#[test]
fn slides_come_in_the_order_of_the_show() {
    let (stream, user) = presentation();
    let expected = "제목\n\nKim: why?\n\n\u{c}one\n\ntwo three\n\n";
    assert_eq!(text(&stream, &user), (expected.into(), true));
    // Without the pointer to the last edit.
    assert_eq!(text(&stream, &[]), (expected.into(), true));
}

proptest::proptest! {
    #[test]
    fn any_change_of_bytes_is_survived(at in 0_usize..500, value: u8, cut in 0_usize..500) {
        let (mut stream, user) = presentation();
        if let Some(byte) = stream.get_mut(at) {
            *byte = value;
        }
        stream.truncate(stream.len().saturating_sub(cut));
        let _ = text(&stream, &user);
    }
}
