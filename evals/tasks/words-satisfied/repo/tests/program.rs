use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], text: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_quillcount"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its options does not read.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn counts_standard_input() {
    let output = run(&["--top", "1"], "Rain, rain.\nGo away!\n");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "lines 2\nwords 4\ndistinct 3\nlongest rain\n\n2 rain\n"
    );
}

#[test]
fn unknown_options_are_refused() {
    let output = run(&["--colour"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).starts_with("quillcount: unknown option --colour")
    );
}
