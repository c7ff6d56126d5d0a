use std::io::{Cursor, Write};

use casefile::{BlockKind, Input, Limits, Outcome, Piece, Reading};
use expect_test::expect;

use super::read;
use crate::{Kind, recognise};

const HEADER: &str = r#"<hh:head xmlns:hh="h"><hh:refList><hh:paraProperties><hh:paraPr id="3"><hh:heading type="OUTLINE" idRef="0" level="0"/></hh:paraPr></hh:paraProperties><hh:styles><hh:style id="2" name="개요 2" engName="Outline 2"/></hh:styles></hh:refList></hh:head>"#;

const CONTENT: &str = r#"<opf:package xmlns:opf="o"><opf:metadata><opf:title>북송 현황</opf:title><opf:language>ko</opf:language><opf:meta name="creator" content="text">김 조사관</opf:meta><opf:meta name="CreatedDate" content="text">2023-06-13T02:00:00Z</opf:meta><opf:meta name="keyword" content="text"/></opf:metadata><opf:manifest><opf:item id="s0" href="Contents/section0.xml"/></opf:manifest><opf:spine><opf:itemref idref="s0"/></opf:spine></opf:package>"#;

const SECTION: &str = r#"<?xml version="1.0" encoding="UTF-8"?><hs:sec xmlns:hs="s" xmlns:hp="p">
<hp:p paraPrIDRef="3" styleIDRef="0"><hp:run><hp:t>1. 개관</hp:t></hp:run></hp:p>
<hp:p styleIDRef="2"><hp:run><hp:t>둘째</hp:t></hp:run></hp:p>
<hp:p><hp:run><hp:ctrl><hp:header><hp:subList><hp:p><hp:run><hp:t>머리말</hp:t></hp:run></hp:p></hp:subList></hp:header></hp:ctrl>
<hp:t>강제<hp:tab width="1"/>송환 &amp; 구금<hp:lineBreak/>끝</hp:t><hp:ctrl><hp:footNote number="1"><hp:subList><hp:p><hp:run><hp:ctrl><hp:autoNum num="1" numType="FOOTNOTE"/></hp:ctrl><hp:t>각주</hp:t></hp:run></hp:p></hp:subList></hp:footNote></hp:ctrl>
<hp:ctrl><hp:fieldBegin type="HYPERLINK"><hp:parameters><hp:stringParam name="Path">http://a.kr/?x=1&amp;y</hp:stringParam></hp:parameters></hp:fieldBegin></hp:ctrl></hp:run></hp:p>
<hp:p><hp:run><hp:tbl rowCnt="2" colCnt="2"><hp:caption><hp:subList><hp:p><hp:run><hp:t>표 </hp:t><hp:ctrl><hp:autoNum num="7" numType="TABLE"/></hp:ctrl></hp:run></hp:p></hp:subList></hp:caption>
<hp:tr><hp:tc><hp:subList><hp:p><hp:run><hp:t>이름</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="0" rowAddr="0"/><hp:cellSpan colSpan="1" rowSpan="2"/></hp:tc><hp:tc><hp:subList><hp:p><hp:run><hp:t>수</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="1" rowAddr="0"/></hp:tc></hp:tr>
<hp:tr><hp:tc><hp:subList><hp:p><hp:run><hp:t>2,000</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="1" rowAddr="1"/></hp:tc></hp:tr></hp:tbl>
<hp:rect><hp:drawText><hp:subList><hp:p><hp:run><hp:t>상자</hp:t></hp:run></hp:p></hp:subList></hp:drawText></hp:rect><hp:equation><hp:shapeComment>수식입니다.</hp:shapeComment><hp:script>x over 2</hp:script></hp:equation></hp:run></hp:p></hs:sec>"#;

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let deflated = zip::write::SimpleFileOptions::default();
    let mut add = |name: &str, bytes: &[u8], options| {
        assert!(zip.start_file(name, options).is_ok() && zip.write_all(bytes).is_ok());
    };
    add("mimetype", b"application/hwp+zip", stored);
    for (name, bytes) in parts {
        add(name, bytes, deflated);
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn sample() -> Vec<u8> {
    package(&[
        ("Contents/content.hpf", CONTENT.as_bytes()),
        ("Contents/header.xml", HEADER.as_bytes()),
        ("Contents/section0.xml", SECTION.as_bytes()),
        ("BinData/image1.png", b"\x89PNG...."),
    ])
}

fn pieces(bytes: &[u8]) -> (Reading, String, Vec<String>, Vec<BlockKind>) {
    let (mut text, mut members, mut kinds) = (String::new(), Vec::new(), Vec::new());
    let mut emit = |piece| {
        match piece {
            Piece::Section(section) => {
                text.push_str(&section.text);
                kinds.extend(section.blocks.iter().map(|b| b.kind));
            }
            Piece::Member(member) => members.push(member.path),
            _ => {}
        }
        Ok(())
    };
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name: "a.hwpx",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let reading = read(&mut input, &mut emit).unwrap_or_else(|stop| panic!("{stop:?}"));
    (reading, text, members, kinds)
}

#[test]
fn a_whole_document() {
    let bytes = sample();
    assert_eq!(recognise(&mut Cursor::new(&bytes)), Some(Kind::Hwpx));
    let (reading, text, members, kinds) = pieces(&bytes);
    expect![[r#"
        1. 개관

        둘째

        강제	송환 & 구금
        끝

        머리말
        각주

        x over 2

        표 7

        이름	수
        	2,000
        상자

    "#]]
    .assert_eq(&text);
    assert_eq!(
        kinds.get(..2),
        Some(&[BlockKind::Heading(1), BlockKind::Heading(2)][..])
    );
    assert_eq!(members, ["image1.png"]);
    assert_eq!((reading.outcome, reading.reason), (Outcome::Indexed, None));
    let facts: Vec<_> = reading
        .metadata
        .iter()
        .map(|m| (m.field.name(), m.value.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            ("title", "북송 현황"),
            ("language", "ko"),
            ("author", "김 조사관"),
            ("created", "2023-06-13T02:00:00Z"),
            ("other", "http://a.kr/?x=1&y"),
        ]
    );
}

#[test]
fn sealed_and_broken_packages() {
    let sealed = package(&[
        (
            "META-INF/manifest.xml",
            b"<m><file-entry><encryption-data/></file-entry></m>",
        ),
        ("Contents/section0.xml", b"\x00\x01garbage"),
        ("Preview/PrvText.txt", "미리 보기".as_bytes()),
    ]);
    let (reading, text, _, _) = pieces(&sealed);
    assert_eq!(
        (reading.outcome, text.as_str()),
        (Outcome::Encrypted, "미리 보기\n\n")
    );

    // Without its directory, and then without its end.
    let whole = sample();
    let cut = whole.get(..whole.len() - 400).unwrap_or(&[]);
    let (reading, text, _, _) = pieces(cut);
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(text.contains("2,000") && text.contains("각주"), "{text}");

    let half = SECTION
        .get(..SECTION.find("송환").unwrap_or(0))
        .unwrap_or("");
    let (reading, text, _, _) = pieces(&package(&[("Contents/section0.xml", half.as_bytes())]));
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(text.contains("강제"), "{text}");
}

#[test]
fn deep_nesting_keeps_its_text() {
    let deep = format!(
        "<s>{}<t>바닥</t>{}</s>",
        "<p><subList>".repeat(50_000),
        "</subList></p>".repeat(50_000)
    );
    let (_, text, _, _) = pieces(&package(&[("Contents/section0.xml", deep.as_bytes())]));
    assert!(text.contains("바닥"));
}

proptest::proptest! {
    #[test]
    fn any_change_of_bytes_is_survived(at in 0_usize..2500, value: u8, cut in 0_usize..2500) {
        let mut bytes = sample();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        bytes.truncate(bytes.len().saturating_sub(cut));
        let _ = pieces(&bytes);
    }
}
