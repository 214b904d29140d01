mod crypto;
mod hex;
mod sealed;

use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

const USAGE: &str =
    "usage: vault tag KEY | check KEY | seal PASSWORD NAME | open PASSWORD | --version";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["--version"] => {
            println!("vault {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        ["tag", key] => tag(key),
        ["check", key] => check(key),
        ["seal", password, name] => seal(password, name),
        ["open", password] => open(password),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("vault: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The first eight bytes of its tag before each line; empty lines stay as they are.
fn tag(key: &str) -> Result<(), String> {
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|problem| problem.to_string())?;
        if line.is_empty() {
            println!();
        } else {
            let tag = crypto::tag(key.as_bytes(), line.as_bytes());
            println!("{}  {line}", hex::encode(&tag[..8]));
        }
    }
    Ok(())
}

/// Prints the lines whose tag is right, and fails at the first one that is not.
fn check(key: &str) -> Result<(), String> {
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|problem| problem.to_string())?;
        if line.is_empty() {
            continue;
        }
        let number = number + 1;
        let (tag, text) = line
            .split_once("  ")
            .ok_or_else(|| format!("line {number} has no tag"))?;
        let right = crypto::tag(key.as_bytes(), text.as_bytes());
        let found = hex::decode(tag).unwrap_or_default();
        if !crypto::same(&found, &right[..8]) {
            return Err(format!("line {number} is not what was tagged"));
        }
        println!("{text}");
    }
    Ok(())
}

fn seal(password: &str, name: &str) -> Result<(), String> {
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("a name is one word".into());
    }
    let mut text = Vec::new();
    io::stdin()
        .read_to_end(&mut text)
        .map_err(|problem| problem.to_string())?;
    print!("{}", sealed::seal(password, name, &text));
    Ok(())
}

fn open(password: &str) -> Result<(), String> {
    let sealed = io::read_to_string(io::stdin()).map_err(|problem| problem.to_string())?;
    let text = sealed::open(password, &sealed)?;
    io::stdout()
        .write_all(&text)
        .map_err(|problem| problem.to_string())
}
