//! Amounts of money in whole cents.

/// Reads `12`, `12.5`, `-0.75`; at most two digits follow the point.
pub fn parse(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > 2 || digits.ends_with('.')
    {
        return None;
    }
    let cents: i64 = format!("{part:0<2}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()?.checked_mul(100)? + cents))
}

pub fn show(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::{parse, show};

    #[test]
    fn reads_cents() {
        assert_eq!(parse("12.5"), Some(1250));
        assert_eq!(parse("-0.75"), Some(-75));
        assert_eq!(
            [parse("1."), parse(".5"), parse("1.234"), parse("+1")],
            [None; 4]
        );
    }

    #[test]
    fn shows_two_digits() {
        assert_eq!([show(5), show(-1205)], ["0.05", "-12.05"]);
    }
}
