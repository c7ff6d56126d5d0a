//! Letters to Latin letters, by habit. The tables follow the common official and press habits (BGN/PCGN,
//! ICAO passports, ISO 843, Hepburn), not scholarly signs.

/// Which habit of spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Habit {
    /// Russian BGN; Greek by sound; Arabic; Hepburn.
    Usual,
    /// Ukrainian and Bulgarian letters; Greek by letter; Persian.
    Second,
    /// Serbian and scholarly Slavic without signs: `х` h, `ц` c, `ж` z, `ш` s, `ч` c, `ю` ju.
    Third,
}

impl Habit {
    pub(super) const OTHERS: [Self; 2] = [Self::Second, Self::Third];
}

/// The two letters that Germans and Scandinavians write where there is no umlaut.
pub(super) fn umlaut(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
        'ü' | 'Ü' => "ue",
        'å' | 'Å' => "aa",
        _ => return None,
    })
}

/// Text that [`super::plain`] has folded, in Latin letters.
pub(super) fn latin(plain: &str, habit: Habit) -> String {
    if plain.is_ascii() {
        return plain.to_owned();
    }
    let mut out = String::with_capacity(plain.len());
    let mut previous = ' ';
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if c.is_ascii() {
            out.push(c);
        } else if let Some(to) = greek_pair(previous, c, next, habit) {
            out.push_str(to);
            chars.next();
        } else if let Some(to) = kana_pair(c, next) {
            out.push_str(to);
            chars.next();
        } else if c == 'っ' || c == 'ッ' {
            if let Some(first) = kana(next)
                .and_then(|to| to.chars().next())
                .filter(|f| !"aiueon".contains(*f))
            {
                out.push(if first == 'c' { 't' } else { first });
            }
        } else if let Some(to) = letter(c, previous, next, habit) {
            out.push_str(to);
        } else {
            out.push(c);
        }
        previous = c;
    }
    out
}

