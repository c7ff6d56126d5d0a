//! Documents built part by part, whole and broken.

mod markup;
mod passwords;

use std::io::{Cursor, Write};

use casefile::{Input, Limits, Outcome, Piece, Reading};
use expect_test::{Expect, expect};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read(bytes: &[u8], passwords: &[String]) -> (Reading, String, Vec<(String, Vec<u8>)>) {
    let mut text = String::new();
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    let mut source = Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut source,
        len: bytes.len() as u64,
        name: "file",
        declared_type: None,
        declared_charset: None,
        passwords,
        limits: Limits::default(),
    };
    let mut open = false;
    let reading = crate::read(&mut input, &mut |piece| {
        match piece {
            Piece::Section(section) => {
                assert!(!open, "text inside a member");
                for page in &section.pages {
                    assert!(page.span.of(&section.text).is_some());
                }
                for block in &section.blocks {
                    let words = block
                        .span
                        .of(&section.text)
                        .expect("a span lies in its text");
                    text.push_str(&format!("{:?}: {}\n", block.kind, words.replace('\t', "|")));
                }
            }
            Piece::Member(member) => {
                assert!(!open);
                open = true;
                members.push((member.path, Vec::new()));
            }
            Piece::Bytes(bytes) => members.last_mut().unwrap().1.extend(bytes),
            Piece::MemberEnd(_) => open = false,
        }
        Ok(())
    })
    .unwrap();
    assert!(!open, "a member has no end");
    (reading, text, members)
}

fn check(bytes: &[u8], expected: &Expect) {
    let (reading, mut text, members) = read(bytes, &[]);
    text.push_str(&format!("= {}", reading.outcome));
    if let Some(reason) = &reading.reason {
        text.push_str(&format!(" ({reason})"));
    }
    text.push('\n');
    for (path, bytes) in members {
        text.push_str(&format!("member {path} {}\n", bytes.len()));
    }
    for problem in &reading.problems {
        text.push_str(&format!("problem {}\n", problem.code));
    }
    for datum in &reading.metadata {
        text.push_str(&format!(
            "{}: {} <{}>\n",
            datum.field.name(),
            datum.value,
            datum.from
        ));
    }
    expected.assert_eq(&text);
}

const WORD_TYPES: &str = r#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

