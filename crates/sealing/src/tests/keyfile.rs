use crate::*;

const DAY: &str = "2026-11-25T10:00:00Z";

fn passphrase(typed: &str) -> Passphrase {
    Passphrase::new(typed).unwrap()
}

fn case() -> (KeyFile, Keys) {
    KeyFile::create(
        &passphrase("두만강 건너 1997"),
        Cost::FOR_TESTS,
        "mine",
        DAY,
    )
    .unwrap()
}

fn same(left: &Keys, right: &Keys) -> bool {
    left.to_bytes() == right.to_bytes()
}

#[test]
fn every_slot_opens_the_same_case() {
    let (mut file, keys) = case();
    let second = file
        .add_passphrase(
            &keys,
            &passphrase("second"),
            Cost::FOR_TESTS,
            "colleague",
            DAY,
        )
        .unwrap();
    let code = file.add_recovery_code(&keys, "drawer", DAY).unwrap();
    let file = KeyFile::parse(&file.to_text()).unwrap();
    assert!(same(
        &file
            .open_with_passphrase(&passphrase("두만강 건너 1997"))
            .unwrap(),
        &keys
    ));
    assert!(same(
        &file.open_with_passphrase(&passphrase("second")).unwrap(),
        &keys
    ));
    let typed = RecoveryCode::parse(&code.printed().to_lowercase()).unwrap();
    assert!(same(&file.open_with_recovery_code(&typed).unwrap(), &keys));
    let wrong = file.open_with_passphrase(&passphrase("third"));
    assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
    let other = case().0.add_recovery_code(&keys, "", DAY);
    assert!(matches!(other, Err(KeyError::OtherCase)));
    let (mut stranger, strange_keys) = case();
    let strange = stranger.add_recovery_code(&strange_keys, "", DAY).unwrap();
    assert!(matches!(
        file.open_with_recovery_code(&strange),
        Err(KeyError::WrongRecoveryCode)
    ));
    assert!(matches!(file.open_plain(), Err(KeyError::NeedsSecret)));
    assert_eq!(file.slot_of(&passphrase("second")).unwrap(), second);
    let kinds: Vec<_> = file.slots().into_iter().map(|slot| slot.kind).collect();
    assert_eq!(
        kinds,
        [
            SlotKind::Passphrase,
            SlotKind::Passphrase,
            SlotKind::RecoveryCode
        ]
    );
    let text = file.to_text();
    let secret = data_encoding::HEXLOWER.encode(keys.vault().bytes());
    assert!(!text.contains(&secret) && !text.contains("second"));
}

#[test]
fn passphrases_change_and_go() {
    let (mut file, keys) = case();
    let id = file.slots()[0].id.clone();
    assert!(matches!(file.remove(&keys, &id), Err(KeyError::LastSlot)));
    file.change_passphrase(&keys, &id, &passphrase("new"), Cost::FOR_TESTS, DAY)
        .unwrap();
    assert!(
        file.open_with_passphrase(&passphrase("두만강 건너 1997"))
            .is_err()
    );
    assert!(same(
        &file.open_with_passphrase(&passphrase("new")).unwrap(),
        &keys
    ));
    file.add_recovery_code(&keys, "", DAY).unwrap();
    file.remove(&keys, &id).unwrap();
    let file = KeyFile::parse(&file.to_text()).unwrap();
    assert!(matches!(
        file.open_with_passphrase(&passphrase("new")),
        Err(KeyError::WrongPassphrase)
    ));
    let mut file = file;
    assert!(matches!(
        file.remove(&keys, "nothing"),
        Err(KeyError::NoSuchSlot(_))
    ));
    assert!(matches!(
        file.change_passphrase(
            &keys,
            &file.slots()[0].id,
            &passphrase("x"),
            Cost::FOR_TESTS,
            DAY
        ),
        Err(KeyError::NoSuchSlot(_))
    ));
}

