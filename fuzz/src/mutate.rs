//! Changes to bytes, by chance: of bits and runs, and of what is packed inside.

use std::io::{Cursor, Read, Write};

/// SplitMix64 (Steele, Lea, Flood 2014): the same number gives the same changes.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`; 0 for 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What formats trip over.
const TOKENS: &[&[u8]] = &[
    b"\0", b"\xff", b"\r\n", b"\n\n", b"--b", b"</", b"<![CDATA[", b"&#x110000;", b"&#0;", b"&amp;", b"<table>", b"<svg>",
    b"=?utf-8?B?", b"=?gb2312?Q?=", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"\\bin99999999 ", b"\\u-1?", b"{\\*", b"{{{{{{{{", b"}}}}}}}}", b"\\'", b"obj", b"endobj", b"stream\n", b"endstream",
    b"<<", b">>", b"[[[[[[[[", b"/Length 99999999999", b"/Kids [1 0 R]", b"/Parent 1 0 R", b"/Filter /FlateDecode", b"1 0 R",
    b"BT", b"Tj", b"/W [0 [", b"-1", b"4294967295", b"18446744073709551615", b"9223372036854775807", b"1e400", b"NaN", b"0",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbf\xbe", b"\xe2\x80\xae", b"\x1b$B", b"~{", b"+AAA-", b"\xef\xbb\xbf", b"\xff\xfe",
    b"PK\x03\x04", b"PK\x01\x02", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"AND", b"\"", b"~", b"*", b"(", b")", b"..", b"published:",
    b"<w:tbl><w:tr><w:tc>", b"r=\"XFD1048576\"", b"r=\"A99999999999\"", b"table:number-columns-repeated=\"2000000000\"",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>", b"xmlns:a=\"b\"",
];
const NUMBERS: &[u64] = &[
    0, 1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 511, 512, 4095, 4096, 32767, 32768, 65535, 65536,
    0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
];

/// No mutation grows beyond this.
const MOST: usize = 4 << 20;

fn range(chance: &mut Chance, len: usize, most: usize) -> std::ops::Range<usize> {
    let start = chance.below(len);
    let count = 1 + chance.below(most.min(len.saturating_sub(start)));
    start..(start + count).min(len)
}

/// One to a dozen changes, each small. `other` is another file of the kind, to cross with.
pub fn bytes(chance: &mut Chance, bytes: &mut Vec<u8>, other: &[u8]) {
    let changes = 1 << chance.below(5);
    for _ in 0..changes {
        let len = bytes.len();
        // Heads matter more than their length says.
        let at = if chance.below(3) == 0 { chance.below(len.min(600)) } else { chance.below(len) };
        match chance.below(15) {
            0..=2 if len > 0 => bytes[at] ^= 1 << chance.below(8),
            3 if len > 0 => bytes[at] = chance.next() as u8,
            4 | 5 => {
                let number = *chance.pick(NUMBERS);
                let width = *chance.pick(&[1, 2, 4, 8]);
                let all = if chance.below(4) == 0 { number.to_be_bytes() } else { number.to_le_bytes() };
                let number = if chance.below(4) == 0 { &all[8 - width..] } else { &all[..width] };
                if at + width <= len {
                    bytes[at..at + width].copy_from_slice(number);
                }
            }
            6 if len > 0 => bytes[at] = bytes[at].wrapping_add(if chance.below(2) == 0 { 1 } else { 255 }),
            7 if len > 0 => drop(bytes.drain(range(chance, len, 64))),
            8 if len > 0 => drop(bytes.drain(range(chance, len, len))),
            9 if len > 0 => {
                let copied = bytes[range(chance, len, 4096)].to_vec();
                let most = if chance.below(30) == 0 { 12 } else { 4 };
                for _ in 0..1 << chance.below(most) {
                    if bytes.len() + copied.len() < MOST {
                        bytes.splice(at..at, copied.iter().copied());
                    }
                }
            }
            10 => drop(bytes.splice(at..at, chance.pick(TOKENS).iter().copied())),
            11 => {
                let token = *chance.pick(TOKENS);
                if at + token.len() <= len {
                    bytes[at..at + token.len()].copy_from_slice(token);
                }
            }
            12 if !other.is_empty() => {
                let from = other[range(chance, other.len(), 8192)].to_vec();
                let over = if chance.below(2) == 0 { at..at } else { at..(at + from.len()).min(len) };
                if len + from.len() < MOST {
                    bytes.splice(over, from);
                }
            }
            13 => number_in_text(chance, bytes),
            14 if chance.below(4) == 0 => bytes.truncate(at),
            _ => {}
        }
    }
}

/// Another number in the place of one that is written in digits.
fn number_in_text(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = chance.below(bytes.len());
    let Some(start) = bytes[from..].iter().take(4096).position(u8::is_ascii_digit).map(|at| from + at) else {
        return;
    };
    let end = bytes[start..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |at| start + at);
    let number = chance.pick(NUMBERS).to_string();
    bytes.splice(start..end, number.into_bytes());
}

/// A change that suits the form of the file: inside of what is packed, two times in three.
pub fn file(chance: &mut Chance, seed: &[u8], other: &[u8]) -> Vec<u8> {
    if chance.below(3) > 0 {
        let inside = if seed.starts_with(b"PK\x03\x04") {
            zip(chance, seed, other)
        } else if seed.starts_with(b"\x1f\x8b") {
            gzip(chance, seed)
        } else if seed.starts_with(b"\xd0\xcf\x11\xe0") {
            compound(chance, seed)
        } else if seed.len() > 8 && seed[..seed.len().min(1024)].windows(5).any(|w| w == b"%PDF-") {
            pdf(chance, seed)
        } else {
            None
        };
        if let Some(mut inside) = inside {
            if chance.below(8) == 0 {
                bytes(chance, &mut inside, other);
            }
            return inside;
        }
    }
    let mut mutated = seed.to_vec();
    bytes(chance, &mut mutated, other);
    mutated
}

fn zip(chance: &mut Chance, seed: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(seed)).ok()?;
    let mut files = Vec::new();
    let mut all = 0;
    for at in 0..archive.len().min(200) {
        let file = archive.by_index(at).ok()?;
        let name = file.name().map(|name| name.into_owned()).unwrap_or_default();
        let mut content = Vec::new();
        file.take(MOST as u64).read_to_end(&mut content).ok()?;
        all += content.len();
        if all > MOST {
            return None;
        }
        files.push((name, content));
    }
    if files.is_empty() {
        return None;
    }
    for _ in 0..=chance.below(2) {
        let at = chance.below(files.len());
        let from = chance.below(files.len());
        let crossed = if chance.below(2) == 0 { files[from].1.clone() } else { other.to_vec() };
        match chance.below(12) {
            0 => files[at].1 = crossed,
            1 if files.len() > 1 => drop(files.remove(at)),
            2 => {
                // Fewer names than files: some are found, some are not.
                let mut name = std::mem::take(&mut files[at].0).into_bytes();
                bytes(chance, &mut name, b"../");
                files[at].0 = String::from_utf8_lossy(&name).chars().take(100).collect();
            }
            _ => bytes(chance, &mut files[at].1, &crossed),
        }
    }
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in files {
        // Two of one name are refused by the writer; one of them is enough.
        if writer.start_file(name, options).is_ok() {
            writer.write_all(&content).ok()?;
        }
    }
    Some(writer.finish().ok()?.into_inner())
}

