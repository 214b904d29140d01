use std::io::Write;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str], page: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mdcontents"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(page.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn lists_links_by_level() {
    let output = run(&["-"], "# Kettle\n## Filling\n### Cold water\n## Boiling\n");
    let list = "- [Filling](#filling)\n  - [Cold water](#cold-water)\n- [Boiling](#boiling)\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), list);
}

#[test]
fn a_page_without_marks_is_refused() {
    let output = run(&["--insert", "-"], "# Kettle\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
}
