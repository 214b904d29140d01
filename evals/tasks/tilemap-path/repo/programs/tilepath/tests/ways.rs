use std::process::Command;

#[test]
fn draws_the_way() {
    let map = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ford.map");
    let output = Command::new(env!("CARGO_BIN_EXE_tilepath"))
        .args(["--draw", "0,0", "3,0", map])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "A~~B\no##o\noooo\ncost 9\n"
    );
}
