//! Pages: a head with title and page number, numbered lines, and a foot that counts.

/// How wide a head is.
const HEAD: usize = 52;

pub struct Layout {
    /// Lines on each page.
    pub lines: usize,
    /// Characters of a line before it is broken.
    pub width: usize,
}

/// Breaks at the last blank that fits; a word longer than the width is cut.
pub fn broken(line: &str, width: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    for word in line.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if !part.is_empty() && part.chars().count() + 1 + word.len() > width {
            parts.push(std::mem::take(&mut part));
        }
        while word.len() > width {
            let rest = word.split_off(width);
            parts.push(word.into_iter().collect());
            word = rest;
        }
        if !part.is_empty() {
            part.push(' ');
        }
        part.extend(word);
    }
    if !part.is_empty() || parts.is_empty() {
        parts.push(part);
    }
    parts
}

pub fn pages(title: &str, text: &str, layout: &Layout) -> String {
    let lines: Vec<(usize, String)> = text
        .lines()
        .enumerate()
        .flat_map(|(at, line)| {
            broken(line, layout.width)
                .into_iter()
                .map(move |part| (at + 1, part))
        })
        .collect();
    let count = lines.len().div_ceil(layout.lines);
    let mut out = String::new();
    for (at, page) in lines.chunks(layout.lines).enumerate() {
        out.push_str(&head(title, at + 1, count));
        let mut before = 0;
        for (number, part) in page {
            if *number == before {
                out.push_str(&format!("   . {part}\n"));
            } else {
                out.push_str(format!("{number:4} {part}").trim_end());
                out.push('\n');
            }
            before = *number;
        }
        out.push_str(&foot(page));
    }
    out
}

fn head(title: &str, page: usize, count: usize) -> String {
    let place = format!("{page}/{count}");
    let blank = HEAD
        .saturating_sub(title.chars().count() + place.len())
        .max(1);
    format!("{title}{}{place}\n", " ".repeat(blank))
}

fn foot(page: &[(usize, String)]) -> String {
    let words: usize = page
        .iter()
        .map(|(_, part)| part.split_whitespace().count())
        .sum();
    let noun = if words == 1 { "word" } else { "words" };
    format!("     -- {words} {noun}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words() {
        assert_eq!(broken("a bee sat", 5), ["a bee", "sat"]);
        assert_eq!(broken("", 5), [""]);
        assert_eq!(broken("butterfly", 4), ["butt", "erfl", "y"]);
    }

    #[test]
    fn numbers_the_lines_that_were_written() {
        let layout = Layout { lines: 3, width: 5 };
        let out = pages("T", "a bee sat\nb\n", &layout);
        let lines: Vec<&str> = out.lines().skip(1).collect();
        assert_eq!(
            lines,
            ["   1 a bee", "   . sat", "   2 b", "     -- 4 words"]
        );
    }

    #[test]
    fn counts_the_pages() {
        let layout = Layout { lines: 1, width: 9 };
        let out = pages("T", "x\ny\n", &layout);
        assert!(out.lines().next().unwrap().ends_with(" 1/2"));
        assert!(out.contains("-- 1 word\n"));
    }
}
