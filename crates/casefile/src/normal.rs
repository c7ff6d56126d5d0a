//! The normalised view of a stored text: what a reader would say stands there, without what the
//! page did to it (line-end hyphens, ligatures, odd spaces, line and page breaks in a sentence).
//!
//! The stored text is never edited. [`normalise`] makes a view beside it with a map between the
//! two, so that whatever is found in the view is quoted from the stored text.
//!
//! What is changed:
//! - soft hyphens, zero-width characters, bidirectional controls and variation selectors go;
//! - ligatures (U+FB00 to U+FB06) and full-width forms become plain letters; conjoining Hangul
//!   Jamo become syllables (Unicode Standard, section 3.12); compatibility ideographs stay;
//! - spaces of every kind and single line breaks become one space, blank lines one `"\n\n"`;
//!   between two characters of a script without word spaces (Han, kana) a line break goes;
//! - a tab stays a tab and a line with a tab keeps its line break: it is a row of a table;
//! - a page break inside a sentence becomes a space, elsewhere a paragraph's end;
//! - a hyphen at a line's end goes, and the word is joined, where a lower-case Latin letter
//!   follows. A real hyphen ("long-term") looks the same there; it is kept if the same compound
//!   stands unbroken elsewhere in the text, if its first part is one that English compounds with
//!   a hyphen (`self-`, `long-` …), or if the word has another hyphen before it
//!   ("state-of-the-\nart"). The text itself is the best witness of how its author spells.

use std::collections::HashSet;

use crate::Span;

/// A normalised view and the way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Normal {
    pub text: String,
    pub map: OffsetMap,
    /// Where a single line break became a space: offsets in *bytes* of `text`, ascending. A
    /// script that may break a line inside a word (Hangul) can be read both ways there.
    pub breaks: Vec<usize>,
}

/// Pairs of places, in `char`s, between a stored text and its normalised view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// Ascending in both. A stretch between two edges that is as long on both sides maps
    /// character by character; any other stretch maps as a whole.
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edge {
    raw: u32,
    normal: u32,
}

impl OffsetMap {
    fn edge(&mut self, raw: u32, normal: u32) {
        let edge = Edge { raw, normal };
        if self.edges.last() != Some(&edge) {
            self.edges.push(edge);
        }
    }

    /// The stretch number `at`: its first edge and the one after it.
    fn stretch(&self, at: usize) -> (Edge, Edge) {
        let first = self.edges.get(at).copied();
        let first = first.unwrap_or(Edge { raw: 0, normal: 0 });
        (first, self.edges.get(at + 1).copied().unwrap_or(first))
    }

    /// The range of the stored text that the range of the view came from.
    ///
    /// A range outside the view is drawn in to its end. A non-empty range never becomes empty.
    #[must_use]
    pub fn to_raw(&self, span: Span) -> Span {
        let find = |place: u32| {
            let after = self.edges.partition_point(|edge| edge.normal <= place);
            self.stretch(after.saturating_sub(1))
        };
        convert(span, find, |edge| edge.normal, |edge| edge.raw)
    }

    /// The range of the view that shows the range of the stored text; empty if none of it is
    /// shown.
    #[must_use]
    pub fn to_normal(&self, span: Span) -> Span {
        let find = |place: u32| {
            let after = self.edges.partition_point(|edge| edge.raw <= place);
            self.stretch(after.saturating_sub(1))
        };
        convert(span, find, |edge| edge.raw, |edge| edge.normal)
    }
}

fn convert(
    span: Span,
    find: impl Fn(u32) -> (Edge, Edge),
    here: impl Fn(Edge) -> u32,
    there: impl Fn(Edge) -> u32,
) -> Span {
    let alike = |from: Edge, to: Edge| here(to) - here(from) == there(to) - there(from);
    let (from, to) = find(span.start);
    let start = if alike(from, to) {
        there(from)
            + span
                .start
                .saturating_sub(here(from))
                .min(here(to) - here(from))
    } else {
        there(from)
    };
    if span.is_empty() {
        return Span::new(start, start);
    }
    let (from, to) = find(span.end - 1);
    let end = if alike(from, to) {
        there(from) + (span.end - here(from)).min(here(to) - here(from))
    } else {
        there(to)
    };
    Span::new(start, end.max(start))
}

/// What a character is to this view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// A space that does not end a line.
    Space,
    Tab,
    Break,
    /// Paragraph separator (U+2029).
    Paragraph,
    PageBreak,
    SoftHyphen,
    /// Invisible; shown as nothing.
    Nothing,
}

