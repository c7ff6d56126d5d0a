use std::io::Write;
use std::process::{Command, Stdio};

use bech32::{Bech32, Hrp};
use proptest::prelude::*;

use crate::*;

const DAY: &str = "2026-11-25T10:00:00Z";
/// Made by `age-keygen` for these tests; they protect nothing.
const IDENTITY: &str = "AGE-SECRET-KEY-1NLPGS2548WWL7TMJ2S3526PGKHXGNVTM3Y344ED77H6NQY4Z2A8SM3QC2P";
const RECIPIENT: &str = "age195u553h40wfqz7240rgjlm5u8j5g3q5rg4g6kz7ayg2fn3denegqu50g38";
const OTHER_IDENTITY: &str =
    "AGE-SECRET-KEY-1SA8QS67WMQGR85TH7CTREE8SMTAD90LNR62JVUK60G282AZJ3SWSQ7QFET";

fn identities(text: &str) -> Vec<Identity> {
    Identity::parse_file(text).unwrap()
}

fn recipient() -> Recipient {
    Recipient::parse(RECIPIENT).unwrap()
}

/// A case that a passphrase and the recipient open.
fn case() -> (KeyFile, Keys) {
    let passphrase = Passphrase::new("두만강").unwrap();
    let (mut file, keys) = KeyFile::create(&passphrase, Cost::FOR_TESTS, "mine", DAY).unwrap();
    file.add_recipient(&keys, &recipient(), "desk", DAY)
        .unwrap();
    (file, keys)
}

/// The age file in the key file.
fn age_file(file: &KeyFile) -> String {
    let file: serde_json::Value = serde_json::from_str(&file.to_text()).unwrap();
    let slots = file["slots"].as_array().unwrap();
    let slot = slots
        .iter()
        .find(|slot| slot["lock"]["kind"] == "recipient");
    slot.unwrap()["lock"]["age"].as_str().unwrap().to_owned()
}

/// The program `age`, which is not ours; `None`, loudly, where it is not installed.
fn program(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let started = Command::new("age")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        eprintln!("SKIPPED: `age` is not installed, so nothing is shown about it");
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "age {arguments:?}");
    Some(output.stdout)
}

#[test]
fn a_recipient_opens_the_case() {
    let (file, keys) = case();
    let file = KeyFile::parse(&file.to_text()).unwrap();
    let several =
        format!("# created: today\n# public key: {RECIPIENT}\n\n{OTHER_IDENTITY}\r\n{IDENTITY}\n");
    for text in [IDENTITY, several.as_str()] {
        let opened = file.open_with_identities(&identities(text)).unwrap();
        assert_eq!(opened.to_bytes(), keys.to_bytes());
    }
    let wrong = file.open_with_identities(&identities(OTHER_IDENTITY));
    assert!(matches!(wrong, Err(KeyError::WrongIdentity)));

    let slot = &file.slots()[1];
    assert_eq!(
        (slot.kind, slot.label.as_str()),
        (SlotKind::Recipient, "desk")
    );
    assert_eq!(file.recipient_of(&keys, &slot.id), Some(recipient()));
    assert_eq!(file.recipient_of(&keys, &file.slots()[0].id), None);
    assert_eq!(file.slots_of(&identities(IDENTITY)), [slot.id.as_str()]);
    assert!(file.slots_of(&identities(OTHER_IDENTITY)).is_empty());
    let (_, strange_keys) = case();
    assert_eq!(file.recipient_of(&strange_keys, &slot.id), None);
}

#[test]
fn recipients_are_added_once_and_removed() {
    let (mut file, keys) = case();
    let again = file.add_recipient(&keys, &recipient(), "again", DAY);
    assert!(matches!(again, Err(KeyError::KnownRecipient)));
    let slots = file.slots();
    file.remove(&keys, &slots[0].id).unwrap();
    assert!(matches!(
        file.remove(&keys, &slots[1].id),
        Err(KeyError::LastSlot)
    ));
    let code = file.add_recovery_code(&keys, "drawer", DAY).unwrap();
    file.remove(&keys, &slots[1].id).unwrap();
    let closed = file.open_with_identities(&identities(IDENTITY));
    assert!(matches!(closed, Err(KeyError::NoRecipient)));
    assert!(file.open_with_recovery_code(&code).is_ok());

    let (plain, plain_keys) = KeyFile::create_plain(DAY).unwrap();
    let mut plain = plain;
    let added = plain.add_recipient(&plain_keys, &recipient(), "", DAY);
    assert!(matches!(added, Err(KeyError::PlainCase)));
}

#[test]
fn a_case_may_have_recipients_alone() {
    let (mut file, keys) = KeyFile::begin().unwrap();
    file.add_recipient(&keys, &recipient(), "", DAY).unwrap();
    let file = KeyFile::parse(&file.to_text()).unwrap();
    let opened = file.open_with_identities(&identities(IDENTITY)).unwrap();
    assert_eq!(opened.to_bytes(), keys.to_bytes());
}

