//! What the order and the boxes of words need to know about writing systems.

/// Whether the first strong character is written from right to left (Hebrew, Arabic, Syriac,
/// Thaana, N'Ko and their presentation forms).
pub(crate) fn is_right_to_left(text: &str) -> bool {
    text.chars().next().is_some_and(|c| {
        matches!(c as u32,
            0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
            && !is_mark_or_digit(c)
    })
}

fn is_mark_or_digit(c: char) -> bool {
    matches!(c as u32, 0x0660..=0x0669 | 0x06f0..=0x06f9 | 0xfd3e..=0xfd3f | 0xfeff)
}

/// Characters of which each is its own unit of text: Han, kana, bopomofo and their punctuation.
/// (Hangul is written with spaces between words.)
pub(crate) fn stands_alone(c: char) -> bool {
    matches!(c as u32,
        0x2e80..=0x30ff | 0x3100..=0x312f | 0x31a0..=0x31bf | 0x31f0..=0x31ff | 0x3200..=0x33ff
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff0f
        | 0xff1a..=0xff20 | 0xff5b..=0xff9f | 0x2_0000..=0x3_ffff)
}

fn is_left_to_right(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|c| is_mark_or_digit(c) || (c.is_alphanumeric() && !is_right_to_left(text)))
}

/// Turns a line from the order in which it is seen, left to right, into the order in which it is
/// read. Lines without right-to-left text stay as they are. Tells whether the line is read from
/// right to left.
///
/// This is the inverse of the display order for what documents hold: a line of right-to-left words
/// with numbers and Latin words in it, or a Latin line with right-to-left words in it.
pub(crate) fn order<'t, T>(words: &mut [Vec<T>], text: impl Fn(&T) -> &'t str) -> bool {
    let (mut right, mut left) = (0_usize, 0_usize);
    for glyph in words.iter().flatten() {
        if is_right_to_left(text(glyph)) {
            right += 1;
        } else if is_left_to_right(text(glyph)) {
            left += 1;
        }
    }
    if right == 0 {
        return false;
    }
    for word in words.iter_mut() {
        order_word(word, &text);
    }
    let has = |word: &Vec<T>, what: fn(&str) -> bool| word.iter().any(|glyph| what(text(glyph)));
    // A line with right-to-left words at both ends holds Latin ones, whatever their number.
    let at_ends = [words.first(), words.last()]
        .into_iter()
        .flatten()
        .all(|word| has(word, is_right_to_left));
    let line = right >= left || (at_ends && words.len() > 1);
    // Reverse the whole line (or each right-to-left stretch of a Latin line), then put the
    // stretches of the other direction back.
    if line {
        words.reverse();
    }
    let mut start = 0;
    while start < words.len() {
        let against = |word: &Vec<T>| {
            let rtl = has(word, is_right_to_left);
            if line {
                !rtl && has(word, is_left_to_right)
            } else {
                rtl
            }
        };
        let rest = words.get_mut(start..).unwrap_or_default();
        let count = rest.iter().take_while(|word| against(word)).count();
        if let Some(stretch) = rest.get_mut(..count) {
            stretch.reverse();
        }
        start += count.max(1);
    }
    line
}

/// Reverses the glyphs of a right-to-left word; numbers and Latin letters inside keep their order.
fn order_word<'t, T>(word: &mut [T], text: &impl Fn(&T) -> &'t str) {
    if !word.iter().any(|glyph| is_right_to_left(text(glyph))) {
        return;
    }
    word.reverse();
    let mut start = 0;
    while start < word.len() {
        let rest = word.get_mut(start..).unwrap_or_default();
        let run = |from: usize, rest: &[T]| {
            let more = rest.get(from..).unwrap_or_default();
            more.iter()
                .take_while(|glyph| is_left_to_right(text(glyph)))
                .count()
        };
        let mut count = run(0, rest);
        // Separators inside a number belong to it.
        while count > 0
            && let Some([sign, _, ..]) = rest.get(count..)
            && matches!(text(sign), "." | "," | ":" | "/" | "-")
            && run(count + 1, rest) > 0
        {
            count += 1 + run(count + 1, rest);
        }
        if let Some(stretch) = rest.get_mut(..count) {
            stretch.reverse();
        }
        start += count.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_order(seen: &str, read: &str) {
        let glyphs: Vec<String> = seen.chars().map(String::from).collect();
        let mut words: Vec<Vec<&str>> = vec![Vec::new()];
        for glyph in &glyphs {
            if glyph == " " {
                words.push(Vec::new());
            } else if let Some(word) = words.last_mut() {
                word.push(glyph);
            }
        }
        order(&mut words, |glyph| *glyph);
        let words: Vec<String> = words.iter().map(|word| word.concat()).collect();
        assert_eq!(words.join(" "), read);
    }

    #[test]
    fn right_to_left_lines_are_read_in_order() {
        let (abc, cba, def, fed) = (
            "\u{5d0}\u{5d1}\u{5d2}",
            "\u{5d2}\u{5d1}\u{5d0}",
            "\u{5d3}\u{5d4}\u{5d5}",
            "\u{5d5}\u{5d4}\u{5d3}",
        );
        check_order("plain text 12", "plain text 12");
        check_order(cba, abc);
        check_order(&format!("{cba} 1,234 {fed}"), &format!("{def} 1,234 {abc}"));
        check_order(
            &format!("{cba} United Nations {fed}"),
            &format!("{def} United Nations {abc}"),
        );
        check_order(
            &format!("see what {cba} {fed} is here"),
            &format!("see what {def} {abc} is here"),
        );
        check_order(&format!(".{cba}"), &format!("{abc}."));
        check_order(&format!("{cba}1,234{fed}"), &format!("{def}1,234{abc}"));
    }
}
