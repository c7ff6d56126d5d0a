//! What mutations begin with: the sample, files of a folder, and small things built here.

use std::io::Write;
use std::path::Path;

use sealing::{Cipher, Keys, Purpose};

/// Larger ones make each try slow and find the same.
const MOST: u64 = 1 << 20;

/// Keys that are the same in every run.
pub fn keys(cipher: Cipher) -> Keys {
    let mut bytes = [7; 33];
    bytes[0] = if cipher == Cipher::Plain { 2 } else { 1 };
    Keys::from_bytes(&bytes).expect("33 bytes, the first of them a cipher")
}

fn below(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            below(&path, into);
        } else if path.metadata().is_ok_and(|meta| (1..=MOST).contains(&meta.len()))
            && let Ok(bytes) = std::fs::read(&path)
        {
            into.push((path.to_string_lossy().into_owned(), bytes));
        }
    }
}

fn target_of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    use archives::Kind as Archive;
    use extract::Kind;
    let mut cursor = std::io::Cursor::new(bytes);
    let mut input = casefile::Input {
        len: bytes.len() as u64,
        bytes: &mut cursor,
        name,
        declared_type: None,
        declared_charset: None,
        passwords: &[],
        limits: casefile::Limits::default(),
    };
    Some(match extract::recognise(&mut input).ok()? {
        Kind::Pdf => "pdf",
        Kind::Office(media_type) => match media_type {
            kind if kind.contains("wordprocessingml") || kind.contains("ms-word") => "docx",
            kind if kind.contains("presentationml") || kind.contains("ms-powerpoint") => "pptx",
            kind if kind.contains("sheet.binary") => "xlsb",
            kind if kind.contains("spreadsheetml") || kind.contains("sheet.macro") => "xlsx",
            kind if kind.contains("opendocument") => "odf",
            kind if kind.contains("epub") => "epub",
            kind if kind.contains("ms-excel") => "xls",
            _ => "any",
        },
        Kind::Legacy(kind) => match kind {
            legacy::Kind::Word => "doc",
            legacy::Kind::PowerPoint | legacy::Kind::OldPowerPoint => "ppt",
            legacy::Kind::Hwp => "hwp",
            legacy::Kind::Hwpx => "hwpx",
            legacy::Kind::Rtf => "rtf",
            _ => "any",
        },
        Kind::Mail(kind) => match kind {
            mail::Kind::Message => "eml",
            mail::Kind::AppleMessage => "emlx",
            mail::Kind::Mailbox => "mbox",
            mail::Kind::WebArchive => "mhtml",
            mail::Kind::OutlookMessage => "msg",
            mail::Kind::Tnef => "tnef",
            mail::Kind::Cms => "cms",
            _ => "any",
        },
        Kind::Archive(kind) => match kind {
            Archive::Zip => "zip",
            Archive::Tar => "tar",
            Archive::SevenZip => "7z",
            Archive::Gzip => "gzip",
            Archive::Bzip2 => "bzip2",
            Archive::Xz => "xz",
            Archive::Lzma => "lzma",
            Archive::Zstd => "zstd",
            Archive::Compress => "compress",
            Archive::Warc => "warc",
            _ => "any",
        },
        Kind::Picture(_) => "picture",
        Kind::WebPage => "html",
        Kind::Table => "table",
        Kind::Text => "text",
        _ => "any",
    })
}

/// The files that a target begins with; never none.
pub fn of(target: &str, folder: Option<&Path>) -> Vec<Vec<u8>> {
    let built = built(target);
    if !built.is_empty() {
        return built;
    }
    let mut files: Vec<(String, Vec<u8>)> =
        testkit::FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    if let Some(folder) = folder {
        below(folder, &mut files);
    }
    let wanted = match target {
        "pdf-pages" => "pdf",
        "pixels" => "picture",
        "decode" | "statement" => "text",
        other => other,
    };
    let mut seeds: Vec<Vec<u8>> = files
        .iter()
        .filter(|(name, bytes)| wanted == "any" || target_of(name, bytes) == Some(wanted))
        .map(|(_, bytes)| bytes.clone())
        .collect();
    if seeds.is_empty() {
        // Mutations of mutations of nothing still try the first bytes.
        seeds.push(files.first().map(|(_, bytes)| bytes.clone()).unwrap_or_default());
    }
    seeds
}

/// Seeds of what no file holds.
fn built(target: &str) -> Vec<Vec<u8>> {
    match target {
        "query" => [
            "refugees AND (held OR \"close to 2000\"~3) -reply lang:en published:2023-01..2023-06",
            "북송 구금* 图们~1 source:\"field desk\" title:notice outcome:damaged path:/a/b author:x type:mail NOT ((a))",
            "\"a b c\" word~2 *a a* ~ -- () \"\" : published:..",
        ]
        .map(|query| query.as_bytes().to_vec())
        .to_vec(),
        "wire" => extract::trial::wires(),
        "sealed" => [Cipher::Plain, Cipher::Aes256Gcm]
            .iter()
            .flat_map(|cipher| {
                let key = keys(*cipher).stream(Purpose::Blob);
                [0, 5, sealing::CHUNK, sealing::CHUNK + 1].map(|len| key.seal(&vec![b'a'; len]).expect("sealed"))
            })
            .collect(),
        "keys" => {
            let (plain, _) = sealing::KeyFile::create_plain("2023-06-13T00:00:00Z").expect("random bytes");
            vec![plain.to_text().into_bytes(), KEY_FILE.as_bytes().to_vec()]
        }
        "recovery" => vec![b"ABCD-EFGH-JKMN-PQRS-TVWX-YZ23-4567-89AB-CDEF-GHJK-MNPQ".to_vec()],
        "checkpoint" => vec![
            "tumen-case\n401\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n\n\u{2014} tumen-case q6urq6urq6ur\n".as_bytes().to_vec(),
        ],
        "zstd" => vec![zstd::encode_all(TEXT.repeat(40).as_bytes(), 3).expect("packed")],
        "xz" => vec![lzma(lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)), |w| w.finish())],
        "lzma" => {
            let options = lzma_rust2::LzmaOptions::with_preset(1);
            vec![lzma(lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None), |w| w.finish())]
        }
        "compress" => vec![compressed()],
        "tnef" => vec![tnef()],
        "hwpx" => vec![hwpx()],
        "emlx" => {
            let message = format!("From: a@example.org\nSubject: =?euc-kr?B?sbjB?=\nDate: Mon, 12 Jun 2023 09:00:00 +0000\n\n{TEXT}\n");
            vec![format!("{}\n{message}<?xml version=\"1.0\"?>\n<plist version=\"1.0\"><dict><key>flags</key><integer>1</integer></dict></plist>", message.len()).into_bytes()]
        }
        _ => Vec::new(),
    }
}

