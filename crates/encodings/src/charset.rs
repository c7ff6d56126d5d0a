//! Charsets and the many names that files give them.

use encoding_rs::Encoding;

use crate::dos::{self, Page};

/// A way to turn bytes into characters.
#[derive(Clone, Copy)]
pub(crate) enum Charset {
    Utf8,
    /// UTF-16 is known, its byte order must be found.
    Utf16,
    Utf32 {
        big: bool,
    },
    Utf7,
    Hz,
    /// ISO-2022-KR and the simplified Chinese part of ISO-2022-CN.
    Shifted {
        chinese: bool,
    },
    Johab,
    Dos(&'static Page),
    Known(&'static Encoding),
}

impl Charset {
    /// The name by which people know it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Utf32 { big: true } => "UTF-32BE",
            Self::Utf32 { big: false } => "UTF-32LE",
            Self::Utf7 => "UTF-7",
            Self::Hz => "HZ-GB-2312",
            Self::Shifted { chinese: false } => "ISO-2022-KR",
            Self::Shifted { chinese: true } => "ISO-2022-CN",
            Self::Johab => "Johab",
            Self::Dos(page) => page.name,
            Self::Known(encoding) => encoding.name(),
        }
    }

    /// ASCII bytes mean ASCII in it.
    pub(crate) fn extends_ascii(self) -> bool {
        match self {
            Self::Utf16 | Self::Utf32 { .. } => false,
            Self::Known(encoding) => encoding.is_ascii_compatible(),
            _ => true,
        }
    }

    pub(crate) fn is(self, other: Self) -> bool {
        self.name() == other.name()
    }
}

/// The charset that a label names; `None` for an unknown one, and for labels that say nothing
/// (`binary`, `unknown-8bit`).
pub(crate) fn by_label(label: &str) -> Option<Charset> {
    let label = label.trim().trim_matches(['"', '\'']).trim();
    let label = label.get(..label.len().min(64))?;
    let plain: String = label
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let known = |encoding| Some(Charset::Known(encoding));
    // Those first that the WHATWG's list of labels lacks, or maps to nothing.
    let own = match plain.as_str() {
        "utf8" | "utf8mb4" | "utf8mb3" | "unicode11utf8" | "unicode20utf8" | "cp65001"
        | "xunicode20utf8" | "utf8n" | "utf8sig" => Some(Charset::Utf8),
        "utf16" | "ucs2" | "iso10646ucs2" | "unicode" | "csunicode" | "unicodefffe" | "cp1200" => {
            Some(Charset::Utf16)
        }
        "utf16le" | "ucs2le" | "xutf16le" => known(encoding_rs::UTF_16LE),
        "utf16be" | "ucs2be" | "xutf16be" | "cp1201" => known(encoding_rs::UTF_16BE),
        "utf32" | "utf32be" | "ucs4" | "ucs4be" | "iso10646ucs4" | "cp12001" => {
            Some(Charset::Utf32 { big: true })
        }
        "utf32le" | "ucs4le" | "cp12000" => Some(Charset::Utf32 { big: false }),
        "utf7" | "unicode11utf7" | "csunicode11utf7" | "xunicode20utf7" | "cp65000" => {
            Some(Charset::Utf7)
        }
        "hz" | "hzgb2312" | "hzgb" | "cp52936" => Some(Charset::Hz),
        "iso2022kr" | "csiso2022kr" | "iso2022kr7" | "cp50225" => {
            Some(Charset::Shifted { chinese: false })
        }
        "iso2022cn" | "iso2022cnext" | "cp50227" => Some(Charset::Shifted { chinese: true }),
        "iso2022jp" | "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "csiso2022jp" | "jis"
        | "iso2022jpms" | "cp50220" | "cp50221" | "cp50222" => known(encoding_rs::ISO_2022_JP),
        "johab" | "cp1361" | "ms1361" | "ksc5601johab" | "ksc56011992" | "xjohab" => {
            Some(Charset::Johab)
        }
        "ksc5601" | "ksc56011987" | "ksc56011989" | "ksc56012003" | "ksx1001" | "cp949"
        | "ms949" | "windows949" | "xwindows949" | "uhc" | "euckr" | "xeuckr" | "korean"
        | "kseuckr" | "ibm949" | "cp51949" | "isoir149" | "wansung" => known(encoding_rs::EUC_KR),
        "gb2312" | "gb231280" | "gbk" | "xgbk" | "cp936" | "ms936" | "windows936" | "euccn"
        | "xeuccn" | "chinese" | "gb18030" | "gb180302000" | "gb180302005" | "cp54936"
        | "csgb2312" | "isoir58" | "cngb" | "zhcn" => known(encoding_rs::GB18030),
        "big5" | "big5hkscs" | "big5eten" | "xxbig5" | "cnbig5" | "cp950" | "ms950"
        | "windows950" | "cp951" | "big5plus" | "csbig5" | "zhtw" => known(encoding_rs::BIG5),
        "shiftjis" | "sjis" | "xsjis" | "cp932" | "ms932" | "windows31j" | "mskanji"
        | "windows932" | "xmssjis" | "shiftjisx0213" | "cp943" | "ibm943" | "shiftjis2004" => {
            known(encoding_rs::SHIFT_JIS)
        }
        "eucjp" | "xeucjp" | "ujis" | "eucjpms" | "eucjpwin" | "cp51932" => {
            known(encoding_rs::EUC_JP)
        }
        "ascii" | "usascii" | "ansix341968" | "ansix34" | "iso646us" | "iso646" | "646" | "us"
        | "ansix341986" | "ansi" | "latin1" | "isolatin1" | "88591" | "iso88591" | "cp819"
        | "ibm819" | "iso885911987" | "cp1252" | "win1252" | "windows1252" | "windowslatin1"
        | "xansi" => known(encoding_rs::WINDOWS_1252),
        "koi8" | "koi8r" | "cskoi8r" | "cp20866" | "xkoi8r" => known(encoding_rs::KOI8_R),
        "koi8u" | "koi8ru" | "cp21866" => known(encoding_rs::KOI8_U),
        "cp866" | "ibm866" | "dos866" | "866" | "xcp866" => known(encoding_rs::IBM866),
        "tis620" | "tis62025331" | "iso885911" | "cp874" | "windows874" | "thai"
        | "xwindows874" => known(encoding_rs::WINDOWS_874),
        "macroman" | "macintosh" | "xmacroman" | "mac" | "macwestern" => {
            known(encoding_rs::MACINTOSH)
        }
        "maccyrillic" | "xmaccyrillic" | "xmacukrainian" => known(encoding_rs::X_MAC_CYRILLIC),
        "cp437" | "ibm437" | "437" | "dos437" | "cspc8codepage437" => {
            Some(Charset::Dos(&dos::IBM437))
        }
        "cp850" | "ibm850" | "850" | "cp858" | "ibm858" | "ibm00858" => {
            Some(Charset::Dos(&dos::IBM850))
        }
        "cp852" | "ibm852" | "852" => Some(Charset::Dos(&dos::IBM852)),
        "cp857" | "ibm857" | "857" => Some(Charset::Dos(&dos::IBM857)),
        "cp737" | "ibm737" | "737" => Some(Charset::Dos(&dos::IBM737)),
        "cp862" | "ibm862" | "862" | "dos862" => Some(Charset::Dos(&dos::IBM862)),
        "cp775" | "ibm775" | "775" => Some(Charset::Dos(&dos::IBM775)),
        _ => None,
    };
    if own.is_some() {
        return own;
    }
    let found = Encoding::for_label_no_replacement(label.as_bytes())
        .or_else(|| numbered(&plain))
        .filter(|&encoding| encoding != encoding_rs::X_USER_DEFINED)?;
    known(found)
}

