//! Documents behind passwords, sealed here as the specifications say.

use std::io::{Cursor, Write};

use aes::Aes256;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use blowfish::Blowfish;
use casefile::Outcome;
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use super::read;

const CONTENT: &str = r#"<office:document-content><office:body><office:text><text:p>강제북송 명단</text:p></office:text></office:body></office:document-content>"#;

fn deflated(text: &str) -> Vec<u8> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn aes_cbc(key: &[u8], iv: [u8; 16], data: &[u8]) -> Vec<u8> {
    let cipher = Aes256::new_from_slice(key).unwrap();
    let mut data = data.to_vec();
    let padding = 16 - data.len() % 16;
    data.extend(std::iter::repeat_n(padding as u8, padding));
    let mut last = iv;
    for block in data.chunks_exact_mut(16) {
        for (byte, with) in block.iter_mut().zip(last) {
            *byte ^= with;
        }
        let mut sealed = Array::from(<[u8; 16]>::try_from(&*block).unwrap());
        cipher.encrypt_block(&mut sealed);
        last = sealed.into();
        block.copy_from_slice(&last);
    }
    data
}

fn blowfish_cfb(key: &[u8], iv: [u8; 8], data: &[u8]) -> Vec<u8> {
    let cipher: Blowfish = Blowfish::new_from_slice(key).unwrap();
    let mut last = iv;
    let mut out = Vec::new();
    for chunk in data.chunks(8) {
        let mut block = Array::from(last);
        cipher.encrypt_block(&mut block);
        let sealed: Vec<u8> = chunk.iter().zip(block).map(|(a, b)| a ^ b).collect();
        if let Ok(whole) = sealed.as_slice().try_into() {
            last = whole;
        }
        out.extend(sealed);
    }
    out
}