fn word(body: &str) -> Vec<u8> {
    zipped(&[
        ("[Content_Types].xml", WORD_TYPES),
        ("_rels/.rels", ROOT),
        (
            "word/_rels/document.xml.rels",
            r#"<Relationships>
            <Relationship Id="f" Type="x/footnotes" Target="footnotes.xml"/>
            <Relationship Id="c" Type="x/comments" Target="comments.xml"/>
            <Relationship Id="s" Type="x/styles" Target="styles.xml"/>
            <Relationship Id="h" Type="x/header" Target="header1.xml"/>
            <Relationship Id="l" Type="x/hyperlink" Target="https://example.org/notice" TargetMode="External"/>
            </Relationships>"#,
        ),
        (
            "word/styles.xml",
            r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="U1"><w:name w:val="heading 1"/></w:style></w:styles>"#,
        ),
        (
            "word/footnotes.xml",
            r#"<w:footnotes xmlns:w="w"><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>Hearing, p. 4.</w:t></w:r></w:p></w:footnote></w:footnotes>"#,
        ),
        (
            "word/comments.xml",
            r#"<w:comments xmlns:w="w"><w:comment w:id="7" w:author="Kim" w:date="2023-06-13T10:00:00Z"><w:p><w:r><w:t>Who says so?</w:t></w:r></w:p></w:comment></w:comments>"#,
        ),
        (
            "word/header1.xml",
            r#"<w:hdr xmlns:w="w"><w:p><w:r><w:t>초안</w:t></w:r></w:p></w:hdr>"#,
        ),
        ("word/media/image1.png", "not really"),
        (
            "word/document.xml",
            &format!(r#"<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#),
        ),
    ])
}

const BODY: &str = r#"<w:p><w:pPr><w:pStyle w:val="U1"/></w:pPr><w:r><w:t>Notice &amp; 공지</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">About </w:t></w:r><w:ins w:author="Lee"><w:r><w:t>2,000</w:t></w:r></w:ins><w:del w:author="Park" w:date="2023-01-02T03:04:05Z"><w:r><w:delText>1,500</w:delText></w:r></w:del><w:r><w:t xml:space="preserve"> are held.</w:t><w:footnoteReference w:id="2"/><w:commentReference w:id="7"/></w:r></w:p>
<w:p><w:hyperlink r:id="l"><w:r><w:t>the notice</w:t></w:r></w:hyperlink></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>b1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>
<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>beside it</w:t></w:r></w:p>"#;

#[test]
fn a_word_document_keeps_its_parts_apart() {
    check(
        &word(BODY),
        &expect![[r#"
            Margin: 초안
            Heading(1): Notice & 공지
            Paragraph: About 2,000 are held.
            Footnote: [deleted, Park, 2023-01-02T03:04:05Z] 1,500
            Footnote: Hearing, p. 4.
            Footnote: [comment, Kim, 2023-06-13T10:00:00Z] Who says so?
            Paragraph: the notice
            TableRow: A|b1 b2
            Paragraph: beside it
            Paragraph: in a box
            = indexed
            member media/image1.png 10
            problem tracked-deletion
            problem tracked-insertion
            other: https://example.org/notice <hyperlink>
        "#]],
    );
}

fn sheet_book() -> Vec<u8> {
    zipped(&[
        (
            "[Content_Types].xml",
            r#"<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook><sheets><sheet name="Detained" sheetId="1" r:id="a"/><sheet name="Secret" sheetId="2" state="hidden" r:id="b"/><sheet name="Gone" sheetId="3" r:id="z"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="t/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#,
        ),
        (
            "xl/sharedStrings.xml",
            r#"<sst><si><t>구금</t><rPh><t>ku</t></rPh></si><si><r><t>two </t></r><r><t>runs</t></r></si></sst>"#,
        ),
        (
            "xl/styles.xml",
            r##"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0&quot; 명&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/></cellXfs></styleSheet>"##,
        ),
        (
            "xl/worksheets/sheet1.xml",
            r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c r="XFD1" t="inlineStr"><is><t>far</t></is></c></row><row r="1048576"><c r="A1048576" s="1"><v>45090</v></c><c r="B1048576" s="2"><v>0.25</v></c><c r="C1048576" s="3"><f>1+1</f><v>2000</v></c><c r="D1048576"><v>0.30000000000000004</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c></row></sheetData><headerFooter><oddHeader>&amp;CDraft</oddHeader></headerFooter></worksheet>"#,
        ),
        (
            "xl/worksheets/sheet2.xml",
            r#"<worksheet><sheetData><row><c t="str"><v>x</v></c></row></sheetData></worksheet>"#,
        ),
    ])
}

#[test]
fn a_workbook_is_shown_as_its_cells_are() {
    check(
        &sheet_book(),
        &expect![[r#"
            Heading(1): Detained
            TableRow: 구금||two runs|far
            TableRow: 2023-06-13|25%|2,000 명|0.3|TRUE|#REF!
            Margin: Draft
            Heading(1): Secret
            TableRow: x
            Heading(1): Gone
            = damaged (sheet 'Gone' is missing: what could be read was kept)
            problem hidden-sheet
        "#]],
    );
}

#[test]
fn slides_come_in_the_order_of_the_show() {
    let slide = |title: &str, show: &str| {
        format!(
            r#"<p:sld show="{show}"><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:txBody></p:sp><p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>y</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame></p:spTree></p:cSld></p:sld>"#
        )
    };
    let bytes = zipped(&[
        (
            "[Content_Types].xml",
            r#"<Types><Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>"#,
        ),
        (
            "ppt/presentation.xml",
            r#"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>"#,
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            r#"<Relationships><Relationship Id="a" Type="t/slide" Target="slides/slide1.xml"/><Relationship Id="b" Type="t/slide" Target="slides/slide2.xml"/></Relationships>"#,
        ),
        ("ppt/slides/slide1.xml", &slide("첫째", "0")),
        ("ppt/slides/slide2.xml", &slide("Second", "1")),
        (
            "ppt/slides/_rels/slide2.xml.rels",
            r#"<Relationships><Relationship Id="n" Type="t/notesSlide" Target="../notesSlides/n1.xml"/></Relationships>"#,
        ),
        (
            "ppt/notesSlides/n1.xml",
            r#"<p:notes><p:sp><p:ph type="sldNum"/><a:p><a:t>1</a:t></a:p></p:sp><p:sp><p:ph type="body"/><a:p><a:r><a:t>say this</a:t></a:r></a:p></p:sp></p:notes>"#,
        ),
    ]);
    check(
        &bytes,
        &expect![[r#"
            Heading(1): Second
            TableRow: x|y
            Footnote: say this
            Heading(1): 첫째
            TableRow: x|y
            = indexed
            problem hidden-slide
        "#]],
    );
}

#[test]
fn open_document_text_keeps_notes_and_deletions() {
    let bytes = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        (
            "meta.xml",
            r#"<office:document-meta><office:meta><dc:title>T</dc:title><meta:initial-creator>Han</meta:initial-creator><meta:creation-date>2020-01-02T03:04:05</meta:creation-date></office:meta></office:document-meta>"#,
        ),
        (
            "content.xml",
            r#"<office:document-content><office:body><office:text><text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>Lee</dc:creator><dc:date>2021-01-01</dc:date></office:change-info><text:p>old words</text:p></text:deletion></text:changed-region></text:tracked-changes><text:h text:outline-level="2">Head</text:h><text:p>One<text:s text:c="3"/>two<text:tab/>three<text:change text:change-id="c1"/><text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>the note</text:p></text:note-body></text:note> end.<office:annotation><dc:creator>Kim</dc:creator><dc:date>2022</dc:date><text:p>hm</text:p></office:annotation></text:p><text:list><text:list-item><text:p>item</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>"#,
        ),
        ("Pictures/1.png", "png"),
    ]);
    check(
        &bytes,
        &expect![[r#"
            Heading(2): Head
            Paragraph: One   two|three end.
            Footnote: [deleted, Lee, 2021-01-01] old words
            Footnote: the note
            Footnote: [comment, Kim, 2022] hm
            ListItem: item
            TableRow: a|b
            = indexed
            member Pictures/1.png 3
            problem tracked-deletion
            title: T <ODF dc:title>
            created: 2020-01-02T03:04:05 <ODF meta:creation-date>
            author: Han <ODF meta:initial-creator>
        "#]],
    );
}

#[test]
fn a_sheet_used_to_its_last_row_does_not_grow() {
    let bytes = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "content.xml",
            r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="3"/><table:table-cell office:value-type="date" office:date-value="2023-06-13"><text:p>13.06.23</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="2000"><text:p>2,000</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
        ),
    ]);
    check(
        &bytes,
        &expect![[r#"
            Heading(1): S
            TableRow: |||2023-06-13|2,000
            = indexed
        "#]],
    );
}

#[test]
fn an_encrypted_open_document_is_told_as_such() {
    let bytes = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        (
            "META-INF/manifest.xml",
            r#"<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#,
        ),
        ("content.xml", "garbage"),
    ]);
    assert_eq!(read(&bytes, &[]).0.outcome, Outcome::Encrypted);
}

#[test]
fn a_cut_package_gives_what_its_local_headers_hold() {
    let whole = zipped(&[
        ("[Content_Types].xml", WORD_TYPES),
        ("_rels/.rels", ROOT),
        (
            "word/document.xml",
            &format!(
                r#"<w:document><w:body>{}</w:body></w:document>"#,
                (0..4000)
                    .map(|n| format!(
                        "<w:p><w:r><w:t>paragraph {n} {}</w:t></w:r></w:p>",
                        n * 7919 % 1000
                    ))
                    .collect::<String>()
            ),
        ),
    ]);
    let (reading, text, _) = read(&whole[..whole.len() / 2], &[]);
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(text.contains("paragraph 1000 "), "{}", text.len());
    assert!(
        reading
            .reason
            .unwrap()
            .contains("what could be read was kept")
    );
}

#[test]
fn utf16_parts_are_read() {
    let xml = r#"<?xml version="1.0" encoding="UTF-16"?><w:document><w:body><w:p><w:r><w:t>북송</w:t></w:r></w:p></w:body></w:document>"#;
    let mut wide = vec![0xff, 0xfe];
    wide.extend(xml.encode_utf16().flat_map(u16::to_le_bytes));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", WORD_TYPES.as_bytes()),
        ("word/document.xml", wide.as_slice()),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let (_, text, _) = read(&zip.finish().unwrap().into_inner(), &[]);
    assert_eq!(text, "Paragraph: 북송\n");
}

#[test]
fn entities_are_not_expanded_and_nesting_is_no_danger() {
    let bomb = r#"<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document><w:body><w:p><w:r><w:t>&b; and &#xB0C;</w:t></w:r></w:p></w:body></w:document>"#;
    let (reading, text, _) = read(
        &zipped(&[
            ("[Content_Types].xml", WORD_TYPES),
            ("word/document.xml", bomb),
        ]),
        &[],
    );
    assert_eq!(reading.outcome, Outcome::Indexed);
    assert_eq!(text, "Paragraph: &b; and \u{b0c}\n");
    let deep = format!(
        "<w:document><w:body>{}<w:p><w:r><w:t>deep</w:t></w:r></w:p>",
        "<w:tbl><w:tr><w:tc>".repeat(50_000)
    );
    let (reading, text, _) = read(
        &zipped(&[
            ("[Content_Types].xml", WORD_TYPES),
            ("word/document.xml", &deep),
        ]),
        &[],
    );
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(text.contains("deep"));
}

#[test]
fn a_bomb_is_a_limit() {
    let blown = format!(
        "<w:document><w:body><w:p><w:r><w:t>before</w:t></w:r></w:p>{}",
        " ".repeat(40 << 20)
    );
    let (reading, text, _) = read(
        &zipped(&[
            ("[Content_Types].xml", WORD_TYPES),
            ("word/document.xml", &blown),
        ]),
        &[],
    );
    assert_eq!(reading.outcome, Outcome::Limit);
    assert!(text.contains("before"));
}

#[test]
fn other_files_are_not_office_documents() {
    for bytes in [
        b"".as_slice(),
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"<html><p>x</p></html>",
        &zipped(&[("a.txt", "x")]),
    ] {
        assert_eq!(read(bytes, &[]).0.outcome, Outcome::Unsupported);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is done to a document, reading ends with an outcome.
    #[test]
    fn damaged_bytes_do_no_harm(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30), cut in any::<prop::sample::Index>(), which in 0..2_u8, shorten in any::<bool>()) {
        let mut bytes = if which == 0 { word(BODY) } else { sheet_book() };
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if shorten {
            bytes.truncate(cut.index(bytes.len()));
        }
        read(&bytes, &[]);
    }

    /// Parts that are no XML, or another XML than they should be.
    #[test]
    fn odd_parts_do_no_harm(body in "(<w:(p|r|t|tbl|tr|tc|del|ins|txbxContent|hyperlink|fldChar)>|</w:(p|r|t|tbl|tr|tc|del|txbxContent)>|&[a-z#]{0,3};|[가-힣a&<>]){0,60}") {
        read(&word(&body), &[]);
    }
}

/// Real files, each whole and then broken in several ways.
#[test]
fn real_files_and_their_ruins_are_read_without_harm() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/documents/tika"
    );
    let Ok(folders) = std::fs::read_dir(folder) else {
        eprintln!("SKIPPED: {folder} is missing");
        return;
    };
    let mut seen = 0;
    for folder in folders.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let ours = [
            "docx", "xlsx", "xlsm", "xlsb", "xls", "pptx", "odt", "ods", "epub",
        ];
        if !ours.contains(&name.as_str()) {
            continue;
        }
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let bytes = std::fs::read(file.path()).unwrap();
            read(&bytes, &["tika".to_owned()]);
            seen += 1;
            let mut seed = 88_172_645_463_325_252_u64;
            for round in 0..6 {
                let mut ruined = bytes.clone();
                for _ in 0..(4 << round) {
                    seed ^= seed << 13;
                    seed ^= seed >> 7;
                    seed ^= seed << 17;
                    let at = usize::try_from(seed >> 8).unwrap_or(0) % ruined.len();
                    ruined[at] = seed as u8;
                }
                if round % 2 == 1 {
                    ruined.truncate(ruined.len() * (round + 1) / 7);
                }
                read(&ruined, &[]);
            }
        }
    }
    eprintln!("{seen} real files were read");
}
