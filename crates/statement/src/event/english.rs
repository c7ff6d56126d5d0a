use casefile::statement::Statement;

use crate::Context;
use crate::mention::Candidate;
use crate::text::Text;

pub(crate) fn find(
    _text: &Text<'_>,
    _sentence: usize,
    _mentions: &[Candidate],
    _context: &Context<'_>,
    _into: &mut Vec<Statement>,
) {
}
