//! The index as a whole: put, find, damage, making again.

use std::collections::HashMap;
use std::path::Path;

use casefile::{DocumentId, Outcome};
use sealing::{Cipher, Keys, Purpose};

use crate::*;

fn keys(cipher: Cipher) -> Keys {
    Keys::random(cipher).expect("random bytes")
}

fn id(number: u32) -> DocumentId {
    let mut id = [0; 10];
    for (to, from) in id.iter_mut().zip(
        number
            .wrapping_mul(2_654_435_761)
            .to_be_bytes()
            .into_iter()
            .chain(number.to_be_bytes()),
    ) {
        *to = from;
    }
    DocumentId(id)
}

fn entry(number: u32, text: &str) -> Entry<'_> {
    Entry {
        document: id(number),
        part: 0,
        parts: 1,
        title: "",
        names: &[],
        metadata: &[],
        source: &[],
        format: "text/plain",
        kind: "text",
        language: None,
        published: None,
        outcome: Outcome::Indexed,
        text,
    }
}

struct Case {
    _folder: tempfile::TempDir,
    index: Index,
}

fn case(entries: &[Entry<'_>]) -> Case {
    let folder = tempfile::tempdir().expect("a folder");
    let index = Index::create(
        folder.path(),
        keys(Cipher::Aes256Gcm).stream(Purpose::Index),
    )
    .expect("an index");
    fill(&index, entries);
    Case {
        _folder: folder,
        index,
    }
}

fn fill(index: &Index, entries: &[Entry<'_>]) {
    let mut writer = index.writer(Writing::default()).expect("a writer");
    for entry in entries {
        writer.put(entry).expect("put");
    }
    writer.commit(entries.len() as u64).expect("commit");
}

fn find(index: &Index, query: &str) -> Results {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    index
        .search(
            &query,
            &Options {
                limit: 1_000,
                facets: true,
                ..Options::default()
            },
        )
        .expect("an answer")
}

fn texts(texts: &[&str]) -> (Case, HashMap<DocumentId, usize>) {
    let entries: Vec<_> = texts
        .iter()
        .zip(0..)
        .map(|(text, number)| entry(number, text))
        .collect();
    let numbers = (0..texts.len()).map(|n| (id(n as u32), n)).collect();
    (case(&entries), numbers)
}

/// Whether each query finds the text, and what it marks there.
#[track_caller]
fn check(text: &str, cases: &[(&str, &[&str])]) {
    let (case, _) = texts(&[text]);
    for (query, marked) in cases {
        let total = find(&case.index, query).total;
        let query_read = parse(query).expect("a query");
        let marks: Vec<_> = query_read
            .highlight(text)
            .into_iter()
            .map(|found| found.span.of(text).unwrap_or("outside"))
            .collect();
        assert_eq!(
            total > 0,
            !marked.is_empty(),
            "{query} in {text}: {total} {marks:?}"
        );
        assert_eq!(&marks, marked, "{query} in {text}");
    }
}

#[test]
fn what_is_found_is_what_is_marked() {
    check(
        "Close to 2,000 North Korean refugees are held, Reuters reported. The U.N. said so.",
        &[
            ("refugee", &["refugees"]),
            ("report", &["reported"]),
            ("\"refugee\"", &[]),
            ("\"NORTH korean refugees\"", &["North Korean refugees"]),
            ("\"korean north\"", &[]),
            ("\"refugees north\"~1", &["North", "refugees"]),
            ("\"refugees close\"~1", &[]),
            ("\"refugees close\"~4", &["Close", "refugees"]),
            ("2000", &["2,000"]),
            ("2,000", &["2,000"]),
            ("UN", &["U.N"]),
            ("refug*", &["refugees"]),
            ("\"refug*\"", &[]),
            ("refugese~1", &["refugees"]),
            ("rexugeez~2", &["refugees"]),
            ("refugee OR seafood", &["refugees"]),
            ("refugee -seafood", &["refugees"]),
            ("ｒｅｆｕｇｅｅ", &["refugees"]),
        ],
    );
    check(
        "탈북자들이 강제송환되어 구금되었다. 脱北者, 北送",
        &[
            ("탈북", &["탈북"]),
            ("탈북자", &["탈북자"]),
            ("강제송환", &["강제송환"]),
            ("구금", &["구금"]),
            ("脫北者", &["脱北者"]),
            ("북송", &[]),
            ("北", &["北", "北"]),
            ("자", &["자"]),
            ("다", &["다"]),
            ("제송", &["제송"]),
            ("\"탈북자들이 강제송환\"", &["탈북자들이 강제송환"]),
            ("\"탈북 강제\"", &[]),
            ("\"강제 송환\"", &[]),
            ("\"구금 탈북\"~9", &["탈북", "구금"]),
            ("강제*", &["강제"]),
        ],
    );
    check(
        "forced repa-\ntriation of the oﬃce in the Café; long-term 탈북\n자",
        &[
            ("repatriation", &["repa-\ntriation"]),
            ("repatriate", &["repa-\ntriation"]),
            ("office", &["oﬃce"]),
            ("cafe", &["Café"]),
            ("\"cafe\"", &["Café"]),
            ("\"café\"", &["Café"]),
            ("long-term", &["long-term"]),
            ("탈북자", &["탈북\n자"]),
            ("long-ter*", &["long-term"]),
        ],
    );
}

#[test]
fn korean_compounds_together_and_apart() {
    check(
        "강제 송환된 사람들과 국가보위부, 수산물 가공 공장",
        &[
            ("강제송환", &["강제 송환"]),
            ("\"강제송환\"", &[]),
            ("\"강제 송환\"", &["강제 송환"]),
            ("강제 송환", &["강제", "송환"]),
            ("국가 보위부", &["국가", "보위부"]),
            ("\"국가 보위부\"", &[]),
            ("수산물가공공장", &["수산물 가공 공장"]),
            ("수산물가공", &["수산물 가공"]),
            ("강제송", &[]),
            ("제송환", &[]),
            ("송환강제", &[]),
            ("강제송환*", &["강제 송환"]),
        ],
    );
    let (case, numbers) = texts(&[
        "그들은 강제 송환 이후 구금되었다",
        "그들은 강제송환 이후에 구금되었다",
        "강제로 일하고 송환",
    ]);
    let order: Vec<usize> = find(&case.index, "강제송환")
        .hits
        .iter()
        .map(|hit| numbers[&hit.document])
        .collect();
    assert_eq!(order, [1, 0], "as it was written comes first");
    assert_eq!(find(&case.index, "구금 -강제송환").total, 0);
    check("强制 遣返 强制遣返", &[("強制遣返", &["强制遣返"])]);
}

#[test]
fn words_that_are_nowhere_have_neighbours() {
    let entries = [
        Entry {
            title: "Hearing on Repatriation",
            ..entry(1, "Refugees were detained near the border; refuges too.")
        },
        entry(2, "refugees in Café Tumen, 強制遣返"),
        entry(3, "탈북자들이 강제 송환되어 구금되었다. 보위부"),
        entry(4, "refugees again, the 2000 of them"),
    ];
    let case = case(&entries);
    let check = |query: &str, expect: expect_test::Expect| {
        let meant = case.index.did_you_mean(query).expect("an answer");
        expect.assert_eq(meant.as_deref().unwrap_or("-"));
    };
    use expect_test::expect;
    check("refugees", expect!["-"]);
    check("refugeas", expect!["refugees"]);
    check("rfugees OR border", expect!["refugees OR border"]);
    check("refuguees bordr", expect!["refugees border"]);
    check("\"refuguees again\"", expect![[r#""refugees again""#]]);
    check("title:repatriaton", expect!["title:repatriation"]);
    check("cafee", expect!["-"]);
    check("near-bordr", expect!["near-border"]);
    check("zzzzzz", expect!["-"]);
    check("2001", expect!["-"]);
    check("refugx*", expect!["-"]);
    check("-refuguees", expect!["-"]);
    check("탈붂자", expect!["탈북자"]);
    check("강재송환", expect!["강제송환"]);
    check("구굼 refugees", expect!["구금 refugees"]);
    check("遣反", expect!["遣返"]);
    check("強制遺返", expect!["強制遣返"]);
    check("뷁쀍", expect!["-"]);
    check("", expect!["-"]);
    check("(a", expect!["-"]);
}

#[test]
fn boolean_queries() {
    let (case, numbers) = texts(&["apple banana", "apple", "banana cherry", "cherry"]);
    let found = |query: &str| {
        let mut found: Vec<_> = find(&case.index, query)
            .hits
            .iter()
            .map(|hit| numbers[&hit.document])
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found("apple banana"), [0]);
    assert_eq!(found("apple OR cherry"), [0, 1, 2, 3]);
    assert_eq!(found("apple -banana"), [1]);
    assert_eq!(found("NOT apple"), [2, 3]);
    assert_eq!(found("-apple -cherry"), [] as [usize; 0]);
    assert_eq!(found("(apple OR cherry) AND NOT (banana)"), [1, 3]);
    assert_eq!(found("apple OR NOT banana"), [0, 1, 3]);
    assert_eq!(found(""), [0, 1, 2, 3]);
    assert_eq!(found("type:text lang:ko"), [] as [usize; 0]);
}

#[test]
fn fields_and_facets() {
    let names = |name: &str| vec![name.to_owned()];
    let (a, b, c) = (
        names("2012/Hearing Notice.pdf"),
        names("mail/탈북자.eml"),
        names("x/annex.tar.gz"),
    );
    let (cecc, ngo) = (names("CECC Reports"), names("NGO"));
    let metadata = vec![
        (
            "sender".to_owned(),
            "Kim Min-su <kim@example.org>".to_owned(),
        ),
        ("author".to_owned(), "Lee".to_owned()),
    ];
    let entries = [
        Entry {
            title: "Hearing on refugees",
            names: &a,
            source: &cecc,
            kind: "pdf",
            language: Some("en"),
            published: "2023-02".parse().ok(),
            ..entry(1, "one")
        },
        Entry {
            names: &b,
            metadata: &metadata,
            source: &ngo,
            kind: "mail",
            language: Some("ko"),
            published: "2023-07-01".parse().ok(),
            ..entry(2, "two")
        },
        Entry {
            names: &c,
            source: &ngo,
            kind: "archive",
            outcome: Outcome::Unsupported,
            published: "2023".parse().ok(),
            ..entry(3, "")
        },
    ];
    let case = case(&entries);
    let found = |query: &str| {
        let mut found: Vec<_> = find(&case.index, query)
            .hits
            .iter()
            .filter_map(|hit| (1..4).find(|n| id(*n) == hit.document))
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found("refugee"), [1]);
    assert_eq!(found("title:hearing"), [1]);
    assert_eq!(found("hearing notice"), [1]);
    assert_eq!(found("source:\"cecc reports\""), [1]);
    assert_eq!(found("source:cecc*"), [1]);
    assert_eq!(found("lang:KO"), [2]);
    assert_eq!(found("type:mail OR type:pdf"), [1, 2]);
    assert_eq!(found("published:2023-01..2023-06"), [1, 3]);
    assert_eq!(found("published:2023-07"), [2, 3]);
    assert_eq!(found("published:2023-07-02.."), [3]);
    assert_eq!(found("published:..2022"), [] as [u32; 0]);
    assert_eq!(found("path:annex"), [3]);
    assert_eq!(found("path:*.pdf"), [1]);
    assert_eq!(found("path:mail/*북"), [2]);
    assert_eq!(found("path:2012/hearing"), [1]);
    assert_eq!(found("path:탈북"), [2]);
    assert_eq!(found("outcome:unsupported"), [3]);
    assert_eq!(found("from:kim"), [2]);
    assert_eq!(found("author:lee"), [2]);
    assert_eq!(found("kim"), [2]);
    let facets = find(&case.index, "").facets.expect("facets");
    let show = |counts: &[Count]| {
        counts
            .iter()
            .map(|c| format!("{}:{}", c.value, c.documents))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(show(&facets.source), "NGO:2 CECC Reports:1");
    assert_eq!(show(&facets.year), "2023:3");
    assert_eq!(show(&facets.language), "en:1 ko:1");
    assert_eq!(show(&facets.outcome), "indexed:2 unsupported:1");
    let options = Options {
        sort: Sort::Newest,
        filters: Filters {
            source: vec!["NGO".into()],
            ..Filters::default()
        },
        ..Options::default()
    };
    let newest = case
        .index
        .search(&parse("").expect("a query"), &options)
        .expect("an answer");
    assert_eq!(
        newest
            .hits
            .iter()
            .map(|hit| hit.document)
            .collect::<Vec<_>>(),
        [id(2), id(3)]
    );
}

#[test]
fn a_long_document_is_one() {
    let part = |number, part, parts, text| Entry {
        part,
        parts,
        ..entry(number, text)
    };
    let source = vec!["S".to_owned()];
    let with = |e: Entry<'static>| e;
    let mut entries = vec![
        part(1, 0, 3, "apple"),
        part(1, 1, 3, "banana apple"),
        part(1, 2, 3, "cherry"),
        with(part(2, 0, 1, "apple banana")),
        part(3, 0, 2, "durian"),
        part(3, 1, 2, "apple"),
    ];
    for entry in &mut entries {
        entry.source = &source;
    }
    let case = case(&entries);
    let count = |query: &str| find(&case.index, query).total;
    assert_eq!(count("apple"), 3);
    assert_eq!(count("apple cherry"), 1);
    assert_eq!(count("apple -cherry"), 2);
    assert_eq!(count("NOT durian"), 2);
    assert_eq!(count("cherry OR durian"), 2);
    assert_eq!(count("source:S"), 3);
    let all = find(&case.index, "");
    assert_eq!(all.total, 3);
    assert_eq!(
        all.facets.map(|f| f.source),
        Some(vec![Count {
            value: "S".into(),
            documents: 3
        }])
    );
    let hit = find(&case.index, "banana cherry").hits;
    assert_eq!(
        hit.iter().map(|hit| hit.parts.clone()).collect::<Vec<_>>(),
        [vec![1, 2]]
    );
    let mut writer = case.index.writer(Writing::default()).expect("a writer");
    writer.put(&part(1, 0, 1, "apple")).expect("put");
    writer.delete(id(3));
    writer.commit(9).expect("commit");
    assert_eq!(count("apple"), 2);
    assert_eq!(count("cherry OR durian"), 0);
    assert_eq!(case.index.sequence().expect("a sequence"), 9);
    for text in ["elder", "fig"] {
        writer.put(&part(4, 0, 1, text)).expect("put");
    }
    writer.commit(10).expect("commit");
    assert_eq!((count("elder"), count("fig")), (0, 1));
}

/// A text of words of a made vocabulary, the frequent ones first.
fn made_text(seed: &mut u64, words: usize) -> String {
    let mut next = || {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed
    };
    let mut text = String::new();
    for _ in 0..words {
        let spread = (next() % 1_000) as f64 / 1_000.0;
        text.push_str(&format!("w{} ", (300.0 * spread * spread * spread) as u32));
    }
    text
}

#[test]
fn an_index_made_again_gives_the_same_answers() {
    let mut seed = 7;
    let old: Vec<String> = (0..600).map(|_| made_text(&mut seed, 40)).collect();
    let new: Vec<String> = (0..600).map(|_| made_text(&mut seed, 40)).collect();
    let grown = case(&[]);
    let mut writer = grown
        .index
        .writer(Writing {
            threads: 2,
            ..Writing::default()
        })
        .expect("a writer");
    for (number, text) in (0..).zip(&old) {
        writer.put(&entry(number, text)).expect("put");
        if number % 97 == 0 {
            writer.commit(1).expect("commit");
        }
    }
    for (number, text) in (0..).zip(&new) {
        if number % 3 == 0 {
            writer.put(&entry(number, text)).expect("put");
        } else if number % 7 == 0 {
            writer.delete(id(number));
        }
        if number % 131 == 0 {
            writer.commit(1).expect("commit");
        }
    }
    writer.commit(2).expect("commit");
    let kept = (0..600).filter(|n| n % 3 == 0 || n % 7 != 0).map(|n| {
        let texts = if n % 3 == 0 { &new } else { &old };
        entry(n, &texts[n as usize])
    });
    let made = case(&kept.collect::<Vec<_>>());
    for query in [
        "w0",
        "w1 w2",
        "w3 OR w4 OR w50 OR w7",
        "w9 -w1",
        "\"w1 w0\"",
        "w2*",
        "",
        "\"w1 w2\"~3",
        "w10 w5 w2 w1",
    ] {
        let (a, b) = (find(&grown.index, query), find(&made.index, query));
        assert_eq!((a.total, &a.hits), (b.total, &b.hits), "{query}");
        assert_eq!(a.facets, b.facets, "{query}");
    }
    writer.settle().expect("settled");
    let (a, b) = (find(&grown.index, "w1 w2"), find(&made.index, "w1 w2"));
    assert_eq!(a.hits, b.hits);
    let second = grown
        .index
        .search(
            &parse("w1").expect("a query"),
            &Options {
                limit: 5,
                offset: 5,
                ..Options::default()
            },
        )
        .expect("an answer");
    let first = grown
        .index
        .search(
            &parse("w1").expect("a query"),
            &Options {
                limit: 10,
                ..Options::default()
            },
        )
        .expect("an answer");
    assert_eq!(second.hits, first.hits[5..]);
}

#[test]
fn settling_waits_for_joins_under_way() {
    // Each commit leaves a piece, and every tenth makes the engine join them by itself.
    for _ in 0..2 {
        let case = case(&[]);
        let mut writer = case.index.writer(Writing::default()).expect("a writer");
        for number in 0..21 {
            for n in 0..20 {
                let text = format!("apple w{number} x{n}");
                writer.put(&entry(number * 20 + n, &text)).expect("put");
            }
            writer.commit(u64::from(number)).expect("commit");
        }
        writer.settle().expect("settled");
        writer.put(&entry(10_000, "apple again")).expect("put");
        writer.commit(99).expect("commit");
        writer.settle().expect("settled");
        writer.finish().expect("finished");
        assert_eq!(find(&case.index, "apple").total, 21 * 20 + 1);
        assert_eq!(case.index.sequence().expect("a sequence"), 99);
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_none_or(|e| e != "lock"))
        .collect();
    files.sort();
    files
}

#[test]
fn nothing_is_in_the_clear_and_damage_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = keys(Cipher::Aes256Gcm);
    let key = || keys.stream(Purpose::Index);
    let index = Index::create(folder.path(), key()).expect("an index");
    fill(
        &index,
        &[entry(1, "canaryword in the mine"), entry(2, "another text")],
    );
    drop(index);
    for file in files(folder.path()) {
        let bytes = std::fs::read(&file).expect("bytes");
        assert!(
            !bytes.windows(6).any(|w| w == b"canary"),
            "{}",
            file.display()
        );
    }
    assert_eq!(
        find(
            &Index::open(folder.path(), key()).expect("an index"),
            "canaryword"
        )
        .total,
        1
    );
    assert!(
        Index::open(
            folder.path(),
            super::tests::keys(Cipher::Aes256Gcm).stream(Purpose::Index)
        )
        .is_err_and(|e| e.wants_rebuild())
    );
    let mut told = 0;
    for file in files(folder.path()) {
        let good = std::fs::read(&file).expect("bytes");
        for at in [0, good.len() / 3, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            std::fs::write(&file, &bad).expect("written");
            let answer = Index::open(folder.path(), key()).and_then(|index| {
                let query = parse("canaryword").expect("a query");
                index.search(
                    &query,
                    &Options {
                        facets: true,
                        ..Options::default()
                    },
                )
            });
            match answer {
                Ok(results) => assert_eq!(results.total, 1, "{}", file.display()),
                Err(error) => {
                    assert!(error.wants_rebuild(), "{} {error:?}", file.display());
                    told += 1;
                }
            }
        }
        std::fs::write(&file, &good).expect("written");
    }
    assert!(told > 20, "{told}");
    let again = Index::create(folder.path(), key()).expect("made again");
    assert_eq!(find(&again, "").total, 0);
}

#[test]
fn one_writes_at_a_time_and_others_see_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = keys(Cipher::Plain);
    let index = Index::create(folder.path(), keys.stream(Purpose::Index)).expect("an index");
    let other = Index::open(folder.path(), keys.stream(Purpose::Index)).expect("the same");
    let mut writer = index.writer(Writing::default()).expect("a writer");
    assert!(matches!(other.writer(Writing::default()), Err(Error::Busy)));
    assert!(matches!(
        Index::create(folder.path(), keys.stream(Purpose::Index)),
        Err(Error::Busy)
    ));
    writer.put(&entry(1, "seen")).expect("put");
    assert_eq!(find(&other, "seen").total, 0);
    writer.commit(1).expect("commit");
    assert_eq!(find(&other, "seen").total, 1);
    writer.finish().expect("finished");
    assert!(other.writer(Writing::default()).is_ok());
    assert!(matches!(
        Index::open(Path::new("/nonexistent"), keys.stream(Purpose::Index)),
        Err(Error::Missing { .. })
    ));
}

#[test]
fn snippets_show_the_matches() {
    let text = "First sentence here. The refugees were held near the border for months. Then nothing happened for a long while. ".repeat(3)
        + "At last the Commission spoke of refugees again, and of their return.";
    let query = parse("refugees").expect("a query");
    let matches = query.highlight(&text);
    assert_eq!(matches.len(), 4);
    let shown = snippets(&text, &matches, 2, 80);
    assert_eq!(shown.len(), 2);
    for snippet in &shown {
        assert_eq!(snippet.span.of(&text), Some(snippet.text.as_str()));
        assert!(!snippet.marks.is_empty(), "{snippet:?}");
        for mark in &snippet.marks {
            assert_eq!(mark.of(&snippet.text), Some("refugees"));
        }
    }
    assert_eq!(snippets(&text, &[], 1, 40).len(), 1);
    assert!(snippets("", &matches, 3, 40).is_empty());
}

proptest::proptest! {
    #[test]
    fn any_snippet(text in "(?s)([a-c ]|탈|[.]|\n|apple|.){0,200}", width in 0u32..120, most in 0usize..4) {
        let matches = parse("apple 탈").expect("a query").highlight(&text);
        for snippet in snippets(&text, &matches, most, width) {
            assert_eq!(snippet.span.of(&text), Some(snippet.text.as_str()));
            for mark in &snippet.marks {
                assert!(mark.of(&snippet.text).is_some_and(|m| m.starts_with("apple") || m == "탈"));
            }
        }
    }
}
