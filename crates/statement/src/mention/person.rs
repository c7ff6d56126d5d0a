//! Persons.

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, rank};
use crate::tagger::{Tag, Tagged};
use crate::text::Text;

pub(crate) fn scan(_text: &Text<'_>, tags: &[Tagged], into: &mut Vec<Candidate>) {
    for tagged in tags {
        if tagged.tag == Tag::Person {
            into.push(Candidate {
                kind: MentionKind::Person,
                bytes: tagged.bytes.clone(),
                rank: rank::TAGGER,
                value: Value::None,
            });
        }
    }
}
