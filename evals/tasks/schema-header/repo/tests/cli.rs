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
fn decodes_an_alarm() {
    let told = schema(&["decode", "alarm"], "07 00 0201\nfeffffff 10000000");
    assert_eq!(
        told,
        (Some(0), "kind = 7\ncode = 258\nlatitude = -2\nlongitude = 16\n".into())
    );
}

#[test]
fn wants_all_of_a_frame() {
    assert_eq!(schema(&["decode", "alarm"], "07 00 02").0, Some(1));
    assert_eq!(schema(&["decode", "alarm"], "7").0, Some(1));
}

#[test]
fn knows_no_other_frame() {
    assert_eq!(schema(&["show", "storm"], "").0, Some(1));
    assert_eq!(schema(&["show"], "").0, Some(2));
}
