mod protocol;
mod wire;

use anyhow::{Context, Result};
use protocol::{Field, Kind, Message};
use std::collections::BTreeSet;
use std::io;
use std::process::ExitCode;

const USAGE: &str = "usage: schema list | show MESSAGE | check MESSAGE | docs | --version";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(Some(code)) => code,
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
fn run(words: &[&str]) -> Result<Option<ExitCode>> {
    match *words {
        ["--version"] => println!("schema {}", env!("CARGO_PKG_VERSION")),
        ["list"] => {
            for message in protocol::messages()? {
                println!("{} {}", message.name, message.fields.len());
            }
        }
        ["show", name] => {
            for field in &message(name)?.fields {
                println!("{}", shown(field));
            }
        }
        ["docs"] => print!("{}", docs()?),
        ["check", name] => return check(&message(name)?).map(Some),
        _ => return Ok(None),
    }
    Ok(Some(ExitCode::SUCCESS))
}

fn message(name: &str) -> Result<Message> {
    protocol::messages()?
        .into_iter()
        .find(|one| one.name == name)
        .with_context(|| format!("there is no message {name}"))
}

fn shown(field: &Field) -> String {
    let many = if field.repeated { "[]" } else { "" };
    format!(
        "{:3} {} {}{many}",
        field.number,
        field.name,
        field.kind.word()
    )
}

/// docs/messages.md, which is made by this.
fn docs() -> Result<String> {
    let mut out = String::from("# Messages\n");
    for message in protocol::messages()? {
        out.push_str(&format!("\n## {}\n\n", message.name));
        for field in &message.fields {
            let many = if field.repeated { ", any number" } else { "" };
            out.push_str(&format!(
                "- `{}` ({}{many})\n",
                field.name,
                field.kind.word()
            ));
        }
    }
    Ok(out)
}

/// Reads `FIELD = VALUE` lines and says what is wrong with each of them.
fn check(message: &Message) -> Result<ExitCode> {
    let mut seen = BTreeSet::new();
    let (mut good, mut bad) = (0, 0);
    for (at, line) in io::read_to_string(io::stdin())?.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match problem(message, line, &mut seen) {
            None => good += 1,
            Some(problem) => {
                println!("{}: {problem}", at + 1);
                bad += 1;
            }
        }
    }
    println!("{} good, {bad} bad", good);
    Ok(if bad == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn problem(message: &Message, line: &str, seen: &mut BTreeSet<u64>) -> Option<String> {
    let Some((name, value)) = line.split_once('=') else {
        return Some("no field and value".into());
    };
    let (name, value) = (name.trim(), value.trim());
    let Some(field) = message.fields.iter().find(|one| one.name == name) else {
        return Some(format!("{} has no {name}", message.name));
    };
    if !seen.insert(field.number) && !field.repeated {
        return Some(format!("{name} stands twice"));
    }
    let fits = match field.kind {
        Kind::Scalar("double") => value.parse::<f64>().is_ok(),
        Kind::Scalar("int64") => value.parse::<i64>().is_ok(),
        Kind::Scalar("uint64") => value.parse::<u64>().is_ok(),
        Kind::Scalar("int32" | "sint32") => value.parse::<i32>().is_ok(),
        Kind::Scalar("uint32") => value.parse::<u32>().is_ok(),
        Kind::Scalar("bool") => matches!(value, "true" | "false"),
        Kind::Scalar(_) | Kind::Named(_) => !value.is_empty(),
    };
    (!fits).then(|| format!("{name} is no {}", field.kind.word()))
}
