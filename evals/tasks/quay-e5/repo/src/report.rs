use crate::container::{judge, Judged};
use std::collections::BTreeMap;

/// One line a number, then how many of each owner are right.
pub fn report(lines: &str) -> (String, bool) {
    let mut text = String::new();
    let mut owners: BTreeMap<String, u32> = BTreeMap::new();
    let mut fine = true;
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        match judge(line) {
            Judged::Right(number) => {
                *owners.entry(number[..4].to_string()).or_insert(0) += 1;
                text.push_str(&format!("{number} ok\n"));
            }
            Judged::WrongDigit { number, wanted } => {
                fine = false;
                text.push_str(&format!("{number} should end in {wanted}\n"));
            }
            Judged::NoNumber => {
                fine = false;
                text.push_str(&format!("{} is no container\n", line.trim()));
            }
        }
    }
    for (owner, count) in owners {
        text.push_str(&format!("{owner}: {count}\n"));
    }
    (text, fine)
}

#[cfg(test)]
mod tests {
    use super::report;

    #[test]
    fn owners_are_counted() {
        let (text, fine) = report("CSQU3054383\n");
        assert_eq!(text, "CSQU3054383 ok\nCSQU: 1\n");
        assert!(fine);
    }
}
