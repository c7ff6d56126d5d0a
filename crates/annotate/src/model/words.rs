//! How a text is cut for a model, and how what a model says of the cuts becomes spans.

use std::ops::Range;

/// Words as models of the GLiNER family cut them: runs of letters, digits and underscores with
/// single hyphens in them, and every other sign alone. Han characters are words of their own,
/// because there are no spaces between them. Byte ranges of `text`.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start.saturating_add(c.len_utf8());
        if !is_word(c) || is_han(c) {
            if !c.is_whitespace() {
                all.push(start..end);
            }
            continue;
        }
        while let Some(&(at, next)) = chars.peek() {
            let joins = is_word(next) && !is_han(next);
            let hyphen = next == '-'
                && text
                    .get(at.saturating_add(1)..)
                    .and_then(|rest| rest.chars().next())
                    .is_some_and(|after| is_word(after) && !is_han(after));
            if !joins && !hyphen {
                break;
            }
            end = at.saturating_add(next.len_utf8());
            chars.next();
        }
        all.push(start..end);
    }
    all
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Stretches of at most `most` words, cut after a sentence where that can be.
pub(super) fn stretches(text: &str, words: &[Range<usize>], most: usize) -> Vec<Range<usize>> {
    let most = most.max(1);
    let mut all = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let limit = start.saturating_add(most).min(words.len());
        let ends = |word: &Range<usize>| {
            matches!(
                text.get(word.clone()),
                Some("." | "!" | "?" | "。" | "！" | "？")
            )
        };
        let mut end = limit;
        if limit < words.len() {
            let floor = start.saturating_add(most / 2);
            end = (floor..limit)
                .rev()
                .find(|at| words.get(*at).is_some_and(ends))
                .map_or(limit, |at| at.saturating_add(1));
        }
        all.push(start..end);
        start = end;
    }
    all
}

/// Words `start..=end` that carry a label, by its number, and how surely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: usize,
    pub(super) score: f32,
}

pub(super) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Of overlapping spans the surest stay; the result is in the order of the text.
pub(super) fn settle(mut spans: Vec<Scored>) -> Vec<Scored> {
    spans.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.start.cmp(&b.start))
            .then(a.end.cmp(&b.end))
    });
    let mut kept: std::collections::BTreeMap<usize, Scored> = std::collections::BTreeMap::new();
    for span in spans {
        // What is kept does not overlap, so the last one that begins no later than our end tells.
        let before = kept.range(..=span.end).next_back();
        if before.is_none_or(|(_, before)| before.end < span.start) {
            kept.insert(span.start, span);
        }
    }
    kept.into_values().collect()
}

/// Spans from scores of shape words × widths × labels: the score of a span stands at its first
/// word and its width less one.
pub(super) fn from_spans(
    logits: &[f32],
    [words, widths, labels]: [usize; 3],
    own: usize,
    threshold: f32,
) -> Vec<Scored> {
    let mut spans = Vec::new();
    for (at, logit) in logits.iter().enumerate() {
        let (Some(label), Some(rest)) = (at.checked_rem(labels), at.checked_div(labels)) else {
            break;
        };
        let (Some(width), Some(start)) = (rest.checked_rem(widths), rest.checked_div(widths))
        else {
            break;
        };
        let end = start.saturating_add(width);
        let score = sigmoid(*logit);
        if score > threshold && start < words && end < own {
            spans.push(Scored {
                start,
                end,
                label,
                score,
            });
        }
    }
    settle(spans)
}

/// Spans from scores of shape words × labels × 3 (begins here, ends here, lies inside).
pub(super) fn from_tokens(
    logits: &[f32],
    labels: usize,
    own: usize,
    longest: usize,
    threshold: f32,
) -> Vec<Scored> {
    let score = |word: usize, label: usize, part: usize| -> f32 {
        word.checked_mul(labels)
            .and_then(|at| at.checked_add(label))
            .and_then(|at| at.checked_mul(3))
            .and_then(|at| logits.get(at.checked_add(part)?))
            .map_or(0.0, |logit| sigmoid(*logit))
    };
    let mut spans = Vec::new();
    for label in 0..labels {
        for start in 0..own {
            let mut least = score(start, label, 0);
            if least <= threshold {
                continue;
            }
            for end in start..own.min(start.saturating_add(longest)) {
                let inside = score(end, label, 2);
                if inside < threshold {
                    break;
                }
                least = least.min(inside);
                let last = score(end, label, 1);
                if last > threshold {
                    spans.push(Scored {
                        start,
                        end,
                        label,
                        score: least.min(last),
                    });
                }
            }
        }
    }
    settle(spans)
}

