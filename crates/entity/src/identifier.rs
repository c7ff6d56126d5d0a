//! Identifiers with their check digits.

/// What can be said of an identifier from its letters alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Of the right form, and its check digit (where the scheme has one) agrees. The canonical form.
    Valid(String),
    /// Of the right form with a check digit that disagrees: probably misread or mistyped.
    WrongCheck(String),
    /// Not of the form.
    Malformed,
}

/// The schemes that are known here, by the names FollowTheMoney uses, and those of trade and shipping.
pub const SCHEMES: &[&str] = &[
    "bic", "cnpj", "cpf", "figi", "gln", "hs", "iban", "imo", "inn", "isin", "iso6346", "lei",
    "locode", "mmsi", "npi", "ogrn", "sscc", "ssn", "uei", "uscc", "wikidata",
];

/// The canonical form of a valid identifier of a scheme; `None` if it is not valid. A scheme that is not known
/// here leaves the value as it is.
#[must_use]
pub fn clean(scheme: &str, value: &str) -> Option<String> {
    match validate(scheme, value) {
        Some(Validity::Valid(canonical)) => Some(canonical),
        Some(_) => None,
        None => Some(value.to_owned()),
    }
}

/// Validates an identifier; `None` if the scheme is not known here.
#[must_use]
pub fn validate(scheme: &str, value: &str) -> Option<Validity> {
    if value.len() > 200 {
        return SCHEMES.contains(&scheme).then_some(Validity::Malformed);
    }
    let plain: String = value
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}' | '·')
        })
        .flat_map(char::to_uppercase)
        .collect();
    let plain = plain.as_str();
    Some(match scheme {
        "imo" => imo(plain),
        "mmsi" => mmsi(plain),
        "iso6346" => container(plain),
        "lei" => lei(plain),
        "uscc" => uscc(plain),
        "gln" => gs1(plain, 13),
        "sscc" => gs1(plain, 18),
        "iban" => iban(plain),
        "isin" => isin(plain),
        "hs" => hs(plain),
        "locode" => locode(plain),
        "bic" => bic(plain),
        "inn" => inn(plain),
        "ogrn" => ogrn(plain),
        "figi" => figi(plain),
        "npi" => npi(plain),
        "uei" => shape(plain, 12, |b| {
            b.is_ascii_alphanumeric() && b != b'I' && b != b'O'
        }),
        "ssn" => shape(plain, 9, |b| b.is_ascii_digit()),
        "cpf" => brazilian(plain, 11, 11),
        "cnpj" => brazilian(plain, 14, 9),
        "wikidata" => wikidata(plain),
        _ => return None,
    })
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn decided(valid: bool, canonical: String) -> Validity {
    if valid {
        Validity::Valid(canonical)
    } else {
        Validity::WrongCheck(canonical)
    }
}

fn shape(plain: &str, length: usize, letter: impl Fn(u8) -> bool) -> Validity {
    if plain.len() == length && plain.bytes().all(letter) {
        Validity::Valid(plain.to_owned())
    } else {
        Validity::Malformed
    }
}

/// IMO ship numbers weigh six digits by 7 to 2, the sum ends in the seventh; IMO company numbers weigh by
/// 8, 6, 4, 2, 9, 7 and take 11 less the sum modulo 11.
fn imo(plain: &str) -> Validity {
    let number = plain.strip_prefix("IMO").unwrap_or(plain);
    let number = number
        .strip_prefix("NO")
        .unwrap_or(number)
        .trim_start_matches(':');
    let Some(d) = digits(number).filter(|d| d.len() == 7 && d.iter().any(|&d| d > 0)) else {
        return Validity::Malformed;
    };
    let weighed = |weights: [u32; 6]| -> u32 { d.iter().zip(weights).map(|(a, b)| a * b).sum() };
    let ship = weighed([7, 6, 5, 4, 3, 2]) % 10;
    let company = (11 - weighed([8, 6, 4, 2, 9, 7]) % 11) % 10;
    let last = d.last().copied();
    decided(
        last == Some(ship) || last == Some(company),
        format!("IMO{number}"),
    )
}

