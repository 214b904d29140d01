use std::process::{Command, Output};

fn brass(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_brass"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/journals"))
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn balances_by_the_first_part() {
    let output = brass(&["balance", "--depth", "1", "march.txt"]);
    assert_eq!(
        text(&output),
        "  548.45  assets\n-1200.00  equity\n   11.55  food\n  640.00  home\n"
    );
}

#[test]
fn registers_an_account_and_those_below() {
    let output = brass(&["register", "food", "march.txt"]);
    assert_eq!(
        text(&output),
        "2026-03-09 7.35 Market | 7.35\n2026-03-09 4.20 Market | 11.55\n"
    );
}

#[test]
fn usage_is_exit_two() {
    assert_eq!(brass(&["balance"]).status.code(), Some(2));
    assert_eq!(brass(&["check", "none.txt"]).status.code(), Some(1));
}
