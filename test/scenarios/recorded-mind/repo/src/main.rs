mod logic;

use logic::run;
use std::io::Read;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == "--version") {
        println!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        return;
    }
    assert!(linked::version() >= 0x3000_0000, "OpenSSL 3 is linked");
    let mut input = String::new();
    if arguments.is_empty() {
        std::io::stdin().read_to_string(&mut input).expect("standard input is text");
    }
    match run(&input, &arguments) {
        Ok(output) => print!("{}", output),
        Err(problem) => {
            eprintln!("{problem}");
            std::process::exit(1);
        }
    }
}

mod linked {
    pub fn version() -> u64 {
        unsafe { openssl_sys::OpenSSL_version_num() as u64 }
    }
}