fn kind(c: char) -> Kind {
    match c {
        ' '
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Kind::Space,
        '\t' => Kind::Tab,
        '\n' | '\r' | '\u{b}' | '\u{85}' | '\u{2028}' => Kind::Break,
        '\u{2029}' => Kind::Paragraph,
        '\u{c}' => Kind::PageBreak,
        '\u{ad}' => Kind::SoftHyphen,
        '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0100}'..='\u{e01ef}' => Kind::Nothing,
        _ => Kind::Plain,
    }
}

/// The plain form of a full-width character or the first letter of a ligature.
fn folded(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{ffe0}' => '¢',
        '\u{ffe1}' => '£',
        '\u{ffe5}' => '¥',
        '\u{ffe6}' => '₩',
        '\u{fb00}'..='\u{fb04}' => 'f',
        '\u{fb05}' | '\u{fb06}' => 's',
        _ => c,
    }
}

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

/// Hangul composition of two characters (Unicode Standard, section 3.12).
fn compose(first: char, second: char) -> Option<char> {
    let (a, b) = (u32::from(first), u32::from(second));
    let syllable = match (a, b) {
        (0x1100..=0x1112, 0x1161..=0x1175) => 0xac00 + ((a - 0x1100) * 21 + (b - 0x1161)) * 28,
        (0xac00..=0xd7a3, 0x11a8..=0x11c2) if (a - 0xac00) % 28 == 0 => a + (b - 0x11a7),
        _ => return None,
    };
    char::from_u32(syllable)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}')
}

/// Of a script that is written without spaces and broken at any character.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(u32::from(c), 0..=0x24f | 0x1e00..=0x1eff)
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}')
}

/// Whether the sentence that stands before a page break goes on after it.
fn goes_on(before: char, after: char) -> bool {
    let open =
        before.is_alphanumeric() || matches!(before, ',' | '、' | '-' | '\u{2013}' | '(' | '，');
    let takes_up = after.is_lowercase() || unspaced(after) || is_hangul(after);
    // A heading or caption before the break would end in a letter too; where the script has no
    // case to tell, only the same kind of script goes on.
    open && takes_up
        && (after.is_lowercase() || unspaced(before) || is_hangul(before) || before == ',')
}

/// First parts that English joins to the next with a hyphen that stays.
const HYPHENATING: [&str; 14] = [
    "self", "ex", "well", "long", "short", "high", "low", "cross", "half", "mid", "so", "ill",
    "full", "part",
];

struct View<'a> {
    raw: &'a str,
    out: String,
    map: OffsetMap,
    breaks: Vec<usize>,
    /// `char`s of `raw` read, and of `out` written.
    read: u32,
    written: u32,
    /// The line that is being written has a tab.
    row: bool,
    has_tabs: bool,
    /// Compounds that stand unbroken in the text, in lower case; made when first asked for.
    compounds: Option<HashSet<String>>,
}

/// The normalised view of a text. See the module for the rules.
///
/// Normalising a normalised text changes nothing.
#[must_use]
pub fn normalise(raw: &str) -> Normal {
    let mut view = View {
        raw,
        out: String::with_capacity(raw.len()),
        map: OffsetMap::default(),
        breaks: Vec::new(),
        read: 0,
        written: 0,
        row: false,
        has_tabs: raw.contains('\t'),
        compounds: None,
    };
    view.map.edge(0, 0);
    view.run();
    view.map.edge(view.read, view.written);
    Normal {
        text: view.out,
        map: view.map,
        breaks: view.breaks,
    }
}