/// Nine digits; a ship's begins with a maritime identification digit group, 201 to 775 (ITU-R M.585). There is
/// no check digit.
fn mmsi(plain: &str) -> Validity {
    let number = plain.strip_prefix("MMSI").unwrap_or(plain);
    let Some(d) = digits(number).filter(|d| d.len() == 9) else {
        return Validity::Malformed;
    };
    let group = d.iter().take(3).fold(0, |n, d| n * 10 + d);
    if (201..=775).contains(&group) {
        Validity::Valid(number.to_owned())
    } else {
        Validity::Malformed
    }
}

/// ISO 6346: owner (three letters), category, six digits, check digit. Letters count from 10 without the
/// multiples of 11, each place weighs twice the one before.
fn container(plain: &str) -> Validity {
    let bytes = plain.as_bytes();
    let form = bytes.len() == 11
        && bytes.iter().take(4).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(4).all(u8::is_ascii_digit)
        && bytes.get(3).is_some_and(|b| b"UJZR".contains(b));
    if !form {
        return Validity::Malformed;
    }
    let value = |b: u8| -> u32 {
        if b.is_ascii_digit() {
            u32::from(b - b'0')
        } else {
            let n = u32::from(b - b'A');
            // 11, 22 and 33 are left out.
            10 + n + u32::from(n >= 1) + u32::from(n >= 11) + u32::from(n >= 21)
        }
    };
    let sum: u32 = bytes
        .iter()
        .take(10)
        .enumerate()
        .map(|(i, b)| value(*b) << i)
        .sum();
    let last = bytes.last().map(|b| u32::from(b - b'0'));
    decided(last == Some(sum % 11 % 10), plain.to_owned())
}

/// The remainder of a string of digits and letters (A is 10) by 97, as in ISO 7064.
fn mod97(text: impl Iterator<Item = u8>) -> Option<u32> {
    let mut rest = 0u32;
    for byte in text {
        let value = char::from(byte).to_digit(36)?;
        rest = if value < 10 {
            (rest * 10 + value) % 97
        } else {
            (rest * 100 + value) % 97
        };
    }
    Some(rest)
}

/// ISO 17442: 18 letters and digits, two check digits.
fn lei(plain: &str) -> Validity {
    let form = plain.len() == 20
        && plain.bytes().all(|b| b.is_ascii_alphanumeric())
        && plain.bytes().skip(18).all(|b| b.is_ascii_digit());
    if !form {
        return Validity::Malformed;
    }
    decided(mod97(plain.bytes()) == Some(1), plain.to_owned())
}

/// GB 32100-2015: 17 places of 31 letters and digits, weights are powers of 3 modulo 31.
fn uscc(plain: &str) -> Validity {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<u32>> = plain
        .chars()
        .map(|c| LETTERS.find(c).and_then(|at| u32::try_from(at).ok()))
        .collect();
    let Some(values) = values.filter(|v| v.len() == 18) else {
        return Validity::Malformed;
    };
    let mut weight = 1u32;
    let mut sum = 0u32;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    decided(
        values.last() == Some(&((31 - sum % 31) % 31)),
        plain.to_owned(),
    )
}

/// GS1 keys: from the right, digits weigh 3 and 1 in turn.
fn gs1(plain: &str, length: usize) -> Validity {
    let Some(d) = digits(plain).filter(|d| d.len() == length) else {
        return Validity::Malformed;
    };
    let sum: u32 = d
        .iter()
        .rev()
        .skip(1)
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { d * 3 } else { *d })
        .sum();
    decided(d.last() == Some(&((10 - sum % 10) % 10)), plain.to_owned())
}

