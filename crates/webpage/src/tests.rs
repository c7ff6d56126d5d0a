use std::io::Cursor;

use casefile::{BlockKind, Field, Input, Limits, Outcome, Piece, Reading, Section, TextBuilder};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::{Options, decode_html, push_html, read};

/// The blocks of some HTML, one a line: kind, `+` if main, text.
fn blocks(section: &Section) -> String {
    let mut out = String::new();
    for block in &section.blocks {
        let kind = match block.kind {
            BlockKind::Paragraph => "p".to_owned(),
            BlockKind::Heading(level) => format!("h{level}"),
            BlockKind::ListItem => "li".into(),
            BlockKind::TableRow => "row".into(),
            BlockKind::Caption => "caption".into(),
            BlockKind::Footnote => "note".into(),
            BlockKind::Margin => "margin".into(),
        };
        let main = if block.main { "+" } else { "-" };
        let text = block.span.of(&section.text).unwrap_or("OUTSIDE");
        out.push_str(&format!("{kind}{main} {text:?}\n"));
    }
    out
}

fn check_blocks(html: &str, expected: &Expect) {
    let mut into = TextBuilder::new();
    push_html(html, &mut into, Options { find_main: false });
    expected.assert_eq(&blocks(&into.finish()));
}

fn read_bytes(bytes: &[u8], charset: Option<&str>) -> (Reading, Vec<Section>) {
    let mut sections = Vec::new();
    let mut cursor = Cursor::new(bytes);
    let mut input = Input {
        bytes: &mut cursor,
        len: bytes.len() as u64,
        name: "page.html",
        declared_type: None,
        declared_charset: charset,
        passwords: &[],
        limits: Limits::default(),
    };
    let reading = read(&mut input, &mut |piece| {
        if let Piece::Section(section) = piece {
            sections.push(section);
        }
        Ok(())
    });
    (
        reading.unwrap_or_else(|stop| panic!("{}", stop.reason)),
        sections,
    )
}

