use std::io::Write;
use std::process::{Command, Output, Stdio};

fn vault(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vault"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("vault starts");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn checks_what_it_tagged() {
    let tagged = String::from_utf8(vault(&["tag", "k"], "one\n\ntwo\n").stdout).unwrap();
    let checked = vault(&["check", "k"], &tagged);
    assert!(checked.status.success());
    assert_eq!(checked.stdout, b"one\ntwo\n");
}

#[test]
fn refuses_a_changed_line() {
    let tagged = String::from_utf8(vault(&["tag", "k"], "one\n").stdout).unwrap();
    let checked = vault(&["check", "k"], &tagged.replace("one", "0ne"));
    assert_eq!(checked.status.code(), Some(1));
    assert_eq!(checked.stderr, b"vault: line 1 is not what was tagged\n");
}

#[test]
fn opens_with_the_password_alone() {
    let sealed = String::from_utf8(vault(&["seal", "pw", "chest"], "gold\n").stdout).unwrap();
    assert_eq!(vault(&["open", "pw"], &sealed).stdout, b"gold\n");
    assert_eq!(vault(&["open", "wp"], &sealed).status.code(), Some(1));
}

#[test]
fn says_how_it_is_used() {
    let told = vault(&["burn"], "");
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).starts_with("usage: vault"));
}
