/// A fraction in lowest terms; the sign is in the numerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    pub over: i64,
    pub under: i64,
}

impl Fraction {
    pub fn new(over: i64, under: i64) -> Option<Self> {
        if under == 0 {
            return None;
        }
        let common = divisor(over.unsigned_abs(), under.unsigned_abs()).max(1) as i64;
        let sign = if under < 0 { -1 } else { 1 };
        Some(Fraction {
            over: sign * over / common,
            under: sign * under / common,
        })
    }

    /// Reads `3`, `-3/4`, `1.25` and `2+1/2` (two and a half).
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((whole, rest)) = text.split_once('+').filter(|(whole, _)| !whole.is_empty()) {
            let whole: i64 = whole.parse().ok()?;
            let rest = Self::parse(rest)?;
            return Self::new(whole.checked_mul(rest.under)?.checked_add(rest.over)?, rest.under);
        }
        if let Some((over, under)) = text.split_once('/') {
            return Self::new(over.parse().ok()?, under.parse().ok()?);
        }
        if let Some((whole, digits)) = text.split_once('.') {
            let under = 10i64.checked_pow(digits.len().try_into().ok()?)?;
            let over: i64 = format!("{whole}{digits}").parse().ok()?;
            return Self::new(over, under);
        }
        Self::new(text.parse().ok()?, 1)
    }

    pub fn apply(self, sign: &str, other: Self) -> Option<Self> {
        let (a, b, c, d) = (self.over, self.under, other.over, other.under);
        match sign {
            "+" => Self::new(a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?),
            "-" => Self::new(a.checked_mul(d)?.checked_sub(c.checked_mul(b)?)?, b.checked_mul(d)?),
            "x" => Self::new(a.checked_mul(c)?, b.checked_mul(d)?),
            ":" => Self::new(a.checked_mul(d)?, b.checked_mul(c)?),
            _ => None,
        }
    }
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::Fraction;

    fn read(text: &str) -> Fraction {
        Fraction::parse(text).unwrap()
    }

    #[test]
    fn fractions_are_in_lowest_terms() {
        assert_eq!(read("6/-8"), Fraction { over: -3, under: 4 });
        assert_eq!(read("1.250"), read("5/4"));
        assert_eq!(read("2+1/2"), read("5/2"));
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(read("1").apply(":", read("0")), None);
        assert_eq!(Fraction::parse("1/0"), None);
    }

    #[test]
    fn sums_are_exact() {
        assert_eq!(read("1/3").apply("+", read("1/6")), Some(read("1/2")));
        assert_eq!(read("1/3").apply("-", read("1/2")), Some(read("-1/6")));
    }
}