/// An ODT of which the content and a picture are sealed.
fn sealed_odt(password: &str, modern: bool) -> Vec<u8> {
    let salt = [7; 16];
    let mut manifest = String::from("<manifest:manifest>");
    let mut parts = Vec::new();
    for (path, text) in [("content.xml", CONTENT), ("Pictures/1.png", "a picture")] {
        let packed = deflated(text);
        let first = packed.get(..1024).unwrap_or(&packed);
        let (data, sum, how) = if modern {
            let start = Sha256::digest(password);
            let mut key = [0; 32];
            pbkdf2::pbkdf2_hmac::<Sha1>(&start, &salt, 5_000, &mut key);
            let how = format!(
                r#"<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" manifest:initialisation-vector="{}"/><manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:key-size="32" manifest:iteration-count="5000" manifest:salt="{}"/><manifest:start-key-generation manifest:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256" manifest:key-size="32"/>"#,
                BASE64.encode(&[9; 16]),
                BASE64.encode(&salt)
            );
            (
                aes_cbc(&key, [9; 16], &packed),
                Sha256::digest(first).to_vec(),
                how,
            )
        } else {
            let start = Sha1::digest(password);
            let mut key = [0; 16];
            pbkdf2::pbkdf2_hmac::<Sha1>(&start, &salt, 1_024, &mut key);
            let how = format!(
                r#"<manifest:algorithm manifest:algorithm-name="Blowfish CFB" manifest:initialisation-vector="{}"/><manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:iteration-count="1024" manifest:salt="{}"/>"#,
                BASE64.encode(&[9; 8]),
                BASE64.encode(&salt)
            );
            (
                blowfish_cfb(&key, [9; 8], &packed),
                Sha1::digest(first).to_vec(),
                how,
            )
        };
        let kind = if modern {
            "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k"
        } else {
            "SHA1/1K"
        };
        manifest += &format!(
            r#"<manifest:file-entry manifest:full-path="{path}" manifest:size="{}"><manifest:encryption-data manifest:checksum-type="{kind}" manifest:checksum="{}">{how}</manifest:encryption-data></manifest:file-entry>"#,
            text.len(),
            BASE64.encode(&sum)
        );
        parts.push((path, data));
    }
    manifest += "</manifest:manifest>";
    parts.push(("META-INF/manifest.xml", manifest.into_bytes()));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    zip.write_all(b"application/vnd.oasis.opendocument.text")
        .unwrap();
    for (path, data) in parts {
        zip.start_file(path, stored).unwrap();
        zip.write_all(&data).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn open_document_opens_with_its_password() {
    for modern in [true, false] {
        let bytes = sealed_odt("열쇠 1", modern);
        let wrong = ["other".to_owned(), String::new()];
        for passwords in [&[][..], &wrong] {
            let (reading, text, members) = read(&bytes, passwords);
            assert_eq!(reading.outcome, Outcome::Encrypted);
            assert!(
                reading
                    .reason
                    .is_some_and(|why| why.contains("--file-passwords"))
            );
            assert!(text.is_empty() && members.is_empty());
        }
        let (reading, text, members) = read(&bytes, &["x".to_owned(), "열쇠 1".to_owned()]);
        assert_eq!(reading.outcome, Outcome::Indexed, "{:?}", reading.reason);
        assert_eq!(text, "Paragraph: 강제북송 명단\n");
        assert_eq!(
            members,
            [("Pictures/1.png".to_owned(), b"a picture".to_vec())]
        );
    }
}

/// A workbook of one sheet with one cell, sealed by RC4 with 40 bits (MS-OFFCRYPTO 2.3.6).
#[test]
fn a_workbook_opens_with_its_password() {
    use legacy::crypt::Key;
    use md5::Md5;

    let password: Vec<u8> = "열쇠".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let salt = [3_u8; 16];
    let first = Md5::digest(&password);
    let mut all = Md5::new();
    for _ in 0..16 {
        all.update(&first[..5]);
        all.update(salt);
    }
    let key = Key::Md5(all.finalize()[..5].try_into().unwrap());
    let mut verifier = [&[5_u8; 16][..], Md5::digest([5_u8; 16]).as_slice()].concat();
    key.open_block(0, &mut verifier);
    let filepass = [&[1, 0, 1, 0, 1, 0][..], &salt, &verifier].concat();

    let record = |kind: u16, body: &[u8]| {
        let mut record = kind.to_le_bytes().to_vec();
        record.extend((body.len() as u16).to_le_bytes());
        record.extend(body);
        record
    };
    let bof = |kind: u8| {
        let mut body = [0; 16];
        body[1] = 6;
        body[2] = kind;
        record(0x0809, &body)
    };
    let mut stream = bof(5);
    stream.extend(record(0x2f, &filepass));
    let at = stream.len() + 4 + 6 + 2 + 4 + 4;
    let mut sheet = (at as u32).to_le_bytes().to_vec();
    sheet.extend([0, 0, 4, 0]);
    sheet.extend(b"List");
    stream.extend(record(0x85, &sheet));
    stream.extend(record(0x0a, &[]));
    assert_eq!(stream.len(), at);
    stream.extend(bof(0x10));
    let mut label = vec![0, 0, 0, 0, 0, 0, 3, 0, 1];
    label.extend("명단표".encode_utf16().flat_map(u16::to_le_bytes));
    stream.extend(record(0x0204, &label));
    stream.extend(record(0x0a, &[]));
    // Sealing is opening twice: the cipher is its own inverse.
    let sealed = crate::crypto::clear_workbook(&key, &stream);
    let (reading, text, _) = read(&sealed, &["열쇠".to_owned()]);
    assert_eq!(reading.outcome, Outcome::Indexed, "{:?}", reading.reason);
    assert_eq!(text, "Heading(1): List\nTableRow: 명단표\n");
    let (reading, text, _) = read(&sealed, &["falsch".to_owned()]);
    assert_eq!(reading.outcome, Outcome::Encrypted);
    assert_eq!(text, "");
}