#[test]
fn the_same_passphrase_from_any_input_method() {
    let (file, keys) =
        KeyFile::create(&passphrase("한국 abc１2"), Cost::FOR_TESTS, "", DAY).unwrap();
    for typed in [
        "한국 abc12",
        "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8} ａｂｃ12",
    ] {
        assert!(
            same(
                &file.open_with_passphrase(&passphrase(typed)).unwrap(),
                &keys
            ),
            "{typed}"
        );
    }
    let from_file = Passphrase::from_file_bytes("\u{feff}한국 abc12\r\n".as_bytes()).unwrap();
    assert!(file.open_with_passphrase(&from_file).is_ok());
    assert!(matches!(
        Passphrase::from_file_bytes(b"\n"),
        Err(KeyError::EmptyPassphrase)
    ));
    assert!(matches!(
        Passphrase::from_file_bytes(b"\xff"),
        Err(KeyError::PassphraseNotText)
    ));
}

#[test]
fn a_plain_case_opens_without_secret() {
    let (file, keys) = KeyFile::create_plain(DAY).unwrap();
    let mut file = KeyFile::parse(&file.to_text()).unwrap();
    assert!(same(&file.open_plain().unwrap(), &keys));
    assert!(matches!(
        file.open_with_passphrase(&passphrase("x")),
        Err(KeyError::PlainCase)
    ));
    let added = file.add_passphrase(&keys, &passphrase("x"), Cost::FOR_TESTS, "", DAY);
    assert!(matches!(added, Err(KeyError::PlainCase)));
}

#[test]
fn every_flipped_bit_is_found() {
    let (mut file, keys) = case();
    file.add_recovery_code(&keys, "서랍", DAY).unwrap();
    for text in [
        file.to_text(),
        KeyFile::create_plain(DAY).unwrap().0.to_text(),
    ] {
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let read = str::from_utf8(&bytes).map(KeyFile::parse);
                assert!(!matches!(read, Ok(Ok(_))), "byte {at} bit {bit}");
            }
        }
        for cut in 0..text.len() {
            assert!(
                text.get(..cut)
                    .is_none_or(|text| KeyFile::parse(text).is_err())
            );
        }
    }
}

#[test]
fn an_alteration_with_a_right_check_sum_is_found_and_mended() {
    let (mut file, keys) = case();
    let code = file.add_recovery_code(&keys, "drawer", DAY).unwrap();
    let text = file.to_text().replace("drawer", "pocket");
    assert!(matches!(KeyFile::parse(&text), Err(KeyError::Damaged(_))));
    let mut altered = KeyFile::parse_damaged(&text).unwrap();
    let opened = altered.open_with_passphrase(&passphrase("두만강 건너 1997"));
    assert!(matches!(opened, Err(KeyError::Altered)));
    assert!(matches!(
        altered.open_with_recovery_code(&code),
        Err(KeyError::Altered)
    ));
    let mended = altered.mend(Secret::RecoveryCode(&code)).unwrap();
    assert!(same(&mended, &keys));
    assert_eq!(altered.slots().len(), 1);
    let file = KeyFile::parse(&altered.to_text()).unwrap();
    assert!(same(&file.open_with_recovery_code(&code).unwrap(), &keys));
    // A slot does not open under another cipher: nobody can make a case seal in the clear.
    let text = file.to_text().replace("aes-256-gcm", "plain");
    let plain = KeyFile::parse_damaged(&text).unwrap();
    assert!(matches!(
        plain.open_with_recovery_code(&code),
        Err(KeyError::PlainCase)
    ));
    assert!(plain.open_plain().is_err());
}

#[test]
fn an_absurd_cost_is_refused() {
    let text = case()
        .0
        .to_text()
        .replace("\"memory_kib\": 8,", "\"memory_kib\": 4294967295,");
    let file = KeyFile::parse_damaged(&text).unwrap();
    assert!(matches!(
        file.open_with_passphrase(&passphrase("두만강 건너 1997")),
        Err(KeyError::Damaged(_))
    ));
}

#[test]
fn the_cost_follows_the_machine() {
    use std::time::Duration;
    let check = |step: u64, expect: (u32, u32)| {
        let now = std::cell::Cell::new(0);
        let clock = || {
            now.set(now.get() + step);
            Duration::from_millis(now.get())
        };
        let cost = Cost::calibrated(Duration::from_secs(1), clock).unwrap();
        assert_eq!((cost.memory_mib(), cost.passes()), expect, "{step} ms");
    };
    check(900, (64, 3));
    check(300, (128, 10));
    check(100, (128, 30));
}
