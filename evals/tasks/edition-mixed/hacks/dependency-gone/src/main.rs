mod arguments;
mod text;

use arguments::Arguments;
use std::io;
use std::process::ExitCode;

const USAGE: &str = "usage: edition show [N] | log | diff A B, with the text on standard input";

fn main() -> ExitCode {
    let arguments = Arguments::from_env();
    match run(arguments) {
        Ok(out) => {
            print!("{out}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("edition: {problem}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<String, String> {
    if arguments.contains("--version") {
        return Ok(format!("edition {}\n", env!("CARGO_PKG_VERSION")));
    }
    let verb = arguments.subcommand()?;
    let mut numbers = Vec::new();
    for word in arguments.finish() {
        let word = word.to_string_lossy();
        let number: u32 = word.parse().map_err(|_| format!("{word} is no edition"))?;
        numbers.push(number);
    }
    let text = io::read_to_string(io::stdin()).map_err(|problem| problem.to_string())?;
    match (verb.as_deref(), &numbers[..]) {
        (Some("show"), []) => Ok(show(&text, text::last(&text::lines(&text)))),
        (Some("show"), &[number]) => Ok(show(&text, number)),
        (Some("log"), []) => Ok(log(&text)),
        (Some("diff"), &[one, other]) => Ok(diff(&text, one, other)),
        _ => Err("that is not how it is called".into()),
    }
}

fn show(text: &str, edition: u32) -> String {
    text::lines(text).iter().filter(|line| line.stands_in(edition)).map(|line| format!("{}\n", line.words)).collect()
}

/// One line an edition: how many lines it has, brought and took out.
fn log(text: &str) -> String {
    let lines = text::lines(text);
    (1..=text::last(&lines))
        .map(|edition| {
            let standing = lines.iter().filter(|line| line.stands_in(edition)).count();
            let brought = lines.iter().filter(|line| line.from == Some(edition)).count();
            let taken = lines.iter().filter(|line| line.until == Some(edition)).count();
            format!("{edition}: {standing} lines, {brought} new, {taken} gone\n")
        })
        .collect()
}

/// What stands in one of the two alone.
fn diff(text: &str, one: u32, other: u32) -> String {
    text::lines(text)
        .iter()
        .filter_map(|line| match (line.stands_in(one), line.stands_in(other)) {
            (true, false) => Some(format!("< {}\n", line.words)),
            (false, true) => Some(format!("> {}\n", line.words)),
            _ => None,
        })
        .collect()
}
