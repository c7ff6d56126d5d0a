//! The language a text is written in.

/// ISO 639-1 code of the main language of a text, or `None` if there is too little to tell.
/// Korean, Chinese and Japanese are told by their scripts, plain English by its commonest words, the
/// rest by trigrams (whatlang).
#[must_use]
pub fn language(text: &str) -> Option<&'static str> {
    let (mut letters, mut hangul, mut han, mut kana, mut latin) = (0u32, 0u32, 0u32, 0u32, 0u32);
    for c in text.chars().filter(|c| is_letter(*c)).take(20_000) {
        letters += 1;
        match c {
            '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => {
                hangul += 1
            }
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
                han += 1
            }
            '\u{3040}'..='\u{30ff}' => kana += 1,
            c if c.is_ascii() => latin += 1,
            _ => {}
        }
    }
    // A syllable or character says as much as three or four Latin letters.
    let east = hangul + han + kana;
    if east > 0 && east * 3 >= latin {
        return Some(match () {
            () if hangul * 4 >= east => "ko",
            () if kana * 10 >= east => "ja",
            () => "zh",
        });
    }
    if letters < 20 {
        return None;
    }
    if is_english(&sample(text, STRETCH)) {
        return Some("en");
    }
    let found = whatlang::detect(&sample(text, 3 * STRETCH))?;
    if found.confidence() < 0.2 && !found.is_reliable() {
        return None;
    }
    two_letters(found.lang().code())
}

/// As `char::is_alphabetic`, sooner for the letters that most texts are made of.
fn is_letter(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => true,
        _ if c.is_ascii() => c.is_ascii_alphabetic(),
        _ => c.is_alphabetic(),
    }
}

/// Bytes of each of the stretches that stand for a long text where words are looked for; trigrams need three times as many.
const STRETCH: usize = 800;

/// The begin, the middle and the end of a long text: a menu or a quotation in another language
/// is then outvoted, and the work is the same for a text of any length.
fn sample(text: &str, length: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= 4 * length {
        return text.into();
    }
    let stretch = |from: usize| {
        let (from, to) = (
            text.ceil_char_boundary(from),
            text.floor_char_boundary(from + length),
        );
        text.get(from..to).unwrap_or_default()
    };
    let last = text.len() - length;
    [stretch(0), stretch(last / 2), stretch(last)]
        .join("\n")
        .into()
}

/// Words that make up a seventh of English running text and next to nothing of any other language.
const ENGLISH: [&str; 16] = [
    "the", "and", "that", "with", "from", "were", "which", "their", "have", "been", "this", "they",
    "would", "there", "about", "between",
];

/// Whether a twelfth of the words, and four different ones, are among the commonest of English: what
/// is surely English needs no trigrams.
fn is_english(text: &str) -> bool {
    let (mut words, mut hits, mut different) = (0_u32, 0_u32, 0_u32);
    let letters = |c: char| !c.is_alphabetic();
    for word in text.split(letters).filter(|word| !word.is_empty()) {
        words += 1;
        let known = ENGLISH
            .iter()
            .position(|known| word.eq_ignore_ascii_case(known));
        if let Some(known) = known {
            hits += 1;
            different |= 1 << known;
        }
    }
    hits >= 6 && hits.saturating_mul(12) >= words && different.count_ones() >= 4
}

/// ISO 639-3 to 639-1, for the languages that whatlang knows.
fn two_letters(code: &str) -> Option<&'static str> {
    const CODES: &str = "afr af|aka ak|amh am|ara ar|aze az|bel be|ben bn|bul bg|cat ca|ces cs|cmn zh|\
        cym cy|dan da|deu de|ell el|eng en|epo eo|est et|fin fi|fra fr|guj gu|heb he|hin hi|hrv hr|hun hu|\
        hye hy|ind id|ita it|jav jv|jpn ja|kan kn|kat ka|khm km|kor ko|lat la|lav lv|lit lt|mal ml|\
        mar mr|mkd mk|mya my|nep ne|nld nl|nob nb|ori or|pan pa|pes fa|pol pl|por pt|ron ro|rus ru|\
        sin si|slk sk|slv sl|sna sn|spa es|srp sr|swe sv|tam ta|tel te|tgl tl|tha th|tuk tk|tur tr|\
        ukr uk|urd ur|uzb uz|vie vi|yid yi|zul zu";
    let pair = |entry: &'static str| entry.split_once(' ');
    CODES
        .split('|')
        .filter_map(pair)
        .find(|(long, _)| *long == code)
        .map(|(_, short)| short)
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn languages() {
        for (expected, text) in [
            (
                Some("en"),
                "Close to two thousand refugees are reportedly held near the border.",
            ),
            (
                Some("ko"),
                "탈북자들이 강제송환될 위기에 놓여 있다. UN 보고서에 따르면",
            ),
            (Some("zh"), "据报道，近两千名朝鲜难民被关押在图们。"),
            (Some("ja"), "脱北者が強制送還されるおそれがある。"),
            (
                Some("ru"),
                "Сообщается, что близ границы удерживают около двух тысяч беженцев.",
            ),
            (
                Some("fr"),
                "Près de deux mille réfugiés seraient détenus près de la frontière.",
            ),
            (None, "1234 56"),
            (None, ""),
        ] {
            assert_eq!(language(text), expected, "{text}");
            // Also where the text is long.
            assert_eq!(language(&text.repeat(200)), expected, "{text}");
        }
    }

    #[test]
    fn english_is_told_by_its_words_and_only_english() {
        let english = "The commission said that the people who were returned from the border have \
                       been held, and that their families were told about this by guards.";
        assert!(super::is_english(english));
        for other in [
            "De commissie zei dat de mensen die van de grens werden teruggestuurd zijn vastgehouden.",
            "Die Kommission sagte, dass die Menschen, die von der Grenze zurückgebracht wurden, fest sitzen.",
            "La commission a dit que les personnes renvoyées de la frontière ont été détenues.",
            "refugees border detention list name date number village",
        ] {
            assert!(!super::is_english(&other.repeat(6)), "{other}");
        }
    }

    #[test]
    fn a_menu_in_another_language_is_outvoted() {
        let menu = "Accueil Actualités Rapports Déclarations Contact Mentions légales ".repeat(8);
        let body =
            "The commission heard how people were returned across the river, and that some of \
                    them had not been seen by their families since the winter before. "
                .repeat(30);
        assert_eq!(language(&format!("{menu}\n{body}")), Some("en"));
    }
}
