mod container;
mod report;

use std::io::Read;
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("--version") {
        println!("quay {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let mut text = String::new();
    if let Err(problem) = std::io::stdin().read_to_string(&mut text) {
        eprintln!("quay: {problem}");
        return ExitCode::from(2);
    }
    let (report, fine) = report::report(&text);
    print!("{report}");
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