impl View<'_> {
    fn run(&mut self) {
        let raw = self.raw;
        let bytes = raw.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let (end, chars) = untouched(raw, at);
            if end > at {
                self.out.push_str(raw.get(at..end).unwrap_or_default());
                self.read += chars;
                self.written += chars;
                at = end;
            }
            let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            at = match kind(c) {
                Kind::Plain => self.letter(c, at),
                _ => self.gap(at),
            };
        }
    }

    /// Notes that `raw` characters became `normal` ones, both at the current place.
    fn moved(&mut self, raw: u32, normal: u32) {
        if raw != normal {
            self.map.edge(self.read, self.written);
            self.map.edge(self.read + raw, self.written + normal);
        }
        self.read += raw;
        self.written += normal;
    }

    /// One visible character that may have to be written otherwise. Returns where to go on.
    fn letter(&mut self, c: char, at: usize) -> usize {
        let mut next = at + c.len_utf8();
        if let Some(letters) = ligature(c) {
            self.out.push_str(letters);
            self.moved(1, u32::try_from(letters.len()).unwrap_or(1));
            return next;
        }
        let mut c = folded(c);
        let mut taken = 1;
        let mut pending = 0;
        // Invisible characters inside a syllable go with it.
        for following in self.raw.get(next..).unwrap_or_default().chars() {
            pending += following.len_utf8();
            let invisible = matches!(kind(following), Kind::Nothing | Kind::SoftHyphen);
            if let Some(whole) = compose(c, following) {
                let skipped = self.raw.get(next..next + pending).unwrap_or_default();
                taken += u32::try_from(skipped.chars().count()).unwrap_or(1);
                c = whole;
                next += pending;
                pending = 0;
            } else if !invisible || pending > 64 {
                break;
            }
        }
        self.out.push(c);
        self.moved(taken, 1);
        next
    }

    /// A run of spaces, breaks and invisible characters. Returns where to go on.
    fn gap(&mut self, at: usize) -> usize {
        let (mut breaks, mut chars, mut end) = (0u32, 0u32, at);
        let (mut tab, mut page, mut space, mut soft, mut carriage) =
            (false, false, false, false, false);
        let mut next = None;
        for c in self.raw.get(at..).unwrap_or_default().chars() {
            match kind(c) {
                Kind::Plain => {
                    next = Some(folded(c));
                    break;
                }
                Kind::Space => space = true,
                Kind::Tab => tab = true,
                Kind::Break if c == '\n' && carriage => {}
                Kind::Break => breaks = breaks.saturating_add(1),
                Kind::Paragraph => breaks = breaks.saturating_add(2),
                Kind::PageBreak => page = true,
                Kind::SoftHyphen if breaks == 0 && !page && !space => soft = true,
                Kind::SoftHyphen | Kind::Nothing => {}
            }
            carriage = c == '\r';
            chars += 1;
            end += c.len_utf8();
        }
        let before = self.out.chars().next_back();
        let (Some(before), Some(after)) = (before, next) else {
            self.moved(chars, 0);
            return end;
        };
        let broken = breaks > 0 || page;
        let row = self.row || (broken && self.row_follows(end));
        let joins = !row && (breaks == 1 || page);
        let written = if !broken {
            match (tab, space) {
                (true, _) => "\t",
                (false, true) => " ",
                (false, false) => "",
            }
        } else if joins && soft && is_latin(before) && is_latin(after) {
            ""
        } else if joins && after.is_lowercase() && is_latin(after) && self.ends_in_hyphen() {
            if !self.keeps_hyphen(end) {
                return self.join(chars, end);
            }
            ""
        } else if page {
            match (row, goes_on(before, after)) {
                (false, true) if unspaced(before) && unspaced(after) => "",
                (false, true) => " ",
                _ => "\n\n",
            }
        } else if breaks > 1 {
            "\n\n"
        } else if row {
            "\n"
        } else if unspaced(before) && unspaced(after) {
            ""
        } else {
            self.breaks.push(self.out.len());
            " "
        };
        match written {
            "\t" => self.row = true,
            "\n" | "\n\n" => self.row = false,
            _ => {}
        }
        self.out.push_str(written);
        self.moved(chars, u32::try_from(written.len()).unwrap_or(0));
        end
    }

    /// Drops the hyphen written last together with the gap after it.
    fn join(&mut self, chars: u32, end: usize) -> usize {
        self.out.pop();
        self.read -= 1;
        self.written -= 1;
        self.moved(chars + 1, 0);
        end
    }

    fn ends_in_hyphen(&self) -> bool {
        let mut back = self.out.chars().rev();
        back.next().is_some_and(is_hyphen) && back.next().is_some_and(is_latin)
    }

    /// Whether the hyphen written last is a real one; the word goes on at byte `next` of `raw`.
    fn keeps_hyphen(&mut self, next: usize) -> bool {
        let word = |c: &char| is_latin(*c);
        let before: String = {
            let back = self.out.chars().rev().skip(1).take_while(word).take(40);
            let back: Vec<char> = back.collect();
            back.into_iter()
                .rev()
                .flat_map(char::to_lowercase)
                .collect()
        };
        let earlier = self.out.chars().rev().nth(1 + before.chars().count());
        if earlier.is_some_and(is_hyphen) || HYPHENATING.contains(&before.as_str()) {
            return true;
        }
        let rest = self.raw.get(next..).unwrap_or_default();
        let after = rest.chars().map(folded).take_while(word).take(40);
        let compound = format!(
            "{before}-{}",
            after.flat_map(char::to_lowercase).collect::<String>()
        );
        let raw = self.raw;
        self.compounds
            .get_or_insert_with(|| compounds(raw))
            .contains(&compound)
    }

    /// Whether the line that begins at byte `from` of `raw` is a row of a table.
    fn row_follows(&self, from: usize) -> bool {
        if !self.has_tabs {
            return false;
        }
        let mut pending = false;
        for c in self.raw.get(from..).unwrap_or_default().chars() {
            match kind(c) {
                Kind::Tab => pending = true,
                Kind::Break | Kind::Paragraph | Kind::PageBreak => return false,
                Kind::Plain if pending => return true,
                _ => {}
            }
        }
        false
    }
}

