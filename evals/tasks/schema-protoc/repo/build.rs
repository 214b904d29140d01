//! Lets protoc read the protocol; the program carries what it understood.
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-env-changed=PROTOC");
    let mut files: Vec<_> = std::fs::read_dir("proto")
        .expect("the folder proto is part of the source")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "proto"))
        .collect();
    files.sort();
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    let protoc = std::env::var("PROTOC").unwrap_or_else(|_| "protoc".into());
    let done = Command::new(&protoc)
        .arg("--proto_path=proto")
        .arg(format!(
            "--descriptor_set_out={}",
            Path::new(&out).join("protocol.bin").display()
        ))
        .args(&files)
        .status()
        .unwrap_or_else(|problem| panic!("failed to run {protoc}: {problem}"));
    assert!(done.success(), "protoc refuses the protocol");
}
