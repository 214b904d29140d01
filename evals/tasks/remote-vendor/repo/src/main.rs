mod plan;
mod ships;

use std::io::Read;
use std::process::ExitCode;

const USAGE: &str = "usage: harbor plan --depth CM [--clearance PERCENT] < SHIPS\n       harbor selftest\n       harbor --version";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("harbor: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<String, String> {
    match args.first().map(String::as_str) {
        Some("--version") => Ok(format!("harbor {}\n", env!("CARGO_PKG_VERSION"))),
        Some("selftest") if !tidewater::check() => Err("tide data is damaged".to_string()),
        Some("selftest") if !tidewater_tables::check() => Err("the tide tables are damaged".to_string()),
        Some("selftest") => Ok("tide data as expected\n".to_string()),
        Some("plan") => {
            let depth = option(args, "--depth")?.ok_or("plan needs --depth CM")?;
            let clearance = option(args, "--clearance")?.unwrap_or(10);
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|problem| problem.to_string())?;
            Ok(plan::plan(&ships::parse(&text)?, depth, clearance))
        }
        _ => Err(USAGE.to_string()),
    }
}

fn option(args: &[String], name: &str) -> Result<Option<u32>, String> {
    let Some(at) = args.iter().position(|arg| arg == name) else {
        return Ok(None);
    };
    let value = args.get(at + 1).ok_or(format!("{name} needs a number"))?;
    value
        .parse()
        .map(Some)
        .map_err(|_| format!("{name}: {value} is no whole number"))
}