/// `cp1251`, `win1251`, `windows1251`, `8859_5`, `iso88595`, `latin2` …
fn numbered(plain: &str) -> Option<&'static Encoding> {
    for prefix in [
        "windows", "xwindows", "win", "cp", "xcp", "ibm", "ms", "ansi", "",
    ] {
        if let Some(number) = plain.strip_prefix(prefix)
            && number.len() == 4
            && number.starts_with("125")
        {
            return Encoding::for_label(format!("windows-{number}").as_bytes());
        }
    }
    let part = plain.strip_prefix("iso").unwrap_or(plain);
    let part = part.strip_prefix("8859")?;
    // "iso-8859-8-i", "iso-8859-2:1987" and the like: the part is what matters.
    let digits: String = part
        .chars()
        .take_while(char::is_ascii_digit)
        .take(2)
        .collect();
    let whole = Encoding::for_label(format!("iso-8859-{digits}").as_bytes());
    whole.or_else(|| Encoding::for_label(format!("iso-8859-{}", digits.get(..1)?).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_labels_are_understood() {
        for (label, name) in [
            ("ks_c_5601-1987", "EUC-KR"),
            ("ks_c_5601", "EUC-KR"),
            ("KSC5601", "EUC-KR"),
            ("cp949", "EUC-KR"),
            ("MS949", "EUC-KR"),
            ("x-windows-949", "EUC-KR"),
            ("gb_2312-80", "gb18030"),
            ("GB2312", "gb18030"),
            ("x-sjis", "Shift_JIS"),
            ("Windows-31J", "Shift_JIS"),
            ("8859_1", "windows-1252"),
            ("8859_5", "ISO-8859-5"),
            ("iso-8859-2:1987", "ISO-8859-2"),
            ("iso8859-15", "ISO-8859-15"),
            ("ANSI_X3.4-1968", "windows-1252"),
            (" \"utf8\" ", "UTF-8"),
            ("unicode-1-1-utf-7", "UTF-7"),
            ("cp1251", "windows-1251"),
            ("win-1250", "windows-1250"),
            ("big5-hkscs", "Big5"),
            ("iso-2022-kr", "ISO-2022-KR"),
            ("hz-gb-2312", "HZ-GB-2312"),
            ("johab", "Johab"),
            ("IBM850", "IBM850"),
            ("koi8-ru", "KOI8-U"),
            ("latin2", "ISO-8859-2"),
        ] {
            assert_eq!(by_label(label).map(Charset::name), Some(name), "{label}");
        }
        for nothing in [
            "",
            "binary",
            "unknown-8bit",
            "x-user-defined",
            "8859",
            "8859_",
            "€",
        ] {
            assert_eq!(by_label(nothing).map(Charset::name), None, "{nothing}");
        }
    }
}
