//! Figures in powers of ten thousand: 三万三千九百八十一, 3만3천981, 数十万, 两三百, 이천육백.
//!
//! One reader for Chinese and Korean; each language says what its characters stand for.

use super::Core;

/// What a character stands for in a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Digit(u8),
    /// 几, 数, 수: some.
    Some,
    Zero,
    /// 十, 百, 千.
    Small(u32),
    /// 万, 亿, 兆.
    Big(u64),
    /// 多, 余, 여 inside a figure: 30多万.
    More,
}

/// A figure read from the start of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Magnitude {
    /// Bytes read.
    pub(super) len: usize,
    pub(super) core: Core,
    /// 多 or 여 stood inside (30多万): the figure and more.
    pub(super) more: bool,
    /// It holds Arabic digits.
    pub(super) arabic: bool,
    /// It holds a power of ten (十 and up).
    pub(super) power: bool,
    /// Characters that are no Arabic digits.
    pub(super) letters: usize,
}

/// Digits with grouping and one decimal point at the start of `text`: bytes and value. `None`
/// for what is no plain figure ("3.5.1", "007", more than 15 digits).
pub(super) fn arabic(text: &str) -> Option<(usize, Option<f64>)> {
    let (mut mantissa, mut digits, mut decimals) = (0_u64, 0_u32, None::<u32>);
    let (mut end, mut plain, mut zero_first) = (0, true, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            '０'..='９' => u32::from(c) - u32::from('０'),
            ',' | '.' | '，' | '．' => {
                let goes_on = chars
                    .peek()
                    .is_some_and(|(_, n)| matches!(n, '0'..='9' | '０'..='９'));
                if end == 0 || !goes_on {
                    break;
                }
                if matches!(c, ',' | '，') {
                    let three = text
                        .get(at + c.len_utf8()..)
                        .unwrap_or("")
                        .chars()
                        .take(4)
                        .take_while(|n| matches!(n, '0'..='9' | '０'..='９'))
                        .count();
                    // "2,75,000": lakhs go in pairs before the last three.
                    let pair = three == 2
                        && {
                            let rest = text.get(at + c.len_utf8()..).unwrap_or("");
                            let groups: Vec<&str> = rest
                                .split(|n: char| !n.is_ascii_digit() && n != ',')
                                .next()
                                .unwrap_or("")
                                .split(',')
                                .collect();
                            matches!(groups.as_slice(), [pairs @ .., last]
                            if !pairs.is_empty() && last.len() == 3 && pairs.iter().all(|p| p.len() == 2))
                        };
                    if three != 3 && !pair || decimals.is_some() {
                        break;
                    }
                } else {
                    plain &= decimals.is_none();
                    decimals = Some(0);
                }
                continue;
            }
            _ => break,
        };
        zero_first |= digits == 0 && digit == 0;
        digits += 1;
        if digits <= 15 {
            mantissa = mantissa * 10 + u64::from(digit);
            if let Some(decimals) = &mut decimals {
                *decimals += 1;
            }
        }
        end = at + c.len_utf8();
    }
    if end == 0 {
        return None;
    }
    let whole = digits - decimals.unwrap_or(0).min(digits);
    plain &= digits <= 15 && !(zero_first && whole > 1);
    #[expect(
        clippy::cast_precision_loss,
        reason = "fifteen digits are exact in an f64"
    )]
    let value = mantissa as f64 / 10_f64.powi(i32::try_from(decimals.unwrap_or(0)).unwrap_or(0));
    Some((end, plain.then_some(value)))
}

/// The lowest and the highest value that the characters so far allow.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    low: f64,
    high: f64,
}

impl Span {
    const NONE: Self = Self {
        low: 0.0,
        high: 0.0,
    };

    fn add(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            high: self.high + other.high,
        }
    }

    /// Some hundreds reach up to 999: a vague digit fills the places below it.
    fn times(self, power: f64, vague: bool) -> Self {
        Self {
            low: self.low * power,
            high: if vague {
                (self.high + 1.0) * power - 1.0
            } else {
                self.high * power
            },
        }
    }
}

