use crate::mention::Candidate;
use crate::text::Text;

pub(crate) fn scan(_text: &Text<'_>, _into: &mut Vec<Candidate>) {}
