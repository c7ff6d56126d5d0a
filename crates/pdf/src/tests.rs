//! Whole files, made here byte by byte.

use std::io::Cursor;

use casefile::{Field, Input, Limits, MemberKind, Outcome, Piece, Reading, Section, Stop};
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// A file of these objects (from number 1 on), the first of them the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R/Info 5 0 R>>\nstartxref\n{table}\n%%EOF\n")
            .bytes(),
    );
    file
}

fn stream(dict: &str, content: &str) -> String {
    format!(
        "<<{dict}/Length {}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// One page with this content; objects from 6 on are the caller's.
fn page(keys: &str, content: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a) 7 0 R]>>>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F 6 0 R>>/XObject<</X 4 0 R>>>>{keys}>>"),
        stream("", content),
        "<</Title(\u{fe}\u{ff})/Author(A. Clerk)/CreationDate(D:20230613142500+09'00')/Matter(17-b)>>".to_owned(),
    ];
    objects.push(
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    );
    objects.extend(more.iter().cloned());
    file(&objects)
}

fn read(bytes: &[u8]) -> (Reading, Vec<Section>, Vec<Piece>) {
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "a.pdf",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let (mut sections, mut rest) = (Vec::new(), Vec::new());
    let reading = crate::read(&mut input, &mut |piece| {
        match piece {
            Piece::Section(section) => sections.push(section),
            other => rest.push(other),
        }
        Ok(())
    });
    (
        reading.unwrap_or_else(|stop: Stop| panic!("{}", stop.reason)),
        sections,
        rest,
    )
}

fn check_text(bytes: &[u8], expected: &Expect) {
    let (reading, sections, _) = read(bytes);
    let mut seen = format!(
        "{} {}\n",
        reading.outcome,
        reading.reason.unwrap_or_default()
    );
    for section in &sections {
        for block in &section.blocks {
            seen.push_str(&format!(
                "{:?} {:?}\n",
                block.kind,
                block.span.of(&section.text).unwrap_or("outside")
            ));
        }
        for word in &section.boxes {
            assert!(
                word.span
                    .of(&section.text)
                    .is_some_and(|text| !text.contains(' '))
            );
        }
    }
    expected.assert_eq(&seen);
}

#[test]
fn words_stand_where_they_are_shown() {
    let (reading, sections, _) = read(&page("", "BT /F 10 Tf 50 200 Td (Hello there) Tj ET", &[]));
    assert_eq!(reading.outcome, Outcome::Indexed);
    let section = &sections[0];
    assert_eq!(
        (section.pages[0].width, section.pages[0].height),
        (400.0, 300.0)
    );
    let word = &section.boxes[0];
    assert_eq!(word.span.of(&section.text), Some("Hello"));
    let [left, top, right, bottom] = word.rect;
    assert!(
        (left - 50.0).abs() < 0.1 && (right - 72.8).abs() < 0.5,
        "{:?}",
        word.rect
    );
    assert!(
        top > 88.0 && top < 93.0 && bottom > 100.0 && bottom < 104.0,
        "{:?}",
        word.rect
    );
    assert_eq!(
        reading.first(Field::Created),
        Some("2023-06-13T14:25:00+09:00")
    );
    assert_eq!(reading.first(Field::Author), Some("A. Clerk"));
    assert_eq!(reading.first(Field::Other), Some("17-b"));
}

#[test]
fn a_turned_page_is_read_as_displayed() {
    // Turned by 90 degrees clockwise; the text runs up the sheet, so it is seen upright.
    let (_, sections, _) = read(&page(
        "/Rotate 90",
        "BT /F 10 Tf 0 1 -1 0 100 50 Tm (Upright) Tj ET",
        &[],
    ));
    let section = &sections[0];
    assert_eq!(
        (section.pages[0].width, section.pages[0].height),
        (300.0, 400.0)
    );
    let [left, top, right, bottom] = section.boxes[0].rect;
    assert!(
        (left - 50.0).abs() < 0.1 && right - left > 30.0 && bottom - top < 14.0,
        "{:?}",
        section.boxes[0]
    );
    assert!((90.0..102.0).contains(&top), "{top}");
}

