use quillcount::{table, Count};
use std::io::Read;
use std::process::exit;

const USAGE: &str = "usage: quillcount [--top N] [--min LETTERS] [--keep-case] [--tsv] [FILE...]";

struct Options {
    top: usize,
    shortest: usize,
    keep_case: bool,
    tsv: bool,
    files: Vec<String>,
}

fn refuse(message: &str) -> ! {
    eprintln!("quillcount: {message}");
    eprintln!("{USAGE}");
    exit(2)
}

fn number(option: &str, value: Option<String>) -> usize {
    match value.as_deref().map(str::parse) {
        Some(Ok(number)) => number,
        _ => refuse(&format!("{option} needs a number")),
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Options {
    let mut options = Options {
        top: 0,
        shortest: 0,
        keep_case: false,
        tsv: false,
        files: Vec::new(),
    };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--top" => options.top = number("--top", words.next()),
            "--min" => options.shortest = number("--min", words.next()),
            "--keep-case" => options.keep_case = true,
            "--tsv" => options.tsv = true,
            "--version" => {
                println!("quillcount {}", env!("CARGO_PKG_VERSION"));
                exit(0)
            }
            "--help" => {
                println!("{USAGE}");
                exit(0)
            }
            other if other.starts_with("--") => refuse(&format!("unknown option {other}")),
            _ => options.files.push(word),
        }
    }
    options
}

fn read(file: &str) -> std::io::Result<String> {
    if file != "-" {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

fn main() {
    let mut options = options(std::env::args().skip(1));
    if options.files.is_empty() {
        options.files.push("-".to_string());
    }
    let mut count = Count::default();
    for file in &options.files {
        match read(file) {
            Ok(text) => count.add(&text, options.keep_case),
            Err(error) => {
                eprintln!("quillcount: {file}: {error}");
                exit(1)
            }
        }
    }
    let facts = [
        ("lines", count.lines.to_string()),
        ("words", count.words.to_string()),
        ("distinct", count.distinct().to_string()),
        ("longest", count.longest().to_string()),
    ];
    let between = if options.tsv { "\t" } else { " " };
    for (name, value) in &facts {
        println!("{name}{between}{value}");
    }
    let top = count.top(options.top, options.shortest);
    if top.is_empty() {
        return;
    }
    println!();
    if options.tsv {
        top.iter()
            .for_each(|(word, times)| println!("{word}\t{times}"));
    } else {
        print!("{}", table(&top));
    }
}
