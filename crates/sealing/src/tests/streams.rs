use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use proptest::prelude::*;

use crate::*;

fn key(cipher: Cipher) -> StreamKey {
    Keys::new(VaultKey([7; 32]), cipher).stream(Purpose::Blob)
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 31 + at / 251) as u8).collect()
}

fn any_cipher() -> impl Strategy<Value = Cipher> {
    prop_oneof![Just(Cipher::Aes256Gcm), Just(Cipher::Plain)]
}

/// Lengths around the borders of chunks as well as any.
fn any_len() -> impl Strategy<Value = usize> {
    prop_oneof![
        0..200_usize,
        (0..4_usize, 0..3_usize)
            .prop_map(|(chunks, more)| (chunks * CHUNK + more).saturating_sub(1)),
        0..5 * CHUNK,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_content_comes_back(
        cipher in any_cipher(), len in any_len(), pieces in prop::collection::vec(1..100_000_usize, 1..5)
    ) {
        let (key, plain) = (key(cipher), content(len));
        let mut writer = key.writer(Vec::new()).unwrap();
        let mut rest = plain.as_slice();
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            writer.write_all(now).unwrap();
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(writer.len(), len as u64);
        let sealed = writer.finish().unwrap();
        let layout = Layout::of_sealed(sealed.len() as u64).unwrap();
        prop_assert_eq!(layout, Layout::of_plain(len as u64));
        prop_assert_eq!(layout.sealed_len(), sealed.len() as u64);
        prop_assert_eq!(key.open(&sealed).unwrap(), plain);
    }

    #[test]
    fn any_range_is_the_slice(
        cipher in any_cipher(), len in any_len(),
        ranges in prop::collection::vec((0..5 * CHUNK, 0..2 * CHUNK), 1..6)
    ) {
        let (key, plain) = (key(cipher), content(len));
        let sealed = key.seal(&plain).unwrap();
        let mut reader = key.reader(Cursor::new(&sealed)).unwrap();
        prop_assert_eq!(reader.len(), len as u64);
        for (start, count) in ranges {
            reader.seek(SeekFrom::Start(start as u64)).unwrap();
            let mut read = Vec::new();
            reader.by_ref().take(count as u64).read_to_end(&mut read).unwrap();
            let from = start.min(len);
            prop_assert_eq!(read.as_slice(), &plain[from..(from + count).min(len)]);
        }
    }

    #[test]
    fn any_flipped_bit_is_found(
        cipher in any_cipher(), len in any_len(), at in any::<prop::sample::Index>(), bit in 0_u32..8
    ) {
        let key = key(cipher);
        let mut sealed = key.seal(&content(len)).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1_u8 << bit;
        prop_assert!(key.open(&sealed).is_err());
    }

    #[test]
    fn any_cut_is_found_at_opening(
        cipher in any_cipher(), len in any_len(), cut in any::<prop::sample::Index>()
    ) {
        let key = key(cipher);
        let sealed = key.seal(&content(len)).unwrap();
        let cut = cut.index(sealed.len());
        prop_assert!(key.reader(Cursor::new(&sealed[..cut])).is_err());
        let mut longer = sealed.clone();
        longer.extend_from_slice(&sealed[..cut.min(CHUNK)]);
        prop_assert!(cut == 0 || key.open(&longer).is_err());
    }
}

const SEALED_CHUNK: usize = CHUNK + 16;

#[test]
fn chunks_have_their_place() {
    for cipher in [Cipher::Aes256Gcm, Cipher::Plain] {
        let key = key(cipher);
        let sealed = key.seal(&content(4 * CHUNK)).unwrap();
        let chunk = |n: usize| 48 + n * SEALED_CHUNK..48 + (n + 1) * SEALED_CHUNK;
        for (left, right) in [(0, 1), (1, 2), (0, 3), (2, 3)] {
            let mut swapped = sealed.clone();
            swapped[chunk(left)].copy_from_slice(&sealed[chunk(right)]);
            swapped[chunk(right)].copy_from_slice(&sealed[chunk(left)]);
            assert!(key.open(&swapped).is_err(), "{left} {right}");
        }
        // Whole chunks cut off, at a border.
        for kept in 0..4 {
            assert!(
                key.open(&sealed[..48 + kept * SEALED_CHUNK]).is_err(),
                "{kept}"
            );
        }
        // A chunk of another file under the same key.
        let mut mixed = sealed.clone();
        let other = key.seal(&content(4 * CHUNK)).unwrap();
        mixed[chunk(1)].copy_from_slice(&other[chunk(1)]);
        assert_eq!(key.open(&mixed), Err(SealError::Damaged { chunk: 1 }));
    }
}

#[test]
fn keys_open_only_what_is_theirs() {
    let (secret, plain) = (key(Cipher::Aes256Gcm), key(Cipher::Plain));
    let sealed = secret.seal("구금".as_bytes()).unwrap();
    assert_eq!(plain.open(&sealed), Err(SealError::OtherCipher));
    let other = Keys::random(Cipher::Aes256Gcm)
        .unwrap()
        .stream(Purpose::Blob);
    assert_eq!(other.open(&sealed), Err(SealError::Damaged { chunk: 0 }));
    let index = Keys::new(VaultKey([7; 32]), Cipher::Aes256Gcm).stream(Purpose::Index);
    assert!(index.open(&sealed).is_err());
    assert!(
        secret
            .bound_to(b"a")
            .open(&secret.bound_to(b"b").seal(b"x").unwrap())
            .is_err()
    );
    assert_eq!(
        secret
            .bound_to(b"a")
            .open(&secret.bound_to(b"a").seal(b"x").unwrap()),
        Ok(vec![b'x'])
    );
    // The key of one file, as another process receives it.
    let file = secret.key_of(&mut sealed.as_slice()).unwrap();
    let file = FileKey::from_bytes(file.to_bytes().as_slice()).unwrap();
    let mut text = String::new();
    SealedReader::open(Cursor::new(&sealed), &file)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "구금");
    assert!(SealedReader::open(Cursor::new(secret.seal(b"").unwrap()), &file).is_err());
    assert!(FileKey::from_bytes(&[0; 33]).is_none() && FileKey::from_bytes(&[1]).is_none());
    // The clear form really has the same frame, and the secret one does not show its content.
    assert!(
        plain
            .seal(b"canary")
            .unwrap()
            .windows(6)
            .any(|bytes| bytes == b"canary")
    );
    assert!(
        !secret
            .seal(b"canary")
            .unwrap()
            .windows(6)
            .any(|bytes| bytes == b"canary")
    );
    assert_eq!(secret.open(b"PK\x03\x04"), Err(SealError::TooShort));
    assert_eq!(secret.open(&[b'x'; 100]), Err(SealError::NotSealed));
}

