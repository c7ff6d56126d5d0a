//! Paths inside containers, for people: never a way out of anything.

/// Overlong paths are shown in short.
const LONGEST: usize = 1000;

/// A path without `..`, leading `/`, drive letters, backslashes and control characters, and
/// whether it had any of them.
pub(crate) fn clean(raw: &str) -> (String, bool) {
    let mut dirty = false;
    let mut path = raw;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    let hidden =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut parts: Vec<String> = Vec::new();
    for (at, part) in path.split(['/', '\\']).enumerate() {
        // First without what is not seen: it may hide dots.
        let cleaned = part.replace(hidden, "");
        dirty |= cleaned.len() != part.len();
        let drive = at == 0
            && cleaned.len() == 2
            && cleaned.ends_with(':')
            && cleaned.starts_with(|c: char| c.is_ascii_alphabetic());
        match cleaned.trim() {
            "" => dirty |= at == 0 && !path.is_empty(),
            "." => {}
            ".." => dirty = true,
            _ if drive => dirty = true,
            _ => parts.push(cleaned),
        }
    }
    dirty |= raw.contains('\\');
    let mut path = parts.join("/");
    let length = path.chars().count();
    if length > LONGEST {
        dirty = true;
        let end: String = path.chars().skip(length - 200).collect();
        let start: String = path.chars().take(LONGEST - 201).collect();
        path = format!("{start}…{end}");
    }
    (path, dirty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_nowhere() {
        for (raw, want, dirty) in [
            ("a/b.txt", "a/b.txt", false),
            ("./a/b.txt", "a/b.txt", false),
            ("a//b/./c", "a/b/c", false),
            ("dir/", "dir", false),
            ("/etc/passwd", "etc/passwd", true),
            ("../../x", "x", true),
            ("a/../../b", "a/b", true),
            ("C:\\Users\\x", "Users/x", true),
            ("a\0b\n.txt", "ab.txt", true),
            ("x\u{202e}fdp.exe", "xfdp.exe", true),
            ("\\\\server\\share\\f", "server/share/f", true),
            ("..", "", true),
            // Found by the property below.
            (".\n./x", "x", true),
            ("탈북/보고서.hwp", "탈북/보고서.hwp", false),
        ] {
            assert_eq!(clean(raw), (want.to_owned(), dirty), "{raw:?}");
        }
        assert_eq!(clean(&"x/".repeat(10_000)).0.chars().count(), LONGEST);
    }

    proptest::proptest! {
        #[test]
        fn any_path_is_clean(raw in "\\PC*|[./\\\\a:\0\n]{0,40}") {
            let (path, _) = clean(&raw);
            proptest::prop_assert!(!path.starts_with('/') && !path.contains('\\'));
            proptest::prop_assert!(path.split('/').all(|part| part != ".."));
            proptest::prop_assert!(!path.contains(char::is_control));
        }
    }
}
