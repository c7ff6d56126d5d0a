//! What the instruction of a field and the entries of `\info` say.

use casefile::Field;

/// The target of a `HYPERLINK` instruction, with `#bookmark` for a place inside a document.
pub(crate) fn hyperlink(instruction: &str) -> Option<String> {
    let mut words = Words(instruction);
    if !words.next()?.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let (mut target, mut place) = (String::new(), String::new());
    while let Some(word) = words.next() {
        if word.eq_ignore_ascii_case("\\l") {
            place = words.next().unwrap_or_default();
        } else if ["\\o", "\\t", "\\m"]
            .iter()
            .any(|s| word.eq_ignore_ascii_case(s))
        {
            words.next();
        } else if !word.starts_with('\\') && target.is_empty() {
            target = word;
        }
    }
    if !place.is_empty() {
        target = format!("{target}#{place}");
    }
    (!target.is_empty()).then_some(target)
}

/// Words of a field instruction; quotes hold blanks together.
struct Words<'a>(&'a str);

impl Iterator for Words<'_> {
    type Item = String;
    fn next(&mut self) -> Option<String> {
        let rest = self.0.trim_start();
        if rest.is_empty() {
            return None;
        }
        let (word, left) = match rest.strip_prefix(['"', '\u{201c}']) {
            Some(quoted) => match quoted.find(['"', '\u{201d}']) {
                Some(end) => {
                    let (word, left) = quoted.split_at(end);
                    (word, left.trim_start_matches(['"', '\u{201d}']))
                }
                None => (quoted, ""),
            },
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        self.0 = left;
        Some(word.to_owned())
    }
}

/// The meaning of an entry of `\info` that holds text.
pub(super) fn info_text(word: &[u8]) -> Option<(Field, &'static str)> {
    Some(match word {
        b"title" => (Field::Title, "RTF info \\title"),
        b"subject" => (Field::Subject, "RTF info \\subject"),
        b"author" => (Field::Author, "RTF info \\author"),
        b"operator" => (Field::Editor, "RTF info \\operator"),
        b"keywords" => (Field::Keywords, "RTF info \\keywords"),
        b"doccomm" => (Field::Description, "RTF info \\doccomm"),
        b"comment" => (Field::Other, "RTF info \\comment"),
        b"company" => (Field::Other, "RTF info \\company"),
        b"manager" => (Field::Other, "RTF info \\manager"),
        b"category" => (Field::Other, "RTF info \\category"),
        b"hlinkbase" => (Field::Other, "RTF info \\hlinkbase"),
        _ => return None,
    })
}

/// The meaning of an entry of `\info` that holds a time.
pub(super) fn info_time(word: &[u8]) -> Option<(Field, &'static str)> {
    Some(match word {
        b"creatim" => (Field::Created, "RTF info \\creatim"),
        b"revtim" => (Field::Modified, "RTF info \\revtim"),
        b"printim" => (Field::Other, "RTF info \\printim"),
        b"buptim" => (Field::Other, "RTF info \\buptim"),
        _ => return None,
    })
}

/// Year, month, day, hour, minute, second as local time; the date alone if the hour is none.
pub(super) fn time([year, month, day, hour, minute, second]: [i32; 6]) -> Option<String> {
    let real = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..61).contains(&second);
    real.then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_hyperlinks() {
        let check = |instruction, target: Option<&str>| {
            assert_eq!(hyperlink(instruction).as_deref(), target, "{instruction}");
        };
        check(" HYPERLINK \"http://a.org/b c\" ", Some("http://a.org/b c"));
        check("HYPERLINK http://a.org \\o \"tip\"", Some("http://a.org"));
        check("HYPERLINK \\l \"_Toc1\"", Some("#_Toc1"));
        check("hyperlink \"x.doc\" \\l \"y\"", Some("x.doc#y"));
        check("PAGEREF _Toc1 \\h", None);
        check("HYPERLINK \"", None);
        check("", None);
    }
}