#[test]
fn structure_survives() {
    check_blocks(
        "<h1>Hearing  on\n refugees</h1><p>Close to <b>2,000</b> are held.<br>See <a href=x>here</a>.\
         <ul><li>one<li>two <p>more</ul><pre>a\n  b</pre><blockquote>Quoted</blockquote>",
        &expect![[r#"
            h1+ "Hearing on refugees"
            p+ "Close to 2,000 are held.\nSee here."
            li+ "one"
            li+ "two"
            li+ "more"
            p+ "a\n  b"
            p+ "Quoted"
        "#]],
    );
}

#[test]
fn tables_of_data_are_rows_and_layout_is_not() {
    check_blocks(
        "<table><caption>Returns</caption><tr><th>Year<th>Persons</tr><tr><td>2012<td><p>31</p></tr>\
         <tr><td><td>7</tr></table>",
        &expect![[r#"
            caption+ "Returns"
            row+ "Year\tPersons"
            row+ "2012\t31"
            row+ "\t7"
        "#]],
    );
    check_blocks(
        "<table><tr><td><table><tr><td>a<td>b</table><td><h2>Title</h2><p>Long text.</table>",
        &expect![[r#"
            row+ "a\tb"
            h2+ "Title"
            p+ "Long text."
        "#]],
    );
}

#[test]
fn what_is_not_text_is_left_out() {
    check_blocks(
        "<style>p{}</style><script>var a='<p>no</p>'</script><template><p>no</template>\
         <p>yes&nbsp;&amp; &eacute;&#x4e2d;</p><noscript><p>without script</p></noscript>\
         <iframe>no</iframe><p hidden>hidden</p><textarea>typed\ntext</textarea>\
         <img alt='A boat'><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
        &expect![[r#"
            p+ "yes\u{a0}& é中"
            p+ "without script"
            p- "hidden"
            p+ "typed\ntext漢(かん)"
            caption+ "A boat"
        "#]],
    );
}

const PAGE: &str = r#"<html lang="en"><head><title>Held at the border</title>
<meta property="article:published_time" content="2023-06-13T10:00:00+0900">
<meta name="author" content="A. Writer"><link rel="canonical" href="https://example.org/a">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Held","publisher":{"name":"Example Press"}}]}</script>
</head><body><nav><ul><li><a href=/>Home</a><li><a href=/b>Reports</a></ul></nav>
<div class="story"><h1>Held at the border</h1>
<p>Close to 2,000 people are reportedly held in detention centres near the border, according to two organisations.</p>
<p>They were arrested during the last two years, and no list of their names has been published so far.</p>
<p>The ministry did not answer a letter that asked for figures, places and dates.</p></div>
<div class="related-links"><h3>Related</h3><ul><li><a href=/c>Another report about something else entirely</a></ul></div>
<div id="cookie-banner"><p>We use cookies to make this page better, and you may refuse them at any time.</p></div>
<footer><p>Copyright. All rights reserved, in all countries, for all times, without any exception.</p></footer></body></html>"#;

#[test]
fn the_content_is_told_from_what_surrounds_it() {
    let (reading, sections) = read_bytes(PAGE.as_bytes(), None);
    assert_eq!(reading.outcome, Outcome::Indexed);
    expect![[r#"
        li- "Home"
        li- "Reports"
        h1+ "Held at the border"
        p+ "Close to 2,000 people are reportedly held in detention centres near the border, according to two organisations."
        p+ "They were arrested during the last two years, and no list of their names has been published so far."
        p+ "The ministry did not answer a letter that asked for figures, places and dates."
        h3- "Related"
        li- "Another report about something else entirely"
        p- "We use cookies to make this page better, and you may refuse them at any time."
        p- "Copyright. All rights reserved, in all countries, for all times, without any exception."
    "#]]
    .assert_eq(&sections.iter().map(blocks).collect::<String>());
    assert_eq!(
        reading.first(Field::Published),
        Some("2023-06-13T10:00:00+09:00")
    );
    assert_eq!(reading.first(Field::Publisher), Some("Example Press"));
    assert_eq!(reading.first(Field::Url), Some("https://example.org/a"));
    assert_eq!(reading.first(Field::Title), Some("Held at the border"));
}

#[test]
fn charsets_are_found_where_pages_say_them() {
    let korean = [
        &b"<meta http-equiv=Content-Type content='text/html; charset=euc-kr'><p>"[..],
        &[0xc5, 0xbb, 0xba, 0xcf, 0xc0, 0xda],
    ]
    .concat();
    assert!(decode_html(&korean, None).ends_with("탈북자"));
    let commented = [
        &b"<!-- <meta charset=koi8-r> --><meta charset=\"gb2312\"><p>"[..],
        &[0xb1, 0xb1, 0xbe, 0xa9],
    ]
    .concat();
    assert!(decode_html(&commented, None).ends_with("北京"));
    let utf16: Vec<u8> = "\u{feff}<p>탈북자</p>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(decode_html(&utf16, Some("utf-8")), "<p>탈북자</p>");
}

#[test]
fn depth_and_breadth_cost_nothing() {
    let begin = std::time::Instant::now();
    for tag in [
        "div",
        "b",
        "table><tr><td",
        "ul><li",
        "a",
        "ruby><rt",
        "font",
    ] {
        let html = format!("<{tag}>").repeat(100_000) + "deep";
        let (_, sections) = read_bytes(html.as_bytes(), None);
        assert!(
            sections.iter().any(|section| section.text.contains("deep")),
            "{tag}"
        );
    }
    let html = "<b><p>".repeat(50_000) + &"</i></b>".repeat(50_000);
    read_bytes(html.as_bytes(), None);
    let html = "x".repeat(5_000_000);
    let (_, sections) = read_bytes(html.as_bytes(), None);
    let all: usize = sections.iter().map(|s| s.text.matches('x').count()).sum();
    assert_eq!(all, 5_000_000);
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}

proptest! {
    #[test]
    fn any_bytes_give_spans_that_hold(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let (_, sections) = read_bytes(&bytes, None);
        for section in sections {
            for block in &section.blocks {
                prop_assert!(block.span.of(&section.text).is_some());
            }
        }
    }

    #[test]
    fn any_nesting_gives_all_words(tags in proptest::collection::vec(0_usize..24, 0..60)) {
        const TAGS: [&str; 24] = [
            "<p>", "</p>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<ul>", "<li>", "</ul>", "<b>", "</b>",
            "<h2>", "</h2>", "<pre>", "</pre>", "<div>", "</div>", "<a>", "</a>", "<br>", "<caption>", "<ruby><rt>", "</ruby>",
        ];
        let mut html = String::new();
        for (at, &tag) in tags.iter().enumerate() {
            html.push_str(TAGS[tag]);
            html.push_str(&format!("word{at}x "));
        }
        let mut into = TextBuilder::new();
        push_html(&html, &mut into, Options::default());
        let section = into.finish();
        for at in 0..tags.len() {
            let word = format!("word{at}x");
            prop_assert!(section.text.contains(&word), "{} lacks {}", section.text, word);
        }
        let told: usize = section.blocks.iter().map(|b| b.span.len() as usize).sum();
        prop_assert!(told <= section.text.chars().count());
    }
}

/// Main content against gold texts: a folder of `ID.html` and `ID.txt`, named by `TUMEN_GOLD`.
/// F1 is that of shingles of four words, as in the article-extraction benchmark.
#[test]
#[ignore = "needs a folder of pages with gold texts"]
fn measure_main_content() {
    let Ok(folder) = std::env::var("TUMEN_GOLD") else {
        return;
    };
    let verbose = std::env::var("TUMEN_GOLD_VERBOSE").is_ok();
    let (mut precision, mut recall, mut f1, mut pages) = (0.0, 0.0, 0.0, 0.0);
    let mut bytes = 0;
    let mut seconds = 0.0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(gold) = std::fs::read_to_string(path.with_extension("txt")) else {
            continue;
        };
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let html = std::fs::read(&path).unwrap_or_default();
        let begin = std::time::Instant::now();
        let (_, sections) = read_bytes(&html, None);
        seconds += begin.elapsed().as_secs_f64();
        bytes += html.len();
        let mut found = String::new();
        for section in &sections {
            for block in section
                .blocks
                .iter()
                .filter(|block| block.main && block.kind != BlockKind::Caption)
            {
                found.push_str(block.span.of(&section.text).unwrap_or_default());
                found.push('\n');
            }
        }
        let (found, gold) = (shingles(&found), shingles(&gold));
        let both: usize = gold
            .iter()
            .map(|(s, n)| (*n).min(found.get(s).copied().unwrap_or(0)))
            .sum();
        let total = |m: &std::collections::HashMap<Vec<String>, usize>| {
            m.values().sum::<usize>().max(1) as f64
        };
        let (p, r) = (both as f64 / total(&found), both as f64 / total(&gold));
        let f = if both == 0 {
            0.0
        } else {
            2.0 * p * r / (p + r)
        };
        if verbose && f < 0.9 {
            println!("{f:.2} p={p:.2} r={r:.2} {}", path.display());
        }
        (precision, recall, f1, pages) = (precision + p, recall + r, f1 + f, pages + 1.0);
    }
    println!(
        "pages {pages} precision {:.3} recall {:.3} F1 {:.3}; {:.1} MB/s",
        precision / pages,
        recall / pages,
        f1 / pages,
        bytes as f64 / 1e6 / seconds
    );
}

fn shingles(text: &str) -> std::collections::HashMap<Vec<String>, usize> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut all = std::collections::HashMap::new();
    for four in words.windows(4.min(words.len()).max(1)) {
        *all.entry(four.to_vec()).or_default() += 1;
    }
    all
}
