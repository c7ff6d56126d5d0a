//! Organisations: proper names only, by lists, head words and legal forms, defined acronyms, and
//! the tagger where these are silent.

mod acronym;
mod chinese;
mod english;
mod known;
mod korean;
mod sport;
#[cfg(test)]
mod tests;
mod wide;

use std::ops::Range;

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value};
use crate::tagger::{Tag, Tagged};
use crate::text::{Script, Text};

pub(crate) use acronym::Definition;
pub(crate) use english::{is_function_word, is_head, is_title};

/// Pushes all organisations of a text; gives the names that it defines short forms for.
pub(crate) fn scan(text: &Text<'_>, tags: &[Tagged], into: &mut Vec<Candidate>) -> Vec<Definition> {
    let mut found: Vec<(Range<u32>, u8)> = Vec::new();
    known::scan(text, &mut found);
    let places: Vec<Range<u32>> = wide_places(text, into);
    for sentence in &text.sentences {
        match sentence.script {
            Script::Latin => {
                english::scan(text, sentence, &mut found);
                sport::scan(text, sentence, &mut found);
            }
            Script::Han => chinese::scan(text, sentence, &places, &mut found),
            Script::Hangul => {
                korean::scan(text, sentence, &places, &mut found);
                english::scan(text, sentence, &mut found);
            }
        }
    }
    for (bytes, _) in &mut found {
        wide::with_country(text, bytes);
    }
    with_long_places(into, &mut found);
    let definitions = acronym::scan(text, into, &mut found);
    found.sort_by_key(|(bytes, _)| (bytes.start, std::cmp::Reverse(bytes.end)));
    // The tagger speaks where no rule does.
    let mut next = 0;
    let mut reach = 0;
    let mut tagged_only = Vec::new();
    for tagged in tags.iter().filter(|t| t.tag == Tag::Organisation) {
        while let Some((bytes, _)) = found.get(next).filter(|(b, _)| b.start < tagged.bytes.end) {
            reach = reach.max(bytes.end);
            next += 1;
        }
        if reach > tagged.bytes.start || names_people(text, &tagged.bytes) {
            continue;
        }
        for bytes in english::parts(text, tagged.bytes.clone()) {
            if let Some(bytes) = english::plausible(text, bytes) {
                let rank = english::tagged_rank(text, &bytes);
                tagged_only.push((bytes, rank));
            }
        }
    }
    found.append(&mut tagged_only);
    into.extend(found.into_iter().map(|(bytes, rank)| Candidate {
        kind: MentionKind::Organisation,
        bytes,
        rank,
        value: Value::None,
    }));
    definitions
}

/// Whether tagged words in Han or Hangul are a word for people (탈북민, 임산부, 脱北者), or the
/// begin of a longer word (북한인권단 of 북한인권단체).
fn names_people(text: &Text<'_>, bytes: &Range<u32>) -> bool {
    const PEOPLE: &[&str] = &[
        "탈북민",
        "탈북자",
        "이탈주민",
        "임산부",
        "산모",
        "주민",
        "노동자",
        "근로자",
        "여성",
        "남성",
        "아동",
        "난민",
        "사람",
        "가족",
        "시민",
        "국민",
        "학생",
        "군인",
        "선원",
        "동포",
        "교민",
        "수감자",
        "구금자",
        "생존자",
        "피해자",
        "목격자",
        "증언자",
        "응답자",
        "간부",
        "요원",
        "브로커",
        "대원",
        "당국",
        "정부",
        "공안",
        "脱北者",
        "脫北者",
        "妇女",
        "工人",
        "难民",
        "人员",
        "儿童",
        "居民",
        "民众",
        "劳工",
        "女性",
        "学生",
        "家属",
        "当局",
        "孕妇",
        "囚犯",
        "渔民",
    ];
    let words = text.slice(bytes.clone());
    let behind = text.raw.get(bytes.end as usize..).unwrap_or("");
    PEOPLE.iter().any(|people| words.ends_with(people))
        || words.ends_with('단') && behind.starts_with('체')
}

/// "Republic of Korea Army": a place that reaches into a body from the left belongs to it.
fn with_long_places(candidates: &[Candidate], bodies: &mut [(Range<u32>, u8)]) {
    let mut places: Vec<&Range<u32>> = candidates
        .iter()
        .filter(|c| c.kind == MentionKind::Place)
        .map(|c| &c.bytes)
        .collect();
    places.sort_by_key(|p| p.start);
    for (body, _) in bodies {
        // Names of places are short: the last few that begin before the body are enough.
        let upto = places.partition_point(|p| p.start < body.start);
        let reaching = places
            .get(upto.saturating_sub(4)..upto)
            .unwrap_or(&[])
            .iter()
            .find(|p| p.end > body.start && p.end < body.end);
        if let Some(place) = reaching {
            body.start = place.start;
        }
    }
}

/// Places and peoples written in Han or Hangul, in order, each start once with its longest end.
fn wide_places(text: &Text<'_>, candidates: &[Candidate]) -> Vec<Range<u32>> {
    let mut places: Vec<Range<u32>> = candidates
        .iter()
        .filter(|c| matches!(c.kind, MentionKind::Place | MentionKind::Nationality))
        .filter(|c| {
            text.raw
                .as_bytes()
                .get(c.bytes.start as usize)
                .is_some_and(|byte| *byte >= 0xE3)
        })
        .map(|c| c.bytes.clone())
        .collect();
    places.sort_by_key(|p| (p.start, std::cmp::Reverse(p.end)));
    places.dedup_by_key(|p| p.start);
    places
}