/// A label of a tagger without its prefix, and whether it begins something. `None`: outside.
fn prefixed(label: &str) -> Option<(bool, &str)> {
    match label.split_once(['-', '_']) {
        // Cutters into words have no names: what begins, and what goes on.
        None if label == "B" => Some((true, "")),
        None if label == "I" => Some((false, "")),
        Some(("B" | "S" | "U", name)) => Some((true, name)),
        Some(("I" | "E" | "L" | "M", name)) => Some((false, name)),
        _ if matches!(label, "O" | "" | "<PAD>" | "<UNK>" | "[PAD]" | "[UNK]") => None,
        // Taggers without prefixes: each word is of its class.
        _ => Some((false, label)),
    }
}

/// Joins labels of units in their order into spans: `(label without prefix, units, score)`.
/// Labels of the schemes BIO, BIOES, BILOU, or without prefix.
pub(super) fn join<'l>(tags: &[(&'l str, f32)]) -> Vec<(&'l str, Range<usize>, f32)> {
    let mut all: Vec<(&str, Range<usize>, f32)> = Vec::new();
    for (at, (label, score)) in tags.iter().enumerate() {
        let Some((begins, name)) = prefixed(label) else {
            continue;
        };
        match all.last_mut() {
            Some((open, units, least)) if !begins && *open == name && units.end == at => {
                units.end = at.saturating_add(1);
                *least = least.min(*score);
            }
            _ => all.push((name, at..at.saturating_add(1), *score)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_cut_as_the_models_learned_them() {
        for (text, wanted) in [
            ("Chris Smith's co-chair,", "Chris|Smith|'|s|co-chair|,"),
            ("pre- and a--b", "pre|-|and|a|-|-|b"),
            ("图们市 Tumen", "图|们|市|Tumen"),
            ("두만강에서 2,000명", "두만강에서|2|,|000명"),
            (" \n ", ""),
        ] {
            let got: Vec<&str> = words(text).into_iter().map(|at| &text[at]).collect();
            assert_eq!(got.join("|"), wanted);
        }
    }

    #[test]
    fn labels_become_spans() {
        let check = |tags: &str, wanted: &str| {
            let tags: Vec<(&str, f32)> = tags.split(' ').map(|t| (t, 0.5)).collect();
            let got: Vec<String> = join(&tags)
                .into_iter()
                .map(|(l, at, _)| format!("{l}{}-{}", at.start, at.end))
                .collect();
            assert_eq!(got.join(" "), wanted);
        };
        check("O B-PER I-PER O I-LOC", "PER1-3 LOC4-5");
        check("B-PER B-PER I-LOC", "PER0-1 PER1-2 LOC2-3");
        check("S-ORG B-ORG E-ORG O", "ORG0-1 ORG1-3");
        check("PER PER O PER", "PER0-2 PER3-4");
        check("B I I B", "0-3 3-4");
    }

    #[test]
    fn the_surest_of_overlapping_spans_stays() {
        let span = |start, end, score| Scored {
            start,
            end,
            label: 0,
            score,
        };
        let got = settle(vec![
            span(0, 3, 0.6),
            span(1, 2, 0.9),
            span(3, 3, 0.7),
            span(4, 9, 0.5),
        ]);
        assert_eq!(got, [span(1, 2, 0.9), span(3, 3, 0.7), span(4, 9, 0.5)]);
    }

    #[test]
    fn scores_are_read_in_their_order() {
        // 2 words, widths 2, labels 2; the span of both words is of the second label.
        let logits = [-9.0, -9.0, -9.0, 9.0, -9.0, -9.0, -9.0, 9.0];
        let got = from_spans(&logits, [2, 2, 2], 2, 0.5);
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].start, got[0].end, got[0].label), (0, 1, 1));
        // 3 words, 1 label: begins at the first, ends at the second.
        let logits = [9.0, -9.0, 9.0, -9.0, 9.0, 9.0, -9.0, -9.0, -9.0];
        let got = from_tokens(&logits, 1, 3, 12, 0.5);
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].start, got[0].end), (0, 1));
        assert!(from_spans(&[f32::NAN; 8], [2, 2, 2], 2, 0.5).is_empty());
        assert!(from_spans(&[9.0; 8], [0, 0, 0], 2, 0.5).is_empty());
    }

    proptest! {
        #[test]
        fn words_and_stretches_lose_nothing(text in "[a_中한 \\-.,]{0,60}", most in 0_usize..7) {
            let words = words(&text);
            let mut before = 0;
            for word in &words {
                prop_assert!(text[before..word.start].chars().all(char::is_whitespace));
                before = word.end;
            }
            prop_assert!(text[before..].chars().all(char::is_whitespace));
            let all: Vec<usize> = stretches(&text, &words, most).into_iter().flatten().collect();
            prop_assert_eq!(all, (0..words.len()).collect::<Vec<_>>());
        }
    }
}
