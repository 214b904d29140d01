mod fraction;

use fraction::Fraction;
use std::io::{self, BufRead};
use std::process::ExitCode;

/// One sum a line, from left to right: `1/2 + 1/3 x 2`. `--mixed` writes whole parts apart.
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--version") {
        println!("exactly {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let mixed = args.iter().any(|arg| arg == "--mixed");
    let mut wrong = false;
    for (number, line) in io::stdin().lock().lines().map_while(Result::ok).enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match total(&line) {
            Some(value) => println!("{}", written(value, mixed)),
            None => {
                wrong = true;
                eprintln!("exactly: line {}: cannot work out \"{}\"", number + 1, line.trim());
            }
        }
    }
    if wrong {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn total(line: &str) -> Option<Fraction> {
    let mut words = line.split_whitespace();
    let mut value = Fraction::parse(words.next()?)?;
    while let Some(sign) = words.next() {
        value = value.apply(sign, Fraction::parse(words.next()?)?)?;
    }
    Some(value)
}

fn written(value: Fraction, mixed: bool) -> String {
    let mut digits = itoa::Buffer::new();
    if value.under == 1 {
        return digits.format(value.over).to_string();
    }
    if mixed && value.over.abs() > value.under {
        let whole = value.over / value.under;
        return format!("{} {}/{}", whole, (value.over % value.under).abs(), value.under);
    }
    format!("{}/{}", value.over, value.under)
}