/// Words with a hyphen that stand whole in the text, in lower case.
fn compounds(raw: &str) -> HashSet<String> {
    let mut found = HashSet::new();
    for (at, hyphen) in raw.match_indices(['-', '\u{2010}']) {
        let back = raw.get(..at).unwrap_or_default();
        let on = raw.get(at + hyphen.len()..).unwrap_or_default();
        let before: Vec<char> = back
            .chars()
            .rev()
            .take_while(|c| is_latin(*c))
            .take(40)
            .collect();
        let after: String = on.chars().take_while(|c| is_latin(*c)).take(40).collect();
        if !before.is_empty() && !after.is_empty() {
            let before: String = before.into_iter().rev().collect();
            found.insert(format!(
                "{}-{}",
                before.to_lowercase(),
                after.to_lowercase()
            ));
        }
    }
    found
}

/// The longest stretch from byte `at` that is shown as it stands: its end and its `char`s.
fn untouched(raw: &str, at: usize) -> (usize, u32) {
    let bytes = raw.as_bytes();
    let (mut end, mut chars) = (at, 0);
    while let Some(&byte) = bytes.get(end) {
        if byte < 0x80 {
            if byte > b' ' {
                end += 1;
            } else if byte == b' ' {
                // A lone space inside a line stays; so the byte after it decides.
                match bytes.get(end + 1) {
                    Some(b'!'..=0x7f) if end > 0 => end += 1,
                    Some(0xe3..=0xed) if end > 0 && !ideographic_space(bytes, end + 1) => end += 1,
                    _ => break,
                }
            } else if (0x9..=0xd).contains(&byte) {
                break;
            } else {
                end += 1;
            }
            chars += 1;
            continue;
        }
        // The leads E3 to E9 and EB to EC hold Han, kana and Hangul: nothing of them changes but
        // the ideographic space and a syllable before a final Jamo.
        let width = match byte {
            0xe4..=0xe9 => 3,
            _ => {
                let Some(c) = raw.get(end..).and_then(|rest| rest.chars().next()) else {
                    break;
                };
                if touched(c, bytes.get(end + c.len_utf8()).copied()) {
                    break;
                }
                c.len_utf8()
            }
        };
        end += width;
        chars += 1;
    }
    (end, chars)
}

fn ideographic_space(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + 3) == Some(&[0xe3, 0x80, 0x80])
}

