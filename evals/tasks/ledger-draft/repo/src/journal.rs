//! The form of a journal: a dated line opens an entry, indented lines are its postings.

use crate::amount;
use thiserror::Error;

#[derive(Debug, Error, PartialEq)]
pub enum Fault {
    #[error("line {0}: a posting without an entry")]
    Stray(usize),
    #[error("line {0}: no date of the form YYYY-MM-DD")]
    Date(usize),
    #[error("line {0}: {1} is no amount")]
    Amount(usize, String),
    #[error("line {0}: a second posting without an amount")]
    TwoOpen(usize),
    #[error("line {0}: the entry is off by {1}")]
    Unbalanced(usize, String),
}

#[derive(Debug)]
pub struct Posting {
    pub account: String,
    pub cents: i64,
}

#[derive(Debug)]
pub struct Entry {
    pub line: usize,
    pub date: String,
    pub payee: String,
    pub postings: Vec<Posting>,
}

fn is_date(word: &str) -> bool {
    word.len() == 10
        && word.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

/// Closes an entry: the posting without an amount takes what the others leave.
fn close(entry: Option<Entry>, open: Option<usize>, into: &mut Vec<Entry>) -> Result<(), Fault> {
    let Some(mut entry) = entry else {
        return Ok(());
    };
    let sum: i64 = entry.postings.iter().map(|posting| posting.cents).sum();
    match open {
        Some(at) => entry.postings[at].cents = -sum,
        None if sum != 0 => return Err(Fault::Unbalanced(entry.line, amount::show(sum))),
        None => {}
    }
    into.push(entry);
    Ok(())
}

pub fn parse(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    let mut current: Option<Entry> = None;
    let mut open: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        let line = line.split(';').next().unwrap_or("").trim_end();
        if line.is_empty() {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            close(current.take(), open.take(), &mut entries)?;
            let (date, payee) = line.split_once(' ').unwrap_or((line, ""));
            if !is_date(date) {
                return Err(Fault::Date(number));
            }
            current = Some(Entry {
                line: number,
                date: date.to_string(),
                payee: payee.trim().to_string(),
                postings: Vec::new(),
            });
            continue;
        }
        let entry = current.as_mut().ok_or(Fault::Stray(number))?;
        let mut words = line.split_whitespace();
        let account = words.next().unwrap_or_default().to_string();
        let cents = match words.next() {
            Some(word) => {
                amount::parse(word).ok_or_else(|| Fault::Amount(number, word.to_string()))?
            }
            None if open.is_some() => return Err(Fault::TwoOpen(number)),
            None => {
                open = Some(entry.postings.len());
                0
            }
        };
        entry.postings.push(Posting { account, cents });
    }
    close(current, open, &mut entries)?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{parse, Fault};

    #[test]
    fn the_open_posting_takes_the_rest() {
        let entries = parse("2026-01-02 Baker\n  food:bread  3.20 ; rye\n  cash\n").unwrap();
        assert_eq!(entries[0].postings[1].cents, -320);
        assert_eq!(entries[0].payee, "Baker");
    }

    #[test]
    fn what_does_not_balance_is_refused() {
        assert_eq!(
            parse("2026-01-02 X\n  a 1\n  b -2\n").unwrap_err(),
            Fault::Unbalanced(1, "-1.00".to_string())
        );
        assert_eq!(parse("  a 1\n").unwrap_err(), Fault::Stray(1));
    }
}
