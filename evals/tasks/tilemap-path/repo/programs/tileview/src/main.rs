use lexopt::prelude::*;
use std::process::ExitCode;
use tilegrid::{Grid, Tile};

const USAGE: &str = "usage: tileview [--turn N] [--cut LEFT,TOP,WIDTH,HEIGHT] [--count] FILE";

#[derive(Default)]
struct Options {
    turns: u8,
    cut: Option<[usize; 4]>,
    count: bool,
    version: bool,
    file: Option<String>,
}

fn rectangle(text: &str) -> Result<[usize; 4], String> {
    let numbers: Result<Vec<usize>, _> = text.split(',').map(str::parse).collect();
    numbers
        .ok()
        .and_then(|numbers| numbers.try_into().ok())
        .ok_or_else(|| format!("{text} is no rectangle"))
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("turn") => options.turns = parser.value()?.parse()?,
            Long("cut") => options.cut = Some(rectangle(&parser.value()?.string()?)?),
            Long("count") => options.count = true,
            Long("version") => options.version = true,
            Value(file) if options.file.is_none() => options.file = Some(file.string()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(options)
}

/// Cut first, then turned.
fn show(options: &Options, file: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let mut grid = Grid::parse(&text).map_err(|fault| format!("{file}: {fault}"))?;
    if let Some([left, top, width, height]) = options.cut {
        grid = grid
            .cut(left, top, width, height)
            .ok_or("nothing lies in the rectangle")?;
    }
    for _ in 0..options.turns % 4 {
        grid = grid.turned();
    }
    if !options.count {
        return Ok(grid.to_string());
    }
    let all = (grid.width * grid.height()) as f64;
    Ok(Tile::ALL
        .into_iter()
        .map(|tile| (tile, grid.count(tile)))
        .filter(|(_, number)| *number > 0)
        .map(|(tile, number)| {
            format!(
                "{} {number} {:.1}%\n",
                tile.name(),
                100.0 * number as f64 / all
            )
        })
        .collect())
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("tileview: {error}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.version {
        println!("tileview {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let Some(file) = &options.file else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match show(&options, file) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("tileview: {message}");
            ExitCode::FAILURE
        }
    }
}
