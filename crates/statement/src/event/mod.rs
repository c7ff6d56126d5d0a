//! Events with their roles, modality, polarity and tellers.

use casefile::statement::Statement;

use crate::Context;
use crate::mention::Candidate;
use crate::text::{Script, Text};

mod english;

/// All statements of a text in its order.
pub(crate) fn find(
    text: &Text<'_>,
    mentions: &[Candidate],
    context: &Context<'_>,
) -> Vec<Statement> {
    let mut found = Vec::new();
    for (at, sentence) in text.sentences.iter().enumerate() {
        match sentence.script {
            Script::Latin => english::find(text, at, mentions, context, &mut found),
            Script::Han | Script::Hangul => {}
        }
    }
    found
}
