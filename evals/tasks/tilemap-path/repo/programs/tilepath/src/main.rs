mod search;

use lexopt::prelude::*;
use search::{cheapest, Place};
use std::process::ExitCode;
use tilegrid::Grid;

const USAGE: &str = "usage: tilepath [--draw] X,Y X,Y FILE";

fn place(text: &str) -> Result<Place, String> {
    let parts = text
        .split_once(',')
        .and_then(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)));
    parts.ok_or_else(|| format!("{text} is no place"))
}

/// The map with the way: o on it, A and B at its ends.
fn draw(grid: &Grid, places: &[Place]) -> String {
    let mut text: Vec<Vec<char>> = grid
        .to_string()
        .lines()
        .map(|line| line.chars().collect())
        .collect();
    for (at, &(x, y)) in places.iter().enumerate() {
        text[y][x] = match at {
            0 => 'A',
            last if last + 1 == places.len() => 'B',
            _ => 'o',
        };
    }
    text.iter()
        .map(|row| row.iter().collect::<String>() + "\n")
        .collect()
}

fn run(words: &[String], drawn: bool) -> Result<String, String> {
    let file = &words[2];
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let grid = Grid::parse(&text).map_err(|fault| format!("{file}: {fault}"))?;
    let way = cheapest(&grid, place(&words[0])?, place(&words[1])?).ok_or("there is no way")?;
    if drawn {
        return Ok(format!("{}cost {}\n", draw(&grid, &way.places), way.cost));
    }
    let places: Vec<String> = way.places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    Ok(format!("{}\ncost {}\n", places.join(" "), way.cost))
}

fn main() -> ExitCode {
    let mut words = Vec::new();
    let mut drawn = false;
    let mut parser = lexopt::Parser::from_env();
    loop {
        match parser.next() {
            Ok(None) => break,
            Ok(Some(Long("draw"))) => drawn = true,
            Ok(Some(Long("version"))) => {
                println!("tilepath {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            Ok(Some(Value(word))) => words.push(word.to_string_lossy().into_owned()),
            Ok(Some(other)) => {
                eprintln!("tilepath: {}\n{USAGE}", other.unexpected());
                return ExitCode::from(2);
            }
            Err(error) => {
                eprintln!("tilepath: {error}\n{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    if words.len() != 3 {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    match run(&words, drawn) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("tilepath: {message}");
            ExitCode::FAILURE
        }
    }
}