fn letter(c: char, previous: char, next: char, habit: Habit) -> Option<&'static str> {
    let scholarly = habit == Habit::Third;
    let second = habit == Habit::Second;
    let starts = !previous.is_alphabetic();
    Some(match c {
        // Cyrillic
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'д' => "d",
        'з' => "z",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'г' if second => "h",
        'г' | 'ґ' => "g",
        'ѓ' => "gj",
        'ќ' => "kj",
        'е' if habit == Habit::Usual
            && (starts || is_cyrillic_vowel(previous) || matches!(previous, 'ь' | 'ъ')) =>
        {
            "ye"
        }
        'е' | 'э' => "e",
        'є' => {
            if scholarly {
                "je"
            } else if starts {
                "ye"
            } else {
                "ie"
            }
        }
        'ж' => {
            if scholarly {
                "z"
            } else {
                "zh"
            }
        }
        'и' => {
            if second {
                "y"
            } else {
                "i"
            }
        }
        'і' | 'i' => "i",
        'ї' => {
            if starts {
                "yi"
            } else {
                "i"
            }
        }
        'й' => {
            if scholarly {
                "j"
            } else if second {
                "i"
            } else {
                "y"
            }
        }
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ђ' => "dj",
        'ћ' => "c",
        'џ' => "dz",
        'х' => {
            if scholarly {
                "h"
            } else {
                "kh"
            }
        }
        'ц' => {
            if scholarly {
                "c"
            } else {
                "ts"
            }
        }
        'ч' => {
            if scholarly {
                "c"
            } else {
                "ch"
            }
        }
        'ш' => {
            if scholarly {
                "s"
            } else {
                "sh"
            }
        }
        'щ' => {
            if scholarly {
                "sc"
            } else if second {
                "sht"
            } else {
                "shch"
            }
        }
        'ъ' => {
            if second {
                "a"
            } else {
                ""
            }
        }
        'ь' => "",
        'ы' => "y",
        'ю' => {
            if scholarly {
                "ju"
            } else if second && !starts {
                "iu"
            } else {
                "yu"
            }
        }
        'я' => {
            if scholarly {
                "ja"
            } else if second && !starts {
                "ia"
            } else {
                "ya"
            }
        }
        'ў' => "w",
        'ә' => "a",
        'ғ' => "gh",
        'қ' => "q",
        'ң' => "ng",
        'ө' => "o",
        'ұ' | 'ү' => "u",
        'һ' => "h",
        'ҷ' => "j",
        'ҳ' => "h",
        'ӣ' => "i",
        'ӯ' => "u",
        // Greek
        'α' => "a",
        'β' => {
            if second {
                "b"
            } else {
                "v"
            }
        }
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' => {
            if second {
                "e"
            } else {
                "i"
            }
        }
        'θ' => "th",
        'ι' => "i",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' => "s",
        'τ' => "t",
        'υ' if !second && matches!(previous, 'α' | 'ε') => {
            if "θκξπσςτφχψ".contains(next) || next == ' ' {
                "f"
            } else {
                "v"
            }
        }
        'υ' => {
            if second && matches!(previous, 'α' | 'ε' | 'ο') {
                "u"
            } else {
                "y"
            }
        }
        'φ' => {
            if second {
                "ph"
            } else {
                "f"
            }
        }
        'χ' => {
            if second {
                "h"
            } else {
                "ch"
            }
        }
        'ψ' => "ps",
        // Arabic and Persian: long vowels by letter, short ones are not written.
        'ا' => "a",
        'ب' => "b",
        'ت' => "t",
        'ث' => {
            if second {
                "s"
            } else {
                "th"
            }
        }
        'ج' => "j",
        'ح' => "h",
        'خ' => "kh",
        'د' => "d",
        'ذ' => {
            if second {
                "z"
            } else {
                "dh"
            }
        }
        'ر' => "r",
        'ز' => "z",
        'س' => "s",
        'ش' => "sh",
        'ص' => "s",
        'ض' => {
            if second {
                "z"
            } else {
                "d"
            }
        }
        'ط' => "t",
        'ظ' => "z",
        'ع' | 'ء' => "'",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' => "k",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        // Two letters, not one that Latin writes with an h: a vowel stands between them.
        'ه' if matches!(previous, 'ت' | 'س' | 'ك' | 'د' | 'گ' | 'ز') && next.is_alphabetic() => {
            "eh"
        }
        'ه' => "h",
        'ة' => "a",
        'پ' => "p",
        'چ' => "ch",
        'ژ' => "zh",
        'گ' => "g",
        'و' | 'ؤ' => {
            if starts || is_arabic_vowel(next) {
                if second { "v" } else { "w" }
            } else {
                "u"
            }
        }
        'ي' | 'ئ' => {
            if starts || is_arabic_vowel(next) {
                "y"
            } else {
                "i"
            }
        }
        'ٹ' => "t",
        'ڈ' => "d",
        'ڑ' => "r",
        'ں' => "n",
        'ے' => "e",
        // Hebrew
        'א' | 'ע' => {
            if starts {
                "a"
            } else {
                "'"
            }
        }
        'ב' => {
            if starts {
                "b"
            } else {
                "v"
            }
        }
        'ג' => "g",
        'ד' => "d",
        'ה' => "h",
        'ו' => {
            if starts {
                "v"
            } else {
                "o"
            }
        }
        'ז' => "z",
        'ח' => {
            if second {
                "ch"
            } else {
                "h"
            }
        }
        'ט' => "t",
        'י' => {
            if starts {
                "y"
            } else {
                "i"
            }
        }
        'כ' | 'ך' => {
            if starts {
                "k"
            } else if second {
                "ch"
            } else {
                "kh"
            }
        }
        'ל' => "l",
        'מ' | 'ם' => "m",
        'נ' | 'ן' => "n",
        'ס' => "s",
        'פ' => "p",
        'ף' => "f",
        'צ' | 'ץ' => "tz",
        'ק' => "k",
        'ר' => "r",
        'ש' => "sh",
        'ת' => "t",
        // Armenian (eastern)
        'ա' => "a",
        'բ' => "b",
        'գ' => "g",
        'դ' => "d",
        'ե' => {
            if starts {
                "ye"
            } else {
                "e"
            }
        }
        'զ' => "z",
        'է' => "e",
        'ը' => "y",
        'թ' | 'տ' => "t",
        'ժ' => "zh",
        'ի' => "i",
        'լ' => "l",
        'խ' => "kh",
        'ծ' | 'ց' => "ts",
        'կ' | 'ք' => "k",
        'հ' => "h",
        'ձ' => "dz",
        'ղ' => "gh",
        'ճ' | 'չ' => "ch",
        'մ' => "m",
        'յ' => {
            if starts {
                "h"
            } else {
                "y"
            }
        }
        'ն' => "n",
        'շ' => "sh",
        'ո' => {
            if next == 'ւ' {
                ""
            } else if starts {
                "vo"
            } else {
                "o"
            }
        }
        'պ' | 'փ' => "p",
        'ջ' => "j",
        'ռ' | 'ր' => "r",
        'ս' => "s",
        'վ' => "v",
        'ւ' => {
            if previous == 'ո' {
                "u"
            } else {
                "v"
            }
        }
        'օ' => "o",
        'ֆ' => "f",
        'և' => "ev",
        // Georgian
        'ა' => "a",
        'ბ' => "b",
        'გ' => "g",
        'დ' => "d",
        'ე' => "e",
        'ვ' => "v",
        'ზ' => "z",
        'თ' | 'ტ' => "t",
        'ი' => "i",
        'კ' | 'ქ' => "k",
        'ლ' => "l",
        'მ' => "m",
        'ნ' => "n",
        'ო' => "o",
        'პ' | 'ფ' => "p",
        'ჟ' => "zh",
        'რ' => "r",
        'ს' => "s",
        'უ' => "u",
        'ღ' => "gh",
        'ყ' => "q",
        'შ' => "sh",
        'ჩ' | 'ჭ' => "ch",
        'ც' | 'წ' => "ts",
        'ძ' => "dz",
        'ხ' => "kh",
        'ჯ' => "j",
        'ჰ' => "h",
        _ => return kana(c),
    })
}

