//! Which charset bytes are in.

use crate::charset::Charset;
use crate::machine::{Machine, johab_pair};
use crate::model::{Tongue, Wide, wide};
use crate::narrow;
use crate::wide as marks;

/// Bytes of a sample: more does not make the verdict better.
const SAMPLE: usize = 6_144;

/// Charset and its cost in tenths of a nat for the sample.
pub(crate) struct Guess {
    pub(crate) charset: Charset,
    pub(crate) cost: u32,
}

/// Tells whether a file's first bytes are text at all, in any encoding.
#[must_use]
pub fn is_binary(head: &[u8]) -> bool {
    if head.is_empty() {
        return false;
    }
    if let Some((charset, length)) = marks::mark(head) {
        // A mark followed by what is no text in that encoding is chance.
        let mut text = String::new();
        let body = head.get(length..).unwrap_or_default();
        let body = body.get(..body.len().min(SAMPLE) & !3).unwrap_or_default();
        let bad = Machine::new(charset).push(body, &mut text, false);
        let controls = text.chars().filter(|&c| control(c)).count();
        return (bad + controls) * 10 > text.chars().count().max(1);
    }
    let sample = head.get(..head.len().min(65_536)).unwrap_or(head);
    let controls = sample
        .iter()
        .filter(|&&byte| byte < 0x80 && control(char::from(byte)))
        .count();
    let nuls = sample.iter().filter(|&&byte| byte == 0).count();
    let utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && error.valid_up_to() + 4 > sample.len(),
    };
    if utf8 && nuls == 0 {
        return controls * 20 > sample.len();
    }
    if nuls * 200 > sample.len() || controls * 20 > sample.len() {
        return marks::unmarked(sample).is_none();
    }
    if utf8 {
        return false;
    }
    // High bytes in plenty that no charset makes sense of: compressed or encrypted.
    let sample = dense(sample, SAMPLE);
    let high = sample.iter().filter(|&&byte| byte >= 0x80).count();
    if high * 5 < sample.len() || sample.len() < 64 {
        return false;
    }
    let per_byte = best(&sample).cost / u32::try_from(sample.len()).unwrap_or(1).max(1);
    per_byte > 72
}

fn control(character: char) -> bool {
    character.is_ascii_control()
        && !matches!(
            character,
            '\t' | '\n' | '\r' | '\u{c}' | '\u{8}' | '\u{1b}' | '\u{1a}'
        )
}

/// The parts of the bytes that have high bits, with a little around them.
pub(crate) fn dense(bytes: &[u8], most: usize) -> Vec<u8> {
    if bytes.len() <= most {
        return bytes.to_vec();
    }
    let mut sample = Vec::with_capacity(most);
    // Whole lines where possible: a pair is never split at its end then.
    for line in bytes.split_inclusive(|&byte| byte == b'\n' || byte == b'>') {
        if line.is_ascii() {
            continue;
        }
        let room = most - sample.len();
        sample.extend_from_slice(line.get(..line.len().min(room)).unwrap_or_default());
        if sample.len() >= most {
            break;
        }
    }
    sample
}

/// Escapes of seven-bit charsets, in bytes that are all ASCII.
pub(crate) fn escapes(bytes: &[u8]) -> Option<Charset> {
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    if memchr::memchr(0x1b, head).is_some() {
        if has(b"\x1b$)C") {
            return Some(Charset::Shifted { chinese: false });
        }
        if has(b"\x1b$)A") {
            return Some(Charset::Shifted { chinese: true });
        }
        if has(b"\x1b$B") || has(b"\x1b$@") || has(b"\x1b$(D") || has(b"\x1b(J") || has(b"\x1b(I") {
            return Some(Charset::Known(encoding_rs::ISO_2022_JP));
        }
    }
    let mut at = 0;
    let (mut pairs, mut stretches) = (0_usize, 0_usize);
    while let Some(open) = memchr::memmem::find(head.get(at..).unwrap_or_default(), b"~{") {
        let start = at + open + 2;
        let body = head.get(start..).unwrap_or_default();
        let end = memchr::memmem::find(body, b"~}").unwrap_or(usize::MAX);
        let inner = body.get(..end)?;
        let paired = inner.len() % 2 == 0
            && !inner.is_empty()
            && inner.chunks_exact(2).all(|pair| {
                matches!(pair, [first, second]
                    if (0x21..=0x77).contains(first) && (0x21..=0x7e).contains(second))
            });
        if !paired {
            return None;
        }
        pairs += inner.len() / 2;
        stretches += 1;
        at = start + end + 2;
    }
    (stretches > 0 && pairs >= 2).then_some(Charset::Hz)
}

