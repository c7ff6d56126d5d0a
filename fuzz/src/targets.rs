//! What is tried: one function for each kind of bytes that strangers write. Each panics where the
//! reader breaks its word; that is how a fault shows.

use std::io::{Cursor, Read};

use casefile::{Emit, Input, Limits, Outcome, Piece, Reading, Stop};

/// The targets of the runner, by the seeds they take; several share a reader.
pub const ALL: &[&str] = &[
    "text", "table", "decode", "html", "pdf", "pdf-pages", "picture", "pixels", "doc", "ppt", "hwp", "hwpx",
    "rtf", "docx", "pptx", "xlsx", "xlsb", "xls", "odf", "epub", "eml", "emlx", "mbox", "mhtml", "msg", "tnef",
    "cms", "zip", "tar", "7z", "gzip", "bzip2", "xz", "lzma", "zstd", "compress", "warc", "any", "query",
    "wire", "sealed", "keys", "recovery", "checkpoint", "statement",
];

/// More text than this from a mutated file of a few hundred kilobytes is a bomb that went off.
const MOST_TEXT: usize = 256 << 20;

type Reader<'r> = &'r mut dyn FnMut(&mut Input<'_>, Emit<'_>) -> Result<Reading, Stop>;

/// Gives the bytes to a reader and checks what it hands over.
fn read(name: &str, bytes: &[u8], reader: Reader<'_>) {
    let mut cursor = Cursor::new(bytes);
    let passwords = ["open-sesame".to_owned()];
    let mut input = Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name,
        declared_type: None,
        declared_charset: None,
        passwords: &passwords,
        limits: Limits {
            // A mutation may well state a billion members; that they are counted is tested elsewhere.
            members: 5_000,
            member_bytes: 256 << 20,
            pages: 500,
            ..Limits::default()
        },
    };
    let (mut open, mut text) = (false, 0_usize);
    let mut emit = |piece: Piece| {
        match piece {
            Piece::Section(section) => {
                assert!(!open, "text inside of a member");
                text += section.text.len();
                check_section(&section);
            }
            Piece::Member(member) => {
                assert!(!open, "a member inside of a member");
                open = true;
                check_path(&member.path);
            }
            Piece::Bytes(piece) => {
                assert!(open, "bytes of no member");
                assert!(piece.len() <= 1 << 20, "more than 1 MiB at once");
            }
            Piece::MemberEnd(_) => {
                assert!(open, "the end of no member");
                open = false;
            }
        }
        if text > MOST_TEXT {
            return Err(Stop {
                reason: "enough".to_owned(),
            });
        }
        Ok(())
    };
    if let Ok(reading) = reader(&mut input, &mut emit) {
        assert!(!open, "a member without an end");
        let fine = matches!(reading.outcome, Outcome::Indexed | Outcome::NoText);
        assert!(fine || reading.reason.is_some(), "{} without a reason", reading.outcome);
    }
}

fn check_section(section: &casefile::Section) {
    let chars = u32::try_from(section.text.chars().count()).expect("fewer than 2^32 characters");
    let inside = |span: casefile::Span| {
        assert!(span.start <= span.end && span.end <= chars, "{span:?} is outside of {chars} characters");
    };
    for block in &section.blocks {
        inside(block.span);
    }
    for page in &section.pages {
        inside(page.span);
        assert!(page.width.is_finite() && page.height.is_finite());
    }
    for word in &section.boxes {
        inside(word.span);
        assert!(word.rect.iter().all(|edge| edge.is_finite()));
    }
    if section.text.len() < 1 << 20 {
        // What the text goes through next.
        let normal = casefile::normal::normalise(&section.text);
        let whole = casefile::Span::new(0, u32::try_from(normal.text.chars().count()).expect("shorter"));
        inside(normal.map.to_raw(whole));
        let _ = extract::language(&section.text);
        let _ = extract::fingerprint(&section.text);
    }
}

fn check_path(path: &str) {
    assert!(!path.starts_with('/'), "an absolute path: {path:?}");
    assert!(path.split('/').all(|part| part != ".."), "a path that leads out: {path:?}");
    assert!(!path.chars().any(char::is_control), "control characters in a path: {path:?}");
}

