mod page;

use lexopt::prelude::*;
use page::Layout;
use std::io;
use std::process::ExitCode;

const USAGE: &str = "usage: stamp [--lines N] [--width N] TITLE < TEXT, or stamp --version";

enum Wish {
    Version,
    Pages(String, Layout),
}

fn main() -> ExitCode {
    let wish = match wish() {
        Ok(wish) => wish,
        Err(problem) => {
            eprintln!("stamp: {problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match wish {
        Wish::Version => println!("stamp {} ({})", env!("CARGO_PKG_VERSION"), env!("REVISION")),
        Wish::Pages(title, layout) => match io::read_to_string(io::stdin()) {
            Ok(text) => print!("{}", page::pages(&title, &text, &layout)),
            Err(problem) => {
                eprintln!("stamp: {problem}");
                return ExitCode::FAILURE;
            }
        },
    }
    ExitCode::SUCCESS
}

fn wish() -> Result<Wish, lexopt::Error> {
    let mut layout = Layout {
        lines: 10,
        width: 40,
    };
    let mut title = None;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("version") => return Ok(Wish::Version),
            Long("lines") => layout.lines = at_least_one(parser.value()?.parse()?)?,
            Long("width") => layout.width = at_least_one(parser.value()?.parse()?)?,
            Value(value) if title.is_none() => title = Some(value.string()?),
            _ => return Err(argument.unexpected()),
        }
    }
    title
        .map(|title| Wish::Pages(title, layout))
        .ok_or_else(|| "a title is missing".into())
}

fn at_least_one(number: usize) -> Result<usize, lexopt::Error> {
    if number == 0 {
        return Err("0 is too few".into());
    }
    Ok(number)
}
