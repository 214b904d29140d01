/// Notes that hold every word, whatever their case; each with its number, newest first.
pub fn find<'a>(notes: &'a [String], words: &[String]) -> Vec<(usize, &'a str)> {
    let mut found: Vec<(usize, &str)> = notes
        .iter()
        .enumerate()
        .filter(|(_, note)| {
            let note = note.to_lowercase();
            words.iter().all(|word| note.contains(&word.to_lowercase()))
        })
        .map(|(at, note)| (at + 1, note.as_str()))
        .collect();
    found.reverse();
    found
}

/// Words that say nothing, one a line, as the list of the year has them.
const EMPTY_WORDS: &str = include_str!(concat!(env!("OUT_DIR"), "/empty-words.txt"));

/// The commonest words of all notes but those that say nothing.
pub fn common(notes: &[String], most: usize) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for word in notes.iter().flat_map(|note| note.split(|c: char| !c.is_alphanumeric())) {
        let word = word.to_lowercase();
        if word.is_empty() || EMPTY_WORDS.lines().any(|empty| empty == word) {
            continue;
        }
        match counted.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counted.push((word, 1)),
        }
    }
    counted.sort_by(|(a, many), (b, few)| few.cmp(many).then_with(|| a.cmp(b)));
    counted.truncate(most);
    counted
}

/// Words that begin with `#`, each with how often it stands in the notes; the commonest first, then by name.
pub fn tags(notes: &[String]) -> Vec<(String, usize)> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for word in notes.iter().flat_map(|note| note.split_whitespace()) {
        let Some(tag) = word.strip_prefix('#').filter(|tag| !tag.is_empty()) else {
            continue;
        };
        let tag = tag.to_lowercase();
        match counted.iter_mut().find(|(known, _)| *known == tag) {
            Some((_, count)) => *count += 1,
            None => counted.push((tag, 1)),
        }
    }
    counted.sort_by(|(a, many), (b, few)| few.cmp(many).then_with(|| a.cmp(b)));
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes() -> Vec<String> {
        ["Buy lamp oil #shop", "call Ida #Phone", "oil the gate #shop"].map(String::from).to_vec()
    }

    #[test]
    fn newest_comes_first() {
        assert_eq!(find(&notes(), &["OIL".to_string()]), [(3, "oil the gate #shop"), (1, "Buy lamp oil #shop")]);
    }

    #[test]
    fn tags_are_counted_whatever_their_case() {
        assert_eq!(tags(&notes()), [("shop".to_string(), 2), ("phone".to_string(), 1)]);
    }
}
