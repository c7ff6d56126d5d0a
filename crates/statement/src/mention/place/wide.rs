//! Names of places and peoples in Han and Hangul, found by bytes: runs of these scripts are one
//! token, so what stands before and after a name in its run decides.

use std::ops::Range;

use super::gazetteer::{GAZETTEER, Known, Sort};
use super::{candidate, chinese, korean, short};
use crate::mention::Candidate;
use crate::text::{Text, is_hangul};

/// Prisons and camps; the longer first.
pub(super) const CAMPS: &[&str] = &[
    "정치범수용소",
    "정치범 수용소",
    "수용소",
    "관리소",
    "교화소",
    "교도소",
    "구치소",
    "구류장",
    "구류소",
    "변방구류소",
    "집결소",
    "노동단련대",
    "감옥",
    "구금시설",
    "政治犯集中营",
    "政治犯收容所",
    "集中营",
    "管理所",
    "教化所",
    "收容所",
    "监狱",
];

pub(super) fn scan(text: &Text<'_>, into: &mut Vec<Candidate>) {
    let raw = text.raw;
    let mut from = 0;
    let mut chain: Option<Chain> = None;
    let mut kept: Option<(usize, Known)> = None;
    while let Some((bytes, known)) = GAZETTEER.next_wide(raw, from) {
        let korean = raw
            .get(bytes.clone())
            .is_some_and(|name| name.chars().any(is_hangul));
        let read = if korean {
            korean::name(raw, &bytes, &known, kept.as_ref())
        } else {
            chinese::name(raw, &bytes, &known, chain.as_ref())
        };
        let Some((end, sort)) = read else {
            from = next_char(raw, bytes.start);
            continue;
        };
        let known = Known { sort, ..known };
        from = end.max(next_char(raw, bytes.start));
        kept = Some((end, known));
        // 吉林省图们市, 함경북도 회령시: parts that stand together without a mark are one place.
        let gap = if korean { " " } else { "" };
        let joined = chain.take().filter(|c| {
            c.known.sort >= Sort::Country
                && raw
                    .get(c.end..bytes.start)
                    .is_some_and(|between| between.is_empty() || between == gap)
                && c.fits(&known)
        });
        let start = joined.as_ref().map_or(bytes.start, |c| c.start);
        if joined.is_some() {
            into.pop();
        }
        let (end, known) = if korean {
            korean::finer(raw, end, known)
        } else {
            (end, known)
        };
        from = from.max(end);
        push(start..end, &known, into);
        chain = (known.sort != Sort::People).then_some(Chain { start, end, known });
    }
    short::scan(text, into);
}

/// A place in Han to which a finer part may be joined.
pub(super) struct Chain {
    start: usize,
    pub(super) end: usize,
    known: Known,
}

impl Chain {
    fn fits(&self, next: &Known) -> bool {
        let (coarse, fine) = (self.known.sort, next.sort);
        // 중국 동북3성: a country's region counts as finer than the country.
        let finer = coarse < fine || coarse == Sort::Country && fine == Sort::Region;
        fine != Sort::People
            && coarse >= Sort::Country
            && finer
            && self.known.country == next.country
    }
}

fn push(bytes: Range<usize>, known: &Known, into: &mut Vec<Candidate>) {
    if let (Ok(start), Ok(end)) = (u32::try_from(bytes.start), u32::try_from(bytes.end)) {
        into.push(candidate(start..end, known));
    }
}

fn next_char(raw: &str, at: usize) -> usize {
    at + raw
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(1, char::len_utf8)
}

pub(super) fn before(raw: &str, at: usize) -> Option<char> {
    raw.get(..at).and_then(|head| head.chars().next_back())
}

pub(super) fn after(raw: &str, at: usize) -> Option<char> {
    raw.get(at..).and_then(|rest| rest.chars().next())
}