fn is_cyrillic_vowel(c: char) -> bool {
    "аеёиоуыэюяіїє".contains(c)
}

fn is_arabic_vowel(c: char) -> bool {
    "اوية".contains(c)
}

/// Two Greek letters that make one sound.
fn greek_pair(previous: char, c: char, next: char, habit: Habit) -> Option<&'static str> {
    let starts = !previous.is_alphabetic();
    Some(match (c, next) {
        ('ο', 'υ') => "ou",
        ('μ', 'π') if habit == Habit::Usual => {
            if starts {
                "b"
            } else {
                "mp"
            }
        }
        ('ν', 'τ') if habit == Habit::Usual => {
            if starts {
                "d"
            } else {
                "nt"
            }
        }
        ('γ', 'κ') if habit == Habit::Usual => {
            if starts {
                "g"
            } else {
                "gk"
            }
        }
        ('γ', 'γ') => "ng",
        ('γ', 'χ') => "nch",
        _ => return None,
    })
}

/// A kana with a small one behind it.
fn kana_pair(c: char, next: char) -> Option<&'static str> {
    let (c, next) = (hiragana(c), hiragana(next));
    Some(match (c, next) {
        ('き', 'ゃ') => "kya",
        ('き', 'ゅ') => "kyu",
        ('き', 'ょ') => "kyo",
        ('ぎ', 'ゃ') => "gya",
        ('ぎ', 'ゅ') => "gyu",
        ('ぎ', 'ょ') => "gyo",
        ('し', 'ゃ') => "sha",
        ('し', 'ゅ') => "shu",
        ('し', 'ょ') => "sho",
        ('し', 'ぇ') => "she",
        ('じ' | 'ぢ', 'ゃ') => "ja",
        ('じ' | 'ぢ', 'ゅ') => "ju",
        ('じ' | 'ぢ', 'ょ') => "jo",
        ('じ', 'ぇ') => "je",
        ('ち', 'ゃ') => "cha",
        ('ち', 'ゅ') => "chu",
        ('ち', 'ょ') => "cho",
        ('ち', 'ぇ') => "che",
        ('に', 'ゃ') => "nya",
        ('に', 'ゅ') => "nyu",
        ('に', 'ょ') => "nyo",
        ('ひ', 'ゃ') => "hya",
        ('ひ', 'ゅ') => "hyu",
        ('ひ', 'ょ') => "hyo",
        ('び', 'ゃ') => "bya",
        ('び', 'ゅ') => "byu",
        ('び', 'ょ') => "byo",
        ('ぴ', 'ゃ') => "pya",
        ('ぴ', 'ゅ') => "pyu",
        ('ぴ', 'ょ') => "pyo",
        ('み', 'ゃ') => "mya",
        ('み', 'ゅ') => "myu",
        ('み', 'ょ') => "myo",
        ('り', 'ゃ') => "rya",
        ('り', 'ゅ') => "ryu",
        ('り', 'ょ') => "ryo",
        ('ふ', 'ぁ') => "fa",
        ('ふ', 'ぃ') => "fi",
        ('ふ', 'ぇ') => "fe",
        ('ふ', 'ぉ') => "fo",
        ('て', 'ぃ') => "ti",
        ('で', 'ぃ') => "di",
        ('う', 'ぃ') => "wi",
        ('う', 'ぇ') => "we",
        ('う', 'ぉ') => "wo",
        ('ゔ', 'ぁ') => "va",
        ('ゔ', 'ぃ') => "vi",
        ('ゔ', 'ぇ') => "ve",
        ('ゔ', 'ぉ') => "vo",
        ('つ', 'ぁ') => "tsa",
        _ => return None,
    })
}