/// Whether a character is shown otherwise than it stands, given the byte after it.
fn touched(c: char, next: Option<u8>) -> bool {
    match c {
        '\u{1100}'..='\u{1112}' => true,
        // A final Jamo begins with E1; what could be invisible before it with one of the others.
        '\u{ac00}'..='\u{d7a3}' => {
            (u32::from(c) - 0xac00) % 28 == 0
                && matches!(next, Some(0xc2 | 0xcd | 0xd8 | 0xe1 | 0xe2 | 0xef | 0xf3))
        }
        _ => kind(c) != Kind::Plain || folded(c) != c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, normal: &str) {
        let view = normalise(raw);
        assert_eq!(view.text, normal, "{raw:?}");
        check_map(raw, &view);
    }

    fn check_map(raw: &str, view: &Normal) {
        let length = u32::try_from(raw.chars().count()).unwrap();
        let shown = u32::try_from(view.text.chars().count()).unwrap();
        assert_eq!(normalise(&view.text).text, view.text, "twice: {raw:?}");
        let mut last = 0;
        for at in 0..shown {
            let span = view.map.to_raw(Span::new(at, at + 1));
            assert!(
                span.start < span.end && span.end <= length,
                "{raw:?} {at} {span:?}"
            );
            assert!(span.start >= last, "{raw:?} {at}");
            last = span.start;
            let back = view.map.to_normal(span);
            assert!(
                back.start <= at && at < back.end,
                "{raw:?} {at} {span:?} {back:?}"
            );
        }
        for at in 0..length {
            let span = view.map.to_normal(Span::new(at, at + 1));
            assert!(
                span.start <= span.end && span.end <= shown,
                "{raw:?} {at} {span:?}"
            );
        }
        assert_eq!(
            view.map.to_raw(Span::new(0, u32::MAX)).end.min(length),
            view.map.to_raw(Span::new(0, u32::MAX)).end
        );
        for at in &view.breaks {
            assert_eq!(view.text.get(*at..*at + 1), Some(" "), "{raw:?}");
        }
    }

    #[test]
    fn what_the_page_did_is_undone() {
        check("plain text, as it stands", "plain text, as it stands");
        check("the repa-\ntriation of", "the repatriation of");
        check(
            "the repa\u{ad}triation, the com\u{ad}\nmunity",
            "the repatriation, the community",
        );
        check("repa‐\r\n triation", "repatriation");
        check("North-\nKorea and 20-\nyear", "North- Korea and 20- year");
        check("a long-\nterm plan", "a long-term plan");
        check("state-of-the-\nart", "state-of-the-art");
        check("co-\noperation, Co-operation", "co-operation, Co-operation");
        check("ﬁnd oﬃce ﬆop", "find office stop");
        check("ＵＮ　２０２３", "UN 2023");
        check("a\u{a0}\u{2009}b  c\nd", "a b c d");
        check("one\n\n \n two\n", "one\n\ntwo");
        check("  lead", "lead");
        check("zero\u{200b}width\u{feff}", "zerowidth");
        check("a b\r\nc\r\n\r\nd", "a b c\n\nd");
    }

    #[test]
    fn pages_and_rows() {
        check(
            "held in com-\n\n\u{c}munity centres",
            "held in community centres",
        );
        check("they were\n\n\u{c}held there", "they were held there");
        check("The end.\n\n\u{c}Page two", "The end.\n\nPage two");
        check("The end\n\n\u{c}Page two", "The end\n\nPage two");
        check("강제\n\n\u{c}송환된", "강제 송환된");
        check("强制\n\n\u{c}遣返", "强制遣返");
        check("a\tb\nc\td\n\ntext\nmore", "a\tb\nc\td\n\ntext more");
        check("title\na\tb\n", "title\na\tb");
    }

    #[test]
    fn east_asian_text() {
        check("强制\n遣返", "强制遣返");
        check("탈북자\n들이", "탈북자 들이");
        assert_eq!(normalise("탈북자\n들이").breaks, [9]);
        check("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "한국");
        check("하\u{11ab} 한\u{11ab}", "한 한\u{11ab}");
        check("\u{1112}\u{200b}\u{1161}", "하");
        check("가\u{ad}\n\u{11a8}", "가 \u{11a8}");
        check("金\u{f90a}\u{3000}正", "金\u{f90a} 正");
    }

    #[test]
    fn a_quote_in_the_view_is_found_in_the_text() {
        let raw = "They fear repa-\ntriation to the oﬃce.";
        let view = normalise(raw);
        let span = |word: &str| {
            let at = u32::try_from(view.text.find(word).unwrap()).unwrap();
            Span::new(at, at + u32::try_from(word.len()).unwrap())
        };
        assert_eq!(
            view.map.to_raw(span("repatriation")).of(raw),
            Some("repa-\ntriation")
        );
        assert_eq!(view.map.to_raw(span("office")).of(raw), Some("oﬃce"));
        assert_eq!(view.map.to_raw(span("fice")).of(raw), Some("ﬃce"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_text(raw in "(?s)([a-cA-Z]|-|\n|\r|\t| |\u{c}|\u{ad}|\u{200b}|가|한|\u{1100}|\u{1161}|\u{11a8}|ﬁ|Ａ|－|\u{3000}|北|、|\u{2029}|\u{85}|[.]|.){0,24}") {
            check_map(&raw, &normalise(&raw));
        }
    }
}
