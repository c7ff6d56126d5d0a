//! Number formats of spreadsheets (ECMA-376 part 1 §18.8.31): a stored number as it is shown,
//! with dates in ISO form.

use crate::numbers;

/// The codes of built-in formats that do not stand in the file.
pub(crate) fn built_in(id: u16) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18 | 20 | 32 => "h:mm",
        19 | 21 | 33 => "h:mm:ss",
        22 => "yyyy-mm-dd h:mm",
        37 | 38 => "#,##0;(#,##0)",
        39 | 40 => "#,##0.00;(#,##0.00)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Section {
    before: String,
    after: String,
    digits: bool,
    general: bool,
    /// Digits before the point that are always shown.
    whole: usize,
    least: usize,
    most: usize,
    thousands: bool,
    percent: bool,
    scientific: bool,
    /// Each divides by a thousand.
    scale: u8,
    date: bool,
    time: bool,
    seconds: bool,
    elapsed: bool,
}

/// A format, parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Format {
    sections: Vec<Section>,
}

impl Format {
    pub(crate) fn parse(code: &str) -> Self {
        let mut sections = Vec::new();
        let mut section = Section::default();
        let mut chars = code.chars().peekable();
        let (mut point, mut fraction, mut month) = (false, false, false);
        while let Some(c) = chars.next() {
            let literal = |section: &mut Section, text: &str| {
                if section.digits || section.general {
                    section.after.push_str(text);
                } else {
                    section.before.push_str(text);
                }
            };
            match c {
                '"' => {
                    let quoted: String = chars.by_ref().take_while(|c| *c != '"').collect();
                    literal(&mut section, &quoted);
                }
                '\\' => {
                    if let Some(next) = chars.next() {
                        literal(&mut section, next.encode_utf8(&mut [0; 4]));
                    }
                }
                // The width of a sign, or filling: nothing to read.
                '_' | '*' => {
                    chars.next();
                }
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    let lower = inside.to_lowercase();
                    if let Some(currency) = inside.strip_prefix('$') {
                        let sign = currency.split('-').next().unwrap_or("");
                        literal(&mut section, sign);
                    } else if !lower.is_empty()
                        && lower.chars().all(|c| matches!(c, 'h' | 'm' | 's'))
                    {
                        section.time = true;
                        section.elapsed = true;
                        section.seconds |= lower.contains('s');
                    }
                }
                ';' => {
                    section.date |= month && !section.time;
                    sections.push(std::mem::take(&mut section));
                    (point, fraction, month) = (false, false, false);
                }
                'G' | 'g' if code.to_lowercase().contains("general") => {
                    let rest: String = chars.clone().take(6).collect();
                    if rest.eq_ignore_ascii_case("eneral") {
                        chars.nth(5);
                        section.general = true;
                    }
                }
                '0' | '#' | '?' => {
                    // A dot of seconds: `ss.00`.
                    if section.time {
                        continue;
                    }
                    section.digits = true;
                    if section.scientific {
                        continue;
                    }
                    if point {
                        section.most = section.most.saturating_add(1).min(30);
                        if c == '0' {
                            section.least = section.most;
                        }
                    } else if c == '0' {
                        section.whole = section.whole.saturating_add(1).min(30);
                    }
                }
                '.' => point = true,
                ',' if section.digits => {
                    if matches!(chars.peek(), Some('0' | '#' | '?')) {
                        section.thousands = true;
                    } else {
                        section.scale = section.scale.saturating_add(1).min(8);
                    }
                }
                '/' if section.digits => fraction = true,
                'E' | 'e' if section.digits => section.scientific = true,
                '+' | '-' if section.scientific => {}
                '%' => {
                    section.percent = true;
                    literal(&mut section, "%");
                }
                'y' | 'Y' | 'd' | 'D' | 'e' | 'b' | 'B' => section.date = true,
                'm' | 'M' => month = true,
                'h' | 'H' => section.time = true,
                's' | 'S' => {
                    section.time = true;
                    section.seconds = true;
                }
                '@' => section.general = true,
                'A' | 'a' if chars.peek().is_some_and(|c| matches!(c, 'M' | 'm' | '/')) => {
                    // AM/PM: the time is shown in 24 hours.
                    while chars
                        .peek()
                        .is_some_and(|c| matches!(c, 'M' | 'm' | '/' | 'P' | 'p' | 'A' | 'a'))
                    {
                        chars.next();
                    }
                }
                c => {
                    literal(&mut section, c.encode_utf8(&mut [0; 4]));
                }
            }
            if fraction {
                // Fractions (`# ?/?`) are shown as decimals.
                section.general = true;
                section.digits = false;
            }
        }
        section.date |= month && !section.time;
        sections.push(section);
        Self { sections }
    }

    /// It says nothing about numbers: they are shown as they are.
    pub(crate) fn is_general(&self) -> bool {
        match self.sections.as_slice() {
            [only] => {
                only.general
                    && !only.date
                    && !only.time
                    && only.before.is_empty()
                    && only.after.is_empty()
            }
            _ => false,
        }
    }

    /// A number as it is shown.
    pub(crate) fn shown(&self, number: f64, from_1904: bool) -> String {
        let negative = number < 0.0;
        let (section, number, sign) = match (self.sections.as_slice(), negative) {
            ([_, section, ..], true) => (section, -number, ""),
            ([_, _, section, ..], false) if number == 0.0 => (section, number, ""),
            ([section, ..], true) => (section, -number, "-"),
            ([section, ..], false) => (section, number, ""),
            ([], _) => return numbers::general(number),
        };
        if section.date || section.time {
            let number = if sign == "-" { -number } else { number };
            return date_time(
                number,
                section.date,
                section.time,
                section.seconds,
                section.elapsed,
                from_1904,
            )
            .unwrap_or_else(|| numbers::general(number));
        }
        if !section.digits || section.scientific || !number.is_finite() {
            // A section of words alone (`"n/a"`, `;;;` which hides) still has its number told.
            let number = numbers::general(number);
            return format!("{sign}{}{number}{}", section.before, section.after)
                .trim()
                .to_owned();
        }
        let mut value = number;
        if section.percent {
            value *= 100.0;
        }
        for _ in 0..section.scale {
            value /= 1000.0;
        }
        if value.abs() >= 1e15 {
            return format!(
                "{sign}{}{}{}",
                section.before,
                numbers::general(value),
                section.after
            );
        }
        let mut text = format!("{value:.*}", section.most);
        // Half way rounds away from zero, as people do; the shortest decimal form decides.
        let exact = numbers::general(value);
        if let Some((whole, rest)) = exact.split_once('.')
            && rest.len() == section.most.saturating_add(1)
            && rest.ends_with('5')
            && !exact.contains('E')
            && let Ok(nudged) = format!("{whole}.{}6", rest.trim_end_matches('5')).parse::<f64>()
        {
            text = format!("{nudged:.*}", section.most);
        }
        if section.most > section.least && text.contains('.') {
            let least = text.find('.').map_or(text.len(), |dot| {
                dot.saturating_add(1).saturating_add(section.least)
            });
            while text.len() > least && text.ends_with('0') {
                text.pop();
            }
            if text.ends_with('.') {
                text.pop();
            }
        }
        let (whole, rest) = match text.split_once('.') {
            Some((whole, rest)) => (whole.to_owned(), format!(".{rest}")),
            None => (text, String::new()),
        };
        let mut whole = format!("{whole:0>width$}", width = section.whole);
        if section.thousands {
            whole = grouped(&whole);
        }
        let zero = whole
            .bytes()
            .chain(rest.bytes())
            .all(|byte| matches!(byte, b'0' | b'.'));
        let sign = if zero { "" } else { sign };
        format!("{}{sign}{whole}{rest}{}", section.before, section.after)
            .trim()
            .to_owned()
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len().saturating_mul(2));
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(at);
        if at > 0 && left % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A serial day number as an ISO date, a time, or both.
