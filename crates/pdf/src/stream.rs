//! Decoding of streams with a cap.

use std::borrow::Cow;
use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};

/// The decoded bytes of a stream, and whether all of them are there.
pub(crate) struct Decoded<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Whole,
    /// The compressed data is broken: the bytes before the break are there.
    Broken,
    /// More than the cap.
    Capped,
}

/// Decodes at most `cap` bytes. Deflate, which nearly all streams use and which bombs are made of,
/// is read here, so that it stops at the cap and keeps what comes before a fault.
pub(crate) fn decode<'a>(stream: &Stream<'a>, cap: usize) -> Decoded<'a> {
    let filters = stream.filters();
    let only_deflate = filters.iter().all(|filter| *filter == Filter::FlateDecode);
    if filters.is_empty() && stream.dict().contains_key("Filter") {
        // A filter that nobody knows.
        return Decoded {
            bytes: Cow::Borrowed(&[]),
            state: State::Broken,
        };
    }
    if only_deflate && filters.len() <= 4 && !has_predictor(stream) {
        let mut bytes = stream.raw_data();
        let mut state = State::Whole;
        for _ in 0..filters.len() {
            let (next, next_state) = inflate(&bytes, cap);
            bytes = Cow::Owned(next);
            if next_state != State::Whole {
                state = next_state;
            }
        }
        if bytes.len() > cap {
            state = State::Capped;
        }
        return Decoded { bytes, state };
    }
    // Others are decoded whole by the parser; what could swell beyond the cap is left.
    let deflates = filters
        .iter()
        .filter(|f| matches!(f, Filter::FlateDecode | Filter::LzwDecode));
    let worst = deflates.fold(stream.raw_data().len(), |size, _| size.saturating_mul(1032));
    if worst > cap.saturating_mul(16) {
        return Decoded {
            bytes: Cow::Borrowed(&[]),
            state: State::Capped,
        };
    }
    match stream.decoded_data() {
        Ok(bytes) => {
            let state = if bytes.len() > cap {
                State::Capped
            } else {
                State::Whole
            };
            Decoded { bytes, state }
        }
        Err(_) => Decoded {
            bytes: Cow::Borrowed(&[]),
            state: State::Broken,
        },
    }
}

fn has_predictor(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    let predicts = |params: &Dict<'_>| params.get::<i64>("Predictor").unwrap_or(1) > 1;
    ["DecodeParms", "DP"].iter().any(|key| {
        dict.get::<Dict<'_>>(key)
            .is_some_and(|params| predicts(&params))
            || dict
                .get::<Array<'_>>(key)
                .is_some_and(|all| all.iter::<Dict<'_>>().any(|params| predicts(&params)))
    })
}

fn inflate(packed: &[u8], cap: usize) -> (Vec<u8>, State) {
    let (bytes, state) = inflate_with(flate2::read::ZlibDecoder::new(packed), packed.len(), cap);
    if bytes.is_empty() && state == State::Broken {
        // The two bytes of the zlib head are sometimes wrong or missing.
        for skip in [2, 0] {
            let raw = packed.get(skip..).unwrap_or_default();
            let (again, state) =
                inflate_with(flate2::read::DeflateDecoder::new(raw), raw.len(), cap);
            if !again.is_empty() {
                return (again, state);
            }
        }
    }
    (bytes, state)
}

fn inflate_with(mut from: impl Read, packed: usize, cap: usize) -> (Vec<u8>, State) {
    let mut bytes = Vec::with_capacity(packed.saturating_mul(4).min(cap));
    let mut part = [0; 32 << 10];
    loop {
        match from.read(&mut part) {
            Ok(0) => return (bytes, State::Whole),
            Ok(read) => {
                bytes.extend_from_slice(part.get(..read).unwrap_or_default());
                if bytes.len() > cap {
                    bytes.truncate(cap);
                    return (bytes, State::Capped);
                }
            }
            Err(_) => return (bytes, State::Broken),
        }
    }
}

/// As [`decode`], but takes picture formats as they are: an attached photograph is its own file.
pub(crate) fn decode_any<'a>(stream: &Stream<'a>, cap: usize) -> Decoded<'a> {
    let picture = [Filter::DctDecode, Filter::JpxDecode];
    if let [only] = stream.filters().as_slice()
        && picture.contains(only)
    {
        return Decoded {
            bytes: stream.raw_data(),
            state: State::Whole,
        };
    }
    decode(stream, cap)
}