/// Whoever takes the key file and has a list of public keys cannot tell whose opens it.
#[test]
fn a_key_file_does_not_tell_its_recipients() {
    let (file, keys) = case();
    let text = file.to_text();
    let public = recipient();
    let letters = RECIPIENT.trim_start_matches("age1");
    let forms = [
        letters.to_owned(),
        data_encoding::HEXLOWER.encode(&public.0),
        data_encoding::BASE64_NOPAD.encode(&public.0),
        blake3(&public.0).to_string(),
        sha256(&public.0).to_string(),
        data_encoding::HEXLOWER.encode(keys.vault().bytes()),
    ];
    for form in forms {
        assert!(!text.contains(&form), "{form}");
    }
    // Nor does the same recipient look the same in two cases.
    let (other, _) = case();
    let lines = |file: &KeyFile| -> Vec<String> {
        let text = file.to_text();
        let long = text.lines().filter(|line| line.len() > 60);
        long.map(str::to_owned).collect()
    };
    let mine = lines(&file);
    assert!(mine.len() >= 3 && lines(&other).iter().all(|line| !mine.contains(line)));
}

#[test]
fn the_slot_is_a_file_of_the_age_program() {
    let (file, keys) = case();
    let folder = std::env::temp_dir().join(format!("tumen-age-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let identity = folder.join("identity");
    std::fs::write(&identity, IDENTITY).unwrap();
    let identity = identity.to_str().unwrap();

    if let Some(plain) = program(&["--decrypt", "-i", identity], age_file(&file).as_bytes()) {
        let plain = String::from_utf8(plain).unwrap();
        let key = data_encoding::HEXLOWER.encode(keys.vault().bytes());
        assert!(plain.ends_with(&format!("\n{key}\n")), "{plain}");
    }
    for plain in [&b""[..], b"one line\n", &[7; 5000]] {
        let Some(sealed) = program(&["--armor", "-r", RECIPIENT], plain) else {
            break;
        };
        let sealed = String::from_utf8(sealed).unwrap();
        let opened = crate::age::decrypt(&sealed, &identities(IDENTITY)[0]).unwrap();
        assert_eq!(opened.unwrap().as_slice(), plain);
        let other = crate::age::decrypt(&sealed, &identities(OTHER_IDENTITY)[0]).unwrap();
        assert!(other.is_none());
        // And ours of any length.
        let ours = crate::age::encrypt(&recipient(), plain).unwrap();
        let theirs = program(&["--decrypt", "-i", identity], ours.as_bytes());
        assert_eq!(theirs.as_deref(), Some(plain));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn every_flipped_bit_of_a_slot_is_found() {
    let (file, _) = case();
    let text = file.to_text();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let read = str::from_utf8(&bytes).map(KeyFile::parse);
            assert!(!matches!(read, Ok(Ok(_))), "byte {at} bit {bit}");
        }
    }
}

/// Someone who alters a slot and sets the check sum right still gets nowhere.
#[test]
fn an_altered_slot_does_not_open() {
    let (file, keys) = case();
    let id = file.slots()[1].id.clone();
    let mine = identities(IDENTITY);
    let altered = |from: &str, to: &str| {
        let text = file.to_text().replace(from, to);
        let file = KeyFile::parse_damaged(&text).unwrap();
        file.open_with_identities(&mine).unwrap_err()
    };
    assert!(matches!(altered("desk", "disk"), KeyError::Altered));
    let other = if id == "00000000" {
        "11111111"
    } else {
        "00000000"
    };
    assert!(matches!(altered(&id, other), KeyError::Damaged(_)));
    assert!(matches!(
        altered("aes-256-gcm", "plain"),
        KeyError::PlainCase
    ));

    let sealed = age_file(&file);
    let inner = sealed.replace('\n', "\\n");
    for (at, letter) in sealed.char_indices().filter(|(at, _)| *at > 36) {
        let mut changed: Vec<char> = sealed.chars().collect();
        changed[at] = if letter == 'A' { 'B' } else { 'A' };
        let changed: String = changed.into_iter().collect();
        altered(&inner, &changed.replace('\n', "\\n"));
    }

    // A slot of another case, which the same recipient opens, does not open this one.
    let (stranger, strange_keys) = case();
    let text = file
        .to_text()
        .replace(&inner, &age_file(&stranger).replace('\n', "\\n"));
    let exchanged = KeyFile::parse_damaged(&text).unwrap();
    assert!(exchanged.open_with_identities(&mine).is_err());
    assert_ne!(keys.to_bytes(), strange_keys.to_bytes());

    // What still fits is mended.
    let text = file.to_text().replace("desk", "disk");
    let mut mended = KeyFile::parse_damaged(&text).unwrap();
    mended.mend(Secret::Identities(&mine)).unwrap();
    assert_eq!(mended.slots().len(), 1);
    assert!(mended.open_with_identities(&mine).is_ok());
}

#[test]
fn recipients_are_read_with_care() {
    let check = |typed: &str, expect: Result<(), RecipientError>| {
        assert_eq!(Recipient::parse(typed).map(drop), expect, "{typed}");
    };
    check(RECIPIENT, Ok(()));
    check(&format!(" {RECIPIENT}\n"), Ok(()));
    check(&RECIPIENT.to_uppercase(), Ok(()));
    check(IDENTITY, Err(RecipientError::Identity));
    check(&IDENTITY.to_lowercase(), Err(RecipientError::Identity));
    check("", Err(RecipientError::OtherKind));
    check("age", Err(RecipientError::OtherKind));
    check(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
        Err(RecipientError::OtherKind),
    );
    check(
        "age1yubikey1qwt50d05nh5vutpdzm",
        Err(RecipientError::OtherKind),
    );
    check("나이", Err(RecipientError::OtherKind));
    check("age1", Err(RecipientError::Mistyped));
    check("age1나이", Err(RecipientError::Mistyped));
    check(&RECIPIENT[..40], Err(RecipientError::Mistyped));
    check(&format!("{RECIPIENT}q"), Err(RecipientError::Mistyped));
    for at in 4..RECIPIENT.len() {
        let mut letters = RECIPIENT.as_bytes().to_vec();
        letters[at] = if letters[at] == b'q' { b'p' } else { b'q' };
        let typed = String::from_utf8(letters).unwrap();
        check(&typed, Err(RecipientError::Mistyped));
    }
    for weak in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let typed = bech32::encode::<Bech32>(Hrp::parse("age").unwrap(), &weak).unwrap();
        check(&typed, Err(RecipientError::Weak));
    }
    assert_eq!(recipient().to_string(), RECIPIENT);
    assert_eq!(identities(IDENTITY)[0].recipient(), recipient());
    assert!(!format!("{:?}", identities(IDENTITY)).contains("AGE"));
}

#[test]
fn identity_files_are_read_with_care() {
    use IdentityError as E;
    let check = |text: &str, expect: E| {
        assert_eq!(Identity::parse_file(text).map(drop), Err(expect), "{text}");
    };
    check("", E::Empty);
    check("# created\n\n", E::Empty);
    check(
        "age-encryption.org/v1\n-> scrypt bBjlhJVYZeE4aqUdmtRHfw 18\n\u{fffd}",
        E::Encrypted,
    );
    check("\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", E::Encrypted);
    check(&format!("\n{RECIPIENT}"), E::Recipient(2));
    check("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", E::OtherKind(1));
    check("AGE-PLUGIN-YUBIKEY-1QQPQZRFR7ZZ2WCV", E::OtherKind(1));
    check("AGE-SECRET-KEY-PQ-1QQPQZRFR7ZZ2WCV", E::OtherKind(1));
    check(&format!("{IDENTITY}\nhello"), E::NoIdentity(2));
    check(&IDENTITY[..70], E::Mistyped(1));
    check(&format!("{IDENTITY}\n").repeat(65), E::TooMany);
    let marked = format!("\u{feff}{IDENTITY}");
    assert_eq!(identities(&marked).len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_wrong_identity_never_opens(secret: [u8; 32], to: [u8; 32]) {
        let text = |bytes: &[u8]| {
            bech32::encode_upper::<Bech32>(Hrp::parse("age-secret-key-").unwrap(), bytes).unwrap()
        };
        let (right, wrong) = (identities(&text(&to)), identities(&text(&secret)));
        let (mut file, keys) = KeyFile::begin().unwrap();
        file.add_recipient(&keys, &right[0].recipient(), "", DAY).unwrap();
        prop_assert!(file.open_with_identities(&right).is_ok());
        // Two secrets that differ only in the bits that X25519 passes over are the same.
        if right[0].recipient() != wrong[0].recipient() {
            prop_assert!(matches!(
                file.open_with_identities(&wrong),
                Err(KeyError::WrongIdentity)
            ));
        }
    }

    #[test]
    fn any_text_is_read_without_a_crash(text: String, cut in 0_usize..75) {
        let _ = (Recipient::parse(&text), Identity::parse_file(&text));
        for known in [RECIPIENT, IDENTITY] {
            let begin = known.get(..cut).unwrap_or(known);
            let _ = Recipient::parse(&format!("{begin}{text}"));
            let _ = Identity::parse_file(&format!("{begin}{text}"));
        }
        let _ = crate::age::decrypt(&text, &identities(IDENTITY)[0]);
    }

    #[test]
    fn any_age_file_is_read_without_a_crash(bytes: Vec<u8>, at in 0_usize..400) {
        let whole = crate::age::encrypt(&recipient(), b"words").unwrap();
        let body: String = whole.lines().filter(|line| !line.starts_with('-')).collect();
        let mut file = data_encoding::BASE64.decode(body.as_bytes()).unwrap();
        let at = at.min(file.len());
        file.splice(at.., bytes);
        let armoured = format!(
            "-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n",
            data_encoding::BASE64.encode(&file)
        );
        let opened = crate::age::decrypt(&armoured, &identities(IDENTITY)[0]);
        prop_assert!(!matches!(opened, Ok(Some(plain)) if plain.as_slice() != b"words"));
    }
}
