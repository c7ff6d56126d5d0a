use casefile::{BlockKind, Input, Limits, Outcome, Piece, Reading, TextBuilder};
use expect_test::{Expect, expect};

use super::{read, to_html, to_text};

type Found = (Reading, String, Vec<(String, Vec<u8>)>, Vec<BlockKind>);

fn pieces(bytes: &[u8]) -> Found {
    let (mut text, mut members, mut kinds) = (String::new(), Vec::new(), Vec::new());
    let mut emit = |piece| {
        match piece {
            Piece::Section(section) => {
                text.push_str(&section.text);
                kinds.extend(section.blocks.iter().map(|b| b.kind));
            }
            Piece::Member(member) => members.push((member.path, Vec::new())),
            Piece::Bytes(more) => {
                if let Some((_, bytes)) = members.last_mut() {
                    bytes.extend(more);
                }
            }
            Piece::MemberEnd(_) => {}
        }
        Ok(())
    };
    let mut cursor = std::io::Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name: "a.rtf",
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: Limits::default(),
    };
    let reading = read(&mut input, &mut emit).unwrap_or_else(|stop| panic!("{stop:?}"));
    (reading, text, members, kinds)
}

fn check(rtf: &str, expected: Expect) {
    let (_, text, _, _) = pieces(rtf.as_bytes());
    expected.assert_eq(text.trim_end());
}

#[test]
fn letters_of_many_code_pages() {
    check(
        r"{\rtf1\ansi\ansicpg1252 caf\'e9 \u8217?s \u54588\'c7\u48513?}",
        expect!["café ’s 피북"],
    );
    check(
        r"{\rtf1\ansi\ansicpg949\deff0{\fonttbl{\f0\fcharset129 Batang;}{\f1\fcharset134 S;}{\f2\fcharset204 T;}}\f0\'c5\'bb\'ba\'cf\f1 \'cd\'d1\'b1\'b1\f2 \'cf\'f0}",
        expect!["탈북脱北Пр"],
    );
    // The second byte of a letter may stand as itself.
    check(
        r"{\rtf1\ansi\ansicpg932\deff0 \'83A\'83\'5c}",
        expect!["アソ"],
    );
    // A Western font in a Korean document.
    check(
        r"{\rtf1\ansi\ansicpg949\deff0{\fonttbl{\f0\fcharset0 Arial;}}\f0 \'ba\'cf\'bc\'db ok}",
        expect!["북송 ok"],
    );
    check(
        r"{\rtf1\ansi\uc2 \u49569\'bc\'db \uc0\u54620 x}",
        expect!["송 한x"],
    );
    check(r"{\rtf1\ansi \u-10179?\u-8704?}", expect!["😀"]);
    check(
        r"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f5\fcharset129 B;}}\loch\af0\hich\af0\dbch\af5 \'c5\'bb\loch\f0 a}",
        expect!["탈a"],
    );
}

