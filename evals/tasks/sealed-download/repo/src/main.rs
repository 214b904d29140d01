mod find;
mod store;
mod sync;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("memo: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<String, String> {
    let verb = args.first().map(String::as_str).unwrap_or("");
    if verb == "--version" {
        return Ok(format!("memo {}\n", env!("CARGO_PKG_VERSION")));
    }
    if verb == "--file" && args.len() > 2 {
        return with(PathBuf::from(&args[1]), &args[2..]);
    }
    with(store::place().ok_or("neither MEMO_FILE nor HOME is set")?, args)
}

fn with(file: PathBuf, args: &[String]) -> Result<String, String> {
    let notes = store::all(&file);
    match args.first().map(String::as_str).unwrap_or("") {
        "add" if args.len() > 1 => {
            let text = args[1..].join(" ");
            store::add(&file, &text).map_err(|problem| format!("{}: {problem}", file.display()))?;
            Ok(format!("{}: {text}\n", notes.len() + 1))
        }
        "find" => Ok(find::find(&notes, &args[1..])
            .iter()
            .map(|(number, note)| format!("{number}: {note}\n"))
            .collect()),
        "tags" => Ok(find::tags(&notes)
            .iter()
            .map(|(tag, count)| format!("{count} #{tag}\n"))
            .collect()),
        "common" => Ok(find::common(&notes, 10)
            .iter()
            .map(|(word, count)| format!("{count} {word}\n"))
            .collect()),
        "send" if args.len() == 2 => sync::send(&args[1], &notes)
            .map(|count| format!("{count} sent\n"))
            .map_err(|problem| format!("{}: {problem}", args[1])),
        _ => Err("usage: memo [--file FILE] add TEXT… | find WORD… | tags | send HOST:PORT".to_string()),
    }
}
