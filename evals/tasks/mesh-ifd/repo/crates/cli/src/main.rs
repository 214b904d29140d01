use lexopt::prelude::*;
use mesh_graph::Graph;
use std::io::Read;
use std::process::ExitCode;

const USAGE: &str = "usage: mesh [--hops] FROM TO < LINKS";

fn main() -> ExitCode {
    match run() {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("mesh: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<String, String> {
    let mut places = Vec::new();
    let mut hops = false;
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next().map_err(|problem| problem.to_string())? {
        match arg {
            Long("version") => return Ok(format!("mesh {}", env!("CARGO_PKG_VERSION"))),
            Long("hops") => hops = true,
            Value(name) => places.push(name.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let [from, to] = places.as_slice() else {
        return Err(USAGE.to_string());
    };
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|problem| problem.to_string())?;
    let graph = Graph::parse(&text)?;
    Ok(match graph.way(from, to)? {
        None => format!("no way from {from} to {to}"),
        Some(way) if hops => format!("{} hops", way.places.len() - 1),
        Some(way) => format!("{} ({})", way.places.join(" - "), way.length),
    })
}
