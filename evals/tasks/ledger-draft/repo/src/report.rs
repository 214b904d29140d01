//! What is printed of a journal.

use crate::amount::show;
use crate::journal::Entry;
use std::collections::BTreeMap;

fn cut(account: &str, depth: usize) -> String {
    account.split(':').take(depth).collect::<Vec<_>>().join(":")
}

/// The sum of each account, cut to so many parts of its name. Accounts at zero are left out.
pub fn balance(entries: &[Entry], depth: usize) -> String {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for posting in entries.iter().flat_map(|entry| &entry.postings) {
        *sums.entry(cut(&posting.account, depth)).or_insert(0) += posting.cents;
    }
    let rows: Vec<(String, String)> = sums
        .into_iter()
        .filter(|(_, cents)| *cents != 0)
        .map(|(account, cents)| (account, show(cents)))
        .collect();
    let width = rows
        .iter()
        .map(|(_, amount)| amount.len())
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|(account, amount)| format!("{amount:>width$}  {account}\n"))
        .collect()
}

/// The postings of an account and of those below it, with the running sum.
pub fn register(entries: &[Entry], account: &str) -> String {
    let below = format!("{account}:");
    let mut sum = 0;
    let mut text = String::new();
    for entry in entries {
        for posting in entry
            .postings
            .iter()
            .filter(|one| one.account == account || one.account.starts_with(&below))
        {
            sum += posting.cents;
            text += &format!(
                "{} {} {} | {}\n",
                entry.date,
                show(posting.cents),
                entry.payee,
                show(sum)
            );
        }
    }
    text
}
