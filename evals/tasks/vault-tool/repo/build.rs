//! Has the table of the checksum made by our script.
use std::path::Path;
use std::process::Command;

const SCRIPT: &str = "tools/crc-table.pl";

fn main() {
    println!("cargo:rerun-if-changed={SCRIPT}");
    let made = Command::new("perl")
        .arg(SCRIPT)
        .output()
        .unwrap_or_else(|problem| panic!("could not run `perl`: {problem}"));
    if !made.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&made.stderr));
        panic!("{SCRIPT} failed");
    }
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("crc.rs"), made.stdout).expect("OUT_DIR can be written");
}