const TEXT: &str = "Close to 2000 refugees are reportedly held. 구금 시설 배치도. 遣返 图们. ";

fn lzma<W: Write, E: std::fmt::Debug, F: std::fmt::Debug>(writer: Result<W, E>, finish: impl FnOnce(W) -> Result<Vec<u8>, F>) -> Vec<u8> {
    let mut writer = writer.expect("packing begins");
    writer.write_all(TEXT.repeat(40).as_bytes()).expect("packed");
    finish(writer).expect("packed")
}

/// The form of `compress`: single bytes as codes of nine bits, the lowest first.
fn compressed() -> Vec<u8> {
    let mut packed = vec![0x1f, 0x9d, 0x90];
    let (mut held, mut bits) = (0_u32, 0);
    for byte in TEXT.bytes().chain(TEXT.bytes()).take(220) {
        held |= u32::from(byte) << bits;
        bits += 9;
        while bits >= 8 {
            packed.push(held as u8);
            held >>= 8;
            bits -= 8;
        }
    }
    packed.push(held as u8);
    packed
}

/// MS-OXTNEF: a subject, a body as properties, an attachment.
fn tnef() -> Vec<u8> {
    let mut file = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
    let mut put = |level: u8, id: u32, data: &[u8]| {
        file.push(level);
        file.extend(id.to_le_bytes());
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        let sum = data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
        file.extend(sum.to_le_bytes());
    };
    let mut properties = 2_u32.to_le_bytes().to_vec();
    for (tag, text) in [(0x1000_001e_u32, TEXT.as_bytes()), (0x1013_0102, b"<p>held</p>")] {
        properties.extend(tag.to_le_bytes());
        properties.extend(1_u32.to_le_bytes());
        properties.extend((text.len() as u32).to_le_bytes());
        properties.extend(text);
        properties.resize(properties.len().next_multiple_of(4), 0);
    }
    put(1, 0x0006_9007, &[0xb5, 3, 0, 0, 0, 0, 0, 0]);
    put(1, 0x0001_8004, b"Notice\0");
    put(1, 0x0006_9003, &properties);
    put(2, 0x0006_9002, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    put(2, 0x0001_8010, b"a.txt\0");
    put(2, 0x0006_800f, TEXT.as_bytes());
    file
}

fn hwpx() -> Vec<u8> {
    let section = format!(
        "<?xml version=\"1.0\"?><hs:sec xmlns:hs=\"http://www.hancom.co.kr/hwpml/2011/section\" xmlns:hp=\"http://www.hancom.co.kr/hwpml/2011/paragraph\">\
         <hp:p id=\"1\" paraPrIDRef=\"0\"><hp:run><hp:t>{TEXT}</hp:t><hp:tbl rowCnt=\"1\" colCnt=\"1\"><hp:tr><hp:tc><hp:subList><hp:p><hp:run>\
         <hp:t>구금</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr=\"0\" rowAddr=\"0\"/><hp:cellSpan colSpan=\"1\" rowSpan=\"1\"/></hp:tc></hp:tr></hp:tbl></hp:run></hp:p></hs:sec>"
    );
    let content = "<?xml version=\"1.0\"?><opf:package xmlns:opf=\"http://www.idpf.org/2007/opf/\"><opf:metadata><opf:title>공문</opf:title></opf:metadata>\
        <opf:manifest><opf:item id=\"section0\" href=\"Contents/section0.xml\" media-type=\"application/xml\"/></opf:manifest><opf:spine><opf:itemref idref=\"section0\"/></opf:spine></opf:package>";
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in [("mimetype", "application/hwp+zip"), ("Contents/content.hpf", content), ("Contents/section0.xml", &section)] {
        writer.start_file(name, options).expect("a member");
        writer.write_all(content.as_bytes()).expect("a member");
    }
    writer.finish().expect("an archive").into_inner()
}

const KEY_FILE: &str = r#"{
  "format": "tumen keys 1",
  "cipher": "aes-256-gcm",
  "slots": [
    {
      "id": "0a1b2c3d",
      "label": "first",
      "created": "2023-06-13T00:00:00Z",
      "lock": { "kind": "passphrase" }
    }
  ],
  "tag": null,
  "check": null
}
"#;

/// Writes bytes where a fault is kept.
///
/// # Errors
/// The folder cannot be written.
pub fn keep(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::File::create(folder.join(name))?.write_all(bytes)
}