pub(crate) fn date_time(
    serial: f64,
    date: bool,
    time: bool,
    seconds: bool,
    elapsed: bool,
    from_1904: bool,
) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    let total = (serial * 86_400.0).round();
    // In range by the check above: at most 3 million days.
    #[allow(clippy::cast_possible_truncation)]
    let total = total as i64;
    let (days, of_day) = (total.div_euclid(86_400), total.rem_euclid(86_400));
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    if elapsed {
        let hours = total / 3600;
        return Some(format!("{hours}:{minute:02}:{second:02}"));
    }
    let clock = if seconds || second != 0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}")
    };
    if !date {
        return time.then_some(clock);
    }
    let epoch = if from_1904 {
        -24_107
    } else if days < 60 {
        // The 29 February 1900 that never was.
        -25_568
    } else {
        -25_569
    };
    let (year, month, day) = civil(days.checked_add(epoch)?);
    if year > 9999 {
        return None;
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    Some(if time { format!("{day} {clock}") } else { day })
}

/// Days since 1970 as year, month, day of the proleptic Gregorian calendar.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era.saturating_mul(400) + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_their_format_says() {
        for (number, code, shown) in [
            (45_090.0, "yyyy-mm-dd", "2023-06-13"),
            (45_090.5, "m/d/yy h:mm", "2023-06-13 12:00"),
            (0.75, "h:mm AM/PM", "18:00"),
            (1.5, "[h]:mm", "36:00:00"),
            (59.0, "d-mmm-yy", "1900-02-28"),
            (0.256, "0.0%", "25.6%"),
            (1_234_567.891, "#,##0.00", "1,234,567.89"),
            (-1_234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
            (-3.0, "0", "-3"),
            (7.0, "000", "007"),
            (2_000.0, "[$₩-412]#,##0", "₩2,000"),
            (2_000.0, "#,##0\" persons\"", "2,000 persons"),
            (2.675, "0.00", "2.68"),
            (0.1 + 0.2, "General", "0.3"),
            (1.5, "# ?/?", "1.5"),
            (12_345_678.0, "0.0,,\"M\"", "12.3M"),
            (1.0, "0.##", "1"),
            (5.0, "mmm\"월\"", "1900-01-05"),
            (-0.001, "0.0", "0.0"),
            (3.0, "@", "3"),
        ] {
            assert_eq!(
                Format::parse(code).shown(number, false),
                shown,
                "{number} as {code}"
            );
        }
        assert_eq!(Format::parse("yyyy-mm-dd").shown(0.0, true), "1904-01-01");
    }
}