/// Bytes of a kind, to its reader. `target` is one of [`ALL`].
pub fn run(target: &str, bytes: &[u8]) {
    use archives::Kind as Archive;
    use mail::Kind as Mail;
    let mail = |name: &str, kind| read(name, bytes, &mut |input, emit| mail::read(kind, input, emit));
    let archive = |name: &str, kind| read(name, bytes, &mut |input, emit| archives::read(kind, input, emit));
    match target {
        "text" => read("a.txt", bytes, &mut encodings::plain::read),
        "table" => read("a.csv", bytes, &mut encodings::table::read),
        "decode" => decode(bytes),
        "html" => read("a.html", bytes, &mut webpage::read),
        "pdf" => read("a.pdf", bytes, &mut pdf::read),
        "pdf-pages" => pdf_pages(bytes),
        "picture" => read("a.jpg", bytes, &mut pictures::read),
        "pixels" => pixels(bytes),
        "doc" => read("a.doc", bytes, &mut legacy::doc::read),
        "ppt" => read("a.ppt", bytes, &mut legacy::ppt::read),
        "hwp" => read("a.hwp", bytes, &mut legacy::hwp::read),
        "hwpx" => read("a.hwpx", bytes, &mut legacy::hwpx::read),
        "rtf" => read("a.rtf", bytes, &mut legacy::rtf::read),
        "docx" | "pptx" | "xlsx" | "xlsb" | "xls" | "odf" | "epub" => {
            let name = format!("a.{}", if target == "odf" { "odt" } else { target });
            read(&name, bytes, &mut office::read);
        }
        "eml" => mail("a.eml", Mail::Message),
        "emlx" => mail("a.emlx", Mail::AppleMessage),
        "mbox" => mail("a.mbox", Mail::Mailbox),
        "mhtml" => mail("a.mhtml", Mail::WebArchive),
        "msg" => mail("a.msg", Mail::OutlookMessage),
        "tnef" => mail("winmail.dat", Mail::Tnef),
        "cms" => mail("a.p7m", Mail::Cms),
        "zip" => archive("a.zip", Archive::Zip),
        "tar" => archive("a.tar", Archive::Tar),
        "7z" => archive("a.7z", Archive::SevenZip),
        "gzip" => archive("a.txt.gz", Archive::Gzip),
        "bzip2" => archive("a.txt.bz2", Archive::Bzip2),
        "xz" => archive("a.txt.xz", Archive::Xz),
        "lzma" => archive("a.txt.lzma", Archive::Lzma),
        "zstd" => archive("a.txt.zst", Archive::Zstd),
        "compress" => archive("a.txt.Z", Archive::Compress),
        "warc" => archive("a.warc", Archive::Warc),
        "any" => read("a", bytes, &mut extract::read),
        "query" => query(bytes),
        "wire" => extract::trial::wire(bytes),
        "sealed" => sealed(bytes),
        "keys" => keys(bytes),
        "recovery" => drop(sealing::RecoveryCode::parse(&String::from_utf8_lossy(bytes))),
        "checkpoint" => drop(store::log::Checkpoint::parse(&String::from_utf8_lossy(bytes))),
        "statement" => statements(bytes),
        other => panic!("there is no target {other}"),
    }
}

/// All readers of a family get the same bytes: for libFuzzer, which finds out by itself what leads
/// further.
pub fn family(name: &str, bytes: &[u8]) {
    let targets: &[&str] = match name {
        "encodings" => &["text", "table", "decode"],
        "webpage" => &["html"],
        "pdf" => &["pdf", "pdf-pages"],
        "pictures" => &["picture", "pixels"],
        "legacy" => &["doc", "ppt", "hwp", "hwpx", "rtf"],
        "office" => &["docx"],
        "mail" => &["eml", "emlx", "mbox", "mhtml", "msg", "tnef", "cms"],
        "archives" => &["zip", "tar", "7z", "gzip", "bzip2", "xz", "lzma", "zstd", "compress", "warc"],
        "query" => &["query"],
        "wire" => &["wire"],
        "sealed" => &["sealed"],
        "keys" => &["keys", "recovery", "checkpoint"],
        "statement" => &["statement"],
        other => panic!("there is no family {other}"),
    };
    targets.iter().for_each(|target| run(target, bytes));
}

