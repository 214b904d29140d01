//! A text with marks. A line `+3 words` stands there from the third edition on, `-3 words` until the third took it out, `2-4 words` from the second
//! to the fourth, which has it no more. All other lines stand in every edition.

pub struct Line<'a> {
    pub words: &'a str,
    /// The edition that brought it; None for the first.
    pub from: Option<u32>,
    /// The edition that took it out.
    pub until: Option<u32>,
}

impl Line<'_> {
    pub fn stands_in(&self, edition: u32) -> bool {
        self.from.is_none_or(|from| from <= edition) && self.until.is_none_or(|until| edition < until)
    }
}

pub fn lines(text: &str) -> Vec<Line<'_>> {
    text.lines().map(line).collect()
}

fn line(line: &str) -> Line<'_> {
    let plain = Line { words: line, from: None, until: None };
    let Some((mark, words)) = line.split_once(' ') else {
        return plain;
    };
    if let Some(from) = mark.strip_prefix('+')
        && let Some(from) = number(from)
    {
        return Line { words, from: Some(from), until: None };
    }
    if let Some(until) = mark.strip_prefix('-')
        && let Some(until) = number(until)
    {
        return Line { words, from: None, until: Some(until) };
    }
    if let Some((from, until)) = mark.split_once('-')
        && let (Some(from), Some(until)) = (number(from), number(until))
        && from < until
    {
        return Line { words, from: Some(from), until: Some(until) };
    }
    plain
}

/// Digits alone: a sign or a word is no edition.
fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|&number| number > 0)
}

/// The last edition that a mark names, at least the first.
pub fn last(lines: &[Line]) -> u32 {
    lines.iter().flat_map(|line| [line.from, line.until]).flatten().max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title\n+2 a preface\n-3 an apology\n2-3 errata\n-x no mark\n3-2 none either\n";

    fn edition(number: u32) -> Vec<&'static str> {
        lines(TEXT).iter().filter(|line| line.stands_in(number)).map(|line| line.words).collect()
    }

    #[test]
    fn shows_each_edition() {
        let rest = ["-x no mark", "3-2 none either"];
        assert_eq!(edition(1), ["title", "an apology", rest[0], rest[1]]);
        assert_eq!(edition(2), ["title", "a preface", "an apology", "errata", rest[0], rest[1]]);
        assert_eq!(edition(3), ["title", "a preface", rest[0], rest[1]]);
    }

    #[test]
    fn knows_the_last_one() {
        assert_eq!(last(&lines(TEXT)), 3);
        assert_eq!(last(&lines("no marks\n")), 1);
    }
}