/// A writer with room for so many bytes.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = bytes.len().min(self.0);
        self.0 -= count;
        if count == 0 {
            Err(std::io::ErrorKind::StorageFull.into())
        } else {
            Ok(count)
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failed_write_stays_failed() {
    let mut writer = key(Cipher::Aes256Gcm).writer(Small(100_000)).unwrap();
    let error = writer.write_all(&content(3 * CHUNK)).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    assert!(writer.finish().is_err());
}

#[test]
fn hashes_are_those_of_the_standards() {
    let mut hasher = Hasher::new();
    hasher.update(b"a");
    hasher.update(b"bc");
    let (sha, blake, len) = hasher.finish();
    assert_eq!(
        sha.to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        blake.to_string(),
        "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
    );
    assert_eq!((len, sha256(b"abc"), blake3(b"abc")), (3, sha, blake));
    let long = content(1_000_003);
    let mut hasher = Hasher::new();
    long.chunks(7_001).for_each(|piece| hasher.update(piece));
    assert_eq!(hasher.finish(), (sha256(&long), blake3(&long), 1_000_003));
}

#[test]
fn derived_keys_stay_as_they_are() {
    // Existing cases open with these: a change here loses every case.
    let keys = Keys::new(VaultKey([7; 32]), Cipher::Aes256Gcm);
    let name = keys.keyed_name(&sha256(b"abc"));
    let told = format!(
        "{}\n{}\n{}",
        *keys.subkey(Purpose::Database).hex(),
        name,
        keys.signing_key().public()
    );
    expect_test::expect![[r#"
        d82139a41da993b3b62a11dfaa840b27a7eae1702e8c147ebea9e58c8fe5ed0d
        52bd4133c8aa660751209369810a72d6d3fbdbe2ca120fec56d86468bb8ccb71
        85b49aa707b88f0c8f74a2602a2e03bd8b8a8e181d48721ee50a1fdc72a2c7c0"#]]
    .assert_eq(&told);
    let again = Keys::from_bytes(keys.to_bytes().as_slice()).unwrap();
    assert_eq!(again.vault().bytes(), keys.vault().bytes());
    assert!(format!("{keys:?}").contains("withheld") && !format!("{keys:?}").contains('7'));
}

#[test]
fn notes_are_signed() {
    let key = Keys::new(VaultKey([7; 32]), Cipher::Aes256Gcm).signing_key();
    let note = sign_note("tumen case\n12\nAAAA\n", "tumen/log", &key).unwrap();
    let public = key.public();
    assert_eq!(
        open_note(&note, "tumen/log", &public),
        Ok("tumen case\n12\nAAAA\n")
    );
    let altered = note.replace("12", "13");
    assert!(matches!(
        open_note(&altered, "tumen/log", &public),
        Err(NoteError::Altered(_))
    ));
    assert!(matches!(
        open_note(&note, "other", &public),
        Err(NoteError::NotSigned(_))
    ));
    let other = Keys::random(Cipher::Plain).unwrap().signing_key();
    assert!(matches!(
        open_note(&note, "tumen/log", &other.public()),
        Err(NoteError::NotSigned(_))
    ));
    for broken in [
        "",
        "\n\n",
        "a\n\n",
        "a\n\n—\n",
        "a\n\n— tumen/log \n",
        "a\n\n— tumen/log !!!!\n",
        "é\n\n—",
    ] {
        assert_eq!(
            open_note(broken, "tumen/log", &public),
            Err(NoteError::Form),
            "{broken:?}"
        );
    }
    assert_eq!(sign_note("no line end", "a", &key), Err(NoteError::Text));
    assert_eq!(sign_note("a\n", "a b", &key), Err(NoteError::Name));
    assert!(public.note_verifier("tumen/log").starts_with("tumen/log+"));
    assert!(public.verify(b"x", &key.sign(b"x")) && !public.verify(b"y", &key.sign(b"x")));
    assert!(!public.verify(b"x", b"short"));
}
