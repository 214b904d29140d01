use std::io::Write;
use std::process::{Command, Stdio};

fn hashbox(arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hashbox"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("hashbox starts");
    // One that is called wrongly reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let told = child.wait_with_output().unwrap();
    (told.status.code(), String::from_utf8(told.stdout).unwrap())
}

#[test]
fn finds_a_line_by_its_label() {
    assert_eq!(hashbox(&["find", "AF63DC"], "b\na\n"), (Some(0), "a\n".into()));
    assert_eq!(hashbox(&["find", "ffff"], "b\na\n"), (Some(1), String::new()));
}

#[test]
fn counts_twins() {
    assert_eq!(hashbox(&["twins"], "a\nb\na \n\n"), (Some(0), "af63dc4 2 a\n".into()));
}

#[test]
fn wants_some_digits() {
    assert_eq!(hashbox(&["label", "0"], "").0, Some(2));
}
