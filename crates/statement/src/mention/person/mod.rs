//! Persons: names only, without titles. Rules for titles and East Asian names, and the tagger.

mod eastern;
mod english;
#[cfg(test)]
mod tests;

use std::ops::Range;

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, chain, rank};
use crate::tagger::{Tag, Tagged};
use crate::text::{Script, Text};

pub(crate) use english::{Style, style};

/// Pushes all names of persons, surnames alone included where a full name stands before.
pub(crate) fn scan(text: &Text<'_>, tags: &[Tagged], into: &mut Vec<Candidate>) {
    let mut found: Vec<(Range<u32>, u8)> = Vec::new();
    for sentence in &text.sentences {
        if sentence.script != Script::Latin {
            eastern::scan(text, sentence, &mut found);
        }
        // Latin names stand in sentences of every script.
        english::scan(text, sentence, &mut found);
    }
    for tagged in tags.iter().filter(|t| t.tag == Tag::Person) {
        if text
            .slice(tagged.bytes.clone())
            .starts_with(char::is_uppercase)
        {
            for part in english::parts(text, tagged.bytes.clone()) {
                if let Some(bytes) = english::plausible(text, part) {
                    let rank = english::tagged_rank(text, &bytes);
                    found.push((bytes, rank));
                }
            }
        } else if let Some(bytes) = eastern::plausible(text, tagged.bytes.clone())
            && ![
                "강제노",
                "강제송",
                "강제북",
                "강제낙",
                "강제결",
                "강제추",
                "表示",
                "关禁",
                "关押",
                "关闭",
                "强调",
                "表明",
            ]
            .iter()
            .any(|word| text.slice(bytes.clone()).starts_with(word))
            // "发言人表示": an office and what it does.
            && !["表示", "表明", "强调", "指出", "透露"]
                .iter()
                .any(|word| text.slice(bytes.clone()).ends_with(word))
        {
            found.push((bytes, rank::TAGGER));
        }
    }
    chain::surnames(text, &found, into);
    into.extend(found.into_iter().map(|(bytes, rank)| Candidate {
        kind: MentionKind::Person,
        bytes,
        rank,
        value: Value::None,
    }));
}
