//! What it costs to take originals in. `cargo bench -p evidence`.

use std::io::Read;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use evidence::{CaseFolder, Vault, walk};
use sealing::{Cost, KeyFile, Passphrase};

fn main() {
    divan::main();
}

const DAY: &str = "2026-11-25T10:00:00Z";

fn vault(plain: bool) -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().expect("a folder");
    let (file, keys) = if plain {
        KeyFile::create_plain(DAY)
    } else {
        let passphrase = Passphrase::new("bench").expect("a passphrase");
        KeyFile::create(&passphrase, Cost::FOR_TESTS, "", DAY)
    }
    .expect("keys");
    let case = CaseFolder::create(&dir.path().join("case"), &file, DAY).expect("a case");
    (dir, Vault::open(&case, &keys))
}

/// 256 MiB in one original; hashing, sealing and writing, without waiting for the disk.
#[divan::bench(args = [false, true], sample_count = 8, sample_size = 1)]
fn one_large(bencher: Bencher<'_, '_>, plain: bool) {
    let mut bytes = vec![7_u8; 256 << 20];
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| vault(plain))
        .bench_local_refs(|(_, vault)| {
            bytes[0] = bytes[0].wrapping_add(1);
            vault.take(&mut &*bytes).expect("taken")
        });
}

const MANY: u64 = 2_000;

fn take_many(vault: &Vault, sync_every: u64) {
    for number in 0..MANY {
        let mut bytes = vec![7; 8 << 10];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        vault.take(&mut &*bytes).expect("taken");
        if (number + 1).is_multiple_of(sync_every) {
            vault.sync().expect("durable");
        }
    }
}

/// 2,000 originals of 8 KiB, made durable after so many each: 4 is a call for each file, more is
/// one call for all.
#[divan::bench(args = [4, 100, 2_000, u64::MAX], sample_count = 3, sample_size = 1)]
fn many_small_durable_each(bencher: Bencher<'_, '_>, sync_every: u64) {
    bencher
        .counter(ItemsCount::new(MANY))
        .with_inputs(|| vault(false))
        .bench_local_refs(|(_, vault)| take_many(vault, sync_every));
}

/// The same again: all are known.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn many_small_known(bencher: Bencher<'_, '_>) {
    let (_dir, vault) = vault(false);
    take_many(&vault, u64::MAX);
    bencher
        .counter(ItemsCount::new(MANY))
        .bench_local(|| take_many(&vault, u64::MAX));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_one_large(bencher: Bencher<'_, '_>) {
    let (_dir, vault) = vault(false);
    let taken = vault
        .take(&mut std::io::repeat(7).take(256 << 20))
        .expect("taken");
    bencher
        .counter(BytesCount::new(taken.bytes))
        .bench_local(|| {
            let mut reader = vault.read(&taken.sha256).expect("opened");
            std::io::copy(&mut reader, &mut std::io::sink()).expect("whole")
        });
}

const WALKED: u64 = 20_000;

#[divan::bench(sample_count = 5, sample_size = 1)]
fn walk_many(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().expect("a folder");
    for number in 0..WALKED {
        std::fs::write(dir.path().join(number.to_string()), "x").expect("written");
    }
    bencher
        .counter(ItemsCount::new(WALKED))
        .bench_local(|| walk(dir.path(), None).expect("a folder").count());
}
