//! Headings of a page. Code is not looked into.

#[derive(Debug, PartialEq)]
pub struct Heading {
    pub level: usize,
    pub title: String,
}

fn fence(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    ["```", "~~~"]
        .into_iter()
        .find(|mark| line.starts_with(mark))
}

fn heading(line: &str) -> Option<Heading> {
    let level = line.chars().take_while(|&mark| mark == '#').count();
    let rest = &line[level..];
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    let title = rest.trim();
    // A closing row of marks is no part of the title.
    let open = title.trim_end_matches('#');
    let title = if open.is_empty() || open.ends_with(' ') {
        open.trim_end()
    } else {
        title
    };
    Some(Heading {
        level,
        title: title.to_string(),
    })
}

pub fn headings(page: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut inside: Option<&str> = None;
    for line in page.lines() {
        match (inside, fence(line)) {
            (None, Some(mark)) => inside = Some(mark),
            (Some(mark), Some(end)) if mark == end => inside = None,
            (None, None) => found.extend(heading(line)),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{headings, Heading};

    #[test]
    fn code_holds_no_headings() {
        let page = "# One\n```sh\n# a remark\n~~~\n```\n### Two ##\n#hash\n";
        let one = Heading {
            level: 1,
            title: "One".to_string(),
        };
        let two = Heading {
            level: 3,
            title: "Two".to_string(),
        };
        assert_eq!(headings(page), [one, two]);
    }
}
