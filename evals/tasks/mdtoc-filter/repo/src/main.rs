mod headings;
mod slug;

use anyhow::{bail, Context, Result};
use headings::{headings, Heading};
use pico_args::Arguments;
use slug::Slugs;
use std::fs;
use std::io::Read;
use std::process::ExitCode;

const HELP: &str = include_str!("../assets/help.txt");
const OPEN: &str = "<!-- contents -->";
const CLOSE: &str = "<!-- /contents -->";

struct Options {
    depth: usize,
    numbered: bool,
    insert: bool,
}

/// The list: headings below the first level and down to a depth; each level is indented by two.
fn contents(found: &[Heading], options: &Options) -> String {
    let mut slugs = Slugs::default();
    let mut text = String::new();
    let mut numbers = [0usize; 7];
    for heading in found {
        let link = slugs.next(&heading.title);
        if heading.level < 2 || heading.level > options.depth {
            continue;
        }
        numbers[heading.level] += 1;
        numbers[heading.level + 1..].fill(0);
        let bullet = if options.numbered {
            format!("{}.", numbers[heading.level])
        } else {
            "-".to_string()
        };
        let indent = "  ".repeat(heading.level - 2);
        text += &format!("{indent}{bullet} [{}](#{link})\n", heading.title);
    }
    text
}

/// The page with its list between the two marks.
fn insert(page: &str, list: &str) -> Result<String> {
    let Some((before, rest)) = page.split_once(OPEN) else {
        bail!("the page has no {OPEN}");
    };
    let (_, after) = rest
        .split_once(CLOSE)
        .with_context(|| format!("{OPEN} is not closed by {CLOSE}"))?;
    Ok(format!("{before}{OPEN}\n{list}{CLOSE}{after}"))
}

fn run(mut arguments: Arguments) -> Result<String> {
    if arguments.contains(["-h", "--help"]) {
        return Ok(HELP.to_string());
    }
    if arguments.contains(["-V", "--version"]) {
        return Ok(format!("mdcontents {}\n", env!("CARGO_PKG_VERSION")));
    }
    let options = Options {
        depth: arguments.opt_value_from_str("--depth")?.unwrap_or(4),
        numbered: arguments.contains("--numbered"),
        insert: arguments.contains("--insert"),
    };
    let file: String = arguments.free_from_str().context("no page is named")?;
    let page = if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        fs::read_to_string(&file).with_context(|| file.clone())?
    };
    let list = contents(&headings(&page), &options);
    if options.insert {
        insert(&page, &list)
    } else {
        Ok(list)
    }
}

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("mdcontents: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::insert;

    #[test]
    fn the_old_list_goes() {
        let page = "# A\n<!-- contents -->\nold\n<!-- /contents -->\nend\n";
        assert_eq!(
            insert(page, "- new\n").unwrap(),
            "# A\n<!-- contents -->\n- new\n<!-- /contents -->\nend\n"
        );
        assert!(insert("# A\n", "").is_err());
    }
}
