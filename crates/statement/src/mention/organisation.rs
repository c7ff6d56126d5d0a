//! Organisations.

use casefile::statement::MentionKind;

use crate::mention::{Candidate, Value, rank};
use crate::tagger::{Tag, Tagged};
use crate::text::Text;

pub(crate) fn scan(_text: &Text<'_>, tags: &[Tagged], into: &mut Vec<Candidate>) {
    for tagged in tags {
        if tagged.tag == Tag::Organisation {
            into.push(Candidate {
                kind: MentionKind::Organisation,
                bytes: tagged.bytes.clone(),
                rank: rank::TAGGER,
                value: Value::None,
            });
        }
    }
}
