//! Recognised words: read from the recogniser's answer, judged, laid out as a page.

use std::collections::BTreeMap;

use casefile::{BlockKind, Page, Section, TextBuilder};

/// Word confidence (0 to 100) from which a word counts as read and not as guessed.
const READ: f32 = 60.0;
/// A line whose surest word is below this is a drawing's, not a text's.
const GUESS: f32 = 35.0;

/// One recognised word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// Block, paragraph and line, as the recogniser numbers them.
    pub(super) place: (u32, u32, u32),
    /// Left, top, right, bottom in pixels.
    pub(super) rect: [f32; 4],
    pub(super) confidence: f32,
    pub(super) text: String,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// Words of tesseract's answer: first a TSV (level, page, block, paragraph, line, word, left, top,
/// width, height, confidence, text), then the plain text, if asked for.
///
/// The TSV takes words of Korean and Chinese apart and does not say where blanks were; the plain
/// text does.
pub(super) fn read_answer(answer: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    for line in answer.split_inclusive('\n') {
        let fields: Vec<&str> = line
            .trim_end_matches(['\r', '\n'])
            .splitn(12, '\t')
            .collect();
        if fields.len() < 12 {
            break;
        }
        at += line.len();
        words.extend(word(&fields));
    }
    let mut rest = answer.get(at..).unwrap_or_default();
    for word in &mut words {
        let begins = rest.trim_start();
        match begins.strip_prefix(word.text.as_str()) {
            Some(after) => {
                word.spaced = begins.len() < rest.len();
                rest = after;
            }
            // Not the same text after all: what comes is judged by its characters.
            None => rest = "",
        }
    }
    words
}

fn word(fields: &[&str]) -> Option<Word> {
    let number = |n: usize| fields.get(n)?.parse::<f32>().ok().filter(|n| n.is_finite());
    let index = |n: usize| fields.get(n)?.parse::<u32>().ok();
    let text = fields.get(11)?.trim();
    let confidence = number(10)?;
    if text.is_empty() || confidence < 0.0 {
        return None;
    }
    let (left, top) = (number(6)?, number(7)?);
    Some(Word {
        place: (index(2)?, index(3)?, index(4)?),
        rect: [left, top, left + number(8)?, top + number(9)?],
        confidence,
        text: text.to_owned(),
        spaced: !text.starts_with(is_han),
    })
}

