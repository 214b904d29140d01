use std::io::Write;
use std::process::{Command, Stdio};

fn edition(arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_edition"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("edition starts");
    // One that is called wrongly reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let told = child.wait_with_output().unwrap();
    (told.status.code(), String::from_utf8(told.stdout).unwrap())
}

#[test]
fn shows_the_last_edition_unasked() {
    assert_eq!(edition(&["show"], "a\n+2 b\n-2 c\n"), (Some(0), "a\nb\n".into()));
}

#[test]
fn tells_two_editions_apart() {
    assert_eq!(edition(&["diff", "1", "2"], "a\n+2 b\n-2 c\n"), (Some(0), "> b\n< c\n".into()));
}

#[test]
fn knows_what_it_cannot_do() {
    assert_eq!(edition(&["show", "first"], "").0, Some(2));
    assert_eq!(edition(&["diff", "1"], "").0, Some(2));
}
