use std::collections::BTreeMap;

pub fn run(input: &str, _arguments: &[String]) -> Result<String, String> {
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for (number, line) in input.lines().enumerate() {
        let Some((account, amount)) = line.rsplit_once(' ') else {
            return Err(format!("line {}: no amount", number + 1));
        };
        let amount: i64 = amount.parse().map_err(|_| format!("line {}: {amount} is no number", number + 1))?;
        *totals.entry(account.trim()).or_default() += amount;
    }
    Ok(totals.iter().map(|(account, total)| format!("{account}: {total} EUR\n")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_by_account() {
        assert_eq!(run("b 2\na 3\nb -5\n", &[]).unwrap(), "a: 3 EUR\nb: -3 EUR\n");
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        assert!(run("a x", &[]).unwrap_err().contains("line 1"));
    }
}
