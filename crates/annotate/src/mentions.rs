//! What a model names, and what of it is kept.

use std::collections::HashSet;
use std::ops::Range;

use casefile::statement::{Mention, MentionKind};
use serde::{Deserialize, Serialize};
use statement::Context;

use crate::gate::{Reason, Rejected};
use crate::words::View;

/// Characters of a name.
const LONGEST: u32 = 300;

/// Words that a model says name something, with its own label for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    pub label: String,
    /// Characters of the text.
    pub start: u32,
    pub end: u32,
    pub text: String,
    /// 0 to 1, by the model's own measure.
    pub score: f32,
}

/// Mentions that passed, those of them that our own rules found as well, and the rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AdmittedMentions {
    /// What our rules did not find.
    pub new: Vec<Mention>,
    /// What our rules found too, at the same place and of the same kind.
    pub agreed: Vec<Mention>,
    pub rejected: Vec<Rejected>,
}

/// The kind of mention that a label of a model stands for, in the sets of labels in use.
#[must_use]
pub fn kind_of(label: &str) -> Option<MentionKind> {
    let word = label.to_lowercase().replace([' ', '-'], "_");
    Some(match word.as_str() {
        "per" | "pers" | "person" | "ps" | "人名" | "nr" => MentionKind::Person,
        "role" | "title" | "job_title" | "position" => MentionKind::Role,
        "org" | "organisation" | "organization" | "og" | "corp" | "company" | "nt" => {
            MentionKind::Organisation
        }
        "loc" | "location" | "gpe" | "place" | "lc" | "fac" | "facility" | "city" | "country"
        | "ns" => MentionKind::Place,
        "norp" | "nationality" => MentionKind::Nationality,
        "law" => MentionKind::Law,
        "date" | "dt" | "tim" | "time" => MentionKind::Date,
        "num" | "number" | "cardinal" | "quantity" | "qt" => MentionKind::Number,
        "vessel" | "ship" => MentionKind::Vessel,
        _ => return None,
    })
}

/// Keeps what stands in `text` as it is said to, is of a kind that we know, and, if it is a number
/// or a date, is one for our own scanners too.
#[must_use]
pub fn admit_mentions(text: &str, context: &Context<'_>, named: &[Named]) -> AdmittedMentions {
    let view = View::new(text);
    let seen = statement::witness(text, context);
    let own: HashSet<(MentionKind, u32, u32)> = statement::find(text, context)
        .mentions
        .iter()
        .map(|mention| (mention.kind, mention.start, mention.end))
        .collect();
    let touches = |at: &Range<u32>, one: &Named| at.start < one.end && one.start < at.end;
    let numbered = |one: &Named| seen.numbers.iter().any(|n| touches(&n.at, one));
    let dated = |one: &Named| seen.dates.iter().any(|d| touches(&d.at, one));
    let mut admitted = AdmittedMentions::default();
    let mut before = HashSet::new();
    for one in named {
        let check = || {
            let kind = kind_of(&one.label).ok_or(Reason::Value)?;
            let place = view.read(one.start, one.end).ok_or(Reason::Quote)?;
            let empty = one.text.trim().is_empty();
            if place.text != one.text || empty || one.end.saturating_sub(one.start) > LONGEST {
                return Err(Reason::Quote);
            }
            match kind {
                MentionKind::Number if !numbered(one) => Err(Reason::Number),
                MentionKind::Date if !dated(one) => Err(Reason::Date),
                _ => Ok(kind),
            }
        };
        match check() {
            Ok(kind) if !before.insert((kind, one.start, one.end)) => {
                admitted
                    .rejected
                    .push(Rejected::new(Reason::Repeated, &one.text));
            }
            Ok(kind) => {
                let mention = Mention {
                    kind,
                    start: one.start,
                    end: one.end,
                    text: one.text.clone(),
                };
                if own.contains(&(kind, one.start, one.end)) {
                    admitted.agreed.push(mention);
                } else {
                    admitted.new.push(mention);
                }
            }
            Err(reason) => admitted.rejected.push(Rejected::new(reason, &one.text)),
        }
    }
    admitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "Zyx Qwv met 20 refugees in Tumen on 9 October 2023.";

    fn check(named: &[(&str, u32, u32, &str)], wanted: &[&str]) {
        let named: Vec<Named> = named
            .iter()
            .map(|(label, start, end, text)| Named {
                label: (*label).into(),
                start: *start,
                end: *end,
                text: (*text).into(),
                score: 0.9,
            })
            .collect();
        let got = admit_mentions(TEXT, &Context::default(), &named);
        let new = got
            .new
            .iter()
            .map(|m| format!("{} {}", m.kind.as_str(), m.text));
        let agreed = got
            .agreed
            .iter()
            .map(|m| format!("={} {}", m.kind.as_str(), m.text));
        let lost = got
            .rejected
            .iter()
            .map(|r| format!("!{}", r.reason.as_str()));
        let got: Vec<String> = new.chain(agreed).chain(lost).collect();
        assert_eq!(got, wanted);
    }

    #[test]
    fn names_must_stand_where_they_are_said_to() {
        check(&[("PER", 0, 3, "Zyx")], &["person Zyx"]);
        check(&[("LOC", 27, 32, "Tumen")], &["=place Tumen"]);
        check(
            &[("date", 36, 50, "9 October 2023")],
            &["=date 9 October 2023"],
        );
        check(&[("date", 8, 11, "met")], &["!date"]);
        check(&[("number", 8, 11, "met")], &["!number"]);
        check(&[("PER", 0, 3, "Bob")], &["!quote"]);
        check(&[("PER", 3, 0, "Zyx")], &["!quote"]);
        check(&[("PER", 0, 0, "")], &["!quote"]);
        check(&[("PER", 50, 4_000_000_000, ".")], &["!quote"]);
        check(&[("MISC", 0, 3, "Zyx")], &["!value"]);
        check(
            &[("PER", 0, 3, "Zyx"), ("PER", 0, 3, "Zyx")],
            &["person Zyx", "!repeated"],
        );
    }

    proptest! {
        #[test]
        fn no_span_breaks_it(start in 0_u32..80, end in 0_u32..80, text in "[a-z ]{0,5}") {
            let one = Named { label: "ORG".into(), start, end, text, score: 0.1 };
            let _ = admit_mentions("가나다 abc, de\n한국 😀.", &Context::default(), &[one]);
        }
    }
}
