//! Names of headings in links, as the common hosts of Markdown make them.

use std::collections::HashMap;

/// Lower case, blanks become hyphens; of the rest only letters, digits, hyphens and underscores stay.
pub fn slug(title: &str) -> String {
    title
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            _ if letter.is_alphanumeric() => Some(letter),
            _ => None,
        })
        .collect()
}

/// Tells equal names apart by a number: `usage`, `usage-1`, `usage-2`.
#[derive(Default)]
pub struct Slugs {
    seen: HashMap<String, usize>,
}

impl Slugs {
    pub fn next(&mut self, title: &str) -> String {
        let name = slug(title);
        let times = self.seen.entry(name.clone()).or_insert(0);
        *times += 1;
        match *times {
            1 => name,
            more => format!("{name}-{}", more - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{slug, Slugs};

    #[test]
    fn drops_punctuation() {
        assert_eq!(slug("What's new, in 2.0?"), "whats-new-in-20");
        assert_eq!(slug(" snake_case & co "), "snake_case--co");
    }

    #[test]
    fn numbers_equal_names() {
        let mut slugs = Slugs::default();
        let names = ["Usage", "usage", "Usage!"].map(|title| slugs.next(title));
        assert_eq!(names, ["usage", "usage-1", "usage-2"]);
    }
}