fn gzip(chance: &mut Chance, seed: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    flate2::read::MultiGzDecoder::new(seed).take(MOST as u64).read_to_end(&mut content).ok()?;
    bytes(chance, &mut content, &[]);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&content).ok()?;
    packer.finish().ok()
}

/// Changes what one packed stream holds; its place and length stay, so that the table of objects
/// still fits.
fn pdf(chance: &mut Chance, seed: &[u8]) -> Option<Vec<u8>> {
    const BEGIN: &[u8] = b"stream";
    const END: &[u8] = b"endstream";
    let mut streams = Vec::new();
    let mut at = 0;
    while let Some(found) = seed[at..].windows(BEGIN.len()).position(|w| w == BEGIN) {
        let mut start = at + found + BEGIN.len();
        start += usize::from(seed.get(start) == Some(&b'\r'));
        start += usize::from(seed.get(start) == Some(&b'\n'));
        let Some(length) = seed[start..].windows(END.len()).position(|w| w == END) else {
            break;
        };
        streams.push(start..start + length);
        at = start + length + END.len();
        if streams.len() > 500 {
            break;
        }
    }
    if streams.is_empty() {
        return None;
    }
    let place = chance.pick(&streams).clone();
    let mut content = Vec::new();
    let unpacked = flate2::read::ZlibDecoder::new(&seed[place.clone()]).take(MOST as u64).read_to_end(&mut content);
    if unpacked.is_err() && content.is_empty() {
        return None;
    }
    bytes(chance, &mut content, &[]);
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&content).ok()?;
    let mut packed = packer.finish().ok()?;
    let mut mutated = seed.to_vec();
    if packed.len() <= place.len() {
        packed.resize(place.len(), b'\n');
    }
    mutated.splice(place, packed);
    Some(mutated)
}

/// Changes one stream of a compound file, inside of its packing where it has one (HWP 5).
fn compound(chance: &mut Chance, seed: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(seed.to_vec())).ok()?;
    let streams: Vec<_> = file.walk().filter(|entry| entry.is_stream() && entry.len() > 0).map(|entry| entry.path().to_owned()).collect();
    if streams.is_empty() {
        return None;
    }
    let path = chance.pick(&streams).clone();
    let mut content = Vec::new();
    file.open_stream(&path).ok()?.take(MOST as u64).read_to_end(&mut content).ok()?;
    let mut inside = Vec::new();
    let packed = flate2::read::DeflateDecoder::new(content.as_slice()).take(MOST as u64).read_to_end(&mut inside).is_ok() && inside.len() > 8;
    if packed {
        bytes(chance, &mut inside, &[]);
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&inside).ok()?;
        content = packer.finish().ok()?;
    } else {
        bytes(chance, &mut content, &[]);
    }
    let mut stream = file.create_stream(&path).ok()?;
    stream.write_all(&content).ok()?;
    stream.flush().ok()?;
    drop(stream);
    file.flush().ok()?;
    Some(file.into_inner().into_inner())
}
