use crate::Context;
use crate::mention::Candidate;
use crate::text::Text;

pub(crate) fn scan(_text: &Text<'_>, _context: &Context<'_>, _into: &mut Vec<Candidate>) {}
