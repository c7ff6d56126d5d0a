//! Small files in the age format, version 1, each for one X25519 recipient.
//!
//! Source: the specification of age (C2SP, `age.md`). What is written here is read by `age` and
//! `rage`, and what they write for one such recipient is read here. Only what a key slot needs is
//! there: one recipient, one chunk, in the armour that the format has for text.

use data_encoding::{BASE64, BASE64_NOPAD};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use zeroize::{Zeroize, Zeroizing};

use crate::keys::derive;
use crate::recipient::{agree, public};
use crate::{Identity, KeyError, Recipient, random};

const VERSION: &str = "age-encryption.org/v1";
const STANZA: &str = "-> X25519 ";
const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
const ARMOUR_COLUMNS: usize = 64;
const NONCE: usize = 16;

/// The plain bytes of one chunk; there is never a second one here.
const CHUNK: usize = 64 << 10;

/// Of the first and last chunk: counter 0, then the mark of the last.
const FIRST_AND_LAST: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

const IMPOSSIBLE: KeyError = KeyError::Damaged("a key could not be wrapped");
const BROKEN: KeyError = KeyError::Damaged("the age file in a slot is broken");

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| IMPOSSIBLE)?;
    Ok(LessSafeKey::new(key))
}

fn seal(key: &[u8; 32], nonce: [u8; 12], plain: &[u8]) -> Result<Vec<u8>, KeyError> {
    // Room for the tag: the plain bytes do not move, so no copy of them is left behind.
    let mut sealed = Vec::with_capacity(plain.len().saturating_add(CHACHA20_POLY1305.tag_len()));
    sealed.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let done = cipher(key)?.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed);
    if done.is_err() {
        sealed.zeroize();
        return Err(IMPOSSIBLE);
    }
    Ok(sealed)
}

/// `None` if this is not the key.
fn open(
    key: &[u8; 32],
    nonce: [u8; 12],
    sealed: &[u8],
) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let mut bytes = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(nonce);
    let opened = cipher(key)?.open_in_place(nonce, Aad::empty(), &mut bytes);
    let Ok(length) = opened.map(|plain| plain.len()) else {
        return Ok(None);
    };
    bytes.truncate(length);
    Ok(Some(bytes))
}

/// The key that wraps the key of the file.
fn wrapping_key(shared: &[u8; 32], share: &[u8; 32], to: &Recipient) -> Zeroizing<[u8; 32]> {
    let salt = [share.as_slice(), &to.0].concat();
    let label = format!("{VERSION}/X25519");
    Zeroizing::new(derive(shared, &salt, &[label.as_bytes()]))
}

fn payload_key(file_key: &[u8], nonce: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(derive(file_key, nonce, &[b"payload"]))
}

fn header_key(file_key: &[u8]) -> hmac::Key {
    let key = Zeroizing::new(derive(file_key, &[], &[b"header"]));
    hmac::Key::new(hmac::HMAC_SHA256, key.as_slice())
}

/// The header up to where its code begins. It has one form only, so whoever reads it can write it
/// again to check the code.
fn header(share: &[u8; 32], wrapped: &[u8; 32]) -> String {
    let (share, wrapped) = (BASE64_NOPAD.encode(share), BASE64_NOPAD.encode(wrapped));
    format!("{VERSION}\n{STANZA}{share}\n{wrapped}\n---")
}

/// An age file in armour, with line ends of one byte.
///
/// # Errors
/// There are no random bytes, or `plain` is longer than 64 KiB.
pub(crate) fn encrypt(to: &Recipient, plain: &[u8]) -> Result<String, KeyError> {
    if plain.len() > CHUNK {
        return Err(IMPOSSIBLE);
    }
    let file_key = Zeroizing::new(random::bytes::<16>()?);
    let secret = Zeroizing::new(random::bytes::<32>()?);
    let nonce = random::bytes::<NONCE>()?;

    let share = public(&secret);
    let shared = agree(&secret, &to.0).ok_or(IMPOSSIBLE)?;
    let wrapped = seal(
        &wrapping_key(&shared, &share, to),
        [0; 12],
        file_key.as_slice(),
    )?;
    let wrapped = <[u8; 32]>::try_from(wrapped).map_err(|_| IMPOSSIBLE)?;

    let header = header(&share, &wrapped);
    let code = hmac::sign(&header_key(file_key.as_slice()), header.as_bytes());
    let key = payload_key(file_key.as_slice(), &nonce);
    let sealed = seal(&key, FIRST_AND_LAST, plain)?;

    let mut file = format!("{header} {}\n", BASE64_NOPAD.encode(code.as_ref())).into_bytes();
    file.extend_from_slice(&nonce);
    file.extend_from_slice(&sealed);
    Ok(armour(&file))
}

/// The plain bytes; `None` if the file is for somebody else.
///
/// # Errors
/// It is not a whole age file for one X25519 recipient, or was altered.
pub(crate) fn decrypt(
    armoured: &str,
    identity: &Identity,
) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let bytes = unarmour(armoured).ok_or(BROKEN)?;
    let file = File::parse(&bytes).ok_or(BROKEN)?;
    let shared = agree(&identity.0, &file.share).ok_or(BROKEN)?;
    let key = wrapping_key(&shared, &file.share, &identity.recipient());
    let Some(file_key) = open(&key, [0; 12], &file.wrapped)? else {
        return Ok(None);
    };
    let signed = header(&file.share, &file.wrapped);
    hmac::verify(&header_key(&file_key), signed.as_bytes(), &file.code).map_err(|_| BROKEN)?;
    let key = payload_key(&file_key, file.nonce);
    let plain = open(&key, FIRST_AND_LAST, file.sealed)?.ok_or(BROKEN)?;
    Ok(Some(plain))
}

/// The parts of a file before armour.
struct File<'a> {
    share: [u8; 32],
    /// The key of the file: 16 bytes and their tag.
    wrapped: [u8; 32],
    code: [u8; 32],
    nonce: &'a [u8],
    sealed: &'a [u8],
}

impl<'a> File<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (version, rest) = line(bytes)?;
        let (stanza, rest) = line(rest)?;
        let (wrapped, rest) = line(rest)?;
        let (end, payload) = line(rest)?;
        let (nonce, sealed) = payload.split_at_checked(NONCE)?;
        (version == VERSION).then_some(Self {
            share: unbase64(stanza.strip_prefix(STANZA)?)?,
            wrapped: unbase64(wrapped)?,
            code: unbase64(end.strip_prefix("--- ")?)?,
            nonce,
            sealed,
        })
    }
}

fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    Some((str::from_utf8(line).ok()?, rest.get(1..)?))
}

fn unbase64(text: &str) -> Option<[u8; 32]> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

fn armour(bytes: &[u8]) -> String {
    let letters = BASE64.encode(bytes);
    let mut text = String::with_capacity(letters.len().saturating_mul(2).saturating_add(100));
    text.push_str(BEGIN);
    for (at, letter) in letters.chars().enumerate() {
        if at % ARMOUR_COLUMNS == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text.push('\n');
    text.push_str(END);
    text.push('\n');
    text
}

fn unarmour(text: &str) -> Option<Vec<u8>> {
    let body = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let letters: String = body.lines().map(str::trim_end).collect();
    BASE64.decode(letters.as_bytes()).ok()
}