/// Reads the longest figure at the start of `text`.
///
/// `short` allows 三万五 for 35,000, which Korean does not know.
pub(super) fn read(
    text: &str,
    short: bool,
    says: impl Fn(char) -> Option<Part>,
) -> Option<Magnitude> {
    if let Some(found) = positional(text, &says) {
        return Some(found);
    }
    let (mut total, mut section) = (Span::NONE, Span::NONE);
    let mut pending: Option<Span> = None;
    let (mut vague, mut range, mut more, mut arabic_seen, mut power) =
        (false, false, false, false, false);
    let (mut last_power, mut zero, mut single) = (f64::INFINITY, false, false);
    let mut last_big = f64::INFINITY;
    let (mut at, mut letters) = (0, 0_usize);
    loop {
        let rest = text.get(at..).unwrap_or("");
        // One space may stand between Arabic digits and the characters around them (3만 3,981).
        let spaces = usize::from(at > 0 && rest.starts_with(' '));
        let Some(c) = rest.get(spaces..).and_then(|r| r.chars().next()) else {
            break;
        };
        if c.is_ascii_digit() || ('０'..='９').contains(&c) {
            if pending.is_some() || more || (at > 0 && !power) || (spaces > 0 && !arabic_seen) {
                break;
            }
            let (len, value) = arabic(rest.get(spaces..).unwrap_or(""))?;
            pending = Some(Span {
                low: value?,
                high: value?,
            });
            (arabic_seen, single) = (true, false);
            at += spaces + len;
            continue;
        }
        let Some(part) = says(c) else { break };
        if spaces > 0 && !(arabic_seen && pending.is_some()) {
            break;
        }
        match part {
            Part::Digit(digit) => {
                // 3만이 넘는: behind Arabic digits or a vague word it is no digit.
                if arabic_seen || vague {
                    break;
                }
                let digit = f64::from(digit);
                match pending {
                    // 两三百, 三五名: from two to three.
                    Some(first)
                        if single
                            && !range
                            && !arabic_seen
                            && (digit - first.low == 1.0 || (first.low == 3.0 && digit == 5.0)) =>
                    {
                        pending = Some(Span {
                            low: first.low,
                            high: digit,
                        });
                        range = true;
                    }
                    Some(_) => break,
                    None => {
                        pending = Some(Span {
                            low: digit,
                            high: digit,
                        });
                    }
                }
                single = true;
            }
            Part::Some => {
                if pending.is_some() || vague || more {
                    break;
                }
                let after_ten = section.low > 0.0;
                pending = Some(Span {
                    low: if after_ten { 1.0 } else { 2.0 },
                    high: 9.0,
                });
                (vague, single) = (true, false);
            }
            Part::Zero => {
                if pending.is_some() || !power || zero {
                    break;
                }
                zero = true;
            }
            Part::Small(ten) => {
                let ten = f64::from(ten);
                if more || (ten >= last_power && last_power > 0.0 && section != Span::NONE) {
                    break;
                }
                let factor = pending.take().unwrap_or(Span {
                    low: 1.0,
                    high: 1.0,
                });
                section = section.add(factor.times(ten, vague));
                (last_power, power, zero, single) = (ten, true, false, false);
            }
            Part::Big(big) => {
                #[expect(clippy::cast_precision_loss, reason = "powers of ten thousand")]
                let big = big as f64;
                if big >= last_big {
                    break;
                }
                let mut whole = section.add(pending.take().unwrap_or(Span::NONE));
                if whole == Span::NONE {
                    if at > 0 {
                        break;
                    }
                    whole = Span {
                        low: 1.0,
                        high: 1.0,
                    };
                }
                total = total.add(whole.times(big, vague));
                section = Span::NONE;
                (last_big, last_power, power, zero, single) = (big, big, true, false, false);
            }
            Part::More => {
                // Only between a figure and 万 or 亿 does it belong to the figure.
                let next = rest
                    .get(spaces + c.len_utf8()..)
                    .and_then(|r| r.chars().next())
                    .and_then(&says);
                if at == 0 || vague || !matches!(next, Some(Part::Big(_))) {
                    break;
                }
                more = true;
            }
        }
        letters += 1;
        at += spaces + c.len_utf8();
    }
    if at == 0 {
        return None;
    }
    if let Some(mut rest) = pending {
        // 三万五 is 35,000.
        if short && single && !zero && last_power.is_finite() && last_power >= 100.0 && letters > 2
        {
            rest = rest.times(last_power / 10.0, false);
        }
        section = section.add(rest);
    }
    let whole = total.add(section);
    let core = if vague {
        Core::Vague(whole.low, whole.high)
    } else if range {
        Core::Range(whole.low, whole.high)
    } else {
        Core::Exact(whole.low)
    };
    Some(Magnitude {
        len: at,
        core,
        more,
        arabic: arabic_seen,
        power,
        letters,
    })
}

/// Three or more digits in a row without a power: 一〇八 is 108.
fn positional(text: &str, says: &impl Fn(char) -> Option<Part>) -> Option<Magnitude> {
    let (mut value, mut count, mut len) = (0_f64, 0_usize, 0);
    for c in text.chars() {
        let digit = match says(c) {
            Some(Part::Digit(digit)) => digit,
            Some(Part::Zero) if count > 0 => 0,
            Some(Part::Small(_) | Part::Big(_)) => return None,
            _ => break,
        };
        value = value * 10.0 + f64::from(digit);
        count += 1;
        len += c.len_utf8();
        if count > 12 {
            return None;
        }
    }
    (count >= 3).then_some(Magnitude {
        len,
        core: Core::Exact(value),
        more: false,
        arabic: false,
        power: false,
        letters: count,
    })
}