/// ISO 13616: the length is the country's; the first four places go to the end and the rest by 97 is 1.
fn iban(plain: &str) -> Validity {
    const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 \
        DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 \
        IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 \
        OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 \
        UA29 VA22 VG24 XK20 YE30";
    let plain = plain.strip_prefix("IBAN").unwrap_or(plain);
    let form = plain.bytes().all(|b| b.is_ascii_alphanumeric())
        && plain.bytes().skip(2).take(2).all(|b| b.is_ascii_digit())
        && plain.get(..2).is_some_and(|country| {
            LENGTHS.split_whitespace().any(|row| {
                row.get(..2) == Some(country)
                    && row.get(2..).and_then(|n| n.parse().ok()) == Some(plain.len())
            })
        });
    if !form {
        return Validity::Malformed;
    }
    let moved = plain.bytes().skip(4).chain(plain.bytes().take(4));
    decided(mod97(moved) == Some(1), plain.to_owned())
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            if i % 2 == 1 {
                (d * 2) / 10 + (d * 2) % 10
            } else {
                *d
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Each letter as its two digits, A is 10.
fn spelled(text: &str) -> Option<Vec<u32>> {
    let mut out = Vec::new();
    for char in text.chars() {
        let value = char.to_digit(36)?;
        if value >= 10 {
            out.push(value / 10);
        }
        out.push(value % 10);
    }
    Some(out)
}

/// ISO 6166: two letters, nine places, a check digit by Luhn over the digits that letters stand for.
fn isin(plain: &str) -> Validity {
    let form = plain.len() == 12
        && plain.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && plain.bytes().all(|b| b.is_ascii_alphanumeric())
        && plain.bytes().last().is_some_and(|b| b.is_ascii_digit());
    match spelled(plain).filter(|_| form) {
        Some(d) => decided(luhn(&d), plain.to_owned()),
        None => Validity::Malformed,
    }
}

/// A Harmonised System code: 4, 6, 8 or 10 digits whose chapter exists (01 to 97, not 77; 98 and 99 are national).
fn hs(plain: &str) -> Validity {
    let chapter = plain.get(..2).and_then(|c| c.parse::<u8>().ok());
    let form = matches!(plain.len(), 4 | 6 | 8 | 10) && plain.bytes().all(|b| b.is_ascii_digit());
    match chapter {
        Some(chapter) if form && (1..=99).contains(&chapter) && chapter != 77 => {
            Validity::Valid(plain.to_owned())
        }
        _ => Validity::Malformed,
    }
}

/// UN/LOCODE: a country of two letters, a place of three letters or digits 2 to 9. Only the shape is known here.
fn locode(plain: &str) -> Validity {
    let country = plain.bytes().take(2).all(|b| b.is_ascii_uppercase());
    let place = plain
        .bytes()
        .skip(2)
        .all(|b| b.is_ascii_uppercase() || (b'2'..=b'9').contains(&b));
    if plain.len() == 5 && country && place {
        Validity::Valid(plain.to_owned())
    } else {
        Validity::Malformed
    }
}

/// ISO 9362.
fn bic(plain: &str) -> Validity {
    let form = matches!(plain.len(), 8 | 11)
        && plain.bytes().all(|b| b.is_ascii_alphanumeric())
        && plain
            .bytes()
            .skip(4)
            .take(2)
            .all(|b| b.is_ascii_uppercase());
    if form {
        Validity::Valid(plain.to_owned())
    } else {
        Validity::Malformed
    }
}

/// Russian tax numbers of 10 (firms) and 12 digits (people).
fn inn(plain: &str) -> Validity {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(d) = digits(plain) else {
        return Validity::Malformed;
    };
    let check = |count: usize| -> u32 {
        let weights = WEIGHTS.iter().skip(WEIGHTS.len() - count);
        d.iter().zip(weights).map(|(a, b)| a * b).sum::<u32>() % 11 % 10
    };
    let agrees = |at: usize| d.get(at).copied() == Some(check(at));
    match d.len() {
        10 => decided(agrees(9), plain.to_owned()),
        12 => decided(agrees(10) && agrees(11), plain.to_owned()),
        _ => Validity::Malformed,
    }
}

/// Russian registration numbers: the last digit is the rest of the others by 11 (13 digits) or 13 (15 digits).
fn ogrn(plain: &str) -> Validity {
    let divisor = match plain.len() {
        13 => 11,
        15 => 13,
        _ => return Validity::Malformed,
    };
    let (Some(head), Some(last)) = (
        plain
            .get(..plain.len() - 1)
            .and_then(|h| h.parse::<u64>().ok()),
        plain.bytes().last().filter(u8::is_ascii_digit),
    ) else {
        return Validity::Malformed;
    };
    decided(
        head % divisor % 10 == u64::from(last - b'0'),
        plain.to_owned(),
    )
}

/// Financial Instrument Global Identifiers: letters count as in ISIN, every second value is doubled.
fn figi(plain: &str) -> Validity {
    let form = plain.len() == 12
        && plain.get(2..3) == Some("G")
        && plain
            .bytes()
            .all(|b| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"AEIOU".contains(&b)));
    if !form {
        return Validity::Malformed;
    }
    let mut sum = 0;
    for (i, char) in plain.chars().take(11).enumerate() {
        let value = char.to_digit(36).unwrap_or(0) * if i % 2 == 1 { 2 } else { 1 };
        sum += value / 10 + value % 10;
    }
    let last = plain.chars().last().and_then(|c| c.to_digit(10));
    decided(last == Some((10 - sum % 10) % 10), plain.to_owned())
}

/// US providers of health care: Luhn over the number behind 80840.
fn npi(plain: &str) -> Validity {
    match digits(plain).filter(|d| d.len() == 10) {
        Some(d) => {
            let full: Vec<u32> = [8, 0, 8, 4, 0].into_iter().chain(d).collect();
            decided(luhn(&full), plain.to_owned())
        }
        None => Validity::Malformed,
    }
}

/// Brazilian tax numbers: two check digits by weights that fall to 2 and, for firms, wrap at 9.
fn brazilian(plain: &str, length: usize, most: u32) -> Validity {
    let Some(d) = digits(plain).filter(|d| d.len() == length) else {
        return Validity::Malformed;
    };
    let check = |count: usize| -> u32 {
        let mut weight = 1;
        let mut sum = 0;
        for digit in d.iter().take(count).rev() {
            weight = if weight >= most { 2 } else { weight + 1 };
            sum += digit * weight;
        }
        let rest = sum % 11;
        if rest < 2 { 0 } else { 11 - rest }
    };
    let agrees = |at: usize| d.get(at).copied() == Some(check(at));
    decided(agrees(length - 2) && agrees(length - 1), plain.to_owned())
}

fn wikidata(plain: &str) -> Validity {
    let id = plain.rsplit("WIKI").next().unwrap_or(plain);
    match id.strip_prefix('Q') {
        Some(number)
            if !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
                && !number.starts_with('0') =>
        {
            Validity::Valid(id.to_owned())
        }
        _ => Validity::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn check_digits() {
        for (scheme, valid, wrong) in [
            ("imo", "9074729", "9074728"),
            ("imo", "IMO 9241061", "IMO 9241062"),
            ("iso6346", "CSQU3054383", "CSQU3054384"),
            ("iso6346", "MSKU 907032-3", "MSKU 907032-4"),
            ("lei", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R13"),
            ("uscc", "91110000600037341L", "91110000600037342L"),
            ("gln", "4012345000009", "4012345000008"),
            ("sscc", "340123450000000000", "340123450000000001"),
            (
                "iban",
                "GB82 WEST 1234 5698 7654 32",
                "GB82 WEST 1234 5698 7654 33",
            ),
            ("isin", "US0378331005", "US0378331006"),
            ("inn", "7707083893", "7707083894"),
            ("inn", "500100732259", "500100732258"),
            ("ogrn", "1027700132195", "1027700132194"),
            ("figi", "BBG000BLNQ16", "BBG000BLNQ17"),
            ("npi", "1234567893", "1234567894"),
            ("cpf", "390.533.447-05", "390.533.447-06"),
            ("cnpj", "16.727.230/0001-97", "16.727.230/0001-98"),
        ] {
            assert!(
                matches!(validate(scheme, valid), Some(Validity::Valid(_))),
                "{scheme} {valid}"
            );
            assert!(
                matches!(validate(scheme, wrong), Some(Validity::WrongCheck(_))),
                "{scheme} {wrong}"
            );
            assert_eq!(validate(scheme, "?"), Some(Validity::Malformed), "{scheme}");
        }
    }

    #[test]
    fn shapes() {
        for (scheme, value, expected) in [
            ("mmsi", "412331038", Some("412331038")),
            ("mmsi", "912331038", None),
            ("hs", "0307.43", Some("030743")),
            ("hs", "7703.43", None),
            ("hs", "squid", None),
            ("locode", "CN DLC", Some("CNDLC")),
            ("locode", "CN 1", None),
            ("wikidata", "Q7747", Some("Q7747")),
            ("bic", "DEUTDEFF", Some("DEUTDEFF")),
            ("unknown", "x-1", Some("x-1")),
        ] {
            assert_eq!(
                clean(scheme, value).as_deref(),
                expected,
                "{scheme} {value}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_validator(value in ".{0,40}", short in "[0-9A-Z -]{0,22}") {
            for scheme in SCHEMES {
                for text in [&value, &short] {
                    if let Some(Validity::Valid(canonical)) = validate(scheme, text) {
                        prop_assert_eq!(validate(scheme, &canonical), Some(Validity::Valid(canonical.clone())));
                    }
                }
            }
        }
    }
}
