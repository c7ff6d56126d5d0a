//! Numbers as people write them.

/// A number as stored, without the noise of binary fractions: at most 15 significant digits, which
/// is what a spreadsheet itself shows. What is no number stays as it stands.
pub(crate) fn plain(stored: &str) -> String {
    let trimmed = stored.trim();
    let digits = trimmed.bytes().filter(u8::is_ascii_digit).count();
    let simple = digits <= 15
        && !trimmed.is_empty()
        && trimmed
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if simple {
        return trimmed.to_owned();
    }
    match trimmed.parse::<f64>() {
        Ok(number) if number.is_finite() => general(number),
        _ => stored.to_owned(),
    }
}

/// A number in as many digits as it needs, at most 15 significant ones; exponents only for what
/// would be longer than 21 digits.
pub(crate) fn general(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if !number.is_finite() {
        return number.to_string();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let sign = if negative { "-" } else { "" };
    let count = i32::try_from(digits.len()).unwrap_or(15);
    if (0..21).contains(&exponent) {
        let whole = exponent.saturating_add(1);
        if count <= whole {
            let zeros = usize::try_from(whole.saturating_sub(count)).unwrap_or(0);
            return format!("{sign}{digits}{}", "0".repeat(zeros));
        }
        let (left, right) = digits
            .split_at_checked(usize::try_from(whole).unwrap_or(0))
            .unwrap_or((digits, ""));
        return format!("{sign}{left}.{right}");
    }
    if (-7..0).contains(&exponent) {
        let zeros = usize::try_from(exponent.saturating_neg().saturating_sub(1)).unwrap_or(0);
        return format!("{sign}0.{}{digits}", "0".repeat(zeros));
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_noise_is_not_shown() {
        for (stored, shown) in [
            ("0.30000000000000004", "0.3"),
            ("1234567", "1234567"),
            ("-12.50", "-12.50"),
            ("1.2345678901234567E+20", "123456789012346000000"),
            ("1E-10", "1E-10"),
            ("9.9999999999999995E-7", "0.000001"),
            ("not a number", "not a number"),
            ("1e999", "1e999"),
            ("123456789012345678", "123456789012346000"),
        ] {
            assert_eq!(plain(stored), shown, "{stored}");
        }
    }
}
