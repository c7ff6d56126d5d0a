//! OLE compound files: streams under a cap, and the property sets that say who made a document
//! (MS-OLEPS).

use std::io::{Cursor, Read, Seek, Write};

use casefile::Field;
use cfb::CompoundFile;

use crate::formats;
use crate::job::Job;

const STREAM_BYTES: u64 = 256 << 20;

pub(crate) fn stream<F: Read + Seek>(file: &mut CompoundFile<F>, name: &str) -> Option<Vec<u8>> {
    let mut stream = file.open_stream(name).ok()?;
    let mut bytes = Vec::new();
    // What a broken chain of sectors gave before it broke is kept.
    let read = (&mut stream).take(STREAM_BYTES).read_to_end(&mut bytes);
    (read.is_ok() || !bytes.is_empty()).then_some(bytes)
}

/// A storage as a compound file of its own: how an embedded document leaves its host.
pub(crate) fn wrapped<F: Read + Seek>(
    file: &mut CompoundFile<F>,
    storage: &str,
) -> Option<Vec<u8>> {
    let clsid = *file.entry(storage).ok()?.clsid();
    let inside: Vec<(String, bool)> = file
        .walk_storage(storage)
        .ok()?
        .skip(1)
        .take(5_000)
        .map(|entry| {
            (
                entry.path().to_string_lossy().into_owned(),
                entry.is_storage(),
            )
        })
        .collect();
    let mut out = CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    out.set_storage_clsid("/", clsid).ok()?;
    let mut total = 0_u64;
    for (path, is_storage) in inside {
        let under = path.strip_prefix(storage)?.to_owned();
        if is_storage {
            out.create_storage(&under).ok()?;
            continue;
        }
        let bytes = stream(file, &path).unwrap_or_default();
        total = total.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if total > STREAM_BYTES {
            return None;
        }
        out.create_stream(&under).ok()?.write_all(&bytes).ok()?;
    }
    out.flush().ok()?;
    Some(out.into_inner().into_inner())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

pub(crate) fn properties<F: Read + Seek>(file: &mut CompoundFile<F>, job: &mut Job<'_>) {
    if let Some(bytes) = stream(file, "/\u{5}SummaryInformation") {
        for (id, value) in values(&bytes).unwrap_or_default() {
            let (field, name) = match id {
                2 => (Field::Title, "title"),
                3 => (Field::Subject, "subject"),
                4 => (Field::Author, "author"),
                5 => (Field::Keywords, "keywords"),
                6 => (Field::Description, "comments"),
                7 => (Field::Other, "template"),
                8 => (Field::Editor, "last author"),
                9 => (Field::Other, "revision"),
                11 => (Field::Other, "last printed"),
                12 => (Field::Created, "created"),
                13 => (Field::Modified, "last saved"),
                14 => (Field::Pages, "pages"),
                18 => (Field::Software, "application"),
                _ => continue,
            };
            job.note(field, &value, &format!("OLE summary {name}"));
        }
    }
    if let Some(bytes) = stream(file, "/\u{5}DocumentSummaryInformation") {
        for (id, value) in values(&bytes).unwrap_or_default() {
            let name = match id {
                2 => "category",
                14 => "manager",
                15 => "company",
                _ => continue,
            };
            job.note(
                Field::Other,
                &value,
                &format!("OLE document summary {name}"),
            );
        }
    }
}

/// The first set of a property stream: ids and values that are text, dates or small numbers.
fn values(bytes: &[u8]) -> Option<Vec<(u32, String)>> {
    let start = size_at(bytes, 44)?;
    let set = bytes.get(start..)?;
    let count = size_at(set, 4)?.min(1_000);
    let mut encoding = encoding_rs::WINDOWS_1252;
    let mut found = Vec::new();
    for index in 0..count {
        let entry = index.checked_mul(8)?.checked_add(8)?;
        let (Some(id), Some(at)) = (u32_at(set, entry), size_at(set, entry.checked_add(4)?)) else {
            break;
        };
        let Some(kind) = u32_at(set, at) else {
            continue;
        };
        let body = at.checked_add(4)?;
        let value = match kind & 0xfff {
            2 if id == 1 => {
                let page = u32_at(set, body).unwrap_or(0) & 0xffff;
                encoding = match page {
                    65_001 => encoding_rs::UTF_8,
                    1200 => encoding_rs::UTF_16LE,
                    932 => encoding_rs::SHIFT_JIS,
                    936 => encoding_rs::GBK,
                    949 => encoding_rs::EUC_KR,
                    950 => encoding_rs::BIG5,
                    page => encoding_rs::Encoding::for_label(format!("windows-{page}").as_bytes())
                        .unwrap_or(encoding_rs::WINDOWS_1252),
                };
                continue;
            }
            3 => u32_at(set, body).map(|number| number.to_string()),
            30 => {
                let len = size_at(set, body)?;
                let start = body.checked_add(4)?;
                let text = set.get(start..start.checked_add(len)?.min(set.len()));
                text.map(|text| encoding.decode_without_bom_handling(text).0.into_owned())
            }
            31 => {
                let len = size_at(set, body)?.checked_mul(2)?;
                let start = body.checked_add(4)?;
                let text = set.get(start..start.checked_add(len)?.min(set.len()));
                text.map(|text| {
                    encoding_rs::UTF_16LE
                        .decode_without_bom_handling(text)
                        .0
                        .into_owned()
                })
            }
            64 => set
                .get(body..body.checked_add(8)?)
                .and_then(|eight| eight.try_into().ok())
                .and_then(|eight| filetime(u64::from_le_bytes(eight))),
            _ => None,
        };
        if let Some(value) = value {
            found.push((id, value.trim_end_matches('\0').to_owned()));
        }
    }
    Some(found)
}

/// 100-nanosecond steps since 1601, as RFC 3339; none for the dates that mean "not set".
fn filetime(steps: u64) -> Option<String> {
    let seconds = i64::try_from(steps / 10_000_000)
        .ok()?
        .checked_sub(11_644_473_600)?;
    if seconds < -2_208_988_800 {
        return None;
    }
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = formats::civil(days);
    (year <= 9999).then(|| {
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            of_day / 3600,
            of_day / 60 % 60,
            of_day % 60
        )
    })
}