/// Mean confidence, weighted by length: a long sure word says more than a stray dot.
pub(super) fn mean(words: &[Word]) -> f32 {
    let mut sum = 0.0;
    let mut weight = 0.0;
    for word in words {
        let length = word.text.chars().count() as f32;
        sum += word.confidence * length;
        weight += length;
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// How much was read, not only how surely: confidence summed over characters.
pub(super) fn yielded(words: &[Word]) -> f32 {
    let sure = words.iter().filter(|word| word.confidence >= READ);
    sure.map(|word| word.confidence * letters(&word.text)).sum()
}

fn letters(text: &str) -> f32 {
    text.chars().filter(|c| c.is_alphanumeric()).count() as f32
}

/// Whether this is text and not what a recogniser sees in clouds.
pub(super) fn is_text(words: &[Word]) -> bool {
    let all: f32 = words.iter().map(|word| letters(&word.text)).sum();
    let sure = words.iter().filter(|word| word.confidence >= READ);
    // Single letters and signs are found with high confidence in any pattern.
    let read: f32 = sure
        .clone()
        .filter(|word| letters(&word.text) >= 2.0 || word.text.chars().any(is_wide))
        .map(|word| letters(&word.text))
        .sum();
    read >= 3.0 && read * 4.0 >= all && mean(words) >= 40.0
}

/// Takes out lines that nobody could read; gives their number.
pub(super) fn drop_guesses(words: &mut Vec<Word>) -> usize {
    let mut surest: BTreeMap<(u32, u32, u32), f32> = BTreeMap::new();
    for word in words.iter() {
        let best = surest.entry(word.place).or_insert(0.0);
        // A stroke is read as a bar or a dash with any confidence.
        if word.text.chars().any(char::is_alphanumeric) {
            *best = best.max(word.confidence);
        }
    }
    let keeps = |place: &(u32, u32, u32)| surest.get(place).is_some_and(|best| *best >= GUESS);
    words.retain(|word| keeps(&word.place));
    surest.values().filter(|best| **best < GUESS).count()
}

/// Words in Latin letters taken from a second reading, where the first was less sure of the same
/// place. The Korean model makes syllables of Latin letters; beside the English one it makes English
/// words of syllables: of both readings the surer one is right.
pub(super) fn with_latin(mut words: Vec<Word>, other: Vec<Word>) -> Vec<Word> {
    let is_latin = |word: &Word| {
        let letters = word.text.chars().filter(char::is_ascii_alphabetic).count();
        letters >= 2 && letters * 2 >= word.text.chars().count() && word.confidence >= READ
    };
    for latin in other.into_iter().filter(is_latin) {
        let covers = |word: &Word| {
            let x = (word.rect[0] + word.rect[2]) / 2.0;
            let y = (word.rect[1] + word.rect[3]) / 2.0;
            (latin.rect[0]..=latin.rect[2]).contains(&x)
                && (latin.rect[1]..=latin.rect[3]).contains(&y)
        };
        let covered: Vec<&Word> = words.iter().filter(|word| covers(word)).collect();
        let Some(first) = covered.first() else {
            continue;
        };
        let sure: f32 = covered.iter().map(|word| word.confidence).sum();
        if sure / covered.len() as f32 >= latin.confidence {
            continue;
        }
        let replacing = Word {
            place: first.place,
            spaced: first.spaced,
            ..latin.clone()
        };
        let at = words.iter().position(covers).unwrap_or(0);
        words.retain(|word| !covers(word));
        words.insert(at, replacing);
    }
    words
}

/// Whether some words are so unsure that another reading may know better.
pub(super) fn has_doubts(words: &[Word]) -> bool {
    words.iter().filter(|word| word.confidence < 75.0).count() >= 2
}

fn is_wide(c: char) -> bool {
    is_han(c) || matches!(c, '\u{ac00}'..='\u{d7af}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

/// A page's section: paragraphs of lines, words in their boxes, in the unit of the page.
pub(super) fn lay_out(words: &[Word], page: &Page, scale: (f32, f32)) -> Section {
    let mut paragraphs: BTreeMap<(u32, u32), Vec<&Word>> = BTreeMap::new();
    for word in words {
        paragraphs
            .entry((word.place.0, word.place.1))
            .or_default()
            .push(word);
    }
    let mut builder = TextBuilder::new();
    builder.begin_page(page.number, page.width, page.height);
    if let Some(open) = builder.page_mut() {
        open.ocr = true;
    }
    for words in paragraphs.values() {
        builder.begin(BlockKind::Paragraph, true);
        let mut before: Option<&Word> = None;
        for word in words {
            if let Some(before) = before {
                if before.place != word.place {
                    builder.push("\n");
                } else if word.spaced {
                    builder.push(" ");
                }
            }
            let [left, top, right, bottom] = word.rect;
            let rect = [
                (left * scale.0).clamp(0.0, page.width),
                (top * scale.1).clamp(0.0, page.height),
                (right * scale.0).clamp(0.0, page.width),
                (bottom * scale.1).clamp(0.0, page.height),
            ];
            builder.push_boxed(
                &word.text,
                rect,
                Some(word.confidence.clamp(0.0, 100.0) as u8),
            );
            before = Some(word);
        }
        builder.end();
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_lines_in_boxes() {
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t600\t800\t-1\t\n\
            5\t1\t1\t1\t1\t1\t20\t30\t100\t20\t96.5\tClose\n\
            5\t1\t1\t1\t1\t2\t130\t30\t40\t20\t91\tto\n\
            5\t1\t1\t1\t2\t1\t20\t60\t20\t20\t88\t图\n\
            5\t1\t1\t1\t2\t2\t40\t60\t20\t20\t87\t们\n\
            5\t1\t2\t1\t1\t1\t20\t90\t20\t20\t87\t구금\n\
            Close to\n图们\n\n구금\n\u{c}";
        let words = read_answer(tsv);
        let page = Page {
            number: 3,
            span: casefile::Span::new(0, 0),
            width: 300.0,
            height: 400.0,
            ocr: false,
            wants_ocr: true,
        };
        let section = lay_out(&words, &page, (0.5, 0.5));
        assert_eq!(section.text, "Close to\n图们\n\n구금\n\n");
        assert_eq!(section.boxes[0].rect, [10.0, 15.0, 60.0, 25.0]);
        assert_eq!(
            (section.boxes[0].page, section.boxes[0].confidence),
            (3, Some(96))
        );
        assert!(section.pages[0].ocr && !section.pages[0].wants_ocr);
        assert_eq!(section.boxes[3].span.of(&section.text), Some("们"));
        assert!(mean(&words) > 80.0 && is_text(&words));
    }

    #[test]
    fn blanks_are_where_the_plain_text_has_them() {
        let tsv = |words: &[&str]| -> String {
            let row = |word: &&str| format!("5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t{word}\n");
            words.iter().map(row).collect()
        };
        let check = |words: &[&str], text: &str, expected: &str| {
            let mut whole = String::new();
            for word in read_answer(&(tsv(words) + text)) {
                whole.push_str(if word.spaced { " " } else { "" });
                whole.push_str(&word.text);
            }
            assert_eq!(whole.trim(), expected);
        };
        check(
            &["북", "송", "은", "2021", "년"],
            "북송은 2021년\n",
            "북송은 2021년",
        );
        check(&["图", "们", "的", "CECC"], "图们的 CECC\n", "图们的 CECC");
        check(&["close", "to"], "", "close to");
        check(&["图", "们"], "", "图们");
        check(
            &["close", "to", "图", "们"],
            "something else",
            "close to图们",
        );
    }

    #[test]
    fn of_two_readings_the_surer_one_is_taken() {
        let word = |text: &str, left: f32, right: f32, confidence| Word {
            place: (1, 1, 1),
            rect: [left, 0.0, right, 10.0],
            confidence,
            text: text.to_owned(),
            spaced: true,
        };
        let korean = vec![
            word("방문객은", 0.0, 40.0, 93.0),
            word("버버", 50.0, 60.0, 31.0),
            word("60", 60.0, 70.0, 44.0),
            word("의", 70.0, 80.0, 90.0),
        ];
        let both = vec![
            word("YEAS", 0.0, 40.0, 71.0),
            word("CECC", 50.0, 70.0, 92.0),
            word("의", 70.0, 80.0, 90.0),
        ];
        let merged = with_latin(korean, both);
        let texts: Vec<_> = merged.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["방문객은", "CECC", "의"]);
    }

    fn line(number: u32, words: &[(&str, f32)]) -> Vec<Word> {
        let word = |(text, confidence): &(&str, f32)| Word {
            place: (1, 1, number),
            rect: [0.0; 4],
            confidence: *confidence,
            text: (*text).to_owned(),
            spaced: true,
        };
        words.iter().map(word).collect()
    }

    #[test]
    fn what_is_seen_in_clouds_is_no_text() {
        assert!(!is_text(&line(
            1,
            &[("|", 95.0), ("a", 90.0), ("fe", 31.0), ("Wy", 12.0)]
        )));
        assert!(!is_text(&line(1, &[])));
        assert!(is_text(&line(1, &[("STOP", 91.0)])));
        assert!(is_text(&line(
            1,
            &[("출입", 88.0), ("금지", 79.0), ("~", 20.0)]
        )));
    }

    #[test]
    fn unreadable_lines_go_and_the_others_stay_whole() {
        let mut words = line(1, &[("Close", 90.0), ("tc", 20.0)]);
        words.extend(line(2, &[("ㄱㄴ", 14.0), ("|", 96.0), ("늬므", 30.0)]));
        assert_eq!(drop_guesses(&mut words), 1);
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["Close", "tc"]);
    }
}
