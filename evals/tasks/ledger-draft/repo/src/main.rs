mod amount;
mod journal;
mod report;

use lexopt::prelude::*;
use std::process::ExitCode;

const USAGE: &str = "usage: brass balance [--depth N] FILE
       brass register ACCOUNT FILE
       brass check FILE";

enum Wish {
    Text(String),
    Balance(usize, String),
    Register(String, String),
    Check(String),
}

fn wish() -> Result<Wish, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let mut words: Vec<String> = Vec::new();
    let mut depth = usize::MAX;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("depth") => depth = parser.value()?.parse()?,
            Short('V') | Long("version") => {
                return Ok(Wish::Text(format!("brass {}", env!("CARGO_PKG_VERSION"))))
            }
            Short('h') | Long("help") => return Ok(Wish::Text(USAGE.to_string())),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["balance", file] => Ok(Wish::Balance(depth, file.to_string())),
        ["register", account, file] => Ok(Wish::Register(account.to_string(), file.to_string())),
        ["check", file] => Ok(Wish::Check(file.to_string())),
        _ => Err("expected balance, register or check, and a file".into()),
    }
}

fn load(file: &str) -> Result<Vec<journal::Entry>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    journal::parse(&text).map_err(|fault| format!("{file}: {fault}"))
}

fn answer(wish: Wish) -> Result<String, String> {
    Ok(match wish {
        Wish::Text(text) => text + "\n",
        Wish::Balance(depth, file) => report::balance(&load(&file)?, depth),
        Wish::Register(account, file) => report::register(&load(&file)?, &account),
        Wish::Check(file) => format!("{} entries\n", load(&file)?.len()),
    })
}

fn main() -> ExitCode {
    let wish = match wish() {
        Ok(wish) => wish,
        Err(error) => {
            eprintln!("brass: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match answer(wish) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("brass: {message}");
            ExitCode::FAILURE
        }
    }
}
