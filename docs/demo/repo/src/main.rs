use std::collections::BTreeMap;
use std::io::{self, BufRead};

/// Sums `ACCOUNT AMOUNT` lines by account; amounts are whole cents.
fn sums(lines: impl Iterator<Item = String>) -> Result<BTreeMap<String, i64>, String> {
    let mut totals = BTreeMap::new();
    for (number, line) in lines.enumerate() {
        let mut words = line.split_whitespace();
        let (Some(account), Some(amount)) = (words.next(), words.next()) else {
            continue;
        };
        let cents: i64 = amount
            .parse()
            .map_err(|_| format!("line {}: {amount} is no amount", number + 1))?;
        *totals.entry(account.to_string()).or_insert(0) += cents;
    }
    Ok(totals)
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("tally {}", env!("CARGO_PKG_VERSION"));
        return;
    }
    match sums(io::stdin().lock().lines().map_while(Result::ok)) {
        Ok(totals) => totals
            .iter()
            .for_each(|(account, cents)| println!("{account} {cents}")),
        Err(message) => {
            eprintln!("tally: {message}");
            std::process::exit(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sums;

    #[test]
    fn adds_by_account() {
        let lines = ["rent 70000", "food 1250", "", "food 899"].map(String::from);
        let totals = sums(lines.into_iter()).unwrap();
        assert_eq!(totals.get("food"), Some(&2149));
        assert_eq!(totals.get("rent"), Some(&70000));
    }
}