fn hiragana(c: char) -> char {
    match c as u32 {
        code @ 0x30A1..=0x30F4 => char::from_u32(code.saturating_sub(0x60)).unwrap_or(c),
        _ => c,
    }
}

fn kana(c: char) -> Option<&'static str> {
    Some(match hiragana(c) {
        'あ' | 'ぁ' => "a",
        'い' | 'ぃ' => "i",
        'う' | 'ぅ' => "u",
        'え' | 'ぇ' => "e",
        'お' | 'ぉ' | 'を' => "o",
        'か' => "ka",
        'き' => "ki",
        'く' => "ku",
        'け' => "ke",
        'こ' => "ko",
        'が' => "ga",
        'ぎ' => "gi",
        'ぐ' => "gu",
        'げ' => "ge",
        'ご' => "go",
        'さ' => "sa",
        'し' => "shi",
        'す' => "su",
        'せ' => "se",
        'そ' => "so",
        'ざ' => "za",
        'じ' | 'ぢ' => "ji",
        'ず' | 'づ' => "zu",
        'ぜ' => "ze",
        'ぞ' => "zo",
        'た' => "ta",
        'ち' => "chi",
        'つ' => "tsu",
        'て' => "te",
        'と' => "to",
        'だ' => "da",
        'で' => "de",
        'ど' => "do",
        'な' => "na",
        'に' => "ni",
        'ぬ' => "nu",
        'ね' => "ne",
        'の' => "no",
        'は' => "ha",
        'ひ' => "hi",
        'ふ' => "fu",
        'へ' => "he",
        'ほ' => "ho",
        'ば' => "ba",
        'び' => "bi",
        'ぶ' => "bu",
        'べ' => "be",
        'ぼ' => "bo",
        'ぱ' => "pa",
        'ぴ' => "pi",
        'ぷ' => "pu",
        'ぺ' => "pe",
        'ぽ' => "po",
        'ま' => "ma",
        'み' => "mi",
        'む' => "mu",
        'め' => "me",
        'も' => "mo",
        'や' | 'ゃ' => "ya",
        'ゆ' | 'ゅ' => "yu",
        'よ' | 'ょ' => "yo",
        'ら' => "ra",
        'り' => "ri",
        'る' => "ru",
        'れ' => "re",
        'ろ' => "ro",
        'わ' | 'ゎ' => "wa",
        'ん' => "n",
        'ゔ' => "vu",
        'ー' => "",
        _ => return None,
    })
}