#[test]
fn columns_are_read_one_after_another() {
    let mut content = String::from("BT /F 10 Tf 14 TL 20 260 Td ");
    for line in 0..6 {
        content.push_str(&format!("(left column line number {line} here) Tj T* "));
    }
    content.push_str("ET BT /F 10 Tf 14 TL 220 260 Td ");
    for line in 0..6 {
        content.push_str(&format!("(right column line number {line} ok) Tj T* "));
    }
    content.push_str("ET");
    check_text(
        &page("", &content, &[]),
        &expect![[r#"
        indexed 
        Paragraph "left column line number 0 here\nleft column line number 1 here\nleft column line number 2 here\nleft column line number 3 here\nleft column line number 4 here\nleft column line number 5 here"
        Paragraph "right column line number 0 ok\nright column line number 1 ok\nright column line number 2 ok\nright column line number 3 ok\nright column line number 4 ok\nright column line number 5 ok"
    "#]],
    );
}

#[test]
fn tables_are_read_row_by_row() {
    let mut content = String::new();
    for (row, cells) in [
        ["Port", "Held", "Year"],
        ["Dandong", "14", "2022"],
        ["Tumen", "260", "2023"],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            content.push_str(&format!(
                "BT /F 10 Tf {} {} Td ({cell}) Tj ET ",
                40 + column * 110,
                240 - row * 16
            ));
        }
    }
    check_text(
        &page("", &content, &[]),
        &expect![[r#"
        indexed 
        TableRow "Port\tHeld\tYear"
        TableRow "Dandong\t14\t2022"
        TableRow "Tumen\t260\t2023"
    "#]],
    );
}

#[test]
fn words_set_letter_by_letter_and_hyphens_are_kept() {
    let content = "BT /F 10 Tf 12 TL 50 200 Td [(W)40(ord)-300(gap)] TJ T* (a hy-) Tj T* (phen) Tj \
        ET BT /F 10 Tf 50 100 Td /Span <</ActualText(office)>> BDC (o\u{b}ce) Tj EMC ET";
    check_text(
        &page("", content, &[]),
        &expect![[r#"
        indexed 
        Paragraph "Word gap\na hy-\nphen"
        Paragraph "office"
    "#]],
    );
}

#[test]
fn forms_and_comments_are_text() {
    let keys = "/Annots[<</Subtype/Widget/FT/Tx/T(Name)/V(Kim)/Rect[0 0 9 9]>>\
        <</Subtype/Text/T(Lee)/Contents(see p. 3)/Rect[0 0 9 9]>><</Subtype/Widget/FT/Ch/T(Port)/Opt[(A)(B)]/V(B)/Rect[0 0 9 9]>>]";
    check_text(
        &page(keys, "", &[]),
        &expect![[r#"
        indexed 
        Paragraph "Name: Kim"
        Paragraph "Lee: see p. 3"
        Paragraph "Port: ☐ A, ☑ B"
    "#]],
    );
}

#[test]
fn predefined_maps_need_no_embedded_font() {
    // 90ms-RKSJ-H, KSCms-UHC-H and GBK-EUC-H: one word each, as hexadecimal codes.
    for (encoding, ordering, codes, text) in [
        ("90ms-RKSJ-H", "Japan1", "93fa967b", "日本"),
        ("KSCms-UHC-H", "Korea1", "c5bb", "탈"),
        ("GBK-EUC-H", "GB1", "d6d0b9fa", "中国"),
        ("UniGB-UCS2-H", "GB1", "4e2d56fd", "中国"),
        ("UniKS-UCS2-V", "Korea1", "d0c8bd81", "탈북"),
    ] {
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/{encoding}/DescendantFonts[<</Type/Font/Subtype/CIDFontType0\
             /BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/Flags 4>>>>]>>"
        );
        let bytes = page("", &format!("BT /F 10 Tf 50 200 Td <{codes}> Tj ET"), &[]);
        let bytes = String::from_utf8_lossy(&bytes).replace(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            &font,
        );
        let (_, sections, _) = read(bytes.as_bytes());
        assert_eq!(sections[0].text.trim(), text, "{encoding}");
    }
}

#[test]
fn attached_files_are_members() {
    let more = [
        "<</Type/Filespec/UF(../x/a.txt)/EF<</F 8 0 R>>>>".to_owned(),
        stream("/Type/EmbeddedFile/Subtype/text#2Fplain", "attached"),
    ];
    let (_, _, rest) = read(&page("", "", &more));
    let [
        Piece::Member(member),
        Piece::Bytes(bytes),
        Piece::MemberEnd(None),
    ] = rest.as_slice()
    else {
        panic!("{rest:?}");
    };
    assert_eq!(
        (member.path.as_str(), member.kind),
        ("x/a.txt", MemberKind::Attachment)
    );
    assert_eq!(member.declared_type.as_deref(), Some("text/plain"));
    assert_eq!(bytes, b"attached");
}

#[test]
fn a_broken_end_costs_nothing_that_is_there() {
    let whole = page("", "BT /F 10 Tf 50 200 Td (kept) Tj ET", &[]);
    let at = whole
        .windows(5)
        .position(|part| part == b"xref\n")
        .unwrap_or(0);
    let (reading, sections, _) = read(&whole[..at]);
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert_eq!(
        reading.reason.as_deref(),
        Some("the end of the file is missing; 1 of 1 pages were kept")
    );
    assert_eq!(sections[0].text.trim(), "kept");
}

#[test]
fn a_form_that_draws_itself_ends() {
    let content = "BT /F 10 Tf 50 200 Td (once) Tj ET /X Do";
    let bytes = String::from_utf8_lossy(&page("", content, &[]))
        .replace("<</Length", "<</Subtype/Form/BBox[0 0 9 9]/Length");
    let (reading, sections, _) = read(bytes.as_bytes());
    assert_eq!(reading.outcome, Outcome::Damaged);
    assert!(sections[0].text.contains("once"));
}

#[test]
fn what_is_no_pdf_is_damaged() {
    for bytes in [
        &b""[..],
        b"%PDF-1.4",
        b"%PDF-1.4\n%%EOF",
        b"\0\0\0\0",
        b"startxref\n99999999999999999999\n%%EOF",
    ] {
        assert_eq!(read(bytes).0.outcome, Outcome::Damaged);
    }
}

fn draw(input: &mut Input<'_>, page: u32, dpi: f32) -> Result<crate::Image, crate::RenderError> {
    crate::render(
        input,
        page,
        crate::Fineness::Dots(dpi),
        &crate::no_typefaces(),
    )
}

#[test]
fn pages_are_drawn() {
    let bytes = page("", "0 0 0 rg 0 0 200 300 re f", &[]);
    let mut cursor = Cursor::new(&bytes);
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name: "",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let image = draw(&mut input, 1, 72.0).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((image.width, image.height, image.grey), (400, 300, true));
    assert_eq!(
        (image.pixels[150 * 400 + 100], image.pixels[150 * 400 + 300]),
        (0, 255)
    );
    assert!(crate::png(&image).starts_with(b"\x89PNG"));
    assert_eq!(
        draw(&mut input, 2, 72.0),
        Err(crate::RenderError::NoPage(2))
    );
    let large = draw(&mut input, 1, 2400.0).map(|image| image.pixels.len());
    assert!(large.is_ok_and(|pixels| pixels <= 25_000_000));
}

#[test]
fn every_file_of_the_collection_has_an_outcome() {
    let folder = std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/documents"
    ));
    if !folder.exists() {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return;
    }
    for part in ["pdf", "pdf-pdfminer", "scan-ocrmypdf"] {
        for entry in std::fs::read_dir(folder.join(part))
            .into_iter()
            .flatten()
            .flatten()
        {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            let (reading, sections, _) = read(&bytes);
            assert_eq!(
                reading.reason.is_none(),
                reading.outcome == Outcome::Indexed,
                "{:?}",
                entry.path()
            );
            for section in &sections {
                check_spans(section);
            }
        }
    }
}

fn check_spans(section: &Section) {
    let chars = section.text.chars().count() as u32;
    for word in &section.boxes {
        assert!(word.span.start < word.span.end && word.span.end <= chars);
        assert!(word.rect.iter().all(|side| side.is_finite()) && word.rect[0] <= word.rect[2]);
    }
    assert!(
        section
            .blocks
            .windows(2)
            .all(|pair| pair[0].span.end <= pair[1].span.start)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_damage_is_a_crash(hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let more = ["<</EF<</F 8 0 R>>>>".to_owned(), stream("", "x")];
        let mut bytes = page("/Rotate 90", "q 1 0 0 1 5 5 cm BT /F 10 Tf 50 200 Td [(abc)-300(def)] TJ ET Q /X Do", &more);
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        let (_, sections, _) = read(&bytes);
        sections.iter().for_each(check_spans);
    }
}
