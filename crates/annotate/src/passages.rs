//! A long text cut into passages that an extractor takes in one go.

/// A stretch of a text, with the character at which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage<'a> {
    pub start: u32,
    pub text: &'a str,
}

/// Cuts `text` into passages of at most `most` characters, between paragraphs where that can be,
/// else between lines, sentences or words. Blank passages are left out; nothing else is.
#[must_use]
pub fn passages(text: &str, most: usize) -> Vec<Passage<'_>> {
    let most = most.max(1);
    let mut all = Vec::new();
    let (mut rest, mut start) = (text, 0_u32);
    while !rest.is_empty() {
        let limit = rest
            .char_indices()
            .nth(most)
            .map_or(rest.len(), |(at, _)| at);
        let cut = if limit == rest.len() {
            limit
        } else {
            let head = rest.get(..limit).unwrap_or(rest);
            ["\n\n", "\n", "。", ". ", " "]
                .iter()
                .find_map(|end| {
                    let at = head.rfind(end)?.checked_add(end.len())?;
                    (at > limit / 3).then_some(at)
                })
                .unwrap_or(limit)
        };
        let Some((passage, after)) = rest.split_at_checked(cut) else {
            break;
        };
        if !passage.trim().is_empty() {
            all.push(Passage {
                start,
                text: passage,
            });
        }
        let chars = u32::try_from(passage.chars().count()).unwrap_or(u32::MAX);
        (rest, start) = (after, start.saturating_add(chars));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paragraphs_stay_whole() {
        let all = passages("One two.\n\nThree four five.\n\n \n\n", 14);
        let cut: Vec<_> = all.iter().map(|p| (p.start, p.text)).collect();
        assert_eq!(
            cut,
            [
                (0, "One two.\n\n"),
                (10, "Three four "),
                (21, "five.\n\n \n\n")
            ]
        );
        assert_eq!(passages("   ", 2), []);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "[a한。. \n]{0,80}", most in 1_usize..20) {
            let chars: Vec<char> = text.chars().collect();
            let mut seen = 0;
            for passage in passages(&text, most) {
                let (start, length) = (passage.start as usize, passage.text.chars().count());
                prop_assert!(length <= most);
                let read: String = chars[start..start + length].iter().collect();
                prop_assert_eq!(&read, passage.text);
                prop_assert!(chars[seen..start].iter().all(|c| c.is_whitespace()));
                seen = start + length;
            }
            prop_assert!(chars[seen..].iter().all(|c| c.is_whitespace()));
        }
    }
}
