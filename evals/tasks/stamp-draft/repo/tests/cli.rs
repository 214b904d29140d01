use std::process::Command;

fn stamp(arguments: &[&str]) -> (Option<i32>, String, String) {
    let told = Command::new(env!("CARGO_BIN_EXE_stamp"))
        .args(arguments)
        .output()
        .expect("stamp starts");
    (
        told.status.code(),
        String::from_utf8(told.stdout).unwrap(),
        String::from_utf8(told.stderr).unwrap(),
    )
}

#[test]
fn names_its_version_and_revision() {
    let (code, out, _) = stamp(&["--version"]);
    assert_eq!(code, Some(0));
    let revision = out
        .strip_prefix(concat!("stamp ", env!("CARGO_PKG_VERSION"), " ("))
        .and_then(|rest| rest.strip_suffix(")\n"))
        .expect("a version and a revision");
    assert!(!revision.is_empty());
}

#[test]
fn wants_a_title() {
    let (code, _, problem) = stamp(&[]);
    assert_eq!(code, Some(2));
    assert!(problem.starts_with("stamp: a title is missing\n"));
}

#[test]
fn wants_lines_on_a_page() {
    assert_eq!(stamp(&["--lines", "0", "T"]).0, Some(2));
    assert_eq!(stamp(&["--lines", "many", "T"]).0, Some(2));
}
