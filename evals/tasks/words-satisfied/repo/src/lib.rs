//! What quillcount knows of words.

use std::collections::BTreeMap;

/// A word is a run of letters; a single apostrophe or hyphen between two letters belongs to it.
pub fn words(line: &str) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    let mut found = Vec::new();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let joins = (letter == '\'' || letter == '-')
            && !word.is_empty()
            && letters.get(at + 1).is_some_and(|next| next.is_alphabetic());
        if letter.is_alphabetic() || joins {
            word.push(letter);
        } else if !word.is_empty() {
            found.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        found.push(word);
    }
    found
}

/// What was counted in one or more texts.
#[derive(Default)]
pub struct Count {
    pub lines: usize,
    pub words: usize,
    longest: String,
    by_word: BTreeMap<String, usize>,
}

impl Count {
    pub fn add(&mut self, text: &str, keep_case: bool) {
        for line in text.lines() {
            self.lines += 1;
            for word in words(line) {
                let word = if keep_case { word } else { word.to_lowercase() };
                self.words += 1;
                if word.chars().count() > self.longest.chars().count() {
                    self.longest.clone_from(&word);
                }
                *self.by_word.entry(word).or_insert(0) += 1;
            }
        }
    }

    pub fn distinct(&self) -> usize {
        self.by_word.len()
    }

    /// The first of the longest words; empty where there was none.
    pub fn longest(&self) -> &str {
        &self.longest
    }

    /// Words of at least `shortest` letters, the most frequent first, equals by the alphabet.
    pub fn top(&self, number: usize, shortest: usize) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self
            .by_word
            .iter()
            .filter(|(word, _)| word.chars().count() >= shortest)
            .map(|(word, &times)| (word.as_str(), times))
            .collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(number);
        all
    }
}

/// Lines of a table: the numbers are flush right.
pub fn table(rows: &[(&str, usize)]) -> String {
    let width = rows
        .iter()
        .map(|(_, times)| times.to_string().len())
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|(word, times)| format!("{times:>width$} {word}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{table, words, Count};

    #[test]
    fn apostrophes_and_hyphens_join() {
        assert_eq!(
            words("it's a well-known 'fact'"),
            ["it's", "a", "well-known", "fact"]
        );
        assert_eq!(words("dash -- dash- 7"), ["dash", "dash"]);
    }

    #[test]
    fn equals_come_by_the_alphabet() {
        let mut count = Count::default();
        count.add("pear fig Pear fig plum", false);
        assert_eq!(count.top(2, 0), [("fig", 2), ("pear", 2)]);
        assert_eq!(count.top(9, 4), [("pear", 2), ("plum", 1)]);
    }

    #[test]
    fn numbers_are_flush_right() {
        assert_eq!(table(&[("so", 12), ("far", 3)]), "12 so\n 3 far\n");
    }
}
