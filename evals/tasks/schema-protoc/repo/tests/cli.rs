use std::io::Write;
use std::process::{Command, Stdio};

fn schema(arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_schema"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("schema starts");
    // One that is called wrongly reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let told = child.wait_with_output().unwrap();
    (told.status.code(), String::from_utf8(told.stdout).unwrap())
}

#[test]
fn takes_a_good_record() {
    let told = schema(&["check", "Stop"], "harbour = Skagen\nday = -2\n");
    assert_eq!(told, (Some(0), "2 good, 0 bad\n".into()));
}

#[test]
fn names_the_line_of_a_bad_one() {
    let told = schema(&["check", "Crate"], "label = tea\n\ngrams = many\n");
    assert_eq!(
        told,
        (Some(1), "3: grams is no uint32\n1 good, 1 bad\n".into())
    );
}

#[test]
fn knows_no_other_message() {
    assert_eq!(schema(&["show", "Barrel"], "").0, Some(1));
    assert_eq!(schema(&["show"], "").0, Some(2));
}