/// The candidates of two bytes a character, with what they cost before anything is seen.
const PAIRS: [(Charset, Tongue, u32); 7] = [
    (Charset::Known(encoding_rs::EUC_KR), Tongue::Korean, 0),
    (Charset::Known(encoding_rs::GB18030), Tongue::Simplified, 0),
    (Charset::Known(encoding_rs::BIG5), Tongue::Traditional, 5),
    (Charset::Known(encoding_rs::SHIFT_JIS), Tongue::Japanese, 5),
    (Charset::Known(encoding_rs::EUC_JP), Tongue::Japanese, 12),
    (Charset::Johab, Tongue::Korean, 45),
    (
        Charset::Known(encoding_rs::GB18030),
        Tongue::Traditional,
        45,
    ),
];

/// The cost of reading these bytes in this charset.
pub(crate) fn cost(charset: Charset, bytes: &[u8]) -> u32 {
    let pairs = PAIRS.iter().filter(|(candidate, ..)| candidate.is(charset));
    let pairs = pairs.map(|&(charset, tongue, prior)| pair_cost(charset, tongue, prior, bytes));
    let narrow = narrow::candidates()
        .iter()
        .filter(|candidate| candidate.charset.is(charset));
    let narrow = narrow.filter_map(|candidate| candidate.cost(bytes, u32::MAX));
    if let Some(least) = pairs.chain(narrow).min() {
        return least;
    }
    // Without a model of its own: what it gives, under the mildest of models.
    let mut text = String::new();
    Machine::new(charset).push(bytes, &mut text, true);
    text.chars()
        .map(|c| match c {
            char::REPLACEMENT_CHARACTER => 190,
            '\u{80}'..='\u{9f}' => 190,
            c if c.is_ascii() => crate::model::ascii(c),
            c if c.is_alphabetic() => 55,
            _ => 90,
        })
        .fold(0, u32::saturating_add)
}

fn pair_cost(charset: Charset, tongue: Tongue, prior: u32, bytes: &[u8]) -> u32 {
    let model = wide(tongue);
    if matches!(charset, Charset::Johab) {
        return prior.saturating_add(johab_cost(model, bytes));
    }
    let mut text = String::with_capacity(bytes.len() * 2);
    Machine::new(charset).push(bytes, &mut text, false);
    let mut total = prior;
    for character in text.chars() {
        total = total.saturating_add(model.cost(character));
    }
    total
}

fn johab_cost(model: &Wide, bytes: &[u8]) -> u32 {
    let mut total = 0_u32;
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        let cost = if byte < 0x80 {
            crate::model::ascii(char::from(byte))
        } else {
            match rest.next() {
                None => 0,
                Some(trail) => johab_pair(byte, trail).map_or(300, |c| model.cost(c)),
            }
        };
        total = total.saturating_add(cost);
    }
    total
}

/// The best charset for a sample with high bytes that is not UTF-8.
pub(crate) fn best(sample: &[u8]) -> Guess {
    let mut found = Guess {
        charset: Charset::Known(encoding_rs::WINDOWS_1252),
        cost: u32::MAX,
    };
    for &(charset, tongue, prior) in &PAIRS {
        let cost = pair_cost(charset, tongue, prior, sample);
        if cost < found.cost {
            found = Guess { charset, cost };
        }
    }
    for candidate in narrow::candidates() {
        if let Some(cost) = candidate.cost(sample, found.cost)
            && cost < found.cost
        {
            found = Guess {
                charset: candidate.charset,
                cost,
            };
        }
    }
    let high = sample.iter().filter(|&&byte| byte >= 0x80).count();
    if high < 40 {
        return found;
    }
    // For longer texts chardetng, which knows pairs of letters, decides among close ones.
    let mut second = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    second.feed(sample, true);
    let named = second.guess(None, chardetng::Utf8Detection::Deny);
    let charset = match named {
        e if e == encoding_rs::GBK => Charset::Known(encoding_rs::GB18030),
        e if e == encoding_rs::KOI8_R => Charset::Known(encoding_rs::KOI8_U),
        e if e == encoding_rs::UTF_8 => return found,
        e => Charset::Known(e),
    };
    let theirs = cost(charset, sample);
    let tolerance = 30 + u32::try_from(high).unwrap_or(u32::MAX).min(4_000) / 2;
    if theirs <= found.cost.saturating_add(tolerance) {
        found = Guess {
            charset,
            cost: theirs,
        };
    }
    found
}
