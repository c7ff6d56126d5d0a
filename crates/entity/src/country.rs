//! Countries by code or name in many languages.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

static NAMES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../data/territories.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// Names that people in the region use and the package does not have.
const OWN: [(&str, &str); 12] = [
    ("북한", "kp"),
    ("조선", "kp"),
    ("북조선", "kp"),
    ("이북", "kp"),
    ("北朝鲜", "kp"),
    ("朝鲜民主主义人民共和国", "kp"),
    ("조선민주주의인민공화국", "kp"),
    ("한국", "kr"),
    ("남한", "kr"),
    ("남조선", "kr"),
    ("南韩", "kr"),
    ("南韓", "kr"),
];

/// The code that FollowTheMoney uses for a country or territory, from a code (two or three letters) or a name
/// in any of many languages; `None` if it is none. Provinces give their country.
#[must_use]
pub fn country(text: &str) -> Option<&'static str> {
    // Names are short; what is longer is no name and need not be folded.
    if text.len() > 400 {
        return None;
    }
    let own = || OWN.iter().find(|(name, _)| *name == text.trim());
    // Decomposition takes Hangul apart; the table was folded in the same way.
    let folded = NAMES.get(folded(text).as_str()).copied();
    folded.or_else(|| own().map(|(_, code)| *code))
}

/// Small letters without marks, words apart by one space.
fn folded(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for char in text.nfkd().flat_map(char::to_lowercase) {
        if is_combining_mark(char) {
            continue;
        }
        if char.is_alphanumeric() || char == '_' {
            key.push(char);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use super::country;

    #[test]
    fn countries_by_any_name() {
        for (text, code) in [
            ("cn", Some("cn")),
            ("CHN", Some("cn")),
            ("China", Some("cn")),
            ("People's Republic of China", Some("cn")),
            ("中国", Some("cn")),
            ("조선민주주의인민공화국", Some("kp")),
            ("DPRK", Some("kp")),
            ("북한", Some("kp")),
            (" 조선 ", Some("kp")),
            ("한국", Some("kr")),
            ("朝鲜", Some("kp")),
            ("Corée du Nord", Some("kp")),
            ("Северная Корея", Some("kp")),
            ("USSR", Some("suhh")),
            ("Liaoning", Some("cn")),
            ("Atlantis", None),
            ("", None),
        ] {
            assert_eq!(country(text), code, "{text}");
        }
    }
}
