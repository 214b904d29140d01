//! The revision that `stamp --version` names: what STAMP_REVISION says, else what git says of the checkout.
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=STAMP_REVISION");
    let revision = std::env::var("STAMP_REVISION").unwrap_or_else(|_| revision_of_checkout());
    println!("cargo:rustc-env=REVISION={revision}");
}

fn revision_of_checkout() -> String {
    let told = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=7"])
        .output()
        .unwrap_or_else(|problem| panic!("could not run git: {problem}"));
    assert!(
        told.status.success(),
        "git describe failed: {}",
        String::from_utf8_lossy(&told.stderr)
    );
    String::from_utf8_lossy(&told.stdout).trim().to_owned()
}