fn decode(bytes: &[u8]) {
    const CHARSETS: [&str; 9] =
        ["", "euc-kr", "gb18030", "big5", "shift_jis", "iso-2022-jp", "utf-16le", "hz-gb-2312", "utf-7"];
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let charset = CHARSETS[usize::from(*first) % CHARSETS.len()];
    let _ = encodings::decode(rest, Some(charset).filter(|name| !name.is_empty()));
    let _ = encodings::is_binary(rest);
}

fn pixels(bytes: &[u8]) {
    for page in [0, 1] {
        if let Ok(pixels) = pictures::pixels(bytes, page) {
            let small = pixels.at_most(400);
            assert!(small.width() <= 400 && small.height() <= 400);
            let _ = small.to_png();
            let _ = small.to_pgm();
        }
    }
}

fn pdf_pages(bytes: &[u8]) {
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
    // Drawn as the screen wants it.
    let _ = extract::trial::draw(&mut input, "application/pdf", 1, 400);
}

fn query(bytes: &[u8]) {
    let (query, text) = bytes.split_at(bytes.len().min(300));
    match search::parse(&String::from_utf8_lossy(query)) {
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let text = String::from_utf8_lossy(text);
    let _ = search::snippets(&text, &[], 3, 160);
}

/// The text as the product decodes it; what is found must read back and be found again.
fn statements(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let text = encodings::decode(rest, None).text;
    let published = if first % 2 == 0 { "2024-05-07".parse().ok() } else { None };
    let context = statement::Context {
        published,
        ..statement::Context::default()
    };
    let found = statement::find(&text, &context);
    check_found(&text, &found);
    assert!(found == statement::find(&text, &context), "two runs differ");
    let section = casefile::Section {
        text,
        ..casefile::Section::default()
    };
    check_found(&section.text, &statement::find_in(&section, published));
}

fn check_found(text: &str, found: &statement::Found) {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let read = |start: u32, end: u32| {
        let (from, to) = (starts.get(start as usize)?, starts.get(end as usize)?);
        text.get(*from..*to)
    };
    let mut end = 0;
    for mention in &found.mentions {
        assert_eq!(read(mention.start, mention.end), Some(mention.text.as_str()), "a mention reads back");
        assert!(end <= mention.start && mention.start < mention.end, "mentions overlap, or are out of order");
        end = mention.end;
    }
    for statement in &found.statements {
        for (start, end, quote) in statement::quotes(statement) {
            assert_eq!(read(start, end), Some(quote), "a quote reads back");
        }
    }
}

fn sealed(bytes: &[u8]) {
    for cipher in [sealing::Cipher::Plain, sealing::Cipher::Aes256Gcm] {
        let keys = crate::seeds::keys(cipher);
        let key = keys.stream(sealing::Purpose::Blob);
        let _ = key.open(bytes);
        if let Ok(mut reader) = key.reader(Cursor::new(bytes)) {
            let mut plain = Vec::new();
            let _ = reader.read_to_end(&mut plain);
            assert!(plain.len() <= bytes.len());
        }
    }
    let _ = sealing::Keys::from_bytes(bytes);
    let _ = sealing::FileKey::from_bytes(bytes);
    let _ = sealing::Layout::of_sealed(bytes.len() as u64);
}

fn keys(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(file) = sealing::KeyFile::parse(&text) {
        assert_eq!(file.to_text(), text);
    }
    if let Ok(file) = sealing::KeyFile::parse_damaged(&text) {
        let _ = file.slots();
        let _ = file.open_plain();
    }
    let _ = sealing::Passphrase::from_file_bytes(bytes);
    if let Ok(recipient) = sealing::Recipient::parse(&text) {
        assert_eq!(sealing::Recipient::parse(&recipient.to_string()), Ok(recipient));
    }
    let Ok(identities) = sealing::Identity::parse_file(&text) else {
        return;
    };
    assert!(!identities.is_empty());
}
