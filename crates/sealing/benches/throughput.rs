//! Bytes a second on one core: hashing, sealing, opening. `cargo bench -p sealing`.

use std::io::{Cursor, Read, Write, sink};

use divan::Bencher;
use divan::counter::BytesCount;
use sealing::{Cipher, Hasher, Keys, Purpose, StreamKey};

const LEN: usize = 64 << 20;

fn main() {
    divan::main();
}

fn key(cipher: Cipher) -> StreamKey {
    Keys::from_bytes(&[&[if cipher == Cipher::Plain { 2 } else { 1 }][..], &[7; 32]].concat())
        .expect("33 bytes")
        .stream(Purpose::Blob)
}

const CIPHERS: [&str; 2] = ["aes-256-gcm", "plain"];

fn cipher(name: &str) -> Cipher {
    if name == "plain" {
        Cipher::Plain
    } else {
        Cipher::Aes256Gcm
    }
}

#[divan::bench]
fn sha256_and_blake3(bencher: Bencher<'_, '_>) {
    let bytes = vec![7; LEN];
    bencher.counter(BytesCount::new(LEN)).bench_local(|| {
        let mut hasher = Hasher::new();
        bytes
            .chunks(64 << 10)
            .for_each(|piece| hasher.update(piece));
        hasher.finish()
    });
}

#[divan::bench]
fn sha256_alone(bencher: Bencher<'_, '_>) {
    let bytes = vec![7; LEN];
    bencher
        .counter(BytesCount::new(LEN))
        .bench_local(|| sealing::sha256(&bytes));
}

#[divan::bench]
fn blake3_alone(bencher: Bencher<'_, '_>) {
    let bytes = vec![7; LEN];
    bencher
        .counter(BytesCount::new(LEN))
        .bench_local(|| sealing::blake3(&bytes));
}

#[divan::bench(args = CIPHERS)]
fn seal(bencher: Bencher<'_, '_>, name: &str) {
    let (key, bytes) = (key(cipher(name)), vec![7; LEN]);
    bencher.counter(BytesCount::new(LEN)).bench_local(|| {
        let mut writer = key.writer(sink()).expect("random bytes");
        bytes
            .chunks(64 << 10)
            .for_each(|piece| writer.write_all(piece).expect("sealed"));
        writer.finish().expect("sealed");
    });
}

#[divan::bench(args = CIPHERS)]
fn open(bencher: Bencher<'_, '_>, name: &str) {
    let key = key(cipher(name));
    let sealed = key.seal(&vec![7; LEN]).expect("sealed");
    let mut piece = vec![0; 64 << 10];
    bencher.counter(BytesCount::new(LEN)).bench_local(|| {
        let mut reader = key.reader(Cursor::new(&sealed)).expect("opened");
        while reader.read(&mut piece).expect("whole") > 0 {}
    });
}

/// Many small files: what each costs beside its bytes.
#[divan::bench]
fn seal_and_open_1_kib(bencher: Bencher<'_, '_>) {
    let (key, bytes) = (key(Cipher::Aes256Gcm), vec![7; 1 << 10]);
    bencher.bench_local(|| key.open(&key.seal(&bytes).expect("sealed")));
}
