//! Documents that are one XML file.

use casefile::{Input, Limits, Outcome, Piece};
use expect_test::{Expect, expect};

use super::{check, read};

fn check_markup(bytes: &[u8], expected: Expect) {
    let mut source = std::io::Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut source,
        len: bytes.len() as u64,
        name: "a.xml",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let mut text = String::new();
    let reading = crate::read_markup("application/xml", &mut input, &mut |piece| {
        match piece {
            Piece::Section(section) => {
                for block in &section.blocks {
                    let words = block.span.of(&section.text).unwrap();
                    text += &format!("{:?}: {}\n", block.kind, words.replace('\t', "|"));
                }
            }
            Piece::Member(member) => text += &format!("member {}\n", member.path),
            Piece::Bytes(bytes) => text += &format!("{} bytes\n", bytes.len()),
            Piece::MemberEnd(_) => {}
        }
        Ok(())
    });
    let reading = reading.unwrap();
    if reading.outcome != Outcome::Indexed {
        text += &format!("= {} ({})\n", reading.outcome, reading.reason.unwrap());
    }
    expected.assert_eq(&text);
}

#[test]
fn xml_gives_the_words_of_its_elements() {
    check_markup(
        r#"<?xml version="1.0"?><list xmlns="urn:x"><person id="7" name="Kim &amp; Lee" born="1971"><place>온성</place><note>said <b>three</b> times.<br/>So</note></person>
           <p>One <i>mixed</i> paragraph.</p><p>Next.</p></list>"#
            .as_bytes(),
        expect![[r#"
            TableRow: name: Kim & Lee|born: 1971
            Paragraph: 온성
            Paragraph: said three times. So
            Paragraph: One mixed paragraph.
            Paragraph: Next.
        "#]],
    );
    // EUC-KR, as declared.
    check_markup(
        b"<?xml version=\"1.0\" encoding=\"euc-kr\"?><a>\xc5\xbb\xba\xcf\xc0\xda</a>",
        expect![[r#"
            Paragraph: 탈북자
        "#]],
    );
    let wide: Vec<u8> = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>탈북</a>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check_markup(
        &wide,
        expect![[r#"
            Paragraph: 탈북
        "#]],
    );
}

#[test]
fn hangul_xml_gives_paragraphs_and_pictures() {
    let picture = data_encoding::BASE64.encode(&[1; 600]);
    check_markup(
        format!(
            r#"<HWPML Version="2.8"><HEAD><DOCSUMMARY><TITLE>보고</TITLE></DOCSUMMARY></HEAD><BODY><SECTION><P ParaShape="3"><TEXT><CHAR>강제</CHAR></TEXT><TEXT><CHAR>북송</CHAR></TEXT></P></SECTION></BODY><TAIL><BINDATA Encoding="Base64">{picture}</BINDATA></TAIL></HWPML>"#
        )
        .as_bytes(),
        expect![[r#"
            Paragraph: 보고
            Paragraph: 강제북송
            member data 1
            600 bytes
        "#]],
    );
}

#[test]
fn broken_xml_keeps_what_came_before() {
    check_markup(
        b"<a><b>kept</b><c>and this",
        expect![[r#"
            Paragraph: kept
            Paragraph: and this
            = damaged (its XML cannot be followed to the end (it ends early): what could be read was kept)
        "#]],
    );
}

#[test]
fn word_2003_and_flat_open_document() {
    check(
        br#"<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><o:DocumentProperties><o:Title>Memo</o:Title></o:DocumentProperties><w:body><w:p><w:r><w:t>Two were returned.</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:wordDocument>"#,
        &expect![[r#"
            Paragraph: Two were returned.
            TableRow: a|b
            = indexed
            title: Memo <WordML Title>
        "#]],
    );
    let sheet = r#"<?xml version="1.0"?><office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:meta><dc:title>명단</dc:title></office:meta><office:body><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="REPEATED"><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document>"#;
    check(
        sheet.replace("REPEATED", "2").as_bytes(),
        &expect![[r#"
            Heading(1): S
            TableRow: x|x
            TableRow: x|x
            = indexed
            title: 명단 <ODF dc:title>
        "#]],
    );
    // What is not written out is said.
    let (reading, text, _) = read(sheet.replace("REPEATED", "90000").as_bytes(), &[]);
    assert_eq!(text.lines().count(), 201);
    let problem = &reading.problems[0];
    assert_eq!(problem.code, "repeats-capped");
    assert_eq!(
        problem.message,
        "a row that the sheet repeats 90000 times stands 200 times in the text"
    );
    assert_eq!(problem.place.as_deref(), Some("sheet 'S'"));
}