#[test]
fn tables_lists_headings_and_notes() {
    check(
        r"{\rtf1\ansi before\par\trowd\intbl a\cell b\par c\cell\row\trowd\intbl d\cell\cell\row\pard after\par}",
        expect![[r"
            before

            a	b c
            d	
            after"]],
    );
    check(
        r"{\rtf1\ansi{\header head\par}text{\footnote\pard the note} goes on\par{\listtext 1.\tab}item\par}",
        expect![[r"
            head
            text goes on

            the note

            1.	item"]],
    );
    let (_, _, _, kinds) = pieces(
        br"{\rtf1{\stylesheet{\s1 heading 2;}{\s5\outlinelevel0 Titre;}}\pard\s1 A\par\pard\s5 B\par\pard C\par}",
    );
    assert_eq!(
        kinds,
        [
            BlockKind::Heading(2),
            BlockKind::Heading(1),
            BlockKind::Paragraph
        ]
    );
}

#[test]
fn fields_hidden_text_and_skipped_destinations() {
    let (reading, text, _, _) = pieces(
        br#"{\rtf1\ansi{\info{\title Hearing}{\creatim\yr2012\mo3\dy5\hr14\min2}}{\*\generator W;}{\*\unknown no}see {\field{\*\fldinst HYPERLINK "http://a.org"}{\fldrslt here}} {\v hidden} {\deleted gone}\~{\colortbl;\red0;}x}"#,
    );
    assert_eq!(text.trim_end(), "see here hidden gone\u{a0}x");
    let facts: Vec<_> = reading
        .metadata
        .iter()
        .map(|m| (m.field.name(), m.value.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            ("title", "Hearing"),
            ("created", "2012-03-05T14:02:00"),
            ("software", "W"),
            ("other", "http://a.org")
        ]
    );
}

#[test]
fn pictures_and_objects_become_members() {
    let mut rtf = br"{\rtf1 a{\*\shppict{\pict\pngblip 89504e470d0a}}{\nonshppict{\pict 00}}{\object\objemb{\*\objclass Package}{\*\objdata 0105000002000000080000005061636b6167650000000000000000001d0000000200612e74787400612e7478740000000300010000000002000000686900}{\result r}}{\pict\jpegblip\bin4 ".to_vec();
    rtf.extend(b"\xff\xd8\xff}}b}");
    let (reading, text, members, _) = pieces(&rtf);
    assert_eq!(
        (reading.outcome, text.trim_end()),
        (Outcome::Indexed, "arb")
    );
    assert_eq!(
        members,
        [
            ("picture-1.png".to_owned(), b"\x89PNG\r\n".to_vec()),
            ("a.txt".to_owned(), b"hi".to_vec()),
            ("picture-3.jpg".to_owned(), b"\xff\xd8\xff}".to_vec())
        ]
    );
}

#[test]
fn broken_files_keep_their_text() {
    let damaged = |rtf: &[u8]| {
        let (reading, text, _, _) = pieces(rtf);
        assert_eq!(reading.outcome, Outcome::Damaged);
        text.trim_end().to_owned()
    };
    assert_eq!(damaged(br"{\rtf1\ansi first\par second"), "first\n\nsecond");
    assert_eq!(damaged(br"{\rtf1 a\bin99999999999 xyz"), "a");
    let deep = format!(
        r"{{\rtf1 {}deep{} end}}",
        "{".repeat(100_000),
        "}".repeat(100_000)
    );
    let (reading, text, _, _) = pieces(deep.as_bytes());
    assert_eq!(
        (reading.outcome, text.trim_end()),
        (Outcome::Indexed, "deep end")
    );
    let (_, text, _, _) = pieces(br"{\rtf1 a} b\par} c\par}");
    assert!(text.contains('c'), "{text}");
}

#[test]
fn html_comes_out_of_its_wrapping() {
    let rtf = br#"{\rtf1\ansi\ansicpg949\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset129 Gulim;}}
{\*\htmltag19 <html>}{\*\htmltag2 \par }{\*\htmltag64 <p class="a\'5c\{">}\htmlrtf {\htmlrtf0 \'c5\'bb\'ba\'cf &lt; x\htmlrtf\par}\htmlrtf0
{\*\htmltag84 &nbsp;}{\*\mhtmltag1 no}{\*\htmltag72 </p>}}"#;
    assert_eq!(
        to_html(rtf).as_deref(),
        Some("<html>\r\n<p class=\"a\\{\">탈북 &amp;lt; x&nbsp;</p>")
    );
    assert_eq!(to_html(br"{\rtf1 plain}"), None);
    let mut text = TextBuilder::new();
    to_text(rtf, &mut text);
    assert_eq!(text.finish().text.trim_end(), "탈북 &lt; x");
}

proptest::proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in r"([{}]|\\(par|cell|row|u|uc|bin|'|pict|objdata|footnote|info|fonttbl|f|fcharset|upr|ud|nestrow|htmltag|\*)[0-9]{0,3}|[a-f0-9가 ]){0,60}") {
        let _ = pieces(bytes.as_bytes());
        let _ = pieces(format!(r"{{\rtf1\fromhtml1 {bytes}").as_bytes());
        let _ = to_html(format!(r"{{\rtf1\fromhtml1 {bytes}").as_bytes());
    }
}
