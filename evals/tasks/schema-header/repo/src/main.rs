mod frames;

use anyhow::{ensure, Context, Result};
use frames::{Frame, FRAMES};
use std::io;
use std::process::ExitCode;

const USAGE: &str = "usage: schema list | show FRAME | decode FRAME | docs | --version";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(Some(out)) => {
            print!("{out}");
            ExitCode::SUCCESS
        }
        Ok(None) => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
        Err(problem) => {
            eprintln!("schema: {problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// None where it is called wrongly.
fn run(words: &[&str]) -> Result<Option<String>> {
    Ok(Some(match *words {
        ["--version"] => format!("schema {}\n", env!("CARGO_PKG_VERSION")),
        ["list"] => FRAMES
            .iter()
            .map(|one| format!("{} {} bytes, {} fields\n", one.name, one.size, one.fields.len()))
            .collect(),
        ["show", name] => frames::named(name)?
            .fields
            .iter()
            .map(|one| format!("{:3} {} {}\n", one.offset, one.name, one.word()))
            .collect(),
        ["decode", name] => decode(frames::named(name)?, &io::read_to_string(io::stdin())?)?,
        ["docs"] => docs(),
        _ => return Ok(None),
    }))
}

fn decode(frame: &Frame, text: &str) -> Result<String> {
    let bytes = hexadecimal(text)?;
    ensure!(
        bytes.len() == frame.size,
        "{} has {} bytes, not {}",
        frame.name,
        frame.size,
        bytes.len()
    );
    frame
        .fields
        .iter()
        .map(|field| Ok(format!("{} = {}\n", field.name, field.read(&bytes)?)))
        .collect()
}

/// Blanks and ends of lines may stand between the digits.
fn hexadecimal(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| letter.to_digit(16).with_context(|| format!("{letter} is no digit")))
        .collect::<Result<_>>()?;
    ensure!(digits.len() % 2 == 0, "half a byte is left over");
    Ok(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

/// docs/frames.md, which is made by this.
fn docs() -> String {
    let mut out = String::from("# Frames\n");
    for frame in FRAMES {
        out.push_str(&format!("\n## {}\n\n", frame.name));
        for field in frame.fields {
            out.push_str(&format!("- `{}`: {}\n", field.name, field.word()));
        }
    }
    out
}
